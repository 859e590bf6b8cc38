"""Credentials that are issued again after their end: what a log proves of them was so, and what was so it allows.

Each lives up to three times, and a log in the interchange form tells what somebody saw of that: issues, renewals before
the stated end, revocations, calls that were let in, that were refused for being late, or of which nobody knows. Some
lived before it began. What is true is worked out from the lives themselves.
"""

import csv
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import inf
from random import Random

import pytest

from analysis.ingest.claims import CLAIMS, KINDS
from analysis.ingest.ingest import ingest
from analysis.measures.examination import examine
from sim.audit.store import Store
from sim.audit.verify import verify
from tests.ledgers import answers

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NEVER, UNTOLD = "never", ""
MANY = 100
WHOLE = " ".join([*CLAIMS, *KINDS])
# Where revocations may be missing, no end is proven but those that are told.
CLAIMED = {"whole": WHOLE, "in part": WHOLE.replace("revocations", "").replace("every_event", "")}
SEEN = """
    SELECT n.name, c.from_hi, c.to_lo, CASE WHEN isfinite(c.from_lo) THEN c.from_lo END,
           CASE WHEN isfinite(c.to_hi) THEN c.to_hi END
    FROM log.credential c JOIN fact.natural_key n ON n.run = c.run AND n.entity = 'credential' AND n.id = c.id
"""


def stamp(time):
    """So many seconds after noon, as the form has it; words stay."""
    return time if isinstance(time, str) else (NOON + timedelta(seconds=time)).isoformat()


def about(name, time, kind, until=UNTOLD, **more):
    """A row that somebody issued or ended a credential that an agent of its own has."""
    told = {
        "issued": name,
        "issued_kind": "task_token",
        "issued_until": stamp(until),
        "time": stamp(time),
        "kind": kind,
    }
    return {"target": f"agent {name}", "target_kind": "agent", **told, **more}


def call(name, time, decision, **more):
    """A row of a call under it that takes no time."""
    held = {
        "credential": name,
        "credential_kind": "task_token",
        "principal": f"agent {name}",
        "principal_kind": "agent",
    }
    atom = {"resource_group": "crm", "level": "write", "tier": "3", "duration_s": "0", "operation": "edit"}
    asked = {"time": stamp(time), "requested": stamp(time), "action": f"{name} at {time}", "decision": decision}
    return {**held, **atom, **asked, **more}


def life(chance, name, starts, ends, *, seen):
    """The rows of one life: each issue tells an end that is put off by the next, the last one the true end or none."""
    inner = range(starts + 1, ends)
    again = sorted(chance.sample(inner, min(chance.randint(0, 2), len(inner))))
    revoked = chance.random() < 0.5
    last = chance.choice((NEVER, ends + chance.randint(0, 300))) if revoked else chance.choice((ends, ends, UNTOLD))
    untils = [*(chance.randint(after, ends) for after in again), last if last != UNTOLD or not again else ends]
    if seen:
        yield about(name, starts, "issue", untils[0])
    for time, until in zip(again, untils[1:], strict=True):
        yield about(name, time, chance.choice(("issue", "renew")), until, reason="renewal")
    if revoked:
        yield about(name, ends, "revoke", reason="deleted")
    for _ in range(chance.randint(0, 2)):
        yield call(name, chance.randrange(starts, ends), chance.choice(("allow", "allow", UNTOLD)))


def credential(chance, name):
    """When a credential lived, from no known time on if its first life is not seen to begin, and the rows that tell."""
    times = sorted(chance.sample(range(1000), 2 * chance.randint(1, 3)))
    lives, seen = list(zip(times[::2], times[1::2], strict=True)), chance.random() < 0.8
    rows = [row for nth, each in enumerate(lives) for row in life(chance, name, *each, seen=seen or nth > 0)]
    for (_, ended), (starts, _) in pairwise(lives):
        if chance.random() < 0.4:
            rows.append(call(name, chance.randrange(ended, starts), "deny", reason="expired"))
    # Of what began before the log and leaves no end there nothing tells.
    if not seen:
        rows.append(about(name, times[1], "revoke", reason="deleted"))
    return [(times[0] if seen else -inf, times[1]), *lives[1:]], rows


@pytest.fixture(scope="module", params=CLAIMED)
def log(request, tmp_path_factory):
    """A store with the log of many credentials, and when each of them lived."""
    chance, lived, rows = Random(request.param), {}, []  # noqa: S311 - no secret depends on it
    for number in range(MANY):
        lived[f"key {number}"], told = credential(chance, f"key {number}")
        rows += told
    sheet = tmp_path_factory.mktemp("again") / "log.csv"
    with sheet.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*dict.fromkeys(name for row in rows for name in row), "keeps"])
        writer.writeheader()
        writer.writerows({**row, "keeps": CLAIMED[request.param]} for row in rows)
    with Store.in_memory() as store:
        [done] = ingest([sheet], store)
        assert done.rejected == 0
        yield store, lived


def test_it_is_proven_within_one_life_and_possible_through_all(log):
    """Nothing is proven in between, no life lies outside what is possible, and of most something is proven."""
    store, lived = log
    proven = 0
    for name, *times in store.rows(SEEN):
        since, until, least, most = (each and after_noon(each) for each in times)
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
    [(begins, ends)] = [map(after_noon, window) for window in store.rows("SELECT t0, t1 FROM log.run")]
    held = sum(min(until, ends) - max(since, begins) for lives in lived.values() for since, until in lives)
    with examine(store, "log") as examination:
        said = answers(examination, measure)[1][part]
    assert said.lo <= one * held / (ends - begins) / MANY <= (inf if said.hi is None else said.hi)


def after_noon(time):
    """In seconds."""
    return (time.replace(tzinfo=UTC) - NOON).total_seconds()
