"""Emergency access: whoever owns an agent breaks the glass for it, and somebody looks at that afterwards, or nobody.

The owner is whom the agent's requests would go to (`contacts`): the person, or anybody of the team, that is entered,
in working hours. They act for an action that has waited so long since the agent was ready, as soon as one of them is
at work; and, where the model says so, at once where an action is refused because nobody answers. A task that is not
let in at its start is no action yet: nobody breaks the glass for it.

Whoever is in the agent's process can make its owner act, by asking for what has to wait. So what that opens is
obtainable, past one human who looks as seldom as the most tired approver does. What an attacker is seen to reach leaves
it out: attempts are answered at once and do not wait so long.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sim.audit.rows import UNKNOWN, Asked, Bootstrap, CredentialKind, Decision, Gate, Kind, Trust
from sim.calendar import DAY
from sim.reference.clock import Phase
from sim.reference.contacts import Contacts
from sim.reference.handed import Handed
from sim.reference.inspection import past_one
from sim.reference.mintable import thousandths, tries_at
from sim.reference.wallet import scope_set
from sim.reference.world import Held, Steps, World
from sim.streams import Purpose, threshold
from sim.workload import cast
from sim.workload.intentions import Action

# Above every identifier of an action or a credential, and above whoever is tired of waiting.
_PATH = 9 << 60


@dataclass
class Emergency:
    """The glass of one agent."""

    world: World
    handed: Handed
    contacts: Contacts

    @property
    def ever(self) -> bool:
        """Whether its owner may break it at all."""
        return self.world.control.break_glass.ever

    def waits(self, action: Action) -> None:
        """An action is asked for; unless it has started before, its owner may act when it has waited long enough."""
        after, clock = self.world.control.break_glass.after, self.world.clock
        if after is not None and clock.time + after < self.world.workload.t1:
            clock.process(self._long_wait(action, clock.time + after))

    def at_once(self, action: Action) -> bool:
        """Whether there is a key for an action that nobody answers now, because the owner acts, or just acted."""
        world = self.world
        unanswered = world.unanswered.get(action.id) == world.clock.time
        if not (world.control.break_glass.in_outage and unanswered):
            return False
        return self.handed.holds() is not None or self._broken()

    def _long_wait(self, action: Action, due: int) -> Steps:
        clock, t1 = self.world.clock, self.world.workload.t1
        while due < t1:
            yield clock.until(due, Phase.GRANT, _PATH | action.id)
            if not self.handed.wanted(action) or self._broken():
                return
            due = self.contacts.owner_changes(self.handed.agent, clock.time)

    def _broken(self) -> bool:
        """Whether somebody who owns the agent is at work, and so breaks the glass."""
        time, agent = self.world.clock.time, self.handed.agent
        there = self.contacts.there(self.contacts.of(Asked.OWNER, agent, time), time)
        if not there:
            return False
        glass = self.world.control.break_glass
        key = self.handed.hand(there[0], CredentialKind.BREAK_GLASS, glass.lasts_s * 1_000_000)
        reviewed = self.world.stream(Purpose.EMERGENCY_REVIEWED).happens(key.id, threshold(glass.reviewed))
        if reviewed:
            self.world.clock.process(self._reviewed(key, there[0]))
        return True

    def _reviewed(self, key: Held, by: int) -> Steps:
        """The desk looks at what was done, some days later."""
        days = self.world.control.break_glass.review_days
        yield self.world.clock.after(round(days * DAY), Phase.REVIEW, key.id)
        about = {"target": by, "issued": key.id, "decision": Decision.ALLOW}
        self.world.journal.event(self.handed.agent, Kind.REVIEW, cast.approver(0), **about)


def obtainable(world: World, contacts: Contacts, agent: int) -> Iterator[Trust]:
    """What whoever is in an agent's process may obtain by making its owner act, while anybody owns it."""
    if not world.control.break_glass.ever:
        return
    least = world.workload.scenario.approvers.least_inspected
    scope, past, tries = scope_set(world, world.workload.roles[agent]), past_one(world, least), tries_at(world)
    # The owner looks anew each time.
    chance, in_tries = thousandths(past), thousandths(1 - (1 - past) ** tries)
    for starts, ends, owner in contacts.reachable(agent):
        if ends > world.workload.begins:
            since = max(starts, world.workload.begins)
            yield Trust(cast.agent(agent), owner, UNKNOWN, scope, Gate.HUMAN, chance, tries, in_tries,
                        Bootstrap.ATTESTED, since, ends)  # fmt: skip
