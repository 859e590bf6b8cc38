"""What the model's own issuer would grant to whoever holds an agent's identity, states any intent and retries.

And what only whoever is the issuer could have made for that agent: a static key, for which nobody can ask while the
work goes on, and what policy forbids.
"""

import math
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from sim.audit import ids
from sim.audit.ids import Unit
from sim.audit.rows import UNKNOWN, Gate, Trust
from sim.reference.inspection import past_humans
from sim.reference.wallet import scope_set
from sim.reference.world import Realm, World
from sim.streams import always
from sim.workload import cast

# How likely something is permitted, in thousandths: one request, and one of all tries.
Chances = tuple[int, int]
Granted = tuple[list[int], Gate, Chances]


def mintable(world: World, agent: int, since: int, until: int) -> list[Trust]:
    """The trusts of one agent while one policy is in force, as of an agent that nobody knows to be robbed.

    Where its assignments change meanwhile, one after another. An agent that was abandoned has its number of then.
    """
    return [
        Trust(cast.agent(agent), cast.ISSUER, UNKNOWN, scope_set(world, tuple(atoms)), gate, chance, tries_at(world),
              in_tries, realm.terms.control.bootstrap, starts, ends)
        for realm in world.realms
        for starts, ends in _stretches(world, agent, realm, (since, until))
        for atoms, gate, (chance, in_tries) in _granted(world, agent, realm, starts)
        if atoms
    ]  # fmt: skip


def _stretches(world: World, agent: int, realm: Realm, span: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """The stretches of a span in each of which the issuer gives one thing."""
    changes: list[int] = []
    if realm.terms.control.accumulates:
        changes = world.assignments(agent, realm).changes(span[0], min(span[1], world.workload.t1))
    return pairwise((span[0], *changes, span[1]))


def _granted(world: World, agent: int, realm: Realm, time: int) -> Iterator[Granted]:
    """What the issuer gives, apart by what stands before it."""
    unit, control = realm.terms.unit, realm.terms.control
    decision = control.decision
    given, slot = world.ceiling(agent, realm, time), agent & ((1 << ids.AGENT_BITS) - 1)
    if unit is Unit.STANDING:
        yield list(given), Gate.ISSUER, (0, 0)
        return
    required = {atom: world.under_attack(slot, atom, world.workload.begins) for atom in given}
    binding = world.decides_issue(realm, unit) or decision.at == "request"
    forbidden = [atom for atom, tier in required.items() if tier is None and binding]
    gated = [atom for atom, tier in required.items() if tier and unit in {Unit.TASK, Unit.ACTION}]
    # The most tired looks at least.
    unseen, unasked = past_humans(world, world.workload.scenario.approvers.least_inspected), _unasked(world)
    yield [atom for atom in required if atom not in {*forbidden, *gated}], control.gate, _chances(world, unasked, 1)
    yield gated, Gate.HUMAN, _chances(world, _no_human(world), unseen)
    yield forbidden, Gate.NONE if unasked else Gate.ISSUER, _chances(world, unasked, 0)


def tries_at(world: World) -> int:
    """How often whoever has hijacked an agent makes an attempt, where the scenario says so."""
    return next((each.attempts for each in world.workload.scenario.incidents if each.name == "t2"), 1)


def _chances(world: World, unasked: float, past: float) -> Chances:
    decision = world.control.decision
    seen = decision.adversarial_stop, decision.adversarial_persistence
    one, of_all = (thousandths(1 - _none(seen, unasked, past, tries)) for tries in (1, tries_at(world)))
    return one, of_all


@cache
def _none(seen: tuple[float, float], unasked: float, past: float, tries: int) -> float:
    """How likely none of so many requests for one thing is permitted.

    A share of requests is past every guard (`unasked`), of the others one (`past`) past the humans, each anew. So many
    as are past the humans meet the decision point, by a binomial law; it sees through each, by chance and persistence.
    """
    refused = always(*seen, tries)
    return (1 - unasked) ** tries * sum(_of(tries, met, past) * refused[met] for met in range(tries + 1))


def _of(tries: int, met: int, share: float) -> float:
    """How likely exactly so many of all tries are met, each with this chance; of thousands without overflow."""
    if share in {0.0, 1.0}:
        return float(met == tries * share)
    ways = math.lgamma(tries + 1) - math.lgamma(met + 1) - math.lgamma(tries - met + 1)
    return math.exp(ways + met * math.log(share) + (tries - met) * math.log1p(-share))


def _unasked(world: World) -> float:
    """Share of requests about which policy is not asked: past every enforcement point, or let through in an outage."""
    decision, figures = world.control.decision, world.workload.scenario.outages
    opens = decision.outage == "open" and decision.at != "onboarding"
    # Of a cycle of one gap and one outage.
    out = figures.minutes * figures.per_day / (figures.minutes * figures.per_day + 1440) if opens else 0.0
    return _either(1 - decision.coverage, out)


def _no_human(world: World) -> float:
    """Share of requests that need an approval about which nobody knows that: only a policy asked per request is out."""
    at_request = world.control.decision.at == "request" and world.rulebook is not None
    return _unasked(world) if at_request else 1 - world.control.decision.coverage


def _either(one: float, other: float) -> float:
    """The chance of one or the other, which know nothing of each other."""
    return one + (1 - one) * other


def thousandths(chance: float) -> int:
    """A chance in thousandths, rounded up: what is possible at all is not none; without the dust of floats."""
    return math.ceil(round(1000 * chance, 6))
