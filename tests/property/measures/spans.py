"""Spans of time as the sets of half seconds in them, written from the definitions; what every oracle stands on.

The oracles know no SQL and no cumulative sums: a span of time is the set of half seconds in it, a union is a union of
sets, a quantile is an element of a sorted list. Ledgers are small and lie on a grid of half seconds, so both are exact.
"""

from collections import defaultdict
from fractions import Fraction
from itertools import pairwise
from math import ceil

from tests.ledgers import DAY, HOUR, NEVER, UNKNOWN

JEWELS = ("write", "permissions")
GRAINS = ("action", "task")
# How names of parts begin that set what is needed beside what is held: of nothing there are none, though all is known.
RATIOS = ("excess", "justified")
SHARES = {"p50": Fraction(1, 2), "p95": Fraction(19, 20)}


def halves(starts, ends, ledger):
    """The half seconds of [starts, ends) inside the window; None where an end is not known."""
    if UNKNOWN in (starts, ends):
        return UNKNOWN
    return set(range(int(max(0, 2 * starts)), int(max(0, min(2 * ends, 2 * ledger.seconds)))))


def hours_a_day(half_seconds, ledger):
    """An amount of half seconds, weighted or not, as hours per agent-day."""
    return Fraction(half_seconds) / 2 / HOUR / (ledger.agents * Fraction(ledger.seconds, DAY))


def weight_of(name, ledger):
    """Declared weight of an atom."""
    return next(atom.weight for atom in ledger.catalogue if atom.name == name)


def validity(credential, name, ledger):
    """When an atom's verifier accepts a credential: from its start until the earlier of its end and the refusal.

    Where it asks the assignments of the holder, only while one of them says so; without any nobody knows.
    """
    verifier = next(atom.verifier for atom in ledger.catalogue if atom.name == name)
    if credential.ends is UNKNOWN:
        return UNKNOWN
    accepted = halves(credential.starts, min(credential.ends, credential.refused.get(verifier, NEVER)), ledger)
    if credential.resolved == "baked" or not accepted:
        return accepted
    own = [grant for grant in ledger.grants if grant.agent == credential.agent]
    if not own:
        return UNKNOWN
    return accepted.intersection(*[set().union(*(halves(g.starts, g.ends, ledger) for g in own if name in g.atoms))])


def holds(ledger):
    """(agent, atom, half seconds) for each atom of each credential."""
    return [(c.agent, name, validity(c, name, ledger)) for c in ledger.credentials for name in c.atoms]


def mintable(ledger, *, waving=False):
    """(agent, atom, half seconds) of what an issuer would grant without a human, or with one who waves it through."""
    free = [trust for trust in ledger.trusts if trust.gate != "issuer" and (waving or trust.gate != "human")]
    return [(t.agent, name, halves(t.starts, t.ends, ledger)) for t in free for name in t.atoms]


def need_spans(ledger, grain):
    """For each agent and atom the spans of each action, and of each task from first to last without its waits."""
    spans, whole = defaultdict(list), defaultdict(list)
    for need in ledger.needs:
        spans[need.agent, need.atom].append((need.starts, need.ends))
        whole[need.agent, need.atom, need.task].append(need)
    for (agent, atom, task), needs in whole.items() if grain == "task" else ():
        first, last = min(n.starts for n in needs), max(n.ends for n in needs)
        spans[agent, atom] += without_waits(first, last, [n for n in ledger.needs if n.task == task])
    return spans


def without_waits(first, last, needs):
    """[first, last) cut at the edges of waits, without the pieces that lie in one."""
    waits = [(n.asked, n.starts) for n in needs if n.asked is not None]
    edges = sorted({first, last, *(edge for wait in waits for edge in wait if first < edge < last)})
    pieces = list(pairwise(edges)) or [(first, last)]
    return [(a, b) for a, b in pieces if not any(asked <= a < b <= starts for asked, starts in waits)]


def needed(ledger, grain):
    """For each agent and atom the half seconds in which it was needed."""
    spans = need_spans(ledger, grain)
    return defaultdict(set, {key: set().union(*(halves(*span, ledger) for span in spans[key])) for key in spans})


def mean(shares):
    """The average of some, exactly."""
    return sum(shares, Fraction(0)) / len(shares)


def verifier_of(ledger, name):
    """Which verifier accepts or refuses an atom."""
    return next(atom.verifier for atom in ledger.catalogue if atom.name == name)


def quantiles(values):
    """The least value that is not exceeded by the share; nothing of nothing."""
    ordered = sorted(values)
    return {stat: ordered[ceil(q * len(ordered)) - 1] if ordered else UNKNOWN for stat, q in SHARES.items()}


def ends(value):
    """The two ends of what an oracle says."""
    return value if isinstance(value, tuple) else (value, value)
