"""One run: a workload under a control model, from the start of the warm-up to the end of the window."""

from collections.abc import Mapping

from sim.audit.rows import FOREVER, Facts
from sim.control.model import Control
from sim.control.platform import Terms, as_asked
from sim.reference.agent import Agent
from sim.reference.attack import struck
from sim.reference.chronicle import chronicle
from sim.reference.clock import Clock, Phase
from sim.reference.desk import Desk
from sim.reference.emergency import obtainable
from sim.reference.journal import Journal
from sim.reference.mintable import mintable
from sim.reference.stewardship import Estimand
from sim.reference.world import Steps, World
from sim.scenario import ANY
from sim.workload.intentions import Workload
from sim.workload.people import known


def simulate(
    workload: Workload,
    control: Control,
    terms: Mapping[str, Terms] | None = None,
    estimand: Estimand = "transition",
) -> Facts:
    """Everything that happens before `workload.t1`, whose instant is outside, and what was there before.

    `terms` are those on which the model holds on each platform that the workload's systems are on, by its name;
    without, as it is asked for, which only systems on the platform `any` give. `estimand`: whether the model takes over
    what the past left behind, or has governed all along.

    Raises:
        Refusal: a system is on a platform for which there are no terms.
    """
    clock = Clock(initial_time=workload.begins)
    there = {ANY: as_asked(control)} if terms is None else terms
    world = World(workload, control, clock, Journal(clock, workload.streams), there)
    for told in chronicle(world, estimand):
        if not told.life.at_work and told.gone > workload.begins:
            until = known(told.gone, workload.t1)
            world.journal.facts.trusts.extend(mintable(world, told.life.number, workload.begins, until))
    desk = Desk(world)
    world.journal.facts.reaches.extend(desk.contacts.reached())
    for number in range(workload.agents):
        world.journal.facts.trusts.extend(obtainable(world, desk.contacts, number))
        if world.changes_at > workload.begins:
            world.journal.facts.trusts.extend(mintable(world, number, workload.begins, world.changes_at))
        clock.process(Agent(world, number, desk).live())
    for compromise in workload.compromises:
        clock.process(struck(world, compromise))
    if world.changes_at < workload.t1:
        clock.process(_policy_changed(world))
    clock.run(until=workload.t1)
    if world.rulebook is not None:
        world.journal.facts.consulted.extend(world.rulebook.consulted())
    return world.journal.close()


def _policy_changed(world: World) -> Steps:
    """Another policy is in force from an instant on, before anything is asked at it."""
    yield world.clock.until(world.changes_at, Phase.POLICY_CHANGE, 0)
    if world.rulebook is not None:
        world.rulebook.change()
    for number in range(world.workload.agents):
        world.journal.facts.trusts.extend(mintable(world, number, world.clock.time, FOREVER))
