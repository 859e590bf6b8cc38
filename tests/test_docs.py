"""What the docs name is there: knobs, columns, measures, tests; and expected signs are about what exists."""

import importlib.util
import re
from dataclasses import replace
from pathlib import Path

import pytest

import outlive
from analysis.comparison import COLUMNS, SUPPORTING
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
    (ROOT / "docs" / "expectations.md").read_text("utf-8").partition("## What came out otherwise")[0],
)


# What a run is told of beside its evidence: how its log is seen, and what was assumed.
ABOUT_RUNS = {"log_profile", "assumption", "split_step"}


def columns_of(store, schema, table):
    """The columns of a table of facts, or of a view of the truth, which has whatever any evidence has."""
    return store.connection.table(f"{schema}.{table}").columns


def field(model, path):
    """The field of a model that a dotted key names, lists of tables included."""
    first, _, rest = path.partition(".")
    found = model.model_fields[first].annotation
    inner = next((part for part in getattr(found, "__args__", ()) if hasattr(part, "model_fields")), found)
    return field(inner, rest) if rest else found


@pytest.fixture(scope="module")
def store():
    """A store with nothing in it."""
    with Store.in_memory() as empty:
        yield empty


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[2]}")
def test_a_row_of_the_checklist_names_what_is_there(row, store):
    """Its knob, the column where the evidence shows, its measure and its test exist."""
    _, _, knob, column, measure, test = row
    within = knob.startswith("scenario.")
    assert field(Scenario if within else Control, knob.removeprefix("scenario.")) is not None
    table, name = column.split(".")
    assert name in columns_of(store, "fact" if table in ABOUT_RUNS else "truth", table)
    assert measure in {each.name for each in measures()}
    path, function = test.split("::")
    assert re.search(rf"^def {function}\(", (ROOT / path).read_text("utf-8"), re.MULTILINE)


def test_every_expected_sign_is_about_a_quantity_and_has_a_reason():
    """The page that is checked by `make expectations` holds rows, each about a quantity of the first screen."""
    quantities = {column.key for column in (*COLUMNS, *SUPPORTING)}
    assert len(EXPECTED) > 15
    assert {row[3] for row in EXPECTED} <= quantities
    assert all(len(row[5].split()) > 1 for row in EXPECTED)


def page_of(name):
    """The program beside a page of the docs."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    page = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(page)
    return page


def table(name):
    """Cells of every row of the tables of a page, without those that head them."""
    text = (ROOT / "docs" / f"{name}.md").read_text("utf-8")
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| ") and "---" not in line]
    return [[cell.strip() for cell in row] for row in rows][1:]


def test_the_page_of_presets_has_every_model_on_every_axis():
    """One table says of each bundled control model what it sets where they differ, and each has its section."""
    listed = outlive.controls()
    axes = ["unit", "authority", "lifetime", "decision", "revocation", "approval", "binding", "bootstrap", "delegation"]
    expected = [[f"`{row['name']}`", *(row[axis] for axis in axes)] for row in listed.to_dict("records")]
    assert table("presets") == expected
    text = (ROOT / "docs" / "presets.md").read_text("utf-8")
    assert f"| model | {' | '.join(axes)} |" in text
    sections = re.findall(r"^## (\w+)$", text, re.MULTILINE)
    assert sorted(sections) == list(listed["name"])
    assert text.count("*Real configuration.*") == text.count("*What it cannot have.*") == len(sections)


def test_the_page_of_expectations_is_what_is_checked():
    """Each row is read as it stands, names a scenario there is, and what came out otherwise is about such a row."""
    page = page_of("expectations")
    assert [tuple(vars(each).values())[1:] for each in page.expectations()] == [row[:5] for row in EXPECTED]
    scenarios = {path.stem for path in (ROOT / "data" / "scenarios").iterdir()}
    assert {each.scenario for each in page.expectations()} <= scenarios
    _, _, told = (ROOT / "docs" / "expectations.md").read_text("utf-8").partition("## What came out otherwise")
    assert len(page.otherwise()) == len(re.findall(r"^\| `", told, re.MULTILINE)) > 0
    assert all(each.sign != came for each, came in page.otherwise().items())


@pytest.mark.parametrize(
    ("came", "replicates"),
    [
        ("+", [1.0, 1.1, 0.9]), ("-", [-1.0, -1.1, -0.9]), ("?", [1.0, -1.0, 0.1]),
        ("0", [0.01, -0.01, 0.0]), ("+0", [0.01, 0.011, 0.01]), ("-0", [-0.01, -0.011, -0.01]),
    ],
)  # fmt: skip
def test_an_outcome_is_two_sided(came, replicates):
    """A sign wants the whole interval on its side of zero, none wants it near zero; both may hold, or neither."""
    page = page_of("expectations")
    assert page.outcome(page.interval(replicates), 1.0) == came


@pytest.mark.parametrize(
    ("said", "came", "sign", "told"),
    [
        ("as expected", "+", "+", None), ("as expected", "+0", "+", None), ("as expected", "+0", "0", None),
        ("OTHERWISE", "-0", "+", None), ("OTHERWISE", "?", "0", None),
        ("explained", "?", "0", "?"), ("explained", "-", "0", "-"), ("OTHERWISE", "0", "0", "-"),
    ],
)  # fmt: skip
def test_a_row_is_as_expected_if_its_sign_is_among_what_came_out(said, came, sign, told):
    """A small difference has a sign and is none; what the page says of a row is held to as strictly as a row."""
    assert page_of("expectations").verdict(came, sign, told) == said


def test_rows_can_be_run_alone_and_otherwise(monkeypatch, capsys):
    """Only those with a text in change and quantity, with as many replications and what else is set as asked."""
    page, ran = page_of("expectations"), []
    monkeypatch.setattr(
        page, "changed", lambda *row: ran.append(row) or {"held": (page.interval([1.0, 1.1, 0.9]), 1.0)}
    )
    arguments = [
        "--rows",
        "per_task control.revocation.on=never held",
        "--replicates",
        "40",
        "--set",
        "scenario.a.b=x=1",
    ]
    assert page.main(arguments) == 0
    runs = page.Runs(40, (("scenario.a.b", "x=1"),))
    assert ran == [
        (scenario, "per_task", "control.revocation.on", "never", runs)
        for scenario in ("support_midsize", "data_pipelines_midsize")
    ]
    assert capsys.readouterr().out.count("as expected") == 2
    with pytest.raises(SystemExit):
        page.main(["--rows", "no_such_knob"])
    assert "no row has 'no_such_knob'" in capsys.readouterr().err


def test_the_held_out_figures_are_those_that_are_printed():
    """Each row of the page is what its program prints of the figures in it: published, found, and the verdict."""
    facts, shown = page_of("stylised_facts").FACTS, table("stylised_facts")
    assert {fact.number for fact in facts} == set(range(1, 11))
    numbers = [[float(each) for each in re.findall(r"\d+\.\d", row[2])] if row[3] else [] for row in shown]
    found = [[tuple(each[n : n + 3]) for n in range(0, len(each), 3)] for each in numbers]
    printed = [fact.line(values).strip("|").split("|") for fact, values in zip(facts, found, strict=True)]
    assert [[cell.strip() for cell in row] for row in printed] == shown


def test_a_held_out_figure_is_measured_or_says_why_not():
    """Each names a measure that lies beside the page, or what the model lacks; a verdict is two-sided."""
    page = page_of("stylised_facts")
    measures_there = {path.stem for path in (ROOT / "docs" / "stylised_facts").glob("*.sql")}
    assert {fact.measure for fact in page.FACTS} == {*measures_there, ""}
    assert all(bool(fact.measure) != bool(fact.why) for fact in page.FACTS)
    fact = next(fact for fact in page.FACTS if fact.part == "kinds")
    inside = (95.0, 94.0, 96.0)
    verdicts = {
        (90, 91.9): "disagrees", (90, 92.1): "not settled", (92, 99): "agrees", (98, 99.1): "not settled",
        (99.1, 100): "disagrees",
    }  # fmt: skip
    assert {span: fact.verdict([inside, (0.0, *span)]) for span in verdicts} == verdicts


def test_what_happens_in_one_window_of_many_happens_in_a_year():
    """In a year of two windows to as many firms as in one, or, if by chance, to all but the square of the others."""
    fact = replace(page_of("stylised_facts").FACTS[0], windows=2)
    assert [fact.of_all(share, share) for share in (0, 50, 100)] == [(0, 0), (50, 75), (100, 100)]


def test_the_page_of_what_a_log_tells_rightly_is_what_is_printed():
    """It defines each column as the table and `explain` do."""
    assert (ROOT / "docs" / "ablation.md").read_text("utf-8") == page_of("ablation").page()


def test_the_page_of_assumptions_is_what_is_printed():
    """It says of each range and of each reason for none what the file says."""
    assert (ROOT / "docs" / "assumptions.md").read_text("utf-8") == page_of("assumptions").page()


def test_every_control_model_has_its_page():
    """Each bundled control model says what it is, what it stands for and what it cannot have."""
    sections = re.split(r"^## ", (ROOT / "docs" / "presets.md").read_text("utf-8"), flags=re.MULTILINE)[1:-1]
    bundled = {path.stem for path in (ROOT / "data" / "controls").glob("*.toml")}
    assert {section.splitlines()[0] for section in sections} == bundled
    assert all("*Real configuration.*" in each and "*What it cannot have.*" in each for each in sections)


def test_the_table_of_scenarios_is_what_is_printed():
    """Each scenario has its row, as its program prints it, and nobody in it is asked for more than they can do."""
    page, shown = page_of("scenarios"), (ROOT / "docs" / "scenarios.md").read_text("utf-8").splitlines()
    rows = [line for line in shown if line.startswith("| `")]
    assert rows == [page.row(path.stem) for path in sorted((ROOT / "data" / "scenarios").glob("*.toml"))]
    busy = [float(cell.strip(" %")) for row in rows for cell in row.strip("|").split("|")[-2:]]
    assert 1 <= min(busy) <= max(busy) < 75


def test_every_measure_has_its_page():
    """Each as it would be made now, from the measure's header, the checklist and what was worked by hand."""
    kept = {path.name: path.read_text("utf-8") for path in (ROOT / "docs" / "measures").glob("*.md")}
    made = page_of("measures").pages()
    assert {name for name in kept.keys() | made.keys() if kept.get(name) != made.get(name)} == set()
    assert {f"{measure.name}.md" for measure in measures()} < set(made)


@pytest.mark.parametrize("title", ["Assumes", "What is unfinished at the window's end"])
def test_each_statement_of_a_header_is_a_line_of_its_own(title):
    """On the page of each measure both sections are lists, in which nothing is said in a row."""
    for name, text in page_of("measures").pages().items():
        if name != "README.md":
            lines = text.partition(f"## {title}\n\n")[2].partition("\n\n")[0].splitlines()
            assert lines
            assert all(line.startswith("* ") and "; " not in line for line in lines), name


# A log of calls, one of issues, one of agents and one that is refused, always; the others where there is time.
ALWAYS = ("aws-cloudtrail-invictus", "spire-logs", "agents-inspect-eval", "workload-llm")
PUBLISHED = page_of("real_logs")


@pytest.mark.parametrize(
    "folder",
    [pytest.param(folder, marks=() if folder in ALWAYS else pytest.mark.soak) for folder in PUBLISHED.NAMES],
)
def test_the_page_of_published_logs_has_what_became_of_them(real, monkeypatch, folder):
    """Its table is what an ingest of each published data set says of its records."""
    monkeypatch.setattr(PUBLISHED, "NAMES", {folder: PUBLISHED.NAMES[folder]})
    head, _, *rows = PUBLISHED.table(real).splitlines()
    page = (ROOT / "docs" / "real_logs.md").read_text("utf-8").splitlines()
    assert rows
    assert [line for line in page if line in (head, *rows)] == [head, *rows]
