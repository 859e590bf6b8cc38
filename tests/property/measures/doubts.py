"""Calls of which nobody knows whether they were let in: all that they may have been, and what holds of bounds then."""

from dataclasses import replace
from itertools import product

from tests.ledgers import UNKNOWN
from tests.property.measures.spans import ends


def outcomes(ledger):
    """The same ledger in every way in which its uses of unknown outcome may have ended."""
    doubted = [n for n, each in enumerate(ledger.events) if each.kind == "use" and each.decision is None]
    for way in product(("allow", "deny"), repeat=len(doubted)):
        known = dict(zip(doubted, way, strict=True))
        events = [replace(each, decision=known.get(n, each.decision)) for n, each in enumerate(ledger.events)]
        yield ledger.having(events=events)


def within(part, answer, value):
    """No end of a value is below what is proven or above what is possible; where it has no upper end, nor has that."""
    least, most = ends(value)
    if least is UNKNOWN:
        return
    assert answer.lo is None or answer.lo <= float(least) + 1e-9, part
    assert answer.hi is None or (most is not UNKNOWN and answer.hi >= float(most) - 1e-9), part
