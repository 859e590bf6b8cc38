"""Intervals over replications. Replications are the only sample: agents and events of one run depend on each other.

What is given here is Monte Carlo uncertainty: how far the mean of more replications could lie from this one. It says
nothing about assumptions, nor about what a log leaves open.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

CONFIDENCE = 0.95

# Fewer replications than this say nothing about their spread.
_PAIR = 2

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Interval:
    """A mean over replications with its confidence interval; `lo` and `hi` are NaN for fewer than two."""

    mean: float
    lo: float
    hi: float
    replications: int

    @property
    def excludes_zero(self) -> bool:
        """Whether the sign is settled."""
        return self.lo > 0 or self.hi < 0


def interval(values: Sequence[float], comparisons: int = 1) -> Interval:
    """Mean with Student's t interval; `comparisons` intervals made so hold together (Bonferroni)."""
    sample = np.asarray(values, dtype=np.float64)
    n = len(sample)
    if n < _PAIR:
        return Interval(float(sample.mean()) if n else float("nan"), float("nan"), float("nan"), n)
    return _around(float(sample.mean()), float(sample.std(ddof=1)) / n**0.5, n, comparisons)


def difference(values: Sequence[float], baseline: Sequence[float], comparisons: int = 1) -> Interval:
    """Mean difference of pairs that share a replicate, with its interval."""
    return interval([ours - theirs for ours, theirs in zip(values, baseline, strict=True)], comparisons)


def relative_change(values: Sequence[float], baseline: Sequence[float], comparisons: int = 1) -> Interval:
    """Ratio of means minus one, with a jackknife interval over pairs (Quenouille 1956; Tukey 1958).

    NaN where the baseline's mean is zero, or is without one of its values: there is nothing to be relative to.
    """
    ours, theirs = np.asarray(values, dtype=np.float64), np.asarray(baseline, dtype=np.float64)
    n = len(ours)
    without = theirs.sum() - theirs
    if len(theirs) != n:
        msg = f"{n} values cannot be paired with {len(theirs)}"
        raise ValueError(msg)
    if n < _PAIR or theirs.sum() == 0 or (without == 0).any():
        return Interval(float("nan"), float("nan"), float("nan"), n)
    whole = ours.sum() / theirs.sum()
    pseudo = n * whole - (n - 1) * (ours.sum() - ours) / without
    found = _around(float(pseudo.mean()) - 1, float(pseudo.std(ddof=1)) / n**0.5, n, comparisons)
    # The ratio shown is that of the means beside it; its interval is centred on the jackknife's own estimate.
    return replace(found, mean=float(whole) - 1)


def variance_ratio(values: Sequence[float], baseline: Sequence[float]) -> float:
    """How many times more replications unpaired runs would need for the same width.

    NaN where nothing varies, infinite where only the difference does not.
    """
    ours, theirs = np.asarray(values, dtype=np.float64), np.asarray(baseline, dtype=np.float64)
    if len(ours) < _PAIR:
        return float("nan")
    paired, unpaired = float(np.var(ours - theirs, ddof=1)), float(np.var(ours, ddof=1) + np.var(theirs, ddof=1))
    if paired == 0:
        return float("inf") if unpaired > 0 else float("nan")
    return unpaired / paired


def _around(mean: float, error: float, n: int, comparisons: int) -> Interval:
    # Student's quantile; scipy.stats has it too, and takes a second to import.
    reach = float(special.stdtrit(n - 1, 1 - (1 - CONFIDENCE) / 2 / comparisons)) * error
    return Interval(mean, mean - reach, mean + reach, n)
