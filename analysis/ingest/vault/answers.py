"""An error says whether the token or login was good; which says what is declared in errors.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from analysis.ingest.fields import flag, part, text
from analysis.ingest.patterns import Pattern, any_of
from analysis.ingest.strict import Record
from sim.audit.rows import Decision, Reason

_LONGEST: Final = 80


@dataclass(frozen=True, slots=True)
class Answer:
    """How a request was answered; None where nobody has decided, or for no reason that is told."""

    decision: Decision | None = None
    reason: Reason | None = None
    error: str | None = None


def answer(record: Record, *, ended: bool) -> Answer:
    """Read the answer from an entry; `ended` where it is that of a response.

    Policies are asked before a request is logged, so that its own entry may tell already how that came out.
    """
    error = text(record, "error")
    allowed = flag(part(part(record, "auth"), "policy_results"), "allowed")
    if allowed is False:
        return Answer(Decision.DENY, Reason.OUT_OF_SCOPE, _short(error))
    if error is None:
        return Answer(Decision.ALLOW if ended or allowed else None)
    kind = next((each for each, errors in _declared().items() if errors.match(error.lower())), None)
    known = text(part(record, "auth"), "accessor") is not None
    reasons: Mapping[str, Reason | None] = {
        # Without a token that Vault knows, permission is denied for the want of one.
        "refused": Reason.OUT_OF_SCOPE if known else None,
        "expired": Reason.EXPIRED,
    }
    if kind is None:
        return Answer(Decision.ALLOW, error=_short(error))
    if kind == "undecided":
        return Answer(Decision.ALLOW if allowed else None, error=_short(error))
    return Answer(Decision.DENY, reasons.get(kind), _short(error))


def _short(error: str | None) -> str | None:
    """The last thing that an error says, which is what went wrong; before stands how often and where."""
    last = [line.strip(" *\t") for line in (error or "").splitlines() if line.strip(" *\t")]
    return last[-1][:_LONGEST] if last else None


@cache
def _declared() -> Mapping[str, Pattern]:
    table: dict[str, Any] = tomllib.loads(Path(__file__).with_name("errors.toml").read_text("utf-8"))
    return {name: any_of(patterns) for name, patterns in table.items() if name != "source"}
