"""What a call needs, and what that is worth, is declared in a file that its reader may edit: `levels.toml` of a source.

`groups` put things together that let do the same: a thing in none of them is a group of its own. `levels` say which
access level a call needs, the first whose patterns match; any other call writes. `tiers` say how sensitive groups are,
and `weights` what tiers and levels count for, in thousandths. Each section has its source.
"""

import tomllib
from collections.abc import Callable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

from analysis.ingest.observed import WITHIN, Atom, Level, Weight
from analysis.ingest.patterns import Pattern, any_of

# How many words are remembered, and how long ones: a log has few short ones, but whoever may write into it can add any
# number of any length.
_MANY: Final = 1 << 16
_LONGEST: Final = 256


Words = ParamSpec("Words")
Meaning = TypeVar("Meaning")


def remembered(meaning: Callable[Words, Meaning]) -> Callable[Words, Meaning]:
    """What words mean, found out once for those that come again."""
    known = lru_cache(_MANY)(meaning)

    def found(*words: Words.args, **no: Words.kwargs) -> Meaning:
        return (known if sum(map(len, words)) <= _LONGEST else meaning)(*words, **no)  # type: ignore[arg-type]

    return found


class Levels:
    """What one file declares; it is read when first asked."""

    def __init__(self, path: Path) -> None:
        """Remember where it lies."""
        self._path = path

    @cached_property
    def declared(self) -> dict[str, Any]:
        """The file as it stands."""
        return tomllib.loads(self._path.read_text("utf-8"))

    def atom(self, call: str, thing: str, place: str | None = None) -> Atom:
        """What a call needs: its level on the group of a thing, in one place if the log tells places apart."""
        return Atom(self.group(thing, place), self._level(call))

    def group(self, thing: str, place: str | None = None) -> str:
        """The group that a thing is declared to be in, else one of its own."""
        return self._group(thing) + (f"{WITHIN}{place}" if place else "")

    def level(self, call: str) -> Level:
        """The access level that a call is declared to need."""
        return self._level(call)

    def weight(self, atom: Atom) -> Weight:
        """What an atom is declared to be worth, in whatever place."""
        group, weights = atom.group.partition(WITHIN)[0], self.declared["weights"]
        tier = next((number for number, groups in self._tiers if groups.match(group)), self.declared["tiers"]["other"])
        return Weight(tier, weights[f"tier_{tier}"], weights[atom.level])

    @cached_property
    def _group(self) -> Callable[[str], str]:
        groups = [(each["name"], any_of(each["things"])) for each in self.declared["groups"]]
        return remembered(lambda thing: next((name for name, things in groups if things.match(thing)), thing))

    @cached_property
    def _level(self) -> Callable[[str], Level]:
        levels: list[tuple[Level, Pattern]] = [
            (each["level"], any_of(each["calls"])) for each in self.declared["levels"]
        ]
        other: Level = "write"
        return remembered(lambda call: next((level for level, calls in levels if calls.match(call)), other))

    @cached_property
    def _tiers(self) -> list[tuple[int, Pattern]]:
        tiers = self.declared["tiers"]
        return [(number, any_of(tiers[f"tier_{number}"])) for number in (3, 2, 1) if f"tier_{number}" in tiers]
