"""When identities are there, and when somebody answers for them, as spans of time."""

from fractions import Fraction
from itertools import pairwise
from math import inf

from tests.ledgers import DAY, NEVER


def abandoned(ledger):
    """Agents that were abandoned by the end."""
    return [life for life in ledger.lives if life.ends < ledger.seconds]


def days_at_work(ledger):
    """Days of the window, times the agents that were not abandoned in it or before."""
    return (ledger.agents - len(abandoned(ledger))) * Fraction(ledger.seconds, DAY)


def lifetimes(ledger):
    """From when until when each identity is there; an abandoned one as long as anything that it was given."""
    spans, gone = {}, {life.agent for life in abandoned(ledger)}
    for agent in range(ledger.agents):
        starts = next((life.starts for life in ledger.lives if life.agent == agent), -inf)
        left = [grant.ends for grant in ledger.grants if grant.agent == agent]
        if agent not in gone or left:
            spans[agent] = (starts, max(left) if agent in gone else inf)
    return spans


def answered_for(ledger, agent, role="owner"):
    """When somebody who is there answers for an agent: of a team, as long as anybody is in it."""
    spans = []
    for owner in (o for o in ledger.owners if o.agent == agent and o.role == role):
        people = [owner] if owner.team is None else [m for m in ledger.members if m.team == owner.team]
        own = [(max(owner.starts, each.starts), min(owner.ends, each.ends)) for each in people]
        spans += [span for span in own if span[0] < span[1]]
    return spans


def edges_of(*spans):
    """Every moment at which something begins or ends, in order."""
    return sorted({edge for span in spans for edge in span})


def left_of(whole, spans):
    """What is left of some spans without others, cut at every edge."""
    edges = edges_of(*whole, *spans)
    return [(a, b) for a, b in pairwise(edges) if is_open(whole, a) and not is_open(spans, a)]


def is_open(spans, time):
    """Whether any of some spans holds a moment."""
    return any(starts <= time < ends for starts, ends in spans)


def last_accepted(credential, name, ledger):
    """When an atom's verifier stops accepting a credential."""
    verifier = next(atom.verifier for atom in ledger.catalogue if atom.name == name)
    return min(credential.ends, credential.refused.get(verifier, NEVER))
