"""A comparison on a terminal: the answer, the table, and in few words how to read it."""

import textwrap
from collections.abc import Sequence

from analysis.comparison import Comparison
from analysis.report.asides import asides
from analysis.report.glossary import GLOSSARY
from analysis.report.grounds import STOCK, varied, window
from analysis.report.legible import counted, shortened
from analysis.report.monospace import grid
from analysis.report.numerals import SEEN
from analysis.report.sentences import sentences
from analysis.report.splitting import Row, page
from analysis.report.table import UNJUDGED, Entry, Heading, Table, table
from analysis.split import Split
from analysis.statistics import FEWEST

# A column: its heading's lines, then those of its cells.
Stub = list[list[str]]


def as_text(comparison: Comparison, width: int = 120) -> str:
    """The answer, the table and how to read it, for a terminal of so many columns."""
    found, shown = sentences(comparison), table(comparison)
    said = [textwrap.fill(each, width) for each in (" ".join([found[0].text, *found[0].notes]),)]
    stub = [["", "control model"], *([shortened(line.control, 24), ""] for line in shown.lines)]
    columns = [_column(heading, [line.entries[n] for line in shown.lines]) for n, heading in enumerate(shown.headings)]
    told = (*asides(comparison), _legend(comparison, shown), *_as_logged(shown), _scope(comparison))
    notes = [textwrap.fill(each, width) for each in told]
    return "\n\n".join([*said, grid(stub, columns, width), *notes])


def split_as_text(split: Split, width: int = 120) -> str:
    """What each factor and each knob adds, for a terminal of so many columns."""
    shown = page(split)
    said = "\n".join(textwrap.fill(each, width, subsequent_indent="  ") for each in shown.sentences)
    apart = [f"{row.name}: {row.note}" for row in shown.ladder if row.note]
    return "\n\n".join([
        f"{split.title}: {split.model} against {split.baseline}",
        said or "Nothing differs in any run.",
        grid(*_block("factor", shown.headings, shown.shares), width),
        textwrap.fill(f"Shapley value, {'; '.join(shown.rests)}.", width),
        grid(*_block("only this knob", shown.headings, [row for row in shown.ladder if not row.note]), width),
        *(textwrap.fill(each, width) for each in apart),
    ])  # fmt: skip


def _block(
    stub: str, headings: Sequence[Heading], rows: Sequence[Row]
) -> tuple[list[list[str]], list[list[list[str]]]]:
    """The stub and the columns of a table of a split."""
    names = [["", stub], *([row.name, row.detail] for row in rows)]
    return names, [_column(heading, [row.entries[n] for row in rows]) for n, heading in enumerate(headings)]


def _column(heading: Heading, entries: list[Entry]) -> list[list[str]]:
    head = [heading.text, heading.unit]
    return [head, *([f"{entry.sign} {entry.value}".strip(), entry.reach] for entry in entries)]


def _legend(comparison: Comparison, shown: Table) -> str:
    """How to read the table, in the terminal's few words."""
    runs = counted(comparison.replicates, "replication")
    own = (
        f"± half of each mean's own 95 % interval over {runs}, rounded up, [lo, hi] where it would pass what no value "
        "can."
    )
    why = "; ".join(shown.of_models.reasons)
    lacking = f" Not shown: {why}." if why else ""
    words = " ".join(f"{word}: {meaning}." for word, meaning in GLOSSARY)
    return f"{own}{_marks(comparison, shown)} > a lower limit, no end was seen in the window.{lacking} {words}"


def _as_logged(shown: Table) -> list[str]:
    """How to read the row of a replayed log, and why it says nothing of what."""
    if not shown.shows("logged"):
        return []
    reasons = shown.of_log.reasons
    why = f" Not shown there: {'. '.join(reasons)}." if reasons else ""
    return [f"As logged: what the log proves (≥) and allows at most (≤).{why}"]


def _marks(comparison: Comparison, shown: Table) -> str:
    """What the marks rest on, which is not the interval beside them."""
    if len(comparison.rows) < 2:  # noqa: PLR2004
        return ""
    if comparison.few:
        return f" ? not judged, fewer than {FEWEST} replications; = the same in every run."
    against, paired = shortened(comparison.baseline.control), counted(comparison.family.held, "wider paired interval")
    seen = f", or on one sign {SEEN}" if shown.by_runs else ""
    unjudged = f" ? not judged, {UNJUDGED}." if shown.shows("unjudged") else ""
    return (
        f" Marks rest on {paired} against {against} that hold together{seen}: ▼ ▲ lower, higher; ≈ cannot "
        f"be told apart; = the same in every run.{unjudged}"
    )


def _scope(comparison: Comparison) -> str:
    """How much was simulated, and what that can show, in the terminal's few words."""
    seen = window(comparison)
    how_many = f" Replications: {comparison.pilot}." if comparison.pilot else ""
    runs = counted(comparison.replicates * len(comparison.rows), "run")
    return (
        f"{comparison.actions:,} actions in {runs}, warm-up included; "
        f"{varied(None)}. {seen.span}: this shows {seen.shows}; not {seen.cannot}. Identity debt is {STOCK}."
        f"{how_many}"
    )
