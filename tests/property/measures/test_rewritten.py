"""What must change no measure, and what must not make less of it: how a ledger is written down, cut and widened."""

from dataclasses import replace

import pytest

from analysis.measures.examination import examine
from analysis.measures.measure import measures
from tests.ledgers import DAY, MONDAY, NEVER, Writing, answers, store_of
from tests.property.measures import chance as st
from tests.property.measures.drawn import NAMES, WINDOW, ledgers
from tests.property.measures.spans import RATIOS

ALL = [measure.name for measure in measures()]
REWRITTEN = {
    "renamed": Writing(number=lambda number: 10**6 - 7 * number),
    "two weeks and a second later": Writing(epoch=MONDAY + 14 * DAY + 1),
    "shuffled": Writing(shuffled=1),
}
# A credential cut in two adjacent ones of one holder: what counts credentials or looks at single lives may change.
CUTTING_CHANGES = {
    "annual_loss", "bound_actions", "delegation", "dormancy", "exceedance", "exposure_per_task", "identity_debt",
    "issuance", "orphans", "realised_radius", "renewal", "revoke_on_compromise", "revoke_on_policy_change",
    "secret_exposure", "shadow_keys", "stale_access", "stale_tail", "time_to_revoke", "unused_permissions",
}  # fmt: skip


def cut(ledger, moment):
    """The same ledger with every credential that lives then cut in two, the later parts under new numbers."""
    lives = [c for c in ledger.credentials if c.starts < moment < c.ends]
    early = [replace(c, ends=moment) if c in lives else c for c in ledger.credentials]
    return ledger.having(credentials=[*early, *(replace(c, starts=moment) for c in lives)])


@st.composite
def widened(draw):
    """A ledger, and the same one in which a credential ends later or holds one atom more."""
    ledger = draw(ledgers())
    number = draw(st.integers(0, len(ledger.credentials) - 1))
    narrow = ledger.credentials[number]
    wider = draw(st.sampled_from([
        replace(narrow, ends=draw(st.sampled_from((narrow.ends + 3, NEVER)))),
        replace(narrow, refused={verifier: time + 4 for verifier, time in narrow.refused.items()}),
        *(replace(narrow, atoms=(*narrow.atoms, name)) for name in NAMES if name not in narrow.atoms),
    ]))  # fmt: skip
    others = [wider if n == number else c for n, c in enumerate(ledger.credentials)]
    return ledger, ledger.having(credentials=others)


DRAWN = st.some(ledgers(), 8, "rewritten")
PAIRS = st.some(widened(), 16, "widened")


@pytest.fixture(scope="module")
def told(book):
    """What every measure says of ledgers as they are, and of what became of them: {measure: {of what: answers}}.

    Asked of all at once, because what takes long is to plan a question; of one more run in the store nothing is asked.
    """
    book.written([ledger.having(agents=1) for ledger in DRAWN[-1:]], Writing())
    written = {
        "as it is": (DRAWN, Writing()),
        **{how: (DRAWN, writing) for how, writing in REWRITTEN.items()},
        "cut": ([cut(ledger, 1 + 5 * n % (WINDOW - 1)) for n, ledger in enumerate(DRAWN)], Writing()),
        "narrow": ([narrow for narrow, _ in PAIRS], Writing()),
        "wide": ([wide for _, wide in PAIRS], Writing()),
    }
    runs = {of: book.written(*each) for of, each in written.items()}
    said = book.said(ALL, [run for each in runs.values() for run in each])
    return {name: _apart(answered, runs) for name, answered in said.items()}


def _apart(answered, runs):
    answered = iter(answered)
    return {of: [next(answered) for _ in each] for of, each in runs.items()}


def test_how_a_ledger_is_written_down_changes_nothing(told):
    """Other identifiers, a later window, another order of rows: every measure says exactly the same."""
    for name, said in told.items():
        assert (name, {how: said[how] for how in REWRITTEN}) == (name, dict.fromkeys(REWRITTEN, said["as it is"]))


def test_another_run_changes_nothing(told):
    """What is said of a run is the same whether it is alone in a store or one of those picked from many."""
    with store_of(DRAWN[0]) as one, examine(one, "truth") as alone:
        for name in ALL:
            assert (name, answers(alone, name)[1]) == (name, told[name]["as it is"][0])


def test_cutting_a_credential_in_two_changes_no_time_integral(told):
    """Two adjacent credentials are held, stand, reach and cost what one did, and never look less stale."""
    for name in set(ALL) - CUTTING_CHANGES:
        assert (name, told[name]["cut"]) == (name, told[name]["as it is"])
    stale = told["stale_access"]
    for before, after in zip(stale["as it is"], stale["cut"], strict=True):
        assert after["total"].lo >= before["total"].lo - 1e-12


@pytest.mark.parametrize(
    "name",
    [
        "privilege_hours", "crown_jewel_hours", "effective_authority", "blast_radius", "tail_radius", "annual_loss",
        "exceedance", "reach_by_hops",
    ],
)  # fmt: skip
def test_more_authority_never_looks_like_less(told, name):
    """On a fixed ledger a later end or one atom more lowers nothing held, standing, obtainable or within reach."""
    for before, after in zip(told[name]["narrow"], told[name]["wide"], strict=True):
        whole = [part for part in before if not part.startswith(RATIOS)]
        assert [part for part in whole if after[part].lo < before[part].lo - 1e-12] == []
