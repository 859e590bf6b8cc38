"""Which assumptions can be other than a request says, and what they would be: at an end of a range, or within it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from analysis.sensitivity import AS_SAID, KNOWN
from outlive.assumptions import in_play
from outlive.compare import Request, plan
from outlive.ranges import Figure, Range, covers, is_number, load, said, size
from sim.audit.refusal import Refusal
from sim.experiment import Plan

# The ends of a range, as a store names them.
ENDINGS: Final = ("low", "high")

_BOTH: Final = (0, 1)


@dataclass(frozen=True)
class Variation:
    """Which assumptions to vary (all, if none is named) but those that are known; and in how many joint draws, or none.

    Of as many draws as there are by default, a claim may fail in two and still be shown to hold in nine of ten.
    """

    over: Sequence[str] = ()
    known: Sequence[str] = ()
    draws: int = 61


@dataclass(frozen=True)
class Varied:
    """An assumption in play: the figures that it stands for, and the plans of both ends, none where it is not varied.

    `order`: its place in the file of ranges, whatever else is varied.
    """

    key: str
    order: int
    span: Range
    figures: tuple[Figure, ...]
    plans: tuple[Plan, ...] = ()
    refusal: str | None = None

    @property
    def said(self) -> str:
        """What is said of it, in words; whoever leaves its range is told so."""
        outside = any(not self._holds(each.value) for each in self.figures)
        return said({each.key: each.value for each in self.figures}) + (", outside its range" if outside else "")

    def _holds(self, value: object) -> bool:
        low, high = map(size, self.span.ends(value))
        return low <= size(value) <= high

    @property
    def words(self) -> tuple[str, str]:
        """What it is at both ends, in words."""
        low, high = (said({each.key: self.span.ends(each.value)[end] for each in self.figures}) for end in _BOTH)
        return low, high

    def at(self, place: float) -> dict[str, object]:
        """What is to be set at a place between both ends."""
        return {each.key: self.span.at(each.value, place) for each in self.figures}

    def towards(self, end: int, share: float) -> dict[str, object]:
        """What is to be set on the way from what is said, 0, to the low (0) or the high end (1), 1."""
        return {each.key: self.span.towards(each.value, end, share) for each in self.figures}

    @property
    def changes(self) -> Iterator[dict[str, object]]:
        """What is to be set at each end; nothing where all is there already."""
        for end in _BOTH:
            values = ((each, self.span.ends(each.value)[end]) for each in self.figures)
            yield {each.key: value for each, value in values if value != each.value}


def varied(request: Request, asked: Plan, vary: Variation) -> Iterator[Varied]:
    """The assumptions in play, those to vary with what is had at their ends, if that is another value at one of them.

    Raises:
        Refusal: one is named that has no range, or to be varied and known at once.
    """
    ranges = load().ranges
    for name in (*vary.over, *vary.known):
        if name not in ranges:
            raise Refusal(
                f"no assumption {name!r} has a range; `outlive assumptions SCENARIO --control NAME` lists them"
            )
        if name in vary.over and name in vary.known:
            raise Refusal(f"{name} is both to be varied (--over) and known (--known): name it in one of them")
    figures = [each for each in in_play(asked) if is_number(each.value)]
    for order, (key, span) in enumerate(ranges.items()):
        here = tuple(each for each in figures if covers(key, each.key) and span.applies(each.value))
        each = Varied(key, order, span, here)
        if here and key in vary.known:
            yield replace(each, refusal=KNOWN)
        elif here and vary.over and key not in vary.over:
            yield replace(each, refusal=AS_SAID)
        elif here:
            yield from _tried(request, asked, each)


def with_settings(request: Request, changes: Mapping[str, object]) -> Request:
    """The same request with some settings more."""
    return replace(request, settings={**request.settings, **changes})


def _tried(request: Request, asked: Plan, each: Varied) -> Iterator[Varied]:
    """An assumption with what is had at its ends, or refused; nothing where both are as said."""
    possible, refusal = _possible(request, each) if each.key.startswith("control.") else (each, None)
    if any(possible.changes):
        try:
            plans = [plan(with_settings(request, changes)) if changes else asked for changes in possible.changes]
        except Refusal as error:
            yield replace(possible, refusal=_reason(error))
        else:
            yield replace(possible, plans=tuple(plans))
    elif refusal:
        yield replace(each, refusal=refusal)


def _possible(request: Request, each: Varied) -> tuple[Varied, str | None]:
    """An assumption of those control models that can have both its ends, and why another cannot."""
    possible, refusal = [], None
    for figure in each.figures:
        try:
            for changes in replace(each, figures=(figure,)).changes:
                plan(with_settings(request, changes))
            possible.append(figure)
        except Refusal as error:
            refusal = _reason(error)
    return replace(each, figures=tuple(possible)), refusal


def _reason(error: Refusal) -> str:
    """Why something cannot be had, without the file that says otherwise."""
    return str(error).rpartition(".toml: ")[2]
