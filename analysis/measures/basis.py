"""On what a row of a measure rests besides what the evidence shows.

`estimated`: a quantile of times of which some had not ended, where these are taken to be like the rest (Kaplan and
Meier, JASA 53, 1958, 457 to 481). That is an assumption: what goes on may do so because it is of another kind, so that
such a figure is neither proven nor a limit. `declared`: what the file of a platform says of it, whatever was seen.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final, Literal

from analysis.measures.measure import Measure
from analysis.measures.units import goes_by

Basis = Literal["seen", "estimated", "declared"]

_QUANTILE: Final = re.compile(r"(?:^|_)(?:p|cvar)(\d\d)(?:_|$)")


def basis(measure: Measure, label: Sequence[str], unknowns: int) -> Basis:
    """What a row rests on; `unknowns` are those of its values that had not ended."""
    if goes_by(label, measure.terms):
        return "declared"
    estimated = measure.estimator_of(label) == "kaplan-meier" and named_share(label) is not None and unknowns > 0
    return "estimated" if estimated else "seen"


def named_share(words: Iterable[str]) -> float | None:
    """The quantile that the words of a row say it is, or lies beyond; None where they say none."""
    found = [match for word in words if (match := _QUANTILE.search(word))]
    return int(found[-1][1]) / 100 if found else None
