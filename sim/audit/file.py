"""A DuckDB file: begun, opened, removed, or refused in one line. One that was only begun counts as not there."""

import os
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import duckdb

from sim.audit.refusal import Refusal

_NO_ROOM: Final = "free some space, or name a file on another disk, and run again"
_NOT_OURS: Final = "name a file that may be read and written"
_DAMAGED: Final = "the file is damaged; simulate or ingest into a new one"
_SETTINGS: Final[dict[str, str | bool | int | float | list[str]]] = {
    # Nothing is fetched, whatever a file, a name or a measure looks like.
    "autoinstall_known_extensions": False,
    # DuckDB takes the events of a log for few, because of what is asked of each: it would keep all of them in memory to
    # look a handful of rows up, and look for the latest of each in a loop over all. So a join keeps the side that its
    # text names last, and never loops for a latest.
    "disabled_optimizers": "build_side_probe_side",
    "asof_loop_join_threshold": 0,
}
# A database begins with three blocks, each behind its checksum, which are written one after the other: who is killed in
# between leaves the first, or two. The second counts how often anything was written: a store cut short has some there.
_BLOCK: Final = 4096
_BEGINS: Final = 3 * _BLOCK
_MAGIC: Final = b"DUCK"
_NEVER: Final = bytes(8)
_SCHEMAS: Final = {"fact", "ledger", "log", "truth"}
# What DuckDB says of a file that is another program's: SQLite's it would read with an extension, a sheet as a table.
_ELSES: Final = ("not a valid DuckDB", "Is a directory", "Extension ", "in-memory database")
# What DuckDB says where memory, disk or a file fail it, and what to do.
_REMEDIES: Final = {
    "No space left": _NO_ROOM,
    "quota": _NO_ROOM,
    "File too large": "name a file on a disk that takes larger ones",
    "Out of Memory": "ask for less at once, or give more memory (--memory, if that was said) or disk",
    "Permission denied": _NOT_OURS,
    "Read-only file system": _NOT_OURS,
    "Corrupt": _DAMAGED,
    "Could not read enough bytes": _DAMAGED,
    "invalidated": "run the same command again",
}


class StoreError(Refusal):
    """A store cannot be used as asked; the message is one line and names the remedy."""


def prepare(path: Path) -> Path | None:
    """Make what is needed to open a file for writing; the file, if nothing is there yet.

    Raises:
        StoreError: nothing can be written there.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _demand_file(path)
        if is_blank(path):
            _begin(path)
        # A link stays, whether what it names is there or not.
        return None if path.is_symlink() or path.exists() else path.absolute()
    except OSError as error:
        raise StoreError(unusable(path, error)) from error


def demand(path: Path) -> None:
    """Refuse to read what is not there, or blank.

    Raises:
        StoreError: it is, or nobody may look.
    """
    try:
        _demand_file(path)
        there, blank = path.exists(), is_blank(path)
    except OSError as error:
        raise StoreError(unusable(path, error)) from error
    if blank or not there:
        raise StoreError(nothing(path, "no store in it yet" if there else "no such store"))


def nothing(path: Path | str, what: str) -> str:
    """What is said where there is nothing to read."""
    return f"{path}: {what}; make one with `outlive simulate` or `outlive ingest`"


def unusable(path: Path, error: OSError) -> str:
    """Why a file cannot be written, and what to do."""
    no_folder = isinstance(error, FileExistsError | NotADirectoryError)
    reason = f"{error.filename} is no folder" if no_folder else error.strerror
    return f"{path}: {reason}; name a file that may be written, on a disk with room"


def open_for_writing(path: Path, made: Path | None) -> duckdb.DuckDBPyConnection:
    """A connection to a file; one that could only be begun is not left behind.

    Raises:
        StoreError: it cannot be opened.
    """
    try:
        return connect(path, read_only=False)
    except StoreError as error:
        # Otherwise somebody else was quicker, and it is theirs.
        if made is not None and "Could not write" in str(error):
            remove(made)
        raise


def connect(path: Path | None, *, read_only: bool, memory: str | None = None) -> duckdb.DuckDBPyConnection:
    """A connection to a file, or to memory; `memory` is the most that it takes, such as 4GB, else DuckDB's own limit.

    Raises:
        StoreError: it cannot be opened.
    """
    try:
        # What DuckDB keeps beside a file lies beside what a link leads to, also while that is not there yet.
        where = os.path.realpath(path) if path else ":memory:"
        connection = duckdb.connect(where, read_only=read_only, config=_SETTINGS)
    except duckdb.Error as error:
        raise StoreError(_trouble(error, str(path))) from error
    connection.execute("SET TimeZone = 'UTC'")
    quiet(connection)
    if memory is not None:
        _bound(connection, memory)
    return connection


def _bound(connection: duckdb.DuckDBPyConnection, memory: str) -> None:
    """Let it take so much memory; what needs more goes to disk, beside the file."""
    try:
        connection.execute("SET memory_limit = $memory", {"memory": memory})
    except duckdb.Error as error:
        connection.close()
        msg = f"memory {memory!r}: no amount of memory; write it like 4GB"
        raise StoreError(msg) from error


def quiet(connection: duckdb.DuckDBPyConnection) -> None:
    """Show no progress bar."""
    # In a notebook without ipywidgets DuckDB refuses even to turn its progress bar off; it has none there.
    with suppress(duckdb.InvalidInputException):
        connection.execute("SET enable_progress_bar = false")


def remove(path: Path) -> None:
    """Remove a database, and what DuckDB keeps beside it."""
    for each in (path, path.with_name(f"{path.name}.wal")):
        each.unlink(missing_ok=True)


def unsettled(error: duckdb.Error, name: str) -> str:
    """What is said where all is written, but not to the file itself."""
    why = _reason(str(error))
    return f"{name}: {why}; all is kept in {name}.wal beside it: leave the two together, free some space, open it again"


def wanting(error: duckdb.Error, name: str) -> str | None:
    """What DuckDB could not go on without, and what to do; None where the error is of another kind."""
    text = str(error)
    remedy = next((remedy for sign, remedy in _REMEDIES.items() if sign in text), None)
    return f"{name}: {_reason(text)}; {remedy}" if remedy else None


def _reason(text: str) -> str:
    """The first line of what DuckDB says, without the kind of error."""
    line = text.partition("\n")[0]
    return line.partition("Error: ")[2] or line


def is_blank(path: Path) -> bool:
    """Whether it is a file that was begun, and left off at once: of no bytes, or fewer than a database begins with."""
    if not path.is_file() or (size := path.stat().st_size) >= _BEGINS:
        return False
    begins = path.read_bytes()
    first, second = begins[8:_BLOCK], begins[_BLOCK + 8 :]
    return size == 0 or (first.startswith(_MAGIC) and _NEVER.startswith(second[: len(_NEVER)]))


def _demand_file(path: Path) -> None:
    """Refuse a pipe or a device, which DuckDB would wait for without end, and a name that it could not tell apart."""
    names = (Path(each).name.partition(".")[0].casefold() for each in (path, os.path.realpath(path)))
    if name := next((each for each in names if each in _SCHEMAS), None):
        msg = f"{path}: DuckDB takes a file by the name of {name} for that schema of a store; name it otherwise"
        raise StoreError(msg)
    if path.exists() and not path.is_file() and not path.is_dir():
        msg = f"{path}: not a file; name another one"
        raise StoreError(msg)


def _begin(path: Path) -> None:
    """Make a database of a blank file, which DuckDB itself would not."""
    with TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.duckdb"
        connect(empty, read_only=False).close()
        try:
            path.write_bytes(empty.read_bytes())
        except OSError:
            os.truncate(path, 0)
            raise


def _trouble(error: duckdb.Error, name: str) -> str:
    """What stands in the way of opening a file, and what to do."""
    text = str(error)
    if isinstance(error, duckdb.ConnectionException):
        return f"{name}: this process has it open for writing; close that first"
    if "Could not set lock" in text:
        return f"{name}: another process holds it; close that (or wait) and run again"
    if any(each in text for each in _ELSES):
        return f"{name}: not an outlive store; name another file"
    return wanting(error, name) or f"{name}: {_reason(text)}; name another file"
