"""What names of AWS say of themselves, in whichever log they stand: access key ids, users, sessions.

Source: IAM User Guide, "IAM identifiers" and "Compare AWS STS credentials".
"""

from typing import Final

from analysis.ingest.instants import HOUR
from analysis.ingest.observed import Party
from sim.audit.ids import PrincipalKind
from sim.audit.rows import CredentialKind

_PREFIXES: Final = {"AKIA": CredentialKind.STATIC_KEY, "ASIA": CredentialKind.SESSION_TOKEN}


def kind_of_key(key: str) -> CredentialKind:
    """What an access key id says of itself by its prefix."""
    return _PREFIXES.get(key[:4], CredentialKind.UNKNOWN)


def longest_session(identity_type: str | None) -> int:
    """The longest that AWS lets a session live, in microseconds; a role's own maximum may be shorter."""
    return (12 if identity_type == "AssumedRole" else 36) * HOUR


def user(name: str, account: str | None, caller: str | None) -> Party:
    """A user named without an ARN: taken to be of this account and the caller's partition, with the default path."""
    if account is None:
        return Party(name, PrincipalKind.SERVICE)
    partition = caller.split(":")[1] if caller and caller.startswith("arn:") else "aws"
    return Party(f"arn:{partition}:iam::{account}:user/{name}", PrincipalKind.SERVICE)
