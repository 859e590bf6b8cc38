"""What a line is of: a call of an API, or the server's own signing; levels.toml says what each needs and does."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analysis.ingest.fields import hashed, text
from analysis.ingest.observed import Party
from analysis.ingest.strict import Record
from analysis.ingest.vocabulary import Vocabulary
from sim.audit.ids import PrincipalKind

WORDS: Final = Vocabulary(Path(__file__).with_name("levels.toml"))
_AUDITED: Final = 1
_DONE: Final = 2
_SIGNED: Final = 3
_ERROR: Final = "error"
_BATCHES: Final = "Batch"


@dataclass(frozen=True, slots=True)
class Line:
    """A line that tells of something done; `stage` says how much it knows of it, the most last."""

    record: Record
    message: str
    stage: int

    @property
    def service(self) -> str | None:
        """The API that was called."""
        return text(self.record, "service")

    @property
    def method(self) -> str | None:
        """What of it was called."""
        return text(self.record, "method")

    @property
    def operation(self) -> str:
        """The call as one says it; of what is no call, its message."""
        return f"{self.service}/{self.method}" if self.service and self.method else self.message

    @property
    def id(self) -> str:
        """The call, and which of those in a batch; else the line by its content."""
        request = text(self.record, "request_id")
        return f"{request} {self.about or ''}".rstrip() if request else f"line {hashed(self.record):016x}"

    @property
    def about(self) -> str | None:
        """The entry that it is about in a batch, else the identity."""
        entry = text(self.record, "entry_id")
        identity = text(self.record, "spiffe_id") or text(self.record, "agent_id")
        if (self.method or "").startswith(_BATCHES):
            return entry or identity
        return identity or (text(self.record, "caller_id") if self.renews_agents else entry)

    @property
    def renews_agents(self) -> bool:
        """Whether it is about whoever calls, which is an agent."""
        return self.method == "RenewAgent"

    @property
    def caller(self) -> Party | None:
        """Who called: an identity, an agent that proves who it is, a process that asks who it is, a local user."""
        own = text(self.record, "agent_id") or text(self.record, "spiffe_id")
        name = text(self.record, "caller_id") or (own if WORDS.declared["own"].get(self.operation) else None)
        user = text(self.record, "caller_uid")
        return identity(name or (f"unix:uid:{user}" if user else None))

    @property
    def holder(self) -> Party | None:
        """Whom it is about."""
        named = text(self.record, "spiffe_id") or text(self.record, "agent_id")
        return identity(named or (text(self.record, "caller_id") if self.renews_agents else None))


def identity(name: str | None) -> Party | None:
    """A process, an agent of SPIRE or a user of a host: none of them is known to be a person."""
    return Party(name, PrincipalKind.SERVICE) if name else None


def told(record: Record) -> Line | None:
    """The line, if it tells of something that somebody did; None if not."""
    message = text(record, "msg") or ""
    tells = WORDS.list_of("lines", message)
    called = text(record, "service") is not None and text(record, "method") is not None
    if text(record, "type") == "audit":
        return Line(record, message, _AUDITED)
    if tells == "signed":
        return Line(record, message, _SIGNED)
    if called and (tells == "done" or text(record, "level") == _ERROR):
        return Line(record, message, _DONE)
    return None
