"""Who acts, for whom, and with which token: the claims that Azure Resource Manager was shown."""

from dataclasses import dataclass
from typing import Final

from analysis.ingest.azure_activity.operations import WORDS
from analysis.ingest.fields import first_text, part, text
from analysis.ingest.instants import LATEST, SECOND
from analysis.ingest.observed import Party, Presented
from analysis.ingest.strict import Record
from sim.audit.rows import UNKNOWN, CredentialKind

# A token says the same under a short name and under a long one, as the library that read it has them.
_ID: Final = ("http://schemas.microsoft.com/identity/claims/objectidentifier", "oid")
_LOGIN: Final = ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn", "upn", "unique_name")
_SCOPE: Final = ("http://schemas.microsoft.com/identity/claims/scope", "scp")
_APP: Final = ("appid", "azp")
# Microsoft Entra Agent ID, "Token claims reference for agents".
_AGENT: Final = "11"
_USER_OF_AGENT: Final = "13"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who an event says acted, and for whom; None where it does not say."""

    party: Party | None
    subject: Party | None
    credential: Presented | None
    app: str | None


def caller(record: Record) -> Caller:
    """Read the caller from an event."""
    claims = part(record, "claims")
    app, blueprint = first_text(claims, *_APP), text(claims, "xms_par_app_azp")
    acts, subject = (set((text(claims, name) or "").split()) for name in ("xms_act_fct", "xms_sub_fct"))
    name = first_text(claims, *_ID, *_LOGIN) or text(record, "caller") or app
    party, target = None, None
    if name is not None and subject & {_AGENT, _USER_OF_AGENT}:
        party = Party(name, WORDS.party("agent" if _AGENT in subject else "user of an agent"), blueprint)
    elif name is not None:
        party = Party(name, WORDS.party(_kind(claims)))
    if party is not None and app is not None and _AGENT in acts - subject:
        party, target = Party(app, WORDS.party("agent"), blueprint), party
    return Caller(party, target, _presented(claims), app)


def _kind(claims: Record) -> str:
    """What kind of subject a token has."""
    said = text(claims, "idtyp")
    if said is not None:
        return said
    return "user" if first_text(claims, *_SCOPE, *_LOGIN) else "app"


def _presented(claims: Record) -> Presented | None:
    token = text(claims, "uti")
    if token is None:
        return None
    return Presented(token, CredentialKind.SESSION_TOKEN, _instant(claims, "iat"), _instant(claims, "exp"))


def _instant(claims: Record, name: str) -> int:
    """Seconds since 1970, which are written as text; UNKNOWN where there are none that a store can keep."""
    said = text(claims, name) or ""
    seconds = int(said) if said.isascii() and said.isdigit() and len(said) < len(str(LATEST)) else 0
    return seconds * SECOND if 0 < seconds * SECOND <= LATEST else UNKNOWN
