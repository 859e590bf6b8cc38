"""A workload drawn from a scenario. Every draw is keyed by the identifier of what it decides."""

from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.audit import ids
from sim.audit.rows import UNKNOWN
from sim.calendar import SECOND, micros_of
from sim.scenario import LEVELS, Intent, Part, Scenario, Team
from sim.streams import Purpose, Streams, negative_binomial, shares
from sim.workload.arrivals import arrivals
from sim.workload.compromises import compromises
from sim.workload.intentions import Actions, Atom, Integers, Lag, Tasks, Workload
from sim.workload.lifecycle import drawn

_YEAR_SECONDS = 365.25 * 86400

Columns = TypeVar("Columns", Tasks, Actions)


def generate(scenario: Scenario, seed: int, replicate: int) -> Workload:
    """Draw what the scenario's agents set out to do.

    Raises:
        BudgetError: more agents, tasks or actions than identifiers have room for.
    """
    streams = Streams(seed, replicate)
    begins, t0, t1 = (micros_of(time) for time in (scenario.begins, scenario.t0, scenario.t1))
    atoms = catalogue(scenario)
    tasks = [_tasks(part, streams, number, (begins, t1)) for number, part in enumerate(scenario.parts)]
    actions = [_actions(part.figures, streams, atoms, of) for part, of in zip(scenario.parts, tasks, strict=True)]
    replaced = keys_since(scenario, streams, begins)
    lifecycle = drawn(scenario, streams, replaced, begins, t1)
    return Workload(
        scenario=scenario, streams=streams, begins=begins, t0=t0, t1=t1, atoms=atoms,
        lags=revocation_lags(scenario),
        tools=tuple(tool.name for tool in scenario.tools),
        intents=tuple(intent.name for intent in scenario.intents),
        roles=_roles(scenario, atoms),
        keys_since=lifecycle.keys_since(replaced), lifecycle=lifecycle,
        tasks=_joined(tasks), actions=_joined(actions),
        compromises=compromises(scenario, streams, (t0, t1)),
    )  # fmt: skip


def _joined(parts: list[Columns]) -> Columns:
    """What was drawn fleet by fleet, ascending by id."""
    order = np.argsort(np.concatenate([part.id for part in parts]), kind="stable")
    return replace(parts[0], **{
        column.name: np.concatenate([getattr(part, column.name) for part in parts])[order]
        for column in fields(parts[0])
    })  # fmt: skip


def catalogue(scenario: Scenario) -> tuple[Atom, ...]:
    """Every access level on every group, in the order of the file."""
    final = {(tool.group, tool.level) for tool in scenario.tools if not tool.reversible}
    verifier = {system.name: number for number, system in enumerate(scenario.systems)}
    platform = {system.name: system.platform for system in scenario.systems}
    tiers, weights = {tier: getattr(scenario.weights, f"tier_{tier}") for tier in (1, 2, 3)}, scenario.weights
    return tuple(
        Atom(level, group.name, group.system, verifier[group.system], group.tier, group.resources,
             tiers[group.tier], getattr(weights, level), (group.name, level) not in final, platform[group.system])
        for group in scenario.groups
        for level in LEVELS
    )  # fmt: skip


def revocation_lags(scenario: Scenario) -> tuple[Lag, ...]:
    """How long a revocation takes to reach each verifier."""
    return tuple(
        Lag(system.revocation_lag_s, system.revocation_lag_sigma, system.revocable) for system in scenario.systems
    )


def _tasks(part: Part, streams: Streams, number: int, window: tuple[int, int]) -> Tasks:
    """Root tasks of a fleet as they arrive, and the sub-agents they are split over; `number` is the fleet's."""
    scenario = part.figures
    agents = np.arange(scenario.fleet.agents, dtype=np.int64)
    agents = agents[np.isin(agents % len(scenario.teams), part.teams)]
    agent, root, arrival = arrivals(scenario.arrivals, streams, agents, number, window)
    root_id = ids.task(agent, root, np.zeros_like(root))
    of_root, node, parent_node = _nodes(scenario, streams, root_id)
    task_id = root_id[of_root] | node
    is_root = node == 0
    parent = np.where(is_root, UNKNOWN, root_id[of_root] | parent_node)
    return Tasks(
        id=task_id,
        agent=agent[of_root],
        parent=parent,
        intent=_intents(scenario, streams, agent, root_id)[of_root],
        arrival=np.where(is_root, arrival[of_root], UNKNOWN),
        spawned_after=_spawned_after(scenario, streams, task_id, parent),
        detached=~is_root & streams.of(Purpose.DETACHED).happen(task_id, scenario.sub_agents.detached),
    )


def _nodes(scenario: Scenario, streams: Streams, root_id: Integers) -> tuple[Integers, Integers, Integers]:
    """For each task of each tree, ascending: index of its root, its node, the node of its parent."""
    figures = scenario.sub_agents
    extra = streams.of(Purpose.FAN_OUT).pick(root_id, negative_binomial(figures.extra_mean, 1.0, figures.cap - 2))
    split = streams.of(Purpose.SUB_AGENTS).happen(root_id, figures.share)
    size = np.where(split, 3 + extra, 1)
    of_root = np.repeat(np.arange(len(root_id)), size)
    node = np.arange(len(of_root)) - np.repeat(np.cumsum(size) - size, size)
    nested = streams.of(Purpose.NESTED).happen(root_id[of_root] | node, figures.nested)
    return of_root, node, _parents(node, nested, figures.depth)


def _parents(node: Integers, nested: NDArray[np.bool_], deepest: int) -> Integers:
    """A nested child hangs below its elder sibling, unless that would be too deep; any other below the root task."""
    parent, depth = np.zeros_like(node), np.where(node == 0, 0, 1)
    for k in range(2, int(node.max(initial=0)) + 1):
        here = np.flatnonzero(node == k)
        chained = here[nested[here] & (depth[here - 1] < deepest)]
        parent[chained] = k - 1
        depth[chained] = depth[chained - 1] + 1
    return parent


def _intents(scenario: Scenario, streams: Streams, agent: Integers, root_id: Integers) -> Integers:
    """The kind of work of each root task, among those of its agent's team."""
    names = [intent.name for intent in scenario.intents]
    chosen = np.zeros_like(root_id)
    for number, team in enumerate(scenario.teams):
        own = np.array([names.index(name) for name in team.intents])
        here = np.flatnonzero(agent % len(scenario.teams) == number)
        weights = [scenario.intents[intent].share for intent in own]
        chosen[here] = own[streams.of(Purpose.INTENT).pick(root_id[here], shares(weights))]
    return chosen


def _calls(scenario: Scenario, streams: Streams, task_id: Integers) -> Integers:
    stream, figures = streams.of(Purpose.CALLS), scenario.calls
    if figures.law == "lognormal":
        drawn = stream.lognormal(task_id, figures.median, figures.sigma)
        return np.minimum((drawn + SECOND // 2) // SECOND, figures.cap)
    return stream.pick(task_id, negative_binomial(figures.mean, figures.size, figures.cap))


def _spawned_after(scenario: Scenario, streams: Streams, task_id: Integers, parent: Integers) -> Integers:
    """After how many of its parent's actions a child is spawned, uniform; UNKNOWN for roots."""
    child = parent != UNKNOWN
    room = _calls(scenario, streams, np.where(child, parent, 0)) + 1
    after = np.floor(streams.of(Purpose.SPAWN_AFTER).uniforms(task_id) * room).astype(np.int64)
    return np.where(child, after, UNKNOWN)


def _actions(scenario: Scenario, streams: Streams, atoms: tuple[Atom, ...], tasks: Tasks) -> Actions:
    calls = _calls(scenario, streams, tasks.id)
    of_task = np.repeat(np.arange(len(tasks.id)), calls)
    ordinal = np.arange(len(of_task)) - np.repeat(np.cumsum(calls) - calls, calls)
    action = ids.action(tasks.id[of_task], ordinal)
    quarter = ordinal * 4 // calls[of_task]
    writes = streams.of(Purpose.WRITES).happen(action, np.array(scenario.writes.by_quarter)[quarter])
    team = tasks.agent[of_task] % len(scenario.teams)
    tool, discovered = _tools(scenario, streams, _Drawn(action, team, tasks.intent[of_task], writes))
    number = {(atom.group, atom.level): n for n, atom in enumerate(atoms)}
    groups = [group.name for group in scenario.groups]
    tool_group = np.array([groups.index(t.group) for t in scenario.tools])
    sizes = np.array([group.resources for group in scenario.groups])
    which = streams.of(Purpose.RESOURCE).draws(action) % sizes[tool_group[tool]].astype(np.uint64)
    return Actions(
        id=action,
        tool=tool,
        atom=np.array([number[t.group, t.level] for t in scenario.tools])[tool],
        resource=ids.resource(tool_group[tool], which.astype(np.int64)),
        think=streams.of(Purpose.THINK).lognormal(action, scenario.think.median_s, scenario.think.sigma)
        + _pauses(scenario, streams, tasks.id[of_task], calls[of_task]),
        duration=_durations(scenario, streams, action),
        args=(streams.of(Purpose.ARGUMENTS).draws(action) >> np.uint64(1)).astype(np.int64),
        reason=discovered.astype(np.int64),
    )


def _pauses(scenario: Scenario, streams: Streams, task_id: Integers, calls: Integers) -> Integers:
    """What a long job waits before each call, for the world and not for control: its time over its calls."""
    figures, root = scenario.long_jobs, ids.root_of(task_id)
    long = streams.of(Purpose.LONG_JOB).happen(root, figures.share)
    time = streams.of(Purpose.JOB_TIME).lognormal(root, figures.median_s, figures.sigma)
    return np.where(long, np.minimum(time, round(figures.cap_s * 1e6)) // calls, 0)


def _durations(scenario: Scenario, streams: Streams, action: Integers) -> Integers:
    figures = scenario.tool_time
    stream = streams.of(Purpose.TOOL_TIME)
    usual = stream.lognormal(action, figures.median_s, figures.sigma)
    slow = stream.lognormal(action, figures.slow_median_s, figures.slow_sigma)
    mixed = np.where(streams.of(Purpose.SLOW).happen(action, figures.slow_share), slow, usual)
    return np.minimum(mixed, round(figures.cap_s * 1e6))


@dataclass(frozen=True)
class _Drawn:
    """What is known of each action before its tool: identifier, team and kind of work as indices, whether it writes."""

    id: Integers
    team: Integers
    intent: Integers
    writes: NDArray[np.bool_]


def _tools(scenario: Scenario, streams: Streams, actions: _Drawn) -> tuple[Integers, NDArray[np.bool_]]:
    """The tool of each action, and whether the plan failed to name it."""
    draws = streams.of(Purpose.TOOL).draws(actions.id)
    surprising = streams.of(Purpose.DISCOVERED).happen(actions.id, scenario.discovery.share)
    tool, discovered = np.zeros_like(actions.id), np.zeros(len(draws), dtype=bool)
    for t, team in enumerate(scenario.teams):
        for i, kind in enumerate(scenario.intents):
            other = _unplanned(scenario, team, kind)
            here = (actions.team == t) & (actions.intent == i)
            found = here & surprising & bool(other)
            planned = here & ~found
            choices = ((planned & actions.writes, kind.writes), (planned & ~actions.writes, kind.reads), (found, other))
            for mask, names in choices:
                tool[mask] = _pick(scenario, draws[mask], names)
            discovered |= found
    return tool, discovered


def _unplanned(scenario: Scenario, team: Team, kind: Intent) -> list[str]:
    """What a kind of work may turn out to need: tools of the team on nothing more sensitive than its plan touches."""
    tiers = {group.name: group.tier for group in scenario.groups}
    tier = {tool.name: tiers[tool.group] for tool in scenario.tools}
    named = {*kind.reads, *kind.writes}
    most = max(tier[name] for name in named)
    return sorted(name for name in _team_tools(scenario, team.intents) - named if tier[name] <= most)


def _team_tools(scenario: Scenario, intents: tuple[str, ...]) -> set[str]:
    return {name for kind in scenario.intents if kind.name in intents for name in (*kind.reads, *kind.writes)}


def _pick(scenario: Scenario, draws: NDArray[np.uint64], names: tuple[str, ...] | list[str]) -> Integers:
    numbers = np.array([[tool.name for tool in scenario.tools].index(name) for name in names] or [0])
    return numbers[(draws % np.uint64(len(numbers))).astype(np.int64)]


def _roles(scenario: Scenario, atoms: tuple[Atom, ...]) -> tuple[tuple[int, ...], ...]:
    """For each agent the atoms that the work of its team needs."""
    number = {(atom.group, atom.level): n for n, atom in enumerate(atoms)}
    needs = {tool.name: number[tool.group, tool.level] for tool in scenario.tools}
    of_team = [tuple(sorted({needs[name] for name in _team_tools(scenario, team.intents)})) for team in scenario.teams]
    return tuple(of_team[agent % len(of_team)] for agent in range(scenario.fleet.agents))


def keys_since(scenario: Scenario, streams: Streams, begins: int) -> Integers:
    """When each agent's standing key was last replaced, if it was there: at a rate, so ages are exponential."""
    agents = np.arange(scenario.fleet.agents, dtype=np.int64)
    mean: float = scenario.stock.key_age_years * _YEAR_SECONDS
    return begins - streams.of(Purpose.KEY_AGE).exponential(agents, mean)
