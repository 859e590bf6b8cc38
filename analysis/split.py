"""What a bundle is worth, part by part: the difference between two control models, split over factors and by knobs.

Both rest on paired runs: every hybrid between the two does the same work with the same draws. The *split* is a Shapley
value over the factors in which the models differ (`analysis.shapley`); its shares sum to the difference, replicate by
replicate. The *ladder* is one step from the baseline for each knob, alone or with what it cannot do without.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import factorial
from pathlib import Path
from typing import Any, Final

from analysis.family import together
from analysis.measures.examination import examine
from analysis.measures.measure import MeasureError, find
from analysis.samples import Measured, measured
from analysis.screen import Column, column
from analysis.shapley import Block, Set, finest, orders, shares
from analysis.statistics import Interval, Quantity, interval
from sim.audit.store import Store

_HERE: Final = Path(__file__).parent
_KNOWN: Final = "SELECT id, baseline, title, replicates FROM fact.comparison ORDER BY created DESC"
_SPLIT: Final = "SELECT DISTINCT comparison FROM fact.split_step"
_MODEL: Final = """
    SELECT DISTINCT r.control FROM fact.comparison_run m JOIN fact.run r ON r.key = m.run
    WHERE m.comparison = $comparison AND m.position = 1
"""


# What is split. The time to finish is: waits alone leave out whoever waits for an agent that waits.
QUANTITIES: Final = tuple(map(column, ("obtainable", "held", "latency", "approver", "broken")))


@dataclass(frozen=True)
class Part:
    """One quantity: under the baseline and the model, their paired difference, and what each block of factors adds.

    The intervals of the difference and of the shares hold together.
    """

    column: Column
    baseline: Interval
    model: Interval
    total: Interval
    shares: tuple[Interval, ...]

    @property
    def same(self) -> bool:
        """Whether no hybrid on the way differed from another in any replication."""
        return all(each.is_same for each in (self.total, *self.shares))

    @property
    def unknown(self) -> bool:
        """Whether no limit of the difference is known."""
        return not self.total.is_known


@dataclass(frozen=True)
class Rung:
    """A step of the ladder: a knob, or all knobs of a section, with what it cannot do without.

    `refusal`: why it cannot be changed alone. `differences`: paired, from the baseline, in the order of the quantities,
    each interval for itself; empty where nothing within reach contains it.
    """

    kind: str
    asked: str
    further: tuple[str, ...]
    refusal: str
    differences: tuple[Interval, ...]


@dataclass(frozen=True)
class Split:
    """What lies between two control models.

    `blocks`: the factors, together where no order changes them apart, because of `forbidding`; `knobs`: what differs in
    each block. `left` of `of` orders of the blocks pass no hybrid that contradicts itself.
    """

    comparison: str
    title: str
    baseline: str
    model: str
    replicates: int
    blocks: tuple[Block, ...]
    knobs: tuple[tuple[str, ...], ...]
    left: int
    of: int
    forbidding: tuple[str, ...]
    parts: tuple[Part, ...]
    ladder: tuple[Rung, ...]


@dataclass(frozen=True)
class _Step:
    """A step as the store has it, with its values in each quantity, replicate by replicate."""

    kind: str
    asked: tuple[str, ...]
    changed: tuple[str, ...]
    refusal: str
    found: Mapping[str, Quantity]

    @property
    def possible(self) -> bool:
        return bool(self.found)


def is_split(store: Store, identifier: str) -> bool:
    """Whether a store holds the steps between the two models of a comparison."""
    return (identifier,) in store.rows(_SPLIT)


def split(store: Store, identifier: str | None = None) -> Split:
    """Measure the steps between the two control models of a comparison; of the latest that has any, if none is named.

    Raises:
        MeasureError: there is no such split, or a run of it was not completed.
    """
    identifier, baseline, title, replicates = _found(store, identifier)
    [(model,)] = store.rows(_MODEL, {"comparison": identifier})
    steps = _steps(store, identifier, replicates)
    hybrids = {frozenset(step.asked): step for step in steps if step.kind == "factors"}
    possible = {names for names, step in hybrids.items() if step.possible}
    blocks = finest([each for step in hybrids.values() for each in step.asked if len(step.asked) == 1], possible)
    ladder = tuple(_rung(step, hybrids[frozenset()]) for step in steps if step.kind != "factors")
    return Split(
        comparison=identifier, title=title, baseline=baseline, model=model, replicates=replicates, blocks=blocks,
        knobs=tuple(hybrids[frozenset(block)].changed for block in blocks),
        left=len(orders(blocks, possible)), of=factorial(len(blocks)),
        forbidding=_forbidding(hybrids, blocks),
        parts=tuple(_part(column, hybrids, blocks) for column in QUANTITIES),
        ladder=ladder,
    )  # fmt: skip


def _found(store: Store, identifier: str | None) -> tuple[str, str, str, int]:
    for key, baseline, title, replicates in store.rows(_KNOWN):
        if identifier in {None, key} and is_split(store, key):
            return key, baseline, title, replicates
    which = "" if identifier is None else f" of comparison {identifier}"
    msg = f"{store.name}: no split{which}; make one with `outlive split`"
    raise MeasureError(msg)


def _steps(store: Store, identifier: str, replicates: int) -> list[_Step]:
    """Every step with its values."""
    runs: dict[int, list[int]] = defaultdict(list)
    for step, run in store.rows((_HERE / "split_runs.sql").read_text("utf-8"), {"comparison": identifier}):
        runs[step].append(run)
    rows = store.rows((_HERE / "split_steps.sql").read_text("utf-8"), {"comparison": identifier})
    if any(possible and len(runs[step]) != replicates for step, _, _, _, possible, _ in rows):
        msg = f"{store.name}: the split of comparison {identifier} lacks a run; run the same command again"
        raise MeasureError(msg)
    found = _measured(store, sorted({run for each in runs.values() for run in each}))
    return [_step(row, runs[row[0]], found) for row in rows]


def _measured(store: Store, runs: list[int]) -> dict[str, Measured]:
    """Each measure of each run."""
    with examine(store, "truth", runs) as examination:
        names = dict.fromkeys(column.measure for column in QUANTITIES)
        return {name: measured(examination, find(name)) for name in names}


def _step(row: tuple[Any, ...], runs: list[int], found: Mapping[str, Measured]) -> _Step:
    _, kind, asked, changed, _, refusal = row
    values = {column.key: found[column.measure].quantity(column.row, runs) for column in QUANTITIES if runs}
    return _Step(kind, _words(asked), _words(changed), refusal or "", values)


def _words(joined: str) -> tuple[str, ...]:
    return tuple(joined.split("+")) if joined else ()


def _part(column: Column, hybrids: Mapping[Set, _Step], blocks: Sequence[Block]) -> Part:
    worth = {names: step.found[column.key] for names, step in hybrids.items() if step.possible}
    nothing, everything = worth[frozenset()], worth[max(worth, key=len)]
    each, total = shares(blocks, worth), everything - nothing
    family = together([total, *each.values()])
    return Part(
        column=column, baseline=interval(nothing, column.limits), model=interval(everything, column.limits),
        total=family.interval(total, column.span),
        shares=tuple(family.interval(each[block], column.span) for block in blocks),
    )  # fmt: skip


def _rung(step: _Step, baseline: _Step) -> Rung:
    [asked] = step.asked
    further = tuple(knob for knob in step.changed if knob != asked and not knob.startswith(f"{asked}."))
    apart = (interval(step.found[column.key] - baseline.found[column.key], column.span) for column in QUANTITIES
             if step.possible)  # fmt: skip
    return Rung(step.kind, asked, further, step.refusal, tuple(apart))


def _forbidding(hybrids: Mapping[Set, _Step], blocks: Sequence[Block]) -> tuple[str, ...]:
    """Which knobs keep the factors of a block together: why none of them can follow all that goes before."""
    reached = {frozenset[str]()}
    for names in sorted(hybrids, key=len):
        if hybrids[names].possible and any(names - {each} in reached for each in names):
            reached.add(names)
    last, together = max(reached, key=len), [name for block in blocks if len(block) > 1 for name in block]
    after = [hybrids[last | {name}] for name in together if last | {name} in hybrids]
    return tuple(dict.fromkeys(step.refusal for step in after if not step.possible))
