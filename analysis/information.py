"""How much one thing tells of another, beyond what it would tell by chance."""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import hypergeom


def beyond_chance(counts: NDArray[np.int64]) -> float:
    """Mutual information of rows and columns of a table of counts, in bits, less what it is where rows are dealt anew.

    A text that is another each time tells all by chance, and one that is always the same tells nothing: of either
    nothing is left. The mean over all deals is exact (Vinh, Epps and Bailey 2010): each count is hypergeometric. What
    tells nothing may come out below 0, so that over many tables it is 0 on average.
    """
    rows, columns, total = counts.sum(axis=1), counts.sum(axis=0), int(counts.sum())
    expected = np.outer(rows, columns)
    there = counts > 0
    seen = float(np.sum(counts[there] / total * np.log2(total * counts[there] / expected[there])))
    # Many rows are alike, as are words that stand once.
    of_rows, of_columns = (list(zip(*np.unique(each, return_counts=True), strict=True)) for each in (rows, columns))
    by_chance = sum(m * n * _expected(int(a), int(b), total) for a, m in of_rows for b, n in of_columns)
    return seen - float(by_chance)


def _expected(row: int, column: int, total: int) -> float:
    """What a cell of such a row and column adds to the bits, on average over all deals."""
    met = np.arange(max(1, row + column - total), min(row, column) + 1)
    chance = hypergeom.pmf(met, total, row, column)
    return float(np.sum(chance * met / total * np.log2(total * met / (row * column))))
