"""Looking up what to revoke first."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from analysis.measures.concepts.concepts import Shared
from sim.audit.refusal import Refusal
from sim.audit.store import Evidence, Store

_QUERY: Final = Path(__file__).with_name("worklist.sql")


def worklist(store: Store, evidence: Evidence, run: int, minutes: Mapping[str, float], first: int) -> pd.DataFrame:
    """The first credentials of the list, and what is known of each (see worklist.sql).

    `minutes`: what each cause that it names takes where the run's own scenario does not say.

    Raises:
        Refusal: the evidence names no credentials, so that an empty list would mean nothing.
    """
    sql = _QUERY.read_text("utf-8")
    with store.evidence(evidence, [run]) as connection:
        [(sees,)] = connection.execute("SELECT sees_credentials FROM run").fetchall()
        if not sees:
            msg = f"{store.name}: the {evidence} of run {run} names no credentials; there is nothing to list"
            raise Refusal(msg)
        answer = Shared(connection, evidence).ask(sql, {"run": run, **minutes})
        columns = [name for name, *_ in answer.description]
        # Not LIMIT: DuckDB 2.0 loses it in the plan of this query.
        return pd.DataFrame(answer.fetchmany(first), columns=columns, dtype=object)
