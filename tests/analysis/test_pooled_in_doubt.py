"""Quantiles of several runs of which a log leaves something open: limits of that of all, and never a mean of the runs'.

Whatever is not known is tried out: drawn a hundred times, the quantile of all has to lie between what is told.
"""

from math import ceil, inf, nan

import numpy as np
import pandas as pd
import pytest

from analysis.lacks import _SHOWS, _SHOWS_BESIDES, FEW_RUNS, NONE_SEEN, TOO_FEW, lack_of
from analysis.measures.measure import find
from analysis.pooled import Pool, cvar, tail_mean
from analysis.samples import Asked, Measured, Sample, combined
from analysis.statistics import interval
from tests.analysis.test_pooled import by_hand

P50 = (("stat", "p50"),)
# Of which measure an observation that goes on is taken for a limit, and of which for one that leaves at random.
LIMITS, CURVE = "turnaround", "time_to_revoke"


def own(lo, hi):
    """The median of some values, at least and at most."""
    at = ceil(len(lo) / 2) - 1
    return float(np.sort(lo)[at]), float(np.sort(hi)[at])


def seen(name, runs, bounds, unknowns=0):
    """A measure of the logs of some runs, that says so much of their medians and shows observations."""
    frames = [
        pd.DataFrame({"stat": "p50", "lo": lo, "hi": closed(hi)}, [run] * len(lo))
        for run, (lo, hi) in enumerate(runs, 1)
    ]
    least, most = zip(*bounds, strict=True)
    said = {"stat": "p50", "lo": least, "hi": closed(most), "unknowns": unknowns}
    keys = range(1, len(runs) + 1)
    sights = pd.DataFrame(data=True, index=keys, columns=[*_SHOWS, *_SHOWS_BESIDES])
    return Measured(find(name), pd.DataFrame(said, keys), pd.concat(frames), None, sights, of_logs=True)


def closed(ends):
    """Ends of which those that are open are not there."""
    return np.where(np.isinf(ends), nan, ends)


def told(found, runs=2):
    """What is told of the median of all runs, at least and at most."""
    quantity = found.quantity(P50, range(1, runs + 1))
    return float(quantity.least[0]), float(quantity.most[0])


# Of two runs of a hundred, of which the first shows a median of 99: what the log says of the second, and then of both.
SAID = {
    "all that it shows": ((100, 100), (100, 100)),
    "less than it shows": ((90, 100), (90, 100)),
    "less than the other": ((90, 95), (90, 99)),
    "no end": ((100, inf), (99, inf)),
}


@pytest.mark.parametrize(("second", "both"), SAID.values(), ids=SAID)
def test_what_a_log_leaves_open_is_no_quantile_of_what_it_shows(second, both):
    """Of what the log shows nobody knows whether that is all: that of both lies between those of each."""
    odd, even = np.arange(1.0, 201.0, 2), np.arange(2.0, 202.0, 2)
    assert told(seen(LIMITS, [(odd, odd), (even, even)], [(99, 99), second])) == both


@pytest.mark.parametrize("each", [19, 20])
def test_of_less_than_bears_a_quantile_no_limits_are_told_either(each):
    """What is not known makes nothing firmer: of 38 there is no median, and of 40 limits of one."""
    values = np.arange(1.0, each + 1)
    found = seen(LIMITS, [(values, values)] * 2, [(5, 6), (7, 8)], unknowns=1)
    assert told(found) == ((5, 8) if each == 20 else pytest.approx((nan, nan), nan_ok=True))
    assert each == 20 or lack_of(found, P50, [1, 2]) == TOO_FEW


def test_limits_of_runs_hold_the_quantile_of_whatever_they_saw():
    """Of runs of any size: the least of theirs to the greatest, of all runs and of each resample."""
    draws = np.random.default_rng(3)
    for _ in range(100):
        runs = [draws.lognormal(draws.normal(), 1, draws.integers(8, 30)) for _ in range(7)]
        samples = [Sample(median - draws.random() / 9, median + draws.random() / 9, shown=len(each))
                   for each in runs for median in own(each, each)[:1]]  # fmt: skip
        both = own(*[np.concatenate(runs)] * 2)[0]
        found = combined(samples, Asked(0.5, "limits"))
        assert found.least[0] <= both <= found.most[0]
        assert (found.least[0], found.most[0]) == (min(each.lo for each in samples), max(each.hi for each in samples))
        ends = interval(found)
        assert ends.lo <= found.least[0] <= found.most[0] <= ends.hi


def test_where_five_of_seven_runs_saw_any_nothing_is_told_as_of_what_is_known():
    """Fewer than six say nothing of how much runs differ; six do, and the seventh saw none."""
    five, six = ([Sample(1, 2, shown=50)] * n + [Sample(nan, nan, pool=Pool(np.zeros(0), np.zeros(0)))] * (7 - n)
                 for n in (5, 6))  # fmt: skip
    assert np.isnan(combined(five, Asked(0.5, "limits")).least[0])
    found = combined(six, Asked(0.5, "limits"))
    assert (found.least[0], found.most[0], found.having) == (1, 2, 6)


def doubtful(draws, size):
    """Times each of which is known within limits, or went on at the end: (at least, at most)."""
    lo = draws.exponential(10, size)
    return lo, np.where(
        draws.random(size) < 0.1, inf, lo + np.where(draws.random(size) < 0.3, draws.exponential(2, size), 0)
    )


def test_a_curve_of_times_that_are_not_all_known_lies_between_their_limits():
    """However the ends turn out, and whatever left early at whatever time: Kaplan and Meier's median, by hand."""
    draws, apart = np.random.default_rng(5), 0
    for _ in range(10):
        runs = [doubtful(draws, 60) for _ in range(3)]
        left = [int(np.isinf(hi).sum()) for _, hi in runs]
        least, most = told(seen(CURVE, runs, [own(*each) for each in runs], unknowns=left), 3)
        lo, hi = map(np.concatenate, zip(*runs, strict=True))
        for _ in range(10):
            ended = np.isfinite(hi) | (draws.random(180) < 0.3)
            later = np.where(np.isfinite(hi), (hi - lo) * draws.random(180), draws.exponential(5, 180))
            median = by_hand((lo + later).tolist(), ended.tolist(), 0.5)
            assert not least > (inf if median is None else median)
            assert not most < (inf if median is None else median)
        apart += least < most
    assert apart >= 8


@pytest.mark.parametrize(("unknowns", "known"), [(0, True), (1, False)])
def test_of_a_curve_of_which_more_is_not_known_than_what_went_on_nothing_is_told(unknowns, known):
    """There may be times that are not among those shown, anywhere: of a curve the runs' own limits are none of all."""
    lo = np.arange(1.0, 41.0)
    hi = np.where(lo == 40, 40.5, lo)
    found = seen(CURVE, [(lo, hi), (lo, lo)], [(20, 20), (20, 20)], unknowns)
    assert told(found) == ((20, 20) if known else pytest.approx((nan, nan), nan_ok=True))
    assert not known or found.rests(P50, [1, 2]) == "seen"
    timed = seen(CURVE, [(lo, lo)] * 2, [(20, 20)] * 2, unknowns)
    assert told(timed) == ((20, 20) if known else pytest.approx((nan, nan), nan_ok=True))


@pytest.mark.parametrize(("unknowns", "both"), [(0, 20), (1, nan)])
def test_a_run_that_saw_nothing_hinders_no_other_where_it_hides_nothing(unknowns, both):
    """As of the truth; but where nobody knows whether there was any, nobody knows that of all."""
    lo = np.arange(1.0, 41.0)
    found = seen(LIMITS, [(lo, lo), (lo, lo), (lo[:0], lo[:0])], [(20, 20), (20, 20), (nan, nan)], [0, 0, unknowns])
    assert told(found, 3) == pytest.approx((both, both), nan_ok=True)
    none = seen(LIMITS, [(lo[:0], lo[:0])] * 2, [(nan, nan)] * 2)
    assert np.isnan(told(none)[0])
    assert lack_of(none, P50, [1, 2]) == NONE_SEEN


def test_what_few_runs_saw_is_too_little_of_another_kind():
    """However much each saw: of six runs five tell too little of others; of fewer runs their number is no reason."""
    lo, runs = np.arange(1.0, 101.0), range(1, 7)
    found = seen(LIMITS, [(lo, lo)] * 5 + [(lo[:0], lo[:0])], [(50, 50)] * 5 + [(nan, nan)], [0] * 6)
    assert np.isnan(told(found, 6)[0])
    assert lack_of(found, P50, runs) == FEW_RUNS
    assert lack_of(seen(LIMITS, [(lo[:9], lo[:9])] * 5, [(5, 5)] * 5, [0] * 5), P50, runs[:5]) == TOO_FEW


def test_a_tail_of_all_may_be_worse_than_that_of_any_run():
    """A hundred in one of a hundred, and twenty throughout: the worst twentieth is 20 in each, and 28 of both."""
    rare, even = (
        Pool(np.array(x), np.array(x), np.array(w)) for x, w in (([100.0, 0.0], [0.01, 0.99]), ([20.0], [1.0]))
    )
    assert [cvar([each], 0.95).least[0] for each in (rare, even)] == pytest.approx([20, 20])
    assert cvar([rare, even], 0.95).least[0] == pytest.approx(28)
    found = combined([Sample(20, 20), Sample(16, 24)], Asked(0.95, "cvar"))
    assert (found.least[0], found.most[0]) == (18, inf)
    assert np.isnan(combined([Sample(20, 20), Sample(nan, nan)], Asked(0.95, "cvar")).least[0])


def test_a_tail_of_all_losses_is_no_less_than_the_least_of_the_runs_own():
    """Of four hundred each: the mean of the worst twentieth of all is more than that of one, and of the other here."""
    runs = [np.repeat([100.0, 0.0], [4, 396]), np.full(400, 20.0)]
    both = tail_mean([Pool(each, each) for each in runs], 0.95, tail=0).least[0]
    found = combined([Sample(20, 20, shown=400)] * 2, Asked(0.95, "tail-mean"))
    assert (found.least[0], both, found.most[0]) == (20, pytest.approx((4 * 100 + 36 * 20) / 40), inf)
    assert np.isnan(combined([Sample(20, 20, shown=199)] * 2, Asked(0.95, "tail-mean")).least[0])


def test_limits_of_a_curve_are_no_estimate():
    """What went on since early on may end whenever it will, and is among what is told: nothing is taken of it."""
    lo = np.arange(1.0, 41.0)
    hi = np.select([lo == 1, lo == 40], [inf, 40.5], lo)
    found = seen(CURVE, [(lo, hi)] * 2, [(20, 21)] * 2, [1, 1])
    assert told(found) == (20, 21)
    assert found.rests(P50, [1, 2]) == "seen"
    timed = seen(CURVE, [(lo, np.where(lo == 1, inf, lo))] * 2, [(21, 21)] * 2, [1, 1])
    assert timed.rests(P50, [1, 2]) == "estimated"
