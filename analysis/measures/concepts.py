"""What several measures share (`concepts.sql`): made for whoever asks, once a connection, with all that it stands on.

A concept is a macro, a view or a table. Which ones a text stands on is told by its words: a word that only looks like a
concept costs the time to make it, and changes nothing.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import duckdb

_HERE: Final = Path(__file__).parent
_CONCEPT: Final = re.compile(r"^CREATE TEMP (?:MACRO|VIEW|TABLE) (\w+).*?;$", re.MULTILINE | re.DOTALL)
_COMMENT: Final = re.compile(r"--.*")
_WORD: Final = re.compile(r"\w+")


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


def needed(sql: str) -> Iterator[str]:
    """The concepts that a text stands on, each after those that it stands on itself."""
    known, wanted = concepts(), _words(sql)
    for name in reversed(known):
        if name in wanted:
            wanted |= known[name].stands_on
    return (name for name in known if name in wanted)


def make(connection: duckdb.DuckDBPyConnection, names: Iterable[str], made: set[str]) -> None:
    """Make concepts, in this order, that are not `made` on this connection yet, and note them there."""
    for name in names:
        if name not in made:
            connection.execute(concepts()[name].sql)
            made.add(name)
