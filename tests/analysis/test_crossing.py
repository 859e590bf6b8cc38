"""Where a sign changes: against roots that are known, and where there is none."""

import pytest

from analysis.crossing import crossing
from analysis.statistics import interval

# What one replicate differs from another by; their mean is zero, and Student's interval reaches 0.1148.
SPREAD = (-0.2, 0.1, 0.05, -0.03, 0.08, 0.0)
REACH = interval(SPREAD).hi


def around(function):
    """Differences of replicates around a known mean."""
    return lambda value: [function(value) + each for each in SPREAD]


def test_a_known_root_is_found_with_its_interval():
    """Of x² − 2 it is √2; its interval ends where the mean is as far from zero as the interval reaches."""
    found = crossing(around(lambda x: x * x - 2), 0, 10)
    assert found.at == pytest.approx(2**0.5, abs=10 / 256)
    assert found.lo == pytest.approx((2 - REACH) ** 0.5, abs=10 / 256)
    assert found.hi == pytest.approx((2 + REACH) ** 0.5, abs=10 / 256)
    assert found.flips == 1
    assert found.points[0][0] == 0
    assert found.points[-1][0] == 10


@pytest.mark.parametrize("sign", [1, -1])
def test_it_does_not_matter_who_is_better_first(sign):
    """A falling difference crosses where a rising one does."""
    found = crossing(around(lambda x: sign * (x - 3.3)), 0, 10)
    assert found.at == pytest.approx(3.3, abs=10 / 256)
    assert found.lo < 3.3 < found.hi


def test_what_does_not_cross_is_said_not_to():
    """A difference of one sign has no break-even, however near it comes."""
    found = crossing(around(lambda x: x + 0.001), 0, 10)
    assert (found.at, found.lo, found.hi, found.flips) == (None, None, None, 0)
    assert len(found.points) == 5


def test_models_that_never_differ_have_none():
    """Zero everywhere is no change of sign."""
    assert crossing(lambda _: [0.0, 0.0], 0, 1).at is None


def test_zero_before_a_sign_is_no_flip():
    """A knob that does nothing until it is large makes nobody lose what was never won."""
    assert crossing(around(lambda x: max(0.0, x - 5) ** 2 + 1e-12), 0, 10).at is None


def test_a_jump_is_found():
    """Where the difference leaps over zero the leap is the break-even, and the interval shuts around it."""
    found = crossing(around(lambda x: 1.0 if x > 7.1 else -1.0), 0, 10)
    assert found.at == pytest.approx(7.1, abs=10 / 256)
    assert found.hi - found.lo < 3 * 10 / 256


def test_an_end_that_is_not_settled_is_open():
    """Where even the first value cannot be told apart from zero, the interval has no lower end in the range."""
    found = crossing(around(lambda x: (x - 1) / 50), 0, 100)
    assert found.at == pytest.approx(1, abs=100 / 256)
    assert found.lo is None
    assert found.hi == pytest.approx(1 + 50 * REACH, abs=100 / 256)


def test_several_flips_are_counted():
    """Of more than one the first is given, and how many were seen."""
    found = crossing(around(lambda x: (x - 1) * (x - 4) * (x - 9)), 0, 10)
    assert found.at == pytest.approx(1, abs=10 / 256)
    assert found.flips == 3


def test_whole_numbers_stay_whole():
    """A knob of whole numbers is asked for nothing else, and the bracket ends where no number lies between."""
    asked = []

    def difference(value):
        asked.append(value)
        return [value - 130.5 + 10 * each for each in SPREAD]

    found = crossing(difference, 3, 260, whole=True)
    assert found.at == pytest.approx(130.5, abs=1)
    assert all(type(value) is int for value in asked)
    assert len(asked) == len(set(asked))
