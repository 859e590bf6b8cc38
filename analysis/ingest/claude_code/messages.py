"""The records of a conversation: who speaks in which, when, and in which pieces."""

from dataclasses import dataclass
from typing import Final

from analysis.ingest.fields import moment, needed, part, parts, text
from analysis.ingest.observed import Party
from analysis.ingest.strict import Record
from sim.audit.ids import PrincipalKind

# What `conversations` knows of a record, beside what the record says.
GIVEN: Final = "conversation"
_LONGEST_ERROR: Final = 200


@dataclass(frozen=True, slots=True)
class Message:
    """A record of a conversation.

    `name` is that of the conversation, None where it is not known which of the session's it is; `within` is the
    session, where it is a sub-agent's. `launches` and `ends` are the conversation of a sub-agent whose call it answers,
    first and last; `asked` are the questions to a person that it answers.
    """

    record: Record
    id: str
    time: int
    session: str
    name: str | None
    within: str | None
    begins: bool
    launches: str | None
    ends: str | None
    asked: frozenset[str]

    @property
    def agent(self) -> Party | None:
        """Who acts in the conversation."""
        return instance(self.name) if self.name else None

    @property
    def client(self) -> str | None:
        """The software, by its version."""
        version = text(self.record, "version")
        return version and f"claude-code/{version}"


def instance(conversation: str) -> Party:
    """Who acts in a conversation: an agent that has no other name than this."""
    return Party(conversation, PrincipalKind.AGENT_INSTANCE)


def message(record: Record) -> Message:
    """Read what every record of a conversation has.

    Raises:
        RecordError: it lacks an id, a session or a time.
    """
    session, given = needed(record, "sessionId"), part(record, GIVEN)
    asked = given.get("asked")
    return Message(
        record,
        needed(record, "uuid"),
        moment(record, "timestamp"),
        session,
        text(given, "name") if given else session,
        text(given, "within"),
        begins=given.get("begins") is True,
        launches=text(given, "launches"),
        ends=text(given, "ends"),
        asked=frozenset(map(str, asked if isinstance(asked, list) else ())),
    )


def pieces(record: Record, kind: str) -> list[Record]:
    """The pieces of one kind that a message is made of; a message that is only text has none.

    Raises:
        RecordError: something else stands in their place.
    """
    said = part(record, "message")
    if isinstance(said.get("content"), str):
        return []
    return [each for each in parts(said, "content") if each.get("type") == kind]


def error(result: Record) -> str | None:
    """What a result that is an error says, as text; None where it is none."""
    if result.get("is_error") is not True:
        return None
    content = result.get("content")
    if not isinstance(content, list):
        return f"{content or 'error'}"
    return "\n".join(f"{each.get('text') or ''}" for each in content if isinstance(each, dict))


def told(error: str | None) -> str | None:
    """The first line of an error, cut where it is long: results may hold whole files."""
    return error and error.strip().partition("\n")[0][:_LONGEST_ERROR]
