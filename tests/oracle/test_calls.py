"""How many calls tasks make, where the law is lognormal: against that law, rounded to the nearest whole number."""

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import stats

from sim.audit import ids
from sim.workload.fleet import generate
from tests.oracle.errors import agrees
from tests.worlds import SOURCE, scenario

MEDIAN, SIGMA, CAP = 4.0, 0.65, 12
FIGURES = {**SOURCE, "law": "lognormal", "median": MEDIAN, "sigma": SIGMA, "cap": CAP}


@pytest.fixture(scope="module")
def counts():
    """Tasks by replication and number of calls."""
    settings = {"fleet.agents": 30, "arrivals.per_agent_day": 200, "calls": FIGURES}
    return np.array([_counts(generate(scenario(settings), 11, replicate)) for replicate in range(16)])


def _counts(workload):
    place = np.searchsorted(workload.tasks.id, ids.task_of(workload.actions.id))
    calls = np.bincount(place, minlength=len(workload.tasks.id))
    return np.bincount(calls, minlength=CAP + 1)


def intended(median=MEDIAN, sigma=SIGMA, shift=0.5):
    """Share of tasks with 0 to CAP calls."""
    below = stats.lognorm(sigma, scale=median).cdf(np.arange(CAP) + shift)
    return np.diff([0.0, *below, 1.0])


def test_calls_are_lognormal(counts):
    """As many tasks have each number of calls as the law says, two-sided; those of other laws are told apart."""
    seen, size = counts.sum(axis=0), counts.sum()
    for law, holds in ((intended(), True), (intended(median=4.1), False), (intended(sigma=0.62), False),
                       (intended(shift=1.0), False)):  # fmt: skip
        distance = np.sum((seen - size * law) ** 2 / (size * law))
        chance = stats.chi2(CAP).cdf(distance)
        assert (0.001 < chance < 0.999) == holds


def test_the_mean_agrees_over_replications(counts):
    """The mean number of calls is that of the law, cut off at the cap; without the cap it would not be."""
    means = counts @ np.arange(CAP + 1) / counts.sum(axis=1)
    assert agrees(means, intended() @ np.arange(CAP + 1))
    assert not agrees(means, MEDIAN * np.exp(SIGMA**2 / 2))


@pytest.mark.parametrize(
    ("calls", "said"),
    [
        ({"law": "lognormal", "mean": 3, "size": 2}, "law = lognormal needs median and sigma"),
        ({"law": "negative_binomial", "mean": 3}, "law = negative_binomial needs size"),
        ({"law": "poisson", "mean": 3}, "'negative_binomial' or 'lognormal'"),
        ({"mean": 3, "size": 2}, "law"),
        ({"law": "lognormal", "median": 0, "sigma": 1}, "greater than 0"),
    ],
)
def test_half_a_law_is_refused(calls, said):
    """A law without its figures, or figures without a law, are refused by name."""
    with pytest.raises(ValidationError, match=said):
        scenario({"calls": {**SOURCE, "cap": 9, **calls}})


def test_the_other_law_falls_away():
    """Who extends a file and names another law than that keeps nothing of the old one."""
    figures = scenario({"calls": {**FIGURES, "mean": 3, "size": 2}}).calls
    assert figures.model_dump(exclude_unset=True) == FIGURES
