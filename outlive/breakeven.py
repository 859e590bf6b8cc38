"""At which value of a knob the ranking of two control models flips; for any knob that is a number."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.crossing import BreakEven, crossing
from analysis.measures.measure import find
from analysis.pooled import needed
from analysis.report.legible import counted
from analysis.samples import label
from analysis.screen import COLUMNS, EVERY, Column
from analysis.statistics import Quantity
from outlive.compare import Progress, Request, plan, silent
from outlive.trials import Finish, Known, tried
from outlive.varying import with_settings
from sim.audit.refusal import Refusal
from sim.control.model import Control
from sim.experiment import Plan
from sim.workers import crew

_TWO = 2
# A place in a range that no whole number lies at, to ask whether a knob takes fractions.
_FRACTION = 0.414


@dataclass(frozen=True)
class Knob:
    """A knob by its dotted key (`scenario.x` or `control.NAME.x`), and between which values to look."""

    key: str
    least: float
    most: float


def breakeven(request: Request, quantity: str, knob: Knob, progress: Progress | None = None) -> BreakEven:
    """Look for the value of a knob at which one of two control models ceases to be better than the other.

    Raises:
        Refusal: the request, the quantity or the knob cannot be used, or some run knows no value of it.
    """
    column, tell = _column(quantity), progress or silent
    if not knob.least < knob.most:
        raise Refusal(f"from {knob.least:g} to {knob.most:g}: nothing lies between; name the smaller value first")
    first = _at(request, knob, knob.least)
    _two(_at(request, knob, knob.most).controls)
    with crew(tried, first.processes) as finish:
        look = _Look(request, knob, Known((column,)), finish, tell)
        found = crossing(look, (knob.least, knob.most), column.span, whole=_is_whole(request, knob))
    ours, theirs = first.controls
    return BreakEven(column, (ours.name, theirs.name), knob.key, first.replicates, found)


def _two(controls: Sequence[Control]) -> None:
    if len(controls) != _TWO:
        raise Refusal(f"{counted(len(controls), 'control model')}: name the two whose ranking may flip")


def _column(quantity: str) -> Column:
    """A quantity by its key, or that of a measure; of a measure with several the one that ranks comes last."""
    known = {column.key: column for column in EVERY}
    by_measure = {column.measure: column for column in COLUMNS}
    if quantity not in known | by_measure:
        raise Refusal(f"no quantity {quantity!r}; there are {', '.join(known)}, or a measure: {', '.join(by_measure)}")
    return (by_measure | known)[quantity]


def _at(request: Request, knob: Knob, value: float) -> Plan:
    """The request with the knob at a value; a whole one is written so, because some knobs take nothing else."""
    written = int(value) if float(value).is_integer() else value
    return plan(with_settings(request, {knob.key: written}))


def _is_whole(request: Request, knob: Knob) -> bool:
    """Whether the knob takes whole numbers only: both ends are allowed, and a fraction between them is not."""
    if not (float(knob.least).is_integer() and float(knob.most).is_integer()):
        return False
    try:
        _at(request, knob, knob.least + (knob.most - knob.least) * _FRACTION)
    except Refusal:
        return True
    return False


@dataclass(frozen=True)
class _Look:
    """The paired differences of the two models at a value of the knob; what does not change is run once."""

    request: Request
    knob: Knob
    known: Known
    finish: Finish
    tell: Progress

    def __call__(self, value: float) -> Quantity:
        self.tell(f"looking at {self.knob.key} = {value:g}")
        asked = _at(self.request, self.knob, value)
        self.known.look(asked, self.finish)
        [column] = self.known.columns
        ours, theirs = self.known.of(asked, column)
        apart = ours - theirs
        if math.isnan(apart.least[0]):
            share = find(column.measure).share(label(column.row))
            few = "" if share is None else f", or fewer than {needed(share)} independent observations bear it"
            msg = f"{column.key}: at {self.knob.key} = {value:g} some run knows no value{few}"
            raise Refusal(f"{msg}; choose another quantity, a longer window or more replications")
        return apart
