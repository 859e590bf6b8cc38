"""What a policy is asked: may this principal act at this level on this resource, in this context?"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Uid(NamedTuple):
    """What an entity is called."""

    type: str
    id: str

    @property
    def said(self) -> dict[str, str]:
        """As Cedar's JSON has it."""
        return {"type": self.type, "id": self.id}


Value = bool | int | str | Uid | frozenset["Value"] | Mapping[str, "Value"]
Record = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody or something: its attributes, all that it is in, and its tags."""

    uid: Uid
    attributes: Record = field(default_factory=dict)
    within: frozenset[Uid] = frozenset()
    tags: Record = field(default_factory=dict)

    @property
    def said(self) -> dict[str, object]:
        """As Cedar's JSON has it."""
        return {
            "uid": self.uid.said,
            "attrs": said(self.attributes),
            "parents": [each.said for each in sorted(self.within)],
            "tags": said(self.tags),
        }


class Question(NamedTuple):
    """One request."""

    principal: Entity
    action: str
    resource: Entity
    context: Record

    def under(self, approval: int) -> "Question":
        """The same with an approval of this tier."""
        return self._replace(context={**self.context, "approval": approval})

    @property
    def said(self) -> dict[str, object]:
        """As Cedar's JSON has it."""
        return {
            "principal": self.principal.uid.said,
            "action": Uid("Action", self.action).said,
            "resource": self.resource.uid.said,
            "context": said(self.context),
        }


def said(value: Value) -> object:
    """A value as Cedar's JSON has it."""
    match value:
        case Uid():
            return {"__entity": value.said}
        case frozenset():
            return sorted(map(said, value), key=lambda each: json.dumps(each, sort_keys=True))
        case Mapping():
            return {name: said(each) for name, each in value.items()}
    return value


def frozen(value: Value) -> object:
    """A value that can be told apart from every other: 1 is not true."""
    match value:
        case Uid():
            return value
        case frozenset():
            return frozenset(map(frozen, value))
        case Mapping():
            return frozenset((name, frozen(each)) for name, each in value.items())
    return type(value), value
