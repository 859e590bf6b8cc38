"""The command line: output for people and programs, one line for what goes wrong, exit codes that can be relied on."""

import errno
import json
import os
import re
import signal
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest

import outlive
from analysis.report import page
from outlive.cli import main
from outlive.compare import plan
from outlive.listing import listing
from outlive.pictures import printed
from sim.audit.refusal import Refusal
from sim.audit.store import VERSION, Store

SHORT = ["--set", "scenario.window.hours=2", "--set", "scenario.window.warm_up_hours=1", "--processes", "1"]
DAY = ["--set", "scenario.start=2026-01-05T09:00:00Z", "--set", "scenario.fleet.agents=4", *SHORT]


OUTLIVE = Path(sys.executable).with_name("outlive")


def _run(*words: object) -> int:
    return main([str(word) for word in words])


def _python(code: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, **options)


@pytest.mark.parametrize(
    ("words", "option"),
    [
        ("ingest a --into b --source okta --source entra", "--source"),
        ("ingest a --into b --into c", "--into"),
        ("ingest a --into b --pseudonymise k --pseudonymise l", "--pseudonymise"),
        ("export a --as csv --as otel --into b", "--as"),
    ],
)
def test_an_option_that_is_given_twice_is_refused(words, option, capsys):
    """Where only one value can count, the other is not left out in silence."""
    with pytest.raises(SystemExit) as left:
        main(words.split())
    assert left.value.code == 2
    assert f"{option} is given twice: give it once" in capsys.readouterr().err


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
        "no control 'per_tsk'; did you mean per_task? bundled",
    ),
    "a control model twice": (["compare", "support_midsize", "--control", "tiered", "tiered"], "tiered named twice"),
    "a key that is not there": (["--set", "scenario.fleet.agnts=3"], "fleet.agnts"),
    "a value out of range": (["--set", "scenario.fleet.agents=0"], "fleet.agents"),
    "a setting of a model that is not run": (["--set", "control.tiered.lifetime.ttl_s=60"], "control.tiered"),
    "knobs that contradict": (["--set", "control.per_task.issue.authority=single"], "contradicts issue.unit = 'task'"),
    "a key that is set twice": (
        ["--set", "scenario.fleet.agents=3", "--set", "scenario.fleet.agents=4"],
        "--set scenario.fleet.agents=4: scenario.fleet.agents is set to 3 as well",
    ),
    "a setting without a value": (["--set", "scenario.fleet.agents"], "write KEY=VALUE"),
    "a setting with an empty value": (["--set", "scenario.fleet.agents= "], "write KEY=VALUE"),
    "a setting of two lines": (["--set", "scenario.fleet.agents=3\nscenario = 4"], "a value is one line"),
    "a list that is not closed": (["--set", "scenario.writes.by_quarter=[1, 0"], "not TOML: Unclosed array"),
    "a list that is too deep": (["--set", f"scenario.fleet.agents={'[' * 5000}"], "...: not TOML: nested too deeply"),
    "a number of too many digits": (["--set", f"scenario.fleet.agents={'9' * 5000}"], "fleet.agents"),
    "no replicates": (["--replicates", "0"], "replicates = 0: a whole number from 1 to 10,000"),
    "too many replicates": (["--replicates", "10001"], "replicates = 10001: a whole number from 1 to 10,000"),
    "too many processes": (["--processes", "257"], "processes = 257: a whole number from 1 to 256"),
    "a seed below nothing": (["--seed", "-1"], "seed = -1: a whole number from 0 to"),
    "a seed beyond what is stored": (["--seed", str(2**63)], "seed = 9223372036854775808: a whole number from 0"),
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


def test_a_wrong_name_is_said_before_what_is_missing(capsys):
    """Whoever mistypes a scenario and forgets where to write hears of the name first, and of one that is like it."""
    assert _run("compare", "support_midsze", "--control", "per_task") == 1
    error = capsys.readouterr().err
    assert "no scenario 'support_midsze'; did you mean support_midsize?" in error
    assert error.count("\n") == 1


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
    assert f"store version 0, this outlive reads {VERSION}" in capsys.readouterr().err


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
    """A table a measure with a column a control model; below, what a log would have to show."""
    assert _run("measure", compared, "crown_jewel_hours", "blast_radius", "--evidence", "log") == 0
    out = capsys.readouterr().out
    assert out.startswith("Simulated under 2 control models, measured on the log of each.\n\ncrown_jewel_hours ")
    assert "standing_key" in out.splitlines()[2]
    assert re.search(r"not told *\w", out)
    assert "Not shown, because the log does not show\n  tasks, entitlements: blast_radius under standing_key." in out


def test_one_run_can_be_measured(compared, capsys):
    """A run is named by its key; one that is not there is refused with those that are."""
    assert _run("measure", compared, "work_done", "--run", 2, "--format", "csv") == 0
    assert len(capsys.readouterr().out.splitlines()) == 4
    assert _run("measure", compared, "--run", 77) == 1
    assert "no completed run 77; it has 1, 2, 3, 4" in capsys.readouterr().err


def test_a_measure_is_asked_with_other_parameters(compared, capsys):
    """Given to those measures that have them; one that none has, and a value that it does not take, are refused."""
    both = "measure", compared, "blast_radius", "work_done", "--format", "json"
    assert _run(*both) == 0
    before = {(r["run"], r["measure"], r["part"]): r["hi"] for r in json.loads(capsys.readouterr().out)}
    assert _run(*both, "--set", "dwell_hours=4") == 0
    after = {(r["run"], r["measure"], r["part"]): r["hi"] for r in json.loads(capsys.readouterr().out)}
    moved = {part for run, name, part in before if after[run, name, part] != before[run, name, part]}
    assert "t1c" in moved <= {"t1c", "t2", "t4"}
    for given, reason in {
        "dwell=4": "no parameter 'dwell' of what is measured; there are dwell_hours, found_median_hours",
        "dwell_hours=-1": "blast_radius: dwell_hours = -1 is not in [0, 876600]",
        "dwell_hours=long": "dwell_hours = 'long': a parameter is a number",
        "memory=4GB": "--set memory: no parameter of a measure",
        f"dwell_hours={'9' * 400}": "is not in [0, 876600]",
    }.items():
        assert _run(*both, "--set", given) == 1
        assert reason in capsys.readouterr().err
    assert _run("measure", compared, "work_done", "work_done") == 1
    assert "work_done: another measure of that name is asked for" in capsys.readouterr().err


def test_a_policy_is_shown_as_what_it_answers(tmp_path, capsys):
    """A row an atom, a column a kind of work; a policy that cannot be used is refused with file and line."""
    assert main(["policies", "by_sensitivity", "--format", "json"]) == 0
    rows = {row["atom"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["write refunds"]["refund"] == "tier 2"
    assert rows["permissions customer_accounts"]["restore_access"] == "tier 3"
    assert rows["permissions customer_accounts"]["refund"] == "*forbidden"
    assert rows["read articles"]["(no task yet)"] == "allowed"
    own = tmp_path / "own.cedar"
    own.write_text("permit (principal, action, resource)\nwhen { context.plannd };\n", "utf-8")
    assert main(["policies", str(own)]) == 1
    assert f"{own}:2: attribute `plannd` not found in context" in capsys.readouterr().err


def test_memory_is_bounded_where_asked(compared, capsys):
    """Measuring keeps to so much memory; what is no amount of it is refused in a line that shows one."""
    assert _run("measure", compared, "work_done", "--memory", "200MB", "--format", "csv") == 0
    capsys.readouterr()
    assert _run("measure", compared, "work_done", "--memory", "much") == 1
    assert capsys.readouterr().err == "outlive: memory 'much': no amount of memory; write it like 4GB\n"
    for little in ("0GB", "1B", "1MB"):
        assert _run("measure", compared, "work_done", "--memory", little) == 1
        assert "give more memory (--memory" in capsys.readouterr().err


def test_a_measure_explains_itself(capsys):
    """The explanation is the definition itself, assumptions and SQL included."""
    assert _run("explain", "stale_tail") == 0
    out = capsys.readouterr().out
    assert "-- question:" in out
    assert "SELECT" in out
    assert _run("explain", "crown_jewel_hours") == 0
    assert "-- held: The same of whoever works" in capsys.readouterr().out
    assert _run("explain", "held") == 0
    shared = capsys.readouterr().out
    assert "CREATE TEMP VIEW held AS" in shared
    assert "-- carried: " in shared
    assert _run("explain", "stale_tale") == 1
    assert "did you mean stale_tail? there are accumulation, added_latency" in capsys.readouterr().err
    for misspelt, meant in (("helld", "held"), ("Ablate", "ablate")):
        assert _run("explain", misspelt) == 1
        assert f"did you mean {meant}? " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("word", "stands"),
    [
        ("obtainable", "crown_jewel_hours: Crown jewels obtainable, h per agent-day (row obtainable task)"),
        ("over-privilege", "least_privilege: over_privilege: of what is permitted at any time of the later part, "),
        ("excess", "privilege_hours: excess_*, in times what is needed of it"),
        ("OPR", "least_privilege: Sanders and Yue, "),
        ("worklist", "identity_debt: Whose it is to put right is told by outlive worklist, "),
    ],
)
def test_a_word_that_names_no_measure_is_told_where_it_stands(capsys, word, stands):
    """As a column of the page, as a row or a part of its name, or else in what a header says."""
    assert _run("explain", word) == 0
    first, *lines = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{word} names no measure")
    assert any(line.startswith(stands) for line in lines)


def test_a_sound_store_verifies_and_a_broken_one_does_not(compared, tmp_path, capsys):
    """Verification exits 0 on a sound store, 1 on one with a rule broken."""
    assert _run("verify", compared) == 0
    assert "None" not in capsys.readouterr().out
    path = tmp_path / "broken.duckdb"
    path.write_bytes(compared.read_bytes())
    with Store.create(path) as store:
        store.connection.execute("UPDATE fact.event SET principal = 77 WHERE run = 1")
    assert _run("verify", path) == 1
    assert "1 of" in capsys.readouterr().err


OWN_WORDS = "title = 'Ours'\nsummary = 'What we have.'\n"


def test_a_users_own_files_stand_equal(tmp_path, capsys):
    """A scenario and a control model of one's own, which extend bundled ones, work by path."""
    own = tmp_path / "mine.toml"
    own.write_text(
        f"extends = 'per_task'\n{OWN_WORDS}[lifetime]\nttl_s = 300\nsource = 'assumed: ours is shorter'\n", "utf-8"
    )
    place = tmp_path / "place.toml"
    place.write_text(f"extends = 'support_midsize'\n{OWN_WORDS}", "utf-8")
    store = tmp_path / "own.duckdb"
    assert _run("simulate", place, "--control", own, "--replicates", 1, "--into", store, *DAY) == 0
    capsys.readouterr()
    assert _run("measure", store, "work_done", "--format", "csv") == 0
    assert ",mine," in capsys.readouterr().out


@pytest.fixture
def stranger(tmp_path):
    """The environment of somebody who has another package called sim ahead on the path."""
    (tmp_path / "sim").mkdir()
    (tmp_path / "sim" / "__init__.py").write_text("")
    return {**os.environ, "PYTHONPATH": str(tmp_path)}


def test_the_command_refuses_a_strangers_sim(stranger):
    """The command says so in one line and exits with 1, instead of running with it."""
    done = subprocess.run([OUTLIVE, "controls"], capture_output=True, text=True, check=False, env=stranger)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("outlive: the package 'sim' on this path is another one")
    assert done.stderr.count("\n") == 1


def test_an_import_refuses_a_strangers_sim(stranger, tmp_path):
    """In a notebook the same line is an ImportError."""
    done = _python("import outlive", env=stranger, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("ImportError: outlive: the package 'sim' on this path is another")


def test_little_is_loaded_before_it_is_needed():
    """Importing outlive and its command loads no pandas; a result and its table load no matplotlib."""
    assert _python("import sys, outlive.cli; print('pandas' in sys.modules)").stdout == "False\n"
    assert _python("import sys, outlive; outlive.table; print('matplotlib' in sys.modules)").stdout == "False\n"


def test_a_verb_is_no_module():
    """`outlive.compare` is the verb, also after the module of that name was loaded; what is offered is there."""
    assert _python("import outlive.compare, outlive; print(callable(outlive.compare))").stdout == "True\n"
    assert [name for name in outlive.__all__ if not callable(getattr(outlive, name))] == []
    assert set(outlive.__all__) <= set(dir(outlive))
    assert not hasattr(outlive, "frobnicate")


def test_terminal_escapes_in_a_name_are_not_obeyed(tmp_path, capsys):
    """What a user or a log puts into a name reaches the terminal as text."""
    assert _run("measure", tmp_path / "a\x1b[31mred.duckdb") == 1
    assert "\x1b" not in capsys.readouterr().err


@pytest.mark.parametrize("spelling", ["two.duckdb", "sub/../two.duckdb", "two.duckdb.wal"])
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
    heading = capsys.readouterr().out.splitlines()[2]
    assert "per_task from run 1" in heading
    assert "per_task from run 2" in heading


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("control.per_task.name=standing_key", "called after its file"),
        ("control.per_task.logging.profile=nosuch", "there are agent_transcript, azure_activity, cloud_audit, "),
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


def test_names_come_before_or_after_options(compared, capsys):
    """Measures may be named wherever they stand; an option that does not exist is still wrong usage."""
    said = []
    for words in (["work_done", "issuance", "--run", 1], ["--run", 1, "work_done", "issuance"],
                  ["work_done", "--run", 1, "issuance"]):  # fmt: skip
        assert _run("measure", compared, *words) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1] == said[2]
    for words in (["measure", compared, "--rn", "1"], ["verify", compared, "work_done"]):
        with pytest.raises(SystemExit):
            _run(*words)
        assert "unrecognized arguments" in capsys.readouterr().err


def test_paths_come_before_or_after_options(tmp_path, capsys):
    """So may the exports that are ingested."""
    assert _run("ingest", tmp_path / "a", "--into", tmp_path / "x.duckdb", tmp_path / "b") == 1
    assert f"{tmp_path / 'a'}: no such file" in capsys.readouterr().err


def test_the_name_of_a_control_model_may_hold_dots(tmp_path):
    """The longest name that a setting begins with is meant."""
    per_task = Path(outlive.__file__).parents[1] / "data" / "controls" / "per_task.toml"
    paths = [tmp_path / "v1.toml", tmp_path / "v1.2.toml"]
    for path in paths:
        path.write_bytes(per_task.read_bytes())
    settings = {"control.v1.2.lifetime.ttl_s": 60, "control.v1.lifetime.ttl_s": 90}
    asked = plan(outlive.Request("support_midsize", paths, settings=settings))
    assert {model.name: model.lifetime.ttl_s for model in asked.controls} == {"v1": 90, "v1.2": 60}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"replicates": "3"}, "replicates = '3': a whole number from 1 to 10,000"),
        ({"replicates": True}, "replicates = True: a whole number"),
        ({"processes": 2.5}, "processes = 2.5: a whole number from 1 to 256"),
        ({"seed": 10**5000}, "seed = an integer of thousands of digits: a whole number from 0"),
        ({"controls": []}, "name at least one control model"),
        ({"controls": ["tiered", "tiered"]}, "tiered named twice"),
        ({"settings": {3: 4}}, "cannot set 3: write scenario.KEY"),
    ],
)
def test_a_notebook_is_refused_like_the_command(given, said):
    """A request with a value of the wrong kind or size is refused in the command's words."""
    with pytest.raises(Refusal, match=re.escape(said)) as refusal:
        plan(outlive.Request(**{"scenario": "support_midsize", "controls": ["per_task"], **given}))
    assert "\n" not in str(refusal.value)


def test_one_name_need_not_be_a_list(compared):
    """In a notebook one control model, or one measure, may be named by itself."""
    assert [model.name for model in plan(outlive.Request("support_midsize", "tiered")).controls] == ["tiered"]
    assert set(outlive.measure(compared, "work_done")["measure"]) == {"work_done"}
    with pytest.raises(Refusal, match="evidence = 'lies': measure on 'log' or on 'truth'"):
        outlive.measure(compared, evidence="lies")


@pytest.mark.parametrize("verb", ["controls", "scenarios", "measures", "policies", "platforms", "frameworks"])
def test_a_list_is_as_wide_as_a_terminal(verb, monkeypatch, capsys):
    """What there is fits in 100 columns, all its words are there, and each row begins with a name that programs get."""
    monkeypatch.setenv("COLUMNS", "100")
    assert _run(verb) == 0
    shown = capsys.readouterr().out
    assert _run(verb, "--format", "json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert max(map(len, shown.splitlines())) <= 100
    starts = [line.split(" ")[0] for line in shown.splitlines()[1:] if not line.startswith(" ")]
    assert starts == [row["name"] for row in rows]
    assert all(word in shown for row in rows for word in row.get("summary", "").split() if verb != "platforms")


def test_a_list_of_long_words_is_not_broken(monkeypatch):
    """A terminal narrower than the longest words gets wider lines, and no word in two pieces."""
    monkeypatch.setenv("COLUMNS", "10")
    told = listing(pd.DataFrame({"name": ["a-name-of-length"], "words": ["two words"]}))
    assert told.to_dict("list") == {"name": ["a-name-of-length", ""], "words": ["two", "words"]}


ODD = pd.DataFrame({"name\x1b[2J": ["\x1b[31mred\n-1 forged", "=1+1", "\t=1", "\u202eevil"], "number": [-1, 2, 3, 4]})


def test_a_table_shows_what_a_terminal_would_obey():
    """Control characters of cells and headings are written out, and no name makes a row of its own."""
    text = printed(ODD, "table")
    assert text.isprintable() is False
    assert all(line.isprintable() for line in text.split("\n"))
    assert len(text.split("\n")) == len(ODD) + 1


def test_a_spreadsheet_is_given_no_formula():
    """Words that begin like a formula are quoted, numbers stay numbers."""
    rows = [line.split(",") for line in printed(ODD, "csv").splitlines()]
    assert [cells[1] for cells in rows] == ["number", "-1", "2", "3", "4"]
    assert rows[2][0] == "'=1+1"
    assert not [cells[0] for cells in rows if cells[0][0] in "=+-@\t\r"]


def test_a_terminal_of_few_characters_shows_escapes(tmp_path):
    """What the encoding of a terminal lacks is written as its escape, and nothing fails."""
    own = tmp_path / "own.sql"
    own.write_text(f"{outlive.explain('work_done')}\n-- ≥ ½\n", "utf-8")
    done = subprocess.run([OUTLIVE, "explain", own], capture_output=True, check=False,
                          env={**os.environ, "PYTHONIOENCODING": "ascii"})  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert rb"\u2265 \xbd" in done.stdout


@pytest.mark.parametrize(
    ("kind", "words", "said"),
    [
        (KeyboardInterrupt, [], "interrupted; what was stored before stays"),
        (MemoryError, [], "memory is used up; close what else takes it, or ask for less at once"),
        (OSError, [errno.ENOSPC, "No space left on device", "x.log"], "x.log: No space left on device"),
        (ValueError, ["a\nb"], "ValueError: a b; a defect of outlive, OUTLIVE_DEBUG=1 shows where"),
    ],
)
def test_whatever_goes_wrong_is_one_line(kind, words, said, monkeypatch, capsys):
    """An interruption, a shortage and even a defect end with exit 1 and one line."""

    def fail():
        raise kind(*words)

    monkeypatch.setattr(import_module("outlive.measures"), "measures", fail)
    assert _run("measures") == 1
    assert capsys.readouterr().err == f"outlive: {said}\n"


class _Swallowing:
    """Asks this process to end while it is put away, where what is raised goes nowhere."""

    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interruption_that_is_swallowed_ends_a_command_at_its_next_word(monkeypatch, capsys):
    """Whoever asked for an end gets one, though not at once."""

    def ingest(_paths, _into, _source, said, _keyed):
        said("one file")
        _Swallowing()
        said("two files")

    monkeypatch.setattr(outlive, "ingest", ingest)
    # Tests that run in the background ignore it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert _run("ingest", "x", "--into", "y.duckdb") == 1
    finally:
        signal.signal(signal.SIGINT, before)
    assert capsys.readouterr().err.splitlines() == [
        "outlive: one file", "outlive: interrupted; what was stored before stays",
    ]  # fmt: skip


def test_output_that_nobody_takes_is_said():
    """A full disk behind the standard output is one line."""
    if not Path("/dev/full").exists():
        return
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([OUTLIVE, "sources"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (
        1, "outlive: standard output: No space left on device; write to a disk with room\n",
    )  # fmt: skip


def test_a_page_is_whole_or_stays_as_it_was(compared, tmp_path, capsys, monkeypatch):
    """A report that cannot be written leaves the earlier page, and nothing beside it."""
    monkeypatch.setattr(page, "compare", lambda *_, **__: None)
    place, linked = tmp_path / "page.html", tmp_path / "link.html"
    place.write_text("earlier")
    place.chmod(0o600)
    linked.symlink_to(place)

    def fail(*_):
        raise OSError(errno.ENOSPC, "No space left")

    with monkeypatch.context() as patched:
        patched.setattr(page, "rendered", fail)
        assert _run("report", compared, "--into", linked) == 1
    error = capsys.readouterr().err
    assert error == f"outlive: {linked}: No space left; name a file that may be written, on a disk with room\n"
    assert place.read_text() == "earlier"
    monkeypatch.setattr(page, "rendered", lambda *_: "<!doctype html>")
    assert _run("report", compared, "--into", linked) == 0
    assert linked.is_symlink()
    assert place.read_text("utf-8").startswith("<!doctype html>")
    assert place.stat().st_mode & 0o777 == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"page.html", "link.html"}


def test_a_page_that_has_no_place_is_refused(compared, tmp_path, capsys, monkeypatch):
    """Below a file, or where a link leads to itself, no page can lie; that is told before anything is measured."""
    monkeypatch.setattr(page, "compare", lambda *_, **__: pytest.fail("it was measured"))
    (tmp_path / "file").write_text("")
    (tmp_path / "loop").symlink_to("loop")
    for name, said in (("file/x.html", "file is no folder"), ("loop", "a link that leads to itself")):
        assert _run("report", compared, "--into", tmp_path / name) == 1
        error = capsys.readouterr().err
        assert error.startswith(f"outlive: {tmp_path / name}: ")
        assert said in error
    assert (tmp_path / "loop").is_symlink()


def test_a_page_goes_into_a_pipe(compared, tmp_path, monkeypatch):
    """What is no file is written to, and not replaced by one."""
    monkeypatch.setattr(page, "compare", lambda *_, **__: None)
    monkeypatch.setattr(page, "rendered", lambda *_: "<!doctype html>" + 1_000_000 * " ")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    # Into a file, because a page is more than a pipe that nobody empties holds.
    with (tmp_path / "read").open("wb") as read, subprocess.Popen(["cat", pipe], stdout=read) as reader:
        if _run("report", compared, "--into", pipe) != 0:
            reader.kill()
    assert (tmp_path / "read").read_text("utf-8").startswith("<!doctype html>")
    assert pipe.is_fifo()


@pytest.fixture(scope="module")
def observed(tmp_path_factory):
    """A store that holds the bundled sample of a real log."""
    store = tmp_path_factory.mktemp("observed") / "o.duckdb"
    assert _run("ingest", Path(__file__).parent.parent / "data" / "samples" / "cloudtrail", "--into", store) == 0
    return store


def test_a_log_is_replayed_beside_itself(observed, tmp_path, capsys):
    """The log's own bounds come first, then the models; the log's store is left as it was."""
    before = observed.read_bytes()
    page, into = tmp_path / "r.html", tmp_path / "r.duckdb"
    controls = ("--control", "standing_key", "per_task", "--replicates", 1)
    assert _run("replay", observed, *controls, "--into", into, "--report", page) == 0
    out = capsys.readouterr().out
    assert out.index("as logged") < out.index("standing_key ") < out.index("per_task ")
    shown = page.read_text("utf-8")
    assert "One login session is one task" in shown
    assert "Crown jewels are write and permissions calls to iam, sts" in shown
    assert observed.read_bytes() == before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--run", "7"], "no run 7 to replay? It has 1; name one with `--run`"),
        (["--scenario", "nowhere"], "no scenario 'nowhere'"),
        (["--replicates", "0"], "replicates = 0: a whole number from 1"),
    ],
)
def test_a_replay_that_cannot_be_is_refused(observed, tmp_path, capsys, options, said):
    """A run, a scenario or a number that is not there: one line that names it."""
    assert _run("replay", observed, "--control", "per_task", *options, "--into", tmp_path / "r.duckdb") == 1
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_a_log_is_not_replayed_into_its_own_store(observed, capsys):
    """It would take in a copy of what it holds."""
    assert _run("replay", observed, "--control", "per_task", "--into", observed) == 1
    assert "replay into a file of its own" in capsys.readouterr().err
