"""The on-call rota: one person at a time, at any hour, for as long as a shift lasts.

It goes through the seats of the organisation in turn, from the start of the run on. A shift is that of whoever holds
the seat, whoever came from another team too; while it is vacant nobody answers. Where nothing is told of the people,
the approvers of the desk take turns.
"""

from collections.abc import Iterator
from functools import cached_property

from sim.audit.rows import FOREVER
from sim.calendar import HOUR
from sim.workload import cast
from sim.workload.intentions import Workload

# From-to (µs), and who.
_Held = tuple[int, int, int]


class Rota:
    """Who is on call in one workload."""

    def __init__(self, workload: Workload) -> None:
        """Begin with the first seat."""
        self._workload = workload
        self._shift = round(workload.scenario.approvers.handover_hours * HOUR)

    def on_call(self, time: int) -> int | None:
        """The person on call at a time, if there is one."""
        return next((who for starts, ends, who in self._seat(time) if starts <= time < ends), None)

    def changes(self, time: int) -> int:
        """When somebody else may be on call after a time: at the next handover, or when the seat is filled."""
        begins = self._workload.begins
        handover = begins + ((time - begins) // self._shift + 1) * self._shift
        return min([handover, *(starts for starts, _, _ in self._seat(time) if starts > time)])

    def held(self, until: int) -> Iterator[_Held]:
        """Who was on call from when until when, shift after shift, up to a time."""
        for time in range(self._workload.begins, until, self._shift):
            ends = min(time + self._shift, until)
            spans = ((max(since, time), min(left, ends), who) for since, left, who in self._seat(time))
            yield from (span for span in spans if span[0] < span[1])

    def _seat(self, time: int) -> list[_Held]:
        number = (time - self._workload.begins) // self._shift
        return self._seats[number % len(self._seats)]

    @cached_property
    def _seats(self) -> list[list[_Held]]:
        """Who held each seat from when until when."""
        lifecycle = self._workload.lifecycle
        if lifecycle is None or not lifecycle.people:
            staff = self._workload.scenario.approvers.staff
            return [[(0, FOREVER, cast.approver(number))] for number in range(staff)]
        found: dict[int, list[_Held]] = {}
        for person in lifecycle.people:
            for stay in person.stays:
                found.setdefault(stay.seat, []).append((stay.starts, stay.ends, cast.owner(person.number)))
        return [found[seat] for seat in sorted(found)]
