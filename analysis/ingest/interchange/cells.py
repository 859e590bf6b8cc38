"""What one row says, column by column; what is wrong in it is told with the column and the remedy."""

from collections.abc import Collection
from decimal import Decimal, InvalidOperation
from enum import IntEnum
from typing import Final, TypeVar

from analysis.ingest.fields import hashed, text
from analysis.ingest.instants import instant
from analysis.ingest.interchange.layout import COLUMNS, NAMES, words
from analysis.ingest.strict import Record, RecordError, kind_of
from sim.audit.rows import FOREVER, UNKNOWN

Word = TypeVar("Word", bound=IntEnum)

_NEVER: Final = ("never", "infinity")
_FLAGS: Final = {"true": True, "false": False}
_SHOWN: Final = 40
_SIDES: Final = {column.name: column.of for column in COLUMNS if column.of}


class Row:
    """A row of which every cell is text; those that are empty are not there."""

    def __init__(self, record: Record) -> None:
        """Take in the columns of the form.

        Raises:
            RecordError: something with parts stands in a cell, or a side without what it is a side of.
        """
        written = {name: _written(record, name) for name in NAMES if name in record}
        self._cells = {name: value for name, value in written.items() if value is not None}
        for side, of in _SIDES.items():
            if side in self._cells and of not in self._cells:
                raise RecordError(f"{side} is filled and {of} is not: fill both, or neither")

    def text(self, name: str) -> str | None:
        """What is written there."""
        return self._cells.get(name)

    def needed(self, name: str, why: str) -> str:
        """What is written there, which must be something."""
        value = self.text(name)
        if value is None:
            raise RecordError(f"no {name}: {why}")
        return value

    def time(self, name: str) -> int:
        """Microseconds since 1970, UTC; UNKNOWN where there is none."""
        value = self.text(name)
        read = UNKNOWN if value is None else instant(value)
        if read is None:
            raise self._wrong(name, "write a time as 2026-03-02T10:00:00.250Z")
        return read

    def end(self, name: str) -> int:
        """The same, or FOREVER."""
        return FOREVER if self.text(name) in _NEVER else self.time(name)

    def word(self, name: str, enumeration: type[Word]) -> Word | None:
        """The word of an enumeration."""
        known = words(enumeration)
        value = self.one_of(name, known)
        return None if value is None else enumeration(known[value])

    def one_of(self, name: str, known: Collection[str]) -> str | None:
        """One of these words."""
        value = self.text(name)
        if value is not None and value not in known:
            raise self._wrong(name, f"write one of {', '.join(known)}")
        return value

    def flag(self, name: str) -> bool | None:
        """True or false."""
        value = self.one_of(name, _FLAGS)
        return None if value is None else _FLAGS[value]

    def number(self, name: str, most: int, unit: int = 1) -> int:
        """A number from 0 to `most`, times `unit` and cut to a whole number; UNKNOWN where there is none."""
        value = self.text(name)
        if value is None:
            return UNKNOWN
        try:
            read = Decimal(value)
        except InvalidOperation:
            read = Decimal("NaN")
        if not (read.is_finite() and 0 <= read <= most):
            raise self._wrong(name, f"write a number from 0 to {most:,}, with a point before decimals")
        return int(read * unit)

    def whole(self, name: str, most: int) -> int | None:
        """A whole number from 0 to `most`."""
        value = self.number(name, most, 1000)
        if value == UNKNOWN:
            return None
        if value % 1000:
            raise self._wrong(name, "write a whole number")
        return value // 1000

    def hashed(self, name: str) -> int:
        """A hash of what is written there, 63 bits; UNKNOWN where nothing is."""
        return hashed(self.text(name))

    def identity(self) -> str:
        """A name for the row that is its content's."""
        return f"row {hashed(self._cells):016x}"

    def _wrong(self, name: str, remedy: str) -> RecordError:
        return RecordError(f"{name} is {self._cells[name][:_SHOWN]!a}: {remedy}")


def _written(record: Record, name: str) -> str | None:
    value = record[name]
    if isinstance(value, dict) or (isinstance(value, list) and name != "keeps"):
        raise RecordError(f"{name} is {kind_of(value)}: rows are flat, write its parts into the columns named after it")
    return text(record, name)
