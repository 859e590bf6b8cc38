"""A table where every character is as wide as the next: headings wrap, and columns that do not fit go below."""

import textwrap
from collections.abc import Iterator, Sequence
from itertools import zip_longest

# A cell is its lines; a column its heading's lines, then its cells.
Cell = Sequence[str]

_GAP = " "


def grid(stub: Sequence[Cell], columns: Sequence[Sequence[Cell]], width: int) -> str:
    """Columns side by side, right-aligned, each row beginning with its cell of the stub; at most `width` wide.

    A block takes as many columns as fit; the others follow in further blocks, with the same stub.
    """
    narrowed = [_narrowed(column) for column in columns]
    first = [_width(stub), *(_width(column) for column in narrowed)]
    return "\n\n".join(_block(stub, narrowed[a:b]) for a, b in _spans(first, width))


def _narrowed(column: Sequence[Cell]) -> list[Cell]:
    """The heading wrapped to what its cells and its own longest word need."""
    head, *cells = column
    room = max([_width(cells), *(len(word) for line in head for word in line.split(" "))], default=1)
    return [[part for line in head for part in textwrap.wrap(line, max(room, 1))], *cells]


def _spans(widths: list[int], width: int) -> Iterator[tuple[int, int]]:
    stub, *others = widths
    begin, used = 0, stub
    for number, each in enumerate(others):
        if used + len(_GAP) + each > width and number > begin:
            yield begin, number
            begin, used = number, stub
        used += len(_GAP) + each
    yield begin, len(others)


def _block(stub: Sequence[Cell], columns: Sequence[Sequence[Cell]]) -> str:
    widths = [_width(column) for column in columns]
    rows = [_row(cells, [_width(stub), *widths]) for cells in zip(stub, *columns, strict=True)]
    head, *body = rows
    rule = "-" * (_width(stub) + sum(widths) + len(_GAP) * len(widths))
    return "\n".join([*head, rule, *(line for row in body for line in row)])


def _row(cells: Sequence[Cell], widths: Sequence[int]) -> list[str]:
    lines = zip_longest(*cells, fillvalue="")
    return [_GAP.join(_padded(line, widths)).rstrip() for line in lines]


def _padded(line: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    yield line[0].ljust(widths[0])
    yield from (text.rjust(width) for text, width in zip(line[1:], widths[1:], strict=True))


def _width(cells: Sequence[Cell]) -> int:
    return max((len(line) for cell in cells for line in cell), default=0)
