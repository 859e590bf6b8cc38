"""Published records of Entra ID give the counts that an independent script found in them."""

import json

import pytest

from analysis.ingest.ingest import ingest
from sim.audit.store import Store

EVENTS = "SELECT count(DISTINCT regexp_replace(name, '#.*', '')) FROM fact.natural_key WHERE entity = 'event'"
SPAN = "SELECT min(time)::VARCHAR, max(time)::VARCHAR, count(DISTINCT principal), count(DISTINCT issued) FROM log.event"


@pytest.fixture
def ingested(request, real):
    """A published export, and the facts of it."""
    folder, file = request.param
    facts = json.loads((real / folder / "facts.json").read_text("utf-8"))[file]
    with Store.in_memory() as store:
        [summary] = ingest([real / folder / file], store)
        yield facts, summary, store


@pytest.mark.parametrize("ingested", [("entra-otrf-goldensaml", "AADAuditEvents.json")], indirect=True)
def test_a_key_is_given_to_an_application(ingested):
    """The Golden SAML export tells of one key that one user gave to an application.

    Two of its four records are one, written out twice by a query, so that they differ and share an id. The facts count
    nobody who acts, since that lies as JSON in text.
    """
    facts, summary, store = ingested
    assert (summary.source, summary.records, summary.kept) == ("entra", facts["events"], facts["events"])
    assert store.rows(EVENTS) == [(facts["distinct_ids"],)]
    first, last = (facts[name].replace("T", " ").removesuffix("Z") for name in ("min_time_as_text", "max_time_as_text"))
    assert store.rows(SPAN) == [(first, last, 1, 1)]
    assert store.rows("SELECT DISTINCT operation FROM log.event WHERE kind = 'issue'") == [
        ("Update application \u2013 Certificates and secrets management",)
    ]


@pytest.mark.parametrize("ingested", [("multi-panther", "Azure.Audit.ndjson")], indirect=True)
def test_each_record_has_a_fate(ingested, real):
    """Of published unit tests of detection rules every record is read, as many under one id as the facts say.

    The facts take an address for who acts where no name is told at the places they look at; who acts is counted here by
    the ids in the records. Their times are those at which records were handed on, in milliseconds.
    """
    facts, summary, store = ingested
    assert (summary.source, summary.records, summary.rejected) == ("entra", facts["events"], 0)
    assert store.rows(EVENTS) == [(facts["distinct_ids"],)]
    lines = (real / "multi-panther" / "Azure.Audit.ndjson").read_text("utf-8").splitlines()
    [(_, last, principals, _)] = store.rows(SPAN)
    assert last.startswith(facts["max_time_as_text"])
    assert principals == len({_actor(json.loads(line)) for line in lines} - {None})


def _actor(line):
    told = line["properties"]
    by = told.get("initiatedBy", {}).get("user", {})
    return told.get("userId") or told.get("servicePrincipalId") or by.get("id") or by.get("userPrincipalName")
