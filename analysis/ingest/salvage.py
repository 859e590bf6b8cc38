"""A text that is not one JSON document still holds records: several documents, or a damaged one.

Records are told apart by their brackets, each character being looked at once, so that only the broken ones are
refused. Boundaries are never searched for inside a record or a list, where an attacker could have written what looks
like one; only a line that begins with a document is trusted to be one. Where brackets no longer tell anything apart, it
has to be one to its end as well: no text in a record holds the end of a line.

Of a text that comes in parts there is always as much in sight as one record may be long; one that is longer is refused.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Final

from analysis.ingest.pieces import LONGEST
from analysis.ingest.strict import (
    BROKEN,
    Envelope,
    Record,
    RecordError,
    decoded,
    decoded_at,
    is_sound,
    record,
    record_error,
    records_in,
)

_SPACE: Final = re.compile(r"[\s,\ufeff]*")
# Possessive, because a way back would take memory for each character of a text.
_TOKEN: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"|["\\{}\[\]]', re.DOTALL)
_SCALAR: Final = re.compile(r'"(?:[^"\\\n]++|\\.)*+"|[^\s,"\\{}\[\]]+|[}\]]')
_THEN_ANOTHER: Final = re.compile(r"\s*(?:\n(?=[{\[])|\Z)")
# What a delivery says behind its list, such as where the next page begins, to its end.
_CLOSING: Final = re.compile(
    r'(?:"(?:[^"\\]++|\\.)*+"\s*:\s*(?:"(?:[^"\\]++|\\.)*+"|[^\s,"\\{}\[\]]++)\s*(?:,\s*)?)*+\}', re.DOTALL
)
_NEXT_DOCUMENT: Final = re.compile(r"\n(?=[{\[])")
_OWN_LINE: Final = re.compile(r"\n(?=(\{[^\n]*\})[ \t\r]*+,?[ \t\r]*+(?:\n|\Z))")


def salvaged(parts: Iterable[str], wrapper: str, envelope: Envelope | None = None) -> Iterator[Record | RecordError]:
    """Each record of the text, or why it could not be read; `wrapper` is the key under which a list of them may lie."""
    return _Salvage(iter(parts), wrapper, envelope).items()


def divisible(stretch: str, wrapper: str) -> bool:
    """Whether a text that begins so is told apart without its end: a list of records, or one document after another."""
    at = _skipped(stretch, 0)
    if not stretch.startswith("{", at) or _list_opens(wrapper).match(stretch, at):
        return True
    return _end(stretch, at, len(stretch)) is not None


def in_rows(stretch: str) -> bool:
    """Whether some line of a text begins a document."""
    return _NEXT_DOCUMENT.search(stretch) is not None


class _Salvage:
    """The text, and how far it has been read."""

    def __init__(self, parts: Iterator[str], wrapper: str, envelope: Envelope | None) -> None:
        self._parts, self._envelope = parts, envelope
        self._following = next(parts, None)
        self._text = ""
        self._before = 0
        self._wrapper = wrapper
        self._list_opens = _list_opens(wrapper)
        self._delivery_opens = re.compile(rf'\n(?=\{{ ?"{re.escape(wrapper)}" ?: ?\[)')
        self._at = 0
        self._line_end = -1
        self._delivery = -1
        self._own_line = -1
        self._alone = False
        self._may_span = True
        self._lists_may_span = True
        self._may_close = True
        self._sound = True

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
        if self._at >= self._delivery:
            self._delivery = self._next_delivery(self._at)
        while self._at < self._delivery and self._text[self._at] != "]":
            told = self._sound_element() or self._any_element()
            if told is None:
                yield RecordError(f"{self._why_endless()} {self._here()}: what follows could not be told apart")
                self._lists_may_span = False
                self._go_far(self._limit)
                return
            element, end = told
            yield element
            self._go(end)
        if self._at >= self._delivery:
            yield RecordError(f"the list ends without its bracket {self._here()}: the file is cut off")
            return
        self._go(self._at + 1)
        if opened[0] != "[":
            self._at, rest = self._closed()
            if self._envelope and rest is not None:
                self._envelope(rest)

    def _closed(self) -> tuple[int, Record | None]:
        """Where the object ends of which the list is over, and what it says behind that; here, where it lists more.

        Nor is it looked at where it is unsound: what is left of it is read as what follows.
        """
        if closed := _CLOSING.match(self._text, self._at):
            return closed.end(), self._rest(closed.end())
        # Looked for until one has no end, as documents are.
        end = _end(self._text, self._at, self._delivery, depth=1) if self._may_close else None
        rest = None if end is None else self._rest(end)
        self._may_close = rest is not None and self._wrapper not in rest
        return (end, rest) if end is not None and self._may_close else (self._at, None)

    def _rest(self, end: int) -> Record | None:
        """What a delivery that ends there says behind its list; None where that is unsound."""
        with suppress(*BROKEN):
            rest = decoded("{" + self._text[self._at : end])
            return rest if isinstance(rest, dict) else None
        return None

    def _sound_element(self) -> tuple[Record | RecordError, int] | None:
        """An element as most are, and where it ends; None once one was damaged: from then on trying costs too much."""
        if not self._sound or self._text[self._at] not in "{[":
            return None
        try:
            element, end = decoded_at(self._text, self._at)
            self._text[self._at : end].encode()
        except BROKEN:
            self._sound = False
            return None
        return (record(element), end) if end <= self._limit() else None

    def _any_element(self) -> tuple[Record | RecordError, int] | None:
        """An element, or what is wrong with it, and where it ends; None where that cannot be told."""
        end = _end(self._text, self._at, self._limit())
        if end is None:
            return None
        try:
            return record(decoded(self._text[self._at : end])), end
        except BROKEN as error:
            return record_error(error, self._before + self._at), end

    def _why_endless(self) -> str:
        within_sight = self._following is None or self._limit() < len(self._text)
        return "cut off or damaged" if within_sight else f"more than {LONGEST:,} characters, or damaged,"

    def _limit(self) -> int:
        """Where an element ends at most: once one had none, where the next line begins that is an object by itself."""
        if self._lists_may_span:
            return self._delivery
        if self._at >= self._own_line:
            lines = _OWN_LINE.finditer(self._text, self._at)
            self._own_line = next((line.end() for line in lines if is_sound(line[1])), len(self._text))
        return min(self._delivery, self._own_line)

    def _next_delivery(self, at: int) -> int:
        """Where the next line begins a delivery."""
        found = self._delivery_opens.search(self._text, at)
        return found.end() if found else len(self._text)

    def _document(self) -> Iterator[Record | RecordError]:
        """The records of a document that is no list; afterwards the text goes on behind it, or where a line begins."""
        if self._look_at_line() and self._alone and (told := self._line()) is not None:
            yield from records_in(told, self._wrapper, self._envelope)
            self._at = self._line_end
            return
        within_line = self._alone or not self._may_span
        limit = self._line_end if within_line else len(self._text)
        end = _end(self._text, self._at, limit) if self._text[self._at] == "{" else None
        if end is not None:
            yield from self._parsed(end)
            self._at = end
            return
        # Documents that span lines are looked for until one has no end: from then on that would be guessing, and slow.
        self._may_span = self._may_span and (within_line or self._text[self._at] != "{")
        if self._line_end == len(self._text) and self._following is not None:
            yield RecordError(f"more than {LONGEST:,} characters in one line {self._here()}: no record is that long")
        else:
            yield from self._parsed(self._line_end)
        self._go_far(self._next_document)

    def _next_document(self) -> int:
        """Where the next line begins a document."""
        following = _NEXT_DOCUMENT.search(self._text, self._at)
        return following.end() if following else len(self._text)

    def _look_at_line(self) -> bool:
        """Find the end of this line, and whether the next one begins another document; False where that is known."""
        if self._at < self._line_end:
            return False
        newline = self._text.find("\n", self._at)
        self._line_end = len(self._text) if newline < 0 else newline
        self._alone = _THEN_ANOTHER.match(self._text, self._line_end) is not None
        return True

    def _line(self) -> object:
        """The document that this line is to its end, as most are; None where it is none."""
        if self._text[self._at] == "{":
            with suppress(*BROKEN):
                return decoded(self._text[self._at : self._line_end].rstrip(" \t\r,"))
        return None

    def _parsed(self, end: int) -> Iterator[Record | RecordError]:
        try:
            document = decoded(self._text[self._at : end])
        except BROKEN as error:
            yield record_error(error, self._before + self._at)
        else:
            yield from records_in(document, self._wrapper, self._envelope)

    def _here(self) -> str:
        return f"at character {self._before + self._at:,}"

    def _go(self, to: int) -> None:
        self._at = to
        self._skip()

    def _go_far(self, found: Callable[[], int]) -> None:
        """Go to what is found, however far that is out of sight."""
        while (to := found()) == len(self._text) and self._following is not None:
            # The line that is looked for may begin in sight.
            self._at = max(self._at, self._text.rfind("\n"), len(self._text) - LONGEST + 1)
            self._look_ahead()
        self._at = to

    def _skip(self) -> None:
        """Go to the next thing that is neither space nor comma, and have it in sight."""
        self._at = _skipped(self._text, self._at)
        while self._look_ahead():
            self._at = _skipped(self._text, self._at)

    def _look_ahead(self) -> bool:
        """Have as much in sight as a record may be long, and let go what went by; whether anything came into sight."""
        if self._following is None or len(self._text) - self._at >= LONGEST:
            return False
        # With the sign before, which may be the end of a line.
        gone = max(0, self._at - 1)
        sight, size = [self._text[gone:]], len(self._text) - gone
        while self._following is not None and size < 2 * LONGEST:
            sight.append(self._following)
            size += len(self._following)
            self._following = next(self._parts, None)
        self._move(gone, "".join(sight))
        return True

    def _move(self, gone: int, sight: str) -> None:
        """Have another part of the text in sight; what was found in the one before lies that much nearer."""
        ends = len(self._text)
        self._line_end, self._delivery, self._own_line = (
            place - gone if place < ends else -1 for place in (self._line_end, self._delivery, self._own_line)
        )
        self._before, self._text, self._at = self._before + gone, sight, self._at - gone
        self._sound = True
        if self._delivery < 0:
            self._delivery = self._next_delivery(0)


def _list_opens(wrapper: str) -> re.Pattern[str]:
    return re.compile(rf'(?:\{{\s*"{re.escape(wrapper)}"\s*:\s*)?\[')


def _skipped(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _end(text: str, at: int, limit: int, depth: int = 0) -> int | None:
    """Where the value that begins there ends, by its brackets; None where that cannot be told. So many are open before.

    A backslash outside a string, or a quote without its partner, means that inside and outside are mixed up: to go
    on would be to read what was written in some record's text as records of their own.
    """
    if not depth and text[at] not in "{[":
        scalar = _SCALAR.match(text, at, limit)
        return scalar.end() if scalar else None
    for token in _TOKEN.finditer(text, at, limit):
        if token[0] in ('"', "\\"):
            return None
        depth += (token[0] in "{[") - (token[0] in "}]")
        if depth == 0:
            return token.end()
    return None
