"""How far a difference between two control models hangs on assumptions: one at a time, and all of them together.

Two uncertainties stay apart. The interval is of replications, paired on the same draws: of the difference at an end,
and of its change from where all is as said. The range is what lies between the ends: it has no confidence, because
nothing is said of how likely they are. Assumptions that matter only together are seen in joint draws (`joint`), which
decide whether a claim stands.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from scipy import special

from analysis.comparison import Comparison
from analysis.joint import Joint, Place
from analysis.measures.measure import MeasureError
from analysis.screen import Column, column
from analysis.statistics import (
    FEWEST,
    ROUNDING,
    Interval,
    Limits,
    Quantity,
    Values,
    interval,
    known,
    limited,
    parts_of,
    student,
)
from sim.audit.store import Store

_HERE: Final = Path(__file__).parent
_ROUNDING: Final = 1e-9
_VARIED: Final = "SELECT DISTINCT comparison FROM fact.assumption"

# Why an assumption in play was not varied: whoever asked knows it, or did not name it.
KNOWN: Final = "known here"
AS_SAID: Final = "not named"

HEADLINES: Final = tuple(map(column, ("obtainable", "held", "t1b", "t2", "loss", "latency", "approver")))

Sign = Literal["survives", "open", "flips", "not settled", "same", "few"]


@dataclass(frozen=True)
class Turning:
    """On the way to an end: the last value at which a sign was seen to be settled, and the next at which it was not.

    `mean_kept`, `mean_lost`: the same of the sign of the mean, which no number of replications moves on average; None
    where it is the same at the end.
    """

    kept: str
    lost: str
    mean_kept: str | None = None
    mean_lost: str | None = None


@dataclass(frozen=True)
class End:
    """One end of a range: the value, the difference of the models there, and its change from where all is as said.

    Each is known at least within limits. `turning`: where the sign is lost on the way there; None where it is kept, or
    nobody looked.
    """

    value: str
    difference: Interval
    change: Interval
    turning: Turning | None = None


@dataclass(frozen=True)
class Effect:
    """What an assumption does to one headline; an end is None where no limit of the difference is known.

    `sign`: whether it is settled at both ends as it is where all is as said (`survives`), settled the other way at one
    of them (`flips`), or neither (`open`).
    """

    key: str
    said: str
    low: End | None
    high: End | None
    sign: Sign

    @property
    def ends(self) -> tuple[End, ...]:
        """The ends that are known."""
        return tuple(end for end in (self.low, self.high) if end is not None)

    @property
    def is_lost(self) -> bool:
        """Whether the sign is settled where all is as said, and not alike at one of the ends."""
        return self.sign in {"flips", "open"}

    @property
    def turnings(self) -> tuple[Turning, ...]:
        """Where the sign is lost, as far as anybody looked."""
        return tuple(end.turning for end in self.ends if end.turning is not None)

    @property
    def size(self) -> float:
        """The greater change of the two."""
        return max((abs(each) for end in self.ends for each in (end.change.mean, end.change.upper)), default=math.nan)

    @property
    def idle(self) -> bool:
        """Whether it changes nothing in any run, but for rounding of the machine."""
        return len(self.ends) == len((self.low, self.high)) and all(
            max(abs(each) for each in (end.change.mean, end.change.lo, end.change.hi) if not math.isnan(each))
            <= _ROUNDING * max(1.0, abs(end.difference.mean))
            for end in self.ends
        )


@dataclass(frozen=True)
class Tornado:
    """One headline: the model less the baseline where all is as said, and the effects, the greatest first.

    `idle`: assumptions that change it in no run. `limited`: no limit of the difference is known where all is as said.
    `joint`: what becomes of it when all are drawn together; None where they were not.
    """

    column: Column
    difference: Interval
    effects: tuple[Effect, ...]
    idle: tuple[str, ...]
    limited: bool
    joint: Joint | None = None

    @property
    def exact(self) -> bool:
        """Whether every difference is known, not only within limits."""
        return all(each.most is None for each in self._differences)

    @property
    def _differences(self) -> list[Interval]:
        return [self.difference, *(end.difference for each in self.effects for end in each.ends)]

    @property
    def span(self) -> tuple[float, float]:
        """From the least to the greatest difference over the ends: a range, not an interval."""
        found = self._differences
        return min(each.mean for each in found), max(each.upper for each in found)


@dataclass(frozen=True)
class Sensitivity:
    """Every headline of a comparison of two models; `refused`: assumptions that cannot be varied here, and why.

    `varied`: how many were, each alone; `known` and `as_said`: those that were not, as whoever asked knows them, or
    named others; `draws`: in how many joint draws all of them lay elsewhere at once.
    """

    comparison: str
    title: str
    baseline: str
    model: str
    replicates: int
    varied: int
    draws: int
    tornados: tuple[Tornado, ...]
    refused: tuple[tuple[str, str], ...]
    known: tuple[str, ...] = ()
    as_said: tuple[str, ...] = ()

    @property
    def in_play(self) -> int:
        """How many assumptions there are, but those that cannot be varied."""
        return self.varied + len(self.known) + len(self.as_said)


@dataclass(frozen=True)
class _Assumption:
    """A row of the store, with what was found at its ends: by headline, for each of the two models."""

    key: str
    said: str
    low: str
    high: str
    found: dict[tuple[str, str], tuple[Quantity, Quantity]]
    turnings: Mapping[tuple[str, str], Turning]


@dataclass(frozen=True)
class _Draws:
    """Where each assumption lay in the joint draws, and the difference of the models in each draw, by headline."""

    places: tuple[tuple[str, tuple[Place, ...]], ...]
    found: Sequence[Mapping[str, Quantity]]

    def of(self, column: Column, declared: Interval | None) -> Joint | None:
        """What becomes of a headline, whose difference is declared to be this where all is as said."""
        if not self.found or declared is None:
            return None
        draws = tuple(interval(each[column.key], column.span) for each in self.found)
        return Joint(declared.sign or 0, declared.steady, draws, self.places)


def is_varied(store: Store, identifier: str) -> bool:
    """Whether a store holds a comparison's headlines at the ends of assumptions."""
    return (identifier,) in store.rows(_VARIED)


def sensitivity(store: Store, comparison: Comparison) -> Sensitivity:
    """What is found when assumptions of a comparison are varied.

    Raises:
        MeasureError: none were, or it does not have two control models.
    """
    rows = store.rows((_HERE / "assumptions.sql").read_text("utf-8"), {"comparison": comparison.identifier})
    if not rows or len(comparison.rows) != 2:  # noqa: PLR2004 - a baseline and a model
        msg = f"{store.name}: no assumptions varied in comparison {comparison.identifier}; use `outlive sensitivity`"
        raise MeasureError(msg)
    varied = list(_assumptions(store, comparison.identifier, [row for row in rows if row[5] is None]))
    draws = _draws(store, comparison.identifier)
    return Sensitivity(
        comparison=comparison.identifier, title=comparison.title, baseline=comparison.rows[0].control,
        model=comparison.rows[1].control, replicates=comparison.replicates, varied=len(varied),
        draws=len(draws.found), tornados=tuple(_tornado(column, comparison, varied, draws) for column in HEADLINES),
        refused=tuple((row[1], row[5]) for row in rows if row[5] not in {None, KNOWN, AS_SAID}),
        known=tuple(row[1] for row in rows if row[5] == KNOWN),
        as_said=tuple(row[1] for row in rows if row[5] == AS_SAID),
    )  # fmt: skip


def _assumptions(store: Store, identifier: str, rows: Sequence[tuple[Any, ...]]) -> Iterator[_Assumption]:
    values = store.rows((_HERE / "assumption_values.sql").read_text("utf-8"), {"comparison": identifier})
    turnings = store.rows((_HERE / "turnings.sql").read_text("utf-8"), {"comparison": identifier})
    for number, key, said, low, high, _ in rows:
        found: dict[tuple[str, str], tuple[list[Sequence[float]], list[Sequence[float]]]] = {}
        for of, ending, quantity, position, *limits in values:
            if of == number:
                place = found.setdefault((quantity, ending), ([], []))
                place[position].append([math.nan if each is None else each for each in limits])
        turned = {(quantity, ending): Turning(*at) for of, quantity, ending, *at in turnings if of == number}
        yield _Assumption(key, said, low, high, {at: (_over(a), _over(b)) for at, (a, b) in found.items()}, turned)


def _draws(store: Store, identifier: str) -> _Draws:
    lying: dict[str, list[Place]] = {}
    for key, place, value in store.rows(
        (_HERE / "assumption_draws.sql").read_text("utf-8"), {"comparison": identifier}
    ):
        lying.setdefault(key, []).append(Place(place, value))
    found: dict[int, dict[str, tuple[list[Sequence[float]], list[Sequence[float]]]]] = {}
    values = store.rows((_HERE / "draw_values.sql").read_text("utf-8"), {"comparison": identifier})
    for draw, quantity, position, *limits in values:
        place = found.setdefault(draw, {}).setdefault(quantity, ([], []))
        place[position].append([math.nan if each is None else each for each in limits])
    apart = [{key: _over(ours) - _over(theirs) for key, (theirs, ours) in each.items()} for each in found.values()]
    return _Draws(tuple((key, tuple(places)) for key, places in lying.items()), apart)


def _over(replicates: Sequence[Sequence[float]]) -> Quantity:
    least, most = zip(*replicates, strict=True)
    return limited(least, most)


def as_kept(theirs: Quantity, ours: Quantity) -> tuple[Quantity, Quantity]:
    """Both as means over replications, as those at the ends are kept: else no change of a quantile is paired.

    Of many values that are the same, at a quantile, no replication moves it by itself, though several may: then the
    pseudo-values of their difference are all alike, and its resamples are not. What those say is no spread, so that
    each is known within what its resamples span, and what that leaves open is not settled.
    """
    apart = ours - theirs
    if not any(_hides(end, apart.replications) for end in apart.ends):
        return limited(theirs.parts, theirs.parts_most), limited(ours.parts, ours.parts_most)
    kept = ([[value] * each.replications for value in _spanned(each)] for each in (theirs, ours))
    first, second = (limited(*ends) for ends in kept)
    return first, second


def _hides(end: Values, replications: int) -> bool:
    """Whether a value varies over resamples, though no replication alone moves it."""
    resampled = end[1 + replications :]
    return _alike(parts_of(end, replications)) and not (np.isnan(resampled).any() or _alike(resampled))


def _alike(values: Values) -> bool:
    return bool(np.isfinite(values).all()) and float(np.ptp(values)) <= ROUNDING * float(np.abs(values).max())


def _spanned(quantity: Quantity) -> Limits:
    """Between what resamples lie, but for as many as Student's interval leaves out where they are normal.

    The expanded percentile interval: resamples of few replications lie too near to each other (Hesterberg, The American
    Statistician 69, 2015, 371 to 386).
    """
    n = quantity.replications
    least, most = (np.sort(end[1 + n :]) for end in (quantity.least, quantity.most))
    cut = int(len(least) * special.ndtr(-student(n) * math.sqrt(n / (n - 1))))
    return float(least[cut]), float(most[-1 - cut])


def _tornado(column: Column, comparison: Comparison, varied: Sequence[_Assumption], draws: _Draws) -> Tornado:
    theirs, ours = (row.cell(column.key) for row in comparison.rows)
    before, after = as_kept(theirs.quantity, ours.quantity)
    apart = after - before
    here = interval(apart, column.span)
    if not here.is_known:
        return Tornado(column, interval([]), (), (), limited=True)
    effects = [_effect(column, each, apart) for each in varied]
    moving = [each for each in effects if not each.idle]
    # What is not known comes last.
    ordered = tuple(sorted(moving, key=lambda each: (math.isnan(each.size), -each.size, each.key)))
    idle = tuple(each.key for each in effects if each.idle)
    return Tornado(column, here, ordered, idle, limited=False, joint=draws.of(column, ours.difference))


def _effect(column: Column, assumption: _Assumption, apart: Quantity) -> Effect:
    low, high = (_end(column, assumption, ending, apart) for ending in ("low", "high"))
    ends = [None if end is None else end.difference for end in (low, high)]
    return Effect(assumption.key, assumption.said, low, high, sign_of(interval(apart), ends))


def _end(column: Column, assumption: _Assumption, ending: Literal["low", "high"], apart: Quantity) -> End | None:
    theirs, ours = assumption.found[column.key, ending]
    here = ours - theirs
    found = interval(here, column.span)
    # The same limits in every replicate are no change, whatever lies between them.
    same = (here.parts, here.parts_most) == (apart.parts, apart.parts_most)
    change = interval(known([0.0] * here.replications) if same else here - apart)
    value = assumption.low if ending == "low" else assumption.high
    return End(value, found, change, assumption.turnings.get((column.key, ending))) if found.is_known else None


def sign_of(said: Interval, ends: Sequence[Interval | None]) -> Sign:
    """What becomes of the sign of a difference at the ends of a range; fewer replications than six settle nothing."""
    if said.replications < FEWEST:
        return "few"
    if said.is_same and all(end is not None and end.is_same for end in ends):
        return "same"
    if not said.excludes_zero:
        return "not settled"
    settled = [0 if end is None or not end.excludes_zero else math.copysign(1, end.mean) for end in ends]
    if -math.copysign(1, said.mean) in settled:
        return "flips"
    return "open" if 0 in settled else "survives"
