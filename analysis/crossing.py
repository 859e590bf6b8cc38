"""Where a ranking flips: the value of a knob at which the paired difference of two models changes its sign.

Looked for by bisection, on the same draws at every value of the knob, so that the difference is a function of it and no
noise is bisected. A flip is claimed only between two values at which the paired intervals exclude zero on opposite
sides; its interval goes from the last value that was seen to be settled on the one to the first on the other. In
between lie those that are not (Neyman 1937, inverted), and where it was not looked: no more is claimed than was seen.
That there is none is claimed only of values that were looked at, if the interval excludes zero on one side at all of
them: both claims hold where each interval does (intersection-union; Berger, Technometrics 24, 1982, 295 to 300). Else
it is not settled. What is the same in every replication has no interval: its sign is that of those seen.

Because the pair is found among several first looks, all intervals are as wide as so many need to hold at once
(Bonferroni). They are those of a family of one (`family`), not Student's, which leave out the break-even in 5 % of
cases, and not in one, where ten replications are of an exponential law, and in 9 % where that is lognormal with a sigma
of 1: so it is left out in 2 and 5 %, and in 10 % where sigma is 1.5, for which ten are too few. Looks by halving are
not counted: on the same draws replications hardly differ from one value to the next, and drawn anew at each, they make
the interval wider, and it misses no more.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

from analysis.family import together
from analysis.screen import Column
from analysis.statistics import FEWEST, NO_LIMITS, Interval, Limits, Quantity

# Values that are looked at before anything is halved, the ends included; then a bracket is halved so often.
LOOKS: Final = 5
_HALVINGS: Final = 6

# The paired difference of the two models at a value of the knob.
Differences = Callable[[float], Quantity]


@dataclass(frozen=True)
class Crossing:
    """Where the sign changes, and between which values it is not settled; None where no change is settled.

    `between`: the last value seen at which the mean has the first sign, and the next, at which it does not; `at` is
    their middle. `lo` and `hi` were looked at too: the sign is settled at both, and not alike.

    `points`: every value that was looked at with the difference there, in order; `flips`: how many changes of a settled
    sign were seen at the first look, of which the first is given. `open`: of the first looks the span in which a sign
    is not settled, though the models differ there; None where all are.
    """

    at: float | None
    lo: float | None
    hi: float | None
    flips: int
    points: tuple[tuple[float, Interval], ...]
    open: tuple[float, float] | None = None
    between: tuple[float, float] | None = None

    @property
    def few(self) -> bool:
        """Whether there are too few replications to settle anything."""
        return any(apart.replications < FEWEST for _, apart in self.points)


@dataclass(frozen=True)
class BreakEven:
    """A quantity, two control models, a knob by its dotted key, and where the first ceases to be better, or worse.

    The differences of `crossing` are the first model's values less the second's.
    """

    column: Column
    controls: tuple[str, str]
    knob: str
    replicates: int
    crossing: Crossing

    def better(self, difference: Interval) -> str:
        """The model that is better by a difference; none where they are the same, or its limits have no one sign."""
        if not difference.sign_of_mean:
            return ""
        return self.controls[0 if (difference.sign_of_mean < 0) is self.column.less_is_better else 1]


def crossing(differences: Differences, span: Limits, limits: Limits = NO_LIMITS, *, whole: bool = False) -> Crossing:
    """Look for the first change of sign over a span of values; `whole` where only whole numbers can be had.

    Args:
        limits: what no difference can pass.
    """
    return _Search(differences, span, limits, whole)()


@dataclass(frozen=True)
class _Search:
    differences: Differences
    span: Limits
    limits: Limits
    whole: bool

    @cached_property
    def known(self) -> dict[float, Interval]:
        return {}

    def __call__(self) -> Crossing:
        least, most = self.span
        step = (most - least) / (LOOKS - 1)
        looks = sorted({self._value(least + place * step) for place in range(LOOKS)})
        settled = [each for each in looks if self._settled(each)]
        changes = [(a, b) for a, b in pairwise(settled) if self._settled(a) != self._settled(b)]
        if not changes:
            return Crossing(None, None, None, 0, self._points, self._open(looks))
        (before, after), left = changes[0], self._settled(changes[0][0])
        kept, lost = self._halved(before, after, lambda value: self._at(value).sign_of_mean == left)
        lo, hi = self._nearest(before, kept, left), self._nearest(after, lost, -left)
        at = (kept + lost) / 2
        return Crossing(at, lo, hi, len(changes), self._points, self._open(looks), (kept, lost))

    @property
    def _points(self) -> tuple[tuple[float, Interval], ...]:
        return tuple(sorted(self.known.items()))

    def _open(self, looks: Sequence[float]) -> tuple[float, float] | None:
        """From the last settled look before the first that is not, to the first after the last."""
        places = [place for place, each in enumerate(looks) if self._at(each).sign is None]
        if not places:
            return None
        return looks[max(0, places[0] - 1)], looks[min(len(looks) - 1, places[-1] + 1)]

    def _nearest(self, settled: float, until: float, sign: int) -> float:
        """The last value seen to be settled, on the way from one that is to one that may not be."""
        if self._settled(until) == sign:
            return until
        return self._halved(settled, until, lambda value: self._settled(value) == sign)[0]

    def _halved(self, true: float, false: float, holds: Callable[[float], bool]) -> tuple[float, float]:
        """Of a value where something holds and one where it does not, the nearest two between them that were seen."""
        for _ in range(_HALVINGS):
            middle = self._value((true + false) / 2)
            if middle in {true, false}:
                break
            true, false = (middle, false) if holds(middle) else (true, middle)
        return true, false

    def _value(self, value: float) -> float:
        return round(value) if self.whole else value

    def _at(self, value: float) -> Interval:
        if value not in self.known:
            found = self.differences(value)
            self.known[value] = together([found], LOOKS).interval(found, self.limits)
        return self.known[value]

    def _settled(self, value: float) -> int:
        """The sign where it is settled, else 0."""
        return self._at(value).sign or 0
