"""CloudTrail taken in, beside others who read it: CPU time and memory; no ratio is told unless all find the same."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any, Final, Literal

from benchmarks.ways import UnequalError, there

OURS: Final = "outlive"
# How many times as long the others are to take: at least, and what is aimed at.
TARGETS: Final = {"duckdb": (5.0, 10.0), "pandas": (5.0, 10.0), "chdb": (0.0, 0.8)}
MOST_MB_TAKING_IN: Final = 1024


@dataclass(frozen=True)
class Taken:
    """What one way took for a number of distinct events: CPU seconds of all threads, greatest resident memory.

    `stored`: how many events the store held before.
    """

    way: str
    events: int
    cpu_s: float
    peak_mb: float
    stored: int = 0

    @property
    def per_cpu_s(self) -> float:
        """Events in a second of one processor."""
        return self.events / self.cpu_s


@dataclass(frozen=True)
class Ratio:
    """How many times as long another way takes."""

    way: str
    ratio: float

    @property
    def verdict(self) -> Literal["met", "above the floor", "missed"]:
        """Whether that meets the target, or at least the floor."""
        floor, target = TARGETS[self.way]
        if self.ratio >= target:
            return "met"
        return "above the floor" if floor and self.ratio >= floor else "missed"


def read(corpus: Path, say: Callable[[str], None], stored: Mapping[int, Path] | None = None) -> list[Taken]:
    """Each way that can be gone, one after the other; ours also into copies of stores, by how many events they hold.

    Raises:
        UnequalError: they do not find the same.
    """
    found = {}
    for way in there():
        found[way] = by(way, corpus)
        say(f"  {way}: {found[way]['cpu_s']:.1f} s of CPU")
    beside = {held: _beside(corpus, path) for held, path in (stored or {}).items()}
    demand_equal({**{way: each["answer"] for way, each in found.items()},
                  **{f"beside {held:,} events": each["answer"] for held, each in beside.items()}})  # fmt: skip
    events = sum(calls for _, calls, *_ in found[OURS]["answer"])
    return [
        *(Taken(way, events, each["cpu_s"], each["peak_mb"]) for way, each in found.items()),
        *(Taken(OURS, events, each["cpu_s"], each["peak_mb"], held) for held, each in beside.items()),
    ]


def demand_equal(answers: dict[str, Any]) -> None:
    """That each way found what ours did.

    Raises:
        UnequalError: one did not.
    """
    for way, answer in answers.items():
        if answer != answers[OURS]:
            differing = [each for each in answer if each not in answers[OURS]][:3]
            raise UnequalError(f"{way} and {OURS} do not find the same; only {way} finds {differing}")


def ratios(found: Sequence[Taken]) -> list[Ratio]:
    """How many times as long each other way takes as ours."""
    ours = _alone(found)
    return [Ratio(each.way, each.cpu_s / ours.cpu_s) for each in found if each.way != OURS]


def flatness(found: Sequence[Taken]) -> dict[int, float]:
    """How many times as long ours takes into a store that holds events, by how many."""
    return {each.stored: each.cpu_s / _alone(found).cpu_s for each in found if each.stored}


def _alone(found: Sequence[Taken]) -> Taken:
    [ours] = [each for each in found if each.way == OURS and not each.stored]
    return ours


def _beside(corpus: Path, stored: Path) -> dict[str, Any]:
    with TemporaryDirectory(dir=corpus.parent) as folder:
        into = Path(folder) / stored.name
        copyfile(stored, into)
        return by(OURS, corpus, "--into", str(into))


def by(way: str, corpus: Path, *more: str) -> dict[str, Any]:
    """What one way took, and its answer, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.ways", way, str(corpus), *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{way}: {(done.stderr.strip().splitlines() or ['ended without a word'])[-1]}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer
