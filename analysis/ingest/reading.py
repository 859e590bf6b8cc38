"""Audit records come as JSON: one document with a list of them, a bare list, one a line, or several of these in a row.

A text that is one sound document is parsed at once; any other is salvaged, and so is what is not small.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from analysis.ingest.pieces import LONGEST, Pieces, Text, TooLargeError, characters, document
from analysis.ingest.salvage import divisible, in_rows, salvaged
from analysis.ingest.strict import (
    BROKEN,
    Envelope,
    Record,
    RecordError,
    decoded,
    may_be_unstorable,
    records_in,
    written_out,
)

# Of the characters that say what no database stores, all but one: so many may stand in the part before.
_CUT: Final = 5


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
    """What a reader should know of a file besides its records: what in it was left out, and why.

    `wanting` where that may be records: then nobody believes that the log is whole.
    """

    text: str
    wanting: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """That a file is a page of a list, which goes on in another one (`more`) or ends here.

    `of_list` tells lists apart: one may be another whose word begins with its own, or the other way round.
    """

    more: bool
    of_list: str = ""


def records(data: Text, wrapper: str, envelope: Envelope | None = None) -> Iterator[Found | Refused]:
    """Each record of a file, or why it could not be read; `wrapper` is the key under which a list of them may lie.

    Documents with such a list may lie in a list themselves. `envelope` is told of each what it says besides.

    Raises:
        TooLargeError: it is one document, and too large for that.
    """
    watch = _Watch()
    items = _unfolded(_items(data, wrapper, watch, envelope), wrapper, envelope)
    for position, item in enumerate(items):
        if isinstance(item, RecordError):
            yield Refused(position, str(item))
        elif watch.suspects:
            yield storable(position, item)
        else:
            yield Found(position, item)


class _Watch:
    """Whether a text, as far as it went by, may hold what no database stores."""

    suspects = False

    def over(self, parts: Iterable[str]) -> Iterator[str]:
        """The same parts."""
        end = ""
        for part in parts:
            self.look_at(end + part[:_CUT])
            self.look_at(part)
            end = (end + part[-_CUT:])[-_CUT:]
            yield part

    def look_at(self, part: str) -> None:
        """See whether there is any."""
        self.suspects = self.suspects or may_be_unstorable(part)


def _items(data: Text, wrapper: str, watch: _Watch, envelope: Envelope | None) -> Iterator[Record | RecordError]:
    text = _at_once(data, wrapper)
    if text is None:
        return salvaged(watch.over(characters(data)), wrapper, envelope)
    watch.look_at(text)
    try:
        return records_in(decoded(text), wrapper, envelope)
    except BROKEN:
        return salvaged([text] if isinstance(data, bytes) else characters(data), wrapper, envelope)


def _unfolded(
    items: Iterable[Record | RecordError], wrapper: str, envelope: Envelope | None
) -> Iterator[Record | RecordError]:
    """The same, and what is in a document that lay in a list."""
    for item in items:
        if isinstance(item, dict) and isinstance(item.get(wrapper), list):
            yield from records_in(item, wrapper, envelope)
        else:
            yield item


def _at_once(data: Text, wrapper: str) -> str | None:
    """The text, if it is small, or may be one document; None where its records are told apart as it comes.

    Raises:
        TooLargeError: it is one document, and too large for that.
    """
    if isinstance(data, bytes):
        return _decoded(data)
    stretch = _stretch(data)
    if divisible(stretch, wrapper):
        return None
    try:
        return _decoded(document(data))
    except TooLargeError:
        if not in_rows(stretch):
            raise
        # Its first line is damaged.
        return None


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape").removeprefix("\ufeff")


def _stretch(data: Pieces) -> str:
    """As much of a text, from its beginning, as a record may be long."""
    parts, size = [], 0
    for part in characters(data):
        parts.append(part)
        size += len(part)
        if size >= LONGEST:
            break
    return "".join(parts)


def storable(position: int, read: Record) -> Found | Refused:
    """The record as a database can store it."""
    try:
        repaired = {name: written_out(value) for name, value in read.items()}
    except RecursionError:
        return Refused(position, "nested too deeply")
    return Found(position, repaired, repaired != read)
