"""A workload rebuilt from a log that names no tasks: what one login session did stands for one task.

Only the evidence schema `log` is read. What is taken for what is told with the workload (`Observed.assumptions`) and
printed with every result:

* a login session, all keys that an identity was given at one instant, is a task; a key that lasts makes a new task
  wherever it rests for an hour
* the plan of a task is what it turned out to use, the best that anybody could have declared
* a call takes no time, and comes as long after the one before as the log says; both in the order of the log
* an identity may do what it was seen to do in the whole log, and works on as many tasks at once as it did; a standing
  key is a second older than the log
* refused calls, and those under no known credential, are nobody's intention; they are counted
* what of the log could not be read may hold more of them; it is named, as the log is doubted itself

Services, people and lags are not in a log: their figures come from a scenario.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
from numpy.typing import NDArray

from sim.audit import ids
from sim.audit.refusal import Refusal
from sim.audit.rows import UNKNOWN
from sim.audit.store import Store
from sim.scenario import Scenario
from sim.streams import Streams
from sim.workload.fleet import revocation_lags
from sim.workload.intentions import Actions, Atom, Integers, Lag, Observed, Tasks, Workload

PAUSE_HOURS: Final = 1

_HERE: Final = Path(__file__).parent
_MOST_CALLS: Final = 1 << ids.ACTION_BITS

Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class _Log:
    """What is read of a log: calls by agent, root and place, and what they name."""

    calls: Columns
    agents: tuple[str, ...]
    atoms: tuple[Atom, ...]
    resources: Columns
    refused: int
    unknown: int
    wanting: str
    begins: int
    t0: int
    t1: int


def rebuild(store: Store, run: int, scenario: Scenario, streams: Streams) -> Workload:
    """The sessions of one run's log as a workload; `scenario` gives the figures that hold while it is done.

    Raises:
        Refusal: there is no such run, or its log shows no call under a known credential.
    """
    with store.evidence("log", [run]) as log:
        found = _read(log, f"{store.name}: run {run}")
    task, first = np.unique(_task(found.calls), return_index=True)
    arrival = found.calls["time"][first]
    tools = np.unique(found.calls["tool"].astype(str))
    return Workload(
        scenario=_fitted(scenario, found, task, arrival), streams=streams,
        begins=found.begins, t0=found.t0, t1=found.t1, atoms=found.atoms, lags=_lags(scenario, found.atoms),
        tools=tuple(tools.tolist()), intents=("observed",), roles=_roles(found),
        # A second older than the log, so that no log shows how they were made.
        keys_since=np.full(len(found.agents), found.begins - 1_000_000), tasks=_tasks(task, arrival),
        actions=_actions(found.calls, tools), compromises=(),
        rebuilt_from=run, observed=Observed(found.agents, found.resources, _assumptions(scenario, found, len(task))),
    )  # fmt: skip


def _read(log: duckdb.DuckDBPyConnection, name: str) -> _Log:
    def asked(part: str, **given: int) -> duckdb.DuckDBPyConnection:
        return log.execute((_HERE / f"sessions_{part}.sql").read_text("utf-8"), given or None)

    asked("identities")
    run = log.execute("SELECT epoch_us(begins), epoch_us(t0), epoch_us(t1), settings ->> 'wanting' FROM run").fetchall()
    calls = asked("calls", pause=PAUSE_HOURS, most=_MOST_CALLS).fetchnumpy()
    if not run or not len(calls["agent"]):
        msg = f"{name}: no call under a known credential to replay; its log shows nothing that could be run again"
        raise Refusal(msg)
    refused, unknown = asked("left_out").fetchall()[0]
    [(begins, t0, t1, wanting)] = run
    return _Log(
        calls={part: np.asarray(values) for part, values in calls.items()},
        agents=tuple(each for (each,) in asked("names").fetchall()),
        atoms=tuple(Atom(*row) for row in asked("catalogue").fetchall()),
        resources={part: np.asarray(values) for part, values in asked("resources").fetchnumpy().items()},
        refused=refused, unknown=unknown, wanting=wanting or "", begins=begins, t0=t0, t1=t1,
    )  # fmt: skip


def _task(calls: Columns) -> Integers:
    return ids.task(
        calls["agent"].astype(np.int64), calls["root"].astype(np.int64), np.zeros_like(calls["root"], dtype=np.int64)
    )


def _tasks(task: Integers, arrival: Integers) -> Tasks:
    none, nothing = np.full_like(task, UNKNOWN), np.zeros_like(task)
    return Tasks(
        id=task, agent=ids.agent_of(task), parent=none, intent=nothing, arrival=arrival, spawned_after=none,
        detached=nothing.astype(bool),
    )  # fmt: skip


def _actions(calls: Columns, tools: NDArray[np.str_]) -> Actions:
    action = ids.action(_task(calls), calls["place"].astype(np.int64))
    nothing = np.zeros_like(action)
    since = np.diff(calls["time"], prepend=calls["time"][:1])
    return Actions(
        id=action, tool=np.searchsorted(tools, calls["tool"].astype(str)), atom=calls["atom"].astype(np.int64),
        resource=calls["resource"], think=np.where(calls["place"] == 0, 0, since), duration=nothing,
        args=calls["args"], reason=nothing,
    )  # fmt: skip


def _roles(found: _Log) -> tuple[tuple[int, ...], ...]:
    """For each agent what it was seen to use."""
    pairs = np.unique(np.stack([found.calls["agent"], found.calls["atom"]]), axis=1)
    return tuple(tuple(pairs[1, pairs[0] == agent].tolist()) for agent in range(len(found.agents)))


def _lags(scenario: Scenario, atoms: tuple[Atom, ...]) -> tuple[Lag, ...]:
    """Which of the scenario's systems a real verifier is like nobody knows: each is as slow as the slowest."""
    return (_slowest(scenario),) * (1 + max(atom.verifier for atom in atoms))


def _slowest(scenario: Scenario) -> Lag:
    return max(revocation_lags(scenario), key=lambda lag: (not lag.heard, lag.median_s))


def _fitted(scenario: Scenario, found: _Log, task: Integers, arrival: Integers) -> Scenario:
    """The scenario with the log's fleet, which works on as many tasks at once as it did."""
    last = np.maximum.reduceat(found.calls["time"], np.searchsorted(_task(found.calls), task))
    most = max(_most_at_once(arrival[own], last[own]) for agent in range(len(found.agents))
               if (own := ids.agent_of(task) == agent).any())  # fmt: skip
    fleet = scenario.fleet.model_copy(
        update={"agents": len(found.agents), "concurrency": most, "source": "as many as the log shows"}
    )
    return scenario.model_copy(update={"fleet": fleet})


def _most_at_once(starts: Integers, ends: Integers) -> int:
    """The most closed intervals that share an instant."""
    edges = np.concatenate([starts, ends])
    steps = np.concatenate([np.ones_like(starts), -np.ones_like(ends)])
    return int(np.cumsum(steps[np.lexsort([-steps, edges])]).max())


def _counted(number: int, one: str) -> str:
    return f"{number:,} {one}{'' if number == 1 else 's'}"


def _assumptions(scenario: Scenario, found: _Log, tasks: int) -> dict[str, str]:
    lag = _slowest(scenario)
    takes = f"takes as long as in its slowest system, {lag.median_s:,g} s in the median"
    slow = takes if lag.heard else "is never heard of"
    return {
        "tasks": f"One login session is one task; a key that lasts makes a new one where it rests for {PAUSE_HOURS} h: "
        f"{_counted(len(found.calls['agent']), 'call')} in {_counted(tasks, 'task')} of at most {_MOST_CALLS:,} calls.",
        "plans": "A task declares what it turned out to use: the best plan that anybody could have made.",
        "time": "A call takes no time, and follows the one before as in the log; a replay ends when the log does, so "
        "what control delays past that is unfinished.",
        "authority": "An identity may do what it was seen to do; what else its real roles allow, the log does not say.",
        "left out": f"Left out: {_counted(found.refused, 'refused call')}, and "
        f"{_counted(found.unknown, 'call')} without a known credential or object.",
        **_wanting(found.wanting),
        "figures": f"Latencies, approvers and answers to refusals are those of the scenario {scenario.name}; every "
        f"revocation {slow}.",
    }


def _wanting(lost: str) -> dict[str, str]:
    """What is not replayed because nobody could read it."""
    told = f"The log is not whole ({lost}): there were maybe calls, and credentials, that are not replayed."
    return {"wanting": told} if lost else {}
