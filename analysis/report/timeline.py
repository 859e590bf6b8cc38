"""When the events of a log happened: accepted, refused, and those that issued or ended credentials."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from analysis.report.asking import Answer
from analysis.report.captions import TIMELINE
from analysis.report.drawing import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    SKY,
    SMALL,
    TEXT,
    WIDTH,
    Drawing,
    canvas,
    drawing,
    panel,
    style,
)
from analysis.report.numerals import quantity

PIECES: Final = 60

_HEIGHT: Final = 250
_KINDS: Final = (
    ("used", "calls not refused", SKY),
    ("issued_or_ended", "credentials issued or ended", BLUE),
    ("refused", "refused", ORANGE),
)
_MARKS: Final = 5
# How a moment is written on the axis of a log that is shorter than this.
_FORMS: Final = (
    (timedelta(minutes=30), "%H:%M:%S"),
    (timedelta(days=2), "%H:%M"),
    (timedelta(days=10), "%d %b %H:%M"),
    (timedelta(days=300), "%d %b"),
    (timedelta.max, "%b %Y"),
)


def timeline(pieces: Sequence[Answer], starts: datetime, ends: datetime) -> Drawing:
    """Bars over the window, each `PIECES`-th part of it one."""
    each = quantity((ends - starts).total_seconds() / PIECES, "s")
    totals = ", ".join(f"{sum(piece[key] for piece in pieces):,} {name}" for key, name, _ in _KINDS)
    caption = replace(TIMELINE, see=f"Each bar is {each} of the log. {TIMELINE.see}")
    with style():
        return drawing(_figure(pieces, starts, ends, each), caption, f"Events from {starts} to {ends} UTC: {totals}")


def _figure(pieces: Sequence[Answer], starts: datetime, ends: datetime, each: str) -> Figure:
    figure = canvas(_HEIGHT)
    axes = panel(figure, 62, WIDTH - 82, 34, 52)
    axes.grid(visible=False, axis="x")
    axes.grid(visible=True, axis="y", color="#e8ebee", linewidth=0.8)
    _bars(axes, pieces)
    _names(axes)
    _times(axes, starts, ends)
    axes.set_ylabel(f"events in {each}")
    axes.tick_params(axis="y", labelsize=SMALL, labelcolor=GREY)
    return figure


def _bars(axes: Axes, pieces: Sequence[Answer]) -> None:
    at = [piece["piece"] + 0.5 for piece in pieces]
    below = [0] * len(pieces)
    for key, _, colour in _KINDS:
        counts = [piece[key] for piece in pieces]
        axes.bar(at, counts, bottom=below, width=0.84, color=colour)
        below = [low + count for low, count in zip(below, counts, strict=True)]
    axes.set_xlim(0, PIECES)
    axes.set_ylim(0, max([1, *below]) * 1.05)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))


def _names(axes: Axes) -> None:
    """The legend over the bars: a box in their colour, and words dark enough to read."""
    across = axes.transAxes
    for number, (_, name, colour) in enumerate(_KINDS):
        left = number * 0.3
        axes.add_patch(Rectangle((left, 1.075), 0.012, 0.055, transform=across, color=colour, clip_on=False))
        axes.text(left + 0.02, 1.07, name, transform=across, fontsize=TEXT, color=INK)


def _times(axes: Axes, starts: datetime, ends: datetime) -> None:
    span = ends - starts
    form = next(form for most, form in _FORMS if span < most)
    marks = [starts + span * step / (_MARKS - 1) for step in range(_MARKS)]
    axes.set_xticks([PIECES * step / (_MARKS - 1) for step in range(_MARKS)], [mark.strftime(form) for mark in marks])
    axes.tick_params(axis="x", pad=10)
    axes.set_xlabel(f"UTC, from {starts:%Y-%m-%d}")
