"""Ending one credential in an incident: what ends with it is what its platform cannot keep apart."""

from dataclasses import replace

import pytest

from sim.audit import ids
from sim.audit.rows import CredentialKind, Reason
from sim.control.platform import terms_on
from sim.reference.agent import Agent
from sim.reference.clock import Clock, Phase
from sim.reference.desk import Desk
from sim.reference.journal import Journal
from sim.reference.run import simulate
from sim.reference.wallet import stopped
from sim.reference.world import World
from tests.worlds import SECOND, START, Do, Past, Strike, Work, atom, control, platform, world

CALL = Do("read money", takes=50)
# Agent 0 works on two tasks at once, agent 1 on one; agent 2 is done after a second, with a token that lives on.
WORKS = [Work([CALL]), Work([CALL]), Work([CALL], agent=1), Work([Do("read money", takes=1)], agent=2)]
AT, LAG = 10, 60


def stop(ends, settings=None, works=WORKS, roles=None, *, handed=False):
    """Stop the first credential of agent 0 after ten seconds; the credential, the collateral, and the facts.

    `handed`: it is taken for one that a person handed over.
    """
    workload = world(works, {"platforms": ("any", "made"), "fleet.concurrency": 2})
    workload = replace(workload, roles=roles or workload.roles)
    asked = control(settings)
    terms = terms_on(asked, {"made": platform("made", {"revocation.ends": ends})})
    clock = Clock(initial_time=START)
    run = World(workload, asked, clock, Journal(clock, workload.streams), terms)
    for number in range(workload.agents):
        clock.process(Agent(run, number, Desk(run)).live())
    told = []

    def responds():
        yield clock.until(START + AT * SECOND, Phase.REVIEW, 0)
        told.append(run.possessions[0][0])
        told[0].handed = handed
        told.append(stopped(run, 0, told[0], Reason.INCIDENT))

    clock.process(responds())
    clock.run(until=START + 1000 * SECOND)
    return *told, run.journal.close()


def ended(facts):
    """Numbers of the agents whose credentials were refused early, and when and why."""
    holder = {c.id: c.holder & 0xFFFF for c in facts.credentials}
    return sorted((holder[a.credential], (a.until - START) // SECOND, Reason(a.reason)) for a in facts.acceptances)


@pytest.mark.parametrize(
    ("ends", "collateral", "hit"),
    [("credential", 0, [0]), ("identity", 1, [0, 0]), ("role", 2, [0, 0, 1, 2]), ("none", 0, [])],
)
def test_what_ends_with_a_credential_is_its_platforms_to_say(ends, collateral, hit):
    """Alone, with all of its holder, with all of its role, or not at all; what nobody needs any more is not counted."""
    held, others, facts = stop(ends)
    assert others == collateral
    assert held.revoked == (ends != "none")
    assert ended(facts) == [(agent, AT + LAG, Reason.INCIDENT) for agent in hit]


@pytest.mark.parametrize(("ends", "left"), [("role", set()), ("identity", {1}), ("credential", {1})])
def test_a_role_has_those_too_that_were_abandoned(ends, left):
    """Where a response ends all of a role, the key that an abandoned agent of it left goes too; elsewhere it stays."""
    past = Past(since=-90, lives=[[0, 0, -30, "never"], [0, 1, -80, -31]])
    strike = [Strike(at=5, noticed=8, tries=["read money"])]
    figures = {"platforms": ("any", "made"), "migration.dual_run_days": 9}
    asked = control({"containment.revoke": True})
    workload = world(WORKS[:1], figures, strikes=strike, until=1000, past=past)
    facts = simulate(workload, asked, terms_on(asked, {"made": platform("made", {"revocation.ends": ends})}))
    whose = {c.id: c.holder >> ids.AGENT_BITS & 1 for c in facts.credentials if c.kind == CredentialKind.STATIC_KEY}
    money = {c.id for c in facts.credentials if c.id in whose and atom("read money") in facts.scope_sets[c.scope_set]}
    assert {whose[key] for key in money} == {0, 1}
    refused = [a for a in facts.acceptances if a.reason == Reason.INCIDENT and a.credential in money]
    assert {whose[key] for key in money - {a.credential for a in refused}} == left
    assert {(a.until - START) // SECOND for a in refused} == {8 + LAG}


def test_another_role_is_spared():
    """What is issued for another role does not end with it."""
    own, other = (atom("read money"), atom("write money")), (atom("read money"),)
    _, others, facts = stop("role", roles=(own, other, own))
    assert (others, [agent for agent, _, _ in ended(facts)]) == (1, [0, 0, 2])


def test_a_static_key_is_deleted_alone():
    """Where sessions of a role end together, a static key still ends by itself."""
    static = {"issue.unit": "standing", "issue.authority": "own_role", "lifetime.ttl_s": "never"}
    held, others, facts = stop("role", static)
    assert (others, [agent for agent, _, _ in ended(facts)]) == (0, [0])
    assert {c.kind for c in facts.credentials if c.id == held.id} == {CredentialKind.STATIC_KEY}


def test_what_a_person_handed_over_is_ended_alone():
    """A key that no platform issued ends by itself, whatever the platform cannot keep apart."""
    for ends in ("role", "identity", "none"):
        _, others, facts = stop(ends, handed=True)
        assert (others, [agent for agent, _, _ in ended(facts)]) == (0, [0])


def test_what_is_cut_from_it_is_collateral_too():
    """Where revoking cascades, a sub-agent at work loses what was cut from the credential that is ended."""
    tree = [Work([Do("read money", takes=50)], [Work([CALL])])]
    cut = {"delegation.child": "attenuate", "revocation.on": "task_end", "delegation.on_parent_end": "end"}
    for cascade, collateral in (("none", 0), ("on_revoke", 1)):
        _, others, facts = stop("credential", {**cut, "revocation.cascade": cascade}, tree)
        assert others == collateral
        assert [a for a in ended(facts) if a[2] is Reason.INCIDENT] == [(0, AT + LAG, Reason.INCIDENT)] * (
            1 + collateral
        )
