"""Graph, Azure Monitor and Log Analytics write the same record under the same names, more or less."""

from collections.abc import Mapping
from typing import Final

from analysis.ingest.fields import part, text, unfolded
from analysis.ingest.strict import Record

# As Graph has them; capitals differ elsewhere.
_SIGN_IN: Final = (
    "appId", "conditionalAccessStatus", "correlationId", "createdDateTime", "id", "incomingTokenType", "ipAddress",
    "isInteractive", "resourceId", "resourceServicePrincipalId", "resultType", "servicePrincipalCredentialKeyId",
    "servicePrincipalId", "sessionId", "uniqueTokenIdentifier", "userAgent", "userId",
    "userPrincipalName",
)  # fmt: skip
_AUDIT: Final = ("activityDateTime", "activityDisplayName", "operationName", "result")
_REQUEST: Final = (
    "requestId",
    "requestMethod",
    "requestUri",
    "responseStatusCode",
    "signInActivityId",
    "tokenIssuedAt",
)
_AROUND: Final = ("category", "type", "time", "timeGenerated", "callerIpAddress")
# Objects and lists, which some stores write as text.
_OBJECTS: Final = ("properties", "status", "agent", "signInEventTypes", "initiatedBy", "targetResources")
_NAMES: Final = {name.lower(): name for name in (*_SIGN_IN, *_AUDIT, *_REQUEST, *_AROUND, *_OBJECTS)} | {
    "resourceidentity": "resourceId"
}
# Which log it is of; what `properties` then calls a category is another thing.
LOG: Final = "log"


def plain(record: Record) -> Record:
    """The record as Graph writes it, and what those who hand it on say of it besides.

    Raises:
        RecordError: its properties are no object.
    """
    around = _named(record)
    within = _named(part(around, "properties"))
    log = text(around, "category") if within else text(around, "type")
    return {**around, **{name: value for name, value in within.items() if value not in (None, "")}, LOG: log}


def names_in(record: Record) -> list[str]:
    """The names in a record, and in what Azure Monitor puts into its properties."""
    within = unfolded(next((value for name, value in record.items() if name.lower() == "properties"), None))
    return [*record, *(within if isinstance(within, dict) else ())]


def _named(record: Mapping[str, object]) -> Record:
    named = {_NAMES.get(name.lower(), name): value for name, value in record.items() if not _of_log(name, value)}
    return {name: unfolded(value) if name in _OBJECTS else value for name, value in named.items()}


def _of_log(name: str, value: object) -> bool:
    """Whether it is the path of what keeps the log, which goes by the name of what somebody signs in to."""
    return name.lower() == "resourceid" and isinstance(value, str) and value.startswith("/")
