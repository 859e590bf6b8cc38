"""A file that no source knows may have been one of a log: it is empty, or begins as one and is none.

Who writes a file and is stopped leaves nothing, the blank space that was reserved for it, or a part. And a table, whose
columns are known by their names, is a stranger's if one name is cut off, misspelt or there twice. Of all these nobody
can say what they held, nor what stood before the rest of a document. Nor is a log read whose records lie deeper in
others than anybody puts them, or among NUL bytes: whoever can write into a record could have put them there.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import accumulate, islice
from typing import Final

from analysis.ingest import sheets
from analysis.ingest.beginning import begun, is_of, recognised
from analysis.ingest.files import Content
from analysis.ingest.pieces import begins
from analysis.ingest.source import Source
from analysis.ingest.strict import is_sound

_MARK: Final = b"\xef\xbb\xbf"
# How the JSON of exports begins, and neither a note nor a file of settings does.
_EXPORTED: Final = re.compile(rb'\s*(?:\{\s*"|\[\s*\{)')
# A line that ends in an opening bracket which is of no JSON, as of a program.
_OPENED: Final = re.compile(rb'[^\n]*[^\s":,\[{][ \t]*[{\[]\s*\Z')
# Nothing but JSON, as far as there are whole lines.
_PRINTED: Final = re.compile(rb'(?:"(?:[^"\\\n]++|\\.)*+"|[\s{}\[\],:\d.eE+-]|true|false|null)*+\Z')
_MEMBER: Final = re.compile(rb'^\s*+"[^"\n]*+"\s*+:', re.MULTILINE)
_BRACKET: Final = re.compile(rb'"(?:[^"\\\n]++|\\.)*+"|[{}\[\]]')
_AS_UTF8: Final = "save it as UTF-8 without them"
_UP: Final = "put them into a list by themselves, or leave the file out"
# Values of a file that are looked at for records, those of each list, and lines before which something may stand.
_MANY: Final = 2_000
_FEW: Final = 20
_LINES: Final = 3
# The first in a line.
_OPENS: Final = re.compile(r"^[^\n{]*+\{", re.MULTILINE)
_AGAIN: Final = "export it again, or leave it out if it never held records"
# How much alike names are of which one may be meant by the other, and how much of a name is told by its beginning.
_ALIKE: Final = 0.75
_BEGINNING: Final = 3


def lost(content: Content, sources: Mapping[str, Source]) -> str | None:
    """What may have befallen a file that no source knows, and what to do; None where it never was of a log."""
    sample = begins(content.data).removeprefix(_MARK)
    if not sample.strip(b"\0 \t\r\n"):
        what = "nothing but NUL bytes" if b"\0" in sample else "nothing but white space" if sample else "empty"
        return f"{what}: {_AGAIN}"
    if _breaks_off(content):
        return f"begins as JSON and breaks off in its first record: {_AGAIN}"
    if _goes_on(sample):
        return f"JSON that has no beginning, and may have been cut anywhere: {_AGAIN}"
    if of := b"\0" in sample and recognised(sample.replace(b"\0", b""), sources):
        return f"text of {of[0]} among NUL bytes, as UTF-16 without its mark has them: {_AS_UTF8}"
    tables = (tell(sample, *each) for each in sources.items() for tell in (_doubled, _renamed))
    return next(filter(None, (_buried(sample, sources), *tables)), None)


def _breaks_off(content: Content) -> bool:
    """Whether it begins as JSON of an export, and is none: it may have been cut anywhere."""
    if not isinstance(content.data, bytes) or not _EXPORTED.match(content.data):
        return False
    text = content.data.decode(errors="surrogateescape").strip()
    return not is_sound(text.partition("\n")[0]) and not is_sound(text)


def _goes_on(sample: bytes) -> bool:
    """Whether it is printed JSON from the middle on: behind its first line more is closed than was opened."""
    first, _, rest = sample.partition(b"\n")
    lines = rest[: rest.rfind(b"\n") + 1] or rest
    if _OPENED.match(first) or not _MEMBER.search(lines) or not _PRINTED.match(lines):
        return False
    depths = accumulate((each[0] in b"{[") - (each[0] in b"}]") for each in _BRACKET.finditer(lines))
    return min(depths, default=0) < 0


def _buried(sample: bytes, sources: Mapping[str, Source]) -> str | None:
    """Where records of a source may lie, of those that a file in JSON begins with, deeper than any are looked for."""
    within = deque(("", begun(each)) for each in _values(sample.decode(errors="surrogateescape").lstrip()))
    for _ in range(_MANY):
        if not within:
            break
        path, value = within.popleft()
        of = isinstance(value, dict) and next((name for name, source in sources.items() if is_of(source, value)), None)
        if of:
            return f"what may be records of {of} lies under {path[:80]!a}, where none are looked for: {_UP}"
        within += _inside(path, value)
    return None


def _values(text: str) -> Iterator[str]:
    """Where a value in JSON may begin: a text, or what stands behind something in its first lines, as in a cell."""
    if text.startswith(("{", "[", '"')):
        yield text
    if not text.startswith(("{", "[")):
        for opens in islice(_OPENS.finditer(text), _FEW):
            at = opens.end() - 1
            if text.count("\n", 0, at) < _LINES:
                yield from (text[at:], text[at:].replace('""', '"'))


def _inside(path: str, value: object) -> Iterator[tuple[str, object]]:
    """What lies in a value, and by which way."""
    if isinstance(value, str) and value.lstrip().startswith(("{", "[")):
        yield path, begun(value.lstrip())
    elif isinstance(value, dict):
        yield from ((f"{path}.{name}", each) for name, each in value.items())
    elif isinstance(value, list):
        yield from ((f"{path}[]", each) for each in value[:_FEW])


def _doubled(sample: bytes, name: str, source: Source) -> str | None:
    """Which columns of a table of a source are there twice."""
    names = sheets.twice(sample, lambda names: len(names) > 1 and _knows(source, names))
    told = ", ".join(f"{each[:40]!a}" for each in names)
    return f"a table of {name}, but its first line has names twice: {told}; leave one of each" if names else None


def _renamed(sample: bytes, name: str, source: Source) -> str | None:
    """Which columns would have to be called otherwise for a file to be a table of a source; None where none would."""
    columns = {each.lower(): each for each in source.log.columns}
    under = sheets.header(sample, lambda names: len(names) > 1 and any(each.lower() in columns for each in names))
    if under is None:
        return None
    meant = {each: _meant(each, columns, cut=each == under.names[-1]) for each in under.names}
    other = [each for each, of in meant.items() if of.lower() != each.lower()] or [
        each for each, of in meant.items() if of != each
    ]
    if not other or not _knows(source, meant.values()):
        return None
    told = ", ".join(f"{each[:40]!a}, perhaps {meant[each]!a}" for each in other)
    return f"a table of {name}, but for the names in its first line: {told}; mend them"


def _meant(name: str, columns: Mapping[str, str], *, cut: bool) -> str:
    """The column that may be meant by a name: that which is called like it, or, of a line cut off, begins like it."""
    small = name.lower()
    if small in columns:
        return columns[small]
    longer = [each for each in columns if cut and len(small) >= _BEGINNING and each.startswith(small)]
    found: Sequence[str] = longer or get_close_matches(small, columns, 1, _ALIKE)
    return columns[found[0]] if found else name


def _knows(source: Source, names: Iterable[str]) -> bool:
    return is_of(source, dict.fromkeys(names))
