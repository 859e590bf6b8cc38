"""A policy in a run: what it turns on, what an attacker can claim, what a wrong one would look like."""

import cedarpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.audit.rows import UNKNOWN, Decision, Gate, Kind, Outcome
from sim.control import policy
from sim.reference.rulebook import NO_TASK, Rulebook
from sim.reference.run import simulate
from sim.workload.intentions import Purpose
from tests.property.rules import Run, broken_rules
from tests.worlds import POLICIES, SECOND, START, Do, Strike, Work, atom, bundled_policy, control, world

PERMIT = "permit (principal, action, resource)"
EACH = {"decision.at": "request", "decision.policy": "permit_all"}


def under(text, **knobs):
    """A control model with a policy of its own."""
    written = policy.written("own", text, (POLICIES / policy.SCHEMA).read_text("utf-8"), "own")
    return control({**EACH, **knobs}).model_copy(update={"policy": written})


def obtainable(facts):
    """The atoms that whoever holds an identity can mint without a human."""
    asked = [t for t in facts.trusts if t.gate not in {Gate.HUMAN, Gate.ISSUER}]
    return {each for t in asked for each in facts.scope_sets[t.scope_set]}


READ_NOTES, WRITE_NOTES, READ_MONEY, WRITE_MONEY = map(atom, ("read notes", "write notes", "read money", "write money"))
ROLE = {READ_NOTES, WRITE_NOTES, READ_MONEY, WRITE_MONEY}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"{PERMIT};", ROLE),
        (f'{PERMIT} when {{ context.intent == "pay" }};', ROLE),
        (f"{PERMIT} when {{ context.planned }};", ROLE),
        (f"{PERMIT} unless {{ resource.tier == 3 }};", {READ_NOTES, WRITE_NOTES}),
        (f'{PERMIT} unless {{ resource in System::"far" }};', {READ_NOTES, WRITE_NOTES}),
        (f"{PERMIT} when {{ context.approval > 0 || resource.tier == 1 }};", {READ_NOTES, WRITE_NOTES}),
        (f'{PERMIT} when {{ context.intent == "sleep" }};', set()),
    ],
)
def test_only_facts_bound_what_an_attacker_obtains(text, left):
    """Who writes his own intent and plan gets past a policy that reads nothing else; past a destination he does not."""
    assert (
        obtainable(simulate(world([Work([Do("read notes")])]), under(text, **{"issue.authority": "own_role"}))) == left
    )


def test_an_agent_known_to_be_robbed_can_be_quarantined():
    """From when a theft is noticed, a policy that reads the agent's state refuses it what others get."""
    text = f'{PERMIT} unless {{ principal.state == "quarantined" }};'
    works = [Work([Do("read notes")], at=at, agent=agent) for agent in (0, 1) for at in (10, 19, 20, 30)]
    facts = simulate(world(works, strikes=[Strike(at=5, noticed=20, agent=0)]), under(text))
    answers = [
        (e.target & 0xFFFF, (e.time - START) // SECOND, e.decision) for e in facts.events if e.kind == Kind.DECIDE
    ]
    assert sorted(at for agent, at, said in answers if agent == 0 and said == Decision.DENY) == [20, 30]
    assert all(said == Decision.ALLOW for agent, _, said in answers if agent == 1)


def test_each_decision_names_its_policy_and_nothing_else_does():
    """The hash of the policy stands on decisions, and on none where no policy is in force."""
    workload, chosen = world([Work([Do("read notes")])]), under(f"{PERMIT};")
    named = {e.policy: Kind(e.kind) for e in simulate(workload, chosen).events if e.policy != UNKNOWN}
    assert named == {chosen.policy.id: Kind.DECIDE}
    without = simulate(workload, control({"decision.at": "request"}))
    assert {e.policy for e in without.events} == {UNKNOWN}
    assert without.consulted == []


@pytest.mark.parametrize("at", ["onboarding", "login"])
def test_before_there_is_a_task_there_is_no_plan(at):
    """At onboarding and at a login nothing is planned, so a policy of plans gives nothing."""
    knobs = {"decision.at": at, "issue.unit": "session", "issue.authority": "own_role", "decision.policy": "plan_only"}
    facts = simulate(world([Work([Do("read notes")])]), control(knobs))
    assert facts.credentials == []
    assert [o.outcome for o in facts.outcomes] == [Outcome.BROKEN]
    assert {t.gate for t in facts.trusts} <= {Gate.ISSUER}


@pytest.mark.parametrize("claimed", ["plan_only", "by_sensitivity", "by_privilege", "by_reversibility"])
@pytest.mark.parametrize("at", ["task", "request"])
def test_the_rules_see_a_policy_that_was_not_kept(claimed, at):
    """A run under one policy breaks the rules of a stricter one."""
    workload = world([Work([Do("read notes"), Do("write notes"), Do("write money", planned=False)])])
    lenient = control({"decision.at": at, "decision.policy": "permit_all"})
    facts = simulate(workload, lenient)
    told = facts._replace(events=[e._replace(policy=control({"decision.policy": claimed}).policy.id)
                                  if e.kind == Kind.DECIDE else e for e in facts.events])  # fmt: skip
    stricter = control({"decision.at": at, "decision.policy": claimed})
    assert broken_rules(Run(workload, stricter, told)).keys() & {"policy_is_kept", "humans_agree_first"}
    assert broken_rules(Run(workload, lenient, facts)) == {}


CONDITIONS = st.deferred(lambda: st.one_of(
    st.sampled_from([
        "context.reversible", "context.planned", 'context.intent == "pay"', "resource.tier == 3", "resource.tier < 2",
        "principal.systems.contains(resource.system)", "context.approval >= 2", "context.approval == 1",
        "context.reversible == context.planned",
    ]),
    CONDITIONS.map("!({})".format),
    st.tuples(CONDITIONS, st.sampled_from(["&&", "||"]), CONDITIONS).map(lambda each: "({}) {} ({})".format(*each)),
))  # fmt: skip
SCOPES = st.sampled_from([
    "principal, action, resource", 'principal, action == Action::"write", resource',
    'principal, action in [Action::"tagging", Action::"permissions"], resource',
])  # fmt: skip
TEXTS = st.lists(
    st.tuples(st.sampled_from(["permit", "permit", "forbid"]), SCOPES, CONDITIONS).map(
        lambda each: "{} ({}) when {{ {} }};".format(*each)
    ), min_size=1, max_size=3,
).map("\n".join)  # fmt: skip


@settings(max_examples=60)
@given(TEXTS, st.sampled_from(["look", "pay"]), st.frozensets(st.sampled_from(sorted(ROLE))))
def test_an_atom_is_asked_about_as_it_is(text, intent, plan):
    """What a rulebook says of each atom is what Cedar says of its level, tier, system and whether it can be undone."""
    workload = world([Work([Do("read notes")])])
    book = Rulebook(workload, under(text).policy)
    found = [book.requirement(0, n, Purpose(intent, plan), START) for n in range(len(workload.atoms))]
    assert found == [directly(text, what, intent, planned=n in plan) for n, what in enumerate(workload.atoms)]


def directly(text, what, intent, *, planned):
    """The least approval with which Cedar, held to the schema, permits an agent whose work needs both systems."""
    uids = {kind: {"type": kind, "id": name} for kind, name in (
        ("Agent", "0"), ("Team", "team"), ("ResourceGroup", what.group), ("System", what.system)
    )}  # fmt: skip
    entity = {kind: {"__entity": uid} for kind, uid in uids.items()}
    systems = [{"__entity": {"type": "System", "id": name}} for name in ("near", "far")]
    entities = [
        {"uid": uids["Agent"], "parents": [uids["Team"]],
         "attrs": {"team": entity["Team"], "systems": systems, "state": "active"}},
        {"uid": uids["ResourceGroup"], "parents": [uids["System"]],
         "attrs": {"system": entity["System"], "tier": what.tier}},
    ]  # fmt: skip
    context = {"intent": intent, "planned": planned, "reversible": what.reversible}
    asked = [
        {"principal": uids["Agent"], "action": {"type": "Action", "id": what.level}, "resource": uids["ResourceGroup"],
         "context": {**context, "approval": tier}} for tier in range(4)
    ]  # fmt: skip
    schema = (POLICIES / policy.SCHEMA).read_text("utf-8")
    answers = cedarpy.is_authorized_batch(asked, text, entities, schema)
    assert not any(each.diagnostics.errors for each in answers)
    return next((tier for tier, each in enumerate(answers) if each.allowed), None)


@pytest.mark.parametrize(("name", "changed"), [
    ("by_sensitivity", {"tagging money": 2, "write money": 2, "permissions money": 3}),
    ("by_privilege", {
        "tagging notes": 1, "write notes": 1, "permissions notes": 3,
        "tagging money": 1, "write money": 1, "permissions money": 3,
    }),
    ("by_reversibility", {"write notes": 3}),
])  # fmt: skip
def test_a_bundled_tiering_puts_changes_where_its_axis_does(name, changed):
    """Sensitivity looks at the destination, privilege at the level, reversibility at what cannot be undone."""
    workload = world([Work([Do("read notes")])])
    book = Rulebook(workload, bundled_policy(name))
    found = {
        f"{what.level} {what.group}": book.requirement(0, n, NO_TASK, START) for n, what in enumerate(workload.atoms)
    }
    assert {atom: tier for atom, tier in found.items() if tier != 0} == changed


def test_a_run_is_called_by_what_its_policy_says():
    """Two files that say the same give one run, whatever they are called; another policy gives another."""
    said = [
        under(text).without_logging() for text in (f"{PERMIT};", f"// why\n{PERMIT};", f"{PERMIT} when {{ true }};")
    ]
    assert said[0] == said[1] != said[2]
