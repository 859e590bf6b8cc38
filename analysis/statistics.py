"""What replications tell of a quantity. They are the only sample: agents and events of one run depend on each other.

A `Quantity` is known for each replication, or within limits: then both ends are carried through, so that a difference
lies between least − most and most − least (Manski, Partial Identification of Probability Distributions, 2003). An
`Interval` says how far the mean of more replications could lie from this one; what the limits leave open stands apart
in it, and nothing is said of assumptions. Intervals come alone (Student's t), or together (`analysis.family`).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

CONFIDENCE: Final = 0.95

# Of fewer replications no sign is settled: all of them agree by chance alone in 2 of 2ⁿ cases, for n = 5 in 6 %.
FEWEST: Final = 6

PAIR: Final = 2
RESAMPLES: Final = 2000
# Of fewer hits the spread between replications says little.
_FEW: Final = 5
# A spread this small beside the value is rounding of the machine, not variation between replications.
ROUNDING: Final = 1e-9

Values = NDArray[np.float64]
Limits = tuple[float, float]

NO_LIMITS: Final[Limits] = (-math.inf, math.inf)


@dataclass(frozen=True)
class Interval:
    """A mean over replications with its confidence interval; `lo` and `hi` are NaN for fewer than two.

    Where replications are known only within limits, `mean` is that of the lower limits and `most` that of the upper
    ones, infinite where one is open; `lo` belongs to the former, `hi` to the latter, infinite where resamples leave
    them open. `steady`: every replication gave the same, which another need not: there is no standard error, and its
    sign is that of the runs that were seen. `reach`: how many standard errors it goes to both sides, infinite where the
    spread is not known; NaN where none is said, and then it is Student's. `among`: how many hold together, itself one.
    `by_trials`: its width is what trials leave possible, and no spread between replications. `uncut`: where it would
    end if it were not cut where no value can be; None: where it does.
    """

    mean: float
    lo: float
    hi: float
    replications: int
    most: float | None = None
    steady: bool = False
    reach: float = math.nan
    among: int = 1
    by_trials: bool = False
    uncut: Limits | None = None

    @property
    def lengths(self) -> Limits:
        """How far it goes from its mean, or means, to below and to above, if it were not cut."""
        lo, hi = self.uncut or (self.lo, self.hi)
        return self.mean - min(lo, self.lo), max(hi, self.hi) - self.upper

    @property
    def excludes_zero(self) -> bool:
        """Whether the sign is settled, whatever lies between the limits; or is that of every run (`is_only_seen`)."""
        return self.lo > 0 or self.hi < 0

    @property
    def is_only_seen(self) -> bool:
        """Whether its sign is that of every run seen, and settled by no interval: of others an unknown part may differ.

        At most that which is no surprise where none of so many does (`unseen`).
        """
        return 0 < self.lo == self.mean or 0 > self.hi == self.upper

    @property
    def is_same(self) -> bool:
        """Whether there is no difference in any replication."""
        return self.steady and self.mean == self.upper == 0

    @property
    def sign(self) -> int | None:
        """The sign that is settled, or that of every run; 0: nothing differs, None: neither, as of fewer than six."""
        if self.excludes_zero and self.replications >= FEWEST:
            return 1 if self.mean > 0 else -1
        return 0 if self.is_same else None

    @property
    def sign_of_mean(self) -> int:
        """The sign of the mean, settled or not; 0 where its limits lie on both sides."""
        return 0 if self.mean <= 0 <= self.upper else 1 if self.mean > 0 else -1

    @property
    def is_known(self) -> bool:
        """Whether there is a value, or a limit of one."""
        return not math.isnan(self.mean) and (math.isfinite(self.mean) or math.isfinite(self.upper))

    @property
    def is_least(self) -> bool:
        """Whether no upper limit is known: the mean is a lower one."""
        return self.most == math.inf

    @property
    def upper(self) -> float:
        """The mean of the upper limits, which is the mean where values are known."""
        return self.mean if self.most is None else self.most

    @property
    def never_varies(self) -> bool:
        """Whether every replication gave the same."""
        return self.steady or (self.hi - self.lo) / 2 <= ROUNDING * abs(self.mean)


@dataclass(frozen=True, eq=False)
class Quantity:
    """The lower and the upper limits of a quantity, one object where it is known.

    Each array holds the value over all replications, then what each replication adds to it (their mean is the value),
    then the value in each resample of replications. All quantities are resampled alike, so that a difference of two is
    the difference of their arrays. `counted`: hits and trials of a percentage, all replications together. `having`: in
    how many replications any was seen of what a quantile is of; None: in all.
    """

    least: Values
    most: Values
    replications: int
    counted: tuple[int, int] | None = None
    having: int | None = None

    @property
    def telling(self) -> int:
        """How many replications tell of it: the others say nothing of how much it varies."""
        return self.replications if self.having is None else self.having

    def __sub__(self, other: "Quantity") -> "Quantity":
        """What lies between the two, replication by replication."""
        return paired(lambda a, b: cleared(a - b, a, b), self, turned(other))

    def __add__(self, other: "Quantity") -> "Quantity":
        """Both together."""
        return paired(lambda a, b: a + b, self, other)

    def __truediv__(self, count: int) -> "Quantity":
        """A share of it."""
        return paired(lambda a, _: a / count, self, self)

    @property
    def is_exact(self) -> bool:
        """Whether every replication is known."""
        return self.least is self.most

    @property
    def ends(self) -> tuple[Values, ...]:
        """The limits that differ."""
        return (self.least,) if self.is_exact else (self.least, self.most)

    @property
    def parts(self) -> tuple[float, ...]:
        """What each replication adds to the lower limit."""
        return tuple(map(float, parts_of(self.least, self.replications)))

    @property
    def parts_most(self) -> tuple[float, ...]:
        """What each replication adds to the upper limit."""
        return tuple(map(float, parts_of(self.most, self.replications)))


def paired(combined: Callable[[Values, Values], Values], one: Quantity, other: Quantity) -> Quantity:
    """What comes of two quantities, replication by replication.

    Raises:
        ValueError: they do not have as many replications.
    """
    if one.replications != other.replications:
        msg = f"{one.replications} replications cannot be paired with {other.replications}"
        raise ValueError(msg)
    # What is open on both sides stays unknown.
    with np.errstate(invalid="ignore"):
        least = combined(one.least, other.least)
        both = one.is_exact and other.is_exact
        most = least if both else combined(one.most, other.most)
        having = min((each.having for each in (one, other) if each.having is not None), default=None)
        return Quantity(least, most, one.replications, having=having)


@lru_cache(maxsize=2)
def resamples(replications: int) -> Values:
    """How often each replication is in each resample: a row a resample, the same ones for every quantity."""
    draws = np.random.default_rng(replications)
    counts = draws.multinomial(replications, np.full(replications, 1 / replications), size=RESAMPLES)
    return counts.astype(np.float64)


def known(values: Sequence[float]) -> Quantity:
    """A quantity of which every replication has a value; its value is their mean."""
    array = _array(values)
    return Quantity(array, array, len(values))


def limited(least: Sequence[float], most: Sequence[float]) -> Quantity:
    """A quantity between limits, the upper one infinite where it is open."""
    if np.array_equal(least, most, equal_nan=True):
        return known(least)
    return Quantity(_array(least), _array(most), len(least))


def _array(values: Sequence[float]) -> Values:
    parts = np.asarray(values, dtype=np.float64)
    if not len(parts):
        return np.full(1, math.nan)
    mean = parts.mean()
    if not np.isfinite(mean):
        return np.full(1 + len(parts) + RESAMPLES, mean)
    return np.concatenate([[mean], parts, resamples(len(parts)) @ parts / len(parts)])


def interval(quantity: Quantity | Sequence[float], limits: Limits = NO_LIMITS, claims: int = 1) -> Interval:
    """The mean with its own interval, Student's t, cut where no value can lie.

    Of percentages that are the same in every run, or of which there are few hits, or few misses, it is no narrower than
    what their trials leave possible as if these were independent. Where they hang together it holds less often: where
    one run in ten breaks a tenth of its tasks, 65 % of those of ten runs do, because in the others no run breaks any.

    Args:
        claims: how many intervals are to hold at once (Bonferroni).
    """
    asked = quantity if isinstance(quantity, Quantity) else known(quantity)
    found = around(asked, student(asked.telling, claims), limits, (1 - CONFIDENCE) / 2 / claims)
    if asked.counted is None or asked.replications < PAIR:
        return found
    if min(asked.counted[0], asked.counted[1] - asked.counted[0]) >= _FEW and not found.steady:
        return found
    lo, hi = trials(*asked.counted, (1 - CONFIDENCE) / claims)
    return replace(found, lo=min(lo, found.lo), hi=max(hi, found.hi))


def within(apart: Interval, ours: Interval, theirs: Interval) -> Interval:
    """The interval of a difference, cut where it would pass what the two values can be, each by its own interval."""
    return _cut(apart, (_less(ours.lo, theirs.hi), _less(ours.hi, theirs.lo)))


def _cut(found: Interval, limits: Limits) -> Interval:
    """The interval without what lies beyond limits; NaN is none, and stays."""
    # In this order: what is not known (NaN) cuts nothing, nor is it cut.
    lo, hi = max(found.lo, limits[0]), min(found.hi, limits[1])
    below, above = found.uncut or (found.lo, found.hi)
    uncut = below if math.isfinite(below) else lo, above if math.isfinite(above) else hi
    return replace(found, lo=lo, hi=hi, uncut=None if uncut == (lo, hi) else uncut)


def _less(one: float, other: float) -> float:
    apart = one - other
    return 0.0 if abs(apart) <= ROUNDING * max(abs(one), abs(other)) < math.inf else apart


def trials(hits: float, of: float, error: float) -> Limits:
    """Which percentages so many hits are no surprise of, as if trials were independent (Clopper and Pearson 1934).

    Of none in n trials about 3.7/n at most, a half of the error being for what lies below: with all of it above it
    would be the 3/n of the rule of three.
    """
    if not of:
        return 0.0, 100.0
    lo = float(special.betaincinv(hits, of - hits + 1, error / 2)) if hits else 0.0
    hi = float(special.betaincinv(hits + 1, of - hits, 1 - error / 2)) if hits < of else 1.0
    return 100 * lo, 100 * hi


def clustered(quantity: Quantity, error: float) -> Limits:
    """Which percentages its trials are no surprise of, of which as many count as the spread between runs bears out.

    Trials of one run hang together: that many in one run broke at once tells of that run. So many independent ones
    would leave the share as uncertain as it is by the runs (design effect: Kish 1965), fewer because these are few, and
    never more than there are (Korn and Graubard, Survey Methodology 24, 1998, 193 to 201). Where it is the same in
    every run, nothing tells that they hang together.
    """
    if quantity.counted is None:
        return NO_LIMITS
    hits, of = quantity.counted
    spread, n = (error_of(quantity.least, quantity.replications) / 100) ** 2, quantity.replications
    if not spread or not 0 < hits < of:
        return trials(hits, of, error)
    fewer = (special.ndtri(error / 2) / special.stdtrit(n - 1, error / 2)) ** 2
    kept = min(1.0, fewer * hits / of * (1 - hits / of) / of / spread)
    return trials(hits * kept, of * kept, error)


def variance_ratio(ours: Quantity, theirs: Quantity) -> float:
    """How many times more replications unpaired runs would need for the same width; of lower limits that of these.

    NaN where nothing varies, infinite where only the difference does not.
    """
    n, apart = ours.replications, cleared(ours.least - theirs.least, ours.least, theirs.least)
    together, alone = error_of(apart, n) ** 2, error_of(ours.least, n) ** 2 + error_of(theirs.least, n) ** 2
    if together == 0:
        return math.inf if alone > 0 else math.nan
    return alone / together


def unseen(replications: int) -> float:
    """Of which percentage of further replications a thing may be true that is true of none of these."""
    return trials(0, replications, 1 - CONFIDENCE)[1]


def turned(quantity: Quantity) -> Quantity:
    """The upper limits as the lower ones, because less of the one makes more of the other."""
    return Quantity(quantity.most, quantity.least, quantity.replications, having=quantity.having)


def cleared(apart: Values, *of: Values) -> Values:
    """Differences without those that are rounding of the machine."""
    with np.errstate(invalid="ignore"):
        size = np.max([np.abs(each) for each in of], axis=0)
        return np.where(np.isfinite(size) & (np.abs(apart) <= ROUNDING * size), 0.0, apart)


def parts_of(end: Values, replications: int) -> Values:
    """What each replication adds to a value."""
    return end[1 : 1 + replications]


def error_of(end: Values, replications: int) -> float:
    """Standard error of a value; 0 where every replication gives the same.

    Of a mean by its replications; of what is none, such as a quantile, by its resamples.
    """
    if replications < PAIR or not np.isfinite(end).all():
        return math.nan
    if is_mean(end, replications):
        error = float(parts_of(end, replications).std(ddof=1)) / replications**0.5
    else:
        error = _scattered(end[1 + replications :], replications)
    return 0.0 if error <= ROUNDING * abs(end[0]) else error


def _scattered(drawn: Values, replications: int) -> float:
    """The standard error that resamples tell: of n values they scatter as of n - 1 that differ."""
    return float(drawn.std()) * math.sqrt(replications / (replications - 1))


def is_mean(end: Values, replications: int) -> bool:
    """Whether a value is the mean of its parts in every resample too."""
    away = np.abs(end[1 + replications :] - resamples(replications) @ parts_of(end, replications) / replications)
    return bool(away.max() <= ROUNDING * np.abs(end).max())


def around(quantity: Quantity, reach: float, limits: Limits, spared: float = 0.0) -> Interval:
    """So many standard errors to both sides; the end of what has no limit is open too.

    Args:
        spared: in which part of the resamples an end may be open, and there still be one.
    """
    n = quantity.replications
    low, high = float(quantity.least[0]), float(quantity.most[0])
    lo, hi = -_above(-quantity.least, n, reach, spared), _above(quantity.most, n, reach, spared)
    most = None if quantity.is_exact else high
    steady = quantity.is_exact and error_of(quantity.least, n) == 0
    found = Interval(low, lo, hi, n, most, steady=steady, reach=reach)
    return _cut(found, limits) if n >= PAIR else found


def _above(end: Values, replications: int, reach: float, spared: float) -> float:
    """So many standard errors above a value; infinite if more than the spared resamples leave that open.

    If fewer do, it is no nearer than the rest of the resamples, whose standard error it then is.
    """
    value, error = float(end[0]), error_of(end, replications)
    if math.isinf(value) or error == 0:
        return value
    if math.isnan(value) or math.isnan(reach) or not math.isnan(error):
        return value + reach * error
    drawn = np.where(np.isnan(end), math.inf, end)[1 + replications :]
    furthest = float(np.quantile(drawn, 1 - spared, method="lower"))
    if math.isinf(furthest):
        return math.inf
    return max(furthest, value + reach * _scattered(drawn[np.isfinite(drawn)], replications))


def student(replications: int, claims: int = 1) -> float:
    """Student's quantile; scipy.stats has it too, and takes a second to import."""
    error = (1 - CONFIDENCE) / 2 / claims
    return float(special.stdtrit(replications - 1, 1 - error)) if replications >= PAIR else math.nan
