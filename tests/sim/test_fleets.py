"""Fleets with figures of their own, and what must not change where there is only one."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from sim import scenario
from sim.audit import ids
from sim.toml import DeclarationError
from sim.work import Fleet
from sim.workload.dimensions import dimensions
from sim.workload.fleet import generate, keys_since
from tests.worlds import SOURCE
from tests.worlds import scenario as bench

SCENARIOS = Path(__file__).parents[2] / "data" / "scenarios"
MIXED = SCENARIOS / "mixed_midsize.toml"
KINDS = {
    "support": "support_midsize", "software delivery": "software_delivery_midsize",
    "security triage": "security_triage_midsize", "data pipelines": "data_pipelines_midsize",
}  # fmt: skip
# Of the workload as it was drawn before calls had two laws, arrivals bursts, scenarios fleets and tasks a `detached`.
BEFORE = {
    (1, 0): "6655ddffd18a71ad7d0a8eb2884182879bb19d9f2fbac73ae98020b419675880",
    (7, 3): "dbd2faf15f2402fe65e875fff14bc5a89ebb1534a134b9428a43ded4b8d2fa12",
}
SOURCES = {table: {"source"} for table in Fleet.model_fields}
TWO = {
    "fleet.agents": 6,
    "teams": [
        {"name": "quick", "intents": ["look"], "fleet": "one"},
        {"name": "slow", "intents": ["pay"], "fleet": "two"},
    ],
}


def digest(workload):
    """All columns of tasks and actions of then, when keys were last replaced, thefts and roles, as one number."""
    found = hashlib.sha256()
    for columns in (workload.tasks, workload.actions):
        for name in sorted(vars(columns).keys() - {"detached"}):
            found.update(name.encode() + np.ascontiguousarray(getattr(columns, name), dtype=np.int64).tobytes())
    replaced = keys_since(workload.scenario, workload.streams, workload.begins)
    found.update(replaced.astype(np.int64).tobytes())
    found.update(
        repr([(n, c.agent, c.time, c.detected) for n, c in enumerate(workload.compromises)]).encode()
        + repr(workload.roles).encode()
    )
    return found.hexdigest()


@pytest.mark.parametrize(("seed", "replicate"), BEFORE)
def test_one_fleet_is_drawn_as_ever(seed, replicate):
    """The workload of the first scenario is what it was, bit by bit."""
    workload = generate(scenario.load(SCENARIOS / "support_midsize.toml"), seed, replicate)
    assert digest(workload) == BEFORE[seed, replicate]
    assert not workload.tasks.detached.any()


def of_agents(workload, agents):
    """Tasks and actions of these agents, column by column."""
    whose = ids.agent_of(workload.tasks.id), ids.agent_of(ids.task_of(workload.actions.id))
    return [
        {name: values[np.isin(own, agents)].tolist() for name, values in vars(columns).items()}
        for columns, own in zip((workload.tasks, workload.actions), whose, strict=True)
    ]


def test_a_fleet_without_figures_works_like_everybody():
    """Saying which fleet an agent is of changes nothing as long as the fleets say nothing."""
    together = generate(bench({**TWO, "teams": [{**team, "fleet": None} for team in TWO["teams"]]}), 3, 0)
    apart = generate(bench({**TWO, "fleets": [{"name": "one"}, {"name": "two"}]}), 3, 0)
    assert digest(apart) == digest(together)


def test_figures_of_a_fleet_are_those_of_its_agents():
    """Other calls for one fleet: its own agents have them, those of the other do what they did."""
    many = {**SOURCE, "law": "lognormal", "median": 40, "sigma": 0.1, "cap": 99}
    before = generate(bench({**TWO, "fleets": [{"name": "one"}, {"name": "two"}]}), 3, 0)
    after = generate(bench({**TWO, "fleets": [{"name": "one"}, {"name": "two", "calls": many}]}), 3, 0)
    assert of_agents(after, [0, 2, 4]) == of_agents(before, [0, 2, 4])
    tasks, actions = of_agents(after, [1, 3, 5])
    assert 30 < len(actions["id"]) / len(tasks["id"]) < 50
    assert tasks["arrival"] == of_agents(before, [1, 3, 5])[0]["arrival"]


@pytest.mark.parametrize(
    ("teams", "fleets", "said"),
    [
        ([None, "one"], ["one"], "teams.fleet: quick names no fleet"),
        (["one", "one"], ["one", "two"], "fleets: no team is of two"),
        (["one", "three"], ["one"], "teams.fleet: three not declared in fleets"),
        (["one", "one"], ["one", "one"], "fleets: one declared twice"),
    ],
)
def test_a_team_has_a_fleet_and_a_fleet_a_team(teams, fleets, said):
    """Where there are fleets nobody is left out, and no fleet is empty."""
    settings = {
        "teams": [{**team, "fleet": fleet} for team, fleet in zip(TWO["teams"], teams, strict=True)],
        "fleets": [{"name": fleet} for fleet in fleets],
    }
    with pytest.raises(ValueError, match=said):
        bench(settings)


def test_a_figure_of_a_fleet_is_set_by_its_name():
    """One figure of one fleet is set like any other, and refused with its path."""
    changed = scenario.load(MIXED, {"fleets.support.calls.mean": 3})
    assert [fleet.calls.mean for fleet in changed.fleets] == [3, 0, 12, 0]
    with pytest.raises(DeclarationError, match=r"fleets\.0\.calls\.mean: .* not -1"):
        scenario.load(MIXED, {"fleets.support.calls.mean": -1})


@pytest.mark.parametrize(("name", "stem"), KINDS.items())
def test_the_mixed_organisation_does_the_work_of_its_four(name, stem):
    """Each fleet of the mixed scenario has the figures, the teams and the kinds of work of the scenario of its kind."""
    [part] = [part for part in scenario.load(MIXED).parts if part.name == name]
    own, figures = scenario.load(SCENARIOS / f"{stem}.toml"), part.figures
    for table in ("calls", "sub_agents", "long_jobs"):
        assert getattr(figures, table) == getattr(own, table)
    for table in ("arrivals", "writes", "tool_time", "think", "discovery"):
        assert getattr(figures, table).model_dump(exclude={"source"}) == getattr(own, table).model_dump(
            exclude={"source"}
        )
    assert [figures.teams[number].intents for number in part.teams] == [team.intents for team in own.teams]
    assert set(own.intents) <= set(figures.intents)


def test_principals_say_which_fleet_they_are_of():
    """Agents, abandoned ones too, and teams are of their fleet, everybody else of the whole scenario."""
    workload = generate(scenario.load(MIXED, {"window.hours": 1, "window.warm_up_hours": 1}), 1, 0)
    columns = dimensions(workload, "x")
    people = columns["principal"]
    found = {kind: set(people["fleet"][people["kind"] == kind]) for kind in ("agent", "team", "human", "service")}
    assert found == {"agent": set(KINDS), "team": set(KINDS), "human": {"mixed_midsize"}, "service": {"mixed_midsize"}}
    teams = people["fleet"][people["kind"] == "team"]
    agents = people["kind"] == "agent"
    places = (people["id"] & ((1 << ids.AGENT_BITS) - 1))[agents]
    assert len(places) > workload.agents
    assert list(people["fleet"][agents]) == [teams[place % len(teams)] for place in places]
