"""Where a ranking flips: the value of a knob at which the mean paired difference of two models changes its sign.

Found by bisection, on the same draws at every value of the knob, so that the difference is a function of it and no
noise is bisected. The interval is the set of values at which the paired interval of the difference holds zero (Neyman
1937, inverted; of a ratio of means it is Fieller's, 1954): beyond it the sign is settled. Its ends are bisected alike.
Before that a few values in between are looked at, because two ends of one sign tell nothing of what lies between them.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

from analysis.statistics import Interval, interval

# Values that are looked at before anything is halved, the ends included; then a bracket is halved so often.
_LOOKS: Final = 5
_HALVINGS: Final = 6

# The paired differences, replicate by replicate, at a value of the knob.
Differences = Callable[[float], Sequence[float]]


@dataclass(frozen=True)
class Crossing:
    """Where the sign changes; None where it does not, or an end of the interval lies beyond the range.

    `points`: every value that was looked at with the difference there, in order; `flips`: how many changes of sign were
    seen at the first look, of which the first is given.
    """

    at: float | None
    lo: float | None
    hi: float | None
    flips: int
    points: tuple[tuple[float, Interval], ...]


def crossing(differences: Differences, least: float, most: float, *, whole: bool = False) -> Crossing:
    """Look for the first change of sign from `least` to `most`; `whole` where only whole numbers can be had."""
    return _Search(differences, least, most, whole)()


@dataclass(frozen=True)
class _Search:
    differences: Differences
    least: float
    most: float
    whole: bool

    @cached_property
    def known(self) -> dict[float, Interval]:
        return {}

    def __call__(self) -> Crossing:
        step = (self.most - self.least) / (_LOOKS - 1)
        looks = sorted({self._value(self.least + place * step) for place in range(_LOOKS)})
        signed = [each for each in looks if self._sign(each)]
        changes = [(a, b) for a, b in pairwise(signed) if self._sign(a) != self._sign(b)]
        at = lo = hi = None
        if changes:
            (before, after), left = changes[0], self._sign(changes[0][0])
            at = self._halved(before, after, lambda value: self._sign(value) == left)
            lo = self._end([each for each in reversed(looks) if each <= before], at, left)
            hi = self._end([each for each in looks if each >= after], at, -left)
        return Crossing(at, lo, hi, len(changes), tuple(sorted(self.known.items())))

    def _end(self, outwards: Sequence[float], at: float, sign: int) -> float | None:
        """From where on, outwards from the crossing, the sign is settled; None if it nowhere is."""
        settled = next((each for each in outwards if self._settled(each) == sign), None)
        return None if settled is None else self._halved(settled, at, lambda value: self._settled(value) == sign)

    def _halved(self, true: float, false: float, holds: Callable[[float], bool]) -> float:
        """Between a value where something holds and one where it does not, the middle of the bracket at last."""
        for _ in range(_HALVINGS):
            middle = self._value((true + false) / 2)
            if middle in {true, false}:
                break
            true, false = (middle, false) if holds(middle) else (true, middle)
        return (true + false) / 2

    def _value(self, value: float) -> float:
        return round(value) if self.whole else value

    def _at(self, value: float) -> Interval:
        if value not in self.known:
            self.known[value] = interval(list(self.differences(value)))
        return self.known[value]

    def _sign(self, value: float) -> int:
        mean = self._at(value).mean
        return 0 if mean == 0 else int(math.copysign(1, mean))

    def _settled(self, value: float) -> int:
        """The sign where the interval excludes zero, else 0."""
        return self._sign(value) if self._at(value).excludes_zero else 0
