"""Replications over processes: the same facts however many processes made them, and no run twice."""

import fcntl
import multiprocessing
import os
import tempfile
from pathlib import Path

import duckdb
import pytest

from sim import scenario
from sim.audit.refusal import Refusal
from sim.audit.store import Store
from sim.audit.verify import verify
from sim.control import model
from sim.experiment import Plan, carry_out

DATA = Path(__file__).parents[2] / "data"
SHORT = {"start": "2026-01-05T09:00:00Z", "window.warm_up_hours": 0.5, "window.hours": 0.5, "fleet.agents": 2}
TABLES = """
    SELECT schema_name || '.' || table_name FROM duckdb_tables()
    WHERE schema_name IN ('fact', 'ledger') AND table_name NOT IN ('meta', 'log_profile', 'run')
"""


def _plan(processes: int, replicates: int = 2, **settings: object) -> Plan:
    asked = scenario.load(DATA / "scenarios" / "support_midsize.toml", {**SHORT, **settings})
    models = tuple(model.load(DATA / "controls" / f"{name}.toml") for name in ("standing_key", "tiered"))
    return Plan(asked, models, replicates, seed=3, processes=processes)


def _carry_out(plan: Plan, store: Store) -> list[int]:
    return carry_out(plan, store, lambda _done, _of: None)


def _content(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, sorted, as text."""
    names = [name for (name,) in store.rows(TABLES)]
    return {name: sorted(map(str, store.connection.table(name).fetchall())) for name in names}


@pytest.fixture(scope="module")
def carried_out():
    """A store that one process has filled, only to be read, and the keys of its runs."""
    with Store.in_memory() as store:
        yield store, _carry_out(_plan(1), store)


def test_processes_do_not_matter(carried_out):
    """Two processes leave the same facts as one."""
    with Store.in_memory() as two:
        _carry_out(_plan(2), two)
        assert _content(carried_out[0]) == _content(two)


def test_running_again_replaces():
    """The same plan again leaves the store as it was; another is added beside it."""
    with Store.in_memory() as store:
        first = _carry_out(_plan(1, replicates=1), store)
        before = _content(store)
        assert _carry_out(_plan(1, replicates=1), store) == first
        assert _content(store) == before
        other = _carry_out(_plan(1, replicates=1, **{"fleet.concurrency": 1}), store)
        assert set(other).isdisjoint(first)


def test_a_further_replicate_changes_none_of_the_others(carried_out):
    """The first two of three replicates are the two of two."""
    with Store.in_memory() as three:
        _carry_out(_plan(1, replicates=3), three)
        counts = "SELECT r.id, count(*) FROM fact.event e JOIN fact.run r ON r.key = e.run GROUP BY r.id"
        assert set(carried_out[0].rows(counts)) < set(three.rows(counts))


def test_runs_come_back_by_control_model(carried_out):
    """Keys are returned model by model, replicates in order."""
    store, keys = carried_out
    known = {key: (control, replicate) for key, control, replicate in store.rows(_WHO)}
    assert [known[key] for key in keys] == [("standing_key", 0), ("standing_key", 1), ("tiered", 0), ("tiered", 1)]


_WHO = "SELECT key, control, replicate FROM fact.run"


def test_what_is_simulated_keeps_the_rules(carried_out):
    """Every invariant holds on a fresh store, and there are rules."""
    findings = verify(carried_out[0])
    assert len(findings) > 10
    assert [finding for finding in findings if finding.broken] == []


def test_a_broken_rule_is_found():
    """A use past the end of its credential, another touch, a doubled row and a lost reference are each reported."""
    with Store.in_memory() as store:
        _carry_out(_plan(1, replicates=1), store)
        tampering = (
            "UPDATE fact.credential SET to_hi = from_lo, to_lo = from_lo WHERE run = 2",
            "INSERT INTO fact.event SELECT * FROM fact.event WHERE run = 2 LIMIT 1",
            "UPDATE fact.event SET principal = 77 WHERE run = 1",
            "UPDATE fact.event SET resource = resource + 1 WHERE run = 1 AND action IS NOT NULL",
        )
        for statement in tampering:
            store.connection.execute(statement)
        broken = {finding.rule for finding in verify(store) if finding.broken}
        assert {
            "a credential is used only while it is valid",
            "a call touches what its action says",
            "no row is written twice",
            "every reference leads somewhere",
        } <= broken


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    """The folder for what is kept meanwhile."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_parts_of_killed_runs_are_swept(scratch):
    """What a killed run left goes; what a running one holds, and what merely has a like name, stays."""
    left, held, other = (scratch / name for name in ("outlive-scratch-1", "outlive-scratch-2", "outlive-results"))
    for folder in (left, held, other):
        (folder / "0").mkdir(parents=True)
    handle = os.open(held, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with Store.in_memory() as store:
        _carry_out(_plan(1, replicates=1), store)
    os.close(handle)
    assert set(scratch.iterdir()) == {held, other}


def test_a_process_that_dies_is_said(scratch):
    """Where the system ends a process, one line says what was probably wanting; nothing is stored or left."""

    def kill(_done, _of):
        for child in multiprocessing.active_children():
            child.kill()

    with Store.in_memory() as store:
        with pytest.raises(Refusal, match="for want of memory: use fewer, or a shorter window"):
            carry_out(_plan(2, replicates=8), store, kill)
        assert store.rows("SELECT key FROM fact.run") == []
    assert list(scratch.iterdir()) == []


def test_no_folder_for_parts_is_said(scratch, monkeypatch):
    """Where nothing can be kept meanwhile, one line names the folder and how to choose another."""
    monkeypatch.setattr(tempfile, "tempdir", str(scratch / "gone"))
    with Store.in_memory() as store, pytest.raises(Refusal, match=r"gone.*: No such file.*; set TMPDIR to a folder"):
        _carry_out(_plan(1, replicates=1), store)


def test_no_room_for_parts_is_said(scratch, monkeypatch):
    """Where parts cannot be written, one line names the folder and how to choose another; nothing is left there."""

    def fail(_store, _folder):
        raise duckdb.IOException

    monkeypatch.setattr(Store, "export", fail)
    with Store.in_memory() as store, pytest.raises(Refusal, match=f"{scratch}: no room, .*; set TMPDIR to a folder"):
        _carry_out(_plan(1, replicates=1), store)
    assert list(scratch.iterdir()) == []
