"""Waits and inspections on a log that does not tell which answer is to which request: they lie in what is told.

Of each random log all ways are played through, by brute force: about which action each event is that names none, to
which of the requests that wait each answer is, when an inspection began of which no log tells how long it took, and
whether somebody looks at what has no answer when the log ends.
"""

from itertools import product
from math import inf

import pytest

from tests.ledgers import HOUR, Decision, Event, Ledger, Task
from tests.property.measures import chance as st
from tests.property.measures.spans import quantiles
from tests.property.measures.unsaid import rebuilt

UNTIL = HOUR
ACTIONS = (0, 1, 9)


@st.composite
def logs(draw):
    """A log of an hour in which a few are asked, of one action at once too, and of some it is not told."""
    times, events = st.integers(-600, UNTIL + 600), []
    for _ in range(draw(st.integers(1, 4))):
        asked, began, decided = sorted(draw(times) for _ in range(3))
        about = {"action": draw(st.sampled_from((0, 0, 1)))}
        events.append(Event("request_approval", asked, asked="desk", **about))
        if draw(st.integers(0, 3)) == 0:
            events.append(Event("escalate", draw(st.integers(asked, began)), asked="desk", **about))
        if draw(st.integers(0, 3)):
            takes = draw(st.sampled_from((decided - began, None)))
            reason = "approver" if takes is not None else draw(st.sampled_from(("approver", "timeout")))
            said = {"takes": takes, "reason": reason, "decision": "deny", "asked": "desk"}
            events.append(Event("decide_approval", decided, approval=len(events), **said, **about))
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(0, 2 * len(events)))
        events[place : place + 1] = [_blank(each) for each in events[place : place + 1]]
    start = Event("task_start", 0, task=0)
    return Ledger(UNTIL, tasks=[Task(0, 0)], events=[start, *sorted(events, key=lambda e: e.time)])


def _blank(event):
    return Event(**vars(event) | {"action": None})


def told(events):
    """What measures say of a log in every way: when it was begun with what was asked in it, and minutes of people."""
    blank = [n for n, each in enumerate(events) if each.action is None]
    for actions in product(ACTIONS, repeat=len(blank)):
        named = dict(zip(blank, actions, strict=True))
        about = [named.get(n, each.action) for n, each in enumerate(events)]
        for waiting, answers, goes_on in _matched(events, about):
            choices = [_begun(events, about, *pair) for pair in answers]
            ends = [[(events[q].time, UNTIL, q), (inf, inf, q)] for q in waiting]
            yield from (_said(events, looks, goes_on) for looks in product(*choices, *ends))


def _matched(events, about):
    """What waits at the end, to what each answer is, and of what it is that each went on: each way of it."""
    ways = [((), (), ())]
    for n, event in enumerate(events):
        if event.kind == "request_approval":
            ways = [((*waiting, n), answers, on) for waiting, answers, on in ways]
        elif event.kind == "escalate":
            ways = [(w, a, (*on, (n, q))) for w, a, on in ways for q in _waits(w, about, n)]
        else:
            ways = [(tuple(set(w) - {q}), (*a, (q, n)), on) for w, a, on in ways for q in _waits(w, about, n)]
    return ways


def _waits(waiting, about, n):
    return [q for q in waiting if about[q] == about[n]] or [None]


def _begun(events, about, request, answer):
    """When an inspection may have begun, at the soonest and at the latest, and ended; at the end if nobody looked."""
    event, requests = events[answer], [n for n in range(answer) if events[n].kind == "request_approval"]
    asked = [events[n].time for n in requests if about[n] == about[answer]]
    since = events[request].time if request is not None else max(asked, default=-inf)
    if event.reason == "timeout" or event.takes is not None:
        began = event.time - (event.takes or 0)
        return [(began, event.time, request)] if began >= since else []
    return [(since, event.time, request), (event.time, event.time, request)]


def _said(events, looks, goes_on):
    """In one way: the 95th percentile of waits of requests, and of what the desk was asked; minutes of people a day."""
    began = {request: start for start, _, request in looks}
    asked = {n: began[n] - e.time for n, e in enumerate(events) if e.kind == "request_approval" and _inside(e)}
    on = {n: max(0, began.get(q, inf) - events[n].time) for n, q in goes_on if _inside(events[n])}
    spent = sum(max(0, min(end, UNTIL) - max(start, 0)) for start, end, _ in looks if start < end)
    waits, peak = (quantiles([*each.values()])["p95"] for each in (asked, asked | on))
    return {"wait": waits, "peak": peak, "minutes": spent / 60 * 24}


def _inside(event):
    return 0 <= event.time < UNTIL


def judged(cases):
    """Of each log what is told, in seconds of waiting and minutes of people, and all that it may be."""
    found = rebuilt(("approvals", "approval_peak"), [[each] for each in cases])
    for log, [approvals], [peak] in zip(cases, found["approvals"], found["approval_peak"], strict=True):
        events = log.events[1:]
        waits = {"wait": approvals["wait_p95_minutes"], "peak": peak["wait_p95"]}
        said = {part: tuple(end and 60 * end for end in answer[:2]) for part, answer in waits.items()}
        said |= {"minutes": approvals["minutes_per_day"][:2]}
        if ways := list(told(events)):
            yield events, said, {part: {way[part] for way in ways} - {None} for part in said}


def beyond(several):
    """What lies outside of what is told of some logs; where that has no upper end, nothing lies above."""
    return [
        (events, part, said[part], out)
        for events, said, may in several
        for part, (lo, hi) in said.items()
        if (out := {v for v in may[part] if v < (lo or 0) - 1e-6 or (hi is not None and v > hi + 1e-6)})
    ]


def clear(events):
    """Whether each event tells of which action it is, and nobody is asked about one while somebody else is."""
    ways = _matched(events, [each.action for each in events])
    return all(each.action is not None for each in events) and len(ways) == 1 and None not in dict(ways[0][1])


def test_whichever_answer_is_to_which_request_it_lies_in_what_is_told():
    """No way in which a log can be read gives a wait or an effort outside what is told.

    Where only inspections are open, the ends are the least and the most that there may be.
    """
    some = list(judged(st.some(logs(), 300, "asked at once")))
    assert beyond(some) == []
    closely = [(said[part], may[part]) for events, said, may in some if clear(events) for part in said if may[part]]
    assert [each for each in closely if each[0] != pytest.approx((min(each[1]), _top(each[1])))] == []
    assert min(len(closely), sum(not clear(events) for events, *_ in some)) > len(some) / 3


def _top(values):
    return None if inf in values else max(values)


@pytest.mark.parametrize("first", [True, False])
def test_of_two_answers_to_what_was_asked_at_once_the_first_tells_whether_it_was_looked_at(book, first):
    """Whoever waits is let go on by that."""
    looks = {60: first, 120: not first}
    twice = [Decision(0, at, at - 30, through="desk", action=0, inspected=looked) for at, looked in looks.items()]
    said = book.one("approval_peak", Ledger(UNTIL, decisions=twice))["inspected_percent"]
    assert (said.lo, said.hi) == (100 * first, 100 * first)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(6))
def test_so_it_is_on_many_logs(seed):
    """On other logs, as many again each time."""
    assert beyond(judged(st.some(logs(), 1000, f"asked at once {seed}"))) == []
