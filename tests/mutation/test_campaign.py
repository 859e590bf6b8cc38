"""That the campaign works: what it changes, what it calls noticed, and what it says of the rest."""

from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path

import duckdb
import pytest

from analysis.measures.concepts.concepts import FILES
from sim.audit.store import Store
from tests.mutation import campaign, forked, journal, python
from tests.mutation.explained import reasons
from tests.mutation.operators import OPERATORS
from tests.mutation.page import Tried, counts, page
from tests.mutation.syntax import mutants, unchanged
from tests.mutation.trials import by_hand
from tests.mutation.verdict import Judge

ROOT = Path(__file__).parents[2]
MEASURES = ROOT / "analysis" / "measures"
# What each operator changes, and what becomes of it.
CHANGED = {
    "boundary": ("SELECT a < b", ["SELECT a <= b"]),
    "comparison": ("SELECT a < b", ["SELECT a > b"]),
    "null-safe": ("SELECT a IS NOT DISTINCT FROM b", ["SELECT a = b"]),
    "arithmetic": ("SELECT a - b", ["SELECT a + b"]),
    "extreme": ("SELECT LEAST(a, b)", ["SELECT GREATEST(a, b)"]),
    "total": ("SELECT SUM(a)", ["SELECT MAX(a)"]),
    "connective": ("SELECT a AND b AND c", ["SELECT ((a AND b) OR c)", "SELECT (a OR b) AND c"]),
    "condition": ("SELECT a OR b OR c", ["SELECT a OR b", "SELECT a OR c", "SELECT b OR c"]),
    "filter": ("SELECT SUM(a) FILTER(WHERE b)", ["SELECT SUM(a)"]),
    "not": ("SELECT NOT a", ["SELECT a"]),
    "count": ("SELECT COUNT(a)", ["SELECT LEAST(COUNT(a), 1)", "SELECT COUNT(*)"]),
    "join": ("SELECT * FROM a LEFT JOIN b USING (c)", ["SELECT * FROM a JOIN b USING (c)"]),
    "distinct": ("SELECT DISTINCT a", ["SELECT a"]),
    "union": ("SELECT a UNION ALL SELECT b", ["SELECT a UNION SELECT b", "SELECT a", "SELECT b"]),
    "constant": ("SELECT 2", ["SELECT 3", "SELECT 1"]),
    "default": ("SELECT COALESCE(a, b)", ["SELECT a"]),
    "case": ("SELECT CASE WHEN a THEN b ELSE c END", [
        "SELECT b", "SELECT CASE WHEN a THEN b END", "SELECT CASE WHEN a THEN c ELSE b END",
    ]),
    "list": ("SELECT a IN ('b', 'c')", ["SELECT a IN ('c')", "SELECT a IN ('b')"]),
    "order": ("SELECT ARRAY_AGG(a ORDER BY b, c)", [
        "SELECT ARRAY_AGG(a ORDER BY b)", "SELECT ARRAY_AGG(a ORDER BY b DESC, c)",
        "SELECT ARRAY_AGG(a ORDER BY b, c DESC)",
    ]),
    "window": ("SELECT SUM(a) OVER (PARTITION BY b ORDER BY c ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)", [
        "SELECT SUM(a) OVER (ORDER BY c ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)",
        "SELECT SUM(a) OVER (PARTITION BY b ORDER BY c ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)",
    ]),
}  # fmt: skip


def test_every_text_can_be_changed():
    """Whatever DuckDB reads, the campaign does as well: otherwise it would end where it comes to it."""
    texts = [*sorted(MEASURES.glob("*.sql")), *FILES]
    assert [path.stem for path in texts if not next(mutants(path), None)] == []


@pytest.fixture(scope="module")
def judge():
    """Whoever looks at the golden pair of one measure only."""
    with Store.in_memory() as store, closing(Judge([by_hand(store, "stale_access")])) as made:
        yield made


@cache
def shadow_keys():
    """The mutants of a measure."""
    return tuple(mutants(MEASURES / "shadow_keys.sql"))


def changed(name, was, now):
    """A file of which one statement has another text."""
    [found] = [each for each in unchanged(MEASURES / name) if was in each.text]
    return replace(found, text=found.text.replace(was, now))


@pytest.mark.parametrize("operator", OPERATORS)
def test_an_operator_makes_another_text_that_can_be_read(tmp_path, operator):
    """Each mutant of a text is the one that its operator is for, and DuckDB can read it."""
    text, expected = CHANGED[operator]
    (tmp_path / "own.sql").write_text(text, "utf-8")
    made = [each.text for each in mutants(tmp_path / "own.sql") if each.operator == operator]
    assert made == expected
    read = "SELECT json_extract(json_serialize_sql($text), '$.error') = 'false'"
    assert all(duckdb.execute(read, {"text": each}).fetchall() == [(True,)] for each in made)


CODE = """
def f(a, b: int = 0):
    'Text.'
    if a < 1 and b:
        raise KeyError(f'{a + 1}')
    return min(a, -b)
"""


def test_python_is_changed_where_it_says_something_about_a_result(tmp_path):
    """Comparisons, connectives, constants and calls are; what is only said to people is not."""
    (tmp_path / "own.py").write_text(CODE, "utf-8")
    made = list(python.mutants(tmp_path / "own.py"))
    assert all(compile(each.text, "own.py", "exec") for each in made)
    assert {each.now for each in made if each.was.startswith("return")} == {"return max(a, -b)", "return min(a, b)"}
    conditions = {each.now.partition("if ")[2].partition(":")[0] for each in made if each.was.startswith("if")}
    assert conditions == {"a < 1 or b", "a < 1", "b", "a <= 1 and b", "a > 1 and b", "a < 2 and b", "a < 0 and b"}


def test_python_is_tried_by_its_tests():
    """In a process of its own the tests of a file pass as it is, and fail where nothing of it is left."""
    path, test = (
        "analysis/shapley.py",
        ("tests/analysis/test_shapley.py::test_what_no_order_changes_apart_has_one_share",),
    )
    made = list(python.mutants(ROOT / path))
    as_it_is = replace(made[0], text=(ROOT / path).read_text("utf-8"))
    assert forked.of(as_it_is, path, test) == "survived"
    assert forked.of(replace(made[0], text="nothing = 1"), path, test) == "killed"


def test_mutants_do_not_build_on_one_another():
    """Every mutant differs from the text at one place only: after the last, the text is what it was."""
    path = MEASURES / "shadow_keys.sql"
    made = [each.text for each in shadow_keys()]
    assert len(set(made)) == len(made)
    assert made == [each.text for each in mutants(path)]


def test_what_a_golden_pair_shows_is_killed(judge):
    """What was used taken for what was never used is not what a pencil found."""
    assert judge.of(changed("stale_access.sql", "never_us - held_us", "never_us")) == "killed"


def test_what_is_shared_is_tried_by_those_who_share_it(judge):
    """Need that seems to end early shows in what outlives it; of what this measure does not ask, nothing shows."""
    assert judge.of(changed("concepts/need.sql", "LEAST(n.ends, r.t1)", "r.t0")) == "killed"
    assert judge.of(changed("concepts/authority.sql", "kind = 'spawn'", "kind <> 'spawn'")) == "survived"


def test_what_means_the_same_survives(judge):
    """The text itself, and a greatest value for a least where all are one."""
    assert [judge.of(each) for each in unchanged(MEASURES / "stale_access.sql")] == ["survived"]
    assert judge.of(changed("stale_access.sql", "MAX(unknowns)", "MIN(unknowns)")) == "survived"


def test_what_the_database_cannot_plan_is_no_mutant(judge):
    """What names a column that is not there would be noticed before anything is measured."""
    assert judge.of(changed("stale_access.sql", "d.days", "d.daze")) == "no mutant"


def test_a_survivor_is_shown_with_its_reason():
    """The table counts it, and says why it survives, or that nobody has said so."""
    one, other, third, *_ = shadow_keys()
    tried = [Tried(one, "survived"), Tried(other, "killed"), Tried(third, "left out")]
    assert list(counts(tried, {one.key: "it is"}))[-1] == "| all | 3 | 2 | 1 | 0 | 1 | 1 |"
    shown = page(tried, {one.key: "it is"}, "make mutants SHARE=3", "One in 3.\n")
    assert "Made by `make mutants SHARE=3`" in shown
    assert "One in 3." in shown
    assert "| it is |" in shown
    assert "| **not explained** |" in page(tried, {}, "make mutants")


@pytest.mark.parametrize(("share", "at_least"), [(1, 55), (6, 5), (1000, 5)])
def test_of_each_file_some_are_tried(share, at_least):
    """One in so many, and five of a file that has five: the same ones each time, and all where all are asked for."""
    made = list(shadow_keys())
    chosen = campaign.chosen(made, share)
    assert at_least <= len(chosen) <= max(5, 3 * len(made) // share)
    assert chosen == campaign.chosen(made[::-1], share) <= campaign.chosen(made, 1) == {each.key for each in made}


def test_a_campaign_goes_on_where_it_was_broken_off(tmp_path, monkeypatch):
    """A kill stays one while its text is the same; what survived does while nothing is another that it was tried by."""
    one, other, *_ = shadow_keys()
    path, tried = tmp_path / "out" / "mutants.jsonl", []

    def judge(mutant):
        tried.append(mutant)
        return "killed" if mutant == one else "survived"

    for again in (False, True):
        begun = journal.Journal(path, goes_on=again)
        assert [begun.verdict(each, judge) for each in (one, other)] == ["killed", "survived"]
    assert tried == [one, other]
    monkeypatch.setattr(journal, "_tried_by", lambda: "richer inputs")
    later = journal.Journal(path, goes_on=True)
    assert [later.knows(each) for each in (one, other, replace(one, text="SELECT 1"))] == [True, False, False]


def test_what_is_known_so_far_is_shown_without_trying_anything(tmp_path):
    """Of a campaign that was broken off: what it had not come to is not tried."""
    path = MEASURES / "shadow_keys.sql"
    first, *_ = [each for each in shadow_keys() if each.key in campaign.chosen(list(shadow_keys()), 6)]
    known = journal.Journal(tmp_path / "mutants.jsonl")
    known.verdict(first, lambda _: "killed")
    again = journal.Journal(tmp_path / "mutants.jsonl", goes_on=True)
    verdicts = [each.verdict for each in campaign.so_far([], [path], 6, again)]
    assert (verdicts.count("killed"), set(verdicts)) == (1, {"killed", "left out"})


def test_each_explanation_is_of_one_mutant():
    """No mutant is explained twice, and each reason is more than a word."""
    assert all(len(why.split()) > 3 for why in reasons().values())
