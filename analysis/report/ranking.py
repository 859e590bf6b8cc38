"""What ranks control models: obtainable crown-jewel hours, among those that do the same work.

A model that completes more or less work than the baseline is exposed less by doing less. To be ranked it must be shown
to do the same: the whole interval of its difference lies within 1 % of the baseline's work (an equivalence; Schuirmann,
Journal of Pharmacokinetics and Biopharmaceutics 15, 1987, 657 to 680). That no difference was found shows nothing.

Where the work completed is the same in every run that interval is what the trials of either leave possible, as if tasks
were independent: it was alike in every run seen, and of others some may be otherwise. Where a run in seven breaks a
tenth of its tasks, one in five tens of runs has none such, and passes.
"""

import math
from collections.abc import Sequence
from typing import Final

from analysis.comparison import Cell, Comparison, Row
from analysis.enough import others_within
from analysis.screen import Column
from analysis.statistics import FEWEST, Interval, interval

COMPLETION: Final = 0.01
# Obtainable hours this close beside their mean are as good as the same.
SAME: Final = 0.005

_SAME_CUT: Final = 3


def ranked(comparison: Comparison) -> Sequence[Row]:
    """Models besides the baseline: comparable ones first, by what is left obtainable, then by time, then by reach."""
    return sorted(comparison.rows[1:], key=lambda row: _rank(row, comparison))


def comparable(row: Row, baseline: Row) -> bool:
    """Whether a model completes as much work as the baseline, to 1 % of it: by its interval, or in every run seen.

    The latter as if tasks were independent (`only_seen_alike`). Too few runs show nothing.
    """
    apart, beyond = _work(row, baseline)
    return apart is None or apart.replications < FEWEST or (-beyond <= apart.lo and apart.hi <= beyond)


def only_seen_alike(row: Row, baseline: Row) -> bool:
    """Whether it completes as much because its difference in work is the same in every run, which others need not."""
    apart, _ = _work(row, baseline)
    return apart is not None and apart.steady and comparable(row, baseline)


def does_other(row: Row, baseline: Row) -> bool:
    """Whether a model is shown to complete more than 1 % more or less work than the baseline."""
    apart, beyond = _work(row, baseline)
    return apart is not None and apart.replications >= FEWEST and (apart.lo > beyond or apart.hi < -beyond)


def until_comparable(row: Row, baseline: Row) -> float:
    """How many other replications would show that a model does the same work, if its mean stays; NaN if none would."""
    apart, beyond = _work(row, baseline)
    return math.nan if apart is None else others_within(apart, beyond)


def set_apart(comparison: Comparison) -> list[Row]:
    """Models that are not shown to complete the same work, and so are compared on the frontier only."""
    return [row for row in comparison.rows[1:] if not comparable(row, comparison.baseline)]


def _work(row: Row, baseline: Row) -> tuple[Interval | None, float]:
    """The difference in work completed, and how far from zero it is another amount of work."""
    return row.cell("completed").difference, COMPLETION * abs(baseline.cell("completed").estimate.mean)


def cuts(row: Row) -> bool:
    """Whether a model leaves less obtainable than the baseline: by its interval, or by the same in every run seen."""
    apart = row.cell("obtainable").difference
    return apart is not None and apart.excludes_zero and apart.mean < 0


def says_nothing(apart: Interval, column: Column) -> bool:
    """Whether an interval with zero in it is half of all that the difference can be, or more.

    So it is where too many replications are the same, however far their mean lies from zero.
    """
    least, most = column.span
    return math.isfinite(least) and not apart.excludes_zero and apart.hi - apart.lo >= (most - least) / 2


def told_apart(cell: Cell) -> bool:
    """Whether the sign of a difference from the baseline is known, or that of every run seen."""
    return cell.difference is not None and cell.difference.excludes_zero


def alike(one: Row, other: Row) -> bool:
    """Whether two models leave the same obtainable: all of the interval within half a percent of their mean."""
    ours, theirs = (row.cell("obtainable").quantity for row in (one, other))
    apart, most = interval(ours - theirs), SAME * (_hours(one).mean + _hours(other).mean) / 2
    return abs(apart.mean) <= most and not max(-apart.lo, apart.hi) > most


def equal(one: Row, other: Row) -> bool:
    """Whether two models leave the same obtainable in every run, but for rounding of the machine."""
    ours, theirs = (row.cell("obtainable").quantity for row in (one, other))
    return not any((ours - theirs).parts)


def grants(row: Row) -> bool:
    """Whether more is obtainable than is held: the issuer says yes to whoever asks."""
    return row.cell("held").estimate.mean < _hours(row).mean * (1 - SAME)


def _hours(row: Row) -> Interval:
    return row.cell("obtainable").estimate


def _rank(row: Row, comparison: Comparison) -> tuple[bool, float, float, float]:
    """Comparable ones first; by hours left; by time added beyond chance; by what a stolen token and its key reach.

    Hours and reach are equal to a tenth of a percent of the baseline's.
    """
    cell = row.cell("latency")
    adds = cell.difference.mean if cell.difference is not None and told_apart(cell) else 0.0
    left, reach = (_share(row, comparison.baseline, key) for key in ("obtainable", "t1b"))
    return not comparable(row, comparison.baseline), left, adds, reach


def _share(row: Row, baseline: Row, key: str) -> float:
    """A quantity in parts of the baseline's, to a tenth of a percent; infinite where it is not known."""
    ours, theirs = (each.cell(key).estimate.mean for each in (row, baseline))
    share = round(ours / theirs, _SAME_CUT) if theirs else ours
    return math.inf if math.isnan(share) else share
