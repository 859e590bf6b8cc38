"""Intervals that hold together: many differences are looked at, and the boldest of them is what one remembers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np

from analysis.statistics import (
    CONFIDENCE,
    FEWEST,
    NO_LIMITS,
    PAIR,
    RESAMPLES,
    ROUNDING,
    Interval,
    Limits,
    Quantity,
    Values,
    around,
    cleared,
    clustered,
    error_of,
    is_mean,
    paired,
    parts_of,
    resamples,
    student,
    trials,
    turned,
    within,
)

# Of so many replications, and of three at least, that are the same, a member is lumpy.
_LUMPY: Final = 0.3
_LUMP: Final = 3
# Replications this close together beside their spread are the same, and a resample of so small an error does not vary.
_ALIKE: Final = 0.01
# A variance so small beside the mean square that it is the difference of may be nothing.
_CANCELLED: Final = 1e-13


@dataclass(frozen=True)
class Family:
    """Intervals of paired differences that hold together: so many standard errors to both sides of each (`reach`).

    The greatest studentized distance of any member from its value, over resamples of replications, stays within
    `reach` in 95 % of them (max-t: Westfall and Young, Resampling-Based Multiple Testing, 1993; Romano and Wolf, JASA
    100, 2005, 94 to 108). Members that move together widen nothing. Each resample is divided by its own standard error,
    which is what keeps the level where replications are skewed (Hall, Annals of Statistics 16, 1988, 927 to 953).
    Of fewer than about twenty replications, whose resamples often hold few of them, it reaches further than normal
    members need. What reaches less far does not hold where members are skewed, and nobody knows how skewed they are:
    of ten replications of 31 members whose logarithms have a spread of 0.5 all hold in 86 % of draws by Bonferroni, in
    82 % by the law of t of all together (Hothorn, Bretz and Westfall, Biometrical Journal 50, 2008, 346 to 363), and in
    69 to 94 % with smoothed resamples, with those of many distinct replications alone, with a floor under their errors,
    or with a reach for each member or each end; in 98 % as it is.

    What happens in some replications only has so wide a law that it would widen all others: members that are the same
    in three or more of ten replications have a reach of their own (`lumpy`), and half of the error where there are both
    kinds (Bonferroni). `sparse` of those vary in so few replications that too many resamples do not vary at all: their
    spread is not known. `still`: of how many resamples that may be true of any other. Each of them has its part of the
    error (`seldom`), for how often it may be another value than the one that it mostly is; how far off it is then, only
    the limits say.

    Of the difference of two values that says more than is known: it lies where both can be, each by its own interval
    (`apart`). Percentages that are the same in many replications are what their trials leave possible; what two models
    share in nearly every run is as close as the intervals of either are narrow; and against what is none at most
    nothing is less. That a baseline is the same in every run is taken as what it is, as of its members.

    Of members that are the same in every replication (`same`) this says nothing: they have no standard error, and how
    many further ones may differ is no part of its 95 %. Where a tenth of all runs bring 20 h more and the others one
    hour less, ten of ten bring less in 35 % of cases, and the mean is 1.1 h more. Nor is an end that some resample
    leaves open one that holds, or one that is not known (`unended`).
    """

    members: int
    sparse: int
    reach: float
    lumpy: float | None = None
    still: float = (1 - CONFIDENCE) / 2
    seldom: float = 0.0
    same: int = 0
    unended: int = 0
    claims: int = 1

    @property
    def held(self) -> int:
        """How many hold together: those that vary."""
        return self.members - self.same - self.unended

    @property
    def judges_lumpy(self) -> bool:
        """Whether some members have a reach of their own, and not all of them are sparse."""
        return self.lumpy is not None and math.isfinite(self.lumpy)

    def reach_of(self, quantity: Quantity) -> float:
        """How many standard errors the interval of a member goes to both sides.

        Of what some replications saw nothing of, further, as Student's does of as many as did.
        """
        fewer = 1.0
        if quantity.telling < quantity.replications:
            fewer = student(quantity.telling) / student(quantity.replications)
        if self.lumpy is None or not _any_lumpy(quantity):
            return self.reach * fewer
        return self.lumpy * fewer

    def interval(self, quantity: Quantity, limits: Limits = NO_LIMITS) -> Interval:
        """The interval of a member, or of what is to be as wide."""
        found = replace(around(quantity, self.reach_of(quantity), limits), among=self.members * self.claims)
        if not self._is_sparse(quantity):
            return found
        # Of a spread that is not known no number of standard errors is enough.
        (lo, _), (_, hi) = (
            _mostly(end, quantity.replications, limits, self.seldom) for end in (quantity.least, quantity.most)
        )
        return replace(found, lo=lo, hi=hi, reach=math.inf)

    def apart(self, ours: Quantity, theirs: Quantity, limits: Limits = NO_LIMITS) -> Interval:
        """The interval of a difference, cut where it would pass what the two values can be, each by itself.

        Of what varies in too few replications no more is known than that. Nor of percentages that are the same in many:
        that an interval of theirs is narrow is chance. What is the same in every run is judged as if trials were
        independent, and is no part of what holds together.

        Args:
            limits: what neither of the two can pass.
        """
        quantity = ours - theirs
        found = self.interval(quantity)
        if math.isnan(self.reach):
            return found
        counted = ours.counted is not None and theirs.counted is not None
        if counted and _any_lumpy(quantity):
            found = replace(found, lo=-math.inf, hi=math.inf, reach=math.nan, by_trials=True)
        elif found.steady:
            return found
        return within(found, *(self._alone(each, limits) for each in (ours, theirs)))

    def _alone(self, quantity: Quantity, limits: Limits) -> Interval:
        """What a value can be by itself; each end of a percentage that is the same in many runs has its part of 5 %."""
        found = self.interval(quantity, limits)
        if quantity.counted is None or not _any_lumpy(quantity):
            return found
        lo, hi = clustered(quantity, (1 - CONFIDENCE) / 2 / self.members)
        return replace(found, lo=lo, hi=hi)

    def change(self, ours: Quantity, theirs: Quantity) -> Interval:
        """The relative change from a baseline, by Fieller (1954): of one reach it excludes zero if the difference does.

        And only then. What judges it is another member, which may be lumpy where the difference is not, or not where
        that is: then the reaches are not the same, and one of the two may settle what the other does not.
        NaN where the interval of the baseline is not above zero: there is nothing to be relative to.
        """
        n, exact, judged = ours.replications, ours.is_exact and theirs.is_exact, pivot(ours, theirs)
        reach = self.reach if judged is None else self.reach_of(judged)
        least = _fieller(ours.least, theirs.most, n, reach)
        most = least if exact else _fieller(ours.most, theirs.least, n, reach)
        if judged is not None and self._is_sparse(judged):
            least, most, reach = (least[0], -1.0, math.inf), (most[0], -1.0, math.inf), math.inf
        if exact and judged is not None and error_of(judged.least, n) == 0 and math.isfinite(reach):
            least = most = (least[0],) * 3
        steady, lo = exact and least[1] == least[2], max(least[1], -1.0)
        ends, among = (least[0], lo, most[2]), self.members * self.claims
        return Interval(*ends, n, None if exact else most[0], steady=steady, reach=reach, among=among)

    def _is_sparse(self, quantity: Quantity) -> bool:
        n = quantity.replications
        told = [end for end in quantity.ends if error_of(end, n) > 0 and not math.isnan(self.reach)]
        return any(np.isinf(_distances(end, n)).mean() > self.still for end in told)


def together(members: Sequence[Quantity], claims: int = 1) -> Family:
    """The family of some paired differences.

    Args:
        claims: one of how many families, which are to hold at once (Bonferroni).
    """
    ends = [end for each in members for end in each.ends]
    n = members[0].replications if members else 0
    size, missing = max(1, len(ends)), (1 - CONFIDENCE) / claims
    if n < FEWEST:
        return Family(size, 0, math.nan)
    errors = [error_of(end, n) for end in ends]
    varying = [end for end, error in zip(ends, errors, strict=True) if error > 0]
    lumpy = [_distances(end, n) for end in varying if _is_lumpy(end, n)]
    usual = [_distances(end, n) for end in varying if not _is_lumpy(end, n)]
    same = errors.count(0.0)
    without = {"same": same, "unended": len(errors) - same - len(varying), "claims": claims}
    if not (lumpy and usual):
        sparse, reach, still, seldom = _reaching([*lumpy, *usual], missing, n)
        return Family(size, sparse, reach, None, still, seldom, **without)
    _, reach, *_ = _reaching(usual, missing / 2, n)
    sparse, theirs, still, seldom = _reaching(lumpy, missing / 2, n)
    return Family(size, sparse, reach, theirs, still, seldom, **without)


def _reaching(away: Sequence[Values], error: float, replications: int) -> tuple[int, float, float, float]:
    """How many of some members are sparse, the reach of the others, and of how many resamples any of them is still.

    And the error of each that is sparse: each member's part of the whole.
    """
    if not away:
        return 0, student(replications), (1 - CONFIDENCE) / 2, 0.0
    each_error = error / len(away)
    # Those that vary least come last, and are left out once half of the error would be spent on what does not vary.
    ordered = sorted(away, key=lambda each: float(np.isinf(each).mean()))
    spent = np.logical_or.accumulate(np.isinf(ordered)).mean(axis=1)
    kept = int((spent <= error / 2).sum())
    if not kept:
        return len(away), math.inf, 0.0, each_error
    reach = np.quantile(np.max(ordered[:kept], axis=0), 1 - each_error * kept, method="higher")
    return len(away) - kept, float(reach), float(np.isinf(ordered[kept - 1]).mean()), each_error


def _mostly(end: Values, replications: int, limits: Limits, error: float) -> Limits:
    """What a mean may be that is one value in most replications, seen or not: as often another as is no surprise.

    How often that is, is binomial (Clopper and Pearson, Biometrika 26, 1934, 404 to 413); it is another then, as far
    away as the limits let it. Which value it mostly is was found in the replications, where two may be looked for: a
    half of the error for either. Where none is exactly the same so often nothing is known but the limits.
    """
    if not is_mean(end, replications) or not np.isfinite(end).all():
        return limits
    parts = parts_of(end, replications)
    alike = np.abs(parts[:, None] - parts[None, :]) <= ROUNDING * max(np.abs(end).max(), 1e-300)
    same = alike.sum(axis=1)
    if same.max() < max(_LUMP, _LUMPY * replications):
        return limits
    value = float(parts[same.argmax()])
    # Of one end a half, as `trials` takes it, of a half.
    _, most = trials(replications - int(same.max()), replications, error)
    return value + most / 100 * (limits[0] - value), value + most / 100 * (limits[1] - value)


def _any_lumpy(quantity: Quantity) -> bool:
    """Whether an end of it is the same in many replications."""
    return any(_is_lumpy(end, quantity.replications) for end in quantity.ends)


def _is_lumpy(end: Values, replications: int) -> bool:
    """Whether many replications give the same: of what is a mean over them, three at least, and three of ten.

    The same beside the spread: seven within a thousandth of it, and three elsewhere, are as lumpy as seven equal ones.
    """
    if replications < PAIR or not np.isfinite(end).all() or not is_mean(end, replications):
        return False
    parts = np.sort(parts_of(end, replications))
    alike = np.diff(parts) <= max(ROUNDING * np.abs(end).max(), _ALIKE * parts.std())
    runs = np.diff(np.flatnonzero(np.concatenate([[True], ~alike, [True]])))
    return bool(runs.max() >= max(_LUMP, _LUMPY * replications))


def pivot(ours: Quantity, theirs: Quantity) -> Quantity | None:
    """What a relative change is judged by, as a member of a family; None where there is nothing to be relative to."""
    if not (theirs.least[0] > 0 and np.isfinite(ours.most[0]) and np.isfinite(theirs.most[0])):
        return None
    return paired(lambda a, b: cleared(a - a[0] / b[0] * b, a), ours, turned(theirs))


def _errors(end: Values, replications: int) -> Values:
    """The same in each resample; of what is no mean as it varies where values are normal."""
    if not is_mean(end, replications):
        return error_of(end, replications) * _scatter(replications)
    parts, counts = parts_of(end, replications) - end[0], resamples(replications)
    whole = counts @ parts**2 / replications
    squares = whole - (counts @ parts / replications) ** 2
    # Of a resample in which all are the same rounding leaves a little, whose root is not so little.
    return np.asarray(np.sqrt(np.where(squares <= _CANCELLED * whole, 0.0, squares) / (replications - 1)))


@lru_cache(maxsize=2)
def _scatter(replications: int) -> Values:
    """How far the standard errors of samples of the normal law lie from their own, as a factor."""
    squares = np.random.default_rng(replications).chisquare(replications - 1, RESAMPLES)
    return np.asarray(np.sqrt(squares / (replications - 1)))


def _distances(end: Values, replications: int) -> Values:
    """How far each resample lies from the value, in standard errors of its own."""
    away, errors = np.abs(end[1 + replications :] - end[0]), _errors(end, replications)
    still = errors <= _ALIKE * error_of(end, replications)
    return np.where(still, np.where(away > 0, math.inf, 0.0), away / np.where(still, 1.0, errors))


def _fieller(ours: Values, theirs: Values, replications: int, reach: float) -> tuple[float, float, float]:
    """The ratio less one, and the ends of the set of ratios r for which ours − r·theirs is within reach of zero."""
    a, b = float(ours[0]), float(theirs[0])
    if math.isinf(a) or math.isinf(b):
        return (-1.0, -1.0, -1.0) if math.isinf(b) else (math.inf, math.inf, math.inf)
    if not b > 0:
        return math.nan, math.nan, math.nan
    if math.isinf(reach):
        return a / b - 1, math.nan, math.nan
    parts = np.vstack([parts_of(each, replications) for each in (ours, theirs)])
    spread = np.cov(parts) / replications if replications >= PAIR else np.full((2, 2), math.nan)
    (aa, ab), (_, bb) = (reach**2 * spread).tolist()
    if b**2 - bb <= 0:
        return math.nan, math.nan, math.nan
    root = math.sqrt(max(0.0, (a * b - ab) ** 2 - (a**2 - aa) * (b**2 - bb)))
    lo, hi = ((a * b - ab + sign * root) / (b**2 - bb) for sign in (-1, 1))
    return a / b - 1, lo - 1, hi - 1
