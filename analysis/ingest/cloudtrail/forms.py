"""The forms in which people have events of CloudTrail; in each of them an event is the same, as far as it is told."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import count
from typing import Final

from analysis.ingest import sheets
from analysis.ingest.cloudtrail import columns
from analysis.ingest.cloudtrail.envelope import LISTS, Envelopes, is_unanswered
from analysis.ingest.fields import text
from analysis.ingest.pieces import Text, begins, document
from analysis.ingest.reading import Found, Page, Refused, Remark, records
from analysis.ingest.source import LINE
from analysis.ingest.strict import Record, RecordError, records_in
from analysis.ingest.wrappings import Wrappings

_JSON: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*[{\[]")
# A page of LookupEvents, and one of GetQueryResults, whose list comes behind how the query went.
_LOOKS: Final = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"Events"\s*:\s*\[')
_QUERIED: Final = re.compile(
    rb'\A(?:\xef\xbb\xbf)?\s*\{(?:\s*"Query(?:Status|Statistics)"\s*:\s*(?:"[^"]*"|\{[^{}]*\})\s*,)*'
    rb'\s*"QueryResultRows"\s*:\s*(?=\[)'
)
_DELIVERED, _LOOKED_UP, _ROWS = LISTS
# Every event has it, and nothing that an event is wrapped in.
_OWN: Final = "eventName"
# EventBridge sends an event as a detail, and CloudWatch Logs many in a list.
_WITHIN: Final = ("detail",)
_LISTS: Final = ("logEvents", "events")
# All that events may lie under.
UNDER: Final = (
    *LISTS, *_LISTS, *_WITHIN, LINE, *columns.columns()["whole"], "log",
)  # fmt: skip
# The stages (`Observed.stage`) of what LookupEvents hands on, and of what a column of a table holds.
_HANDED_ON: Final = -1
_HELD: Final = -2
_OF_TABLES: Final = ("userIdentity", "requestParameters", "responseElements", "resources")


def events(data: Text) -> Iterator[Found | Refused | Remark | Page]:
    """Each event of a file, whatever it lies in, or why it could not be read."""
    under = None if _JSON.match(begins(data)) else sheets.header(data, columns.recognisable)
    if under is None:
        yield from _in_json(data)
        return
    lacking = columns.lacking(under.names)
    for item in sheets.rows(data, under):
        wanting = Refused(item.position, f"the first line names no column {lacking}: mend it") if lacking else None
        yield wanting or (item if isinstance(item, Refused) else _row(item, item.record))
    if strange := columns.strange(under.names):
        yield Remark(f"columns that hold nothing of an event: {', '.join(f'{name[:40]!a}' for name in strange)}")


def _in_json(data: Text) -> Iterator[Found | Refused | Remark | Page]:
    said, positions, regions = Envelopes(), count(), set[str]()
    for item in _items(data, said):
        if isinstance(item, Found) and (region := text(item.record, "awsRegion")):
            regions.add(region)
        yield replace(item, position=next(positions))
    yield from said.told(next(positions), regions)


def _items(data: Text, said: Envelopes) -> Iterator[Found | Refused]:
    """Each event of a text in JSON; what stands around them is told."""
    first = begins(data)
    if queried := _QUERIED.match(first):
        rows = _QUERIED.sub(b'{"QueryResultRows":', document(data), count=1)
        for item in records(rows, _ROWS, said.of(_ROWS)):
            yield from _told(item, _ROWS, said)
        said.add(queried[0].decode("utf-8-sig") + "[]}")
        return
    wrapper = _LOOKED_UP if _LOOKS.match(first) else _DELIVERED
    for item in Wrappings(_OWN, within=_WITHIN, lists=(wrapper, *_LISTS)).unwrapped(data, said.of(wrapper)):
        yield from _told(item, wrapper, said)


def _told(item: Found | Refused, wrapper: str, said: Envelopes) -> Iterator[Found | Refused]:
    """The event in what was found in such a list, or the events, where that is a page that has its list elsewhere."""
    if isinstance(item, Refused):
        yield item
    elif is_unanswered(item.record):
        said.of("")(item.record)
    elif _OWN not in item.record and (other := next(filter(_list_in(item.record), LISTS[1:]), None)):
        for each in records_in(item.record, other, said.of(other)):
            yield from _told(_found(item, each), other, said)
    else:
        yield _row(item, item.record) if wrapper == _ROWS else _event(item)


def _list_in(record: Record) -> Callable[[str], bool]:
    return lambda name: isinstance(record.get(name), list)


def _found(item: Found, read: Record | RecordError) -> Found | Refused:
    return Refused(0, str(read)) if isinstance(read, RecordError) else replace(item, record=read)


def _event(item: Found) -> Found | Refused:
    """The event in what was found: what it is itself, or what a row tells."""
    if _OWN in item.record and not any(isinstance(item.record.get(name), str) for name in _OF_TABLES):
        return item
    return _row(item, item.record)


def _row(item: Found, row: Mapping[str, object]) -> Found | Refused:
    """What a row tells: the event itself where a column holds it, else what the columns do."""
    held = columns.whole(row)
    if held is not None:
        return _held(item, held, _HANDED_ON if "CloudTrailEvent" in row else _HELD)
    try:
        read = columns.record(row)
    except RecordError as error:
        return Refused(item.position, str(error))
    return replace(item, record=read or item.record, stage=columns.richness(row))


def _held(item: Found, held: str, stage: int) -> Found | Refused:
    found = [*records(held.encode("utf-8", "backslashreplace"), "Records")]
    if len(found) != 1:
        return Refused(item.position, f"where an event belongs there are {len(found)}")
    [each] = found
    if isinstance(each, Refused):
        return Refused(item.position, f"the event in it: {each.reason}")
    return replace(each, position=item.position, repaired=each.repaired or item.repaired, stage=stage)
