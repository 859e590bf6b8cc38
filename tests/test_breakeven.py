"""A break-even from end to end: over knobs of a scenario and of a model, by name, refused in one line."""

import csv
import io
import json

import pytest

import outlive
from analysis.crossing import BreakEven, crossing
from analysis.report.flips import sentence
from analysis.screen import column
from analysis.statistics import known
from outlive.cli import main
from outlive.pictures import shown
from sim.audit.refusal import Refusal

SETTINGS = {
    "scenario.window.hours": 2, "scenario.window.warm_up_hours": 1, "scenario.start": "2026-01-05T09:00:00Z",
    "scenario.fleet.agents": 2, "scenario.arrivals.per_agent_day": 120,
}  # fmt: skip


def request(*controls, replicates=2):
    """A short morning under these models."""
    return outlive.Request("support_midsize", controls, replicates=replicates, processes=1, settings=SETTINGS)


@pytest.fixture(scope="module")
def found():
    """Until which lifetime a narrow session holds less than one that is fixed at half an hour."""
    fixed = {"control.session_narrow.lifetime.ttl_s": 1800}
    # Of this seed sessions that outlast the window differ alike in every run: what one in six has six do not settle.
    asked = outlive.Request("support_midsize", ("human_session", "session_narrow"), replicates=6, processes=1, seed=3,
                            settings=SETTINGS | fixed)  # fmt: skip
    knob = outlive.Knob("control.session_narrow.lifetime.ttl_s", 60, 86400)
    return outlive.breakeven(asked, "held", knob)


def test_a_model_whose_knob_is_turned_up_does_not_always_lose(found):
    """A session of the team's role never holds longer than one of the department's, whatever it lasts."""
    assert found.crossing.at is None
    assert sentence(found).startswith(
        "Crown jewels held: the ranking does not flip at any of 5 values from control.session_narrow.lifetime.ttl_s = "
        "60 to 86,400; session_narrow is better at each."
    )


def test_what_was_looked_at_is_there_for_programs(found):
    """JSON and CSV hold every value with its difference; the table names the models."""
    told = json.loads(shown(found, "json"))
    assert told["break_even"] is None
    assert len(list(csv.DictReader(io.StringIO(shown(found, "csv"))))) == len(told["points"]) == 5
    assert "human_session" in shown(found, "table")


def test_a_break_even_is_found_where_a_pencil_finds_it(monkeypatch):
    """Two models that differ in one chance alone trade places where these are equal, on the same draws."""
    monkeypatch.setattr("analysis.crossing._HALVINGS", 2)
    asked = outlive.Request(
        "support_midsize", ("per_task", "tiered"), replicates=6, processes=1,
        settings=SETTINGS | {"control.tiered.decision.false_denial": 0.3, "control.tiered.approval.from_tier": "never",
                             "scenario.response.attempts": 1},
    )  # fmt: skip
    knob = outlive.Knob("control.per_task.decision.false_denial", 0.0, 0.9)
    found = outlive.breakeven(asked, "broken", knob)
    assert found.crossing.lo < 0.3 < found.crossing.hi
    assert found.crossing.at == pytest.approx(0.3, abs=0.1)
    assert "per_task is better up to control.per_task.decision.false_denial = " in sentence(found)


def sought(difference, *, replicates=6):
    """Where `a` ceases to hold less than `b`, for a difference of their mean hours at a value of the knob."""
    found = crossing(lambda value: known(difference(value)[:replicates]), (0, 8), whole=True)
    return BreakEven(column("held"), ("a", "b"), "k", replicates, found)


def test_where_two_models_do_not_differ_neither_is_called_better():
    """One is better by so much as the knob is below 3, the other by what it is above 5; between both are the same."""
    found = sought(lambda value: [(min(value - 3, 0) + max(value - 5, 0)) * each for each in range(10, 22, 2)])
    assert [value for value, apart in found.crossing.points if apart.is_same] == [3, 4, 5]
    said = "a is better up to k = 2.5 [2, 6], b from 6 on; at 3 values looked at between they do not differ."
    assert said in sentence(found)


def test_of_what_is_the_same_in_every_run_it_is_said_that_only_those_were_seen():
    """An hour less in each run is no interval's; of hours that differ, and of fewer runs than six, nothing is added."""
    steady, spread = sought(lambda _: [-1.0] * 6), sought(lambda value: [-9 - value - each / 9 for each in range(6)])
    said = "a is better at each. At 5 values looked at the difference is the same in every run seen; others may differ."
    assert said in sentence(steady)
    assert shown(steady, "table").count("a in every run seen") == 5
    assert {each["better"] for each in json.loads(shown(steady, "json"))["points"]} == {"a"}
    for other in (spread, sought(lambda _: [-1.0] * 6, replicates=5)):
        assert "in every run seen" not in sentence(other) + shown(other, "table")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"quantity": "nonsense"}, "no quantity 'nonsense'; there are completed, held"),
        ({"over": "scenario.fleet.nonsense"}, "fleet.nonsense"),
        ({"over": "scenario.title"}, "title"),
        ({"least": "9", "most": "3"}, "from 9 to 3: nothing lies between"),
        ({"least": "0"}, "fleet.agents"),
        ({"controls": ["tiered"]}, "1 control model: name the two"),
        ({"quantity": "revoke", "controls": ["standing_key", "tiered"]}, "fewer than 400 independent observations"),
    ],
)  # fmt: skip
def test_what_cannot_be_sought_is_said_in_one_line(changed, said, capsys):
    """Exit 1 and one line that names the thing."""
    given = {
        "quantity": "held", "over": "scenario.fleet.agents", "least": "1", "most": "3",
        "controls": ["per_task", "tiered"],
    } | changed  # fmt: skip
    kept = [f"--set={key}={value}" for key, value in SETTINGS.items() if "agents" not in key]
    words = ["--quantity", given["quantity"], "--over", given["over"], "--from", given["least"], "--to", given["most"]]
    words = ["breakeven", "support_midsize", "--control", *given["controls"], *words, *kept]
    words += ["--replicates", "1", "--processes", "1"]
    assert main(words) == 1
    error = capsys.readouterr().err.splitlines()
    assert said in error[-1]
    assert all(line.startswith("outlive: looking at") for line in error[:-1])


def test_a_measure_stands_for_its_ranking_quantity():
    """The measure's name means the quantity that ranks; a knob of whole numbers is asked for whole ones."""
    knob = outlive.Knob("scenario.fleet.agents", 1, 3)
    found = outlive.breakeven(request("session_narrow", "human_session", replicates=1), "crown_jewel_hours", knob)
    assert found.column.key == "obtainable"
    assert [value for value, _ in found.crossing.points] == [1, 2, 3]


def test_a_range_that_is_a_point_is_refused():
    """Nothing lies between a value and itself."""
    with pytest.raises(Refusal, match="nothing lies between"):
        outlive.breakeven(request("per_task", "tiered"), "held", outlive.Knob("scenario.fleet.agents", 2, 2))


@pytest.mark.soak
def test_more_impatience_never_makes_waiting_safer():
    """The sooner owners hand out keys, the more hours a crown jewel is held in the mean of some replications."""
    settings = SETTINGS | {
        "scenario.ownership.unowned": 0.0, "scenario.ownership.team_owned": 0.0, "scenario.workaround.after_s": 60,
        "scenario.approvers.staff": 1, "scenario.approvers.inspection_median_s": 900, "scenario.fleet.agents": 3,
    }  # fmt: skip
    asked = outlive.Request("support_midsize", ("per_task", "tiered"), replicates=2, processes=1, settings=settings)
    found = outlive.breakeven(asked, "held", outlive.Knob("scenario.workaround.per_waited_hour", 0.0, 8.0))
    exposed = [-apart.mean for _, apart in found.crossing.points]
    assert exposed == sorted(exposed)
    assert exposed[0] < exposed[-1]
