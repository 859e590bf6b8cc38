"""To which factor each knob of a control model belongs: scope, lifetime, decision or revocation; read from TOML.

A knob is in exactly one. What changes no fact, such as what is logged, is in `no_fact`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import BaseModel, Field, model_validator

from sim.control.model import Control
from sim.declaration import Sourced, Strict, validated
from sim.toml import content

FACTORS: Final = ("scope", "lifetime", "decision", "revocation")
# What describes a model, and the policies that its knobs name; no section of knobs.
_WORDS: Final = frozenset({"name", "title", "summary", "stands_for", "policy", "successor"})


class Factor(Sourced):
    """What belongs to one factor: whole sections, or single knobs by their dotted key."""

    knobs: Annotated[tuple[str, ...], Field(min_length=1)]


class Factors(Strict):
    """The factors of every knob."""

    scope: Factor
    lifetime: Factor
    decision: Factor
    revocation: Factor
    no_fact: Factor

    @model_validator(mode="after")
    def _every_knob_is_in_one(self) -> Self:
        """A section may be in one factor and a knob of it in another; nothing else is said twice, or of nothing."""
        places = [place for each in _FACTORS_AND_NONE for place in getattr(self, each).knobs]
        known = [*knobs(), *(knob.partition(".")[0] for knob in knobs())]
        twice = [place for place in places if places.count(place) > 1]
        unknown = [place for place in places if place not in known]
        missing = [knob for knob in knobs() if not _places(knob) & set(places)]
        for wrong, what in ((twice, "named twice"), (unknown, "no such knob"), (missing, "in no factor")):
            if wrong:
                msg = f"{wrong[0]}: {what}; each knob is in exactly one factor, by itself or with its section"
                raise ValueError(msg)
        return self

    def of(self, knob: str) -> str:
        """The factor that a knob belongs to, or `no_fact`."""
        named = {place: each for each in _FACTORS_AND_NONE for place in getattr(self, each).knobs}
        return named[knob] if knob in named else named[knob.partition(".")[0]]


_FACTORS_AND_NONE: Final = (*FACTORS, "no_fact")


def load(path: Path) -> Factors:
    """Read and validate the factors.

    Raises:
        DeclarationError: the file cannot be read, or a knob is in none or in two of them.
    """
    return validated(Factors, content(path, {}), str(path))


def knobs() -> tuple[str, ...]:
    """Every knob of a control model by its dotted key, in the order of declaration."""
    return tuple(_knobs())


def _knobs() -> Iterator[str]:
    for section, field in Control.model_fields.items():
        inner = field.annotation
        if section in _WORDS:
            continue
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from (f"{section}.{knob}" for knob in inner.model_fields if knob != "source")
        else:
            yield section


def _places(knob: str) -> set[str]:
    """Where a knob can be named: by itself, or with its section."""
    return {knob, knob.partition(".")[0]}
