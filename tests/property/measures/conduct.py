"""What agents did, whether it was in their plan, and what decided it: slow second computations."""

from fractions import Fraction

from tests.ledgers import UNKNOWN, Event
from tests.property.measures.identities import answered_for, is_open
from tests.property.measures.reach import BOUND
from tests.property.measures.spans import JEWELS


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
    uses = [e for e in _uses(ledger) if e.decision == "allow" and 0 <= e.time < ledger.seconds]
    verified = [[_instance(e, ledger), _task(e, ledger), is_open(answered_for(ledger, e.agent), e.time)] for e in uses]
    # Yes and no before not known: one no is enough, and so is one that nobody knows, if there is no no.
    verified = [[*each, min(each, key=(False, UNKNOWN, True).index)] for each in verified]
    return {part: _share([each[n] for each in verified]) for n, part in enumerate(("instance", "task", "owner", "all"))}


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
