"""Measures: one SQL file each, with a header that the loader demands.

A measure qualifies no name. It runs on a connection whose `search_path` is exactly one evidence schema, so the same
text measures what a log shows and what was true, simulated or real.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Final

import duckdb
import pandas as pd

from sim.audit.refusal import Refusal
from sim.audit.store import Evidence, Store

_HERE: Final = Path(__file__).parent
_REQUIRED: Final = ("title", "question", "unit", "grain", "unfinished", "assumes", "source")
_QUALIFIED: Final = re.compile(r'(?<!\w)"?(?:fact|ledger|log|truth|main)"?\s*\.\s*[\w"]', re.IGNORECASE)
_HEADER_LINE: Final = re.compile(r"^-- (\w+): (.+)$", re.MULTILINE)
_PARAMETER: Final = re.compile(r"(\w+) = (\S+) \| (.+)")


class MeasureError(Refusal):
    """A measure cannot be loaded or run; one line that names it and the remedy."""


@dataclass(frozen=True)
class Measure:
    """A definition: what its header says, its parameters with their defaults, and its SQL.

    Every result has the columns of `grain`, then `lo` and `hi` (equal where known, NULL where not), then `unknowns`,
    the number of rows behind it whose value is not known. `evidence` is what it can be asked of.
    """

    name: str
    title: str
    question: str
    unit: str
    grain: tuple[str, ...]
    unfinished: str
    assumes: str
    source: str
    parameters: Mapping[str, float]
    evidence: tuple[Evidence, ...]
    sql: str


def measures() -> tuple[Measure, ...]:
    """Every bundled measure, by name."""
    return tuple(load(path) for path in sorted(_HERE.glob("*.sql")) if path.stem != "concepts")


def find(name: str) -> Measure:
    """A bundled measure by name, or the user's own by path.

    Raises:
        MeasureError: there is no such measure.
    """
    path = Path(name) if name.endswith(".sql") else _HERE / f"{name}.sql"
    if not path.exists() or path.stem == "concepts":
        known = ", ".join(measure.name for measure in measures())
        msg = f"no measure {name!r}; there are {known}, or name the path of an .sql file"
        raise MeasureError(msg)
    return load(path)


def load(path: Path) -> Measure:
    """Read a definition.

    Raises:
        MeasureError: its header is incomplete, or it names a schema.
    """
    text = path.read_text("utf-8")
    lines = list(takewhile(lambda line: line.startswith("--"), text.splitlines()))
    head: dict[str, str] = dict(_HEADER_LINE.findall("\n".join(lines)))
    _complete(path, head)
    code = "\n".join(line.partition("--")[0] for line in text.splitlines())
    if found := _QUALIFIED.search(code):
        msg = f"{path}: names a schema ({found.group()}...); a measure takes the evidence it is given"
        raise MeasureError(msg)
    grain = tuple(column.strip() for column in head["grain"].split(","))
    parameters = {name: float(value) for name, value in _parameters(text)}
    words = {key: head[key] for key in _REQUIRED if key != "grain"}
    evidence: tuple[Evidence, ...] = ("truth",) if head.get("evidence") == "truth" else ("log", "truth")
    return Measure(name=path.stem, grain=grain, parameters=parameters, evidence=evidence, sql=text, **words)


def _complete(path: Path, head: Mapping[str, str]) -> None:
    """Refuse a header that lacks what every measure states, or states what no reader would look for."""
    missing = [key for key in _REQUIRED if key not in head]
    unknown = sorted(set(head) - {*_REQUIRED, "evidence", "parameter"})
    if missing:
        msg = f"{path}: no `-- {missing[0]}:` in its header; a measure states {', '.join(_REQUIRED)}"
        raise MeasureError(msg)
    if unknown or head.get("evidence", "truth") != "truth":
        wrong = f"{unknown[0]}:" if unknown else f"evidence: {head['evidence']}"
        allowed = ", ".join(_REQUIRED)
        msg = f"{path}: `-- {wrong}` in its header; besides {allowed} it may say parameter: and evidence: truth"
        raise MeasureError(msg)


def _parameters(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        if line.startswith("-- parameter: "):
            found = _PARAMETER.fullmatch(line.removeprefix("-- parameter: "))
            if found is None:
                msg = f"a parameter reads `-- parameter: name = default | meaning`, not {line!r}"
                raise MeasureError(msg)
            yield found[1], found[2]


@dataclass(frozen=True)
class Examination:
    """A connection that sees one kind of evidence of some runs."""

    evidence: Evidence
    connection: duckdb.DuckDBPyConnection

    def measure(self, measure: Measure, **parameters: float) -> pd.DataFrame:
        """The measure's result; parameters not given keep their defaults.

        Raises:
            MeasureError: this evidence lacks what the measure needs.
        """
        if self.evidence not in measure.evidence:
            msg = f"{measure.name}: asks for what only the truth holds; measure a simulated run on the truth"
            raise MeasureError(msg)
        given = {**measure.parameters, **parameters}
        try:
            return self.connection.execute(measure.sql, given or None).df()
        except (duckdb.ProgrammingError, duckdb.DataError) as error:
            msg = f"{measure.name}: cannot be measured on the {self.evidence}: {str(error).splitlines()[0]}"
            raise MeasureError(msg) from error


@contextmanager
def examine(store: Store, evidence: Evidence, runs: Sequence[int] | None = None) -> Iterator[Examination]:
    """Look at one kind of evidence; of all completed runs, or of those given by key.

    Raises:
        MeasureError: a run that is asked for was not completed, is not there, or has no truth.
    """
    _demand(store, evidence, runs)
    with store.evidence(evidence, runs) as connection:
        connection.execute((_HERE / "concepts.sql").read_text("utf-8"))
        yield Examination(evidence, connection)


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
