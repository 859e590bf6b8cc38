"""The lineage of an event as a picture: what was valid when, on an axis that holds years and milliseconds alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.lineage.lineage import Lineage
from analysis.report.captions import DESCENT
from analysis.report.drawing import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    ROW,
    SKY,
    SMALL,
    WIDTH,
    Drawing,
    canvas,
    drawing,
    panel,
    rows,
    style,
)
from analysis.report.legible import shortened, spoken

_LEFT: Final = 250
_TOP: Final = 16
_BOTTOM: Final = 62
_LONGEST_NAME: Final = 22
# The greatest distance from the event that is drawn, in seconds.
_FAR: Final = 3e8
_MARKS: Final = (
    (1, "1 s"), (60, "1 min"), (3600, "1 h"), (86_400, "1 day"), (30 * 86_400, "1 month"), (365 * 86_400, "1 year"),
)  # fmt: skip
_COLOURS: Final = {
    "event": ORANGE, "attacker": ORANGE, "credential": BLUE, "issued_from": BLUE, "issue": BLUE, "task": SKY,
    "called_by": SKY,
}  # fmt: skip


@dataclass(frozen=True)
class Stretch:
    """A link as drawn: seconds from the event to its start and end; None where that is not known."""

    link: str
    name: str
    starts: float | None
    ends: float | None


def descent(lineage: Lineage) -> Drawing:
    """The links of a lineage, a row each, from when until when they held; the event is the line in the middle."""
    stretches = _stretches(lineage)
    words = "; ".join(f"{spoken(each.link)} {each.name}" for each in stretches)
    with style():
        return drawing(_figure(stretches), DESCENT, words)


def _stretches(lineage: Lineage) -> list[Stretch]:
    links = lineage.links
    origin = links["starts"][0]
    return [
        Stretch(link, name, _seconds(starts, origin), _seconds(ends, origin))
        for link, name, starts, ends in links[["link", "name", "starts", "ends"]].itertuples(index=False, name=None)
    ]


def _seconds(time: datetime | None, origin: datetime) -> float | None:
    return None if time is None else (time - origin).total_seconds()


def _figure(stretches: Sequence[Stretch]) -> Figure:
    figure = canvas(_TOP + _BOTTOM + ROW * len(stretches))
    axes = panel(figure, _LEFT, WIDTH - _LEFT - 16, _TOP, _BOTTOM)
    rows(axes, [f"{spoken(each.link)}: {shortened(each.name, _LONGEST_NAME)}" for each in stretches])
    axes.tick_params(axis="y", labelsize=SMALL)
    _axis(axes)
    axes.axvline(0, color=ORANGE, linewidth=1.2, zorder=1)
    for row, each in enumerate(stretches):
        _bar(axes, row, each)
    return figure


def _axis(axes: Axes) -> None:
    axes.set_xscale("symlog", linthresh=1, linscale=0.6)
    axes.set_xlim(-_FAR, _FAR)
    marks = [(side * at, f"{'−' if side < 0 else '+'}{name}") for side in (-1, 1) for at, name in _MARKS]
    axes.set_xticks([0.0, *(at for at, _ in marks)], ["event", *(name for _, name in marks)])
    axes.tick_params(axis="x", rotation=40)
    axes.set_xticks([], minor=True)


def _bar(axes: Axes, row: int, each: Stretch) -> None:
    """A bar between two known ends; dotted towards an end that is not known, an arrow at one beyond the edge."""
    if each.starts is None and each.ends is None:
        return
    colour = _COLOURS.get(each.link, GREY)
    start, end = max(each.starts or 0, -_FAR), min(_FAR if each.ends is None else each.ends, _FAR)
    if each.starts is None or each.ends is None:
        reach = (-_FAR, end) if each.starts is None else (start, _FAR)
        axes.plot(reach, [row, row], color=colour, linewidth=2, linestyle=(0, (1, 2)), zorder=2)
        axes.plot([end if each.starts is None else start], [row], marker="|", markersize=12, color=colour, zorder=3)
        return
    axes.plot([start, end], [row, row], color=colour, linewidth=9, solid_capstyle="butt", zorder=3)
    # However short it is, it is seen.
    axes.plot([start], [row], marker="|", markersize=9, markeredgewidth=2, color=colour, zorder=3)
    if each.ends >= _FAR:
        axes.plot([_FAR], [row], marker=">", color=INK, markersize=6, clip_on=False, zorder=4)
    if each.starts <= -_FAR:
        axes.plot([-_FAR], [row], marker="<", color=INK, markersize=6, clip_on=False, zorder=4)
