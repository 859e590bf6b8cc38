"""When people are at work: from one hour of the day to another, on weekdays or every day."""

from sim.approvers import Approvers
from sim.calendar import DAY, HOUR, on_weekday


def at_work(figures: Approvers, time: int) -> bool:
    """Whether it is within working hours."""
    hours = time % DAY
    return _works(figures, time) and figures.opens * HOUR <= hours < figures.closes * HOUR


def next_opening(figures: Approvers, time: int) -> int:
    """When working hours next begin after a time."""
    midnights = (time // DAY * DAY + day * DAY for day in range(9))
    openings = (midnight + figures.opens * HOUR for midnight in midnights if _works(figures, midnight))
    return next(opening for opening in openings if opening > time)


def _works(figures: Approvers, time: int) -> bool:
    return figures.weekends or bool(on_weekday(time))
