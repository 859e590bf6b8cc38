"""What more than one has is told as shared: of the truth all of it, of a log what it proves."""

import numpy as np
import pytest

from analysis.measures.examination import examine
from sim.audit.store import Store
from sim.reference.run import simulate
from sim.workload.dimensions import dimensions
from tests.ledgers import answers
from tests.worlds import Do, Work, control, world

IMPATIENT = {"workaround.per_waited_hour": 360, "ownership.unowned": 0, "ownership.team_owned": 0}


@pytest.fixture(scope="module")
def shared():
    """What is owed after two hours of an agent that waits for an approval, on the truth and on a full log."""
    workload = world([Work([Do("write money")])], IMPATIENT, until=7200)
    times = {name: np.datetime64(getattr(workload, name), "us") for name in ("begins", "t0", "t1")}
    run = {"key": 1, "id": "run", "kind": "simulated", "workload": 1, "profile": "full", "version": "1", **times}
    with Store.in_memory() as store:
        store.write_workload(1, dimensions(workload, "bench"))
        store.write_run(run, facts := simulate(workload, control({"approval.from_tier": 3})))
        with examine(store, "truth") as truth, examine(store, "log") as log:
            told = [answers(each, "identity_debt")[1] for each in (truth, log)]
    assert len(facts.parties) == 1
    return told


@pytest.mark.parametrize("stat", ["closing", "item_hours", "interest", "remediation_hours"])
def test_a_key_that_its_owner_hands_over_is_shared_while_it_lives(shared, stat):
    """It comes ten seconds after the request and outlives the two hours; a log shows who made it, and no copies."""
    truth, log = shared
    expected = {"closing": 1, "item_hours": 24 * 7190 / 7200, "remediation_hours": 45 / 60}
    said = truth[f"shared_secret {stat}"]
    assert said.lo == said.hi == pytest.approx(expected.get(stat, said.lo))
    assert said.lo > 0
    assert (log[f"shared_secret {stat}"].lo, log[f"shared_secret {stat}"].hi) == (said.lo, None)
