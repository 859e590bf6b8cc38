"""What replications tell of a quantity. They are the only sample: agents and events of one run depend on each other.

A `Quantity` is known for each replication, or within limits: then both ends are carried through, so that a difference
lies between least − most and most − least (Manski, Partial Identification of Probability Distributions, 2003). An
`Interval` says how far the mean of more replications could lie from this one; what the limits leave open stands apart
in it, and nothing is said of assumptions. Intervals come alone (Student's t), or as a `Family` that holds together.
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

_PAIR: Final = 2
_RESAMPLES: Final = 2000
# A spread this small beside the value is rounding of the machine, not variation between replications.
_ROUNDING: Final = 1e-9

Values = NDArray[np.float64]
Limits = tuple[float, float]

NO_LIMITS: Final[Limits] = (-math.inf, math.inf)


@dataclass(frozen=True)
class Interval:
    """A mean over replications with its confidence interval; `lo` and `hi` are NaN for fewer than two.

    Where replications are known only within limits, `mean` is that of the lower limits and `most` that of the upper
    ones, infinite where one is open; `lo` belongs to the former, `hi` to the latter. `steady`: every replication gave
    the same, which another need not.
    """

    mean: float
    lo: float
    hi: float
    replications: int
    most: float | None = None
    steady: bool = False

    @property
    def excludes_zero(self) -> bool:
        """Whether the sign is settled, whatever lies between the limits."""
        return self.lo > 0 or self.hi < 0

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
        return self.steady or (self.hi - self.lo) / 2 <= _ROUNDING * abs(self.mean)


@dataclass(frozen=True, eq=False)
class Quantity:
    """The lower and the upper limits of a quantity, one object where it is known.

    Each array holds the value over all replications, then what each replication adds to it (their mean is the value),
    then the value in each resample of replications. All quantities are resampled alike, so that a difference of two is
    the difference of their arrays. `counted`: hits and trials of a percentage, all replications together.
    """

    least: Values
    most: Values
    replications: int
    counted: tuple[int, int] | None = None

    def __sub__(self, other: "Quantity") -> "Quantity":
        """What lies between the two, replication by replication."""
        return _of(lambda a, b: _cleared(a - b, a, b), self, _turned(other))

    def __add__(self, other: "Quantity") -> "Quantity":
        """Both together."""
        return _of(lambda a, b: a + b, self, other)

    def __truediv__(self, count: int) -> "Quantity":
        """A share of it."""
        return _of(lambda a, _: a / count, self, self)

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
        return tuple(map(float, _parts(self.least, self.replications)))

    @property
    def parts_most(self) -> tuple[float, ...]:
        """What each replication adds to the upper limit."""
        return tuple(map(float, _parts(self.most, self.replications)))


def _of(combined: Callable[[Values, Values], Values], one: Quantity, other: Quantity) -> Quantity:
    if one.replications != other.replications:
        msg = f"{one.replications} replications cannot be paired with {other.replications}"
        raise ValueError(msg)
    # What is open on both sides stays unknown.
    with np.errstate(invalid="ignore"):
        least = combined(one.least, other.least)
        both = one.is_exact and other.is_exact
        return Quantity(least, least if both else combined(one.most, other.most), one.replications)


@lru_cache(maxsize=2)
def resamples(replications: int) -> Values:
    """How often each replication is in each resample: a row a resample, the same ones for every quantity."""
    draws = np.random.default_rng(replications)
    counts = draws.multinomial(replications, np.full(replications, 1 / replications), size=_RESAMPLES)
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
        return np.full(1 + len(parts) + _RESAMPLES, mean)
    return np.concatenate([[mean], parts, resamples(len(parts)) @ parts / len(parts)])


def interval(quantity: Quantity | Sequence[float], limits: Limits = NO_LIMITS) -> Interval:
    """The mean with its own interval, Student's t, cut where no value can lie."""
    asked = quantity if isinstance(quantity, Quantity) else known(quantity)
    found = _around(asked, _student(asked.replications), limits)
    if asked.counted is None or not found.steady or found.mean not in limits:
        return found
    lo, hi = trials(*asked.counted, 1 - CONFIDENCE)
    return replace(found, lo=lo, hi=hi)


def trials(hits: int, of: int, error: float) -> Limits:
    """Which percentages so many hits are no surprise of, as if trials were independent (Clopper and Pearson 1934).

    Of none in n trials about 3/n at most, hence the rule of three.
    """
    if not of:
        return 0.0, 100.0
    lo = float(special.betaincinv(hits, of - hits + 1, error / 2)) if hits else 0.0
    hi = float(special.betaincinv(hits + 1, of - hits, 1 - error / 2)) if hits < of else 1.0
    return 100 * lo, 100 * hi


def difference(values: Sequence[float], baseline: Sequence[float]) -> Interval:
    """Mean difference of pairs that share a replicate, with its own interval."""
    return interval(known(values) - known(baseline))


def variance_ratio(ours: Quantity, theirs: Quantity) -> float:
    """How many times more replications unpaired runs would need for the same width; of lower limits that of these.

    NaN where nothing varies, infinite where only the difference does not.
    """
    n, apart = ours.replications, _cleared(ours.least - theirs.least, ours.least, theirs.least)
    paired, unpaired = _error(apart, n) ** 2, _error(ours.least, n) ** 2 + _error(theirs.least, n) ** 2
    if paired == 0:
        return math.inf if unpaired > 0 else math.nan
    return unpaired / paired


def further(found: Interval, beyond: float = 0.0) -> float:
    """How many more replications would settle the sign, if the mean stays; NaN where no number of them would.

    The width of an interval falls with the root of their number. Limits on both sides of zero stay there.

    Args:
        beyond: what the mean is to be told from instead, on the side of zero where it lies.
    """
    near = (found.mean, found.mean - found.lo) if found.mean > 0 else (-found.upper, found.hi - found.upper)
    distance, reach = near[0] - beyond, near[1]
    if not distance > 0 or not math.isfinite(reach):
        return math.nan
    return max(0, math.ceil(found.replications * (reach / distance) ** 2) - found.replications)


def unseen(replications: int) -> float:
    """Of which percentage of further replications a thing may be true that is true of none of these."""
    return trials(0, replications, 1 - CONFIDENCE)[1]


@dataclass(frozen=True)
class Family:
    """Intervals of paired differences that hold together: so many standard errors to both sides of each (`reach`).

    The greatest studentized distance of any member from its value, over resamples of replications, stays within
    `reach` in 95 % of them (max-t: Westfall and Young, Resampling-Based Multiple Testing, 1993; Romano and Wolf, JASA
    100, 2005, 94 to 108). Members that move together widen nothing. Each resample is divided by its own standard error,
    which is what keeps the level where replications are skewed (Hall, Annals of Statistics 16, 1988, 927 to 953).
    `sparse` members vary in so few replications that too many resamples do not vary at all: no interval of them is
    known. `still`: of how many resamples that may be true of any other.
    """

    members: int
    sparse: int
    reach: float
    still: float = (1 - CONFIDENCE) / 2

    def interval(self, quantity: Quantity, limits: Limits = NO_LIMITS) -> Interval:
        """The interval of a member, or of what is to be as wide."""
        found = _around(quantity, self.reach, limits)
        return replace(found, lo=limits[0], hi=limits[1]) if self._is_sparse(quantity) else found

    def apart(self, ours: Quantity, theirs: Quantity, limits: Limits = NO_LIMITS) -> Interval:
        """The interval of a difference; of percentages that hardly vary what their trials leave possible."""
        quantity = ours - theirs
        found = self.interval(quantity, limits)
        still = found.steady or self._is_sparse(quantity)
        if not still or ours.counted is None or theirs.counted is None or math.isnan(self.reach):
            return found
        error = (1 - CONFIDENCE) / 2 / self.members
        (a, b), (c, d) = (trials(*each.counted, error) for each in (ours, theirs) if each.counted is not None)
        return replace(found, lo=max(a - d, limits[0]), hi=min(b - c, limits[1]))

    def change(self, ours: Quantity, theirs: Quantity) -> Interval:
        """The relative change from a baseline, by Fieller (1954): it excludes zero if and only if the difference does.

        NaN where the interval of the baseline is not above zero: there is nothing to be relative to.
        """
        n, exact = ours.replications, ours.is_exact and theirs.is_exact
        least = _fieller(ours.least, theirs.most, n, self.reach)
        most = least if exact else _fieller(ours.most, theirs.least, n, self.reach)
        judged = pivot(ours, theirs)
        if judged is not None and self._is_sparse(judged):
            least, most = (least[0], -1.0, math.inf), (most[0], -1.0, math.inf)
        steady = exact and least[1] == least[2]
        return Interval(least[0], max(least[1], -1.0), most[2], n, None if exact else most[0], steady=steady)

    def _is_sparse(self, quantity: Quantity) -> bool:
        n = quantity.replications
        told = [end for end in quantity.ends if _error(end, n) > 0 and not math.isnan(self.reach)]
        return any(np.isinf(_distances(end, n)).mean() > self.still for end in told)


def together(members: Sequence[Quantity]) -> Family:
    """The family of some paired differences."""
    ends = [end for each in members for end in each.ends]
    n = members[0].replications if members else 0
    size = max(1, len(ends))
    if n < FEWEST:
        return Family(size, 0, math.nan)
    away = [_distances(end, n) for end in ends if _error(end, n) > 0]
    if not away:
        return Family(size, 0, _student(n))
    # Those that vary least come last, and are left out once half of the error would be spent on what does not vary.
    ordered = sorted(away, key=lambda each: float(np.isinf(each).mean()))
    spent = np.logical_or.accumulate(np.isinf(ordered)).mean(axis=1)
    kept = int((spent <= (1 - CONFIDENCE) / 2).sum())
    if not kept:
        return Family(size, len(away), math.inf, 0.0)
    reach = np.quantile(np.max(ordered[:kept], axis=0), CONFIDENCE, method="higher")
    return Family(size, len(away) - kept, float(reach), float(np.isinf(ordered[kept - 1]).mean()))


def pivot(ours: Quantity, theirs: Quantity) -> Quantity | None:
    """What a relative change is judged by, as a member of a family; None where there is nothing to be relative to."""
    if not (theirs.least[0] > 0 and np.isfinite(ours.most[0]) and np.isfinite(theirs.most[0])):
        return None
    return _of(lambda a, b: _cleared(a - a[0] / b[0] * b, a), ours, _turned(theirs))


def _turned(quantity: Quantity) -> Quantity:
    """The upper limits as the lower ones, because less of the one makes more of the other."""
    return Quantity(quantity.most, quantity.least, quantity.replications)


def _cleared(apart: Values, *of: Values) -> Values:
    """Differences without those that are rounding of the machine."""
    with np.errstate(invalid="ignore"):
        size = np.max([np.abs(each) for each in of], axis=0)
        return np.where(np.isfinite(size) & (np.abs(apart) <= _ROUNDING * size), 0.0, apart)


def _parts(end: Values, replications: int) -> Values:
    return end[1 : 1 + replications]


def _error(end: Values, replications: int) -> float:
    """Standard error of a value; 0 where every replication gives the same.

    Of a mean by its replications; of what is none, such as a quantile, by its resamples.
    """
    if replications < _PAIR or not np.isfinite(end).all():
        return math.nan
    if _is_mean(end, replications):
        error = float(_parts(end, replications).std(ddof=1)) / replications**0.5
    else:
        error = float(end[1 + replications :].std()) * (replications / (replications - 1)) ** 0.5
    return 0.0 if error <= _ROUNDING * abs(end[0]) else error


def _is_mean(end: Values, replications: int) -> bool:
    """Whether a value is the mean of its parts in every resample too."""
    away = np.abs(end[1 + replications :] - resamples(replications) @ _parts(end, replications) / replications)
    return bool(away.max() <= _ROUNDING * np.abs(end).max())


def _errors(end: Values, replications: int) -> Values:
    """The same in each resample; of what is no mean as it varies where values are normal."""
    if not _is_mean(end, replications):
        return _error(end, replications) * _scatter(replications)
    parts, counts = _parts(end, replications) - end[0], resamples(replications)
    squares = counts @ parts**2 / replications - (counts @ parts / replications) ** 2
    return np.asarray(np.sqrt(np.maximum(squares, 0.0) / (replications - 1)))


@lru_cache(maxsize=2)
def _scatter(replications: int) -> Values:
    """How far the standard errors of samples of the normal law lie from their own, as a factor."""
    squares = np.random.default_rng(replications).chisquare(replications - 1, _RESAMPLES)
    return np.asarray(np.sqrt(squares / (replications - 1)))


def _distances(end: Values, replications: int) -> Values:
    """How far each resample lies from the value, in standard errors of its own."""
    away, errors = np.abs(end[1 + replications :] - end[0]), _errors(end, replications)
    still = errors <= _ROUNDING * _error(end, replications)
    return np.where(still, np.where(away > 0, math.inf, 0.0), away / np.where(still, 1.0, errors))


def _around(quantity: Quantity, reach: float, limits: Limits) -> Interval:
    """So many standard errors to both sides; the end of what has no limit is open too."""
    n = quantity.replications
    (low, down), (high, up) = ((float(end[0]), _error(end, n)) for end in (quantity.least, quantity.most))
    lo, hi = (value if math.isinf(value) or error == 0 else value + sign * (reach * error)
              for value, error, sign in ((low, down, -1), (high, up, 1)))  # fmt: skip
    if n >= _PAIR:
        lo, hi = max(lo, limits[0]), min(hi, limits[1])
    most = None if quantity.is_exact else high
    return Interval(low, lo, hi, n, most, steady=quantity.is_exact and down == 0)


def _student(replications: int) -> float:
    """Student's quantile; scipy.stats has it too, and takes a second to import."""
    return float(special.stdtrit(replications - 1, (1 + CONFIDENCE) / 2)) if replications >= _PAIR else math.nan


def _fieller(ours: Values, theirs: Values, replications: int, reach: float) -> tuple[float, float, float]:
    """The ratio less one, and the ends of the set of ratios r for which ours − r·theirs is within reach of zero."""
    a, b = float(ours[0]), float(theirs[0])
    if math.isinf(a) or math.isinf(b):
        return (-1.0, -1.0, -1.0) if math.isinf(b) else (math.inf, math.inf, math.inf)
    if not b > 0:
        return math.nan, math.nan, math.nan
    parts = np.vstack([_parts(each, replications) for each in (ours, theirs)])
    spread = np.cov(parts) / replications if replications >= _PAIR else np.full((2, 2), math.nan)
    (aa, ab), (_, bb) = (reach**2 * spread).tolist()
    if b**2 - bb <= 0:
        return math.nan, math.nan, math.nan
    root = math.sqrt(max(0.0, (a * b - ab) ** 2 - (a**2 - aa) * (b**2 - bb)))
    lo, hi = ((a * b - ab + sign * root) / (b**2 - bb) for sign in (-1, 1))
    return a / b - 1, lo - 1, hi - 1
