"""What one event of an Inspect sample says, and what its sample adds: tasks, calls, and who let them through."""

import json

import pytest

from analysis.ingest.beginning import recognised
from analysis.ingest.inspect_eval.source import SOURCE
from analysis.ingest.instants import instant
from analysis.ingest.observed import Atom, Party, Resource
from analysis.ingest.strict import RecordError
from sim.audit.ids import PrincipalKind
from sim.audit.rows import UNKNOWN, Decision, Kind, Reason

AT = "2026-03-04T01:00:00.123456-08:00"
CALL = {
    "event": "tool",
    "timestamp": AT,
    "id": "call-1",
    "function": "bash",
    "arguments": {"cmd": "ls"},
    "result": "a",
}
SAMPLE = {"id": 1, "epoch": 2, "input": "Begin.", "uuid": "example"}


def event(kind="tool", **fields):
    """An event of a kind."""
    return {**(CALL if kind == "tool" else {"event": kind, "timestamp": AT}), **fields}


def told(*events, **fields):
    """What a sample of these events says."""
    data = json.dumps({**SAMPLE, **fields, "events": events}).encode()
    return [each for item in SOURCE.records(data) for each in SOURCE.translate(item.record)]


def test_a_call_is_one_event():
    """It is timed by its start, and its length is known where its end is."""
    [call] = told(event(completed="2026-03-04T09:00:01.623456+00:00", working_time=1.0))
    assert (call.id, call.stage, call.kind, call.operation) == ("example/call-1", None, Kind.USE, "bash")
    assert (call.time, call.duration) == (instant(AT), 1_500_000)
    assert (call.decision, call.error, call.atom) == (Decision.ALLOW, None, Atom("shell", "write"))
    assert call.principal == Party("example", PrincipalKind.AGENT_INSTANCE)
    assert told(event())[0].duration == UNKNOWN


@pytest.mark.parametrize(
    ("error", "decision", "reason"),
    [
        (None, Decision.ALLOW, None),
        ("timeout", Decision.ALLOW, None),
        ("file_not_found", Decision.ALLOW, None),
        ("output_limit", Decision.ALLOW, None),
        ("permission", Decision.DENY, Reason.OUT_OF_SCOPE),
        ("approval", Decision.DENY, Reason.APPROVER),
        ("parsing", None, None),
        ("unknown", None, None),
        ("cancelled", None, None),
    ],
)
def test_an_error_says_who_let_it_in(error, decision, reason):
    """Its type tells a refusal from a failure; one that does not, and a call under way, leave it open."""
    [call] = told(event(error=error and {"type": error, "message": "..."}))
    assert (call.decision, call.reason, call.error) == (decision, reason, error)
    assert told(event(pending=True))[0].decision is None


@pytest.mark.parametrize(
    ("tool", "arguments", "atom", "resource", "tier"),
    [
        ("python", {"code": "1"}, Atom("shell", "write"), None, 3),
        ("text_editor", {"path": "/a"}, Atom("files", "write"), Resource("/a", "files"), 2),
        ("web_browser_go", {"url": "https://a.example/b"}, Atom("web", "read"), Resource("a.example", "web"), 2),
        ("web_browser_type_submit", {}, Atom("web", "write"), None, 2),
        ("submit", {"answer": "1"}, Atom("session", "write"), None, 1),
        ("transfer_to_critic", {}, Atom("agents", "write"), None, 1),
        ("lookup", {}, Atom("lookup", "write"), None, 2),
    ],
)
def test_what_a_tool_needs_is_declared(tool, arguments, atom, resource, tier):
    """Level, group and tier are declared; a path or a host is touched; what is not declared may change something."""
    [call] = told(event(function=tool, arguments=arguments))
    assert (call.atom, call.resource) == (atom, resource)
    assert SOURCE.weight(atom).tier == tier


@pytest.mark.parametrize(
    ("approver", "decision", "kind", "answer"),
    [
        ("human", "approve", Kind.REQUEST_APPROVAL, Decision.ALLOW),
        ("human", "modify", Kind.REQUEST_APPROVAL, Decision.ALLOW),
        ("human", "reject", Kind.REQUEST_APPROVAL, Decision.DENY),
        ("human", "terminate", Kind.REQUEST_APPROVAL, Decision.DENY),
        ("allowlist", "escalate", Kind.DECIDE, None),
    ],
)
def test_an_approval_is_by_a_person_or_a_rule(approver, decision, kind, answer):
    """A person is asked and answers, a rule decides; who escalates leaves it to another."""
    call = {"id": "call-1", "function": "bash", "arguments": {}}
    [asked] = told(event("approval", approver=approver, decision=decision, call=call))
    assert (asked.kind, asked.decision, asked.operation, asked.atom) == (kind, answer, "bash", None)


@pytest.mark.parametrize(
    ("ending", "reason", "error"),
    [
        (event("score", intermediate=False), Reason.COMPLETED, None),
        (event("score"), Reason.COMPLETED, None),
        (event("sample_limit", type="time"), Reason.BROKEN, "time"),
        (event("error", error={"message": "..."}), Reason.BROKEN, None),
    ],
)
def test_a_sample_is_a_task(ending, reason, error):
    """It begins with its first event and ends once, with whatever first says so."""
    [start, end] = told(event("sample_init"), event("score", intermediate=True), ending, event("score"))
    assert (start.kind, end.kind) == (Kind.TASK_START, Kind.TASK_END)
    assert (start.task, end.task, end.reason, end.error) == ("example", "example", reason, error)


def test_a_sample_without_an_id_is_known_by_its_time():
    """Its number and epoch are not enough: another evaluation has them too."""
    assert told(event("sample_init"), uuid=None)[0].task == f"1/2 {AT}"


def test_an_agent_in_a_span_is_a_task_below():
    """What lies in its span, also in spans within, is its own; other spans are of whatever they are within."""
    spans = [
        event("span_begin", id="a", parent_id=None, type="solver"),
        event("span_begin", id="b", parent_id="a", type="agent"),
        event("span_begin", id="c", parent_id="b", type="tool"),
    ]
    found = told(*spans, event(span_id="c"), event("span_end", id="c"), event("span_end", id="b"), event(span_id="a"))
    assert [(each.kind, each.task) for each in found] == [
        (Kind.TASK_START, "example/b"), (Kind.USE, "example/b"), (Kind.TASK_END, "example/b"), (Kind.USE, "example"),
    ]  # fmt: skip
    assert (found[0].parent_task, found[2].reason) == ("example", None)


def test_calls_within_a_call_are_told():
    """Old logs keep events of a call within it."""
    assert [each.id for each in told(event(events=[event("logger"), event(id="call-2")]))] == [
        "example/call-1", "example/call-2",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["model", "state", "store", "step", "logger", "info", "sandbox", "input", "subtask"])
def test_thoughts_and_parts_are_silent(kind):
    """What is thought, logged, or part of a call is nothing that was done besides."""
    assert told(event(kind)) == []


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({**SAMPLE, "messages": []}, "no events: nothing says when what it tells happened"),
        ({**SAMPLE, "events": [event(timestamp=None)]}, "no timestamp"),
        ({**SAMPLE, "events": [event(timestamp="noon")]}, "timestamp is no time: 'noon'"),
        ({**SAMPLE, "events": [event(id=None)]}, "no id"),
        ({**SAMPLE, "events": [event(function=None)]}, "no function"),
        ({**SAMPLE, "events": [event(arguments=[1])]}, "arguments is a list where an object belongs"),
        ({**SAMPLE, "events": [event("approval")]}, "no approver"),
        ({**SAMPLE, "events": [{"event": None}]}, "no event"),
    ],
)
def test_what_cannot_be_understood_is_refused(record, reason):
    """A record without what every record has, or with something else in its place, is refused for just that."""
    [item] = SOURCE.records(json.dumps(record).encode())
    with pytest.raises(RecordError) as refused:
        _ = [*SOURCE.translate(item.record)]
    assert str(refused.value) == reason


@pytest.mark.parametrize(
    ("sample", "known"),
    [
        (b'{\n  "id": 15,\n  "epoch": 1,\n  "input": "', True),
        (b'{"id": "a\\"b, c", "epoch": 1', True),
        (b'{"version": 2, "status": "success", "eval": {"run_id": "example"', True),
        (b'{"version": 2, "eval": {"eval_id": "example"', True),
        (b'{"version": 2, "eval": "none"}', False),
        (b'{"id": 15, "name": "epoch"}', False),
        (b'{"epoch": 1, "id": 15}', False),
        (b"", False),
    ],
)
def test_logs_are_told_by_their_beginning(sample, known):
    """A file is one if it begins like a sample, or like a log or the head of one."""
    assert bool(recognised(sample, {"it": SOURCE})) is known
