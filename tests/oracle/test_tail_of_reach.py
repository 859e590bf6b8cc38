"""The worst twentieth of what is in reach, where a pencil knows its mean: two values, many alike, a law of reading."""

from fractions import Fraction

import pytest

from tests.ledgers import CATALOGUE, DAY, Atom, Credential, Ledger
from tests.oracle.test_read_later import LAWS, LIVES, NEAR, SHARE, overlap, written

PART = Fraction(1, 20)


@pytest.fixture(scope="module")
def tail(book):
    """What the measure says of ledgers, of threat t1b unless another is named."""

    def told(ledgers, threat="t1b", **given):
        return [answer[threat].lo for answer in book.told(["tail_radius"], ledgers, **given)["tail_radius"]]

    return told


def held_for(share):
    """A day in which money, two thirds of the estate, is in reach for a share of the time."""
    return Ledger(seconds=DAY, credentials=[Credential(["write money"], 0, DAY * share)])


def test_of_two_values_the_worst_part_has_as_much_of_the_greater_as_there_is(tail):
    """All of it where it lasts for the worst part or longer, else its share of that: the rest of it found nothing."""
    value, shares = Fraction(100 * 40, 60), [Fraction(1, 100), Fraction(1, 20), Fraction(1, 4)]
    expected = [float(value * min(1, share / PART)) for share in shares]
    assert tail([held_for(share) for share in shares]) == pytest.approx(expected)


def falling(steps):
    """A day in which as many like groups go out of reach one after the other, at even intervals."""
    atoms = [Atom("write", f"group{n}", "near", tier=1, resources=1, weight=1) for n in range(steps)]
    keys = [Credential([atom.name], 0, Fraction(DAY * (n + 1), steps)) for n, atom in enumerate(atoms)]
    return Ledger(seconds=DAY, catalogue=atoms, credentials=keys)


def test_of_values_that_are_alike_the_last_counts_for_what_is_wanting(tail):
    """Thirty steps have one and a half in the worst twentieth: whole values alone, one or two, give another mean."""
    counts = (20, 30, 50)
    assert tail([falling(steps) for steps in counts]) == pytest.approx([worst(steps) for steps in counts], rel=1e-9)


def worst(steps):
    """The mean of the worst twentieth of so many even steps."""
    values, wanting = [Fraction(100 * n, steps) for n in range(steps, 0, -1)], PART * steps
    whole = int(wanting)
    mean = (sum(values[:whole]) + (wanting - whole) * values[whole]) / wanting
    without = [sum(values[:n]) / n for n in (whole, whole + 1)]
    assert (mean in without) == (wanting == whole)
    return float(mean)


def test_the_part_that_is_the_worst_is_a_parameter(tail):
    """All of it is the mean, and the smaller it is the worse."""
    ledger = falling(20)
    parts = [tail([ledger], worst_percent=percent)[0] for percent in (100, 50, 5)]
    assert parts == [pytest.approx(52.5), pytest.approx(77.5), pytest.approx(100)]


def test_chance_of_reading_is_part_of_the_law(tail):
    """A log that is read late in most cases, of a key that dies soon, is worth something in the worst cases only."""
    cases = [(lives, *law) for law in LAWS for lives in LIVES]
    told = tail([written(*case) for case in cases], "t3")
    for (lives, median, sigma), found in zip(cases, told, strict=True):
        chance = overlap(min(lives, DAY), median, sigma) / DAY
        assert found == pytest.approx(SHARE * min(1, chance / float(PART)), rel=NEAR, abs=1e-5)


def test_the_mean_is_never_more_than_the_tail(book):
    """Of every threat, and equal where nothing changes."""
    ledgers = [held_for(Fraction(1, 4)), Ledger(seconds=DAY, credentials=[Credential([CATALOGUE[0].name])])]
    for mean, worst in zip(*book.told(["blast_radius", "tail_radius"], ledgers).values(), strict=True):
        assert all(mean[threat].lo <= worst[threat].lo + 1e-9 for threat in mean)
    assert worst["t1b"].lo == pytest.approx(mean["t1b"].lo)
