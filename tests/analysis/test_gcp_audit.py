"""What one entry of Google Cloud Audit Logs says: who called, on whose behalf, and what came of it."""

import json
from time import process_time

import pytest

from analysis.ingest.beginning import recognised
from analysis.ingest.gcp_audit.source import SOURCE
from analysis.ingest.instants import instant
from analysis.ingest.observed import Atom, Party, Presented
from analysis.ingest.strict import RecordError
from sim.audit.ids import PrincipalKind
from sim.audit.rows import FOREVER, UNKNOWN, Binding, CredentialKind, Decision, Kind, Reason

SECOND = 1_000_000
NOW = instant("2026-03-02T10:00:00.012345Z")
BROKER = "broker@acme.iam.gserviceaccount.com"
WORKER = "worker@acme.iam.gserviceaccount.com"
CALLER, HOLDER = Party(BROKER, PrincipalKind.SERVICE), Party(WORKER, PrincipalKind.SERVICE)
KEY = f"//iam.googleapis.com/projects/acme/serviceAccounts/{BROKER}/keys/k1"
GRANTED = [{"permission": "p", "granted": True}]


def entry(method="storage.objects.get", service="storage", entry=None, **payload):
    """An entry of one call; `entry` are fields beside its payload."""
    always = {"serviceName": f"{service}.googleapis.com", "methodName": method, "authorizationInfo": GRANTED}
    caller = {"authenticationInfo": {"principalEmail": BROKER}}
    return {
        "insertId": "e-1",
        "timestamp": "2026-03-02T10:00:00.012345678Z",
        "protoPayload": {**always, **caller, **payload},
        **(entry or {}),
    }


def said(*args, **fields):
    """What such an entry says."""
    [event] = SOURCE.translate(entry(*args, **fields))
    return event


def test_a_long_name_of_a_method_costs_no_more_than_it_is_long():
    """Each place in it might be where the version stands."""
    began = process_time()
    assert said(f"io.k8s.{'v1' * 50_000}!", "k8s").atom.level == "write"
    assert process_time() - began < 1


def test_a_token_makes_the_caller_somebody_else():
    """Who asks for an access token of an account becomes that account, for as long as it asked, unseen from then on."""
    name = f"projects/-/serviceAccounts/{WORKER}"
    event = said("GenerateAccessToken", "iamcredentials", request={"name": name, "lifetime": "900s"})
    assert (event.kind, event.principal, event.target) == (Kind.ASSUME, CALLER, HOLDER)
    assert (event.issued.name, event.issued.kind) == ("issued in e-1", CredentialKind.SESSION_TOKEN)
    assert (event.issued.until, event.issued.binding) == (NOW + 900 * SECOND, Binding.BEARER)
    assert event.atom.level == "read"


@pytest.mark.parametrize(
    ("method", "service", "fields", "hours", "kind"),
    [
        ("GenerateAccessToken", "iamcredentials", {}, 12, Kind.ASSUME),
        ("google.iam.credentials.v1.IAMCredentials.SignJwt", "iamcredentials", {}, 12, Kind.ASSUME),
        ("GenerateIdToken", "iamcredentials", {}, 1, Kind.ASSUME),
        ("google.identity.sts.v1.SecurityTokenService.ExchangeToken", "sts", {}, 12, Kind.ISSUE),
        ("GenerateAccessToken", "iamcredentials", {"response": {"expireTime": "2026-03-02T13:00:00.012345Z"}}, 3,
         Kind.ASSUME),
    ],
)  # fmt: skip
def test_tokens_last_as_told_or_as_long_as_they_can(method, service, fields, hours, kind):
    """A token ends when the answer says; where neither asked nor answered, when the longest that can be had does."""
    event = said(method, service, resourceName=f"projects/-/serviceAccounts/{WORKER}", **fields)
    assert (event.kind, event.issued.until) == (kind, NOW + hours * 3600 * SECOND)
    assert event.target == (CALLER if kind is Kind.ISSUE else HOLDER)


@pytest.mark.parametrize(
    ("method", "fields"),
    [
        ("SignBlob", {}),
        ("GenerateAccessToken", {"authorizationInfo": [{"permission": "p"}]}),
        ("GenerateAccessToken", {"status": {"code": 5}}),
    ],
)
def test_no_token_is_no_issue(method, fields):
    """What is signed may be anything; a call that was refused, or that failed, gives nothing."""
    event = said(method, "iamcredentials", **fields)
    assert (event.kind, event.issued) == (Kind.USE, None)


def test_a_key_is_made_used_and_deleted():
    """It is known by its id wherever it is named, by whichever name of its account, and ends only if that is said.

    Enabled again it is there again.
    """
    made = f"projects/acme/serviceAccounts/{BROKER}/keys/k1"
    never = {"name": made, "valid_before_time": {"seconds": "253402300799"}}
    create = "google.iam.admin.v1.CreateServiceAccountKey"
    event = said(create, "iam", response=never)
    assert (event.kind, event.issued.name, event.issued.until) == (Kind.ISSUE, "keys/k1", FOREVER)
    assert (event.target, event.atom.level) == (CALLER, "permissions")
    ends = said(create, "iam", response={"name": made, "valid_before_time": {"seconds": NOW // SECOND}}).issued.until
    told = said(create, "iam", response={"name": made, "valid_before_time": "2026-03-02T10:00:00Z"}).issued.until
    assert ends == told == NOW // SECOND * SECOND
    assert said(create, "iam", response={"name": made}).issued.until == UNKNOWN
    assert said(create, "iam", response={}).issued is None
    used = said(authenticationInfo={"principalEmail": BROKER, "serviceAccountKeyName": KEY}).credential
    assert used == Presented("keys/k1", CredentialKind.STATIC_KEY, UNKNOWN, FOREVER)
    ended, again = (Kind.REVOKE, Reason.DELETED), (Kind.ISSUE, Reason.RENEWAL)
    for how, what in {"Delete": ended, "Disable": ended, "Enable": again}.items():
        event = said(
            f"google.iam.admin.v1.{how}ServiceAccountKey", "iam", resourceName="projects/-/serviceAccounts/1/keys/k1"
        )
        assert (event.issued.name, event.kind, event.reason) == ("keys/k1", *what)


def test_who_delegates_stands_behind_an_account():
    """The first authority is on whose behalf it acts, the others called in between; nobody is made up."""
    chain = [
        {"firstPartyPrincipal": {"principalEmail": "alice@example.com"}},
        {"principalSubject": "serviceAccount:x", "firstPartyPrincipal": {"principalEmail": WORKER}},
        {"firstPartyPrincipal": {}},
        {"principalSubject": "principal://iam.googleapis.com/x"},
    ]  # fmt: skip
    event = said(authenticationInfo={"principalEmail": BROKER, "serviceAccountDelegationInfo": chain})
    assert (event.principal, event.target) == (CALLER, Party("alice@example.com", PrincipalKind.HUMAN))
    assert event.invoked_by == f"{WORKER} > principal://iam.googleapis.com/x"
    assert (said().target, said().invoked_by) == (None, None)


@pytest.mark.parametrize(
    ("info", "party"),
    [
        ({"principalEmail": BROKER}, CALLER),
        ({"principalEmail": "alice@example.com"}, Party("alice@example.com", PrincipalKind.HUMAN)),
        ({"principalSubject": "user:a@example.com"}, Party("a@example.com", PrincipalKind.HUMAN)),
        ({"principalEmail": "", "principalSubject": f"serviceAccount:{BROKER}"}, CALLER),
        ({"principalEmail": "system@google.com"}, Party("system@google.com", PrincipalKind.SERVICE)),
        ({"principalSubject": "principal://x/workforcePools/p/subject/a@b"},
         Party("principal://x/workforcePools/p/subject/a@b", PrincipalKind.HUMAN)),
        ({"principalSubject": "principal://x/workloadIdentityPools/p/subject/a@b"},
         Party("principal://x/workloadIdentityPools/p/subject/a@b", PrincipalKind.SERVICE)),
        ({"principalSubject": "principal://agents.global.org-1.system.id.goog/x"},
         Party("principal://agents.global.org-1.system.id.goog/x", PrincipalKind.AGENT)),
        ({}, None),
        (None, None),
    ],
)  # fmt: skip
def test_who_calls(info, party):
    """An address, else a subject; what it is says its prefix, and of an address whether it is an account's."""
    assert said(authenticationInfo=info).principal == party


@pytest.mark.parametrize(
    ("fields", "decision", "reason", "error"),
    [
        ({}, Decision.ALLOW, None, None),
        ({"status": {"message": "OK"}}, Decision.ALLOW, None, None),
        ({"authorizationInfo": None}, Decision.ALLOW, None, None),
        ({"authorizationInfo": [{"granted": False}]}, Decision.DENY, Reason.OUT_OF_SCOPE, None),
        ({"authorizationInfo": [{"permission": "p"}, {"granted": "true"}]}, Decision.ALLOW, None, None),
        ({"status": {"code": 7}}, Decision.DENY, Reason.OUT_OF_SCOPE, "PERMISSION_DENIED"),
        ({"status": {"message": "PERMISSION_DENIED"}}, Decision.DENY, Reason.OUT_OF_SCOPE, "PERMISSION_DENIED"),
        ({"status": {"code": 16}}, Decision.DENY, None, "UNAUTHENTICATED"),
        ({"status": {"code": 8}}, Decision.DENY, Reason.THROTTLED, "RESOURCE_EXHAUSTED"),
        ({"status": {"code": 5}}, Decision.ALLOW, None, "NOT_FOUND"),
        ({"status": {"code": 5}, "authorizationInfo": None}, None, None, "NOT_FOUND"),
        ({"status": {"code": 409, "message": "x"}}, Decision.ALLOW, None, "409"),
        ({"status": {"code": 7}, "entry": {"logName": "projects/p/logs/cloudaudit.googleapis.com%2Fpolicy"}},
         Decision.DENY, Reason.POLICY, "PERMISSION_DENIED"),
    ],
)  # fmt: skip
def test_answers(fields, decision, reason, error):
    """A code says whether it was refused; of other failures whether something was granted; what is not told is not."""
    event = said(**fields)
    assert (event.decision, event.reason, event.error) == (decision, reason, error)


def test_a_long_running_operation_is_one_event():
    """Its first and its last entry have one id and a stage each; what is both, or neither, is an event by itself."""
    ids = {}
    for name, flags in (("first", ["first"]), ("last", ["last"]), ("both", ["first", "last"]), ("neither", [])):
        operation = {"id": "o", "producer": "p", **dict.fromkeys(flags, True)}
        event = said(entry={"operation": operation})
        ids[name] = event.id, event.stage
    assert ids == {"first": ("p/o", 1), "last": ("p/o", 2), "both": ("e-1", None), "neither": ("e-1", None)}


@pytest.mark.parametrize(
    ("called", "thing", "typed", "atom", "tier"),
    [
        ("storage:storage.objects.get", "gcs_bucket", None, Atom("gcs_bucket in p", "read"), 2),
        ("storage:storage.objects.list", "audited_resource", None, Atom("storage in p", "list"), 2),
        ("cloudresourcemanager:SetIamPolicy", "project", None, Atom("project in p", "permissions"), 3),
        ("cloudresourcemanager:GetIamPolicy", "project", None, Atom("project in p", "read"), 3),
        ("iam:google.iam.admin.v1.CreateRole", "iam_role", None, Atom("iam_role in p", "permissions"), 3),
        ("iam:google.iam.admin.v1.ListRoles", "iam_role", None, Atom("iam_role in p", "list"), 3),
        ("k8s:io.k8s.core.v1.pods.exec.create", "k8s_cluster", None, Atom("pods/exec in p", "write"), 3),
        ("k8s:io.k8s.rbac.v1.clusterroles.create", "k8s_cluster", None, Atom("rbac in p", "permissions"), 3),
        ("spanner:google.spanner.v1.Spanner.ExecuteSql", None, "DATA_READ", Atom("spanner in p", "read"), 2),
        ("spanner:google.spanner.v1.Spanner.ExecuteSql", None, None, Atom("spanner in p", "write"), 2),
        ("weather:v1.x", None, None, Atom("weather in p", "write"), 1),
    ],
)
def test_atoms_are_declared(called, thing, typed, atom, tier):
    """The level is by the method, else by the type of permission; the group the kind of thing in its project."""
    service, method = called.split(":")
    fields = {"authorizationInfo": [{"permission": "p", "permissionType": typed, "granted": True}]}
    needed = said(method, service, {"resource": {"type": thing, "labels": {"project_id": "p"}}}, **fields).atom
    assert (needed, SOURCE.weight(needed).tier) == (atom, tier)


def test_a_thing_in_no_project_is_a_thing():
    """What lies in no project, as an organisation, is of its kind everywhere."""
    assert said("SetIamPolicy", entry={"resource": {"type": "organization"}}).atom == Atom(
        "organization", "permissions"
    )


def test_the_rest_is_kept_as_told():
    """Full names of resources, addresses under either spelling, and arguments where more than their type is told."""
    event = said(resourceName="projects/p", requestMetadata={"callerIP": "192.0.2.1", "callerSuppliedUserAgent": "x"})
    assert (event.resource.name, event.origin) == ("//storage.googleapis.com/projects/p", "192.0.2.1")
    assert (event.operation, event.time, event.user_agent) == ("storage:storage.objects.get", NOW, "x")
    typed, more = ({"@type": "t"}, {"@type": "t", "name": "n"})
    assert (said(request=typed).args, said().args) == (UNKNOWN, UNKNOWN)
    assert said(request=more).args != UNKNOWN


@pytest.mark.parametrize(
    "other",
    [
        {"jsonPayload": {"methodName": "x"}},
        {"textPayload": "x"},
        {"protoPayload": {"@type": "type.googleapis.com/google.appengine.logging.v1.RequestLog"}},
    ],
)
def test_entries_of_other_logs_are_silent(other):
    """What programs write into the same log, and other payloads, tell of no call that is known."""
    assert SOURCE.translate({"insertId": "e", "timestamp": "2026-03-02T10:00:00Z", **other}) == ()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"protoPayload": None}, "no protoPayload"),
        ({"protoPayload": {}}, "no protoPayload.methodName"),
        ({"protoPayload": "x"}, "protoPayload is text where an object belongs"),
        ({"timestamp": None}, "no timestamp"),
        ({"timestamp": "soon"}, "timestamp is no time: 'soon'"),
    ],
)
def test_what_cannot_be_understood_is_refused(fields, reason):
    """An entry without what every entry has is refused for just that."""
    with pytest.raises(RecordError) as refused:
        SOURCE.translate({**entry(), **fields})
    assert str(refused.value) == reason


def test_entries_kept_elsewhere_are_read():
    """Tables have small letters, another name for the payload, no id of some: the time received stands in."""
    [event] = SOURCE.translate(
        {"protopayload_auditlog": entry()["protoPayload"], "receivetimestamp": "2026-03-02 10:00:00"}
    )
    assert event.id.startswith("entry ")
    assert event.time == NOW // SECOND * SECOND
    assert recognised(
        json.dumps({"protopayload_auditlog": entry()["protoPayload"], "insertId": "x"}).encode(), {"it": SOURCE}
    )


@pytest.mark.parametrize(
    ("sample", "known"),
    [
        (json.dumps([entry()]).encode(), True),
        (json.dumps({"message": json.dumps(entry())}).encode(), False),
        (b'{"jsonPayload": {"methodName": 1, "serviceName": 2, "insertId": 3}}', False),
        (b"", False),
    ],
)
def test_entries_are_told_by_their_keys(sample, known):
    """A file is one of entries if their payload and three of its keys stand in it, and not within a text."""
    assert bool(recognised(sample, {"it": SOURCE})) is known
