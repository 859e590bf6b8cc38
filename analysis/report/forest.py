"""A forest plot: a row a control model, a dot an estimate, a bar its interval, and the numbers themselves beside."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.drawing import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    PALE,
    ROW,
    RUST,
    SMALL,
    TEXT,
    WIDTH,
    canvas,
    panel,
    rows,
    times,
)
from analysis.report.legible import shortened
from analysis.report.numerals import reading
from analysis.statistics import Interval

_TOP: Final = 30
_BOTTOM: Final = 46
_LONGEST_NAME: Final = 26
_LETTER: Final = 7.6
# A column of numbers, in pixels: as wide as most are, or as its longest text needs.
_COLUMN: Final = 160
_DIGIT: Final = 6.2
_GAP: Final = 20


@dataclass(frozen=True)
class Dots:
    """How the dots of a series look, the sign that stands for them in its heading, and the heading's own colour."""

    sign: str
    marker: str
    colour: str
    face: str
    words: str


HOLLOW: Final = Dots("○", "o", BLUE, "white", BLUE)
SOLID: Final = Dots("●", "o", BLUE, BLUE, BLUE)
DIAMOND: Final = Dots("◆", "D", ORANGE, ORANGE, RUST)
SQUARE: Final = Dots("□", "s", BLUE, "white", BLUE)


@dataclass(frozen=True)
class Series:
    """One quantity under every model."""

    name: str
    points: tuple[Interval, ...]
    dots: Dots


@dataclass(frozen=True)
class Axis:
    """What is counted, in which unit, how far at least, with a mark every `step`; one of seconds is logarithmic."""

    label: str
    unit: str
    most: float = 0.0
    step: float = 0.0


def forest(names: Sequence[str], series: Sequence[Series], axis: Axis) -> Figure:
    """The plot of several quantities that share one axis."""
    figure = canvas(_TOP + _BOTTOM + ROW * len(names))
    left = margin(names)
    columns = np.cumsum([_column(each, axis.unit) for each in series])
    width = WIDTH - left - float(columns[-1]) - 20
    axes = panel(figure, left, width, _TOP, _BOTTOM)
    rows(axes, map(short, names))
    _scale(axes, series, axis)
    _joined(axes, series)
    for number, each in enumerate(series):
        _dots(axes, each)
        _numbers(axes, each, axis.unit, 1 + (14 + float(columns[number])) / width)
    axes.set_xlabel(axis.label)
    return figure


def _column(series: Series, unit: str) -> float:
    """Pixels that the numbers of a series take."""
    return max(_COLUMN, _GAP + _DIGIT * max(len(reading(point, unit).text) for point in series.points))


def margin(names: Sequence[str]) -> float:
    """Pixels that the longest name takes."""
    return 20 + _LETTER * max((len(short(name)) for name in names), default=1)


def short(name: str) -> str:
    """A name as it fits beside a plot."""
    return shortened(name, _LONGEST_NAME)


def _scale(axes: Axes, series: Sequence[Series], axis: Axis) -> None:
    found = [_most(point) for each in series for point in each.points]
    longest = max([axis.most, *(value for value in found if math.isfinite(value))])
    if axis.unit == "s":
        times(axes, max(longest, 10.0), 1.0)
    else:
        axes.set_xlim(0, (longest or 1.0) * 1.03)
        if axis.step and longest <= axis.most:
            axes.set_xticks(np.arange(0, axis.most + axis.step, axis.step))


def _most(point: Interval) -> float:
    return point.hi if math.isfinite(point.hi) else point.mean


def _joined(axes: Axes, series: Sequence[Series]) -> None:
    """A line from the least to the greatest dot of each row: the distance is what is to be seen."""
    for row, points in enumerate(zip(*(each.points for each in series), strict=True)):
        means = [point.mean for point in points if math.isfinite(point.mean)]
        if len(means) > 1:
            axes.plot([min(means), max(means)], [row, row], color=PALE, linewidth=3, solid_capstyle="round", zorder=1)


def _dots(axes: Axes, series: Series) -> None:
    dots = series.dots
    for row, estimate in enumerate(series.points):
        if math.isnan(estimate.mean):
            continue
        if math.isfinite(estimate.hi - estimate.lo):
            axes.plot([estimate.lo, estimate.hi], [row, row], color=dots.colour, linewidth=2, zorder=3)
        axes.plot(
            [estimate.mean], [row], marker=">" if estimate.is_least else dots.marker, markersize=9, zorder=4,
            markerfacecolor=dots.face, markeredgecolor=dots.colour, markeredgewidth=1.6, linestyle="none",
            clip_on=False,
        )  # fmt: skip


def _numbers(axes: Axes, series: Series, unit: str, x: float) -> None:
    """The numbers in a column of their own, ending at `x` plot widths."""
    across, head = axes.get_yaxis_transform(), f"{series.dots.sign} {series.name}"
    axes.text(x, -0.72, head, transform=across, color=series.dots.words, fontsize=SMALL, ha="right", va="bottom")
    for row, point in enumerate(series.points):
        colour = GREY if math.isnan(point.mean) else INK
        text = reading(point, unit).text
        axes.text(x, row, text, transform=across, fontsize=TEXT, ha="right", va="center", color=colour)
