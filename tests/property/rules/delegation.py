"""Sub-agents are as many as may be, and hold what they are given and no more."""

from collections import defaultdict

from sim.audit import rows
from sim.audit.rows import FOREVER, UNKNOWN, Decision, Kind, Outcome
from tests.property.rules.run import Run, Wrong, ended


def children_hold_no_more(run: Run) -> Wrong:
    """Where a credential is said to be cut from another, it holds nothing that the other does not."""
    yield from (e for e in run.facts.edges if not set(run.atoms(e.child)) <= set(run.atoms(e.parent)))


def nothing_flows_back(run: Run) -> Wrong:
    """A task works with what it, or one above it, was given, or its agent as a whole: with nothing of those below."""
    for use in (e for e in run.of(Kind.USE) if UNKNOWN not in {e.task, e.credential}):
        given = run.credentials[use.credential].task
        if given != UNKNOWN and given not in run.line(use.task):
            yield use


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


def sub_agents_stop_with_their_parent(run: Run) -> Wrong:
    """Whoever may not outlive its parent begins nothing after that's end, and ends once what was under way is over."""
    for o in run.facts.outcomes:
        due, told = run.stops(o.task), o.task in run.stopped
        begun = run.begun_after_stop(o.task)
        lost = o.outcome == Outcome.BROKEN
        said = not told or (lost and due <= o.ended)
        if begun or o.started > due or not said or (lost and due < o.ended and not told):
            yield o, due
        if due < ended(o) and ended(o) not in {*_over(run, o), FOREVER}:
            yield o, due


def _over(run, o):
    """When what a task, those that it waits for, or its agent's issuer and policy had under way was over."""
    yield from (n.ends for n in run.facts.needs if n.task == o.task and n.met)
    yield from (run.outcomes[c.id].ended for c in run.tasks[o.task].children if c.id in run.outcomes)
    yield from (e.time + e.duration for e in run.of(Kind.DECIDE) if e.target == o.agent)
    yield from (e.time for e in run.of(Kind.ISSUE) if e.target == o.agent)


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
    return {*run.line(task)}


def root_of(run, task):
    """The task that a person set off, of the tree that a task is in."""
    return next(run.tasks[each] for each in above(run, task.id) if run.tasks[each].parent == UNKNOWN)


def who_does(run, task):
    """The task whose agent does this one: its own, or its parent's where that may have no sub-agent."""
    while task in run.in_line:
        task = run.tasks[task].parent
    return task
