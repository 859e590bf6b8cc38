"""A status code says how the API server answered; an annotation, whether its authorizers let the request through."""

from dataclasses import dataclass
from typing import Final

from analysis.ingest.fields import part, text
from analysis.ingest.strict import Record, RecordError, kind_of
from sim.audit.rows import Decision, Reason

_UNAUTHENTICATED: Final = 401
_FORBIDDEN: Final = 403
_THROTTLED: Final = 429
_FAILED: Final = 500
_ERRORS: Final = 400
_DECISION: Final = "authorization.k8s.io/decision"
_DECISIONS: Final = {"allow": Decision.ALLOW, "forbid": Decision.DENY}


@dataclass(frozen=True, slots=True)
class Answer:
    """How a request was answered; None where nobody has decided, or for no reason that is told."""

    decision: Decision | None = None
    reason: Reason | None = None
    error: str | None = None


def answer(record: Record) -> Answer:
    """Read the answer from a record.

    Raises:
        RecordError: its status code is no number.
    """
    status = part(record, "responseStatus")
    code = _code(status)
    authorized = _DECISIONS.get(text(part(record, "annotations"), _DECISION) or "")
    if code is None:
        return Answer(authorized, _reason(authorized))
    error = (text(status, "reason") or str(code)) if code >= _ERRORS else None
    if code in (_UNAUTHENTICATED, _FORBIDDEN):
        # Who is let through by the authorizers may still be stopped by what admits objects: by a policy or a quota.
        forbidden = code == _FORBIDDEN and authorized is not Decision.ALLOW
        return Answer(Decision.DENY, Reason.OUT_OF_SCOPE if forbidden else None, error)
    if code == _THROTTLED or code >= _FAILED:
        return Answer(error=error)
    return Answer(Decision.ALLOW, error=error)


def _code(status: Record) -> int | None:
    code = status.get("code")
    if isinstance(code, str) and code.isascii() and code.isdigit() and len(code) == len(str(_FORBIDDEN)):
        return int(code)
    if code is None or (isinstance(code, int) and not isinstance(code, bool)):
        return code or None
    raise RecordError(f"responseStatus.code is {kind_of(code)} where a number belongs")


def _reason(authorized: Decision | None) -> Reason | None:
    return Reason.OUT_OF_SCOPE if authorized is Decision.DENY else None
