"""What an event is about: the operation, where it is done, how it came out and at which stage it is."""

import re
from pathlib import Path
from typing import Final

from analysis.ingest.fields import needed, part, text
from analysis.ingest.observed import Atom, Resource
from analysis.ingest.outcome import Outcome
from analysis.ingest.strict import Record, RecordError
from analysis.ingest.vocabulary import Vocabulary

WORDS: Final = Vocabulary(Path(__file__).with_name("levels.toml"))
# Azure, "Resource provider operations": a provider, a kind of resource, and what is done with it.
_OPERATION: Final = re.compile(r"[\w.-]+(/[\w.-]+)+", re.ASCII)
_PLACE: Final = re.compile(r"/subscriptions/[^/]+(/resourcegroups/[^/]+)?")
_CODE: Final = re.compile(r'"code"\s*:\s*"(\w{1,60})"')
ENDED: Final = 3
_STAGES: Final = {
    "started": 1, "start": 1, "accepted": 2, "accept": 2, "in progress": 2, "succeeded": ENDED, "success": ENDED,
    "failed": ENDED, "failure": ENDED,
}  # fmt: skip
_LONGEST: Final = 80


def operation(record: Record) -> str:
    """The operation, in small letters.

    Raises:
        RecordError: there is none, or what stands there is none.
    """
    said = needed(record, "operationName")
    if _OPERATION.fullmatch(said) is None:
        raise RecordError(f"operationName is no operation: {said[:40]!a}")
    return said.lower()


def atom(called: str, resource: str | None) -> Atom:
    """What an operation needs, in its resource group, else in its subscription."""
    place = _PLACE.match(resource or "")
    return WORDS.atom(called, called, place[0] if place else None)


def touched(resource: str | None, needs: Atom) -> Resource | None:
    """What it touches."""
    return Resource(resource, needs.group) if resource else None


def outcome(record: Record) -> Outcome:
    """How an operation came out: a word says whether it did, another or a code why not."""
    status, details = text(record, "status"), part(record, "properties")
    if status is None:
        return WORDS.answer()
    sub = (text(record, "subStatus") or "").rpartition(".")[2] or None
    why = [_code(details), text(details, "statusCode"), sub]
    answer = WORDS.answer(*(f"{status} {each}" for each in why if each), status)
    failed = status.lower() in ("failed", "failure")
    error = (next(filter(None, why), None) or status)[:_LONGEST] if failed else None
    return Outcome(answer.decision, answer.reason, error)


def stage(record: Record) -> int | None:
    """At which stage an operation is; None where the event does not say."""
    return _STAGES.get((text(record, "status") or "").lower())


def _code(details: Record) -> str | None:
    """The code of an error, which lies as JSON in a text, be that cut off or not."""
    found = _CODE.search(text(details, "statusMessage") or "")
    return found[1] if found else None
