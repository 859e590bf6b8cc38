"""Files are read onto a workbench: in several records, of several kinds, or interrupted, each event is there once."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

from analysis.ingest import ingest as verb
from analysis.ingest import workbench
from analysis.ingest.cloudtrail.source import SOURCE
from analysis.ingest.ingest import ingest
from analysis.ingest.observed import Observed, Resource
from analysis.ingest.reading import records
from analysis.ingest.source import IngestError, Log, source_named
from sim.audit.rows import Decision, Kind
from sim.audit.store import Store

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "data" / "samples" / "cloudtrail"
NOON = 1_772_445_600_000_000  # 2026-03-02 10:00:00
FATES = "SELECT records, kept, merged, repeated, silent, rejected, events FROM fact.source_file ORDER BY id"


LITTLE_ROOM = """
import resource, sys
from pathlib import Path
from analysis.ingest.ingest import ingest
from sim.audit.store import Store, StoreError
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    with Store.create(Path(sys.argv[2])) as store:
        ingest([Path(sys.argv[1])], store)
except StoreError as error:
    print(error)
"""


class Paired:
    """A kind of export that tells of a call in two records, its request and its response."""

    log = Log("Paired", '"stage"', "cloudtrail", 1, "start", "paired", "full", "nothing", {})
    weight = staticmethod(SOURCE.weight)

    def identify(self, record):
        """Whether it has stages."""
        return "stage" in record

    def records(self, data):
        """One a line."""
        return records(data, "all")

    def translate(self, record):
        """A request says what is asked for, a response how that went; what says nothing is silent."""
        if not record["stage"]:
            return ()
        ended = record["stage"] == 2
        return [
            Observed(
                id=f"{record['id']}{part}",
                time=NOON + record["at"],
                kind=Kind.USE,
                operation=record.get("op", ""),
                stage=record["stage"] if record["stage"] != "none" else None,
                resource=Resource(record["of"], "things") if "of" in record else None,
                task="task" if not ended else None,
                error=record.get("error"),
                decision=Decision.ALLOW if ended else None,
            )
            for part in record.get("parts", [""])
        ]


@pytest.fixture
def store():
    """An empty store."""
    with Store.in_memory() as opened:
        yield opened


@pytest.fixture
def paired(monkeypatch):
    """Two kinds of export are known."""
    monkeypatch.setattr(verb, "sources", lambda: {"paired": Paired(), "cloudtrail": source_named("cloudtrail")})


def write(folder, *lines, name="calls.ndjson"):
    """A file of records."""
    (folder / name).write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")


def asked(number, at=0, **more):
    """A request."""
    return {"id": number, "stage": 1, "at": at, "op": "read", **more}


def answered(number, at, **more):
    """A response."""
    return {"id": number, "stage": 2, "at": at, "op": "read", **more}


@pytest.mark.usefixtures("paired")
def test_a_request_and_its_response_are_one_event(store, tmp_path):
    """It began with the request, lasted until the response, and says what either of them says."""
    write(tmp_path, answered("a", 70), asked("b", 5), asked("a", 20))
    [summary] = ingest([tmp_path], store)
    assert (summary.kept, summary.merged, summary.events) == (2, 1, 2)
    told = store.rows("SELECT epoch_us(time), duration, decision, task IS NOT NULL FROM fact.event ORDER BY time")
    assert told == [(NOON + 5, None, None, True), (NOON + 20, 50, "allow", True)]
    assert store.rows("SELECT name FROM fact.natural_key WHERE entity = 'event' ORDER BY id") == [("b",), ("a",)]


@pytest.mark.usefixtures("paired")
def test_the_same_stage_twice_is_two_events(store, tmp_path):
    """Where an id stands for several requests, none is taken for the others' beginning: each is kept, told apart."""
    write(tmp_path, asked("a", 0), asked("a", 5), answered("a", 9))
    [summary] = ingest([tmp_path], store)
    assert (summary.kept, summary.merged, summary.collisions) == (3, 0, 2)
    names = store.rows("SELECT name FROM fact.natural_key WHERE entity = 'event' ORDER BY id")
    assert names == [("a",), ("a#2",), ("a#3",)]


@pytest.mark.usefixtures("paired")
def test_what_is_not_the_same_request_is_not_merged(store, tmp_path):
    """Who asks may choose an id: another operation under it is an event by itself, and hides none."""
    write(tmp_path, asked("a", 0, op="write"), answered("a", 9, op="read"))
    [summary] = ingest([tmp_path], store)
    assert (summary.kept, summary.merged, summary.collisions) == (2, 0, 1)
    assert store.rows("SELECT operation FROM fact.event ORDER BY time") == [("write",), ("read",)]


@pytest.mark.usefixtures("paired")
def test_a_request_that_only_began_has_no_duration(store, tmp_path):
    """Where all records of a request state the same time, none of them tells how long it took."""
    write(tmp_path, asked("a", 5), answered("a", 5))
    ingest([tmp_path], store)
    assert store.rows("SELECT duration FROM fact.event") == [(None,)]


@pytest.mark.usefixtures("paired")
def test_each_record_has_one_fate(store, tmp_path):
    """Whatever a record tells, twice or in several events, fates add up to records, file by file."""
    lines = [asked("a", parts=["1", "2"]), asked("a", parts=["1", "2"]), {"id": "c", "stage": 0}, {"stage": 1}]
    write(tmp_path, *lines, answered("a", 5, parts=["1", "2"]))
    write(tmp_path, *lines, name="more.ndjson")
    ingest([tmp_path], store)
    assert store.rows(FATES) == [(5, 1, 1, 1, 1, 1, 2), (4, 0, 0, 2, 1, 1, 0)]


@pytest.mark.usefixtures("paired")
def test_nobody_hides_behind_the_id_of_another(store, tmp_path):
    """A record that says no stage, or touches something else, is no part of an event whose id it bears."""
    write(
        tmp_path, asked("a"), answered("a", 5), {**asked("a", 7), "stage": "none"}, asked("b"), answered("b", 9, of="x")
    )
    write(tmp_path, asked("b", of="y"), name="more.ndjson")
    [summary] = ingest([tmp_path], store)
    assert (summary.kept, summary.merged, summary.events) == (5, 1, 5)


@pytest.mark.usefixtures("paired")
def test_what_several_recognise_is_read_as_none_of_them(store, tmp_path):
    """Who can write a key into one log cannot have it read as another, where it would say nothing."""
    write(tmp_path, asked("a"))
    write(tmp_path, {**asked("b"), "eventName": "x", "eventSource": "y"}, name="odd.ndjson")
    [summary] = ingest([tmp_path], store)
    assert (summary.source, summary.kept, summary.unread) == ("paired", 1, 1)
    assert "not to their end: 1: odd.ndjson (recognised as paired and as cloudtrail" in " ".join(summary.notes)
    assert summary.notes[-1].endswith("not believed to be in this one, beside 1 file not read, or not to its end")
    with pytest.raises(IngestError, match="say which it is, with --source, in an ingest of its own"):
        ingest([tmp_path / "odd.ndjson"], store)


@pytest.mark.usefixtures("paired")
def test_each_kind_of_export_is_a_run(store, tmp_path):
    """Of a folder with two kinds each becomes a run of its own; what is neither is told with both."""
    write(tmp_path, asked("a"))
    (tmp_path / "stream.ndjson").write_bytes((SAMPLE / "stream.ndjson").read_bytes())
    (tmp_path / "notes.txt").write_text("no export", "utf-8")
    both = ingest([tmp_path], store)
    assert [(each.source, each.files, each.unread) for each in both] == [("cloudtrail", 2, 1), ("paired", 2, 1)]
    assert store.rows("SELECT count(*) FROM log.run") == [(2,)]
    apart = [ingest([tmp_path / name], store)[0].run for name in ("stream.ndjson", "calls.ndjson")]
    assert apart == [each.run for each in both]
    assert store.rows("SELECT count(*) FROM log.run") == [(2,)]


@pytest.mark.usefixtures("paired")
def test_ids_that_look_like_told_apart_are_told_apart(store, tmp_path):
    """An id that ends like a number given here gets one more, so that no two events share a name."""
    write(tmp_path, asked("a", 0), asked("a", 5), asked("a#2", 9))
    ingest([tmp_path], store)
    names = store.rows("SELECT name FROM fact.natural_key WHERE entity = 'event' ORDER BY id")
    assert names == [("a",), ("a#2",), ("a#2#1",)]


@pytest.mark.usefixtures("paired")
@pytest.mark.parametrize(("at", "why"), [(-NOON, "1970-01-01 00:00:00+00:00, is a clock"), (10**17, "in the future")])
def test_a_clock_that_was_wrong_is_no_time(store, tmp_path, at, why):
    """What is said to have happened before there were logs, or later than now, would make any window meaningless."""
    write(tmp_path, asked("a"), asked("b", at))
    [summary] = ingest([tmp_path], store)
    assert (summary.kept, summary.rejected) == (1, 1)
    [(reason,)] = store.rows("SELECT reason FROM fact.reject")
    assert why in reason


def test_nothing_is_left_beside_the_store(tmp_path):
    """Neither of an ingest that was done, nor of one that was refused."""
    with Store.create(tmp_path / "it's.duckdb") as store:
        ingest([SAMPLE], store)
        (tmp_path / "none").mkdir()
        with pytest.raises(IngestError):
            ingest([tmp_path / "none"], store)
        assert not list(tmp_path.glob("*workbench*"))
    assert {path.name for path in tmp_path.iterdir()} == {"it's.duckdb", "none"}


def test_who_is_interrupted_goes_on(tmp_path, monkeypatch):
    """What was committed is not read again, and the run is that of an ingest which nobody interrupted."""
    monkeypatch.setattr(workbench, "ENOUGH", 1)
    read = []

    class Counting:
        log, weight, identify, records = SOURCE.log, SOURCE.weight, SOURCE.identify, SOURCE.records

        def translate(self, record):
            read.append(record)
            return SOURCE.translate(record)

    monkeypatch.setattr(verb, "sources", lambda: {"cloudtrail": Counting()})

    def stop(so_far):
        if so_far.files == 8:
            raise KeyboardInterrupt

    with Store.create(tmp_path / "a.duckdb") as store:
        with pytest.raises(KeyboardInterrupt):
            ingest([SAMPLE], store, progress=stop)
        assert store.rows("SELECT count(*) FROM fact.run") == [(0,)]
    before = len(read)
    with Store.create(tmp_path / "a.duckdb") as store, Store.in_memory() as whole:
        gone_on = ingest([SAMPLE], store)
        assert 0 < len(read) - before < before
        assert ingest([SAMPLE], whole) == gone_on
        events = "SELECT * EXCLUDE (run) FROM fact.event ORDER BY id"
        assert store.rows(events) == whole.rows(events)
    assert {path.name for path in tmp_path.iterdir()} == {"a.duckdb"}


@pytest.mark.parametrize("content", [None, b"somebody's notes", b"note"])
def test_what_else_lies_where_the_workbench_goes_stays(tmp_path, content):
    """A database or a text of somebody's is not taken for what was read, and not removed."""
    place = tmp_path / "a.duckdb.workbench"
    if content is None:
        with duckdb.connect(place) as other:
            other.execute("CREATE TABLE made AS SELECT 1 AS mine")
    else:
        place.write_bytes(content)
    before = place.read_bytes()
    with Store.create(tmp_path / "a.duckdb") as store, pytest.raises(IngestError, match="something else lies there"):
        ingest([SAMPLE], store)
    assert place.read_bytes() == before


@pytest.mark.parametrize("begin", [os.mkfifo, lambda place: place.symlink_to("nowhere")])
def test_no_pipe_or_link_is_taken_for_a_workbench(tmp_path, begin):
    """Nobody waits for a pipe, and nothing is written to where a link leads."""
    begin(tmp_path / "a.duckdb.workbench")
    with Store.create(tmp_path / "a.duckdb") as store, pytest.raises(IngestError, match="something else lies there"):
        ingest([SAMPLE], store)
    assert not (tmp_path / "nowhere").exists()


def test_an_ingest_in_vain_leaves_no_store(tmp_path):
    """A file that was made for an ingest that is then refused goes with it; one that was there before stays."""
    (tmp_path / "none").mkdir()
    for left in ({"none"}, {"none", "a.duckdb"}):
        with pytest.raises(IngestError), Store.create(tmp_path / "a.duckdb") as store:
            ingest([tmp_path / "none"], store)
        assert {each.name for each in tmp_path.iterdir()} == left
        Store.create(tmp_path / "a.duckdb").close()


def test_what_has_no_room_is_kept_beside_the_store(tmp_path):
    """Where there is room for what is stored, and not for putting it in order, one line says so, and a run is there."""
    command = [sys.executable, "-c", LITTLE_ROOM, SAMPLE, tmp_path / "a.duckdb", "229376"]
    done = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True)
    assert "File too large; all is kept in" in done.stdout
    assert {each.name for each in tmp_path.iterdir()} == {"a.duckdb", "a.duckdb.wal"}
    with Store.open(tmp_path / "a.duckdb") as store:
        assert store.rows("SELECT count(*) FROM log.run") == [(1,)]


@pytest.mark.parametrize("blocks", [0, 1, 2])
def test_who_is_killed_while_a_workbench_is_begun_goes_on(tmp_path, blocks):
    """A database begins with three blocks; where only some of these are there, nothing else is."""
    place = tmp_path / "a.duckdb.workbench"
    duckdb.connect(place).close()
    os.truncate(place, blocks * 4096)
    with Store.create(tmp_path / "a.duckdb") as store:
        assert ingest([SAMPLE / "stream.ndjson"], store)
    assert not place.exists()


def test_what_was_read_under_other_levels_is_read_again(tmp_path, monkeypatch):
    """Who edits what is declared of a source before he goes on has every file read by it."""
    known = []
    for declared in ("one", "one", "another"):
        monkeypatch.setattr(workbench, "_declared", lambda declared=declared: declared)
        with (
            Store.create(tmp_path / "a.duckdb") as store,
            suppress(KeyboardInterrupt),
            workbench.at(store, "") as bench,
        ):
            known.append(len(bench.known))
            bench.file(workbench.Read(1, "hash", None, 0, 0, 0, 0, damaged=False))
            bench.commit()
            raise KeyboardInterrupt
    assert known == [0, 1, 0]


def test_what_was_read_otherwise_is_read_again(tmp_path, monkeypatch):
    """What lies on the workbench was read as another source: it is not taken for what is asked."""
    monkeypatch.setattr(workbench, "ENOUGH", 1)

    def stop(*_):
        raise KeyboardInterrupt

    (tmp_path / "notes.txt").write_text("no export", "utf-8")
    with Store.create(tmp_path / "a.duckdb") as store:
        with pytest.raises(KeyboardInterrupt):
            ingest([tmp_path / "notes.txt"], store, progress=stop)
        assert (tmp_path / "a.duckdb.workbench").exists()
        with pytest.raises(IngestError, match="not JSON"):
            ingest([tmp_path / "notes.txt"], store, "cloudtrail")


@pytest.mark.parametrize("kills", [3, pytest.param(1000, marks=pytest.mark.soak)])
def test_who_is_killed_goes_on(tmp_path, kills):
    """Killed at any moment, the same command gives the same store in the end: nothing is lost, nothing there twice."""
    command = [sys.executable, "-m", "tests.analysis.killed", SAMPLE, tmp_path, str(kills)]
    done = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True)
    told = json.loads(done.stdout)
    assert told["killed"] >= kills
    assert (told["different"], told["said"]) == (0, [])
    assert told["left_behind"] == []
    assert 0 < told["killed_with_a_workbench"] <= told["killed"]


class Failing(Paired):
    """A source with a defect: it fails at some records, when it looks at them first or when it reads them."""

    def identify(self, record):
        """Whether it has stages, and no defect shows."""
        return record["stage"] > 0

    def records(self, data):
        """One a line, up to the one that it has not thought of."""
        for each in super().records(data):
            if each.record["id"] == "defect":
                raise KeyError("defect")
            yield each


def test_a_defect_of_a_source_stops_no_ingest(store, tmp_path, monkeypatch):
    """Where a source fails is a reject with the reason; what was read before is kept, and other files are read."""
    monkeypatch.setattr(verb, "sources", lambda: {"paired": Failing(), "cloudtrail": SOURCE})
    write(tmp_path, asked("a"), answered("a", 5), asked("defect"), asked("b"))
    write(tmp_path, {**asked("c"), "stage": "none"}, asked("d"), name="more.ndjson")
    (tmp_path / "stream.ndjson").write_bytes((SAMPLE / "stream.ndjson").read_bytes())
    of_cloudtrail, of_failing = ingest([tmp_path], store)
    assert of_cloudtrail.kept
    assert (of_failing.source, of_failing.records, of_failing.kept, of_failing.merged) == ("paired", 4, 3, 1)
    [reason] = [note for note in of_failing.notes if "not to their end" in note]
    assert (
        "calls.ndjson (cannot be read behind its 2 first records (KeyError: 'defect'): a defect of outlive)" in reason
    )
    assert store.rows("SELECT count(*) FROM fact.reject WHERE ordinal IS NULL AND reason LIKE 'cannot be read%'")[0][0]
