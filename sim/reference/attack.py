"""Attackers: what they take at a place and an instant, and what they try with it until somebody stops them.

Nothing that they draw depends on what they find: each step's target, and what policy and an approver who does not look
make of it, are drawn by incident and step alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from sim.audit import ids
from sim.audit.ids import Unit
from sim.audit.rows import (
    FOREVER,
    UNKNOWN,
    Binding,
    Bootstrap,
    Decision,
    Incident,
    IncidentStep,
    Kind,
    Place,
    Reason,
    Threat,
    TrueActor,
)
from sim.reference.clock import Phase
from sim.reference.containment import contained
from sim.reference.inspection import past_humans
from sim.reference.wallet import minted
from sim.reference.world import Copy, Held, Steps, World
from sim.scenario import Scenario
from sim.streams import Purpose, comes_again, threshold
from sim.threats import Incidents
from sim.workload import cast
from sim.workload.intentions import Compromise

# Above every identifier of a task, an action or a credential.
_PATH = 3 << 62

_COPIES: Final = frozenset({Threat.T1A, Threat.T1B, Threat.T3})
_LIVE: Final = frozenset({Threat.T1C, Threat.T2, Threat.T4})
# Whoever drives the agent through its own calls, which it asks about.
_THE_AGENT: Final = frozenset({Threat.T2, Threat.T4})
# Without its key, and with it, a bound credential is no use to whoever has only a copy.
_WITHOUT_KEY: Final = frozenset({Binding.KEY_EXPORTABLE, Binding.KEY_BOUND, Binding.CONTEXT_BOUND})
_KEY_STAYS: Final = frozenset({Binding.KEY_BOUND, Binding.CONTEXT_BOUND})


@dataclass
class Attack:
    """One compromise under way: the copies taken, what the issuer was made to make since, the trees taken over."""

    world: World
    compromise: Compromise
    taken: list[Copy] = field(default_factory=list)
    made: list[Held] = field(default_factory=list)
    trees: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        """Take what lies there now."""
        world, struck = self.world, self.compromise
        if struck.threat is Threat.T3:
            copies: Iterable[Copy] = (c for c in world.copies[struck.agent] if c.found <= world.clock.time)
        elif struck.threat is Threat.T5:
            copies = ()
        else:
            copies = (Copy(held, struck.verifier) for held in world.possessions[struck.agent])
        self.trees = world.running(struck.agent) if struck.threat is Threat.T4 else frozenset()
        self.taken = [c for c in _once(copies) if world.live(c.held) and self._within_reach(c.held)]

    @property
    def path(self) -> int:
        """Its place in the total order."""
        return _PATH | self.compromise.id

    @property
    def live(self) -> bool:
        """Whether it goes on in a process of the agent's, instead of with copies elsewhere."""
        return self.compromise.threat in _LIVE

    @property
    def at_the_issuer(self) -> bool:
        """Whether the issuer itself is the attacker's."""
        return self.compromise.place == ids.place(Place.ISSUER, 0)

    def goes_on(self) -> bool:
        """Whether there is anything left to go on with."""
        world, struck = self.world, self.compromise
        if struck.threat is Threat.T4:
            return bool(self.trees & world.running(struck.agent))
        if struck.threat is Threat.T5:
            asked = any(realm.terms.unit is not Unit.STANDING for realm in world.realms)
            return self.at_the_issuer or (asked and self._secret_lies_there())
        return self.live or bool(self.taken)

    def stopped(self) -> bool:
        """Whether the response keeps the attacker out: of a process always, from verifiers where it can."""
        kept_out = self.live or self.world.control.containment.cut_off
        return kept_out and self.world.clock.time >= self.compromise.contained

    def in_hand(self) -> list[Copy]:
        """What can be presented now, working or not; of a live process, all that is valid in it."""
        world, struck = self.world, self.compromise
        made = [Copy(held, UNKNOWN) for held in self.made]
        if not self.live:
            return self.taken + made
        return [
            Copy(h, UNKNOWN) for h in world.possessions[struck.agent] if world.live(h) and self._within_reach(h)
        ] + made

    def mints(self, atom: int) -> bool:
        """Whether the attacker can ask the atom's issuer: as the agent itself, with its secret, or as the issuer.

        Whoever makes static keys is asked by nobody, and can be taken like any other issuer.
        """
        if self.at_the_issuer or self.world.realm(atom).terms.unit is Unit.STANDING:
            return self.at_the_issuer
        secret = self.compromise.threat is Threat.T5 and self._secret_in_force()
        return secret or self.compromise.threat is Threat.T2

    def refuses_copy(self, copy: Copy, atom: int) -> bool:
        """Whether a verifier sees that a credential is not presented by who it is bound to."""
        control, threat = copy.held.unit.realm.terms.control, self.compromise.threat
        binding = control.binding
        if not control.enforced or copy.held.handed or threat not in _COPIES:
            return False
        if threat is Threat.T1B:
            return binding in _KEY_STAYS
        elsewhere = binding is Binding.AUDIENCE and self.world.verifier(atom) != copy.verifier
        return elsewhere or binding in _WITHOUT_KEY

    def _within_reach(self, held: Held) -> bool:
        """Of a hijacked parent only what its trees, or the agent as a whole, were given, while one of them runs."""
        if self.compromise.threat is not Threat.T4:
            return True
        running = self.trees & self.world.running(self.compromise.agent)
        return bool(running) if held.task == UNKNOWN else ids.root_of(held.task) in running

    def _secret_lies_there(self) -> bool:
        return self.world.control.bootstrap is Bootstrap.STATIC_SECRET

    def _secret_in_force(self) -> bool:
        """Whether the secret that was taken is not replaced yet; it is each so long after the agent's beginnings."""
        world, struck, period = self.world, self.compromise, self.world.control.bootstrap_ttl
        if not self._secret_lies_there() or period == FOREVER:
            return self._secret_lies_there()
        age = struck.time - int(world.workload.keys_since[struck.agent])
        return world.clock.time < struck.time - age % period + period


def struck(world: World, compromise: Compromise) -> Steps:
    """Strike at the instant, take what lies there, try atom after atom until stopped, or until nothing is left."""
    clock, figures = world.clock, declared(world.workload.scenario, compromise.threat)
    yield clock.until(compromise.time, Phase.USE, _PATH | compromise.id)
    attack = Attack(world, compromise)
    world.journal.facts.incidents.append(_incident(world, attack))
    if compromise.contained < world.workload.t1:
        clock.process(contained(world, attack))
    for step in range(figures.attempts if attack.goes_on() else 0):
        path = ids.step(compromise.id, step)
        gap = world.stream(Purpose.THEFT_GAP).one_exponential(path, figures.gap_mean_s)
        yield clock.after(gap, Phase.USE, attack.path)
        if attack.stopped() or not attack.goes_on():
            return
        _tried(attack, step, path)


def declared(scenario: Scenario, threat: Threat) -> Incidents:
    """The figures of a threat."""
    return next(each for each in scenario.incidents if each.name == threat.name.lower())


def _incident(world: World, attack: Attack) -> Incident:
    struck, end = attack.compromise, world.workload.t1
    detected, acted = (time if time < end else UNKNOWN for time in (struck.detected, struck.contained))
    taken = len({copy.held.id for copy in attack.taken})
    return Incident(
        struck.id, struck.threat, struck.place, cast.agent(struck.agent), struck.time, detected, acted, taken
    )


def _once(copies: Iterable[Copy]) -> list[Copy]:
    """Each credential once a verifier, in the order of finding."""
    found = {(copy.held.id, copy.verifier): copy for copy in reversed(list(copies))}
    return list(reversed(found.values()))


def _tried(attack: Attack, step: int, path: int) -> None:
    """One attempt on an atom of the catalogue, with whatever works; the log sees the agent do it."""
    world = attack.world
    atom = _target(world, path)
    agent, credential, refusal = _outcome(attack, atom, path)
    event = world.journal.event(
        agent, Kind.USE, cast.agent(agent), credential=credential, atom=atom,
        decision=Decision.ALLOW if refusal is None else Decision.DENY,
        reason=UNKNOWN if refusal is None else refusal,
    )  # fmt: skip
    world.journal.facts.steps.append(IncidentStep(attack.compromise.id, step, event, atom, refusal is None))
    world.journal.facts.actors.append(TrueActor(event))


def _outcome(attack: Attack, atom: int, path: int) -> tuple[int, int, Reason | None]:
    """As which agent, with which credential, and why it fails, if it does."""
    world, agent = attack.world, attack.compromise.agent
    in_hand = attack.in_hand()
    covering = [copy for copy in in_hand if copy.held.opens(atom, world.clock.time)]
    working = [copy for copy in covering if _unbroken(attack, copy, atom)]
    if not working and attack.mints(atom):
        return _through_the_issuer(attack, atom, path)
    best = (working or covering or in_hand)[:1]
    if not best:
        return agent, UNKNOWN, Reason.OUT_OF_SCOPE
    held, refused = best[0].held, _refusal(attack, best[0], atom)
    whose = agent if held.agent == UNKNOWN else held.agent
    unguarded = attack.at_the_issuer or held.handed
    return whose, held.id, refused or (None if unguarded else _guarded(attack, whose, atom, path, human=_asks(attack)))


def _unbroken(attack: Attack, copy: Copy, atom: int) -> bool:
    world = attack.world
    return copy.held.accepted(world.verifier(atom), world.clock.time) and not attack.refuses_copy(copy, atom)


def _refusal(attack: Attack, copy: Copy, atom: int) -> Reason | None:
    """Why a verifier refuses what is presented for this atom now, or None where it does not."""
    world, held = attack.world, copy.held
    if world.clock.time >= held.valid_to:
        return Reason.EXPIRED
    if not held.accepted(world.verifier(atom), world.clock.time):
        return Reason.REVOKED
    if not held.opens(atom, world.clock.time):
        return Reason.OUT_OF_SCOPE
    return Reason.BINDING if attack.refuses_copy(copy, atom) else None


def _asks(attack: Attack) -> bool:
    """Whether a human is asked before a gated use: where each request is decided, or whoever asks is the agent itself.

    Elsewhere the agent asks before it calls, and whoever has got hold of what it presents does not.
    """
    return attack.world.control.decision.at == "request" or attack.compromise.threat in _THE_AGENT


def _guarded(attack: Attack, agent: int, atom: int, path: int, *, human: bool) -> Reason | None:
    """Why an enforcement point, policy or an approver, who may not look, stops an attempt, if it meets any."""
    world = attack.world
    decision, looks, time = world.control.decision, world.workload.scenario.approvers.inspected, world.clock.time
    out = decision.at == "request" and world.outages.at(time)
    if world.stream(Purpose.THEFT_UNENFORCED).happens(path, threshold(1 - decision.coverage)):
        return None
    if out and decision.outage == "closed":
        return Reason.OUTAGE
    if out and world.rulebook is not None:
        return None
    required = world.under_attack(agent, atom, time)
    if required is None and decision.at == "request":
        return Reason.POLICY
    if human and required and not world.stream(Purpose.UNSEEN).happens(path, threshold(past_humans(world, looks))):
        return Reason.APPROVER
    return Reason.POLICY if not out and _seen_through(world, atom, path) else None


def _seen_through(world: World, atom: int, path: int) -> bool:
    """Whether the decision point sees what an attempt is for; those of an incident on one atom are one request."""
    decision, first = world.control.decision, path >> ids.STEP_BITS << ids.STEP_BITS
    tries = [each for each in range(first, path + 1) if _target(world, each) == atom]
    draws = [world.stream(Purpose.THEFT_STOPPED).draw(each) for each in tries]
    return comes_again(draws, decision.adversarial_stop, decision.adversarial_persistence)


def _target(world: World, path: int) -> int:
    """The atom that an attempt is on."""
    return world.stream(Purpose.THEFT_TARGET).draw(path) % len(world.workload.atoms)


def _through_the_issuer(attack: Attack, atom: int, path: int) -> tuple[int, int, Reason | None]:
    """Have the issuer make a credential for the atom and use it; guards come first, unless the issuer is taken."""
    world, agent = attack.world, attack.compromise.agent
    if attack.at_the_issuer:
        agent = next((n for n in range(world.workload.agents) if atom in _granted_to(world, n, atom)), agent)
    if atom not in _granted_to(world, agent, atom):
        return agent, UNKNOWN, Reason.OUT_OF_SCOPE
    if not attack.at_the_issuer:
        refused = _not_issued(attack, agent, atom, path)
        if refused is not None:
            return agent, UNKNOWN, refused
    atoms, unit = _stated(world, agent, atom)
    held = minted(world, agent, ids.minted(agent, path), atoms, unit)
    attack.made.append(held)
    return agent, held.id, None


def _not_issued(attack: Attack, agent: int, atom: int, path: int) -> Reason | None:
    """Why the issuer does not make what is asked for in an agent's name; a human is asked where that guards it."""
    world, realm = attack.world, attack.world.realm(atom)
    if world.in_quarantine(agent):
        return Reason.INCIDENT
    forbidden = world.under_attack(agent, atom, world.clock.time) is None
    if forbidden and world.decides_issue(realm, realm.terms.unit):
        return Reason.POLICY
    human = _asks(attack) or realm.terms.unit in {Unit.TASK, Unit.ACTION}
    return _guarded(attack, agent, atom, path, human=human)


def _granted_to(world: World, agent: int, atom: int) -> tuple[int, ...]:
    """What the issuer of an atom would ever give to an agent."""
    return world.ceiling(agent, world.realm(atom))


def _stated(world: World, agent: int, atom: int) -> tuple[tuple[int, ...], Unit]:
    """What an attacker asks for: what the model gives to anybody, or the one atom where it wants a statement."""
    terms = world.realm(atom).terms
    by_work = terms.unit in {Unit.TASK, Unit.ACTION}
    if by_work and _needs_human(world, agent, atom):
        return (atom,), Unit.ACTION
    if terms.control.issue.authority in {"declared", "single"}:
        return (atom,), terms.unit
    role = world.whole(agent, world.realm(atom))
    return tuple(each for each in role if not (by_work and _needs_human(world, agent, each))), terms.unit


def _needs_human(world: World, agent: int, atom: int) -> bool:
    """Whether an approver is asked about it, whatever an attacker states."""
    return world.under_attack(agent, atom, world.clock.time) != 0
