"""A simulated run that is written in the project's own form and read again gives the same measures of its log.

What that form cannot carry its page lists; there the interval is wider, or there is none, and it holds what the whole
log says.
"""

import re
from pathlib import Path

import numpy as np
import pytest

from analysis.export.export import export
from analysis.export.form import forms
from analysis.ingest.ingest import ingest
from analysis.measures.examination import examine
from analysis.measures.measure import measures
from sim import scenario
from sim.audit.store import Store
from sim.control import model
from sim.control.platform import terms_on
from sim.reference.run import simulate
from sim.workload.dimensions import dimensions
from sim.workload.fleet import generate
from tests.ledgers import answers

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "interchange.md").read_text("utf-8")
# An afternoon with sub-agents, approvals and calls refused, from its first event to its last.
AFTERNOON = {
    "start": "2026-01-05T15:30:00Z", "window.warm_up_hours": 1, "window.hours": 2, "fleet.agents": 3,
    "incidents.t1b.count": 0, "drift.share": 0,
}  # fmt: skip
FROM_FIRST_TO_LAST = """
    UPDATE fact.run SET begins = w.first, t0 = w.first, t1 = w.last + INTERVAL 1 microsecond
    FROM (SELECT e.run, min(e.time) AS first, max(e.time) AS last FROM fact.event e JOIN fact.run r ON r.key = e.run
          WHERE e.time >= r.begins AND e.verifier IS NULL GROUP BY e.run) w
    WHERE key = w.run AND key = $key
"""
WITHOUT_PLANS_AND_VERIFIERS = """
    DELETE FROM fact.event WHERE run = 2 AND verifier IS NOT NULL;
    UPDATE fact.workload SET actions = 0 WHERE key = 2;
"""
FORMS = ("csv", "ndjson", "parquet")
NAMES = [measure.name for measure in measures() if "log" in measure.evidence]
EVENTS = """
    SELECT e.* EXCLUDE (run, id, source_file, ordinal), n.name FROM log.event e
    JOIN fact.natural_key n ON n.run = e.run AND n.entity = 'event' AND n.id = e.id ORDER BY n.name
"""


def listed(beginning):
    """The measures that the page names in the paragraph that begins like this."""
    [found] = re.findall(rf"^{re.escape(beginning)}(.*?)(?:\n\n|\Z)", PAGE, re.DOTALL | re.MULTILINE)
    return set(re.findall(r"`(\w+)`", found)) & set(NAMES)


def put(store, key, facts, work, profile):
    """The run, from its first event to its last, as seen through a profile, becomes one more of a store."""
    store.write_workload(key, dimensions(work, f"afternoon {key}"))
    times = {name: np.datetime64(getattr(work, name), "us") for name in ("begins", "t0", "t1")}
    about = {"key": key, "id": str(key), "kind": "simulated", "workload": key, "version": "1", "profile": profile}
    store.write_run({**about, **times}, facts)
    store.connection.execute(FROM_FIRST_TO_LAST, {"key": key})
    store.complete(key)


@pytest.fixture(scope="module")
def run():
    """What happened, and the work that it happened for."""
    control = model.load(ROOT / "data" / "controls" / "tiered.toml")
    work = generate(scenario.load(ROOT / "data" / "scenarios" / "support_midsize.toml", AFTERNOON), 3, 0)
    return simulate(work, control, terms_on(control, {})), work


@pytest.fixture(scope="module")
def read(run, tmp_path_factory):
    """A log of the run that is whole, written in each form and read again: a store a form."""
    folder = tmp_path_factory.mktemp("interchange")
    with Store.in_memory() as whole:
        put(whole, 1, *run, "full")
        for form in ("csv", "parquet"):
            export(whole, 1, forms()[form], folder / form)
        rows = whole.connection.read_parquet(str(folder / "parquet" / "events.parquet"))
        texts = rows.select("* REPLACE (time::VARCHAR AS time, requested::VARCHAR AS requested)").df()
    (folder / "ndjson").mkdir()
    texts.to_json(folder / "ndjson" / "events.ndjson", orient="records", lines=True, date_format="iso", date_unit="us")
    stores = {}
    for form in FORMS:
        stores[form] = Store.in_memory()
        [summary] = ingest([folder / form / f"events.{form}"], stores[form])
        assert (summary.kept, summary.rejected) == (len(texts), 0)
    yield stores
    for store in stores.values():
        store.close()


@pytest.fixture(scope="module")
def told(run, read):
    """What measures say of the run that was read again, of one that is logged alike, and of one that is whole.

    Alike is a log that keeps what the form carries: nothing planned, no revocation at one verifier. Where a measure
    goes by platforms it is told as of one that is not known: no row names any.
    """
    store, [profile] = read["csv"], read["csv"].rows("FROM fact.log_profile WHERE name LIKE 'interchange:%'")
    put(store, 2, *run, profile[0])
    store.connection.execute(WITHOUT_PLANS_AND_VERIFIERS)
    put(store, 3, *run, "full")
    with examine(store, "log") as examination:
        found = {name: answers(examination, name) for name in NAMES}
    return {
        kind: {
            name: {part.replace(" any ", " unknown "): each for part, each in of[key].items()}
            for name, of in found.items()
        }
        for key, kind in enumerate(("carried", "alike", "whole"), start=1)
    }


def test_three_forms_are_one_log(read):
    """CSV, JSON and Parquet of the same rows give the same events, to the last field."""
    events = {form: store.rows(EVENTS) for form, store in read.items()}
    assert len(events["csv"]) > 500
    assert events["csv"] == events["ndjson"] == events["parquet"]


def test_what_measures_say_is_the_same(told):
    """Part by part, but for the measures that the page names."""
    before, carried = told["alike"], told["carried"]
    otherwise = {name for name in NAMES if before[name] != carried[name]}
    assert otherwise == listed("Otherwise answer")
    assert sum(answer[:2] != (None, None) for name in NAMES for answer in before[name].values()) > 100


def test_what_is_not_carried_is_not_wrong(told):
    """What a whole log says lies in the interval, and is the same where the page says so."""
    before, carried = told["whole"], told["carried"]
    assert {name for name in NAMES if before[name] == carried[name]} == listed("As of a whole log answer")
    wrong = {
        (name, part)
        for name in NAMES
        for part, answer in before[name].items()
        if not _holds(carried[name][part], answer)
    }
    # No form makes an intent of what a log does not tell, and the catalogue is what is named.
    assert wrong == {
        ("approval_radius", "value_mean"),
        ("forensics", "intent"),
        ("forensics", "intents"),
        ("observed_footprint", "value_mean"),
        ("observed_footprint", "value_most"),
    }


def _holds(wide, narrow):
    """Whether one interval lies in the other; an open end holds anything."""
    low = wide.lo is None or (narrow.lo is not None and wide.lo <= narrow.lo + 1e-9)
    return low and (wide.hi is None or (narrow.hi is not None and wide.hi >= narrow.hi - 1e-9))
