"""A comparison as a notebook shows it: the first screen as a table, and the figures of the report."""

from pathlib import Path

import pandas as pd

from analysis.comparison import Comparison, compare
from analysis.report import table as tables
from analysis.report.drawing import Drawing
from analysis.report.figures import figures as drawn
from analysis.report.findings import findings
from analysis.report.sentences import sentences
from sim.audit.store import Store


def answer(comparison: Comparison) -> str:
    """What the comparison says, one sentence a control model; the first is the answer."""
    return "\n".join(" ".join([found.text, *found.notes]) for found in sentences(comparison))


def table(comparison: Comparison) -> pd.DataFrame:
    """The first screen: a row a control model, each value with its 95 % interval over replications, as text."""
    shown = tables.table(comparison)
    columns = pd.MultiIndex.from_tuples([(heading.text, heading.unit) for heading in shown.headings])
    rows = [[f"{entry.value} {entry.interval}".strip() for entry in line.entries] for line in shown.lines]
    return pd.DataFrame(rows, index=pd.Index([line.control for line in shown.lines], name="control"), columns=columns)


def figures(store: Path | str, identifier: str | None = None) -> dict[str, Drawing]:
    """The figures of a store's comparison, by name; a notebook shows each as it stands in the report.

    Raises:
        Refusal: no such store or comparison.
    """
    with Store.open(Path(store)) as opened:
        found = compare(opened, identifier)
        return {drawing.caption.key: drawing for drawing in drawn(found, findings(opened, found))}
