"""CSV: a header, and rows whose cells are text; the separator is the one under which the header fits."""

import csv
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import dropwhile, islice
from typing import Final

from analysis.ingest.pieces import LIMIT, LONGEST, Text, begins, lines
from analysis.ingest.reading import Found, Refused, storable

_SEPARATORS: Final = (",", ";", "\t")
# How often a text may be gone over behind rows that are wrong.
_AGAIN: Final = 16

# A cell may hold a whole event; by default the reader refuses more than 128 KiB.
csv.field_size_limit(LIMIT)


@dataclass(frozen=True, slots=True)
class Header:
    """The names in the first line that is not blank, and what separates them."""

    names: tuple[str, ...]
    separator: str


def header(data: Text, fits: Callable[[list[str]], bool]) -> Header | None:
    """The header of a text in CSV; None where it begins with none whose names fit."""
    return _found(data, lambda names: len({*names}) == len(names) and fits(names))


def twice(data: Text, fits: Callable[[list[str]], bool]) -> list[str]:
    """The names that a header has more than once, and that fits but for that; none where there is no such header."""
    found = _found(data, lambda names: fits([*dict.fromkeys(names)]))
    return [name for name, times in Counter(found.names if found else ()).items() if times > 1]


def _found(data: Text, fits: Callable[[list[str]], bool]) -> Header | None:
    line = next(filter(str.strip, lines(begins(data))), "")
    for separator in _SEPARATORS:
        names = _names(line, separator)
        if fits(names):
            return Header(tuple(names), separator)
    return None


def rows(data: Text, under: Header) -> Iterator[Found | Refused]:
    """Each row behind the header, its cells by name, at its position from 0, or what is wrong with it."""
    for position, cells in enumerate(_cells(islice(dropwhile(str.isspace, lines(data)), 1, None), under)):
        if isinstance(cells, str):
            yield Refused(position, cells)
        else:
            yield storable(position, dict(zip(under.names, cells, strict=True)))


def _names(line: str, separator: str) -> list[str]:
    try:
        return [name.strip() for name in next(csv.reader([line], delimiter=separator), [])]
    except csv.Error:
        return []


class _Lines:
    """Lines, of which those that a wrong row took come again."""

    def __init__(self, following: Iterator[str]) -> None:
        self._following = following
        self._again = deque[str]()
        self._taken: list[str] = []
        self._once = self._more = 0
        self.size = 0

    def of_row(self) -> Iterator[str]:
        """Those that a row may go over."""
        self._taken, self.size = [], 0
        while self.size <= LONGEST and (line := self._next()):
            self._taken.append(line)
            self.size += len(line)
            yield line
            if self._more > _AGAIN * self._once:
                return

    def _next(self) -> str | None:
        if self._again:
            line = self._again.popleft()
            self._more += len(line)
            return line
        new = next(self._following, None)
        self._once += len(new or "")
        return new

    def again(self) -> None:
        """All but the first that were taken come again."""
        self._again.extendleft(reversed(self._taken[1:]))


def _cells(following: Iterator[str], under: Header) -> Iterator[list[str] | str]:
    """The cells of each row, or what is wrong with it.

    A row may go over several lines. Behind a wrong one the next line begins another, so that a quote without its
    partner takes no neighbours with it; where too many have none, each line is a row.
    """
    ahead = _Lines(following)
    while (read := _row(ahead, under)) is not None:
        if isinstance(read, str):
            ahead.again()
        if read:
            yield read


def _row(ahead: _Lines, under: Header) -> list[str] | str | None:
    """The next row; None where there is none."""
    try:
        cells = next(csv.reader(ahead.of_row(), delimiter=under.separator, strict=True), None)
        "".join(cells or ()).encode()
    except csv.Error as error:
        wrong = f"not CSV ({error}): put what holds a quote, a separator or a line break in quotes"
    except UnicodeEncodeError:
        wrong = "not UTF-8: save it as that"
    else:
        if ahead.size <= LONGEST and (not cells or len(cells) == len(under.names)):
            return cells
        wrong = f"{len(cells or ())} cells where the header names {len(under.names)} columns"
    return f"more than {LONGEST:,} characters: no row is that long" if ahead.size > LONGEST else wrong
