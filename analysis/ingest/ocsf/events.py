"""Events lie in JSON or in Parquet; which of these a file is, its first bytes say. And what tells an event of OCSF."""

from collections.abc import Iterator
from itertools import count
from typing import Final

import duckdb

from analysis.ingest.parquet import PARQUET, opened
from analysis.ingest.patterns import Keys
from analysis.ingest.pieces import Text, begins, whole
from analysis.ingest.reading import Found, Refused, records, storable
from analysis.ingest.strict import BROKEN, decoded

# Keys of every event, by which it is known.
KEYS: Final = Keys(
    always=("class_uid", "time"), mostly=("category_uid", "activity_id", "type_uid", "severity_id"), least=2
)
_WRAPPER: Final = "events"
_MANY: Final = 10_000
_ROWS: Final = "SELECT to_json(event)::VARCHAR FROM read_parquet($path) AS event"


def events(data: Text) -> Iterator[Found | Refused]:
    """Each event of a file, or why it could not be read."""
    return _table(whole(data)) if begins(data).startswith(PARQUET) else records(data, _WRAPPER)


def _table(data: bytes) -> Iterator[Found | Refused]:
    try:
        with opened(data) as table:
            answer, positions = table.connection.execute(_ROWS, {"path": table.path}), count()
            while batch := answer.fetchmany(_MANY):
                for (row,) in batch:
                    yield _row(next(positions), row)
    except duckdb.Error:
        yield Refused(0, "Parquet that cannot be read: write it again")


def _row(position: int, row: str) -> Found | Refused:
    try:
        read = decoded(row)
    except BROKEN as error:
        return Refused(position, f"a row that is no JSON object: {error}")
    return storable(position, read) if isinstance(read, dict) else Refused(position, "a row without columns")
