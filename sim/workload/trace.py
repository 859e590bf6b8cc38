"""A workload rebuilt from a log, so that what really happened can be run under another control model.

Only the evidence schema `log` is read. What a log cannot say is stated, not guessed:

* the plan of a task is what its credential held; an atom beyond it was discovered
* what all agents could do where a model gives them a broad role is that role; what one could besides was added to it
* a task that is open when the log ends, or was stopped, goes on thinking past that
* nobody waits for a sub-agent that went on, or would have, when its parent had ended; for any other its parent does
* an action that never ran left no duration; it takes no time here
* a use that no call explains (an attacker's, or a source that names none) is not an intention; it is counted
* who came, left and was abandoned over years is drawn again from the scenario's figures, with the run's own draws

Waiting that control caused is taken out: an action is thought about until it is first asked for.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from sim.audit import ids
from sim.audit.refusal import Refusal
from sim.audit.rows import UNKNOWN
from sim.audit.store import Store
from sim.scenario import Scenario
from sim.streams import Streams
from sim.workload.fleet import catalogue, keys_since, revocation_lags
from sim.workload.intentions import Actions, Integers, Tasks, Workload
from sim.workload.lifecycle import drawn

_HERE: Final = Path(__file__).parent

_PARTS: Final = ("run", "tasks", "actions", "authority", "unexplained")
_UNSEEN: Final = "unseen"


class _Task(NamedTuple):
    """A row of trace_tasks.sql; times in µs."""

    id: int
    parent: int | None
    intent: str
    started: int
    open: bool
    ready: int
    detached: bool


class _Action(NamedTuple):
    """A row of trace_actions.sql; times in µs."""

    id: int
    requested: int
    started: int | None
    duration: int | None
    atom: int
    tool: str
    resource: int | None
    args: int | None

    @property
    def end(self) -> int:
        """When it was over; an action that never ran was over when it was asked for."""
        return self.requested if self.started is None else self.started + (self.duration or 0)


@dataclass(frozen=True)
class Trace:
    """A rebuilt workload, and how many uses in the log it does not explain."""

    workload: Workload
    unexplained: int


def rebuild(store: Store, run: int, scenario: Scenario) -> Trace:
    """The workload behind the log of one run; `scenario` gives the figures that hold while it is done.

    Raises:
        Refusal: there is no such run, or its log names no tasks or no calls.
    """
    with store.evidence("log", [run]) as log:
        parts = {part: log.execute((_HERE / f"trace_{part}.sql").read_text("utf-8")).fetchall() for part in _PARTS}
    seed, replicate, begins, t0, t1 = _told(store, run, parts["run"])
    streams = Streams(seed, replicate)
    seen, done = [_Task(*row) for row in parts["tasks"]], [_Action(*row) for row in parts["actions"]]
    plans = _plans(parts["authority"], seen)
    replaced = keys_since(scenario, streams, begins)
    lifecycle = drawn(scenario, streams, replaced, begins, t1)
    tools, intents = sorted({a.tool for a in done} | {_UNSEEN}), sorted({t.intent for t in seen})
    by_task = _by_task(done)
    workload = Workload(
        scenario=scenario, streams=streams, begins=begins, t0=t0, t1=t1,
        atoms=catalogue(scenario), lags=revocation_lags(scenario),
        tools=tuple(tools), intents=tuple(intents), roles=_roles(parts["authority"], seen, scenario.fleet.agents),
        keys_since=lifecycle.keys_since(replaced),
        tasks=_tasks(seen, by_task, intents), actions=_actions(seen, by_task, plans, tools, t1), compromises=(),
        plans=plans, rebuilt_from=run, lifecycle=lifecycle,
    )  # fmt: skip
    return Trace(workload, parts["unexplained"][0][0])


def _told(store: Store, run: int, found: list[tuple[Any, ...]]) -> tuple[int, int, int, int, int]:
    """Seed, replicate and window of the run, if there is one whose log can be rebuilt."""
    if not found:
        msg = f"{store.name}: no run {run}"
        raise Refusal(msg)
    seed, replicate, begins, t0, t1, tasks, actions = found[0]
    if not (tasks and actions):
        msg = f"{store.name}: the log of run {run} names no tasks or no calls; log with a profile that keeps both"
        raise Refusal(msg)
    return (seed, replicate, begins, t0, t1)


def _plans(authority: list[tuple[Any, ...]], seen: list[_Task]) -> dict[int, tuple[int, ...]]:
    """What each task declared; where tasks have credentials, one without declared nothing that needs one."""
    shown = _sets(authority, "plan")
    return {task.id: shown.get(task.id, ()) for task in seen} if shown else {}


def _sets(authority: list[tuple[Any, ...]], what: str) -> dict[int, tuple[int, ...]]:
    """Atoms by whose they are."""
    found: dict[int, set[int]] = {}
    for kind, whose, atom in authority:
        if kind == what:
            found.setdefault(whose, set()).add(atom)
    return {whose: tuple(sorted(atoms)) for whose, atoms in found.items()}


def _roles(authority: list[tuple[Any, ...]], seen: list[_Task], least: int) -> tuple[tuple[int, ...], ...]:
    """Each agent's role; agents that only worked have an empty one."""
    ordinal = (1 << ids.ORDINAL_BITS) - 1
    roles = {whose & ordinal: atoms for whose, atoms in _sets(authority, "role").items()}
    size = max([least, *(agent + 1 for agent in roles), *(ids.agent_of(task.id) + 1 for task in seen)])
    return tuple(roles.get(agent, ()) for agent in range(size))


def _by_task(done: list[_Action]) -> dict[int, list[_Action]]:
    found: dict[int, list[_Action]] = {}
    for action in done:
        found.setdefault(ids.task_of(action.id), []).append(action)
    return found


def _tasks(seen: list[_Task], by_task: dict[int, list[_Action]], intents: list[str]) -> Tasks:
    def spawned_after(task: _Task) -> int:
        """How many of its parent's actions were over when it began."""
        if task.parent is None:
            return UNKNOWN
        return sum(a.started is not None and a.end <= task.started for a in by_task.get(task.parent, []))

    return Tasks(
        id=_column(task.id for task in seen),
        agent=_column(ids.agent_of(task.id) for task in seen),
        parent=_column(UNKNOWN if task.parent is None else task.parent for task in seen),
        intent=_column(intents.index(task.intent) for task in seen),
        arrival=_column(task.started if task.parent is None else UNKNOWN for task in seen),
        spawned_after=_column(map(spawned_after, seen)),
        detached=np.array([task.detached for task in seen], dtype=bool),
    )


def _actions(
    seen: list[_Task], by_task: dict[int, list[_Action]], plans: dict[int, tuple[int, ...]], tools: list[str], t1: int
) -> Actions:
    rows = [row for task in seen for row in _chain(task, by_task.get(task.id, []), plans.get(task.id), t1)]
    columns = [_column(values) for values in zip(*(row[:-1] for row in rows), strict=True)] or [_column(())] * 7
    tool = _column(tools.index(row[-1]) for row in rows)
    action, atom, resource, think, duration, args, reason = columns
    return Actions(action, tool, atom, resource, think, duration, args, reason)


def _chain(task: _Task, own: list[_Action], plan: tuple[int, ...] | None, t1: int) -> Iterator[tuple[Any, ...]]:
    """The actions of a task: thought about from the end of the one before until first asked for."""
    free = task.ready
    for a in own:
        think, discovered = max(0, a.requested - free), plan is not None and a.atom not in plan
        yield a.id, a.atom, a.resource or 0, think, a.duration or 0, a.args or 0, discovered, a.tool
        free = a.end
    if task.open:
        # Thought that the log did not see the end of; its need is nobody's, so it is put outside the plan.
        yield ids.action(task.id, len(own)), 0, 0, max(0, t1 - free), 0, 0, True, _UNSEEN


def _column(values: Iterable[int]) -> Integers:
    return np.array(list(values), dtype=np.int64)
