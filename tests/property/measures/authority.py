"""What agents hold, could obtain, need, and would be given under attack: slow second computations."""

from fractions import Fraction
from itertools import groupby, product

from tests.ledgers import DAY, HOUR, NEVER, UNKNOWN
from tests.property.measures.spans import GRAINS, JEWELS, halves, holds, hours_a_day, mintable, needed, weight_of


def privilege_hours(ledger):
    """PH, NPH and SPH = PH outside need, credential by credential and atom by atom; and what identities need."""
    parts = {part: value if value is UNKNOWN else hours_a_day(value, ledger) for part, value in weighed(ledger).items()}
    return parts | excess_and_justified(ledger, ledger)


def weighed(ledger):
    """The same in weighted half seconds."""
    held = [(weight_of(name, ledger), agent, name, when) for agent, name, when in holds(ledger)]
    known = all(when is not UNKNOWN for *_, when in held)
    parts = {"held": sum(w * len(when) for w, *_, when in held) if known else UNKNOWN}
    for grain in GRAINS:
        need = needed(ledger, grain)
        whole = sum(weight_of(name, ledger) * len(when) for (_, name), when in need.items())
        parts[f"identity_need_{grain}"] = whole
        inside = sum(w * len(when & need[agent, name]) for w, agent, name, when in held) if known else UNKNOWN
        parts[f"needed_{grain}"] = inside
        outside = sum(w * len(when - need[agent, name]) for w, agent, name, when in held) if known else UNKNOWN
        parts[f"standing_{grain}"] = outside
    return parts


def excess_and_justified(least, most):
    """X = PH / NPH and J = 1 - SPH / PH; where holds have bounds, of all that may be held between the two."""
    found, (one, other) = {}, (weighed(least), weighed(most))
    for grain in GRAINS:
        shares = [
            # All that may be held and is needed none of the time, and then all of it that is, beside what is certain.
            _share(one[f"needed_{grain}"], other[f"standing_{grain}"], other[f"needed_{grain}"]),
            _share(other[f"needed_{grain}"], one[f"standing_{grain}"], 0),
        ]
        if shares[1] is UNKNOWN and shares[0] is not UNKNOWN:
            shares[1] = Fraction(0)
        found[f"justified_{grain}"] = tuple(each if each is UNKNOWN else 100 * each for each in shares)
        found[f"excess_{grain}"] = tuple(1 / each if each else UNKNOWN for each in reversed(shares))
    return found


def _share(needed, standing, otherwise):
    """Which part of what is held is needed; of nothing all, where something needed may be held besides."""
    if UNKNOWN in (needed, standing):
        return UNKNOWN
    if needed + standing == 0:
        return Fraction(1) if otherwise else UNKNOWN
    return Fraction(needed, needed + standing)


def crown_jewel_hours(ledger):
    """Time in which an agent can use a jewel that no work of it needs then, whichever jewel it is."""
    jewels = {atom.name for atom in ledger.catalogue if atom.tier == 3 and atom.level in JEWELS}
    held = holds(ledger)
    granted = {"obtainable": mintable(ledger), "waved_through": mintable(ledger, waving=True)}
    reach = {"held": held, **{level: held + spans for level, spans in granted.items()}}
    return {
        f"{level} {grain}": _alone(spans, jewels, needed(ledger, grain), ledger)
        for level, spans in reach.items() for grain in GRAINS
    }  # fmt: skip


def _alone(spans, jewels, need, ledger):
    spans = [span for span in spans if span[1] in jewels]
    if any(when is UNKNOWN for *_, when in spans):
        return UNKNOWN
    exposed = {(agent, half) for agent, name, when in spans for half in when - need[agent, name]}
    return hours_a_day(len(exposed), ledger)


def zero_standing(ledger):
    """The share of half seconds without a jewel in reach beside work; how many there are otherwise, and how long."""
    jewels = {atom.name for atom in ledger.catalogue if atom.tier == 3 and atom.level in JEWELS}
    reach, found = {"held": holds(ledger), "obtainable": holds(ledger) + mintable(ledger)}, {}
    for (level, spans), excuse in product(reach.items(), ("task", "approved_task")):
        counts = [
            _standing([s for s in spans if s[1] in jewels], excuse, agent, ledger) for agent in range(ledger.agents)
        ]
        whole = 2 * ledger.seconds * ledger.agents
        found[f"{level} {excuse} zero_percent"] = Fraction(100 * sum(own.count(0) for own in counts), whole)
        found[f"{level} {excuse} atoms"] = Fraction(sum(map(sum, counts)), whole)
        runs = [len(list(run)) for own in counts for stands, run in groupby(own, bool) if stands]
        found[f"{level} {excuse} longest_hours"] = Fraction(max(runs, default=0), 2 * HOUR)
    return found


def _standing(spans, excuse, agent, ledger):
    """How many jewels stand in an agent's reach in each half second, while none of its tasks excuses them."""
    working = set().union(*(halves(*span, ledger) for span in _work(excuse, agent, ledger)))
    reached = [{name for own, name, when in spans if own == agent and n in when} for n in range(2 * ledger.seconds)]
    return [0 if n in working else len(names) for n, names in enumerate(reached)]


def _work(excuse, agent, ledger):
    """When an agent has a task under way, or one of which a call rests on a human's yes, from that yes on."""
    for task in (t for t in ledger.tasks if t.agent == agent and t.started is not None):
        ends = NEVER if task.ended is None else task.ended
        yes = min(_agreed(task.id, ledger), default=NEVER)
        starts = task.started if excuse == "task" else max(task.started, yes)
        if starts < ends:
            yield starts, ends


def _agreed(task, ledger):
    """When humans said yes to what calls of a task rest on."""
    rests = {e.approval for e in ledger.events if (e.kind, e.decision, e.task) == ("use", "allow", task)}
    return [
        d.decided for n, d in enumerate(ledger.decisions) if n in rests and (d.kind, d.result) == ("human", "allow")
    ]


def permit_under_attack(ledger):
    """The greatest chance of a permit in any grant that is open in the window: of one request, and of all tries.

    Where none is, nobody can ask.
    """
    jewels = {atom.name for atom in ledger.catalogue if atom.tier == 3 and atom.level in JEWELS}
    # Of what only the issuer itself can make nobody can ask.
    of_issuer = [trust for trust in ledger.trusts if not trust.by_owner and trust.gate != "issuer"]
    live = [t for t in of_issuer if t.starts < min(t.ends, ledger.seconds) and t.ends > 0]
    chances = {"any": live, "crown_jewels": [t for t in live if jewels & set(t.atoms)]}
    said = {"one": lambda t: t.permit, "retried": lambda t: t.permit if t.retried is None else t.retried}
    return {
        f"{part} {requests}": Fraction(max(map(chance, found), default=0), 10) if live else UNKNOWN
        for part, found in chances.items()
        for requests, chance in said.items()
    }


def shadow_keys(ledger):
    """Static keys that a person handed over in the window, per agent-day."""
    keys = [c for c in ledger.credentials if c.handed and c.kind in {"static_key", "access_key"}]
    made = sum(0 <= c.starts < ledger.seconds for c in keys)
    return {"": made / (ledger.agents * Fraction(ledger.seconds, DAY))}
