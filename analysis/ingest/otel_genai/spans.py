"""Spans lie in documents with their resource, one document or span a line, or as an SDK prints them."""

import json
from collections.abc import Iterator, Mapping
from typing import Final

from analysis.ingest.fields import optional_moment, part, text
from analysis.ingest.pieces import Text
from analysis.ingest.reading import Found, Refused, records
from analysis.ingest.strict import Record, RecordError, kind_of
from sim.audit.rows import UNKNOWN

_WRAPPER: Final = "resourceSpans"
# Before OTLP 0.15 scopes were called libraries.
_SCOPES: Final = ("scopeSpans", "instrumentationLibrarySpans")
_NANOS: Final = 1000
_LATEST: Final = 253_402_300_799 * 10**9  # the last second of the year 9999
_ERRORS: Final = ("2", "STATUS_CODE_ERROR", "ERROR", "StatusCode.ERROR")


def spans(data: Text) -> Iterator[Found | Refused]:
    """Each span of a file with the attributes of its resource, as `span` and `resource`."""
    position = 0
    for each in records(data, _WRAPPER):
        for told in _spans(each):
            yield Refused(position, told) if isinstance(told, str) else Found(position, told, _repaired(each))
            position += 1


def attributes(holder: Record) -> dict[str, str]:
    """The attributes of a span or a resource as text, be they a list of keys and values or an object."""
    listed = holder.get("attributes")
    if listed is None:
        return {}
    if isinstance(listed, dict):
        return {name: told for name in listed if (told := text(listed, name)) is not None}
    if not isinstance(listed, list):
        raise RecordError(f"attributes is {kind_of(listed)} where a list belongs")
    pairs = (each for each in listed if isinstance(each, dict))
    return {str(each.get("key")): told for each in pairs if (told := _value(each.get("value"))) is not None}


def identity(span: Record) -> tuple[str | None, str | None]:
    """The ids of its trace and of itself."""
    context = part(span, "context")
    return _id(span, "traceId") or _id(context, "trace_id"), _id(span, "spanId") or _id(context, "span_id")


def parent(span: Record) -> str | None:
    """The id of the span that encloses it; None of a root."""
    return _id(span, "parentSpanId") or _id(span, "parent_id")


def starts(span: Record) -> int:
    """When it started, in microseconds UTC; UNKNOWN where it does not say."""
    return _time(span, "startTimeUnixNano", "start_time")


def ends(span: Record) -> int:
    """When it ended; UNKNOWN where it has not, or does not say."""
    return _time(span, "endTimeUnixNano", "end_time")


def failed(span: Record) -> bool:
    """Whether its status is an error."""
    status = part(span, "status")
    return (text(status, "code") or text(status, "status_code")) in _ERRORS


def message(span: Record) -> str | None:
    """What its status says."""
    status = part(span, "status")
    return text(status, "message") or text(status, "description")


def _repaired(each: Found | Refused) -> bool:
    return isinstance(each, Found) and each.repaired


def _spans(each: Found | Refused) -> Iterator[Record | str]:
    """The spans of a record, which are its own or it is one; or why they cannot be told."""
    if isinstance(each, Refused):
        yield each.reason
        return
    scopes = next((each.record[name] for name in _SCOPES if name in each.record), None)
    if scopes is None:
        yield {"resource": each.record.get("resource"), "span": each.record}
        return
    try:
        for scope in _objects(scopes, "scopeSpans"):
            for span in _objects(scope.get("spans", []), "spans"):
                yield {"resource": each.record.get("resource"), "span": span}
    except RecordError as error:
        yield str(error)


def _objects(value: object, name: str) -> list[Record]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise RecordError(f"{name} is {kind_of(value)} where a list of objects belongs")
    return value


def _value(value: object) -> str | None:
    """What an OTLP value holds, as text: a stringValue, intValue, boolValue, arrayValue and so on."""
    if not isinstance(value, Mapping) or not value:
        return None
    told = next(iter(value.values()))
    if told is None or told == "":
        return None
    return told if isinstance(told, str) else json.dumps(told, sort_keys=True)


def _id(record: Record, name: str) -> str | None:
    """An id; of zeros only it is none. SDKs print 0x before it, and some capitals."""
    written = (text(record, name) or "").removeprefix("0x")
    return written.lower() if written.strip("0") else None


def _time(span: Record, nanos: str, printed: str) -> int:
    written = text(span, nanos)
    if written is None:
        return optional_moment(span, printed)
    try:
        number = int(written)
    except ValueError:
        number = -1
    if not 0 <= number <= _LATEST:
        raise RecordError(f"{nanos} is no time: {written[:40]!a}")
    return number // _NANOS if number else UNKNOWN
