"""What one record of CloudTrail says: who, with which credential, what came of it."""

import json

import pytest

from analysis.ingest.beginning import recognised
from analysis.ingest.cloudtrail.source import SOURCE
from analysis.ingest.ingest import ingest
from analysis.ingest.instants import instant
from analysis.ingest.observed import Party
from analysis.ingest.strict import RecordError
from sim.audit.ids import PrincipalKind
from sim.audit.rows import FOREVER, UNKNOWN, CredentialKind, Decision, Kind, Reason
from sim.audit.store import Store

ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/example-app"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/example-app/run-1"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
USER = f"arn:aws:iam::{ACCOUNT}:user/example-user"
BY_USER = {"type": "IAMUser", "arn": USER, "accountId": ACCOUNT, "accessKeyId": "AKIAEXAMPLE1"}
BY_SESSION = {
    "type": "AssumedRole",
    "arn": SESSION,
    "accessKeyId": "ASIAEXAMPLE1",
    "sessionContext": {
        "sessionIssuer": {"type": "Role", "arn": ROLE},
        "attributes": {"creationDate": "2026-03-02T10:00:00Z"},
    },
}
HOUR = 3_600_000_000


def record(call="s3:ListBuckets", identity=BY_USER, **fields):
    """A record of one call, and as many more fields as are given."""
    service, name = call.split(":")
    always = {"eventID": "example-1", "eventTime": "2026-03-02T10:05:00Z", "recipientAccountId": ACCOUNT}
    return {**always, "eventSource": f"{service}.amazonaws.com", "eventName": name, "userIdentity": identity, **fields}


def said(*args, **fields):
    """What such a record says."""
    [call] = SOURCE.translate(record(*args, **fields))
    return call


ASSUMED = {
    "requestParameters": {"roleArn": ROLE, "roleSessionName": "run-1"},
    "responseElements": {
        "credentials": {"accessKeyId": "ASIAEXAMPLE2", "expiration": "Mar 2, 2026, 11:05:00 AM"},
        "assumedRoleUser": {"arn": SESSION},
    },
}


def test_assuming_a_role_issues_a_session():
    """A caller that assumes a role presents its own key and gets another, for the session it becomes, until its end."""
    event = said("sts:AssumeRole", **ASSUMED)
    assert (event.kind, event.decision) == (Kind.ASSUME, Decision.ALLOW)
    assert (event.credential.name, event.issued.name) == ("AKIAEXAMPLE1", "ASIAEXAMPLE2")
    assert event.issued.kind is CredentialKind.SESSION_TOKEN
    assert event.issued.until == instant("2026-03-02T11:05:00Z")
    assert event.target == Party(SESSION, PrincipalKind.AGENT_INSTANCE, ROLE)


def test_failing_to_assume_a_role_issues_nothing():
    """A call with an error code is a use that was refused, even where its response names a key."""
    event = said("sts:AssumeRole", errorCode="AccessDenied", **ASSUMED)
    assert (event.kind, event.issued, event.target) == (Kind.USE, None, None)
    assert (event.decision, event.reason) == (Decision.DENY, Reason.OUT_OF_SCOPE)


def test_unreadable_end_is_unknown():
    """A session whose stated end cannot be read has an unknown one, not a guessed one."""
    response = {"credentials": {"accessKeyId": "ASIAEXAMPLE2", "expiration": "tomorrow"}}
    assert said("sts:AssumeRole", responseElements=response).issued.until == UNKNOWN


def test_session_token_is_for_oneself():
    """GetSessionToken gives the caller another credential and makes nobody else of it."""
    response = {"credentials": {"accessKeyId": "ASIAEXAMPLE2", "expiration": "2026-03-02T11:05:00Z"}}
    event = said("sts:GetSessionToken", responseElements=response)
    assert (event.kind, event.target) == (Kind.ISSUE, event.principal)


def test_access_key_never_ends():
    """An access key that is made has no end of its own, and belongs to the user that is named."""
    response = {"accessKey": {"accessKeyId": "AKIAEXAMPLE2", "userName": "example-batch"}}
    event = said("iam:CreateAccessKey", responseElements=response)
    assert event.kind is Kind.ISSUE
    assert (event.issued.kind, event.issued.until) == (CredentialKind.STATIC_KEY, FOREVER)
    assert event.target.name == f"arn:aws:iam::{ACCOUNT}:user/example-batch"


@pytest.mark.parametrize(
    ("call", "status", "error", "kind"),
    [
        ("iam:DeleteAccessKey", None, None, Kind.REVOKE),
        ("iam:UpdateAccessKey", "Inactive", None, Kind.REVOKE),
        ("iam:UpdateAccessKey", "Active", None, Kind.ISSUE),
        ("iam:UpdateAccessKey", None, None, Kind.USE),
        ("iam:DeleteAccessKey", None, "NoSuchEntityException", Kind.USE),
    ],
)
def test_access_key_is_ended(call, status, error, kind):
    """Deleting a key, or switching it off, ends it; switching it on gives it again; a call that failed does nothing."""
    parameters = {"accessKeyId": "AKIAEXAMPLE2", "userName": "example-batch", "status": status}
    event = said(call, requestParameters=parameters, errorCode=error)
    assert event.kind is kind
    assert (event.issued is not None) == (kind is not Kind.USE)
    assert event.reason is {Kind.REVOKE: Reason.DELETED, Kind.ISSUE: Reason.RENEWAL, Kind.USE: None}[kind]


# What is proven of the key, and what is possible.
OFF, ON, AGAIN = "2026-03-02 11:00:00", "2026-03-02 15:00:00", "2026-03-02 16:00:00"
SWITCHED = {
    "made, off": (["made", "off"], (MADE := "2026-03-02 10:00:00", OFF, MADE, OFF)),
    "made, off, on": (["made", "off", "on"], (MADE, OFF, MADE, "infinity")),
    "made, off, on, used": (["made", "off", "on", "used"], (MADE, OFF, MADE, "infinity")),
    "off, on": (["off", "on"], (ON, ON, "-infinity", "infinity")),
    "on, used": (["on", "used"], (ON, AGAIN, "-infinity", "infinity")),
}
DID = {
    "made": record(
        "iam:CreateAccessKey",
        eventTime="2026-03-02T10:00:00Z",
        responseElements={"accessKey": {"accessKeyId": "AKIAEXAMPLE2"}},
    ),
    "off": record(
        "iam:UpdateAccessKey",
        eventTime="2026-03-02T11:00:00Z",
        requestParameters={"accessKeyId": "AKIAEXAMPLE2", "status": "Inactive"},
    ),
    "on": record(
        "iam:UpdateAccessKey",
        eventTime="2026-03-02T15:00:00Z",
        requestParameters={"accessKeyId": "AKIAEXAMPLE2", "status": "Active"},
    ),
    "used": record(identity={**BY_USER, "accessKeyId": "AKIAEXAMPLE2"}, eventTime="2026-03-02T16:00:00Z"),
}
ENDS = """
    SELECT c.from_hi::VARCHAR, c.to_lo::VARCHAR, c.from_lo::VARCHAR, c.to_hi::VARCHAR
    FROM log.credential c JOIN fact.natural_key n ON n.run = c.run AND n.entity = 'credential' AND n.id = c.id
    WHERE n.name = 'AKIAEXAMPLE2'
"""


@pytest.mark.parametrize("case", SWITCHED)
def test_a_key_that_is_switched_on_again_lives(case, tmp_path):
    """Until it was switched off it was there, and since then it may be; one that is switched on was there before."""
    told, times = SWITCHED[case]
    events = [{**DID[each], "eventID": each} for each in told]
    (tmp_path / "trail.json").write_text(json.dumps({"Records": events}), "utf-8")
    with Store.in_memory() as store:
        ingest([tmp_path], store)
        assert store.rows(ENDS) == [times]


@pytest.mark.parametrize(
    ("code", "decision", "reason"),
    [
        (None, Decision.ALLOW, None),
        ("NoSuchBucketPolicy", Decision.ALLOW, None),
        ("Client.InvalidParameterValue", Decision.ALLOW, None),
        ("AccessDenied", Decision.DENY, Reason.OUT_OF_SCOPE),
        ("AccessDeniedException", Decision.DENY, Reason.OUT_OF_SCOPE),
        ("Client.UnauthorizedOperation", Decision.DENY, Reason.OUT_OF_SCOPE),
        ("ExpiredToken", Decision.DENY, Reason.EXPIRED),
        ("InvalidClientTokenId", Decision.DENY, None),
        ("SignatureDoesNotMatch", Decision.DENY, None),
        ("ThrottlingException", Decision.DENY, Reason.THROTTLED),
        ("Client.RequestLimitExceeded", Decision.DENY, Reason.THROTTLED),
        ("Server.InternalError", None, None),
    ],
)
def test_error_codes_say_who_was_let_in(code, decision, reason):
    """A call is denied for who asked, or because there were too many, and allowed if it failed for what was asked.

    It is neither if nobody looked at it, or nobody knows what came of it.
    """
    event = said(errorCode=code)
    assert (event.decision, event.reason, event.error) == (decision, reason, code)


def test_failed_sign_in_is_denied():
    """A failed sign-in has a message but no code, and is denied all the same."""
    event = said("signin:ConsoleLogin", errorMessage="Failed authentication")
    assert (event.decision, event.error) == (Decision.DENY, "Failed authentication")


def test_session_lives_within_its_bounds():
    """A session is known from its use: issued at its creation date, and at most twelve hours old where of a role."""
    session = said(identity=BY_SESSION).credential
    created = instant("2026-03-02T10:00:00Z")
    assert (session.kind, session.since, session.until) == (CredentialKind.SESSION_TOKEN, created, created + 12 * HOUR)
    of_user = said(identity={**BY_SESSION, "type": "IAMUser", "arn": USER}).credential
    assert of_user.until == created + 36 * HOUR


def test_static_key_is_older_than_its_session():
    """A static key may come with the creation date of a console session, which says nothing of the key."""
    key = said(identity={**BY_SESSION, "type": "IAMUser", "accessKeyId": "AKIAEXAMPLE1"}).credential
    assert (key.kind, key.since, key.until) == (CredentialKind.STATIC_KEY, UNKNOWN, FOREVER)


@pytest.mark.parametrize(
    ("identity", "party"),
    [
        (BY_USER, Party(USER, PrincipalKind.SERVICE)),
        (BY_SESSION, Party(SESSION, PrincipalKind.AGENT_INSTANCE, ROLE)),
        ({**BY_SESSION, "invokedBy": "kms.amazonaws.com"}, Party(SESSION, PrincipalKind.AGENT_INSTANCE, ROLE)),
        ({"type": "AWSService", "invokedBy": "rds.amazonaws.com"}, Party("rds.amazonaws.com", PrincipalKind.SERVICE)),
        ({"accountId": ACCOUNT, "invokedBy": "ec2.amazonaws.com"}, Party("ec2.amazonaws.com", PrincipalKind.SERVICE)),
        ({"type": "AWSAccount", "principalId": "AIDA1"}, Party("AIDA1", PrincipalKind.SHARED_ACCOUNT)),
        ({"type": "Root", "arn": ROOT}, Party(ROOT, PrincipalKind.SHARED_ACCOUNT)),
        ({"type": "IAMUser", "accountId": ACCOUNT, "userName": "HIDDEN_DUE_TO_SECURITY_REASONS"}, None),
        ({}, None),
        (None, None),
    ],
)  # fmt: skip
def test_who_acts(identity, party):
    """Who acts is an ARN, else the service, else the principal id; where nothing names anybody, nobody is made up."""
    assert said(identity=identity).principal == party


@pytest.mark.parametrize(
    ("call", "reads", "level", "tier"),
    [
        ("s3:GetObject", True, "read", 2),
        ("s3:ListBuckets", "true", "list", 2),
        ("s3:PutObject", False, "write", 2),
        ("s3:PutBucketPolicy", False, "permissions", 2),
        ("s3:GetBucketPolicy", True, "read", 2),
        ("s3:PutBucketTagging", "false", "tagging", 2),
        ("iam:AttachUserPolicy", False, "permissions", 3),
        ("iam:ListAttachedUserPolicies", True, "list", 3),
        ("sts:AssumeRole", True, "read", 3),
        ("sts:AssumeRoleWithWebIdentity", None, "read", 3),
        ("sts:GetSessionToken", False, "read", 3),
        ("signin:ConsoleLogin", False, "read", 3),
        ("signin:PasswordUpdated", False, "write", 3),
        ("sts:GetCallerIdentity", True, "read", 3),
        ("health:DescribeEvents", None, "read", 1),
        ("kms:Decrypt", True, "read", 3),
        ("kms:CreateGrant", False, "permissions", 3),
        ("lambda:Invoke", False, "write", 2),
        ("lambda:ListFunctions20150331", True, "list", 2),
        ("lambda:AddPermission20150331v2", False, "permissions", 2),
        ("monitoring:ListMetrics", True, "list", 1),
        ("s3:HeadObject", True, "read", 2),
        ("iam:DeleteAccessKey", False, "permissions", 3),
        ("health:ListSomething", None, "list", 1),
        ("health:EnableSomething", None, "write", 1),
    ],
)
def test_level_and_tier_are_declared(call, reads, level, tier):
    """The level is what is declared, else the reference's, else the record's; the tier is that of the service."""
    atom = said(call, readOnly=reads).atom
    assert (atom.group, atom.level) == (call.split(":")[0], level)
    assert SOURCE.weight(atom).tier == tier


def test_decrypted_parameter_is_a_secret():
    """A parameter read with decryption is in a group of its own, of the highest tier, and so is what was read."""
    plain = said("ssm:GetParameter", readOnly=True, requestParameters={"name": "/example"})
    secret = said("ssm:GetParameter", readOnly=True, requestParameters={"name": "/example", "withDecryption": True})
    assert (plain.atom.group, secret.atom.group, secret.resource.group) == ("ssm", "ssm-secrets", "ssm-secrets")
    assert (SOURCE.weight(plain.atom).tier, SOURCE.weight(secret.atom).tier) == (2, 3)


def test_resource_is_listed_or_named():
    """What was touched is the first resource listed, else what the parameters name, with the service it lies in."""
    listed = said("sts:AssumeRole", resources=[{"accountId": ACCOUNT}, {"ARN": ROLE}]).resource
    named = said(requestParameters={"bucketName": "example-bucket"}).resource
    assert (listed.name, listed.group) == (ROLE, "iam")
    assert (named.name, named.group) == ("s3:bucketName/example-bucket", "s3")
    assert said(requestParameters={"bucketName": ["odd"]}).resource is None


def test_arguments_are_hashed_by_content():
    """The hash of the arguments does not depend on the order of their keys, and there is none without arguments."""
    first, second, none = (said(requestParameters=each) for each in ({"a": 1, "b": 2}, {"b": 2, "a": 1}, None))
    assert first.args == second.args
    assert 0 <= first.args < 2**63
    assert none.args == UNKNOWN


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"eventID": None}, "no eventID"),
        ({"eventTime": ""}, "no eventTime"),
        ({"eventName": None}, "no eventName"),
        ({"eventSource": None}, "no eventSource"),
        ({"eventTime": "noon"}, "eventTime is no time: 'noon'"),
        ({"userIdentity": "{}"}, "userIdentity is text where an object belongs"),
        ({"requestParameters": [1]}, "requestParameters is a list where an object belongs"),
        ({"resources": {}}, "resources is an object where a list belongs"),
    ],
)
def test_what_cannot_be_understood_is_refused(fields, reason):
    """A record without what every record has, or with something else in its place, is refused for just that."""
    with pytest.raises(RecordError) as refused:
        SOURCE.translate({**record(), **fields})
    assert str(refused.value) == reason


@pytest.mark.parametrize(
    ("sample", "known"),
    [
        (b'{"Records":[{"eventVersion":"1.11","userIdentity":{}', True),
        (b'{"Records": []}', True),
        (b'{"eventTime": "x"}', False),
        (b"# CloudTrail\n\nexports", False),
        (b'{"Events":[{"CloudTrailEvent":"{\\"eventVersion\\":\\"1.0\\",\\"eventName\\":\\"x\\"}"}]}', True),
        (b"", False),
    ],
)
def test_exports_are_told_by_their_keys(sample, known):
    """A file is an export if two of a record's own keys occur in its beginning, or if it is a delivery of nothing."""
    assert bool(recognised(sample, {"it": SOURCE})) is known
