"""All assumptions other than said at once: joint draws, each of them independent and even over its range.

The scale on which a range is even is that of `Range.scale`. It is a way of looking everywhere, and no opinion on what
is likely: a share of draws is a share of what the ranges leave possible. A draw that contradicts itself is drawn anew,
which leaves the law even over what can be had.

A draw has chance of its own, which both control models share: what one draw has wrong by chance no other has, so that
draws can be counted as independent.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from outlive.compare import Request, plan
from outlive.ranges import said
from outlive.varying import Varied, with_settings
from sim.audit.refusal import Refusal
from sim.experiment import Plan
from sim.streams import Purpose, Streams

# A draw is tried so often before it is given up.
_TRIES: Final = 100
# Of a value that was drawn nobody reads more.
DIGITS: Final = 3
# Bits of a path that name an assumption.
_ORDER: Final = 16


@dataclass(frozen=True)
class Draw:
    """A joint draw: where each assumption lies between its ends, in the order of the assumptions; and its plan.

    `again`: how many draws before it contradicted themselves.
    """

    places: tuple[float, ...]
    words: tuple[str, ...]
    plan: Plan
    again: int


def drawn(request: Request, varied: Sequence[Varied], count: int) -> Iterator[Draw]:
    """So many joint draws of assumptions that can be varied; the first ones are the same for any count.

    Raises:
        Refusal: no draw can be had, because assumptions contradict each other.
    """
    for number in range(count if varied else 0):
        yield _drawn(request, varied, number)


def _drawn(request: Request, varied: Sequence[Varied], number: int) -> Draw:
    streams, refusal = Streams(request.seed), ""
    chance = replace(request, seed=streams.of(Purpose.ASSUMED_SEED).draw(number) >> 1)
    paths = np.array([number << _ORDER | each.order for each in varied])
    for attempt in range(_TRIES):
        places = tuple(map(float, streams.of(Purpose.ASSUMED, attempt).uniforms(paths)))
        settings = [each.at(place) for each, place in zip(varied, places, strict=True)]
        changes = {key: value for each in settings for key, value in each.items()}
        try:
            return Draw(
                places, tuple(said(each, DIGITS) for each in settings), plan(with_settings(chance, changes)), attempt
            )
        except Refusal as error:
            refusal = str(error)
    raise Refusal(f"{_TRIES} draws of {len(varied)} assumptions contradict themselves, the last: {refusal}")
