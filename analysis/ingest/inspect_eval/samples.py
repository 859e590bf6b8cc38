"""An event says neither of which sample it is nor what begins and ends with it: its sample does."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from analysis.ingest.fields import text
from analysis.ingest.reading import Found, Refused
from analysis.ingest.strict import Record, kind_of

# What is known of an event beside what it says itself.
GIVEN: Final = "given"


def spread(items: Iterable[Found | Refused]) -> Iterator[Found | Refused]:
    """The events of each sample, and whatever is none; numbered as they come in the file."""
    pairs = ((each, event) for each in items for event in _events_of(each))
    for position, (item, event) in enumerate(pairs):
        if isinstance(item, Refused):
            yield Refused(position, item.reason)
        elif not isinstance(event, dict):
            yield Refused(position, f"a record is an object, this is {kind_of(event)}")
        else:
            yield Found(position, event, item.repaired)


def _events_of(item: Found | Refused) -> Iterator[object]:
    """The events of a sample, each with what the sample tells of it; anything else as it is."""
    events = None if isinstance(item, Refused) else item.record.get("events")
    if isinstance(item, Refused) or not isinstance(events, list) or not events:
        yield None if isinstance(item, Refused) else item.record
        return
    sample = _Sample(_name(item.record, events[0]))
    yield from ({**each, GIVEN: sample.tells(each)} if isinstance(each, dict) else each for each in events)


@dataclass(slots=True)
class _Sample:
    """A sample, and what went by in it so far."""

    name: str
    over: bool = False
    spans: dict[str, str] = field(default_factory=dict)

    def tells(self, event: Record) -> Record:
        """The task of an event, what that is within, and whether the sample ends with it."""
        kind = event.get("event")
        ends = not self.over and (kind in ("sample_limit", "error") or _is_final(event))
        self.over = self.over or ends
        if kind == "span_begin":
            return self._begun(event)
        span = event.get("id") if kind == "span_end" else event.get("span_id")
        return {"task": self.spans.get(f"{span}", self.name), "sample": self.name, "ends": ends}

    def _begun(self, span: Record) -> Record:
        """A span is an agent's own, or belongs to the task that its parent does."""
        within, id_ = self.spans.get(f"{span.get('parent_id')}", self.name), f"{span.get('id')}"
        task = f"{self.name}/{id_}" if span.get("type") == "agent" else within
        self.spans[id_] = task
        return {"task": task, "within": within, "sample": self.name}


def _is_final(event: Record) -> bool:
    return event.get("event") == "score" and event.get("intermediate") is not True


def _name(sample: Record, first: object) -> str:
    """The id of a sample, else its number, its epoch and the time at which it began."""
    began = text(first, "timestamp") if isinstance(first, dict) else None
    return text(sample, "uuid") or f"{text(sample, 'id')}/{text(sample, 'epoch')} {began}"
