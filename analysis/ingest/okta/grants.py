"""What an event gave or ended: sessions, tokens of OAuth, API tokens."""

import re
from typing import Final

from analysis.ingest.fields import part, readable_moment, text
from analysis.ingest.instants import SECOND
from analysis.ingest.observed import Issued, Party
from analysis.ingest.okta.events import WORDS, is_token, targets
from analysis.ingest.okta.identity import known_by, party, session
from analysis.ingest.outcome import NOTHING, Effect
from analysis.ingest.strict import Record
from sim.audit.rows import FOREVER, UNKNOWN, Binding, CredentialKind, Kind, Reason, Resolution

_MINUTE: Final = 60 * SECOND
_GRANT: Final = re.compile(r"app\.oauth2\.(as\.)?(token\.grant|authorize\.implicit)\.\w+")
_REVOKE: Final = re.compile(r"app\.oauth2\.(as\.)?token\.revoke")
_CUSTOM: Final = "app.oauth2.as."
# The lives of these are known; they are what they say, and a custom server's say for whom they are.
_READ_BY_ANYBODY: Final = ("access_token", "id_token")


def effect(record: Record, called: str, time: int, actor: Party | None) -> Effect:
    """What an event that came out well did."""
    if called.startswith("user.session."):
        return _session(record, called, actor)
    if called.startswith("system.api_token."):
        return _api_token(record, called, actor)
    token = next((each for each in targets(record) if is_token(each)), None)
    if token is None:
        return NOTHING
    if _REVOKE.fullmatch(called):
        return Effect(Kind.REVOKE, Issued(text(token, "id") or "", CredentialKind.SESSION_TOKEN), None, Reason.DELETED)
    return _granted(record, token, called, time, actor) if _GRANT.fullmatch(called) else NOTHING


def _session(record: Record, called: str, actor: Party | None) -> Effect:
    name = session(record)
    if name is None or called not in ("user.session.start", "user.session.end"):
        return NOTHING
    issued = Issued(name, CredentialKind.SESSION_TOKEN, resolved=Resolution.LOOKED_UP)
    return (
        Effect(Kind.ISSUE, issued, actor)
        if called == "user.session.start"
        else Effect(Kind.REVOKE, issued, actor, Reason.DELETED)
    )


def _api_token(record: Record, called: str, actor: Party | None) -> Effect:
    """An API token acts for who made it, and has no end as long as it is used."""
    token = next((each for each in targets(record) if text(each, "type") == "Token"), None)
    if token is None or called not in ("system.api_token.create", "system.api_token.revoke"):
        return NOTHING
    name = text(token, "id") or ""
    if called == "system.api_token.revoke":
        return Effect(Kind.REVOKE, Issued(name, CredentialKind.STATIC_KEY), None, Reason.DELETED)
    issued = Issued(name, CredentialKind.STATIC_KEY, FOREVER, Resolution.LOOKED_UP, Binding.BEARER)
    return Effect(Kind.ISSUE, issued, actor)


def _granted(record: Record, token: Record, called: str, time: int, actor: Party | None) -> Effect:
    """A token for who asked, or for somebody as whom he may then act."""
    plain = text(token, "type") in _READ_BY_ANYBODY
    custom = called.startswith(_CUSTOM)
    issued = Issued(
        text(token, "id") or "",
        CredentialKind.SESSION_TOKEN,
        _end(token, custom=custom, plain=plain, time=time),
        Resolution.BAKED if plain and custom else None,
        Binding.AUDIENCE if plain and custom else None,
    )
    whose = _subject(record, token)
    if whose is None or actor is None or whose.name == actor.name:
        return Effect(Kind.ISSUE, issued, actor or whose)
    return Effect(Kind.ASSUME, issued, whose)


def _end(token: Record, *, custom: bool, plain: bool, time: int) -> int:
    told = readable_moment(part(token, "detailEntry"), "expires")
    if told != UNKNOWN:
        return told
    lasts = WORDS.declared["tokens"]["custom_server" if custom else "own_server"]
    return time + lasts * _MINUTE if plain else UNKNOWN


def _subject(record: Record, token: Record) -> Party | None:
    """For whom a token is: whom it names, else the user who is named beside it."""
    users = [found for each in targets(record) if text(each, "type") == "User" and (found := party(each))]
    subject = text(part(token, "detailEntry"), "subject")
    if subject is None:
        return users[0] if users else None
    return next((each for each in users if each.name == subject), known_by(subject))
