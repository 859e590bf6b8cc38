"""Whoever measures looks at one kind of evidence of some runs, on a connection that sees nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

import duckdb
import pandas as pd

from analysis.measures.concepts.concepts import Shared
from analysis.measures.measure import Measure, MeasureError, find, measures
from analysis.measures.parameters import Parameter
from analysis.measures.result import miscounted, misshapen
from sim.audit.store import Evidence, Store

_SHOWS: Final = "SELECT run, NOT is_rebuilt(scenario) AS organisation, COLUMNS('sees_(.*)') AS '\\1' FROM run"
# Runs whose scenario has a key, and what it says there.
_STATED: Final = "SELECT run, scenario ->> $path AS says FROM run WHERE says IS NOT NULL ORDER BY run"


@dataclass(frozen=True)
class Examination:
    """One kind of evidence of some runs."""

    evidence: Evidence
    _connection: duckdb.DuckDBPyConnection

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """A connection that sees the evidence, and everything that measures share."""
        self._shared.make_all()
        return self._connection

    @cached_property
    def runs(self) -> tuple[int, ...]:
        """The keys of the runs that are looked at."""
        return tuple(run for (run,) in self._connection.execute("SELECT run FROM run ORDER BY run").fetchall())

    @cached_property
    def shows(self) -> pd.DataFrame:
        """What the evidence of each run shows; of the organisation nothing where a real log is replayed."""
        return self._shared.ask(_SHOWS, {}).df().set_index("run").astype(bool)

    def measure(self, measure: Measure, **parameters: float) -> pd.DataFrame:
        """The measure's result; parameters not given keep their defaults.

        Raises:
            MeasureError: this evidence lacks what the measure needs, it takes no such parameter, or one that is given
                does nothing, because the scenario of some run says it.
        """
        if self.evidence not in measure.evidence:
            msg = f"{measure.shown}: asks for what only the truth holds; measure a simulated run on the truth"
            raise MeasureError(msg)
        given = measure.given(**parameters)
        for name, value in parameters.items():
            if vain := self._vain(measure.declared[name], value):
                msg = f"{measure.shown}: {vain}"
                raise MeasureError(msg)
        try:
            result, wrong = self._asked(measure, given)
        except (duckdb.ProgrammingError, duckdb.DataError, duckdb.NotSupportedError) as error:
            msg = f"{measure.shown}: cannot be measured on the {self.evidence}: {str(error).splitlines()[0]}"
            raise MeasureError(msg) from error
        if wrong:
            msg = f"{measure.shown}: {wrong}"
            raise MeasureError(msg)
        return result.astype({"run": "int64", "lo": "float64", "hi": "float64", "unknowns": "int64"})

    def _vain(self, parameter: Parameter, value: float) -> str | None:
        """Why a value that is given changes nothing, in words."""
        if parameter.unless is None:
            return None
        stated = self._connection.execute(_STATED, {"path": f"$.{parameter.unless}"}).fetchall()
        if not stated:
            return None
        (run, says), more = stated[0], f" and of {len(stated) - 1} more" if len(stated) > 1 else ""
        return (
            f"{parameter.name} = {value:g} changes nothing of run {run}{more}, whose scenario says {parameter.unless}"
            f" = {says}: simulate with `--set scenario.{parameter.unless}=...`, or name another run with `--run`"
        )

    def behind(self, measure: Measure, name: str) -> pd.DataFrame:
        """What lies behind a measure: a part of its SQL by name, indexed by run."""
        try:
            answer = self._ask(measure, measure.part(name), measure.parameters).df()
        except duckdb.ProgrammingError as error:
            msg = f"{measure.shown}: no part {name!r} of it can be asked for: {str(error).splitlines()[0]}"
            raise MeasureError(msg) from error
        return answer.astype({"run": "int64"}).set_index("run")

    def _asked(self, measure: Measure, given: Mapping[str, float]) -> tuple[pd.DataFrame, str | None]:
        """The result of a measure, and what is wrong with it."""
        # What other measures are made of is worked out once, for them and for whoever asks it itself.
        if measure in _ingredients() and given == measure.parameters:
            self._keep([measure.name])
            answer = self._shared.ask(f"FROM {measure.name}", {})
        else:
            answer = self._ask(measure, measure.sql, given)
        if wrong := misshapen(measure.grain, [(name, kind) for name, kind, *_ in answer.description]):
            return pd.DataFrame(), wrong
        result = answer.df()
        return result, miscounted(measure.grain, result, set(self.runs))

    def _ask(self, measure: Measure, sql: str, given: Mapping[str, float]) -> duckdb.DuckDBPyConnection:
        """Ask a measure's SQL, or a part of it, once there is what it shares with others and what it reads of them."""
        self._keep(measure.reads)
        return self._shared.ask(sql, given)

    def _keep(self, names: Sequence[str]) -> None:
        """Keep the results of some measures, each after those that it is made of itself."""
        for other in map(find, names):
            self._keep(other.reads)
            self._shared.keep(other.name, other.sql, other.parameters)

    @cached_property
    def _shared(self) -> Shared:
        return Shared(self._connection, self.evidence)


@contextmanager
def examine(store: Store, evidence: Evidence, runs: Sequence[int] | None = None) -> Iterator[Examination]:
    """Look at one kind of evidence; of all completed runs, or of those given by key.

    Raises:
        MeasureError: a run that is asked for was not completed, is not there, or has no truth.
    """
    _demand(store, evidence, runs)
    with store.evidence(evidence, runs) as connection:
        _kept_apart(connection)
        yield Examination(evidence, connection)


def _kept_apart(connection: duckdb.DuckDBPyConnection) -> None:
    """Whoever only reads a store needs no other file. A store that is written takes in files, and stays as it is.

    The configuration is not locked besides: whoever opens the same store once more in this process sets its own.
    """
    [(access,)] = connection.execute("SELECT current_setting('access_mode')").fetchall()
    if access == "read_only":
        connection.execute("SET enable_external_access = false")


def _demand(store: Store, evidence: Evidence, runs: Sequence[int] | None) -> None:
    known = {key: (kind, completed) for key, kind, completed in store.rows("SELECT key, kind, completed FROM fact.run")}
    for run in runs or ():
        kind, completed = known.get(run, (None, None))
        if kind is None:
            msg = f"{store.name}: no run {run}"
        elif completed is None:
            msg = f"{store.name}: run {run} was not completed; run the same command again"
        elif evidence == "truth" and kind == "ingested":
            msg = f"{store.name}: run {run} was ingested and has no truth; measure its log"
        else:
            continue
        raise MeasureError(msg)


@cache
def _ingredients() -> tuple[Measure, ...]:
    """The bundled measures that others are made of."""
    return tuple(map(find, sorted({name for each in measures() for name in each.reads})))
