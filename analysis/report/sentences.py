"""What a comparison says, in plain English.

Obtainable crown-jewel hours rank: what an agent holds, or its issuer would grant it without a human who inspects. Held
alone never ranks, or moving authority to a broker that always says yes would look like progress. A model that completes
more than 1 % more or less work than the baseline is not ranked at all, because it is exposed less by doing less.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from analysis.comparison import Cell, Comparison, Row
from analysis.report.legible import listed, shortened
from analysis.report.numerals import is_steady, reading, scaled
from analysis.statistics import Interval, difference

COMPLETION: Final = 0.01

_SAME_CUT: Final = 3
_PER_DAY: Final = "a day"


@dataclass(frozen=True)
class Sentence:
    """What is said of one control model: the sentence itself, and what has to be said with it."""

    control: str
    text: str
    notes: tuple[str, ...] = ()


def answer(comparison: Comparison) -> str:
    """The sentence that stands on top, with what has to be said with it."""
    first = sentences(comparison)[0]
    return " ".join([first.text, *first.notes])


def sentences(comparison: Comparison) -> tuple[Sentence, ...]:
    """One for each model besides the baseline, the answer first.

    Where nothing can be ranked, a sentence that says so stands first and belongs to the baseline.
    """
    others = sorted(comparison.rows[1:], key=lambda row: _rank(row, comparison))
    said = tuple(_sentence(row, comparison) for row in others)
    opening = _opening(others, comparison)
    return said if opening is None else (Sentence(comparison.baseline.control, opening), *said)


def comparable(row: Row, baseline: Row) -> bool:
    """Whether a model completes the same work as the baseline, within 1 %."""
    ours, theirs = row.cell("completed").estimate.mean, baseline.cell("completed").estimate.mean
    return math.isnan(ours - theirs) or abs(ours - theirs) <= COMPLETION * abs(theirs)


def _rank(row: Row, comparison: Comparison) -> tuple[bool, float, float]:
    """Comparable ones first; then by what obtainable hours are left, equal to a tenth of a percent; then by latency."""
    left, theirs = (each.cell("obtainable").estimate.mean for each in (row, comparison.baseline))
    share = round(left / theirs, _SAME_CUT) if theirs else left
    waits = row.cell("latency").estimate.mean
    known = [math.inf if math.isnan(each) else each for each in (share, waits)]
    return not comparable(row, comparison.baseline), known[0], known[1]


def _opening(others: Sequence[Row], comparison: Comparison) -> str | None:
    """What is said instead of an answer where there is none."""
    theirs, runs = _name(comparison.baseline), _runs(comparison)
    if not others:
        return f"Only {theirs} was run, so there is nothing to compare it with; {runs}."
    if comparison.replicates < 2:  # noqa: PLR2004
        return f"One replication tells no model apart from {theirs}: these are values, not findings; run at least ten."
    if not any(_apart(cell) for row in others for cell in row.cells):
        return f"Nothing separates the models: none can be told apart from {theirs} in any quantity below; {runs}."
    cuts = [row for row in others if _cuts(row)]
    if not cuts:
        return f"No model cuts obtainable crown-jewel hours by an amount that can be told from zero; {runs}."
    if not any(comparable(row, comparison.baseline) for row in cuts):
        return (
            f"No model is ranked: each that cuts obtainable crown-jewel hours also completes more than 1 % "
            f"more or less work than {theirs}, so compare them on the frontier only; {runs}."
        )
    return None


def _sentence(row: Row, comparison: Comparison) -> Sentence:
    deeds = [_exposure(row.cell("obtainable")), *_friction(row, comparison)]
    text = f"Against {_name(comparison.baseline)}, {_name(row)} {', '.join(deeds)}; {_runs(comparison)}."
    return Sentence(row.control, text, tuple(note for note in _notes(row, comparison) if note))


def _exposure(cell: Cell) -> str:
    apart, change, what = cell.difference, cell.change, "obtainable crown-jewel hours"
    if apart is None or math.isnan(apart.mean):
        return f"has no {what} to compare"
    if _is_zero(apart):
        return f"leaves {what} as they are"
    amount = _relative(change) if change is not None and _usable(cell, change) else _absolute(apart)
    if not (apart.excludes_zero or math.isnan(apart.lo)):
        return f"cannot be told apart in {what} ({_signed(cell)})"
    return f"{'cuts' if apart.mean < 0 else 'raises'} {what} by {amount}"


def _friction(row: Row, comparison: Comparison) -> list[str]:
    """What a model adds and what it saves."""
    costs = [_wait(row.cell("latency")), _approvers(row.cell("approver"), comparison)]
    return [f"{verb} {listed(said)}" for verb in ("adds", "saves") if (said := [s for v, s in costs if v == verb])]


def _wait(cell: Cell) -> tuple[Literal["adds", "saves"], str]:
    apart = cell.difference
    if apart is None or math.isnan(apart.mean) or _is_zero(apart):
        return "adds", "no wait at p95"
    if not _settled(apart):
        return "adds", f"no wait at p95 that can be told from zero ({reading(apart, 's').text})"
    return _verb(apart), f"{reading(_size(apart), 's').text} at p95"


def _approvers(cell: Cell, comparison: Comparison) -> tuple[Literal["adds", "saves"], str]:
    apart = cell.difference
    if apart is None or math.isnan(apart.mean) or _is_zero(apart):
        return "adds", "no approver time"
    tasks = tasks_a_day(comparison)
    minutes, per = (apart, "per 100 tasks") if tasks is None else (scaled(apart, tasks / 100), _PER_DAY)
    if not _settled(apart):
        return "adds", f"no approver time that can be told from zero ({reading(minutes).text} min {per})"
    shown = reading(_size(minutes))
    interval = f" {shown.interval}" if shown.interval.startswith("[") else ""
    return _verb(apart), f"{shown.value} approver-minutes {per}{interval}"


def tasks_a_day(comparison: Comparison) -> float | None:
    """Root tasks that the scenario offers the whole fleet in a day; None where it does not say."""
    arrivals = comparison.scenario.get("arrivals")
    rate = arrivals.get("per_agent_day") if isinstance(arrivals, dict) else None
    return float(rate) * comparison.agents if isinstance(rate, int | float) else None


def _notes(row: Row, comparison: Comparison) -> list[str]:
    return [_work(row, comparison), _held_alone(row), _rivals(row, comparison)]


def _work(row: Row, comparison: Comparison) -> str:
    """Work done stands beside exposure."""
    apart, theirs = row.cell("completed").difference, comparison.baseline.cell("completed").estimate.mean
    if apart is None or math.isnan(apart.mean) or not _settled(apart) or _is_zero(apart) or not theirs:
        return ""
    share = reading(scaled(_size(apart), 100 / abs(theirs)))
    text = f"It completes {share.value} % {'fewer' if apart.mean < 0 else 'more'} tasks"
    text += f" {share.interval}" if share.interval.startswith("[") else ""
    beyond = "" if comparable(row, comparison.baseline) else ", more than 1 %: it is ranked only on the frontier"
    return f"{text}{beyond}."


def _held_alone(row: Row) -> str:
    """Where little is held but much would be granted, whoever reads only what is held is misled."""
    held, obtainable = row.cell("held").estimate, row.cell("obtainable").estimate
    if not held.mean < obtainable.mean / 2:
        return ""
    ours, granted = reading(held).value, reading(obtainable).value
    return f"It holds crown jewels for {ours} h per agent-day, but its issuer would grant them for {granted} h."


def _rivals(row: Row, comparison: Comparison) -> str:
    """Which other models no interval separates from this one in what ranks."""
    if comparison.replicates < 2 or not _cuts(row):  # noqa: PLR2004
        return ""
    ours = row.cell("obtainable")
    others = [each for each in comparison.rows[1:] if each is not row and not _separate(ours, each, comparison)]
    if not others:
        return ""
    return f"In obtainable hours it cannot be told apart from {listed([_name(each) for each in others])}."


def _separate(ours: Cell, other: Row, comparison: Comparison) -> bool:
    theirs = other.cell("obtainable")
    apart = difference(ours.values, theirs.values, comparison.comparisons)
    return apart.excludes_zero


def _relative(change: Interval) -> str:
    shown = reading(scaled(_size(change), 100))
    interval = f" {shown.interval}" if shown.interval.startswith("[") else ""
    return f"{shown.value} %{interval}"


def _absolute(apart: Interval) -> str:
    shown = reading(_size(apart))
    interval = f" {shown.interval}" if shown.interval.startswith("[") else ""
    return f"{shown.value} h per agent-day{interval}"


def _signed(cell: Cell) -> str:
    apart, change = cell.difference, cell.change
    if change is not None and _usable(cell, change):
        shown = reading(scaled(change, 100))
        return f"{shown.value} % {shown.interval}"
    return f"{reading(apart).text} h per agent-day" if apart is not None else ""


def _usable(cell: Cell, change: Interval) -> bool:
    """Whether a change can be told relative to the baseline: not if that is zero, negative or unknown."""
    theirs = cell.estimate.mean - (cell.difference.mean if cell.difference else 0.0)
    return theirs > 0 and not math.isnan(change.mean)


def _cuts(row: Row) -> bool:
    apart = row.cell("obtainable").difference
    return apart is not None and apart.excludes_zero and apart.mean < 0


def _apart(cell: Cell) -> bool:
    return cell.difference is not None and cell.difference.excludes_zero


def _settled(apart: Interval) -> bool:
    """Whether the sign is known, or there is one replication and no interval to ask."""
    return apart.excludes_zero or math.isnan(apart.lo)


def _is_zero(apart: Interval) -> bool:
    return apart.mean == 0 and (math.isnan(apart.lo) or is_steady(apart))


def _size(apart: Interval) -> Interval:
    return scaled(apart, -1) if apart.mean < 0 else apart


def _verb(apart: Interval) -> Literal["adds", "saves"]:
    return "saves" if apart.mean < 0 else "adds"


def _name(row: Row) -> str:
    return shortened(row.control)


def _runs(comparison: Comparison) -> str:
    return f"{comparison.replicates} replication{'' if comparison.replicates == 1 else 's'}"
