"""What is exported as OCSF is valid by the published schema, and what 1.9 adds has the attributes that it has there."""

import json
from functools import cache
from pathlib import Path

import pytest
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

from analysis.export.export import export
from analysis.export.form import forms
from analysis.ingest.ingest import ingest
from sim.audit.store import Store

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
CLASSES = {6003: "api_activity", 3002: "authentication", 3001: "account_change"}
# OCSF 1.9, profile ai_operation: which attributes the two objects have, and which they must.
AI_AGENT = {"uid", "instance_uid", "name", "type", "type_id", "ai_model", "version", "charter"}
DELEGATION = {"uid", "parent_uid", "issuer_uid", "created_time", "expiration_time", "audience", "scopes"}
DATETIMES = {"created_time_dt", "expiration_time_dt"}


@cache
def validator(class_uid):
    """The published schema of a class, with the profiles that an export has."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - takes seconds, also of who only looks for tests

    schema = OcsfJsonSchemaEmbedded(get_ocsf_schema("1.8.0"))
    return Draft202012Validator(schema.get_class_schema(CLASSES[class_uid], ["datetime", "security_control"]))


# An agent becomes another one, which then acts with what it was given.
DELEGATED = [
    {"time": "2026-03-02T10:00:00Z", "kind": "assume", "principal": "lead", "credential": "d-1", "issued": "d-2"}
    | {"target": "helper", "target_kind": "agent", "issued_until": "2026-03-02T11:00:00Z"},
    {
        "time": "2026-03-02T10:01:00Z",
        "operation": "find",
        "principal": "helper",
        "credential": "d-2",
        "decision": "allow",
    },
]


def events(log, form, folder):
    """What a log gives."""
    with Store.in_memory() as store:
        ingest([log], store)
        export(store, 1, forms()[form], folder)
    return [json.loads(line) for line in (folder / "events.ndjson").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("name", ["cloudtrail", "interchange", "ocsf"])
def test_events_are_valid(name, tmp_path):
    """Every event of every class is valid by the schema of 1.8."""
    written = events(SAMPLES / name, "ocsf", tmp_path / "events")
    wrong = {
        (event["metadata"]["uid"], error.json_path, error.message)
        for event in written
        for error in validator(event["class_uid"]).iter_errors(event)
    }
    assert wrong == set()
    assert len(written) > 5


def test_agents_and_delegations_are_those_of_the_next_version(tmp_path):
    """Without the two objects the events are valid by 1.8; these have an id, and nothing that 1.9 does not know."""
    written = events(SAMPLES / "ocsf", "ocsf1.9", tmp_path / "events")
    agents = [event.pop("ai_agent") for event in written if "ai_agent" in event]
    delegations = [event.pop("delegation") for event in written if "delegation" in event]
    assert all("uid" in each and each.keys() <= AI_AGENT for each in agents)
    assert all("uid" in each and each.keys() <= DELEGATION | DATETIMES for each in delegations)
    assert min(len(agents), len(delegations)) > 3
    for event in written:
        assert event["metadata"]["version"] == "1.9.0"
        assert "ai_operation" in event["metadata"]["profiles"]
        assert [*validator(event["class_uid"]).iter_errors(event)] == []


def test_a_delegation_names_the_one_that_it_was_cut_from(tmp_path):
    """Who acts as somebody else does so under a delegation with its parent, its issuer and its end."""
    rows = [{**row, "principal_kind": "agent", "keeps": "credential expiry"} for row in DELEGATED]
    (tmp_path / "log.json").write_text(json.dumps(rows), "utf-8")
    [_, use] = events(tmp_path / "log.json", "ocsf1.9", tmp_path / "events")
    assert use["ai_agent"]["uid"] == "helper"
    told = {name: use["delegation"][name] for name in ("uid", "parent_uid", "issuer_uid", "expiration_time_dt")}
    assert told == {
        "uid": "d-2", "parent_uid": "d-1", "issuer_uid": "lead", "expiration_time_dt": "2026-03-02T11:00:00.000000Z",
    }  # fmt: skip


def test_an_event_without_its_actor_is_not_valid(tmp_path):
    """The schema is held to: what it demands is missed."""
    [event, *_] = events(SAMPLES / "cloudtrail", "ocsf", tmp_path / "events")
    del event["actor"]
    assert [*validator(event["class_uid"]).iter_errors(event)]
