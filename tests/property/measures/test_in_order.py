"""Bounds that are worked out apart, case by case: what is proven is never more than what may be at most."""

from itertools import pairwise, product

import pytest

from tests.ledgers import HOUR, NEVER, UNKNOWN, Credential, Event, Grant, Ledger, Owner, Task

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


# From when until when a token is valid, in hours, and by how much each end may lie further in.
@pytest.mark.parametrize(
    "tokens",
    [
        [(-1, 5, 2)],
        [(0, 2, 1)],
        [(-1, 2, 0.5)],
        [(2, 5, 0.5)],
        [(0.5, 2.5, 0.5), (2, 3.5, 0.5)],
        [(0.5, 2, 0.5), (2.5, 3.5, 0)],
        [(1, 2, 0), (1, 3, 0), (0.5, 3.5, 0.5)],
        [(0.5, 1, 0), (1, 3, 1), (3, 3.5, 0)],
    ],
)
def test_as_often_comes_and_goes_what_is_held_as_it_does_at_some_times_there_may_be(bounded, tokens):
    """The least and the most of all lives, by the half hour; a token may begin later and end earlier than another."""
    held = [Credential(["read notes"], *(hours * HOUR for hours in life[:2]), vague=life[2] * HOUR) for life in tokens]
    said = bounded.one("identity_debt", MORNING.having(credentials=held))
    known = [came_and_went(lives) for lives in product(*(ways(*token) for token in tokens))]
    for stat, counts in zip(("opening", "inflow", "outflow", "closing"), zip(*known, strict=True), strict=True):
        assert (stat, within(said[f"never_needed {stat}"])) == (stat, (min(counts), max(counts)))


def ways(starts, ends, vague):
    """All lives that a token may have had."""
    later = [n / 2 for n in range(int(2 * vague) + 1)]
    return [(starts + late, ends - early) for late, early in product(later, later)]


def came_and_went(lives):
    """Whether something is open at first, how often that begins and ends, and whether it is open at last."""
    states = [any(starts < n / 2 + 0.25 < ends for starts, ends in lives) for n in range(8)]
    turns = [after - before for before, after in pairwise(states)]
    return states[0], turns.count(1), turns.count(-1), states[-1]


def test_what_a_key_carries_of_which_nobody_knows_the_scope_has_no_upper_end(bounded):
    """It was used before the window, and carries that at least; what else it carries without need nobody knows."""
    call = Event("use", -HOUR, atom="read notes", decision="allow", credential=0)
    ledger = MORNING.having(credentials=[Credential(UNKNOWN, -2 * HOUR)], events=[call])
    said = bounded.one("identity_debt", ledger)
    assert within(said["never_needed closing"]) == (1, None)
    assert within(said["never_needed inflow"]) == (0, None)
    assert within(said["overdue_rotation closing"]) == (0, 0)


@pytest.mark.parametrize(
    ("owner", "inflow", "outflow"),
    [
        (Owner(starts=UNKNOWN, ends=3 * HOUR), (0, None), (0, None)),
        (Owner(starts=HOUR, ends=UNKNOWN), (0, None), (0, None)),
        (Owner(starts=HOUR, ends=3 * HOUR), (1, 1), (1, 1)),
    ],
)
def test_how_often_nobody_answered_is_open_where_it_is_open_when_somebody_did(bounded, owner, inflow, outflow):
    """Since or until when somebody answers may not be known, nor then whether anybody ever did."""
    said = bounded.one("identity_debt", MORNING.having(owners=[owner], settings={"blind": "inventory"}))
    assert (within(said["unowned inflow"]), within(said["unowned outflow"])) == (inflow, outflow)


def test_what_a_call_in_doubt_may_have_done_it_may_have_opened_all_along(bounded):
    """Nobody knows whether it was let in, at a time of which assignments say nothing."""
    call = Event("use", HOUR, atom="write money", credential=0)
    ledger = MORNING.having(credentials=[Credential(UNKNOWN, resolved="both")], events=[call])
    said = bounded.one("zero_standing", ledger.having(grants=[Grant(["write money"], 3 * HOUR, NEVER)]))
    assert within(said["held task longest_hours"]) == (0, 4)


def test_what_is_held_comes_and_goes_for_certain_only_where_nothing_else_may_carry_it(bounded):
    """Two tokens, one after the other, beside a key that may open anything all the time."""
    tokens = [Credential(["read notes"], HOUR / 2, HOUR), Credential(["read notes"], 2 * HOUR, 3 * HOUR)]
    said = bounded.one("identity_debt", MORNING.having(credentials=[*tokens, Credential(UNKNOWN)]))
    assert {within(said[f"never_needed {stat}"]) for stat in ("inflow", "outflow")} == {(0, None)}


def test_what_is_shared_ends_for_certain_only_where_its_key_does(bounded):
    """Another used a key that ends an hour before the window does, or an hour after."""
    call = Event("use", 2 * HOUR, agent=1, atom="read notes", decision="allow", credential=0)
    key = Credential(["read notes"], -HOUR, 5 * HOUR, vague=2 * HOUR)
    said = bounded.one("identity_debt", MORNING.having(agents=2, credentials=[key], events=[call]))
    assert (within(said["shared_secret outflow"]), said["shared_secret inflow"].lo) == ((0, None), 1)


def test_an_emergency_that_may_have_begun_before_the_window_may_count(bounded):
    """Of two that may have begun an hour before it or in it, one was looked at, as was the one that surely did."""
    taken = [Credential(None, starts=hour * HOUR, kind="break_glass", vague=vague * HOUR) for hour, vague in
             ((-1, 2), (-1, 2), (1, 0))]  # fmt: skip
    reviews = [Event("review", 3 * HOUR, issued=number) for number in (0, 2)]
    tasks = [Task(number, HOUR) for number in range(2)]
    said = bounded.one("break_glass", MORNING.having(credentials=taken, events=reviews, tasks=tasks))
    assert within(said["taken_per_1000_tasks"]) == (500, 1500)
    assert within(said["unreviewed_percent"]) == (0, 50)
    assert {said[stat].unknowns for stat in said} == {2}
