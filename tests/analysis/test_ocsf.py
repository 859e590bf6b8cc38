"""What one event of OCSF says: who acted, for whom, under what, and whether it was let in."""

import json

import duckdb
import pytest

from analysis.ingest.beginning import recognised
from analysis.ingest.ingest import ingest
from analysis.ingest.instants import instant
from analysis.ingest.observed import Atom, Party, Presented
from analysis.ingest.ocsf.source import SOURCE
from analysis.ingest.strict import RecordError
from sim.audit.ids import PrincipalKind
from sim.audit.rows import FOREVER, UNKNOWN, CredentialKind, Decision, Kind, Reason
from sim.audit.store import Store

EDGES = """
    SELECT c.name, p.name FROM log.credential_edge e
    JOIN fact.natural_key c ON c.run = e.run AND c.entity = 'credential' AND c.id = e.child
    JOIN fact.natural_key p ON p.run = e.run AND p.entity = 'credential' AND p.id = e.parent
    ORDER BY ALL
"""
HOUR = 3_600_000_000
NOW = instant("2026-03-02T10:00:00Z")
MS = NOW // 1000
ALICE = {"uid": "example-user-1", "name": "alice", "type_id": 1}
PERSON = Party("example-user-1", PrincipalKind.HUMAN)
AGENT = {"uid": "triage", "instance_uid": "run-1"}
DELEGATION = {"uid": "d-1", "parent_uid": "d-0", "created_time": MS, "expiration_time": MS + 3_600_000}
SESSION = {"uid": "s-1", "created_time": MS, "expiration_time": MS + 3_600_000}
ARN = "arn:aws:sts::111122223333:assumed-role/example-app/run-1"
ROLE = "arn:aws:iam::111122223333:role/example-app"


def record(class_uid=6003, activity=2, **fields):
    """An event of a class, and as many more fields as are given; those of None are left out."""
    always = {"metadata": {"uid": "e-1"}, "time": MS, "severity_id": 1, "status_id": 1, "actor": {"user": ALICE}}
    given = {"class_uid": class_uid, "activity_id": activity, **always, **fields}
    return {name: value for name, value in given.items() if value is not None}


def said(*args, **fields):
    """What such an event says."""
    [event] = SOURCE.translate(record(*args, **fields))
    return event


def test_an_agent_acts_on_behalf_of_a_user():
    """An agent acts in the run that is named, else as a whole; the user of its actor is on whose behalf."""
    run, whole = said(ai_agent=AGENT), said(ai_agent={"uid": "triage"})
    assert (run.principal, run.target) == (Party("triage run-1", PrincipalKind.AGENT_INSTANCE, "triage"), PERSON)
    assert (whole.principal, run.session) == (Party("triage", PrincipalKind.AGENT), "run-1")


def test_a_delegation_is_the_credential_of_all_that_is_done_under_it():
    """It is known by its id, with its own start and end, and comes before the credential of the user."""
    shown = said(ai_agent=AGENT, delegation=DELEGATION, actor={"user": {**ALICE, "credential_uid": "AKIA1"}}).credential
    assert shown == Presented("d-1", CredentialKind.UNKNOWN, NOW, NOW + HOUR, parent="d-0")


def test_chains_of_delegations_are_followed(tmp_path):
    """Each delegation is cut from the one it names, used itself or not; a session from the one that it came with."""
    chain = [
        record(metadata={"uid": "e-1"}, ai_agent=AGENT, delegation=DELEGATION),
        record(metadata={"uid": "e-2"}, ai_agent=AGENT, delegation=DELEGATION),
        record(metadata={"uid": "e-3"}, ai_agent=AGENT, delegation={"uid": "d-2", "parent_uid": "d-1"}),
        record(metadata={"uid": "e-4"}, ai_agent=AGENT, delegation={"uid": "d-3", "parent_uid": "d-3"}),
        record(3003, 1, metadata={"uid": "e-5"}, user={"uid": "triage"}, session=SESSION, delegation=DELEGATION),
    ]
    log = tmp_path / "log.ndjson"
    log.write_text("\n".join(map(json.dumps, chain)), "utf-8")
    with Store.in_memory() as store:
        ingest([log], store)
        assert store.rows(EDGES) == [("d-1", "d-0"), ("d-2", "d-1"), ("s-1", "d-1")]


@pytest.mark.parametrize(
    ("actor", "party", "invoked_by"),
    [
        ({"user": ALICE, "app_name": "portal"}, PERSON, "portal"),
        ({"user": {"email_addr": "a@example.com", "name": "A"}}, Party("a@example.com", PrincipalKind.SERVICE), None),
        ({"user": {"name": "root", "type_id": 2}}, Party("root", PrincipalKind.SHARED_ACCOUNT), None),
        ({"user": {"name": "x", "type_id": 4}}, Party("x", PrincipalKind.SERVICE), None),
        ({"user": {"name": "x", "type": "IAMUser", "type_id": 1}}, Party("x", PrincipalKind.SERVICE), None),
        ({"app_name": "etl"}, Party("etl", PrincipalKind.SERVICE), None),
        ({"invoked_by": "backup"}, Party("backup", PrincipalKind.SERVICE), None),
        ({"process": {"name": "cron"}}, Party("cron", PrincipalKind.SERVICE), None),
        ({}, None, None),
        (None, None, None),
    ],
)  # fmt: skip
def test_who_acts(actor, party, invoked_by):
    """A user by its own id, else an application or process; what a user is says its type, of AWS in AWS's words."""
    event = said(actor=actor)
    assert (event.principal, event.invoked_by) == (party, invoked_by)


def test_a_session_of_a_role_is_known_from_its_use():
    """A key of AWS is what its prefix says, one of a role runs under whoever issued its session and twelve hours."""
    user = {"uid": ARN, "type": "AssumedRole", "credential_uid": "ASIAEXAMPLE1"}
    event = said(actor={"user": user, "session": {"issuer": ROLE, "created_time_dt": "2026-03-02T11:00:00+01:00"}})
    assert event.principal == Party(ARN, PrincipalKind.AGENT_INSTANCE, ROLE)
    assert event.credential == Presented("ASIAEXAMPLE1", CredentialKind.SESSION_TOKEN, NOW, NOW + 12 * HOUR)
    static = said(actor={"user": {**user, "credential_uid": "AKIAEXAMPLE1"}, "session": {"created_time": MS}})
    assert static.credential == Presented("AKIAEXAMPLE1", CredentialKind.STATIC_KEY, UNKNOWN, FOREVER)


def test_a_logon_gives_the_session_that_a_logoff_ends():
    """A logon gives its session to whom it is about, who does not present it yet; one that failed gives nothing."""
    on = said(3002, 1, user=ALICE, session=SESSION, actor={"session": SESSION})
    assert (on.kind, on.issued.name, on.issued.until, on.credential) == (Kind.ISSUE, "s-1", NOW + HOUR, None)
    assert (on.principal, on.target, on.operation) == (PERSON, PERSON, "Logon")
    off = said(3002, 2, user=ALICE, actor={"session": SESSION})
    assert (off.kind, off.issued.name, off.reason) == (Kind.REVOKE, "s-1", Reason.DELETED)
    failed = said(3002, 1, user=ALICE, session=SESSION, status_id=2)
    assert (failed.kind, failed.issued, failed.decision) == (Kind.USE, None, Decision.DENY)
    assert said(3002, 1, user=ALICE).kind is Kind.USE


def test_a_session_is_the_credential_within_it():
    """Where no credential is named, whoever acts in a session shows that it has it; in a sign-in a certificate does."""
    assert said(actor={"user": ALICE, "session": SESSION}).credential == Presented(
        "s-1", CredentialKind.SESSION_TOKEN, NOW, NOW + HOUR
    )
    certificate = {"serial_number": "0A", "created_time": MS, "expiration_time": MS + 3_600_000}
    shown = said(3002, 1, actor=None, user=ALICE, certificate=certificate).credential
    assert shown == Presented("0A", CredentialKind.UNKNOWN, NOW, NOW + HOUR)


def test_a_session_under_a_delegation_is_cut_from_it():
    """What is authorised under a delegation is a credential of its own, cut from that; without one it is no issue."""
    event = said(3003, 1, user={"uid": "triage"}, session=SESSION, delegation=DELEGATION)
    assert (event.kind, event.credential.name, event.issued.name) == (Kind.ASSUME, "d-1", "s-1")
    assert event.target.name == "triage"
    assert said(3003, 1, user={"uid": "triage"}, session=SESSION).kind is Kind.USE


def test_each_key_of_a_role_is_an_event():
    """Keys that a role is given, or that are taken from it, are events of their own, told apart by a number."""
    keys = {"iam_role": {"uid": "r"}, "programmatic_credentials": [{"uid": "k-1"}, {"uid": "AKIA2"}, {"type": "x"}]}
    given = SOURCE.translate(record(3008, 10, **keys))
    assert [(each.id, each.kind, each.issued.name, each.issued.until) for each in given] == [
        ("e-1", Kind.ISSUE, "k-1", UNKNOWN),
        ("e-1 2", Kind.ISSUE, "AKIA2", FOREVER),
    ]
    assert {each.target for each in given} == {Party("r", PrincipalKind.ROLE)}
    assert [each.kind for each in SOURCE.translate(record(3008, 11, **keys))] == [Kind.REVOKE, Kind.REVOKE]
    assert said(3008, 10).kind is Kind.USE


CALLER = {"user": {"uid": "arn:aws:iam::1:user/x", "account": {"uid": "1"}, "credential_uid": "AKIA1"}}


def called(operation, service, asked=None, answered=None):
    """A call to AWS, with what was asked and what was answered."""
    api = {"operation": operation, "service": {"name": service}}
    return said(actor=CALLER, api={**api, "request": {"data": asked}, "response": {"data": answered}})


@pytest.mark.parametrize("written", [dict, json.dumps])
def test_calls_to_aws_give_and_end_credentials(written):
    """What CloudTrail tells of credentials is read where OCSF carries it, as an object or as text."""
    session = {"credentials": {"accessKeyId": "ASIA2", "expiration": "Mar 2, 2026, 11:00:00 AM"}}
    became = written({**session, "assumedRoleUser": {"arn": ARN}})
    role = called("AssumeRole", "sts.amazonaws.com", written({"roleArn": ROLE}), became)
    assert (role.kind, role.credential.name, role.issued.name) == (Kind.ASSUME, "AKIA1", "ASIA2")
    assert (role.issued.until, role.target) == (NOW + HOUR, Party(ARN, PrincipalKind.AGENT_INSTANCE, ROLE))
    own = called("GetSessionToken", "sts.amazonaws.com", None, written(session))
    assert (own.kind, own.target.name) == (Kind.ISSUE, "arn:aws:iam::1:user/x")
    key = {"accessKey": {"accessKeyId": "AKIA2", "userName": "y"}}
    made = called("CreateAccessKey", "iam.amazonaws.com", None, written(key))
    assert (made.kind, made.issued.until, made.target.name) == (Kind.ISSUE, FOREVER, "arn:aws:iam::1:user/y")
    ended = called("DeleteAccessKey", "iam.amazonaws.com", written({"accessKeyId": "AKIA2"}))
    off = called("UpdateAccessKey", "iam.amazonaws.com", written({"accessKeyId": "AKIA2", "status": "Inactive"}))
    on = called("UpdateAccessKey", "iam.amazonaws.com", written({"accessKeyId": "AKIA2", "status": "Active"}))
    assert [each.kind for each in (ended, off, on)] == [Kind.REVOKE, Kind.REVOKE, Kind.ISSUE]
    assert on.reason is Reason.RENEWAL
    assert called("AssumeRole", "other.example.com", None, written(session)).issued is None


@pytest.mark.parametrize(
    ("fields", "decision", "reason", "error"),
    [
        ({}, Decision.ALLOW, None, None),
        ({"status_id": None, "status": "Success"}, Decision.ALLOW, None, None),
        ({"status_id": None}, None, None, None),
        ({"status_id": 99}, None, None, None),
        ({"action_id": 2}, Decision.DENY, None, "Failure"),
        ({"status_id": None, "disposition_id": 2}, Decision.DENY, None, "Failure"),
        ({"status_id": None, "action_id": 0, "disposition_id": 8}, Decision.ALLOW, None, None),
        ({"action_id": 2, "status_code": "AccessDenied"}, Decision.DENY, Reason.OUT_OF_SCOPE, "AccessDenied"),
        ({"status_id": 2, "action_id": 1}, Decision.ALLOW, None, "Failure"),
        ({"status_id": 2}, None, None, "Failure"),
        ({"status_id": 2, "status_code": "NoSuchBucket"}, None, None, "NoSuchBucket"),
        ({"status_id": 2, "status_detail": "ExpiredToken"}, Decision.DENY, Reason.EXPIRED, "ExpiredToken"),
        ({"status": "Failure", "status_id": 0, "api": {"response": {"error": "UNAUTHENTICATED"}}}, Decision.DENY, None,
         "UNAUTHENTICATED"),
        ({"status_id": 2, "status_code": "429"}, Decision.DENY, Reason.THROTTLED, "429"),
        ({"status_id": 2, "status_detail": "Client.RequestLimitExceeded"}, Decision.DENY, Reason.THROTTLED,
         "Client.RequestLimitExceeded"),
        ({"status_id": 2, "api": {"response": {"error": "TooManyRequestsException", "code": 429}}}, Decision.DENY,
         Reason.THROTTLED, "TooManyRequestsException"),
        ({"status_id": 2, "api": {"response": {"code": 429}}}, Decision.DENY, Reason.THROTTLED, "429"),
        ({"status_id": None, "http_response": {"code": 429}}, Decision.DENY, Reason.THROTTLED, "Failure"),
        ({"status_id": None, "http_response": {"code": 200}}, Decision.ALLOW, None, None),
        ({"status_id": None, "http_response": {"code": 403}}, Decision.DENY, Reason.OUT_OF_SCOPE, "Failure"),
        ({"status_id": None, "api": {"response": {"code": 404}}}, Decision.ALLOW, None, "404"),
        ({"status_id": None, "api": {"response": {"code": 503}}}, None, None, "503"),
    ],
)  # fmt: skip
def test_outcomes(fields, decision, reason, error):
    """A control that denied, or a code that says so, refuses; success lets in; of the rest nobody knows."""
    event = said(**fields)
    assert (event.decision, event.reason, event.error) == (decision, reason, error)


@pytest.mark.parametrize(
    ("fields", "time"),
    [
        ({}, NOW),
        ({"time": str(MS)}, NOW),
        ({"time": MS * 1000, "time_dt": "2026-03-02T11:00:00.000001+01:00"}, NOW + 1),
        ({"time": MS // 1000, "time_dt": "2026-03-02 10:00:00+00"}, NOW),
        ({"time_dt": "whenever"}, NOW),
        ({"time": "2026-03-02 10:00:00"}, NOW),
    ],
)
def test_time_is_in_milliseconds_or_beside_it_as_text(fields, time):
    """Milliseconds count where no text stands beside them that is a time, whatever producers put there."""
    assert said(**fields).time == time


@pytest.mark.parametrize(
    ("class_uid", "activity", "fields", "atom", "tier"),
    [
        (6003, 2, {"api": {"operation": "GetTicket", "service": {"name": "tickets"}}}, Atom("tickets", "read"), 1),
        (6003, 2, {"api": {"operation": "ListKeys", "service": {"name": "kms.x"}}}, Atom("kms.x", "list"), 3),
        (6003, 4, {"api": {"operation": "GetRid"}, "resources": [{"type": "nodes"}]}, Atom("nodes", "write"), 2),
        (6003, 99, {"api": {"operation": "PutBucketPolicy", "service": {"name": "s3.amazonaws.com"}}},
         Atom("s3.amazonaws.com", "permissions"), 2),
        (6003, 2, {"metadata": {"product": {"name": "P"}}, "resources": [{"type": "secrets"}]},
         Atom("secrets in P", "read"), 3),
        (6005, 4, {"database": {"name": "crm"}}, Atom("database", "read"), 2),
        (6005, 5, {"metadata": {"product": {"name": "P"}}}, Atom("P", "write"), 1),
        (3001, 1, {}, Atom("accounts", "permissions"), 3),
        (3002, 1, {}, Atom("sign-in", "read"), 3),
        (3006, 3, {}, Atom("roles and groups", "permissions"), 3),
        (3004, 2, {"entity": {"name": "x", "type": "Policy"}}, Atom("Policy", "read"), 3),
        (201001, 2, {"activity_name": "Read"}, Atom("class 201001", "read"), 1),
        (1001, 1, {}, Atom("class 1001", "write"), 1),
    ],
)  # fmt: skip
def test_atoms_are_declared(class_uid, activity, fields, atom, tier):
    """The level is that of activity and call; the group the class's, the service called, or the kind of thing."""
    needed = said(class_uid, activity, **fields).atom
    assert (needed, SOURCE.weight(needed).tier) == (atom, tier)


@pytest.mark.parametrize("class_uid", [0, 2001, 2004, 5001, 102004])
def test_what_nobody_did_is_silent(class_uid):
    """Findings, discoveries and base events are nothing that anybody did."""
    assert SOURCE.translate(record(class_uid)) == ()


def test_an_event_without_an_id_is_known_by_its_content():
    """The same twice is one event; another is another."""
    ids = [said(metadata={}, message=text).id for text in ("a", "a", "b")]
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"class_uid": None}, "no class_uid, or it is no number"),
        ({"time": None}, "time is no time: 'None'; OCSF has milliseconds since 1970, or time_dt as text"),
        ({"actor": "alice"}, "actor is text where an object belongs"),
    ],
)
def test_what_cannot_be_understood_is_refused(fields, reason):
    """An event without what every event has is refused for just that."""
    with pytest.raises(RecordError) as refused:
        SOURCE.translate({**record(), **fields})
    assert str(refused.value) == reason


def test_tables_are_read_as_their_rows(tmp_path):
    """Rows of Parquet tell what the same events do as JSON, also where their times are of a type of their own."""
    path, rows = tmp_path / "e.parquet", [record(ai_agent=AGENT), record(3002, 2, user=ALICE, actor=None)]
    (tmp_path / "e.json").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        table = connection.read_json(str(tmp_path / "e.json"))
        table.project("*, TIMESTAMPTZ '2026-03-02 10:00:00+00' AS time_dt").write_parquet(str(path))
    data = path.read_bytes()
    assert recognised(data, {"it": SOURCE})
    told = [event for each in SOURCE.records(data) for event in SOURCE.translate(each.record)]
    assert told == [event for each in rows for event in SOURCE.translate(each)]


@pytest.mark.parametrize(
    ("sample", "known"),
    [
        (json.dumps(record()).encode(), True),
        (json.dumps({"message": json.dumps(record())}).encode(), False),
        (b'{"class_uid": 6003, "time": 1}', False),
        (b"PAR1 and nothing else", False),
        (b"", False),
    ],
)
def test_events_are_told_by_their_keys(sample, known):
    """A file is one of events if the keys that every event has stand in it, and not within a text."""
    assert bool(recognised(sample, {"it": SOURCE})) is known


def test_broken_tables_are_refused():
    """What begins as Parquet and is none is one refusal, which leaves its neighbours alone."""
    [refused] = SOURCE.records(b"PAR1 and nothing else")
    assert refused.reason == "Parquet that cannot be read: write it again"
