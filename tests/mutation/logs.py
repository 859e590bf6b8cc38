"""What a log may claim, as trials: runs of every control model, of which a log and the truth are measured.

What is asked of an answer is what tests/contract/test_measures.py asks, in its own words.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from sim.audit.store import Evidence, Store
from tests.contract import test_measures as contract
from tests.mutation.trials import Answers, Trial

_LOSING = tuple(f"{profile} losing {percent}" for profile in contract.PROFILES for percent in contract.LOSSES)


@dataclass(frozen=True)
class Logged:
    """Runs as one logging profile shows them. `whole`: nobody was refused, so a log of everything tells the truth."""

    name: str
    profile: str
    store: Store
    runs: Mapping[int, str]
    asked: Collection[str]
    given: Mapping[str, Mapping[str, float]]
    whole: bool

    def evidence(self) -> Sequence[tuple[Store, Evidence, Sequence[int]]]:
        """The truth beside the log."""
        return [(self.store, "truth", list(self.runs)), (self.store, "log", list(self.runs))]

    def passes(self, measure: str, said: Sequence[Answers]) -> bool:
        """Whether what is said of the log is in order, and right of what is said of the truth."""
        truth, log = said
        return all(
            self._right(measure, part, answer, log[run][part])
            for run, parts in truth.items()
            for part, answer in parts.items()
        )

    def _right(self, measure, part, truth, log) -> bool:
        if not (contract.contains(log, truth) and contract.in_order(log) and (log.lo or 0) >= 0):
            return False
        if self.whole and self.profile == "full":
            return contract.equal(truth, log) or contract.half_told(measure, part, truth, log)
        if self.whole and self.profile == "human_login":
            return log[:2] == (None, None) or (measure, part) == ("forensics", "touch")
        return True


def logged(kept: ExitStack, only: str | None = None) -> Iterator[Trial]:
    """Every trial on logs; their stores close with `kept`. `only`: of one measure."""
    asked = [name for name in contract.ON_LOGS if only in {None, name}]
    if not asked:
        return
    for profile in (*contract.PROFILES, *_LOSING):
        yield _trial(kept, "quiet", profile, asked)
    for profile in contract.PROFILES:
        yield _trial(kept, "harsh", profile, asked)
    if strays := [name for name in ("crown_jewel_hours", "privilege_hours") if name in asked]:
        yield _trial(kept, "straying", "full", strays)


def _trial(kept: ExitStack, morning: str, profile: str, asked: Collection[str]) -> Logged:
    """A morning in a store of its own: a store shows its runs through one profile at a time."""
    runs = contract.simulated(*contract.MORNINGS[morning])
    kept.enter_context(runs.store)
    runs.show(profile)
    name, whole = f"{morning}: {profile}", morning == "quiet"
    return Logged(name, profile, runs.store, runs.runs, asked, contract.GIVEN, whole)
