"""What a user declares in TOML, validated; strange content is refused in one line.

The line names the file, the key with its path, the value as far as it can be shown, and what is allowed. Every table
that holds a figure holds its `source` too: a publication, or `assumed: ` and why.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from sim.toml import Content, DeclarationError, Lookup, content, nearest, printed, shortened

# No span is longer: times are counted in microseconds of 63 bits.
CENTURY_S = 3_155_760_000

_SHORTEST_SOURCE = 10
_FIRST_YEAR, _LAST_YEAR = 1970, 2199
_MOST = 1_000_000

# Neither a truth value nor a text is a number, nor a fraction a count.
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Whole = Annotated[int, Field(strict=True)]

Share = Annotated[Number, Field(ge=0, le=1)]
Count = Annotated[Whole, Field(ge=1, le=_MOST)]
Seconds = Annotated[Number, Field(gt=0, le=CENTURY_S)]
# Seconds that may be none.
Delay = Annotated[Number, Field(ge=0, le=CENTURY_S)]
# A span of hours.
Hours = Annotated[Number, Field(gt=0, le=CENTURY_S // 3600)]
# Of a logarithm: at ten, one draw in a hundred is ten billion times the median.
Sigma = Annotated[Number, Field(ge=0, le=10)]
Never = Literal["never"]
Model = TypeVar("Model", bound=BaseModel)
# Keys and places in lists that lead to a value.
Place = tuple[str | int, ...]


def _is_a_source(text: str) -> str:
    if len(text.removeprefix("assumed:").strip()) < _SHORTEST_SOURCE:
        msg = "name the publication, or write 'assumed: ' and why"
        raise ValueError(msg)
    return text


def _is_a_limit(value: object) -> object:
    if value != "never" and not (type(value) is int and 1 <= value <= _MOST):
        msg = f'a whole number from 1 to {_MOST:,}, or "never"'
        raise ValueError(msg)
    return value


def _is_a_span(value: object) -> object:
    if value != "never" and not (type(value) is int and 0 < value <= CENTURY_S):
        msg = f'whole seconds, 1 to {CENTURY_S} (a century), or "never"'
        raise ValueError(msg)
    return value


Source = Annotated[str, AfterValidator(_is_a_source)]
Span = Annotated[int | Never, BeforeValidator(_is_a_span)]


def _is_a_time(value: object) -> object:
    """A number would be taken for the seconds since 1970."""
    try:
        time = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        time = None
    if not isinstance(time, datetime):
        msg = "write a time with its zone, like 2026-01-05T00:00:00Z"
        raise ValueError(msg)  # noqa: TRY004 - pydantic gathers errors of this class
    return time


def _is_of_our_time(time: datetime) -> datetime:
    if not _FIRST_YEAR <= time.year <= _LAST_YEAR:
        msg = f"a year from {_FIRST_YEAR} to {_LAST_YEAR}"
        raise ValueError(msg)
    return time


Start = Annotated[AwareDatetime, BeforeValidator(_is_a_time), AfterValidator(_is_of_our_time)]
# A number that is reached some time, or never.
Limit = Annotated[int | Never, BeforeValidator(_is_a_limit)]


class Strict(BaseModel):
    """A table of which every key is known, and which does not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Sourced(Strict):
    """A table of figures, with where they come from."""

    source: Source


# Pairs of keys, whether they contradict each other here, and what to change.
Pairs = Iterable[tuple[str, str, bool, str]]


def agree(pairs: Pairs, said: Callable[[str], object]) -> None:
    """Refuse two keys that contradict each other, naming both and what they say; a model's validator calls it."""
    for first, second, contradictory, remedy in pairs:
        if contradictory:
            msg = f"{first} = {said(first)!r} contradicts {second} = {said(second)!r}: {remedy}"
            raise ValueError(msg)


def declared(
    model: type[Model], path: Path, settings: Mapping[str, Any] | None = None, lookup: Lookup | None = None
) -> Model:
    """A TOML file as a model that is called after it; `settings` are dotted keys that replace what the file says.

    `lookup` tells where a bare name lies that the file extends and that is not beside it.

    Raises:
        DeclarationError: a file cannot be read, or a key or value is not allowed.
    """
    said = content(path, settings or {}, lookup)
    if "name" in said:
        msg = f"{path}: name: it is called after its file; rename that"
        raise DeclarationError(msg)
    return validated(model, {**said, "name": path.stem}, str(path))


def validated(model: type[Model], said: Content, name: str) -> Model:
    """The content as a model.

    Raises:
        DeclarationError: naming the file, the first key at fault, and what is allowed.
    """
    try:
        return model.model_validate(said)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(printed, first["loc"]))
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        reason = _reason(first["type"], first["msg"], first["input"])
        if first["type"] == "extra_forbidden":
            strange = {each["loc"] for each in error.errors(include_url=False) if each["type"] == first["type"]}
            reason = _strange(said, first["loc"], strange)
        msg = f"{name}: {where + ': ' if where else ''}{reason}{more}"
        raise DeclarationError(msg) from error


def _strange(said: Content, at: Place, strange: Collection[Place]) -> str:
    """A key that nobody knows, and what is there beside it that somebody does."""
    *above, last = at
    table: Any = said
    for part in above:
        table = table[part]
    return f"no such key; {nearest(str(last), [key for key in table if (*above, key) not in strange])}"


def _reason(kind: str, allowed: str, value: object) -> str:
    """What is allowed, and the value that is not."""
    reason = allowed.removeprefix("Value error, ")
    # What is missing has no value, and a contradiction between several has its own words.
    return reason if kind == "missing" or isinstance(value, dict) else f"{reason}, not {shortened(value)}"
