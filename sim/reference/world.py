"""What every part of one run shares, and the figures of its control model in the engine's units."""

from collections import defaultdict
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, Protocol, TypeAlias, TypeVar

import simpy

from sim.audit.refusal import Refusal
from sim.audit.rows import FOREVER, UNKNOWN
from sim.control.model import Control
from sim.control.platform import Terms
from sim.reference.clock import Clock
from sim.reference.journal import Journal
from sim.streams import Purpose, Stream
from sim.workload.intentions import Workload

# What a process is made of: steps in time, and an answer at the end.
Steps = Generator[simpy.Event, object, None]
Answer = Generator[simpy.Event, object, bool]
Thing = TypeVar("Thing")
# What is looked for, or None.
Found: TypeAlias = Generator[simpy.Event, object, Thing | None]


class Realm(NamedTuple):
    """The systems of one platform: its number among so many, and the terms on which their credentials are issued."""

    number: int
    of: int
    terms: Terms


class HeldFor(Protocol):
    """What a credential is issued for, and where; `active` counts what still needs it."""

    active: int

    @property
    def realm(self) -> Realm:
        """Whose credentials it holds."""


@dataclass
class Held:
    """A credential as its issuer knows it; `ends` says from when single verifiers refuse it earlier (µs).

    `below` are the credentials cut from it, `revoked` whether its revocation is under way or done; `handed`: its agent
    has it from its owner, past the issuer.
    """

    id: int
    unit: HeldFor
    atoms: frozenset[int]
    valid_from: int
    since: int
    task: int = UNKNOWN
    valid_to: int = FOREVER
    ends: dict[int, int] = field(default_factory=dict)
    below: list["Held"] = field(default_factory=list)
    revoked: bool = False
    handed: bool = False

    def accepted(self, verifier: int, time: int) -> bool:
        """Whether a verifier accepts it at this instant."""
        return self.valid_from <= time < min(self.valid_to, self.ends.get(verifier, FOREVER))


@dataclass
class World:
    """One workload under one control model; `possessions` are the credentials each agent was ever given.

    `terms` are those on which the model holds on each platform, by its name. `control` is what was asked for; where no
    credential is concerned (approval, decisions that come before one), that is what holds.
    """

    workload: Workload
    control: Control
    clock: Clock
    journal: Journal
    terms: Mapping[str, Terms]
    possessions: defaultdict[int, list[Held]] = field(default_factory=lambda: defaultdict(list))
    _streams: dict[tuple[Purpose, int], Stream] = field(default_factory=dict)

    def stream(self, purpose: Purpose, attempt: int = 0) -> Stream:
        """The stream for a purpose, made once."""
        found = self._streams.get((purpose, attempt))
        if found is None:
            found = self._streams[purpose, attempt] = self.workload.streams.of(purpose, attempt)
        return found

    def verifier(self, atom: int) -> int:
        """The verifier of the system that the atom's resources live in."""
        return self.workload.atoms[atom].verifier

    @cached_property
    def gated(self) -> frozenset[int]:
        """Atoms that need an approver's yes before each use."""
        gates = self.control.gates
        atoms = enumerate(self.workload.atoms)
        return frozenset(n for n, atom in atoms if gates(atom.level, atom.tier, reversible=atom.reversible))

    @cached_property
    def _platforms(self) -> tuple[str, ...]:
        """Names of the platforms that the catalogue's systems are on, in its order."""
        return tuple(dict.fromkeys(atom.platform for atom in self.workload.atoms))

    @cached_property
    def realms(self) -> tuple[Realm, ...]:
        """Each platform, with the terms there."""
        if missing := [name for name in self._platforms if name not in self.terms]:
            msg = f"{self.workload.scenario.name}: no terms on platform {', '.join(missing)}; compile the model to it"
            raise Refusal(msg)
        numbered = enumerate(self._platforms)
        return tuple(Realm(number, len(self._platforms), self.terms[name]) for number, name in numbered)

    @cached_property
    def _realm_of(self) -> tuple[Realm, ...]:
        return tuple(self.realms[self._platforms.index(atom.platform)] for atom in self.workload.atoms)

    def realm(self, atom: int) -> Realm:
        """The platform of the system that the atom's resources live in."""
        return self._realm_of[atom]

    def within(self, realm: Realm, atoms: tuple[int, ...]) -> tuple[int, ...]:
        """Those of the atoms that are on a platform."""
        return atoms if realm.of == 1 else tuple(atom for atom in atoms if self.realm(atom) is realm)

    def ceiling(self, agent: int, realm: Realm) -> tuple[int, ...]:
        """The widest authority that a platform's issuer gives to whoever holds this agent's identity."""
        union = realm.terms.control.issue.authority == "role_union"
        return self.within(realm, self.workload.union if union else self.workload.roles[agent])
