"""What a comparison says, in plain English.

Obtainable crown-jewel hours rank: what an agent holds, or its issuer would grant it without a human who inspects. Held
alone never ranks, or moving authority to a broker that always says yes would look like progress. Who asks humans hangs
on their looking, and the sentence says so. Too few replications give values, not findings.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from analysis.comparison import Cell, Comparison, Row
from analysis.report.legible import counted, listed
from analysis.report.phrases import deeds, unshown
from analysis.report.ranking import comparable, cuts, ranked, says_nothing, told_apart
from analysis.report.remarks import name, remarks
from analysis.statistics import Interval

_NAN: Final = float("nan")
_FEW: Final = 2
# Of fewer replications a rare bad one is mostly not among them, and a mean that hangs on it is told too low.
WANTED: Final = 10
_NUMBERS: Final = ("No", "One", "Two", "Three", "Four", "Five")


@dataclass(frozen=True)
class Sentence:
    """What is said of one control model: the sentence itself, and what has to be said with it."""

    control: str
    text: str
    notes: tuple[str, ...] = ()


def answer(comparison: Comparison) -> str:
    """The sentence that stands on top, with what has to be said with it."""
    first = sentences(comparison)[0]
    return " ".join([first.text, *first.notes])


def sentences(comparison: Comparison) -> tuple[Sentence, ...]:
    """One for each model besides the baseline, the answer first.

    Where nothing can be ranked, a sentence that says so stands first and belongs to the baseline.
    """
    others = ranked(comparison)
    said = tuple(_sentence(row, comparison) for row in others)
    opening = _opening(others, comparison)
    return said if opening is None else (Sentence(comparison.baseline.control, opening), *said)


def _opening(others: Sequence[Row], comparison: Comparison) -> str | None:
    """What is said instead of an answer where there is none."""
    theirs, runs = name(comparison.baseline), _runs(comparison)
    if not others:
        return f"Only {theirs} was run, so there is nothing to compare it with; {runs}."
    if comparison.few:
        return _too_few(comparison)
    if not any(told_apart(cell) or _silent(cell) for row in others for cell in row.cells):
        none = f"none can be told apart from {theirs} in any quantity below"
        return f"Nothing separates the models: {none}; {runs}."
    if not any(map(cuts, others)):
        return f"{_no_cut(others)}; {runs}."
    cutting = [row for row in others if cuts(row)]
    if not any(comparable(row, comparison.baseline) for row in cutting):
        less = f"{listed([name(row) for row in cutting])} {'cuts' if len(cutting) == 1 else 'cut'}"
        shown, them = ("is not", "it") if len(cutting) == 1 else ("none is", "them")
        return (
            f"No model is ranked: {less} obtainable crown-jewel hours, but {shown} shown to complete as much work as "
            f"{theirs}, to 1 %, so compare {them} on the frontier only; {runs}."
        )
    return None


def _no_cut(others: Sequence[Row]) -> str:
    """That nobody is shown to cut what is obtainable; or that this cannot be judged, which is not the same."""
    cells = {name(row): row.cell("obtainable") for row in others}
    if silent := [who for who, cell in cells.items() if _silent(cell)]:
        whom = listed(silent) if len(silent) <= _FEW else f"{len(silent)} of {len(others)}"
        return f"No model is shown to cut obtainable crown-jewel hours: too many runs are alike to judge {whom}"
    return "No model cuts obtainable crown-jewel hours by an amount that can be told from zero"


def _silent(cell: Cell) -> bool:
    """Whether the interval of a difference says nothing."""
    return cell.difference is not None and says_nothing(cell.difference, cell.column)


def _too_few(comparison: Comparison) -> str:
    number = _NUMBERS[comparison.replicates]
    tells = "replication tells" if comparison.replicates == 1 else "replications tell"
    theirs = name(comparison.baseline)
    return f"{number} {tells} no model apart from {theirs}: so few give values, not findings; run at least ten."


def _runs(comparison: Comparison) -> str:
    """How many replications there are, and that few miss what is rare; too few for any finding are told apart."""
    runs = counted(comparison.replicates, "replication")
    meets = comparison.few or comparison.replicates >= WANTED
    return runs if meets else f"{runs}: run at least ten"


def _sentence(row: Row, comparison: Comparison) -> Sentence:
    told = _bare(row) if comparison.few else row
    text = ", ".join(deeds(told, comparison)) + unshown(told, comparison.baseline)
    said = f"Against {name(comparison.baseline)}, {name(row)} {text}; {_runs(comparison)}."
    return Sentence(row.control, said, remarks(told, comparison))


def _bare(row: Row) -> Row:
    """A model's values without intervals: of so few replications none is worth its name."""
    return replace(row, cells=tuple(map(_value, row.cells)), supporting=tuple(map(_value, row.supporting)))


def _value(cell: Cell) -> Cell:
    return replace(
        cell, estimate=_mean(cell.estimate), difference=_if_any(cell.difference), change=_if_any(cell.change)
    )


def _if_any(estimate: Interval | None) -> Interval | None:
    return None if estimate is None else _mean(estimate)


def _mean(estimate: Interval) -> Interval:
    return replace(estimate, lo=_NAN, hi=_NAN)
