"""Joint draws as they lie: a panel a headline, a dot a draw for its difference, the least on the bottom."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.joint import Joint
from analysis.report.drawing import BLUE, GREY, INK, ORANGE, SMALL, TEXT, WIDTH, canvas, panel
from analysis.report.numerals import clock_of, is_time
from analysis.sensitivity import Tornado

_HEIGHT: Final = 110
_TOP: Final = 42
_BOTTOM: Final = 46
_LEFT: Final = 20
_VERDICT: Final = 170
# From so many times the typical difference on, the greatest would press all others together.
_WIDE: Final = 15
# So many powers of ten are drawn apart.
_MAGNITUDES: Final = 3
_BESIDE: Final = {
    "stands": "the claim stands", "hangs": "it depends", "open": "open", "not settled": "no claim", "same": "the same",
    "few": "not judged",
}  # fmt: skip


def joint_draws(found: Sequence[tuple[Tornado, Joint]]) -> Figure:
    """The panels one below another."""
    height = _TOP + _HEIGHT + _BOTTOM
    figure = canvas(height * len(found))
    for place, (tornado, joint) in enumerate(found):
        above, below = place * height, (len(found) - 1 - place) * height
        axes = panel(figure, _LEFT, WIDTH - _LEFT - _VERDICT, above + _TOP, below + _BOTTOM)
        _panel(axes, tornado, joint)
    return figure


def _panel(axes: Axes, tornado: Tornado, joint: Joint) -> None:
    unit = tornado.column.unit
    here, means = tornado.difference.mean, [each.mean for each in joint.draws if math.isfinite(each.mean)]
    clock = clock_of(max(map(abs, [*means, here if math.isfinite(here) else 0.0]))) if is_time(unit) else None
    scale = 1 / clock.seconds if clock else 1.0
    _dots(axes, joint, scale)
    axes.axvline(0, color=GREY, linewidth=1, linestyle=(0, (2, 2)), zorder=1.5)
    if math.isfinite(here):
        axes.axvline(here * scale, color=INK, linewidth=1.2, zorder=2)
    _spread(axes, [each * scale for each in means] or [0.0])
    axes.set_yticks([])
    axes.set_ylim(-0.06, 1.06)
    axes.set_xlabel(f"difference, {clock.unit if clock else unit}{_by_magnitude(axes)}", fontsize=SMALL)
    axes.text(0, 1 + 14 / _HEIGHT, tornado.column.heading, fontsize=TEXT, fontweight="bold", transform=axes.transAxes)
    _beside(axes, joint)


def _dots(axes: Axes, joint: Joint, scale: float) -> None:
    """From the least on the bottom to the greatest on top; filled where the sign is settled."""
    known = [(each.mean * scale, sign) for each, sign in zip(joint.draws, joint.signs, strict=True)
             if math.isfinite(each.mean)]  # fmt: skip
    for place, (value, sign) in enumerate(sorted(known, key=lambda each: each[0])):
        colour = GREY if not sign else INK if not joint.sign else BLUE if sign == joint.sign else ORANGE
        axes.plot([value], [place / max(1, len(known) - 1)], marker="o", markersize=4.5, color=colour, zorder=3,
                  markerfacecolor=colour if sign else "white", markeredgewidth=1, clip_on=False)  # fmt: skip


def _spread(axes: Axes, values: Sequence[float]) -> None:
    """From the least to the greatest, with zero; by magnitude where a few are far out."""
    sizes = np.abs([each for each in values if each])
    if len(sizes) and sizes.max() > _WIDE * np.median(sizes):
        least = max(math.floor(math.log10(np.median(sizes))), math.floor(math.log10(sizes.max())) - _MAGNITUDES)
        axes.set_xscale("symlog", linthresh=10.0**least)
        marks = [10.0**each for each in range(least, math.floor(math.log10(sizes.max())) + 1)]
        ticks = [*(-each for each in reversed(marks) if min(values) <= -each), 0.0,
                 *(each for each in marks if max(values) >= each)]  # fmt: skip
        axes.set_xticks(ticks, [f"{each:,g}".replace("-", "−") for each in ticks])
        axes.set_xticks([], minor=True)
    axes.set_xlim(min([0.0, *axes.get_xlim()]), max([0.0, *axes.get_xlim()]))


def _by_magnitude(axes: Axes) -> str:
    return "" if axes.get_xscale() == "linear" else " (logarithmic)"


def _beside(axes: Axes, joint: Joint) -> None:
    told = [f"{joint.holds} of {len(joint.draws)} settle it alike"] if joint.sign else []
    open_ = sum(not math.isfinite(each.mean) for each in joint.draws)
    told += [f"{open_} open, not drawn"] if open_ else []
    for line, text in enumerate([_BESIDE[joint.verdict], *told]):
        axes.text(1.03, 0.62 - 17 * line / _HEIGHT, text, transform=axes.transAxes, fontsize=SMALL, color=INK,
                  fontweight="normal" if line else "bold")  # fmt: skip
