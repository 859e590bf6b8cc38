"""Real samples of Inspect give the counts that an independent script found in them."""

import gzip
import json
from collections import Counter

import pytest

from analysis.ingest.ingest import ingest
from analysis.ingest.instants import instant
from sim.audit.store import Store

BESIDE = {"PROVENANCE.md", "facts.json"}
# Of kinds of event, those that tell of something done; scores and limits where a sample ends with them.
TELLING = ("sample_init", "tool")


@pytest.fixture(scope="module")
def folder(real):
    """The folder of the exports."""
    return real / "agents-inspect-eval"


@pytest.fixture(scope="module")
def facts(folder):
    """What the script counted."""
    return json.loads((folder / "facts.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def store(folder):
    """The store they are ingested into."""
    with Store.in_memory() as opened:
        ingest([folder], opened)
        yield opened


@pytest.fixture(scope="module")
def samples(folder):
    """The samples, read by nothing of ours."""
    return [json.loads(gzip.decompress(path.read_bytes())) for path in sorted((folder / "samples").iterdir())]


def test_each_event_is_read(store, facts, folder):
    """Every file is recognised but the two that are no logs; each event is a record, and so is each head of a log."""
    refused = store.rows("SELECT path FROM fact.reject JOIN fact.source_file ON source_file = id")
    assert {path for (path,) in refused} == BESIDE
    heads = len([path for path in folder.rglob("*.json") if path.name != "facts.json"])
    [counted] = store.rows(
        "SELECT sum(records), sum(rejected), sum(repeated) FROM fact.source_file WHERE source IS NOT NULL"
    )
    assert counted == (facts["events"] + heads, 0, 0)


def test_what_tells_nothing_is_silent(store, facts, folder):
    """All but beginnings, calls, and what each sample ends with."""
    [(silent,)] = store.rows("SELECT sum(silent) FROM fact.source_file")
    telling = sum(facts["event_types"][kind] for kind in TELLING) + facts["samples"]
    heads = len([path for path in folder.rglob("*.json") if path.name != "facts.json"])
    assert silent == facts["events"] + heads - telling


def test_each_tool_is_called_as_often(store, facts):
    """Calls by tool are those of the script, each with an id of its own."""
    counted = store.rows("SELECT operation, count(*) FROM log.event WHERE kind = 'use' GROUP BY operation")
    assert dict(counted) == facts["tools"]
    [(named,)] = store.rows("SELECT count(DISTINCT id) FROM log.event WHERE kind = 'use'")
    assert named == facts["distinct_tool_call_ids"]


def test_each_sample_is_a_task(store, facts, samples):
    """Each begins when the script says, and was completed unless a limit stopped it."""
    limits = facts["event_types"]["sample_limit"]
    outcomes = dict(store.rows("SELECT outcome::VARCHAR, count(*) FROM log.task GROUP BY outcome"))
    assert outcomes == {"completed": facts["samples"] - limits, "broken": limits}
    began = store.rows("SELECT epoch_us(started) FROM log.task")
    assert Counter(time for (time,) in began) == Counter(instant(each["events"][0]["timestamp"]) for each in samples)
    assert min(began) == (instant(facts["first"]),)


def test_errors_are_those_written(store, samples):
    """Calls that failed have the type of error that is written, and were let in where they timed out."""
    errors = [event["error"]["type"] for each in samples for event in each["events"] if event.get("error")]
    found = store.rows(
        "SELECT error, decision::VARCHAR, count(*) FROM log.event WHERE kind = 'use' AND error IS NOT NULL GROUP BY ALL"
    )
    assert {error: count for error, _, count in found} == Counter(errors)
    assert {decision for error, decision, _ in found if error == "timeout"} <= {"allow"}
