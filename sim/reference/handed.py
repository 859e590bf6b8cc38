"""Keys that people hand to an agent, past its issuer and past whoever approves; they go on having them too.

While it has one, whatever the agent does is done with that, which every verifier accepts until it ends; nobody is
asked, and no revocation reaches it. There is none while another is valid. A request to an approver is not taken back:
it is answered in its turn, though nobody waits for the answer any more.
"""

from dataclasses import dataclass, field
from functools import cached_property

import simpy

from sim.audit import ids
from sim.audit.ids import Unit
from sim.audit.rows import Binding, Credential, CredentialKind, CredentialParty, Kind
from sim.reference.clock import Phase
from sim.reference.wallet import Wallet, scope_set
from sim.reference.world import Found, Held, World
from sim.workload import cast
from sim.workload.intentions import Action

# Above every number of a key that the issuer made.
_HANDED = 1 << 43


@dataclass
class Handed:
    """The keys of one agent: the last one, how many there were, and which of its actions wait."""

    world: World
    agent: int
    key: Held | None = None
    keys: int = 0
    waiting: set[int] = field(default_factory=set)
    _came: simpy.Event | None = None

    def holds(self) -> Held | None:
        """The key, while it is valid."""
        key = self.key
        return key if key is not None and self.world.clock.time < key.valid_to else None

    def wanted(self, action: Action) -> bool:
        """Whether an action still waits, and there is no key that ends its wait."""
        return action.id in self.waiting and self.holds() is None

    def unless_handed(self, asking: Found[int], action: Action, stops: simpy.Event | None) -> Found[int]:
        """The decision of approvers, or none where a key comes sooner, or what stops the task."""
        clock = self.world.clock
        self._came = self._came or clock.event()
        answer = clock.process(asking)
        yield simpy.AnyOf(clock, [each for each in (answer, self._came, stops) if each is not None])
        yield clock.after(0, Phase.REQUEST, action.id)
        return answer.value if answer.processed else None

    def hand(self, by: int, kind: CredentialKind, lasts: int) -> Held:
        """A key comes into being, with what the work of the agent's team needs, and whoever waits goes on."""
        world, now, self.keys = self.world, self.world.clock.time, self.keys + 1
        atoms = world.workload.roles[self.agent]
        identifier = ids.credential(Unit.STANDING, self.agent, _HANDED | self.keys)
        self.key = Held(identifier, self._keyring, frozenset(atoms), now, now, valid_to=now + lasts, handed=True)
        world.possessions[self.agent].append(self.key)
        self._written(self.key, by, kind, scope_set(world, atoms))
        if self._came is not None:
            self._came.succeed()
            self._came = None
        return self.key

    @cached_property
    def _keyring(self) -> Wallet:
        """What the keys are kept in: no platform of the issuer's, and nothing that it ends or renews."""
        return Wallet(self.agent, Unit.STANDING, self.agent, self.world.realms[0], ())

    def _written(self, key: Held, by: int, kind: CredentialKind, scope: int) -> None:
        holder, bearer = cast.agent(self.agent), Binding.BEARER
        self.world.journal.event(
            self.agent, Kind.ISSUE, by, target=holder, issued=key.id, scope_set=scope, credential_kind=kind,
            binding=bearer, enforced=False, expires=key.valid_to,
        )  # fmt: skip
        facts, task = self.world.journal.facts, key.task
        facts.credentials.append(
            Credential(key.id, kind, by, holder, task, scope, bearer, int(False), key.valid_from, key.valid_to)
        )
        facts.parties.append(CredentialParty(key.id, by, key.valid_from, key.valid_to))
