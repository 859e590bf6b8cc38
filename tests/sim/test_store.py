"""The store: what goes in comes out, together or not at all, and what cannot be used is refused in one line."""

import inspect
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from pathlib import Path
from unittest.mock import Mock

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.audit import ids, rows
from sim.audit.columns import one
from sim.audit.rows import FOREVER, UNKNOWN, Binding, Credential, CredentialKind, Event, Kind, TaskOutcome, no_facts
from sim.audit.store import Store, StoreError
from sim.audit.verify import verify
from sim.workload.fleet import LEVELS

AUDIT = Path(rows.__file__).parent
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# The enumeration of schema.sql that repeats each class.
ENUMS = {
    "event_kind": rows.Kind,
    "decision_result": rows.Decision,
    "event_reason": rows.Reason,
    "credential_kind": rows.CredentialKind,
    "credential_binding": rows.Binding,
    "resolution": rows.Resolution,
    "trust_gate": rows.Gate,
    "task_outcome_kind": rows.Outcome,
    "cascade_rule": rows.Cascade,
    "asked_through": rows.Asked,
    "threat": rows.Threat,
    "assignment_state": rows.State,
    "principal_kind": ids.PrincipalKind,
    "bootstrap_kind": rows.Bootstrap,
    "place_kind": rows.Place,
}
# It says which runs are compared: made again, a run is still one of them.
NOT_WRITTEN_BY_A_RUN = {"fact.comparison_run", "fact.split_run"}
HOLD = """
import sys
from pathlib import Path
from sim.audit.store import Store
with Store.create(Path(sys.argv[1])):
    print("held", flush=True)
    input()
"""
NO_ROOM = """
import resource, sys
from pathlib import Path
from sim.audit.store import Store, StoreError
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    Store.create(Path(sys.argv[1]))
except StoreError as error:
    print(error)
"""
LAYOUT = (
    "SELECT schema_name, table_name, sql, estimated_size FROM duckdb_tables() ORDER BY ALL",
    "SELECT schema_name, table_name, constraint_text FROM duckdb_constraints() ORDER BY ALL",
    "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY ALL",
    "SELECT schema_name, function_name, macro_definition FROM duckdb_functions() WHERE NOT internal ORDER BY ALL",
    "SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal ORDER BY ALL",
    "FROM fact.log_profile ORDER BY ALL",
    "FROM fact.meta",
)
READ = """
    SELECT id, time::VARCHAR, kind::VARCHAR, principal, credential, action, credential_kind::VARCHAR, expires::VARCHAR,
           draw, target, task
    FROM fact.event
"""


@pytest.fixture
def store():
    """An empty store in memory."""
    with Store.in_memory() as opened:
        yield opened


@pytest.fixture(scope="module")
def one_store():
    """A store in memory for all generated examples."""
    with Store.in_memory() as opened:
        yield opened


def test_a_copy_is_laid_out_as_what_it_is_copied_from(store, laid_out):
    """What tests have in memory has every table, column, constraint, macro, view and profile."""
    with Store(duckdb.connect(), "a store laid out anew") as anew:
        laid_out(anew, explained=False)
        assert [store.rows(sql) for sql in LAYOUT] == [anew.rows(sql) for sql in LAYOUT]


def run_row(key):
    """A row of table `run`."""
    start = datetime(2026, 1, 5)  # noqa: DTZ001  the store's times are UTC by convention
    return {
        "key": key, "id": f"run {key}", "kind": "simulated", "workload": 1, "profile": "full", "version": "1",
        "begins": start, "t0": start, "t1": start + timedelta(days=1),
    }  # fmt: skip


def facts_of(*rows_):
    """Facts that hold these rows."""
    facts = no_facts()
    place = {Event: facts.events, Credential: facts.credentials, TaskOutcome: facts.outcomes}
    for row in rows_:
        place[type(row)].append(row)
    return facts


def a_credential(number, ends=FOREVER):
    """A static key that was made in 1970."""
    return Credential(number, CredentialKind.STATIC_KEY, UNKNOWN, 1, UNKNOWN, 1, Binding.BEARER, 0, 0, ends)


def counts(store):
    """How many rows each table of facts and ledgers has."""
    named = store.rows("SELECT schema_name, table_name FROM duckdb_tables() WHERE schema_name IN ('fact', 'ledger')")
    return {f"{schema}.{table}": store.connection.table(f"{schema}.{table}").shape[0] for schema, table in named}


def text(micros):
    """A time as DuckDB writes it: NULL where it is unknown, infinity where it never comes."""
    if micros in {UNKNOWN, FOREVER}:
        return {UNKNOWN: None, FOREVER: "infinity"}[micros]
    seconds, dot, fraction = str((EPOCH + timedelta(microseconds=micros)).replace(tzinfo=None)).partition(".")
    return seconds + (dot + fraction).rstrip("0")


times = st.one_of(st.sampled_from([UNKNOWN, FOREVER, 0]), st.integers(0, 4 * 10**15))
numbers = st.one_of(st.just(UNKNOWN), st.integers(-(2**62), 2**62))
written = st.fixed_dictionaries({
    "id": st.integers(0, 2**57), "time": st.integers(0, 4 * 10**15), "kind": st.sampled_from(list(Kind)),
    "principal": numbers, "credential": numbers, "action": numbers, "expires": times, "draw": st.integers(0, 2**16 - 1),
    "credential_kind": st.sampled_from([UNKNOWN, *CredentialKind]),
}).map(lambda fields: Event(**fields))  # fmt: skip


@settings(max_examples=8)
@given(st.lists(written, min_size=1, max_size=20))
def test_what_is_written_is_read(one_store, events):
    """Integers, times and words come back as they were; UNKNOWN comes back as NULL, FOREVER as infinity."""
    one_store.write_run(run_row(1), facts_of(*events))
    found = one_store.rows(READ)
    assert sorted(found, key=str) == sorted(map(_as_read, events), key=str)


def _as_read(event):
    def known(number):
        return None if number == UNKNOWN else number

    kind = None if event.credential_kind == UNKNOWN else CredentialKind(event.credential_kind).name.lower()
    return (
        event.id, text(event.time), Kind(event.kind).name.lower(), known(event.principal), known(event.credential),
        known(event.action), kind, text(event.expires), event.draw, None, None,
    )  # fmt: skip


def test_running_again_replaces(store):
    """A run that is written twice is there once, as it was written last; another run keeps its rows."""
    store.write_run(run_row(1), facts_of(a_credential(1), a_credential(2), TaskOutcome(5, 1, UNKNOWN, 0, 1, 0)))
    store.write_run(run_row(2), facts_of(a_credential(7)))
    store.write_run(run_row(1), facts_of(a_credential(3)))
    assert store.rows("SELECT run, id FROM fact.credential ORDER BY ALL") == [(1, 3), (2, 7)]
    assert store.rows("SELECT key FROM fact.run ORDER BY ALL") == [(1,), (2,)]
    assert counts(store)["fact.task_outcome"] == 0


def test_a_set_may_hold_nothing(store):
    """What a boundary cuts down to nothing is a set of no atoms, and on file: a credential refers to it."""
    facts = facts_of(a_credential(7)._replace(scope_set=3))
    facts.scope_sets[3] = ()
    store.write_run(run_row(1), facts)
    assert store.rows("SELECT id, atoms FROM fact.scope_set") == [(3, 0)]
    assert [each for each in verify(store) if "scope set" in (each.example or "")] == []


def test_a_workload_written_again_replaces(store):
    """The dimensions of a workload that is written twice are there once."""
    itself = {"id": one("w"), "kind": one("trace"), "agents": one(1), "tasks": one(0), "actions": one(0)}
    for name in ("first", "second"):
        agent = {"id": one(1), "kind": one("agent"), "name": one(name)}
        store.write_workload(3, {"workload": itself, "principal": agent})
    assert store.rows("SELECT workload, name FROM fact.principal") == [(3, "second")]


def test_a_transaction_that_fails_leaves_nothing(store):
    """What was written before the error is rolled back, whole; the store can be used again."""
    store.write_run(run_row(1), facts_of(a_credential(1)))
    before = counts(store)
    with pytest.raises(KeyError):
        _write_and_fail(store)
    assert counts(store) == before
    store.write_run(run_row(2), facts_of(a_credential(4)))
    assert store.rows("SELECT run, id FROM fact.credential ORDER BY ALL") == [(1, 1), (2, 4)]


def _write_and_fail(store):
    with store.transaction():
        store.write_run(run_row(1), facts_of(a_credential(2), a_credential(3)))
        store.write_run(run_row(2), facts_of(a_credential(4)))
        raise KeyError


def test_parts_are_adopted_together_or_not_at_all(store, tmp_path):
    """One damaged part, and the store is as it was; without it, the run is replaced by what the parts hold."""
    store.write_run(run_row(1), facts_of(a_credential(1)))
    before = counts(store)
    with Store.in_memory() as worker:
        worker.write_run(run_row(1), facts_of(a_credential(2), a_credential(3, ends=UNKNOWN)))
        worker.export(tmp_path)
    damaged = tmp_path / "fact.task_outcome.parquet"
    damaged.write_text("not a part")
    with pytest.raises(duckdb.Error):
        store.adopt([tmp_path], [1], [])
    assert counts(store) == before
    assert store.rows("SELECT id FROM fact.credential") == [(1,)]
    damaged.unlink()
    store.adopt([tmp_path], [1], [])
    assert store.rows("SELECT id, to_hi::VARCHAR FROM fact.credential ORDER BY ALL") == [(2, "infinity"), (3, None)]


def test_keys_are_kept_and_given_in_order(store):
    """A run that is there keeps its key; others get the next free ones in the order in which they are named."""
    store.write_run(run_row(4), no_facts())
    assert store.keys("run", ["run 9", "run 4", "run 8"]) == {"run 9": 5, "run 4": 4, "run 8": 6}


def test_a_run_is_incomplete_until_all_is_written(store):
    """A run is shown by the evidence views only once it is declared complete."""
    sizes = {"agents": one(1), "tasks": one(0), "actions": one(0)}
    store.write_workload(1, {"workload": {"id": one("work"), "kind": one("synthetic"), **sizes}})
    store.insert("run", {name: one(value) for name, value in run_row(1).items()})
    assert store.rows("SELECT run FROM truth.run UNION ALL SELECT run FROM log.run") == []
    store.complete(1)
    assert store.rows("SELECT run FROM truth.run UNION ALL SELECT run FROM log.run") == [(1,), (1,)]


def test_a_comparison_declared_again_replaces(store):
    """A comparison holds the runs it was last declared with, and another one keeps its own."""
    about = {"scenario": "s", "title": "t", "baseline": "b", "replicates": 1, "created": run_row(1)["t0"]}
    for name, runs in (("first", {1: 0, 2: 1}), ("second", {5: 0}), ("first", {3: 0})):
        store.write_comparison({"id": name, **about}, runs)
    found = store.rows("SELECT comparison, run, position FROM fact.comparison_run ORDER BY ALL")
    assert found == [("first", 3, 0), ("second", 5, 0)]


def test_a_store_is_found_again(tmp_path):
    """What is written into a file is there when it is opened again."""
    path = tmp_path / "new" / "facts.duckdb"
    with Store.create(path) as store:
        store.write_run(run_row(1), facts_of(a_credential(1)))
    with Store.create(path) as again:
        again.write_run(run_row(2), facts_of(a_credential(2)))
    with Store.open(path) as reading:
        assert reading.rows("SELECT id FROM fact.credential ORDER BY ALL") == [(1,), (2,)]


@pytest.fixture
def of_another_version(tmp_path):
    """A store that a later version made."""
    path = tmp_path / "later.duckdb"
    with Store.create(path) as store:
        store.connection.execute("UPDATE fact.meta SET value = '999' WHERE key = 'store_version'")
    return path


@pytest.fixture
def of_somebody_else(tmp_path):
    """A DuckDB file with other tables."""
    path = tmp_path / "sales.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE sales (id INTEGER)")
    return path


def refusal(path):
    """The one line with which a path is refused, for writing and for reading."""
    said = set()
    for use in (Store.create, Store.open):
        with pytest.raises(StoreError) as refused:
            use(path)
        said.add(str(refused.value))
    assert len(said) == 1
    message = said.pop()
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message


def test_a_store_of_another_version_is_refused(of_another_version):
    """The refusal names both versions and says what to do."""
    assert re.search(r"version 999, .* reads \S+; .* new file", refusal(of_another_version))


def test_a_file_of_somebody_else_is_refused_and_kept(of_somebody_else):
    """A DuckDB file that is no store is refused and left as it was."""
    assert "not an outlive store" in refusal(of_somebody_else)
    with duckdb.connect(str(of_somebody_else)) as connection:
        assert connection.execute("SELECT table_name FROM duckdb_tables()").fetchall() == [("sales",)]


def test_a_file_that_is_no_database_is_refused(tmp_path):
    """A text file is refused and left as it was."""
    path = tmp_path / "notes.txt"
    path.write_text("remember the milk\n" * 400)
    assert "not an outlive store" in refusal(path)
    assert path.read_text().startswith("remember")


def test_a_sheet_is_not_read_as_a_store(tmp_path):
    """Nor is one that DuckDB would read as a table."""
    path = tmp_path / "notes.csv"
    path.write_text("remember,the milk\n" * 4000)
    with pytest.raises(StoreError, match="not an outlive store; name another file"):
        Store.open(path)


def test_a_database_of_another_program_is_refused(tmp_path):
    """One of SQLite is refused as it is, and nothing is fetched to read it."""
    path = tmp_path / "other.duckdb"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE sales (amount INTEGER)")
        other.commit()
    assert refusal(path) == f"{path}: not an outlive store; name another file"


@pytest.mark.parametrize("use", [Store.open, Store.create])
def test_a_pipe_is_refused(use, tmp_path):
    """Nobody waits for what never comes."""
    os.mkfifo(tmp_path / "pipe.duckdb")
    with pytest.raises(StoreError, match="not a file; name another"):
        use(tmp_path / "pipe.duckdb")


@pytest.mark.parametrize("name", ["log.duckdb", "Truth.duckdb", "fact", "ledger.2.db"])
def test_a_file_is_not_called_like_a_schema(tmp_path, name):
    """DuckDB calls a database after its file, and would not know which of the two is meant."""
    for use in (Store.create, Store.open):
        with pytest.raises(StoreError, match="for that schema of a store; name it otherwise"):
            use(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_refused(tmp_path):
    """A folder is no store."""
    assert "not an outlive store" in refusal(tmp_path)


def test_a_missing_store_is_refused(tmp_path):
    """Reading what is not there says how to make one, and makes nothing."""
    path = tmp_path / "none.duckdb"
    with pytest.raises(StoreError, match=r"none\.duckdb: no such store; .*outlive simulate") as refused:
        Store.open(path)
    assert "\n" not in str(refused.value)
    assert not path.exists()


def nothing_in(path):
    """Leave a file of no bytes."""
    path.touch()


def no_table_in(path):
    """Leave a database without tables, as a kill does before the first transaction is done."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("BEGIN")
        connection.execute((AUDIT / "schema.sql").read_text("utf-8"))


def a_link_to_nothing(path):
    """Leave a link that names a file which is not there yet."""
    path.symlink_to(path.with_name("target.duckdb"))


def a_link_to_a_blank(path):
    """Leave a link to a file of no bytes."""
    path.with_name("target.duckdb").touch()
    a_link_to_nothing(path)


def half_of(blocks):
    """Leave as many of the three blocks that a database begins with as a kill does between two of them."""

    def begin(path):
        duckdb.connect(str(path)).close()
        os.truncate(path, blocks * 4096)

    return begin


# Writes a row, and is killed before that has gone from the log of a store into the store.
KILLED = """
import os, sys
from pathlib import Path
from sim.audit.store import Store

store = Store.create(Path(sys.argv[1]))
store.connection.execute("INSERT INTO fact.meta VALUES ('mine', '1')")
os.kill(os.getpid(), 9)
"""
BEGUN = [nothing_in, no_table_in, a_link_to_nothing, a_link_to_a_blank, half_of(1), half_of(2)]


@pytest.mark.parametrize("begin", BEGUN)
def test_what_holds_nothing_becomes_a_store(begin, tmp_path):
    """A blank file, half a beginning, a database without tables and a link to nothing are as good as no file."""
    path = tmp_path / "begun.duckdb"
    begin(path)
    with pytest.raises(StoreError, match=r"begun\.duckdb: no (such store|store in it yet); make one with"):
        Store.open(path)
    Store.create(path).close()
    Store.open(path).close()
    assert path.is_symlink() is (begin in {a_link_to_nothing, a_link_to_a_blank})


def test_what_is_committed_through_a_link_stays_with_what_it_leads_to(tmp_path):
    """Who is killed after a commit finds it again: the log of a store that was made through a link lies beside it."""
    link, target = tmp_path / "link.duckdb", tmp_path / "elsewhere" / "target.duckdb"
    target.parent.mkdir()
    link.symlink_to(target)
    subprocess.run([sys.executable, "-c", KILLED, link], check=False)
    with Store.create(link) as store:
        assert store.rows("SELECT value FROM fact.meta WHERE key = 'mine'") == [("1",)]
    assert {each.name for each in tmp_path.iterdir()} == {"link.duckdb", "elsewhere"}


@pytest.mark.parametrize("begin", BEGUN)
def test_what_was_there_before_stays(begin, tmp_path):
    """Where nothing could be stored, only a file that was made for it is removed; the rest can be used again."""
    path = tmp_path / "begun.duckdb"
    begin(path)
    before = {each.name for each in tmp_path.iterdir()}
    _fail_in(path)
    assert before <= {each.name for each in tmp_path.iterdir()}
    Store.create(path).close()


def test_a_store_made_in_vain_goes_with_its_log(tmp_path):
    """A file that was made for what then failed is removed, and what DuckDB wrote beside it."""
    _fail_in(tmp_path / "new.duckdb")
    assert list(tmp_path.iterdir()) == []


def _fail_in(path):
    with pytest.raises(KeyError), Store.create(path):
        raise KeyError


@pytest.mark.parametrize("room", [4096, 8192, 60_000])
def test_a_full_disk_is_said_and_leaves_no_store(room, tmp_path):
    """Where a store cannot be laid out, one line says what is wanting, and no file is left that is none."""
    path = tmp_path / "new.duckdb"
    done = subprocess.run([sys.executable, "-c", NO_ROOM, path, str(room)], capture_output=True, text=True, check=True)
    assert re.fullmatch(rf"{path}: .*File too large; name a file on a disk that takes larger ones\n", done.stdout)
    assert list(tmp_path.iterdir()) == []


def test_a_blank_file_on_a_full_disk_stays_blank(tmp_path):
    """It is not turned into half a database."""
    path = tmp_path / "blank.duckdb"
    path.touch()
    done = subprocess.run([sys.executable, "-c", NO_ROOM, path, "16000"], capture_output=True, text=True, check=True)
    assert "File too large" in done.stdout
    Store.create(path).close()


SHORTAGES = [
    (duckdb.IOException, 'IO Error: Could not write file "x.wal": No space left on device', "free some space"),
    (duckdb.TransactionException, "TransactionContext Error: Failed to commit: No space left on device", "free some"),
    (
        duckdb.OutOfMemoryException,
        "Out of Memory Error: failed to offload data block\nof size 1",
        "ask for less at once",
    ),
    (duckdb.FatalException, 'FATAL Error: invalidated because of an error\n"No space left on device"', "free some"),
    (duckdb.Error, "Corrupt database file: computed checksum 1", "damaged; simulate or ingest into a new one"),
]


@pytest.mark.parametrize(("kind", "text", "remedy"), SHORTAGES)
def test_a_shortage_is_said_in_one_line(kind, text, remedy, tmp_path):
    """What memory, disk or file fail to give while a store is in use is named with the remedy."""
    path = tmp_path / "full.duckdb"
    with pytest.raises(StoreError, match=remedy) as refused, Store.create(path):
        raise kind(text)
    assert str(refused.value).startswith(f"{path}: ")
    assert not re.search(r"\n|Error:", str(refused.value))


def test_a_store_cut_short_is_refused(tmp_path):
    """Half of a store is said to be damaged, when it is opened or when what is missing is read."""
    path = tmp_path / "cut.duckdb"
    with Store.create(path) as store:
        store.write_run(run_row(1), facts_of(a_credential(1)))
    os.truncate(path, 8192)
    assert "the file is damaged; simulate or ingest into a new one" in refusal(path)


@pytest.mark.parametrize("kind", [RuntimeError, duckdb.InterruptException])
def test_an_interrupted_query_is_an_interrupt(kind, store):
    """Ctrl-C during a query, for which DuckDB has errors of its own, is what Python makes of it everywhere else."""
    with pytest.raises(KeyboardInterrupt), store:
        raise kind("Query interrupted")


def test_a_store_below_a_file_is_refused(tmp_path):
    """What stands in the way is named."""
    (tmp_path / "notes").write_text("remember the milk")
    with pytest.raises(StoreError, match=r"notes is no folder; name a file that may be written"):
        Store.create(tmp_path / "notes" / "new.duckdb")


def test_what_does_not_get_into_the_file_is_said(tmp_path, monkeypatch):
    """Where only the log beside the file takes what was written, that is an error which says where it is."""
    path = tmp_path / "full.duckdb"
    store = Store.create(path)
    full = Mock(wraps=store.connection)
    full.execute.side_effect = duckdb.IOException("IO Error: Could not write file: No space left on device")
    monkeypatch.setattr(store, "connection", full)
    with pytest.raises(StoreError, match=r"No space left.*full\.duckdb\.wal beside it") as refused, store:
        pass
    assert "\n" not in str(refused.value)


def test_a_store_held_by_another_process_is_refused(tmp_path):
    """While another process writes, the refusal says to close that or wait; afterwards the store opens."""
    path = tmp_path / "held.duckdb"
    with subprocess.Popen([sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        holder.stdout.readline()
        assert "another process holds it; close that (or wait)" in refusal(path)
        holder.communicate(b"\n")
    Store.open(path).close()


def test_a_store_this_process_writes_is_refused_for_reading(tmp_path):
    """Opening for reading what is open for writing in the same process is refused in one line too."""
    path = tmp_path / "mine.duckdb"
    with Store.create(path), pytest.raises(StoreError) as refused:
        Store.open(path)
    assert "\n" not in str(refused.value)


def test_every_table_and_column_is_explained(tmp_path):
    """In a file that somebody may open each table has a comment, and so has each column."""
    with Store.create(tmp_path / "explained.duckdb") as store:
        bare = store.rows(BARE)
    assert bare == []


BARE = """
        SELECT table_name, column_name FROM duckdb_columns()
        WHERE schema_name IN ('fact', 'ledger') AND coalesce(trim(comment), '') = ''
        UNION ALL
        SELECT table_name, '' FROM duckdb_tables()
        WHERE schema_name IN ('fact', 'ledger') AND coalesce(trim(comment), '') = ''"""


@pytest.mark.parametrize("name", ENUMS)
def test_words_have_one_order(store, name):
    """An enumeration of the schema lists the words of its class, in the order of their numbers."""
    assert _words(store, name) == [word.name.lower() for word in sorted(ENUMS[name])]


def test_every_enumeration_is_compared():
    """No class of words in rows.py is left out above."""
    classes = {each for _, each in inspect.getmembers(rows, inspect.isclass) if issubclass(each, IntEnum)}
    assert classes - {IntEnum} <= set(ENUMS.values())


def test_an_acceptance_ends_for_the_first_six_reasons(store):
    """`end_reason` is the first six of the reasons of events; access levels stand in the order of the catalogue."""
    assert _words(store, "end_reason") == [reason.name.lower() for reason in sorted(rows.Reason)[:6]]
    assert tuple(_words(store, "access_level")) == LEVELS


def _words(store, name):
    (values,) = store.rows("SELECT labels FROM duckdb_types() WHERE type_name = $name", {"name": name})[0]
    return values


@pytest.mark.parametrize(("file", "key"), [("forget_run.sql", "run"), ("forget_workload.sql", "workload")])
def test_nothing_is_forgotten_to_be_forgotten(store, file, key):
    """Every table with the key of a run, or of a workload, is emptied of it when that is written again."""
    keyed = store.rows(
        "SELECT schema_name || '.' || table_name FROM duckdb_columns() "
        "WHERE column_name = $key AND schema_name IN ('fact', 'ledger')",
        {"key": key},
    )
    own = {f"fact.{key}"} | ({name for (name,) in keyed} - NOT_WRITTEN_BY_A_RUN - {"fact.run"})
    deletions = re.findall(r"DELETE FROM (\S+) WHERE (\w+) = \$(\w+);", (AUDIT / file).read_text("utf-8"))
    assert {table for table, _, _ in deletions} == own
    assert {(table, column) for table, column, _ in deletions if column != key} == {(f"fact.{key}", "key")}
    assert {name for _, _, name in deletions} == {key}


def test_a_store_takes_no_more_memory_than_it_may(tmp_path):
    """Whoever opens a store says how much memory it takes at most."""
    with Store.create(tmp_path / "a.duckdb"):
        pass
    with Store.open(tmp_path / "a.duckdb", "200MB") as bounded:
        assert bounded.rows("SELECT current_setting('memory_limit')") == [("190.7 MiB",)]


def test_a_view_names_runs_last():
    """A join keeps what is named last in memory: of a few runs little, of all that belongs to them everything."""
    evidence = (AUDIT / "evidence.sql").read_text("utf-8")
    assert "JOIN truth.run r USING (workload)" in evidence
    assert re.findall(r"FROM (?:truth|log)\.run r\s+JOIN (?!\()\S+", evidence) == []
