"""Owners, who is on call, and tickets against queueing theory, as the desk is in `test_approval_queue`.

* Each owner is a queue of one's own: a request waits as long as Pollaczek and Khinchine say of that owner's, and
  begins to the microsecond when Kiefer and Wolfowitz's recursion of one server says.
* Who is on call is one server that knows no hours.
* What an owner does not take up in time leaves that queue, which is then one of customers who renege (M/G/1 + D), and
  comes to who is on call so much later.
* Tickets come all at once when work begins, and then wait like any batch.
"""

from math import exp

import numpy as np
import pytest

from sim.audit.rows import UNKNOWN, Asked
from sim.reference.run import simulate
from sim.streams import Purpose, Streams
from tests.oracle.errors import agrees
from tests.oracle.test_approval_queue import (
    DAY,
    HOUR,
    OFFICE,
    OPEN,
    REQUESTS,
    WARM_UP,
    erlang_c,
    kiefer_wolfowitz,
    office_hours,
    requests,
)
from tests.worlds import SECOND, Do, Work, control, micros, world

REPLICATIONS = 8


def asked(who, times, figures, streams, agents=1):
    """The workload, and its approvals in the order of asking, where one of so many agents, any, asks at each time."""
    chosen = control({
        "issue.unit": "standing", "issue.authority": "own_role", "lifetime.ttl_s": "never", "approval.from_tier": 3,
        **{f"approval.{knob}": value for knob, value in who.items()},
    })  # fmt: skip
    figures = {"fleet.concurrency": len(times), **{f"approvers.{key}": value for key, value in figures.items()}}
    chance = np.random.default_rng(len(times)).integers(0, agents, len(times)).tolist()
    works = [Work([Do("write money")], at=float(at), agent=n) for n, at in zip(chance, times, strict=True)]
    workload = world(works, figures, streams=streams, until=float(times[-1]) + 30 * 86400)
    return workload, sorted(simulate(workload, chosen).approvals, key=lambda decision: decision.requested)


def of_agent(decisions, agent):
    """The approvals of one agent."""
    return [decision for decision in decisions if decision.action >> 40 == agent]


@pytest.mark.parametrize(
    ("hours", "opening"), [(OPEN, int), ({**OFFICE, "timeout_hours": 12}, office_hours)], ids=["open", "impatient"]
)
def test_each_owner_is_a_queue_of_one(hours, opening):
    """Every inspection begins when the recursion says of its owner's requests alone, or times out."""
    agents, timeout = 3, micros(hours["timeout_hours"] * 3600)
    figures = {**hours, "staff": 1, "inspection_median_s": 90, "inspection_sigma": 0.8}
    times, streams = requests(60 if opening is int else 400, 400, seed=5), Streams(5)
    _, decisions = asked({"asks": "owner"}, times, figures, streams, agents)
    begun = []
    for agent in range(agents):
        own = of_agent(decisions, agent)
        actions = np.array([decision.action for decision in own])
        services = streams.of(Purpose.INSPECTION).lognormal(actions, 90, 0.8).tolist()
        begins = kiefer_wolfowitz([decision.requested for decision in own], services, 1, timeout, opening)
        assert [decision.began for decision in own] == begins
        assert begins != kiefer_wolfowitz([decision.requested for decision in own], services, 2, timeout, opening)
        begun += begins
    assert (UNKNOWN in begun) == (opening is not int)


def test_owners_let_wait_as_long_as_one_server_each():
    """The mean wait is λE[S²]/2(1 − ρ) of an owner's share of the requests, far above that of a desk of as many."""
    agents, median, sigma, gap = 3, 60, 0.8, 150
    figures = {**OPEN, "staff": agents, "inspection_median_s": median, "inspection_sigma": sigma}
    seen = [
        _mean_wait(requests(gap / agents, REQUESTS, n), figures, Streams(1, n), agents) for n in range(REPLICATIONS)
    ]
    first, second = median * exp(sigma**2 / 2), median**2 * exp(2 * sigma**2)
    alone, load = second / gap / (2 * (1 - first / gap)), agents * first / gap
    assert agrees(seen, alone)
    assert not agrees(seen, 1.5 * alone)
    assert alone > 3 * erlang_c(agents, load) * first / (agents - load)


def _mean_wait(times, figures, streams, agents):
    _, decisions = asked({"asks": "owner"}, times, figures, streams, agents)
    return np.mean([decision.began - decision.requested for decision in decisions[WARM_UP:]]) / SECOND


def test_who_is_on_call_is_one_server_at_any_hour():
    """The recursion of one server says when each inspection begins, whatever the hours and the staff of the desk."""
    figures = {**OFFICE, "inspection_median_s": 90, "inspection_sigma": 0.8, "handover_hours": 10_000, "staff": 3}
    times, streams = requests(120, 400, seed=6), Streams(6)
    workload, decisions = asked({"asks": "on_call"}, times, figures, streams)
    services = streams.of(Purpose.INSPECTION).lognormal(workload.actions.id, 90, 0.8).tolist()
    arrivals = workload.tasks.arrival.tolist()
    assert [d.began for d in decisions] == kiefer_wolfowitz(arrivals, services, 1, micros(36e6), int)
    assert [d.began for d in decisions] != kiefer_wolfowitz(arrivals, services, 1, micros(36e6), office_hours)


def test_what_owners_leave_comes_to_who_is_on_call():
    """Each owner's queue is the recursion with this patience; those who renege are the arrivals of the one on call."""
    agents, patience = 3, 120
    figures = {**OFFICE, "opens": 0, "closes": 24, "weekends": True, "timeout_hours": 2 * patience / 3600, "staff": 1}
    figures |= {"inspection_median_s": 90, "inspection_sigma": 0.8, "handover_hours": 10_000}
    streams = Streams(8)
    who = {"asks": "owner", "escalate_after_s": patience}
    _, decisions = asked(who, requests(35, 600, seed=8), figures, streams, agents)
    service = dict(zip((d.action for d in decisions), streams.of(Purpose.INSPECTION).lognormal(
        np.array([d.action for d in decisions]), 90, 0.8).tolist(), strict=True))  # fmt: skip
    begins = {}
    for agent in range(agents):
        begins |= _queue(of_agent(decisions, agent), 0, service, patience)
    left = [d for d in decisions if begins[d.action] == UNKNOWN]
    begins |= _queue(left, patience, service, patience)
    assert [d.began for d in decisions] == [begins[d.action] for d in decisions]
    through = [(d.asked, d.decider == UNKNOWN) for d in decisions]
    assert len(set(through)) == 3
    assert [each[0] == Asked.ON_CALL for each in through] == [d in left for d in decisions]


def _queue(decisions, late, service, patience):
    """When one server takes up each of these requests that come so much later, or UNKNOWN."""
    arrivals = [decision.requested + micros(late) for decision in decisions]
    services = [service[decision.action] for decision in decisions]
    begins = kiefer_wolfowitz(arrivals, services, 1, micros(patience), int)
    return dict(zip((decision.action for decision in decisions), begins, strict=True))


def test_tickets_are_batches_of_the_next_morning():
    """What was written since work began is looked at from the next morning on, in order, by the people of the desk."""
    figures = {**OFFICE, "staff": 2, "inspection_median_s": 600, "inspection_sigma": 0.8}
    times, streams = requests(2500, 200, seed=7), Streams(7)
    workload, decisions = asked({"asks": "ticket"}, times, figures, streams)
    services = streams.of(Purpose.INSPECTION).lognormal(workload.actions.id, 600, 0.8).tolist()
    mornings = [_morning(time) for time in workload.tasks.arrival.tolist()]
    expected = kiefer_wolfowitz(mornings, services, 2, micros(36e6), office_hours)
    assert [d.began for d in decisions] == expected
    assert expected != kiefer_wolfowitz(workload.tasks.arrival.tolist(), services, 2, micros(36e6), office_hours)


def _morning(time):
    """The next time at which work begins, after this one."""
    opened = office_hours(time)
    return opened if opened > time else office_hours(time - time % DAY + DAY + 7 * HOUR)
