"""How many replications would do: in four of five draws of so many, by SciPy's law of t and by drawing them."""

from dataclasses import replace
from math import ceil, inf, isnan, nan, sqrt

import numpy as np
import pytest
from scipy import special, stats

from analysis.enough import needed, others, others_within
from analysis.family import Family, together
from analysis.statistics import CONFIDENCE, Interval, interval, known, within

OFTEN, DRAWS = 0.8, 4000
# Four standard errors of a share of `DRAWS`, and what a count that is whole, and a spread that varies, may add.
NEAR = 4 * sqrt(OFTEN * (1 - OFTEN) / DRAWS) + 0.02


def told(mean, size, claims=1):
    """An interval of values of spread 1, one of so many that hold together by Bonferroni."""
    reach = float(stats.t.ppf(1 - (1 - CONFIDENCE) / 2 / claims, size - 1))
    half = reach / sqrt(size)
    return Interval(mean, mean - half, mean + half, size, reach=reach if claims > 1 else nan, among=claims)


def power(mean, size, claims):
    """How often so many replications settle the sign, by the noncentral law of t."""
    reach = stats.t.ppf(1 - (1 - CONFIDENCE) / 2 / claims, size - 1)
    return float(stats.nct.sf(reach, size - 1, abs(mean) * sqrt(size)))


@pytest.mark.parametrize("claims", [1, 5, 40])
@pytest.mark.parametrize(("size", "mean"), [(6, 0.9), (6, -0.7), (10, 0.5), (10, -0.2), (40, 0.05)])
def test_so_many_others_settle_a_sign(size, mean, claims):
    """In four of five draws, neither more nor fewer, on either side of zero, also of a sign that shares its error."""
    found = told(mean, size, claims)
    assert power(mean, others(found), claims) == pytest.approx(OFTEN, abs=0.03)


def settling(mean, squares, size):
    """Whether Student's interval settles a sign, of so many values with this mean and sum of squares about it."""
    return np.abs(mean) * np.sqrt(size) >= special.stdtrit(size - 1, 0.975) * np.sqrt(squares / (size - 1))


def test_others_settle_a_sign_that_is_not_there_as_seldom_as_is_said():
    """Where ten of a normal law about zero ask for at most fifty, these err in 5 %, and both together in twice as many.

    By the law of their mean and of their spread, which are apart (Student 1908), and of two samples put together.
    """
    draws, size, rounds = np.random.default_rng(4), 10, 100_000
    mean, squares = draws.normal(size=rounds) / sqrt(size), draws.chisquare(size - 1, rounds)
    half = special.stdtrit(size - 1, 0.975) * np.sqrt(squares / (size - 1) / size)
    shares = np.linspace(0.01, 0.999, 200)
    asked = np.ceil(np.interp(np.abs(mean) / half, shares, [others(Interval(x, x - 1, x + 1, size)) for x in shares]))
    told_ = (np.abs(mean) < half) & (asked <= 50)
    mean, squares, many = mean[told_], squares[told_], asked[told_]
    theirs, scattered = draws.normal(size=many.size) / np.sqrt(many), draws.chisquare(many - 1)
    alone = settling(theirs, scattered, many).mean()
    more = many - size
    theirs, scattered = draws.normal(size=many.size) / np.sqrt(more), draws.chisquare(more - 1)
    apart = size * more / many * (mean - theirs) ** 2
    both = settling((size * mean + more * theirs) / many, squares + scattered + apart, many).mean()
    error = 4 * sqrt(0.05 * 0.95 / many.size)
    assert abs(alone - 0.05) < error
    assert abs(both - 0.108) < 2 * error


def test_what_is_settled_needs_none():
    """An interval that leaves out zero, or lies within what it has to, is enough."""
    assert others(Interval(2.0, 1.0, 3.0, 10)) == 0
    assert others_within(Interval(0.1, -0.4, 0.6, 10), 1.0) == 0


def test_what_just_settles_a_sign_needs_none():
    """The interval begins at zero, or ends there."""
    assert others(Interval(2.0, 0.0, 4.0, 10)) == others(Interval(-2.0, -4.0, 0.0, 10)) == 0


def test_what_is_cut_needs_as_many_as_if_it_were_not():
    """A value that is rarely large, less one that never is: neither is below zero, which says nothing of the spread.

    In four of five cases by the noncentral law of t, as in all.
    """
    ours, theirs = (
        known([1.0, 2.0, 1.5, 0.5, 1.0, 2.5, 1.5, 110.0, 2.0, 3.0]),
        known([1.5, 2.0, 2.5, 1.0] * 2 + [3.0, 0.5]),
    )
    apart = interval(ours - theirs)
    cut = within(apart, *(interval(each, (0.0, inf)) for each in (ours, theirs)))
    half, spread = apart.hi - apart.mean, np.std((ours - theirs).least[1:11], ddof=1)
    assert cut.mean - cut.lo < half / 1.5
    assert power(apart.mean / spread, others(cut), 1) == pytest.approx(OFTEN, abs=0.03)
    assert [needed(cut, half / 2), others_within(cut, 60.0)] == [needed(apart, half / 2), others_within(apart, 60.0)]


def test_members_of_a_family_need_no_more_than_they_do():
    """Of nine that hold together, half a spread from zero, so many others settle one about as often as is said.

    To scale the reach that ten replications need down with the root of their number asks for twice as many.
    """
    draws, settled, sizes = np.random.default_rng(2), [], []
    for _ in range(60):
        family = together([known(each) for each in draws.normal(0, 1, (9, 10))])
        half = family.reach / sqrt(10)
        size = others(Interval(0.5, 0.5 - half, 0.5 + half, 10, reach=family.reach, among=9))
        members = [known(each) for each in draws.normal([[0.5]] + [[0.0]] * 8, 1, (9, size))]
        settled.append(together(members).interval(members[0]).excludes_zero)
        sizes.append(size)
    assert OFTEN - 4 * sqrt(OFTEN * (1 - OFTEN) / 60) < np.mean(settled)
    assert np.median(sizes) < 75


def reach_of_normal(members, size):
    """How far so many normal members that know nothing of each other reach, in the middle of nine families."""
    draws = np.random.default_rng(size)
    return np.median([together([known(each) for each in draws.normal(0, 1, (members, size))]).reach for _ in range(9)])


@pytest.mark.parametrize(("members", "mean"), [(9, 0.5), (20, 0.7), (20, 1.2)])
def test_members_that_reach_further_than_bonferronis_need_what_these_do(members, mean):
    """Ten replications make a family reach too far; so many others as are told settle a sign in four of five cases.

    Where the error of ten was kept whatever their number, in nine of ten.
    """
    half = reach_of_normal(members, 10) / sqrt(10)
    size = others(Interval(mean, mean - half, mean + half, 10, reach=half * sqrt(10), among=members))
    settled = stats.nct.sf(reach_of_normal(members, size), size - 1, mean * sqrt(size))
    assert settled == pytest.approx(OFTEN, abs=0.05)


@pytest.mark.parametrize("claims", [1, 40])
@pytest.mark.parametrize(("mean", "beyond"), [(0.0, 0.5), (0.1, 0.4), (-0.3, 0.6)])
def test_so_many_others_show_that_a_mean_is_near_zero(mean, beyond, claims):
    """In four of five draws the whole interval lies within, and of a mean of zero too."""
    size = int(others_within(told(mean, 10, claims), beyond))
    draws = np.random.default_rng(8).normal(mean, 1, (DRAWS, size))
    reach = stats.t.ppf(1 - (1 - CONFIDENCE) / 2 / claims, size - 1) * draws.std(axis=1, ddof=1) / sqrt(size)
    assert (np.abs(draws.mean(axis=1)) + reach <= beyond).mean() == pytest.approx(OFTEN, abs=NEAR)


def test_so_many_that_the_width_just_fits_show_nothing():
    """Where the mean is zero an interval as wide as what it has to lie within lies there never: so it was reckoned."""
    half = told(0.0, 10).hi
    size = round(10 * (half / 0.5) ** 2)
    draws = np.random.default_rng(8).normal(0, 1, (DRAWS, size))
    reach = stats.t.ppf(0.975, size - 1) * draws.std(axis=1, ddof=1) / sqrt(size)
    assert (np.abs(draws.mean(axis=1)) + reach <= 0.5).mean() < 0.5
    assert others_within(told(0.0, 10), 0.5) > 1.5 * size


def test_what_did_not_vary_needs_what_its_trials_do():
    """A difference of none in every run has the width of its trials, which falls with their number."""
    assert others_within(Interval(0.0, -3.0, 3.0, 10, steady=True, by_trials=True), 1.0) == 30


def test_what_few_tasks_make_up_needs_what_its_trials_do():
    """Four tasks in a thousand broke in three runs of ten: so many others show in four of five cases that it is 1 %.

    By the spread between runs, whose interval of so few is wide on one side, five times as many were asked for.
    """

    def completing(broken):
        lost = np.array(broken, dtype=float)
        counted = int(115 * lost.size - lost.sum()), 115 * lost.size
        return replace(known(100 - 100 * lost / 115), counted=counted)

    def apart(broken):
        ours, whole = completing(broken), completing([0] * len(broken))
        return Family(42, 2, 7.9).apart(ours, whole, (0.0, 100.0))

    size = int(others_within(apart([2, 1, 1] + [0] * 7), 1.0))
    draws = np.random.default_rng(1).binomial(115, 4 / 1150, (60, size))
    shown = [each.lo >= -1 and each.hi <= 1 for each in map(apart, draws)]
    assert np.mean(shown) == pytest.approx(OFTEN, abs=0.16)
    assert size < 50


def test_no_number_of_replications_settles_what_limits_leave_open():
    """A mean of zero, or limits on both sides of it, stay where they are, and so does what lies too far away."""
    assert isnan(others(Interval(0.0, -1.0, 1.0, 10)))
    assert isnan(others(Interval(-1.0, -2.0, 4.0, 10, most=3.0)))
    assert others(Interval(1.0, -1.0, 9.0, 10, most=8.0)) == others(Interval(1.0, -1.0, 3.0, 10)) > 30
    assert isnan(others_within(Interval(2.0, 1.0, 3.0, 10), 2.0))
    assert isnan(others_within(Interval(0.0, -1.0, 2.0, 10, most=1.0), 0.5))


def test_of_a_spread_that_is_not_known_no_number_is_told():
    """What varied in one run of ten may do so more often, and by as much as can be: nothing is reckoned from that."""
    rare = known([0.0] * 9 + [1.0])
    family = together([rare, known(np.arange(10.0))])
    found = family.interval(rare, (-100.0, 100.0))
    assert -100 < found.lo < -10
    assert found.reach == inf
    assert isnan(others(found))
    assert isnan(others_within(found, 1.0))


def test_what_hardly_differs_from_zero_takes_too_many():
    """A millionth of a spread is told by no number of replications that anybody would run."""
    assert isnan(others(told(1e-9, 10)))


def student(values):
    """Student's interval of some values, by hand."""
    size, mean = len(values), np.mean(values)
    half = stats.t.ppf((1 + CONFIDENCE) / 2, size - 1) * np.std(values, ddof=1) / sqrt(size)
    return Interval(mean, mean - half, mean + half, size)


def stopped(rule, rounds=4000, within=0.45):
    """How often the interval of a rule holds the mean of a normal law, and how often it is as narrow as is wanted."""
    draws = np.random.default_rng(5)
    found = [rule(draws.standard_normal, within) for _ in range(rounds)]
    return np.mean([each.lo <= 0 <= each.hi for each in found]), np.mean(
        [each.hi - each.mean <= within for each in found]
    )


def piloted(draw, within):
    """A pilot of ten, then as many others as it says."""
    return student(draw(int(needed(student(draw(10)), within))))


def reused(draw, within):
    """A pilot of ten, which is counted too."""
    pilot = draw(10)
    return student([*pilot, *draw(max(0, int(needed(student(pilot), within)) - 10))])


def peeked(draw, within):
    """One more, until it is narrow enough."""
    values = list(draw(4))
    while (found := student(values)).hi - found.mean > within:
        values.extend(draw(1))
    return found


def test_intervals_after_a_pilot_hold_as_often_as_they_say():
    """95 % of them, within what the rounds tell; fewer where the pilot is counted, or one looks after each of them."""
    error = 3.1 * sqrt(CONFIDENCE * (1 - CONFIDENCE) / 4000)
    holds, narrow = stopped(piloted)
    assert abs(holds - CONFIDENCE) < error
    # Two of three, as is said.
    assert 0.6 < narrow < 0.75
    assert stopped(reused)[0] < CONFIDENCE - error
    assert stopped(peeked, 1000)[0] < CONFIDENCE - 2 * error


def test_a_pilot_of_what_is_skewed_tells_too_few_as_often_as_not():
    """Of a lognormal law with a spread of 1, whose rare values a pilot of ten mostly does not meet."""
    draws = np.random.default_rng(7)
    found = [piloted(lambda size: draws.lognormal(0, 1, size), 1) for _ in range(2000)]
    assert 0.4 < np.mean([each.hi - each.mean <= 1 for each in found]) < 0.6


def test_a_short_pilot_tells_as_many_as_members_that_hold_together_need():
    """Two of three pilots of six tell enough for one of nine, half again as many as it takes: by the law of t.

    Nine that know nothing of each other hold together at 95 % if each does at the ninth root of that (Sidak 1967). To
    scale the reach of six replications asked for ten times as many, one alone for too few.
    """
    within, draws = 0.45, np.random.default_rng(6)
    error = (1 - CONFIDENCE ** (1 / 9)) / 2
    takes = next(size for size in range(9, 99) if stats.t.isf(error, size - 1) / sqrt(size) <= within)
    asked = []
    for _ in range(70):
        members = [known(each) for each in draws.normal(0, 1, (9, 6))]
        family = together(members)
        asked.append(needed(family.interval(members[0]), within))
    assert 1.2 * takes < np.median(asked) < 2 * takes
    assert 0.6 < np.mean(np.array(asked) >= takes) < 0.85


def test_members_that_move_together_need_what_one_does():
    """Their reach is that of one alone, less than Bonferroni's, and so is the number that it takes."""
    pilot = told(2.0, 10)
    assert (
        needed(pilot, 0.1)
        == needed(replace(pilot, reach=stats.t.ppf(0.975, 9), among=9), 0.1)
        == ceil(10 * (pilot.hi - 2) ** 2 / 0.01)
    )


def test_of_what_is_open_or_does_not_vary_no_number_is_told():
    """A quarter of the width takes sixteen times as many; limits may be open above or below, a spread not be known."""
    assert needed(Interval(2.0, 1.6, 2.4, 10), 0.1) == 160
    assert needed(Interval(2.0, 1.9, 2.5, 10, most=2.3), 0.101) == 40
    assert isnan(needed(Interval(2.0, 1.6, inf, 10, most=inf), 0.1))
    assert isnan(needed(Interval(-inf, -inf, 5.0, 10, most=4.0), 0.1))
    assert isnan(needed(Interval(2.0, -inf, inf, 10, reach=inf), 0.1))
    assert isnan(needed(Interval(2.0, 0.0, 9.0, 10, reach=inf), 0.1))
    assert needed(Interval(2.0, 1.0, 3.0, 10), 1e-9) == 10**12
    assert needed(Interval(2.0, 1.0, 3.0, 10), 1e9) == 2
    assert isnan(needed(Interval(0.0, 0.0, 0.0, 10, steady=True), 0.1))
    assert isnan(needed(Interval(nan, nan, nan, 10), 0.1))
