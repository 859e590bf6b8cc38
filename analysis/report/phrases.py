"""The parts of a sentence on one control model: what it leaves obtainable, on what that hangs, and what it costs."""

import math
from collections.abc import Iterator
from datetime import timedelta
from typing import Final, Literal

from analysis.comparison import Cell, Comparison, Row, Support, is_steady
from analysis.report.legible import listed
from analysis.report.numerals import plain, quantity, reading, scaled
from analysis.statistics import Interval

Verb = Literal["adds", "saves"]

_WHAT: Final = "obtainable crown-jewel hours"
_UNSETTLED: Final = "cannot be told from zero"
_MINUTE: Final = 60.0
_DAY: Final = timedelta(days=1)


def deeds(row: Row, comparison: Comparison) -> Iterator[str]:
    """What a model does, a part each."""
    yield _exposure(row.cell("obtainable")) + _condition(row, comparison.baseline)
    yield from _friction(row, comparison)
    if row.asks_humans:
        yield f"and {_asking(row)}"


def amount(apart: Interval, factor: float = 1.0) -> str:
    """The size of a difference with its interval."""
    return reading(scaled(size(apart), factor)).text


def size(apart: Interval) -> Interval:
    """A difference without its sign."""
    return scaled(apart, -1) if apart.mean < 0 else apart


def settled(apart: Interval) -> bool:
    """Whether the sign is known, or there is no interval to ask."""
    return apart.excludes_zero or math.isnan(apart.lo)


def is_nothing(apart: Interval) -> bool:
    """Whether there was no difference in any run."""
    return apart.mean == 0 and (math.isnan(apart.lo) or is_steady(apart))


def _exposure(cell: Cell) -> str:
    apart, change = cell.shown_difference, cell.shown_change
    if apart is None or math.isnan(apart.mean):
        return f"has no {_WHAT} to compare"
    if is_nothing(apart):
        return f"leaves {_WHAT} as they are"
    if not settled(apart):
        return f"cannot be told apart in {_WHAT} ({_signed(cell, apart)})"
    told = _relative(change) if change is not None and _usable(cell, change) else _absolute(apart)
    return f"{'cuts' if apart.mean < 0 else 'raises'} {_WHAT} by {told}"


def _condition(row: Row, baseline: Row) -> str:
    """Where a human stands in the way, everything hangs on whether that human looks."""
    waved, cell = row.support("waved_through"), row.cell("obtainable")
    if waved is None or waved.difference is None or not (row.asks_humans or baseline.asks_humans):
        return ""
    seen, unseen = cell.difference, waved.difference
    if seen is None or math.isnan(seen.mean - unseen.mean) or math.isclose(seen.mean, unseen.mean, abs_tol=1e-9):
        return ""
    return f" if approvers really inspect each request ({_otherwise(cell, waved)} if they wave them through)"


def _otherwise(cell: Cell, waved: Support) -> str:
    """What becomes of the cut where approvers say yes unseen."""
    seen, unseen, change = cell.difference, waved.difference, waved.change
    if seen is None or unseen is None or math.isclose(unseen.mean, 0, abs_tol=1e-9):
        return "not at all"
    relative = change is not None and cell.change is not None and _usable(cell, cell.change)
    told = f"{plain(100 * abs(change.mean))} %" if relative and change else f"{plain(abs(unseen.mean))} h per agent-day"
    verb = "" if seen.mean * unseen.mean > 0 else "they fall by " if unseen.mean < 0 else "they rise by "
    return f"{verb}{told}"


def _friction(row: Row, comparison: Comparison) -> list[str]:
    """What a model adds and what it saves."""
    costs = [_time(row, comparison.baseline), _approvers(row, comparison)]
    return [f"{verb} {listed(said)}" for verb in ("adds", "saves") if (said := [s for v, s in costs if v == verb])]


def _time(row: Row, baseline: Row) -> tuple[Verb, str]:
    """What control adds to the time that work takes; a limit where work was still going on at the window's end."""
    cell, theirs = row.cell("latency"), baseline.cell("latency")
    apart = cell.shown_difference
    if apart is not None and (cell.at_least or theirs.at_least):
        return "adds", _limited(apart, theirs)
    if apart is None or math.isnan(apart.mean) or is_nothing(apart):
        return "adds", "no time to finish at p95"
    of, unsure = "of" if apart.mean < 0 else "to", "" if settled(apart) else f" ({_UNSETTLED})"
    return _verb(apart), f"{reading(size(apart), 's').text} {of} the time to finish at p95{unsure}"


def _limited(apart: Interval, theirs: Cell) -> str:
    if theirs.at_least or not apart.mean > 0:
        return "a time to finish at p95 that the window is too short to tell"
    return f"at least {quantity(apart.mean, 's')} to the time to finish at p95"


def _approvers(row: Row, comparison: Comparison) -> tuple[Verb, str]:
    """Inspection by the day, in a window of days; its sign is that of the declared quantity, by the task."""
    apart, daily = row.cell("approver").shown_difference, row.support("approver_minutes")
    if apart is None or math.isnan(apart.mean) or is_nothing(apart):
        return "adds", "no approver time"
    minutes, per = apart, "per 100 tasks"
    if daily is not None and daily.difference is not None and _lasts_a_day(comparison):
        minutes, per = daily.difference, "a day"
    shown, unsure = reading(size(minutes)), "" if settled(apart) else f" ({_UNSETTLED})"
    return _verb(minutes), f"{shown.value} approver-minutes {per}{_bracketed(shown.interval)}{unsure}"


def _lasts_a_day(comparison: Comparison) -> bool:
    _, starts, ends = comparison.window
    return ends - starts >= _DAY


def _asking(row: Row) -> str:
    """How long those wait who wait for a human: among all tasks they are too few to show at p95."""
    asking, wait = row.support("asking"), row.support("approval_wait")
    share = "" if asking is None else f"{reading(asking.shown).value} %"
    if wait is None or math.isnan(wait.estimate.mean):
        return f"asks a human in {share} of tasks"
    waited = scaled(wait.shown, _MINUTE)
    told = f"at least {quantity(waited.mean, 's')}" if wait.at_least else reading(waited, "s").text
    return f"makes the {share} of tasks that ask a human wait {told} at p95"


def _relative(change: Interval) -> str:
    shown = reading(scaled(size(change), 100))
    return f"{shown.value} %{_bracketed(shown.interval)}"


def _absolute(apart: Interval) -> str:
    shown = reading(size(apart))
    return f"{shown.value} h per agent-day{_bracketed(shown.interval)}"


def _signed(cell: Cell, apart: Interval) -> str:
    change = cell.shown_change
    if change is not None and _usable(cell, change):
        shown = reading(scaled(change, 100))
        return f"{shown.value} % {shown.interval}"
    return f"{reading(apart).text} h per agent-day"


def _bracketed(interval: str) -> str:
    return f" {interval}" if interval.startswith("[") else ""


def _usable(cell: Cell, change: Interval) -> bool:
    """Whether a change can be told relative to the baseline: not if that is zero, negative or unknown."""
    theirs = cell.estimate.mean - (cell.difference.mean if cell.difference else 0.0)
    return theirs > 0 and not math.isnan(change.mean)


def _verb(apart: Interval) -> Verb:
    return "saves" if apart.mean < 0 else "adds"
