"""Credentials: issued, found, renewed, revoked."""

from dataclasses import dataclass, field

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
)
from sim.reference.clock import Phase
from sim.reference.policy import decided
from sim.reference.world import Found, Held, Steps, World
from sim.streams import Purpose, mix, threshold
from sim.workload import cast

_KINDS = {
    Unit.STANDING: CredentialKind.STATIC_KEY,
    Unit.SESSION: CredentialKind.SESSION_TOKEN,
    Unit.TASK: CredentialKind.TASK_TOKEN,
    Unit.ACTION: CredentialKind.ACTION_TOKEN,
}


@dataclass
class Wallet:
    """The credentials of one unit. `path` is what the unit is: an agent, a task, an action.

    `active` counts what still needs it; `issuing` holds, by atoms, the credentials on their way; `parent` is the wallet
    whose credential a child's is cut from.
    """

    agent: int
    unit: Unit
    path: int
    atoms: tuple[int, ...]
    task: int = UNKNOWN
    parent: "Wallet | None" = None
    active: int = 0
    issued: int = 0
    held: list[Held] = field(default_factory=list)
    issuing: dict[tuple[int, ...], simpy.Event] = field(default_factory=dict)

    def next_id(self) -> int:
        """Identifier of its next credential; what was refused has used one up, so that asking anew draws anew."""
        count, self.issued = self.issued, self.issued + 1
        return ids.credential(self.unit, self.path, count)

    def find(self, atom: int, verifier: int, time: int) -> Held | None:
        """A credential that covers the atom and is accepted now."""
        return next((c for c in self.held if atom in c.atoms and c.accepted(verifier, time)), None)

    def coming(self, atom: int) -> simpy.Event | None:
        """The issue under way of a credential that covers the atom."""
        return next((ready for atoms, ready in self.issuing.items() if atom in atoms), None)

    def covering(self, child: Held) -> Held | None:
        """The credential that a child's is cut from: valid when that begins, and no narrower."""
        start = child.valid_from
        return next((c for c in self.held if c.valid_from <= start < c.valid_to and child.atoms <= c.atoms), None)


def static_key(world: World, agent: int) -> Wallet:
    """The wallet of an agent with a standing credential, made before the run."""
    since = int(world.workload.keys_since[agent])
    wallet = Wallet(agent, Unit.STANDING, agent, world.ceiling(agent))
    _granted(world, wallet, Held(wallet.next_id(), frozenset(wallet.atoms), since, since), Kind.ISSUE)
    return wallet


def credential_for(world: World, wallet: Wallet, atom: int, path: int, action: int = UNKNOWN) -> Found[Held]:
    """The credential to present for an atom: one that is there, one that is on its way, or a new one.

    `path` is the place in the total order of whoever asks.

    None where policy refused to issue it, or where a standing credential does not cover it.
    """
    clock, verifier = world.clock, world.verifier(atom)
    while (held := wallet.find(atom, verifier, clock.time)) is None and (coming := wallet.coming(atom)):
        yield coming
        yield clock.after(0, Phase.REQUEST, path)
    if held is not None or wallet.unit is Unit.STANDING:
        return held
    atoms = wallet.atoms if atom in wallet.atoms else (atom,)
    ask = world.control.decision.at in {"login", "task"}
    return (yield from issued(world, wallet, atoms, ask=ask, action=action))


def issued(world: World, wallet: Wallet, atoms: tuple[int, ...], *, ask: bool, action: int = UNKNOWN) -> Found[Held]:
    """A new credential, after a decision where one is due; others who need this wallet wait for it."""
    credential = wallet.next_id()
    ready = wallet.issuing[atoms] = world.clock.event()
    held = None
    about = {"task": wallet.task, "action": action}
    if not ask or (yield from decided(world, wallet.agent, credential, 0, **about)):
        latency = _issue_latency(world, credential)
        yield world.clock.after(latency, Phase.GRANT, credential)
        made = Held(credential, frozenset(atoms), world.clock.time, world.clock.time, wallet.task)
        held = _granted(world, wallet, made, Kind.ISSUE, duration=latency, action=action)
    del wallet.issuing[atoms]
    ready.succeed()
    return held


def revoked(world: World, wallet: Wallet, reason: Reason) -> None:
    """What this wallet holds is to end now, if the issuer is told and does it; verifiers hear of it one by one."""
    figures = world.control.revocation
    if world.stream(Purpose.SIGNAL_LOST, wallet.unit).happens(wallet.path, threshold(figures.lost_signal)):
        return
    for held in wallet.held:
        if not world.stream(Purpose.REVOCATION_FAILED).happens(held.id, threshold(figures.failure)):
            _end(world, wallet.agent, held, reason)


def _end(world: World, agent: int, held: Held, reason: Reason) -> None:
    """Revoke a credential once, and with it what was cut from it, where that cascades."""
    if held.revoked or held.valid_to <= world.clock.time:
        return
    held.revoked = True
    world.clock.process(_revocation(world, agent, held, reason))
    for child in held.below if world.control.cascade is not Cascade.NONE else ():
        _end(world, agent, child, reason)


def _revocation(world: World, agent: int, held: Held, reason: Reason) -> Steps:
    now, clock = world.clock.time, world.clock
    for lag, verifier in sorted((_lag(world, held.id, v), v) for v in _told(world, held)):
        if now + lag < held.valid_to:
            yield clock.until(now + lag, Phase.REVOCATION, held.id)
            held.ends[verifier] = clock.time
            world.journal.facts.acceptances.append(Acceptance(held.id, verifier, clock.time, reason))
            about = {"issued": held.id, "verifier": verifier, "reason": reason, "task": held.task}
            world.journal.event(agent, Kind.REVOKE, cast.ISSUER, **about)


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


def _stated_end(world: World, held: Held, source: Held | None) -> int:
    """When a credential ends by itself: its lifetime, or the maximum since the first of its chain, is over.

    It ends no later than what it is cut from, where that takes others with it.
    """
    spans = ((held.valid_from, world.control.ttl), (held.since, world.control.maximum))
    end = min((since + span for since, span in spans if span != FOREVER), default=FOREVER)
    falls = source is not None and world.control.cascade is Cascade.ON_EXPIRE
    return min(end, source.valid_to) if source is not None and falls else end


def _granted(world: World, wallet: Wallet, held: Held, kind: Kind, **about: int) -> Held:
    """A credential comes into being and is written down; one that is not for a single action renews while it may."""
    source = None if wallet.parent is None else wallet.parent.covering(held)
    held.valid_to = _stated_end(world, held, source)
    if source is not None:
        source.below.append(held)
        world.journal.facts.edges.append(CredentialEdge(held.id, source.id, world.control.cascade))
    wallet.held = [c for c in wallet.held if c.valid_to > held.valid_from] + [held]
    world.possessions[wallet.agent].append(held)
    _written(world, wallet, held, kind, **about)
    renewable = world.control.lifetime.renewal != "none" and wallet.unit is not Unit.ACTION
    if renewable:
        world.clock.process(_renewal(world, wallet, held))
    return held


def _written(world: World, wallet: Wallet, held: Held, kind: Kind, **about: int) -> None:
    holder, binding, word = cast.agent(wallet.agent), world.control.binding, _KINDS[wallet.unit]
    scope = scope_set(world, tuple(sorted(held.atoms)))
    world.journal.event(
        wallet.agent, kind, cast.ISSUER, time=held.valid_from, target=holder, issued=held.id, task=wallet.task,
        scope_set=scope, credential_kind=word, binding=binding, expires=held.valid_to, **about,
    )  # fmt: skip
    world.journal.facts.credentials.append(
        Credential(held.id, word, cast.ISSUER, holder, wallet.task, scope, binding, held.valid_from, held.valid_to)
    )


def _renewal(world: World, wallet: Wallet, held: Held) -> Steps:
    """At its end, or so much earlier, a credential is renewed, if its unit is active and the maximum leaves room."""
    clock, lifetime = world.clock, world.control.lifetime
    yield clock.until(max(clock.time, held.valid_to - world.control.overlap), Phase.EXPIRY, held.id)
    if clock.time < held.valid_to and not _outlasts(world, wallet, held):
        yield clock.until(held.valid_to, Phase.EXPIRY, held.id)
    atoms, latest = tuple(sorted(held.atoms)), held.since + world.control.maximum
    if not wallet.active or atoms in wallet.issuing or held.valid_to >= latest:
        return
    credential = wallet.next_id()
    ready = wallet.issuing[atoms] = clock.event()
    evaluated = lifetime.renewal == "re_evaluated"
    if not evaluated or (yield from decided(world, wallet.agent, credential, 0, task=wallet.task, credential=held.id)):
        latency = _issue_latency(world, credential) if evaluated else 0
        yield clock.after(latency, Phase.GRANT, credential)
        if wallet.active and clock.time < latest:
            made = Held(credential, held.atoms, clock.time, held.since, wallet.task)
            _granted(world, wallet, made, Kind.RENEW, duration=latency, credential=held.id)
    del wallet.issuing[atoms]
    ready.succeed()


def _outlasts(world: World, wallet: Wallet, held: Held) -> bool:
    """Whether a renewal now would end later than what it renews, and not with the same one that both are cut from."""
    renewed = Held(held.id, held.atoms, world.clock.time, held.since)
    source = None if wallet.parent is None else wallet.parent.covering(renewed)
    return _stated_end(world, renewed, source) > held.valid_to


def scope_set(world: World, atoms: tuple[int, ...]) -> int:
    """Identifier of a set of atoms: a hash of its content; written down when first seen."""
    digest = len(atoms)
    for atom in atoms:
        digest = mix(digest ^ mix(atom + 1))
    world.journal.facts.scope_sets.setdefault(digest >> 1, atoms)
    return digest >> 1
