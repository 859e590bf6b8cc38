"""Whoever hands events on may put many into one record, or each as text into a record of its own."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from analysis.ingest.fields import first_text, text
from analysis.ingest.pieces import Text, begins, changed
from analysis.ingest.reading import Found, Refused, records
from analysis.ingest.source import LINE
from analysis.ingest.strict import Envelope, Record

# Lists: of a webhook (EventList), a subscription to CloudWatch Logs, its FilterLogEvents, and Azure Monitor.
_LISTS: Final = ("items", "logEvents", "events", "records")
# Texts: of CloudWatch Logs and its Insights, and of whatever collects the lines of containers.
_TEXTS: Final = ("message", "@message", "log")
# Which log a record is of, where several lie side by side.
OF: Final = ("logStream", "logStreamName", "category")
# What CloudWatch Logs exports to S3 has the time before each line, and what container runtimes keep the stream as well.
_DATED: Final = re.compile(
    rb"^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)(?: (?:stdout|stderr) F)? (?=\{)", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Wrappings:
    """How events of one kind may be wrapped.

    An event has the key `own`, and no record that it is wrapped in has. Under a key of `within` may lie the record
    itself, under one of `lists` many, under one of `texts` the event as text. `another` says of a record whether it is
    of another log; then it stays as it is.
    """

    own: str
    within: tuple[str, ...] = ()
    lists: tuple[str, ...] = _LISTS
    texts: tuple[str, ...] = _TEXTS
    another: Callable[[Record], bool] = lambda _: False

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that an event may lie under, or behind a time in a line."""
        return (*self.within, *self.lists, *self.texts, LINE)

    def unwrapped(self, data: Text, envelope: Envelope | None = None) -> Iterator[Found | Refused]:
        """Each event of a file, whatever it lies in, or why it could not be read; `envelope` as `records` has it."""
        plain = changed(data, partial(_DATED.sub, b"")) if _DATED.match(begins(data)) else data
        for position, item in enumerate(self._events(records(plain, self.lists[0], envelope))):
            yield replace(item, position=position)

    def _events(self, found: Iterable[Found | Refused]) -> Iterator[Found | Refused]:
        for item in found:
            if isinstance(item, Refused) or self.own in item.record:
                yield item
            else:
                for member in _members(self._inner(item.record), self.lists):
                    yield from self._event(replace(item, record=self._inner(member)))

    def _inner(self, record: Record) -> Record:
        """The record that lies in another, if one does."""
        if self.own in record:
            return record
        return next((found for name in self.within if isinstance(found := record.get(name), dict)), record)

    def _event(self, item: Found) -> Iterator[Found | Refused]:
        """The event that is in a record as text, else the record."""
        known = item.record
        properties = known.get("properties")
        places = (known, properties if isinstance(properties, dict) else {})
        inner = next((found for place in places if (found := first_text(place, *self.texts))), None)
        if self.own in known or inner is None or self.another(known):
            yield item
            return
        for each in records(inner.encode("utf-8", "backslashreplace"), self.lists[0]):
            yield replace(each, repaired=True) if item.repaired and isinstance(each, Found) else each


def _members(record: Record, lists: Iterable[str]) -> Iterator[Record]:
    """What is in the record's list, each told which log it is of; the record itself if it has none."""
    listed = next((found for name in lists if isinstance(found := record.get(name), list)), None)
    if listed is None:
        yield record
        return
    about: Record = {name: record[name] for name in OF if name in record}
    if text(record, "messageType") == "CONTROL_MESSAGE":
        about = {"logStream": "control"}
    for each in listed:
        yield {**about, **each} if isinstance(each, dict) else {"message": str(each)}
