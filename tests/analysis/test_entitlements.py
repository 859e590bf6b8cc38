"""A snapshot beside a log is one run with it: what was held, for as long as that is proven, beside what was used."""

import json
from pathlib import Path

import numpy as np
import pytest

from analysis.ingest.ingest import ingest
from analysis.ingest.pseudonyms import Pseudonyms
from analysis.ingest.source import sources
from analysis.measures.examination import examine
from analysis.measures.measure import find, measures
from sim.audit.store import Store
from sim.audit.verify import verify

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
IAM = "arn:aws:iam::111122223333:"
USER = f"{IAM}user/example"
KEY = {"type": "IAMUser", "arn": USER, "accessKeyId": "AKIAEXAMPLE1"}
ALLOWED = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["s3:*", "kms:Decrypt"], "Resource": "*"}],
}
HELD = """
    SELECT k.resource_group || ' ' || k.level AS atom, min(a.valid_from)::VARCHAR, max(a.valid_to)::VARCHAR
    FROM log.assignment a
    JOIN log.principal p ON p.run = a.run AND p.id = a.principal
    JOIN log.scope_set_atom s ON s.run = a.run AND s.scope_set = a.scope_set AND NOT s.conditional
    JOIN log.catalogue k ON k.run = a.run AND k.atom = s.atom
    WHERE p.name = $name GROUP BY ALL ORDER BY atom
"""
KEYS = """
    SELECT n.name, c.kind::VARCHAR, c.from_hi::VARCHAR, c.to_lo::VARCHAR FROM log.credential c
    JOIN fact.natural_key n ON n.run = c.run AND n.entity = 'credential' AND n.id = c.id ORDER BY n.name
"""
# Who holds how much for how long, whatever all are called.
BOUNDS = """
    SELECT a.valid_from, a.valid_to, s.atoms, a.role IS NOT NULL, count(*)
    FROM fact.assignment a JOIN fact.scope_set s ON s.id = a.scope_set GROUP BY ALL
    UNION ALL
    SELECT from_hi, to_lo, 0, holder IS NULL, count(*) FROM log.credential GROUP BY ALL
    UNION ALL
    SELECT valid_from, valid_to, s.atoms, true, count(*)
    FROM fact.trust t JOIN fact.scope_set s ON s.id = t.scope_set GROUP BY ALL
    ORDER BY ALL
"""
WINDOW = "SELECT t0::VARCHAR, t1::VARCHAR FROM log.run"


def call(number, at, service="s3", name="GetObject", identity=KEY, **fields):
    """A record of CloudTrail, a minute of noon."""
    when = {"eventID": f"example-{number}", "eventTime": f"2026-03-02T12:{at:02}:00Z"}
    return {**when, "eventSource": f"{service}.amazonaws.com", "eventName": name, "userIdentity": identity, **fields}


def details(mentions, name="example", made="2026-01-05T08:00:00Z", statements=ALLOWED):
    """A snapshot that mentions an instant, the last use of a role, and holds one user."""
    user = {
        "UserId": "AIDAEXAMPLE", "Arn": f"{IAM}user/{name}", "CreateDate": made,
        "UserPolicyList": [{"PolicyName": "own", "PolicyDocument": statements}],
    }  # fmt: skip
    trust = {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": USER}},
    }
    role = {
        "RoleId": "AROAEXAMPLE", "Arn": f"{IAM}role/example", "CreateDate": made, "AssumeRolePolicyDocument": trust,
        "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": statements}],
        "RoleLastUsed": {"LastUsedDate": mentions},
    }  # fmt: skip
    return {"UserDetailList": [user], "RoleDetailList": [role]}


def report(*cells):
    """A credential report of the user, of up to two keys: since when, and when last used."""
    header = (
        "user,arn,user_creation_time,password_enabled,password_last_changed,"
        "access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,"
        "access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date"
    )
    return f"{header}\nexample,{USER},2026-01-05T08:00:00Z,{','.join(cells)}\n"


@pytest.fixture
def together(tmp_path):
    """What becomes of a trail and a snapshot in one folder."""
    opened = []

    def read(calls=(), snapshot=None, *keys):
        folder = tmp_path / str(len(opened))
        folder.mkdir()
        (folder / "trail.json").write_text(json.dumps({"Records": list(calls)}), "utf-8")
        if snapshot:
            (folder / "details.json").write_text(json.dumps(snapshot), "utf-8")
        for number, each in enumerate(keys):
            (folder / f"keys-{number}.csv").write_text(each, "utf-8")
        opened.append(Store.in_memory())
        return *ingest([folder], opened[-1]), opened[-1]

    yield read
    for store in opened:
        store.close()


CALLS = (call(1, 0), call(2, 30, "kms", "Decrypt"), call(9, 1, "iam", "ListRoles"))


def held(store, name=USER):
    """Atoms that somebody holds for certain, with from when until when."""
    return {atom: (starts, ends) for atom, starts, ends in store.rows(HELD, {"name": name})}


def broken(store):
    """The rules of a store that something breaks."""
    return [finding.rule for finding in verify(store) if finding.broken]


def test_a_log_without_changes_proves_all_of_its_window(together):
    """Nothing that may change what is held was called: it was held from the first event to the last."""
    done, store = together(CALLS, details("2026-03-02T12:10:00Z"))
    assert done.source == "cloudtrail + aws_iam"
    titles = store.rows("SELECT title FROM fact.workload")
    assert titles == [("AWS CloudTrail and AWS IAM, as it was at one instant",)]
    assert set(held(store).values()) == {("2026-03-02 12:00:00", "2026-03-02 12:30:01")}
    assert held(store).keys() == {
        "kms read",
        *(f"s3 {level}" for level in ("list", "permissions", "read", "tagging", "write")),
    }
    assert any("proven from 2026-03-02 12:00:00 to the end" in note for note in done.notes)
    assert broken(store) == []


@pytest.mark.parametrize(
    ("name", "at", "fields", "expected"),
    [
        # Before the instant it bounds from when it is proven; after, the snapshot may have been taken later.
        ("AttachUserPolicy", 5, {}, ("2026-03-02 12:05:01", "2026-03-02 12:30:01")),
        ("AttachUserPolicy", 20, {}, ("2026-03-02 12:10:00", "2026-03-02 12:10:01")),
        # What failed changed nothing, nor does who makes keys, or looks.
        (
            "AttachUserPolicy",
            20,
            {"errorCode": "NoSuchEntityException"},
            ("2026-03-02 12:00:00", "2026-03-02 12:30:01"),
        ),
        ("CreateAccessKey", 20, {}, ("2026-03-02 12:00:00", "2026-03-02 12:30:01")),
        *(
            pytest.param(*each, ("2026-03-02 12:00:00", "2026-03-02 12:30:01"), marks=pytest.mark.soak)
            for each in (("AttachUserPolicy", 20, {"errorCode": "AccessDenied"}), ("ListRoles", 20, {}))
        ),
    ],
)
def test_a_change_bounds_what_is_proven(together, name, at, fields, expected):
    """A call to IAM that was let in and changes who holds what."""
    _, store = together((*CALLS, call(3, at, "iam", name, **fields)), details("2026-03-02T12:10:00Z"))
    assert set(held(store).values()) == {expected}


def test_a_trail_that_shows_no_call_to_iam_proves_no_more_than_the_instant(together):
    """Calls to IAM are told in one region: whether this trail would tell of a change nothing shows."""
    done, store = together(CALLS[:2], details("2026-03-02T12:10:00Z"))
    assert set(held(store).values()) == {("2026-03-02 12:10:00", "2026-03-02 12:10:01")}
    assert any("nothing shows that the log would tell of changes" in note for note in done.notes)


def test_a_trail_of_which_something_was_refused_proves_no_more_than_the_instant(together):
    """Who was given what may be told where nobody could read it; what is refused of the snapshot is no call."""
    done, store = together((*CALLS, {**call(3, 20), "eventTime": "noon"}), details("2026-03-02T12:10:00Z"))
    assert set(held(store).values()) == {("2026-03-02 12:10:00", "2026-03-02 12:10:01")}
    assert any("the log may lack calls that changed what is held" in note for note in done.notes)
    snapshot = details("2026-03-02T12:10:00Z")
    snapshot["UserDetailList"].append({**snapshot["UserDetailList"][0], "CreateDate": "2100-01-01T00:00:00Z"})
    done, store = together(CALLS, snapshot)
    assert done.rejected == 1
    assert set(held(store).values()) == {("2026-03-02 12:00:00", "2026-03-02 12:30:01")}


def test_a_trail_of_one_account_proves_nothing_of_another(together):
    """Of an account none of whose own are seen to call IAM, no change would be told either."""
    elsewhere = json.loads(json.dumps(details("2026-03-02T12:10:00Z")).replace("111122223333", "444455556666"))
    both = {name: [*here, *elsewhere[name]] for name, here in details("2026-03-02T12:10:00Z").items()}
    done, store = together(CALLS, both)
    assert set(held(store).values()) == {("2026-03-02 12:00:00", "2026-03-02 12:30:01")}
    other = held(store, USER.replace("111122223333", "444455556666"))
    assert set(other.values()) == {("2026-03-02 12:10:00", "2026-03-02 12:10:01")}
    assert len([note for note in done.notes if "of 1 of 2 accounts" in note]) == 2


def test_a_snapshot_of_another_time_proves_nothing_of_the_log_s(together):
    """It was taken after the last event, and nobody knows what was changed in between; then anything may be held."""
    done, store = together(CALLS, details("2026-03-03T00:00:00Z"))
    assert set(held(store).values()) == {("2026-03-03 00:00:00", "2026-03-03 00:00:01")}
    [(least, most)] = store.rows("""
        SELECT count(*) FILTER (NOT s.conditional), count(*) FROM log.run r
        JOIN log.assignment a ON a.run = r.run AND a.valid_from < r.t1 AND a.valid_to > r.t0
        JOIN log.principal p ON p.run = a.run AND p.id = a.principal AND p.kind = 'service'
        JOIN log.scope_set_atom s ON s.run = a.run AND s.scope_set = a.scope_set
    """)
    assert (least, most) == (0, store.rows("SELECT count(*) FROM log.catalogue")[0][0])
    assert any("as of 2026-03-03 00:00:00" in note and "ingest it until then" in note for note in done.notes)


def test_sessions_of_a_role_hold_what_it_holds(together):
    """Their credential is looked up at the role, where the trail shows that no policy was passed along."""
    session = "arn:aws:sts::111122223333:assumed-role/example/one"
    given = {
        "credentials": {"accessKeyId": "ASIAEXAMPLE1", "expiration": "2026-03-02T13:00:00Z"},
        "assumedRoleUser": {"arn": session},
    }  # fmt: skip
    asked = {"roleArn": f"{IAM}role/example", "roleSessionName": "one"}
    for more, expected in (({}, "looked_up"), ({"policyArns": [{"arn": "arn:aws:iam::aws:policy/Example"}]}, "both")):
        issue = call(3, 5, "sts", "AssumeRole", requestParameters=asked | more, responseElements=given)
        _, store = together((*CALLS, issue), details("2026-03-02T12:10:00Z"))
        assert set(held(store, session).values()) == {("2026-03-02 12:00:00", "2026-03-02 12:30:01")}
        assert store.rows("SELECT resolved::VARCHAR FROM log.credential WHERE kind = 'session_token'") == [(expected,)]


def test_keys_without_names_are_none_besides_those_that_the_log_names(together):
    """Which key of the report is which of the log nobody says; a password is none of them."""
    none = ("false", "N/A", "N/A")
    keys = report("true", "2026-02-01T08:00:00Z", "true", "2026-02-01T08:00:00Z", "2026-03-02T12:05:00Z", *none)
    _, store = together(CALLS, details("2026-03-02T12:10:00Z"), keys)
    assert store.rows(KEYS) == [
        ("AKIAEXAMPLE1", "static_key", "2026-03-02 12:00:00", "2026-03-02 12:30:00"),
        (f"{USER} password", "unknown", "2026-02-01 08:00:00", "2026-03-02 12:10:01"),
    ]
    _, alone = together((), details("2026-03-02T12:10:00Z"), keys)
    assert [name for name, *_ in alone.rows(KEYS)] == [f"{USER} access key 1", f"{USER} password"]
    assert alone.rows(WINDOW) == [("2026-03-02 12:10:00", "2026-03-02 12:10:01")]


@pytest.mark.parametrize(
    ("first", "second", "taken", "kept"),
    [
        # Used in the log's time, and long before it; the report is of the evening.
        ("2026-03-02T12:05:00Z", "2026-02-01T08:00:00Z", "2026-03-02T20:00:00Z", [2]),
        ("2026-03-02T12:05:00Z", "N/A", "2026-03-02T20:00:00Z", [2]),
        ("N/A", "N/A", "2026-03-02T20:00:00Z", [1, 2]),
        # Shortly before, or told too soon afterwards: it may be the one that the log names.
        ("2026-03-02T12:05:00Z", "2026-03-02T09:00:00Z", "2026-03-02T20:00:00Z", []),
        ("2026-03-02T12:05:00Z", "N/A", "2026-03-02T15:00:00Z", []),
    ],
)
def test_a_key_that_no_log_can_have_named_counts_besides(together, first, second, taken, kept):
    """A report tells of a key that it was not used; the log's own were, and so it is another one."""
    made = "2026-01-05T08:00:00Z"
    keys = report("true", taken, "true", made, first, "true", made, second)
    _, store = together(CALLS, details("2026-03-02T12:10:00Z"), keys)
    unnamed = [name for name, *_ in store.rows(KEYS) if "access key" in name]
    assert unnamed == [f"{USER} access key {number}" for number in kept]


@pytest.mark.parametrize(
    ("again", "bounds"),
    [
        # A password whose user was made later elsewhere, and one that was set before that.
        ("2026-01-10", ("2026-01-10", "2026-02-01")),
        ("2026-02-02", ("2026-02-01", "2026-02-01")),
    ],
)
def test_a_password_of_two_reports_began_within_what_both_say(together, again, bounds):
    """It is the same that was set at the same time; nobody had it before he was made, as either has it."""
    none = ("false", "N/A", "N/A") * 2
    one = report("true", "2026-02-01T08:00:00Z", *none)
    _, store = together(CALLS, details("2026-03-02T12:10:00Z"), one, one.replace("2026-01-05", again))
    [found] = store.rows("SELECT from_lo::VARCHAR, from_hi::VARCHAR FROM log.credential WHERE kind = 'unknown'")
    assert found == tuple(f"{day} 08:00:00" for day in bounds)
    assert broken(store) == []


def said(store, name):
    """What a measure says of the log, part by part."""
    with examine(store, "log") as examination:
        return examination.measure(find(name)).set_index(find(name).grain[-1])


def test_what_is_held_and_what_is_used_are_compared(together):
    """By hand, in weights of levels.toml: five levels of s3 and one of kms, and all of that but what may be used.

    Objects of S3 are read and written in data events, which a trail keeps by choice: all of it may have been needed.
    """
    done, store = together(CALLS, details("2026-03-02T12:10:00Z"))
    assert any("by choice" in note and note.endswith(": 1: s3") for note in done.notes)
    found = said(store, "privilege_hours")
    # s3 has tier 2, 3; its levels are 0.2, 0.4, 0.5, 0.8 and 1. kms has tier 3, 10, and is read, 0.4. The key is proven
    # to live until its last use, which is a second before the log ends.
    proven = 24 * 1800 / 1801
    assert found.lo["held"] == pytest.approx(proven * (3 * (0.2 + 0.4 + 0.5 + 0.8 + 1) + 10 * 0.4))
    # What was used was needed at most from then on: kms in the last second.
    assert found.lo["standing_task"] == pytest.approx(proven * 10 * 0.4)
    # How many keys there are besides, no trail tells.
    assert np.isnan(found.hi["held"])


@pytest.mark.parametrize(
    ("service", "name", "least"),
    # Of three permissions that management events show two were used; where data events may show the third, who knows?
    [("ec2", "RunInstances", pytest.approx(100 / 3)), ("s3", "PutObject", None), ("lambda", "InvokeFunction", None)],
)
def test_what_only_data_events_show_is_not_proven_to_be_unused(together, service, name, least):
    """A trail keeps no data event that nobody selected: whether a key was used for what needs one it does not show."""
    actions = ["kms:Decrypt", f"{service}:{name}"]
    statements = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}
    calls = (call(1, 0, "kms", "Decrypt"), call(2, 30, "kms", "Decrypt"), call(3, 1, "iam", "ListRoles"))
    _, store = together(calls, details("2026-03-02T12:10:00Z", statements=statements))
    found = said(store, "unused_permissions").lo["all"]
    assert (None if np.isnan(found) else found) == least


def test_a_session_that_no_management_event_used_may_have_been_used_in_data_events(together):
    """A trail shows each session that it issued: of one that is over and was not seen in use, none or all is unused."""
    ends = {"credentials": {"accessKeyId": "ASIAEXAMPLE1", "expiration": "2026-03-02T12:20:00Z"}}
    issued = call(1, 0, "sts", "GetSessionToken", responseElements=ends)
    found = said(together((issued, call(2, 30, "kms", "Decrypt")))[1], "issuance")
    assert found.loc["unused_percent", ["lo", "hi"]].tolist() == [0, 100]
    assert found.loc["issued", "lo"] == found.loc["issued", "hi"] > 0


def test_a_share_of_what_was_seen_is_not_proven_of_all_there_is(together):
    """Whoever touched all that a trail shows touched no certain part of what more of it would; a group is one."""
    first = call(1, 0, "kms", "Decrypt")
    found = said(together((first,))[1], "observed_footprint")
    assert found.loc[["groups_most", "value_most"], "lo"].tolist() == [1, 0]
    other = call(2, 1, "secretsmanager", "GetSecretValue", {**KEY, "arn": f"{IAM}user/other"})
    [_, store] = together((first, other))
    store.connection.execute("UPDATE fact.log_profile SET every_use = true")
    # By hand: both groups have tier 3 and are read, so each of two users touched half of what was seen.
    assert said(store, "observed_footprint").loc["value_most", ["lo", "hi"]].tolist() == [50, 50]


@pytest.mark.parametrize("some", [slice(0, None, 4), pytest.param(slice(None), marks=pytest.mark.soak)])
def test_no_measure_proves_more_than_is_possible(some):
    """Of both samples together: every interval is one, no rule of a store is broken; and so where names are hidden."""
    said = []
    for hidden in (None, Pseudonyms(bytes(range(32)))):
        with Store.in_memory() as store:
            [done] = ingest([SAMPLES / "aws_iam", SAMPLES / "cloudtrail"], store, pseudonyms=hidden)
            assert done.kept + done.merged + done.repeated + done.silent + done.rejected == done.records
            assert broken(store) == []
            said.append(store.rows(BOUNDS))
            with examine(store, "log") as examination:
                for measure in measures()[some] if hidden is None else ():
                    if "log" in measure.evidence:
                        # Refuses a result of which a lower bound is above the upper.
                        assert len(examination.measure(measure))
    assert said[0] == said[1]


def test_the_same_folder_again_is_the_same_run(together, tmp_path):
    """In whatever order, and again: one run, replaced."""
    first, store = together(CALLS, details("2026-03-02T12:10:00Z"))
    [again] = ingest([tmp_path / "0" / "details.json", tmp_path / "0" / "trail.json"], store)
    assert again.run == first.run
    assert store.rows("SELECT count(*) FROM log.run") == [(1,)]
    assert {name for name, source in sources().items() if source.log.joins} == {"aws_iam", "cloudtrail"}


@pytest.mark.parametrize("made", ["2199-01-05T08:00:00Z", "1970-01-01T00:00:00Z"])
def test_a_time_at_which_nothing_was_made_is_refused(together, made):
    """A snapshot is not of next century: whoever says so is not believed, and moves no window."""
    done, store = together(CALLS, details("2026-03-02T12:10:00Z", made=made))
    assert (done.source, done.rejected) == ("cloudtrail", 0)
    assert any("nothing is kept of aws_iam: 2 records in 1 file" in note for note in done.notes)
    assert store.rows("SELECT count(*) FROM fact.assignment") == [(0,)]
    assert store.rows("SELECT count(*) FROM fact.reject") == [(2,)]
