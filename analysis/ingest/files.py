"""Exports lie in folders among other files, packed or not; each is read whole, or refused with a reason."""

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analysis.ingest.source import IngestError

# A few kilobytes can unpack to terabytes, and text is held in memory whole.
LIMIT: Final = 256 * 2**20

_GZIP: Final = b"\x1f\x8b"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
# The reader returns at most this much at once, so no more than this is lost where the packed bytes are corrupt.
_PIECE: Final = 4096


@dataclass(frozen=True, slots=True)
class File:
    """A file that was named, or lies in a folder that was; `shown` is its path below that folder."""

    path: Path
    shown: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds, unpacked, with the hash and size of its bytes as it lies.

    `trouble` says what is wrong with it; what could still be read is there all the same.
    """

    sha256: str
    size: int
    data: bytes
    trouble: str | None = None


def found(paths: Iterable[Path]) -> list[File]:
    """Every file under the paths named, once, in the order of its path.

    Raises:
        IngestError: a path is not there.
    """
    files: dict[Path, File] = {}
    for path in paths:
        if not path.exists():
            raise IngestError(f"{path}: no such file or folder")
        for file in _below(path):
            files.setdefault(file.path.resolve(), file)
    return list(files.values())


def read(file: File, limit: int = LIMIT) -> Content:
    """The bytes of a file, unpacked if they are gzip, whatever its name; at most `limit` bytes."""
    if not file.path.is_file():
        return _nothing("neither a file nor a folder that can be read here")
    try:
        return _read(file.path, limit)
    except OSError as error:
        return _nothing(f"cannot be read: {error.strerror}")


def _below(path: Path) -> Iterator[File]:
    if not path.is_dir():
        yield File(path, path.name)
        return
    # A link to a folder is listed but not followed: it may lead back here.
    inside = (each for each in path.rglob("*") if each.is_symlink() or not each.is_dir())
    yield from (File(each, each.relative_to(path).as_posix()) for each in sorted(inside))


def _read(path: Path, limit: int) -> Content:
    size = path.stat().st_size
    if size > limit:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return Content(digest, size, b"", _too_large(limit))
    lies = path.read_bytes()
    data, trouble = _unpacked(lies, limit) if lies.startswith(_GZIP) else (lies, None)
    if data.startswith(_UTF16):
        data, trouble = b"", "text in UTF-16: save it as UTF-8"
    return Content(hashlib.sha256(lies).hexdigest(), size, data, trouble)


def _unpacked(packed: bytes, limit: int) -> tuple[bytes, str | None]:
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
    return Content(hashlib.sha256().hexdigest(), 0, b"", trouble)
