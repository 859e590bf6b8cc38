"""OCSF writes an instant as milliseconds since 1970 and, in its profile `datetime`, as text beside it."""

import math

from analysis.ingest.instants import LATEST, instant
from analysis.ingest.strict import Record
from sim.audit.rows import UNKNOWN


def when(record: Record, name: str) -> int:
    """Microseconds since 1970, UTC, of what is under a name; UNKNOWN where that is no time, or there is none."""
    for value in (record.get(f"{name}_dt"), record.get(name)):
        time = _read(value)
        if time is not None:
            return time
    return UNKNOWN


def whole(record: Record, name: str) -> int | None:
    """The whole number under a name, also where it is written as text; None where there is none."""
    value = record.get(name)
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value[:20])
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _read(value: object) -> int | None:
    if isinstance(value, str):
        # A table has a column of times, which DuckDB writes with a zone of whole hours.
        plain = value.removesuffix("+00")
        return _in_millis(int(plain[:20])) if plain.isascii() and plain.isdigit() else instant(plain)
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return _in_millis(int(value))
    return None


def _in_millis(number: int) -> int | None:
    return number * 1000 if 0 < number * 1000 <= LATEST else None
