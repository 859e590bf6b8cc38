"""Sub-agents are as many as may be, and hold what they are given and no more."""

from collections import defaultdict

from sim.audit import rows
from sim.audit.rows import UNKNOWN, Decision, Kind
from tests.property.rules.run import Run, Wrong


def children_hold_no_more(run: Run) -> Wrong:
    """Where a credential is said to be cut from another, it holds nothing that the other does not."""
    yield from (e for e in run.facts.edges if not set(run.atoms(e.child)) <= set(run.atoms(e.parent)))


def sub_agents_are_capped(run: Run) -> Wrong:
    """So many generations of sub-agents, so many of each agent; work is done in their stead only beyond that."""
    caps, spawned = run.control.delegation, defaultdict(int)
    for event in sorted(run.of(Kind.SPAWN)):
        doer = who_does(run, event.parent_task)
        deep = caps.depth != "never" and len(above(run, doer) - run.in_line) > caps.depth
        wide = caps.fan_out != "never" and spawned[doer] >= caps.fan_out
        spawned[doer] += event.decision == Decision.ALLOW
        if (event.decision == Decision.DENY) != (deep or wide):
            yield event


def sub_agents_hold_what_they_are_given(run: Run) -> Wrong:
    """A sub-agent has a credential of its own unless it shares; cut from its parent's, unless the issuer grants it."""
    child = run.control.delegation.child
    if child in {"share", "own_grant"}:
        yield from run.facts.edges
    for c in run.own:
        if c.kind == rows.CredentialKind.TASK_TOKEN and run.tasks[c.task].parent != UNKNOWN and child == "share":
            yield c
        if c.kind == rows.CredentialKind.TASK_TOKEN and c.task in run.in_line:
            yield c


def above(run, task):
    """A task and those above it."""
    found = set()
    while task != UNKNOWN:
        found.add(task)
        task = run.tasks[task].parent
    return found


def root_of(run, task):
    """The task that a person set off, of the tree that a task is in."""
    return next(run.tasks[each] for each in above(run, task.id) if run.tasks[each].parent == UNKNOWN)


def who_does(run, task):
    """The task whose agent does this one: its own, or its parent's where that may have no sub-agent."""
    while task in run.in_line:
        task = run.tasks[task].parent
    return task
