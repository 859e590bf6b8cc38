"""A pilot tells how many replications it takes for intervals of a wanted width; none of it is counted then."""

from dataclasses import replace
from math import inf, nan

import numpy as np
import pytest
from scipy import stats

import outlive
from analysis.comparison import compare as measured
from analysis.report.terminal import as_text
from analysis.statistics import Interval
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
    return outlive.compare(request(6), store, until=outlive.Until({"t1b": 0.5}, 8))


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


def test_it_is_said_how_many_it_takes_and_why(found):
    """In the comparison and under the table, also where more would be needed than may be run."""
    assert found.pilot.startswith("8, by a pilot of 6 others: t1b within 0.5 % of the baseline takes about ")
    assert found.pilot.endswith(", more than there may be")
    assert f"Replications: {found.pilot}." in " ".join(as_text(found).split())


def test_no_fewer_are_run_than_the_pilot_had(found):
    """A width that few suffice for is said to take few, two at least."""
    assert replications(found, outlive.Until({"t1b": 9999})) == (
        8, "8, by a pilot of 8 others: t1b within 9999 % of the baseline takes about 2",
    )  # fmt: skip


def test_between_the_pilot_and_the_most_it_is_what_the_widest_takes(found):
    """Of the model and the quantity that take most; by the law of t, of half the width that eight replications have.

    Four times as many, and fewer for what members that hold together reach less far, of more replications.
    """
    [row] = found.rows[1:]
    apart, whole = row.cell("t1b").difference, found.baseline.cell("t1b").estimate.mean
    percent = 100 * (apart.hi - apart.mean) / whole / 2
    total, why = replications(found, outlive.Until({"t1b": percent, "t2": 9999}, 500))
    error = max(stats.t.sf(apart.reach, 7), 0.025 / found.family.members)
    less, alone = (stats.t.isf(each, range(1, 99)) for each in (error, 0.025))
    sizes = np.arange(2, 100)
    fits = less / alone * stats.t.isf(0.025, 7) / np.sqrt(sizes) <= apart.reach / np.sqrt(8) / 2
    assert total == sizes[fits][0] < 32
    assert f"takes about {total}; t2 within 9999 % of the baseline" in why


def altered(found, key, estimate, difference):
    """The same comparison with other intervals in a column: the baseline's own, and the model's difference."""
    theirs, ours = found.rows
    cells = [
        tuple(
            replace(cell, estimate=estimate, difference=difference) if cell.column.key == key else cell
            for cell in row.cells
        )
        for row in (theirs, ours)
    ]
    return replace(found, rows=(replace(theirs, cells=cells[0]), replace(ours, cells=cells[1])))


@pytest.mark.parametrize(
    ("difference", "total", "why"),
    [
        (Interval(nan, nan, nan, 8), 50, "too few observations in the pilot"),
        (Interval(0.0, -inf, inf, 8, reach=inf), 50, "the same in nearly every run of the pilot"),
        (Interval(0.0, 0.0, 0.0, 8, steady=True), 50, "the same in nearly every run of the pilot"),
        (Interval(-inf, -inf, 5.0, 8, most=4.0), 8, "open in some run, whatever their number"),
    ],
)
def test_where_a_pilot_cannot_tell_as_many_are_run_as_there_may_be(found, difference, total, why):
    """It was too short for what hardly ever varies; what is open is no narrower for more."""
    told = replications(altered(found, "t2", Interval(9.0, 8.0, 10.0, 8), difference), outlive.Until({"t2": 5}, 50))
    assert told == (
        total,
        f"{total}, by a pilot of 8 others: what t2 within 5 % of the baseline takes is not told, {why}",
    )


def test_of_nothing_there_are_no_percentages(found):
    """The baseline asks nobody, so no width is a share of that."""
    with pytest.raises(Refusal, match=r"approver of standing_key is 0, of which there are no percentages"):
        replications(found, outlive.Until({"approver": 5}))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--within", "nonsense=5"], "no declared quantity 'nonsense'; there are completed"),
        (["--within", "t2=0"], "within t2 = 0: percent of the baseline's value, 0.001 at least"),
        (["--within", "t2"], "--within t2: write QUANTITY=PERCENT"),
        (["--within", "t2=5", "--within", "t2=6"], "--within t2=6: t2 is asked for twice"),
        (["--within", "t2=1e-300"], "0.001 at least"),
        (["--most", "9"], "--most is of use with --within only"),
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
