"""What is open that somebody has to put right, item by item: a slow second computation."""

from collections import defaultdict
from fractions import Fraction
from itertools import pairwise
from math import inf
from typing import NamedTuple

from tests.ledgers import DAY, HOUR, NEVER, UNKNOWN
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
from tests.property.measures.spans import halves, needed, quantiles, validity, weight_of

CAUSES = {
    "unowned": 6, "shadow": 12, "never_needed": 18, "excess_grant": 24, "outlived_task": 30, "outlived_agent": 36,
    "overdue_rotation": 42, "renewed_unevaluated": 48, "unreviewed": 54, "shared_secret": 60,
}  # fmt: skip
OF_NEED_ONLY = {"never_needed", "outlived_task", "excess_grant"}


def identity_debt(ledger):
    """Items by cause: what came and went, for how long they are open, how old they are, and what they let do."""
    items, found = _items(ledger), {}
    for cause, minutes in CAUSES.items():
        since, own = 0 if cause in OF_NEED_ONLY else ledger.seconds - 365 * DAY, [spans for _, spans in items[cause]]
        balance = _balance(own, since, ledger.seconds)
        found |= {f"{cause} {stat}": value for stat, value in balance.items()}
        found[f"{cause} remediation_hours"] = Fraction(balance["closing"] * minutes, 60)
        halves_open = sum(len(set().union(*(halves(*span, ledger) for span in spans))) for spans in own)
        found[f"{cause} item_hours"] = Fraction(halves_open) / 2 / HOUR / days_at_work(ledger)
        found[f"{cause} interest"] = _interest(items[cause], ledger)
        ages = quantiles([_age(spans, ledger.seconds) for spans in own if is_open(spans, ledger.seconds - 0.25)])
        found |= {f"{cause} age_{stat}": UNKNOWN if age == inf else age for stat, age in ages.items()}
    found["all remediation_hours"] = sum(found[f"{cause} remediation_hours"] for cause in CAUSES)
    found["all interest"] = _interest([item for cause in CAUSES for item in items[cause]], ledger)
    return found


class Of(NamedTuple):
    """What an item is of: an identity or a credential, by number, and one atom or all."""

    identity: int | None = None
    credential: int | None = None
    atom: str | None = None


def _interest(items, ledger):
    """What each credential lets do while any of some items is open of it, or of its holder."""
    weighted = 0
    for number, credential in enumerate(ledger.credentials):
        for name in credential.atoms:
            own = (Of(credential.agent), Of(credential.agent, atom=name), Of(credential=number))
            spans = [span for of, spans in items for span in spans if of in own]
            open_then = set().union(*(halves(*span, ledger) for span in spans))
            weighted += weight_of(name, ledger) * len(open_then & validity(credential, name, ledger))
    return Fraction(weighted) / 2 / HOUR / days_at_work(ledger)


def _age(spans, now):
    """Days since something that is open now was opened, after a time in which it was not."""
    edges = [edge for edge in edges_of(*spans) if edge < now]
    while len(edges) > 1 and is_open(spans, edges[-2]):
        edges.pop()
    return inf if edges[-1] == -inf else (now - Fraction(edges[-1])) / DAY


def _items(ledger):
    """Spans in which something is open, item by item, by what each is of."""
    there, gone = lifetimes(ledger), {life.agent: life for life in abandoned(ledger)}
    given = [(g.agent, name, (g.starts, g.ends)) for g in ledger.grants for name in g.atoms if g.agent not in gone]
    old = {n: c for n, c in enumerate(ledger.credentials) if c.kind in {"static_key", "access_key"}}
    renewed = {n: c for n, c in enumerate(ledger.credentials) if _unevaluated(ledger, n)}
    return {
        "unowned": [(Of(a), left_of([there[a]], answered_for(ledger, a))) for a in there],
        "shadow": [(Of(a), [there[a]]) for a in there if a in ledger.shadows],
        "never_needed": _never_needed(ledger, [(c.agent, *carried) for c, *carried in _carried(ledger, gone)]),
        "excess_grant": _never_needed(ledger, given),
        "outlived_task": _outlived(ledger, gone),
        "outlived_agent": [(Of(a), [(gone[a].ends, there[a][1])]) for a in there if a in gone],
        "overdue_rotation": [(Of(credential=n), [(c.starts + 90 * DAY, _refused(c))]) for n, c in old.items()],
        "shared_secret": [
            (Of(credential=n), spans) for n in range(len(ledger.credentials)) if (spans := _shared(ledger, n))
        ],
        "renewed_unevaluated": [(Of(credential=n), [(c.starts, _refused(c))]) for n, c in renewed.items()],
        "unreviewed": [(Of(a), _unreviewed(ledger, a, there[a])) for a in there] + _emergencies(ledger),
    }


def _carried(ledger, gone):
    """(credential, atom, from-to) of everything that agents at work hold in the window."""
    own = [c for c in ledger.credentials if c.agent not in gone]
    carried = [(c, name, (c.starts, last_accepted(c, name, ledger))) for c in own for name in c.atoms]
    return [each for each in carried if max(each[2][0], 0) < min(each[2][1], ledger.seconds)]


def _outlived(ledger, gone):
    """What credentials carry after the task that each was issued for."""
    ended, found = {task.id: task.ended for task in ledger.tasks if task.ended is not None}, defaultdict(list)
    numbers = {id(c): number for number, c in enumerate(ledger.credentials)}
    for credential, _, (starts, ends) in _carried(ledger, gone):
        if credential.task in ended:
            found[Of(credential=numbers[id(credential)])].append((max(starts, ended[credential.task]), ends))
    return list(found.items())


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
    return any(e.kind == "renew" and e.issued == number and not asked_about(e, ledger) for e in ledger.events)


def asked_about(renewal, ledger):
    """Whether somebody had said yes by then to what is renewed."""
    yes = [e for e in ledger.events if e.kind == "decide" and e.decision == "allow" and e.credential is not None]
    return any(e.credential == renewal.credential and e.time <= renewal.time for e in yes)


def _shared(ledger, number):
    """While more than one has a credential: somebody besides, whoever else used it, or whoever works as its holder."""
    own, life = ledger.credentials[number], (ledger.credentials[number].starts, _refused(ledger.credentials[number]))
    uses = [e for e in ledger.events if (e.kind, e.decision, e.credential) == ("use", "allow", number)]
    spans = [(each.starts, each.ends) for each in ledger.possessors if each.credential == number]
    spans += [(e.time, inf) for e in uses if e.agent is not None and e.agent != own.agent]
    spans += [life] if own.agent in ledger.joint else []
    within = [(max(starts, life[0]), min(ends, life[1])) for starts, ends in spans]
    return [span for span in within if span[0] < span[1]]


def _emergencies(ledger):
    """Emergency accesses, until somebody looks at them."""
    looked = [(e.issued, e.time) for e in ledger.events if e.kind == "review"]
    taken = [(n, c) for n, c in enumerate(ledger.credentials) if c.kind == "break_glass"]
    spans = {n: (c.starts, min([time for number, time in looked if number == n], default=inf)) for n, c in taken}
    return [(Of(credential=n), [span]) for n, span in spans.items() if span[0] < span[1]]


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
    kept = {key: spans for key, spans in found.items() if not need[key] and key not in moments}
    return [(Of(agent, atom=name), spans) for (agent, name), spans in kept.items()]
