"""When identities last reached for a service, or for one of its actions: attempts, also such as were denied.

Source: IAM API Reference, GenerateServiceLastAccessedDetails ("includes all attempts to access an AWS API, not just the
successful ones") and GetServiceLastAccessedDetails.
"""

from collections.abc import Iterator
from typing import Final

from analysis.ingest.aws_iam.trusts import kind_of
from analysis.ingest.cloudtrail.calls import action_atoms
from analysis.ingest.cloudtrail.reference import event_source
from analysis.ingest.fields import moment, needed, optional_moment, parts, text
from analysis.ingest.observed import Observed, Party
from analysis.ingest.strict import Record, RecordError
from sim.audit.rows import UNKNOWN, Kind

_DONE: Final = "COMPLETED"


def attempts(record: Record) -> Iterator[Observed]:
    """The last attempt at each action, where actions are told, else at each service.

    Raises:
        RecordError: the job had not come to its end.
    """
    status = text(record, "JobStatus")
    if status not in (None, _DONE):
        raise RecordError(f"the job is {status[:20]!a}: ask again once it is {_DONE}")
    for service in parts(record, "ServicesLastAccessed"):
        name = needed(service, "ServiceNamespace")
        actions = [_action(each, name) for each in parts(service, "TrackedActionsLastAccessed")]
        told = [each for each in actions if each is not None]
        yield from told or filter(None, [_attempt(service, name, "LastAuthenticated", "LastAuthenticatedEntity")])


def taken(record: Record) -> int:
    """When the job was done."""
    return moment(record, "JobCompletionDate")


def _action(record: Record, service: str) -> Observed | None:
    call = f"{service}:{needed(record, 'ActionName')}"
    return _attempt(record, call, "LastAccessedTime", "LastAccessedEntity")


def _attempt(record: Record, call: str, when: str, who: str) -> Observed | None:
    time, name = optional_moment(record, when), text(record, who)
    if time == UNKNOWN or name is None:
        return None
    service, _, action = call.partition(":")
    return Observed(
        id=f"{name} {call} last accessed {time}",
        time=time,
        kind=Kind.USE,
        operation=call,
        principal=Party(name, kind_of(name)),
        atom=action_atoms(event_source(service), service, action)[0] if action else None,
    )
