"""A token has two hashes in the log, its own and that of its accessor, by which it is known.

Some requests name a token by its own. Entries that have both, of whoever asks and of what is given, tell which accessor
is meant: those of the same file before, since a token is given before it is ended.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from analysis.ingest.fields import text
from analysis.ingest.reading import Found, Refused
from analysis.ingest.strict import Record

# The accessor of the token that a request names by its own hash, beside what an entry says.
NAMED: Final = "accessor of the token named"
# Where the two stand, and what they are called there.
_PLACES: Final = (
    (("auth",), "client_token", "accessor"),
    (("request",), "client_token", "client_token_accessor"),
    (("response", "auth"), "client_token", "accessor"),
    (("response", "wrap_info"), "token", "accessor"),
)


def named(items: Iterable[Found | Refused]) -> Iterator[Found | Refused]:
    """The same entries, each with the accessor of the token that it names, where that is known by then."""
    accessors: dict[str, str] = {}
    for item in items:
        if isinstance(item, Refused):
            yield item
            continue
        accessors.update(_told(item.record))
        known = accessors.get(text(_at(item.record, ("request", "data")), "token") or "")
        yield item if known is None else replace(item, beside={NAMED: known})


def _told(record: Record) -> Iterator[tuple[str, str]]:
    for path, token, accessor in _PLACES:
        place = _at(record, path)
        own, other = text(place, token), text(place, accessor)
        if own is not None and other is not None:
            yield own, other


def _at(record: Record, path: tuple[str, ...]) -> Record:
    """The object at a place; empty where there is none."""
    for name in path:
        value = record.get(name)
        record = value if isinstance(value, dict) else {}
    return record
