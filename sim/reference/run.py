"""One run: a workload under a control model, from the start of the warm-up to the end of the window."""

import math
from collections.abc import Mapping

from sim.audit.ids import Unit
from sim.audit.rows import FOREVER, UNKNOWN, Facts, Gate, Trust
from sim.control.model import Control
from sim.control.platform import Terms, as_asked
from sim.reference.agent import Agent
from sim.reference.clock import Clock
from sim.reference.desk import Desk
from sim.reference.journal import Journal
from sim.reference.theft import struck
from sim.reference.wallet import scope_set
from sim.reference.world import Realm, World
from sim.scenario import ANY
from sim.workload import cast
from sim.workload.intentions import Workload


def simulate(workload: Workload, control: Control, terms: Mapping[str, Terms] | None = None) -> Facts:
    """Everything that happens before `workload.t1`, whose instant is outside.

    `terms` are those on which the model holds on each platform that the workload's systems are on, by its name;
    without, as it is asked for, which only systems on the platform `any` give.

    Raises:
        Refusal: a system is on a platform for which there are no terms.
    """
    clock = Clock(initial_time=workload.begins)
    known = {ANY: as_asked(control)} if terms is None else terms
    world = World(workload, control, clock, Journal(clock, workload.streams), known)
    desk = Desk(world)
    for number in range(workload.agents):
        world.journal.facts.trusts.extend(_mintable(world, number))
        clock.process(Agent(world, number, desk).live())
    for theft in workload.thefts:
        clock.process(struck(world, theft))
    clock.run(until=workload.t1)
    return world.journal.close()


def _mintable(world: World, agent: int) -> list[Trust]:
    """What each platform's issuer would grant to whoever holds this agent's identity, and what stands in between."""
    return [trust for realm in world.realms for trust in _of_issuer(world, agent, realm)]


def _of_issuer(world: World, agent: int, realm: Realm) -> list[Trust]:
    if realm.terms.unit is Unit.STANDING:
        return []
    control, role = realm.terms.control, world.ceiling(agent, realm)
    alone = realm.terms.unit in {Unit.TASK, Unit.ACTION}
    gated = [atom for atom in role if alone and atom in world.gated]
    open_to_all = [atom for atom in role if atom not in gated]
    passes = _thousandths(1 - control.decision.adversarial_stop)
    past_humans = _thousandths(passes / 1000 * _past_humans(world))
    return [
        Trust(cast.agent(agent), cast.ISSUER, UNKNOWN, scope_set(world, tuple(atoms)), gate, chance,
              world.workload.begins, FOREVER)
        for atoms, gate, chance in ((open_to_all, control.gate, passes), (gated, Gate.HUMAN, past_humans))
        if atoms
    ]  # fmt: skip


def _past_humans(world: World) -> float:
    """The chance that as many people as are asked allow what an attacker asks for: unseen, or misled by its words.

    The most tired looks at least. People tire and are misled apart from one another.
    """
    figures, approval = world.workload.scenario.approvers, world.control.approval
    misled = figures.misled if approval.summary == "agent" else 0.0
    one: float = 1 - figures.least_inspected * (1 - misled)
    return one**approval.people


def _thousandths(chance: float) -> int:
    """A chance in thousandths, rounded up: what is possible at all is not none; without the dust of floats."""
    return math.ceil(round(1000 * chance, 6))
