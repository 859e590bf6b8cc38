"""The verb: what organisations already have becomes a run that every measure reads."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from analysis.ingest.files import File, found, read
from analysis.ingest.intake import Intake
from analysis.ingest.loading import identifier, load
from analysis.ingest.source import IngestError, source_named, sources
from sim.audit.rows import UNKNOWN, Kind
from sim.audit.store import Store

Progress = Callable[[int, int], None]

# How many files a note names; the others it counts.
_NAMED: Final = 5
_STORE: Final = "SELECT path FROM duckdb_databases() WHERE database_name = current_database() AND path IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of the files; kept + repeated + rejected = records.

    `unread` counts the files of which nothing was read, `collisions` the events kept although another event had
    their id. `notes` are sentences about what a reader of the results should know.
    """

    run: str
    source: str
    files: int
    unread: int
    records: int
    kept: int
    repeated: int
    rejected: int
    collisions: int
    notes: tuple[str, ...]


def ingest(
    paths: Sequence[Path], store: Store, source: str | None = None, progress: Progress | None = None
) -> Ingested:
    """Read every file under the paths into the store, as one run, in one transaction.

    Args:
        paths: files and folders, these with all that lies below them; the store itself may lie there too.
        store: open for writing.
        source: name of the source to read every file with; None: each file is read by the one that recognises it.
        progress: told after each file how many are read, and of how many.

    Raises:
        IngestError: a path or the source is unknown, nothing could be kept, or files of several sources were.
    """
    intake = Intake({source: source_named(source)} if source else sources(), given=source is not None)
    files, own = _apart(found(paths), store)
    troubles = _taken(intake, files, progress)
    if not intake.kept:
        raise IngestError(_why_nothing(paths, intake))
    name = intake.source()
    notes = (
        *_notes(intake),
        *_named("files and folders not read, or not to their end", troubles),
        *_named("files left out, being this store's own", own),
    )
    summary = _summary(intake, name, notes)
    load(intake, sources()[name], store, {"source": name, **asdict(summary)})
    return summary


def _apart(files: Sequence[File], store: Store) -> tuple[list[File], list[str]]:
    """The files to read, and by name those that the store itself consists of, which change while it is written."""
    stores = [os.path.realpath(path) for (path,) in store.rows(_STORE)]
    told: dict[bool, list[File]] = {True: [], False: []}
    for file in files:
        told[any(_belongs(os.path.realpath(file.path), path) for path in stores)].append(file)
    return told[False], [file.shown for file in told[True]]


def _belongs(path: str, store: str) -> bool:
    """Whether a file is the store's: what it has yet to write, and has put aside, lies under names like its own."""
    return path == store or path.startswith((f"{store}.wal", f"{store}.tmp"))


def _taken(intake: Intake, files: Sequence[File], progress: Progress | None) -> list[str]:
    """Read every file; returns what is wrong with those that cannot be read, or not to their end."""
    troubles: list[str] = []
    for number, file in enumerate(files, start=1):
        content = read(file)
        intake.take(file, content)
        if content.trouble is not None:
            troubles.append(f"{intake.files[-1].shown} ({content.trouble})")
        if progress:
            progress(number, len(files))
    return troubles


def _summary(intake: Intake, name: str, notes: tuple[str, ...]) -> Ingested:
    files = intake.files
    return Ingested(
        run=identifier(intake),
        source=name,
        files=len(files),
        unread=sum(file.source is None for file in files),
        records=sum(file.records for file in files),
        kept=len(intake.kept),
        repeated=sum(file.repeated for file in files),
        rejected=sum(file.rejected for file in files),
        collisions=intake.collisions,
        notes=notes,
    )


def _named(what: str, names: Sequence[str]) -> Iterator[str]:
    """How many there are, and which."""
    if names:
        more = [f"and {len(names) - _NAMED:,} more"] if len(names) > _NAMED else []
        yield f"{what}: {len(names):,}: {'; '.join([*names[:_NAMED], *more])}"


def _notes(intake: Intake) -> Iterator[str]:
    """What was strange, each with what was done about it."""
    events = [kept.observed for kept in intake.kept]
    issued = [event.issued for event in events if event.issued and event.kind is not Kind.REVOKE]
    counted = {
        "events kept although another event has their id": intake.collisions,
        "records with text that no database stores, written out as \\x00 or \\ud800": intake.repaired,
        "credentials issued until a time that is not stated or cannot be read": sum(
            each.until == UNKNOWN for each in issued
        ),
        "events that do not say who acted": sum(event.principal is None for event in events),
    }
    yield from (f"{what}: {count:,}" for what, count in counted.items() if count)


def _why_nothing(paths: Sequence[Path], intake: Intake) -> str:
    where = ", ".join(map(str, paths))
    if not intake.files:
        return f"{where}: no file lies there; name the folder that holds the exports"
    if not intake.rejects:
        return f"{where}: the exports hold no records; name another folder"
    first = intake.rejects[0]
    shown = intake.files[first.file].shown
    return f"{where}: none of {len(intake.files)} files gave an event; {shown}: {first.reason}"
