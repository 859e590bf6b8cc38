"""Every bundled control model in every bundled scenario: the rules hold, and so do the invariants of the store."""

from functools import cache
from pathlib import Path

import pytest

from outlive.compare import platforms_of
from sim import experiment, scenario
from sim.audit.rows import Gate
from sim.audit.store import Store
from sim.audit.verify import verify
from sim.control import model
from sim.control.platform import terms_on
from sim.experiment import Plan, carry_out
from sim.reference.run import simulate
from sim.workload.fleet import generate
from tests.property.rules import Run, broken_rules

DATA = Path(__file__).parents[2] / "data"
SCENARIOS = sorted((DATA / "scenarios").glob("*.toml"))
CONTROLS = [model.load(path) for path in sorted((DATA / "controls").glob("*.toml"))]
# A Monday morning, while pipelines still run and people already ask; a process is broken into.
SMALL = {
    "start": "2026-01-05T08:00:00Z", "window.warm_up_hours": 0.5, "window.hours": 1, "arrivals.per_agent_day": 60,
    "incidents.t1b.detection_median_s": 900,
}  # fmt: skip


def small(path):
    """A scenario cut down to an hour, and to one agent a team."""
    teams = len(scenario.load(path).teams)
    return scenario.load(path, {**SMALL, "fleet.agents": teams})


@cache
def work(path):
    """The work of a scenario."""
    return generate(small(path), 2, 0)


@cache
def simulated(path, control):
    """What a control model leaves in a scenario."""
    workload = work(path)
    terms = terms_on(control, platforms_of(workload.scenario))
    return Run(workload, control, simulate(workload, control, terms), terms)


def turn(path, models):
    """So many control models, in each scenario others: between them, every one has its turn."""
    place = SCENARIOS.index(path) * 2
    return tuple(CONTROLS[(place + n) % len(CONTROLS)] for n in range(models))


# Of the control models some in each scenario, all where there is time.
SOME = pytest.mark.parametrize("models", [2, pytest.param(len(CONTROLS), marks=pytest.mark.soak)])


@SOME
@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_control_model_runs_in_every_scenario(path, models):
    """No rule of the model is broken, whatever the work and the size."""
    workload = work(path)
    runs = {control.name: simulated(path, control) for control in turn(path, models)}
    assert {name: broken_rules(run) for name, run in runs.items()} == {name: {} for name in runs}
    assert len(workload.actions.id) > 50
    assert len(set(workload.tasks.intent.tolist())) > 1


def test_no_two_control_models_are_the_same():
    """Each bundled model sets some knob, its log aside, as no other does."""
    said = [{key: knobs for key, knobs in each.without_logging().items() if key != "name"} for each in CONTROLS]
    unsourced = [
        [(section, knob, value) for section, table in each.items() for knob, value in table.items() if knob != "source"]
        for each in said
    ]
    assert len({tuple(sorted(map(repr, each))) for each in unsourced}) == len(CONTROLS)


def test_no_rule_refuses_by_chance():
    """What is legitimate is refused at random only by a classifier, and no bundled model decides by one."""
    assert {each.name: each.decision.false_denial for each in CONTROLS if each.gate is not Gate.CLASSIFIER} == {
        each.name: 0.0 for each in CONTROLS
    }


@pytest.mark.parametrize(
    ("scenarios", "models"),
    [(SCENARIOS[::2], 2), pytest.param(SCENARIOS, len(CONTROLS), marks=pytest.mark.soak)],
    ids=["in turns", "all"],
)
def test_every_store_keeps_its_rules(monkeypatch, scenarios, models):
    """The runs of control models in scenarios, in one store, break no invariant: of all, or in turns of some."""
    with Store.in_memory() as store:
        for path in scenarios:
            done = {control.name: simulated(path, control).facts for control in turn(path, models)}
            said = small(path)
            monkeypatch.setattr(experiment, "simulate", lambda _, control, *__, done=done: done[control.name])
            plan = Plan(said, turn(path, models), replicates=1, seed=2, processes=1, platforms=platforms_of(said))
            carry_out(plan, store, lambda _done, _of: None)
        told = store.rows("SELECT count(*), count(DISTINCT control) FROM fact.run")
        assert told == [(len(scenarios) * models, len(CONTROLS))]
        assert {finding.rule: finding.example for finding in verify(store) if finding.broken} == {}
