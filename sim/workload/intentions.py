"""The form of a workload: columns for what is many, tuples for what engines walk over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.audit import ids
from sim.audit.rows import UNKNOWN, Threat
from sim.scenario import ANY, Level, Scenario
from sim.streams import Streams
from sim.workload.lifecycle import Lifecycle

Integers = NDArray[np.int64]


class Atom(NamedTuple):
    """An access level on a group of so many resources; sensitivity and privilege are declared, in thousandths.

    It is reversible where whatever tool needs it can be undone. `platform` names whose credentials its system takes.
    """

    level: Level
    group: str
    system: str
    verifier: int
    tier: int
    resources: int
    sensitivity: int
    privilege: int
    reversible: bool
    platform: str = ANY


class Lag(NamedTuple):
    """How long a revocation takes to reach a verifier, lognormal, if it ever does."""

    median_s: float
    sigma: float
    heard: bool


class Action(NamedTuple):
    """One intended call: thought before it (µs), time it takes (µs), the atom it needs, a hash of its arguments."""

    id: int
    atom: int
    think: int
    duration: int
    args: int


class Task(NamedTuple):
    """One unit of purpose. `declared`: atoms of its plan and of its children's; `arrival` is µs, UTC.

    A `detached` one is not waited for by the task that spawned it.
    """

    id: int
    agent: int
    parent: int
    arrival: int
    spawned_after: int
    declared: tuple[int, ...]
    actions: tuple[Action, ...]
    children: tuple["Task", ...]
    detached: bool


class Purpose(NamedTuple):
    """What a task declares: its kind of work, and the atoms that its plan names."""

    intent: str
    plan: frozenset[int]


class Compromise(NamedTuple):
    """A threat that strikes a place at one instant (µs, UTC), and when somebody notices and when the response acts.

    `agent` is whose place it is; a token copied on its way was sent to `verifier`.
    """

    id: int
    threat: Threat
    place: int
    agent: int
    verifier: int
    time: int
    detected: int
    contained: int


@dataclass(frozen=True)
class Tasks:
    """Columns, one entry a task, ascending by id, parents before their children."""

    id: Integers
    agent: Integers
    parent: Integers
    intent: Integers
    arrival: Integers
    spawned_after: Integers
    detached: NDArray[np.bool_]


@dataclass(frozen=True)
class Actions:
    """Columns, one entry an action, ascending by id; `tool` indexes names; `reason` is 0 planned or 1 discovered."""

    id: Integers
    tool: Integers
    atom: Integers
    resource: Integers
    think: Integers
    duration: Integers
    args: Integers
    reason: Integers


@dataclass(frozen=True)
class Observed:
    """What a workload that was rebuilt from a real log has besides: names, and what was taken for what.

    `resources` has the columns of that table.
    """

    agents: tuple[str, ...]
    resources: Mapping[str, NDArray[Any]]
    assumptions: Mapping[str, str]


@dataclass(frozen=True)
class Workload:
    """A workload, and the scenario whose figures (latencies, approvers, lags) hold while it is done.

    `begins`, `t0` and `t1` are µs, UTC: warm-up from `begins`, measured window [t0, t1). `roles` holds, for each agent,
    the atoms its own team's work needs; `keys_since` when its standing key was made; `lags` are those of each
    verifier. `plans` are what a log showed to be declared; the plan of a task
    that is not in there is what its planned actions need, and its children's. `rebuilt_from` is the key of the run
    whose log it comes from. `lifecycle` is what happened over years, where that is drawn; a real log does not tell it.
    """

    scenario: Scenario
    streams: Streams
    begins: int
    t0: int
    t1: int
    atoms: tuple[Atom, ...]
    lags: tuple[Lag, ...]
    tools: tuple[str, ...]
    intents: tuple[str, ...]
    roles: tuple[tuple[int, ...], ...]
    keys_since: Integers
    tasks: Tasks
    actions: Actions
    compromises: tuple[Compromise, ...]
    plans: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    rebuilt_from: int | None = None
    lifecycle: Lifecycle | None = None
    observed: Observed | None = None

    @property
    def agents(self) -> int:
        """Number of agents."""
        return len(self.roles)

    @cached_property
    def purposes(self) -> Mapping[int, Purpose]:
        """What each task declares."""
        intents = dict(zip(self.tasks.id.tolist(), self.tasks.intent.tolist(), strict=True))
        found, waiting = {}, [task for own in self.roots for task in own]
        while waiting:
            task = waiting.pop()
            found[task.id] = Purpose(self.intents[intents[task.id]], frozenset(task.declared))
            waiting.extend(task.children)
        return found

    @cached_property
    def union(self) -> tuple[int, ...]:
        """Atoms that the work of the whole department needs."""
        return tuple(sorted(set().union(*self.roles)))

    @cached_property
    def roots(self) -> tuple[tuple[Task, ...], ...]:
        """For each agent its root tasks in order of arrival, each with its tree."""
        return _trees(self)


def _trees(workload: Workload) -> tuple[tuple[Task, ...], ...]:
    """Link the columns into trees; children come after their parents, so the walk is backwards."""
    actions = _actions_by_task(workload.actions)
    children: dict[int, list[Task]] = {}
    roots: list[list[Task]] = [[] for _ in range(workload.agents)]
    t = workload.tasks
    columns = [c.tolist() for c in (t.id, t.agent, t.parent, t.arrival, t.spawned_after, t.detached)]
    for task_id, agent, parent, arrival, after, apart in reversed(list(zip(*columns, strict=True))):
        own, planned = actions.get(task_id, ((), frozenset()))
        below = tuple(reversed(children.pop(task_id, [])))
        hindsight = tuple(sorted(planned.union(*(child.declared for child in below))))
        declared = workload.plans.get(task_id, hindsight)
        task = Task(task_id, agent, parent, arrival, after, declared, own, below, apart)
        (roots[agent] if parent == UNKNOWN else children.setdefault(parent, [])).append(task)
    return tuple(tuple(sorted(own, key=lambda task: (task.arrival, task.id))) for own in roots)


def _actions_by_task(actions: Actions) -> dict[int, tuple[tuple[Action, ...], frozenset[int]]]:
    """For each task its actions in order, and the atoms of those that its plan names."""
    listed: dict[int, list[Action]] = {}
    planned: dict[int, set[int]] = {}
    columns = (actions.id, actions.atom, actions.think, actions.duration, actions.args, actions.reason)
    for action_id, atom, think, duration, args, reason in zip(*(c.tolist() for c in columns), strict=True):
        task_id = ids.task_of(action_id)
        listed.setdefault(task_id, []).append(Action(action_id, atom, think, duration, args))
        if reason == 0:
            planned.setdefault(task_id, set()).add(atom)
    return {task_id: (tuple(own), frozenset(planned.get(task_id, ()))) for task_id, own in listed.items()}
