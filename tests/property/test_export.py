"""What is exported says what it loses, and nothing else is lost: read again, each field is as the report has it."""

import csv
import json
from dataclasses import replace
from functools import cache
from itertools import count, product
from pathlib import Path
from time import process_time

import pandas as pd
import pytest

from analysis.export.export import export
from analysis.export.form import forms
from analysis.ingest.ingest import ingest
from analysis.ingest.pseudonyms import Pseudonyms
from analysis.ingest.source import sources
from sim.audit.refusal import Refusal
from sim.audit.store import Store
from tests.property.exported import contradictions, named, round_trip

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def samples():
    """A store for samples, and the run of each that is asked for."""
    with Store.in_memory() as store:
        runs = count(1)

        @cache
        def run(name):
            ingest([ROOT / "data" / "samples" / name], store)
            return next(runs)

        yield store, run


# What has a form of its own in that, always; every source in each where there is time.
OWN = {
    ("cloudtrail", "cloudtrail"), ("otel_genai", "otel"), ("ocsf", "ocsf"), ("ocsf", "ocsf1.9"), ("interchange", "csv"),
}  # fmt: skip
PAIRS = [pytest.param(*pair, marks=() if pair in OWN else pytest.mark.soak) for pair in product(sources(), forms())]


@pytest.fixture(scope="module")
def trip(samples, tmp_path_factory):
    """The sample of a source in a form: the folder, what was called lost, and what is read again."""
    store, run = samples

    @cache
    def taken(name, form):
        folder = tmp_path_factory.mktemp("trip") / "log"
        return folder, *round_trip(store, run(name), form, folder)

    return taken


@pytest.mark.parametrize(("name", "form"), PAIRS)
def test_the_report_is_honest(samples, trip, name, form):
    """What is called carried is equal when it is read again, what is called lost is not there."""
    store, run = samples
    _, losses, copy = trip(name, form)
    assert contradictions(losses, named(store, run(name)), copy) == {}


@pytest.mark.parametrize("form", ["cloudtrail", "ocsf", "otel"])
def test_who_was_sent_away_for_too_many_calls_was_not_for_the_credential(trip, form):
    """One call of the sample was throttled, and it is told so in the words of each form."""
    _, _, copy = trip("kubernetes", form)
    told = [each["decision"] for each in copy["event"].values() if each["reason"] == "throttled"]
    assert told == ["deny"]


@pytest.mark.parametrize(
    ("name", "form"),
    [("cloudtrail", "cloudtrail"), ("otel_genai", "otel"), pytest.param("ocsf", "ocsf", marks=pytest.mark.soak)],
)
def test_pseudonyms_hide_names_and_change_no_decision(name, form, tmp_path):
    """The same of a log of which names and errors were replaced: what an error meant is told all the same."""
    with Store.in_memory() as store:
        ingest([ROOT / "data" / "samples" / name], store, pseudonyms=Pseudonyms(b"k" * 32))
        losses, copy = round_trip(store, 1, form, tmp_path / "log")
        assert contradictions(losses, named(store, 1), copy) == {}
    assert set(losses["fate"][losses["field"] == "event.decision"]) <= {"carried", "lost"}


# What a spreadsheet would run, what looks as if it had been kept from that, and what breaks a cell or a line.
HOSTILE = [
    "=1", "+1", "-1", "@sum(a1)", "\t=1", "\r=1", "'=1", "''=1", " =1", "'", "''", "=", "\uff1d1", "a\nb", '"', 'a","b',
    ";", "\u202ex", "\\x", "'\tx", "',=1", "NULL", "a\r\nb", "{}", "'quoted'",
]  # fmt: skip
NAMED = ["principal", "credential", "session", "task", "action", "origin", "user_agent", "error", "operation"]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A log in which strangers chose every name."""
    rows = [
        {"time": f"2026-03-02T10:00:{place:02}Z", "id": word, **dict.fromkeys(NAMED, word), "principal_kind": "agent"}
        | {"resource_group": "=crm", "level": "read", "decision": "allow", "keeps": "task credential tool touch"}
        for place, word in enumerate(HOSTILE)
    ]
    log = tmp_path_factory.mktemp("hostile") / "log.json"
    log.write_text(json.dumps(rows), "utf-8")
    with Store.in_memory() as store:
        ingest([log], store)
        yield store


@pytest.mark.parametrize("form", ["cloudtrail", "csv", "ocsf1.9", "otel"])
def test_what_strangers_wrote_stays_data(hostile, form, tmp_path):
    """Whatever a name looks like, it comes back as it was, or is reported as told otherwise."""
    losses, copy = round_trip(hostile, 1, form, tmp_path / "log")
    assert contradictions(losses, named(hostile, 1), copy) == {}


def test_no_cell_is_a_formula(hostile, tmp_path):
    """In CSV no text begins with what a spreadsheet takes for a formula."""
    export(hostile, 1, forms()["csv"], tmp_path / "rows")
    with (tmp_path / "rows" / "events.csv").open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.DictReader(file) for name in NAMED for cell in [row[name]]]
    assert len(cells) == len(HOSTILE) * len(NAMED)
    assert [cell for cell in cells if cell.strip(" ")[:1] in ("=", "+", "-", "@", "\t", "\r", "\uff1d")] == []


def test_twice_the_same_bytes(samples, trip, tmp_path):
    """The same log gives the same files, to the byte, in every layout."""
    store, run = samples
    export(store, run("cloudtrail"), forms()["parquet"], tmp_path / "once")
    first = {pair: trip(*pair)[0] for pair in sorted(OWN - {("ocsf", "ocsf")})} | {
        ("cloudtrail", "parquet"): tmp_path / "once"
    }
    for place, ((name, form), folder) in enumerate(first.items()):
        export(store, run(name), forms()[form], tmp_path / f"{place}")
        assert len(files(folder)) > 1
        assert files(tmp_path / f"{place}") == files(folder)


def files(folder):
    """What lies in a folder."""
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_account_that_is_none_is_no_folder(tmp_path):
    """Whatever a log says is an account, deliveries lie below the folder that was named."""
    row = {"time": "2026-03-02T10:00:00Z", "operation": "read", "principal_kind": "service", "keeps": ""}
    rows = [row | {"principal": f"arn:aws:iam::{account}:user/x"} for account in ("1" * 300, "../../x", "\u0661" * 12)]
    (tmp_path / "row.json").write_text(json.dumps(rows), "utf-8")
    with Store.in_memory() as store:
        ingest([tmp_path / "row.json"], store)
        export(store, 1, forms()["cloudtrail"], tmp_path / "out")
        assert store.rows("SELECT count(DISTINCT principal) FROM fact.event") == [(3,)]
    assert [path.name for path in (tmp_path / "out" / "AWSLogs").iterdir() if path.is_dir()] == ["000000000000"]
    assert {path.name for path in tmp_path.iterdir()} == {"row.json", "out"}


def test_tasks_may_lie_deep(tmp_path):
    """Each of six thousand within each other is found to be of one trace without a look at all that are above it."""
    start = {"time": "2026-03-02T10:00:00Z", "kind": "task_start"}
    lines = [{**start, "task": f"t{own}", "parent_task": f"t{own - 1}"} for own in range(6_000)]
    (tmp_path / "tasks.ndjson").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    with Store.in_memory() as store:
        ingest([tmp_path / "tasks.ndjson"], store)
        began = process_time()
        export(store, 1, forms()["otel"], tmp_path / "out")
        assert process_time() - began < 5
    spans = map(json.loads, (tmp_path / "out" / "traces.jsonl").read_text("utf-8").splitlines())
    assert len({each["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["traceId"] for each in spans}) == 1


def test_a_folder_with_something_in_it_is_refused_and_kept(samples, tmp_path):
    """What lies where an export is to go stays, be it a file, a folder in use, one under way or a link to itself."""
    store, run = samples
    used, file, under_way = tmp_path / "used", tmp_path / "file", tmp_path / "new.partial"
    for folder in (used, under_way):
        folder.mkdir()
        (folder / "mine").write_text("mine", "utf-8")
    file.write_text("mine", "utf-8")
    (tmp_path / "loop").symlink_to("loop")
    for folder in (used, file, tmp_path / "new", file / "below", tmp_path / "loop", Path("/")):
        with pytest.raises(Refusal, match=r"name a folder|run again"):
            export(store, run("cloudtrail"), forms()["csv"], folder)
    assert {path.name: path.read_text("utf-8") for path in tmp_path.rglob("*") if path.is_file()} == {
        "mine": "mine", "file": "mine",
    }  # fmt: skip
    assert len(list(tmp_path.rglob("*"))) == 6


def test_nothing_is_left_of_what_failed(samples, tmp_path):
    """An export is there as a whole or not at all."""

    def failing(_, folder):
        (folder / "half").write_text("half", "utf-8")
        raise KeyboardInterrupt

    store, run = samples
    with pytest.raises(KeyboardInterrupt):
        export(store, run("cloudtrail"), replace(forms()["csv"], write=failing), tmp_path / "log")
    assert list(tmp_path.iterdir()) == []


def test_every_column_is_in_the_report(samples, tmp_path):
    """The report has a row for each column of the log's events and credentials at least."""
    store, run = samples
    losses = export(store, run("cloudtrail"), forms()["csv"], tmp_path / "log")
    columns = {f"{of}.{name}" for of in ("event", "credential") for name in store.connection.table(f"log.{of}").columns}
    assert columns - {*losses["field"]} == {"event.run", "credential.run"}
    written = pd.read_csv(tmp_path / "log" / "losses.csv", keep_default_na=False)
    assert written.to_dict("records") == losses.to_dict("records")
