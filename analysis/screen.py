"""What the first screen is of: quantities by key, each a row of a measure; which are declared, and what limits them."""

import math
from dataclasses import dataclass

from analysis.statistics import NO_LIMITS, Limits

_FULL, _DAY = 100.0, 24.0


@dataclass(frozen=True)
class Column:
    """One quantity of the first screen: which row of which measure, and which way is better."""

    key: str
    heading: str
    unit: str
    measure: str
    row: tuple[tuple[str, str], ...]
    less_is_better: bool = True

    @property
    def limits(self) -> Limits:
        """What no value of it can pass."""
        return limits(self.unit)

    @property
    def span(self) -> Limits:
        """What no difference of two of its values can pass."""
        # Each is zero at least, whatever its unit.
        _, most = self.limits
        return -most, most


COLUMNS = (
    Column("completed", "Work completed", "% of tasks", "work_done", (("outcome", "completed"),), less_is_better=False),
    Column("held", "Crown jewels held", "h per agent-day", "crown_jewel_hours", (("level", "held"), ("need", "task"))),
    Column(
        "obtainable",
        "Crown jewels obtainable",
        "h per agent-day",
        "crown_jewel_hours",
        (("level", "obtainable"), ("need", "task")),
    ),
    Column("t1b", "Blast radius, token and key stolen", "% of estate", "blast_radius", (("threat", "t1b"),)),
    Column("t2", "Blast radius, hijacked agent", "% of estate", "blast_radius", (("threat", "t2"),)),
    Column("revoke", "Time to revoke, p95", "s", "time_to_revoke", (("stat", "p95"),)),
    Column("approver", "Approver time", "min per 100 tasks", "approvals", (("stat", "minutes_per_100_tasks"),)),
    Column("latency", "Time to finish, p95", "s per task", "turnaround", (("stat", "p95"),)),
    Column("broken", "Legitimate tasks broken", "% of tasks", "work_done", (("outcome", "broken"),)),
)

# What a declared quantity hangs on. None is declared itself: they share no error, and their intervals are their own.
SUPPORTING = (
    Column("loss", "Expected annual loss, potential", "% of estate per fleet-year", "annual_loss", (("part", "all"),)),
    Column(
        "waved_through",
        "Crown jewels obtainable if approvers wave requests through",
        "h per agent-day",
        "crown_jewel_hours",
        (("level", "waved_through"), ("need", "task")),
    ),
    Column("t1a", "Blast radius, token alone", "% of estate", "blast_radius", (("threat", "t1a"),)),
    Column("t5", "Blast radius, issuer taken", "% of estate", "blast_radius", (("threat", "t5"),)),
    Column(
        "t5_bootstrap",
        "Blast radius, secret on an agent's host",
        "% of estate",
        "blast_radius",
        (("threat", "t5_bootstrap"),),
    ),
    Column("t3", "Blast radius, log read later", "% of estate", "blast_radius", (("threat", "t3"),)),
    Column("t4", "Blast radius, hijacked parent", "% of estate", "blast_radius", (("threat", "t4"),)),
    Column("asking", "Tasks that ask a human", "% of tasks", "approvals", (("stat", "asking_percent"),)),
    Column("approval_wait", "Wait for an approval, p95", "min", "approvals", (("stat", "wait_p95_minutes"),)),
    Column("approver_minutes", "Approver time", "min a day", "approvals", (("stat", "minutes_per_day"),)),
    Column(
        "orphaned",
        "Identities for which nobody answers",
        "% of identities",
        "orphans",
        (("part", "orphaned"), ("stat", "percent")),
    ),
    Column(
        "left_behind",
        "Abandoned agents of which something is left",
        "identities",
        "identity_debt",
        (("cause", "outlived_agent"), ("stat", "closing")),
    ),
    Column(
        "overdue",
        "Static keys overdue for rotation",
        "keys",
        "identity_debt",
        (("cause", "overdue_rotation"), ("stat", "closing")),
    ),
)


# The family that is declared before anything is run: of every model the differences from the baseline in all COLUMNS
# and in these, and these relative changes. Whatever else is shown is exploratory.
DECLARED_BESIDES = ("approver_minutes", "waved_through")
CHANGES = ("obtainable", "waved_through")
EVERY = (*COLUMNS, *SUPPORTING)


def column(key: str) -> Column:
    """A quantity by its key."""
    return next(each for each in EVERY if each.key == key)


DECLARED = (*COLUMNS, *map(column, DECLARED_BESIDES))


def limits(unit: str, part: str = "") -> Limits:
    """What no quantity of a unit can pass: zero below, but of a slope; above, the whole of a share, the hours of a day.

    Args:
        part: the row of a measure whose unit depends on the row.
    """
    if unit.startswith(("h ", "hours ")) and unit.endswith("agent-day"):
        return 0.0, _DAY
    # What grows may shrink.
    if part.startswith("slope"):
        return NO_LIMITS
    # More than their capacity can be asked of those who work, and an estate can be lost more than once a year.
    beyond = "capacity" in unit or unit.endswith("-year")
    share = (unit.startswith(("%", "percent")) and not beyond) or part.endswith("_percent")
    return 0.0, _FULL if share else math.inf
