"""Lists of what there is, no wider than a terminal: words that do not fit go on in the line below."""

import shutil
import textwrap
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Final

import pandas as pd

# Where output goes to no terminal, and COLUMNS is not set.
_WIDTH: Final = (100, 24)


def columns() -> int:
    """How many characters a line has."""
    return shutil.get_terminal_size(_WIDTH).columns


def listing(found: pd.DataFrame) -> pd.DataFrame:
    """Each row in as many lines as its longest cell needs, for columns as wide as fit beside each other.

    Words are not broken: where the longest of each column do not fit, a line is wider than the terminal.
    """
    widths = _widths(found, columns())
    lines = [line for row in found.to_dict("records") for line in _lines(row, widths)]
    return pd.DataFrame(lines, columns=found.columns)


def paragraph(text: str) -> str:
    """A text in lines that fit."""
    return textwrap.fill(text, columns())


def _widths(found: pd.DataFrame, room: int) -> dict[object, int]:
    """The widths of columns with one blank between them; the widest gives way first, down to its longest word."""
    words = {name: [str(name), *map(str, found[name])] for name in found}
    widths = {name: max(map(len, cells)) for name, cells in words.items()}
    least = {name: max(len(word) for cell in cells for word in [*cell.split(), ""]) for name, cells in words.items()}
    while sum(widths.values()) + len(widths) - 1 > room:
        name = max(widths, key=lambda each: (widths[each] > least[each], widths[each]))
        if widths[name] <= least[name]:
            break
        widths[name] -= 1
    return widths


def _lines(row: Mapping[object, object], widths: Mapping[object, int]) -> Iterator[tuple[str, ...]]:
    cells = [textwrap.wrap(str(row[name]), width, break_on_hyphens=False) for name, width in widths.items()]
    yield from zip_longest(*cells, fillvalue="")
