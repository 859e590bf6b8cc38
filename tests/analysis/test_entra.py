"""What one record of Entra ID says: who got a token for what, or changed what in the directory, and how it came out."""

import json

import pytest

from analysis.ingest.entra.source import SOURCE
from analysis.ingest.instants import instant
from analysis.ingest.observed import Party, Resource
from analysis.ingest.strict import RecordError
from sim.audit.ids import PrincipalKind
from sim.audit.rows import UNKNOWN, Binding, CredentialKind, Decision, Kind, Reason

TIME = "2026-03-02T10:05:00Z"
NOW = instant(TIME)
LONGEST = 28 * 3_600_000_000
HUMAN, SERVICE, AGENT, INSTANCE = (
    PrincipalKind.HUMAN,
    PrincipalKind.SERVICE,
    PrincipalKind.AGENT,
    PrincipalKind.AGENT_INSTANCE,
)
SECRETS = "Update application \u2013 Certificates and secrets management "


def signin(code=0, user="u-1", principal="", agent=None, kind="interactiveUser", **fields):
    """A sign-in as Graph lists it, and as many more fields as are given."""
    told = {"id": "s-1", "createdDateTime": TIME, "userId": user, "servicePrincipalId": principal, "appId": "app-1"}
    kinds = {"agent": agent, "signInEventTypes": [kind], "status": {"errorCode": code}}
    return {**told, **kinds, "resourceId": "r-1", "uniqueTokenIdentifier": "uti-1", **fields}


def audit(activity="Update user", by=None, targets=(), result="success", **fields):
    """An audit record, and as many more fields as are given."""
    told = {"id": "a-1", "activityDateTime": TIME, "activityDisplayName": activity, "result": result}
    return {**told, "initiatedBy": by or {"user": {"id": "u-1"}}, "targetResources": list(targets), **fields}


def said(record):
    """What a record says first."""
    return SOURCE.translate(record)[0]


def keys(*names):
    """Keys as a record describes them."""
    return json.dumps([f"[KeyIdentifier={name},KeyType={kind},KeyUsage=Verify]" for name, kind in names])


def monitored(record, **fields):
    """The same record as Azure Monitor hands it on."""
    return {"time": "2026-03-02T10:06:00Z", "resourceId": "/tenants/t/x", "properties": record, **fields}


def kept(record, **fields):
    """The same record as Log Analytics keeps it."""
    capital = {name[0].upper() + name[1:]: value for name, value in record.items()}
    as_text = {name: json.dumps(each) if isinstance(each, dict | list) else each for name, each in capital.items()}
    return {**as_text, "ResourceId": "/tenants/t/x", "ResourceIdentity": record.get("resourceId"), **fields}


@pytest.mark.parametrize("form", [monitored, kept])
@pytest.mark.parametrize(
    "record",
    [
        signin(sessionId="e-1", ipAddress="198.51.100.7"),
        signin(50126),
        signin(user="", principal="p-1", agent={"agentType": "agenticAppInstance", "parentAppId": "b-1"}),
        audit(),
        audit(SECRETS, targets=[{"id": "o-1", "modifiedProperties": []}]),
    ],
)
def test_forms_say_the_same(form, record):
    """Who hands a record on changes names and shapes, and nothing of what it says."""
    assert SOURCE.translate(form(record)) == SOURCE.translate(record)


@pytest.mark.parametrize("form", [monitored, kept])
def test_keys_are_read_in_each_form(form):
    """Keys that an application got are found where objects are written as text, too."""
    changed = {"displayName": "KeyDescription", "oldValue": "[]", "newValue": keys(("k-1", "Password"))}
    record = audit(SECRETS, targets=[{"id": "o-1", "modifiedProperties": [changed]}])
    assert SOURCE.translate(form(record)) == SOURCE.translate(record)
    assert said(form(record)).issued.name == "k-1"


def test_a_sign_in_gives_a_token():
    """A token is known by the id that it carries, is for one resource, and lives 28 hours at most."""
    event = said(signin(sessionId="e-1"))
    assert (event.kind, event.decision, event.session) == (Kind.ISSUE, Decision.ALLOW, "e-1")
    assert (event.issued.name, event.issued.kind) == ("uti-1", CredentialKind.SESSION_TOKEN)
    assert (event.issued.until, event.issued.binding) == (NOW + LONGEST, Binding.AUDIENCE)
    assert (event.principal, event.target) == (Party("u-1", HUMAN), Party("u-1", HUMAN))
    assert (event.credential, event.invoked_by, event.operation) == (None, "app-1", "sign-in interactiveUser")


def test_a_sign_in_that_fails_gives_nothing():
    """A token id is there in any case; only who was let in got the token."""
    event = said(signin(50126))
    assert (event.kind, event.issued, event.target) == (Kind.USE, None, None)
    assert (event.decision, event.error) == (Decision.DENY, "50126")


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"signInEventTypes": ["managedIdentity"], "userId": "", "servicePrincipalId": "p-1"}, "managedIdentity"),
        ({"signInEventTypes": None, "isInteractive": False}, "nonInteractiveUser"),
        ({"signInEventTypes": None, "isInteractive": "true"}, "interactiveUser"),
        ({"signInEventTypes": None}, "user"),
        ({"signInEventTypes": ["odd"], "userId": "", "servicePrincipalId": "p-1"}, "servicePrincipal"),
    ],
)
def test_ways_to_sign_in(fields, kind):
    """How somebody signs in says the record, else whether it is interactive, else who it is."""
    assert said({**signin(), **fields}).operation == f"sign-in {kind}"


@pytest.mark.parametrize(
    ("log", "kind"),
    [
        ("NonInteractiveUserSignInLogs", "nonInteractiveUser"),
        ("ManagedIdentitySignInLogs", "managedIdentity"),
        ("AuditLogs", "interactiveUser"),
    ],
)
def test_the_log_says_how_somebody_signs_in(log, kind):
    """Each way has a log of its own, whose word counts before the record's."""
    assert said(monitored(signin(), category=log)).operation == f"sign-in {kind}"


@pytest.mark.parametrize(
    ("record", "credential"),
    [
        (signin(user="", principal="p-1", servicePrincipalCredentialKeyId="k-1"), ("k-1", CredentialKind.STATIC_KEY)),
        (
            signin(user="", principal="p-1", servicePrincipalCredentialKeyId="00000000-0000-0000-0000-000000000000"),
            None,
        ),
        (signin(kind="nonInteractiveUser", sessionId="e-1"), ("session e-1", CredentialKind.SESSION_TOKEN)),
        (signin(kind="interactiveUser", sessionId="e-1"), None),
        (signin(kind="nonInteractiveUser"), None),
    ],
)
def test_what_somebody_signs_in_with(record, credential):
    """An application's key is named; a user who does not interact comes with what the session gave before."""
    shown = said(record).credential
    assert (shown and (shown.name, shown.kind)) == credential
    assert shown is None or shown.until == UNKNOWN


@pytest.mark.parametrize(
    ("who", "agent", "kind", "actor", "subject"),
    [
        (("u-1", ""), None, Kind.ISSUE, Party("u-1", HUMAN), "u-1"),
        (("", "p-1"), None, Kind.ISSUE, Party("p-1", SERVICE), "p-1"),
        (("", "p-1"), ("agenticAppInstance", None), Kind.ISSUE, Party("p-1", INSTANCE, "b-1"), "p-1"),
        (("", "p-1"), ("agentIdentityBlueprintPrincipal", None), Kind.ISSUE, Party("p-1", AGENT, "b-1"), "p-1"),
        (("", "p-1"), ("notAgentic", "notAgentic"), Kind.ISSUE, Party("p-1", SERVICE), "p-1"),
        (("u-1", ""), ("notAgentic", "notAgentic"), Kind.ISSUE, Party("u-1", HUMAN), "u-1"),
        (("u-1", ""), ("agenticAppInstance", "notAgentic"), Kind.ASSUME, Party("app-1", INSTANCE, "b-1"), "u-1"),
        (("u-1", "p-1"), ("agenticAppInstance", None), Kind.ASSUME, Party("p-1", INSTANCE, "b-1"), "u-1"),
        (("u-1", ""), ("agenticAppInstance", "agentIDuser"), Kind.ISSUE, Party("u-1", AGENT, "b-1"), "u-1"),
    ],
)
def test_agents_are_who_the_record_says(who, agent, kind, actor, subject):
    """An agent that asks for itself is given a token; one that asks for a person acts, and becomes that person."""
    told = agent and {"agentType": agent[0], "agentSubjectType": agent[1], "parentAppId": "b-1"}
    event = said(signin(user=who[0], principal=who[1], agent=told))
    assert (event.kind, event.principal, event.target.name) == (kind, actor, subject)


@pytest.mark.parametrize(
    ("fields", "decision", "reason"),
    [
        ({"status": {"errorCode": 0}}, Decision.ALLOW, None),
        ({"status": {"errorCode": 50074}}, None, None),
        ({"status": {"errorCode": 50126}}, Decision.DENY, None),
        ({"status": {"errorCode": 53003}}, Decision.DENY, Reason.POLICY),
        ({"status": {"errorCode": 50105}}, Decision.DENY, Reason.OUT_OF_SCOPE),
        ({"status": {"errorCode": 7000222}}, Decision.DENY, Reason.EXPIRED),
        ({"status": {"errorCode": 50173}}, Decision.DENY, Reason.REVOKED),
        ({"status": {"errorCode": 90033}}, None, None),
        ({"status": {"errorCode": 999999}}, Decision.DENY, None),
        ({"status": {"errorCode": 999999}, "conditionalAccessStatus": "failure"}, Decision.DENY, Reason.POLICY),
        ({"status": {"errorCode": 0}, "conditionalAccessStatus": "failure"}, Decision.ALLOW, None),
        ({"status": None, "resultType": "0"}, Decision.ALLOW, None),
        ({"status": None, "resultType": "50053"}, Decision.DENY, None),
        ({"status": None, "resultType": "Success"}, Decision.ALLOW, None),
        ({"status": None, "resultType": "Failure"}, Decision.DENY, None),
        ({"status": None}, None, None),
        ({"status": {"errorCode": True}}, None, None),
    ],
)
def test_error_codes_say_who_was_let_in(fields, decision, reason):
    """An interruption decides nothing, nor does a failure of the service; any other failure is a refusal."""
    event = said({**signin(), **fields})
    assert (event.decision, event.reason) == (decision, reason)


@pytest.mark.parametrize(
    ("resource", "group", "tier"),
    [
        ("797f4846-ba00-4fd7-ba43-dac1f8f63013", "management of Azure", 3),
        ("00000003-0000-0000-c000-000000000000", "directory and mail", 2),
        ("r-9", "resources", 2),
    ],
)
def test_what_is_signed_in_to_has_a_worth(resource, group, tier):
    """To sign in to one application is what can be allowed, and is worth what can be done there."""
    event = said(signin(resourceId=resource))
    assert event.atom == (f"{group} in {resource}", "read")
    assert (event.resource, SOURCE.weight(event.atom).tier) == (Resource(resource, event.atom.group), tier)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ([], ["k-1"], [(Kind.ISSUE, "k-1", "a-1")]),
        (["k-1"], [], [(Kind.REVOKE, "k-1", "a-1")]),
        (["k-1"], ["k-1", "k-2"], [(Kind.ISSUE, "k-2", "a-1")]),
        (["k-1"], ["k-2"], [(Kind.ISSUE, "k-2", "a-1"), (Kind.REVOKE, "k-1", "a-1 key 1")]),
        ([], ["k-1", "k-2"], [(Kind.ISSUE, "k-1", "a-1"), (Kind.ISSUE, "k-2", "a-1 key 1")]),
        (["k-1"], ["k-1"], [(Kind.USE, None, "a-1")]),
    ],
)
def test_keys_of_applications_come_and_go(before, after, told):
    """A key that is described after a change and not before was given, and the other way round ended."""
    shown = [keys(*((name, "Password") for name in names)) for names in (before, after)]
    changed = {"displayName": "KeyDescription", "oldValue": shown[0], "newValue": shown[1]}
    events = SOURCE.translate(audit(SECRETS, targets=[{"id": "o-1", "modifiedProperties": [changed]}]))
    assert [(each.kind, each.issued and each.issued.name, each.id) for each in events] == told
    assert all(each.target is None or each.target == Party("o-1", SERVICE) for each in events)
    assert {each.operation for each in events} == {SECRETS.strip()}


def test_a_key_is_what_it_is_called():
    """A password is good for whoever has it, of a certificate's key that is not known; the end of neither is told."""
    changed = {"displayName": "KeyDescription", "newValue": keys(("k-1", "Password"), ("k-2", "AsymmetricX509Cert"))}
    events = SOURCE.translate(audit(SECRETS, targets=[{"id": "o-1", "modifiedProperties": [changed]}]))
    assert [(each.issued.binding, each.issued.until) for each in events] == [(Binding.BEARER, UNKNOWN), (None, UNKNOWN)]


def test_a_change_that_failed_gives_no_key():
    """What an activity that failed would have changed did not come about, and who was refused nobody knows."""
    changed = {"displayName": "KeyDescription", "newValue": keys(("k-1", "Password"))}
    event = said(audit(SECRETS, targets=[{"id": "o-1", "modifiedProperties": [changed]}], result="failure"))
    assert (event.kind, event.issued, event.decision) == (Kind.USE, None, None)


@pytest.mark.parametrize(
    ("by", "party"),
    [
        ({"user": {"id": "u-1", "userPrincipalName": "a@acme.example"}, "app": None}, Party("u-1", HUMAN)),
        ({"user": {"userPrincipalName": "a@acme.example"}}, Party("a@acme.example", HUMAN)),
        ({"user": {"id": "u-1", "agentType": "agentIDuser"}}, Party("u-1", AGENT)),
        ({"app": {"servicePrincipalId": "p-1", "appId": "x", "agentType": "notAgentic"}}, Party("p-1", SERVICE)),
        ({"app": {"servicePrincipalId": "p-1", "agentType": "agenticAppInstance"}}, Party("p-1", INSTANCE)),
        ({"app": {"displayName": "Sync"}}, Party("Sync", SERVICE)),
        ({"user": {}, "app": None}, None),
    ],
)
def test_who_changed_something(by, party):
    """A user or an application by its id, else as it is called; an agent where the record says so."""
    assert said(audit(by=by)).principal == party


@pytest.mark.parametrize(
    ("activity", "atom", "tier"),
    [
        (SECRETS, ("keys of applications", "permissions"), 3),
        ("Add app role assignment to service principal", ("permissions of applications", "permissions"), 3),
        ("Add member to role", ("roles", "permissions"), 3),
        ("Create agent identity", ("agents", "permissions"), 3),
        ("Update conditional access policy", ("policies", "permissions"), 3),
        ("User registered security info", ("authentication methods", "permissions"), 3),
        ("Set federation settings on domain", ("federation", "permissions"), 3),
        ("Add member to group", ("groups", "permissions"), 2),
        ("Update application", ("applications", "write"), 2),
        ("Update user", ("users", "write"), 2),
        ("Read BitLocker key", ("devices", "read"), 2),
        ("Something new", ("directory", "write"), 1),
    ],
)
def test_activities_need_levels(activity, atom, tier):
    """An activity is a level on a group, and a group is worth what is declared of it."""
    event = said(audit(activity))
    assert (event.atom, SOURCE.weight(event.atom).tier) == (atom, tier)


def test_what_is_no_activity_is_not_shown_as_one():
    """A text that no activity has may be a name, and stays out of what is shown of every log."""
    assert said(audit("<b>somebody@acme.example</b>")).operation == "other activity"


@pytest.mark.parametrize("log", ["RiskyUsers", "ProvisioningLogs", "B2CRequestLogs"])
def test_other_logs_are_silent(log):
    """What comes through the same settings and is neither a sign-in nor an audit record tells nothing here."""
    assert SOURCE.translate(monitored({"id": "x", "userId": "u-1"}, category=log)) == ()


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({**signin(), "id": ""}, "none of id, requestId and correlationId"),
        ({**signin(), "createdDateTime": "soon"}, "createdDateTime is no time: 'soon'"),
        ({**signin(), "createdDateTime": None}, "no createdDateTime"),
        ({**signin(), "userId": "", "userPrincipalName": ""}, "neither userId nor servicePrincipalId"),
        ({"id": "x", "createdDateTime": TIME}, "neither a sign-in nor an audit record"),
        ({**audit(), "activityDisplayName": None}, "no activityDisplayName"),
        ({**audit(), "targetResources": "x"}, "targetResources is text where a list belongs"),
        (monitored("cut"), "properties is text where an object belongs"),
    ],
)
def test_what_cannot_be_known_is_refused(record, reason):
    """A record without id, time or party, or with something else where they stand, is refused with a reason."""
    with pytest.raises(RecordError, match=reason):
        SOURCE.translate(record)


def test_the_id_of_a_sequence_stands_in():
    """Where a record has no id of its own it is known by that of the sequence, which others may share."""
    assert said({**signin(), "id": None, "correlationId": "c-1"}).id == "c-1"
