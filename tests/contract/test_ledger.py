"""A fully logged run rebuilds its ledgers exactly, whatever its control model."""

from pathlib import Path

import duckdb
import pytest

from sim import scenario
from sim.audit.store import Store
from sim.control import model
from sim.experiment import Plan, carry_out

DATA = Path(__file__).parents[2] / "data"
CONTROLS = sorted((DATA / "controls").glob("*.toml"))
LEDGERS = {"credential": {"profile", "basis"}, "acceptance": {"profile"}, "task_outcome": {"profile"}}
# From nine in the morning, when work comes in, with a theft; revocations are still under way when it ends.
SHORT = {"start": "2026-01-05T08:00:00Z", "window.warm_up_hours": 1, "window.hours": 2, "fleet.agents": 6}

LOSE = """
    DELETE FROM fact.event
    WHERE run = $run AND id = (SELECT max(id) FROM fact.event WHERE run = $run AND kind = $kind)
"""


@pytest.fixture(scope="module")
def runs():
    """Every bundled control model on a short morning, logged in full: the store and the key of each run."""
    with Store.in_memory() as store:
        fully = tuple(model.load(path, {"logging.profile": "full"}) for path in CONTROLS)
        plan = Plan(scenario.load(DATA / "scenarios" / "support_midsize.toml", SHORT), fully, 1, seed=5, processes=1)
        keys = carry_out(plan, store, lambda _done, _of: None)
        yield store, dict(zip([path.stem for path in CONTROLS], keys, strict=True))


@pytest.mark.parametrize("table", LEDGERS)
@pytest.mark.parametrize("control", [path.stem for path in CONTROLS])
def test_a_full_log_tells_everything(runs, control, table):
    """What ledger.sql rebuilds from a full log equals what the engine wrote, row by row and in number."""
    store, keys = runs
    assert _differences(store, table, keys[control]) == []


@pytest.mark.parametrize("control", [path.stem for path in CONTROLS])
def test_there_is_something_to_rebuild(runs, control):
    """Each run has tasks, credentials and events; each that revokes has acceptances."""
    store, keys = runs
    counts = {table: _of_run(store, f"fact.{table}", keys[control]).shape[0] for table in LEDGERS}
    revokes = model.load(DATA / "controls" / f"{control}.toml").revocation.on != "never"
    assert counts["task_outcome"] > 50
    assert counts["credential"] > 0
    ended = _of_run(store, "fact.acceptance", keys[control]).filter("reason IN ('task_end', 'action_end')")
    assert (ended.shape[0] > 0) == revokes
    assert counts["acceptance"] > 0


@pytest.mark.parametrize(
    ("kind", "table"), [("issue", "credential"), ("revoke", "acceptance"), ("task_end", "task_outcome")]
)
def test_a_log_with_a_hole_does_not(runs, kind, table):
    """One event missing from the log is a row that the rebuilt ledger gets wrong."""
    store, keys = runs
    store.connection.begin()
    store.connection.execute(LOSE, {"run": keys["per_task"], "kind": kind})
    store.complete(keys["per_task"])
    assert _differences(store, table, keys["per_task"])
    store.connection.rollback()


def _differences(store, table, run):
    """Rows of the fact that the ledger lacks, rows of the ledger that are no fact, and rows that are there twice."""
    known = set(store.connection.table(f"fact.{table}").columns) - LEDGERS[table]
    fact, ledger = (_of_run(store, f"{schema}.{table}", run).select(*sorted(known)) for schema in ("fact", "ledger"))
    lacking, extra = fact.except_(ledger).fetchall(), ledger.except_(fact).fetchall()
    return [*lacking, *extra, *([("rows", fact.shape, ledger.shape)] if fact.shape != ledger.shape else [])]


def _of_run(store, table, run):
    return store.connection.table(table).filter(duckdb.ColumnExpression("run") == duckdb.ConstantExpression(run))
