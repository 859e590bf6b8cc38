"""Every measure where calls do not say who made them: its interval holds whatever it would be, whoever that was.

A few calls name nobody, and any agent may have made each. So it is where nothing but such calls tells who holds what.
"""

from dataclasses import replace

import pytest

from tests.ledgers import HOUR, Credential, Event, Ledger, Task
from tests.property.measures import chance as st
from tests.property.measures.doubts import filled
from tests.property.measures.unsaid import MADE, NAMES, SHORT, Unsaid, believed, calling, faults, few, judged, rebuilt

# Measures that hang on who made a call. Of the others forensics asks just whether a log says it.
MOVED = (
    "accumulation", "annual_loss", "bound_actions", "crown_jewel_hours", "dormancy", "effective_authority",
    "exceedance", "exposure_per_task", "identity_debt", "least_privilege", "observed_footprint",
    "privilege_hours", "stale_access", "stale_tail",
)  # fmt: skip
# Measures that hang on who holds what, most of them on when it is needed too.
OF_HOLDERS = ("annual_loss", "blast_radius", "effective_authority", "privilege_hours", "zero_standing")


@st.composite
def unnamed(draw, made):
    """A ledger of which one or two calls, needs among them, say nothing of who made them; all were let in or not."""
    drawn = draw(calling(made))
    calls = list(drawn.events)
    for n in few(draw, st.just(2), [n for n, each in enumerate(calls) if each.kind == "use"]):
        calls[n] = replace(calls[n], agent=None, decision="allow")
    return drawn.having(events=calls)


@st.composite
def untold(draw, made):
    """The same where no snapshot says who holds what is baked; what verifiers ask assignments about is somebody's."""
    drawn = draw(unnamed(made))
    held = [replace(each, agent=None) if each.resolved == "baked" else each for each in drawn.credentials]
    return drawn.having(credentials=held)


def makers(ledger):
    """The same ledger in every way in which agents may have made its calls that name nobody."""
    return filled(ledger, "events", "agent", range(ledger.agents), lambda each: each.kind == "use")


UNNAMED, UNTOLD = Unsaid("unnamed", unnamed, makers), Unsaid("untold", untold, makers)


@pytest.fixture(scope="module")
def told():
    """What measures say of some ledgers of each kind."""
    return believed(MOVED, UNNAMED.cases(SHORT, 2))


@pytest.mark.parametrize("name", MOVED)
def test_an_interval_holds_whoever_made_a_call(told, name):
    """Whatever would be told if it were known lies in what is told, and what hangs on it is counted."""
    assert judged(told, name) == ({}, True)


@pytest.fixture(scope="module")
def told_of_logs():
    """The same of logs on which nothing but such calls tells who holds a credential."""
    return rebuilt(OF_HOLDERS, UNTOLD.cases(SHORT, 2))


@pytest.mark.parametrize("name", OF_HOLDERS)
def test_who_alone_is_named_need_not_be_the_holder(told_of_logs, name):
    """Where a call with it names nobody, a credential may be another's; that it is vague is not counted."""
    assert judged(told_of_logs, name, counted=False) == ({}, True)


def test_one_call_may_need_what_its_maker_has_and_what_nobody_is_known_to_hold():
    """Three atoms are held and not needed; a fourth is needed by whoever made a call, and by whoever holds it."""
    idle, needed = Credential(["write notes", "read money", "write money"]), Credential(["read notes"], agent=None)
    call = Event("use", HOUR - 1, None, atom="read notes", takes=1, task=0, decision="allow")
    log = Ledger(HOUR, credentials=[idle, needed], tasks=[Task(0, 0)], events=[call])
    assert faults(believed(["least_privilege"], [[log, *makers(log)]])) == {}


def test_whoever_made_a_call_may_have_had_a_way_to_somebody():
    """A log that does not say who that was does not say either that there was none."""
    told = believed(["human_reach"], UNNAMED.cases({"reachable": MADE["reachable"]}, 8))
    assert judged(told, "human_reach") == ({}, True)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(6))
def test_so_it_does_on_many_logs(seed):
    """Every measure, on other ledgers, as many again each time."""
    names = [each for each in NAMES if each != "forensics"]
    assert faults(believed(names, UNNAMED.cases(SHORT, 12, seed))) == {}
