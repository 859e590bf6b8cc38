"""What measures say of the runs of a store, for people: models beside each other, and each log by itself."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pandas as pd

from analysis.measures.examination import examine
from analysis.report.bounds import bounds
from analysis.report.findings import finding
from analysis.report.logbook import as_text as log_text
from analysis.report.observed import log_of
from analysis.report.sheet import Sheet, Variant, as_text
from analysis.samples import measured
from outlive.listing import columns
from outlive.measures import Wanted, by_evidence, selected, wanted
from sim.audit.store import Evidence, Store


def sheets(
    store: Path | str,
    names: Sequence[str] = (),
    run: int | None = None,
    evidence: Evidence | None = None,
    memory: str | None = None,
    **parameters: float,
) -> str:
    """The same as `measure`, as the report tells it: replications together, with intervals, and why what is not shown.

    Raises:
        Refusal: as `measure` does.
    """
    with Store.open(Path(store), memory) as opened:
        return sheets_of(opened, names, run, evidence, **parameters)


def sheets_of(
    store: Store,
    names: Sequence[str] = (),
    run: int | None = None,
    evidence: Evidence | None = None,
    **parameters: float,
) -> str:
    """The same of a store that is open."""
    asked, explicit = wanted(names, evidence, parameters), bool(names)
    groups = by_evidence(selected(store, run), asked, evidence)
    found = [text for kind, runs, those in groups for text in _told(store, kind, runs, those, explicit=explicit)]
    return "\n\n\n".join(found)


def _told(store: Store, evidence: Evidence, runs: pd.DataFrame, asked: Wanted, *, explicit: bool) -> Iterator[str]:
    width = columns()
    of_here = [(each, given) for each, given in asked if explicit or evidence in each.evidence]
    real = runs["kind"] == "ingested"
    if evidence == "truth" or not real.all():
        yield as_text(
            _sheet(store, evidence, runs if evidence == "truth" else runs[~real], of_here, explicit=explicit), width
        )
    for run in runs["run"][real] if evidence == "log" else ():
        with examine(store, "log", [run]) as examination:
            log = log_of(store, examination.connection, run)
            found = bounds(examination, log.sees, log.rate, of_here)
        yield log_text(log, found, width, asked=explicit)


def _sheet(store: Store, evidence: Evidence, runs: pd.DataFrame, asked: Wanted, *, explicit: bool) -> Sheet:
    groups = dict(iter(runs.groupby(headings(runs), sort=False)))
    of_each = [each["run"].tolist() for each in groups.values()]
    with examine(store, evidence, runs["run"].tolist()) as examination:
        found = tuple(finding(measured(examination, each, **given), of_each) for each, given in asked)
        replayed = not examination.shows["organisation"].all()
    variants = {
        name: Variant(str(each["control"].iloc[0]), len(each), timedelta(seconds=each["seconds"].min()))
        for name, each in groups.items()
    }
    return Sheet(variants, found, of_logs=evidence == "log", asked=explicit, replayed=replayed)


def headings(runs: pd.DataFrame) -> "pd.Series[str]":
    """The control model of each run; with its first run where runs of that name are not replications of each other."""
    names = runs["control"].fillna("")
    variants = runs.groupby(names)["variant"].transform("nunique")
    first = runs.groupby([names, runs["variant"]])["run"].transform("min").astype(str)
    return names.where(variants == 1, names + " from run " + first)
