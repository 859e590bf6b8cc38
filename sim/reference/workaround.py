"""Ways around waiting: an owner who is tired of it hands the agent a standing key, which the owner goes on having too.

It happens to agents that a person owns. Each action that has waited for `workaround.after_s` since the agent was ready
is a burden on the owner, who acts at a constant hazard for each hour more. The time until then is one draw of the
action's own, so that of two hazards the greater never acts later. A request to an approver is not taken back: it is
answered in its turn, though nobody waits for the answer any more.

From then on whatever the agent does is done with that key, which every verifier accepts until it ends; nobody is asked,
and no revocation reaches it. When it has ended, and the agent waits again, there may be another.
"""

from dataclasses import dataclass, field
from functools import cached_property

import simpy

from sim.audit import ids
from sim.audit.ids import PrincipalKind, Unit
from sim.audit.rows import UNKNOWN, Binding, Credential, CredentialKind, CredentialParty, Kind
from sim.calendar import DAY, HOUR, SECOND
from sim.reference.clock import Phase
from sim.reference.wallet import Wallet, scope_set
from sim.reference.world import Found, Held, Steps, World
from sim.streams import Purpose, threshold
from sim.workload import cast
from sim.workload.intentions import Action

# Above every identifier of an action or a credential, so that what else is granted at an instant comes first.
_PATH = 1 << 63
# Above every number of a key that the issuer made.
_HANDED = 1 << 43


@dataclass
class Way:
    """The way around waiting of one agent: the key it was handed last, how many there were, and who waits."""

    world: World
    agent: int
    key: Held | None = None
    keys: int = 0
    handed: simpy.Event | None = None
    waiting: set[int] = field(default_factory=set)

    @cached_property
    def open(self) -> bool:
        """Whether its owner might ever hand it a key."""
        figures = self.world.workload.scenario.workaround
        return figures.per_waited_hour > 0 and _is_a_persons(self.world, self.agent)

    def holds(self) -> Held | None:
        """The key, while it is valid."""
        key = self.key
        return key if key is not None and self.world.clock.time < key.valid_to else None

    def waits(self, action: Action) -> None:
        """An action is asked for; unless it has started before, its owner's patience ends at a time of its own."""
        if not self.open or self.holds() is not None:
            return
        figures, clock = self.world.workload.scenario.workaround, self.world.clock
        mean = HOUR / SECOND / figures.per_waited_hour
        patience = self.world.stream(Purpose.WORKAROUND).one_exponential(action.id, mean)
        due = clock.time + round(figures.after_s * SECOND) + patience
        if due < self.world.workload.t1:
            self.waiting.add(action.id)
            clock.process(self._impatience(action, due))

    def over(self, action: Action) -> None:
        """An action has started, or was given up."""
        self.waiting.discard(action.id)

    def unless_handed(self, asking: Found[int], action: Action, stops: simpy.Event | None) -> Found[int]:
        """The decision of approvers, or none where a key comes sooner, or what stops the task."""
        if not self.open and stops is None:
            return (yield from asking)
        clock = self.world.clock
        if self.open:
            self.handed = self.handed or clock.event()
        answer = clock.process(asking)
        yield simpy.AnyOf(clock, [each for each in (answer, self.handed, stops) if each is not None])
        yield clock.after(0, Phase.REQUEST, action.id)
        return answer.value if answer.processed else None

    @cached_property
    def _keyring(self) -> Wallet:
        """What the keys are kept in: no platform of the issuer's, and nothing that it ends or renews."""
        return Wallet(self.agent, Unit.STANDING, self.agent, self.world.realms[0], ())

    def _impatience(self, action: Action, due: int) -> Steps:
        yield self.world.clock.until(due, Phase.GRANT, _PATH | action.id)
        if action.id in self.waiting and self.holds() is None:
            self._hand_over()

    def _hand_over(self) -> None:
        """The key comes into being, with what the work of the owner's team needs, and whoever waits goes on."""
        world, now, self.keys = self.world, self.world.clock.time, self.keys + 1
        atoms = world.workload.roles[self.agent]
        until = now + round(world.workload.scenario.workaround.lasts_days * DAY)
        identifier = ids.credential(Unit.STANDING, self.agent, _HANDED | self.keys)
        self.key = Held(identifier, self._keyring, frozenset(atoms), now, now, valid_to=until, handed=True)
        world.possessions[self.agent].append(self.key)
        _written(world, self.agent, self.key, scope_set(world, atoms))
        if self.handed is not None:
            self.handed.succeed()
            self.handed = None


def _written(world: World, agent: int, key: Held, scope: int) -> None:
    owner, holder, word, bearer = _owner(world, agent), cast.agent(agent), CredentialKind.STATIC_KEY, Binding.BEARER
    world.journal.event(
        agent, Kind.ISSUE, owner, target=holder, issued=key.id, scope_set=scope, credential_kind=word,
        binding=bearer, enforced=False, expires=key.valid_to,
    )  # fmt: skip
    facts, task = world.journal.facts, key.task
    facts.credentials.append(
        Credential(key.id, word, owner, holder, task, scope, bearer, int(False), key.valid_from, key.valid_to)
    )
    facts.parties.append(CredentialParty(key.id, owner, key.valid_from, key.valid_to))


def _owner(world: World, agent: int) -> int:
    """Whoever answers for an agent, or did last; without a past, the person that it has to itself."""
    lifecycle, own = world.workload.lifecycle, cast.agent(agent)
    if lifecycle is None:
        return cast.owner(agent)
    first = [each.owner for each in lifecycle.of_agent.get(own, ()) if each.role == "owner"]
    later = [row.owner for row in world.journal.facts.reowned if row.owned == own]
    return [UNKNOWN, *first, *later][-1]


def _is_a_persons(world: World, agent: int) -> bool:
    """Whether a person owns the agent, neither nobody nor a team; of what a log shows nobody knows."""
    if world.workload.lifecycle is not None and world.workload.observed is None:
        return ids.kind_of(_owner(world, agent)) is PrincipalKind.HUMAN
    figures = world.workload.scenario.ownership
    nobodys = world.stream(Purpose.OWNED).happens(agent, threshold(figures.unowned))
    by_team = world.stream(Purpose.TEAM_OWNED).happens(agent, threshold(figures.team_owned))
    return world.workload.observed is None and not nobodys and not by_team
