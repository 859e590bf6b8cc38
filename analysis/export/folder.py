"""A folder is there when all of it is: until then what is written lies beside it, under another name."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.audit.refusal import Refusal


@contextmanager
def whole(folder: Path) -> Iterator[Path]:
    """Where to write what is to be in a folder; it gets its name at the end, and nothing is left where that fails.

    Raises:
        Refusal: something is in it already, or nothing can be written there.
    """
    # Unlike a path that is resolved, one that links to itself stays what it is.
    target = Path(os.path.realpath(folder))
    beside = target.parent / f"{target.name}.partial"
    try:
        _demand_empty(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        _begin(beside)
    except OSError as error:
        raise Refusal(_unusable(folder, error)) from error
    try:
        yield beside
        _finish(beside, target, folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def _demand_empty(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise Refusal(f"{folder}: a file lies there; name a folder that is new or empty")
    if folder.is_dir() and any(folder.iterdir()):
        raise Refusal(f"{folder}: something is in it already, and is kept; name a folder that is new or empty")


def _begin(beside: Path) -> None:
    try:
        beside.mkdir()
    except FileExistsError:
        raise Refusal(
            f"{beside}: an export is under way there, or was killed; wait for it, or remove that and run again"
        ) from None


def _finish(beside: Path, target: Path, folder: Path) -> None:
    """Give it its name, unless somebody else was quicker."""
    try:
        if target.exists():
            target.rmdir()
        beside.rename(target)
    except OSError as error:
        raise Refusal(_unusable(folder, error)) from error


def _unusable(folder: Path, error: OSError) -> str:
    return f"{folder}: {error.strerror}; name a folder that is new or empty, on a disk with room"
