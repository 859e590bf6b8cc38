"""An error code says whether the caller's credential was good; which code says what is declared in errors.toml."""

import tomllib
from collections.abc import Mapping
from enum import Enum
from functools import cache
from pathlib import Path

from analysis.ingest.patterns import Pattern, any_of
from sim.audit.rows import Decision, Reason


class Answer(Enum):
    """How AWS answered a call, as far as its error code tells."""

    REFUSED = "refused"
    EXPIRED = "expired"
    NOT_ACCEPTED = "not_accepted"
    UNDECIDED = "undecided"
    LET_IN = "let_in"

    @property
    def decision(self) -> Decision | None:
        """Allowed or denied; None where nobody decided."""
        if self is Answer.UNDECIDED:
            return None
        return Decision.ALLOW if self is Answer.LET_IN else Decision.DENY

    @property
    def reason(self) -> Reason | None:
        """Why it was denied, where the code tells."""
        return {Answer.REFUSED: Reason.OUT_OF_SCOPE, Answer.EXPIRED: Reason.EXPIRED}.get(self)


def answer(code: str | None) -> Answer:
    """What an error code means; no code is no error."""
    return Answer.LET_IN if code is None else _meaning(code)


@cache
def _meaning(code: str) -> Answer:
    plain = code.removeprefix("Client.").removeprefix("Server.")
    return next((each for each, codes in _declared().items() if codes.match(plain)), Answer.LET_IN)


@cache
def _declared() -> Mapping[Answer, Pattern]:
    table = tomllib.loads(Path(__file__).with_name("errors.toml").read_text("utf-8"))
    return {each: any_of(table[each.value]) for each in Answer if each.value in table}
