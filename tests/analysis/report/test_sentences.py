"""What the report says of each model: what ranks, what cannot be told apart, and what has to be said with it."""

from dataclasses import replace

import pytest

from analysis.report.sentences import answer, sentences
from tests.analysis.report.made import NAN, baseline, cell, compared, cut, model, told

WAITS = cell("latency", told(2.5, 0.5), told(2.5, 0.5))
ASKS = cell("approver", told(40.0, 4.0), told(40.0, 4.0))


def test_the_answer_word_for_word():
    """Known numbers give exactly the sentence of the first screen, each with its interval and unit."""
    comparison = compared(baseline(), model("per_task", obtainable=cut(0.75, 6.0), latency=WAITS, approver=ASKS))
    assert answer(comparison) == (
        "Against standing, per_task cuts obtainable crown-jewel hours by 75 % [74, 76], adds 2.5 s [2.0, 3.0] at p95 "
        "and 300 approver-minutes a day [270, 330]; 10 replications."
    )


def test_what_is_not_added_is_said():
    """Where nothing waits and nobody is asked, the sentence says so."""
    said = answer(compared(baseline(), model("narrow", obtainable=cut(0.75, 6.0))))
    assert "by 75 % [74, 76], adds no wait at p95 and no approver time; 10 replications." in said


def test_minutes_a_day_need_a_rate():
    """A scenario without a rate of arrivals leaves approver time per 100 tasks, as the table has it."""
    comparison = compared(baseline(), model("asking", obtainable=cut(0.75, 6.0), approver=ASKS), scenario={})
    assert "40 approver-minutes per 100 tasks [36, 44]" in answer(comparison)


def test_what_is_saved_is_not_called_added():
    """A model that waits less than its baseline saves time."""
    slow = baseline(latency=cell("latency", told(5.0, 0.1)))
    quick = cell("latency", told(2.0, 0.1), told(-3.0, 0.2))
    said = answer(compared(slow, model("quick", obtainable=cut(0.75, 6.0), latency=quick)))
    assert "adds no approver time, saves 3.0 s [2.8, 3.2] at p95" in said


def test_an_interval_with_zero_in_it_cannot_be_told_apart():
    """Neither a cut nor a wait is claimed where the interval of the difference includes zero."""
    unsure = cell("obtainable", told(23.0, 2.0), told(-1.0, 2.0), change=told(-0.04, 0.08))
    waits = cell("latency", told(1.0, 1.0), told(0.5, 1.5))
    jewels = cell("held", told(1.0, 0.1), told(-23.0, 0.1))
    said = sentences(compared(baseline(), model("vague", obtainable=unsure, latency=waits, held=jewels)))
    assert said[0].text.startswith("No model cuts obtainable crown-jewel hours by an amount that can be told from zero")
    assert "cannot be told apart in obtainable crown-jewel hours (−4 % [−12, 4])" in said[1].text
    assert "adds no wait at p95 that can be told from zero (0.5 s [−1.0, 2.0])" in said[1].text


def test_nothing_separates_the_models():
    """Where no quantity of any model differs, that is the answer."""
    unsure = cell("held", told(23.0, 2.0), told(-1.0, 2.0), change=told(-0.04, 0.08))
    said = answer(compared(baseline(), model("one", held=unsure), model("two")))
    assert said == (
        "Nothing separates the models: none can be told apart from standing in any quantity below; 10 replications."
    )


def test_a_single_model_is_compared_with_nothing():
    """One model gives one sentence, which claims nothing."""
    said = sentences(compared(baseline()))
    assert [each.text for each in said] == [
        "Only standing was run, so there is nothing to compare it with; 10 replications."
    ]


def test_one_replication_finds_nothing():
    """Without a second replication values are given, and called values."""
    alone = cell("obtainable", told(6.0), told(-18.0), change=told(NAN))
    said = sentences(compared(baseline(), model("once", obtainable=alone), replicates=1))
    assert said[0].text.startswith("One replication tells no model apart from standing")
    assert "cuts obtainable crown-jewel hours by 18 h per agent-day, adds no wait" in said[1].text
    assert said[1].text.endswith("; 1 replication.")


def test_two_replications_have_intervals():
    """Two replications are few, but their intervals are given like any others."""
    said = answer(compared(baseline(), model("twice", obtainable=cut(0.75, 6.0, reach=0.2)), replicates=2))
    assert "by 75 % [55, 95]" in said
    assert said.endswith("; 2 replications.")


@pytest.mark.parametrize("theirs", [0.0, -2.0])
def test_a_share_of_nothing_is_no_share(theirs):
    """Against a baseline of zero or less a change is told in hours, not in percent."""
    first = baseline(obtainable=cell("obtainable", theirs))
    more = cell("obtainable", told(theirs + 3, 0.5), told(3.0, 0.5), change=told(NAN))
    said = sentences(compared(first, model("worse", obtainable=more)))
    assert "raises obtainable crown-jewel hours by 3.0 h per agent-day [2.5, 3.5]" in said[1].text


def test_a_value_that_is_not_there_is_not_compared():
    """A model whose hours are not known is not ranked before one whose are."""
    blank = cell("obtainable", told(NAN), told(NAN), change=told(NAN))
    said = sentences(compared(baseline(), model("blank", obtainable=blank), model("known", obtainable=cut(0.75, 6.0))))
    assert [each.control for each in said] == ["known", "blank"]
    assert "has no obtainable crown-jewel hours to compare" in said[1].text


def test_held_alone_never_ranks():
    """Who holds next to nothing but can obtain all comes after who obtains less, and is told of."""
    little = cell("held", told(0.1, 0.01), told(-23.9, 0.1), change=told(-0.99, 0.001))
    broker = model("broker", held=little, obtainable=cut(0.2, 19.2))
    said = sentences(compared(baseline(), broker, model("narrow", obtainable=cut(0.5, 12.0))))
    assert [each.control for each in said] == ["narrow", "broker"]
    assert (
        "It holds crown jewels for 0.10 h per agent-day, but its issuer would grant them for 19.20 h." in said[1].notes
    )


def test_equal_cuts_are_ranked_by_waiting():
    """Of two models that cut alike to a tenth of a percent, the one that adds less latency comes first."""
    slow = model("slow", obtainable=cut(0.5, 12.0), latency=cell("latency", 9.0, told(9.0, 0.1)))
    quick = model("quick", obtainable=cut(0.5, 12.0001), latency=cell("latency", 1.0, told(1.0, 0.1)))
    assert [each.control for each in sentences(compared(baseline(), slow, quick))] == ["quick", "slow"]


def test_whom_the_answer_cannot_be_told_from():
    """The sentence names the models that no paired interval separates from its own."""
    one, two = cut(0.5, 12.0), cut(0.49, 12.2)
    near = [model("one", obtainable=replace(one, values=(11.0, 13.0))), model("two", obtainable=two)]
    said = sentences(compared(baseline(), *near, model("far", obtainable=cut(0.1, 21.6)), replicates=2))
    assert "In obtainable hours it cannot be told apart from two and far." in said[0].notes


def test_less_work_is_told():
    """Work done stands beside exposure, in percent of the baseline's."""
    work = cell("completed", told(99.5, 0.1), told(-0.5, 0.2))
    said = sentences(compared(baseline(), model("strict", obtainable=cut(0.75, 6.0), completed=work)))
    assert said[0].notes == ("It completes 0.5 % fewer tasks [0.3, 0.7].",)


def test_who_does_other_work_is_ranked_on_the_frontier_only():
    """More than 1 % of difference in work completed takes a model out of the ranking, whatever it cuts."""
    lazy = cell("completed", told(90.0, 0.1), told(-10.0, 0.2))
    idle = model("idle", obtainable=cut(0.99, 0.24), completed=lazy)
    said = sentences(compared(baseline(), idle, model("busy", obtainable=cut(0.5, 12.0))))
    assert [each.control for each in said] == ["busy", "idle"]
    assert (
        "It completes 10.0 % fewer tasks [9.8, 10.2], more than 1 %: it is ranked only on the frontier."
        in said[1].notes
    )


def test_where_all_do_other_work_none_is_ranked():
    """If every model that cuts also does other work, the answer is that none is ranked."""
    lazy = cell("completed", told(90.0, 0.1), told(-10.0, 0.2))
    said = sentences(compared(baseline(), model("idle", obtainable=cut(0.99, 0.24), completed=lazy)))
    assert said[0].text.startswith(
        "No model is ranked: each that cuts obtainable crown-jewel hours also completes more"
    )


def test_long_names_are_cut_and_hidden_signs_written_out():
    """A name of 300 letters does not swamp the sentence, and one that reorders text cannot."""
    said = answer(compared(baseline("\u202eevil"), model("x" * 300, obtainable=cut(0.75, 6.0))))
    assert said.startswith("Against \\u202eevil, xxxxxxxxxxxxxxxxxxxxxxxxxx…xxxxxxxxxxxxx cuts")


def test_no_model_is_called_the_best():
    """Whatever the numbers, the word does not occur."""
    comparison = compared(baseline(), model("a", obtainable=cut(0.99, 0.24)), model("b", latency=WAITS))
    assert not any("best" in " ".join([each.text, *each.notes]) for each in sentences(comparison))
