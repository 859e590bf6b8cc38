"""A line of logrus is text, `key=value` by `key=value`, or a JSON object; collectors put names and times before it."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from analysis.ingest import pieces
from analysis.ingest.fields import first_text
from analysis.ingest.pieces import LONGEST, Text, begins
from analysis.ingest.reading import Found, Refused, records, storable
from analysis.ingest.strict import Record

_BEFORE: Final = re.compile(r'^[^"=]{0,200}?(?=time=")')
_PAIR: Final = re.compile(r'([\w.@/-]+)=("(?:[^"\\]|\\.)*+"|[^\s"]*+)(?: |$)')
_TERMINAL: Final = re.compile(r"^[^\[\]]{0,200}?\b(?:DEBU|INFO|WARN|ERRO|FATA|PANI|TRAC)\[\d+\] ")
_ESCAPED: Final = re.compile(r"\\(?:x([0-9a-f]{2})|(.))", re.DOTALL)
_JSON: Final = ("{", "[")
_MARK: Final = "\ufeff"
_WRAPPER: Final = "logs"
# Under these a collector hands on a line.
_TEXTS: Final = ("log", "message")

_UNTIMED: Final = (
    'seconds since the start instead of a time: SPIRE writes so to a terminal; set log_file or log_format = "JSON"'
)
_NO_LINE: Final = 'no line of logrus: begin it with time="..." level=... msg="...", or write JSON'


def lines(data: Text) -> Iterator[Found | Refused]:
    """Each line of a file, or why it could not be read."""
    if begins(data).decode("utf-8", "replace").removeprefix(_MARK).lstrip().startswith(_JSON):
        yield from map(_unwrapped, records(data, _WRAPPER))
        return
    position = 0
    for line in (part for each in pieces.lines(data) for part in _parts(each)):
        if line.strip():
            yield _either(position, line)
            position += 1


def _parts(line: str) -> list[str]:
    """The lines in a line; of one that is too long, of which not all is there, none."""
    return [line] if len(line) > LONGEST else line.splitlines()


def _unwrapped(item: Found | Refused) -> Found | Refused:
    """The line that lies as text in the record of a collector, else the record."""
    if isinstance(item, Refused) or "msg" in item.record:
        return item
    inner = first_text(item.record, *_TEXTS)
    if inner is None:
        return item
    if inner.lstrip().startswith(_JSON):
        first = next(records(inner.encode("utf-8", "backslashreplace"), _WRAPPER), Refused(0, _NO_LINE))
        return replace(first, position=item.position)
    return _line(item.position, inner.strip())


def _either(position: int, line: str) -> Found | Refused:
    """A line of text, or one of JSON: the first of a file may be damaged, or of another time."""
    if len(line) > LONGEST:
        return Refused(position, f"more than {LONGEST:,} characters: no line is that long")
    if not line.lstrip().startswith("{"):
        return _line(position, line)
    first = next(records(line.encode("utf-8", "surrogateescape"), _WRAPPER), Refused(0, _NO_LINE))
    return replace(_unwrapped(first), position=position)


def _line(position: int, line: str) -> Found | Refused:
    if _TERMINAL.match(line):
        return Refused(position, _UNTIMED)
    try:
        line.encode()
    except UnicodeEncodeError:
        return Refused(position, "not UTF-8")
    before = _BEFORE.match(line)
    return Refused(position, _NO_LINE) if before is None else _parsed(position, line[before.end() :])


def _parsed(position: int, line: str) -> Found | Refused:
    record: Record = {}
    at = 0
    while at < len(line):
        pair = _PAIR.match(line, at)
        if pair is None:
            return Refused(position, f"not key=value at character {at:,}: the line is cut off or damaged")
        if pair[1] in record:
            return Refused(position, f"the key {pair[1][:40]!a} stands twice in one line")
        record[pair[1]] = _value(pair[2])
        at = pair.end()
    return storable(position, record)


def _value(written: str) -> str:
    """What a value is, without the quotes and escapes of Go."""
    if not written.startswith('"'):
        return written
    try:
        return str(json.loads(written))
    except ValueError:
        return _ESCAPED.sub(lambda each: chr(int(each[1], 16)) if each[1] else each[2], written[1:-1])
