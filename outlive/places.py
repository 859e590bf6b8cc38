"""Where results go: a page must not take the place of the store it is made from."""

import os
from pathlib import Path

from sim.audit.refusal import Refusal


def page_beside(store: Path | str, page: Path | str) -> Path:
    """The page's path, if a page can be written there.

    Raises:
        Refusal: it is the store itself, however it is spelled, or where DuckDB keeps what it has yet to write, or a
            folder, or a link to itself.
    """
    wanted, kept = Path(os.path.realpath(page)), Path(os.path.realpath(store))
    if wanted.is_symlink():
        raise Refusal(f"{page}: a link that leads to itself; name another file")
    if wanted in _of_store(kept) or (wanted.exists() and kept.exists() and wanted.samefile(kept)):
        raise Refusal(f"{page}: that is the store; give the report a file of its own")
    if wanted.is_dir():
        raise Refusal(f"{page}: a folder; name the file to write the report to")
    return Path(page)


def folder_beside(store: Path | str, folder: Path | str) -> Path:
    """The folder's path, if it is not where DuckDB keeps what belongs to the store.

    Raises:
        Refusal: it is.
    """
    wanted, kept = Path(os.path.realpath(folder)), Path(os.path.realpath(store))
    if wanted in _of_store(kept):
        raise Refusal(f"{folder}: that belongs to the store; name another folder")
    return Path(folder)


def _of_store(store: Path) -> tuple[Path, ...]:
    """The store itself, and where DuckDB keeps what it has yet to write."""
    return store, store.with_name(f"{store.name}.wal"), store.with_name(f"{store.name}.tmp")
