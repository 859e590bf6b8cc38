"""A sign-in: who got a token for what, with what, and how that came out."""

from dataclasses import dataclass
from typing import Final

from analysis.ingest.entra.forms import LOG
from analysis.ingest.entra.words import WORDS
from analysis.ingest.fields import flag, part, text
from analysis.ingest.instants import HOUR
from analysis.ingest.observed import Atom, Issued, Observed, Party, Presented, Resource
from analysis.ingest.strict import Record, RecordError
from sim.audit.rows import Binding, CredentialKind, Decision, Kind

_LOGS: Final = {
    "signinlogs": "interactiveUser",
    "noninteractiveusersigninlogs": "nonInteractiveUser",
    "serviceprincipalsigninlogs": "servicePrincipal",
    "microsoftserviceprincipalsigninlogs": "servicePrincipal",
    "managedidentitysigninlogs": "managedIdentity",
}
_OTHERWISE: Final = {True: "interactiveUser", False: "nonInteractiveUser", None: "user"}
_NOT_AGENTIC: Final = (None, "notAgentic", "unknownFutureValue")
# Written where there is none.
_NO_ID: Final = "00000000-0000-0000-0000-000000000000"
_LONGEST_ERROR: Final = 80


@dataclass(frozen=True, slots=True)
class Parties:
    """Who asked for a token, and for whom."""

    actor: Party | None
    subject: Party | None


def sign_in(record: Record, event_id: str, time: int) -> Observed:
    """What a sign-in tells.

    Raises:
        RecordError: it names nobody.
    """
    kind, who = _kind(record), _parties(record)
    answer, error = WORDS.answer(*_answered(record)), _error(record)
    let_in = answer.decision is Decision.ALLOW
    issued = _issued(record, time) if let_in else None
    atom, resource = _about(record)
    return Observed(
        id=event_id,
        time=time,
        kind=_way(who) if issued else Kind.USE,
        operation=f"sign-in {kind}",
        principal=who.actor,
        target=who.subject if issued else None,
        credential=_presented(record, kind),
        issued=issued,
        session=_id(record, "sessionId"),
        atom=atom,
        resource=resource,
        decision=answer.decision,
        reason=answer.reason,
        error=None if let_in else error,
        origin=text(record, "ipAddress") or text(record, "callerIpAddress"),
        user_agent=text(record, "userAgent"),
        request_id=_id(record, "id"),
        invoked_by=_id(record, "appId"),
    )


def _kind(record: Record) -> str:
    """How somebody signs in: by the log that tells it, else by what the record says of itself."""
    log = (text(record, LOG) or "").lower().removeprefix("aad")
    said = record.get("signInEventTypes")
    first = said[0] if isinstance(said, list) and said and isinstance(said[0], str) else None
    known = _LOGS.get(log) or (first if first in _LOGS.values() else None)
    if known is not None:
        return known
    return "servicePrincipal" if _user(record) is None else _OTHERWISE[flag(record, "isInteractive")]


def _parties(record: Record) -> Parties:
    agent, user, principal = part(record, "agent"), _user(record), _id(record, "servicePrincipalId")
    asks, of = text(agent, "agentType"), text(agent, "agentSubjectType")
    parent = _id(agent, "parentAppId")
    if user is None:
        if principal is None:
            raise RecordError("neither userId nor servicePrincipalId")
        agentic = asks not in _NOT_AGENTIC
        party = Party(principal, WORDS.party(asks if agentic else "servicePrincipal"), parent if agentic else None)
        return Parties(party, party)
    if of not in _NOT_AGENTIC:
        party = Party(user, WORDS.party(of), parent)
        return Parties(party, party)
    subject, app = Party(user, WORDS.party("user")), principal or _id(record, "appId")
    if asks in _NOT_AGENTIC or app is None:
        return Parties(subject, subject)
    return Parties(Party(app, WORDS.party(asks), parent), subject)


def _way(who: Parties) -> Kind:
    return Kind.ISSUE if who.actor == who.subject else Kind.ASSUME


def _issued(record: Record, time: int) -> Issued | None:
    """The token, which is for the one resource that it was asked for."""
    token = text(record, "uniqueTokenIdentifier")
    if token is None:
        return None
    longest = WORDS.declared["tokens"]["longest_hours"] * HOUR
    return Issued(token, CredentialKind.SESSION_TOKEN, time + longest, binding=Binding.AUDIENCE)


def _presented(record: Record, kind: str) -> Presented | None:
    if key := _id(record, "servicePrincipalCredentialKeyId"):
        return Presented(key, CredentialKind.STATIC_KEY)
    session = _id(record, "sessionId")
    if kind == "nonInteractiveUser" and session is not None:
        return Presented(f"session {session}", CredentialKind.SESSION_TOKEN)
    return None


def _about(record: Record) -> tuple[Atom, Resource | None]:
    """To sign in to one resource is what can be allowed."""
    resource = _id(record, "resourceId") or _id(record, "resourceServicePrincipalId")
    atom = WORDS.atom("sign-in", f"resource {resource or ''}", resource)
    return atom, Resource(resource, atom.group) if resource else None


def _answered(record: Record) -> tuple[str | None, ...]:
    code = part(record, "status").get("errorCode")
    access = "blocked by policy" if text(record, "conditionalAccessStatus") == "failure" else None
    if isinstance(code, int) and not isinstance(code, bool):
        return (str(code), access if code else None, "failed" if code else None)
    result = text(record, "resultType")
    return (result, access, "failed" if result else None)


def _error(record: Record) -> str | None:
    status = part(record, "status")
    return (text(status, "errorCode") or text(record, "resultType") or "")[:_LONGEST_ERROR] or None


def _user(record: Record) -> str | None:
    return _id(record, "userId") or text(record, "userPrincipalName")


def _id(record: Record, name: str) -> str | None:
    found = text(record, name)
    return None if found == _NO_ID else found
