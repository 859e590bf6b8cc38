"""How long tasks need a class of resources, which lifetimes that leaves and a platform gives: a second computation."""

from bisect import bisect_left
from fractions import Fraction
from math import ceil, inf

from tests.ledgers import DAY, HOUR, UNKNOWN, Platform

MOST = 30  # percent of tasks that may outlast their credential
NEAR = 300  # seconds over which issues are counted
LIVES = {"1_min": 60, "15_min": 900, "1_hour": 3600, "12_hours": 43200}


def lifetime_choice(ledger):
    """By class and platform: the lengths of need, what each lifetime comes to there, breaks, leaves idle and issues."""
    places = {(f"tier_{atom.tier}", atom.platform) for atom in ledger.catalogue}
    platforms = {platform for _, platform in places} or {UNKNOWN}
    told = {platform.name: platform for platform in ledger.platforms}
    said = {}
    for place in places:
        said |= _of(place, ledger, told.get(place[1]))
    for name in platforms:
        calls = [call for place in places if place[1] == name for call in _needs(place, ledger)]
        said |= {f"all {_word(name)} {life}": value for life, value in _load(calls, ledger, told.get(name)).items()}
    return said


def _of(place, ledger, terms):
    """What is said of one class on one platform."""
    needs = _needs(place, ledger)
    least = [(length, goes_on) for start, length, goes_on in needs if start >= 0]
    most = [(inf if goes_on else length, goes_on) for length, goes_on in least]
    found = {"need longest": 0, "need p99": 1, "need sufficient": MOST}
    said = {stat: (_outlasted(percent, least), _known(_outlasted(percent, most))) for stat, percent in found.items()}
    offered = {"shortest": "shortest", "longest": "longest", "longest_cut": "longest_cut", "quota": "per_second"}
    said |= {f"offered {stat}": _known(getattr(terms, name)) if terms else UNKNOWN for stat, name in offered.items()}
    for life, asked in LIVES.items():
        got = _got(asked, terms)
        said[f"{life} got"] = _known(got)
        said[f"{life} got_cut"] = UNKNOWN if terms is None else _known(min(got, terms.longest_cut))
        lasts = asked if terms is None else got
        said[f"{life} breaks_percent"] = tuple(_share(lasts, lengths) for lengths in (least, most))
        said[f"{life} idle"] = tuple(_left(lasts, lengths, ledger) for lengths in (most, least))
    said |= _load(needs, ledger, terms)
    return {f"{place[0]} {_word(place[1])} {stat}": value for stat, value in said.items()}


def _word(platform):
    return "unknown" if platform is None else platform


def _got(asked, terms):
    """The nearest to what is asked for that there is."""
    if terms is None:
        return UNKNOWN
    return terms.shortest if asked < terms.shortest else min(asked, terms.longest)


def _needs(place, ledger):
    """(when it begins, how long, whether it goes on) of each task that needs the class on the platform."""
    of = {atom.name: (f"tier_{atom.tier}", atom.platform) for atom in ledger.catalogue}
    over = {task.id for task in ledger.tasks if task.ended is not None and task.ended < ledger.seconds}
    found = []
    for task in sorted({need.task for need in ledger.needs}):
        own = [need for need in ledger.needs if need.task == task]
        of_class = [need for need in own if of[need.atom] == place]
        if not of_class:
            continue
        first, last = min(n.starts for n in of_class), max(n.ends for n in of_class)
        if first < ledger.seconds:
            waits = [range(int(2 * n.asked), int(2 * n.starts)) for n in own if n.asked is not None]
            needed = set(range(int(2 * first), int(2 * last))).difference(*waits)
            found.append((first, len(needed) / 2, task not in over))
    return found


def _load(needs, ledger, terms):
    """The peak of issues of each life, and what that is of the quota."""
    said = {}
    for life, asked in LIVES.items():
        lasts = asked if terms is None else _got(asked, terms)
        peak = tuple(
            _peak([time for need in needs for time in _issues(need, lasts, ledger.seconds, perhaps=perhaps)])
            for perhaps in (False, True)
        )
        quota = terms.per_second if terms else UNKNOWN
        said[f"{life} peak"] = peak
        said[f"{life} quota_percent"] = UNKNOWN if quota is UNKNOWN else tuple(100 * each / quota for each in peak)
    return said


def _issues(need, lasts, end, *, perhaps):
    """When one is given a credential, one after the other, in the window."""
    begin, length, goes_on = need
    until, time = (end if perhaps and goes_on else begin + length), begin
    while lasts < inf and (time == begin or time < until):
        if 0 <= time < end:
            yield time
        time += lasts


def _peak(times):
    """The most that lie in any so many seconds, by the second; one of them begins with an issue."""
    ordered = sorted(times)
    return Fraction(max((bisect_left(ordered, t + NEAR) - bisect_left(ordered, t) for t in ordered), default=0), NEAR)


def _outlasted(percent, lengths):
    """The least of these lengths that so many percent of them exceed at most."""
    ordered = sorted(seconds for seconds, _ in lengths)
    return ordered[ceil(len(ordered) * Fraction(100 - percent, 100)) - 1] if ordered else UNKNOWN


def _known(seconds):
    return UNKNOWN if seconds == inf else seconds


def _share(life, lengths):
    return (
        Fraction(100 * sum(seconds > life for seconds, _ in lengths if life < inf), len(lengths))
        if lengths
        else UNKNOWN
    )


def _left(life, lengths, ledger):
    """Hours per agent-day that credentials live beyond need."""
    if life == inf:
        return UNKNOWN
    left = sum(max(life - seconds, 0) for seconds, _ in lengths)
    return Fraction(left) / HOUR / (ledger.agents * Fraction(ledger.seconds, DAY))


CLOUDS = (
    Platform("cloud", 900, 43_200, 3600, 2),
    Platform("vendor", 3600, 3600, 3600),
    Platform("vault", 1, 1800, 1200, 0.01),
    Platform("keys", inf, inf, inf),
    Platform("any", 0, inf, inf),
)
