"""What measures say on a terminal: replications together, with intervals, and of what is not shown the reason."""

import re
from dataclasses import replace
from datetime import timedelta
from functools import cache
from math import inf

import pytest

from analysis.lacks import lack_of, unseen
from analysis.measures.examination import examine
from analysis.measures.measure import find, measures
from analysis.report.findings import finding
from analysis.report.sheet import Sheet, Variant, as_text, rows_named
from analysis.samples import measured
from outlive.sheets import sheets_of
from sim.audit.store import Store
from tests.ledgers import DAY, HOUR, Atom, Credential, Decision, Event, Ledger, Need, Platform, Task, store_of


def worked(seconds, control="bench", replicate=0, **more):
    """A day on which tasks arrive at midnight and take so many seconds each."""
    tasks = [Task(n, 0, each, "completed", arrived=0) for n, each in enumerate(seconds)]
    return Ledger(seconds=DAY, control=control, replicate=replicate, tasks=tasks, **more)


def odd_and_even():
    """Two runs of sixty tasks in all, whose medians are 29 and 30 seconds, and that of all is 30."""
    return store_of(worked(range(1, 61, 2), replicate=0), worked(range(2, 62, 2), replicate=1))


def told(store, *names, evidence=None):
    """What a sheet says, as lines without blanks at either end."""
    return [line.strip() for line in sheets_of(store, names, evidence=evidence).splitlines()]


def flowing(lines):
    """The same as one line."""
    return " ".join(filter(None, lines))


def test_a_quantile_of_several_runs_is_that_of_all_they_saw():
    """The median of all tasks, in the unit that fits, and not the mean of each run's; the mean is one."""
    found = told(odd_and_even(), "turnaround")
    assert re.search(r"p50 +30 s \[", flowing(found))
    assert re.search(r"mean +30 s \[24, 37\]", flowing(found))


def test_what_is_too_little_says_so():
    """Sixty tasks bear no p95, though each run has one; if nobody asked for it by name it goes below the table."""
    with odd_and_even() as store:
        asked = flowing(told(store, "turnaround"))
        with examine(store, "truth") as examination:
            found = finding(measured(examination, find("turnaround")), [[1, 2]])
    assert re.search(r"p95 +too few", asked)
    assert "too few: too few independent observations (a p50 takes 40, a p95 400, a p99 2,000)." in asked
    sheet = Sheet({"bench": Variant("bench", 2, timedelta(days=1))}, (found,))
    table, below = as_text(sheet, 200).split("Not shown, because\n")
    assert "p50" in table
    assert "p95" not in table
    assert below.startswith(
        "  too few independent observations (a p50 takes 40, a p95 400, a p99 2,000): turnaround (p95, p99)."
    )


def test_intervals_stand_beside_what_differs_from_run_to_run():
    """With what they mean; one run has none, and says so."""
    runs = [worked([10 * n], replicate=n) for n in range(1, 8)]
    found = flowing(told(store_of(*runs), "turnaround"))
    # Seven means, of which Student's interval is 40 +- 2.447 * 21.6 / 7 ** 0.5.
    assert re.search(r"mean +40 s \[20, 60\]", found)
    assert "Means over 7 runs of each model" in found
    assert "[a, b]: 95 % interval" in found
    alone = flowing(told(store_of(runs[0]), "turnaround"))
    assert "One run of each model, so that there are no intervals." in alone
    assert "[" not in alone


def test_each_model_has_a_column_and_runs_that_are_no_replications_have_their_own():
    """Named by their first run where they share a name."""
    ledgers = [worked([10], "one"), worked([20], "two"), worked([30], "two", profile="cloud_audit")]
    found = told(store_of(*ledgers), "turnaround")
    assert re.split("  +|(?<=one) ", found[2]) == ["turnaround", "one", "two from run 2 two from run 3"]
    assert found[0] == "Simulated under 2 control models in 3 variants, measured on the truth."
    assert "One run of each variant" in flowing(found)


def test_of_windows_that_differ_each_column_has_its_own():
    """What is told per day goes by that, and not by the shortest."""
    ledgers = [worked([10]), replace(worked([10]), seconds=6 * HOUR, profile="cloud_audit")]
    found = told(store_of(*ledgers), "crown_jewel_hours")
    assert [line.split() for line in found[3:4]] == [["hours", "per", "agent-day", "over", "24", "h", "over", "6", "h"]]
    assert "Per day: as if every day were like the window of its column, of 24 h and 6 h." in flowing(found)
    assert "window" not in flowing(told(store_of(ledgers[0]), "crown_jewel_hours"))


def test_times_stand_under_a_heading_of_their_own():
    """Each has its unit beside it, so that it is none of what is counted above; of times alone nothing need be said."""
    found = told(store_of(worked([10])), "time_to_revoke", "turnaround")
    assert [line for line in found if line.endswith(":")] == ["tasks:", "instants:", "lengths of its task:", "time:"]
    assert found.index("time:") < next(n for n, line in enumerate(found) if line.startswith("p50"))


LACKS = {
    "nothing asked": ("approvals", ("stat", "wait_p95_minutes"), "none seen"),
    "too little": ("turnaround", ("stat", "p50"), "too few"),
    "nothing to divide by": ("approvals", ("stat", "refused_percent"), "–"),
}


@pytest.mark.parametrize(("name", "row", "word"), LACKS.values(), ids=LACKS)
def test_why_there_is_no_value_is_told_apart(name, row, word):
    """Nothing of the kind, too little of it, or nothing to take it of."""
    with store_of(worked([10])) as store, examine(store, "truth") as examination:
        assert lack_of(measured(examination, find(name)), (row,), [1]).word == word


def test_how_much_a_log_tells_is_asked_of_the_log_unless_somebody_says_which():
    """Of a simulated run too, and of it alone: all else is measured on the truth."""
    with store_of(worked([10])) as store:
        said = {each: told(store, "turnaround", "forensics", evidence=each) for each in (None, "truth")}
    heads = {which: [each for each in lines if "measured on" in each] for which, lines in said.items()}
    assert heads == {
        None: [f"Simulated under 1 control model, measured on {on}." for on in ("the truth", "the log of each")],
        "truth": ["Simulated under 1 control model, measured on the truth."],
    }


def test_of_several_models_too_what_all_values_of_a_row_rest_on_is_said_at_its_name():
    """What a platform offers is declared under every model; it was not measured."""
    atom = Atom("read", "notes", "near", tier=1, resources=10, weight=1, platform="cloud")
    ledgers = [Ledger(catalogue=[atom], platforms=[Platform("cloud", 90, HOUR, HOUR)], control=each) for each in "ab"]
    with store_of(*ledgers) as store:
        assert re.search(
            r"tier_1 cloud offered +90 s +90 s shortest \(declared\)", flowing(told(store, "lifetime_choice"))
        )


def test_a_log_that_shows_too_little_is_no_log_in_which_nothing_happened():
    """Where one log of several shows no tasks, that is why, whatever the others show."""
    with store_of(worked([10], replicate=0), worked([20], replicate=1, profile="cloud_audit")) as store:
        for run in (1, 2):
            store.complete(run)
        with examine(store, "log", [1, 2]) as examination:
            found = lack_of(measured(examination, find("break_glass")), (("stat", "taken_per_1000_tasks"),), [1, 2])
    assert (found.word, found.why) == ("not told", "needs what this log does not show: tasks")


@pytest.mark.parametrize(
    ("uses", "word", "why"),
    [
        (39, "too few", "too few independent observations"),
        (40, "– in 1 of 2", "nothing of the kind was seen in the log"),
    ],
)
def test_where_one_log_bears_a_quantile_that_another_has_nothing_of_it_is_not_too_little(uses, word, why):
    """So many uses a minute apart and one of unknown outcome, which no curve can hold; and a log without any."""
    calls = [Event("use", 60 * n, atom="read notes", decision="allow") for n in range(uses)]
    used = Ledger(DAY, events=[*calls, Event("use", 60 * uses, atom="read notes")])
    with store_of(used, Ledger(DAY, replicate=1)) as store:
        store.complete(1, 2)
        with examine(store, "log", [1, 2]) as examination:
            found = lack_of(measured(examination, find("dormancy")), (("stat", "next_use_p50"),), [1, 2])
    assert (found.word, found.why[: len(why)]) == (word, why)


def test_of_some_runs_without_a_value_their_number_is_told():
    """No mean is taken over the others alone."""
    asked = worked([10], decisions=[Decision(0, 60, 0, task=0)])
    with store_of(worked([10], replicate=1), asked) as store:
        assert re.search(r"refused_percent +– in 1 of 2", flowing(told(store, "approvals")))


def test_what_a_platform_does_not_limit_is_no_more_unknown_than_what_it_does_not_publish():
    """No limit, and unpublished: of the first somebody knows that there is none."""
    atom = Atom("read", "notes", "near", tier=1, resources=10, weight=1, platform="cloud")
    endless = Platform("cloud", 1, inf, inf)
    with store_of(Ledger(catalogue=[atom], platforms=[endless], control="bench")) as store:
        [line] = [line for line in told(store, "lifetime_choice") if line.startswith("tier_1 cloud offered")]
    assert line.split() == ["tier_1", "cloud", "offered", *["no", "limit"] * 2, "unpublished", "1", "s"]


def test_of_one_model_rows_of_many_words_are_told_across(monkeypatch):
    """Lengths, what is offered and what each life costs are a table each; what a column rests on is said once."""
    atom = Atom("read", "notes", "near", tier=1, resources=10, weight=1, platform="cloud")
    cloud = Ledger(DAY, catalogue=[atom], platforms=[Platform("cloud", 90, HOUR, HOUR, 2.0)], control="bench",
                   tasks=[Task(0, 60, 180, "completed", arrived=60)], needs=[Need("read notes", 60, 180)])  # fmt: skip
    monkeypatch.setenv("COLUMNS", "160")
    with store_of(cloud) as store:
        found = told(store, "lifetime_choice")
    heads = [line.split()[1:] for line in found if line.startswith("lifetime_choice")]
    assert heads == [
        ["longest", "p99", "sufficient"], ["longest", "longest_cut", "quota", "shortest"],
        ["breaks_percent", "got", "got_cut", "idle", "peak", "quota_percent"],
    ]  # fmt: skip
    lives = [line.split() for line in found if line.startswith("tier_1 cloud 1")]
    assert [each[:6] for each in lives] == [
        ["tier_1", "cloud", "1_min", "100", "90", "s"], ["tier_1", "cloud", "15_min", "0", "15", "min"],
        ["tier_1", "cloud", "1_hour", "0", "60", "min"], ["tier_1", "cloud", "12_hours", "0", "60", "min"],
    ]  # fmt: skip
    assert "(declared)" not in "".join(each for line in lives for each in line)


# ----------------------------------------------------------------------------------------------------------------- logs


@pytest.fixture
def trail():
    """An hour of a trail: a call under a key that nobody saw issued."""
    seen = Event("use", 60, credential=0, atom="read notes", decision="allow")
    return store_of(Ledger(HOUR, kind="ingested", profile="cloudtrail", events=[seen, Event("use", 90)]))


def test_a_log_says_what_it_would_have_to_show(trail):
    """What it tells nothing of is below, under what that needs; what it proves nothing of, unless it was asked for."""
    found = told(trail)
    below = flowing(found).partition("Not shown, because the log does not show")[2]
    assert re.search(r"(^|\. )tasks and every event: [^.:]*time_to_revoke", below)
    assert re.search(r"(^|\. )tasks, entitlements and every event: [^.:]*blast_radius", below)
    assert re.search("the log proves nothing of that and sets no limit to it: [^.:]*effective_authority", below)
    assert not {"time_to_revoke", "blast_radius", "effective_authority"} & set(found)
    assert "effective_authority" in told(trail, "effective_authority")


def test_what_is_possible_at_most_rests_on_the_log_being_complete(trail):
    """Nobody can see that of a log: it is said where one is believed and some limit is told, and nowhere else."""
    rests = "What is possible at most rests on the log being complete: every event of the kinds that it keeps"
    assert rests in flowing(told(trail, "issuance"))
    assert rests not in flowing(told(trail, "effective_authority"))
    believed_less = store_of(Ledger(HOUR, kind="ingested", profile="kubernetes", events=[Event("use", 90)]))
    assert rests not in flowing(told(believed_less))


ALL, KEPT = "every event", "every event of the kinds that it keeps"


@cache
def flags():
    """What evidence can show."""
    with Store.in_memory() as store:
        return [name.removeprefix("sees_") for name in store.connection.table("log.run").columns if "sees_" in name]


@pytest.mark.parametrize(
    ("name", "lacking", "said"),
    [
        ("bound_actions", {"every_event"}, []),
        ("bound_actions", {"every_event", "all_kept"}, [KEPT]),
        ("time_to_revoke", {"every_event"}, [ALL]),
        ("time_to_revoke", {"every_event", "all_kept"}, [ALL]),
        ("issuance", {"every_event"}, [ALL]),
        # Whoever has them all has those of some kinds.
        ("issuance", {"every_event", "all_kept"}, [ALL]),
    ],
)
def test_every_event_is_told_apart_from_every_event_that_a_log_of_its_kind_keeps(name, lacking, said):
    """Which calls were bound hangs on nothing being lost; time to revoke on no kind of event being left out as well."""
    shows = {each: each not in lacking for each in flags()}
    assert unseen(find(name), shows, ()) == said


@pytest.mark.parametrize("measure", measures(), ids=lambda each: each.name)
def test_whatever_evidence_may_lack_is_told(measure):
    """Each thing that a definition asks evidence for is named where that is all that is missing."""
    for flag in set(re.findall(r"\bsees_(\w+)\b", measure.sql)) & set(flags()):
        assert len(unseen(measure, {each: each != flag for each in flags()}, ())) == 1, flag


@pytest.mark.parametrize("kind", ["ingested", "simulated"])
def test_of_what_no_log_tells_it_is_said_what_it_would_have_to_show(kind):
    """Though a log shows all it could, whose it was that was refused is not told."""
    log = Ledger(HOUR, kind=kind, profile="full")
    found = flowing(told(store_of(log), "least_privilege", evidence="log"))
    below = found.partition("Not shown, because the log does not show")[2]
    assert below.startswith(" whether what was refused was work: least_privilege")
    of_all = store_of(replace(log, kind="simulated"))
    assert "whether" not in flowing(told(of_all, "least_privilege", evidence="truth"))


def test_a_log_of_an_hour_has_no_figures_per_day(trail):
    """They are for all of it, per identity, as its page has them."""
    found = flowing(told(trail, "privilege_hours", "issuance"))
    assert "for all of the log, which is too short for figures per day" in found
    assert "0  credentials per identity" in found
    assert "agent-day" not in found


def issued(number):
    """An hour in which so many credentials are issued, each used two seconds later; no kind of call is left out."""
    events = [each for n in range(number) for each in (
        Event("issue", 10 * n, issued=n), Event("use", 10 * n + 2, credential=n, atom="read notes", decision="allow"),
    )]  # fmt: skip
    store = store_of(Ledger(HOUR, kind="ingested", profile="cloudtrail", events=events))
    store.connection.execute("UPDATE fact.log_profile SET every_use = true")
    return store


def test_a_quantile_of_a_log_is_told_with_what_it_is_of():
    """And not at all where that is too little: the rule of simulated runs, of which one counts as it is."""
    enough, few = (flowing(told(issued(number), "issuance")) for number in (40, 39))
    assert re.search("first_use_p50 +2 s, n = 40", enough)
    assert "n: how many observations a quantile is of" in enough
    assert "(a p50 takes 40, a p95 400, a p99 2,000): there are 40: issuance (first_use_p95)." in enough
    assert "(a p50 takes 40, a p95 400, a p99 2,000): there are 39: issuance (first_use_p50, first_use_p95)." in few
    assert "n =" not in few


def outlived(keys):
    """A log of eighty tasks that so many keys in turn outlive, each of which ends at an instant of its own."""
    events = [each for n in range(80) for each in (
        Event("task_start", 60 * n, task=n), Event("task_end", 60 * n + 30, task=n, reason="completed"),
        Event("use", 60 * n + 1, credential=n % keys, task=n, atom="read notes", decision="allow"),
    )]  # fmt: skip
    tasks = [Task(n, 60 * n, 60 * n + 30, "completed") for n in range(80)]
    held = [Credential(["read notes"], 0, 2 * HOUR + n) for n in range(keys)]
    store = store_of(Ledger(DAY, kind="ingested", profile="full", tasks=tasks, events=events, credentials=held))
    store.complete(1)
    return store


def test_tasks_that_one_end_took_along_are_no_more_than_one():
    """Eighty tasks that forty keys outlive, two each, bear a median and no p95; of 39 keys not even that."""
    enough, few = (flowing(told(outlived(keys), "time_to_revoke", evidence="log")) for keys in (40, 39))
    assert re.search(r" p50 +79\.5 min, n = 80", enough)
    assert re.search(r" ends +40 ", enough)
    assert "there are 40: time_to_revoke (lengths_p95, p95)." in enough
    assert "there are 39: time_to_revoke (lengths_p50, lengths_p95, p50, p95)." in few


def test_rates_of_a_short_window_are_said_to_be_that():
    """A simulated hour has figures per day, so that models of several windows are told alike; they go by that hour."""
    found = flowing(told(store_of(Ledger(HOUR, control="bench", credentials=[Credential(["read notes"])])), "issuance"))
    assert "Per day: as if every day were like these 60 min." in found


def test_a_replay_does_not_take_what_nobody_knows_for_nothing():
    """It says what the log does not show, and what a replay is without: not that nobody was left without an owner."""
    replay = Ledger(HOUR, control="bench", scenario={"rebuilt": {"tasks": "a session each"}}, kind="replayed")
    found = flowing(told(store_of(replay), "orphans", "human_reach"))
    assert found.startswith("A log replayed under 1 control model, measured on the truth. A replay has no sub-agents")
    shown = found.partition("Not shown, because the log does not show ")[2]
    assert re.match(r"the organisation \(owners, .*\): orphans; human_reach\.", shown)
    assert not re.search("never_owned open +0", found)


def test_intervals_of_a_replay_are_said_to_be_of_one_log():
    """Two sets of draws for the same minutes tell nothing of what another day brings."""
    runs = [worked(range(1, 30 + 9 * n), "bench", n).having(scenario={"rebuilt": {}}) for n in range(3)]
    found = flowing(told(store_of(*runs), "work_done", "turnaround"))
    assert "95 % interval over draws for the same log (how another day would differ is not in it), each for" in found


# --------------------------------------------------------------------------------------------------------------- layout


@pytest.mark.parametrize("columns", [80, 100, 160])
def test_no_line_is_wider_than_the_terminal(columns, monkeypatch):
    """Intervals go below their values, and models below each other, where there is no room beside them."""
    ledgers = [worked(range(1 + n, 60 + 9 * n), f"model_{m}_with_a_name", n) for m in range(6) for n in range(3)]
    monkeypatch.setenv("COLUMNS", str(columns))
    found = told(store_of(*ledgers), "turnaround", "work_done", "permit_under_attack")
    assert max(map(len, found)) <= columns
    assert {f"model_{m}_with_a_name" for m in range(6)} <= set(flowing(found).split())


ROWS = {
    "p50, p95": [("p50",), ("p95",)],
    "t1, t2 · mean, most": [("t1", "mean"), ("t1", "most"), ("t2", "mean"), ("t2", "most")],
    "t1 · mean; t1, t2 · most": [("t1", "mean"), ("t1", "most"), ("t2", "most")],
    "a · x, y · p50": [("a", "x", "p50"), ("a", "y", "p50")],
    "": [()],
}


@pytest.mark.parametrize(("words", "labels"), ROWS.items())
def test_rows_are_named_by_what_they_have_in_common(words, labels):
    """Each word once, in the order in which a row has them."""
    assert rows_named(labels) == words
