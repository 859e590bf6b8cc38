"""The verb: what organisations already have becomes runs that every measure reads, one for each kind of export."""

import gc
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Final

import duckdb

from analysis.ingest.claims import seen
from analysis.ingest.families import Family, families
from analysis.ingest.files import File, found
from analysis.ingest.intake import Intake
from analysis.ingest.loading import Chosen, Run, gather, identifier, kept_by_choice, load, name
from analysis.ingest.pseudonyms import Pseudonyms
from analysis.ingest.source import IngestError, Source, source_named, sources
from analysis.ingest.standing import beside, prove
from analysis.ingest.workbench import at, belongs, places
from sim.audit.store import Store


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the reading is, in files and in bytes, and how many of these there are."""

    files: int
    of_files: int
    bytes: int
    of_bytes: int


# What DuckDB may take while a log is read and loaded, and how many threads that suffices for; what is read of a file
# comes on top, some 200 MB for deliveries as AWS makes them.
_MEMORY: Final = "512MiB"
_THREADS: Final = 4
# How many files a note names; the others it counts.
_NAMED: Final = 5
_OWN: Final = "files left out, being this store's own"
_KEY: Final = "the key lies among the files: it was left out; put it where exports do not lie"
_HERE: Final = Path(__file__).parent
_SUMMARY: Final = (_HERE / "summary.sql").read_text("utf-8")
# The kinds of export of which there is any event, with the hashes of all files of that kind.
_KINDS: Final = """
    SELECT source, list(DISTINCT sha256) FROM workbench.file f
    WHERE list_contains($files, number) AND source IS NOT NULL
    GROUP BY source
    HAVING bool_or(EXISTS (FROM workbench.observed o WHERE o.file = f.number)
                   OR EXISTS (FROM workbench.listed l WHERE l.file = f.number))
    ORDER BY source
"""
_SOURCES: Final = "SELECT number, source FROM workbench.file"
_FIRST_REJECT: Final = """
    SELECT c.path, r.reason FROM chosen c JOIN workbench.refused r USING (file)
    ORDER BY c.number, r.position NULLS FIRST LIMIT 1
"""
_DAMAGED: Final = """
    SELECT c.path || ' (' || r.reason || ')'
    FROM chosen c
    JOIN workbench.file f ON f.number = c.file AND f.damaged
    JOIN workbench.refused r ON r.file = c.file AND r.position IS NULL
    ORDER BY c.number
"""
_REMARKS: Final = """
    SELECT c.path || ' (' || m.text || ')' FROM chosen c JOIN workbench.remark m USING (file)
    ORDER BY c.number, m.text
"""
_PAGES: Final = "SELECT path FROM chosen SEMI JOIN open_list USING (file) ORDER BY number"
# Other kinds of export, of which nothing is kept: how many records there are, and why the first of them is refused.
_OTHERS: Final = """
    SELECT f.source, count(*), sum(f.records)::BIGINT,
           (SELECT arg_min(r.reason, (l.number, r.position))
            FROM workbench.refused r JOIN workbench.file l ON l.number = r.file AND l.source = f.source)
    FROM chosen c JOIN workbench.file f ON f.number = c.file
    WHERE f.source IS NOT NULL AND NOT list_contains($names, f.source)
    GROUP BY f.source ORDER BY f.source
"""
_BY_CHOICE: Final = "groups of which it keeps some calls by choice, so that nothing of them is proven to be unused"
_WITHOUT_LAST: Final = "pages of lists of which the last is not here: ask for what is behind their NextToken or Marker"


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of the files of one kind of export; kept + merged + repeated + silent + rejected = records.

    `unread` counts the files of which nothing was read, `merged` the records that tell more of an event that another
    one is kept for, `silent` those that tell of nothing that anybody did, `collisions` the events kept although another
    event has their id. `wanting` says what of a log was handed in and could not be read, so that the log is not
    believed to be whole; empty for nothing. `notes` are sentences about what a reader of the results should know.
    """

    run: str
    source: str
    files: int
    unread: int
    records: int
    kept: int
    merged: int
    repeated: int
    silent: int
    rejected: int
    events: int
    collisions: int
    wanting: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Loading:
    """What holds for all runs of an ingest: the sources, which files were left out, and under which key names stand.

    `keys` is how often the key itself lay among the files.
    """

    known: Mapping[str, Source]
    own: Sequence[str]
    under: str
    keys: int


def ingest(
    paths: Sequence[Path],
    store: Store,
    source: str | None = None,
    progress: Callable[[Progress], None] | None = None,
    pseudonyms: Pseudonyms | None = None,
) -> tuple[Ingested, ...]:
    """Read every file under the paths into the store, as one run a kind of export, all of them or none.

    Whoever is interrupted goes on, with the same command, where he was.

    Args:
        paths: files and folders, these with all that lies below them; the store itself may lie there too.
        store: open for writing.
        source: name of the source to read every file with; None: each file is read by the one that recognises it.
        progress: told after each file how far the reading is.
        pseudonyms: what stands for every name before anything is written; None: the names themselves.

    Raises:
        IngestError: a path or the source is unknown, or nothing could be kept.
    """
    known = {source: source_named(source)} if source else sources()
    files, own = _apart(found(paths), store)
    keys = [each for each in files if pseudonyms and pseudonyms.is_key(each.path)]
    files = [each for each in files if each not in keys]
    own = [pseudonyms.path(each) if pseudonyms else each for each in own]
    under = pseudonyms.fingerprint if pseudonyms else ""
    with at(store, f"as {source or 'recognised'} {under}") as workbench:
        intake = Intake(known, workbench, pseudonyms, given=source is not None)
        # What is put down at a time is little: several threads would cost more than they gain.
        with store.under(**_bounds(store, 1)):
            chosen = _taken(intake, files, progress)
            workbench.commit()
        return _all_loaded(store, chosen, Loading(known, own, under, len(keys)), paths)


def _all_loaded(
    store: Store, chosen: Sequence[Chosen], loading: Loading, paths: Sequence[Path]
) -> tuple[Ingested, ...]:
    """Write all runs within bounds; what does not fit into these may take whatever memory there is."""

    def loaded() -> tuple[Ingested, ...]:
        with store.transaction():
            done = tuple(_loaded(store, chosen, loading))
            if not done:
                raise IngestError(_why_nothing(paths, store, len(chosen)))
        return done

    with suppress(duckdb.OutOfMemoryException), store.under(**_bounds(store, _THREADS)):
        return loaded()
    return loaded()


def _bounds(store: Store, threads: int) -> Mapping[str, object]:
    """What a log may take, however long. Beyond this much memory it goes to disk; a store in memory has none."""
    memory = {"memory_limit": _MEMORY} if places(store) else {}
    # Optimizers that a statement switches off for itself are on again after it, even if it fails.
    return {"threads": min(threads, os.cpu_count() or 1), "disabled_optimizers": "", **memory}


def _apart(files: Sequence[File], store: Store) -> tuple[list[File], list[str]]:
    """The files to read, and by name those that the store itself consists of, which change while it is written."""
    stores = [os.path.realpath(path) for path in places(store)]
    told: dict[bool, list[File]] = {True: [], False: []}
    for file in files:
        told[any(belongs(os.path.realpath(file.path), path) for path in stores)].append(file)
    return told[False], [file.shown for file in told[True]]


def _taken(intake: Intake, files: Sequence[File], progress: Callable[[Progress], None] | None) -> list[Chosen]:
    """Read every file."""
    taken, sizes = [], list(accumulate(file.size() for file in files))
    with _nothing_collected():
        for number, file in enumerate(files, start=1):
            taken.append(intake.take(file))
            if progress:
                progress(Progress(number, len(files), sizes[number - 1], sizes[-1]))
    return taken


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Records hold no cycles, but so many objects that the garbage collector would take a fifth of the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        if collects:
            gc.enable()


def _loaded(store: Store, chosen: Sequence[Chosen], loading: Loading) -> Iterator[Ingested]:
    """Write a run for each kind of export. Files of which nothing is kept belong to all of them."""
    files = {"files": [each.file for each in chosen]}
    hashes = dict(store.rows(_KINDS, files))
    kinds = families(loading.known, hashes)
    runs = [
        identifier([*(each for name in family.names for each in hashes[name]), *filter(None, [loading.under])])
        for family in kinds
    ]
    keys = {table: store.keys(table, runs) for table in ("run", "workload")}
    read_as = dict(store.rows(_SOURCES))
    for family, run in zip(kinds, runs, strict=True):
        others = hashes.keys() - set(family.names)
        mine = [each for each in chosen if read_as[each.file] not in others]
        yield _run(store, family, mine, Run(run, keys["run"][run], keys["workload"][run], ""), loading)
    if not runs:
        gather(store, chosen)


def _run(store: Store, family: Family, files: Sequence[Chosen], run: Run, loading: Loading) -> Ingested:
    """Write one of them."""
    gather(store, files, list(family.snapshots))
    log = seen(store, family.source.log, family.logs)
    profile = beside(store, log.profile) if family.beside else log.profile
    name(store, family)
    proven = prove(store, profile, family.source.log.resolution, family.snapshots) if family.snapshots else ()
    chosen = _named(_BY_CHOICE, kept_by_choice(store, family.source))
    notes = (*log.notes, *chosen, *proven, *_others(store, family), *_named(_OWN, loading.own), *[_KEY] * loading.keys)
    summary = _summary(store, run.id, family, log.wanting, notes)
    load(store, replace(run, profile=profile), family, asdict(summary))
    return summary


def _others(store: Store, family: Family) -> Iterator[str]:
    """What lies beside, and is in no run: it is told by its name, and not counted here."""
    names = {"names": list(family.names)}
    for source, files, records, why in store.connection.execute(_OTHERS, names).fetchall():
        reason = f"; the first: {why}" if why else ""
        lying = f"{_counted(records, 'record')} in {_counted(files, 'file')}"
        yield f"beside, nothing is kept of {source}: {lying}, not counted here{reason}"


def _summary(store: Store, run: str, family: Family, wanting: str, more: Sequence[str]) -> Ingested:
    cursor = store.connection.execute(_SUMMARY, {"names": list(family.names)})
    counts = dict(zip([column[0] for column in cursor.description], cursor.fetchone() or (), strict=True))
    damaged, remarks, pages = (
        [text for (text,) in store.connection.execute(sql).fetchall()] for sql in (_DAMAGED, _REMARKS, _PAGES)
    )
    strange = {
        "events kept although another event has their id": counts["collisions"],
        "records with text that no database stores, written out as \\x00 or \\ud800": counts.pop("repaired"),
        "credentials issued until a time that is not stated or cannot be read": counts.pop("endless"),
        "events that do not say who acted": counts.pop("nobody"),
        "calls that do not say whether they were let in, and so prove nothing": counts.pop("undecided"),
        "tasks that are told to start more than once, taken to last from the first start to the last end": counts.pop(
            "restarted"
        ),
    }
    notes = (
        *(f"{what}: {count:,}" for what, count in strange.items() if count),
        *_named("files and folders not read, or not to their end", damaged),
        *_named(_WITHOUT_LAST, pages),
        *_named("left out of what was read", remarks),
        *more,
    )
    return Ingested(run, family.name, **counts, wanting=wanting, notes=notes)


def _named(what: str, names: Sequence[str]) -> Iterator[str]:
    """How many there are, and which."""
    if names:
        more = [f"and {len(names) - _NAMED:,} more"] if len(names) > _NAMED else []
        yield f"{what}: {len(names):,}: {'; '.join([*names[:_NAMED], *more])}"


def _counted(number: int, one: str) -> str:
    return f"{number:,} {one}{'' if number == 1 else 's'}"


def _why_nothing(paths: Sequence[Path], store: Store, files: int) -> str:
    where = ", ".join(map(str, paths))
    if not files:
        return f"{where}: no file lies there; name the folder that holds the exports"
    rejects = store.connection.execute(_FIRST_REJECT).fetchall()
    if not rejects:
        return f"{where}: the exports hold no records; name another folder"
    [(shown, reason)] = rejects
    return f"{where}: none of {files} files gave an event; {shown}: {reason}"
