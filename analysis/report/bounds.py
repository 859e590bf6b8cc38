"""What a log proves of each measure and what it allows at most; where it says nothing, what it had to show for that."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from analysis.measures.measure import Examination, Measure, MeasureError, measures
from analysis.report.legible import listed, spoken
from analysis.report.numerals import is_time, quantity

NO_LIMIT: Final = "no limit"

_SHOWS: Final = {
    "credentials": "credentials",
    "tasks": "tasks",
    "scope": "entitlements",
    "actions": "requests apart from their use",
    "queue": "work that was never begun",
    "need": "when each call of a task was asked for, began and ended",
    "every_event": "every event",
}
# What a definition reads tells what it needs, whether or not it asks for the flag.
_READS: Final = {
    "credentials": r"\bsees_credentials\b",
    "tasks": r"\bsees_tasks\b|\b(?:FROM|JOIN) task\b",
    "scope": r"\bsees_scope\b",
    "actions": r"\bsees_actions\b",
    "queue": r"\bsees_queue\b",
    "need": r"\bsees_need\b",
    "every_event": r"\bsees_every_event\b",
}


@dataclass(frozen=True)
class Bounded:
    """A quantity of which the log proves something: no less than `proven`, no more than `most`, and why no limit."""

    measure: Measure
    part: str
    proven: str
    most: str
    unit: str
    why: str


@dataclass(frozen=True)
class Silent:
    """Quantities of one measure of which the log says nothing, and why."""

    measure: Measure
    parts: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Bounds:
    """All that a log can and cannot answer; `raw` holds the numbers by measure and label."""

    answered: tuple[Bounded, ...]
    silent: tuple[Silent, ...]
    raw: Mapping[tuple[str, ...], tuple[float | None, float | None]]

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why limits are open, each once: the footnotes of a table."""
        return tuple(dict.fromkeys(each.why for each in self.answered if each.why))


def bounds(examination: Examination, sees: Mapping[str, bool]) -> Bounds:
    """Measure a log. `sees` says which of credentials, tasks, scope and actions it shows."""
    answered: list[Bounded] = []
    silent: list[Silent] = []
    raw: dict[tuple[str, ...], tuple[float | None, float | None]] = {}
    for measure in (each for each in measures() if "log" in each.evidence):
        rows = _rows(measure, examination)
        raw |= {(measure.name, *label): (lo, hi) for label, lo, hi, _ in rows}
        answered += [_bounded(measure, row, sees) for row in rows if not _is_silent(row)]
        if untold := [row for row in rows if _is_silent(row)]:
            parts = tuple(dict.fromkeys(_words(label[:1]) for label, *_ in untold))
            silent.append(Silent(measure, parts, _why_silent(measure, sees)))
    return Bounds(tuple(answered), tuple(silent), raw)


Row = tuple[tuple[str, ...], float | None, float | None, int]


def _rows(measure: Measure, examination: Examination) -> Sequence[Row]:
    try:
        result = examination.measure(measure)
    except MeasureError:
        return [((), None, None, 0)]
    keys = [column for column in measure.grain if column != "run"]
    return list(_labelled(result.to_dict("records"), keys))


def _labelled(records: Sequence[Mapping[Any, Any]], keys: Sequence[str]) -> Iterator[Row]:
    for record in records:
        lo, hi = (_known(record[bound]) for bound in ("lo", "hi"))
        yield tuple(str(record[key]) for key in keys), lo, hi, int(record["unknowns"])


def _known(value: float | None) -> float | None:
    """A bound as a number; per day of an identity, where there is none, is not known either."""
    return float(value) if value is not None and math.isfinite(value) else None


def _is_silent(row: Row) -> bool:
    _, lo, hi, _ = row
    return lo is None and hi is None


def _bounded(measure: Measure, row: Row, sees: Mapping[str, bool]) -> Bounded:
    label, lo, hi, unknowns = row
    why = "" if hi is not None else _why_open(measure, sees, unknowns)
    proven = quantity(lo, measure.unit) if lo is not None else "nothing"
    most = quantity(hi, measure.unit) if hi is not None else NO_LIMIT
    return Bounded(measure, _words(label), proven, most, _unit(measure.unit, label), why)


def _unit(unit: str, label: Sequence[str]) -> str:
    """The unit of a row: of several that a measure states, the one that the row's own name is part of."""
    if is_time(unit):
        return ""
    names = {word for part in label[-1:] for word in part.split("_")}
    stated = [each.strip() for each in unit.split(";")]
    return next((each for each in stated if names <= set(re.split(r"[-\s]", each))), unit)


def _words(label: Sequence[str]) -> str:
    return ", ".join(map(spoken, label))


def _why_open(measure: Measure, sees: Mapping[str, bool], unknowns: int) -> str:
    if "sees_every_credential" in measure.sql and not sees["every_credential"]:
        return "A credential issued before this log begins and never used in its time is not in it."
    if unknowns:
        return f"Of what lies behind it, {unknowns:,} are not wholly known from this log."
    return "Nothing in this log sets a limit."


def _why_silent(measure: Measure, sees: Mapping[str, bool]) -> str:
    missing = [_SHOWS[name] for name, reads in _READS.items() if re.search(reads, measure.sql) and not sees[name]]
    if missing:
        return f"needs what this log does not show: {listed(missing)}"
    return "nothing of the kind was seen in the log's time"
