"""Every measure where decisions and answers are of unknown outcome: its interval holds whatever they were.

Of a few of them nobody knows whether they were yes or no.
"""

from dataclasses import replace

import pytest

from tests.ledgers import UNKNOWN, Credential, Event, Ledger, Policy
from tests.property.measures import chance as st
from tests.property.measures.doubts import DECIDED, outcomes
from tests.property.measures.unsaid import MADE, NAMES, SHORT, Unsaid, believed, decided, faults, few, judged, rebuilt

# Measures that rest on what was decided, and the kinds of ledgers in which much is.
MOVED = (
    "approval_reach", "decisions", "first_touch", "forensics", "identity_debt", "renewal", "revoke_on_policy_change",
)  # fmt: skip
CROWDED = {kind: MADE[kind] for kind in ("any", "indebted", "overtaken", "planned", "renewing", "told apart")}


@st.composite
def undecided(draw, made):
    """A ledger of which one to three decisions or answers are doubtful, and no call."""
    drawn = draw(made)
    events = decided(draw, drawn.events, DECIDED)
    for n in few(draw, st.integers(1, 3), [n for n, each in enumerate(events) if each.kind in DECIDED[1:]]):
        events[n] = replace(events[n], decision=UNKNOWN)
    return drawn.having(events=events)


UNDECIDED = Unsaid("undecided", undecided, outcomes)


@st.composite
def answered(draw):
    """Where calls rest on what humans answered, as the log tells."""
    drawn = draw(MADE["handed down"])
    answers = [
        Event("decide_approval", each.decided, approval=n, action=n, takes=0, reason="approver")
        for n, each in enumerate(drawn.decisions)
    ]
    starts = [Event("task_start", each.started, each.agent, task=each.id) for each in drawn.tasks]
    return drawn.having(events=[*starts, *drawn.events, *decided(draw, answers, DECIDED)], decisions=())


ANSWERED = {"answered": answered()}
# A policy changes, somebody is asked whether a credential of before may go on, and it is renewed.
GOES_ON = Ledger(
    seconds=9,
    credentials=[Credential(["read notes"], -5, 6), Credential(["read notes"], 4, 8)],
    policies=[Policy(7), Policy(8, 3)],
    events=[Event("decide", 3.5, credential=0), Event("renew", 4, credential=0, issued=1)],
)


@pytest.fixture(scope="module")
def told():
    """What measures say of some ledgers in which much is decided."""
    goes_on = [GOES_ON, *outcomes(GOES_ON)]
    found = believed(MOVED, [goes_on, *UNDECIDED.cases(CROWDED, 25)])
    return found | rebuilt(["zero_standing"], UNDECIDED.cases(ANSWERED, 25))


@pytest.mark.parametrize("name", [*MOVED, "zero_standing"])
def test_an_interval_holds_whatever_was_decided(told, name):
    """Whatever would be told if it were known lies in what is told, and what hangs on it is counted."""
    assert judged(told, name, counted=name != "zero_standing") == ({}, True)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(6))
def test_so_it_does_on_many_logs(seed):
    """Nor does any other measure say too much, on other ledgers, as many again each time."""
    assert faults(believed(NAMES, UNDECIDED.cases(SHORT, 12, seed))) == {}
    assert faults(rebuilt(NAMES, UNDECIDED.cases(ANSWERED, 12, seed)), counted=False) == {}
