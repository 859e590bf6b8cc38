"""What may plausibly be other than it is said: a range for each figure that is a fact of the world, from a file.

What is compared (the choices of a control model), what is known to whoever asks (their estate, their office hours), and
what is no fact at all (a guard, a window) is not varied; the file says why.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import Field, StrictBool, model_validator

from outlive.bundled import root
from sim.declaration import Never, Number, Sourced, Strict, Whole, validated
from sim.toml import Content, content

_WORDS: Final = frozenset({"name", "source"})
# From here on to so many times that, a range is one of magnitudes.
_MAGNITUDES: Final = 10
# Of a rate that falls to none, what is left of it counts as none.
_NEVER: Final = 0.99

Words = Annotated[str, Field(min_length=10)]
Value = StrictBool | Whole | Number | Never
Scale = Literal["no or yes", "reciprocal", "logarithm", "value"]


class Range(Sourced):
    """From `low` to `high`, or from one multiple of what is said to another where that differs by scenario.

    `unless_zero`: why it is not varied where it is 0, because then there is nothing of the kind.
    """

    low: Value
    high: Value
    relative: bool = False
    unless_zero: Words | None = None

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        low, high = size(self.low), size(self.high)
        if not low < high:
            raise ValueError(f"low = {self.low} is not below high = {self.high}")
        if self.relative and not (0 <= low <= 1 <= high < math.inf):
            raise ValueError(f"relative: from {self.low} to {self.high} times what is said leaves that out")
        return self

    def applies(self, said: object) -> bool:
        """Whether a figure is one that lies in this range."""
        return (scales(said) or not self.relative) and (said != 0 or self.unless_zero is None)

    def ends(self, said: object) -> tuple[object, object]:
        """The least and the greatest value in the place of one."""
        if not self.relative:
            return self.low, self.high
        low, high = (said * size(end) for end in (self.low, self.high))  # type: ignore[operator]
        return (max(1, round(low)), max(1, round(high))) if isinstance(said, int) else (low, high)

    @property
    def scale(self) -> Scale:
        """On which scale it is drawn evenly: of multiples and of magnitudes the logarithm, up to never the rate."""
        low, high = size(self.low), size(self.high)
        if isinstance(self.low, bool):
            return "no or yes"
        if math.isinf(high):
            return "reciprocal"
        return "logarithm" if low > 0 and (self.relative or high / low >= _MAGNITUDES) else "value"

    def at(self, said: object, place: float) -> object:
        """The value in the place of one, from the low end, 0, to the high one, which 1 is just past."""
        low, high, whole = size(self.low), size(self.high), self._is_whole(said)
        match self.scale:
            case "no or yes":
                return place >= 1 / 2
            case "reciprocal":
                value = low / (1 - place) if place < _NEVER else math.inf
            case "logarithm":
                value = low * (high / low) ** place
            case "value":
                counted = whole and not self.relative
                value = math.floor(low + place * (high - low + 1)) if counted else low + place * (high - low)
        if math.isinf(value):
            return "never"
        value = said * value if self.relative else value  # type: ignore[operator]
        return max(int(self.relative), round(value)) if whole else value

    def towards(self, said: object, end: int, share: float) -> object:
        """A value on the way from what is said, 0, to the low (0) or the high end (1), 1, on the scale of the range."""
        last = self.ends(said)[end]
        if share in {0, 1} or self.scale == "no or yes":
            return last if share else said
        here, there = size(said), size(last)
        if math.inf in {here, there}:
            return self._counted(said, 1 / ((1 - share) / here + share / there))
        if self.scale == "logarithm" and here > 0:
            return self._counted(said, here * (there / here) ** share)
        return self._counted(said, here + share * (there - here))

    def _counted(self, said: object, value: float) -> object:
        return round(value) if self._is_whole(said) else value

    def _is_whole(self, said: object) -> bool:
        """Whether it is counted: what is said is whole or never, and so is the low end where it is no multiple."""
        return (said == "never" or isinstance(said, int)) and (self.relative or isinstance(self.low, int))


class Ranges(Strict):
    """The ranges by their keys, and what is not varied, whole sections or single keys, with the reason."""

    ranges: dict[str, Range]
    chosen: dict[str, Words]

    def reason(self, key: str) -> str | None:
        """Why a figure is not varied; None where that is not said."""
        return next((why for place, why in self.chosen.items() if covers(place, key, whole=False)), None)

    def of(self, key: str) -> Range | None:
        """The range of a figure; None where it has none."""
        return next((each for place, each in self.ranges.items() if covers(place, key)), None)


@dataclass(frozen=True)
class Figure:
    """A figure as a scenario or a control model says it, by its dotted key, with the source it stands under."""

    key: str
    value: object
    source: str


def load(path: Path | None = None) -> Ranges:
    """The bundled ranges, or those of a file.

    Raises:
        DeclarationError: the file cannot be read, or a range is none.
    """
    path = path or root() / "assumptions.toml"
    return validated(Ranges, content(path, {}), str(path))


def figures(said: Content, within: str) -> Iterator[Figure]:
    """Every figure of a scenario or a control model, in its order; lists of named tables by the names."""
    for name, value in said.items():
        if isinstance(value, dict):
            yield from _figures(value, f"{within}.{name}", "")
        elif isinstance(value, list):
            yield from (each for entry in value for each in _figures(entry, f"{within}.{name}.{entry['name']}", ""))


def _figures(table: Content, place: str, source: str) -> Iterator[Figure]:
    source = str(table.get("source", source))
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _figures(value, f"{place}.{name}", source)
        elif name not in _WORDS and value is not None:
            yield Figure(f"{place}.{name}", value, source)


def covers(place: str, key: str, *, whole: bool = True) -> bool:
    """Whether a key of the ranges stands for a figure: `*` for any name, a fleet's own figures like everybody's."""
    wanted, given = place.split("."), _general(key.split("."))
    if whole and len(wanted) != len(given):
        return False
    return len(wanted) <= len(given) and all(a in {"*", b} for a, b in zip(wanted, given, strict=False))


def _general(parts: Sequence[str]) -> list[str]:
    """A fleet's own figure under the name that everybody's has; a control model's under that of any."""
    if parts[:2] == ["scenario", "fleets"]:
        return ["scenario", *parts[3:]]
    return ["control", *parts[2:]] if parts[0] == "control" else list(parts)


def size(value: object) -> float:
    """A value on the line of numbers; never is beyond all of them."""
    return math.inf if value == "never" else float(value)  # type: ignore[arg-type]


def scales(value: object) -> bool:
    """Whether a figure has multiples."""
    return is_number(value) and value not in {0, "never"}


def is_number(value: object) -> bool:
    """Whether a figure is one that could lie in a range; a truth value is no or yes, 0 or 1."""
    return value == "never" or isinstance(value, bool | int | float)


def said(described: Mapping[str, object], digits: int = 6) -> str:
    """Values in a word, of so many digits: the only one, or from the least to the greatest."""
    values = sorted(set(map(size, described.values())))
    words = [f"{float(f'{each:.{digits}g}'):,.6g}" if math.isfinite(each) else "never" for each in values]
    if any(isinstance(each, bool) for each in described.values()):
        words = ["no" if each == 0 else "yes" for each in values]
    return words[0] if len(words) == 1 else f"{words[0]} to {words[-1]}"
