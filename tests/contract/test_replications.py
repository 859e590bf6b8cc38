"""What a log tells of several runs together, beside the truth: a mean of the runs' own is no quantile of all."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.measures.examination import examine
from analysis.measures.measure import find, measures
from analysis.samples import measured
from sim import scenario
from sim.audit.store import Store
from sim.control import model
from sim.experiment import Plan, carry_out
from tests.ledgers import Event, Ledger, Task, store_of

DATA = Path(__file__).parents[2] / "data"
POOLED = [measure.name for measure in measures() if measure.pool.part and "log" in measure.evidence]
CONTROLS = ("tiered", "per_task", "human_session")
MORNING = {
    "start": "2026-01-05T09:00:00Z", "window.warm_up_hours": 1, "window.hours": 6, "fleet.agents": 6,
    "arrivals.per_agent_day": 120, "past.inventory": 1,
}  # fmt: skip
# In three such mornings there are enough for some of their quantiles, or laws, which need no number.
TOLD = ("added_latency", "dormancy", "first_touch", "issuance", "tail_radius", "time_to_revoke", "turnaround")
# Of these a log of such a morning always leaves something open.
NEVER_ALIKE = {"human_reach", "revoke_on_offboarding", "stale_tail"}


@pytest.fixture(scope="module")
def mornings():
    """Runs by control model, and what each pooled measure says of them: of the truth, and of their complete logs."""
    models = tuple(model.load(DATA / "controls" / f"{name}.toml", policies=DATA / "policies") for name in CONTROLS)
    asked = scenario.load(DATA / "scenarios" / "support_midsize.toml", MORNING)
    with Store.in_memory() as store:
        keys = carry_out(Plan(asked, models, 3, seed=3, processes=1, estimand="steady"), store, lambda *_: None)
        # On a log need is use.
        store.connection.execute("DELETE FROM fact.need WHERE NOT met")
        runs = {}
        for key, name in store.rows("SELECT key, control FROM fact.run ORDER BY key"):
            runs.setdefault(name, []).append(key)
        said = []
        for evidence in ("truth", "log"):
            with examine(store, evidence, keys) as examination:
                said.append({name: measured(examination, find(name)) for name in POOLED})
        yield runs, *said


def rows(truth):
    """Every row that is a quantile, or a tail, or a mean up to a horizon."""
    grain = truth.measure.grain[1:]
    labels = sorted({tuple(map(str, each)) for each in truth.result[[*grain]].to_numpy()})
    every = [tuple(zip(grain, label, strict=True)) for label in labels]
    return [row for row in every if truth.asked(row).is_pooled]


def hides_nothing(truth, log):
    """Whether a log tells of each run what is true of it, and not merely as little as where nothing happened."""
    return all(
        np.allclose([true.lo, true.hi], [seen.lo, seen.hi], rtol=1e-9, equal_nan=True)
        and not (seen.is_silent and seen.unknowns)
        for true, seen in zip(truth, log, strict=True)
    )


@pytest.mark.parametrize("name", POOLED)
def test_a_log_that_hides_nothing_of_any_run_tells_of_all_what_is_true(mornings, name):
    """The value, what each run adds and every resample: none where the truth has none, and no mean of the runs' own."""
    runs, truth, log = mornings[0], *(said[name] for said in mornings[1:])
    compared = []
    for row in rows(truth):
        for keys in runs.values():
            if not hides_nothing(truth.samples(row, keys), log.samples(row, keys)):
                continue
            true, seen = (each.quantity(row, keys) for each in (truth, log))
            ends = [(true.least, seen.least), (true.most, seen.most)]
            assert all(
                each.shape == other.shape and np.allclose(each, other, rtol=1e-9, equal_nan=True)
                for each, other in ends
            ), (row, true.least[0], true.most[0], seen.least[0], seen.most[0])
            compared.append(float(true.least[0]))
    assert bool(compared) == (name not in NEVER_ALIKE)
    assert np.isfinite(compared).any() == (name in TOLD)


def test_a_call_of_which_a_log_does_not_tell_when_it_was_ready_is_in_no_quantile_of_waits():
    """It counts as unknown, in the run and in what is pooled: the others waited one to five minutes."""
    waits = [60, 120, 180, 240, 300]
    calls = [Event("use", 600 * n, task=1, action=n, atom="read notes", decision="allow", takes=1, ready=600 * n - wait)
             for n, wait in enumerate(waits, 1)]  # fmt: skip
    untimed = replace(calls[0], time=3500, action=9, ready=None)
    ledger = Ledger(tasks=[Task(1, 0)], events=[*calls, untimed])
    row = (("per", "action"), ("stat", "p50"))
    with store_of(ledger) as store, examine(store, "log") as examination:
        [sample] = measured(examination, find("added_latency")).samples(row, [1])
    assert (sample.lo, sample.hi, sample.unknowns) == (180, 180, 1)
    assert sorted(sample.pool.least) == waits
