"""What every part of one run shares, and the figures of its control model in the engine's units."""

from collections import defaultdict
from collections.abc import Generator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias, TypeVar

import simpy

from sim.audit.rows import FOREVER, UNKNOWN
from sim.control.model import Control
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


@dataclass
class Held:
    """A credential as its issuer knows it; `ends` says from when single verifiers refuse it earlier (µs).

    `below` are the credentials cut from it, `revoked` whether its revocation is under way or done.
    """

    id: int
    atoms: frozenset[int]
    valid_from: int
    since: int
    task: int = UNKNOWN
    valid_to: int = FOREVER
    ends: dict[int, int] = field(default_factory=dict)
    below: list["Held"] = field(default_factory=list)
    revoked: bool = False

    def accepted(self, verifier: int, time: int) -> bool:
        """Whether a verifier accepts it at this instant."""
        return self.valid_from <= time < min(self.valid_to, self.ends.get(verifier, FOREVER))


@dataclass
class World:
    """One workload under one control model; `possessions` are the credentials each agent was ever given."""

    workload: Workload
    control: Control
    clock: Clock
    journal: Journal
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

    def ceiling(self, agent: int) -> tuple[int, ...]:
        """The widest authority that the model's issuer gives to whoever holds this agent's identity."""
        union = self.control.issue.authority == "role_union"
        return self.workload.union if union else self.workload.roles[agent]
