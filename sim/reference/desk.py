"""Requests for approval and the people who take them up: first come, first served, until somebody has waited too long.

Each request waits for those whom it reaches (`sim.reference.contacts`). Whoever of them is there and idle takes up the
first that they have not agreed to before; what is begun is finished. Nobody has two in hand, whatever they are asked
as. What nobody has taken up for as long as the model says leaves their queue and goes on to the next.
"""

from collections.abc import Generator
from dataclasses import dataclass

import simpy

from sim.audit.rows import UNKNOWN, Kind
from sim.calendar import HOUR
from sim.reference.clock import Phase
from sim.reference.contacts import Contact, Contacts
from sim.reference.inspection import Inspections, Look, Request
from sim.reference.world import Found, Steps, World
from sim.workload import cast
from sim.workload.intentions import Action


@dataclass
class Turn:
    """A place in the queue of those whom a request reaches; `taken` happens when a `person` takes it up."""

    request: Request
    contact: Contact
    taken: simpy.Event
    person: int = UNKNOWN


class Desk:
    """Everybody who approves in one run."""

    def __init__(self, world: World) -> None:
        """Everybody is idle."""
        self._world = world
        self.contacts = Contacts(world)
        self._inspections = Inspections(world)
        self._waiting: list[Turn] = []
        self._busy: set[int] = set()

    def approved(self, agent: int, action: Action, attempt: int) -> Found[int]:
        """Ask as many people as the model wants, one after another; the last one's decision if all agree, or None."""
        asked: frozenset[int] = frozenset()
        decision = None
        for person in range(self._world.control.approval.people):
            request = Request(agent, action, attempt, person, asked)
            look = yield from self._looked(request)
            if not self._inspections.answered(request, look):
                return None
            asked, decision = asked | {look.person}, request.id
        return decision

    def _looked(self, request: Request) -> Generator[simpy.Event, object, Look]:
        """Wait until somebody has looked at a request, or as long as a request waits."""
        clock, requested = self._world.clock, self._world.clock.time
        turn = yield from self._taken_up(request)
        if turn.person == UNKNOWN:
            return Look(requested, turn.contact.asked)
        look = self._inspections.look(request, turn.contact.asked, requested, turn.person)
        lasts = self._inspections.lasts(request, look)
        if clock.time + lasts >= self._world.workload.t1:
            self._inspections.unfinished(request, look)
        yield clock.after(lasts, Phase.COMPLETION, request.action.id)
        self._busy.remove(turn.person)
        self._hand_out()
        return look

    def _taken_up(self, request: Request) -> Generator[simpy.Event, object, Turn]:
        """Wait for one after another of those whom a request goes to; the last turn it had."""
        world, kind, since = self._world, Kind.REQUEST_APPROVAL, self._world.clock.time
        until = since + round(world.workload.scenario.approvers.timeout_hours * HOUR)
        *before, last = self.contacts.chain(request.agent, since)
        for asked in (*before, last):
            contact = self.contacts.of(asked, request.agent, world.clock.time)
            self._told(kind, request, contact)
            turn, kind = Turn(request, contact, world.clock.event()), Kind.ESCALATE
            goes_on = until if asked is last else min(until, world.clock.time + world.control.patience)
            yield from self._waited(turn, goes_on)
            if turn.person != UNKNOWN or world.clock.time == until:
                break
        return turn

    def _told(self, kind: Kind, request: Request, contact: Contact) -> None:
        """Write down that somebody is asked."""
        self._world.journal.event(
            request.agent, kind, cast.agent(request.agent), target=contact.who, asked=contact.asked, **request.about
        )

    def _waited(self, turn: Turn, until: int) -> Steps:
        """Wait until somebody takes up a request, or until a time, whose instant is too late."""
        clock, path = self._world.clock, turn.request.action.id
        self._waiting.append(turn)
        while True:
            self._hand_out()
            again = min(until, self.contacts.changes(turn.contact, clock.time))
            yield turn.taken | clock.until(again, Phase.EXPIRY if again == until else Phase.GRANT, path)
            if turn.taken.triggered:
                return
            if clock.time == until:
                self._waiting.remove(turn)
                return

    def _hand_out(self) -> None:
        """Whoever is there and idle takes the first request that is not one which they have agreed to before."""
        for turn in list(self._waiting):
            there = self.contacts.there(turn.contact, self._world.clock.time)
            person = next((p for p in there if p not in self._busy and p not in turn.request.barred), UNKNOWN)
            if person != UNKNOWN:
                turn.person = person
                self._busy.add(person)
                self._waiting.remove(turn)
                turn.taken.succeed()
