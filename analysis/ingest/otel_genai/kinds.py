"""What a span is, and what its attributes are called, in whichever generation of names: names.toml says it."""

import tomllib
from collections.abc import Mapping
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Final

from analysis.ingest.patterns import Pattern, any_of
from sim.audit.rows import Decision, Reason

# Why a call was refused that failed with an error of such a list.
_MEANINGS: Final = {"refused": Reason.OUT_OF_SCOPE, "not_accepted": None, "turned_away": Reason.THROTTLED}


class Span(Enum):
    """What a span is a record of."""

    AGENT = "agent"
    WORKFLOW = "workflow"
    USE = "use"
    OTHER = "other"

    @property
    def is_task(self) -> bool:
        """Whether it is a piece of work."""
        return self in (Span.AGENT, Span.WORKFLOW)


def kind(attributes: Mapping[str, str]) -> Span:
    """What a span with these attributes is."""
    for each in declared()["kinds"]:
        told = attributes.get(each["attribute"])
        if told is not None:
            return next((span for span in Span if told in each.get(span.value, ())), Span.OTHER)
    return Span.OTHER


def agent(attributes: Mapping[str, str]) -> str | None:
    """Which agent a span names; one that is an agent's own may name it as whatever it is about."""
    named = called(attributes, "agent")
    return called(attributes, "entity") if named is None and kind(attributes) is Span.AGENT else named


def called(attributes: Mapping[str, str], what: str) -> str | None:
    """What the attributes say of something: its latest name that is there."""
    return next((attributes[name] for name in declared()["attributes"][what] if name in attributes), None)


def decision(error: str | None) -> tuple[Decision | None, Reason | None]:
    """Whether a call was let in, and why not; of one that failed without saying nobody knows."""
    if error is None:
        return Decision.ALLOW, None
    return next((meaning for errors, meaning in _errors() if errors.match(error)), (None, None))


@cache
def declared() -> dict[str, Any]:
    """The file as it stands."""
    return tomllib.loads(Path(__file__).with_name("names.toml").read_text("utf-8"))


@cache
def _errors() -> tuple[tuple[Pattern, tuple[Decision, Reason | None]], ...]:
    return tuple((any_of(declared()["errors"][name]), (Decision.DENY, why)) for name, why in _MEANINGS.items())
