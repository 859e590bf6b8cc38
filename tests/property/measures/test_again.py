"""Credentials that are issued again after their end: what a log proves of them was so, and what was so it allows.

Each lives up to three times, and a log in the interchange form tells what somebody saw of that: issues, renewals before
the stated end, revocations, calls that were let in, that were refused for being late, or of which nobody knows. Some
lived before it began. One that does not claim to be whole has lost pieces, but none that alone tells of a life or of a
break. What is true is worked out from the lives themselves.
"""

from itertools import pairwise
from math import inf
from random import Random

import pytest

from analysis.measures.examination import examine
from sim.audit.verify import verify
from tests.ledgers import answers
from tests.property.measures.lives import BEGINNING, CLAIMED, logged, seen, window

MANY = 300


def life(chance, starts, ends, *, begun):
    """The rows of one life: each issue tells an end that is put off by the next, the last one the true end or none."""
    inner = range(starts + 1, ends)
    again = sorted(chance.sample(inner, min(chance.randint(0, 2), len(inner))))
    revoked = chance.random() < 0.5
    last = chance.choice((inf, ends + chance.randint(0, 300))) if revoked else chance.choice((ends, ends, None))
    untils = [*(chance.randint(after, ends) for after in again), last if last is not None or not again else ends]
    if begun:
        yield starts, "issue", untils[0]
    yield from ((time, "renewal", until) for time, until in zip(again, untils[1:], strict=True))
    if revoked:
        yield ends, "revoke", None
    for _ in range(chance.randint(0, 2)):
        yield chance.randrange(starts, ends), chance.choice(("allow", "allow", "unknown")), None


def credential(chance, *, whole):
    """When a credential lived, from no known time on if its first life is not seen to begin, and the rows that tell."""
    times = sorted(chance.sample(range(1000), 2 * chance.randint(1, 3)))
    lives, begun = list(zip(times[::2], times[1::2], strict=True)), chance.random() < 0.8
    rows = [row for nth, each in enumerate(lives) for row in life(chance, *each, begun=begun or nth > 0)]
    for (_, ended), (starts, _) in pairwise(lives):
        if chance.random() < 0.4:
            rows.append((chance.randrange(ended, starts), "late", None))
    while not traced(lives, rows):
        # What was seen neither to begin nor to end was used once at least.
        rows.append((times[0], "allow", None))
    for row in chance.sample(rows, 0 if whole else len(rows)):
        left = [each for each in rows if each is not row]
        if chance.random() < 0.4 and traced(lives, left):
            rows = left
    seen_to_begin = any(row[:2] == (times[0], "issue") for row in rows)
    return [(times[0] if seen_to_begin else -inf, times[1]), *lives[1:]], rows


def traced(lives, rows):
    """Whether rows tell of each life, of each break and of the last end.

    Of a break tells that it ended or was refused, that a stated end had passed when it is seen again, or that it is
    issued where none was stated.
    """
    told = [sorted(row for row in rows if starts <= row[0] <= ends and row[1] != "late") for starts, ends in lives]
    stated = [max((end for _, _, end in each if end is not None), default=None) for each in told]
    there = [[row for row in each if row[1] in {*BEGINNING, "allow"}] for each in told]
    for nth, ((_, ended), (starts, _)) in enumerate(pairwise(lives)):
        stopped = any(ended <= time < starts for time, kind, _ in rows if kind in {"revoke", "late"})
        passed = there[nth + 1] and stated[nth] is not None and stated[nth] < there[nth + 1][0][0]
        anew = stated[nth] is None and any(row[:2] == (starts, "issue") for row in there[nth + 1])
        if not (stopped or passed or anew):
            return False
    known = stated[-1] is None or stated[-1] >= lives[-1][1] or any(kind == "revoke" for _, kind, _ in told[-1])
    return all(told) and bool(there[0] or told[0][-1][1] == "revoke") and known


@pytest.fixture(scope="module", params=CLAIMED)
def log(request, tmp_path_factory):
    """A store with the log of many credentials, and when each of them lived."""
    chance = Random(request.param)  # noqa: S311 - no secret depends on it
    drawn = {f"key {number}": credential(chance, whole=request.param == "whole") for number in range(MANY)}
    told = {name: rows for name, (_, rows) in drawn.items()}
    with logged(tmp_path_factory.mktemp("again"), told, request.param) as store:
        yield store, {name: lives for name, (lives, _) in drawn.items()}


def test_it_is_proven_within_one_life_and_possible_through_all(log):
    """Nothing is proven in between, no life lies outside what is possible, and of many something is proven."""
    store, lived = log
    proven = 0
    for name, (since, until, least, most) in seen(store).items():
        lives = lived[name]
        within = [since >= starts and until <= ends for starts, ends in lives]
        assert (name, until > since and not any(within)) == (name, False)
        assert (name, least is None or least <= lives[0][0]) == (name, True)
        assert (name, most is None or most >= lives[-1][1]) == (name, True)
        proven += until > since
    assert proven > MANY / 2
    assert [found for found in verify(store) if found.broken] == []


@pytest.mark.parametrize(
    ("measure", "part", "one"), [("accumulation", "held_mean", 1), ("crown_jewel_hours", "held action", 24)]
)
def test_how_long_they_were_held_is_within_bounds(log, measure, part, one):
    """Each agent has one, which opens a crown jewel: what is said of the mean agent holds what the lives add up to."""
    store, lived = log
    begins, ends = window(store)
    held = sum(max(0, min(until, ends) - max(since, begins)) for lives in lived.values() for since, until in lives)
    with examine(store, "log") as examination:
        said = answers(examination, measure)[1][part]
    assert said.lo <= one * held / (ends - begins) / MANY <= (inf if said.hi is None else said.hi)
