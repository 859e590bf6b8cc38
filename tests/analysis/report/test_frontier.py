"""Exposure against friction: no label lies over the broken line, a dot or another label, wherever the models lie."""

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from analysis.report.drawing import style
from analysis.report.figures import spot
from analysis.report.frontier import Spot, frontier, undominated
from tests.analysis.report.made import baseline, cell, compared, cut, model, told

PLACES = {
    "the last in a corner": ((258, 24), (258, 16), (414, 0.2)),
    "the last far off": ((4, 24), (5, 16), (6, 15.9), (90000, 0.1)),
    "two near each other": ((3312, 24), (3312, 1.4), (3350, 0.6)),
    "a flight of steps": ((10, 24), (20, 16), (30, 9), (40, 4), (50, 0.5)),
    "all in one place": ((258, 24), (258, 24), (258, 24)),
}


def spots(places):
    """Models at these places, the last with a long remark."""
    remarks = ["" for _ in places[:-1]] + ["141 approver-min per 100 tasks"]
    return [
        Spot(f"model_{n}", told(float(x), 0.05 * x), told(float(y), 0.1), remark, ranked=True)
        for n, ((x, y), remark) in enumerate(zip(places, remarks, strict=True))
    ]


def drawn(places):
    """Boxes of the labels, and points along the broken line, in pixels."""
    with style():
        figure = frontier(spots(places))
        renderer = FigureCanvasAgg(figure).get_renderer()
        [axes] = figure.axes
        labels = [text for text in axes.texts if text.get_text()]
        boxes = [super(type(label), label).get_window_extent(renderer) for label in labels]
        [line] = [each for each in axes.lines if each.get_linestyle() == "--"] or [None]
        corners = [] if line is None else axes.transData.transform(_steps(*line.get_data()))
    return boxes, [point for a, b in pairwise(corners) for point in _along(a, b)]


def _steps(xs, ys):
    """Corners of the line: to the right first, then down."""
    return [corner for (a, b), (c, d) in pairwise(zip(xs, ys, strict=True)) for corner in ((a, b), (c, b), (c, d))]


def _along(a, b):
    return [a + (b - a) * part for part in np.linspace(0, 1, 200)]


@pytest.mark.parametrize("case", PLACES)
def test_no_label_is_crossed(case):
    """The broken line runs through none of the names, and no name lies over another or outside the figure."""
    boxes, points = drawn(PLACES[case])
    assert points
    assert [box for box in boxes for x, y in points if box.contains(x, y)] == []
    assert [(n, m) for n, one in enumerate(boxes) for m, other in enumerate(boxes[:n]) if one.overlaps(other)] == []
    assert all(box.x0 >= 0 and box.x1 <= 800 and box.y0 >= 50 for box in boxes)


def test_who_is_set_apart_is_named():
    """Where dots lie upon each other the open one cannot be seen: its label says that it is set apart."""
    lazy = cell("completed", told(90.0, 0.1), told(-10.0, 0.2))
    idle, busy = model("idle", obtainable=cut(0.5, 12.0), completed=lazy), model("busy", obtainable=cut(0.5, 12.0))
    comparison = compared(baseline(), idle, busy)
    assert [spot(row, comparison).label for row in comparison.rows[1:]] == ["idle (set apart)", "busy"]


def test_the_line_joins_those_that_none_beats():
    """A model that another equals in one and beats in the other is not on the line."""
    found = undominated(spots(((10, 24), (10, 16), (20, 16), (30, 1))))
    assert [(spot.wait.mean, spot.hours.mean) for spot in found] == [(10, 16), (30, 1)]


def test_a_difference_that_nobody_would_see_is_none():
    """Who is ahead by milliseconds is no better, and who is behind by them no worse."""
    found = undominated(spots(((250.0, 15.98), (250.2, 15.979999), (251, 0.2))))
    assert [spot.hours.mean for spot in found] == [0.2]
