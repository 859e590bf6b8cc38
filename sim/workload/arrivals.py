"""When root tasks arrive: by day and by night, and in bursts that come to a whole department at once.

Thinning (Lewis and Shedler 1979) of a Poisson process at the highest rate; a root keeps its candidate's number. Bursts
are those of a Markov-modulated Poisson process with two states (Fischer and Meier-Hellstern 1993), in its long run from
the first instant on.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.calendar import DAY, HOUR, on_weekday
from sim.streams import Purpose, Streams
from sim.work import Arrivals
from sim.workload.intentions import Integers

_CANDIDATE_BITS: Final = 32
_MINUTE_S: Final = 60


def arrivals(
    figures: Arrivals, streams: Streams, agents: Integers, department: int, window: tuple[int, int]
) -> tuple[Integers, Integers, Integers]:
    """For each root task of these agents of one department: its agent, its number, when it arrives (µs)."""
    begins, ends = window
    highest = figures.highest_per_day
    number = np.arange(_enough(highest * (ends - begins) / DAY), dtype=np.int64)
    path = (agents[:, None] << _CANDIDATE_BITS) | number
    time = begins + np.cumsum(streams.of(Purpose.ARRIVAL_GAP).exponential(path, 86400 / highest), axis=1)
    chance = _of_the_day(figures, time) * _of_bursts(figures, streams, department, window, time)
    kept = streams.of(Purpose.ARRIVAL_KEPT).happen(path, chance)
    row, root = np.nonzero(kept & (time < ends))
    return agents[row], root.astype(np.int64), time[row, root]


def _enough(expected: float) -> int:
    """More candidates than ever come in the window, but for one window in 10**20."""
    return int(expected + 10 * np.sqrt(expected) + 20)


def _of_the_day(figures: Arrivals, time: Integers) -> NDArray[np.float64]:
    """The rate of an hour over that of the peak."""
    hour = time // HOUR % 24
    busy = (hour >= figures.peak_opens) & (hour < figures.peak_closes) & on_weekday(time)
    return np.where(busy, 1.0, 1 / figures.peak_to_trough)


def _of_bursts(
    figures: Arrivals, streams: Streams, department: int, window: tuple[int, int], time: Integers
) -> NDArray[np.float64]:
    """The rate of an instant over that of a burst."""
    if not figures.burst_share:
        return np.ones(time.shape)
    changes, begun = _changes(figures, streams, department, window)
    bursting = (np.searchsorted(changes, time, side="right") % 2 == 1) != begun
    return np.where(bursting, 1.0, 1 / figures.burst_factor)


def _changes(figures: Arrivals, streams: Streams, department: int, window: tuple[int, int]) -> tuple[Integers, bool]:
    """When bursts begin and end by turns (µs), and whether the window begins in one."""
    length = figures.burst_minutes * _MINUTE_S
    gap = length * (1 - figures.burst_share) / figures.burst_share
    begins, ends = window
    cycles = _enough((ends - begins) / 1e6 / (length + gap))
    path = (np.int64(department) << _CANDIDATE_BITS) | np.arange(cycles, dtype=np.int64)
    bursts = streams.of(Purpose.BURST_LENGTH).exponential(path, length)
    quiet = streams.of(Purpose.BURST_GAP).exponential(path, gap)
    begun = bool(streams.of(Purpose.BURST_BEGUN).happen(path[:1], figures.burst_share)[0])
    turns = (bursts, quiet) if begun else (quiet, bursts)
    return begins + np.cumsum(np.stack(turns, axis=1).ravel()), begun
