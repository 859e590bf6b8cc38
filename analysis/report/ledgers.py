"""Two figures in panels: what each model's own log leaves open, and what is owed under each model, by cause."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.drawing import BLUE, GREY, INK, ORANGE, ROW, SKY, SMALL, TEXT, WIDTH, canvas, panel, rows
from analysis.report.findings import Amount
from analysis.report.forest import margin, short
from analysis.report.numerals import between, reading

_TOP: Final = 34
_BOTTOM: Final = 46
_ROOM: Final = 118
_GAP: Final = 26
_DAY: Final = 24


@dataclass(frozen=True)
class Bounds:
    """A quantity as it was, and between what a log allows; None where the log leaves a bound open."""

    truth: float
    lo: float | None
    hi: float | None

    @property
    def text(self) -> str:
        """What the log says."""
        return between(self.lo, self.hi)


def log_beside_truth(names: Sequence[str], panels: Mapping[str, Sequence[Bounds]], label: str) -> Figure:
    """A panel a quantity: a bar from what the log proves to what it allows, and a dot where the truth lies."""
    figure = canvas(_TOP + _BOTTOM + ROW * len(names))
    left = margin(names)
    width = (WIDTH - left - (_ROOM + _GAP) * len(panels)) / len(panels)
    most = max([1.0, *(bound for each in panels.values() for b in each for bound in (b.truth, b.hi or 0.0))])
    for number, (title, bounds) in enumerate(panels.items()):
        axes = panel(figure, left + number * (width + _ROOM + _GAP), width, _TOP, _BOTTOM)
        rows(axes, map(short, names), shown=number == 0)
        axes.set_xlim(0, most * 1.06)
        if most <= _DAY:
            axes.set_xticks(range(0, _DAY + 1, 6))
        axes.set_xlabel(label)
        axes.text(0, -0.78, title, fontsize=TEXT, fontweight="bold", va="bottom")
        for row, each in enumerate(bounds):
            _bounds(axes, row, each, most)
    return figure


def debt(names: Sequence[str], causes: Mapping[str, Sequence[Amount]], label: str) -> Figure:
    """A panel a cause: a bar a model, its interval, its number."""
    figure = canvas(_TOP + _BOTTOM + ROW * len(names))
    left = margin(names)
    room = 62.0
    width = (WIDTH - left - (room + 14) * len(causes)) / len(causes)
    amounts = [amount.estimate for each in causes.values() for amount in each]
    most = max([1.0, *(e.mean if math.isnan(e.hi) else e.hi for e in amounts if math.isfinite(e.mean))])
    for number, (title, each) in enumerate(causes.items()):
        axes = panel(figure, left + number * (width + room + 14), width, _TOP, _BOTTOM)
        rows(axes, map(short, names), shown=number == 0)
        axes.set_xlim(0, most * 1.02)
        axes.text(0, -0.78, title, fontsize=TEXT, fontweight="bold", va="bottom")
        for row, amount in enumerate(each):
            _bar(axes, row, amount)
    figure.text(
        (left + WIDTH) / 2 / WIDTH,
        6 / (figure.get_size_inches()[1] * 72),
        label,
        fontsize=SMALL,
        color=GREY,
        ha="center",
    )
    return figure


def _bounds(axes: Axes, row: int, bounds: Bounds, most: float) -> None:
    colour = INK
    if bounds.lo is not None or bounds.hi is not None:
        end = most * 1.04 if bounds.hi is None else bounds.hi
        axes.plot([bounds.lo or 0.0, end], [row, row], color=SKY, linewidth=9, solid_capstyle="butt", zorder=2)
        if bounds.hi is None:
            axes.plot([end], [row], marker=">", markersize=13, color=SKY, markeredgewidth=0, zorder=2, clip_on=False)
    else:
        colour = GREY
    if math.isfinite(bounds.truth):
        axes.plot([bounds.truth], [row], marker="o", markersize=8, color=BLUE, zorder=4, clip_on=False)
    across = axes.get_yaxis_transform()
    axes.text(1.06, row, bounds.text, transform=across, fontsize=SMALL, va="center", color=colour)


def _bar(axes: Axes, row: int, amount: Amount) -> None:
    estimate = amount.estimate
    known = math.isfinite(estimate.mean)
    if known:
        axes.barh(row, estimate.mean, height=0.42, color=SKY, zorder=2)
        if math.isfinite(estimate.hi - estimate.lo) and estimate.hi > estimate.lo:
            axes.plot([estimate.lo, estimate.hi], [row, row], color=ORANGE, linewidth=2, zorder=3)
    text = reading(estimate).value
    end = max(estimate.mean, estimate.hi) if known and math.isfinite(estimate.hi) else estimate.mean if known else 0.0
    axes.annotate(
        text,
        (end, row),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        fontsize=SMALL,
        color=INK if known else GREY,
    )
