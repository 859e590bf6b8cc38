"""A table in a Parquet file, which says at its end what it holds, and which DuckDB reads from a disk only."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import duckdb

PARQUET: Final = b"PAR1"


@dataclass(frozen=True)
class Table:
    """A Parquet file, opened, and its columns with the type of each."""

    connection: duckdb.DuckDBPyConnection
    path: str
    types: Mapping[str, str]


@contextmanager
def opened(data: bytes) -> Iterator[Table]:
    """The table in a Parquet file; times are in UTC."""
    with tempfile.NamedTemporaryFile(suffix=".parquet") as file, duckdb.connect() as connection:
        file.write(data)
        file.flush()
        connection.execute("SET TimeZone = 'UTC'")
        table = connection.read_parquet(file.name)
        yield Table(connection, file.name, dict(zip(table.columns, map(str, table.types), strict=True)))
