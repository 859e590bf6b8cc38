"""OCSF writes an instant as milliseconds since 1970 and, in its profile `datetime`, as text beside it."""

from analysis.ingest.instants import in_millis
from analysis.ingest.strict import Record
from sim.audit.rows import UNKNOWN


def when(record: Record, name: str) -> int:
    """Microseconds since 1970, UTC, of what is under a name; UNKNOWN where that is no time, or there is none."""
    for value in (record.get(f"{name}_dt"), record.get(name)):
        time = in_millis(value)
        if time is not None:
            return time
    return UNKNOWN


def whole(record: Record, name: str) -> int | None:
    """The whole number under a name, also where it is written as text; None where there is none."""
    value = record.get(name)
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value[:20])
    return value if isinstance(value, int) and not isinstance(value, bool) else None
