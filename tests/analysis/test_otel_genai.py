"""OpenTelemetry traces of agents: what a span says under three generations of names, and who encloses it."""

import json
from itertools import pairwise
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.ingest.beginning import recognised
from analysis.ingest.ingest import ingest
from analysis.ingest.instants import instant
from analysis.ingest.observed import Party
from analysis.ingest.otel_genai.source import SOURCE
from analysis.ingest.reading import Found, Refused, Remark
from analysis.ingest.strict import RecordError
from analysis.measures.examination import examine
from analysis.measures.measure import measures
from sim.audit.ids import PrincipalKind
from sim.audit.rows import UNKNOWN, Decision, Kind, Reason
from sim.audit.store import Store
from tests.ledgers import answers

SAMPLE = Path(__file__).parents[2] / "data" / "samples" / "otel_genai"
TRACE = "00000000000000000000000000000abc"
NOON = 1_772_452_800_000_000  # 2026-03-02 12:00:00
TOOL = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "crm.find"}
AGENT = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "Triage"}


def span(own, above=None, attributes=TOOL, **more):
    """A span of one second, from noon on."""
    listed = [{"key": key, "value": {"stringValue": value}} for key, value in attributes.items()]
    ends = {"startTimeUnixNano": f"{NOON}000", "endTimeUnixNano": f"{NOON + 1_000_000}000"}
    ids = {"traceId": TRACE, "spanId": own, **({"parentSpanId": above} if above else {})}
    return {**ids, **ends, "attributes": listed, **more}


def document(*spans):
    """A document of one service."""
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": "support"}}]}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": list(spans)}]}]}


def read(*spans):
    """What a file of these spans gives: each record, or why it is refused, and remarks."""
    return list(SOURCE.records(json.dumps(document(*spans)).encode()))


def said(*spans):
    """The events that such a file tells of, by name."""
    found = [each for each in read(*spans) if isinstance(each, Found)]
    return {event.id.removeprefix(f"{TRACE}/"): event for each in found for event in told(each)}


def told(found):
    """What a record tells, with what others in its file tell of it."""
    return SOURCE.translate({**found.record, **(found.beside or {})})


def test_an_agent_is_a_task_from_its_start_to_its_end():
    """Its span is a piece of work, named by its ids, of the agent that it names."""
    starts, ends = said(span("a1", attributes={**AGENT, "gen_ai.conversation.id": "c"})).values()
    assert (starts.kind, starts.time, starts.task, starts.parent_task) == (Kind.TASK_START, NOON, f"{TRACE}/a1", None)
    assert (ends.kind, ends.time, ends.task, ends.reason) == (
        Kind.TASK_END, NOON + 1_000_000, f"{TRACE}/a1", Reason.COMPLETED,
    )  # fmt: skip
    assert starts.principal == ends.principal == Party("Triage", PrincipalKind.AGENT)
    assert (starts.session, starts.credential, starts.atom) == ("c", None, None)


def test_a_tool_is_a_use_by_the_agent_that_encloses_it():
    """Also through spans that are neither; with its duration, its call and a hash of its arguments."""
    chat = {"gen_ai.operation.name": "chat"}
    call = {**TOOL, "gen_ai.tool.call.id": "call-1", "gen_ai.tool.call.arguments": "{}"}
    use = said(span("c3", "b2", call), span("b2", "a1", chat), span("a1", attributes=AGENT))["c3"]
    assert (use.kind, use.operation, use.task) == (Kind.USE, "crm.find", f"{TRACE}/a1")
    assert use.principal == Party("Triage", PrincipalKind.AGENT)
    assert (use.action, use.duration, use.decision) == ("call-1", 1_000_000, Decision.ALLOW)
    assert 0 <= use.args < 2**63


def test_a_sub_agent_is_a_task_within_the_task():
    """The next task that encloses it, be that a workflow."""
    flow = {"gen_ai.operation.name": "invoke_workflow", "gen_ai.workflow.name": "flow"}
    events = said(
        span("a1", attributes=flow), span("b2", "a1", AGENT), span("c3", "b2", {**AGENT, "gen_ai.agent.id": "sub"})
    )
    parents = {name: event.parent_task for name, event in events.items() if event.kind is Kind.TASK_START}
    assert parents == {"a1 start": None, "b2 start": f"{TRACE}/a1", "c3 start": f"{TRACE}/b2"}
    assert events["c3 start"].principal.name == "sub"
    assert events["a1 start"].principal == Party("support", PrincipalKind.SERVICE)


@pytest.mark.parametrize(
    ("agent", "tool", "name"),
    [
        (
            {"gen_ai.operation.name": "invoke_agent", "gen_ai.provider.name": "p", "gen_ai.agent.name": "x"},
            {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "t"},
            "t",
        ),
        (
            {"gen_ai.operation.name": "invoke_agent", "gen_ai.system": "p", "gen_ai.agent.id": "x"},
            {"gen_ai.operation.name": "execute_tool"},
            "named",
        ),
        (
            {"traceloop.span.kind": "agent", "traceloop.entity.name": "x", "traceloop.workflow.name": "w"},
            {"traceloop.span.kind": "tool", "traceloop.entity.name": "t", "traceloop.workflow.name": "w"},
            "t",
        ),
        (
            {"openinference.span.kind": "AGENT", "agent.name": "x"},
            {"openinference.span.kind": "TOOL", "tool.name": "t"},
            "t",
        ),
        (
            {"gen_ai.operation.name": "invoke_agent", "traceloop.span.kind": "task", "gen_ai.agent.name": "x"},
            {"gen_ai.operation.name": "execute_tool", "openinference.span.kind": "CHAIN", "tool.name": "t"},
            "t",
        ),
    ],
)
def test_every_generation_of_names_says_the_same(agent, tool, name):
    """An agent and its tool, whatever they are called; where a span has several names the latest counts."""
    use = said(span("a1", attributes=agent), span("b2", "a1", tool, name="execute_tool named"))["b2"]
    assert (use.operation, use.principal, use.task) == (name, Party("x", PrincipalKind.AGENT), f"{TRACE}/a1")


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"http.request.method": "GET"},
        {"gen_ai.operation.name": "chat", "traceloop.span.kind": "tool"},
        {"traceloop.span.kind": "task"},
        {"openinference.span.kind": "CHAIN"},
        {"openinference.span.kind": "LLM"},
    ],
)
def test_what_touches_nothing_is_silent(attributes):
    """A call to a model, a step of a program, a web request: neither work that anybody gave, nor access."""
    assert said(span("a1", attributes=attributes)) == {}


@pytest.mark.parametrize(
    ("status", "error", "decision", "reason"),
    [
        ({}, None, Decision.ALLOW, None),
        ({"code": 1}, None, Decision.ALLOW, None),
        ({"code": 2}, None, None, None),
        ({"code": "STATUS_CODE_ERROR", "message": "no such row"}, None, None, None),
        ({"code": 2}, "TimeoutError", None, None),
        ({"code": 2}, "403", Decision.DENY, Reason.OUT_OF_SCOPE),
        ({}, "PermissionError", Decision.DENY, Reason.OUT_OF_SCOPE),
        ({"status_code": "ERROR"}, "401", Decision.DENY, None),
        ({"code": 2}, "429", Decision.DENY, Reason.THROTTLED),
    ],
)
def test_an_error_is_a_refusal_only_where_it_says_so(status, error, decision, reason):
    """Of a call that failed otherwise nobody knows whether it was let in."""
    attributes = TOOL if error is None else {**TOOL, "error.type": error}
    use = said(span("a1", attributes=attributes, status=status))["a1"]
    assert (use.decision, use.reason) == (decision, reason)
    assert (use.error is None) == (decision is Decision.ALLOW)


def test_a_task_that_failed_is_broken_and_one_without_an_end_is_open():
    """An end of 0 is none, as the encoding has it."""
    assert said(span("a1", attributes=AGENT, status={"code": 2}))["a1 end"].reason is Reason.BROKEN
    assert list(said(span("a1", attributes=AGENT, endTimeUnixNano="0"))) == ["a1 start"]
    unfinished = said(span("a1", endTimeUnixNano=0))["a1"]
    assert (unfinished.duration, unfinished.decision) == (UNKNOWN, None)


def test_what_is_enclosed_by_what_is_not_there_serves_its_trace():
    """It is part of some work, and nobody knows which; that is told once a file. A root that is no task is a trace."""
    *_, remark = read(span("b2", "a1"), span("d4", "c3", AGENT), span("e5", "c3", {}))
    assert remark == Remark("spans whose enclosing spans are not in the same file, taken to be part of their trace: 2")
    lost = said(span("b2", "a1"), span("d4", "c3", AGENT))
    assert (lost["b2"].task, lost["d4 start"].parent_task) == (f"trace {TRACE}",) * 2
    rooted = said(span("a1", attributes={}), span("b2", "a1"), span("c3", "a1", AGENT))
    assert (rooted["b2"].task, rooted["c3 start"].parent_task) == (f"trace {TRACE}", None)
    assert rooted["b2"].principal == Party("support", PrincipalKind.SERVICE)


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ({"traceId": ""}, "no traceId or no spanId"),
        ({"spanId": "0" * 16}, "no traceId or no spanId"),
        ({"startTimeUnixNano": "0"}, "no startTimeUnixNano"),
        ({"startTimeUnixNano": "noon"}, "startTimeUnixNano is no time: 'noon'"),
        ({"endTimeUnixNano": "1" * 30}, "endTimeUnixNano is no time"),
        ({"endTimeUnixNano": "1"}, "it ends before it starts"),
        ({"attributes": "none"}, "attributes is text where a list belongs"),
        ({"status": []}, "status is a list where an object belongs"),
    ],
)
def test_a_span_that_cannot_be_is_refused(broken, why):
    """With the reason; its neighbours are told."""
    [first, *_] = (each for each in read({**span("a1"), **broken}, span("b2")) if isinstance(each, Found))
    with pytest.raises(RecordError, match=f"^{why}"):
        told(first)
    assert "b2" in said(span("b2"))


def test_forms_of_a_trace_are_alike():
    """A document, a document a line, older documents, a span a line and what an SDK prints tell the same use."""
    spans = span("a1", attributes=AGENT), span("b2", "a1")
    older = document(*spans)
    older["resourceSpans"][0]["instrumentationLibrarySpans"] = older["resourceSpans"][0].pop("scopeSpans")
    printed = [
        {
            "name": "n",
            "context": {"trace_id": f"0x{TRACE.upper()}", "span_id": f"0x{each['spanId']}"},
            "parent_id": each.get("parentSpanId") and f"0x{each['parentSpanId']}",
            "start_time": "2026-03-02T12:00:00.000000Z",
            "end_time": "2026-03-02T12:00:01Z",
            "status": {"status_code": "UNSET"},
            "attributes": {pair["key"]: pair["value"]["stringValue"] for pair in each["attributes"]},
        }
        for each in spans
    ]
    forms = [
        json.dumps(document(*spans), indent=2),
        "\n".join(json.dumps(document(each)) for each in reversed(spans)),
        json.dumps(older),
        "\n".join(map(json.dumps, spans)),
        "\n".join(json.dumps(each, indent=4) for each in printed),
    ]
    for form in forms:
        data = form.encode()
        assert recognised(data, {"it": SOURCE})
        events = {event.id: event for each in SOURCE.records(data) for event in told(each)}
        use = events[f"{TRACE}/b2"]
        assert (use.time, use.duration, use.task) == (NOON, 1_000_000, f"{TRACE}/a1")
        assert use.principal == Party("Triage", PrincipalKind.AGENT)


def test_times_are_instants():
    """The constant of these tests is noon."""
    assert instant("2026-03-02T12:00:00Z") == NOON


@pytest.mark.parametrize("document", [{"resourceMetrics": []}, {"traceId": "a", "body": "x"}, {"spanId": "a"}])
def test_other_signals_are_not_recognised(document):
    """Metrics, and log records that name a trace."""
    assert not recognised(json.dumps(document).encode(), {"it": SOURCE})


def test_scopes_that_are_no_list_are_refused():
    """And what follows is read."""
    broken = {"resourceSpans": [{"scopeSpans": {"spans": []}}, *document(span("a1"))["resourceSpans"]]}
    first, second = SOURCE.records(json.dumps(broken).encode())
    assert first == Refused(0, "scopeSpans is an object where a list of objects belongs")
    assert [event.operation for event in told(second)] == ["crm.find"]


def test_what_traces_cannot_say_has_no_answer():
    """Every measure takes such a log; what needs a credential or what was touched is not known, neither is it zero."""
    with Store.in_memory() as store:
        ingest([SAMPLE], store)
        with examine(store, "log") as examination:
            said = {each.name: answers(examination, each.name)[1] for each in measures() if "log" in each.evidence}
    known = {name for name, parts in said.items() for answer in parts.values() if answer[:2] != (None, None)}
    assert known == {"delegation"}
    assert said["delegation"]["all outlived"][1] is None


def test_spans_may_lie_deep():
    """Each of ten thousand within each other is passed once, and knows the task at the root of them."""
    ids = ["a1", *(f"{number:016x}" for number in range(1000, 11_000))]
    spans = [span("a1", attributes=AGENT), *(span(own, above) for above, own in pairwise(ids))]
    began = process_time()
    events = said(*spans, span("b2", ids[-1]))
    assert process_time() - began < 5
    assert events["b2"].task == f"{TRACE}/a1"


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
def test_spans_that_enclose_each_other_end_nowhere(order):
    """What lies within a circle is part of its trace, whichever of them is met first."""
    spans = [span("a1", "b2", {"gen_ai.agent.name": "x"}), span("b2", "a1", {}), span("c3", "b2")]
    events = said(*(spans[place] for place in order))
    assert events["c3"].task == f"trace {TRACE}"
    assert events["c3"].principal.name == "support"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
PARTS = ("traceId", "spanId", "parentSpanId", "name", "startTimeUnixNano", "endTimeUnixNano", "attributes", "status")


@given(
    altered=st.dictionaries(st.sampled_from((*PARTS, "context", "start_time")), JSON, min_size=1), agent=st.booleans()
)
def test_no_altered_span_takes_another_with_it(altered, agent):
    """Whatever a part of it holds, a span tells something, nothing or why not; what it encloses is told."""
    broken = {**span("a1", attributes=AGENT if agent else TOOL), **altered}
    for each in read(broken, span("b2", "a1")):
        if isinstance(each, Found):
            try:
                events = told(each)
            except RecordError:
                continue
            if each.record["span"]["spanId"] == "b2":
                assert [event.operation for event in events] == ["crm.find"]
                assert events[0].task in (f"{TRACE}/a1", f"trace {TRACE}")
