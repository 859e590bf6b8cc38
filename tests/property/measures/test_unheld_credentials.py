"""Every measure where credentials do not say who holds them: its interval holds whatever it would be, whoever does.

Random ledgers are read as logs: once with a credential or two of which nobody knows the holder, and once for each way
in which these may be held, by any agent, abandoned or not, or by one more. What is then told holds all that would be
told if it were known. So it is where nothing but calls of several tells who may hold one, whose order says nothing.
"""

from dataclasses import replace
from itertools import product

import pytest

from tests.ledgers import HOUR, NEVER, Credential, Event, Ledger
from tests.property.measures import chance as st
from tests.property.measures.drawn import NAMES as ATOMS
from tests.property.measures.drawn import WINDOW
from tests.property.measures.test_doubted_calls import (
    MADE,
    NAMES,
    SHORT,
    believed,
    moves,
    needing,
    rebuilt,
    told_apart,
    wrong,
)

# Measures that hang on who holds a credential. Of the others forensics asks just whether a log says it.
MOVED = (
    "accumulation", "annual_loss", "blast_radius", "crown_jewel_hours", "delegation", "effective_authority",
    "escalation", "exceedance", "exposure_per_task", "identity_debt", "issuance", "least_privilege", "orphans",
    "privilege_hours", "reach_by_hops", "renewal", "stale_access", "stale_tail", "tail_radius", "zero_standing",
)  # fmt: skip
# Of these, those that do so where each agent was seen to use it.
MOVED_BY_USE = (
    "annual_loss", "blast_radius", "effective_authority", "identity_debt", "privilege_hours", "stale_access",
    "zero_standing",
)  # fmt: skip


@st.composite
def unheld(draw, made, most=1):
    """A ledger of which one or two credentials, at most as many as given, do not say who holds them; all calls do.

    All others who hold one are on record. What verifiers ask assignments about of these was not used: a use that none
    allows proves more than they say.
    """
    drawn = draw(made)
    calls = [*drawn.events, *(draw(needing(need, drawn)) for need in drawn.needs)]
    for n, each in enumerate(calls):
        if each.kind == "use":
            calls[n] = replace(each, decision=each.decision or draw(st.sampled_from(("allow", "deny"))))
    held = list(drawn.credentials)
    for n in {draw(st.integers(0, len(held) - 1)) for _ in range(most)} if held else ():
        held[n] = replace(held[n], agent=None)
        if held[n].resolved != "baked":
            calls = [replace(each, credential=None) if each.credential == n else each for each in calls]
    copies = [replace(each, ends=NEVER) for each in drawn.possessors]
    agents = max([drawn.agents, *(1 + (each.agent or 0) for each in drawn.credentials)])
    return drawn.having(agents=agents, credentials=held, events=calls, needs=(), possessors=copies, steps=())


@st.composite
def used_by_two(draw, made):
    """Such a ledger of which two used each such credential in one instant, before all; none is asked about."""
    drawn = draw(unheld(made))
    held = [each for each in drawn.credentials if each.agent is not None or each.resolved == "baked"]
    agents, calls = max(2, drawn.agents), []
    for n in (n for n, each in enumerate(held) if each.agent is None):
        two = draw(st.lists(st.integers(0, agents - 1), min_size=2, max_size=2, unique=True))
        time, atom, takes = draw(st.integers(0, WINDOW - 1)), draw(st.sampled_from(ATOMS)), draw(st.integers(0, 3))
        calls += [Event("use", time, each, credential=n, atom=atom, takes=takes, decision="allow") for each in two]
    return drawn.having(agents=agents, credentials=held, events=[*calls, *drawn.events])


def holders(ledger, more=1):
    """The same ledger in every way in which agents, or one more, may hold what nobody is known to hold."""
    unsaid = [n for n, each in enumerate(ledger.credentials) if each.agent is None]
    for way in product(range(ledger.agents + more), repeat=len(unsaid)):
        known = dict(zip(unsaid, way, strict=True))
        held = [replace(each, agent=known.get(n, each.agent)) for n, each in enumerate(ledger.credentials)]
        yield ledger.having(credentials=held, agents=ledger.agents + (ledger.agents in way))


def cases(kinds, number, seed="", most=1):
    """Some ledgers of each kind with a credential that names nobody, each with all whose it may have been."""
    drawn = [each for kind in kinds for each in st.some(unheld(MADE[kind], most), number, f"{kind} unheld{seed}")]
    return [[each, *ways] for each in drawn if len(ways := list(holders(each))) > 1]


def shared(number, seed=""):
    """The same where two used it, as far as agents may hold it."""
    drawn = [each for kind in SHORT for each in st.some(used_by_two(MADE[kind]), number, f"{kind} two{seed}")]
    return [[each, *ways] for each in drawn if len(ways := list(holders(each, more=0))) > 1]


@pytest.fixture(scope="module")
def told():
    """What measures say of some ledgers of each kind."""
    return told_apart(believed(MOVED), cases(SHORT, 1))


@pytest.mark.parametrize("name", MOVED)
def test_an_interval_holds_whoever_holds_a_credential(told, name):
    """Whatever would be told if it were known lies in what is told, and what hangs on it is counted."""
    assert [found for case in told[name] if (found := wrong(name, case))] == []
    assert any(map(moves, told[name]))


@pytest.fixture(scope="module")
def told_of_logs():
    """The same of what logs show of ledgers in which two used such a credential."""
    return told_apart(rebuilt(MOVED_BY_USE), shared(2))


@pytest.mark.parametrize("name", MOVED_BY_USE)
def test_nobody_holds_a_credential_because_he_used_it_first(told_of_logs, name):
    """Where nothing but calls of several tells who may hold it, any of these may, or another; so it does as above."""
    assert [found for case in told_of_logs[name] if (found := wrong(name, case, counted=False))] == []
    assert any(map(moves, told_of_logs[name]))


def test_of_two_calls_of_one_instant_either_may_be_told_first():
    """What is told does not hang on which of two that use a credential in one instant comes first in the log."""
    several = [
        [one, one.having(events=[second, first, *rest])]
        for one, *_ in shared(3, " in order")
        for first, second, *rest in [one.events]
    ]
    for name, answers in told_apart(rebuilt(NAMES), several).items():
        assert (name, [case for case in answers if case[0] != case[1]]) == (name, [])


def test_of_two_who_use_a_credential_one_at_least_does_not_hold_it(bounded):
    """Shared from the second of two, whoever holds it: of three who may be there, seven of ten hours."""
    uses = [Event("use", n * HOUR, agent, credential=0, decision="allow") for n, agent in ((2, 0), (2, 0), (3, 1))]
    alone, both = (
        Ledger(10 * HOUR, agents=2, credentials=[Credential(["read notes"], agent=None)], events=uses[:n])
        for n in (2, 3)
    )
    told = bounded.told(["identity_debt"], [alone, both])["identity_debt"]
    assert [each["shared_secret closing"].lo for each in told] == [0, 1]
    assert told[1]["shared_secret item_hours"].lo == pytest.approx(7 / (3 * 10 / 24))


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(6))
def test_so_it_does_on_many_logs(seed):
    """Every measure, with two such credentials; that what is looked up of them is vague is not counted."""
    # Escalation says less of what somebody holds from nobody knows when than of what nobody is known to hold.
    names = [each for each in NAMES if each not in {"escalation", "forensics"}]
    for name, answers in told_apart(believed(names), cases(SHORT, 6, seed, most=2)).items():
        assert (name, [found for case in answers if (found := wrong(name, case, counted=False))]) == (name, [])
