"""Humans agree first, in the order in which they are asked, and to no more than they saw."""

import itertools
from collections import defaultdict

import numpy as np

from sim.audit.rows import UNKNOWN, Decision, Kind, Reason
from sim.streams import Purpose, threshold
from tests.property.rules.asking import reached, seen_by, waits
from tests.property.rules.delegation import above, who_does
from tests.property.rules.run import DAY, HOUR, ORDINAL, Run, Wrong
from tests.worlds import SECOND


def humans_agree_first(run: Run) -> Wrong:
    """A gated action starts only after a yes that it rests on; its atom is never in a wider credential of a task."""
    agreed = {d.id: d for d in run.facts.approvals if d.result == Decision.ALLOW}
    decided = {e.action: e for e in run.of(Kind.DECIDE) if e.decision == Decision.ALLOW}
    for use in (use for use in run.presented if use.credential not in run.handed):
        policies, on = run.policies(use.requested, use.time), agreed.get(use.approval)
        if run.control.decision.at == "request" and run.control.policy is not None and use.action in decided:
            policies = {run.called(decided[use.action].policy)}
        said = {run.gated(use.principal & ORDINAL, run.actions[use.action].atom, use.task, {each}) for each in policies}
        said = said if run.enforced(use.action) else {False}
        if (on is not None) not in said or (on and on.decided > use.time):
            yield use
    wide = [c for c in run.granted if len(run.atoms(c.id)) > 1]
    for c in (c for c in wide if run.knobs(c.id).issue.unit in {"task", "action"}):
        policies = run.policies(run.workload.begins, c.valid_from)
        yield from (atom for atom in run.atoms(c.id) if run.gated(c.holder & ORDINAL, atom, c.task, policies))


def the_desk_is_fair(run: Run) -> Wrong:
    """First come, first served by those whom both reach, one at a time for each person; a timeout comes when it is due.

    Ties are for the traces: at one instant, a request may follow from another.
    """
    timeout = round(run.workload.scenario.approvers.timeout_hours * HOUR)
    lain = sorted(waits(run), key=lambda wait: wait.since)
    inspected = [wait for wait in lain if wait.taken]
    yield from (d for d in run.facts.approvals if d.decider == UNKNOWN and d.decided != d.requested + timeout)
    yield from (w for w in inspected if not w.since <= w.until < w.decision.requested + timeout)
    yield from (w for w in inspected if w.decision.decider not in reached(run, w, w.until) - seen_by(run, w))
    for b in inspected:
        before = (a for a in lain if a.since < b.since and b.until < a.until)
        yield from ((a, b) for a in before if b.decision.decider in reached(run, a, b.until) - seen_by(run, a))
    by_person = sorted((w.decision for w in inspected), key=lambda d: (d.decider, d.began, d.decided))
    yield from ((a, b) for a, b in itertools.pairwise(by_person) if a.decider == b.decider and a.decided > b.began)


def the_tired_wave_through(run: Run) -> Wrong:
    """What an approver does not look at is allowed after a moment; who has taken up more that day looks at less."""
    figures, taken_up = run.workload.scenario.approvers, defaultdict(int)
    tiring, least = figures.fatigue_requests, least_inspected(run)
    for d in sorted((d for d in run.facts.approvals if d.decider != UNKNOWN), key=lambda d: (d.began, d.decider)):
        count = taken_up[d.decider, d.began // DAY]
        taken_up[d.decider, d.began // DAY] += 1
        looks = figures.inspected if tiring == "never" else max(least, figures.inspected * np.exp(-count / tiring))
        draws = run.workload.streams.of(Purpose.INSPECTED, d.id & 63)
        if d.inspected != draws.happens(d.action, threshold(looks)):
            yield d
        if not d.inspected and (d.result != Decision.ALLOW or d.decided != d.began + figures.stamp_s * SECOND):
            yield d


def least_inspected(run):
    """Share of requests that even the most tired approver looks at."""
    figures = run.workload.scenario.approvers
    return min(figures.inspected, 1 if figures.fatigue_requests == "never" else figures.inspected_least)


def approvals_cover_what_they_say(run: Run) -> Wrong:
    """An approval serves its own action, or later the same atom in its task or below, as often as it may."""
    covers, budget = run.control.approval.covers, run.control.approval.budget
    told = {(use.approval, use.action) for use in run.presented if use.approval != UNKNOWN}
    covered = {tuple(row) for row in run.facts.covered}
    yield from {row for row in told if row[0] >> 6 != row[1]} - covered
    uses = defaultdict(int)
    for decision, action in covered:
        uses[decision] += 1
        first, other = run.actions[decision >> 6], run.actions[action]
        inside = {"task": {other.id >> 11}, "subtree": above(run, other.id >> 11)}.get(covers, set())
        inside = {who_does(run, each) for each in inside}
        if first.atom != other.atom or who_does(run, first.id >> 11) not in inside:
            yield decision, action
    yield from (decision for decision, times in uses.items() if budget != "never" and times > budget - 1)


def changed_calls_are_seen(run: Run) -> Wrong:
    """Who calls with other arguments than were approved is refused where they are bound, and let through where not."""
    share, binds = run.workload.scenario.deviation.share, run.control.approval.binds == "arguments"
    for use in run.presented:
        own, attempt = use.approval != UNKNOWN and use.approval >> 6 == use.action, use.approval & 15
        changed = own and run.workload.streams.of(Purpose.DEVIATES, attempt).happens(use.action, threshold(share))
        refused = use.decision == Decision.DENY
        if (
            (use.args != UNKNOWN) != changed
            or refused != (changed and binds)
            or (refused != (use.reason == Reason.CHANGED))
        ):
            yield use
