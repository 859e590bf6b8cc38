"""What names of AWS say of themselves, in whichever log they stand: access key ids, users, sessions.

Source: IAM User Guide, "IAM identifiers" and "Compare AWS STS credentials".
"""

from typing import Final

from analysis.ingest.instants import HOUR
from analysis.ingest.observed import Issued, Party
from analysis.ingest.outcome import NOTHING, Effect
from sim.audit.ids import PrincipalKind
from sim.audit.rows import FOREVER, CredentialKind, Kind, Reason, Resolution

INACTIVE: Final = "Inactive"

_ACTIVE: Final = "Active"
_PREFIXES: Final = {"AKIA": CredentialKind.STATIC_KEY, "ASIA": CredentialKind.SESSION_TOKEN}


def kind_of_key(key: str) -> CredentialKind:
    """What an access key id says of itself by its prefix."""
    return _PREFIXES.get(key[:4], CredentialKind.UNKNOWN)


def switched(key: str, status: str | None, holder: Party | None) -> Effect:
    """A key that is switched off ends, and one that is switched on was there before: it is issued again."""
    kind = kind_of_key(key)
    if status == INACTIVE:
        return Effect(Kind.REVOKE, Issued(key, kind), holder, Reason.DELETED)
    issued = Issued(key, kind, FOREVER, Resolution.LOOKED_UP)
    return Effect(Kind.ISSUE, issued, holder, Reason.RENEWAL) if status == _ACTIVE else NOTHING


def longest_session(identity_type: str | None) -> int:
    """The longest that AWS lets a session live, in microseconds; a role's own maximum may be shorter."""
    return (12 if identity_type == "AssumedRole" else 36) * HOUR


def user(name: str, account: str | None, caller: str | None) -> Party:
    """A user named without an ARN: taken to be of this account and the caller's partition, with the default path."""
    if account is None:
        return Party(name, PrincipalKind.SERVICE)
    partition = caller.split(":")[1] if caller and caller.startswith("arn:") else "aws"
    return Party(f"arn:{partition}:iam::{account}:user/{name}", PrincipalKind.SERVICE)
