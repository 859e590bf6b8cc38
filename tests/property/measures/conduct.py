"""What agents did, whether it was in their plan, and what decided it: slow second computations."""

from fractions import Fraction

from tests.ledgers import UNKNOWN
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
