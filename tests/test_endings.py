"""However a command ends, nothing of it stays behind: no process, no scratch folder, no half of a store."""

import inspect
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from pathlib import Path
from random import Random
from threading import Thread

import pytest

from sim.audit.store import Store
from sim.workers import crew, scratch_folder

OUTLIVE = Path(sys.executable).with_name("outlive")
# More work than any test waits for.
LONG = [
    "compare", "support_midsize", "--control", "per_task", "--replicates", "999", "--processes", "2",
    "--set", "scenario.window.hours=1", "--set", "scenario.window.warm_up_hours=1", "--set", "scenario.fleet.agents=2",
]  # fmt: skip


@pytest.fixture
def begun(tmp_path):
    """A long comparison that has simulated something; its store and scratch folder lie in `tmp_path`."""
    with subprocess.Popen(
        [OUTLIVE, *LONG, "--into", tmp_path / "long.duckdb"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "TMPDIR": str(tmp_path)}, preexec_fn=_heard,  # noqa: PLW1509 - no thread is running
    ) as process:  # fmt: skip
        while "simulated" not in process.stderr.readline():
            assert process.poll() is None
        yield process
        if _lives(process.pid):
            os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.parametrize(
    ("number", "send"),
    [
        (signal.SIGINT, os.killpg),
        (signal.SIGTERM, os.kill),
        pytest.param(signal.SIGHUP, os.killpg, marks=pytest.mark.soak),
    ],
)
def test_an_interrupted_command_cleans_up(begun, tmp_path, number, send):
    """Ctrl-C, a request to end, a closed terminal: one line, exit 1, no process goes on and nothing is left."""
    send(begun.pid, number)
    _, said = begun.communicate(timeout=120)
    assert begun.returncode == 1
    last = [line for line in said.splitlines() if not line.startswith("outlive: simulated")]
    assert last == ["outlive: interrupted; what was stored before stays"]
    assert _gone(begun.pid)
    assert list(tmp_path.iterdir()) == []


def _say_half(said):
    """Begin to tell of 256 bytes, and tell no more."""
    frame = inspect.currentframe()
    while "result_queue" not in frame.f_locals:
        frame = frame.f_back
    results = frame.f_locals["result_queue"]
    os.write(results._writer.fileno(), (256).to_bytes(4, "big"))  # noqa: SLF001 - where results go
    said.touch()
    time.sleep(60)


def test_half_a_result_is_not_waited_for(tmp_path):
    """Of whoever is ended while it tells what it made."""

    def listen(results):
        with suppress(BrokenProcessPool):
            next(results)

    def leave():
        with crew(_say_half, 2) as finish:
            Thread(target=listen, args=[finish([tmp_path / "said"])], daemon=True).start()
            while not (tmp_path / "said").exists():
                time.sleep(0.01)

    leaving = Thread(target=leave, daemon=True)
    leaving.start()
    leaving.join(30)
    assert not leaving.is_alive()


# A comparison of some seconds: it loads, simulates, stores, measures and writes its page.
SHORT = [
    "compare", "support_midsize", "--control", "per_task", "tiered", "--replicates", "4", "--processes", "2",
    "--set", "scenario.window.hours=2", "--set", "scenario.window.warm_up_hours=1", "--set", "scenario.fleet.agents=4",
    "--set", "scenario.start=2026-01-05T09:00:00Z",
]  # fmt: skip


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(200))
def test_whenever_it_is_asked_to_end_a_command_leaves_nothing_by_halves(tmp_path, seed):
    """At any instant, by any of the three signals: it is done, or it was interrupted and left nothing behind."""
    draw = Random(seed)  # noqa: S311 - no secret depends on it
    store, page = tmp_path / "short.duckdb", tmp_path / "short.html"
    with subprocess.Popen(
        [OUTLIVE, *SHORT, "--into", store, "--report", page],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "TMPDIR": str(tmp_path)}, preexec_fn=_heard,  # noqa: PLW1509 - no thread is running
    ) as process:  # fmt: skip
        time.sleep(draw.uniform(0.5, 9))
        with suppress(ProcessLookupError):
            os.killpg(process.pid, draw.choice([signal.SIGINT, signal.SIGTERM, signal.SIGHUP]))
        _, said = process.communicate(timeout=120)
    assert _gone(process.pid)
    left = sorted(tmp_path.iterdir())
    # Before it has begun to listen, and after all is done, a signal ends it as it ends anything.
    if process.returncode <= 0:
        assert left == [store, page] or (process.returncode < 0 and not left)
        return
    assert process.returncode == 1
    assert said.splitlines()[-1] == "outlive: interrupted; what was stored before stays"
    # What was stored before the page was begun is whole.
    assert left in ([], [store])
    if left:
        subprocess.run([OUTLIVE, "verify", store], check=True, capture_output=True)


def test_workers_end_with_a_killed_parent(begun, tmp_path, monkeypatch):
    """Where the parent is killed outright its workers notice, and the next run sweeps what it could not."""
    begun.kill()
    begun.wait()
    assert _gone(begun.pid)
    assert list(tmp_path.glob("outlive-scratch-*"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Store.create(tmp_path / "long.duckdb"), scratch_folder() as own:
        assert list(tmp_path.glob("outlive-scratch-*")) == [own]
    assert [path.name for path in tmp_path.iterdir()] == ["long.duckdb"]


def test_an_interrupt_while_parts_are_put_away_leaves_none(tmp_path, monkeypatch):
    """An interrupt in the middle of removing the folder is passed on, and the folder is gone all the same."""
    remove, asked = shutil.rmtree, []

    def interrupted(*given, **named):
        asked.append(given)
        if len(asked) == 1:
            raise KeyboardInterrupt
        remove(*given, **named)

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(shutil, "rmtree", interrupted)
    with pytest.raises(KeyboardInterrupt), scratch_folder() as own:
        (own / "part").touch()
    assert (len(asked), list(tmp_path.iterdir())) == (2, [])


def test_an_interrupt_while_loading_is_one_line():
    """Ctrl-C in the second in which packages are loaded gives no traceback."""
    code = "import os, signal, sys, outlive.cli as c; c.import_module = lambda _: os.kill(os.getpid(), signal.SIGINT)"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; sys.exit(c.main(['measures']))"], capture_output=True, text=True, check=False,
        preexec_fn=_heard,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "outlive: interrupted; what was stored before stays\n"


def test_a_signal_that_is_to_be_ignored_is():
    """Under nohup a closed terminal ends nothing."""
    code = "import os, signal, sys, outlive.cli as c; signal.signal(signal.SIGHUP, signal.SIG_IGN)"
    hang_up = "c.import_module = lambda _: os.kill(os.getpid(), signal.SIGHUP)"
    done = subprocess.run([sys.executable, "-c", f"{code}; {hang_up}; sys.exit(c.main(['sources']))"], check=False)
    assert done.returncode == 0


def _heard() -> None:
    """A test that runs in the background ignores Ctrl-C, or a closed terminal, and what it starts would too."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_DFL)


def _gone(group: int) -> bool:
    """Whether every process of a group ends within some seconds."""
    deadline = time.monotonic() + 20
    while _lives(group) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not _lives(group)


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
