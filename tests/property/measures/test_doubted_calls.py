"""Every measure where calls are of unknown outcome: its interval holds whatever it would be, however they turned out.

Of a few calls nobody knows whether they were let in, and each was or was not.
"""

from dataclasses import replace

import pytest

from tests.ledgers import NEVER, UNKNOWN
from tests.property.measures import chance as st
from tests.property.measures.doubts import outcomes
from tests.property.measures.unsaid import MADE, NAMES, SHORT, Unsaid, believed, calling, faults, few, judged, rebuilt

# Windows of hours and days, with what they are there for; of all others every measure is asked.
AT_LENGTH = {"reachable": ["human_reach"], "idling": ["dormancy"], "lasting": ["added_latency", "lifetime_choice"]}
# Measures that rest on no call of an agent, or on none that was let in.
UNMOVED = {
    "approval_peak", "approvals", "break_glass", "cascade", "escalation", "permit_under_attack", "reach_by_hops",
    "renewal", "revoke_on_offboarding", "revoke_on_policy_change", "rotation", "shadow_keys", "turnaround", "work_done",
}  # fmt: skip
# Whose bounds are just the least and the most of all.
CLOSE = ("approval_reach", "bound_actions", "decisions", "human_reach", "plan_drift")
# Of what a log proves and allows of credentials: what hangs on that most.
REBUILT = ["accumulation", "annual_loss", "identity_debt", "privilege_hours", "unused_permissions"]


@st.composite
def doubted(draw, made):
    """A ledger of which one to three calls are doubtful, needs among them; some are of any task and approval."""
    drawn = draw(calling(made))
    calls = list(drawn.events)
    for n in few(draw, st.integers(1, 3), [n for n, each in enumerate(calls) if each.kind == "use"]):
        calls[n] = replace(draw(moved(calls[n], drawn)), decision=UNKNOWN)
    return drawn.having(events=calls)


@st.composite
def moved(draw, call, ledger):
    """The same call, or one of any task, with any credential, that rests on any approval, or none."""
    tasks, held = (task.id for task in ledger.tasks), range(len(ledger.credentials))
    approvals = range(max(2, len(ledger.decisions)))
    some_task, with_one, resting = (draw(st.sampled_from((None, *each))) for each in (tasks, held, approvals))
    of_any = replace(call, task=some_task, credential=with_one, approval=resting)
    return draw(st.sampled_from((call, of_any)))


DOUBTED = Unsaid("doubted", doubted, outcomes)


def hours():
    """Windows of hours, of which every measure is asked."""
    return [*DOUBTED.cases(SHORT, 3), *DOUBTED.cases({"handed down": MADE["handed down"]}, 12, " more")]


def days(kind):
    """Longer ones."""
    return DOUBTED.cases({kind: MADE[kind]}, 8)


@pytest.fixture(scope="module")
def told():
    """What measures say of some ledgers of each kind."""
    found = believed(NAMES, hours())
    for kind, names in AT_LENGTH.items():
        for name, answers in believed(names, days(kind)).items():
            found[name] += answers
    return found


@pytest.mark.parametrize("name", NAMES)
def test_an_interval_holds_however_calls_turned_out(told, name):
    """Whatever would be told if it were known lies in what is told, and what hangs on it is counted."""
    assert judged(told, name) == ({}, name not in UNMOVED)


@pytest.mark.parametrize("name", CLOSE)
def test_bounds_are_the_least_and_the_most_there_can_be(told, name):
    """Of shares and of quantiles of calls they are no wider than that, where there is anything in some outcome."""
    tried = 0
    for said, *ways in told[name]:
        for part, answer in said.items():
            known = [way[part] for way in ways if way[part].lo is not None]
            if known and answer.unknowns:
                widest = min(each.lo for each in known), max((each.hi for each in known), key=at_the_top)
                assert (part, answer[:2]) == (part, pytest.approx(widest))
                tried += 1
    assert tried > 20


def at_the_top(end):
    """Nothing is above what has no upper end."""
    return NEVER if end is None else end


@pytest.fixture(scope="module")
def told_of_logs():
    """The same of what logs show of such ledgers."""
    return rebuilt(REBUILT, DOUBTED.cases(SHORT, 3, " rebuilt"))


@pytest.mark.parametrize("name", REBUILT)
def test_so_it_does_where_credentials_are_rebuilt(told_of_logs, name):
    """From when to when a credential was there hangs on such calls too; that it is vague is not counted."""
    assert judged(told_of_logs, name, counted=False) == ({}, True)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(6))
def test_so_it_does_on_many_logs(seed):
    """On other ledgers, as many again each time."""
    cases = DOUBTED.cases(SHORT, 12, seed)
    assert faults(believed(NAMES, cases)) == {}
    assert faults(rebuilt(NAMES, cases), counted=False) == {}
