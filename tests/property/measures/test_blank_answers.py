"""What approvals let through, on a log whose answers and calls leave cells blank: it lies in what is told.

Each random log is judged by a slow second computation (`friction.approval_reach`), filled in every way.
"""

from dataclasses import replace

import pytest

from tests.ledgers import HOUR, UNKNOWN, Event, Ledger, Task
from tests.property.measures import chance as st
from tests.property.measures.doubts import filled, outcomes
from tests.property.measures.friction import approval_reach
from tests.property.measures.spans import ends
from tests.property.measures.unsaid import rebuilt

# Of what hangs on answers: what may stand in each cell, of answers and of calls.
PARTS = ("changed_percent", "two_person_percent", "unapproved_jewels_percent")
ANSWERS = {"agent": (0, 1, 2), "action": (0, 1, 2), "args": (0, 1)}
CALLS = {"atom": ("write money", "read notes"), "action": (0, 1, 2), "args": (0, 1)}
OUTCOMES = st.sampled_from(("allow", "allow", "deny"))


@st.composite
def answers(draw, time):
    """What somebody answered, or nobody in time."""
    action, approval, args = draw(st.sampled_from((0, 0, 1))), draw(st.sampled_from((0, 0, 1))), draw(st.integers(0, 1))
    about = {"action": action, "approval": approval, "args": args}
    if draw(st.integers(0, 3)) == 0:
        return Event("decide_approval", time, None, reason="timeout", decision="deny", **about)
    said = {"reason": "approver", "decision": draw(OUTCOMES)}
    return Event("decide_approval", time, draw(st.integers(0, 1)), **said, **about)


@st.composite
def calls(draw, time, approvals):
    """A call that rests on one of these approvals, or on none."""
    resting = draw(st.sampled_from((None, *approvals, *approvals)))
    said = {"action": draw(st.sampled_from((0, 0, 1))), "args": draw(st.integers(0, 1)), "decision": draw(OUTCOMES)}
    return Event("use", time, atom=draw(st.sampled_from(CALLS["atom"])), approval=resting, **said)


@st.composite
def whole(draw):
    """A log of an hour: a few answers, some to one approval or call, and a few calls."""
    answered = [draw(answers(time)) for time in range(1, draw(st.integers(2, 4)))]
    approvals = [each.approval for each in answered]
    called = [draw(calls(60 + time, approvals)) for time in range(draw(st.integers(1, 3)))]
    return Ledger(HOUR, agents=3, tasks=[Task(0, 0)], events=[Event("task_start", 0, task=0), *answered, *called])


@st.composite
def blanked(draw):
    """The same with up to three cells blank."""
    drawn = draw(whole())
    events = list(drawn.events)
    for _ in range(draw(st.integers(1, 3))):
        n = draw(st.integers(1, len(events) - 1))
        cells = [*(CALLS if events[n].kind == "use" else ANSWERS), "decision"]
        cells = ["action"] if events[n].reason == "timeout" else cells
        events[n] = replace(events[n], **{draw(st.sampled_from(cells)): UNKNOWN})
    return drawn.having(events=events)


def ways(ledger):
    """The same ledger in every way in which its blanks may be filled."""
    found = list(outcomes(ledger))
    for kind, cells in (("decide_approval", ANSWERS), ("use", CALLS)):
        for cell, values in cells.items():
            there = _of(kind, but="timeout" if cell == "agent" else UNKNOWN)
            found = [way for each in found for way in filled(each, "events", cell, values, there)]
    return found


def _of(kind, but):
    return lambda event: event.kind == kind and (but is None or event.reason != but)


def beyond(said, log):
    """The parts of a log of which more may be than is told, and those not told to be in doubt."""
    found = [approval_reach(way) for way in ways(log)]
    values = {part: {float(end) for each in found for end in set(ends(each[part])) - {UNKNOWN}} for part in PARTS}
    return {part: (said[part], known) for part, known in values.items() if known and not _holds(said[part], known)}


def _holds(said, known):
    least, most = min(known), max(known)
    return said.lo <= least + 1e-9 and most <= said.hi + 1e-9 and (least == most or said.unknowns > 0)


def judged(logs):
    """What is wrong in what is told of some logs, and how many of them are told more than nothing of."""
    told = [each for [each] in rebuilt(["approval_reach"], [[log] for log in logs])["approval_reach"]]
    wrong = [(found, log) for said, log in zip(told, logs, strict=True) if (found := beyond(said, log))]
    return wrong, sum(said[part][:2] not in {(0, 100), (None, None)} for said in told for part in PARTS)


def test_whatever_answers_and_calls_leave_blank_lies_in_what_is_told():
    """No way to fill a log's blanks gives a share outside what is told, and what hangs on them is counted."""
    wrong, closer = judged(st.some(blanked(), 250, "blank answers"))
    assert wrong == []
    assert closer > 250


def test_what_says_all_is_told_as_it_is():
    """A log without blanks has one way only, and that is told."""
    logs = st.some(whole(), 100, "whole answers")
    told = [each for [each] in rebuilt(["approval_reach"], [[log] for log in logs])["approval_reach"]]
    for said, log in zip(told, logs, strict=True):
        for part, value in approval_reach(log).items():
            assert part not in PARTS or said[part] == (*map(_as_told, ends(value)), 0), log


def _as_told(value):
    return None if value is UNKNOWN else pytest.approx(float(value))


def test_an_approval_that_a_log_does_not_tell_of_may_be_a_yes_or_none():
    """Its answer may have come before the log began."""
    call = Event("use", 9, action=0, approval=7, atom="write money", decision="allow", args=0)
    log = Ledger(HOUR, tasks=[Task(0, 0)], events=[Event("task_start", 0, task=0), call])
    [[said]] = rebuilt(["approval_reach"], [[log]])["approval_reach"]
    assert {said[part] for part in PARTS} == {(0, 100, 1)}


def test_one_answer_that_does_not_say_to_which_call_is_no_two_peoples():
    """It is a yes to what the use rests on, whichever call that was asked for, and nobody else said any."""
    answer = Event("decide_approval", 1, 0, reason="approver", decision="allow", approval=0)
    call = Event("use", 9, action=0, approval=0, atom="write money", decision="allow")
    log = Ledger(HOUR, tasks=[Task(0, 0)], events=[Event("task_start", 0, task=0), answer, call])
    [[said]] = rebuilt(["approval_reach"], [[log]])["approval_reach"]
    assert said["two_person_percent"] == said["unapproved_jewels_percent"] == (0, 0, 0)


@pytest.mark.parametrize(
    ("asked", "takes", "quick"), [(425, None, (100, 100, 0)), (10, None, (0, 100, 1)), (10, 400, (0, 0, 0))]
)
def test_an_answer_was_quick_for_certain_if_it_came_at_once(asked, takes, quick):
    """At 430 seconds: where it does not say how long it took, that was no longer than since it was asked for."""
    request = Event("request_approval", asked, action=0)
    answer = Event("decide_approval", 430, 0, reason="approver", decision="allow", approval=0, action=0, takes=takes)
    log = Ledger(HOUR, tasks=[Task(0, 0)], events=[Event("task_start", 0, task=0), request, answer])
    [[said]] = rebuilt(["approval_reach"], [[log]], quick_s=10)["approval_reach"]
    assert said["quick_percent"] == quick


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(6))
def test_so_it_is_on_many_logs(seed):
    """On other logs, as many again each time."""
    wrong, _ = judged(st.some(blanked(), 1000, f"blank answers {seed}"))
    assert wrong == []
