"""What every part of one run shares, and the figures of its control model in the engine's units."""

from collections import Counter, defaultdict
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple, Protocol, TypeAlias, TypeVar

import simpy

from sim.audit import ids
from sim.audit.ids import Unit
from sim.audit.refusal import Refusal
from sim.audit.rows import FOREVER, UNKNOWN, Resolution
from sim.control.model import Control
from sim.control.platform import Terms
from sim.reference.assigned import Added, Assigned
from sim.reference.clock import Clock
from sim.reference.journal import Journal
from sim.reference.rulebook import NO_TASK, Rulebook
from sim.streams import Purpose, Stream, threshold
from sim.workload.intentions import Workload

# Of an agent's number, its place in the fleet.
_SLOT: Final = (1 << ids.AGENT_BITS) - 1

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

    `below` are the credentials cut from it, `revoked` whether its revocation is under way or done, `incident` whether
    a response to an incident ordered it; `handed`: its agent has it from its owner, past the issuer;
    `assigned`: what verifiers ask at each use, where they do.
    """

    id: int
    unit: HeldFor
    atoms: frozenset[int]
    valid_from: int
    since: int
    task: int = UNKNOWN
    valid_to: int = FOREVER
    agent: int = UNKNOWN
    ends: dict[int, int] = field(default_factory=dict)
    below: list["Held"] = field(default_factory=list)
    revoked: bool = False
    handed: bool = False
    incident: bool = False
    assigned: Assigned | None = None

    def opens(self, atom: int, time: int) -> bool:
        """Whether it is good for an atom at this instant: it was issued for it, and whoever is asked says so."""
        return atom in self.atoms and (self.assigned is None or atom in self.assigned.at(time))

    def accepted(self, verifier: int, time: int) -> bool:
        """Whether a verifier accepts it at this instant."""
        return self.valid_from <= time < min(self.valid_to, self.ends.get(verifier, FOREVER))


class Outages:
    """When the decision point is not to be had: gaps and lengths exponential, those of the n-th by draws of its own."""

    def __init__(self, world: "World") -> None:
        """None is drawn yet."""
        self._world = world
        self._times: list[tuple[int, int]] = []

    def at(self, time: int) -> bool:
        """Whether there is one at this time; times do not go backwards."""
        if self._world.workload.scenario.outages.per_day == 0:
            return False
        while not self._times or self._times[-1][0] <= time:
            self._times.append(self._next(len(self._times)))
        return any(start <= time < end for start, end in self._times)

    def _next(self, n: int) -> tuple[int, int]:
        world, figures = self._world, self._world.workload.scenario.outages
        since = self._times[-1][1] if self._times else world.workload.begins
        start = since + world.stream(Purpose.OUTAGE_GAP).one_exponential(n, 86_400 / figures.per_day)
        return start, start + world.stream(Purpose.OUTAGE_TIME).one_exponential(n, 60 * figures.minutes)


@dataclass(frozen=True, slots=True)
class Remembered:
    """An answer that serves again: tier of approval or None, whether it was yes, by which policy, until when (µs)."""

    required: int | None
    yes: bool
    policy: int
    until: int


class Copy(NamedTuple):
    """A credential as whoever reads a log, a memory or a wire has it: without its key, sent to one verifier.

    It can be found from `found` on (µs).
    """

    held: Held
    verifier: int
    found: int = 0


@dataclass
class World:
    """One workload under one control model.

    `terms` are those on which the model holds on each platform, by its name. `control` is what was asked for; where no
    credential is concerned (approval, decisions that come before one), that is what holds.

    `possessions` are the credentials each agent was ever given, `made` those that attackers had made in its name,
    `copies` those that its calls left behind, `trees` how many tasks of each root are under way; until when each one's
    new requests are refused stands in `quarantined`, when an action last got no answer in `unanswered`. `memory` holds
    the answers that still serve, by agent, policy and class of question. `own_keys` are the static keys that each agent
    works with on a platform, one after another, where the slow clock told of them; `left_behind`, by place, those of
    agents that were abandoned. `added` is what was added to each agent's assignments, by its number.
    """

    workload: Workload
    control: Control
    clock: Clock
    journal: Journal
    terms: Mapping[str, Terms]
    possessions: defaultdict[int, list[Held]] = field(default_factory=lambda: defaultdict(list))
    memory: dict[tuple[int, int, object], Remembered] = field(default_factory=dict)
    made: defaultdict[int, list[Held]] = field(default_factory=lambda: defaultdict(list))
    copies: defaultdict[int, list[Copy]] = field(default_factory=lambda: defaultdict(list))
    trees: defaultdict[int, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    quarantined: dict[int, int] = field(default_factory=dict)
    unanswered: dict[int, int] = field(default_factory=dict)
    own_keys: defaultdict[tuple[int, int], list[Held]] = field(default_factory=lambda: defaultdict(list))
    left_behind: defaultdict[int, list[Held]] = field(default_factory=lambda: defaultdict(list))
    added: defaultdict[int, list[Added]] = field(default_factory=lambda: defaultdict(list))
    _assigned: dict[tuple[int, int], Assigned] = field(default_factory=dict)
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

    def live(self, held: Held) -> bool:
        """Whether any verifier accepts a credential now."""
        now = self.clock.time
        return any(held.opens(atom, now) and held.accepted(self.verifier(atom), now) for atom in held.atoms)

    def running(self, agent: int) -> frozenset[int]:
        """Root tasks of an agent of whose trees anything is under way."""
        return frozenset(+self.trees[agent])

    def in_quarantine(self, agent: int) -> bool:
        """Whether new requests of an agent are refused now."""
        return self.clock.time < self.quarantined.get(agent, self.clock.time)

    @cached_property
    def rulebook(self) -> Rulebook | None:
        """The policy in force, if there is one."""
        policy = self.control.policy
        return None if policy is None else Rulebook(self.workload, policy, self.control.successor)

    @property
    def changes_at(self) -> int:
        """When what is decided changes with the policy (µs); what was decided at onboarding never does."""
        changes = self.control.policies(self.workload.begins, self.workload.t0)[1:]
        return changes[0][1] if changes and self.control.decision.at != "onboarding" else FOREVER

    @cached_property
    def outages(self) -> Outages:
        """When the decision point answers nobody."""
        return Outages(self)

    def requirement(self, agent: int, atom: int, task: int) -> int | None:
        """Tier of approval that a use for a task needs, 0 for none; None where policy forbids it altogether.

        What was decided before there was a task was decided without one.
        """
        if self.rulebook is None:
            return self._tiered(atom)
        early = task == UNKNOWN or self.control.decision.at in {"onboarding", "login"}
        purpose = NO_TASK if early else self.workload.purposes[task]
        return self.rulebook.requirement(agent, atom, purpose, self.clock.time)

    def under_attack(self, agent: int, atom: int, time: int) -> int | None:
        """The same for an attacker: with the intent and the plan that serve best, where any are asked for."""
        if self.rulebook is None:
            return self._tiered(atom)
        if self.control.decision.at in {"onboarding", "login"}:
            return self.rulebook.requirement(agent, atom, NO_TASK, time)
        return self.rulebook.under_attack(agent, atom, time)

    def gated(self, agent: int, atom: int, task: int) -> bool:
        """Whether a use for a task needs an approver's yes before it."""
        return bool(self.requirement(agent, atom, task))

    def decides_issue(self, realm: Realm, unit: Unit) -> bool:
        """Whether policy is asked about each atom of a credential at its issue: never of one that tasks share."""
        at = realm.terms.control.decision.at
        return at in {"onboarding", "login"} or (at == "task" and unit in {Unit.TASK, Unit.ACTION})

    def enforced(self, action: int) -> bool:
        """Whether an action passes an enforcement point at all."""
        return not self.stream(Purpose.UNENFORCED).happens(action, threshold(1 - self.control.decision.coverage))

    def fails_open(self) -> bool:
        """Whether there is no answer now, and everything is let through."""
        return self.control.decision.outage == "open" and self.outages.at(self.clock.time)

    def _tiered(self, atom: int) -> int:
        """Without a policy, whether the model wants an approver asked."""
        what = self.workload.atoms[atom]
        return int(self.control.gates(what.level, what.tier, reversible=what.reversible))

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

    def role(self, agent: int, realm: Realm) -> tuple[int, ...]:
        """What the work of an agent, or of one that was in its place, is thought to need on a platform."""
        union = realm.terms.control.issue.authority == "role_union"
        return self.within(realm, self.workload.union if union else self.workload.roles[agent & _SLOT])

    def assignments(self, agent: int, realm: Realm) -> Assigned:
        """What an agent's assignments say on a platform over time: of one that was abandoned by its number of then."""
        found = self._assigned.get((agent, realm.number))
        if found is None:
            added = [each._replace(atoms=self.within(realm, each.atoms)) for each in self.added.get(agent, ())]
            found = self._assigned[agent, realm.number] = Assigned(self.role(agent, realm), added)
        return found

    def ceiling(self, agent: int, realm: Realm, time: int | None = None) -> tuple[int, ...]:
        """The widest authority that a platform's issuer gives, by now, to whoever holds this agent's identity."""
        if not (realm.terms.control.accumulates and self.added.get(agent)):
            return self.bounded(agent, realm, self.role(agent, realm))
        atoms = self.assignments(agent, realm).at(self.clock.time if time is None else time)
        return self.bounded(agent, realm, tuple(sorted(atoms)))

    def whole(self, agent: int, realm: Realm, time: int | None = None) -> tuple[int, ...]:
        """What is put into a credential that is cut to no plan: the ceiling, or all that assignments may ever say."""
        if realm.terms.control.resolved is Resolution.LOOKED_UP:
            return self.bounded(agent, realm, self.within(realm, tuple(range(len(self.workload.atoms)))))
        return self.ceiling(agent, realm, time)

    def asked(self, agent: int, realm: Realm) -> Assigned | None:
        """The assignments that verifiers of a platform ask at each use, if they do."""
        return None if realm.terms.control.resolved is Resolution.BAKED else self.assignments(agent, realm)

    def bounded(self, agent: int, realm: Realm, atoms: tuple[int, ...]) -> tuple[int, ...]:
        """Those of the atoms that lie within an agent's boundary, if it has one."""
        match realm.terms.control.issue.boundary:
            case "none":
                return atoms
            case "role_union":
                inside = frozenset(self.workload.union)
            case "own_role":
                inside = frozenset(self.workload.roles[agent & _SLOT])
        return tuple(atom for atom in atoms if atom in inside)
