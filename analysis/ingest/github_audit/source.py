"""GitHub's audit log as a source: what one event says."""

from collections.abc import Iterator
from typing import Final

from analysis.ingest.fields import hashed, needed, text
from analysis.ingest.github_audit import calls
from analysis.ingest.github_audit.identity import caller, presented
from analysis.ingest.github_audit.keys import effect
from analysis.ingest.instants import in_millis
from analysis.ingest.observed import Atom, Observed, Weight
from analysis.ingest.outcome import NOTHING
from analysis.ingest.patterns import Keys
from analysis.ingest.pieces import Text
from analysis.ingest.reading import Found, Refused, records
from analysis.ingest.source import Log
from analysis.ingest.strict import Record, RecordError
from sim.audit.rows import Decision

# Keys of its events, by which it is known.
KEYS: Final = Keys(
    always=("action", "actor"),
    mostly=(
        "_document_id", "@timestamp", "at_sign_timestamp", "created_at", "actor_id", "actor_location", "org", "repo",
        "business", "hashed_token", "programmatic_access_type", "operation_type",
    ),
    least=3,
)  # fmt: skip
_WRAPPER: Final = "audit_log"
_TIMES: Final = ("@timestamp", "at_sign_timestamp", "created_at")
_SHOWN: Final = 40


class GithubAudit:
    """GitHub's audit log of an organisation or enterprise, as exports, answers of the API, or a stream."""

    @property
    def log(self) -> Log:
        """Milliseconds, when it was done; who did what where, and with which token."""
        return Log(
            title="GitHub audit log",
            signs='JSON records with "action", "actor" and "_document_id", "org" or "repo"',
            profile="github_audit",
            resolution=1_000,
            meaning="completion",
            system="github",
            level="events",
            missing="tasks; what a token allows; when most tokens were given; reads in the web interface",
            assumptions=calls.WORDS.declared,
            under=("audit_log",),
        )

    def identify(self, record: Record) -> bool:
        """Whether it has an event's own keys."""
        return KEYS.among(record)

    def records(self, data: Text) -> Iterator[Found | Refused]:
        """Each event."""
        return records(data, _WRAPPER)

    def translate(self, record: Record) -> tuple[Observed, ...]:
        """What somebody did; of what nobody did nothing."""
        action, time = _action(record), _time(record)
        return () if calls.is_of_nobody(action) else (_event(record, action, time),)

    def weight(self, atom: Atom) -> Weight:
        """What levels.toml declares."""
        return calls.WORDS.weight(atom)


SOURCE: Final = GithubAudit()


def _event(record: Record, action: str, time: int) -> Observed:
    who, atom = caller(record), calls.atom(record, action)
    status = text(record, "status_code") if action == calls.API else None
    answer = calls.WORDS.answer(f"status {status}" if action == calls.API else action)
    did = effect(record, action) if answer.decision is Decision.ALLOW else NOTHING
    failed = answer.decision is not Decision.ALLOW or (status is not None and status >= "4")
    return Observed(
        id=text(record, "_document_id") or f"event {hashed(record):016x}",
        time=time,
        kind=did.kind,
        operation=calls.operation(record, action),
        principal=who.party,
        target=did.target or who.other,
        credential=presented(record, time),
        issued=did.issued,
        session=who.session,
        atom=atom,
        resource=calls.resource(record, atom),
        args=calls.arguments(record, action),
        decision=answer.decision,
        reason=did.reason or answer.reason,
        error=(status or action) if failed else None,
        origin=text(record, "actor_ip"),
        user_agent=text(record, "user_agent"),
        request_id=text(record, "request_id"),
        invoked_by=who.through,
    )


def _action(record: Record) -> str:
    action = needed(record, "action")
    if "." not in action:
        raise RecordError(f"action is no category and operation, as repo.create is: {action[:_SHOWN]!a}")
    return action


def _time(record: Record) -> int:
    name = next((each for each in _TIMES if record.get(each) not in (None, "")), _TIMES[0])
    value = record.get(name)
    time = in_millis(value)
    if time is None:
        problem = f"no {name}" if value in (None, "") else f"{name} is no time: {str(value)[:_SHOWN]!a}"
        raise RecordError(problem)
    return time
