"""The Okta System Log as a source: what one event says."""

import re
from collections.abc import Iterator
from typing import Final

from analysis.ingest.fields import moment, needed, part, text
from analysis.ingest.observed import Atom, Observed, Weight
from analysis.ingest.okta import events
from analysis.ingest.okta.grants import effect
from analysis.ingest.okta.identity import party, presented, session
from analysis.ingest.outcome import NOTHING
from analysis.ingest.patterns import Keys
from analysis.ingest.pieces import Text
from analysis.ingest.reading import Found, Refused
from analysis.ingest.source import Log
from analysis.ingest.strict import Record
from analysis.ingest.wrappings import Wrappings
from sim.audit.rows import Decision

_OWN: Final = "uuid"
# What somebody logs in with has no name here; the session that he gets, which each step of that tells, is not what he
# came with.
_LOGIN: Final = re.compile(r"user\.(session\.start|authentication\.(auth|verify)\w*)")
# As documented; some stores write the first keys of a record without capitals.
_KEYS: Final = (
    "published", "eventType", "actor", "outcome", "target", "client", "transaction", "debugContext",
    "authenticationContext", "securityContext", "legacyEventType", "displayMessage",
)  # fmt: skip
_TELLING: Final = Keys(
    always=("eventType", "actor"),
    mostly=("debugContext", "authenticationContext", "securityContext", "legacyEventType", "displayMessage"),
    least=2,
)
_AS_DOCUMENTED: Final = {name.lower(): name for name in _KEYS}
_WRAPPINGS: Final = Wrappings(_OWN, within=("detail", "data", "event"))


class Okta:
    """Okta System Log, as the API lists it, one event a line, or as hooks and streams hand it on."""

    @property
    def log(self) -> Log:
        """Milliseconds, when an event was published; who did what, in which session, and which tokens were given."""
        return Log(
            title="Okta System Log",
            signs='JSON records with "eventType", "actor" and "legacyEventType" or "debugContext"',
            profile="okta",
            resolution=1_000,
            meaning="completion",
            system="okta",
            level="events",
            missing="tasks; what tokens and administrators may do; uses of tokens outside Okta; client secrets made; "
            "sessions ended with their user; approvals of access",
            assumptions=events.WORDS.declared,
            under=_WRAPPINGS.keys,
        )

    def identify(self, record: Record) -> bool:
        """Whether it has an event's own keys."""
        return _TELLING.among(record)

    def records(self, data: Text) -> Iterator[Found | Refused]:
        """Each event, also in the record of a hook or a stream."""
        return _WRAPPINGS.unwrapped(data)

    def translate(self, record: Record) -> tuple[Observed, ...]:
        """What an event tells; nothing where nobody did anything."""
        record = {_AS_DOCUMENTED.get(name.lower(), name): value for name, value in record.items()}
        event_id, time, called = needed(record, _OWN), moment(record, "published"), events.operation(record)
        went = events.outcome(record, called)
        if events.is_silent(called, went):
            return ()
        who, done = party(part(record, "actor")), went.decision is Decision.ALLOW
        did = effect(record, called, time, who) if done else NOTHING
        atom = events.WORDS.atom(called, called)
        client = part(record, "client")
        event = Observed(
            id=event_id,
            time=time,
            kind=did.kind,
            operation=called,
            principal=who,
            target=did.target,
            credential=None if _LOGIN.fullmatch(called) else presented(record),
            issued=did.issued,
            session=session(record),
            atom=atom,
            resource=events.touched(events.targets(record), atom),
            decision=went.decision,
            reason=did.reason or went.reason,
            error=went.error,
            origin=text(client, "ipAddress"),
            user_agent=text(part(client, "userAgent"), "rawUserAgent"),
            request_id=text(part(record, "transaction"), "id"),
            invoked_by=text(client, "id"),
        )
        return (event,)

    def weight(self, atom: Atom) -> Weight:
        """What levels.toml declares."""
        return events.WORDS.weight(atom)


SOURCE: Final = Okta()
