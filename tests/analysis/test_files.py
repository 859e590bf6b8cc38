"""Files are told by what they hold, not by their names; what is wrong with one is said, what can be read is read."""

import gzip
import hashlib
import os

import pytest

from analysis.ingest import files, pieces
from analysis.ingest.files import File, found, read
from analysis.ingest.pieces import Pieces
from analysis.ingest.source import IngestError

TEXT = b'{"id": 1}\n' * 1000


def content(path):
    """What a file holds."""
    return read(File(path, path.name))


def test_packed_is_told_by_its_first_bytes(tmp_path):
    """A packed file is unpacked and a plain one is not, whatever their names say; both are identified as they lie."""
    (tmp_path / "plain.gz").write_bytes(TEXT)
    (tmp_path / "packed.json").write_bytes(gzip.compress(TEXT))
    plain, packed = content(tmp_path / "plain.gz"), content(tmp_path / "packed.json")
    assert plain.data == packed.data == TEXT
    assert plain.sha256 != packed.sha256
    assert packed.size < plain.size == len(TEXT)


def test_joined_archives_are_one(tmp_path):
    """Several archives in one file are unpacked one after the other."""
    (tmp_path / "two.gz").write_bytes(gzip.compress(TEXT) + gzip.compress(TEXT))
    assert content(tmp_path / "two.gz").data == TEXT * 2


def test_cut_archive_gives_its_beginning(tmp_path):
    """An archive whose end is missing gives what could be unpacked, and says that it ends too early."""
    (tmp_path / "cut.gz").write_bytes(gzip.compress(os.urandom(100_000))[:50_000])
    cut = content(tmp_path / "cut.gz")
    assert 40_000 < len(cut.data) < 50_000
    assert "ends too early" in cut.trouble


def test_damaged_archive_gives_what_comes_before(tmp_path):
    """An archive with a wrong checksum gives all of its content, and says that it is damaged."""
    packed = bytearray(gzip.compress(TEXT))
    packed[-8] ^= 1
    (tmp_path / "damaged.gz").write_bytes(packed)
    damaged = content(tmp_path / "damaged.gz")
    assert damaged.data == TEXT
    assert "damaged" in damaged.trouble


@pytest.mark.parametrize("data", [TEXT, gzip.compress(TEXT)], ids=["plain", "packed"])
def test_what_is_large_is_not_held(tmp_path, data, monkeypatch):
    """A file that holds more than is small, unpacked, comes in pieces, as often as it is asked for."""
    monkeypatch.setattr(files, "SMALL", len(data) - 1 if data == TEXT else len(TEXT) - 1)
    (tmp_path / "log").write_bytes(data)
    large = content(tmp_path / "log")
    assert isinstance(large.data, Pieces)
    assert b"".join(large.data) == b"".join(large.data) == TEXT
    assert (large.sha256, large.size) == (hashlib.sha256(data).hexdigest(), len(data))


def test_a_table_is_bounded(tmp_path, monkeypatch):
    """Parquet says at its end what it holds, and is read whole: beyond a limit it is refused with what to do."""
    monkeypatch.setattr(files, "SMALL", 10)
    monkeypatch.setattr(pieces, "LIMIT", 1999)
    (tmp_path / "table").write_bytes(b"PAR1" + b"x" * 1995)
    assert len(content(tmp_path / "table").data) == 1999
    (tmp_path / "table").write_bytes(b"PAR1" + b"x" * 1996)
    assert content(tmp_path / "table").trouble.startswith("Parquet of more than")


def test_foreign_encoding_is_named(tmp_path):
    """Text in UTF-16, as some shells save it, is refused with what to do."""
    (tmp_path / "shell.json").write_bytes("{}".encode("utf-16"))
    assert content(tmp_path / "shell.json").trouble == "text in UTF-16: save it as UTF-8"


def test_what_is_no_file_is_not_opened(tmp_path):
    """A pipe, which would wait for a writer, and a link that leads nowhere are listed and refused."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    files = found([tmp_path])
    assert [file.shown for file in files] == ["link", "pipe"]
    assert all("neither a file nor a folder" in read(file).trouble for file in files)


def test_each_file_is_found_once(tmp_path):
    """Folders are searched to the bottom, in the order of paths, and a file named twice is read once."""
    (tmp_path / "b").mkdir()
    for name in ("c.json", "b/d.json", "a.json"):
        (tmp_path / name).write_bytes(TEXT)
    files = found([tmp_path, tmp_path / "a.json", tmp_path / "b"])
    assert [file.shown for file in files] == ["a.json", "b/d.json", "c.json"]


def test_missing_path_is_refused(tmp_path):
    """A path that is not there is refused by name."""
    with pytest.raises(IngestError, match="nowhere: no such file or folder"):
        found([tmp_path / "nowhere"])
