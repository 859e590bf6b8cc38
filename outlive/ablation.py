"""What each field of the logs in a store is worth."""

from pathlib import Path

import pandas as pd

from analysis.attribution import COLUMNS, ablation
from sim.audit.refusal import Refusal
from sim.audit.store import Store

_RUNS = "SELECT key, kind, control, profile FROM fact.run WHERE completed IS NOT NULL ORDER BY key"


def ablate(store: Path | str, run: int | None = None) -> pd.DataFrame:
    """How right the logs of simulated runs are, as they are and without each field; means over runs logged alike.

    `outlive explain ablate` defines each column; missing is what applies to nothing that was done in any of the runs.

    Raises:
        Refusal: no such store, or no simulated run in it.
    """
    with Store.open(Path(store)) as opened:
        runs = [row for row in opened.rows(_RUNS) if row[1] == "simulated" and run in {None, row[0]}]
    if not runs:
        raise Refusal(
            f"{store}: no simulated run{'' if run is None else f' {run}'}; only beside the truth can a log be right"
        )
    parts = [ablation(Path(store), key).assign(control=control, profile=profile) for key, _, control, profile in runs]
    grouped = pd.concat(parts, ignore_index=True).groupby(["control", "profile", "log"], sort=False)
    return grouped.mean(numeric_only=True).round(1).reset_index()


def legend(found: pd.DataFrame) -> str:
    """In what each column of a table is, and what its figures are of."""
    units = dict[str, list[str]]()
    for name, (unit, _) in COLUMNS.items():
        if name in found.columns.drop("log"):
            units.setdefault(unit, []).append(name)
    said = "; ".join(f"{', '.join(names)}: {unit}" for unit, names in units.items())
    return (
        f"{said}. How much of what was done the log tells, and rightly; means over the runs of a model that were "
        "logged alike, without an interval: --run tells of one. `outlive explain ablate` defines each."
    )
