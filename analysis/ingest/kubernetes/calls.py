"""A request needs an access level on a group of resources in a namespace, and touches one; levels.toml says which."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analysis.ingest.fields import hashed, part, text
from analysis.ingest.levels import Levels
from analysis.ingest.observed import Atom, Resource
from analysis.ingest.strict import Record
from sim.audit.rows import UNKNOWN

LEVELS: Final = Levels(Path(__file__).with_name("levels.toml"))
_TRIAL: Final = re.compile(r"[?&]dryRun=")
# What these are about stands in their body, which is logged only where the audit policy says so.
_BODIES: Final = ("create", "update", "patch", "deletecollection", "post", "put")
# Of these it stands in the query.
_CONNECTING: Final = ("exec", "attach", "portforward", "proxy")


@dataclass(frozen=True, slots=True)
class Call:
    """What a request is about; `thing` is a kind of resource, or a path; None where the record says neither."""

    verb: str
    thing: str | None
    resource: str | None = None
    subresource: str | None = None
    namespace: str | None = None
    name: str | None = None

    @property
    def operation(self) -> str:
        """The request as one says it: create pods/exec. A path may hold anything, and only its group is said."""
        thing = self.thing if self.resource or self.thing is None else LEVELS.group(self.thing)
        return " ".join(filter(None, [self.verb, thing]))

    @property
    def atom(self) -> Atom | None:
        """What it needs: an access level on a group in its namespace; without one, outside all or in all of them."""
        return None if self.thing is None else LEVELS.atom(self.operation, self.thing, self.namespace)

    @property
    def touched(self) -> Resource | None:
        """What it touches: one thing or, where it names none, all of the kind in the namespace, or in all of them."""
        if self.thing is None:
            return None
        kind, _, _ = self.thing.partition("/")
        place = self.namespace or (None if self.name else "*")
        parts = [place, kind, self.name, self.subresource] if self.resource else [self.thing]
        return Resource("/".join(filter(None, parts)), LEVELS.group(self.thing, self.namespace))


def call(record: Record, verb: str) -> Call:
    """Read from a record what it is about."""
    about = part(record, "objectRef")
    resource, subresource = text(about, "resource"), text(about, "subresource")
    path = (text(record, "requestURI") or "").partition("?")[0] or None
    if resource is None:
        return Call(verb, path)
    group = text(about, "apiGroup")
    thing = resource + (f".{group}" if group else "") + (f"/{subresource}" if subresource else "")
    name = text(about, "name") or (None if subresource else _made(record))
    return Call(verb, thing, resource, subresource, text(about, "namespace"), name)


def body(record: Record, name: str) -> Record:
    """The object of a request or response; empty where it is not logged, or too large for whoever passed it on."""
    value = record.get(name)
    return value if isinstance(value, dict) else {}


def arguments(record: Record, about: Call) -> int:
    """A hash of what was asked for, 63 bits; UNKNOWN where that is not logged."""
    asked = record.get("requestObject")
    if asked is None and about.verb in _BODIES and about.subresource not in _CONNECTING:
        return UNKNOWN
    return hashed([text(record, "requestURI"), asked])


def is_trial(record: Record) -> bool:
    """Whether a request asks what would happen, and changes nothing: dryRun in its query."""
    return _TRIAL.search(text(record, "requestURI") or "") is not None


def _made(record: Record) -> str | None:
    """The name of what was made: that of a create is in its body."""
    made = (part(body(record, name), "metadata") for name in ("responseObject", "requestObject"))
    return next((name for each in made if (name := text(each, "name"))), None)
