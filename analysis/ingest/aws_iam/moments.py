"""When things in a snapshot were made, changed or used; the snapshot itself mostly does not say when it was taken."""

from collections.abc import Iterator

from analysis.ingest.fields import needed, text
from analysis.ingest.instants import instant
from analysis.ingest.strict import Record, RecordError
from sim.audit.rows import UNKNOWN


def moment(record: Record, name: str) -> int:
    """The time under a name; UNKNOWN where there is none.

    Raises:
        RecordError: something else stands there.
    """
    written = text(record, name)
    if written is None:
        return UNKNOWN
    time = instant(written)
    if time is None:
        raise RecordError(f"{name} is no time: {written[:40]!a}")
    return time


def made_at(record: Record, name: str) -> int:
    """The time under a name that every record has, so that a snapshot mentions at least one.

    Raises:
        RecordError: there is none.
    """
    needed(record, name)
    return moment(record, name)


def latest(record: Record) -> int:
    """The latest instant that a record mentions under a key that ends in Date, at any depth; UNKNOWN where none."""
    return max(_mentioned(record), default=UNKNOWN)


def _mentioned(value: object) -> Iterator[int]:
    if isinstance(value, list):
        for each in value:
            yield from _mentioned(each)
    if isinstance(value, dict):
        for name, each in value.items():
            if name.endswith("Date") and isinstance(each, str):
                time = instant(each)
                if time is not None:
                    yield time
            else:
                yield from _mentioned(each)
