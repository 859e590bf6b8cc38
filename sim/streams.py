"""All randomness: draws keyed by (seed, purpose, path), and the only maker of float variates.

A draw is a hash, not the next number of a generator: it depends on what it is for and on nothing else. So one more
agent, another control model or another shard changes nobody else's draws, and two runs of one workload differ only by
what the control model did.

A path is an identifier (see `sim.audit.ids`) or `parent << bits | count within that parent`; never a time or a place in
a queue. The identifier of a credential is such a path: its unit, and how many were issued for that before.

Keys are mixed, never added: additive keys gave streams that were shifted copies of one another.

Chances are integer threshold comparisons. Durations become whole microseconds before anything is summed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

Draws = NDArray[np.uint64]
Floats = NDArray[np.float64]
Micros = NDArray[np.int64]

_MASK: Final = (1 << 64) - 1
_PHI: Final = 0x9E3779B97F4A7C15
_FIRST: Final = 0xBF58476D1CE4E5B9
_SECOND: Final = 0x94D049BB133111EB
_CENTURY: Final = 3.2e9


class Purpose(IntEnum):
    """What a draw decides. Numbers are part of every recorded seed: add, never renumber."""

    ARRIVAL_GAP = 1
    ARRIVAL_KEPT = 2
    INTENT = 3
    CALLS = 4
    SUB_AGENTS = 5
    FAN_OUT = 6
    NESTED = 7
    SPAWN_AFTER = 8
    WRITES = 9
    TOOL = 10
    RESOURCE = 11
    THINK = 12
    TOOL_TIME = 13
    SLOW = 14
    DISCOVERED = 15
    ARGUMENTS = 16
    OWNED = 17
    TEAM_OWNED = 18
    KEY_AGE = 19
    ISSUE_LATENCY = 20
    DECISION_LATENCY = 21
    FALSE_DENIAL = 22
    RETRY = 23
    INSPECTION = 24
    APPROVED = 25
    THEFT_TIME = 26
    THEFT_AGENT = 27
    THEFT_GAP = 28
    THEFT_TARGET = 29
    THEFT_STOPPED = 30
    LOG_FAULT = 31
    DETECTION = 32
    ADMISSION_RETRY = 33
    REVOCATION_LAG = 34
    REVOCATION_FAILED = 35
    SIGNAL_LOST = 36
    LONG_JOB = 37
    JOB_TIME = 38
    INSPECTED = 39
    DEVIATES = 40
    DRIFTS = 41
    DRIFT_TARGET = 42
    DRIFT_STOPPED = 43
    BURST_BEGUN = 44
    BURST_LENGTH = 45
    BURST_GAP = 46
    WORKAROUND = 47
    UNENFORCED = 48
    THEFT_UNENFORCED = 49
    OUTAGE_GAP = 50
    OUTAGE_TIME = 51
    INCIDENT_VERIFIER = 52
    CONTAINMENT = 53
    UNSEEN = 54
    LEAKED = 55
    LEAK_FOUND = 56
    AGENT_AGE = 57
    AGENT_ABANDONED = 58
    AGENT_LIFE = 59
    SEAT_HELD = 60
    SEAT_VACANT = 61
    SEAT_MOVED = 62
    MOVED_TO = 63
    ANSWERS = 65
    ACKNOWLEDGED = 66
    ESCALATION = 67
    LISTED = 68
    REOWNED = 69
    REVIEW_SKIPPED = 70
    REVIEW_KEPT = 71
    KEY_REPLACED = 72
    ROTATION_FAILED = 73
    OFFBOARDED = 74
    OFFBOARDING = 75
    NOTICED = 76
    GRANT_GAP = 77
    GRANT_ATOM = 78
    DECOMMISSIONED = 79
    WRONG_CONTACT = 80
    DETACHED = 81
    EMERGENCY_REVIEWED = 82
    ASSUMED = 83
    ASSUMED_SEED = 84
    PILOT_SEED = 85


def mix(value: int) -> int:
    """Stafford's thirteenth variant of the MurmurHash3 finaliser: a bijection of 64 bits."""
    value = ((value ^ (value >> 30)) * _FIRST) & _MASK
    value = ((value ^ (value >> 27)) * _SECOND) & _MASK
    return value ^ (value >> 31)


def mixes(values: Draws) -> Draws:
    """`mix` of every element."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(_FIRST)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(_SECOND)
    return values ^ (values >> np.uint64(31))


def threshold(chance: float) -> int:
    """The number of 64-bit draws, of 2**64, that fall below `chance` (0 to 1)."""
    return min(int(chance * 2.0**64), 1 << 64)


@dataclass(frozen=True, slots=True)
class Stream:
    """The draws for one purpose."""

    key: int

    def draw(self, path: int) -> int:
        """Uniform integer of 64 bits."""
        return mix(mix((path * _PHI + self.key) & _MASK) ^ self.key)

    def happens(self, path: int, below: int) -> bool:
        """Whether the event whose chance has this `threshold` happens."""
        return self.draw(path) < below

    def draws(self, paths: NDArray[np.int64]) -> Draws:
        """`draw` of every path."""
        key = np.uint64(self.key)
        return mixes(mixes(paths.astype(np.uint64) * np.uint64(_PHI) + key) ^ key)

    def happen(self, paths: NDArray[np.int64], chance: float | Floats) -> NDArray[np.bool_]:
        """Whether each happens, with one chance or one a path."""
        below = np.minimum(np.asarray(chance) * 2.0**64, 2.0**64 - 2048).astype(np.uint64)
        certain = np.asarray(chance) >= 1.0
        return (self.draws(paths) < below) | certain

    def uniforms(self, paths: NDArray[np.int64]) -> Floats:
        """Uniform on the open interval (0, 1), 52 bits."""
        return ((self.draws(paths) >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52

    def normals(self, paths: NDArray[np.int64]) -> Floats:
        """Standard normal (Box and Muller 1958)."""
        other = Stream(mix(self.key ^ _PHI))
        radius = np.sqrt(-2.0 * np.log(self.uniforms(paths)))
        return np.asarray(radius * np.cos(2.0 * np.pi * other.uniforms(paths)), dtype=np.float64)

    def lognormal(self, paths: NDArray[np.int64], median: float, sigma: float) -> Micros:
        """Microseconds, lognormal with this median (seconds) and sigma (of the logarithm)."""
        return micros(median * np.exp(sigma * self.normals(paths)))

    def exponential(self, paths: NDArray[np.int64], mean: float) -> Micros:
        """Microseconds, exponential with this mean (seconds)."""
        return micros(-mean * np.log(self.uniforms(paths)))

    def one_lognormal(self, path: int, median: float, sigma: float) -> int:
        """One element of `lognormal`: integers in Python, floats by the same ufuncs (`math.exp` differs on some)."""
        other = Stream(mix(self.key ^ _PHI))
        radius = np.sqrt(-2.0 * np.log(self._uniform(path)))
        normal = radius * np.cos(2.0 * np.pi * other._uniform(path))
        return _one_micros(median * np.exp(sigma * normal))

    def one_exponential(self, path: int, mean: float) -> int:
        """One element of `exponential`."""
        return _one_micros(-mean * np.log(self._uniform(path)))

    def _uniform(self, path: int) -> float:
        return ((self.draw(path) >> 12) + 0.5) * 2.0**-52

    def pick(self, paths: NDArray[np.int64], cumulative: Floats) -> NDArray[np.int64]:
        """Index into a table of cumulative shares, ascending to 1."""
        return np.minimum(np.searchsorted(cumulative, self.uniforms(paths), side="right"), len(cumulative) - 1)


@dataclass(frozen=True, slots=True)
class Streams:
    """Every stream of one replicate of one seed."""

    seed: int
    replicate: int = 0

    def of(self, purpose: Purpose, attempt: int = 0) -> Stream:
        """The stream for a purpose; a repeated attempt at the same thing has a stream of its own."""
        return Stream(mix(_root(self.seed, self.replicate) ^ (attempt << 32 | purpose)))


@lru_cache
def _root(seed: int, replicate: int) -> int:
    """What every stream of a replicate begins from."""
    return mix(mix(seed & _MASK) ^ replicate)


def comes_again(draws: Sequence[int], chance: float, alike: float) -> bool:
    """Whether something of this chance happens at the last of several tries at one thing, with a draw for each.

    How likely it is at that thing is drawn once for all tries, from the Beta law with this mean under which two tries
    have the correlation `alike` (0 to 1), and never written down: each try changes what is to be expected of the next
    (Eggenberger and Polya 1923; de Finetti 1937). With 0 each try is apart, with 1 all come out as the first does.
    """
    happened, last = 0, False
    for tried, draw in enumerate(draws):
        last = draw < threshold(_expected(chance, alike, happened, tried))
        happened += last
    return last


def always(chance: float, alike: float, tries: int) -> list[float]:
    """The chance that it happens at each of so many tries at one thing, from none to `tries`: E[P**n] of that law."""
    found = [1.0]
    for tried in range(tries):
        found.append(found[-1] * _expected(chance, alike, tried, tried))
    return found


def _expected(chance: float, alike: float, happened: int, tried: int) -> float:
    """The mean of the Beta law after it happened at so many of those that were tried."""
    return (chance * (1 - alike) + happened * alike) / (1 - alike + tried * alike) if tried else chance


def micros(seconds: Floats) -> Micros:
    """Whole microseconds, rounded to the nearest; a century at most, so that sums stay within 63 bits."""
    return np.rint(np.minimum(seconds, _CENTURY) * 1e6).astype(np.int64)


def _one_micros(seconds: float) -> int:
    return int(np.rint(min(seconds, _CENTURY) * 1e6))


def negative_binomial(mean: float, size: float, cap: int) -> Floats:
    """Cumulative shares of 0 to `cap` for the negative binomial with this mean and size; the tail is put on `cap`.

    P(0) = (size / (size + mean))**size and P(k) = P(k-1) * (k - 1 + size) / k * mean / (size + mean).
    """
    share = [float((size / (size + mean)) ** size)]
    for k in range(1, cap + 1):
        share.append(share[-1] * (k - 1 + size) / k * mean / (size + mean))
    cumulative = np.cumsum(np.array(share))
    cumulative[-1] = 1.0
    return cumulative


def shares(weights: Sequence[float]) -> Floats:
    """Cumulative shares of weights that need not add up to one."""
    cumulative = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.asarray(cumulative / cumulative[-1], dtype=np.float64)
