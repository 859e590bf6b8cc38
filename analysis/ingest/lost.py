"""A file that no source knows may have been one of a log: it is empty, or begins as one and is none.

Who writes a file and is stopped leaves nothing, the blank space that was reserved for it, or a part. And a table, whose
columns are known by their names, is a stranger's if one name is cut off or misspelt. Of all these nobody can say what
they held.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from difflib import get_close_matches
from typing import Final

from analysis.ingest import sheets
from analysis.ingest.files import Content
from analysis.ingest.pieces import begins
from analysis.ingest.source import Source
from analysis.ingest.strict import DEFECTS, RecordError, is_sound

_MARK: Final = b"\xef\xbb\xbf"
# How the JSON of exports begins, and neither a note nor a file of settings does.
_EXPORTED: Final = re.compile(rb'\s*(?:\{\s*"|\[\s*\{)')
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
    return next(filter(None, (_renamed(sample, name, source) for name, source in sources.items())), None)


def _breaks_off(content: Content) -> bool:
    """Whether it begins as JSON of an export, and is none: it may have been cut anywhere."""
    if not isinstance(content.data, bytes) or not _EXPORTED.match(content.data):
        return False
    text = content.data.decode(errors="surrogateescape").strip()
    return not is_sound(text.partition("\n")[0]) and not is_sound(text)


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
    begun = [each for each in columns if cut and len(small) >= _BEGINNING and each.startswith(small)]
    found: Sequence[str] = begun or get_close_matches(small, columns, 1, _ALIKE)
    return columns[found[0]] if found else name


def _knows(source: Source, names: Iterable[str]) -> bool:
    with suppress(RecordError, *DEFECTS):
        return source.identify(dict.fromkeys(names))
    return False
