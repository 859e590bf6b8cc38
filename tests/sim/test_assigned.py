"""What an agent is assigned over time: where verifiers ask, what is added or taken away holds at once, else not."""

import numpy as np
import pytest

from analysis.measures.examination import examine
from sim.audit.store import Store
from sim.reference.assigned import Added, Assigned
from sim.reference.run import simulate
from sim.workload.dimensions import dimensions
from tests.ledgers import answers
from tests.worlds import Do, Past, Work, control, world

DAYS = 2
# Of what is added the second comes 0.4375 days after the take-over, and is "tagging money" by draw; the
# third would be "permissions money". The first, "list notes", was there before.
AT_WORK = Past(
    since=-32,
    people=[[0, 0, 0, -400, "never"]],
    lives=[[0, 0, -30, "never"]],
    answering=[[0, 0, [0, 0], "owner", -30, "never"]],
)
KEY = {"issue.unit": "standing", "issue.authority": "own_role", "lifetime.ttl_s": "never"}
INSIDE = {"issue.boundary": "own_role"}
REVIEWED = {"governance.review_days": 1, "governance.reviewer_approval": 0}
# Hours a day of "list notes" (1 x 1) and "tagging money" (3 x 10), in thousandths of a permission-hour.
NOTES, MONEY = 1 * 1 / 1e6, 3 * 10 / 1e6


def test_assignments_change_when_they_say():
    """What is added is there from its instant on, until the one at which it is taken away; two additions overlap."""
    said = Assigned((1, 2), [Added((3,), 10, 20), Added((3, 4), 15, 30), Added((2,), 5, 6)])
    assert [sorted(said.at(time)) for time in (9, 10, 15, 20, 30)] == [
        [1, 2],
        [1, 2, 3],
        [1, 2, 3, 4],
        [1, 2, 3, 4],
        [1, 2],
    ]
    assert said.changes(0, 100) == [10, 15, 30]
    assert said.changes(10, 30) == [15]


def told(name, models, rate=2):
    """What a measure says of two days under each control model, on the truth and on a log with a snapshot."""
    figures = {"lifecycle.grants_per_month": rate}
    workload = world([Work([Do("read notes")])], figures, until=DAYS * 86_400, past=AT_WORK)
    times = {name: np.datetime64(getattr(workload, name), "us") for name in ("begins", "t0", "t1")}
    with Store.in_memory() as store:
        store.write_workload(1, dimensions(workload, "bench"))
        for key, settings in enumerate(models, start=1):
            run = {"key": key, "id": f"run {key}", "kind": "simulated", "workload": 1, "profile": "full"}
            store.write_run({**run, "version": "1", **times}, simulate(workload, control(settings)))
        with examine(store, "truth") as truth, examine(store, "log") as log:
            said = (answers(truth, name), answers(log, name))
    return [tuple(of[key] for of in said) for key in range(1, len(models) + 1)]


def held(*models):
    """Weighted permission-hours that an agent holds a day under each model, beyond what its role holds."""
    (plain, _), *found = told("privilege_hours", [KEY, *(KEY | settings for settings in models)])
    for truth, log in found:
        assert log["held"].lo <= truth["held"].lo * (1 + 1e-9)
        assert log["held"].hi is None or truth["held"].lo <= log["held"].hi * (1 + 1e-9)
    return [truth["held"].lo - plain["held"].lo for truth, _ in found]


def test_what_is_assigned_now_is_what_is_measured():
    """A day of two with what was added before, and of it what is left after 0.4375 days with what is added then."""
    *found, none = held(
        {"issue.resolved": "looked_up", **REVIEWED}, {"issue.resolved": "both", **REVIEWED},
        {"issue.authority": "role_union", **REVIEWED}, {"issue.resolved": "looked_up", **INSIDE},
    )  # fmt: skip
    assert found == pytest.approx([24 * (NOTES + 0.5625 * MONEY) / DAYS, 24 * NOTES / DAYS, 24 * NOTES])
    assert none == 0


def test_what_is_within_reach_follows():
    """A stolen key opens what was added where verifiers ask, and then an issuer gives it too; a boundary stops both."""
    session = {"issue.unit": "session", "issue.authority": "own_role", "lifetime.ttl_s": 3600}
    asked = ({"issue.resolved": "baked"}, {"issue.resolved": "both"}, {"issue.resolved": "both", **INSIDE})
    found = told("blast_radius", [issue | each for issue in (KEY, session) for each in asked], 4)
    for threat, those in (("t1b", found[:3]), ("t2", found[3:])):
        narrow, wide, bound = (truth[threat].lo for truth, _ in those)
        assert wide > narrow == bound
