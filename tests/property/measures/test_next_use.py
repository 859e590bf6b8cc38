"""How long until the next use, where of some calls nobody knows whether they were let in: whatever they were."""

import pytest

from tests.ledgers import DAY, HOUR, UNKNOWN, Event, Ledger
from tests.property.measures import chance as st
from tests.property.measures.doubts import outcomes, within
from tests.property.measures.idling import next_use

# No more of them than that, so that all ways can be tried.
FEW = 5


@st.composite
def calls(draw):
    """Up to two dozen calls of two identities, on two atoms, in a day and after it; a few are of unknown outcome."""
    moments = st.one_of(st.integers(0, 40).map(lambda n: 3600 * n), st.integers(0, 90).map(lambda n: 60 * n))
    atoms = st.sampled_from(("read notes", "write money"))
    uses = draw(st.lists(st.tuples(moments, st.integers(0, 1), atoms), min_size=4, max_size=24))
    doubted = {draw(st.integers(0, len(uses) - 1)) for _ in range(draw(st.integers(1, FEW)))}
    return Ledger(seconds=DAY, agents=2).having(events=[
        Event("use", time, agent=agent, atom=atom, decision=None if n in doubted else "allow")
        for n, (time, agent, atom) in enumerate(uses)
    ])  # fmt: skip


def test_one_doubtful_call_leaves_the_median_of_many_where_it_is(book):
    """Twenty uses a minute apart, and one after that of which nobody knows: the median is a minute all the same."""
    uses = [Event("use", 60 * n, atom="read notes", decision="allow") for n in range(20)]
    doubtful = Event("use", 3600, atom="read notes")
    said = book.one("dormancy", Ledger(seconds=DAY).having(events=[*uses, doubtful]))
    assert said["next_use_p50"][:2] == (60, 60)
    assert said["next_use_p95"].lo >= 60


@pytest.mark.parametrize("time", [60, 1000])
@pytest.mark.parametrize(
    ("uses", "shown", "most"),
    [
        (2, [], 60), (2, [None], UNKNOWN), (3, [None], 60), (3, [0], 60), (3, [None, None], UNKNOWN),
        (3, [0, None], UNKNOWN),
    ],
)  # fmt: skip
def test_a_call_that_does_not_say_of_what_begins_one_wait(bounded, uses, time, shown, most):
    """Uses a minute apart, the last never again, and calls that may be of anything else: of each, another that is not.

    A minute is the median as long as it is of half of all at least. Such a call may come at the instant of a use, or
    two at one; what was refused, and what lies outside the window, begins nothing.
    """
    sure = [Event("use", 60 * n, atom="read notes", decision="allow") for n in range(uses)]
    doubtful = [Event("use", time, credential=each) for each in shown]
    others = [Event("task_start", 0, task=0), Event("use", 9, decision="deny"), Event("use", -60), Event("use", HOUR)]
    log = Ledger(events=[*sure, *doubtful, *others], settings={"kind": "ingested"})
    assert bounded.one("dormancy", log)["next_use_p50"] == (60, most, 1 + len(shown))


def test_no_time_to_a_next_use_that_may_be_lies_outside_its_bounds(book):
    """Every way is tried: the quantile of each, by SciPy, lies within what is said."""
    drawn, narrow = st.some(calls(), 80, "next use"), 0
    told = book.told(["dormancy"], drawn)["dormancy"]
    for ledger, said in zip(drawn, told, strict=True):
        for outcome in outcomes(ledger):
            for stat, value in next_use(outcome).items():
                within(stat, said[stat], value)
        narrow += said["next_use_p50"].hi is not UNKNOWN
    assert narrow > len(drawn) / 4
