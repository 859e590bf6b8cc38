"""A workload as the dimension tables of the store."""

import json
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from sim.audit import ids
from sim.audit.columns import Columns, one
from sim.audit.rows import FOREVER, UNKNOWN
from sim.workload import cast
from sim.workload.compromises import place_of
from sim.workload.intentions import Integers, Workload
from sim.workload.people import known

# What of a scenario holds while a log is replayed: how the people and services answer that the log does not show.
_NOT_IN_A_LOG = {"name", "fleet", "response", "issue_latency", "decision_latency", "approvers", "systems", "leaks"}
# Of whoever answers for the identities of a log that was rebuilt.
_NOBODY_KNOWN = cast.owner(0)
# Kind, identifier, name, active from-to.
_Principal = tuple[str, int, str, int, int]
_REASONS = np.array(["planned", "discovered"], dtype=object)


def dimensions(workload: Workload, identifier: str, kind: str = "synthetic") -> dict[str, Columns]:
    """Columns of every table that the runs of a workload share."""
    return {
        "workload": _workload(workload, identifier, kind),
        "principal": _principals(workload),
        "ownership": _ownership(workload),
        "membership": _membership(workload),
        "resource": _resources(workload),
        "catalogue": _catalogue(workload),
        "weight": _weights(workload),
        "task": _tasks(workload),
        "action": _actions(workload),
        "place": _places(workload),
    }


def _workload(workload: Workload, identifier: str, kind: str) -> Columns:
    scenario = workload.scenario
    facts: dict[str, object] = {
        "id": identifier, "kind": kind, "scenario": scenario.name, "title": scenario.title,
        "seed": workload.streams.seed, "replicate": workload.streams.replicate, "agents": workload.agents,
        "tasks": len(workload.tasks.id), "actions": len(workload.actions.id),
        "rebuilt_from": workload.rebuilt_from, "settings": _settings(workload),
    }  # fmt: skip
    return {name: one(value) for name, value in facts.items()}


def _settings(workload: Workload) -> str:
    """The figures that hold, with their sources; of a log that was rebuilt, those that it does not tell, and how."""
    if workload.observed is None:
        return workload.scenario.model_dump_json(exclude_unset=True)
    figures = workload.scenario.model_dump(mode="json", include=_NOT_IN_A_LOG, exclude_unset=True)
    return json.dumps({**figures, "rebuilt": dict(workload.observed.assumptions)})


def _principals(workload: Workload) -> Columns:
    """Agents by SPIFFE id, teams and services by name, people by number."""
    observed = workload.observed
    named = _of_a_log(workload) if observed else [*_agents(workload), *_organisation(workload)]
    kinds, identifiers, names, starts, ends = zip(*named, *_always(workload), strict=True)
    return {
        "id": np.array(identifiers, dtype=np.int64),
        "kind": _words(kinds),
        "name": _words(names),
        "fleet": _words(_fleets(workload, kinds, identifiers)),
        "active_from": _times(np.array(starts, dtype=np.int64)),
        "active_to": _times(np.array(ends, dtype=np.int64)),
    }


def _always(workload: Workload) -> Iterator[_Principal]:
    """Those who are there whatever happens."""
    yield "service", cast.ISSUER, "credential issuer", UNKNOWN, FOREVER
    yield "service", cast.DECISION_POINT, "policy decision point", UNKNOWN, FOREVER
    for number in range(workload.scenario.approvers.staff):
        yield "human", cast.approver(number), f"approver {number + 1}", UNKNOWN, FOREVER


def _of_a_log(workload: Workload) -> list[_Principal]:
    called = workload.observed.agents if workload.observed else ()
    agents = [("agent", cast.agent(n), name, UNKNOWN, FOREVER) for n, name in enumerate(called)]
    return [*agents, ("human", _NOBODY_KNOWN, "owner 1", UNKNOWN, FOREVER)]


def _agents(workload: Workload) -> Iterator[_Principal]:
    """Agents at work, and those that were abandoned in their places."""
    place = f"spiffe://{workload.scenario.name}/agent"
    if workload.lifecycle is None:
        yield from (("agent", cast.agent(n), f"{place}/{n}", UNKNOWN, FOREVER) for n in range(workload.agents))
        return
    for life in workload.lifecycle.lives:
        name = f"{place}/{life.slot}" if life.at_work else f"{place}/{life.slot}/before/{life.before}"
        yield "agent", cast.agent(life.number), name, life.created, known(life.ended, workload.t1)


def _organisation(workload: Workload) -> Iterator[_Principal]:
    """Teams and the people in them; without a lifecycle a person for each agent."""
    yield from (("team", cast.team(n), team.name, UNKNOWN, FOREVER) for n, team in enumerate(workload.scenario.teams))
    if workload.lifecycle is None:
        owners = range(workload.agents)
        yield from (("human", cast.owner(n), f"owner {n + 1}", UNKNOWN, FOREVER) for n in owners)
        return
    for number, person in enumerate(workload.lifecycle.people, start=1):
        yield "human", cast.owner(person.number), f"person {number}", person.joined, person.left


def _fleets(workload: Workload, kinds: Iterable[str], identifiers: Iterable[int]) -> list[str]:
    """The fleet of each agent and team, where there are several; all others are of the whole scenario."""
    scenario = workload.scenario
    if workload.observed is not None or not scenario.fleets:
        return [scenario.name for _ in kinds]
    teams = [str(team.fleet) for team in scenario.teams]
    # Of an agent that was abandoned, the place that it had.
    numbers = [identifier & ((1 << ids.AGENT_BITS) - 1) for identifier in identifiers]
    return [
        teams[number % len(teams)] if kind in {"agent", "team"} else scenario.name
        for kind, number in zip(kinds, numbers, strict=True)
    ]


def _ownership(workload: Workload) -> Columns:
    """Who answers for each agent since it was set up, until that person leaves. A log does not say."""
    if workload.observed is not None:
        return _not_known(workload)
    rows = () if workload.lifecycle is None else workload.lifecycle.answering
    return {
        "owned": np.array([row.owned for row in rows], dtype=np.int64),
        "owner": np.array([row.owner for row in rows], dtype=np.int64),
        "role": _words(row.role for row in rows),
        "valid_from": _times(np.array([row.starts for row in rows], dtype=np.int64)),
        "valid_to": _times(np.array([row.ends for row in rows], dtype=np.int64)),
        "acknowledged": np.array([row.acknowledged for row in rows], dtype=bool),
    }


def _not_known(workload: Workload) -> Columns:
    """Whether and since when somebody owns an identity is unknown, which is not the same as nobody."""
    agents, unknown = np.arange(workload.agents, dtype=np.int64), np.full(workload.agents, UNKNOWN)
    return {
        "owned": cast.agent(agents),
        "owner": np.full(workload.agents, _NOBODY_KNOWN),
        "role": _words("owner" for _ in agents),
        "valid_from": _times(unknown),
        "valid_to": _times(unknown),
    }


def _membership(workload: Workload) -> Columns:
    """Who is in which team, from-to; of a log nobody knows."""
    people = () if workload.lifecycle is None else workload.lifecycle.people
    stays = [(person, stay) for person in people for stay in person.stays]
    return {
        "member": np.array([cast.owner(person.number) for person, _ in stays], dtype=np.int64),
        "container": np.array([cast.team(stay.team) for _, stay in stays], dtype=np.int64),
        "valid_from": _times(np.array([stay.starts for _, stay in stays], dtype=np.int64)),
        "valid_to": _times(np.array([stay.ends for _, stay in stays], dtype=np.int64)),
    }


def _resources(workload: Workload) -> Columns:
    """The resources that some action touches."""
    if workload.observed is not None:
        return workload.observed.resources
    groups = workload.scenario.groups
    touched = np.unique(workload.actions.resource)
    group, ordinal = ids.group_of(touched).tolist(), ids.ordinal_of(touched).tolist()
    return {
        "id": touched,
        "name": _words(f"{groups[g].name}/{n}" for g, n in zip(group, ordinal, strict=True)),
        "resource_group": _words(groups[g].name for g in group),
        "system": _words(groups[g].system for g in group),
    }


def _catalogue(workload: Workload) -> Columns:
    atoms = workload.atoms
    return {
        "atom": np.arange(len(atoms), dtype=np.int64),
        "level": _words(atom.level for atom in atoms),
        "resource_group": _words(atom.group for atom in atoms),
        "system": _words(atom.system for atom in atoms),
        "verifier": np.array([atom.verifier for atom in atoms]),
        "verifier_name": _words(atom.system for atom in atoms),
        "platform": _words(atom.platform for atom in atoms),
        "tier": np.array([atom.tier for atom in atoms]),
        "reversible": np.array([atom.reversible for atom in atoms]),
        "resources": np.array([atom.resources for atom in atoms]),
        "by_choice": np.zeros(len(atoms), dtype=bool),
    }


def _weights(workload: Workload) -> Columns:
    sensitivity = np.array([atom.sensitivity for atom in workload.atoms], dtype=np.int64)
    privilege = np.array([atom.privilege for atom in workload.atoms], dtype=np.int64)
    return {
        "atom": np.arange(len(workload.atoms), dtype=np.int64),
        "sensitivity": sensitivity,
        "privilege": privilege,
        "weight": sensitivity * privilege,
    }


def _tasks(workload: Workload) -> Columns:
    tasks = workload.tasks
    return {
        "id": tasks.id,
        "root": ids.root_of(tasks.id),
        "parent": _known(tasks.parent),
        "agent": cast.agent(tasks.agent),
        "intent": np.array(workload.intents, dtype=object)[tasks.intent],
        "arrival": _times(tasks.arrival),
        "spawned_after": _known(tasks.spawned_after),
        "detached": tasks.detached,
    }


def _actions(workload: Workload) -> Columns:
    actions = workload.actions
    return {
        "id": actions.id,
        "task": ids.task_of(actions.id),
        "tool": np.array(workload.tools, dtype=object)[actions.tool],
        "atom": actions.atom,
        "resource": actions.resource,
        "think": actions.think,
        "duration": actions.duration,
        "args": actions.args,
        "reason": _REASONS[actions.reason],
    }


def _places(workload: Workload) -> Columns:
    """Where credentials lie: in each agent's process, on its host, in what its calls leave behind; at the issuer."""
    kinds, agents = ("process", "host", workload.scenario.leaks.place), range(workload.agents)
    own = [(kind, n) for kind in kinds for n in agents]
    return {
        "id": np.array([place_of(kind, n) for kind, n in own] + [place_of("issuer", 0)], dtype=np.int64),
        "kind": _words([*(kind for kind, _ in own), "issuer"]),
        "name": _words([*(f"{kind} of agent {n}" for kind, n in own), "credential issuer"]),
        "principal": np.array([*(cast.agent(n) for _, n in own), cast.ISSUER], dtype=np.int64),
    }


def _words(words: Iterable[str]) -> NDArray[np.object_]:
    return np.array(list(words), dtype=object)


def _times(times: Integers) -> NDArray[np.datetime64]:
    return times.astype(np.int64).view("datetime64[us]")


def _known(values: Integers) -> NDArray[np.int64]:
    return np.ma.masked_equal(values, UNKNOWN)
