"""An error says whether the token or login was good; which says what is declared in errors.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from analysis.ingest.fields import flag, part, text
from analysis.ingest.outcome import Outcome
from analysis.ingest.patterns import Pattern, any_of
from analysis.ingest.strict import Record
from sim.audit.rows import Decision, Reason

_LONGEST: Final = 80
_HASHED: Final = "an error that the log has as a hash"


def answer(record: Record, *, ended: bool, logs_in: bool) -> Outcome:
    """Read the answer from an entry; `ended` where it is that of a response, `logs_in` where it is about a login.

    Policies are asked before a request is logged, so that its own entry may tell already how that came out.
    """
    error = text(record, "error") or _in_response(part(record, "response"))
    allowed = flag(part(part(record, "auth"), "policy_results"), "allowed")
    if allowed is False:
        return Outcome(Decision.DENY, Reason.OUT_OF_SCOPE, _short(error))
    if error is None:
        return Outcome(Decision.ALLOW if ended or allowed else None)
    known = text(part(record, "auth"), "accessor") is not None
    decision, reason = _meaning(error.lower(), known=known, logs_in=logs_in)
    return Outcome(Decision.ALLOW if decision is None and allowed else decision, reason, _short(error))


def _meaning(error: str, *, known: bool, logs_in: bool) -> tuple[Decision | None, Reason | None]:
    """What an error says of who asked; of a login that it was refused, whatever went wrong."""
    kind = next((each for each, errors in _declared().items() if errors.match(error)), None)
    if kind == "undecided":
        return None, None
    if kind is None and not logs_in:
        return Decision.ALLOW, None
    if kind == "expired":
        return Decision.DENY, Reason.EXPIRED
    if kind == "turned_away":
        return Decision.DENY, Reason.THROTTLED
    # Without a token that Vault knows, permission is denied for the want of one.
    return Decision.DENY, Reason.OUT_OF_SCOPE if kind == "refused" and known else None


def _in_response(response: Record) -> str | None:
    """The error of an engine, which stands in its data, hashed: that holds nothing else then, or what it is about."""
    data = part(response, "data")
    found = text(data, "error")
    if found is None or not data.keys() <= {"error", "data"}:
        return None
    return _HASHED if found.startswith("hmac-") else found


def _short(error: str | None) -> str | None:
    """The last thing that an error says, which is what went wrong; before stands how often and where."""
    last = [line.strip(" *\t") for line in (error or "").splitlines() if line.strip(" *\t")]
    return last[-1][:_LONGEST] if last else None


@cache
def _declared() -> Mapping[str, Pattern]:
    table: dict[str, Any] = tomllib.loads(Path(__file__).with_name("errors.toml").read_text("utf-8"))
    return {name: any_of(patterns) for name, patterns in table.items() if name != "source"}
