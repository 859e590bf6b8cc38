"""The command line: output for people and programs, one line for what goes wrong, exit codes that can be relied on."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import outlive
from outlive.cli import main
from sim.audit.store import Store

SHORT = ["--set", "scenario.window.hours=2", "--set", "scenario.window.warm_up_hours=1", "--processes", "1"]
DAY = ["--set", "scenario.start=2026-01-05T09:00:00Z", "--set", "scenario.fleet.agents=4", *SHORT]


def _run(*words: object) -> int:
    return main([str(word) for word in words])


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a comparison of two control models, two replications each."""
    store = tmp_path_factory.mktemp("cli") / "two.duckdb"
    code = _run("compare", "support_midsize", "--control", "standing_key", "per_task", "--replicates", 2,
                "--into", store, "--format", "json", *DAY)  # fmt: skip
    assert code == 0
    return store


REFUSED = {
    "an unknown scenario": (["compare", "nowhere", "--control", "per_task"], "no scenario 'nowhere'; bundled are"),
    "an unknown control model": (
        ["compare", "support_midsize", "--control", "per_tsk"],
        "no control 'per_tsk'; bundled",
    ),
    "a control model twice": (["compare", "support_midsize", "--control", "tiered", "tiered"], "tiered named twice"),
    "a key that is not there": (["--set", "scenario.fleet.agnts=3"], "fleet.agnts"),
    "a value out of range": (["--set", "scenario.fleet.agents=0"], "fleet.agents"),
    "a setting of a model that is not run": (["--set", "control.tiered.lifetime.ttl_s=60"], "control.tiered"),
    "knobs that contradict": (["--set", "control.per_task.issue.authority=single"], "contradicts issue.unit = 'task'"),
    "a setting without a value": (["--set", "scenario.fleet.agents"], "write KEY=VALUE"),
    "no replicates": (["--replicates", "0"], "replicates = 0"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_done_is_said_in_one_line(case, tmp_path, capsys):
    """Exit 1, one line that names the thing and the remedy, no traceback, and no store left behind."""
    words, expected = REFUSED[case]
    whole = words if words[0] == "compare" else ["compare", "support_midsize", "--control", "per_task", *words]
    assert _run(*whole, "--into", tmp_path / "x.duckdb") == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert error.startswith("outlive: ")
    assert expected in error
    assert not list(tmp_path.iterdir())


def test_wrong_usage_exits_with_two(capsys):
    """A verb that does not exist is wrong usage."""
    with pytest.raises(SystemExit) as left:
        _run("frobnicate")
    assert left.value.code == 2
    assert "frobnicate" in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["measure", "verify", "report"])
def test_a_store_that_is_not_there(verb, tmp_path, capsys):
    """Reading a store that does not exist says how to make one, and makes none."""
    store = tmp_path / "none.duckdb"
    words = [verb, store] + (["--into", tmp_path / "x.html"] if verb == "report" else [])
    assert _run(*words) == 1
    assert "no such store; make one with" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_store_of_another_version(tmp_path, capsys):
    """A store that another version wrote is refused, naming both versions."""
    path = tmp_path / "old.duckdb"
    with Store.create(path) as store:
        store.connection.execute("UPDATE fact.meta SET value = '0'")
    assert _run("measure", path) == 1
    assert "store version 0, this outlive reads 1" in capsys.readouterr().err


def test_an_incomplete_run_is_refused(compared, tmp_path, capsys):
    """A run without its completion mark is not measured, and the message says what to do."""
    path = tmp_path / "half.duckdb"
    path.write_bytes(compared.read_bytes())
    with Store.create(path) as store:
        store.connection.execute("UPDATE fact.run SET completed = NULL WHERE key = 1")
    assert _run("report", path, "--into", tmp_path / "x.html") == 1
    error = capsys.readouterr().err
    assert "run 1 was not completed; run the same command again" in error
    assert error.count("\n") == 1


def test_measures_come_as_json_for_programs(compared, capsys):
    """JSON holds one record a run and part, with bounds as numbers and the evidence named."""
    assert _run("measure", compared, "crown_jewel_hours", "--format", "json") == 0
    records = json.loads(capsys.readouterr().out)
    assert len(records) == 2 * 2 * 6
    assert {record["evidence"] for record in records} == {"truth"}
    assert all(record["lo"] == record["hi"] >= 0 for record in records)


def test_measures_come_as_a_table_for_people(compared, capsys):
    """The table has a column a control model, and says what a log does not show."""
    assert _run("measure", compared, "crown_jewel_hours", "blast_radius", "--evidence", "log") == 0
    out = capsys.readouterr().out
    assert "standing_key" in out.splitlines()[0]
    assert "not shown" in out


def test_one_run_can_be_measured(compared, capsys):
    """A run is named by its key; one that is not there is refused with those that are."""
    assert _run("measure", compared, "work_done", "--run", 2, "--format", "csv") == 0
    assert len(capsys.readouterr().out.splitlines()) == 4
    assert _run("measure", compared, "--run", 77) == 1
    assert "no run 77; it has runs 1, 2, 3, 4" in capsys.readouterr().err


def test_a_measure_explains_itself(capsys):
    """The explanation is the definition itself, assumptions and SQL included."""
    assert _run("explain", "stale_tail") == 0
    out = capsys.readouterr().out
    assert "-- question:" in out
    assert "SELECT" in out
    assert _run("explain", "stale_tale") == 1
    assert "there are added_latency" in capsys.readouterr().err


def test_a_sound_store_verifies_and_a_broken_one_does_not(compared, tmp_path, capsys):
    """Verification exits 0 on a sound store, 1 on one with a rule broken."""
    assert _run("verify", compared) == 0
    path = tmp_path / "broken.duckdb"
    path.write_bytes(compared.read_bytes())
    with Store.create(path) as store:
        store.connection.execute("UPDATE fact.event SET principal = 77 WHERE run = 1")
    assert _run("verify", path) == 1
    assert "1 of" in capsys.readouterr().err


def test_a_users_own_files_stand_equal(tmp_path, capsys):
    """A copied scenario, control model and measure work by path."""
    data = Path(outlive.__file__).parents[1] / "data"
    own = tmp_path / "mine.toml"
    own.write_text((data / "controls" / "per_task.toml").read_text("utf-8").replace("900", "300"), "utf-8")
    place = tmp_path / "place.toml"
    place.write_text((data / "scenarios" / "support_midsize.toml").read_text("utf-8"), "utf-8")
    store = tmp_path / "own.duckdb"
    assert _run("simulate", place, "--control", own, "--replicates", 1, "--into", store, *DAY) == 0
    capsys.readouterr()
    assert _run("measure", store, "work_done", "--format", "csv") == 0
    assert ",mine," in capsys.readouterr().out


def test_a_strangers_sim_is_refused(tmp_path):
    """With another package called sim ahead on the path, outlive says so in one line instead of running with it."""
    (tmp_path / "sim").mkdir()
    (tmp_path / "sim" / "__init__.py").write_text("")
    code = "import sys; sys.path.insert(0, sys.argv[1]); from outlive.cli import main; main(['controls'])"
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode != 0
    assert "the package 'sim' on this path is another one" in done.stderr.splitlines()[-1]


def test_terminal_escapes_in_a_name_are_not_obeyed(tmp_path, capsys):
    """What a user or a log puts into a name reaches the terminal as text."""
    assert _run("measure", tmp_path / "a\x1b[31mred.duckdb") == 1
    assert "\x1b" not in capsys.readouterr().err


@pytest.mark.parametrize("spelling", ["two.duckdb", "sub/../two.duckdb"])
def test_a_report_never_takes_the_place_of_a_store(compared, tmp_path, capsys, spelling):
    """Naming the store as the page, however it is spelled, is refused before anything runs, and the store stays."""
    (tmp_path / "sub").mkdir()
    store = tmp_path / "two.duckdb"
    store.write_bytes(compared.read_bytes())
    assert _run("report", store, "--into", tmp_path / spelling) == 1
    words = ["compare", "support_midsize", "--control", "per_task", "--into", store, "--report", tmp_path / spelling]
    assert _run(*words, *DAY) == 1
    assert "that is the store" in capsys.readouterr().err
    assert _run("verify", store) == 0


def test_runs_that_are_no_replications_are_not_averaged(tmp_path, capsys):
    """Two settings of one control model in one store are two columns, each named by its first run."""
    store = tmp_path / "both.duckdb"
    for ttl in (300, 900):
        setting = ["--set", f"control.per_task.lifetime.ttl_s={ttl}"]
        words = ["simulate", "support_midsize", "--control", "per_task", "--replicates", 1, "--into", store]
        assert _run(*words, *DAY, *setting) == 0
    capsys.readouterr()
    assert _run("measure", store, "issuance") == 0
    heading = capsys.readouterr().out.splitlines()[0]
    assert "per_task from run 1" in heading
    assert "per_task from run 2" in heading


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("control.per_task.name=standing_key", "called after its file"),
        ("control.per_task.logging.profile=nosuch", "there are cloud_audit, cloudtrail, full, human_login"),
    ],
)
def test_a_name_or_profile_that_would_mislead_is_refused(setting, said, tmp_path, capsys):
    """A model cannot pass for another, nor be logged by a profile that does not exist."""
    words = ["simulate", "support_midsize", "--control", "per_task", "--set", setting, "--into", tmp_path / "x.duckdb"]
    assert _run(*words) == 1
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_store_is_a_file_whatever_it_is_called(tmp_path, monkeypatch):
    """A name that DuckDB would take for memory is a file like any other, and is kept."""
    monkeypatch.chdir(tmp_path)
    words = ["simulate", "support_midsize", "--control", "per_task", "--replicates", 1, "--into", ":memory:", *DAY]
    assert _run(*words) == 0
    assert (tmp_path / ":memory:").is_file()
