"""How many observations are worth as much as those that hang together: by hand, by brute force, and by theory."""

from fractions import Fraction
from math import inf, sqrt

import numpy as np
import pytest
from scipy import stats

from analysis.family import together
from analysis.pooled import Pool, effective, needed, quantile, tail_mean
from analysis.statistics import interval, known

SHARE = 0.95
PART = Fraction(1, 20)
ROUNDS = 200
BARE = needed(SHARE)


def closed(values):
    """Observations all of which came to their end."""
    return Pool(np.asarray(values, float), np.asarray(values, float))


def late(*counts, of=400):
    """Replications of so many observations each, all different, so many of them late."""
    return [closed([*range(n, of), *range(10**6, 10**6 + n)] + np.arange(of) / 1000 + run / 10**4)
            for run, n in enumerate(counts)]  # fmt: skip


@pytest.mark.parametrize(
    ("counts", "worth"),
    [
        ((20, 20), 800),
        # Each leaves out what is 4 of 400 away: half of twice (1/100)², of 0.05 x 0.95.
        ((24, 16), 475),
        ((25, 15), 304),
        # All that is late is of one: half of twice (1/20)².
        ((40, 0), 19),
        # Of four, 40 of 1200 are late without the first, 80 without the second and 60 without another: each of two is
        # 1/60 away, and of their squares three quarters count.
        ((40, 0, 20, 20), 114),
    ],
)
def test_by_hand(counts, worth):
    """What leaving out a replication does to the share that is late, squared and added up."""
    pools = late(*counts)
    assert effective(pools, SHARE, "limits") == pytest.approx(worth)
    told = quantile(pools, SHARE, "limits"), tail_mean(pools, SHARE)
    assert [each is not None for each in told] == [worth >= BARE] * 2
    assert all(each is not None for each in (quantile(pools, SHARE, "limits", 0), tail_mean(pools, SHARE, 0)))


def test_of_one_replication_they_count_as_they_are():
    """Nobody knows how much others would differ: what is known of one day is said of it as before."""
    [one] = late(20)
    assert effective([one], SHARE, "limits") == 400
    assert quantile([one], SHARE, "limits") is not None


def test_where_one_of_several_has_any_they_are_one():
    """That it has so many, and the others have nothing, is the one thing that is known of how replications differ."""
    [one], nothing = late(100, of=2000), closed([])
    assert effective([one, nothing, nothing], SHARE, "limits") == 1
    assert quantile([one, nothing, nothing], SHARE, "limits") is None
    assert effective([nothing, nothing], SHARE, "limits") == 0
    assert effective([], SHARE, "limits") == 0


def test_never_more_than_there_are_nor_less_than_one_of_each():
    """Replications more alike than chance makes them are no more than their rows; rows of one each are independent."""
    assert effective(late(20, 20, 20), SHARE, "limits") == 1200
    ones = [closed([n]) for n in range(BARE)]
    assert effective(ones, SHARE, "limits") == BARE
    assert quantile(ones, SHARE, "limits") is not None
    # One of a thousand rows and forty of one: without it, two in forty are left where it has one in twenty.
    crowd = [*late(50, of=1000), *(closed([10**7 if n < 20 else n]) for n in range(40))]
    assert effective(crowd, SHARE, "limits") == 41


def dropped(runs, share=PART):
    """By brute force, in fractions: rows are late by their place among all, and then replications are left out."""
    every = [x for run in runs for x in run]
    at = next(x for x in sorted(set(every)) if sum(y > x for y in every) <= share * len(every))
    part = (share * len(every) - sum(x > at for x in every)) / Fraction(every.count(at))
    beyond = [[Fraction(1) if x > at else part if x == at else Fraction(0) for x in run] for run in runs]
    squares = Fraction(0)
    for n, run in enumerate(runs):
        others = [x for m, each in enumerate(beyond) if m != n for x in each]
        squares += (sum(others) / len(others) - share) ** 2 if run else 0
    variance = Fraction(len(runs) - 1, len(runs)) * squares
    worth = share * (1 - share) / variance if variance else len(every)
    return max(sum(map(bool, runs)), min(len(every), worth))


@pytest.mark.parametrize("seed", range(8))
def test_of_unequal_replications_with_many_alike(seed):
    """Some with nothing, and values that lie at the quantile."""
    draws = np.random.default_rng(seed)
    runs = [draws.integers(0, 30, size).tolist() for size in draws.integers(0, 60, 6)]
    found = effective(list(map(closed, runs)), SHARE, "limits")
    assert found == pytest.approx(float(dropped(runs)))
    assert sum(map(bool, runs)) <= found <= sum(map(len, runs))


def survival(least, ended, until):
    """Kaplan and Meier's curve just before a time and at it, step by step."""
    before = left = 1.0
    for time in sorted(t for t in set(least) if t <= until):
        at_risk = sum(each >= time for each in least)
        before, left = left, left * (1 - sum(e and t == time for t, e in zip(least, ended, strict=True)) / at_risk)
    return before, left


@pytest.mark.parametrize(("longest", "falls"), [(60, True), (12, False)])
def test_what_left_early_counts_for_less(longest, falls):
    """By brute force, of days of which some are twice as long; also where the curve does not fall far enough."""
    draws = np.random.default_rng(6)
    ends = np.floor(draws.integers(1, 25, (6, 60)) * np.linspace(0.7, 1.4, 6)[:, None])
    seen = draws.integers(1, longest, (6, 60)).astype(float)
    ended = ends <= seen
    least = np.minimum(ends, seen)
    pools = [Pool(t, np.where(e, t, inf)) for t, e in zip(least, ended, strict=True)]
    every, all_ended = least.ravel().tolist(), ended.ravel().tolist()
    assert (survival(every, all_ended, max(every))[1] <= 0.2) is falls
    at = next((t for t in sorted(set(every)) if survival(every, all_ended, t)[1] <= 0.2), max(every))
    before, after = survival(every, all_ended, at)
    part = max(0.0, (0.2 - after) / (before - after)) if after < before else 0.0
    whole = part * before + (1 - part) * after
    squares = 0.0
    for n in range(6):
        one, two = survival(np.delete(least, n, 0).ravel().tolist(), np.delete(ended, n, 0).ravel().tolist(), at)
        squares += (part * one + (1 - part) * two - whole) ** 2
    worth = whole * (1 - whole) / (squares * 5 / 6)
    assert effective(pools, 0.8, "kaplan-meier") == pytest.approx(worth)
    assert 6 < worth < 360


def test_what_is_open_counts_by_the_end_that_is_less_sure():
    """All that may be long is of one replication: what is surely long is of both."""
    [a, b] = late(20, 20)
    most = a.most.copy()
    most[:40] = inf
    assert effective([a, b], SHARE, "limits") == 800
    assert effective([Pool(a.least, most), b], SHARE, "limits") == pytest.approx(19)


# ------------------------------------------------------------------------------------------------- against theory

RUNS, SIZE = 50, 40


@pytest.mark.parametrize("apart", [0.5, 1.0])
def test_it_is_what_theory_says(apart):
    """Of normal days deff is 1 + (m - 1) times the correlation of being late, of two of one day (Kish)."""
    draws, found = np.random.default_rng(9), []
    for _ in range(ROUNDS):
        days = apart * draws.normal(size=(RUNS, 1)) + draws.normal(size=(RUNS, SIZE))
        found.append(1 / effective(list(map(closed, days)), SHARE, "limits"))
    same = apart**2 / (1 + apart**2)
    late_both = stats.multivariate_normal.cdf([stats.norm.ppf(0.05)] * 2, cov=[[1, same], [same, 1]])
    alike = (late_both - 0.05**2) / (0.05 * 0.95)
    wanted = (1 + (SIZE - 1) * alike) / (RUNS * SIZE)
    assert np.mean(found) == pytest.approx(wanted, abs=4 * np.std(found) / sqrt(ROUNDS) + 0.02 * wanted)
    assert wanted > 3 / (RUNS * SIZE)


def days(apart, rounds=ROUNDS, runs=10, size=60):
    """Draws of replications each of which has a good or a bad day."""
    draws = np.random.default_rng(4)
    for _ in range(rounds):
        yield [closed(np.exp(apart * draws.normal() + draws.normal(size=size))) for _ in range(runs)]


def told_and_missed(apart):
    """How many of a hundred draws bear a 95th percentile, and are wrong about it; and how many are, refused or not."""
    true, told, wrong, all_wrong = float(np.exp(1.6448536 * sqrt(1 + apart**2))), 0, 0, 0
    for pools in days(apart):
        found = interval(quantile(pools, SHARE, "limits", tail=0))
        misses, bears = not found.lo <= true <= found.hi, quantile(pools, SHARE, "limits") is not None
        told, wrong, all_wrong = told + bears, wrong + (bears and misses), all_wrong + misses
    return tuple(100 * each / ROUNDS for each in (told, wrong, all_wrong))


def test_days_that_hang_together_do_not_bear_what_their_rows_would():
    """Ten rough days of sixty: by rows each draw would do, and one in seven be wrong; now next to none is told."""
    told, wrong, all_wrong = told_and_missed(0.8)
    assert all(sum(len(each.least) for each in pools) >= BARE for pools in days(0.8, rounds=3))
    assert told < 5
    assert wrong < 3
    assert all_wrong > 10


def test_what_is_independent_mostly_bears_it():
    """Of six hundred rows of ten days that are alike a few draws are refused: how days differ, ten tell roughly."""
    told, wrong, _ = told_and_missed(0)
    assert 75 < told < 95
    assert wrong < 6


def seen_in(have, runs=10):
    """Ten runs of which only some have any, each by a day's luck."""
    draws = np.random.default_rng(7)
    return [closed(draws.normal() / 10 + draws.normal(size=400 if run < have else 0)) for run in range(runs)]


@pytest.mark.parametrize(
    ("have", "runs", "told"), [(5, 10, False), (6, 10, True), (5, 5, True), (4, 5, True), (1, 1, True)]
)
def test_fewer_than_six_that_have_any_tell_nothing_of_others(have, runs, told):
    """Of six replications or more; of fewer there is a value, whose interval claims nothing."""
    assert (quantile(seen_in(have, runs), SHARE, "limits", 0) is not None) is told
    assert (tail_mean(seen_in(have, runs), SHARE, 0) is not None) is told


@pytest.mark.parametrize("estimated", [quantile, tail_mean])
def test_an_interval_reaches_as_far_as_of_those_that_have_any(estimated):
    """Six of ten have five degrees of freedom, alone and beside others, in a difference too; all ten have nine."""
    how = ("limits", 0) if estimated is quantile else (0,)
    six, ten = (estimated(seen_in(have), SHARE, *how) for have in (6, 10))
    error = float(six.least[11:].std()) * sqrt(10 / 9)
    assert interval(six).hi - interval(six).mean == pytest.approx(stats.t.ppf(0.975, 5) * error)
    assert (six.telling, (six - ten).telling, (ten - six).telling, ten.telling) == (6, 6, 6, 10)
    family = together([six, known(np.arange(10.0))])
    wider = stats.t.ppf(0.975, 5) / stats.t.ppf(0.975, 9)
    assert family.reach_of(six) == pytest.approx(wider * family.reach)
    assert family.reach_of(ten) == family.reach
    assert family.interval(six).reach == family.reach_of(six)


def test_one_row_sixty_times_is_one_row():
    """Ten values, each of which its whole day has, are no six hundred."""
    draws = np.random.default_rng(1)
    for _ in range(20):
        pools = [closed(np.full(60, each)) for each in draws.normal(size=10)]
        assert 10 <= effective(pools, SHARE, "limits") < 20
        assert quantile(pools, SHARE, "limits") is None
