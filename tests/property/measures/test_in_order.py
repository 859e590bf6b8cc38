"""Bounds that are worked out apart, case by case: what is proven is never more than what may be at most."""

import pytest

from tests.ledgers import HOUR, NEVER, UNKNOWN, Credential, Event, Grant, Ledger, Owner

MORNING = Ledger(seconds=4 * HOUR)


def within(answer):
    """Both bounds."""
    return answer.lo, answer.hi


@pytest.mark.parametrize("before", [[], [Owner(ends=HOUR)]])
def test_who_answered_last_is_open_where_a_team_may_have(bounded, before):
    """A team of nobody on record owned for two hours: whether it answered, after a person or nobody, is open."""
    owners = [*before, Owner(ends=2 * HOUR, team=0, knows=False)]
    said = bounded.one("orphans", MORNING.having(owners=owners, settings={"blind": "inventory"}))
    was = "owner_left" if before else "never_owned"
    found = {part: within(said[f"{part} open"]) for part in ("never_owned", "owner_left", "no_member")}
    assert found == {"never_owned": (0, 0), "owner_left": (0, 0), "no_member": (0, 1), was: (0, 1)}
    assert within(said["orphaned open"]) == (1, 1)
    assert within(said["orphaned hours"]) == pytest.approx((12, 18 if before else 24))


@pytest.mark.parametrize(
    ("opens", "resolved", "grants"),
    [
        (UNKNOWN, "both", [Grant(["write money"], 3 * HOUR, NEVER)]),
        (UNKNOWN, "both", [Grant(["read notes"])]),
        (["read notes"], "looked_up", []),
    ],
)
def test_what_was_done_beside_all_that_is_known_of_a_key_it_may_have_opened_all_along(bounded, opens, resolved, grants):
    """A change an hour and two hours on, which nothing says then: that hour is proven, and all four are possible."""
    calls = [Event("use", n * HOUR, atom="write money", decision="allow", credential=0) for n in (1, 2)]
    key = Credential(opens, resolved=resolved)
    said = bounded.one("zero_standing", MORNING.having(credentials=[key], grants=grants, events=calls))
    assert within(said["held task longest_hours"]) == (1, 4)
    lost = bounded.one("annual_loss", MORNING.having(credentials=[key], grants=grants, events=calls))["t2"]
    assert 0 < lost.lo < lost.hi
