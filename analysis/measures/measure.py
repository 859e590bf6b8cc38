"""Measures: one SQL file each, with a header that the loader demands.

A measure qualifies no name. It runs on a connection whose `search_path` is exactly one evidence schema, so the same
text measures what a log shows and what was true, simulated or real.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import Final, get_args

import duckdb
import pandas as pd

from analysis.measures.concepts.concepts import Shared, hangs_on
from analysis.measures.parameters import Parameter, stated
from analysis.measures.query import amiss
from analysis.measures.result import BOUNDS, miscounted, misshapen
from analysis.measures.units import Units, goes_by, named_share, units
from analysis.pooled import Estimator
from sim.audit.refusal import Refusal
from sim.audit.store import Evidence, Store

_HERE: Final = Path(__file__).parent
_REQUIRED: Final = ("title", "question", "unit", "grain", "unfinished", "assumes", "source")
_HEADER_LINE: Final = re.compile(r"^-- (\w+): (.+)$", re.MULTILINE)
_ESTIMATORS: Final[tuple[Estimator, ...]] = get_args(Estimator)
_POOL: Final = re.compile(rf"(\w+) \| ({'|'.join(_ESTIMATORS)})(?: \| (\w+)(?: of (\w+))?)?")
# A header's statements end in a semicolon or a full stop; one about some rows begins with their names.
_STATEMENTS: Final = re.compile(r"[;.] (?!\d{4})")
_ABOUT_ROWS: Final = re.compile(r"(?:((?:[a-z\d_]+, )*[a-z\d_]+): )?(.+)")
# Runs whose scenario has a key, and what it says there.
_STATED: Final = "SELECT run, scenario ->> $path AS says FROM run WHERE says IS NOT NULL ORDER BY run"
# Where a query itself may begin; in comments, texts and brackets it does not.
_BEGINNING: Final = re.compile(r"--[^\n]*|'(?:[^']|'')*'|\"[^\"]*\"|[()]|\b(?:SELECT|FROM)\b", re.IGNORECASE)


class MeasureError(Refusal):
    """A measure cannot be loaded or run; one line that names it and the remedy."""


@dataclass(frozen=True)
class Measure:
    """A definition: what its header says, its parameters with their defaults, and its SQL.

    One that gives quantiles may name what they are quantiles of (`pool`), so that those of several runs can be pooled:
    a part of its SQL with a row an observation, `lo` and `hi`, the latter NULL of what was still going on, or with a
    row a value of a law and how much of it has that (`weight`); and how that is taken (`estimator`, see
    `analysis.pooled`), in all rows but those whose quantiles are limits (`limits`). Where a row's name does not say
    which quantile it is, a parameter does, as the percent that lie beyond it (`worst`): of all rows, or of one
    (`worst_of`). One that gives percentages may name the part that counts `hits` and `trials` of a run (`counts`). One
    that is made of the results of others names them (`reads`), each a table for it. Rows that are declared of
    platforms, and no evidence, are named as for units (`terms`), and so are limits.

    Every result has the columns of `grain`, then `lo` and `hi` (equal where known, NULL where not), then `unknowns`,
    the number of rows behind it whose value is not known. `evidence` is what it can be asked of. `shown` is what it is
    called where something is wrong with it: a bundled one by its name, the user's own by its path.
    """

    name: str
    shown: str
    title: str
    question: str
    unit: Units
    grain: tuple[str, ...]
    unfinished: str
    assumes: str
    source: str
    declared: Mapping[str, Parameter]
    evidence: tuple[Evidence, ...]
    sql: str
    pool: str | None = None
    estimator: Estimator = "limits"
    worst: str | None = None
    worst_of: str | None = None
    counts: str | None = None
    reads: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()

    @property
    def parameters(self) -> dict[str, float]:
        """Their defaults."""
        return {name: parameter.default for name, parameter in self.declared.items()}

    def share(self, label: Sequence[str]) -> float | None:
        """The quantile that a row is, or lies beyond: by its name, else by a parameter; None where it is none."""
        named = named_share(label)
        if named is not None or self.worst is None or self.worst_of not in {None, *label}:
            return named
        # Beyond the greatest of all there is nothing to be seen.
        return 1 - self.parameters[self.worst] / 100 if self.parameters[self.worst] > 0 else None

    def estimator_of(self, label: Sequence[str]) -> Estimator:
        """How that which was still going on is taken in a row."""
        return "limits" if goes_by(label, self.limits) else self.estimator

    @property
    def assumed(self) -> tuple[tuple[str, str], ...]:
        """What it assumes, statement by statement, each beside the rows that it is about; '' where it is about all."""
        found = (_ABOUT_ROWS.fullmatch(each) for each in _STATEMENTS.split(self.assumes))
        return tuple((each[1] or "", each[2]) for each in found if each)

    def given(self, **values: float) -> dict[str, float]:
        """All parameters, those with values given and the others with their defaults.

        Raises:
            MeasureError: it has no such parameter, or the parameter does not take that value.
        """
        if strangers := sorted(values.keys() - self.declared.keys()):
            msg = f"{self.shown}: no parameter {strangers[0]!r}; it has {', '.join(self.declared) or 'none'}"
            raise MeasureError(msg)
        for name, value in values.items():
            if not self.declared[name].takes(value):
                msg = f"{self.shown}: {name} = {value!s:.24} is not in {self.declared[name].interval or '(-inf, inf)'}"
                raise MeasureError(msg)
        return {**self.parameters, **{name: float(value) for name, value in values.items()}}

    def part(self, name: str) -> str:
        """SQL for a part of it."""
        depth = 0
        for each in _BEGINNING.finditer(self.sql):
            depth += (each[0] == "(") - (each[0] == ")")
            if depth == 0 and each[0].isalpha():
                break
        return f"{self.sql[: each.start()]}FROM {name}"


def measures() -> tuple[Measure, ...]:
    """Every bundled measure, by name."""
    return tuple(load(_HERE / f"{name}.sql") for name in _bundled())


def _bundled() -> list[str]:
    return sorted(path.stem for path in _HERE.glob("*.sql"))


def find(name: str) -> Measure:
    """A bundled measure by name, or the user's own by path.

    Raises:
        MeasureError: there is no such measure.
    """
    if name.endswith(".sql"):
        return load(Path(name))
    if name not in _bundled():
        msg = f"no measure {name!r}; there are {', '.join(_bundled())}, or name the path of an .sql file"
        raise MeasureError(msg)
    return load(_HERE / f"{name}.sql")


def load(path: Path) -> Measure:
    """Read a definition.

    Raises:
        MeasureError: it cannot be read, its header is incomplete, or it is not one SELECT over evidence alone.
    """
    text = _text(path)
    lines = list(takewhile(lambda line: line.startswith("--"), text.splitlines()))
    head: dict[str, str] = dict(_HEADER_LINE.findall("\n".join(lines)))
    _complete(path, head)
    grain = _grain(path, head["grain"])
    declared = _parameters(path, lines, text)
    if wrong := amiss(text):
        msg = f"{path}: {wrong}"
        raise MeasureError(msg)
    words = {key: head[key] for key in _REQUIRED if key not in {"grain", "unit"}}
    reads = _reads(path, head)
    of_truth = head.get("evidence") == "truth" or any("log" not in find(name).evidence for name in reads)
    evidence: tuple[Evidence, ...] = ("truth",) if of_truth else ("log", "truth")
    shown = path.stem if path.parent == _HERE else str(path)
    terms, limits = (_listed(head.get(key, "")) for key in ("terms", "limits"))
    pool, estimator, worst, worst_of = _pool(path, head, declared)
    return Measure(
        name=path.stem, shown=shown, unit=units(head["unit"]), grain=grain, declared=declared, evidence=evidence,
        sql=text, pool=pool, estimator=estimator, worst=worst, worst_of=worst_of, counts=head.get("counts"),
        reads=reads, terms=terms, limits=limits, **words,
    )  # fmt: skip


def _reads(path: Path, head: Mapping[str, str]) -> tuple[str, ...]:
    """The bundled measures whose results a measure is made of."""
    names = _listed(head.get("reads", ""))
    if strangers := sorted(set(names) - set(_bundled())):
        msg = f"{path}: `-- reads: {head['reads']}`: no measure {strangers[0]!r}; there are {', '.join(_bundled())}"
        raise MeasureError(msg)
    return names


def _listed(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",")) if text else ()


def _pool(
    path: Path, head: Mapping[str, str], declared: Mapping[str, Parameter]
) -> tuple[str | None, Estimator, str | None, str | None]:
    """What quantiles are pooled of, how, and by which parameter beyond which, of which row."""
    if "pool" not in head:
        return None, "limits", None, None
    found = _POOL.fullmatch(head["pool"])
    if found is None:
        msg = f"{path}: `-- pool: {head['pool']}`: it names a part of the SQL, then | {' or | '.join(_ESTIMATORS)}"
        raise MeasureError(msg)
    if found[3] not in {None, *declared}:
        msg = f"{path}: `-- pool: {head['pool']}`: no parameter {found[3]!r}; it has {', '.join(declared) or 'none'}"
        raise MeasureError(msg)
    return found[1], next(each for each in _ESTIMATORS if each == found[2]), found[3], found[4]


def _text(path: Path) -> str:
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        msg = f"{path}: {error.strerror}; name the path of an .sql file, or one of {', '.join(_bundled())}"
        raise MeasureError(msg) from error
    except ValueError as error:
        msg = f"{path}: not UTF-8; a measure is a text of SQL"
        raise MeasureError(msg) from error
    if "\0" in text:
        msg = f"{path}: not text: it holds a NUL; a measure is a text of SQL"
        raise MeasureError(msg)
    return text


def _complete(path: Path, head: Mapping[str, str]) -> None:
    """Refuse a header that lacks what every measure states, or states what no reader would look for."""
    missing = [key for key in _REQUIRED if key not in head]
    unknown = sorted(set(head) - {*_REQUIRED, "evidence", "parameter", "pool", "counts", "reads", "terms", "limits"})
    if missing:
        msg = f"{path}: no `-- {missing[0]}:` in its header; a measure states {', '.join(_REQUIRED)}"
        raise MeasureError(msg)
    if unknown or head.get("evidence", "truth") != "truth":
        wrong = f"{unknown[0]}:" if unknown else f"evidence: {head['evidence']}"
        also = "parameter:, pool:, limits:, counts:, reads:, terms: and evidence: truth"
        allowed = f"besides {', '.join(_REQUIRED)} it may say {also}"
        msg = f"{path}: `-- {wrong}` in its header; {allowed}"
        raise MeasureError(msg)


def _grain(path: Path, listed: str) -> tuple[str, ...]:
    grain = tuple(column.strip() for column in listed.split(","))
    if grain[0] != "run" or "" in grain or len({*grain, *BOUNDS}) < len(grain) + len(BOUNDS):
        msg = f"{path}: `-- grain: {listed}`: it begins with run and names each further column once"
        raise MeasureError(msg)
    return grain


def _parameters(path: Path, lines: Sequence[str], text: str) -> dict[str, Parameter]:
    """The parameters by name: those of what it stands on, and its own; one of its own does something."""
    try:
        own = {each.name: each for each in stated(lines)}
    except ValueError as error:
        msg = f"{path}: {error}"
        raise MeasureError(msg) from error
    shared = hangs_on(text)
    for name in own.keys() & shared.keys():
        if own[name].interval not in {"", shared[name].interval} or not shared[name].takes(own[name].default):
            msg = f"{path}: `-- parameter: {name}`: what it stands on takes it in {shared[name].interval}"
            raise MeasureError(msg)
        own[name] = replace(shared[name], default=own[name].default)
    if unused := [name for name in own if not re.search(rf"\${name}\b", text) and name not in shared]:
        msg = f"{path}: `-- parameter: {unused[0]}`: its SQL names no ${unused[0]}"
        raise MeasureError(msg)
    return shared | own


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
    def sees(self) -> pd.DataFrame | None:
        """What the log of each run shows; None of the truth."""
        if self.evidence == "truth":
            return None
        found = self._connection.execute("SELECT run, COLUMNS('sees_(.*)') AS '\\1' FROM run").df()
        return found.set_index("run").astype(bool)

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
        answer = self._ask(measure, measure.sql, given)
        if wrong := misshapen(measure.grain, [(name, kind) for name, kind, *_ in answer.description]):
            return pd.DataFrame(), wrong
        result = answer.df()
        runs = {run for (run,) in self._connection.execute("SELECT run FROM run").fetchall()}
        return result, miscounted(measure.grain, result, runs)

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
