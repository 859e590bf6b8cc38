"""People answer while they are there, reviews and rotation are what they really are, what is left behind goes."""

import itertools
from collections import defaultdict

from sim.audit.rows import FOREVER, UNKNOWN, Decision, Kind, Reason
from tests.property.rules.responses import ordered
from tests.property.rules.run import DAY, Run, Wrong


def people_answer_while_they_are_there(run: Run) -> Wrong:
    """Only what a person left is taken on, by somebody who is there, where nobody answers, and if anything re-owns."""
    left = run.workload.lifecycle.left if run.workload.lifecycle else {}
    for row in run.facts.reowned:
        before = [a.ends for a in run.answering(row.owned) if a.ends <= row.valid_from]
        there = any(
            p.joined <= row.valid_from < p.left for p in run.workload.lifecycle.people if p.left == left[row.owner]
        )
        if (
            not before
            or not there
            or row.valid_to > left[row.owner]
            or run.regime(row.valid_from).reowning_days == "never"
        ):
            yield row
    told = {(e.target, e.principal, e.time) for e in run.of(Kind.CHANGE_OWNER)}
    yield from told - {(row.owned, row.owner, row.valid_from) for row in run.facts.reowned}


def reviews_are_by_whoever_answers(run: Run) -> Wrong:
    """A listed identity is reviewed on the days of its regime by whoever answers then; where nobody does, it is not."""
    reviews = {(e.target, e.time): e for e in run.of(Kind.REVIEW) if e.issued == UNKNOWN}
    for (target, time), event in reviews.items():
        regime = run.regime(time)
        since = run.workload.lifecycle.starts if time < run.workload.begins else run.workload.begins
        listed = target not in run.shadows or time < run.workload.begins
        on_its_day = regime.review_days != "never" and (time - since) % round(regime.review_days * DAY) == 0
        if not on_its_day or not listed or event.principal not in run.answer(target, time):
            yield event
    after = run.control.governance
    if run.workload.lifecycle is None or after.review_days == "never" or after.review_skipped > 0:
        return
    every = round(after.review_days * DAY)
    for life in (each for each in run.workload.lifecycle.lives if each.at_work):
        for time in range(run.workload.begins + every, run.workload.t1, every):
            principal = life.number | 2 << 40
            if principal not in run.shadows and run.answer(principal, time) and (principal, time) not in reviews:
                yield life, time


def reviewers_take_away_what_they_look_at(run: Run) -> Wrong:
    """What an agent at work was given besides its role goes at a review that says so, and only if reviewers look."""
    denied = {(e.target, e.time) for e in run.of(Kind.REVIEW) if e.decision == Decision.DENY}
    reviewed = defaultdict(list)
    for event in run.of(Kind.REVIEW):
        reviewed[event.target].append(event.time)
    for row in run.facts.assignments:
        if row.principal & (1 << 40) - 1 >= run.workload.agents:
            continue
        if row.valid_to != FOREVER and (
            (row.principal, row.valid_to) not in denied or run.regime(row.valid_to).reviewer_approval == 1
        ):
            yield row
        if len(run.facts.scope_sets[row.scope_set]) == 1:
            missed = [t for t in reviewed[row.principal] if row.valid_from < t < row.valid_to]
            yield from ((row, t) for t in missed if run.regime(t).reviewer_approval == 0)


def keys_are_rotated(run: Run) -> Wrong:
    """A key is replaced whole periods after it was made and goes an overlap after that, for no other reason."""
    chains, gone = defaultdict(list), defaultdict(set)
    for a in run.facts.acceptances:
        gone[a.credential].add((a.until, a.reason))
    for c in sorted(run.facts.credentials, key=lambda c: c.valid_from):
        if c.id in run.keys_of_clock:
            chains[c.holder, c.id >> 20, run.platform(c.id)].append(c)
    for keys in chains.values():
        for old, new in itertools.pairwise(keys):
            due = new.valid_from + round(run.regime(new.valid_from).rotation_overlap_days * DAY)
            ended = {each for each in gone[old.id] if each[1] != Reason.INCIDENT}
            expected = {(due, Reason.RENEWAL)} if due < run.workload.t1 else set()
            if ended != expected and not (old.id in ordered(run) and ended <= expected):
                yield old, new
            yield from _out_of_period(run, old, new)


def _out_of_period(run, old, new):
    """What the model replaced too early or late, of listed agents; after several periods only where one failed."""
    governance, begins = run.control.governance, run.workload.begins
    if new.valid_from < begins or governance.rotation_days == "never" or new.holder in run.shadows:
        return
    periods = (new.valid_from - old.valid_from) / round(governance.rotation_days * DAY)
    in_time = periods == 1 or old.valid_from < begins or governance.rotation_failure > 0
    if periods % 1 or not in_time:
        yield old, new, periods


def what_is_left_behind_goes(run: Run) -> Wrong:
    """Old keys go where a take-over needs none, those of the abandoned by a process or when noticed; none is new."""
    lives = {}
    for life in run.workload.lifecycle.lives if run.workload.lifecycle else ():
        lives[life.number | 2 << 40] = life
    for a in run.facts.acceptances:
        if a.credential not in run.keys_of_clock or a.reason == Reason.INCIDENT:
            continue
        key = run.credentials[a.credential]
        life, standing = lives[key.holder], run.knobs(key.id).issue.unit == "standing"
        process = a.reason == Reason.OFFBOARDING
        if (
            (process and (life.at_work or a.until < life.ended))
            or key.valid_from >= life.ended
            or a.until <= key.valid_from
        ):
            yield a
        if life.at_work and a.reason == Reason.DELETED and (standing or a.until < run.workload.begins):
            yield a
        if process and not any(map(_removes, (run.workload.scenario.past, run.control.governance))):
            yield a
    plan = run.workload.scenario.migration
    last = run.workload.begins + round(plan.dual_run_days * DAY)
    refused = {a.credential for a in run.facts.acceptances if a.until <= last}
    if run.control.governance.decommissioned == 1 and plan.overlooked == 0 and last < run.workload.t1:
        stock = [c for c in run.granted if c.id in run.stock and lives[c.holder].at_work]
        stock = [c for c in stock if run.knobs(c.id).issue.unit != "standing"]
        yield from (c for c in stock if c.id not in refused)


def _removes(regime):
    return regime.offboarding_formal > 0 or (regime.review_days != "never" and regime.reviewer_approval < 1)
