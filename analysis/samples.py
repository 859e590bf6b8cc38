"""What runs say of a quantity, as it is combined over replications: values, limits, or all that a quantile is of."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from analysis.measures.basis import Basis, basis
from analysis.measures.examination import Examination
from analysis.measures.measure import Measure, MeasureError
from analysis.pooled import TAIL, Estimator, Pool, ends_in_time, extremes, needed, pooled
from analysis.restricted import restricted_mean, within
from analysis.statistics import FEWEST, ROUNDING, Quantity, known, limited

Row = Sequence[tuple[str, str]]


@dataclass(frozen=True, eq=False)
class Sample:
    """One run's value at least and at most (infinite where that is open).

    `pool`: of a quantile what it is a quantile of; of a log only where its own quantile is that of what it shows, which
    it is not where it leaves something open, or where nothing was there to be shown. `counted`: of a percentage how
    many hits and trials it is of. `unknowns`: how much of what it is of is not known. `limited`: the pool is of all,
    but of some no more is known than between what they lie. `shown`: of how many it is, where it has no pool.
    """

    lo: float
    hi: float
    pool: Pool | None = None
    counted: tuple[int, int] | None = None
    unknowns: int = 0
    limited: bool = False
    shown: int = 0

    @property
    def seen(self) -> int:
        """Of how many observations it is a quantile, as far as they are shown."""
        return self.shown if self.pool is None else len(self.pool.least)

    @property
    def is_silent(self) -> bool:
        """Whether nothing is said of the value."""
        return math.isnan(self.lo)


@dataclass(frozen=True)
class Asked:
    """What is asked of all that runs saw: a quantile, or what lies beyond it, or a mean of times up to a horizon."""

    share: float | None
    estimator: Estimator
    horizon: float | None = None

    @property
    def is_pooled(self) -> bool:
        """Whether it is of what all runs saw together, and no mean of what each says."""
        return self.share is not None or self.horizon is not None

    def of(self, pools: Sequence[Pool], *, limited: bool, tail: int = TAIL) -> Quantity | None:
        """That of all pools; where no more than limits is known of some times, between what it lies."""
        if self.horizon is not None:
            return (within if limited else restricted_mean)(pools, self.horizon)
        return None if self.share is None else pooled(pools, self.share, "limits" if limited else self.estimator, tail)


_SILENT: Final = Sample(math.nan, math.nan)


@dataclass(frozen=True, eq=False)
class _Labelled:
    """A frame by run, grouped once by what its rows say: to look each up among all would take long where many are."""

    frame: pd.DataFrame

    def rows(self, row: Row) -> pd.DataFrame:
        """What the frame says of a row."""
        names = tuple(name for name, _ in row)
        if names not in self._grouped:
            self._grouped[names] = _by_label(self.frame, names)
        return self._grouped[names].get(label(row), self.frame.iloc[:0])

    @cached_property
    def _grouped(self) -> dict[tuple[str, ...], dict[tuple[str, ...], pd.DataFrame]]:
        return {}


@dataclass(frozen=True, eq=False)
class Measured:
    """A measure of some runs, with the observations behind its quantiles and the counts behind its percentages.

    `measure` has for its defaults what it was given. `shows`: what the evidence of each run shows: logs as far as they
    go, and the truth all that anybody knows.
    """

    measure: Measure
    result: pd.DataFrame
    observations: pd.DataFrame | None
    counts: pd.DataFrame | None
    shows: pd.DataFrame
    of_logs: bool = False

    def samples(self, row: Row, runs: Sequence[int]) -> list[Sample]:
        """A row of the measure in each of some runs; a run that has no such row says nothing of it."""
        said = self._said(tuple(row))
        return [said.get(run, _SILENT) for run in runs]

    def _said(self, row: tuple[tuple[str, str], ...]) -> dict[int, Sample]:
        """A row of the measure in every run; looked up once."""
        if row not in self._looked_up:
            chosen = self._results.rows(row)
            most = chosen["hi"].fillna(math.inf).where(chosen["lo"].notna())
            runs = chosen.index.tolist()
            behind = _pools(self.measure, self._observed, row, runs), self._counted(row, runs)
            columns = chosen["lo"].tolist(), most.tolist(), *behind, chosen["unknowns"].tolist()
            found = {run: Sample(*each) for run, *each in zip(runs, *columns, strict=True)}
            self._looked_up[row] = {run: self._borne_out(row, s) for run, s in found.items()} if self.of_logs else found
        return self._looked_up[row]

    @cached_property
    def _looked_up(self) -> dict[tuple[tuple[str, str], ...], dict[int, Sample]]:
        return {}

    def _borne_out(self, row: Row, sample: Sample) -> Sample:
        """What a log says in a run, with the observations where that is their quantile, or there were none."""
        asked, pool = self.asked(row), sample.pool
        if pool is None:
            return sample
        if sample.is_silent and not sample.unknowns and not len(pool.least) and asked.estimator != "cvar":
            return sample
        # Kaplan and Meier's curve is of times that are known, or at least so long, and all of which are shown.
        of_curve = asked.estimator == "kaplan-meier"
        timed, whole = not of_curve or pool.is_timed, not of_curve or sample.unknowns <= pool.still_open
        own = asked.of([pool], limited=not timed, tail=0) if pool.is_known and whole else None
        if own is not None and timed and _near(own, sample):
            return sample
        # However what is not known turned out, the curve would lie between the limits of all.
        if own is not None and not timed and _around(own, sample):
            return replace(sample, limited=True)
        return replace(sample, pool=None, shown=len(pool.least))

    def _counted(self, row: Row, runs: Sequence[int]) -> Sequence[tuple[int, int] | None]:
        chosen = None if self._hits is None else self._hits.rows(row)
        if chosen is None or chosen.empty:
            return [None] * len(runs)
        # A run without trials adds none.
        found = chosen.reindex(list(runs))[["hits", "trials"]].fillna(0)
        return list(found.astype("int64").itertuples(index=False, name=None))

    @cached_property
    def _results(self) -> _Labelled:
        return _Labelled(self.result)

    @cached_property
    def _observed(self) -> _Labelled | None:
        return None if self.observations is None else _Labelled(self.observations)

    @cached_property
    def _hits(self) -> _Labelled | None:
        return None if self.counts is None else _Labelled(self.counts)

    def rests(self, row: Row, runs: Sequence[int]) -> Basis:
        """On what a row rests over some replications: not on an estimate where what goes on is longer than that."""
        samples, share = self.samples(row, runs), self.measure.share(label(row))
        found = basis(self.measure, label(row), sum(each.unknowns for each in samples))
        pools = [each.pool for each in samples if each.pool is not None]
        if found != "estimated" or share is None or len(pools) < len(samples):
            return found
        return "seen" if any(each.limited for each in samples) or ends_in_time(pools, share) else found

    def quantity(self, row: Row, runs: Sequence[int]) -> Quantity:
        """A row of the measure over some replications."""
        return combined(self.samples(row, runs), self.asked(row))

    def asked(self, row: Row) -> Asked:
        """What a row is of all that runs saw."""
        return asked_of(self.measure, row)


def measured(examination: Examination, measure: Measure, **given: float) -> Measured:
    """Ask a measure of an examination's runs, and what its quantiles are quantiles of, with some parameters.

    Of the truth also what its percentages are of: a log may not know of each whether it is one.

    Raises:
        MeasureError: this evidence lacks what the measure needs, or it does not take such a parameter.
    """
    result = examination.measure(measure, **given).set_index("run")
    asked, of_logs = _given(measure, given), examination.evidence == "log"
    observations = _behind(examination, asked, measure.pool.part, "lo", "hi")
    counts = _behind(examination, asked, None if of_logs else measure.counts, "hits", "trials")
    return Measured(asked, result, observations, counts, examination.shows, of_logs)


def behind(examination: Examination, measure: Measure, rows: Sequence[Row], **given: float) -> list[Pool | None]:
    """What some rows of a measure are quantiles of, in the one run looked at; None of what is no quantile."""
    asked = _given(measure, given)
    found = _behind(examination, asked, measure.pool.part, "lo", "hi")
    observed = None if found is None else _Labelled(found)
    return [_pools(asked, observed, row, examination.runs)[0] for row in rows]


def _given(measure: Measure, given: Mapping[str, float]) -> Measure:
    """The same with what it is given for its defaults."""
    declared = {name: replace(each, default=given.get(name, each.default)) for name, each in measure.declared.items()}
    return replace(measure, declared=declared) if given else measure


def _behind(examination: Examination, measure: Measure, part: str | None, *columns: str) -> pd.DataFrame | None:
    """What lies behind a measure, in these columns; None where it names no such part."""
    found = None if part is None else examination.behind(measure, part)
    if found is not None and (wrong := _amiss(found, columns)):
        msg = f"{measure.shown}: its part {part!r} {wrong}"
        raise MeasureError(msg)
    return found


def _amiss(found: pd.DataFrame, columns: Sequence[str]) -> str | None:
    """What is wrong with observations, or with hits and trials, in words."""
    if missing := [name for name in columns if name not in found]:
        return f"has no column {missing[0]!r}; it is to give {', '.join(columns)}"
    names = [*columns, *(["weight"] if "weight" in found else [])]
    if words := [name for name in names if not pd.api.types.is_numeric_dtype(found[name])]:
        return f"gives in {words[0]!r} what is no number"
    if "hits" in columns:
        hits, trials = (found[name].astype("float64") for name in ("hits", "trials"))
        return None if ((hits >= 0) & (hits <= trials)).all() else "gives hits below none, above its trials, or NULL"
    return None


def asked_of(measure: Measure, row: Row) -> Asked:
    """What a row of a measure is of all that runs saw; where it does not say of what, a mean of what each says."""
    named = label(row)
    return Asked(
        None if measure.pool.part is None else measure.share(named), measure.estimator_of(named), measure.horizon(named)
    )


def combined(samples: Sequence[Sample], asked: Asked) -> Quantity:
    """A quantity over replications; what is asked of all together is the pool's, unknown where too little bears it.

    Where not every run has a pool, or no more than limits of what is in it, what is told is what the quantile of all
    lies between: the mean of the runs' own is none.
    """
    pools = [each.pool for each in samples if each.pool is not None]
    if not asked.is_pooled:
        found = limited([each.lo for each in samples], [each.hi for each in samples])
        counted = [each.counted for each in samples if each.counted is not None]
        return replace(found, counted=_sum(counted)) if len(counted) == len(samples) else found
    if len(pools) < len(samples):
        return _between(samples, asked) or _unknown(samples)
    return asked.of(pools, limited=any(each.limited for each in samples)) or _unknown(samples)


def _unknown(samples: Sequence[Sample]) -> Quantity:
    return known([math.nan] * len(samples))


def _between(samples: Sequence[Sample], asked: Asked) -> Quantity | None:
    """What the quantile of all lies between, by what each run says of its own; None where nothing is known of it.

    A quantile of a mixture is no less than the least of its parts' and no more than the greatest. A tail is no less
    either, and may be more than any; one of laws, each as likely, is no less than the mean of theirs. Kaplan and
    Meier's curve of all lies between those of the runs only where nothing left early.
    """
    having = [each for each in samples if each.pool is None or len(each.pool.least)]
    if asked.share is None or asked.estimator == "kaplan-meier" or any(each.is_silent for each in having):
        return None
    if asked.estimator == "cvar":
        return limited([each.lo for each in samples], [math.inf] * len(samples))
    if sum(each.seen for each in having) < needed(asked.share) or len(having) < FEWEST <= len(samples):
        return None
    least, most = ([math.nan if each.is_silent else end for each, end in zip(samples, ends, strict=True)]
                   for ends in ([each.lo for each in samples], [each.hi for each in samples]))  # fmt: skip
    return extremes(least, most if asked.estimator == "limits" else [math.inf] * len(samples))


def _near(own: Quantity, sample: Sample) -> bool:
    """Whether the quantile of a run's observations is what the run says."""
    return np.allclose([own.least[0], own.most[0]], [sample.lo, sample.hi], rtol=ROUNDING)


def _around(own: Quantity, sample: Sample) -> bool:
    """Whether what a run says lies between limits, rounding apart."""
    low, high = own.least[0] * (1 - ROUNDING), own.most[0] * (1 + ROUNDING)
    return bool(low <= sample.lo and sample.hi <= high)


def _sum(counted: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return sum(hits for hits, _ in counted), sum(of for _, of in counted)


def label(row: Row) -> tuple[str, ...]:
    """What a row says in each of its columns."""
    return tuple(said for _, said in row)


def _by_label(frame: pd.DataFrame, names: Sequence[str]) -> dict[tuple[str, ...], pd.DataFrame]:
    """The rows of a frame by what some of its columns say, in words."""
    if not names:
        return {(): frame}
    groups = frame.groupby([frame[name].astype(str) for name in names], sort=False)
    return {tuple(map(str, said)): rows for said, rows in groups}


def _pools(measure: Measure, observed: _Labelled | None, row: Row, runs: Sequence[int]) -> Sequence[Pool | None]:
    """What a row is a quantile of in each of some runs, whatever is said of it; None of what is no quantile."""
    if observed is None or measure.share(label(row)) is measure.horizon(label(row)) is None:
        return [None] * len(runs)
    return _run_by_run(observed.rows([each for each in row if each[0] in observed.frame]), runs)


def _run_by_run(rows: pd.DataFrame, runs: Sequence[int]) -> list[Pool]:
    """Observations run by run, each in the order in which they came."""
    rows = rows.sort_index(kind="stable")
    least = rows["lo"].to_numpy(np.float64)
    most = np.where(rows["hi"].isna(), np.inf, rows["hi"].to_numpy(np.float64))
    keys = rows.index.to_numpy(np.int64)
    begins, ends = np.searchsorted(keys, runs, side="left"), np.searchsorted(keys, runs, side="right")
    weight = rows["weight"].to_numpy(np.float64) if "weight" in rows else None
    untils = rows.get("until")
    spans = [slice(begin, end) for begin, end in zip(begins, ends, strict=True)]
    return [
        Pool(
            least[span], most[span], None if weight is None else weight[span],
            1.0 if untils is None else _apart(untils.iloc[span][np.isfinite(most[span])]),
        )
        for span in spans
    ]  # fmt: skip


def _apart(ends: pd.Series) -> float:
    """At how many instants ends were, as a share of how many these are; what has no known end is by itself."""
    return float(ends.nunique() + ends.isna().sum()) / len(ends) if len(ends) else 1.0
