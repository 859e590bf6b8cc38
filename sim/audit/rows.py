"""The rows that engines write, typed: one class a table, one field a column, integers throughout.

Integers load in bulk and compare exactly. A column of words is written as the number of the word in its ENUM (the
classes below repeat the order of schema.sql; a test holds the two together). Times are microseconds since 1970, UTC.

`UNKNOWN` becomes NULL and `FOREVER` becomes infinity: they are the two values that int64 and TIMESTAMP share.
"""

from enum import IntEnum
from typing import Annotated, Final, NamedTuple

UNKNOWN: Final = -(2**63)
FOREVER: Final = 2**63 - 1

# What the store reads off a field: a time, or a word of an enumeration, which may be UNKNOWN.
Time = Annotated[int, "time"]


class Kind(IntEnum):
    """What an event says happened."""

    ISSUE = 0
    RENEW = 1
    REVOKE = 2
    USE = 3
    DECIDE = 4
    REQUEST_APPROVAL = 5
    DECIDE_APPROVAL = 6
    ASSUME = 7
    SPAWN = 8
    TASK_START = 9
    TASK_END = 10
    CHANGE_OWNER = 11
    REVIEW = 12
    LOG_GAP = 13


class Decision(IntEnum):
    """How a request was answered."""

    ALLOW = 0
    DENY = 1


class Reason(IntEnum):
    """Why an event happened; the first six are also why an acceptance ended (`end_reason`)."""

    TASK_END = 0
    ACTION_END = 1
    OFFBOARDING = 2
    INCIDENT = 3
    RENEWAL = 4
    DELETED = 5
    POLICY = 6
    APPROVER = 7
    TIMEOUT = 8
    EXPIRED = 9
    REVOKED = 10
    OUT_OF_SCOPE = 11
    COMPLETED = 12
    BROKEN = 13
    CHANGED = 14
    OUTAGE = 15
    BINDING = 16


class CredentialKind(IntEnum):
    """What a credential is."""

    STATIC_KEY = 0
    SESSION_TOKEN = 1
    TASK_TOKEN = 2
    ACTION_TOKEN = 3
    ACCESS_KEY = 4
    UNKNOWN = 5


class Binding(IntEnum):
    """What ties a credential to its holder (RFC 9700, RFC 8705, RFC 9449)."""

    BEARER = 0
    AUDIENCE = 1
    KEY_EXPORTABLE = 2
    KEY_BOUND = 3
    CONTEXT_BOUND = 4
    UNKNOWN = 5


class Authority(IntEnum):
    """When it is settled what a credential opens: at its issue, at each use, or what both say."""

    BAKED = 0
    LOOKED_UP = 1
    BOTH = 2
    UNKNOWN = 3


class Gate(IntEnum):
    """What stands between a request for authority and its grant."""

    NONE = 0
    RULE = 1
    CLASSIFIER = 2
    HUMAN = 3


class Cascade(IntEnum):
    """Whether a credential that is cut from another ends with it."""

    NONE = 0
    ON_REVOKE = 1
    ON_EXPIRE = 2


class Outcome(IntEnum):
    """What became of a task."""

    COMPLETED = 0
    BROKEN = 1
    OPEN = 2


class State(IntEnum):
    """How a principal has what it was given."""

    ACTIVE = 0
    ELIGIBLE = 1


class Threat(IntEnum):
    """Which compromise struck."""

    T1A = 0
    T1B = 1
    T1C = 2
    T2 = 3
    T3 = 4
    T4 = 5
    T5 = 6


class Bootstrap(IntEnum):
    """What proves to the issuer who asks."""

    NONE = 0
    STATIC_SECRET = 1
    ATTESTED = 2


class Place(IntEnum):
    """Where credentials lie; the kinds of `fact.place` in the order of their identifiers."""

    PROCESS = 0
    HOST = 1
    LOG = 2
    MEMORY = 3
    REPOSITORY = 4
    ISSUER = 5
    CHAT = 6


class Event(NamedTuple):
    """One audit event of a simulated run; the columns of `fact.event` that a simulation fills."""

    id: int
    time: Time
    kind: Annotated[int, Kind]
    principal: int
    target: int = UNKNOWN
    credential: int = UNKNOWN
    issued: int = UNKNOWN
    task: int = UNKNOWN
    parent_task: int = UNKNOWN
    action: int = UNKNOWN
    atom: int = UNKNOWN
    args: int = UNKNOWN
    approval: int = UNKNOWN
    requested: Time = UNKNOWN
    duration: int = UNKNOWN
    scope_set: int = UNKNOWN
    credential_kind: Annotated[int, CredentialKind] = UNKNOWN
    binding: Annotated[int, Binding] = UNKNOWN
    enforced: int = UNKNOWN
    expires: Time = UNKNOWN
    verifier: int = UNKNOWN
    decision: Annotated[int, Decision] = UNKNOWN
    reason: Annotated[int, Reason] = UNKNOWN
    policy: int = UNKNOWN
    cached: int = UNKNOWN
    draw: int = 0
    authority: Annotated[int, Authority] = UNKNOWN


class Credential(NamedTuple):
    """One credential as issued; its end is the stated one."""

    id: int
    kind: Annotated[int, CredentialKind]
    issuer: int
    holder: int
    task: int
    scope_set: int
    binding: Annotated[int, Binding]
    enforced: int
    valid_from: Time
    valid_to: Time
    authority: Annotated[int, Authority] = Authority.BAKED


class Acceptance(NamedTuple):
    """The instant from which one verifier refuses a credential before its stated end."""

    credential: int
    verifier: int
    until: Time
    reason: Annotated[int, Reason]


class TaskOutcome(NamedTuple):
    """What became of one task."""

    task: int
    agent: int
    parent: int
    started: Time
    ended: Time
    outcome: Annotated[int, Outcome]


class Need(NamedTuple):
    """When one action needed its atom, or would have without control."""

    action: int
    task: int
    principal: int
    atom: int
    requested: Time
    starts: Time
    ends: Time
    met: int


class Trust(NamedTuple):
    """Who may mint what, from-to."""

    principal: int
    issuer: int
    task: int
    scope_set: int
    gate: Annotated[int, Gate]
    permit_under_attack: int
    bootstrap: Annotated[int, Bootstrap]
    valid_from: Time
    valid_to: Time


class HumanDecision(NamedTuple):
    """What one person answered who was asked to approve, or nobody where that timed out.

    `args` are the arguments that were shown, `by_agent` whether the agent itself wrote the summary of them.
    """

    id: int
    decider: int
    requested: Time
    began: Time
    decided: Time
    result: Annotated[int, Decision]
    inspected: int
    action: int
    args: int
    by_agent: int


class Covered(NamedTuple):
    """A later action that an approval let through without asking again."""

    decision: int
    action: int


class CredentialParty(NamedTuple):
    """Somebody besides its holder who possesses a credential."""

    credential: int
    principal: int
    valid_from: Time
    valid_to: Time


class CredentialEdge(NamedTuple):
    """A child credential cut from a parent's."""

    child: int
    parent: int
    cascade: Annotated[int, Cascade]


class Incident(NamedTuple):
    """One compromise."""

    id: int
    threat: Annotated[int, Threat]
    place: int
    agent: int
    time: Time
    detected: Time
    contained: Time
    credentials: int


class IncidentStep(NamedTuple):
    """One thing an attacker tried."""

    incident: int
    step: int
    event: int
    atom: int
    allowed: int


class Consulted(NamedTuple):
    """How often a policy was asked, and how many distinct questions that were to it."""

    policy: int
    asked: int
    classes: int


class TrueActor(NamedTuple):
    """An event that an attacker caused, whoever is seen to act."""

    event: int


class Leak(NamedTuple):
    """A credential that a call left behind at a place; `found` is the first instant at which somebody may find it."""

    action: int
    credential: int
    place: int
    verifier: int
    time: Time
    found: Time


class Assignment(NamedTuple):
    """What a principal was given to use or to assume, from-to."""

    principal: int
    scope_set: int
    state: Annotated[int, State]
    valid_from: Time
    valid_to: Time


class Reowned(NamedTuple):
    """Who took on an identity that had lost its owner, from-to."""

    owned: int
    owner: int
    valid_from: Time
    valid_to: Time


class Shadow(NamedTuple):
    """An agent that the run's inventory does not list."""

    principal: int


class Facts(NamedTuple):
    """Everything a run leaves behind; lists grow while it runs."""

    events: list[Event]
    credentials: list[Credential]
    acceptances: list[Acceptance]
    outcomes: list[TaskOutcome]
    needs: list[Need]
    trusts: list[Trust]
    decisions: list[HumanDecision]
    covered: list[Covered]
    edges: list[CredentialEdge]
    parties: list[CredentialParty]
    incidents: list[Incident]
    steps: list[IncidentStep]
    consulted: list[Consulted]
    actors: list[TrueActor]
    leaks: list[Leak]
    assignments: list[Assignment]
    reowned: list[Reowned]
    shadows: list[Shadow]
    scope_sets: dict[int, tuple[int, ...]]


def no_facts() -> Facts:
    """Facts of a run that has not begun."""
    return Facts([], [], [], [], [], [], [], [], [], [], [], [], [], [], [], [], [], [], {})
