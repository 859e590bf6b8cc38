"""Intervals over replications: as SciPy has them, covering as often as they say, silent where nothing can be said."""

from math import inf, isnan, nan, sqrt

import numpy as np
import pytest
from scipy import stats

from analysis.statistics import CONFIDENCE, Interval, difference, interval, relative_change, variance_ratio

SAMPLES = 4000
# How far a share of `SAMPLES` may lie from its expectation: four standard errors.
NEAR = 4 * sqrt(CONFIDENCE * (1 - CONFIDENCE) / SAMPLES)
OURS = [3.0, 4.5, 2.5, 6.0, 4.0]
THEIRS = [5.0, 8.0, 5.5, 9.0, 6.0]


def bounds(found):
    """Both ends of an interval."""
    return found.lo, found.hi


def share(covered):
    """In how many of `SAMPLES` draws, each of its own, something holds."""
    draws = np.random.default_rng(7)
    return sum(covered(draws) for _ in range(SAMPLES)) / SAMPLES


def normal_interval(values, comparisons=1):
    """The interval that one gets by mistake: with the quantile of the normal law."""
    mean, error = np.mean(values), np.std(values, ddof=1) / sqrt(len(values))
    reach = stats.norm.ppf(1 - (1 - CONFIDENCE) / 2 / comparisons) * error
    return Interval(mean, mean - reach, mean + reach, len(values))


# ------------------------------------------------------------------------------------------------------------ one mean


def test_an_interval_is_students():
    """Mean and interval of five replications are those of SciPy's t test."""
    expected = stats.ttest_1samp(OURS, 0).confidence_interval(CONFIDENCE)
    assert bounds(interval(OURS)) == pytest.approx((expected.low, expected.high), rel=1e-12)
    assert interval(OURS).mean == 4
    assert interval(OURS).replications == 5


@pytest.mark.parametrize("comparisons", [1, 9, 45])
def test_several_intervals_share_the_error(comparisons):
    """Each of k simultaneous intervals may miss with a k-th of the chance."""
    expected = stats.ttest_1samp(OURS, 0).confidence_interval(1 - (1 - CONFIDENCE) / comparisons)
    assert bounds(interval(OURS, comparisons)) == pytest.approx((expected.low, expected.high), rel=1e-12)


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


def all_hold(comparisons, told):
    """How often five intervals hold their five means at once."""

    def covered(draws):
        found = [interval(draws.normal(0, 1, 6), comparisons) for _ in range(5)]
        return all(each.lo <= 0 <= each.hi for each in found)

    assert share(covered) == pytest.approx(told, abs=NEAR * 2)


def test_simultaneous_intervals_hold_together():
    """Five that know of each other hold at once in 0.99 to the fifth of cases; that is not less than 95 %."""
    all_hold(5, 0.99**5)


def test_intervals_that_do_not_know_of_each_other_do_not():
    """Five that each stand alone hold at once in 0.95 to the fifth of cases, 77 %."""
    all_hold(1, 0.95**5)


# ---------------------------------------------------------------------------------------------------------- two means


def test_a_difference_is_paired():
    """Mean difference and interval are those of SciPy's paired t test."""
    expected = stats.ttest_rel(OURS, THEIRS).confidence_interval(CONFIDENCE)
    assert bounds(difference(OURS, THEIRS)) == pytest.approx((expected.low, expected.high), rel=1e-12)
    assert difference(OURS, THEIRS).mean == pytest.approx(-2.7)


def test_the_order_of_pairs_does_not_matter():
    """Replications in another order, both alike, give the same difference and the same change."""
    order = [3, 0, 4, 1, 2]
    ours, theirs = ([values[n] for n in order] for values in (OURS, THEIRS))
    for compared in (difference, relative_change):
        assert bounds(compared(ours, theirs)) == pytest.approx(bounds(compared(OURS, THEIRS)), rel=1e-12)
    assert variance_ratio(ours, theirs) == pytest.approx(variance_ratio(OURS, THEIRS))


def test_pairing_narrows_what_moves_together():
    """Where good days are good for both, pairs tell more than the same runs unpaired; where they part, less."""
    apart = stats.ttest_ind(OURS, THEIRS).confidence_interval(CONFIDENCE)
    paired, crossed = difference(OURS, THEIRS), difference(sorted(OURS), sorted(THEIRS, reverse=True))
    assert paired.hi - paired.lo < apart.high - apart.low < crossed.hi - crossed.lo
    assert variance_ratio(sorted(OURS), sorted(THEIRS, reverse=True)) < 1 < variance_ratio(OURS, THEIRS)


@pytest.mark.parametrize("correlation", [-0.5, 0, 0.5, 0.9])
def test_the_variance_ratio_is_that_of_the_correlation(correlation):
    """Two of one spread and correlation r need 1 / (1 - r) times the replications unpaired."""
    draws = np.random.default_rng(3)
    ours, theirs = draws.multivariate_normal([0, 5], [[1, correlation], [correlation, 1]], 20_000).T
    assert variance_ratio(ours, theirs) == pytest.approx(1 / (1 - correlation), rel=0.05)


def test_a_sign_is_settled_where_the_interval_leaves_zero_out():
    """An interval above or below zero settles it, one that touches or holds zero does not, nor does none at all."""
    settled = [Interval(2, 1, 3, 5), Interval(-2, -3, -1, 5)]
    open_ = [Interval(1, 0, 2, 5), Interval(0, -1, 1, 5), Interval(-1, -2, 0, 5), Interval(1, nan, nan, 1)]
    assert [each.excludes_zero for each in settled] == [True, True]
    assert [each.excludes_zero for each in open_] == [False] * 4


# ----------------------------------------------------------------------------------------------------- relative change


def jackknife(ours, theirs):
    """Tukey's interval for a ratio of means, one pair after the other left out."""
    n, whole = len(ours), sum(ours) / sum(theirs)
    pseudo = []
    for left_out in range(n):
        kept = [(a, b) for number, (a, b) in enumerate(zip(ours, theirs, strict=True)) if number != left_out]
        pseudo.append(n * whole - (n - 1) * sum(a for a, _ in kept) / sum(b for _, b in kept))
    return stats.ttest_1samp(pseudo, 0).confidence_interval(CONFIDENCE)


def test_a_relative_change_is_a_jackknife():
    """Its interval is that of the pseudo-values, computed pair by pair, less one."""
    expected = jackknife(OURS, THEIRS)
    assert bounds(relative_change(OURS, THEIRS)) == pytest.approx((expected.low - 1, expected.high - 1), rel=1e-12)


def test_a_change_from_a_constant_is_the_interval_of_a_mean():
    """Where the baseline never varies the jackknife is Student's interval, in units of the baseline."""
    alone = interval([value / 8 - 1 for value in OURS])
    assert bounds(relative_change(OURS, [8.0] * 5)) == pytest.approx(bounds(alone), rel=1e-12)


def test_a_change_of_scale_changes_nothing():
    """Half of everything is half of everything, with certainty."""
    halved = relative_change([value / 2 for value in THEIRS], THEIRS)
    assert (halved.mean, *bounds(halved)) == pytest.approx((-0.5, -0.5, -0.5))


def skewed(draws, together):
    """Thirty pairs of right-skewed values whose means are 2 and 4; `together` is how far both move as one."""
    common = draws.normal(0, together, 30)
    return [mean * np.exp(common + draws.normal(0, 0.3, 30) - 0.045) for mean in (2, 4)]


@pytest.mark.parametrize("together", [0, 0.3])
def test_a_relative_change_covers_as_often_as_it_says(together):
    """Of thirty skewed pairs with means as one to two, about ninety-five intervals in a hundred hold a half less."""

    def covered(draws):
        found = relative_change(*skewed(draws, together))
        return found.lo <= -0.5 <= found.hi

    assert share(covered) == pytest.approx(CONFIDENCE, abs=NEAR + 0.01)


def test_a_relative_change_that_takes_the_baseline_for_known_does_not():
    """Relative to the mean of the baseline's runs, as if that did not vary, it covers too seldom, and is seen to."""

    def covered(draws):
        ours, theirs = skewed(draws, 0)
        found = interval(ours / theirs.mean() - 1)
        return found.lo <= -0.5 <= found.hi

    assert share(covered) < CONFIDENCE - NEAR - 0.01


def test_a_change_is_that_of_the_means_shown_beside_it():
    """Twenty instead of thirty-three and a half: a reader who divides the two means finds the change."""
    assert relative_change(OURS, THEIRS).mean == pytest.approx(20 / 33.5 - 1)


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
    assert isnan(relative_change(values, values).mean)
    assert isnan(variance_ratio(values, values))


def test_nothing_is_relative_to_zero():
    """A baseline of nothing at all makes every change undefined, without a warning; the difference stands."""
    assert isnan(relative_change(OURS, [0.0] * 5).mean)
    assert not relative_change(OURS, [0.0] * 5).excludes_zero
    assert difference(OURS, [0.0] * 5).mean == 4


def test_what_never_varies_is_certain():
    """Equal values have an interval of no width; equal differences have one, and no ratio of variances."""
    assert bounds(interval([7.0] * 4)) == (7, 7)
    assert bounds(difference([7.0] * 4, [5.0] * 4)) == (2, 2)
    assert isnan(variance_ratio([7.0] * 4, [5.0] * 4))


def test_a_replication_that_is_not_known_is_not_left_out():
    """One NaN among the values makes mean and interval unknown: a mean of the others would be another quantity."""
    for found in (interval([1, nan, 3]), difference([1, nan, 3], [1, 2, 3]), relative_change([1, 2, 3], [1, nan, 3])):
        assert all(map(isnan, (found.mean, *bounds(found))))
        assert not found.excludes_zero


def test_a_baseline_that_is_there_only_once_has_no_jackknife():
    """One replication in five with approvals at all: no interval, and no warning either."""
    assert isnan(relative_change(OURS, [0.0, 0.0, 9.0, 0.0, 0.0]).lo)


def test_perfect_pairs_are_infinitely_better():
    """Where the two differ by the same in every replication, unpaired runs never get there."""
    assert variance_ratio([1.0, 2.0, 4.0], [2.0, 3.0, 5.0]) == inf


def test_one_replication_is_no_pair_for_five():
    """Two models that were not replicated alike cannot be paired."""
    for compared in (difference, relative_change):
        with pytest.raises(ValueError, match=r"paired|shorter"):
            compared(OURS, [5.0])
