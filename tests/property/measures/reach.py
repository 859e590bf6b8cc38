"""What an attacker could reach, reached, and finds in logs: slow second computations, at each instant apart."""

from collections import defaultdict
from fractions import Fraction
from itertools import product
from math import ceil, inf

from tests.ledgers import DAY, UNKNOWN
from tests.property.measures.spans import (
    JEWELS,
    halves,
    holds,
    hours_a_day,
    mean,
    mintable,
    validity,
    verifier_of,
    weight_of,
)

DWELL = 3  # seconds, so that it matters in a window of a few
READ = 2
THREATS = ("t1a", "t1b", "t1c", "t2", "t3", "t4", "t5", "t5_bootstrap")
BOUND = {"key_exportable", "key_bound", "context_bound"}


def blast_radius(ledger):
    """The share of the estate in reach, at each instant of each agent, averaged over instants and agents."""
    if any(when is UNKNOWN for *_, when in holds(ledger)):
        return dict.fromkeys(THREATS, UNKNOWN)
    reached = {threat: mean([share(ledger, threat, agent, now) for agent, now in places(ledger)]) for threat in THREATS}
    reached["t5"] = mean([issuable(ledger, now) for now in range(2 * ledger.seconds)])
    return reached


def issuable(ledger, now):
    """The share of the estate that the issuer can have made for anybody."""
    of_issuer = [trust for trust in ledger.trusts if not trust.by_owner]
    return worth(ledger, {name for t in of_issuer for name in t.atoms if now in halves(t.starts, t.ends, ledger)})


def places(ledger):
    """Every agent at every half second."""
    return product(range(ledger.agents), range(2 * ledger.seconds))


def share(ledger, threat, agent, now):
    """What an attacker who strikes an agent now can touch; of a token on its way, averaged over where it goes."""
    if threat == "t1a":
        return mean(by_verifier(ledger, agent, now))
    return worth(ledger, _REACHED[threat](ledger, agent, now))


def by_verifier(ledger, agent, now):
    """What a token can touch that is copied on its way to each of the verifiers."""
    verifiers = {atom.verifier for atom in ledger.catalogue}
    return [worth(ledger, _copied(ledger, agent, now, verifier)) for verifier in sorted(verifiers)]


def worth(ledger, names):
    """The share of the estate, in percent, that some atoms are."""
    values = {atom.name: (atom.group, atom.resources * atom.weight) for atom in ledger.catalogue}
    return Fraction(100 * _value(values, names), _value(values, values))


def _own(ledger, agent):
    """(credential, atom, half seconds) of an agent."""
    own = [(number, c) for number, c in enumerate(ledger.credentials) if c.agent == agent]
    return [(number, c, name, validity(c, name, ledger)) for number, c in own for name in c.atoms]


def _copied(ledger, agent, now, verifier):
    """What a token opens that was sent to a verifier, without its key."""
    free = {name for _, c, name, when in _own(ledger, agent) if now in when and not (c.enforced and c.binding in BOUND)}
    here = {name for name in free if verifier_of(ledger, name) == verifier}
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
                e for e in calls if e.atom is not None and verifier_of(ledger, e.atom) == verifier_of(ledger, name)
            ]
        old = [e for e in calls if 2 * (e.time + READ) <= now]
        if old and now in when and not (c.enforced and c.binding in BOUND):
            found.add(name)
    return found


def _parented(ledger, agent, now):
    """What the trees under way hold now, or are given within the dwell time and before they end."""
    found = set()
    for root in ledger.tasks:
        tree = _below(ledger, root.id)
        ends = [each.ended for each in ledger.tasks if each.id in tree and each.started is not None]
        until = 2 * max(ledger.seconds if end is None else end for end in [*ends, -1])
        begun = root.parent is None and root.started is not None and root.agent == agent
        if begun and 2 * root.started <= now and (now < until or None in ends):
            ahead = set(range(now, min(now + 2 * DWELL + 1, until)))
            found |= {name for _, c, name, when in _own(ledger, agent) if c.task in {None, *tree} and ahead & when}
    return found


def _below(ledger, task):
    """A task and those below it, of those that began or not."""
    children = [each.id for each in ledger.tasks if each.parent == task]
    return {task}.union(*(_below(ledger, child) for child in children))


def with_the_secret(ledger, agent, now):
    """What whoever has read the secret on an agent's host could be given now."""
    own = [t for t in ledger.trusts if t.gate not in {"human", "issuer"} and t.agent == agent]
    secret = [t for t in own if t.bootstrap == "static_secret"]
    return {name for t in secret for name in t.atoms if now in halves(t.starts, t.ends, ledger)}


_REACHED = {
    "t1b": _stolen, "t1c": _signed, "t2": _hijacked, "t3": _read_later, "t4": _parented,
    "t5": lambda *_: set(), "t5_bootstrap": with_the_secret,
}  # fmt: skip


def _value(values, names):
    """What can be touched, each group once at its highest level."""
    best = defaultdict(int)
    for group, value in (values[name] for name in names):
        best[group] = max(best[group], value)
    return sum(best.values())


def worst(shares, part=Fraction(1, 20)):
    """The mean of the greatest quantiles (Acerbi): of values that are alike, and of the last as much as is wanting."""
    tail = part * len(shares)
    return sum(each * min(1, max(0, tail - n)) for n, each in enumerate(sorted(shares, reverse=True))) / tail


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
        means = ("value_percent", "used_before_detection_percent", "gone_before_detection_percent")
        averages = {stat: mean([each[stat] for each in told]) if told else UNKNOWN for stat in means}
        rest = {"incidents": len(told), "broken_tasks": broken.count(threat)}
        rest["value_cvar95"] = worst([each["value_percent"] for each in told]) if told else UNKNOWN
        rest["first_use_minutes"] = UNKNOWN if first == inf else first
        lags = [sorted(each["detection_per_tail"][end] for each in told)[half] if told else inf for end in (0, 1)]
        rest["detection_per_tail"] = tuple(UNKNOWN if lag == inf else lag for lag in lags)
        found |= {f"{threat} {stat}": value for stat, value in if_any_struck(summed | averages | rest).items()}
    return found


def if_any_struck(told):
    """Where nobody struck, that alone is told."""
    return told if told["incidents"] else {stat: 0 if stat == "incidents" else UNKNOWN for stat in told}


def _realised(ledger, number, incident):
    steps = [step for step in ledger.steps if step.incident == number]
    worked = [step for step in steps if step.allowed]
    jewels = {atom.name for atom in ledger.catalogue if atom.tier == 3 and atom.level in JEWELS}
    first = min((Fraction(step.time) for step in worked), default=inf)
    noticed = inf if incident.detected is None else incident.detected
    until = _accepted_until(ledger, incident)
    gone = until <= noticed and (incident.detected is not None or until < ledger.seconds)
    return {
        "attempts": len(steps), "allowed": len(worked), "jewels_changed": sum(s.atom in jewels for s in worked),
        "value_percent": worth(ledger, {step.atom for step in worked}),
        "first_use_minutes": (first - incident.time) / 60,
        "used_before_detection_percent": Fraction(100 if first < noticed else 0),
        "gone_before_detection_percent": Fraction(100 if gone else 0),
        "detection_per_tail": _in_tails(ledger, incident, until),
    }  # fmt: skip


def _accepted_until(ledger, incident):
    """When the last of what an agent holds as it is struck is no longer accepted; as far as the window shows."""
    own = [each for each in _own(ledger, incident.agent) if not made_by_an_attacker(each[0], ledger)]
    ends = [max(when) + 1 for *_, when in own if 2 * incident.time in when]
    return Fraction(max(ends, default=2 * incident.time), 2)


def made_by_an_attacker(number, ledger):
    """Whether an attacker had an issuer make a credential, by its number: it lies with the attacker."""
    return any((e.kind, e.issued, e.attacker) == ("issue", number, True) for e in ledger.events)


def _in_tails(ledger, incident, until):
    """The time until it was noticed over the time until then, at least and at most."""
    if incident.detected is None or until == incident.time:
        return inf, inf
    most = Fraction(incident.detected - incident.time) / (until - incident.time)
    return (most if until < ledger.seconds else Fraction(0)), most


def _blamed(ledger, task, struck):
    """The threat of the incident that was contained last before a task's last refusal in quarantine."""
    refused = [e.time for e in ledger.events if (e.kind, e.reason, e.task) == ("decide", "incident", task.id)]
    acted = [(i.contained, i.threat) for _, i in struck if i.agent == 0 and i.contained is not None]
    before = [each for each in acted if refused and each[0] <= max(refused)]
    return max(before)[1] if before else None


def secret_exposure(ledger):
    """How many copies calls left, for how long what is copied was accepted, and what of it no human approved."""
    calls = [e for e in ledger.events if e.kind == "use" and e.decision == "allow" and e.approval is not None]
    approved = {e.action for e in calls}
    unapproved = [leak for number, leak in enumerate(ledger.leaks) if number not in approved]
    own = _copies(ledger, unapproved).items()
    return {**_copies(ledger, ledger.leaks), **{f"unapproved_{stat}": value for stat, value in own}}


def _copies(ledger, leaks):
    days, spans = ledger.agents * Fraction(ledger.seconds, DAY), []
    for number, c in enumerate(ledger.credentials):
        first = min((leak.time for leak in leaks if leak.credential == number), default=inf)
        lives = {name: {half for half in validity(c, name, ledger) if half >= 2 * first} for name in c.atoms}
        spans.append(lives)
    found = [leak for leak in leaks if 0 <= leak.found < ledger.seconds]
    alive = [leak for leak in found if _accepted(ledger, ledger.credentials[leak.credential], 2 * leak.found)]
    weighted = sum(weight_of(name, ledger) * len(when) for lives in spans for name, when in lives.items())
    return {
        "leaks": sum(0 <= leak.time < ledger.seconds for leak in leaks) / days,
        "shared_hours": hours_a_day(sum(len(set().union(*lives.values())) for lives in spans), ledger),
        "permission_hours": hours_a_day(weighted, ledger),
        "found_alive_percent": Fraction(100 * len(alive), len(found)) if found else UNKNOWN,
    }


def _accepted(ledger, credential, half):
    return any(half in validity(credential, name, ledger) for name in credential.atoms)
