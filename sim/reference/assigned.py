"""What an agent is assigned over time: its role, and whatever was added to it, until a review takes that away."""

from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple


class Added(NamedTuple):
    """Permissions that were added to an agent's assignments, from-to (µs)."""

    atoms: tuple[int, ...]
    starts: int
    ends: int


class Assigned:
    """The atoms that the assignments of one agent say on one platform, at any time."""

    def __init__(self, role: Iterable[int], added: Iterable[Added]) -> None:
        """The role holds always, what was added while it is in force."""
        kept = list(added)
        self._times = sorted({time for each in kept for time in (each.starts, each.ends)})
        moments = (0, *self._times)
        self._atoms = [
            frozenset(role).union(*(each.atoms for each in kept if each.starts <= time < each.ends)) for time in moments
        ]

    def at(self, time: int) -> frozenset[int]:
        """What they say at an instant; a change at that instant is made."""
        return self._atoms[bisect_right(self._times, time)]

    def changes(self, since: int, until: int) -> list[int]:
        """The instants after one and before another at which they say something else than before."""
        pairs = zip(self._times, self._atoms, self._atoms[1:], strict=False)
        return [time for time, before, after in pairs if since < time < until and before != after]
