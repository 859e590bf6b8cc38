"""How far a comparison of two control models hangs on its assumptions: each set to both ends of its range, alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.report import write_report
from analysis.samples import Sample
from analysis.sensitivity import HEADLINES, Sensitivity
from analysis.sensitivity import sensitivity as found_in
from outlive.assumptions import in_play, scales
from outlive.compare import Progress, Request, plan, set_side_by_side
from outlive.places import page_beside
from outlive.ranges import Figure, Range, covers, is_number, load, said
from outlive.trials import Known, taken, tried
from sim.audit.columns import Columns
from sim.audit.refusal import Refusal
from sim.audit.store import Store
from sim.experiment import Plan
from sim.workers import crew

_TWO: Final = 2
_ENDINGS: Final = ("low", "high")
# So many times on the way it is told how far the runs are.
_TOLD: Final = 20


@dataclass(frozen=True)
class _Varied:
    """An assumption in play: what is said, and the words and the plans of both ends; no plans where it is refused."""

    key: str
    source: str
    said: str
    words: tuple[str, str]
    plans: tuple[Plan, ...]
    refusal: str | None = None


def sensitivity(
    request: Request, into: Path | str, over: Sequence[str] = (), report: Path | str | None = None,
    progress: Progress | None = None,
) -> Sensitivity:  # fmt: skip
    """Compare two control models, then again at both ends of every assumption, or of those that `over` names.

    The comparison is kept, of the runs at the ends only their headlines.

    Raises:
        Refusal: the request, a name or the store cannot be used.
    """
    asked, tell = plan(request), progress or (lambda _: None)
    if len(asked.controls) != _TWO:
        raise Refusal(f"{len(asked.controls)} control models: name two, the baseline first")
    varied = list(_varied(request, asked, _wanted(over)))
    page = None if report is None else page_beside(into, report)
    with Store.create(Path(into)) as store:
        comparison = set_side_by_side(asked, store, tell, whole=page is not None)
        known = Known(HEADLINES, _headlines(asked, store))
        _carry_out(varied, known, asked.processes, tell)
        found = {"assumption": _rows(varied), "assumption_value": _values(varied, known)}
        store.write_assumptions(comparison.identifier, found)
        if page is not None:
            tell(f"writing {page}")
            write_report(store, page, comparison)
        return found_in(store, comparison)


def _wanted(over: Sequence[str]) -> dict[str, Range]:
    """The ranges that are named, or all of them."""
    known = load().ranges
    for name in over:
        if name not in known:
            raise Refusal(
                f"no assumption {name!r} has a range; `outlive assumptions SCENARIO --control NAME` lists them"
            )
    return {key: each for key, each in known.items() if not over or key in over}


def _varied(request: Request, asked: Plan, ranges: dict[str, Range]) -> Iterator[_Varied]:
    """The assumptions that are in play and have another value at one of their ends."""
    figures = [each for each in in_play(asked) if is_number(each.value)]
    for key, span in ranges.items():
        here = [each for each in figures if covers(key, each.key) and (scales(each.value) or not span.relative)]
        possible, refusal = _possible(request, here, span) if key.startswith("control.") else (here, None)
        if possible and any(_ends(possible, span)):
            yield _one(request, asked, key, possible, span)
        elif here and refusal:
            yield _Varied(key, span.source, _said(here), _words(here, span), (), refusal)


def _possible(request: Request, figures: Sequence[Figure], span: Range) -> tuple[list[Figure], str | None]:
    """The figures of those control models that can have them at both ends, and why another cannot."""
    possible, refusal = [], None
    for each in figures:
        try:
            for changes in _ends([each], span):
                plan(replace(request, settings={**request.settings, **changes}))
            possible.append(each)
        except Refusal as error:
            refusal = _reason(error)
    return possible, refusal


def _one(request: Request, asked: Plan, key: str, figures: Sequence[Figure], span: Range) -> _Varied:
    described = (key, span.source, _said(figures), _words(figures, span))
    try:
        plans = [
            plan(replace(request, settings={**request.settings, **changes})) if changes else asked
            for changes in _ends(figures, span)
        ]
    except Refusal as error:
        return _Varied(*described, (), _reason(error))
    return _Varied(*described, tuple(plans))


def _reason(error: Refusal) -> str:
    """Why something cannot be had, without the file that says otherwise."""
    return str(error).rpartition(".toml: ")[2]


def _ends(figures: Sequence[Figure], span: Range) -> tuple[dict[str, object], dict[str, object]]:
    """What is to be set at each end; nothing where all is there already."""
    low, high = (
        {each.key: end for each in figures if (end := span.ends(each.value)[place]) != each.value} for place in (0, 1)
    )
    return low, high


def _said(figures: Sequence[Figure]) -> str:
    return said({each.key: each.value for each in figures})


def _words(figures: Sequence[Figure], span: Range) -> tuple[str, str]:
    low, high = (said({each.key: span.ends(each.value)[place] for each in figures}) for place in (0, 1))
    return low, high


def _headlines(asked: Plan, store: Store) -> dict[str, tuple[Sample, ...]]:
    """What the comparison's own runs say."""
    keys: dict[str, int] = dict(store.rows("SELECT id, key FROM fact.run"))
    names = [asked.run_id(n, control) for control in asked.controls for n in range(asked.replicates)]
    return dict(zip(names, taken(store, HEADLINES, [keys[name] for name in names]), strict=True))


def _carry_out(varied: Sequence[_Varied], known: Known, processes: int, tell: Progress) -> None:
    """Simulate whatever is not known yet, telling how far it is."""
    trials = [trial for each in varied for at in each.plans for trial in known.missing(at)]
    total, done = sum(len(trial.runs()) for trial in trials), 0
    tell(f"simulating {total} runs at the ends of {sum(bool(each.plans) for each in varied)} assumptions")
    with crew(tried, processes) as finish:
        for trial in finish(trials):
            known.learn(trial)
            before, done = done, done + len(trial.runs())
            if done * _TOLD // total > before * _TOLD // total:
                tell(f"simulated {done} of {total} runs")


def _rows(varied: Sequence[_Varied]) -> Columns:
    return {
        "assumption": np.arange(len(varied)),
        "key": _text([each.key for each in varied]),
        "said": _text([each.said for each in varied]),
        "low": _text([each.words[0] for each in varied]),
        "high": _text([each.words[1] for each in varied]),
        "source": _text([each.source for each in varied]),
        "refusal": _text([each.refusal for each in varied]),
    }


def _values(varied: Sequence[_Varied], known: Known) -> Columns:
    rows = [
        (number, ending, position, replicate, column.key, value, most)
        for number, each in enumerate(varied)
        for ending, at in zip(_ENDINGS, each.plans, strict=False)
        for column in HEADLINES
        for position, found in enumerate(known.of(at, column))
        for replicate, (value, most) in enumerate(zip(found.parts, found.parts_most, strict=True))
    ]
    names = ("assumption", "ending", "position", "replicate", "quantity", "value", "most")
    columns = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(names, ())
    texts = {name: _text(columns[name]) for name in ("ending", "quantity")}
    return {name: texts.get(name, np.array(columns[name])) for name in names}


def _text(words: Sequence[str | None]) -> NDArray[np.object_]:
    column = np.empty(len(words), dtype=object)
    column[:] = words
    return column
