"""A status code says how the API server answered; an annotation, whether its authorizers let the request through."""

from typing import Final

from analysis.ingest.fields import part, text
from analysis.ingest.outcome import Outcome
from analysis.ingest.strict import Record, RecordError, kind_of
from sim.audit.rows import Decision, Reason

_UNAUTHENTICATED: Final = 401
_FORBIDDEN: Final = 403
_THROTTLED: Final = 429
_FAILED: Final = 500
_ERRORS: Final = 400
_DECISION: Final = "authorization.k8s.io/decision"
_DECISIONS: Final = {"allow": Decision.ALLOW, "forbid": Decision.DENY}


def answer(record: Record) -> Outcome:
    """Read the answer from a record.

    Raises:
        RecordError: its status code is no number.
    """
    status = part(record, "responseStatus")
    code = _code(status)
    authorized = _DECISIONS.get(text(part(record, "annotations"), _DECISION) or "")
    if code is None:
        return Outcome(authorized, _reason(authorized))
    error = (text(status, "reason") or str(code)) if code >= _ERRORS else None
    if code in (_UNAUTHENTICATED, _FORBIDDEN):
        # What the authorizers let through may still be stopped by admission: by a policy or a quota.
        forbidden = code == _FORBIDDEN and authorized is not Decision.ALLOW
        return Outcome(Decision.DENY, Reason.OUT_OF_SCOPE if forbidden else None, error)
    if code == _THROTTLED:
        return Outcome(Decision.DENY, Reason.THROTTLED, error)
    if code >= _FAILED:
        return Outcome(error=error)
    return Outcome(Decision.ALLOW, error=error)


def _code(status: Record) -> int | None:
    code = status.get("code")
    if isinstance(code, str) and code.isascii() and code.isdigit() and len(code) == len(str(_FORBIDDEN)):
        return int(code)
    if code is None or (isinstance(code, int) and not isinstance(code, bool)):
        return code or None
    raise RecordError(f"responseStatus.code is {kind_of(code)} where a number belongs")


def _reason(authorized: Decision | None) -> Reason | None:
    return Reason.OUT_OF_SCOPE if authorized is Decision.DENY else None
