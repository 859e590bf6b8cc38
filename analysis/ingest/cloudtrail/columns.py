"""A row of a table tells an event by columns: read as the record that it was made of, as far as the columns go."""

import tomllib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from analysis.ingest.cloudtrail.printed import Printed
from analysis.ingest.strict import BROKEN, Record, RecordError, decoded_within

# Of a record two of the first are enough; without all of the others a header is of no table of events: one of them
# alone may be of any.
_KEYS: Final = frozenset(("eventversion", "eventsource", "eventname", "useridentity", "awsregion"))
_SIGNS: Final = frozenset(("eventname", "eventsource", "eventtime"))
# What a query writes for a column that the event does not have.
_NOTHING: Final = ("", "null")
# A table that lacks more fields tells less. Those that lack equally many are told apart by which these are.
_APART: Final = 1_000_000


def tells(record: Record) -> bool:
    """Whether a record is an event, or a row that tells one: by columns, or by one that only such tables have."""
    return len(_KEYS & {name.lower() for name in record}) > 1 or telling(record)


def telling(names: Iterable[str]) -> bool:
    """Whether a table with these columns is one of events."""
    known = {name.lower() for name in names}
    return known >= _SIGNS or not known.isdisjoint(map(str.lower, columns()["telling"]))


def readable(names: Iterable[str]) -> bool:
    """Whether a table with these columns may be one of events: it is, or a column may hold whole ones."""
    known = [*names]
    return telling(known) or any(name.lower() in _whole() for name in known)


def recognisable(names: Iterable[str]) -> bool:
    """Whether a table with these columns is one of events, even if it lacks what each event has."""
    known = [*names]
    return readable(known) or tells(dict.fromkeys(known))


def lacking(names: Sequence[str]) -> str:
    """The columns without which no event is told, and that are not there; none where one may hold whole events."""
    there = {name.lower() for name in names}
    return "" if readable(names) else ", ".join(f"{_fields()[name]!a}" for name in sorted(_SIGNS - there))


def strange(names: Iterable[str]) -> list[str]:
    """The columns of a table that hold nothing of an event."""
    known = {*_fields(), *_whole(), *map(str.lower, columns()["beside"])}
    return [name for name in names if name.lower() not in known]


def whole(row: Mapping[str, object]) -> str | None:
    """The event as a whole, in JSON, where a column of the row holds it."""
    cells = {name.lower(): value for name, value in row.items()}
    return next((held for name in _whole() if isinstance(held := cells.get(name), str) and held.strip()), None)


def record(row: Mapping[str, object]) -> Record:
    """What the columns tell of the event.

    Raises:
        RecordError: what a column holds cannot be told apart.
    """
    named = ((_fields().get(name.lower()), value) for name, value in row.items())
    return {
        field: _read(field, value) for field, value in named if field and value is not None and value not in _NOTHING
    }


def richness(names: Iterable[str]) -> int:
    """The stage (`Observed.stage`) of what a table with these columns tells: the more fields it lacks, the smaller."""
    known = sorted({_fields()[name.lower()] for name in names if name.lower() in _fields()})
    lacking = len(_fields()) - len(known) + 1
    return -(lacking * _APART + zlib.crc32(" ".join(known).encode()) % _APART)


@cache
def columns() -> dict[str, Any]:
    """columns.toml as it stands."""
    return tomllib.loads(Path(__file__).with_name("columns.toml").read_text("utf-8"))


def _read(field: str, value: object) -> object:
    if field in columns()["declared"]:
        return _renamed(_parsed(field, value) if isinstance(value, str) else value)
    if field in columns()["loose"] and isinstance(value, str):
        return _parsed(field, value)
    return value


def _parsed(field: str, value: str) -> object:
    try:
        return decoded_within(value)
    except BROKEN:
        pass
    told = Printed(value, _nested())
    try:
        return told.loose() if field in columns()["loose"] else told.value()
    except BROKEN as error:
        reason = f"the parts of {field} cannot be told apart ({error}): bring the event as JSON"
        raise RecordError(reason) from error


def _renamed(value: object) -> object:
    """The same with the names that a record has: in tables all are small."""
    if isinstance(value, dict):
        return {_parts().get(name.lower(), name): _renamed(each) for name, each in value.items()}
    return [_renamed(each) for each in value] if isinstance(value, list) else value


@cache
def _fields() -> dict[str, str]:
    return {name.lower(): name for name in columns()["fields"]}


@cache
def _parts() -> dict[str, str]:
    return {name.lower(): name for name in columns()["parts"]}


@cache
def _nested() -> frozenset[str]:
    return frozenset(name.lower() for name in columns()["nested"])


@cache
def _whole() -> tuple[str, ...]:
    return tuple(name.lower() for name in columns()["whole"])
