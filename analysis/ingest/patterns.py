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

    def occur_in(self, sample: bytes) -> bool:
        """Whether they stand as keys in a JSON text; what is quoted within a text of it does not count."""
        found = {name.decode().lower() for name in self._any.findall(sample)}
        return found.issuperset(self._lower(self.always)) and len(found & self._lower(self.mostly)) >= self.least

    @cached_property
    def _any(self) -> re.Pattern[bytes]:
        names = "|".join(map(re.escape, (*self.always, *self.mostly)))
        return re.compile(rf'"({names})"\s*:'.encode(), re.IGNORECASE)

    @staticmethod
    def _lower(names: Iterable[str]) -> set[str]:
        return {name.lower() for name in names}
