"""When root tasks arrive in bursts, against the Markov-modulated Poisson process that the scenario intends.

Two states; in a burst the rate is `factor` times that of quiet hours, and the mean is `per_agent_day` all the same.
Mean, variance and covariance of counts follow from the exponential correlation of the rate (Fischer and
Meier-Hellstern 1993): with the rates r and s of the two states, the share p of bursts and the speed c = 1 / burst +
1 / gap, the rate's covariance over a lag u is (r - s)^2 p (1 - p) exp(-c u).
"""

from pathlib import Path

import numpy as np
import pytest

from sim import scenario
from sim.audit import ids
from sim.audit.rows import UNKNOWN
from sim.streams import Streams
from sim.work import Arrivals
from sim.workload.arrivals import arrivals
from sim.workload.fleet import generate
from tests.oracle.errors import agrees

FILE = Path(__file__).parents[2] / "data" / "scenarios" / "security_triage_midsize.toml"
PER_DAY, SHARE, FACTOR, MINUTES = 60, 0.2, 5, 60
AGENTS, DAYS, REPLICATIONS = 12, 14, 24
HOUR = 3600 * 1_000_000
SETTINGS = {
    "window.warm_up_hours": 24, "window.hours": 24 * (DAYS - 1), "fleet.agents": AGENTS, "calls.mean": 0.1,
    "sub_agents.share": 0, "incidents.t1b.count": 0, "arrivals.per_agent_day": PER_DAY, "arrivals.peak_to_trough": 1,
    "arrivals.burst_share": SHARE, "arrivals.burst_factor": FACTOR, "arrivals.burst_minutes": MINUTES,
}  # fmt: skip


@pytest.fixture(scope="module")
def counts():
    """Root tasks by replication, agent and hour."""
    loaded = scenario.load(FILE, SETTINGS)
    return np.array([_counts(generate(loaded, 5, replicate)) for replicate in range(REPLICATIONS)])


def _counts(workload):
    roots = workload.tasks.parent == UNKNOWN
    hour = (workload.tasks.arrival[roots] - workload.begins) // HOUR
    cells = ids.agent_of(workload.tasks.id[roots]) * DAYS * 24 + hour
    return np.bincount(cells, minlength=AGENTS * DAYS * 24).reshape(AGENTS, DAYS * 24)


def intended(factor=FACTOR, minutes=MINUTES, together=AGENTS):
    """Mean, variance and covariance of neighbouring hours, of the counts of agents that burst `together`."""
    quiet = PER_DAY / 24 / (1 + SHARE * (factor - 1))
    burst = minutes / 60
    speed = 1 / burst + SHARE / (1 - SHARE) / burst
    spread = (together * (factor - 1) * quiet) ** 2 * SHARE * (1 - SHARE)
    mean, decay = together * PER_DAY / 24, 1 - np.exp(-speed)
    return mean, mean + 2 * spread * (1 / speed - decay / speed**2), spread * (decay / speed) ** 2


def test_the_rate_is_kept(counts):
    """With bursts as without, an agent is asked for as much as its scenario says."""
    per_day = counts.sum(axis=(1, 2)) / AGENTS / DAYS
    assert agrees(per_day, PER_DAY)
    assert not agrees(per_day, 1.15 * PER_DAY)
    assert not agrees(per_day, PER_DAY / 1.15)


def test_counts_scatter_as_bursts_make_them(counts):
    """Hourly counts of a department vary as theory says: not as Poisson's, nor as if agents burst each by itself."""
    totals = counts.sum(axis=1)
    mean, variance, _ = intended()
    seen = ((totals - mean) ** 2).mean(axis=1)
    assert agrees(seen, variance)
    assert not agrees(seen, mean)
    alone = mean + AGENTS * (intended(together=1)[1] - PER_DAY / 24)
    for wrong in (intended(factor=3)[1], intended(factor=8)[1], intended(minutes=15)[1], alone):
        assert not agrees(seen, wrong)


def test_bursts_last_as_long_as_they_should(counts):
    """Neighbouring hours are alike as far as bursts reach from one into the next."""
    over = counts.sum(axis=1) - intended()[0]
    seen = (over[:, 1:] * over[:, :-1]).mean(axis=1)
    assert agrees(seen, intended()[2])
    for wrong in (0, intended(minutes=20)[2], intended(minutes=180)[2]):
        assert not agrees(seen, wrong)


def test_departments_burst_apart():
    """Whether one department is in a burst says nothing about another with the same agents' draws."""
    figures = Arrivals(
        source="assumed: made for a test", per_agent_day=PER_DAY, peak_to_trough=1, peak_opens=0, peak_closes=24,
        burst_share=SHARE, burst_factor=FACTOR, burst_minutes=MINUTES,
    )  # fmt: skip
    first, second = (np.arange(start, start + AGENTS) for start in (0, AGENTS))
    mean = intended()[0]
    apart, together = [], []
    for replicate in range(REPLICATIONS):
        streams = Streams(5, replicate)
        one, two, other = (
            _hourly(arrivals(figures, streams, agents, department, (0, DAYS * 24 * HOUR))[2]) - mean
            for agents, department in ((first, 0), (second, 0), (second, 1))
        )
        together.append(np.mean(one * two))
        apart.append(np.mean(one * other))
    assert agrees(apart, 0)
    assert not agrees(together, 0)
    assert agrees(together, intended()[1] - mean)


def _hourly(times):
    return np.bincount(times // HOUR, minlength=DAYS * 24)


def test_the_first_hour_is_like_any_other():
    """Whether a window begins in a burst is left to chance, so that nothing has to warm up."""
    short = {**SETTINGS, "window.warm_up_hours": 0.5, "window.hours": 0.5}
    loaded = scenario.load(FILE, short)
    first = [len(generate(loaded, 7, replicate).tasks.id) for replicate in range(300)]
    mean, variance, _ = intended()
    assert agrees(first, mean)
    assert agrees([(each - mean) ** 2 for each in first], variance)
    assert not agrees(first, mean / FACTOR * (1 + SHARE * (FACTOR - 1)) / 1.5)


def test_no_bursts_change_nothing():
    """Where bursts take no time, their other figures are without effect."""
    times = [
        generate(scenario.load(FILE, {**SETTINGS, "arrivals.burst_share": 0, "arrivals.burst_factor": factor}), 5, 0)
        for factor in (1, 5)
    ]
    assert np.array_equal(times[0].tasks.arrival, times[1].tasks.arrival)


def test_always_in_a_burst_is_no_burst(counts):
    """A burst that never ends is the usual rate."""
    always = generate(scenario.load(FILE, {**SETTINGS, "arrivals.burst_share": 1}), 5, 0)
    seen = _counts(always).sum(axis=0)
    assert abs(seen.mean() / intended()[0] - 1) < 0.05
    assert seen.var() < 1.5 * seen.mean() < counts[0].sum(axis=0).var()
