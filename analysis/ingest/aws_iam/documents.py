"""A policy document is read statement by statement: which actions it names, on which resources, on which conditions.

`Action` and `Resource` may be text or a list of it, `Statement` an object or a list of objects, and the whole an
object, its text, or that text URL-encoded, as the interface of AWS hands it out (RFC 3986). What is no policy as IAM
has them is unreadable, and may say anything.

Sources: IAM User Guide, "IAM JSON policy elements reference", "Grammar of the IAM JSON policy language" and "IAM and
AWS STS quotas"; IAM API Reference, GetAccountAuthorizationDetails.
"""

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Final, get_args
from urllib.parse import unquote

from analysis.ingest.aws_iam import resources
from analysis.ingest.aws_iam.reference import matching, reference
from analysis.ingest.aws_iam.says import Says
from analysis.ingest.aws_iam.wildcards import is_wild
from analysis.ingest.cloudtrail.calls import action_atoms
from analysis.ingest.cloudtrail.reference import event_source
from analysis.ingest.observed import Atom, Level
from analysis.ingest.strict import BROKEN, Record, decoded_within

# As text. The longest that AWS itself manages are shorter; one's own may have 10,240 characters (IAM quotas).
_LONGEST: Final = 262_144
# How many patterns of one policy may be of any service, so that all actions are compared; IAM itself sets no limit.
_FAR: Final = 4


class UnreadableError(Exception):
    """The document is no policy as IAM has them; the message says why."""


def statements(document: object) -> list[Record]:
    """The statements of a policy.

    Raises:
        UnreadableError: it is none.
    """
    policy = _decoded(document) if isinstance(document, str) else document
    if not isinstance(policy, dict):
        raise UnreadableError("the policy is no object")
    found = policy.get("Statement")
    listed = found if isinstance(found, list) else [found]
    parts = [each for each in listed if isinstance(each, dict)]
    if len(parts) < len(listed):
        raise UnreadableError("Statement is neither an object nor a list of objects")
    return parts


def says(document: object) -> Says:
    """What a policy says of actions.

    Raises:
        UnreadableError: it is no policy.
    """
    parts = statements(document)
    if sum(map(_far, parts)) > _FAR:
        raise UnreadableError("more wildcards across all services than any policy has")
    return reduce(or_, map(_said, parts), Says())


def texts(statement: Record, name: str) -> list[str]:
    """The texts under a name, be it one or a list; empty where there is none."""
    value = statement.get(name)
    listed = value if isinstance(value, list) else [] if value is None else [value]
    written = [each for each in listed if isinstance(each, str)]
    if len(written) < len(listed):
        raise UnreadableError(f"{name} is neither text nor a list of texts")
    return written


def allows(statement: Record) -> bool:
    """Whether a statement allows; otherwise it denies."""
    effect = statement.get("Effect")
    if effect not in ("Allow", "Deny"):
        raise UnreadableError("Effect is neither Allow nor Deny")
    return effect == "Allow"


def conditional(statement: Record) -> bool:
    """Whether it hangs on a condition, which nobody evaluates here."""
    return statement.get("Condition") not in (None, {})


def _decoded(text: str) -> object:
    if len(text) > 3 * _LONGEST:
        raise UnreadableError("longer than any policy")
    try:
        return decoded_within(unquote(text, errors="strict") if text.lstrip().startswith("%") else text)
    except BROKEN as error:
        raise UnreadableError("the policy is no JSON") from error


def _far(statement: Record) -> int:
    """How many patterns of a statement are of the actions of any service."""
    actions = [each for name in ("Action", "NotAction") for each in texts(statement, name)]
    resources = [each for name in ("Resource", "NotResource") for each in texts(statement, name)]
    if sum(map(len, actions + resources)) > _LONGEST:
        raise UnreadableError("longer than any policy")
    return sum(is_wild(each.partition(":")[0]) and each not in ("*", "*:*") for each in actions)


def _said(statement: Record) -> Says:
    actions, named = _actions(statement), _resources(statement)
    always = 0 if conditional(statement) else actions
    if allows(statement):
        return Says(
            every=always & named.every,
            tried=always & named.tried,
            some=always & named.some,
            most=actions & named.most,
            unknown=_unknown(statement),
        )
    return Says(
        never=always & named.every, denied_tried=actions & named.tried_in_part, denied_some=actions & named.most
    )


def _actions(statement: Record) -> int:
    named, but = texts(statement, "Action"), texts(statement, "NotAction")
    if bool(named) == bool(but):
        raise UnreadableError("a statement names either Action or NotAction")
    found = reduce(or_, map(matching, named or but))
    return found if named else reference().everything & ~found


def _resources(statement: Record) -> resources.Named:
    named, but = texts(statement, "Resource"), texts(statement, "NotResource")
    if bool(named) == bool(but):
        raise UnreadableError("a statement names either Resource or NotResource")
    return resources.named(named) if named else resources.but(but)


def _unknown(statement: Record) -> frozenset[Atom]:
    """Atoms of actions that the reference does not have: a service, or an action, that came later."""
    actions = [each for each in texts(statement, "Action") if not matching(each)]
    return frozenset(atom for each in actions for atom in _guessed(*each.partition(":")[::2]))


def _guessed(service: str, action: str) -> Iterator[Atom]:
    """What an action may be by its name; where that is left open, anything."""
    group = event_source(service.lower())
    if not action or is_wild(service):
        return
    if is_wild(action):
        yield from (Atom(group, level) for level in get_args(Level))
    else:
        yield action_atoms(group, service.lower(), action)[0]
