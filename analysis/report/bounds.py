"""What a log proves of each measure and what it allows at most; where it says nothing, what it had to show for that."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Final, NamedTuple

import duckdb
import pandas as pd

from analysis.lacks import NEEDS, TOO_FEW, UNKNOWN, UNLIMITED, UNPUBLISHED, UNSEEN, text_of, too_few, unseen
from analysis.measures.basis import Basis, basis
from analysis.measures.examination import Examination
from analysis.measures.measure import Measure, MeasureError, measures
from analysis.measures.units import goes_by
from analysis.pooled import Pool, bears
from analysis.report.asking import ask
from analysis.report.legible import counted, listed, titled
from analysis.report.numerals import is_time, quantity
from analysis.report.terms import called
from analysis.samples import behind

NO_LIMIT: Final = "no limit"
UNPROVEN: Final = "nothing"
_ALL: Final = quantity(100.0)
_NOBODY: Final = "nobody in this log holds a credential, so that there is nobody to divide by"
UNTOLD: Final = "the log proves nothing of that and sets no limit to it"
# What ranks stands first, as everywhere.
HEADLINE: Final = "crown_jewel_hours"

Whose = Mapping[tuple[str, str], Sequence[str]]
Asked = Sequence[tuple[Measure, Mapping[str, float]]]

_PER_DAY: Final = " per agent-day"
# In a log nobody knows who is an agent.
_AGENT: Final = re.compile(r"\bagent(?=$|-time| each)")
_HOUR: Final = 3600.0
_LEAST: Final = 0.001

# Why what does not rest on the log alone is no bound.
_RESTING: Final = {
    "estimated": "Estimated (Kaplan and Meier): {} had not come to an end when the log did, and {} to be like the rest,"
    " which no log proves.",
    "declared": "Declared of the platform, not told by the log.",
}


class Row(NamedTuple):
    """A row of a measure: what is proven of it and what is possible, and how much of it is not known.

    `seen`: of how many observations it is a quantile. Where they are too few nothing is told of it.
    """

    label: tuple[str, ...]
    lo: float | None
    hi: float | None
    unknowns: int
    seen: int | None = None

    @property
    def is_silent(self) -> bool:
        """Whether nothing is told of it."""
        return self.lo is None and self.hi is None

    @property
    def untold(self) -> "Row":
        """The same with nothing told of it."""
        return self._replace(lo=None, hi=None)


@dataclass(frozen=True)
class Rate:
    """What a quantity per agent-day is told per: the day of an identity, or a whole log that lasts only `days`.

    `of_nobody`: there is no identity to divide by, and so no such quantity.
    """

    days: float | None = None
    of_nobody: bool = False

    def told(self, value: float, unit: str) -> tuple[str, str]:
        """A number and its unit."""
        what = unit.removesuffix(_PER_DAY)
        if what == unit:
            return _rounded(value, unit), "" if is_time(unit) else _AGENT.sub("identity", unit)
        if self.days is None:
            return _rounded(value), f"{what} per identity-day"
        if what == "hours":
            return _rounded(value * self.days * _HOUR, "s"), "per identity"
        return _rounded(value * self.days), f"{what} per identity"

    def is_of_nobody(self, measure: Measure, row: Row) -> bool:
        """Whether a row of a measure is divided by nobody."""
        return self.of_nobody and measure.unit.of(row.label).endswith(_PER_DAY)


@dataclass(frozen=True)
class Bounded:
    """Quantities of which something is told: no less than `proven`, no more than `most`, and why no limit.

    `proves`: that is more than nothing, and `by` says of whom. On what that rests but on the log, `basis` says: what is
    estimated is neither proven nor a limit, what is declared no log tells. `seen`: of how many observations a quantile
    is.
    """

    measure: Measure
    labels: tuple[tuple[str, ...], ...]
    proven: str
    most: str
    unit: str
    why: str
    proves: bool
    by: str = ""
    basis: Basis = "seen"
    seen: int | None = None

    @property
    def tells(self) -> bool:
        """Whether that is more than no less than nothing and no more than anything, which of a share is all of it."""
        all_of_it = _ALL if self.unit.startswith("percent") else NO_LIMIT
        return self.proves or self.most not in {NO_LIMIT, all_of_it}

    @property
    def told(self) -> str:
        """Both in words, for what is no pair of bounds."""
        if self.most == NO_LIMIT:
            return f"{self.proven} or more"
        return self.proven if self.proven == self.most else f"{self.proven} to {self.most}"

    @property
    def part(self) -> str:
        """Which of the measure's rows: what they have in common once."""
        columns = [list(dict.fromkeys(map(titled, column))) for column in zip(*self.labels, strict=True)]
        if prod(map(len, columns)) == len(self.labels):
            return ", ".join(listed(column) for column in columns)
        return "; ".join(map(_words, self.labels))


@dataclass(frozen=True)
class Silent:
    """Quantities of one measure of which the log says nothing, why, and the first of several reasons."""

    measure: Measure
    labels: tuple[tuple[str, ...], ...]
    why: str
    first: str

    @property
    def parts(self) -> tuple[str, ...]:
        """Which they are, in words."""
        return tuple(dict.fromkeys(map(_words, self.labels)))


@dataclass(frozen=True)
class Bounds:
    """All that a log can and cannot answer; `raw` holds the numbers by measure and label."""

    answered: tuple[Bounded, ...]
    silent: tuple[Silent, ...]
    raw: Mapping[tuple[str, ...], tuple[float | None, float | None]]

    @property
    def telling(self) -> tuple[Bounded, ...]:
        """What stands on the first screen: the headline, and of the rest what the log tells and nobody declares."""
        seen = (each for each in self.answered if each.basis != "declared")
        return tuple(each for each in seen if each.tells or each.measure.name == HEADLINE)

    @property
    def estimates(self) -> bool:
        """Whether any of that is an estimate."""
        return any(each.basis == "estimated" for each in self.telling)

    @property
    def unanswered(self) -> Mapping[str, tuple[Measure, ...]]:
        """Measures of which the log does not tell all, by why, each once."""
        told: tuple[Bounded | Silent, ...] = (*self.answered, *self.silent)
        known = {each.measure.name: each.measure for each in told}
        whys = {each.measure.name: UNTOLD for each in self.answered if not each.tells}
        whys |= {each.measure.name: each.first for each in reversed(self.silent)}
        return {why: tuple(known[name] for name in whys if whys[name] == why) for why in dict.fromkeys(whys.values())}

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why limits are open, each once: the footnotes of the first screen's table."""
        return tuple(dict.fromkeys(each.why for each in self.telling if each.why))

    def of(self, measure: Measure) -> tuple[Bounded, ...]:
        """All that the log tells of one measure, be it little."""
        return tuple(each for each in self.answered if each.measure == measure)

    def untold(self, measure: Measure) -> tuple[Silent, ...]:
        """What it does not tell of it."""
        return tuple(each for each in self.silent if each.measure == measure)


def bounds(examination: Examination, sees: Mapping[str, bool], rate: Rate, asked: Asked | None = None) -> Bounds:
    """Measure a log. `sees` says what it shows, `asked` which measures, with which parameters, if not all.

    Raises:
        MeasureError: a measure that is asked for lacks what it needs, or does not take its parameters.
    """
    whose = _whose(examination.connection)
    answered: list[Bounded] = []
    silent: list[Silent] = []
    raw: dict[tuple[str, ...], tuple[float | None, float | None]] = {}
    wanted = asked or [(each, {}) for each in measures() if "log" in each.evidence]
    for measure, given in sorted(wanted, key=lambda each: each[0].name != HEADLINE):
        found = _rows(measure, examination, given, strict=asked is not None)
        rows = [row.untold if rate.is_of_nobody(measure, row) else row for row in found]
        raw |= {(measure.name, *row.label): (row.lo, row.hi) for row in rows}
        told = _collapsed([_bounded(measure, row, sees, rate) for row in rows if not row.is_silent])
        answered += [replace(each, by=_by(each, whose)) for each in told]
        silent += _silent(measure, [row for row in rows if row.is_silent], sees, rate)
    return Bounds(tuple(answered), tuple(silent), raw)


def _silent(measure: Measure, rows: Sequence[Row], sees: Mapping[str, bool], rate: Rate) -> Iterator[Silent]:
    """Of which rows of a measure a log says nothing, by why."""
    whys = [(_NOBODY,) * 2 if rate.is_of_nobody(measure, row) else _why_silent(measure, sees, row) for row in rows]
    for why in dict.fromkeys(whys):
        yield Silent(measure, tuple(row.label for row, each in zip(rows, whys, strict=True) if each == why), *why)


def _whose(connection: duckdb.DuckDBPyConnection) -> Whose:
    """Whose credentials lie behind what is proven, by measure and the first word of its row."""
    whose: dict[tuple[str, str], list[str]] = {}
    for row in ask(connection, "observed_behind"):
        whose.setdefault((row["measure"], row["part"]), []).append(row["name"])
    return whose


def _by(row: Bounded, whose: Whose) -> str:
    """Who lies behind a figure that is not nothing."""
    names = whose.get((row.measure.name, row.labels[0][0]), []) if row.labels[0] else []
    return called(names, 2) if names and row.proves else ""


def _rows(measure: Measure, examination: Examination, given: Mapping[str, float], *, strict: bool) -> Sequence[Row]:
    """A row of which nothing is known, where this log lacks what the measure needs; strictly, that is an error."""
    try:
        result = examination.measure(measure, **given)
    except MeasureError:
        if strict:
            raise
        return [Row((), None, None, 0)]
    return _borne(measure, list(_labelled(measure, result)), examination, given)


def _labelled(measure: Measure, result: pd.DataFrame) -> Iterator[Row]:
    for record in result.to_dict("records"):
        lo, hi = (_known(record[bound]) for bound in ("lo", "hi"))
        yield Row(tuple(str(record[key]) for key in measure.grain[1:]), lo, hi, int(record["unknowns"]))


def _borne(
    measure: Measure, rows: Sequence[Row], examination: Examination, given: Mapping[str, float]
) -> Sequence[Row]:
    """Rows, of quantiles with how many observations they are of; those that these do not bear tell nothing.

    As of runs that are simulated, so of a log: from five uses nobody knows within what time nineteen of twenty are.
    """
    shares = {row.label: share for row in rows if not row.is_silent and (share := measure.share(row.label))}
    if measure.pool.part is None or not shares:
        return rows
    names = [tuple(zip(measure.grain[1:], label, strict=True)) for label in shares]
    pools = dict(zip(shares, behind(examination, measure, names, **given), strict=True))
    return [
        row if (pool := pools.get(row.label)) is None else _told_of(row, pool, shares[row.label], measure)
        for row in rows
    ]


def _told_of(row: Row, pool: Pool, share: float, measure: Measure) -> Row:
    """A row with how many observations it is a quantile of, and untold where they are too few."""
    if bears(pool, share, measure.estimator_of(row.label)):
        return row._replace(seen=len(pool.least))
    return row.untold._replace(seen=pool.worth)


def _rounded(value: float, unit: str = "") -> str:
    """A number; of what is next to nothing, that it is: more digits would only look exact."""
    if 0 < value < _LEAST:
        return f"under {_LEAST:g} s" if is_time(unit) else f"under {_LEAST:g}"
    return quantity(value, unit)


def _known(value: float | None) -> float | None:
    """A bound as a number; per day of an identity, where there is none, is not known either."""
    return float(value) if value is not None and math.isfinite(value) else None


def _bounded(measure: Measure, row: Row, sees: Mapping[str, bool], rate: Rate) -> Bounded:
    unit, rests = measure.unit.of(row.label), basis(measure, row.label, row.unknowns)
    why = _RESTING.get(rests, "").format(*_those(row.unknowns)) or _why(measure, sees, row.unknowns, unit, row.hi)
    (proven, shown), (most, _) = (rate.told(bound or 0.0, unit) for bound in (row.lo, row.hi))
    told = proven if row.lo is not None else UNPROVEN, most if row.hi is not None else NO_LIMIT
    return Bounded(measure, (row.label,), *told, shown, why, bool(row.lo), basis=rests, seen=row.seen)


def _collapsed(rows: Sequence[Bounded]) -> list[Bounded]:
    """Rows of one measure that say the same as one, which names them all."""
    alike: dict[tuple[object, ...], list[Bounded]] = {}
    for row in rows:
        alike.setdefault((row.proven, row.most, row.unit, row.why, row.basis, row.seen), []).append(row)
    return [replace(same[0], labels=tuple(label for row in same for label in row.labels)) for same in alike.values()]


def _words(label: Sequence[str]) -> str:
    return ", ".join(map(titled, label))


def _those(number: int) -> tuple[str, str]:
    return counted(number, "time"), "is taken" if number == 1 else "are taken"


def _why(measure: Measure, sees: Mapping[str, bool], unknowns: int, unit: str, hi: float | None) -> str:
    """Why there is no limit, if there is none."""
    if hi is not None:
        return ""
    if is_time(unit) and unknowns:
        return f"{counted(unknowns, 'time')} behind {measure.title} had not come to an end when the log did."
    if "sees_every_credential" in text_of(measure) and not sees["every_credential"]:
        return "A credential issued before this log begins and never used in its time is not in it."
    if "sees_every_event" in text_of(measure) and not sees["every_event"] and not unit.startswith("percent"):
        return "There may be more in calls that this log lost or does not keep."
    if unknowns:
        are = "is" if unknowns == 1 else "are"
        return f"{counted(unknowns, 'value')} behind {measure.title} {are} not fully known from this log."
    return "Nothing in this log sets a limit."


def _why_silent(measure: Measure, sees: Mapping[str, bool], row: Row) -> tuple[str, str]:
    """All that a log had to show for a row of a measure and does not, and the first of that."""
    if row.seen is not None:
        return too_few(row.seen).why, TOO_FEW.why
    if goes_by(row.label, measure.terms):
        why = (UNPUBLISHED if row.unknowns else UNLIMITED).why
    elif missing := unseen(measure, sees, row.label if row.unknowns else ()):
        return f"{NEEDS}{listed(missing)}", f"{NEEDS}{missing[0]}"
    else:
        why = UNKNOWN.why if row.unknowns else UNSEEN.why
    return why, why
