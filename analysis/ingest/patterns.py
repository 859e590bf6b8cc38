"""Declared lists name many things at once, with * for any text and ? for any sign."""

import fnmatch
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

Pattern = re.Pattern[str]


def any_of(patterns: Iterable[str]) -> Pattern:
    """One expression whose `match` holds for whatever one of the patterns names; capitals matter."""
    return re.compile("|".join(fnmatch.translate(pattern) for pattern in patterns))


@dataclass(frozen=True)
class Keys:
    """Keys that tell records of one kind, in capitals or not: each of `always`, and at least so many of `mostly`."""

    always: tuple[str, ...]
    mostly: tuple[str, ...] = ()
    least: int = 0

    def among(self, names: Iterable[str]) -> bool:
        """Whether they are among these."""
        found = {name.lower() for name in names}
        always, mostly = self._lower
        return found >= always and len(found & mostly) >= self.least

    @cached_property
    def _lower(self) -> tuple[set[str], set[str]]:
        return {name.lower() for name in self.always}, {name.lower() for name in self.mostly}
