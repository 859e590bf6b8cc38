"""How busy agents and approvers are in each bundled scenario, where every sensitive change needs a yes.

Prints the table of scenarios.md: what is offered over what could be done, one replication under the control model
`tiered`, the only bundled one that asks people.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from outlive import Request, measure, scenarios, simulate
from outlive.compare import plan

_ASKED = Request("support_midsize", ["tiered"], replicates=1)


def row(name: str) -> str:
    """A line of the table."""
    request = Request(name, ["tiered"], replicates=1)
    scenario = plan(request).scenario
    with TemporaryDirectory() as folder:
        store = Path(folder) / "load.duckdb"
        simulate(request, store)
        found = measure(store, ["offered_load", "work_done"]).set_index("part")["lo"]
    roots = sum(part.figures.arrivals.per_agent_day for part in scenario.parts) / len(scenario.parts)
    cells = (
        f"`{name}`", f"{scenario.fleet.agents}", f"{scenario.fleet.concurrency}", f"{roots:g}",
        f"{scenario.approvers.staff}", f"{found['agents']:.0f} %", f"{found['approvers']:.0f} %",
        f"{found['completed']:.1f} %",
    )  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Print a line a scenario."""
    for name in scenarios()["name"]:
        sys.stdout.write(f"{row(name)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
