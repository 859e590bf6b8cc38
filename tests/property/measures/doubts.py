"""What ledgers leave open, such as outcomes of calls: all that it may have been, and what holds of bounds then."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from itertools import product

from tests.ledgers import UNKNOWN
from tests.property.measures.spans import ends

# What somebody, or a policy, lets in or not.
DECIDED = ("use", "decide", "decide_approval")


def outcomes(ledger):
    """The same ledger in every way in which what it has of unknown outcome may have ended."""
    return filled(ledger, "events", "decision", ("allow", "deny"), lambda each: each.kind in DECIDED)


def filled(ledger, table, cell, values, there):
    """The same ledger in every way in which a cell may be filled of those rows of a table where it is to be there."""
    rows = getattr(ledger, table)
    blank = [n for n, each in enumerate(rows) if getattr(each, cell) is None and there(each)]
    for way in product(values, repeat=len(blank)):
        known = [{cell: value} for value in way]
        whole = dict(zip(blank, known, strict=True))
        yield ledger.having(**{table: [replace(each, **whole.get(n, {})) for n, each in enumerate(rows)]})


def settled(events):
    """Without decisions and answers of unknown outcome, which only a log has."""
    return [each for each in events if each.kind == "use" or each.kind not in DECIDED or each.decision is not None]


def in_every_way(oracle: Callable) -> Callable:
    """The same of a ledger with such uses: of each part the least and the most in any way, if it is anything."""

    @wraps(oracle)
    def widest(ledger):
        ways = [oracle(way) for way in outcomes(ledger)]
        return {part: _widest([ends(way[part]) for way in ways]) for part in ways[0]}

    return widest


def _widest(values):
    """The lower of lower ends and the upper of upper ends; none above where one has none."""
    known = [each for each in values if each[0] is not UNKNOWN]
    if not known:
        return UNKNOWN
    least, most = zip(*known, strict=True)
    return min(least), UNKNOWN if UNKNOWN in most else max(most)


def within(part, answer, value):
    """No end of a value is below what is proven or above what is possible; where it has no upper end, nor has that."""
    least, most = ends(value)
    if least is UNKNOWN:
        return
    assert answer.lo is None or answer.lo <= float(least) + 1e-9, part
    assert answer.hi is None or (most is not UNKNOWN and answer.hi >= float(most) - 1e-9), part
