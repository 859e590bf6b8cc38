"""How many credentials are alive, against the infinite-server queue.

Credentials issued by a Poisson process, each alive for min(TTL, D + lag) whatever the others do, are Poisson in number
at any instant, with mean λ E[min(TTL, D + lag)] (Khinchine 1955; M/G/∞). Here D is exponential, so
E[min(TTL, D + lag)] = lag + m (1 − exp(−(TTL − lag) / m)). Instants further apart than TTL are independent.
"""

from math import exp

import numpy as np

from sim.reference.run import simulate
from tests.oracle.errors import agrees
from tests.worlds import SECOND, START, Do, Work, control, world

RATE, MEAN, TTL, LAG = 0.3, 60, 90, 20
INSTANTS = TTL + np.arange(40) * (TTL + 1)
REPLICATIONS = 8
PER_TASK = control({"lifetime.ttl_s": TTL, "revocation.on": "task_end"})


def lives(works):
    """From when until when each credential of a run is accepted, seconds."""
    workload = world(works, {"fleet.concurrency": len(works), "lags": (LAG, LAG)})
    facts = simulate(workload, PER_TASK)
    until = {acceptance.credential: acceptance.until for acceptance in facts.acceptances}
    return np.array([(c.valid_from - START, until.get(c.id, c.valid_to) - START) for c in facts.credentials]) / SECOND


def alive(seed, at_once=1):
    """The number alive at each instant, when so many tasks come together at the times of a Poisson process."""
    random = np.random.default_rng(seed)
    count = random.poisson(RATE / at_once * INSTANTS[-1])
    times = np.repeat(np.sort(random.uniform(0, INSTANTS[-1], count)), at_once)
    takes = random.exponential(MEAN, len(times))
    works = [Work([Do("read notes", takes=long)], at=time) for time, long in zip(times, takes, strict=True)]
    starts, ends = lives(works).T
    return np.array([np.sum((starts <= instant) & (instant < ends)) for instant in INSTANTS])


def test_live_credentials_are_poisson():
    """The mean number alive is λ E[min(TTL, D + lag)], its variance over its mean is 1; no simpler formula fits."""
    numbers = [alive(seed) for seed in range(REPLICATIONS)]
    means = [each.mean() for each in numbers]
    assert agrees(means, RATE * (LAG + MEAN * (1 - exp(-(TTL - LAG) / MEAN))))
    assert agrees([each.var(ddof=1) / each.mean() for each in numbers], 1)
    assert not agrees(means, RATE * (LAG + MEAN))
    assert not agrees(means, RATE * MEAN * (1 - exp(-TTL / MEAN)))


def test_pairs_are_not_poisson():
    """Where tasks come in pairs the mean is the same, but the variance is seen to be more than the mean."""
    numbers = [alive(seed, at_once=2) for seed in range(REPLICATIONS)]
    assert agrees([each.mean() for each in numbers], RATE * (LAG + MEAN * (1 - exp(-(TTL - LAG) / MEAN))))
    assert not agrees([each.var(ddof=1) / each.mean() for each in numbers], 1)
