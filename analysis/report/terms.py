"""What those who write a log call the things that it names: a reader of CloudTrail knows no agent instances."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from analysis.report.legible import counted, listed, shortened, spoken

_PRINCIPALS: Final = {
    "agent_transcript": {"agent_instance": "agent"},
    "azure_activity": {
        "human": "user",
        "agent": "agent's user",
        "agent_instance": "agent identity",
        "service": "application",
    },
    "cloudtrail": {"agent_instance": "role session", "service": "user or service"},
    "entra": {
        "human": "user",
        "agent": "agent's blueprint or user",
        "agent_instance": "agent identity",
        "service": "service principal",
    },
    "gcp_audit": {"human": "user", "agent": "agent identity", "service": "service account or federated identity"},
    "github_audit": {"human": "user", "agent_instance": "agent's session", "service": "app, key or bot"},
    "kubernetes": {"service": "user or service account"},
    "okta": {"human": "user", "service": "application or client", "shared_account": "address that gave no name"},
    "ocsf": {"human": "user", "service": "user, service or process"},
    "spire": {"service": "SPIFFE ID"},
    "vault": {"service": "entity or token", "shared_account": "root token"},
}
_CREDENTIALS: Final = {"static_key": "access key", "access_key": "access key", "unknown": "of unknown kind"}
# Partition, service and region of an ARN, then the account, then what is in it; of a session its role, then its name.
_ARN: Final = re.compile(r"arn:[^:]*:[^:]*:[^:]*:([^:]*):(.+)")
_SESSION: Final = re.compile(r"assumed-role/([^/]+)/.+")
# Of a random identifier the first eight characters nearly always tell it apart.
_RANDOM: Final = re.compile(r"\b([\da-fA-F]{8})(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12}\b")
# A name that only begins there may have its first moment in it.
_STARTED: Final = re.compile(r" \d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$")
_FEW: Final = 3


def principal(kind: str, profile: str) -> str:
    """A kind of principal, in a log of this profile; what its name says behind a comma changes no words."""
    return _PRINCIPALS.get(profile.partition(",")[0], {}).get(kind, spoken(kind))


def credential(kind: str) -> str:
    """A kind of credential."""
    return _CREDENTIALS.get(kind, spoken(kind))


def credentials(number: int, kind: str) -> str:
    """So many credentials of a kind."""
    said = credential(kind)
    return f"{counted(number, 'credential')} {said}" if said.startswith("of ") else counted(number, said)


def called(names: Sequence[str], few: int = _FEW) -> str:
    """Names as they stand in a sentence: the first few, of ARNs and UUIDs only as much as tells all of them apart."""
    shown = [shortened(name) for name in brief(names)[:few]]
    return listed([*shown, f"{len(names) - few:,} more"] if len(names) > few else shown)


def brief(names: Sequence[str]) -> list[str]:
    """Each name as short as tells all of them apart."""
    return next((each for each in _forms(names) if len(set(each)) == len(set(names))), list(names))


def _forms(names: Sequence[str]) -> Iterator[list[str]]:
    """Shorter forms, the shortest first: without session and account, without account, with both."""
    begun = [_RANDOM.sub(r"\1…", _STARTED.sub("", name)) for name in names]
    within = [_ARN.sub(r"\2", name) for name in begun]
    yield [_SESSION.sub(r"role/\1", name) for name in within]
    yield within
    yield [_ARN.sub(r"\1:\2", name) for name in begun]
    yield begun
