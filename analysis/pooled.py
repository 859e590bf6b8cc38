"""Quantiles of all that replications saw, pooled: the 95th percentile of tasks, not the mean of each run's own.

And the mean of what lies beyond one, the tail, which is seldom seen: of ten lognormal losses it is a third too low. Of
laws that are known exactly, run by run, it is the mean of the worst part of all laws together, which is more than the
mean of each one's worst part wherever some runs are worse than others.

Replications are resampled, never rows, because what happens in one run hangs together. Where runs differ much among
themselves, ten of them hold too few bad ones, and an interval of 95 % covers in 83 % (`tests/analysis/test_pooled.py`):
next to none such is told.
In a family too: six such quantiles that know nothing of each other held together in 88 % of 200 draws. By pseudo-values
of the jackknife, where nothing else is kept, one covers in about nine of ten (Miller, Biometrika 61, 1974, 1 to 15).
A quantile beyond which fewer than twenty observations lie is none: it would be one of the extremes. What hangs
together counts as fewer than it is (`effective`): where one bad day brought all that is late, thirty lie beyond a 95th
percentile of six hundred by number, and one by what they tell of other days.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from analysis.statistics import FEWEST, PAIR, Quantity, Values, resamples

Places = NDArray[np.int64]

# So many observations must lie beyond a quantile, as if all were independent.
TAIL: Final = 20

_ROUNDING: Final = 1e-12

# How what was still going on is taken: as lasting anywhere between its time so far and for ever, or as leaving what is
# observed at random (Kaplan and Meier, JASA 53, 1958, 457 to 481).
# Or what is asked for is the mean of all that lies beyond: of observations, or of laws.
Estimator = Literal["limits", "kaplan-meier", "tail-mean", "cvar"]


@dataclass(frozen=True, eq=False)
class Pool:
    """What one replication saw: values at least, and at most; the latter infinite of what was still going on.

    Of a law also how much of it has each value (`weight`); of observations each counts once. `apart`: at how many
    instants the ends were that it saw, as a share of how many these are, because what ends together has one cause.
    """

    least: Values
    most: Values
    weight: Values | None = None
    apart: float = 1.0

    @property
    def worth(self) -> int:
        """As how many observations it counts by itself: by so many fewer as its ends fall on fewer instants.

        No other run shows how much hangs together there, but that one end took many along does.
        """
        return math.floor(len(self.least) * self.apart + _ROUNDING)

    @property
    def is_known(self) -> bool:
        """Whether something is known of each value, at least."""
        return not np.isnan(self.least).any()

    @property
    def is_timed(self) -> bool:
        """Whether each value is known, or open above."""
        return bool(((self.least == self.most) | np.isinf(self.most)).all())

    @property
    def still_open(self) -> int:
        """Of how many values no more is known than that they are at least so great."""
        return int(np.isinf(self.most).sum())


def needed(share: float, tail: int = TAIL) -> int:
    """How many observations bear a quantile, if they are independent."""
    return math.ceil(tail / (1 - share) - _ROUNDING)


def effective(pools: Sequence[Pool], share: float, estimator: Estimator) -> float:
    """How many independent observations would tell as much of a quantile as those of some replications do.

    Of n observations, of which a share p lies beyond it, the variance of that share is deff times the p (1 - p) / n
    that it would have if they were independent (design effect: Kish, Survey Sampling, 1965, page 258), and they are
    worth n / deff. That variance is known from replications, which are independent: it is the jackknife's,
    (R - 1) / R times the sum of the squares of what leaving out each of them does to the share beyond the quantile of
    all. What lies at the quantile counts in part, so that the share is what it is of.

    Never more than there are, nor less than one of each replication that has any. Of one replication nobody knows how
    much others would differ: there they count as they are. Where only one of several has any, all of them are one.

    It is an estimate itself: of ten replications to a half or so, so that of 600 that are independent one draw in seven
    is refused. And where most draws are, the few that are told are lucky ones, whose intervals hold less often: where
    runs differ half as much as what happens in one, two thirds of those of a p95 do, half of those of a tail, and what
    they miss is worse.
    """
    sizes = np.array([len(each.least) for each in pools])
    seen, runs = float(sizes.sum()), len(pools)
    if runs < PAIR or not seen:
        return seen
    if estimator == "kaplan-meier" and not ends_in_time(pools, share):
        told = [_left_beyond(curve_of(pools), share)]
    else:
        told = [_share_beyond(each, share) for each in ([each.least for each in pools], [each.most for each in pools])]
    found = seen
    for beyond, without in told:
        variance = (1 - 1 / runs) * float(np.square(without - beyond).sum())
        found = min(found, beyond * (1 - beyond) / variance if variance else seen)
    return max(found, float(np.count_nonzero(sizes)))


def _share_beyond(values: Sequence[Values], share: float) -> tuple[float, Values]:
    """Which share lies beyond the quantile of all, of that itself as much as is wanting; and which without each.

    Infinite without the only one that has any: nothing tells what others would do.
    """
    every = np.sort(np.concatenate(values))
    at, wanted = every[max(0, math.ceil(share * len(every) - _ROUNDING) - 1)], (1 - share) * len(every)
    sizes = np.array([len(each) for each in values], dtype=np.float64)
    above, same = (np.array([within.sum() for within in told], dtype=np.float64)
                   for told in ([each > at for each in values], [each == at for each in values]))  # fmt: skip
    beyond, left = above + same * (wanted - above.sum()) / same.sum(), len(every) - sizes
    without = np.where(left > 0, (wanted - beyond) / np.where(left > 0, left, 1.0), math.inf)
    return 1 - share, without


def bears(pool: Pool, share: float, estimator: Estimator) -> bool:
    """Whether what one run saw bears a quantile by itself; a law, which is no sample, always does."""
    return estimator == "cvar" or (pool.worth >= needed(share) and _bear([pool], share, estimator, TAIL))


def pooled(pools: Sequence[Pool], share: float, estimator: Estimator, tail: int = TAIL) -> Quantity | None:
    """What an estimator makes of all pools together; None where they do not bear it."""
    if estimator == "cvar":
        return cvar(pools, share)
    return tail_mean(pools, share, tail) if estimator == "tail-mean" else quantile(pools, share, estimator, tail)


def quantile(pools: Sequence[Pool], share: float, estimator: Estimator, tail: int = TAIL) -> Quantity | None:
    """The quantile of all pools together; None where fewer effective observations than `tail` lie beyond it.

    Nor of six replications or more of which fewer than six have any. Its interval reaches as far as Student's does of
    those that have: where each of ten has any with a chance of 0.6 it covers in 87 %, as if all had, and not in 81.
    """
    if not _bear(pools, share, estimator, tail):
        return None
    if estimator == "kaplan-meier" and not ends_in_time(pools, share):
        return told_by(_surviving(pools, share), pools)
    least = _quantity([each.least for each in pools], share)
    same = all(np.array_equal(each.least, each.most) for each in pools)
    most = least if same else _quantity([each.most for each in pools], share)
    return told_by(Quantity(least, least if np.array_equal(least, most) else most, len(pools)), pools)


def tail_mean(pools: Sequence[Pool], share: float, tail: int = TAIL) -> Quantity | None:
    """The mean of the worst of all pools together, beyond a quantile; None where fewer effective ones than `tail` do.

    Of the value that the worst part ends within, as much counts as is wanting (Rockafellar and Uryasev, Journal of
    Banking and Finance 26, 2002). All weigh the same, so that weights make their number no smaller (Kish, as above);
    that those of one run hang together does. How many have any counts as for a quantile.
    """
    if not _bear(pools, share, "tail-mean", tail):
        return None
    weights = [np.ones(len(each.least)) for each in pools]
    least = _worst([each.least for each in pools], weights, share)
    same = all(np.array_equal(each.least, each.most) for each in pools)
    most = least if same else _worst([each.most for each in pools], weights, share)
    return told_by(Quantity(least, most, len(pools)), pools)


def cvar(laws: Sequence[Pool], share: float) -> Quantity | None:
    """The mean of the worst part of all laws together (Rockafellar and Uryasev, as above); None where one has none.

    It is of whoever comes to any run, each as likely, and there to what that run's law says: a law weighs one, however
    much it is of, so that the worst part of all, 100 %, is the mean over runs. What happens in a run is known exactly
    and not from a sample of it, so that nothing is too little; that runs are few is in the interval, which holds it in
    more than nine of ten cases where twenty runs differ little beside what happens in one. Ten that differ as much hold
    too few bad ones: where both have a lognormal spread of 0.5 it holds it in eight of ten, and of 1 in seven.
    """
    weights = [np.zeros(0) if each.weight is None else each.weight for each in laws]
    if not laws or not all(each.sum() > 0 for each in weights):
        return None
    least = _worst([each.least for each in laws], [each / each.sum() for each in weights], share)
    return Quantity(least, least, len(laws))


def extremes(least: Sequence[float], most: Sequence[float]) -> Quantity:
    """The least and the greatest of what replications say, of all and of each resample; what is NaN says nothing."""
    there = weightings_of(len(least)) > 0
    low = np.where(there & ~np.isnan(least), least, np.inf).min(axis=1)
    high = np.where(there & ~np.isnan(most), most, -np.inf).max(axis=1)
    # A resample of none of those that say anything is as open as can be.
    low, high = np.where(np.isinf(low), -np.inf, low), np.where(np.isneginf(high), np.inf, high)
    found = with_parts(low, len(least))
    same = np.array_equal(low, high)
    having = int((~np.isnan(least)).sum())
    ends = found, found if same else with_parts(high, len(least))
    return Quantity(*ends, len(least), having=None if having == len(least) else having)


def told_by(found: Quantity, pools: Sequence[Pool]) -> Quantity:
    """The same, with how many of the pools have any."""
    having = having_of(pools)
    return found if having == len(pools) else replace(found, having=having)


def having_of(pools: Sequence[Pool]) -> int:
    """How many of the pools have any."""
    return sum(len(each.least) > 0 for each in pools)


def _bear(pools: Sequence[Pool], share: float, estimator: Estimator, tail: int) -> bool:
    """Whether enough observations lie beyond a quantile of all pools together, and enough of these have any."""
    if having_of(pools) < FEWEST <= len(pools):
        return False
    seen = sum(len(each.least) for each in pools)
    # Looked for only where there are enough of them at all.
    if not seen or seen < needed(share, tail):
        return False
    return effective(pools, share, estimator) * (1 - share) >= tail * (1 - _ROUNDING)


def _worst(values: Sequence[Values], weights: Sequence[Values], share: float) -> Values:
    """The value, the parts and the resamples of the mean of the worst part."""
    grid, weightings = _worst_values(values, weights, share), weightings_of(len(values))
    there = [each >= grid[0] for each in values]
    masses = np.array([_masses(v[own], w[own], grid) for v, w, own in zip(values, weights, there, strict=True)])
    wanted = (1 - share) * (weightings @ np.array([each.sum() for each in weights]))
    return with_parts(_beyond(weightings, masses, wanted, grid), len(values))


def _worst_values(values: Sequence[Values], weights: Sequence[Values], share: float) -> Values:
    """All values that may lie in the worst part of any of the mixtures: that of none goes beyond all quantiles."""
    least = min(_reaching(v, w, share) for v, w in zip(values, weights, strict=True) if len(v))
    every = np.concatenate(values)
    return np.unique(every[every >= least])


def _reaching(values: Values, weights: Values, share: float) -> float:
    """The greatest value from which on so great a part has it, or more."""
    order = np.argsort(values)[::-1]
    reached = np.cumsum(weights[order]) >= (1 - share) * weights.sum() * (1 + _ROUNDING)
    return float(values[order[reached.argmax() if reached.any() else -1]])


def _masses(values: Values, weights: Values, grid: Values) -> Values:
    return np.bincount(np.searchsorted(grid, values), weights, minlength=len(grid)).astype(np.float64)


def _beyond(weightings: Values, masses: Values, wanted: Values, grid: Values) -> Values:
    """The mean of the worst part under each weighting; NaN of nothing.

    It is the value that the part ends within, looked for by halves, and what the rest of the part exceeds that by.
    """
    endless, finite = np.isinf(grid), np.where(np.isinf(grid), 0.0, grid)
    mass, amount = (np.flip(np.cumsum(np.flip(each, axis=1), axis=1), axis=1) for each in (masses, masses * finite))
    low, high = np.zeros(len(weightings), dtype=np.int64), np.full(len(weightings), len(grid) - 1)
    while (low < high).any():
        middle = (low + high + 1) // 2
        enough = (weightings * mass[:, middle].T).sum(axis=1) >= wanted
        low, high = np.where(enough, middle, low), np.where(enough, high, middle - 1)
    ends = finite[low]
    exceeded = (weightings * (amount[:, low].T - ends[:, None] * mass[:, low].T)).sum(axis=1)
    with np.errstate(invalid="ignore"):
        found = ends + exceeded / wanted
    return np.where(weightings @ masses[:, endless].sum(axis=1) > 0, math.inf, found)


def ends_in_time(pools: Sequence[Pool], share: float) -> bool:
    """Whether whatever was still going on had lasted longer than any quantile: then nothing has to be estimated."""
    open_ = np.concatenate([each.least[np.isinf(each.most)] for each in pools])
    return not len(open_) or bool(open_.min() > _span([np.sort(each.most) for each in pools], share)[1])


def weightings_of(replications: int) -> Values:
    """All replications once, then without each, then each resample."""
    return np.vstack([np.ones((1, replications)), 1 - np.eye(replications), resamples(replications)])


def _quantity(values: Sequence[Values], share: float) -> Values:
    """The value, the parts and the resamples of a quantile: the least value that so great a share does not exceed."""
    ordered = [np.sort(each) for each in values]
    every, (first, last) = np.concatenate(ordered), _span(ordered, share)
    grid = np.unique(every[(every >= first) & (every <= last)])
    below = np.array([np.searchsorted(each, grid, side="right") for each in ordered], dtype=np.float64)
    sizes = np.array([len(each) for each in ordered], dtype=np.float64)
    weightings = weightings_of(len(values))
    reached = weightings @ below >= share * (weightings @ sizes)[:, None] - _ROUNDING
    found = grid[reached.argmax(axis=1)]
    return with_parts(found, len(values))


def _span(ordered: Sequence[Values], share: float) -> tuple[float, float]:
    """The least and the greatest quantile of any replication: that of a mixture lies between those of its parts."""
    own = [each[max(0, math.ceil(share * len(each) - _ROUNDING) - 1)] for each in ordered if len(each)]
    return float(min(own)), float(max(own))


def with_parts(found: Values, replications: int) -> Values:
    """Between a value and its resamples what each replication adds: jackknife pseudo-values (Tukey 1958), centred.

    All infinite where the value is without one of them: whoever keeps these alone must not take it for known.
    """
    value, without = found[0], found[1 : 1 + replications]
    if np.isfinite(found[: 1 + replications]).all():
        parts = value + (replications - 1) * (without.mean() - without)
    else:
        parts = np.full(replications, math.inf)
    return np.concatenate([[value], parts, found[1 + replications :]])


@dataclass(frozen=True, eq=False)
class Curve:
    """What Kaplan and Meier's curves are made of: times, and how many of each pool are left at each and after it."""

    grid: Values
    at_risk: Values
    after: Values
    left_early: Places

    def fallen(self, weightings: Values, share: float) -> Places:
        """At which time each weighting's curve has fallen far enough."""
        return _fallen(weightings, self.at_risk, self.after, self.left_early, share)

    def left(self, weightings: Values, until: int) -> Values:
        """How much is left before a time under each weighting, step by step; all of nothing."""
        begun, after = (weightings @ each[:, :until] for each in (self.at_risk, self.after))
        found: Values = np.where(begun > 0, after / np.where(begun > 0, begun, 1.0), 1.0).prod(axis=1)
        return found


def curve_of(pools: Sequence[Pool]) -> Curve:
    """What the curve of all pools, and of any of them, is made of."""
    grid = np.unique(np.concatenate([each.least for each in pools]))
    ended = np.array([_counts(each.least[np.isfinite(each.most)], grid) for each in pools])
    seen = np.array([_counts(each.least, grid) for each in pools])
    at_risk = np.flip(np.cumsum(np.flip(seen, axis=1), axis=1), axis=1)
    return Curve(grid, at_risk, at_risk - ended, np.flatnonzero((seen > ended).any(axis=0)))


def _left_beyond(curve: Curve, share: float) -> tuple[float, Values]:
    """Which share is left beyond the quantile of all, of that itself as much as is wanting; and which without each.

    Where the curve falls no further, what is left then.
    """
    runs = len(curve.at_risk)
    weightings = np.vstack([np.ones((1, runs)), 1 - np.eye(runs)])
    reached = int(curve.fallen(weightings[:1], share)[0])
    before, after = curve.left(weightings, reached), curve.left(weightings, min(reached + 1, len(curve.grid)))
    fell = before[0] - after[0]
    found = after + (before - after) * ((1 - share - after[0]) / fell if fell else 0.0)
    return float(found[0]), np.where(weightings[1:] @ curve.at_risk[:, 0] > 0, found[1:], math.inf)


def _surviving(pools: Sequence[Pool], share: float) -> Quantity:
    """Where Kaplan and Meier's curve falls to what lies beyond; at least the longest time where it never does."""
    curve, weightings = curve_of(pools), weightings_of(len(pools))
    grid, reached = curve.grid, curve.fallen(weightings, share)
    longest = (np.where(weightings > 0, (curve.at_risk > 0).sum(axis=1), 0)).max(axis=1) - 1
    known_end = reached < len(grid)
    least = grid[np.where(known_end, np.minimum(reached, len(grid) - 1), longest)]
    most = np.where(known_end, least, np.inf)
    found = with_parts(least, len(pools))
    return Quantity(found, found if known_end.all() else with_parts(most, len(pools)), len(pools))


def _counts(values: Values, grid: Values) -> Values:
    return np.bincount(np.searchsorted(grid, values), minlength=len(grid)).astype(np.float64)


def _fallen(weightings: Values, at_risk: Values, after: Values, left_early: Places, share: float) -> Places:
    """At which place of the grid each weighting's curve has fallen far enough; past its end where it never does.

    From one place at which somebody left early to the next the factors of the curve telescope: whoever did not end at
    a place is at risk at the following one. So the curve is worked out at those places alone, few beside all the times
    at which something ended, and between two of them it is looked for by halves.
    """
    last = at_risk.shape[1] - 1
    ends = np.union1d(left_early, [last])
    starts = np.concatenate([[0], ends[:-1] + 1])
    begun = weightings @ at_risk[:, starts]
    curve = np.cumprod((weightings @ after[:, ends]) / np.where(begun > 0, begun, 1.0) + (begun == 0), axis=1)
    fallen = curve <= 1 - share + _ROUNDING
    every, stretch = np.arange(len(weightings)), fallen.argmax(axis=1)
    before = np.where(stretch > 0, curve[every, stretch - 1], 1.0)
    wanted = (1 - share + _ROUNDING) * begun[every, stretch] / before
    low, high = starts[stretch], ends[stretch]
    while (low < high).any():
        middle = (low + high) // 2
        enough = (weightings * after[:, middle].T).sum(axis=1) <= wanted
        low, high = np.where(enough, low, middle + 1), np.where(enough, middle, high)
    found: Places = np.where(fallen.any(axis=1), np.minimum(low, last), last + 1)
    return found
