"""Whoever hands the API server's events on may put many into one record, or each as text into a record of its own."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from analysis.ingest.fields import text
from analysis.ingest.reading import Found, Refused, records
from analysis.ingest.strict import Record

# Lists: of a webhook (EventList), a subscription to CloudWatch Logs, its FilterLogEvents, and Azure Monitor.
_LISTS: Final = ("items", "logEvents", "events", "records")
# Texts: of CloudWatch Logs and its Insights, and of whatever collects the lines of containers.
_TEXTS: Final = ("message", "@message", "log")
# Which log a record is of: EKS and AKS put those of the control plane side by side.
_OF: Final = ("logStream", "logStreamName", "category")
_AUDIT: Final = "audit"
# What CloudWatch Logs exports to S3 has the time before each line.
_DATED: Final = re.compile(rb"^\d{4}-\d\d-\d\dT[\d:.]+Z (?=\{)", re.MULTILINE)


def unwrapped(data: bytes) -> Iterator[Found | Refused]:
    """Each event of a file, whatever it lies in, or why it could not be read."""
    plain = _DATED.sub(b"", data) if _DATED.match(data) else data
    for position, item in enumerate(_events(records(plain, "items"))):
        yield replace(item, position=position)


def of_another_log(record: Record) -> bool:
    """Whether a record is of one of the control plane's other logs, or only says that the way to here is open."""
    stream = next((found for name in _OF if (found := text(record, name))), None)
    return "auditID" not in record and stream is not None and _AUDIT not in stream


def _events(found: Iterable[Found | Refused]) -> Iterator[Found | Refused]:
    for item in found:
        if isinstance(item, Refused) or "auditID" in item.record:
            yield item
        else:
            for member in _members(item.record):
                yield from _event(replace(item, record=member))


def _members(record: Record) -> Iterator[Record]:
    """What is in the record's list, each told which log it is of; the record itself if it has none."""
    listed = next((found for name in _LISTS if isinstance(found := record.get(name), list)), None)
    if listed is None:
        yield record
        return
    about: Record = {name: record[name] for name in _OF if name in record}
    if text(record, "messageType") == "CONTROL_MESSAGE":
        about = {"logStream": "control"}
    for each in listed:
        yield {**about, **each} if isinstance(each, dict) else {"message": str(each)}


def _event(item: Found) -> Iterator[Found | Refused]:
    """The event that is in a record as text, else the record."""
    known = item.record
    properties = known.get("properties")
    places = (known, properties if isinstance(properties, dict) else {})
    inner = next((found for place in places for name in _TEXTS if (found := text(place, name))), None)
    if "auditID" in known or inner is None or of_another_log(known):
        yield item
        return
    for each in records(inner.encode("utf-8", "backslashreplace"), "items"):
        yield replace(each, repaired=True) if item.repaired and isinstance(each, Found) else each
