"""A mutant of Python, tried by its tests in a fork: there the changed text is what an import of the file finds."""

import importlib.abc
import importlib.util
import os
import resource
import signal
import sys
import warnings
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Final

import playwright.sync_api  # noqa: F401 - what tests load, loaded once
import pytest
import scipy.stats  # noqa: F401 - the same

from tests.mutation.syntax import Mutant
from tests.mutation.verdict import Verdict

_ROOT: Final = Path(__file__).parents[2]
# Seconds of work, which wait for no other process; the longest of these tests take half a minute.
PATIENCE: Final = 120
# Times as many seconds for what waits for ever.
_SLOWEST: Final = 10
_OURS: Final = ("outlive", "sim", "analysis", "tests")
# Which tests a file is held to.
TESTS: Final = {
    "analysis/comparison.py": ("tests/analysis/test_comparison.py",),
    "analysis/crossing.py": ("tests/analysis/test_crossing.py",),
    "analysis/enough.py": ("tests/analysis/test_enough.py",),
    "analysis/family.py": ("tests/analysis/test_family.py",),
    "analysis/information.py": ("tests/analysis/test_information.py",),
    "analysis/joint.py": ("tests/analysis/test_joint.py",),
    "analysis/lacks.py": ("tests/test_sheets.py",),
    "analysis/measures/concepts/concepts.py": ("tests/analysis/test_own_measures.py",),
    "analysis/measures/examination.py": ("tests/analysis/test_own_measures.py",),
    "analysis/measures/measure.py": ("tests/analysis/test_own_measures.py", "tests/analysis/test_restricted.py"),
    "analysis/measures/parameters.py": ("tests/analysis/test_own_measures.py",),
    "analysis/measures/query.py": ("tests/analysis/test_own_measures.py",),
    "analysis/measures/result.py": ("tests/analysis/test_own_measures.py",),
    "analysis/pooled.py": tuple(
        f"tests/analysis/test_{name}.py" for name in ("effective", "laws", "pooled", "tail_mean")
    ),
    "analysis/samples.py": (
        "tests/analysis/test_pooled_in_doubt.py",
        "tests/analysis/test_own_measures.py",
        "tests/analysis/test_tail_mean.py",
        "tests/analysis/test_pooled.py",
    ),
    "analysis/screen.py": ("tests/analysis/test_comparison.py",),
    "analysis/shapley.py": ("tests/analysis/test_shapley.py",),
    "analysis/statistics.py": ("tests/analysis/test_statistics.py", "tests/analysis/test_family.py"),
}
_LOADED: Final[dict[str, object]] = {}
# Assertions are not rewritten, which takes time and says only how a test failed.
_ASKED: Final = ("-x", "-q", "--assert=plain", "-p", "no:cacheprovider", "-o", "addopts=--import-mode=importlib")


def of(mutant: Mutant, path: str, tests: tuple[str, ...]) -> Verdict:
    """What the tests say of a mutant of a file."""
    module = path.removesuffix(".py").replace("/", ".")
    with warnings.catch_warnings():
        # The child runs none of the threads that others have left here.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        os._exit(_tried(mutant.text, module, tests))
    until = monotonic() + _SLOWEST * PATIENCE
    while monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            late = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU
            return "survived" if status == 0 else "timed out" if late else "killed"
        sleep(0.02)
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "timed out"


def _tried(text: str, module: str, tests: tuple[str, ...]) -> int:
    """Run the tests in this process, which has not loaded the project before, with another text for a module."""
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE + 1))
    for stream in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    # Kept, not forgotten: a database of the process before may not be taken down in this one.
    _LOADED.update({name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] in _OURS})
    sys.meta_path.insert(0, _Changed(module, text))
    return int(pytest.main([*_ASKED, *(str(_ROOT / test) for test in tests)]))


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.SourceLoader):
    """Finds one module, and its text is another."""

    def __init__(self, module: str, text: str) -> None:
        self._module, self._text = module, text

    def find_spec(self, name, _path, _target=None):
        """The module of which the text is another."""
        path = str(_ROOT / f"{name.replace('.', '/')}.py")
        return importlib.util.spec_from_file_location(name, path, loader=self) if name == self._module else None

    def get_filename(self, name: str) -> str:
        """Where the file lies."""
        return str(_ROOT / f"{name.replace('.', '/')}.py")

    def get_data(self, _path) -> bytes:
        """The other text."""
        return self._text.encode()
