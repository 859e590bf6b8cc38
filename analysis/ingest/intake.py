"""Every record that lies in a file has one fate: kept, known already, or refused with a reason; all are counted."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from analysis.ingest.files import Content, File
from analysis.ingest.observed import Observed
from analysis.ingest.reading import Found, Refused
from analysis.ingest.source import IngestError, Source
from analysis.ingest.strict import Record, RecordError

Fate = Literal["kept", "repeated", "rejected"]

_SAMPLE: Final = 64 * 2**10


@dataclass(frozen=True, slots=True)
class Kept:
    """An event that is kept, a hash of its record, and where that was read first."""

    observed: Observed
    digest: bytes
    file: int
    position: int


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that is not kept, or with a position of None a whole file, and why."""

    file: int
    position: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class FileAccount:
    """What became of the records of one file; `source` is None where no source recognised it."""

    shown: str
    sha256: str
    size: int
    source: str | None
    kept: int
    repeated: int
    rejected: int

    @property
    def records(self) -> int:
        """Records found in it, count."""
        return self.kept + self.repeated + self.rejected


class Intake:
    """What was read so far. With one source given, every file is read as an export of it."""

    def __init__(self, sources: Mapping[str, Source], *, given: bool) -> None:
        """Begin with nothing read."""
        self.files: list[FileAccount] = []
        self.kept: list[Kept] = []
        self.rejects: list[Reject] = []
        self.repaired = 0
        self.collisions = 0
        self._sources = sources
        self._given = given
        self._seen: dict[str, set[bytes]] = {}

    def take(self, file: File, content: Content) -> None:
        """Read one file."""
        name = self._source_of(content)
        if content.trouble is not None:
            self.rejects.append(Reject(len(self.files), None, content.trouble))
        elif name is None:
            self.rejects.append(Reject(len(self.files), None, self._unknown(content)))
        fates = Counter() if name is None else self._read(self._sources[name], content.data)
        self.files.append(
            FileAccount(
                file.shown.encode("utf-8", "backslashreplace").decode(), content.sha256, content.size, name,
                kept=fates["kept"], repeated=fates["repeated"], rejected=fates["rejected"],
            )
        )  # fmt: skip

    def source(self) -> str:
        """Name of the source of all that was kept.

        Raises:
            IngestError: there are several, and one run is seen through one profile.
        """
        names = sorted({file.source for file in self.files if file.source is not None and file.kept})
        if len(names) > 1:
            raise IngestError(f"exports of {' and '.join(names)} in one ingest: give --source, or ingest apart")
        return names[0]

    def in_order(self) -> list[Kept]:
        """What was kept by time; among equals by id and content, so that the order of files changes nothing."""
        return sorted(self.kept, key=lambda kept: (kept.observed.time, kept.observed.id, kept.digest))

    def _source_of(self, content: Content) -> str | None:
        """Name of the source to read a file with: the one given, else the first that recognises its beginning."""
        sample = content.data[:_SAMPLE]
        fitting = (name for name, source in self._sources.items() if self._given or source.identify(sample))
        return next(fitting, None) if sample else None

    def _unknown(self, content: Content) -> str:
        if not content.data:
            return "empty"
        signs = "; ".join(f"{name}: {source.log.signs}" for name, source in self._sources.items())
        return f"no source recognises it ({signs})"

    def _read(self, source: Source, data: bytes) -> Counter[Fate]:
        return Counter(self._fate(source, item) for item in source.records(data))

    def _fate(self, source: Source, item: Found | Refused) -> Fate:
        if isinstance(item, Refused):
            return self._rejected(item.position, item.reason)
        try:
            observed, digest = source.translate(item.record), _digest(item.record)
        except RecordError as error:
            return self._rejected(item.position, str(error))
        except RecursionError:
            return self._rejected(item.position, "nested too deeply")
        contents = self._seen.setdefault(observed.id, set())
        if digest in contents:
            return "repeated"
        self.collisions += bool(contents)
        self.repaired += item.repaired
        contents.add(digest)
        self.kept.append(Kept(observed, digest, len(self.files), item.position))
        return "kept"

    def _rejected(self, position: int, reason: str) -> Fate:
        self.rejects.append(Reject(len(self.files), position, reason))
        return "rejected"


def _digest(record: Record) -> bytes:
    """A hash of the content: the same for two deliveries that differ in the order of keys or in white space."""
    return hashlib.blake2b(json.dumps(record, sort_keys=True).encode(), digest_size=16).digest()
