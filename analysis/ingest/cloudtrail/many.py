"""Deliveries as CloudTrail writes them, thousands of events at once: the same of each as `translate` says of it.

What hangs on few different values, such as who called under which key, or what an operation needs, is said by the same
functions once for each. What a record says only of itself goes from it to a column as it is. Records that may issue or
end a credential, and those that are in any way unusual, are left to `translate`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import compress
from operator import attrgetter
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from analysis.ingest.canonical import canonical, digest
from analysis.ingest.cloudtrail import calls
from analysis.ingest.cloudtrail.answers import answer
from analysis.ingest.cloudtrail.identity import caller
from analysis.ingest.columns import digests, integers, texts, times, word
from analysis.ingest.fields import hashed
from analysis.ingest.instants import plausible
from analysis.ingest.many import DOUBTS, Batch, DoubtError, Memory, once_each, split
from analysis.ingest.observed import Atom, Resource
from analysis.ingest.reading import Found
from analysis.ingest.strict import BROKEN, RecordError, decoded
from sim.audit.columns import Columns
from sim.audit.rows import UNKNOWN, Kind

Value = msgspec.UnsetType | None

_WRAPPER: Final = "Records"
# CloudTrail User Guide, "CloudTrail record contents": what a record of version 1.11 may have, by what it holds.
_TEXTS: Final = (
    "apiVersion", "awsRegion", "errorCode", "errorMessage", "eventCategory", "eventID", "eventName", "eventSource",
    "eventTime", "eventType", "eventVersion", "managementEvent", "readOnly", "recipientAccountId", "requestID",
    "sessionCredentialFromConsole", "sharedEventID", "sourceIPAddress", "userAgent", "vpcEndpointAccountId",
    "vpcEndpointId",
)  # fmt: skip
_PARTS: Final = (
    "addendum", "additionalEventData", "edgeDeviceDetails", "eventContext", "insightDetails", "requestParameters",
    "resources", "responseElements", "serviceEventDetails", "tlsDetails", "userIdentity",
)  # fmt: skip
_FLAGS: Final = ("managementEvent", "readOnly")
# A record; written again, its keys are in the order in which `canonical` has them.
_Call: Final = msgspec.defstruct(
    "_Call",
    [
        (
            name,
            msgspec.Raw | msgspec.UnsetType
            if name in _PARTS
            else (bool | str | Value if name in _FLAGS else str | Value),
            msgspec.UNSET,
        )
        for name in sorted(_TEXTS + _PARTS)
    ],
    forbid_unknown_fields=True,
    gc=False,
)
_READER: Final = msgspec.json.Decoder(list[_Call])  # type: ignore[valid-type]
_WRITER: Final = msgspec.json.Encoder()
# Records that are told at once, and as few as it does not pay to part once more.
_MANY: Final = 4096
_FEW: Final = 64
_SERVICE: Final = ".amazonaws.com"
# A time as CloudTrail writes it.
_TIME: Final = "0000-00-00T00:00:00Z"
_DIGITS: Final = np.array([sign == "0" for sign in _TIME])
_SIGNS: Final = np.frombuffer(_TIME.encode(), dtype=np.uint8)
_ZERO, _NINE = b"09"
_OF_CALLER: Final = (
    "principal", "principal_kind", "principal_role", "credential", "presented_kind", "presented_from", "presented_to",
    "resolved", "session", "invoked_by",
)  # fmt: skip
_INSTANTS: Final = ("presented_from", "presented_to")


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a record: its value, that written in one way, and what else it is asked for."""

    written: msgspec.Raw
    means: Any


@dataclass(frozen=True, slots=True)
class _Operation:
    """What is told of a call by its name; `alone` where that is not enough, `effective` where it is if it failed."""

    name: str
    service: str
    atom: Atom
    alone: bool
    effective: bool


def batches(data: bytes) -> list[Batch | Found]:
    """What the records of a delivery tell of, and those records that are to be translated one by one.

    Raises:
        DoubtError: it is no delivery, or not a sound one.
    """
    raws = split(data, _WRAPPER)
    return [each for first in range(0, len(raws), _MANY) for each in _told(first, raws[first : first + _MANY])]


def _told(first: int, raws: Sequence[msgspec.Raw]) -> Iterator[Batch | Found]:
    try:
        found = [*_batch(first, raws)]
    except (DoubtError, RecordError, *DOUBTS):
        if len(raws) <= _FEW:
            yield from (_alone(first + place, raw) for place, raw in enumerate(raws))
        else:
            half = len(raws) // 2
            yield from _told(first, raws[:half])
            yield from _told(first + half, raws[half:])
    else:
        yield from found


def _alone(position: int, raw: msgspec.Raw) -> Found:
    """A record as it is read by itself; it must be one that a delivery has, and sound."""
    try:
        record = decoded(bytes(raw).decode("utf-8", "surrogateescape"))
    except BROKEN as error:
        raise DoubtError from error
    if not isinstance(record, dict) or "eventName" not in record or any(isinstance(record.get(n), str) for n in _PARTS):
        raise DoubtError
    return Found(position, record)


def _batch(first: int, raws: Sequence[msgspec.Raw]) -> Iterator[Batch | Found]:
    read = b"[" + b",".join(raws) + b"]"
    found: list[Any] = _READER.decode(read)
    parts = {name: _parts(found, name) for name in _PARTS}
    written = [*map(_WRITER.encode, found)]
    if not once_each(read, b",".join(written)):
        raise DoubtError
    operations = [_operation(each.eventSource, each.eventName, each.readOnly) for each in found]
    errors = [each.errorCode or each.errorMessage or None for each in found]
    plain = [not (o.alone or (o.effective and error is None)) for o, error in zip(operations, errors, strict=True)]
    yield from (
        _alone(first + place, raw) for place, (raw, told) in enumerate(zip(raws, plain, strict=True)) if not told
    )
    if any(plain):
        kept = [found, operations, errors, written, *parts.values()]
        found, operations, errors, written, *rest = ([*compress(each, plain)] for each in kept)
        positions = first + np.flatnonzero(plain)
        told = _Plain(found, operations, errors, dict(zip(parts, rest, strict=True)))
        yield Batch({"position": positions, **digests(map(digest, written)), **told.columns()})


@dataclass(frozen=True, slots=True)
class _Plain:
    """Records of which everything is told by their columns."""

    records: Sequence[Any]
    operations: Sequence[_Operation]
    errors: Sequence[str | None]
    parts: Mapping[str, Sequence[_Part]]

    def columns(self) -> Columns:
        """The columns of `observed`, but where they lie and what their content is; those left out are NULL."""
        many = len(self.records)
        every = {"kind": word(Kind.USE)}
        numbers = {"part": 0, "stage": 0}
        return {
            **{name: np.full(many, value, dtype=object) for name, value in every.items()},
            **{name: np.full(many, value) for name, value in numbers.items()},
            **self._own(),
            **self._callers(),
            **self._touched(),
            **self._answers(),
        }

    def _own(self) -> Columns:
        """What each says of itself."""
        ids = self._text("eventID")
        if not all(ids):
            raise DoubtError
        return {
            "id": texts(ids),
            "time": _times(map(attrgetter("eventTime"), self.records)),
            "origin": texts(self._text("sourceIPAddress")),
            "user_agent": texts(self._text("userAgent")),
            "request_id": texts(self._text("requestID")),
            "args": integers(part.means[1] for part in self.parts["requestParameters"]),
        }

    def _text(self, name: str) -> list[str | None]:
        return [value or None for value in map(attrgetter(name), self.records)]

    def _callers(self) -> Columns:
        found = zip(*(part.means for part in self.parts["userIdentity"]), strict=True)
        told = dict(zip(_OF_CALLER, found, strict=True))
        return {name: (times if name in _INSTANTS else texts)(values) for name, values in told.items()}

    def _touched(self) -> Columns:
        things = [*map(_thing, self.operations, self.parts["resources"], self.parts["requestParameters"])]
        return {
            "operation": texts(each.name for each in self.operations),
            "atom_group": texts(each.atom.group for each in self.operations),
            "atom_level": texts(each.atom.level for each in self.operations),
            "resource": texts(each and each.name for each in things),
            "resource_group": texts(each and each.group for each in things),
        }

    def _answers(self) -> Columns:
        given = {error: answer(error) for error in {*self.errors}}
        decisions, reasons = (
            {error: word(getattr(each, name)) for error, each in given.items()} for name in ("decision", "reason")
        )
        return {
            "error": texts(self.errors),
            "decision": texts(map(decisions.__getitem__, self.errors)),
            "reason": texts(map(reasons.__getitem__, self.errors)),
        }


def _parts(found: Sequence[Any], name: str) -> list[_Part]:
    """What a part of each record means; it is written in one way from now on."""
    read, meaning = attrgetter(name), _MEANINGS[name]
    pieces = [*map(read, found)]
    missing = _MISSING[name]
    if pieces.count(msgspec.UNSET) == len(pieces):
        return [missing] * len(pieces)
    told = [missing if piece is msgspec.UNSET else meaning(bytes(piece)) for piece in pieces]
    for each, part in zip(found, told, strict=True):
        if part is not missing:
            setattr(each, name, part.written)
    return told


def _part(means: Callable[[Any], object], piece: bytes) -> _Part:
    value = msgspec.json.decode(piece)
    return _Part(msgspec.Raw(canonical(value)), means(value))


def _object(value: object) -> object:
    if isinstance(value, dict) or value is None:
        return value
    raise DoubtError


def _who(value: object) -> tuple[object, ...]:
    """The columns of a caller."""
    who = caller({"userIdentity": _object(value)})
    party, credential = who.party, who.credential
    of_party = (party.name, word(party.kind), party.role) if party else (None,) * 3
    shown = (None, None, UNKNOWN, UNKNOWN, None)
    if credential:
        kind, resolved = word(credential.kind), word(credential.resolved)
        shown = (credential.name, kind, credential.since, credential.until, resolved)  # type: ignore[assignment]
    return (*of_party, *shown, who.session, who.invoked_by)


def _asked(value: object) -> tuple[object, int]:
    return _object(value), hashed(value)


def _first_listed(value: object) -> str | None:
    return calls.listed({"resources": value})


def _nothing(value: object) -> None:
    if isinstance(value, str):
        raise DoubtError


_MEANS: Final[Mapping[str, Callable[[Any], object]]] = {
    **dict.fromkeys(_PARTS, _nothing),
    "userIdentity": _who,
    "requestParameters": _asked,
    "resources": _first_listed,
}
_MEANINGS: Final = {name: Memory(partial(_part, means)) for name, means in _MEANS.items()}
_MISSING: Final = {name: _Part(msgspec.Raw(b""), means(None)) for name, means in _MEANS.items()}


@lru_cache(_MANY)
def _operation(source: object, name: object, reads: object) -> _Operation:
    if not (isinstance(source, str) and isinstance(name, str) and source and name):
        raise DoubtError
    service = source.removesuffix(_SERVICE)
    needed = calls.atom({"readOnly": None if reads is msgspec.UNSET else reads}, service, name)
    alone, effective = calls.hangs_on_parameters(service, name), calls.may_change_credentials(service, name)
    return _Operation(f"{service}:{name}", service, needed, alone, effective)


def _thing(operation: _Operation, resources: _Part, parameters: _Part) -> Resource | None:
    """What was touched."""
    name = resources.means or calls.parameter({"requestParameters": parameters.means[0]}, operation.service)
    return calls.touched(name, operation.service, operation.atom) if name else None


def _times(written: Iterable[str]) -> NDArray[Any]:
    """Times as CloudTrail writes them, all of which may be true."""
    each = [*written]
    if {*map(len, each)} != {len(_TIME)}:
        raise DoubtError
    signs = np.frombuffer("".join(each).encode(), dtype=np.uint8).reshape(-1, len(_TIME))
    numbers = signs[:, _DIGITS]
    if (numbers < _ZERO).any() or (numbers > _NINE).any() or (signs[:, ~_DIGITS] != _SIGNS[~_DIGITS]).any():
        raise DoubtError
    found = signs[:, :-1].copy().view(f"S{len(_TIME) - 1}").ravel().astype("datetime64[us]")
    if not all(map(plausible, found[[found.argmin(), found.argmax()]].view(np.int64).tolist())):
        raise DoubtError
    return found
