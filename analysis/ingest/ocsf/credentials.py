"""What an event did to credentials: a logon gives a session, a logoff ends it, a role is given keys and loses them."""

from collections.abc import Sequence
from typing import Final

from analysis.ingest.aws import kind_of_key
from analysis.ingest.fields import part, parts, text
from analysis.ingest.observed import Issued, Party
from analysis.ingest.ocsf import aws
from analysis.ingest.ocsf.calls import AUTHENTICATION, AUTHORIZE_SESSION, ROLE_MANAGEMENT, operation, service
from analysis.ingest.ocsf.identity import credential_of, party
from analysis.ingest.ocsf.moments import when, whole
from analysis.ingest.outcome import NOTHING, Effect
from analysis.ingest.strict import Record
from sim.audit.ids import PrincipalKind
from sim.audit.rows import FOREVER, UNKNOWN, CredentialKind, Kind, Reason

_LOGON: Final = 1
_LOGOFF: Final = 2
_ADD: Final = 10
_REMOVE: Final = 11
_NONE: Final = (NOTHING,)


def effects(record: Record, class_uid: int) -> Sequence[Effect]:
    """What an event that was let in did, credential by credential; one effect that is none, if nothing."""
    activity = whole(record, "activity_id")
    if class_uid == AUTHENTICATION and activity in (_LOGON, _LOGOFF):
        return _session(record, ends=activity == _LOGOFF)
    if class_uid == AUTHORIZE_SESSION and text(part(record, "delegation"), "uid"):
        return _authorized(record)
    if class_uid == ROLE_MANAGEMENT and activity in (_ADD, _REMOVE):
        return _keys(record, ends=activity == _REMOVE)
    called = aws.given(record, operation(record, class_uid)) if service(record) in aws.SERVICES else None
    return _NONE if called is None else (called,)


def _session(record: Record, *, ends: bool) -> Sequence[Effect]:
    session = part(record, "session") or (part(part(record, "actor"), "session") if ends else {})
    name = credential_of(session)
    if name is None:
        return _NONE
    until = when(session, "expiration_time")
    issued = Issued(name, CredentialKind.SESSION_TOKEN, UNKNOWN if ends else until)
    if ends:
        return (Effect(Kind.REVOKE, issued, party(part(record, "user")), Reason.DELETED),)
    return (Effect(Kind.ISSUE, issued, party(part(record, "user"))),)


def _authorized(record: Record) -> Sequence[Effect]:
    """A session under a delegation is cut from it."""
    session = part(record, "session")
    name = credential_of(session)
    if name is None:
        return _NONE
    issued = Issued(name, CredentialKind.SESSION_TOKEN, when(session, "expiration_time"))
    return (Effect(Kind.ASSUME, issued, party(part(record, "user"))),)


def _keys(record: Record, *, ends: bool) -> Sequence[Effect]:
    role = part(record, "iam_role")
    name = text(role, "uid") or text(role, "name")
    holder = Party(name, PrincipalKind.ROLE) if name else None
    uids = [uid for each in parts(record, "programmatic_credentials") if (uid := text(each, "uid"))]
    return [_key(uid, holder, ends=ends) for uid in uids] or _NONE


def _key(uid: str, holder: Party | None, *, ends: bool) -> Effect:
    kind = kind_of_key(uid)
    if ends:
        return Effect(Kind.REVOKE, Issued(uid, kind), holder, Reason.DELETED)
    return Effect(Kind.ISSUE, Issued(uid, kind, FOREVER if kind is CredentialKind.STATIC_KEY else UNKNOWN), holder)
