"""What an event is about: its type, how it came out, and what it touched."""

import re
from pathlib import Path
from typing import Final

from analysis.ingest.fields import needed, part, parts, text
from analysis.ingest.observed import Atom, Resource
from analysis.ingest.outcome import Outcome
from analysis.ingest.strict import Record, RecordError
from analysis.ingest.vocabulary import Vocabulary
from sim.audit.rows import Decision

WORDS: Final = Vocabulary(Path(__file__).with_name("levels.toml"))
# Okta, Event types: words with points between. What is anything else may be a name, and is not shown as a kind of act.
_TYPE: Final = re.compile(r"[\w-]+(\.[\w-]+)*", re.ASCII)
_FINE: Final = ("SUCCESS", "ALLOW")
_LONGEST: Final = 80


def operation(record: Record) -> str:
    """The type of the event.

    Raises:
        RecordError: there is none, or it is none.
    """
    said = needed(record, "eventType")
    if _TYPE.fullmatch(said) is None:
        raise RecordError(f"eventType is no type of event: {said[:40]!a}")
    return said


def outcome(record: Record, called: str) -> Outcome:
    """How it came out, and what went wrong."""
    said = part(record, "outcome")
    result, reason = text(said, "result"), text(said, "reason")
    if result is None:
        return WORDS.answer()
    if result in _FINE:
        return WORDS.answer(f"{result} {called}")
    answer = WORDS.answer(f"{result} {reason or ''}", f"{result} {called}")
    return Outcome(answer.decision, answer.reason, (reason or result)[:_LONGEST])


def is_silent(called: str, went: Outcome) -> bool:
    """Whether such an event, if it came out so, tells of nothing that anybody did."""
    declared = WORDS.list_of("silent", called)
    return declared == "operations" or (declared == "unless_refused" and went.decision is not Decision.DENY)


def targets(record: Record) -> list[Record]:
    """What the event names besides the actor, each with an id."""
    return [each for each in parts(record, "target") if text(each, "id")]


def is_token(target: Record) -> bool:
    """Whether a target is a token."""
    return text(target, "type") in WORDS.declared["tokens"]["types"]


def touched(named: list[Record], atom: Atom) -> Resource | None:
    """The thing that it was about, of several the most telling."""
    things = [each for each in named if not is_token(each)]
    order = WORDS.declared["resources"]["types"]
    kinds = [text(each, "type") for each in things]
    best = next((things[kinds.index(kind)] for kind in order if kind in kinds), things[0] if things else None)
    return None if best is None else Resource(f"{text(best, 'type') or 'thing'}/{text(best, 'id')}", atom.group)
