"""Deliveries as CloudTrail writes them, thousands of events at once: the same of each as `translate` says of it.

What hangs on few different values, such as who called under which key, or what an operation needs, is said by the same
functions once for each. What a record says only of itself goes from it to a column as it is. Records that may issue or
end a credential, and those that are in any way unusual, are left to `translate`.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
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
from analysis.ingest.many import DOUBTS, Batch, DoubtError, Memory, begins_as_one, listed, once_each, split
from analysis.ingest.observed import Atom, Resource
from analysis.ingest.pieces import Pieces, Text, TooLargeError, begins, document
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
# What stands in many records, and is read once.
_CALLER: Final = "userIdentity"
_TYPES: Final = {
    **dict.fromkeys(_TEXTS, str | Value),
    **dict.fromkeys(_FLAGS, bool | str | Value),
    **dict.fromkeys(_PARTS, Any),
    _CALLER: msgspec.Raw | msgspec.UnsetType,
}
_FIELDS: Final[Any] = [(name, type_, msgspec.UNSET) for name, type_ in sorted(_TYPES.items())]
_Call: Final = msgspec.defstruct("_Call", _FIELDS, forbid_unknown_fields=True, gc=False)
_READER: Final = msgspec.json.Decoder(list[_Call])  # type: ignore[valid-type]
# In the way of `canonical`: fields are in order, keys are put in order.
_WRITER: Final = msgspec.json.Encoder(order="deterministic")
# Bytes of a file that is read as a whole.
_SMALL: Final = 16 * 2**20
# How many records are told at once, and below how many it does not pay to split them again.
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
class _Operation:
    """What is told of a call by its name; `alone` where that is not enough, `effective` where it is if it failed."""

    name: str
    service: str
    atom: Atom
    alone: bool
    effective: bool


def batches(text: Text) -> list[Batch | Found]:
    """What the records of a delivery tell of, and those records that are to be translated one by one.

    Raises:
        DoubtError: it is no delivery, or not a sound one, or too large for that.
    """
    data = _held(text)
    if len(data) <= _SMALL and (whole := listed(data, _WRAPPER)) is not None:
        with suppress(DoubtError, RecordError, *DOUBTS):
            return [*_batch(0, whole)]
    raws = split(data, _WRAPPER)
    return [each for first in range(0, len(raws), _MANY) for each in _told(first, raws[first : first + _MANY])]


def _held(text: Text) -> bytes:
    """All of a delivery, which begins as one."""
    if isinstance(text, Pieces) and not begins_as_one(begins(text), _WRAPPER):
        raise DoubtError
    try:
        return document(text)
    except TooLargeError as error:
        raise DoubtError from error


def _told(first: int, raws: Sequence[msgspec.Raw]) -> Iterator[Batch | Found]:
    try:
        found = [*_batch(first, b"[" + b",".join(raws) + b"]")]
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


def _batch(first: int, read: bytes | memoryview) -> Iterator[Batch | Found]:
    found: list[Any] = _READER.decode(read)
    callers = [_caller(each) for each in found]
    written = [*map(_WRITER.encode, found)]
    if not once_each(read, b",".join(written)):
        raise DoubtError
    operations = [_operation(each.eventSource, each.eventName, each.readOnly) for each in found]
    errors = [each.errorCode or each.errorMessage or None for each in found]
    plain = [not (o.alone or (o.effective and error is None)) for o, error in zip(operations, errors, strict=True)]
    yield from (
        Found(first + place, msgspec.json.decode(written[place])) for place, told in enumerate(plain) if not told
    )
    if any(plain):
        each_of = (found, operations, errors, callers)
        told = _Plain(*([*compress(each, plain)] for each in each_of))
        hashes = digests(map(digest, compress(written, plain)))
        yield Batch({"position": first + np.flatnonzero(plain), **hashes, **told.columns()})


@dataclass(frozen=True, slots=True)
class _Plain:
    """Records of which everything is told by their columns."""

    records: Sequence[Any]
    operations: Sequence[_Operation]
    errors: Sequence[str | None]
    callers: Sequence[tuple[object, ...]]

    def columns(self) -> Columns:
        """The columns of `observed`, but where they lie and what their content is; those left out are NULL."""
        many = len(self.records)
        return {
            "kind": np.full(many, word(Kind.USE), dtype=object),
            "part": np.full(many, 0),
            "stage": np.full(many, 0),
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
            "args": integers(map(_asked, self.records)),
        }

    def _text(self, name: str) -> list[str | None]:
        return [value or None for value in map(attrgetter(name), self.records)]

    def _callers(self) -> Columns:
        told = dict(zip(_OF_CALLER, zip(*self.callers, strict=True), strict=True))
        return {name: (times if name in _INSTANTS else texts)(values) for name, values in told.items()}

    def _touched(self) -> Columns:
        things = [*map(_thing, self.operations, self.records)]
        return {
            "operation": texts(each.name for each in self.operations),
            "atom_group": texts(each.atom.group for each in self.operations),
            "atom_level": texts(each.atom.level for each in self.operations),
            "resource": texts(each and each.name for each in things),
            "resource_group": texts(each and each.group for each in things),
        }

    def _answers(self) -> Columns:
        outcomes = {error: answer(error) for error in {*self.errors}}
        decisions = {error: word(each.decision) for error, each in outcomes.items()}
        reasons = {error: word(each.reason) for error, each in outcomes.items()}
        return {
            "error": texts(self.errors),
            "decision": texts(map(decisions.get, self.errors)),
            "reason": texts(map(reasons.get, self.errors)),
        }


def _caller(record: Any) -> tuple[object, ...]:  # noqa: ANN401 - a record, whose fields are told above
    """The columns of who called; the record has that written in one way from now on."""
    piece = record.userIdentity
    if piece is msgspec.UNSET:
        return _NOBODY
    written, who = _CALLERS(bytes(piece))
    record.userIdentity = written
    return who


def _who(identity: object) -> tuple[object, ...]:
    who = caller({_CALLER: _object(identity)})
    party, credential = who.party, who.credential
    of_party = (party.name, word(party.kind), party.role) if party else (None,) * 3
    shown: tuple[object, ...] = (None, None, UNKNOWN, UNKNOWN, None)
    if credential:
        kind, resolved = word(credential.kind), word(credential.resolved)
        shown = (credential.name, kind, credential.since, credential.until, resolved)
    return (*of_party, *shown, who.session, who.invoked_by)


def _read(piece: bytes) -> tuple[msgspec.Raw, tuple[object, ...]]:
    identity = msgspec.json.decode(piece)
    return msgspec.Raw(canonical(identity)), _who(identity)


def _object(value: object) -> Any:  # noqa: ANN401 - an object of JSON, or nothing
    """The object that is to be there, if anything is."""
    if isinstance(value, dict):
        return value
    if value is None or value is msgspec.UNSET:
        return None
    raise DoubtError


_NOBODY: Final = _who(None)
_CALLERS: Final = Memory(_read)


def _asked(record: Any) -> int:  # noqa: ANN401
    return hashed(_object(record.requestParameters))


@lru_cache(_MANY)
def _operation(source: object, name: object, reads: object) -> _Operation:
    if not (isinstance(source, str) and isinstance(name, str) and source and name):
        raise DoubtError
    service = source.removesuffix(_SERVICE)
    needed = calls.atom({"readOnly": None if reads is msgspec.UNSET else reads}, service, name)
    alone, effective = calls.hangs_on_parameters(service, name), calls.may_change_credentials(service, name)
    return _Operation(f"{service}:{name}", service, needed, alone, effective)


def _thing(operation: _Operation, record: Any) -> Resource | None:  # noqa: ANN401
    """What was touched."""
    if isinstance(record.responseElements, str):
        raise DoubtError
    named = record.resources
    name = None if named is msgspec.UNSET or named is None else _first(named)
    if name is None:
        name = calls.parameter({"requestParameters": _object(record.requestParameters)}, operation.service)
    return calls.touched(name, operation.service, operation.atom) if name else None


def _first(named: Any) -> str | None:  # noqa: ANN401 - what stands where a list of resources belongs
    """The first resource that is listed; mostly that of the first entry."""
    if type(named) is list and named and type(named[0]) is dict:
        arn = named[0].get("ARN")
        if type(arn) is str and arn:
            return arn
    return calls.listed({"resources": named})


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
