"""The Azure Activity Log as a source: what one event says."""

import re
from collections.abc import Iterator
from typing import Final

from analysis.ingest.azure_activity.claims import caller
from analysis.ingest.azure_activity.forms import plain
from analysis.ingest.azure_activity.operations import ENDED, WORDS, atom, operation, outcome, stage, touched
from analysis.ingest.fields import moment, part, text
from analysis.ingest.observed import Atom, Observed, Presented, Weight
from analysis.ingest.patterns import Keys
from analysis.ingest.pieces import Text
from analysis.ingest.reading import Found, Refused
from analysis.ingest.source import Log
from analysis.ingest.strict import Record, RecordError
from analysis.ingest.wrappings import Wrappings
from sim.audit.rows import UNKNOWN, Kind

_TELLING: Final = Keys(
    always=(),
    mostly=(
        "eventDataId", "event_data_id", "correlationId", "correlation_id", "claims", "callerIpAddress", "caller",
        "submissionTimestamp", "submission_timestamp", "resourceId", "resource_id", "_resourceId", "resultType",
        "activityStatusValue", "operationId", "operation_id",
    ),
    least=2,
)  # fmt: skip
# Other logs of Azure have the same keys, but no operations of Resource Manager.
_OPERATION: Final = re.compile("operation_?name(?:value)?", re.IGNORECASE)
_OF_MANAGER: Final = re.compile(r"[\w.-]+(?:/[\w.-]+)+/(?:write|delete|action|read)", re.IGNORECASE)
# Azure Monitor, "Schema from storage account and event hubs": what an event is that does not say it.
_ACT: Final = "Administrative"
_WRAPPINGS: Final = Wrappings("eventDataId", lists=("value", "records"), texts=())


class AzureActivity:
    """The Azure Activity Log, as REST, Azure Monitor or Log Analytics write it."""

    @property
    def log(self) -> Log:
        """Microseconds, when Azure worked on a request; who did what to which resource, with which token."""
        return Log(
            title="Azure Activity Log",
            signs='JSON records with an "operationName" such as Microsoft.Compute/disks/write, and a "correlationId"',
            profile="azure_activity",
            resolution=1,
            meaning="start",
            system="azure",
            level="events",
            missing="tasks; what a role allows; reads, and what is done within resources; issue and end of tokens; "
            "keys that are listed and renewed",
            assumptions=WORDS.declared,
            under=_WRAPPINGS.keys,
        )

    def identify(self, record: Record) -> bool:
        """Whether it has an event's own keys, and is of an operation of Resource Manager."""
        named = (_in(value) for name, value in record.items() if _OPERATION.fullmatch(name))
        return _TELLING.among(record) and any(map(_OF_MANAGER.fullmatch, named))

    def records(self, data: Text) -> Iterator[Found | Refused]:
        """Each event, in a list or by itself."""
        return _WRAPPINGS.unwrapped(data)

    def translate(self, record: Record) -> tuple[Observed, ...]:
        """What one stage of an operation tells; nothing where nobody did anything."""
        told = plain(record)
        if (text(told, "category") or _ACT).lower() not in WORDS.declared["acts"]["categories"]:
            return ()
        called, time, at, went = operation(told), moment(told, "eventTimestamp"), stage(told), outcome(told)
        who, resource = caller(told), (text(told, "resourceId") or "").lower() or None
        needs = atom(called, resource)
        event = Observed(
            id=_id(told, called, resource),
            time=time,
            kind=Kind.USE,
            operation=called,
            stage=at,
            principal=who.party,
            target=who.subject,
            credential=_shown(who.credential, at, time),
            atom=needs,
            resource=touched(resource, needs),
            decision=went.decision,
            reason=went.reason,
            error=went.error,
            origin=text(part(told, "httpRequest"), "clientIpAddress")
            or text(part(told, "httpRequest"), "client_ip_address")
            or text(told, "callerIpAddress"),
            request_id=text(told, "correlationId"),
            invoked_by=who.app,
        )
        return (event,)

    def weight(self, atom: Atom) -> Weight:
        """What levels.toml declares."""
        return WORDS.weight(atom)


SOURCE: Final = AzureActivity()


def _in(name: object) -> str:
    """The name of an operation, of which some forms tell what readers call it as well."""
    return f"{name.get('value')}" if isinstance(name, dict) else f"{name}"


def _shown(token: Presented | None, stage: int | None, time: int) -> Presented | None:
    """The token that was shown; None where the operation was over only after that had ended: it was begun with it."""
    over = token is not None and stage == ENDED and UNKNOWN != token.until < time
    return None if over else token


def _id(told: Record, called: str, resource: str | None) -> str:
    """What the events of one operation share, else what tells an event."""
    if operation_id := text(told, "operationId"):
        return operation_id
    if correlation := text(told, "correlationId"):
        return f"{correlation} {called} {resource or ''}".rstrip()
    own = text(told, "eventDataId")
    if own is None:
        raise RecordError("none of operationId, correlationId and eventDataId")
    return own
