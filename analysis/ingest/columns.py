"""Events as columns, which is how DuckDB takes in many at once: times, words and names as the workbench has them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from operator import attrgetter
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analysis.ingest.instants import LATEST
from analysis.ingest.observed import Observed
from sim.audit.columns import Columns
from sim.audit.rows import FOREVER, UNKNOWN, Resolution


@dataclass(frozen=True, slots=True)
class Told:
    """An event that a record told of: the position of that in its file, which of its events it is, and a hash of it.

    `beside` says how much others in the file tell of it, and after that is a hash of what.
    """

    position: int
    part: int
    digest: bytes
    observed: Observed
    beside: int = UNKNOWN


_WORDS: Final = ("kind", "decision", "reason")
_TEXTS: Final = (
    "id", "operation", "session", "task", "parent_task", "action", "approval", "error", "origin", "user_agent",
    "request_id", "invoked_by", "keeps",
)  # fmt: skip
# Columns of what an event names: in which of its fields that lies, and what of it is told.
_NAMES: Final = {
    "principal": ("principal", "name"),
    "principal_role": ("principal", "role"),
    "target": ("target", "name"),
    "target_role": ("target", "role"),
    "credential": ("credential", "name"),
    "presented_parent": ("credential", "parent"),
    "issued": ("issued", "name"),
    "atom_group": ("atom", "group"),
    "atom_level": ("atom", "level"),
    "resource": ("resource", "name"),
    "resource_group": ("resource", "group"),
    "enforced": ("issued", "enforced"),
}
_NAMED_WORDS: Final = {
    "principal_kind": ("principal", "kind"),
    "target_kind": ("target", "kind"),
    "presented_kind": ("credential", "kind"),
    "credential_kind": ("issued", "kind"),
    "binding": ("issued", "binding"),
}
_NAMED_NUMBERS: Final = {name: ("weight", name) for name in ("tier", "sensitivity", "privilege")}
_NAMED_TIMES: Final = {
    "presented_from": ("credential", "since"),
    "presented_to": ("credential", "until"),
    "expires": ("issued", "until"),
}


def columns(told: Sequence[Told]) -> Columns:
    """The columns of `observed` in the workbench, but the file."""
    events = [each.observed for each in told]

    def of(where: tuple[str, str], missing: object = None) -> list[Any]:
        thing, field = map(attrgetter, where)
        return [missing if (named := thing(event)) is None else field(named) for event in events]

    return {
        "position": np.array([each.position for each in told], dtype=np.int64),
        "part": np.array([each.part for each in told], dtype=np.int64),
        **digests(each.digest for each in told),
        "beside": integers(each.beside for each in told),
        "stage": integers(UNKNOWN if event.stage is None else event.stage for event in events),
        "time": times(event.time for event in events),
        "requested": times(event.requested for event in events),
        "duration": integers(event.duration for event in events),
        "args": integers(event.args for event in events),
        **{name: texts(map(attrgetter(name), events)) for name in _TEXTS},
        **{name: words(map(attrgetter(name), events)) for name in _WORDS},
        **{column: texts(of(where)) for column, where in _NAMES.items()},
        **{column: words(of(where)) for column, where in _NAMED_WORDS.items()},
        "resolved": words(map(_resolved, events)),
        **{column: integers(of(where, UNKNOWN)) for column, where in _NAMED_NUMBERS.items()},
        **{column: times(of(where, UNKNOWN)) for column, where in _NAMED_TIMES.items()},
    }


def _resolved(event: Observed) -> Resolution | None:
    """Of what is issued, else of what is presented."""
    credential = event.issued or event.credential
    return None if credential is None else credential.resolved


def digests(hashes: Iterable[bytes]) -> Columns:
    """Each hash as two integers, which DuckDB compares at once."""
    halves = np.frombuffer(b"".join(hashes), dtype=np.uint64).reshape(-1, 2)
    return {"digest_1": halves[:, 0].copy(), "digest_2": halves[:, 1].copy()}


def texts(values: Iterable[object]) -> NDArray[Any]:
    """A column of text, or of whatever else DuckDB reads from objects."""
    return np.fromiter(values, dtype=object)


def times(micros: Iterable[int]) -> NDArray[Any]:
    """A column of times; UNKNOWN is NULL and FOREVER infinity."""
    found = np.array(list(micros), dtype=np.int64)
    # Later than any calendar, and yet not never: the latest that a calendar has.
    return np.where((found > LATEST) & (found < FOREVER), LATEST, found).view("datetime64[us]")


def integers(values: Iterable[int]) -> NDArray[Any]:
    """A column of integers; UNKNOWN is NULL."""
    return np.ma.masked_equal(np.array(list(values), dtype=np.int64), UNKNOWN)


def words(values: Iterable[IntEnum | None]) -> NDArray[Any]:
    """A column of words of an enumeration, as the schema has them."""
    return texts(map(word, values))


def word(value: IntEnum | None) -> str | None:
    """A member of an enumeration, as the schema has it."""
    return None if value is None else value.name.lower()
