"""A migration has two hands: while old keys live on beside what replaces them, exposure counts both."""

import numpy as np
import pytest

from analysis.measures.measure import examine
from sim.audit.store import Store
from sim.reference.run import simulate
from sim.workload.dimensions import dimensions
from tests.ledgers import answers
from tests.worlds import Do, Past, Work, control, world

DAY = 86_400
AT_WORK = Past(since=-32, lives=[[0, 0, -30, "never"]])


def held(dual_run_days, **governance):
    """Crown-jewel hours of an agent that does nothing sensitive, in two days after a model without keys took over."""
    figures = {"migration.dual_run_days": dual_run_days}
    workload = world([Work([Do("read notes")])], figures, until=2 * DAY, past=AT_WORK)
    times = {name: np.datetime64(getattr(workload, name), "us") for name in ("begins", "t0", "t1")}
    run = {"key": 1, "id": "run", "kind": "simulated", "workload": 1, "profile": "full", "version": "1", **times}
    chosen = control({f"governance.{key}": value for key, value in governance.items()})
    with Store.in_memory() as store:
        store.write_workload(1, dimensions(workload, "bench"))
        store.write_run(run, simulate(workload, chosen))
        with examine(store, "truth") as truth:
            return answers(truth, "crown_jewel_hours")[1]["held task"].lo


def test_exposure_counts_old_keys_beside_what_replaces_them():
    """An old key holds a jewel for as long as both run side by side; one that is never removed, all the time."""
    assert held(0) == 0
    assert held(1) == pytest.approx(24 / 2)
    assert held(1, decommissioned=0) == held(9) == pytest.approx(24)
