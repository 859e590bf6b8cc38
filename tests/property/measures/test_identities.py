"""Whose days access is divided by: agents, whoever holds something, and who may be one of these or nobody knows."""

import json

import pytest

from analysis.ingest.ingest import ingest
from analysis.measures.examination import examine
from sim.audit.store import Store
from tests.ledgers import DAY, Credential, Ledger, answers

AGENT, HUMAN = ({"principal": name, "principal_kind": kind} for name, kind in (("a1", "agent"), ("h", "human")))
CALL = {
    "requested": "2026-03-02T10:00:00Z", "operation": "pay", "task": "t1", "action": "x", "decision": "allow",
    "resource_group": "crm", "level": "write", "tier": 3, "duration_s": 60,
}  # fmt: skip
LATER = {"requested": "2026-03-02T10:03:00Z", "action": "y", "resource_group": "notes", "level": "read", "tier": 1}
WORK = [{"kind": "task_start", "task": "t1"}, CALL, {"kind": "task_end", "task": "t1", "reason": "completed"}]
LAST = {"time": "2026-03-02T22:00:00Z", "kind": "task_start", "task": "t2", **AGENT}
# Of everything but with which credential it was done.
KEEPS = "task tool touch duration action every_event use decide_approval task_start task_end issue review"


@pytest.fixture(scope="module")
def idle(tmp_path_factory):
    """For how long credentials of an hour would be idle: of a log of an agent, and where a human does something too."""
    with Store.in_memory() as store:
        for others in ([], [{"kind": kind} for kind in ("decide_approval", "issue", "review")], [CALL | LATER]):
            rows = [*(row | AGENT for row in WORK), *(row | HUMAN for row in others)]
            timed = [{"time": f"2026-03-02T10:0{n}:00Z", **row} for n, row in enumerate(rows)]
            file = tmp_path_factory.mktemp("log") / "log.ndjson"
            file.write_text("".join(json.dumps({"keeps": KEEPS, **row}) + "\n" for row in (*timed, LAST)))
            ingest([file], store)
        with examine(store, "log") as log:
            return [each["tier_3 unknown 1_hour idle"] for each in answers(log, "lifetime_choice").values()]


def test_who_approves_or_issues_is_no_agent_by_that(idle):
    """Where no credential is shown, who says yes, issues or reviews holds none for all one knows: no day is theirs."""
    alone, approved, _ = idle
    assert alone.lo == alone.hi > 1
    assert approved == alone


def test_who_makes_calls_may_be_one(idle):
    """Then there are two of them at most, of one of whom nobody is sure."""
    alone, _, called = idle
    assert (called.lo, called.hi) == (pytest.approx(alone.lo / 2), pytest.approx(alone.hi))
    assert called.unknowns == alone.unknowns + 1


@pytest.mark.parametrize("ends", [DAY, DAY / 2])
def test_who_holds_without_a_name_is_one_of_the_others_or_one_more(bounded, ends):
    """The share of the time without anything is never below nothing, and is what it would be, whoever holds it."""
    both = [[Credential(["write money"], 0, ends, agent=agent) for agent in (0, other)] for other in (None, 0, 1)]
    unknown, one, two = (Ledger(DAY, agents=n, credentials=held) for n, held in zip((1, 1, 2), both, strict=True))
    said, *known = bounded.told(["zero_standing"], [unknown, one, two])["zero_standing"]
    least, most, _ = said["held task zero_percent"]
    assert all(0 <= least <= each["held task zero_percent"].lo <= most for each in known)
