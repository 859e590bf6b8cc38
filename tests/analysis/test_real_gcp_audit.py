"""Real and hand-made entries of Google Cloud Audit Logs give the counts that an independent script found in them."""

import json
from collections import Counter

import pytest

from analysis.ingest.ingest import ingest
from sim.audit.store import Store

PLASO, PANTHER = "gcp_logging.jsonl", "GCP.AuditLog.ndjson"


@pytest.fixture
def store():
    """An empty store."""
    with Store.in_memory() as opened:
        yield opened


def test_each_entry_of_a_real_export_is_kept(real, store):
    """All entries are kept, in the span of time of the facts; two of them are no audit log, six tell of three calls."""
    log = real / "multi-plaso" / PLASO
    facts = json.loads((real / "multi-plaso" / "facts.json").read_text("utf-8"))[PLASO]
    [summary] = ingest([log], store)
    counted = (summary.records, summary.silent, summary.rejected)
    assert counted == (facts["events"], facts["events"] - facts["field_presence"]["protoPayload.methodName"], 0)
    assert (summary.kept, summary.merged) == (6, 3)
    [(principals, behalf, last)] = store.rows(
        "SELECT count(DISTINCT principal), count(target), max(time) FROM log.event"
    )
    assert principals == facts["distinct_principals"]
    # The fact counts entries that have a chain, in two of which the first authority is named.
    assert behalf == facts["field_presence"]["protoPayload.authenticationInfo.serviceAccountDelegationInfo"]
    assert last.isoformat() == facts["max_time_as_text"][:26]
    refused = store.rows("SELECT operation, error FROM log.event WHERE decision = 'deny'")
    assert refused == [("iam:google.iam.admin.v1.CreateServiceAccount", "PERMISSION_DENIED")]


def test_a_long_running_operation_begins_with_its_first_entry(real, store):
    """Three operations of that export are told in two entries each, of which the last lies first in the file."""
    log = real / "multi-plaso" / PLASO
    ingest([log], store)
    entries = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    begun = {
        each["operation"]["id"]: each["timestamp"][:26].rstrip("Z")
        for each in entries
        if each.get("operation", {}).get("first")
    }
    told = store.rows("SELECT request_id, time FROM log.event WHERE request_id IS NOT NULL")
    assert {name: time.isoformat() for name, time in told} == begun


def test_each_hand_made_entry_with_a_time_is_kept(real, store):
    """Of hand-made entries those without a payload, a method or a time are refused for just that, all others are kept.

    The facts count 46 without a time: 14 of these have no payload and two no method, which is said first. Of those with
    a time one has no method, one has dots for it, one has text for its metadata and one for its resource.
    """
    facts = json.loads((real / "multi-panther" / "facts.json").read_text("utf-8"))[PANTHER]
    [summary] = ingest([real / "multi-panther" / PANTHER], store)
    refused = Counter(reason for (reason,) in store.rows("SELECT reason FROM fact.reject"))
    assert summary.records == facts["events"] == summary.kept + summary.rejected
    assert refused == {
        "no timestamp": 30,
        "no protoPayload": 14,
        "no protoPayload.methodName": 3,
        "receiveTimestamp is no time: '...'": 1,
        "requestMetadata is text where an object belongs": 1,
        "resource is text where an object belongs": 1,
    }
    # Keys of service accounts: the fact counts entries, of which one is of the same key and time but refused.
    keys = store.rows("SELECT count(*) FROM log.event WHERE credential IS NOT NULL")
    assert keys == [(facts["field_presence"]["protoPayload.authenticationInfo.serviceAccountKeyName"],)]
    signed = "SELECT kind, decision FROM log.event WHERE operation = 'iamcredentials:SignJwt' ORDER BY kind"
    assert store.rows(signed) == [("use", "deny"), ("assume", "allow")]
