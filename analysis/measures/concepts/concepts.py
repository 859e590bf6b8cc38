"""What several measures share: made for whoever asks, once a connection, with all that it stands on.

A concept is a macro, a view or a table. So is the evidence: views over facts, of which those of a log
are deep. To plan them anew for each measure takes longer than to measure a small log, so of little evidence what is
asked for is copied into temporary tables of the same names, which hide the views, and a concept that is a view is a
table too; of much it is not, because that takes memory.

A concept may hang on parameters, which it reads as variables of the connection; whatever stands on it has them too.
What is a table is then worked out once for all measures that are given the same, and anew for one that is given others.

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

from analysis.measures.parameters import Parameter, stated
from sim.audit.store import Evidence

# Each stands on those before it.
_TOPICS: Final = ("basis", "survival", "authority", "need", "beside", "ring", "reach", "radius", "stake")
FILES: Final = tuple(Path(__file__).parent / f"{topic}.sql" for topic in _TOPICS)
# How one is made, with what is said right above it.
_WRITTEN: Final = re.compile(r"((?:^-- .*\n)*)^(CREATE TEMP (?:MACRO|VIEW|TABLE) (\w+)(?:.*\n)*?.*;)$", re.MULTILINE)
_COMMENT: Final = re.compile(r"--.*")
_READ: Final = re.compile(r"\b(?:(?<=FROM )|(?<=JOIN ))\w+|\b\w+(?=\()")
_WORD: Final = re.compile(r"\w+")
_VARIABLE: Final = re.compile(r"getvariable\('(\w+)'\)")
# Events that are little evidence.
_LITTLE: Final = 1_000_000
_EVENTS: Final = """
    SELECT count(*) FROM fact.event WHERE getvariable('runs') IS NULL OR list_contains(getvariable('runs'), run)
"""
_VIEWS: Final = "SELECT view_name FROM duckdb_views() WHERE schema_name = $schema"


@dataclass(frozen=True)
class Concept:
    """How one is made, which of the others that takes, and which parameters it or they hang on."""

    sql: str
    stands_on: frozenset[str]
    hangs_on: frozenset[str]


@cache
def concepts() -> dict[str, Concept]:
    """Every concept by name; each stands on earlier ones only."""
    found: dict[str, Concept] = {}
    for name, (_, text) in written().items():
        sql = _COMMENT.sub("", text).strip()
        stands_on = _words(sql) & found.keys()
        hangs_on = set(_VARIABLE.findall(sql)).union(*(found[each].hangs_on for each in stands_on))
        found[name] = Concept(sql, frozenset(stands_on), frozenset(hangs_on))
    return found


@cache
def written() -> dict[str, tuple[str, str]]:
    """Every concept by name as its file has it: what is said of it, on one line, and its text.

    What is said of one is said of those that follow it without a blank line.
    """
    found: dict[str, tuple[str, str]] = {}
    said, end = "", 0
    for each in _WRITTEN.finditer(text := _text()):
        own = " ".join(each[1].replace("-- ", "").split())
        said, end = own or (said if text[end : each.start()] == "\n" else ""), each.end()
        found[each[3]] = (said, each[0])
    return found


def named(sql: str) -> list[str]:
    """The concepts that a text reads or calls itself."""
    read = {word.casefold() for word in _READ.findall(_COMMENT.sub("", sql))}
    return [name for name in concepts() if name in read]


def _text() -> str:
    return "\n".join(path.read_text("utf-8") for path in FILES)


@cache
def _words(sql: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(_COMMENT.sub("", sql)))


def needed(sql: str) -> list[str]:
    """The concepts that a text stands on, each after those that it stands on itself."""
    known, wanted = concepts(), _words(sql)
    for name in reversed(known):
        if name in wanted:
            wanted |= known[name].stands_on
    return [name for name in known if name in wanted]


@cache
def parameters() -> dict[str, Parameter]:
    """What concepts hang on, by name, as the head of a file states it."""
    return {each.name: each for each in stated(_text().splitlines())}


def hangs_on(sql: str) -> dict[str, Parameter]:
    """The parameters that what a text stands on hangs on, in the order in which they are stated."""
    names = set[str]().union(*(concepts()[name].hangs_on for name in needed(sql)))
    return {name: parameter for name, parameter in parameters().items() if name in names}


class Shared:
    """What is made on a connection that sees one kind of evidence, so far."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, evidence: Evidence) -> None:
        """Nothing is made yet."""
        self._connection, self._evidence = connection, evidence
        self._given: dict[str, float] = {}
        # With the parameters that it was made for.
        self._made: dict[str, Mapping[str, float]] = {}

    def _provide(self, sql: str, given: Mapping[str, float]) -> None:
        """Make whatever a text stands on and is not there yet, or is there for other parameters than are given."""
        wanted = {name: concepts()[name] for name in needed(sql)}
        self._give({name: given.get(name, parameter.default) for name, parameter in hangs_on(sql).items()})
        asked = _words(sql).union(*(_words(each.sql) for each in wanted.values()))
        for name in (view for view in self._copied if view in asked):
            self._make(name, f"CREATE TEMP TABLE {name} AS FROM {self._evidence}.{name}", {})
        for name, each in wanted.items():
            made_for = {parameter: self._given[parameter] for parameter in each.hangs_on}
            self._make(name, self._text(each), made_for)

    def _text(self, concept: Concept) -> str:
        """How a concept is made of this evidence: of little, a view is a table, which is planned once for all."""
        if self._copied:
            return concept.sql.replace("CREATE TEMP VIEW", "CREATE TEMP TABLE", 1)
        return concept.sql

    def _give(self, given: Mapping[str, float]) -> None:
        """Let variables have values."""
        for name, value in given.items():
            if self._given.get(name) != value:
                self._connection.execute(f"SET VARIABLE {name} = $value", {"value": float(value)})
                self._given[name] = value

    def _make(self, name: str, text: str, given: Mapping[str, float]) -> None:
        if self._made.get(name) != given:
            self._connection.execute(text.replace("CREATE TEMP", "CREATE OR REPLACE TEMP", 1))
            self._made[name] = given

    def ask(self, sql: str, given: Mapping[str, float]) -> duckdb.DuckDBPyConnection:
        """Ask a text once there is what it stands on; parameters are its own, or of that."""
        self._provide(sql, given)
        [statement] = self._connection.extract_statements(sql)
        named = statement.named_parameters & given.keys()
        return self._connection.execute(statement, {name: given[name] for name in named} or None)

    def keep(self, name: str, sql: str, given: Mapping[str, float]) -> None:
        """Keep the result of a measure under its name, for those that are made of it."""
        if name not in self._made:
            self.ask(f"CREATE TEMP TABLE {name} AS {sql}", given)
            self._made[name] = {}

    def make_all(self) -> None:
        """Make everything that hangs on no parameter."""
        self._provide("\n".join([*(name for name, each in concepts().items() if not each.hangs_on), *self._copied]), {})

    @cached_property
    def _copied(self) -> list[str]:
        """The views of the evidence, if it is little."""
        [(events,)] = self._connection.execute(_EVENTS).fetchall()
        if events > _LITTLE:
            return []
        return [name for (name,) in self._connection.execute(_VIEWS, {"schema": self._evidence}).fetchall()]
