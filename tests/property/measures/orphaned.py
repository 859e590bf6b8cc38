"""For whom nobody answers, why, and until when: a slow second computation."""

from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import inf

from tests.ledgers import DAY, HOUR, UNKNOWN
from tests.property.measures.delegation import sub_agents, zombies
from tests.property.measures.identities import answered_for, days_at_work, is_open, left_of, lifetimes
from tests.property.measures.spans import halves


def orphans(ledger):
    """For whom nobody answers who is there, by why, and for how many each owner answers."""
    there, found, spans = lifetimes(ledger), {}, defaultdict(list)
    for agent, whole in there.items():
        for part in left_of([whole], answered_for(ledger, agent)):
            spans[_why(ledger, agent, part[0]), agent].append(part)
            spans["orphaned", agent].append(part)
        teams = [
            o for o in ledger.owners if o.agent == agent and o.role == "owner" and o.team is not None and not o.knows
        ]
        diffuse = [span for o in teams for span in answered_for(replace(ledger, owners=[o]), agent)]
        spans["diffuse", agent] = _both(diffuse, [whole])
        named = answered_for(ledger, agent, "escalation")
        if named:
            after = (max(ends for _, ends in named), inf)
            spans["dead_escalation", agent] = _both(_both(answered_for(ledger, agent), [after]), [whole])
    spans |= _zombies(ledger)
    for part in (
        "never_owned",
        "owner_left",
        "no_member",
        "orphaned",
        "diffuse",
        "dead_escalation",
        "zombie_credential",
    ):
        own = [each for (word, _), each in spans.items() if word == part]
        found[f"{part} open"] = sum(is_open(each, ledger.seconds - 0.25) for each in own)
        total = sum(len(set().union(*(halves(*span, ledger) for span in each))) for each in own)
        found[f"{part} hours"] = Fraction(total) / 2 / HOUR / days_at_work(ledger)
    present = [a for a in there if is_open([there[a]], ledger.seconds - 0.25)]
    found["orphaned percent"] = Fraction(100 * found["orphaned open"], len(present)) if present else UNKNOWN
    found |= _answering(ledger, present)
    found["reowning days"] = _reowning(ledger, there)
    return found


def _answering(ledger, present):
    """For how many each owner answers at the window's end, and for which part of them one of their owners says so."""
    load, known = defaultdict(set), {}
    for agent, owner in product(present, ledger.owners):
        if (
            owner.agent == agent
            and owner.role == "owner"
            and is_open(answered_for(replace(ledger, owners=[owner]), agent), ledger.seconds - 0.25)
        ):
            load[owner.team].add(agent)
            known[agent] = known.get(agent, False) or owner.knows
    sizes = [len(agents) for agents in load.values()]
    mean, most = (Fraction(sum(sizes), len(sizes)), max(sizes)) if sizes else (0, 0)
    share = Fraction(100 * sum(known.values()), len(known)) if known else UNKNOWN
    told = {"owners": len(sizes), "load_mean": mean, "load_most": most, "load_gini": gini(sizes)}
    return {f"owner {stat}": value for stat, value in {**told, "acknowledged_percent": share}.items()}


def gini(sizes):
    """How far apart two of them are on average, each with each and with itself, over twice their mean."""
    apart = sum(abs(one - other) for one, other in product(sizes, repeat=2))
    return Fraction(apart, 2 * len(sizes) * sum(sizes)) if sizes else UNKNOWN


def _both(ones, others):
    return [(max(a, c), min(b, d)) for a, b in ones for c, d in others if max(a, c) < min(b, d)]


def _why(ledger, agent, time):
    """Whoever answered last before, of those that ended last."""
    owners = [o for o in ledger.owners if o.agent == agent and o.role == "owner"]
    spans = [(end, o.team is not None) for o in owners for _, end in answered_for(replace(ledger, owners=[o]), agent)]
    ended = [each for each in spans if each[0] <= time]
    return "never_owned" if not ended else "no_member" if max(ended)[1] else "owner_left"


def _zombies(ledger):
    """Spans of what sub-agents act with when nobody stands behind it any more, by credential."""
    spans = defaultdict(list)
    for task in sub_agents(ledger):
        for number, when in zombies(ledger, task):
            spans["zombie_credential", 1000 + number] += [(half / 2, half / 2 + 0.5) for half in when]
    return spans


def _reowning(ledger, there):
    """Days for which what its owner had left was nobody's, for each that somebody then took on."""
    since, days, taken = ledger.seconds - 365 * DAY, Fraction(0), 0
    for agent, whole in there.items():
        for starts, ends in left_of([whole], answered_for(ledger, agent)):
            if _why(ledger, agent, starts) == "owner_left" and starts < ledger.seconds and ends > since:
                days += Fraction(min(ends, ledger.seconds)) - Fraction(max(starts, since))
                taken += ends < min(ledger.seconds, whole[1])
    return days / DAY / taken if taken else UNKNOWN
