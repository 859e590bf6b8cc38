"""What stands before an attacker who has what opens a gated atom: a human, where one is asked, and nobody elsewhere."""

import pytest

from sim.audit.rows import Reason
from sim.reference.run import simulate
from tests.worlds import Do, Strike, Work, control, world

PAYS = [Work([Do("write money", takes=900)])]
STANDING = {"issue.unit": "standing", "issue.authority": "own_role", "lifetime.ttl_s": "never"}
SESSION = {"issue.unit": "session", "issue.authority": "own_role", "lifetime.ttl_s": 3600}
TASK = {"lifetime.ttl_s": 3600}
ACTION = {"issue.unit": "action", "issue.authority": "single", "lifetime.ttl_s": 3600}


def came_of_it(threat, settings, scenario=None):
    """Whether paying was let through that an attacker tried while the agent paid, or why not."""
    figures = {"attacks": (1, 5), "approvers.inspection_median_s": 1, **(scenario or {})}
    strikes = [Strike(at=100, noticed=10**5, tries=["write money"], threat=threat, sent_to="far")]
    facts = simulate(world(PAYS, figures, strikes=strikes, until=3000), control({"approval.from_tier": 3, **settings}))
    [step] = facts.steps
    return next(event.reason for event in facts.events if event.id == step.event), step.allowed


MET, LET_THROUGH = (Reason.APPROVER, False), True


@pytest.mark.parametrize("threat", ["t1a", "t1b", "t1c", "t2", "t4"])
@pytest.mark.parametrize("unit", [STANDING, SESSION, ACTION], ids=["standing", "session", "action"])
def test_where_each_request_is_decided_a_stolen_credential_meets_a_human(threat, unit):
    """An enforcement point in front of each call asks, whoever presents what was issued, and for whatever it was."""
    assert came_of_it(threat, unit | {"decision.at": "request"}) == MET


@pytest.mark.parametrize("threat", ["t1a", "t1b", "t1c"])
@pytest.mark.parametrize("unit", [STANDING, SESSION, ACTION, TASK], ids=["standing", "session", "action", "task"])
def test_elsewhere_whoever_has_a_credential_asks_nobody(threat, unit):
    """The agent asks before it calls, or the issuer before it issues: neither sees a copy, or a signature, used."""
    assert came_of_it(threat, unit)[1] is LET_THROUGH


@pytest.mark.parametrize("threat", ["t2", "t4"])
@pytest.mark.parametrize("unit", [STANDING, SESSION, ACTION, TASK], ids=["standing", "session", "action", "task"])
def test_whoever_drives_the_agent_meets_whom_it_asks(threat, unit):
    """A hijacked agent, or parent, makes its calls as ever, and asks before those that are gated."""
    assert came_of_it(threat, unit) == MET


def test_an_issuer_asks_where_the_approval_guards_the_issue():
    """With the host's secret a gated atom is had past a human where it is issued alone, and with the role elsewhere."""
    secret = {"identity.bootstrap": "static_secret"}
    assert came_of_it("t5", ACTION | secret, {"t5_at": "host"}) == MET
    assert came_of_it("t5", SESSION | secret, {"t5_at": "host"})[1] is LET_THROUGH
