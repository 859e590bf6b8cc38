"""Replications over processes: one job a replicate, which shares its workload between all control models.

A worker writes its runs into a store in memory and leaves Parquet parts; the one writer takes them in, in one
transaction. Keys are handed out before the work starts, so that parts fit together and running again replaces.

A worker lives no longer than its parent, whatever ends that. What a killed run leaves goes when the next one begins.
"""

import fcntl
import hashlib
import json
import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from threading import Thread

import duckdb
import numpy as np

from sim.audit.refusal import Refusal
from sim.audit.store import VERSION, Store
from sim.control.model import Control
from sim.reference.run import simulate
from sim.scenario import Scenario
from sim.workload.dimensions import dimensions
from sim.workload.fleet import generate
from sim.workload.intentions import Workload

ENGINE = "reference"
# Every model takes over the same brownfield stock of keys; there is no lifecycle yet that could burn one in.
ESTIMAND = "transition"

_SCRATCH = "outlive-scratch-"


@dataclass(frozen=True)
class Plan:
    """A scenario under control models, baseline first, replicated."""

    scenario: Scenario
    controls: tuple[Control, ...]
    replicates: int
    seed: int
    processes: int = 2

    def workload_id(self, replicate: int) -> str:
        """Hash of what is drawn."""
        return digest(self.scenario.model_dump(mode="json"), self.seed, replicate, VERSION)

    def run_id(self, replicate: int, control: Control) -> str:
        """Hash of all that decides the facts of a run; how it is logged does not."""
        return digest(self.workload_id(replicate), control.without_logging(), ENGINE, ESTIMAND)


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
    with _scratch() as scratch:
        jobs = list(_jobs(plan, store, scratch))
        with closing(_finished(jobs, plan.processes)) as finished:
            for done, _ in enumerate(finished, start=1):
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


def _finished(jobs: Sequence[Job], processes: int) -> Generator[Job, None, None]:
    """Jobs as they are finished, in any order."""
    try:
        yield from map(work, jobs) if processes == 1 else _pooled(jobs, processes)
    except (BrokenProcessPool, MemoryError) as error:
        msg = "a process ended before its runs did, likely for want of memory: use fewer, or a shorter window"
        raise Refusal(msg) from error


def _pooled(jobs: Sequence[Job], processes: int) -> Iterator[Job]:
    context = multiprocessing.get_context("spawn")
    held, lifeline = context.Pipe(duplex=False)
    with _deaf():
        pool = ProcessPoolExecutor(processes, context, _live_with_parent, (held,))
    # The line goes first, so that nobody waits for what is simulated still.
    with held, pool, lifeline:
        with _deaf():
            futures = [pool.submit(work, job) for job in jobs]
        for future in as_completed(futures):
            yield future.result()


@contextmanager
def _deaf() -> Iterator[None]:
    """Processes started meanwhile never hear what a terminal sends to all of them: their parent ends them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _live_with_parent(lifeline: Connection) -> None:
    """End as soon as the parent lets go of the line or is gone, killed even."""

    def wait() -> None:
        with suppress(EOFError, OSError):
            lifeline.recv_bytes()
        os._exit(1)

    Thread(target=wait, daemon=True).start()


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder for parts; those that killed runs left behind are removed first."""
    try:
        for left in Path(gettempdir()).glob(f"{_SCRATCH}*"):
            _sweep(left)
        folder = TemporaryDirectory(prefix=_SCRATCH)
    except OSError as error:
        raise Refusal(_no_room(error)) from error
    with folder as name, _opened(Path(name)) as handle:
        # On a file system without locks nothing is swept.
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield Path(name)


def _sweep(folder: Path) -> None:
    """Remove parts whose process is gone, and its lock with it; any others cannot be locked, or not be opened."""
    with suppress(OSError), _opened(folder) as handle:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        yield handle
    finally:
        os.close(handle)


def work(job: Job) -> Job:
    """Simulate one replicate under every control model and leave its parts in the job's folder."""
    plan = job.plan
    workload = generate(plan.scenario, plan.seed, job.replicate)
    with Store.in_memory() as store:
        store.write_workload(job.workload, dimensions(workload, plan.workload_id(job.replicate)))
        for key, control in zip(job.runs, plan.controls, strict=True):
            row = {"key": key, "id": plan.run_id(job.replicate, control), "workload": job.workload}
            store.write_run({**row, **described(control, workload, "simulated")}, simulate(workload, control))
        _leave_parts(store, job.folder)
    return job


def _leave_parts(store: Store, folder: Path) -> None:
    try:
        folder.mkdir(parents=True)
        store.export(folder)
    except (OSError, duckdb.IOException) as error:
        raise Refusal(_no_room(error)) from error


def _no_room(error: OSError | duckdb.IOException) -> str:
    reason = error.strerror if isinstance(error, OSError) else "no room, or a disk that fails"
    return f"{gettempdir()}: {reason}; set TMPDIR to a folder with room for what is kept meanwhile"


def described(control: Control, workload: Workload, kind: str) -> dict[str, object]:
    """What the row of table `run` says of a control model and the workload it runs; keys and ids are the caller's."""
    begins, t0, t1 = (np.datetime64(time, "us").item() for time in (workload.begins, workload.t0, workload.t1))
    return {
        "kind": kind, "control": control.name, "control_hash": digest(control.without_logging()), "engine": ENGINE,
        "profile": control.logging.profile, "estimand": ESTIMAND, "seed": workload.streams.seed,
        "replicate": workload.streams.replicate, "begins": begins, "t0": t0, "t1": t1, "version": version("outlive"),
        "settings": control.model_dump_json(),
    }  # fmt: skip
