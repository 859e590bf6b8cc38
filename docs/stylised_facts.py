"""What the bundled scenarios bring about, beside published figures that were never put in.

Prints the table of stylised_facts.md: for each figure that the model can produce at all, what comes of each mid-size
scenario under the static keys that the publications are about, with a 95 % interval over replications. Nothing is tuned
to agree; what disagrees stays.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from analysis.measures.examination import examine
from analysis.measures.measure import find
from analysis.samples import measured
from analysis.statistics import interval
from outlive import Request, simulate
from sim.audit.store import Store

_MEASURES: Final = Path(__file__).with_suffix("")
_SCENARIOS: Final = (
    "support_midsize", "software_delivery_midsize", "security_triage_midsize", "data_pipelines_midsize",
)  # fmt: skip
# Many compromises, because one a window says nothing about a share; they move no other figure here.
_REQUEST: Final = {
    "controls": ["standing_key"], "replicates": 10, "settings": {"scenario.incidents.t1b.count": 50},
}  # fmt: skip
_WINDOWS_A_YEAR: Final = 182

# A scenario's mean, and from where to where its interval goes.
Found = tuple[float, float, float]


@dataclass(frozen=True)
class Fact:
    """A published figure, in percent from `least` to `most`, and what of a store shows it: a measure here and its part.

    `why` says of one without a measure what the model lacks, or where the figure was put in. `windows`: so many of
    those that are simulated make up what the publication looks at; one of them is enough.
    """

    number: int
    published: str
    least: float = 0
    most: float = 100
    measure: str = ""
    part: str = ""
    why: str = ""
    windows: int = 1

    def of_all(self, least: float, most: float) -> tuple[float, float]:
        """The percentage of firms to which it happens in any of their windows: as if all, or none, hung together."""
        return least, 100 * (1 - (1 - most / 100) ** self.windows)

    def verdict(self, found: Sequence[Found]) -> str:
        """Whether every interval lies in the published band, or any beside it, or neither."""
        if all(self.least <= lo and hi <= self.most for _, lo, hi in found):
            return "agrees"
        return "disagrees" if any(hi < self.least or lo > self.most for _, lo, hi in found) else "not settled"

    def line(self, found: Sequence[Found]) -> str:
        """A row of the table; `found` one a scenario, none where the model has none."""
        if not self.measure:
            return f"| {self.number} | {self.published} | {self.why} | |"
        cells = ", ".join(f"{mean:.1f} [{lo:.1f}, {hi:.1f}]" for mean, lo, hi in found)
        return f"| {self.number} | {self.published} | {cells} | {self.verdict(found)} |"


FACTS: Final = (
    Fact(1, "more than 50 % of keys older than a year were unused for 90 days (Datadog 2025)",
         why="not modelled: what each key was used for is simulated for days, not months"),
    Fact(2, "40 % (Entro) to 80 % (Microsoft) of standing credentials are idle",
         why="not held out: how many keys an agent has beside the one that it works with is put in"),
    Fact(3, "92 to 99 % of standing permissions are unused (Sonrai, Sysdig, Microsoft): by kind of access",
         92, 99, "unused_permissions", "kinds"),
    Fact(3, "the same, counted resource by resource", 92, 99, "unused_permissions", "resources"),
    Fact(4, "76 % of firms with over-privileged agents had incidents, 17 % of those with least privilege (Teleport)",
         why="not modelled: compromises are given, not caused by what agents may do"),
    Fact(5, "about 40 % of accounts are orphaned (Orchid), taken as 35 to 45 %", 35, 45, "orphaned"),
    Fact(5, "91 % of leavers' tokens are still active (NHIMG)",
         why="not modelled: people who leave hold no tokens of their own"),
    Fact(6, "about 70 % of leaked secrets are valid after 2 to 3 years, more than 64 % after 3 to 4 (GitGuardian)",
         why="not modelled: leaks are simulated for days, not years"),
    Fact(7, "18 to 80 % of firms have an agent act out of scope in a year", 18, 80, "out_of_scope",
         windows=_WINDOWS_A_YEAR),
    Fact(8, "68 % of firms cannot tell agents from humans (CSA and Aembit)",
         why="not modelled: no human acts beside agents"),
    Fact(9, "nearly every stolen key is used before anybody notices (after 67 to 127 s, noticed after 14 h)",
         95, 100, "used_before_detection"),
    Fact(10, "78.6 % of 200 attempts on one target succeed at least once, 17.8 % of first ones (Opus 4.6 system card)",
         why="not held out: how alike the answers to one request are is fitted to it"),
)  # fmt: skip


@dataclass(frozen=True)
class Findings:
    """What is measured of each scenario."""

    folder: Path

    def of(self, fact: Fact) -> list[Found]:
        """One a scenario, to a tenth of a percent."""
        return [self._of(store, fact) for store in self._stores] if fact.measure else []

    def _of(self, path: Path, fact: Fact) -> Found:
        row = [("counted", fact.part)] if fact.part else []
        with Store.open(path) as store, examine(store, "truth") as examination:
            runs = [key for (key,) in store.rows("SELECT key FROM fact.run ORDER BY key")]
            share = measured(examination, find(str(_MEASURES / f"{fact.measure}.sql"))).quantity(row, runs)
        around = interval(share, (0.0, 100.0))
        lo, hi = fact.of_all(around.lo, around.hi)
        return round(around.mean, 1), round(lo, 1), round(hi, 1)

    @cached_property
    def _stores(self) -> list[Path]:
        return [self._simulated(name) for name in _SCENARIOS]

    def _simulated(self, scenario: str) -> Path:
        path = self.folder / f"{scenario}.duckdb"
        # Of one seed two scenarios with one organisation would have the same past.
        simulate(Request(scenario, seed=1 + _SCENARIOS.index(scenario), **_REQUEST), path)
        return path


def main() -> None:
    """Print the table."""
    head = "found, % with its 95 % interval: support, software delivery, triage, pipelines"
    sys.stdout.write(f"| # | published | {head} | |\n|---|---|---|---|\n")
    with TemporaryDirectory() as folder:
        findings = Findings(Path(folder))
        for fact in FACTS:
            sys.stdout.write(f"{fact.line(findings.of(fact))}\n")


if __name__ == "__main__":
    main()
