"""Figures of scenarios and control models are numbers that can be reckoned with; any other is refused in one line."""

import math
import re
from pathlib import Path

import pytest

from sim import scenario
from sim.audit import ids
from sim.control import model
from sim.declaration import CENTURY_S
from sim.toml import DeclarationError, content
from sim.workload.fleet import generate

DATA = Path(__file__).parents[2] / "data"
SCENARIO = DATA / "scenarios" / "support_midsize.toml"
CONTROL = DATA / "controls" / "per_task.toml"
FIGURES = {
    f"{section}.{key}": value
    for section, table in content(SCENARIO, {}).items()
    if isinstance(table, dict)
    for key, value in table.items()
    if type(value) in {int, float}
}
COUNTS = {
    "fleet.agents", "fleet.concurrency", "arrivals.peak_opens", "arrivals.peak_closes", "calls.cap", "sub_agents.cap",
    "sub_agents.depth", "response.attempts", "approvers.staff", "approvers.opens", "approvers.closes",
    *(key for key in FIGURES if key.startswith("weights.")),
}  # fmt: skip
ENDLESS = [math.inf, -math.inf, math.nan]
HUGE = [10**30, 10**5000, 1e300]
NO_NUMBERS = [True, False, "12", "inf", None, [1], {"a": 1}]


def refused(load, key, value, shown=None):
    """The refusal of a setting: one short line that names the file and the key."""
    with pytest.raises(DeclarationError, match=rf"\.toml: {re.escape(shown or key)}: .") as refusal:
        load({key: value})
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 300
    return str(refusal.value)


def simulated(settings):
    """The bundled scenario with other figures."""
    return scenario.load(SCENARIO, settings)


def controlled(settings):
    """A bundled control model with other figures."""
    return model.load(CONTROL, settings)


@pytest.mark.parametrize("key", FIGURES)
def test_every_figure_of_a_scenario_is_a_bounded_number(key):
    """Neither infinity nor a number beyond what can be reckoned with, nor a truth value or a text, is a figure."""
    for value in (*ENDLESS, *HUGE, *NO_NUMBERS):
        refused(simulated, key, value)


@pytest.mark.parametrize("key", sorted(COUNTS))
def test_a_count_is_no_fraction(key):
    """A count with a fraction is refused, be it of nothing."""
    assert "valid integer" in refused(simulated, key, float(FIGURES[key]))
    refused(simulated, key, FIGURES[key] + 0.5)


@pytest.mark.parametrize("key", sorted(set(FIGURES) - COUNTS))
def test_a_measured_figure_may_be_whole(key):
    """Whoever writes 1 for 1.0 is understood."""
    assert simulated({key: 1, **({"past.rotation_days": 30} if key.startswith("past.rotation") else {})})


@pytest.mark.parametrize("key", ["lifetime.ttl_s", "lifetime.maximum_s", "approval.from_tier"])
@pytest.mark.parametrize("value", [*ENDLESS, *HUGE, *NO_NUMBERS, 0, -1, 60.0, "ever"], ids=type)
def test_every_knob_with_a_number_is_bounded(key, value):
    """Seconds are whole and within a century, a tier is one of three; or the word never stands there."""
    assert 'or "never"' in refused(controlled, key, value)


@pytest.mark.parametrize("key", ["decision.false_denial", "decision.adversarial_stop"])
@pytest.mark.parametrize("value", [*ENDLESS, *HUGE, *NO_NUMBERS, 1.1, -0.1], ids=type)
def test_every_chance_of_a_control_model_is_a_share(key, value):
    """From nothing to one."""
    refused(controlled, key, value)


def test_the_refusal_names_the_value_and_what_is_allowed():
    """The value is told as it was written, a long one by its beginning; so is the bound."""
    assert refused(simulated, "fleet.agents", 10**9).endswith("less than or equal to 131072, not 1000000000")
    assert "not 1000000000000000000" in refused(simulated, "calls.mean", 10**18)
    assert refused(simulated, "fleet.agents", 10**70).endswith("000...")
    assert refused(simulated, "fleet.agents", 10**5000).endswith("not an integer of thousands of digits")
    assert refused(controlled, "lifetime.ttl_s", 1e300).endswith(
        'whole seconds, 1 to 3155760000 (a century), or "never", not 1e+300'
    )


@pytest.mark.parametrize(
    "value", [5, 1e300, True, "5", "1700000000", "noon", "2026-01-05", "0001-01-01T00:00:00Z", "9999-12-31T23:00:00Z"]
)
def test_a_start_is_a_time_of_the_calendar(value):
    """A number is no time, and neither the beginning nor the end of the calendar leaves room for a window."""
    refused(simulated, "start", value)


def test_a_key_is_told_in_one_line():
    """A key that nobody knows is named, however odd or long it is, and what there is instead, the likeliest first."""
    assert ": no such key; there is " in refused(simulated, "a\nb", 1, r"'a\nb'")
    assert ": no such key; there is " in refused(simulated, "a" * 5000, 1, "'" + "a" * 59 + "...")
    with pytest.raises(DeclarationError, match=r"no key 'fleet.a\\nb' to set; instead of 'a\\nb' there is agents, "):
        simulated({"fleet.a\nb": 1})
    with pytest.raises(DeclarationError, match=r"no key 'lifetime.ttl' to set; instead of 'ttl' there is ttl_s, "):
        controlled({"lifetime.ttl": 1})
    with pytest.raises(DeclarationError, match=r"instead of 'lifetme' there is lifetime, .* and \d+ more$"):
        controlled({"lifetme.ttl_s": 1})


def test_a_strange_key_of_a_file_is_told_what_is_there(tmp_path):
    """In a file of the user's own a section's keys are listed too, without the strange ones."""
    own = tmp_path / "own.toml"
    own.write_text('extends = "per_task"\n[lifetime]\nttl = 60\nmax = 1\n', "utf-8")
    with pytest.raises(DeclarationError, match=r"lifetime.ttl: no such key; there is ttl_s, [^;]*$") as refusal:
        model.load(own, None, lambda name: CONTROL.with_name(f"{name}.toml"))
    assert " max," not in str(refusal.value)


def test_an_entry_of_a_list_is_set_by_its_name():
    """One of several systems or groups is named as it names itself; a name that is not there is refused."""
    changed = simulated({"systems.identity.revocation_lag_s": 7})
    [system] = [system for system in changed.systems if system.name == "identity"]
    assert system.revocation_lag_s == 7
    assert system.source.startswith("assumed: revocation_lag_s set by hand; otherwise ")
    with pytest.raises(DeclarationError, match=r"instead of 'nowhere' there is "):
        simulated({"systems.nowhere.revocation_lag_s": 7})


def test_a_truth_value_is_no_number():
    """Whether approvers work on weekends is true or false, not 1."""
    refused(simulated, "approvers.weekends", 1)


@pytest.mark.parametrize(
    "key", ["systems.0.revocation_lag_s", "groups.0.resources", "groups.0.tier", "intents.0.share"]
)
@pytest.mark.parametrize(
    "value", ["inf", "nan", "true", "'7'", "1e300", "0x" + "F" * 5000], ids=lambda value: value[:5]
)
def test_figures_in_lists_are_bounded_too(tmp_path, key, value):
    """The refusal names the place in the list."""
    table, _, knob = key.split(".")
    first = content(SCENARIO, {})[table][0]["name"]
    own = f"extends = '{SCENARIO}'\n[[{table}]]\nname = '{first}'\n{knob} = {value}\n"
    (tmp_path / "mine.toml").write_text(own, "utf-8")
    with pytest.raises(DeclarationError, match=rf"mine\.toml: {re.escape(key)}: .") as refusal:
        scenario.load(tmp_path / "mine.toml")
    assert len(str(refusal.value)) < 300


def test_an_agent_has_room_for_so_many_tasks():
    """Figures that are each allowed, and together need more identifiers than a task has, are refused before a run."""
    with pytest.raises(DeclarationError, match=r"per_agent_day and window: [\d,]+ root tasks .* 983,040 at most"):
        simulated({"arrivals.per_agent_day": 86400, "window.hours": 720})


def test_the_widest_figures_stay_within_their_numbers():
    """At the upper bounds of what lasts, every time is after the beginning and every identifier fits."""
    spans = ("think.median_s", "tool_time.median_s", "tool_time.slow_median_s", "tool_time.cap_s")
    lasts = dict.fromkeys(spans, CENTURY_S)
    wide = {"think.sigma": 10, "tool_time.sigma": 10, "calls.mean": 700, "calls.size": 1_000_000, "calls.cap": 2000}
    workload = generate(simulated({"stock.key_age_years": 100, "window.hours": 1, **lasts, **wide}), 1, 0)
    assert workload.actions.duration.min() >= 0
    assert workload.actions.think.min() >= 0
    assert workload.keys_since.max() <= workload.begins
    assert workload.tasks.id.max() < 1 << (ids.AGENT_BITS + ids.ROOT_BITS + ids.NODE_BITS)
    assert 680 < len(workload.actions.id) / len(workload.tasks.id) < 720


UNREADABLE = {
    "brackets": (b"fleet = " + b"[" * 5000, "nested too deeply"),
    "tables": (b"fleet = " + b"{a = " * 5000, "nested too deeply"),
    "long keys": (b"a." * 5000 + b"a = 1", "Field required"),
    "digits": (b"[fleet]\nagents = " + b"9" * 5000, "agents = 9999.*thousands of digits"),
    "UTF-16": ("title = 'x'".encode("utf-16"), "not UTF-8"),
    "Latin": ("title = 'é'".encode("latin-1"), "not UTF-8 at byte 9"),
    "prose": (b"not TOML", "not TOML: "),
}


@pytest.mark.parametrize("load", [scenario.load, model.load], ids=["scenario", "control"])
@pytest.mark.parametrize("case", UNREADABLE)
def test_a_file_that_cannot_be_read_is_refused(tmp_path, load, case):
    """In one line that names it, however deep, long or foreign it is."""
    content, match = UNREADABLE[case]
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    with pytest.raises(DeclarationError, match=rf"mine\.toml: .*{match}") as refusal:
        load(path)
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < len(str(path)) + 250


@pytest.mark.parametrize("load", [scenario.load, model.load], ids=["scenario", "control"])
def test_a_folder_and_what_is_not_there_are_refused(tmp_path, load):
    """In one line that names the path."""
    for path, reason in ((tmp_path, "Is a directory"), (tmp_path / "gone.toml", "No such file")):
        with pytest.raises(DeclarationError, match=f"{path}: {reason}"):
            load(path)


def test_more_people_than_there_are_is_refused():
    """Where two must agree and one person is there, no request would ever be answered."""
    tiered = model.load(DATA / "controls" / "tiered.toml", {"approval.people": 2})
    model.demand(tiered, simulated({"approvers.staff": 2}))
    with pytest.raises(
        DeclarationError, match=r"approval.people = 2 contradicts approvers.staff = 1 of support_midsize"
    ):
        model.demand(tiered, simulated({"approvers.staff": 1}))
    model.demand(model.load(CONTROL), simulated({"approvers.staff": 1}))


def test_a_policy_that_nobody_asks_is_refused():
    """Static keys are from before the run: a policy that is asked when agents are set up decides about none of them."""
    keys = (DATA / "controls" / "standing_key.toml", DATA / "policies")
    inert = model.load(keys[0], {"decision.policy": "plan_only"}, policies=keys[1])
    with pytest.raises(
        DeclarationError, match=r"decision.policy = plan_only contradicts issue.unit = standing.*request"
    ):
        model.demand(inert, simulated({}))


@pytest.mark.parametrize("value", [16**5000, 1e3, ["assumed"]], ids=["endless", "number", "list"])
def test_a_source_is_a_text(value):
    """Whatever else is set as one is refused, however long it is, and not written out first."""
    with pytest.raises(DeclarationError, match=r"window\.source: Input should be a valid string"):
        simulated({"window.source": value})
