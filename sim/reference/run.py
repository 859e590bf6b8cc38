"""One run: a workload under a control model, from the start of the warm-up to the end of the window."""

import math

from sim.audit.ids import Unit
from sim.audit.rows import FOREVER, UNKNOWN, Facts, Gate, Trust
from sim.control.model import Control
from sim.reference.agent import Agent
from sim.reference.clock import Clock
from sim.reference.desk import Desk
from sim.reference.journal import Journal
from sim.reference.theft import struck
from sim.reference.wallet import scope_set
from sim.reference.world import World
from sim.workload import cast
from sim.workload.intentions import Workload


def simulate(workload: Workload, control: Control) -> Facts:
    """Everything that happens before `workload.t1`, whose instant is outside."""
    clock = Clock(initial_time=workload.begins)
    world = World(workload, control, clock, Journal(clock, workload.streams))
    desk = Desk(world)
    for number in range(workload.agents):
        world.journal.facts.trusts.extend(_mintable(world, number))
        clock.process(Agent(world, number, desk).live())
    for theft in workload.thefts:
        clock.process(struck(world, theft))
    clock.run(until=workload.t1)
    return world.journal.close()


def _mintable(world: World, agent: int) -> list[Trust]:
    """What the model's own issuer would grant to whoever holds this agent's identity, and what stands in between."""
    if world.control.unit is Unit.STANDING:
        return []
    alone = world.control.unit in {Unit.TASK, Unit.ACTION}
    gated = [atom for atom in world.ceiling(agent) if alone and atom in world.gated]
    open_to_all = [atom for atom in world.ceiling(agent) if atom not in gated]
    passes = _thousandths(1 - world.control.decision.adversarial_stop)
    past_humans = _thousandths(passes / 1000 * _past_humans(world))
    return [
        Trust(cast.agent(agent), cast.ISSUER, UNKNOWN, scope_set(world, tuple(atoms)), gate, chance,
              world.workload.begins, FOREVER)
        for atoms, gate, chance in ((open_to_all, world.control.gate, passes), (gated, Gate.HUMAN, past_humans))
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
