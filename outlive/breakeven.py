"""At which value of a knob the ranking of two control models flips; for any knob that is a number."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from analysis.breakeven import BreakEven
from analysis.comparison import COLUMNS, SUPPORTING, Column
from analysis.crossing import crossing
from analysis.measures.measure import examine, find
from analysis.split import QUANTITIES
from outlive.compare import Progress, Request, plan
from sim.audit.refusal import Refusal
from sim.audit.store import Store
from sim.control.model import Control
from sim.experiment import Plan, fill
from sim.workers import crew

_TWO = 2
# A place in a range that no whole number lies at, to ask whether a knob takes fractions.
_FRACTION = 0.414

Finish = Callable[[Sequence["_Job"]], Iterator["_Job"]]


@dataclass(frozen=True)
class Knob:
    """A knob by its dotted key (`scenario.x` or `control.NAME.x`), and between which values to look."""

    key: str
    least: float
    most: float


@dataclass(frozen=True)
class _Job:
    """One replicate under some control models, and the values found."""

    plan: Plan
    replicate: int
    column: Column
    values: tuple[float, ...] = ()


def breakeven(request: Request, quantity: str, knob: Knob, progress: Progress | None = None) -> BreakEven:
    """Look for the value of a knob at which one of two control models ceases to be better than the other.

    Raises:
        Refusal: the request, the quantity or the knob cannot be used, or a quantity is known only as a lower limit.
    """
    column, tell = _column(quantity), progress or (lambda _: None)
    if not knob.least < knob.most:
        msg = f"from {knob.least:g} to {knob.most:g}: nothing lies between; name the smaller value first"
        raise Refusal(msg)
    first = _at(request, knob, knob.least)
    _two(_at(request, knob, knob.most).controls)
    with crew(_work, first.processes) as finish:
        look = _Look(request, knob, column, finish, tell)
        found = crossing(look, knob.least, knob.most, whole=_is_whole(request, knob))
    ours, theirs = first.controls
    return BreakEven(column, (ours.name, theirs.name), knob.key, first.replicates, found)


def _two(controls: Sequence[Control]) -> None:
    if len(controls) != _TWO:
        msg = f"{len(controls)} control models: name the two whose ranking may flip"
        raise Refusal(msg)


def _column(quantity: str) -> Column:
    """A quantity by its key, or that of a measure; of a measure with several the one that ranks comes last."""
    known = {column.key: column for column in (*COLUMNS, *SUPPORTING, *QUANTITIES)}
    by_measure = {column.measure: column for column in COLUMNS}
    if quantity not in known | by_measure:
        msg = f"no quantity {quantity!r}; there are {', '.join(known)}, or a measure: {', '.join(by_measure)}"
        raise Refusal(msg)
    return (by_measure | known)[quantity]


def _at(request: Request, knob: Knob, value: float) -> Plan:
    """The request with the knob at a value; a whole one is written so, because some knobs take nothing else."""
    written = int(value) if float(value).is_integer() else value
    return plan(replace(request, settings={**request.settings, knob.key: written}))


def _is_whole(request: Request, knob: Knob) -> bool:
    """Whether the knob takes whole numbers only: both ends are allowed, and a fraction between them is not."""
    if not (float(knob.least).is_integer() and float(knob.most).is_integer()):
        return False
    try:
        _at(request, knob, knob.least + (knob.most - knob.least) * _FRACTION)
    except Refusal:
        return True
    return False


@dataclass(frozen=True)
class _Look:
    """The paired differences of the two models at a value of the knob; what does not change is run once."""

    request: Request
    knob: Knob
    column: Column
    finish: Finish
    tell: Progress
    known: dict[str, float] = field(default_factory=dict)

    def __call__(self, value: float) -> list[float]:
        self.tell(f"looking at {self.knob.key} = {value:g}")
        asked = _at(self.request, self.knob, value)
        for job in self.finish(list(self._missing(asked))):
            for control, value_found in zip(job.plan.controls, job.values, strict=True):
                self.known[asked.run_id(job.replicate, control)] = value_found
        ours, theirs = (
            [self.known[asked.run_id(n, control)] for n in range(asked.replicates)] for control in asked.controls
        )
        if any(map(math.isnan, (*ours, *theirs))):
            msg = f"{self.column.key}: at {self.knob.key} = {value:g} some run knows no value, or only a lower limit"
            raise Refusal(f"{msg}; choose another quantity or a longer window")
        return [one - other for one, other in zip(ours, theirs, strict=True)]

    def _missing(self, asked: Plan) -> Iterator[_Job]:
        for replicate in range(asked.replicates):
            new = tuple(each for each in asked.controls if asked.run_id(replicate, each) not in self.known)
            if new:
                yield _Job(replace(asked, controls=new), replicate, self.column)


def _work(job: _Job) -> _Job:
    """Simulate a replicate and measure the one quantity; nothing is kept but its values."""
    keys = range(1, len(job.plan.controls) + 1)
    with Store.in_memory() as store:
        fill(store, job.plan, job.replicate, 1, keys)
        with examine(store, "truth", keys) as examination:
            result = examination.measure(find(job.column.measure)).set_index("run")
    for name, value in job.column.row:
        result = result[result[name] == value]
    result = result.loc[list(keys)]
    return replace(job, values=tuple(result["lo"].where(result["hi"].notna()).tolist()))
