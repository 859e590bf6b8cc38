"""What every bundled scenario, control model and platform must keep, and every figure in it."""

import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from sim import scenario
from sim.audit import ids
from sim.audit.store import Store
from sim.control import model, platform
from sim.declaration import validated
from sim.reference.clock import Phase
from sim.toml import DeclarationError, content
from sim.workload.fleet import generate

DATA = Path(__file__).parents[2] / "data"
SCENARIOS = sorted((DATA / "scenarios").glob("*.toml"))
CONTROLS = sorted((DATA / "controls").glob("*.toml"))
PLATFORMS = sorted((DATA / "platforms").glob("*.toml"))
KIND = {"scenarios": scenario.Scenario, "controls": model.Control, "platforms": platform.Platform}
PLACEHOLDERS = ("todo", "tbd", "fixme", "xxx", "unknown", "n/a")


def _each(value, path=()):
    """Every table and list of a file, with the keys that lead to it."""
    if isinstance(value, dict):
        yield path, value
    for key, below in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from _each(below, (*path, key))


@cache
def said_in(file):
    """What a file says, with what it extends; read once, for it has hundreds of tables."""
    return content(file, {})


@cache
def tables_of(file):
    """Every table in it, by the keys that lead there."""
    return dict(_each(said_in(file)))


SOURCED = [
    pytest.param(file, path, id=f"{file.stem}:{'.'.join(map(str, path))}")
    for file in (*SCENARIOS, *CONTROLS, *PLATFORMS)
    for path, table in tables_of(file).items()
    if "source" in table
]


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_bundled_scenario_validates(path):
    """A bundled scenario is valid and named after its file."""
    assert scenario.load(path).name == path.stem


@pytest.mark.parametrize("path", CONTROLS, ids=lambda path: path.stem)
def test_every_bundled_control_model_validates(path):
    """A bundled control model is valid, named after its file, and is logged in a profile that the store knows."""
    control = model.load(path)
    with Store.in_memory() as store:
        profiles = {name for (name,) in store.rows("SELECT name FROM fact.log_profile")}
    assert control.name == path.stem
    assert control.logging.profile in profiles


@pytest.mark.parametrize("path", [*SCENARIOS, *CONTROLS, *PLATFORMS], ids=lambda path: path.stem)
def test_every_number_has_a_source(path):
    """A number or a list of numbers stands in a table that says where it comes from."""
    tables = [(where, table) for where, table in _each(tomllib.loads(path.read_text("utf-8"))) if where]
    unsourced = [where for where, table in tables if "source" not in table and any(map(_is_figure, table.values()))]
    assert unsourced == []


def _is_figure(value):
    return type(value) in {int, float} or (isinstance(value, list) and any(map(_is_figure, value)))


@pytest.mark.parametrize(("path", "where"), SOURCED)
def test_a_figure_without_a_source_is_refused(path, where):
    """Taking a source away is refused in one line that names the table; so is one that says nothing."""
    for source in (None, "assumed: ", "guess"):
        with pytest.MonkeyPatch.context() as changed:
            changed.delitem(tables_of(path)[where], "source")
            if source is not None:
                changed.setitem(tables_of(path)[where], "source", source)
            with pytest.raises(DeclarationError, match=r"\.".join(map(str, where)) + r"\.source: .") as refusal:
                validated(KIND[path.parent.name], {"name": path.stem, **said_in(path)}, path.stem)
        assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(("path", "where"), SOURCED)
def test_every_source_says_something(path, where):
    """A source is at least three words, none of them a placeholder."""
    words = tables_of(path)[where]["source"].removeprefix("assumed:").lower().split()
    assert len(words) >= 3
    assert not set(words) & set(PLACEHOLDERS)


@pytest.mark.parametrize(
    ("opens", "closes"), [("approvers.opens", "approvers.closes"), ("arrivals.peak_opens", "arrivals.peak_closes")]
)
def test_hours_that_end_before_they_begin_are_refused(opens, closes):
    """Hours that close before they open are refused in one line that names the table."""
    for first, last in ((22, 7), (9, 9)):
        with pytest.raises(DeclarationError, match=opens.partition(".")[0]) as refusal:
            scenario.load(SCENARIOS[0], {opens: first, closes: last})
        assert "\n" not in str(refusal.value)


def test_phases_have_the_order_of_the_model():
    """At one instant: expiry, revocation, policy change, review, completion, grant, request, use."""
    order = ["expiry", "revocation", "policy_change", "review", "completion", "grant", "request", "use"]
    assert [phase.name.lower() for phase in sorted(Phase)] == order


LOADED = {path.stem: scenario.load(path) for path in SCENARIOS}
DOMAINS = ("support", "software_delivery", "security_triage", "data_pipelines")
SIZES = ("startup", "midsize", "enterprise")
scenarios = pytest.mark.parametrize("name", LOADED)


def test_four_kinds_of_work_come_in_three_sizes():
    """Each kind of work is there for a startup, a mid-size company and an enterprise, and says so."""
    assert {f"{domain}_{size}" for domain in DOMAINS for size in SIZES} <= LOADED.keys()
    assert all(LOADED[f"{domain}_{size}"].size == size for domain in DOMAINS for size in SIZES)
    assert len({LOADED[f"{domain}_{size}"].domain for domain in DOMAINS for size in SIZES}) == len(DOMAINS)


@scenarios
def test_work_goes_across_systems(name):
    """Each kind of work needs at least two systems, each team at least three, of which each keeps its own log."""
    said = LOADED[name]
    system = {group.name: group.system for group in said.groups}
    of_tool = {tool.name: system[tool.group] for tool in said.tools}
    touched = {kind.name: {of_tool[tool] for tool in kind.reads + kind.writes} for kind in said.intents}
    assert all(len(systems) >= 2 for systems in touched.values())
    assert all(len(set().union(*(touched[kind] for kind in team.intents))) >= 3 for team in said.teams)


@pytest.mark.parametrize("name", [f"{domain}_midsize" for domain in DOMAINS[1:]])
def test_privileged_actions_on_infrastructure_are_in_the_chain(name):
    """Some kind of work reads first, and then changes permissions on what is most sensitive."""
    said = LOADED[name]
    tier = {group.name: group.tier for group in said.groups}
    privileged = {tool.name for tool in said.tools if tool.level == "permissions" and tier[tool.group] == 3}
    assert any(privileged & set(kind.writes) and kind.reads for kind in said.intents)
    drawn = generate(scenario.load(DATA / "scenarios" / f"{name}.toml", {"window.hours": 24}), 1, 0)
    done = {drawn.atoms[atom] for atom in np.unique(drawn.actions.atom)}
    assert any(atom.level == "permissions" and atom.tier == 3 for atom in done)


@scenarios
def test_warm_up_outlasts_sessions(name):
    """Three times the longest lifetime of any bundled credential that ends, a day at least; and the file says why."""
    lifetimes = [model.load(path).lifetime.ttl_s for path in CONTROLS]
    longest = max(ttl for ttl in lifetimes if ttl != "never")
    window = LOADED[name].window
    assert window.warm_up_hours >= max(24, 3 * longest / 3600)
    assert "warm up" in window.source


@scenarios
def test_nobody_is_asked_for_more_than_they_can_do(name):
    """Neither agents nor approvers are offered as much work as they can do, on average over the window.

    For approvers that is every change of something of tier 3, asked for once, over their opening hours in it.
    """
    said = LOADED[name]
    drawn = generate(said, 1, 0)
    arrival = dict(zip(drawn.tasks.id.tolist(), drawn.tasks.arrival.tolist(), strict=True))
    roots = ids.root_of(ids.task_of(drawn.actions.id))
    inside = np.array([drawn.t0 <= arrival[root] < drawn.t1 for root in roots.tolist()])
    work = (drawn.actions.think + drawn.actions.duration)[inside].sum()
    agents = work / (drawn.t1 - drawn.t0) / said.fleet.agents / said.fleet.concurrency
    changing = {"tagging", "write", "permissions"}
    gated = [atom.tier == 3 and atom.level in changing for atom in drawn.atoms]
    asked = np.array(gated)[drawn.actions.atom][inside].sum()
    desk = said.approvers
    open_s = desk.staff * (desk.closes - desk.opens) * 3600 * said.window.hours / 24
    mean_s = desk.inspection_median_s * np.exp(desk.inspection_sigma**2 / 2)
    assert 0.001 < agents < 0.75
    assert 0.001 < asked * mean_s / open_s < 0.75
