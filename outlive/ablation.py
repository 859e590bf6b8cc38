"""What each field of the logs in a store is worth."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pandas as pd

from analysis.attribution import COLUMNS, ablation
from analysis.report.monospace import grid
from outlive.listing import columns
from outlive.runs import completed
from sim.audit.refusal import Refusal
from sim.audit.store import Store

_RUNS: Final = "SELECT key, kind, control, profile FROM fact.run WHERE completed IS NOT NULL ORDER BY key"


def ablate(store: Path | str, run: int | None = None) -> pd.DataFrame:
    """How right the logs of simulated runs are, as they are and without each field; means over runs logged alike.

    `outlive explain ablate` defines each column; missing is what applies to nothing that was done in any of the runs.

    Raises:
        Refusal: no such store, or no simulated run in it.
    """
    with Store.open(Path(store)) as opened:
        completed(opened, run)
        runs = [row for row in opened.rows(_RUNS) if row[1] == "simulated" and run in {None, row[0]}]
    if not runs:
        which = "no run in it was" if run is None else f"run {run} was not"
        raise Refusal(f"{store}: {which} simulated, and only beside the truth can a log be right; simulate into it")
    parts = [ablation(Path(store), key).assign(control=control, profile=profile) for key, _, control, profile in runs]
    grouped = pd.concat(parts, ignore_index=True).groupby(["control", "profile", "log"], sort=False)
    found = grouped.mean(numeric_only=True)
    # What a run tells by chance is above nothing as often as below: cut off run by run, the mean would tell something.
    return found.assign(intent_bits=found["intent_bits"].clip(lower=0)).round(1).reset_index()


def tables(found: pd.DataFrame) -> Iterator[str]:
    """One a model and way of logging, a line a log; the columns that fit beside each other, and the others below."""
    for (control, profile), rows in found.groupby(["control", "profile"], sort=False):
        stub = [[f"{control}, {profile}"], *([each] for each in rows["log"])]
        names = [name for name in COLUMNS if name != "log"]
        told = [[[name], *(["" if pd.isna(each) else f"{each:.1f}"] for each in rows[name])] for name in names]
        yield grid(stub, told, columns())


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
