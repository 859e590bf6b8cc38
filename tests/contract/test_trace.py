"""A log rebuilt into a workload and run under its own control model gives the same facts, for every control model."""

from pathlib import Path

import pytest

from sim import scenario
from sim.audit.refusal import Refusal
from sim.audit.rows import Facts, Kind, Need, Reason
from sim.audit.store import Store
from sim.audit.verify import verify
from sim.control import model, platform
from sim.control.platform import terms_on
from sim.experiment import Plan, carry_out
from sim.reference.run import simulate
from sim.workload.fleet import generate
from sim.workload.trace import rebuild

DATA = Path(__file__).parents[2] / "data"
CONTROLS = sorted((DATA / "controls").glob("*.toml"))
# What an agent reaches for astray is no intention that a log could give back.
SHORT = {
    "start": "2026-01-05T08:00:00Z", "window.warm_up_hours": 1, "window.hours": 3, "fleet.agents": 4, "drift.share": 0,
}  # fmt: skip
HONEST = {**SHORT, "incidents.t1b.count": 0}


def _logged(control, settings, profile="full"):
    """The facts of a run as the engine left them, and a store that holds its log."""
    asked = scenario.load(DATA / "scenarios" / "support_midsize.toml", settings)
    known = model.load(control, {"logging.profile": profile})
    plan = Plan(asked, (known,), 1, seed=11, processes=1)
    store = Store.in_memory()
    (key,) = carry_out(plan, store, lambda _done, _of: None)
    return asked, known, store, key, simulate(generate(asked, 11, 0), known)


@pytest.mark.parametrize("name", ["standing_key", "per_task", "tiered"])
def test_a_log_of_several_platforms_gives_the_same_facts(name):
    """A run on platforms, rebuilt from its log, gives the same events and credentials on the same terms."""
    asked = scenario.load(DATA / "scenarios" / "support_on_platforms.toml", HONEST)
    on = {each.platform: platform.load(DATA / "platforms" / f"{each.platform}.toml") for each in asked.systems}
    known = model.load(DATA / "controls" / f"{name}.toml", {"logging.profile": "full"})
    with Store.in_memory() as store:
        (key,) = carry_out(Plan(asked, (known,), 1, seed=11, processes=1, platforms=on), store, lambda *_: None)
        trace = rebuild(store, key, asked)
        broken = [finding for finding in verify(store) if finding.broken]
    first, second = (simulate(each, known, terms_on(known, on)) for each in (generate(asked, 11, 0), trace.workload))
    assert broken == []
    assert len({credential.kind for credential in first.credentials}) > 1
    assert first.events == second.events
    assert set(first.credentials) == set(second.credentials)


def _known(facts: Facts) -> set[Need]:
    """Needs without what no log says: how long a refused action would have taken, and what was never asked for."""
    asked = {event.action for event in facts.events}
    return {n if n.met else n._replace(ends=n.starts) for n in facts.needs if n.action in asked}


@pytest.mark.parametrize("control", CONTROLS, ids=lambda path: path.stem)
def test_a_rebuilt_log_gives_the_same_facts(control):
    """Every table of the second run equals that of the first, row by row."""
    asked, known, store, key, first = _logged(control, HONEST)
    with store:
        trace = rebuild(store, key, asked)
    second = simulate(trace.workload, known)
    assert trace.unexplained == 0
    assert first.events == second.events
    for table in ("credentials", "acceptances", "outcomes", "trusts", "approvals", "edges"):
        assert set(getattr(first, table)) == set(getattr(second, table)), table
    assert _known(first) == _known(second)
    assert first.scope_sets == second.scope_sets


@pytest.mark.parametrize("then", ["finish", "end"])
def test_a_log_tells_who_was_left_to_run(then):
    """Sub-agents that outlived their parents, or were stopped with them, do so again where the log is run again."""
    left = {"sub_agents.share": 0.6, "sub_agents.detached": 0.7}
    asked = scenario.load(DATA / "scenarios" / "support_midsize.toml", HONEST | left)
    known = model.load(DATA / "controls" / "per_task.toml", {"delegation.on_parent_end": then})
    with Store.in_memory() as store:
        (key,) = carry_out(Plan(asked, (known,), 1, seed=11, processes=1), store, lambda *_: None)
        trace = rebuild(store, key, asked)
        broken = [finding for finding in verify(store) if finding.broken]
    first, second = simulate(generate(asked, 11, 0), known), simulate(trace.workload, known)
    why = {event.reason for event in first.events if event.kind == Kind.TASK_END}
    assert (Reason.PARENT_ENDED in why) == (then == "end")
    assert broken == []
    assert first.events == second.events
    assert set(first.outcomes) == set(second.outcomes)


def test_another_control_model_on_the_rebuilt_log_meets_the_same_work():
    """The log of one model, run under another, asks for the same actions as simulating that other directly."""
    asked, _, store, key, _ = _logged(DATA / "controls" / "standing_key.toml", HONEST)
    other = model.load(DATA / "controls" / "per_action.toml")
    with store:
        replayed = simulate(rebuild(store, key, asked).workload, other)
    direct = simulate(generate(asked, 11, 0), other)
    assert len(direct.needs) > 300
    assert {need.action for need in direct.needs} == {need.action for need in replayed.needs}


def test_uses_that_no_call_explains_are_counted():
    """What an attacker did with a stolen key is in the log but is nobody's intention."""
    asked, _, store, key, first = _logged(DATA / "controls" / "standing_key.toml", SHORT)
    with store:
        trace = rebuild(store, key, asked)
    assert trace.unexplained == len(first.steps) > 0


def test_a_log_without_calls_is_refused():
    """A profile that drops tasks and calls leaves nothing to rebuild a workload from, and the message says so."""
    asked, _, store, key, _ = _logged(DATA / "controls" / "per_task.toml", SHORT, profile="cloud_audit")
    with store, pytest.raises(Refusal, match="names no tasks or no calls"):
        rebuild(store, key, asked)


def test_an_unknown_run_is_refused():
    """Asking for a run that is not there names it."""
    asked, _, store, _, _ = _logged(DATA / "controls" / "per_task.toml", SHORT)
    with store, pytest.raises(Refusal, match="no run 99"):
        rebuild(store, 99, asked)
