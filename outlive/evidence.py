"""Stores that are there: what their logs can answer, where these meet, the report of one, and whether it is sound."""

from pathlib import Path
from typing import Final

import pandas as pd

from analysis.answerability.answerability import answerability as asked
from analysis.joins.joins import joins as joined
from analysis.report import report as write
from outlive.places import page_beside
from outlive.runs import completed
from sim.audit.refusal import Refusal
from sim.audit.store import Store
from sim.audit.verify import verify as verified

# What a run is the log of: its source, or the control model that it ran under.
_NAMES: Final = "SELECT key, coalesce(settings ->> 'source', control) FROM fact.run"


def answerability(store: Path | str, run: int | None = None) -> pd.DataFrame:
    """What the logs of a store can answer, question by question; of the run with key `run` only, if given.

    `total`: how many events, credentials or tasks (`of`) the log shows, or files and records there were. Of how many
    of them it answers the question, leaves an interval or says nothing, is `answered`, `bounded` and `unknown`.

    Raises:
        Refusal: no such store or run.
    """
    with Store.open(Path(store)) as opened:
        completed(opened, run)
        names = dict(opened.rows(_NAMES))
        rows = [
            {
                "run": each.run, "source": names[each.run], "question": each.question, "verdict": each.verdict,
                "of": each.counted, "total": each.total, "answered": each.answered, "bounded": each.bounded,
                "unknown": each.unknown,
            }
            for each in asked(opened, None if run is None else [run])
        ]  # fmt: skip
    return pd.DataFrame(rows)


def joins(store: Path | str) -> pd.DataFrame:
    """Where the ingested logs of a store name the same, a row each two logs and kind of name.

    `named`, `other_named`: what the names are of in either log. `trust`: `issued` if whoever issues such an identifier
    makes it unique, `vouched` if a directory gives it, `claimed` if whoever bears it may choose it. `shared`: how many
    names both have; of these the `ambiguous` ones stand for several things and lead nowhere, and of the others how many
    were seen at overlapping times is `together`. `events_percent`, `other_events_percent`: of the events of either log,
    those that can be followed into the other by them.

    Raises:
        Refusal: no such store.
    """
    with Store.open(Path(store)) as opened:
        names = dict(opened.rows(_NAMES))
        rows = [
            {
                "run": each.run, "log": names[each.run], "named": each.named, "other_run": each.other,
                "other_log": names[each.other], "other_named": each.other_named, "trust": each.trust,
                "shared": each.shared, "ambiguous": each.ambiguous, "together": each.together,
                "events_percent": 100 * each.events / each.of_events,
                "other_events_percent": 100 * each.other_events / each.of_other_events,
            }
            for each in joined(opened)
        ]  # fmt: skip
    return pd.DataFrame(rows)


def report(store: Path | str, into: Path | str, comparison: str | None = None, run: int | None = None) -> None:
    """Write the report of a store: of its latest comparison, else of the log that was ingested last, or of those named.

    Raises:
        Refusal: no such store, comparison or log, or nothing in it to report; or a comparison and a log are named.
    """
    if comparison is not None and run is not None:
        raise Refusal(f"comparison {comparison} and run {run}: a page is of a comparison or of one log, not of both")
    page = page_beside(store, into)
    with Store.open(Path(store)) as opened:
        write(opened, page, comparison, run)


def verify(store: Path | str) -> pd.DataFrame:
    """Each rule a store must keep, how many rows break it, and the first of them.

    Raises:
        Refusal: no such store.
    """
    with Store.open(Path(store)) as opened:
        return pd.DataFrame([vars(finding) for finding in verified(opened)], columns=["rule", "broken", "example"])
