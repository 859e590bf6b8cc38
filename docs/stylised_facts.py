"""What the bundled scenarios bring about, beside published figures that were never put in.

Prints the table of stylised_facts.md: for each figure that the model can produce at all, what comes of each mid-size
scenario under the static keys that the publications are about. Nothing is tuned to agree; what disagrees stays.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from outlive import Request, measure, simulate

_MEASURES = Path(__file__).with_suffix("")
_SCENARIOS = ("support_midsize", "software_delivery_midsize", "security_triage_midsize", "data_pipelines_midsize")
# Many compromises, because one a window says nothing about a share; they move no other figure here.
_REQUEST = {"controls": ["standing_key"], "replicates": 2, "settings": {"scenario.incidents.t1b.count": 50}}
NOT_MODELLED = "not modelled yet"


@dataclass(frozen=True)
class Fact:
    """A published figure, in percent from `least` to `most`, and what of a store shows it: a measure here and its part.

    `why` says what the model lacks where there is none.
    """

    number: int
    published: str
    least: float = 0
    most: float = 100
    measure: str = ""
    part: str = ""
    why: str = ""

    def agrees(self, values: list[float]) -> bool:
        """Whether every value lies in the published band."""
        return all(self.least <= value <= self.most for value in values)

    def line(self, values: list[float]) -> str:
        """A row of the table; `values` one a scenario, none where the model has none."""
        if not self.measure:
            return f"| {self.number} | {self.published} | {NOT_MODELLED}: {self.why} | |"
        found = ", ".join(f"{value:.1f}" for value in values)
        return f"| {self.number} | {self.published} | {found} % | {'agrees' if self.agrees(values) else 'disagrees'} |"


FACTS = (
    Fact(1, "more than 50 % of keys older than a year were unused for 90 days (Datadog 2025)",
         why="what each key was used for is simulated for days, not months"),
    Fact(2, "40 % (Entro) to 80 % (Microsoft) of standing credentials are idle",
         why="how many keys an agent has beside the one that it works with is put in"),
    Fact(3, "92 to 99 % of standing permissions are unused (Sonrai, Sysdig, Microsoft): by kind of access",
         92, 99, "unused_permissions", "kinds"),
    Fact(3, "the same, counted resource by resource", 92, 99, "unused_permissions", "resources"),
    Fact(4, "76 % of firms with over-privileged agents had incidents, 17 % of those with least privilege (Teleport)",
         why="compromises are given, not caused by what agents may do"),
    Fact(5, "about 40 % of accounts are orphaned (Orchid), taken as 35 to 45 %", 35, 45, "orphaned"),
    Fact(5, "91 % of leavers' tokens are still active (NHIMG)", why="people who leave hold no tokens of their own"),
    Fact(6, "about 70 % of leaked secrets are valid after 2 to 3 years, more than 64 % after 3 to 4 (GitGuardian)",
         why="leaks are simulated for days, not years"),
    Fact(7, "18 to 80 % of firms have an agent act out of scope in a year (here: in two days)", 18, 80, "out_of_scope"),
    Fact(8, "68 % of firms cannot tell agents from humans (CSA and Aembit)", why="no human acts beside agents"),
    Fact(9, "nearly every stolen key is used before anybody notices (after 67 to 127 s, noticed after 14 h)",
         95, 100, "used_before_detection"),
    Fact(10, "78.6 % of 200 attempts on one target succeed at least once, 17.8 % of first ones (Opus 4.6 system card)",
         why="attempts are independent of each other, targets alike"),
)  # fmt: skip


def found() -> pd.DataFrame:
    """Every measure of this folder on every scenario: mean over replications, by scenario, measure and part."""
    with TemporaryDirectory() as folder:
        tables = [_measured(Path(folder) / f"{name}.duckdb", name) for name in _SCENARIOS]
    return pd.concat(tables)


def _measured(store: Path, scenario: str) -> pd.DataFrame:
    simulate(Request(scenario, **_REQUEST), store)
    values = measure(store, [str(path) for path in sorted(_MEASURES.glob("*.sql"))])
    return values.fillna({"part": ""}).groupby(["measure", "part"], as_index=False)["lo"].mean()


def lines() -> Iterator[str]:
    """A row of the table for each fact."""
    values = found()
    for fact in FACTS:
        own = values[(values["measure"] == fact.measure) & (values["part"] == fact.part)]["lo"]
        yield fact.line(own.tolist())


def main() -> None:
    """Print the table."""
    sys.stdout.write("| # | published | found: support, software delivery, triage, pipelines | |\n|---|---|---|---|\n")
    for line in lines():
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
