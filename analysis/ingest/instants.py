"""Exports write times in a dozen ways; all of them mean an instant, kept here as microseconds since 1970, UTC."""

import math
import re
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

_ISO: Final = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)[T ](\d\d):?(\d\d):?(\d\d)(?:[.,](\d+))? ?(Z|UTC|[+-]\d\d:?\d\d)?", re.ASCII
)
# How Java prints a date in English. The second comma came with its version 9.
_ENGLISH: Final = re.compile(r"(\w{3}) (\d\d?), (\d{4}),? (\d\d?):(\d\d):(\d\d) ([AP])M", re.ASCII)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
# A store keeps years 1 to 9999, and a window ends one tick of the clock after its last event.
_FIRST: Final = (datetime(1, 1, 2, tzinfo=UTC) - _EPOCH) // _MICROSECOND
LATEST: Final = (datetime(9999, 12, 30, tzinfo=UTC) - _EPOCH) // _MICROSECOND
# Before, nobody wrote audit logs that anybody reads here: a clock that was never set says 1970. And no log is from
# tomorrow.
EARLIEST: Final = (datetime(2000, 1, 1, tzinfo=UTC) - _EPOCH) // _MICROSECOND
_LEEWAY: Final = timedelta(days=1) // _MICROSECOND
# Microseconds.
_MILLISECOND: Final = 1_000
SECOND: Final = 1_000_000
HOUR: Final = 3_600 * SECOND
_DIGITS: Final = 20
# How many texts are remembered: neighbouring records are of the same second, and a session repeats when it was made.
_MANY: Final = 1 << 14
_LONGEST: Final = 64
_FARTHEST: Final = 15  # hours that a zone was ever ahead or behind, Manila before 1845 apart


def instant(text: str) -> int | None:
    """Microseconds since 1970, UTC; None where the text is no time.

    A time without a zone is taken as UTC. Digits finer than a microsecond are cut off, never rounded into the
    next second.
    """
    # Longer texts are not remembered, so that nobody can fill the memory with them.
    return _known(text) if len(text) <= _LONGEST else _told(text)


def _told(text: str) -> int | None:
    # Java 20 and later put a narrow no-break space before AM and PM.
    plain = " ".join(text.split())
    try:
        time = _read(plain)
    except ValueError:
        return None
    # A time that no store can keep is none: storing it would fail, and its neighbours with it.
    return time if time is not None and _FIRST <= time <= LATEST else None


_known: Final = lru_cache(_MANY)(_told)


def plausible(told: int) -> bool:
    """Whether a time, in microseconds, is one at which something in a log can have happened."""
    return EARLIEST <= told <= time.time_ns() // 1000 + _LEEWAY


def in_millis(value: object) -> int | None:
    """Microseconds of a number that counts milliseconds since 1970, also as text, or of a time as text; else None."""
    if isinstance(value, str):
        # A table may have a column of times, behind which DuckDB writes a zone in whole hours.
        plain = value.removesuffix("+00")
        return _counted(int(plain[:_DIGITS])) if plain.isascii() and plain.isdigit() else instant(plain)
    if isinstance(value, float) and math.isfinite(value):
        return _counted(int(value))
    return _counted(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _counted(millis: int) -> int | None:
    return millis * _MILLISECOND if 0 < millis * _MILLISECOND <= LATEST else None


def _read(plain: str) -> int | None:
    if found := _ISO.fullmatch(plain):
        return _iso(found.groups())
    if found := _ENGLISH.fullmatch(plain):
        return _english(found.groups())
    return None


def _iso(parts: Sequence[str | None]) -> int:
    year, month, day, hour, minute, second = (int(part or 0) for part in parts[:6])
    fraction, zone = parts[6] or "", parts[7] or "Z"
    micros = int((fraction + "000000")[:6])
    return _micros(datetime(year, month, day, hour, minute, second, micros, tzinfo=UTC)) - _offset(zone)


def _english(parts: Sequence[str]) -> int:
    month, (day, year, hour, minute, second), half = parts[0], map(int, parts[1:6]), parts[6]
    if hour not in range(1, 13):
        raise ValueError(hour)
    of_day = hour % 12 + (12 if half == "P" else 0)
    number = _MONTHS.index(month) + 1
    return _micros(datetime(year, number, day, of_day, minute, second, tzinfo=UTC))


def _offset(zone: str) -> int:
    """Microseconds that a zone is ahead of UTC."""
    if zone in ("Z", "UTC"):
        return 0
    digits = zone[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > _FARTHEST or minutes > 59:  # noqa: PLR2004 - minutes of an hour
        raise ValueError(zone)
    ahead = timedelta(hours=hours, minutes=minutes) // _MICROSECOND
    return -ahead if zone[0] == "-" else ahead


def _micros(time: datetime) -> int:
    return (time - _EPOCH) // _MICROSECOND
