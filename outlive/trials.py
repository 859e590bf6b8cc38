"""Runs of which nothing is kept but some quantities: simulated, measured, and forgotten; each of them once."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from analysis.measures.examination import examine
from analysis.measures.measure import find
from analysis.samples import Sample, asked_of, combined, measured
from analysis.screen import Column
from analysis.sensitivity import as_kept
from analysis.statistics import Quantity
from sim.audit.store import Store
from sim.control.model import Control
from sim.experiment import Plan, fill

# Several replicates are measured at once, which takes little longer than one; more of them would need more memory.
_TOGETHER: Final = 10


@dataclass(frozen=True)
class Trial:
    """Some replicates under some control models, and for each of these runs what was found, in the order of columns."""

    plan: Plan
    replicates: tuple[int, ...]
    columns: tuple[Column, ...]
    found: Mapping[str, tuple[Sample, ...]] = field(default_factory=dict)

    def runs(self) -> list[str]:
        """Ids of the runs, replicate by replicate."""
        return [self.plan.run_id(each, control) for each in self.replicates for control in self.plan.controls]


# What makes trials finished ones, in any order.
Finish = Callable[[Sequence[Trial]], Iterator[Trial]]


@dataclass(frozen=True)
class Known:
    """What is known of runs, for each column."""

    columns: tuple[Column, ...]
    samples: dict[str, tuple[Sample, ...]] = field(default_factory=dict)

    def missing(self, asked: Plan) -> Iterator[Trial]:
        """What has to be run before everything is known that a plan asks for."""
        lacking: dict[tuple[Control, ...], list[int]] = {}
        for replicate in range(asked.replicates):
            new = tuple(each for each in asked.controls if asked.run_id(replicate, each) not in self.samples)
            lacking.setdefault(new, []).append(replicate)
        for new, replicates in lacking.items():
            size = min(_TOGETHER, math.ceil(len(replicates) / asked.processes))
            for first in range(0, len(replicates) if new else 0, size):
                together = tuple(replicates[first : first + size])
                yield Trial(replace(asked, controls=new), together, self.columns)

    def look(self, asked: Plan, finish: Finish) -> None:
        """Run whatever a plan asks for and is not known yet."""
        for done in finish(list(self.missing(asked))):
            self.learn(done)

    def learn(self, done: Trial) -> None:
        """Take in what a trial found."""
        self.samples.update(done.found)

    def of(self, asked: Plan, column: Column) -> list[Quantity]:
        """A column under each control model of a plan, over its replicates."""
        place, measure = self.columns.index(column), find(column.measure)
        by_model = [
            [self.samples[asked.run_id(n, control)][place] for n in range(asked.replicates)]
            for control in asked.controls
        ]
        return [combined(each, asked_of(measure, column.row)) for each in by_model]

    def kept(self, asked: Plan, column: Column) -> tuple[Quantity, Quantity]:
        """The same of two models, as they are kept where assumptions are varied."""
        theirs, ours = self.of(asked, column)
        return as_kept(theirs, ours)


def tried(trial: Trial) -> Trial:
    """Simulate some replicates and measure them."""
    models = len(trial.plan.controls)
    runs = range(1, len(trial.replicates) * models + 1)
    with Store.in_memory() as store:
        for place, replicate in enumerate(trial.replicates):
            fill(store, trial.plan, replicate, place + 1, runs[place * models : (place + 1) * models])
        store.finish(*runs)
        found = taken(store, trial.columns, runs)
    return replace(trial, found=dict(zip(trial.runs(), found, strict=True)))


def taken(store: Store, columns: Sequence[Column], runs: Sequence[int]) -> tuple[tuple[Sample, ...], ...]:
    """What each of some runs says of each column."""
    with examine(store, "truth", runs) as examination:
        found = {name: measured(examination, find(name)) for name in dict.fromkeys(each.measure for each in columns)}
    by_column = [found[column.measure].samples(column.row, runs) for column in columns]
    return tuple(zip(*by_column, strict=True))
