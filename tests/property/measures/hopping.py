"""What whoever has hijacked an agent reaches step by step: a slow second computation, at each instant apart."""

from tests.ledgers import UNKNOWN
from tests.property.measures.reach import DWELL, places, worth
from tests.property.measures.spans import holds, mean, mintable, validity

HOPS = {"1": 1, "2": 2, "3": 3, "all": 99}


def reach_by_hops(ledger):
    """The share of the estate within so many hops, averaged over instants and agents."""
    if any(when is UNKNOWN for *_, when in holds(ledger)):
        return dict.fromkeys(HOPS, UNKNOWN)
    return {
        name: mean([worth(ledger, _within(ledger, hops, agent, now)) for agent, now in places(ledger)])
        for name, hops in HOPS.items()
    }


def _within(ledger, hops, agent, now):
    """The atoms of all that is at hand within the dwell time, after so many hops."""
    ahead, own = range(now, now + 2 * DWELL + 1), [c for c in ledger.credentials if c.agent == agent]
    spans = [(name, validity(c, name, ledger)) for c in own if 1 + _above(ledger, c.task) <= hops for name in c.atoms]
    spans += [(name, when) for whose, name, when in mintable(ledger) if whose == agent and hops > 1]
    return {name for name, when in spans if not when.isdisjoint(ahead)}


def _above(ledger, task):
    """How many tasks stand above one, which may be none or of nobody."""
    parent = next((each.parent for each in ledger.tasks if each.id == task), None)
    return 0 if parent is None else 1 + _above(ledger, parent)
