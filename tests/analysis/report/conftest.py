"""Stores that reports are written of: the bundled control models on a short morning, and the sample of a log."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from analysis.comparison import compare
from analysis.ingest.ingest import ingest
from sim import scenario
from sim.audit.store import Store
from sim.control import model
from sim.experiment import Plan, carry_out

DATA = Path(__file__).parents[3] / "data"
CONTROLS = ("standing_key", "human_session", "session_narrow", "per_task", "per_action", "tiered")
MORNING = {
    "start": "2026-01-05T08:00:00Z", "window.warm_up_hours": 1, "window.hours": 5, "fleet.agents": 2,
    "arrivals.per_agent_day": 150,
}  # fmt: skip
CREATED = datetime(2026, 1, 5)  # noqa: DTZ001 - the store keeps UTC without saying so
REPLICATES = 6
# Of the sample what CloudTrail itself delivers; other forms of the same log are read elsewhere.
DELIVERED = ("cut-off.json", "delivery-1.json", "delivery-2.json.gz", "stream.ndjson")


@pytest.fixture(scope="session")
def simulated():
    """A store with a comparison of the six bundled control models, and an older one of the baseline alone."""
    settings = scenario.load(DATA / "scenarios" / "support_midsize.toml", MORNING)
    models = tuple(model.load(DATA / "controls" / f"{name}.toml") for name in CONTROLS)
    with Store.in_memory() as store:
        runs = carry_out(Plan(settings, models, REPLICATES, seed=1, processes=1), store, lambda *_: None)
        about = {"id": "morning", "scenario": settings.name, "title": settings.title, "baseline": CONTROLS[0]}
        positions = {run: number // REPLICATES for number, run in enumerate(runs)}
        store.write_comparison({**about, "replicates": REPLICATES, "created": CREATED}, positions)
        alone = {**about, "id": "alone", "replicates": REPLICATES, "created": CREATED - timedelta(days=1)}
        store.write_comparison(alone, dict.fromkeys(runs[:REPLICATES], 0))
        yield store


@pytest.fixture(scope="session")
def morning(simulated):
    """That comparison, measured."""
    return compare(simulated, whole=True)


@pytest.fixture(scope="session")
def ingested():
    """A store with nothing but the bundled sample of an audit log."""
    with Store.in_memory() as store:
        ingest([DATA / "samples" / "cloudtrail" / name for name in DELIVERED], store)
        yield store
