"""The trust policy of a role says who may become it: whom it names, and perhaps on which condition.

A role is assumed by whom its trust policy names. Where that names the account, it leaves the choice to policies of the
account's own identities, but for its root, which may become nobody (IAM User Guide, "AWS JSON policy elements:
Principal"; AWS STS API Reference, AssumeRole, which credentials of the root cannot call).
"""

from collections.abc import Iterator
from typing import Final

from analysis.ingest.aws_iam.documents import UnreadableError, allows, conditional, statements, texts
from analysis.ingest.aws_iam.wildcards import expression
from analysis.ingest.listed import ANYBODY, Listed
from analysis.ingest.strict import Record
from sim.audit.ids import PrincipalKind

_ACCOUNT: Final = 4  # the part of an ARN that says it: arn:partition:service:region:account:resource
_CALLS: Final = ("sts:assumerole", "sts:assumerolewithsaml", "sts:assumerolewithwebidentity")


def trusted(document: object, role: str) -> Iterator[Listed]:
    """Whom the trust policy of a role names; anybody, perhaps, where it cannot be read."""
    try:
        parts = statements(document)
        found = {each for part in parts if allows(part) and _assumes(part) for each in _principals(part, role)}
        unsure = any(not allows(part) for part in parts)
    except UnreadableError:
        found, unsure = {(ANYBODY, PrincipalKind.SERVICE, False)}, True
    for name, kind, certain in sorted(found):
        of = account(name)
        # Whoever is of another account needs a yes of that as well, which lies elsewhere; a service is of none.
        near = of in (None, account(role))
        yield Listed(
            what="trust", name=role, holder=name, kind=kind, account=of, certain=certain and near and not unsure
        )


def account(arn: str) -> str | None:
    """The account that an ARN lies in."""
    pieces = arn.split(":")
    return (pieces[_ACCOUNT] or None) if len(pieces) > _ACCOUNT else None


def root_of(account: str, partition: str = "aws") -> str:
    """How policies name an account as a whole."""
    return f"arn:{partition}:iam::{account}:root"


def _assumes(statement: Record) -> bool:
    named = texts(statement, "Action")
    if not named:
        return True
    return any(expression(each.lower()).match(call) for each in named for call in _CALLS)


def _principals(statement: Record, role: str) -> Iterator[tuple[str, PrincipalKind, bool]]:
    named, always = statement.get("Principal"), not conditional(statement)
    if named == ANYBODY or "Principal" not in statement:
        yield ANYBODY, PrincipalKind.SERVICE, False
        return
    if not isinstance(named, dict):
        raise UnreadableError("Principal is neither * nor an object")
    for kind in ("AWS", "Service", "Federated"):
        for each in texts(named, kind):
            if name := _name(kind, each, role):
                yield name, kind_of(name), always and name != ANYBODY


def _name(kind: str, written: str, role: str) -> str | None:
    """Who is meant; None for the id of an identity that was deleted."""
    if kind != "AWS" or written == ANYBODY or written.startswith("arn:"):
        return written
    return root_of(written, role.split(":")[1]) if written.isdecimal() and role.startswith("arn:") else None


def kind_of(name: str) -> PrincipalKind:
    """What an ARN says of whom it names."""
    resource = name.rsplit(":", maxsplit=1)[-1]
    if resource.startswith("role/"):
        return PrincipalKind.ROLE
    if resource.startswith("assumed-role/"):
        return PrincipalKind.AGENT_INSTANCE
    return PrincipalKind.SHARED_ACCOUNT if resource == "root" else PrincipalKind.SERVICE
