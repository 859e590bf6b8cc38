"""A form is how others write down what happened: which files it consists of, and what they cannot say."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

import duckdb

_HERE: Final = Path(__file__).parent
# No byte of JSON has this value, so that each line is written as it is.
_NO_BYTE: Final = "\x01"

# That a log may not show every event, and why that is known, if anything says so.
_WANTING: Final = """
    SELECT coalesce(nullif(settings ->> 'wanting', ''), 'nothing says that it shows every event')
    FROM run WHERE NOT sees_all_kept
"""
_NOT_WHOLE: Final = "AWSLogs/not-whole.json"
_DELIVERIES: Final = "SELECT DISTINCT path FROM delivery ORDER BY path"


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
    rows = _files("interchange", "rows", "sheet", "fates")
    known = (
        Form("cloudtrail", "AWS CloudTrail, as it lies in a bucket", _files("cloudtrail", "records", "fates"), _bucket),
        Form("csv", "flat rows, one an event (docs/interchange.md)", rows, _csv),
        Form("ocsf", "OCSF 1.8 events", _files("ocsf", "version_1_8", "events", "fates"), _events),
        Form(
            "ocsf1.9",
            "OCSF 1.9, with agents and delegations",
            _files("ocsf", "version_1_9", "events", "fates"),
            _events,
        ),
        Form("otel", "OpenTelemetry traces of agents, OTLP JSON", _files("otel", "spans", "fates"), _traces),
        Form("parquet", "the same rows as Parquet", rows, _parquet),
    )
    return MappingProxyType({form.name: form for form in known})


def _files(folder: str, *parts: str) -> tuple[Path, ...]:
    return tuple(_HERE / folder / f"{part}.sql" for part in parts)


def _bucket(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    delivered = (_HERE / "cloudtrail" / "delivered.sql").read_text("utf-8")
    for (path,) in connection.execute(_DELIVERIES).fetchall():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        _lines(connection.sql(delivered, params={"path": path}), folder / path)
    for (why,) in connection.execute(_WANTING).fetchall():
        # CloudTrail has no word for it.
        (folder / _NOT_WHOLE).write_text(json.dumps({"Records": [], "NotWhole": why}), "utf-8")


def _events(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    _lines(connection.view("record"), folder / "events.ndjson")


def _traces(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    _lines(connection.view("record"), folder / "traces.jsonl")


def _lines(lines: duckdb.DuckDBPyRelation, path: Path) -> None:
    """A text a line, as it is; packed, if the name says so."""
    packed = "gzip" if path.suffix == ".gz" else "none"
    lines.write_csv(str(path), header=False, sep=_NO_BYTE, quotechar="", escapechar="", compression=packed)


def _csv(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    connection.view("sheet").write_csv(str(folder / "events.csv"))


def _parquet(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    connection.view("record").write_parquet(str(folder / "events.parquet"), compression="zstd")
