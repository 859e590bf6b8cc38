"""CSV: a header, and rows whose cells are text; which sign separates them, a header that fits says."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from analysis.ingest.files import LIMIT
from analysis.ingest.reading import Found, Refused, storable

_SEPARATORS: Final = (",", ";", "\t")
_LINES: Final = re.compile(r"[^\n]*\n|[^\n]+")

# A cell may hold a whole event; by default the reader takes 128 KiB for an error.
csv.field_size_limit(LIMIT)


@dataclass(frozen=True, slots=True)
class Header:
    """The names in the first line, each once, and what separates them."""

    names: tuple[str, ...]
    separator: str


def header(data: bytes, fits: Callable[[list[str]], bool]) -> Header | None:
    """The header of a text in CSV; None where it begins with none whose names fit."""
    line = next(iter(_lines(data[: data.find(b"\n") + 1] or data)), "")
    for separator in _SEPARATORS:
        names = _names(line, separator)
        if len({*names}) == len(names) and fits(names):
            return Header(tuple(names), separator)
    return None


def rows(data: bytes, under: Header) -> Iterator[Found | Refused]:
    """Each row behind the header, its cells by name, at its position from 0, or what is wrong with it."""
    for position, cells in enumerate(_cells(_lines(data)[1:], under)):
        if isinstance(cells, str):
            yield Refused(position, cells)
        else:
            yield storable(position, dict(zip(under.names, cells, strict=True)))


def _lines(data: bytes) -> list[str]:
    return _LINES.findall(data.decode("utf-8", "surrogateescape").removeprefix("\ufeff"))


def _names(line: str, separator: str) -> list[str]:
    try:
        return [name.strip() for name in next(csv.reader([line], delimiter=separator), [])]
    except csv.Error:
        return []


def _cells(lines: Sequence[str], under: Header) -> Iterator[list[str] | str]:
    """The cells of each row, or what is wrong with it.

    A row may go over several lines. Behind a wrong one the next line begins another, so that a quote without its
    partner takes no neighbours with it.
    """
    at = 0
    while at < len(lines):
        reader = csv.reader((lines[i] for i in range(at, len(lines))), delimiter=under.separator, strict=True)
        read = _row(reader, len(under.names))
        at += 1 if isinstance(read, str) else reader.line_num
        if read:
            yield read


def _row(reader: Iterator[list[str]], width: int) -> list[str] | str:
    try:
        cells = next(reader)
        "".join(cells).encode()
    except csv.Error as error:
        return f"not CSV ({error}): put what holds a quote, a separator or a line break in quotes"
    except UnicodeEncodeError:
        return "not UTF-8: save it as that"
    return cells if len(cells) in (0, width) else f"{len(cells)} cells where the header names {width} columns"
