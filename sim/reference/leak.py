"""Credentials that calls leave behind, where somebody may read them later."""

from sim.audit.rows import Leak
from sim.reference.world import Copy, Held, World
from sim.streams import Purpose, threshold
from sim.workload.compromises import place_of
from sim.workload.intentions import Action


def left_behind(world: World, agent: int, action: Action, held: Held) -> None:
    """A call copies what it presented into a log, a memory or a repository, by a draw of the call's own."""
    figures, time = world.workload.scenario.leaks, world.clock.time
    if not world.stream(Purpose.LEAKED).happens(action.id, threshold(figures.share)):
        return
    delay = world.stream(Purpose.LEAK_FOUND).one_lognormal(action.id, figures.found_median_s, figures.found_sigma)
    copy = Copy(held, world.verifier(action.atom), time + delay)
    world.copies[agent].append(copy)
    place = place_of(figures.place, agent)
    world.journal.facts.leaks.append(Leak(action.id, held.id, place, copy.verifier, time, copy.found))
