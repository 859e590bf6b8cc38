"""What AWS lists of identities: entities, reports, attempts, and what of them is held, for certain and at most."""

import base64
import json
import time
from typing import get_args
from urllib.parse import quote

import pytest

from analysis.ingest.aws_iam.documents import UnreadableError, says
from analysis.ingest.aws_iam.reference import reference
from analysis.ingest.aws_iam.source import SOURCE
from analysis.ingest.beginning import recognised
from analysis.ingest.cloudtrail.calls import action_atoms, atom
from analysis.ingest.cloudtrail.reference import event_source
from analysis.ingest.ingest import ingest
from analysis.ingest.instants import instant
from analysis.ingest.listed import Listed
from analysis.ingest.observed import Atom, Level
from analysis.ingest.reading import Found, Page
from analysis.ingest.strict import RecordError
from sim.audit.ids import PrincipalKind
from sim.audit.rows import CredentialKind, Decision, Resolution
from sim.audit.store import Store

ACCOUNT = "111122223333"
IAM = f"arn:aws:iam::{ACCOUNT}:"
MADE = "2026-01-05 08:00:00+00:00"
ROLE = f"{IAM}role/example"
READ = Atom("s3", "read")


def allow(action, resource="*", **more):
    """A statement that allows."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action, resource="*", **more):
    """A statement that denies."""
    return {**allow(action, resource, **more), "Effect": "Deny"}


def policy(*statements):
    """A document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def managed(name, *statements, **fields):
    """A policy by itself, with one version."""
    version = {"Document": policy(*statements), "VersionId": "v1", "IsDefaultVersion": True, "CreateDate": MADE}
    about = {"PolicyId": "ANPAEXAMPLE", "Arn": f"{IAM}policy/{name}", "DefaultVersionId": "v1", "CreateDate": MADE}
    return {**about, "PolicyVersionList": [version], **fields}


def user(name="example", **fields):
    """A user with nothing."""
    return {"UserId": "AIDAEXAMPLE", "Arn": f"{IAM}user/{name}", "CreateDate": MADE, **fields}


def role(trust, name="example", **fields):
    """A role that trusts."""
    document = policy({"Effect": "Allow", "Action": "sts:AssumeRole", **trust})
    return {
        "RoleId": "AROAEXAMPLE",
        "Arn": f"{IAM}role/{name}",
        "CreateDate": MADE,
        "AssumeRolePolicyDocument": document,
        **fields,
    }


def attached(*names):
    """Attached policies by name."""
    return {"AttachedManagedPolicies": [{"PolicyName": each, "PolicyArn": f"{IAM}policy/{each}"} for each in names]}


def inline(kind, *statements):
    """One policy that lies in an entity."""
    return {f"{kind}PolicyList": [{"PolicyName": "own", "PolicyDocument": policy(*statements)}]}


def listed(*records):
    """What records list."""
    return [each for record in records for each in SOURCE.listed(record)]


def held(*records, of="user/example"):
    """What somebody holds by these records: atoms, and whether for certain."""
    holdings, _ = SOURCE.authority(listed(*records))
    return next(dict(each.atoms) for each in holdings if each.name == f"{IAM}{of}")


def reached(*records):
    """Who may become whom, by the ends of their names, and whether for certain."""
    _, found = SOURCE.authority(listed(*records))
    return {(each.name.rpartition(":")[2], each.other.rpartition(":")[2]): each.certain for each in found}


def test_a_user_holds_what_its_own_policies_and_those_of_its_groups_say():
    """Inline, attached, and by a group, which is found whatever its path: all add up."""
    group = {
        "GroupId": "AGPAEXAMPLE", "Arn": f"{IAM}group/on/a/path/readers", "CreateDate": MADE,
        **inline("Group", allow("kms:Decrypt")),
    }  # fmt: skip
    somebody = user(GroupList=["readers"], **inline("User", allow("s3:GetObject")), **attached("queues"))
    assert held(somebody, group, managed("queues", allow("sqs:SendMessage"))) == {
        READ: True, Atom("kms", "read"): True, Atom("sqs", "write"): True,
    }  # fmt: skip


def test_only_the_version_in_force_counts():
    """An earlier version that allowed everything allows nothing any more."""
    versions = [
        {"VersionId": "v1", "IsDefaultVersion": False, "Document": policy(allow("*"))},
        {"VersionId": "v2", "IsDefaultVersion": True, "Document": policy(allow("s3:GetObject"))},
    ]
    record = managed("two", DefaultVersionId="v2", PolicyVersionList=versions)
    assert held(user(**attached("two")), record) == {READ: True}
    with pytest.raises(RecordError, match="0 of 0 versions"):
        listed(managed("none", PolicyVersionList=[]))


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        # A condition leaves open whether it is held.
        ([allow("s3:GetObject", Condition={"Bool": {"aws:SecureTransport": "true"}})], {READ: False}),
        ([allow("s3:GetObject"), deny("s3:*", Condition={"Bool": {"aws:SecureTransport": "false"}})], {READ: False}),
        # A deny of things with names leaves others; one of all leaves none.
        ([allow("s3:GetObject"), deny("s3:*", "arn:aws:s3:::secret/*")], {READ: True}),
        ([allow("s3:GetObject"), deny("s3:*")], {}),
        # One of all that the account has may leave none: what lies in others is theirs to give.
        ([allow("s3:GetObject"), allow("sqs:SendMessage"), deny("sqs:*", f"arn:aws:sqs:*:{ACCOUNT}:*")],
         {READ: True, Atom("sqs", "write"): False}),
        # Actions on buckets are nothing for objects.
        ([allow("s3:GetObject", "arn:aws:s3:::bucket")], {}),
        ([allow("s3:GetObject", "arn:aws:s3:::bucket/*")], {READ: True}),
        # Whoever is named by a variable may be nobody.
        ([allow("s3:GetObject", "arn:aws:s3:::${aws:username}/*")], {READ: False}),
        # All but reading, of one service; what a backup is of may be anything.
        ([{"Effect": "Allow", "NotAction": ["s3:*", "iam:*", "backup:*"], "Resource": "arn:aws:sqs:*:*:one"},
          deny(["sqs:Set*", "sqs:Create*", "sqs:Add*", "sqs:Remove*", "sqs:*Tag*"])],
         {Atom("sqs", "read"): True, Atom("sqs", "write"): True}),
        # A secret parameter may need a key besides.
        ([allow("ssm:GetParameter")], {Atom("ssm", "read"): True, Atom("ssm-secrets", "read"): False}),
        # What CloudTrail calls monitoring, policies call cloudwatch.
        ([allow("cloudwatch:PutMetricData")], {Atom("monitoring", "write"): True}),
        # CloudTrail's levels come before the reference, where to become somebody is a write.
        ([allow("sts:AssumeRole")], {Atom("sts", "read"): True}),
        ([allow("iam:PassRole", f"{IAM}role/*")], {Atom("iam", "permissions"): True}),
        # An action that nobody knows is what its name says, at most; of a pattern nothing is known.
        ([allow("examplecloud:GetThing")], {Atom("examplecloud", "read"): False}),
        ([allow("examplecloud:*")], {Atom("examplecloud", level): False for level in get_args(Level)}),
        ([allow("examplecloud:GetThing"), deny("*")], {}),
        ([allow("no action")], {}),
    ],
)  # fmt: skip
def test_statements_become_atoms(statements, expected):
    """By hand: which atoms a policy gives, and whether for certain."""
    assert held(user(**inline("User", *statements))) == expected


def test_a_boundary_allows_nothing_and_limits_all():
    """Held is what both allow; of a boundary that is not there nothing is certain."""
    within = {"PermissionsBoundary": {"PermissionsBoundaryArn": f"{IAM}policy/edge"}}
    somebody = user(**inline("User", allow(["s3:GetObject", "kms:Decrypt"])), **within)
    assert held(somebody, managed("edge", allow(["s3:*", "sqs:*"]))) == {READ: True}
    assert held(somebody, managed("edge", allow("s3:*", "arn:aws:s3:::one/*"))) == {READ: True}
    assert held(somebody) == {READ: False, Atom("kms", "read"): False}


def test_a_policy_that_is_not_there_or_cannot_be_read_may_say_anything():
    """Nothing is certain then, and nothing impossible, also of what other policies say."""
    for somebody in (
        user(**attached("elsewhere"), **inline("User", allow("s3:GetObject"))),
        user(UserPolicyList=[{"PolicyName": "own", "PolicyDocument": "{"}]),
        user(GroupList=["elsewhere"]),
    ):
        atoms = held(somebody)
        assert len(atoms) > 1000
        assert not any(atoms.values())


def test_snapshots_of_two_times_bound_each_other():
    """What one time says and the other does not is held at most."""
    now, then = (
        user(**inline("User", *statements))
        for statements in ([allow("s3:GetObject")], [allow(["s3:GetObject", "kms:Decrypt"])])
    )
    # The policy of the same name says both, and so may the user.
    assert held(now, then) == {READ: True, Atom("kms", "read"): False}


@pytest.mark.parametrize(
    ("trust", "expected"),
    [
        ({"Principal": {"AWS": f"{IAM}user/example"}}, True),
        ({"Principal": {"AWS": [f"{IAM}user/example"]}, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}, False),
        # The account leaves it to its own identities' policies.
        ({"Principal": {"AWS": ACCOUNT}}, False),
        ({"Principal": {"AWS": f"{IAM}root"}}, False),
        ({"Principal": "*"}, False),
        # Somebody who is no more.
        ({"Principal": {"AWS": "AIDAEXAMPLE"}}, None),
        ({"Principal": {"AWS": f"{IAM}user/example"}, "Action": "sts:TagSession"}, None),
    ],
)  # fmt: skip
def test_a_trust_policy_says_who_may_become_a_role(trust, expected):
    """Named for certain, named on a condition, named with the account, or not."""
    somebody = user(**inline("User", allow("sts:AssumeRole", f"{IAM}role/*")))
    assert reached(somebody, role(trust)).get(("user/example", "role/example")) is expected


def test_whom_an_account_s_own_policies_let_become_any_role_certainly_may():
    """With `sts:AssumeRole` on everything, and not where a deny or a boundary stands in between."""
    open_ = role({"Principal": {"AWS": ACCOUNT}})
    assert reached(user(**inline("User", allow("sts:*"))), open_) == {("user/example", "role/example"): True}
    some = user(**inline("User", allow("sts:*"), deny("sts:*", f"{IAM}role/other")))
    assert reached(some, open_) == {("user/example", "role/example"): False}
    assert reached(user(**inline("User", allow("s3:*"))), open_) == {}
    named = role({"Principal": {"AWS": f"{IAM}user/example"}})
    assert reached(some, named) == {("user/example", "role/example"): False}
    stranger = "arn:aws:iam::444455556666:user/stranger"
    assert reached(user(), role({"Principal": {"AWS": stranger}})) == {("user/stranger", "role/example"): False}
    assert reached(user(), role({"Principal": {"AWS": f"{IAM}user/elsewhere"}})) == {
        ("user/elsewhere", "role/example"): False
    }
    assert reached(user(), role({"Principal": {"Service": "ec2.amazonaws.com"}})) == {
        ("ec2.amazonaws.com", "role/example"): True
    }


def test_when_a_role_was_last_used_proves_no_use():
    """The time is told, and not whether the call was let through."""
    [used] = SOURCE.translate(
        role({"Principal": "*"}, RoleLastUsed={"LastUsedDate": "2026-03-02T10:00:00+00:00", "Region": "eu-west-1"})
    )
    assert (used.time, used.principal.kind, used.decision) == (
        instant("2026-03-02T10:00:00Z"),
        PrincipalKind.ROLE,
        None,
    )
    assert SOURCE.translate(role({"Principal": "*"}, RoleLastUsed={})) == ()


HEADER = (
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,access_key_1_active,"
    "access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated"
)


def report(*cells, user="example"):
    """The rows of a credential report of one user."""
    name = "root" if user == "<root_account>" else f"user/{user}"
    text = f"{HEADER}\n{user},{IAM}{name},{MADE},{','.join(cells)}\n"
    assert recognised(text.encode(), {"it": SOURCE})
    [row] = SOURCE.records(text.encode())
    return row.record


def test_what_two_snapshots_mention_happened_once(tmp_path):
    """A job that is asked again, and a report of another day, tell again of a last use: that is one event."""
    used = {"LastAuthenticated": MADE, "LastAuthenticatedEntity": ROLE}
    services = [{"ServiceNamespace": name, **used} for name in ("s3", "ec2")]
    job = {"JobStatus": "COMPLETED", "JobCreationDate": MADE, "ServicesLastAccessed": services}
    row = f"one,{IAM}user/one,{MADE},true,2026-02-03T08:00:00+00:00"
    for day in (1, 2):
        (tmp_path / f"job-{day}.json").write_text(json.dumps({**job, "JobCompletionDate": f"2026-03-0{day}T08:00:00Z"}))
        (tmp_path / f"report-{day}.csv").write_text(f"{HEADER}\n{row},2026-02-0{day}T08:00:00Z{',N/A' * 6}\n")
    with Store.in_memory() as store:
        [summary] = ingest([tmp_path], store)
    assert (summary.events, summary.collisions, summary.repeated) == (3, 0, 2)


def test_a_broken_row_of_a_report_takes_no_other_with_it():
    """Behind a quote without its partner the next line is a user all the same."""
    lines = [HEADER, *(f"{name},{IAM}user/any,{MADE}{',N/A' * 9}" for name in ("one", '"two', "three"))]
    found = list(SOURCE.records("\n".join(lines).encode()))
    assert [each.record["user"] if isinstance(each, Found) else each.position for each in found] == ["one", 1, "three"]


def test_a_report_lists_what_works():
    """A password and a key that are switched on, since when they were changed; what is switched off is not listed."""
    row = report(
        "true",
        "no_information",
        "2026-02-01T08:00:00+00:00",
        "TRUE",
        "2026-01-06T08:00:00+00:00",
        "N/A",
        "N/A",
        "false",
        "2025-01-01T00:00:00+00:00",
    )
    found = {(each.what, each.name.removeprefix(IAM)): each for each in listed(row)}
    assert found.keys() == {
        ("taken", "user/example"),
        ("credential", "user/example password"),
        ("credential", "user/example access key 1"),
    }
    key = found["credential", "user/example access key 1"]
    assert (key.credential, key.holder, key.since) == (
        CredentialKind.STATIC_KEY,
        f"{IAM}user/example",
        instant("2026-01-06T08:00:00Z"),
    )
    assert found["taken", "user/example"].latest == instant("2026-02-01T08:00:00Z")
    assert SOURCE.translate(row) == ()


def test_last_uses_of_a_report():
    """A sign-in was let in; a key was shown, and whether that was enough is not told; one that is off is none now."""
    row = report(
        "true",
        "2026-02-03T08:00:00+00:00",
        "2026-02-01T08:00:00+00:00",
        "false",
        "2026-01-06T08:00:00+00:00",
        "2026-02-02T08:00:00+00:00",
        "s3",
        "false",
        "N/A",
    )
    signed_in, by_key = SOURCE.translate(row)
    assert (signed_in.decision, signed_in.credential.name, signed_in.credential.resolved) == (
        Decision.ALLOW,
        f"{IAM}user/example password",
        Resolution.LOOKED_UP,
    )
    assert (by_key.decision, by_key.credential, by_key.operation) == (None, None, "s3")


def test_the_root_of_an_account_holds_everything():
    """No policy of an identity bears on it; its password is `not_supported`, which is no time and no refusal."""
    row = report(
        "not_supported",
        "N/A",
        "not_supported",
        "true",
        "2026-01-06T08:00:00+00:00",
        "N/A",
        "N/A",
        "false",
        "N/A",
        user="<root_account>",
    )
    atoms = held(row, of="root")
    assert len(atoms) > 1000
    assert [atom for atom, certain in atoms.items() if not certain] == [Atom("ssm-secrets", "read")]
    with pytest.raises(RecordError, match="access_key_1_last_rotated is no time"):
        listed(report("false", "N/A", "N/A", "true", "yesterday", "N/A", "N/A", "false", "N/A"))


def test_a_report_as_the_interface_wraps_it_says_when_it_was_made():
    """Base64 within JSON, with the time, which is then the latest that is mentioned."""
    text = f"{HEADER}\nexample,{IAM}user/example,{MADE},false,N/A,N/A,false,N/A,N/A,N/A,false,N/A\n"
    wrapped = {
        "Content": base64.b64encode(text.encode()).decode(),
        "ReportFormat": "text/csv",
        "GeneratedTime": "2026-03-02T10:00:00+00:00",
    }
    data = json.dumps(wrapped).encode()
    assert recognised(data, {"it": SOURCE})
    [row] = SOURCE.records(data)
    assert [each.latest for each in listed(row.record)] == [instant("2026-03-02T10:00:00Z")]
    [refused] = SOURCE.records(json.dumps({**wrapped, "Content": "%"}).encode())
    assert "Base64" in refused.reason


def test_attempts_are_told_to_the_action_where_there_are_any():
    """Each is an attempt, of an atom where the action is told; a job that is not done is refused."""
    entity = {"LastAccessedEntity": ROLE, "LastAccessedTime": "2026-03-02T10:00:00+00:00"}
    job = {
        "JobStatus": "COMPLETED", "JobCompletionDate": "2026-03-02T11:00:00+00:00", "ServicesLastAccessed": [
            {"ServiceNamespace": "s3", "LastAuthenticated": "2026-03-02T10:00:00Z", "LastAuthenticatedEntity": ROLE,
             "TrackedActionsLastAccessed": [{"ActionName": "GetObject", **entity}, {"ActionName": "PutObject"}]},
            {"ServiceNamespace": "sqs", "LastAuthenticated": "2026-03-02T09:00:00Z", "LastAuthenticatedEntity": ROLE},
            {"ServiceNamespace": "kms"},
        ],
    }  # fmt: skip
    assert recognised(json.dumps(job).encode(), {"it": SOURCE})
    assert [(each.operation, each.atom, each.decision) for each in SOURCE.translate(job)] == [
        ("s3:GetObject", READ, None),
        ("sqs", None, None),
    ]
    assert listed(job) == [Listed(what="taken", name="", latest=instant("2026-03-02T11:00:00Z"))]
    with pytest.raises(RecordError, match="IN_PROGRESS"):
        SOURCE.translate({**job, "JobStatus": "IN_PROGRESS"})


@pytest.mark.parametrize(
    "document",
    [
        None, [], "x", "%7B", {"Statement": None}, {"Statement": ["x"]}, {"Statement": {"Effect": "Maybe"}},
        policy(allow(7)), policy(allow({"x": 1})), policy({"Effect": "Allow", "Resource": "*"}),
        policy({"Effect": "Allow", "Action": "*"}), policy({**allow("*"), "NotAction": "*"}),
        policy(allow(["*"] * 10, ["arn:aws:s3:::" + "x" * 300_000])),
        policy(allow([f"*:*a{n}*" for n in range(100)])), json.dumps(policy(allow("*")))[:-1], "[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_policy_is_unreadable(document):
    """Wrong types, neither or both of two elements, cut off, nested without end, or larger than any policy."""
    with pytest.raises(UnreadableError):
        says(document)


def test_one_policy_in_each_of_its_forms_is_the_same():
    """An object or a list of one, text or a list of it, JSON as text, and URL-encoded as the interface sends it."""
    plain = policy(allow("s3:GetObject", "arn:aws:s3:::one/*"))
    forms = [
        {"Statement": allow(["s3:GetObject"], ["arn:aws:s3:::one/*"])},
        json.dumps(plain), quote(json.dumps(plain), safe=""), quote(json.dumps(plain, indent=2)),
        policy(allow("S3:getobject", "arn:aws:s3:::one/*", Condition={})),
    ]  # fmt: skip
    assert all(says(each) == says(plain) for each in forms)


def test_thousands_of_wildcards_take_little_time():
    """As many patterns as a policy could hold, of names and of resources, and stars that invite to try every way."""
    actions = [f"s3:*{'?*' * (n % 7)}{n}*" for n in range(3000)]
    resources = [f"arn:aws:s3:::{'*a' * (n % 9)}{n}*" for n in range(1500)]
    started = time.process_time()
    says(policy(allow(actions, resources), deny(["*a*" * 20, "s3:" + "*a" * 400 + "b"], "*" + "?*" * 300)))
    assert time.process_time() - started < 20


def test_pages_follow_each_other_in_one_file():
    """Documents in a row are pages; of one that is cut off its first list is read as far as it goes."""
    page = {"UserDetailList": [user(), "x"], "RoleDetailList": [role({"Principal": "*"})], "Policies": {}}
    text = json.dumps(page) + "\n" + json.dumps({"GroupDetailList": [], "UserDetailList": [user("other")]})
    assert recognised(text.encode(), {"it": SOURCE})
    *found, pages = SOURCE.records(text.encode())
    assert pages == Page(more=False)
    assert [each.position for each in found] == [0, 1, 2, 3, 4]
    assert [each.record["Arn"].rpartition(":")[2] for each in found if isinstance(each, Found)] == [
        "user/example",
        "role/example",
        "user/other",
    ]
    cut = json.dumps({"UserDetailList": [user(), user("other"), user("third")]})[:-40]
    assert len([each for each in SOURCE.records(cut.encode()) if isinstance(each, Found)]) == 2


def test_an_entry_that_lacks_what_each_has_is_refused():
    """Without an ARN, of no list, or with a time that is none."""
    for record in (
        {},
        {"UserId": "x"},
        user(CreateDate="yesterday"),
        user(CreateDate=None),
        user(GroupList="x"),
        user(AttachedManagedPolicies=[{}]),
    ):
        with pytest.raises(RecordError):
            listed(record)
    assert listed(user())[0].since == instant("2026-01-05T08:00:00Z")


def test_a_call_that_an_action_allows_is_the_same_atom():
    """Of every action there is: what is held and what a trail shows to be used are one word, read by the same list."""
    for name in reference().names:
        service, action = name.split(":")
        used = atom({}, event_source(service), action)
        assert used in action_atoms(event_source(service), service, action), name
