"""The mean of the worst twentieth of what replications saw: as its definition has it, and none of too few."""

from fractions import Fraction
from math import exp, sqrt
from statistics import NormalDist

import numpy as np
import pytest

from analysis.measures.examination import examine
from analysis.measures.measure import find
from analysis.pooled import TAIL, Pool, needed, tail_mean
from analysis.samples import label, measured
from analysis.statistics import interval
from tests.ledgers import DAY, Incident, Ledger, Step, store_of
from tests.property.measures.reach import worst

SHARE = 0.95
NORMAL = NormalDist()
# The mean of the worst twentieth of a lognormal law with this spread.
SPREAD = 1.0
TRUE = exp(SPREAD**2 / 2) * NORMAL.cdf(SPREAD - NORMAL.inv_cdf(SHARE)) / (1 - SHARE)


def pool(values):
    """Losses of one replication, all of them known."""
    return Pool(np.asarray(values, float), np.asarray(values, float))


def value(*runs, tail=TAIL):
    """The mean of the worst twentieth of all runs together."""
    return tail_mean(list(map(pool, runs)), SHARE, tail).least[0]


@pytest.mark.parametrize("size", [1, 19, 20, 30, 47, 400])
def test_it_is_the_mean_of_the_greatest_quantiles(size):
    """Of any number of values, many of them alike, in any runs: what the definition says (Acerbi)."""
    draws = np.random.default_rng(size)
    for values in (draws.integers(0, 5, size), draws.integers(0, 1000, size)):
        exact = worst([Fraction(int(each)) for each in values])
        assert value(values[: size // 3], values[size // 3 :], tail=0) == pytest.approx(float(exact), rel=1e-12)


def test_where_the_part_ends_within_a_value_that_is_shared_out():
    """Of thirty values the worst one and a half: neither the worst one, nor two, nor all from the quantile on."""
    values = np.arange(1, 31)
    beyond = values[values >= np.quantile(values, SHARE, method="inverted_cdf")].mean()
    assert value(values, tail=1) == pytest.approx((30 + 29 / 2) / 1.5)
    assert len({30.0, 29.5, (30 + 29 / 2) / 1.5}) == 3
    assert value(values, tail=1) != pytest.approx(beyond)


@pytest.mark.parametrize(("hits", "expected"), [(0, 0), (5, 25), (20, 100), (90, 100)])
def test_of_two_values(hits, expected):
    """Of 400 losses of all or nothing a twentieth is twenty: as much of it as there are losses of all."""
    assert value([100] * hits + [0] * (400 - hits)) == pytest.approx(expected)


def test_of_a_uniform_law():
    """Between 0 and 1 it is 0.975, and the quantile 0.95 is something else."""
    found = value((np.arange(10_000) + 0.5) / 10_000)
    assert found == pytest.approx(0.975, abs=1e-9)


@pytest.mark.parametrize(("size", "bias", "draws"), [(10, -0.35, 1000), (400, -0.01, 100)])
def test_of_few_losses_it_comes_out_too_low(size, bias, draws):
    """Of ten lognormal losses by a third, two-sided; of as many as are asked for by next to nothing."""
    normal = np.random.default_rng(7).normal(size=(draws, size))
    found = [value(np.exp(SPREAD * each), tail=0) / TRUE - 1 for each in normal]
    assert np.mean(found) == pytest.approx(bias, abs=4 * np.std(found) / sqrt(draws))
    assert abs(bias) > 8 * np.std(found) / sqrt(draws) or size > 10


def test_fewer_than_twenty_in_the_tail_bear_none():
    """Nineteen and a bit are too few, over all replications together."""
    assert needed(SHARE) == 400
    assert tail_mean([pool(range(200)), pool(range(199))], SHARE) is None
    assert tail_mean([pool(range(200)), pool(range(200))], SHARE) is not None
    assert tail_mean([], SHARE) is None


def test_its_interval_comes_of_replications():
    """Runs that differ among themselves leave it open; as many losses that are alike in each run do not."""
    draws = np.random.default_rng(3)
    apart = [100 * draws.random() + draws.random(60) for _ in range(10)]
    alike = [np.arange(60)] * 10
    wide, narrow = (interval(tail_mean(list(map(pool, runs)), SHARE, 0), (0, 1000)) for runs in (apart, alike))
    assert wide.lo < wide.mean < wide.hi
    assert wide.hi - wide.lo > 1
    assert (narrow.lo, narrow.hi) == (narrow.mean, narrow.mean)


def struck(replicate, hits, of):
    """A day of so many thefts, of which some touch money, two thirds of the estate."""
    times = [Fraction(DAY * n, of + 1) for n in range(1, of + 1)]
    incidents = [Incident(float(time)) for time in times]
    steps = [Step(n, float(times[n]), "write money") for n in range(hits)]
    return Ledger(seconds=DAY, incidents=incidents, steps=steps, replicate=replicate)


def test_losses_of_several_runs_are_pooled():
    """Two runs of two hundred thefts have four hundred, twenty of them in the tail: one alone has none."""
    row = (("threat", "t1b"), ("stat", "value_cvar95"))
    assert find("realised_radius").share(label(row)) == SHARE
    with store_of(struck(1, 6, 200), struck(2, 4, 200)) as store, examine(store, "truth") as examination:
        found = measured(examination, find("realised_radius"))
        assert all(np.isnan(each.lo) for each in found.samples(row, [1, 2]))
        both, one = found.quantity(row, [1, 2]), found.quantity(row, [1])
    assert both.least[0] == pytest.approx(100 * 40 / 60 * 10 / 20)
    assert np.isnan(one.least[0])


def test_a_run_with_losses_enough_says_so_alone():
    """Of four hundred thefts in one run twenty are the worst twentieth."""
    with store_of(struck(1, 5, 400)) as store, examine(store, "truth") as examination:
        told = examination.measure(find("realised_radius")).set_index(["threat", "stat"])["lo"]
    assert told["t1b", "value_cvar95"] == pytest.approx(100 * 40 / 60 * 5 / 20)
    assert np.isnan(told["t2", "value_cvar95"])


def test_what_may_be_endless_leaves_it_open():
    """Of what was still going on the mean has no upper limit where any run has such, and is known where none has."""
    values = np.arange(400.0)
    most = np.where(values == 399, np.inf, values)
    some = tail_mean([pool(values), Pool(values, most)], SHARE)
    assert some.least[0] == tail_mean([pool(values)] * 2, SHARE).least[0]
    assert interval(some).is_least
    drawn = some.most[3:]
    assert np.isfinite(drawn).any()
    assert np.isinf(drawn).any()
