"""A log under other control models: its workload rebuilt once, and run under each as a simulation is.

Draws (latencies, inspections, answers to refusals) are keyed as everywhere, so models are compared on the same ones. A
replicate of a real log is the same log with other draws; a simulated run's log keeps the draws that made it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from sim.audit.refusal import Refusal
from sim.audit.store import VERSION, Store
from sim.control.model import Control
from sim.control.platform import Platform
from sim.experiment import ESTIMAND, Under, decisive, digest, run
from sim.reference.stewardship import Estimand
from sim.scenario import Scenario
from sim.streams import Streams
from sim.workload import sessions, trace
from sim.workload.dimensions import dimensions
from sim.workload.intentions import Workload


@dataclass(frozen=True)
class Replay:
    """The log of one run under control models, baseline first, with so many sets of draws.

    `scenario` gives the figures that no log tells; a simulated run's are its own. `platforms` finds those that a
    scenario's systems are on.
    """

    run: int
    scenario: Scenario
    controls: tuple[Control, ...]
    replicates: int
    seed: int
    platforms: Callable[[Scenario], Mapping[str, Platform]] = lambda _: {}


def carry_out(asked: Replay, store: Store) -> dict[str, int]:
    """Replay the log of a run in this store under every control model; the same replay again is replaced.

    Returns the key of each run by its identifier, control model by control model.

    Raises:
        Refusal: there is no such run, or nothing in its log to replay.
    """
    source = _source(store, asked.run)
    workloads = list(_workloads(asked, store))
    names = [digest(source, "replay", asked.scenario.model_dump(mode="json"), asked.seed, n, VERSION)
             for n in range(len(workloads))]  # fmt: skip
    platforms, estimand = _platforms(asked, workloads), _estimand(store, asked.run)
    identifiers = [digest(name, *decisive(c, platforms, estimand)) for c in asked.controls for name in names]
    keys, runs = store.keys("workload", names), store.keys("run", identifiers)
    with store.transaction():
        for name, workload in zip(names, workloads, strict=True):
            store.write_workload(keys[name], dimensions(workload, name, "trace"))
        for position, control in enumerate(asked.controls):
            under = Under(control, platforms, estimand)
            for n, (name, workload) in enumerate(zip(names, workloads, strict=True)):
                identifier = identifiers[position * len(names) + n]
                row = {"key": runs[identifier], "id": identifier, "workload": keys[name], "kind": "replayed"}
                run(store, row, workload, under)
        store.complete(*(runs[each] for each in identifiers))
    return {each: runs[each] for each in identifiers}


def _platforms(asked: Replay, workloads: list[Workload]) -> Mapping[str, Platform]:
    """What the systems are on whose log it is; of a real log nobody knows, so that there whatever is asked is given."""
    [*_, last] = workloads
    return {} if last.observed else asked.platforms(last.scenario)


def _estimand(store: Store, run: int) -> Estimand:
    """What the run whose log it is estimates; a real log's identities are taken over by every model."""
    [(steady,)] = store.rows("SELECT coalesce(estimand = 'steady', false) FROM fact.run WHERE key = $run", {"run": run})
    return "steady" if steady else ESTIMAND


def _source(store: Store, run: int) -> str:
    found = store.rows("SELECT id FROM fact.run WHERE key = $run AND completed IS NOT NULL", {"run": run})
    if not found:
        msg = f"{store.name}: no completed run {run}; `outlive measure` lists them"
        raise Refusal(msg)
    return str(found[0][0])


def _workloads(asked: Replay, store: Store) -> Iterator[Workload]:
    """One workload a replicate."""
    with store.evidence("log", [asked.run]) as log:
        [(whole,)] = log.execute("SELECT kind = 'simulated' AND sees_tasks AND sees_actions FROM run").fetchall()
    if whole:
        yield _simulated(asked, store)
        return
    rebuilt = sessions.rebuild(store, asked.run, asked.scenario, Streams(asked.seed, 0))
    for replicate in range(asked.replicates):
        yield replace(rebuilt, streams=Streams(asked.seed, replicate))


def _simulated(asked: Replay, store: Store) -> Workload:
    """The workload behind a simulated run, with the figures and draws that were its own."""
    if asked.replicates > 1:
        msg = f"run {asked.run} is a simulation, whose draws are its own: replay it with one replication"
        raise Refusal(msg)
    [(settings,)] = store.rows(
        "SELECT w.settings FROM fact.run r JOIN fact.workload w ON w.key = r.workload WHERE r.key = $run",
        {"run": asked.run},
    )
    return trace.rebuild(store, asked.run, Scenario.model_validate_json(settings)).workload
