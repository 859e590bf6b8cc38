"""A text that is not one JSON document still holds records: several documents, or a damaged one.

Records are told apart by their brackets, each character being looked at once, so that only the broken ones are
refused. Boundaries are never searched for inside a record or a list, where an attacker could have written what looks
like one; only a line that begins with a document is trusted to be one. Where brackets no longer tell anything apart, it
has to be one to its end as well: no text in a record holds the end of a line.
"""

import re
from collections.abc import Iterator
from typing import Final

from analysis.ingest.strict import BROKEN, Record, RecordError, decoded, record, record_error, records_in

_SPACE: Final = re.compile(r"[\s,\ufeff]*")
# Without a way back, which would take memory for each sign of a text.
_TOKEN: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"|["\\{}\[\]]', re.DOTALL)
_SCALAR: Final = re.compile(r'"(?:[^"\\\n]++|\\.)*+"|[^\s,"\\{}\[\]]+|[}\]]')
_THEN_ANOTHER: Final = re.compile(r"\s*(?:\n(?=[{\[])|\Z)")
# What a delivery says behind its list, such as where the next page begins, to its end.
_CLOSING: Final = re.compile(
    r'(?:"(?:[^"\\]++|\\.)*+"\s*:\s*(?:"(?:[^"\\]++|\\.)*+"|[^\s,"\\{}\[\]]++)\s*(?:,\s*)?)*+\}', re.DOTALL
)
_NEXT_DOCUMENT: Final = re.compile(r"\n(?=[{\[])")
_OWN_LINE: Final = re.compile(r"\n(?=(\{[^\n]*\})[ \t\r]*+,?[ \t\r]*+(?:\n|\Z))")


def salvaged(text: str, wrapper: str) -> Iterator[Record | RecordError]:
    """Each record of the text, or why it could not be read; `wrapper` is the key under which a list of them may lie."""
    return _Salvage(text, wrapper).items()


class _Salvage:
    """The text, and how far it has been read."""

    def __init__(self, text: str, wrapper: str) -> None:
        key = re.escape(wrapper)
        self._text = text
        self._wrapper = wrapper
        self._list_opens = re.compile(rf'(?:\{{\s*"{key}"\s*:\s*)?\[')
        self._next_delivery = re.compile(rf'\n(?=\{{ ?"{key}" ?: ?\[)')
        self._at = 0
        self._line_end = -1
        self._delivery = -1
        self._own_line = -1
        self._alone = False
        self._may_span = True
        self._lists_may_span = True

    def items(self) -> Iterator[Record | RecordError]:
        """One after the other, to the end of the text."""
        self._skip()
        while self._at < len(self._text):
            opened = self._list_opens.match(self._text, self._at)
            if opened:
                yield from self._list(opened)
            else:
                yield from self._document()
            self._skip()

    def _list(self, opened: re.Match[str]) -> Iterator[Record | RecordError]:
        """Each element of a list; afterwards the text goes on behind it, or with the line that begins a delivery."""
        self._go(opened.end())
        self._look_for_delivery()
        while self._at < self._delivery and self._text[self._at] != "]":
            end = _end(self._text, self._at, self._limit())
            if end is None:
                yield RecordError(f"cut off or damaged at character {self._at:,}: what follows could not be told apart")
                self._lists_may_span = False
                self._at = self._limit()
                return
            yield self._element(end)
            self._go(end)
        if self._at >= self._delivery:
            yield RecordError(f"the list ends without its bracket at character {self._at:,}: the file is cut off")
            return
        self._go(self._at + 1)
        if opened[0] != "[" and (closed := _CLOSING.match(self._text, self._at)):
            self._at = closed.end()

    def _limit(self) -> int:
        """Where an element ends at most: once one had none, where the next line begins that is an object by itself."""
        if self._lists_may_span:
            return self._delivery
        if self._at >= self._own_line:
            lines = _OWN_LINE.finditer(self._text, self._at)
            self._own_line = next((line.end() for line in lines if _is_sound(line[1])), len(self._text))
        return min(self._delivery, self._own_line)

    def _look_for_delivery(self) -> None:
        """Find where the next line begins a delivery."""
        if self._at >= self._delivery:
            found = self._next_delivery.search(self._text, self._at)
            self._delivery = found.end() if found else len(self._text)

    def _document(self) -> Iterator[Record | RecordError]:
        """The records of a document that is no list; afterwards the text goes on behind it, or where a line begins."""
        self._look_at_line()
        within_line = self._alone or not self._may_span
        limit = self._line_end if within_line else len(self._text)
        end = _end(self._text, self._at, limit) if self._text[self._at] == "{" else None
        if end is not None:
            yield from self._parsed(end)
            self._at = end
            return
        # Documents that span lines are looked for until one has no end: from then on that would be guessing, and slow.
        self._may_span = self._may_span and (within_line or self._text[self._at] != "{")
        yield from self._parsed(self._line_end)
        following = _NEXT_DOCUMENT.search(self._text, self._at)
        self._at = following.end() if following else len(self._text)

    def _look_at_line(self) -> None:
        """Find the end of this line, and whether the next one begins another document."""
        if self._at >= self._line_end:
            newline = self._text.find("\n", self._at)
            self._line_end = len(self._text) if newline < 0 else newline
            self._alone = _THEN_ANOTHER.match(self._text, self._line_end) is not None

    def _parsed(self, end: int) -> Iterator[Record | RecordError]:
        try:
            document = decoded(self._text[self._at : end])
        except BROKEN as error:
            yield record_error(error, self._at)
        else:
            yield from records_in(document, self._wrapper)

    def _element(self, end: int) -> Record | RecordError:
        try:
            return record(decoded(self._text[self._at : end]))
        except BROKEN as error:
            return record_error(error, self._at)

    def _go(self, to: int) -> None:
        self._at = to
        self._skip()

    def _skip(self) -> None:
        """Go to the next thing that is neither space nor comma."""
        found = _SPACE.match(self._text, self._at)
        self._at = found.end() if found else self._at


def _is_sound(text: str) -> bool:
    try:
        decoded(text)
    except BROKEN:
        return False
    return True


def _end(text: str, at: int, limit: int) -> int | None:
    """Where the value that begins there ends, by its brackets; None where that cannot be told.

    A backslash outside a string, or a quote without its partner, means that inside and outside are mixed up: to go
    on would be to read what was written in some record's text as records of their own.
    """
    if text[at] not in "{[":
        scalar = _SCALAR.match(text, at, limit)
        return scalar.end() if scalar else None
    depth = 0
    for token in _TOKEN.finditer(text, at, limit):
        if token[0] in ('"', "\\"):
            return None
        depth += (token[0] in "{[") - (token[0] in "}]")
        if depth == 0:
            return token.end()
    return None
