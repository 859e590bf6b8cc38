"""What a result rests on is told: which figures were assumed, and what so long a window can show."""

from dataclasses import replace

import pandas as pd
import pytest

from analysis.report.grounds import basis, control_grounds, rests_on, scenario_grounds, setting, window
from analysis.report.knobs import sections
from tests.analysis.report.made import baseline, compared, model, row


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


def test_every_figure_comes_with_its_source():
    """Sections and entries of lists alike, each with figures in words."""
    found = {ground.place: ground for ground in scenario_grounds(compared(baseline()))}
    assert found["arrivals"].text == "per agent day 50"
    assert found["groups: money"].basis == "assumed"
    assert found["calls"].source == "A survey, 2026"
    assert control_grounds(baseline())[0].text == "unit task"


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
    ],
)
def test_a_setting_is_read_in_words(name, value, expected):
    """The unit moves from the name to the value."""
    assert setting(name, value) == expected


def test_assumptions_are_counted_and_not_said_to_be_varied():
    """The first screen says that nothing was varied, how much is assumed, and the main figures of it."""
    said = " ".join(rests_on(compared(baseline(), model("other"))))
    assert said.startswith("Assumptions not varied")
    assert "3 of 4 groups of figures are assumed wholly or in part: arrivals (50 per agent day);" in said
    assert "approvers (3 staff, 90 s inspection median)" in said
    assert "In the control models, 2 of 2 groups of knobs are assumed." in said


def test_approval_rests_on_inspection():
    """A model that asks humans hangs on their looking, and is named with the share that do."""
    asking = row("asking", model("asking").cells, {"approval": {"from_tier": 3}})
    said = " ".join(rests_on(compared(baseline(), asking)))
    assert "For asking: that approvers really inspect 100 % of requests." in said
    assert "really inspect" not in " ".join(rests_on(compared(baseline())))


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


def test_knobs_that_differ_are_marked():
    """A knob that the baseline has not, or has otherwise, differs; each section keeps its sources."""
    other = row(
        "other", model("other").cells, {"issue": {"unit": "action", "source": "A survey"}, "approval": {"from_tier": 3}}
    )
    issue, approval = sections(compared(baseline(), other))
    assert [(each.value, each.differs) for each in issue.knobs[0].settings] == [("task", False), ("action", True)]
    assert [source.basis for source in issue.sources] == ["assumed", "published"]
    assert [(each.value, each.differs) for each in approval.knobs[0].settings] == [("–", False), ("3", True)]
