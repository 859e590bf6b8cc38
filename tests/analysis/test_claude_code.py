"""What one record of a Claude Code transcript says, and what those before it add: tasks, calls, and who said no."""

import json
from pathlib import Path

import pytest

from analysis.ingest.beginning import recognised
from analysis.ingest.claude_code.source import SOURCE
from analysis.ingest.ingest import ingest
from analysis.ingest.instants import instant
from analysis.ingest.observed import Atom, Party, Resource
from analysis.ingest.strict import RecordError
from analysis.measures.examination import examine
from sim.audit.ids import PrincipalKind
from sim.audit.rows import UNKNOWN, Decision, Kind, Reason
from sim.audit.store import Store
from tests.ledgers import answers

SAMPLE = Path(__file__).parents[2] / "data" / "samples" / "claude_code"
SESSION = "example-session"
MESSAGE = {
    "type": "user",
    "uuid": "example-1",
    "parentUuid": "example-0",
    "isSidechain": False,
    "sessionId": SESSION,
    "version": "2.0.55",
    "timestamp": "2026-03-02T09:00:00.123Z",
    "message": {"role": "user", "content": "Begin."},
}


def call(tool="Read", arguments=None, id_="call-1"):
    """A piece of a message that asks for a call."""
    return {"type": "tool_use", "id": id_, "name": tool, "input": arguments or {}}


def came(content="done", *, wrong=None, id_="call-1"):
    """A piece of a message that says what came of a call."""
    return {"type": "tool_result", "tool_use_id": id_, "content": content, "is_error": wrong}


def record(*pieces, **fields):
    """A message of these pieces, or of text."""
    said = {"message": {"role": "user", "content": list(pieces)}} if pieces else {}
    return {**MESSAGE, **said, **fields}


def said(*pieces, **fields):
    """What such a record says, alone."""
    return SOURCE.translate(record(*pieces, **fields))


def told(*records):
    """What records of one file say."""
    data = "\n".join(map(json.dumps, records)).encode()
    return [event for item in SOURCE.records(data) for event in SOURCE.translate(item.record)]


def test_a_call_and_its_result_are_two_stages_of_one_event():
    """Both have the id of the call within its session; the result says when it was over, and names no tool."""
    [asked] = said(call("Bash", {"command": "ls"}), type="assistant", requestId="req-1")
    [over] = said(came())
    assert (asked.id, asked.stage, over.id, over.stage) == (f"{SESSION}/call-1", 1, f"{SESSION}/call-1", 2)
    assert (asked.kind, asked.operation, asked.decision, asked.request_id) == (Kind.USE, "Bash", None, "req-1")
    assert (over.kind, over.operation, over.decision, over.error) == (Kind.USE, None, Decision.ALLOW, None)
    assert asked.time == instant("2026-03-02T09:00:00.123Z")
    assert asked.principal == Party(SESSION, PrincipalKind.AGENT_INSTANCE)
    assert (asked.task, asked.user_agent) == (SESSION, "claude-code/2.0.55")


def test_a_message_may_hold_several_calls():
    """Each is an event of its own."""
    assert [each.operation for each in said(call("Read"), call("Grep", id_="call-2"))] == ["Read", "Grep"]


@pytest.mark.parametrize(
    ("error", "decision", "reason"),
    [
        ("The user doesn't want to proceed with this tool use. It was", Decision.DENY, Reason.APPROVER),
        ("The user doesn't want to take this action right now. STOP", Decision.DENY, Reason.APPROVER),
        ("Permission to use Bash with command rm has been denied.", Decision.DENY, Reason.POLICY),
        ("Permission to use Read has been denied because Claude Code is running in don't ask mode.", Decision.DENY,
         Reason.POLICY),
        ("Permission for this action has been denied. Reason: it publishes", Decision.DENY, Reason.POLICY),
        ("Claude requested permissions to use WebFetch, but you haven't granted it yet.", Decision.DENY, Reason.POLICY),
        ("File is in a directory that is denied by your permission settings.", Decision.DENY, Reason.POLICY),
        ("PreToolUse:Bash hook error: [check]: no", Decision.DENY, Reason.POLICY),
        ("<tool_use_error>File has not been read yet.</tool_use_error>", None, None),
        ("Exit code 1\nPermission to use this has been denied", Decision.ALLOW, None),
        ("EISDIR: illegal operation on a directory, read", Decision.ALLOW, None),
        ("rather use the other file", None, None),
        ("", None, None),
    ],
)  # fmt: skip
def test_an_error_says_who_let_it_in(error, decision, reason):
    """Its text tells a person's no, a rule's, and a failure; a remark, and what was never run, tell nothing of that."""
    [over] = said(came(error, wrong=True))
    assert (over.decision, over.reason) == (decision, reason)
    assert over.error == (error.partition("\n")[0] or "error")


def test_what_reads_like_a_refusal_but_is_no_error_is_none():
    """What a file or a page says does not refuse the call that read it."""
    [over] = said(came("The user doesn't want to proceed with this tool use"))
    assert (over.decision, over.error) == (Decision.ALLOW, None)


def test_errors_are_cut():
    """An error may hold a whole file; its first line is told, up to two hundred signs."""
    [over] = said(came([{"type": "text", "text": "Exit code 1"}, {"type": "text", "text": "a" * 9000}], wrong=True))
    assert over.error == "Exit code 1"
    [over] = said(came("E" * 9000, wrong=True))
    assert over.error == "E" * 200


@pytest.mark.parametrize(
    ("result", "length"),
    [
        ({"durationMs": 64}, 64_000),
        ({"durationSeconds": 15.735503042000346}, 15_735_503),
        ({"status": "completed", "totalDurationMs": 40843}, 40_843_000),
        ({"durationMs": "64"}, UNKNOWN),
        ({"durationMs": True}, UNKNOWN),
        ({"durationMs": -1}, UNKNOWN),
        ({"durationMs": 1e300}, UNKNOWN),
        ({"stdout": ""}, UNKNOWN),
        ("Error: no", UNKNOWN),
        (None, UNKNOWN),
    ],
)
def test_a_length_is_what_the_tool_measured(result, length):
    """Where the tool says in which time it was done, that is the call's length; otherwise it has none of its own."""
    [over] = said(came(), toolUseResult=result)
    assert over.duration == length


@pytest.mark.parametrize(
    ("tool", "arguments", "atom", "resource", "tier"),
    [
        ("Read", {"file_path": "/a/b"}, Atom("files", "read"), Resource("/a/b", "files"), 2),
        ("Glob", {"pattern": "*"}, Atom("files", "list"), None, 2),
        ("NotebookEdit", {"notebook_path": "/n"}, Atom("files", "write"), Resource("/n", "files"), 2),
        ("Bash", {"command": "cat /etc/passwd"}, Atom("shell", "write"), None, 3),
        ("WebFetch", {"url": "https://me@Docs.example:8443"}, Atom("web", "read"), Resource("docs.example", "web"), 2),
        ("WebFetch", {"url": "https://["}, Atom("web", "read"), None, 2),
        ("WebFetch", {"url": ["odd"]}, Atom("web", "read"), None, 2),
        ("TodoWrite", {}, Atom("session", "write"), None, 1),
        ("Task", {}, Atom("agents", "write"), None, 1),
        ("mcp__issues__read_one", {"file_path": "/a"}, Atom("mcp__issues", "write"), None, 2),
        ("Unheard", {}, Atom("Unheard", "write"), None, 2),
    ],
)  # fmt: skip
def test_what_a_tool_needs_is_declared(tool, arguments, atom, resource, tier):
    """Level, group and tier are declared; a path or a host is touched; what is not declared may change something."""
    [asked] = said(call(tool, arguments))
    assert (asked.atom, asked.resource) == (atom, resource)
    assert SOURCE.weight(atom).tier == tier


def test_a_question_asks_a_person():
    """A question to a person needs nothing; its answer is of the same kind where both lie in one file."""
    [asked, over] = told(
        record(call("ExitPlanMode", {"plan": "Do it."}), uuid="example-2"),
        record(came("The user doesn't want to proceed with this tool use.", wrong=True), uuid="example-3"),
    )
    assert (asked.kind, asked.atom) == (Kind.REQUEST_APPROVAL, None)
    assert (over.kind, over.decision, over.reason) == (Kind.REQUEST_APPROVAL, Decision.DENY, Reason.APPROVER)
    assert said(came())[0].kind is Kind.USE


def begun(*records):
    """Names of the conversations that begin in a file, and what they are within."""
    return [(each.task, each.parent_task) for each in told(*records) if each.kind is Kind.TASK_START]


def test_a_session_begins_with_its_first_record():
    """A record without a parent begins it where none of the session came before; a branch from it later does not."""
    first, other = record(parentUuid=None, uuid="example-2"), record(uuid="example-3", parentUuid="example-2")
    assert begun(first, other) == [(SESSION, None)]
    assert begun(other, first) == []
    assert begun(first, record(parentUuid=None, uuid="example-4")) == [(SESSION, None)]
    assert begun(record(parentUuid=None, type="system", subtype="informational", message=None)) == [(SESSION, None)]


def test_a_summary_is_no_beginning():
    """A record that goes on after a summary has no parent, but something before it."""
    assert begun(record(parentUuid=None, logicalParentUuid="example-0", type="system")) == []


def test_what_a_branch_copied_is_told_elsewhere():
    """Copied records are silent, and the branch begins with its first own record."""
    copied = record(call(), uuid="example-2", forkedFrom={"sessionId": "example-other", "messageUuid": "example-2"})
    own = record(uuid="example-3", parentUuid="example-2")
    [event] = told(copied, own)
    assert (event.kind, event.id) == (Kind.TASK_START, "example-3")


def test_a_sub_agent_is_a_task_below_its_session():
    """Its records name it, or, in old versions, lead back to the record that it began with."""
    named = record(parentUuid=None, isSidechain=True, agentId="a1")
    assert begun(named) == [(f"{SESSION}/a1", SESSION)]
    old = [
        record(parentUuid=None, isSidechain=True, uuid="one"),
        record(parentUuid=None, isSidechain=True, uuid="two"),
        record(call(), parentUuid="one", isSidechain=True, uuid="three"),
        record(came(), parentUuid="three", isSidechain=True, uuid="four"),
    ]
    assert begun(*old) == [(f"{SESSION}/one", SESSION), (f"{SESSION}/two", SESSION)]
    assert [each.task for each in told(*old)[2:]] == [f"{SESSION}/one"] * 2
    [lost] = told(old[2])
    assert (lost.task, lost.principal) == (None, None)


def test_a_sub_agent_ends_when_it_is_last_said_to_be_done():
    """The call that began it says so; one sent on again ends with the last; one under way does not."""
    done = {"status": "completed", "agentId": "a1"}
    first = record(came(), uuid="example-2", toolUseResult=done)
    again = record(came(id_="call-2"), uuid="example-3", toolUseResult=done)
    [end] = [each for each in told(first, again) if each.kind is Kind.TASK_END]
    assert (end.id, end.task, end.reason) == (f"example-3 ends {SESSION}/a1", f"{SESSION}/a1", Reason.COMPLETED)
    assert end.principal == Party(f"{SESSION}/a1", PrincipalKind.AGENT_INSTANCE)
    assert len(told(first, again)) == 3
    under_way = record(came(), toolUseResult={"status": "async_launched", "agentId": "a1"})
    assert [each.kind for each in told(under_way)] == [Kind.USE]


def test_a_sub_agent_is_told_of_by_the_call_that_began_it():
    """Its own first record and the first result of the call are stages of one beginning, as long before as it took."""
    result = {"status": "completed", "agentId": "a1", "totalDurationMs": 2000}
    [own] = told(record(parentUuid=None, isSidechain=True, agentId="a1"))
    begins, _, ends = sorted(told(record(came(), toolUseResult=result)), key=lambda each: each.kind != Kind.TASK_START)
    assert (own.id, own.stage, begins.id, begins.stage) == (f"{SESSION}/a1 begins", 1, f"{SESSION}/a1 begins", 2)
    assert (begins.task, begins.parent_task, begins.operation) == (own.task, own.parent_task, None)
    assert begins.principal == own.principal
    assert ends.time - begins.time == 2_000_000


@pytest.mark.parametrize("kind", ["summary", "queue-operation", "file-history-snapshot", "custom-title", "system"])
def test_bookkeeping_is_silent(kind):
    """Records that are no part of a conversation tell nothing that anybody did."""
    assert SOURCE.translate({"type": kind}) == ()


@pytest.mark.parametrize(("kind", "reason"), [("tool_event", "of the type 'tool_event', of which"), (None, "no type")])
def test_an_unknown_kind_is_refused(kind, reason):
    """What a record of a kind that is not known tells is not passed over: it is refused, with its kind."""
    with pytest.raises(RecordError, match=reason):
        SOURCE.translate({"type": kind, "sessionId": "s", "uuid": "u", "timestamp": "2026-03-02T10:00:00Z"})


def test_text_is_silent():
    """What is said, thought and shown is nothing that was done."""
    assert said() == ()
    assert said({"type": "text", "text": '{"type": "tool_use"}'}, {"type": "thinking", "thinking": "..."}) == ()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"type": None}, "no type"),
        ({"uuid": None}, "no uuid"),
        ({"sessionId": ""}, "no sessionId"),
        ({"timestamp": None}, "no timestamp"),
        ({"timestamp": "noon"}, "timestamp is no time: 'noon'"),
        ({"message": []}, "message is a list where an object belongs"),
        ({"message": {"content": {}}}, "content is an object where a list belongs"),
        ({"message": {"content": [call(id_=None)]}}, "no id"),
        ({"message": {"content": [call(tool="")]}}, "no name"),
        ({"message": {"content": [call(arguments="ls")]}}, "input is text where an object belongs"),
        ({"message": {"content": [came(id_=None)]}}, "no tool_use_id"),
    ],
)
def test_what_cannot_be_understood_is_refused(fields, reason):
    """A record without what every record has, or with something else in its place, is refused for just that."""
    [item] = SOURCE.records(json.dumps({**MESSAGE, **fields}).encode())
    with pytest.raises(RecordError) as refused:
        SOURCE.translate(item.record)
    assert str(refused.value) == reason


@pytest.mark.parametrize(
    "odd",
    [
        {"parentUuid": ["a"]},
        {"uuid": {"a": 1}},
        {"agentId": 7, "isSidechain": True},
        {"toolUseResult": {"status": "completed", "agentId": ["a"]}},
        {"conversation": {"name": "another", "ends": "another", "begins": True}},
    ],
)
def test_odd_fields_make_up_nothing(odd):
    """A field of another type is one that is not there, and nobody can pretend to be what the reader knows."""
    kinds = {each.kind for each in told(record(came()) | odd)}
    assert kinds == {Kind.USE}


@pytest.mark.parametrize(
    ("sample", "known"),
    [
        (b'{"parentUuid":null,"isSidechain":false,"userType":"external"', True),
        (b'{"type":"summary","summary":"An example","leafUuid":"example"}', True),
        (b'{"type": "queue-operation", "operation": "enqueue", "timestamp"', True),
        (b'{"sessionId":"example","type":"session"}', False),
        (b'{"text":"{\\"parentUuid\\":null,\\"sessionId\\":1}"}', False),
        (b"# Sessions\n\nparentUuid, sessionId", False),
        (b"", False),
    ],
)
def test_transcripts_are_told_by_their_keys(sample, known):
    """A file is a transcript if two of a record's own keys occur in its beginning, or one and a kind of its own."""
    assert bool(recognised(sample, {"it": SOURCE})) is known


@pytest.fixture(scope="module")
def store():
    """The sample, ingested."""
    with Store.in_memory() as opened:
        ingest([SAMPLE], opened)
        yield opened


def test_what_no_transcript_shows_is_open(store):
    """Neither credentials nor whether all of it is there is told, so that nothing is proven to be nothing of these."""
    with examine(store, "log") as examination:
        for measure, part in (
            ("privilege_hours", "held"),
            ("approvals", "requests_per_100_tasks"),
            ("forensics", "who"),
        ):
            [answer] = answers(examination, measure).values()
            assert answer[part][:2] == (None, None)


def test_sub_agents_of_a_session_that_began_before_are_counted(store):
    """If the sample were all there is, three sub-agents began; two of a session whose beginning it does not show."""
    store.connection.execute("UPDATE fact.log_profile SET whole = true WHERE name = 'agent_transcript'")
    with examine(store, "log") as examination:
        [answer] = answers(examination, "delegation").values()
    assert answer["all sub_agents"][:2] == (3, 3)
