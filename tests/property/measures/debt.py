"""What is open that somebody has to put right, item by item: a slow second computation."""

from collections import defaultdict
from fractions import Fraction
from itertools import pairwise
from math import inf

from tests.ledgers import DAY, HOUR, NEVER
from tests.property.measures.identities import (
    abandoned,
    answered_for,
    days_at_work,
    edges_of,
    is_open,
    last_accepted,
    left_of,
    lifetimes,
)
from tests.property.measures.spans import halves, needed

CAUSES = {
    "unowned": 6, "shadow": 12, "never_needed": 18, "excess_grant": 24, "outlived_task": 30, "outlived_agent": 36,
    "overdue_rotation": 42, "renewed_unevaluated": 48, "unreviewed": 54,
}  # fmt: skip
OF_NEED_ONLY = {"never_needed", "outlived_task", "excess_grant"}


def identity_debt(ledger):
    """Items by cause, each as the spans in which it is open: what came and went, and how long it was open in all."""
    items, found = _items(ledger), {}
    for cause, minutes in CAUSES.items():
        since = 0 if cause in OF_NEED_ONLY else ledger.seconds - 365 * DAY
        balance = _balance(items[cause], since, ledger.seconds)
        found |= {f"{cause} {stat}": value for stat, value in balance.items()}
        found[f"{cause} principal_hours"] = Fraction(balance["closing"] * minutes, 60)
        halves_open = sum(len(set().union(*(halves(*span, ledger) for span in spans))) for spans in items[cause])
        found[f"{cause} item_hours"] = Fraction(halves_open) / 2 / HOUR / days_at_work(ledger)
    return found


def _items(ledger):
    """Spans in which something is open, item by item."""
    there, gone = lifetimes(ledger), {life.agent: life for life in abandoned(ledger)}
    given = [(g.agent, name, (g.starts, g.ends)) for g in ledger.grants for name in g.atoms if g.agent not in gone]
    keys = [c for c in ledger.credentials if c.kind in {"static_key", "access_key"}]
    renewed = [c for number, c in enumerate(ledger.credentials) if _unevaluated(ledger, number)]
    return {
        "unowned": [left_of([there[a]], answered_for(ledger, a)) for a in there],
        "shadow": [[there[a]] for a in there if a in ledger.shadows],
        "never_needed": _never_needed(ledger, [(c.agent, *carried) for c, *carried in _carried(ledger, gone)]),
        "excess_grant": _never_needed(ledger, given),
        "outlived_task": _outlived(ledger, gone),
        "outlived_agent": [[(gone[a].ends, there[a][1])] for a in there if a in gone],
        "overdue_rotation": [[(c.starts + 90 * DAY, _refused(c))] for c in keys],
        "renewed_unevaluated": [[(c.starts, _refused(c))] for c in renewed],
        "unreviewed": [_unreviewed(ledger, a, there[a]) for a in there] + _emergencies(ledger),
    }


def _carried(ledger, gone):
    """(credential, atom, from-to) of everything that agents at work hold."""
    own = [c for c in ledger.credentials if c.agent not in gone]
    return [(c, name, (c.starts, last_accepted(c, name, ledger))) for c in own for name in c.atoms]


def _outlived(ledger, gone):
    """What credentials carry after the task that each was issued for."""
    ended, found = {task.id: task.ended for task in ledger.tasks if task.ended is not None}, defaultdict(list)
    numbers = {id(c): number for number, c in enumerate(ledger.credentials)}
    for credential, _, (starts, ends) in _carried(ledger, gone):
        if credential.task in ended:
            found[numbers[id(credential)]].append((max(starts, ended[credential.task]), ends))
    return list(found.values())


def _balance(items, since, until):
    """What was open at the start, opened, closed, and was open at the end, read off between any two edges."""
    found = {"opening": 0, "inflow": 0, "outflow": 0, "closing": 0}
    for spans in items:
        edges = [edge for edge in edges_of(*spans) if since < edge < until]
        states = [is_open(spans, (a + b) / 2) for a, b in pairwise([since, *edges, until])]
        found["opening"] += states[0]
        found["closing"] += states[-1]
        found["inflow"] += sum(not before and after for before, after in pairwise(states))
        found["outflow"] += sum(before and not after for before, after in pairwise(states))
    return found


def _refused(credential):
    """When the last verifier that hears of it has stopped accepting a credential."""
    return min(credential.ends, max(credential.refused.values(), default=NEVER))


def _unevaluated(ledger, number):
    """Whether a credential was renewed, and nobody decided about the one before."""
    decided = {e.credential for e in ledger.events if e.kind == "decide"} - {None}
    return any(e.kind == "renew" and e.issued == number and e.credential not in decided for e in ledger.events)


def _emergencies(ledger):
    """Emergency accesses, until somebody looks at them."""
    looked = [(e.issued, e.time) for e in ledger.events if e.kind == "review"]
    taken = [(n, c) for n, c in enumerate(ledger.credentials) if c.kind == "break_glass"]
    spans = [(c.starts, min([time for n, time in looked if n == number], default=inf)) for number, c in taken]
    return [[span] for span in spans if span[0] < span[1]]


def _unreviewed(ledger, agent, there):
    """When the last review, or the beginning, was longer ago than ninety days."""
    seen = sorted([there[0], *(e.time for e in ledger.events if e.kind == "review" and e.target == agent)])
    return [(a + 90 * DAY, min(b, there[1])) for a, b in pairwise([*seen, inf]) if a + 90 * DAY < min(b, there[1])]


def _never_needed(ledger, held):
    """Of what is held, item by item, the spans of what was not needed in the window."""
    need, found = needed(ledger, "task"), defaultdict(list)
    moments = {(n.agent, n.atom) for n in ledger.needs if 0 <= n.starts < ledger.seconds}
    for agent, name, span in held:
        found[agent, name].append(span)
    return [spans for key, spans in found.items() if not need[key] and key not in moments]
