"""Real CloudTrail exports give the counts that an independent script found in them."""

import json
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

from analysis.ingest.ingest import Ingested, ingest
from sim.audit.store import Store

HERE = Path(__file__).parent
FOLDERS = ("aws-cloudtrail-invictus", "aws-cloudtrail-stratus", "aws-cloudtrail-awsdocs")
# Beside the exports lie the description of where they come from, and the facts.
BESIDE = {"PROVENANCE.md", "facts.json"}


@dataclass(frozen=True)
class Export:
    """A folder of real exports, ingested."""

    facts: dict[str, Any]
    summary: Ingested
    store: Store

    def counted(self, query: str) -> dict[str, object]:
        """What a query counts, by path in facts.json."""
        cursor = self.store.connection.cursor().execute((HERE / query).read_text("utf-8"))
        return dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))

    def expected(self, path: str) -> object:
        """What facts.json has at a path; nothing is 0 of it."""
        return reduce(lambda value, name: value.get(name, 0), path.split("."), self.facts)


@pytest.fixture(scope="module", params=FOLDERS)
def export(request, real):
    """Each folder in turn."""
    folder = real / request.param
    store = Store.in_memory()
    [summary] = ingest([folder], store)
    yield Export(json.loads((folder / "facts.json").read_text("utf-8")), summary, store)
    store.close()


def test_each_record_is_kept(export):
    """Every record of every export is kept; only the two files that are none are not read, each with a reason."""
    refused = {
        path for (path,) in export.store.rows("SELECT path FROM fact.reject JOIN fact.source_file ON source_file = id")
    }
    assert refused == BESIDE
    assert export.summary.files - export.summary.unread == export.facts["files"]
    assert (export.summary.records, export.summary.kept) == (export.facts["events"], export.facts["events"])
    assert export.summary.kept - export.summary.collisions == export.facts["distinct_eventIDs"]


def test_counts_equal_the_facts(export):
    """Events, time span, principals, keys, sessions, issues, later uses and failures are as many as in facts.json."""
    counted = export.counted("facts_of_cloudtrail.sql")
    assert counted == {path: export.expected(path) for path in counted}


def test_lifetimes_equal_the_facts(export):
    """Lifetimes granted, used and left over equal facts.json, wherever each event has an id of its own."""
    if export.summary.collisions:
        assert export.facts["distinct_eventIDs"] < export.facts["events"]
        return
    counted = export.counted("lifetimes_of_cloudtrail.sql")
    assert counted == {path: export.expected(path) for path in counted}


def test_names_equal_the_facts(export):
    """The most frequent operations, and the error codes and services named, occur as often as in facts.json."""
    operations = "SELECT split_part(operation, ':', 2), count(*) FROM log.event GROUP BY ALL"
    errors = "SELECT error, count(*) FROM log.event GROUP BY ALL"
    services = "SELECT invoked_by, count(*) FROM log.event GROUP BY ALL"
    for query, fact in ((operations, "top_eventNames"), (errors, "top_errorCodes"), (services, "invokedBy")):
        counted = dict(export.store.rows(query))
        assert {name: counted.get(name) for name in export.facts[fact]} == export.facts[fact]


def test_ledger_holds_each_key(export):
    """Every key that was seen or issued is a credential of the rebuilt ledger, and none starts after it is proven."""
    named = export.store.rows("SELECT count(*) FROM fact.natural_key WHERE entity = 'credential'")
    held = export.store.rows(
        "SELECT count(*), count(*) FILTER (from_lo > from_hi OR to_lo > to_hi) FROM log.credential"
    )
    assert held == [(named[0][0], 0)]


@pytest.fixture(scope="module")
def collected(request, real):
    """A file of a folder that has exports of several kinds, with its facts."""
    folder, name = request.param
    with Store.in_memory() as store:
        [summary] = ingest([real / folder / name], store)
        yield Export(json.loads((real / folder / "facts.json").read_text("utf-8"))[name], summary, store)


@pytest.mark.parametrize("collected", [("multi-plaso", "aws_cloudtrail.jsonl")], indirect=True)
def test_looked_up_events_equal_the_facts(collected):
    """Events that LookupEvents handed on, each as text in an entry, are as many and as the facts say."""
    assert (collected.summary.records, collected.summary.kept) == (collected.facts["events"],) * 2
    counted = collected.counted("facts_of_cloudtrail.sql")
    assert counted == {path: collected.expected(path) for path in counted}
    named = dict(collected.store.rows("SELECT split_part(operation, ':', 2), count(*) FROM log.event GROUP BY ALL"))
    assert named == collected.facts["top_eventNames"]


@pytest.mark.parametrize("collected", [("multi-panther", "AWS.CloudTrail.ndjson")], indirect=True)
def test_records_made_by_hand_are_told_apart(collected):
    """Of records that people wrote, many without an id, each is kept, refused for what it lacks, or told before.

    The facts count records that are the same to the byte, 4; with their keys in another order 9 are. Two that have
    an id have no time.
    """
    facts, summary = collected.facts, collected.summary
    reasons = dict(collected.store.rows("SELECT reason, count(*) FROM fact.reject GROUP BY ALL"))
    assert reasons == {"no eventID": facts["events_without_eventID"], "no eventTime": 2}
    assert (summary.records, summary.repeated) == (facts["events"], 9)
    assert summary.kept + summary.repeated == facts["events_with_eventID"] - reasons["no eventTime"]
    assert summary.kept - summary.collisions == facts["distinct_eventIDs"]
