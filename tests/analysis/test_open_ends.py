"""Ends that some resamples leave open: none is claimed where too many do, and what is known of the other is kept."""

from dataclasses import replace
from math import inf, sqrt

import numpy as np
import pytest
from scipy import stats

from analysis.enough import needed, others
from analysis.family import together
from analysis.pooled import Pool, quantile
from analysis.report.numerals import reading
from analysis.report.phrases import unsettled
from analysis.report.table import judged
from analysis.statistics import RESAMPLES, Interval, Quantity, interval, known
from tests.analysis.report.made import cell

RUNS = 10
REVOKE = cell("revoke").column


def reached_in_part(unreached, value=9.0):
    """A quantile of ten runs that the curves of so many resamples do not reach: there it is 12 at least."""
    drawn = np.random.default_rng(6).normal(value, 0.5, RESAMPLES)
    drawn[:unreached] = inf
    parts = np.full(RUNS, value)
    most = np.concatenate([[value], parts, drawn])
    return Quantity(np.where(np.isinf(most), 12.0, most), most, RUNS)


@pytest.mark.parametrize(("unreached", "is_open"), [(1, False), (50, False), (51, True), (700, True)])
def test_an_end_is_open_where_more_than_a_fortieth_of_the_resamples_do_not_reach_it(unreached, is_open):
    """In 51 of 2,000 there is no upper end; in 50 one, as far as those that reach it, and no further in than theirs."""
    quantity = reached_in_part(unreached)
    found, drawn = interval(quantity), quantity.most[1 + RUNS :]
    errors = [float(np.std(each)) * sqrt(RUNS / (RUNS - 1)) for each in (quantity.least[1 + RUNS :], drawn[unreached:])]
    reach = stats.t.ppf(0.975, RUNS - 1)
    assert found.lo == pytest.approx(9 - reach * errors[0])
    rank = np.sort(drawn)[int(0.975 * (RESAMPLES - 1))]
    assert found.hi == (inf if is_open else pytest.approx(max(rank, 9 + reach * errors[1])))
    assert (found.mean, found.upper, found.is_least) == (9, 9, False)


def test_an_end_is_no_nearer_than_that_of_the_resamples():
    """Where 40 in 2,000 do not reach it and 100 come far, the end is where 97.5 % end, whatever the others' spread."""
    drawn = np.concatenate([np.full(40, inf), np.full(100, 30.0), np.linspace(8.9, 9.1, RESAMPLES - 140)])
    end = np.concatenate([[9.0], np.full(RUNS, 9.0), drawn])
    assert interval(Quantity(np.where(np.isinf(end), 9.0, end), end, RUNS)).hi == 30


def test_in_a_family_an_end_that_any_resample_leaves_open_is_open():
    """It is no member of those that hold together, so that nothing is said of it; the other end is one, and is kept."""
    usual = known(np.arange(10.0))
    for unreached in (1, 700):
        quantity = reached_in_part(unreached)
        found = together([quantity, usual]).interval(quantity)
        assert found.hi == inf
        assert found.lo == pytest.approx(9 - found.reach * quantity.least[11:].std() * sqrt(10 / 9))
    assert together([reached_in_part(0), usual]).interval(reached_in_part(0)).hi < inf


def test_a_sign_is_settled_by_the_end_that_is_known():
    """What lasts nine hours or longer is longer than four, however much; the opposite is a difference without a lo."""
    brief = np.concatenate([np.full(1 + RUNS, 4.0), np.random.default_rng(3).normal(4, 0.5, RESAMPLES)])
    short = Quantity(brief, brief, RUNS)
    longer, shorter = interval(reached_in_part(700) - short), interval(short - reached_in_part(700))
    assert (longer.hi, shorter.lo) == (inf, -inf)
    assert 0 < longer.lo == pytest.approx(-shorter.hi)
    assert [judged(each, REVOKE) for each in (longer, shorter)] == ["worse", "better"]


def test_what_replications_leave_open_is_not_said_to_lie_on_both_sides_of_zero():
    """No number of other replications is told, nor that limits lie on both sides: the mean has one sign."""
    found = Interval(1.0, -inf, 2.0, RUNS, 1.0, reach=3.0)
    assert np.isnan(others(found))
    assert np.isnan(needed(found, 1.0))
    assert unsettled(found) == ""
    assert others(replace(found, lo=-0.5, hi=inf)) == others(replace(found, lo=-0.5)) > 0
    assert "both sides of zero" in unsettled(Interval(-1.0, -2.0, inf, RUNS, inf, reach=3.0))


OPEN = {
    "above": (Interval(15876.0, 14760.0, inf, 10, 15876.0), "s", "4.4 h", "[4.1, no end seen]"),
    "below": (Interval(-10.5, -inf, -8.0, 10, -10.5, reach=3.0), "s", "−10 s", "[no end seen, −8]"),
    "to both sides": (Interval(-10.5, -inf, inf, 10, -10.5, reach=3.0), "", "−10.5", "no end seen"),
    "few runs differ": (Interval(4.4, 0.0, inf, 10, reach=inf), "", "4.40", "few runs differ"),
}  # fmt: skip


@pytest.mark.parametrize("case", OPEN)
def test_what_is_open_is_read_as_that(case):
    """An end that is open is in words, the other in numbers; that few runs differ is said only where they do."""
    estimate, unit, value, said = OPEN[case]
    assert (reading(estimate, unit).value, reading(estimate, unit).interval) == (value, said)


def test_beyond_the_longest_time_that_is_seen_hardly_any_end_is_claimed():
    """Of times whose p95 is as long as the window, of which entries are uniform, few draws claim an end short of it.

    In every second draw some curve reaches it by chance; by those resamples alone each of these would claim one.
    """
    draws, rounds, claimed, reached = np.random.default_rng(1), 30, 0, 0
    for _ in range(rounds):
        times, until = draws.exponential(24 / -np.log(0.05), (RUNS, 40)), 24 * draws.random((RUNS, 40))
        pools = [Pool(np.minimum(t, u), np.where(t < u, t, inf)) for t, u in zip(times, until, strict=True)]
        found = interval(quantile(pools, 0.95, "kaplan-meier", 0))
        reached += found.upper < inf
        claimed += found.hi < 24
    assert claimed <= 0.025 * rounds + 4 * sqrt(0.025 * 0.975 * rounds)
    assert reached >= rounds / 3
