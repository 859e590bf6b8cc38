"""A pilot: some replications that tell how many it takes for intervals of a wanted width, and are not counted then."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from analysis.comparison import COLUMNS, DECLARED_BESIDES, SUPPORTING, Comparison
from analysis.enough import needed
from analysis.statistics import FEWEST
from sim.audit.refusal import Refusal
from sim.experiment import Plan
from sim.streams import Purpose, Streams

_MOST_RUN: Final = 10_000
# Those whose differences hold together, by key.
_DECLARED: Final = {
    each.key: each for each in (*COLUMNS, *SUPPORTING) if each in COLUMNS or each.key in DECLARED_BESIDES
}


@dataclass(frozen=True)
class Until:
    """How narrow the interval of a difference is to be to either side, by quantity, in percent of the baseline's value.

    `most`: so many replications at most, whatever that leaves.
    """

    within: Mapping[str, float]
    most: int = 200

    def checked(self, pilot: int) -> None:
        """Refuse what cannot be aimed at.

        Raises:
            Refusal: no quantity, or no width; or a pilot that tells nothing, or is longer than what it is for.
        """
        for key, percent in self.within.items():
            if key not in _DECLARED:
                raise Refusal(f"no declared quantity {key!r}; there are {', '.join(_DECLARED)}")
            if not 0 < percent < math.inf:
                raise Refusal(f"within {key} = {percent:g}: percent of the baseline's value, above 0")
        if not FEWEST <= pilot <= self.most <= _MOST_RUN:
            order = f"from {FEWEST}, and in this order, to {_MOST_RUN:,}"
            raise Refusal(f"a pilot of {pilot} replications, {self.most} at most: {order}")


def pilot_of(asked: Plan) -> Plan:
    """The same with draws of chance of its own."""
    return replace(asked, seed=Streams(asked.seed).of(Purpose.PILOT_SEED).draw(0) >> 1)


def replications(pilot: Comparison, until: Until) -> tuple[int, str]:
    """How many replications it takes after a pilot, and why, in words; no fewer than the pilot has.

    Raises:
        Refusal: the baseline's value of a quantity is 0 or not known, of which there are no percentages.
    """
    takes = {key: max(_takes(pilot, key, percent), key=_last) for key, percent in until.within.items()}
    total = min(until.most, max([pilot.replicates, *(int(each) for each in takes.values() if not math.isnan(each))]))
    told = [_told(key, until.within[key], each, total) for key, each in takes.items()]
    return total, f"{total}, by a pilot of {pilot.replicates} others: {'; '.join(told)}"


def _takes(pilot: Comparison, key: str, percent: float) -> Iterator[float]:
    """Of each model how many replications its difference takes; NaN where no number will do."""
    whole = pilot.baseline.cell(key).estimate.mean
    if not abs(whole) > 0:
        what = "not known" if math.isnan(whole) else "0"
        msg = f"{key} of {pilot.baseline.control} is {what}, of which there are no percentages; name another quantity"
        raise Refusal(msg)
    for row in pilot.rows[1:]:
        apart = row.cell(key).difference
        yield math.nan if apart is None else needed(apart, abs(whole) * percent / 100)


def _last(number: float) -> float:
    """What is not known comes after all that is."""
    return math.inf if math.isnan(number) else number


def _told(key: str, percent: float, takes: float, total: int) -> str:
    aim = f"{key} within {percent:g} % of the baseline"
    if math.isnan(takes):
        return f"what {aim} takes cannot be told, too many runs are alike or some value is open"
    return f"{aim} takes {takes:,.0f}{', more than there are to be at most' if takes > total else ''}"
