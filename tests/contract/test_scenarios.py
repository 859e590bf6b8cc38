"""What every bundled scenario, control model and platform must keep, and every figure in it."""

import tomllib
from pathlib import Path

import pytest

from sim import scenario
from sim.audit.store import Store
from sim.control import model, platform
from sim.declaration import validated
from sim.reference.clock import Phase
from sim.toml import DeclarationError, content

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


SOURCED = [
    pytest.param(file, path, id=f"{file.stem}:{'.'.join(map(str, path))}")
    for file in (*SCENARIOS, *CONTROLS, *PLATFORMS)
    for path, table in _each(content(file, {}))
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
        said = content(path, {})
        table = dict(_each(said))[where]
        table.pop("source") if source is None else table.update(source=source)
        with pytest.raises(DeclarationError, match=r"\.".join(map(str, where)) + r"\.source: .") as refusal:
            validated(KIND[path.parent.name], {"name": path.stem, **said}, path.stem)
        assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(("path", "where"), SOURCED)
def test_every_source_says_something(path, where):
    """A source is at least three words, none of them a placeholder."""
    words = dict(_each(content(path, {})))[where]["source"].removeprefix("assumed:").lower().split()
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
