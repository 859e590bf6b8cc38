"""Measures where it is easy to be wrong: what is not known, edges of the window, what a definition decides."""

from dataclasses import replace
from random import Random

import pytest

from analysis.measures.examination import examine
from tests.ledgers import (
    CATALOGUE,
    DAY,
    HOUR,
    MONDAY,
    TWO_JEWELS,
    UNKNOWN,
    Answer,
    Atom,
    Credential,
    Decision,
    Demand,
    Event,
    Ledger,
    Need,
    Owner,
    Task,
    Trust,
    Writing,
    answers,
    store_of,
)
from tests.property.measures.holes import as_logs

MORNING = Ledger(
    seconds=4 * HOUR, credentials=[Credential(["write money"], 0, 3 * HOUR)],
    needs=[Need("write money", HOUR, HOUR + 60)], tasks=[Task(0, HOUR, HOUR + 90, "completed", arrived=HOUR)],
)  # fmt: skip

# ------------------------------------------------------------------------------------------------- what is not known

OPEN = MORNING.having(
    credentials=[Credential(["write money", "read money"], 0, UNKNOWN, task=0)], owners=[Owner()],
    events=[Event("use", HOUR, credential=0, task=0, decision="allow")],
)  # fmt: skip
UNBEGUN = MORNING.having(credentials=[Credential(["write money", "read money"], UNKNOWN, 3 * HOUR)], owners=[Owner()])


# What depends on the end of a credential, on its start, and on what it holds.
ON_ENDS = {
    "privilege_hours": ("held", "standing_task"),
    "crown_jewel_hours": ("held task", "obtainable task"),
    "blast_radius": ("t1b", "t2"),
    "stale_access": ("total", "used"),
    "stale_tail": ("p50",),
    "time_to_revoke": ("p50",),
    "identity_debt": ("never_needed item_hours", "outlived_task closing"),
}
ON_STARTS = {
    "privilege_hours": ("held",),
    "crown_jewel_hours": ("held task",),
    "stale_access": ("total", "used"),
    "stale_tail": ("p50",),
    "blast_radius": ("t1b", "t2"),
    "identity_debt": ("never_needed item_hours",),
}
ON_SCOPES = {
    "privilege_hours": ("held",),
    "crown_jewel_hours": ("held task",),
    "blast_radius": ("t1b",),
    "stale_access": ("total",),
}


def test_an_unknown_end_or_start_or_scope_is_never_clean(book):
    """What depends on the end, the start or the scope of a credential is open where nobody knows that, and counted."""
    anything = MORNING.having(credentials=[Credential(UNKNOWN, 0, 3 * HOUR)])
    for name, said in book.told(ON_ENDS, [OPEN, UNBEGUN, anything]).items():
        for why, parts, answer in zip(("end", "start", "scope"), (ON_ENDS, ON_STARTS, ON_SCOPES), said, strict=True):
            for part in parts.get(name, ()):
                assert (name, part, why, answer[part].hi) == (name, part, why, UNKNOWN)
                assert why == "scope" or (name, part, why, answer[part].unknowns > 0) == (name, part, why, True)


@pytest.mark.parametrize(("issuer", "keys"), [("human", (1, 1)), ("service", (0, 1)), ("agent", (0, 0))])
def test_an_account_that_a_real_log_takes_for_a_service_may_be_a_person(issuer, keys):
    """What it made somebody may have handed over past the issuer; what is known to be an agent is no person.

    Of a simulated run it is known what a service is.
    """
    key = Credential(["write notes"], HOUR, kind="static_key", handed=True)
    day = Ledger(seconds=DAY, credentials=[key])
    with store_of(replace(day, kind="ingested"), day) as store:
        as_logs(store)
        store.connection.execute("UPDATE fact.principal SET kind = $issuer WHERE kind = 'human'", {"issuer": issuer})
        with examine(store, "truth") as examination:
            real, simulated = (answers(examination, "shadow_keys")[run][""][:2] for run in (1, 2))
    assert (real, simulated) == (keys, (keys[0], keys[0]))


def test_what_is_certainly_outside_the_window_is_not_unknown(book):
    """Whatever its unknown end, a credential that cannot have been accepted in the window was not."""
    outside = [
        Credential(["write money"], UNKNOWN, -HOUR),
        Credential(["write money"], 5 * HOUR, UNKNOWN),
        Credential(["write money"], -HOUR, UNKNOWN, refused={"far": 0}),
    ]
    said = book.told(["crown_jewel_hours"], [MORNING.having(credentials=[held]) for held in outside])
    assert [each["held task"] for each in said["crown_jewel_hours"]] == [Answer(0, 0, 0)] * 3


def test_an_owner_that_may_have_left_is_not_an_owner(book):
    """An ownership of unknown end leaves it open whether the agent is owned."""
    assert book.one("identity_debt", MORNING.having(owners=[Owner(ends=UNKNOWN)]))["unowned closing"].hi is UNKNOWN


# ---------------------------------------------------------------------------------------------------------- quantiles

FORTY = range(1, 41)
# Forty values of n minutes each; the last instant of each must lie in the window.
MANY = {
    "added_latency": Ledger(
        DAY, needs=[Need("read notes", HOUR, HOUR + 1, task=n, asked=HOUR - 60 * n) for n in FORTY]
    ),
    "approvals": Ledger(DAY, decisions=[Decision(0, 60 * n + 1, 60 * n) for n in FORTY]),
    "stale_tail": Ledger(
        DAY, credentials=[Credential(["read notes"], 0, HOUR + 60 * n) for n in FORTY],
        needs=[Need("read notes", 60, HOUR)],
    ),
    "time_to_revoke": Ledger(
        DAY, credentials=[Credential(["read notes"], 0, HOUR + 60 * n, task=n) for n in FORTY],
        tasks=[Task(n, 0, HOUR, "completed") for n in FORTY],
    ),
}  # fmt: skip


PARTS = {
    "added_latency": ("action p95", "task p95", "action p50"),
    "approvals": ("wait_p95_minutes",),
    "stale_tail": ("p95", "p50"),
    "time_to_revoke": ("p95", "p50"),
}


def test_a_quantile_is_one_of_the_values_and_not_the_greatest(book):
    """Of forty values the ninety-fifth percentile is the thirty-eighth, the median the twentieth, not between two."""
    said = book.told(MANY, list(MANY.values()))
    for place, name in enumerate(MANY):
        for part in PARTS[name]:
            value = (38 if "p95" in part else 20) * (1 if "minutes" in part else 60)
            assert (name, part, said[name][place][part]) == (name, part, Answer(value, value, 0))


def test_whoever_may_break_more_work_may_choose_shorter_lives(book):
    """Of two hundred tasks of n seconds the longest two may break at 1 %, twenty at 10 %, and none at 0."""
    needs = [Need("write money", 0, n, task=n) for n in range(1, 201)]
    tasks = [Task(n, 0, n, "completed") for n in range(1, 201)]
    ledger = Ledger(needs=needs, tasks=tasks)
    shortest = {
        percent: book.one("lifetime_choice", ledger, most_percent=percent)["tier_3 unknown need sufficient"].lo
        for percent in (0, 1, 10)
    }
    assert shortest == {0: 200, 1: 198, 10: 180}
    said = book.one("lifetime_choice", ledger)
    assert (said["tier_3 unknown need p99"].lo, said["tier_3 unknown need longest"].lo) == (198, 200)


def test_a_task_under_way_may_be_the_longest(book):
    """Of ten tasks of n seconds one may break: the longest; or the shortest, if it goes on, and then no other."""
    needs = [Need("write money", 0, n, task=n) for n in range(1, 11)]
    tasks = [Task(1, 0), *(Task(n, 0, n, "completed") for n in range(2, 11))]
    said = book.one("lifetime_choice", Ledger(needs=needs, tasks=tasks), most_percent=10)
    assert said["tier_3 unknown need sufficient"] == Answer(9, 10, 1)


def test_what_a_lifetime_breaks_does_not_hang_on_control(book):
    """A task that waits an hour for control between two calls needs no longer life than one that does not."""
    calls = [Need("write money", 0, 60, task=1), Need("write money", 90, 120, task=1)]
    waiting = [calls[0], Need("write money", HOUR + 90, HOUR + 120, task=1, asked=90)]
    free, held = (
        book.one("lifetime_choice", Ledger(DAY, needs=needs, tasks=[Task(1, 0, 2 * HOUR, "completed")]))
        for needs in (calls, waiting)
    )
    assert held == free
    assert held["tier_3 unknown need longest"].lo == 120


# ----------------------------------------------------------------------------- where a measure and its definition part


def test_needs_at_the_same_instants_count_once():
    """Calls of three agents in twenty whole seconds, some of no length, are needed for the seconds of the others."""
    draws = Random(5)  # noqa: S311 - no secret depends on it
    spans = [(draws.randrange(3), 10 * draws.randrange(20), draws.choice((0, 1))) for _ in range(200)]
    needs = [Need("write money", s, s + takes, agent, task=n) for n, (agent, s, takes) in enumerate(spans)]
    seconds = len({(agent, start) for agent, start, takes in spans if takes})
    # In a store of its own: among other runs DuckDB happens to sort equal spans alike both times.
    with store_of(Ledger(agents=3, needs=needs)) as store, examine(store, "truth") as examination:
        [answer] = answers(examination, "privilege_hours").values()
    assert answer["identity_need_action"].lo == pytest.approx(8 * seconds / HOUR / 3 * 24)


def test_needing_one_jewel_does_not_excuse_another(book):
    """While a task needs to write money, being able to change permissions on it is still exposure."""
    both = Ledger(
        catalogue=TWO_JEWELS,
        credentials=[Credential(["write money", "permissions money"])],
        needs=[Need("write money", 0, HOUR)],
    )
    assert book.one("crown_jewel_hours", both)["held task"].lo == 24


def test_a_deny_wins(book):
    """An atom that its scope both allows and denies is not held."""
    ledger = Ledger(credentials=[Credential(["write money"])], denied=[(0, "write money")])
    assert book.one("privilege_hours", ledger)["held"].hi == 0


def test_a_condition_that_nobody_evaluated_is_not_proof(book):
    """Whether an atom under such a condition is held is not known, and is counted."""
    ledger = Ledger(credentials=[Credential(["write money"])], conditional=[(0, "write money")])
    answer = book.one("privilege_hours", ledger)["held"]
    assert answer == Answer(UNKNOWN, UNKNOWN, 1)


def test_an_empty_trust_grants_nothing(book):
    """What may be minted from noon to noon may not be minted."""
    empty = Ledger(trusts=[Trust(["write money"], 1800, 1800)])
    assert book.one("blast_radius", empty)["t2"].lo == 0


def test_a_use_at_the_instant_of_issue_is_a_use(book):
    """A need without duration, at the start of a credential's validity, lies in it."""
    instant = Ledger(credentials=[Credential(["write money"], 600, 1200)], needs=[Need("write money", 600, 600)])
    assert book.one("stale_access", instant)["never_used"].lo == 0
    assert book.one("stale_tail", instant)["p50"].lo == 600


def test_a_credential_that_ended_first_takes_no_time_to_revoke(book):
    """A task that ends after all its credentials did counts with zero seconds, wherever in time they ended."""
    early = Ledger(
        credentials=[Credential(["read notes"], -900, -60, task=0), Credential(["read notes"], 0, 700, task=2)],
        tasks=[Task(0, -800, 60, "completed"), Task(2, 0, 100, "completed")],
    )  # fmt: skip
    assert book.one("time_to_revoke", early)["p50"] == Answer(0, 0, 0)


def test_an_agent_is_unowned_for_as_long_as_nobody_owns_it(book):
    """Half a window without an owner is twelve item-hours a day."""
    owned = {Owner(): 0, Owner(ends=1800): 12, Owner(starts=1800): 12, Owner(starts=2 * HOUR): 24}
    said = book.told(["identity_debt"], [Ledger(owners=[owner]) for owner in owned])["identity_debt"]
    assert [each["unowned item_hours"].lo for each in said] == list(owned.values())


def test_unneeded_access_is_open_while_it_is_held(book):
    """An atom held for the first and the last minute of an hour was not open in between."""
    twice = Ledger(credentials=[Credential(["read notes"], 0, 60), Credential(["read notes"], 3540, 3600)])
    assert book.one("identity_debt", twice)["never_needed item_hours"].lo == pytest.approx(24 * 2 / 60)


def test_a_need_that_ended_before_the_window_is_none_in_it(book):
    """What was needed until the window opened, and never in it, was not needed in it."""
    past = Ledger(credentials=[Credential(["read notes"])], needs=[Need("read notes", -60, 0)])
    assert book.one("identity_debt", past)["never_needed closing"].lo == 1


def test_a_request_that_nobody_looked_at_waited(book):
    """Nine of ten requests that time out after an hour make a wait of an hour, at least."""
    timed_out = [Decision(60 * n, 60 * n + HOUR, UNKNOWN, "deny", "timeout") for n in range(9)]
    asked = Ledger(seconds=2 * HOUR, decisions=[Decision(0, 60, 30), *timed_out], tasks=[Task(0, 0, 10, "completed")])
    assert book.one("approvals", asked)["wait_p95_minutes"].lo == 60


def test_inspection_is_counted_inside_the_window(book):
    """A request is counted when it is asked, its inspection as far as the window shows it."""
    late = Ledger(decisions=[Decision(3000, 4000, 3480)], tasks=[Task(0, 0, 10, "completed")])
    said = book.one("approvals", late)
    assert (said["requests_per_100_tasks"].lo, said["minutes_per_100_tasks"].lo) == (100, 200)
    assert said["wait_p95_minutes"] == Answer(8, 8, 0)


def test_a_task_that_is_refused_and_asks_again_waited_all_the_while(book):
    """Refused at 0 s, admitted at 30 s, at work at 31 s: thirty-one seconds of wait."""
    asked = [Event("decide", time, task=0, takes=1, decision=d) for time, d in ((0, "deny"), (30, "allow"))]
    retried = Ledger(events=asked, tasks=[Task(0, 0, 40, "completed")], needs=[Need("read notes", 31, 35)])
    assert book.one("added_latency", retried)["task p50"].lo == 31


def test_more_is_asked_of_approvers_than_they_can_do(book):
    """Sixty tasks an hour that ask for two minutes each offer one approver twice an hour's work, whatever gets done."""
    tasks = [Task(n, arrived=60 * n) for n in range(60)]
    done = [Decision(60 * n, 120 * n + 120, 120 * n) for n in range(30)]
    much = Ledger(tasks=tasks, decisions=done, demands=[Demand(n) for n in range(60)])
    assert book.one("offered_load", much)["approvers"].hi == pytest.approx(200)


def test_what_nobody_has_come_to_ask_for_is_load_too(book):
    """Where one task waits for ever and the others for it, all 45 offer their two minutes in an hour and a half."""
    waiting = [Task(n, arrived=60 * n) for n in range(45)]
    stuck = Ledger(seconds=1.5 * HOUR, tasks=waiting, events=[Event("request_approval", 1)],
                   demands=[Demand(n) for n in range(45)])  # fmt: skip
    assert book.one("offered_load", stuck)["approvers"].hi == pytest.approx(100)


def test_what_others_are_asked_is_no_load_of_the_desk(book):
    """Of 45 requests, a third goes to the desk and a third there by ticket; owners see to the rest."""
    through = ("desk", "ticket", "owner")
    tasks, asked = [Task(n, arrived=60 * n) for n in range(45)], [Demand(n, 1, through[n % 3]) for n in range(45)]
    said = book.one("offered_load", Ledger(seconds=1.5 * HOUR, tasks=tasks, demands=asked))
    assert said["approvers"].hi == pytest.approx(200 / 3)


def test_what_goes_on_to_the_desk_is_load_of_it(book):
    """What an owner did not take up and the desk is asked instead: thirty requests of two minutes in an hour."""
    asked = [Event("escalate", 60 * n, asked=through) for n in range(30) for through in ("desk", "on_call")]
    assert book.one("offered_load", Ledger(events=asked))["approvers"].hi == pytest.approx(100)


def test_a_desk_that_is_closed_all_along_still_has_a_row(book):
    """The load of approvers who work none of the window's hours is not known, and is said to be."""
    law = {"inspection_median_s": 60, "inspection_sigma": 0}
    desk = {"staff": 1, "opens": 9, "closes": 17, "weekends": False, **law}
    weekdays = {"fleet": {"concurrency": 1}, "approvers": desk}
    [said] = book.told(["offered_load"], [Ledger(scenario=weekdays)], Writing(epoch=MONDAY + 5 * DAY))["offered_load"]
    assert said["approvers"][:2] == (UNKNOWN, UNKNOWN)


def test_a_credential_that_two_sources_report_is_issued_once(book):
    """Two events that issue the same credential are one issue."""
    twice = Ledger(seconds=DAY, events=[Event("assume", 60, issued=7), Event("assume", 61, issued=7)])
    assert book.one("issuance", twice)["issued"].lo == 1


def test_a_rate_per_agent_of_no_agents_is_not_known(book):
    """Credentials issued where no identity is known are no finite number a day, nor an infinite one."""
    nobody = Ledger(agents=0, events=[Event("issue", 60, issued=7, agent=None)])
    assert book.one("issuance", nobody)["issued"].lo is UNKNOWN


def test_a_day_of_one_agent_has_no_more_than_its_hours(book):
    """What an unknown holder has cannot lift one agent's exposure above twenty-four hours a day."""
    stray = Ledger(credentials=[Credential(["write money"]), Credential(["write money"], agent=UNKNOWN)])
    answer = book.one("crown_jewel_hours", stray)["held task"]
    assert answer.lo is UNKNOWN or answer.lo <= 24


def test_a_log_that_shows_no_jewel_does_not_prove_that_there_is_none():
    """A key of unknown scope, seen to read notes, may hold jewels that no event of the log names."""
    seen = Event("use", 600, credential=0, atom="read notes", decision="allow")
    real = Ledger(kind="ingested", profile="cloudtrail", catalogue=CATALOGUE[:2], events=[seen])
    with store_of(real) as store:
        store.complete(1)
        with examine(store, "log") as examination:
            assert answers(examination, "crown_jewel_hours")[1]["held task"].hi is UNKNOWN


def test_doing_less_is_not_safer(book):
    """Whoever breaks half of the work has the same exposure per agent-day, and twice as much for each task done."""
    key = Credential(atoms=("write money",), starts=0, ends=DAY)
    tasks = [Task(n, n * 60, n * 60 + 30, "completed", arrived=n * 60) for n in range(1, 11)]
    half = [replace(task, outcome="broken") if task.id % 2 else task for task in tasks]
    ledgers = [Ledger(DAY, credentials=[key], tasks=each) for each in (tasks, half)]
    told = book.told(["exposure_per_task", "crown_jewel_hours"], ledgers)
    all_done, half_done = (said["held_jewels task"].lo for said in told["exposure_per_task"])
    assert half_done == pytest.approx(2 * all_done)
    assert told["crown_jewel_hours"][0] == told["crown_jewel_hours"][1]


def test_cutting_resources_up_moves_no_coarse_figure(book):
    """Two groups where there was one double what is counted by atoms; by tier and change, nothing is more."""
    one = (Atom("write", "money", "far", tier=3, resources=5, weight=8),)
    two = (*one, replace(one[0], group="gold"))
    whole = {one: [Credential(atoms=("write money",), starts=0, ends=HOUR)]}
    whole[two] = [Credential(atoms=("write money", "write gold"), starts=0, ends=HOUR)]
    ledgers = [Ledger(DAY, catalogue=catalogue, credentials=keys) for catalogue, keys in whole.items()]
    told = book.told(["effective_authority"], ledgers)["effective_authority"]
    for part, before in told[0].items():
        assert told[1][part].lo == pytest.approx(before.lo * (2 if "fine" in part else 1))


def test_staff_for_the_peak_is_that_of_the_tables(book):
    """Sixteen requests an hour of half an hour each: ten people leave 40.9 % waiting, as in tables of Erlang's C."""
    asked = [9 * HOUR + 225 * n for n in range(16)]
    ledger = Ledger(DAY, decisions=[Decision(time, time + 1800, time, through="desk") for time in asked])
    needed = {
        late: book.one("approval_peak", ledger, wait_minutes=0, late_percent=late)["staff_needed"].lo
        for late in (40.8, 41.0)
    }
    assert needed == {40.8: 11, 41.0: 10}


def test_a_longer_wait_takes_no_more_people(book):
    """The longer a request may wait, and the more of them, the fewer people it takes; never fewer than are busy."""
    ledger = Ledger(DAY, decisions=[Decision(9 * HOUR + n, 9 * HOUR + 900 + n, 9 * HOUR + n) for n in range(10)])
    needed = [
        book.one("approval_peak", ledger, wait_minutes=minutes, late_percent=5)["staff_needed"].lo
        for minutes in (0, 1, 15, 600)
    ]
    assert needed == sorted(needed, reverse=True)
    assert needed[0] > needed[-1] > book.one("approval_peak", ledger)["load"].lo


def test_whoever_stands_before_what_is_held_keeps_nothing_out(book):
    """A human who is asked for what the agent holds anyway costs hours and keeps nothing out of reach."""
    asked = [Decision(60, 120, 60)]
    answers_ = [Event("decide_approval", 120, approval=0, atom="write money", decision="allow")]
    gate = [Trust(atoms=("write money",), starts=0, ends=DAY, gate="human", permit=0)]
    keys = {held: [Credential(atoms=("write money",), starts=0, ends=held)] for held in (1, DAY)}
    about = {"trusts": gate, "decisions": asked, "events": answers_}
    told = {held: book.one("approval_value", Ledger(DAY, credentials=keys[held], **about)) for held in keys}
    assert told[DAY]["tier_3 kept_out"].lo == 0 < told[1]["tier_3 kept_out"].lo
    assert told[DAY]["tier_3 approver_hours"] == told[1]["tier_3 approver_hours"]


def test_an_estate_that_is_worth_nothing_has_no_shares(book):
    """Of nothing nothing can be lost: no share, and no certain whole."""
    ledger = Ledger(DAY, catalogue=[replace(atom, weight=0) for atom in CATALOGUE])
    names = ("blast_radius", "reach_by_hops", "tail_radius", "annual_loss", "exceedance")
    for name, [said] in book.told(names, [ledger]).items():
        assert (name, {answer[:2] for answer in said.values()}) == (name, {(None, None)})


def test_what_no_staff_can_keep_has_no_number(book):
    """Where no number of people is enough, none is given, or more than requests; it is not sought for ever."""
    asked = [Decision(9 * HOUR + n, 9 * HOUR + 600 + n, 9 * HOUR + n, through="desk") for n in range(30)]
    found = book.one("approval_peak", Ledger(DAY, decisions=asked), late_percent=0)["staff_needed"]
    assert found.lo is None or found.lo > 30
