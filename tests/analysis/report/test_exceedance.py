"""How often a compromise costs how much: what is said of it, and what a panel draws."""

from math import nan

import pytest

from analysis.report.exceedance import LOSSES, Curve, exceedance, often
from analysis.statistics import Interval


def told(mean, lo=nan, hi=nan):
    """An estimate of five replications."""
    return Interval(mean, lo, hi, 5)


@pytest.mark.parametrize(
    ("times", "words"),
    [(told(nan), "not known"), (told(0.0), "in no run seen"), (told(0.0, 0.0, 0.0), "in no run seen"),
     (told(1e-9, -1e-9, 1e-8), "once in 100,000 years or rarer"), (told(0.1), "once in 10 years"),
     (told(0.1, 0.05, 0.125), "once in 8 to 20 years"), (told(0.1, 0.1, 0.1), "once in 10 years"),
     (told(0.1, -0.1, 0.25), "once in 4 years or rarer"), (told(1 / 1234), "once in 1,000 years"),
     (told(3.14159, 2.5, 4.0), "2.5 to 4 a year"), (told(1.5, -0.5, 2.5), "0 to 2.5 a year")],
)  # fmt: skip
def test_how_often_is_said_in_years_with_its_interval(times, words):
    """A chance in a year as the years that it takes, both ends where they are known; none in any run is not never."""
    assert often(times) == words


def test_a_curve_ends_where_there_is_no_greater_loss():
    """What never happens has no place on a logarithmic axis, and the baseline's curve lies behind the others."""
    safe, lost = told(0.0, 0.0, 0.0), told(0.1, 0.05, 0.2)
    all_of_it, little = Curve("all", (lost,) * len(LOSSES)), Curve("little", (lost, lost, *(safe,) * (len(LOSSES) - 2)))
    assert (len(all_of_it.seen), len(little.seen)) == (len(LOSSES), 2)
    drawn = [[len(line.get_xdata()) for line in axes.lines if line.get_marker() == "o"] for axes in
             exceedance([all_of_it, little]).axes]  # fmt: skip
    assert drawn == [[len(LOSSES)], [len(LOSSES), 2]]
