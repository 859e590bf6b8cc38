"""Measures at their edges, case by case: an instant that two spans share, a stranger, a log that leaves things open."""

from statistics import NormalDist

import pytest

from analysis.measures.measure import examine
from tests.ledgers import (
    HOUR,
    UNKNOWN,
    Credential,
    Event,
    Grant,
    Incident,
    Ledger,
    Need,
    Owner,
    Step,
    Task,
    Trust,
    Writing,
    answers,
)

MORNING = Ledger(seconds=4 * HOUR)


def use(time, atom="write money", **about):
    """A call that is let through."""
    return Event("use", time, atom=atom, decision="allow", **about)


def within(answer):
    """Both bounds."""
    return answer.lo, answer.hi


# ------------------------------------------------------------------------------------------------------- who and whose


@pytest.mark.parametrize(("time", "owner"), [(HOUR - 1, (0, 0)), (HOUR, (0, 100)), (2 * HOUR, (0, 100))])
def test_since_the_instant_at_which_somebody_may_answer_it_is_open_whether_somebody_does(bounded, time, owner):
    """An owner since then of whom nobody knows until when: before, nobody answers for certain."""
    ledger = MORNING.having(owners=[Owner(starts=HOUR, ends=UNKNOWN)], events=[use(time)])
    assert within(bounded.one("bound_actions", ledger)["owner"]) == owner


@pytest.mark.parametrize(("shadows", "owner"), [([], (0, 0)), ([0], (0, 100))])
def test_of_whom_no_inventory_lists_somebody_may_answer_for(bounded, shadows, owner):
    """A log that names no owner proves that there is none of whomever its snapshot would list."""
    ledger = MORNING.having(shadows=shadows, events=[use(HOUR)])
    assert within(bounded.one("bound_actions", ledger)["owner"]) == owner


def test_who_answers_for_a_stranger_is_open(book):
    """Of a call by nobody known, somebody may answer or nobody; it is no other agent's."""
    ledger = MORNING.having(agents=2, owners=[Owner(0), Owner(1)], events=[use(HOUR, agent=None)])
    assert book.one("bound_actions", ledger)["owner"] == (0, 100, 1)


def test_a_long_owner_answers_through_shorter_ones(book):
    """Two who came and went while a third was there leave no gap."""
    owners = [Owner(0, 0, 3 * HOUR), Owner(0, HOUR, HOUR + 60), Owner(0, 2 * HOUR, 2 * HOUR + 60)]
    ledger = MORNING.having(owners=owners, events=[use(HOUR + 600), use(2 * HOUR + 600), use(3 * HOUR)])
    assert book.one("bound_actions", ledger)["owner"].lo == pytest.approx(200 / 3)


@pytest.mark.parametrize("acted", [{"agent": None}, {"agent": 1}])
def test_what_nobody_or_anybody_did_does_not_tell_who(book, acted):
    """A change by nobody known, or by an account that several work as, is told apart from one by an agent."""
    changes = [use(HOUR, credential=0), use(HOUR + 1, credential=1, **acted)]
    assert book.one("forensics", MORNING.having(agents=2, joint=[1], events=changes))["who"].lo == 50


@pytest.mark.parametrize(("asked", "chains"), [("second", {"owner"}), ("owner", {"owner"}), ("on_call", {"on_call"})])
def test_an_answer_proves_a_way_to_whoever_gave_it(bounded, asked, chains):
    """A log that shows who took a request up shows that he was in reach, whatever is entered."""
    answer = Event("decide_approval", HOUR, action=0, approval=0, decision="allow", reason="approver", asked=asked)
    said = bounded.one("human_reach", MORNING.having(events=[answer, use(HOUR + 60, action=0, approval=0)]))
    proven = {chain for chain in ("owner", "on_call", "either") if said[f"{chain} valid_percent"].lo == 100}
    assert proven == chains | {"either"}


# ------------------------------------------------------------------------------------------------------ what it opens


def test_what_assignments_say_is_all_that_a_credential_without_scopes_opens(book):
    """A verifier that asks them knows; without any, or without asking, nobody does."""
    grants = [Grant(["write money"], 0, HOUR)]
    asking = MORNING.having(credentials=[Credential(UNKNOWN, resolved="looked_up")])
    known = book.one("privilege_hours", asking.having(grants=grants))["held"]
    assert (known.lo, known.hi, known.unknowns) == (pytest.approx(8 * 24 / 4), pytest.approx(8 * 24 / 4), 0)
    baked = MORNING.having(credentials=[Credential(UNKNOWN)], grants=grants)
    for ledger in (asking, baked):
        open_ = book.one("privilege_hours", ledger)["held"]
        assert open_.hi is UNKNOWN
        assert open_.unknowns > 0


def test_needs_that_touch_are_one_stretch(book):
    """What begins at the instant at which another ends goes on, and neither is lost."""
    needs = [Need("write money", 0, HOUR), Need("write money", HOUR, 2 * HOUR, task=1), Need("read money", HOUR, HOUR)]
    assert book.one("privilege_hours", MORNING.having(needs=needs))["needed_action"].lo == pytest.approx(8 * 2 * 6)


# -------------------------------------------------------------------------------------------------- what ends with what


def test_whatever_may_not_count_and_would_be_gone_is_gone(bounded):
    """Of a child that may have ended before its parent's end was begun: if it counts, it is gone a minute later."""
    ends = 2 * HOUR + 30
    held = [Credential(["write money"]), Credential(["write money"], 0, ends, cut_from=0, vague=60)]
    said = bounded.one("cascade", MORNING.having(credentials=held, events=[Event("revoke", 2 * HOUR, issued=0)]))
    assert within(said["ended_1_min"]) == (100, 100)
    assert within(said["ended_0_min"]) == (0, 100)


def test_a_zombie_of_which_nobody_knows_the_start_is_counted(book):
    """How long it outlived its parent is open."""
    tasks = [Task(0, 0, HOUR, "completed"), Task(1, 60, parent=0)]
    held = [Credential(["write money"], UNKNOWN, 3 * HOUR, task=1)]
    assert book.one("delegation", MORNING.having(tasks=tasks, credentials=held))["all zombie_hours"] == (None, None, 1)


def test_a_tree_is_over_although_part_of_it_never_began(book):
    """What waits to be started keeps nothing open: an hour of the four, and the dwell time before it, which is none."""
    held = [Credential(["write money"], task=0)]
    tasks = [Task(0, HOUR, 2 * HOUR, "completed"), Task(1, parent=0)]
    # 5 x 8 of 60.
    found = book.one("blast_radius", MORNING.having(tasks=tasks, credentials=held), dwell_hours=0)["t4"]
    assert found.lo == pytest.approx(100 * 40 / 60 / 4)


@pytest.mark.parametrize("blind", ["", "scope", "scope every_credential"])
def test_a_verifier_may_go_on_accepting_what_may_open_anything(bounded, blind):
    """A credential whose scope nobody knows may be accepted wherever it is not refused, whatever else is not shown."""
    held = [Credential(UNKNOWN, 0, 3 * HOUR, refused={"near": 2 * HOUR})]
    tasks, called = [Task(0, 0, HOUR, "completed")], [use(60, None, credential=0, task=0)]
    ledger = MORNING.having(credentials=held, tasks=tasks, events=called, settings={"blind": blind})
    assert within(bounded.one("time_to_revoke", ledger)["p50"]) == (0, 2 * HOUR)


def test_no_task_that_ended_leaves_nothing_to_revoke(book):
    """Nor anything that is not known."""
    assert set(book.one("time_to_revoke", MORNING).values()) == {(None, None, 0)}


# -------------------------------------------------------------------------------------------------- how long, how much


def test_time_until_the_next_use_is_kaplans_and_meiers(book):
    """Of gaps of 10, 20, 30 and 40 seconds and one that goes on, three of five are over after 30."""
    ledger = MORNING.having(events=[use(time, credential=0) for time in (0, 10, 30, 60, 100)])
    said = book.one("dormancy", ledger)
    assert within(said["next_use_p50"]) == (30, 30)
    assert within(said["next_use_p95"]) == (4 * HOUR - 100, UNKNOWN)


def test_the_window_ends_before_its_end(book):
    """A request that goes on to the desk at that instant is none of it; one a second earlier is."""
    none, late, last = (
        book.one("offered_load", MORNING.having(events=[Event("escalate", time, asked="desk")] if time else []))
        for time in (None, 4 * HOUR, 4 * HOUR - 1)
    )
    assert none["approvers"] == late["approvers"]
    assert none["approvers"].lo < last["approvers"].lo


def test_the_worst_twentieth_of_thirty_is_one_and_a_half(book):
    """Two of thirty attackers got something: the greater whole and the lesser half, of one and a half."""
    incidents = [Incident(60 * n) for n in range(30)]
    steps = [Step(0, HOUR, "write money"), Step(1, HOUR, "write notes")]
    said = book.one("realised_radius", MORNING.having(incidents=incidents, steps=steps), fewest_in_tail=0)
    # Shares of 60: 5 x 8, and 10 x 2.
    assert said["t1b value_cvar95"].lo == pytest.approx(100 * (40 / 60 + 20 / 60 / 2) / 1.5)


def test_cells_of_the_normal_law_hold_what_it_says(book):
    """Each an eighth wide, in millionths of millionths, the outermost with the tails, the middle one with roundings."""
    edge = NormalDist().cdf
    sides = {n: round(1e12 * (edge((0.5 - n) / 8) - edge((-0.5 - n) / 8))) for n in range(1, 40)}
    sides[40] = round(1e12 * edge(-39.5 / 8))
    runs = book.written([MORNING], Writing())
    with examine(book.store, "truth", runs) as examination:
        answers(examination, "blast_radius")
        cells = dict(examination.connection.execute("SELECT cell, parts FROM normal_cell").fetchall())
    assert cells == {0: 10**12 - 2 * sum(sides.values())} | {sign * n: sides[n] for n in sides for sign in (-1, 1)}
    assert cells[0] == pytest.approx(1e12 * (edge(1 / 16) - edge(-1 / 16)), abs=41)


@pytest.mark.parametrize(
    ("granted_from", "proven"), [(0, True), (2 * HOUR, True), (2.5 * HOUR, False), (5 * HOUR, False)]
)
def test_what_a_secret_would_have_been_granted_is_proven_of_the_least_instant(bounded, granted_from, proven):
    """A credential was issued between two hours and three; what the secret shown for it is good for may begin later."""
    bound = {"binding": "key_bound", "enforced": True}
    key = Credential(starts=2 * HOUR, ends=4 * HOUR, vague=HOUR, atoms=("write notes",), **bound)
    trust = Trust(atoms=("write money",), starts=granted_from, bootstrap="static_secret")
    found = bounded.one("annual_loss", MORNING.having(credentials=[key], trusts=[trust]))["at_issue"]
    assert (found.lo > 0) == proven
    assert (found.hi > 0) == (granted_from < 4 * HOUR)


def test_what_is_given_twice_is_given_once(book):
    """Two assignments of the same atoms, from and until the same, are one, whichever of them is looked at first."""
    key = Credential(starts=0, ends=4 * HOUR, atoms=("write money", "write notes"), resolved="looked_up")
    grants = [Grant(atoms=("write money", "write notes"), starts=HOUR, ends=ends) for ends in (2 * HOUR, 3 * HOUR)]
    always = [Grant(atoms=("write notes", "write money")), Grant(atoms=("write money", "read money"))]
    once = [MORNING.having(credentials=[key], grants=each) for each in (grants, always, [*grants, *always])]
    twice = [each.having(grants=[*each.grants, *reversed(each.grants)] * 3) for each in once]
    found = book.told(["privilege_hours"], [*once, *twice * 20])["privilege_hours"]
    assert found == found[:3] * 21
