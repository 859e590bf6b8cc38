"""What one event of Kubernetes says: who asked, as whom, with which credential, how it was answered, what it gave."""

import json

import pytest

from analysis.ingest.beginning import recognised
from analysis.ingest.instants import instant
from analysis.ingest.kubernetes.source import SOURCE
from analysis.ingest.observed import Party
from analysis.ingest.reading import Found, Refused
from analysis.ingest.strict import RecordError
from sim.audit.ids import PrincipalKind
from sim.audit.rows import FOREVER, UNKNOWN, Binding, CredentialKind, Decision, Kind, Reason, Resolution

ID = "authentication.kubernetes.io/"
ALLOWED = {"authorization.k8s.io/decision": "allow"}
RECEIVED = "2026-03-02T10:05:00.000001Z"
SECOND = 1_000_000
AGENT = "system:serviceaccount:support:agent"
POD = {f"{ID}pod-name": ["agent-0"], f"{ID}pod-uid": ["u-1"]}
RESPELLED = {name.replace(".", "_").replace("/", "_slash_"): value for name, value in POD.items()}
SIGNING = "certificatesigningrequests"


def record(verb="get", about=None, user="example-user", extra=None, **fields):
    """An event at the end of a request, and as many more fields as are given."""
    always = {"kind": "Event", "apiVersion": "audit.k8s.io/v1", "auditID": "example-1", "stage": "ResponseComplete"}
    when = {"requestReceivedTimestamp": RECEIVED, "stageTimestamp": "2026-03-02T10:05:02.000001Z"}
    who = {"username": user, "extra": extra or {}}
    what = {"requestURI": "/api/v1/x", "objectRef": about, "responseStatus": {"code": 200}}
    return {**always, **when, "verb": verb, "user": who, **what, **fields}


def said(*args, **fields):
    """What such an event says."""
    [request] = SOURCE.translate(record(*args, **fields))
    return request


def of(resource, sub=None, name="x", namespace="support", group=None):
    """What a request is about."""
    return {"resource": resource, "subresource": sub, "name": name, "namespace": namespace, "apiGroup": group}


def asked_for(seconds, end, to=None, **annotations):
    """A token is asked for, perhaps bound to something, and the response is logged."""
    spec = {"expirationSeconds": seconds, "audiences": ["https://crm.example"], "boundObjectRef": to}
    response = {"spec": spec, "status": {"token": "not-a-token", "expirationTimestamp": end}}
    about = of("serviceaccounts", "token", "agent")
    bodies = {"requestObject": {"spec": spec}, "responseObject": response}
    return said("create", about, responseStatus={"code": 201}, annotations=annotations, **bodies)


def test_a_token_is_issued_to_its_account():
    """A token has the id under which it is used, belongs to the account, is good for an audience, and ends as told."""
    event = asked_for(600, "2026-03-02T10:15:00Z", **{f"{ID}issued-credential-id": "JTI=1"})
    issued = event.issued
    assert (event.kind, issued.name, issued.kind) == (Kind.ISSUE, "JTI=1", CredentialKind.SESSION_TOKEN)
    assert (issued.until, issued.binding) == (instant("2026-03-02T10:15:00Z"), Binding.AUDIENCE)
    assert (issued.resolved, issued.enforced) == (Resolution.LOOKED_UP, None)
    assert event.target == Party(AGENT, PrincipalKind.SERVICE)


def test_a_token_put_into_a_pod_may_live_for_a_year():
    """The hour stated for a token of 3607 seconds is not its end: the API server accepts it for a year at most."""
    stated, pod = "2026-03-02T11:05:07Z", {"kind": "Pod", "name": "agent-0"}
    assert asked_for(3607, stated, pod).issued.until == instant("2027-03-02T10:05:00.000001Z")
    for seconds, to in ((3607, None), (3607, {"kind": "Secret"}), (3600, pod)):
        assert asked_for(seconds, stated, to).issued.until == instant(stated)


def test_a_token_without_an_id_is_known_by_its_issue():
    """Where neither id nor response is logged, a token was issued all the same, until a time that is not known."""
    event = said("create", of("serviceaccounts", "token", "agent"), responseStatus={"code": 201})
    assert (event.issued.name, event.issued.until) == ("issued in example-1", UNKNOWN)


TRIAL = {"responseStatus": {"code": 201}, "requestURI": "/api/v1/x?dryRun=All"}


@pytest.mark.parametrize(
    "fields", [{"responseStatus": {"code": 403}}, {"stage": "RequestReceived", "responseStatus": {}}, TRIAL]
)
def test_a_token_that_is_not_given_is_not_issued(fields):
    """A request for a token that was refused, not yet answered, or only made to see what happens, issued nothing."""
    event = said("create", of("serviceaccounts", "token", "agent"), **fields)
    assert (event.kind, event.issued) == (Kind.USE, None)


@pytest.mark.parametrize(
    ("kind", "gives"), [("kubernetes.io/service-account-token", True), ("Opaque", False), (None, False)]
)
def test_a_token_in_a_secret_never_ends(kind, gives):
    """A secret of one type holds a token for good, of the account that it names; any other secret is only written."""
    metadata = {"name": "key", "annotations": {"kubernetes.io/service-account.name": "partner"}}
    secret = {"type": kind, "metadata": metadata}
    event = said("create", of("secrets", name=None), requestObject=secret)
    assert (event.kind is Kind.ISSUE) == gives
    assert event.resource.name == "support/secrets/key"
    if gives:
        assert (event.issued.name, event.issued.until) == ("support/secrets/key", FOREVER)
        assert event.target.name == "system:serviceaccount:support:partner"


@pytest.mark.parametrize(
    ("extra", "name", "kind", "until"),
    [
        ({f"{ID}credential-id": ["JTI=1"]}, "JTI=1", CredentialKind.SESSION_TOKEN, UNKNOWN),
        ({f"{ID}credential-id": ["X509SHA256=1"]}, "X509SHA256=1", CredentialKind.UNKNOWN, UNKNOWN),
        ({"accessKeyId": ["ASIAEXAMPLE1"]}, "ASIAEXAMPLE1", CredentialKind.SESSION_TOKEN, UNKNOWN),
        ({"accessKeyId": ["AKIAEXAMPLE1"]}, "AKIAEXAMPLE1", CredentialKind.STATIC_KEY, FOREVER),
        ({"accessKeyId": ["EXAMPLE"]}, "EXAMPLE", CredentialKind.UNKNOWN, UNKNOWN),
    ],
)
def test_a_credential_is_known_by_its_id(extra, name, kind, until):
    """A request names its token, its certificate or the AWS key behind it; how long that lives it does not tell."""
    shown = said(extra=extra).credential
    assert (shown.name, shown.kind, shown.since, shown.until) == (name, kind, UNKNOWN, until)


def test_a_token_from_a_secret_is_known_by_the_secret():
    """The secret is named without its namespace, which is that of the account; it is the name given at its issue."""
    told = {"authentication.k8s.io/legacy-token-manual-secret": "key"}
    shown = said(user=AGENT, annotations=told).credential
    assert (shown.name, shown.kind, shown.until) == ("support/secrets/key", CredentialKind.STATIC_KEY, FOREVER)
    assert said(user="example-user", annotations=told).credential is None


def test_who_acts_is_who_impersonates():
    """Whoever impersonates somebody is who acts; whom he asked as is the target. Anonymous is nobody in particular."""
    event = said(user=AGENT, impersonatedUser={"username": "example-other"})
    assert event.principal == Party(AGENT, PrincipalKind.SERVICE)
    assert event.target == Party("example-other", PrincipalKind.SERVICE)
    assert said(user="system:anonymous").principal.kind is PrincipalKind.SHARED_ACCOUNT
    assert said(user="").principal is None


@pytest.mark.parametrize(
    ("extra", "session"),
    [
        (POD, "support/pods/agent-0 u-1"),
        (RESPELLED, "support/pods/agent-0 u-1"),
        ({"arn": ["arn:aws:sts::111122223333:assumed-role/a/b"]}, "arn:aws:sts::111122223333:assumed-role/a/b"),
        ({"arn": []}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_a_session_is_a_pod(extra, session):
    """A session is the pod that the token is bound to, however a log store spells that, else the session of AWS."""
    assert said(user=AGENT, extra=extra).session == session


@pytest.mark.parametrize(
    ("code", "annotations", "decision", "reason", "error"),
    [
        (200, {}, Decision.ALLOW, None, None),
        (101, ALLOWED, Decision.ALLOW, None, None),
        ("201", ALLOWED, Decision.ALLOW, None, None),
        (404, ALLOWED, Decision.ALLOW, None, "404"),
        (409, {}, Decision.ALLOW, None, "409"),
        (403, {}, Decision.DENY, Reason.OUT_OF_SCOPE, "403"),
        (403, {"authorization.k8s.io/decision": "forbid"}, Decision.DENY, Reason.OUT_OF_SCOPE, "403"),
        (403, ALLOWED, Decision.DENY, None, "403"),
        (401, {}, Decision.DENY, None, "401"),
        (429, {}, Decision.DENY, Reason.THROTTLED, "429"),
        (500, ALLOWED, None, None, "500"),
        (504, {}, None, None, "504"),
        (None, {}, None, None, None),
        (None, ALLOWED, Decision.ALLOW, None, None),
        (None, {"authorization.k8s.io/decision": "forbid"}, Decision.DENY, Reason.OUT_OF_SCOPE, None),
    ],
)
def test_codes_say_who_was_let_in(code, annotations, decision, reason, error):
    """401, 403 and 429 refuse, the second for who asked unless authorizers let it through; 5xx decide nothing."""
    event = said(responseStatus={"code": code}, annotations=annotations)
    assert (event.decision, event.reason, event.error) == (decision, reason, error)


def test_the_reason_of_a_failure_is_its_error():
    """Where the status names its reason, that is the error."""
    assert said(responseStatus={"code": 403, "reason": "Forbidden"}).error == "Forbidden"


@pytest.mark.parametrize(
    ("verb", "about", "group", "level", "tier"),
    [
        ("get", of("secrets"), "secrets in support", "read", 3),
        ("list", of("secrets", name=None), "secrets in support", "read", 3),
        ("watch", of("secrets", name=None, namespace=None), "secrets", "read", 3),
        ("list", of("pods"), "workloads in support", "list", 2),
        ("watch", of("deployments", group="apps"), "workloads in support", "list", 2),
        ("create", of("pods"), "workloads in support", "write", 2),
        ("get", of("pods", "log"), "pods/log in support", "read", 2),
        ("get", of("pods", "exec"), "exec in support", "write", 3),
        ("create", of("pods", "attach"), "exec in support", "write", 3),
        ("create", of("pods", "portforward"), "exec in support", "write", 3),
        ("get", of("nodes", "proxy", namespace=None), "exec", "write", 3),
        ("create", of("serviceaccounts", "token"), "tokens in support", "read", 3),
        ("patch", of("rolebindings", group="rbac.authorization.k8s.io"), "rbac in support", "permissions", 3),
        ("get", of("clusterroles", namespace=None, group="rbac.authorization.k8s.io"), "rbac", "read", 3),
        ("create", of("selfsubjectaccessreviews", None, None, None, "authorization.k8s.io"), "reviews", "read", 1),
        ("update", of(SIGNING, "approval", "x", None, "certificates.k8s.io"), "certificates", "permissions", 3),
        ("deletecollection", of("configmaps"), "configmaps in support", "write", 2),
        ("update", of("leases", group="coordination.k8s.io"), "leases.coordination.k8s.io in support", "write", 1),
        ("patch", of("pods", "status"), "pods/status in support", "write", 1),
        ("frobnicate", of("widgets", group="acme.example"), "widgets.acme.example in support", "write", 1),
    ],
)  # fmt: skip
def test_level_and_tier_are_declared(verb, about, group, level, tier):
    """An atom is a level on a group in a namespace; what yields secrets, tokens, permissions or a shell is tier 3."""
    event = said(verb, about)
    assert event.atom == (group, level)
    assert (SOURCE.weight(event.atom).tier, event.resource.group) == (tier, group)


def test_what_is_touched_has_its_whole_name():
    """What is touched is named with namespace, kind, name and subresource; a path where it is no resource."""
    assert said("create", of("pods", "exec", "web")).resource.name == "support/pods/web/exec"
    assert said("get", of("deployments", None, "web", group="apps")).resource.name == "support/deployments.apps/web"
    assert said("list", of("nodes", name=None, namespace=None)).resource.name == "*/nodes"
    path = said("get", requestURI="/livez?verbose")
    assert (path.resource.name, path.operation, path.atom.group) == ("/livez", "get discovery", "discovery")
    nothing = said("get", requestURI="")
    assert (nothing.resource, nothing.atom, nothing.operation) == (None, None, "get")


def test_arguments_are_a_body_or_a_query():
    """What is written stands in a body, and is not known without one; what is read or connected to, in the query."""
    pods = of("pods")
    assert said("create", pods).args == UNKNOWN
    assert (
        said("create", pods, requestObject={"a": 1, "b": 2}).args
        == said("create", pods, requestObject={"b": 2, "a": 1}).args
    )
    assert 0 <= said("create", pods, requestObject="skipped-too-big-size-object").args < 2**63
    shells = {said("create", of("pods", "exec"), requestURI=f"/x?command={each}").args for each in ("sh", "id")}
    assert len(shells) == 2
    assert UNKNOWN not in shells


@pytest.mark.parametrize(
    ("fields", "stage", "duration"),
    [
        ({}, 3, 2 * SECOND),
        ({"stage": "Panic"}, 4, 2 * SECOND),
        ({"stage": "ResponseStarted"}, 2, UNKNOWN),
        ({"stage": "RequestReceived"}, 1, UNKNOWN),
        ({"stage": None}, None, UNKNOWN),
        ({"stageTimestamp": None}, 3, UNKNOWN),
        ({"stageTimestamp": "2026-03-02T10:04:00Z"}, 3, UNKNOWN),
    ],
)
def test_a_request_lasts_until_it_is_complete(fields, stage, duration):
    """A request begins when it is received, in each of its stages, and lasts until its last one."""
    event = said(**fields)
    assert (event.time, event.stage, event.duration) == (instant(RECEIVED), stage, duration)


def test_old_events_have_one_time():
    """Before audit.k8s.io/v1 an event only said when its request was received; how long it took is not known."""
    event = said(requestReceivedTimestamp=None, stageTimestamp=None, timestamp="2017-09-11T19:55:05Z")
    assert (event.time, event.duration) == (instant("2017-09-11T19:55:05Z"), UNKNOWN)


def test_the_last_address_is_the_one_seen():
    """All addresses but the last are what the client says of itself."""
    assert said(sourceIPs=["198.51.100.7", "192.0.2.1"]).origin == "192.0.2.1"
    assert said(sourceIPs=[]).origin is None


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"auditID": None}, "no auditID"),
        ({"verb": ""}, "no verb"),
        ({"requestReceivedTimestamp": None, "stageTimestamp": None}, "no requestReceivedTimestamp"),
        ({"requestReceivedTimestamp": "noon"}, "requestReceivedTimestamp is no time: 'noon'"),
        ({"stageTimestamp": "noon"}, "stageTimestamp is no time: 'noon'"),
        ({"stage": "Done"}, "stage is none of RequestReceived, ResponseStarted, ResponseComplete, Panic: 'Done'"),
        ({"user": "bob"}, "user is text where an object belongs"),
        ({"objectRef": []}, "objectRef is a list where an object belongs"),
        ({"responseStatus": {"code": "many"}}, "responseStatus.code is text where a number belongs"),
        ({"responseStatus": {"code": True}}, "responseStatus.code is a truth value where a number belongs"),
    ],
)
def test_what_cannot_be_understood_is_refused(fields, reason):
    """A record without what every event has, or with something else in its place, is refused for just that."""
    with pytest.raises(RecordError) as refused:
        SOURCE.translate({**record(), **fields})
    assert str(refused.value) == reason


EVENT = record()
TEXT = json.dumps(EVENT, separators=(",", ":"))
LINE = {"message": TEXT}
SCHEDULER = {"messageType": "DATA_MESSAGE", "logStream": "kube-scheduler-1", "logEvents": [{"message": "I0302 bound"}]}


@pytest.mark.parametrize(
    "document",
    [
        EVENT,
        [EVENT],
        {"kind": "EventList", "items": [EVENT]},
        {"messageType": "DATA_MESSAGE", "logStream": "kube-apiserver-audit-1", "logEvents": [LINE]},
        {"events": [{**LINE, "logStreamName": "kube-apiserver-audit-1"}]},
        {"@timestamp": RECEIVED, "@message": TEXT},
        {"log": f"{TEXT}\n", "stream": "stdout"},
        {"records": [{"category": "kube-audit", "properties": {"log": f"{TEXT}\n"}}]},
        {"message": json.dumps({"kind": "EventList", "items": [EVENT]})},
    ],
)
def test_events_are_found_wherever_they_lie(document):
    """An event is the same alone, in a list, and as text in the records of those who hand it on."""
    found = list(SOURCE.records(json.dumps(document).encode()))
    assert [(each.position, each.record) for each in found] == [(0, EVENT)]


def test_exported_lines_have_their_time_before_them():
    """Exports of CloudWatch Logs to S3 write a time before each line."""
    data = f"2026-03-02T10:05:00.123Z {TEXT}\n2026-03-02T10:05:01.123Z {TEXT}\n".encode()
    assert [(each.position, each.record) for each in SOURCE.records(data)] == [(0, EVENT), (1, EVENT)]


def test_other_logs_are_silent():
    """Lines of other logs of the control plane, and messages that only check the way, tell of nothing anybody did."""
    control = {"messageType": "CONTROL_MESSAGE", "logStream": "", "logEvents": [{"message": "CWL CONTROL MESSAGE"}]}
    for document in (SCHEDULER, control, {"category": "kube-scheduler", "properties": {"log": "I0302 bound"}}):
        [found] = SOURCE.records(json.dumps(document).encode())
        assert SOURCE.translate(found.record) == ()


def test_broken_text_is_refused_by_itself():
    """Text that is no event is refused with its place; its neighbours in the same record are kept, and counted on."""
    document = {"logStream": "kube-apiserver-audit-1", "logEvents": [{"message": TEXT[:40]}, LINE, "odd"]}
    first, second, third = SOURCE.records(json.dumps(document).encode())
    assert isinstance(first, Refused)
    assert (first.reason, first.position) == ("not JSON at character 29: Unterminated string starting at", 0)
    assert second == Found(1, EVENT)
    assert isinstance(third, Refused)


@pytest.mark.parametrize(
    ("sample", "known"),
    [
        (TEXT, True),
        (json.dumps(EVENT, indent=1), True),
        ('{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[]}', True),
        (json.dumps(LINE), True),
        (json.dumps({**SCHEDULER, "logGroup": "/aws/eks/example/cluster"}), True),
        (json.dumps({"category": "kube-audit", "properties": {"log": TEXT}}), True),
        (json.dumps([{"category": "Administrative", "properties": {"log": TEXT}}]), False),
        (json.dumps({"userAgent": TEXT, "eventName": "x"}), False),
        (json.dumps(SCHEDULER), False),
        ('{"kind":"Event","apiVersion":"v1","reason":"Killing"}', False),
        ("", False),
    ],
)
def test_events_are_told_by_their_version(sample, known):
    """A file is an export if it has an event's own key and value, not if a text in it looks like an event."""
    assert bool(recognised(sample.encode(), {"it": SOURCE})) is known
