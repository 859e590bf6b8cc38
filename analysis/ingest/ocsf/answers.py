"""Whether an event was let in: what a control did, whether it succeeded, and which code it failed with."""

from collections.abc import Iterator, Sequence
from typing import Final

from analysis.ingest.fields import part, text
from analysis.ingest.ocsf.calls import AUTHENTICATION, WORDS
from analysis.ingest.ocsf.moments import whole
from analysis.ingest.outcome import Outcome
from analysis.ingest.strict import Record
from sim.audit.rows import Decision

_SUCCESS: Final = 1
_FAILURE: Final = 2
_STATUS: Final = {"success": _SUCCESS, "failure": _FAILURE}
_ERRORS: Final = range(400, 600)


def outcome(record: Record, class_uid: int) -> Outcome:
    """Read from an event how it went."""
    answer = WORDS.answer(*_words(record, class_uid))
    codes = _codes(record)
    failed = _status(record) == _FAILURE or answer.decision is Decision.DENY
    code = _response_code(record)
    error = (codes[0] if codes else None) if failed else str(code) if code in _ERRORS else None
    return Outcome(answer.decision, answer.reason, error or ("Failure" if failed else None))


def _words(record: Record, class_uid: int) -> Iterator[str]:
    """What says how it went, in the order in which it counts: levels.toml says what each word means."""
    status, action = _status(record), whole(record, "action_id") or None
    control = f"disposition {whole(record, 'disposition_id')}" if action is None else f"action {action}"
    if status == _FAILURE or WORDS.answer(control).decision is Decision.DENY:
        yield from _codes(record)
    if status == _FAILURE:
        yield f"failure of {class_uid}" if class_uid == AUTHENTICATION else "failure"
    yield control
    if status == _SUCCESS:
        yield "success"
    elif status is None and action is None:
        yield f"response {_response_code(record)}"


def _status(record: Record) -> int | None:
    status = whole(record, "status_id")
    return status if status in (_SUCCESS, _FAILURE) else _STATUS.get((text(record, "status") or "").lower())


def _codes(record: Record) -> Sequence[str]:
    response = part(part(record, "api"), "response")
    told = (text(response, "error"), text(record, "status_code"), text(record, "status_detail"), text(response, "code"))
    return [code for code in told if code]


def _response_code(record: Record) -> int | None:
    responses = part(part(record, "api"), "response"), part(record, "http_response")
    return next((found for each in responses if (found := whole(each, "code")) is not None), None)
