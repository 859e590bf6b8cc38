"""What may be missing of a log is known by what is there: a page without its last, an event in another list, a mark."""

import json
import re

import pytest

import outlive
from analysis.ingest.ingest import ingest
from sim.audit.store import Store

WHOLE = "SELECT p.whole FROM fact.run r JOIN fact.log_profile p ON p.name = r.profile"
ARN = "arn:aws:iam::111122223333:user/example"


def call(number):
    """An event of CloudTrail."""
    who = {"type": "IAMUser", "arn": ARN, "accessKeyId": "AKIAEXAMPLE"}
    return {
        "eventID": f"example-{number}", "eventTime": f"2026-03-02T10:{number:02}:00Z", "eventName": "GetObject",
        "eventSource": "s3.amazonaws.com", "userIdentity": who,
    }  # fmt: skip


def looked_up(number, **more):
    """A page of LookupEvents, with one event."""
    return {"Events": [{"EventId": f"example-{number}", "CloudTrailEvent": json.dumps(call(number))}], **more}


def queried(number, **more):
    """A page of GetQueryResults, with one event."""
    return {"QueryStatus": "FINISHED", "QueryResultRows": [[{"eventJson": json.dumps(call(number))}]], **more}


@pytest.fixture
def read(tmp_path):
    """What becomes of files in one folder; whether the log is believed to be whole."""

    def ingested(*files):
        for number, held in enumerate(files):
            data = held if isinstance(held, bytes) else json.dumps(held).encode()
            (tmp_path / f"{number}.json").write_bytes(data)
        with Store.in_memory() as store:
            [done] = ingest([tmp_path], store)
            [(whole,)] = store.rows(WHOLE)
            ingested.reasons = [reason for (reason,) in store.rows("SELECT reason FROM fact.reject ORDER BY ALL")]
        return done, whole

    return ingested


@pytest.mark.parametrize("page", [looked_up, queried])
def test_a_page_without_the_last_of_its_list_is_of_a_log_that_is_not_whole(page, read):
    """It says that more follows; beside a page that does not, nobody can tell that any is missing."""
    done, whole = read(page(1, NextToken="example"))
    assert (done.kept, whole) == (1, False)
    assert done.wanting == "1 page of a list of which the last is not here"
    [note] = [note for note in done.notes if "NextToken" in note]
    assert "the last is not here: ask for what is behind their NextToken or Marker: 1: 0.json" in note
    done, whole = read(page(1, NextToken="example"), page(2))
    assert (done.kept, done.wanting, whole) == (2, "", True)


@pytest.mark.parametrize("size", [1, 30])
def test_pages_in_one_file_are_whole_with_the_last(read, size, monkeypatch):
    """One behind the other, as some keep them; also where a file is too large to be held."""
    monkeypatch.setattr("analysis.ingest.files.SMALL", 1_000)
    pages = [looked_up(number, NextToken="example") for number in range(1, 1 + size)]
    text = "\n".join(map(json.dumps, pages)).encode()
    done, whole = read(text)
    assert (done.kept, done.rejected, whole) == (len(pages), 0, False)
    done, whole = read(text + b"\n" + json.dumps(looked_up(40)).encode())
    assert (done.kept, done.rejected, whole) == (len(pages) + 1, 0, True)


@pytest.mark.parametrize("status", ["RUNNING", "TIMED_OUT", "FINISHED"])
def test_results_of_a_query_that_did_not_finish_are_not_all(read, status):
    """They have no token for more, and may lack any event."""
    done, whole = read(queried(1) | {"QueryStatus": status})
    assert (done.kept, whole) == (1, status == "FINISHED")
    assert any(f"a query that is {status}" in note for note in done.notes) != whole


@pytest.mark.parametrize(
    ("page", "last"),
    [
        ({"Events": [], "NextToken": "example"}, False),
        ({"Events": [], "NextToken": "example", "ResponseMetadata": {"RequestId": "example"}}, False),
        ({"Events": [], "NextToken": "example", "OfLaterVersions": "unknown"}, False),
        ({"QueryStatus": "RUNNING", "QueryResultRows": [], "NextToken": "example"}, False),
        ({"QueryStatus": "FINISHED", "QueryResultRows": [], "ResponseMetadata": {"RequestId": "example"}}, True),
    ],
)
def test_an_empty_page_may_have_one_behind_it(read, page, last):
    """Such pages are handed out, and kept with what an SDK puts beside; only the last of them leaves no doubt."""
    done, whole = read({"Records": [call(1)]}, page)
    assert (done.kept, done.rejected, done.unread, whole) == (1, 0, 0, last)


def test_an_event_in_another_list_is_refused_by_its_name(read):
    """Nobody writes such a delivery, and nothing of it is left out in silence; other lists are of no events."""
    for events in ([call(1)], []):
        done, whole = read({"Records": [call(0)]}, {"Records": events, "More": [call(2), {"name": 1}], "About": [{}]})
        assert (done.kept, done.rejected, whole) == (1 + len(events), 1, False)
        assert read.reasons == ["an event in the list 'More', which nobody writes: put it into 'Records'"]


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        (b"", "empty: export it again, or leave it out"),
        (b"\xef\xbb\xbf \r\n", "nothing but white space: export it again"),
        (bytes(70_000), "nothing but NUL bytes: export it again"),
        (b'{"Records": [{"eventID": "ex', None),
        (b"eventTime,eventSource,eventNam\na,b,c\n", "table of cloudtrail, but for .*'eventNam', perhaps 'eventName'"),
        (b"eventtime;eventname;eventsour", "'eventsour', perhaps 'eventSource'; mend them"),
        (b"tiem,operation,principal\na,b,c\n", "table of interchange, but .*'tiem', perhaps 'time'"),
        (b"useridentity,eventsource\na,b\n", "the first line names no column 'eventName', 'eventTime': mend it"),
    ],
)
def test_a_file_that_may_have_been_of_the_log_leaves_it_in_doubt(read, held, reason):
    """It is counted, named with what befell it, and what to do; a note or a table of something else is of no log."""
    done, whole = read({"Records": [call(1)]}, held)
    assert (done.kept, whole) == (1, False)
    assert reason is None or re.search(reason, read.reasons[0])
    assert any("beside 1 " in note for note in done.notes)


def test_a_file_that_never_was_of_a_log_leaves_none_in_doubt(read):
    """A note, a table of other things, and settings in JSON."""
    done, whole = read({"Records": [call(1)]}, b"# Notes\n", b"host,time,value\na,b,c\n", {"version": 1})
    assert (done.kept, done.unread, whole) == (1, 3, True)


def test_what_is_refused_of_another_kind_is_not_told_in_this_one_s_line(read):
    """Of an export of which nothing is kept there is no run: a note says so, and no record of it counts as a call."""
    broken = {"apiVersion": "audit.k8s.io/v1", "kind": "Event", "stage": "ResponseComplete", "auditID": "example"}
    done, whole = read({"Records": [call(1)]}, [broken, broken])
    assert (done.source, done.files, done.records, done.kept, done.rejected) == ("cloudtrail", 1, 1, 1, 0)
    [note] = [note for note in done.notes if "kubernetes" in note]
    assert note.startswith("beside, nothing is kept of kubernetes: 2 records in 1 file, not counted here; the first: ")
    assert whole
    # Each file is told of in the store, with what was refused of it.
    assert len(read.reasons) == 2


def test_a_trail_that_was_exported_of_a_log_in_doubt_is_in_doubt(tmp_path):
    """Read again, it is not believed to be whole either; that of a whole one is."""
    for name, records, expected in (("whole", [call(1)], True), ("wanting", [call(1), {"eventName": "Get"}], False)):
        log, handed_on = tmp_path / f"{name}.json", tmp_path / name
        log.write_text(json.dumps({"Records": records}), "utf-8")
        outlive.ingest([log], tmp_path / f"{name}.duckdb")
        outlive.export(tmp_path / f"{name}.duckdb", "cloudtrail", handed_on)
        [again] = outlive.ingest([handed_on], tmp_path / f"{name}-again.duckdb")
        assert (again.kept, again.rejected) == (1, 0)
        with Store.open(tmp_path / f"{name}-again.duckdb") as store:
            assert store.rows(WHOLE) == [(expected,)]
        assert expected == (not [note for note in again.notes if "not whole: 1 refused record" in note])
