"""How far a comparison of two control models hangs on its assumptions: each at both ends of its range, then jointly."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analysis.report.legible import counted
from analysis.samples import Sample
from analysis.sensitivity import HEADLINES, Sensitivity
from analysis.sensitivity import sensitivity as found_in
from outlive.compare import Progress, Request, plan, set_side_by_side, silent, write_page
from outlive.draws import Draw, drawn
from outlive.places import page_beside
from outlive.trials import Finish, Known, taken, tried
from outlive.turning import Search
from outlive.varying import ENDINGS, Variation, Varied, varied
from sim.audit.columns import Columns
from sim.audit.refusal import Refusal
from sim.audit.store import Store
from sim.experiment import Plan
from sim.workers import crew

_MOST: Final = 10_000
_TWO: Final = 2
_TURNING: Final = ("assumption", "quantity", "ending", "kept", "lost", "mean_kept", "mean_lost")
_VALUE: Final = ("position", "replicate", "quantity", "value", "most")
# So many times on the way it is told how far the runs are.
_TOLD: Final = 20


def sensitivity(
    request: Request, into: Path | str, vary: Variation | None = None, report: Path | str | None = None,
    progress: Progress | None = None,
) -> Sensitivity:  # fmt: skip
    """Compare two control models, again at both ends of every assumption, and again in joint draws of all of them.

    The comparison is kept, of the other runs only their headlines.

    Raises:
        Refusal: the request, a name or the store cannot be used.
    """
    asked, vary, tell = plan(request), vary or Variation(), progress or silent
    if len(asked.controls) != _TWO:
        raise Refusal(f"{counted(len(asked.controls), 'control model')}: name two, the baseline first")
    if not 0 <= vary.draws <= _MOST:
        raise Refusal(f"draws = {vary.draws}: name a number from 0, which asks for the ends alone, to {_MOST:,}")
    looked = _Looked.at(request, asked, vary)
    if not any(each.plans for each in looked.varied):
        why = "; ".join(f"{each.key}: {each.refusal}" for each in looked.varied if each.key in vary.over)
        raise Refusal(f"nothing is left to vary{f': {why}' if why else ''}")
    page = None if report is None else page_beside(into, report)
    with Store.create(Path(into)) as store:
        comparison = set_side_by_side(asked, store, tell, whole=page is not None)
        known = Known(HEADLINES, _headlines(asked, store))
        with crew(tried, asked.processes) as finish:
            _carry_out(looked, known, finish, tell)
            store.write_assumptions(comparison.identifier, looked.rows(known))
            search = Search(request, looked.varied, known, finish, tell)
            turnings = list(search.rows(found_in(store, comparison)))
        store.write_turnings(comparison.identifier, _columns(_TURNING, turnings))
        write_page(store, page, comparison, tell)
        return found_in(store, comparison)


def _headlines(asked: Plan, store: Store) -> dict[str, tuple[Sample, ...]]:
    """What the comparison's own runs say."""
    keys: dict[str, int] = dict(store.rows("SELECT id, key FROM fact.run"))
    names = asked.run_ids
    return dict(zip(names, taken(store, HEADLINES, [keys[name] for name in names]), strict=True))


def _carry_out(looked: "_Looked", known: Known, finish: Finish, tell: Progress) -> None:
    """Simulate whatever is not known yet, telling how far it is."""
    trials = [trial for at in looked.plans for trial in known.missing(at)]
    total, done = sum(len(trial.runs()) for trial in trials), 0
    ends = sum(bool(each.plans) for each in looked.varied)
    jointly = f" and in {counted(len(looked.draws), 'joint draw')} of them" if looked.draws else ""
    tell(f"simulating {counted(total, 'run')} at the ends of {counted(ends, 'assumption')}{jointly}")
    for trial in finish(trials):
        known.learn(trial)
        before, done = done, done + len(trial.runs())
        if done * _TOLD // total > before * _TOLD // total:
            tell(f"simulated {done} of {counted(total, 'run')}")


@dataclass(frozen=True)
class _Looked:
    """What is looked at beside the comparison itself: assumptions at their ends, and joint draws of them."""

    varied: Sequence[Varied]
    draws: Sequence[Draw]

    @classmethod
    def at(cls, request: Request, asked: Plan, vary: Variation) -> "_Looked":
        """All that a request leaves open."""
        found = list(varied(request, asked, vary))
        return cls(found, list(drawn(request, [each for each in found if each.plans], vary.draws)))

    @property
    def plans(self) -> Iterator[Plan]:
        """All that has to be known."""
        yield from (at for each in self.varied for at in each.plans)
        yield from (each.plan for each in self.draws)

    def rows(self, known: Known) -> dict[str, Columns]:
        """What is to be written, by table."""
        ends = [((number, ending), at) for number, each in enumerate(self.varied)
                for ending, at in zip(ENDINGS, each.plans, strict=False)]  # fmt: skip
        draws = [((number,), each.plan) for number, each in enumerate(self.draws)]
        return {
            "assumption": self._assumptions(),
            "assumption_value": _columns(("assumption", "ending", *_VALUE), _values(ends, known)),
            "assumption_draw": _columns(("draw", "assumption", "place", "value"), self._places()),
            "draw_value": _columns(("draw", *_VALUE), _values(draws, known)),
        }

    def _assumptions(self) -> Columns:
        rows = [(number, each.key, each.said, *each.words, each.span.source, each.refusal)
                for number, each in enumerate(self.varied)]  # fmt: skip
        return _columns(("assumption", "key", "said", "low", "high", "source", "refusal"), rows)

    def _places(self) -> Iterator[tuple[object, ...]]:
        drawn_ = [number for number, each in enumerate(self.varied) if each.plans]
        for draw, each in enumerate(self.draws):
            yield from zip(repeat(draw), drawn_, each.places, each.words)


def _values(plans: Sequence[tuple[tuple[object, ...], Plan]], known: Known) -> Iterator[tuple[object, ...]]:
    """What each replicate of some plans adds to each headline, at least and at most."""
    for named, at in plans:
        for column in HEADLINES:
            for position, found in enumerate(known.kept(at, column)):
                for replicate, limits in enumerate(zip(found.parts, found.parts_most, strict=True)):
                    yield (*named, position, replicate, column.key, *limits)


def _columns(names: Sequence[str], rows: Iterable[tuple[object, ...]]) -> Columns:
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    return {name: _column(each) for name, each in zip(names, columns, strict=True)}


def _column(values: Sequence[object]) -> NDArray[np.object_] | NDArray[np.float64]:
    """Words stay words, whatever their length; numbers become numbers."""
    if not any(each is None or isinstance(each, str) for each in values):
        return np.array(values)
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column
