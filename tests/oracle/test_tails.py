"""How long a credential outlives its task, against closed forms, for every task of a grid, to the microsecond.

Each task is one action of D s under a credential of its own with a lifetime of TTL s; issuing takes no time.
Multiples of TTL are left out under renewal: there a task ends in the instant in which its credential is renewed.
"""

import numpy as np
import pytest

from sim.reference.run import simulate
from tests.worlds import SECOND, Do, Work, control, micros, world

TTL = 60
LENGTHS = [0, 0.000001, 7, 29.5, 59.999999, 60.000001, 61, 90, 119.999999, 121, 200.25, 599]
LAGS = [0, 0.5, 20, 59, 60, 500]


def tails(lengths, settings, lag=0):
    """For each task, µs from its end until every verifier refuses what it held."""
    works = [Work([Do("read notes", takes=length)], agent=agent) for agent, length in enumerate(lengths)]
    workload = world(works, {"lags": (lag, lag)})
    facts = simulate(workload, control({"lifetime.ttl_s": TTL, **settings}))
    until = {acceptance.credential: acceptance.until for acceptance in facts.acceptances}
    last = {}
    for credential in facts.credentials:
        ends = min(credential.valid_to, until.get(credential.id, credential.valid_to))
        last[credential.task] = max(last.get(credential.task, ends), ends)
    outcomes = sorted(facts.outcomes, key=lambda outcome: outcome.agent)
    return np.array([max(0, last[outcome.task] - outcome.ended) for outcome in outcomes])


def in_micros(lengths):
    """Seconds as whole microseconds."""
    return np.array([micros(length) for length in lengths])


def left(lengths):
    """(TTL − D)⁺."""
    return np.maximum(0, TTL * SECOND - in_micros(lengths))


def renewed(lengths):
    """TTL − (D mod TTL)."""
    return TTL * SECOND - in_micros(lengths) % (TTL * SECOND)


def test_what_is_not_renewed_and_not_revoked_runs_out():
    """Without renewal and revocation the tail is (TTL − D)⁺; 0 where the task ends with its credential or later."""
    lengths = [*LENGTHS, 60, 120]
    assert tails(lengths, {}).tolist() == left(lengths).tolist()
    assert tails(lengths, {}).tolist() != renewed(lengths).tolist()


@pytest.mark.parametrize("lag", LAGS)
def test_what_is_revoked_lasts_no_longer_than_the_lag(lag):
    """Revoked at the end of its task, a credential has the tail min(lag, (TTL − D)⁺)."""
    lengths = [*LENGTHS, 60, 120]
    expected = np.minimum(micros(lag), left(lengths))
    assert tails(lengths, {"revocation.on": "task_end"}, lag).tolist() == expected.tolist()


def test_silent_renewal_leaves_what_is_left_of_the_last_one():
    """Renewed silently at its end while the task runs, a credential leaves the tail TTL − (D mod TTL)."""
    assert tails(LENGTHS, {"lifetime.renewal": "silent"}).tolist() == renewed(LENGTHS).tolist()
    assert tails(LENGTHS, {"lifetime.renewal": "silent"}).tolist() != left(LENGTHS).tolist()


@pytest.mark.parametrize("lag", LAGS)
def test_silent_renewal_is_cut_by_revocation(lag):
    """Renewed silently and revoked at the end of the task: min(lag, TTL − (D mod TTL))."""
    expected = np.minimum(micros(lag), renewed(LENGTHS))
    settings = {"lifetime.renewal": "silent", "revocation.on": "task_end"}
    assert tails(LENGTHS, settings, lag).tolist() == expected.tolist()
