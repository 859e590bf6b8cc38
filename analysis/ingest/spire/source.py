"""The logs of SPIRE as a source: what one line says."""

import re
from collections.abc import Iterator
from typing import Final

from analysis.ingest.fields import moment, text
from analysis.ingest.observed import Atom, Observed, Party, Resource, Weight
from analysis.ingest.patterns import Keys
from analysis.ingest.pieces import Text
from analysis.ingest.reading import Found, Refused
from analysis.ingest.source import LINE, Log
from analysis.ingest.spire.calls import WORDS, Line, told
from analysis.ingest.spire.lines import lines
from analysis.ingest.spire.svids import given
from analysis.ingest.strict import Record
from sim.audit.rows import Decision, Kind

# Keys of its lines, where they are JSON; and what they begin with, where they are text.
KEYS: Final = Keys(
    always=("level", "msg", "time", "subsystem_name"),
    mostly=("spiffe_id", "trust_domain_id", "caller_id", "entry_id", "agent_id", "authorized_as", "node_attestor_type"),
    least=1,
)
_TEXT: Final = re.compile(r'time="[^"\n]*" level=\w+ msg=[^\n]* subsystem_name=')
_TERMINAL: Final = re.compile(r"(?:DEBU|INFO|WARN|ERRO)\[\d+\] [^\n]* subsystem_name=")
_ABOUT: Final = re.compile(r"\b(?:spiffe_id|trust_domain_id|trust_domain|caller_id|agent_id|entry_id)=")


class Spire:
    """Logs of a SPIRE server or agent, as text or JSON."""

    @property
    def log(self) -> Log:
        """Whole seconds, when it was done; which identity was given to whom until when, and who changed entries."""
        return Log(
            title="SPIRE server and agent logs, and the server's audit log",
            signs='lines time="..." level=... msg="..." or JSON, with subsystem_name and a spiffe_id',
            profile="spire",
            resolution=1_000_000,
            meaning="completion",
            system="spire",
            level="events",
            missing="tasks; what an SVID opens; where it is used; what the level of the log left out",
            assumptions=WORDS.declared,
            under=("logs", "log", "message"),
        )

    def identify(self, record: Record) -> bool:
        """Whether it is a line of SPIRE that names a subsystem and an identity."""
        line = record.get(LINE)
        if isinstance(line, str):
            return (_TEXT.search(line) or _TERMINAL.search(line)) is not None and _ABOUT.search(line) is not None
        return KEYS.among(record)

    def records(self, data: Text) -> Iterator[Found | Refused]:
        """Each line."""
        return lines(data)

    def translate(self, record: Record) -> tuple[Observed, ...]:
        """What a line tells of a call, or of an SVID that was signed; of what goes on within SPIRE nothing."""
        time = moment(record, "time")
        line = told(record)
        return () if line is None else (_event(line, time),)

    def weight(self, atom: Atom) -> Weight:
        """What levels.toml declares."""
        return WORDS.weight(atom)


SOURCE: Final = Spire()


def _event(line: Line, time: int) -> Observed:
    record = line.record
    answer = WORDS.answer(*_words(line))
    error = _error(line)
    done = answer.decision is Decision.ALLOW and error is None
    issued = given(line, time) if done else None
    atom = WORDS.atom(line.operation, line.service or line.message)
    entry, request = text(record, "entry_id"), text(record, "request_id")
    return Observed(
        id=line.id,
        time=time,
        kind=Kind.ISSUE if issued else Kind.USE,
        operation=line.operation,
        stage=line.stage if request else None,
        principal=line.caller,
        target=_target(line, given_something=issued is not None),
        issued=issued,
        atom=atom,
        resource=Resource(f"entries/{entry}", atom.group) if entry else None,
        decision=answer.decision,
        reason=answer.reason,
        error=error,
        origin=text(record, "caller_addr") or text(record, "address"),
        user_agent=text(record, "caller_path"),
        request_id=request,
    )


def _words(line: Line) -> Iterator[str]:
    """What says how it went, in the order in which it counts: levels.toml says what each word means."""
    code = text(line.record, "status_code")
    if code is not None:
        yield f"code {code}"
    if text(line.record, "level") == "error":
        yield line.message
    elif text(line.record, "status") != "error":
        yield "done"


def _error(line: Line) -> str | None:
    """What went wrong, by its code if there is one."""
    code = text(line.record, "status_code")
    if code is not None:
        return str(WORDS.declared["codes"].get(code, code))
    if text(line.record, "level") == "error":
        return line.message
    return "error" if text(line.record, "status") == "error" else None


def _target(line: Line, *, given_something: bool) -> Party | None:
    """Whom it is about, if that is somebody else, or if it is given something."""
    holder, caller = line.holder, line.caller
    same = holder is not None and caller is not None and holder.name == caller.name
    return None if same and not given_something else holder
