"""What strikes when and where: drawn from the scenario alone, so that every control model meets the same."""

from collections.abc import Iterator

import numpy as np

from sim.audit import ids
from sim.audit.rows import Place, Threat
from sim.scenario import Scenario
from sim.streams import Floats, Purpose, Streams
from sim.threats import Incidents
from sim.workload.intentions import Compromise


def compromises(scenario: Scenario, streams: Streams, window: tuple[int, int]) -> tuple[Compromise, ...]:
    """Every compromise, threat by threat."""
    return tuple(each for figures in scenario.incidents for each in _of(figures, scenario, streams, window))


def _of(figures: Incidents, scenario: Scenario, streams: Streams, window: tuple[int, int]) -> Iterator[Compromise]:
    """Compromises of one kind, at instants uniform over the measured window, of agents chosen alike."""
    threat = Threat[figures.name.upper()]
    numbers = np.arange(figures.count, dtype=np.int64)
    # Thefts with the key were there before the other threats, and keep their draws.
    path, t0, t1 = ids.incident(threat ^ Threat.T1B, numbers), *window
    spread: Floats = streams.of(Purpose.THEFT_TIME).uniforms(path)
    time = t0 + np.floor(spread * (t1 - t0)).astype(np.int64)
    # The agent with the greatest draw: one more agent changes who is struck only if it is struck itself.
    rivals = (path[:, None] << ids.AGENT_BITS) | np.arange(scenario.fleet.agents, dtype=np.int64)
    agent = np.argmax(streams.of(Purpose.THEFT_AGENT).draws(rivals), axis=1)
    verifier = streams.of(Purpose.INCIDENT_VERIFIER).draws(path) % np.uint64(len(scenario.systems))
    noticed = streams.of(Purpose.DETECTION).lognormal(path, figures.detection_median_s, figures.detection_sigma)
    acted = streams.of(Purpose.CONTAINMENT).lognormal(path, figures.containment_median_s, figures.containment_sigma)
    columns = (ids.incident(threat, numbers), agent, verifier, time, time + noticed, time + noticed + acted)
    for one, whose, to, at, detected, contained in zip(*(column.tolist() for column in columns), strict=True):
        yield Compromise(one, threat, place_of(figures.place, whose), whose, to, at, detected, contained)


def place_of(kind: str, agent: int) -> int:
    """Identifier of a place of an agent; all agents have one issuer."""
    word = Place[kind.upper()]
    return ids.place(word, 0 if word is Place.ISSUER else agent)
