"""The rows that engines write, typed: one class a table, one field a column, integers throughout.

Integers load in bulk and compare exactly. A column of words is written as the number of the word in its ENUM
(`sim.audit.words`, which one imports from here). Times are microseconds since 1970, UTC.

`UNKNOWN` becomes NULL and `FOREVER` becomes infinity: they are the two values that int64 and TIMESTAMP share.
"""

from typing import Annotated, Final, NamedTuple

from sim.audit.words import (
    Asked,
    Binding,
    Bootstrap,
    Cascade,
    CredentialKind,
    Decision,
    Gate,
    Kind,
    Outcome,
    Place,
    Reason,
    Resolution,
    State,
    Threat,
)

__all__ = [
    "FOREVER",
    "UNKNOWN",
    "Acceptance",
    "Approval",
    "Asked",
    "Assignment",
    "Binding",
    "Bootstrap",
    "Cascade",
    "Consulted",
    "Covered",
    "Credential",
    "CredentialEdge",
    "CredentialKind",
    "CredentialParty",
    "Decision",
    "Event",
    "Facts",
    "Gate",
    "Incident",
    "IncidentStep",
    "Kind",
    "Leak",
    "Need",
    "Outcome",
    "Place",
    "Reach",
    "Reason",
    "Reowned",
    "Resolution",
    "Shadow",
    "State",
    "TaskOutcome",
    "Threat",
    "Time",
    "TrueActor",
    "Trust",
    "no_facts",
]  # fmt: skip

UNKNOWN: Final = -(2**63)
FOREVER: Final = 2**63 - 1

# What the store reads off a field: a time, or a word of an enumeration, which may be UNKNOWN.
Time = Annotated[int, "time"]


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
    resolved: Annotated[int, Resolution] = UNKNOWN
    asked: Annotated[int, Asked] = UNKNOWN


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
    resolved: Annotated[int, Resolution] = Resolution.BAKED


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
    """Who may mint what, from-to; chances in thousandths, of one request and of one in so many `tries` at a thing."""

    principal: int
    issuer: int
    task: int
    scope_set: int
    gate: Annotated[int, Gate]
    permit_under_attack: int
    tries: int
    permit_in_tries: int
    bootstrap: Annotated[int, Bootstrap]
    valid_from: Time
    valid_to: Time


class Approval(NamedTuple):
    """What one person answered who was asked to approve, or nobody where that timed out, or looks at when the run ends.

    Of what is still looked at the answer (`decided`, `result`) is UNKNOWN. `args` are the arguments that were shown,
    `by_agent` whether the agent itself wrote the summary of them; `asked`: through whom it was asked.
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
    asked: Annotated[int, Asked]


class Covered(NamedTuple):
    """A later action that an approval let through without asking again."""

    approval: int
    action: int


class Demand(NamedTuple):
    """How often people will be asked about a root task that arrived, if nobody waits; `asked`: through whom first."""

    task: int
    asked: Annotated[int, Asked]
    approvals: int


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


class Reach(NamedTuple):
    """When an entry leads to somebody who is there: of an agent's owner or second person, or on the rota for all."""

    principal: int
    asked: Annotated[int, Asked]
    valid_from: Time
    valid_to: Time


class Facts(NamedTuple):
    """Everything a run leaves behind; lists grow while it runs."""

    events: list[Event]
    credentials: list[Credential]
    acceptances: list[Acceptance]
    outcomes: list[TaskOutcome]
    needs: list[Need]
    trusts: list[Trust]
    approvals: list[Approval]
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
    demands: list[Demand]
    reaches: list[Reach]
    scope_sets: dict[int, tuple[int, ...]]


def no_facts() -> Facts:
    """Facts of a run that has not begun."""
    return Facts([], [], [], [], [], [], [], [], [], [], [], [], [], [], [], [], [], [], [], [], {})
