"""The project's own form: what a row says, what is wrong with one, what its log claims to keep, what its page says."""

import gzip
import json
import re
from pathlib import Path
from time import process_time

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.ingest.beginning import recognised
from analysis.ingest.claims import CLAIMS, KINDS
from analysis.ingest.ingest import ingest
from analysis.ingest.instants import instant
from analysis.ingest.interchange.layout import COLUMNS, NAMES
from analysis.ingest.interchange.source import SOURCE
from analysis.ingest.observed import Atom, Issued, Party, Presented, Resource, Weight
from analysis.ingest.reading import Found, Refused, Remark
from analysis.ingest.strict import RecordError
from analysis.measures.examination import examine
from sim.audit.ids import PrincipalKind
from sim.audit.rows import FOREVER, UNKNOWN, Binding, CredentialKind, Decision, Kind, Reason, Resolution
from sim.audit.store import Store
from sim.audit.verify import verify
from tests.ledgers import answers

PAGE = (Path(__file__).parents[2] / "docs" / "interchange.md").read_text("utf-8")
ENDS = """
    SELECT n.name, c.to_lo::VARCHAR, c.to_hi::VARCHAR
    FROM log.credential c JOIN fact.natural_key n ON n.run = c.run AND n.entity = 'credential' AND n.id = c.id
    ORDER BY n.name
"""
PARENTS = """
    WITH name AS (FROM fact.natural_key WHERE entity = 'task')
    SELECT n.name, p.name FROM log.task t JOIN name n ON n.id = t.id LEFT JOIN name p ON p.id = t.parent
"""
NOON = "2026-03-02T12:00:00Z"
CALL = {"time": NOON, "operation": "crm.find"}


def said(**cells):
    """What a row says."""
    [event] = SOURCE.translate({**CALL, **cells})
    return event


@pytest.fixture
def store():
    """An empty store."""
    with Store.in_memory() as opened:
        yield opened


def write(folder, *rows, name="log.ndjson"):
    """Put rows into a file, one a line."""
    (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def test_the_page_has_every_column():
    """Its table is the code's: each column, what is written in it and what it says, in this order."""
    rows = [f"| `{column.name}` | {column.form} | {column.says} |" for column in COLUMNS]
    assert "\n".join(rows) in PAGE
    assert len(re.findall(r"^\| `", PAGE, re.MULTILINE)) == len(COLUMNS) + len(CLAIMS)


def test_the_page_has_every_claim():
    """Its table is the code's."""
    assert "\n".join(f"| `{word}` | {says} |" for word, (_, says) in CLAIMS.items()) in PAGE


def test_the_worked_example_is_measured(store, tmp_path):
    """The page's rows are all kept, and prove what the page says of them."""
    [rows] = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "mine.csv").write_text(rows, "utf-8")
    [summary] = ingest([tmp_path], store)
    assert (summary.kept, summary.rejected, summary.notes) == (6, 0, ())
    [first, _] = store.rows(ENDS)
    assert first == ("tok-1", "2026-03-02 10:05:00", "2026-03-02 10:30:00")
    with examine(store, "log") as examination:
        assert answers(examination, "time_to_revoke")[1]["p50"][:2] == (0, 24 * 60)
        assert answers(examination, "observed_footprint")[1]["jewels_most"][:2] == (1, 1)


CALLS = """
    CREATE TABLE tool_calls AS
    SELECT TIMESTAMP '2026-03-02 12:00:00' + to_seconds(i) AS started, 'crm.find' AS tool, 'agent-7' AS agent,
           i // 2 AS job, 0.5 AS seconds, i <> 3 AS ok
    FROM range(4) t(i)
"""


def test_the_query_on_the_page_is_enough(store, tmp_path):
    """What it makes of a table of tool calls is a log of this form that is measured for its tasks."""
    [sql] = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
    with duckdb.connect() as connection:
        connection.execute(CALLS)
        connection.sql(sql).write_parquet(str(tmp_path / "calls.parquet"))
    [summary] = ingest([tmp_path], store)
    undecided = "calls that do not say whether they were let in, and so prove nothing: 1"
    assert (summary.kept, summary.notes) == (4, (undecided,))
    tasks = "SELECT count(DISTINCT task), sum(duration), count(decision) FROM log.event"
    assert store.rows(tasks) == [(2, 2_000_000, 3)]


def test_a_row_says_what_its_columns_say():
    """Each column is a field of the event, with its sides."""
    event = said(
        id="e1", kind="assume", stage=2, principal="a", principal_kind="agent", principal_role="r", target="b",
        target_kind="human", credential="k", credential_kind="static_key", credential_since="2025-01-01 00:00:00",
        credential_until="never", credential_parent="j",
        issued="i", issued_kind="task_token", issued_until="2026-03-02 14:00:00 +0100",
        issued_resolved="both", issued_binding="key_bound", issued_enforced=True, session="s", task="t",
        parent_task="p", action="c", requested="2026-03-02T11:59:59.5Z", duration_s="0.0000019", approval="y",
        resource="x", resource_group="g", level="write", tier=3, privilege="0.25", args="{}", decision="deny",
        reason="policy", error="no", origin="192.0.2.1", user_agent="u", request_id="q", invoked_by="v",
        keeps="task  touch, task",
    )  # fmt: skip
    assert (event.id, event.kind, event.stage, event.time) == ("e1", Kind.ASSUME, 2, instant(NOON))
    assert event.principal == Party("a", PrincipalKind.AGENT, "r")
    assert event.target == Party("b", PrincipalKind.HUMAN)
    since = instant("2025-01-01T00:00:00Z")
    assert event.credential == Presented("k", CredentialKind.STATIC_KEY, since, FOREVER, parent="j")
    until = instant("2026-03-02T13:00:00Z")
    assert event.issued == Issued(
        "i", CredentialKind.TASK_TOKEN, until, Resolution.BOTH, Binding.KEY_BOUND, enforced=True
    )
    assert (event.session, event.task, event.parent_task, event.action, event.approval) == ("s", "t", "p", "c", "y")
    assert (event.requested, event.duration) == (instant(NOON) - 500_000, 1)
    assert (event.atom, event.resource) == (Atom("g", "write"), Resource("x", "g"))
    assert event.weight == Weight(3, 10_000, 250)
    assert (event.decision, event.reason, event.keeps) == (Decision.DENY, Reason.POLICY, "task touch")
    told = (event.error, event.origin, event.user_agent, event.request_id, event.invoked_by)
    assert told == ("no", "192.0.2.1", "u", "q", "v")


def test_what_a_row_does_not_say_is_not_known():
    """A row of two cells is a call, and no more; empty cells are as if they were not there."""
    event = said()
    assert (event.kind, event.operation) == (Kind.USE, "crm.find")
    left_open = (
        event.principal,
        event.credential,
        event.issued,
        event.task,
        event.atom,
        event.resource,
        event.decision,
    )
    assert left_open == (None,) * 7
    assert (event.duration, event.requested, event.args, event.weight) == (UNKNOWN, UNKNOWN, UNKNOWN, None)
    assert said(**dict.fromkeys(NAMES[3:], "")) == event
    assert said(credential="k").credential == Presented("k", CredentialKind.UNKNOWN)


def test_a_row_without_an_id_is_known_by_its_content():
    """The same cells, in whatever order, are the same event; other cells are another."""
    assert said(task="t", action="a").id == said(action="a", task="t").id
    assert said(task="t").id != said(task="u").id != said().id


def test_only_a_hash_of_arguments_is_kept():
    """Equal arguments are equal, and none are none."""
    assert said(args="x").args == said(args="x").args != said(args="y").args
    assert 0 <= said(args="x").args < 2**63


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"time": ""}, "no time: each row says when it happened"),
        ({"time": "noon"}, "time is 'noon': write a time as 2026-"),
        ({"time": 1772445600}, "time is '1772445600': write a time as"),
        ({"operation": None}, "no operation: a row without kind is a call"),
        ({"kind": "used"}, "kind is 'used': write one of issue, renew, "),
        ({"decision": "Allow"}, "decision is 'Allow': write one of allow, deny"),
        ({"principal": "a"}, "principal without principal_kind: write one of human, "),
        ({"principal_role": "r"}, "principal_role is filled and principal is not: fill both"),
        ({"issued_until": "never"}, "issued_until is filled and issued is not"),
        ({"issued": "k", "issued_enforced": "yes"}, "issued_enforced is 'yes': write one of true, false"),
        ({"resource": "x"}, "resource is filled and resource_group is not"),
        ({"resource_group": "g"}, "resource_group without level: write one of list, read"),
        ({"resource_group": "g", "level": "read", "tier": 4}, "tier is '4': write a number from 0 to 3"),
        ({"resource_group": "g", "level": "read", "tier": 0}, "tier is 0: write 1, 2 or 3"),
        ({"resource_group": "g", "level": "read", "tier": 1.5}, "tier is '1.5': write a whole number"),
        ({"duration_s": "-1"}, "duration_s is '-1': write a number from 0"),
        ({"duration_s": "0,5"}, "duration_s is '0,5': write a number from 0 .* with a point before decimals"),
        ({"duration_s": "NaN"}, "duration_s is 'NaN': write a number"),
        ({"requested": "2026-03-02T12:00:01Z"}, "requested is later than time"),
        ({"kind": "task_start"}, "task_start without task: name the task"),
        ({"kind": "task_end", "task": "t"}, "no reason: a task_end says how the task ended: completed, broken"),
        ({"kind": "task_end", "task": "t", "reason": "policy"}, "reason is 'policy': write one of completed, broken"),
        ({"task": "t", "parent_task": "t"}, "parent_task is the task itself"),
        ({"keeps": "task, durations"}, "keeps names 'durations': write kinds of event, and task, action"),
        ({"principal": {"name": "a"}}, "principal is an object: rows are flat"),
        ({"args": ["x"]}, "args is a list: rows are flat"),
    ],
)
def test_what_is_wrong_in_a_row_is_told_with_the_remedy(cells, why):
    """The column, what stands there, and what to write."""
    with pytest.raises(RecordError, match=f"^{why}") as told:
        said(**cells)
    assert "\n" not in str(told.value)


def test_every_word_of_an_enumeration_is_a_word_of_the_form():
    """Whatever kind of event there is can be written, and claimed."""
    for kind in KINDS:
        reason = "completed" if kind == "task_end" else ""
        assert said(kind=kind, task="t", reason=reason, keeps=kind).kind.name.lower() == kind


def test_a_tier_is_the_groups_and_a_privilege_the_levels(store, tmp_path):
    """One row declares it for all; where several do, the highest holds; what nobody declares is by the file."""
    reads = {"resource_group": "pay", "level": "read"}
    write(
        tmp_path,
        {**CALL, **reads, "tier": 2},
        {**CALL, **reads, "tier": 3},
        {**CALL, **reads, "level": "write", "privilege": 0.5},
        {**CALL, "resource_group": "crm", "level": "write"},
        {**CALL, "resource_group": "crm", "level": "read", "sensitivity": 7},
    )
    [summary] = ingest([tmp_path], store)
    assert summary.notes[-1] == "groups of which no row says the tier, taken to hold no crown jewel: 1: crm"
    weights = store.rows("SELECT resource_group, level, tier, sensitivity, privilege FROM log.catalogue ORDER BY ALL")
    assert weights == [
        ("crm", "read", 1, 7000, 400), ("crm", "write", 1, 7000, 500), ("pay", "read", 3, 10_000, 400),
        ("pay", "write", 3, 10_000, 500),
    ]  # fmt: skip


TASKED = {**CALL, "task": "t", "decision": "allow", "principal": "a", "principal_kind": "agent"}
SEEN = """
    SELECT sees_tasks, sees_touch, sees_every_event, sees_approvals,
           (SELECT count(task) FROM log.event e WHERE e.run = r.run),
           (SELECT count(task) FROM fact.event e WHERE e.run = r.run)
    FROM log.run r WHERE run = (SELECT max(key) FROM fact.run)
"""


@pytest.fixture(scope="module")
def logs():
    """A store for log after log."""
    with Store.in_memory() as opened:
        yield opened


@pytest.mark.parametrize(
    ("rows", "seen", "note"),
    [
        ([TASKED], (False, False, False, False), "no record says what its log keeps"),
        ([{**TASKED, "keeps": "task"}], (True, False, False, False), None),
        ([{**TASKED, "keeps": "task every_event"}], (True, False, True, False), None),
        ([{**TASKED, "keeps": ["task", "decide_approval"]}], (True, False, False, True), None),
        ([{**TASKED, "keeps": "task"}, CALL], (False, False, False, False), "claimed by some records only.*: task"),
        (
            [{**TASKED, "keeps": "touch"}],
            (False, False, False, False),
            "not believed: touch, which 1 events do not tell",
        ),
        ([{**CALL, "kind": "issue", "keeps": "credential"}], (False,) * 4, "not believed: credential, which 1 events"),
        ([{**TASKED, "keeps": "credential"}], (False,) * 4, None),
        ([{**TASKED, "keeps": "touch", "resource_group": "g", "level": "read"}], (False, True, False, False), None),
        ([TASKED, {**CALL, "kind": "decide_approval"}], (False, False, False, True), "no record says"),
    ],
)
def test_a_log_keeps_what_all_of_its_rows_claim(logs, tmp_path, rows, seen, note):
    """What only some claim, or what a call contradicts, is not believed, and told; a kind that is there is there."""
    write(tmp_path, *rows)
    [summary] = ingest([tmp_path], logs)
    assert logs.rows(SEEN) == [(*seen, int(seen[0]), sum("task" in row for row in rows))]
    claims = [each for each in summary.notes if "claimed" in each or "no record" in each]
    assert [bool(re.search(note, each)) for each in claims] == ([True] if note else [])


ABSENCE = "revocations, every_credential, every_event"
WHOLE = {**TASKED, "credential": "k", "keeps": f"credential expiry {ABSENCE}"}
ISSUED = {"kind": "issue", "issued": "i", "issued_kind": "static_key", "issued_until": "2026-03-02T14:00:00Z"}
FLAGS = """
    SELECT p.revocations_complete, p.keeps_history, p.whole
    FROM fact.run r JOIN fact.log_profile p ON p.name = r.profile ORDER BY r.key
"""
TO_LO = "SELECT to_lo::VARCHAR FROM log.credential WHERE kind = 'static_key' ORDER BY run"


def test_a_log_is_not_whole_beside_what_was_refused_of_it(store, tmp_path):
    """What is refused may be an issue, a revocation or anything else: what was at most, and until when, is open.

    Of the record as it should be and of the log without it, each a run of its own, all is believed again.
    """
    bad = {**WHOLE, "time": "2026-03-02T12:00:01", "decision": "Allow"}
    rows = [WHOLE, {**WHOLE, **ISSUED, "time": "2026-03-02T12:00:02Z"}]
    told = []
    for last in ([bad], [{**bad, "decision": "allow"}], []):
        write(tmp_path, *rows, *last)
        told.append(ingest([tmp_path], store)[0])
    assert [each.notes for each in told] == [
        (f"claimed, but not believed: {ABSENCE}, beside 1 refused record",), (), (),
    ]  # fmt: skip
    assert store.rows(FLAGS) == [(False,) * 3, (True,) * 3, (True,) * 3]
    assert store.rows(TO_LO) == [("2026-03-02 12:00:02",), *[("2026-03-02 14:00:00",)] * 2]
    with examine(store, "log") as examination:
        overdue = {
            run: found["overdue_rotation closing"][:2] for run, found in answers(examination, "identity_debt").items()
        }
        issued = {run: found["issued"].hi is None for run, found in answers(examination, "issuance").items()}
    assert overdue == {1: (0, None), 2: (0, 0), 3: (0, 0)}
    assert issued == {1: True, 2: False, 3: False}


def test_what_one_record_of_an_event_claims_alone_is_not_believed(store, tmp_path):
    """An event may be told in several records: each of them claims for their log."""
    begun = {**WHOLE, "id": "e1", "stage": 0, "keeps": "expiry every_event"}
    write(tmp_path, begun, {**begun, "stage": 1, "time": "2026-03-02T12:00:01Z", "keeps": WHOLE["keeps"]})
    [summary] = ingest([tmp_path], store)
    assert (summary.merged, store.rows(FLAGS)) == (1, [(False, False, True)])


PACKED = gzip.compress(json.dumps(WHOLE).encode() + b"\n", mtime=0)
FOREIGN = {"eventID": "1", "eventTime": "noon", "eventSource": "s3.amazonaws.com", "eventName": "x", "userIdentity": {}}
OF_RUN = """
    SELECT p.whole FROM fact.run r JOIN fact.log_profile p ON p.name = r.profile WHERE r.id = $run
"""


@pytest.mark.parametrize(
    ("beside", "doubt", "same"),
    [
        ([json.dumps({**WHOLE, "decision": "Allow"}).encode()], "1 refused record", False),
        ([json.dumps({**WHOLE, "id": "2"}).encode() + b"\n{\n[", PACKED[:-4]],
         "2 refused records and 1 file not read, or not to its end", False),
        ([PACKED[:2]], "1 file not read, or not to its end", True),
        ([b'{"Records": [{"'], "1 file not read, or not to its end", True),
        ([b""], "1 file not read, or not to its end", True),
        ([b"not an export", b"[section]", b'{"a": "page"}', json.dumps(FOREIGN).encode()], None, True),
    ],
)  # fmt: skip
def test_what_is_refused_of_another_log_contradicts_no_claim(logs, tmp_path, beside, doubt, same):
    """Nor what is of none; of which nothing could be read, that may be of this one.

    What nobody knows is no part of what a run is: without it the same run is told anew.
    """
    write(tmp_path, WHOLE)
    for number, content in enumerate(beside):
        (tmp_path / f"{number}").write_bytes(content)
    [summary] = ingest([tmp_path], logs)
    doubts = [note for note in summary.notes if "believed" in note]
    assert doubts == ([f"claimed, but not believed: {ABSENCE}, beside {doubt}"] if doubt else [])
    assert logs.rows(OF_RUN, {"run": summary.run}) == [(doubt is None,)]
    [alone] = ingest([tmp_path / "log.ndjson"], logs)
    assert (alone.notes, alone.run == summary.run) == ((), same)
    assert logs.rows(OF_RUN, {"run": alone.run}) == [(True,)]


def test_a_task_that_is_told_twice_is_one(store, tmp_path):
    """It lasts from its first start to its last end, which is noted, and breaks no rule of the store."""
    starts = {"kind": "task_start", "task": "t"}
    ends = {"kind": "task_end", "task": "t", "reason": "completed"}
    later = {"time": "2026-03-02T13:00:00Z"}
    write(tmp_path, *({**CALL, **told, **when} for told in (starts, ends) for when in ({}, later)))
    [summary] = ingest([tmp_path], store)
    assert any(re.search("tasks that are told to start more than once, .*: 1$", note) for note in summary.notes)
    assert store.rows("SELECT started::VARCHAR, ended::VARCHAR, outcome FROM log.task") == [
        ("2026-03-02 12:00:00", "2026-03-02 13:00:00", "completed")
    ]
    assert [found.rule for found in verify(store) if found.broken] == []


def test_a_task_is_part_of_what_its_start_or_its_spawn_names(store, tmp_path):
    """And of none where neither does."""
    told = {"part": {"parent_task": "root"}, "spawned": {}, "root": {}}
    write(
        tmp_path,
        *({"time": NOON, "kind": "task_start", "task": task, **parent} for task, parent in told.items()),
        {"time": NOON, "kind": "spawn", "task": "spawned", "parent_task": "root"},
    )
    ingest([tmp_path], store)
    assert dict(store.rows(PARENTS)) == {"part": "root", "spawned": "root", "root": None}


def test_only_what_is_issued_has_an_end_to_state(store, tmp_path):
    """A review or a revocation names a credential too, and does not leave its end open."""
    named = {"time": NOON, "issued": "k", "issued_kind": "static_key"}
    others = ({**named, "kind": kind} for kind in ("review", "revoke"))
    write(tmp_path, {**named, "kind": "issue", "issued_until": "never"}, *others)
    [summary] = ingest([tmp_path], store)
    assert not any("until a time that is not stated" in note for note in summary.notes)


def test_what_nobody_claims_has_no_answer(store, tmp_path):
    """The same rows, not saying that theirs is all there is: nothing is proven to be nothing."""
    rows = [{**TASKED, "credential": "k", "keeps": keeps} for keeps in ("credential", "credential every_event")]
    for name, row in zip(("some", "all"), rows, strict=True):
        (tmp_path / name).mkdir()
        write(tmp_path / name, row)
        ingest([tmp_path / name], store)
    with examine(store, "log") as examination:
        issued = {run: found["issued"][:2] for run, found in answers(examination, "issuance").items()}
    assert issued == {1: (0, None), 2: (0, 0)}


def test_a_strange_column_is_told_once_a_file(store, tmp_path):
    """It refuses no row; the one that it resembles is named."""
    write(tmp_path, {**CALL, "desicion": "allow"}, {**CALL, "desicion": "allow", "id": "2"}, name="a.ndjson")
    write(tmp_path, CALL, name="b.ndjson")
    [summary] = ingest([tmp_path], store)
    assert (summary.kept, summary.rejected) == (3, 0)
    [told] = [note for note in summary.notes if "left out" in note]
    assert told == (
        "left out of what was read: 1: a.ndjson (columns that are not of this form: 'desicion', perhaps decision)"
    )


def rows_of(text):
    """What is read of a sheet: the cells of each row, or why it is refused."""
    found = SOURCE.records(text.encode("utf-8", "surrogateescape"))
    return [each.record if isinstance(each, Found) else each for each in found]


def test_a_sheet_may_be_separated_otherwise():
    """By semicolons or tabs, with a mark before it and spaces in its header."""
    expected = [{"time": NOON, "operation": "a,b", "task": ""}]
    for separator in ";\t":
        assert (
            rows_of(f"\ufefftime{separator} operation {separator}task\r\n{NOON}{separator}a,b{separator}\r\n")
            == expected
        )
    assert rows_of(f'time,operation,task\n{NOON},"a,b",\n') == expected


def test_a_broken_row_takes_no_neighbour_with_it():
    """A quote without its partner, too few cells, bytes that are no text are a row each; a cell may be of two lines."""
    first, quoted, short, bytes_, last = rows_of(
        f'time,operation\n{NOON},"x\ny"\n{NOON},"cut\n{NOON}\n{NOON},\udcff\n\n{NOON},z\n'
    )
    assert (first["operation"], last["operation"]) == ("x\ny", "z")
    assert [each.position for each in (quoted, short, bytes_)] == [1, 2, 3]
    assert quoted.reason.startswith("not CSV (unexpected end of data): put what holds")
    assert short.reason == "1 cells where the header names 2 columns"
    assert bytes_.reason == "not UTF-8: save it as that"


def test_quotes_without_partners_cost_no_more_than_they_are_long():
    """Each of ten thousand lines might be a row that never ends; what stands before and behind them is kept."""
    began = process_time()
    first, *broken, last = rows_of(f'time,operation\n{NOON},"x\ny"\n' + 'a","\n' * 10_000 + f"{NOON},z\n")
    assert process_time() - began < 2
    assert (first["operation"], last["operation"], len(broken)) == ("x\ny", "z", 10_000)


@pytest.mark.parametrize("text", ["when,what\n1,2\n", "time,operation,time\n1,2,3\n", "time\n1\n", ""])
def test_a_sheet_of_another_form_is_not_recognised(text):
    """Also a header that names a column twice: which of the two counts nobody knows."""
    assert not text or not recognised(text.encode(), {"it": SOURCE})
    [refused] = rows_of(text)
    assert refused.reason.startswith("no header of this form")


@pytest.mark.parametrize(
    "record",
    [
        {"time": NOON, "type": "request", "auth": {}, "request": {}, "error": ""},
        {"kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": "Metadata", "verb": "get", "auditID": "a"},
        {"time": NOON, "level": "info", "msg": "started", "subsystem": "a"},
        {"time": NOON},
    ],
)
def test_another_log_is_not_taken_for_this_form(record):
    """Some share a word or two with it."""
    assert not recognised(json.dumps(record).encode(), {"it": SOURCE})


def parquet(folder, sql):
    """A Parquet file of a query."""
    path = folder / "log.parquet"
    with duckdb.connect() as connection:
        connection.sql(sql).write_parquet(str(path))
    return path.read_bytes()


def test_types_of_parquet_are_read_as_what_they_are(tmp_path):
    """Times with and without a zone, one that is infinity, numbers, truth values, lists and what is null."""
    data = parquet(
        tmp_path,
        """SELECT '2026-03-02 13:00:00+01'::TIMESTAMPTZ AS time, 'issue' AS kind, 'infinity'::TIMESTAMP AS issued_until,
                  'k' AS issued, true AS issued_enforced, 0.25::DOUBLE AS duration_s, ['task', 'touch'] AS keeps,
                  NULL AS task, TIMESTAMP '2026-03-02 11:59:59.25' AS requested, 1 AS mine""",
    )
    assert recognised(data, {"it": SOURCE})
    row, remark = SOURCE.records(data)
    [event] = SOURCE.translate(row.record)
    assert (event.time, event.requested) == (instant(NOON), instant(NOON) - 750_000)
    assert event.issued == Issued("k", CredentialKind.UNKNOWN, FOREVER, enforced=True)
    assert (event.duration, event.task, event.keeps) == (250_000, None, "task touch")
    assert remark == Remark("columns that are not of this form: 'mine'")


def test_columns_that_somebody_makes_up_fill_no_memory():
    """Where each row has columns of its own, some are named, and that there are more."""
    rows_ = "\n".join(f'{{"time": "2026-03-02T10:00:00Z", "operation": "x", "made{n}": 1}}' for n in range(5_000))
    *found, remark = SOURCE.records(rows_.encode())
    assert len(found) == 5_000
    assert remark.text.count("'made") == 20
    assert remark.text.endswith("'made19' and more")


def test_what_is_no_parquet_is_refused(tmp_path):
    """Whatever only begins like it, and a table of something else."""
    other = parquet(tmp_path, "SELECT 1 AS a, 2 AS b")
    for data, why in ((b"PAR1 and no more", "Parquet that cannot be read"), (other, "no column of this form")):
        assert not recognised(data, {"it": SOURCE})
        refused = next(iter(SOURCE.records(data)))
        assert isinstance(refused, Refused)
        assert refused.reason.startswith(why)


CELLS = st.dictionaries(
    st.sampled_from(NAMES),
    st.sampled_from([NOON, "a", "use", "task_end", "allow", "agent", "never", "3", "read", "completed", "task", ""])
    | st.text(max_size=4)
    | st.integers()
    | st.lists(st.text(max_size=3), max_size=2),
)


# Many at a time, since an ingest costs more than what it reads.
@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(CELLS, min_size=1, max_size=120))
def test_no_row_breaks_an_ingest(store, tmp_path, rows):
    """Whatever its cells hold, a row is kept, known already or refused, and the log can be measured."""
    write(tmp_path, CALL, *({**CALL, **row} for row in rows))
    [summary] = ingest([tmp_path], store, source="interchange")
    assert summary.records == 1 + len(rows)
    assert summary.kept + summary.merged + summary.repeated + summary.rejected == summary.records
    assert store.rows("SELECT count(*) FROM log.event WHERE run = (SELECT max(key) FROM fact.run)") == [
        (summary.events,)
    ]


SHEET = (Path(__file__).parents[2] / "data" / "samples" / "interchange" / "sheet.csv").read_bytes()
WITHIN = SHEET.index(b"\n") + 1


@given(at=st.integers(WITHIN, len(SHEET)), gone=st.integers(0, 50), new=st.binary(max_size=8))
def test_no_damage_takes_the_rows_behind_it(at, gone, new):
    """Wherever bytes of a sheet are lost or replaced, each row is read or refused, and one on its own line is read."""
    last = b"2026-03-02 10:59:00;use;last" + b";" * 17
    *_, row, _ = SOURCE.records(SHEET[:at] + new + SHEET[at + gone :] + b"\n" + last + b"\n")
    assert row.record["operation"] == "last"
    assert [event.operation for event in SOURCE.translate(row.record)] == ["last"]


def test_a_call_of_unknown_outcome_may_have_been_a_need_of_anything_until_its_task_ended(store, tmp_path):
    """It does not say what it touched, when it was asked for or how long it took: least and most, by hand.

    One call needs ten seconds. The other began after thirty, and its task ended after forty: at most there are ten more
    of its own, and forty from the first to the last; at least there is none, and no need beyond the call before it,
    because its task may have waited for it all the time.
    """
    keeps = " ".join([*CLAIMS, *KINDS])
    row = {"principal": "a", "principal_kind": "agent", "task": "t", "credential": "k", "keeps": keeps}
    told = {"action": "x", "requested": NOON, "duration_s": 10, "resource_group": "crm", "level": "write"}
    write(
        tmp_path,
        {**row, "time": NOON, "kind": "task_start"},
        {**row, "time": NOON, "operation": "crm.edit", "decision": "allow", **told},
        {**row, "time": "2026-03-02T12:00:30Z", "operation": "crm.edit"},
        {**row, "time": "2026-03-02T12:00:40Z", "kind": "task_end", "reason": "completed"},
    )
    [done] = ingest([tmp_path], store)
    assert done.rejected == 0
    with examine(store, "log") as examination:
        said = answers(examination, "privilege_hours")[1]
    action, task = said["identity_need_action"], said["identity_need_task"]
    assert action.lo > 0
    assert (action.hi, task.lo, task.hi) == pytest.approx((2 * action.lo, action.lo, 4 * action.lo))
