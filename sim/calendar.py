"""Whole microseconds since 1970, UTC, and what people mean by them."""

from datetime import UTC, datetime
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

YEAR_S: Final = 365.25 * 86_400
# Within a century, beyond which no duration is drawn.
AGES_S: Final = 3.2e9

_WORKING_DAYS: Final = 5
# 1970-01-01 was a Thursday: day 0 is the fourth day of a week that begins on Monday.
_FIRST_WEEKDAY: Final = 3

Time = TypeVar("Time", int, NDArray[np.int64])


def micros_of(time: datetime) -> int:
    """Microseconds since 1970 of a time that is UTC by convention."""
    return round(time.replace(tzinfo=UTC).timestamp() * SECOND)


def on_weekday(time: Time) -> Time:
    """Whether a time lies on Monday to Friday; true or false, or an array of them."""
    return (time // DAY + _FIRST_WEEKDAY) % 7 < _WORKING_DAYS  # type: ignore[return-value]


def mean_s(per_year: float) -> float:
    """Mean seconds between events of a rate; ages where there are none."""
    return YEAR_S / per_year if per_year else AGES_S * 1e6


def days(number: float) -> int:
    """Days as µs."""
    return round(number * DAY)
