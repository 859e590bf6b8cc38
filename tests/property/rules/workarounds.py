"""Owners who are tired of waiting hand out keys."""

from sim.audit import rows
from sim.audit.ids import PrincipalKind
from sim.audit.rows import FOREVER, UNKNOWN, Decision, Kind, Outcome
from sim.streams import Purpose, threshold
from tests.property.rules.run import DAY, Run, Wrong
from tests.worlds import SECOND


def owners_hand_keys(run: Run) -> Wrong:
    """A person's agent is handed a key when an action's patience ends that still waits, and then uses nothing else.

    The key is of the team's work, the owner has it too, and there is none while another is valid.
    """
    figures = run.workload.scenario.workaround
    parties = {(p.credential, p.principal, p.valid_from, p.valid_to) for p in run.facts.parties}
    for c in run.handed.values():
        agent = c.holder & (1 << 40) - 1
        lasts = c.valid_to - c.valid_from == round(figures.lasts_days * DAY)
        own = c.issuer == _last_owner(run, agent)
        right = set(run.atoms(c.id)) == set(run.workload.roles[agent]) and own
        if not (lasts and right and (c.id, c.issuer, c.valid_from, c.valid_to) in parties):
            yield c
    for use in run.uses:
        key = run.handed_at(use.principal, use.time)
        if (use.credential if use.credential in run.handed else None) != (key and key.id):
            yield use
    # What a policy kept out of a key or session is refused without a record: nobody knows when that was given up.
    # Nor of what was stopped, at which request under way.
    told = run.control.decision.policy == "none" or run.control.decision.at in {"task", "request"}
    if told and all(run.stops(o.task) == FOREVER for o in run.facts.outcomes):
        yield from _due(run, figures) ^ {(c.holder, c.valid_from) for c in run.handed.values()}


def _due(run, figures):
    """When keys were due: patience by patience, of actions that were asked for and did not start before it ended."""
    if not figures.per_waited_hour:
        return set()
    draws, ends = run.workload.streams.of(Purpose.WORKAROUND), []
    refused = [e for e in run.of(Kind.DECIDE, Kind.DECIDE_APPROVAL, Kind.USE) if e.decision == Decision.DENY]
    gave_up = {e.action: e.time + (e.duration if e.kind == Kind.DECIDE else 0) for e in sorted(refused)}
    for n in run.facts.needs:
        patience = draws.one_exponential(n.action, 3600 / figures.per_waited_hour)
        due = n.requested + round(figures.after_s * SECOND) + patience
        waits = n.starts >= due if n.met else gave_up.get(n.action, 0) > due
        if _is_a_persons(run, n.principal & (1 << 40) - 1) and waits and due < run.workload.t1:
            ends.append((due, n.principal))
    ends += [(due, principal) for due, principal in _still_waiting(run, figures, draws) if due < run.workload.t1]
    found, until = set(), {}
    for due, principal in sorted(ends):
        if due >= until.get(principal, 0):
            found.add((principal, due))
            until[principal] = due + round(figures.lasts_days * DAY)
    return found


def _still_waiting(run, figures, draws):
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
        if ready is None or UNKNOWN in in_line or not _is_a_persons(run, task.agent):
            continue
        asked = max([ready, *in_line]) + action.think
        if asked < run.workload.t1:
            patience = draws.one_exponential(action.id, 3600 / figures.per_waited_hour)
            yield asked + round(figures.after_s * SECOND) + patience, o.agent


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


def _last_owner(run, agent):
    """Who answers for an agent at work, or did last; where there is no past, a person of its own."""
    if run.workload.lifecycle is None:
        return agent + (1 << 21)
    own = (2 << 40) + agent
    told = [each.owner for each in run.workload.lifecycle.answering if (each.owned, each.role) == (own, "owner")]
    return [UNKNOWN, *told, *(row.owner for row in run.facts.reowned if row.owned == own)][-1]


def _is_a_persons(run, agent):
    if run.workload.lifecycle is not None:
        return _last_owner(run, agent) >> 40 == PrincipalKind.HUMAN
    ownership = run.workload.scenario.ownership
    shares = ((Purpose.OWNED, ownership.unowned), (Purpose.TEAM_OWNED, ownership.team_owned))
    return not any(run.workload.streams.of(purpose).happens(agent, threshold(share)) for purpose, share in shares)
