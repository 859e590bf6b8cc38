"""Whether a store keeps its rules: each invariant of `invariants.sql`, and what breaks it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sim.audit.store import Store

_INVARIANTS: Final = Path(__file__).parent / "invariants.sql"
_MARK: Final = "-- invariant: "


@dataclass(frozen=True)
class Finding:
    """One rule, how many rows break it, and the first of them in words."""

    rule: str
    broken: int
    example: str | None


def verify(store: Store) -> tuple[Finding, ...]:
    """Check every invariant, whether it holds or not."""
    return tuple(_checked(store, rule, sql) for rule, sql in _invariants())


def _invariants() -> list[tuple[str, str]]:
    sections = _INVARIANTS.read_text("utf-8").split(_MARK)[1:]
    return [(rule.strip(), sql) for rule, _, sql in (section.partition("\n") for section in sections)]


def _checked(store: Store, rule: str, sql: str) -> Finding:
    rows = store.rows(sql)
    example = f"run {rows[0][0]}: {rows[0][1]}" if rows else None
    return Finding(rule, len(rows), example)
