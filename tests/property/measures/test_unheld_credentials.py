"""Every measure where credentials do not say who holds them: its interval holds whatever it would be, whoever does.

One or two credentials name nobody, and any agent may hold each, abandoned or not, or one more. So it is where nothing
but calls of several tells who may hold one, whose order says nothing.
"""

from dataclasses import replace

import pytest

from tests.ledgers import Event
from tests.property.measures import chance as st
from tests.property.measures.doubts import filled
from tests.property.measures.drawn import NAMES as ATOMS
from tests.property.measures.drawn import WINDOW
from tests.property.measures.unsaid import NAMES, SHORT, Unsaid, believed, calling, faults, few, judged, rebuilt

# Measures that hang on who holds a credential. Of the others forensics asks just whether a log says it.
MOVED = (
    "accumulation", "annual_loss", "blast_radius", "crown_jewel_hours", "delegation", "effective_authority",
    "escalation", "exceedance", "exposure_per_task", "identity_debt", "issuance", "least_privilege", "orphans",
    "privilege_hours", "reach_by_hops", "renewal", "stale_access", "stale_tail", "tail_radius", "zero_standing",
)  # fmt: skip
# Measures that do so where two were seen to use it, each once.
MOVED_BY_USE = (
    "accumulation", "annual_loss", "blast_radius", "bound_actions", "crown_jewel_hours", "effective_authority",
    "exceedance", "identity_debt", "least_privilege", "privilege_hours", "reach_by_hops", "revoke_on_policy_change",
    "stale_access", "tail_radius", "zero_standing",
)  # fmt: skip


@st.composite
def unheld(draw, made, most=1):
    """A ledger of which one or two credentials, at most as many as given, do not say who holds them; all calls do.

    All others who hold one are on record. What verifiers ask assignments about of these was not used: a use that none
    allows proves more than they say.
    """
    drawn = draw(calling(made))
    held, calls = list(drawn.credentials), drawn.events
    for n in few(draw, st.just(most), range(len(held))):
        held[n] = replace(held[n], agent=None)
        if held[n].resolved != "baked":
            calls = [replace(each, credential=None) if each.credential == n else each for each in calls]
    agents = max([drawn.agents, *(1 + (each.agent or 0) for each in drawn.credentials)])
    return drawn.having(agents=agents, credentials=held, events=calls, steps=())


@st.composite
def used_by_two(draw, made):
    """Such a ledger of which two used each such credential in one instant, the first calls; none is asked about."""
    drawn = draw(unheld(made))
    held = [each for each in drawn.credentials if each.agent is not None or each.resolved == "baked"]
    agents, calls = max(2, drawn.agents), []
    for n in (n for n, each in enumerate(held) if each.agent is None):
        two = draw(st.lists(st.integers(0, agents - 1), min_size=2, max_size=2, unique=True))
        time, atom, takes = draw(st.integers(0, WINDOW - 1)), draw(st.sampled_from(ATOMS)), draw(st.integers(0, 3))
        calls += [Event("use", time, each, credential=n, atom=atom, takes=takes, decision="allow") for each in two]
    return drawn.having(agents=agents, credentials=held, events=[*calls, *drawn.events])


def holders(ledger):
    """The same ledger in every way in which agents may hold what nobody is known to hold."""
    return filled(ledger, "credentials", "agent", range(ledger.agents), lambda _: True)


def holders_of_all(ledger):
    """The same, or one more agent."""
    for way in holders(ledger.having(agents=ledger.agents + 1)):
        yield way.having(agents=max([ledger.agents, *(1 + each.agent for each in way.credentials)]))


UNHELD, TWO = Unsaid("unheld", unheld, holders_of_all), Unsaid("two", used_by_two, holders)


@pytest.fixture(scope="module")
def told():
    """What measures say of some ledgers of each kind."""
    return believed(MOVED, UNHELD.cases(SHORT, 1))


@pytest.mark.parametrize("name", MOVED)
def test_an_interval_holds_whoever_holds_a_credential(told, name):
    """Whatever would be told if it were known lies in what is told, and what hangs on it is counted."""
    assert judged(told, name) == ({}, True)


@pytest.fixture(scope="module")
def told_of_logs():
    """What logs show of ledgers in which two used such a credential; of each also with the first two calls swapped."""
    return rebuilt(NAMES, [[*case, swapped(case[0])] for case in TWO.cases(SHORT, 2)])


def swapped(ledger):
    """The same ledger where the second call is told first."""
    first, second, *rest = ledger.events
    return ledger.having(events=[second, first, *rest])


@pytest.mark.parametrize("name", NAMES)
def test_nobody_holds_a_credential_because_he_used_it_first(told_of_logs, name):
    """Where nothing but calls of several tells who may hold it, any of these may, or another; so it does as above."""
    told = {name: [case[:-1] for case in told_of_logs[name]]}
    assert judged(told, name, counted=False) == ({}, name in MOVED_BY_USE)


@pytest.mark.parametrize("name", NAMES)
def test_of_two_calls_of_one_instant_either_may_be_told_first(told_of_logs, name):
    """What is told does not hang on which of two that use a credential in one instant comes first in the log."""
    assert [case for case in told_of_logs[name] if case[0] != case[-1]] == []


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(6))
def test_so_it_does_on_many_logs(seed):
    """Every measure, with two such credentials; that what is looked up of them is vague is not counted."""
    # Escalation says less of what somebody holds from nobody knows when than of what nobody is known to hold.
    names = [each for each in NAMES if each not in {"escalation", "forensics"}]
    two = Unsaid("unheld", lambda made: unheld(made, most=2), holders_of_all)
    for asked, unsaid in ((believed, two), (rebuilt, TWO)):
        assert faults(asked(names, unsaid.cases(SHORT, 6, seed)), counted=False) == {}
