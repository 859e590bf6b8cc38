"""The command line on platforms: what they give, what a control model gets there, and that no clamp is silent."""

import json
import re
from pathlib import Path

import pytest

import outlive
from outlive.cli import main
from sim.audit.store import Store

DAY = {
    "scenario.start": "2026-01-05T09:00:00Z", "scenario.fleet.agents": 3, "scenario.window.hours": 2,
    "scenario.window.warm_up_hours": 1,
}  # fmt: skip


def run(*words):
    """A command's exit code."""
    return main([str(word) for word in words])


def test_platforms_are_listed(capsys):
    """Each bundled platform is a row, with its words only where a program reads them."""
    assert run("platforms") == 0
    table = capsys.readouterr().out
    assert run("platforms", "--format", "json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert {"any", "aws_sts", "static_key_only"} <= {row["name"] for row in rows}
    assert all(row["name"] in table and row["stands_for"] not in table for row in rows)


def test_what_a_model_gets_is_printed(capsys):
    """For each platform: the knob, what was asked, what is got and why."""
    assert run("platforms", "--control", "per_task", "--format", "csv") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "control,platform,knob,asked,got,why"
    assert any(line.startswith("per_task,aws_sts,revocation.on,task_end,never,") for line in lines)
    assert not any(line.startswith("per_task,any,") for line in lines)


def test_an_unknown_model_is_refused(capsys):
    """A control model that is not there is refused in one line."""
    assert run("platforms", "--control", "per_tsk") == 1
    assert "no control 'per_tsk'" in capsys.readouterr().err


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    """A store with a run on platforms, and what was said while it was made."""
    store, said = tmp_path_factory.mktemp("platforms") / "one.duckdb", []
    request = outlive.Request("support_on_platforms", ["per_task"], replicates=1, processes=1, settings=DAY)
    outlive.simulate(request, store, said.append)
    return store, said


def test_clamps_are_said_and_stored(simulated):
    """Whoever simulates is told, and the run says of each platform its systems and what was clamped there."""
    store, said = simulated
    assert any(re.match(r"per_task: \d\d settings are not had as asked, on aws_sts,", line) for line in said)
    with Store.open(store) as opened:
        [(names, settings)] = opened.rows("SELECT platform, settings FROM fact.run")
        on = dict(opened.rows("SELECT DISTINCT system, platform FROM fact.catalogue"))
    told = {each["platform"]: each for each in json.loads(settings)["platforms"]}
    assert names == ", ".join(told) == "aws_sts, static_key_only, okta_oauth, vault, entra_cae"
    assert {system: each["platform"] for each in told.values() for system in each["systems"]} == on
    assert [name for name, each in told.items() if each["static_only"]] == ["static_key_only"]
    assert told["okta_oauth"]["clamps"] == []
    assert {clamp["knob"] for clamp in told["aws_sts"]["clamps"]} == {"revocation.on"}


def test_each_platform_has_its_own_limits(simulated):
    """In the facts: tokens live as long as their platform gives, and what accepts only keys has an old one."""
    query = """
        SELECT DISTINCT k.platform, c.kind, datediff('second', c.from_lo, c.to_hi)
        FROM fact.credential c
        JOIN fact.scope_set_atom s ON s.run = c.run AND s.scope_set = c.scope_set
        JOIN fact.catalogue k ON k.atom = s.atom
    """
    with Store.open(simulated[0]) as store:
        found = {(platform, kind): seconds for platform, kind, seconds in store.rows(query)}
    assert found[("entra_cae", "task_token")] == 86_400
    assert found[("aws_sts", "task_token")] == 900
    assert {kind for platform, kind in found if platform == "static_key_only"} == {"static_key"}
    assert found[("static_key_only", "static_key")] is None


def test_a_platform_may_be_a_file_of_ones_own(tmp_path):
    """A platform is named by its path where it is not bundled, may extend one that is, and its terms hold."""
    path = Path(tmp_path, "mine.toml")
    path.write_text('extends = "aws_sts"\ntitle = "Mine"\n[binding]\nstrongest = "audience"\n'
                    'source = "assumed: a gateway of our own"\n', "utf-8")  # fmt: skip
    crm = {"scenario.systems.crm.platform": str(path)}
    request = outlive.Request("support_midsize", ["per_task"], replicates=1, processes=1, settings=DAY | crm)
    outlive.simulate(request, tmp_path / "own.duckdb")
    with Store.open(tmp_path / "own.duckdb") as store:
        issued = "SELECT DISTINCT binding FROM fact.credential WHERE kind <> 'static_key'"
        bindings = {binding for (binding,) in store.rows(issued)}
        [(names,)] = store.rows("SELECT platform FROM fact.run")
    assert bindings == {"audience", "key_exportable"}
    assert names == f"any, {path}"
