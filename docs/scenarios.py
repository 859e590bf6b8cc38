"""How busy agents and approvers are in each bundled scenario.

Prints the table of scenarios.md, reckoned from what agents set out to do in the window: for agents all thought and tool
time, over what so many can do at once; for approvers a yes to each change of something of tier 3, asked for once, over
their opening hours. `outlive measure F.duckdb offered_load` says it of a simulated run, under its control model.
"""

import sys
from pathlib import Path
from typing import Final

import numpy as np

from sim import scenario
from sim.audit import ids
from sim.scenario import Scenario
from sim.workload.fleet import generate
from sim.workload.intentions import Workload

_FOLDER: Final = Path(__file__).parent.parent / "data" / "scenarios"
_CHANGING: Final = {"tagging", "write", "permissions"}
_JEWEL: Final = 3


def row(name: str) -> str:
    """A line of the table."""
    said = scenario.load(_FOLDER / f"{name}.toml")
    drawn = generate(said, 1, 0)
    daily = sorted({part.figures.arrivals.per_agent_day for part in said.parts})
    cells = (
        f"`{name}`", f"{said.fleet.agents}", f"{said.fleet.concurrency}", ", ".join(f"{each:g}" for each in daily),
        f"{said.approvers.staff}", f"{100 * agents_busy(drawn):.0f} %", f"{100 * approvers_busy(drawn):.0f} %",
    )  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def agents_busy(drawn: Workload) -> float:
    """Work that arrives in the window over what the agents can do in it."""
    fleet, work = drawn.scenario.fleet, (drawn.actions.think + drawn.actions.duration)[_inside(drawn)].sum()
    return float(work / (drawn.t1 - drawn.t0) / fleet.agents / fleet.concurrency)


def approvers_busy(drawn: Workload) -> float:
    """Inspections that would be asked for over what the approvers can do in the window."""
    desk = drawn.scenario.approvers
    gated = np.array([atom.tier == _JEWEL and atom.level in _CHANGING for atom in drawn.atoms])
    asked = gated[drawn.actions.atom][_inside(drawn)].sum()
    mean_s = desk.inspection_median_s * np.exp(desk.inspection_sigma**2 / 2)
    return float(asked * mean_s / _open_seconds(drawn.scenario))


def _inside(drawn: Workload) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which actions are of a root task that arrives in the window."""
    root = ids.root_of(ids.task_of(drawn.actions.id))
    arrival = drawn.tasks.arrival[np.searchsorted(drawn.tasks.id, root)]
    return np.asarray((arrival >= drawn.t0) & (arrival < drawn.t1))


def _open_seconds(said: Scenario) -> float:
    """Time of all approvers together; the bundled windows are whole days, none of them at a weekend."""
    desk = said.approvers
    return desk.staff * (desk.closes - desk.opens) * 3600 * said.window.hours / 24


def main() -> None:
    """Print a line a scenario."""
    for path in sorted(_FOLDER.glob("*.toml")):
        sys.stdout.write(f"{row(path.stem)}\n")


if __name__ == "__main__":
    main()
