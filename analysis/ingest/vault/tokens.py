"""What a request gave, extended or ended: tokens, leases, secret ids, certificates; a response tells, and only that."""

from typing import Final

from analysis.ingest.fields import flag, part, readable_moment, text
from analysis.ingest.observed import Issued, Party
from analysis.ingest.outcome import NOTHING, Effect
from analysis.ingest.strict import Record
from analysis.ingest.vault.calls import Call
from analysis.ingest.vault.hashes import NAMED
from analysis.ingest.vault.identity import party, presented, seconds
from sim.audit.ids import PrincipalKind
from sim.audit.rows import FOREVER, UNKNOWN, CredentialKind, Kind, Reason, Resolution

_TOKENS: Final = "auth/token/"
_CHILDREN: Final = "create"
# These name a token by itself, of which the log has another hash than that of its accessor.
_BY_ITS_OWN: Final = ("revoke", "revoke-orphan")
_HASHED: Final = "hmac-"


def effect(record: Record, about: Call, time: int) -> Effect:
    """What a request that was let in did."""
    response = part(record, "response")
    wrapped, auth = part(response, "wrap_info"), part(response, "auth")
    if accessor := text(wrapped, "accessor"):
        return _wrapping(wrapped, accessor, time)
    if name := text(auth, "accessor") or text(auth, "client_token"):
        return _token(record, about, auth, name, time)
    if lease := text(part(response, "secret"), "lease_id"):
        renews = about.mount == "sys/" and "renew" in about.below
        issued = Issued(lease, CredentialKind.SESSION_TOKEN)
        return Effect(Kind.RENEW, issued, None, Reason.RENEWAL) if renews else Effect(Kind.ASSUME, issued)
    return _kept(response, about, time) or _ended(record, about)


def inner(record: Record, about: Call) -> Effect | None:
    """The token that lies in a wrapping, of which the log tells that it is there."""
    wrapped = part(part(record, "response"), "wrap_info")
    accessor = text(wrapped, "wrapped_accessor")
    if accessor is None:
        return None
    issued = Issued(accessor, CredentialKind.SESSION_TOKEN, resolved=Resolution.LOOKED_UP)
    return Effect(_way(record, about), issued)


def _wrapping(wrapped: Record, accessor: str, time: int) -> Effect:
    """A token that opens what was answered, once."""
    made = readable_moment(wrapped, "creation_time")
    lasts = seconds(wrapped, "ttl")
    until = UNKNOWN if lasts is None else (time if made == UNKNOWN else made) + lasts
    return Effect(Kind.ISSUE, Issued(accessor, CredentialKind.SESSION_TOKEN, until, Resolution.BAKED))


def _token(record: Record, about: Call, auth: Record, name: str, time: int) -> Effect:
    lasts = seconds(auth, "token_ttl")
    until = UNKNOWN if lasts is None else time + lasts
    issued = Issued(name, CredentialKind.SESSION_TOKEN, until, Resolution.LOOKED_UP)
    within = about.below if about.mount == _TOKENS else ""
    if within.startswith("renew"):
        return Effect(Kind.RENEW, issued, party(auth), Reason.RENEWAL)
    return Effect(_way(record, about), issued, party(auth, None if within else about))


def _way(record: Record, about: Call) -> Kind:
    """Whether a token is cut from the caller's, and ends with it; whether a role makes orphans is not told."""
    orphan = flag(part(part(record, "request"), "data"), "no_parent") is True
    child = (about.mount, about.below) == (_TOKENS, _CHILDREN) and not orphan
    return Kind.ASSUME if child else Kind.ISSUE


def _kept(response: Record, about: Call, time: int) -> Effect | None:
    """A secret id to log in with, or a certificate."""
    data = part(response, "data")
    if secret := text(data, "secret_id"):
        return _secret_id(secret, data, about, time)
    if about.atom.group.startswith("credentials") and (serial := text(data, "serial_number")):
        until = seconds(data, "expiration") or UNKNOWN
        return Effect(Kind.ISSUE, Issued(serial, CredentialKind.UNKNOWN, until))
    return None


def _secret_id(secret: str, data: Record, about: Call, time: int) -> Effect:
    """Whoever has it may log in as the role; it never ends where its time to live is 0."""
    role = f"{about.namespace}{about.mount}{about.below.rpartition('/')[0]}"
    lasts = seconds(data, "secret_id_ttl")
    endless = data.get("secret_id_ttl") == 0
    kind = CredentialKind.STATIC_KEY if endless else CredentialKind.SESSION_TOKEN
    until = FOREVER if endless else UNKNOWN if lasts is None else time + lasts
    return Effect(Kind.ISSUE, Issued(secret, kind, until), Party(role, PrincipalKind.ROLE))


def _ended(record: Record, about: Call) -> Effect:
    """The credential that a request ended, where it says which."""
    data = part(part(record, "request"), "data")
    name, kind = None, CredentialKind.SESSION_TOKEN
    if about.mount == _TOKENS and about.below == "revoke-self":
        own = presented(record)
        name = own.name if own else None
    elif about.mount == _TOKENS and about.below == "revoke-accessor":
        name = text(data, "accessor")
    elif about.mount == _TOKENS and about.below in _BY_ITS_OWN:
        name = text(record, NAMED)
    elif about.mount == "sys/":
        name = _lease(data, about.below)
    elif about.below.endswith("/secret-id/destroy"):
        # For how long it was to live was only told when it was given.
        name, kind = text(data, "secret_id"), CredentialKind.UNKNOWN
    return NOTHING if name is None else Effect(Kind.REVOKE, Issued(name, kind), None, Reason.DELETED)


def _lease(data: Record, below: str) -> str | None:
    """The lease that is revoked, by the name under which it was given: a hash of that is no name."""
    for path in ("leases/revoke", "revoke"):
        if below == path or below.startswith(f"{path}/"):
            lease = below.removeprefix(path).removeprefix("/") or text(data, "lease_id")
            return None if lease is None or lease.startswith(_HASHED) else lease
    return None
