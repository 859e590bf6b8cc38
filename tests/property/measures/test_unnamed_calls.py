"""Every measure where calls do not say who made them: its interval holds whatever it would be, whoever that was.

Random ledgers are read as logs: once with a few calls that name nobody, and once for each way in which agents may have
made these. What is then told holds all that would be told if it were known.
"""

from dataclasses import replace
from itertools import product

import pytest

from tests.ledgers import NEVER
from tests.property.measures import chance as st
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

# Measures that hang on who made a call. Of the others forensics asks just whether a log says it.
MOVED = (
    "accumulation", "annual_loss", "bound_actions", "crown_jewel_hours", "dormancy", "effective_authority",
    "exceedance", "exposure_per_task", "identity_debt", "least_privilege", "observed_footprint",
    "privilege_hours", "stale_access", "stale_tail",
)  # fmt: skip


@st.composite
def unnamed(draw, made):
    """A ledger of which one or two calls, needs among them, say nothing of who made them; all were let in or not.

    Who has a copy of a credential has it for ever, as on a log.
    """
    drawn = draw(made)
    calls = [*drawn.events, *(draw(needing(need, drawn)) for need in drawn.needs)]
    uses = [n for n, each in enumerate(calls) if each.kind == "use"]
    for n in uses:
        calls[n] = replace(calls[n], decision=calls[n].decision or draw(st.sampled_from(("allow", "deny"))))
    for n in {draw(st.sampled_from(uses)) for _ in range(2)} if uses else ():
        calls[n] = replace(calls[n], agent=None, decision="allow")
    copies = [replace(each, ends=NEVER) for each in drawn.possessors]
    return drawn.having(events=calls, needs=(), possessors=copies)


def makers(ledger):
    """The same ledger in every way in which agents may have made its calls that name nobody."""
    unsaid = [n for n, each in enumerate(ledger.events) if each.kind == "use" and each.agent is None]
    for way in product(range(ledger.agents), repeat=len(unsaid)):
        known = dict(zip(unsaid, way, strict=True))
        yield ledger.having(
            events=[replace(each, agent=known.get(n, each.agent)) for n, each in enumerate(ledger.events)]
        )


def cases(kinds, number, seed=""):
    """Some ledgers of each kind with a call that names nobody, each with all that it may have been."""
    drawn = [each for kind in kinds for each in st.some(unnamed(MADE[kind]), number, f"{kind} unnamed{seed}")]
    return [[each, *ways] for each in drawn if len(ways := list(makers(each))) > 1]


@pytest.fixture(scope="module")
def told():
    """What measures say of some ledgers of each kind."""
    return told_apart(believed(MOVED), cases(SHORT, 2))


@pytest.mark.parametrize("name", MOVED)
def test_an_interval_holds_whoever_made_a_call(told, name):
    """Whatever would be told if it were known lies in what is told, and what hangs on it is counted."""
    assert [found for case in told[name] if (found := wrong(name, case))] == []
    assert any(map(moves, told[name]))


# Measures that hang on who holds what, most of them on when it is needed too.
OF_HOLDERS = ("annual_loss", "blast_radius", "effective_authority", "privilege_hours", "zero_standing")


@pytest.fixture(scope="module")
def told_of_logs():
    """What they say of logs on which nothing but such calls tells who holds a credential."""
    several = [[untold(each) for each in case] for case in cases(SHORT, 2, " untold")]
    return told_apart(rebuilt(OF_HOLDERS), several)


def untold(ledger):
    """The same where no snapshot says who holds what is baked; what verifiers ask assignments about is somebody's."""
    held = [replace(each, agent=None) if each.resolved == "baked" else each for each in ledger.credentials]
    return ledger.having(credentials=held)


@pytest.mark.parametrize("name", OF_HOLDERS)
def test_who_alone_is_named_need_not_be_the_holder(told_of_logs, name):
    """Where a call with it names nobody, a credential may be another's; that it is vague is not counted."""
    assert [found for case in told_of_logs[name] if (found := wrong(name, case, counted=False))] == []
    assert any(map(moves, told_of_logs[name]))


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(6))
def test_so_it_does_on_many_logs(seed):
    """Every measure, on other ledgers, as many again each time."""
    names = [each for each in NAMES if each != "forensics"]
    for name, answers in told_apart(believed(names), cases(SHORT, 12, seed)).items():
        assert (name, [found for case in answers if (found := wrong(name, case))]) == (name, [])
