"""Inspect as a source: what one event of a sample says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from analysis.ingest.fields import hashed, moment, needed, part, parts, readable_moment, text
from analysis.ingest.inspect_eval.samples import GIVEN, spread
from analysis.ingest.observed import Atom, Observed, Party, Weight
from analysis.ingest.pieces import Text
from analysis.ingest.reading import Found, Refused, records
from analysis.ingest.source import Log
from analysis.ingest.strict import Record, RecordError
from analysis.ingest.toolbox import Toolbox
from sim.audit.ids import PrincipalKind
from sim.audit.rows import UNKNOWN, Decision, Kind, Reason

_TOOLS: Final = Toolbox(Path(__file__).with_name("tools.toml"))
_OF_A_RUN: Final = frozenset(("eval_id", "run_id"))
# inspect_ai, tool/_tool_call.py: types of error. All others leave open whether the call was let in.
_ERRORS: Final = {
    **dict.fromkeys(("timeout", "unicode_decode", "file_not_found", "is_a_directory"), (Decision.ALLOW, None)),
    **dict.fromkeys(("output_limit", "limit"), (Decision.ALLOW, None)),
    "permission": (Decision.DENY, Reason.OUT_OF_SCOPE),
    "approval": (Decision.DENY, Reason.APPROVER),
}
_ANSWERS: Final = {
    "approve": Decision.ALLOW, "modify": Decision.ALLOW, "reject": Decision.DENY, "terminate": Decision.DENY,
}  # fmt: skip


class Inspect:
    """Logs and samples of Inspect, as JSON."""

    @property
    def log(self) -> Log:
        """Microseconds, when something began; samples, tools and outcomes, and no credentials."""
        return Log(
            title="Inspect evaluation logs",
            signs='JSON samples with "id", "epoch" and "events", alone or in a log with "eval"',
            profile="agent_transcript",
            resolution=1,
            meaning="start",
            system="inspect_eval",
            level="full",
            missing="credentials; what was allowed; whether all samples are there",
            assumptions=_TOOLS.declared,
            under=("samples",),
        )

    def identify(self, record: Record) -> bool:
        """Whether it has the keys of a sample, or of a log or its head."""
        run = record.get("eval")
        of_a_log = "version" in record and isinstance(run, dict) and not _OF_A_RUN.isdisjoint(run)
        return of_a_log or (list(record)[:2] == ["id", "epoch"] and type(record["epoch"]) is int)

    def records(self, data: Text) -> Iterator[Found | Refused]:
        """Each event of each sample; a log without samples is one record."""
        return spread(records(data, "samples"))

    def translate(self, record: Record) -> tuple[Observed, ...]:
        """What began, was called, was decided or ended."""
        if "event" not in record:
            if "eval" in record:
                return ()
            raise RecordError("no events: nothing says when what it tells happened")
        return tuple(_told(record, part(record, GIVEN)))

    def weight(self, atom: Atom) -> Weight:
        """What tools.toml declares."""
        return _TOOLS.weight(atom)


SOURCE: Final = Inspect()


def _told(event: Record, given: Record) -> Iterator[Observed]:
    """What an event tells, and in old logs those that lie within it."""
    kind, task = needed(event, "event"), needed(given, "task")
    match kind:
        case "sample_init" | "span_begin" | "span_end":
            yield from _turn(event, kind, task, text(given, "within"))
        case "tool":
            yield _call(event, task)
        case "approval":
            yield _approval(event, task)
    if given.get("ends") is True:
        yield _end(event, kind, needed(given, "sample"))
    for inner in parts(event, "events"):
        yield from _told(inner, {"task": task})


def _turn(event: Record, kind: str, task: str, within: str | None) -> Iterator[Observed]:
    """A sample begins, or an agent in it begins or is done; other spans are of no task of their own."""
    span = text(event, "id")
    if kind == "sample_init" or (span is not None and task.endswith(f"/{span}")):
        yield Observed(
            id=f"{task} {kind}",
            time=moment(event, "timestamp"),
            kind=Kind.TASK_END if kind == "span_end" else Kind.TASK_START,
            operation=kind,
            principal=_agent(task),
            task=task,
            parent_task=within,
        )


def _end(event: Record, kind: str, sample: str) -> Observed:
    """A sample is done, or was stopped."""
    return Observed(
        id=f"{sample} ends",
        time=moment(event, "timestamp"),
        kind=Kind.TASK_END,
        operation=kind,
        principal=_agent(sample),
        task=sample,
        reason=Reason.COMPLETED if kind == "score" else Reason.BROKEN,
        error=text(event, "type") if kind == "sample_limit" else None,
    )


def _call(event: Record, task: str) -> Observed:
    tool, arguments = needed(event, "function"), part(event, "arguments")
    wrong = part(event, "error")
    decision, reason = _ERRORS.get(text(wrong, "type") or "", (None, None)) if wrong else (Decision.ALLOW, None)
    return Observed(
        id=f"{task}/{needed(event, 'id')}",
        time=moment(event, "timestamp"),
        kind=Kind.REQUEST_APPROVAL if _TOOLS.asks(tool) else Kind.USE,
        operation=tool,
        principal=_agent(task),
        task=task,
        atom=_TOOLS.atom(tool),
        resource=_TOOLS.resource(tool, arguments),
        args=hashed(arguments),
        duration=_length(event),
        decision=None if event.get("pending") is True else decision,
        reason=reason,
        error=(text(wrong, "type") or "error") if wrong else None,
    )


def _approval(event: Record, task: str) -> Observed:
    """A person, or a rule, lets a call through or does not; who escalates leaves it to another."""
    call, approver = part(event, "call"), needed(event, "approver")
    return Observed(
        id=f"{task}/{needed(call, 'id')} {approver} {text(event, 'timestamp')}",
        time=moment(event, "timestamp"),
        kind=Kind.REQUEST_APPROVAL if approver == "human" else Kind.DECIDE,
        operation=text(call, "function"),
        principal=_agent(task),
        task=task,
        args=hashed(call.get("arguments")),
        decision=_ANSWERS.get(text(event, "decision") or ""),
        reason=Reason.APPROVER if approver == "human" else Reason.POLICY,
    )


def _agent(task: str) -> Party:
    """Who does a task: an agent that has no other name than this."""
    return Party(task, PrincipalKind.AGENT_INSTANCE)


def _length(event: Record) -> int:
    """From the start of a call to its end, where that is told."""
    over = readable_moment(event, "completed")
    return UNKNOWN if over == UNKNOWN else max(0, over - moment(event, "timestamp"))
