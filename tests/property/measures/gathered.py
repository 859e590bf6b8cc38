"""How many credentials agents hold, and whether they become more: a slow second computation."""

from fractions import Fraction

from tests.ledgers import DAY, UNKNOWN
from tests.property.measures.spans import mean, needed, validity

STRETCH = 3  # seconds that stand for a day


def accumulation(ledger):
    """Mean numbers over half seconds and agents, and the least squares slope through the means of whole stretches."""
    half_seconds = range(2 * ledger.seconds)
    held = [set().union(*(validity(c, name, ledger) for name in c.atoms)) for c in ledger.credentials]
    each = [Fraction(sum(now in when for when in held), ledger.agents) for now in half_seconds]
    need = needed(ledger, "task")
    by_agent = [set().union(*(need[key] for key in need if key[0] == agent)) for agent in range(ledger.agents)]
    stretches = [each[n : n + 2 * STRETCH] for n in range(0, len(each) - 2 * STRETCH + 1, 2 * STRETCH)]
    return {
        "held_mean": mean(each),
        "needed_mean": Fraction(sum(map(len, by_agent)), ledger.agents * len(half_seconds)),
        "slope_per_day": _slope([mean(own) for own in stretches]),
    }


def _slope(values):
    """What a day adds: through each pair of means a line, weighted by the square of their distance."""
    pairs = [(a, b) for a in range(len(values)) for b in range(a)]
    if not pairs:
        return UNKNOWN
    steps = sum((values[a] - values[b]) * (a - b) for a, b in pairs) / Fraction(sum((a - b) ** 2 for a, b in pairs))
    return steps * Fraction(DAY, STRETCH)
