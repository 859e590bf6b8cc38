"""The shape of the code: which way imports run, how long files and functions are, what tests must say."""

import ast
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import LONGEST

ROOT = Path(__file__).parents[1]
PACKAGES = ("outlive", "sim", "analysis", "benchmarks")
LONGEST_FILE = 400
LONGEST_BODY = 30
LOADED_BY_ANALYSIS = """
import importlib, pkgutil, sys
import analysis
for module in pkgutil.walk_packages(analysis.__path__, "analysis."):
    importlib.import_module(module.name)
print(*[name for name in sys.modules if name.split(".")[0] in ("sim", "simpy")])
"""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def test_imports_run_one_way():
    """Every import contract of the project is kept."""
    linter = Path(sysconfig.get_path("scripts"), "lint-imports")
    checked = _ran(linter, "--no-logo", "--no-cache")
    assert checked.returncode == 0, checked.stdout


def test_analysis_never_loads_the_simulator():
    """All of analysis can be imported without SimPy and without anything of sim but sim.audit."""
    loaded = _ran(sys.executable, "-c", LOADED_BY_ANALYSIS)
    assert loaded.returncode == 0, loaded.stderr
    known = loaded.stdout.split()
    strangers = [name for name in known if name != "sim" and not f"{name}.".startswith("sim.audit.")]
    assert strangers == []


def test_files_are_short():
    """No source file is longer than 400 lines."""
    lengths = {_shown(path): len(path.read_text("utf-8").splitlines()) for path in _sources(*PACKAGES)}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_functions_are_short():
    """No function's body, without its docstring, is longer than 30 lines."""
    bodies = {f"{_shown(path)}:{each.name}": _body_lines(each) for path, each in _functions(*PACKAGES)}
    assert {name: lines for name, lines in bodies.items() if lines > LONGEST_BODY} == {}


def test_nothing_is_counted_in_time_that_grows_with_its_square():
    """No SQL counts, or sums up, what it filters in a window: DuckDB walks through all of a frame for each of its rows.

    Through a sum of `if(...)` it does not.
    """
    slow = re.compile(r"\b(?:count|sum)\([^()]*\) FILTER \((?:[^()]|\([^()]*\))*\) OVER\b")
    texts = {_shown(path): path.read_text("utf-8") for name in PACKAGES for path in (ROOT / name).rglob("*.sql")}
    assert slow.search("sum(held) FILTER (a OR (b AND c)) OVER upto")
    assert {path: found[0] for path, text in texts.items() if (found := slow.search(text))} == {}


def test_what_tests_begin_with_is_there():
    """A file that is renamed keeps its place among those that take longest."""
    assert [name for name in LONGEST if not (ROOT / name).is_file()] == []


def test_every_test_says_what_it_shows():
    """Every test function has a docstring that states the behaviour."""
    tests = [(path, each) for path, each in _functions("tests") if each.name.startswith("test")]
    assert [f"{_shown(path)}:{each.name}" for path, each in tests if not ast.get_docstring(each)] == []


def _ran(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def _shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def _functions(*folders: str) -> Iterator[tuple[Path, Function]]:
    for path in _sources(*folders):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, Function):
                yield path, node


def _body_lines(function: Function) -> int:
    statements = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return statements[-1].end_lineno - statements[0].lineno + 1 if statements else 0
