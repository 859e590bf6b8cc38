"""Who acts, and with what: an event's actor, and the API token, client secret or session that it tells."""

from typing import Final

from analysis.ingest.fields import part, text
from analysis.ingest.observed import Party, Presented
from analysis.ingest.okta.events import WORDS
from analysis.ingest.strict import Record
from sim.audit.rows import FOREVER, CredentialKind

_NONE: Final = "unknown"


def party(about: Record) -> Party | None:
    """Somebody by the id, else by the login."""
    name = _told(about, "id") or _told(about, "alternateId")
    return Party(name, WORDS.party(text(about, "type"))) if name else None


def known_by(name: str) -> Party:
    """Somebody of whom nothing but the id is told."""
    return Party(name, WORDS.party(None))


def session(record: Record) -> str | None:
    """The session in Okta."""
    return _told(part(record, "authenticationContext"), "externalSessionId")


def presented(record: Record) -> Presented | None:
    """The API token that a request came with, else the secret of a client, else the session."""
    debug = part(record, "debugContext").get("debugData")
    debug = debug if isinstance(debug, dict) else {}
    detail = part(part(record, "transaction"), "detail")
    if token := text(detail, "requestApiTokenId") or text(debug, "requestApiTokenId"):
        return Presented(token, CredentialKind.STATIC_KEY, until=FOREVER)
    if secret := text(debug, "clientSecret"):
        return Presented(f"client secret {secret}", CredentialKind.STATIC_KEY, until=FOREVER)
    held = session(record)
    return Presented(held, CredentialKind.SESSION_TOKEN) if held else None


def _told(about: Record, name: str) -> str | None:
    value = text(about, name)
    return None if value == _NONE else value
