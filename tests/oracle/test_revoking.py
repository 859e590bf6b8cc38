"""How long access outlives its reason, against laws that are known: of lifetimes, of offboarding, of thefts."""

from math import exp, log
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest

from analysis.measures.examination import examine
from sim import scenario
from sim.audit.store import Store
from sim.control import model
from sim.experiment import Plan, carry_out
from sim.reference.run import simulate
from sim.streams import Streams
from sim.workload.dimensions import dimensions
from tests.ledgers import DAY, HOUR, Credential, Event, Ledger, Life, Task, answers
from tests.oracle.errors import agrees, tells
from tests.worlds import Do, Past, Work, control, world

DATA = Path(__file__).parents[2] / "data"
NORMAL = NormalDist()
MEAN, FAR, TASKS, REPLICATIONS = 600, 1200, 1200, 20


def memoryless(seed):
    """An hour of tasks, each with a credential that lives on for an exponential time; the window cuts some off.

    Each has its own part of the law, as far along as its place among all, so that what differs from one replication
    to the next is hardly more than what is cut off.
    """
    chance = np.random.default_rng(seed)
    ended, along = chance.uniform(0, HOUR, TASKS), (chance.permutation(TASKS) + chance.uniform(size=TASKS)) / TASKS
    lasts = -MEAN * np.log1p(-along)
    tasks = [Task(n, -1, float(end), "completed") for n, end in enumerate(ended)]
    held = [Credential(["read notes"], -1, end, task=n) for n, end in enumerate((ended + lasts).tolist())]
    return Ledger(HOUR, tasks=tasks, credentials=held)


@pytest.fixture(scope="module")
def exponential(book):
    """What is said of replications, up to a horizon that one of three is not followed to."""
    ledgers = [memoryless(seed) for seed in range(REPLICATIONS)]
    return book.told(["time_to_revoke"], ledgers, mean_hours=FAR / HOUR)["time_to_revoke"]


def test_the_restricted_mean_of_exponential_lifetimes_is_known(exponential):
    """It is m (1 - exp(-h / m)), whatever the window cuts off; what lasted until then, taken for its end, is less."""
    found = [said["restricted_mean"].lo for said in exponential]
    assert all(said["restricted_mean"].lo == said["restricted_mean"].hi for said in exponential)
    assert all(said["restricted_mean"].unknowns > TASKS / 20 for said in exponential)
    assert tells(found, lambda mean: mean * (1 - exp(-FAR / mean)), MEAN, within=0.1)


def test_the_quantiles_of_exponential_lifetimes_are_known(exponential):
    """Half of them last m ln 2, and one in twenty m ln 20; what one in seventeen lasts is a sixteenth less."""
    assert tells([said["p50"].lo for said in exponential], lambda mean: mean * log(2), MEAN, within=0.05)
    assert tells([said["p95"].lo for said in exponential], lambda mean: mean * log(20), MEAN, within=0.05)


def test_what_is_at_risk_is_what_the_quantiles_are_of(exponential):
    """All tasks, and as many ends as nothing cut off."""
    for said in exponential:
        assert said["at_risk"].lo == TASKS
        assert said["ended"].lo == TASKS - said["ended"].unknowns


def replaced_at_noon(hours):
    """Tasks that end all along a day, each by the key of all, which is replaced each noon; seen for so many hours."""
    ended = [(n + 0.5) * DAY / TASKS for n in range(TASKS)]
    tasks = [Task(n, end - 1, end, "completed") for n, end in enumerate(ended)]
    used = [
        Event("use", end - 0.5, credential=int(end > DAY / 2), task=n, decision="allow") for n, end in enumerate(ended)
    ]
    keys = [Credential(["read notes"], (n - 0.5) * DAY, (n + 0.5) * DAY) for n in range(2)]
    return Ledger(hours * HOUR, tasks=tasks, events=used, credentials=keys)


def test_where_all_keys_end_at_one_instant_the_curve_is_too_low(book):
    """Followed to the end half of the times are longer than 12 h, for a key is replaced within 0 to 24 h of a task.

    In the window of that day those up to 12 h end, and the others are cut off after 0 to 12 h, none of which are like
    the rest: the curve is the square root of (1 - t / 12 h), which is a half after 9 h, and looks well known.
    """
    seen, followed = (
        said["p50"] for said in book.told(["time_to_revoke"], [*map(replaced_at_noon, (24, 48))])["time_to_revoke"]
    )
    assert seen.lo == seen.hi == pytest.approx(9 * HOUR, rel=0.01)
    assert followed.lo == followed.hi == pytest.approx(12 * HOUR, rel=0.01)


def restricted(median, sigma, far):
    """The mean of a lognormal time cut at a horizon."""
    z = log(far / median) / sigma
    return median * exp(sigma**2 / 2) * NORMAL.cdf(z - sigma) + far * (1 - NORMAL.cdf(z))


ABANDONED, MEDIAN, SIGMA, LATEST = 150, 7, 1, 90


def offboarded(seed):
    """What is said of agents that were abandoned one after another in the last 300 days, each removed by a process."""
    lives = [[0, n, -700, -300 * n / ABANDONED] for n in range(1, ABANDONED + 1)]
    past = Past(since=-800, people=[[0, 0, 0, -800, "never"]], lives=[[0, 0, -700, "never"], *lives])
    figures = {"stock.key_age_years": 100, "lifecycle.keys": 3}
    workload = world([Work([Do("read notes")])], figures, until=DAY, past=past, streams=Streams(seed))
    process = {"offboarding_formal": 1, "offboarding_median_days": MEDIAN, "offboarding_sigma": SIGMA, "inventory": 1}
    keys = {"issue.unit": "standing", "issue.authority": "own_role", "lifetime.ttl_s": "never"}
    chosen = control({**keys, **{f"governance.{knob}": value for knob, value in process.items()}})
    times = {name: np.datetime64(getattr(workload, name), "us") for name in ("begins", "t0", "t1")}
    with Store.in_memory() as store:
        store.write_workload(1, dimensions(workload, "bench"))
        run = {"key": 1, "id": "run 1", "kind": "simulated", "workload": 1, "profile": "full", "version": "1", **times}
        store.write_run({**run, "estimand": "steady"}, simulate(workload, chosen, estimand="steady"))
        with examine(store, "truth") as truth:
            return answers(truth, "revoke_on_offboarding", mean_days=LATEST)[1]


def test_agents_are_offboarded_by_the_law_that_the_process_has():
    """Median and restricted mean of the lognormal law that governance states, though the last are still there."""
    said = [offboarded(seed) for seed in range(20)]
    assert all(each["at_risk"].lo == ABANDONED and 0 < each["ended"].unknowns < ABANDONED / 5 for each in said)
    assert agrees([log(each["p50"].lo / DAY) for each in said], log(MEDIAN))
    means = [each["restricted_mean"].lo / DAY for each in said]
    assert tells(means, lambda median: restricted(median, SIGMA, LATEST), MEDIAN, within=0.25)


def taken_over(seed):
    """Agents abandoned all along 60 days, each with a key that goes on for an exponential time.

    The run has begun in the middle of that, and shows of what was before no more than was left then.
    """
    chance = np.random.default_rng(seed)
    since, along = chance.uniform(-60 * DAY, 0, ABANDONED), chance.permutation(ABANDONED)
    lasts = -10 * DAY * np.log1p(-(along + chance.uniform(size=ABANDONED)) / ABANDONED)
    left = since + lasts > -30 * DAY
    pairs = list(enumerate(zip(since[left].tolist(), lasts[left].tolist(), strict=True), 1))
    held = [Credential(["read notes"], -70 * DAY, when + last, agent=n) for n, (when, last) in pairs]
    lives = [Life(n, -70 * DAY, when) for n, (when, _) in pairs]
    return Ledger(HOUR, agents=len(pairs) + 1, lives=lives, credentials=held, begins=-30 * DAY)


def test_agents_of_before_the_run_are_not_taken_for_the_rest_of_their_like(book):
    """Of them only those are left that last long: with these the mean of an exponential time would be above m."""
    several = [taken_over(seed) for seed in range(REPLICATIONS)]
    said = book.told(["revoke_on_offboarding"], several, mean_days=20)["revoke_on_offboarding"]
    followed = [sum(life.ends >= each.begins for life in each.lives) for each in several]
    assert [each["at_risk"].lo for each in said] == followed
    found = [each["restricted_mean"].lo / DAY for each in said]
    assert tells(found, lambda mean: mean * (1 - exp(-20 / mean)), 10, within=0.25)


def test_of_agents_that_all_were_abandoned_before_the_run_nothing_is_told(book):
    """A mean over more days than the run has is not known, though every one of them lasts longer."""
    ledger = Ledger(
        HOUR, agents=2, lives=[Life(1, -200 * DAY, -113 * DAY)], begins=-4 * DAY,
        credentials=[Credential(["read notes"], -200 * DAY, agent=1)],
    )  # fmt: skip
    said = book.one("revoke_on_offboarding", ledger)
    assert said["at_risk"].lo == said["at_risk"].hi == 0
    assert said["restricted_mean"][:2] == said["p50"][:2] == (None, None)


def test_an_attacker_takes_what_the_simulator_says_was_taken():
    """Of copies and what lies in a log nothing comes later; who drives an agent may be given more."""
    threats = ("t1a", "t1b", "t1c", "t2", "t3", "t4")
    struck = {f"incidents.{threat}.count": 12 for threat in threats} | {"leaks.share": 0.5}
    models = tuple(model.load(DATA / "controls" / f"{name}.toml") for name in ("jit_session", "per_task"))
    with Store.in_memory() as store:
        small = scenario.load(DATA / "scenarios" / "support_startup.toml", struck)
        carry_out(Plan(small, models, 1, seed=3, processes=1), store, lambda _done, _of: None)
        with examine(store, "truth") as truth:
            told = answers(truth, "revoke_on_compromise")
        found = store.rows(
            "SELECT run, threat, count(*) FILTER (credentials > 0)"
            " FROM fact.incident i JOIN fact.run r ON r.key = i.run WHERE i.time >= r.t0 GROUP BY run, threat"
        )
    assert sum(many for *_, many in found) > len(threats)
    for run, threat, many in found:
        took = told[run][f"{threat} took"].lo
        assert (run, threat, took) == (run, threat, many) if threat in {"t1a", "t1b", "t3"} else took >= many
