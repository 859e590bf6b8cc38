"""What the work that arrives asks of approvers, whether or not anybody gets so far."""

import pytest

from sim.audit.rows import Kind
from sim.control import policy
from sim.reference.run import simulate
from tests.worlds import POLICIES, Do, Work, control, world

PAY, LOOK = Do("write money", 1, 1), Do("read notes", 1, 1)
ASKING = {"approval.from_tier": 3}
HOUR = 3600


def told(works, settings, scenario=None, until=4 * HOUR):
    """Facts of these works under a model that asks about money."""
    return simulate(world(works, scenario, until=until), control(ASKING | settings))


def demands(works, settings, scenario=None):
    """How often each root task asks, in the order of their arrival."""
    return [each.approvals for each in told(works, settings, scenario).demands]


def test_agents_that_wait_hide_nothing():
    """Ten tasks an hour, an hour of inspection each: in four hours four requests are made, forty are to come."""
    works = [Work([PAY], at=360 * n) for n in range(40)]
    facts = told(works, {}, {"fleet.concurrency": 1, "approvers.inspection_median_s": HOUR})
    requests = [event for event in facts.events if event.kind == Kind.REQUEST_APPROVAL]
    assert len(requests) == 4
    assert sum(each.approvals for each in facts.demands) == 40


def test_only_what_is_gated_counts_once_for_each_who_must_agree():
    """Of three calls two are about money, and two people look at each."""
    assert demands([Work([PAY, LOOK, PAY])], {"approval.people": 2}, {"approvers.staff": 2}) == [4]
    assert demands([Work([LOOK])], {}) == []


@pytest.mark.parametrize(
    ("settings", "asked"),
    [
        ({}, 7),
        ({"approval.covers": "task"}, 3),
        ({"approval.covers": "task", "approval.budget": 2}, 4),
        ({"approval.covers": "subtree"}, 2),
        ({"approval.covers": "subtree", "approval.budget": 2}, 4),
        ({"approval.covers": "task", "delegation.fan_out": 1}, 2),
    ],
)
def test_a_yes_that_covers_more_is_asked_for_less(settings, asked):
    """A child pays twice, then its parent, three times, then another child, twice; whoever does it, asks for it."""
    first, last = Work([PAY, PAY], after=0), Work([PAY, PAY], after=3)
    assert demands([Work([PAY, PAY, PAY], [first, last])], settings) == [asked]


def test_what_passes_no_enforcement_point_is_not_asked_for():
    """Where no call passes one, no approver is to be asked."""
    nobody = {"decision.at": "request", "decision.coverage": 0}
    assert demands([Work([PAY, PAY])], nobody) == []


def test_who_is_too_deep_has_its_work_done_by_its_parent():
    """With one generation below, a child does the work of its own child, under what was agreed to for its own."""
    tree = Work([PAY], [Work([PAY], [Work([PAY], after=1)], after=1)])
    covers = {"approval.covers": "task"}
    assert demands([tree], covers) == [3]
    assert demands([tree], covers | {"delegation.depth": 1}) == [2]


def test_a_policy_that_forbids_ends_what_it_breaks(tmp_path):
    """Payments want a human, what no plan named is forbidden: what comes after such a call is never asked for."""
    when = "context.planned && (resource.tier < 3 || context.approval > 1)"
    said = f"permit (principal, action, resource) when {{ {when} }};"
    (tmp_path / "strict.cedar").write_text(said, "utf-8")
    asked = {"decision.at": "request", "decision.policy": "plan_only"}
    strict = control(asked).model_copy(update={"policy": policy.read(tmp_path / "strict.cedar", POLICIES)})
    unplanned = Do("read notes", 1, 1, planned=False)
    for works, approvals in (([PAY, PAY], 2), ([PAY, unplanned, PAY], 1)):
        assert [each.approvals for each in simulate(world([Work(works)]), strict).demands] == [approvals]
