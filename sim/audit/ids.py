"""Packed identifiers: derived from what they name, never counted across it.

A path is `agent 17 | root 20 | node 9 | action 11` bits, 57 in all. A task is the path without its action; the
root task of a tree is its node 0. A credential is `unit 2 | what it is issued for | which of that one's`, 63 bits:

    standing, session   agent 17  | count 44
    task                task 46   | count 15
    action              action 57 | count 4

Of a session's, the upper half of the counts is for what an attacker has the issuer make: `incident 17 | step 20`.

A decision is `action 57 | person 2 | attempt 4`, an event `agent 17 | count within that agent's stream 40`, a principal
`kind 4 | ordinal 40`, a resource `group | ordinal 32`, an incident `threat 3 | ordinal 14`, a
place `kind | agent 40`. One more agent, another control model, another shard changes nobody else's identifiers.

All functions take integers or int64 arrays and return the same.
"""

from enum import IntEnum
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.audit.refusal import Refusal

Packed = TypeVar("Packed", int, NDArray[np.int64])

AGENT_BITS: Final = 17
ROOT_BITS: Final = 20
NODE_BITS: Final = 9
ACTION_BITS: Final = 11
EVENT_BITS: Final = 40
ORDINAL_BITS: Final = 40
STEP_BITS: Final = 20

_TASK_BITS: Final = AGENT_BITS + ROOT_BITS + NODE_BITS
_PATH_BITS: Final = _TASK_BITS + ACTION_BITS
_UNIT_SHIFT: Final = 61
_ATTEMPT_BITS: Final = 4
_PERSON_BITS: Final = 2
_RESOURCE_BITS: Final = 32
_INCIDENT_BITS: Final = 14
_MINTED: Final = 1 << 43


class Unit(IntEnum):
    """What one credential is issued for; the tag in its identifier."""

    STANDING = 0
    SESSION = 1
    TASK = 2
    ACTION = 3


_ISSUED_FOR: Final = {
    Unit.STANDING: ("agent", AGENT_BITS),
    Unit.SESSION: ("agent", AGENT_BITS),
    Unit.TASK: ("task", _TASK_BITS),
    Unit.ACTION: ("action", _PATH_BITS),
}


class PrincipalKind(IntEnum):
    """Who can act, own or decide; the order of `principal_kind` in schema.sql."""

    HUMAN = 0
    TEAM = 1
    AGENT = 2
    AGENT_INSTANCE = 3
    SERVICE = 4
    ROLE = 5
    GROUP = 6
    SHARED_ACCOUNT = 7


class BudgetError(Refusal):
    """An identifier needs more bits than it has; the message names the budget and the remedy."""


def task(agent: Packed, root: Packed, node: Packed) -> Packed:
    """Identifier of a task: which agent, which of its root tasks, which node of that tree."""
    _within("agent", agent, AGENT_BITS)
    _within("root task of one agent", root, ROOT_BITS)
    _within("node of one task tree", node, NODE_BITS)
    return (((agent << ROOT_BITS) | root) << NODE_BITS) | node


def action(task_id: Packed, ordinal: Packed) -> Packed:
    """Identifier of the action with this place, from 0, in its task."""
    _within("action of one task", ordinal, ACTION_BITS)
    return (task_id << ACTION_BITS) | ordinal


def task_of(action_id: Packed) -> Packed:
    """Task that an action belongs to."""
    return action_id >> ACTION_BITS


def root_of(task_id: Packed) -> Packed:
    """Root task of a task's tree."""
    return (task_id >> NODE_BITS) << NODE_BITS


def agent_of(task_id: Packed) -> Packed:
    """Number of the agent that a task belongs to."""
    return task_id >> (ROOT_BITS + NODE_BITS)


def credential(unit: Unit, path: int, count: int = 0) -> int:
    """Identifier of a credential: the `count`-th, from 0, that is issued for this agent, task or action."""
    name, path_bits = _ISSUED_FOR[unit]
    bits = _UNIT_SHIFT - path_bits
    _within(f"{unit.name.lower()} credential of one {name}", count, bits)
    return (int(unit) << _UNIT_SHIFT) | (path << bits) | count


def incident(threat: int, ordinal: Packed) -> Packed:
    """Identifier of an incident: its place, from 0, among those of its threat."""
    _within("incident of one threat", ordinal, _INCIDENT_BITS)
    return (threat << _INCIDENT_BITS) | ordinal


def step(incident_id: int, ordinal: int) -> int:
    """Path of what an attacker tries: its place, from 0, in the incident."""
    _within("attempt of one incident", ordinal, STEP_BITS)
    return (incident_id << STEP_BITS) | ordinal


def minted(agent: int, step_id: int) -> int:
    """Identifier of a credential that an attacker had the issuer make in an agent's name, at one step."""
    return credential(Unit.SESSION, agent, _MINTED | step_id)


def is_minted(credential_id: int) -> bool:
    """Whether an attacker had it made."""
    return credential_id >> _UNIT_SHIFT == Unit.SESSION and bool(credential_id & _MINTED)


def place(kind: int, agent: Packed) -> Packed:
    """Identifier of a place of one kind; those that belong to an agent have its number."""
    _within("place of one kind", agent, ORDINAL_BITS)
    return (kind << ORDINAL_BITS) | agent


def approval(action_id: int, attempt: int, person: int = 0) -> int:
    """Identifier of an answer about an action: numbers of the person asked and of the request, both from 0."""
    _within("request for one action", attempt, _ATTEMPT_BITS)
    _within("person asked about one request", person, _PERSON_BITS)
    return (action_id << (_PERSON_BITS + _ATTEMPT_BITS)) | (person << _ATTEMPT_BITS) | attempt


def action_of(decision_id: int) -> int:
    """Action that was asked for when a decision was taken."""
    return decision_id >> (_PERSON_BITS + _ATTEMPT_BITS)


def attempt_of(decision_id: int) -> int:
    """Number of the request for an action that a decision answers, from 0."""
    return decision_id & ((1 << _ATTEMPT_BITS) - 1)


def event(agent: int, count: int) -> int:
    """Identifier of an event: its place, from 0, in the stream of one agent."""
    _within("event of one agent", count, EVENT_BITS)
    return (agent << EVENT_BITS) | count


def principal(kind: PrincipalKind, ordinal: Packed) -> Packed:
    """Identifier of a principal."""
    _within("principal of one kind", ordinal, ORDINAL_BITS)
    return (int(kind) << ORDINAL_BITS) | ordinal


def kind_of(principal_id: int) -> PrincipalKind | None:
    """Kind of a principal; None of what is none."""
    kind = principal_id >> ORDINAL_BITS
    return PrincipalKind(kind) if 0 <= kind < len(PrincipalKind) else None


def resource(group: Packed, ordinal: Packed) -> Packed:
    """Identifier of a resource: its place, from 0, in its group."""
    return (group << _RESOURCE_BITS) | ordinal


def group_of(resource_id: Packed) -> Packed:
    """Number of the group that a resource is in."""
    return resource_id >> _RESOURCE_BITS


def ordinal_of(resource_id: Packed) -> Packed:
    """Place of a resource in its group."""
    return resource_id & ((1 << _RESOURCE_BITS) - 1)


def _within(name: str, value: Packed, bits: int) -> None:
    """Refuse what does not fit, before it silently becomes somebody else's identifier."""
    low, high = (value, value) if isinstance(value, int) else (_extreme(value, np.min), _extreme(value, np.max))
    if low < 0 or high >= 1 << bits:
        worst = low if low < 0 else high
        msg = f"{name} number {worst} is more than fits ({(1 << bits) - 1} at most): run the scenario in parts"
        raise BudgetError(msg)


def _extreme(values: NDArray[np.int64], pick: np.ufunc | object) -> int:
    return int(pick(values)) if values.size else 0  # type: ignore[operator]
