"""Every measure against a slow second computation in sets of half seconds, written from the definitions.

The oracles know no SQL and no cumulative sums: a span of time is the set of half seconds in it, a union is a union of
sets, a quantile is an element of a sorted list. Ledgers are small and lie on a grid of half seconds, so both are exact.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from itertools import pairwise, product
from math import ceil, exp, inf

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.measures.measure import examine, measures
from sim.audit.store import Store
from tests.ledgers import (
    CATALOGUE,
    DAY,
    HOUR,
    MONDAY,
    NEVER,
    TWO_JEWELS,
    UNKNOWN,
    Action,
    Book,
    Credential,
    Decision,
    Event,
    Grant,
    Incident,
    Leak,
    Ledger,
    Life,
    Member,
    Need,
    Owner,
    Policy,
    Step,
    Task,
    Trust,
    Writing,
    answers,
    store_of,
)

NAMES = tuple(atom.name for atom in TWO_JEWELS)
JEWELS = ("write", "permissions")
GRAINS = ("action", "task")
SHARES = {"p50": Fraction(1, 2), "p95": Fraction(19, 20)}
QUICK = 2  # seconds
DWELL = 3  # seconds, so that it matters in a window of a few
READ = 2

# ----------------------------------------------------------------------------------------------------------- oracles


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
    """When an atom's verifier accepts a credential: from its start until the earlier of its end and the refusal."""
    verifier = next(atom.verifier for atom in ledger.catalogue if atom.name == name)
    if credential.ends is UNKNOWN:
        return UNKNOWN
    return halves(credential.starts, min(credential.ends, credential.refused.get(verifier, NEVER)), ledger)


def holds(ledger):
    """(agent, atom, half seconds) for each atom of each credential."""
    return [(c.agent, name, validity(c, name, ledger)) for c in ledger.credentials for name in c.atoms]


def mintable(ledger, *, waving=False):
    """(agent, atom, half seconds) of what an issuer would grant without a human, or with one who waves it through."""
    free = [trust for trust in ledger.trusts if waving or trust.gate != "human"]
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


def privilege_hours(ledger):
    """PH, NPH and SPH = PH outside need, credential by credential and atom by atom."""
    held = [(weight_of(name, ledger), agent, name, when) for agent, name, when in holds(ledger)]
    known = all(when is not UNKNOWN for *_, when in held)
    parts = {"held": sum(w * len(when) for w, *_, when in held) if known else UNKNOWN}
    for grain in GRAINS:
        need = needed(ledger, grain)
        parts[f"needed_{grain}"] = sum(weight_of(name, ledger) * len(when) for (_, name), when in need.items())
        outside = sum(w * len(when - need[agent, name]) for w, agent, name, when in held) if known else UNKNOWN
        parts[f"standing_{grain}"] = outside
    return {part: value if value is UNKNOWN else hours_a_day(value, ledger) for part, value in parts.items()}


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


THREATS = ("t1a", "t1b", "t1c", "t2", "t3", "t4", "t5", "t5_bootstrap")
BOUND = {"key_exportable", "key_bound", "context_bound"}


def blast_radius(ledger):
    """The share of the estate in reach, at each instant of each agent, averaged over instants and agents."""
    if any(when is UNKNOWN for *_, when in holds(ledger)):
        return dict.fromkeys(THREATS, UNKNOWN)
    reached = {
        threat: _mean([_share(ledger, threat, agent, now) for agent, now in _places(ledger)]) for threat in THREATS
    }
    issued = [(0, name, when) for _, name, when in mintable(ledger, waving=True)]
    instants = range(2 * ledger.seconds)
    reached["t5"] = _mean([_worth(ledger, {name for _, name, when in issued if now in when}) for now in instants])
    return reached


def _places(ledger):
    return product(range(ledger.agents), range(2 * ledger.seconds))


def _mean(shares):
    return sum(shares, Fraction(0)) / len(shares)


def _share(ledger, threat, agent, now):
    """What an attacker who strikes an agent now can touch; of a token on its way, averaged over where it goes."""
    if threat == "t1a":
        verifiers = {atom.verifier for atom in ledger.catalogue}
        return _mean([_worth(ledger, _copied(ledger, agent, now, verifier)) for verifier in sorted(verifiers)])
    return _worth(ledger, _REACHED[threat](ledger, agent, now))


def _worth(ledger, names):
    values = {atom.name: (atom.group, atom.resources * atom.weight) for atom in ledger.catalogue}
    return Fraction(100 * _value(values, names), _value(values, values))


def _own(ledger, agent):
    """(credential, atom, half seconds) of an agent."""
    own = [(number, c) for number, c in enumerate(ledger.credentials) if c.agent == agent]
    return [(number, c, name, validity(c, name, ledger)) for number, c in own for name in c.atoms]


def _verifier_of(ledger, name):
    return next(atom.verifier for atom in ledger.catalogue if atom.name == name)


def _copied(ledger, agent, now, verifier):
    """What a token opens that was sent to a verifier, without its key."""
    free = {name for _, c, name, when in _own(ledger, agent) if now in when and not (c.enforced and c.binding in BOUND)}
    here = {name for name in free if _verifier_of(ledger, name) == verifier}
    own = _own(ledger, agent)
    loose = {name for _, c, name, when in own if now in when and (c.binding == "bearer" or not c.enforced)}
    return here | loose


def _stolen(ledger, agent, now):
    stays = {"key_bound", "context_bound"}
    return {name for _, c, name, when in _own(ledger, agent) if now in when and not (c.enforced and c.binding in stays)}


def _signed(ledger, agent, now):
    return {name for *_, name, when in _own(ledger, agent) if not when.isdisjoint(_dwell(now))}


def _hijacked(ledger, agent, now):
    granted = {name for whose, name, when in mintable(ledger) if whose == agent and not when.isdisjoint(_dwell(now))}
    return _signed(ledger, agent, now) | granted


def _dwell(now):
    """Midway through a half second nothing begins or ends; t sees all that is valid in [t, t + dwell]."""
    return range(now, now + 2 * DWELL + 1)


def _read_later(ledger, agent, now):
    """What is still accepted of a log's copies, each made by a call to its verifier READ seconds ago or more."""
    found = set()
    for number, c, name, when in _own(ledger, agent):
        calls = [e for e in ledger.events if (e.kind, e.decision, e.credential) == ("use", "allow", number)]
        if c.enforced and c.binding == "audience":
            calls = [
                e for e in calls if e.atom is not None and _verifier_of(ledger, e.atom) == _verifier_of(ledger, name)
            ]
        old = [e for e in calls if 2 * (e.time + READ) <= now]
        if old and now in when and not (c.enforced and c.binding in BOUND):
            found.add(name)
    return found


def _parented(ledger, agent, now):
    """What the trees under way hold now, or are given within the dwell time and before they end."""
    found = set()
    for root in ledger.tasks:
        begun = root.parent is None and root.started is not None and root.agent == agent
        if begun and 2 * root.started <= now and (root.ended is None or now < 2 * root.ended):
            until = 2 * (ledger.seconds if root.ended is None else root.ended)
            ahead = set(range(now, min(now + 2 * DWELL + 1, until)))
            tree = {None, *_below(ledger, root.id)}
            found |= {name for _, c, name, when in _own(ledger, agent) if c.task in tree and ahead & when}
    return found


def _below(ledger, task):
    """A task and those below it, of those that began or not."""
    children = [each.id for each in ledger.tasks if each.parent == task]
    return {task}.union(*(_below(ledger, child) for child in children))


def _with_the_secret(ledger, agent, now):
    secret = [t for t in ledger.trusts if t.bootstrap == "static_secret" and t.gate != "human" and t.agent == agent]
    return {name for t in secret for name in t.atoms if now in halves(t.starts, t.ends, ledger)}


_REACHED = {
    "t1b": _stolen, "t1c": _signed, "t2": _hijacked, "t3": _read_later, "t4": _parented,
    "t5": lambda *_: set(), "t5_bootstrap": _with_the_secret,
}  # fmt: skip


def _value(values, names):
    """What can be touched, each group once at its highest level."""
    best = defaultdict(int)
    for group, value in (values[name] for name in names):
        best[group] = max(best[group], value)
    return sum(best.values())


def tails(ledger):
    """(atom, tail in half seconds, used, cut by the window's end) for each validity that touches the window."""
    spans = need_spans(ledger, "task")
    found = []
    for agent, name, when in holds(ledger):
        if when:
            start, end = min(when), max(when) + 1
            touch = [(2 * a, 2 * b) for a, b in spans[agent, name] if 2 * a < end]
            last = [b for a, b in touch if b > start or start <= a == b]
            tail = end - max([start, *(min(moment, end) for moment in last)])
            found.append((name, tail, bool(last), end == 2 * ledger.seconds))
    return found


def stale_access(ledger):
    """The sum of weight times tail, of what was used, of what never was, and of both."""
    parts = dict.fromkeys(("used", "never_used", "total"), Fraction(0))
    for name, tail, used, _ in tails(ledger):
        for part in ("used" if used else "never_used", "total"):
            parts[part] += weight_of(name, ledger) * Fraction(tail)
    return {part: hours_a_day(value, ledger) for part, value in parts.items()}


def stale_tail(ledger):
    """Quantiles of the tails of what was used; those under way at the end could turn out to be of any length."""
    used = [(Fraction(tail) / 2, cut) for _, tail, used, cut in tails(ledger) if used]
    lo = quantiles([tail for tail, _ in used])
    hi = quantiles([inf if cut else tail for tail, cut in used])
    return {stat: (lo[stat], UNKNOWN if hi[stat] == inf else hi[stat]) for stat in SHARES}


def quantiles(values):
    """The least value that is not exceeded by the share; nothing of nothing."""
    ordered = sorted(values)
    return {stat: ordered[ceil(q * len(ordered)) - 1] if ordered else UNKNOWN for stat, q in SHARES.items()}


def time_to_revoke(ledger):
    """Kaplan-Meier quantiles, by SciPy, of the time from a task's end to the last refusal of what it used."""
    ended = {
        task.id: task.ended for task in ledger.tasks if task.ended is not None and 0 <= task.ended < ledger.seconds
    }
    used = defaultdict(set)
    for event in ledger.events:
        if event.kind == "use" and event.decision == "allow" and None not in (event.task, event.credential):
            used[event.task].add(event.credential)
    for number, credential in enumerate(ledger.credentials):
        used[credential.task].add(number)
    used = {task: {n for n in numbers if n < len(ledger.credentials)} for task, numbers in used.items()}
    times = [_after(ended[task], used[task], ledger) for task in ended if used.get(task)]
    return _kaplan_meier(times)


def _after(ended, credentials, ledger):
    """Seconds from a task's end to the last acceptance of a credential, and whether the window shows it."""
    valid = (
        validity(c, name, ledger) for n, c in enumerate(ledger.credentials) if n in credentials for name in c.atoms
    )
    until = Fraction(max((max(when) + 1 for when in valid if when), default=0), 2)
    return max(0, until - Fraction(ended)), until < ledger.seconds


def _kaplan_meier(times):
    if not times:
        return dict.fromkeys(SHARES, (UNKNOWN, UNKNOWN))
    seen, cut = ([float(time) for time, observed in times if observed is wanted] for wanted in (True, False))
    survival = stats.ecdf(stats.CensoredData(uncensored=seen, right=cut)).sf
    steps = list(zip(survival.quantiles, survival.probabilities, strict=True))
    reached = {stat: [t for t, alive in steps if alive <= 1 - q + 1e-9] for stat, q in SHARES.items()}
    longest = max(float(time) for time, _ in times)
    return {stat: (r[0], r[0]) if (r := reached[stat]) else (longest, UNKNOWN) for stat in SHARES}


def added_latency(ledger):
    """Quantiles of what control made actions, and whole tasks, wait."""
    waits = [(n.task, Fraction(n.starts) - Fraction(n.starts if n.asked is None else n.asked))
             for n in ledger.needs if n.met and 0 <= n.starts < ledger.seconds]  # fmt: skip
    tasks = defaultdict(Fraction)
    for task, wait in [*waits, *_start_waits(ledger)]:
        tasks[task] += wait
    per = {"action": quantiles([wait for _, wait in waits]), "task": quantiles(tasks.values())}
    return {f"{grain} {stat}": per[grain][stat] for grain in per for stat in SHARES}


def _start_waits(ledger):
    """For each task as a whole, from the first decision asked, or issue begun, to the last one answered or made."""
    spans = defaultdict(list)
    for event in ledger.events:
        if _of_start(event, ledger):
            asked = Fraction(event.time) - (Fraction(event.takes) if event.kind == "issue" else 0)
            spans[event.task] += [asked, asked + Fraction(event.takes)]
    return [(task, max(moments) - min(moments)) for task, moments in spans.items()]


def _of_start(event, ledger):
    """Whether an event is a decision or an issue for a task as a whole."""
    whole = event.task is not None and event.action is None and event.credential is None
    return whole and event.kind in {"decide", "issue"} and 0 <= event.time < ledger.seconds


def approvals(ledger):
    """What was asked in the window, answered or not: inspection in it, number, wait, refusals, tasks that asked."""
    asked = [d for d in ledger.decisions if 0 <= d.asked < ledger.seconds]
    pending = [e for e in ledger.events if e.kind == "request_approval" and 0 <= e.time < ledger.seconds]
    started = [t for t in ledger.tasks if t.started is not None and 0 <= t.started < ledger.seconds]
    roots = [t for t in started if t.parent is None]
    minutes = Fraction(sum(len(halves(d.began, d.decided, ledger)) for d in ledger.decisions), 120)
    looked_at = [(Fraction(d.began) - Fraction(d.asked)) / 60 for d in asked]
    so_far = [Fraction(ledger.seconds - Fraction(e.time)) / 60 for e in pending]
    longest = quantiles(looked_at + [inf] * len(so_far))["p95"]
    answers_ = [d.result for d in ledger.decisions if 0 <= d.decided < ledger.seconds]
    requests = {e.task for e in pending} | {d.task for d in asked}
    return {
        "minutes_per_day": minutes / Fraction(ledger.seconds, DAY),
        "minutes_per_100_tasks": 100 * minutes / len(roots) if roots else UNKNOWN,
        "requests_per_100_tasks": Fraction(100 * (len(asked) + len(pending)), len(roots)) if roots else UNKNOWN,
        "wait_p95_minutes": (quantiles(looked_at + so_far)["p95"], UNKNOWN if longest == inf else longest),
        "refused_percent": Fraction(100 * answers_.count("deny"), len(answers_)) if answers_ else UNKNOWN,
        "asking_percent": Fraction(100 * sum(t.id in requests for t in started), len(started)) if started else UNKNOWN,
    }


def approval_reach(ledger):
    """Uses that rest on each approval that was used; of those approved themselves, what was changed; quick yeses."""
    inside = [e for e in ledger.events if e.kind == "use" and e.decision == "allow" and 0 <= e.time < ledger.seconds]
    rested = [e for e in inside if e.approval is not None]
    uses = sorted([e.approval for e in rested].count(each) for each in {e.approval for e in rested})
    answered = {(e.approval, e.action): e.args for e in ledger.events if e.kind == "decide_approval"}
    own = [e for e in rested if (e.approval, e.action) in answered]
    changed = [e for e in own if e.args != answered[e.approval, e.action]]
    agreed = [
        d for d in ledger.decisions if (d.kind, d.result) == ("human", "allow") and 0 <= d.decided < ledger.seconds
    ]
    quick = [d.decided - d.began < QUICK for d in agreed if d.began is not UNKNOWN]
    return {
        "uses_mean": Fraction(sum(uses), len(uses)) if uses else UNKNOWN,
        "uses_p95": uses[ceil(Fraction(19, 20) * len(uses)) - 1] if uses else UNKNOWN,
        "uses_max": uses[-1] if uses else UNKNOWN,
        "changed_percent": Fraction(100 * len(changed), len(own)) if own else UNKNOWN,
        "quick_percent": Fraction(100 * sum(quick), len(quick)) if quick else UNKNOWN,
    }


def scope_violations(ledger):
    """Calls of a task that belong to no action: how many for a thousand that do, and what came of them."""
    made = [e for e in ledger.events if e.kind == "use" and e.task is not None and 0 <= e.time < ledger.seconds]
    calls = sum(e.action is not None and e.decision == "allow" for e in made)
    astray = [e for e in made if e.action is None]
    done = [e for e in astray if e.decision == "allow"]
    jewels = {atom.name for atom in ledger.catalogue if atom.tier == 3 and atom.level in JEWELS}
    counts = {"attempted": len(astray), "done": len(done), "jewels_done": sum(e.atom in jewels for e in done)}
    shares = {part: Fraction(1000 * count, calls) if calls else UNKNOWN for part, count in counts.items()}
    stopped = Fraction(100 * (len(astray) - len(done)), len(astray)) if astray else UNKNOWN
    return {**shares, "stopped_percent": stopped}


def turnaround(ledger):
    """From arrival to end, of root tasks that are followed; what is open is longer than anything that is done."""
    last = ledger.seconds - min(FOLLOWED, Fraction(ledger.seconds, 4))
    cohort = [t for t in ledger.tasks if t.parent is None and t.arrived is not None and 0 <= t.arrived < last]
    least = [Fraction(ledger.seconds if t.ended is None else t.ended) - Fraction(t.arrived) for t in cohort]
    most = [inf if t.ended is None else each for t, each in zip(cohort, least, strict=True)]
    mean = sum(least) / len(least) if least else UNKNOWN
    found = {"mean": (mean, UNKNOWN if inf in most else mean)}
    for stat, q in {**SHARES, "p99": Fraction(99, 100)}.items():
        lo, hi = (sorted(each)[ceil(q * len(each)) - 1] if each else UNKNOWN for each in (least, most))
        found[stat] = (lo, UNKNOWN if hi == inf else hi)
    return found


def permit_under_attack(ledger):
    """The greatest chance of a permit in any grant that is open in the window."""
    jewels = {atom.name for atom in ledger.catalogue if atom.tier == 3 and atom.level in JEWELS}
    live = [t for t in ledger.trusts if t.starts < min(t.ends, ledger.seconds) and t.ends > 0]
    chances = {"any": live, "crown_jewels": [t for t in live if jewels & set(t.atoms)]}
    return {part: Fraction(max((t.permit for t in found), default=0), 10) for part, found in chances.items()}


def work_done(ledger):
    """Shares of the root tasks that arrived early enough to be followed for `FOLLOWED` seconds, or a quarter of all."""
    last = ledger.seconds - min(FOLLOWED, Fraction(ledger.seconds, 4))
    cohort = [t.outcome for t in ledger.tasks if t.parent is None and t.arrived is not None and 0 <= t.arrived < last]
    words = {"completed": "completed", "broken": "broken", "unfinished": "open"}
    return {
        part: Fraction(100 * cohort.count(word), len(cohort)) if cohort else UNKNOWN for part, word in words.items()
    }


STRUCK = ("t1a", "t1b", "t1c", "t2", "t3", "t4", "t5")


def realised_radius(ledger):
    """What attackers who struck in the window got done, threat by threat."""
    struck = [(n, i) for n, i in enumerate(ledger.incidents) if 0 <= i.time < ledger.seconds]
    broken = [_blamed(ledger, task, struck) for task in ledger.tasks if task.outcome == "broken"]
    found = {}
    for threat in STRUCK:
        told = [_realised(ledger, n, i) for n, i in struck if i.threat == threat]
        half = ceil(len(told) / 2) - 1
        first = sorted(each["first_use_minutes"] for each in told)[half] if told else inf
        summed = {stat: sum(each[stat] for each in told) for stat in ("attempts", "allowed", "jewels_changed")}
        means = ("value_percent", "used_before_detection_percent")
        averages = {stat: _mean([each[stat] for each in told]) if told else UNKNOWN for stat in means}
        rest = {"incidents": len(told), "broken_tasks": broken.count(threat)}
        rest["first_use_minutes"] = UNKNOWN if first == inf else first
        found |= {f"{threat} {stat}": value for stat, value in (summed | averages | rest).items()}
    return found


def _realised(ledger, number, incident):
    steps = [step for step in ledger.steps if step.incident == number]
    worked = [step for step in steps if step.allowed]
    jewels = {atom.name for atom in ledger.catalogue if atom.tier == 3 and atom.level in JEWELS}
    first = min((Fraction(step.time) for step in worked), default=inf)
    noticed = inf if incident.detected is None else incident.detected
    return {
        "attempts": len(steps), "allowed": len(worked), "jewels_changed": sum(s.atom in jewels for s in worked),
        "value_percent": _worth(ledger, {step.atom for step in worked}),
        "first_use_minutes": (first - incident.time) / 60,
        "used_before_detection_percent": Fraction(100 if first < noticed else 0),
    }  # fmt: skip


def _blamed(ledger, task, struck):
    """The threat of the incident that was contained last before a task's last refusal in quarantine."""
    refused = [e.time for e in ledger.events if (e.kind, e.reason, e.task) == ("decide", "incident", task.id)]
    acted = [(i.contained, i.threat) for _, i in struck if i.agent == 0 and i.contained is not None]
    before = [each for each in acted if refused and each[0] <= max(refused)]
    return max(before)[1] if before else None


def secret_exposure(ledger):
    """How many copies calls left, and for how long what they are copies of was accepted."""
    days, spans = ledger.agents * Fraction(ledger.seconds, DAY), []
    for number, c in enumerate(ledger.credentials):
        first = min((leak.time for leak in ledger.leaks if leak.credential == number), default=inf)
        lives = {name: {half for half in validity(c, name, ledger) if half >= 2 * first} for name in c.atoms}
        spans.append(lives)
    found = [leak for leak in ledger.leaks if 0 <= leak.found < ledger.seconds]
    alive = [leak for leak in found if _accepted(ledger, ledger.credentials[leak.credential], 2 * leak.found)]
    weighted = sum(weight_of(name, ledger) * len(when) for lives in spans for name, when in lives.items())
    return {
        "leaks": sum(0 <= leak.time < ledger.seconds for leak in ledger.leaks) / days,
        "shared_hours": hours_a_day(sum(len(set().union(*lives.values())) for lives in spans), ledger),
        "permission_hours": hours_a_day(weighted, ledger),
        "found_alive_percent": Fraction(100 * len(alive), len(found)) if found else UNKNOWN,
    }


def _accepted(ledger, credential, half):
    return any(half in validity(credential, name, ledger) for name in credential.atoms)


def issuance(ledger):
    """Credentials issued and renewed in the window, per agent-day."""
    made = [e for e in ledger.events if e.issued is not None and 0 <= e.time < ledger.seconds]
    kinds = {"issued": ("issue", "assume"), "renewed": ("renew",)}
    days = ledger.agents * Fraction(ledger.seconds, DAY)
    return {part: len({e.issued for e in made if e.kind in words}) / days for part, words in kinds.items()}


def shadow_keys(ledger):
    """Static keys that a person handed over in the window, per agent-day."""
    keys = [c for c in ledger.credentials if c.handed and c.kind in {"static_key", "access_key"}]
    made = sum(0 <= c.starts < ledger.seconds for c in keys)
    return {"": made / (ledger.agents * Fraction(ledger.seconds, DAY))}


def decisions(ledger):
    """Of the uses by agents, those decided for themselves, from memory, by a policy of the past, and not at all."""
    uses = [e for e in ledger.events if e.kind == "use" and e.decision == "allow" and e.action is not None]
    uses = [e for e in uses if 0 <= e.time < ledger.seconds]
    found = [_last_yes(use, ledger) for use in uses]
    known = [each for each in found if each is not None]
    counts = {
        "fresh_percent": [each for each in known if not each.cached],
        "cached_percent": [each for each in known if each.cached],
        "stale_percent": [each for each in known if each.cached and each.policy != _in_force(each.time, ledger)],
        "undecided_percent": [each for each in found if each is None],
    }
    return {part: Fraction(100 * len(those), len(uses)) if uses else UNKNOWN for part, those in counts.items()}


def _last_yes(use, ledger):
    yes = [(e.time, n, e) for n, e in enumerate(ledger.events) if e.kind == "decide" and e.decision == "allow"]
    before = [each for each in yes if each[2].action == use.action and each[0] <= use.time]
    return max(before)[2] if before else None


def _in_force(time, ledger):
    return max((p.starts, p.id) for p in ledger.policies if p.starts <= time)[1]


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
    there, gone = _there(ledger), {life.agent: life for life in _gone(ledger)}
    given = [(g.agent, name, (g.starts, g.ends)) for g in ledger.grants for name in g.atoms if g.agent not in gone]
    keys = [c for c in ledger.credentials if c.kind in {"static_key", "access_key"}]
    renewed = [c for number, c in enumerate(ledger.credentials) if _unevaluated(ledger, number)]
    return {
        "unowned": [_without([there[a]], _answered(ledger, a)) for a in there],
        "shadow": [[there[a]] for a in there if a in ledger.shadows],
        "never_needed": _never_needed(ledger, [(c.agent, *carried) for c, *carried in _carried(ledger, gone)]),
        "excess_grant": _never_needed(ledger, given),
        "outlived_task": _outlived(ledger, gone),
        "outlived_agent": [[(gone[a].ends, there[a][1])] for a in there if a in gone],
        "overdue_rotation": [[(c.starts + 90 * DAY, _refused(c))] for c in keys],
        "renewed_unevaluated": [[(c.starts, _refused(c))] for c in renewed],
        "unreviewed": [_unreviewed(ledger, a, there[a]) for a in there],
    }


def _carried(ledger, gone):
    """(credential, atom, from-to) of everything that agents at work hold."""
    own = [c for c in ledger.credentials if c.agent not in gone]
    return [(c, name, (c.starts, _last(c, name, ledger))) for c in own for name in c.atoms]


def _outlived(ledger, gone):
    """What credentials carry after the task that each was issued for."""
    ended, found = {task.id: task.ended for task in ledger.tasks if task.ended is not None}, defaultdict(list)
    numbers = {id(c): number for number, c in enumerate(ledger.credentials)}
    for credential, _, (starts, ends) in _carried(ledger, gone):
        if credential.task in ended:
            found[numbers[id(credential)]].append((max(starts, ended[credential.task]), ends))
    return list(found.values())


def _gone(ledger):
    """Agents that were abandoned by the end."""
    return [life for life in ledger.lives if life.ends < ledger.seconds]


def days_at_work(ledger):
    """Days of the window, times the agents that were not abandoned in it or before."""
    return (ledger.agents - len(_gone(ledger))) * Fraction(ledger.seconds, DAY)


def _there(ledger):
    """From when until when each identity is there; an abandoned one as long as anything that it was given."""
    spans, gone = {}, {life.agent for life in _gone(ledger)}
    for agent in range(ledger.agents):
        starts = next((life.starts for life in ledger.lives if life.agent == agent), -inf)
        left = [grant.ends for grant in ledger.grants if grant.agent == agent]
        if agent not in gone or left:
            spans[agent] = (starts, max(left) if agent in gone else inf)
    return spans


def _answered(ledger, agent, role="owner"):
    """When somebody who is there answers for an agent: of a team, as long as anybody is in it."""
    spans = []
    for owner in (o for o in ledger.owners if o.agent == agent and o.role == role):
        stays = [m for m in ledger.members if m.team == owner.team] if owner.team is not None else []
        own = [(max(owner.starts, m.starts), min(owner.ends, m.ends)) for m in stays] or [(owner.starts, owner.ends)]
        spans += [span for span in own if span[0] < span[1]]
    return spans


def _edges(*spans):
    return sorted({edge for span in spans for edge in span})


def _without(whole, spans):
    """What is left of some spans without others, cut at every edge."""
    edges = _edges(*whole, *spans)
    return [(a, b) for a, b in pairwise(edges) if _open(whole, a) and not _open(spans, a)]


def _open(spans, time):
    return any(starts <= time < ends for starts, ends in spans)


def _balance(items, since, until):
    """What was open at the start, opened, closed, and was open at the end, read off between any two edges."""
    found = {"opening": 0, "inflow": 0, "outflow": 0, "closing": 0}
    for spans in items:
        edges = [edge for edge in _edges(*spans) if since < edge < until]
        states = [_open(spans, (a + b) / 2) for a, b in pairwise([since, *edges, until])]
        found["opening"] += states[0]
        found["closing"] += states[-1]
        found["inflow"] += sum(not before and after for before, after in pairwise(states))
        found["outflow"] += sum(before and not after for before, after in pairwise(states))
    return found


def _last(credential, name, ledger):
    """When an atom's verifier stops accepting a credential."""
    verifier = next(atom.verifier for atom in ledger.catalogue if atom.name == name)
    return min(credential.ends, credential.refused.get(verifier, NEVER))


def _refused(credential):
    """When the last verifier that hears of it has stopped accepting a credential."""
    return min(credential.ends, max(credential.refused.values(), default=NEVER))


def _unevaluated(ledger, number):
    """Whether a credential was renewed, and nobody decided about the one before."""
    decided = {e.credential for e in ledger.events if e.kind == "decide"} - {None}
    return any(e.kind == "renew" and e.issued == number and e.credential not in decided for e in ledger.events)


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


def orphans(ledger):
    """For whom nobody answers who is there, by why, and for how many each owner answers."""
    there, found, spans = _there(ledger), {}, defaultdict(list)
    for agent, whole in there.items():
        for part in _without([whole], _answered(ledger, agent)):
            spans[_why(ledger, agent, part[0]), agent].append(part)
            spans["orphaned", agent].append(part)
        teams = [
            o for o in ledger.owners if o.agent == agent and o.role == "owner" and o.team is not None and not o.knows
        ]
        diffuse = [span for o in teams for span in _answered(replace(ledger, owners=[o]), agent)]
        spans["diffuse", agent] = _both(diffuse, [whole])
        named = _answered(ledger, agent, "escalation")
        if named:
            after = (max(ends for _, ends in named), inf)
            spans["dead_escalation", agent] = _both(_both(_answered(ledger, agent), [after]), [whole])
    spans |= {("zombie_credential", 1000 + n): own for n, own in _zombies(ledger).items()}
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
        found[f"{part} open"] = sum(_open(each, ledger.seconds - 0.25) for each in own)
        total = sum(len(set().union(*(halves(*span, ledger) for span in each))) for each in own)
        found[f"{part} hours"] = Fraction(total) / 2 / HOUR / days_at_work(ledger)
    present = [a for a in there if _open([there[a]], ledger.seconds - 0.25)]
    load = defaultdict(set)
    for agent, owner in product(present, ledger.owners):
        if (
            owner.agent == agent
            and owner.role == "owner"
            and _open(_answered(replace(ledger, owners=[owner]), agent), ledger.seconds - 0.25)
        ):
            load[owner.team].add(agent)
    sizes = [len(agents) for agents in load.values()]
    found["orphaned percent"] = Fraction(100 * found["orphaned open"], len(present)) if present else UNKNOWN
    found["owner load_mean"], found["owner load_most"] = (
        (Fraction(sum(sizes), len(sizes)), max(sizes)) if sizes else (0, 0)
    )
    found["reowning days"] = _reowning(ledger, there)
    return found


def _both(ones, others):
    return [(max(a, c), min(b, d)) for a, b in ones for c, d in others if max(a, c) < min(b, d)]


def _why(ledger, agent, time):
    """Whoever answered last before, of those that ended last."""
    owners = [o for o in ledger.owners if o.agent == agent and o.role == "owner"]
    ended = [(max(e for _, e in _answered(replace(ledger, owners=[o]), agent) if e <= time), o.team is not None)
             for o in owners if any(e <= time for _, e in _answered(replace(ledger, owners=[o]), agent))]  # fmt: skip
    return "never_owned" if not ended else "no_member" if max(ended)[1] else "owner_left"


def _zombies(ledger):
    """Credentials of sub-agents after their parent tasks ended."""
    tasks = {task.id: task for task in ledger.tasks}
    found = {}
    for number, c in enumerate(ledger.credentials):
        parent = tasks.get(tasks[c.task].parent) if c.task in tasks else None
        if parent is not None and parent.ended is not None:
            found[number] = [(max(c.starts, parent.ended), _last(c, name, ledger)) for name in c.atoms]
    return found


def _reowning(ledger, there):
    """Days for which what its owner had left was nobody's, for each that somebody then took on."""
    since, days, taken = ledger.seconds - 365 * DAY, Fraction(0), 0
    for agent, whole in there.items():
        for starts, ends in _without([whole], _answered(ledger, agent)):
            if _why(ledger, agent, starts) == "owner_left" and starts < ledger.seconds and ends > since:
                days += Fraction(min(ends, ledger.seconds)) - Fraction(max(starts, since))
                taken += ends < min(ledger.seconds, whole[1])
    return days / DAY / taken if taken else UNKNOWN


def offered_load(ledger, epoch):
    """What arriving tasks and requests take, over what agents and open desks could give."""
    fleet, desk = ledger.scenario["fleet"], ledger.scenario["approvers"]
    arrivals = {t.id: t.arrived for t in ledger.tasks if t.parent is None}
    busy = sum(Fraction(a.think) + Fraction(a.takes) for a in ledger.actions if 0 <= arrivals[a.task] < ledger.seconds)
    asked = [d for d in ledger.decisions if 0 <= d.asked < ledger.seconds]
    inspected = len(asked) * desk["inspection_median_s"] * exp(desk["inspection_sigma"] ** 2 / 2)
    return {
        "agents": 100 * busy / ledger.seconds / ledger.agents / fleet["concurrency"],
        "approvers": 100 * inspected / (60 * open_minutes(ledger, epoch)) / desk["staff"],
    }


def open_minutes(ledger, epoch):
    """Minutes of the window in which the desk is open."""
    desk, minutes = ledger.scenario["approvers"], range(epoch, epoch + ledger.seconds, 60)
    moments = (datetime.fromtimestamp(minute, tz=UTC) for minute in minutes)
    return sum(desk["opens"] <= m.hour < desk["closes"] and (desk["weekends"] or m.weekday() < 5) for m in moments)


# ------------------------------------------------------------------------------------------------------------ ledgers

AGENTS, WINDOW, FOLLOWED = 2, 12, 2
whole = st.integers(-4, WINDOW + 4)
in_halves = st.integers(-8, 2 * WINDOW + 8).map(lambda n: n / 2)
agent_numbers = st.integers(0, AGENTS - 1)
owners = st.builds(
    Owner, agent_numbers, st.one_of(st.just(-NEVER), whole), st.one_of(st.just(NEVER), whole),
    st.sampled_from(("owner", "escalation")),
)  # fmt: skip
atom_sets = st.lists(st.sampled_from(NAMES), min_size=2, unique=True).map(tuple)
lengths = st.one_of(st.integers(0, 12), st.just(NEVER))
bindings = st.sampled_from(("bearer", "audience", "key_exportable", "key_bound", "context_bound"))


@st.composite
def credentials(draw):
    """Any credential: before, in, across and after the window, empty or endless, refused early here and there."""
    starts = draw(whole)
    return Credential(
        atoms=draw(atom_sets), starts=starts, ends=starts + draw(lengths), agent=draw(agent_numbers),
        refused=draw(st.dictionaries(st.sampled_from(("near", "far")), whole, max_size=2)),
        task=draw(st.one_of(st.none(), st.integers(0, 5))), binding=draw(bindings), enforced=draw(st.booleans()),
    )  # fmt: skip


@st.composite
def live_credentials(draw):
    """Credentials that every verifier accepts for a while in the window."""
    starts = draw(st.integers(-4, WINDOW - 1))
    later = st.integers(max(starts, 0) + 1, WINDOW + 4)
    return Credential(
        atoms=draw(atom_sets), starts=starts, ends=draw(st.one_of(later, st.just(NEVER))), agent=draw(agent_numbers),
        refused=draw(st.dictionaries(st.sampled_from(("near", "far")), later, max_size=2)),
        task=draw(st.one_of(st.none(), st.integers(0, 5))),
    )  # fmt: skip


def handed_keys():
    """Credentials of several kinds, many of them handed over by a person."""
    kinds = st.sampled_from(("static_key", "access_key", "session_token"))
    return st.builds(Credential, atom_sets, whole, st.just(NEVER), agent_numbers, kind=kinds, handed=st.booleans())


# A credential that lives in the window and of which one end, or both, is not known.
open_ended = st.builds(Credential, atom_sets, st.just(2), st.just(UNKNOWN), agent_numbers)
half_known = st.builds(Credential, atom_sets, st.just(UNKNOWN), st.sampled_from((9, UNKNOWN)), agent_numbers)


@st.composite
def needs(draw):
    """A need of one of an agent's tasks; an empty one lies between two whole seconds."""
    agent, starts, takes = draw(agent_numbers), draw(in_halves), draw(st.integers(0, 8)) / 2
    starts = starts if takes or starts % 1 else starts + 0.5
    return Need(
        draw(st.sampled_from(NAMES)), starts, starts + takes, agent, task=2 * draw(st.integers(0, 2)) + agent,
        asked=starts - draw(st.integers(0, 6)) / 2, met=draw(st.booleans()),
    )  # fmt: skip


@st.composite
def trusts(draw):
    """What an issuer would grant to an agent, for a while or always."""
    starts = draw(st.one_of(whole, st.just(-NEVER)))
    lasts = st.one_of(st.integers(1, 12), st.just(NEVER))
    ends = draw(st.one_of(whole, st.just(NEVER))) if starts == -NEVER else starts + draw(lasts)
    gate = draw(st.sampled_from(("none", "rule", "classifier", "human")))
    permit = 0 if gate == "human" else 1000
    secret = draw(st.sampled_from(("none", "static_secret", "attested")))
    return Trust(draw(atom_sets), starts, ends, draw(agent_numbers), gate, permit, secret)


@st.composite
def task_trees(draw):
    """Three to six tasks, of which an even one can be the parent of the next."""
    made = []
    for number in range(draw(st.integers(3, 6))):
        arrived = draw(st.integers(-8, WINDOW + 4))
        started = draw(st.one_of(st.none(), st.just(arrived + 1)))
        ended = None if started is None else draw(st.one_of(st.none(), st.integers(started, started + 9)))
        outcome = "open" if ended is None else draw(st.sampled_from(("completed", "broken")))
        parent = number - 1 if number % 2 and started is not None and draw(st.booleans()) else None
        known = arrived if parent is None else None
        made.append(Task(number, started, ended, outcome, number % AGENTS, parent, known))
    return tuple(made)


@st.composite
def human_decisions(draw):
    """Approvals that were looked at, and answered before the window's end if they were asked before."""
    asked = draw(in_halves)
    ends = max(asked, WINDOW - 0.5)
    began = min(ends, asked + draw(st.integers(0, 6)) / 2)
    decided = min(ends, began + draw(st.integers(0, 6)) / 2)
    result, kind = draw(st.sampled_from(("allow", "deny"))), draw(st.sampled_from(("human", "timeout")))
    return Decision(asked, decided, began, result, kind)


moments_of_change = st.integers(-2, WINDOW + 2)


@st.composite
def events(draw):
    """Events of every kind that a measure reads."""
    some = st.one_of(st.none(), st.integers(0, 3))
    kinds = ("use", "use", "issue", "renew", "assume", "decide", "revoke", "request_approval")
    return Event(
        kind=draw(st.sampled_from(kinds)), time=draw(in_halves), credential=draw(some), issued=draw(some),
        task=draw(st.one_of(st.none(), st.integers(0, 5))), action=draw(some),
        decision=draw(st.sampled_from(("allow", "deny"))), takes=draw(st.integers(0, 6)) / 2,
        atom=draw(st.sampled_from((None, *NAMES))), approval=draw(st.sampled_from((None, 0, 1))),
        args=draw(st.integers(0, 1)), policy=draw(st.integers(7, 8)), cached=draw(st.booleans()),
        reason=draw(st.sampled_from((None, "incident"))),
    )  # fmt: skip


@st.composite
def answers_to(draw, action):
    """A human's answer to a request for an action, with the arguments that were shown; or none."""
    shown = Event("decide_approval", draw(whole), action=action, approval=action, args=draw(st.integers(0, 1)))
    return [shown] if draw(st.booleans()) else []


@st.composite
def attacks(draw):
    """Incidents, some of which nobody notices, and what the attackers tried."""
    some = st.one_of(st.none(), st.integers(0, WINDOW + 2))
    made = draw(st.lists(st.builds(
        Incident, st.integers(-2, WINDOW + 2), st.sampled_from(STRUCK[:3]), agent_numbers, some, some
    ), max_size=4))  # fmt: skip
    which = st.integers(0, len(made) - 1)
    steps = st.builds(Step, which, in_halves, st.sampled_from(NAMES), st.booleans())
    return made, draw(st.lists(steps, max_size=8)) if made else []


@st.composite
def ledgers(draw, held=None, unknown=()):
    """A ledger crowded enough for things to meet; some have a credential that is not wholly known."""
    several = {"min_size": 2, "max_size": 5}
    strays = [draw(st.one_of(*unknown))] if unknown and draw(st.integers(0, 3)) == 3 else []
    held = draw(st.lists(credentials() if held is None else held, **several))
    incidents, steps = draw(attacks())
    copies = st.builds(Leak, st.integers(0, len(held) - 1), whole, in_halves)
    return Ledger(
        seconds=WINDOW, agents=AGENTS, catalogue=TWO_JEWELS, credentials=[*held, *strays],
        needs=draw(st.lists(needs(), min_size=4, max_size=9)), trusts=draw(st.lists(trusts(), max_size=2)),
        tasks=draw(task_trees()), decisions=draw(st.lists(human_decisions(), **several)),
        events=[*draw(st.lists(events(), min_size=4, max_size=9)), *draw(answers_to(0)), *draw(answers_to(1))],
        owners=draw(st.lists(owners, max_size=2)),
        policies=[Policy(7), Policy(8, draw(moments_of_change))],
        incidents=incidents, steps=steps, leaks=draw(st.lists(copies, max_size=3)),
    )  # fmt: skip


def old_keys(agent):
    """Keys and other credentials about ninety days old, many of which never end."""
    born = st.integers(-90 * DAY - 3, -90 * DAY + WINDOW + 3)
    kinds = st.sampled_from(("static_key", "access_key", "session_token"))
    ends = st.sampled_from((NEVER, NEVER, WINDOW + 1))
    return st.builds(Credential, atom_sets, born, ends, st.just(agent), kind=kinds)


@st.composite
def governed(draw):
    """A ledger with a third agent that may have been abandoned, teams, grants, reviews, renewals and shadows."""
    drawn = draw(indebted())
    life = Life(2, draw(st.integers(-90 * DAY - 9, -90 * DAY + 9)), draw(st.sampled_from((-7, 3, WINDOW - 1, NEVER))))
    agent = st.integers(0, 2)
    spans = st.sampled_from(((-400 * DAY, -200 * DAY), (-20, -5), (-5, 4), (4, NEVER), (-NEVER, 6), (-NEVER, NEVER)))
    grants = [Grant([draw(st.sampled_from(NAMES))], *draw(spans), draw(agent)) for _ in range(3)]
    roles, teams = st.sampled_from(("owner", "owner", "escalation")), st.sampled_from((None, 0, 1))
    owned = [Owner(draw(agent), *draw(spans), draw(roles), draw(teams), draw(st.booleans())) for _ in range(4)]
    members = [Member(team, *draw(spans)) for team in (0, 1, 1)]
    reviews = [
        Event("review", draw(st.sampled_from((-100 * DAY, -90 * DAY + 2, -5))), target=draw(agent)) for _ in range(2)
    ]
    renewals = [Event("renew", 1, issued=n, credential=n + 5) for n in draw(st.sets(st.integers(0, 2)))]
    return drawn.having(
        agents=3, lives=[life], grants=grants, owners=owned, members=members, shadows=sorted(draw(st.sets(agent))),
        events=[*drawn.events, *reviews, *renewals],
    )  # fmt: skip


@st.composite
def indebted(draw):
    """A ledger in which some credentials are old keys."""
    drawn = draw(ledgers())
    return drawn.having(credentials=[*drawn.credentials, *(draw(old_keys(agent)) for agent in range(AGENTS))])


def begun(asked):
    """When an inspection began, if it ever did."""
    return st.sampled_from((asked + 7, UNKNOWN))


@st.composite
def offices(draw):
    """Work and inspections in a window of hours, over a desk with opening hours that is open in it at some time."""
    hours, opens = draw(st.integers(24, 60)), draw(st.integers(0, 20))
    desk = {"staff": draw(st.integers(1, 3)), "opens": opens, "closes": draw(st.integers(opens + 1, 24))}
    law = {"inspection_median_s": draw(st.integers(1, 100)), "inspection_sigma": draw(st.sampled_from((0, 0.8)))}
    fleet, desk = {"concurrency": draw(st.integers(1, 3))}, {**desk, **law, "weekends": draw(st.booleans())}
    moments = st.integers(-2 * HOUR, (hours + 2) * HOUR)
    arrived = draw(st.lists(moments, min_size=1, max_size=4))
    asked = draw(st.lists(moments, max_size=4))
    spans = st.integers(0, 5000)
    return Ledger(
        seconds=hours * HOUR, agents=draw(st.integers(1, 3)),
        scenario={"fleet": fleet, "approvers": desk},
        tasks=[Task(number, arrived=time) for number, time in enumerate(arrived)],
        actions=[Action(draw(st.integers(0, len(arrived) - 1)), draw(spans), draw(spans)) for _ in range(5)],
        decisions=[Decision(0, 50, 10), *(Decision(time, time + 60, draw(begun(time))) for time in asked)],
    )  # fmt: skip


# ------------------------------------------------------------------------------------------- measures against oracles

# Each kind of ledger with the oracles that are tried on it.
TRIED = {
    "any": (
        ledgers(),
        (
            added_latency,
            approval_reach,
            approvals,
            decisions,
            issuance,
            permit_under_attack,
            realised_radius,
            scope_violations,
            secret_exposure,
            stale_access,
            stale_tail,
            turnaround,
            work_done,
        ),
    ),
    "half known": (ledgers(unknown=(half_known, open_ended)), (crown_jewel_hours, privilege_hours)),
    "open-ended": (ledgers(unknown=(open_ended,)), (blast_radius,)),
    "live": (ledgers(live_credentials()), (time_to_revoke,)),
    "indebted": (indebted(), (identity_debt, orphans)),
    "governed": (governed(), (identity_debt, orphans)),
    "handed": (ledgers(handed_keys()), (shadow_keys,)),
}
GIVEN = {
    "quick_s": QUICK,
    "dwell_hours": DWELL / HOUR,
    "found_after_hours": READ / HOUR,
    "horizon_hours": FOLLOWED / HOUR,
}


@pytest.fixture(scope="module")
def book():
    """One store for all examples."""
    with Store.in_memory() as store:
        yield Book(store)


def agree(said, expected, name):
    """A measure says what its oracle found; a pair is two bounds, UNKNOWN none."""
    assert set(said) == set(expected)
    for part, value in expected.items():
        bounds = value if isinstance(value, tuple) else (value, value)
        wanted = tuple(v if v is UNKNOWN else pytest.approx(float(v), rel=1e-9, abs=1e-12) for v in bounds)
        assert (name, part, *said[part][:2]) == (name, part, *wanted)


def test_every_measure_has_an_oracle():
    """No measure in the folder is without a second computation."""
    tried = {oracle.__name__ for _, oracles in TRIED.values() for oracle in oracles}
    assert {measure.name for measure in measures()} == {*tried, "offered_load"}


@pytest.mark.parametrize("kind", TRIED)
def test_a_measure_is_what_its_definition_says(book, kind):
    """On random ledgers, several in a store, each measure equals its slow second computation."""
    drawn_from, oracles = TRIED[kind]
    names = [oracle.__name__ for oracle in oracles]

    @settings(max_examples=6)
    @given(st.lists(drawn_from, min_size=6, max_size=9))
    def equal(drawn):
        said = book.told(names, drawn, **GIVEN)
        for oracle, name in zip(oracles, names, strict=True):
            for ledger, answer in zip(drawn, said[name], strict=True):
                agree(answer, oracle(ledger), name)
                if kind in {"half known", "open-ended"}:
                    assert all((each.unknowns > 0) == (each.lo is UNKNOWN) for each in answer.values())

    equal()


@settings(max_examples=8)
@given(st.lists(offices(), min_size=3, max_size=5), st.integers(0, 6))
def test_offered_load_is_what_its_definition_says(book, drawn, weekday):
    """Offered load equals a count of minutes, on whichever day of the week the window begins."""
    epoch = MONDAY + weekday * DAY + 5 * HOUR
    assume(all(open_minutes(ledger, epoch) for ledger in drawn))
    said = book.told(["offered_load"], drawn, Writing(epoch=epoch))["offered_load"]
    for ledger, answer in zip(drawn, said, strict=True):
        agree(answer, offered_load(ledger, epoch), "offered_load")


# -------------------------------------------------------------------------------------- what must not change a measure

ALL = [measure.name for measure in measures()]
REWRITTEN = {
    "renamed": Writing(number=lambda number: 10**6 - 7 * number),
    "two weeks and a second later": Writing(epoch=MONDAY + 14 * DAY + 1),
    "shuffled": Writing(shuffled=1),
}
# A credential cut in two adjacent ones of one holder: what counts credentials or looks at single lives may change.
CUTTING_CHANGES = {
    "identity_debt", "orphans", "secret_exposure", "shadow_keys", "stale_access", "stale_tail", "time_to_revoke",
}  # fmt: skip


@pytest.mark.parametrize("how", REWRITTEN)
def test_how_a_ledger_is_written_down_changes_nothing(book, how):
    """Other identifiers, a later window, another order of rows: every measure says exactly the same."""

    @settings(max_examples=2)
    @given(st.lists(ledgers(), min_size=6, max_size=8))
    def same(drawn):
        assert book.told(ALL, drawn, REWRITTEN[how]) == book.told(ALL, drawn)

    same()


@settings(max_examples=2)
@given(ledgers(), ledgers())
def test_another_run_changes_nothing(ledger, other):
    """What is said of a run is the same whether it is alone in a store, one of two, or picked from two."""
    with (
        store_of(ledger) as one, store_of(ledger, other) as two,
        examine(one, "truth") as alone, examine(two, "truth") as both, examine(two, "truth", [1]) as picked,
    ):  # fmt: skip
        for name in ALL:
            assert answers(both, name)[1] == answers(picked, name)[1] == answers(alone, name)[1]


def cut(ledger, moment):
    """The same ledger with every credential that lives then cut in two, the later parts under new numbers."""
    lives = [c for c in ledger.credentials if c.starts < moment < c.ends]
    early = [replace(c, ends=moment) if c in lives else c for c in ledger.credentials]
    return ledger.having(credentials=[*early, *(replace(c, starts=moment) for c in lives)])


@settings(max_examples=3)
@given(st.lists(ledgers(), min_size=6, max_size=9), st.integers(1, WINDOW - 1))
def test_cutting_a_credential_in_two_changes_no_time_integral(book, drawn, moment):
    """Two adjacent credentials are held, stand, reach and cost what one did, and never look less stale."""
    whole, halved = book.told(ALL, drawn), book.told(ALL, [cut(ledger, moment) for ledger in drawn])
    for name in set(ALL) - CUTTING_CHANGES:
        assert halved[name] == whole[name]
    for before, after in zip(whole["stale_access"], halved["stale_access"], strict=True):
        assert after["total"].lo >= before["total"].lo - 1e-12


@st.composite
def widened(draw):
    """A ledger, and the same one in which a credential ends later or holds one atom more."""
    ledger = draw(ledgers())
    number = draw(st.integers(0, len(ledger.credentials) - 1))
    narrow = ledger.credentials[number]
    wider = draw(st.sampled_from([
        replace(narrow, ends=draw(st.sampled_from((narrow.ends + 3, NEVER)))),
        replace(narrow, refused={verifier: time + 4 for verifier, time in narrow.refused.items()}),
        *(replace(narrow, atoms=(*narrow.atoms, name)) for name in NAMES if name not in narrow.atoms),
    ]))  # fmt: skip
    others = [wider if n == number else c for n, c in enumerate(ledger.credentials)]
    return ledger, ledger.having(credentials=others)


@settings(max_examples=4)
@given(st.lists(widened(), min_size=6, max_size=9))
def test_more_authority_never_looks_like_less(book, pairs):
    """On a fixed ledger a later end or one atom more lowers nothing held, standing, obtainable or within reach."""
    names = ("privilege_hours", "crown_jewel_hours", "blast_radius")
    narrow, wide = (book.told(names, ledgers_) for ledgers_ in zip(*pairs, strict=True))
    for name in names:
        for before, after in zip(narrow[name], wide[name], strict=True):
            assert [part for part in before if after[part].lo < before[part].lo - 1e-12] == []


# ------------------------------------------------------------------------------------------ what must not be gained by

MORNING = Ledger(
    seconds=4 * HOUR, credentials=[Credential(["write money"], 0, 3 * HOUR)],
    needs=[Need("write money", HOUR, HOUR + 60)], tasks=[Task(0, HOUR, HOUR + 90, "completed", arrived=HOUR)],
)  # fmt: skip
OF_NEED = ("privilege_hours", "crown_jewel_hours", "stale_access", "stale_tail", "identity_debt")


@pytest.mark.parametrize("name", OF_NEED)
def test_a_heartbeat_is_not_need(book, name):
    """Calls that no task asked for leave every measure of unneeded access as it is."""
    beats = [Event("use", 60 * n, credential=0, atom="write money", decision="allow") for n in range(180)]
    assert book.one(name, MORNING.having(events=beats)) == book.one(name, MORNING)


def test_many_short_credentials_are_as_obtainable_as_one_long(book):
    """Cutting three hours into a hundred and eighty minutes gains nothing."""
    minutes = [Credential(["write money"], 60 * n, 60 * n + 60) for n in range(180)]
    short = MORNING.having(credentials=minutes)
    assert book.one("crown_jewel_hours", short) == book.one("crown_jewel_hours", MORNING)


@pytest.mark.parametrize("gate", ["none", "rule", "classifier", "human"])
def test_authority_moved_to_an_issuer_that_says_yes_is_still_obtainable(book, gate):
    """Holding nothing, but being given whatever is asked for, is no less obtainable than holding it."""
    moved = MORNING.having(credentials=[], trusts=[Trust(["write money"], 0, 3 * HOUR, gate=gate, permit=1000)])
    after, before = (book.one("crown_jewel_hours", ledger) for ledger in (moved, MORNING))
    assert after["obtainable task"] == before["obtainable task"]
    assert book.one("blast_radius", moved)["t2"] == book.one("blast_radius", MORNING)["t2"]


def test_a_human_who_inspects_makes_authority_unobtainable(book):
    """What only an inspecting human gives is not obtainable."""
    asked = MORNING.having(credentials=[], trusts=[Trust(["write money"], gate="human", permit=0)])
    assert book.one("crown_jewel_hours", asked)["obtainable task"].lo == 0
    assert book.one("blast_radius", asked)["t2"].lo == 0


def test_a_longer_task_excuses_nothing_at_the_grain_of_the_action(book):
    """One more short action three hours later makes a whole task need everything in between, but no action does."""
    stretched = MORNING.having(needs=[*MORNING.needs, Need("write money", 3 * HOUR - 60, 3 * HOUR)])
    before, after = book.one("privilege_hours", MORNING), book.one("privilege_hours", stretched)
    assert after["standing_task"].lo < before["standing_task"].lo / 2
    assert after["standing_action"].lo == pytest.approx(before["standing_action"].lo * 178 / 179)


def test_how_resources_are_grouped_changes_neither_reach_nor_crown_jewels(book):
    """A group cut in two, with an atom each, is the same share of the estate and the same hours."""
    coarse = MORNING.having(catalogue=[*CATALOGUE[:2], CATALOGUE[3]], needs=[])
    parts = [replace(CATALOGUE[3], group="cash", resources=2), replace(CATALOGUE[3], group="gold", resources=3)]
    held = [Credential(["write cash", "write gold"], 0, 3 * HOUR)]
    fine = coarse.having(catalogue=[*CATALOGUE[:2], *parts], credentials=held)
    for name in ("blast_radius", "crown_jewel_hours"):
        assert book.one(name, fine) == book.one(name, coarse)
