"""On what a row of a measure rests besides what the evidence shows.

`estimated`: a quantile of times of which some had not ended, where these are taken to be like the rest (Kaplan and
Meier, JASA 53, 1958, 457 to 481), or their mean up to a horizon that some had not come to. That is an assumption: what
goes on may do so because it is of another kind, so that such a figure is neither proven nor a limit.
`declared`: what the file of a platform says of it, whatever was seen.
`extrapolated`: told per day or year of what was seen for less than a day, as if every day were like that.
"""

import re
from collections.abc import Sequence
from typing import Final, Literal

from analysis.measures.measure import Measure
from analysis.measures.units import goes_by

Basis = Literal["seen", "estimated", "declared", "extrapolated"]

_DAY: Final = 86_400
_MEAN: Final = "restricted_mean"
_RATE: Final = re.compile(r"\bper (?:\S+-)?(?:day|year)\b")


def basis(measure: Measure, label: Sequence[str], unknowns: int) -> Basis:
    """What a row rests on; `unknowns` are those of its values that had not ended."""
    if goes_by(label, measure.terms):
        return "declared"
    of_curve = measure.share(label) is not None or _MEAN in label[-1:]
    estimated = measure.estimator_of(label) == "kaplan-meier" and of_curve and unknowns > 0
    return "estimated" if estimated else "seen"


def extrapolated(rests: Basis, unit: str, seconds: float) -> Basis:
    """The same of a window that lasts so long."""
    return "extrapolated" if rests == "seen" and seconds < _DAY and _RATE.search(unit) else rests
