"""What the authorization details list: users, groups, roles with who may become them, policies with versions."""

from base64 import b64encode
from collections.abc import Iterator
from typing import Final

from analysis.ingest.aws_iam.documents import UnreadableError, says
from analysis.ingest.aws_iam.trusts import account, trusted
from analysis.ingest.fields import flag, hashed, moment, needed, optional_moment, part, parts, text
from analysis.ingest.instants import instant
from analysis.ingest.listed import Listed
from analysis.ingest.observed import Observed, Party
from analysis.ingest.strict import Record, RecordError
from sim.audit.ids import PrincipalKind
from sim.audit.rows import UNKNOWN, Kind

# The id by which each list knows its entries, and what these are; a user may be a person or a program.
_KINDS: Final = {
    "UserId": PrincipalKind.SERVICE, "GroupId": PrincipalKind.GROUP, "RoleId": PrincipalKind.ROLE,
}  # fmt: skip
_INLINE: Final = {"UserId": "UserPolicyList", "GroupId": "GroupPolicyList", "RoleId": "RolePolicyList"}


def entities(record: Record) -> Iterator[Listed]:
    """What one entry lists.

    Raises:
        RecordError: it is none, or lacks what every entry has.
    """
    if "PolicyId" in record:
        yield _managed(record)
        return
    kind = _kind(record)
    if kind is None:
        raise RecordError("neither a user, a group, a role nor a policy")
    yield from _identity(record, kind)


def last_use(record: Record) -> Observed | None:
    """When a role was last used, in the last 400 days; by which session, and whether it was let do it, nobody says."""
    time = optional_moment(part(record, "RoleLastUsed"), "LastUsedDate")
    if time == UNKNOWN or "RoleId" not in record:
        return None
    name = needed(record, "Arn")
    return Observed(
        id=f"{name} last used {time}",
        time=time,
        kind=Kind.USE,
        operation="role last used",
        principal=Party(name, PrincipalKind.ROLE),
        args=hashed(part(record, "RoleLastUsed").get("Region")),
    )


def _kind(record: Record) -> str | None:
    return next((name for name in _KINDS if name in record), None)


def _identity(record: Record, kind: str) -> Iterator[Listed]:
    arn, made = needed(record, "Arn"), moment(record, "CreateDate")
    inline = list(_inline(record, kind, arn))
    attached = [needed(each, "PolicyArn") for each in parts(record, "AttachedManagedPolicies")]
    name = _group(arn, arn.rpartition("/")[2]) if kind == "GroupId" else arn
    yield Listed(
        what="identity",
        name=name,
        kind=_KINDS[kind],
        since=made,
        latest=_latest(record),
        account=account(arn),
        policies=(*attached, *(each for each, _ in inline)),
        groups=tuple(_group(arn, each) for each in _names(record, "GroupList")),
        within=text(part(record, "PermissionsBoundary"), "PermissionsBoundaryArn"),
    )
    yield from (Listed(what="policy", name=policy, says=said) for policy, said in inline if said is not None)
    if kind == "RoleId":
        yield from trusted(record.get("AssumeRolePolicyDocument"), arn)


def _names(record: Record, name: str) -> list[str]:
    found = record.get(name) or []
    if not isinstance(found, list) or not all(isinstance(each, str) and each for each in found):
        raise RecordError(f"{name} is no list of names")
    return found


def _group(beside: str, name: str) -> str:
    """A group by its name, which is the only one in its account, whatever its path: users do not tell that."""
    partition, of = beside.split(":")[1:2], account(beside)
    return f"arn:{partition[0] if partition else 'aws'}:iam::{of or ''}:group/{name}"


def _inline(record: Record, kind: str, owner: str) -> Iterator[tuple[str, str | None]]:
    """Policies that lie in an entry itself: by name, and what they say, None where that cannot be read."""
    for each in parts(record, _INLINE[kind]):
        try:
            said = _packed(each.get("PolicyDocument"))
        except UnreadableError:
            said = None
        yield f"{owner} {needed(each, 'PolicyName')}", said


def _managed(record: Record) -> Listed:
    """A policy by itself: its version in force."""
    arn, default = needed(record, "Arn"), text(record, "DefaultVersionId")
    versions = parts(record, "PolicyVersionList")
    inforce = [each for each in versions if flag(each, "IsDefaultVersion") or text(each, "VersionId") == default]
    if len(inforce) != 1:
        raise RecordError(f"{len(inforce)} of {len(versions)} versions of the policy are in force: export it with all")
    try:
        said = _packed(inforce[0].get("Document"))
    except UnreadableError as error:
        raise RecordError(f"{error}; whoever has it may hold anything") from error
    since = optional_moment(inforce[0], "CreateDate")
    # Every entry has one, so that a snapshot mentions at least one time.
    moment(record, "CreateDate")
    return Listed(what="policy", name=arn, says=said, since=since, latest=_latest(record), account=account(arn))


def _packed(document: object) -> str:
    return b64encode(says(document).packed()).decode()


def _latest(record: Record) -> int:
    """The latest instant that a record mentions under a key that ends in Date, at any depth; UNKNOWN where none."""
    return max(_mentioned(record), default=UNKNOWN)


def _mentioned(value: object) -> Iterator[int]:
    if isinstance(value, list):
        for each in value:
            yield from _mentioned(each)
    if isinstance(value, dict):
        for name, each in value.items():
            if name.endswith("Date") and isinstance(each, str):
                time = instant(each)
                if time is not None:
                    yield time
            else:
                yield from _mentioned(each)
