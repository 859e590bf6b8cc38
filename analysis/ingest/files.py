"""Exports lie in folders among other files, packed or not; each is read whole, or refused with a reason."""

import gzip
import hashlib
import io
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from analysis.ingest.source import IngestError

# A few kilobytes can unpack to terabytes, and text is held in memory whole.
LIMIT: Final = 256 * 2**20

# The hash of no bytes, which empty files have, and those that cannot be read.
NOTHING: Final = hashlib.sha256().hexdigest()

_GZIP: Final = b"\x1f\x8b"
# What tells zlib that a gzip header is there.
_WITH_HEADER: Final = 16 + zlib.MAX_WBITS
_ZIP: Final = b"PK\x03\x04"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
# The reader returns at most this much at once, so no more than this is lost where the packed bytes are corrupt.
_PIECE: Final = 4096


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
    data: bytes
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


def read(file: File, limit: int = LIMIT) -> Content:
    """The bytes of a file, unpacked if they are gzip, whatever its name; at most `limit` bytes."""
    return unpacked(lying(file, limit), limit)


def lying(file: File, limit: int = LIMIT) -> Content:
    """The bytes of a file as it lies; none if they are more than `limit`."""
    if file.trouble is not None:
        return _nothing(file.trouble)
    try:
        if file.path.is_dir():
            return _nothing("a link to a folder, which is not followed: name the folder itself")
        if not file.path.is_file():
            return _nothing("neither a file nor a folder that can be read here")
        return _lying(file.path, limit)
    except OSError as error:
        return _nothing(f"cannot be read: {error.strerror}")


def unpacked(content: Content, limit: int = LIMIT) -> Content:
    """What lies there, unpacked if it is gzip; at most `limit` bytes."""
    data, trouble = content.data, content.trouble
    if data.startswith(_GZIP):
        data, trouble = _unpacked(data, limit)
    if data.startswith(_ZIP):
        data, trouble = b"", "a zip archive: unpack it, and name the folder"
    if data.startswith(_UTF16):
        data, trouble = b"", "text in UTF-16: save it as UTF-8"
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


def _lying(path: Path, limit: int) -> Content:
    size = path.stat().st_size
    if size > limit:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return Content(digest, size, b"", _too_large(limit))
    lies = path.read_bytes()
    return Content(hashlib.sha256(lies).hexdigest(), size, lies)


def _unpacked(packed: bytes, limit: int) -> tuple[bytes, str | None]:
    """What is packed there, and what is wrong with it; sound files, which most are, are unpacked at once."""
    with suppress(zlib.error):
        whole = zlib.decompressobj(wbits=_WITH_HEADER)
        data = whole.decompress(packed, limit + 1)
        if whole.eof and not whole.unused_data and len(data) <= limit:
            return data, None
    return _unpacked_in_pieces(packed, limit)


def _unpacked_in_pieces(packed: bytes, limit: int) -> tuple[bytes, str | None]:
    data = bytearray()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as stream:
            while piece := stream.read1(_PIECE):
                data += piece
                if len(data) > limit:
                    return b"", _too_large(limit)
    except EOFError:
        return bytes(data), f"gzip ends too early: {len(data):,} bytes could be unpacked"
    except (OSError, zlib.error) as error:
        return bytes(data), f"gzip is damaged ({error}): {len(data):,} bytes could be unpacked"
    return bytes(data), None


def _too_large(limit: int) -> str:
    return f"more than {limit:,} bytes: split it"


def _nothing(trouble: str) -> Content:
    return Content(NOTHING, 0, b"", trouble)
