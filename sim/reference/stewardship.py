"""What is done about identities, from before the run to its end: the slow clock under a control model's governance.

Governance of the past holds until the take-over, at the start of the run; then the control model's does. In the
estimand `steady` the model's own has held all along. Nothing here depends on what agents do: it is told before they
begin.

Who could answer, and when an agent is abandoned, is the workload's (see `lifecycle`). What is done is drawn by agent,
key or grant and which review or rotation it is; where the take-over changes a rate, what had not happened by then is
drawn anew, which for exponential laws is the same law.

* Only a person's agents are re-owned; of what is a team's, anybody in the team answers, as long as somebody is there.
* An agent's first key is the one it works with; with no rotation it is as old as the workload says, and stays. Each
  further key opens one system, in turn. Keys that nothing rotates are replaced when somebody notices them, at the rate
  of the stock's ages; those of an abandoned agent go instead, and the identity with the last of them.
* Keys end at every verifier at once: a static key is looked up where it is used.
* Where models issue no standing credentials, an identity is a role that it may assume; nobody noticed it before, so an
  abandoned one goes at the rate at which keys do. In a transition the old keys are there too: those of agents at work
  for as long as both run side by side, or, where they are overlooked, until somebody notices them.

Only what was there in the year before the measured window, or came later, is written down.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Final, Literal, NamedTuple

from sim.audit import ids
from sim.audit.ids import Unit
from sim.audit.rows import FOREVER, Binding, Decision, Kind, Reason
from sim.calendar import DAY, YEAR_S, days, mean_s
from sim.governance import Governance
from sim.reference.assigned import Added
from sim.reference.world import Realm, World
from sim.streams import Purpose, threshold
from sim.workload import cast
from sim.workload.lifecycle import Answering, Life, Lifecycle

Estimand = Literal["transition", "steady"]

KNOWN: Final = 365 * DAY
_TURNS: Final = range(2, 256)
_REVIEW_BITS: Final = 16
_GRANT_BITS: Final = 12
_KEY_BITS: Final = 12
_GENERATION_BITS: Final = 20

Ended = tuple[int, Reason]
_STAYS: Final[Ended] = (FOREVER, Reason.DELETED)


class Key(NamedTuple):
    """A static key: whose, what it opens, from when until when it did, why that was; `own`: it works with this one."""

    id: int
    own: bool
    realm: Realm
    holder: int
    atoms: tuple[int, ...]
    binding: Binding
    made: int
    ended: int
    reason: Reason


class Grant(NamedTuple):
    """What an identity may use, or assume, from-to; `role` is what its work was thought to need."""

    holder: int
    atoms: tuple[int, ...]
    starts: int
    ends: int
    role: bool = False


class Act(NamedTuple):
    """A review, or that somebody came to answer: when, who, for whom, and what came of it."""

    time: int
    kind: Kind
    actor: int
    about: int
    result: Decision


class _Place(NamedTuple):
    """Where an agent has one key after another: 0 for its own on a platform; what they open."""

    number: int
    realm: Realm
    atoms: tuple[int, ...]

    def path(self, life: Life, generation: int) -> int:
        """The identifier of a key; platforms take turns in its numbers, as in those of all credentials of an agent."""
        number = generation * self.realm.of + self.realm.number
        return ids.credential(
            Unit.STANDING, life.slot, (life.before << _KEY_BITS | self.number) << _GENERATION_BITS | number
        )


class _Review(NamedTuple):
    """A review that was done: when, its number under its governance (0 before the take-over, 1 after), by whom."""

    time: int
    regime: int
    number: int
    reviewer: int


@dataclass
class Custody:
    """What became of one agent's identity."""

    life: Life
    listed: bool
    gone: int = FOREVER
    keys: list[Key] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
    answering: list[Answering] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)


@dataclass(frozen=True)
class Steward:
    """Governance of one lifecycle under one control model."""

    world: World
    lifecycle: Lifecycle
    estimand: Estimand

    @cached_property
    def regimes(self) -> tuple[Governance, Governance]:
        """What held before the take-over, and what holds since."""
        after = self.world.control.governance
        return (self.world.workload.scenario.past if self.estimand == "transition" else after, after)

    @property
    def takeover(self) -> int:
        """When the second regime begins."""
        return self.world.workload.begins

    @cached_property
    def places(self) -> tuple[tuple[int, Realm], ...]:
        """The places of an agent's keys: that of its own on each platform, then one system each, in turn."""
        # Of each system any one atom: a system is on one platform.
        of = {atom.verifier: number for number, atom in enumerate(self.world.workload.atoms)}
        others = range(1, self.world.workload.scenario.lifecycle.keys if self.systems else 1)
        further = [(place, self.world.realm(of[self._system(place)])) for place in others]
        return (*((0, realm) for realm in self.world.realms), *further)

    @cached_property
    def systems(self) -> tuple[int, ...]:
        """The verifiers of the systems that somebody works with."""
        return tuple(sorted({self.world.verifier(atom) for atom in self.world.workload.union}))

    def _system(self, place: int) -> int:
        """The system that the key of a further place opens: one after another, in turn."""
        return self.systems[(place - 1) % len(self.systems)]

    def custody(self, life: Life) -> Custody:
        """Everything that was done about one agent."""
        told = Custody(life, self.listed(life, 1), answering=self._answering(life))
        reviews = self._reviews(told)
        grown = list(self._grown(told, reviews))
        # Keys hold what was added when they were made.
        self.world.added[life.number] += [Added(each.atoms, each.starts, each.ends) for each in grown]
        process = self._removed(life, reviews)
        held = [(n, realm) for n, realm in self.places if self.estimand == "transition" or _standing(realm)]
        for number, realm in held:
            place = _Place(number, realm, self._opens(life, number, realm, life.created))
            told.keys += self._chain(life, place, process) if place.atoms or realm.of == 1 else ()
        told.gone = self._gone(told, process)
        role = tuple(sorted({atom for realm in self.world.realms for atom in self.world.role(life.slot, realm)}))
        told.grants = [Grant(cast.agent(life.number), role, life.created, told.gone, role=True)]
        told.grants += [each._replace(ends=min(each.ends, told.gone)) for each in grown]
        told.acts += self._reviewed(told, reviews)
        return told

    def listed(self, life: Life, regime: int) -> bool:
        """Whether an agent is in the inventory under a regime; a wider one holds all of a narrower."""
        return self._happens(Purpose.LISTED, life.number, self.regimes[regime].inventory)

    def _answering(self, life: Life) -> list[Answering]:
        """Who took it on, one after another, when the person before was gone."""
        owner = next((a for a in self.lifecycle.of_agent.get(cast.agent(life.number), ()) if a.role == "owner"), None)
        found: list[Answering] = []
        orphaned = FOREVER if owner is None else owner.ends
        for turn in _TURNS:
            time = self._reowned(life, turn, orphaned)
            if time >= self.lifecycle.until:
                break
            person = self.lifecycle.chosen(life, time, turn)
            if person is not None:
                who = cast.agent(life.number), cast.owner(person.number)
                found.append(Answering(*who, "owner", time, person.left, acknowledged=True))
            orphaned = time if person is None else person.left
        return found

    def _reowned(self, life: Life, turn: int, orphaned: int) -> int:
        """When somebody takes on what was orphaned, if ever."""
        path = life.number << 8 | turn
        for regime, governance in enumerate(self.regimes):
            until = self.takeover if regime == 0 else FOREVER
            if orphaned >= until or orphaned == FOREVER:
                continue
            if governance.reowning_days != "never" and self.listed(life, regime):
                stream = self.world.stream(Purpose.REOWNED, regime)
                time = orphaned + stream.one_exponential(path, governance.reowning_days * 86_400)
                if time < until:
                    return time
            orphaned = until
        return FOREVER

    def _reviews(self, told: Custody) -> list[_Review]:
        """The reviews of an agent that were done: listed, in time, and by somebody."""
        return [
            _Review(time, regime, number, reviewer)
            for regime, governance in enumerate(self.regimes)
            if governance.review is not None and self.listed(told.life, regime)
            for number, time in self._dates(told.life, regime, governance.review)
            if not self._happens(
                Purpose.REVIEW_SKIPPED, told.life.number << _REVIEW_BITS | number, governance.review_skipped, regime
            )
            and (reviewer := self._responsible(told, time)) is not None
        ]

    def _dates(self, life: Life, regime: int, every: int) -> Iterator[tuple[int, int]]:
        """When reviews are due, counted from the start of the regime."""
        since, until = (self.lifecycle.starts, self.takeover) if regime == 0 else (self.takeover, self.lifecycle.until)
        for number in range(max(1, -(-(life.created - since) // every)), (until - since - 1) // every + 1):
            yield number, since + number * every

    def _responsible(self, told: Custody, time: int) -> int | None:
        """Whoever answers for an agent at a time, and is there."""
        first = self.lifecycle.of_agent.get(cast.agent(told.life.number), ())
        for each in (*first, *told.answering):
            if each.role == "owner" and each.starts <= time < each.ends:
                team = each.owner == cast.team(told.life.team)
                return each.owner if not team or self.lifecycle.has_members(told.life.team, time) else None
        return None

    def _looked_at(self, review: _Review, path: int) -> bool:
        """Whether a reviewer looks at something instead of keeping it."""
        kept = self.regimes[review.regime].reviewer_approval
        return not self._happens(Purpose.REVIEW_KEPT, path << _REVIEW_BITS | review.number, kept, review.regime)

    def _removed(self, life: Life, reviews: list[_Review]) -> int:
        """When a process removes an abandoned agent: offboarding, or a review in which somebody looks."""
        found = [r.time for r in reviews if r.time >= life.ended and self._looked_at(r, life.number)]
        regime = int(life.ended >= self.takeover)
        governance = self.regimes[regime]
        formal = self._happens(Purpose.OFFBOARDED, life.number, governance.offboarding_formal)
        if life.ended != FOREVER and formal and self.listed(life, regime):
            median = governance.offboarding_median_days * 86_400
            stream = self.world.stream(Purpose.OFFBOARDING)
            found.append(life.ended + stream.one_lognormal(life.number, median, governance.offboarding_sigma))
        return min(found, default=FOREVER)

    def _chain(self, life: Life, place: "_Place", process: int) -> Iterator[Key]:
        """One key after another, until nobody replaces the last."""
        made, standing = self._first_made(life, place), _standing(place.realm)
        replaces = min(life.ended, process, FOREVER if standing else self.takeover)
        for generation in count():
            path = place.path(life, generation)
            due = self._replaced(life, place, path, made)
            if due >= min(replaces, self.lifecycle.until):
                yield from self._key(life, place, path, (made, self._ended(life, place, path, (made, process))))
                return
            yield from self._key(life, place, path, (made, (due + self._overlap(due), Reason.RENEWAL)))
            made = due

    def _first_made(self, life: Life, place: "_Place") -> int:
        """When the first key of a place was made that matters: of the agent's own, the one the workload tells of."""
        rotates = self.regimes[0].rotation is not None and self.listed(life, 0)
        if place.number == 0 and life.at_work and not rotates:
            return int(self.world.workload.keys_since[life.slot])
        return life.created

    def _key(self, life: Life, place: "_Place", path: int, span: tuple[int, Ended]) -> Iterator[Key]:
        """A key, unless it ended before anything is written down."""
        made, (ended, reason) = span
        if ended > self.world.workload.t0 - KNOWN:
            own = place.number == 0 and life.at_work and _standing(place.realm)
            binding = place.realm.terms.control.binding if own else Binding.BEARER
            atoms = self._opens(life, place.number, place.realm, made)
            yield Key(path, own, place.realm, cast.agent(life.number), atoms, binding, made, ended, reason)

    def _opens(self, life: Life, number: int, realm: Realm, made: int) -> tuple[int, ...]:
        """What the key of a place is for: all of the work on its platform, or one system of it, and what was added."""
        if _standing(realm):
            whole = self.world.whole(life.number, realm, made)
        else:
            added = (
                atom for each in self.world.added[life.number] if each.starts <= made < each.ends for atom in each.atoms
            )
            past = tuple(sorted({*self.world.workload.union, *added}))
            whole = self.world.bounded(life.slot, realm, self.world.within(realm, past))
        if number == 0:
            return whole
        return tuple(atom for atom in whole if self.world.verifier(atom) == self._system(number))

    def _replaced(self, life: Life, place: "_Place", path: int, made: int) -> int:
        """When a key is replaced by the next, if ever."""
        if made < self.takeover:
            due = self._due(life, place, path, (0, made, made))
            if due < self.takeover:
                return due
        return self._due(life, place, path, (1, made, max(made, self.takeover)))

    def _due(self, life: Life, place: "_Place", path: int, when: tuple[int, int, int]) -> int:
        """When the regime would replace a key of a certain age, seen from the time since when it holds."""
        regime, made, since = when
        every = self.regimes[regime].rotation
        if every is None or not self.listed(life, regime):
            return FOREVER if place.number == 0 and life.at_work else self._noticed(path, made, since)
        share = threshold(self.regimes[regime].rotation_failure)
        number = max(1, -(-(since - made) // every))
        while (due := made + number * every) < self.lifecycle.until:
            if not self.world.stream(Purpose.ROTATION_FAILED, number).happens(path, share):
                return due
            number += 1
        return FOREVER

    def _overlap(self, time: int) -> int:
        """How long a key lives on that is replaced at a time."""
        return self.regimes[int(time >= self.takeover)].overlap

    def _noticed(self, path: int, made: int, since: int) -> int:
        """When somebody notices a key that no process reaches: at the rate of the stock, whatever its age."""
        mean = self.world.workload.scenario.stock.key_age_years * YEAR_S
        time = made + self.world.stream(Purpose.KEY_REPLACED).one_exponential(path, mean)
        return time if time > since else since + self.world.stream(Purpose.NOTICED).one_exponential(path, mean)

    def _ended(self, life: Life, place: "_Place", path: int, since: tuple[int, int]) -> Ended:
        """When a key ends that is not replaced, and why; `since`: it was made, and a process would remove it."""
        made, process = since
        if life.at_work and _standing(place.realm):
            return _STAYS
        alone = life.ended if life.ended < FOREVER else self.takeover
        ends: list[Ended] = [(self._noticed(path, made, alone), Reason.DELETED), (process, Reason.OFFBOARDING)]
        plan = self.world.workload.scenario.migration
        share = self.world.control.governance.decommissioned * (1 - plan.overlooked)
        if life.at_work and self._happens(Purpose.DECOMMISSIONED, path, share):
            ends.append((self.takeover + days(plan.dual_run_days), Reason.DELETED))
        return min(ends)

    def _gone(self, told: Custody, process: int) -> int:
        """When an identity was gone: with the last of its keys, or when somebody noticed that it had none to use."""
        life = told.life
        if life.at_work:
            return FOREVER
        if self.estimand == "transition" or any(map(_standing, self.world.realms)):
            return max((key.ended for key in told.keys), default=life.ended)
        path = _Place(0, self.world.realms[0], ()).path(life, 0)
        return min(process, self._noticed(path, life.created, life.ended))

    def _grown(self, told: Custody, reviews: list[_Review]) -> Iterator[Grant]:
        """Permissions that were added while the agent was at work, until a reviewer looks at them."""
        life, atoms = told.life, self.world.workload.atoms
        per_month = self.world.workload.scenario.lifecycle.grants_per_month
        time, until = life.created, min(life.ended, self.lifecycle.until)
        for number in range(1 << _GRANT_BITS):
            path = life.number << _GRANT_BITS | number
            time += self.world.stream(Purpose.GRANT_GAP).one_exponential(path, mean_s(12 * per_month))
            if time >= until:
                return
            ends = min((r.time for r in reviews if r.time > time and self._looked_at(r, path)), default=FOREVER)
            atom = self.world.stream(Purpose.GRANT_ATOM).draw(path) % len(atoms)
            yield Grant(cast.agent(life.number), (atom,), time, ends)

    def _reviewed(self, told: Custody, reviews: list[_Review]) -> Iterator[Act]:
        """What reviewers and new owners did about an identity while it was there."""
        about = cast.agent(told.life.number)
        ended = {grant.ends for grant in told.grants}
        for each in told.answering:
            yield Act(each.starts, Kind.CHANGE_OWNER, each.owner, about, Decision.ALLOW)
        for review in reviews:
            result = Decision.DENY if review.time in ended else Decision.ALLOW
            yield Act(review.time, Kind.REVIEW, review.reviewer, about, result)

    def _happens(self, purpose: Purpose, path: int, share: float, attempt: int = 0) -> bool:
        return self.world.stream(purpose, attempt).happens(path, threshold(share))


def _standing(realm: Realm) -> bool:
    """Whether the model works with static keys on a platform."""
    return realm.terms.unit is Unit.STANDING
