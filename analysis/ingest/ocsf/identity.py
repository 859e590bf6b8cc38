"""Who acted, for whom, under which credential, in which session: an event's actor, agent, delegation and user."""

from dataclasses import dataclass

from analysis.ingest.aws import kind_of_key, longest_session
from analysis.ingest.fields import first_text, part, text
from analysis.ingest.observed import Party, Presented
from analysis.ingest.ocsf.calls import AUTHENTICATION, WORDS
from analysis.ingest.ocsf.moments import when, whole
from analysis.ingest.strict import Record
from sim.audit.ids import PrincipalKind
from sim.audit.rows import FOREVER, UNKNOWN, CredentialKind


@dataclass(frozen=True, slots=True)
class Caller:
    """Who an event says acted; None where it does not say. `behalf`: on whose behalf an agent did."""

    party: Party | None
    behalf: Party | None
    credential: Presented | None
    session: str | None
    invoked_by: str | None


def caller(record: Record, class_uid: int) -> Caller:
    """Read from an event who acted."""
    actor, agent = part(record, "actor"), part(record, "ai_agent")
    subject = part(record, "user") if class_uid == AUTHENTICATION else {}
    user, session = part(actor, "user") or subject, part(actor, "session")
    person, acting = party(user, _issuer(actor, session)), _agent(agent)
    program = text(actor, "app_name") or text(actor, "app_uid") or text(actor, "invoked_by")
    within = text(session, "uid") or text(part(record, "session"), "uid") or text(agent, "instance_uid")
    return Caller(
        party=acting or person or _program(program or text(part(actor, "process"), "name")),
        behalf=person if acting else None,
        credential=_presented(record, user, session, class_uid),
        session=within,
        invoked_by=program if acting or person else None,
    )


def party(user: Record, issuer: str | None = None) -> Party | None:
    """A user, by the name that is its own; `issuer` is the role that gave its session, if any did."""
    name = first_text(user, "uid", "email_addr", "name", "uid_alt")
    if name is None:
        return None
    kind = _kind(user)
    return Party(name, kind, issuer if kind is PrincipalKind.AGENT_INSTANCE else None)


def credential_of(session: Record) -> str | None:
    """What a session is known by: its credential, else itself."""
    return text(session, "credential_uid") or text(session, "uid")


def _agent(agent: Record) -> Party | None:
    """A run of an agent as an instance of it, else the agent as a whole."""
    uid, instance = text(agent, "uid"), text(agent, "instance_uid")
    if uid is None or instance is None:
        return Party(uid, PrincipalKind.AGENT) if uid else None
    return Party(f"{uid} {instance}", PrincipalKind.AGENT_INSTANCE, uid)


def _program(name: str | None) -> Party | None:
    return Party(name, PrincipalKind.SERVICE) if name else None


def _issuer(actor: Record, session: Record) -> str | None:
    role = part(actor, "iam_role")
    return text(role, "uid") or text(role, "name") or text(session, "issuer")


def _kind(user: Record) -> PrincipalKind:
    """What is declared of the type that its producer calls it, and of the type that OCSF knows."""
    return WORDS.party(f"{text(user, 'type') or ''}/{whole(user, 'type_id')}")


def _presented(record: Record, user: Record, session: Record, class_uid: int) -> Presented | None:
    delegation = part(record, "delegation")
    if uid := text(delegation, "uid"):
        return Presented(uid, CredentialKind.UNKNOWN, *_validity(delegation), parent=text(delegation, "parent_uid"))
    if key := text(user, "credential_uid") or text(session, "credential_uid"):
        return _key(key, user, session)
    if uid := text(session, "uid"):
        return Presented(uid, CredentialKind.SESSION_TOKEN, *_validity(session))
    certificate = part(record, "certificate") if class_uid == AUTHENTICATION else {}
    serial = text(certificate, "serial_number") or text(certificate, "uid")
    return Presented(serial, CredentialKind.UNKNOWN, *_validity(certificate)) if serial else None


def _key(key: str, user: Record, session: Record) -> Presented:
    kind = kind_of_key(key)
    if kind is CredentialKind.STATIC_KEY:
        # It may come with the session of a console, whose start says nothing of the key.
        return Presented(key, kind, until=FOREVER)
    since, until = _validity(session)
    if kind is CredentialKind.SESSION_TOKEN and until == UNKNOWN and since != UNKNOWN:
        until = since + longest_session(text(user, "type"))
    return Presented(key, kind, since, until)


def _validity(credential: Record) -> tuple[int, int]:
    return when(credential, "created_time"), when(credential, "expiration_time")
