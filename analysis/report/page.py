"""The report of a comparison: answer, table and grounds on the first screen, everything that bears them below."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from duckdb import DuckDBPyConnection

from analysis.comparison import Comparison, compare
from analysis.measures.measure import MeasureError
from analysis.pooled import needed
from analysis.report import grounds, table
from analysis.report import splitting as splits
from analysis.report.asides import asides
from analysis.report.asking import ask
from analysis.report.clamps import clamped
from analysis.report.findings import Amount, Findings, Quantity, findings
from analysis.report.glossary import GLOSSARY
from analysis.report.jewels import declared
from analysis.report.knobs import sections
from analysis.report.load import pools, unfinished
from analysis.report.numerals import NOT_SHOWN, ONE_RUN, SEEN, STEADY, about, plain, reading
from analysis.report.observed import write_observed
from analysis.report.ranking import cuts, only_seen_alike, ranked, set_apart
from analysis.report.remarks import drawbacks
from analysis.report.rendering import page
from analysis.report.rests import rests_on
from analysis.report.sentences import WANTED, sentences
from analysis.report.sheet import WORDS, cell, rates
from analysis.report.varied import notes, sentence, stand
from analysis.screen import CHANGES, DECLARED, column
from analysis.sensitivity import Sensitivity, is_varied, sensitivity
from analysis.split import is_split, split
from analysis.statistics import CONFIDENCE, FEWEST, unseen
from sim.audit.file import unusable
from sim.audit.refusal import Refusal
from sim.audit.store import Store


def report(store: Store, path: Path, identifier: str | None = None, run: int | None = None) -> None:
    """Write the report that fits the store: of a comparison, or of an ingested log.

    Args:
        identifier: which comparison, or which ingested run; None: the latest comparison, else the latest ingest.
        run: an ingested run by its key, instead.

    Raises:
        MeasureError: the store holds neither, or not the one that is named.
        Refusal: the page cannot be written.
    """
    comparisons = [key for (key,) in store.rows("SELECT id FROM fact.comparison")]
    ingested = ask(store.connection.cursor(), "ingested_runs")
    if run is None and (identifier in comparisons or (identifier is None and comparisons)):
        write_report(store, path, identifier)
        return
    chosen = [log["key"] for log in ingested if identifier in {None, log["id"]}] if run is None else [run]
    if not chosen:
        what = "comparison and no ingested log" if identifier is None else f"comparison or ingested log {identifier}"
        msg = f"{store.name}: no {what}; make one with `outlive compare` or `outlive ingest`"
        raise MeasureError(msg)
    with in_place_of(path) as draft:
        write_observed(store, draft, chosen[0])


def write_report(store: Store, path: Path, which: Comparison | str | None = None) -> None:
    """Write the report of a comparison.

    Args:
        which: a comparison of this store that was measured already, or its id; None: the latest.

    Raises:
        MeasureError: there is no such comparison, or a run of it was not completed.
        Refusal: the page cannot be written.
    """
    # Where no page can lie is told before it is measured.
    with in_place_of(path) as draft:
        comparison = which if isinstance(which, Comparison) else compare(store, which, whole=True)
        draft.write_text(rendered(store, comparison), "utf-8")


def rendered(store: Store, comparison: Comparison, found: Findings | None = None) -> str:
    """The page of a comparison; `found` is what all measures say of its runs, where they were asked already."""
    # Half a second to load, which whoever only wants the words need not wait for.
    from analysis.report.figures import draws_figure, figures, split_figure, tornado_figure, undrawn  # noqa: PLC0415

    found, cursor = found or findings(store, comparison), store.connection.cursor()
    asked = pools(found)
    varied = sensitivity(store, comparison) if is_varied(store, comparison.identifier) else None
    splitting = splits.page(split(store, comparison.identifier)) if is_split(store, comparison.identifier) else None
    return page(
        "page.html.j2",
        comparison=comparison, runs=comparison.replicates * len(comparison.rows), fewest=FEWEST, gain=table.GAIN,
        rests=(*_jewels(cursor, comparison), *rests_on(comparison, asked, varied, unfinished(found))),
        window=grounds.window(comparison),
        not_varied=grounds.varied(varied),
        stock=grounds.STOCK, scenario=grounds.scenario_grounds(comparison), sections=sections(comparison),
        platforms=clamped(comparison),
        figures=figures(comparison, found), undrawn=undrawn(comparison, found),
        findings=found.all, pools=asked, told=told, marks=_marks(comparison), about=about,
        provenance=ask(cursor, "provenance", comparison=comparison.identifier),
        profiles={profile["name"]: profile["title"] for profile in ask(cursor, "log_profiles")},
        splitting=splitting, waterfalls=None if splitting is None else split_figure(splitting),
        varied=varied, tornados=None if varied is None else tornado_figure(varied),
        draws=None if varied is None else draws_figure(varied), **_varied(varied, comparison),
        confidence=f"{100 * CONFIDENCE:g} %", declared=_declared(), unseen=plain(unseen(comparison.replicates)),
        bearing=needed(0.95), wanted=WANTED,
        not_shown=NOT_SHOWN, seen=SEEN, unjudged=table.UNJUDGED, glossary=GLOSSARY,
        asides=asides(comparison),
        **_words(comparison), **_tables(comparison),
    )  # fmt: skip


def _jewels(cursor: DuckDBPyConnection, comparison: Comparison) -> Iterator[str]:
    """What was declared to be a crown jewel in the log that was replayed; nothing where none was."""
    for log in ask(cursor, "replayed_log", comparison=comparison.identifier):
        if said := declared(json.loads(log["assumptions"] or "{}")):
            yield said


def _varied(found: Sensitivity | None, comparison: Comparison) -> dict[str, object]:
    """What is said of varied assumptions in words."""
    if found is None:
        return {"claim": ""}
    said = {"varied_sentences": [sentence(each) for each in found.tornados], "varied_notes": notes(found)}
    return {"claim": stand(found) if any(map(cuts, comparison.rows[1:])) else "", **said}


def _declared() -> dict[str, list[str]]:
    """The members of the family by name."""
    return {
        "differences": [f"{each.heading} ({each.unit})" for each in DECLARED],
        "changes": [column(key).heading for key in CHANGES],
    }


def _words(comparison: Comparison) -> dict[str, object]:
    """What is said of the models in words."""
    answer, *others = sentences(comparison)
    return {
        "answer": answer,
        "others": others,
        "apart": [row.control for row in set_apart(comparison)],
        "alike": [row.control for row in comparison.rows[1:] if only_seen_alike(row, comparison.baseline)],
        "drawbacks": [said for row in ranked(comparison)[:1] for said in drawbacks(row, comparison)],
    }


def _tables(comparison: Comparison) -> dict[str, object]:
    """What is shown of them in columns."""
    return {
        "table": table.table(comparison),
        "differences": table.differences(comparison),
        "neighbours": table.neighbours(comparison),
        "pairing": table.pairing(comparison),
        "logs": table.logs(comparison),
    }


@contextmanager
def in_place_of(path: Path) -> Iterator[Path]:
    """A file that takes the place of the page once it is whole; until then, and if it fails, the earlier one stays.

    A link goes on naming the same file. What is no file, such as a pipe, is written to directly.
    """
    try:
        if path.exists() and not path.is_file():
            yield path
            return
        place = Path(os.path.realpath(path))
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_name(f".outlive-{os.getpid()}.html")
        try:
            yield draft
            if place.exists():
                shutil.copymode(place, draft)
            draft.replace(place)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise Refusal(unusable(path, error)) from error


def _marks(comparison: Comparison) -> Iterator[str]:
    """What the words in the list of measures mean."""
    yield from WORDS.values()
    for said in rates([comparison.measured_for], ["day", "year"]):
        yield f"(extrapolated): {said[:1].lower()}{said[1:]}"


def told(row: Quantity, amount: Amount) -> tuple[str, str]:
    """An amount in the list of measures: as on a terminal, and that runs were the same, or only one, where it says so.

    Of what is declared of a platform runs say nothing.
    """
    value, *marks = cell(amount, row.unit, bare=bool(row.rests))
    shown = reading(amount.estimate, row.unit).interval
    same = [shown] if shown in {STEADY, ONE_RUN} and amount.basis != "declared" else []
    return value, " ".join([*marks, *same])
