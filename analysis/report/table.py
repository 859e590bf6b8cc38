"""The first screen's table: a control model a row, the baseline first, every value with its interval and a verdict.

The table is data, so that the page, the terminal and a spreadsheet say the same.
"""

import csv
import io
import json
import math
import textwrap
from dataclasses import dataclass
from typing import Final, Literal

from analysis.comparison import Cell, Column, Comparison, Observed, Row
from analysis.report.grounds import NOT_VARIED, STOCK, window
from analysis.report.legible import inert, shortened
from analysis.report.monospace import grid
from analysis.report.numerals import NOT_SHOWN, STEADY, between, is_steady, is_time, reading, written
from analysis.report.sentences import sentences
from analysis.statistics import Interval

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
WHY_NOT_SHOWN: Final = "nothing of the kind ended or was seen in the window"

_MEANING: Final[dict[Verdict, str]] = {
    "baseline": "",
    "equal": "the same as the baseline in every run",
    "alike": "cannot be told apart from the baseline",
    "better": "better than the baseline",
    "worse": "worse than the baseline",
    "unjudged": "one run, or none: not judged",
    "logged": "what the log proves, and allows at most",
}


@dataclass(frozen=True)
class Heading:
    """A column: what is counted, in which unit, and under which roof it stands."""

    key: str
    group: str
    text: str
    unit: str
    ranks: bool


@dataclass(frozen=True)
class Entry:
    """A cell as it is read. `sign` shows the verdict without colour, `meaning` says it without sight."""

    key: str
    value: str
    interval: str
    reach: str
    verdict: Verdict
    sign: str

    @property
    def meaning(self) -> str:
        """The verdict, or why there is no value, in words."""
        if self.value != NOT_SHOWN:
            return _MEANING[self.verdict]
        return "the log does not tell" if self.verdict == "logged" else WHY_NOT_SHOWN


@dataclass(frozen=True)
class Line:
    """One control model."""

    control: str
    title: str
    is_baseline: bool
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Table:
    """Headings, and a line for each control model."""

    headings: tuple[Heading, ...]
    lines: tuple[Line, ...]

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
    lines = [_line(row, [_value(cell) for cell in row.cells]) for row in comparison.rows]
    observed = [] if comparison.observed is None else [_logged(comparison.observed, comparison.baseline)]
    return _of(comparison, observed + lines)


def differences(comparison: Comparison) -> Table:
    """The paired differences of each model from the baseline, which has none itself."""
    theirs = comparison.baseline.cells
    lines = [_line(row, list(map(_difference, row.cells, theirs))) for row in comparison.rows[1:]]
    return _of(comparison, lines)


def pairing(comparison: Comparison) -> Table:
    """How many times more replications unpaired runs would have needed."""
    return _of(comparison, [_line(row, [_ratio(cell) for cell in row.cells]) for row in comparison.rows[1:]])


def logs(comparison: Comparison) -> Table:
    """What each model's own log would have shown of the same quantities."""
    return _of(comparison, [_line(row, [_seen(cell) for cell in row.cells]) for row in comparison.rows])


def as_text(comparison: Comparison, width: int = 120) -> str:
    """The answer, the table and how to read it, for a terminal of so many columns."""
    found, shown = sentences(comparison), table(comparison)
    said = [textwrap.fill(each, width) for each in (" ".join([found[0].text, *found[0].notes]),)]
    stub = [["", "control model"], *([shortened(line.control, 24), ""] for line in shown.lines)]
    columns = [_column(heading, [line.entries[n] for line in shown.lines]) for n, heading in enumerate(shown.headings)]
    notes = [textwrap.fill(each, width) for each in (_legend(comparison), _scope(comparison))]
    return "\n\n".join([*said, grid(stub, columns, width), *notes])


def as_json(comparison: Comparison) -> str:
    """Every number of the comparison, unrounded; null where there is none."""
    about = {
        "comparison": comparison.identifier, "title": comparison.title, "replications": comparison.replicates,
        "agents": comparison.agents, "actions": comparison.actions,
        "window": [moment.isoformat() for moment in comparison.window],
        "answer": sentences(comparison)[0].text, "cells": _records(comparison),
    }  # fmt: skip
    return json.dumps(about, indent=2, allow_nan=False)


def as_csv(comparison: Comparison) -> str:
    """A line for each control model and quantity, unrounded; no cell is a formula."""
    records, written_to = _records(comparison), io.StringIO()
    writer = csv.DictWriter(written_to, list(records[0]), lineterminator="\n")
    writer.writeheader()
    for record in records:
        writer.writerow({name: inert(each) if isinstance(each, str) else each for name, each in record.items()})
    return written_to.getvalue().rstrip("\n")


def verdict(cell: Cell) -> Verdict:
    """What the paired interval settles about a cell."""
    apart = cell.difference
    if apart is None:
        return "baseline"
    if math.isnan(apart.lo):
        return "unjudged"
    if apart.mean == apart.lo == apart.hi == 0:
        return "equal"
    if not apart.excludes_zero:
        return "alike"
    return "better" if (apart.mean < 0) is cell.column.less_is_better else "worse"


def unit_shown(unit: str) -> str:
    """The unit of a heading; a time has its own in each cell, so that only what it is per remains."""
    return unit.partition(" ")[2] if is_time(unit) else unit


def _of(comparison: Comparison, lines: list[Line]) -> Table:
    return Table(tuple(_heading(cell.column) for cell in comparison.baseline.cells), tuple(lines))


def _heading(column: Column) -> Heading:
    group = GROUPS.get(column.key, "")
    return Heading(column.key, group, column.heading, unit_shown(column.unit), column.key == RANKS)


def _line(row: Row, entries: list[Entry]) -> Line:
    return Line(row.control, row.title, row.cells[0].difference is None, tuple(entries))


def _value(cell: Cell) -> Entry:
    shown = reading(cell.estimate, cell.column.unit, at_least=cell.at_least)
    return Entry(cell.column.key, shown.value, shown.interval, shown.reach, verdict(cell), _sign(cell))


def _logged(observed: Observed, baseline: Row) -> Line:
    """What a log proves and allows at most stands beside the models, but is none of them: nothing is judged by it."""
    shown = [(cell.column.key, _bounds(*observed.bounds[cell.column.key], cell.column.unit)) for cell in baseline.cells]
    entries = tuple(Entry(key, value, "", "", "logged", "") for key, value in shown)
    return Line(LOGGED, observed.title, is_baseline=False, entries=entries)


def _bounds(lo: float | None, hi: float | None, unit: str) -> str:
    """Two bounds in a narrow cell."""
    said = between(lo, hi, unit)
    return said.replace("at least ", "≥ ").replace("at most ", "≤ ").replace(" to ", "–")


def _difference(cell: Cell, theirs: Cell) -> Entry:
    apart, key = cell.difference, cell.column.key
    if apart is None or math.isnan(apart.mean) or (cell.at_least and theirs.at_least):
        return Entry(key, NOT_SHOWN, "", "", "unjudged", "")
    if verdict(cell) == "equal":
        return Entry(key, "0", STEADY, STEADY, "equal", "=")
    shown = reading(apart, cell.column.unit)
    # A limit on one side is a limit on the difference.
    limit = "≥ " if cell.at_least else "≤ " if theirs.at_least else ""
    value = f"{limit}{'+' if apart.mean > 0 else ''}{shown.value}"
    return Entry(key, value, shown.interval, shown.reach, verdict(cell), _sign(cell))


def _ratio(cell: Cell) -> Entry:
    ratio = cell.variance_ratio
    apart = cell.difference
    if math.isnan(ratio) or apart is None or (is_steady(apart) and is_steady(cell.estimate)):
        return Entry(cell.column.key, "–", "", "", "baseline", "")
    value = "> 1,000" if ratio > 1000 else written(ratio, 1)  # noqa: PLR2004
    return Entry(cell.column.key, value, "", "", "baseline", "")


def _seen(cell: Cell) -> Entry:
    value = between(cell.log_lo, cell.log_hi, cell.column.unit)
    return Entry(cell.column.key, value, "", "", "baseline", "")


def _sign(cell: Cell) -> str:
    found = verdict(cell)
    if found in {"better", "worse"} and cell.difference is not None:
        return "▼" if cell.difference.mean < 0 else "▲"
    return {"equal": "=", "alike": "≈", "unjudged": "?"}.get(found, "")


def _column(heading: Heading, entries: list[Entry]) -> list[list[str]]:
    head = [heading.text, heading.unit]
    return [head, *([f"{entry.sign} {entry.value}".strip(), entry.reach] for entry in entries)]


def _legend(comparison: Comparison) -> str:
    """How to read the table, in the terminal's few words."""
    baseline, runs = shortened(comparison.baseline.control), comparison.replicates
    return (
        f"± half of a 95 % interval over {runs} replications. Against {baseline}, {comparison.comparisons} paired "
        "intervals that hold together: ▼ ▲ lower, higher; ≈ cannot be told apart; = the same in every run; > a lower "
        "limit, no end was seen in the window."
    )


def _scope(comparison: Comparison) -> str:
    """How much was simulated, and what that can show, in the terminal's few words."""
    seen = window(comparison)
    return (
        f"{comparison.actions:,} actions in {comparison.replicates * len(comparison.rows)} runs, warm-up included; "
        f"{NOT_VARIED}. {seen.span}: this shows {seen.shows}; not {seen.cannot}. Identity debt is {STOCK}."
    )


def _records(comparison: Comparison) -> list[dict[str, str | float | bool | None]]:
    return [_record(row, cell) for row in comparison.rows for cell in row.cells]


def _record(row: Row, cell: Cell) -> dict[str, str | float | bool | None]:
    return {
        "control": row.control, "quantity": cell.column.key, "heading": cell.column.heading, "unit": cell.column.unit,
        **_numbers("value", cell.estimate), "at_least": cell.at_least,
        **_numbers("difference", cell.difference), **_numbers("change", cell.change), "verdict": verdict(cell),
        "variance_ratio": _known(cell.variance_ratio), "log_lo": _known(cell.log_lo), "log_hi": _known(cell.log_hi),
    }  # fmt: skip


def _numbers(name: str, estimate: Interval | None) -> dict[str, float | None]:
    found = (None, None, None) if estimate is None else (estimate.mean, estimate.lo, estimate.hi)
    return {key: _known(value) for key, value in zip((name, f"{name}_lo", f"{name}_hi"), found, strict=True)}


def _known(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
