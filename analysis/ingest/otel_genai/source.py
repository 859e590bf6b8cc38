"""OpenTelemetry GenAI traces as a source: what one span says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from analysis.ingest.fields import flag, hashed, part, text
from analysis.ingest.observed import Atom, Observed, Party, Weight
from analysis.ingest.otel_genai.kinds import Span, agent, called, decision, declared, kind
from analysis.ingest.otel_genai.spans import attributes, ends, failed, identity, message, parent, spans, starts
from analysis.ingest.otel_genai.tree import Tree, name
from analysis.ingest.pieces import Text
from analysis.ingest.reading import Found, Refused, Remark
from analysis.ingest.source import Log
from analysis.ingest.strict import Record, RecordError
from sim.audit.ids import PrincipalKind
from sim.audit.rows import UNKNOWN, Kind, Reason

_DOCUMENTS: Final = frozenset(("resourceSpans", "scopeSpans", "instrumentationLibrarySpans"))
_IDS: Final = frozenset(("traceid", "spanid"))
_STARTS: Final = frozenset(("starttime", "starttimeunixnano"))


class OtelGenai:
    """OpenTelemetry traces of agents, in the OTLP JSON encoding."""

    @property
    def log(self) -> Log:
        """Microseconds, at the start; which agent did what for which task, for how long."""
        return Log(
            title="OpenTelemetry GenAI traces",
            signs='JSON with "resourceSpans", or spans with trace id, span id and start',
            profile="otel_genai",
            resolution=1,
            meaning="start",
            system="tools",
            level="full",
            missing="credentials; what was touched; whether spans were dropped",
            assumptions=declared(),
            under=("resourceSpans",),
        )

    def identify(self, record: Record) -> bool:
        """Whether it is a document of traces or a part of one, or has the ids of a span and its start."""
        context = record.get("context")
        names = {name.lower().replace("_", "") for name in (*record, *(context if isinstance(context, dict) else ()))}
        return not _DOCUMENTS.isdisjoint(record) or (names >= _IDS and not _STARTS.isdisjoint(names))

    def records(self, data: Text) -> Iterator[Found | Refused | Remark]:
        """Each span, with the task that encloses it in this file."""
        tree, lost = Tree(spans(data)), 0
        for each in spans(data):
            if isinstance(each, Found):
                within, known = _within(tree, each.record)
                lost += not known
                yield replace(each, beside={"within": within})
            else:
                yield each
        if lost:
            yield Remark(
                f"spans whose enclosing spans are not in the same file, taken to be part of their trace: {lost:,}"
            )

    def translate(self, record: Record) -> Sequence[Observed]:
        """The start and end of a task, a use, or nothing."""
        span = part(record, "span")
        told = attributes(span)
        what = kind(told)
        if what is Span.OTHER:
            return ()
        read = _read(record, span, told)
        return _task(read, what) if what.is_task else (_use(read),)

    def weight(self, atom: Atom) -> Weight:  # noqa: ARG002 - no span names an atom
        """Nothing: what is touched is not told."""
        return Weight(1, 0, 0)


SOURCE: Final = OtelGenai()


@dataclass(frozen=True, slots=True)
class _Read:
    """What tasks and uses have in common."""

    span: Record
    told: Mapping[str, str]
    trace: str
    name: str
    started: int
    ended: int
    principal: Party | None
    task: str | None

    @property
    def error(self) -> str | None:
        """What is said of an error; None where there was none."""
        if not failed(self.span):
            return called(self.told, "error")
        return called(self.told, "error") or message(self.span) or "error"


def _within(tree: Tree, record: Record) -> tuple[Record, bool]:
    """The task that encloses a span and its agent; and whether all was there that it takes to know."""
    try:
        span = part(record, "span")
        (trace, _), what = identity(span), kind(attributes(span))
        if trace is None or what is Span.OTHER:
            return {}, True
        found = tree.enclosing(trace, parent(span))
    except RecordError:
        return {}, True
    return {"task": found.task, "agent": found.agent, "known": found.known or None}, found.known


def _read(record: Record, span: Record, told: Mapping[str, str]) -> _Read:
    trace, own = identity(span)
    if trace is None or own is None:
        raise RecordError("no traceId or no spanId, by which a span is known")
    started, ended = starts(span), ends(span)
    if started == UNKNOWN:
        raise RecordError("no startTimeUnixNano")
    if ended != UNKNOWN and ended < started:
        raise RecordError("it ends before it starts: a clock was put back")
    within = part(record, "within")
    who = _principal(agent(told) or text(within, "agent"), attributes(part(record, "resource")))
    task = text(within, "task") or (None if flag(within, "known") else _whole(trace))
    return _Read(span, told, trace, name(trace, own), started, ended, who, task)


def _principal(whose: str | None, resource: Mapping[str, str]) -> Party | None:
    """The agent, else the service that the trace is of."""
    if whose is not None:
        return Party(whose, PrincipalKind.AGENT)
    service = called(resource, "service")
    return Party(service, PrincipalKind.SERVICE) if service is not None else None


def _whole(trace: str) -> str:
    """What is called the piece of work that a trace is, where no span of it is known to be one."""
    return f"trace {trace}"


def _task(read: _Read, what: Span) -> list[Observed]:
    session = called(read.told, "session")
    starting = Observed(
        id=f"{read.name} start",
        time=read.started,
        kind=Kind.TASK_START,
        operation=what.value,
        principal=read.principal,
        session=session,
        task=read.name,
        parent_task=read.task,
    )
    if read.ended == UNKNOWN:
        return [starting]
    error = read.error
    reason = Reason.COMPLETED if error is None else Reason.BROKEN
    ended = replace(starting, id=f"{read.name} end", time=read.ended, kind=Kind.TASK_END, parent_task=None)
    return [starting, replace(ended, reason=reason, error=error)]


def _use(read: _Read) -> Observed:
    error = read.error
    # Of a call that has not ended nobody knows yet how it was answered.
    decided, reason = decision(error) if error is not None or read.ended != UNKNOWN else (None, None)
    return Observed(
        id=read.name,
        time=read.started,
        kind=Kind.USE,
        operation=_tool(read),
        principal=read.principal,
        session=called(read.told, "session"),
        task=read.task or _whole(read.trace),
        action=called(read.told, "call"),
        duration=UNKNOWN if read.ended == UNKNOWN else read.ended - read.started,
        args=hashed(called(read.told, "arguments")),
        decision=decided,
        reason=reason,
        error=error,
    )


def _tool(read: _Read) -> str:
    """The tool, else what the span is about, else what it is called."""
    named = called(read.told, "tool") or called(read.told, "entity") or text(read.span, "name")
    return (named or "tool").removeprefix("execute_tool ")
