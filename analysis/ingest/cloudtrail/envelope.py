"""The envelope of events is what a delivery or a page says beside them.

That is where the list goes on, that it is not whole, or events elsewhere.

LookupEvents and GetQueryResults hand on a list in pages: each but the last has a `NextToken`, with which to ask for the
next. That one does not say of which it is the next, so that what can be told of several pages is whether any is a last
one. `NotWhole` is of no log of AWS: an export of a log that may not show every event says so under it.

Source: AWS CloudTrail API Reference, LookupEvents and GetQueryResults.
"""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Final

from analysis.ingest.cloudtrail.columns import tells
from analysis.ingest.reading import Page, Refused, Remark
from analysis.ingest.strict import Record

_NOT_WHOLE: Final = "NotWhole"
_NEXT: Final = "NextToken"
_LISTS: Final = ("Records", "Events", "QueryResultRows")
# What may stand beside a list of which nothing follows: how the query went, and what an SDK says of the answer.
_ABOUT: Final = {_NOT_WHOLE, "QueryStatus", "QueryStatistics", "ResponseMetadata"}
# Its list is never in pages.
_DELIVERED: Final = "Records"


def is_empty(record: Record) -> bool:
    """Whether it is a delivery or a page without any event where it belongs."""
    return any(
        record.get(name) == []
        and (_NEXT in record or record.keys() <= {name, *_ABOUT} or any(_elsewhere(record, name)))
        for name in _LISTS
    )


def envelopes(said: Sequence[Record], wrapper: str, position: int) -> Iterator[Refused | Remark | Page]:
    """What documents say besides their list, which is under `wrapper`; their events are before the `position`."""
    positions = count(position)
    for each in said:
        yield from (Refused(next(positions), reason) for reason in _elsewhere(each, wrapper))
        if why := each.get(_NOT_WHOLE):
            yield Remark(f"of a log that is not whole: {str(why)[:200]}", wanting=True)
    more = [bool(each.get(_NEXT)) for each in said]
    if any(more) or (more and wrapper != _DELIVERED):
        yield Page(all(more))


def _elsewhere(document: Record, wrapper: str) -> Iterator[str]:
    """Of each event that lies in another list, that it does."""
    for name, value in document.items():
        for each in value if isinstance(value, list) else ():
            if isinstance(each, dict) and tells(each):
                yield f"an event in the list {name[:40]!a}, which nobody writes: put it into {wrapper!a}"
