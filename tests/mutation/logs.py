"""What a log may claim, as trials: runs of every control model, of which truth and logs of several kinds are measured.

What is asked of an answer is what tests/contract/test_measures.py asks, in its own words. A run shows one logging
profile, so it is there once a profile, under another key: all profiles together cost hardly more than one.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

from sim.audit.store import Evidence, Store
from tests.contract import test_measures as contract
from tests.ledgers import Answer
from tests.mutation.trials import Answers, Trial

# Keys of the copies of a run lie so far apart.
_APART: Final = 100


@dataclass(frozen=True)
class Logged:
    """Runs with a copy a logging profile. `whole`: nobody was refused, so a log of everything tells the truth."""

    name: str
    store: Store
    runs: Sequence[int]
    profiles: Sequence[str]
    asked: Collection[str]
    given: Mapping[str, Mapping[str, float]]
    whole: bool

    def evidence(self) -> Sequence[tuple[Store, Evidence, Sequence[int]]]:
        """The truth of each run beside the logs of its copies."""
        copies = [_copy(run, number) for run in self.runs for number in range(len(self.profiles))]
        return [(self.store, "truth", self.runs), (self.store, "log", copies)]

    def passes(self, measure: str, said: Sequence[Answers]) -> bool:
        """Whether what is said of each log is in order, and right of what is said of the truth."""
        truth, log = said
        return all(
            self._right((measure, part), profile, answer, log[_copy(run, number)][part])
            for number, profile in enumerate(self.profiles)
            for run, parts in truth.items()
            for part, answer in parts.items()
        )

    def _right(self, about: tuple[str, str], profile: str, truth: Answer, log: Answer) -> bool:
        if not (contract.contains(log, truth) and contract.in_order(log) and (log.lo or 0) >= 0):
            return False
        if self.whole and profile == "full":
            return contract.equal(truth, log) or contract.half_told(*about, truth, log)
        if self.whole and profile == "human_login":
            return log[:2] == (None, None) or contract.any_log_tells(about)
        return True


def logged(kept: ExitStack, only: str | None = None) -> Iterator[Trial]:
    """Every trial on logs; their stores close with `kept`. `only`: of one measure."""
    asked = [name for name in contract.ON_LOGS if only in {None, name}]
    for morning in contract.MORNINGS if asked else ():
        strays = [name for name in ("crown_jewel_hours", "privilege_hours") if name in asked]
        if named := strays if morning == "straying" else asked:
            yield _trial(kept, morning, named)


def _trial(kept: ExitStack, morning: str, asked: Collection[str]) -> Trial:
    settings, knobs, profiles = contract.MORNINGS[morning]
    store = kept.enter_context(Store.in_memory())
    runs = list(contract.simulated(store, settings, knobs))
    contract.prepared(store)
    seen = {(run, profile): _copy(run, number) for number, profile in enumerate(profiles) for run in runs}
    contract.copied(store, seen)
    return Logged(morning, store, runs, profiles, asked, contract.GIVEN, whole=morning == "quiet")


def _copy(run: int, number: int) -> int:
    return run + _APART * (number + 1)
