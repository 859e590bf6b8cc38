"""What to revoke first, and who or what would notice."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

import pandas as pd

from analysis.report.revoking import unseen, why
from analysis.worklist.worklist import worklist as looked_up
from outlive.bundled import root
from outlive.runs import chosen
from sim.audit.refusal import Refusal
from sim.audit.store import Evidence, Store

_COLUMNS: Final = (
    *("run", "credential", "kind", "holder", "owner", "hours_lo", "hours_hi", "carries", "minutes", "minutes_from"),
    *("last_use", "idle_hours", "children", "tasks", "observed_hours", "why", "unseen"),
)
_NUMBERS: Final = ("hours_lo", "hours_hi", "carries", "minutes", "idle_hours", "observed_hours")


def worklist(
    store: Path | str, run: int | None = None, evidence: Evidence | None = None, first: int = 20
) -> pd.DataFrame:
    """Credentials that are accepted when the window ends, or may be; first what removes most a minute of work.

    `hours_lo` and `hours_hi`: weighted permission-hours a day outside need, proven and at most (missing: no limit is
    known). `carries`: the weight of what is known to be in it. `minutes` of remediation, as the scenario declares them
    or by default (`minutes_from`). `children`: credentials in force that were cut from it; `tasks` under way with it
    (missing where the log does not tell). `unseen`: what this evidence may not show, uses above all; where that is
    missing, nothing is known to be.

    `run` need not be named where there is only one; simulated runs are asked for the truth, ingested ones for their
    log, unless `evidence` says which.

    Raises:
        Refusal: no such store or run, its evidence names no credentials, or `first` is not at least 1.
    """
    if first < 1:
        raise Refusal(f"first = {first}: how many credentials to list, at least 1")
    with Store.open(Path(store)) as opened:
        key, kind = chosen(opened, run, evidence)
        found = looked_up(opened, kind, key, _usual_minutes(), first)
    return _told(found)


def _usual_minutes() -> Mapping[str, float]:
    """What putting one item right takes, by cause, where no scenario says it: those of the bundled organisation."""
    said: dict[str, float] = tomllib.loads((root() / "organisations" / "midsize.toml").read_text("utf-8"))["debt"]
    return said


def _told(found: pd.DataFrame) -> pd.DataFrame:
    rows = found.to_dict("records")
    told = found.assign(
        why=pd.Series([why(row) for row in rows], dtype=object),
        unseen=pd.Series([unseen(row) for row in rows], dtype=object),
        last_use=pd.Series([_moment(row["last_use"]) for row in rows], dtype=object),
        minutes_from=found["minutes_declared"].map({True: "scenario", False: "default"}).astype(object),
    )
    return told[list(_COLUMNS)].astype(dict.fromkeys(_NUMBERS, "float64"))


def _moment(time: datetime | None) -> str:
    return "never seen" if time is None else f"{time.isoformat(timespec='seconds')}Z"
