"""Numbers as they are read: digits by the interval, times in units, limits as limits, nothing known as nothing."""

from math import inf

import numpy as np
import pytest

from analysis.report.numerals import Reading, about, between, found_to, quantity, reading, written
from analysis.statistics import Interval
from tests.analysis.report.made import NAN, told

READ = {
    "as many digits as the interval bears out": (told(12.3456, 0.5), "", "12.3", "[11.8, 12.9]", "± 0.6"),
    "four significant digits at most": (told(23.97031, 0.0054), "", "23.97", "[23.96, 23.98]", "± 0.01"),
    "one digit more where the mean needs it": (told(0.5, 1.5), "", "0.5", "[−1.0, 2.0]", "± 1.5"),
    "no digits that the interval drowns": (told(0.02, 17.0), "", "0", "[−17, 18]", "± 18"),
    "the same in every run": (told(87.438330170778, 1e-14), "", "87.4", "every run", "every run"),
    "a whole number in every run": (told(100.0, 0.0), "", "100", "every run", "every run"),
    "one replication": (told(0.25, replications=1), "", "0.250", "one run", "one run"),
    "too few to tell": (told(0.25, replications=5), "", "0.250", "too few runs", "too few runs"),
    "nothing": (told(NAN), "s", "not shown", "", ""),
    "no time": (told(0.0, 0.0), "s per task", "0 s", "every run", "every run"),
    "milliseconds": (told(0.0042, 0.0001), "s", "4.2 ms", "[4.1, 4.3]", "± 0.1"),
    "seconds": (told(0.2179, 0.0042), "s", "0.218 s", "[0.213, 0.223]", "± 0.005"),
    "minutes": (told(862.6, 2.4), "seconds", "14.38 min", "[14.33, 14.42]", "± 0.05"),
    "hours": (told(28505.8, 67.4), "s", "7.92 h", "[7.89, 7.94]", "± 0.03"),
    "days": (told(864000.0, 86400.0), "s", "10 days", "[9, 11]", "± 1"),
    "a reduction of time": (told(-14400.0, 600.0), "s", "−4.0 h", "[−4.2, −3.8]", "± 0.2"),
    "an end that is not zero": (told(0.38, 0.34), "", "0.38", "[0.04, 0.72]", "± 0.34"),
    "next to nothing": (told(0.0000001, 0.000002), "", "0.000", "[−0.001, 0.001]", "± 0.001"),
    "a limit on one side": (Interval(0.5, 0.0, 2.0, 10), "", "0.5", "[0.0, 2.0]", "[0.0, 2.0]"),
    "zero within its interval": (told(0.0, 0.3), "", "0.0", "[−0.3, 0.3]", "± 0.3"),
}  # fmt: skip


@pytest.mark.parametrize("case", READ)
def test_an_estimate_is_read(case):
    """Value, interval and reach have the digits and the unit that a reader needs."""
    estimate, unit, *expected = READ[case]
    assert reading(estimate, unit) == Reading(*expected)


@pytest.mark.parametrize(
    ("lo", "hi", "interval", "reach"),
    [(8.51, 11.49, "[8, 12]", "± 2"), (8.6, 11.4, "[8, 12]", "± 2"), (15.9933, 15.9997, "[15.99, 16.00]", "± 0.01")],
)
def test_no_interval_is_told_narrower_than_it_is(lo, hi, interval, reach):
    """Its ends are rounded outwards, and what it reaches upwards, from the mean as that is written."""
    shown = reading(Interval((lo + hi) / 2, lo, hi, 10))
    assert (shown.interval, shown.reach) == (interval, reach)


@pytest.mark.parametrize("seed", range(3))
def test_an_interval_as_written_holds_the_interval(seed):
    """Whatever its mean and width, in brackets and as a reach; and neither is wider than by a digit or two."""
    draws = np.random.default_rng(seed)
    for mean, half in zip(draws.normal(0, 50, 300), 10 ** draws.uniform(-3, 2, 300), strict=True):
        lo, hi = mean - half, mean + half
        shown = reading(Interval(mean, lo, hi, 10))
        value, least, most, reach = (
            float(each.replace("−", "-").replace(",", ""))
            for each in (shown.value, *shown.interval.strip("[]").split(", "), shown.reach.removeprefix("± "))
        )
        digit = 10.0 ** -len(shown.value.partition(".")[2])
        assert lo - digit < least <= lo + 1e-9
        assert hi - 1e-9 <= most < hi + digit
        assert half - 1e-9 <= reach < half + 1.5 * digit + 1e-9
        assert value - reach <= lo + 1e-9 < hi - 1e-9 <= value + reach


def test_a_lower_limit_is_shown_as_one():
    """Where the end was not seen there is no interval to give; the value says that it is a limit, never rounded up."""
    shown = reading(told(172727.9, 200.0, most=inf), "s")
    assert (shown.value, shown.interval, shown.text) == ("> 47.9 h", "no end seen", "> 47.9 h")


@pytest.mark.parametrize(
    ("lo", "hi", "unit", "expected"),
    [
        (None, None, "", "not shown"),
        (0.5, None, "", "at least 0.500"),
        (None, 90.0, "s", "at most 90 s"),
        (1.46, 24.0, "", "1.46 to 24"),
        (3.0, 3.0, "", "3"),
        (0.9001753, 0.9001754, "", "0.900"),
    ],
)  # fmt: skip
def test_what_a_log_says_is_read(lo, hi, unit, expected):
    """Bounds that are open are said to be, and bounds that meet are one number."""
    assert between(lo, hi, unit) == expected


@pytest.mark.parametrize(
    ("value", "said"),
    [(1.0, "1.0"), (3.449, "3.4"), (9.97, "10"), (12.63, "13"), (146.0, "150"), (0.0, "0"), (0.123, "0.12")],
)  # fmt: skip
def test_what_is_found_by_resampling_has_two_digits(value, said):
    """A reach of 12.63 is one of 11 to 15, with other resamples: what follows the second digit is nothing."""
    assert about(value) == said


def test_no_zero_is_negative():
    """A difference that rounds to nothing has no sign, and a negative number has a true minus."""
    assert [written(value, 1) for value in (-0.04, 0.04, -0.06)] == ["0.0", "0.0", "−0.1"]
    assert quantity(1234567.0) == "1,234,567"


@pytest.mark.parametrize(
    ("width", "at", "lo", "hi", "told"),
    [
        (42.0, 4822.1, 4805.3, 4845.0, "4,820 [4,800, 4,850]"),
        (0.04, 7.0898, 7.0703, 7.1094, "7.09 [7.07, 7.11]"),
        (1.0, 130.5, 120.0, 141.0, "130.5 [120, 141]"),
        (0.04, -7.0898, -7.1094, -7.0703, "−7.09 [−7.11, −7.07]"),
    ],
)
def test_what_is_found_to_a_width_has_no_more_digits_than_that(width, at, lo, hi, told):
    """And the interval around it is never told narrower than it is."""
    assert found_to(width, at, lo, hi) == told
