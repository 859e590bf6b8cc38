"""Rows lie in JSON, in CSV or in Parquet; which of these a file is, its first bytes say."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Final

import duckdb

from analysis.ingest import sheets
from analysis.ingest.interchange.layout import NAMES, recognised
from analysis.ingest.parquet import PARQUET, Table, opened
from analysis.ingest.pieces import Text, begins, whole
from analysis.ingest.reading import Found, Refused, Remark, records, storable
from analysis.ingest.sheets import header

_JSON: Final = (b"{", b"[")
_MARK: Final = b"\xef\xbb\xbf"
_WRAPPER: Final = "events"
# An apostrophe before what begins a formula, or begins like it behind apostrophes of its own.
_GUARDED: Final = re.compile(r"'(?:[ \t\r\n']*[=+\-@\uff1d\uff0b\uff0d\uff20]|'*[\t\r\n])")
_MANY: Final = 10_000
# Bytes in which a text, behind what is white, is seen to be JSON.
_BEGINNING: Final = 1024
# Columns that are told apart in a file, where each row may have its own; those not of the form that are named of them.
_KNOWN: Final = 1_000
_NAMED: Final = 20
_ZONED: Final = "TIMESTAMP WITH TIME ZONE"
_TEXTS: Final = "SELECT CAST(COLUMNS(lambda name: list_contains($names, name)) AS VARCHAR) FROM read_parquet($path)"
_NO_HEADER: Final = "no header of this form: name time, and kind or operation, in the first line, and no column twice"


def rows(data: Text) -> Iterator[Found | Refused | Remark]:
    """Each row of a file, and which of its columns are not of the form."""
    first = begins(data)
    if first.startswith(PARQUET):
        yield from _parquet(whole(data))
    elif first[:_BEGINNING].removeprefix(_MARK).lstrip().startswith(_JSON):
        yield from _json(data)
    else:
        yield from _csv(data)


def _json(data: Text) -> Iterator[Found | Refused | Remark]:
    names: dict[str, None] = {}
    for each in records(data, _WRAPPER):
        if isinstance(each, Found) and len(names) < _KNOWN:
            names |= dict.fromkeys(each.record)
        yield each
    yield from _strange(list(names))


def _csv(data: Text) -> Iterator[Found | Refused | Remark]:
    under = header(data, recognised)
    if under is None:
        yield Refused(0, _NO_HEADER)
        return
    for row in sheets.rows(data, under):
        if isinstance(row, Refused):
            yield row
        else:
            yield replace(row, record={name: _bare(f"{cell}") for name, cell in row.record.items()})
    yield from _strange(under.names)


def _bare(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return cell[1:] if _GUARDED.match(cell) else cell


def _parquet(data: bytes) -> Iterator[Found | Refused | Remark]:
    try:
        with opened(data) as table:
            yield from _texts(table)
            names = list(table.types)
    except duckdb.Error as error:
        # The path is that of a temporary file, another one each time.
        first = re.sub(r"'[^']*\.parquet'", "the file", str(error).partition("\n")[0])
        yield Refused(0, f"Parquet that cannot be read ({first}): write it again")
    else:
        yield from _strange(names)


def _texts(table: Table) -> Iterator[Found | Refused]:
    """The columns of the form, row by row, as text."""
    if table.types.keys().isdisjoint(NAMES):
        yield Refused(0, "no column of this form")
        return
    answer = table.connection.execute(_TEXTS, {"path": table.path, "names": NAMES})
    names, position = [column[0] for column in answer.description], 0
    while batch := answer.fetchmany(_MANY):
        for cells in batch:
            told = zip(names, cells, strict=True)
            yield storable(position, {name: _utc(cell) if table.types[name] == _ZONED else cell for name, cell in told})
            position += 1


def _utc(cell: str | None) -> str | None:
    """A time without the zone that DuckDB writes behind it in hours, which is UTC."""
    return cell and cell.removesuffix("+00")


def _strange(names: Sequence[str]) -> Iterator[Remark]:
    """What is told of columns that are not of the form."""
    if strange := [name for name in names if name not in NAMES]:
        more = " and more" if len(strange) > _NAMED else ""
        yield Remark(f"columns that are not of this form: {', '.join(map(_named, strange[:_NAMED]))}{more}")


def _named(strange: str) -> str:
    like = get_close_matches(strange.lower(), NAMES, 1)
    return f"{strange[:40]!a}{f', perhaps {like[0]}' if like else ''}"
