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
    "start": "2026-01-05T08:00:00Z", "window.warm_up_hours": 1, "window.hours": 1.5, "fleet.agents": 4,
    "drift.share": 0,
}  # fmt: skip
CLOUD = {"logging.profile": "cloud_audit"}
HONEST = {**SHORT, "incidents.t1b.count": 0}


@pytest.fixture(scope="module")
def logged():
    """What was asked for, and a store that holds the log of each bundled control model, run by run."""
    asked = scenario.load(DATA / "scenarios" / "support_midsize.toml", HONEST)
    models = tuple(model.load(path, {"logging.profile": "full"}) for path in CONTROLS)
    with Store.in_memory() as store:
        keys = _carried_out(store, asked, models)
        yield asked, store, {path.stem: pair for path, *pair in zip(CONTROLS, models, keys, strict=True)}


def _carried_out(store, asked, models, platforms=None):
    """The run of each of these models."""
    return carry_out(Plan(asked, models, 1, seed=11, processes=1, platforms=platforms or {}), store, lambda *_: None)


def test_a_log_of_several_platforms_gives_the_same_facts():
    """A run on platforms, rebuilt from its log, gives the same events and credentials on the same terms."""
    asked = scenario.load(DATA / "scenarios" / "support_on_platforms.toml", HONEST)
    on = {each.platform: platform.load(DATA / "platforms" / f"{each.platform}.toml") for each in asked.systems}
    names = ("standing_key", "per_task", "tiered")
    models = tuple(model.load(DATA / "controls" / f"{name}.toml", {"logging.profile": "full"}) for name in names)
    with Store.in_memory() as store:
        traces = [rebuild(store, key, asked) for key in _carried_out(store, asked, models, on)]
        assert [finding for finding in verify(store) if finding.broken] == []
    work = generate(asked, 11, 0)
    for known, trace in zip(models, traces, strict=True):
        first, second = (simulate(each, known, terms_on(known, on)) for each in (work, trace.workload))
        assert len({credential.kind for credential in first.credentials}) > 1
        assert first.events == second.events
        assert set(first.credentials) == set(second.credentials)


def _known(facts: Facts) -> set[Need]:
    """Needs without what no log says: how long a refused action would have taken, and what was never asked for."""
    asked = {event.action for event in facts.events}
    return {n if n.met else n._replace(ends=n.starts) for n in facts.needs if n.action in asked}


@pytest.mark.parametrize("control", CONTROLS, ids=lambda path: path.stem)
def test_a_rebuilt_log_gives_the_same_facts(logged, control):
    """Every table of the second run equals that of the first, row by row."""
    asked, store, runs = logged
    known, key = runs[control.stem]
    trace = rebuild(store, key, asked)
    first, second = (simulate(work, known) for work in (generate(asked, 11, 0), trace.workload))
    assert trace.unexplained == 0
    assert first.events == second.events
    for table in ("credentials", "acceptances", "outcomes", "trusts", "approvals", "edges"):
        assert set(getattr(first, table)) == set(getattr(second, table)), table
    assert _known(first) == _known(second)
    assert first.scope_sets == second.scope_sets


def test_a_log_tells_who_was_left_to_run():
    """Sub-agents that outlived their parents, or were stopped with them, do so again where the log is run again."""
    left = {"sub_agents.share": 0.6, "sub_agents.detached": 0.7}
    asked = scenario.load(DATA / "scenarios" / "support_midsize.toml", HONEST | left)
    models = tuple(
        model.load(DATA / "controls" / "per_task.toml", {"delegation.on_parent_end": then})
        for then in ("finish", "end")
    )
    with Store.in_memory() as store:
        traces = [rebuild(store, *_carried_out(store, asked, (known,)), asked) for known in models]
        assert [finding for finding in verify(store) if finding.broken] == []
    for known, trace in zip(models, traces, strict=True):
        first, second = simulate(generate(asked, 11, 0), known), simulate(trace.workload, known)
        why = {event.reason for event in first.events if event.kind == Kind.TASK_END}
        assert (Reason.PARENT_ENDED in why) == (known.delegation.on_parent_end == "end")
        assert first.events == second.events
        assert set(first.outcomes) == set(second.outcomes)


def test_another_control_model_on_the_rebuilt_log_meets_the_same_work(logged):
    """The log of one model, run under another, asks for the same actions as simulating that other directly."""
    asked, store, runs = logged
    (_, key), (other, _) = runs["standing_key"], runs["per_action"]
    replayed = simulate(rebuild(store, key, asked).workload, other)
    direct = simulate(generate(asked, 11, 0), other)
    assert len(direct.needs) > 150
    assert {need.action for need in direct.needs} == {need.action for need in replayed.needs}


def test_uses_that_no_call_explains_are_counted(logged):
    """What an attacker did with a stolen key is in the log but is nobody's intention."""
    asked = scenario.load(DATA / "scenarios" / "support_midsize.toml", SHORT)
    _, store, runs = logged
    known, _ = runs["standing_key"]
    trace = rebuild(store, *_carried_out(store, asked, (known,)), asked)
    assert trace.unexplained == len(simulate(generate(asked, 11, 0), known).steps) > 0


def test_a_log_without_calls_is_refused(logged):
    """A profile that drops tasks and calls leaves nothing to rebuild a workload from, and the message says so."""
    asked, store, _ = logged
    (key,) = _carried_out(store, asked, (model.load(DATA / "controls" / "per_task.toml", CLOUD),))
    with pytest.raises(Refusal, match="names no tasks or no calls"):
        rebuild(store, key, asked)


def test_an_unknown_run_is_refused(logged):
    """Asking for a run that is not there names it."""
    asked, store, _ = logged
    with pytest.raises(Refusal, match="no run 99"):
        rebuild(store, 99, asked)
