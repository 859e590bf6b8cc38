"""What must change no measure, and what must not make less of it: how a ledger is written down, cut and widened."""

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.measures.measure import examine, measures
from tests.ledgers import DAY, MONDAY, NEVER, Writing, answers, store_of
from tests.property.measures.drawn import NAMES, WINDOW, ledgers

ALL = [measure.name for measure in measures()]
REWRITTEN = {
    "renamed": Writing(number=lambda number: 10**6 - 7 * number),
    "two weeks and a second later": Writing(epoch=MONDAY + 14 * DAY + 1),
    "shuffled": Writing(shuffled=1),
}
# A credential cut in two adjacent ones of one holder: what counts credentials or looks at single lives may change.
CUTTING_CHANGES = {
    "annual_loss", "bound_actions", "delegation", "dormancy", "exceedance", "exposure_per_task", "identity_debt",
    "issuance", "orphans", "realised_radius", "renewal", "secret_exposure", "shadow_keys", "stale_access", "stale_tail",
    "time_to_revoke",
}  # fmt: skip


def unlike(*drawn):
    """Refuse the first example, which is the simplest there is: the same of each."""
    assume(len(set(map(repr, drawn))) == len(drawn))


@settings(max_examples=1)
@given(st.lists(ledgers(), min_size=6, max_size=6))
def test_how_a_ledger_is_written_down_changes_nothing(book, drawn):
    """Other identifiers, a later window, another order of rows: every measure says exactly the same."""
    unlike(*drawn)
    runs = [run for writing in (Writing(), *REWRITTEN.values()) for run in book.written(drawn, writing)]
    for name, answered in book.said(ALL, runs).items():
        as_it_is, *again = (answered[n : n + len(drawn)] for n in range(0, len(runs), len(drawn)))
        assert (name, dict(zip(REWRITTEN, again, strict=True))) == (name, dict.fromkeys(REWRITTEN, as_it_is))


@settings(max_examples=1)
@given(ledgers(), ledgers())
def test_another_run_changes_nothing(ledger, other):
    """What is said of a run is the same whether it is alone in a store, one of two, or picked from two."""
    unlike(ledger, other)
    with (
        store_of(ledger) as one, store_of(ledger, other) as two,
        examine(one, "truth") as alone, examine(two, "truth") as both, examine(two, "truth", [1]) as picked,
    ):  # fmt: skip
        for name in ALL:
            assert answers(both, name)[1] == answers(picked, name)[1] == answers(alone, name)[1]


def pairwise_of(said):
    """What is said of each of some ledgers, and of what became of it, where these come after all of those."""
    return zip(said[: len(said) // 2], said[len(said) // 2 :], strict=True)


def cut(ledger, moment):
    """The same ledger with every credential that lives then cut in two, the later parts under new numbers."""
    lives = [c for c in ledger.credentials if c.starts < moment < c.ends]
    early = [replace(c, ends=moment) if c in lives else c for c in ledger.credentials]
    return ledger.having(credentials=[*early, *(replace(c, starts=moment) for c in lives)])


@settings(max_examples=1)
@given(st.lists(ledgers(), min_size=8, max_size=8), st.integers(1, WINDOW - 1))
def test_cutting_a_credential_in_two_changes_no_time_integral(book, drawn, moment):
    """Two adjacent credentials are held, stand, reach and cost what one did, and never look less stale."""
    unlike(*drawn)
    said = book.told(ALL, [*drawn, *(cut(ledger, moment) for ledger in drawn)])
    for name in set(ALL) - CUTTING_CHANGES:
        assert said[name][len(drawn) :] == said[name][: len(drawn)]
    for before, after in pairwise_of(said["stale_access"]):
        assert after["total"].lo >= before["total"].lo - 1e-12


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


@settings(max_examples=2)
@given(st.lists(widened(), min_size=9, max_size=9))
def test_more_authority_never_looks_like_less(book, pairs):
    """On a fixed ledger a later end or one atom more lowers nothing held, standing, obtainable or within reach."""
    unlike(*pairs)
    names = (
        "privilege_hours", "crown_jewel_hours", "effective_authority", "blast_radius", "tail_radius", "annual_loss",
        "exceedance", "reach_by_hops",
    )  # fmt: skip
    for said in book.told(names, [*(narrow for narrow, _ in pairs), *(wide for _, wide in pairs)]).values():
        for before, after in pairwise_of(said):
            assert [part for part in before if after[part].lo < before[part].lo - 1e-12] == []
