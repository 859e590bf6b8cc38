"""Requests made again: what k tries come to, against the Beta-binomial law, in closed form and in runs.

With a chance p and a correlation r of two tries, none of k gets through with E[Q**k], where Q is Beta-distributed with
mean 1 - p, and 0 or 1 where r is 1.
"""

import itertools
from functools import cache

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import beta, betabinom

from sim.audit import ids
from sim.audit.rows import Decision, Gate, Kind, Outcome, Threat
from sim.reference.run import simulate
from sim.streams import Purpose, Streams, always, comes_again
from tests import worlds
from tests.oracle.errors import agrees, tells
from tests.worlds import Do, Strike, Work, control, world

CHANCES, ALIKE, TRIES = (0.0, 0.004, 0.17, 0.5, 0.83, 1.0), (0.0, 0.1, 0.379, 0.9, 1.0), (0, 1, 2, 5, 40, 200)


def shapes(chance, alike):
    """The two shapes of the Beta law with this mean and correlation."""
    return chance * (1 - alike) / alike, (1 - chance) * (1 - alike) / alike


@pytest.mark.parametrize("chance", CHANCES[1:-1])
@pytest.mark.parametrize("alike", ALIKE[1:-1])
def test_all_of_several_tries_are_beta_binomial(chance, alike):
    """That it happens each time is E[P**k]: as SciPy says, and as the integral over the Beta law does."""
    told = always(chance, alike, max(TRIES))
    assert [told[k] for k in TRIES] == pytest.approx([betabinom.pmf(k, k, *shapes(chance, alike)) for k in TRIES])
    integral, _ = quad(lambda p: p**5 * beta.pdf(p, *shapes(chance, alike)), 0, 1, limit=200)
    assert told[5] == pytest.approx(integral, rel=1e-3)


@pytest.mark.parametrize("chance", CHANCES)
def test_the_two_ends_are_exact(chance):
    """Apart, k tries are k chances; wholly alike, a retry never helps."""
    assert always(chance, 0, 40) == pytest.approx([chance**k for k in range(41)])
    assert always(chance, 1, 40) == pytest.approx([1, *[chance] * 40])


def test_the_published_pair_is_the_fit():
    """Beta(0.29, 1.35): 17.8 % of first attempts on a target, 78.6 % of targets within 200; apart it would be all."""
    mean, alike = 0.29 / (0.29 + 1.35), 1 / (0.29 + 1.35 + 1)
    assert alike == pytest.approx(0.38, abs=0.005)
    assert 1 - always(1 - mean, alike, 1)[1] == pytest.approx(0.178, abs=0.002)
    assert 1 - always(1 - mean, alike, 200)[200] == pytest.approx(0.786, abs=0.005)
    assert 1 - always(1 - mean, 0, 50)[50] > 0.999


@pytest.mark.parametrize("alike", ALIKE)
def test_every_sequence_of_answers_is_as_likely_as_it_should_be(alike):
    """Each of the 16 outcomes of four tries has its probability, whatever came in which order."""
    chance, streams = 0.3, Streams(3)
    counts = dict.fromkeys(itertools.product((False, True), repeat=4), 0)
    for path in range(20_000):
        draws = [streams.of(Purpose.THEFT_STOPPED, n).draw(path) for n in range(4)]
        counts[tuple(comes_again(draws[: n + 1], chance, alike) for n in range(4))] += 1
    for outcome, count in counts.items():
        hits = sum(outcome)
        ways = len([each for each in counts if sum(each) == hits])
        if 0 < alike < 1:
            expected = betabinom.pmf(hits, 4, *shapes(chance, alike)) / ways
        elif alike == 0:
            expected = chance**hits * (1 - chance) ** (4 - hits)
        else:
            expected = {0: 1 - chance, 4: chance}.get(hits, 0)
        spread = np.sqrt(20_000 * expected * (1 - expected))
        assert abs(count - 20_000 * expected) <= 4.5 * spread
        assert expected > 0 or count == 0


def test_who_is_surer_refuses_no_less():
    """With the same draws, a greater chance never makes it happen less often."""
    streams = Streams(4)
    for path in range(500):
        draws = [streams.of(Purpose.FALSE_DENIAL, n).draw(path) for n in range(6)]
        few, many = ([comes_again(draws[: n + 1], chance, 0.4) for n in range(6)] for chance in (0.3, 0.6))
        assert all(b or not a for a, b in zip(few, many, strict=True))


# In runs: a hijacked agent asks the issuer for one thing again and again.

STOP, AGAIN, AGENTS, MONEY = 0.6, 6, 40, worlds.atom("write money")


def hijacked(seed, alike, **settings):
    """Facts of agents that were hijacked and ask for money, of a decision point that sees through some of it."""
    model = control({
        "issue.unit": "action", "issue.authority": "single", "lifetime.ttl_s": 1, "decision.at": "request",
        "decision.adversarial_stop": STOP, "decision.adversarial_persistence": alike, **settings,
    })  # fmt: skip
    strikes = [Strike(at=1, noticed=10**6, agent=number, threat="t2") for number in range(AGENTS)]
    targets = {ids.incident(Threat.T2, number): (MONEY,) * AGAIN for number in range(AGENTS)}
    streams = worlds.Scripted(seed=seed, targets=targets)
    return simulate(world([], {"attacks": (AGAIN, 10)}, strikes=strikes, until=10**4, streams=streams), model)


@cache
def permitted(seed, alike):
    """The share of them that were permitted it within each number of tries."""
    outcomes = np.zeros((AGENTS, AGAIN), dtype=bool)
    for step in hijacked(seed, alike).steps:
        outcomes[step.incident & 0xFF, step.step] = step.allowed
    return np.maximum.accumulate(outcomes, axis=1).mean(axis=0)


@pytest.mark.parametrize("alike", [0.0, 0.4, 1.0])
def test_who_asks_again_gets_it_as_the_law_says(alike):
    """Within so many tries the share that got it is 1 - E[Q**k]; of either end of the knob not the other's."""
    for tries in (1, 3, AGAIN):
        shares = [permitted(seed, alike)[tries - 1] for seed in range(60)]
        assert tells(shares, lambda stop, k=tries: 1 - always(stop, alike, k)[k], STOP, 0.15)
    last = [permitted(seed, alike)[-1] for seed in range(60)]
    others = [each for each in (0.0, 0.4, 1.0) if each != alike]
    assert not any(agrees(last, 1 - always(STOP, each, AGAIN)[AGAIN]) for each in others)


def test_where_answers_never_change_no_retry_helps():
    """Each of them is permitted always or never."""
    steps = hijacked(0, 1.0).steps
    outcomes = {step.incident: set() for step in steps}
    for step in steps:
        outcomes[step.incident].add(step.allowed)
    assert all(len(each) == 1 for each in outcomes.values())
    assert len({frozenset(each) for each in outcomes.values()}) == 2


@pytest.mark.parametrize("alike", [0.0, 0.4, 1.0])
def test_a_trust_tells_the_chance_of_all_tries(alike):
    """What may be minted says how likely one request, and one of as many as a hijacker makes, is permitted."""
    [trust] = {t._replace(principal=0) for t in hijacked(0, alike).trusts}
    assert trust.gate == Gate.CLASSIFIER
    assert (trust.permit_under_attack, trust.tries) == (400, AGAIN)
    assert trust.permit_in_tries == pytest.approx(1000 * (1 - always(STOP, alike, AGAIN)[AGAIN]), abs=1)


def test_a_trust_behind_humans_and_gaps_is_a_mixture():
    """Past a human one in five, past every guard one in ten: none of six with E[(0.9 (1 - 0.2 P))**6]."""
    a, b = shapes(1 - STOP, 0.4)
    figures = {"approvers.inspected": 0.8, "attacks": (AGAIN, 10)}
    model = control({
        "issue.unit": "action", "issue.authority": "single", "lifetime.ttl_s": 1, "decision.at": "request",
        "decision.adversarial_stop": STOP, "decision.adversarial_persistence": 0.4, "decision.coverage": 0.9,
        "approval.from_tier": 3,
    })  # fmt: skip
    [told] = [t for t in simulate(world([Work()], figures), model).trusts if t.gate == Gate.HUMAN]
    none, _ = quad(lambda p: (0.9 * (1 - 0.2 * p)) ** AGAIN * beta.pdf(p, a, b), 0, 1, limit=200)
    assert told.permit_in_tries == pytest.approx(1000 * (1 - none), abs=1)


# In runs: what is legitimate is refused by mistake, and asked for again.


@cache
def broken(seed, at, alike):
    """The share of tasks of one call that are broken, where agents ask three times."""
    session = {"issue.unit": "session", "issue.authority": "own_role", "lifetime.ttl_s": 1} if at == "login" else {}
    asked = {"decision.at": at, "decision.false_denial": 0.5, "decision.false_denial_persistence": alike}
    model = control(asked | session)
    works = [Work([Do("read notes", 1, 1)], at=100 * n) for n in range(60)]
    asking = {"response.retry": 1, "response.attempts": 3}
    facts = simulate(world(works, asking, until=10**4, streams=Streams(seed)), model)
    return np.mean([each.outcome == Outcome.BROKEN for each in facts.outcomes])


@pytest.mark.parametrize("at", ["request", "task", "login"])
@pytest.mark.parametrize("alike", [0.0, 0.4, 1.0])
def test_mistakes_persist(at, alike):
    """A call is given up where all of three requests are refused, E[Q**3]; apart 1/8, wholly alike 1/2."""
    shares = [broken(seed, at, alike) for seed in range(10)]
    assert agrees(shares, always(0.5, alike, 3)[3])
    others = [each for each in (0.0, 0.4, 1.0) if each != alike]
    assert not any(agrees(shares, always(0.5, each, 3)[3]) for each in others)


def test_each_thing_has_a_chance_of_its_own():
    """Wholly alike answers are alike for one call: others of the same agent are refused or not by theirs."""
    model = control({"decision.at": "request", "decision.false_denial": 0.5, "decision.false_denial_persistence": 1})
    works = [Work([Do("read notes", 1, 1)], at=100 * n) for n in range(20)]
    asked = {"response.retry": 1, "response.attempts": 3}
    answers = {}
    for event in simulate(world(works, asked, until=10**4, streams=Streams(1)), model).events:
        if event.kind == Kind.DECIDE:
            answers.setdefault(event.action, []).append(event.decision)
    assert set(map(tuple, answers.values())) == {(Decision.ALLOW,), (Decision.DENY,) * 3}
