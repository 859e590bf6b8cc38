"""Questions to a store that are no measures: provenance and lists, one SQL file each."""

from functools import cache
from pathlib import Path
from typing import Any, Final

import duckdb

_QUERIES: Final = Path(__file__).parent / "queries"

Answer = dict[str, Any]


def ask(connection: duckdb.DuckDBPyConnection, question: str, **parameters: object) -> list[Answer]:
    """Every row of a question's answer, by column."""
    cursor = connection.execute(_sql(question), parameters or None)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@cache
def _sql(question: str) -> str:
    return (_QUERIES / f"{question}.sql").read_text("utf-8")
