"""Comparisons written by hand, whose intervals are what a test says they are."""

from dataclasses import replace

import pandas as pd

from analysis.comparison import COLUMNS, SUPPORTING, Cell, Comparison, Row
from analysis.family import Family
from analysis.statistics import Interval, known

NAN = float("nan")
MONDAY = pd.Timestamp("2026-01-05")
# A model that changes nothing: everything is done at once, a crown jewel is always at hand.
STILL = {"completed": 100.0, "held": 24.0, "obtainable": 24.0, "t1b": 80.0, "t2": 80.0, "revoke": 100.0}
SCENARIO = {
    "name": "bench",
    "title": "A bench",
    "summary": "Made by hand.",
    "arrivals": {"per_agent_day": 50.0, "source": "assumed: a test"},
    "calls": {"mean": 5.82, "source": "A survey, 2026"},
    "approvers": {"staff": 3, "inspected": 1.0, "inspection_median_s": 90.0, "source": "A survey; staff is assumed"},
    "groups": [{"name": "money", "tier": 3, "source": "assumed: a test"}],
    "tools": [{"name": "pay", "group": "money"}],
}


def told(mean, reach=NAN, replications=10, most=None):
    """An interval with its half-width, beyond the upper limit where there is one."""
    upper = mean if most is None else most
    return Interval(mean, mean - reach, upper + reach, replications, most, steady=most is None and reach == 0)


def cell(key, value=None, difference=None, **changed):
    """A cell; without a difference the baseline's. Values are intervals, or numbers that never vary."""
    column = next(each for each in COLUMNS if each.key == key)
    estimate = value if isinstance(value, Interval) else told(STILL.get(key, 0.0) if value is None else value, 0.0)
    ready = Cell(
        column=column, quantity=known([estimate.mean] * 2), estimate=estimate, difference=difference
    )  # fmt: skip
    return replace(ready, **changed)


def baseline(name="standing", **cells):
    """The first model of a comparison."""
    return row(name, [cells.get(key) or cell(key) for key in (column.key for column in COLUMNS)])


def model(name, **cells):
    """Another model; a cell that is not given is the same as the baseline's in every run."""
    same = told(0.0, 0.0)
    return row(name, [cells.get(column.key) or cell(column.key, difference=same, change=same) for column in COLUMNS])


def asking(model, waved=-8.0, share=0.05, reach=0.01, **given):
    """A model of which a share of tasks ask a human, with hours cut (of 24) if all is waved through."""
    ready = {
        "waved_through": support(
            "waved_through", told(24 + waved, 0.01), told(waved, reach), told(waved / 24, reach / 10)
        ),
        "asking": support("asking", told(100 * share, 0.1)),
        "approval_wait": support("approval_wait", told(240.0, 30.0)),
        "approver_minutes": support("approver_minutes", told(300.0, 30.0), told(300.0, 30.0)),
    }
    return replace(model, supporting=tuple({**ready, **given}.values()))


def support(key, estimate, difference=None, change=None):
    """A supporting quantity."""
    column = next(each for each in SUPPORTING if each.key == key)
    return Cell(column, known([estimate.mean] * 2), estimate, difference, change)


def row(name, cells, settings=None):
    """A model with its cells and settings."""
    knobs = {"name": name, "title": name.title(), "issue": {"unit": "task", "source": "assumed: a test"}}
    return Row(name, name.title(), {**knobs, **(settings or {})}, "full", tuple(cells))


def compared(*rows, replicates=10, scenario=None, agents=15):
    """A comparison of these models."""
    window = (MONDAY, MONDAY + pd.Timedelta(days=1), MONDAY + pd.Timedelta(days=3))
    return Comparison(
        identifier="made", title="A bench", scenario=SCENARIO if scenario is None else scenario, replicates=replicates,
        family=Family(9 * (len(rows) - 1) or 1, 0, 3.0), agents=agents, actions=12_345, window=window, rows=rows,
    )  # fmt: skip


def cut(share, hours, reach=0.01):
    """A cell of obtainable hours, cut by a share of 24 h."""
    apart = hours - 24
    return cell(
        "obtainable",
        told(hours, reach),
        told(apart, 24 * reach),
        change=told(-share, reach),
        quantity=known([hours, hours + reach]),
    )
