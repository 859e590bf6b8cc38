"""How a file begins says which log it is of: by the keys that its first records have, whatever is written in them.

Records lie in lists, in the records of who hands them on, or there as text. Each layer of them is looked at before what
lies in it: the first in which a source knows records decides, so that nobody who can write into a record, a name of
his own or a parameter, can have the file read as another log.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Final

import duckdb

from analysis.ingest import sheets
from analysis.ingest.parquet import PARQUET, opened
from analysis.ingest.reading import Found, records
from analysis.ingest.source import LINE, Source
from analysis.ingest.strict import BROKEN, DEFECTS, Record, RecordError, record

# Records of a layer that are looked at.
_FIRST: Final = 100
# A subscription holds events, and these hold texts: nobody puts more layers than this around a record.
_DEEPEST: Final = 6
_JSON: Final = ("{", "[")
_OPENS: Final = re.compile(r'\s*\{\s*"([^"\\]+)"\s*:\s*\[')
_NAMES: Final = re.compile(r"[@\w][@\w.() /-]*")
_TOKEN: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\],]', re.DOTALL)
# Half an escape at the end.
_CUT: Final = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?\Z")
_CLOSING: Final = {"{": "}", "[": "]"}
# What stands before a record in a line: a time, a stream.
_DATED: Final = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) (?:(?:stdout|stderr) F )?(?=\{)")
_LENIENT: Final = json.JSONDecoder(strict=False)


@dataclass(frozen=True, slots=True)
class _Lying:
    """A record, and the keys that it lies under."""

    record: Record
    under: frozenset[str] = frozenset()


def recognised(sample: bytes, sources: Mapping[str, Source]) -> list[str]:
    """Names of the sources that know the records which a file begins with; its whole, where that is Parquet."""
    reach = {name: frozenset(source.log.under) for name, source in sources.items()}
    keys = frozenset().union(*reach.values())
    layer = [*islice(_lying(sample, keys), _FIRST)]
    for _ in range(_DEEPEST):
        names = [name for name, source in sources.items() if _knows(source, reach[name], layer)]
        if names:
            return names
        layer = [*islice((inner for each in layer for inner in _within(each, keys)), _FIRST)]
    return []


def _knows(source: Source, reach: frozenset[str], layer: Iterable[_Lying]) -> bool:
    return any(each.under <= reach and is_of(source, each.record) for each in layer)


def is_of(source: Source, it: Record) -> bool:
    """Whether a source knows a record; one that fails at it does not, and keeps no other from knowing it."""
    with suppress(RecordError, *DEFECTS):
        return source.identify(it)
    return False


def _lying(sample: bytes, keys: frozenset[str]) -> Iterator[_Lying]:
    if sample.startswith(PARQUET):
        yield from _columns(sample)
        return
    text = sample.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    if text.lstrip().startswith(_JSON):
        yield from _documents(sample, text, keys)
    elif under := sheets.header(sample, _header):
        rows = (_Lying(each.record) for each in sheets.rows(sample, under) if isinstance(each, Found))
        yield from islice(rows, _FIRST)
        yield _Lying(dict.fromkeys(under.names))
    else:
        yield from (_Lying({LINE: line}) for line in text.splitlines() if line.strip())


def _columns(sample: bytes) -> Iterator[_Lying]:
    try:
        with opened(sample) as table:
            yield _Lying(dict.fromkeys(table.types))
    except duckdb.Error:
        return


def _header(names: Sequence[str]) -> bool:
    return bool(names) and all(map(_NAMES.fullmatch, names)) and (len(names) > 1 or " " not in names[0])


def _documents(sample: bytes, text: str, keys: frozenset[str]) -> Iterator[_Lying]:
    """The records of a text in JSON, or of the first as much as is there before it breaks off."""
    opens = _OPENS.match(text)
    wrapper = opens[1] if opens and opens[1] in keys else None
    items = [*islice(records(sample, wrapper or LINE), _FIRST)]
    if not (items and isinstance(items[0], Found)):
        yield from map(_Lying, _begun_records(text.lstrip()))
    under = frozenset({wrapper} if wrapper else ())
    yield from (_Lying(each.record, under) for each in items if isinstance(each, Found))


def _within(lying: _Lying, keys: frozenset[str]) -> Iterator[_Lying]:
    """What lies in a record, under keys that records lie under."""
    for key, value in lying.record.items():
        if key not in keys and key != LINE:
            continue
        under = lying.under | {key}
        if isinstance(value, dict):
            yield _Lying(value, under)
        elif isinstance(value, str):
            yield from (_Lying(each, under) for each in _in_text(value, key))
        elif isinstance(value, list):
            yield from (_Lying(_member(each), under) for each in islice(value, _FIRST))


def _member(value: object) -> Record:
    read = record(value)
    return read if isinstance(read, dict) else {LINE: str(value)}


def _in_text(text: str, key: str) -> Iterator[Record]:
    """The record that is in a text, maybe behind what stands before it in a line; a text that holds none is a line."""
    before = _DATED.match(text) if key == LINE else None
    inner = text[before.end() :] if before else text.lstrip()
    if not inner.startswith(_JSON):
        if key != LINE:
            yield {LINE: text}
        return
    yield from _begun_records(inner)


def _begun_records(text: str) -> Iterator[Record]:
    """The records that a text begins with, one or a list of them."""
    first = begun(text)
    yield from (each for each in (first if isinstance(first, list) else [first]) if isinstance(each, dict))


def begun(text: str) -> object:
    """The value that a text begins with, as far as it is sound; None where it begins with none."""
    try:
        return _LENIENT.raw_decode(text)[0]
    except json.JSONDecodeError as error:
        sound, cut = text[: error.pos], _CUT.sub("", text[error.pos :])
    except BROKEN:
        return None
    closed = (f"{sound.rstrip().removesuffix(',')}{_closers(sound)}", f"{sound[: _safe(sound)]}{_closers(sound)}")
    # A text that is cut off is the beginning of one.
    for each in (f'{sound}{cut}"{_closers(sound)}', *closed) if cut.startswith('"') else closed:
        with suppress(*BROKEN):
            return _LENIENT.decode(each)
    return None


def _safe(text: str) -> int:
    """Where the last member ends of which something follows, or the last list or object begins or ends."""
    ends = [found.start() if found[0] == "," else found.end() for found in _TOKEN.finditer(text) if found[0][0] != '"']
    return ends[-1] if ends else 0


def _closers(text: str) -> str:
    """What closes the brackets that are open at the end of a text."""
    open_: list[str] = []
    for found in _TOKEN.finditer(text):
        if found[0] in _CLOSING:
            open_.append(_CLOSING[found[0]])
        elif open_ and found[0] == open_[-1]:
            open_.pop()
    return "".join(reversed(open_))
