"""Asks the logs of a store which of them name the same."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from duckdb import DuckDBPyConnection

from sim.audit.store import Store

_HERE: Final = Path(__file__).parent

Trust = Literal["issued", "vouched", "claimed"]


@dataclass(frozen=True, slots=True)
class Join:
    """What two runs name alike: what that is in either, and how far equal names are the same thing.

    Of the names that are `shared`, `ambiguous` ones stand for several things on a side. The others were seen in
    overlapping spans if they are `together`; `events` of either run bear one of these names.
    """

    run: int
    named: str
    other: int
    other_named: str
    trust: Trust
    shared: int
    ambiguous: int
    together: int
    events: int
    of_events: int
    other_events: int
    of_other_events: int

    @property
    def turned(self) -> "Join":
        """The same as seen from the other run."""
        return Join(
            self.other, self.other_named, self.run, self.named, self.trust, self.shared, self.ambiguous, self.together,
            self.other_events, self.of_other_events, self.events, self.of_events,
        )  # fmt: skip


def joins(store: Store) -> list[Join]:
    """Where the ingested runs of a store meet, each two runs once."""
    runs = [run for (run,) in store.rows("SELECT key FROM fact.run WHERE kind = 'ingested' AND completed IS NOT NULL")]
    with store.evidence("log", runs) as connection:
        _declare(connection)
        declared = _declared()
        given = {"unique": declared["unique"], "self_told": declared["self_told"]}
        sql = (_HERE / "joins.sql").read_text("utf-8")
        return [Join(*row) for row in connection.execute(sql, given).fetchall()]


@cache
def _declared() -> dict[str, Any]:
    return tomllib.loads((_HERE / "forms.toml").read_text("utf-8"))


def _declare(connection: DuckDBPyConnection) -> None:
    """Tables of what may meet what, and of what names say."""
    pairs = [[*pair, trust] for trust, meeting in _declared()["meeting"].items() for pair in meeting]
    connection.execute("CREATE TEMP TABLE meeting (one VARCHAR, other VARCHAR, trust VARCHAR)")
    connection.executemany("INSERT INTO meeting VALUES (?, ?, ?)", pairs)
    forms = [[form[key] for key in ("name", "pattern", "made", "trust")] for form in _declared()["form"]]
    connection.execute("CREATE TEMP TABLE form (name VARCHAR, pattern VARCHAR, made VARCHAR, trust VARCHAR)")
    connection.executemany("INSERT INTO form VALUES (?, ?, ?, ?)", forms)
