"""Asks a log what it can answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from sim.audit.store import Store

_SQL: Final = (Path(__file__).parent / "answerability.sql").read_text("utf-8")

Verdict = Literal["answered", "in part", "bounded", "unknown", "no case"]


@dataclass(frozen=True, slots=True)
class Answerability:
    """Of one question to the log of one run: of how many of what is counted it is answered, or left an interval."""

    run: int
    counted: Literal["events", "credentials", "files", "records", "tasks"]
    question: str
    total: int
    answered: int
    bounded: int

    @property
    def unknown(self) -> int:
        """Of how many the log says nothing."""
        return self.total - self.answered - self.bounded

    @property
    def verdict(self) -> Verdict:
        """Answered of all, bounded or better of all, of some, or of none; or there is nothing to ask of."""
        if not self.total:
            return "no case"
        if not self.answered and not self.bounded:
            return "unknown"
        if self.answered == self.total:
            return "answered"
        return "in part" if self.unknown else "bounded"


def answerability(store: Store, runs: Sequence[int] | None = None) -> list[Answerability]:
    """What the logs of some runs, or of all, can answer, run by run."""
    with store.evidence("log", runs) as connection:
        return [Answerability(*row) for row in connection.execute(_SQL).fetchall()]
