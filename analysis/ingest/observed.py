"""One event as its source tells it: names instead of numbers, and no more than was said."""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from sim.audit.ids import PrincipalKind
from sim.audit.rows import UNKNOWN, Binding, CredentialKind, Decision, Kind, Reason, Resolution

Level = Literal["list", "read", "tagging", "write", "permissions"]

# Where the same kinds of things lie in several places, each with a name of its own, the groups of each say in which:
# "secrets in support". What a group is worth depends on what stands before that.
WITHIN: Final = " in "


class Atom(NamedTuple):
    """The smallest thing that can be allowed: an access level on a group of resources."""

    group: str
    level: Level


@dataclass(frozen=True, slots=True)
class Weight:
    """What an atom is declared to be worth; both weights in thousandths. UNKNOWN: a log does not declare it."""

    tier: int
    sensitivity: int
    privilege: int


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody a log names; `role` is the role that a session of it runs under."""

    name: str
    kind: PrincipalKind
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Presented:
    """The credential a request came with, and what the request tells of its validity, in microseconds UTC.

    `resolved` says whether what such a credential opens was baked in at issue or is looked up at use, and `parent` from
    which other credential it was cut; None where the log does not say.
    """

    name: str
    kind: CredentialKind
    since: int = UNKNOWN
    until: int = UNKNOWN
    resolved: Resolution | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """The credential that an event issued, or ended; `until` is its stated end, in microseconds UTC.

    `resolved` says whether what it opens was baked in at issue or is looked up at use, `binding` what besides
    possession it takes to use it, and `enforced` whether verifiers look at that; None where the log does not say.
    """

    name: str
    kind: CredentialKind
    until: int = UNKNOWN
    resolved: Resolution | None = None
    binding: Binding | None = None
    enforced: bool | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """Something touched, and the group of resources it belongs to."""

    name: str
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """One audit event; the fields are those of `fact.event`, with names where that has surrogates.

    `id` is the source's own, `time` in microseconds UTC, `args` a hash of the arguments, `requested` an instant and
    `duration` microseconds. A refused request has a decision of DENY, and so has one that was turned away
    because there were too many; one that failed before anybody is known to have decided has none.

    Some sources tell of one event in several records, such as a request and its response. These have the same `id`
    and each a `stage` of its own, in their order; together they are one event, of which the latest word on each thing
    counts. An event that is told at once has no stage. A response that does not repeat what was asked has no
    `operation`. Others hand on the same event in several forms, of which some keep less. Whoever tells all has stage 0,
    the others have negative ones: the fuller the telling, the greater. Such records are one event only if they are of
    one instant.

    `weight` is what a log itself declares its atom to be worth, `keeps` what it claims to keep (`claims`), empty for
    nothing; None where the kind of log settles that.
    """

    id: str
    time: int
    kind: Kind
    operation: str | None = None
    stage: int | None = None
    principal: Party | None = None
    target: Party | None = None
    credential: Presented | None = None
    issued: Issued | None = None
    session: str | None = None
    task: str | None = None
    parent_task: str | None = None
    action: str | None = None
    approval: str | None = None
    atom: Atom | None = None
    resource: Resource | None = None
    requested: int = UNKNOWN
    duration: int = UNKNOWN
    args: int = UNKNOWN
    decision: Decision | None = None
    reason: Reason | None = None
    error: str | None = None
    origin: str | None = None
    user_agent: str | None = None
    request_id: str | None = None
    invoked_by: str | None = None
    weight: Weight | None = None
    keeps: str | None = None
