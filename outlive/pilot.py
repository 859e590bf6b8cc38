"""A pilot: some replications that tell how many it takes for intervals of a wanted width, and are not counted then."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from analysis.comparison import Comparison, Row
from analysis.enough import needed
from analysis.screen import DECLARED
from analysis.statistics import FEWEST
from sim.audit.refusal import Refusal
from sim.experiment import Plan
from sim.streams import Purpose, Streams

_MOST_RUN: Final = 10_000
# Of percentages that anybody could aim at.
_NARROWEST: Final = 0.001
# Those whose differences hold together, by key.
_DECLARED: Final = {each.key: each for each in DECLARED}


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
            if not _NARROWEST <= percent < math.inf:
                raise Refusal(f"within {key} = {percent:g}: percent of the baseline's value, {_NARROWEST:g} at least")
        if not FEWEST <= pilot <= self.most <= _MOST_RUN:
            order = f"from {FEWEST}, and in this order, to {_MOST_RUN:,}"
            raise Refusal(f"a pilot of {pilot} replications, {self.most} at most: {order}")


def pilot_of(asked: Plan) -> Plan:
    """The same with draws of chance of its own."""
    return replace(asked, seed=Streams(asked.seed).of(Purpose.PILOT_SEED).draw(0) >> 1)


def replications(pilot: Comparison, until: Until) -> tuple[int, str]:
    """How many replications it takes after a pilot, and why, in words; no fewer than the pilot has.

    As many as there may be where a pilot is too short to tell; what is open stays so, whatever their number.

    Raises:
        Refusal: the baseline's value of a quantity is 0, of which there are no percentages.
    """
    wants = [_want(pilot, row, key, percent) for key, percent in until.within.items() for row in pilot.rows[1:]]
    takes = [math.inf if each.short else each.takes for each in wants if each.short or not each.why]
    total = int(min(until.most, max([pilot.replicates, *takes])))
    return total, f"{total}, by a pilot of {pilot.replicates} others: {'; '.join(_told(wants, total))}"


@dataclass(frozen=True)
class _Want:
    """A quantity of a model: about how many replications its width takes, or why that is not told."""

    aim: str
    takes: float
    why: str = ""
    short: bool = False


def _want(pilot: Comparison, row: Row, key: str, percent: float) -> _Want:
    theirs, apart = pilot.baseline.cell(key).estimate, row.cell(key).difference
    if theirs.mean == theirs.upper == 0:
        msg = f"{key} of {pilot.baseline.control} is 0, of which there are no percentages; name another quantity"
        raise Refusal(msg)
    aim = f"{key} within {percent:g} % of the baseline"
    if apart is None or math.isnan(theirs.mean) or math.isnan(apart.mean):
        return _Want(aim, math.nan, "too few observations in the pilot", short=True)
    if not (math.isfinite(theirs.mean) and math.isfinite(apart.mean) and math.isfinite(apart.upper)):
        return _Want(aim, math.nan, "open in some run, whatever their number")
    takes = needed(apart, abs(theirs.mean) * percent / 100)
    alike = "the same in nearly every run of the pilot"
    return _Want(aim, takes, alike, short=True) if math.isnan(takes) else _Want(aim, takes)


def _told(wants: Sequence[_Want], total: float) -> Iterator[str]:
    """Each aim once: by the model that takes most, or of which it is not told."""
    for aim in dict.fromkeys(each.aim for each in wants):
        these = [each for each in wants if each.aim == aim]
        if untold := [each.why for each in these if each.why]:
            yield f"what {aim} takes is not told, {untold[0]}"
        else:
            takes = max(each.takes for each in these)
            yield f"{aim} takes about {takes:,.0f}{', more than there may be' if takes > total else ''}"
