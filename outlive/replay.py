"""A log that exists, under control models that were never in force."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from analysis.comparison import Comparison
from analysis.comparison import compare as compared
from analysis.report.legible import counted
from outlive.compare import Progress, Request, declare, plan, platforms_of, silent, write_page
from outlive.places import page_beside
from sim.audit.refusal import Refusal
from sim.audit.store import Store
from sim.replay import Replay, carry_out

_RUNS = "SELECT key FROM fact.run WHERE completed IS NOT NULL AND kind <> 'replayed' ORDER BY key"
_TITLE = "SELECT w.title FROM fact.run r JOIN fact.workload w ON w.key = r.workload WHERE r.key = $run"


@dataclass(frozen=True)
class Log:
    """The log of a run in a store; without a key, of the only one there."""

    store: Path | str
    run: int | None = None


def replay(
    log: Log,
    request: Request,
    into: Path | str,
    report: Path | str | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Run what a log shows under control models, the baseline first; compare them with each other and with the log.

    The log's store stays as it is; `into` takes in a copy beside the replays. The request's scenario gives the figures
    that no log tells: latencies, approvers, answers to refusals. `replicates` are sets of draws; a simulated run keeps
    its own, so it is replayed with one.

    Raises:
        Refusal: a name, a run or a store cannot be used, or the log shows nothing to replay.
    """
    asked, tell = plan(request), progress or silent
    page = None if report is None else page_beside(into, report)
    if Path(into).resolve() == Path(log.store).resolve():
        raise Refusal(f"{into}: that is the store with the log; replay into a file of its own")
    with _fresh(Path(into)), Store.create(Path(into)) as store:
        run = _taken_in(log, store)
        models, draws = counted(len(asked.controls), "control model"), counted(asked.replicates, "set")
        tell(f"replaying {models} with {draws} of draws")
        done = carry_out(Replay(run, asked.scenario, asked.controls, asked.replicates, asked.seed, platforms_of), store)
        tell("measuring")
        [(title,)] = store.rows(_TITLE, {"run": run})
        identifier = declare(store, asked, done, (title, f"{title}, replayed"))
        result = compared(store, identifier, whole=page is not None)
        write_page(store, page, result, tell)
    return result


@contextmanager
def _fresh(into: Path) -> Iterator[None]:
    """A store that was made for what was then refused is not left behind."""
    made = not into.exists()
    try:
        yield
    except Refusal:
        if made:
            into.unlink(missing_ok=True)
        raise


def _taken_in(log: Log, store: Store) -> int:
    """The key that the run whose log is replayed has here."""
    with Store.open(Path(log.store)) as other:
        runs = [key for (key,) in other.rows(_RUNS) if log.run in {None, key}]
        known = ", ".join(str(key) for (key,) in other.rows(_RUNS)[:12]) or "none that is completed"
    if len(runs) != 1:
        which = "which run" if log.run is None else f"no run {log.run}"
        raise Refusal(f"{log.store}: {which} to replay? It has {known}; name one with `--run`")
    return store.take_in(Path(log.store), runs[0])
