"""Who joins and leaves, and which agents are set up and abandoned, over years: the slow clock of an organisation.

Identity debt forms over years, sessions take minutes. This clock knows no actions: it starts years before the first of
them and goes on through the window. Here lies what no governance changes: the same people leave, the same agents are
abandoned, under every control model. What is done about it is the engine's part.

* People come, move and go (see `people`).
* The agents at work are those of the fleet; none of them is abandoned before the window ends. They are as old as those
  of a fleet that grew and from which agents were taken: exponential, with the rate of abandonment plus that of growth
  (of a stable population; Lotka 1907). Where there is neither, they are as old as what is told. No key is older than
  its agent: keys are replaced at a rate of their own since the agent was set up.
* In the place of each, others were before it and were abandoned: going back from the end of the window they come at the
  rate of the law times the size the fleet then had (1 at the end), and lived as long as the others are old.
* When it is set up an agent is answered for by a team, a person of its team, or nobody. A person answers until leaving.

Everything is drawn by seat and holder, or by agent, place and what came before: never by time. Whoever answers has, of
those who could, the greatest draw of that agent, so that one person more takes on what is given to that person only.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from math import ceil, log
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.audit import ids
from sim.audit.rows import FOREVER
from sim.calendar import AGES_S, SECOND, YEAR_S, mean_s
from sim.scenario import Scenario
from sim.streams import Purpose, Streams, threshold
from sim.workload import cast
from sim.workload.people import Person, held

Integers = NDArray[np.int64]

_TURN_BITS: Final = 8
_PERSON_BITS: Final = 26
_PLACES: Final = 12


class Life(NamedTuple):
    """An agent: its place in the fleet, how many came after it there, its team, and when it was at work."""

    slot: int
    before: int
    team: int
    created: int
    ended: int

    @property
    def number(self) -> int:
        """Its number among all agents, those at work first."""
        return self.before << ids.AGENT_BITS | self.slot

    @property
    def at_work(self) -> bool:
        """Whether it is of the fleet that works in the window."""
        return self.before == 0


class Answering(NamedTuple):
    """Who answers for an agent (principals), in which role, from-to, and whether whoever it is knows."""

    owned: int
    owner: int
    role: str
    starts: int
    ends: int
    acknowledged: bool


@dataclass(frozen=True)
class Lifecycle:
    """What happened from `starts` on, up to `until` (µs, UTC); what would come later is not told."""

    starts: int
    until: int
    people: tuple[Person, ...]
    lives: tuple[Life, ...]
    answering: tuple[Answering, ...] = ()
    streams: Streams = field(default_factory=lambda: Streams(0))

    @cached_property
    def of_agent(self) -> dict[int, tuple[Answering, ...]]:
        """Who answers for each agent from when it was set up, by its principal."""
        found: dict[int, list[Answering]] = {}
        for each in self.answering:
            found.setdefault(each.owned, []).append(each)
        return {owned: tuple(own) for owned, own in found.items()}

    def keys_since(self, replaced: Integers) -> Integers:
        """When the key of each agent at work was made: when it was last replaced, or with its agent."""
        created = [life.created for life in self.lives if life.at_work]
        return np.maximum(replaced, np.array(created, dtype=np.int64))

    @cached_property
    def left(self) -> dict[int, int]:
        """When each person was gone, by principal."""
        return {cast.owner(person.number): person.left for person in self.people}

    @cached_property
    def _in_teams(self) -> dict[int, "_Stays"]:
        """Who was in each team; asked so often that to look at each person anew would take longer than all else."""
        found: dict[int, list[tuple[Person, int, int]]] = {}
        for person in self.people:
            for stay in person.stays:
                found.setdefault(stay.team, []).append((person, stay.starts, stay.ends))
        return {team: _Stays.of(stays) for team, stays in found.items()}

    @cached_property
    def _anywhere(self) -> "_Stays":
        """Who was there at all."""
        return _Stays.of([(person, person.joined, person.left) for person in self.people])

    def members(self, team: int, time: int) -> list[Person]:
        """Who is in a team at a time."""
        return self._in_teams[team].at(time) if team in self._in_teams else []

    def has_members(self, team: int, time: int) -> bool:
        """Whether anybody is in a team at a time."""
        return bool(self.members(team, time))

    def chosen(self, life: Life, time: int, turn: int, but: int | None = None) -> Person | None:
        """Who comes to answer for an agent at a time: somebody of its team, or else anybody; None: nobody is there."""
        here = self.members(life.team, time) or self._anywhere.at(time)
        others = [person for person in here if person.number != but]
        if not others:
            return None
        path = (life.number << _TURN_BITS | turn) << _PERSON_BITS
        paths = path | np.array([person.number for person in others], dtype=np.int64)
        return others[int(self.streams.of(Purpose.ANSWERS).draws(paths).argmax())]


class _Stays(NamedTuple):
    """From when, until when (µs, UTC) and who, side by side."""

    starts: Integers
    ends: Integers
    people: Sequence[Person]

    @classmethod
    def of(cls, stays: Sequence[tuple[Person, int, int]]) -> "_Stays":
        """Those of a list."""
        starts, ends = (np.array([stay[n] for stay in stays], dtype=np.int64) for n in (1, 2))
        return cls(starts, ends, [person for person, *_ in stays])

    def at(self, time: int) -> list[Person]:
        """Who is there at a time."""
        return [self.people[n] for n in np.flatnonzero((self.starts <= time) & (time < self.ends)).tolist()]


def drawn(scenario: Scenario, streams: Streams, keys_since: Iterable[int], begins: int, until: int) -> Lifecycle:
    """The slow clock of a scenario; `keys_since`: when keys were made that are not replaced with their agents."""
    starts = begins - round(scenario.lifecycle.years * YEAR_S * SECOND)
    people = held(scenario, streams, seats(scenario), (starts, until))
    lives = tuple(
        life
        for slot, since in enumerate(keys_since)
        for life in _in_place(scenario, streams, slot, (int(since), starts, begins, until))
    )
    alone = Lifecycle(starts, until, people, lives, streams=streams)
    answering = tuple(each for life in lives for each in _answering(scenario, alone, life))
    return Lifecycle(starts, until, people, lives, answering, streams)


def seats(scenario: Scenario) -> int:
    """How many people there are: one for so many agents and keys, and one in each team at least."""
    identities = scenario.fleet.agents * (1 + scenario.lifecycle.keys)
    return max(len(scenario.teams), ceil(identities / scenario.people.identities_per_human))


def _in_place(scenario: Scenario, streams: Streams, slot: int, times: tuple[int, int, int, int]) -> Iterator[Life]:
    """The agent at work in a place of the fleet, then those before it that were abandoned since the start."""
    since, starts, begins, until = times
    figures, team = scenario.lifecycle, slot % len(scenario.teams)
    turnover = figures.abandoned_per_year + figures.growth_per_year
    aged = streams.of(Purpose.AGENT_AGE).one_exponential(slot, mean_s(turnover))
    yield Life(slot, 0, team, begins - aged if turnover else min(since, starts), FOREVER)
    gaps, lived, spent = streams.of(Purpose.AGENT_ABANDONED), streams.of(Purpose.AGENT_LIFE), 0.0
    for before in count(1):
        path = before << ids.AGENT_BITS | slot
        spent += gaps.one_exponential(path, 1.0) / SECOND
        ended = until - _ago(spent, figures.abandoned_per_year, figures.growth_per_year)
        if ended <= starts or before >> _PLACES:
            return
        yield Life(slot, before, team, ended - lived.one_exponential(path, mean_s(turnover)), ended)


def _ago(events: float, rate: float, growth: float) -> int:
    """How long ago (µs) so many unit-rate events back lie, at `rate` a year times what the fleet was then."""
    if rate == 0 or (growth and growth * events >= rate):
        return FOREVER // 2
    years = events / rate if growth == 0 else -log(1 - growth * events / rate) / growth
    return round(min(years * YEAR_S, AGES_S) * SECOND)


def _answering(scenario: Scenario, lifecycle: Lifecycle, life: Life) -> Iterator[Answering]:
    """Who answers for an agent when it is set up, and whom to call besides."""
    figures, streams, time = scenario.ownership, lifecycle.streams, max(life.created, lifecycle.starts)
    if streams.of(Purpose.OWNED).happens(life.number, threshold(figures.unowned)):
        return
    person = lifecycle.chosen(life, time, 0)
    if streams.of(Purpose.TEAM_OWNED).happens(life.number, threshold(figures.team_owned)):
        knows = streams.of(Purpose.ACKNOWLEDGED).happens(life.number, threshold(figures.acknowledged))
        yield Answering(cast.agent(life.number), cast.team(life.team), "owner", life.created, FOREVER, knows)
    elif person is not None:
        yield _by(life, person, "owner", life.created)
    other = lifecycle.chosen(life, time, 1, None if person is None else person.number)
    if other is not None and streams.of(Purpose.ESCALATION).happens(life.number, threshold(figures.escalation)):
        yield _by(life, other, "escalation", life.created)


def _by(life: Life, person: Person, role: str, time: int) -> Answering:
    return Answering(cast.agent(life.number), cast.owner(person.number), role, time, person.left, acknowledged=True)
