"""Quantiles of pools: those of all observations together, as variable as replications are, and none of too few."""

from math import inf, nan, sqrt
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest

from analysis.family import together
from analysis.measures.basis import basis
from analysis.measures.examination import examine
from analysis.measures.measure import MeasureError, find, load, measures
from analysis.pooled import Pool, needed, quantile, tail_mean
from analysis.samples import Asked, Measured, Sample, combined, measured
from analysis.statistics import CONFIDENCE, interval, known
from sim import scenario
from sim.audit.store import Store
from sim.control import model
from sim.experiment import Plan, carry_out
from tests.ledgers import DAY, Credential, Ledger, store_of

DATA = Path(__file__).parents[2] / "data"
_CONTROLS = "SELECT key, control FROM fact.run ORDER BY key"

SHARE = 0.95
ROUNDS = 200
# Four standard errors of a share of `ROUNDS`.
NEAR = 4 * sqrt(CONFIDENCE * (1 - CONFIDENCE) / ROUNDS)
# Days differ by so much, and what happens in a day by one: the 95th percentile of all is that of both together.
DAYS = 0.3
# Of days that differ nearly as much as what happens in one.
ROUGH_DAYS = 0.8
NORMAL = NormalDist()
# The spread of the logarithm where days differ half as much as what happens in one.
HALF = sqrt(1 + 0.5**2)


def closed(values):
    """Observations all of which came to their end."""
    return Pool(np.asarray(values, float), np.asarray(values, float))


def censored(values, until):
    """Observations of which those longer than `until` were still going on then."""
    values, until = np.asarray(values, float), np.asarray(until, float)
    return Pool(np.minimum(values, until), np.where(values <= until, values, inf))


def days(draws, replications=10, size=60, apart=DAYS):
    """Replications each of which has a good or a bad day."""
    return [np.exp(apart * draws.normal() + draws.normal(size=size)) for _ in range(replications)]


def covered(intervals, apart=DAYS):
    """In how many of `ROUNDS` draws an interval holds the true quantile."""
    draws, true = np.random.default_rng(4), float(np.exp(1.6448536 * sqrt(1 + apart**2)))
    found = (intervals(days(draws, apart=apart)) for _ in range(ROUNDS))
    return sum(each.lo <= true <= each.hi for each in found) / ROUNDS


def resampled(runs):
    """The interval of the pooled quantile, whether or not enough of what is seen is independent."""
    return interval(quantile(list(map(closed, runs)), SHARE, "limits", tail=0))


def test_the_quantile_is_that_of_all_observations():
    """The least value that 95 of 100 do not exceed, whatever run it comes from; not the mean of each run's own."""
    runs = [np.arange(1.0, 381.0), np.full(20, 1000.0)]
    found = quantile([closed(each) for each in runs], SHARE, "limits", tail=0)
    assert interval(found).mean == 380
    assert interval(found).mean == np.quantile(np.concatenate(runs), SHARE, method="inverted_cdf")
    assert np.mean([np.quantile(each, SHARE) for each in runs]) > 600


@pytest.mark.parametrize(("size", "told"), [(399, False), (400, True)])
def test_too_few_observations_bear_no_quantile(size, told):
    """Beyond a 95th percentile twenty observations must lie: 400 in all, of a median 40."""
    assert (quantile([closed(np.arange(float(size)))], SHARE, "limits") is not None) is told
    assert (needed(0.5), needed(0.95), needed(0.99)) == (40, 400, 2000)


def test_its_interval_covers_as_often_as_it_says():
    """Resampling whole replications, about 94 of 100 intervals hold the quantile, neither fewer nor more."""
    assert covered(resampled) == pytest.approx(CONFIDENCE - 0.015, abs=NEAR - 0.015)


def test_ten_rough_days_say_less_than_they_seem_to():
    """Where runs differ much among themselves, the bad ones are too few in ten, and 83 of 100 intervals hold it."""
    assert covered(resampled, ROUGH_DAYS) == pytest.approx(0.83, abs=NEAR)


@pytest.mark.parametrize(("estimate", "beyond", "holds"), [
    (lambda runs: quantile(runs, SHARE, "limits"), np.exp(1.6448536 * HALF), (0.5, 0.8)),
    (lambda runs: tail_mean(runs, SHARE), np.exp(HALF**2 / 2) * NORMAL.cdf(HALF - 1.6448536) / (1 - SHARE), (0.3, 0.7)),
])  # fmt: skip
def test_the_few_that_are_told_are_lucky_ones(estimate, beyond, holds):
    """Where runs differ half as much as what happens in one, few draws of ten are told, and miss on one side."""
    draws = np.random.default_rng(11)
    rounds = [[closed(each) for each in days(draws, size=1000, apart=0.5)] for _ in range(600)]
    told = [interval(found) for runs in rounds if (found := estimate(runs)) is not None]
    assert len(told) < 0.25 * 600
    assert holds[0] < np.mean([each.lo <= beyond <= each.hi for each in told]) < holds[1]
    assert not any(each.lo > beyond for each in told)


def test_an_interval_of_rows_does_not():
    """Rows shuffled over replications, as if a day had no influence, give intervals that cover too seldom."""

    def shuffled(runs):
        rows = np.random.default_rng(1).permutation(np.concatenate(runs))
        return resampled(np.split(rows, len(runs)))

    assert covered(shuffled) < CONFIDENCE - NEAR


def test_pairs_of_pools_tell_more():
    """The same days under two models: their difference varies less than either, alone and in a family."""
    runs = days(np.random.default_rng(2), replications=12)
    slow, quick = (quantile([closed(factor * each) for each in runs], SHARE, "limits", 0) for factor in (1.1, 1.0))
    apart, one = interval(slow - quick), interval(slow)
    assert apart.mean == pytest.approx(0.1 * interval(quick).mean)
    assert apart.excludes_zero
    assert apart.hi - apart.lo < (one.hi - one.lo) / 4
    assert together([slow - quick]).interval(slow - quick).excludes_zero


def test_a_difference_of_quantiles_does_not_swamp_a_family():
    """Of nearly the same waits the difference's error is that of its resamples, not of ranks that cancel."""
    draws = np.random.default_rng(12)
    runs = days(draws, replications=10, size=200)
    slow, quick = (quantile([closed(each + noise * draws.random(200)) for each in runs], SHARE, "limits")
                   for noise in (0.05, 0.0))  # fmt: skip
    mean = known(draws.normal(size=10))
    apart = slow - quick
    assert together([mean, apart]).reach < 1.5 * together([mean]).reach
    resampled = float(apart.least[11:].std())
    assert interval(apart).hi - interval(apart).lo == pytest.approx(2 * 2.262 * resampled * sqrt(10 / 9), rel=1e-3)


def test_what_is_still_going_on_leaves_limits():
    """Where the quantile falls on what is open it has no upper limit; what lies beyond it does no harm."""
    values = np.arange(1.0, 401.0)
    early, late = ([censored(values + run, np.full(400, end)) for run in range(6)] for end in (200.0, 395.0))
    assert interval(quantile(early, SHARE, "limits")).is_least
    found = quantile(late, SHARE, "limits")
    assert found.is_exact
    assert interval(found).mean == interval(quantile([closed(values + run) for run in range(6)], SHARE, "limits")).mean


def test_limits_part_where_the_open_may_be_longer():
    """One in ten was still going on after half of the median: the quantile lies between two values."""
    draws = np.random.default_rng(8)
    values = draws.lognormal(size=(6, 400))
    until = np.where(np.arange(400) % 40 == 0, 0.5, inf)
    found = interval(quantile([censored(each, until) for each in values], SHARE, "limits"))
    whole = interval(quantile([closed(each) for each in values], SHARE, "limits"))
    assert found.mean < whole.mean < found.most < inf


def by_hand(least, ended, share):
    """Kaplan and Meier's quantile, step by step."""
    left = 1.0
    for time in sorted(set(least)):
        at_risk = sum(each >= time for each in least)
        left *= 1 - sum(end and each == time for each, end in zip(least, ended, strict=True)) / at_risk
        if left <= 1 - share + 1e-12:
            return time
    return None


def test_a_curve_of_survival_is_kaplans_and_meiers():
    """Times that left before their end count while they were seen; the pool is one curve."""
    draws = np.random.default_rng(6)
    pools = [censored(draws.exponential(10, 80), draws.exponential(40, 80)) for _ in range(6)]
    least = np.concatenate([each.least for each in pools])
    ended = np.isfinite(np.concatenate([each.most for each in pools]))
    found = quantile(pools, 0.8, "kaplan-meier")
    assert found.least[0] == by_hand(least.tolist(), ended.tolist(), 0.8)
    assert found.least[0] > np.quantile(least, 0.8)


def test_a_curve_that_never_falls_far_enough_gives_a_limit():
    """Keys that never end are at least as long as the longest was seen."""
    pools = [censored(np.full(100, inf), np.linspace(1, 99 + run, 100)) for run in range(6)]
    found = interval(quantile(pools, SHARE, "kaplan-meier"))
    assert (found.mean, found.is_least) == (104, True)


def test_a_curve_of_what_all_ended_is_the_plain_quantile():
    """Without anything open the two ways are one."""
    pools = list(map(closed, days(np.random.default_rng(3))))
    plain, curve = (quantile(pools, SHARE, how, 0) for how in ("limits", "kaplan-meier"))
    assert (plain.least == curve.least).all()


def test_replications_are_combined_by_what_is_known_of_each():
    """Counts of a percentage are added up, a quantile is the pool's, and none where the pool is too small."""
    rated = combined([Sample(10, 10, counted=(1, 10)), Sample(30, 30, counted=(9, 30))], Asked(None, "limits"))
    assert (interval(rated).mean, rated.counted) == (20, (10, 40))
    assert combined([Sample(10, 10, counted=(1, 10)), Sample(30, 30)], Asked(None, "limits")).counted is None
    whole, half = (closed(np.arange(1.0, size + 1)) for size in (400, 200))
    enough = combined([Sample(9, 9, whole)] * 2, Asked(SHARE, "limits"))
    few = combined([Sample(9, 9, half)], Asked(SHARE, "limits"))
    assert enough.least[0] == 380
    assert not interval(few).is_known


# ------------------------------------------------------------------------------------------------ what measures pool

POOLED = [measure.name for measure in measures() if measure.pool.part]
MORNING = {
    "start": "2026-01-05T09:00:00Z", "window.warm_up_hours": 1, "window.hours": 3, "fleet.agents": 3,
    "arrivals.per_agent_day": 120,
}  # fmt: skip


@pytest.fixture(scope="module")
def simulated():
    """Two mornings under models that wait for people, and under keys that never end, though the policy changes.

    They have governed all along: few agents are abandoned in a morning.
    """
    changing = {"decision.policy": "by_sensitivity", "decision.changes_to": "by_privilege"}
    models = tuple(
        model.load(DATA / "controls" / f"{name}.toml", settings, policies=DATA / "policies")
        for name, settings in (("standing_key", changing), ("tiered", {}))
    )
    asked = scenario.load(DATA / "scenarios" / "support_midsize.toml", MORNING)
    with Store.in_memory() as store:
        plan = Plan(asked, models, 2, seed=3, processes=1, estimand="steady")
        yield store, carry_out(plan, store, lambda *_: None)


@pytest.fixture(scope="module")
def found(simulated):
    """What every measure says of what happened then, with what lies behind it."""
    store, runs = simulated
    with examine(store, "truth", runs) as examination:
        return {each.name: measured(examination, each) for each in measures()}


def test_whatever_gives_quantiles_says_of_what(found):
    """Every measure of a p50, p95, p99 or a tail has a pool."""
    rows = [(each.measure, each.result[[*each.measure.grain[1:]]].to_numpy().ravel()) for each in found.values()]
    named = {each.name for each, names in rows if any(each.share([str(name)]) for name in names)}
    assert named == set(POOLED)


@pytest.mark.parametrize("name", [name for name in POOLED if find(name).pool.estimator != "tail-mean"])
def test_a_pool_holds_what_the_quantile_of_a_run_is_of(found, name):
    """Of one run the pool's quantile is what the measure says, at least and at most."""
    found = found[name]
    keys = [key for key in found.measure.grain if key != "run"]
    compared = 0
    for run, said in found.result.iterrows():
        row = [(key, str(said[key])) for key in keys]
        [sample] = found.samples(row, [run])
        if sample.pool is None or not len(sample.pool.least):
            continue
        own = found.asked(row).of([sample.pool], limited=False, tail=0)
        assert own.least[0] == pytest.approx(said["lo"], abs=1e-6)
        assert own.most[0] == pytest.approx(inf if np.isnan(said["hi"]) else said["hi"], abs=1e-6)
        compared += 1
    assert compared >= 2


@pytest.mark.parametrize("name", [measure.name for measure in measures() if measure.counts is not None])
def test_counts_are_those_of_the_percentage(simulated, found, name):
    """Of each run hits in a hundred trials are what the measure says."""
    (_, runs), found = simulated, found[name]
    for run in runs:
        for row in sorted({tuple(each) for each in found.counts.drop(columns=["hits", "trials"]).to_numpy()}):
            keys = [key for key in found.measure.grain if key != "run"]
            [sample] = found.samples(list(zip(keys, row, strict=True)), [run])
            hits, of = sample.counted
            assert 100 * hits / of == pytest.approx(sample.lo)


def test_a_pool_of_another_name_is_refused(tmp_path):
    """A header names a part of the SQL and how what is open is taken, or nothing."""
    path = tmp_path / "own.sql"
    path.write_text(find("turnaround").sql.replace("pool: observations | limits", "pool: observations"), "utf-8")
    with pytest.raises(MeasureError, match="it names a part of the SQL"):
        load(path)


def test_the_jackknife_of_a_quantile_covers_in_about_nine_of_ten():
    """What is kept as pseudo-values has an interval that holds a little less often than it says, and no other claim."""
    draws, true, held = np.random.default_rng(5), np.exp(NormalDist().inv_cdf(SHARE)), []
    for _ in range(200):
        found = quantile([Pool(x, x) for x in draws.lognormal(0, 1, (10, 60))], SHARE, "limits", 0)
        each = interval(known(found.parts))
        held.append(each.lo <= true <= each.hi)
    assert np.mean(held) == pytest.approx(0.9, abs=0.06)


def overdue(ages, forever=0):
    """A day at whose end keys have been overdue for so many days each, and others since before anybody knows."""
    starts = [DAY * (1 - 90 - age) for age in ages] + [-inf] * forever
    return Ledger(seconds=DAY, credentials=[Credential(["read notes"], at, kind="static_key") for at in starts])


@pytest.mark.parametrize(("forever", "older"), [(0, 21), (2, 23)])
def test_ages_of_debt_are_those_of_the_items_of_all_runs(forever, older):
    """Of odd days in one run and even ones in another the median is of all 42; what nobody saw open is the oldest."""
    ledgers = [overdue(range(n, n + 42, 2), forever) for n in (1, 2)]
    row = (("cause", "overdue_rotation"), ("stat", "age_p50"))
    with store_of(*ledgers) as store, examine(store, "truth") as examination:
        found = measured(examination, find("identity_debt"))
        both, own = found.quantity(row, [1, 2]), [each.lo for each in found.samples(row, [1, 2])]
        late = found.quantity((row[0], ("stat", "age_p95")), [1, 2])
    assert both.least[0] == older
    assert own == [older, older + 1]
    assert np.isnan(late.least[0])


@pytest.mark.parametrize("name", ["turnaround", "time_to_revoke"])
def test_a_log_that_leaves_nothing_open_tells_the_quantile_of_all_runs(simulated, found, name):
    """What the truth tells, and not the mean of what the quantile was in each run."""
    store, runs = simulated
    tiered, row = [run for run, name in store.rows(_CONTROLS) if name == "tiered"], (("stat", "p50"),)
    with examine(store, "log", runs) as examination:
        told = measured(examination, find(name)).quantity(row, tiered)
    own = [each.lo for each in found[name].samples(row, tiered)]
    assert found[name].quantity(row, tiered).least[0] == told.least[0] != np.mean(own)


# How long the last of a hundred has gone on by now, what a log proves of their median of 50, and on what that rests.
GOES_ON = {
    "longer than half": (60, 50, "seen"),
    "shorter": (1, 50, "estimated"),
    "longer, but not all is shown": (60, 40, "estimated"),
}


@pytest.mark.parametrize(("so_far", "lo", "rests"), GOES_ON.values(), ids=GOES_ON)
def test_a_quantile_is_no_estimate_where_what_goes_on_is_longer(so_far, lo, rests):
    """However it ends the median is the same; but not of what nobody knows all of."""
    ended = np.arange(1.0, 101.0)
    least, most = (np.concatenate([ended[:-1], [last], ended]) for last in (so_far, nan))
    shown = pd.DataFrame({"stat": "p50", "lo": least, "hi": most}, index=np.repeat([1, 2], 100))
    bounds = pd.DataFrame({"stat": "p50", "lo": [lo, 50.0], "hi": 50.0, "unknowns": [1, 0]}, index=[1, 2])
    found = Measured(find("time_to_revoke"), bounds, shown, None, pd.DataFrame(), of_logs=True)
    assert found.rests((("stat", "p50"),), [1, 2]) == rests


@pytest.mark.parametrize(
    ("stat", "rests"), {"restricted_mean": "estimated", "p95": "estimated", "at_risk": "seen"}.items()
)
def test_a_mean_up_to_a_horizon_is_an_estimate_where_some_were_not_followed_so_far(stat, rests):
    """What is counted is none; nor is anything where nothing was cut off."""
    measure = find("time_to_revoke")
    assert (basis(measure, (stat,), 1), basis(measure, (stat,), 0)) == (rests, "seen")
