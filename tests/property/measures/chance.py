"""Random values by plain draws, in the words of hypothesis, but without what it keeps to make a failing example small.

With that most of the time would go into drawing: what fails here is told with all of its ledger, and is small as it is.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial, wraps
from random import Random
from typing import Any


@dataclass(frozen=True)
class Values:
    """What may be drawn, by a source of chance."""

    drawn: Callable[[Random], Any]

    def map(self, made: Callable[[Any], Any]) -> "Values":
        """What is made of what is drawn."""
        return Values(lambda chance: made(self.drawn(chance)))


def some(values: Values, number: int, seed: object) -> list[Any]:
    """So many of them, the same each time for one seed."""
    chance = Random(str(seed))  # noqa: S311 - no secret depends on it
    return [values.drawn(chance) for _ in range(number)]


def composite(make: Callable[..., Any]) -> Callable[..., Values]:
    """What a function makes of what it draws, which is its first argument."""

    @wraps(make)
    def made(*given: object, **named: object) -> Values:
        return Values(lambda chance: make(partial(_drawn, chance), *given, **named))

    return made


def just(value: object) -> Values:
    """That value."""
    return Values(lambda _: value)


def none() -> Values:
    """None."""
    return just(None)


def booleans() -> Values:
    """True or false."""
    return sampled_from((False, True))


def integers(least: int, most: int) -> Values:
    """An integer of these bounds."""
    return Values(lambda chance: chance.randint(least, most))


def sampled_from(options: Collection[Any]) -> Values:
    """One of some."""
    every = tuple(options)
    return Values(lambda chance: chance.choice(every))


def one_of(*several: Values) -> Values:
    """What one of them gives."""
    return Values(lambda chance: chance.choice(several).drawn(chance))


def tuples(*several: Values) -> Values:
    """One of each."""
    return Values(lambda chance: tuple(_each(several, chance)))


def lists(of: Values, *, min_size: int = 0, max_size: int, unique: bool = False) -> Values:
    """So many; where they are to be unique, what comes twice is drawn again."""

    def drawn(chance: Random) -> list[Any]:
        size = chance.randint(min_size, max_size)
        made = [of.drawn(chance) for _ in range(size)]
        while unique and len(made := list(dict.fromkeys(made))) < size:
            made.append(of.drawn(chance))
        return made

    return Values(drawn)


def sets(of: Values, *, max_size: int) -> Values:
    """So many different ones at most."""
    return lists(of, max_size=max_size).map(set)


def dictionaries(keys: Values, values: Values, *, max_size: int) -> Values:
    """So many different keys at most, with a value each."""
    return lists(tuples(keys, values), max_size=max_size).map(dict)


def builds(make: Callable[..., Any], *several: Values, **named: Values) -> Values:
    """What is made of one of each."""
    return Values(
        lambda chance: make(*_each(several, chance), **{name: each.drawn(chance) for name, each in named.items()})
    )


def _drawn(chance: Random, values: Values) -> Any:
    return values.drawn(chance)


def _each(several: Collection[Values], chance: Random) -> Iterator[Any]:
    return (each.drawn(chance) for each in several)
