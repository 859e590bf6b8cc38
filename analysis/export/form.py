"""A form is how others write down what happened: which files it consists of, and what they cannot say."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Final

import duckdb

_HERE: Final = Path(__file__).parent
# A text a line, as it is: no byte of JSON has this value.
_NO_BYTE: Final = "\x01"

Pieces = Callable[[duckdb.DuckDBPyConnection], Iterable[tuple[PurePosixPath, str, Mapping[str, object]]]]


@dataclass(frozen=True, slots=True)
class Form:
    """A form by its name; `files` of SQL make what it needs, `write` leaves its files in a folder.

    Each form defines `carried`, the events with the reason why one is left out, and `event_fate` and `credential_fate`,
    what becomes of each field of each (see `losses.sql`).
    """

    name: str
    says: str
    files: tuple[Path, ...]
    write: Callable[[duckdb.DuckDBPyConnection, Path], None]


def forms() -> Mapping[str, Form]:
    """Every form there is, by name."""
    rows = tuple(_HERE / "interchange" / f"{part}.sql" for part in ("rows", "sheet", "fates"))
    known = (
        Form("csv", "flat rows, one an event (docs/interchange.md)", rows, _csv),
        Form("parquet", "the same rows as Parquet", rows, _parquet),
    )
    return MappingProxyType({form.name: form for form in known})


def _csv(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    connection.view("sheet").write_csv(str(folder / "events.csv"))


def _parquet(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    connection.view("record").write_parquet(str(folder / "events.parquet"), compression="zstd")
