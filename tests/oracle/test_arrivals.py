"""When root tasks arrive, against the non-homogeneous Poisson process that the scenario intends.

On weekdays the rate is `peak_to_trough` times higher between two hours than outside, and `per_agent_day` in all; on
Saturday and Sunday it stays at the trough.
"""

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim import scenario
from sim.audit import ids
from sim.audit.rows import UNKNOWN
from sim.workload.fleet import generate
from tests.oracle.errors import agrees

FILE = Path(__file__).parents[2] / "data" / "scenarios" / "support_midsize.toml"
PER_DAY, RATIO, OPENS, CLOSES = 60, 4, 9, 18
AGENTS, DAYS, REPLICATIONS = 12, 14, 12
SETTINGS = {
    "start": "2026-01-05T00:00:00Z", "window.warm_up_hours": 24, "window.hours": 24 * (DAYS - 1),
    "fleet.agents": AGENTS, "calls.mean": 0.1,
    "sub_agents.share": 0.3, "incidents.t1b.count": 0,
    "arrivals.per_agent_day": PER_DAY, "arrivals.peak_to_trough": RATIO,
    "arrivals.peak_opens": OPENS, "arrivals.peak_closes": CLOSES,
}  # fmt: skip
HOUR = 3600 * 1_000_000


@pytest.fixture(scope="module")
def counts():
    """Root tasks by replication, agent, day from a Monday, and hour."""
    loaded = scenario.load(FILE, SETTINGS)
    return np.array([_counts(generate(loaded, 3, replicate)) for replicate in range(REPLICATIONS)])


def _counts(workload):
    roots = workload.tasks.parent == UNKNOWN
    hour = (workload.tasks.arrival[roots] - workload.begins) // HOUR
    cells = ids.agent_of(workload.tasks.id[roots]) * DAYS * 24 + hour
    return np.bincount(cells, minlength=AGENTS * DAYS * 24).reshape(AGENTS, DAYS, 24)


def intended(ratio=RATIO, *, weekend=True):
    """Expected number of tasks of one agent by day from a Monday and hour."""
    hours = np.arange(24)
    level = np.where((hours >= OPENS) & (hours < CLOSES), ratio, 1.0)
    weekday = PER_DAY * level / level.sum()
    quiet = np.full(24, weekday[0]) if weekend else weekday
    return np.array([quiet if day % 7 >= 5 else weekday for day in range(DAYS)])


def test_every_hour_has_its_rate(counts):
    """Hour by hour of the fortnight the number of arrivals is what is intended; chi-square, two-sided."""
    seen, expected = counts.sum(axis=(0, 1)), intended() * AGENTS * REPLICATIONS
    assert 0.001 < stats.chi2(seen.size).cdf(np.sum((seen - expected) ** 2 / expected)) < 0.999
    for wrong in (intended(ratio=3.7), intended(weekend=False), np.roll(intended(), 1, axis=1)):
        assert stats.chi2(seen.size).cdf(np.sum((seen - wrong * AGENTS * REPLICATIONS) ** 2 / expected)) > 0.999


def test_totals_agree_over_replications(counts):
    """Tasks of an agent on a weekday, at peak and at the weekend: the means over replications are those intended."""
    weekdays = np.arange(DAYS) % 7 < 5
    assert agrees(counts[:, :, weekdays].mean(axis=(1, 2)).sum(axis=1), PER_DAY)
    assert agrees(counts[:, :, weekdays, OPENS:CLOSES].mean(axis=(1, 2)).sum(axis=1), PER_DAY * 36 / 51)
    assert agrees(counts[:, :, ~weekdays].mean(axis=(1, 2)).sum(axis=1), PER_DAY * 24 / 51)
    assert not agrees(counts.mean(axis=(1, 2)).sum(axis=1), PER_DAY)


def test_counts_scatter_like_poisson(counts):
    """Counts of single hours vary around their rate as much as Poisson's do; counts of two agents together do not."""
    assert agrees([_dispersion(each, intended()) for each in counts], 1)
    assert not agrees([_dispersion(each, intended(ratio=3)) for each in counts], 1)
    assert not agrees([_dispersion(2 * each, 2 * intended()) for each in counts], 1)


def test_agents_and_replications_arrive_apart(counts):
    """What is more than intended for one agent, or in one replication, says nothing about another."""
    over = (counts - intended()) / np.sqrt(intended())
    between = [np.mean(each[0::2] * each[1::2]) for each in over]
    assert agrees(between, 0)
    assert agrees([np.mean(over[n] * over[n + 1]) for n in range(0, REPLICATIONS, 2)], 0)
    assert not agrees([np.mean(each[0::2] * each[0::2]) for each in over], 0)


def _dispersion(seen, expected):
    return np.mean((seen - expected) ** 2 / expected)
