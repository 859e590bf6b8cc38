"""The first screen's table: a control model a row, the baseline first, every value with its interval and a verdict.

The table is data, so that the page, the terminal and a spreadsheet say the same.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from analysis.comparison import Cell, Comparison, Observed, Row
from analysis.lacks import NEEDS
from analysis.report.asides import EDGE, at_the_edge
from analysis.report.legible import shortened
from analysis.report.numerals import NOT_SHOWN, SEEN, about, between, is_time, reading
from analysis.report.ranking import says_nothing
from analysis.screen import Column
from analysis.statistics import FEWEST, Interval

Verdict = Literal["baseline", "equal", "alike", "better", "worse", "unjudged", "logged"]

LOGGED: Final = "as logged"

GROUPS: Final = {
    "completed": "Work",
    "held": "What could be reached",
    "obtainable": "What could be reached",
    "t1b": "What could be reached",
    "t2": "What could be reached",
    "revoke": "What could be reached",
    "approver": "What it costs",
    "latency": "What it costs",
    "broken": "What it costs",
}
RANKS: Final = "obtainable"
UNJUDGED: Final = "no value, no one sign, or runs too alike"
NO_VALUE: Final = "there is no value to compare"
GAIN: Final = 1.1
_WANTED: Final = "a log would have to show "

_MEANING: Final[dict[Verdict, str]] = {
    "baseline": "",
    "equal": "the same as {} in every run",
    "alike": "cannot be told apart from {}",
    "better": "better than {}",
    "worse": "worse than {}",
    "unjudged": f"too few runs, {UNJUDGED}: not judged",
    "logged": "what the log proves, and allows at most",
}


@dataclass(frozen=True)
class Heading:
    """A column: what is counted, by which measure, in which unit, and under which roof it stands."""

    key: str
    group: str
    text: str
    unit: str
    measure: str
    ranks: bool


@dataclass(frozen=True)
class Entry:
    """A cell as it is read. `sign` shows the verdict without colour, `meaning` says it without sight.

    `against`: what it is compared with. `lack`: why there is no value.
    """

    key: str
    value: str
    interval: str
    reach: str
    verdict: Verdict
    sign: str
    only_seen: bool = False
    lack: str = ""
    against: str = "the baseline"

    @property
    def meaning(self) -> str:
        """The verdict, or why there is no value, in words."""
        if self.value != NOT_SHOWN:
            said = _MEANING[self.verdict].format(self.against)
            return f"{said} {SEEN}" if self.by_runs else said
        return self.lack or ("the log does not tell" if self.verdict == "logged" else NO_VALUE)

    @property
    def by_runs(self) -> bool:
        """Whether it is better or worse in every run seen, and by no interval."""
        return self.only_seen and self.verdict in {"better", "worse"}


@dataclass(frozen=True)
class Line:
    """One control model; `place` is its number in the comparison, `against` the model that it is compared with."""

    control: str
    title: str
    is_baseline: bool
    entries: tuple[Entry, ...]
    place: int | None = None
    against: str = ""


@dataclass(frozen=True)
class Table:
    """Headings, and a line for each control model."""

    headings: tuple[Heading, ...]
    lines: tuple[Line, ...]

    def shows(self, verdict: Verdict) -> bool:
        """Whether some cell bears this verdict."""
        return any(entry.verdict == verdict for line in self.lines for entry in line.entries)

    @property
    def by_runs(self) -> bool:
        """Whether some verdict rests on the runs seen alone."""
        return any(entry.by_runs for line in self.lines for entry in line.entries)

    @property
    def of_models(self) -> "Table":
        """The same without what a replayed log shows."""
        return replace(self, lines=tuple(line for line in self.lines if line.place is not None))

    @property
    def of_log(self) -> "Table":
        """What a replayed log shows alone."""
        return replace(self, lines=tuple(line for line in self.lines if line.place is None))

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why there is no value of what, and of which models if not of all."""
        whys: dict[str, dict[str, list[str]]] = {}
        for line in self.lines:
            for heading, entry in zip(self.headings, line.entries, strict=True):
                if entry.lack:
                    whys.setdefault(entry.lack, {}).setdefault(heading.text, []).append(line.control)
        return tuple(f"{'; '.join(self._of(*each) for each in those.items())}: {why.replace(NEEDS, _WANTED)}"
                     for why, those in whys.items())  # fmt: skip

    def _of(self, heading: str, controls: Sequence[str]) -> str:
        return heading if len(controls) == len(self.lines) else f"{heading} ({', '.join(map(shortened, controls))})"

    @property
    def groups(self) -> tuple[tuple[str, int], ...]:
        """Roofs over neighbouring headings, with how many each spans."""
        spans: list[tuple[str, int]] = []
        for heading in self.headings:
            if spans and spans[-1][0] == heading.group:
                spans[-1] = (heading.group, spans[-1][1] + 1)
            else:
                spans.append((heading.group, 1))
        return tuple(spans)


def table(comparison: Comparison) -> Table:
    """The values of each model with their intervals over replications; above them, what a replayed log shows."""
    lines = [_line(comparison, row, _values(row)) for row in comparison.rows]
    observed = [] if comparison.observed is None else [_logged(comparison.observed, comparison.baseline)]
    return _of(comparison, observed + lines)


def differences(comparison: Comparison) -> Table:
    """The paired differences of each model from the baseline, which has none itself."""
    lines = [_line(comparison, row, [of_difference(cell.difference, cell.column) for cell in row.cells])
             for row in comparison.rows[1:]]  # fmt: skip
    return _of(comparison, lines)


def neighbours(comparison: Comparison) -> Table:
    """The paired differences of each model from the one named before it; the first such is that from the baseline."""
    pairs = zip(comparison.rows[2:], comparison.rows[1:], strict=False)
    return _of(comparison, [_neighbour(comparison, row, before) for row, before in pairs])


def pairing(comparison: Comparison) -> Table:
    """How many times more replications unpaired runs would have needed, of models where that is worth telling."""
    rows = [row for row in comparison.rows[1:] if any(cell.variance_ratio > GAIN for cell in row.cells)]
    return _of(comparison, [_line(comparison, row, [_ratio(cell) for cell in row.cells]) for row in rows])


def logs(comparison: Comparison) -> Table:
    """What each model's own log would have shown of the same quantities."""
    return _of(comparison, [_line(comparison, row, [_seen(cell) for cell in row.cells]) for row in comparison.rows])


def verdict(cell: Cell) -> Verdict:
    """What the paired interval settles about a cell."""
    return "baseline" if cell.difference is None else judged(cell.difference, cell.column)


def judged(apart: Interval, column: Column) -> Verdict:
    """What a paired interval settles in a column; of too few replications only that all of them agree."""
    if apart.is_same:
        return "equal"
    if math.isnan(apart.lo) or apart.replications < FEWEST or says_nothing(apart, column):
        return "unjudged"
    if not apart.excludes_zero:
        # What lies on both sides of zero whatever the runs were is no likeness.
        return "alike" if apart.most is None or not apart.mean <= 0 <= apart.most else "unjudged"
    return "better" if (apart.mean < 0) is column.less_is_better else "worse"


def unit_shown(unit: str) -> str:
    """The unit of a heading; a time has its own in each cell, so that only what it is per remains."""
    return unit.partition(" ")[2] if is_time(unit) else unit


def _of(comparison: Comparison, lines: list[Line]) -> Table:
    return Table(tuple(_heading(cell.column) for cell in comparison.baseline.cells), tuple(lines))


def _heading(column: Column) -> Heading:
    group = GROUPS.get(column.key, "")
    return Heading(column.key, group, column.heading, unit_shown(column.unit), column.measure, column.key == RANKS)


def _line(comparison: Comparison, row: Row, entries: list[Entry], against: str = "") -> Line:
    place = comparison.rows.index(row)
    return Line(row.control, row.title, place == 0, tuple(entries), place, against)


def _neighbour(comparison: Comparison, row: Row, before: Row) -> Line:
    found = [of_difference(comparison.apart(cell.column.key, row, before), cell.column) for cell in row.cells]
    entries = [replace(each, against=shortened(before.control)) for each in found]
    return _line(comparison, row, entries, before.control)


def _values(row: Row) -> list[Entry]:
    """The values of a model; a p95 that hangs on how few tasks ask a human is marked."""
    edge = at_the_edge(row)
    found = [_value(cell) for cell in row.cells]
    return [replace(each, sign=f"{each.sign}{EDGE}") if edge and each.key == "latency" else each for each in found]


def _value(cell: Cell) -> Entry:
    shown, found = reading(cell.estimate, cell.column.unit), verdict(cell)
    sign, only_seen = _sign(found, cell.difference), cell.difference is not None and cell.difference.is_only_seen
    why = cell.lack.why if cell.lack else ""
    return Entry(cell.column.key, shown.value, shown.interval, shown.reach, found, sign, only_seen, why)


def _logged(observed: Observed, baseline: Row) -> Line:
    """What a log proves and allows at most stands beside the models, but is none of them: nothing is judged by it."""
    shown = [(cell.column.key, _bounds(*observed.bounds[cell.column.key], cell.column.unit)) for cell in baseline.cells]
    entries = tuple(Entry(key, v, "", "", "logged", "", lack=observed.lacks.get(key, "")) for key, v in shown)
    return Line(LOGGED, observed.title, is_baseline=False, entries=entries)


def _bounds(lo: float | None, hi: float | None, unit: str) -> str:
    """Two bounds in a narrow cell."""
    said = between(lo, hi, unit)
    return said.replace("at least ", "≥ ").replace("at most ", "≤ ").replace(" to ", "–")


def of_difference(apart: Interval | None, column: Column) -> Entry:
    """A difference with its sign; a limit on one side is a limit on the difference."""
    shown = None if apart is None else reading(apart, column.unit)
    if apart is None or shown is None or shown.value == NOT_SHOWN:
        return Entry(column.key, NOT_SHOWN, "", "", "unjudged", "")
    found = judged(apart, column)
    if found == "equal":
        return Entry(column.key, "0", shown.interval, shown.reach, "equal", "=")
    value = shown.value.replace("> ", "≥ ").replace("< ", "≤ ")
    limit, number = (value[:2], value[2:]) if value[:1] in "≥≤" else ("", value)
    plus = "+" if (apart.upper if math.isinf(apart.mean) else apart.mean) > 0 else ""
    signed = f"{limit}{plus}{number}"
    return Entry(column.key, signed, shown.interval, shown.reach, found, _sign(found, apart), apart.is_only_seen)


def _ratio(cell: Cell) -> Entry:
    ratio = cell.variance_ratio
    apart = cell.difference
    if math.isnan(ratio) or apart is None or (apart.never_varies and cell.estimate.never_varies):
        return Entry(cell.column.key, "–", "", "", "baseline", "")
    value = "> 1,000" if ratio > 1000 else about(ratio)  # noqa: PLR2004
    return Entry(cell.column.key, value, "", "", "baseline", "")


def _seen(cell: Cell) -> Entry:
    value = between(cell.log_lo, cell.log_hi, cell.column.unit)
    return Entry(cell.column.key, value, "", "", "baseline", "", lack=cell.log_lack)


def _sign(found: Verdict, apart: Interval | None) -> str:
    if found in {"better", "worse"} and apart is not None:
        return "▼" if apart.mean < 0 else "▲"
    return {"equal": "=", "alike": "≈", "unjudged": "?"}.get(found, "")
