"""Claude Code as a source: what one record of a transcript says."""

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from analysis.ingest.claude_code.answers import answer
from analysis.ingest.claude_code.conversations import followed
from analysis.ingest.claude_code.messages import Message, error, instance, message, pieces, told
from analysis.ingest.fields import hashed, needed, part, text
from analysis.ingest.observed import Atom, Observed, Weight
from analysis.ingest.pieces import Text
from analysis.ingest.reading import Found, Refused, records
from analysis.ingest.source import Log
from analysis.ingest.strict import Record, RecordError
from analysis.ingest.toolbox import Toolbox
from sim.audit.rows import UNKNOWN, Kind, Reason

_TOOLS: Final = Toolbox(Path(__file__).with_name("tools.toml"))
# Records of what is no turn, of which each has a key of its own.
_BOOKKEEPING: Final = {
    "summary": "leafUuid",
    "file-history-snapshot": "isSnapshotUpdate",
    "queue-operation": "operation",
}
# Records that speak, and others that may be the first of a conversation.
_SPOKEN: Final = ("user", "assistant")
_OTHERS: Final = ("system", "attachment", "progress")
# Others, besides bookkeeping: names and titles, modes, links, what is put back when somebody goes back.
_SILENT: Final = (
    *_BOOKKEEPING, "file-history-delta", "custom-title", "ai-title", "agent-name", "last-prompt", "mode",
    "permission-mode", "pr-link", "frame-link",
)  # fmt: skip
# How long a tool says that it took: the field, and its unit in microseconds.
_LENGTHS: Final = {"durationMs": 1_000, "totalDurationMs": 1_000, "durationSeconds": 1_000_000}
# Longer than this, a hundred years, nothing took.
_TOO_LONG: Final = 100 * 366 * 86_400 * 1_000_000


class ClaudeCode:
    """Transcripts of Claude Code, a record a line."""

    @property
    def log(self) -> Log:
        """Milliseconds, when a call was asked for; tasks, tools and outcomes, and no credentials."""
        return Log(
            title="Claude Code transcripts",
            signs='JSON records with "sessionId", "parentUuid" and "isSidechain"',
            profile="agent_transcript",
            resolution=1_000,
            meaning="start",
            system="claude_code",
            level="full",
            missing="credentials; what was allowed; whether all sessions and sub-agents are there",
            assumptions=_TOOLS.declared,
            under=("records",),
        )

    def identify(self, record: Record) -> bool:
        """Whether it has the keys of a turn, or is bookkeeping with its own."""
        turn = "parentUuid" in record and "isSidechain" in record
        return turn or _BOOKKEEPING.get(text(record, "type") or "", "type") in record.keys() - {"type"}

    def records(self, data: Text) -> Iterator[Found | Refused]:
        """Each record, with what those before it tell of its conversation."""
        return followed(records(data, "records"), _TOOLS.asks)

    def translate(self, record: Record) -> tuple[Observed, ...]:
        """What begins, is called, comes back and ends."""
        kind = _kind(record)
        speaks = kind in _SPOKEN or (kind in _OTHERS and text(record, "uuid") is not None)
        if not speaks or record.get("forkedFrom"):
            return ()
        spoken = message(record)
        return (*_beginning(spoken, kind), *_calls(spoken), *_results(spoken), *_ending(spoken))

    def weight(self, atom: Atom) -> Weight:
        """What tools.toml declares."""
        return _TOOLS.weight(atom)


SOURCE: Final = ClaudeCode()


def _kind(record: Record) -> str:
    """What a record is: one of the kinds that are known, of which some tell of nothing that anybody did."""
    kind = needed(record, "type")
    if kind not in (*_SPOKEN, *_OTHERS, *_SILENT):
        raise RecordError(f"a record of the type {kind[:40]!a}, of which it is not known what it tells")
    return kind


def _beginning(spoken: Message, kind: str) -> Iterator[Observed]:
    """A conversation begins; that of a sub-agent is told of by the call that began it too, and is one event."""
    if spoken.begins and spoken.name:
        within = spoken.within is not None
        id_, stage = (f"{spoken.name} begins", 1) if within else (spoken.id, None)
        yield replace(_turn(spoken, Kind.TASK_START, id_, spoken.name, spoken.within), operation=kind, stage=stage)
    length = _length(spoken.record)
    if spoken.launches and length != UNKNOWN:
        start = _turn(spoken, Kind.TASK_START, f"{spoken.launches} begins", spoken.launches, spoken.session)
        yield replace(start, time=spoken.time - length, stage=2)


def _calls(spoken: Message) -> Iterator[Observed]:
    """What was asked for."""
    for call in pieces(spoken.record, "tool_use"):
        tool, arguments = needed(call, "name"), part(call, "input")
        yield Observed(
            id=f"{spoken.session}/{needed(call, 'id')}",
            stage=1,
            time=spoken.time,
            kind=Kind.REQUEST_APPROVAL if _TOOLS.asks(tool) else Kind.USE,
            operation=tool,
            principal=spoken.agent,
            task=spoken.name,
            atom=_TOOLS.atom(tool),
            resource=_TOOLS.resource(tool, arguments),
            args=hashed(arguments),
            user_agent=spoken.client,
            request_id=text(spoken.record, "requestId"),
        )


def _results(spoken: Message) -> Iterator[Observed]:
    """What came of it, by the id of the call alone."""
    for result in pieces(spoken.record, "tool_result"):
        call, wrong = needed(result, "tool_use_id"), error(result)
        outcome = answer(wrong)
        yield Observed(
            id=f"{spoken.session}/{call}",
            stage=2,
            time=spoken.time,
            kind=Kind.REQUEST_APPROVAL if call in spoken.asked else Kind.USE,
            principal=spoken.agent,
            task=spoken.name,
            duration=_length(spoken.record),
            decision=outcome.decision,
            reason=outcome.reason,
            error=told(wrong),
            user_agent=spoken.client,
        )


def _ending(spoken: Message) -> Iterator[Observed]:
    """The sub-agent that is done, and does not go on later."""
    if spoken.ends:
        end = _turn(spoken, Kind.TASK_END, f"{spoken.id} ends {spoken.ends}", spoken.ends)
        yield replace(end, operation="completed", reason=Reason.COMPLETED)


def _turn(spoken: Message, kind: Kind, id_: str, conversation: str, within: str | None = None) -> Observed:
    """A conversation begins or ends."""
    return Observed(
        id=id_,
        time=spoken.time,
        kind=kind,
        principal=instance(conversation),
        task=conversation,
        parent_task=within,
        user_agent=spoken.client,
    )


def _length(record: Record) -> int:
    """How long a call took, in microseconds, where its tool measured that."""
    result = record.get("toolUseResult")
    if not isinstance(result, dict):
        return UNKNOWN
    for field, unit in _LENGTHS.items():
        value = result.get(field)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value * unit < _TOO_LONG:
            return math.floor(value * unit)
    return UNKNOWN
