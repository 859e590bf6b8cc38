"""OCSF as a source: what one event says."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from analysis.ingest.fields import hashed, part, text
from analysis.ingest.observed import Atom, Observed, Party, Weight
from analysis.ingest.ocsf import calls
from analysis.ingest.ocsf.answers import outcome
from analysis.ingest.ocsf.credentials import effects
from analysis.ingest.ocsf.events import KEYS, events
from analysis.ingest.ocsf.identity import Caller, caller, party
from analysis.ingest.ocsf.moments import when, whole
from analysis.ingest.outcome import NOTHING, Effect, Outcome
from analysis.ingest.pieces import Text
from analysis.ingest.reading import Found, Refused
from analysis.ingest.source import Log
from analysis.ingest.strict import Record, RecordError
from sim.audit.rows import UNKNOWN, Decision

# Findings and discoveries: of nothing that anybody did. The numbers of classes begin with that of their category.
_OF_NOBODY: Final = (0, 2, 5)
_SHOWN: Final = 40


class Ocsf:
    """OCSF 1.x, as JSON in lines or lists, or as Parquet."""

    @property
    def log(self) -> Log:
        """Milliseconds, when the event was over; what its producer mapped of who, what and with what outcome."""
        return Log(
            title="OCSF events, of any product",
            signs='JSON or Parquet with "class_uid", "category_uid" and "activity_id"',
            profile="ocsf",
            resolution=1_000,
            meaning="completion",
            system="as logged",
            level="events",
            missing="tasks; what a credential allows; what its producer did not map, or put into unmapped",
            assumptions=calls.WORDS.declared,
            under=("events",),
        )

    def identify(self, record: Record) -> bool:
        """Whether it has keys that every event has, and three of them at least."""
        return KEYS.among(record)

    def records(self, data: Text) -> Iterator[Found | Refused]:
        """Each event."""
        return events(data)

    def translate(self, record: Record) -> tuple[Observed, ...]:
        """What an event tells of; several where it gave or ended several credentials."""
        class_uid = _class(record)
        if calls.category(class_uid) in _OF_NOBODY:
            return ()
        who, went = caller(record, class_uid), outcome(record, class_uid)
        did = effects(record, class_uid) if went.decision is Decision.ALLOW else (NOTHING,)
        event = _event(record, class_uid, who, went)
        return tuple(_having(event, each, number) for number, each in enumerate(did))

    def weight(self, atom: Atom) -> Weight:
        """What levels.toml declares."""
        return calls.WORDS.weight(atom)


SOURCE: Final = Ocsf()


def _event(record: Record, class_uid: int, who: Caller, went: Outcome) -> Observed:
    api, request = part(record, "api"), part(record, "http_request")
    metadata, source = part(record, "metadata"), part(record, "src_endpoint")
    atom = calls.atom(record, class_uid)
    return Observed(
        id=text(metadata, "uid") or f"event {hashed(record):016x}",
        time=_time(record),
        kind=NOTHING.kind,
        operation=calls.operation(record, class_uid),
        principal=who.party,
        target=who.behalf or _target(record, class_uid, who.party),
        credential=who.credential,
        session=who.session,
        atom=atom,
        resource=calls.resource(record, atom),
        args=calls.arguments(record),
        decision=went.decision,
        reason=went.reason,
        error=went.error,
        origin=text(source, "ip") or text(source, "hostname"),
        user_agent=text(request, "user_agent"),
        request_id=text(part(api, "request"), "uid") or text(request, "uid") or text(metadata, "correlation_uid"),
        invoked_by=who.invoked_by,
    )


def _having(event: Observed, did: Effect, number: int) -> Observed:
    """The event with what it did to one credential, which whoever is given it does not yet present."""
    if did is NOTHING:
        return event
    shown = event.credential
    given = did.issued is not None and shown is not None and shown.name == did.issued.name
    return replace(
        event,
        id=f"{event.id} {number + 1}" if number else event.id,
        kind=did.kind,
        issued=did.issued,
        credential=None if given else shown,
        target=did.target or event.target,
        reason=did.reason or event.reason,
    )


def _class(record: Record) -> int:
    number = whole(record, "class_uid")
    if number is None:
        raise RecordError("no class_uid, or it is no number")
    return number


def _target(record: Record, class_uid: int, acting: Party | None) -> Party | None:
    """Whom it was about, if that is somebody else."""
    about = party(part(record, "user")) if calls.is_of_identities(class_uid) else None
    return about if about and (acting is None or about.name != acting.name) else None


def _time(record: Record) -> int:
    time = when(record, "time")
    if time == UNKNOWN:
        said = str(record.get("time"))[:_SHOWN]
        raise RecordError(f"time is no time: {said!a}; OCSF has milliseconds since 1970, or time_dt as text")
    return time
