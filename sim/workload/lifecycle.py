"""Who joins and leaves, and which agents are set up and abandoned, over years: the slow clock of an organisation.

Identity debt forms over years, sessions take minutes. This clock knows no actions: it starts years before the first of
them and goes on through the window. Here lies what no governance changes: the same people leave, the same agents are
abandoned, under every control model. What is done about it is the engine's part.

* A *seat* of a team is held by one person after another. Who moves stays a person, in another team, until leaving.
* The agents at work are those of the fleet; none of them is abandoned before the window ends. In the place of each,
  others were before it and were abandoned: going back from the end of the window they come at the rate of the law times
  the size the fleet then had (1 at the end), and lived as long as one that was taken from such a fleet has, which is
  exponential with the rate of abandonment plus that of growth. An agent is at least as old as its key.
* When it is set up an agent is answered for by a team, a person of its team, or nobody. A person answers until leaving.

Everything is drawn by seat and holder, or by agent, place and what came before: never by time. Whoever answers has, of
those who could, the greatest draw of that agent, so that one person more takes on what is given to that person only.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from math import ceil, log
from typing import Final, NamedTuple

from sim.audit import ids
from sim.audit.rows import FOREVER
from sim.calendar import DAY, SECOND
from sim.scenario import Scenario
from sim.streams import Purpose, Streams, threshold
from sim.workload import cast

YEAR_S: Final = 365.25 * 86_400
# Within a century, beyond which no duration is drawn.
_AGES_S: Final = 3.2e9
_TURN_BITS: Final = 8
_PERSON_BITS: Final = 26
_PLACES: Final = 12


class Stay(NamedTuple):
    """A person in a team, from-to (µs, UTC)."""

    team: int
    starts: int
    ends: int


class Person(NamedTuple):
    """Somebody of the organisation, and the teams that the person was in one after the other."""

    number: int
    stays: tuple[Stay, ...]

    @property
    def joined(self) -> int:
        """When the person came."""
        return self.stays[0].starts

    @property
    def left(self) -> int:
        """When the person was gone."""
        return self.stays[-1].ends

    def in_team(self, team: int, time: int) -> bool:
        """Whether the person is in a team at a time."""
        return any(stay.team == team and stay.starts <= time < stay.ends for stay in self.stays)


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

    @cached_property
    def left(self) -> dict[int, int]:
        """When each person was gone, by principal."""
        return {cast.owner(person.number): person.left for person in self.people}

    def members(self, team: int, time: int) -> list[Person]:
        """Who is in a team at a time."""
        return [person for person in self.people if person.in_team(team, time)]

    def has_members(self, team: int, time: int) -> bool:
        """Whether anybody is in a team at a time."""
        return any(person.in_team(team, time) for person in self.people)

    def chosen(self, life: Life, time: int, turn: int, but: int | None = None) -> Person | None:
        """Who comes to answer for an agent at a time: somebody of its team, or else anybody; None: nobody is there."""
        here = self.members(life.team, time) or [p for p in self.people if p.joined <= time < p.left]
        path = (life.number << _TURN_BITS | turn) << _PERSON_BITS
        draws, others = self.streams.of(Purpose.ANSWERS), [p for p in here if p.number != but]
        return max(others, key=lambda person: draws.draw(path | person.number), default=None)


def drawn(scenario: Scenario, streams: Streams, keys_since: Iterable[int], begins: int, until: int) -> Lifecycle:
    """The slow clock of a scenario; `keys_since` tells how old at least each agent at work is."""
    starts = begins - round(scenario.lifecycle.years * YEAR_S * SECOND)
    people = tuple(
        person for seat in range(seats(scenario)) for person in _holders(scenario, streams, seat, (starts, until))
    )
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


def _holders(scenario: Scenario, streams: Streams, seat: int, span: tuple[int, int]) -> Iterator[Person]:
    """Those who held a seat, one after another; the first was there at the start."""
    figures, time = scenario.people, span[0]
    held, vacant = streams.of(Purpose.SEAT_HELD), streams.of(Purpose.SEAT_VACANT)
    for holder in count():
        number = cast.seat(seat, holder)
        ends = time + held.one_exponential(number, mean_s(figures.leave_per_year + figures.move_per_year))
        first = Stay(seat % len(scenario.teams), time, known(ends, span[1]))
        yield Person(number, (first, *_moved(scenario, streams, number, Stay(first.team, time, ends), span[1])))
        time = ends + vacant.one_exponential(number, figures.vacancy_days * 86_400)
        if time >= span[1]:
            return


def _moved(scenario: Scenario, streams: Streams, number: int, stay: Stay, until: int) -> tuple[Stay, ...]:
    """Where a person went who did not leave."""
    figures, teams = scenario.people, len(scenario.teams)
    either = figures.leave_per_year + figures.move_per_year
    share = figures.move_per_year / either if either else 0.0
    if teams == 1 or stay.ends >= until or not streams.of(Purpose.SEAT_MOVED).happens(number, threshold(share)):
        return ()
    team = (stay.team + 1 + streams.of(Purpose.MOVED_TO).draw(number) % (teams - 1)) % teams
    ends = stay.ends + streams.of(Purpose.STAYED_ON).one_exponential(number, mean_s(figures.leave_per_year))
    return (Stay(team, stay.ends, known(ends, until)),)


def _in_place(scenario: Scenario, streams: Streams, slot: int, times: tuple[int, int, int, int]) -> Iterator[Life]:
    """The agent at work in a place of the fleet, then those before it that were abandoned since the start."""
    since, starts, begins, until = times
    figures, team = scenario.lifecycle, slot % len(scenario.teams)
    mean = mean_s(figures.abandoned_per_year + figures.growth_per_year)
    aged = begins - streams.of(Purpose.AGENT_AGE).one_exponential(slot, mean)
    yield Life(slot, 0, team, min(since, max(starts, aged)), FOREVER)
    gaps, lived, spent = streams.of(Purpose.AGENT_ABANDONED), streams.of(Purpose.AGENT_LIFE), 0.0
    for before in count(1):
        path = before << ids.AGENT_BITS | slot
        spent += gaps.one_exponential(path, 1.0) / SECOND
        ended = until - _ago(spent, figures.abandoned_per_year, figures.growth_per_year)
        if ended <= starts or before >> _PLACES:
            return
        yield Life(slot, before, team, max(starts, ended - lived.one_exponential(path, mean)), ended)


def _ago(events: float, rate: float, growth: float) -> int:
    """How long ago (µs) so many unit-rate events back lie, at `rate` a year times what the fleet was then."""
    if rate == 0 or (growth and growth * events >= rate):
        return FOREVER // 2
    years = events / rate if growth == 0 else -log(1 - growth * events / rate) / growth
    return round(min(years * YEAR_S, _AGES_S) * SECOND)


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


def mean_s(per_year: float) -> float:
    """Mean seconds between events of a rate; ages where there are none."""
    return YEAR_S / per_year if per_year else _AGES_S * 1e6


def known(time: int, until: int) -> int:
    """A time that lies before the end of what is told, or FOREVER."""
    return time if time < until else FOREVER


def days(number: float) -> int:
    """Days as µs."""
    return round(number * DAY)
