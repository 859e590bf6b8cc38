"""A forest plot: its numbers stand beside its dots, and never on each other."""

from itertools import pairwise

import pytest

from analysis.report.drawing import style
from analysis.report.forest import HOLLOW, SOLID, Axis, Series, forest
from analysis.statistics import Interval

WIDE = Interval(3585.6, 3584.4, 3592.8, 10, 3591)
NARROW = Interval(72, 71, 73, 10)


@pytest.mark.parametrize("points", [(WIDE, WIDE), (NARROW, WIDE), (NARROW, NARROW)])
def test_numbers_of_two_columns_do_not_touch(points):
    """However long what is known only within limits is written."""
    with style():
        series = [Series("a", points[:1], HOLLOW), Series("b", points[1:], SOLID)]
        figure = forest(["one"], series, Axis("t", "s"))
        [axes] = figure.axes
        boxes = sorted((text.get_window_extent() for text in axes.texts if "[" in text.get_text()), key=lambda b: b.x0)
    assert len(boxes) == 2
    assert all(left.x1 + 4 < right.x0 for left, right in pairwise(boxes))
    assert axes.get_window_extent().x1 < boxes[0].x0
