"""Who called, on whose behalf, with which key: an entry's authenticationInfo."""

from dataclasses import dataclass
from typing import Final

from analysis.ingest.fields import part, parts, text
from analysis.ingest.gcp_audit.calls import WORDS
from analysis.ingest.observed import Party, Presented
from analysis.ingest.strict import Record
from sim.audit.rows import FOREVER, CredentialKind

_KEYS: Final = "/keys/"
# Of "serviceAccount:someone@example.com" who it is; all other subjects are names as they stand.
_PREFIXED: Final = ("user:", "serviceAccount:", "group:")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who an entry says called; None where it does not say. `behalf`: who delegated on a service account first."""

    party: Party | None
    behalf: Party | None
    between: str | None
    credential: Presented | None


def caller(payload: Record) -> Caller:
    """Read the caller from an entry."""
    info = part(payload, "authenticationInfo")
    chain = [each for link in parts(info, "serviceAccountDelegationInfo") if (each := _authority(link))]
    between = " > ".join(each.name for each in chain[1:])
    return Caller(
        party=_party(text(info, "principalEmail"), text(info, "principalSubject")),
        behalf=chain[0] if chain else None,
        between=between or None,
        credential=_presented(text(info, "serviceAccountKeyName")),
    )


def account(name: str | None) -> Party | None:
    """A service account, by its address or number at the end of its resource name."""
    last = (name or "").rpartition("serviceAccounts/")[2].partition("/")[0]
    return Party(last, WORDS.party(f"serviceAccount:{last}")) if last else None


def key(name: str | None) -> str | None:
    """What a key of a service account is known by: its id, at the end of its resource name."""
    _, found, last = (name or "").rpartition(_KEYS)
    return f"keys/{last}" if found and last else None


def _party(address: str | None, subject: str | None) -> Party | None:
    name = address or subject
    if name is None:
        return None
    prefix = next((each for each in _PREFIXED if name.startswith(each)), "")
    return Party(name.removeprefix(prefix), WORDS.party(subject or address))


def _authority(link: Record) -> Party | None:
    first = part(link, "firstPartyPrincipal")
    claims = part(part(link, "thirdPartyPrincipal"), "thirdPartyClaims")
    return _party(text(first, "principalEmail") or text(claims, "sub"), text(link, "principalSubject"))


def _presented(name: str | None) -> Presented | None:
    known = key(name)
    return Presented(known, CredentialKind.STATIC_KEY, until=FOREVER) if known else None
