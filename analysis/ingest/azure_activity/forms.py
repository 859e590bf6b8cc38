"""REST, Azure Monitor and Log Analytics write the same event under the same names, more or less."""

from typing import Final

from analysis.ingest.fields import part, unfolded
from analysis.ingest.strict import Record

# As the REST interface has them, and what they are called elsewhere. Capitals and underscores do not count.
_NAMES: Final = {
    "eventDataId": (),
    "eventTimestamp": ("time", "timegenerated"),
    "operationId": (),
    "operationName": ("operationnamevalue",),
    "correlationId": (),
    "category": ("categoryvalue",),
    "status": ("resulttype", "activitystatusvalue", "activitystatus"),
    "subStatus": ("resultsignature", "activitysubstatusvalue", "activitysubstatus"),
    "resourceId": (),
    "caller": (),
    "callerIpAddress": (),
    "claims": (),
    "authorization": (),
    "httpRequest": (),
    "identity": (),
    "properties": (),
}
_KNOWN: Final = {each: name for name, others in _NAMES.items() for each in (name.lower(), *others)}
_OBJECTS: Final = ("claims", "authorization", "httpRequest", "identity", "properties")


def plain(record: Record) -> Record:
    """The event under the names of the REST interface; of a word in two languages, the one for programs.

    Raises:
        RecordError: something stands where an object belongs.
    """
    told: Record = {}
    # Beside a name for readers stands one for programs, which ends in "value": that is taken first.
    for name, value in sorted(record.items(), key=lambda each: not each[0].lower().endswith("value")):
        known = _KNOWN.get(name.replace("_", "").lower())
        if known is not None and told.get(known) in (None, ""):
            told[known] = unfolded(value) if known in _OBJECTS else _word(value)
    within, who = part(told, "properties"), part(told, "identity")
    around = {"claims": who.get("claims"), "operationId": within.get("operationId")}
    told |= {name: value for name, value in around.items() if value and not told.get(name)}
    if kind := within.get("eventCategory"):
        told["category"] = kind
    return told


def _word(value: object) -> object:
    """The word for programs, where one in the reader's language stands beside it."""
    return value.get("value") if isinstance(value, dict) and "value" in value else value
