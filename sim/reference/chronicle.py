"""The slow clock's part of the facts: keys, grants, reviews and changes of owner, written down before agents begin.

An event of it has a number in the upper half of those that the stream of its agent's place has.
"""

from collections import Counter
from typing import Final

from sim.audit import ids
from sim.audit.ids import Unit
from sim.audit.rows import (
    FOREVER,
    UNKNOWN,
    Acceptance,
    Assignment,
    Credential,
    CredentialKind,
    Event,
    Kind,
    Reowned,
    Resolution,
    Shadow,
    State,
)
from sim.reference.stewardship import KNOWN, Act, Custody, Estimand, Grant, Key, Steward
from sim.reference.wallet import Wallet, scope_set
from sim.reference.world import Held, World
from sim.streams import Purpose
from sim.workload import cast
from sim.workload.people import known

FIRST_OF_CLOCK: Final = 1 << (ids.EVENT_BITS - 1)


def chronicle(world: World, estimand: Estimand) -> list[Custody]:
    """Write down what was there in the year before the window, or came later; give agents their keys.

    Returns what became of each identity that was.
    """
    lifecycle = world.workload.lifecycle
    if lifecycle is None:
        _undated(world)
        return []
    steward, scribe = Steward(world, lifecycle, estimand), _Scribe(world)
    told = [steward.custody(life) for life in lifecycle.lives]
    there = [each for each in told if each.gone > scribe.since]
    for each in there:
        scribe.write(each)
    return there


def _undated(world: World) -> None:
    """Where nothing is told of before, agents have always had their role; it is written down where verifiers ask it."""
    asking = [realm for realm in world.realms if realm.terms.control.resolved is not Resolution.BAKED]
    for agent in range(world.workload.agents if asking else 0):
        role = tuple(sorted({atom for realm in world.realms for atom in world.role(agent, realm)}))
        since = int(world.workload.keys_since[agent])
        world.journal.facts.assignments.append(
            Assignment(cast.agent(agent), scope_set(world, role), State.ACTIVE, since, FOREVER)
        )


class _Scribe:
    """Writes custodies down as facts."""

    def __init__(self, world: World) -> None:
        """Begin to count each stream's events."""
        self._world, self._facts = world, world.journal.facts
        self._written: Counter[int] = Counter()
        self._faults = world.workload.streams.of(Purpose.LOG_FAULT)
        self.since = world.workload.t0 - KNOWN

    def write(self, told: Custody) -> None:
        """One identity."""
        slot = told.life.slot
        for key in told.keys:
            self._key(slot, key, at_work=told.life.at_work)
        for grant in told.grants:
            self._grant(grant)
        for act in sorted(told.acts):
            self._act(slot, act, told.gone)
        for each in told.answering:
            ends = self._known(each.ends)
            if self.since < ends and each.starts < min(told.gone, self._world.workload.t1):
                self._facts.reowned.append(Reowned(each.owned, each.owner, each.starts, ends))
        if not told.listed:
            self._facts.shadows.append(Shadow(cast.agent(told.life.number)))

    def _key(self, slot: int, key: Key, *, at_work: bool) -> None:
        """A key that was made before the end: for the agent to use, if it is at work, and as a fact."""
        if key.made >= self._world.workload.t1 or key.made >= key.ended:
            return
        unit = Wallet(slot, Unit.STANDING, slot, key.realm, key.atoms)
        held = Held(key.id, unit, frozenset(key.atoms), key.made, key.made, agent=slot)
        # What a take-over left behind says what it opens, whatever the model asks.
        standing = key.realm.terms.unit is Unit.STANDING
        held.assigned = self._world.asked(slot, key.realm) if standing and at_work else None
        resolved = key.realm.terms.control.resolved if standing else Resolution.BAKED
        scope = scope_set(self._world, key.atoms)
        word, enforced = CredentialKind.STATIC_KEY, key.realm.terms.control.enforced
        self._facts.credentials.append(
            Credential(key.id, word, cast.ISSUER, key.holder, UNKNOWN, scope, key.binding, enforced, key.made, FOREVER,
                       resolved)
        )  # fmt: skip
        self._event(
            slot, key.made, Kind.ISSUE, principal=cast.ISSUER, target=key.holder, issued=key.id, scope_set=scope,
            credential_kind=word, binding=key.binding, enforced=enforced, expires=FOREVER, resolved=resolved,
        )  # fmt: skip
        for verifier in sorted({self._world.verifier(atom) for atom in key.atoms}):
            if key.ended < self._world.workload.t1:
                held.ends[verifier] = key.ended
                self._ended(slot, key, verifier)
        theirs = self._world.possessions if at_work else self._world.left_behind
        theirs[slot].append(held)
        if key.own:
            self._world.own_keys[slot, key.realm.number].append(held)

    def _ended(self, slot: int, key: Key, verifier: int) -> None:
        self._facts.acceptances.append(Acceptance(key.id, verifier, key.ended, key.reason))
        about = {"target": key.holder, "issued": key.id, "verifier": verifier, "reason": key.reason}
        self._event(slot, key.ended, Kind.REVOKE, principal=cast.ISSUER, **about)

    def _grant(self, grant: Grant) -> None:
        ends = self._known(grant.ends)
        if ends <= self.since or grant.starts >= min(ends, self._world.workload.t1):
            return
        standing = not grant.role or self._world.control.issue.unit == "standing"
        state = State.ACTIVE if standing else State.ELIGIBLE
        scope = scope_set(self._world, grant.atoms)
        self._facts.assignments.append(Assignment(grant.holder, scope, state, grant.starts, ends))

    def _act(self, slot: int, act: Act, gone: int) -> None:
        if self.since <= act.time < min(self._world.workload.t1, gone + 1):
            self._event(slot, act.time, act.kind, principal=act.actor, target=act.about, decision=act.result)

    def _event(self, slot: int, time: int, kind: Kind, **fields: int) -> None:
        event = ids.event(slot, FIRST_OF_CLOCK + self._written[slot])
        self._written[slot] += 1
        self._facts.events.append(Event(id=event, time=time, kind=kind, draw=self._faults.draw(event) >> 48, **fields))

    def _known(self, time: int) -> int:
        """What ends after the run has not ended as far as it knows."""
        return known(time, self._world.workload.t1)
