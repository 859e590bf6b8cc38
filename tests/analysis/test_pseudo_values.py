"""What is kept of a quantile where an assumption is varied: pseudo-values, or what resamples span if these hide it."""

import numpy as np
import pytest

from analysis.pooled import Pool, quantile
from analysis.sensitivity import as_kept
from analysis.statistics import interval, known, limited

QUICK, SLOW, OTHER = 60.0, 3600.0, 1000.0


def ties(counts, of):
    """The p95 of tasks that take a minute or an hour, by how many of each run take the hour."""
    pools = [np.where(np.arange(of) < count, SLOW, QUICK) for count in counts]
    return quantile([Pool(each, each) for each in pools], 0.95, "limits", 0)


def sign(theirs, ours):
    """That of what is kept, as it is read again."""
    before, after = (limited(each.parts, each.parts_most) for each in as_kept(theirs, ours))
    return interval(after - before).sign


def alone(theirs, ours):
    """That of pseudo-values, whatever resamples say."""
    return interval(known(ours.parts) - known(theirs.parts)).sign


def wrongly(rule, share, of, rounds=250):
    """How often a sign is settled that is not so, and how often the one that is, of tasks of which a share is slow."""
    draws, true = np.random.default_rng(9), 1 if share > 0.05 else -1
    theirs = known([OTHER] * 10)
    found = [rule(theirs, ties(draws.binomial(of, share, 10), of)) for _ in range(rounds)]
    return found.count(-true) / rounds, found.count(true) / rounds


@pytest.mark.parametrize(("share", "of"), [(0.052, 60), (0.048, 60)])
def test_of_ties_at_a_quantile_no_wrong_sign_is_settled_more_often_than_is_said(share, of):
    """Where one task in twenty or so takes an hour the p95 is an hour or a minute, and no run alone moves it.

    Pseudo-values then know of no error and settle the wrong one in a sixth to a third of cases.
    """
    assert wrongly(alone, share, of)[0] > 0.15
    assert wrongly(sign, share, of)[0] <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 250) / 2


def test_what_no_resample_moves_is_settled():
    """Where one task in eight is slow the p95 is an hour, whichever runs are drawn."""
    assert wrongly(sign, 0.125, 100)[1] > 0.95


def test_what_resamples_span_is_kept_where_pseudo_values_hide_it():
    """By hand: two of sixty tasks are slow, both in the last run; without any the p95 is quick, with two last slow."""
    theirs, ours = as_kept(known([OTHER] * 3), ties([0, 0, 2], 20))
    assert theirs.is_exact
    assert (ours.parts, ours.parts_most) == ((QUICK,) * 3, (SLOW,) * 3)


def test_a_difference_that_never_varies_is_kept_as_it_is():
    """Two models of the same tasks do not differ in any resample, however their quantile does."""
    theirs, ours = as_kept(ties([0, 0, 2], 20), ties([0, 0, 2], 20))
    assert theirs.is_exact
    assert ours.is_exact
    assert interval(ours - theirs).sign == 0


def test_pseudo_values_that_differ_are_kept_as_they_are():
    """Also of what is open, and of what is not known."""
    draws = np.random.default_rng(2)
    ours = quantile([Pool(x, x) for x in draws.lognormal(0, 1, (6, 60))], 0.95, "limits", 0)
    for each in (ours, known([np.nan] * 6), limited([1.0] * 6, [np.inf] * 6)):
        _, after = as_kept(known([1.0] * 6), each)
        assert np.array_equal(after.parts, each.parts, equal_nan=True)
        assert np.array_equal(after.parts_most, each.parts_most, equal_nan=True)
