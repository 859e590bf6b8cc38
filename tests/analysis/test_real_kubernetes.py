"""Real audit events of Kubernetes give the counts that an independent script found in them."""

import json
from collections import Counter

import pytest

from analysis.ingest.ingest import ingest
from sim.audit.store import Store

AUDIT2RBAC = "k8s-audit-audit2rbac"
PANTHER = "Amazon.EKS.Audit.ndjson"
EKS = ("ocsf-pairs/bloblang/AWS/eks/v1.2.0/samples/eks", "ocsf-pairs/markdown/AWS/v1.1.0/EKS_Audit_Logs/samples/eks")
ANSWERED = "SELECT operation, decision FROM fact.event"


@pytest.fixture
def store():
    """An empty store."""
    with Store.in_memory() as opened:
        yield opened


def test_each_impersonated_request_is_kept(real, store):
    """All events are kept, of one user who asked as somebody else, in the span of seconds that the facts say."""
    log = real / AUDIT2RBAC / "demo.log"
    facts = json.loads((real / AUDIT2RBAC / "facts.json").read_text("utf-8"))["demo.log"]
    [summary] = ingest([log], store)
    assert (summary.source, summary.records, summary.events) == ("kubernetes", facts["events"], facts["distinct_ids"])
    [counted] = store.rows("SELECT count(DISTINCT principal), count(target), min(time), max(time) FROM log.event")
    span = [each.isoformat() + "Z" for each in counted[2:]]
    assert counted[:2] == (facts["distinct_principals"], facts["field_presence"]["impersonatedUser.username"])
    assert span == [facts["min_time_as_text"], facts["max_time_as_text"]]
    codes = Counter(json.loads(line)["responseStatus"]["code"] for line in log.read_text("utf-8").splitlines())
    decided = Counter(decision for _, decision in store.rows(ANSWERED))
    assert decided == {"allow": codes[200], "deny": codes[403]}


def test_each_event_with_an_id_and_a_time_is_kept(real, store):
    """Of hand-made events those without an id or a time are refused for just that; of the others all are kept.

    The facts count 113 without a time; those 104 of them that have no id are refused for that first. Of the ten others
    one has no verb, which Kubernetes always writes. Nine are left, with five of the seven ids that the facts count.
    """
    facts = json.loads((real / "multi-panther" / "facts.json").read_text("utf-8"))[PANTHER]
    [summary] = ingest([real / "multi-panther" / PANTHER], store)
    refused = Counter(reason for (reason,) in store.rows("SELECT reason FROM fact.reject"))
    timeless = facts["events_without_time"] - facts["events_without_id"]
    without = {"no auditID": facts["events_without_id"], "no requestReceivedTimestamp": timeless}
    assert {reason: refused[reason] for reason in without} == without
    assert summary.records == facts["events"] == summary.kept + summary.merged + summary.rejected
    assert summary.rejected == facts["events_without_time"] + 1
    [(ids,)] = store.rows("SELECT count(DISTINCT request_id) FROM log.event")
    assert ids == facts["distinct_ids"] - 2


def test_native_events_of_pairs_are_kept(real, store):
    """The same node joins a cluster in two files with different white space: one event; its OCSF form another log."""
    native, ocsf = [real / f"{EKS[0]}.json", real / f"{EKS[1]}.raw"], [real / f"{EKS[1]}.ocsf"]
    summaries = {each.source: each for each in ingest([*native, *ocsf], store)}
    assert summaries.keys() == {"kubernetes", "ocsf"}
    assert (summaries["kubernetes"].kept, summaries["kubernetes"].repeated) == (1, 1)
    assert sorted(store.rows(ANSWERED)) == [("create", "allow"), ("create nodes", "allow")]
