"""What has to be said with a sentence on a control model, so that nobody reads too much into it."""

import math
from typing import Final

from analysis.comparison import Cell, Comparison, Row
from analysis.report.legible import listed, shortened
from analysis.report.numerals import is_time, quantity, reading, scaled
from analysis.report.phrases import at_least, size, why_none
from analysis.report.ranking import SAME, alike, comparable, cuts, does_other, equal, grants, until_comparable

# Quantities of what could be reached, besides the one that ranks.
_REACH: Final = ("held", "t1b", "t2", "revoke")
_MINUTE: Final = 60.0


def remarks(row: Row, comparison: Comparison) -> tuple[str, ...]:
    """Work done, what is held alone, and whom the model equals or cannot be told from."""
    said = (
        _work(row, comparison),
        _asking(row),
        _held_alone(row),
        _equals(row, comparison),
        _rivals(row, comparison),
    )
    return tuple(each for each in said if each)


def drawbacks(row: Row, comparison: Comparison) -> tuple[str, ...]:
    """In what a model leaves more to reach than another, beyond what chance explains; a sentence for each other."""
    others = [other for other in comparison.rows[1:] if other is not row]
    found = [(other, _worse(row, other, comparison)) for other in others]
    return tuple(
        f"{name(row)} leaves more to reach than {name(other)} in {listed(parts)}." for other, parts in found if parts
    )


def name(row: Row) -> str:
    """A model's name as it stands in a sentence."""
    return shortened(row.control)


def _worse(row: Row, other: Row, comparison: Comparison) -> list[str]:
    if comparison.few:
        return []
    pairs = [(key, row.cell(key), other.cell(key)) for key in _REACH]
    return [_against(ours, theirs) for key, ours, theirs in pairs if comparison.apart(key, row, other).lo > 0]


def _against(ours: Cell, theirs: Cell) -> str:
    """A quantity with both values; a time has its unit in each."""
    column = ours.column
    one, two = (reading(cell.estimate, column.unit).value for cell in (ours, theirs))
    unit = "" if is_time(column.unit) else f" {column.unit}"
    return f"{column.heading[:1].lower()}{column.heading[1:]} ({one} against {two}{unit})"


def _work(row: Row, comparison: Comparison) -> str:
    """Work done stands beside exposure: more, less, or not shown to be the same to 1 %."""
    apart, theirs = row.cell("completed").difference, comparison.baseline.cell("completed").estimate.mean
    if apart is None or math.isnan(apart.mean) or comparison.few or not theirs:
        return ""
    share = reading(scaled(size(apart), 100 / abs(theirs)))
    text = f"{share.value} % {'fewer' if apart.mean < 0 else 'more'} tasks"
    text += share.behind
    if comparable(row, comparison.baseline):
        return f"It completes {text}." if apart.excludes_zero else ""
    if does_other(row, comparison.baseline):
        return f"It completes {text}, more than 1 %: it is ranked only on the frontier."
    many = until_comparable(row, comparison.baseline)
    show = f"; {at_least(many)} would show it if that stays" if math.isfinite(many) else ""
    return f"That it completes as much work is not shown ({text}{show}): it is ranked only on the frontier."


def _asking(row: Row) -> str:
    """How long those wait who wait for a human: among all tasks they are too few to show at p95."""
    asking, wait = row.support("asking"), waited(row)
    if not row.asks_humans or asking is None:
        return ""
    share = f"{reading(asking.estimate).value} %"
    if not wait:
        wait_of = row.support("approval_wait")
        why = why_none(wait_of.lack, "requests") if wait_of else ""
        return f"It asks a human in {share} of tasks; how long they wait at p95 is not shown{why}."
    return f"The {share} of tasks that ask a human wait {wait} at p95 (exploratory)."


def waited(row: Row) -> str:
    """How long those wait at p95 who wait for a human; nothing where too few of them were seen."""
    wait = row.support("approval_wait")
    if wait is None or math.isnan(wait.estimate.mean):
        return ""
    took = scaled(wait.estimate, _MINUTE)
    return f"at least {quantity(took.mean, 's')}" if took.is_least else reading(took, "s").text


def _held_alone(row: Row) -> str:
    """Where little is held but much would be granted, whoever reads only what is held is misled."""
    held, obtainable = row.cell("held").estimate, row.cell("obtainable").estimate
    if not held.mean < obtainable.mean / 2:
        return ""
    ours, granted = reading(held).value, reading(obtainable).value
    return f"It holds crown jewels for {ours} h per agent-day, but its issuer would grant them for {granted} h."


def _equals(row: Row, comparison: Comparison) -> str:
    """Models that leave as much obtainable: the same in every run, because of how they are made, or nearly as much.

    Where runs differ at all, chance has a part in it, and an interval shows no more than that it is a small one.
    """
    same = _same(row, comparison)
    if comparison.few or not same:
        return ""
    names = listed([name(each) for each in same])
    how = "By construction" if all(equal(row, each) for each in same) else f"To {100 * SAME:g} %"
    why = ": the issuer of each says yes to whoever retries" if all(map(grants, (row, *same))) else ""
    return f"{how} as much is obtainable under {names}{why}."


def _rivals(row: Row, comparison: Comparison) -> str:
    """Which other models no interval separates from this one in what ranks."""
    if comparison.few or not cuts(row):
        return ""
    same = _same(row, comparison)
    others = [each for each in comparison.rows[1:] if each is not row and each not in same]
    near = [each for each in others if not comparison.apart("obtainable", row, each).excludes_zero]
    return f"In obtainable hours it cannot be told apart from {listed([name(each) for each in near])}." if near else ""


def _same(row: Row, comparison: Comparison) -> list[Row]:
    return [each for each in comparison.rows[1:] if each is not row and cuts(row) and alike(row, each)]
