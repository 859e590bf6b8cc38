"""Figures: what each measure took, in a process of its own each."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from analysis.measures.measure import measures
from benchmarks.world import EVIDENCE, Kind
from sim.audit.store import Evidence

# Seconds that a measure alone may take at the full size, on two cores.
TARGETS: Final = {"stale_access": 3, "blast_radius": 5}
ANY_OTHER: Final = 10
FULL: Final = 100_000_000
MOST_MB_MEASURING: Final = 4096
# What stands for the command that measures everything.
ALL: Final = "all"


@dataclass(frozen=True)
class Figure:
    """What a measure took: seconds the first time and again, greatest resident memory; or why there is no figure.

    `cpu_s`: CPU seconds the first time, which hang less on what else the machine does.
    """

    kind: Kind
    evidence: Evidence
    events: int
    measure: str
    first_s: float | None = None
    again_s: float | None = None
    peak_mb: float | None = None
    failed: str | None = None
    cpu_s: float | None = None

    @property
    def target_s(self) -> int | None:
        """Seconds that it may take at a hundred million events; the command as a whole has no target."""
        return None if self.measure == ALL else TARGETS.get(self.measure, ANY_OTHER)

    @property
    def verdict(self) -> Literal["met", "missed", "open", ""]:
        """Whether the target is met; with fewer events it can only be missed, or open."""
        if self.target_s is None:
            return ""
        if self.again_s is None or self.again_s > self.target_s or (self.peak_mb or 0) > MOST_MB_MEASURING:
            return "missed"
        return "met" if self.events >= FULL else "open"


@dataclass(frozen=True)
class Terms:
    """On what terms it is timed: memory that DuckDB may use, and seconds after which nobody waits any longer."""

    memory: str
    patience_s: float
    again: int = 1


def figures(store: Path, kind: Kind, events: int, names: Sequence[str], terms: Terms) -> Iterator[Figure]:
    """A figure a measure, in the order of their names; of those that this evidence has anything for."""
    known = [each.name for each in measures() if EVIDENCE[kind] in each.evidence]
    for name in (each for each in [*known, ALL] if not names or each in names):
        yield _figure(store, kind, events, name, terms)


def _figure(store: Path, kind: Kind, events: int, name: str, terms: Terms) -> Figure:
    about = kind, EVIDENCE[kind], events, name
    asked = [str(store), EVIDENCE[kind], *([] if name == ALL else [name])]
    command = [sys.executable, "-m", "benchmarks.child", *asked, "--memory", terms.memory, "--again", str(terms.again)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=terms.patience_s)
    except subprocess.TimeoutExpired:
        return Figure(*about, failed=f"more than {terms.patience_s:g} s")
    if done.returncode:
        return Figure(*about, failed=(done.stderr.strip().splitlines() or ["ended without a word"])[-1])
    return Figure(*about, **json.loads(done.stdout))
