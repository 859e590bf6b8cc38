"""Whether a call was let through, and who did not let it: read from what its result says."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from analysis.ingest.patterns import Pattern, any_of
from sim.audit.rows import Decision, Reason


class Answer(NamedTuple):
    """A decision, None where there was none or the text does not tell, and who made it."""

    decision: Decision | None
    reason: Reason | None = None


LET_IN: Final = Answer(Decision.ALLOW)
_MEANINGS: Final = {
    "person": Answer(Decision.DENY, Reason.APPROVER),
    "rule": Answer(Decision.DENY, Reason.POLICY),
    "undecided": Answer(None),
    "failed": LET_IN,
}


def answer(error: str | None) -> Answer:
    """What an error means; no error is none."""
    if error is None:
        return LET_IN
    return next((_MEANINGS[each] for each, texts in _patterns().items() if texts.match(error)), Answer(None))


@cache
def _patterns() -> Mapping[str, Pattern]:
    table = tomllib.loads(Path(__file__).with_name("answers.toml").read_text("utf-8"))
    return {each: any_of(table[each]) for each in _MEANINGS}
