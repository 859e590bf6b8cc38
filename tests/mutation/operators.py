"""Changes of SQL: each operator takes a part of a syntax tree and gives what could stand in its place.

They are the mistakes that a measure invites: a boundary of an interval that belongs to the other side, an end taken for
the later instead of the earlier one, a condition forgotten, a join that drops what has no partner, a NULL taken for a
value, a frame of a window that begins or ends a row off, a branch of a union or of a CASE left out. Left alone is what
anything would notice (join keys compared for inequality, the names of parts) and what is no part of a result (the
order of its rows).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from sqlglot import exp

Node = exp.Expression
Operator = Callable[[Node], Iterator[Node]]

_BOUNDARY: Final = {exp.LT: exp.LTE, exp.LTE: exp.LT, exp.GT: exp.GTE, exp.GTE: exp.GT}
_REVERSED: Final = {
    exp.LT: exp.GT, exp.LTE: exp.GTE, exp.GT: exp.LT, exp.GTE: exp.LTE, exp.EQ: exp.NEQ, exp.NEQ: exp.EQ,
    exp.NullSafeEQ: exp.NullSafeNEQ, exp.NullSafeNEQ: exp.NullSafeEQ,
}  # fmt: skip
_NULLS: Final = {exp.NullSafeEQ: exp.EQ, exp.NullSafeNEQ: exp.NEQ}
_ARITHMETIC: Final = {exp.Add: exp.Sub, exp.Sub: exp.Add, exp.Mul: exp.Div, exp.Div: exp.Mul}
_EXTREMES: Final = {
    exp.Max: exp.Min, exp.Min: exp.Max, exp.Greatest: exp.Least, exp.Least: exp.Greatest, exp.ArgMax: exp.ArgMin,
    exp.ArgMin: exp.ArgMax, exp.LogicalAnd: exp.LogicalOr, exp.LogicalOr: exp.LogicalAnd, exp.Lag: exp.Lead,
    exp.Lead: exp.Lag,
}  # fmt: skip
_TOTALS: Final = {exp.Sum: exp.Max, exp.Avg: exp.Max, exp.AnyValue: exp.Max}
# A join with what is there of every run drops nothing.
_OF_EVERY_RUN: Final = {"run", "bounds", "agent_days"}


def _renamed(kinds: Mapping[type[Node], type[Node]]) -> Operator:
    """The same arguments under another sign or function."""

    def change(node: Node) -> Iterator[Node]:
        if kind := kinds.get(type(node)):
            yield kind(**node.copy().args)

    return change


def reversed_comparison(node: Node) -> Iterator[Node]:
    """The other way round; keys of a join are left alone."""
    joins = isinstance(node, exp.EQ) and all(isinstance(side, exp.Column) for side in (node.this, node.expression))
    if not (joins and _condition_of_join(node)):
        yield from _renamed(_REVERSED)(node)


def _condition_of_join(node: Node) -> bool:
    while isinstance(node.parent, exp.And | exp.Paren):
        node = node.parent
    return isinstance(node.parent, exp.Join)


def connective(node: Node) -> Iterator[Node]:
    """OR for AND, but not between keys of a join; AND for OR."""
    if isinstance(node, exp.Or) or (isinstance(node, exp.And) and not _condition_of_join(node)):
        left, right = (_kept_together(side) for side in (node.this, node.expression))
        other = exp.Or if isinstance(node, exp.And) else exp.And
        yield exp.Paren(this=other(this=left, expression=right))


def _kept_together(side: Node) -> Node:
    return exp.Paren(this=side.copy()) if isinstance(side, exp.Connector) else side.copy()


def without_condition(node: Node) -> Iterator[Node]:
    """A conjunct or disjunct forgotten; a whole condition, where it is the only one."""
    if isinstance(node, exp.Connector):
        yield node.this.copy()
        # In a chain of three the last is this node's right side, the second that of the node on its left.
        if not isinstance(node.this, type(node)):
            yield node.expression.copy()
    if isinstance(node, exp.Where | exp.Having | exp.Qualify) and not isinstance(node.this, exp.Connector):
        yield type(node)(this=exp.true())


def without_filter(node: Node) -> Iterator[Node]:
    """An aggregate of everything."""
    if isinstance(node, exp.Filter):
        yield node.this.copy()


def without_not(node: Node) -> Iterator[Node]:
    """A NOT forgotten, or IS NULL for IS NOT NULL."""
    if isinstance(node, exp.Not):
        yield node.this.copy()
    if isinstance(node, exp.Is) and not isinstance(node.parent, exp.Not):
        yield exp.Not(this=node.copy())
    if isinstance(node, exp.Boolean):
        yield exp.Boolean(this=not node.this)


def counted(node: Node) -> Iterator[Node]:
    """Whether for how many; values for different values, rows for values."""
    if isinstance(node, exp.Count):
        yield exp.Least(this=node.copy(), expressions=[exp.Literal.number(1)], ignore_nulls=True)
        if isinstance(node.this, exp.Distinct):
            yield exp.Count(this=node.this.expressions[0].copy(), big_int=True)
        elif not isinstance(node.this, exp.Star):
            yield exp.Count(this=exp.Star(), big_int=True)


def join(node: Node) -> Iterator[Node]:
    """What has no partner dropped, or kept; those without a partner for those with one; a key forgotten."""
    if not isinstance(node, exp.Join):
        return
    if node.side == "LEFT":
        yield _with(node, side=None)
    elif node.kind in {"SEMI", "ANTI"}:
        yield _with(node, kind="ANTI" if node.kind == "SEMI" else "SEMI")
    elif node.kind != "CROSS" and node.this.name not in _OF_EVERY_RUN:
        yield _with(node, side="LEFT")
    if len(keys := node.args.get("using") or ()) > 1:
        yield from (_with(node, using=kept) for kept in _each_left_out(keys))


def _with(node: Node, **changed: object) -> Node:
    made = node.copy()
    for key, value in changed.items():
        made.set(key, value)
    return made


def _each_left_out(parts: list[Node]) -> Iterator[list[Node]]:
    for n in range(len(parts)):
        yield [part.copy() for m, part in enumerate(parts) if m != n]


def distinct(node: Node) -> Iterator[Node]:
    """Everything again for each thing once."""
    if isinstance(node, exp.Select) and node.args.get("distinct"):
        yield _with(node, distinct=None)


def union(node: Node) -> Iterator[Node]:
    """A branch forgotten, or what is twice taken once, or the other way round."""
    if isinstance(node, exp.Union):
        yield _with(node, distinct=not node.args.get("distinct"))
        yield _leading(node, node.this)
        if not isinstance(node.this, exp.Union):
            yield _leading(node, node.expression)


def _leading(whole: Node, branch: Node) -> Node:
    """A branch in the place of the whole, with what stands before it."""
    made, before = branch.copy(), whole.args.get("with_")
    if before:
        made.set("with_", before.copy())
    return made


def constant(node: Node) -> Iterator[Node]:
    """One more and one less; of a unit, twice as much."""
    if isinstance(node, exp.Literal) and not node.is_string:
        if not node.this.isdecimal():
            yield exp.Literal(this=str(2 * float(node.this)), is_string=False)
            return
        yield exp.Literal.number(int(node.this) + 1)
        yield exp.Literal.number(int(node.this) - 1)


def default(node: Node) -> Iterator[Node]:
    """A default forgotten, or a division by zero."""
    if isinstance(node, exp.Coalesce | exp.Nullif):
        yield node.this.copy()


def case(node: Node) -> Iterator[Node]:
    """A branch forgotten, two branches swapped, the only branch always taken."""
    if not isinstance(node, exp.Case):
        return
    branches, otherwise = node.args["ifs"], node.args.get("default")
    if len(branches) == 1:
        yield branches[0].args["true"].copy()
    else:
        yield from (_with(node, ifs=kept) for kept in _each_left_out(branches))
    for n in range(len(branches) - 1):
        yield _swapped(node, n)
    if otherwise:
        yield _with(node, default=None)
        last = _with(branches[-1], true=otherwise.copy())
        yield _with(node, ifs=[*(b.copy() for b in branches[:-1]), last], default=branches[-1].args["true"].copy())


def _swapped(node: Node, n: int) -> Node:
    made = node.copy()
    one, other = made.args["ifs"][n : n + 2]
    values = one.args["true"], other.args["true"]
    one.set("true", values[1].copy())
    other.set("true", values[0].copy())
    return made


def listed(node: Node) -> Iterator[Node]:
    """One of several words forgotten."""
    if isinstance(node, exp.In) and len(node.expressions) > 1:
        yield from (_with(node, expressions=kept) for kept in _each_left_out(node.expressions))


def ordered(node: Node) -> Iterator[Node]:
    """Last before first, or what decides a tie forgotten; not of the rows of a result."""
    if isinstance(node, exp.Ordered) and not isinstance(node.parent.parent, exp.Query):
        yield _with(node, desc=not node.args.get("desc"))
    if isinstance(node, exp.Order) and len(node.expressions) > 1 and not isinstance(node.parent, exp.Query):
        yield _with(node, expressions=[each.copy() for each in node.expressions[:-1]])


def window(node: Node) -> Iterator[Node]:
    """Several things taken for one, or a frame that ends one row later or earlier."""
    if isinstance(node, exp.Window) and (parts := node.args.get("partition_by")):
        yield from (_with(node, partition_by=kept) for kept in _each_left_out(parts))
    if isinstance(node, exp.WindowSpec):
        earlier = isinstance(node.args.get("end"), exp.Literal)
        yield _with(node, end="CURRENT ROW", end_side=None) if earlier else _with(node, end="1", end_side="PRECEDING")


OPERATORS: Final[dict[str, Operator]] = {
    "boundary": _renamed(_BOUNDARY),
    "comparison": reversed_comparison,
    "null-safe": _renamed(_NULLS),
    "arithmetic": _renamed(_ARITHMETIC),
    "extreme": _renamed(_EXTREMES),
    "total": _renamed(_TOTALS),
    "connective": connective,
    "condition": without_condition,
    "filter": without_filter,
    "not": without_not,
    "count": counted,
    "join": join,
    "distinct": distinct,
    "union": union,
    "constant": constant,
    "default": default,
    "case": case,
    "list": listed,
    "order": ordered,
    "window": window,
}
