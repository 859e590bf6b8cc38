"""A simulated run that is exported says what it loses; as a trail of AWS it measures what a trail can know of it."""

import re
from pathlib import Path

import pytest

from analysis.export.export import export
from analysis.export.form import forms
from analysis.ingest.ingest import ingest
from analysis.measures.examination import examine
from analysis.measures.measure import measures
from sim import scenario
from sim.control import model
from sim.control.platform import terms_on
from sim.reference.run import simulate
from sim.workload.fleet import generate
from tests.ledgers import answers
from tests.property.exported import contradictions, named, round_trip, stored

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "export.md").read_text("utf-8")
AS_CLOUDTRAIL = Path(__file__).with_name("as_cloudtrail.sql").read_text("utf-8")
AFTERNOON = {
    "start": "2026-01-05T15:30:00Z", "window.warm_up_hours": 1, "window.hours": 1, "fleet.agents": 2,
    "incidents.t1b.count": 1,
}  # fmt: skip
# Nobody holds a key that was not issued in the run: a trail would show it as another identity, and not know its age.
WITHOUT_KEYS = {**AFTERNOON, "window.hours": 2, "fleet.agents": 3, "incidents.t1b.count": 0}
NAMES = [measure.name for measure in measures() if "log" in measure.evidence]


def simulated(control, settings):
    """What happened, and the work that it happened for."""
    control = model.load(ROOT / "data" / "controls" / f"{control}.toml")
    work = generate(scenario.load(ROOT / "data" / "scenarios" / "support_midsize.toml", settings), 3, 0)
    return simulate(work, control, terms_on(control, {})), work


@pytest.fixture(scope="module")
def run():
    """An afternoon with tasks, sub-agents, approvals, an attack and keys of old, in a log that is whole."""
    with stored(*simulated("tiered", AFTERNOON), "full") as store:
        yield store


@pytest.mark.parametrize("form", ["cloudtrail", pytest.param("csv", marks=pytest.mark.soak), "ocsf1.9", "otel"])
def test_the_report_on_a_run_is_honest(run, form, tmp_path):
    """In every layout, what is called carried is equal when it is read again, what is called lost is not there."""
    losses, copy = round_trip(run, 1, form, tmp_path / "log")
    assert contradictions(losses, named(run, 1), copy) == {}


def test_a_trail_measures_what_it_can_know(tmp_path):
    """Part by part as facts do of which only so much is left, but for what the page names."""
    happened, work = simulated("session_narrow", WITHOUT_KEYS)
    with stored(happened, work, "full") as whole:
        export(whole, 1, forms()["cloudtrail"], tmp_path / "trail")
    with stored(happened, work, "cloudtrail", AS_CLOUDTRAIL) as alike:
        [read] = ingest([tmp_path / "trail" / "AWSLogs"], alike)
        assert (read.rejected, read.events > 200) == (0, True)
        known, told = said(alike)
    assert {name for name in NAMES if known[name] != told[name]} == listed("Otherwise answers")
    answered = {name for name in NAMES if any(answer[:2] != (None, None) for answer in told[name].values())}
    assert answered == listed("Answer of a trail")


def said(store):
    """What each measure says of either log."""
    with examine(store, "log") as examination:
        found = {name: answers(examination, name) for name in NAMES}
    return ({name: of.get(run, {}) for name, of in found.items()} for run in (1, 2))


def listed(beginning):
    """The measures that the page names in the paragraph that begins like this."""
    [found] = re.findall(rf"^{re.escape(beginning)}(.*?)(?:\n\n|\Z)", PAGE, re.DOTALL | re.MULTILINE)
    return set(re.findall(r"`(\w+)`", found)) & set(NAMES)
