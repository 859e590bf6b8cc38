"""A call needs an access level on a service, and touches something; which and what is declared in levels.toml."""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, Literal

from analysis.ingest.cloudtrail import reference
from analysis.ingest.cloudtrail.declared import declared
from analysis.ingest.fields import flag, part, parts, text
from analysis.ingest.observed import Atom, Level, Resource, Weight
from analysis.ingest.patterns import Pattern, any_of
from analysis.ingest.strict import Record

# How many things that were touched are remembered, if their names are no longer than an ARN can be.
_MANY: Final = 1 << 14
_LONGEST: Final = 2048


@dataclass(frozen=True)
class _Group:
    name: str
    calls: Pattern
    where: Record


@dataclass(frozen=True)
class _Entry:
    level: Level
    calls: Pattern
    only: str | None


def atom(record: Record, service: str, operation: str) -> Atom:
    """The atom that a call needs."""
    call = f"{service}:{operation}"
    return Atom(_group(record, call) or service, _level(service, operation, flag(record, "readOnly")))


def action_atoms(service: str, prefix: str, action: str) -> tuple[Atom, ...]:
    """The atoms of an action of policies, `s3:GetObject`, as those of the call that it allows.

    The first is what any such call needs; others are what some need, which touch something more sensitive.
    """
    known = reference.level(prefix, action)
    reads = None if known is None else known in ("list", "read")
    call = f"{service}:{action}"
    level = _level(service, action, reads)
    return (Atom(service, level), *(Atom(each.name, level) for each in _groups() if each.calls.match(call)))


def resource(record: Record, service: str, needed: Atom) -> Resource | None:
    """What was touched, in the group of the atom needed where that is declared, else in the service that it lies in."""
    name = listed(record) or parameter(record, service)
    return None if name is None else touched(name, service, needed)


def touched(name: str, service: str, needed: Atom) -> Resource:
    """What goes by that name."""
    return (_known if len(name) <= _LONGEST else _touched)(name, service, needed)


def _touched(name: str, service: str, needed: Atom) -> Resource:
    declared_group = needed.group if needed.group != service else None
    return Resource(name, declared_group or _service_of(name) or service)


_known: Final = lru_cache(_MANY)(_touched)


def listed(record: Record) -> str | None:
    """The first resource that the record lists."""
    for each in parts(record, "resources"):
        if arn := text(each, "ARN") or text(each, "arn"):
            return arn
    return None


def parameter(record: Record, service: str) -> str | None:
    """What the parameters of a call name, where it is declared how."""
    parameters = part(record, "requestParameters")
    for name in declared()["resources"].get(service, ()):
        value = parameters.get(name)
        if isinstance(value, str) and value:
            return value if _service_of(value) else f"{service}:{name}/{value}"
    return None


def may_change_credentials(service: str, operation: str) -> bool:
    """Whether such a call may issue or end a credential."""
    return service == "sts" or (service == "iam" and operation.endswith("AccessKey"))


def hangs_on_parameters(service: str, operation: str) -> bool:
    """Whether the group of what a call touches does."""
    return any(group.where and group.calls.match(f"{service}:{operation}") for group in _groups())


@cache
def weight(needed: Atom) -> Weight:
    """What an atom is declared to be worth."""
    weights, tiers = declared()["weights"], declared()["tiers"]
    tier = next((n for n in (3, 2) if needed.group in tiers[f"tier_{n}"]), tiers["other"])
    return Weight(tier, weights[f"tier_{tier}"], weights[needed.level])


def _group(record: Record, call: str) -> str | None:
    """The group of what is more sensitive than the rest of its service, if the call touches such a thing."""
    for group in _groups():
        if group.calls.match(call):
            parameters = part(record, "requestParameters")
            if all(_is(parameters, name, value) for name, value in group.where.items()):
                return group.name
    return None


def _is(parameters: Record, name: str, value: object) -> bool:
    """Whether a parameter has a value; in some forms of the log a flag is text."""
    return (flag(parameters, name) if isinstance(value, bool) else parameters.get(name)) == value


@cache
def _level(service: str, operation: str, reads: bool | None) -> Level:  # noqa: FBT001
    """What is declared of the call; else what the reference says; else by its name, and whether it says it reads."""
    call = f"{service}:{operation}"
    if reads is None:
        reads = any_of(declared()["reads"]["calls"]).match(call) is not None
    word: Level = "read" if reads else "write"
    levels = (
        _fitting("levels", call, word),
        reference.level(service, operation),
        _fitting("otherwise", call, word),
    )
    return next((level for level in levels if level is not None), word)


def _fitting(table: Literal["levels", "otherwise"], call: str, word: Level) -> Level | None:
    return next(
        (entry.level for entry in _entries(table) if entry.only in (None, word) and entry.calls.match(call)), None
    )


@cache
def _groups() -> tuple[_Group, ...]:
    return tuple(_Group(each["name"], any_of(each["calls"]), each["where"]) for each in declared()["groups"])


@cache
def _entries(table: Literal["levels", "otherwise"]) -> tuple[_Entry, ...]:
    return tuple(_Entry(each["level"], any_of(each["calls"]), each.get("only")) for each in declared()[table])


def _service_of(name: str) -> str | None:
    """The service in an ARN, `arn:partition:service:...`; None for what is no ARN."""
    head, _, rest = name.partition(":")
    return rest.split(":")[1] or None if head == "arn" and ":" in rest else None
