"""Mutants of a text of SQL, made from its syntax tree by SQLGlot, which reads and writes DuckDB's dialect.

A mutant is known by where it is and what it changes, not by its line, so that an explanation stays with it while the
file moves on, and no longer fits once the text that it explains is another.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from operator import eq
from pathlib import Path
from typing import Final, NamedTuple

import sqlglot
from sqlglot import exp

from tests.mutation.operators import OPERATORS

# Words that are shown before and after what is changed.
_AROUND: Final = 5
_CLAUSES: Final = (exp.Join, exp.Where, exp.Having, exp.Qualify, exp.Group, exp.From, exp.Window)


@dataclass(frozen=True)
class Mutant:
    """One change of one file. `place`: the part of it by name; `was`, `now`: the change with a few words around it.

    `text`: the statement, of which a file of concepts has several; `again`: of equal changes in one place, which one.
    """

    file: str
    place: str
    line: int
    operator: str
    was: str
    now: str
    text: str
    again: int

    @property
    def key(self) -> str:
        """What it is known by: of equal changes in one place, which one."""
        times = f" ({self.again})" if self.again > 1 else ""
        return f"{self.file} {self.place}: {self.was} => {self.now}{times}"


def parsed(text: str) -> list[exp.Expression]:
    """The statements of a text."""
    return [each for each in sqlglot.parse(text, dialect="duckdb") if each is not None]


def written(tree: exp.Expression) -> str:
    """A tree as text, without comments."""
    return tree.sql(dialect="duckdb", comments=False, unsupported_level=sqlglot.ErrorLevel.IGNORE)


def mutants(path: Path) -> Iterator[Mutant]:
    """Every mutant of a file, statement by statement; what only looks like another text is none."""
    seen: Counter[str] = Counter()
    for tree in parsed(path.read_text("utf-8")):
        # What is a whole statement is given a place to be replaced in.
        root, text = exp.Paren(this=tree), written(tree)
        for node, operator, new in _changes(tree):
            made = _replaced(root, node, new)
            if made.text != text:
                known = f"{_place(node)}: {made.was} => {made.now}"
                seen[known] += 1
                yield Mutant(path.name, _place(node), _line(node), operator, *made, seen[known])


def unchanged(path: Path) -> Iterator[Mutant]:
    """Each statement of a file as SQLGlot writes it: what no trial may notice."""
    for tree in parsed(path.read_text("utf-8")):
        yield Mutant(path.name, "all", _line(tree), "nothing", "", "", written(tree), 1)


def _changes(tree: exp.Expression) -> Iterator[tuple[exp.Expression, str, exp.Expression]]:
    """(node, operator, what stands in its place) for all that could be changed."""
    for node in list(tree.walk(bfs=False)):
        for operator, change in OPERATORS.items():
            for new in change(node):
                yield node, operator, new


class _Replaced(NamedTuple):
    was: str
    now: str
    text: str


def _replaced(root: exp.Expression, node: exp.Expression, new: exp.Expression) -> _Replaced:
    """The text with one node replaced; the tree is as before afterwards."""
    clause = _clause(node)
    before = written(clause)
    node.replace(new)
    was, now = shortened(before, written(new if clause is node else clause))
    text = written(root.this)
    new.replace(node)
    return _Replaced(was, now, text)


def _clause(node: exp.Expression) -> exp.Expression:
    """The smallest part around a node that is read as one: a column, a join, a condition."""
    while not isinstance(node, _CLAUSES) and not isinstance(node.parent, exp.Select | exp.Union | exp.Paren | exp.CTE):
        node = node.parent
    return node


def _place(node: exp.Expression) -> str:
    """The name of what a node is in: a part of a measure, a concept; `result` outside any."""
    while node := node.parent:
        if isinstance(node, exp.CTE):
            return node.alias
        if isinstance(node, exp.Create):
            return node.this.this.name if isinstance(node.this, exp.UserDefinedFunction) else node.this.name
    return "result"


def _line(node: exp.Expression) -> int:
    """Where it is in the file: the first line that anything in it, or around it, is known to be on."""
    while node:
        # The star of `FROM x` is nowhere.
        if lines := [
            each.meta["line"] for each in node.walk() if "line" in each.meta and not isinstance(each, exp.Star)
        ]:
            return min(lines)
        node = node.parent
    return 1


def shortened(was: str, now: str) -> tuple[str, str]:
    """Two texts where they differ, with a few words around that."""
    one, other = was.split(), now.split()
    head = _alike(one, other)
    tail = _alike(one[head:][::-1], other[head:][::-1])
    return _cut(one, head, tail), _cut(other, head, tail)


def _alike(one: list[str], other: list[str]) -> int:
    """How many words two texts begin with alike."""
    return sum(1 for _ in takewhile(bool, map(eq, one, other)))


def _cut(words: list[str], head: int, tail: int) -> str:
    first, last = max(0, head - _AROUND), min(len(words), len(words) - tail + _AROUND)
    kept = words[first:last]
    changed = len(words) - head - tail
    if changed > 4 * _AROUND:
        start = head - first
        kept = [*kept[: start + _AROUND], "…", *kept[start + changed - _AROUND :]]
    return " ".join(["…"] * (first > 0) + kept + ["…"] * (last < len(words)))
