"""How many other replications would tell what these leave open, in four of five cases: no promise.

Others, of another seed, and not these and some more: what is seen of these decides how many are asked for, which are
few just where chance brought their mean far from zero. Ten of a normal law about zero, where they ask for at most
fifty, settle a sign together with those that are added in 11 % of cases; others do by themselves in 5 %, as is said
(`tests/analysis/test_enough.py`). Each looked at by itself: of several looks, whatever their seed, one is wrong more
often, so that whoever goes on until a sign is settled finds one in the end.

The mean and the spread of those that there are is taken for right. An interval of more replications is narrower for two
reasons: the standard error falls with the root of their number, and so many standard errors as it takes to both sides
become fewer, because fewer spreads are worth believing. Intervals that hold together reach as far as one alone of a
smaller error does; that error stays, and with it they come near to the normal law's. But where they reach further than
Bonferroni's, as those of ten replications do, that is what resamples of few leave open, and soon less of more.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from scipy import special

from analysis.statistics import Interval, student

# In four of five cases.
_POWER: Final = 0.8
# Nobody runs more; what takes as many is not settled by them.
_MOST: Final = 10**12


def others(found: Interval) -> float:
    """How many other replications would settle the sign, if the mean is right; 0: it is settled, NaN: none would.

    Limits on both sides of zero stay there.
    """
    below, above = found.lengths
    distance, length = (found.mean, below) if found.mean > 0 else (-found.upper, above)
    if not distance > 0 or not math.isfinite(length) or math.isinf(found.reach):
        return math.nan
    if length <= distance or found.excludes_zero:
        return 0
    return _Seen(found, distance, length).until(lambda seen, size: seen.clears(size))


def others_within(found: Interval, beyond: float) -> float:
    """How many others would show that a mean is no further from zero than this, if it is right; 0: it is, NaN: none.

    The whole interval has to lie within, wherever its middle falls: also of a mean of zero, one that just fits does
    not do, because the mean of other replications is not zero.
    """
    distance, length = abs(found.mean), max(found.lengths)
    if found.most is not None or not distance < beyond or not math.isfinite(length) or math.isinf(found.reach):
        return math.nan
    room = beyond - distance
    if max(found.hi - found.mean, found.mean - found.lo) <= room:
        return 0
    if found.by_trials:
        # Of what never happened, or a few times, its width falls with their number, of else more slowly.
        return math.ceil(found.replications * length / room)
    return _Seen(found, distance, length).until(lambda s, size: s.fits(size, beyond))


def needed(pilot: Interval, within: float) -> float:
    """About how many replications an interval needs to go no further than so much to either side; NaN: not told.

    By a pilot of n replications: so many that they would do where the spread is as much greater than the pilot's as so
    few leave possible. Of an interval alone that is n (length / within)**2, its length in the standard errors that the
    pilot needs (Stein, Annals of Mathematical Statistics 16, 1945, 243). Of one that holds together with others the
    reach falls besides: it is that of the same error, and no more than Bonferroni's, which a pilot of six exceeds. In
    some two of three cases so many suffice where values are normal, and of six replications they are half again as many
    as it takes. Where they are skewed a pilot rarely meets what is rare, and so many suffice less often: for one mean
    of a lognormal law with a spread of 1 in half of all cases, for one of several that hold together in fewer.

    Others than those of the pilot are to be run: where the same ones are counted once more, their number is small just
    where their spread happens to be, and the interval holds less often than it says. What limits leave open between
    them is no part of the width. Not told of what is open, or of what is the same in nearly every replication, whose
    spread is not known.
    """
    length = max(pilot.lengths)
    if not (math.isfinite(pilot.mean) and math.isfinite(pilot.upper) and 0 < length < math.inf):
        return math.nan
    if math.isinf(pilot.reach):
        return math.nan
    seen = _Seen(pilot, 0.0, length)
    found = _least(lambda size: seen.may_reach(size) <= within, 1)
    return _MOST if math.isnan(found) else found


def _least(enough: Callable[[int], bool], few: int) -> float:
    """The least number that is enough, more than one that is not; NaN where it would be too great."""
    many = 2 * few
    while not enough(many):
        few, many = many, 2 * many
        if many > _MOST:
            return math.nan
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if enough(middle) else (middle, many)
    return many


@dataclass(frozen=True)
class _Seen:
    """An interval: how far its mean lies from zero, and how far the interval goes from there."""

    found: Interval
    distance: float
    length: float

    @property
    def reach(self) -> float:
        """How many standard errors it goes to either side."""
        return student(self.found.replications) if math.isnan(self.found.reach) else self.found.reach

    def until(self, chance: Callable[["_Seen", int], float]) -> float:
        """How many replications make something likely enough; NaN where too many would."""
        return _least(lambda size: chance(self, size) >= _POWER, self.found.replications)

    def may_reach(self, size: int) -> float:
        """How far the interval of so many replications goes, where their spread is as great as these leave possible."""
        here, wide = self.found.replications, self._wide(size)
        return wide * student(here) / student(size) * self.length / self.reach * math.sqrt(here / size)

    def clears(self, size: int) -> float:
        """How often the interval of so many replications leaves out zero, on the side of the mean."""
        return float(special.ndtr(self._errors(self.distance, size) - self._wide(size)))

    def fits(self, size: int, beyond: float) -> float:
        """How often the interval of so many replications lies within so much of zero."""
        above = self._errors(beyond - self.distance, size) - self._wide(size)
        below = self._errors(beyond + self.distance, size) - self._wide(size)
        return float(max(0.0, special.ndtr(above) - special.ndtr(-below)))

    def _errors(self, distance: float, size: int) -> float:
        """A distance in standard errors of so many replications."""
        return distance * self.reach / self.length * math.sqrt(size / self.found.replications)

    def _wide(self, size: int) -> float:
        """How many standard errors an interval of the same error goes to either side, of so many replications.

        Of as many that hold together no more than Bonferroni's, and what it goes beyond that here, which falls with the
        square of their number.
        """
        here, among = self.found.replications, self.found.among
        beyond = max(0.0, self.reach / student(here, among) - 1) * (here / size) ** 2
        same = -float(special.stdtrit(size - 1, special.stdtr(here - 1, -self.reach)))
        return min(same, student(size, among) * (1 + beyond))
