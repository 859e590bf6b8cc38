"""Where a sign changes: against roots that are known, where there is none, and where nothing is settled."""

from math import inf

import numpy as np
import pytest
from scipy import stats

from analysis.crossing import BreakEven, crossing
from analysis.screen import column
from analysis.statistics import interval, known, limited

# What one replicate differs from another by; their mean is zero.
SPREAD = (-0.2, 0.1, 0.05, -0.03, 0.08, 0.0)
# Ten of a normal law, and ten of an exponential one: their quantiles, about their mean.
PLACES = (np.arange(10) + 0.5) / 10
EVEN, SKEWED = (each - each.mean() for each in (stats.norm.ppf(PLACES), stats.expon.ppf(PLACES)))


def around(function, spread=SPREAD):
    """Differences of replicates around a known mean."""
    return lambda value: known([function(value) + each for each in spread])


def reaching(values):
    """How far the interval of a mean goes that holds in 99 %: by resamples drawn here, each by its own error."""
    drawn = values[np.random.default_rng(7).integers(0, len(values), (200_000, len(values)))]
    away = np.abs(drawn.mean(axis=1) - values.mean()) / stats.sem(drawn, axis=1)
    return np.quantile(away, 0.99) * stats.sem(values)


def test_a_known_root_is_found_with_its_interval():
    """Of x² − 2 it is √2; its interval ends where the mean is as far from zero as one of five intervals reaches."""
    found, half = crossing(around(lambda x: x * x - 2, EVEN / 2), (0, 10)), reaching(EVEN / 2)
    assert found.at == pytest.approx(2**0.5, abs=10 / 256)
    assert (2 - 1.07 * half) ** 0.5 - 2**0.5 / 64 < found.lo < (2 - 0.93 * half) ** 0.5
    assert (2 + 0.93 * half) ** 0.5 < found.hi < (2 + 1.07 * half) ** 0.5 + 1.1 / 64
    assert found.flips == 1
    assert found.points[0][0] == 0
    assert found.points[-1][0] == 10


@pytest.mark.parametrize("spread", [EVEN, SKEWED])
def test_five_intervals_hold_together_at_every_look(spread):
    """Each holds in 99 %: of a normal law about as wide as Student's of so many, of a skewed one half again as wide."""
    found, half = crossing(around(lambda x: x - 3, 0.3 * spread), (0, 10)), reaching(0.3 * spread)
    assert len(found.points) > 5
    for value, apart in found.points:
        assert (apart.lo, apart.hi) == pytest.approx((value - 3 - half, value - 3 + half), abs=0.07 * half)
    student = interval(0.3 * spread, claims=5).hi
    assert half / student == pytest.approx(1.03 if spread is EVEN else 1.6, abs=0.05)


@pytest.mark.parametrize(("law", "most"), [(stats.expon(), 0.035), (stats.lognorm(1), 0.06)])
def test_where_replications_are_skewed_the_break_even_is_missed_as_seldom_as_is_said(law, most):
    """In a fiftieth to a twentieth of samples of ten; Student's intervals, five at once, miss it in twice as many."""
    draws = law.rvs((400, 10), random_state=np.random.default_rng(2)) - law.mean()
    looks = [crossing(lambda _, each=each: known(each), (0, 1), whole=True).points[0][1] for each in draws]
    missed = np.mean([each.excludes_zero for each in looks])
    assert most / 3 < missed < most
    assert np.mean([interval(each, claims=5).excludes_zero for each in draws]) > most


def test_halving_misses_no_more_where_replications_are_drawn_anew_at_every_value():
    """What a look by halving finds at one value tells nothing of the next then, and any of twenty may err."""
    found = []
    for number in range(50):
        draws = np.random.default_rng(number)
        root = draws.uniform(3, 7)
        found.append(
            (root, crossing(lambda x, root=root, draws=draws: known(x - root + draws.normal(0, 0.5, 10)), (0, 10)))
        )
    missed = [not each.lo <= root <= each.hi for root, each in found]
    assert np.mean(missed) <= 0.05
    assert np.median([each.hi - each.lo for _, each in found]) < 2.5 * 0.5 * stats.t.ppf(0.995, 9) / 10**0.5


@pytest.mark.parametrize("sign", [1, -1])
def test_it_does_not_matter_who_is_better_first(sign):
    """A falling difference crosses where a rising one does."""
    found = crossing(around(lambda x: sign * (x - 3.3)), (0, 10))
    assert found.at == pytest.approx(3.3, abs=10 / 256)
    assert found.lo < 3.3 < found.hi


def test_what_does_not_cross_is_said_not_to():
    """A difference whose interval keeps one sign at every look has no break-even there."""
    found = crossing(around(lambda x: x + 1), (0, 10))
    assert (found.at, found.lo, found.hi, found.flips, found.open) == (None, None, None, 0, None)
    assert len(found.points) == 5


def test_what_comes_too_near_to_zero_is_not_settled():
    """Means of one sign are no proof: where an interval holds zero a flip may lie, from the last settled look on."""
    found = crossing(around(lambda x: (x - 5) ** 2 + 0.001), (0, 10))
    assert (found.at, found.flips, found.open) == (None, 0, (2.5, 7.5))


def test_means_of_opposite_signs_are_no_flip():
    """Noise about zero changes the sign of a mean as it likes; only settled signs on both sides make a break-even."""
    found = crossing(around(lambda x: 0.02 if x > 5 else -0.02), (0, 10))
    assert (found.at, found.flips, found.open) == (None, 0, (0, 10))


def test_too_few_replications_settle_nothing():
    """Five that agree settle no sign, however far from zero; six do."""
    five, six = (crossing(around(lambda x: x - 5, SPREAD[:n]), (0, 9)) for n in (5, 6))
    assert (five.few, five.at, five.flips) == (True, None, 0)
    assert not six.few
    assert six.at == pytest.approx(5, abs=9 / 256)


def test_limits_on_both_sides_of_zero_settle_nothing():
    """Where limits allow both signs, no number of replications tells; an open end beyond a sign is no harm."""
    wide = crossing(lambda value: limited([value - 1.0] * 6, [value + 1.0] * 6), (0, 4))
    assert (wide.at, wide.open) == (None, (0, 2))
    endless = crossing(lambda value: limited([value + 1.0] * 6, [inf] * 6), (0, 4))
    assert (endless.at, endless.open) == (None, None)


def test_models_that_never_differ_have_none():
    """Zero in every replication everywhere is no change of sign, and nothing to be settled."""
    found = crossing(lambda _: known([0.0] * 6), (0, 1))
    assert (found.at, found.open) == (None, None)


def test_zero_before_a_sign_is_no_flip():
    """A knob that does nothing until it is large makes nobody lose what was never won."""
    found = crossing(lambda x: known([max(0.0, x - 5)] * 6), (0, 10))
    assert (found.at, found.open) == (None, None)


def test_a_jump_is_found():
    """Where the difference leaps over zero the interval is the last bracket, and the leap lies within."""
    found = crossing(around(lambda x: 1.0 if x > 7.1 else -1.0), (0, 10))
    assert found.lo < 7.1 < found.hi
    assert (found.lo, found.hi) == found.between
    assert found.hi - found.lo == pytest.approx(2.5 / 64)


@pytest.mark.parametrize("spread", [1e-9, 0.01, 0.3])
def test_however_little_replications_differ_the_interval_holds_the_break_even(spread):
    """Of a root that may lie anywhere it is missed as seldom as is said, and it is no wider than that takes.

    Its ends are values at which a sign was seen to be settled: midpoints between such and others missed a third of
    roots where replications hardly differed. The last brackets add less than twice a sixty-fourth of a first one.
    """
    draws, missed, wide = np.random.default_rng(3), 0, []
    for _ in range(25):
        root, apart = draws.uniform(1.5, 8.5), spread * draws.normal(size=10)
        found = crossing(around(lambda x, root=root: x - root, apart), (0, 10))
        missed += not found.lo <= root <= found.hi
        seen = [dict(found.points)[value] for value in (found.lo, *found.between, found.hi)]
        assert [each.mean > 0 for each in seen] == [False, False, True, True]
        wide.append(found.hi - found.lo - (seen[0].hi - seen[0].lo))
    assert missed <= 1
    assert max(wide) < 2 * 2.5 / 64 + 1e-9 * spread


def test_an_end_that_is_not_settled_is_open():
    """Where even the first value cannot be told apart from zero, a flip is not claimed, and the span is named."""
    found = crossing(around(lambda x: (x - 1) / 50), (0, 100))
    assert (found.at, found.flips, found.open) == (None, 0, (0, 25))


def test_several_flips_are_counted():
    """Of more than one the first is given, and how many were seen."""
    found = crossing(around(lambda x: (x - 1) * (x - 4) * (x - 9)), (0, 10))
    assert found.at == pytest.approx(1, abs=10 / 256)
    assert found.flips == 3


def test_whole_numbers_stay_whole():
    """A knob of whole numbers is asked for nothing else, and the bracket ends where no number lies between."""
    asked = []

    def difference(value):
        asked.append(value)
        return known([value - 130.5 + 10 * each for each in SPREAD])

    found = crossing(difference, (3, 260), whole=True)
    assert found.at == pytest.approx(130.5, abs=1)
    assert all(type(value) is int for value in asked)
    assert len(asked) == len(set(asked))


def test_the_first_looks_are_at_quarters_of_the_span():
    """Wherever the span begins."""
    assert [value for value, _ in crossing(around(lambda x: x), (4, 8)).points] == [4, 5, 6, 7, 8]


def test_a_bracket_ends_as_a_sixty_fourth_of_what_it_was():
    """Between looks at 5 and 7.5 it is halved six times; what is given is the middle of the last."""
    found = crossing(around(lambda x: 1.0 if x > 7.1 else -1.0), (0, 10))
    assert (found.at - 5) / (2.5 / 128) % 2 == 1


def test_too_few_replications_anywhere_are_too_few():
    """One look with five replications is named, though the others have six."""
    assert crossing(lambda value: known([1.0] * (5 if value == 4 else 6)), (0, 4)).few
    assert not crossing(lambda _: known([1.0] * 6), (0, 4)).few


def test_of_two_flips_the_first_is_given():
    """Where the sign comes back, what is sought is where it was lost."""
    found = crossing(around(lambda x: (x - 1) * (x - 6)), (0, 10))
    assert (found.flips, found.at) == (2, pytest.approx(1, abs=10 / 256))


def test_a_sign_is_lost_where_limits_allow_the_other():
    """Of limits one below and one above a value, the negative sign is lost where the upper one reaches zero."""
    found = crossing(lambda value: limited([value - 1.0] * 6, [value + 1.0] * 6), (-10, 10))
    assert found.at == pytest.approx(-1, abs=10 / 128)
    assert -1 - 10 / 64 <= found.lo < -1
    assert 1 < found.hi <= 1 + 10 / 64


@pytest.mark.parametrize(("key", "names"), [("held", ["a", "", "b", ""]), ("completed", ["b", "", "a", ""])])
def test_the_better_of_two_has_less_of_what_is_bad_and_more_of_what_is_good(key, names):
    """By the mean of the first less the second, settled or not; of what has no one sign neither is."""
    found = BreakEven(column(key), ("a", "b"), "knob", 1, crossing(around(lambda x: x), (-1, 1)))
    apart = [interval(limited([least], [most])) for least, most in [(-1.0, -1.0), (0.0, 0.0), (1.0, 2.0), (-1.0, 1.0)]]
    assert [found.better(each) for each in apart] == names
