"""A log that is longer than memory is read as one that is not: the same records, and damage costs no more."""

import gzip
import hashlib
import random
import tracemalloc
from collections import Counter
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import duckdb
import pytest

from analysis.ingest import files, intake, pieces, reading, salvage, sheets, workbench
from analysis.ingest import ingest as verb
from analysis.ingest.beginning import recognised
from analysis.ingest.cloudtrail.source import SOURCE
from analysis.ingest.files import File, found, read
from analysis.ingest.ingest import ingest
from analysis.ingest.parquet import PARQUET
from analysis.ingest.pieces import Pieces, TooLargeError, damage, whole
from analysis.ingest.reading import Found, Refused, records
from analysis.ingest.source import sources
from analysis.ingest.spire import lines
from sim.audit.store import Store
from tests.analysis.fuzzed import damaged

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
# Longer than any record of a sample, and pieces that hold some of them, or none.
LONGEST, PIECES = 60_000, (100, 5_000)
TABLES = ("event", "natural_key", "source_file", "reject", "principal", "membership", "resource", "catalogue")
LINE = '{"id": "a", "text": "Zoë \U0001f600 {[\\" \\u0000"}'


@pytest.fixture
def in_pieces(monkeypatch):
    """From now on everything is large, and held in pieces of so many bytes, in which a record has so many signs."""

    def cut(piece, longest=LONGEST):
        for module in (pieces, salvage, reading, sheets, lines):
            monkeypatch.setattr(module, "LONGEST", longest)
        monkeypatch.setattr(pieces, "_PIECE", piece)
        monkeypatch.setattr(files, "SMALL", 10)

    return cut


def text(*held):
    """Pieces of a text, or of several in a row."""
    return Pieces(lambda: BytesIO(b"".join(held)))


@cache
def of_samples():
    """(what it is, its source, what it holds) of each sample that is text."""
    held = [(file.shown, read(file).data) for file in found([SAMPLES])]
    known = [(name, recognised(data[: 64 * 2**10], sources()), data) for name, data in held]
    return [(name, sources()[one], data) for name, [*ones], data in known if len(ones) == 1 for one in ones]


def written(data):
    """The same lines as others write them, or as damage leaves them."""
    draw = random.Random(len(data))  # noqa: S311 - nothing here is a secret
    ends = data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    rows = data.split(b"\n")
    broken = [b"\n".join(damaged(draw, row) if row is each else row for row in rows) for each in draw.sample(rows, 1)]
    return [data, ends, b"\xef\xbb\xbf" + data.removeprefix(b"\xef\xbb\xbf"), data.rstrip(), data + b"\n\n", *broken]


def test_each_sample_is_read_in_pieces_as_it_is_whole(in_pieces):
    """All records, rejects and remarks, at their positions: however lines end, with marks or damaged, wherever cut."""
    tried = 0
    for name, source, data in of_samples():
        if data.startswith(PARQUET):
            continue
        for each in written(data):
            expected = [*source.records(each)]
            for piece in PIECES:
                in_pieces(piece)
                assert [*source.records(text(each))] == expected, name
                tried += 1
    assert tried > 500


def test_a_store_is_the_same_from_pieces(in_pieces, tmp_path):
    """Packed or not, damaged or not: the same events, rejects and counts, and files are known by what lies there."""
    draw = random.Random(7)  # noqa: S311
    some = [data for name, _, data in of_samples() if name.startswith(("vault", "spire", "interchange"))]
    for number, data in enumerate(some):
        more = data + b"\n" + damaged(draw, data)
        packed = gzip.compress(more, mtime=0)
        (tmp_path / f"{number}").write_bytes((more, packed, packed[:-100])[number % 3])

    def ingested():
        with Store.in_memory() as store:
            ingest([tmp_path], store)
            return {table: sorted(map(repr, store.rows(f"FROM fact.{table}"))) for table in TABLES}

    expected = ingested()
    in_pieces(5_000)
    assert ingested() == expected


@pytest.mark.parametrize("piece", range(1, 60))
def test_a_sign_is_never_cut(in_pieces, piece):
    """Wherever a piece ends, within a character, an escape or a mark, the text is what it was."""
    in_pieces(piece, longest=200)
    data = f"\ufeff{LINE}\n{LINE}".encode() + b"\n\xff" + LINE.encode()
    assert [*records(text(data), "Records")] == [*records(data, "Records")]


ROW = "2026-03-02T10:00:00Z,read,{}"
SPIRE = 'time="2026-03-02T10:00:00Z" level=info msg={}'
SHAPES = {
    "lines": ("okta", '{{"uuid": "{}"}}', "{}\n{}\n{}\n{}\n", 1),
    "lines without an end": ("okta", '{{"uuid": "{}"}}', "{}\r\n{}\r\n{}\r\n{}", 1),
    "a line of what is no record": ("okta", '{{"uuid": "{}"}}', "{}\n{}\n{}, x\n{}", 1),
    "a list, of which the bracket is left": ("okta", '{{"uuid": "{}"}}', "[{}\n,{}\n,{},\n{}\n]", 2),
    "rows": ("interchange", ROW, "time,operation,principal\n{}\n{}\n{}\n{}\n", 1),
    "rows of a line, in quotes": ("interchange", ROW[:-2] + '"\n{}"', "time,operation,principal\n{}\n{}\n{}\n{}", 2),
    "lines of text": ("spire", SPIRE, "{}\n{}\n{}\n{}\n", 1),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("piece", [50, 1_000])
def test_a_record_without_an_end_costs_no_other(in_pieces, shape, piece):
    """One that is longer than any may be is a reject with its reason; what lies on lines around it is read."""
    source, form, around, refused = SHAPES[shape]
    data = around.format(*map(form.format, ("1", "2", "x" * 9_000, "3")))
    in_pieces(piece, longest=1_000)
    items = [*sources()[source].records(text(data.encode()))]
    assert [item.position for item in items] == list(range(len(items)))
    assert [str(item.record).count("xx") for item in items if isinstance(item, Found)] == [0, 0, 0]
    reasons = [item.reason for item in items if isinstance(item, Refused)]
    assert len(reasons) == refused
    assert "more than 1,000 characters" in reasons[0]


@pytest.mark.parametrize("unit", [b"x", b'{"a":', b"[", b'"', b"\n"])
@pytest.mark.parametrize("before", [b'{"id": 1}\n', b'{"Records": [{"id": 1},'])
def test_what_unpacks_to_anything_takes_no_memory(in_pieces, unit, before):
    """Of what a few bytes unpack to there is held what a few records may have, and what lies before it is read."""
    in_pieces(300, longest=1_000)
    packed = gzip.compress(before + unit * (400_000 // len(unit)))
    tracemalloc.start()
    items = records(Pieces(lambda: BytesIO(packed), packed=True), "Records")
    read_ = sum(isinstance(item, Found) and item.record.get("id") == 1 for item in items)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 200_000
    assert read_ == 1


def test_one_document_is_read_whole_and_up_to_a_limit(in_pieces, monkeypatch, tmp_path):
    """What cannot be told apart before its end, a log in one object, is refused beyond; files beside it are read."""
    in_pieces(100, longest=4_000)
    log = (SAMPLES / "cloudtrail" / "lake-page.json").read_bytes()
    (tmp_path / "one.json").write_bytes(log)
    (tmp_path / "stream.ndjson").write_bytes((SAMPLES / "cloudtrail" / "stream.ndjson").read_bytes())
    with Store.in_memory() as store:
        [before] = ingest([tmp_path], store)
        monkeypatch.setattr(pieces, "LIMIT", len(log) - 1)
        [summary] = ingest([tmp_path], store)
        assert summary.records < before.records
        [reason] = [note for note in summary.notes if "not to their end" in note]
        assert (
            f"one.json (one document of more than {len(log) - 1:,} bytes: split it, or write a record a line)" in reason
        )


@pytest.mark.parametrize("more", ['"next": "page"', '"more": {"left": [{"id": 2}]}, "next": null', '"a": [[]]'])
def test_what_stands_behind_a_list_is_no_record(in_pieces, more):
    """As in a small delivery: its other members are not read, and are no reject."""
    in_pieces(100, longest=300)
    deliveries = f'{{"Records": [{",".join([LINE] * 40)}], {more}}}\n'.encode() * 2
    assert [isinstance(item, Found) for item in records(text(deliveries), "Records")] == [True] * 80


def test_no_second_list_hides_behind_a_list(in_pieces):
    """A key that comes twice is refused, so that nobody hides records in what another reader takes for all of them."""
    in_pieces(100, longest=300)
    items = [*records(text(b'{"Records": [{"id": 1}], "Records": [{"id": 2}]}\n' * 20), "Records")]
    assert sum(isinstance(item, Refused) for item in items) >= 20


def test_a_damaged_first_line_is_not_taken_for_one_document(in_pieces, monkeypatch):
    """Beyond the limit lines are told by those that begin a document: what a rotation cut costs no other."""
    in_pieces(100, longest=300)
    monkeypatch.setattr(pieces, "LIMIT", 400)
    data = b'{"cut": "off\n' + b'{"id": 1}\n' * 100
    items = [*records(text(data), "Records")]
    assert [isinstance(item, Found) for item in items] == [False, *[True] * 100]
    with pytest.raises(TooLargeError, match="split it"):
        [*records(text(b'{"cut": "off' + b"x" * 500), "Records")]


@pytest.mark.parametrize("values", ["[]", "{}", '{"x": 1.5}', '""'])
def test_one_document_of_too_many_values_is_refused(in_pieces, monkeypatch, values):
    """Once read, values take many times the bytes they are written in: a document is refused before memory is gone."""
    in_pieces(10_000, longest=1_000)
    data = f'{{"a": [{",".join([values] * 10_000)}]}}'.encode()
    tracemalloc.start()
    [_] = records(text(data), "Records")
    _, takes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    monkeypatch.setattr(pieces, "_MOST", takes - len(data) * 4)
    with pytest.raises(TooLargeError, match=r"may take \d+ MB of memory: split it"):
        [*records(text(data), "Records")]


def test_what_is_written_meanwhile_is_left_out(in_pieces, tmp_path):
    """A log that grows is read up to where it ended when its hash was taken; another by then has a note."""
    in_pieces(100)
    path = tmp_path / "log"
    path.write_bytes(b'{"id": 1}\n' * 50)
    held = read(File(path, "log"))
    with path.open("ab") as log:
        log.write(b'{"id": 2}\n')
    assert (held.sha256, held.size) == (hashlib.sha256(whole(held.data)).hexdigest(), 500)
    assert damage(held.data) is None
    path.write_bytes(b'{"id": 3}\n' * 50)
    assert whole(held.data)
    assert damage(held.data) == "cannot be read to its end: it changed while it was read: ingest a copy of it"
    path.unlink()
    assert whole(replace(held.data, troubles=(gone := []))) == b""
    assert gone == ["cannot be read to its end: No such file or directory"]


def test_who_is_killed_within_a_file_reads_it_anew(in_pieces, monkeypatch, tmp_path):
    """A large file is there whole or not at all, whatever of it was put down; the files before it stay read."""
    lines_ = (SAMPLES / "cloudtrail" / "stream.ndjson").read_bytes()
    (tmp_path / "a.ndjson").write_bytes(b"\n")
    (tmp_path / "b.ndjson").write_bytes(lines_)
    in_pieces(100)
    monkeypatch.setattr(workbench, "_AT_ONCE", 1)
    monkeypatch.setattr(intake, "_MANY", 1)
    killed = Counter()

    class Killed:
        log, weight, identify, records = SOURCE.log, SOURCE.weight, SOURCE.identify, SOURCE.records

        def translate(self, record):
            killed["records"] += 1
            if killed["records"] == 3:
                raise KeyboardInterrupt
            return SOURCE.translate(record)

    monkeypatch.setattr(verb, "sources", lambda: {"cloudtrail": Killed()})
    with Store.create(tmp_path / "a.duckdb") as store, pytest.raises(KeyboardInterrupt):
        ingest([tmp_path], store)
    with duckdb.connect(tmp_path / "a.duckdb.workbench") as left:
        assert left.sql("SELECT count(*) FROM file").fetchall() == [(1,)]
        assert left.sql("SELECT count(*) FROM observed").fetchall() == [(0,)]
    with Store.create(tmp_path / "a.duckdb") as store:
        [summary] = ingest([tmp_path], store)
    whole_ = [isinstance(item, Found) for item in SOURCE.records(lines_)]
    assert (summary.records, killed["records"] - 3) == (len(whole_), sum(whole_))
