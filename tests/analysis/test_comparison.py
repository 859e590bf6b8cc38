"""Comparisons: the baseline first, pairs by replicate, limits marked as limits, and the log beside the truth."""

from dataclasses import replace
from datetime import datetime
from functools import cache
from math import inf, isnan
from pathlib import Path

import pandas as pd
import pytest
from scipy import stats

from analysis.comparison import compare
from analysis.measures.examination import examine
from analysis.measures.measure import MeasureError, find, measures
from analysis.screen import CHANGES, COLUMNS, DECLARED_BESIDES, SUPPORTING, limits
from analysis.statistics import known
from sim import scenario
from sim.audit.store import Store
from sim.control import model
from sim.experiment import Plan, carry_out
from tests.ledgers import DAY, HOUR, Credential, Ledger, Task, store_of

DATA = Path(__file__).parents[2] / "data"
MORNING = {
    "start": "2026-01-05T08:00:00Z", "window.warm_up_hours": 1, "window.hours": 6, "fleet.agents": 2,
    "arrivals.per_agent_day": 120,
}  # fmt: skip
CREATED = datetime(2026, 1, 5)  # noqa: DTZ001 - the store keeps UTC without saying so
KEYS = tuple(column.key for column in COLUMNS)

# Hours for which each model's agent holds a crown jewel, replicate by replicate.
HELD = {"standing": (10, 14, 18, 12, 16, 14), "task": (1, 2, 6, 2, 4, 3), "action": (1, 1, 1, 1, 1, 1)}


def declared(store, runs, identifier="comparison", created=CREATED, baseline="standing"):
    """Say that runs, by key and position of their model, answer one question."""
    replicates = len(runs) // len(set(runs.values()))
    about = {"scenario": "bench", "title": "A bench", "baseline": baseline, "replicates": replicates}
    store.write_comparison({"id": identifier, "created": created, **about}, runs)


def day(control, replicate, hours, **changed):
    """A day on which one agent holds a jewel for so many hours and a task ends at noon."""
    held = Credential(["write money"], 0, hours * HOUR, task=0)
    task = Task(0, HOUR, 12 * HOUR, "completed", arrived=HOUR)
    return Ledger(
        DAY, control=control, replicate=replicate, credentials=[held], tasks=[task], **changed
    )  # fmt: skip


def bench(held=None, order=None, **changed):
    """A store with a comparison of the models of `HELD`, its runs written in some order."""
    held = held or HELD
    runs = [(name, replicate) for name in held for replicate in range(len(held[name]))]
    runs = [runs[n] for n in order or range(len(runs))]
    store = store_of(*(day(name, replicate, held[name][replicate], **changed) for name, replicate in runs))
    declared(store, {key: list(held).index(name) for key, (name, _) in enumerate(runs, start=1)})
    return store


@pytest.fixture(scope="module")
def two():
    """A store with a comparison of the models of `HELD`, and a later one of the last of them alone."""
    with bench() as store:
        declared(store, dict.fromkeys(range(13, 19), 0), "later", datetime(2026, 2, 1), "action")  # noqa: DTZ001 - as above
        yield store


@pytest.fixture(scope="module")
def by_hand(two):
    """The models of `HELD` compared."""
    return compare(two, "comparison")


def interval_of(found):
    """Mean and both ends."""
    return found.mean, found.lo, found.hi


def paired(ours, theirs, reach, most=inf):
    """The mean difference of pairs, and so many of its standard errors to both sides, within what hours can be."""
    apart = [one - other for one, other in zip(ours, theirs, strict=True)]
    mean, error = sum(apart) / len(apart), stats.sem(apart)
    return pytest.approx((mean, max(-24, mean - reach * error), min(most, mean + reach * error)), rel=1e-9)


def reach_of(comparison, ours, theirs):
    """How far the interval of a difference of two models by hand goes."""
    return comparison.family.reach_of(known(HELD[ours]) - known(HELD[theirs]))


def alone(ours, theirs):
    """SciPy's paired t interval."""
    test = stats.ttest_rel(ours, theirs).confidence_interval()
    return pytest.approx((sum(ours) / len(ours) - sum(theirs) / len(theirs), test.low, test.high), rel=1e-9)


def test_the_baseline_comes_first(by_hand):
    """Models come in the order of the command line, which is not that of their names, and the first is the baseline."""
    assert [row.control for row in by_hand.rows] == ["standing", "task", "action"]
    assert by_hand.baseline.control == "standing"
    assert by_hand.replicates == 6


def test_every_row_has_every_column(by_hand):
    """Each model has a cell for each quantity, in order, found by its key."""
    for row in by_hand.rows:
        assert tuple(cell.column.key for cell in row.cells) == KEYS
        assert [row.cell(key).column for key in KEYS] == list(COLUMNS)


def test_a_column_names_a_row_that_its_measure_has(by_hand):
    """Keys are told apart, and what a column asks of its measure is there in each replicate."""
    assert len(set(KEYS)) == len(KEYS)
    for row in by_hand.rows:
        assert {len(cell.values) for cell in row.cells} == {6}


def test_a_cell_is_the_mean_of_its_replicates(by_hand):
    """Hours held are those of the ledgers, replicate by replicate, with Student's interval on its own."""
    cell = by_hand.rows[0].cell("held")
    test = stats.ttest_1samp(HELD["standing"], 0).confidence_interval(0.95)
    assert cell.values == pytest.approx(HELD["standing"])  # noqa: PD011 - of a cell, not of a frame
    assert interval_of(cell.estimate) == pytest.approx((14, test.low, test.high), rel=1e-9)


def test_the_baseline_is_compared_with_nothing(by_hand):
    """It has no difference from itself, no change, no ratio."""
    for cell in by_hand.baseline.cells:
        assert cell.difference is cell.change is None
        assert isnan(cell.variance_ratio)


def test_differences_are_paired_and_hold_together(by_hand):
    """All that is declared of two models reaches as far; a difference is that of replicates with one number."""
    family = by_hand.family
    assert family.reach > stats.t.ppf(0.975, 5)
    for row in by_hand.rows[1:]:
        expected = paired(HELD[row.control], HELD["standing"], reach_of(by_hand, row.control, "standing"))
        assert interval_of(row.cell("held").difference) == expected
        assert row.cell("obtainable").change.excludes_zero is row.cell("obtainable").difference.excludes_zero


def test_the_family_is_what_was_declared(by_hand):
    """Of both models each column, what else is declared, and the relative changes; a limit has two ends, or is open."""
    declared = len(COLUMNS) + len(DECLARED_BESIDES) + len(CHANGES)
    open_ends = sum(not cell.quantity.is_exact for row in by_hand.rows[1:] for cell in row.cells)
    missing = sum(isnan(cell.estimate.mean) for cell in by_hand.baseline.cells)
    assert 2 * (declared - missing) <= by_hand.family.members <= 2 * declared + open_ends + 2
    for row in by_hand.rows[1:]:
        assert {key for key in KEYS if row.cell(key).change is not None} == {"obtainable"}
        assert all(row.support(key).difference is not None for key in DECLARED_BESIDES)


def test_supporting_quantities_are_declared_or_alone(by_hand):
    """What the answer says of approvers is declared; what else the sentences hang on has intervals of its own."""
    assert len({column.key for column in (*COLUMNS, *SUPPORTING)}) == len(COLUMNS) + len(SUPPORTING)
    standing, task, _ = by_hand.rows
    waved, asked = task.support("waved_through"), task.support("asking")
    assert interval_of(waved.difference) == paired(
        HELD["task"], HELD["standing"], reach_of(by_hand, "task", "standing")
    )
    assert waved.change.mean == pytest.approx(18 / 84 - 1)
    assert (asked.difference.steady, asked.change) == (True, None)
    assert standing.support("waved_through").difference is None
    assert task.support("held") is None


def test_who_asks_nobody_asks_nobody(by_hand):
    """Without a request for approval no human is asked, whatever a model's settings say."""
    assert [row.asks_humans for row in by_hand.rows] == [False] * 3


def test_any_two_models_can_be_compared(by_hand):
    """A model is paired with its neighbour as with the baseline, with intervals as wide; none holds less than nothing.

    So that one which holds 1 h in every run holds at most 1 h more than another.
    """
    _, task, action = by_hand.rows
    expected = paired(HELD["action"], HELD["task"], reach_of(by_hand, "action", "task"), most=1)
    assert interval_of(by_hand.apart("held", action, task)) == expected


@pytest.mark.parametrize(
    ("unit", "part", "expected"),
    [
        ("% of tasks", "", (0, 100)),
        ("percent of the estate's declared value", "t2", (0, 100)),
        ("percent of capacity", "approvers", (0, float("inf"))),
        ("h per agent-day", "", (0, 24)),
        ("hours per agent-day", "task", (0, 24)),
        ("weighted permission-hours per agent-day", "held", (0, float("inf"))),
        ("minutes, requests or percent, as the row says", "asking_percent", (0, 100)),
        ("minutes, requests or percent, as the row says", "wait_p95_minutes", (0, float("inf"))),
        ("s", "", (0, float("inf"))),
        ("slope per day of credentials per agent", "slope_per_day", (-float("inf"), float("inf"))),
    ],
)
def test_quantities_have_natural_limits(unit, part, expected):
    """A share ends at the whole, a day at 24 hours, nothing but a slope is less than none; load may pass capacity."""
    assert limits(unit, part) == expected


def test_a_difference_has_the_limits_of_both():
    """No two shares lie further apart than the whole, whatever the runs of one of them were like."""
    completed = COLUMNS[0]
    assert completed.span == (-100, 100)
    assert next(column for column in COLUMNS if column.key == "held").span == (-24, 24)


def test_more_is_better_of_work_alone():
    """Of all that stands beside the work that gets done, exposure, effort and harm, less is better."""
    assert [each.key for each in (*COLUMNS, *SUPPORTING) if not each.less_is_better] == ["completed"]


def test_few_replications_are_few(by_hand):
    """Five make no finding, six may."""
    assert not by_hand.few
    assert replace(by_hand, replicates=5).few


def test_the_order_of_runs_does_not_matter(by_hand):
    """Written in another order, with other keys, the same runs compare the same."""
    with bench(order=(4, 0, 8, 1, 3, 7, 2, 6, 5, 17, 9, 16, 10, 15, 11, 14, 12, 13)) as store:
        other = compare(store)
    assert [row.control for row in other.rows] == [row.control for row in by_hand.rows]
    for one, two in zip(by_hand.rows, other.rows, strict=True):
        assert repr([replace(each, quantity=None) for each in one.cells]) == repr(
            [replace(each, quantity=None) for each in two.cells]
        )


def test_a_wrong_pairing_would_be_seen(by_hand):
    """The interval of the same values paired otherwise is another one: the test above can fail."""
    row = by_hand.rows[1]
    wrong = paired(HELD["task"][::-1], HELD["standing"], reach_of(by_hand, "task", "standing"))
    assert interval_of(row.cell("held").difference) != wrong


def test_a_quantile_of_few_is_none():
    """Of three tasks a model there is no 95th percentile, whatever each of the replicates says of its own."""
    with bench({"standing": (14, 18, 30), "task": (13, 14, 15)}) as store:
        rows = compare(store).rows
    assert all(isnan(row.cell(key).estimate.mean) for row in rows for key in ("revoke", "latency"))


def test_a_log_that_leaves_a_replicate_open_leaves_the_mean_open():
    """One log without credentials among six: the truth stands, and what the logs say on average is not known."""
    with bench() as store:
        store.connection.execute("UPDATE fact.run SET profile = 'human_login' WHERE control = 'task' AND replicate = 1")
        for run in range(1, 19):
            store.complete(run)
        standing, task, _ = compare(store).rows
    assert (task.cell("held").log_lo, task.cell("held").log_hi) == (None, None)
    assert standing.cell("held").log_lo is not None
    assert task.cell("held").estimate.mean == 3


@pytest.fixture(scope="module")
def single():
    """Two models of a run each, of which all measures were asked."""
    with bench({"standing": (10,), "task": (2,)}) as store:
        return compare(store, whole=True)


def test_one_replication_has_no_intervals(single):
    """A comparison of single runs has means and nothing to say about their spread."""
    cell = single.rows[1].cell("held")
    assert cell.difference.mean == -8
    assert isnan(cell.difference.lo)
    assert not cell.difference.excludes_zero


def test_whoever_shows_all_measures_gets_what_each_says(single, by_hand):
    """Those of the first screen and all others: an hour of a jewel weighs eight. Nobody else waits for the others."""
    held = single.measured["privilege_hours"].quantity([("part", "held")], [1, 2])
    assert held.parts == pytest.approx((8 * 10, 8 * 2))
    assert single.measured.keys() == {measure.name for measure in measures()}
    assert by_hand.measured.keys() == {column.measure for column in (*COLUMNS, *SUPPORTING)}


def test_the_latest_comparison_is_meant_unless_one_is_named(two, by_hand):
    """Of two in one store the later answers; of a model alone it is one row, and shares the error with nothing."""
    latest = compare(two)
    assert [row.control for row in latest.rows] == ["action"]
    assert latest.family.members == 1
    assert by_hand.baseline.control == "standing"


def test_a_comparison_that_is_not_there_is_refused(two):
    """In one line that says how to make one."""
    with Store.in_memory() as store, pytest.raises(MeasureError, match="no comparison; make one with") as refusal:
        compare(store)
    with pytest.raises(MeasureError, match="no comparison other; make one with"):
        compare(two, "other")
    assert "\n" not in str(refusal.value)


def test_a_run_that_was_not_completed_refuses_the_comparison():
    """Half a run does not lower a mean."""
    with bench() as store:
        store.connection.execute("UPDATE fact.run SET completed = NULL WHERE key = 5")
        with pytest.raises(MeasureError, match="run 5 was not completed"):
            compare(store)


def test_unequal_replication_is_refused():
    """A model of which a replicate is missing cannot be paired."""
    with bench() as store:
        store.connection.execute("DELETE FROM fact.comparison_run WHERE run = 5")
        with pytest.raises(MeasureError, match="replicate"):
            compare(store)


@pytest.fixture(scope="module")
def simulated():
    """Two bundled models on three mornings, with the result of comparing them."""
    models = tuple(model.load(DATA / "controls" / f"{name}.toml") for name in ("tiered", "session_narrow"))
    asked = scenario.load(DATA / "scenarios" / "support_midsize.toml", MORNING)
    with Store.in_memory() as store:
        runs = carry_out(Plan(asked, models, 3, seed=2, processes=1), store, lambda _done, _of: None)
        declared(store, {run: n // 3 for n, run in enumerate(runs)}, baseline="tiered")
        yield store, runs, compare(store)


@pytest.fixture(scope="module")
def measured(simulated):
    """A column's rows, straight from its measure, which each kind of evidence is asked for once."""
    store, runs, _ = simulated
    with examine(store, "truth") as truth, examine(store, "log") as log:
        ask = cache(lambda each, name: {"truth": truth, "log": log}[each].measure(find(name)))

        def rows(evidence, column):
            result = ask(evidence, column.measure)
            for name, word in column.row:
                result = result[result[name] == word]
            return result.set_index("run").loc[runs]

        yield rows


# A quantile is that of all replications together, and has tests of its own.
ALONE = [column for column in COLUMNS if ("stat", "p95") not in column.row]
ALONE_TOO = [column for column in SUPPORTING if not any("p95" in word for _, word in column.row)]


@pytest.mark.parametrize("column", ALONE, ids=[column.key for column in ALONE])
def test_a_simulated_comparison_says_what_its_measures_say(simulated, measured, column):
    """Truth, difference and log of a cell are those of the measure, run by run."""
    _, runs, found = simulated
    truth, log = (measured(evidence, column) for evidence in ("truth", "log"))
    for row, own in zip(found.rows, (runs[:3], runs[3:]), strict=True):
        cell = row.cell(column.key)
        assert cell.values == pytest.approx(truth.loc[own, "lo"].tolist(), nan_ok=True)  # noqa: PD011 - of a cell
        for said, end in ((cell.log_lo, "lo"), (cell.log_hi, "hi")):
            bounds = log.loc[own, end]
            assert said == (None if bounds.isna().any() else pytest.approx(bounds.mean()))
    ours, theirs = truth.loc[runs[3:], "lo"].tolist(), truth.loc[runs[:3], "lo"].tolist()
    apart = found.rows[1].cell(column.key).difference
    if apart.most is None:
        expected = sum(a - b for a, b in zip(ours, theirs, strict=True)) / 3
        assert apart.mean == pytest.approx(expected, nan_ok=True, abs=1e-9)


@pytest.mark.parametrize("column", ALONE_TOO, ids=lambda column: column.key)
def test_supporting_quantities_say_what_their_measures_say(simulated, measured, column):
    """Their means are those of the measure, run by run; a limit that is open is marked."""
    _, runs, found = simulated
    truth = measured("truth", column)
    for row, own in zip(found.rows, (runs[:3], runs[3:]), strict=True):
        support = row.support(column.key)
        assert support.estimate.mean == pytest.approx(truth.loc[own, "lo"].mean(skipna=False), nan_ok=True)
        assert support.estimate.is_least == (truth.loc[own, "hi"].isna() & truth.loc[own, "lo"].notna()).any()
    assert found.baseline.asks_humans
    assert not found.rows[1].asks_humans


def test_a_simulated_comparison_knows_its_scenario(simulated):
    """Title, size and window are those of the scenario and of all its runs."""
    store, runs, found = simulated
    [(actions,)] = store.rows("SELECT sum(w.actions) FROM fact.run r JOIN fact.workload w ON w.key = r.workload")
    assert (found.scenario["name"], found.agents, found.replicates) == ("support_midsize", 2, 3)
    assert found.actions == actions
    assert [row.title for row in found.rows] == ["Tiered", "Narrow session"]
    assert len(runs) == 6
    assert found.window[2] - found.window[1] == pd.Timedelta(hours=6)
