"""Time in whole microseconds, and a total order of what happens at one instant."""

from enum import IntEnum
from typing import Final

import simpy
from simpy.events import EventPriority

_PATH_BITS: Final = 64


class Phase(IntEnum):
    """What comes first at one instant: ends before beginnings, grants before the requests and uses they serve."""

    EXPIRY = 1
    REVOCATION = 2
    POLICY_CHANGE = 3
    REVIEW = 4
    COMPLETION = 5
    GRANT = 6
    REQUEST = 7
    USE = 8


class Moment(simpy.Event):
    """An instant in the total order (time, phase, path); phases begin at 1, below them SimPy's own priorities run."""

    def __init__(self, clock: "Clock", delay: int, phase: Phase, path: int) -> None:
        """Happen after `delay` microseconds."""
        super().__init__(clock)
        self._ok = True
        self._value = None
        clock.schedule(self, priority=EventPriority((phase << _PATH_BITS) | path), delay=delay)


class Clock(simpy.Environment):
    """SimPy's environment, ordered by (time, phase, path) instead of by insertion."""

    @property
    def time(self) -> int:
        """Now, microseconds since 1970, UTC."""
        return int(self.now)

    def after(self, delay: int, phase: Phase, path: int) -> Moment:
        """The moment `delay` microseconds from now; `path` must tell it apart from all others of its phase."""
        return Moment(self, delay, phase, path)

    def until(self, time: int, phase: Phase, path: int) -> Moment:
        """The moment at `time`, which is not past."""
        return Moment(self, time - self.time, phase, path)
