"""Each source's made sample becomes the tables written down beside the queries; differences are shown line by line."""

import csv
import difflib
import io
from pathlib import Path

import pytest

from analysis.ingest.beginning import recognised
from analysis.ingest.files import found, read
from analysis.ingest.ingest import ingest
from analysis.ingest.source import sources
from sim.audit.store import Store

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "ingest"
SAMPLES = ROOT / "data" / "samples"
QUERIES = [path.relative_to(GOLDEN).with_suffix("") for path in sorted(GOLDEN.glob("*/*.sql"))]


@pytest.fixture(scope="module")
def stores():
    """The sample of each source, ingested without being told what it is."""
    opened = {}
    for name in sources():
        opened[name] = Store.in_memory()
        ingest([SAMPLES / name], opened[name])
    yield opened
    for store in opened.values():
        store.close()


def test_each_source_has_a_golden_pair():
    """No source is without a sample and the tables that it becomes."""
    assert {query.parts[0] for query in QUERIES} == set(sources())


def test_no_source_takes_what_is_another_s():
    """By what they begin with, files of a source's sample are recognised by that source or by none."""
    for name in sources():
        for file in found([SAMPLES / name]):
            begins = read(file).data[: 64 * 2**10]
            assert {*recognised(begins, sources())} <= {name}, file.path


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_sample_becomes(stores, update_golden, query):
    """A sample becomes the table that is written down, line for line."""
    expected = (GOLDEN / query).with_suffix(".csv")
    table = _table(stores[query.parts[0]], (GOLDEN / query).with_suffix(".sql").read_text("utf-8"))
    if update_golden:
        expected.write_text(table, "utf-8")
    before = expected.read_text("utf-8")
    assert table == before, "\n" + "".join(
        difflib.unified_diff(before.splitlines(keepends=True), table.splitlines(keepends=True), "expected", "ingested")
    )


def _table(store: Store, sql: str) -> str:
    cursor = store.connection.cursor().execute(sql)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column[0] for column in cursor.description])
    writer.writerows(cursor.fetchall())
    return text.getvalue()
