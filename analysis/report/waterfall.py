"""From the baseline to the model, a bar for what each factor adds: one panel a quantity, the numbers beside."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.drawing import BLUE, GREY, INK, ORANGE, SMALL, TEXT, WIDTH, canvas, panel, plain_times, rows
from analysis.report.forest import margin, short
from analysis.statistics import Interval

_ROW: Final = 26
_TOP: Final = 34
_BOTTOM: Final = 42
_NUMBERS: Final = 190
_WHOLE: Final = "#b9c6d2"


@dataclass(frozen=True)
class Bar:
    """A row: from where to where, the interval of its length, whether it is better, and its number."""

    name: str
    start: float
    end: float
    length: Interval
    kind: str
    text: str

    @property
    def colour(self) -> str:
        """Blue for better, orange for worse, grey for what stands by itself or cannot be told apart from nothing."""
        return {"better": BLUE, "worse": ORANGE, "whole": _WHOLE}.get(self.kind, GREY)


@dataclass(frozen=True)
class Fall:
    """One quantity: its bars from the baseline to the model."""

    title: str
    label: str
    bars: tuple[Bar, ...]
    seconds: bool


def waterfalls(falls: Sequence[Fall]) -> Figure:
    """The panels one below another."""
    heights = [_TOP + _BOTTOM + _ROW * len(fall.bars) for fall in falls]
    figure = canvas(sum(heights))
    left = margin([bar.name for fall in falls for bar in fall.bars])
    width = WIDTH - left - _NUMBERS
    for place, fall in enumerate(falls):
        above, below = sum(heights[:place]), sum(heights[place + 1 :])
        axes = panel(figure, left, width, above + _TOP, below + _BOTTOM)
        rows(axes, [short(bar.name) for bar in fall.bars])
        _scale(axes, fall)
        axes.text(0, 1 + 10 / (_ROW * len(fall.bars)), fall.title, fontsize=TEXT, fontweight="bold",
                  transform=axes.transAxes)  # fmt: skip
        for row, bar in enumerate(fall.bars):
            _bar(axes, row, bar, last=row == len(fall.bars) - 1)
            axes.text(1 + (_NUMBERS - 6) / width, row, bar.text, transform=axes.get_yaxis_transform(), fontsize=TEXT,
                      ha="right", va="center", color=INK)  # fmt: skip
    return figure


def _scale(axes: Axes, fall: Fall) -> None:
    reached = [0.0, *(each for bar in fall.bars for each in (bar.start, bar.end, *_whiskers(bar)))]
    least, most = min(reached), max(reached)
    if fall.seconds and least >= 0:
        plain_times(axes, most or 1.0)
    room = (most - least or 1.0) * 0.03
    axes.set_xlim(least - (room if least < 0 else 0), most + room)
    axes.set_xlabel(fall.label, fontsize=SMALL)


def _bar(axes: Axes, row: int, bar: Bar, *, last: bool) -> None:
    axes.barh(row, bar.end - bar.start, left=bar.start, height=0.56, color=bar.colour, zorder=2)
    if bar.start == bar.end:
        axes.plot([bar.end, bar.end], [row - 0.28, row + 0.28], color=GREY, linewidth=1.6, zorder=2, clip_on=False)
    if not last:
        axes.plot([bar.end, bar.end], [row, row + 1], color=GREY, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1)
    if (ends := _whiskers(bar)) and ends[0] < ends[-1]:
        axes.plot(ends, [row, row], color=INK, linewidth=1.6, zorder=4, solid_capstyle="butt")


def _whiskers(bar: Bar) -> tuple[float, ...]:
    """Where the bar could end."""
    if not math.isfinite(bar.length.hi - bar.length.lo):
        return ()
    return bar.start + bar.length.lo, bar.start + bar.length.hi
