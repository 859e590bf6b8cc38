"""How long tasks need a class of resources, and which lifetimes that leaves: a slow second computation."""

from fractions import Fraction
from math import ceil, inf

from tests.ledgers import DAY, HOUR, UNKNOWN

MOST = 30  # percent of tasks that may outlast their credential
LIVES = {"1_min": 60, "15_min": 900, "1_hour": 3600, "12_hours": 43200}
CLASSES = ("tier_1", "tier_2", "tier_3")


def lifetime_choice(ledger):
    """By class the lengths of need, the share of tasks that outlasts each lifetime, and what is left of these."""
    return {f"{name} {stat}": value for name in CLASSES for stat, value in _of(name, ledger).items()}


def _of(name, ledger):
    least = _lengths(name, ledger)
    most = [(inf if open_ else seconds, open_) for seconds, open_ in least]
    found = {"need longest": 0, "need p99": 1, "need sufficient": MOST}
    said = {stat: (_outlasted(percent, least), _known(_outlasted(percent, most))) for stat, percent in found.items()}
    for life, seconds in LIVES.items():
        said[f"{life} breaks_percent"] = tuple(_share(seconds, lengths) for lengths in (least, most))
        said[f"{life} idle"] = tuple(_left(seconds, lengths, ledger) for lengths in (most, least))
    return said


def _lengths(name, ledger):
    """(seconds, whether it goes on) of each task that first needs the class in the window."""
    tiers = {atom.name: f"tier_{atom.tier}" for atom in ledger.catalogue}
    over = {task.id for task in ledger.tasks if task.ended is not None and task.ended < ledger.seconds}
    found = []
    for task in sorted({need.task for need in ledger.needs}):
        own = [need for need in ledger.needs if need.task == task]
        of_class = [need for need in own if tiers[need.atom] == name]
        first, last = min((n.starts for n in of_class), default=-1), max((n.ends for n in of_class), default=-1)
        if 0 <= first < ledger.seconds:
            waits = [range(int(2 * n.asked), int(2 * n.starts)) for n in own if n.asked is not None]
            needed = set(range(int(2 * first), int(2 * last))).difference(*waits)
            found.append((Fraction(len(needed), 2), task not in over))
    return found


def _outlasted(percent, lengths):
    """The least of these lengths that so many percent of them exceed at most."""
    ordered = sorted(seconds for seconds, _ in lengths)
    return ordered[ceil(len(ordered) * Fraction(100 - percent, 100)) - 1] if ordered else UNKNOWN


def _known(seconds):
    return UNKNOWN if seconds == inf else seconds


def _share(life, lengths):
    return Fraction(100 * sum(seconds > life for seconds, _ in lengths), len(lengths)) if lengths else UNKNOWN


def _left(life, lengths, ledger):
    """Hours per agent-day that credentials live beyond need."""
    left = sum(max(life - seconds, 0) for seconds, _ in lengths)
    return Fraction(left) / HOUR / (ledger.agents * Fraction(ledger.seconds, DAY))
