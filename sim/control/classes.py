"""Equivalence classes of questions: what a policy cannot tell apart it answers alike, so it is asked once.

The policy's syntax tree tells what it reads. A number that it compares only with numbers matters only by its place
among them, a text or entity only by which of those named it is, a hierarchy only by the entities named. Whatever else a
policy does (arithmetic, `like`, tags, records as a whole, what is not known here) is met with the value as it is:
always right, though more classes than need be.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Final

from cedarpy import policies_to_pst, pst

from sim.control.question import Entity, Question, Record, Uid, Value, frozen

Feature = Callable[[Question], object]
# A variable and the names behind it: context.intent, principal.team.
Path = tuple[str, ...]
Literal = bool | int | str | Uid

_MISSING: Final = Uid("", "what is not there")
_ORDERED: Final = frozenset({"eq", "not_eq", "less", "less_eq", "greater", "greater_eq"})
_EQUAL: Final = frozenset({"eq", "not_eq"})


@dataclass
class _Reading:
    """What a policy reads: paths with the literals they are compared with, paths as they are, and other features."""

    compared: defaultdict[Path, set[Literal]] = field(default_factory=lambda: defaultdict(set))
    raw: set[Path] = field(default_factory=set)
    named: set[tuple[str, Uid]] = field(default_factory=set)
    within: set[tuple[str, Uid]] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)


def features(text: str) -> tuple[Feature, ...]:
    """What to look at in a question so that two which look alike are answered alike.

    Raises:
        ValueError: the text is no Cedar, newer than this knows, or asks what an entity has that it names itself.
    """
    reading = _Reading()
    for policy in policies_to_pst(text).static_policies.values():
        _scope("principal", policy.principal, reading)
        _scope("resource", policy.resource, reading)
        _action(policy.action, reading)
        for clause in policy.clauses:
            _walk(clause.expr, reading)
    return tuple(_made(reading))


def _made(reading: _Reading) -> Iterator[Feature]:
    for path in sorted(reading.raw):
        yield _value(path)
    for path in sorted(reading.compared.keys() - reading.raw):
        yield _among(path, reading.compared[path])
    for variable, uid in sorted(reading.named):
        yield _is(variable, uid)
    for variable, uid in sorted(reading.within):
        yield _in(variable, uid)
    for variable in sorted(reading.whole):
        yield _whole(variable)


# ------------------------------------------------------------------------------------------------ the tree


def _scope(variable: str, constraint: pst.PrincipalOrResourceConstraint, reading: _Reading) -> None:
    match constraint:
        case pst.ScopeEq(pst.EntityUid() as uid):
            reading.named.add((variable, _uid(uid)))
        case pst.ScopeIn(pst.EntityUid() as uid):
            reading.within.add((variable, _uid(uid)))
        case pst.ScopeIs():
            reading.raw.add((variable, "type of"))
        case pst.ScopeIsIn(_, pst.EntityUid() as uid):
            reading.raw.add((variable, "type of"))
            reading.within.add((variable, _uid(uid)))


def _action(constraint: pst.ActionConstraint, reading: _Reading) -> None:
    match constraint:
        case pst.ActionEq(uid):
            reading.named.add(("action", _uid(uid)))
        case pst.ActionIn(uids):
            reading.named.update(("action", _uid(uid)) for uid in uids)


def _walk(expr: pst.Expr, reading: _Reading) -> None:
    """Note what an expression reads; what it compares is noted as such, all else as it is."""
    if (path := _path(expr)) is not None:
        reading.raw.add(path)
    elif not _compares(expr, reading):
        for part in _parts(expr, reading):
            _walk(part, reading)


def _compares(expr: pst.Expr, reading: _Reading) -> bool:
    """Whether it compares a path or variable with literals; these are then noted."""
    match expr:
        case pst.BinaryOp(op, left, right) if op in _ORDERED:
            return _compared(op, left, right, reading) or _compared(op, right, left, reading)
        case pst.BinaryOp("contains", pst.Set(elements), path):
            found = [_literal(each) for each in elements]
            return all(each is not None for each in found) and all(
                _compared("eq", path, each, reading) for each in elements
            )
        case pst.BinaryOp("in", pst.Var(name), right):
            targets = right.elements if isinstance(right, pst.Set) else (right,)
            uids = [_literal(each) for each in targets]
            found_all = all(isinstance(uid, Uid) for uid in uids)
            reading.within.update((name, uid) for uid in uids if found_all and isinstance(uid, Uid))
            return found_all
    return False


def _compared(op: str, left: pst.Expr, right: pst.Expr, reading: _Reading) -> bool:
    literal, path = _literal(right), _path(left)
    if literal is None or path is None:
        return False
    if len(path) == 1 and op in _EQUAL and isinstance(literal, Uid):
        reading.named.add((path[0], literal))
        return True
    if len(path) == 1 or (op not in _EQUAL and type(literal) is not int):
        return False
    reading.compared[path].add(literal)
    return True


def _parts(expr: pst.Expr, reading: _Reading) -> tuple[pst.Expr, ...]:
    """The expressions inside one; what is asked of an entity or record as a whole is noted here."""
    match expr:
        case pst.GetAttr(base, _):
            return _of_whole(base, (), reading)
        case pst.HasAttr(base, _) | pst.Is(base, _, None):
            return _of_whole(base, (), reading)
        case pst.Is(base, _, inside) if inside is not None:
            return _of_whole(base, (inside,), reading)
        case pst.BinaryOp("in" | "get_tag" | "has_tag", base, other):
            return _of_whole(base, (other,), reading)
    values = (getattr(expr, each.name) for each in fields(expr))
    return tuple(part for value in values for part in _listed(value) if isinstance(part, pst.Expr))


def _listed(value: object) -> Iterable[object]:
    match value:
        case tuple():
            return value
        case Mapping():
            return value.values()
    return (value,)


def _of_whole(base: pst.Expr, others: tuple[pst.Expr, ...], reading: _Reading) -> tuple[pst.Expr, ...]:
    """What else is to be looked at where something is asked of all that `base` is."""
    if isinstance(base, pst.EntityLit):
        msg = f"what {base.value} has or is in cannot be asked: ask about the principal or the resource"
        raise ValueError(msg)  # noqa: TRY004 - the type is Cedar's own; the policy is what is wrong
    path = _path(base)
    if path is None:
        return (base, *others)
    reading.whole.add(path[0])
    return others


def _path(expr: pst.Expr) -> Path | None:
    match expr:
        case pst.Var(name):
            return (name,)
        case pst.GetAttr(base, attr):
            above = _path(base)
            return None if above is None else (*above, attr)
    return None


def _literal(expr: pst.Expr) -> Literal | None:
    match expr:
        case pst.BoolLit(value) | pst.LongLit(value) | pst.StringLit(value):
            return value
        case pst.EntityLit(uid):
            return _uid(uid)
    return None


def _uid(uid: pst.EntityUid) -> Uid:
    return Uid(str(uid.type), uid.id)


# -------------------------------------------------------------------------------------------- the features


def _whole(variable: str) -> Feature:
    """An entity with all it has and is in, or the whole context."""

    def look(question: Question) -> object:
        what = getattr(question, variable)
        if not isinstance(what, Entity):
            return frozen(what)
        return what.uid, frozen(what.attributes), what.within, frozen(what.tags)

    return look


def _value(path: Path) -> Feature:
    """What stands at a path as it is; behind an entity that is only named, its name stands for what it has."""
    return lambda question: frozen(_at(question, path))


def _among(path: Path, literals: set[Literal]) -> Feature:
    """Which of the literals it is; a number's place among them, where all are numbers."""
    numbers = sorted(each for each in literals if type(each) is int)
    ordered = len(numbers) == len(literals)
    known = set(map(frozen, literals))

    def look(question: Question) -> object:
        value = _at(question, path)
        if ordered and type(value) is int:
            return bisect_left(numbers, value) + bisect_right(numbers, value)
        said = frozen(value)
        # Of another type than the literals: an order of the two is an error, which is not the same as no.
        return said if ordered or said in known or value == _MISSING else None

    return look


def _is(variable: str, uid: Uid) -> Feature:
    return lambda question: _name(question, variable) == uid


def _in(variable: str, uid: Uid) -> Feature:
    def look(question: Question) -> object:
        what = getattr(question, variable)
        return _name(question, variable) == uid or (isinstance(what, Entity) and uid in what.within)

    return look


def _name(question: Question, variable: str) -> Uid:
    what = getattr(question, variable)
    return what.uid if isinstance(what, Entity) else Uid("Action", str(what))


def _at(question: Question, path: Path) -> Value:
    """The value at a path: of an entity that is only named its name, of what is not there a word."""
    variable, *names = path
    if variable == "context":
        value: Value = question.context
    elif names == ["type of"] or not names:
        uid = _name(question, variable)
        return uid.type if names else uid
    else:
        value = getattr(question, variable).attributes if variable != "action" else {}
    for name in names:
        if isinstance(value, Uid):
            return value
        value = _attribute(value, name)
    return value


def _attribute(value: Value, name: str) -> Value:
    record: Record = value if isinstance(value, dict) else {}
    return record.get(name, _MISSING)
