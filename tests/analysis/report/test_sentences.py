"""What the report says of each model: what ranks, what cannot be told apart, and what has to be said with it."""

import re
from dataclasses import replace
from datetime import timedelta
from functools import partial
from math import inf

import pytest
from scipy import stats

from analysis.family import together
from analysis.lacks import FEW_RUNS, NONE_SEEN, TOO_FEW
from analysis.report.ranking import comparable, only_seen_alike, set_apart
from analysis.report.remarks import drawbacks
from analysis.report.sentences import answer, sentences
from analysis.report.table import verdict
from analysis.statistics import Interval, known
from tests.analysis.report.made import NAN, asking, baseline, cell, compared, cut, model, support, told

WAITS = cell("latency", told(2.5, 0.5), told(2.5, 0.5))
ASKS = cell("approver", told(40.0, 4.0), told(40.0, 4.0))


def test_the_answer_word_for_word():
    """Known numbers give exactly the sentence of the first screen, each with its interval and unit."""
    comparison = compared(baseline(), model("per_task", obtainable=cut(0.75, 6.0), latency=WAITS))
    assert answer(comparison) == (
        "Against standing, per_task cuts obtainable crown-jewel hours by 75 % [74, 76], adds 2.5 s [2.0, 3.0] to the "
        "time to finish at p95 and no approver time; 10 replications."
    )


def test_who_asks_humans_hangs_on_them():
    """The sentence has only declared intervals, what is left otherwise included; waits of those who ask come after."""
    comparison = compared(baseline(), asking(model("tiered", obtainable=cut(0.967, 0.8), latency=WAITS, approver=ASKS)))
    assert answer(comparison) == (
        "Against standing, tiered cuts obtainable crown-jewel hours by 97 % [95, 98] if approvers really inspect each "
        "request and recognise every attack (33.3 % [33.2, 33.5] if they wave through even one in 1,000), adds 2.5 s "
        "[2.0, 3.0] to the time to finish at p95 and 300 approver-minutes a day [270, 330]; 10 replications. The 5.0 % "
        "of tasks that ask a human wait 4.0 h [3.5, 4.5] at p95 (exploratory)."
    )


def test_where_nobody_is_asked_nothing_hangs_on_approvers():
    """A model without approvals, and one whose approvals stop nothing, are not said to hang on them."""
    free = asking(model("free", obtainable=cut(0.75, 6.0)), share=0.0)
    assert "approvers really inspect" not in answer(compared(baseline(), free))
    assert "human" not in answer(compared(baseline(), free))
    idle = asking(model("idle", obtainable=cut(0.75, 6.0)), waved=-18.0)
    assert "approvers really inspect" not in answer(compared(baseline(), idle))
    assert "ask a human" in answer(compared(baseline(), idle))


def test_a_baseline_that_asks_hangs_on_its_approvers_too():
    """Whoever is compared with a model that asks humans gains or loses only if those look."""
    more = cell("obtainable", told(24.0, 0.1), told(20.0, 0.1), change=told(5.0, 0.1))
    free = asking(model("free", obtainable=more), waved=0.0, share=0.0, reach=0.0)
    first = asking(baseline("tiered", obtainable=cell("obtainable", 4.0)))
    said = sentences(compared(first, free))[1].text
    assert "by 500 % [490, 510] if approvers really inspect each request and recognise every attack (not at all" in said


def test_a_cut_that_turns_round_says_so():
    """Where waving through leaves more than the baseline has, the words change with the sign."""
    turned = asking(model("turned", obtainable=cut(0.75, 6.0)), waved=2.4)
    said = answer(compared(baseline(), turned))
    assert "(they rise by 10.0 % [9.9, 10.1] if they wave through even one in 1,000)" in said


def test_a_wait_without_an_end_is_a_limit():
    """Requests that nobody had begun to look at by the end of the window waited at least so long."""
    open_ = support("approval_wait", told(240.0, 30.0, most=inf))
    tiered = asking(model("tiered", obtainable=cut(0.75, 6.0)), approval_wait=open_)
    assert "wait at least 4 h at p95" in answer(compared(baseline(), tiered))
    few = replace(support("approval_wait", told(NAN)), lack=TOO_FEW)
    said = answer(compared(baseline(), asking(model("tiered", obtainable=cut(0.75, 6.0)), approval_wait=few)))
    assert "It asks a human in 5.0 % of tasks; how long they wait at p95 is not shown (too few requests)." in said


@pytest.mark.parametrize(
    ("lack", "why"),
    [(TOO_FEW, "too few tasks"), (NONE_SEEN, "no tasks seen"), (FEW_RUNS, "tasks seen in too few runs")],
)
def test_a_time_that_is_not_known_is_no_cost_and_says_why(lack, why):
    """Behind what is known, whichever of the two models lacks it."""
    none = cell("latency", told(NAN), told(NAN))
    for first, late in ((baseline(), replace(none, lack=lack)), (baseline(latency=replace(none, lack=lack)), none)):
        said = answer(compared(first, model("quick", obtainable=cut(0.75, 6.0), latency=late)))
        assert f"adds no approver time; time to finish at p95 not shown ({why}); 10 replications." in said


@pytest.mark.parametrize("mean", [0.1, -0.1])
def test_a_change_that_nobody_would_decide_by_is_none(mean):
    """Where the whole interval lies within a hundredth of the baseline's time, neither a sign nor more runs matter."""
    first = baseline(latency=cell("latency", told(260.0, 1.0)))
    small = "changes the time to finish at p95 by less than 1 %, adds no app"
    for width, words in ((0.2, small), (3.0, "cannot be told")):
        apart = cell("latency", told(260 + mean, 1.0), told(mean, width))
        assert words in answer(compared(first, model("quick", obtainable=cut(0.75, 6.0), latency=apart)))


def test_work_that_goes_on_limits_the_time_it_takes():
    """Where the time to finish is a lower limit, so is what is added to it; without an end on both sides nothing is."""
    endless = cell("latency", told(9000.0, 5.0, most=inf), told(8900.0, 5.0, most=inf))
    said = answer(compared(baseline(), model("slow", obtainable=cut(0.75, 6.0), latency=endless)))
    assert "adds at least 148 min to the time to finish at p95" in said
    neither = cell("latency", told(9000.0, 5.0, most=inf), told(-inf, 5.0, most=inf))
    said = answer(compared(baseline(), model("slow", obtainable=cut(0.75, 6.0), latency=neither)))
    assert "adds a time to finish at p95 that the window is too short to tell" in said


def test_what_is_not_added_is_said():
    """Where nothing waits and nobody is asked, the sentence says so."""
    said = answer(compared(baseline(), model("narrow", obtainable=cut(0.75, 6.0))))
    assert "by 75 % [74, 76], adds no time to finish at p95 and no approver time; 10 replications." in said


def test_minutes_a_day_need_a_day():
    """A window shorter than a day leaves approver time per 100 tasks, as the table has it."""
    comparison = compared(baseline(), asking(model("asking", obtainable=cut(0.75, 6.0), approver=ASKS)))
    begins, starts, _ = comparison.window
    short = replace(comparison, window=(begins, starts, starts + timedelta(hours=5)))
    assert "40 approver-minutes per 100 tasks [36, 44]" in answer(short)


def test_what_is_saved_is_not_called_added():
    """A model that waits less than its baseline saves time."""
    slow = baseline(latency=cell("latency", told(5.0, 0.1)))
    quick = cell("latency", told(2.0, 0.1), told(-3.0, 0.2))
    said = answer(compared(slow, model("quick", obtainable=cut(0.75, 6.0), latency=quick)))
    assert "adds no approver time, saves 3.0 s [2.8, 3.2] of the time to finish at p95" in said


def test_an_interval_with_zero_in_it_cannot_be_told_apart():
    """Neither a cut nor a wait is claimed where the interval of the difference includes zero; its size is told."""
    unsure = cell("obtainable", told(23.0, 2.0), told(-1.0, 2.0), change=told(-0.04, 0.08))
    waits = cell("latency", told(1.0, 1.0), told(0.5, 1.5))
    jewels = cell("held", told(1.0, 0.1), told(-23.0, 0.1))
    said = sentences(compared(baseline(), model("vague", obtainable=unsure, latency=waits, held=jewels)))
    assert said[0].text.startswith("No model cuts obtainable crown-jewel hours by an amount that can be told from zero")
    assert "cannot be told apart in obtainable crown-jewel hours (−4 % [−12, 4]; at least about 64 rep" in said[1].text
    assert "adds 0.5 s [−1.0, 2.0] to the time to finish at p95 (cannot be told from zero; at least" in said[1].text


def test_a_change_that_settles_less_than_the_difference_gives_way_to_it():
    """A cut that is shown in hours is told in hours, though its share of the baseline is not known that well."""
    known_in_hours = cell("obtainable", told(23.0, 0.5), told(-1.0, 0.5), change=told(-0.04, 0.05))
    said = sentences(compared(baseline(), model("some", obtainable=known_in_hours)))[0].text
    assert "cuts obtainable crown-jewel hours by 1.0 h per agent-day [0.5, 1.5]" in said


def test_what_may_be_saved_is_not_called_added():
    """A difference below zero that cannot be told from it keeps its words and its doubt."""
    quick = cell("latency", told(4.5, 1.0), told(-0.5, 1.5))
    few = cell("approver", told(1.0, 1.0), told(0.5, 2.0))
    said = answer(compared(baseline(), model("quick", obtainable=cut(0.75, 6.0), latency=quick, approver=few)))
    assert "saves 0.5 s [−1.0, 2.0] of the time to finish at p95 (cannot be told from zero; at least about" in said
    assert "adds 0.5 approver-minutes per 100 tasks [−1.5, 2.5] (cannot be told from zero; at least about 248" in said


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
    assert said[0].text.startswith("One replication tells no model apart from standing: so few give values, not")
    assert "cuts obtainable crown-jewel hours by 18 h per agent-day, adds no time to finish" in said[1].text
    assert said[1].text.endswith("; 1 replication.")


@pytest.mark.parametrize(("replicates", "number"), [(2, "Two"), (5, "Five")])
def test_few_replications_give_values_not_findings(replicates, number):
    """Fewer than six open with what they are worth; no interval stands in the sentences, and nothing is told from."""
    few = partial(told, replications=replicates)
    waits = cell("latency", few(1.0, 1.0), few(0.5, 1.5))
    hours = cell("obtainable", few(0.5, 9.0), few(-23.5, 9.0), change=few(-0.98, 0.09))
    tiered = asking(model("tiered", obtainable=hours, latency=waits))
    said = sentences(compared(baseline(), tiered, replicates=replicates))
    assert said[0].text == (
        f"{number} replications tell no model apart from standing: so few give values, not findings; run at least ten."
    )
    assert "by 98 % if approvers really inspect each request and recognise every attack (33.3 %" in said[1].text
    assert "adds 0.500 s to the time to finish at p95" in said[1].text
    assert "wait 4 h at p95" in said[1].notes[0]
    assert not re.search(r"\[|told apart|told from", " ".join([said[1].text, *said[1].notes]))


def test_six_replications_have_intervals():
    """From six on, of which all agree by chance in 3 % of cases, intervals are given like any others."""
    said = answer(compared(baseline(), model("six", obtainable=cut(0.75, 6.0, reach=0.2)), replicates=6))
    assert "by 75 % [55, 95]" in said
    assert said.endswith("; 6 replications: run at least ten.")


@pytest.mark.parametrize(("replicates", "few"), [(6, True), (9, True), (10, False), (20, False)])
def test_findings_of_fewer_than_ten_replications_say_so(replicates, few):
    """Whether a model cuts, or none does."""
    for hours in (cut(0.75, 6.0, reach=0.2), cell("obtainable", told(24.0, 0.1), told(-0.1, 1.0))):
        said = sentences(compared(baseline(), model("one", obtainable=hours), replicates=replicates))
        assert all(("run at least ten" in each.text) is few for each in said)


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
    """Of two models that cut alike to a tenth of a percent, the one that adds less time comes first."""
    slow = model("slow", obtainable=cut(0.5, 12.0), latency=cell("latency", 9.0, told(9.0, 0.1)))
    quick = model("quick", obtainable=cut(0.5, 12.0001), latency=cell("latency", 1.0, told(1.0, 0.1)))
    assert [each.control for each in sentences(compared(baseline(), slow, quick))] == ["quick", "slow"]


def test_equal_cuts_and_waits_are_ranked_by_what_a_stolen_token_reaches():
    """Of two models that cut alike and whose waits are not told apart, the one whose token and key reach less."""
    waits = cell("latency", 9.0, told(1.0, 3.0))
    wide = model("wide", obtainable=cut(0.5, 12.0), t1b=cell("t1b", 27.0, told(-53.0, 0.1)))
    narrow = model("narrow", obtainable=cut(0.5, 12.0), t1b=cell("t1b", 2.0, told(-78.0, 0.1)), latency=waits)
    assert [each.control for each in sentences(compared(baseline(), wide, narrow))] == ["narrow", "wide"]


def test_whom_the_answer_cannot_be_told_from():
    """The sentence names the models that no paired interval separates from its own."""
    one, two = cut(0.5, 12.0), cut(0.49, 12.2)
    near = [model("one", obtainable=replace(one, quantity=known([11.0, 13.0]))), model("two", obtainable=two)]
    said = sentences(compared(baseline(), *near, model("far", obtainable=cut(0.1, 21.6))))
    assert "In obtainable hours it cannot be told apart from two and far." in said[0].notes


@pytest.mark.parametrize(("other", "how"), [(15.98, "By construction"), (16.02, "To 0.5 %")])
def test_what_issuers_make_equal_is_not_left_to_chance(other, how):
    """Models within half a percent are as good as the same, and equal by construction if no run parts them."""
    little = cell("held", told(0.1, 0.01), told(-23.9, 0.1), change=told(-0.99, 0.001))
    rows = [model(name, held=little, obtainable=cut(0.33, h)) for name, h in (("a", 15.98), ("b", other))]
    notes = sentences(compared(baseline(), *rows, model("far", obtainable=cut(0.1, 21.6))))[0].notes
    assert f"{how} as much is obtainable under b: the issuer of each says yes to whoever retries." in notes
    assert not any("told apart" in note for note in notes)


def test_no_issuer_is_named_where_none_grants():
    """Models that hold all that is obtainable are equal too, but no issuer makes them so."""
    all_held = cell("held", told(6.0, 0.1), told(-18.0, 0.1))
    rows = [model(name, held=all_held, obtainable=cut(0.75, 6.0)) for name in ("a", "b")]
    assert "By construction as much is obtainable under b." in sentences(compared(baseline(), *rows))[0].notes


def test_where_the_first_leaves_more_to_reach_is_told():
    """A model that ranks first may still be worse in what could be reached; each such case has both values."""
    wide = cell("t1b", told(4.4, 0.1), told(-75.6, 0.1), quantity=known([4.4, 4.4]))
    slim = cell("t1b", told(2.15, 0.01), told(-77.85, 0.1), quantity=known([2.15, 2.15]))
    tiered, narrow = model("tiered", t1b=wide), model("per_task", t1b=slim)
    found = compared(baseline(), narrow, tiered)
    [said] = drawbacks(tiered, found)
    assert said.startswith("tiered leaves more to reach than per_task in blast radius, token and key stolen (")
    assert said.endswith("(4.4 against 2.15 % of estate).")
    assert drawbacks(narrow, found) == ()
    assert drawbacks(tiered, replace(found, replicates=4)) == ()


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


@pytest.mark.parametrize(
    ("less", "reach", "said"),
    [
        (0.5, 0.4, "It completes 0.5 % fewer tasks [0.1, 0.9]."),
        (0.5, 0.7, "[−0.2, 1.2]; at least about 32 replications of another seed would show it if that stays)"),
        (1.5, 1.0, "That it completes as much work is not shown (1.5 % fewer tasks [0.5, 2.5]): it is ranked"),
        (1.5, 0.4, "It completes 1.5 % fewer tasks [1.1, 1.9], more than 1 %: it is ranked only on the frontier."),
    ],
)  # fmt: skip
def test_the_same_work_is_shown_not_assumed(less, reach, said):
    """Only a model whose whole interval lies within 1 % is ranked: that no difference is found shows no likeness."""
    work = cell("completed", told(100 - less, 0.1), told(-less, reach))
    comparison = compared(baseline(), model("idle", obtainable=cut(0.99, 0.24), completed=work))
    ranked = less + reach < 1
    assert (set_apart(comparison) == []) is ranked
    found = sentences(comparison)
    assert ("No model is ranked" in found[0].text) is not ranked
    assert any(said in note for note in found[-1].notes)


def test_the_same_work_in_every_run_is_the_same_in_those_seen():
    """Where one run in seven breaks a tenth of 300 tasks, which is 1.4 % of all, ten runs without one pass: 21 % do.

    That they pass as alike in every run seen is known of them; where any run is bad the interval does not pass.
    """
    whole = replace(known([100.0] * 10), counted=(3000, 3000))
    usual, passed, seen = known(range(10)), [], []
    for bad in range(11):
        work = replace(known([90.0] * bad + [100.0] * (10 - bad)), counted=(3000 - 30 * bad, 3000))
        apart = together([work - whole, usual]).apart(work, whole, (0.0, 100.0))
        row = model("one", completed=cell("completed", told(99.0, 0.1), apart))
        passed += [bad] if comparable(row, baseline()) else []
        seen += [bad] if only_seen_alike(row, baseline()) else []
    assert passed == seen == [0]
    assert stats.binom.pmf(passed, 10, 1 / 7).sum() == pytest.approx(0.21, abs=0.01)
    varied = cell("completed", told(99.9, 0.1), told(-0.1, 0.2))
    assert not only_seen_alike(model("two", completed=varied), baseline())


def test_where_all_do_other_work_none_is_ranked():
    """If every model that cuts also does other work, the answer is that none is ranked."""
    lazy = cell("completed", told(90.0, 0.1), told(-10.0, 0.2))
    said = sentences(compared(baseline(), model("idle", obtainable=cut(0.99, 0.24), completed=lazy)))
    assert said[0].text.startswith(
        "No model is ranked: idle cuts obtainable crown-jewel hours, but is not shown to complete as much work as "
    )


def test_what_is_the_same_in_every_run_is_said_to_be_so_in_those_seen():
    """No interval settles such a sign, so that no sentence gives one: whatever is claimed was so in every run seen."""
    work = cell("completed", told(99.5, 0.1), told(-0.5, 0.0))
    waits = cell("latency", told(2.5, 0.5), told(2.5, 0.0))
    asks = cell("approver", told(40.0, 0.0), told(40.0, 0.0))
    model_ = model("steady", obtainable=cut(0.75, 6.0, reach=0.0), completed=work, latency=waits, approver=asks)
    assert answer(compared(baseline(), model_)) == (
        "Against standing, steady cuts obtainable crown-jewel hours by 75 % in every run seen, adds 2.50 s in every "
        "run seen to the time to finish at p95 and 40 approver-minutes per 100 tasks in every run seen; 10 "
        "replications. It completes 0.500 % fewer tasks in every run seen."
    )
    limited = cell("latency", told(2.5, 0.5), Interval(2.5, 2.5, inf, 10, inf))
    said = answer(compared(baseline(), model("open", obtainable=cut(0.75, 6.0), latency=limited)))
    assert "adds at least 2.50 s in every run seen to the time to finish at p95" in said


def test_long_names_are_cut_and_hidden_signs_written_out():
    """A name of 300 letters does not swamp the sentence, and one that reorders text cannot."""
    said = answer(compared(baseline("\u202eevil"), model("x" * 300, obtainable=cut(0.75, 6.0))))
    assert said.startswith("Against \\u202eevil, xxxxxxxxxxxxxxxxxxxxxxxxxx…xxxxxxxxxxxxx cuts")


def test_no_model_is_called_the_best():
    """Whatever the numbers, the word does not occur."""
    comparison = compared(baseline(), model("a", obtainable=cut(0.99, 0.24)), model("b", latency=WAITS))
    assert not any("best" in " ".join([each.text, *each.notes]) for each in sentences(comparison))


def test_an_interval_that_says_nothing_is_no_likeness():
    """Where the interval is all that a difference can be, nothing is judged, and models are not said to be alike."""
    apart = Interval(-11.99, -24.0, 24.0, 6)
    silent = replace(cell("obtainable", told(0.01, 0.005), told(-11.99, 1.0)), difference=apart)
    bench = compared(baseline(), model("tiered", obtainable=silent))
    said = sentences(bench)
    assert (
        "shown to cut obtainable crown-jewel hours: too many runs are alike to judge tiered; 10 replications."
        in said[0].text
    )
    assert "leaves 0.010 obtainable crown-jewel hours per agent-day, 12.0 less, which is not judged" in said[1].text
    assert verdict(silent) == "unjudged"
