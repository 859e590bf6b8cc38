"""One DuckDB file that holds facts: made, opened, loaded in bulk, refused in one line.

DuckDB has one writer. Whatever loads, loads columns, inside one transaction for all that belongs together.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Literal, Self

import duckdb
import numpy as np

from sim.audit.columns import Columns, columns_of_facts, one
from sim.audit.file import (
    StoreError,
    connect,
    demand,
    nothing,
    open_for_writing,
    prepare,
    quiet,
    remove,
    unsettled,
    wanting,
)
from sim.audit.rows import Facts

VERSION: Final = "24"

Evidence = Literal["log", "truth"]

_HERE: Final = Path(__file__).parent
_PROFILES: Final = "log_profile.parquet"
_SEARCH: Final = {"log": "SET search_path = 'log'", "truth": "SET search_path = 'truth'"}
_KEYS: Final = {"run": "SELECT id, key FROM fact.run", "workload": "SELECT id, key FROM fact.workload"}
# What is said of tables and columns in the catalogue.
_WORDS: Final = re.compile(r"^COMMENT ON .*;\n", re.MULTILINE)
_TABLES: Final = """
    SELECT schema_name, table_name FROM duckdb_tables()
    WHERE schema_name IN ('fact', 'ledger') AND table_name NOT IN ('meta', 'log_profile')
"""
# With how many rows were ever written, which tells what is empty without a look at each table.
_FILLED: Final = f"{_TABLES} AND estimated_size > 0"
_PROFILE: Final = "SELECT 1 FROM fact.log_profile WHERE name = $name"
_UNKNOWN_PROFILE: Final = "name NOT IN (SELECT name FROM fact.log_profile)"
_OF_RUN: Final = """
    SELECT r.id, r.workload, w.id FROM fact.run r JOIN fact.workload w ON w.key = r.workload
    WHERE r.key = $run AND r.completed IS NOT NULL
"""
# Where the key of a run or a workload stands under another name, or beside the other; comparisons stay behind.
_RENUMBERED: Final[Mapping[str, Mapping[str, str]]] = {
    "run": {"key": "run", "workload": "workload"},
    "workload": {"key": "workload"},
    "comparison_run": {},
    "split_run": {},
}
_ANYTHING: Final = "SELECT 1 FROM duckdb_tables() UNION ALL SELECT 1 FROM duckdb_views() WHERE NOT internal LIMIT 1"


class Store:
    """An open store. Use `Store.create`, `Store.open` or `Store.in_memory`; closes itself in a `with`."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, name: str, made: Path | None = None, *, writes: bool = False
    ) -> None:
        """Wrap a connection; `made` is the file, if nothing was there before, `writes` whether a file is written to."""
        self.connection = connection
        self.name = name
        self._made = made
        self._writes = writes

    @classmethod
    def in_memory(cls) -> "Store":
        """An empty store that is gone when it is closed; in its catalogue, where nobody looks, nothing is explained."""
        return _ready(cls(connect(None, read_only=False), "a store in memory"), partial(_lay_out, explained=False))

    @classmethod
    def create(cls, path: Path) -> "Store":
        """Open the store at `path` for writing; where there is nothing, or nothing in it, one is made.

        Raises:
            StoreError: it is held by another process, of another version, no store at all, or cannot be written.
        """
        made = prepare(path)
        return _ready(cls(open_for_writing(path, made), str(path), made, writes=True), _take_up)

    @classmethod
    def open(cls, path: Path, memory: str | None = None) -> "Store":
        """Open the store at `path` for reading; `memory` is the most that this takes, such as 4GB.

        Raises:
            StoreError: it is not there, held by another process, of another version, or no store at all; or `memory`
                is no amount of memory.
        """
        demand(path)
        return _ready(cls(connect(path, read_only=True, memory=memory), str(path)), _check_version)

    def __enter__(self) -> Self:
        """Stay open for a block."""
        return self

    def __exit__(self, _: type[BaseException] | None, trouble: BaseException | None, __: object) -> None:
        """Close at the end of the block; a file made for what then failed is not left behind.

        Raises:
            StoreError: what went wrong is that memory, disk or the file failed.
            KeyboardInterrupt: what went wrong is that a query was interrupted.
        """
        if trouble is None and self._writes:
            self._settle()
        self.close()
        if trouble is not None and self._made is not None:
            remove(self._made)
        if isinstance(trouble, duckdb.InterruptException | RuntimeError) and "nterrupt" in str(trouble):
            raise KeyboardInterrupt from trouble
        if isinstance(trouble, duckdb.Error) and (want := wanting(trouble, self.name)):
            raise StoreError(want) from trouble

    def _settle(self) -> None:
        """Bring everything into the file itself: closing would try, and be silent where it fails."""
        try:
            self.connection.execute("CHECKPOINT")
        except duckdb.Error as error:
            self.connection.close()
            raise StoreError(unsettled(error, self.name)) from error

    def close(self) -> None:
        """Write out and let go of the file."""
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        self.connection.execute("BEGIN TRANSACTION")
        try:
            yield
        except BaseException:
            # After some errors DuckDB has rolled back already.
            with suppress(duckdb.Error):
                self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")
        # What is committed stays, whatever fails afterwards.
        self._made = None

    @contextmanager
    def under(self, **settings: object) -> Iterator[None]:
        """Let DuckDB work under other settings for a while, by their names."""
        before = {name: self.rows("SELECT current_setting($name)", {"name": name})[0][0] for name in settings}
        try:
            self._set(settings)
            yield
        finally:
            # Within a transaction that has failed nothing can be set; who undoes it closes the store, or sets it again.
            with suppress(duckdb.Error):
                self._set(before)

    def _set(self, settings: Mapping[str, object]) -> None:
        for name, value in settings.items():
            self.connection.execute(f"SET {name} = $value", {"value": value})

    def rows(self, sql: str, parameters: object = None) -> list[tuple[Any, ...]]:
        """Every row of a query; on a cursor of its own, because DuckDB streams results."""
        return self.connection.cursor().execute(sql, parameters).fetchall()

    @contextmanager
    def evidence(self, kind: Evidence, runs: Sequence[int] | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection on which unqualified names mean one kind of evidence; of all completed runs, or those given."""
        cursor = self.connection.cursor()
        try:
            quiet(cursor)
            if runs is not None:
                cursor.execute("SET VARIABLE runs = $runs", {"runs": list(runs)})
            cursor.execute(_SEARCH[kind])
            yield cursor
        finally:
            cursor.close()

    def execute_file(self, path: Path, parameters: Mapping[str, object] | None = None) -> None:
        """Run each statement of an SQL file, giving every one the parameters it names."""
        for statement in self.connection.extract_statements(path.read_text("utf-8")):
            given = {name: (parameters or {})[name] for name in statement.named_parameters}
            self.connection.execute(statement, given or None)

    def insert(self, table: str, columns: Columns) -> None:
        """Append columns, by name, to a table of the schema `fact`; columns not given are NULL.

        A masked entry is NULL. int64 columns of microseconds must come as datetime64[us].
        """
        rows, nothing = dict(columns), duckdb.ConstantExpression(None)
        known = self.connection.table(f"fact.{table}").columns
        given = [duckdb.ColumnExpression(name) if name in rows else nothing.alias(name) for name in known]
        self.connection.sql("SELECT * FROM rows").select(*given).insert_into(f"fact.{table}")

    def _forget(self, what: Literal["run", "workload"], *keys: object) -> None:
        """Forget what runs or workloads wrote before; their own row is the first that is written and the last to go."""
        there = {key for _, key in self.connection.execute(_KEYS[what]).fetchall()}
        for key in there.intersection(keys):
            self.execute_file(_HERE / f"forget_{what}.sql", {what: key})

    def keys(self, table: str, identifiers: Sequence[str]) -> dict[str, int]:
        """Keys of the runs or workloads with these ids: those they have, or the next free ones in the order given."""
        known: dict[str, int] = dict(self.rows(_KEYS[table]))
        free = max(known.values(), default=0)
        for identifier in identifiers:
            if identifier not in known:
                free += 1
                known[identifier] = free
        return {identifier: known[identifier] for identifier in identifiers}

    def write_workload(self, key: int, tables: Mapping[str, Columns]) -> None:
        """Write the dimensions of a workload, itself first; replaces the same workload, whose content its id fixes."""
        self._forget("workload", key)
        for table, columns in tables.items():
            size = len(next(iter(columns.values())))
            if size:
                self.insert(table, {**columns, ("key" if table == "workload" else "workload"): np.full(size, key)})

    def write_run(self, run: Mapping[str, object], facts: Facts) -> None:
        """Write a simulated run and everything it left behind, its ledgers included; replaces the same run."""
        self.write_facts(run, facts)
        self.complete(run["key"])

    def write_facts(self, run: Mapping[str, object], facts: Facts) -> None:
        """Write a simulated run without its ledgers: until it is completed it does not count."""
        key = run["key"]
        self.begin_run(run)
        for name, rows in columns_of_facts(facts):  # noqa: B007 - load.sql reads `rows` by that name
            for statement in self.connection.extract_statements(_loads()[name]):
                self.connection.execute(statement, {"run": key} if statement.named_parameters else None)

    def know_profile(self, derived: Mapping[str, object]) -> None:
        """Know a log profile that is another one with fields left out and faults (see derive_profile.sql)."""
        if not self.connection.execute(_PROFILE, {"name": derived["name"]}).fetchall():
            self.execute_file(_HERE / "derive_profile.sql", derived)

    def begin_run(self, run: Mapping[str, object]) -> None:
        """Write the row of a run, not yet completed; forgets whatever the same run wrote before."""
        self._forget("run", run["key"])
        self.insert("run", {name: one(value) for name, value in run.items()})

    def write_comparison(self, comparison: Mapping[str, object], runs: Mapping[int, int]) -> None:
        """Declare that runs (key to position of its control model) answer one question together; replaces the same."""
        with self.transaction():
            self.execute_file(_HERE / "forget_comparison.sql", {"comparison": comparison["id"]})
            self.insert("comparison", {name: one(value) for name, value in comparison.items()})
            keys, positions = (np.fromiter(values, dtype=np.int64) for values in (runs.keys(), runs.values()))
            member = np.full(len(keys), comparison["id"], dtype=object)
            self.insert("comparison_run", {"comparison": member, "run": keys, "position": positions})

    def write_split(self, comparison: str, steps: Columns, runs: Columns) -> None:
        """Declare the steps between the two control models of a comparison, and their runs; replaces the same."""
        with self.transaction():
            self.execute_file(_HERE / "forget_split.sql", {"comparison": comparison})
            for table, rows in (("split_step", steps), ("split_run", runs)):
                size = len(next(iter(rows.values())))
                self.insert(table, {**rows, "comparison": np.full(size, comparison, dtype=object)})

    def write_assumptions(self, comparison: str, found: Mapping[str, Columns]) -> None:
        """Declare what was found when assumptions of a comparison were varied, by table; replaces what was before."""
        with self.transaction():
            self.execute_file(_HERE / "forget_assumptions.sql", {"comparison": comparison})
            self._write_found(comparison, found)

    def write_turnings(self, comparison: str, turnings: Columns) -> None:
        """Declare beside that where differences lose their signs."""
        with self.transaction():
            self._write_found(comparison, {"turning": turnings})

    def _write_found(self, comparison: str, found: Mapping[str, Columns]) -> None:
        for table, rows in found.items():
            size = len(next(iter(rows.values())))
            self.insert(table, {**rows, "comparison": np.full(size, comparison, dtype=object)})

    def complete(self, *runs: object) -> None:
        """Declare that every table of these runs is written, and rebuild their ledgers from their logs."""
        self.finish(*runs)
        self.execute_file(_HERE / "ledger.sql", {"runs": runs})

    def finish(self, *runs: object) -> None:
        """Declare that every table of these runs is written, where nobody will ask what their logs show."""
        self.execute_file(_HERE / "complete.sql", {"runs": runs})

    def export(self, folder: Path) -> None:
        """Leave every table that anything was written to as one Parquet file in `folder`."""
        self._export_profiles(folder)
        for schema, table in self.rows(_FILLED):
            relation = self.connection.table(f"{schema}.{table}")
            relation.write_parquet(str(folder / f"{schema}.{table}.parquet"), compression="zstd")

    def adopt(self, folders: Sequence[Path], runs: Iterable[int], workloads: Iterable[int]) -> None:
        """Take in what `export` left in several folders, in one transaction; replaces the runs and workloads given."""
        with self.transaction():
            self._adopt_profiles(folders)
            self._forget("run", *runs)
            self._forget("workload", *workloads)
            for schema, table in self.rows(_TABLES):
                parts = [str(path) for f in folders if (path := f / f"{schema}.{table}.parquet").exists()]
                if parts:
                    self.connection.read_parquet(parts).insert_into(f"{schema}.{table}")

    def take_in(self, source: Path, run: int) -> int:
        """Copy a run and its workload from another store, in one transaction; returns its key here.

        Raises:
            StoreError: the other store cannot be read, or has no such run.
        """
        with Store.open(source) as other, TemporaryDirectory() as folder:
            found = other.rows(_OF_RUN, {"run": run})
            if not found:
                msg = f"{source}: no completed run {run}; name one with `--run`"
                raise StoreError(msg)
            [(run_id, workload, workload_id)] = found
            key, workload_key = self.keys("run", [run_id])[run_id], self.keys("workload", [workload_id])[workload_id]
            other.export_run(Path(folder), {"run": (run, key), "workload": (workload, workload_key)})
            self.adopt([Path(folder)], [key], [workload_key])
        return key

    def export_run(self, folder: Path, keys: Mapping[str, tuple[int, int]]) -> None:
        """Leave what belongs to one run and its workload as Parquet files; `keys`: for each the old and the new one."""
        self._export_profiles(folder)
        for schema, table in self.rows(_TABLES):
            relation = self.connection.table(f"{schema}.{table}")
            owners = _RENUMBERED.get(table, {name: name for name in keys if name in relation.columns})
            if not owners:
                continue
            first, what = next(iter(owners.items()))
            own = relation.filter(duckdb.ColumnExpression(first) == duckdb.ConstantExpression(keys[what][0]))
            new = {column: duckdb.ConstantExpression(keys[each][1]).cast("INTEGER") for column, each in owners.items()}
            kept = {name: duckdb.ColumnExpression(name) for name in relation.columns}
            own.select(*((kept | new)[name].alias(name) for name in kept)).write_parquet(
                str(folder / f"{schema}.{table}.parquet"), compression="zstd"
            )

    def _export_profiles(self, folder: Path) -> None:
        self.connection.table("fact.log_profile").write_parquet(str(folder / _PROFILES))

    def _adopt_profiles(self, folders: Sequence[Path]) -> None:
        """Profiles are what their names say, so that of the same name any is as good."""
        if parts := [str(path) for folder in folders if (path := folder / _PROFILES).exists()]:
            self.connection.read_parquet(parts).distinct().filter(_UNKNOWN_PROFILE).insert_into("fact.log_profile")


@cache
def _loads() -> dict[str, str]:
    """The statements of load.sql by the row type they read."""
    sections = (_HERE / "load.sql").read_text("utf-8").split("-- rows: ")[1:]
    return {name.strip(): sql for name, _, sql in (section.partition("\n") for section in sections)}


def _ready(store: Store, prepare: Callable[[Store], None]) -> Store:
    """The store once it is prepared; closed, and undone, where that fails."""
    with ExitStack() as undone:
        undone.enter_context(store)
        prepare(store)
        undone.pop_all()
    return store


def _take_up(store: Store) -> None:
    """Check a store, or lay one out where nothing is."""
    if store.rows(_ANYTHING):
        _check_version(store)
    else:
        _lay_out(store)


def _lay_out(store: Store, *, explained: bool = True) -> None:
    """Make every table and view, or nothing: a store that was begun only is an empty database."""
    schema, *more = ((_HERE / f"{part}.sql").read_text("utf-8") for part in ("schema", "profiles", "evidence"))
    store.connection.execute("BEGIN TRANSACTION")
    for text in (schema if explained else _WORDS.sub("", schema), *more):
        store.connection.execute(text)
    store.connection.execute("INSERT INTO fact.meta VALUES ('store_version', $version)", {"version": VERSION})
    store.connection.execute("COMMIT")


def _check_version(store: Store) -> None:
    if not store.rows(_ANYTHING):
        raise StoreError(nothing(store.name, "no store in it yet"))
    try:
        found = store.rows("SELECT value FROM fact.meta WHERE key = 'store_version'")
    except duckdb.CatalogException as error:
        msg = f"{store.name}: a DuckDB file, but not an outlive store; name another file"
        raise StoreError(msg) from error
    version = found[0][0] if found else "unknown"
    if version != VERSION:
        msg = f"{store.name}: store version {version}, this outlive reads {VERSION}; simulate or ingest into a new file"
        raise StoreError(msg)
