"""Who is in which team over years: people join, move and leave, and seats that fall vacant are filled again.

A *seat* of a team is held by one person after another. One that fell vacant is filled after a while, by somebody new or
by somebody of another team, whose own seat falls vacant then: a move fills a vacancy and adds nobody. Of all seats that
are filled, the share filled by a move is that of moving among all reasons for which one falls vacant; so each person
leaves and moves at the rates that the scenario gives. Where nobody ever leaves, there is no seat to move to.

Everything is drawn by seat and how many held it before, never by time. Who moves has, of those who could, the greatest
draw of that vacancy, so that one person more makes the move that is that person's only.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Final, NamedTuple

from sim.audit.rows import FOREVER
from sim.calendar import mean_s
from sim.scenario import Scenario
from sim.streams import Purpose, Stream, Streams, threshold
from sim.workload import cast

_PERSON_BITS: Final = 26


class Stay(NamedTuple):
    """A person in a seat of a team, from-to (µs, UTC)."""

    team: int
    starts: int
    ends: int
    seat: int


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


def held(scenario: Scenario, streams: Streams, seats: int, span: tuple[int, int]) -> tuple[Person, ...]:
    """Everybody who held one of so many seats in a span of time (µs, UTC); at its start all are taken."""
    organisation = _Organisation(scenario, streams, span[1])
    for seat in range(seats):
        organisation.joins(seat, span[0])
    organisation.goes_on()
    return tuple(Person(number, tuple(stays)) for number, stays in sorted(organisation.stays.items()))


@dataclass
class _Organisation:
    """Who sits where, how many each seat had before, and what is due: (when, whether a seat is filled, it or who)."""

    scenario: Scenario
    streams: Streams
    until: int
    sits: dict[int, int] = field(default_factory=dict)
    before: Counter[int] = field(default_factory=Counter)
    due: list[tuple[int, bool, int]] = field(default_factory=list)
    stays: defaultdict[int, list[Stay]] = field(default_factory=lambda: defaultdict(list))

    def goes_on(self) -> None:
        """Whatever happens before the end, in the order of time."""
        while self.due and self.due[0][0] < self.until:
            time, fills, number = heappop(self.due)
            if fills:
                self._filled(number, time)
            else:
                self._falls_vacant(self.sits.pop(number), time)

    def joins(self, seat: int, time: int) -> None:
        """Somebody new takes a seat, and will leave."""
        number = cast.seat(seat, self.before[seat])
        leaves = time + self._of(Purpose.SEAT_HELD).one_exponential(number, mean_s(self.scenario.people.leave_per_year))
        self._sits(number, seat, Stay(self._team(seat), time, known(leaves, self.until), seat))
        heappush(self.due, (leaves, False, number))

    def _falls_vacant(self, seat: int, time: int) -> None:
        self.before[seat] += 1
        vacancy = cast.seat(seat, self.before[seat])
        lasts = self._of(Purpose.SEAT_VACANT).one_exponential(vacancy, self.scenario.people.vacancy_days * 86_400)
        heappush(self.due, (time + lasts, True, seat))

    def _filled(self, seat: int, time: int) -> None:
        mover = self._mover(seat)
        if mover is None:
            self.joins(seat, time)
            return
        old, last = self.sits[mover], self.stays[mover].pop()
        self.stays[mover].append(last._replace(ends=time))
        self._sits(mover, seat, Stay(self._team(seat), time, last.ends, seat))
        self._falls_vacant(old, time)

    def _mover(self, seat: int) -> int | None:
        """Who comes from another team to fill a seat; None: somebody new does."""
        figures, vacancy = self.scenario.people, cast.seat(seat, self.before[seat])
        moving = figures.move_per_year / ((figures.leave_per_year + figures.move_per_year) or 1)
        if not self._of(Purpose.SEAT_MOVED).happens(vacancy, threshold(moving)):
            return None
        draws, team = self._of(Purpose.MOVED_TO), self._team(seat)
        others = (number for number, own in self.sits.items() if self._team(own) != team)
        return max(others, key=lambda number: draws.draw(vacancy << _PERSON_BITS | number), default=None)

    def _sits(self, number: int, seat: int, stay: Stay) -> None:
        self.sits[number] = seat
        self.stays[number].append(stay)

    def _team(self, seat: int) -> int:
        return seat % len(self.scenario.teams)

    def _of(self, purpose: Purpose) -> Stream:
        return self.streams.of(purpose)


def known(time: int, until: int) -> int:
    """A time that lies before the end of what is told, or FOREVER."""
    return time if time < until else FOREVER
