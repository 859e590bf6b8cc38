"""Athena and CloudTrail Lake print a value that has parts as `{name=value, name=[one, two]}`, and quote nothing in it.

So what stands in a value may look like the next name, or like an end. Each name stands once, and each bracket has its
partner: where they do not, somebody wrote what looks like a part, and nothing of it is believed.
"""

import re
from collections.abc import Container
from dataclasses import dataclass
from typing import Final

from analysis.ingest.strict import BROKEN, decoded_at

_NAME: Final = re.compile(r"([\w.:/-]+)=")
# A plain value ends where another name begins, or where that ends which it is a part of.
_PLAIN: Final = re.compile(r".*?(?=, [\w.:/-]+=|\}(?:, [\w.:/-]+=|, \{|[}\]]|\Z)|\Z)", re.DOTALL)
_NULL: Final = "null"


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed value, of which only parts of these names have parts themselves."""

    text: str
    nested: Container[str]

    def value(self) -> object:
        """The value; parts that are text stay text.

        Raises:
            ValueError: its parts cannot be told apart.
            RecursionError: it is nested too deeply.
        """
        value, end = self._list(0) if self.text.startswith("[") else self._parts(0)
        return self._whole(value, end)

    def loose(self) -> object:
        """The value, whose parts have any name, and are text or JSON.

        Raises:
            ValueError: its parts cannot be told apart.
        """
        parts, end = self._parts(0, loose=True)
        return self._whole(parts, end)

    def _whole(self, value: object, end: int) -> object:
        if end != len(self.text):
            raise ValueError(f"it goes on behind its end, at character {end:,}")
        return value

    def _parts(self, at: int, *, loose: bool = False) -> tuple[object, int]:
        parts: dict[str, object] = {}
        at = self._behind(at, "{")
        while not self.text.startswith("}", at):
            named = _NAME.match(self.text, at)
            if named is None or named[1] in parts:
                raise ValueError(f"{'no name' if named is None else 'a name for the second time'} at character {at:,}")
            parts[named[1]], at = self._loose(named.end()) if loose else self._part(named[1], named.end())
            at = self._next(at, "}")
        return parts, at + 1

    def _part(self, name: str, at: int) -> tuple[object, int]:
        has_parts = name.lower() in self.nested and self.text.startswith("{", at)
        return self._parts(at) if has_parts else self._plain(at)

    def _loose(self, at: int) -> tuple[object, int]:
        if self.text.startswith(("{", "["), at):
            try:
                value, end = decoded_at(self.text, at)
            except BROKEN:
                return self._plain(at)
            if self.text.startswith((", ", "}"), end):
                return value, end
        return self._plain(at)

    def _plain(self, at: int) -> tuple[str | None, int]:
        found = _PLAIN.match(self.text, at)
        if found is None:
            raise ValueError(f"it has no end behind character {at:,}")
        return None if found[0] == _NULL else found[0], found.end()

    def _list(self, at: int) -> tuple[object, int]:
        """What stands in a list; all members are printed alike, with the same parts."""
        members: list[object] = []
        at = self._behind(at, "[")
        while not self.text.startswith("]", at):
            member, at = self._parts(at)
            members.append(member)
            at = self._next(at, "]")
        if len({tuple(each) for each in members if isinstance(each, dict)}) > 1:
            raise ValueError("members of a list have other parts each")
        return members, at + 1

    def _behind(self, at: int, bracket: str) -> int:
        if not self.text.startswith(bracket, at):
            raise ValueError(f"no {bracket} at character {at:,}")
        return at + 1

    def _next(self, at: int, end: str) -> int:
        """Where what follows begins: another one, or the end."""
        if self.text.startswith(", ", at):
            return at + 2
        if self.text.startswith(end, at):
            return at
        raise ValueError(f"neither another one nor the end follows at character {at:,}")
