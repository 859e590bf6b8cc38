"""Nobody guarantees the type of a field: an exporter may write an object as text, a flag as 'true', a list as null."""

import json
from typing import Final

from analysis.ingest.canonical import canonical, number
from analysis.ingest.instants import instant
from analysis.ingest.strict import BROKEN, Record, RecordError, decoded_within, kind_of
from sim.audit.rows import UNKNOWN

_FLAGS: Final = {"true": True, "false": False}


def part(record: Record, name: str) -> Record:
    """The object under a name; empty where there is none.

    Raises:
        RecordError: something else stands there, so that what it should say cannot be known.
    """
    value = record.get(name)
    if value is None:
        return {}
    if isinstance(value, dict):
        return value
    raise RecordError(f"{name} is {kind_of(value)} where an object belongs")


def text(record: Record, name: str) -> str | None:
    """The text under a name, None where there is none or an empty one; anything else as its JSON."""
    value = record.get(name)
    if isinstance(value, str):
        return value or None
    return None if value is None else json.dumps(value, sort_keys=True)


def first_text(record: Record, *names: str) -> str | None:
    """The text under the first of these names that has one."""
    return next((found for name in names if (found := text(record, name))), None)


def needed(record: Record, name: str) -> str:
    """The text under a name that every record of this kind has.

    Raises:
        RecordError: it is not there.
    """
    value = text(record, name)
    if value is None:
        raise RecordError(f"no {name}")
    return value


def moment(record: Record, *names: str) -> int:
    """The time under the first of these names that is there, in microseconds UTC.

    Raises:
        RecordError: none is there, or it is no time.
    """
    name = next((each for each in names if text(record, each)), names[0])
    needed(record, name)
    return optional_moment(record, name)


def optional_moment(record: Record, name: str) -> int:
    """The time under a name, in microseconds UTC; UNKNOWN where there is none.

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


def readable_moment(record: Record, name: str) -> int:
    """The time under a name, in microseconds UTC; UNKNOWN where there is none, or something else stands there."""
    time = instant(text(record, name) or "")
    return UNKNOWN if time is None else time


def flag(record: Record, name: str) -> bool | None:
    """The truth value under a name, also where it is written as text; None where there is none."""
    value = record.get(name)
    if isinstance(value, str):
        return _FLAGS.get(value.lower())
    return value if isinstance(value, bool) else None


def parts(record: Record, name: str) -> list[Record]:
    """The objects in the list under a name; empty where there is none.

    Raises:
        RecordError: something else stands there.
    """
    value = record.get(name)
    if value is None:
        return []
    if isinstance(value, list):
        return [each for each in value if isinstance(each, dict)]
    raise RecordError(f"{name} is {kind_of(value)} where a list belongs")


def unfolded(value: object) -> object:
    """The object or list that a text is, where somebody wrote it as one; anything else as it is."""
    if not isinstance(value, str) or not value.startswith(("{", "[")):
        return value
    try:
        return decoded_within(value)
    except BROKEN:
        return value


def hashed(value: object) -> int:
    """A hash of arguments by their content, 63 bits; UNKNOWN where there are none."""
    if value is None:
        return UNKNOWN
    return number(canonical(value))
