"""What one event of GitHub's audit log says: who did what where, with which token, and whether it was let in."""

import json

import pytest

from analysis.ingest.beginning import recognised
from analysis.ingest.github_audit.source import SOURCE
from analysis.ingest.instants import instant
from analysis.ingest.observed import Atom, Party, Presented
from analysis.ingest.strict import RecordError
from sim.audit.ids import PrincipalKind
from sim.audit.rows import FOREVER, UNKNOWN, CredentialKind, Decision, Kind, Reason

HOUR = 3_600_000_000
NOW = instant("2026-03-02T10:00:00.250Z")
HUMAN, SERVICE = PrincipalKind.HUMAN, PrincipalKind.SERVICE


def record(action="git.push", **fields):
    """An event of an action, and as many more fields as are given; those of None are left out."""
    always = {"@timestamp": NOW // 1000, "_document_id": "d-1", "actor": "alice", "org": "acme", "repo": "acme/app"}
    return {name: value for name, value in {**always, "action": action, **fields}.items() if value is not None}


def said(*args, **fields):
    """What such an event says."""
    [event] = SOURCE.translate(record(*args, **fields))
    return event


@pytest.mark.parametrize(
    ("fields", "party", "target"),
    [
        ({}, Party("alice", HUMAN), None),
        ({"user": "bob"}, Party("alice", HUMAN), Party("bob", HUMAN)),
        ({"user": "alice"}, Party("alice", HUMAN), None),
        ({"actor": "triage[bot]"}, Party("triage[bot]", SERVICE), None),
        ({"actor": "triage", "actor_is_bot": True}, Party("triage", SERVICE), None),
        ({"actor": "deploy_key"}, Party("deploy_key", SERVICE), None),
        ({"actor": "Copilot", "actor_is_agent": True, "user": "bob"}, Party("Copilot", PrincipalKind.AGENT),
         Party("bob", HUMAN)),
        ({"actor": "Copilot", "actor_is_agent": "true", "agent_session_id": "s", "actor_is_bot": True},
         Party("Copilot s", PrincipalKind.AGENT_INSTANCE, "Copilot"), None),
        ({"actor": ""}, None, None),
        ({"actor": None}, None, None),
    ],
)  # fmt: skip
def test_who_acts(fields, party, target):
    """An agent acts in its session for the person who initiated that; a bot is an app; everybody else a person."""
    event = said(**fields)
    assert (event.principal, event.target) == (party, target)
    assert event.session == fields.get("agent_session_id")


@pytest.mark.parametrize(
    ("access", "actor", "kind", "until"),
    [
        ("GitHub App server-to-server token", "triage[bot]", CredentialKind.SESSION_TOKEN, NOW + HOUR),
        ("GitHub App server-to-server token", "github-actions[bot]", CredentialKind.SESSION_TOKEN, NOW + 24 * HOUR),
        ("GitHub App user-to-server token", "alice", CredentialKind.SESSION_TOKEN, UNKNOWN),
        ("Personal access token (classic)", "alice", CredentialKind.STATIC_KEY, FOREVER),
        ("Fine-grained personal access token", "alice", CredentialKind.STATIC_KEY, FOREVER),
        ("OAuth access token", "alice", CredentialKind.STATIC_KEY, FOREVER),
        ("Public Key (User/Deploy)", "deploy_key", CredentialKind.STATIC_KEY, FOREVER),
        ("something new", "alice", CredentialKind.UNKNOWN, UNKNOWN),
        (None, "alice", CredentialKind.UNKNOWN, UNKNOWN),
    ],
)
def test_tokens_last_as_their_kind_does(access, actor, kind, until):
    """A token is known by its hash; how long it may last after a use is what GitHub documents of its kind."""
    shown = said(actor=actor, hashed_token="h", token_id=1, programmatic_access_type=access).credential
    assert shown == Presented("h", kind, UNKNOWN, until)


def test_a_token_without_a_hash_is_known_by_its_id():
    """Where there is no hash its id stands in, and whoever shows neither shows nothing."""
    assert said(token_id=7).credential.name == "token id 7"
    assert said().credential is None


@pytest.mark.parametrize(
    ("action", "fields", "kind", "name", "until"),
    [
        ("public_key.create", {"fingerprint": "f"}, Kind.ISSUE, "public key f", FOREVER),
        ("public_key.delete", {"fingerprint": "f"}, Kind.REVOKE, "public key f", UNKNOWN),
        ("personal_access_token.access_granted", {"user_programmatic_access_id": 7, "user": "bob"}, Kind.ISSUE,
         "fine-grained token 7", UNKNOWN),
        ("personal_access_token.access_revoked", {"user_programmatic_access_id": 7, "user": "bob"}, Kind.REVOKE,
         "fine-grained token 7", UNKNOWN),
    ],
)  # fmt: skip
def test_keys_and_tokens_are_given_and_ended(action, fields, kind, name, until):
    """A key is whose account it was added to, a token whose it is; what is not named is not given."""
    event = said(action, **fields)
    assert (event.kind, event.issued.name, event.issued.until) == (kind, name, until)
    assert event.target == Party(fields.get("user", "alice"), HUMAN)
    assert event.reason == (Reason.DELETED if kind is Kind.REVOKE else None)
    assert said(action).issued is None


@pytest.mark.parametrize(
    ("fields", "decision", "reason", "error"),
    [
        ({}, Decision.ALLOW, None, None),
        ({"action": "protected_branch.rejected_ref_update"}, Decision.DENY, Reason.POLICY,
         "protected_branch.rejected_ref_update"),
        ({"action": "api.request", "status_code": 200}, Decision.ALLOW, None, None),
        ({"action": "api.request", "status_code": "422"}, Decision.ALLOW, None, "422"),
        ({"action": "api.request", "status_code": 403}, Decision.DENY, Reason.OUT_OF_SCOPE, "403"),
        ({"action": "api.request", "status_code": 401}, Decision.DENY, None, "401"),
        ({"action": "api.request", "status_code": 404}, None, None, "404"),
        ({"action": "api.request", "status_code": 502}, None, None, "502"),
        ({"action": "api.request"}, None, None, "api.request"),
        ({"status_code": 403}, Decision.ALLOW, None, None),
    ],
)  # fmt: skip
def test_answers(fields, decision, reason, error):
    """What was done was let in, except what says that it was not; a request of the API has a status."""
    event = said(**fields)
    assert (event.decision, event.reason, event.error) == (decision, reason, error)


@pytest.mark.parametrize(
    ("action", "fields", "atom", "tier"),
    [
        ("git.clone", {}, Atom("contents in acme/app", "read"), 2),
        ("git.push", {}, Atom("contents in acme/app", "write"), 2),
        ("org.add_member", {"repo": None}, Atom("members in acme", "permissions"), 3),
        ("repo.create_actions_secret", {}, Atom("secrets in acme/app", "write"), 3),
        ("org.update_actions_secret", {"repo": None}, Atom("secrets in acme", "write"), 3),
        ("protected_branch.destroy", {}, Atom("settings in acme/app", "permissions"), 2),
        ("business.add_admin", {"repo": None, "org": None, "business": "b"}, Atom("members in b", "permissions"), 3),
        ("repo.config", {"operation_type": "access"}, Atom("settings in acme/app", "read"), 2),
        ("api.request", {"request_method": "GET", "route": "/x"}, Atom("api in acme/app", "read"), 2),
        ("api.request", {"request_method": "POST", "operation_type": "access"}, Atom("api in acme/app", "write"), 2),
        ("issues.pin", {"repo": None, "org": None}, Atom("issues", "write"), 1),
    ],
)
def test_atoms_are_declared(action, fields, atom, tier):
    """The level is by the action, else by the type of operation; the group is what it is about, where it lies."""
    event = said(action, **fields)
    assert (event.atom, SOURCE.weight(event.atom).tier) == (atom, tier)
    assert (event.resource and event.resource.name) == (atom.group.partition(" in ")[2] or None)


@pytest.mark.parametrize(
    ("fields", "time"),
    [
        ({}, NOW),
        ({"@timestamp": None, "created_at": NOW // 1000}, NOW),
        ({"@timestamp": None, "created_at": float(NOW // 1000)}, NOW),
        ({"@timestamp": None, "at_sign_timestamp": "2026-03-02 10:00:00.250000000", "created_at": 1}, NOW),
        ({"@timestamp": str(NOW // 1000)}, NOW),
    ],
)
def test_times_are_milliseconds_or_text(fields, time):
    """It is when it was done, else when the event was created, under the names that tables give them."""
    assert said(**fields).time == time


def test_the_rest_is_kept_as_told():
    """An app that somebody acted through, an address if the organisation shows it, what a request asked for."""
    event = said("api.request", status_code=200, oauth_application_id=3, actor_ip="192.0.2.1", query_string="q=1")
    assert (event.invoked_by, event.origin) == ("OAuth application 3", "192.0.2.1")
    assert event.args != UNKNOWN
    assert (said().args, said(integration="App").invoked_by) == (UNKNOWN, "App")
    assert said(_document_id=None).id.startswith("event ")


@pytest.mark.parametrize(
    "action", ["repo.self_hosted_runner_online", "code_scanning.alert_created", "secret_scanning_alert.create"]
)
def test_what_nobody_did_is_silent(action):
    """Alerts that were found and runners that are there are nothing that anybody did."""
    assert SOURCE.translate(record(action)) == ()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"action": None}, "no action"),
        ({"action": "update"}, "action is no category and operation, as repo.create is: 'update'"),
        ({"@timestamp": None}, "no @timestamp"),
        ({"@timestamp": "soon"}, "@timestamp is no time: 'soon'"),
        ({"@timestamp": True}, "@timestamp is no time: 'True'"),
    ],
)
def test_what_cannot_be_understood_is_refused(fields, reason):
    """An event without what every event has is refused for just that."""
    with pytest.raises(RecordError) as refused:
        SOURCE.translate({**record(), **fields})
    assert str(refused.value) == reason


@pytest.mark.parametrize(
    ("sample", "known"),
    [
        (json.dumps([record()]).encode(), True),
        (json.dumps({"note": json.dumps(record())}).encode(), False),
        (b'{"action": "git.push", "actor": "alice"}', False),
        (b"", False),
    ],
)
def test_events_are_told_by_their_keys(sample, known):
    """A file is one of events if an action, an actor and three more of its keys stand in it, not within a text."""
    assert bool(recognised(sample, {"it": SOURCE})) is known
