"""Exports lie in folders among other files, packed or not; what a file holds is read, or refused with a reason."""

import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import Final

from analysis.ingest.parquet import PARQUET
from analysis.ingest.pieces import LIMIT, SMALL, Pieces, Text, TooLargeError, Unchanged, begins, damage, whole
from analysis.ingest.source import IngestError

# The hash of no bytes, which empty files have, and those that cannot be read.
NOTHING: Final = hashlib.sha256().hexdigest()

_GZIP: Final = b"\x1f\x8b"
# What tells zlib that a gzip header is there.
_WITH_HEADER: Final = 16 + zlib.MAX_WBITS
# How often something may be packed that is unpacked here.
_TIMES: Final = 2
_ZIP: Final = b"PK\x03\x04"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_PIECE: Final = 2**20


@dataclass(frozen=True, slots=True)
class File:
    """A file that was named, or lies in a folder that was; `shown` is its path below that folder.

    A folder that cannot be looked into stands for the files that may lie in it; `trouble` says why it cannot.
    """

    path: Path
    shown: str
    trouble: str | None = None

    def size(self) -> int:
        """Bytes that lie there; 0 where nobody may look."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds, with the hash and size of its bytes as it lies.

    `trouble` says what is wrong with it; what could still be read is there all the same.
    """

    sha256: str
    size: int
    data: Text
    trouble: str | None = None


def found(paths: Iterable[Path]) -> list[File]:
    """Every file under the paths named, once, in the order of its path.

    Raises:
        IngestError: a path is not there, or nobody may look.
    """
    files: dict[str, File] = {}
    for path in paths:
        if not _is_there(path):
            raise IngestError(f"{path}: no such file or folder")
        for file in _below(path):
            # Unlike a path that is resolved, one that links to itself stays what it is.
            files.setdefault(os.path.realpath(file.path), file)
    return list(files.values())


def read(file: File) -> Content:
    """What a file holds, unpacked if it is gzip, whatever its name; in pieces if it is not small."""
    return unpacked(lying(file))


def lying(file: File) -> Content:
    """The bytes of a file as it lies."""
    if file.trouble is not None:
        return _nothing(file.trouble)
    try:
        if file.path.is_dir():
            return _nothing("a link to a folder, which is not followed: name the folder itself")
        if not file.path.is_file():
            return _nothing("neither a file nor a folder that can be read here")
        return _lying(file.path)
    except OSError as error:
        return _nothing(f"cannot be read: {error.strerror}")


def unpacked(content: Content) -> Content:
    """What lies there, unpacked if it is gzip, also if it was packed twice, as an upload of what is packed may do."""
    data, trouble = content.data, content.trouble
    for _ in range(_TIMES):
        if begins(data).startswith(_GZIP) and not (isinstance(data, Pieces) and data.packed):
            data, trouble = _unpacked(data, trouble)
    first = begins(data)
    if first.startswith(_GZIP):
        data, trouble = b"", "gzip within gzip: unpack it, and name what is in it"
    if first.startswith(_ZIP):
        data, trouble = b"", "a zip archive: unpack it, and name the folder"
    if first.startswith(_UTF16):
        data, trouble = b"", "text in UTF-16: save it as UTF-8"
    if first.startswith(PARQUET):
        data, trouble = _table(data)
    return replace(content, data=data, trouble=trouble)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise IngestError(f"{path}: {error.strerror}") from error


def _below(path: Path) -> Iterator[File]:
    if not path.is_dir():
        yield File(path, path.name)
        return
    for each, trouble in sorted(_inside(path)):
        yield File(each, each.relative_to(path).as_posix(), trouble or None)


def _inside(path: Path) -> Iterator[tuple[Path, str]]:
    """What lies in a folder and in those within, and is no folder; or is one that cannot be looked into, and why.

    A link to a folder is listed but not followed: it may lead back here. The stack is a list, because folders may lie
    deeper in each other than calls.
    """
    folders = [path]
    while folders:
        folder = folders.pop()
        try:
            listed = _listed(folder)
        except OSError as error:
            yield folder, f"a folder that cannot be read: {error.strerror}"
            continue
        folders += (each for each, is_folder in listed if is_folder)
        yield from ((each, "") for each, is_folder in listed if not is_folder)


def _listed(folder: Path) -> list[tuple[Path, bool]]:
    """What lies in a folder, and whether that is a folder itself."""
    with os.scandir(folder) as entries:
        return [(Path(entry.path), entry.is_dir(follow_symlinks=False)) for entry in entries]


def _lying(path: Path) -> Content:
    """A file as it lies; one that is not small is gone over for its hash, and read when it is asked for."""
    with path.open("rb") as stream:
        lies = stream.read(SMALL + 1)
        if len(lies) <= SMALL:
            return Content(hashlib.sha256(lies).hexdigest(), len(lies), lies)
        seen, size = hashlib.sha256(lies), len(lies)
        while piece := stream.read(_PIECE):
            seen.update(piece)
            size += len(piece)
    sha256 = seen.hexdigest()
    return Content(sha256, size, Pieces(lambda: BufferedReader(Unchanged(path.open("rb"), size, sha256))))


def _unpacked(packed: Text, before: str | None) -> tuple[Text, str | None]:
    """What is packed there, and what is wrong with it or was before, where that is known already."""
    if isinstance(packed, Pieces):
        return replace(packed, packed=True), before
    with suppress(zlib.error):
        # Sound files, which most are, are unpacked at once.
        at_once = zlib.decompressobj(wbits=_WITH_HEADER)
        data = at_once.decompress(packed, SMALL + 1)
        if at_once.eof and not at_once.unused_data and len(data) <= SMALL:
            return data, before
    pieces, data = Pieces(lambda: BytesIO(packed), packed=True), b""
    for piece in pieces:
        data += piece
        if len(data) > SMALL:
            return pieces, before
    return data, before or damage(pieces)


def _table(data: Text) -> tuple[bytes, str | None]:
    """A table, which says at its end what it holds."""
    try:
        return whole(data), damage(data)
    except TooLargeError:
        return b"", f"Parquet of more than {LIMIT:,} bytes: write it as several files"


def _nothing(trouble: str) -> Content:
    return Content(NOTHING, 0, b"", trouble)
