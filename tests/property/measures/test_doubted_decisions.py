"""Every measure where decisions and answers are of unknown outcome: its interval holds whatever they were.

As with calls (`test_doubted_calls`): random ledgers are read as logs, once with a few answers of which nobody knows
whether they were yes or no, and once for each way in which these may have turned out.
"""

from dataclasses import replace

import pytest

from tests.ledgers import UNKNOWN, Credential, Event, Ledger, Policy
from tests.property.measures import chance as st
from tests.property.measures.doubts import DECIDED, outcomes
from tests.property.measures.test_doubted_calls import (
    MADE,
    NAMES,
    SHORT,
    believed,
    handed_down,
    moves,
    rebuilt,
    told_apart,
    wrong,
)

# Measures that rest on what was decided, and the kinds of ledgers in which much is.
MOVED = (
    "approval_reach", "decisions", "first_touch", "forensics", "identity_debt", "renewal", "revoke_on_policy_change",
)  # fmt: skip
CROWDED = ("any", "indebted", "overtaken", "planned", "renewing", "told apart")


@st.composite
def doubted(draw, made):
    """A ledger of which one to three decisions or answers are doubtful, and no call."""
    drawn, outcome = draw(made), st.sampled_from(("allow", "deny"))
    events = [
        replace(each, decision=each.decision or draw(outcome)) if each.kind in DECIDED else each
        for each in drawn.events
    ]
    some = [n for n, each in enumerate(events) if each.kind in DECIDED and each.kind != "use"]
    for n in {draw(st.sampled_from(some)) for _ in range(draw(st.integers(1, 3)))} if some else ():
        events[n] = replace(events[n], decision=UNKNOWN)
    return drawn.having(events=events)


@st.composite
def answered(draw):
    """Where calls rest on what humans answered, as the log tells."""
    drawn, outcome = draw(handed_down()), st.sampled_from(("allow", "deny"))
    answers = [
        Event("decide_approval", each.decided, approval=n, action=n, takes=0, decision=draw(outcome), reason="approver")
        for n, each in enumerate(drawn.decisions)
    ]
    starts = [Event("task_start", each.started, each.agent, task=each.id) for each in drawn.tasks]
    return drawn.having(events=[*starts, *drawn.events, *answers], decisions=())


def cases(made, number, seed=""):
    """Some ledgers of each kind in which a decision is doubtful, each with all that it may have been."""
    drawn = [each for kind, of in made.items() for each in st.some(doubted(of), number, f"{kind} undecided{seed}")]
    return [[each, *ways] for each in drawn if len(ways := list(outcomes(each))) > 1]


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
    found = told_apart(believed(MOVED), [goes_on, *cases({kind: MADE[kind] for kind in CROWDED}, 25)])
    return found | told_apart(rebuilt(["zero_standing"]), cases({"answered": answered()}, 25))


@pytest.mark.parametrize("name", [*MOVED, "zero_standing"])
def test_an_interval_holds_whatever_was_decided(told, name):
    """Whatever would be told if it were known lies in what is told, and what hangs on it is counted."""
    assert [found for case in told[name] if (found := wrong(name, case, counted=name != "zero_standing"))] == []
    assert any(map(moves, told[name]))


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(6))
def test_so_it_does_on_many_logs(seed):
    """Nor does any other measure say too much, on other ledgers, as many again each time."""
    of_all, of_logs = {kind: MADE[kind] for kind in SHORT}, {"answered": answered()}
    for asked, made, counted in ((believed(NAMES), of_all, True), (rebuilt(NAMES), of_logs, False)):
        for name, answers in told_apart(asked, cases(made, 12, seed)).items():
            assert (name, [found for case in answers if (found := wrong(name, case, counted=counted))]) == (name, [])
