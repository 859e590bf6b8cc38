"""JSON as everybody reads it: what parsers read differently, a key twice, NaN, a number too large, is refused."""

import csv
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NoReturn

import duckdb

Record = dict[str, object]
# Who is told of the envelope of a document: what that says beside the list that its records lie in.
Envelope = Callable[[Record], None]

# What decoding a broken text raises.
BROKEN: Final = (ValueError, RecursionError)

# What code raises that meets a case nobody thought of.
DEFECTS: Final = (
    ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError, RuntimeError, TypeError, ValueError,
    csv.Error, duckdb.Error,
)  # fmt: skip

_UNSTORABLE: Final = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


class RecordError(Exception):
    """A record is not kept; the message says why, in words that its reader can act on."""


def decoded(piece: str) -> object:
    """The value that a text of JSON holds.

    Raises:
        ValueError: it is no JSON, or no UTF-8.
        RecursionError: it is nested too deeply.
    """
    piece.encode()  # fails on bytes that were not UTF-8: they were let through to find the record that they are in
    return _DECODER.decode(piece)


def is_sound(text: str) -> bool:
    """Whether it is JSON, all of it."""
    try:
        decoded(text)
    except BROKEN:
        return False
    return True


def decoded_within(text: str) -> object:
    """The value that a text within a record is, as a database can store it.

    Raises:
        ValueError: it is no JSON.
        RecursionError: it is nested too deeply.
    """
    value = decoded(text)
    return written_out(value) if may_be_unstorable(text) else value


def may_be_unstorable(text: str) -> bool:
    """Whether a text in JSON may name what no database stores: a NUL, or half of a surrogate pair."""
    return _UNSTORABLE.search(text) is not None


def written_out(value: object) -> object:
    """The same value, with each NUL and each half of a surrogate pair as the escape that a reader would type.

    Raises:
        RecursionError: it is nested too deeply.
    """
    if isinstance(value, str):
        return value.replace("\0", "\\x00").encode("utf-8", "backslashreplace").decode()
    if isinstance(value, list):
        return [written_out(each) for each in value]
    if isinstance(value, dict):
        return {name: written_out(each) for name, each in value.items()}
    return value


def decoded_at(text: str, at: int) -> tuple[object, int]:
    """The value that begins there in a text, and where it ends.

    Raises:
        ValueError: none begins there.
        RecursionError: it is nested too deeply.
    """
    return _DECODER.raw_decode(text, at)


def record(value: object) -> Record | RecordError:
    """A value as a record: it is an object, or a list of its cells, each an object with one key."""
    if isinstance(value, list) and value and all(isinstance(cell, dict) and len(cell) == 1 for cell in value):
        try:
            return _once_each(pair for cell in value for pair in cell.items())
        except ValueError as error:
            return RecordError(str(error))
    return value if isinstance(value, dict) else RecordError(f"a record is an object, this is {kind_of(value)}")


def records_in(document: object, wrapper: str, envelope: Envelope | None = None) -> Iterator[Record | RecordError]:
    """The records of a document: those in its list, be that bare or under the key `wrapper`, or the one that it is."""
    if envelope and isinstance(document, dict) and wrapper in document:
        envelope({name: value for name, value in document.items() if name != wrapper})
    members = document.get(wrapper, [document]) if isinstance(document, dict) else document
    if isinstance(document, dict) and not isinstance(members, list):
        yield RecordError(f"{wrapper} is {kind_of(members)}, not a list")
    else:
        yield from map(record, members if isinstance(members, list) else [document])


def record_error(error: Exception, at: int) -> RecordError:
    """What is wrong with the text that begins there, and where."""
    match error:
        case json.JSONDecodeError():
            return RecordError(f"not JSON at character {at + error.pos:,}: {error.msg}")
        case UnicodeEncodeError():
            return RecordError(f"not UTF-8 at character {at + error.start:,}")
        case RecursionError():
            return RecordError(f"nested too deeply at character {at:,}")
    return RecordError(f"from character {at:,}: {error}")


def kind_of(value: object) -> str:
    """What JSON calls a value."""
    words = {dict: "an object", list: "a list", str: "text", bool: "a truth value", type(None): "null"}
    return words.get(type(value), "a number")


def _once_each(pairs: Iterable[tuple[str, object]]) -> Record:
    members: Record = {}
    for name, value in pairs:
        if name in members:
            raise ValueError(f"the key {name[:40]!a} stands twice in one object")
        members[name] = value
    return members


def _finite(number: str) -> float:
    value = float(number)
    if math.isinf(value):
        raise ValueError(f"the number {number[:40]} is too large")
    return value


def _constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_once_each, parse_float=_finite, parse_constant=_constant)
