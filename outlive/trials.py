"""Runs of which nothing is kept but some quantities: simulated, measured, and forgotten; each of them once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from analysis.comparison import Column
from analysis.measures.measure import examine, find
from analysis.samples import Sample, combined, measured
from analysis.statistics import Quantity
from sim.audit.store import Store
from sim.experiment import Plan, fill


@dataclass(frozen=True)
class Trial:
    """One replicate under some control models, and for each of them what was found, in the order of the columns."""

    plan: Plan
    replicate: int
    columns: tuple[Column, ...]
    found: tuple[tuple[Sample, ...], ...] = ()


@dataclass(frozen=True)
class Known:
    """What is known of runs, for each column."""

    columns: tuple[Column, ...]
    samples: dict[str, tuple[Sample, ...]] = field(default_factory=dict)

    def missing(self, asked: Plan) -> Iterator[Trial]:
        """What has to be run before everything is known that a plan asks for."""
        for replicate in range(asked.replicates):
            new = tuple(each for each in asked.controls if asked.run_id(replicate, each) not in self.samples)
            if new:
                yield Trial(replace(asked, controls=new), replicate, self.columns)

    def learn(self, done: Trial) -> None:
        """Take in what a trial found."""
        for control, found in zip(done.plan.controls, done.found, strict=True):
            self.samples[done.plan.run_id(done.replicate, control)] = found

    def of(self, asked: Plan, column: Column) -> list[Quantity]:
        """A column under each control model of a plan, over its replicates."""
        place, estimator = self.columns.index(column), find(column.measure).estimator
        by_model = [
            [self.samples[asked.run_id(n, control)][place] for n in range(asked.replicates)]
            for control in asked.controls
        ]
        return [combined(each, column.row, estimator) for each in by_model]


def tried(trial: Trial) -> Trial:
    """Simulate a replicate and measure it."""
    keys = range(1, len(trial.plan.controls) + 1)
    with Store.in_memory() as store:
        fill(store, trial.plan, trial.replicate, 1, keys)
        return replace(trial, found=taken(store, trial.columns, keys))


def taken(store: Store, columns: Sequence[Column], runs: Sequence[int]) -> tuple[tuple[Sample, ...], ...]:
    """What each of some runs says of each column."""
    with examine(store, "truth", runs) as examination:
        found = {name: measured(examination, find(name)) for name in dict.fromkeys(each.measure for each in columns)}
    by_column = [found[column.measure].samples(column.row, runs) for column in columns]
    return tuple(zip(*by_column, strict=True))
