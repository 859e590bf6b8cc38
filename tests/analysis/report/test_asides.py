"""What is said beside the first table: what deciding on each request does not bring, and whose p95 few decide."""

from dataclasses import replace

import pytest

from analysis.report.asides import asides
from analysis.report.table import table
from analysis.report.terminal import as_text
from tests.analysis.report.made import NAN, asking, baseline, cell, compared, cut, model, support, told

LATE = cell("latency", told(600.0, 100.0), told(300.0, 400.0))


def granting(name, at, hours=16.0):
    """A model that holds little and is granted more, deciding at some point."""
    ready = model(name, held=cell("held", told(0.1, 0.0), told(-23.9, 0.0)), obtainable=cut(1 - hours / 24, hours))
    return replace(ready, settings={**ready.settings, "decision": {"at": at}})


def test_deciding_on_each_request_may_bring_nothing():
    """Where a model that decides less often leaves as much obtainable, the first screen says so and why."""
    comparison = compared(baseline(), granting("per_task", "task"), granting("per_action", "request"))
    assert " ".join(asides(comparison)) == (
        "In what is obtainable per_action gains nothing over per_task by deciding on each request: to the issuer, the "
        "attacker is the agent."
    )
    assert "the attacker is the agent" in " ".join(as_text(comparison).split())


@pytest.mark.parametrize(
    "rows",
    [
        (granting("per_task", "task"), granting("per_action", "request", hours=8.0)),
        (granting("one", "request"), granting("other", "request")),
        (granting("per_task", "task"),),
    ],
)
def test_what_gains_or_stands_alone_is_not_said_to_gain_nothing(rows):
    """A model that leaves less, and one beside which nothing decides less often, are not spoken of."""
    assert asides(compared(baseline(), *rows)) == ()


@pytest.mark.parametrize(("share", "marked"), [(0.01, False), (0.02, True), (0.1, True), (0.2, False)])
def test_a_p95_that_few_tasks_decide_is_marked(share, marked):
    """Where about one task in twenty asks a human, the cell bears a mark and a sentence says who waits how long."""
    tiered = asking(model("tiered", obtainable=cut(0.967, 0.8), latency=LATE), share=share)
    comparison = compared(baseline(), tiered)
    entry = next(each for each in table(comparison).lines[1].entries if each.key == "latency")
    assert entry.sign == ("≈†" if marked else "≈")
    said = " ".join(asides(comparison))
    assert ("† Under tiered most tasks ask nobody, and the" in said) is marked
    assert ("that ask a human wait 4.0 h [3.5, 4.5] at p95" in said) is marked


def test_who_waits_too_seldom_is_not_said_to_wait_so_long():
    """Without a p95 of waits the sentence says that there is none."""
    unseen = asking(model("tiered", obtainable=cut(0.75, 6.0)), approval_wait=support("approval_wait", told(NAN)))
    assert "are too few to say how long they wait" in " ".join(asides(compared(baseline(), unseen)))
