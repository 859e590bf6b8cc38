"""One event of a store, and everything that led to it."""

from pathlib import Path

import pandas as pd

from analysis.lineage.lineage import Lineage, candidates
from analysis.lineage.lineage import lineage as looked_up
from analysis.report.chain import write_lineage
from analysis.report.legible import shortened
from outlive.places import page_beside
from sim.audit.refusal import Refusal
from sim.audit.store import Evidence, Store

_RUNS = "SELECT key, kind FROM fact.run WHERE completed IS NOT NULL ORDER BY key"
_MOST = 60


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
        key, kind = _chosen(opened, run, evidence)
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
        key, kind = _chosen(opened, run, evidence)
        return candidates(opened, kind, key)


def _chosen(store: Store, run: int | None, evidence: Evidence | None) -> tuple[int, Evidence]:
    """The run that is meant, and the evidence to ask."""
    kinds = dict(store.rows(_RUNS))
    known = shortened(", ".join(map(str, kinds)), _MOST) or "none"
    if run is None and len(kinds) != 1:
        msg = f"{store.name}: which run? It has {known}; name one with --run"
        raise Refusal(msg)
    key = next(iter(kinds)) if run is None else run
    if key not in kinds:
        msg = f"{store.name}: no completed run {key}; it has {known}"
        raise Refusal(msg)
    if evidence == "truth" and kinds[key] == "ingested":
        msg = f"{store.name}: run {key} was ingested and has no truth; ask its log"
        raise Refusal(msg)
    return key, evidence or ("log" if kinds[key] == "ingested" else "truth")
