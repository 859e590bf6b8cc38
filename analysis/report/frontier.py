"""Exposure against friction: what each model leaves obtainable, and how long work takes under it."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.drawing import BLUE, GREY, INK, SMALL, TEXT, WIDTH, canvas, panel, plain_times, times
from analysis.report.forest import short
from analysis.report.legible import shortened
from analysis.statistics import Interval

_HEIGHT: Final = 380
# Of two models whose obtainable hours or times differ by less, neither is better.
_SAME: Final = 0.005
_LETTER: Final = 7.2
_LINE: Final = 17
_NEAR: Final = 5.0
_CLEAR: Final = 2.0
_DOT: Final = 6.0
_LEFT: Final = 62.0
_BOTTOM: Final = 54.0
# Times that lie closer together than this share a plain axis.
_RANGE: Final = 30.0

# Left, lower, right and upper edge in pixels.
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Spot:
    """A control model on the plane: seconds to finish, hours obtainable, a remark, and whether it may be ranked."""

    name: str
    wait: Interval
    hours: Interval
    remark: str
    ranked: bool

    @property
    def is_known(self) -> bool:
        """Whether it has a place at all."""
        return math.isfinite(self.wait.mean) and math.isfinite(self.hours.mean)

    @property
    def label(self) -> str:
        """Its name with the remark."""
        return f"{short(self.name)}{f' ({self.remark})' if self.remark else ''}"


def frontier(spots: Sequence[Spot]) -> Figure:
    """A dot a model, whiskers its intervals, a line through those that no other beats in both."""
    known = [spot for spot in spots if spot.is_known]
    figure = canvas(_HEIGHT)
    axes = panel(figure, _LEFT, WIDTH - _LEFT - 20, 14, _BOTTOM)
    axes.grid(visible=True, axis="y", color="#e8ebee", linewidth=0.8)
    _frame(axes, known)
    _line(axes, undominated(known))
    for spot in known:
        _dot(axes, spot)
    _labels(axes, known)
    scale = "" if _close(known) else " (logarithmic)"
    axes.set_xlabel(f"time to finish a task, 95th percentile{scale}")
    axes.tick_params(axis="y", labelsize=SMALL, labelcolor=GREY)
    axes.set_ylabel("crown jewels obtainable, h per agent-day", fontsize=SMALL)
    return figure


def undominated(spots: Sequence[Spot]) -> list[Spot]:
    """Those that no other model beats in one and equals in the other, by waiting."""
    beaten = [spot for spot in spots if any(_beats(other, spot) for other in spots)]
    return sorted((spot for spot in spots if spot not in beaten), key=lambda spot: (spot.wait.mean, spot.hours.mean))


def _beats(one: Spot, other: Spot) -> bool:
    """Whether a model is better in one and no worse in the other; a half percent is no difference."""
    sides = (_side(one.wait.mean, other.wait.mean), _side(one.hours.mean, other.hours.mean))
    return max(sides) <= 0 and min(sides) < 0


def _side(ours: float, theirs: float) -> int:
    if math.isclose(ours, theirs, rel_tol=_SAME):
        return 0
    return -1 if ours < theirs else 1


def _frame(axes: Axes, spots: Sequence[Spot]) -> None:
    longest = max([1.0, *(_upper(spot.wait) for spot in spots)])
    if _close(spots):
        plain_times(axes, longest)
    else:
        times(axes, longest, 1.0)
    most = max([1.0, *(_upper(spot.hours) for spot in spots)])
    axes.set_ylim(-0.04 * most, most * 1.16)


def _close(spots: Sequence[Spot]) -> bool:
    """Whether the times are near enough to each other for a plain axis."""
    waits = [spot.wait.mean for spot in spots]
    return not waits or max(waits) < _RANGE * min(waits)


def _upper(estimate: Interval) -> float:
    return estimate.hi if math.isfinite(estimate.hi) else estimate.mean


def _line(axes: Axes, spots: Sequence[Spot]) -> None:
    """Down steps: between two models there is nothing to be had."""
    if len(spots) > 1:
        waits, hours = [spot.wait.mean for spot in spots], [spot.hours.mean for spot in spots]
        axes.step(waits, hours, where="post", color=GREY, linewidth=1.2, linestyle=(0, (4, 3)), zorder=1)


def _dot(axes: Axes, spot: Spot) -> None:
    x, y = spot.wait.mean, spot.hours.mean
    if math.isfinite(spot.wait.hi - spot.wait.lo):
        axes.plot([spot.wait.lo, spot.wait.hi], [y, y], color=BLUE, linewidth=2, zorder=3)
    if math.isfinite(spot.hours.hi - spot.hours.lo):
        axes.plot([x, x], [spot.hours.lo, spot.hours.hi], color=BLUE, linewidth=2, zorder=3)
    face = BLUE if spot.ranked else "white"
    axes.plot(
        [x], [y], ">" if spot.wait.is_least else "o", markersize=10, markerfacecolor=face, markeredgecolor=BLUE,
        markeredgewidth=1.6, zorder=4,
    )  # fmt: skip


def _labels(axes: Axes, spots: Sequence[Spot]) -> None:
    """Names beside dots; those of dots in one place together, none over another, over a dot or over the broken line."""
    taken = [*_lines(axes, undominated(spots)), *(box for spot in spots for box in _marks(axes, spot))]
    labels: list[Box] = []
    for (x, y), names in _places(axes, spots):
        text = shortened(", ".join(names), int((WIDTH - _LEFT) / _LETTER) - 2)
        box = _free((x, y), _LETTER * len(text), taken, labels)
        labels.append(box)
        axes.annotate(
            text, (x, y), xytext=(box[0], (box[1] + box[3]) / 2), xycoords="figure pixels", textcoords="figure pixels",
            fontsize=TEXT, color=INK, verticalalignment="center",
            arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.7, "shrinkA": 1, "shrinkB": 6},
        )  # fmt: skip


def _places(axes: Axes, spots: Sequence[Spot]) -> list[tuple[tuple[float, float], list[str]]]:
    found: list[tuple[tuple[float, float], list[str]]] = []
    for spot in spots:
        x, y = _pixel(axes, spot.wait.mean, spot.hours.mean)
        same = next((names for (a, b), names in found if math.hypot(a - x, b - y) < _NEAR), None)
        if same is None:
            found.append(((x, y), [spot.label]))
        else:
            same.append(spot.label)
    return found


def _lines(axes: Axes, spots: Sequence[Spot]) -> Iterator[Box]:
    """What the broken line covers."""
    at = [_pixel(axes, spot.wait.mean, spot.hours.mean) for spot in spots]
    for (a, b), (c, d) in pairwise(at):
        yield a, b - _CLEAR, c, b + _CLEAR
        yield c - _CLEAR, d, c + _CLEAR, b


def _marks(axes: Axes, spot: Spot) -> Iterator[Box]:
    """What a dot and its whiskers cover."""
    x, y = _pixel(axes, spot.wait.mean, spot.hours.mean)
    yield x - _DOT, y - _DOT, x + _DOT, y + _DOT
    if math.isfinite(spot.wait.hi - spot.wait.lo):
        left, right = (_pixel(axes, end, spot.hours.mean)[0] for end in (spot.wait.lo, spot.wait.hi))
        yield left, y - _CLEAR, right, y + _CLEAR


def _pixel(axes: Axes, seconds: float, hours: float) -> tuple[float, float]:
    x, y = axes.transData.transform((seconds, hours))
    return float(x), float(y)


def _free(at: tuple[float, float], width: float, taken: Sequence[Box], labels: Sequence[Box]) -> Box:
    """The place for a label nearest to its dot that covers nothing, and whose lead to it crosses no other label."""
    inside = [box for box in _around(at, width) if box[1] > _BOTTOM and box[3] < _HEIGHT]
    clear = [box for box in inside if not any(_overlap(box, other) for other in (*taken, *labels))]
    led = (box for box in clear if not any(_overlap(dot, label) for dot in _lead(at, box) for label in labels))
    return next(led, (clear or inside)[0])


def _lead(at: tuple[float, float], box: Box) -> Iterator[Box]:
    """Dots along the line from a label's middle to its own dot."""
    middle = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    for part in (step / 16 for step in range(17)):
        x, y = (a + (b - a) * part for a, b in zip(at, middle, strict=True))
        yield x - 1, y - 1, x + 1, y + 1


def _around(at: tuple[float, float], width: float) -> Iterator[Box]:
    """Boxes for a label so wide: above and below its dot, to the right, then to the left, further and further off."""
    x, y = at
    rightmost = WIDTH - width - 4
    for step in range(1, 14):
        for left in (min(x + 8, rightmost), x - 8 - width):
            for side in (1, -1):
                middle = y + side * _LINE * step
                if left >= _LEFT:
                    yield left, middle - _LINE / 2, left + width, middle + _LINE / 2


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
