"""Declared lists name many things at once, with * for any text and ? for any one character."""

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
    """Keys by which records of one kind are known, whatever their capitals: all of `always`, `least` of `mostly`."""

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
