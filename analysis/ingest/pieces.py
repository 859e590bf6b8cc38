"""A log may be longer than memory: of one that is not small there is at hand what one record needs, and not more.

Where records end is found in a stretch of text that is longer than any of them may be (`LONGEST`). Only a document that
no such stretch tells apart, as a page with several lists, is read whole, up to `LIMIT`.
"""

import codecs
import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import BinaryIO, Final

# Bytes that are held whole; decoded, they take up to thirty times as much.
SMALL: Final = 16 * 2**20
# Characters of a record; one that is longer is refused.
LONGEST: Final = 16 * 2**20
# Bytes of one document that is read whole; a few kilobytes can unpack to terabytes.
LIMIT: Final = 256 * 2**20

# Bytes of memory that a value of one document takes once it is read, those that an object takes, and all of them may.
_VALUE: Final = 64
_OBJECT: Final = 192
_MOST: Final = 640 * 2**20

# How many bytes a file is recognised by.
_BEGINNING: Final = 64 * 2**10
_PIECE: Final = 2 * 2**20
# What unpacks returns at most this much at once, so no more than this is lost where the packed bytes are corrupt.
_UNPACKED: Final = 4096
_REMEDY: Final = "split it, or write a record a line"
_LINES: Final = re.compile(r"[^\n]*\n|[^\n]+")
_MARK: Final = "\ufeff"


class TooLargeError(Exception):
    """What can only be read whole is too large for that; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """What a file holds that is not small, unpacked: from its beginning, as often as it is asked for.

    A piece ends where a line does, unless that is longer than a piece. `opened` gives the bytes as they lie, maybe
    `packed` with gzip; `change` is made to each line. `troubles` are there once all was read.
    """

    opened: Callable[[], BinaryIO]
    packed: bool = False
    change: Callable[[bytes], bytes] = bytes
    troubles: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[bytes]:
        """One piece after the other."""
        rest, within = b"", False
        for piece in self._read():
            data = rest + piece
            end = (data.find(b"\n") if within else data.rfind(b"\n")) + 1 or len(data)
            yield data[:end] if within else self.change(data[:end])
            rest, within = data[end:], not data.endswith(b"\n", 0, end)
        if rest:
            yield self.change(rest)

    def _read(self) -> Iterator[bytes]:
        try:
            with self.opened() as lying:
                yield from self._unpacked(lying) if self.packed else iter(partial(lying.read, _PIECE), b"")
        except OSError as error:
            self.troubles.append(f"cannot be read to its end: {error.strerror or error}")

    def _unpacked(self, packed: BinaryIO) -> Iterator[bytes]:
        size, piece = 0, bytearray()
        try:
            with gzip.GzipFile(fileobj=packed) as stream:
                while part := stream.read1(_UNPACKED):
                    size += len(part)
                    piece += part
                    if len(piece) >= _PIECE:
                        yield bytes(piece)
                        piece.clear()
        except EOFError:
            self.troubles.append(f"gzip ends too early: {size:,} bytes could be unpacked")
        except (OSError, zlib.error) as error:
            self.troubles.append(f"gzip is damaged ({error}): {size:,} bytes could be unpacked")
        if piece:
            yield bytes(piece)


# What a file holds: all of it, or in pieces.
Text = bytes | Pieces


class Unchanged(io.RawIOBase):
    """The bytes of a file as they were when they were hashed: what was written behind them since is left out."""

    def __init__(self, lying: BinaryIO, size: int, sha256: str) -> None:
        """So many bytes were there, with this hash."""
        self._lying, self._left, self._sha256 = lying, size, sha256
        self._seen = hashlib.sha256()

    def readable(self) -> bool:
        """They are there to be read."""
        return True

    def close(self) -> None:
        """Close the file."""
        self._lying.close()
        super().close()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill a buffer, or as much of it as there are bytes left.

        Raises:
            OSError: at their end, where they are not what they were.
        """
        part = self._lying.read(min(len(buffer), self._left))
        self._seen.update(part)
        self._left -= len(part)
        if not part and self._seen.hexdigest() != self._sha256:
            raise OSError("it changed while it was read: ingest a copy of it")
        buffer[: len(part)] = part
        return len(part)


def begins(text: Text) -> bytes:
    """The first bytes, by which a file is recognised."""
    first = bytearray()
    for piece in (text,) if isinstance(text, bytes) else text:
        first += piece[:_BEGINNING]
        if len(first) >= _BEGINNING:
            break
    return bytes(first[:_BEGINNING])


def whole(text: Text) -> bytes:
    """All of it.

    Raises:
        TooLargeError: that is too much.
    """
    if isinstance(text, bytes):
        return text
    held, size = [], 0
    for piece in text:
        held.append(piece)
        size += len(piece)
        if size > LIMIT:
            raise TooLargeError(f"more than {LIMIT:,} bytes that can only be read as one: split it")
    return b"".join(held)


def document(text: Text) -> bytes:
    """All of it, to be decoded as one document.

    Raises:
        TooLargeError: that would take too much, for its length or because each few bytes of it are a value.
    """
    if isinstance(text, bytes):
        return text
    try:
        data = whole(text)
    except TooLargeError as error:
        raise TooLargeError(f"one document of more than {LIMIT:,} bytes: {_REMEDY}") from error
    # A comma or a bracket within a text counts as well: to be told from others it would have to be read.
    takes = _VALUE * (data.count(b",") + data.count(b"[")) + _OBJECT * data.count(b"{")
    if takes > _MOST:
        raise TooLargeError(f"one document that may take {takes / 2**20:,.0f} MB of memory: {_REMEDY}")
    return data


def damage(text: Text) -> str | None:
    """What was wrong with it, as far as it was read."""
    return None if isinstance(text, bytes) else next(iter(text.troubles), None)


def changed(text: Text, change: Callable[[bytes], bytes]) -> Text:
    """The same with a change made to each of its lines."""
    return change(text) if isinstance(text, bytes) else replace(text, change=change)


def characters(text: Text) -> Iterator[str]:
    """The text, without a byte order mark; what is no UTF-8 is let through until it is known in which record it is."""
    pieces: Iterable[bytes] = (text,) if isinstance(text, bytes) else text
    decoder, mark = codecs.getincrementaldecoder("utf-8")("surrogateescape"), _MARK
    for piece in pieces:
        part = decoder.decode(piece)
        yield part.removeprefix(mark)
        mark = "" if part else mark
    yield decoder.decode(b"", final=True)


def lines(text: Text) -> Iterator[str]:
    """Each line with its end; one that is longer than a record may be is cut off somewhere behind that length."""
    begun = ""
    for line in (line for piece in characters(text) for line in _LINES.findall(piece)):
        if len(begun) <= LONGEST:
            begun += line
        if line.endswith("\n"):
            yield begun
            begun = ""
    if begun:
        yield begun
