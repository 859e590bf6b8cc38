"""What the docs name is there: knobs, columns, measures, tests; and expected signs are about what exists."""

import importlib.util
import re
from pathlib import Path

import pytest

from analysis.comparison import COLUMNS
from analysis.measures.measure import measures
from sim.audit.store import Store
from sim.control.model import Control
from sim.scenario import Scenario

ROOT = Path(__file__).parent.parent
ROWS = [
    [cell.strip().strip("`") for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "checklist.md").read_text("utf-8").splitlines()
    if re.match(r"\| \d", line)
]
EXPECTED = re.findall(
    r"\| `(\w+)` \| `([\w.]+)=([^`]+)` \| `(\w+)` \| ([-+0]) \| (.+) \|",
    (ROOT / "docs" / "expectations.md").read_text("utf-8"),
)


def field(model, path):
    """The field of a model that a dotted key names, lists of tables included."""
    first, _, rest = path.partition(".")
    found = model.model_fields[first].annotation
    inner = next((part for part in getattr(found, "__args__", ()) if hasattr(part, "model_fields")), found)
    return field(inner, rest) if rest else found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[2]}")
def test_a_row_of_the_checklist_names_what_is_there(row):
    """Its knob, the column where the evidence shows, its measure and its test exist."""
    _, _, knob, column, measure, test = row
    within = knob.startswith("scenario.")
    assert field(Scenario if within else Control, knob.removeprefix("scenario.")) is not None
    table, name = column.split(".")
    with Store.in_memory() as store:
        assert name in store.connection.table(f"fact.{table}").columns
    assert measure in {each.name for each in measures()}
    path, function = test.split("::")
    assert re.search(rf"^def {function}\(", (ROOT / path).read_text("utf-8"), re.MULTILINE)


def test_every_expected_sign_is_about_a_quantity_and_has_a_reason():
    """The page that is checked by `make expectations` holds rows, each about a quantity of the first screen."""
    quantities = {column.key for column in COLUMNS}
    assert len(EXPECTED) > 15
    assert {row[3] for row in EXPECTED} <= quantities
    assert all(len(row[5].split()) > 1 for row in EXPECTED)


def test_an_expectation_is_two_sided():
    """A plus wants the whole interval above zero, a minus below, a zero wants it to hold zero."""
    spec = importlib.util.spec_from_file_location("expectations", ROOT / "docs" / "expectations.py")
    page = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(page)
    assert [tuple(vars(each).values())[1:] for each in page.expectations()] == [row[:5] for row in EXPECTED]
    scenarios = {path.stem for path in (ROOT / "data" / "scenarios").iterdir()}
    assert {each.scenario for each in page.expectations()} <= scenarios
    above, below, around = ([1.0, 1.1, 0.9], [-1.0, -1.1, -0.9], [1.0, -1.0, 0.1])
    for sign, agreeing in (("+", above), ("-", below), ("0", around)):
        expected = page.Expectation("support_midsize", "per_task", "control.x", "1", "held", sign)
        found = [each for each in (above, below, around) if expected.holds(page.difference(each, [0.0] * 3, 1))]
        assert found == [agreeing]
