"""Entra ID as a source: what one record says."""

from collections.abc import Iterator
from typing import Final

from analysis.ingest.entra.audits import audit
from analysis.ingest.entra.forms import LOG, names_in, plain
from analysis.ingest.entra.requests import request
from analysis.ingest.entra.signins import sign_in
from analysis.ingest.entra.words import WORDS
from analysis.ingest.fields import moment, text
from analysis.ingest.observed import Atom, Observed, Weight
from analysis.ingest.patterns import Keys
from analysis.ingest.pieces import Text
from analysis.ingest.reading import Found, Refused
from analysis.ingest.source import Log
from analysis.ingest.strict import Record, RecordError
from analysis.ingest.wrappings import Wrappings

_SIGN_INS: Final = Keys(
    always=(),
    mostly=(
        "conditionalAccessStatus", "crossTenantAccessType", "resourceDisplayName", "uniqueTokenIdentifier",
        "isInteractive", "signInEventTypes", "clientAppUsed", "servicePrincipalName", "appDisplayName",
        "riskLevelDuringSignIn", "tokenIssuerType", "authenticationProtocol", "userPrincipalName",
    ),
    least=4,
)  # fmt: skip
_AUDITS: Final = Keys(
    always=("activityDisplayName",),
    mostly=("initiatedBy", "targetResources", "loggedByService", "activityDateTime"),
    least=2,
)
_REQUESTS: Final = Keys(
    always=("requestUri", "requestMethod"),
    mostly=("responseStatusCode", "signInActivityId", "tokenIssuedAt", "clientAuthMethod"),
    least=2,
)
_WRAPPINGS: Final = Wrappings("createdDateTime", lists=("value", "records"), texts=())
_OF_AUDITS: Final = ("activityDisplayName", "initiatedBy", "targetResources")
_OF_SIGN_INS: Final = ("userId", "userPrincipalName", "servicePrincipalId", "uniqueTokenIdentifier", "appId")


class Entra:
    """Microsoft Entra ID, sign-ins, audit records and requests, as Graph, Azure Monitor or Log Analytics write them."""

    @property
    def log(self) -> Log:
        """Seconds at least, when something began; who got a token for what, who changed what, and asked Graph what."""
        return Log(
            title="Microsoft Entra ID sign-in, audit and Graph logs",
            signs='JSON records with "conditionalAccessStatus" and "resourceDisplayName", or with "activityDisplayName"'
            ' and "initiatedBy"',
            profile="entra",
            resolution=1_000_000,
            meaning="start",
            system="entra",
            level="events",
            missing="tasks; what applications and administrators may do; uses of tokens but for Graph, their ends; "
            "approvals of access; sign-ins of kinds whose log is not here",
            assumptions=WORDS.declared,
            under=_WRAPPINGS.keys,
        )

    def identify(self, record: Record) -> bool:
        """Whether it has the keys of a sign-in, an audit record or a request to Graph."""
        names = names_in(record)
        return any(each.among(names) for each in (_SIGN_INS, _AUDITS, _REQUESTS))

    def records(self, data: Text) -> Iterator[Found | Refused]:
        """Each record, in a list or by itself."""
        return _WRAPPINGS.unwrapped(data)

    def translate(self, record: Record) -> tuple[Observed, ...]:
        """What a sign-in, an audit record or a request tells; of other logs nothing."""
        told = plain(record)
        if text(told, LOG) in WORDS.declared["silent"]["logs"]:
            return ()
        event_id = text(told, "id") or text(told, "requestId") or text(told, "correlationId")
        if event_id is None:
            raise RecordError("none of id, requestId and correlationId")
        if text(told, "requestUri"):
            return (request(told, event_id, moment(told, "timeGenerated", "time")),)
        if any(text(told, name) for name in _OF_AUDITS):
            time = moment(told, "activityDateTime", "time", "timeGenerated")
            return audit(told, event_id, time)
        if any(text(told, name) for name in _OF_SIGN_INS):
            return (sign_in(told, event_id, moment(told, "createdDateTime", "time", "timeGenerated")),)
        raise RecordError("neither a sign-in nor an audit record nor a request")

    def weight(self, atom: Atom) -> Weight:
        """What levels.toml declares."""
        return WORDS.weight(atom)


SOURCE: Final = Entra()
