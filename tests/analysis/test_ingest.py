"""Folders of exports become one run: all of it or nothing, the same whatever the order, hostile content included."""

import json
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.ingest.ingest import ingest as every_kind
from analysis.ingest.instants import instant
from analysis.ingest.source import IngestError, sources
from sim.audit.store import Store

SAMPLE = Path(__file__).parents[2] / "data" / "samples" / "cloudtrail"

TABLES = ("event", "principal", "membership", "resource", "catalogue", "weight", "natural_key", "reject", "source_file")
USER = {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/example", "accessKeyId": "AKIAEXAMPLE1"}
CALL = {
    "eventID": "example-1",
    "eventTime": "2026-03-02T10:00:00Z",
    "eventSource": "s3.amazonaws.com",
    "eventName": "ListBuckets",
    "userIdentity": USER,
}


def ingest(*given, **named):
    """Ingest exports of one kind."""
    [only] = every_kind(*given, **named)
    return only


@pytest.fixture
def store():
    """An empty store."""
    with Store.in_memory() as opened:
        yield opened


@pytest.fixture(scope="module")
def logs():
    """A store for log after log."""
    with Store.in_memory() as opened:
        yield opened


@pytest.fixture
def folder(tmp_path):
    """A folder to put exports in."""
    (tmp_path / "exports").mkdir()
    return tmp_path / "exports"


def write(folder, *records, name="calls.ndjson"):
    """Put records into a file, one a line."""
    (folder / name).write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")


def content(store):
    """How many rows each table has, and a hash of the events in the source's names."""
    counts = [store.connection.table(f"fact.{table}").shape[0] for table in TABLES]
    return counts, store.rows("SELECT * EXCLUDE (source_file, ordinal) FROM log.event ORDER BY id")


def test_sources_are_found_by_folder():
    """Each folder of the package with a source.py in it is a source under the folder's name."""
    assert "cloudtrail" in sources()


def test_summary_counts_every_record(store):
    """Of the made sample every record is kept, known already or refused, and the strange ones are noted."""
    told = []
    summary = ingest([SAMPLE], store, progress=told.append)
    assert summary.kept + summary.merged + summary.repeated + summary.rejected == summary.records
    assert (summary.source, summary.files, summary.unread) == ("cloudtrail", 10, 1)
    assert (summary.repeated, summary.merged, summary.collisions) == (5, 4, 1)
    assert "events kept although another event has their id: 1" in summary.notes
    size = sum(path.stat().st_size for path in SAMPLE.iterdir())
    assert [(each.files, each.of_files, each.of_bytes) for each in told] == [(n, 10, size) for n in range(1, 11)]
    assert [each.bytes for each in told] == sorted(each.bytes for each in told)
    assert told[-1].bytes == size


def test_run_says_where_it_comes_from(store):
    """The run is an ingested one, complete, with the window of its events and the summary as its settings."""
    summary = ingest([SAMPLE], store)
    run = (
        "SELECT id, kind, profile, t0::VARCHAR, t1::VARCHAR, completed IS NOT NULL, settings->>'rejected' FROM fact.run"
    )
    window = ("2026-03-02 09:58:00", "2026-03-02 11:20:01")
    assert store.rows(run) == [(summary.run, "ingested", "cloudtrail, not whole", *window, True, str(summary.rejected))]
    assert store.rows("SELECT count(*) FROM truth.run") == [(0,)]


def test_window_lasts_to_the_end_of_the_last_second(store, folder):
    """The window begins with the first event and ends one tick of the source's clock after the last."""
    write(folder, CALL)
    ingest([folder], store)
    assert store.rows("SELECT t1 - t0 = INTERVAL 1 SECOND, begins = t0 FROM fact.run") == [(True, True)]


def test_ingesting_again_replaces(store):
    """The same files give the same run, which replaces itself: no row is there twice."""
    first = ingest([SAMPLE], store)
    before = content(store)
    assert ingest([SAMPLE], store) == first
    assert content(store) == before


def test_names_and_order_of_files_change_nothing(store, tmp_path):
    """The same files under other names, hence read in another order, are the same run with the same events."""
    first = ingest([SAMPLE], store)
    before = content(store)
    for number, path in enumerate(sorted(SAMPLE.iterdir(), reverse=True)):
        shutil.copy(path, tmp_path / f"{number}")
    again = ingest([tmp_path], store)
    assert again.run == first.run
    assert content(store) == before


@pytest.mark.parametrize("sample", ["vault/audit.log", "otel_genai/collector.jsonl"])
def test_what_is_delivered_once_more_in_parts_changes_nothing(tmp_path, sample):
    """A record that other records of its file say more of says that wherever it lies first, and is one event."""
    data = (SAMPLE.parent / sample).read_bytes()
    lines, said = data.splitlines(keepends=True), []
    parts = [b"".join(lines[at : at + len(lines) // 2 + 1]) for at in (0, len(lines) // 2 + 1)] + [data]
    for number, lying in enumerate(([data], parts, parts[::-1])):
        (tmp_path / f"{number}").mkdir()
        for name, part in enumerate(lying):
            (tmp_path / f"{number}" / f"{name:02}{Path(sample).suffix}").write_bytes(part)
        with Store.in_memory() as store:
            summary = ingest([tmp_path / f"{number}"], store)
            named = store.rows("SELECT * EXCLUDE (run) FROM fact.natural_key ORDER BY ALL")
            said.append((summary.events, summary.collisions, content(store)[1], named))
    assert said[0] == said[1] == said[2]


def test_what_is_no_export_does_not_make_another_run(store, folder):
    """A file that no source recognises, an empty one and one that leads nowhere leave the run what it is."""
    write(folder, CALL)
    first = ingest([folder], store)
    (folder / "notes.txt").write_text("not an export", "utf-8")
    (folder / "empty").touch()
    (folder / "nowhere").symlink_to(folder / "gone")
    again = ingest([folder], store)
    assert (again.files, again.unread) == (4, 3)
    assert again.run == first.run


@pytest.mark.parametrize(("source", "linked", "opened"), [(None, False, 2), ("cloudtrail", False, 1), (None, True, 1)])
def test_a_store_among_the_exports_is_left_out(store, folder, source, linked, opened):
    """The store that is written, or a link to it, may lie in the folder: it is not read, and that is noted."""
    write(folder, CALL)
    if linked:
        (folder / "mine.duckdb").symlink_to(folder.parent / "elsewhere.duckdb")
    apart = ingest([folder], store, source)
    for _ in range(opened):
        with Store.create(folder / "mine.duckdb") as own:
            within = [ingest([folder], own, source) for _ in range(2)]
            assert own.rows("SELECT count(*) FROM fact.run") == [(1,)]
        assert {(each.run, each.files, each.unread) for each in within} == {(apart.run, 1, 0)}
        own = "1: mine.duckdb" if linked else "2: mine.duckdb; mine.duckdb.wal"
        assert within[1].notes[-1] == f"files left out, being this store's own: {own}"


def test_a_folder_that_cannot_be_read_is_counted_and_named(store, folder, monkeypatch):
    """What may lie in it is missing: it counts as unread, is a reject with a reason, and a note names it."""
    for name in ("open", "locked"):
        (folder / name).mkdir()
        write(folder / name, {**CALL, "eventID": name})
    scan = os.scandir

    def refuse(path):
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    summary = ingest([folder], store)
    assert (summary.files, summary.unread, summary.kept) == (2, 1, 1)
    reason = "a folder that cannot be read: Permission denied"
    assert f"files and folders not read, or not to their end: 1: locked ({reason})" in summary.notes
    assert store.rows("SELECT reason FROM fact.reject WHERE ordinal IS NULL") == [(reason,)]


def test_files_that_cannot_be_read_are_named(store, folder):
    """Those that are damaged, the first few by name and the others by number."""
    write(folder, CALL)
    for number in range(7):
        (folder / f"{number}.gz").write_bytes(b"\x1f\x8b, and no more")
    [note] = [note for note in ingest([folder], store).notes if note.startswith("files and folders")]
    assert "not read, or not to their end: 7: 0.gz (gzip " in note
    assert note.endswith("; and 2 more")


def test_links_lead_nowhere_twice(store, folder):
    """Links to themselves, each other, a parent or a neighbour are not followed: each file is read once."""
    (folder / "inner").mkdir()
    write(folder / "inner", CALL)
    links = {"self": "self", "there": "back", "back": "there", "inner/up": folder, "inner/here": ".", "z": "inner"}
    for name, target in links.items():
        (folder / name).symlink_to(target)
    (folder / "again.ndjson").symlink_to(folder / "inner" / "calls.ndjson")
    summary = ingest([folder, folder / "z", folder / "inner" / "up"], store)
    assert (summary.records, summary.kept) == (1, 1)
    shown = {path for (path,) in store.rows("SELECT path FROM fact.source_file")}
    assert {"again.ndjson", "self", "there", "back"} < shown
    assert "inner/calls.ndjson" not in shown


def test_folders_may_lie_deep(store, folder):
    """Deeper than calls may be nested: what lies at the bottom is read."""
    bottom = folder.joinpath(*"d" * 1500)
    for each in [*reversed(bottom.parents), bottom]:
        each.mkdir(exist_ok=True)
    try:
        write(bottom, CALL)
        assert ingest([folder], store).kept == 1
    finally:
        (bottom / "calls.ndjson").unlink()
        os.removedirs(bottom)


def test_other_files_are_another_run(store, folder):
    """Other files are another run beside the first."""
    ingest([SAMPLE], store)
    write(folder, CALL)
    ingest([folder], store)
    assert store.rows("SELECT count(*), count(DISTINCT id) FROM log.run") == [(2, 2)]


def test_same_id_with_other_content_is_another_event(store, folder):
    """A delivery repeated is stored once, be its keys in another order; another event under the same id is kept."""
    write(
        folder,
        CALL,
        dict(reversed(CALL.items())),
        {**CALL, "eventName": "ListTables"},
        {**CALL, "eventID": "example-1#2"},
    )
    summary = ingest([folder], store)
    assert (summary.kept, summary.repeated, summary.collisions) == (3, 1, 1)
    names = store.rows("SELECT name FROM fact.natural_key WHERE entity = 'event' ORDER BY id")
    assert len(set(names)) == 3


def test_surrogates_lead_back_to_names(store):
    """Every principal, credential, session, resource and event of an event has the name that the source gave it."""
    ingest([SAMPLE], store)
    for entity in ("principal", "credential", "session", "resource"):
        keys = {i for (i,) in store.rows("SELECT id FROM fact.natural_key WHERE entity = $entity", {"entity": entity})}
        used = {
            getattr(row, "id", row[0]) for row in store.connection.table("fact.event").select(entity).fetchall()
        } - {None}
        assert used
        assert used <= keys


def test_hostile_text_stays_text(store, folder):
    """What looks like SQL, ends a text early or is no character is stored as the text it is."""
    odd = "x'); DROP TABLE fact.event; --\0\ud800\u202e"
    write(
        folder, {**CALL, "userAgent": odd, "eventName": odd, "userIdentity": {**USER, "arn": odd, "accessKeyId": odd}}
    )
    ingest([folder], store)
    kept = "x'); DROP TABLE fact.event; --\\x00\\ud800\u202e"
    assert store.rows("SELECT user_agent, operation FROM log.event") == [(kept, f"s3:{kept}")]
    assert store.rows("SELECT name FROM log.principal") == [(kept,)]


WITHIN = {
    "cloudtrail": {**CALL, "eventSource": "sts.amazonaws.com", "eventName": "AssumeRole",
                   "responseElements": '{"credentials": {"accessKeyId": "ASIA%s"}}'},
    "azure_activity": {"eventDataId": "e", "operationId": "o", "operationName": "Microsoft.Compute/disks/write",
                       "eventTimestamp": "2026-03-02T10:00:00Z", "claims": '{"oid": "ASIA%s"}'},
    "entra": {"id": "e", "createdDateTime": "2026-03-02T10:00:00Z", "userId": "u", "conditionalAccessStatus": "success",
              "isInteractive": True, "clientAppUsed": "b", "agent": '{"agentType": "a", "parentAppId": "ASIA%s"}',
              "appId": "a", "userPrincipalName": "u"},
    "ocsf": {"class_uid": 6003, "category_uid": 6, "activity_id": 1, "time": 1772445600000, "status_id": 1,
             "api": {"operation": "AssumeRole", "service": {"name": "sts.amazonaws.com"},
                     "response": {"data": '{"credentials": {"accessKeyId": "ASIA%s"}}'}}},
}  # fmt: skip


@pytest.mark.parametrize("source", WITHIN)
@pytest.mark.parametrize(("escape", "stored"), [(r"\ud800", r"ASIA\ud800"), (r"\u0000", r"ASIA\x00")])
def test_text_within_text_that_no_database_stores_is_written_out(logs, folder, source, escape, stored):
    """Half a surrogate pair, or a NUL, in an object that an export writes as text stops no ingest."""
    (folder / "one.json").write_text(json.dumps([WITHIN[source]]).replace("%s", json.dumps(escape)[1:-1]), "utf-8")
    assert ingest([folder], logs).kept == 1
    assert (stored,) in logs.rows("SELECT name FROM fact.natural_key WHERE run = (SELECT max(key) FROM fact.run)")


SEEN = "SELECT profile, sees_all_kept, sees_touch FROM log.run"
BY_CHOICE = "groups of which it keeps some calls by choice, so that nothing of them is proven to be unused: 1: s3"
NOT_WHOLE = "every event is in a log of its kind, but not believed to be in this one, beside "


def test_a_log_of_which_something_was_refused_is_not_taken_to_be_whole(store, folder):
    """Though such logs are, by their source; once the record is mended it is another run, and nothing is to be said."""
    broken = {**CALL, "eventID": "example-2", "eventTime": "noon"}
    write(folder, CALL, broken)
    refused = ingest([folder], store)
    assert refused.notes == (f"{NOT_WHOLE}1 refused record", BY_CHOICE)
    assert store.rows(SEEN) == [("cloudtrail, not whole", False, True)]
    write(folder, CALL, {**broken, "eventTime": CALL["eventTime"]})
    mended = ingest([folder], store)
    assert (mended.notes, mended.run != refused.run) == ((BY_CHOICE,), True)
    assert store.rows(SEEN + " ORDER BY run")[1:] == [("cloudtrail", True, True)]


def test_nothing_recognised_is_an_error(store, folder):
    """Where no file is an export one line says what was looked for, and the store stays empty."""
    (folder / "notes.txt").write_text("not an export", "utf-8")
    with pytest.raises(IngestError, match=r"none of 1 files gave an event; notes.txt: .*cloudtrail: JSON records"):
        ingest([folder], store)
    assert store.rows("SELECT count(*) FROM fact.run") == [(0,)]


def test_only_rejects_are_an_error(store, folder):
    """Where every record is refused there is no window to measure, and the first reason is told."""
    write(folder, {**CALL, "eventTime": "noon"})
    with pytest.raises(IngestError, match=r"calls.ndjson: eventTime is no time: 'noon'"):
        ingest([folder], store)


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (lambda _: None, "no file lies there"),
        (lambda folder: (folder / "empty.json").write_text('{"Records": []}'), "hold no records"),
    ],
)
def test_nothing_there_is_an_error(store, folder, prepare, message):
    """A folder without files, or with deliveries of nothing, is an error that says so."""
    prepare(folder)
    with pytest.raises(IngestError, match=message):
        ingest([folder], store)


def test_unknown_source_is_an_error(store):
    """A source that does not exist is refused with those that do."""
    with pytest.raises(IngestError, match=r"no source is called nothing; there are: .*cloudtrail"):
        ingest([SAMPLE], store, source="nothing")


def test_given_source_reads_every_file(store, folder):
    """With a source given, a file that nobody would recognise is read as its export."""
    (folder / "odd.txt").write_text(f"an export?\n{json.dumps(CALL)}\n", "utf-8")
    summary = ingest([folder], store, source="cloudtrail")
    assert (summary.kept, summary.rejected, summary.unread) == (1, 1, 0)


def test_failing_halfway_leaves_what_was(store, monkeypatch):
    """An ingest that fails before its end leaves the store as it was."""
    ingest([SAMPLE], store)
    before = content(store)
    monkeypatch.setattr(store, "insert", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        ingest([SAMPLE], store)
    assert content(store) == before


def test_use_after_the_stated_end_is_believed(store, folder):
    """An accepted use after the stated end leaves the end unknown, and nothing in between proven: it may live anew."""
    issue = {"credentials": {"accessKeyId": "ASIAEXAMPLE1", "expiration": "2026-03-02T10:15:00Z"}}
    assume = {**CALL, "eventSource": "sts.amazonaws.com", "eventName": "AssumeRole", "responseElements": issue}
    late = {**CALL, "eventID": "example-2", "eventTime": "2026-03-02T10:20:00Z"}
    write(folder, assume, {**late, "userIdentity": {**USER, "accessKeyId": "ASIAEXAMPLE1"}})
    ingest([folder], store)
    ends = "SELECT to_lo::VARCHAR, to_hi::VARCHAR FROM log.credential WHERE kind = 'session_token'"
    assert store.rows(ends) == [("2026-03-02 10:00:00", "infinity")]


def test_refused_use_proves_nothing(store, folder):
    """A key that was only ever refused is not proven to have lived at all."""
    write(folder, {**CALL, "errorCode": "InvalidClientTokenId"})
    ingest([folder], store)
    assert store.rows("SELECT from_hi = to_lo FROM log.credential") == [(True,)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
LINES = [
    json.loads(line) for line in (SAMPLE / "stream.ndjson").read_text("utf-8").splitlines() if '"userIdentity"' in line
]


@st.composite
def altered(draw):
    """A record of the sample in which some field, at any depth, is gone or holds something else."""
    record = json.loads(json.dumps(draw(st.sampled_from(LINES))))
    part = record
    while True:
        name = draw(st.sampled_from(sorted(part)))
        if not isinstance(part[name], dict) or not part[name] or draw(st.booleans()):
            break
        part = part[name]
    if draw(st.booleans()):
        del part[name]
    else:
        part[name] = draw(JSON)
    return record


# Many at a time, since an ingest costs more than what it reads.
FUZZ = settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FUZZ
@given(records=st.lists(altered(), min_size=16, max_size=24))
def test_no_altered_record_breaks_an_ingest(store, folder, records):
    """Whatever a field holds, a record is kept, known already or refused: nothing raises, and all are counted."""
    write(folder, CALL, *records)
    summary = ingest([folder], store)
    assert summary.records == 1 + len(records)
    assert summary.kept + summary.merged + summary.repeated + summary.rejected == summary.records
    assert store.rows("SELECT count(*) FROM fact.event WHERE run = (SELECT max(key) FROM fact.run)") == [
        (summary.kept,)
    ]


# What begins like an archive is one, and after a bracket a list is read, in which lines mean nothing.
@FUZZ
@given(st.lists(st.tuples(
    st.integers(2, 2000), st.integers(0, 50), st.binary(max_size=8).filter(lambda new: b"[" not in new)
), min_size=6, max_size=6))  # fmt: skip
def test_no_damage_breaks_an_ingest(store, folder, damages):
    """Wherever bytes of a file are lost or replaced, the records after the damaged lines are kept."""
    data = b"".join(json.dumps(line).encode() + b"\n" for line in LINES[:3])
    for number, (at, gone, new) in enumerate(damages):
        last = json.dumps({**CALL, "eventID": f"example-{number}"}).encode()
        (folder / f"damaged{number}.ndjson").write_bytes(data[:at] + new + data[at + gone :] + b"\n" + last)
    summary = ingest([folder], store, source="cloudtrail")
    assert summary.kept + summary.merged + summary.repeated + summary.rejected == summary.records
    names = "SELECT name FROM fact.natural_key WHERE run = (SELECT max(key) FROM fact.run)"
    assert {(f"example-{number}",) for number in range(len(damages))} <= set(store.rows(names))


@pytest.mark.parametrize(
    "text",
    ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-14:00", "2023-07-10T11:00:00+99:99"],
)
def test_a_time_that_no_store_keeps_is_no_time(text):
    """Neither the ends of the calendar nor a zone that nobody lives in is an instant, so its neighbours stay."""
    assert instant(text) is None
