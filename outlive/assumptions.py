"""Every default in play: what a scenario and control models say, on what it rests, and how far it may be off."""

from collections.abc import Iterator

import pandas as pd

from analysis.report.grounds import basis
from outlive.compare import Request, plan
from outlive.ranges import Figure, Range, Ranges, figures, is_number, load, scales
from sim.experiment import Plan

_FIXED = "what is compared, or a word"


def assumptions(request: Request) -> pd.DataFrame:
    """Every figure of a scenario and of control models: its value, its source, and its declared range.

    `basis` says whether the source is a publication; `low` and `high` are empty where a figure is not varied, and
    `varied` then says why. In the unit that the key ends with.

    Raises:
        Refusal: the request cannot be used.
    """
    known = load()
    return pd.DataFrame([_row(each, known) for each in in_play(plan(request))])


def in_play(asked: Plan) -> Iterator[Figure]:
    """Every figure of a plan, the scenario's first."""
    yield from figures(asked.scenario.model_dump(mode="json"), "scenario")
    for control in asked.controls:
        said = control.model_dump(mode="json", exclude={"policy", "successor"})
        yield from figures(said, f"control.{control.name}")


def _row(each: Figure, known: Ranges) -> dict[str, object]:
    span = known.of(each.key) if is_number(each.value) else None
    why = (known.reason(each.key) or _FIXED) if span is None else span.source
    if span is not None and each.value == 0 and span.unless_zero:
        why, span = span.unless_zero, None
    low, high = ("", "") if span is None else map(_word, _ends(each, span))
    return {
        "key": each.key, "value": _word(each.value), "basis": basis(each.source), "low": low, "high": high,
        "source": each.source, "varied": why,
    }  # fmt: skip


def _ends(each: Figure, span: Range) -> tuple[object, object]:
    """The ends of a range; what is never or nothing has no multiples."""
    return (each.value, each.value) if span.relative and not scales(each.value) else span.ends(each.value)


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(_word, value))
    return f"{value:.6g}" if isinstance(value, float) else str(value)
