"""Names of strangers: nothing hidden, nothing endless, nothing that runs."""

import pytest

from analysis.report.legible import apart, counted, inert, listed, shortened, titled, visible


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain_name", "plain_name"),
        ("Zoë – 東京", "Zoë – 東京"),
        ("a\x00b", "a\\x00b"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("user\u202egnp.exe", "user\\u202egnp.exe"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("line\nbreak", "line\\x0abreak"),
        ("tag\U000e0041", "tag\\ue0041"),
    ],
)
def test_what_is_not_seen_is_written_out(text, expected):
    """Controls, overrides of direction and other formats appear as escapes; letters of any script stay."""
    assert visible(text) == expected


def test_line_ends_stay_where_they_belong():
    """A listing keeps its lines and tabs, and nothing else."""
    assert visible("a\n\tb\r", keep="\n\t") == "a\n\tb\\x0d"


def test_long_names_keep_both_ends():
    """What tells long names apart stands at their ends."""
    assert shortened("a" * 50 + "b" * 50, 12) == "aaaaaaa…bbbb"
    assert len(shortened("x" * 300)) == 40


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("next_use_p50", "next use (median)"), ("groups_most", "groups (greatest)"), ("p95", "p95"),
        ("unused_percent", "unused"), ("percent", "percent"), ("t1b", "T1b (token and key stolen)"),
        ("value_cvar95", "value (worst 5 %)"), ("excess_grant", "excess grant"), ("at_least_50", "at least 50"),
    ],
)  # fmt: skip
def test_rows_of_measures_read_as_words(part, expected):
    """A threat says what it is, a statistic which it is of what; a percentage has its unit for that."""
    assert titled(part) == expected


@pytest.mark.parametrize("formula", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\uff1d1"])
def test_no_cell_is_a_formula(formula):
    """What a spreadsheet would compute it is given as text."""
    assert inert(formula)[0] in {"'", "\\"}
    assert inert("per_task") == "per_task"


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["a" * 20, "b" * 20], ["aaaaaaa…aaaa", "bbbbbbb…bbbb"]),
        (["spiffe://x/agent/0/before/1", "spiffe://x/agent/2/before/1"], ["spiff…0/b…/1", "spiff…2/b…/1"]),
        (["x" * 20, "x" * 20 + "y" * 5, "z"], ["xxxxxxx…xxxx", "xxxxxxx…yyyy", "z"]),
        (["x" * 30, "x" * 31], ["xxxxxxxxxx…", "xxxxxxxxxx…x"]),
        (["p" * 20 + a + "q" * 20 + b for a in "ab" for b in "cd"], [f"ppppp…{a}qq…q{b}" for a in "ab" for b in "cd"]),
    ],
)
def test_long_names_that_differ_look_different(names, told):
    """What they have in common gives way, wherever that is: of agents alike before and after their number it stays."""
    found = apart(names, 12)
    assert [found[name] for name in names] == told
    assert len({*found.values()}) == len({*names})


def test_lists_are_sentences():
    """One name, two, and three."""
    assert [listed(list(names)) for names in ("a", "ab", "abc")] == ["a", "a and b", "a, b and c"]


def test_one_is_singular():
    """A count agrees with what it counts, and has its thousands apart."""
    assert [counted(n, "paired interval") for n in (0, 1, 45)] == [
        "0 paired intervals", "1 paired interval", "45 paired intervals",
    ]  # fmt: skip
    assert counted(1234, "identity", "identities") == "1,234 identities"
