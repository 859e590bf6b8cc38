"""Processes that work for one parent, and the folder where they leave what they made.

A worker lives no longer than its parent, whatever ends that. What a killed run leaves goes when the next one begins.
"""

import fcntl
import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from threading import Thread
from typing import TypeVar

from sim.audit.refusal import Refusal

Job = TypeVar("Job")

_SCRATCH = "outlive-scratch-"


def finished(work: Callable[[Job], Job], jobs: Sequence[Job], processes: int) -> Generator[Job, None, None]:
    """Jobs as they are finished, in any order.

    Raises:
        Refusal: a process ended too soon, or memory does not suffice.
    """
    with crew(work, processes) as finish:
        yield from finish(jobs)


@contextmanager
def crew(work: Callable[[Job], Job], processes: int) -> Iterator[Callable[[Sequence[Job]], Iterator[Job]]]:
    """Processes that stay for one lot of jobs after another; gives what makes jobs finished ones, in any order.

    Raises:
        Refusal: a process ended too soon, or memory does not suffice.
    """
    try:
        if processes == 1:
            yield partial(map, work)
        else:
            with _pool(processes) as pool:
                yield partial(_finished, pool, work)
    except (BrokenProcessPool, MemoryError) as error:
        msg = "a process ended before its runs did, likely for want of memory: use fewer, or a shorter window"
        raise Refusal(msg) from error


@contextmanager
def _pool(processes: int) -> Iterator[ProcessPoolExecutor]:
    context = multiprocessing.get_context("spawn")
    held, lifeline = context.Pipe(duplex=False)
    with _deaf():
        pool = ProcessPoolExecutor(processes, context, _live_with_parent, (held,))
    # The line goes first, so that nobody waits for what is simulated still.
    with held, pool, _deaf_to_halves(pool), lifeline:
        yield pool


@contextmanager
def _deaf_to_halves(pool: ProcessPoolExecutor) -> Iterator[None]:
    """Whoever ends while it tells what it made leaves half of that.

    For the rest this process would wait as long as anybody could write it, and it could itself.
    """
    try:
        yield
    finally:
        pool._result_queue._writer.close()  # type: ignore[attr-defined]  # noqa: SLF001 - there is no other way


def _finished(pool: ProcessPoolExecutor, work: Callable[[Job], Job], jobs: Sequence[Job]) -> Iterator[Job]:
    with _deaf():
        futures = [pool.submit(work, job) for job in jobs]
    for future in as_completed(futures):
        yield future.result()


@contextmanager
def _deaf() -> Iterator[None]:
    """Processes started meanwhile never hear what a terminal sends to all of them: their parent ends them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _live_with_parent(lifeline: Connection) -> None:
    """End as soon as the parent lets go of the line or is gone, killed even."""

    def wait() -> None:
        with suppress(EOFError, OSError):
            lifeline.recv_bytes()
        os._exit(1)

    Thread(target=wait, daemon=True).start()


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for parts; those that killed runs left behind are removed first.

    Raises:
        Refusal: there is no room for one.
    """
    try:
        for left in Path(gettempdir()).glob(f"{_SCRATCH}*"):
            _sweep(left)
        folder = TemporaryDirectory(prefix=_SCRATCH)
    except OSError as error:
        raise Refusal(no_room(error)) from error
    with _removed(folder) as name, _opened(Path(name)) as handle:
        # On a file system without locks nothing is swept.
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield Path(name)


@contextmanager
def _removed(folder: TemporaryDirectory[str]) -> Iterator[str]:
    """A folder that is gone afterwards, even if an interrupt comes while it is being removed."""
    try:
        with folder as name:
            yield name
    finally:
        # Once more: the first time may have been interrupted.
        folder.cleanup()


def _sweep(folder: Path) -> None:
    """Remove parts whose process is gone, and its lock with it; any others cannot be locked, or not be opened."""
    with suppress(OSError), _opened(folder) as handle:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        yield handle
    finally:
        os.close(handle)


def no_room(error: Exception) -> str:
    """What is said where the folder for parts is full."""
    reason = error.strerror if isinstance(error, OSError) else "no room, or a disk that fails"
    return f"{gettempdir()}: {reason}; set TMPDIR to a folder with room for what is kept meanwhile"
