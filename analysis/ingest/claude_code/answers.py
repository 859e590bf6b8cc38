"""Whether a call was let through, and who did not let it: read from what its result says."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from analysis.ingest.outcome import Outcome
from analysis.ingest.patterns import Pattern, any_of
from sim.audit.rows import Decision, Reason

LET_IN: Final = Outcome(Decision.ALLOW)
_MEANINGS: Final = {
    "person": Outcome(Decision.DENY, Reason.APPROVER),
    "rule": Outcome(Decision.DENY, Reason.POLICY),
    "undecided": Outcome(),
    "failed": LET_IN,
}


def answer(error: str | None) -> Outcome:
    """What an error means; no error is none."""
    if error is None:
        return LET_IN
    return next((_MEANINGS[each] for each, texts in _patterns().items() if texts.match(error)), Outcome())


@cache
def _patterns() -> Mapping[str, Pattern]:
    table = tomllib.loads(Path(__file__).with_name("answers.toml").read_text("utf-8"))
    return {each: any_of(table[each]) for each in _MEANINGS}
