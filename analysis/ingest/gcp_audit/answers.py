"""How a call was answered: a status of gRPC, and for each permission whether it was granted."""

from collections.abc import Iterator
from typing import Final

from analysis.ingest.fields import flag, part, parts, text
from analysis.ingest.gcp_audit.calls import WORDS
from analysis.ingest.outcome import Outcome
from analysis.ingest.strict import Record
from sim.audit.rows import Decision

_OK: Final = (None, "0")
# A perimeter of VPC Service Controls stopped it, or another policy that asks from where and how somebody calls.
_OF_POLICIES: Final = "%2Fpolicy"


def outcome(entry: Record, payload: Record) -> Outcome:
    """Read from an entry how its call went."""
    status = part(payload, "status")
    code, message = text(status, "code"), text(status, "message")
    answer = WORDS.answer(*_words(entry, payload, code, message))
    failed = code not in _OK or answer.decision is Decision.DENY
    named = WORDS.declared["codes"].get(code or "", code if code not in _OK else message)
    return Outcome(answer.decision, answer.reason, named if failed else None)


def _words(entry: Record, payload: Record, code: str | None, message: str | None) -> Iterator[str]:
    """What says how it went, in the order in which it counts: levels.toml says what each word means."""
    if code not in _OK:
        if (text(entry, "logName") or text(entry, "logname") or "").endswith(_OF_POLICIES):
            yield f"policy {code}"
        yield f"code {code}"
    if message is not None:
        yield message
    asked = parts(payload, "authorizationInfo")
    if any(flag(each, "granted") for each in asked):
        yield "granted"
    elif asked:
        yield "not granted"
    elif code in _OK:
        yield "success"
