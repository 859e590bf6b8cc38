"""A comparison for programs and spreadsheets: every number, unrounded, and no cell that is a formula."""

import csv
import io
import json
import math

from analysis.comparison import Cell, Comparison, Row, Support
from analysis.report.legible import inert
from analysis.report.sentences import sentences
from analysis.report.table import verdict
from analysis.statistics import Interval

Record = dict[str, str | float | bool | None]


def as_json(comparison: Comparison) -> str:
    """Every number of the comparison, unrounded; null where there is none."""
    about = {
        "comparison": comparison.identifier, "title": comparison.title, "replications": comparison.replicates,
        "agents": comparison.agents, "actions": comparison.actions,
        "window": [moment.isoformat() for moment in comparison.window],
        "answer": sentences(comparison)[0].text, "cells": _records(comparison),
        "supporting": [_supporting(row, support) for row in comparison.rows for support in row.supporting],
    }  # fmt: skip
    return json.dumps(about, indent=2, allow_nan=False)


def as_csv(comparison: Comparison) -> str:
    """A line for each control model and quantity, unrounded; no cell is a formula."""
    records, written_to = _records(comparison), io.StringIO()
    writer = csv.DictWriter(written_to, list(records[0]), lineterminator="\n")
    writer.writeheader()
    for record in records:
        writer.writerow({name: inert(each) if isinstance(each, str) else each for name, each in record.items()})
    return written_to.getvalue().rstrip("\n")


def _records(comparison: Comparison) -> list[Record]:
    return [_record(row, cell) for row in comparison.rows for cell in row.cells]


def _record(row: Row, cell: Cell) -> Record:
    return {
        "control": row.control, "quantity": cell.column.key, "heading": cell.column.heading, "unit": cell.column.unit,
        **_numbers("value", cell.estimate), "at_least": cell.at_least,
        **_numbers("difference", cell.difference), **_numbers("change", cell.change), "verdict": verdict(cell),
        "variance_ratio": _known(cell.variance_ratio), "log_lo": _known(cell.log_lo), "log_hi": _known(cell.log_hi),
    }  # fmt: skip


def _supporting(row: Row, support: Support) -> Record:
    column = support.column
    return {
        "control": row.control, "quantity": column.key, "heading": column.heading, "unit": column.unit,
        **_numbers("value", support.estimate), **_numbers("change", support.change),
    }  # fmt: skip


def _numbers(name: str, estimate: Interval | None) -> dict[str, float | None]:
    found = (None, None, None) if estimate is None else (estimate.mean, estimate.lo, estimate.hi)
    return {key: _known(value) for key, value in zip((name, f"{name}_lo", f"{name}_hi"), found, strict=True)}


def _known(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
