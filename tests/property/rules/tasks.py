"""Tasks run their course, one after the other, and need what they were meant to."""

import heapq
import itertools

from sim.audit.rows import FOREVER, UNKNOWN, Decision, Kind, Outcome, Reason
from sim.streams import Purpose, threshold
from tests.property.rules.run import ORDINAL, Run, Wrong, ended


def needs_are_of_what_began(run: Run) -> Wrong:
    """Of a task that did not begin there is need only where one above it gave up."""
    for need in run.facts.needs:
        task = need.task
        while task not in run.outcomes:
            task = run.tasks[task].parent
            if task == UNKNOWN:
                yield need
                break
        else:
            if task != need.task and run.outcomes[task].outcome == Outcome.COMPLETED:
                yield need


def needs_are_as_intended(run: Run) -> Wrong:
    """A need lasts as long as its action, from its start or, if that never came, from when it was asked for or due."""
    for n in run.facts.needs:
        action = run.actions[n.action]
        lasts = n.ends - n.starts == action.duration and n.atom == action.atom
        if not lasts or not (n.requested <= n.starts if n.met else n.requested == n.starts):
            yield n


def tasks_run_their_course(run: Run) -> Wrong:
    """Actions follow one another, children start when due, a task ends with its last action and its children."""
    for o in run.facts.outcomes:
        task = run.tasks[o.task]
        own = [run.needs[a.id] for a in task.actions if a.id in run.needs]
        yield from (b for a, b in itertools.pairwise(own) if b.met and not a.met)
        for count, (before, after, action) in enumerate(zip(own, own[1:], task.actions[1:], strict=False), start=1):
            if after.requested != _free(run, task, count, before.ends) + action.think:
                yield o, after
        if own and (own[0].action != task.actions[0].id or own[0].requested < o.started + task.actions[0].think):
            yield o, own[0]
        if o.outcome == Outcome.BROKEN:
            yield from _given_up(run, task, o.started, own)
        yield from ((o, wrong) for wrong in _ends(run, task, o, own))
        yield from ((o, wrong) for wrong in _children(run, task, own))


def _free(run, task, done, time):
    """When an agent that has done so many actions can go on: after the work of sub-agents it may not have."""
    due = [child for child in task.children if child.spawned_after == done and child.id in run.in_line]
    ends = [ended(run.outcomes[child.id]) for child in due if child.id in run.outcomes]
    return max([time, *ends])


def _ends(run, task, o, own):
    """A completed task has done everything and ends with the last of it; a broken one was refused something."""
    spawned = [run.outcomes[child.id] for child in task.children if child.id in run.outcomes]
    below = [child for child in spawned if run.is_waited_for(child.task)]
    if o.outcome == Outcome.OPEN:
        yield from ["ended"] if o.ended != UNKNOWN else []
        return
    yield from (child for child in spawned if not o.started <= child.started <= o.ended)
    yield from (child for child in below if not child.started <= child.ended <= o.ended)
    done = len(own) == len(task.actions) and all(need.met for need in own)
    astray = [use.time for use in run.strays if use.task == task.id]
    last = [need.ends for need in own if need.met] + [child.ended for child in below] + astray
    done = done and all(child.outcome == Outcome.COMPLETED for child in below)
    if o.outcome == Outcome.COMPLETED and not (done and (not last or o.ended == max(last))):
        yield last
    given_up = any(child.outcome == Outcome.BROKEN for child in below)
    lost = given_up or task.id in run.stopped
    if o.outcome == Outcome.BROKEN and own and all(need.met for need in own) and not lost:
        yield own


def _given_up(run, task, started, own):
    """What a broken task needed and never reached, in it and in children it never had, was due on its own schedule."""
    times = [own[0].requested - task.actions[0].think if own else started, *(need.ends for need in own)]
    for action in task.actions[len(own) :]:
        yield from [action] if times[-1] + action.think < run.workload.t1 else []
        times.append(times[-1] + action.think + action.duration)
    for child in task.children:
        if child.id not in run.outcomes and child.spawned_after < len(times):
            due = _free(run, task, child.spawned_after, times[child.spawned_after])
            yield from _never_begun(run, child, due)


def _never_begun(run, task, time):
    times = [time]
    for action in task.actions:
        time += action.think
        need = run.needs.get(action.id)
        if (need is None) != (time >= run.workload.t1) or (need and (need.met or need.requested != time)):
            yield action, time
        time += action.duration
        times.append(time)
    for child in task.children:
        if child.spawned_after < len(times):
            yield from _never_begun(run, child, times[child.spawned_after])


def _children(run, task, own):
    """A child starts as soon as its parent has done as many actions as it waits for, and not otherwise."""
    done = [need.ends for need in own if need.met and need.ends < run.workload.t1]
    for child in task.children:
        after, outcome = child.spawned_after, run.outcomes.get(child.id)
        due = _free(run, task, after, done[after - 1]) if 0 < after <= len(done) else 0
        stopped = run.stops(task.id) <= due or (after == 0 and task.id in run.stopped and not done)
        if outcome is None and own and run.begins(task.id) and after <= len(done) and not stopped:
            yield child
        if outcome is not None and after > len(done):
            yield child
        waits = {each.id for each in task.children if each.spawned_after == after} & run.in_line
        if outcome is not None and 0 < after <= len(done) and outcome.started != done[after - 1] and not waits:
            yield child


def agents_take_turns(run: Run) -> Wrong:
    """An agent works on so many root tasks at once, and takes them up first come, first served."""
    for roots in run.workload.roots:
        free = [0] * run.workload.scenario.fleet.concurrency
        for task in roots:
            due = max(task.arrival, heapq.heappop(free))
            outcome = run.outcomes.get(task.id)
            if (outcome.started if outcome else max(due, run.workload.t1)) != due:
                yield task, due
            heapq.heappush(free, ended(outcome) if outcome else FOREVER)


def strays_get_what_anybody_gets(run: Run) -> Wrong:
    """An agent reaches beyond its task as often as is drawn, and gets what its issuer gives to anybody."""
    revoked = {(e.issued, e.verifier): e.id for e in run.of(Kind.REVOKE)}
    for use in run.strays:
        task, held = run.tasks[use.task], run.credentials.get(use.credential)
        works = held is not None and use.atom in run.opens(held.id, use.time) and use.time < held.valid_to
        # At one instant, it is known by the order of the log.
        works = works and use.id < revoked.get((held.id, run.verifier(use.atom)), FOREVER)
        allowed, to_ask = use.decision == Decision.ALLOW, use.reason == Reason.APPROVER
        policies = run.policies(run.outcomes[use.task].started, use.time)
        tiers = {run.required(use.principal & ORDINAL, use.atom, use.task, each) for each in policies}
        works = works and held.holder == use.principal
        if use.atom in _own_atoms(task) or (allowed and not works) or (to_ask and not any(tiers)):
            yield use
        # Where it may have passed by, nobody may have answered, or another policy, it is not known what was said.
        known = len(tiers) == 1 and run.control.decision.coverage == 1 and not run.outages
        if known and (to_ask != any(tiers) or allowed != (works and not any(tiers))):
            yield use
    draws = run.workload.streams.of(Purpose.DRIFTS)
    share = threshold(run.workload.scenario.drift.share)
    for o in run.facts.outcomes:
        task, made = run.tasks[o.task], sum(use.task == o.task for use in run.strays)
        drawn = sum(draws.happens(action.id, share) for action in task.actions)
        drawn = drawn if len(_own_atoms(task)) < len(run.workload.atoms) else 0
        if made > drawn or (o.outcome == Outcome.COMPLETED and made < drawn):
            yield o


def _own_atoms(task):
    return {*task.declared, *(action.atom for action in task.actions)}
