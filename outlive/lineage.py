"""One event of a store, and everything that led to it."""

from pathlib import Path

import pandas as pd

from analysis.lineage.lineage import Lineage, candidates
from analysis.lineage.lineage import lineage as looked_up
from analysis.report.chain import write_lineage
from outlive.places import page_beside
from outlive.runs import chosen
from sim.audit.store import Evidence, Store


def lineage(
    store: Path | str,
    event: int,
    run: int | None = None,
    evidence: Evidence | None = None,
    report: Path | str | None = None,
) -> Lineage:
    """Who did it, for whom, under what, and who agreed: what the evidence of a run ties to one of its events.

    `run` need not be named where there is only one; simulated runs are asked for the truth, ingested ones for their
    log, unless `evidence` says which. `report` writes a page.

    Raises:
        Refusal: no such store, run or event, or the page cannot be written.
    """
    page = None if report is None else page_beside(store, report)
    with Store.open(Path(store)) as opened:
        key, kind = chosen(opened, run, evidence)
        found = looked_up(opened, kind, key, event)
    if page is not None:
        write_lineage(found, page)
    return found


def events(store: Path | str, run: int | None = None, evidence: Evidence | None = None) -> pd.DataFrame:
    """At most twenty events whose lineage is worth asking for: those that touch what weighs most, the latest first.

    Raises:
        Refusal: no such store or run.
    """
    with Store.open(Path(store)) as opened:
        key, kind = chosen(opened, run, evidence)
        return candidates(opened, kind, key)
