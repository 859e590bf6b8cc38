"""What a call gave, to whom and for how long: tokens of other identities, keys of service accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from analysis.ingest.fields import part, readable_moment, text
from analysis.ingest.gcp_audit.calls import WORDS, service
from analysis.ingest.gcp_audit.identity import Caller, account, key
from analysis.ingest.instants import LATEST, SECOND, instant
from analysis.ingest.levels import remembered
from analysis.ingest.observed import Issued
from analysis.ingest.outcome import NOTHING, Effect
from analysis.ingest.patterns import any_of
from analysis.ingest.strict import Record
from sim.audit.rows import FOREVER, UNKNOWN, Binding, CredentialKind, Kind, Reason

# "31 December 9999" is how Google writes that a key never ends.
_NEVER: Final = 253_402_300_799
_LONGEST_WRITTEN: Final = 12


@dataclass(frozen=True, slots=True)
class Call:
    """A call that was let in: what it is told of, by which id, and when."""

    payload: Record
    entry: Record
    method: str
    id: str
    time: int
    who: Caller


def effect(call: Call) -> Effect:
    """What the call did."""
    name = f"{service(call.payload)}:{call.method}"
    if token := _declared(name):
        return _token(call, token)
    match WORDS.list_of("keys", name):
        case "made":
            return _key_made(call)
        case "ended":
            return _key_switched(call, Kind.REVOKE, Reason.DELETED)
        case "enabled":
            return _key_switched(call, Kind.ISSUE, Reason.RENEWAL)
    return NOTHING


@remembered
def _declared(name: str) -> Mapping[str, Any] | None:
    """The token that a call is declared to give."""
    return next((token for token in WORDS.declared["tokens"] if any_of(token["calls"]).match(name)), None)


def _token(call: Call, declared: Mapping[str, Any]) -> Effect:
    asked, answered = part(call.payload, "request"), part(call.payload, "response")
    until = readable_moment(answered, "expireTime")
    if until == UNKNOWN:
        until = call.time + SECOND * (_seconds(text(asked, "lifetime")) or declared["longest_s"])
    binding = Binding[declared["binding"].upper()] if "binding" in declared else None
    issued = Issued(f"issued in {call.id}", CredentialKind.SESSION_TOKEN, until, binding=binding)
    if declared.get("federated"):
        return Effect(Kind.ISSUE, issued, call.who.party)
    labels = part(part(call.entry, "resource"), "labels")
    names = text(labels, "email_id"), text(asked, "name"), text(call.payload, "resourceName")
    holder = next((found for name in names if (found := account(name))), None)
    return Effect(Kind.ASSUME, issued, holder)


def _seconds(written: str | None) -> int | None:
    """A duration as protocol buffers write it, "3600s" or "3600.5s", in whole seconds."""
    number = (written or "").removesuffix("s").partition(".")[0][:_LONGEST_WRITTEN]
    return int(number) if number.isascii() and number.isdigit() else None


def _key_made(call: Call) -> Effect:
    answered = part(call.payload, "response")
    name = text(answered, "name")
    known = key(name)
    if known is None:
        return NOTHING
    return Effect(Kind.ISSUE, Issued(known, CredentialKind.STATIC_KEY, _end(answered)), account(name))


def _end(answered: Record) -> int:
    """Until when a key is good; UNKNOWN where the answer does not say."""
    written = answered.get("valid_before_time")
    if isinstance(written, dict):
        seconds = _seconds(text(written, "seconds"))
        if seconds is None:
            return UNKNOWN
        return FOREVER if seconds >= _NEVER else min(seconds * SECOND, LATEST)
    told = instant(written) if isinstance(written, str) else None
    return UNKNOWN if told is None else FOREVER if told >= LATEST else told


def _key_switched(call: Call, kind: Kind, reason: Reason) -> Effect:
    names = text(part(call.payload, "request"), "name"), text(call.payload, "resourceName")
    name = next((each for each in names if key(each)), None)
    known = key(name)
    if known is None:
        return NOTHING
    return Effect(kind, Issued(known, CredentialKind.STATIC_KEY), account(name), reason)
