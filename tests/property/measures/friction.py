"""What control costs those who work, wait, approve and issue: slow second computations."""

from collections import defaultdict
from datetime import UTC, datetime
from fractions import Fraction
from math import ceil, exp, inf
from statistics import mean

from tests.ledgers import DAY, UNKNOWN, Event
from tests.property.measures.approving import answered, looked_at, of_desk
from tests.property.measures.conduct import touched
from tests.property.measures.doubts import in_every_way, outcomes
from tests.property.measures.identities import last_accepted
from tests.property.measures.reach import worst, worth
from tests.property.measures.spans import JEWELS, SHARES, quantiles

FOLLOWED = 2  # seconds that a task is followed at least
QUICK = 2  # seconds


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
    minutes = Fraction(sum(len(looked_at(d, ledger)) for d in ledger.decisions), 120)
    begun = [(Fraction(d.began) - Fraction(d.asked)) / 60 for d in asked]
    so_far = [Fraction(ledger.seconds - e.time) / 60 for e in pending]
    longest = quantiles(begun + [inf] * len(so_far))["p95"]
    answers_ = [d.result for d in answered(ledger)]
    requests = {e.task for e in pending} | {d.task for d in asked}
    return {
        "minutes_per_day": minutes / Fraction(ledger.seconds, DAY),
        "minutes_per_100_tasks": 100 * minutes / len(roots) if roots else UNKNOWN,
        "requests_per_100_tasks": Fraction(100 * (len(asked) + len(pending)), len(roots)) if roots else UNKNOWN,
        "wait_p95_minutes": (quantiles(begun + so_far)["p95"], UNKNOWN if longest == inf else longest),
        "refused_percent": Fraction(100 * answers_.count("deny"), len(answers_)) if answers_ else UNKNOWN,
        "asking_percent": Fraction(100 * sum(t.id in requests for t in started), len(started)) if started else UNKNOWN,
    }


@in_every_way
def approval_reach(ledger):
    """Uses that rest on each approval that was used; of those approved themselves, what was changed; quick yeses."""
    inside = [e for e in ledger.events if e.kind == "use" and e.decision == "allow" and 0 <= e.time < ledger.seconds]
    rested = [e for e in inside if e.approval is not None]
    uses = sorted([e.approval for e in rested].count(each) for each in {e.approval for e in rested})
    shown = [[y.args for y in _yeses(e.approval, ledger) if y.action == e.action is not None] for e in rested]
    changed = [any(args != e.args for args in own) for e, own in zip(rested, shown, strict=True) if own]
    agreed = [d for d in answered(ledger) if (d.kind, d.result) == ("human", "allow")]
    quick = [d.decided - d.began < QUICK for d in agreed if d.began is not UNKNOWN]
    jewels = [*_on_jewels(inside, ledger), *_tried_on_jewels(ledger)]
    bare = [not _yeses(approval, ledger) for approval in jewels]
    two = [_agreeing(approval, ledger) > 1 for approval in jewels]
    return {
        "unapproved_jewels_percent": _share(bare),
        "two_person_percent": _share(two),
        "uses_mean": Fraction(sum(uses), len(uses)) if uses else UNKNOWN,
        "uses_p95": uses[ceil(Fraction(19, 20) * len(uses)) - 1] if uses else UNKNOWN,
        "uses_max": uses[-1] if uses else UNKNOWN,
        "changed_percent": _share(changed),
        "quick_percent": _share(quick),
    }


def _share(so):
    """How many percent of them are so."""
    return Fraction(100 * sum(so), len(so)) if so else UNKNOWN


def _yeses(approval, ledger):
    """What people answered who said yes when they were asked for an approval."""
    answers = [e for e in ledger.events if e.kind == "decide_approval" and e.approval == approval is not None]
    return [e for e in answers if e.decision == "allow" and e.reason != "timeout"]


@in_every_way
def _radii(ledger):
    """How much of the estate the uses touch that rest on one approval, the mean and the worst twentieth."""
    inside = [e for e in ledger.events if e.kind == "use" and e.decision == "allow" and 0 <= e.time < ledger.seconds]
    used = {e.approval for e in inside} - {None}
    radii = [worth(ledger, {touched(e, ledger) for e in inside if e.approval == each} - {None}) for each in used]
    return {
        "value_mean": mean(radii) if radii else UNKNOWN,
        "value_cvar95": worst(radii) if radii else UNKNOWN,
    }


def approval_radius(ledger):
    """The same, but nothing of the worst twentieth where it is not certain which approvals were used."""
    used = {frozenset(e.approval for e in way.events if _rests(e, way)) for way in outcomes(ledger)}
    return _radii(ledger) | ({} if len(used) == 1 else {"value_cvar95": UNKNOWN})


def _rests(use, ledger):
    """Whether a call of the window was let in that rests on an approval."""
    inside = use.kind == "use" and use.decision == "allow" and 0 <= use.time < ledger.seconds
    return inside and use.approval is not None


def _on_jewels(uses, ledger):
    """What each use of a crown jewel rests on."""
    jewels = {atom.name for atom in ledger.catalogue if atom.tier == 3 and atom.level in JEWELS}
    return [e.approval for e in uses if touched(e, ledger) in jewels]


def _tried_on_jewels(ledger):
    """The same of what attackers got done, which rests on nothing."""
    tried = [Event("use", step.time, atom=step.atom) for step in ledger.steps if step.allowed]
    return _on_jewels([e for e in tried if 0 <= e.time < ledger.seconds], ledger)


def _agreeing(approval, ledger):
    """How many people said yes to the call that an approval was asked for, if that was a yes."""
    calls = {e.action for e in ledger.events if e.kind == "decide_approval" and e.approval == approval} - {None}
    answers = [e for e in ledger.events if e.kind == "decide_approval" and e.reason != "timeout"]
    people = {e.agent for e in answers if e.decision == "allow" and e.action in calls} - {None}
    return len(people) if _yeses(approval, ledger) else 0


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


def work_done(ledger):
    """Shares of the root tasks that arrived early enough to be followed for `FOLLOWED` seconds, or a quarter of all."""
    cohort = became(ledger, FOLLOWED)
    words = {"completed": "completed", "broken": "broken", "unfinished": "open"}
    return {
        part: Fraction(100 * cohort.count(word), len(cohort)) if cohort else UNKNOWN for part, word in words.items()
    }


def became(ledger, seconds):
    """What became of each root task that could be followed for so long, or for a quarter of the window."""
    last = ledger.seconds - min(seconds, Fraction(ledger.seconds, 4))
    offered = [t for t in ledger.tasks if t.parent is None and t.arrived is not None and 0 <= t.arrived < last]
    return [_of_tree(ledger, each) for each in offered]


def _of_tree(ledger, task):
    """What became of a task and of all below it that began: open as long as any is, broken where any is."""
    below = [_of_tree(ledger, each) for each in ledger.tasks if each.parent == task.id and each.started is not None]
    return next((word for word in ("open", "broken") if word in {task.outcome, *below}), "completed")


def issuance(ledger):
    """Credentials issued and renewed in the window, per agent-day; from issue to first use, and those of no use."""
    made = [e for e in ledger.events if e.issued is not None and 0 <= e.time < ledger.seconds]
    kinds = {"issued": ("issue", "assume"), "renewed": ("renew",)}
    days = ledger.agents * Fraction(ledger.seconds, DAY)
    new = {kind: {e.issued for e in made if e.kind in words} for kind, words in kinds.items()}
    begun = [e for e in made if e.kind in kinds["issued"]]
    gaps = {number: _first_use(number, begun, ledger) for number in new["issued"]}
    unused = [number for number, gap in gaps.items() if gap is None]
    handed = {e.issued for e in ledger.events if e.kind in (*kinds["issued"], "renew") and e.through is not None}
    tried = {e.credential for e in ledger.events if _maybe_used(e, made) and e.time < ledger.seconds}
    over = [number for number in unused if number not in handed | tried and not _lives_on(number, ledger)]
    shares = tuple(Fraction(100 * len(each), len(gaps)) for each in (over, unused)) if gaps else UNKNOWN
    return {
        **{kind: len(those) / days for kind, those in new.items()},
        "unused_percent": shares,
        **_first_uses(gaps, {number: _first_use(number, begun, ledger, {"allow", None}) for number in gaps}),
    }


def _first_uses(known, soonest):
    """Quantiles of times to the first use, which may have been the first call that was not refused.

    What was never used for certain, and may have been, may have been at once, or later than all else.
    """
    if set(known.values()) <= {None}:
        return dict.fromkeys(("first_use_p50", "first_use_p95"), UNKNOWN)
    maybe = [number for number, gap in soonest.items() if gap is not None]
    least = quantiles([0 if known[number] is None else soonest[number] for number in maybe])
    most = quantiles([inf if known[number] is None else known[number] for number in maybe])
    return {f"first_use_{stat}": (least[stat], UNKNOWN if most[stat] == inf else most[stat]) for stat in least}


def _maybe_used(call, made):
    """Whether a call came under a credential that had been issued, and nobody knows whether it was let in."""
    since = [e.time for e in made if e.kind != "renew" and e.issued == call.credential]
    return (call.kind, call.decision) == ("use", None) and bool(since) and min(since) <= call.time


def _first_use(number, issues, ledger, outcomes=frozenset({"allow"})):
    """From the first issue of a credential to its first use after that."""
    since = min(Fraction(e.time) for e in issues if e.issued == number)
    calls = [e for e in ledger.events if e.kind == "use" and e.credential == number]
    uses = [e.time for e in calls if e.decision in outcomes]
    return min((Fraction(time) - since for time in uses if since <= time < ledger.seconds), default=None)


def _lives_on(number, ledger):
    """Whether any verifier still accepts a credential at the end."""
    known = ledger.credentials[number : number + 1]
    return any(c.starts < ledger.seconds <= last_accepted(c, name, ledger) for c in known for name in c.atoms)


def break_glass(ledger):
    """Emergency accesses per thousand root tasks, and the share of them that nobody looked at by the window's end."""
    taken = [n for n, c in enumerate(ledger.credentials) if c.kind == "break_glass" and 0 <= c.starts < ledger.seconds]
    looked = {e.issued for e in ledger.events if e.kind == "review" and e.time < ledger.seconds}
    roots = [t for t in ledger.tasks if t.parent is None and t.started is not None and 0 <= t.started < ledger.seconds]
    return {
        "taken_per_1000_tasks": Fraction(1000 * len(taken), len(roots)) if roots else UNKNOWN,
        "unreviewed_percent": Fraction(100 * len(set(taken) - looked), len(taken)) if taken else UNKNOWN,
    }


def offered_load(ledger, epoch):
    """What arriving tasks take, and what they ask, over what agents and open desks could give."""
    fleet, desk = ledger.scenario["fleet"], ledger.scenario["approvers"]
    arrivals = {t.id: t.arrived for t in ledger.tasks if t.parent is None}
    busy = sum(Fraction(a.think) + Fraction(a.takes) for a in ledger.actions if 0 <= arrivals[a.task] < ledger.seconds)
    to_the_desk = [d for d in ledger.demands if of_desk(d.through)]
    asked = sum(d.approvals for d in to_the_desk if 0 <= arrivals[d.task] < ledger.seconds)
    went_on = [e for e in ledger.events if e.kind == "escalate" and of_desk(e.asked)]
    asked += sum(0 <= e.time < ledger.seconds for e in went_on)
    inspected = asked * desk["inspection_median_s"] * exp(desk["inspection_sigma"] ** 2 / 2)
    return {
        "agents": 100 * busy / ledger.seconds / ledger.agents / fleet["concurrency"],
        "approvers": 100 * inspected / (60 * open_minutes(ledger, epoch)) / desk["staff"],
    }


def open_minutes(ledger, epoch):
    """Minutes of the window in which the desk is open."""
    desk, minutes = ledger.scenario["approvers"], range(epoch, epoch + ledger.seconds, 60)
    moments = (datetime.fromtimestamp(minute, tz=UTC) for minute in minutes)
    return sum(desk["opens"] <= m.hour < desk["closes"] and (desk["weekends"] or m.weekday() < 5) for m in moments)
