"""A pilot tells how many replications it takes for intervals of a wanted width; none of it is counted then."""

import re

import pytest

import outlive
from analysis.comparison import compare as measured
from outlive.cli import main
from outlive.compare import plan
from outlive.pilot import pilot_of, replications
from sim.audit.refusal import Refusal
from sim.audit.store import Store

WINDOW = {
    "scenario.start": "2026-01-05T09:00:00Z", "scenario.window.hours": 1, "scenario.window.warm_up_hours": 1,
    "scenario.fleet.agents": 1,
}  # fmt: skip


def request(replicates):
    """A short morning."""
    return outlive.Request("support_midsize", ["standing_key", "per_task"], replicates, processes=1, settings=WINDOW)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Where what follows on a pilot is kept."""
    return tmp_path_factory.mktemp("pilot") / "f.duckdb"


@pytest.fixture(scope="module")
def found(store):
    """A pilot of six, and then as many as it takes for a width that needs more than eight, the most."""
    return outlive.compare(request(6), store, store.with_suffix(".html"), until=outlive.Until({"t1b": 0.5}, 8))


def named(asked):
    """The runs of a plan, by what decides their facts."""
    return {asked.run_id(n, control) for n in range(asked.replicates) for control in asked.controls}


def test_after_a_pilot_is_what_is_had_at_once(found, store):
    """The same runs as of so many replications without one; the pilot's are others, and in no store."""
    assert found.replicates == 8
    with Store.open(store) as opened:
        assert opened.rows("SELECT count(*) FROM fact.comparison") == [(1,)]
        runs = {name for (name,) in opened.rows("SELECT id FROM fact.run")}
        assert measured(opened).pilot == found.pilot
    assert runs == named(plan(request(8)))
    assert not runs & named(pilot_of(plan(request(8))))


def test_it_is_said_how_many_it_takes_and_why(found, store):
    """In the comparison and on the page, also where more would be needed than may be run."""
    assert found.pilot.startswith("8, by a pilot of 6 others: t1b within 0.5 % of the baseline takes ")
    assert found.pilot.endswith(", more than there are to be at most")
    text = re.sub(r"<[^>]+>", "", store.with_suffix(".html").read_text("utf-8"))
    assert f"How many replications: {found.pilot}." in text


def test_no_fewer_are_run_than_the_pilot_had(found):
    """A width that few suffice for is said to take few."""
    assert replications(found, outlive.Until({"t1b": 9999})) == (
        8, "8, by a pilot of 8 others: t1b within 9999 % of the baseline takes 1",
    )  # fmt: skip


def test_of_nothing_there_are_no_percentages(found):
    """The baseline asks nobody, so no width is a share of that."""
    with pytest.raises(Refusal, match=r"approver of standing_key is 0, of which there are no percentages"):
        replications(found, outlive.Until({"approver": 5}))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--within", "nonsense=5"], "no declared quantity 'nonsense'; there are completed"),
        (["--within", "t2=0"], "within t2 = 0: percent of the baseline's value, above 0"),
        (["--within", "t2"], "--within t2: write QUANTITY=PERCENT"),
        (
            ["--within", "t2=5", "--most", "9"],
            "a pilot of 10 replications, 9 at most: from 6, and in this order, to 10,000",
        ),
    ],
)
def test_what_cannot_be_aimed_at_is_refused(words, said, tmp_path, capsys):
    """In one line, before anything is simulated."""
    asked = [
        "compare",
        "support_midsize",
        "--control",
        "standing_key",
        "per_task",
        "--into",
        str(tmp_path / "f.duckdb"),
    ]
    assert main([*asked, *words]) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert said in line
    assert not list(tmp_path.iterdir())
