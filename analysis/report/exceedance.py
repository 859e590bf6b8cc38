"""How often a compromise costs how much, model by model: a small panel each, with the baseline's curve behind."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.drawing import BLUE, GREY, INK, PALE, SMALL, TEXT, WIDTH, canvas, panel
from analysis.report.forest import short
from analysis.statistics import Interval

# Rows of the measure, and how the axis names them.
LOSSES: Final = {
    "any": "any", "at_least_1": "1 %", "at_least_5": "5 %", "at_least_10": "10 %", "at_least_25": "25 %",
    "at_least_50": "50 %",
}  # fmt: skip

# Of others up to `unseen` percent may, as the page says of what is the same in every run.
NO_RUN: Final = "in no run seen"

_COLUMNS: Final = 3
_PANEL: Final = 100
_TITLE: Final = 46
_LEFT: Final = 112
_GAP: Final = 22
_BOTTOM: Final = 62
# Less than once in a hundred thousand years is told as that.
_RAREST: Final = 1e-5
# Years from which on one digit says enough.
_LONG: Final = 100


@dataclass(frozen=True)
class Curve:
    """A model's compromises a year that cost so much or more, in the order of `LOSSES`."""

    name: str
    times: tuple[Interval, ...]

    @property
    def seen(self) -> list[Interval]:
        """From the first on, as long as there are any."""
        return list(takewhile(lambda each: each.mean >= _RAREST, self.times))

    @property
    def words(self) -> str:
        """How often the greatest loss that is told apart, or more, is to be expected."""
        return f"{list(LOSSES.values())[-1]} or more: {often(self.times[-1])}"


def often(times: Interval) -> str:
    """So many times a year, as people say it: from-to where an interval is known."""
    if math.isnan(times.mean):
        return "not known"
    if times.upper == 0:
        return NO_RUN
    most, least = (times.hi, times.lo) if math.isfinite(times.hi - times.lo) else (times.mean, times.mean)
    if times.mean >= 1:
        return f"{_span(f'{max(least, 0):.2g}', f'{most:.2g}')} a year"
    if least < _RAREST:
        return f"once in {_years(max(most, _RAREST))} years or rarer"
    return f"once in {_span(_years(most), _years(least))} years"


def _span(one: str, other: str) -> str:
    return one if one == other else f"{one} to {other}"


def _years(times: float) -> str:
    years = 1 / times
    return f"{years:.2g}" if years < _LONG else f"{round(years, 1 - len(f'{years:.0f}')):,.0f}"


def exceedance(curves: Sequence[Curve]) -> Figure:
    """A panel a model; all on the same axes, the first model's curve in grey in those of the others."""
    lines = math.ceil(len(curves) / _COLUMNS)
    figure = canvas(lines * (_PANEL + _TITLE) + _BOTTOM)
    wide = (WIDTH - _LEFT - _GAP * _COLUMNS) / _COLUMNS
    least, most = _range(curves)
    for place, curve in enumerate(curves):
        line, column = divmod(place, _COLUMNS)
        below = (lines - 1 - line) * (_PANEL + _TITLE) + _BOTTOM
        axes = panel(figure, _LEFT + column * (wide + _GAP), wide, line * (_PANEL + _TITLE) + _TITLE, below)
        _frame(axes, least, most, labelled=column == 0, last=place + _COLUMNS >= len(curves))
        _line(axes, curves[0].seen, GREY if place else BLUE)
        if place:
            _line(axes, curve.seen, BLUE)
        axes.text(0, 1.26, short(curve.name), transform=axes.transAxes, fontsize=TEXT, fontweight="bold", color=INK)
        axes.text(0, 1.07, curve.words, transform=axes.transAxes, fontsize=SMALL, color=INK)
    _around(figure, lines * (_PANEL + _TITLE) + _BOTTOM)
    return figure


def _around(figure: Figure, height: float) -> None:
    """What both axes count, once for all panels."""
    middle = (_LEFT + WIDTH - _GAP) / 2 / WIDTH
    across, upwards = (
        "loss in percent of the estate's declared value, or more",
        "compromises a fleet-year (logarithmic)",
    )
    figure.text(middle, 12 / height, across, ha="center", fontsize=SMALL, color=GREY)
    figure.text(10 / WIDTH, 0.5, upwards, rotation=90, va="center", fontsize=SMALL, color=GREY)


def _range(curves: Sequence[Curve]) -> tuple[float, float]:
    """Whole powers of ten around all that is drawn."""
    found = [each.mean for curve in curves for each in curve.seen] or [1.0]
    return 10.0 ** math.floor(math.log10(min(found))), 10.0 ** math.ceil(math.log10(max(found)) + 1e-9)


def _frame(axes: Axes, least: float, most: float, *, labelled: bool, last: bool) -> None:
    axes.grid(visible=True, axis="y", color=PALE, linewidth=0.8)
    axes.set_yscale("log")
    axes.set_ylim(least / 1.6, most * 1.6)
    first, after = round(math.log10(least)), round(math.log10(most))
    powers = range(first, after + 1, max(1, math.ceil((after - first) / 4)))
    axes.set_yticks([10.0**power for power in powers], [_power(power) if labelled else "" for power in powers])
    axes.set_yticks([], minor=True)
    axes.tick_params(axis="y", labelsize=SMALL, labelcolor=GREY)
    axes.set_xlim(-0.4, len(LOSSES) - 0.6)
    axes.set_xticks(range(len(LOSSES)), LOSSES.values() if last else [""] * len(LOSSES))


def _power(power: int) -> str:
    return f"{10**power:,} a year" if power >= 0 else f"1 in {10**-power:,} years"


def _line(axes: Axes, times: Sequence[Interval], colour: str) -> None:
    """Dots where it is known, a line to lead the eye, and how far each dot's interval goes."""
    axes.plot(
        range(len(times)), [each.mean for each in times], "o-", color=colour, linewidth=1.4, markersize=4.5, zorder=3
    )
    for place, each in enumerate(times):
        if math.isfinite(each.hi - each.lo):
            axes.plot(
                [place, place], [max(each.lo, _RAREST / 10), each.hi], color=colour, linewidth=2.4, alpha=0.45, zorder=2
            )
