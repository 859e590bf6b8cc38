"""The approvers' queue against queueing theory: exactly, request by request, and in the mean.

Requests come from agents that do not wait for each other: every task is one gated action, and all are taken up at once.

* Kiefer and Wolfowitz's recursion says when each inspection begins, to the microsecond, for any arrivals and services,
  any staff, with opening hours and timeouts. It covers the discipline of the queue, not the law of inspections.
* Pollaczek and Khinchine's formula says how long a request waits in the mean for one approver: it covers the law of
  inspections too, which is lognormal.
* Erlang's C says the same for several approvers, but wants exponential inspections, which no knob of a scenario gives:
  the law is exchanged in the workload's streams, everything else is the engine's.

And from agents that do nothing else while they wait, which is what an overloaded desk does to a fleet: the
finite-source queue M/M/c//N (machine repair; Gross and Harris, Fundamentals of Queueing Theory, section 2.6).
"""

import heapq
from dataclasses import dataclass
from math import exp, factorial

import numpy as np
import pytest

from sim.audit.rows import UNKNOWN
from sim.reference.run import simulate
from sim.streams import Purpose, Stream, Streams
from tests.oracle.errors import agrees
from tests.worlds import SECOND, START, Do, Work, control, micros, world

GATED = control({
    "issue.unit": "standing", "issue.authority": "own_role", "lifetime.ttl_s": "never", "approval.from_tier": 3,
})  # fmt: skip
DAY = 86_400 * SECOND
HOUR = DAY // 24
REPLICATIONS = 12
REQUESTS = 900
WARM_UP = 200
ROUNDS = 110


@dataclass(frozen=True, slots=True)
class ExponentialInspections(Streams):
    """Streams whose inspections are exponential, with the mean that a scenario gives as the median."""

    def of(self, purpose, attempt=0):
        """The stream for a purpose."""
        drawn = Streams.of(self, purpose, attempt)
        return _Exponential(drawn.key) if purpose is Purpose.INSPECTION else drawn


@dataclass(frozen=True, slots=True)
class _Exponential(Stream):
    def one_lognormal(self, path, median, sigma):  # noqa: ARG002  the signature is that of a stream
        """Exponential with this mean."""
        return self.one_exponential(path, median)


def requests(gap, count, seed):
    """When requests come: a Poisson process with this mean gap, seconds."""
    return np.cumsum(np.random.default_rng(seed).exponential(gap, count))


def inspected(times, figures, streams, after=30 * 86400):
    """The approvals of a run that goes on for so many seconds, in the order in which they were asked for."""
    figures = {"fleet.concurrency": len(times), **{f"approvers.{key}": value for key, value in figures.items()}}
    works = [Work([Do("write money")], at=float(time)) for time in times]
    workload = world(works, figures, streams=streams, until=float(times[-1]) + after)
    return workload, sorted(simulate(workload, GATED).approvals, key=lambda decision: decision.action)


def waits(times, figures, streams):
    """How long each request waited, seconds, once the queue has warmed up."""
    _, decisions = inspected(times, figures, streams)
    return np.array([decision.began - decision.requested for decision in decisions[WARM_UP:]]) / SECOND


def kiefer_wolfowitz(arrivals, services, staff, timeout, opening):
    """When each inspection begins, or UNKNOWN where the request times out first: every free approver, soonest first."""
    free, begins = [0] * staff, []
    for arrival, service in zip(arrivals, services, strict=True):
        soonest = heapq.heappop(free)
        begin = opening(max(arrival, soonest))
        kept = begin < arrival + timeout
        heapq.heappush(free, begin + service if kept else soonest)
        begins.append(begin if kept else UNKNOWN)
    return begins


def office_hours(time):
    """The next time, from this one on, between 7:00 and 15:00 of a weekday."""
    while not (7 * HOUR <= time % DAY < 15 * HOUR and (time // DAY + 3) % 7 < 5):
        time = time - time % DAY + 7 * HOUR + (DAY if time % DAY >= 7 * HOUR else 0)
    return time


OPEN = {"opens": 0, "closes": 24, "weekends": True, "timeout_hours": 10_000}
OFFICE = {"opens": 7, "closes": 15, "weekends": False, "timeout_hours": 10_000}
IMPATIENT = {**OPEN, "timeout_hours": 0.05}


@pytest.mark.parametrize("staff", [1, 2, 5])
@pytest.mark.parametrize(
    ("hours", "opening"),
    [(OPEN, int), (IMPATIENT, int), (OFFICE, office_hours), ({**OFFICE, "timeout_hours": 12}, office_hours)],
    ids=["open", "impatient", "office", "office and impatient"],
)
def test_every_inspection_begins_when_theory_says(staff, hours, opening):
    """First come, first served: each inspection begins to the microsecond when the recursion says, or times out."""
    figures = {**hours, "staff": staff, "inspection_median_s": 90 * staff, "inspection_sigma": 0.8}
    times, streams = requests(100 if hours["closes"] == 24 else 500, 200, seed=staff), Streams(staff)
    workload, decisions = inspected(times, figures, streams)
    arrivals = workload.tasks.arrival.tolist()
    services = streams.of(Purpose.INSPECTION).lognormal(workload.actions.id, 90 * staff, 0.8).tolist()
    begins = kiefer_wolfowitz(arrivals, services, staff, micros(hours["timeout_hours"] * 3600), opening)
    assert [decision.began for decision in decisions] == begins
    assert [decision.requested for decision in decisions] == arrivals
    assert (UNKNOWN in begins) == (hours["timeout_hours"] < 10_000)
    assert begins != kiefer_wolfowitz(arrivals, services, staff + 1, micros(hours["timeout_hours"] * 3600), opening)


@pytest.mark.parametrize("staff", [1, 2, 5])
def test_what_somebody_looks_at_when_the_run_ends_is_told(staff):
    """Of each inspection begun by then it is told since when it lasts, and of what was over, when that was."""
    figures = {**OPEN, "staff": staff, "inspection_median_s": 90 * staff, "inspection_sigma": 0.8}
    times, streams = requests(60, 200, seed=staff), Streams(staff)
    workload, decisions = inspected(times, figures, streams, after=1)
    arrivals = workload.tasks.arrival.tolist()
    services = streams.of(Purpose.INSPECTION).lognormal(workload.actions.id, 90 * staff, 0.8).tolist()
    begins = kiefer_wolfowitz(arrivals, services, staff, micros(36e6), int)
    spans = [(began, began + lasts) for began, lasts in zip(begins, services, strict=True) if began < workload.t1]
    assert [(d.began, d.decided) for d in decisions] == [
        (began, ended if ended < workload.t1 else UNKNOWN) for began, ended in spans
    ]
    assert sum(d.result == UNKNOWN for d in decisions) == sum(d.decided == UNKNOWN for d in decisions) == staff
    assert len(decisions) < len(times)


@pytest.mark.parametrize(("sigma", "another_law"), [(0, 2), (0.8, 1)], ids=["constant", "lognormal"])
def test_one_approver_lets_wait_as_long_as_pollaczek_and_khinchine_say(sigma, another_law):
    """With one approver the mean wait is λ E[S²] / 2(1 − ρ), by the moments of this law and of no other.

    The other law has the same mean: an exponential (E[S²] = 2 E[S]²), or a constant.
    """
    median, gap = 60, 150
    figures = {**OPEN, "staff": 1, "inspection_median_s": median, "inspection_sigma": sigma}
    seen = [waits(requests(gap, REQUESTS, n), figures, Streams(1, n)).mean() for n in range(8)]
    first, second = median * exp(sigma**2 / 2), median**2 * exp(2 * sigma**2)
    idle = 1 - first / gap
    assert agrees(seen, second / gap / (2 * idle))
    assert not agrees(seen, another_law * first**2 / gap / (2 * idle))


def test_several_approvers_let_wait_as_long_as_erlang_says():
    """With exponential inspections the mean wait and the chance of it are Erlang's; not those of one more approver."""
    staff, mean, gap = 3, 180, 80
    figures = {**OPEN, "staff": staff, "inspection_median_s": mean, "inspection_sigma": 1}
    seen = [waits(requests(gap, REQUESTS, n), figures, ExponentialInspections(2, n)) for n in range(REPLICATIONS)]
    chances, means = [(each > 0).mean() for each in seen], [each.mean() for each in seen]
    assert agrees(chances, erlang_c(staff, mean / gap))
    assert agrees(means, erlang_c(staff, mean / gap) * mean / (staff - mean / gap))
    assert not agrees(chances, erlang_c(staff + 1, mean / gap))
    assert not agrees(means, erlang_c(staff, mean / gap) * mean / staff)


def blocked(agents, staff, think, mean, seed):
    """How long requests wait where each agent works on one task after another, seconds, once that has settled."""
    thoughts = np.random.default_rng(seed).exponential(think, (agents, ROUNDS))
    works = [Work([Do("write money", think=t)], agent=agent) for agent in range(agents) for t in thoughts[agent]]
    figures = {**OPEN, "staff": staff, "inspection_median_s": mean, "inspection_sigma": 1}
    figures = {"fleet.concurrency": 1, **{f"approvers.{key}": value for key, value in figures.items()}}
    workload = world(works, figures, streams=ExponentialInspections(3, seed), until=400 * 86400)
    decided = sorted(simulate(workload, GATED).approvals, key=lambda decision: decision.requested)
    return np.array([d.began - d.requested for d in decided[WARM_UP : -agents * 20]]) / SECOND


def machine_repair(agents, staff, think, mean):
    """Mean wait of M/M/c//N: the queue's mean length over its throughput, by the weights of its birth-death chain."""
    weights = [1.0]
    for n in range(1, agents + 1):
        weights.append(weights[-1] * (agents - n + 1) * mean / think / min(n, staff))
    chances = np.array(weights) / sum(weights)
    queue = sum(max(0, n - staff) * chance for n, chance in enumerate(chances))
    return queue / (sum((agents - n) * chance for n, chance in enumerate(chances)) / think)


def test_agents_that_wait_ask_no_more_meanwhile():
    """Eight agents at a desk of two: the mean wait is that of the finite source, and of no other near it."""
    agents, staff, think, mean = 8, 2, 120, 60
    seen = [blocked(agents, staff, think, mean, n).mean() for n in range(REPLICATIONS)]
    assert agrees(seen, machine_repair(agents, staff, think, mean))
    assert not agrees(seen, machine_repair(agents, staff, think, mean * 1.1))
    assert not agrees(seen, machine_repair(agents + 1, staff, think, mean))
    # By hand: weights 1, 2, 2; 0.4 wait in the mean, 0.8 of them are asking, once a minute.
    assert machine_repair(2, 1, 60, 60) == pytest.approx(30)


def erlang_c(staff, load):
    """Chance that a request finds every approver busy (Erlang 1917)."""
    full = load**staff / factorial(staff) / (1 - load / staff)
    return full / (sum(load**k / factorial(k) for k in range(staff)) + full)


def test_the_recursion_is_right_by_hand():
    """Two approvers, 10 s each, requests at 0, 1, 2, 3: begun at 0, 1, 10, 11; with 8 s of patience the third goes."""
    arrivals, services = [0, 1, 2, 3], [10] * 4
    assert kiefer_wolfowitz(arrivals, services, 2, 100, int) == [0, 1, 10, 11]
    assert kiefer_wolfowitz(arrivals, services, 2, 8, int) == [0, 1, UNKNOWN, 10]
    assert office_hours(START + 6 * HOUR) == START + 7 * HOUR
    assert office_hours(START + 4 * DAY + 15 * HOUR) == START + 7 * DAY + 7 * HOUR
    assert erlang_c(1, 0.6) == pytest.approx(0.6)
