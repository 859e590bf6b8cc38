"""Whom a request for approval reaches: the desk, whoever owns the agent, who is on call; who of them is there when.

* The *desk*: a pool of people, in working hours.
* The *owner*: the person or the team that is entered as the agent's owner when it asks, in working hours; of a team
  anybody who is in it. Who has left is entered until somebody else is, and takes up nothing.
* The *second* person that is named for an agent, and anybody of the agent's *team*, in working hours too.
* *On call*: one person at a time, at any hour (`sim.reference.rota`).
* A *ticket* lies until working hours next begin after it was written, and then waits for the people of the desk.

An entry that was never right reaches nobody: that is drawn by agent and entry, on the rota by person. Who asks does not
know it, nor that somebody has left, or that nobody is entered at all: a request waits there as for anybody.

Where nothing is told of the past, each agent has a person to itself who never leaves, and neither a second nor a team.
Who owns the agents of a log that is replayed nobody knows: there its owner cannot be asked.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple

from sim.audit.ids import PrincipalKind, kind_of
from sim.audit.refusal import Refusal
from sim.audit.rows import FOREVER, UNKNOWN, Asked, Reach
from sim.reference.hours import at_work, next_opening
from sim.reference.rota import Rota
from sim.reference.world import World
from sim.streams import Purpose, threshold
from sim.workload import cast

_ON_CALL: Final = (Asked.ON_CALL, Asked.DESK)
# An identifier of a principal has so many bits.
_PRINCIPAL_BITS: Final = 44

# From-to (µs), and who.
_Entry = tuple[int, int, int]


class Contact(NamedTuple):
    """Who is asked: as what, which person or team where it is a certain one, and from when on it is looked at (µs)."""

    asked: Asked
    who: int = UNKNOWN
    since: int = 0


class Contacts:
    """Who can be reached in one run."""

    def __init__(self, world: World) -> None:
        """Nobody is asked yet.

        Raises:
            Refusal: owners are to be asked, or to act, of agents of which nobody knows who owns them.
        """
        knob = "approval.asks" if world.control.asks is Asked.OWNER else "break_glass"
        if world.workload.observed is not None and (knob == "approval.asks" or world.control.break_glass.ever):
            msg = f"{world.control.name}: {knob}: a log does not tell who owns its agents"
            raise Refusal(f"{msg}; ask desk, on_call or ticket, and let nobody break the glass")
        self._world = world
        self._figures = world.workload.scenario.approvers
        self._rota = Rota(world.workload)

    def chain(self, agent: int, time: int) -> tuple[Asked, ...]:
        """Through whom a request goes that is made at a time, one after another as long as nobody takes it up."""
        control = self._world.control
        if control.patience == FOREVER or control.asks in {Asked.DESK, Asked.TICKET}:
            return (control.asks,)
        if control.asks is Asked.ON_CALL:
            return _ON_CALL
        second, team = self.entered("escalation", agent, time), self._team(agent)
        own = team not in {UNKNOWN, self.entered("owner", agent, time)}
        return (Asked.OWNER, *[Asked.SECOND] * (second != UNKNOWN), *[Asked.TEAM] * own, *_ON_CALL)

    def of(self, asked: Asked, agent: int, time: int) -> Contact:
        """Who is asked about an agent at a time."""
        match asked:
            case Asked.OWNER:
                return self._right(Contact(asked, self.entered("owner", agent, time)), agent)
            case Asked.SECOND:
                return self._right(Contact(asked, self.entered("escalation", agent, time)), agent)
            case Asked.TEAM:
                return self._right(Contact(asked, self._team(agent)), agent)
            case Asked.ON_CALL:
                person = self._rota.on_call(time)
                return Contact(asked, UNKNOWN if person is None else person)
            case Asked.TICKET:
                return Contact(asked, since=next_opening(self._figures, time))
            case _:
                return Contact(asked)

    def there(self, contact: Contact, time: int) -> Sequence[int]:
        """Those who could take up a request now, were they idle; ascending."""
        if contact.asked is Asked.ON_CALL:
            person = self._rota.on_call(time)
            return () if person is None or self._wrong(person, 1) else (person,)
        if time < contact.since or not at_work(self._figures, time):
            return ()
        if contact.asked in {Asked.DESK, Asked.TICKET}:
            return range(self._figures.staff)
        return tuple(who for starts, ends, who in self._behind(contact.who) if starts <= time < ends)

    def changes(self, contact: Contact, time: int) -> int:
        """When others may be there after a time: when work begins, a shift is handed over, somebody joins a team."""
        if contact.asked is Asked.ON_CALL:
            return self._rota.changes(time)
        joining = (starts for starts, _, _ in self._behind(contact.who) if starts > time)
        return min([next_opening(self._figures, time), *joining])

    def entered(self, role: str, agent: int, time: int) -> int:
        """Whoever is entered in a role: the last who came to answer for the agent, gone or not."""
        if self._world.workload.lifecycle is None:
            return cast.owner(agent) if role == "owner" else UNKNOWN
        since = [(starts, who) for starts, who in self._entries[role, cast.agent(agent)] if starts <= time]
        return max(since)[1] if since else UNKNOWN

    def owner_changes(self, agent: int, time: int) -> int:
        """When others may be there after a time who own an agent: of whoever is entered, or because another is."""
        entries = (starts for starts, _ in self._entries["owner", cast.agent(agent)] if starts > time)
        return min([self.changes(self.of(Asked.OWNER, agent, time), time), *entries])

    def reached(self) -> Iterator[Reach]:
        """When whoever is entered for an agent, or on call for all, could be reached; of a log nobody knows."""
        begins, t1 = self._world.workload.begins, self._world.workload.t1
        unknown = [(UNKNOWN, UNKNOWN)]
        for agent in range(self._world.workload.agents):
            for asked, role in ((Asked.OWNER, "owner"), (Asked.SECOND, "escalation")):
                spans = [(max(starts, begins), min(ends, t1)) for starts, ends, _ in self.reachable(agent, role)]
                known = unknown if self._world.workload.observed is not None else _joined(spans)
                yield from (Reach(cast.agent(agent), asked, *span) for span in known)
        on_call = [(starts, ends) for starts, ends, who in self._rota.held(t1) if not self._wrong(who, 1)]
        yield from (Reach(UNKNOWN, Asked.ON_CALL, *span) for span in _joined(on_call))

    def reachable(self, agent: int, role: str = "owner") -> list[_Entry]:
        """From when until when somebody is there behind the entry of an agent in a role, and that entry."""
        entries = sorted(self._entries[role, cast.agent(agent)])
        if self._world.workload.lifecycle is None and role == "owner":
            entries = [(0, cast.owner(agent))]
        spans: list[_Entry] = []
        for (since, who), (until, _) in pairwise([*entries, (FOREVER, UNKNOWN)]):
            if self._right(Contact(Asked.OWNER, who), agent).since != FOREVER:
                there = [(max(starts, since), min(ends, until)) for starts, ends, _ in self._behind(who)]
                spans += [(starts, ends, who) for starts, ends in _joined(there)]
        return spans

    def _right(self, contact: Contact, agent: int) -> Contact:
        """The same, never looked at where the entry was never right."""
        wrong = contact.who != UNKNOWN and self._wrong(agent << _PRINCIPAL_BITS | contact.who, 0)
        return contact._replace(since=FOREVER) if wrong else contact

    def _wrong(self, path: int, rota: int) -> bool:
        """Whether an entry reaches nobody, about an agent or on the rota."""
        share = threshold(self._world.workload.scenario.ownership.wrong_contacts)
        return self._world.stream(Purpose.WRONG_CONTACT, rota).happens(path, share)

    @cached_property
    def _entries(self) -> defaultdict[tuple[str, int], list[tuple[int, int]]]:
        """Who came to answer for each agent, in which role, and when."""
        found: defaultdict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
        lifecycle = self._world.workload.lifecycle
        for each in lifecycle.answering if lifecycle else ():
            found[each.role, each.owned].append((each.starts, each.owner))
        for row in self._world.journal.facts.reowned:
            found["owner", row.owned].append((row.valid_from, row.owner))
        return found

    def _team(self, agent: int) -> int:
        """The team whose work an agent does."""
        return self._teams.get(agent, UNKNOWN)

    @cached_property
    def _teams(self) -> dict[int, int]:
        lifecycle = self._world.workload.lifecycle
        lives = lifecycle.lives if lifecycle else ()
        return {life.slot: cast.team(life.team) for life in lives if life.at_work}

    def _behind(self, who: int) -> Sequence[_Entry]:
        """The people whom one reaches through a person or a team, each from when until when; ascending."""
        if self._world.workload.lifecycle is None:
            return ((0, FOREVER, who),)
        return self._members[who] if kind_of(who) is PrincipalKind.TEAM else self._people[who]

    @cached_property
    def _members(self) -> defaultdict[int, list[_Entry]]:
        """Who was in each team."""
        found: defaultdict[int, list[_Entry]] = defaultdict(list)
        lifecycle = self._world.workload.lifecycle
        for person in sorted(lifecycle.people) if lifecycle else ():
            for stay in person.stays:
                found[cast.team(stay.team)].append((stay.starts, stay.ends, cast.owner(person.number)))
        return found

    @cached_property
    def _people(self) -> defaultdict[int, list[_Entry]]:
        """From when until when each person is there."""
        found: defaultdict[int, list[_Entry]] = defaultdict(list)
        lifecycle = self._world.workload.lifecycle
        for person in lifecycle.people if lifecycle else ():
            found[cast.owner(person.number)].append((person.joined, person.left, cast.owner(person.number)))
        return found


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches of time that lie in any of some spans."""
    found: list[tuple[int, int]] = []
    for starts, ends in sorted(span for span in spans if span[0] < span[1]):
        if found and starts <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], ends)
        else:
            found.append((starts, ends))
    return found
