"""Measures of need beside calls of which nobody knows whether they were let in: each may have been a need, or none."""

from dataclasses import replace
from itertools import chain, combinations

import pytest

from sim.audit.store import Store
from tests.ledgers import UNKNOWN, Book
from tests.property.measures import chance as st
from tests.property.measures.authority import crown_jewel_hours, privilege_hours
from tests.property.measures.by_task import exposure_per_task
from tests.property.measures.debt import identity_debt
from tests.property.measures.doubts import within
from tests.property.measures.drawn import indebted, lasting, ledgers
from tests.property.measures.effective import effective_authority
from tests.property.measures.friction import added_latency
from tests.property.measures.gathered import accumulation
from tests.property.measures.holes import as_logs
from tests.property.measures.lifetimes import lifetime_choice
from tests.property.measures.spans import ends
from tests.property.measures.staleness import stale_access, stale_tail
from tests.property.measures.test_measures import GIVEN

# What would be a need that was not met, is one of which nobody knows.
DOUBTING = """
    CREATE OR REPLACE VIEW truth.need AS
    SELECT n.* REPLACE (CASE WHEN met THEN true END AS met) FROM fact.need n JOIN truth.run USING (run)
"""
OF_NEED = (
    accumulation, added_latency, crown_jewel_hours, effective_authority, exposure_per_task, privilege_hours,
    stale_access, stale_tail,
)  # fmt: skip
KINDS = {"any": (ledgers, OF_NEED), "indebted": (indebted, (identity_debt,)), "lasting": (lasting, (lifetime_choice,))}


@st.composite
def doubted(draw, kind):
    """A ledger of which one to three calls are doubtful; where they are not to wait, none of these does."""
    drawn, waits = draw(kind()), draw(st.booleans())
    doubts = {draw(st.integers(0, len(drawn.needs) - 1)) for _ in range(3)}
    return drawn.having(needs=[
        replace(need, met=n not in doubts, asked=need.asked if waits or n not in doubts else need.starts)
        for n, need in enumerate(drawn.needs)
    ])  # fmt: skip


def outcomes(ledger):
    """The same ledger for each way in which its doubtful calls may have turned out, from none let in to all."""
    sure, doubts = ([need for need in ledger.needs if need.met is met] for met in (True, False))
    for let_in in chain.from_iterable(combinations(doubts, n) for n in range(len(doubts) + 1)):
        yield ledger.having(needs=[*sure, *(replace(need, met=True) for need in let_in)])


def waiting(ledger):
    """Whether a doubtful call waited: then others of its task were needed for less if it was let in."""
    return any(not need.met and need.asked < need.starts for need in ledger.needs)


@pytest.fixture(scope="module")
def told():
    """Some ledgers of each kind, with what measures say of them."""
    drawn = {kind: st.some(doubted(made), 8, f"doubted {kind}") for kind, (made, _) in KINDS.items()}
    with Store.in_memory() as store:
        as_logs(store)
        store.connection.execute(DOUBTING)
        book = Book(store)
        return {
            kind: (ledgers, book.told([each.__name__ for each in KINDS[kind][1]], ledgers, **GIVEN))
            for kind, ledgers in drawn.items()
        }


@pytest.mark.parametrize(
    ("kind", "oracle"),
    [pytest.param(kind, oracle, id=oracle.__name__) for kind, (_, each) in KINDS.items() for oracle in each],
)
def test_whatever_doubtful_calls_were_lies_between_the_bounds(told, kind, oracle):
    """What a measure is if none, some or all of the calls of unknown outcome were let in."""
    ledgers, said = told[kind]
    for ledger, answer in zip(ledgers, said[oracle.__name__], strict=True):
        for outcome in outcomes(ledger):
            for part, value in oracle(outcome).items():
                within(part, answer[part], value)


def test_need_is_bounded_by_none_and_all_of_the_doubtful_calls(told):
    """Where none of them waited, no bound is further away than that, of what is needed and of what only stands."""
    ledgers, said = told["any"]
    plain = [(each, found) for each, found in zip(ledgers, said["privilege_hours"], strict=True) if not waiting(each)]
    assert len(plain) >= 4
    for ledger, answer in plain:
        one, *_, other = map(privilege_hours, outcomes(ledger))
        for part in one:
            told = [each for value in (one[part], other[part]) for each in ends(value) if each is not UNKNOWN]
            expected = pytest.approx((float(min(told)), float(max(told)))) if told else (None, None)
            assert (part, answer[part][:2]) == (part, expected)
