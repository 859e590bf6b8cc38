"""Looking up the lineage of an event, and the events most worth asking about."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from sim.audit.refusal import Refusal
from sim.audit.store import Evidence, Store

_HERE: Final = Path(__file__).parent
_BIGGEST: Final = 2**63 - 1
_RUN: Final = """
    SELECT w.title, r.control, r.profile FROM fact.run r JOIN fact.workload w ON w.key = r.workload
    WHERE r.key = $run AND r.completed IS NOT NULL
"""


@dataclass(frozen=True)
class Lineage:
    """What the evidence of a run ties to an event.

    `links` has a row a link: `link`, `step` away from the event, `id`, `name`, `detail`, `starts` and `ends` (UTC). A
    time that is not known, and those of a link that is not there, are missing; the name of such a link says whether
    there is none or the evidence does not tell. What never ends is at the last instant that a timestamp can hold.
    """

    event: int
    evidence: Evidence
    title: str
    control: str | None
    profile: str
    links: pd.DataFrame


def lineage(store: Store, evidence: Evidence, run: int, event: int) -> Lineage:
    """The lineage of an event.

    Raises:
        Refusal: no such run is completed, or its evidence shows no such event.
    """
    known = store.rows(_RUN, {"run": run})
    given = {"run": run, "event": event}
    links = _asked(store, evidence, run, "lineage", given) if known and 0 <= event <= _BIGGEST else pd.DataFrame()
    if links.empty:
        msg = f"{store.name}: the {evidence} of run {run} shows no event {event}; leave it out to list some"
        raise Refusal(msg)
    if evidence == "truth":
        attack = _asked(store, evidence, run, "attacker", given)
        links = pd.concat([links, attack], ignore_index=True) if len(attack) else links
    [(title, control, profile)] = known
    return Lineage(event, evidence, title or "Audit log", control, profile, links)


def candidates(store: Store, evidence: Evidence, run: int) -> pd.DataFrame:
    """At most twenty events of the window that touch what weighs most, the latest first."""
    return _asked(store, evidence, run, "candidates", {"run": run})


def _asked(store: Store, evidence: Evidence, run: int, query: str, given: dict[str, int]) -> pd.DataFrame:
    with store.evidence(evidence, [run]) as connection:
        answer = connection.execute((_HERE / f"{query}.sql").read_text("utf-8"), given)
        columns = [name for name, *_ in answer.description]
        return pd.DataFrame(answer.fetchall(), columns=columns, dtype=object)
