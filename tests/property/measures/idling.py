"""What is held and not used, moment by moment, and when it is used again: a slow second computation."""

from fractions import Fraction
from math import inf

from tests.ledgers import DAY, HOUR, NEVER, TWO_JEWELS, UNKNOWN, Credential, Event, Ledger
from tests.property.measures import chance as st
from tests.property.measures.drawn import NAMES
from tests.property.measures.spans import SHARES
from tests.property.measures.surviving import kaplan_meier

LIMITS = {"1_min": 60, "1_hour": HOUR, "1_day": DAY, "7_days": 7 * DAY, "90_days": 90 * DAY}
MOMENTS = (-200 * DAY, -8 * DAY, -DAY, -90, -60, 0, 0.5, 60, 90, 3600, 3660.5, 7200, DAY - 60, DAY - 0.5, DAY, DAY + 9)


@st.composite
def idling(draw):
    """A day in which some of what was made long before, or then, is used at a few of the same moments, or never."""
    moments, names = st.sampled_from(MOMENTS), st.sampled_from(NAMES)
    outcomes = st.sampled_from(draw(st.sampled_from((("allow", "deny"), ("allow", "deny", None)))))
    held = [
        Credential(
            atoms=draw(st.lists(names, min_size=1, max_size=2, unique=True)), starts=draw(moments), agent=n % 2,
            ends=draw(st.sampled_from((*MOMENTS[5:], NEVER))),
            refused=draw(st.dictionaries(st.sampled_from(("near", "far")), moments, max_size=1)),
        )
        for n in range(4)
    ]  # fmt: skip
    uses = draw(st.lists(st.tuples(moments, st.integers(0, 3), st.one_of(st.none(), names), outcomes), max_size=12))
    events = [
        Event("use", time, agent=n % 2, credential=n, atom=atom, decision=decision) for time, n, atom, decision in uses
    ]
    begins = draw(st.sampled_from((-NEVER, -2 * DAY, -90, 0)))
    return Ledger(seconds=DAY, agents=2, catalogue=TWO_JEWELS, credentials=held, events=events, begins=begins)


def dormancy(ledger):
    """Shares of the time held that come longer after the last use than a limit; and times to the next use.

    What was never used since the run began was used then at the latest, or never since it was made. A call of unknown
    outcome is a use at the least.
    """
    tried = [e for e in ledger.events if e.kind == "use" and e.decision != "deny" and e.atom is not None]
    uses = [e for e in tried if e.decision == "allow"]
    least, most = _idle(ledger, tried, ledger.begins), _idle(ledger, uses, -NEVER)
    shares = {f"idle_for_{name}": (least[name], most[name]) for name in LIMITS}
    return {**shares, **next_use(ledger)}


def next_use(ledger):
    """Quantiles of the time to the next use: of one curve, or of the lowest and the highest that may be."""
    tried = [e for e in ledger.events if e.kind == "use" and e.decision != "deny" and e.atom is not None]
    uses = [e for e in tried if e.decision == "allow"]
    sure = set(map(_by, uses))
    known = all(_by(e) in sure for e in tried if 0 <= e.time < ledger.seconds)
    again = kaplan_meier(_again(uses, uses, ledger)) if known else _between(tried, uses, ledger)
    return {f"next_use_{stat}": value for stat, value in again.items()}


def _by(use):
    return use.agent, use.atom, use.time


def _between(tried, uses, ledger):
    """The same of the lowest and the highest curve, each worked out by counting at each time.

    A wait is over with the next call that may be a use at the soonest, with the next that is one at the latest; what
    begins with a call that may be none (not `sure`) may be none.
    """
    soonest, latest = _again(tried, tried, ledger), _again(tried, uses, ledger)
    sure, later = _again(uses, tried, ledger), _again(uses, uses, ledger)
    if not sure:
        return dict.fromkeys(SHARES, (UNKNOWN, UNKNOWN))
    times = sorted({time for time, _ in soonest + latest})
    low = {time: _lowest(time, times, sure, soonest, latest) for time in times}
    high = {time: _highest(time, times, sure, later, latest) for time in times}
    longest = max(time for time, _ in sure)
    return {
        stat: (
            min(longest, *(time for time in times if low[time] <= 1 - share), inf),
            min((time for time in times if high[time] <= 1 - share), default=UNKNOWN),
        )
        for stat, share in SHARES.items()
    }


def _alive(time, waits):
    """How many last beyond a time, or are cut off there; and how many of these are cut off there."""
    cut = waits.count((time, False))
    return sum(t > time for t, _ in waits) + cut, cut


def _lowest(time, times, sure, soonest, latest):
    """As few alive just after a time, of as many, with as little put on them by those who were cut off.

    Where all who may be alive are cut off at that time, as few as just before.
    """
    alive, cut = _alive(time, sure)
    all_leave = _alive(time, latest)[0] == cut
    whole = alive - cut + sum(t <= time for t, _ in soonest)
    share = Fraction(alive if all_leave else alive - cut, whole)
    for each in (t for t in times if t < time or (t == time and not all_leave)):
        there, gone = _alive(each, latest)[0], _alive(each, sure)[1]
        share *= Fraction(there, there - gone) if there > gone else 1
    return share


def _highest(time, times, sure, later, latest):
    """As many alive, of as few, with as much put on them; no more than if all who were cut off were alive for ever."""
    alive, _ = _alive(time, latest)
    share = Fraction(alive, alive + len(later) - _alive(time, later)[0])
    for each in (t for t in times if t < time):
        there, gone = _alive(each, sure)[0], _alive(each, latest)[1]
        if gone:
            share = share * Fraction(there, there - gone) if there > gone else inf
    free = sum(t > time or not over for t, over in latest)
    return min(share, Fraction(free, free + sum(t <= time and over for t, over in later)))


def _idle(ledger, uses, begins):
    """The same if whatever was made before an instant was last used at that instant."""
    idle, whole = dict.fromkeys(LIMITS, Fraction(0)), Fraction(0)
    for number, credential in enumerate(ledger.credentials):
        for name in credential.atoms:
            ends = _ends(credential, name, ledger)
            own = {
                e.time for e in uses if (e.credential, e.atom) == (number, name) and credential.starts < e.time < ends
            }
            edges = sorted({max(credential.starts, begins), *(time for time in own if time > ledger.begins)})
            for begun, ended in zip(edges, [*edges[1:], ends], strict=True):
                until = min(ended, ledger.seconds)
                whole += _length(max(begun, 0), until)
                for limit, seconds in LIMITS.items():
                    idle[limit] += _length(max(begun + seconds, 0), until)
    return {name: 100 * found / whole if whole else UNKNOWN for name, found in idle.items()}


def _ends(credential, name, ledger):
    verifier = next(atom.verifier for atom in ledger.catalogue if atom.name == name)
    return min(credential.ends, credential.refused.get(verifier, NEVER))


def _length(starts, ends):
    return Fraction(max(ends - starts, 0))


def _again(uses, following, ledger):
    """(seconds, whether it was seen) from each use in the window to the agent's next call of the same permission."""
    times = {}
    for call in following:
        times.setdefault((call.agent, call.atom), set()).add(call.time)
    found = []
    for agent, atom, begins in sorted(set(map(_by, uses))):
        again = min((time for time in times.get((agent, atom), ()) if time > begins), default=NEVER)
        if 0 <= begins < ledger.seconds:
            found.append((min(again, ledger.seconds) - begins, again < ledger.seconds))
    return found
