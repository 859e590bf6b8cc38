"""What outlives its last use, and the task that used it: slow second computations."""

from collections import defaultdict
from fractions import Fraction
from math import inf

from tests.ledgers import UNKNOWN
from tests.property.measures.spans import SHARES, hours_a_day, need_spans, quantiles, validity, weight_of
from tests.property.measures.surviving import MEAN, survival


def tails(ledger):
    """(atom, tail in half seconds, of it in the window, used, cut by its end) for each validity that touches it.

    What was used before the window was used, and its tail runs from there.
    """
    spans = need_spans(ledger, "task")
    found = []
    for credential in ledger.credentials:
        for name in credential.atoms:
            if when := validity(credential, name, ledger):
                start, end = 2 * credential.starts, max(when) + 1
                touch = [(2 * a, 2 * b) for a, b in spans[credential.agent, name] if 2 * a < end]
                last = [b for a, b in touch if b > start or start <= a == b]
                tail = end - max([start, *(min(moment, end) for moment in last)])
                found.append((name, tail, min(tail, len(when)), bool(last), end == 2 * ledger.seconds))
    return found


def stale_access(ledger):
    """The sum of weight times tail in the window, of what was used, of what never was, and of both."""
    parts = dict.fromkeys(("used", "never_used", "total"), Fraction(0))
    for name, _, inside, used, _ in tails(ledger):
        for part in ("used" if used else "never_used", "total"):
            parts[part] += weight_of(name, ledger) * Fraction(inside)
    return {part: hours_a_day(value, ledger) for part, value in parts.items()}


def stale_tail(ledger):
    """Quantiles of the tails of what was used; those under way at the end could turn out to be of any length."""
    used = [(Fraction(tail) / 2, cut) for _, tail, _, used, cut in tails(ledger) if used]
    lo = quantiles([tail for tail, _ in used])
    hi = quantiles([inf if cut else tail for tail, cut in used])
    return {stat: (lo[stat], UNKNOWN if hi[stat] == inf else hi[stat]) for stat in SHARES}


def time_to_revoke(ledger):
    """All that is said of the time from a task's end to the last refusal of what it used.

    And by the task's length between what they are if what goes on ends with the window, and if it never does.
    """
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
    kept = [task for task in ended if used.get(task)]
    times = {task: _after(ended[task], used[task], ledger) for task in kept}
    lasted = {task.id: Fraction(task.ended) - Fraction(task.started) for task in ledger.tasks if task.id in times}
    lengths = [(time / lasted[task], observed) for task, (time, observed, _) in times.items() if lasted[task]]
    lo, hi = quantiles([by for by, _ in lengths]), quantiles([by if observed else inf for by, observed in lengths])
    scaled = {f"lengths_{stat}": (lo[stat], UNKNOWN if hi[stat] == inf else hi[stat]) for stat in SHARES}
    return {**survival(times.values(), MEAN), **scaled}


def _after(ended, credentials, ledger):
    """Seconds from a task's end to the last acceptance of a credential, if the window shows it, and its instant."""
    valid = (
        validity(c, name, ledger) for n, c in enumerate(ledger.credentials) if n in credentials for name in c.atoms
    )
    until = Fraction(max((max(when) + 1 for when in valid if when), default=0), 2)
    return max(0, until - Fraction(ended)), until < ledger.seconds, max(until, Fraction(ended))
