"""Who asked, under which token: an entry's auth, and what of the token its request tells."""

from typing import Final

from analysis.ingest.fields import part, readable_moment, text
from analysis.ingest.instants import SECOND
from analysis.ingest.observed import Party, Presented
from analysis.ingest.strict import Record
from analysis.ingest.vault.calls import LEVELS, Call
from sim.audit.ids import PrincipalKind
from sim.audit.rows import UNKNOWN, CredentialKind

# Vault counts durations in nanoseconds, in 64 bits.
LONGEST: Final = (2**63 - 1) // 10**9
_ROOT: Final = "root"
_SECRET_ID: Final = "secret_id"


def party(auth: Record, about: Call | None = None) -> Party | None:
    """Who a token is for: its entity, else what it is called; where `about` is a login, in which role."""
    entity, called = text(auth, "entity_id"), text(auth, "display_name")
    name = entity or (f"{called} (no entity)" if called else None)
    if name is None:
        return None
    if entity is None and called == _ROOT:
        return Party(name, PrincipalKind.SHARED_ACCOUNT)
    people = about is not None and about.kind in LEVELS.declared["logins"]["people"]
    metadata = part(auth, "metadata")
    role = text(metadata, "role_name") or text(metadata, "role")
    within = f"{about.namespace}{about.mount}role/{role}" if about is not None and role else None
    return Party(name, PrincipalKind.HUMAN if people else PrincipalKind.SERVICE, within)


def presented(record: Record) -> Presented | None:
    """The token that a request came with, else the secret id that somebody logs in with; None if neither.

    The response to a login has the token that it gives in both places of auth: that was not there before.
    """
    request, auth = part(record, "request"), part(record, "auth")
    given = text(part(part(record, "response"), "auth"), "accessor")
    seen = text(auth, "accessor")
    accessor = text(request, "client_token_accessor") or (seen if seen != given else None)
    if accessor is not None:
        return Presented(accessor, CredentialKind.SESSION_TOKEN, *_life(auth))
    token, secret = text(request, "client_token"), text(part(request, "data"), _SECRET_ID)
    if token is not None and text(auth, "token_type") == "batch":
        return Presented(token, CredentialKind.SESSION_TOKEN, *_life(auth))
    return Presented(secret, CredentialKind.UNKNOWN) if secret is not None and _logs_in(request) else None


def seconds(record: Record, name: str) -> int | None:
    """A number of seconds, in microseconds; None where there is none, 0 of them, or more than Vault can count."""
    value = record.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= LONGEST:
        return None
    return value * SECOND


def user_agent(request: Record) -> str | None:
    """What the client called itself, where that header is logged."""
    headers = part(request, "headers")
    said = next((value for name, value in headers.items() if name.lower() == "user-agent"), None)
    first = said[0] if isinstance(said, list) and said else said
    return first if isinstance(first, str) and first else None


def _life(auth: Record) -> tuple[int, int]:
    """Since when a token is, and until when if it cannot be renewed: that of a service token may have been."""
    since = readable_moment(auth, "token_issue_time")
    lasts = seconds(auth, "token_ttl")
    if since == UNKNOWN:
        return UNKNOWN, UNKNOWN
    fixed = text(auth, "token_type") == "batch" and lasts is not None
    return since, since + (lasts or 0) if fixed else UNKNOWN


def _logs_in(request: Record) -> bool:
    return (text(request, "path") or "").endswith("/login")
