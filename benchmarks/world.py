"""Stores of any size, with the tables and columns that ingest and simulation fill."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final, Literal

import numpy as np

import sim.audit
from sim.audit.columns import one
from sim.audit.file import StoreError, remove
from sim.audit.store import VERSION, Evidence, Store

Kind = Literal["observed", "simulated"]

KINDS: Final[tuple[Kind, ...]] = ("observed", "simulated")
EVIDENCE: Final[Mapping[Kind, Evidence]] = {"observed": "log", "simulated": "truth"}
# A task is ten calls.
TASK: Final = 10

_HERE: Final = Path(__file__).parent
# What a store keeps of it: its views, and its ledgers.
_AUDIT: Final = Path(sim.audit.__file__).parent
_KEY: Final = 1
# Ten minutes to put right, each.
_CAUSES: Final = (
    "unowned", "shadow", "never_needed", "excess_grant", "outlived_task", "outlived_agent", "overdue_rotation",
    "shared_secret", "renewed_unevaluated", "unreviewed",
)  # fmt: skip
_BEGINS, _MEASURED, _ENDS = (np.datetime64(f"2026-01-{day}", "us") for day in ("01", "04", "31"))
_WORKLOAD_KIND: Final[Mapping[Kind, str]] = {"observed": "observed", "simulated": "synthetic"}
_RUN_KIND: Final[Mapping[Kind, str]] = {"observed": "ingested", "simulated": "simulated"}


@dataclass(frozen=True)
class Size:
    """How many calls there are, by how many agents, with how many credentials each, one after the other."""

    events: int
    agents: int = 100_000
    credentials: int = 10


def store(kind: Kind, size: Size, folder: Path) -> Path:
    """The store of that kind and size in a folder; made unless it is there, from this very description."""
    path, identifier = folder / f"{kind}-{size.events}.duckdb", _identifier(kind, size)
    if not _is_there(path, identifier):
        remove(path)
        with Store.create(path) as made:
            write(made, kind, size)
    return path


def write(into: Store, kind: Kind, size: Size) -> None:
    """Write the month into a store, as its first run, and rebuild the ledgers from the log."""
    with _sized(into, size), into.transaction():
        about = {"agents": size.agents, "tasks": 0, "actions": 0}
        if kind == "simulated":
            about |= {"tasks": size.events // TASK, "actions": size.events}
        into.insert("workload", {name: one(value) for name, value in (_workload(kind, size) | about).items()})
        into.begin_run(_run(kind, size))
        for part in ("world", kind):
            into.execute_file(_HERE / f"{part}.sql", {"run": _KEY, "workload": _KEY})
        into.complete(_KEY)


def _workload(kind: Kind, size: Size) -> dict[str, object]:
    title = f"a fleet at work for a month, {size.events} calls"
    about = {"key": _KEY, "id": _identifier(kind, size), "kind": _WORKLOAD_KIND[kind], "title": title}
    return {**about, "settings": json.dumps({"debt": dict.fromkeys(_CAUSES, 10)})}


def _run(kind: Kind, size: Size) -> dict[str, object]:
    window = {"begins": _BEGINS, "t0": _MEASURED, "t1": _ENDS}
    about = {"key": _KEY, "id": _identifier(kind, size), "kind": _RUN_KIND[kind], "workload": _KEY}
    return {**about, **window, "profile": "full", "version": version("outlive")}


def _identifier(kind: Kind, size: Size) -> str:
    """A hash of all that says what is in the store."""
    parts = (
        *(_HERE / f"{part}.sql" for part in ("world", kind)),
        *(_AUDIT / f"{part}.sql" for part in ("evidence", "ledger")),
    )
    texts = [part.read_text("utf-8") for part in parts]
    return hashlib.sha256("\n".join([VERSION, repr(size), *texts]).encode()).hexdigest()


def _is_there(path: Path, identifier: str) -> bool:
    if not path.exists():
        return False
    done = "SELECT 1 FROM fact.run WHERE id = $id AND completed IS NOT NULL"
    try:
        with Store.open(path) as found:
            return found.rows(done, {"id": identifier}) != []
    except StoreError:
        # One of another version is made anew.
        return False


@contextmanager
def _sized(into: Store, size: Size) -> Iterator[None]:
    """World.sql reads how large the world is from variables."""
    for name, value in vars(size).items():
        into.connection.execute(f"SET VARIABLE {name} = {value:d}")
    yield
    for name in vars(size):
        into.connection.execute(f"RESET VARIABLE {name}")
