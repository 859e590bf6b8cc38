"""The columns of the form, in the order in which they are explained."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import Final, get_args

from analysis.ingest.observed import Level
from sim.audit.ids import PrincipalKind
from sim.audit.rows import Binding, CredentialKind, Decision, Kind, Reason, Resolution

Words = Mapping[str, IntEnum]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what is written in it (`form`) and what it says; `of` is the column that it is a side of."""

    name: str
    form: str
    says: str
    of: str | None = None


@cache
def words(enumeration: type[IntEnum]) -> Words:
    """The words of an enumeration as the store writes them."""
    return {member.name.lower(): member for member in enumeration}


KINDS: Final = words(Kind)
PRINCIPALS: Final = words(PrincipalKind)
CREDENTIALS: Final = words(CredentialKind)
RESOLUTIONS: Final = words(Resolution)
BINDINGS: Final = words(Binding)
DECISIONS: Final = words(Decision)
REASONS: Final = words(Reason)
# How a task can end.
ENDINGS: Final = ("completed", "broken", "parent_ended")
LEVELS: Final[tuple[Level, ...]] = get_args(Level)

_TEXT: Final = "text"
_TIME: Final = "a time"
_END: Final = "a time, or `never`"
_FLAG: Final = "`true` or `false`"


def _one_of(known: Words | tuple[str, ...]) -> str:
    return "one of " + " ".join(f"`{word}`" for word in known)


COLUMNS: Final = (
    Column("time", f"{_TIME}, needed", "when it happened: a call began, an approval was answered"),
    Column("kind", _one_of(KINDS), "what happened; `use`, a call, where it is empty"),
    Column("operation", _TEXT, "the log's own word for it: a tool, an endpoint; a call needs it"),
    Column("id", _TEXT, "the log's own id of the event"),
    Column("stage", "a whole number", "where several rows of one `id` are one event: which of them, in their order"),
    Column("principal", _TEXT, "who acts, as the log names it"),
    Column("principal_kind", f"{_one_of(PRINCIPALS)}; needed with it", "what that is", "principal"),
    Column("principal_role", _TEXT, "the role that it runs under", "principal"),
    Column("target", _TEXT, "who is acted upon: gets the credential, is spawned, is asked"),
    Column("target_kind", f"{_one_of(PRINCIPALS)}; needed with it", "what that is", "target"),
    Column("target_role", _TEXT, "the role that it runs under", "target"),
    Column("credential", _TEXT, "a name or a hash of the credential presented, never itself"),
    Column("credential_kind", _one_of(CREDENTIALS), "what it is", "credential"),
    Column("credential_since", _TIME, "when it was issued", "credential"),
    Column("credential_until", _END, "when it ends at the latest", "credential"),
    Column("credential_parent", _TEXT, "the credential that it was cut from", "credential"),
    Column("issued", _TEXT, "the credential that is issued, renewed, revoked or assumed here"),
    Column("issued_kind", _one_of(CREDENTIALS), "what it is", "issued"),
    Column("issued_until", _END, "its stated end", "issued"),
    Column("issued_resolved", _one_of(RESOLUTIONS), "when it is settled what it opens: at issue, at use", "issued"),
    Column("issued_binding", _one_of(BINDINGS), "what besides possession it takes to use it", "issued"),
    Column("issued_enforced", _FLAG, "whether verifiers look at that", "issued"),
    Column("session", _TEXT, "the login session"),
    Column("task", _TEXT, "the piece of work; `task_start`, `task_end` and `spawn` need it"),
    Column(
        "parent_task",
        _TEXT,
        "the task that this one is part of, in its `task_start` or `spawn`; where neither names one it is part of none",
        "task",
    ),
    Column("action", _TEXT, "the call, the same in its request, approval and use"),
    Column("requested", _TIME, "when the caller was ready to act, waiting included"),
    Column("duration_s", "seconds, with decimals", "how long it took: a call, an inspection before an approval"),
    Column("approval", _TEXT, "the approval that this answers with, or that a call rests on"),
    Column("resource", _TEXT, "what was touched", "resource_group"),
    Column("resource_group", _TEXT, "the group of resources that it is one of: a table, a bucket, a service"),
    Column("level", f"{_one_of(LEVELS)}; needed with the group", "what access it took", "resource_group"),
    Column("tier", "`1`, `2` or `3`", "of the group: 3 holds crown jewels; 1 where no row says it", "resource_group"),
    Column("sensitivity", "0 to 1000", "weight of the group; by its tier where no row says it", "resource_group"),
    Column("privilege", "0 to 1000", "weight of the level; by itself where no row says it", "level"),
    Column("args", _TEXT, "arguments or a hash of them; equal is equal. Only a hash is kept"),
    Column("decision", _one_of(DECISIONS), "how it was answered; a call without proves nothing"),
    Column("reason", _one_of(REASONS), f"why; a `task_end` needs one of {' '.join(f'`{word}`' for word in ENDINGS)}"),
    Column("error", _TEXT, "the log's own error"),
    Column("origin", _TEXT, "address it came from"),
    Column("user_agent", _TEXT, "client software"),
    Column("request_id", _TEXT, "the log's own id of the request"),
    Column("invoked_by", _TEXT, "service that called on the principal's behalf"),
    Column("keeps", "words", "what the whole log keeps, the same in each row: see above"),
)
NAMES: Final = tuple(column.name for column in COLUMNS)


def recognised(names: list[str]) -> bool:
    """Whether a table with these columns is of the form: it has those that are needed, and half of them are known."""
    known = sum(name in NAMES for name in names)
    return "time" in names and ("kind" in names or "operation" in names) and 2 * known >= len(names) > 1
