"""Credentials: issued, found, renewed, revoked; each on the terms of the one platform that its atoms are on."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

import simpy

from sim.audit import ids
from sim.audit.ids import Unit
from sim.audit.rows import (
    FOREVER,
    UNKNOWN,
    Acceptance,
    Cascade,
    Credential,
    CredentialEdge,
    CredentialKind,
    Kind,
    Reason,
    TrueActor,
)
from sim.reference.clock import Phase
from sim.reference.policy import Try, decided, tried
from sim.reference.world import Found, Held, Realm, Steps, World
from sim.streams import Purpose, mix, threshold
from sim.workload import cast

# Behind every generation of a key that the slow clock tells of.
_BEHIND_THE_CLOCK: Final = 1 << 38

_KINDS = {
    Unit.STANDING: CredentialKind.STATIC_KEY,
    Unit.SESSION: CredentialKind.SESSION_TOKEN,
    Unit.TASK: CredentialKind.TASK_TOKEN,
    Unit.ACTION: CredentialKind.ACTION_TOKEN,
}


@dataclass
class Wallet:
    """The credentials of one unit on one platform. `path` is what the unit is: an agent, a task, an action.

    `active` counts what still needs it; `over` is whether its own task has ended; `issuing` holds, by atoms, the
    credentials on their way, `asked`, by action, those that were ever asked for; `parent` is the wallet whose
    credential a child's is cut from.
    """

    agent: int
    unit: Unit
    path: int
    realm: Realm
    atoms: tuple[int, ...]
    task: int = UNKNOWN
    parent: "Wallet | None" = None
    active: int = 0
    over: bool = False
    issued: int = 0
    held: list[Held] = field(default_factory=list)
    issuing: dict[tuple[int, ...], simpy.Event] = field(default_factory=dict)
    asked: dict[int, list[Try]] = field(default_factory=dict)

    def next_id(self) -> int:
        """Identifier of its next credential; what was refused has used one up, so that asking anew draws anew.

        Platforms take turns in the numbers of a unit, of which each has its own; an action needs one platform only.
        """
        count, self.issued = self.issued, self.issued + 1
        number = count if self.unit is Unit.ACTION else count * self.realm.of + self.realm.number
        return ids.credential(self.unit, self.path, number)

    def find(self, atom: int, verifier: int, time: int) -> Held | None:
        """A credential that covers the atom and is accepted now."""
        return next((c for c in self.held if c.opens(atom, time) and c.accepted(verifier, time)), None)

    def coming(self, atom: int) -> simpy.Event | None:
        """The issue under way of a credential that covers the atom."""
        return next((ready for atoms, ready in self.issuing.items() if atom in atoms), None)

    def covering(self, child: Held) -> Held | None:
        """The credential that a child's is cut from: valid and not revoked when that begins, and no narrower."""
        start = child.valid_from
        valid = (c for c in self.held if c.valid_from <= start < c.valid_to and not c.revoked)
        return next((c for c in valid if child.atoms <= c.atoms), None)


def static_key(world: World, agent: int, realm: Realm) -> Wallet:
    """The wallet of an agent with a standing credential on a platform, made before the run, if it needs one there.

    Where the slow clock told of its keys it holds those, the newest first.
    """
    if world.workload.lifecycle is not None:
        return _keyring(world, agent, realm)
    since = int(world.workload.keys_since[agent])
    wallet = Wallet(agent, Unit.STANDING, agent, realm, world.whole(agent, realm))
    wallet.atoms = issuable(world, wallet, wallet.atoms)
    if wallet.atoms or (realm.of == 1 and world.rulebook is None):
        _granted(world, wallet, Held(wallet.next_id(), wallet, frozenset(wallet.atoms), since, since), Kind.ISSUE)
    return wallet


def _keyring(world: World, agent: int, realm: Realm) -> Wallet:
    """The keys that the slow clock told an agent to work with; what replaces one is numbered behind all of them."""
    newest = sorted(world.own_keys[agent, realm.number], key=lambda held: held.valid_from, reverse=True)
    wallet = Wallet(
        agent, Unit.STANDING, agent, realm, world.whole(agent, realm), held=newest, issued=_BEHIND_THE_CLOCK
    )
    wallet.atoms = issuable(world, wallet, wallet.atoms)
    for held in newest:
        held.unit = wallet
    return wallet


@dataclass(frozen=True)
class Want:
    """What a credential is asked for: an atom, and the action that needs it, if one does."""

    atom: int
    action: int = UNKNOWN

    @property
    def about(self) -> dict[str, int]:
        """What a decision about it is on record with; of an action it is known which atom it needs."""
        return {"action": self.action} if self.action != UNKNOWN else {"atom": self.atom}


def replaced(world: World, wallet: Wallet) -> None:
    """A new standing key for an agent whose old one was revoked; whoever takes it finds the old one gone.

    What policy forbids by now is not in it, though it was in a key that is older than the policy.
    """
    now, wallet.held = world.clock.time, []
    if atoms := issuable(world, wallet, sought(world, wallet)):
        _granted(world, wallet, Held(wallet.next_id(), wallet, frozenset(atoms), now, now), Kind.ISSUE)


def sought(world: World, wallet: Wallet) -> tuple[int, ...]:
    """What a wallet asks for when it asks for all: what is not for one piece of work, all that its agent has by now."""
    if wallet.unit not in {Unit.STANDING, Unit.SESSION}:
        return wallet.atoms
    role = world.role(wallet.agent, wallet.realm)
    added = tuple(atom for atom in world.whole(wallet.agent, wallet.realm) if atom not in role)
    return tuple(sorted({*wallet.atoms, *issuable(world, wallet, added)})) if added else wallet.atoms


def minted(world: World, agent: int, credential: int, atoms: tuple[int, ...], unit: Unit) -> Held:
    """What an attacker has an issuer make in an agent's name: in no wallet of the agent's, and never renewed."""
    now, wallet = world.clock.time, Wallet(agent, unit, agent, world.realm(atoms[0]), atoms)
    held = Held(credential, wallet, frozenset(atoms), now, now, agent=agent)
    held.valid_to, held.assigned = _stated_end(held, None), world.asked(agent, wallet.realm)
    event = _written(world, wallet, held, Kind.ISSUE)
    world.journal.facts.actors.append(TrueActor(event))
    world.made[agent].append(held)
    return held


def credential_for(world: World, wallet: Wallet, want: Want, path: int) -> Found[Held]:
    """The credential to present for an atom: one that is there, one that is on its way, or a new one.

    `path` is the place in the total order of whoever asks.

    None where policy refused to issue it, or where a standing credential does not cover it.
    """
    clock, verifier = world.clock, world.verifier(want.atom)
    while (held := wallet.find(want.atom, verifier, clock.time)) is None and (coming := wallet.coming(want.atom)):
        yield coming
        yield clock.after(0, Phase.REQUEST, path)
    if held is not None or wallet.unit is Unit.STANDING:
        return held
    whole = sought(world, wallet)
    atoms = whole if want.atom in whole else (want.atom,)
    ask = wallet.realm.terms.control.decision.at in {"login", "task"}
    return (yield from issued(world, wallet, atoms, ask=ask, want=want))


def issuable(world: World, wallet: Wallet, atoms: tuple[int, ...], approved: Collection[int] = ()) -> tuple[int, ...]:
    """Those atoms that a credential may hold: what a task must ask approval for only once that is `approved`."""
    required = {atom: world.requirement(wallet.agent, atom, wallet.task) for atom in atoms}
    forbids = world.decides_issue(wallet.realm, wallet.unit) and not world.fails_open()
    gates = wallet.unit is Unit.TASK
    return tuple(
        atom
        for atom, tier in required.items()
        if not (tier is None and forbids) and not (tier and gates and atom not in approved)
    )


def issued(world: World, wallet: Wallet, atoms: tuple[int, ...], *, ask: bool, want: Want | None = None) -> Found[Held]:
    """A new credential, after a decision where one is due; others who need this wallet wait for it."""
    credential = wallet.next_id()
    ready = wallet.issuing[atoms] = world.clock.event()
    held = None
    granted = issuable(world, wallet, atoms, () if want is None else (want.atom,))
    allowed = granted != () and (want is None or want.atom in granted)
    if ask:
        about = {"task": wallet.task, **({} if want is None else want.about)}
        tries = [] if want is None or want.action == UNKNOWN else wallet.asked.setdefault(want.action, [])
        tries.append(Try(credential, 0))
        allowed = yield from decided(world, wallet.agent, tuple(tries), allowed=allowed, **about)
    if allowed:
        latency = _issue_latency(world, credential)
        yield world.clock.after(latency, Phase.GRANT, credential)
        made = Held(credential, wallet, frozenset(granted), world.clock.time, world.clock.time, wallet.task)
        action = UNKNOWN if want is None else want.action
        held = _granted(world, wallet, made, Kind.ISSUE, duration=latency, action=action)
    del wallet.issuing[atoms]
    ready.succeed()
    return held


def revoked(world: World, wallet: Wallet, reason: Reason) -> None:
    """What this wallet holds is to end now, if the issuer is told and does it; verifiers hear of it one by one."""
    figures = wallet.realm.terms.control.revocation
    if world.stream(Purpose.SIGNAL_LOST, wallet.unit).happens(wallet.path, threshold(figures.lost_signal)):
        return
    for held in wallet.held:
        if not world.stream(Purpose.REVOCATION_FAILED).happens(held.id, threshold(figures.failure)):
            _end(world, wallet.agent, held, reason)


def stopped(world: World, agent: int, held: Held, reason: Reason) -> int:
    """End a credential because something is wrong, as its platform can; how many others, still needed, ended with it.

    Where that can be had, it ends alone, with what was cut from it where that cascades. Elsewhere all of its holder's
    there end, or all that were issued for its role: of every agent to which that platform's issuer gives the same, or
    gave until it was abandoned. Or nothing does, and `held.revoked` says so. Somebody sees to it, so no signal is lost.
    """
    ended = [each for whose, other in _ends_with(world, agent, held) for each in _end(world, whose, other, reason)]
    return sum(each is not held and each.unit.active > 0 for each in ended)


def _ends_with(world: World, agent: int, held: Held) -> list[tuple[int, Held]]:
    """What a platform ends when asked to end a credential, each with its holder; what people handed over, alone."""
    realm = held.unit.realm
    if held.handed or realm.terms.ends in {"none", "credential"}:
        return [(agent, held)] if held.handed or realm.terms.ends == "credential" else []
    role = world.role(agent, realm)
    same = [each for each in range(world.workload.agents) if world.role(each, realm) == role]
    holders = same if realm.terms.ends == "role" else [agent]
    # Agents that were abandoned had the role of whoever took their place.
    left = world.left_behind if realm.terms.ends == "role" else {}
    theirs = [
        (whose, each)
        for whose in holders
        for each in (*world.possessions[whose], *world.made[whose], *left.get(whose, ()))
    ]
    now = world.clock.time
    return [(w, each) for w, each in theirs if each.unit.realm == realm and not each.handed and each.valid_from < now]


def _end(world: World, agent: int, held: Held, reason: Reason) -> list[Held]:
    """Revoke a credential once, and with it what was cut from it, where that cascades; returns what it ended."""
    if held.revoked or held.valid_to <= world.clock.time:
        return []
    held.revoked, held.incident = True, reason is Reason.INCIDENT
    world.clock.process(_revocation(world, held, reason))
    below = held.below if held.unit.realm.terms.cascade is not Cascade.NONE else ()
    return [held, *(each for child in below for each in _end(world, agent, child, reason))]


def _revocation(world: World, held: Held, reason: Reason) -> Steps:
    now, clock = world.clock.time, world.clock
    for lag, verifier in sorted((_lag(world, held.id, v), v) for v in _told(world, held)):
        if now + lag < min(held.valid_to, held.ends.get(verifier, FOREVER)):
            yield clock.until(now + lag, Phase.REVOCATION, held.id)
            if verifier in held.ends:
                world.journal.withdraw(held.id, verifier)
            held.ends[verifier] = clock.time
            world.journal.facts.acceptances.append(Acceptance(held.id, verifier, clock.time, reason))
            about = {"issued": held.id, "verifier": verifier, "reason": reason, "task": held.task, "requested": now}
            world.journal.event(held.agent, Kind.REVOKE, cast.ISSUER, **about)


def _told(world: World, held: Held) -> set[int]:
    """The verifiers of what a credential holds that ever hear of a revocation."""
    return {verifier for verifier in map(world.verifier, held.atoms) if world.workload.lags[verifier].heard}


def _lag(world: World, credential: int, verifier: int) -> int:
    """Microseconds until the revocation of a credential has reached a verifier."""
    lag = world.workload.lags[verifier]
    return world.stream(Purpose.REVOCATION_LAG, verifier).one_lognormal(credential, lag.median_s, lag.sigma)


def _issue_latency(world: World, credential: int) -> int:
    figures = world.workload.scenario.issue_latency
    return world.stream(Purpose.ISSUE_LATENCY).one_lognormal(credential, figures.median_s, figures.sigma)


def _stated_end(held: Held, source: Held | None) -> int:
    """When a credential ends by itself: its lifetime, or the maximum since the first of its chain, is over.

    What is cut from another may live shorter than others. It ends no later than that, where that takes others with it.
    """
    terms = held.unit.realm.terms
    ttl = terms.ttl if source is None else min(terms.ttl, terms.chained)
    spans = ((held.valid_from, ttl), (held.since, terms.maximum))
    end = min((since + span for since, span in spans if span != FOREVER), default=FOREVER)
    falls = source is not None and terms.cascade is Cascade.ON_EXPIRE
    return min(end, source.valid_to) if source is not None and falls else end


def _granted(world: World, wallet: Wallet, held: Held, kind: Kind, **about: int) -> Held:
    """A credential comes into being and is written down; one that is not for a single action renews while it may."""
    source = None if wallet.parent is None else wallet.parent.covering(held)
    held.agent, held.valid_to = wallet.agent, _stated_end(held, source)
    held.assigned = world.asked(wallet.agent, wallet.realm)
    if source is not None:
        source.below.append(held)
        world.journal.facts.edges.append(CredentialEdge(held.id, source.id, wallet.realm.terms.cascade))
    wallet.held = [c for c in wallet.held if c.valid_to > held.valid_from] + [held]
    world.possessions[wallet.agent].append(held)
    _written(world, wallet, held, kind, **about)
    renewable = wallet.realm.terms.control.lifetime.renewal != "none" and wallet.unit is not Unit.ACTION
    if renewable:
        world.clock.process(_renewal(world, wallet, held))
    return held


def _written(world: World, wallet: Wallet, held: Held, kind: Kind, **about: int) -> int:
    """Write a credential down, and its issue; returns that event's id."""
    holder, word = cast.agent(wallet.agent), _KINDS[wallet.unit]
    binding, enforced = wallet.realm.terms.control.binding, wallet.realm.terms.control.enforced
    resolved = wallet.realm.terms.control.resolved
    scope = scope_set(world, tuple(sorted(held.atoms)))
    event = world.journal.event(
        wallet.agent, kind, cast.ISSUER, time=held.valid_from, target=holder, issued=held.id, task=wallet.task,
        scope_set=scope, credential_kind=word, binding=binding, enforced=enforced, expires=held.valid_to,
        resolved=resolved, **about,
    )  # fmt: skip
    world.journal.facts.credentials.append(
        Credential(held.id, word, cast.ISSUER, holder, wallet.task, scope, binding, enforced, held.valid_from,
                   held.valid_to, resolved)
    )  # fmt: skip
    return event


def _renewal(world: World, wallet: Wallet, held: Held) -> Steps:
    """At its end, or so much earlier, a credential is renewed, if its unit is active and the maximum leaves room."""
    clock, control, maximum = world.clock, wallet.realm.terms.control, wallet.realm.terms.maximum
    yield clock.until(max(clock.time, held.valid_to - control.overlap), Phase.EXPIRY, held.id)
    if clock.time < held.valid_to and not _outlasts(world, wallet, held):
        yield clock.until(held.valid_to, Phase.EXPIRY, held.id)
    atoms, latest = tuple(sorted(held.atoms)), held.since + maximum
    if held.incident or not wallet.active or atoms in wallet.issuing or held.valid_to >= latest:
        return
    credential = wallet.next_id()
    ready = wallet.issuing[atoms] = clock.event()
    evaluated = control.lifetime.renewal == "re_evaluated"
    granted = issuable(world, wallet, _still_given(world, wallet, atoms), atoms) if evaluated else atoms
    about = {"task": wallet.task, "credential": held.id}
    if not evaluated or (yield from decided(world, wallet.agent, tried(credential, 0), allowed=granted != (), **about)):
        latency = _issue_latency(world, credential) if evaluated else 0
        yield clock.after(latency, Phase.GRANT, credential)
        if wallet.active and clock.time < latest:
            made = Held(credential, wallet, frozenset(granted), clock.time, held.since, wallet.task)
            _granted(world, wallet, made, Kind.RENEW, duration=latency, credential=held.id)
    del wallet.issuing[atoms]
    ready.succeed()


def _still_given(world: World, wallet: Wallet, atoms: tuple[int, ...]) -> tuple[int, ...]:
    """Those of the atoms that the issuer gives by now: what was added since stays out, what was taken away is gone."""
    given = world.whole(wallet.agent, wallet.realm) if wallet.realm.terms.control.accumulates else atoms
    return tuple(atom for atom in atoms if atom in given)


def _outlasts(world: World, wallet: Wallet, held: Held) -> bool:
    """Whether a renewal now would end later than what it renews, and not with the same one that both are cut from."""
    renewed = Held(held.id, wallet, held.atoms, world.clock.time, held.since)
    source = None if wallet.parent is None else wallet.parent.covering(renewed)
    return _stated_end(renewed, source) > held.valid_to


def scope_set(world: World, atoms: tuple[int, ...]) -> int:
    """Identifier of a set of atoms: a hash of its content; written down when first seen."""
    digest = len(atoms)
    for atom in atoms:
        digest = mix(digest ^ mix(atom + 1))
    world.journal.facts.scope_sets.setdefault(digest >> 1, atoms)
    return digest >> 1
