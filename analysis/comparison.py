"""The answer to 'which control model?': measures of many runs, side by side, paired with a baseline.

`compare` gives a `Comparison`: for each control model a row of cells. A cell holds the truth with its interval over
replications, the paired difference from the baseline, and what the model's own log would have shown. Beside them stand
supporting quantities, which no claim is made of: on what the declared ones hang. Nothing here formats; the report, the
terminal and notebooks do.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pandas as pd

from analysis.family import Family, pivot, together
from analysis.lacks import Lack, lack_of
from analysis.measures.examination import examine
from analysis.measures.measure import MeasureError, find, measures
from analysis.samples import Measured, measured
from analysis.screen import CHANGES, COLUMNS, DECLARED, EVERY, SUPPORTING, Column
from analysis.statistics import FEWEST, Interval, Quantity, interval, variance_ratio, within
from sim.audit.store import Evidence, Store

_TITLE = "SELECT w.title FROM fact.run r JOIN fact.workload w ON w.key = r.workload WHERE r.key = $run"
_RUNS = Path(__file__).parent / "comparison.sql"

Results = dict[str, Measured]
Quantities = Mapping[str, Quantity]


@dataclass(frozen=True)
class Cell:
    """One quantity under one control model.

    `estimate`: its own interval. `difference` and `change`: from the baseline, the latter relative to it; None for the
    baseline itself. Those that are declared hold together with all others of the family. `lack`: why there is no value.
    `log_lo`, `log_hi`: bounds of what the log shows; None where it cannot say, or was not asked. `log_lack`: why it
    says nothing.
    """

    column: Column
    quantity: Quantity
    estimate: Interval
    difference: Interval | None = None
    change: Interval | None = None
    variance_ratio: float = math.nan
    lack: Lack | None = None
    log_lo: float | None = None
    log_hi: float | None = None
    log_lack: str = ""

    @property
    def values(self) -> tuple[float, ...]:
        """What each replicate adds to the mean; of limits to that of the lower ones."""
        return self.quantity.parts


@dataclass(frozen=True)
class Row:
    """One control model: its cells in the order of `COLUMNS`, and the settings it ran with (JSON)."""

    control: str
    title: str
    settings: dict[str, object]
    profile: str
    cells: tuple[Cell, ...]
    supporting: tuple[Cell, ...] = ()

    def cell(self, key: str) -> Cell:
        """The cell of a column, declared or supporting."""
        return next(cell for cell in (*self.cells, *self.supporting) if cell.column.key == key)

    def support(self, key: str) -> Cell | None:
        """A supporting quantity; None where it was not measured."""
        return next((support for support in self.supporting if support.column.key == key), None)

    @property
    def asks_humans(self) -> bool:
        """Whether any of its tasks asked a human."""
        asking = self.support("asking")
        return asking is not None and asking.estimate.mean > 0


@dataclass(frozen=True)
class Observed:
    """What a replayed log says of each column: what it proves, and what it allows at most; None where it is open.

    `lacks`: why it says nothing.
    """

    title: str
    bounds: Mapping[str, tuple[float | None, float | None]]
    lacks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Comparison:
    """Everything the first screen says, baseline first; `observed` is there where a real log was replayed.

    `pilot`: how a pilot decided on the number of replications; None where it was given.
    `measured`: by name what the first screen is of, or all measures, for whoever goes on from there.
    """

    identifier: str
    title: str
    scenario: dict[str, object]
    replicates: int
    family: Family
    agents: int
    actions: int
    window: tuple[pd.Timestamp, pd.Timestamp, pd.Timestamp]
    rows: tuple[Row, ...]
    observed: Observed | None = None
    pilot: str | None = None
    measured: Mapping[str, Measured] = field(default_factory=dict, compare=False, repr=False)

    @property
    def baseline(self) -> Row:
        """The control model that the others are compared with."""
        return self.rows[0]

    @property
    def measured_for(self) -> timedelta:
        """How long the window is, without the warm-up."""
        _, starts, ends = self.window
        return ends - starts

    @property
    def few(self) -> bool:
        """Whether there are too few replications for a finding."""
        return self.replicates < FEWEST

    def apart(self, key: str, one: Row, other: Row) -> Interval:
        """The paired difference of any two models in a column, its interval as wide as those from the baseline.

        It is no member of the family, so that what is read from it is exploratory.
        """
        ours, theirs = one.cell(key), other.cell(key)
        return self.family.apart(ours.quantity, theirs.quantity, ours.column.limits)


def compare(store: Store, identifier: str | None = None, *, whole: bool = False) -> Comparison:
    """Measure the runs of a comparison; the latest one if none is named.

    `whole`: ask all measures, for whoever shows all of them, each of its own evidence: what they share is made once.

    Raises:
        MeasureError: there is no such comparison, or a run of it was not completed.
    """
    identifier, title, replicates, pilot = _found(store, identifier)
    runs = store.connection.cursor().execute(_RUNS.read_text("utf-8"), {"comparison": identifier}).df()
    every = runs["run"].tolist()
    models = [group for _, group in runs.groupby("position", sort=True)]
    if len({tuple(model["replicate"]) for model in models}) > 1:
        msg = f"{store.name}: comparison {identifier} lacks a replicate of some model; run the same command again"
        raise MeasureError(msg)
    truth = _results(store, "truth", every, EVERY, whole=whole)
    log = _results(store, "log", every, COLUMNS, whole=whole)
    found = [_quantities(model["run"].tolist(), truth) for model in models]
    family = together([member for ours in found[1:] for member in _members(ours, found[0])])
    rows = tuple(
        _row(model, _cells(ours, None if ours is found[0] else found[0], family), truth, log)
        for model, ours in zip(models, found, strict=True)
    )
    first = runs.iloc[0]
    return Comparison(
        identifier=identifier, title=title, scenario=json.loads(first["scenario"]), replicates=replicates,
        family=family, agents=int(first["agents"]), actions=int(runs["actions"].sum()),
        window=(first["begins"], first["t0"], first["t1"]), rows=rows,
        observed=_observed(store, first["rebuilt_from"]), pilot=pilot,
        measured=truth | {name: each for name, each in log.items() if each.measure.evidence[0] == "log"},
    )  # fmt: skip


def _observed(store: Store, run: float) -> Observed | None:
    """What the log behind a replay shows; None where nothing was replayed."""
    if math.isnan(run):
        return None
    [(title,)] = store.rows(_TITLE, {"run": int(run)})
    results = _results(store, "log", [int(run)], COLUMNS)
    # It is no sample of others like it: of a quantile it tells what that was in its own time.
    seen = {each.key: results[each.measure].samples(each.row, [int(run)])[0] for each in COLUMNS}
    lacks = {each.key: lack_of(results[each.measure], each.row, [int(run)]).why
             for each in COLUMNS if seen[each.key].is_silent}  # fmt: skip
    return Observed(title, {key: _finite(each.lo, each.hi) for key, each in seen.items()}, lacks)


def _found(store: Store, identifier: str | None) -> tuple[str, str, int, str | None]:
    known = store.rows("SELECT id, title, replicates, pilot FROM fact.comparison ORDER BY created DESC")
    for key, *about in known:
        if identifier in {None, key}:
            return key, *about
    msg = f"{store.name}: no comparison{f' {identifier}' if identifier else ''}; make one with `outlive compare`"
    raise MeasureError(msg)


def _results(
    store: Store, evidence: Evidence, runs: list[int], columns: Sequence[Column], *, whole: bool = False
) -> Results:
    """Each measure that one of some columns needs, and all that ask this evidence first if the `whole` is wanted."""
    with examine(store, evidence, runs) as examination:
        needed = {column.measure: find(column.measure) for column in columns}
        results = {name: measured(examination, measure) for name, measure in needed.items()}
        for other in (each for each in measures() if whole and each.evidence[0] == evidence):
            # Whoever shows it asks again, and says why there is none.
            with suppress(MeasureError):
                results[other.name] = results.get(other.name) or measured(examination, other)
        return results


def _quantities(runs: list[int], truth: Results) -> Quantities:
    """Every column under one control model."""
    return {column.key: truth[column.measure].quantity(column.row, runs) for column in EVERY}


def _members(ours: Quantities, theirs: Quantities) -> Iterator[Quantity]:
    """What is declared of one control model."""
    yield from (ours[column.key] - theirs[column.key] for column in DECLARED)
    for key in CHANGES:
        if (judged := pivot(ours[key], theirs[key])) is not None:
            yield judged


def _cells(ours: Quantities, theirs: Quantities | None, family: Family) -> dict[str, Cell]:
    return {column.key: _cell(column, ours, theirs, family) for column in EVERY}


def _cell(column: Column, found: Quantities, baseline: Quantities | None, family: Family) -> Cell:
    ours = found[column.key]
    if baseline is None:
        return Cell(column, ours, interval(ours, column.limits))
    theirs, alone = baseline[column.key], interval(ours, column.limits)
    return Cell(
        column, ours, alone,
        difference=family.apart(ours, theirs, column.limits) if column in DECLARED
        else within(interval(ours - theirs), alone, interval(theirs, column.limits)),
        change=family.change(ours, theirs) if column.key in CHANGES else None,
        variance_ratio=variance_ratio(ours, theirs),
    )  # fmt: skip


def _row(model: pd.DataFrame, cells: Mapping[str, Cell], truth: Results, log: Results) -> Row:
    first, runs = model.iloc[0], model["run"].tolist()
    settings = json.loads(first["settings"])
    told = {key: _lacking(cell, truth, runs) for key, cell in cells.items()}
    declared = tuple(_logged(told[column.key], log, runs) for column in COLUMNS)
    supporting = tuple(told[column.key] for column in SUPPORTING)
    return Row(first["control"], settings["title"], settings, first["profile"], declared, supporting)


def _lacking(cell: Cell, truth: Results, runs: list[int]) -> Cell:
    known = cell.estimate.is_known
    return cell if known else replace(cell, lack=lack_of(truth[cell.column.measure], cell.column.row, runs))


def _logged(cell: Cell, log: Results, runs: list[int]) -> Cell:
    column, found = cell.column, log[cell.column.measure]
    lo, hi = _bounds(log, column, runs)
    why = lack_of(found, column.row, runs).why if lo is None and hi is None else ""
    return replace(cell, log_lo=lo, log_hi=hi, log_lack=why)


def _bounds(log: Results, column: Column, runs: list[int]) -> tuple[float | None, float | None]:
    """Bounds of what logs show, estimated as the truth is; None if any of them leaves one open."""
    seen = log[column.measure].quantity(column.row, runs)
    return _finite(float(seen.least[0]), float(seen.most[0]))


def _finite(lo: float, hi: float) -> tuple[float | None, float | None]:
    return (lo if math.isfinite(lo) else None), (hi if math.isfinite(hi) else None)
