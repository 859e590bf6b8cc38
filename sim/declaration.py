"""What a user declares in TOML: read, changed by hand, validated; strange content is refused in one line.

The line names the file, the key with its path, the value as far as it can be shown, and what is allowed. Every table
that holds a figure holds its `source` too: a publication, or `assumed: ` and why.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from sim.audit.refusal import Refusal

# No span is longer: times are counted in microseconds of 63 bits.
CENTURY_S = 3_155_760_000

_SHORTEST_SOURCE = 10
_LONGEST_SHOWN = 60

# Neither a truth value nor a text is a number, nor a fraction a count.
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Whole = Annotated[int, Field(strict=True)]

Share = Annotated[Number, Field(ge=0, le=1)]
Count = Annotated[Whole, Field(ge=1, le=1_000_000)]
Seconds = Annotated[Number, Field(gt=0, le=CENTURY_S)]
Never = Literal["never"]
Model = TypeVar("Model", bound=BaseModel)


class DeclarationError(Refusal):
    """What is declared cannot be used; one line that names the key, the value and what is allowed."""


def _is_a_source(text: str) -> str:
    if len(text.removeprefix("assumed:").strip()) < _SHORTEST_SOURCE:
        msg = "name the publication, or write 'assumed: ' and why"
        raise ValueError(msg)
    return text


Source = Annotated[str, AfterValidator(_is_a_source)]


class Strict(BaseModel):
    """A table of which every key is known, and which does not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Sourced(Strict):
    """A table of figures, with where they come from."""

    source: Source


def declared(model: type[Model], path: Path, settings: Mapping[str, Any] | None = None) -> Model:
    """A TOML file as a model that is called after it; `settings` are dotted keys that replace what the file says.

    Raises:
        DeclarationError: the file cannot be read, or a key or value is not allowed.
    """
    content = _read(path)
    for key, value in (settings or {}).items():
        _replace(content, key, value, path.stem)
    if "name" in content:
        msg = f"{path}: name: it is called after its file; rename that"
        raise DeclarationError(msg)
    return validated(model, {**content, "name": path.stem}, str(path))


def _read(path: Path) -> dict[str, Any]:
    """Content of a TOML file."""
    text = ""
    try:
        text = path.read_text("utf-8")
        return tomllib.loads(text)
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
        msg = f"{path}: {_printed(longest)}: a number of thousands of digits; no figure has so many"
        raise DeclarationError(msg) from error


def _replace(content: dict[str, Any], key: str, value: object, name: str) -> None:
    """Set one dotted key that is already there; what is set by hand is marked so in its `source`."""
    *parents, last = key.split(".")
    table: Any = content
    for part in parents:
        table = _below(table, part)
    if not isinstance(table, dict) or (last not in table and parents):
        msg = f"{name}: no key {_shortened(key)} to set; it has {', '.join(map(_printed, sorted(content)))}"
        raise DeclarationError(msg)
    table[last] = value
    if "source" in table:
        table["source"] = f"assumed: {last} set by hand; otherwise {table['source']}"


def _below(table: object, part: str) -> object:
    """What a key names in a table, or a name in a list of tables that have one."""
    if isinstance(table, list):
        return next((each for each in table if isinstance(each, dict) and each.get("name") == part), None)
    return table.get(part) if isinstance(table, dict) else None


def validated(model: type[Model], content: dict[str, Any], name: str) -> Model:
    """The content as a model.

    Raises:
        DeclarationError: naming the file, the first key at fault, and what is allowed.
    """
    try:
        return model.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(_printed, first["loc"]))
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        msg = f"{name}: {where + ': ' if where else ''}{_reason(first['type'], first['msg'], first['input'])}{more}"
        raise DeclarationError(msg) from error


def _reason(kind: str, allowed: str, value: object) -> str:
    """What is allowed, and the value that is not."""
    if kind == "extra_forbidden":
        return "no such key"
    reason = allowed.removeprefix("Value error, ")
    # What is missing has no value, and a contradiction between several has its own words.
    return reason if kind == "missing" or isinstance(value, dict) else f"{reason}, not {_shortened(value)}"


def _shortened(value: object) -> str:
    try:
        text = repr(value)
    except (ValueError, RecursionError):
        return "an integer of thousands of digits" if isinstance(value, int) else "what is nested too deeply"
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def _printed(part: str | int) -> str:
    text = str(part)
    return text if text.isprintable() and len(text) <= _LONGEST_SHOWN else _shortened(text)
