"""Exposure over the work that gets done: a slow second computation."""

from fractions import Fraction

from tests.ledgers import DAY, HOUR, UNKNOWN
from tests.property.measures.authority import crown_jewel_hours, privilege_hours
from tests.property.measures.friction import became
from tests.property.measures.staleness import stale_access

FOLLOWED = 4 * HOUR


def exposure_per_task(ledger):
    """Hours in the whole window over the tasks completed in it, if those that arrive late are completed alike."""
    days = days_a_task(ledger)
    return {part: UNKNOWN if UNKNOWN in (value, days) else value * days for part, value in _exposures(ledger).items()}


def days_a_task(ledger):
    """Agent-days of the window over the tasks completed in it."""
    followed = Fraction(ledger.seconds) - min(FOLLOWED, Fraction(ledger.seconds, 4))
    completed = became(ledger, FOLLOWED).count("completed") * ledger.seconds / followed
    return ledger.agents * Fraction(ledger.seconds, DAY) / completed if completed else UNKNOWN


def _exposures(ledger):
    jewels, hours = crown_jewel_hours(ledger), privilege_hours(ledger)
    found = {"stale task": stale_access(ledger)["total"]}
    for need in ("task", "action"):
        found |= {f"{level}_jewels {need}": jewels[f"{level} {need}"] for level in ("held", "obtainable")}
        found[f"standing {need}"] = hours[f"standing_{need}"]
    return found
