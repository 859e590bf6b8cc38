"""How a difference splits over what is changed, when some of it cannot be changed before the rest.

Changing players one after another leads from nothing changed to all; what each adds on its way depends on the order.
The Shapley value is the mean over all orders (Shapley 1953). Where some sets of players cannot be (here: two knobs
contradict each other) it is the mean over the orders that pass none of them, each counted once: Faigle and Kern, The
Shapley value for cooperative games under precedence constraints, International Journal of Game Theory 21 (1992), 249
to 266; for families of sets that are no precedence, Bilbao and Edelman, The Shapley value on convex geometries,
Discrete Applied Mathematics 103 (2000), 33 to 40. Shares sum to the whole, because every order does.

Which sets cannot be decides which orders are left, and with that the shares: they belong to the knobs as they are.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import reduce
from itertools import pairwise, permutations
from operator import add
from typing import Protocol, Self, TypeVar


class Additive(Protocol):
    """What can be added, subtracted and divided: a fraction, or a quantity over replications with its limits."""

    def __add__(self, other: Self, /) -> Self:
        """Both together."""
        ...

    def __sub__(self, other: Self, /) -> Self:
        """What lies between the two."""
        ...

    def __truediv__(self, count: int, /) -> Self:
        """A share of it."""
        ...


Worth = TypeVar("Worth", bound=Additive)

Set = frozenset[str]
# Players that can only be changed together.
Block = tuple[str, ...]
Partition = tuple[Block, ...]


def orders(blocks: Sequence[Block], possible: Collection[Set]) -> list[tuple[Block, ...]]:
    """The orders of blocks of players all of whose intermediate sets are possible."""
    return [order for order in permutations(blocks) if all(each in possible for each in _passed(order))]


def finest(players: Sequence[str], possible: Collection[Set]) -> Partition:
    """The players apart, if some order is possible; else in as many blocks as leave one.

    Of as many blocks those that leave most orders, then those of the players named first.
    """
    found = [(blocks, len(orders(blocks, possible))) for blocks in _partitions(tuple(players))]
    left = [(len(blocks), count, -place) for place, (blocks, count) in enumerate(found) if count]
    return found[-max(left)[2]][0] if left else (tuple(players),)


def shares(blocks: Sequence[Block], worth: Mapping[Set, Worth]) -> dict[Block, Worth]:
    """What each block adds, mean over the orders that are left; the sum is the worth of all less that of none.

    Raises:
        ValueError: no order is left.
    """
    left = orders(blocks, worth.keys())
    if not left:
        msg = "no order is left whose sets all have a worth"
        raise ValueError(msg)
    added: dict[Block, list[Worth]] = {block: [] for block in blocks}
    for order in left:
        for block, (before, after) in zip(order, pairwise(_passed(order)), strict=True):
            added[block].append(worth[after] - worth[before])
    return {block: reduce(add, each) / len(left) for block, each in added.items()}


def _passed(order: Sequence[Block]) -> list[Set]:
    """The sets of players that an order passes, from none to all."""
    return [frozenset(player for block in order[:size] for player in block) for size in range(len(order) + 1)]


def _partitions(players: tuple[str, ...]) -> Iterator[Partition]:
    """Every way to put players into blocks, blocks in the order of their first players."""
    if not players:
        yield ()
        return
    first, others = players[0], players[1:]
    for blocks in _partitions(others):
        yield ((first,), *blocks)
        for place, block in enumerate(blocks):
            yield ((first, *block), *blocks[:place], *blocks[place + 1 :])
