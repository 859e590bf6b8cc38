"""Audit records come as JSON: one document with a list of them, a bare list, one a line, or several of these in a row.

A text that is one sound document is parsed at once; any other is salvaged.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.ingest.salvage import salvaged
from analysis.ingest.strict import (
    BROKEN,
    Record,
    RecordError,
    decoded,
    may_be_unstorable,
    records_in,
    written_out,
)


@dataclass(frozen=True, slots=True)
class Found:
    """A record and its position in the file, from 0.

    `repaired` where text held what no database stores, a NUL or half a surrogate pair: it is written out instead.
    `stage` is that of the events it tells of (`Observed.stage`), where it hangs on what the record lies in. `beside` is
    what others in the file tell of it: it is translated with that, and has the same content without.
    """

    position: int
    record: Record
    repaired: bool = False
    stage: int | None = None
    beside: Record | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that could not be read, its position in the file, from 0, and why."""

    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What a reader should know of a file besides its records: what in it was left out, and why."""

    text: str


def records(data: bytes, wrapper: str) -> Iterator[Found | Refused]:
    """Each record of a file, or why it could not be read; `wrapper` is the key under which a list of them may lie."""
    text = data.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    suspect = may_be_unstorable(text)
    for position, item in enumerate(_items(text, wrapper)):
        if isinstance(item, RecordError):
            yield Refused(position, str(item))
        elif suspect:
            yield storable(position, item)
        else:
            yield Found(position, item)


def _items(text: str, wrapper: str) -> Iterator[Record | RecordError]:
    try:
        whole = decoded(text)
    except BROKEN:
        yield from salvaged(text, wrapper)
    else:
        yield from records_in(whole, wrapper)


def storable(position: int, read: Record) -> Found | Refused:
    """The record as a database can store it."""
    try:
        repaired = {name: written_out(value) for name, value in read.items()}
    except RecursionError:
        return Refused(position, "nested too deeply")
    return Found(position, repaired, repaired != read)
