"""Numbers as people read them: as many digits as the interval bears out, and times in the unit that fits."""

import math
from dataclasses import dataclass, replace
from typing import Final

from analysis.statistics import Interval

NOT_SHOWN: Final = "not shown"
STEADY: Final = "every run"
# Of what is the same in every run no interval tells how another would differ.
SEEN: Final = "in every run seen"
OPEN: Final = "no end seen"
ONE_RUN: Final = "one run"
FEW_RUNS: Final = "too few runs"
FEW_DIFFER: Final = "few runs differ"

_MINUS: Final = "\N{MINUS SIGN}"
_MOST_DECIMALS: Final = 6
# What cannot be told from zero needs no more digits than these to say so.
_MOST_AROUND_ZERO: Final = 3
# So many more digits may show that an end of an interval is not zero.
_NEAR_ZERO: Final = 2
# A difference this small beside the number is rounding of the machine.
_ROUNDING: Final = 1e-9


@dataclass(frozen=True)
class Clock:
    """A unit of time, and up to how many seconds it is the one to read."""

    unit: str
    seconds: float
    limit: float


_CLOCKS: Final = (
    Clock("ms", 1e-3, 0.01),
    Clock("s", 1.0, 180.0),
    Clock("min", 60.0, 3 * 3600.0),
    Clock("h", 3600.0, 4 * 86400.0),
    Clock("days", 86400.0, 1000 * 86400.0),
    Clock("years", 365.25 * 86400.0, math.inf),
)
_SECONDS: Final = _CLOCKS[1]


@dataclass(frozen=True)
class Reading:
    """A quantity in words: its value with the unit that a time has, its interval in brackets, and as a reach (±).

    An interval that something cuts on one side reaches not as far to both: its reach is the interval itself.
    """

    value: str
    interval: str
    reach: str

    @property
    def text(self) -> str:
        """Value and interval in one."""
        return f"{self.value} {self.interval}" if self.interval.startswith("[") else self.value

    @property
    def behind(self) -> str:
        """What a sentence says behind the value: its interval, or that runs were the same, which others need not be."""
        if self.interval == STEADY:
            return f" {SEEN}"
        return f" {self.interval}" if self.interval.startswith("[") else ""


def is_time(unit: str) -> bool:
    """Whether a unit counts seconds, so that a reader wants minutes or hours instead."""
    return unit.split(maxsplit=1)[:1] in (["s"], ["seconds"])


def reading(estimate: Interval, unit: str = "") -> Reading:
    """An estimate as it is shown; `unit` matters only if it counts seconds."""
    known = [each for each in (estimate.mean, estimate.upper) if math.isfinite(each)]
    if not known:
        return Reading(NOT_SHOWN, "", "")
    if is_time(unit):
        clock = clock_of(max(known, key=abs))
        return _reading(scaled(estimate, 1 / clock.seconds), f" {clock.unit}")
    return _reading(estimate, "")


def scaled(estimate: Interval, factor: float) -> Interval:
    """The same estimate in another unit, or of the opposite."""
    ends = [(estimate.mean, estimate.lo), (estimate.upper, estimate.hi)]
    (mean, lo), (most, hi) = ([each * factor for each in end] for end in (ends if factor > 0 else reversed(ends)))
    return replace(estimate, mean=mean, lo=lo, hi=hi, most=None if estimate.most is None else most)


def written(value: float, decimals: int) -> str:
    """A number with so many decimals; never a negative zero."""
    text = f"{value:,.{decimals}f}"
    return text.lstrip("-") if float(text.replace(",", "")) == 0 else text.replace("-", _MINUS)


def plain(value: float) -> str:
    """A number that has no interval: three significant digits, more only before the point."""
    return written(value, _decimals_of_value(value))


def found_to(width: float, at: float, lo: float, hi: float) -> str:
    """A value that is known to a width, as its middle, with the interval that it lies in, which is never told narrower.

    No more digits than that width bears out.
    """
    places = -_magnitude(width / 2)
    cut = round(at, places), _cut(lo, places), _cut(hi, places, up=True)
    value, least, most = (written(each, 0 if each.is_integer() else max(places, 0)) for each in cut)
    return f"{value} [{least}, {most}]"


def about(value: float) -> str:
    """A number of which no more than two digits are known."""
    rounded = float(f"{value:.1e}")
    return written(rounded, max(1 - _magnitude(rounded), 0) if rounded else 0)


def quantity(value: float, unit: str = "") -> str:
    """A number without an interval, a time in the unit that fits it."""
    if not is_time(unit):
        return plain(value)
    clock = clock_of(value)
    return f"{plain(value / clock.seconds)} {clock.unit}"


def between(lo: float | None, hi: float | None, unit: str = "") -> str:
    """What a log says of a quantity: what it proves, and what it allows at most; None where it leaves that open."""
    if lo is None:
        return NOT_SHOWN if hi is None else f"at most {quantity(hi, unit)}"
    if hi is None:
        return f"at least {quantity(lo, unit)}"
    low, high = quantity(lo, unit), quantity(hi, unit)
    return low if low == high else f"{low} to {high}"


def decimals(estimate: Interval) -> int:
    """So many that the half-width shows one digit; one more if the mean needs it; at most four digits of the mean.

    Where the interval excludes zero its end does not read as zero.
    """
    half = _half_width(estimate)
    if not half > _ROUNDING * abs(estimate.mean) or not math.isfinite(half):
        return _decimals_of_value(estimate.mean)
    wanted = -_magnitude(half)
    if estimate.mean:
        leading = -_magnitude(estimate.mean)
        wanted = min(max(wanted, min(leading, wanted + 1)), leading + 3)
    if estimate.excludes_zero:
        nearest = min(abs(estimate.lo), abs(estimate.hi))
        wanted = max(wanted, min(-_magnitude(nearest), wanted + _NEAR_ZERO))
    return min(max(wanted, 0), _MOST_DECIMALS if estimate.excludes_zero else _MOST_AROUND_ZERO)


def _reading(estimate: Interval, unit: str) -> Reading:
    if math.isinf(estimate.upper):
        return Reading(f"> {_floor(estimate.mean, _decimals_of_value(estimate.mean))}{unit}", OPEN, OPEN)
    if math.isinf(estimate.mean):
        return Reading(f"< {_floor(estimate.upper, _decimals_of_value(estimate.upper), up=True)}{unit}", OPEN, OPEN)
    places = decimals(estimate)
    value = " to ".join(dict.fromkeys(written(each, places) for each in (estimate.mean, estimate.upper))) + unit
    if (why := _without_interval(estimate)) is not None:
        return Reading(value, why, why)
    interval = f"[{_end(estimate.lo, places)}, {_end(estimate.hi, places, up=True)}]"
    if estimate.most is not None:
        return Reading(value, interval, interval)
    lopsided = abs(estimate.lo + estimate.hi - 2 * estimate.mean) > 10.0**-places
    return Reading(value, interval, interval if lopsided else f"± {_floor(_reach(estimate, places), places, up=True)}")


def _without_interval(estimate: Interval) -> str | None:
    """What stands in the place of an interval where there is none."""
    if math.isnan(estimate.lo):
        return ONE_RUN if estimate.replications == 1 else FEW_RUNS
    width = estimate.hi - estimate.lo
    if math.isfinite(width):
        return STEADY if width <= _ROUNDING * abs(estimate.mean) else None
    if math.isinf(estimate.reach):
        return FEW_DIFFER
    return OPEN if math.isinf(estimate.lo) and math.isinf(estimate.hi) else None


def _end(value: float, places: int, *, up: bool = False) -> str:
    """An end of an interval, rounded outwards: that replications leave it open is no number."""
    return OPEN if math.isinf(value) else _floor(value, places, up=up)


def _reach(estimate: Interval, places: int) -> float:
    """How far an interval goes from its mean as that is written: to its further end."""
    told = round(estimate.mean, places)
    return max(estimate.hi - told, told - estimate.lo)


def _floor(value: float, places: int, *, up: bool = False) -> str:
    """A lower limit, never rounded up; or an upper one, never rounded down."""
    return written(_cut(value, places, up=up), places)


def _cut(value: float, places: int, *, up: bool = False) -> float:
    """To so many decimals, below zero to tens, never rounded up; or never rounded down."""
    cut = math.ceil(value * 10.0**places - _ROUNDING) if up else math.floor(value * 10.0**places + _ROUNDING)
    return cut / 10.0**places


def clock_of(seconds: float) -> Clock:
    """The unit in which so many seconds are read."""
    if seconds == 0:
        return _SECONDS
    return next(clock for clock in _CLOCKS if abs(seconds) < clock.limit)


def known(value: float | None) -> float | None:
    """A number for programs, or none: of what is open or not known, and of an interval that one replication lacks."""
    return value if value is not None and math.isfinite(value) else None


def _half_width(estimate: Interval) -> float:
    """Half of the width; where replications leave one end open, how far it is to the other."""
    width = estimate.hi - estimate.lo
    if math.isfinite(width) or math.isinf(estimate.reach):
        return width / 2
    return min(estimate.mean - estimate.lo, estimate.hi - estimate.upper)


def _decimals_of_value(value: float) -> int:
    if math.isclose(value, round(value), rel_tol=_ROUNDING, abs_tol=_ROUNDING):
        return 0
    return min(max(2 - _magnitude(value), 0), _MOST_DECIMALS)


def _magnitude(value: float) -> int:
    """Power of ten of the first digit; 0.0999…9 is a tenth."""
    return math.floor(math.log10(abs(value)) + _ROUNDING)
