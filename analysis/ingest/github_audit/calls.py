"""What was done, and in which repository, organisation or enterprise; levels.toml says what that needs."""

from pathlib import Path
from typing import Final

from analysis.ingest.fields import first_text, hashed, text
from analysis.ingest.observed import Atom, Resource
from analysis.ingest.strict import Record
from analysis.ingest.vocabulary import Vocabulary
from sim.audit.rows import UNKNOWN

WORDS: Final = Vocabulary(Path(__file__).with_name("levels.toml"))
API: Final = "api.request"
_PLACES: Final = ("repo", "repository", "org", "business")


def operation(record: Record, action: str) -> str:
    """The action; of a request of the API also its method and route."""
    if action != API:
        return action
    return " ".join(filter(None, [action, text(record, "request_method"), text(record, "route")]))


def atom(record: Record, action: str) -> Atom:
    """The atom that it needs: a level on a kind of thing, where it lies."""
    call = f"{operation(record, action)}:{text(record, 'operation_type') or ''}"
    return WORDS.atom(call, _thing(action), _place(record))


def resource(record: Record, needed: Atom) -> Resource | None:
    """Where it was done."""
    name = _place(record)
    return Resource(name, needed.group) if name else None


def arguments(record: Record, action: str) -> int:
    """A hash of what a request of the API asked for; UNKNOWN of all else."""
    return hashed([text(record, "query_string"), text(record, "request_body")]) if action == API else UNKNOWN


def is_of_nobody(action: str) -> bool:
    """Whether it tells of nothing that anybody did."""
    return WORDS.list_of("silent", action) is not None


def _thing(action: str) -> str:
    """What is declared of the action, else its category, which stands before the dot."""
    return WORDS.list_of("things", action) or action.partition(".")[0]


def _place(record: Record) -> str | None:
    return first_text(record, *_PLACES)
