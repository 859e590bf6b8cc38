"""Which run of a store is meant, and on which evidence it is asked."""

from collections.abc import Mapping
from typing import Final

from analysis.report.legible import shortened
from sim.audit.refusal import Refusal
from sim.audit.store import Evidence, Store

_RUNS: Final = "SELECT key, kind FROM fact.run WHERE completed IS NOT NULL ORDER BY key"
_MOST: Final = 60


def completed(store: Store, run: int | None = None) -> dict[int, str]:
    """The completed runs of a store by key, each with its kind; `run`: one that shall be among them.

    Raises:
        Refusal: there is none, or no such one.
    """
    kinds: dict[int, str] = dict(store.rows(_RUNS))
    if not kinds:
        raise Refusal(f"{store.name}: no completed run in it; simulate or ingest into it")
    if run is not None and run not in kinds:
        raise Refusal(f"{store.name}: no completed run {run}; it has {_listed(kinds)}")
    return kinds


def chosen(store: Store, run: int | None, evidence: Evidence | None) -> tuple[int, Evidence]:
    """The run that is meant, and the evidence to ask.

    Raises:
        Refusal: no such run or evidence, or several runs and none is named.
    """
    if evidence not in {None, "log", "truth"}:
        raise Refusal(f"evidence = {evidence!r}: ask 'log' or 'truth'")
    kinds = completed(store, run)
    if run is None and len(kinds) != 1:
        raise Refusal(f"{store.name}: which run? It has {_listed(kinds)}; name one with --run")
    key = next(iter(kinds)) if run is None else run
    if evidence == "truth" and kinds[key] == "ingested":
        raise Refusal(f"{store.name}: run {key} was ingested and has no truth; ask its log")
    return key, evidence or ("log" if kinds[key] == "ingested" else "truth")


def _listed(kinds: Mapping[int, str]) -> str:
    return shortened(", ".join(map(str, kinds)), _MOST)
