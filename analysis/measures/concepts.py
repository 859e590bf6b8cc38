"""What several measures share: made for whoever asks, once a connection, with all that it stands on.

A concept (`concepts.sql`) is a macro, a view or a table. So is the evidence: views over facts, of which those of a log
are deep. To plan them anew for each measure takes longer than to measure a small log, so of little evidence what is
asked for is copied into temporary tables of the same names, which hide the views; of much it is not, because that
takes memory.

What a text stands on is told by its words: a word that only looks like a name costs the time to make it, and changes
nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

import duckdb

from sim.audit.store import Evidence

_HERE: Final = Path(__file__).parent
_CONCEPT: Final = re.compile(r"^CREATE TEMP (?:MACRO|VIEW|TABLE) (\w+).*?;$", re.MULTILINE | re.DOTALL)
_COMMENT: Final = re.compile(r"--.*")
_WORD: Final = re.compile(r"\w+")
# Events that are little evidence.
_LITTLE: Final = 1_000_000
_EVENTS: Final = """
    SELECT count(*) FROM fact.event WHERE getvariable('runs') IS NULL OR list_contains(getvariable('runs'), run)
"""
_VIEWS: Final = "SELECT view_name FROM duckdb_views() WHERE schema_name = $schema"


@dataclass(frozen=True)
class Concept:
    """How one is made, and which of the others that takes."""

    sql: str
    stands_on: frozenset[str]


@cache
def concepts() -> dict[str, Concept]:
    """Every concept by name; each stands on earlier ones only."""
    found: dict[str, Concept] = {}
    for statement in _CONCEPT.finditer(_COMMENT.sub("", (_HERE / "concepts.sql").read_text("utf-8"))):
        found[statement[1]] = Concept(statement[0], frozenset(_words(statement[0]) & found.keys()))
    return found


def _words(sql: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(_COMMENT.sub("", sql))}


def needed(sql: str) -> list[str]:
    """The concepts that a text stands on, each after those that it stands on itself."""
    known, wanted = concepts(), _words(sql)
    for name in reversed(known):
        if name in wanted:
            wanted |= known[name].stands_on
    return [name for name in known if name in wanted]


class Shared:
    """What is made on a connection that sees one kind of evidence, so far."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, evidence: Evidence) -> None:
        """Nothing is made yet."""
        self._connection, self._evidence, self._made = connection, evidence, set[str]()

    def make(self, sql: str) -> None:
        """Make whatever a text stands on and is not there yet."""
        texts = {name: concepts()[name].sql for name in needed(sql)}
        copies = {name: f"CREATE TEMP TABLE {name} AS FROM {self._evidence}.{name}" for name in self._copied}
        asked = _words("\n".join([sql, *texts.values()]))
        for name, made in (copies | texts).items():
            if name in asked and name not in self._made:
                self._connection.execute(made)
                self._made.add(name)

    def keep(self, name: str, sql: str, parameters: Mapping[str, float]) -> None:
        """Keep the result of a measure under its name, for those that are made of it."""
        if name not in self._made:
            self._connection.execute(f"CREATE TEMP TABLE {name} AS {sql}", dict(parameters) or None)
            self._made.add(name)

    def make_all(self) -> None:
        """Make everything."""
        self.make("\n".join([*concepts(), *self._copied]))

    @cached_property
    def _copied(self) -> list[str]:
        """The views of the evidence, if it is little."""
        [(events,)] = self._connection.execute(_EVENTS).fetchall()
        if events > _LITTLE:
            return []
        return [name for (name,) in self._connection.execute(_VIEWS, {"schema": self._evidence}).fetchall()]
