"""Owners who are tired of waiting hand out keys."""

from typing import NamedTuple

from sim.audit import rows
from sim.audit.ids import PrincipalKind
from sim.audit.rows import FOREVER, UNKNOWN, Decision, Kind, Outcome
from sim.streams import Purpose, threshold
from sim.workload import cast
from tests.property.rules.emergencies import at_work, due_in_an_emergency
from tests.property.rules.run import DAY, Run, Wrong
from tests.worlds import SECOND


class Waited(NamedTuple):
    """An action of an agent that waited from when it was asked for until it started, if it did, or was given up."""

    action: int
    agent: int
    asked: int
    until: int


def owners_hand_keys(run: Run) -> Wrong:
    """An agent is handed a key when an action's wait is due to end that still waits, and then uses nothing else.

    A person does it whose patience ends, or whoever of its owners is at work in an emergency. The key is of the team's
    work, whoever handed it has it too, and there is none while another is valid.
    """
    figures, glass = run.workload.scenario.workaround, run.control.break_glass
    parties = {(p.credential, p.principal, p.valid_from, p.valid_to) for p in run.facts.parties}
    for c in run.handed.values():
        agent, emergency = c.holder & (1 << 40) - 1, c.kind == rows.CredentialKind.BREAK_GLASS
        lasts = glass.lasts_s * SECOND if emergency else round(figures.lasts_days * DAY)
        owner = at_work(run, agent, c.valid_from) if emergency else _last_owner(run, agent, c.valid_from)
        right = set(run.atoms(c.id)) == set(run.workload.roles[agent]) and c.issuer == owner
        if not (right and c.valid_to - c.valid_from == lasts):
            yield c
        if (c.id, c.issuer, c.valid_from, c.valid_to) not in parties:
            yield c
    came = {e.issued: e.id for e in run.of(Kind.ISSUE)}
    for use in run.uses:
        key = run.handed_at(use.principal, use.time)
        # At one instant, it is known by the order of the log.
        key = None if key is not None and use.time == key.valid_from and use.id < came[key.id] else key
        if (use.credential if use.credential in run.handed else None) != (key and key.id):
            yield use
    # What a policy kept out of a key or session is refused without a record: nobody knows when that was given up.
    # Nor of what was stopped, at which request under way.
    told = run.control.decision.policy == "none" or run.control.decision.at in {"task", "request"}
    if told and all(run.stops(o.task) == FOREVER for o in run.facts.outcomes):
        yield from _due(run) ^ {(c.holder, c.valid_from, c.kind) for c in run.handed.values()}


def _due(run):
    """When keys were due, of which kind: whoever is tired of waiting acts before whoever breaks the glass."""
    figures, glass = run.workload.scenario.workaround, run.control.break_glass
    waited = list(_waited(run))
    ends = [(due, 0, principal) for due, principal in _tired(run, waited)]
    ends += [(due, 1, principal) for due, principal in due_in_an_emergency(run, waited)]
    found, until = set(), {}
    for due, emergency, principal in sorted(ends):
        if due >= until.get(principal, 0):
            kind = rows.CredentialKind.BREAK_GLASS if emergency else rows.CredentialKind.STATIC_KEY
            found.add((principal, due, kind))
            lasts = glass.lasts_s * SECOND if emergency else round(figures.lasts_days * DAY)
            until[principal] = due + lasts
    return found


def _tired(run, waited):
    """When patience ended, action by action, of agents that a person owns."""
    figures, draws = run.workload.scenario.workaround, run.workload.streams.of(Purpose.WORKAROUND)
    for wait in waited if figures.per_waited_hour else ():
        patience = draws.one_exponential(wait.action, 3600 / figures.per_waited_hour)
        due = wait.asked + round(figures.after_s * SECOND) + patience
        if _is_a_persons(run, wait.agent, due) and due <= wait.until and due < run.workload.t1:
            yield due, cast.agent(wait.agent)


def _waited(run):
    """Each action that was asked for, until it started or was given up, or until the run ended."""
    refused = [e for e in run.of(Kind.DECIDE, Kind.DECIDE_APPROVAL, Kind.USE) if e.decision == Decision.DENY]
    gave_up = {e.action: e.time + (e.duration if e.kind == Kind.DECIDE else 0) for e in sorted(refused)}
    for n in run.facts.needs:
        # In the instant in which it is given up, nobody acts any more.
        until = n.starts if n.met else gave_up.get(n.action, 0) - 1
        yield Waited(n.action, n.principal & (1 << 40) - 1, n.requested, until)
    yield from _still_waiting(run)


def _still_waiting(run):
    """Actions that were asked for and are neither done nor given up as the run ends: the next of an open task."""
    for o in run.facts.outcomes:
        task = run.tasks[o.task]
        own = [run.needs[a.id] for a in task.actions if a.id in run.needs]
        if o.outcome != Outcome.OPEN or len(own) == len(task.actions) or not all(n.met for n in own):
            continue
        action, ready = task.actions[len(own)], own[-1].ends if own else _ready(run, o)
        in_line = [
            run.outcomes[c.id].ended for c in task.children if c.spawned_after == len(own) and c.id in run.in_line
        ]
        if ready is None or UNKNOWN in in_line:
            continue
        asked = max([ready, *in_line]) + action.think
        if asked < run.workload.t1:
            yield Waited(action.id, task.agent, asked, run.workload.t1)


def _ready(run, outcome):
    """When a task could begin with its first action: admitted, and with its credential where it is given its own."""
    task = run.tasks[outcome.task]
    if not run.begins(task.id):
        return None
    top = task.parent == UNKNOWN
    own = run.control.issue.unit == "task" and (top or run.control.delegation.child != "share")
    own = own and task.id not in run.in_line
    tokens = [c for c in run.granted if own and c.task == task.id and c.kind == rows.CredentialKind.TASK_TOKEN]
    if own and not tokens and _gets_some(run, task, outcome.started):
        return None
    return max([outcome.started, run.admitted.get(task.id, 0), *sorted(c.valid_from for c in tokens)[:1]])


def _gets_some(run, task, time):
    """Whether a credential is due to a task that starts now: whether policy leaves anything of its plan."""
    [policy] = run.policies(time + 1, time + 1)
    said = {run.required(task.agent, atom, task.id, policy) for atom in _plan(run, task)}
    return bool(said & ({0} if run.decides_issue(run.control) and not run.let_through(time) else {0, None}))


def _plan(run, task):
    """What the credential of a task is to hold, but for what a human must agree to."""
    if run.control.delegation.child == "inherit" and task.parent != UNKNOWN:
        return _plan(run, run.tasks[task.parent])
    plans = {"declared": task.declared, "own_role": run.workload.roles[task.agent], "role_union": run.workload.union}
    return plans[run.control.issue.authority]


def _last_owner(run, agent, time):
    """Who answers for an agent at work by a time, or did last; where there is no past, a person of its own."""
    if run.workload.lifecycle is None:
        return agent + (1 << 21)
    own = (2 << 40) + agent
    first = [a for a in run.workload.lifecycle.answering if (a.owned, a.role) == (own, "owner") and a.starts <= time]
    later = [row for row in run.facts.reowned if row.owned == own and row.valid_from <= time]
    return [UNKNOWN, *(each.owner for each in (*first, *later))][-1]


def _is_a_persons(run, agent, time):
    if run.workload.lifecycle is not None:
        return _last_owner(run, agent, time) >> 40 == PrincipalKind.HUMAN
    ownership = run.workload.scenario.ownership
    shares = ((Purpose.OWNED, ownership.unowned), (Purpose.TEAM_OWNED, ownership.team_owned))
    return not any(run.workload.streams.of(purpose).happens(agent, threshold(share)) for purpose, share in shares)
