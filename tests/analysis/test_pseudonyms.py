"""Under pseudonyms nothing that a log names reaches the disk, and every measure says what it says otherwise."""

import hashlib
import hmac
import json
import re
from copy import deepcopy
from dataclasses import replace
from functools import reduce
from operator import getitem
from pathlib import Path

import pytest

from analysis.ingest.files import found, read
from analysis.ingest.ingest import ingest
from analysis.ingest.pseudonyms import Pseudonyms
from analysis.ingest.reading import Found
from analysis.ingest.source import IngestError, sources
from analysis.ingest.strict import RecordError
from analysis.measures.examination import examine
from analysis.measures.measure import measures
from sim.audit.store import Store

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
KEY = bytes(range(32))
NAMED = """
    SELECT name FROM fact.natural_key UNION SELECT name FROM fact.principal UNION SELECT name FROM fact.resource
    UNION SELECT resource_group FROM fact.catalogue
"""
TEXTS = "SELECT origin, user_agent, request_id, invoked_by, error FROM fact.event"
# What a log may well say of itself: operations, kinds of groups and words of the schema, which stay.
STAY = """
    SELECT operation FROM fact.event
    UNION SELECT split_part(resource_group, ' in ', 1) FROM fact.catalogue
    UNION SELECT system FROM fact.catalogue
"""

# What is declared of a source, and the words of the schema, are no secret of a log.
OURS = """
    SELECT settings::VARCHAR FROM fact.workload UNION ALL SELECT title FROM fact.log_profile
    UNION ALL SELECT DISTINCT entity FROM fact.natural_key UNION ALL SELECT DISTINCT kind::VARCHAR FROM fact.event
"""


# What they read differs most: always. The others where there is time.
ALWAYS = ("cloudtrail", "interchange", "otel_genai", "vault")
SOURCES = [pytest.param(name, marks=() if name in ALWAYS else pytest.mark.soak) for name in sources()]


@pytest.fixture(scope="module", params=SOURCES)
def both(request):
    """The sample of each source with its names, and under pseudonyms."""
    with Store.in_memory() as plain, Store.in_memory() as hidden:
        ingest([SAMPLES / request.param], plain)
        ingest([SAMPLES / request.param], hidden, pseudonyms=Pseudonyms(KEY))
        yield plain, hidden


def written(store):
    """Every text of every table of a store."""
    tables = store.rows("SELECT schema_name, table_name FROM duckdb_tables() WHERE schema_name IN ('fact', 'ledger')")
    for schema, table in tables:
        relation = store.connection.table(f"{schema}.{table}")
        for row in relation.fetchall():
            yield from (cell for cell in row if isinstance(cell, str))


def test_no_name_is_written(both):
    """Neither a name, an address or a text of a client, nor a path or a reason for a reject that tells one."""
    plain, hidden = both
    stay = {text for (text,) in plain.rows(STAY)}
    names = {text for row in [*plain.rows(NAMED), *plain.rows(TEXTS)] for text in row if text}
    names |= {path for (path,) in plain.rows("SELECT path FROM fact.source_file")}
    declared = str(plain.rows(OURS))
    secret = {name for name in names - stay if len(name) >= 4 and name not in declared}
    assert secret
    texts = "\n".join(written(hidden))
    assert [name for name in secret if name in texts] == []


def leaves(value, path=()):
    """Where texts and numbers lie in a record."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inner:
        yield from leaves(each, (*path, name))
    if isinstance(value, str | int | float):
        yield path


def put(record, path, text):
    """The record with a text there."""
    altered = deepcopy(record)
    reduce(getitem, path[:-1], altered)[path[-1]] = text
    return altered


def told(source, record):
    """All that would be put down of a record under pseudonyms, but operations and kinds of groups, which stay."""
    names = Pseudonyms(KEY)
    try:
        events = [names.event(each) for each in source.translate(record)]
        listed = [names.listed(each) for each in getattr(source, "listed", lambda _: ())(record)]
    except RecordError as error:
        return [names.reason(str(error))]
    things = [each.resource and each.resource.name for each in events]
    return [
        *(repr(replace(each, operation=None, atom=None, resource=None)) for each in events),
        *map(repr, listed),
        *things,
    ]


@pytest.mark.parametrize("name", list(sources()))
def test_wherever_a_name_stands_in_a_record_it_is_not_written(name):
    """Each place of each kind of record in turn holds somebody's name: neither an event nor a reason tells it."""
    source, seen, leaked = sources()[name], set(), set()
    for file in found([SAMPLES / name]):
        for item in source.records(read(file).data):
            for path in leaves(item.record) if isinstance(item, Found) else ():
                place = tuple(part for part in path if isinstance(part, str))
                if place and (file.shown, place) not in seen:
                    seen.add((file.shown, place))
                    record = {**put(item.record, path, "Eve Example (eve@acme.example)"), **(item.beside or {})}
                    leaked |= {
                        place for text in told(source, record) if text and "xample" in text and "eve" in text.lower()
                    }
    assert seen
    assert leaked == set()


def test_measures_are_the_same():
    """A measure hangs on no name."""
    with Store.in_memory() as store:
        for hidden in (None, Pseudonyms(KEY)):
            ingest([SAMPLES / "cloudtrail"], store, pseudonyms=hidden)
        with examine(store, "log") as examination:
            found = [examination.measure(measure) for measure in measures() if "log" in measure.evidence]
    said = [
        [of.drop(columns="run").to_csv(float_format="%.9g", index=False) for _, of in frame.groupby("run")]
        for frame in found
    ]
    assert [len(each) for each in said] == [2] * len(found)
    assert [plain for plain, _ in said] == [hidden for _, hidden in said]


@pytest.mark.parametrize("both", ["otel_genai"], indirect=True)
def test_a_task_is_called_the_same_wherever_it_is_named(both):
    """As many tasks are known to be above another one as there are without pseudonyms."""
    above = (
        "SELECT count(*) FROM fact.event c SEMI JOIN fact.event p ON p.kind = 'task_start' AND p.task = c.parent_task"
    )
    assert both[0].rows(above) == both[1].rows(above)
    assert both[1].rows(above) > [(0,)]


def test_a_pseudonym_is_a_keyed_hash():
    """HMAC-SHA-256 of the kind and the name, as the standard library computes it; of another kind it is another."""
    expected = hmac.new(KEY, b"principal\0alice", hashlib.sha256).hexdigest()[:20]
    assert Pseudonyms(KEY).name("principal", "alice") == f"principal-{expected}"
    assert Pseudonyms(KEY).name("session", "alice") != Pseudonyms(KEY[::-1]).name("session", "alice")


def test_a_reason_tells_what_was_wrong_and_not_where_it_was_seen():
    """Words stay; what is quoted, and what is no plain word, does not."""
    told = Pseudonyms(KEY).reason(
        "eventTime is no time: 'noon of alice'; the key \"x\" of arn:aws:iam::1:user/bob, at 5"
    )
    assert re.sub(r"\[\w+\]", "[]", told) == "eventTime is no time: []; the key [] of [] at []"


def test_the_key_is_not_written(tmp_path):
    """Neither its bytes nor their hexadecimal digits, be it in a text or in a file."""
    path = tmp_path / "hidden.duckdb"
    with Store.create(path) as hidden:
        ingest([SAMPLES / "cloudtrail"], hidden, pseudonyms=Pseudonyms(KEY))
        texts = "\n".join(written(hidden))
    assert KEY.hex() not in texts
    assert KEY not in path.read_bytes()


@pytest.mark.parametrize(
    ("content", "message"), [(None, "No such file"), (b"short", "a key of 5 bytes can be guessed")]
)
def test_a_key_that_is_none_is_refused(tmp_path, content, message):
    """It is not there, or shorter than what keeps it from being guessed; the message says how to make one."""
    if content is not None:
        (tmp_path / "key").write_bytes(content)
    with pytest.raises(IngestError, match=message):
        Pseudonyms.of(tmp_path / "key")


def test_a_key_among_the_exports_is_left_out(tmp_path):
    """It is neither read nor counted nor hashed, and a note says that it lies there."""
    (tmp_path / "calls.ndjson").write_bytes((SAMPLES / "cloudtrail" / "stream.ndjson").read_bytes())
    (tmp_path / "key").write_bytes(KEY)
    with Store.in_memory() as store:
        [summary] = ingest([tmp_path], store, pseudonyms=Pseudonyms.of(tmp_path / "key"))
        hashes = {text for text in written(store) if len(text) == 64}
    assert (summary.files, summary.unread) == (1, 0)
    assert summary.notes[-1].startswith("the key lies among the files: it was left out")
    assert hashlib.sha256(KEY).hexdigest() not in hashes


def test_what_has_no_end_is_no_key():
    """Of a device that makes bytes no key can be used twice, and to read it to its end would fill all memory."""
    with pytest.raises(IngestError, match="/dev/zero: more than 1,048,576 bytes, and no key"):
        Pseudonyms.of(Path("/dev/zero"))


def test_under_another_key_it_is_another_run(tmp_path):
    """Runs under different keys, or none, stand beside each other; under the same key again it is the same."""
    record = {
        "eventID": "e",
        "eventTime": "2026-03-02T10:00:00Z",
        "eventSource": "s3.amazonaws.com",
        "eventName": "Get",
    }
    (tmp_path / "calls.json").write_text(json.dumps({**record, "userIdentity": {"arn": "someone"}}), "utf-8")
    with Store.in_memory() as store:
        for key in (None, KEY, KEY[::-1], KEY):
            ingest([tmp_path], store, pseudonyms=key and Pseudonyms(key))
        assert store.rows("SELECT count(*) FROM fact.run") == [(3,)]
