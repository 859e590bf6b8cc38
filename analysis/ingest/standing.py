"""What a snapshot lists becomes what a run knows of entitlements: who held what, for how long that is proven.

A snapshot is of one instant, which it does not tell: it is taken to be the latest that it mentions. Its lists prove
what was held then. All files of a run are one snapshot; that an identity is listed in several of them, as in snapshots
of several days, is told. A log of everything that spans the instant, and shows no later change, proves it from its last
change before on; see `proven.sql`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from analysis.ingest.columns import integers, texts
from analysis.ingest.listed import Holding, Listed, Reach, Snapshot
from sim.audit.columns import Columns
from sim.audit.ids import PrincipalKind
from sim.audit.store import Store

_HERE: Final = Path(__file__).parent
_STANDING: Final = """
    SELECT DISTINCT what, name, account, kind, says, policies, groups, within, holder, certain
    FROM workbench.listed l
    JOIN workbench.file f ON f.number = l.file AND f.source = $source
    SEMI JOIN chosen c ON c.file = l.file
    WHERE what IN ('identity', 'policy', 'trust')
"""
_MISSING: Final = """
    WITH used AS (
        SELECT unnest(from_json(policies, '["VARCHAR"]')) AS name FROM standing
        UNION
        SELECT within FROM standing WHERE within IS NOT NULL
    )
    SELECT count(*) FROM used ANTI JOIN (FROM standing WHERE what = 'policy' AND says IS NOT NULL) USING (name)
"""
_LISTED: Final = """
    SELECT (SELECT string_agg(many || ' ' || what, ', ' ORDER BY what)
            FROM (SELECT CASE what WHEN 'identity' THEN 'identities' WHEN 'policy' THEN 'policies'
                         ELSE what || 's' END AS what,
                         count(DISTINCT (name, holder)) AS many
                  FROM standing WHERE what <> 'taken' GROUP BY ALL)),
           (SELECT count(DISTINCT name) FROM standing ANTI JOIN saying s ON s.principal = name
            WHERE what = 'identity' AND kind = 'role')
"""
_AGAIN: Final = """
    SELECT count(*)
    FROM (SELECT name FROM standing WHERE what = 'identity' GROUP BY name HAVING count(DISTINCT file) > 1)
"""
_CALLS: Final = "SELECT DISTINCT operation FROM told WHERE operation IS NOT NULL"
_PROVEN: Final = """
    SELECT seen_at::VARCHAR, min(since)::VARCHAR, why, count(*), sum(count(*)) OVER ()
    FROM proven, seen_at GROUP BY seen_at, why, CASE WHEN why = 'spanned' THEN since END ORDER BY why, 2
"""
# For how long they are proven, and what would prove more.
_WHY: Final = {
    "alone": "of before and after nothing is known: a log that spans it would tell",
    "earlier": "the log begins later, and nothing is proven of its time: ingest it from then on",
    "later": "the log ends before, and nothing is proven of its time: ingest it until then",
    "changed": "proven for that instant: the log shows later calls that may have changed what is held",
    "unwatched": "proven for that instant: nothing shows that the log would tell of changes",
    "wanting": "proven for that instant: the log may lack calls that changed what is held",
    "spanned": "proven from {since} to the end of the log, which shows no change in that time",
}


def work_out(store: Store, snapshots: Mapping[str, Snapshot]) -> None:
    """What the identities of what is gathered hold; nothing, where there is no snapshot."""
    store.execute_file(_HERE / "holdings.sql")
    found = [snapshot.authority(_listed(store, name)) for name, snapshot in snapshots.items()]
    tables = _tables([each for held, _ in found for each in held], [each for _, may in found for each in may])
    for table, rows in tables.items():  # noqa: B007, PERF102 - read by name
        store.connection.sql("FROM rows").insert_into(f"temp.{table}")


def beside(store: Store, profile: str) -> str:
    """The profile of a log that a snapshot lies beside."""
    name = f"{profile}, entitlements"
    store.execute_file(_HERE / "beside.sql", {"name": name, "profile": profile})
    return name


def stand(store: Store, run: int, workload: int, resolution: int, snapshots: Mapping[str, Snapshot]) -> None:
    """Write what stood into a run."""
    lag = max(each.lag for each in snapshots.values())
    what = {"run": run, "workload": workload, "resolution": resolution, "lag": lag}
    store.execute_file(_HERE / "standing.sql", what)


def prove(store: Store, profile: str, resolution: int, snapshots: Mapping[str, Snapshot]) -> Iterator[str]:
    """Find out for how long what stood is proven, and say so."""
    calls = [operation for (operation,) in store.connection.execute(_CALLS).fetchall()]
    watched = [each for each in calls if any(snapshot.watches(each) for snapshot in snapshots.values())]
    changing = [each for each in calls if any(snapshot.changes(each) for snapshot in snapshots.values())]
    how = {"profile": profile, "resolution": resolution, "watched": watched, "changing": changing}
    store.execute_file(_HERE / "proven.sql", how)
    for seen_at, since, why, accounts, of_accounts in store.connection.execute(_PROVEN).fetchall():
        span = _WHY[why].format(since=since)
        some = f" of {accounts:,} of {of_accounts:,} accounts" if accounts < of_accounts else ""
        yield f"entitlements{some} as of {seen_at}, the latest instant that the snapshot mentions; {span}"
    [(missing,)] = store.connection.execute(_MISSING).fetchall()
    [(listed, unused)] = store.connection.execute(_LISTED).fetchall()
    yield f"listed: {listed}"
    [(again,)] = store.connection.execute(_AGAIN).fetchall()
    if again:
        yield (
            f"identities in several files, all taken as of one instant: {again:,}; what only an older one lists may "
            "have been gone by then: ingest snapshots of different days apart"
        )
    if unused:
        yield f"roles of which the snapshot tells no last use: {unused:,}"
    if missing:
        yield f"policies that are not in the snapshot, or cannot be read, so that they may allow anything: {missing:,}"


def _listed(store: Store, source: str) -> list[Listed]:
    return [
        Listed(
            what=what,
            name=name,
            account=account,
            kind=None if kind is None else PrincipalKind[kind.upper()],
            says=says,
            policies=tuple(json.loads(policies)),
            groups=tuple(json.loads(groups)),
            within=within,
            holder=holder,
            certain=certain,
        )
        for what, name, account, kind, says, policies, groups, within, holder, certain in store.connection.execute(
            _STANDING, {"source": source}
        ).fetchall()
    ]


def _tables(holdings: Sequence[Holding], reached: Sequence[Reach]) -> dict[str, Columns]:
    """Identities with the scope that each holds, scopes with their atoms: many hold the same."""
    scopes: dict[frozenset[Any], int] = {}
    numbers = [scopes.setdefault(frozenset(each.atoms.items()), len(scopes)) for each in holdings]
    atoms = [(number, atom, certain) for scope, number in scopes.items() for atom, certain in scope]
    tables = {
        "holding": {"name": texts(each.name for each in holdings), "scope": integers(numbers)},
        "scope_atom": {
            "scope": integers(number for number, _, _ in atoms),
            "atom_group": texts(atom.group for _, atom, _ in atoms),
            "atom_level": texts(atom.level for _, atom, _ in atoms),
            "certain": np.array([certain for _, _, certain in atoms], dtype=bool),
        },
        "reached": {
            "name": texts(each.name for each in reached),
            "other": texts(each.other for each in reached),
            "certain": np.array([each.certain for each in reached], dtype=bool),
        },
    }
    # A table without rows is left out: DuckDB could not tell of which types its columns are.
    return {name: rows for name, rows in tables.items() if len(next(iter(rows.values())))}
