"""Two logs meet where they name the same, by exactly these names, and each meeting says how far it is to be trusted."""

import json
from time import process_time

import outlive
from analysis.ingest.ingest import ingest
from analysis.joins.joins import Join, joins
from outlive.cli import main
from sim.audit.store import Store

ACCOUNT = "111122223333"
SOURCES = {"calls": "cloudtrail", "pods": "kubernetes", "spans": "otel_genai", "rows": "interchange"}
KEY, OTHER = "AKIAEXAMPLE000000001", "AKIAEXAMPLE000000002"
USER = f"arn:aws:iam::{ACCOUNT}:user/agent"
ROLE = f"arn:aws:sts::{ACCOUNT}:assumed-role"


def call(number, minute, arn, key, **more):
    """A call that CloudTrail saw."""
    kind = "AssumedRole" if "assumed-role" in arn else "IAMUser"
    return {
        "eventID": f"call-{number}", "eventTime": f"2026-03-02T10:{minute:02}:00Z", "eventSource": "s3.amazonaws.com",
        "eventName": "ListBuckets", "userIdentity": {"type": kind, "arn": arn, "accessKeyId": key}, **more,
    }  # fmt: skip


def audited(number, minute, user, key=None, arn=None):
    """A request that an EKS cluster saw."""
    extra = {"accessKeyId": [key], "arn": [arn]} if key else {}
    return {
        "kind": "Event", "apiVersion": "audit.k8s.io/v1", "auditID": f"audit-{number}", "stage": "ResponseComplete",
        "requestReceivedTimestamp": f"2026-03-02T10:{minute:02}:00.000000Z", "verb": "list",
        "requestURI": "/api/v1/pods", "user": {"username": user, "extra": extra},
        "objectRef": {"resource": "pods", "apiVersion": "v1"},
        "responseStatus": {"code": 200}, "annotations": {"authorization.k8s.io/decision": "allow"},
    }  # fmt: skip


def span(agent, trace):
    """What an agent tells of itself."""
    said = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": agent, "gen_ai.provider.name": "example"}
    return {
        "traceId": trace, "spanId": "00000000000000aa", "name": "invoke_agent", "kind": 1,
        "startTimeUnixNano": "1772445600000000000", "endTimeUnixNano": "1772445660000000000",
        "attributes": [{"key": key, "value": {"stringValue": value}} for key, value in said.items()],
    }  # fmt: skip


ROW = {"time": "2026-03-02T10:00:00Z", "kind": "use", "operation": "read", "principal_kind": "service", "keeps": ""}


def met(folder, **logs):
    """Where these logs meet, by the sources of both and what they name."""
    for name, records in logs.items():
        (folder / f"{name}.ndjson").write_text("\n".join(map(json.dumps, records)), "utf-8")
    with Store.create(folder / "a.duckdb") as store:
        ingest([folder / f"{name}.ndjson" for name in logs], store)
        names = dict(store.rows("SELECT key, settings ->> 'source' FROM fact.run"))
        assert sorted(names.values()) == sorted(SOURCES[name] for name in logs)
        return {
            (names[each.run], each.named, names[each.other], each.other_named, each.trust): each
            for each in joins(store)
        }


def test_a_key_is_followed_from_the_cloud_into_a_cluster(tmp_path):
    """Of three calls two are with a key that the cluster let in, later: the same key, but never at the same time."""
    found = met(
        tmp_path,
        calls=[call(1, 0, USER, KEY), call(2, 1, USER, KEY), call(3, 2, f"{USER}-2", OTHER)],
        pods=[audited(1, 30, "agent", KEY, USER), audited(2, 31, "nobody")],
    )
    assert list(found.values()) == [
        Join(1, "credential", 2, "credential", "issued", 1, 0, 0, 2, 3, 1, 2),
        Join(1, "principal", 2, "session", "vouched", 1, 0, 0, 2, 3, 1, 2),
    ]


def test_what_is_short_may_be_the_same_by_chance(tmp_path):
    """An identifier of fifteen characters is a claim, one of sixteen is not."""
    pods = [audited(1, 0, "a", KEY[:15], "x"), audited(2, 0, "a", OTHER[:16], "x")]
    found = met(tmp_path, calls=[call(1, 0, USER, KEY[:15]), call(2, 0, USER, OTHER[:16])], pods=pods)
    assert [(each.named, each.trust, each.shared) for each in found.values()] == [
        ("credential", "issued", 1), ("credential", "claimed", 1),
    ]  # fmt: skip


def test_the_name_of_a_session_is_a_claim(tmp_path):
    """Whoever assumes a role names its session; two sessions of one name are ambiguous and lead nowhere."""
    sessions = {"app/alice": KEY, "app/run-1": OTHER, "other/run-1": "ASIAEXAMPLE000000003"}
    calls = [call(number, number, f"{ROLE}/{name}", key) for number, (name, key) in enumerate(sessions.items())]
    found = met(tmp_path, calls=calls, pods=[audited(1, 0, "alice"), audited(2, 1, "run-1")])
    assert list(found.values()) == [
        Join(1, "session of an assumed role", 2, "principal", "claimed", 2, 1, 1, 1, 3, 1, 2)
    ]


def test_many_sessions_of_one_name_are_told_apart_before_they_meet(tmp_path):
    """Of two thousand roles whose sessions are called alike, as tools call them, no pair is made of two."""
    arns = [f"{ROLE}/role-{number}/botocore-session" for number in range(2_000)]
    calls = [call(number, 0, arn, KEY) for number, arn in enumerate(arns)]
    rows = [{**ROW, "principal": arn.replace("role-", "other-")} for arn in arns]
    began = process_time()
    [(kinds, join)] = met(tmp_path, calls=calls, rows=rows).items()
    assert process_time() - began < 9
    assert kinds[1::2] == ("session of an assumed role",) * 2
    assert (join.shared, join.ambiguous, join.events) == (1, 1, 0)


def test_an_agent_may_call_itself_anything(tmp_path):
    """A name that a trace gives an agent is a claim, also where a cluster vouches for the same name."""
    found = met(tmp_path, pods=[audited(1, 0, "scout")], spans=[span("scout", "0" * 31 + "1")])
    assert [each.trust for each in found.values()] == ["claimed"]


def test_logs_that_name_nothing_alike_do_not_meet(tmp_path):
    """Whatever happens at once: nothing is joined by time."""
    assert met(tmp_path, calls=[call(1, 0, USER, KEY)], pods=[audited(1, 0, "else")]) == {}


def test_the_verb_says_so(tmp_path, capsys):
    """As a table, and of a store with one log that there is no other."""
    met(tmp_path, calls=[call(1, 0, USER, KEY)], pods=[audited(1, 0, "agent", KEY, USER)])
    told = outlive.joins(tmp_path / "a.duckdb")
    assert told[["log", "other_log", "trust", "shared", "events_percent"]].to_numpy().tolist() == [
        ["cloudtrail", "kubernetes", "issued", 1, 100.0],
        ["cloudtrail", "kubernetes", "vouched", 1, 100.0],
    ]
    (tmp_path / "alone").mkdir()
    met(tmp_path / "alone", calls=[call(1, 0, USER, KEY)])
    capsys.readouterr()
    assert main(["joins", str(tmp_path / "alone" / "a.duckdb")]) == 0
    assert "no two logs" in capsys.readouterr().out


def test_a_service_account_is_the_same_by_either_name(tmp_path):
    """As Kubernetes calls it and as SPIRE does."""
    found = met(
        tmp_path,
        pods=[audited(1, 0, "system:serviceaccount:support:broker")],
        rows=[{**ROW, "principal": "spiffe://acme.example/ns/support/sa/broker"}],
    )
    assert [(each.named, each.shared, each.trust) for each in found.values()] == [("service account", 1, "vouched")]
