"""Approvals on a log that leaves cells empty: whatever they would have said, it lies in what is told.

Each log is there twice: with cells that nobody filled in, and whole.
"""

from dataclasses import replace

import pytest

from tests.ledgers import HOUR, Answer, Event, Ledger, Task
from tests.property.measures import chance as st
from tests.property.measures.unsaid import faults, rebuilt

NAMES = ("approvals", "approval_peak", "approval_reach")
CELLS = ("action", "takes", "decision")


@st.composite
def requests(draw, action):
    """What was asked about an action: of one person or two after another, at once or by way of who is on call.

    Whoever answers has looked for a while, so that no two requests are of one instant.
    """
    time, events, spans = draw(st.integers(0, 7000)), [], st.sampled_from((1, 5, 60, 600))
    for person in range(draw(st.sampled_from((1, 1, 2)))):
        about = {"action": action, "task": action % 2}
        through = draw(st.sampled_from(("desk", "ticket", "owner", "on_call")))
        events.append(Event("request_approval", time, asked=through, **about))
        if through == "on_call":
            time, through = time + 30, "desk"
            events.append(Event("escalate", time, asked=through, **about))
        takes = draw(spans)
        time += draw(st.sampled_from((0, 5, 60, 600))) + takes
        answer = {"approval": 2 * action + person, "takes": takes, "decision": draw(st.sampled_from(("allow", "deny")))}
        events.append(Event("decide_approval", time, asked=through, reason="approver", **answer, **about))
    return events[: draw(st.sampled_from((len(events), len(events), 1)))]


@st.composite
def logs(draw):
    """A log of two hours, with some cells empty and whole."""
    whole = [each for action in range(draw(st.integers(1, 5))) for each in draw(requests(action))]
    empty = [{cell: None for cell in CELLS if draw(st.integers(0, 5)) == 0} for _ in whole]
    lacking = [replace(each, **cells) for each, cells in zip(whole, empty, strict=True)]
    log = Ledger(2 * HOUR, kind="ingested", tasks=[Task(0, 0), Task(1, 0)])
    starts = [Event("task_start", 0, task=each) for each in range(2)]
    return [log.having(events=[*starts, *events]) for events in (lacking, whole)]


def told(cases):
    """What measures say of logs, of each pair of the one that lacks something and of the whole one."""
    return rebuilt(NAMES, cases, quick_s=60)


@pytest.fixture(scope="module")
def some():
    """What is told of some."""
    return told(st.some(logs(), 60, "empty cells"))


@pytest.mark.parametrize("name", NAMES)
def test_what_a_log_leaves_empty_is_not_guessed(some, name):
    """Whatever would be told if every cell were filled lies in what is told."""
    assert faults({name: some[name]}) == {}
    assert sum(whole != lacking for lacking, whole in some[name]) > len(some[name]) / 5


def test_an_inspection_that_began_before_it_was_asked_for_took_some_of_the_time_since():
    """Asked at one minute, answered at three, after five minutes of inspection: a wait of two minutes at most."""
    about = {"action": 0, "task": 0}
    events = [
        Event("task_start", 0, task=0),
        Event("request_approval", 60, **about),
        Event("decide_approval", 180, takes=300, approval=0, decision="allow", reason="approver", **about),
    ]
    log = Ledger(2 * HOUR, kind="ingested", tasks=[Task(0, 0)], events=events)
    [[said]] = told([[log]])["approvals"]
    assert (said["wait_p95_minutes"], said["minutes_per_100_tasks"]) == (Answer(0, 2, 1), Answer(0, 200, 1))


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(6))
def test_so_it_is_on_many_logs(seed):
    """On other logs, as many again each time."""
    assert faults(told(st.some(logs(), 200, f"empty cells {seed}"))) == {}
