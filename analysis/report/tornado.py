"""A tornado: a row an assumption, from the difference at its low end to that at its high end, the widest on top."""

import math
from collections.abc import Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.drawing import BLUE, GREY, INK, ORANGE, PALE, SMALL, TEXT, WIDTH, canvas, panel, rows
from analysis.report.legible import shortened
from analysis.report.numerals import clock_of, is_time
from analysis.report.varied import SHOWN, SIGNS
from analysis.sensitivity import Effect, End, Tornado

_ROW: Final = 26
_TOP: Final = 52
_BOTTOM: Final = 46
_SIGN: Final = 100
_LONGEST: Final = 40
_LETTER: Final = 7.6


def tornados(found: Sequence[Tornado]) -> Figure:
    """The panels one below another."""
    heights = [_TOP + _BOTTOM + _ROW * len(each.effects[:SHOWN]) for each in found]
    figure = canvas(sum(heights))
    names = [_name(each) for tornado in found for each in tornado.effects[:SHOWN]]
    left = 20 + _LETTER * max(map(len, names))
    for place, each in enumerate(found):
        above, below = sum(heights[:place]), sum(heights[place + 1 :])
        _panel(panel(figure, left, WIDTH - left - _SIGN, above + _TOP, below + _BOTTOM), each)
    return figure


def _name(each: Effect) -> str:
    return shortened(each.key.removeprefix("scenario."), _LONGEST)


def _panel(axes: Axes, tornado: Tornado) -> None:
    shown, here = tornado.effects[:SHOWN], tornado.difference
    seconds = is_time(tornado.column.unit)
    clock = clock_of(max(map(abs, tornado.span)))
    scale = 1 / clock.seconds if seconds else 1.0
    rows(axes, map(_name, shown))
    across = axes.get_yaxis_transform()
    if math.isfinite(here.hi - here.lo):
        axes.axvspan(here.lo * scale, here.hi * scale, color=PALE, alpha=0.6, zorder=0.5, linewidth=0)
    axes.axvline(here.mean * scale, color=INK, linewidth=1.2, zorder=2)
    for row, each in enumerate(shown):
        means = [end.difference.mean * scale for end in each.ends]
        axes.plot([min(means), max(means)], [row, row], color=GREY, linewidth=3, alpha=0.5, zorder=2.5)
        _end(axes, row, each.low, scale, BLUE)
        _end(axes, row, each.high, scale, ORANGE)
        axes.text(1.02, row, SIGNS[each.sign], transform=across, fontsize=SMALL, va="center", color=INK)
    _headed(axes, tornado, clock.unit if seconds else tornado.column.unit, len(shown))


def _end(axes: Axes, row: int, end: End | None, scale: float, colour: str) -> None:
    """An end with the interval over replications as a line through it."""
    if end is None:
        return
    found = end.difference
    if math.isfinite(found.hi - found.lo):
        axes.plot([found.lo * scale, found.hi * scale], [row, row], color=colour, linewidth=1.4, zorder=3)
    axes.plot([found.mean * scale], [row], marker="o", markersize=7, color=colour, linestyle="none", zorder=4,
              markerfacecolor="white" if colour == BLUE else colour, markeredgewidth=1.6, clip_on=False)  # fmt: skip


def _headed(axes: Axes, tornado: Tornado, unit: str, count: int) -> None:
    least, most = axes.get_xlim()
    reach = [0.0, least, most]
    axes.set_xlim(min(reach), max(reach))
    axes.axvline(0, color=GREY, linewidth=1, linestyle=(0, (2, 2)), zorder=1.5)
    axes.text(0, 1 + 28 / (_ROW * count), tornado.column.heading, fontsize=TEXT, fontweight="bold",
              transform=axes.transAxes)  # fmt: skip
    axes.text(0, 1 + 9 / (_ROW * count), "○ low end   ● high end", fontsize=SMALL, color=GREY, transform=axes.transAxes)
    axes.text(1.02, 1 + 9 / (_ROW * count), "sign", fontsize=SMALL, color=GREY, transform=axes.transAxes)
    axes.set_xlabel(f"difference, {unit}", fontsize=SMALL)
