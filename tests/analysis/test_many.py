"""What is told of thousands of records at once is what is told of each, and what is in doubt is read one by one."""

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import pytest

from analysis.ingest import ingest as verb
from analysis.ingest.canonical import canonical, digest
from analysis.ingest.cloudtrail.source import SOURCE, CloudTrail
from analysis.ingest.columns import Told, columns
from analysis.ingest.files import found, read
from analysis.ingest.ingest import ingest
from analysis.ingest.many import Batch, DoubtError, Memory, once_each, split
from analysis.ingest.reading import Found
from benchmarks.exports import corpus
from sim.audit.store import Store
from tests.contract.test_sources import ODD, keys, records, replaced

SAMPLE = Path(__file__).parents[2] / "data" / "samples" / "cloudtrail"
TABLES = ("event", "natural_key", "source_file", "reject", "principal", "membership", "resource", "catalogue")
OFTEN = 2
TWICE = '"eventName":"GetObject","eventName":"PutObject"'
# What a parser may read in another way than another, in place of a name of a record that is otherwise good.
UNSOUND = {
    "a key twice": TWICE,
    "a key twice, once with a quote and a colon written as numbers": rf'{TWICE},"userAgent":"x\u0022:"',
    "a key twice, once with a space before its colon": '"eventName" :"GetObject","eventName":"PutObject"',
    "a key twice in a part": '"eventName":"GetObject","requestParameters":{"key":1,"key":2}',
    "a key twice in who called": '"eventName":"GetObject","tlsDetails":{"a":{"key":1,"key":2}}',
    "a number too large": '"eventName":"GetObject","additionalEventData":{"bytes":1e999}',
    "a number with very many digits": f'"eventName":"GetObject","requestParameters":{{"n":{"9" * 5000}}}',
    "no number": '"eventName":"GetObject","requestParameters":{"n":NaN}',
    "half a surrogate pair": r'"eventName":"GetObject","userAgent":"\ud800"',
    "a NUL": r'"eventName":"GetObject","userAgent":"\u0000"',
    "a tab": '"eventName":"GetObject","userAgent":"\t"',
    "depth": f'"eventName":"GetObject","requestParameters":{"[" * 3000}{"]" * 3000}',
    "a list of others": '"eventName":"GetObject","Records":[{}]',
    "a text that is a record": r'"eventName":"GetObject","requestParameters":"{\"key\":1}"',
    "nothing": '"eventSource":"s3.amazonaws.com"',
    "a comma too many": '"eventName":"GetObject",',
    "colons": r'"eventName":"GetObject","userAgent":":","errorMessage":"\":\\","requestParameters":{":":": "}',
    "another field": '"eventName":"GetObject","newInVersion2":{"x":1}',
    "a flag as text": '"eventName":"GetObject","readOnly":"true"',
    "another time": '"eventName":"GetObject","eventTime":"2026-03-02 10:00:00.5"',
    "no day": '"eventName":"GetObject","eventTime":"2026-02-30T10:00:00Z"',
    "tomorrow": '"eventName":"GetObject","eventTime":"2999-03-02T10:00:00Z"',
}


def good(number, more=""):
    """A record that is sound, as text."""
    name = '"eventName":"GetObject"' if "eventName" not in more and "eventSource" not in more else ""
    time = f'"eventTime":"2026-03-02T10:00:{number:02}Z"' if "eventTime" not in more else ""
    source = '"eventSource":"s3.amazonaws.com"' if "eventSource" not in more else ""
    who = '"userIdentity":{"type":"Root","arn":"arn:aws:iam::111122223333:root","accessKeyId":"AKIAEXAMPLE1"}'
    return "{" + ",".join(filter(None, [f'"eventID":"e{number}"', name, time, source, who, more])) + "}"


@pytest.fixture
def in_both_ways(monkeypatch):
    """What ingest makes of a path, many records at once and record by record."""

    def ingested(path):
        with Store.in_memory() as store:
            ingest([path], store)
            return {table: sorted(map(repr, store.rows(f"FROM fact.{table}"))) for table in TABLES}

    def one_by_one(*_):
        raise DoubtError

    def both(path):
        at_once = ingested(path)
        with monkeypatch.context() as patched:
            patched.setattr(CloudTrail, "batches", one_by_one)
            return at_once, ingested(path)

    return both


def test_a_log_is_the_same_however_it_is_read(in_both_ways, tmp_path):
    """Generated deliveries, some of them twice, become the same events with the same fates."""
    at_once, one_by_one = in_both_ways(corpus(400, tmp_path))
    assert at_once == one_by_one
    assert len(at_once["event"]) == 400


def test_the_sample_is_the_same_however_it_is_read(in_both_ways):
    """So does the sample, with what is broken in it."""
    at_once, one_by_one = in_both_ways(SAMPLE)
    assert at_once == one_by_one


@pytest.mark.parametrize(
    "folder",
    [
        "aws-cloudtrail-invictus",
        pytest.param("aws-cloudtrail-stratus", marks=pytest.mark.soak),
        pytest.param("aws-cloudtrail-awsdocs", marks=pytest.mark.soak),
    ],
)
def test_real_logs_are_the_same_however_they_are_read(in_both_ways, real, folder):
    """And so do real exports."""
    at_once, one_by_one = in_both_ways(real / folder)
    assert at_once == one_by_one


def test_what_is_in_doubt_is_read_one_by_one(in_both_ways, tmp_path):
    """Whatever parsers disagree about is refused or repaired as ever, with the same reasons, and costs no neighbour."""
    for number, more in enumerate(UNSOUND.values()):
        texts = [good(1), good(2, more), *(good(each) for each in range(3, 10))]
        for name, lines in ((f"{number:02}.json", texts), (f"{number:02}-first.json", [texts[1], texts[0]])):
            (tmp_path / name).write_text(f'{{"Records":[{",".join(lines)}]}}', "utf-8")
    (tmp_path / "bytes.json").write_bytes(b'{"Records":[' + good(1, '"userAgent":"\xff"').encode("latin-1") + b"]}")
    (tmp_path / "mark.json").write_bytes(b'\xef\xbb\xbf{"Records":[' + good(1).encode() + b"]}")
    (tmp_path / "twice.json").write_text(f'{{"Records":[{good(1)}],"Records":[{good(2)}]}}', "utf-8")
    (tmp_path / "more.json").write_text(f'{{"Records":[{good(1)}],"more":1}}', "utf-8")
    at_once, one_by_one = in_both_ways(tmp_path)
    assert at_once == one_by_one
    assert len(at_once["reject"]) > 10


def test_odd_values_are_told_at_once_as_they_are_one_by_one():
    """Whatever stands in a place of a record, what is told of it at once is what is told of it by itself."""
    tried, told = Counter(), 0
    for record in records("cloudtrail"):
        for path in [(), *keys(record)]:
            tried[path] += 1
            if tried[path] <= OFTEN:
                told += sum(told_alike(replaced(record, path, odd) if path else record) for odd in ODD)
    assert told > 500


def told_alike(record):
    """Whether a record is told of at once; then it is as it would be by itself."""
    try:
        [item] = SOURCE.batches(canonical({"Records": [record]}))
    except DoubtError:
        return False
    if isinstance(item, Found):
        assert item.record == record
        return False
    [event] = SOURCE.translate(record)
    expected = columns([Told(0, 0, digest(canonical(record)), event)])
    assert {name: value(each) for name, each in item.columns.items()} == {
        name: value(each) for name, each in expected.items() if name in item.columns
    }
    assert {value(each) for name, each in expected.items() if name not in item.columns} == {None}
    return True


def value(column):
    """The one value of a column, None for what is not known."""
    [each] = np.ma.asarray(column).tolist()
    return None if each is None or (column.dtype.kind == "M" and np.isnat(column[0])) else each


def test_most_records_are_told_at_once(tmp_path):
    """Only what may issue or end a credential is looked at one by one in a log without anything odd."""
    [file] = found([corpus(400, tmp_path) / "000000.json.gz"])
    items = SOURCE.batches(read(file).data)
    assert sum(item.size for item in items if isinstance(item, Batch)) == 390
    assert {item.record["eventName"] for item in items if isinstance(item, Found)} == {"AssumeRole"}


def test_one_odd_record_is_looked_at_with_few_neighbours():
    """A field of another type costs the way that is quick for some records beside it, and not for all."""
    texts = [good(each % 60) for each in range(1000)]
    texts[500] = good(0, '"userAgent":["x"]')
    items = SOURCE.batches(f'{{"Records":[{",".join(texts)}]}}'.encode())
    alone = [item.position for item in items if isinstance(item, Found)]
    assert 500 in alone
    assert len(alone) <= 64
    positions = [item.columns["position"].tolist() if isinstance(item, Batch) else [item.position] for item in items]
    assert sorted(each for part in positions for each in part) == list(range(1000))


@pytest.mark.parametrize("size", [*range(4), *range(2**17 - 12, 2**17 + 2)])
def test_a_key_that_stands_twice_is_seen_wherever_it_lies(size):
    """The proof by counting holds at even and at odd places of a text."""
    pad = "x" * size
    read_so, written = f'{{"{pad}":":","a":1,"a":2}}'.encode(), f'{{"{pad}":":","a":2}}'.encode()
    assert not once_each(read_so, written)
    assert once_each(written, written)
    assert not once_each(written.replace(b'":":', b'" :":'), written.replace(b'"a":2', b'"a":2,"b":1'))


def test_only_a_delivery_is_split():
    """Anything else than one list under its key is in doubt."""
    assert [json.loads(bytes(each)) for each in split(b' {"Records" : [1, {"a": [2]}]} ', "Records")] == [1, {"a": [2]}]
    for text in (b"[1]", b'{"Records":[1]}{"Records":[2]}', b'{"Records":1}', b'{"a":1}', b'{"Records":[1],"a":[1]}'):
        with pytest.raises(DoubtError):
            split(text, "Records")


def test_what_is_one_content_is_written_in_one_way():
    """Neither the order of keys nor spaces matter, and what is no UTF-8 has a writing too."""
    ways = [{"b": [1, 1.0], "a": None}, {"a": None, "b": [1, 1.0]}]
    assert len({canonical(each) for each in ways}) == 1
    assert all(canonical(one) != canonical(other) for one, other in pairwise([1, 1.0, "1", "\ud800", "\ud801", [1]]))


def test_a_long_log_takes_little_memory(tmp_path):
    """While a log is read into a file DuckDB is held to half a gigabyte, and afterwards it is not."""
    asked = "SELECT current_setting('memory_limit'), current_setting('threads')"
    with Store.create(tmp_path / "store.duckdb") as store:
        [(_, threads)], during = store.rows(asked), []
        ingest([SAMPLE], store, progress=lambda _: during.extend(store.rows(asked)))
        assert {memory for memory, _ in during} == {"512.0 MiB"}
        [after] = store.rows(asked)
    assert after[0].endswith("GiB")
    assert after[1] == threads


def test_what_does_not_fit_into_little_memory_takes_more(monkeypatch, tmp_path):
    """A log that DuckDB cannot load within the bound is loaded without it, and nothing of it is there twice."""
    limits, loaded = [], verb._loaded  # noqa: SLF001 - memory cannot be short twice in the same way

    def short(store, *rest):
        limits.append(store.rows("SELECT current_setting('memory_limit')")[0][0])
        yield from loaded(store, *rest)
        if len(limits) == 1:
            raise duckdb.OutOfMemoryException

    monkeypatch.setattr(verb, "_loaded", short)
    with Store.create(tmp_path / "store.duckdb") as store:
        [summary] = ingest([SAMPLE], store)
        assert store.rows("SELECT count(*) FROM fact.event") == [(summary.events,)]
    assert limits[0] == "512.0 MiB"
    assert limits[1].endswith("GiB")


def test_long_pieces_are_not_remembered():
    """Who writes something else and long into each record fills no memory: only short pieces are read once for all."""
    read_so = []
    memory = Memory(lambda piece: read_so.append(piece) or len(piece))
    short, long = b"x" * 100, b"x" * 5000
    assert [memory(piece) for piece in (short, long, short, long)] == [100, 5000, 100, 5000]
    assert read_so == [short, long, long]
