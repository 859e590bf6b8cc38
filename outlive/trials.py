"""Runs of which nothing is kept but some quantities: simulated, measured, and forgotten; each of them once."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pandas as pd

from analysis.comparison import Column
from analysis.measures.measure import examine, find
from sim.audit.store import Store
from sim.experiment import Plan, fill


@dataclass(frozen=True)
class Trial:
    """One replicate under some control models, and for each of them the values found, in the order of the columns."""

    plan: Plan
    replicate: int
    columns: tuple[Column, ...]
    values: tuple[tuple[float, ...], ...] = ()


@dataclass(frozen=True)
class Known:
    """What is known of runs: a value for each column, NaN where a run knows none, or only a lower limit."""

    columns: tuple[Column, ...]
    values: dict[str, tuple[float, ...]] = field(default_factory=dict)

    def missing(self, asked: Plan) -> Iterator[Trial]:
        """What has to be run before everything is known that a plan asks for."""
        for replicate in range(asked.replicates):
            new = tuple(each for each in asked.controls if asked.run_id(replicate, each) not in self.values)
            if new:
                yield Trial(replace(asked, controls=new), replicate, self.columns)

    def learn(self, done: Trial) -> None:
        """Take in what a trial found."""
        for control, found in zip(done.plan.controls, done.values, strict=True):
            self.values[done.plan.run_id(done.replicate, control)] = found

    def of(self, asked: Plan, column: int) -> list[list[float]]:
        """A column under each control model of a plan, replicate by replicate."""
        return [
            [self.values[asked.run_id(n, control)][column] for n in range(asked.replicates)]
            for control in asked.controls
        ]


def tried(trial: Trial) -> Trial:
    """Simulate a replicate and measure it."""
    keys = range(1, len(trial.plan.controls) + 1)
    with Store.in_memory() as store:
        fill(store, trial.plan, trial.replicate, 1, keys)
        with examine(store, "truth", keys) as examination:
            measured = {
                name: examination.measure(find(name)).set_index("run")
                for name in dict.fromkeys(column.measure for column in trial.columns)
            }
    by_column = [_values(measured[column.measure], column, keys) for column in trial.columns]
    return replace(trial, values=tuple(zip(*by_column, strict=True)))


def _values(result: pd.DataFrame, column: Column, keys: range) -> list[float]:
    for name, value in column.row:
        result = result[result[name] == value]
    result = result.loc[list(keys)]
    return [float(each) for each in result["lo"].where(result["hi"].notna(), math.nan)]
