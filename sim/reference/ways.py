"""How an agent may come by a key of its owner's while it waits: because somebody is tired of it, or in an emergency."""

import simpy

from sim.reference.contacts import Contacts
from sim.reference.emergency import Emergency
from sim.reference.handed import Handed
from sim.reference.workaround import Workaround
from sim.reference.world import Found, Held, World
from sim.workload.intentions import Action


class Ways:
    """The ways of one agent."""

    def __init__(self, world: World, agent: int, contacts: Contacts) -> None:
        """It has no key, and nothing waits."""
        self._handed = Handed(world, agent)
        self._workaround = Workaround(world, self._handed, contacts)
        self._emergency = Emergency(world, self._handed, contacts)
        self._ever = self._workaround.ever or self._emergency.ever

    def holds(self) -> Held | None:
        """The key, while it is valid."""
        return self._handed.holds()

    def waits(self, action: Action) -> None:
        """An action is asked for, and there is no key that spares it the wait."""
        if self._ever and self.holds() is None:
            self._handed.waiting.add(action.id)
            self._workaround.waits(action)
            self._emergency.waits(action)

    def over(self, action: Action) -> None:
        """An action has started, or was given up."""
        self._handed.waiting.discard(action.id)

    def at_once(self, action: Action) -> bool:
        """Whether an action that was just refused goes on at once, with a key."""
        return self._emergency.at_once(action)

    def unless_handed(self, asking: Found[int], action: Action, stops: simpy.Event | None) -> Found[int]:
        """The decision of approvers, or none where a key comes sooner, or what stops the task."""
        interrupted = self._ever or stops is not None
        return (yield from (self._handed.unless_handed(asking, action, stops) if interrupted else asking))
