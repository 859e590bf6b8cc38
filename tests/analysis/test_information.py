"""What one thing tells of another, against all deals of the one to the other."""

from collections import Counter
from itertools import permutations
from math import log2

import numpy as np
import pytest

from analysis.information import beyond_chance

DEALT = [
    ("aabb", "xxyy"),
    ("aabb", "xyxy"),
    ("abcd", "xxyy"),
    ("aaaa", "xxyy"),
    ("aabbcc", "xxyyzz"),
    ("aaabbc", "xyyyzz"),
]


def bits(rows, columns):
    """Mutual information, by counting."""
    total, of_rows, of_columns = len(rows), Counter(rows), Counter(columns)
    pairs = Counter(zip(rows, columns, strict=True))
    return sum(n / total * log2(total * n / (of_rows[r] * of_columns[c])) for (r, c), n in pairs.items())


def table(rows, columns):
    """The same as counts."""
    places = [sorted(set(each)) for each in (rows, columns)]
    counts = np.zeros([len(each) for each in places], dtype=np.int64)
    for row, column in zip(rows, columns, strict=True):
        counts[places[0].index(row), places[1].index(column)] += 1
    return counts


@pytest.mark.parametrize(("rows", "columns"), DEALT)
def test_what_is_told_beyond_chance_is_what_no_deal_tells_on_average(rows, columns):
    """The mean over every way to deal the rows is taken off, however little they tell."""
    deals = [bits(deal, columns) for deal in permutations(rows)]
    expected = bits(rows, columns) - sum(deals) / len(deals)
    assert beyond_chance(table(rows, columns)) == pytest.approx(expected, abs=1e-12)


def test_a_word_for_each_of_many_tells_nothing():
    """However many there are, and whatever they stand beside."""
    assert beyond_chance(np.eye(3000, 7, dtype=np.int64)[np.arange(3000) % 7]) == pytest.approx(0, abs=1e-9)
