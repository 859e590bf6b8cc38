"""Whoever is asked answers: who that is at a time, and that nobody waits for the idle."""

from collections import defaultdict

from sim.audit.rows import UNKNOWN, Asked, Kind
from sim.workload import cast
from tests.property.rules.run import DAY, HOUR, Run, Wrong


def whoever_is_asked_answers(run: Run) -> Wrong:
    """A request is asked of whom the model says, and nobody whom it reaches is idle while it waits."""
    in_hand = defaultdict(list)
    for d in run.facts.decisions:
        if d.asked != Asked[run.control.approval.asks.upper()]:
            yield d
        in_hand[d.decider].append((d.began, d.decided))
    done = sorted(decided for person, own in in_hand.items() if person != UNKNOWN for _, decided in own)
    for d in run.facts.decisions:
        until = d.decided if d.decider == UNKNOWN else d.began
        for time in {d.requested, *done, *_beginnings(run, d.requested, until)}:
            if d.requested <= time < until:
                idle = (p for p in reached(run, d, time) - seen_by(run, d) if not _busy(in_hand[p], time))
                yield from ((d, person, time) for person in idle)
    for e in run.of(Kind.REQUEST_APPROVAL):
        owned = e.asked == Asked.OWNER and run.workload.lifecycle is not None
        if owned and e.target != _entered(run, e.principal, e.time):
            yield e


def _busy(in_hand, time):
    """Whether somebody has something in hand at a time, or takes something up in that instant."""
    return any(began <= time < decided or began == time for began, decided in in_hand)


def _beginnings(run, since, until):
    """When somebody comes to be there: at the beginning of work, of a shift, or with the organisation."""
    figures, begins = run.workload.scenario.approvers, run.workload.begins
    shift, opens = round(figures.handover_hours * HOUR), figures.opens * HOUR
    yield from range(since // DAY * DAY + opens, until, DAY)
    yield from range(since - (since - begins) % shift, until, shift)
    for person in run.workload.lifecycle.people if run.workload.lifecycle else ():
        yield from (stay.starts for stay in person.stays)


def reached(run, decision, time):
    """The people whom a request reaches who are there at a time."""
    figures, lifecycle = run.workload.scenario.approvers, run.workload.lifecycle
    people = lifecycle.people if lifecycle else ()
    if decision.asked == Asked.ON_CALL:
        return _on_call(run, time)
    if not _open(figures, time):
        return set()
    if decision.asked == Asked.TICKET and not _opened(figures, decision.requested, time):
        return set()
    if decision.asked != Asked.OWNER:
        return set(range(figures.staff))
    agent = decision.action >> 40
    if lifecycle is None:
        return {cast.owner(agent)}
    who = _entered(run, cast.agent(agent), decision.requested)
    return {
        cast.owner(p.number)
        for p in people
        if p.joined <= time < p.left and (cast.owner(p.number) == who or p.in_team(who - cast.team(0), time))
    }


def _on_call(run, time):
    """Whoever holds the seat whose shift it is."""
    figures, lifecycle = run.workload.scenario.approvers, run.workload.lifecycle
    shift = (time - run.workload.begins) // round(figures.handover_hours * HOUR)
    if lifecycle is None:
        return {shift % figures.staff}
    seats = sorted({p.number >> 10 for p in lifecycle.people})
    stays = [(p, p.stays[0]) for p in lifecycle.people if p.number >> 10 == seats[shift % len(seats)]]
    return {cast.owner(p.number) for p, stay in stays if stay.starts <= time < stay.ends}


def _opened(figures, since, time):
    """Whether working hours began after one time and not after another."""
    days = range(since // DAY, time // DAY + 1)
    return any(since < day * DAY + figures.opens * HOUR <= time and _open(figures, day * DAY + figures.opens * HOUR)
               for day in days)  # fmt: skip


def _entered(run, principal, time):
    """Who is entered as the owner of an agent: whoever came last, gone or not."""
    came = [a.owner for a in sorted(run.answering(principal), key=lambda a: a.starts) if a.starts <= time]
    return came[-1] if came else UNKNOWN


def seen_by(run, decision):
    """Who had agreed already when a further person was asked about the same request."""
    same = [d for d in run.facts.decisions if d.action == decision.action and d.id & 15 == decision.id & 15]
    return {d.decider for d in same if d.id < decision.id}


def _open(figures, time):
    hour, weekday = time % DAY / HOUR, (time // DAY + 3) % 7
    return figures.opens <= hour < figures.closes and (figures.weekends or weekday < 5)
