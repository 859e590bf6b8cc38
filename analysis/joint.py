"""Whether one control model is better than another wherever the assumptions may lie together, or on which that hangs.

A claim is the sign of a difference that is settled where all is as said. In each joint draw of all assumptions its
interval settles the same sign, the other, or none; or the models do not differ in any replication, which further ones
might. It stands if the same sign would be settled in nine of ten draws that could be drawn, not only of those that
were: by a limit that in 95 % of cases lies below the true share (Clopper and Pearson 1934). It hangs on something if,
as surely, the other sign would be settled in more than one of ten. Else it is open. Each limit holds by itself, and for
each headline by itself. An interval that settles a sign is wrong in its own share of cases, which are counted in; a
draw whose replications all differ by the same has none, and counts with the sign of every run that was seen.

On which assumption a sign hangs: whose place within its range goes along with it, by rank correlation (Spearman 1904),
over the draws in which replications tell. With a hundred assumptions some always seem to, hence only those are named
that do so more than the greatest of all does in 95 % of shufflings (the permutation of the maximum; Westfall and Young
1993). The cut between where the sign holds and where it does not is the one that parts the draws best (the first split
of a regression tree; Breiman et al. 1984), found on the draws that it tells of.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from analysis.statistics import CONFIDENCE, FEWEST, Interval, trials

# A claim needs its sign in so many of all draws.
NEEDED: Final = 0.9
_SHUFFLES: Final = 2000
_ROUNDING: Final = 1e-12

Verdict = Literal["stands", "hangs", "open", "not settled", "same", "few"]
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Place:
    """Where an assumption lies in a joint draw: from the low end of its range, 0, to the high one, 1; and in words."""

    place: float
    value: str


@dataclass(frozen=True)
class Part:
    """The draws on one side of a cut: the value next to it, in how many the sign holds, and how many there are."""

    value: str
    holds: int
    of: int


@dataclass(frozen=True)
class Hanging:
    """An assumption that a sign goes along with, and the cut that parts the draws best.

    `rank`: rank correlation of its place with the sign, above 0 where the claim holds the more the higher it lies.
    """

    key: str
    rank: float
    low: Part
    high: Part


@dataclass(frozen=True)
class Joint:
    """A headline in joint draws of assumptions: the difference in each, and the claim's sign, 0 where there is none.

    `places`: the assumptions that were drawn, and where each lay in each draw.
    """

    sign: int
    steady: bool
    draws: tuple[Interval, ...]
    places: tuple[tuple[str, tuple[Place, ...]], ...]

    @cached_property
    def signs(self) -> tuple[int | None, ...]:
        """The sign in each draw, 0 of no difference in any replication; None: not settled."""
        return tuple(each.sign for each in self.draws)

    @property
    def holds(self) -> int:
        """In how many draws the sign is settled as it is where all is as said."""
        return sum(each == self.sign for each in self.signs if self.sign)

    @property
    def against(self) -> int:
        """In how many it is settled the other way."""
        return sum(each == -self.sign for each in self.signs if self.sign)

    @property
    def equal(self) -> int:
        """In how many the models do not differ in any replication."""
        return sum(each == 0 for each in self.signs)

    @property
    def unsettled(self) -> int:
        """In how many the replications do not settle it."""
        return sum(each is None for each in self.signs)

    @property
    def least(self) -> float:
        """The percentage of draws in which the claim holds at least, in 95 % of cases."""
        return self._limits(self.holds)[0]

    @property
    def most(self) -> float:
        """The percentage of draws in which the other sign is not settled, at most, in 95 % of cases."""
        return self._limits(len(self.draws) - self.against)[1]

    def _limits(self, hits: int) -> tuple[float, float]:
        return trials(hits, len(self.draws), 2 * (1 - CONFIDENCE))

    @property
    def verdict(self) -> Verdict:
        """Whether the claim stands, hangs on something, or neither is known."""
        if not self.draws or any(each.replications < FEWEST for each in self.draws):
            return "few"
        if not self.sign:
            return "same" if self.steady and self.equal == len(self.draws) else "not settled"
        if self.least >= 100 * NEEDED:
            return "stands"
        return "hangs" if self.most < 100 * NEEDED else "open"

    @cached_property
    def hangs(self) -> tuple[Hanging, ...]:
        """The assumptions that the sign goes along with, the closest first; those that could be told."""
        told = [draw for draw, sign in enumerate(self.signs) if sign is not None]
        if self.verdict not in {"hangs", "open"} or not told or not self.places:
            return ()
        towards = np.array([1 if self.signs[draw] == self.sign else -1 for draw in told])
        lying = np.array([[places[draw].place for draw in told] for _, places in self.places])
        found = [(place, rank) for place, rank in enumerate(ranks_with(towards, lying)) if rank]
        ordered = sorted(found, key=lambda each: -abs(each[1]))
        return tuple(self._parted(told, place, rank) for place, rank in ordered)

    def _parted(self, told: Sequence[int], which: int, rank: float) -> Hanging:
        key, places = self.places[which]
        order = sorted(told, key=lambda draw: places[draw].place)
        holds = [self.signs[draw] == self.sign for draw in order]
        values = [places[draw].value for draw in order]
        cut = best_cut(holds, [a != b for a, b in pairwise(values)])
        low = Part(values[cut - 1], sum(holds[:cut]), cut)
        return Hanging(key, rank, low, Part(values[cut], sum(holds[cut:]), len(holds) - cut))


def ranks_with(towards: NDArray[np.int_], lying: Values) -> list[float]:
    """How each of several rows goes along with something, by rank; 0 where the greatest of all may by chance.

    Args:
        towards: a value a draw.
        lying: a row an assumption, a value a draw.
    """
    wanted, have = _standard(towards), np.array([_standard(row) for row in lying])
    count = len(wanted)
    shuffled = np.random.default_rng(count).permuted(np.tile(wanted, (_SHUFFLES, 1)), axis=1)
    greatest = np.abs(have @ shuffled.T).max(axis=0, initial=0)
    found = have @ wanted
    by_chance = [(1 + np.sum(greatest >= abs(each) - _ROUNDING)) / (1 + _SHUFFLES) for each in found]
    told = zip(found / count, by_chance, strict=True)
    return [float(each) if chance <= 1 - CONFIDENCE else 0.0 for each, chance in told]


def _standard(values: Sequence[float] | NDArray[np.int_] | Values) -> Values:
    """Ranks, equal values sharing theirs, less their mean, over their spread; all 0 where there is no spread."""
    _, group, counts = np.unique(values, return_inverse=True, return_counts=True)
    shared = (np.cumsum(counts) - (counts - 1) / 2)[group]
    spread = shared.std()
    return np.asarray((shared - shared.mean()) / spread if spread else np.zeros(len(shared)), dtype=np.float64)


def best_cut(holds: Sequence[bool], parted: Sequence[bool]) -> int:
    """After how many of a row to cut so that both sides differ most (by Gini's index); only where values differ."""
    count, of_all = len(holds), np.cumsum(holds)
    before = np.arange(1, count)
    left, right = of_all[:-1] / before, (of_all[-1] - of_all[:-1]) / (count - before)
    gain = before * (count - before) * (left - right) ** 2
    return int(np.argmax(np.where(parted, gain, -1.0))) + 1
