"""What a call of an agent's tool needs, and what it touches: declared in a file, as nothing in a transcript says it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlsplit

from analysis.ingest.observed import Atom, Level, Resource, Weight
from analysis.ingest.patterns import Pattern, any_of
from analysis.ingest.strict import Record

# The Model Context Protocol's servers lend tools; their names are put before these (Claude Code documentation, "MCP").
_LENT: Final = "mcp__"


@dataclass(frozen=True, slots=True)
class _Entry:
    names: Pattern
    group: str
    level: Level
    touches: tuple[str, ...]
    hosts: tuple[str, ...]


class Toolbox:
    """The tools that a file declares; it is read when first asked."""

    def __init__(self, path: Path) -> None:
        """Remember where it lies."""
        self._path = path

    @cached_property
    def declared(self) -> dict[str, Any]:
        """The file as it stands."""
        return tomllib.loads(self._path.read_text("utf-8"))

    def asks(self, tool: str) -> bool:
        """Whether a call of this tool asks a person."""
        return tool in self.declared["questions"]["names"]

    def atom(self, tool: str) -> Atom | None:
        """What a call needs; nothing where it asks a person."""
        if self.asks(tool):
            return None
        entry = self._entry(tool)
        return Atom(entry.group, entry.level) if entry else Atom(_group(tool), self.declared["other"]["level"])

    def resource(self, tool: str, arguments: Record) -> Resource | None:
        """What a call touches, where its arguments name it."""
        entry = self._entry(tool)
        if entry is None:
            return None
        things = (_text(arguments, name) for name in entry.touches)
        hosts = (_host(_text(arguments, name)) for name in entry.hosts)
        name = next(filter(None, (*things, *hosts)), None)
        return Resource(name, entry.group) if name else None

    def weight(self, atom: Atom) -> Weight:
        """What an atom is declared to be worth."""
        weights, tiers = self.declared["weights"], cast("Mapping[str, Any]", self.declared["tiers"])
        tier = next((n for n in (3, 2, 1) if atom.group in tiers.get(f"tier_{n}", ())), tiers["other"])
        return Weight(tier, weights[f"tier_{tier}"], weights[atom.level])

    def _entry(self, tool: str) -> _Entry | None:
        return next((each for each in self._entries if each.names.match(tool)), None)

    @cached_property
    def _entries(self) -> tuple[_Entry, ...]:
        return tuple(
            _Entry(
                any_of(each["names"]),
                each["group"],
                each["level"],
                tuple(each.get("touches", ())),
                tuple(each.get("hosts", ())),
            )
            for each in self.declared["tools"]
        )


def _group(tool: str) -> str:
    """The group of a tool that is not declared: those of one server are one, any other is its own."""
    if not tool.startswith(_LENT):
        return tool
    return _LENT + tool.removeprefix(_LENT).partition("__")[0]


def _text(arguments: Record, name: str) -> str | None:
    value = arguments.get(name)
    return value if isinstance(value, str) and value else None


def _host(address: str | None) -> str | None:
    """The host that an address names."""
    try:
        return urlsplit(address or "").hostname
    except ValueError:
        return None
