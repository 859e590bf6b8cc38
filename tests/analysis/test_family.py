"""Intervals that hold together: as often as they say, also where replications are skewed, and silent of too few."""

from dataclasses import replace
from itertools import pairwise
from math import inf, isnan, sqrt

import numpy as np
import pytest
from scipy import optimize, stats

from analysis.family import Family, _distances, _scatter, pivot, together
from analysis.statistics import (
    CONFIDENCE,
    FEWEST,
    NO_LIMITS,
    RESAMPLES,
    Quantity,
    clustered,
    interval,
    known,
    limited,
    resamples,
    trials,
    unseen,
)

MEMBERS, ROUNDS = 9, 300
# Four standard errors of a share of `ROUNDS`.
NEAR_TOGETHER = 4 * sqrt(CONFIDENCE * (1 - CONFIDENCE) / ROUNDS)


def skewed_members(draws, replications):
    """Nine lognormal quantities, as losses and waits are: of mean e^(1/8) each."""
    return draws.lognormal(0, 0.5, (MEMBERS, replications))


def all_hold(intervals, sample, mean, replications):
    """In how many of `ROUNDS` draws all intervals hold the mean at once."""
    draws = np.random.default_rng(11)
    found = (intervals(sample(draws, replications)) for _ in range(ROUNDS))
    return sum(all(each.lo <= mean <= each.hi for each in every) for every in found) / ROUNDS


def of_a_family(values):
    """Intervals that know of each other."""
    members = [known(each) for each in values]
    family = together(members)
    return [family.interval(each) for each in members]


def by_bonferroni(values):
    """Student's intervals, each with a ninth of the error: what one gets by mistake where values are skewed."""
    reach = float(stats.t.ppf(1 - (1 - CONFIDENCE) / 2 / MEMBERS, len(values[0]) - 1))
    return [Family(MEMBERS, 0, reach).interval(known(each)) for each in values]


@pytest.mark.parametrize("replications", [10, 20])
def test_a_family_holds_together_where_replications_are_skewed(replications):
    """Of nine skewed quantities all intervals hold at once about as often as they say, neither less nor ever."""
    held = all_hold(of_a_family, skewed_members, np.exp(1 / 8), replications)
    assert held == pytest.approx(CONFIDENCE + 0.01, abs=0.035)


def test_bonferronis_intervals_do_not():
    """Student's intervals that share the error hold at once in 80 % of such draws, and are seen to."""
    assert all_hold(by_bonferroni, skewed_members, np.exp(1 / 8), 10) < CONFIDENCE - 2 * NEAR_TOGETHER


def test_members_that_move_together_widen_nothing():
    """Ten copies of one quantity reach as far as one; nine that know nothing of each other reach further."""
    draws = np.random.default_rng(5)
    one, others = known(draws.normal(0, 1, 12)), [known(draws.normal(0, 1, 12)) for _ in range(9)]
    assert together([one] * 10).reach == together([one]).reach < together(others).reach


def sometimes(draws, replications):
    """Six normal quantities and six of what happens in about half of replications only; of mean 0 all."""
    times = draws.poisson(0.7, (6, replications)) * draws.exponential(1, (6, replications))
    return np.concatenate([draws.normal(0, 1, (6, replications)), times - 0.7])


def test_what_happens_in_some_replications_only_widens_no_other():
    """All still hold together; and what varies in every replication reaches less than half as far as in one family."""
    draws, held, wider = np.random.default_rng(3), 0, []
    for _ in range(100):
        values = sometimes(draws, 10)
        members = [known(each) for each in values]
        family = together(members)
        held += all(each.lo <= 0 <= each.hi for each in map(family.interval, members))
        wider.append(family.lumpy / family.reach)
    assert held >= 100 * CONFIDENCE - 4
    assert np.median(wider) > 2


def test_what_is_no_mean_is_not_lumpy():
    """Many replications add the same to a quantile, which still varies as quantiles do: it reaches as the usual do."""
    same, reaches = [2.0] * 8 + [3.0, 4.0], Family(2, 0, 3.0, lumpy=9.0)
    resampled = np.random.default_rng(2).normal(3, 1, RESAMPLES)
    quantile = np.concatenate([[3.0], same, resampled])
    assert reaches.reach_of(known(same)) == 9
    assert reaches.reach_of(Quantity(quantile, quantile, 10)) == 3


def test_no_family_of_few_replications_is_known():
    """Of five replications all have one sign by chance in 6 % of cases; no interval of them is said to hold."""
    few = [known([1.0, 2.0, 3.0, 4.0, 5.0][: FEWEST - 1])]
    assert isnan(together(few).reach)
    found = together(few).interval(few[0])
    assert (found.mean, isnan(found.lo), found.excludes_zero) == (3, True, False)


USUAL = known(np.arange(10.0))


def seldom(others, of, error):
    """How often something may be, of which so many of some were: as often as leaves so few a chance of `error`."""
    return optimize.brentq(lambda share: stats.binom.cdf(others, of, share) - error, 0, 1)


@pytest.mark.parametrize(("rare", "mostly", "limits"), [(1, 0.0, (0, 100)), (2, 0.0, (-24, 24)), (1, -12.0, (-24, 24))])
def test_what_varies_in_too_few_replications_may_do_so_as_often_as_is_no_surprise(rare, mostly, limits):
    """One in ten that differs tells nothing of its spread: the interval is what can be, so often, and not Student's."""
    member = known([mostly] * (10 - rare) + [mostly + 1.0] * rare)
    family = together([member, USUAL])
    assert (family.members, family.sparse) == (2, 1)
    found, share = family.interval(member, limits), seldom(rare, 10, 0.05 / 2 / 2)
    assert (found.lo, found.hi) == pytest.approx([mostly + share * (end - mostly) for end in limits])
    assert found.lo <= found.mean <= found.hi
    assert together([USUAL]).reach <= family.reach < inf
    assert family.interval(member).hi == inf


@pytest.mark.parametrize("scale", [1e-9, 1, 1e9])
@pytest.mark.parametrize(("same", "share"), [(2, 1), (3, seldom(7, 10, 0.05 / 2 / 2))])
def test_what_is_mostly_one_value_is_so_in_three_of_ten(same, share, scale):
    """What is nearly the same is another, in whatever unit; of two that are the same nothing is known."""
    member = known(scale * np.array([0.0] * same + [n / 1000 for n in range(1, 10 - same)] + [1.0]))
    found = together([member, USUAL]).interval(member, (-scale, scale))
    assert (found.lo, found.hi) == pytest.approx((-scale * share, scale * share))


def test_what_is_seldom_another_value_is_held_as_often_as_is_said():
    """However often it is another, and however far away then: of ten runs too few differ in one of forty cases.

    Where none of the ten does it is the same in every run, of which the family does not speak: counted in, such draws
    would be misses as often as they come, nine times in ten where one run in a hundred differs.
    """
    drawn = [known([0.0] * (10 - rare) + [24.0] * rare) for rare in range(4)]
    families = [together([member, USUAL]) for member in drawn]
    assert [(each.members, each.same, each.held) for each in families] == [(2, 1, 1), *[(2, 0, 2)] * 3]
    most = [family.interval(member, (0, 24)).hi for family, member in zip(families, drawn, strict=True)]
    unspoken = []
    for share in np.linspace(0.01, 0.99, 99):
        missed = [rare for rare, hi in enumerate(most) if hi < 24 * share]
        assert stats.binom.pmf([each for each in missed if each], 10, share).sum() <= 0.05 / 2
        unspoken.append(stats.binom.pmf(missed, 10, share).sum())
    assert unspoken[0] == pytest.approx(0.99**10)
    assert (1 - unseen(10) / 100) ** 10 == pytest.approx((1 - CONFIDENCE) / 2)


def test_the_sign_of_what_is_the_same_in_every_run_is_that_of_the_runs_seen():
    """An hour less in nine of ten runs and 20 h more in the tenth are 1.1 h more: ten in ten bring less in 35 %.

    Of ten that do there is no interval, so that the sign is marked as seen only; of any others one settles it, or not.
    """
    seen = {rare: known([-1.0] * (10 - rare) + [20.0] * rare) for rare in range(11)}
    found = {rare: together([each, USUAL]).interval(each, (-24, 24)) for rare, each in seen.items()}
    less = [rare for rare, each in found.items() if each.sign == -1]
    assert less == [rare for rare, each in found.items() if each.is_only_seen and each.mean < 0] == [0]
    assert stats.binom.pmf(less, 10, 0.1).sum() == pytest.approx(0.9**10) == pytest.approx(0.35, abs=0.01)
    assert found[10].is_only_seen
    assert found[10].sign == 1


@pytest.mark.parametrize(
    ("least", "most", "only_seen"),
    [
        ([2.0] * 6, [2.0] * 6, True),
        ([2.0] * 6, [3.0, 4.0, 5.0, 6.0, 7.0, 8.0], True),
        ([2.0, 2.1, 2.2, 2.1, 2.0, 2.1], [3.0] * 6, False),
        ([-3.0, -4.0, -3.0, -4.0, -5.0, -4.0], [-2.0] * 6, True),
        ([-2.0] * 6, [-1.0, -1.1, -1.2, -1.0, -1.1, -1.2], False),
        ([-2.0] * 6, [3.0] * 6, False),
        ([0.0] * 6, [0.0] * 6, False),
    ],
)
def test_a_sign_is_only_seen_where_the_end_that_settles_it_never_varies(least, most, only_seen):
    """Of limits that is the lower one above zero, and the upper one below; what has no sign is not seen to have one."""
    assert interval(limited(least, most)).is_only_seen is only_seen


def test_a_change_that_is_the_same_in_every_run_has_no_interval():
    """Half of whatever there is, in every run: no root of what rounding leaves stands for a spread."""
    theirs = known(np.array([3.1, 4.7, 5.3, 2.9, 8.8, 6.1]))
    ours = known(np.array([3.1, 4.7, 5.3, 2.9, 8.8, 6.1]) / 3)
    change = together([ours - theirs]).change(ours, theirs)
    assert (change.mean, change.lo, change.hi, change.steady) == (*[pytest.approx(-2 / 3)] * 3, True)
    assert change.lo == change.mean == change.hi


def test_many_that_differ_seldom_share_the_error():
    """Of three such members each has a third of it, and whatever else is the same in many runs the rest."""
    rare = [known(np.roll([0.0] * 9 + [1.0], place)) for place in range(3)]
    alone, crowded = together([rare[0], USUAL]), together([*rare, USUAL])
    assert crowded.sparse == 3
    ends = [family.interval(rare[0], (0, 1)).hi for family in (alone, crowded)]
    assert ends == pytest.approx([seldom(1, 10, 0.025 / 2), seldom(1, 10, 0.025 / 6)])
    often = known([0.0] * 5 + [1.0, 2.0, 3.0, 4.0, 5.0])
    assert together([often, USUAL]).lumpy <= together([often, *rare, USUAL]).lumpy < inf


@pytest.mark.parametrize("rare", [1, 2, 3, 4])
def test_a_resample_of_one_value_does_not_vary_whatever_rounding_leaves(rare):
    """Of two values, each resample that has only one of them has no error of its own, and is infinitely far away."""
    values = np.array([-12.0] * (10 - rare) + [-11.9] * rare)
    drawn = resamples(10)
    of_one = ((drawn[:, -rare:].sum(axis=1) == 0) | (drawn[:, :-rare].sum(axis=1) == 0)).mean()
    away = _distances(known(values).least, 10)
    assert np.isinf(away).mean() == of_one > 0
    assert away[np.isfinite(away)].max() < 50
    assert together([known(values), known(np.arange(10.0))]).judges_lumpy is (rare == 4)


def test_what_is_nearly_the_same_in_many_runs_widens_no_other():
    """Seven within a thousandth of the spread and three elsewhere: of the law of such a one nothing is known either.

    A resample of the seven alone lies a thousand of its own errors away, and all others would reach as far.
    """
    draws = np.random.default_rng(4)
    nearly = known(np.array([-5.996, -5.99, -5.985, -5.984, -5.98, -5.973, -5.971, -5.363, -0.537, 47.779]))
    usual = [known(each) for each in draws.normal(0, 1, (6, 10))]
    family = together([nearly, *usual])
    assert family.sparse == 1
    assert family.reach < 2 * together(usual).reach
    found = family.interval(nearly, (-24.0, 24.0))
    assert (found.lo, found.hi) == (-24, 24)


def test_what_is_the_same_in_every_run_is_marked():
    """No interval over replications tells how another would differ."""
    assert together([known(np.arange(10.0))]).interval(known([0.0] * 10)).steady


def test_no_difference_in_any_run_leaves_some_possible():
    """Two models that completed all of 3,000 tasks may part by what the trials of either leave open."""
    both, family = replace(known([100.0] * 10), counted=(3000, 3000)), together([known(np.arange(10.0))])
    found = family.apart(both, both, (0.0, 100.0))
    assert (found.mean, found.steady) == (0, True)
    assert -1 < found.lo == -found.hi < 0
    # With 5 % of error of their own, shared by all members, each end of either model having a half.
    assert found.hi == pytest.approx(100 * (1 - (0.05 / 2 / 2) ** (1 / 3000)))
    # One run in which many tasks broke at once is no proof, whatever their number.
    broken = replace(known([100.0] * 9 + [90.0]), counted=(2970, 3000))
    assert not family.apart(broken, both, (0.0, 100.0)).excludes_zero
    few = replace(both, counted=(30, 30))
    assert family.apart(few, few, (0.0, 100.0)).lo < -5


SHARES = (0.0, 100.0)


def completing(broken, tasks=115):
    """Work of ten runs, in each of which so many tasks broke."""
    lost = np.pad(np.array(broken, dtype=float), (0, 10 - len(broken)))
    return replace(known(100 - 100 * lost / tasks), counted=(round(10 * tasks - lost.sum()), 10 * tasks))


def test_one_broken_task_in_a_few_runs_is_worth_a_few_tasks():
    """The more runs break one of 115, the further down its interval goes, and never by more than tasks tell.

    A bound of how often runs differ, each by as much as it can, was 50 points of one run, 70 of three, 1 of five; and
    above a baseline that completes all, of which more than 0.6 % are not left, nothing lies.
    """
    usual, whole = [known(each) for each in np.random.default_rng(6).normal(5, 1, (9, 10))], completing([])
    found = []
    for runs in range(11):
        ours = completing([1] * runs)
        found.append(together([*usual, ours - whole]).apart(ours, whole, SHARES))
    widths = [each.hi - each.lo for each in found]
    assert all(wider >= 0.97 * narrower for narrower, wider in pairwise(widths))
    assert 1 < widths[0] < widths[1] < widths[10] < 2.5
    assert all(each.lo < each.mean < each.hi <= 0.6 for each in found[1:])


def test_tasks_that_broke_in_one_run_at_once_tell_of_one_run():
    """Half of those of one run in five: taken for independent ones they hold what is done in few draws only."""
    draws, held = np.random.default_rng(12), {"clustered": 0, "independent": 0}
    for _ in range(ROUNDS):
        broken = draws.binomial(115, np.where(draws.random(10) < 0.2, 0.5, 0.0))
        ours = completing(broken if broken.any() else [57])
        for name, (lo, hi) in {"clustered": clustered(ours, 0.05), "independent": trials(*ours.counted, 0.05)}.items():
            held[name] += lo <= 90 <= hi
    assert held["clustered"] > ROUNDS * CONFIDENCE - 4 * sqrt(ROUNDS * CONFIDENCE * (1 - CONFIDENCE))
    assert held["independent"] < ROUNDS / 2


def test_differences_hold_together_whatever_kind_they_are_of():
    """Normal and skewed ones, shares that few tasks make up, hours that few runs lose: what varies holds all at once.

    And the shares, of which old bounds reached over half of what can be, to within a tenth of it.
    """
    draws, whole, held, widths = np.random.default_rng(9), completing([]), 0, []
    for _ in range(40):
        values = [*draws.normal(0, 1, (4, 10)), *draws.lognormal(0, 0.5, (4, 10)) - np.exp(1 / 8)]
        pairs = [(known(each + 9), known([9.0] * 10), NO_LIMITS, 0.0) for each in values]
        pairs.append((completing(draws.binomial(115, 0.003, 10)), whole, SHARES, -0.3))
        pairs.append((known(np.where(draws.random(10) < 0.3, 12.0, 24.0)), known([24.0] * 10), (0.0, 24.0), -3.6))
        family = together([ours - theirs for ours, theirs, *_ in pairs])
        found = [(family.apart(ours, theirs, limits), truth) for ours, theirs, limits, truth in pairs]
        held += all(each.lo <= truth <= each.hi for each, truth in found if not each.steady)
        widths.append(found[8][0].hi - found[8][0].lo)
    assert held >= 40 * CONFIDENCE - 3
    assert max(widths) < 10


def test_no_difference_passes_what_the_two_can_be():
    """Nobody asks less than who never asks, and what two share in nine of ten runs is close in the tenth."""
    draws = np.random.default_rng(3)
    asked, none, usual = known(draws.lognormal(3, 0.5, 10)), known([0.0] * 10), known(draws.normal(0, 1, 10))
    reaching = together([asked - none, *(known(each) for each in draws.normal(0, 1, (9, 10)))])
    found = reaching.apart(asked, none, (0.0, inf))
    assert reaching.interval(asked - none).lo < 0 == found.lo < found.mean < found.hi
    assert not found.excludes_zero
    hours = draws.normal(16, 0.01, 10)
    one, other = known(hours), known(hours + np.array([0.0] * 9 + [0.001]))
    close = together([usual, one - other]).apart(one, other, (0.0, 24.0))
    assert -0.1 < close.lo < close.mean < 0 < close.hi < 0.1


def test_where_nothing_is_within_reach_no_change_has_an_interval(recwarn):
    """A family that can judge nothing says by how much a value changed, and no limits; and says it quietly."""
    still, moving = known(np.full(6, 2.0)), known(np.array([1.0, 2, 3, 4, 5, 6]))
    for ours, theirs in ((still, still), (moving, still)):
        change = Family(1, 0, inf).change(ours, theirs)
        assert change is None or (isnan(change.lo) and isnan(change.hi))
    assert [str(each.message) for each in recwarn] == []


@pytest.mark.parametrize("reach", [1.0, 2.5])
@pytest.mark.parametrize("seed", range(5))
def test_a_relative_change_is_what_the_replications_do_not_contradict(seed, reach):
    """Its ends are the ratios at which ours less so much of theirs lies just as far from zero as it reaches."""
    draws = np.random.default_rng(seed)
    theirs = draws.normal(7, 1, 12)
    ours = draws.normal(3, 1, 12) + 0.5 * (theirs - 7)
    change = Family(1, 0, reach).change(known(ours), known(theirs))

    def away(ratio):
        left = ours - ratio * theirs
        return abs(left.mean()) / (left.std(ddof=1) / sqrt(len(left)))

    assert change.mean == pytest.approx(ours.mean() / theirs.mean() - 1)
    assert [away(1 + end) for end in (change.lo, change.hi)] == pytest.approx([reach, reach])
    assert away(1 + change.mean) < 1e-9 < reach < min(away(0.9 + change.lo), away(1.1 + change.hi))


def test_nothing_is_relative_to_what_has_no_end():
    """A change is judged by no pivot where a baseline, or the quantity itself, may be anything above."""
    some, open_ = known(np.array([1.0, 2.0, 3.0])), limited([1.0, 2.0, 3.0], [2.0, inf, 4.0])
    assert pivot(some, some) is not None
    assert pivot(open_, some) is None
    assert pivot(some, open_) is None
    assert pivot(some, known(np.zeros(3))) is None


def studentized(values):
    """How far the mean of each resample lies from that of all, in the standard error of what was drawn."""
    drawn = [np.repeat(values, times.astype(int)) for times in resamples(len(values))]
    with np.errstate(divide="ignore"):
        return [abs(each.mean() - np.mean(values)) / (each.std(ddof=1) / sqrt(len(values))) for each in drawn]


def test_what_varies_in_every_run_reaches_as_far_as_95_percent_of_resamples_do():
    """The greatest distance of any member, each resample divided by its own error, of n - 1 that differ: one by one."""
    values = np.random.default_rng(8).normal(size=(3, 9))
    greatest = np.max([studentized(each) for each in values], axis=0)
    assert together([known(each) for each in values]).reach == pytest.approx(
        np.quantile(greatest, 0.95, method="higher")
    )


def test_of_two_kinds_each_has_half_of_the_error():
    """What is the same in five of ten reaches as far as 97.5 % of its resamples, and what varies as far as of its."""
    usual, often = np.random.default_rng(8).normal(size=10), np.array([0.0] * 5 + [1.0, 2.0, 3.0, 4.0, 5.0])
    family = together([known(usual), known(often)])
    both = [np.quantile(studentized(each), 0.975, method="higher") for each in (usual, often)]
    assert [family.reach, family.lumpy] == pytest.approx(both)
    assert both[0] > np.quantile(studentized(usual), 0.95, method="higher")


def test_what_is_no_mean_is_divided_by_errors_that_scatter():
    """Of a quantile a resample has no error of its own: it is as uncertain as those of normal samples are, by chi."""
    drawn = np.random.default_rng(2).normal(3, 1, RESAMPLES)
    end = np.concatenate([[3.0], np.arange(10.0), drawn])
    error, chi = drawn.std() * sqrt(10 / 9), np.sqrt(np.random.default_rng(10).chisquare(9, RESAMPLES) / 9)
    away = np.abs(drawn - 3) / error / chi
    assert _distances(end, 10) == pytest.approx(away)
    alone = together([Quantity(end, end, 10)]).reach
    assert alone == pytest.approx(np.quantile(away, 0.95, method="higher"))
    assert alone > 1.05 * np.quantile(np.abs(drawn - 3) / error, 0.95)


def test_standard_errors_of_the_normal_law_scatter_as_chi_does():
    """With one degree of freedom less than there are replications: the mean is one, the variance two over these."""
    squares = _scatter(6) ** 2
    near = 4 * sqrt(2 / 5 / len(squares))
    assert squares.mean() == pytest.approx(1, abs=near)
    assert squares.var() == pytest.approx(2 / 5, rel=0.2)
