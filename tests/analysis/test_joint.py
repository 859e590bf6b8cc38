"""A claim stands if its sign is kept in nine of ten joint draws of assumptions; else what it hangs on is told."""

import json
import math

import numpy as np
import pytest

from analysis.joint import Joint, Place, best_cut, ranks_with
from analysis.report.drawing import style
from analysis.report.draws import joint_draws
from analysis.report.jointly import becomes, claim, drawn
from analysis.sensitivity import HEADLINES, Tornado
from analysis.statistics import Interval, interval

LESS, MORE = interval([-2.0, -2.1, -1.9, -2.0, -2.2, -1.8]), interval([2.0, 2.1, 1.9, 2.0, 2.2, 1.8])
SAME, OPEN = interval([0.0] * 6), interval([-1.0, 1.0, -1.0, 1.0, 0.5, -0.5])
UNKNOWN = Interval(math.nan, math.nan, math.nan, 6)


def joint(*draws, sign=-1, places=(), steady=False):
    """A claim of less, and the difference in each draw."""
    return Joint(sign, steady, draws, places)


def lying(values):
    """Where an assumption lies in each draw."""
    return tuple(Place(float(each), f"{each:.2f}") for each in values)


def at_least(hits, of, chance):
    """The chance of so many hits or more, summed term by term."""
    return sum(math.comb(of, n) * chance**n * (1 - chance) ** (of - n) for n in range(hits, of + 1))


@pytest.mark.parametrize("of", [5, 28, 29, 45, 46, 60, 61, 100])
def test_a_claim_stands_where_fewer_than_nine_in_ten_would_hardly_show_as_many(of):
    """By the sum over the binomial law: in at most 5 % of cases it stands though fewer would do; it hangs alike."""
    for hits in range(of + 1):
        found = joint(*[LESS] * hits, *[MORE] * (of - hits))
        surely, hardly = at_least(hits, of, 0.9) <= 0.05, 1 - at_least(hits + 1, of, 0.9) < 0.05
        assert found.verdict == ("stands" if surely else "hangs" if hardly else "open"), hits


def test_who_adds_draws_until_a_claim_stands_finds_that_it_does():
    """Of one that holds in nine of ten 61 draws say so in 5 % of cases; looked at four times, as they grow, in 11 %."""
    looks = (61, 120, 240, 400)
    enough = [
        next(h for h in range(of + 1) if joint(*[LESS] * h, *[MORE] * (of - h)).verdict == "stands") for of in looks
    ]
    holding = np.random.default_rng(1).random((20_000, looks[-1])) < 0.9
    stands = holding.cumsum(axis=1)[:, np.array(looks) - 1] >= enough
    assert stands[:, 0].mean() == pytest.approx(0.048, abs=0.006)
    assert stands.mean(axis=0).max() < 0.05 + 0.006
    assert stands.any(axis=1).mean() == pytest.approx(0.113, abs=0.009)


def test_what_is_not_settled_counts_for_no_side():
    """29 of 29 suffice, and one more that is open takes that away; with a few that are, nothing hangs on anything."""
    assert joint(*[LESS] * 29).verdict == "stands"
    for other in (OPEN, UNKNOWN):
        found = joint(*[LESS] * 29, other)
        assert (found.holds, found.unsettled, found.verdict) == (29, 1, "open")
    assert joint(*[LESS] * 20, *[OPEN] * 20).verdict == "open"
    assert joint(*[LESS] * 20, *[MORE] * 20).verdict == "hangs"


def test_no_difference_in_any_replication_is_none_in_further_ones_neither_way():
    """It does not count for the claim, and it does not settle the other sign."""
    found = joint(*[LESS] * 20, *[SAME] * 20)
    assert (found.equal, found.against, found.verdict) == (20, 0, "open")
    assert joint(*[LESS] * 20, *[MORE] * 8, *[SAME] * 12).verdict == "hangs"


def test_there_is_no_claim_of_what_is_not_settled_where_all_is_as_said():
    """Whatever the draws say; what is the same everywhere is that, and fewer than six replications judge nothing."""
    assert joint(*[LESS] * 40, sign=0).verdict == "not settled"
    assert joint(*[SAME] * 40, sign=0, steady=True).verdict == "same"
    assert joint(interval([-1.0, -1.1]), sign=-1).verdict == joint().verdict == "few"
    assert joint(*[LESS] * 40, sign=0).holds == 0


def test_what_a_sign_hangs_on_is_told_among_a_hundred():
    """The one assumption that decides the sign is named, with the values on both sides of the cut, and no other."""
    rng = np.random.default_rng(7)
    places = rng.random((100, 61))
    draws = [LESS if place < 0.6 else MORE for place in places[42]]
    found = joint(*draws, places=tuple((f"key {n}", lying(row)) for n, row in enumerate(places)))
    [each] = found.hangs
    assert each.key == "key 42"
    assert each.rank < -0.7
    assert (each.low.holds, each.high.holds) == (each.low.of, 0)
    assert float(each.low.value) <= 0.6 <= float(each.high.value)
    assert each.low.of + each.high.of == 61
    told = becomes(found)
    assert f"it depends on key 42 (up to {each.low.value} in {each.low.of} of {each.low.of}" in told
    assert drawn(found)["depends_on"][0]["from"]["holds"] == 0


def test_what_makes_draws_noisy_is_not_what_a_sign_goes_along_with():
    """Only draws that are settled tell: where none is the other way, nothing does; else the true one is named first."""
    rng = np.random.default_rng(8)
    noise, deciding = rng.random((2, 90))
    keys = (("noise", lying(noise)), ("deciding", lying(deciding)))
    assert joint(*[OPEN if each > 0.6 else LESS for each in noise], places=keys).hangs == ()
    assert joint(*[OPEN] * 90, places=keys).hangs == joint(*[OPEN] * 90).hangs == ()
    mixed = [OPEN if n > 0.6 else LESS if d < 0.7 else MORE for n, d in zip(noise, deciding, strict=True)]
    found = joint(*mixed, places=keys)
    assert [each.key for each in found.hangs] == ["deciding"]
    assert found.hangs[0].low.of + found.hangs[0].high.of == 90 - found.unsettled


def naming(rule, sets=120):
    """In which share of so many sets of draws, whose signs hang on nothing, a rule names some assumption."""
    rng = np.random.default_rng(11)
    drawn_ = ((rng.choice([-1, 1], 61, p=[0.2, 0.8]), rng.random((30, 61))) for _ in range(sets))
    return sum(rule(towards, places) for towards, places in drawn_) / sets


def test_nothing_is_named_by_chance():
    """In one of twenty cases something is, as stated; each assumption judged by itself, something mostly is."""

    def alone(towards, places):
        return any(any(ranks_with(towards, row[None, :])) for row in places)

    # 99.8 % of the binomial law of 120 sets.
    assert abs(naming(lambda towards, places: any(ranks_with(towards, places))) - 0.05) < 3.1 * np.sqrt(0.0475 / 120)
    assert naming(alone, 10) > 0.5


def test_a_correlation_of_ranks_is_that_of_spearman():
    """Six draws by hand: one assumption that orders them as the sign does, one the other way; ties share their rank."""
    towards = np.repeat([-1, 1], 30)
    rising = np.arange(60.0)
    up, down = ranks_with(towards, np.array([rising, -rising]))
    # Of two groups of n each that are wholly apart: n / sqrt((4 n^2 - 1) / 3), and n = 30.
    assert up == pytest.approx(30 / math.sqrt((4 * 30**2 - 1) / 3))
    assert down == -up
    assert ranks_with(towards, np.array([np.zeros(60)])) == [0.0]


def test_a_cut_lies_where_both_sides_differ_most():
    """By hand: after two of five; never between equal values."""
    assert best_cut([True, True, False, False, False], [True] * 4) == 2
    assert best_cut([True, True, False, False, False], [True, False, True, True]) == 3


def test_it_is_told_in_words():
    """With the limit that decides, what the other draws are, and what would tell more."""
    along = (("a", lying(np.linspace(0, 1, 30))),)
    assert becomes(None) == becomes(joint()) == ""
    assert becomes(joint(*[LESS] * 61, places=along)) == (
        "Of 61 joint draws of 1 assumption 61 settle the same sign, as would at least 95.2 % of all: the claim stands."
    )
    assert becomes(joint(*[LESS] * 27, MORE, MORE, SAME, places=along)).endswith(
        "27 settle the same sign (2 the other and 1 show no difference), as would at least 76.1 % of all: whether 90 % "
        "would is open, more draws of another seed would tell; it goes along with a (up to 0.90 in 27 of 27, from "
        "0.93 in 0 of 3)."
    )
    assert "more replications of another seed would tell" in becomes(
        joint(*[LESS] * 26, OPEN, OPEN, OPEN, MORE, places=along)
    )
    assert "though fewer than 90 % of these do" in becomes(
        joint(*[LESS] * 25, OPEN, SAME, SAME, SAME, SAME, places=along)
    )
    nothing = joint(*[LESS] * 20, *[MORE] * 20, places=(("a", lying([0.0, 1.0] * 20)),))
    assert becomes(nothing).endswith(
        "20 settle the same sign (20 the other), and more than 36.1 % of all would settle the other: it depends on "
        "what 40 draws do not tell apart."
    )
    assert becomes(nothing, ["b", "c"]).endswith("it depends on b and c, with which it flips even alone.")
    switch = tuple(Place(each, "yes" if each > 0.5 else "no") for each in np.linspace(0, 1, 40))
    assert "on a (no: 20 of 20, yes: 0 of 20)" in becomes(joint(*[LESS] * 20, *[MORE] * 20, places=(("a", switch),)))
    assert becomes(joint(*[LESS] * 3, *[MORE] * 2, OPEN, sign=0, places=along)) == (
        "There is no claim: the intervals that hold together do not settle it where all is as said. Of 6 joint draws "
        "of 1 assumption 3 settle it below zero and 2 above."
    )


def test_beside_an_answer_stands_whether_it_stands():
    """In one sentence or two, and nothing where nothing is judged."""
    along = (("a", lying(np.linspace(0, 1, 30))),)
    assert claim(joint(*[LESS] * 61, places=along)) == (
        "the claim stands, in at least 95.2 % of joint draws of 1 assumption."
    )
    assert claim(joint(*[MORE] * 30, places=along), ["b"]) == (
        "the claim does not stand, the other sign comes in more than 90.4 % of joint draws of 1 assumption. It depends "
        "on b, with which it flips even alone."
    )
    assert claim(joint(*[LESS] * 20, *[OPEN] * 10, places=along)) == (
        "whether the claim stands is open, 20 in 30 of joint draws of 1 assumption settle it alike."
    )
    assert claim(joint(*[LESS] * 61, places=along), in_play=108) == (
        "the claim stands, in at least 95.2 % of joint draws of 1 of 108 assumptions."
    )
    assert claim(joint(*[LESS] * 20, sign=0)) == claim(None) == ""


def test_what_is_not_known_in_a_draw_is_null_for_programs():
    """Open and unknown differences are no numbers of JSON; limits stand apart."""
    half = Interval(-math.inf, -math.inf, -1.0, 6, most=-2.0)
    told = json.loads(json.dumps(drawn(joint(LESS, UNKNOWN, half)), allow_nan=False))
    assert told["differences"] == [pytest.approx(-2.0), None, None]
    assert told["differences_most"] == [pytest.approx(-2.0), None, -2.0]


def test_open_differences_are_counted_and_not_drawn():
    """Of times too, whose axis is fitted to what is known; also where nothing is."""
    column = next(each for each in HEADLINES if each.key == "latency")
    half = Interval(-math.inf, -math.inf, -1.0, 6, most=-2.0)
    for draws in ((LESS, UNKNOWN, half), (UNKNOWN,)):
        found = joint(*draws, places=())
        tornado = Tornado(column, half, (), (), limited=False, joint=found)
        with style():
            [axes] = joint_draws([(tornado, found)]).axes
        known = sum(math.isfinite(each.mean) for each in draws)
        assert sum(len(line.get_xdata()) == 1 for line in axes.lines) == known
        assert f"{len(draws) - known} open, not drawn" in [text.get_text() for text in axes.texts]
