"""The verb `export`: what it writes and says, and what it refuses in a line."""

import json
from pathlib import Path

import pytest

import outlive
from outlive.cli import main
from sim.audit.store import Store

SAMPLES = Path(__file__).parents[1] / "data" / "samples"


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A store with two logs, of a trail and of traces."""
    path = tmp_path_factory.mktemp("logs") / "two.duckdb"
    for name in ("cloudtrail", "otel_genai"):
        outlive.ingest([SAMPLES / name], path)
    return path


def test_what_is_lost_is_shown(two, tmp_path, capsys):
    """A person sees what is lost and how much is there, a program all of the report, which lies beside the export."""
    words = ["export", str(two), "--run", "2", "--as", "cloudtrail"]
    assert main([*words, "--into", str(tmp_path / "one")]) == 0
    shown = capsys.readouterr().out
    assert "event.task" in shown
    assert "carried" not in shown
    assert f"events in {tmp_path / 'one'}" in " ".join(shown.split())
    assert main([*words, "--into", str(tmp_path / "two"), "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {"field": "event.time", "fate": "carried"}.items() <= next(
        r for r in rows if r["field"] == "event.time"
    ).items()
    for folder in ("one", "two"):
        [*_, losses] = sorted((tmp_path / folder).iterdir())
        assert losses.name == "losses.csv"
        assert len(losses.read_text("utf-8").splitlines()) == len(rows) + 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--as", "csv", "--into", "new"], "which run? It has 1, 2; name one with --run"),
        (["--as", "csv", "--into", "new", "--run", "7"], "no completed run 7"),
        (["--as", "xml", "--into", "new", "--run", "1"], "no form is called xml; there are: cloudtrail, csv"),
        (["--as", "csv", "--into", "used", "--run", "1"], "something is in it already, and is kept"),
        (["--as", "csv", "--into", "two.duckdb.tmp", "--run", "1"], "that belongs to the store"),
        (["--as", "csv", "--into", "new", "--run", "1", "--memory", "much"], "no amount of memory"),
    ],
)
def test_what_cannot_be_exported_is_said_in_one_line(two, words, said, tmp_path, capsys):
    """Each refusal names what is wrong and what to do; nothing is left where nothing was."""
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "mine").touch()
    at = words.index("--into") + 1
    place = two.parent if "duckdb" in words[at] else tmp_path
    assert main(["export", str(two), *words[:at], str(place / words[at]), *words[at + 1 :]]) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert said in line
    assert [path.name for path in tmp_path.iterdir()] == ["used"]
    assert [path.name for path in two.parent.iterdir()] == ["two.duckdb"]


EDGES = """
    SELECT c.name, p.name FROM log.credential_edge e
    JOIN fact.natural_key c ON c.run = e.run AND c.entity = 'credential' AND c.id = e.child
    JOIN fact.natural_key p ON p.run = e.run AND p.entity = 'credential' AND p.id = e.parent
"""


@pytest.mark.parametrize("form", ["parquet", pytest.param("csv", marks=pytest.mark.soak)])
def test_what_a_credential_was_cut_from_is_handed_on(form, tmp_path):
    """Rows name of each credential presented the one that it was cut from, as the log that they are of does."""
    outlive.ingest([SAMPLES / "ocsf"], tmp_path / "one.duckdb")
    outlive.export(tmp_path / "one.duckdb", form, tmp_path / "log")
    outlive.ingest([tmp_path / "log"], tmp_path / "two.duckdb")
    found = []
    for name in ("one", "two"):
        with Store.open(tmp_path / f"{name}.duckdb") as store:
            found.append(sorted(store.rows(EDGES)))
    assert found[0] == found[1] != []


def test_a_log_that_has_nothing_to_say_in_a_form_is_refused(tmp_path, capsys):
    """Traces tell of tasks and calls: of a log of anything else nothing is left."""
    log = tmp_path / "log.json"
    log.write_text('{"time": "2026-03-02T10:00:00Z", "kind": "review", "operation": "review"}', "utf-8")
    outlive.ingest([log], tmp_path / "reviews.duckdb")
    assert main(["export", str(tmp_path / "reviews.duckdb"), "--as", "otel", "--into", str(tmp_path / "new")]) == 1
    assert "nothing that the log of run 1 shows can be said as otel" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()
