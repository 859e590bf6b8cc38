"""What one request to Microsoft Graph says: who asked for what, with which token, and how that was answered."""

import pytest

from analysis.ingest.entra.source import SOURCE
from analysis.ingest.instants import instant
from analysis.ingest.observed import Party, Resource
from analysis.ingest.strict import RecordError
from sim.audit.ids import PrincipalKind
from sim.audit.rows import UNKNOWN, Decision, Kind, Reason

TIME = "2026-03-02T10:05:00Z"
NOW = instant(TIME)
HUMAN, SERVICE = PrincipalKind.HUMAN, PrincipalKind.SERVICE
SIGN_IN = {
    "id": "s-1",
    "createdDateTime": "2026-03-02T10:00:00Z",
    "userId": "u-1",
    "uniqueTokenIdentifier": "uti-1",
    "status": {"errorCode": 0},
}


def asked(method="GET", path="/v1.0/users/x", code=200, **fields):
    """A request to Graph, and as many more fields as are given."""
    told = {"requestId": "q-1", "timeGenerated": TIME, "requestMethod": method, "responseStatusCode": code}
    token = {"signInActivityId": "uti-1", "tokenIssuedAt": "2026-03-02T10:00:00Z"}
    return {**told, **token, "requestUri": f"https://graph.microsoft.com{path}", "userId": "u-1", **fields}


def said(*args, **fields):
    """What such a request says."""
    [only] = SOURCE.translate(asked(*args, **fields))
    return only


def test_forms_say_the_same():
    """Azure Monitor puts a request among properties, Log Analytics writes its names with capitals."""
    plain = asked()
    monitored = {"time": "2026-03-02T10:06:00Z", "category": "MicrosoftGraphActivityLogs", "properties": plain}
    kept = {name[0].upper() + name[1:]: value for name, value in plain.items()}
    assert SOURCE.translate(monitored) == SOURCE.translate(kept) == SOURCE.translate(plain)


def test_a_request_uses_the_token_of_its_sign_in():
    """A request names the token that a sign-in gave, and since when that is; as long as any it may last."""
    event, [given] = said(appId="app-1", sessionId="e-1"), SOURCE.translate(SIGN_IN)
    issued = instant("2026-03-02T10:00:00Z")
    assert (event.credential.name, event.credential.kind) == (given.issued.name, given.issued.kind)
    assert (event.credential.since, event.credential.until) == (issued, issued + 28 * 3_600_000_000)
    assert (event.kind, event.id, event.session, event.invoked_by) == (Kind.USE, "q-1", "e-1", "app-1")


@pytest.mark.parametrize(
    ("fields", "party", "since"),
    [
        ({"tokenIssuedAt": None}, Party("u-1", HUMAN), UNKNOWN),
        ({"userId": "", "servicePrincipalId": "p-1"}, Party("p-1", SERVICE), NOW - 300_000_000),
        ({"userId": "", "appId": "app-1"}, Party("app-1", SERVICE), NOW - 300_000_000),
        ({"userId": ""}, None, NOW - 300_000_000),
    ],
)
def test_who_asks_graph(fields, party, since):
    """A user, else the service principal or at least the application; the token is as old as it says."""
    event = said(**fields)
    assert (event.principal, event.credential.since) == (party, since)


def test_a_request_may_tell_of_no_token():
    """Where the log does not name a token there is none to be rebuilt."""
    assert said(signInActivityId="").credential is None


@pytest.mark.parametrize(
    ("code", "decision", "reason", "error"),
    [
        (200, Decision.ALLOW, None, None),
        (204, Decision.ALLOW, None, None),
        (404, Decision.ALLOW, None, "404"),
        (401, Decision.DENY, None, "401"),
        (403, Decision.DENY, Reason.OUT_OF_SCOPE, "403"),
        (429, Decision.DENY, Reason.THROTTLED, "429"),
        (503, None, None, "503"),
        (None, None, None, None),
    ],
)
def test_a_status_says_who_was_let_in(code, decision, reason, error):
    """A request is refused for who asked, and let in if it failed for what was asked; some nobody looked at."""
    event = said(code=code)
    assert (event.decision, event.reason, event.error) == (decision, reason, error)


@pytest.mark.parametrize(
    ("method", "path", "operation", "atom"),
    [
        ("GET", "/v1.0/me/messages?$search=x", "GET graph me", ("mail", "read")),
        ("POST", "/beta/users/a@acme.example/sendMail", "POST graph users", ("mail", "write")),
        ("GET", "/v1.0/drives/1/root:/plan.docx", "GET graph drives", ("files", "read")),
        (
            "POST",
            "/v1.0/applications/1/addPassword",
            "POST graph applications",
            ("keys of applications", "permissions"),
        ),
        ("POST", "/v1.0/roleManagement/directory/x", "POST graph rolemanagement", ("roles", "permissions")),
        ("PATCH", "/v1.0/users/1", "PATCH graph users", ("users", "write")),
        ("POST", "/v1.0/groups/1/members/$ref", "POST graph groups", ("groups", "permissions")),
        ("POST", "/v1.0/directoryObjects/getByIds", "POST graph directoryobjects", ("directory", "read")),
        ("GET", "/v1.0/users/password@acme.example", "GET graph users", ("users", "read")),
        ("GET", "/v1.0/a@acme.example", "GET graph other", ("directory", "read")),
        ("GET", "/", "GET graph other", ("directory", "read")),
    ],
)
def test_requests_need_levels(method, path, operation, atom):
    """A path without its ids is a level on a group; as an operation only its first word is shown, the rest is names."""
    event = said(method, path)
    assert (event.operation, event.atom) == (operation, atom)


def test_what_a_request_touches():
    """What is touched is the path, in small letters and without what is looked for."""
    touched = said(path="/beta/Users/A@acme.example?$select=id").resource
    assert touched == Resource("graph/users/a@acme.example", "users")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"requestMethod": "get it"}, "requestMethod is no method: 'get it'"),
        ({"requestMethod": None}, "no requestMethod"),
        ({"timeGenerated": "soon"}, "timeGenerated is no time: 'soon'"),
        ({"requestId": ""}, "none of id, requestId and correlationId"),
    ],
)
def test_what_cannot_be_known_is_refused(fields, reason):
    """A request without id, time or method is refused with a reason."""
    with pytest.raises(RecordError, match=reason):
        SOURCE.translate({**asked(), **fields})
