"""Mutants of Python, made from its syntax tree, and tried by running the tests of the file in a process of their own.

Small on purpose: cosmic-ray brings eighteen packages and starts an interpreter a mutant, which takes longer than most
of these tests; mutmut works on a copy of the tree, and keeps its own books. Here a mutant is a fork of a process that
has loaded everything but the project, so that it costs what its tests cost, and stands in the same table.

The changes are those of SQL as far as Python has them, and none of what says nothing about a result: annotations,
decorators, docstrings, and texts of messages.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Final

from tests.mutation.syntax import Mutant, shortened

_COMPARED: Final = {
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.GtE), ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}  # fmt: skip
_COMPUTED: Final = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div, ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
_CALLED: Final = {
    "min": "max", "max": "min", "all": "any", "any": "all", "sum": "max", "minimum": "maximum", "maximum": "minimum",
    "ceil": "floor", "floor": "ceil",
}  # fmt: skip


def mutants(path: Path) -> Iterator[Mutant]:
    """Every mutant of a file, function by function."""
    tree = ast.parse(path.read_text("utf-8"))
    seen: Counter[str] = Counter()
    for place, statement in _statements(tree):
        before = ast.unparse(statement)
        for node, operator, new in [(n, o, c) for n in _parts(statement) for o, c in _changes(n)]:
            with _replaced(node, new):
                was, now = shortened(before, ast.unparse(statement))
                text = ast.unparse(tree)
            seen[key := f"{place}: {was} => {now}"] += 1
            yield Mutant(path.name, place, statement.lineno, operator, was, now, text, seen[key])


@contextmanager
def _replaced(node: ast.expr, new: ast.expr) -> Iterator[None]:
    """Let a node be another for a while, wherever in the tree it is."""
    kind, kept = node.__class__, dict(vars(node))
    vars(node).update(vars(new))
    node.__class__ = new.__class__
    yield
    node.__class__ = kind
    vars(node).clear()
    vars(node).update(kept)


def _statements(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """Each statement that holds no other, with the function that it is in; of one that does, its condition."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.Module):
            name = getattr(function, "name", "module")
            for each in _own(function.body):
                yield name, each


def _own(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for each in body:
        if isinstance(each, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom | ast.Raise):
            continue
        if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)):
            yield each
        for field in ("body", "orelse", "finalbody", "handlers"):
            yield from _own(getattr(each, field, []))


def _parts(statement: ast.stmt) -> Iterator[ast.expr]:
    """The expressions of a statement, without those of statements in it, of annotations and of messages."""
    for field, value in ast.iter_fields(statement):
        if field not in {"annotation", "body", "orelse", "finalbody", "handlers"}:
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, ast.expr | ast.withitem):
                    yield from (part for part in ast.walk(each) if isinstance(part, ast.expr) and not _said(each))


def _said(expression: ast.AST) -> bool:
    return any(isinstance(part, ast.JoinedStr) for part in ast.walk(expression))


def _changes(node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """What could stand in the place of an expression."""
    for kind, change in _KINDS.items():
        if isinstance(node, kind):
            yield from change(node)


def _compared(node: ast.Compare) -> Iterator[tuple[str, ast.expr]]:
    if len(node.ops) == 1:
        yield from (("comparison", _with(node, ops=[other()])) for other in _COMPARED[type(node.ops[0])])


def _connected(node: ast.BoolOp) -> Iterator[tuple[str, ast.expr]]:
    yield "connective", _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for n in range(len(node.values)):
        kept = [deepcopy(value) for m, value in enumerate(node.values) if m != n]
        yield "condition", kept[0] if len(kept) == 1 else _with(node, values=kept)


def _computed(node: ast.BinOp) -> Iterator[tuple[str, ast.expr]]:
    if other := _COMPUTED.get(type(node.op)):
        yield "arithmetic", _with(node, op=other())


def _negated(node: ast.UnaryOp) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node.op, ast.Not | ast.USub):
        yield "not", deepcopy(node.operand)


def _chosen(node: ast.IfExp) -> Iterator[tuple[str, ast.expr]]:
    yield "case", deepcopy(node.body)
    yield "case", deepcopy(node.orelse)


def _constant(node: ast.Constant) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node.value, bool):
        yield "not", ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield from (("constant", ast.Constant(node.value + by)) for by in (1, -1))
    elif isinstance(node.value, float):
        yield "constant", ast.Constant(2 * node.value)


def _named(node: ast.Name) -> Iterator[tuple[str, ast.expr]]:
    if node.id in _CALLED:
        yield "extreme", _with(node, id=_CALLED[node.id])


def _attributed(node: ast.Attribute) -> Iterator[tuple[str, ast.expr]]:
    if node.attr in _CALLED:
        yield "extreme", _with(node, attr=_CALLED[node.attr])


def _filtered(node: ast.ListComp) -> Iterator[tuple[str, ast.expr]]:
    if any(each.ifs for each in node.generators):
        made = deepcopy(node)
        for each in made.generators:
            each.ifs = []
        yield "condition", made


_KINDS: Final = {
    ast.Compare: _compared, ast.BoolOp: _connected, ast.BinOp: _computed, ast.UnaryOp: _negated, ast.IfExp: _chosen,
    ast.Constant: _constant, ast.Name: _named, ast.Attribute: _attributed, ast.ListComp: _filtered,
    ast.GeneratorExp: _filtered, ast.SetComp: _filtered, ast.DictComp: _filtered,
}  # fmt: skip


def _with(node: ast.expr, **changed: object) -> ast.expr:
    made = deepcopy(node)
    for name, value in changed.items():
        setattr(made, name, value)
    return made
