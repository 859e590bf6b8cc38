"""Records by the thousand: what a source says of each of them it may say of many at once, as columns.

That must change nothing. Whatever a fast parser might read otherwise than `strict` does is a doubt, and what is in
doubt is read record by record: a key that stands twice, a number that is too large, bytes that are no UTF-8, text that
no database stores.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from sim.audit.columns import Columns

Value = TypeVar("Value")

# What a fast parser raises, and code that does not find what is usually there.
DOUBTS: Final = (
    msgspec.MsgspecError, RecursionError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError,
)  # fmt: skip
# How many different pieces are remembered: what stands in many records is read once.
_MANY: Final = 1 << 13
# Pieces of more bytes are not remembered, so that nobody can fill the memory with them.
_LONGEST: Final = 1 << 12
_QUOTE_AND_COLON: Final = int.from_bytes(b'":', "little")
_COLON: Final = ord(":")
_SPACE: Final = ord(" ")
# An even number of bytes.
_BLOCK: Final = 1 << 17
_APART: Final = re.compile(rb'"[ \t\r\n]+:')
_ENDS: Final = re.compile(rb"\]\s*\}\s*\Z")
# How much white space may follow the end.
_TAIL: Final = 64
# Characters written by their number: they may be quotes or colons, or what no database stores.
_BY_NUMBER: Final = re.compile(rb"\\u(?:00|[dD][89a-fA-F])")


class DoubtError(Exception):
    """These records cannot be told many at once."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What records told of, one event each, as columns of `observed`."""

    columns: Columns

    @property
    def size(self) -> int:
        """How many there are."""
        return len(next(iter(self.columns.values())))


def begins_as_one(data: bytes, wrapper: str) -> bool:
    """Whether a text begins with the list under one key that it may consist of."""
    return _opens(data, wrapper) is not None


def listed(data: bytes, wrapper: str) -> memoryview | None:
    """The list that a text consists of, under one key; None where it is something else."""
    begins, ends = _beginning(data, wrapper), _ENDS.search(data, max(0, len(data) - _TAIL))
    return memoryview(data)[begins : ends.start() + 1] if begins is not None and ends else None


def split(data: bytes, wrapper: str) -> list[msgspec.Raw]:
    """The records of a text that is nothing but a list of them under one key, each as it stands there.

    Raises:
        DoubtError: it is something else, or unsound.
    """
    begins = _beginning(data, wrapper)
    if begins is None or data.find(f'"{wrapper}"'.encode(), begins) >= 0:
        raise DoubtError
    try:
        document = msgspec.json.decode(data, type=dict[str, list[msgspec.Raw]])
    except DOUBTS as error:
        raise DoubtError from error
    if len(document) != 1:
        raise DoubtError
    return document[wrapper]


def once_each(read: bytes | memoryview, written: bytes) -> bool:
    """Whether no key of a text stood twice in one object; `written` is what was read of it, written anew.

    A key that stood twice is written once, so that there are fewer keys than before. A key ends in a quote and a colon.
    So do other places, where a string begins with a colon or has a quote before one, but of these both texts have the
    same number unless something was left out.
    """
    return _keys(read) == _keys(written) and not _has_space_before_colons(read)


def _keys(text: bytes | memoryview) -> int:
    """How often a colon stands behind a quote."""
    return sum(_pairs(block) + _pairs(block[1:]) for block in _blocks(text))


class Memory(Generic[Value]):
    """What pieces of records mean, found out once for each that is different, and forgotten when there are too many."""

    def __init__(self, meaning: Callable[[bytes], Value]) -> None:
        """Begin with nothing known."""
        self._known: dict[bytes, Value] = {}
        self._meaning = meaning

    def __call__(self, piece: bytes) -> Value:
        """What a piece means."""
        if len(piece) > _LONGEST:
            return self._meaning(piece)
        found = self._known.get(piece)
        if found is None:
            if len(self._known) >= _MANY:
                self._known.clear()
            found = self._known[piece] = self._meaning(piece)
        return found


def _beginning(data: bytes, wrapper: str) -> int | None:
    """Where the list under a key opens; None where a text does not begin so, or has characters by their number."""
    begins = _opens(data, wrapper)
    numbered = b"\\" in data and _BY_NUMBER.search(data) is not None
    return None if begins is None or numbered else begins.end() - 1


def _opens(data: bytes, wrapper: str) -> re.Match[bytes] | None:
    return re.match(rf'\s*\{{\s*"{wrapper}"\s*:\s*\['.encode(), data)


def _pairs(octets: NDArray[np.uint8]) -> int:
    """How many bytes, taken two by two, are a quote and a colon."""
    return int(np.count_nonzero(octets[: len(octets) // 2 * 2].view("<u2") == _QUOTE_AND_COLON))


def _has_space_before_colons(text: bytes | memoryview) -> bool:
    suspect = any(((block[1:] == _COLON) & (block[:-1] <= _SPACE)).any() for block in _blocks(text))
    return suspect and _APART.search(text) is not None


def _blocks(text: bytes | memoryview) -> Iterator[NDArray[np.uint8]]:
    """A text in pieces that fit into a processor's cache; each begins with the last byte of the one before."""
    octets = np.frombuffer(text, dtype=np.uint8)
    return (octets[at : at + _BLOCK + 1] for at in range(0, len(octets) - 1, _BLOCK))
