"""The answer to 'which control model?': measures of many runs, side by side, paired with a baseline.

`compare` gives a `Comparison`: for each control model a row of cells. A cell holds the truth with its interval over
replications, the paired difference from the baseline, and what the model's own log would have shown. Beside them stand
supporting quantities, which no claim is made of: on what the declared ones hang. Nothing here formats; the report, the
terminal and notebooks do.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from analysis.measures.measure import MeasureError, examine, find
from analysis.statistics import Interval, difference, interval, relative_change, variance_ratio
from sim.audit.store import Evidence, Store

_BOTH: tuple[Evidence, ...] = ("truth", "log")
_TITLE = "SELECT w.title FROM fact.run r JOIN fact.workload w ON w.key = r.workload WHERE r.key = $run"
_RUNS = Path(__file__).parent / "comparison.sql"

# Fewer replications than this make no finding: an interval over them says more of Student's t than of the models.
FEWEST = 5

_FULL, _DAY = 100.0, 24.0
# A spread this small beside the mean is rounding of the machine, not variation between replications.
_ROUNDING = 1e-9

Results = dict[str, pd.DataFrame]
Limits = tuple[float, float]


@dataclass(frozen=True)
class Column:
    """One quantity of the first screen: which row of which measure, and which way is better."""

    key: str
    heading: str
    unit: str
    measure: str
    row: tuple[tuple[str, str], ...]
    less_is_better: bool = True

    @property
    def limits(self) -> Limits:
        """What no value of it can pass."""
        return limits(self.unit)


COLUMNS = (
    Column("completed", "Work completed", "% of tasks", "work_done", (("outcome", "completed"),), less_is_better=False),
    Column("held", "Crown jewels held", "h per agent-day", "crown_jewel_hours", (("level", "held"), ("need", "task"))),
    Column(
        "obtainable",
        "Crown jewels obtainable",
        "h per agent-day",
        "crown_jewel_hours",
        (("level", "obtainable"), ("need", "task")),
    ),
    Column("t1b", "Blast radius, token and key stolen", "% of estate", "blast_radius", (("threat", "t1b"),)),
    Column("t2", "Blast radius, hijacked agent", "% of estate", "blast_radius", (("threat", "t2"),)),
    Column("revoke", "Time to revoke, p95", "s", "time_to_revoke", (("stat", "p95"),)),
    Column("approver", "Approver time", "min per 100 tasks", "approvals", (("stat", "minutes_per_100_tasks"),)),
    Column("latency", "Time to finish, p95", "s per task", "turnaround", (("stat", "p95"),)),
    Column("broken", "Legitimate tasks broken", "% of tasks", "work_done", (("outcome", "broken"),)),
)

# What a declared quantity hangs on. None is declared itself: they share no error, and their intervals are their own.
SUPPORTING = (
    Column(
        "waved_through",
        "Crown jewels obtainable if approvers wave requests through",
        "h per agent-day",
        "crown_jewel_hours",
        (("level", "waved_through"), ("need", "task")),
    ),
    Column("t1a", "Blast radius, token alone", "% of estate", "blast_radius", (("threat", "t1a"),)),
    Column("t5", "Blast radius, issuer taken", "% of estate", "blast_radius", (("threat", "t5"),)),
    Column(
        "t5_bootstrap",
        "Blast radius, secret on an agent's host",
        "% of estate",
        "blast_radius",
        (("threat", "t5_bootstrap"),),
    ),
    Column("t3", "Blast radius, log read an hour later", "% of estate", "blast_radius", (("threat", "t3"),)),
    Column("t4", "Blast radius, hijacked parent", "% of estate", "blast_radius", (("threat", "t4"),)),
    Column("asking", "Tasks that ask a human", "% of tasks", "approvals", (("stat", "asking_percent"),)),
    Column("approval_wait", "Wait for an approval, p95", "min", "approvals", (("stat", "wait_p95_minutes"),)),
    Column("approver_minutes", "Approver time", "min a day", "approvals", (("stat", "minutes_per_day"),)),
    Column(
        "orphaned",
        "Identities for which nobody answers",
        "% of identities",
        "orphans",
        (("part", "orphaned"), ("stat", "percent")),
    ),
    Column(
        "left_behind",
        "Abandoned agents of which something is left",
        "identities",
        "identity_debt",
        (("cause", "outlived_agent"), ("stat", "closing")),
    ),
    Column(
        "overdue",
        "Static keys overdue for rotation",
        "keys",
        "identity_debt",
        (("cause", "overdue_rotation"), ("stat", "closing")),
    ),
)


@dataclass(frozen=True)
class Cell:
    """One quantity under one control model.

    `at_least`: some replication saw only a lower limit, so the mean is one. `log_lo`, `log_hi`: mean bounds of what the
    log shows; None where it cannot say. `change` is relative to the baseline's mean, `theirs` the baseline's estimate,
    `theirs_at_least` whether that is a lower limit. None for the baseline itself.
    """

    column: Column
    values: tuple[float, ...]
    estimate: Interval
    at_least: bool
    difference: Interval | None
    change: Interval | None
    variance_ratio: float
    log_lo: float | None
    log_hi: float | None
    theirs: Interval | None = None
    theirs_at_least: bool = False

    @property
    def shown(self) -> Interval:
        """The estimate, its interval cut where no value can lie."""
        return within(self.estimate, self.column.limits)

    @property
    def shown_difference(self) -> Interval | None:
        """The difference, its interval cut where none can lie."""
        return None if self.difference is None else within(self.difference, span(self.column, self.theirs))

    @property
    def shown_change(self) -> Interval | None:
        """The relative change, its interval cut at the loss of everything."""
        return None if self.change is None else within(self.change, (-1.0, math.inf))


@dataclass(frozen=True)
class Support:
    """A supporting quantity of one control model: its own mean, interval and replicates; otherwise as a `Cell`."""

    column: Column
    estimate: Interval
    at_least: bool
    difference: Interval | None
    change: Interval | None
    values: tuple[float, ...] = ()

    @property
    def shown(self) -> Interval:
        """The estimate, its interval cut where no value can lie."""
        return within(self.estimate, self.column.limits)


@dataclass(frozen=True)
class Row:
    """One control model: its cells in the order of `COLUMNS`, and the settings it ran with (JSON)."""

    control: str
    title: str
    settings: dict[str, object]
    profile: str
    cells: tuple[Cell, ...]
    supporting: tuple[Support, ...] = ()

    def cell(self, key: str) -> Cell:
        """The cell of a column."""
        return next(cell for cell in self.cells if cell.column.key == key)

    def support(self, key: str) -> Support | None:
        """A supporting quantity; None where it was not measured."""
        return next((support for support in self.supporting if support.column.key == key), None)

    @property
    def asks_humans(self) -> bool:
        """Whether any of its tasks asked a human."""
        asking = self.support("asking")
        return asking is not None and asking.estimate.mean > 0


@dataclass(frozen=True)
class Observed:
    """What a replayed log says of each column: what it proves, and what it allows at most; None where it is open."""

    title: str
    bounds: Mapping[str, tuple[float | None, float | None]]


@dataclass(frozen=True)
class Comparison:
    """Everything the first screen says, baseline first; `observed` is there where a real log was replayed."""

    identifier: str
    title: str
    scenario: dict[str, object]
    replicates: int
    comparisons: int
    agents: int
    actions: int
    window: tuple[pd.Timestamp, pd.Timestamp, pd.Timestamp]
    rows: tuple[Row, ...]
    observed: Observed | None = None

    @property
    def baseline(self) -> Row:
        """The control model that the others are compared with."""
        return self.rows[0]

    @property
    def few(self) -> bool:
        """Whether there are too few replications for a finding."""
        return self.replicates < FEWEST

    def apart(self, key: str, one: Row, other: Row) -> Interval:
        """The paired difference of any two models in a column, its interval as wide as those from the baseline."""
        return difference(one.cell(key).values, other.cell(key).values, self.comparisons)


def limits(unit: str, part: str = "") -> Limits:
    """What no quantity of a unit can pass: zero below; above, the whole of a share, the hours of a day.

    Args:
        part: the row of a measure whose unit depends on the row.
    """
    if unit.startswith(("h ", "hours ")) and unit.endswith("agent-day"):
        return 0.0, _DAY
    # More than their capacity can be asked of those who work.
    share = (unit.startswith(("%", "percent")) and "capacity" not in unit) or part.endswith("_percent")
    return 0.0, _FULL if share else math.inf


def within(estimate: Interval, bounds: Limits) -> Interval:
    """The estimate, its interval cut at what no value can pass."""
    if math.isnan(estimate.lo):
        return estimate
    least, most = bounds
    lo, hi = (min(max(end, least), most) for end in (estimate.lo, estimate.hi))
    return replace(estimate, lo=lo, hi=hi)


def is_steady(estimate: Interval) -> bool:
    """Whether every replication gave the same."""
    return (estimate.hi - estimate.lo) / 2 <= _ROUNDING * abs(estimate.mean)


def span(column: Column, theirs: Interval | None) -> Limits:
    """What no difference in a column can pass; less where it is known that the other model never varies."""
    least, most = column.limits
    if theirs is not None and is_steady(theirs):
        return least - theirs.mean, most - theirs.mean
    return least - most, most - least


def compare(store: Store, identifier: str | None = None) -> Comparison:
    """Measure the runs of a comparison; the latest one if none is named.

    Raises:
        MeasureError: there is no such comparison, or a run of it was not completed.
    """
    identifier, title, replicates = _found(store, identifier)
    runs = store.connection.cursor().execute(_RUNS.read_text("utf-8"), {"comparison": identifier}).df()
    results = {evidence: _results(store, evidence, runs["run"].tolist()) for evidence in _BOTH}
    models = [group for _, group in runs.groupby("position", sort=True)]
    if len({tuple(model["replicate"]) for model in models}) > 1:
        msg = f"{store.name}: comparison {identifier} lacks a replicate of some model; run the same command again"
        raise MeasureError(msg)
    comparisons = max(1, (len(models) - 1) * len(COLUMNS))
    rows = tuple(_row(model, models[0], results, comparisons) for model in models)
    first = runs.iloc[0]
    return Comparison(
        identifier=identifier, title=title, scenario=json.loads(first["scenario"]), replicates=replicates,
        comparisons=comparisons, agents=int(first["agents"]), actions=int(runs["actions"].sum()),
        window=(first["begins"], first["t0"], first["t1"]), rows=rows,
        observed=_observed(store, first["rebuilt_from"]),
    )  # fmt: skip


def _observed(store: Store, run: float) -> Observed | None:
    """What the log behind a replay shows; None where nothing was replayed."""
    if math.isnan(run):
        return None
    [(title,)] = store.rows(_TITLE, {"run": int(run)})
    results = _results(store, "log", [int(run)])
    bounds = {}
    for column in COLUMNS:
        seen = _select(results[column.measure], column, [int(run)])
        bounds[column.key] = (_mean(seen["lo"]), _mean(seen["hi"]))
    return Observed(title, bounds)


def _found(store: Store, identifier: str | None) -> tuple[str, str, int]:
    known = store.rows("SELECT id, title, replicates FROM fact.comparison ORDER BY created DESC")
    for key, title, replicates in known:
        if identifier in {None, key}:
            return key, title, replicates
    msg = f"{store.name}: no comparison{f' {identifier}' if identifier else ''}; make one with `outlive compare`"
    raise MeasureError(msg)


def _results(store: Store, evidence: Evidence, runs: list[int]) -> Results:
    """Each measure that a column needs, indexed by run."""
    with examine(store, evidence, runs) as examination:
        names = dict.fromkeys(column.measure for column in (*COLUMNS, *SUPPORTING))
        return {name: examination.measure(find(name)).set_index("run") for name in names}


def _row(model: pd.DataFrame, baseline: pd.DataFrame, results: dict[Evidence, Results], comparisons: int) -> Row:
    first = model.iloc[0]
    settings = json.loads(first["settings"])
    reference = None if model is baseline else baseline["run"].tolist()
    runs = model["run"].tolist()
    cells = tuple(_cell(column, runs, reference, results, comparisons) for column in COLUMNS)
    supporting = tuple(_support(column, runs, reference, results["truth"]) for column in SUPPORTING)
    return Row(first["control"], settings["title"], settings, first["profile"], cells, supporting)


def _cell(
    column: Column, runs: list[int], baseline: list[int] | None, results: dict[Evidence, Results], comparisons: int
) -> Cell:
    truth, log = (_select(results[evidence][column.measure], column, runs) for evidence in _BOTH)
    values = truth["lo"].tolist()
    other = _select(results["truth"][column.measure], column, baseline or [])
    theirs = None if baseline is None else other["lo"].tolist()
    return Cell(
        column=column, values=tuple(values), estimate=interval(values), at_least=bool(truth["hi"].isna().any()),
        difference=None if theirs is None else difference(values, theirs, comparisons),
        change=None if theirs is None else relative_change(values, theirs, comparisons),
        variance_ratio=float("nan") if theirs is None else variance_ratio(values, theirs),
        log_lo=_mean(log["lo"]), log_hi=_mean(log["hi"]), theirs=None if theirs is None else interval(theirs),
        theirs_at_least=bool(other["hi"].isna().any()),
    )  # fmt: skip


def _support(column: Column, runs: list[int], baseline: list[int] | None, truth: Results) -> Support:
    ours = _select(truth[column.measure], column, runs)
    values, at_least = ours["lo"].tolist(), bool(ours["hi"].isna().any())
    if baseline is None:
        return Support(column, interval(values), at_least, None, None, tuple(values))
    theirs = _select(truth[column.measure], column, baseline)["lo"].tolist()
    apart, change = difference(values, theirs), relative_change(values, theirs)
    return Support(column, interval(values), at_least, apart, change, tuple(values))


def _select(result: pd.DataFrame, column: Column, runs: list[int]) -> pd.DataFrame:
    """The row of each run that a column names, in the order of `runs`."""
    for name, value in column.row:
        result = result[result[name] == value]
    return result.loc[runs]


def _mean(bounds: "pd.Series[float]") -> float | None:
    """Mean over replications; None if any of them leaves the bound open."""
    return None if bounds.isna().any() else float(bounds.mean())
