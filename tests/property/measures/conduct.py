"""What agents did, whether it was in their plan, and what decided it: slow second computations."""

from collections import defaultdict
from fractions import Fraction
from itertools import combinations

from tests.ledgers import UNKNOWN, Event
from tests.property.measures.doubts import in_every_way
from tests.property.measures.identities import answered_for, is_open
from tests.property.measures.reach import BOUND
from tests.property.measures.spans import JEWELS, quantiles, verifier_of


@in_every_way
def scope_violations(ledger):
    """Calls of a task that belong to no action: how many for a thousand that do, and what came of them."""
    made = [e for e in ledger.events if e.kind == "use" and e.task is not None and 0 <= e.time < ledger.seconds]
    calls = sum(e.action is not None and e.decision == "allow" for e in made)
    astray = [e for e in made if e.action is None]
    done = [e for e in astray if e.decision == "allow"]
    jewels = {atom.name for atom in ledger.catalogue if atom.tier == 3 and atom.level in JEWELS}
    counts = {
        "attempted": len(astray), "done": len(done), "jewels_done": sum(e.atom in jewels for e in done),
        "systems_done": sum(bool(_elsewhere(e, ledger)) for e in done),
        "shared_done": sum(_writes_down(e, ledger) for e in done),
    }  # fmt: skip
    shares = {part: Fraction(1000 * count, calls) if calls else UNKNOWN for part, count in counts.items()}
    stopped = Fraction(100 * (len(astray) - len(done)), len(astray)) if astray else UNKNOWN
    return {**shares, "stopped_percent": stopped}


def _writes_down(use, ledger):
    """Whether a task writes where data is less sensitive than some that it has read."""
    atoms = {atom.name: atom for atom in ledger.catalogue}
    if use.atom is None or atoms[use.atom].level != "write":
        return False
    own = [e for e in ledger.events if e.kind == "use" and e.task == use.task and e.decision == "allow"]
    known = [touched(e, ledger) for e in own if e.time <= use.time]
    return any(atoms[name].level == "read" and atoms[name].tier > atoms[use.atom].tier for name in known if name)


@in_every_way
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


def bound_actions(ledger):
    """Of the uses let through, those of a key its holder must have, for the task it is for, while somebody answers."""
    uses = [e for e in _uses(ledger) if e.decision != "deny" and 0 <= e.time < ledger.seconds]
    verified = [[_instance(e, ledger), _task(e, ledger), is_open(answered_for(ledger, e.agent), e.time)] for e in uses]
    # Yes and no before not known: one no is enough, and so is one that nobody knows, if there is no no.
    verified = [[*each, min(each, key=(False, UNKNOWN, True).index)] for each in verified]
    sure, doubtful = (
        [v for v, e in zip(verified, uses, strict=True) if (e.decision is None) is d] for d in (False, True)
    )
    some = [[*sure, *chosen] for n in range(len(doubtful) + 1) for chosen in combinations(doubtful, n)]
    return {
        part: _widest([_share([each[n] for each in those]) for those in some if those])
        for n, part in enumerate(("instance", "task", "owner", "all"))
    }


def _widest(shares):
    """The least and the most of several pairs."""
    return (min(least for least, _ in shares), max(most for _, most in shares)) if shares else UNKNOWN


def _uses(ledger):
    """Calls as they are on record, those of attackers too."""
    tried = ((s, ledger.incidents[s.incident].agent, "allow" if s.allowed else "deny") for s in ledger.steps)
    attacks = [Event("use", s.time, agent, atom=s.atom, decision=result) for s, agent, result in tried]
    return [*(e for e in ledger.events if e.kind == "use"), *attacks]


def _instance(use, ledger):
    """Whether the credential is its holder's own and shows it."""
    shown = _presented(use, ledger)
    if shown is UNKNOWN:
        return UNKNOWN
    return bool(shown.agent == use.agent and shown.enforced and shown.binding in BOUND)


def _task(use, ledger):
    shown = _presented(use, ledger)
    return UNKNOWN if shown is UNKNOWN else shown.task is not None and shown.task == use.task


def _presented(use, ledger):
    if use.credential is None or use.credential >= len(ledger.credentials):
        return UNKNOWN
    return ledger.credentials[use.credential]


def _share(answers):
    """The least and the most that may be yes, in percent."""
    if not answers:
        return UNKNOWN
    yes, unknown = answers.count(True), answers.count(UNKNOWN)
    return tuple(Fraction(100 * count, len(answers)) for count in (yes, yes + unknown))


@in_every_way
def plan_drift(ledger):
    """Of what tasks were let touch, what their plans did not name: by intended calls, by others, on other systems."""
    made = [e for e in _uses(ledger) if e.decision == "allow" and e.task is not None and 0 <= e.time < ledger.seconds]
    outside = [_outside(e, ledger) for e in made]
    intended = [e.action is not None for e in made]
    return {
        "outside": _share(outside),
        "discovered": _share([_both(out, own) for out, own in zip(outside, intended, strict=True)]),
        "astray": _share([_both(out, not own) for out, own in zip(outside, intended, strict=True)]),
        "unrelated": _share([_both(out, _elsewhere(e, ledger)) for out, e in zip(outside, made, strict=True)]),
    }


def _both(one, other):
    """Yes and no before not known: one no is enough."""
    return min(one, other, key=(False, UNKNOWN, True).index)


def touched(event, ledger):
    """What a call touches: its own atom, or that of the action it is."""
    if event.atom is None and event.action is not None and event.action < len(ledger.actions):
        return ledger.actions[event.action].atom
    return event.atom


def _plan(task, ledger):
    """What a task's plan names, and the plans of its sub-tasks, theirs too."""
    own = {a.atom for a in ledger.actions if a.task == task and a.reason == "planned"}
    return own.union(*(_plan(child.id, ledger) for child in ledger.tasks if child.parent == task))


def _outside(use, ledger):
    atom = touched(use, ledger)
    return UNKNOWN if atom is None else atom not in _plan(use.task, ledger)


def _elsewhere(use, ledger):
    """Whether a call is on a system that its task's plan does not touch."""
    atom = touched(use, ledger)
    systems = {verifier_of(ledger, name) for name in _plan(use.task, ledger)}
    return UNKNOWN if atom is None else verifier_of(ledger, atom) not in systems


def first_touch(ledger):
    """For each task and atom the first calls let through: whether anybody had said yes, and how long they waited."""
    firsts, found = defaultdict(list), defaultdict(list)
    for use in (e for e in _uses(ledger) if e.decision == "allow" and e.task is not None):
        if (atom := touched(use, ledger)) is not None:
            firsts[use.task, atom].append(use)
    for (task, atom), uses in firsts.items():
        first = [e for e in uses if e.time == min(each.time for each in uses)]
        if 0 <= first[0].time < ledger.seconds:
            found[_kind_of_need(first, _outside(first[0], ledger))].append(
                (any(_agreed(e, task, atom, ledger) for e in first), _longest_wait(first))
            )
    return {
        f"{need} {stat}": value for need in ("planned", "discovered", "astray")
        for stat, value in _of_touches(found[need]).items()
    }  # fmt: skip


def _kind_of_need(first, outside):
    return "planned" if not outside else "discovered" if any(e.action is not None for e in first) else "astray"


def _longest_wait(first):
    return max((Fraction(e.time) - Fraction(e.ready) for e in first if e.ready is not None), default=UNKNOWN)


def _of_touches(touches):
    waits = quantiles([wait for _, wait in touches if wait is not UNKNOWN])
    undecided = Fraction(100 * sum(not agreed for agreed, _ in touches), len(touches)) if touches else UNKNOWN
    return {"undecided_percent": undecided, "wait_p50": waits["p50"], "wait_p95": waits["p95"]}


def _agreed(use, task, atom, ledger):
    """Whether somebody had said yes to a call, to its task's use of that atom, or to the whole task's plan."""
    said = [e for e in ledger.events if e.kind in {"decide", "decide_approval"} and e.decision == "allow"]
    before = [e for e in said if e.time <= use.time]
    whole = [e for e in before if e.task == task and e.action is e.credential is None and touched(e, ledger) is None]
    own = [e for e in before if use.action is not None and e.action == use.action]
    same = [e for e in before if e.task == task and touched(e, ledger) == atom]
    return bool(use.approval is not None or own or same or (whole and atom in _plan(task, ledger)))
