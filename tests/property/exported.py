"""What an export says that it loses, held against what is read from it again."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.export.export import export
from analysis.export.form import forms
from analysis.ingest.ingest import ingest
from sim.audit.rows import Facts
from sim.audit.store import Store
from sim.workload.dimensions import dimensions
from sim.workload.fleet import Workload

Named = Mapping[str, Mapping[str, object]]

_HERE = Path(__file__).parent
_QUERIES = {of: _HERE.joinpath(f"named_{of}s.sql").read_text("utf-8") for of in ("event", "credential")}
# Where something was read from says where it is read from now.
_PLACES = ("source_file", "ordinal")
_UNKNOWN = ("unknown", "-infinity", "infinity")


def stored(facts: Facts, work: Workload, profile: str, unlike: str = "") -> Store:
    """A store with the run as seen through a profile, and its facts changed by some statements."""
    store = Store.in_memory()
    store.write_workload(0, dimensions(work, "afternoon"))
    times = {name: np.datetime64(getattr(work, name), "us") for name in ("begins", "t0", "t1")}
    about = {"key": 1, "id": "1", "kind": "simulated", "workload": 0, "version": "1", "profile": profile}
    store.write_facts({**about, **times}, facts)
    store.connection.execute(unlike)
    store.complete(1)
    return store


def named(store: Store, run: int) -> dict[str, Named]:
    """Events and credentials of a run's log by name, each with the text of its fields."""
    return {of: _fields(store.connection.cursor().sql(sql, params={"run": run}).df()) for of, sql in _QUERIES.items()}


def _fields(rows: pd.DataFrame) -> Named:
    told = rows.set_index("name").astype(object).where(lambda cell: cell.notna().to_numpy(), None)
    return {str(name): {"id": name, **row} for name, row in told.to_dict("index").items()}


def round_trip(store: Store, run: int, form: str, folder: Path) -> tuple[pd.DataFrame, dict[str, Named]]:
    """What an export says that it loses, and what is read from it."""
    losses = export(store, run, forms()[form], folder)
    with Store.in_memory() as copy:
        [read] = ingest(
            [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "losses.csv"], copy
        )
        assert (read.rejected, read.repeated) == (0, 0)
        return losses, named(copy, 1)


def contradictions(losses: pd.DataFrame, before: Mapping[str, Named], after: Mapping[str, Named]) -> dict[str, str]:
    """The fields of which the report is wrong, and how. Events whose names are not carried are spans."""
    wrong = {}
    called = {"event": _called(losses, before["event"]), "credential": {}}
    for field, rows in losses.groupby("field", sort=False):
        of, _, name = str(field).partition(".")
        counts = dict.fromkeys(("carried", "otherwise", "lost"), 0) | rows.groupby("fate")["rows"].sum().to_dict()
        filled = {called[of].get(key, key): row[name] for key, row in before[of].items() if row[name] is not None}
        copy = {key: after[of][key][name] if key in after[of] else None for key in filled}
        equal = sum(copy[key] == value for key, value in filled.items())
        absent = sum(each in (None, *_UNKNOWN) for each in map(str_or_none, copy.values()))
        constant = len({str(row[name]) for row in after[of].values()}) == 1
        if counts["carried"] + counts["otherwise"] + counts["lost"] != len(filled):
            wrong[field] = f"{counts} of {len(filled)}"
        elif name in _PLACES:
            continue
        elif not counts["carried"] <= equal <= counts["carried"] + counts["otherwise"] + constant * counts["lost"]:
            wrong[field] = f"{counts}, but {equal} are equal"
        elif absent < counts["lost"] and not constant:
            wrong[field] = f"{counts}, but {absent} are absent"
    return wrong


def _called(losses: pd.DataFrame, before: Named) -> dict[str, str]:
    """What each event is called in the copy."""
    if "carried" not in set(losses["fate"][losses["field"] == "event.id"]):
        return _as_spans(before)
    # Of two events of one id the second has a number, and as its id ends so now, it is given another one.
    return {name: f"{name}#1" if re.search(r"#(?!1$)\d+$", name) else name for name in before}


def _as_spans(before: Named) -> dict[str, str]:
    """What each event is called as a span: by hashes of its root task, and of itself or its task."""
    above = {row["task"]: row["parent_task"] for row in before.values() if row["kind"] == "task_start"}

    def root(task: object) -> object:
        while above.get(task) is not None:
            task = above[task]
        return task

    def span(name: str, row: Mapping[str, object]) -> str:
        trace = _hash("trace", name if row["task"] is None else root(row["task"]))
        if row["kind"] == "use":
            return f"{trace}/{_hash('call', name)[:16]}"
        return f"{trace}/{_hash('task', row['task'])[:16]} {str(row['kind']).removeprefix('task_')}"

    return {name: span(name, row) for name, row in before.items() if row["kind"] in ("use", "task_start", "task_end")}


def _hash(what: str, name: object) -> str:
    return hashlib.md5(f"{what} {name}".encode(), usedforsecurity=False).hexdigest()


def str_or_none(value: object) -> str | None:
    """The text of a value, if there is one."""
    return None if value is None else str(value)
