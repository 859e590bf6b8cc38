"""Google Cloud Audit Logs as a source: what one entry says."""

from collections.abc import Iterable, Iterator
from typing import Final

from analysis.ingest.fields import first_text, flag, hashed, moment, part, text
from analysis.ingest.gcp_audit import calls
from analysis.ingest.gcp_audit.answers import outcome
from analysis.ingest.gcp_audit.credentials import Call, effect
from analysis.ingest.gcp_audit.identity import caller
from analysis.ingest.observed import Atom, Observed, Weight
from analysis.ingest.outcome import NOTHING
from analysis.ingest.patterns import Keys
from analysis.ingest.pieces import Text
from analysis.ingest.reading import Found, Refused, records
from analysis.ingest.source import Log
from analysis.ingest.strict import Record, RecordError
from sim.audit.rows import Decision

# Keys of every entry, by which it is known, be it as Cloud Logging writes it or as BigQuery keeps it.
KEYS: Final = tuple(
    Keys(
        always=(payload,),
        mostly=(
            "methodName",
            "serviceName",
            "authenticationInfo",
            "requestMetadata",
            "resourceName",
            "insertId",
            "logName",
        ),
        least=3,
    )
    for payload in ("protoPayload", "protopayload_auditlog")
)
_PAYLOADS: Final = ("protoPayload", "protopayload", "protopayload_auditlog")
_TYPES: Final = ("@type", "at_sign_type")
_AUDIT: Final = "google.cloud.audit.AuditLog"
_WRAPPER: Final = "entries"
_FIRST: Final = 1
_LAST: Final = 2


class GcpAudit:
    """Google Cloud Audit Logs, as Cloud Logging exports its entries."""

    @property
    def log(self) -> Log:
        """Microseconds, when the call came; who called, on whose behalf, which permissions were granted."""
        return Log(
            title="Google Cloud Audit Logs",
            signs='JSON entries with a "protoPayload" that has "methodName" and "authenticationInfo"',
            profile="gcp_audit",
            resolution=1,
            meaning="start",
            system="google cloud",
            level="events",
            missing="tasks; what a role allows; the token that a call came with; reads of data, if not switched on",
            assumptions=calls.WORDS.declared,
            under=("entries",),
        )

    def identify(self, record: Record) -> bool:
        """Whether it has a payload with the keys of a call."""
        return any(keys.among([*record, *_payload_of(record, keys.always[0])]) for keys in KEYS)

    def records(self, data: Text) -> Iterator[Found | Refused]:
        """Each entry."""
        return records(data, _WRAPPER)

    def translate(self, record: Record) -> tuple[Observed, ...]:
        """The call that an entry tells of; none, where it is of another log."""
        payload = _payload(record)
        if payload is None:
            return ()
        method = text(payload, "methodName")
        if method is None:
            raise RecordError("no protoPayload.methodName")
        return (_event(record, payload, method),)

    def weight(self, atom: Atom) -> Weight:
        """What levels.toml declares."""
        return calls.WORDS.weight(atom)


SOURCE: Final = GcpAudit()


def _payload_of(record: Record, name: str) -> Iterable[str]:
    """The names in a payload, under whatever capitals."""
    payload = next((value for key, value in record.items() if key.lower() == name.lower()), None)
    return payload if isinstance(payload, dict) else ()


def _payload(record: Record) -> Record | None:
    """The AuditLog in an entry; None where something else is in it."""
    name = next((each for each in _PAYLOADS if record.get(each) is not None), None)
    if name is None:
        if any(key.lower() in ("jsonpayload", "textpayload") for key in record):
            return None
        raise RecordError("no protoPayload")
    payload = part(record, name)
    told = first_text(payload, *_TYPES) or _AUDIT
    return payload if told.endswith(_AUDIT) else None


def _event(record: Record, payload: Record, method: str) -> Observed:
    who, went = caller(payload), outcome(record, payload)
    event_id, stage = _identity(record)
    time = moment(record, "timestamp", "receiveTimestamp", "receivetimestamp")
    done = went.decision is Decision.ALLOW and went.error is None
    did = effect(Call(payload, record, method, event_id, time, who)) if done else NOTHING
    atom = calls.atom(record, payload, method)
    caught = part(payload, "requestMetadata")
    return Observed(
        id=event_id,
        time=time,
        kind=did.kind,
        operation=f"{calls.service(payload)}:{method}",
        stage=stage,
        principal=who.party,
        target=did.target or who.behalf,
        credential=who.credential,
        issued=did.issued,
        atom=atom,
        resource=calls.resource(payload, atom),
        args=calls.arguments(payload),
        decision=went.decision,
        reason=did.reason or went.reason,
        error=went.error,
        origin=text(caught, "callerIp") or text(caught, "callerIP"),
        user_agent=text(caught, "callerSuppliedUserAgent"),
        request_id=text(part(record, "operation"), "id"),
        invoked_by=who.between,
    )


def _identity(record: Record) -> tuple[str, int | None]:
    """The id of an event, and which of its two entries this is, if it has two."""
    operation = part(record, "operation")
    name, first, last = text(operation, "id"), flag(operation, "first") is True, flag(operation, "last") is True
    if name and first != last:
        return f"{text(operation, 'producer') or ''}/{name}", _FIRST if first else _LAST
    own = text(record, "insertId") or text(record, "insertid")
    return own or f"entry {hashed(record):016x}", None
