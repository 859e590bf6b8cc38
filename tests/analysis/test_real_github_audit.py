"""Hand-made events in GitHub's form give the counts that an independent script found in them."""

import json
from collections import Counter

import pytest

from analysis.ingest.ingest import ingest
from sim.audit.store import Store

PANTHER = "GitHub.Audit.ndjson"
NAMED = (
    "SELECT count(*) FROM fact.natural_key WHERE entity = 'event' AND name NOT LIKE 'event %' AND name NOT LIKE '%#%'"
)


@pytest.fixture
def store():
    """An empty store."""
    with Store.in_memory() as opened:
        yield opened


def test_each_event_with_a_time_is_kept(real, store):
    """Those without a time are refused for just that; all others are kept, also where their id is another's.

    The facts count 31 without a time, of 69; four more have one whose seconds lack the dot before their fraction, which
    the facts take for a time. Three are of another product, with actions that have no category.
    """
    facts = json.loads((real / "multi-panther" / "facts.json").read_text("utf-8"))[PANTHER]
    [summary] = ingest([real / "multi-panther" / PANTHER], store)
    refused = Counter(reason.partition(":")[0] for (reason,) in store.rows("SELECT reason FROM fact.reject"))
    other, dotless = "action is no category and operation, as repo.create is", "created_at is no time"
    assert (summary.source, summary.records) == ("github_audit", facts["events"])
    assert refused == {"no @timestamp": facts["events_without_time"], other: 3, dotless: 4}
    # Two events are told twice to the letter; two have the id of another, one of which Panther made otherwise.
    assert (summary.kept + summary.rejected, summary.repeated) == (facts["events"] - 2, 2)
    assert summary.collisions == facts["duplicate_ids"]
    assert store.rows(NAMED) == [(facts["distinct_ids"],)]


def test_who_acts_is_told_apart(real, store):
    """Among those that have a time two are of an app, by its name or its flag; one shows a token, by its id only."""
    ingest([real / "multi-panther" / PANTHER], store)
    kinds = "SELECT p.kind, count(*) FROM log.event e LEFT JOIN log.principal p ON p.id = e.principal GROUP BY ALL"
    counted = dict(store.rows(kinds))
    assert counted["service"] == 2
    tokens = "SELECT name FROM fact.natural_key WHERE entity = 'credential'"
    assert store.rows(tokens) == [("token id 1111111111111",)]
