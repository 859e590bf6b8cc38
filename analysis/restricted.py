"""Means of times up to a horizon, of all that replications saw: the area below one curve of all, restricted to it.

Royston and Parmar, BMC Medical Research Methodology 13, 2013; the curve is Kaplan and Meier's. As the quantiles beside
it, it is of whatever was seen, in whichever replication, and no mean of means: a run with one task weighs as one task.
Its resamples are of replications, in which things hang together.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from analysis.pooled import Pool, curve_of, having_of, told_by, weightings_of, with_parts
from analysis.statistics import FEWEST, Quantity, Values

# So many resamples at once: all together would fill the memory.
_AT_ONCE: Final = 64
_ROUNDING: Final = 1e-12


def restricted_mean(pools: Sequence[Pool], horizon: float) -> Quantity | None:
    """At least as if whatever left last had ended then, at most as if it never did.

    None where none has any, or fewer than six of six or more do.
    """
    if not having_of(pools) or having_of(pools) < FEWEST <= len(pools):
        return None
    curve, weightings = curve_of(pools), weightings_of(len(pools))
    parts = np.array_split(weightings, math.ceil(len(weightings) / _AT_ONCE))
    areas = [_area(each @ curve.at_risk, each @ curve.after, curve.grid, horizon) for each in parts]
    # A resample of none that saw any says nothing.
    low, high = np.where(weightings @ curve.at_risk[:, 0] > 0, np.hstack(areas), areas[0][:, :1])
    # Where everything ended before the horizon they differ by rounding.
    least = with_parts(low, len(pools))
    same = bool((high - low <= _ROUNDING * high).all())
    return told_by(Quantity(least, least if same else with_parts(high, len(pools)), len(pools)), pools)


def within(pools: Sequence[Pool], horizon: float) -> Quantity | None:
    """What that lies between where no more than limits is known of some times: were each as short, or as long."""
    short = restricted_mean([Pool(each.least, each.least) for each in pools], horizon)
    ends = [np.minimum(each.most, horizon) for each in pools]
    long = restricted_mean([Pool(each, each) for each in ends], horizon)
    return None if short is None or long is None else replace(short, most=long.most)


def _area(at_risk: Values, after: Values, grid: Values, horizon: float) -> Values:
    """The area below each of some curves up to a horizon, at least and at most."""
    left = np.where(at_risk > 0, after / np.where(at_risk > 0, at_risk, 1.0), 1.0).cumprod(axis=1)
    lasts = np.diff(np.minimum(np.append(grid, np.inf), horizon))
    goes_on = np.pad(at_risk[:, 1:] > 0, ((0, 0), (0, 1)))
    return min(float(grid[0]), horizon) + np.array([(left * goes_on) @ lasts, left @ lasts])
