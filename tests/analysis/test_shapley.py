"""A difference split over what is changed: against sums that a pencil knows, and against the axioms of the value."""

from fractions import Fraction
from itertools import combinations, permutations
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.shapley import finest, orders, shares

FOUR = ("scope", "lifetime", "decision", "revocation")
EACH = tuple((name,) for name in FOUR)
SETS = [frozenset(names) for size in range(5) for names in combinations(FOUR, size)]
WORTH = st.fractions(min_value=-1000, max_value=1000, max_denominator=100)
GAMES = st.fixed_dictionaries(dict.fromkeys(SETS, WORTH))


def by_subsets(worth):
    """The Shapley value by its other formula: a sum over the sets without a player, weighted by their sizes."""
    return {
        (name,): sum(
            Fraction(factorial(len(names)) * factorial(3 - len(names)), 24) * (worth[names | {name}] - worth[names])
            for names in SETS
            if name not in names
        )
        for name in FOUR
    }


def first_come(blocks, worth):
    """A wrong value: what each adds in the one order in which they are named."""
    passed = [frozenset(name for block in blocks[:size] for name in block) for size in range(len(blocks) + 1)]
    return {block: worth[passed[n + 1]] - worth[passed[n]] for n, block in enumerate(blocks)}


def alone(blocks, worth):
    """Another wrong value: what each does by itself."""
    return {block: worth[frozenset(block)] - worth[frozenset()] for block in blocks}


def is_efficient(value, worth):
    """Shares sum to the whole."""
    return sum(value(EACH, worth).values()) == worth[frozenset(FOUR)] - worth[frozenset()]


def is_symmetric(value, worth):
    """Names do not matter: two players who trade places trade their shares."""
    trade = {"scope": "revocation", "revocation": "scope"}
    traded = {frozenset(trade.get(name, name) for name in names): each for names, each in worth.items()}
    ours, theirs = value(EACH, worth), value(EACH, traded)
    return all(ours[name,] == theirs[trade.get(name, name),] for name in FOUR)


@settings(max_examples=25)
@given(GAMES)
def test_it_is_the_value_of_the_other_formula(worth):
    """With every set possible the mean over 24 orders is the sum over sets."""
    assert shares(EACH, worth) == by_subsets(worth)


@settings(max_examples=25)
@given(GAMES)
def test_shares_sum_to_the_whole_exactly(worth):
    """In fractions nothing is lost; and of what each does by itself that is not so."""
    assert is_efficient(shares, worth)


@settings(max_examples=25)
@given(GAMES)
def test_whoever_changes_nothing_gets_nothing(worth):
    """A factor after which every set is worth what it was before has the share zero."""
    idle = {names: worth[names - {"decision"}] for names in SETS}
    assert shares(EACH, idle)["decision",] == 0


@settings(max_examples=25)
@given(GAMES)
def test_names_do_not_matter(worth):
    """Factors that trade places trade shares."""
    assert is_symmetric(shares, worth)


def test_wrong_values_are_found_out():
    """What is asked of the value is not kept by the difference in one order, nor by what each does alone."""
    both = {names: Fraction(len(names & {"scope", "revocation"}) == 2) for names in SETS}
    assert is_efficient(first_come, both)
    assert not is_symmetric(first_come, both)
    assert first_come(EACH, both) != by_subsets(both)
    assert is_symmetric(alone, both)
    assert not is_efficient(alone, both)


def test_what_only_adds_up_is_split_as_it_was_added():
    """Where each factor adds its own amount whatever else is changed, that is its share, in any orders left."""
    own = {"scope": 8.0, "lifetime": 4.0, "decision": -2.0, "revocation": 1.0}
    worth = {names: np.array([10 + sum(own[name] for name in names)] * 3) for names in SETS}
    fewer = {names: each for names, each in worth.items() if "lifetime" not in names or "scope" in names}
    for possible in (worth, fewer):
        assert {block: each.tolist() for block, each in shares(EACH, possible).items()} == {
            (name,): [own[name]] * 3 for name in FOUR
        }


def test_only_orders_of_what_is_possible_count():
    """With the scope before lifetime and revocation, and the decision before lifetime, a pencil finds five orders."""
    possible = [names for names in SETS if ("lifetime" not in names or {"scope", "decision"} <= names)
                and ("revocation" not in names or "scope" in names)]  # fmt: skip
    left = {"".join(name[0] for (name,) in order) for order in orders(EACH, possible)}
    assert left == {"sdlr", "sdrl", "srdl", "dslr", "dsrl"}
    worth = {names: Fraction(0) for names in possible}
    worth[frozenset(FOUR)] = Fraction(10)
    # Last to come are lifetime three times and revocation twice.
    assert shares(EACH, worth) == {
        ("scope",): 0, ("lifetime",): 6, ("decision",): 0, ("revocation",): 4,
    }  # fmt: skip


def test_what_no_order_changes_apart_has_one_share():
    """Where scope and revocation contradict each other's absence they are one block; all else stays apart."""
    possible = {names for names in SETS if ("scope" in names) == ("revocation" in names)}
    blocks = finest(FOUR, possible)
    assert blocks == (("scope", "revocation"), ("lifetime",), ("decision",))
    worth = {names: Fraction(3 * len(names)) for names in possible}
    assert shares(blocks, worth) == {("scope", "revocation"): 6, ("lifetime",): 3, ("decision",): 3}
    assert finest(FOUR, {frozenset(), frozenset(FOUR)}) == (FOUR,)
    assert finest(FOUR, set(SETS)) == EACH
    with pytest.raises(ValueError, match="no order is left"):
        shares(EACH, {frozenset(): Fraction(0), frozenset(FOUR): Fraction(1)})


def test_of_as_many_blocks_those_with_most_orders_are_taken():
    """The finest split is found among all ways to put four factors into blocks."""
    counted = set()
    for order in permutations(FOUR):
        possible = {frozenset(), frozenset(order[:2]), frozenset(order[:3]), frozenset(FOUR)}
        blocks = finest(FOUR, possible)
        assert {frozenset(block) for block in blocks} == {
            frozenset(order[:2]), frozenset(order[2:3]), frozenset(order[3:]),
        }  # fmt: skip
        counted.add(blocks)
    assert len(counted) == 6
