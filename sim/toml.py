"""What TOML files say: read, with what they extend, and with what is set by hand.

`extends = ["per_task", "mine.toml"]` at the top of a file: it says only in what it differs from those. A bare name is
one beside the file, or a bundled one of the same kind; a name that ends with `.toml` is a path from the file's folder.
They apply from left to right, then the file itself: tables key by key, lists of named tables name by name, all else
whole. A table tells the sources of all that say something in it: of a key that is said anew, only the last.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from copy import deepcopy
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from typing import Any, Self, TypeGuard

from sim.audit.refusal import Refusal

_LONGEST_SHOWN = 60
_MOST_SHOWN = 8

Content = dict[str, Any]
# Where a bare name stands for something: a path, whether or not that is there.
Lookup = Callable[[str], Path]


class DeclarationError(Refusal):
    """What is declared cannot be used; one line that names the key, the value and what is allowed."""


# Sources, each with the keys for which its word still counts; the last that was said comes first.
_Parts = list[tuple[str, AbstractSet[str]]]


class _Sources(str):
    """Where a table of which several files say something has its figures from: one text that knows its parts."""

    __slots__ = ("parts",)
    parts: _Parts

    def __new__(cls, parts: _Parts) -> Self:
        """One text of all of them."""
        said = super().__new__(cls, "; otherwise ".join(source for source, _ in parts))
        said.parts = parts
        return said


def content(path: Path, settings: Mapping[str, Any], lookup: Lookup | None = None) -> Content:
    """Content of a file over that of those it extends; `settings` are dotted keys that replace what it then says.

    Raises:
        DeclarationError: a file cannot be read, extends itself, or has no such key to set.
    """
    said = _extended(path, lookup, ())
    for key, value in settings.items():
        _replace(said, key, value, path.stem)
    return said


def _extended(path: Path, lookup: Lookup | None, extending: tuple[Path, ...]) -> Content:
    """What a file says over what those say that it extends; `extending` are the files that led here."""
    if path.resolve() in extending:
        msg = f"{path}: extends itself, by way of {', '.join(each.name for each in extending)}"
        raise DeclarationError(msg)
    own = _read(path)
    said: Content = {}
    for name in _names(own.pop("extends", []), path):
        said = _merged(said, _extended(_found(name, path, lookup), lookup, (*extending, path.resolve())))
    return _merged(said, own)


def _names(names: object, path: Path) -> list[str]:
    listed = [names] if isinstance(names, str) else names
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        msg = f"{path}: extends: the name of a file to extend, or a list of names, not {shortened(names)}"
        raise DeclarationError(msg)
    return listed


def _found(name: str, path: Path, lookup: Lookup | None) -> Path:
    if name.endswith(".toml"):
        return path.parent / name
    beside = path.with_name(f"{name}.toml")
    return beside if lookup is None or beside.is_file() else lookup(name)


def _merged(below: Content, above: Content) -> Content:
    """One content over another."""
    said = below | {key: _over(below[key], value) if key in below else value for key, value in above.items()}
    if all(isinstance(each.get("source"), str) for each in (below, above)):
        said["source"] = _still(_parts(below), above.keys(), _parts(above))
    return said


def _parts(table: Content) -> _Parts:
    """Each source of a table with the keys that it is about."""
    source = table["source"]
    return source.parts if isinstance(source, _Sources) else [(source, table.keys() - {"source"})]


def _still(below: _Parts, anew: AbstractSet[str], above: _Parts) -> _Sources:
    """The sources of what is said anew, and of what is left of what was said before."""
    left = [(source, keys - anew) for source, keys in below]
    return _Sources([*above, *((source, keys) for source, keys in left if keys)])


def _over(below: object, above: object) -> object:
    if isinstance(below, dict) and isinstance(above, dict):
        return _merged(below, above)
    if _named(below) and _named(above):
        return _listed(below, above)
    return above


def _named(value: object) -> TypeGuard[list[Content]]:
    return isinstance(value, list) and all(isinstance(each, dict) and "name" in each for each in value)


def _listed(below: Iterable[Content], above: Iterable[Content]) -> list[Content]:
    """Named tables, each over the one of its name; new ones come last."""
    said = {each["name"]: each for each in below}
    for each in above:
        said[each["name"]] = _merged(said.get(each["name"], {}), each)
    return list(said.values())


def _anew(text: str) -> Content:
    """What a text says, for whoever changes it."""
    said = _parsed(text)
    # Long keys make tables that lie deeper in each other than can be copied.
    with suppress(RecursionError):
        return deepcopy(said)
    return tomllib.loads(text)


@lru_cache(maxsize=256)
def _parsed(text: str) -> Content:
    """What a text says: where assumptions are varied the same few are read a thousand times."""
    return tomllib.loads(text)


def _read(path: Path) -> Content:
    """Content of a TOML file."""
    text = ""
    try:
        text = path.read_text("utf-8")
        return _anew(text)
    except OSError as error:
        msg = f"{path}: {error.strerror}; name a bundled one or the path of a TOML file"
        raise DeclarationError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"{path}: not UTF-8 at byte {error.start:,}; save it as UTF-8"
        raise DeclarationError(msg) from error
    except RecursionError as error:
        msg = f"{path}: nested too deeply; a table or list lies in a handful of others at most"
        raise DeclarationError(msg) from error
    except tomllib.TOMLDecodeError as error:
        msg = f"{path}: not TOML: {error}"
        raise DeclarationError(msg) from error
    # What the reader lets through: Python reads no integer of more digits than some thousands.
    except ValueError as error:
        longest = max(text.splitlines(), key=len, default="")
        msg = f"{path}: {printed(longest)}: a number of thousands of digits; no figure has so many"
        raise DeclarationError(msg) from error


def _replace(said: Content, key: str, value: object, name: str) -> None:
    """Set one dotted key that is already there; what is set by hand is marked so in its `source`."""
    *parents, last = key.split(".")
    table: Any = said
    for part in parents:
        found = _below(table, part)
        if found is None:
            raise DeclarationError(_unknown(name, key, part, table))
        table = found
    if not isinstance(table, dict) or (last not in table and parents):
        raise DeclarationError(_unknown(name, key, last, table))
    table[last] = value
    if isinstance(table.get("source"), str) and last != "source":
        table["source"] = _still(_parts(table), {last}, [(f"assumed: {last} set by hand", {last})])


def _below(table: object, part: str) -> object:
    """What a key names in a table, or a name in a list of tables that have one."""
    if isinstance(table, list):
        return next((each for each in table if isinstance(each, dict) and each.get("name") == part), None)
    return table.get(part) if isinstance(table, dict) else None


def _unknown(name: str, key: str, part: str, table: object) -> str:
    """Why a key cannot be set, at its first part that is not there; and what is there instead."""
    there = [each["name"] for each in table] if _named(table) else table if isinstance(table, dict) else []
    return f"{name}: no key {shortened(key)} to set; instead of {shortened(part)} {nearest(part, there)}"


def nearest(part: str, there: Iterable[str]) -> str:
    """What keys there are, those first that look most like one that is not there."""
    likely = sorted(there, key=lambda each: (-SequenceMatcher(None, part[:_LONGEST_SHOWN], each).ratio(), each))
    more = f" and {len(likely) - _MOST_SHOWN} more" if len(likely) > _MOST_SHOWN else ""
    return f"there is {', '.join(map(printed, likely[:_MOST_SHOWN]))}{more}" if likely else "there is nothing"


def shortened(value: object) -> str:
    """A value as it is written, a long one by its beginning."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):
        return "an integer of thousands of digits" if isinstance(value, int) else "what is nested too deeply"
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def printed(part: str | int) -> str:
    """Part of a key as it is written, if it can be shown in a line."""
    text = str(part)
    return text if text.isprintable() and len(text) <= _LONGEST_SHOWN else shortened(text)
