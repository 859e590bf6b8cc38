"""Measures under control models, each over its replications: what lies beyond the first screen of a comparison."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.comparison import Comparison
from analysis.lacks import Lack, lack_of
from analysis.measures.basis import Basis, extrapolated
from analysis.measures.examination import Examination, examine
from analysis.measures.measure import Measure, MeasureError, measures
from analysis.report.asking import ask
from analysis.report.legible import titled
from analysis.report.numerals import is_time
from analysis.samples import Measured, Row, measured
from analysis.screen import limits
from analysis.statistics import Interval, interval
from sim.audit.store import Evidence, Store

Label = tuple[str, ...]


@dataclass(frozen=True)
class Amount:
    """One quantity of one control model, on what it rests besides what was seen, and why it has no value."""

    estimate: Interval
    basis: Basis = "seen"
    lack: Lack | None = None


@dataclass(frozen=True)
class Quantity:
    """One row of a measure's grain, for every control model in the comparison's order; `unit` is that of its numbers.

    Times are shown in the unit that fits each, so that their row names none.
    """

    label: Label
    unit: str
    amounts: tuple[Amount, ...]

    @property
    def text(self) -> str:
        """The row in words."""
        return ", ".join(map(titled, self.label))

    @property
    def rests(self) -> str:
        """On what all its values rest, if not on what was seen, to be said once."""
        found = {amount.basis for amount in self.amounts if not amount.lack}
        return f"({found.pop()})" if len(found) == 1 and "seen" not in found else ""

    @property
    def shown_unit(self) -> str:
        """What a reader has to be told of the unit."""
        return "" if is_time(self.unit) else self.unit


@dataclass(frozen=True)
class Finding:
    """A measure, and what it found; `trouble` says why nothing. `of_logs`: on the logs that the models leave."""

    measure: Measure
    quantities: tuple[Quantity, ...]
    trouble: str = ""
    of_logs: bool = False

    @property
    def lacks(self) -> tuple[Lack, ...]:
        """Why some of it has no value, each reason once."""
        told = (amount.lack for each in self.quantities for amount in each.amounts)
        return tuple(dict.fromkeys(filter(None, told)))

    @property
    def unit(self) -> str:
        """The unit of all rows; none where they have several."""
        shown = {each.shown_unit for each in self.quantities}
        return shown.pop() if len(shown) == 1 else ""


@dataclass(frozen=True)
class Findings:
    """All measures of a comparison."""

    all: tuple[Finding, ...]

    def amounts(self, measure: str, *label: str) -> tuple[Amount, ...]:
        """The amounts of a named row, model by model; empty where the measure has no such row."""
        rows = (row for each in self.all if each.measure.name == measure for row in each.quantities)
        return next((row.amounts for row in rows if row.label == label), ())


def findings(store: Store, comparison: Comparison) -> Findings:
    """Measure the comparison's runs: on the truth, or on the log that each left where the question is what that tells.

    Raises:
        MeasureError: a run of it was not completed.
    """
    models: dict[int, list[int]] = {}
    for row in ask(store.connection.cursor(), "runs", comparison=comparison.identifier):
        models.setdefault(row["position"], []).append(row["run"])
    every = [run for runs in models.values() for run in runs]
    with examine(store, "truth", every) as truth, examine(store, "log", every) as log:
        asked = _Asked({"truth": truth, "log": log}, comparison, list(models.values()))
        return Findings(tuple(_finding(measure, asked) for measure in measures()))


@dataclass(frozen=True)
class _Asked:
    """Whom to ask, the comparison with what has been asked already, and the runs of each control model."""

    examinations: Mapping[Evidence, Examination]
    comparison: Comparison
    models: Sequence[Sequence[int]]


def _finding(measure: Measure, asked: _Asked) -> Finding:
    try:
        known = asked.comparison.measured.get(measure.name)
        found = known or measured(asked.examinations[measure.evidence[0]], measure)
    except MeasureError as error:
        return Finding(measure, (), str(error))
    told, seconds = finding(found, asked.models), asked.comparison.measured_for.total_seconds()
    return replace(told, quantities=tuple(_extrapolated(each, seconds) for each in told.quantities))


def _extrapolated(row: Quantity, seconds: float) -> Quantity:
    """The same, marked where it is told per day or year of a shorter window."""
    return replace(
        row, amounts=tuple(replace(each, basis=extrapolated(each.basis, row.unit, seconds)) for each in row.amounts)
    )


def finding(found: Measured, models: Sequence[Sequence[int]]) -> Finding:
    """What a measure found, given the runs of each control model."""
    keys = [column for column in found.measure.grain if column != "run"]
    labels = dict.fromkeys(found.result[keys].astype(str).itertuples(index=False, name=None))
    rows = (tuple(zip(keys, label, strict=True)) for label in labels)
    return Finding(found.measure, tuple(_quantity(row, found, models) for row in rows), of_logs=found.of_logs)


def _quantity(row: Row, found: Measured, models: Sequence[Sequence[int]]) -> Quantity:
    label = tuple(value for _, value in row)
    unit = found.measure.unit.of(label)
    return Quantity(label, unit, tuple(_amount(row, unit, found, runs) for runs in models))


def _amount(row: Row, unit: str, found: Measured, runs: Sequence[int]) -> Amount:
    label = [value for _, value in row]
    estimate = interval(found.quantity(row, runs), limits(unit, label[-1] if label else ""))
    if not estimate.is_known:
        return Amount(estimate, lack=lack_of(found, row, runs))
    return Amount(estimate, found.rests(row, runs))
