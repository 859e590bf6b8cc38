"""The slow clock against renewal theory: how many are orphaned, how old keys are, how many live on.

An organisation of one agent a place, none of which is ever abandoned unless a test says so, and twelve years behind it.
Each replication is one organisation of many places, whose people leave and whose keys are rotated independently.
"""

from functools import cache

import numpy as np

from sim.calendar import DAY
from sim.control.model import Control
from sim.reference.run import simulate
from sim.workload import cast
from sim.workload.fleet import generate
from sim.workload.lifecycle import YEAR_S
from tests import worlds
from tests.oracle.errors import agrees
from tests.worlds import SECOND, control

PLACES, REPLICATIONS = 60, 12
LEAVE, REOWN_DAYS = 0.8, 150
# Nobody works, so that only the slow clock runs; a person for every agent, so that owners leave independently.
STILL = {
    "fleet.agents": PLACES, "window.hours": 1, "arrivals.per_agent_day": 1e-9, "lifecycle.years": 12,
    "ownership.team_owned": 0, "people.identities_per_human": 2, "people.leave_per_year": LEAVE,
    "people.vacancy_days": 1,
}  # fmt: skip
YEAR = round(YEAR_S * SECOND)


def governed(settings) -> Control:
    """A static key an agent, governed as the settings say."""
    standing = {"issue.unit": "standing", "issue.authority": "own_role", "lifetime.ttl_s": "never"}
    return control(standing | {f"governance.{key}": value for key, value in settings.items()})


@cache
def organisation(seed, **settings):
    """A workload of nothing but a past."""
    return generate(
        worlds.scenario(STILL | {key.replace("__", "."): value for key, value in settings.items()}), seed, 0
    )


def orphaned_share(seed, reowning_days, **settings):
    """The share of agents for which nobody answers at the end, under the same governance all along."""
    workload = organisation(seed, **settings)
    facts = simulate(workload, governed({"reowning_days": reowning_days}), estimand="steady")
    answering = [(a.owned, a.ends) for a in workload.lifecycle.answering]
    answering += [(r.owned, r.valid_to) for r in facts.reowned]
    return 1 - len({owned for owned, ends in answering if ends > workload.t1}) / PLACES


def test_orphans_are_an_alternating_renewal():
    """Owned for 1/h on average, orphaned for d, the stationary share orphaned is d / (d + 1/h)."""
    shares = [orphaned_share(seed, REOWN_DAYS) for seed in range(REPLICATIONS)]
    owned, orphaned = 365.25 / LEAVE, REOWN_DAYS
    assert agrees(shares, orphaned / (orphaned + owned))
    assert not agrees(shares, orphaned / owned)
    assert not agrees(shares, orphaned / (orphaned + owned / 2))


def test_whoever_never_is_re_owned_is_orphaned_for_good():
    """Without re-owning the share orphaned after so many years is that of owners who left."""
    years = 1.5
    shares = [orphaned_share(seed, "never", lifecycle__years=years) for seed in range(REPLICATIONS)]
    assert agrees(shares, 1 - np.exp(-LEAVE * years))
    assert not agrees(shares, LEAVE * years)


def key_ages(seed, settings):
    """The ages in days of the keys that agents work with, at the end."""
    workload = organisation(seed, lifecycle__keys=1)
    facts = simulate(workload, governed(settings), estimand="steady")
    newest = {}
    for credential in facts.credentials:
        newest[credential.holder] = max(newest.get(credential.holder, 0), credential.valid_from)
    return (workload.t1 - np.array(list(newest.values()))) / DAY


def test_a_rotated_key_is_as_old_as_its_period_allows():
    """With period D and failure f a key is r + D G old, r since a rotation was last due, P(G >= n) = f^n."""
    period, failure = 40, 0.3
    workload = organisation(0, lifecycle__keys=1)
    due = (workload.t1 - workload.lifecycle.starts) / DAY % period
    ages = [key_ages(seed, {"rotation_days": period, "rotation_failure": failure}) for seed in range(REPLICATIONS)]
    over = [np.mean(each >= period) for each in ages]
    assert agrees(over, failure)
    assert not agrees(over, failure / 2)
    means = [each.mean() for each in ages]
    assert agrees(means, due + period * failure / (1 - failure))
    assert not agrees(means, due)


def test_keys_that_nothing_rotates_are_as_old_as_the_stock_says():
    """Ages of agents' own keys are exponential with the stock's mean."""
    ages = [key_ages(seed, {}).mean() for seed in range(REPLICATIONS)]
    mean_years = worlds.scenario().stock.key_age_years
    assert agrees(ages, 365.25 * mean_years)
    assert not agrees(ages, 365.25 * mean_years * 0.5)


def left_behind(seed, settings):
    """How many agents that were abandoned still have a key at the end."""
    rate = 0.5
    workload = organisation(seed, lifecycle__abandoned_per_year=rate, lifecycle__keys=1)
    facts = simulate(workload, governed(settings), estimand="steady")
    gone = {a.credential for a in facts.acceptances}
    old = [c for c in facts.credentials if c.holder & (1 << 40) - 1 >= PLACES and c.id not in gone]
    return len(old)


def test_keys_of_the_abandoned_are_as_many_as_come_times_how_long_they_stay():
    """Little's law: abandoned at rate n h, each stays as long as the stock is old; those offboarded, a day."""
    stays, rate = 1.0, 0.5 * PLACES
    counts = [left_behind(seed, {}) for seed in range(REPLICATIONS)]
    assert agrees(counts, rate * stays)
    assert not agrees(counts, rate * stays / 2)
    process = {"offboarding_formal": 0.4, "offboarding_median_days": 1}
    formal = [left_behind(seed, process) for seed in range(REPLICATIONS)]
    by_process = (1 - np.exp(-1 / 365.25)) * stays
    assert agrees(formal, rate * (0.6 * stays + 0.4 * by_process))
    assert not agrees(formal, rate * stays)


def abandoned(seed, rate, growth):
    """How many agents were abandoned in the last year."""
    lifecycle = organisation(seed, lifecycle__abandoned_per_year=rate, lifecycle__growth_per_year=growth).lifecycle
    return sum(lifecycle.until - YEAR < life.ended < lifecycle.until for life in lifecycle.lives)


def test_agents_are_abandoned_at_the_rate_of_a_fleet_that_grew():
    """In the last year n h of them; where the fleet grew at rate g, looking back, n h (1 - exp(-g)) / g."""
    rate, growth = 0.5, 0.7
    steady = [abandoned(seed, rate, 0.0) for seed in range(REPLICATIONS)]
    grown = [abandoned(seed, rate, growth) for seed in range(REPLICATIONS)]
    assert agrees(steady, PLACES * rate)
    assert agrees(grown, PLACES * rate * (1 - np.exp(-growth)) / growth)
    assert not agrees(grown, PLACES * rate)


def test_people_and_agents_come_and_go_alike_under_every_governance():
    """Two models take over from the same people: whoever is the first to answer is the same under both."""
    workload = organisation(1)
    few, many = (simulate(workload, governed({"reowning_days": days})) for days in (30, 300))
    known = {a.owned for a in workload.lifecycle.answering}
    assert {r.owned for r in many.reowned} <= {r.owned for r in few.reowned} <= known
    assert [c for c in few.credentials if c.valid_from < workload.begins] == [
        c for c in many.credentials if c.valid_from < workload.begins
    ]


def old_keys_left(seed, overlooked):
    """The share of the keys that agents at work had which live on, once a model without keys has taken over."""
    workload = organisation(seed, lifecycle__keys=2, migration__overlooked=overlooked)
    facts = simulate(workload, control({}))
    lives = {cast.agent(life.number): life for life in workload.lifecycle.lives}
    ended = {a.credential: a.until for a in facts.acceptances}
    old = [c.id for c in facts.credentials if lives[c.holder].at_work]
    return np.mean([each not in ended for each in old if ended.get(each, workload.t1) >= workload.begins])


def test_so_many_old_keys_outlive_the_migration():
    """Once both no longer run side by side, what is left is what nobody knew of."""
    shares = [old_keys_left(seed, 0.3) for seed in range(REPLICATIONS)]
    assert agrees(shares, 0.3)
    assert not agrees(shares, 0.2)
    assert old_keys_left(0, 0) == 0
