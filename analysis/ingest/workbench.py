"""Files are read onto a workbench beside the store: nothing in the store is half there, and no file is read twice.

The workbench is a database of its own, named like the store. What was read of whole files is committed there every so
often; once all are read, the runs are written into the store in one transaction, and the workbench is removed. Whoever
is killed before that finds on it, with the same command, what had been read.

A file is there whole or not at all, however large: whoever is killed within one reads it anew from its beginning, and
nothing of it had been committed. What was read before a large file is committed before it is begun.
"""

import gc
import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from functools import cache
from importlib.metadata import version
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
from numpy.typing import NDArray

from analysis.ingest.columns import Told, columns, integers, texts
from analysis.ingest.listed import Listed, listing
from analysis.ingest.reading import Page
from analysis.ingest.source import IngestError
from sim.audit.columns import Columns, one
from sim.audit.file import is_blank
from sim.audit.refusal import Refusal
from sim.audit.rows import UNKNOWN
from sim.audit.store import Store

ENDING: Final = ".workbench"
# Rows after which it pays to commit: few enough to be read in seconds, and enough for DuckDB to write them only once
# (two groups of 122,880 rows; less than one goes through its log first).
ENOUGH: Final = 250_000
# Events that are put down at once.
_AT_ONCE: Final = 20_000

_HERE: Final = Path(__file__).parent
_STORE: Final = "SELECT path FROM duckdb_databases() WHERE database_name = current_database() AND path IS NOT NULL"
_THERE: Final = "SELECT table_name FROM duckdb_tables() WHERE database_name = 'workbench'"
_TABLES: Final = frozenset(("made", "file", "page", "refused", "remark", "observed", "listed"))
_ELSES: Final = "{path}: what was read of files is put there, and something else lies there; move it, and run again"
_DECIDING: Final = frozenset((".py", ".sql", ".toml"))
_KNOWN: Final = "SELECT sha256, number FROM workbench.file"


@dataclass(frozen=True, slots=True)
class Read:
    """What was found in one file, besides events; `source` is None where no source recognised it.

    `damaged` where it was not read, or not to its end: broken, or known by two sources.
    """

    number: int
    sha256: str
    source: str | None
    size: int
    records: int
    silent: int
    repaired: int
    damaged: bool


_READ: Final = tuple(field.name for field in fields(Read))


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that is not kept, or with a position of None a whole file, and why."""

    file: int
    position: int | None
    reason: str


class Workbench:
    """What was read so far. Use `at`, which opens it beside a store."""

    def __init__(self, store: Store) -> None:
        """What lies on it already, by the hash of its bytes."""
        self._store = store
        self.known: dict[str, int] = dict(store.rows(_KNOWN))
        self._numbers = max(self.known.values(), default=0)
        self._added, self._open = 0, False
        self._told: list[tuple[int, Told]] = []
        self._many: list[Columns] = []
        self._files: list[Read] = []

    def free(self) -> int:
        """A number for another file."""
        self._numbers += 1
        return self._numbers

    def events(self, file: int, told: Sequence[Told]) -> None:
        """Put down events that a file told of; of small files many are put down at once, before their files are."""
        self._told += ((file, each) for each in told)
        if self._waiting() >= _AT_ONCE:
            self._put_down()

    def columns(self, file: int, told: Columns) -> None:
        """Put down events that a file told of as columns; those that are not given are NULL."""
        self._many.append({"file": np.full(len(next(iter(told.values()))), file), **told})
        if self._waiting() >= _AT_ONCE:
            self._put_down()

    def list_all(self, file: int, listed: Sequence[Listed]) -> None:
        """Put down what a file lists."""
        if listed:
            self._add("listed", {"file": np.full(len(listed), file), **listing(listed)})

    def remark(self, file: int, text: str) -> None:
        """Put down what a reader should know of a file."""
        self._add("remark", {"file": one(file), "text": one(text)})

    def page(self, file: int, page: Page) -> None:
        """Put down that a file is a page of a list."""
        self._add("page", {"file": one(file), "more": one(page.more), "of_list": one(page.of_list)})

    def refuse(self, rejects: Sequence[Reject]) -> None:
        """Put down what of a file is refused."""
        if rejects:
            refused = {
                "file": np.array([each.file for each in rejects]),
                "position": integers(UNKNOWN if each.position is None else each.position for each in rejects),
                "reason": texts(each.reason for each in rejects),
            }
            self._add("refused", refused)

    def file(self, read: Read) -> None:
        """Put down that a file is read; from now on it may be found here."""
        self._files.append(read)
        self.known[read.sha256] = read.number
        if self._added + self._waiting() + len(self._files) >= ENOUGH:
            self.commit()
            # The automatic collector is switched off while files are read; what is there now stays to the end.
            gc.collect()
            gc.freeze()

    def commit(self) -> None:
        """Let what was put down stay, whatever happens."""
        self._put_down()
        if self._files:
            self._add("file", {name: texts(map(attrgetter(name), self._files)) for name in _READ})
            self._files.clear()
        if self._open:
            self._store.connection.execute("COMMIT")
        self._open, self._added = False, 0

    def _put_down(self) -> None:
        if self._told:
            files = np.array([file for file, _ in self._told])
            self._add("observed", {"file": files, **columns([each for _, each in self._told])})
            self._told.clear()
        for same in _alike(self._many):
            self._add("observed", same)
        self._many.clear()

    def _waiting(self) -> int:
        """Events that are yet to be put down."""
        return len(self._told) + sum(len(each["file"]) for each in self._many)

    def _add(self, table: str, rows: Columns) -> None:
        if not self._open:
            self._store.connection.execute("BEGIN TRANSACTION")
            self._open = True
        self._store.connection.execute(f"INSERT INTO workbench.{table} BY NAME SELECT * FROM rows")  # noqa: S608 - a name of ours
        self._added += len(next(iter(rows.values())))


def _alike(many: Sequence[Columns]) -> Iterator[Columns]:
    """Those of the same columns together."""
    for names in dict.fromkeys(map(tuple, many)):
        same = [each for each in many if tuple(each) == names]
        yield {name: _in_a_row([each[name] for each in same]) for name in names}


def _in_a_row(parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    together: NDArray[Any] = np.concatenate(parts)
    masks = [np.ma.getmaskarray(part) for part in parts]
    masked = any(isinstance(part, np.ma.MaskedArray) for part in parts)
    return np.ma.MaskedArray(together, np.concatenate(masks)) if masked else together


@contextmanager
def at(store: Store, settings: str) -> Iterator[Workbench]:
    """The workbench of a store, for files that are read in one way (`settings`); removed at the end, and when refused.

    Whoever is interrupted otherwise leaves it behind, with all that was committed.
    """
    path = _beside(store)
    if path is not None and is_blank(Path(path)):
        _forget(path)
    made = f"{version('outlive')} {_declared()} {settings}"
    if not _opened(store, path, made):
        _remove(store, path)
        _opened(store, path, made)
    try:
        yield Workbench(store)
    except Refusal:
        _remove(store, path)
        raise
    except BaseException:
        _let_go(store)
        raise
    _remove(store, path)


def belongs(path: str, store: str) -> bool:
    """Whether a file is a store's: itself, what it has yet to write and has put aside, and its workbench."""
    return path == store or path.startswith((f"{store}.wal", f"{store}.tmp", store + ENDING))


def places(store: Store) -> list[str]:
    """Where the store lies; nowhere, if that is in memory."""
    return [path for (path,) in store.rows(_STORE)]


@cache
def _declared() -> str:
    """A hash of what decides how files are read: levels, words and what is assumed may be edited in between."""
    lies = hashlib.sha256()
    for each in sorted(_HERE.rglob("*.*")):
        if each.suffix in _DECIDING:
            lies.update(each.read_bytes())
    return lies.hexdigest()


def _beside(store: Store) -> str | None:
    return next((f"{path}{ENDING}" for path in places(store)), None)


def _opened(store: Store, path: str | None, made: str) -> bool:
    """Open the workbench, or make it; whether what lies there was made in this way.

    Raises:
        IngestError: something else lies there.
    """
    if path is not None and os.path.lexists(path) and (Path(path).is_symlink() or not Path(path).is_file()):
        raise IngestError(_ELSES.format(path=path))
    quoted = (path or ":memory:").replace("'", "''")
    try:
        store.connection.execute(f"ATTACH '{quoted}' AS workbench")
    except duckdb.Error as error:
        raise IngestError(_ELSES.format(path=path)) from error
    there = {table for (table,) in store.rows(_THERE)}
    if there and there != _TABLES:
        _let_go(store)
        raise IngestError(_ELSES.format(path=path))
    if not there:
        # No transaction of the store's: nothing is in that yet, and one that is made in vain goes.
        store.connection.execute("BEGIN TRANSACTION")
        store.execute_file(_HERE / "workbench.sql")
        store.connection.execute("INSERT INTO workbench.made VALUES ($made)", {"made": made})
        store.connection.execute("COMMIT")
    return store.rows("FROM workbench.made") == [(made,)]


def _remove(store: Store, path: str | None) -> None:
    _let_go(store)
    if path is not None:
        _forget(path)


def _forget(path: str) -> None:
    for each in (path, f"{path}.wal"):
        Path(each).unlink(missing_ok=True)


def _let_go(store: Store) -> None:
    """Close it; a transaction that is still open is undone. What has no room in the file itself stays in its log."""
    for statement in ("ROLLBACK", "DETACH workbench"):
        with suppress(duckdb.Error):
            store.connection.execute(statement)
