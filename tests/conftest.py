"""What tests share: no skip goes unseen, generated examples repeat, a real browser looks at pages."""

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from sim.audit.store import Store
from sim.audit.store import _lay_out as lay_out
from tests.ledgers import Book
from tests.property.measures.holes import as_logs

NO_REAL = "OUTLIVE_REAL does not name a folder of real audit exports"
NO_BROWSER = "no chromium on the path, the browser that tests look at pages with"
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-quic"]

# Files that take longest come first, so that in the end no process waits for another.
LONGEST = (
    "tests/test_readme.py", "tests/analysis/report/test_observed.py", "tests/analysis/test_wanting.py",
    "tests/analysis/report/test_page.py", "tests/test_sensitivity.py", "tests/analysis/test_snapshots_in_doubt.py",
    "tests/test_cli.py", "tests/analysis/test_attribution.py", "tests/contract/test_measures.py",
    "tests/test_split.py", "tests/analysis/test_ingest.py", "tests/analysis/test_workbench.py",
    "tests/property/test_export.py", "tests/sim/test_store.py", "tests/analysis/test_entitlements.py",
    "tests/analysis/test_comparison.py", "tests/analysis/test_pooled.py", "tests/analysis/test_snapshots_of_days.py",
    "tests/test_worklist.py", "tests/test_endings.py", "tests/oracle/test_lifecycle.py", "tests/test_notebooks.py",
    "tests/test_breakeven.py", "tests/property/test_engine.py", "tests/property/measures/test_edges.py",
    "tests/analysis/test_own_measures.py", "tests/test_pilot.py", "tests/analysis/test_interchange.py",
    "tests/analysis/test_answerability.py", "tests/test_benchmarks.py",
)  # fmt: skip

Report = pytest.TestReport | pytest.CollectReport

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Golden files are rewritten only when asked."""
    parser.addoption("--update-golden", action="store_true", help="rewrite golden tests' expected files")


@pytest.fixture(scope="session")
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden tests shall rewrite their expectations instead of comparing."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session", autouse=True)
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., None]]:
    """How a store is laid out; while tests run, one in memory is copied from a file: a thousand are made."""
    empty = tmp_path_factory.mktemp("layout") / "empty.duckdb"
    Store.create(empty).close()

    def copied(store: Store, *, explained: bool = True) -> None:
        if explained:
            lay_out(store)
        else:
            store.connection.execute(f"ATTACH '{empty}' AS empty (READ_ONLY)")
            store.connection.execute("COPY FROM DATABASE empty TO memory")
            store.connection.execute("DETACH empty")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.audit.store._lay_out", copied)
        yield lay_out


@pytest.fixture(scope="session")
def real() -> Path:
    """The folder of real audit exports that OUTLIVE_REAL names."""
    named = os.environ.get("OUTLIVE_REAL")
    if not named:
        pytest.skip(NO_REAL)
    folder = Path(named)
    if not folder.is_dir():
        pytest.fail(f"OUTLIVE_REAL names {folder}, which is not a folder")
    return folder


# Not for the session: while it lives, playwright holds the event loop that notebooks need.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless, driven by playwright."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip(NO_BROWSER)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def book() -> Iterator[Book]:
    """One store for all the ledgers of a file."""
    with Store.in_memory() as store:
        yield Book(store)


@pytest.fixture(scope="module")
def bounded() -> Iterator[Book]:
    """A store in which every quantity has two bounds, and runs may be blind to one thing or another."""
    with Store.in_memory() as store:
        as_logs(store)
        yield Book(store)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest is begun first; within a file, and among the other files, the order stays."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(places)))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, Report, Report]:
    """A skipped test fails where all that tests need is said to be there."""
    report = yield
    return _unskipped(report)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, Report, Report]:
    """So does a file that skips all of its tests."""
    report = yield
    return _unskipped(report)


def _unskipped(report: Report) -> Report:
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr[2])
        if not _excused(reason):
            report.outcome = "failed"
            report.longrepr = f"{reason}\nOUTLIVE_REAL or OUTLIVE_BROWSER is set, so nothing may be skipped."
    return report


def _excused(reason: str) -> bool:
    wants_real = bool(os.environ.get("OUTLIVE_REAL"))
    wants_browser = bool(os.environ.get("OUTLIVE_BROWSER"))
    if NO_REAL in reason:
        return not wants_real
    if NO_BROWSER in reason:
        return not wants_browser
    return not (wants_real or wants_browser)
