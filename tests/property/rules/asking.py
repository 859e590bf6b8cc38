"""Whoever is asked answers: through whom a request goes and when, who that is, and that nobody waits for the idle."""

from bisect import bisect_right, insort
from collections import defaultdict
from typing import NamedTuple

from sim.audit.rows import FOREVER, UNKNOWN, Asked, Kind
from sim.streams import Purpose, threshold
from sim.workload import cast
from tests.property.rules.run import DAY, HOUR, Run, Wrong
from tests.worlds import SECOND


class Wait(NamedTuple):
    """A request that lay with some of those asked, from-to; the decision that came of it, and whether they made it."""

    decision: object
    asked: int
    who: int
    since: int
    until: int
    taken: bool


def waits(run: Run) -> list[Wait]:
    """Where each request that was decided lay, one after another, by the order of the log."""
    told, found = defaultdict(list), []
    for e in sorted(run.of(Kind.REQUEST_APPROVAL, Kind.ESCALATE), key=lambda e: e.id):
        if e.kind == Kind.REQUEST_APPROVAL:
            told[e.action].append([])
        told[e.action][-1].append(e)
    decided = defaultdict(list)
    for d in sorted(run.facts.approvals, key=lambda d: (d.id & 15, d.id)):
        decided[d.action].append(d)
    for action, decisions in decided.items():
        for d, asked in zip(decisions, told[action], strict=False):
            ends = [*(e.time for e in asked[1:]), d.decided if d.decider == UNKNOWN else d.began]
            found += [
                Wait(d, e.asked, e.target, e.time, end, e is asked[-1] and d.decider != UNKNOWN)
                for e, end in zip(asked, ends, strict=True)
            ]
    return found


def whoever_is_asked_answers(run: Run) -> Wrong:
    """Nobody whom a request reaches is idle while it lies with them; of whom it is asked is who is entered."""
    in_hand = defaultdict(list)
    for d in run.facts.approvals:
        in_hand[d.decider].append((d.began, run.workload.t1 if d.decided == UNKNOWN else d.decided))
    done = {decided for person, own in in_hand.items() if person != UNKNOWN for _, decided in own}
    for wait in waits(run):
        for time in {wait.since, *done, *_beginnings(run, wait)}:
            if wait.since <= time < wait.until:
                idle = (p for p in reached(run, wait, time) - seen_by(run, wait) if not _busy(in_hand[p], time))
                yield from ((wait, person, time) for person in idle)
        if wait.who != entered(run, wait.asked, wait.decision.action >> 40, wait.since):
            yield wait


def requests_go_on_when_due(run: Run) -> Wrong:
    """What nobody takes up in time goes on down the chain, each so long after the one before, until time is up."""
    patience = run.control.approval.escalate_after_s
    after = FOREVER if patience == "never" else patience * SECOND
    timeout = round(run.workload.scenario.approvers.timeout_hours * HOUR)
    lain = defaultdict(list)
    for wait in waits(run):
        lain[wait.decision.id].append(wait)
    for d in run.facts.approvals:
        own, chain = lain[d.id], _chain(run, d.action >> 40, d.requested)
        due = [d.requested + n * after for n in range(len(chain))]
        if [(w.asked, w.since) for w in own] != list(zip(chain, due, strict=True))[: len(own)] or not own:
            yield d
            continue
        # With the next of the chain nobody waits any longer: the last waits until time is up.
        over = due[len(own)] if len(own) < len(chain) else FOREVER
        if d.asked != own[-1].asked or own[-1].until > over or own[-1].since >= d.requested + timeout:
            yield d
        if d.decider == UNKNOWN and over < d.requested + timeout:
            yield d


def entries_lead_to_whoever_is_there(run: Run) -> Wrong:
    """It is told of each entry, and of the rota, when it leads to somebody who is there, and when it does not."""
    begins, t1 = run.workload.begins, run.workload.t1
    starts, ends = defaultdict(list), defaultdict(list)
    for row in run.facts.reaches:
        insort(starts[row.principal, row.asked], row.valid_from)
        insort(ends[row.principal, row.asked], row.valid_to)
        if not begins <= row.valid_from < row.valid_to <= t1:
            yield row
    people = run.workload.lifecycle.people if run.workload.lifecycle else ()
    edges = {begins, *(time for p in people for stay in p.stays for time in (stay.starts, stay.ends))}
    edges |= {time for row in run.facts.reaches for time in (row.valid_from, row.valid_to)}
    shift = round(run.workload.scenario.approvers.handover_hours * HOUR)
    edges |= {begins + n * shift for n in range(20)}
    for time in (time for time in edges if begins <= time < t1):
        on_call = any(not _wrong(run, person, 1) for person in _on_call(run, time))
        expected = {(UNKNOWN, Asked.ON_CALL): on_call}
        for agent in range(run.workload.agents):
            for asked in (Asked.OWNER, Asked.SECOND):
                there = behind(run, agent, entered(run, asked, agent, time), time)
                expected[cast.agent(agent), asked] = bool(there)
        for key, there in expected.items():
            if bisect_right(starts[key], time) - bisect_right(ends[key], time) != there:
                yield key, time


def _chain(run, agent, time):
    """Through whom a request goes, as long as nobody takes it up."""
    first = Asked[run.control.approval.asks.upper()]
    if run.control.approval.escalate_after_s == "never":
        return [first]
    if first is Asked.ON_CALL:
        return [Asked.ON_CALL, Asked.DESK]
    second, team = (entered(run, asked, agent, time) for asked in (Asked.SECOND, Asked.TEAM))
    named = [Asked.SECOND] * (second != UNKNOWN)
    apart = [Asked.TEAM] * (team not in {UNKNOWN, entered(run, Asked.OWNER, agent, time)})
    return [Asked.OWNER, *named, *apart, Asked.ON_CALL, Asked.DESK]


def _busy(in_hand, time):
    """Whether somebody has something in hand at a time, or takes something up in that instant."""
    return any(began <= time < decided or began == time for began, decided in in_hand)


def _beginnings(run, wait):
    """When somebody comes to be there: at the beginning of work, of a shift, or with the organisation."""
    figures, begins = run.workload.scenario.approvers, run.workload.begins
    shift, opens = round(figures.handover_hours * HOUR), figures.opens * HOUR
    yield from range(wait.since // DAY * DAY + opens, wait.until, DAY)
    yield from range(wait.since - (wait.since - begins) % shift, wait.until, shift)
    for person in run.workload.lifecycle.people if run.workload.lifecycle else ():
        yield from (stay.starts for stay in person.stays)


def reached(run, wait, time):
    """The people whom a request reaches who are there at a time."""
    figures = run.workload.scenario.approvers
    if wait.asked == Asked.ON_CALL:
        return {person for person in _on_call(run, time) if not _wrong(run, person, 1)}
    if not is_open(figures, time) or (wait.asked == Asked.TICKET and not _opened(figures, wait.since, time)):
        return set()
    if wait.asked in {Asked.DESK, Asked.TICKET}:
        return set(range(figures.staff))
    return behind(run, wait.decision.action >> 40, wait.who, time)


def behind(run, agent, who, time):
    """The people whom the entry of a person or a team about an agent reaches, as long as they are there."""
    lifecycle = run.workload.lifecycle
    if who == UNKNOWN or _wrong(run, agent << 44 | who, 0):
        return set()
    if lifecycle is None:
        return {who}
    return {
        cast.owner(p.number)
        for p in lifecycle.people
        if p.joined <= time < p.left and (cast.owner(p.number) == who or p.in_team(who - cast.team(0), time))
    }


def _wrong(run, path, rota):
    """Whether an entry was never right."""
    share = run.workload.scenario.ownership.wrong_contacts
    return run.workload.streams.of(Purpose.WRONG_CONTACT, rota).happens(path, threshold(share))


def _on_call(run, time):
    """Whoever holds the seat whose shift it is."""
    figures, lifecycle = run.workload.scenario.approvers, run.workload.lifecycle
    shift = (time - run.workload.begins) // round(figures.handover_hours * HOUR)
    if lifecycle is None:
        return {shift % figures.staff}
    stays = [(p, stay) for p in lifecycle.people for stay in p.stays]
    seats = sorted({stay.seat for _, stay in stays})
    stays = [(p, stay) for p, stay in stays if stay.seat == seats[shift % len(seats)]]
    return {cast.owner(p.number) for p, stay in stays if stay.starts <= time < stay.ends}


def _opened(figures, since, time):
    """Whether working hours began after one time and not after another."""
    openings = (day * DAY + figures.opens * HOUR for day in range(since // DAY, time // DAY + 1))
    return any(since < opening <= time and is_open(figures, opening) for opening in openings)


def entered(run, asked, agent, time):
    """Which person or team is asked about an agent: of the owners and of the second persons the last, gone or not."""
    lifecycle = run.workload.lifecycle
    if asked in {Asked.DESK, Asked.TICKET}:
        return UNKNOWN
    if asked == Asked.ON_CALL:
        return next(iter(_on_call(run, time)), UNKNOWN)
    if lifecycle is None:
        return cast.owner(agent) if asked == Asked.OWNER else UNKNOWN
    if asked == Asked.TEAM:
        return next((cast.team(life.team) for life in lifecycle.lives if life.number == agent), UNKNOWN)
    owners = run.answering(cast.agent(agent))
    seconds = [a for a in lifecycle.answering if (a.owned, a.role) == (cast.agent(agent), "escalation")]
    entries = owners if asked == Asked.OWNER else seconds
    came = [a.owner for a in sorted(entries, key=lambda a: a.starts) if a.starts <= time]
    return came[-1] if came else UNKNOWN


def seen_by(run, wait):
    """Who had agreed already when a further person was asked about the same request."""
    same = [d for d in run.facts.approvals if d.action == wait.decision.action]
    same = [d for d in same if d.id & 15 == wait.decision.id & 15]
    return {d.decider for d in same if d.id < wait.decision.id}


def is_open(figures, time):
    """Whether it is within working hours."""
    hour, weekday = time % DAY / HOUR, (time // DAY + 3) % 7
    return figures.opens <= hour < figures.closes and (figures.weekends or weekday < 5)
