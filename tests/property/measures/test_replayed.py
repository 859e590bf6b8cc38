"""A replay of a real log has no owners, grants, intents, reviews or inventory: what rests on them nobody knows."""

import pytest

from tests.ledgers import SCENARIO, Book, Writing
from tests.property.measures.test_blind import worked_out

OF_DEBT = ("all", "excess_grant", "outlived_agent", "shadow", "shared_secret", "unowned", "unreviewed")
NOT_KNOWN = {
    "forensics": lambda part: part in {"behalf", "intent", "intents"},
    "human_reach": lambda _: True,
    "identity_debt": lambda part: part.partition(" ")[0] in OF_DEBT,
    "orphans": lambda part: not part.startswith("zombie_credential"),
}


@pytest.mark.parametrize("name", NOT_KNOWN)
def test_what_a_replay_has_not_is_not_known_and_the_rest_is_as_it_was(name, book: Book):
    """Neither nothing nor all of it: no value, counted as not known; whatever else was worked out by hand stays."""
    simulated = [ledger for _, ledger in worked_out(name)]
    rebuilt = {"rebuilt": {"tasks": "a session each"}}
    replayed = [each.having(scenario={**(each.scenario or SCENARIO), **rebuilt}) for each in simulated]
    before, after = (book.told([name], ledgers, Writing())[name] for ledgers in (simulated, replayed))
    assert any(answer.lo is not None for said in before for part, answer in said.items() if NOT_KNOWN[name](part))
    for there, here in zip(before, after, strict=True):
        for part, answer in here.items():
            if NOT_KNOWN[name](part):
                assert (answer.lo, answer.hi) == (None, None), part
                assert answer.unknowns >= 1, part
            else:
                assert answer == there[part], part
