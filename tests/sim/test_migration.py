"""A migration has two hands: while old keys live on beside what replaces them, exposure counts both."""

import numpy as np
import pytest

from analysis.measures.examination import examine
from sim.audit.store import Store
from sim.reference.run import simulate
from sim.workload.dimensions import dimensions
from tests.ledgers import answers
from tests.worlds import Do, Past, Work, control, world

DAY = 86_400
AT_WORK = Past(since=-32, lives=[[0, 0, -30, "never"]])


def held(*cases):
    """Crown-jewel hours of an agent that does nothing sensitive, in two days after a model without keys took over.

    Of each case: for how many days both ran side by side, and how the old keys were governed.
    """
    with Store.in_memory() as store:
        for key, (dual_run_days, governance) in enumerate(cases, start=1):
            figures = {"migration.dual_run_days": dual_run_days}
            workload = world([Work([Do("read notes")])], figures, until=2 * DAY, past=AT_WORK)
            times = {name: np.datetime64(getattr(workload, name), "us") for name in ("begins", "t0", "t1")}
            run = {"key": key, "id": f"run {key}", "kind": "simulated", "workload": key, "profile": "full"}
            chosen = control({f"governance.{knob}": value for knob, value in governance.items()})
            store.write_workload(key, dimensions(workload, f"bench {key}"))
            store.write_run({**run, "version": "1", **times}, simulate(workload, chosen))
        with examine(store, "truth") as truth:
            told = answers(truth, "crown_jewel_hours")
    return [told[key]["held task"].lo for key in range(1, len(cases) + 1)]


def test_exposure_counts_old_keys_beside_what_replaces_them():
    """An old key holds a jewel for as long as both run side by side; one that is never removed, all the time."""
    at_once, a_day, never_removed, longer = held((0, {}), (1, {}), (1, {"decommissioned": 0}), (9, {}))
    assert at_once == 0
    assert a_day == pytest.approx(24 / 2)
    assert never_removed == longer == pytest.approx(24)
