"""What the label of a row of a measure says: its unit, and which quantile it is.

A header states one unit; or several, each with the rows in it: `-- unit: seconds | p50, p95; percent | *`.
A row goes by the last word of its label, or by all of them with blanks between; `*` stands for any letters.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

_QUANTILE: Final = re.compile(r"(?:^|_)(?:p|cvar)(\d\d)(?:_|$)")


@dataclass(frozen=True)
class Units:
    """Units in the order in which they are asked, each with the rows that it is for; of a single one, all."""

    stated: tuple[tuple[str, tuple[str, ...]], ...]

    def __str__(self) -> str:
        """All of them in a line."""
        return "; ".join(unit for unit, _ in self.stated)

    def of(self, label: Sequence[str]) -> str:
        """The unit of a row; none where no unit is stated for it."""
        return next((unit for unit, rows in self.stated if goes_by(label, rows)), "")


def goes_by(label: Sequence[str], rows: Sequence[str]) -> bool:
    """Whether a row goes by one of the names that a header gives to rows."""
    names = {" ".join(label), *label[-1:]}
    return any(fnmatchcase(name, row) for name in names for row in rows)


def units(text: str) -> Units:
    """What a header says."""
    if "|" not in text:
        return Units(((text, ("*",)),))
    pairs = (part.partition("|") for part in text.split(";"))
    return Units(tuple((unit.strip(), tuple(row.strip() for row in rows.split(","))) for unit, _, rows in pairs))


def named_share(words: Iterable[str]) -> float | None:
    """The quantile that the words of a row say it is, or lies beyond; None where they say none."""
    found = [match for word in words if (match := _QUANTILE.search(word))]
    return int(found[-1][1]) / 100 if found else None
