"""What was read becomes one run of the store, whole or not at all; columns are loaded, never rows."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from importlib.metadata import version
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analysis.ingest.dimensions import Names, names, tables, texts
from analysis.ingest.intake import Intake, Kept
from analysis.ingest.observed import Observed
from analysis.ingest.source import Log, Source
from sim.audit.columns import Columns
from sim.audit.rows import UNKNOWN
from sim.audit.store import Store

_TEXTS: Final = ("operation", "error", "origin", "user_agent", "request_id", "invoked_by")
_COUNTS: Final = ("records", "kept", "repeated", "rejected")
_WORDS: Final = ("kind", "decision", "reason")


def identifier(intake: Intake) -> str:
    """Id of the run: a hash of its files' hashes, whatever these are called and in whatever order they were read."""
    hashes = sorted(file.sha256 for file in intake.files if file.source is not None)
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def load(intake: Intake, source: Source, store: Store, settings: Mapping[str, object]) -> str:
    """Write the run, replacing the same one, and rebuild its ledgers; returns its id."""
    run_id, kept = identifier(intake), intake.in_order()
    events = [each.observed for each in kept]
    known = names(events)
    with store.transaction():
        run, workload = (store.keys(table, [run_id])[run_id] for table in ("run", "workload"))
        observed = {"workload": _workload(run_id, source.log, events), **tables(events, known, source)}
        store.write_workload(workload, observed)
        span = _span(events, source.log)
        about = {"key": run, "id": run_id, "workload": workload, "profile": source.log.profile, **span}
        store.begin_run({**about, **_provenance(settings)})
        _insert(store, run, {"event": _events(kept, known, source.log), **_accounts(intake), **_keys(known)})
        store.complete(run)
    return run_id


def _insert(store: Store, run: int, facts: Mapping[str, Columns]) -> None:
    for table, columns in facts.items():
        size = len(next(iter(columns.values())))
        if size:
            store.insert(table, {"run": np.full(size, run), **columns})


def _workload(run_id: str, log: Log, events: Sequence[Observed]) -> Columns:
    """A log shows who acted, but neither tasks nor intended actions: these are what a log of calls cannot say."""
    agents = len({event.principal.name for event in events if event.principal})
    about = {"id": run_id, "kind": "observed", "title": log.title, "settings": json.dumps(log.assumptions)}
    counts = {"agents": agents, "tasks": 0, "actions": 0}
    return {**{name: texts([value]) for name, value in about.items()}, **{n: np.array([c]) for n, c in counts.items()}}


def _span(events: Sequence[Observed], log: Log) -> dict[str, np.datetime64]:
    """The window: from the first event to the end of the last one's tick of the clock."""
    first, last = events[0].time, events[-1].time + log.resolution
    starts, ends = np.datetime64(first, "us"), np.datetime64(last, "us")
    return {"begins": starts, "t0": starts, "t1": ends}


def _provenance(settings: Mapping[str, object]) -> dict[str, str]:
    return {"kind": "ingested", "version": version("outlive"), "settings": json.dumps(settings)}


def _events(kept: Sequence[Kept], known: Names, log: Log) -> Columns:
    events = [each.observed for each in kept]
    size = len(events)
    return {
        "id": known.event.ids(),
        "time": times(event.time for event in events),
        "resolution": np.full(size, log.resolution),
        "meaning": np.full(size, log.meaning, dtype=object),
        "args": _integers(event.args for event in events),
        "source_file": np.array([each.file for each in kept]),
        "ordinal": np.array([each.position for each in kept]),
        "atom": _integers(known.atom[event.atom] if event.atom else UNKNOWN for event in events),
        **_parties(events, known),
        **_credentials(events),
        **{name: texts(getattr(event, name) for event in events) for name in _TEXTS},
        **{name: _words(getattr(event, name) for event in events) for name in _WORDS},
    }


def _parties(events: Sequence[Observed], known: Names) -> Columns:
    def of(name: str) -> list[str | None]:
        return [each.name if (each := getattr(event, name)) else None for event in events]

    return {
        "principal": known.principal.column(of("principal")),
        "target": known.principal.column(of("target")),
        "resource": known.resource.column(of("resource")),
        "credential": known.credential.column(of("credential")),
        "issued": known.credential.column(of("issued")),
        "session": known.session.column([event.session for event in events]),
    }


def _credentials(events: Sequence[Observed]) -> Columns:
    presented = [event.credential for event in events]
    issued = [event.issued for event in events]
    return {
        "credential_kind": _words(each.kind if each else None for each in issued),
        "expires": times(each.until if each else UNKNOWN for each in issued),
        "presented_kind": _words(each.kind if each else None for each in presented),
        "presented_from": times(each.since if each else UNKNOWN for each in presented),
        "presented_to": times(each.until if each else UNKNOWN for each in presented),
    }


def _accounts(intake: Intake) -> dict[str, Columns]:
    files, rejects = intake.files, intake.rejects
    return {
        "source_file": {
            "id": np.arange(len(files)),
            "path": texts(file.shown for file in files),
            "sha256": texts(file.sha256 for file in files),
            "source": texts(file.source for file in files),
            "bytes": np.array([file.size for file in files]),
            **{name: np.array([getattr(file, name) for file in files]) for name in _COUNTS},
        },
        "reject": {
            "source_file": np.array([reject.file for reject in rejects]),
            "ordinal": _integers(UNKNOWN if reject.position is None else reject.position for reject in rejects),
            "reason": texts(reject.reason for reject in rejects),
        },
    }  # fmt: skip


def _keys(known: Names) -> dict[str, Columns]:
    """How the source names whatever has a surrogate."""
    entities = known.all()
    return {
        "natural_key": {
            "entity": np.concatenate([np.full(len(each.numbers), each.entity, dtype=object) for each in entities]),
            "id": np.concatenate([each.ids() for each in entities]),
            "name": np.concatenate([each.names() for each in entities]),
        }
    }


def times(micros: Iterable[int]) -> NDArray[Any]:
    """A column of times; UNKNOWN is NULL and FOREVER infinity."""
    return np.array(list(micros), dtype=np.int64).view("datetime64[us]")


def _integers(values: Iterable[int]) -> NDArray[Any]:
    return np.ma.masked_equal(np.array(list(values), dtype=np.int64), UNKNOWN)


def _words(values: Iterable[IntEnum | None]) -> NDArray[Any]:
    return texts(None if value is None else value.name.lower() for value in values)
