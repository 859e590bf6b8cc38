"""Which profile a log is seen through: what it keeps, as its source or its records say, as far as that is believed.

Some logs say themselves what they keep: what all of their records claim is believed, and what none claims is not. What
a log does not keep throughout is not measured: where a task is named now and then, nothing follows for the events
that name none. So a field has to be claimed, and so has a kind of event that does not occur. One that occurs needs no
claim.

A claim that an event contradicts is not believed: a log that keeps durations has one for each accepted call.

Nor is, beside anything of a log that was refused, what lets one conclude from what is not there: `every_event`,
`every_credential` and `revocations`, and that the profile of a source is whole. The record that nobody could read may
be just that. What is claimed of the records that are there stands.

What is refused of a log is a record of it, and a file that was not read, or not to its end. One of which nothing was
read, because it is broken or because two sources know it, may be of any log that lies beside it, so it counts for each.
One that no source knows is of none, unless it seems to be a rest of one (`lost`).

Doubted as well is a page with a `NextToken` where no last page lies beside it; no page tells whether one in the middle
is missing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analysis.ingest.source import Log
from sim.audit.rows import Kind
from sim.audit.store import Store

# What may be claimed: the flag of a log profile that it sets, and what it says of a log.
CLAIMS: Final[Mapping[str, tuple[str, str]]] = {
    "task": ("keeps_task", "whatever was for a task names it: a call, request or issue that names none was for none"),
    "action": ("keeps_action", "each accepted call has its `action` and when it was `requested`; requests name it too"),
    "credential": ("keeps_credential", "each call, issue and revocation names the credential, if there is one"),
    "expiry": ("keeps_expiry", "a stated end is told wherever there is one"),
    "tool": ("keeps_tool", "`operation` names the tool, `args` is there wherever there were arguments"),
    "touch": ("keeps_touch", "each accepted call has its `resource_group` and `level`"),
    "duration": ("keeps_duration", "each accepted call has its `duration_s`"),
    "approval": ("keeps_approval", "a call that rests on an approval names it: one that names none rests on none"),
    "revocations": ("revocations_complete", "every revocation is in it: what is not revoked here was not"),
    "every_credential": (
        "keeps_history",
        "so is every credential that lived then: one that is not here was not there",
    ),
    "every_event": (
        "whole",
        "nothing that it keeps is lost, no clock is wrong: what is not here did not happen",
    ),
}
# From these follows that what is not here did not happen.
_ABSENCE: Final = ("revocations", "every_credential", "every_event")
KINDS: Final = tuple(kind.name.lower() for kind in Kind)

_HERE: Final = Path(__file__).parent
_KNOWN: Final = "SELECT whole FROM fact.log_profile WHERE name = $profile"
_WORDS: Final = """
    SELECT word, count(*) = (SELECT count(*) FROM told) AS by_all
    FROM (SELECT unnest(string_split(keeps, ' ')) AS word FROM told) WHERE word <> '' GROUP BY word ORDER BY word
"""
_OCCURRING: Final = "SELECT DISTINCT kind FROM told"
# Of a claim the events that contradict it: an issue is of some credential, an accepted call touches and lasts.
_WITHOUT: Final = """
    SELECT count(*) FILTER (accepted AND (action IS NULL OR requested IS NULL)) AS action,
           count(*) FILTER (accepted AND atom_group IS NULL) AS touch,
           count(*) FILTER (accepted AND duration IS NULL AND took IS NULL) AS duration,
           count(*) FILTER (kind IN ('issue', 'renew', 'revoke') AND issued IS NULL) AS credential
    FROM (SELECT *, coalesce(kind = 'use' AND decision = 'allow', false) AS accepted FROM told)
"""
# What of these kinds of export was refused: records, and files not read, or not to their end; and pages of lists of
# which no last one is there.
_REFUSED: Final = """
    SELECT count(r.position), count(DISTINCT c.number) FILTER (f.damaged),
           count(DISTINCT c.number) FILTER (c.file IN (FROM open_list))
    FROM chosen c JOIN workbench.file f ON f.number = c.file LEFT JOIN workbench.refused r ON r.file = c.file
    WHERE CASE WHEN f.source IS NULL THEN f.damaged ELSE list_contains($logs::VARCHAR[], f.source) END
"""
# How many groups a note names; the others it counts.
_NAMED: Final = 5
_TIERLESS: Final = """
    SELECT count(*), string_agg(atom_group, ', ' ORDER BY atom_group) FILTER (place <= $named)
    FROM (SELECT atom_group, row_number() OVER (ORDER BY atom_group) AS place
          FROM told WHERE atom_group IS NOT NULL GROUP BY atom_group HAVING max(tier) IS NULL)
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """The log profile that what is gathered is seen through, by name, and what is to be said of it.

    `wanting`: what of the log was handed in and is not in the store, in words; empty for nothing.
    """

    profile: str
    wanting: str
    notes: tuple[str, ...] = ()


def seen(store: Store, log: Log, logs: Sequence[str]) -> Seen:
    """The profile of what is gathered; where its records claim what they keep, it is made known to the store.

    `logs` are the kinds of export that it consists of, without snapshots.
    """
    refused = _refused(store, logs)
    if known := store.rows(_KNOWN, {"profile": log.profile}):
        return _doubted(store, log, refused) if refused and known == [(True,)] else Seen(log.profile, refused)
    words = dict(store.connection.execute(_WORDS).fetchall())
    broken = _broken(store)
    doubted = [word for word in _ABSENCE if refused and words.get(word)]
    believed = [word for word, by_all in words.items() if by_all and not broken.get(word) and word not in doubted]
    there = {kind for (kind,) in store.connection.execute(_OCCURRING).fetchall()}
    kinds = [kind for kind in KINDS if kind in there or kind in believed]
    kept = [word for word in CLAIMS if word in believed]
    told = f"{', '.join(kinds)}; kept: {', '.join(kept) or 'nothing'}"
    flags = {flag: word in kept for word, (flag, _) in CLAIMS.items()}
    name, title = f"{log.profile}: {told}", f"{log.title}, as its records say: {told}"
    store.execute_file(_HERE / "claims.sql", {"name": name, "title": title, "kinds": kinds, **flags})
    doubts = [f"claimed, but not believed: {', '.join(doubted)}, beside {refused}"] if doubted else []
    return Seen(name, refused, (*_notes(words, broken), *doubts, *_tierless(store)))


def _doubted(store: Store, log: Log, refused: str) -> Seen:
    """The profile of a source whose logs are whole, of one of which something was refused."""
    name = f"{log.profile}, not whole"
    store.execute_file(_HERE / "doubted.sql", {"name": name, "profile": log.profile})
    note = f"every event is in a log of its kind, but not believed to be in this one, beside {refused}"
    return Seen(name, refused, (note,))


def _refused(store: Store, logs: Sequence[str]) -> str:
    """What of a log is not in the store though it was handed in; empty if it all is."""
    records, files, pages = store.connection.execute(_REFUSED, {"logs": list(logs)}).fetchone() or (0, 0, 0)
    words = [
        f"{number:,} {one if number == 1 else more}"
        for number, one, more in (
            (records, "refused record", "refused records"),
            (files, "file not read, or not to its end", "files not read, or not to their end"),
            (pages, "page of a list of which the last is not here", "pages of lists of which the last is not here"),
        )
        if number
    ]
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _broken(store: Store) -> dict[str, int]:
    """How many events contradict a claim."""
    cursor = store.connection.execute(_WITHOUT)
    return dict(zip([column[0] for column in cursor.description], cursor.fetchone() or (), strict=True))


def _notes(words: Mapping[str, bool], broken: Mapping[str, int]) -> Iterator[str]:
    if not words:
        yield "no record says what its log keeps: little can be measured; add a column `keeps` (docs/interchange.md)"
    if some := [word for word, by_all in words.items() if not by_all]:
        yield f"claimed by some records only, and so not believed: {', '.join(some)}"
    for word in words:
        if broken.get(word):
            yield f"claimed, but not believed: {word}, which {broken[word]:,} events do not tell"


def _tierless(store: Store) -> Iterator[str]:
    """What is taken to be no crown jewel because nobody says what it is."""
    groups, first = store.connection.execute(_TIERLESS, {"named": _NAMED}).fetchone() or (0, None)
    if groups:
        more = f" and {groups - _NAMED:,} more" if groups > _NAMED else ""
        yield f"groups of which no row says the tier, taken to hold no crown jewel: {groups:,}: {first}{more}"
