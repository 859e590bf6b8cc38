"""The forms in which people have events of CloudTrail; in each of them an event is the same, as far as it is told."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from analysis.ingest import sheets
from analysis.ingest.cloudtrail import columns
from analysis.ingest.cloudtrail.envelope import envelopes
from analysis.ingest.pieces import Text, begins, document
from analysis.ingest.reading import Found, Page, Refused, Remark, records
from analysis.ingest.source import LINE
from analysis.ingest.strict import Record, RecordError
from analysis.ingest.wrappings import Wrappings

_JSON: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*[{\[]")
# A page of LookupEvents, and one of GetQueryResults, whose list comes behind how the query went.
_LOOKED_UP: Final = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"Events"\s*:\s*\[')
_QUERIED: Final = re.compile(
    rb'\A(?:\xef\xbb\xbf)?\s*\{(?:\s*"Query(?:Status|Statistics)"\s*:\s*(?:"[^"]*"|\{[^{}]*\})\s*,)*'
    rb'\s*"QueryResultRows"\s*:\s*(?=\[)'
)
_UNFINISHED: Final = re.compile(rb'"QueryStatus"\s*:\s*"(?!FINISHED")(\w{1,40})')
_ROWS: Final = "QueryResultRows"
# Every event has it, and nothing that an event is wrapped in.
_OWN: Final = "eventName"
# EventBridge sends an event as a detail, and CloudWatch Logs many in a list.
_WITHIN: Final = ("detail",)
_LISTS: Final = ("logEvents", "events")
# All that events may lie under.
UNDER: Final = (
    "Records", "Events", _ROWS, *_LISTS, *_WITHIN, LINE, *columns.columns()["whole"], "log",
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
    first, said, read = begins(data), list[Record](), 0
    queried = _QUERIED.match(first)
    if queried and (status := _UNFINISHED.search(queried[0])):
        yield Remark(f"results of a query that is {status[1].decode()}: ask again once it has FINISHED", wanting=True)
    wrapper = _ROWS if queried else "Events" if _LOOKED_UP.match(first) else "Records"
    if queried:
        items = records(_QUERIED.sub(b'{"QueryResultRows":', document(data), count=1), _ROWS, said.append)
    else:
        items = Wrappings(_OWN, within=_WITHIN, lists=(wrapper, *_LISTS)).unwrapped(data, said.append)
    for item in items:
        read += 1
        yield _row(item, item.record) if queried and isinstance(item, Found) else _event(item)
    yield from envelopes(said, wrapper, read)


def _event(item: Found | Refused) -> Found | Refused:
    """The event in what was found: what it is itself, or what a row tells."""
    if isinstance(item, Refused):
        return item
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
