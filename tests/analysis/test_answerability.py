"""What a log can answer is counted question by question, and nothing is called answered that it does not say."""

import json

import pytest

import outlive
from analysis.answerability.answerability import Answerability, answerability
from analysis.ingest.ingest import ingest
from analysis.measures.examination import examine
from sim.audit.refusal import Refusal
from sim.audit.store import Store
from tests.ledgers import Book, Event, Ledger, Writing, answers

KEY = {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/example", "accessKeyId": "AKIAEXAMPLE1"}
CALL = {"eventTime": "2026-03-02T10:00:00Z", "eventSource": "s3.amazonaws.com", "eventName": "ListBuckets"}
# Three calls: one that names nobody, one with a key and arguments, and one that hands out a session until a stated end.
CALLS = (
    {**CALL, "eventID": "1"},
    {
        **CALL, "eventID": "2", "userIdentity": KEY, "requestParameters": {"bucketName": "b"},
        "sourceIPAddress": "192.0.2.1",
    },
    {
        **CALL, "eventID": "3", "userIdentity": KEY, "eventSource": "sts.amazonaws.com", "eventName": "AssumeRole",
        "responseElements": {
            "credentials": {"accessKeyId": "ASIAEXAMPLE1", "expiration": "2026-03-02T11:00:00Z"},
            "assumedRoleUser": {"arn": "arn:aws:sts::111122223333:assumed-role/r/s"},
        },
    },
)  # fmt: skip
_LOSING = """
    INSERT INTO fact.log_profile
    SELECT * REPLACE ('losing' AS name, $dropped AS dropped, $dropped = 0 AS whole)
    FROM fact.log_profile WHERE name = 'full'
"""
NO_GAP = "Does the log say that nothing is missing right before it, nor after the last?"
# By hand: (total, answered, bounded). The key is older than the log and its end is nowhere; the session begins when it
# is issued, may be revoked without a word, and ends at most when it says.
BY_HAND = {
    "Who acted?": (3, 2, 0),
    "Which one person, agent or service, not only which role?": (3, 2, 0),
    "With which credential?": (3, 2, 0),
    "For which task?": (3, 0, 0),
    "How long did that task last?": (3, 0, 0),
    "What was done?": (3, 3, 0),
    "With which arguments?": (3, 1, 0),
    "To what?": (3, 1, 0),
    "Was it let in?": (3, 3, 0),
    "From where?": (3, 1, 0),
    "How long did it take?": (3, 0, 0),
    "Who had a credential issued?": (2, 1, 0),
    "Who holds a credential?": (2, 2, 0),
    "Since when is a credential valid?": (2, 1, 0),
    "Until when is a credential valid?": (2, 0, 1),
    "What does a credential open?": (2, 0, 0),
    "Is a copy of a credential of use?": (2, 0, 0),
    "Could the file be read?": (1, 1, 0),
    "Could the record be read?": (3, 3, 0),
    # CloudTrail has no record that tells of a gap.
    NO_GAP: (3, 0, 0),
    # All of one second, and one of nobody.
    "Is it told apart in time from all else that the same one did?": (3, 0, 0),
    "Is the task there that called it up?": (0, 0, 0),
    "Is the credential there that it came from?": (1, 1, 0),
}


@pytest.fixture
def path(tmp_path):
    """Three calls, ingested."""
    (tmp_path / "calls.json").write_text(json.dumps(CALLS), "utf-8")
    with Store.create(tmp_path / "a.duckdb") as store:
        ingest([tmp_path / "calls.json"], store)
    return tmp_path / "a.duckdb"


def test_each_question_is_answered_as_by_hand(path):
    """Of three calls and the two credentials that they show."""
    with Store.open(path) as store:
        told = {each.question: (each.total, each.answered, each.bounded) for each in answerability(store)}
    assert told == BY_HAND


# A call, a gap that the log tells of itself, two calls at once by two, a sub-task of one that is not there, and a call
# of no certain time.
ROWS = (
    {"time": "2026-03-02T10:00:00Z", "operation": "a", "principal": "x"},
    {"time": "2026-03-02T10:00:01Z", "kind": "log_gap"},
    {"time": "2026-03-02T10:00:02Z", "operation": "b", "principal": "x"},
    {"time": "2026-03-02T10:00:02Z", "operation": "b", "principal": "y"},
    {"time": "2026-03-02T10:00:03Z", "kind": "task_start", "principal": "x", "task": "t", "parent_task": "s"},
    {"time": "soon", "operation": "b", "principal": "x"},
)
SOUND = {
    "Could the file be read?": (2, 1),
    "Could the record be read?": (6, 5),
    NO_GAP: (3, 2),
    "Is it told apart in time from all else that the same one did?": (3, 3),
    "Is the task there that called it up?": (1, 0),
    "Is the credential there that it came from?": (0, 0),
}


def test_what_is_not_sound_in_a_log_is_counted(tmp_path):
    """Of how many files, records, events and tasks, with what was refused among them."""
    rows = [each | {"keeps": "task"} | ({"principal_kind": "agent"} if "principal" in each else {}) for each in ROWS]
    (tmp_path / "rows.ndjson").write_text("".join(json.dumps(each) + "\n" for each in rows), "utf-8")
    (tmp_path / "other.bin").write_bytes(bytes(range(256)))
    with Store.in_memory() as store:
        ingest([tmp_path], store)
        told = {each.question: (each.total, each.answered) for each in answerability(store)}
    assert {question: told[question] for question in SOUND} == SOUND


@pytest.mark.parametrize(
    ("keeps", "kinds", "answered"),
    [
        # Silence is no proof, unless a gap would have been told of.
        ("task", ("use", "use"), 0),
        ("task log_gap", ("use", "use"), 2),
        # Nobody knows what a gap hides at the start, in the middle, or after all; a long one is one.
        ("task", ("log_gap", "use", "use"), 1),
        ("task", ("use", "log_gap", "use"), 1),
        ("task", ("use", "use", "log_gap", "log_gap"), 1),
        ("task", ("use", "log_gap", "use", "log_gap"), 1),
        ("task", ("use", "log_gap", "log_gap", "use"), 1),
    ],
)
def test_events_beside_which_none_is_missing_are_those_of_which_a_log_says_so(tmp_path, keeps, kinds, answered):
    """Two calls, and gaps that the log tells of before, between and after them."""
    rows = [{"time": f"2026-03-02T10:00:0{n}Z", "kind": kind, "operation": "a", "keeps": keeps}
            for n, kind in enumerate(kinds)]  # fmt: skip
    (tmp_path / "rows.ndjson").write_text("".join(json.dumps(each) + "\n" for each in rows), "utf-8")
    with Store.in_memory() as store:
        ingest([tmp_path], store)
        told = {each.question: (each.total, each.answered) for each in answerability(store)}
    assert told[NO_GAP] == (2, answered)


@pytest.mark.parametrize(("dropped", "answered"), [(0, 2), (1, 0)])
def test_of_a_log_that_loses_events_without_a_word_nobody_knows_which_are_missing(dropped, answered):
    """Two calls, in a log that keeps every kind of event, gaps too."""
    calls = [Event("use", time, decision="allow") for time in (1, 2)]
    with Store.in_memory() as store:
        store.connection.execute(_LOSING, {"dropped": dropped})
        Book(store).written([Ledger(profile="losing").having(events=calls)], Writing())
        told = {each.question: (each.total, each.answered) for each in answerability(store)}
    assert told[NO_GAP] == (2, answered)


@pytest.mark.parametrize(
    ("seconds", "kind", "ordered"), [(1, "use", 0), (2, "use", 1), (0, "use", 1), (1, "log_gap", 1)]
)
def test_what_may_have_been_by_the_same_one_is_not_told_apart_in_time(tmp_path, seconds, kind, ordered):
    """A call, and in the same second, the next or the last another one by nobody known, or a gap, which is no call."""
    rows = [{"time": "2026-03-02T10:00:01Z", "operation": "a", "principal": "x", "principal_kind": "agent"},
            {"time": f"2026-03-02T10:00:0{seconds}Z", "operation": "a", "kind": kind}]  # fmt: skip
    (tmp_path / "rows.ndjson").write_text("".join(json.dumps(each) + "\n" for each in rows), "utf-8")
    with Store.in_memory() as store:
        ingest([tmp_path], store)
        told = {each.question: (each.total, each.answered) for each in answerability(store)}
    assert told["Is it told apart in time from all else that the same one did?"] == (1 + (kind == "use"), ordered)


@pytest.mark.parametrize(
    ("kind", "singles"),
    [
        ("human", 2), ("agent", 2), ("agent_instance", 2), ("service", 2),
        ("team", 1), ("role", 1), ("group", 1), ("shared_account", 1),
    ],
)  # fmt: skip
def test_who_is_one_alone_is_the_same_for_what_is_asked_and_what_is_measured(tmp_path, kind, singles):
    """Two change something, an agent and another: of either of them it is told who it was, if that is one alone."""
    about = {"operation": "a", "decision": "allow", "resource_group": "g", "level": "write"}
    rows = [
        about | {"time": f"2026-03-02T10:00:0{n}Z", "principal": name, "principal_kind": of, "credential": name,
                 "keeps": "credential touch every_event"}
        for n, (name, of) in enumerate({"x": "agent", "y": kind}.items())
    ]  # fmt: skip
    (tmp_path / "rows.ndjson").write_text("".join(json.dumps(each) + "\n" for each in rows), "utf-8")
    with Store.in_memory() as store:
        ingest([tmp_path], store)
        told = {each.question: (each.total, each.answered) for each in answerability(store)}
        with examine(store, "log") as examination:
            [said] = answers(examination, "forensics").values()
    assert told["Which one person, agent or service, not only which role?"] == (2, singles)
    assert said["who"] == (50 * singles, 50 * singles, 0)


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ((3, 3, 0), "answered"), ((3, 2, 1), "bounded"), ((3, 0, 3), "bounded"), ((3, 1, 1), "in part"),
        ((3, 0, 1), "in part"), ((3, 0, 0), "unknown"), ((0, 0, 0), "no case"),
    ],
)  # fmt: skip
def test_a_verdict_is_of_all(counts, verdict):
    """Answered is answered of all; an interval for the rest makes it bounded; where there is none, nothing is asked."""
    assert Answerability(1, "events", "?", *counts).verdict == verdict


def test_the_verb_says_the_same(path):
    """A table with a row a question, of every run or of the one that is named; no other run is taken for it."""
    told = outlive.answerability(path)
    assert list(told["question"]) == list(BY_HAND)
    assert set(told["source"]) == {"cloudtrail"}
    assert (told["answered"] + told["bounded"] + told["unknown"] == told["total"]).all()
    assert outlive.answerability(path, 1).equals(told)
    with pytest.raises(Refusal, match="no completed run 7"):
        outlive.answerability(path, 7)


def test_nothing_is_no_table(tmp_path):
    """Of a store without a run nothing is asked."""
    with Store.create(tmp_path / "empty.duckdb"):
        pass
    with pytest.raises(Refusal, match=r"empty\.duckdb: no completed run in it; simulate or ingest into it"):
        outlive.answerability(tmp_path / "empty.duckdb")
