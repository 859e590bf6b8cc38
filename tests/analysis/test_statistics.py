"""Intervals over replications: as SciPy has them, covering as often as they say, silent where nothing can be said."""

from dataclasses import replace
from fractions import Fraction
from math import inf, isnan, nan, sqrt

import numpy as np
import pytest
from scipy import stats

from analysis.family import Family, pivot
from analysis.shapley import shares
from analysis.statistics import (
    CONFIDENCE,
    NO_LIMITS,
    RESAMPLES,
    Interval,
    Quantity,
    around,
    interval,
    known,
    limited,
    trials,
    unseen,
    variance_ratio,
)

SAMPLES = 4000
# How far a share of `SAMPLES` may lie from its expectation: four standard errors.
NEAR = 4 * sqrt(CONFIDENCE * (1 - CONFIDENCE) / SAMPLES)
OURS = [3.0, 4.5, 2.5, 6.0, 4.0]
THEIRS = [5.0, 8.0, 5.5, 9.0, 6.0]


def bounds(found):
    """Both ends of an interval."""
    return found.lo, found.hi


def difference(values, baseline):
    """The mean difference of pairs that share a replicate, with its own interval."""
    return interval(known(values) - known(baseline))


def share(covered):
    """In how many of `SAMPLES` draws, each of its own, something holds."""
    draws = np.random.default_rng(7)
    return sum(covered(draws) for _ in range(SAMPLES)) / SAMPLES


def normal_interval(values):
    """The interval that one gets by mistake: with the quantile of the normal law."""
    mean, error = np.mean(values), np.std(values, ddof=1) / sqrt(len(values))
    reach = stats.norm.ppf(1 - (1 - CONFIDENCE) / 2) * error
    return Interval(mean, mean - reach, mean + reach, len(values))


# ------------------------------------------------------------------------------------------------------------ one mean


def test_an_interval_is_students():
    """Mean and interval of five replications are those of SciPy's t test."""
    expected = stats.ttest_1samp(OURS, 0).confidence_interval(CONFIDENCE)
    assert bounds(interval(OURS)) == pytest.approx((expected.low, expected.high), rel=1e-12)
    assert interval(OURS).mean == 4
    assert interval(OURS).replications == 5


@pytest.mark.parametrize("n", [2, 5, 10])
def test_an_interval_covers_as_often_as_it_says(n):
    """Ninety-five of a hundred intervals hold the mean, neither fewer nor more."""

    def covered(draws):
        found = interval(draws.normal(3, 2, n))
        return found.lo <= 3 <= found.hi

    assert share(covered) == pytest.approx(CONFIDENCE, abs=NEAR)


def test_an_interval_of_the_wrong_quantile_does_not():
    """With the quantile of the normal law the same count is too low, and is seen to be."""

    def covered(draws):
        found = normal_interval(draws.normal(3, 2, 5))
        return found.lo <= 3 <= found.hi

    assert share(covered) < CONFIDENCE - NEAR


# ---------------------------------------------------------------------------------------------------------- two means


def gain(ours, theirs):
    """The ratio of variances of values that are known."""
    return variance_ratio(known(ours), known(theirs))


def test_a_difference_is_paired():
    """Mean difference and interval are those of SciPy's paired t test."""
    expected = stats.ttest_rel(OURS, THEIRS).confidence_interval(CONFIDENCE)
    assert bounds(difference(OURS, THEIRS)) == pytest.approx((expected.low, expected.high), rel=1e-12)
    assert difference(OURS, THEIRS).mean == pytest.approx(-2.7)


def test_the_order_of_pairs_does_not_matter():
    """Replications in another order, both alike, give the same difference and the same ratio of variances."""
    order = [3, 0, 4, 1, 2]
    ours, theirs = ([values[n] for n in order] for values in (OURS, THEIRS))
    assert bounds(difference(ours, theirs)) == pytest.approx(bounds(difference(OURS, THEIRS)), rel=1e-12)
    assert variance_ratio(known(ours), known(theirs)) == pytest.approx(variance_ratio(known(OURS), known(THEIRS)))


def test_pairing_narrows_what_moves_together():
    """Where good days are good for both, pairs tell more than the same runs unpaired; where they part, less."""
    apart = stats.ttest_ind(OURS, THEIRS).confidence_interval(CONFIDENCE)
    paired, crossed = difference(OURS, THEIRS), difference(sorted(OURS), sorted(THEIRS, reverse=True))
    assert paired.hi - paired.lo < apart.high - apart.low < crossed.hi - crossed.lo
    assert gain(sorted(OURS), sorted(THEIRS, reverse=True)) < 1 < gain(OURS, THEIRS)


@pytest.mark.parametrize("correlation", [-0.5, 0, 0.5, 0.9])
def test_the_variance_ratio_is_that_of_the_correlation(correlation):
    """Two of one spread and correlation r need 1 / (1 - r) times the replications unpaired."""
    draws = np.random.default_rng(3)
    ours, theirs = draws.multivariate_normal([0, 5], [[1, correlation], [correlation, 1]], 2000).T
    assert gain(ours, theirs) == pytest.approx(1 / (1 - correlation), rel=0.12)


def test_a_sign_is_settled_where_the_interval_leaves_zero_out():
    """An interval above or below zero settles it, one that touches or holds zero does not, nor does none at all."""
    settled = [Interval(2, 1, 3, 5), Interval(-2, -3, -1, 5)]
    open_ = [Interval(1, 0, 2, 5), Interval(0, -1, 1, 5), Interval(-1, -2, 0, 5), Interval(1, nan, nan, 1)]
    assert [each.excludes_zero for each in settled] == [True, True]
    assert [each.excludes_zero for each in open_] == [False] * 4


def test_a_sign_is_that_of_six_replications_or_of_none_that_differs():
    """Five settle none, though nothing varies; where none differs there is no sign; what may differ is not the same."""
    assert [interval([each] * 6).sign for each in (2.0, 0.0, -2.0)] == [1, 0, -1]
    assert [interval([each] * 5).sign for each in (2.0, 0.0, -2.0)] == [None, 0, None]
    assert [interval([each, -each] * 3).sign for each in (1.0, 0.0)] == [None, 0]
    ends = limited([0.0] * 6, [1.0] * 6), limited([-1.0] * 6, [0.0] * 6), limited([1.0] * 6, [2.0] * 6)
    assert [interval(each).sign for each in ends] == [None, None, 1]
    assert not any(interval(each).is_same for each in ends)


def test_a_mean_has_a_sign_where_both_its_limits_have_it():
    """However little is settled; zero is on neither side."""
    assert [interval([each, 0.0]).sign_of_mean for each in (1.0, 0.0, -1.0)] == [1, 0, -1]
    ends = limited([1.0], [2.0]), limited([-2.0], [-1.0]), limited([-1.0], [1.0]), limited([0.0], [1.0])
    assert [interval(each).sign_of_mean for each in ends] == [1, -1, 0, 0]


# ------------------------------------------------------------------------------------------------------------- counts


@pytest.mark.parametrize(("hits", "of"), [(0, 300), (3, 300), (300, 300), (1, 1)])
def test_the_interval_of_a_count_is_cloppers_and_pearsons(hits, of):
    """As SciPy has it."""
    expected = stats.binomtest(hits, of).proportion_ci(CONFIDENCE, method="exact")
    assert trials(hits, of, 1 - CONFIDENCE) == pytest.approx((100 * expected.low, 100 * expected.high), abs=1e-9)


@pytest.mark.parametrize("replications", [6, 20])
def test_what_was_never_seen_is_bounded_by_how_often_it_would_have_been(replications):
    """So many replications without a thing are no surprise, at 2.5 %, up to that chance of it and no further."""
    chance = unseen(replications) / 100
    assert (1 - chance) ** replications == pytest.approx((1 - CONFIDENCE) / 2)


def test_none_in_every_run_is_not_never():
    """No broken task among 3,000 leaves up to about four in 3,000 possible: three in a one-sided interval."""
    never = replace(known([0.0] * 10), counted=(0, 3000))
    found = interval(never, (0.0, 100.0))
    assert (found.mean, found.steady, found.lo) == (0, True, 0)
    assert found.hi == pytest.approx(100 * 3.69 / 3000, rel=0.01)
    always = interval(replace(known([100.0] * 10), counted=(3000, 3000)), (0.0, 100.0))
    assert bounds(always) == pytest.approx((100 - found.hi, 100))
    assert interval(known([0.0] * 10), (0.0, 100.0)).hi == 0


@pytest.mark.parametrize(("hits", "of"), [(4, 400), (10, 1000), (300, 1000)])
def test_a_share_that_is_the_same_in_every_run_is_as_wide_as_its_trials_leave_it(hits, of):
    """One in a hundred in each of ten runs, or three in ten, is no more known than by so many tasks."""
    found = interval(replace(known([100.0 * hits / of] * 10), counted=(hits, of)), (0.0, 100.0))
    assert bounds(found) == pytest.approx(trials(hits, of, 1 - CONFIDENCE))
    assert found.lo < found.mean < found.hi
    assert found.steady


# ------------------------------------------------------------------------------------------------------------- limits


def test_no_interval_passes_what_can_be():
    """Hours of a day lie between none and 24, whatever Student's t says; what is cut is cut at the limit."""
    wild = interval([1.0, 24.0, 1.0, 24.0, 24.0], (0.0, 24.0))
    assert interval([1.0, 24.0, 1.0, 24.0, 24.0]).hi > 24
    assert 0 <= wild.lo < wild.mean < wild.hi == 24


def test_a_difference_of_limits_reaches_from_end_to_end():
    """Ours in [3, 5], theirs in [1, 2]: the difference is 1 at least and 4 at most, and its interval lies beyond."""
    ours, theirs = limited([3.0, 3.2, 2.8], [5.0, 5.2, 4.8]), limited([1.0, 1.1, 0.9], [2.0, 2.1, 1.9])
    found = interval(ours - theirs)
    assert (found.mean, found.most) == pytest.approx((1, 4))
    assert found.lo == pytest.approx(difference([3.0, 3.2, 2.8], [2.0, 2.1, 1.9]).lo)
    assert found.hi == pytest.approx(difference([5.0, 5.2, 4.8], [1.0, 1.1, 0.9]).hi)
    assert found.excludes_zero


def test_a_sign_is_not_settled_where_one_end_has_another():
    """Lower limits that differ settle nothing while the upper ones allow the opposite."""
    ours, theirs = limited([3.0, 3.1, 2.9], [9.0, 9.1, 8.9]), limited([1.0, 1.1, 0.9], [7.0, 7.1, 6.9])
    assert difference([3.0, 3.1, 2.9], [1.0, 1.1, 0.9]).excludes_zero
    assert not interval(ours - theirs).excludes_zero


def test_an_open_end_leaves_one_side_of_a_difference():
    """Who lasts longer than the window is at least so much longer; against another such nothing is known."""
    endless, brief = limited([9.0, 9.2, 9.1], [9.0, inf, 9.1]), known([1.0, 1.2, 1.1])
    longer, shorter = interval(endless - brief), interval(brief - endless)
    assert (longer.mean, longer.most, longer.is_least, longer.excludes_zero) == (pytest.approx(8), inf, True, True)
    assert (shorter.mean, shorter.most, shorter.excludes_zero) == (-inf, pytest.approx(-8), True)
    neither = interval(endless - endless)
    assert (neither.mean, neither.most, neither.excludes_zero) == (-inf, inf, False)


@pytest.mark.parametrize(("open_", "claims", "ends"), [(50, 1, 7.0), (51, 1, inf), (25, 2, 7.0), (26, 2, inf)])
def test_an_end_is_open_where_more_resamples_leave_it_open_than_an_interval_leaves_out(open_, claims, ends):
    """One in forty on each side, of two that hold together one in eighty: of 2000 resamples 50, or 25."""
    assert RESAMPLES == 2000
    most = np.concatenate([[6.0], [6.0] * 30, [inf] * open_, np.full(RESAMPLES - open_, 7.0)])
    found = interval(Quantity(np.full_like(most, 6.0), most, 30), claims=claims)
    assert (found.lo, found.mean, found.most, found.hi) == (6, 6, 6, ends)


def test_what_never_varies_ends_there_however_far_an_interval_reaches():
    """Any number of standard errors is nothing where these are."""
    assert bounds(around(known([2.0] * 3), inf, NO_LIMITS)) == (2, 2)


def test_limits_that_meet_are_a_value():
    """Where both are the same in every replication the quantity is known, and so is what comes of such ones."""
    assert (known(OURS) - known(THEIRS)).is_exact
    assert interval(known(OURS) - known(THEIRS)).most is None
    assert limited([1.0, 2.0], [1.0, 2.0]).is_exact
    assert not limited([1.0, 2.0], [1.0, 2.5]).is_exact
    assert interval(limited([1.0, nan], [1.0, nan])).most is None


def test_shares_of_limits_reach_from_end_to_end():
    """What a factor adds is at least what its worth at least is, less what the others' at most is."""
    worth = {frozenset(): (0, 1), frozenset("a"): (3, 3), frozenset("b"): (2, 4), frozenset("ab"): (6, 7)}
    ends = {names: limited([float(lo)] * 2, [float(hi)] * 2) for names, (lo, hi) in worth.items()}
    found = shares([("a",), ("b",)], ends)
    exact = {end: shares([("a",), ("b",)], {n: Fraction(each[end]) for n, each in worth.items()}) for end in (0, 1)}
    a = interval(found["a",])
    assert (a.mean, a.most) == (((3 - 1) + (6 - 4)) / 2, ((3 - 0) + (7 - 2)) / 2)
    assert a.mean <= min(exact[0]["a",], exact[1]["a",]) <= max(exact[0]["a",], exact[1]["a",]) <= a.most


# ----------------------------------------------------------------------------------------------------- relative change


def change(ours, theirs, reach=None):
    """A relative change with Student's reach, or another."""
    student = float(stats.t.ppf(0.975, len(ours) - 1)) if reach is None else reach
    return Family(1, 0, student).change(known(ours), known(theirs))


def test_a_relative_change_is_fiellers():
    """At both ends of its interval the paired interval of ours less so many times theirs touches zero."""
    found = change(OURS, THEIRS)
    for end in bounds(found):
        left = stats.ttest_1samp([a - (1 + end) * b for a, b in zip(OURS, THEIRS, strict=True)], 0)
        assert left.pvalue == pytest.approx(0.05)
    assert found.mean == pytest.approx(20 / 33.5 - 1)


@pytest.mark.parametrize("apart", [0.0, 1.0, 2.0, 3.0, 4.0, 5.0])
def test_a_change_and_a_difference_never_contradict(apart):
    """Whatever lies between two models, the ratio's interval excludes zero if and only if the difference's does."""
    ours, theirs = [value + apart for value in OURS], [5.0, 3.0, 5.5, 4.0, 6.0]
    assert change(ours, theirs).excludes_zero is difference(ours, theirs).excludes_zero


def test_a_change_from_a_constant_is_the_interval_of_a_mean():
    """Where the baseline never varies it is Student's interval, in units of the baseline."""
    alone = interval([value / 8 - 1 for value in OURS])
    assert bounds(change(OURS, [8.0] * 5)) == pytest.approx(bounds(alone), rel=1e-9)


def test_a_change_of_scale_changes_nothing():
    """Half of everything is half of everything, in every run."""
    halved = change([value / 2 for value in THEIRS], THEIRS)
    assert (halved.mean, *bounds(halved)) == pytest.approx((-0.5, -0.5, -0.5), abs=1e-6)


def skewed(draws, together_):
    """Thirty pairs of right-skewed values whose means are 2 and 4; `together_` is how far both move as one."""
    common = draws.normal(0, together_, 30)
    return [mean * np.exp(common + draws.normal(0, 0.3, 30) - 0.045) for mean in (2, 4)]


@pytest.mark.parametrize("together_", [0, 0.3])
def test_a_relative_change_covers_as_often_as_it_says(together_):
    """Of thirty skewed pairs with means as one to two, about ninety-five intervals in a hundred hold a half less."""

    def covered(draws):
        found = change(*skewed(draws, together_), reach=2.045)
        return found.lo <= -0.5 <= found.hi

    assert share(covered) == pytest.approx(CONFIDENCE, abs=NEAR + 0.01)


def test_a_relative_change_that_takes_the_baseline_for_known_does_not():
    """Relative to the mean of the baseline's runs, as if that did not vary, it covers too seldom, and is seen to."""

    def covered(draws):
        ours, theirs = skewed(draws, 0)
        found = interval(ours / theirs.mean() - 1)
        return found.lo <= -0.5 <= found.hi

    assert share(covered) < CONFIDENCE - NEAR - 0.01


@pytest.mark.parametrize("theirs", [[0.0] * 5, [0.0, 0.0, 9.0, 0.0, 0.0], [-1.0, 1.0, 3.0, -2.0, 1.0]])
def test_nothing_is_relative_to_what_may_be_zero(theirs):
    """A baseline that is zero, or whose interval holds it, makes every change undefined, and without a warning."""
    assert isnan(change(OURS, theirs).mean)
    assert not change(OURS, theirs).excludes_zero


def test_a_change_of_limits_has_both_ends():
    """Between 2 of 8 and 4 of 4: at least three quarters less, at most as much."""
    found = Family(1, 0, 2.0).change(limited([2.0] * 6, [4.0] * 6), limited([4.0] * 6, [8.0] * 6))
    assert (found.mean, found.most) == (-0.75, 0)
    assert pivot(known([1.0] * 6), known([0.0] * 6)) is None


def test_few_hits_are_no_better_known_than_none():
    """One hit in three thousand leaves no less possible than no hit; many are known by their replications."""
    none, one, many = (
        replace(known([100 * each / 300 for each in hits]), counted=(sum(hits), 3000))
        for hits in ([0] * 10, [1] + [0] * 9, [9, 10, 11, 9, 10, 11, 9, 10, 11, 10])
    )
    assert interval(none, (0, 100)).hi < interval(one, (0, 100)).hi
    exact = stats.binomtest(1, 3000).proportion_ci(0.95, "exact")
    assert interval(one, (0, 100)).hi == pytest.approx(100 * exact.high)
    assert interval(many, (0, 100)).hi < 100 * stats.binomtest(100, 3000).proportion_ci(0.95, "exact").high


def broken(draws, bad):
    """In ten runs of 300 tasks what percentage broke, where so many tasks of a run would: one number for each."""
    hits = draws.binomial(300, bad)
    return replace(known(100 * hits / 300), counted=(int(hits.sum()), 3000))


@pytest.mark.parametrize(("together_", "covers"), [(True, 1 - 0.9**10), (False, 0.95)])
def test_trials_bound_what_they_are_of_only_where_they_are_independent(together_, covers):
    """Where one run in ten breaks a tenth of its tasks, no run of ten does in 35 %, and those miss the 1 % that break.

    Where every task breaks with a chance of 1 %, by itself, intervals hold as often as they say.
    """
    draws, held = np.random.default_rng(5), []
    for _ in range(400):
        bad = np.where(draws.random(10) < 0.1, 0.1, 0.0) if together_ else np.full(10, 0.01)
        found = interval(broken(draws, bad), (0.0, 100.0))
        held.append(found.lo <= 1 <= found.hi)
    assert np.mean(held) == pytest.approx(covers, abs=4 * sqrt(covers * (1 - covers) / 400))


# ------------------------------------------------------------------------------------------- where nothing can be said


@pytest.mark.parametrize(("values", "mean"), [([], nan), ([4.0], 4.0)])
def test_fewer_than_two_replications_have_no_interval(values, mean):
    """One has a mean and no spread, none has neither; no sign is settled."""
    found = interval(values)
    assert found.mean == pytest.approx(mean, nan_ok=True)
    assert all(map(isnan, bounds(found)))
    assert found.replications == len(values)
    assert not found.excludes_zero


@pytest.mark.parametrize("values", [[], [4.0]])
def test_fewer_than_two_pairs_compare_nothing(values):
    """Neither a change nor a ratio of variances comes of one pair."""
    assert all(map(isnan, bounds(difference(values, values))))
    assert isnan(gain(values, values))


def test_what_never_varies_has_no_width():
    """Equal values have an interval of no width, marked as such; equal differences have one, and no ratio."""
    assert (interval([7.0] * 4).steady, *bounds(interval([7.0] * 4))) == (True, 7, 7)
    assert bounds(difference([7.0] * 4, [5.0] * 4)) == (2, 2)
    assert isnan(gain([7.0] * 4, [5.0] * 4))


@pytest.mark.parametrize(("apart", "steady"), [(0.6e-9, True), (1.5e-9, False)])
def test_a_spread_of_a_thousand_millionth_is_rounding(apart, steady):
    """Up to that much of the value is the machine's, and no interval; what is more is variation."""
    found = interval([1 - apart, 1 + apart])
    assert (found.steady, found.lo == found.hi) == (steady, steady)


def test_no_width_at_zero_is_no_variation():
    """An interval that is nothing but zero never varies, whether or not it was marked."""
    assert Interval(0.0, 0.0, 0.0, 6).never_varies
    assert not Interval(1.0, 0.0, 2.0, 6).never_varies


def test_a_replication_that_is_not_known_is_not_left_out():
    """One NaN among the values makes mean and interval unknown: a mean of the others would be another quantity."""
    for found in (interval([1, nan, 3]), difference([1, nan, 3], [1, 2, 3])):
        assert all(map(isnan, (found.mean, *bounds(found))))
        assert not found.excludes_zero


def test_perfect_pairs_are_infinitely_better():
    """Where the two differ by the same in every replication, unpaired runs never get there."""
    assert gain([1.0, 2.0, 4.0], [2.0, 3.0, 5.0]) == inf


def test_one_replication_is_no_pair_for_five():
    """Two models that were not replicated alike cannot be paired."""
    with pytest.raises(ValueError, match="cannot be paired"):
        difference(OURS, [5.0])
