"""The slow clock against renewal theory: how old agents and keys are, how many are orphaned, how many live on.

Each replication is one organisation of many places, with years behind it, whose people come and go and whose keys are
rotated independently. A test says within what relative error of a figure it would show that the model has another one:
its replications are that many, its theory moves that much.
"""

from functools import cache

import numpy as np
import pytest
from scipy import stats

from sim.calendar import DAY, YEAR_S, micros_of
from sim.control.model import Control
from sim.control.platform import as_asked
from sim.reference.clock import Clock
from sim.reference.journal import Journal
from sim.reference.rota import Rota
from sim.reference.run import simulate
from sim.reference.stewardship import Steward
from sim.reference.world import World
from sim.workload import cast
from sim.workload.fleet import generate
from tests import worlds
from tests.oracle.errors import agrees, least_seen, tells
from tests.worlds import SECOND, control

YEAR = round(YEAR_S * SECOND)
# Nobody works, so that only the slow clock runs.
STILL = {
    "window.hours": 1, "arrivals.per_agent_day": 1e-9, "lifecycle.years": 12, "ownership.team_owned": 0,
    "people.vacancy_days": 1,
}  # fmt: skip
# A person for every agent, so that owners leave independently; or hardly anybody, where people do not matter.
OWNED = STILL | {"fleet.agents": 60, "people.identities_per_human": 2}
ALONE = STILL | {"fleet.agents": 400, "people.identities_per_human": 1e6}
FEW = ALONE | {"fleet.agents": 200}
WITHIN = 0.15


def governed(settings) -> Control:
    """A static key an agent, governed as the settings say."""
    standing = {"issue.unit": "standing", "issue.authority": "own_role", "lifetime.ttl_s": "never"}
    return control(standing | {f"governance.{key}": value for key, value in settings.items()})


def organisation(seed, settings):
    """A workload of nothing but a past."""
    return generate(worlds.scenario(settings), seed, 0)


def custodies(workload, settings):
    """What became of each identity, under the same governance all along."""
    model, clock = governed(settings), Clock(initial_time=workload.begins)
    world = World(workload, model, clock, Journal(clock, workload.streams), {"any": as_asked(model)})
    return [Steward(world, workload.lifecycle, "steady").custody(life) for life in workload.lifecycle.lives]


# Owners.


def orphaned_share(seed, leave, reown):
    """The share of the last eight years in which nobody answers for an agent, in the mean over agents."""
    workload = organisation(seed, OWNED | {"people.leave_per_year": leave})
    until, since = workload.lifecycle.until, workload.lifecycle.until - 8 * YEAR
    first, owned = workload.lifecycle.of_agent, 0
    for told in custodies(workload, {"reowning_days": reown}):
        spells = [*first.get(cast.agent(told.life.number), ()), *told.answering]
        owned += sum(max(0, min(each.ends, until) - max(each.starts, since)) for each in spells if each.role == "owner")
    return 1 - owned / (until - since) / OWNED["fleet.agents"]


def test_orphans_are_an_alternating_renewal():
    """Owned for 1/h on average, orphaned for d, the stationary share orphaned is d / (d + 1/h)."""
    leave, reown = 0.8, 150
    shares = [orphaned_share(seed, leave, reown) for seed in range(20)]
    assert tells(shares, lambda days: days / (days + 365.25 / leave), reown, WITHIN)
    assert tells(shares, lambda rate: reown / (reown + 365.25 / rate), leave, WITHIN)


def never_re_owned(seed, leave, years):
    """The share of agents without an owner after so many years of a first one."""
    many = {"people.identities_per_human": 0.5, "people.leave_per_year": leave, "lifecycle.years": years}
    workload = organisation(seed, OWNED | many)
    found = custodies(workload, {"reowning_days": "never"})
    assert not any(told.answering for told in found)
    first = (workload.lifecycle.of_agent[cast.agent(told.life.number)] for told in found)
    return np.mean([not any(each.role == "owner" and each.ends > workload.t1 for each in own) for own in first])


def test_whoever_never_is_re_owned_is_orphaned_for_good():
    """Without re-owning the share orphaned after so many years is that of owners who left."""
    leave, years = 0.8, 1.5
    shares = [never_re_owned(seed, leave, years) for seed in range(80)]
    assert tells(shares, lambda rate: 1 - np.exp(-rate * years), leave, WITHIN)


# People.

MOVING = STILL | {
    "fleet.agents": 4, "people.identities_per_human": 0.04, "people.leave_per_year": 0.5, "people.move_per_year": 0.3,
    "people.vacancy_days": 120, "lifecycle.years": 10,
    "teams": [{"name": name, "intents": ["look", "pay"]} for name in ("one", "two", "three", "four")],
}  # fmt: skip
SEATS = 200


@cache
def moving():
    """The pasts of several organisations in which people move."""
    return [organisation(seed, MOVING).lifecycle for seed in range(16)]


def headcount(people, time):
    """How many people there are for each seat."""
    return sum(person.joined <= time < person.left for person in people) / SEATS


def test_people_over_seats_do_not_drift():
    """Left at rate l, moved from at rate m, vacant for v, a seat is taken 1 / (1 + (l + m) v) of the time, always."""
    pasts, taken = moving(), 1 / (1 + (0.5 + 0.3) * 120 / 365.25)
    for years in (2, 6, 10):
        shares = [headcount(past.people, past.starts + years * YEAR - DAY) for past in pasts]
        assert tells(shares, lambda share: share, taken, 0.1)
    drift = [headcount(p.people, p.starts + 9 * YEAR) - headcount(p.people, p.starts + 3 * YEAR) for p in pasts]
    assert agrees(drift, 0)


def test_people_leave_and_move_at_their_rates():
    """Of so many years that people were there, each leaves and moves as often as the scenario says."""
    pasts = moving()
    years = [sum(min(p.left, past.until) - p.joined for p in past.people) / YEAR for past in pasts]
    left = [sum(p.left < past.until for p in past.people) for past in pasts]
    moved = [sum(len(p.stays) - 1 for p in past.people) for past in pasts]
    assert tells(np.divide(left, years), lambda rate: rate, 0.5, WITHIN)
    assert tells(np.divide(moved, years), lambda rate: rate, 0.3, WITHIN)


def test_a_move_is_from_one_team_to_another_without_a_day_between():
    """Who moves is in one team at a time, and in a seat that somebody had left before."""
    people = organisation(0, MOVING).lifecycle.people
    moves = [pair for person in people for pair in zip(person.stays, person.stays[1:], strict=False)]
    assert len(moves) > 100
    assert all(before.ends == after.starts and before.team != after.team for before, after in moves)


def test_whoever_moves_is_on_the_rota_in_the_new_seat():
    """With a shift of seconds for each seat everybody who is there is on call once, those who moved among them."""
    workload = organisation(0, MOVING | {"approvers.handover_hours": 0.001})
    rota, begins = Rota(workload), workload.begins
    on_call = [rota.on_call(begins + seat * round(3.6 * SECOND)) for seat in range(SEATS)]
    there = [person for person in workload.lifecycle.people if person.joined <= begins < person.left]
    assert sorted(who for who in on_call if who is not None) == [cast.owner(person.number) for person in there]
    assert sum(len(person.stays) > 1 for person in there) > SEATS / 10


def test_where_nobody_leaves_nobody_has_a_seat_to_move_to():
    """With every seat taken for good, whoever would like to move stays."""
    people = organisation(0, MOVING | {"people.leave_per_year": 0}).lifecycle.people
    assert [len(person.stays) for person in people] == [1] * SEATS


# Ages.


@cache
def ages_at_work(seed, rate, growth):
    """Ages of the agents at work and of their keys, at the start of the run, in years."""
    settings = {"lifecycle.abandoned_per_year": rate, "lifecycle.growth_per_year": growth, "lifecycle.years": 1}
    workload = organisation(seed, ALONE | settings)
    created = np.array([life.created for life in workload.lifecycle.lives if life.at_work])
    return (workload.begins - created) / YEAR, (workload.begins - workload.keys_since) / YEAR


def test_agents_at_work_are_as_old_as_a_stable_population():
    """Set up at a rate that grew by g, abandoned at rate h, their ages are exponential with h + g, whatever is told."""
    found = [ages_at_work(seed, 0.5, 0.3)[0] for seed in range(16)]
    assert tells([ages.mean() for ages in found], lambda rate: 1 / (rate + 0.3), 0.5, 0.3)
    assert tells([ages.mean() for ages in found], lambda total: 1 / total, 0.8, WITHIN)
    pooled = np.concatenate(found)
    assert stats.kstest(pooled, stats.expon(scale=1 / 0.8).cdf).pvalue > 0.001
    for wrong in (1 / 0.8 * 1.15, 1 / 0.8 / 1.15):
        assert stats.kstest(pooled, stats.expon(scale=wrong).cdf).pvalue < 0.001


def test_no_key_is_older_than_its_agent():
    """Replaced at rate r since its agent was set up, a key is h + g + r exponential in age; as old as it at most."""
    found = [ages_at_work(seed, 0.5, 0.3) for seed in range(16)]
    keys = [ages.mean() for _, ages in found]
    mean_years = worlds.scenario().stock.key_age_years
    assert all((key <= agent).all() for agent, key in found)
    assert any((key == agent).any() and (key < agent).any() for agent, key in found)
    assert tells(keys, lambda total: 1 / total, 0.8 + 1 / mean_years, WITHIN)


def test_where_agents_neither_come_nor_go_keys_are_as_old_as_the_stock_says():
    """Ages of agents' own keys are then exponential with the stock's mean."""
    means = [ages_at_work(seed, 0, 0)[1].mean() for seed in range(16)]
    assert tells(means, lambda years: years, worlds.scenario().stock.key_age_years, WITHIN)


def key_ages(seed, settings):
    """The ages in days of the keys that agents work with, at the end."""
    workload = organisation(seed, ALONE | {"fleet.agents": 150, "lifecycle.years": 3})
    facts = simulate(workload, governed(settings), estimand="steady")
    newest = {}
    for credential in facts.credentials:
        newest[credential.holder] = max(newest.get(credential.holder, 0), credential.valid_from)
    return (workload.t1 - np.array(list(newest.values()))) / DAY


def test_a_rotated_key_is_as_old_as_its_period_allows():
    """With period D and failure f a key is r + D G old, r since a rotation was last due, P(G >= n) = f^n."""
    period, failure = 40, 0.5
    figures = worlds.scenario(ALONE)
    past = (micros_of(figures.t1) - micros_of(figures.begins) + 3 * YEAR) / DAY % period
    ages = [key_ages(seed, {"rotation_days": period, "rotation_failure": failure}) for seed in range(16)]
    assert tells([np.mean(each >= period) for each in ages], lambda share: share, failure, WITHIN)
    means = [each.mean() for each in ages]
    assert tells(means, lambda share: past + period * share / (1 - share), failure, WITHIN)
    assert not agrees(means, past)


# What lives on.


def left_behind(seed, places, settings):
    """How many agents that were abandoned still have a key at the end."""
    many = {"fleet.agents": places, "lifecycle.abandoned_per_year": 2.0, "lifecycle.years": 4}
    facts = simulate(organisation(seed, ALONE | many), governed(settings), estimand="steady")
    gone = {a.credential for a in facts.acceptances}
    old = [c for c in facts.credentials if c.holder & (1 << 40) - 1 >= places and c.id not in gone]
    return len(old)


def come_and_stay(places, years):
    """How many of them there are, where each stays so long, after the four years that such a fleet has behind it."""
    return places * 2.0 * years * (1 - np.exp(-4 / years))


def test_keys_of_the_abandoned_are_as_many_as_come_times_how_long_they_stay():
    """Little's law: abandoned at rate n h, each stays as long as the stock is old; those offboarded, a day."""
    stays, few, many = 1.0, 115, 70
    counts = [left_behind(seed, few, {}) for seed in range(16)]
    assert tells(counts, lambda years: come_and_stay(few, years), stays, WITHIN)
    process = {"offboarding_formal": 0.6, "offboarding_median_days": 1}
    formal = [left_behind(seed, many, process) for seed in range(16)]
    day = many * 2.0 * (1 - np.exp(-1 / 365.25)) * stays
    assert tells(formal, lambda share: (1 - share) * come_and_stay(many, stays) + share * day, 0.6, WITHIN)


def abandoned(seed, rate, growth, years):
    """How many agents were abandoned in the last years."""
    settings = {"lifecycle.abandoned_per_year": rate, "lifecycle.growth_per_year": growth, "lifecycle.years": 6}
    lifecycle = organisation(seed, FEW | settings).lifecycle
    return sum(lifecycle.until - years * YEAR < life.ended < lifecycle.until for life in lifecycle.lives)


def test_agents_are_abandoned_at_the_rate_of_a_fleet_that_grew():
    """In T years n h T of them; where the fleet grew at rate g, looking back, n h (1 - exp(-g T)) / g."""
    rate, growth, years, places = 0.5, 0.7, 6, FEW["fleet.agents"]
    steady = [abandoned(seed, rate, 0.0, years) for seed in range(8)]
    grown = [abandoned(seed, rate, growth, years) for seed in range(16)]
    assert tells(steady, lambda each: places * each * years, rate, WITHIN)
    assert tells(grown, lambda each: places * rate * (1 - np.exp(-each * years)) / each, growth, WITHIN)


def test_people_and_agents_come_and_go_alike_under_every_governance():
    """Two models take over from the same people: whoever is the first to answer is the same under both."""
    workload = organisation(1, OWNED | {"people.leave_per_year": 0.8})
    few, many = (simulate(workload, governed({"reowning_days": days})) for days in (30, 300))
    known = {a.owned for a in workload.lifecycle.answering}
    assert {r.owned for r in many.reowned} <= {r.owned for r in few.reowned} <= known
    assert [c for c in few.credentials if c.valid_from < workload.begins] == [
        c for c in many.credentials if c.valid_from < workload.begins
    ]


def old_keys_left(seed, overlooked):
    """The share of the keys that agents at work had which live on, once a model without keys has taken over."""
    workload = organisation(seed, FEW | {"lifecycle.keys": 2, "lifecycle.years": 1, "migration.overlooked": overlooked})
    facts = simulate(workload, control({}))
    lives = {cast.agent(life.number): life for life in workload.lifecycle.lives}
    ended = {a.credential: a.until for a in facts.acceptances}
    old = [c.id for c in facts.credentials if lives[c.holder].at_work]
    return np.mean([each not in ended for each in old if ended.get(each, workload.t1) >= workload.begins])


def test_so_many_old_keys_outlive_the_migration():
    """Once both no longer run side by side, what is left is what nobody knew of."""
    shares = [old_keys_left(seed, 0.3) for seed in range(16)]
    assert tells(shares, lambda share: share, 0.3, WITHIN)
    assert old_keys_left(0, 0) == 0


# What a test would show.


@pytest.mark.parametrize("wrong", [0.85, 1.15])
def test_a_model_with_another_figure_fails(wrong):
    """Where agents are re-owned or abandoned, or age, 15 % faster or slower, the tests above would fail."""
    later = [orphaned_share(seed, 0.8, 150 * wrong) for seed in range(20)]
    assert not agrees(later, 150 / (150 + 365.25 / 0.8))
    ages = [ages_at_work(seed, 0.8 * wrong, 0)[0].mean() for seed in range(8)]
    assert not agrees(ages, 1 / 0.8)
    lost = [abandoned(seed, 0.5 * wrong, 0, 6) for seed in range(8)]
    assert not agrees(lost, 0.5 * 6 * FEW["fleet.agents"])


def test_too_few_replications_say_so():
    """What a handful of small counts cannot tell apart, they do not pass for."""
    few = [abandoned(seed, 0.5, 0, 0.2) for seed in range(4)]
    assert agrees(few, 0.5 * 0.2 * FEW["fleet.agents"])
    assert least_seen(few, lambda rate: rate * 0.2 * FEW["fleet.agents"], 0.5) > WITHIN
    assert not tells(few, lambda rate: rate * 0.2 * FEW["fleet.agents"], 0.5, WITHIN)
