"""The envelope of events is what a delivery or a page says beside them.

That is where the list goes on, that it is not whole, or events elsewhere.

LookupEvents and GetQueryResults hand on a list in pages: each but the last has a `NextToken`, with which to ask for the
next. That one does not say of which it is the next, so that what can be told of several pages is whether any is a last
one of the same list, as far as that is told: of one region, in which LookupEvents looks, or of a query, by what it
scanned and found. A file holds pages in their order. A query answers without rows until it has finished, and where it
never does. `NotWhole` is of no log of AWS: an export of a log that may not show every event says so under it.

Source: AWS CloudTrail API Reference, LookupEvents, GetQueryResults and DescribeQuery.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from analysis.ingest.cloudtrail.columns import tells
from analysis.ingest.reading import Page, Refused, Remark
from analysis.ingest.strict import BROKEN, Envelope, Record, decoded

_NOT_WHOLE: Final = "NotWhole"
_NEXT: Final = "NextToken"
# Of deliveries, which are never in pages, of events looked up, and of rows of a query.
LISTS: Final = ("Records", "Events", "QueryResultRows")
_DELIVERED, _LOOKED_UP, _ROWS = LISTS
_STATUS: Final = "QueryStatus"
_DONE: Final = "FINISHED"
_STATUSES: Final = (_DONE, "QUEUED", "RUNNING", "FAILED", "CANCELLED", "TIMED_OUT")
_FOUND: Final = ("TotalResultsCount", "BytesScanned")
# What may stand beside a list of which nothing follows: how the query went, and what an SDK says of the answer.
_ABOUT: Final = {_NOT_WHOLE, _STATUS, "QueryStatistics", "ErrorMessage", "ResponseMetadata"}


def is_empty(record: Record) -> bool:
    """Whether it is a delivery or a page without any event where it belongs, or a query that has no answer."""
    return is_unanswered(record) or any(
        name in record
        and record[name] in ([], None)
        and (_NEXT in record or record.keys() <= {name, *_ABOUT} or any(_elsewhere(record, name)))
        for name in LISTS
    )


def is_unanswered(record: Record) -> bool:
    """Whether it says how a query goes, and has no place for what that found."""
    return record.get(_STATUS) in _STATUSES and _ROWS not in record


@dataclass(frozen=True, slots=True)
class Envelopes:
    """What documents say besides their lists: under which key each has it, and the rest."""

    said: list[tuple[str, Record]] = field(default_factory=list)

    def of(self, wrapper: str) -> Envelope:
        """Who is told of documents whose list is under this key."""
        return lambda document: self.said.append((wrapper, document))

    def add(self, text: str) -> None:
        """Tell more of the first of them."""
        more: object = None
        with suppress(*BROKEN):
            more = decoded(text)
        if self.said and isinstance(more, dict):
            wrapper, first = self.said[0]
            self.said[0] = wrapper, {**more, **first}

    def told(self, position: int, regions: AbstractSet[str]) -> Iterator[Refused | Remark | Page]:
        """What that is; their events, of these regions, are before the `position`."""
        positions, pages = count(position), dict[str, list[bool]]()
        for wrapper, each in self.said:
            yield from (Refused(next(positions), reason) for reason in _elsewhere(each, wrapper))
            yield from (Remark(why, wanting=True) for why in _wanting(each, wrapper))
            if wrapper and (wrapper != _DELIVERED or each.get(_NEXT)):
                pages.setdefault(_list(wrapper, each, regions), []).append(bool(each.get(_NEXT)))
        for name, more in pages.items():
            # Of each region's list one is the last.
            few = name.startswith(_LOOKED_UP) and any(more) and more.count(False) < len(regions)
            yield Page(more[-1] or few, name)


def _wanting(document: Record, wrapper: str) -> Iterator[str]:
    """Why events may be missing in it."""
    if why := document.get(_NOT_WHOLE):
        yield f"of a log that is not whole: {str(why)[:200]}"
    status = document.get(_STATUS)
    if status is not None and status != _DONE:
        yield f"results of a query that is {str(status)[:40]}: ask again once it has {_DONE}, or run it again"
    elif not wrapper:
        yield f"a query that has {_DONE}, without its results: ask for these"


def _list(wrapper: str, document: Record, regions: AbstractSet[str]) -> str:
    """Which list a page is of, as far as that is told; no word of one begins that of another."""
    about = document.get("QueryStatistics")
    told = [about[name] for name in _FOUND] if isinstance(about, dict) and about.keys() >= {*_FOUND} else []
    if wrapper == _LOOKED_UP and len(regions) == 1:
        told = [*regions]
    return " ".join(map(str, (wrapper, *told, "")))


def _elsewhere(document: Record, wrapper: str) -> Iterator[str]:
    """Of each event that lies elsewhere, however deep, that it does."""
    for name, value in document.items():
        for _ in _events(value):
            yield f"an event under {name[:40]!a}, where nobody writes any: put it into {wrapper!a}"


def _events(value: object) -> Iterator[Record]:
    """The events in what a document says besides its list."""
    within = [value]
    while within:
        each = within.pop()
        if isinstance(each, str) and each.lstrip().startswith(("{", "[")):
            with suppress(*BROKEN):
                within.append(decoded(each))
        elif isinstance(each, dict) and tells(each):
            yield each
        elif isinstance(each, dict | list):
            within += each.values() if isinstance(each, dict) else each
