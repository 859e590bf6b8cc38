"""The parts of a sentence on one control model: what it leaves obtainable, on what that hangs, and what it costs."""

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final, Literal, get_args

from analysis.comparison import Cell, Comparison, Row
from analysis.enough import others
from analysis.lacks import FEW_RUNS, NONE_SEEN, TOO_FEW, Lack
from analysis.report.legible import counted, listed
from analysis.report.numerals import SEEN, quantity, reading, scaled
from analysis.report.ranking import SAME, says_nothing
from analysis.statistics import Interval

Verb = Literal["changes", "adds", "saves"]

_WHAT: Final = "obtainable crown-jewel hours"
_UNSETTLED: Final = "cannot be told from zero"
ALIKE: Final = "too many runs are alike for an interval"
_NOT_JUDGED: Final = ", which is not judged: "
_DAY: Final = timedelta(days=1)
_WORTH: Final = 1e6
# An interval so many times as wide as its value says nothing: too many runs are alike.
_WILD: Final = 1000.0
# A change within this share of the baseline, interval and all, is none that anybody would decide by; as of work.
_SLIGHT: Final = 0.01


def deeds(row: Row, comparison: Comparison) -> Iterator[str]:
    """What a model does, a part each."""
    told, *why_not = _exposure(row.cell("obtainable")).partition(_NOT_JUDGED)
    yield "".join([told, _condition(row, comparison.baseline), *why_not])
    yield from _friction(row, comparison)


def size(apart: Interval) -> Interval:
    """A difference without its sign."""
    return scaled(apart, -1) if apart.mean < 0 else apart


def unsettled(apart: Interval) -> str:
    """That a sign is not known, and how many others would settle it if the mean stays."""
    many = others(apart)
    if not math.isfinite(many):
        both_sides = apart.most is not None and apart.mean <= 0 <= apart.most and not math.isinf(apart.reach)
        return "; its limits lie on both sides of zero, however many replications" if both_sides else ""
    return f"; {at_least(many)} would settle it if it stays"


def at_least(many: float) -> str:
    """So many replications of another seed, which would do in four of five cases: no promise; nobody runs a million.

    With those that were looked at counted in, an interval would hold less often than it says.
    """
    if many > _WORTH:
        return "more replications than anybody would run"
    return f"at least about {counted(max(1, int(many)), 'replication')} of another seed"


def settled(apart: Interval) -> bool:
    """Whether the sign is known, or that of every run, or there is no interval to ask."""
    return apart.excludes_zero or math.isnan(apart.lo)


def is_nothing(apart: Interval) -> bool:
    """Whether there was no difference in any run."""
    return apart.mean == 0 and (apart.steady or (math.isnan(apart.lo) and apart.most is None))


def _exposure(cell: Cell) -> str:
    apart, change = cell.difference, cell.change
    if apart is None or math.isnan(apart.mean):
        return f"has no {_WHAT} to compare"
    if is_nothing(apart):
        return f"leaves {_WHAT} as they are"
    relative = _relative_to(apart, change)
    if relative is not None and max(abs(relative.lo), abs(relative.hi)) <= SAME:
        return f"leaves {_WHAT} as they are, to {100 * SAME:g} %"
    printed = apart if relative is None else relative
    if not settled(printed) and says_nothing(apart, cell.column):
        less = f"{reading(size(_bare(apart))).value} {'less' if apart.mean < 0 else 'more'}"
        return f"leaves {reading(cell.estimate).value} {_WHAT} per agent-day, {less}{_NOT_JUDGED}{ALIKE}"
    if not settled(printed):
        return f"cannot be told apart in {_WHAT} ({_signed(printed, relative=relative is not None)}{unsettled(apart)})"
    told = _absolute(apart) if relative is None else _relative(relative)
    return f"{'cuts' if printed.mean < 0 else 'raises'} {_WHAT} by {told}"


def _bare(apart: Interval) -> Interval:
    """The value alone, where its interval says nothing."""
    return replace(apart, lo=math.nan, hi=math.nan)


def _condition(row: Row, baseline: Row) -> str:
    """Where a human stands in the way, everything hangs on whether that human looks: there is nothing in between.

    What lets one hostile request in a thousand pass is obtainable as a whole, so the two values are no ends of a scale.
    """
    waved, cell = row.support("waved_through"), row.cell("obtainable")
    if waved is None or waved.difference is None or not (row.asks_humans or baseline.asks_humans):
        return ""
    seen, unseen = cell.difference, waved.difference
    if seen is None or math.isnan(seen.mean - unseen.mean) or math.isclose(seen.mean, unseen.mean, abs_tol=1e-9):
        return ""
    otherwise = f"{_otherwise(cell, waved)} if they wave through even one in 1,000"
    return f" if approvers really inspect each request and recognise every attack ({otherwise})"


def _otherwise(cell: Cell, waved: Cell) -> str:
    """What becomes of the cut where approvers say yes unseen."""
    seen, unseen, change = cell.difference, waved.difference, waved.change
    if seen is None or unseen is None or is_nothing(unseen):
        return "not at all"
    relative = _relative_to(unseen, change)
    printed = unseen if relative is None else relative
    if not settled(printed):
        return f"cannot be told from zero, {_signed(printed, relative=relative is not None)},"
    told = _absolute(unseen) if relative is None else _relative(relative)
    verb = "" if seen.mean * unseen.mean > 0 else "they fall by " if unseen.mean < 0 else "they rise by "
    return f"{verb}{told}"


def _friction(row: Row, comparison: Comparison) -> list[str]:
    """What a model changes too little to count, what it adds and what it saves."""
    costs = [*_time(row, comparison.baseline), _approvers(row, comparison)]
    return [f"{verb} {listed(said)}" for verb in get_args(Verb) if (said := [s for v, s in costs if v == verb])]


def unshown(row: Row, baseline: Row) -> str:
    """That nothing is said of the time that work takes, and why; nothing where something is."""
    ours, theirs = row.cell("latency"), baseline.cell("latency")
    if ours.difference is not None and not math.isnan(ours.difference.mean):
        return ""
    return f"; time to finish at p95 not shown{why_none(ours.lack or theirs.lack, 'tasks')}"


def why_none(lack: Lack | None, of: str) -> str:
    """Why there is no quantile of some things, in brackets."""
    said = {TOO_FEW: f"too few {of}", NONE_SEEN: f"no {of} seen", FEW_RUNS: f"{of} seen in too few runs"}
    return f" ({said.get(lack, lack.why)})" if lack else ""


def _time(row: Row, baseline: Row) -> Iterator[tuple[Verb, str]]:
    """What control adds to the time that work takes; a limit where work was still going on at the window's end."""
    apart = row.cell("latency").difference
    if apart is None or math.isnan(apart.mean):
        return
    if is_nothing(apart):
        yield "adds", "no time to finish at p95"
    elif math.isinf(apart.mean) or apart.is_least:
        yield _limited(apart)
    elif max(abs(apart.lo), abs(apart.hi)) <= _SLIGHT * baseline.cell("latency").estimate.mean:
        yield "changes", f"the time to finish at p95 by less than {100 * _SLIGHT:g} %"
    else:
        of, unsure = "of" if apart.mean < 0 else "to", "" if settled(apart) else f" ({_UNSETTLED}{unsettled(apart)})"
        shown = reading(size(apart), "s")
        yield _verb(apart), f"{shown.value}{shown.behind} {of} the time to finish at p95{unsure}"


def _limited(apart: Interval) -> tuple[Verb, str]:
    if not settled(apart) or (math.isinf(apart.mean) and apart.is_least):
        return "adds", "a time to finish at p95 that the window is too short to tell"
    least = quantity(min(abs(each) for each in (apart.mean, apart.upper)), "s")
    seen = f" {SEEN}" if apart.is_only_seen else ""
    return _verb(apart), f"at least {least}{seen} {'of' if apart.mean < 0 else 'to'} the time to finish at p95"


def _approvers(row: Row, comparison: Comparison) -> tuple[Verb, str]:
    """Inspection by the day, in a window of days, else by the task; both are declared."""
    apart, daily = row.cell("approver").difference, row.support("approver_minutes")
    if apart is None or math.isnan(apart.mean) or is_nothing(apart):
        return "adds", "no approver time"
    minutes, per = apart, "per 100 tasks"
    if daily is not None and daily.difference is not None and _lasts_a_day(comparison):
        minutes, per = daily.difference, "a day"
    if minutes.hi - minutes.lo > _WILD * abs(minutes.mean):
        return _verb(minutes), f"{reading(size(_bare(minutes))).value} approver-minutes {per} (not judged: {ALIKE})"
    shown = reading(size(minutes))
    unsure = "" if settled(minutes) else f" ({_UNSETTLED}{unsettled(minutes)})"
    return _verb(minutes), f"{shown.value} approver-minutes {per}{shown.behind}{unsure}"


def _lasts_a_day(comparison: Comparison) -> bool:
    return comparison.measured_for >= _DAY


def _relative(change: Interval) -> str:
    shown = reading(scaled(size(change), 100))
    return f"{shown.value} %{shown.behind}"


def _absolute(apart: Interval) -> str:
    shown = reading(size(apart))
    return f"{shown.value} h per agent-day{shown.behind}"


def _signed(apart: Interval, *, relative: bool) -> str:
    if not relative:
        return f"{reading(apart).text} h per agent-day"
    shown = reading(scaled(apart, 100))
    return f"{shown.value} % {shown.interval}"


def _relative_to(apart: Interval, change: Interval | None) -> Interval | None:
    """The change relative to the baseline, if it can be told: not if that may be zero, or has no upper limit.

    Nor where it settles less than the difference itself, which then is told instead.
    """
    if change is None or not math.isfinite(change.mean) or change.is_least or math.isinf(change.hi):
        return None
    return change if settled(change) or not settled(apart) else None


def _verb(apart: Interval) -> Verb:
    return "saves" if apart.mean < 0 else "adds"
