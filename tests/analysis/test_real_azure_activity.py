"""Published events of the Azure Activity Log give the counts that an independent script found in them."""

import json

import pytest

from analysis.ingest.ingest import ingest
from sim.audit.store import Store

TOKENS = "SELECT epoch(from_lo)::BIGINT, epoch(to_hi)::BIGINT FROM log.credential ORDER BY ALL"


@pytest.fixture
def ingested(request, real):
    """A published export with its facts, and its lines."""
    folder, file = request.param
    facts = json.loads((real / folder / "facts.json").read_text("utf-8"))[file]
    lines = [json.loads(line) for line in (real / folder / file).read_text("utf-8").splitlines()]
    with Store.in_memory() as store:
        [summary] = ingest([real / folder / file], store)
        yield facts, lines, summary, store


@pytest.mark.parametrize("ingested", [("multi-plaso", "azure_activity_log.jsonl")], indirect=True)
def test_tokens_are_good_as_long_as_they_say(ingested):
    """Four operations that start are four events; their claims say of two tokens since and until when they are good.

    The facts tell two who act by what they are called. The sample was made unreadable in such a way that both have one
    object id, by which they are known here.
    """
    facts, lines, summary, store = ingested
    assert (summary.source, summary.records, summary.events) == (
        "azure_activity",
        facts["events"],
        facts["distinct_ids"],
    )
    assert (summary.rejected, facts["malformed_lines"]) == (0, 0)
    stated = {(int(line["claims"]["iat"]), int(line["claims"]["exp"])) for line in lines}
    assert store.rows(TOKENS) == sorted(stated)
    [(first, last)] = store.rows("SELECT min(time), max(time) FROM log.event")
    spans = facts["min_time_as_text"].removesuffix("Z"), facts["max_time_as_text"].removesuffix("Z")
    assert (first.isoformat(), last.isoformat()) == spans
    assert store.rows("SELECT DISTINCT decision FROM log.event") == [(None,)]


@pytest.mark.parametrize("ingested", [("multi-panther", "Azure.MonitorActivity.ndjson")], indirect=True)
def test_each_event_has_a_fate(ingested):
    """Of published unit tests of detection rules those of the Activity Log are events, those of other logs none.

    They were edited by hand. What is of AKS, of storage, of Policy and of Advisor goes by its category, and is silent.
    The three without one are of storage, whose operations are none of Resource Manager. The facts count 70 ids more
    than once: records of different rules share a correlation, and differ in what they are about.
    """
    facts, lines, summary, store = ingested
    administrative = [each for each in lines if each.get("category") == "Administrative"]
    without = [each for each in lines if each.get("category") is None]
    assert (summary.source, summary.records) == ("azure_activity", facts["events"])
    assert (summary.rejected, summary.silent) == (len(without), len(lines) - len(administrative) - len(without))
    assert summary.kept + summary.merged + summary.repeated == len(administrative)
    denied = sum(each.get("resultSignature") in ("403", 403) for each in administrative)
    assert store.rows("SELECT count(*) FROM log.event WHERE decision = 'deny'") == [(denied,)]
