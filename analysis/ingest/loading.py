"""What was read becomes a run of the store, all of it by the database: no row of it passes through Python again."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np

from analysis.ingest.columns import integers, texts
from analysis.ingest.families import Family
from analysis.ingest.observed import Atom
from analysis.ingest.source import Source
from analysis.ingest.standing import stand, work_out
from sim.audit.columns import Columns, one
from sim.audit.store import Store

_HERE: Final = Path(__file__).parent
_WINDOW: Final = "SELECT t0, t0, t1 FROM bounded"
_AGENTS: Final = "SELECT count(DISTINCT principal), count(DISTINCT task) FROM saying"
_ATOMS: Final = "SELECT atom, atom_group, atom_level FROM atom"
# What each atom is declared to be worth: by the log itself, and where that says nothing by its source.
_WORTH: Final = """
    CREATE OR REPLACE TEMP TABLE worth AS
    SELECT atom, coalesce(a.tier, r.tier) AS tier, coalesce(a.sensitivity, r.sensitivity) AS sensitivity,
           coalesce(a.privilege, r.privilege) AS privilege, r.by_choice
    FROM atom a JOIN rows r USING (atom)
"""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A file that belongs to a run: its path, and its number on the workbench."""

    path: str
    file: int


@dataclass(frozen=True, slots=True)
class Run:
    """A run that is written: its id, its key, that of its workload, and the profile that its log is seen through."""

    id: str
    key: int
    workload: int
    profile: str


def gather(store: Store, files: Sequence[Chosen], snapshots: Sequence[str] = ()) -> None:
    """Find out what of these files becomes the events of a run; `snapshots` are the kinds of export that are no log."""
    rows = {  # noqa: F841 - read by name
        "number": np.arange(len(files)),
        "path": texts(each.path for each in files),
        "file": np.array([each.file for each in files], dtype=np.int64),
    }
    store.connection.execute("CREATE OR REPLACE TEMP TABLE chosen AS FROM rows")
    store.execute_file(_HERE / "gather.sql", {"snapshots": list(snapshots)})


def identifier(hashes: Sequence[str]) -> str:
    """Id of a run: a hash of its files' hashes, whatever these are called and in whatever order they were read."""
    return hashlib.sha256("\n".join(sorted(hashes)).encode()).hexdigest()


def name(store: Store, family: Family) -> None:
    """Name whatever is gathered, and find out over what window it is told."""
    work_out(store, family.snapshots)
    store.execute_file(_HERE / "names.sql")
    store.execute_file(_HERE / "bounded.sql", {"resolution": family.source.log.resolution})


def load(store: Store, run: Run, family: Family, settings: Mapping[str, object]) -> None:
    """Write the run of what is named, replacing the same one, and rebuild its ledgers."""
    source, log = family.source, family.source.log
    rows = _weights(store, source)  # noqa: F841 - read by name
    store.connection.execute(_WORTH)
    store.write_workload(run.workload, {"workload": _workload(store, run.id, family)})
    about = {"key": run.key, "id": run.id, "workload": run.workload, "profile": run.profile}
    made = {"kind": "ingested", "version": version("outlive"), "settings": json.dumps(settings)}
    store.begin_run({**about, **made, **_window(store)})
    how = {"system": log.system, "platform": log.platform, "resolution": log.resolution, "meaning": log.meaning}
    store.execute_file(_HERE / "load.sql", {"run": run.key, "workload": run.workload, **how})
    if family.snapshots:
        stand(store, run.key, run.workload, log.resolution, family.snapshots)
    store.complete(run.key)


def kept_by_choice(store: Store, source: Source) -> list[str]:
    """Groups of what is named of which the log keeps some calls only where somebody chose so."""
    return sorted({each.group for each in _atoms(store).values() if source.log.keeps_by_choice(each)})


def _atoms(store: Store) -> dict[int, Atom]:
    """What is named, by its number."""
    return {atom: Atom(group, level) for atom, group, level in store.connection.execute(_ATOMS).fetchall()}


def _weights(store: Store, source: Source) -> Columns:
    """What the source declares each atom to be worth."""
    atoms = _atoms(store)
    weights = [source.weight(each) for each in atoms.values()]
    return {
        "atom": integers(atoms),
        "tier": integers(each.tier for each in weights),
        "sensitivity": integers(each.sensitivity for each in weights),
        "privilege": integers(each.privilege for each in weights),
        "by_choice": np.array([source.log.keeps_by_choice(each) for each in atoms.values()], dtype=bool),
    }


def _workload(store: Store, run_id: str, family: Family) -> Columns:
    """What a log shows of intentions: who acted, perhaps for which tasks; what these were to do it does not say."""
    [(agents, tasks)] = store.connection.execute(_AGENTS).fetchall()
    declared = json.dumps(family.source.log.assumptions)
    about = {"id": run_id, "kind": "observed", "title": family.title, "settings": declared}
    return {name: one(value) for name, value in {**about, "agents": agents, "tasks": tasks, "actions": 0}.items()}


def _window(store: Store) -> dict[str, Any]:
    """From the first event to the end of the last one's tick of the clock; of a snapshot alone, its instant."""
    [window] = store.connection.execute(_WINDOW).fetchall()
    return dict(zip(("begins", "t0", "t1"), window, strict=True))
