"""Measures at their edges, case by case: an instant that two spans share, a stranger, a log that leaves things open."""

from dataclasses import replace
from statistics import NormalDist

import pytest

from analysis.measures.examination import examine
from tests.ledgers import (
    DAY,
    HOUR,
    NEVER,
    UNKNOWN,
    Action,
    Atom,
    Credential,
    Event,
    Grant,
    Incident,
    Ledger,
    Life,
    Member,
    Need,
    Owner,
    Policy,
    Possessor,
    Reach,
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


# A change by an agent that a team owns.
TEAMED = MORNING.having(owners=[Owner(team=0, knows=False)], events=[use(HOUR, credential=0)])


def within(answer):
    """Both bounds."""
    return answer.lo, answer.hi


# ------------------------------------------------------------------------------------------------- what is not known

# A key that a task may have used twice, or not at all.
PERHAPS = MORNING.having(
    credentials=[Credential(("write money", "read notes"), 0, NEVER)],
    tasks=[Task(0, 0, HOUR, "completed")],
    events=[replace(use(time, credential=0, task=0), decision=UNKNOWN) for time in (60, 120)],
)


def test_each_call_of_unknown_outcome_may_have_left_its_credential_in_a_log(bounded):
    """Nothing else of what is in reach hangs on it."""
    said = bounded.one("blast_radius", PERHAPS)
    assert {threat: answer.unknowns for threat, answer in said.items() if answer.unknowns} == {"t3": 2}


def test_a_task_that_may_have_used_a_credential_may_be_one_or_not(bounded):
    """Whether it used it is not known: one thing, however much the credential carries."""
    assert bounded.one("time_to_revoke", PERHAPS)["p50"].unknowns == 1


def test_one_call_that_was_let_in_is_a_use_whatever_another_was(bounded):
    """Half of what the key carries is used, for certain."""
    let_in = PERHAPS.having(events=[*PERHAPS.events, use(180, credential=0)])
    assert bounded.one("unused_permissions", let_in)["all"] == (50, 50, 0)


def test_what_a_call_may_have_used_may_be_carried(bounded):
    """Nobody knows what the key carries; what a call of unknown outcome touched it carries if that was let in."""
    [key], [call, _] = PERHAPS.credentials, PERHAPS.events
    unscoped = PERHAPS.having(credentials=[replace(key, atoms=UNKNOWN)])
    said, vague = (
        bounded.one("unused_permissions", unscoped.having(events=[each]))["all"]
        for each in (call, replace(call, atom=UNKNOWN))
    )
    assert (said, vague) == ((0, UNKNOWN, 3), (UNKNOWN, UNKNOWN, 1))


def test_a_call_that_may_have_needed_anything_leaves_open_what_is_too_much_of_nothing(bounded):
    """It is not known of whom nothing is granted whether that is what they need; that nothing is learnt too much is."""
    said = bounded.one("least_privilege", MORNING.having(events=[Event("use", 3 * HOUR)]))
    assert [said[f"{part} over_privilege"].unknowns for part in ("granted", "obtainable", "learnt")] == [1, 1, 0]


def test_where_nothing_is_known_to_touch_a_life_is_of_no_known_platform(book):
    """Each row says so by name."""
    said = book.one("lifetime_choice", MORNING.having(catalogue=()))
    assert {name.split()[1] for name in said} == {"unknown"}


@pytest.mark.parametrize(("apart", "at_once"), [(59, 2), (60, 1)])
def test_an_issue_counts_no_longer_when_so_many_seconds_are_over(book, apart, at_once):
    """Of two tasks that begin a minute apart no minute has both: the second is issued at the instant the first goes."""
    tasks = [Task(n, 600 + n * apart, 1200, "completed") for n in range(2)]
    needs = [Need("write money", 600 + n * apart, 1200, task=n) for n in range(2)]
    said = book.one("lifetime_choice", MORNING.having(tasks=tasks, needs=needs))
    assert within(said["tier_3 unknown 15_min peak"]) == pytest.approx((at_once / 60, at_once / 60))


@pytest.mark.parametrize("of", ["action", "atom", "task"])
@pytest.mark.parametrize(("time", "undecided"), [(HOUR - 1, (0, 100)), (HOUR, (0, 100)), (HOUR + 1, (100, 100))])
def test_a_decision_of_unknown_outcome_may_have_been_a_yes_at_the_instant_of_the_touch(bounded, of, time, undecided):
    """About the call, about what it touches, or about the task that had planned it; one that came later was none."""
    about = {"action": {"action": 0}, "atom": {"task": 0, "atom": "write money"}, "task": {"task": 0}}[of]
    ledger = MORNING.having(
        tasks=[Task(0, 0)],
        actions=[Action(0, atom="write money")],
        events=[Event("decide", time, **about), use(HOUR, task=0, action=0)],
    )
    assert within(bounded.one("first_touch", ledger)["planned undecided_percent"]) == undecided


@pytest.mark.parametrize("policy", [1, 7])
def test_where_no_decision_is_certain_nobody_knows_whether_any_change_fell_under_a_policy(bounded, policy):
    """One of unknown outcome, under a policy on file or another: of no change for certain, a share has no value."""
    decided = Event("decide", 60, action=0, policy=policy)
    ledger = MORNING.having(policies=[Policy(1)], events=[decided, use(HOUR, credential=0, action=0)])
    assert bounded.one("forensics", ledger)["policy"] == (None, None, 1)


@pytest.mark.parametrize(
    ("given", "outdated"), [((0, UNKNOWN), (0, 100)), ((UNKNOWN, NEVER), (0, 100)), ((0, NEVER), (0, 0))]
)
def test_what_may_still_be_given_at_a_renewal_in_doubt_is_not_outdated_for_certain(bounded, given, outdated):
    """Renewed after a decision of unknown outcome, under an assignment of which one end may not be known."""
    held = [Credential(["write money"], 0, 2 * HOUR), Credential(["write money"], HOUR, 3 * HOUR)]
    events = [Event("decide", HOUR / 2, credential=0), Event("renew", HOUR, credential=0, issued=1)]
    ledger = MORNING.having(credentials=held, events=events, grants=[Grant(["write money"], *given)])
    assert within(bounded.one("renewal", ledger)["outdated_percent"]) == outdated


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


@pytest.mark.parametrize("resolved", ["baked", "looked_up"])
def test_a_token_that_may_last_into_the_next_need_outlives_none_for_certain(bounded, resolved):
    """Valid from 2 or 4 to 8 or 10 hours, with work from 9 on: unused for seven hours at most, or for none."""
    token = Credential(["write money"], 2 * HOUR, 10 * HOUR, resolved=resolved, vague=2 * HOUR)
    work = Need("write money", 9 * HOUR, 11 * HOUR)
    ledger = Ledger(seconds=DAY, credentials=[token], grants=[Grant(["write money"])], needs=[work])
    said = bounded.one("stale_access", ledger)
    weight = next(atom.weight for atom in ledger.catalogue if atom.name == "write money")
    assert (said["total"].lo, said["used"].lo, said["never_used"].lo) == (0, 0, 0)
    assert said["never_used"].hi >= 7 * weight
    assert resolved == "looked_up" or said["total"].hi == said["never_used"].hi == 7 * weight


def test_a_team_of_which_nobody_is_on_record_answers_for_nobody(book):
    """Nobody was ever in the team: its agent is an orphan, and of what it changed nobody answers."""
    teams = [TEAMED, TEAMED.having(members=[Member()])]
    found = book.told(["bound_actions", "forensics", "orphans", "identity_debt"], teams)
    read = [
        ("bound_actions", "owner"), ("forensics", "behalf"), ("orphans", "orphaned open"), ("orphans", "diffuse open"),
        ("orphans", "owner owners"), ("identity_debt", "unowned closing"),
    ]  # fmt: skip
    told = [[found[name][place][part].lo for name, part in read] for place in (0, 1)]
    assert told == [[0, 0, 1, 0, 0, 1], [100, 100, 0, 1, 1, 0]]


def test_a_log_of_a_team_without_members_leaves_open_whether_anybody_answers(bounded):
    """There may be some who are not on record: neither an owner nor an orphan is proven, while the team is owner."""
    assert within(bounded.one("bound_actions", TEAMED)["owner"]) == (0, 100)
    assert bounded.one("forensics", TEAMED)["behalf"].lo == 0
    second = Owner(starts=-NEVER, ends=0, role="escalation")
    said = bounded.one("orphans", TEAMED.having(owners=[*TEAMED.owners, second]))
    assert {said[f"{part} open"].lo for part in ("orphaned", "never_owned", "diffuse", "dead_escalation")} == {0}
    until = TEAMED.having(owners=[Owner(ends=2 * HOUR, team=0, knows=False)])
    assert bounded.one("orphans", until)["orphaned open"].lo == 1


def test_who_answers_for_a_stranger_is_open(book):
    """Of a call by nobody known, somebody may answer or nobody; it is no other agent's."""
    ledger = MORNING.having(agents=2, owners=[Owner(0), Owner(1)], events=[use(HOUR, agent=None)])
    assert book.one("bound_actions", ledger)["owner"] == (0, 100, 1)


def test_of_calls_that_are_a_minute_apart_none_is_sooner_whoever_made_them(bounded):
    """An agent's first and last are its own, and between them nobody knows whose: a next use may be the next call."""
    calls = [use(60 * n, agent=None if 0 < n < 9 else 0) for n in range(10)]
    assert bounded.one("dormancy", MORNING.having(events=calls))["next_use_p50"].lo == 60


def test_a_call_by_nobody_known_was_by_nobody_of_another_run(bounded):
    """At most it was by the agent here, which then has notes in reach, and not by the one there, which has money."""
    called = MORNING.having(credentials=[Credential(["write notes"])], events=[use(HOUR, agent=None)])
    beside = MORNING.having(credentials=[Credential(["write money"])])
    [found, _] = bounded.told(["annual_loss"], [called, beside])["annual_loss"]
    # One in a million is hijacked, in a window of four hours; notes are 20 of 60.
    assert within(found["t2"]) == pytest.approx((0, 1e-6 * 100 * 8766 / 4 * 20 / 60))


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


@pytest.mark.parametrize(("blind", "tasks", "told"), [("", 1, (100, 100)), ("tasks", 2, (0, 100))])
def test_a_call_for_no_task_is_of_any_that_is_open_where_a_log_names_none(bounded, blind, tasks, told):
    """Of an agent at work on two tasks, two could have made it; where tasks are named, it is outside all of them."""
    known = [Task(0, 2 * HOUR), Task(1, 0, 3 * HOUR, "completed"), Task(2, 0, HOUR, "completed"), Task(3, 3 * HOUR)]
    known.append(Task(4, 0, HOUR, "completed"))
    ledger = MORNING.having(tasks=known, events=[use(2 * HOUR, credential=0)], settings={"blind": blind})
    said = bounded.one("forensics", ledger)
    assert (2 ** said["ambiguity_bits"].hi, within(said["identifiable"])) == (tasks, told)
    # That there are two may be for certain, and that they are not may be as well.
    assert said["ambiguity_bits"].lo == 0


@pytest.mark.parametrize(
    ("strangers", "told"),
    [
        ([], 100), ([(10, 1)], 0), ([(11, 1)], 100), ([(9, 1)], 100), ([(10, None)], 0), ([(10.9, None)], 0),
        # The one that may have been latest is not the one that began last.
        ([(2, 9), (3, 1)], 0), ([(2, 8), (3, 1)], 100),
    ],
)  # fmt: skip
def test_a_call_by_nobody_known_may_have_been_by_the_same_one(book, strangers, told):
    """A change within a second, and reads by strangers in that second, or in the next or the last."""
    reads = [use(time, "read notes", agent=None, precise=within) for time, within in strangers]
    ledger = MORNING.having(events=[use(10, precise=1, credential=0), *reads])
    assert book.one("forensics", ledger)["time_order"] == (told, told, 0)


def test_a_call_at_the_very_instant_of_a_stranger_is_not_ordered(book):
    """Clocks that tell millionths of a second apart: the same one is at once, the next is not."""
    found = []
    for apart in (0, 1e-6):
        events = [use(10, credential=0), use(10 + apart, "read notes", agent=None)]
        found.append(book.one("forensics", MORNING.having(events=events))["time_order"].lo)
    assert found == [0, 100]


def test_an_account_that_several_work_as_may_be_any_agent(book):
    """Of two agents and an account, one change by each: a third may be by either agent, and nobody is told for it."""
    changes = [use(HOUR + n, credential=n, agent=n, action=n) for n in range(3)]
    said = book.one("forensics", MORNING.having(agents=3, joint=[2], events=changes))
    assert said["ambiguity_bits"].lo == pytest.approx(1 / 3)
    assert (said["who"].lo, said["identifiable"].lo) == (pytest.approx(200 / 3),) * 2


@pytest.mark.parametrize(
    ("sure", "doubted", "bits"),
    [
        ((0, 2), (), (0.5, 0.5)),
        ((0,), (2,), (0, 1)),
        ((0,), (2, 0), (0, 1)),
        ((2,), (0, 2), (0, 1)),
        ((0, 2), (0,), (0, 0.5)),
    ],
)
def test_any_change_in_doubt_may_be_the_clearest_or_the_darkest(book, sure, doubted, bits):
    """What account 2 changed two agents may have: of those in doubt any may be all there is."""
    known = [use(HOUR + n, credential=n, agent=agent) for n, agent in enumerate(sure)]
    doubts = [replace(use(2 * HOUR + n, credential=n, agent=agent), decision=None) for n, agent in enumerate(doubted)]
    said = book.one("forensics", MORNING.having(agents=3, joint=[2], events=[*known, *doubts]))["ambiguity_bits"]
    assert (within(said), said.unknowns) == (bits, len(doubted))


def test_what_may_have_been_handed_down_is_not_told_by_a_log(bounded):
    """A key that came from another, one of nobody knows where, one handed over: of two that may be, one is told."""
    keys = [
        Credential(["write money"], cut_from=2),
        Credential(["write money"]),
        Credential(["write money"], handed=True),
    ]
    changes = [use(HOUR + n, credential=n) for n in range(3)]
    doubted = replace(use(2 * HOUR, credential=1), decision=None)
    ledger = MORNING.having(credentials=keys, events=changes)
    said = bounded.told(["forensics"], [ledger, ledger.having(events=[*changes, doubted])])["forensics"]
    assert [each["delegation"] for each in said] == [(50, None, 1), (pytest.approx(100 / 3), None, 2)]


def test_a_change_counts_once_however_many_answer_for_whoever_made_it(book):
    """Three owners at once, beside a change that nobody answers for."""
    owners = [Owner(0, 0, 4 * HOUR), Owner(0, HOUR, 3 * HOUR), Owner(0, 2 * HOUR, 4 * HOUR)]
    changes = [use(2.5 * HOUR, credential=0, agent=0), use(2.5 * HOUR, credential=1, agent=1)]
    said = book.one("forensics", MORNING.having(agents=2, owners=owners, events=changes))
    assert (said["changes"].lo, said["behalf"].lo, said["who"].lo) == (2, 50, 100)


def test_one_key_of_nobody_known_tells_nothing_apart(book):
    """Where there is no agent, but an account that several work as, its one credential is the same in every use."""
    changes = [use(HOUR + n, credential=0, args=n) for n in range(2)]
    assert book.one("forensics", MORNING.having(agents=1, joint=[0], events=changes))["credential"].lo == 0


@pytest.mark.parametrize(("asked", "chains"), [("second", {"owner"}), ("owner", {"owner"}), ("on_call", {"on_call"})])
def test_an_answer_proves_a_way_to_whoever_gave_it(bounded, asked, chains):
    """A log that shows who took a request up shows that he was in reach, whatever is entered."""
    answer = Event("decide_approval", HOUR, action=0, approval=0, decision="allow", reason="approver", asked=asked)
    said = bounded.one("human_reach", MORNING.having(events=[answer, use(HOUR + 60, action=0, approval=0)]))
    proven = {chain for chain in ("owner", "on_call", "either") if said[f"{chain} valid_percent"].lo == 100}
    assert proven == chains | {"either"}


def test_who_is_on_call_is_so_for_every_agent(book):
    """One entry, which is of no agent; each of two does something privileged."""
    changes = [use(HOUR, agent=agent) for agent in (0, 1)]
    said = book.one("human_reach", MORNING.having(agents=2, reaches=[Reach("on_call", None)], events=changes))
    assert (said["on_call valid_percent"], said["owner valid_percent"]) == ((100, 100, 0), (0, 0, 0))


def test_an_entry_that_ends_before_it_begins_leads_to_nobody(book):
    """As of somebody who left a team before the team was entered: nobody is there from two o'clock on either."""
    said = book.one(
        "human_reach", MORNING.having(reaches=[Reach("on_call", None, 2 * HOUR, HOUR)], events=[use(HOUR / 2)])
    )
    assert (said["on_call valid_percent"], said["on_call reached_p50_minutes"]) == ((0, 0, 0), (210, UNKNOWN, 0))


def test_an_entry_that_ends_before_work_begins_leads_to_nobody_who_is_there(book):
    """At one at night it is right, until two; nobody has come of it when the window ends, three hours later."""
    desk = {"approvers": {"opens": 9, "closes": 17, "weekends": True}}
    said = book.one("human_reach", MORNING.having(scenario=desk, reaches=[Reach(ends=2 * HOUR)], events=[use(HOUR)]))
    assert (said["owner valid_percent"], said["owner reached_p50_minutes"]) == ((100, 100, 0), (180, UNKNOWN, 0))


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


def test_what_a_credential_without_scopes_was_seen_to_do_it_opens(bounded):
    """For certain, as long as it is valid; what else it opens, nobody knows."""
    ledger = MORNING.having(credentials=[Credential(UNKNOWN)], events=[use(HOUR, credential=0)])
    assert within(bounded.one("privilege_hours", ledger)["held"]) == (pytest.approx(8 * 24), None)


@pytest.mark.parametrize("given", [[], [Grant(["write notes"])]])
def test_what_was_done_beside_all_that_is_known_to_be_given_may_be_held_always(bounded, given):
    """Its verifier asks assignments, of which none is shown, or one under a condition, and which say nothing of it."""
    asking = Credential(["write notes"], resolved="looked_up")
    done = [use(hour * HOUR, credential=0) for hour in (1, 2)]
    ledger = MORNING.having(credentials=[asking], grants=given, conditional=[(1, "write notes")], events=done)
    # Money from the first use to the last, or all the time, beside notes.
    assert within(bounded.one("privilege_hours", ledger)["held"]) == pytest.approx((8 * 24 / 4, 8 * 24 + 2 * 24))


def test_needs_that_touch_are_one_stretch(book):
    """What begins at the instant at which another ends goes on, and neither is lost."""
    needs = [Need("write money", 0, HOUR), Need("write money", HOUR, 2 * HOUR, task=1), Need("read money", HOUR, HOUR)]
    assert book.one("privilege_hours", MORNING.having(needs=needs))["identity_need_action"].lo == pytest.approx(
        8 * 2 * 6
    )


def test_what_is_needed_of_what_is_held_may_be_the_most_while_what_stands_is_the_least(bounded):
    """Held from one to two hours and at most from none to three, needed in half of that: neither end makes a pair."""
    key = Credential(["write money"], 0, 3 * HOUR, vague=HOUR)
    needs = [Need("write money", hours * HOUR, (hours + 0.5) * HOUR) for hours in (1.5, 2)]
    said = bounded.one("privilege_hours", MORNING.having(credentials=[replace(key, ends=3 * HOUR)], needs=needs))
    # For certain half an hour is needed and half stands; at most an hour is, and two stand.
    assert within(said["needed_action"]) == pytest.approx((8 * 3, 8 * 6))
    assert within(said["standing_action"]) == pytest.approx((8 * 3, 8 * 12))
    assert within(said["justified_action"]) == pytest.approx((100 * 0.5 / 2.5, 100 * 1 / 1.5))
    assert within(said["excess_action"]) == pytest.approx((1.5, 5))


def test_what_was_assigned_outside_the_window_opens_nothing_in_it(book):
    """When the credential that asks it begins or ends need not be known for that."""
    ledgers = [
        MORNING.having(
            credentials=[Credential(["write money"], starts, ends, resolved="looked_up")],
            grants=[Grant(["write money"], *given)],
        )
        for starts, ends in ((0, UNKNOWN), (UNKNOWN, 4 * HOUR), (UNKNOWN, UNKNOWN))
        for given in ((-2 * HOUR, 0), (4 * HOUR, NEVER))
    ]
    assert [said["held"] for said in book.told(["privilege_hours"], ledgers)["privilege_hours"]] == [(0, 0, 0)] * 6


def test_an_assignment_under_a_condition_says_nothing_of_what_is_baked_in(bounded):
    """What such a credential was seen to do it holds once, whatever else its holder may have been given."""
    baked = MORNING.having(credentials=[Credential(["write money"])], events=[use(HOUR, credential=0)])
    beside = baked.having(grants=[Grant(["write notes"])], conditional=[(1, "write notes")])
    assert within(bounded.one("privilege_hours", beside)["held"]) == pytest.approx((8 * 24, 8 * 24))


def test_what_may_be_held_until_nobody_knows_when_is_not_known_though_nothing_is_proven(bounded):
    """A condition leaves open whether it is held at all: for certain it is not."""
    parts = {"annual_loss": "all", "exceedance": "any", "privilege_hours": "held", "reach_by_hops": "all"}
    ledger = MORNING.having(credentials=[Credential(["write money"], 0, UNKNOWN)], conditional=[(0, "write money")])
    for measure, [said] in bounded.told(parts, [ledger]).items():
        assert (measure, *said[parts[measure]]) == (measure, 0, None, 1)


def test_whoever_holds_what_nobody_is_known_to_hold_may_be_one_of_the_others(bounded):
    """Of two identities, or of one, it is half as much a day or all of it; of one of them it is for certain nothing."""
    both = {
        ("privilege_hours", "held"): (4 * 24, 8 * 24), ("stale_access", "total"): (4 * 24, 8 * 24),
        ("crown_jewel_hours", "held task"): (0, 24), ("reach_by_hops", "all"): (0, 100 * 40 / 60),
    }  # fmt: skip
    said = bounded.told(
        [name for name, _ in both], [MORNING.having(credentials=[Credential(["write money"], agent=None)])]
    )
    for (name, part), bounds in both.items():
        assert (name, within(said[name][0][part])) == (name, pytest.approx(bounds))


def test_who_nobody_is_known_to_be_need_not_be_one_of_those_who_are_measured(bounded):
    """What is held by nobody that is known stands at most with one of them, and for certain with none."""
    ledger = MORNING.having(credentials=[Credential(["write money"], agent=None)])
    [said] = bounded.told(["zero_standing"], [ledger])["zero_standing"]
    assert within(said["held task atoms"]) == (0, 1)


def test_what_nobody_is_known_to_hold_may_be_with_whoever_calls_most(bounded):
    """It lies at no place for certain: of what hangs on calls there is no upper end, alone or with all the rest."""
    said = bounded.one("annual_loss", MORNING.having(credentials=[Credential(["write money"], agent=None)]))
    open_ = {"t2", "in_use", "all", "all_but_bootstrap"}
    assert {part for part, answer in said.items() if answer.hi is None} == open_


def test_how_many_sub_agents_there_are_does_not_hang_on_who_holds_a_credential(bounded):
    """For how many hours an agent-day does: there may be one agent more."""
    ledger = MORNING.having(credentials=[Credential(["write money"], agent=None)])
    said = bounded.one("delegation", ledger)
    assert {part for part, answer in said.items() if answer.unknowns} == {
        f"{hop} {stat}" for hop in ("all", "1", "2", "3+") for stat in ("outlives_hours", "zombie_hours")
    }


def test_what_nobody_is_known_to_hold_may_have_been_used_last_by_whoever_needed_it(bounded):
    """By the one agent that did, at a minute past the beginning, or by another, who never did."""
    need = Need("write money", 0, 60)
    ledgers = [MORNING.having(credentials=[Credential(["write money"], 0, 2 * HOUR, agent=agent)], needs=[need])
               for agent in (0, None)]  # fmt: skip
    known, open_ = bounded.told(["stale_access"], ledgers)["stale_access"]
    assert within(known["used"]) == pytest.approx((8 * 6 * (2 - 1 / 60),) * 2)
    assert open_["used"].lo == 0
    assert open_["used"].hi >= known["used"].hi


def test_what_several_came_to_have_is_counted_where_every_call_says_who_made_it_and_was_let_in(bounded):
    """A person keeps a copy of a key since an hour past: one more is shared then."""
    shared = MORNING.having(credentials=[Credential(["write money"])], possessors=[Possessor(0, HOUR)])
    doubts = [[], [use(60, credential=0, agent=None)], [replace(use(60, credential=0), decision=UNKNOWN)]]
    said = bounded.told(["identity_debt"], [shared.having(events=each) for each in doubts])["identity_debt"]
    assert [each["shared_secret inflow"].lo for each in said] == [1, None, None]


def test_of_two_who_use_a_credential_one_at_least_does_not_hold_it(bounded):
    """Shared from the second of two, if not always: of three who may be there, seven of ten hours."""
    uses = [Event("use", n * HOUR, agent, credential=0, decision="allow") for n, agent in ((2, 0), (2, 0), (3, 1))]
    alone, both = (
        Ledger(10 * HOUR, agents=2, credentials=[Credential(["read notes"], -400 * DAY, agent=None)], events=uses[:n])
        for n in (2, 3)
    )
    told = bounded.told(["identity_debt"], [alone, both])["identity_debt"]
    assert [each["shared_secret closing"].lo for each in told] == [0, 1]
    assert told[1]["shared_secret inflow"].lo == 0
    assert told[1]["shared_secret item_hours"].lo == pytest.approx(7 / (3 * 10 / 24))


def test_what_somebody_is_known_to_hold_comes_to_be_shared_when_another_uses_it(bounded):
    """At the third hour, also beside what nobody is known to hold."""
    uses = [use(n * HOUR, "read notes", agent=agent, credential=0) for n, agent in ((2, 0), (3, 1))]
    keys = [Credential(["read notes"], -400 * DAY, agent=agent) for agent in (0, None)]
    ledgers = [Ledger(10 * HOUR, agents=2, credentials=keys[:n], events=uses) for n in (1, 2)]
    told = bounded.told(["identity_debt"], ledgers)["identity_debt"]
    assert [each["shared_secret inflow"].lo for each in told] == [1, 1]


def test_what_is_certain_counts_once_beside_what_may_be_issued_or_needed(bounded):
    """Of an identity that holds for certain what its issuer may give it, or what it may need, the two overlap."""
    held, may_have = Credential(["write money"], 0, 2 * HOUR), [Trust(["write money"])]
    ledger = MORNING.having(credentials=[held], trusts=may_have, conditional=[(1, "write money")])
    [given] = bounded.told(["effective_authority"], [ledger])["effective_authority"]
    # Writing money weighs 8; held for two hours of four, or obtainable all the time.
    assert within(given["held fine declared"]) == pytest.approx((8 * 12, 8 * 12))
    assert within(given["obtainable fine declared"]) == pytest.approx((8 * 12, 8 * 24))

    needs = [Need("write money", HOUR, 1.5 * HOUR)]
    needing = MORNING.having(credentials=[held], needs=needs, settings={"blind": "need"})
    parts = {"crown_jewel_hours": ("held task", "held action"), "effective_authority": ("held fine equal",)}
    for measure, [said] in bounded.told(parts, [needing]).items():
        for part in parts[measure]:
            # Needed from the first use on at most, and while it was seen to be used at least.
            assert (measure, part, within(said[part])) == (measure, part, pytest.approx((24 * 1 / 4, 24 * 1.5 / 4)))


def test_of_somebody_who_may_be_one_of_the_others_a_task_costs_no_less_than_is_certain(bounded):
    """Two hold a jewel all day, of whom one is not known: 24 hours a day of each, for 4 tasks in 3 of 4 hours."""
    held = [Credential(["write money"]), Credential(["write money"], agent=UNKNOWN)]
    done = [Task(n, 0, HOUR, "completed", arrived=0) for n in range(4)]
    said = bounded.one("exposure_per_task", MORNING.having(credentials=held, tasks=done))["held_jewels action"]
    assert said.hi == pytest.approx(2 * 4 / (4 * 4 / 3))
    assert said.lo <= said.hi


def test_what_was_given_to_whoever_is_not_measured_is_in_excess_where_all_is_seen(bounded):
    """A person who holds no credential needs nothing, if a log shows all that happened; else he may need it."""
    given, proven = MORNING.having(grants=[Grant(["write money"], agent=90)]), {"": 1, "touch": 0, "every_event": 0}
    said = bounded.told(["identity_debt"], [given.having(settings={"blind": blind}) for blind in proven])
    assert [found["excess_grant closing"].lo for found in said["identity_debt"]] == list(proven.values())


def test_a_call_of_no_known_length_goes_on_with_its_task_and_no_other_call_does(book):
    """On a log that is blind to one call's end, what another needed is needed for as long as that took."""
    tasks = [Event("task_start", 0, task=0), Event("task_end", 3 * HOUR, task=0, reason="completed"),
             Event("task_start", HOUR, task=1), Event("task_end", 2 * HOUR, task=1, reason="completed")]  # fmt: skip
    calls = [use(0, task=0, takes=HOUR), use(HOUR, "read notes", task=1)]
    runs = book.written([MORNING.having(events=[*tasks, *calls])], Writing())
    book.store.complete(*runs)
    with examine(book.store, "log", runs) as examination:
        [said] = answers(examination, "privilege_hours").values()
    # Writing money weighs 8, and reading notes, for an hour or for no time, 1.
    for part in ("identity_need_action", "identity_need_task"):
        assert within(said[part]) == pytest.approx((8 * 24 / 4, 9 * 24 / 4))


def test_who_issues_on_a_log_without_credentials_is_no_identity_by_that(book):
    """A second account that only issues leaves what is known of one that calls as it is; one that calls does not."""
    called = [use(HOUR), Event("issue", HOUR, agent=1), use(HOUR, agent=1)]
    seen = MORNING.having(agents=2, joint=[0, 1], kind="ingested", profile="human_login")
    runs = book.written([seen.having(events=events) for events in (called[:1], called[:2], called)], Writing())
    book.store.complete(*runs)
    with examine(book.store, "log", runs) as examination:
        said = answers(examination, "privilege_hours")
    assert [said[run]["held"].unknowns for run in runs] == [1, 1, 2]


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


def test_a_tree_that_goes_on_in_another_run_is_over_in_this_one(book):
    """A parent (t4) is struck an hour after its task ended, or in the midst of it: then what the task has is taken."""
    held, struck = [Credential(["write money"], 0, 3 * HOUR, task=0)], [Incident(2 * HOUR, "t4")]
    tasks = (Task(0, 0, HOUR, "completed"), Task(0, 0))
    ledgers = [MORNING.having(credentials=held, incidents=struck, tasks=[task]) for task in tasks]
    over, open_ = book.told(["revoke_on_compromise"], ledgers)["revoke_on_compromise"]
    assert (over["t4 took"], open_["t4 took"]) == ((0, 0, 0), (1, 1, 0))


def test_what_was_held_since_nobody_knows_when_may_have_been_held_at_a_compromise(book):
    """So nobody knows whether it was gone when that was noticed, or how many of its lives that took."""
    held = [Credential(["write money"], UNKNOWN, 3 * HOUR)]
    said = book.one("realised_radius", MORNING.having(credentials=held, incidents=[Incident(HOUR, detected=2 * HOUR)]))
    assert said["t1b gone_before_detection_percent"] == said["t1b detection_per_tail"] == (None, None, 1)


@pytest.mark.parametrize("blind", ["", "scope", "scope every_credential"])
def test_a_verifier_may_go_on_accepting_what_may_open_anything(bounded, blind):
    """A credential whose scope nobody knows may be accepted wherever it is not refused, whatever else is not shown."""
    held = [Credential(UNKNOWN, 0, 3 * HOUR, refused={"near": 2 * HOUR})]
    tasks, called = [Task(0, 0, HOUR, "completed")], [use(60, None, credential=0, task=0)]
    ledger = MORNING.having(credentials=held, tasks=tasks, events=called, settings={"blind": blind})
    assert within(bounded.one("time_to_revoke", ledger)["p50"]) == (0, 2 * HOUR)


def test_what_goes_on_beyond_the_horizon_of_a_mean_leaves_it_known(book):
    """It counts as that, however it ends; before the horizon nobody knows, and after it nobody has to."""
    held = [Credential(["write money"], task=0), Credential(["write money"], 0, 2 * HOUR, task=1)]
    tasks = [Task(n, 0, HOUR, "completed") for n in (0, 1)]
    ledger = MORNING.having(tasks=tasks, credentials=held)
    known, open_ = (book.one("time_to_revoke", ledger, mean_hours=far) for far in (2, 5))
    assert known["restricted_mean"] == (1.5 * HOUR, 1.5 * HOUR, 0)
    assert open_["restricted_mean"] == (2 * HOUR, 3 * HOUR, 1)
    assert known["p95"].unknowns == known["ended"].unknowns == 1


def test_what_an_abandoned_agent_may_have_held_is_gone_when_that_ends_for_certain(bounded):
    """Given something for another half an hour, and a key for an hour, which opens its atom under a condition."""
    ledger = MORNING.having(
        lives=[Life(0, ends=HOUR)],
        credentials=[Credential(["write money"], 0, 2 * HOUR)],
        grants=[Grant(["read notes"], 0, 1.5 * HOUR)],
        conditional=[(0, "write money")],
    )
    assert within(bounded.one("revoke_on_offboarding", ledger)["p50"]) == (HOUR / 2, HOUR)


def test_no_task_that_ended_leaves_nothing_to_revoke(book):
    """Nor anything that is not known."""
    said = book.one("time_to_revoke", MORNING)
    assert {said.pop(stat) for stat in ("at_risk", "ended", "ends")} == {(0, 0, 0)}
    assert set(said.values()) == {(None, None, 0)}


# -------------------------------------------------------------------------------------------------- how long, how much


def test_time_until_the_next_use_is_kaplans_and_meiers(book):
    """Of gaps of 10, 20, 30 and 40 seconds and one that goes on, three of five are over after 30."""
    ledger = MORNING.having(events=[use(time, credential=0) for time in (0, 10, 30, 60, 100)])
    said = book.one("dormancy", ledger)
    assert within(said["next_use_p50"]) == (30, 30)
    assert within(said["next_use_p95"]) == (4 * HOUR - 100, UNKNOWN)


def test_a_key_older_than_its_run_was_last_used_just_before_that_or_never(book):
    """Made 8 days before a run of four hours without warm-up, used after one: in that hour it was idle, or was not."""
    key = Credential(["write money"], -8 * DAY)
    ledger = MORNING.having(credentials=[key], events=[use(HOUR, credential=0)], begins=0)
    said = book.one("dormancy", ledger)
    # A quarter of the time; of that minute by minute all but a minute at most, as of the other three hours.
    assert said["idle_for_1_min"] == (pytest.approx(100 * 238 / 240), pytest.approx(100 * 239 / 240), 1)
    assert said["idle_for_1_day"] == said["idle_for_7_days"] == (0, pytest.approx(25), 1)
    assert said["idle_for_90_days"] == (0, 0, 0)
    assert within(book.one("dormancy", ledger.having(begins=-8 * DAY))["idle_for_7_days"]) == pytest.approx((25, 25))


def test_two_calls_with_a_key_at_one_instant_leave_one_thing_open(bounded):
    """Whether it was used after an hour, whoever used it: it is idle for over an hour in two or three hours of four."""
    calls = [replace(use(HOUR, agent=agent, credential=0), decision=None) for agent in (0, 1)]
    ledger = MORNING.having(agents=2, credentials=[Credential(["write money"])], events=calls)
    assert bounded.one("dormancy", ledger)["idle_for_1_hour"] == (50, 75, 1)


def test_what_is_vague_of_a_key_is_added_to_what_is_known_of_another(bounded):
    """Held for four hours, and for three or four: idle for over an hour at least 5 of 8 hours, at most 6 of 7."""
    keys = [Credential(["write money"]), Credential(["write money"], 0, 9 * HOUR, vague=HOUR)]
    said = bounded.one("dormancy", MORNING.having(credentials=keys))
    assert within(said["idle_for_1_hour"]) == pytest.approx((100 * 5 / 8, 100 * 6 / 7))


@pytest.mark.parametrize(
    ("blind", "idle", "open_"),
    [("", (75, 75), 0), ("every_event", (0, 75), 1), ("touch", (0, 75), 1), ("credentials", (None, None), 1)],
)
def test_where_a_log_does_not_show_all_uses_none_is_known_to_be_the_next(bounded, blind, idle, open_):
    """Nor is a key idle for certain of which none is seen; held for four hours, it may be after the first of them."""
    ledger = MORNING.having(credentials=[Credential(["write money"])], settings={"blind": blind})
    said = bounded.one("dormancy", ledger)
    assert within(said["idle_for_1_hour"]) == idle
    assert said["next_use_p50"] == said["next_use_p95"] == (None, None, open_)


def test_where_nobody_knows_what_a_key_opens_nothing_else_is_counted_of_it(bounded):
    """Between two uses it was perhaps used once more: any share of all that it opens may be idle, for one reason."""
    uses = [
        use(HOUR, credential=0),
        replace(use(2 * HOUR, credential=0), decision=UNKNOWN),
        use(3 * HOUR, credential=0),
    ]
    said = bounded.one("dormancy", MORNING.having(credentials=[Credential(UNKNOWN)], events=uses))
    assert said["idle_for_1_hour"] == (0, 100, 1)


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


def test_what_is_given_twice_is_given_once(book):
    """Two assignments of the same atoms, from and until the same, are one, whichever of them is looked at first."""
    key = Credential(starts=0, ends=4 * HOUR, atoms=("write money", "write notes"), resolved="looked_up")
    grants = [Grant(atoms=("write money", "write notes"), starts=HOUR, ends=ends) for ends in (2 * HOUR, 3 * HOUR)]
    always = [Grant(atoms=("write notes", "write money")), Grant(atoms=("write money", "read money"))]
    once = [MORNING.having(credentials=[key], grants=each) for each in (grants, always, [*grants, *always])]
    twice = [each.having(grants=[*each.grants, *reversed(each.grants)] * 3) for each in once]
    found = book.told(["privilege_hours"], [*once, *twice * 20])["privilege_hours"]
    assert found == found[:3] * 21


def test_a_loss_of_just_so_much_reaches_it_and_a_lesser_one_does_not(book):
    """Of an estate of four hundred files, with so many in reach or with one fewer."""
    shares = {4 * share - fewer: share for share in (1, 5, 10, 25, 50) for fewer in (0, 1)}
    estates = [[Atom("read", "notes", "near", 1, n, 1), Atom("read", "money", "far", 1, 400 - n, 1)] for n in shares]
    held = [MORNING.having(catalogue=each, credentials=[Credential(["read notes"])]) for each in estates]
    for (files, share), said in zip(shares.items(), book.told(["exceedance"], held)["exceedance"], strict=True):
        assert (files, said[f"at_least_{share}"].lo > 0, said["any"].lo > 0) == (files, files == 4 * share, True)


def test_a_tail_is_told_once_as_many_lie_in_it_as_are_asked_for(book):
    """A twentieth of twenty approvals is one, the worst; of nineteen it is less, and of thirty half of the next too."""
    worst = {0: "write money", 1: "write notes"}
    calls = [use(60 * n, worst.get(n, "read notes"), approval=n) for n in range(30)]
    ledgers = [MORNING.having(events=calls[:number]) for number in (19, 20, 30)]
    few, *enough = book.told(["approval_radius"], ledgers, fewest_in_tail=1)["approval_radius"]
    assert few["value_cvar95"].lo is None
    assert [said["value_cvar95"].lo for said in enough] == pytest.approx(
        [100 * 40 / 60, 100 * (40 + 20 / 2) / 1.5 / 60]
    )


# ------------------------------------------------------------------------------------------- one key after the other


def test_what_is_not_known_of_a_binding_stops_nobody_for_certain(bounded):
    """Of the one credential of a log in which all else is certain: it may stop a thief, or it may not."""
    # How it is bound, whether that is enforced; what a thief of the token reaches, and one of the key besides.
    cases = {
        ("key_bound", None): ((0, 1), (0, 1)),
        ("key_exportable", None): ((0, 1), (1, 1)),
        ("unknown", True): ((0, 1), (0, 1)),
        ("key_bound", True): ((0, 0), (0, 0)),
        ("key_bound", False): ((1, 1), (1, 1)),
    }
    held = [Credential(["write money"], binding=binding, enforced=enforced) for binding, enforced in cases]
    ledgers = [MORNING.having(credentials=[each]) for each in (Credential(["write money"]), *held)]
    bare, *bound = bounded.told(["blast_radius"], ledgers)["blast_radius"]
    radius = bare["t1a"].lo
    assert radius > 0
    for (case, (token, with_key)), found in zip(cases.items(), bound, strict=True):
        assert (case, within(found["t1a"])) == (case, tuple(pytest.approx(radius * each) for each in token))
        assert (case, within(found["t1b"])) == (case, tuple(pytest.approx(radius * each) for each in with_key))


def test_of_two_keys_given_at_one_instant_neither_is_the_later_one(bounded):
    """They are no old key and its successor."""
    key = Credential(["write money"], kind="static_key")
    said = bounded.one("rotation", MORNING.having(credentials=[key, replace(key, like=0)]))
    assert within(said["overlap"]) == (0, 0)


def test_a_key_may_be_overdue_that_may_have_been_new(bounded):
    """Made between two hundred days ago and fifty: of one key, which is all there is, it is open."""
    key = Credential(["write money"], -200 * DAY, vague=150 * DAY, kind="static_key")
    said = bounded.one("rotation", MORNING.having(credentials=[key]), rotation_days=90)
    assert within(said["overdue_at_end"]) == within(said["overdue_mean"]) == (0, 100)


# ---------------------------------------------------------------------------- an instant of which only bounds are known


def vouched(starts, vague, until=4 * HOUR):
    """A credential that no copy of it opens anything, issued between two times."""
    bound = {"binding": "key_bound", "enforced": True}
    return Credential(["write notes"], starts=starts, ends=until, vague=vague, **bound)


SECRET = {"bootstrap": "static_secret"}
# Percent of the estate a year: of one in a hundred million, over four hours.
A_YEAR = 1e-8 * 100 * 8766 / 4


def test_nobody_could_change_jewels_where_nobody_is_measured(bounded):
    """Of a log of calls in which no identity holds a credential there is no agent-day, and so no hours in one."""
    [found] = bounded.told(["crown_jewel_hours"], [MORNING.having(agents=0, events=[use(HOUR)])])["crown_jewel_hours"]
    assert [within(each) for each in found.values()] == [(None, None)] * 6


def at_issue(bounded, ledgers):
    """What is to be lost a year to the copying of what is shown for credentials, of each ledger."""
    return [within(said["at_issue"]) for said in bounded.told(["annual_loss"], ledgers)["annual_loss"]]


def test_what_a_secret_would_have_been_granted_is_proven_of_the_least_instant(bounded):
    """A credential was issued between two hours and three; what the secret shown for it is good for may begin later."""
    issued, proven = (
        MORNING.having(credentials=[vouched(2 * HOUR, HOUR)]),
        {0: 1, 2 * HOUR: 1, 2.5 * HOUR: 0, 5 * HOUR: 0},
    )
    found = at_issue(bounded, [issued.having(trusts=[Trust(["write money"], since, **SECRET)]) for since in proven])
    most = A_YEAR * 40 / 60
    assert found == [pytest.approx((most * proven[since], most * (since < 4 * HOUR))) for since in proven]


def test_what_a_secret_opens_when_it_is_shown_is_the_least_and_the_most_of_its_instants(bounded):
    """Issued between two hours and three, while it opens notes, of 20, and from half past two money as well, of 40."""
    trusts = [Trust(["write notes"], **SECRET), Trust(["write money"], 2.5 * HOUR, **SECRET)]
    ledgers = [MORNING.having(credentials=[vouched(2 * HOUR, HOUR)] * keys, trusts=trusts) for keys in (1, 2)]
    for keys, found in enumerate(at_issue(bounded, ledgers), 1):
        assert found == pytest.approx((keys * A_YEAR * 20 / 60, keys * A_YEAR))


def test_what_may_have_been_issued_outside_the_window_is_not_proven_to_be_at_issue(bounded):
    """Issued within an hour from then on: just before the window, across its start, inside, and across its end."""
    proven = {-HOUR: 0, -HOUR / 2: 0, 0: 1, 2 * HOUR: 1, 3 * HOUR: 0}
    opened = MORNING.having(trusts=[Trust(["write notes", "write money"], **SECRET)])
    found = at_issue(bounded, [opened.having(credentials=[vouched(starts, HOUR, 9 * HOUR)]) for starts in proven])
    assert found == [pytest.approx((number * A_YEAR, A_YEAR)) for number in proven.values()]


def test_a_token_is_on_its_way_with_the_calls_of_the_window_and_no_others(bounded):
    """One in a hundred million is copied then; it is valid before the window and after it as well."""
    key, counts = (
        Credential(["write money"], -2 * HOUR, 9 * HOUR),
        {-1: 0, 0: 1, 4 * HOUR - 1: 1, 4 * HOUR: 0, 5 * HOUR: 0},
    )
    ledgers = [MORNING.having(credentials=[key], events=[use(time, credential=0)]) for time in counts]
    for (time, each), found in zip(counts.items(), bounded.told(["annual_loss"], ledgers)["annual_loss"], strict=True):
        assert (time, within(found["t1a"])) == (time, pytest.approx((each * A_YEAR * 40 / 60,) * 2))
