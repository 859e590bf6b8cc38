"""Exposure against friction: what each model leaves obtainable, and what it makes work wait for it."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.drawing import BLUE, GREY, INK, SMALL, TEXT, WIDTH, canvas, panel, times
from analysis.report.forest import short
from analysis.statistics import Interval

_HEIGHT: Final = 380
_LETTER: Final = 7.2
_LINE: Final = 17
_NEAR: Final = 5.0


@dataclass(frozen=True)
class Spot:
    """A control model on the plane: seconds of waiting, hours obtainable, a remark, and whether it may be ranked."""

    name: str
    wait: Interval
    hours: Interval
    remark: str
    ranked: bool

    @property
    def label(self) -> str:
        """Its name with the remark."""
        return f"{short(self.name)}{f' ({self.remark})' if self.remark else ''}"


def frontier(spots: Sequence[Spot]) -> Figure:
    """A dot a model, whiskers its intervals, a line through those that no other beats in both."""
    known = [spot for spot in spots if math.isfinite(spot.wait.mean) and math.isfinite(spot.hours.mean)]
    figure = canvas(_HEIGHT)
    axes = panel(figure, 62, WIDTH - 62 - 20, 14, 54)
    axes.grid(visible=True, axis="y", color="#e8ebee", linewidth=0.8)
    _frame(axes, known)
    _line(axes, undominated(known))
    for spot in known:
        _dot(axes, spot)
    _labels(axes, known)
    axes.set_xlabel("added latency per task, 95th percentile (logarithmic from 0.01 s)")
    axes.tick_params(axis="y", labelsize=SMALL, labelcolor=GREY)
    axes.set_ylabel("crown jewels obtainable, h per agent-day", fontsize=SMALL)
    return figure


def undominated(spots: Sequence[Spot]) -> list[Spot]:
    """Those that no other model beats in one and equals in the other, by waiting."""
    beaten = [spot for spot in spots if any(_beats(other, spot) for other in spots)]
    return sorted((spot for spot in spots if spot not in beaten), key=lambda spot: (spot.wait.mean, spot.hours.mean))


def _beats(one: Spot, other: Spot) -> bool:
    ours, theirs = (one.wait.mean, one.hours.mean), (other.wait.mean, other.hours.mean)
    return ours != theirs and ours[0] <= theirs[0] and ours[1] <= theirs[1]


def _frame(axes: Axes, spots: Sequence[Spot]) -> None:
    longest = max([1.0, *(_upper(spot.wait) for spot in spots)])
    times(axes, longest, 0.01)
    most = max([1.0, *(_upper(spot.hours) for spot in spots)])
    axes.set_ylim(-0.04 * most, most * 1.16)


def _upper(estimate: Interval) -> float:
    return estimate.mean if math.isnan(estimate.hi) else estimate.hi


def _line(axes: Axes, spots: Sequence[Spot]) -> None:
    """Down steps: between two models there is nothing to be had."""
    if len(spots) > 1:
        waits, hours = [spot.wait.mean for spot in spots], [spot.hours.mean for spot in spots]
        axes.step(waits, hours, where="post", color=GREY, linewidth=1.2, linestyle=(0, (4, 3)), zorder=1)


def _dot(axes: Axes, spot: Spot) -> None:
    x, y = spot.wait.mean, spot.hours.mean
    if math.isfinite(spot.wait.lo):
        axes.plot([spot.wait.lo, spot.wait.hi], [y, y], color=BLUE, linewidth=2, zorder=3)
    if math.isfinite(spot.hours.lo):
        axes.plot([x, x], [spot.hours.lo, spot.hours.hi], color=BLUE, linewidth=2, zorder=3)
    face = BLUE if spot.ranked else "white"
    axes.plot([x], [y], "o", markersize=10, markerfacecolor=face, markeredgecolor=BLUE, markeredgewidth=1.6, zorder=4)


def _labels(axes: Axes, spots: Sequence[Spot]) -> None:
    """Names beside dots; those of dots in one place together, none over another."""
    taken: list[tuple[float, float, float, float]] = []
    for (x, y), names in _places(axes, spots):
        text = ", ".join(names)
        box, at = next(_free(x, y, _LETTER * len(text), taken))
        taken.append(box)
        axes.annotate(
            text, (x, y), xytext=at, xycoords="figure pixels", textcoords="figure pixels", fontsize=TEXT, color=INK,
            arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.7, "shrinkA": 1, "shrinkB": 6},
            verticalalignment="center",
        )  # fmt: skip


def _places(axes: Axes, spots: Sequence[Spot]) -> list[tuple[tuple[float, float], list[str]]]:
    found: list[tuple[tuple[float, float], list[str]]] = []
    for spot in spots:
        x, y = axes.transData.transform((spot.wait.mean, spot.hours.mean))
        same = next((names for (a, b), names in found if math.hypot(a - x, b - y) < _NEAR), None)
        if same is None:
            found.append(((float(x), float(y)), [spot.label]))
        else:
            same.append(spot.label)
    return found


def _free(
    x: float, y: float, width: float, taken: Sequence[tuple[float, float, float, float]]
) -> Iterator[tuple[tuple[float, float, float, float], tuple[float, float]]]:
    """Places for a label, nearest first: to the right above or below, shifted left where the figure ends."""
    left = min(x + 8, WIDTH - width - 4)
    boxes = [(left, y + side * _LINE * step, left + width) for step in range(1, 9) for side in (1, -1)]
    for a, middle, b in boxes:
        clear = all(b < c or a > d or abs(middle - m) >= _LINE for c, m, d, _ in taken)
        if clear and _LINE < middle < _HEIGHT - _LINE:
            yield (a, middle, b, 0.0), (a, middle)
    yield (left, y, left + width, 0.0), (left, y + _LINE)
