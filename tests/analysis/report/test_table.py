"""The first screen's table, for people, terminals, programs and spreadsheets."""

import csv
import io
import json
from dataclasses import replace
from math import inf

import pytest

from analysis.comparison import Observed
from analysis.lacks import NONE_SEEN
from analysis.report.records import as_csv, as_json
from analysis.report.table import differences, logs, neighbours, pairing, table
from analysis.report.terminal import as_text
from analysis.statistics import Interval, known
from tests.analysis.report.made import NAN, asking, baseline, cell, compared, cut, model, told

PAIR = (("one", 12.0), ("two", 7.0))
FIRST = baseline(revoke=cell("revoke", told(172_800.0, 1.0, most=inf), log_lo=1.5, log_hi=None))
HELD = cell(
    "held", told(22.0, 2.0), told(-2.0, 3.0), change=told(-0.1, 0.2), variance_ratio=2.5, log_lo=1.0, log_hi=24.0
)
QUICK = cell("revoke", told(90.0, 5.0), told(-inf, 9.0, most=-172_710.0), variance_ratio=5e6)
NOWHERE = cell("t1b", told(NAN), told(NAN), change=told(NAN), lack=NONE_SEEN)
LESS = cell("completed", told(99.5, 0.1), told(-0.5, 0.2), change=told(-0.005, 0.002))


@pytest.fixture
def bench():
    """A baseline, and a model with a cell of every sort."""
    return compared(
        FIRST, model("narrow", obtainable=cut(0.75, 6.0), held=HELD, revoke=QUICK, t1b=NOWHERE, completed=LESS)
    )


def entry(shown, key, line=-1):
    """A cell of a line by its key."""
    return next(each for each in shown.lines[line].entries if each.key == key)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("completed", ("99.5", "[99.4, 99.6]", "worse", "▼")),
        ("held", ("22", "[20, 24]", "alike", "≈")),
        ("obtainable", ("6.00", "[5.99, 6.01]", "better", "▼")),
        ("t1b", ("not shown", "", "unjudged", "?")),
        ("t2", ("80", "every run", "equal", "=")),
        ("revoke", ("90 s", "[85, 95]", "better", "▼")),
    ],
)
def test_a_cell_says_what_is_settled(bench, key, expected):
    """Value, interval and verdict; a sign shows the verdict without colour."""
    found = entry(table(bench), key)
    assert (found.value, found.interval, found.verdict, found.sign) == expected


def test_the_baseline_comes_first_and_is_not_judged(bench):
    """Its row is marked, and a limit that it only has is shown as a limit."""
    first = table(bench).lines[0]
    assert first.is_baseline
    assert {each.verdict for each in first.entries} == {"baseline"}
    assert entry(table(bench), "revoke", 0).value == "> 48 h"


def test_a_missing_value_has_a_reason(bench):
    """Not shown, and why: that which holds, and no other."""
    assert entry(table(bench), "t1b").meaning == NONE_SEEN.why
    assert table(bench).of_models.reasons == (f"Blast radius, token and key stolen (narrow): {NONE_SEEN.why}",)
    assert entry(differences(bench), "t1b").meaning == "there is no value to compare"


def test_headings_stand_under_three_roofs(bench):
    """Work, reach and cost; a time has its unit in the cell, so its heading only says what it is per."""
    shown = table(bench)
    assert shown.groups == (("Work", 1), ("What could be reached", 5), ("What it costs", 3))
    assert [heading.unit for heading in shown.headings if heading.key in {"revoke", "latency"}] == ["", "per task"]
    assert [heading.key for heading in shown.headings if heading.ranks] == ["obtainable"]


def test_a_limit_on_one_side_limits_the_difference(bench):
    """Differences have a sign, and one from a lower limit is at least so great."""
    shown = differences(bench)
    assert entry(shown, "revoke").value == "≤ −47.9 h"
    assert entry(shown, "t1b").value == "not shown"
    assert [entry(shown, key).value for key in ("obtainable", "completed", "t2")] == ["−18.0", "−0.5", "0"]


def test_what_pairing_achieved_is_told(bench):
    """A ratio of variances as it is, one beyond a thousand as such, none where nothing varies."""
    shown = pairing(bench)
    assert [entry(shown, key).value for key in ("held", "revoke", "t2")] == ["2.5", "> 1,000", "–"]


def test_what_pairing_did_not_achieve_is_left_out():
    """Models of which no ratio exceeds 1.1 are not listed; where there is none, there is no table."""
    level = cell("held", told(22.0, 2.0), told(-2.0, 3.0), variance_ratio=1.1)
    assert pairing(compared(FIRST, model("one", held=level), model("two", held=HELD))).lines[0].control == "two"
    assert pairing(compared(FIRST, model("one", held=level))).lines == ()


def test_neighbours_are_compared():
    """Each model from the one before it, the first such aside, because that is the baseline; values are paired."""
    runs = {name: tuple(hours + part for part in (0, 1, 0, 1, 0, 2)) for name, hours in PAIR}
    one, two = (model(name, obtainable=replace(cut(0.5, hours), quantity=known(runs[name]))) for name, hours in PAIR)
    shown = neighbours(compared(baseline(), one, two))
    assert [(line.control, line.against) for line in shown.lines] == [("two", "one")]
    assert (entry(shown, "obtainable").value, entry(shown, "obtainable").verdict) == ("−5", "better")
    assert entry(shown, "obtainable").meaning == "better than one in every run seen"
    assert neighbours(compared(baseline(), one)).lines == ()


def test_few_replications_are_not_judged():
    """Below six nothing is better or worse, and only what was the same in every run is called so."""
    few = cell("obtainable", told(6.0, 0.1, 5), told(-18.0, 0.1, 5))
    shown = table(compared(baseline(), model("few", obtainable=few), replicates=5))
    assert (entry(shown, "obtainable").verdict, entry(shown, "obtainable").sign) == ("unjudged", "?")
    assert entry(shown, "held").verdict == "equal"


def test_a_verdict_that_no_interval_settles_says_so():
    """Better in every run seen is not better by an interval: in words for who hears, and in the key to the marks."""
    seen = table(compared(baseline(), model("steady", obtainable=cut(0.75, 6.0, reach=0.0))))
    settled = table(compared(baseline(), model("varied", obtainable=cut(0.75, 6.0))))
    assert [(entry(each, "obtainable").sign, entry(each, "obtainable").meaning) for each in (seen, settled)] == [
        ("▼", "better than the baseline in every run seen"), ("▼", "better than the baseline"),
    ]  # fmt: skip
    assert (seen.by_runs, settled.by_runs) == (True, False)
    words = "that hold together, or on one sign in every run seen: ▼ ▲"
    steady, varied = (
        " ".join(as_text(compared(baseline(), model("one", obtainable=cut(0.75, 6.0, reach=reach)))).split())
        for reach in (0.0, 0.01)
    )
    assert words in steady
    assert "every run seen" not in varied


def test_what_is_cut_on_one_side_has_no_half():
    """An interval that a limit cuts is given whole on the terminal, where ± would pass the limit."""
    small = cell("held", Interval(0.5, 0.0, 2.0, 10), told(-23.5, 2.0))
    found = entry(table(compared(baseline(), model("small", held=small))), "held")
    assert (found.interval, found.reach) == ("[0.0, 2.0]", "[0.0, 2.0]")


def test_columns_know_their_measures(bench):
    """Each heading names the measure that defines it, each line the place of its model."""
    shown = table(bench)
    assert [heading.measure for heading in shown.headings][:3] == [
        "work_done",
        "crown_jewel_hours",
        "crown_jewel_hours",
    ]
    assert [line.place for line in shown.lines] == [0, 1]


def test_the_log_is_shown_apart(bench):
    """What a log proves and allows at most stands in a table of its own."""
    shown = logs(bench)
    assert entry(shown, "held").value == "1 to 24"
    assert entry(shown, "revoke", 0).value == "at least 1.50 s"
    assert entry(shown, "t2").value == "not shown"


def test_the_terminal_says_what_marks_rest_on(bench):
    """Means have intervals of their own, marks wider ones; of one model, or of too few runs, there are no marks."""
    said = " ".join(as_text(bench).split())
    assert "± half of each mean's own 95 % interval over 10 replications" in said
    assert "Marks rest on 9 wider paired intervals against standing that hold together" in said
    alone = " ".join(as_text(compared(baseline())).split())
    assert "Marks rest" not in alone
    assert "fewer than 6 replications" in as_text(compared(baseline(), model("few"), replicates=2))


def test_the_terminal_explains_its_words(bench):
    """What is not shown, not judged, an agent-day: in the legend, the first two only where they stand above."""
    said = " ".join(as_text(bench).split())
    assert f"Not shown: Blast radius, token and key stolen (narrow): {NONE_SEEN.why}." in said
    assert "? not judged, no value, no one sign, or runs too alike." in said
    assert "Agent-day: one agent for 24 hours." in said
    whole = " ".join(as_text(compared(baseline(), model("same"))).split())
    assert "Not shown" not in whole
    assert "not judged" not in whole


@pytest.mark.parametrize("width", [120, 100, 60])
def test_the_terminal_is_wide_enough(bench, width):
    """No line is wider than asked for; what does not fit side by side goes below, and nothing is lost."""
    text = as_text(bench, width)
    assert max(map(len, text.splitlines())) <= width
    for words in ("Against standing", "> 48 h", "≈ 22", "± 2", "not shown", "12,345 actions in 20 runs"):
        assert words in text
    assert "assumptions not varied" in " ".join(text.split())


def test_six_models_fit_in_one_block():
    """The six bundled models with their usual digits stand side by side in 120 columns."""
    names = ["human_session", "session_narrow", "per_task", "per_action", "tiered"]
    revoke = cell("revoke", told(862.6, 2.3), told(-1.0, 0.1))
    rows = [model(name, obtainable=cut(0.33, 15.97), revoke=revoke) for name in names]
    text = as_text(compared(baseline("standing_key"), *rows), 120)
    assert text.count("control model") == 1


def test_programs_get_every_digit(bench):
    """JSON holds numbers unrounded, and null for what is not known; it has no NaN, which is not JSON."""
    found = json.loads(as_json(bench), parse_constant=pytest.fail)
    cells = {(each["control"], each["quantity"]): each for each in found["cells"]}
    assert len(cells) == 18
    assert cells["narrow", "held"]["difference_lo"] == -5.0
    assert cells["narrow", "t1b"]["value"] is None
    assert cells["standing", "revoke"]["at_least"] is True
    assert found["answer"].startswith("Against standing, narrow cuts")


def test_programs_get_what_sentences_hang_on():
    """Supporting quantities come beside the cells, with their changes."""
    tiered = asking(model("tiered", obtainable=cut(0.967, 0.8)))
    found = {each["quantity"]: each for each in json.loads(as_json(compared(baseline(), tiered)))["supporting"]}
    assert (found["waved_through"]["value"], found["asking"]["value"]) == (16.0, 5.0)
    assert found["waved_through"]["change"] == pytest.approx(-1 / 3)


def test_spreadsheets_compute_nothing():
    """A model called like a formula stays a name; numbers stay numbers, negative ones too."""
    hostile = compared(baseline("=cmd|' /C calc'!A0"), model("@x\x1b[2J\u202e", obtainable=cut(0.75, 6.0)))
    lines = list(csv.DictReader(io.StringIO(as_csv(hostile))))
    assert {line["control"] for line in lines} == {"'=cmd|' /C calc'!A0", "'@x\\x1b[2J\\u202e"}
    assert (
        next(line["difference"] for line in lines if line["difference"] and line["quantity"] == "obtainable") == "-18.0"
    )


@pytest.mark.parametrize("form", [as_text, as_json, as_csv])
def test_nothing_obeys_a_name(form):
    """Neither terminal nor viewer gets a control character or an override of direction from a name."""
    said = form(compared(baseline("a\x1b[31m\x00\u202e"), model("b" * 300, obtainable=cut(0.75, 6.0))))
    assert [character for character in said if character != "\n" and not character.isprintable()] == []


WANTED = "needs what this log does not show: tasks"


def test_what_a_log_would_have_to_show_is_said_beside_what_it_does_not():
    """Of a model's own log, with its name where others tell it; of a replayed one, below the terminal's table."""
    shown = compared(
        baseline(t2=cell("t2", 80.0, log_lack=WANTED), t1b=cell("t1b", 80.0, log_lack=WANTED)),
        model("narrow", t1b=cell("t1b", 80.0, told(0.0, 0.0), log_lack=WANTED)),
    )
    headings = "Blast radius, token and key stolen; Blast radius, hijacked agent (standing)"
    assert logs(shown).reasons == (f"{headings}: a log would have to show tasks",)
    assert entry(logs(shown), "t2", line=0).meaning == WANTED
    bounds = dict.fromkeys((each.column.key for each in shown.baseline.cells), (None, None))
    observed = Observed("A trail", {**bounds, "held": (1.0, None)}, {"t2": WANTED, "completed": WANTED})
    said = as_text(replace(shown, observed=observed), 1000)
    assert "Not shown there: Work completed; Blast radius, hijacked agent: a log would have to show tasks." in said
    assert "As logged" not in as_text(shown, 1000)
