"""A comparison for programs and spreadsheets: every number, unrounded, and no cell that is a formula."""

import csv
import io
import json
from collections.abc import Mapping, Sequence

from analysis.comparison import Cell, Comparison, Row
from analysis.report.legible import inert
from analysis.report.numerals import known
from analysis.report.sentences import sentences
from analysis.report.table import verdict
from analysis.screen import Column
from analysis.split import Split
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
    return csv_of(_records(comparison))


def csv_of(records: Sequence[Mapping[str, object]], names: Sequence[str] = ()) -> str:
    """A line for each record, unrounded; no cell is a formula.

    Args:
        names: of the columns, where there is no record to tell them.
    """
    written_to = io.StringIO()
    writer = csv.DictWriter(written_to, list(records[0]) if records else names, lineterminator="\n")
    writer.writeheader()
    for record in records:
        writer.writerow({name: inert(each) if isinstance(each, str) else each for name, each in record.items()})
    return written_to.getvalue().rstrip("\n")


def split_as_json(split: Split) -> str:
    """Every number of a split, unrounded; null where there is none."""
    about = {
        "comparison": split.comparison, "title": split.title, "baseline": split.baseline, "model": split.model,
        "replications": split.replicates, "orders": split.left, "of": split.of, "forbidding": split.forbidding,
        "shares": _shares(split), "ladder": _ladder(split),
    }  # fmt: skip
    return json.dumps(about, indent=2, allow_nan=False)


def split_as_csv(split: Split) -> str:
    """A line for each share and each step of the ladder, unrounded; no cell is a formula."""
    return csv_of([*_shares(split), *_ladder(split)])


def _shares(split: Split) -> list[Record]:
    return [
        {"step": "factors", "changed": "+".join(block), "with": "", **_quantity(part.column, share), "refusal": ""}
        for part in split.parts
        for block, share in ((("total",), part.total), *zip(split.blocks, part.shares, strict=True))
    ]


def _ladder(split: Split) -> list[Record]:
    return [
        {"step": rung.kind, "changed": rung.asked, "with": "+".join(rung.further), **_quantity(part.column, apart),
         "refusal": rung.refusal}
        for rung in split.ladder
        for part, apart in zip(split.parts, rung.differences or [None] * len(split.parts), strict=True)
    ]  # fmt: skip


def _quantity(column: Column, apart: Interval | None) -> Record:
    return {"quantity": column.key, "heading": column.heading, "unit": column.unit, **numbers("difference", apart)}


def _records(comparison: Comparison) -> list[Record]:
    return [_record(row, cell) for row in comparison.rows for cell in row.cells]


def _record(row: Row, cell: Cell) -> Record:
    return {
        "control": row.control, "quantity": cell.column.key, "heading": cell.column.heading, "unit": cell.column.unit,
        **numbers("value", cell.estimate), "value_most": known(cell.estimate.upper),
        "at_least": cell.estimate.is_least,
        **numbers("difference", cell.difference), **numbers("change", cell.change), "verdict": verdict(cell),
        "variance_ratio": known(cell.variance_ratio), "log_lo": known(cell.log_lo), "log_hi": known(cell.log_hi),
    }  # fmt: skip


def _supporting(row: Row, support: Cell) -> Record:
    column = support.column
    return {
        "control": row.control, "quantity": column.key, "heading": column.heading, "unit": column.unit,
        **numbers("value", support.estimate), **numbers("change", support.change),
    }  # fmt: skip


def numbers(name: str, estimate: Interval | None) -> dict[str, float | None]:
    """An estimate and its interval under a name; none where there is none."""
    found = (None, None, None) if estimate is None else (estimate.mean, estimate.lo, estimate.hi)
    return {key: known(value) for key, value in zip((name, f"{name}_lo", f"{name}_hi"), found, strict=True)}
