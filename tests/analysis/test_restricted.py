"""The mean of times up to a horizon, of all that replications saw: the area below one curve, step by step."""

from math import inf, nan

import numpy as np
import pytest

from analysis.measures.examination import examine
from analysis.measures.measure import MeasureError, find, load
from analysis.pooled import Pool
from analysis.restricted import restricted_mean
from analysis.samples import measured
from analysis.statistics import RESAMPLES, interval, resamples
from tests.analysis.test_pooled_in_doubt import CURVE, seen
from tests.ledgers import HOUR, Credential, Ledger, Task, store_of

MEAN = (("stat", "restricted_mean"),)


def stepped(times, horizon):
    """The area below Kaplan and Meier's curve of (time, whether it ended), at least and at most, step by step."""
    left, area, before = 1.0, 0.0, 0.0
    for at in sorted({time for time, _ in times}):
        area += left * (min(at, horizon) - min(before, horizon))
        ended, at_risk = sum(time == at and end for time, end in times), sum(time >= at for time, _ in times)
        left, before = left * (1 - ended / at_risk), at
    return area, area + left * (horizon - min(before, horizon))


def drawn(draws, runs):
    """Whole times, many alike, of runs of any size; some went on."""
    return [[(int(draws.integers(0, 20)), bool(draws.random() < 0.7)) for _ in range(draws.integers(1, 9))]
            for _ in range(runs)]  # fmt: skip


def pool(times):
    """What one run saw."""
    return Pool(np.array([float(at) for at, _ in times]), np.array([float(at) if end else inf for at, end in times]))


@pytest.mark.parametrize("horizon", [5, 15, 40])
@pytest.mark.parametrize("seed", range(4))
def test_it_is_the_area_below_one_curve_of_all(seed, horizon):
    """The value, what each run adds, and any resample; at least, and at most where some went on to the last."""
    draws = np.random.default_rng(seed)
    runs = drawn(draws, 7)
    found = restricted_mean(list(map(pool, runs)), horizon)
    values = np.array(stepped([each for run in runs for each in run], horizon))
    assert [found.least[0], found.most[0]] == pytest.approx(values)
    without = np.array([stepped([e for m, run in enumerate(runs) for e in run if m != n], horizon) for n in range(7)])
    for parts, value, others in zip((found.parts, found.parts_most), values, without.T, strict=True):
        assert parts == pytest.approx(value + 6 * (others.mean() - others))
    for n in draws.integers(0, RESAMPLES, 10):
        again = [each for times, run in zip(resamples(7)[n].astype(int), runs, strict=True) for each in run * times]
        assert [found.least[8 + n], found.most[8 + n]] == pytest.approx(stepped(again, horizon))


def of_tasks(*seconds):
    """An hour in which tasks end in its first minute, each of whose credentials is accepted for so long after that."""
    tasks = [Task(n, -1, 60 * n / len(seconds), "completed") for n in range(len(seconds))]
    keys = [
        Credential(["read notes"], -1, each.ended + lasts, task=each.id)
        for each, lasts in zip(tasks, seconds, strict=True)
    ]
    return Ledger(HOUR, tasks=tasks, credentials=keys)


def test_a_run_with_one_task_weighs_as_one_task_and_one_without_any_as_none():
    """Eight runs of a hundred of a second each, one of one of half an hour, one of none: 2600 s over 801."""
    with store_of(*[of_tasks(*[1] * 100)] * 8, of_tasks(1800), Ledger(HOUR)) as store:
        for runs in (range(1, 11), range(1, 10)):
            with examine(store, "truth", list(runs)) as examination:
                found = measured(examination, find("time_to_revoke"))
                assert found.quantity(MEAN, runs).least[0] == pytest.approx(2600 / 801)
                assert found.quantity(MEAN, runs).is_exact
                at_most = measured(examination, find("time_to_revoke"), mean_hours=0.25).quantity(MEAN, runs)
                assert at_most.least[0] == pytest.approx((800 + 900) / 801)


def test_of_six_runs_of_which_five_saw_any_it_is_not_told():
    """As of a quantile; and of none at all."""
    nothing = Pool(np.zeros(0), np.zeros(0))
    assert restricted_mean([pool([(1, True)])] * 5 + [nothing], 10) is None
    found = restricted_mean([pool([(1, True)]), pool([(3, True)]), nothing], 10)
    assert (found.least[0], found.is_exact, found.telling) == (2, True, 2)
    assert (found.least[4:].min(), found.least[4:].max()) == (1, 3)
    assert restricted_mean([nothing] * 3, 10) is None


def test_of_what_is_all_longer_it_is_the_horizon():
    """Known, whether or not it ended."""
    found = restricted_mean([pool([(7, True), (8, False)]), pool([(9, False)])], 5)
    assert (found.least[0], found.is_exact) == (5, True)


def test_its_interval_is_that_of_runs_that_hang_together():
    """Where all of a run are alike it is as wide as that of their means, and not as that of so many times."""
    lengths = np.random.default_rng(1).exponential(10, 12)
    found = interval(restricted_mean([pool([(each, True)] * 50) for each in lengths], 1e9))
    means = interval(lengths)
    assert (found.mean, found.lo, found.hi) == pytest.approx((means.mean, means.lo, means.hi))


def log_of(runs, bounds, unknowns):
    """The log of some runs, told of their restricted means what the stepwise computation says of the known ones."""
    found = seen(CURVE, runs, bounds, unknowns)
    for frame in (found.result, found.observations):
        frame["stat"] = "restricted_mean"
    return found


def test_where_ends_are_doubtful_it_lies_between_those_of_all_as_short_and_as_long():
    """Of times known within a second, where all are shown; of times that are known, where the run says the same."""
    lo = np.repeat([1.0, 3.0], 20)
    told = log_of([(lo, lo + 1), (lo, lo)], [(2, 3), (2, 2)], [0, 0]).quantity(MEAN, [1, 2])
    assert (told.least[0], told.most[0]) == (2, 2.5)
    wanting = log_of([(lo, lo + 1), (lo, lo)], [(2, 3), (2, 2)], [1, 0]).quantity(MEAN, [1, 2])
    assert np.isnan(wanting.least[0])
    borne = log_of([(lo, lo), (lo + 2, lo + 2)], [(2, 2), (4, 4)], [0, 0]).quantity(MEAN, [1, 2])
    assert (borne.least[0], borne.is_exact) == (3, True)
    other = log_of([(lo, lo), (lo + 2, lo + 2)], [(2, 2), (3, 4)], [0, 0]).quantity(MEAN, [1, 2])
    assert np.isnan(other.least[0])
    empty = log_of([(lo, lo)] * 2 + [(lo[:0], lo[:0])], [(2, 2), (2, 2), (nan, nan)], [0, 0, 0]).quantity(
        MEAN, [1, 2, 3]
    )
    assert (empty.least[0], empty.having) == (2, 2)


@pytest.mark.parametrize("said", ["mean_hours", "mean_hours of", "abandoned of restricted_mean"])
def test_a_horizon_is_a_parameter_in_hours_or_days_of_a_row(tmp_path, said):
    """Whoever names another is told so."""
    path = tmp_path / "own.sql"
    path.write_text(find(CURVE).sql.replace("mean_hours of restricted_mean", said), "utf-8")
    with pytest.raises(MeasureError, match="pool:"):
        load(path)
    offboarding = find("revoke_on_offboarding")
    assert (find(CURVE).horizon(["restricted_mean"]), offboarding.horizon(["restricted_mean"])) == (86400, 90 * 86400)
    assert find(CURVE).horizon(["p50"]) is find("turnaround").horizon(["mean"]) is None
    assert find(CURVE).share(["restricted_mean"]) is None
