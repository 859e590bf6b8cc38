"""What a snapshot lists becomes what a run knows of entitlements: who held what, for how long that is proven.

A snapshot is of one instant, which it does not tell: it is taken to be the latest that it mentions. Its lists prove
what was held then. A log of everything that spans the instant, and shows no later change, proves it from its last
change before on; see `proven.sql`.

All files of a run are one snapshot, unless an identity is listed several times: then these are of several days,
each a snapshot by itself, and of other accounts they say nothing. What one lists was so at its instant, and what it
omits was not, if it is whole: nothing of it was refused, and no page says that the list goes on. So what is in the
first and not in the next ended in between, and what is only in the next began there; in between anything may have been
held. Pages of several days do not say which of them belong together, nor so when they were taken: of what they list
nothing is certain; nor of a file in which somebody is listed twice (`days.sql`). Of two lists of one account's users,
details and a credential report, neither omits whom the other one shows to have been there.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analysis.ingest.columns import integers, texts
from analysis.ingest.listed import Holding, Listed, Reach, Snapshot
from sim.audit.columns import Columns
from sim.audit.ids import PrincipalKind
from sim.audit.store import Store

# A policy that no snapshot lists: nobody knows what it says.
_UNTOLD: Final = "untold"
_HERE: Final = Path(__file__).parent
_STANDING: Final = """
    SELECT DISTINCT d.seen_at, what, name, account, kind, says, policies, groups, within, holder, certain
    FROM workbench.listed l
    JOIN workbench.file f ON f.number = l.file AND f.source = $source
    JOIN dated d ON d.file = l.file
    WHERE what IN ('identity', 'policy', 'trust')
    ORDER BY d.seen_at
"""
# Of whom a snapshot says that he was not there.
_OMITTED: Final = "SELECT seen_at, name FROM identity_seen WHERE NOT listed"
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
                  FROM standing WHERE what NOT IN ('taken', 'part') GROUP BY ALL)),
           (SELECT count(DISTINCT name) FROM standing ANTI JOIN saying s ON s.principal = name
            WHERE what = 'identity' AND kind = 'role')
"""
_APART: Final = """
    SELECT count(*) FILTER (NOT page) AS days, count(*) FILTER (NOT page AND NOT whole) AS wanting,
           count(*) FILTER (page AND NOT mixed) AS pages, count(*) FILTER (mixed) AS mixed
    FROM dated WHERE apart
"""
_UNLISTED: Final = """
    SELECT by_report, count(DISTINCT name) FROM unlisted GROUP BY by_report ORDER BY by_report
"""
# Who is in one of two lists of an account's users, and what that leaves unknown.
_ONE_LIST: Final = {
    False: "users that a credential report lists and the authorization details of that time do not, so that nobody "
    "knows what they held: {users:,}; export both anew",
    True: "users that the authorization details list and the credential report of that time does not, so that nobody "
    "knows which keys they had: {users:,}; export both anew",
}
_CALLS: Final = "SELECT DISTINCT operation FROM told WHERE operation IS NOT NULL"
_PROVEN: Final = """
    SELECT count(DISTINCT seen_at), min(seen_at)::VARCHAR, max(seen_at)::VARCHAR, min(since)::VARCHAR, why,
           count(DISTINCT account), (SELECT count(DISTINCT account) FROM proven)
    FROM proven GROUP BY why, CASE WHEN why = 'spanned' THEN since END ORDER BY why, 4
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


@dataclass(frozen=True, slots=True)
class Day:
    """What identities held at an instant, and whom they might become."""

    seen_at: datetime
    held: Sequence[Holding]
    reached: Sequence[Reach]


def work_out(store: Store, snapshots: Mapping[str, Snapshot]) -> None:
    """What the identities of what is gathered hold; nothing, where there is no snapshot."""
    store.execute_file(_HERE / "days.sql")
    store.execute_file(_HERE / "holdings.sql")
    omitted = set(store.connection.execute(_OMITTED).fetchall())
    days = [day for name, snapshot in snapshots.items() for day in _days(snapshot, _listed(store, name), omitted)]
    tables = _tables(days)
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
    for instants, first, last, since, why, accounts, of_accounts in store.connection.execute(_PROVEN).fetchall():
        span = _WHY[why].format(since=since)
        some = f" of {accounts:,} of {of_accounts:,} accounts" if accounts < of_accounts else ""
        when = f"{first}, the latest instant that the snapshot mentions"
        if instants > 1:
            when = f"{instants:,} instants from {first} to {last}, each the latest that its snapshot mentions"
        yield f"entitlements{some} as of {when}; {span}"
    [(missing,)] = store.connection.execute(_MISSING).fetchall()
    [(listed, unused)] = store.connection.execute(_LISTED).fetchall()
    yield f"listed: {listed}"
    yield from _apart(store)
    if unused:
        yield f"roles of which the snapshot tells no last use: {unused:,}"
    if missing:
        yield f"policies that are not in the snapshot, or cannot be read, so that they may allow anything: {missing:,}"


def _apart(store: Store) -> Iterator[str]:
    """How files were taken that are of several days."""
    [(files, parts, pages, mixed)] = store.connection.execute(_APART).fetchall()
    if files:
        wanting = f"; {parts:,} of them may be wanting, so that what they omit may have been there" if parts else ""
        yield f"files that list who is listed in others, each taken for a snapshot by itself: {files:,}{wanting}"
    if pages:
        yield (
            f"pages of lists of several days, of which nobody says which belong together: {pages:,}; nothing of them "
            "is certain: ingest snapshots of different days apart, or put the pages of each into one file"
        )
    if mixed:
        yield (
            f"files that hold snapshots of several days or accounts: {mixed:,}; nothing of them is certain: put each "
            "snapshot into a file of its own"
        )
    for by_report, users in store.connection.execute(_UNLISTED).fetchall():
        yield _ONE_LIST[by_report].format(users=users)


def _listed(store: Store, source: str) -> dict[datetime, list[Listed]]:
    """What was listed at each instant."""
    listed = defaultdict(list)
    for seen_at, what, name, account, kind, says, policies, groups, within, holder, certain in store.connection.execute(
        _STANDING, {"source": source}
    ).fetchall():
        listed[seen_at].append(
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
        )
    return listed


def _days(
    snapshot: Snapshot, listed: Mapping[datetime, Sequence[Listed]], omitted: AbstractSet[tuple[datetime, str]]
) -> Iterator[Day]:
    """What identities that are listed at each instant hold; of others may have been there whoever is not omitted."""
    known = {each.name: each for told in listed.values() for each in told if each.what == "identity"}
    for seen_at, told in listed.items():
        there = {each.name for each in told if each.what == "identity"}
        others = [
            replace(each, policies=(_UNTOLD,), groups=(), within=None)
            for name, each in known.items()
            if name not in there and (seen_at, name) not in omitted
        ]
        held, reached = snapshot.authority([*told, *others])
        yield Day(
            seen_at, [each for each in held if each.name in there], [each for each in reached if each.other in there]
        )


def _tables(days: Sequence[Day]) -> dict[str, Columns]:
    """Identities with the scope that each holds, scopes with their atoms: many hold the same."""
    scopes: dict[frozenset[Any], int] = {}
    held = [(day.seen_at, each) for day in days for each in day.held]
    reached = [(day.seen_at, each) for day in days for each in day.reached]
    numbers = [scopes.setdefault(frozenset(each.atoms.items()), len(scopes)) for _, each in held]
    atoms = [(number, atom, certain) for scope, number in scopes.items() for atom, certain in scope]
    tables = {
        "holding": {
            "name": texts(each.name for _, each in held),
            "seen_at": _instants(at for at, _ in held),
            "scope": integers(numbers),
        },
        "scope_atom": {
            "scope": integers(number for number, _, _ in atoms),
            "atom_group": texts(atom.group for _, atom, _ in atoms),
            "atom_level": texts(atom.level for _, atom, _ in atoms),
            "certain": np.array([certain for _, _, certain in atoms], dtype=bool),
        },
        "reached": {
            "name": texts(each.name for _, each in reached),
            "other": texts(each.other for _, each in reached),
            "seen_at": _instants(at for at, _ in reached),
            "certain": np.array([each.certain for _, each in reached], dtype=bool),
        },
    }
    # A table without rows is left out: DuckDB could not tell of which types its columns are.
    return {name: rows for name, rows in tables.items() if len(next(iter(rows.values())))}


def _instants(at: Iterable[datetime]) -> NDArray[np.datetime64]:
    return np.array(list(at), dtype="datetime64[us]")
