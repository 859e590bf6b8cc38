"""What approvals cost and keep out, tier by tier, and at the peak of the day: a slow second computation."""

from dataclasses import replace
from fractions import Fraction
from math import exp, factorial, inf

from tests.ledgers import DAY, HOUR, UNKNOWN, Action, Decision, Event, Ledger
from tests.property.measures import chance as st
from tests.property.measures.conduct import touched
from tests.property.measures.drawn import NAMES, ledgers
from tests.property.measures.spans import halves, holds, hours_a_day, mintable, quantiles, weight_of

PEAKS = 2 * DAY + 1800  # seconds
ACCEPTED, LATE = 15, 5  # minutes that a wait may last, percent of requests that may wait longer


@st.composite
def asking(draw):
    """A ledger in which some answers say what was asked for, and some attackers met a human.

    What is still looked at has no answer, and tells by its action what it is about.
    """
    drawn, name = draw(ledgers()), st.sampled_from(NAMES)
    open_ones = [n for n, each in enumerate(drawn.decisions) if each.decided is UNKNOWN]
    numbers = st.sampled_from([n for n in range(len(drawn.decisions) + 1) if n not in open_ones])
    answers = draw(st.lists(st.builds(_answer, numbers, name), max_size=5))
    events = [e for e in drawn.events if e.kind != "decide_approval" or e.approval not in open_ones]
    met = [replace(each, reason=draw(st.sampled_from((None, "approver", "expired")))) for each in drawn.steps]
    of = {n: len(drawn.actions) + place for place, n in enumerate(open_ones)}
    decisions = [replace(each, action=of[n]) if n in of else each for n, each in enumerate(drawn.decisions)]
    actions = [*drawn.actions, *(Action(0, atom=draw(name)) for _ in of)]
    return drawn.having(events=[*events, *answers], steps=met, decisions=decisions, actions=actions)


def _answer(number, atom):
    return Event("decide_approval", 3, approval=number, atom=atom, decision="allow")


@st.composite
def peaks(draw):
    """Two days and a bit in which the desk and others are asked, some for nothing, at a few hours of the day.

    Some of it others were asked before, and it went on to the desk.
    """
    moments = st.sampled_from((-60, 0, 60, 90, HOUR - 1, HOUR, 9 * HOUR, 10 * HOUR, DAY, DAY + 9 * HOUR, 2 * DAY + 600))
    spans = st.sampled_from((0, 20, 600, 1500, 7200))
    made = draw(st.lists(st.tuples(moments, spans, spans, st.booleans()), max_size=12))
    decisions = [
        Decision(
            asked, asked + wait + takes, asked + wait if human else UNKNOWN, kind="human" if human else "timeout",
            through=draw(st.sampled_from((None, "desk", "ticket", "owner"))),
            inspected=draw(st.booleans()) if human else None, action=n, first=draw(st.sampled_from((None, "on_call"))),
        )
        for n, (asked, wait, takes, human) in enumerate(made)
    ]  # fmt: skip
    late = st.lists(moments, max_size=2)
    pending = [Event("request_approval", time + 7, asked="desk", action=90 + time) for time in draw(late)]
    gone_on = [
        Event("escalate", each.asked + draw(spans), asked=draw(st.sampled_from(("desk", "on_call", None))), action=n)
        for n, each in enumerate(decisions)
        if draw(st.booleans())
    ]
    return Ledger(seconds=PEAKS, decisions=[_by_then(d) for d in decisions], events=[*pending, *gone_on])


def _by_then(decision):
    """What is known of a decision when the window ends."""
    under_way = decision.began is not UNKNOWN and decision.began < PEAKS <= decision.decided
    return replace(decision, decided=UNKNOWN, result=UNKNOWN) if under_way else decision


def _for(decision, ledger):
    """What is asked for that somebody still looks at."""
    return ledger.actions[decision.action].atom if decision.decided is UNKNOWN else None


def looked_at(decision, ledger):
    """The half seconds of the window in which somebody looked at a request, and looks at its end at what is open."""
    return halves(decision.began, ledger.seconds if decision.decided is UNKNOWN else decision.decided, ledger)


def answered(ledger):
    """What was answered in the window."""
    return [d for d in ledger.decisions if d.decided is not UNKNOWN and 0 <= d.decided < ledger.seconds]


def approval_value(ledger):
    """Hours of inspection, what was stopped and refused, and what only a human stood before, by tier."""
    days, found = Fraction(ledger.seconds, DAY), {}
    for tier in (1, 2, 3):
        names = {atom.name for atom in ledger.catalogue if atom.tier == tier}
        own = {e.approval for e in ledger.events if e.kind == "decide_approval" and touched(e, ledger) in names}
        asked = [d for n, d in enumerate(ledger.decisions) if n in own or _for(d, ledger) in names]
        hours = Fraction(sum(len(looked_at(d, ledger)) for d in asked), 2 * HOUR)
        refused = [d for d in answered(ledger) if d in asked and d.result == "deny"]
        stopped = [s for s in ledger.steps if s.atom in names and not s.allowed and s.reason == "approver"]
        kept = _kept_out(names, ledger)
        found |= {
            f"tier_{tier} approver_hours": hours / days,
            f"tier_{tier} stopped": sum(0 <= s.time < ledger.seconds for s in stopped) / days,
            f"tier_{tier} refused": len(refused) / days,
            f"tier_{tier} kept_out": kept,
            f"tier_{tier} kept_out_per_hour": kept * ledger.agents * days / hours if hours else UNKNOWN,
        }
    return found


def _kept_out(names, ledger):
    free, gated = {}, {}
    for agent, name, when in holds(ledger) + mintable(ledger):
        free[agent, name] = free.get((agent, name), set()) | when
    for trust in ledger.trusts:
        for name in names & set(trust.atoms) if trust.gate == "human" else ():
            when = halves(trust.starts, trust.ends, ledger)
            gated[trust.agent, name] = gated.get((trust.agent, name), set()) | when
    alone = [weight_of(key[1], ledger) * len(when - free.get(key, set())) for key, when in gated.items()]
    return hours_a_day(sum(alone), ledger)


def approval_peak(ledger):
    """The hour of the day in which most is asked of the desk: how many, how long, and for how many people."""
    desk = [d for d in ledger.decisions if d.through is None or of_desk(d.through)]
    asked = [(d.asked, d) for d in desk if d.first is None]
    asked += [(e.time, None) for e in ledger.events if e.kind == "request_approval"]
    gone_on = [e for e in ledger.events if e.kind == "escalate" and (e.asked is None or of_desk(e.asked))]
    asked += [(e.time, _answer_to(e, ledger)) for e in gone_on]
    asked = [(time, d) for time, d in asked if 0 <= time < ledger.seconds]
    rates = {hour: Fraction(sum(_hour(time) == hour for time, _ in asked)) / _there(hour, ledger) for hour in range(24)}
    peak = max(rates, key=lambda hour: (rates[hour], -hour))
    then = [(time, d) for time, d in asked if _hour(time) == peak]
    lengths = [d.decided - d.began for d in answered(ledger) if d in desk and d.kind == "human"]
    mean = Fraction(sum(lengths), len(lengths)) if lengths else None
    unknown = rates[peak] > 0 and not lengths
    load = rates[peak] * mean / HOUR if lengths else Fraction(0)
    looked = [d.inspected for _, d in then if d is not None and d.kind == "human" and d.decided is not UNKNOWN]
    return {
        "requests": rates[peak],
        "wait_p95": _waits(then, ledger),
        "inspected_percent": Fraction(100 * sum(looked), len(looked)) if looked else UNKNOWN,
        "load": UNKNOWN if unknown else load,
        "staff_needed": UNKNOWN if unknown else staff(float(load), float(mean) / 60 if mean else 1.0),
    }


def of_desk(through):
    """Whether somebody at the desk is asked, be it by ticket."""
    return through in {"desk", "ticket"}


def _answer_to(event, ledger):
    """What was answered next to what an event is about, if anything was."""
    answers = [d for d in ledger.decisions if d.action == event.action and _last(d, ledger) >= event.time]
    return min(answers, key=lambda d: _last(d, ledger), default=None)


def _last(decision, ledger):
    return ledger.seconds if decision.decided is UNKNOWN else decision.decided


def _hour(time):
    return int(time // HOUR) % 24


def _there(hour, ledger):
    """How often the window has this hour of the day."""
    seconds = sum(max(0, min(ledger.seconds, at + HOUR) - at) for at in range(hour * HOUR, ledger.seconds, DAY))
    return Fraction(seconds, HOUR)


def _waits(then, ledger):
    least = [
        max(Fraction(ledger.seconds if d is None else (d.decided if d.began is UNKNOWN else d.began)) - time, 0)
        for time, d in then
    ]
    most = [inf if d is None else wait for (_, d), wait in zip(then, least, strict=True)]
    lo, hi = (quantiles(each)["p95"] for each in (least, most))
    return tuple(UNKNOWN if value in {UNKNOWN, inf} else value / 60 for value in (lo, hi))


def staff(load, minutes):
    """The fewest people for whom few enough wait long, from the stationary law of M/M/c."""
    people = 0
    while load and (people <= load or waiting(load, people) * exp(-(people - load) * ACCEPTED / minutes) > LATE / 100):
        people += 1
    return people


def waiting(load, people):
    """The chance that whoever asks has to wait (Erlang's C), by the weights of all states."""
    queueing = load**people / factorial(people) * people / (people - load)
    return queueing / (sum(load**n / factorial(n) for n in range(people)) + queueing)
