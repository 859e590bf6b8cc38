"""What a control model's difference from the baseline is made of: one verb simulates every step between the two."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.report.legible import counted
from analysis.split import Split
from analysis.split import split as measured
from outlive.bundled import root
from outlive.compare import Progress, Request, carried_out, declare, plan, silent, write_page
from outlive.places import page_beside
from sim.audit.columns import Columns
from sim.audit.refusal import Refusal
from sim.audit.store import Store
from sim.control import factors
from sim.control.hybrid import Between, Step
from sim.control.model import Control
from sim.experiment import Plan

_BASELINE_AND_MODEL = 2


def split(
    request: Request, into: Path | str, report: Path | str | None = None, progress: Progress | None = None
) -> Split:
    """Simulate every step between a baseline and a model, and split their difference over factors and by knobs.

    The two are compared too, as by `compare`; a report of that comparison shows the split.

    Raises:
        Refusal: the request or the store cannot be used, or the two models do not differ.
    """
    asked, tell = plan(request), progress or silent
    steps = _steps(asked)
    models = {step.changed: step.control for step in steps if step.control is not None}
    wider = replace(asked, controls=_ordered(models, asked.controls))
    page = None if report is None else page_beside(into, report)
    with Store.create(Path(into)) as store:
        runs = carried_out(wider, store, tell)
        own = runs[: len(asked.controls) * asked.replicates]
        titles = (asked.scenario.name, asked.scenario.title)
        identifier = declare(store, asked, dict(zip(asked.run_ids, own, strict=True)), titles)
        store.write_split(identifier, _described(steps), _runs(steps, wider, runs))
        tell("measuring")
        result = measured(store, identifier)
        write_page(store, page, identifier, tell)
    return result


def _steps(asked: Plan) -> tuple[Step, ...]:
    if len(asked.controls) != _BASELINE_AND_MODEL:
        raise Refusal(
            f"{counted(len(asked.controls), 'control model')}: name two, the baseline first, then the one to split"
        )
    baseline, other = asked.controls
    between = Between(baseline, other, factors.load(root() / "factors.toml"))
    if not between.differing:
        raise Refusal(f"{other.name} differs from {baseline.name} in no knob that changes a fact; name another")
    return between.steps()


def _ordered(models: Mapping[tuple[str, ...], Control], ends: Sequence[Control]) -> tuple[Control, ...]:
    """The baseline, the model, and whatever lies between them, each once."""
    return (*ends, *(each for each in models.values() if each not in ends))


def _described(steps: Sequence[Step]) -> Columns:
    return {
        "step": np.arange(len(steps)),
        "kind": _text([step.kind for step in steps]),
        "asked": _text(["+".join(step.asked) for step in steps]),
        "changed": _text(["+".join(step.changed) for step in steps]),
        "possible": np.array([step.control is not None for step in steps]),
        "refusal": _text([step.refusal or None for step in steps]),
    }


def _runs(steps: Sequence[Step], plan: Plan, runs: Sequence[int]) -> Columns:
    """The runs of every step; those of a control model lie side by side."""
    of = {control.name: n * plan.replicates for n, control in enumerate(plan.controls)}
    starts = {n: of[step.control.name] for n, step in enumerate(steps) if step.control is not None}
    return {
        "step": np.repeat(list(starts), plan.replicates),
        "run": np.array([run for start in starts.values() for run in runs[start : start + plan.replicates]]),
    }


def _text(words: Sequence[str | None]) -> NDArray[np.object_]:
    column = np.empty(len(words), dtype=object)
    column[:] = words
    return column
