"""Owners break the glass when it is due, somebody looks at it, and whoever is in the process could make them."""

from sim.audit import rows
from sim.audit.rows import FOREVER, UNKNOWN, Asked, Decision, Kind, Reason
from sim.streams import Purpose, threshold
from sim.workload import cast
from tests.property.rules.approvals import least_inspected
from tests.property.rules.asking import behind, entered, is_open
from tests.property.rules.mintable import thousandths
from tests.property.rules.run import DAY, HOUR, ORDINAL, Run, Wrong
from tests.worlds import SECOND


def emergencies_are_looked_at(run: Run) -> Wrong:
    """Of emergency accesses those are reviewed of which a draw says so, when it is due, and nothing else is."""
    glass, told = run.control.break_glass, []
    for c in (c for c in run.handed.values() if c.kind == rows.CredentialKind.BREAK_GLASS):
        draws = run.workload.streams.of(Purpose.EMERGENCY_REVIEWED)
        due = c.valid_from + round(glass.review_days * DAY)
        if draws.happens(c.id, threshold(glass.reviewed)) and due < run.workload.t1:
            told.append((c.id, due, c.issuer, Decision.ALLOW))
    reviews = [(e.issued, e.time, e.target, e.decision) for e in run.of(Kind.REVIEW) if e.issued != UNKNOWN]
    yield from set(told) ^ set(reviews)


def owners_could_be_made_to(run: Run) -> Wrong:
    """While anybody is there behind an agent's owner, what they may take is told as obtainable, past one who looks."""
    taken = [t for t in run.facts.trusts if t.issuer != cast.ISSUER]
    figures, summary = run.workload.scenario.approvers, run.control.approval.summary
    misled = figures.misled if summary == "agent" else 0
    seen = least_inspected(run) * (1 - misled)
    [tries] = [each.attempts for each in run.workload.scenario.incidents if each.name == "t2"]
    chances = thousandths(1 - seen), tries, thousandths(1 - seen**tries)
    for agent in range(run.workload.agents):
        own = [t for t in taken if t.principal == cast.agent(agent)]
        for t in own:
            said = (t.gate, t.permit_under_attack, t.tries, t.permit_in_tries, t.bootstrap)
            whole = run.facts.scope_sets[t.scope_set] == tuple(sorted(run.workload.roles[agent]))
            if said != (rows.Gate.HUMAN, *chances, rows.Bootstrap.ATTESTED) or not whole:
                yield t
        edges = {run.workload.begins, *_edges(run, agent), *(t.valid_from for t in own), *(t.valid_to for t in own)}
        for time in (time for time in edges if run.workload.begins <= time < run.workload.t1):
            open_then = [t.issuer for t in own if t.valid_from <= time < t.valid_to]
            who = entered(run, Asked.OWNER, agent, time)
            if open_then != ([who] if _may(run) and behind(run, agent, who, time) else []):
                yield agent, time


def due_in_an_emergency(run, waited):
    """When owners were to act, and for which agents: for actions that waited, and for those that nobody answered."""
    glass = run.control.break_glass
    if glass.in_outage:
        for e in run.of(Kind.DECIDE):
            time = e.time + e.duration
            unanswered = e.reason == Reason.OUTAGE and e.decision == Decision.DENY and e.action != UNKNOWN
            if unanswered and time < run.workload.t1 and _at_work(run, e.target & ORDINAL, time):
                yield time, e.target
    for wait in waited if glass.after_s != "never" else ():
        due = wait.asked + glass.after_s * SECOND
        times = sorted({due, *_openings(run, due, wait.until), *_edges(run, wait.agent)})
        times = [t for t in times if due <= t <= wait.until and t < run.workload.t1 and _at_work(run, wait.agent, t)]
        yield from ((t, cast.agent(wait.agent)) for t in times[:1])


def at_work(run, agent, time):
    """Whoever may break the glass of an agent at a time: the first of those who own it and are at work."""
    return min(_at_work(run, agent, time), default=UNKNOWN)


def _may(run):
    return run.control.break_glass.in_outage or run.control.break_glass.after_s != "never"


def _at_work(run, agent, time):
    figures = run.workload.scenario.approvers
    there = is_open(figures, time)
    return behind(run, agent, entered(run, Asked.OWNER, agent, time), time) if there else set()


def _edges(run, agent):
    """When somebody comes or goes, or is entered as an owner."""
    if run.workload.lifecycle is None:
        return
    yield from (a.starts for a in run.answering(cast.agent(agent)))
    for person in run.workload.lifecycle.people:
        yield from (time for stay in person.stays for time in (stay.starts, stay.ends) if time != FOREVER)


def _openings(run, since, until):
    opens = run.workload.scenario.approvers.opens * HOUR
    yield from range(since - since % DAY + opens, min(until, run.workload.t1) + 1, DAY)
