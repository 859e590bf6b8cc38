"""What an identity could do beside its work, by two catalogues and two kinds of weight: a slow second computation."""

from collections import defaultdict
from itertools import product

from tests.ledgers import UNKNOWN
from tests.property.measures.spans import holds, hours_a_day, mintable, needed

CHANGES = {"write", "tagging", "permissions"}


def effective_authority(ledger):
    """Half seconds in which an agent can do something that no task of it needs then, each once."""
    held = holds(ledger)
    reach = {"held": held, "obtainable": held + mintable(ledger)}
    return {
        f"{level} {catalogue} {weights}": _alone(spans, catalogue, weights, ledger)
        for (level, spans), catalogue, weights in product(reach.items(), ("fine", "coarse"), ("declared", "equal"))
    }


def _alone(spans, catalogue, weights, ledger):
    if any(when is UNKNOWN for *_, when in spans):
        return UNKNOWN
    named = {atom.name: _kind(atom) if catalogue == "coarse" else atom.name for atom in ledger.catalogue}
    worth = defaultdict(int)
    for atom in ledger.catalogue:
        worth[named[atom.name]] = max(worth[named[atom.name]], atom.weight) if weights == "declared" else 1
    reached, needs = defaultdict(set), defaultdict(set)
    for agent, name, when in spans:
        reached[agent, named[name]] |= when
    for (agent, name), when in needed(ledger, "task").items():
        needs[agent, named[name]] |= when
    return hours_a_day(sum(worth[key[1]] * len(when - needs[key]) for key, when in reached.items()), ledger)


def _kind(atom):
    return atom.tier, atom.level in CHANGES
