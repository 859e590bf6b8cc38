"""The worst part of the laws of several runs together: by its other definition, and its interval on known laws."""

from fractions import Fraction
from itertools import accumulate, chain, pairwise
from math import exp, inf, sqrt
from statistics import NormalDist

import numpy as np
import pytest

from analysis.measures.examination import examine
from analysis.measures.measure import MeasureError, find, load
from analysis.pooled import Pool, cvar, pooled
from analysis.samples import measured
from analysis.statistics import CONFIDENCE, RESAMPLES, interval, resamples
from tests.ledgers import DAY, UNKNOWN, Credential, Ledger, store_of

SHARE = 0.95
PART = Fraction(1, 20)
NORMAL = NormalDist()
ROUNDS = 400
NEAR = 4 * sqrt(CONFIDENCE * (1 - CONFIDENCE) / ROUNDS)
MONEY = Fraction(100 * 40, 60)


def law(values, weights):
    """The law of one run."""
    values = np.asarray(values, float)
    return Pool(values, values, np.asarray(weights, float))


def minimised(mixture, part=PART):
    """What lies beyond a threshold, over the part, and the threshold, at the threshold where that is least.

    Rockafellar and Uryasev's other definition, which sorts nothing and takes no value in parts.
    """
    return min(z + sum(w * max(0, x - z) for x, w in mixture) / part for z, _ in mixture)


def drawn(draws, runs):
    """Laws of whole numbers, many alike, each of another mass; as (value, weight) for each run."""
    sizes = draws.integers(1, 9, runs)
    return [[(int(x), int(w)) for x, w in zip(draws.integers(0, 12, n), draws.integers(1, 50, n), strict=True)]
            for n in sizes]  # fmt: skip


def mixed(laws, times):
    """So often each of some laws, each as likely: one law in fractions."""
    of = int(sum(times))
    return [(x, Fraction(int(n), of) * Fraction(w, sum(w for _, w in each)))
            for n, each in zip(times, laws, strict=True) for x, w in each if n]  # fmt: skip


def test_of_two_runs_the_worst_part_is_of_both_together():
    """Of 10 throughout and of 0 throughout every twentieth that is the worst is 10; the mean of theirs is 5."""
    high, low = law([10], [1]), law([0], [1])
    assert cvar([high, low], SHARE).least[0] == 10
    assert np.mean([cvar([each], SHARE).least[0] for each in (high, low)]) == 5


@pytest.mark.parametrize("seed", range(5))
def test_it_is_the_least_over_thresholds(seed):
    """The value, what each run adds, and any resample, in fractions, by the definition that sorts nothing."""
    draws = np.random.default_rng(seed)
    laws = drawn(draws, 7)
    found = cvar([law(*zip(*each, strict=True)) for each in laws], SHARE)
    value = float(minimised(mixed(laws, np.ones(7, int))))
    without = np.array([float(minimised(mixed(laws, 1 - np.eye(7, dtype=int)[n]))) for n in range(7)])
    assert found.least[0] == pytest.approx(value, rel=1e-12)
    assert found.parts == pytest.approx(value + 6 * (without.mean() - without), rel=1e-9)
    for n in draws.integers(0, RESAMPLES, 20):
        times = resamples(7)[n].astype(int)
        assert found.least[8 + n] == pytest.approx(float(minimised(mixed(laws, times))), rel=1e-12)


def test_of_all_that_there_is_it_is_the_mean_over_runs():
    """Whoever comes to any run comes to a long one no more often: what a law is much of weighs no more."""
    short, long = law([1, 3], [1, 1]), law([10, 20], [300, 100])
    assert cvar([short, long], 0.0).least[0] == pytest.approx((2 + 12.5) / 2)


def test_where_a_run_has_no_law_nothing_is_told():
    """No more than a mean is where one of its values is unknown."""
    assert cvar([law([1], [1]), law([], [])], SHARE) is None
    assert cvar([law([1], [1]), law([1], [0])], SHARE) is None
    assert cvar([Pool(np.ones(500), np.ones(500))], SHARE) is None
    assert cvar([], SHARE) is None


def test_a_law_is_not_too_little():
    """Of one run with one value it is told, where twenty observations would have to lie beyond a quantile."""
    assert pooled([law([4], [0.5])], SHARE, "cvar").least[0] == 4
    assert pooled([Pool(np.full(399, 4.0), np.full(399, 4.0))], SHARE, "tail-mean") is None


# ------------------------------------------------------------------------------------------- intervals on known laws

# How much what happens in a run differs, by the logarithm, unless it is said.
WITHIN = 0.5


def lognormal(within=WITHIN):
    """A lognormal law in cells, each with its mass and its mean, finer where it is the worst."""
    edges = np.concatenate([[0.0], np.linspace(0.5, 0.99, 50), np.linspace(0.991, 1, 10)])
    at = [-inf, *(NORMAL.inv_cdf(edge) for edge in edges[1:-1]), inf]
    mass = np.diff(edges)
    beyond = np.array([NORMAL.cdf(within - each) if abs(each) < inf else float(each < 0) for each in at])
    return exp(within**2 / 2) * -np.diff(beyond) / mass, mass


def true(between, within=WITHIN):
    """Of all runs that there could be: products of lognormal factors are lognormal."""
    spread = sqrt(within**2 + between**2)
    return exp(spread**2 / 2) * NORMAL.cdf(spread - NORMAL.inv_cdf(SHARE)) / (1 - SHARE)


def days(draws, runs, between):
    """How bad each run is under one model, and under another that is a tenth better, give or take a twentieth."""
    bad = between * draws.normal(size=runs)
    return np.exp(bad), 0.9 * np.exp(bad + 0.05 * draws.normal(size=runs))


def held(runs, between, within=WITHIN):
    """How often intervals hold the truth: of the tail, of a paired difference, and of means of each run's own tail."""
    draws, (values, mass), found = np.random.default_rng(5), lognormal(within), []
    own, of = cvar([law(values, mass)], SHARE).least[0], true(between, within)
    apart = of - 0.9 * true(sqrt(between**2 + 0.05**2), within)
    for _ in range(ROUNDS):
        factors = days(draws, runs, between)
        ours, theirs = (cvar([law(values * factor, mass) for factor in each], SHARE) for each in factors)
        asked = ((interval(ours), of), (interval(ours - theirs), apart), (interval(own * factors[0]), of))
        found.append([each.lo <= at <= each.hi for each, at in asked])
    return np.mean(found, axis=0)


def test_its_interval_holds_nearly_as_often_as_it_says_and_so_does_that_of_a_difference():
    """About 93 of 100 with twenty runs, neither fewer nor more; those of each run's own tail miss what they are for."""
    tail, apart, own = held(20, 0.2)
    assert tail == pytest.approx(0.925, abs=NEAR)
    assert apart == pytest.approx(0.935, abs=NEAR)
    assert own < 0.925 - 3 * NEAR


def test_of_ten_runs_that_differ_much_too_few_are_bad():
    """Where runs differ as what happens in one does, by 0.5, about 80 of 100 intervals hold it, and 75 a difference."""
    tail, apart, own = held(10, 0.5)
    assert tail == pytest.approx(0.8, abs=2 * NEAR)
    assert apart == pytest.approx(0.75, abs=2 * NEAR)
    assert own < tail - 3 * NEAR


@pytest.mark.soak
def test_of_ten_runs_that_differ_more_still_fewer_are_bad():
    """By 1 each: about 71 of 100 intervals hold it, so that no share is said without the spread that it is for."""
    assert held(10, 1.0, within=1.0)[0] == pytest.approx(0.71, abs=NEAR)


def test_pairs_tell_more():
    """The difference of two models in the same runs varies less than either."""
    values, mass = lognormal()
    ours, theirs = (cvar([law(values * factor, mass) for factor in each], SHARE)
                    for each in days(np.random.default_rng(1), 20, 0.2))  # fmt: skip
    one, apart = interval(ours), interval(ours - theirs)
    assert apart.excludes_zero
    assert apart.hi - apart.lo < 0.7 * (one.hi - one.lo)


# ---------------------------------------------------------------------------------------------------- what runs say


def held_for(share, days=1):
    """So many days in which money, two thirds of the estate, is in reach for a share of the time."""
    span = days * DAY
    return Ledger(seconds=span, credentials=[Credential(["write money"], 0, span * share)] if share else [])


def of_runs(*groups, threat="t1b"):
    """The tail of all runs of each group, and what each run says of its own."""
    row, ends = (("threat", threat),), list(accumulate(map(len, groups), initial=0))
    with store_of(*chain(*groups)) as store, examine(store, "truth") as examination:
        found = measured(examination, find("tail_radius"))
        for start, end in pairwise(ends):
            runs = range(start + 1, end + 1)
            yield found.quantity(row, runs), [each.lo for each in found.samples(row, runs)]


def test_of_several_runs_money_is_in_reach_as_long_as_in_all_of_them():
    """The worst twentieth of all has as much of it as there is: the mean of theirs would be less where they differ."""
    groups = [(1, 0), (Fraction(1, 50), 0, 0), (Fraction(1, 10), 0, 0), (Fraction(1, 40),) * 2]
    told = of_runs(*([held_for(share) for share in shares] for shares in groups))
    for shares, (found, own) in zip(groups, told, strict=True):
        assert found.least[0] == pytest.approx(float(MONEY * min(1, sum(shares) / len(shares) / PART)))
        assert own == [pytest.approx(float(MONEY * min(1, share / PART))) for share in shares]
        assert (np.mean(own) < found.least[0] - 1) == (max(shares) > PART)


def test_a_run_of_two_days_is_as_likely_as_one_of_one():
    """A fiftieth of one day, and nothing in two: a hundredth of the time of either run, not of all days."""
    [(found, _)] = of_runs([held_for(Fraction(1, 50)), held_for(0, days=2)])
    assert found.least[0] == pytest.approx(float(MONEY / 5))


def test_where_a_run_does_not_know_an_end_nothing_is_told_of_all():
    """Neither what it finds nor with which chance."""
    open_ended = Ledger(seconds=DAY, credentials=[Credential(["write money"], 0, UNKNOWN)])
    [(known, _), (wanting, _)] = of_runs([held_for(1), held_for(1)], [held_for(1), open_ended])
    assert known.least[0] == pytest.approx(float(MONEY))
    assert np.isnan(wanting.least[0])


def test_the_part_is_a_parameter_that_the_measure_has(tmp_path):
    """A measure of one's own may say another; one that it does not have is refused."""
    text, path = find("tail_radius").sql, tmp_path / "own.sql"
    path.write_text(text.replace("worst_percent = 5 in", "worst_percent = 50 in"), "utf-8")
    assert tuple(each.share([]) for each in (find("tail_radius"), load(path))) == (0.95, 0.5)
    path.write_text(text.replace("| worst_percent\n", "| worst\n"), "utf-8")
    with pytest.raises(MeasureError, match=r"no parameter 'worst'; it has .*worst_percent"):
        load(path)
