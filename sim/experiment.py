"""Replications over processes: one job a replicate, which shares its workload between all control models.

A worker writes its runs into a store in memory and leaves Parquet parts; the one writer takes them in, in one
transaction. Keys are handed out before the work starts, so that parts fit together and running again replaces.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

import duckdb
import numpy as np

from sim.audit.columns import one
from sim.audit.refusal import Refusal
from sim.audit.store import VERSION, Store
from sim.control.model import Control
from sim.control.offers import offers
from sim.control.platform import Platform, Terms, terms_on
from sim.reference.run import simulate
from sim.reference.stewardship import Estimand
from sim.scenario import ANY, Scenario
from sim.workers import finished, no_room, scratch_folder
from sim.workload.dimensions import dimensions
from sim.workload.fleet import generate
from sim.workload.intentions import Workload

ENGINE = "reference"
# Every model takes over what the same past left behind; the other estimand is that each has governed all along.
ESTIMAND: Estimand = "transition"


@dataclass(frozen=True)
class Plan:
    """A scenario under control models, baseline first, replicated.

    `platforms` are those that the scenario's systems are on, by the names that it gives them; `any` need not be there.
    """

    scenario: Scenario
    controls: tuple[Control, ...]
    replicates: int
    seed: int
    processes: int = 2
    platforms: Mapping[str, Platform] = field(default_factory=dict)
    estimand: Estimand = ESTIMAND

    def workload_id(self, replicate: int) -> str:
        """Hash of what is drawn."""
        return digest(self.scenario.model_dump(mode="json"), self.seed, replicate, VERSION)

    @property
    def run_ids(self) -> list[str]:
        """The hash of each run, control model by control model."""
        return [self.run_id(n, control) for control in self.controls for n in range(self.replicates)]

    def run_id(self, replicate: int, control: Control) -> str:
        """Hash of all that decides the facts of a run; how it is logged does not."""
        return digest(self.workload_id(replicate), *decisive(control, self.platforms, self.estimand))


@dataclass(frozen=True)
class Job:
    """One replicate: its keys, and where its parts go."""

    plan: Plan
    replicate: int
    workload: int
    runs: tuple[int, ...]
    folder: Path


def carry_out(plan: Plan, store: Store, progress: Callable[[int, int], None]) -> list[int]:
    """Simulate every run of a plan into a store; returns their keys, control model by control model.

    `progress` is told how many replicates are done, of how many.

    Raises:
        Refusal: memory or disk do not suffice.
    """
    with scratch_folder() as scratch:
        jobs = list(_jobs(plan, store, scratch))
        with closing(finished(work, jobs, plan.processes)) as done_jobs:
            for done, _ in enumerate(done_jobs, start=1):
                progress(done, len(jobs))
        runs = [run for job in jobs for run in job.runs]
        store.adopt([job.folder for job in jobs], runs, [job.workload for job in jobs])
    return [job.runs[position] for position in range(len(plan.controls)) for job in jobs]


def digest(*parts: object) -> str:
    """Hash of anything that JSON can say, 128 bits in hexadecimal."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _jobs(plan: Plan, store: Store, scratch: Path) -> Iterator[Job]:
    replicates = range(plan.replicates)
    workloads = store.keys("workload", [plan.workload_id(replicate) for replicate in replicates])
    identifiers = [plan.run_id(replicate, control) for replicate in replicates for control in plan.controls]
    keys = store.keys("run", identifiers)
    for replicate in replicates:
        runs = tuple(keys[plan.run_id(replicate, control)] for control in plan.controls)
        yield Job(plan, replicate, workloads[plan.workload_id(replicate)], runs, scratch / str(replicate))


def work(job: Job) -> Job:
    """Simulate one replicate under every control model and leave its parts in the job's folder."""
    with Store.in_memory() as store:
        fill(store, job.plan, job.replicate, job.workload, job.runs)
        store.complete(*job.runs)
        _leave_parts(store, job.folder)
    return job


def fill(store: Store, plan: Plan, replicate: int, workload: int, runs: Sequence[int]) -> None:
    """Simulate one replicate under every control model of a plan into a store, under these keys; not yet completed."""
    work = generate(plan.scenario, plan.seed, replicate)
    store.write_workload(workload, dimensions(work, plan.workload_id(replicate)))
    for key, control in zip(runs, plan.controls, strict=True):
        under = Under(control, plan.platforms, plan.estimand)
        row = {"key": key, "id": plan.run_id(replicate, control), "workload": workload, "kind": "simulated"}
        run(store, row, work, under)


@dataclass(frozen=True)
class Under:
    """A control model, the platforms by name, and whether it takes over or has governed all along."""

    control: Control
    platforms: Mapping[str, Platform]
    estimand: Estimand

    @cached_property
    def terms(self) -> Mapping[str, Terms]:
        """The model as it holds on each platform."""
        return terms_on(self.control, self.platforms)


def run(store: Store, row: Mapping[str, object], workload: Workload, under: Under) -> None:
    """Simulate a workload under a control model into a store, not yet completed; `row`: the run's keys, id and kind."""
    facts = simulate(workload, under.control, under.terms, under.estimand)
    store.know_profile(under.control.logging.derived)
    store.write_facts({**row, **_described(under, workload)}, facts)
    on = offers(dict.fromkeys(atom.platform for atom in workload.atoms), under.platforms)
    store.insert("platform", {"run": np.full(len(on["name"]), row["key"]), **on})
    for policy, since in under.control.policies(workload.begins, workload.t0):
        words = {"run": row["key"], "id": policy.id, "hash": policy.hash, "name": policy.name, "text": policy.text}
        store.insert("policy", {name: one(value) for name, value in (words | {"valid_from": _time(since)}).items()})


def _leave_parts(store: Store, folder: Path) -> None:
    try:
        folder.mkdir(parents=True)
        store.export(folder)
    except (OSError, duckdb.IOException) as error:
        raise Refusal(no_room(error)) from error


def decisive(control: Control, platforms: Mapping[str, Platform], estimand: Estimand = ESTIMAND) -> tuple[object, ...]:
    """What decides the facts of a run besides its workload: the model, without how it is logged, and the platforms."""
    limits = {name: platform.model_dump(mode="json") for name, platform in platforms.items() if name != ANY}
    return (control.without_logging(), limits, ENGINE, estimand)


def _described(under: Under, workload: Workload) -> dict[str, object]:
    """What the row of table `run` says of a control model and the workload it runs."""
    control, (begins, t0, t1) = under.control, map(_time, (workload.begins, workload.t0, workload.t1))
    return {
        "control": control.name, "control_hash": digest(control.without_logging()), "engine": ENGINE,
        "platform": ", ".join(dict.fromkeys(atom.platform for atom in workload.atoms)),
        "profile": control.logging.name, "estimand": under.estimand, "seed": workload.streams.seed,
        "replicate": workload.streams.replicate, "begins": begins, "t0": t0, "t1": t1, "version": version("outlive"),
        "settings": json.dumps(_settings(control, under.terms, workload)),
        "policy": None if control.policy is None else control.policy.hash,
    }  # fmt: skip


def _settings(control: Control, terms: Mapping[str, Terms], workload: Workload) -> dict[str, object]:
    """The control model as asked for; on which platform which systems are, and what could not be had there."""
    systems: dict[str, list[str]] = {}
    for system, platform in dict.fromkeys((atom.system, atom.platform) for atom in workload.atoms):
        systems.setdefault(platform, []).append(system)
    platforms = [
        {"platform": terms[name].platform, "title": terms[name].title, "static_only": terms[name].static_only,
         "systems": on, "clamps": [clamp._asdict() for clamp in terms[name].clamps]}
        for name, on in systems.items()
    ]  # fmt: skip
    return {**control.model_dump(mode="json"), "platforms": platforms}


def _time(micros: int) -> object:
    return np.datetime64(micros, "us").item()
