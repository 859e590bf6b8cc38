"""Which run of a store is meant, and on which evidence it is asked."""

from typing import Final

from analysis.report.legible import shortened
from sim.audit.refusal import Refusal
from sim.audit.store import Evidence, Store

_RUNS: Final = "SELECT key, kind FROM fact.run WHERE completed IS NOT NULL ORDER BY key"
_MOST: Final = 60


def chosen(store: Store, run: int | None, evidence: Evidence | None) -> tuple[int, Evidence]:
    """The run that is meant, and the evidence to ask.

    Raises:
        Refusal: no such run or evidence, or several runs and none is named.
    """
    if evidence not in {None, "log", "truth"}:
        raise Refusal(f"evidence = {evidence!r}: ask 'log' or 'truth'")
    kinds = dict(store.rows(_RUNS))
    if not kinds:
        raise Refusal(f"{store.name}: no completed run in it; simulate or ingest into it")
    known = shortened(", ".join(map(str, kinds)), _MOST)
    if run is None and len(kinds) != 1:
        raise Refusal(f"{store.name}: which run? It has {known}; name one with --run")
    key = next(iter(kinds)) if run is None else run
    if key not in kinds:
        raise Refusal(f"{store.name}: no completed run {key}; it has {known}")
    if evidence == "truth" and kinds[key] == "ingested":
        raise Refusal(f"{store.name}: run {key} was ingested and has no truth; ask its log")
    return key, evidence or ("log" if kinds[key] == "ingested" else "truth")
