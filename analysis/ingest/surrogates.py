"""Sources name things; the store counts them. A surrogate is unique on the name, and the name is kept beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.audit.rows import UNKNOWN

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Surrogates:
    """The numbers of the things of one entity, from 0, in the order of their names.

    Hence the same names get the same numbers, in whatever order their records were read.
    """

    entity: str
    numbers: dict[str, int]

    @classmethod
    def of(cls, entity: str, names: Iterable[str | None]) -> "Surrogates":
        """Number the names; None is nobody's."""
        known = sorted({name for name in names if name is not None})
        return cls(entity, {name: number for number, name in enumerate(known)})

    def column(self, names: Sequence[str | None]) -> NDArray[Any]:
        """The surrogates of these, masked where there is no name."""
        numbers = [UNKNOWN if name is None else self.numbers[name] for name in names]
        return np.ma.masked_equal(np.array(numbers, dtype=np.int64), UNKNOWN)

    def ids(self) -> Integers:
        """Every surrogate."""
        return np.arange(len(self.numbers), dtype=np.int64)

    def names(self) -> NDArray[Any]:
        """Every name, in the order of the surrogates."""
        return np.array(list(self.numbers), dtype=object)


def told_apart(names: Iterable[str]) -> list[str]:
    """The same names, the later ones of several equal ones numbered, so that each occurs once."""
    given: dict[str, None] = {}
    counts: dict[str, int] = {}
    for name in names:
        other = name
        while other in given:
            counts[name] = counts.get(name, 1) + 1
            other = f"{name}#{counts[name]}"
        given[other] = None
    return list(given)
