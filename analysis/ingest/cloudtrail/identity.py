"""Who called, under which key, in which session: the record's userIdentity."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from analysis.ingest.aws import kind_of_key, longest_session
from analysis.ingest.fields import part, text
from analysis.ingest.instants import instant
from analysis.ingest.observed import Party, Presented
from analysis.ingest.strict import Record
from sim.audit.ids import PrincipalKind
from sim.audit.rows import FOREVER, CredentialKind, Resolution

_KINDS: Final = {
    "AssumedRole": PrincipalKind.AGENT_INSTANCE,
    "FederatedUser": PrincipalKind.AGENT_INSTANCE,
    "Role": PrincipalKind.ROLE,
    "Root": PrincipalKind.SHARED_ACCOUNT,
    "AWSAccount": PrincipalKind.SHARED_ACCOUNT,
    "IdentityCenterUser": PrincipalKind.HUMAN,
}
_SESSIONS: Final = ("AssumedRole", "FederatedUser")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a record says made the call; None where it does not say."""

    party: Party | None
    credential: Presented | None
    session: str | None
    invoked_by: str | None


def caller(record: Record) -> Caller:
    """Read the caller from a record."""
    identity = part(record, "userIdentity")
    context = part(identity, "sessionContext")
    key, created = text(identity, "accessKeyId"), text(part(context, "attributes"), "creationDate")
    whose, since = key or text(identity, "principalId"), created and _written(created)
    return Caller(
        party=_party(identity, context),
        credential=_presented(key, text(identity, "type"), created) if key else None,
        session=f"{whose} {since}" if whose and since else None,
        invoked_by=text(identity, "invokedBy"),
    )


def _written(created: str) -> str:
    """A time as CloudTrail itself writes it: tables of its events write others, and the session is the same."""
    time = instant(created)
    return created if time is None else f"{datetime.fromtimestamp(time // 1_000_000, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _party(identity: Record, context: Record) -> Party | None:
    name = text(identity, "arn") or text(identity, "invokedBy") or text(identity, "principalId")
    if name is None:
        return None
    issuer = part(context, "sessionIssuer")
    role = text(issuer, "arn") if text(issuer, "type") == "Role" else None
    return Party(name, _KINDS.get(text(identity, "type") or "", PrincipalKind.SERVICE), role)


def _presented(key: str, identity_type: str | None, created: str | None) -> Presented:
    kind = CredentialKind.SESSION_TOKEN if identity_type in _SESSIONS else kind_of_key(key)
    if kind is CredentialKind.STATIC_KEY:
        return Presented(key, kind, until=FOREVER, resolved=Resolution.LOOKED_UP)
    since = instant(created) if created and kind is CredentialKind.SESSION_TOKEN else None
    # A policy may have been baked into a session when it was issued; no later call tells.
    resolved = Resolution.BOTH if kind is CredentialKind.SESSION_TOKEN else None
    if since is None:
        return Presented(key, kind, resolved=resolved)
    return Presented(key, kind, since, since + longest_session(identity_type), resolved)
