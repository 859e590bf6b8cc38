"""What a result rests on is told: which figures were assumed, and what so long a window can show."""

from dataclasses import replace

import pandas as pd
import pytest

from analysis.comparison import Observed
from analysis.report.findings import Amount
from analysis.report.grounds import basis, control_grounds, said, scenario_grounds, setting, window
from analysis.report.knobs import sections
from analysis.report.load import Pool
from analysis.report.rests import rests_on
from tests.analysis.report.made import SCENARIO, baseline, compared, model, row, told


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("assumed: no published figure", "assumed"),
        ("A survey; staff is assumed", "partly assumed"),
        ("A survey, 2026", "published"),
        ("", "not stated"),
    ],
)
def test_what_is_assumed_is_marked(source, expected):
    """A source that says of itself that it assumes is no source."""
    assert basis(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("assumed: size of the estate", "size of the estate"),
        ("assumed within published bands: 70 %", "within published bands: 70 %"),
        ("assumed to be like AWS IAM", "to be like AWS IAM"),
        ("A survey; staff is assumed", "A survey; staff is assumed"),
    ],
)
def test_a_mark_is_not_said_twice(source, expected):
    """Beside the mark `assumed` the source does not begin with the same word."""
    assert said(source) == expected


def test_every_figure_comes_with_its_source():
    """Sections and entries of lists alike, each with figures in words."""
    found = {ground.place: ground for ground in scenario_grounds(compared(baseline()))}
    assert found["arrivals"].text == "per agent day 50"
    assert found["groups: money"].basis == "assumed"
    assert found["calls"].source == "A survey, 2026"
    assert control_grounds(baseline())[0].text == "unit task"


def test_figures_of_a_fleet_come_with_their_source():
    """What a fleet has of its own is told group by group, each with its source; the fleet itself has none."""
    fleets = [{"name": "support", "calls": {"mean": 5.82, "source": "A survey, 2026"}}]
    told_of = compared(baseline(), scenario={**SCENARIO, "fleets": fleets})
    found = {ground.place: ground for ground in scenario_grounds(told_of)}
    assert found["fleets: support: calls"].text == "mean 5.82"
    assert found["fleets: support: calls"].basis == "published"
    assert "fleets: support" not in found


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("median_s", 0.06, ("median", "0.06 s")),
        ("timeout_hours", 24.0, ("timeout", "24 h")),
        ("hours", 48.0, ("", "48 h")),
        ("resources", 90000, ("resources", "90,000")),
        ("ttl_s", "never", ("ttl", "never")),
        ("weekends", True, ("weekends", "yes")),
        ("by_quarter", [0.03, 0.1], ("by quarter", "0.03, 0.1")),
        ("name", "a\u202eb", ("name", "a\\u202eb")),
        ("where", {"withDecryption": True, "depth": 2}, ("where", "withDecryption yes, depth 2")),
    ],
)
def test_a_setting_is_read_in_words(name, value, expected):
    """The unit moves from the name to the value."""
    assert setting(name, value) == expected


def test_assumptions_are_counted_and_not_said_to_be_varied():
    """The first screen says that nothing was varied, how much is assumed, and the main figures of it."""
    said = " ".join(rests_on(compared(baseline(), model("other"))))
    assert said.startswith("Assumptions not varied")
    assert "whether a claim holds in 90 % of draws of them, only outlive sensitivity tells." in said
    assert "3 of 4 groups of figures are assumed wholly or in part: arrivals (50 per agent day);" in said
    assert "approvers (3 staff, 90 s inspection median)" in said
    assert "In the control models, 2 of 2 groups of knobs are assumed." in said


def test_approval_rests_on_inspection():
    """A model that asks humans hangs on their looking, and is named with the share that do."""
    asking = row("asking", model("asking").cells, {"approval": {"from_tier": 3}})
    said = " ".join(rests_on(compared(baseline(), asking)))
    assert "For asking: that approvers really inspect 100 % of requests, and recognise every attack. Obtainable" in said
    assert "really inspect" not in " ".join(rests_on(compared(baseline())))


def test_approvers_who_are_misled_are_told_of():
    """Where some attacks are allowed by whoever inspects them, nobody is said to recognise every one."""
    asking = row("asking", model("asking").cells, {"approval": {"from_tier": 3}})
    misled = {**SCENARIO["approvers"], "misled": 0.25}
    said = " ".join(rests_on(compared(baseline(), asking, scenario={**SCENARIO, "approvers": misled})))
    assert "and allow 25 % of the attacks that they inspect. Obtainable is all or nothing" in said
    assert "recognise" not in said


def test_what_was_not_put_in_is_pointed_to():
    """A simulated world stands beside published figures; that some disagree is said where the answer is."""
    assert "docs/stylised_facts.md; not all agree." in " ".join(rests_on(compared(baseline())))


def test_a_replay_says_whose_authority_is_pooled_and_what_is_extrapolated():
    """Under a model that gives what all need, each identity may do what any did; an hour of log is not a day."""
    pooling = row("pooling", model("pooling").cells, {"issue": {"authority": "role_union"}})
    comparison = replace(compared(baseline(), pooling), observed=Observed("A log", {}))
    begins, starts, _ = comparison.window
    said = " ".join(rests_on(replace(comparison, window=(begins, starts, starts + pd.Timedelta(hours=1)))))
    assert "For pooling: what all 15 identities did is pooled, and each may do it" in said
    assert "Figures per day, and per year, are extrapolated from 60 min of log." in said
    assert "Intervals are over draws for the same log: how another day would differ is not in them." in said
    assert "stylised_facts" not in said
    assert "extrapolated" not in " ".join(rests_on(comparison))


def test_approvers_who_tire_are_told_of():
    """Where inspection falls with the requests of a day, the least of it stands beside the most."""
    asking = row("asking", model("asking").cells, {"approval": {"from_tier": 3}})
    tiring = {**SCENARIO["approvers"], "fatigue_requests": 20, "inspected_least": 0.05}
    said = " ".join(rests_on(compared(baseline(), asking, scenario={**SCENARIO, "approvers": tiring})))
    assert "really inspect 100 % of requests while fresh, and no fewer than 5 % when tired, and recognise" in said


def pool(name, *shares):
    """A pool with its load under each model, in percent."""
    return Pool(name, tuple(Amount(told(share, 0.04)) for share in shares))


def test_load_is_told():
    """How busy agents and approvers are, under which model most, and what that does to results near all of it."""
    rows = baseline(), model("other")
    pools = pool("agents", 3.4, 3.4), pool("approvers", 0.0, 7.9)
    assert "Load, of capacity: agents 3.40 %, approvers at most 7.90 % (other)." in rests_on(compared(*rows), pools)
    full = (pool("approvers", 0.0, 104.0),)
    assert "at 100 % or more the result depends on the horizon" in " ".join(rests_on(compared(*rows), full))
    assert "Load" not in " ".join(rests_on(compared(*rows)))


def test_work_that_is_left_is_told():
    """Where a task in a hundred or more is not done by the window's end, and under which model most are."""
    rows = compared(baseline(), model("other"))
    some, few = pool("unfinished", 0.1, 7.0), pool("unfinished", 0.1, 0.9)
    assert "Unfinished at the window's end: up to 7.00 % of tasks (other)" in " ".join(rests_on(rows, left=some))
    assert "Unfinished" not in " ".join(rests_on(rows, left=few) + rests_on(rows))


def test_lags_are_named_where_a_model_revokes():
    """After how long verifiers hear of a revocation, alike ones together, and which never do."""
    systems = [
        {"name": name, "revocable": name != "mail", "revocation_lag_s": lag}
        for name, lag in (("crm", 120.0), ("orders", 3.5), ("tickets", 120.0), ("mail", 5.0))
    ]
    other = row("other", model("other").cells, {"revocation": {"on": "task_end"}})
    said = rests_on(compared(baseline(), other, scenario={**SCENARIO, "systems": systems}))
    assert (
        "For other: that verifiers hear of a revocation, in the median, after 120 s (crm, tickets), after 3.50 s "
        "(orders) and never (mail)." in said
    )
    assert not any("revocation" in each for each in rests_on(compared(baseline(), scenario={"systems": systems})))


def test_what_moves_nothing_says_so():
    """Threats of the scenario, and how often a decision stops an attacker, stand with what they do not do."""
    threats = [{"name": name, "count": count, "source": "assumed: a test"} for name, count in (("t1b", 1), ("t2", 0))]
    struck, spared = scenario_grounds(compared(baseline(), scenario={"incidents": threats}))
    assert struck.note.startswith("Measured by realised_radius")
    assert spared.note == "Moves no figure on this page."
    decides = row("other", model("other").cells, {"decision": {"at": "task", "adversarial_stop": 0.0}})
    at, stop = next(each for each in sections(compared(baseline(), decides)) if each.name == "decision").knobs
    assert at.note == ""
    assert "moves no figure on this page" in stop.note


@pytest.mark.parametrize(
    ("renewal", "expected"), [("none", "no renewal"), ("silent", "no maximum"), ("re_evaluated", "no maximum")]
)
def test_a_maximum_of_never_is_read(renewal, expected):
    """Beside a lifetime that ends, `never` would contradict it: nothing is renewed, or renewals have no end."""
    lifetime = {"ttl_s": 60.0, "renewal": renewal, "maximum_s": "never"}
    found = sections(compared(row("one", baseline().cells, {"lifetime": lifetime})))
    knobs = {knob.name: knob.settings[0].value for section in found for knob in section.knobs}
    assert knobs["maximum"] == expected


@pytest.mark.parametrize(
    ("hours", "shows", "cannot"),
    [
        (6, "sessions, tasks and queues of a part of one day", "debt that forms over months"),
        (48, "sessions, tasks and queues by day and by night", "access reviews, leavers, key rotation, rare events"),
        (2000, "sessions, tasks and queues by day and by night", "debt that forms over years"),
    ],
)
def test_the_window_says_what_it_cannot_show(hours, shows, cannot):
    """Its length and its warm-up, what fits in it, and what does not."""
    comparison = compared(baseline())
    begins, starts, _ = comparison.window
    found = window(replace(comparison, window=(begins, starts, starts + pd.Timedelta(hours=hours))))
    assert found.span == f"{hours:,} h measured after 24 h of warm-up"
    assert found.shows == shows
    assert cannot in found.cannot


@pytest.mark.parametrize(("hours", "told_of"), [(8, False), (9, True), (12, True)])
def test_a_warm_up_of_less_than_three_lifetimes_is_told(hours, told_of):
    """After 24 h credentials of 8 h are as many as ever, longer ones may be not; those that never end never are."""
    models = row("one", [], {"lifetime": {"ttl_s": hours * 3600}}), row("two", [], {"lifetime": {"ttl_s": "never"}})
    found = window(compared(baseline(), *models)).cannot
    assert (f"nor what credentials of {hours} h add up to, which takes three lifetimes" in found) is told_of
    assert ("lifetimes" in found) is told_of


def test_a_short_log_is_told_in_minutes():
    """A window of less than an hour is not told as a fraction of one."""
    comparison = compared(baseline())
    begins, starts, _ = comparison.window
    found = window(replace(comparison, window=(begins, starts, starts + pd.Timedelta(minutes=55.5))))
    assert found.span.startswith("55.5 min measured")


def test_knobs_that_differ_are_marked():
    """A knob that the baseline has not, or has otherwise, differs; each section keeps its sources."""
    other = row(
        "other", model("other").cells, {"issue": {"unit": "action", "source": "A survey"}, "approval": {"from_tier": 3}}
    )
    issue, approval = sections(compared(baseline(), other))
    assert [(each.value, each.differs) for each in issue.knobs[0].settings] == [("task", False), ("action", True)]
    assert [source.basis for source in issue.sources] == ["assumed", "published"]
    assert [(each.value, each.differs) for each in approval.knobs[0].settings] == [("–", False), ("3", True)]
