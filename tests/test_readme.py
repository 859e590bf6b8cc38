"""The README does what it says."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import outlive
from outlive.cli import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = [block.splitlines() for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)]
COMMANDS = [command for block in BLOCKS for command in block]
SIMULATING = {"breakeven", "compare", "sensitivity", "simulate", "split"}


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing but the data that the commands name."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "data").symlink_to(ROOT / "data")
    return folder


@pytest.mark.parametrize("command", BLOCKS[0])
def test_the_program_runs_what_comes_first(command: str, elsewhere: Path) -> None:
    """Each command of the first block succeeds as it is typed."""
    name, *words = shlex.split(command)
    program, columns = Path(sys.executable).with_name(name), {**os.environ, "COLUMNS": "120"}
    done = subprocess.run(
        [program, *words], cwd=elsewhere, capture_output=True, text=True, check=False, env=columns
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("command", [command for block in BLOCKS[1:] for command in block])
def test_commands_run_in_order(
    command: str, elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each of the others succeeds where the ones before it have run; in this process, to start more takes seconds.

    Two replications do what more do; but a pilot is one of six at least.
    """
    name, *words = shlex.split(command)
    words += ["--processes", "1"] if words[0] in SIMULATING else []
    words += ["--replicates", "2"] if words[0] in {*SIMULATING, "replay"} and "--within" not in words else []
    monkeypatch.chdir(elsewhere)
    monkeypatch.setenv("COLUMNS", "120")
    code, said = main(words), capsys.readouterr()
    assert (name, code) == ("outlive", 0), said.err
    assert said.out.strip()


def test_python_runs(elsewhere: Path) -> None:
    """The README's Python runs as it stands."""
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    done = subprocess.run([sys.executable, "-c", code], cwd=elsewhere, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("kind", ["controls", "scenarios", "platforms", "measures", "sources", "frameworks"])
def test_nothing_bundled_is_left_out(kind: str) -> None:
    """Each control model, scenario, platform, measure, source and framework is named in the README."""
    named = set(re.findall(r"`(\w+)`", README)) | set(re.findall(r"\b\w+\b", README))
    assert set(getattr(outlive, kind)()["name"]) <= named


def test_every_verb_is_shown() -> None:
    """Each verb of the command line stands in a command of the README."""
    shown = {shlex.split(command)[1] for command in COMMANDS}
    shows = {"answer", "comparison", "events", "figures", "table"}
    assert {name for name in outlive.__all__ if name.islower()} - shows == shown
