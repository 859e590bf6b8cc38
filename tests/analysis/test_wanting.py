"""What may be missing of a log is known by what is there: a page without its last, an event in another list, a mark."""

import gzip
import json
import re
from itertools import islice

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


def looked_up(number, region=None, **more):
    """A page of LookupEvents, with one event."""
    event = call(number) | ({"awsRegion": region} if region else {})
    return {"Events": [{"EventId": f"example-{number}", "CloudTrailEvent": json.dumps(event)}], **more}


def queried(number, **more):
    """A page of GetQueryResults, with one event."""
    return {"QueryStatus": "FINISHED", "QueryResultRows": [[{"eventJson": json.dumps(call(number))}]], **more}


TABLE = b"eventID,eventName,eventSource,eventTime,x\nexample,GetObject,s3.amazonaws.com,2026-03-02T10:02:00Z,x\n"


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
@pytest.mark.parametrize("order", [False, True])
def test_results_of_a_query_that_did_not_finish_are_not_all(read, status, order):
    """They have no token for more, and may lack any event, whatever stands first."""
    page = queried(1) | {"QueryStatus": status}
    done, whole = read(dict(sorted(page.items())) if order else page)
    assert (done.kept, whole) == (1, status == "FINISHED")
    assert any(f"a query that is {status}" in note for note in done.notes) != whole


@pytest.mark.parametrize(
    "status", ["QUEUED", "RUNNING", "FAILED", "CANCELLED", "TIMED_OUT", "FINISHED"],
)  # fmt: skip
@pytest.mark.parametrize("more", [{}, {"ErrorMessage": "example", "QueryStatistics": {}}])
def test_a_query_without_any_results_leaves_the_log_in_doubt(read, status, more):
    """It is known by its status, and what it would have found may be anything."""
    done, whole = read({"Records": [call(1)]}, {"QueryStatus": status, **more})
    assert (done.kept, done.rejected, done.unread, whole) == (1, 0, 0, False)
    assert any(f"query that {'has' if status == 'FINISHED' else 'is'} {status}" in note for note in done.notes)
    assert any("ask" in note for note in done.notes)


COUNTED = {"TotalResultsCount": 2, "BytesScanned": 10}


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ([looked_up(1, NextToken="example"), queried(2)], False),
        ([queried(1, NextToken="example"), looked_up(2)], False),
        ([queried(1, NextToken="example", QueryStatistics=COUNTED), queried(2, QueryStatistics=COUNTED)], True),
        ([queried(1, NextToken="example", QueryStatistics=COUNTED),
          queried(2, QueryStatistics={**COUNTED, "BytesScanned": 11})], False),
        ([looked_up(1, NextToken="example", region="eu-west-1"), looked_up(2, region="eu-west-1")], True),
        ([looked_up(1, NextToken="example", region="eu-west-1"), looked_up(2, region="us-east-1")], False),
        # Which list an empty page is the last of nobody says.
        ([looked_up(1, NextToken="example", region="eu-west-1"), {"Events": []}], True),
    ],
)  # fmt: skip
@pytest.mark.parametrize("together", [False, True])
def test_the_last_page_of_one_list_ends_no_other(read, pages, expected, together):
    """One of each kind of answer, of each query, and of each region; in files of their own, or in one."""
    lines = b"\n".join(json.dumps(page).encode() for page in pages)
    done, whole = read(lines) if together else read(*pages)
    assert (done.rejected, whole) == (0, expected)


@pytest.mark.parametrize("page", [looked_up, queried])
@pytest.mark.parametrize("size", [1, 1000])
def test_pages_in_a_list_are_read_as_if_in_a_row(read, page, size, monkeypatch):
    """As whoever keeps the answers of an SDK writes them, also with what it says of them before their lists."""
    pages = [page(1, NextToken="example"), {"ResponseMetadata": {"RequestId": "x" * size}, **page(2)}]
    monkeypatch.setattr("analysis.ingest.files.SMALL", 1_000)
    done, whole = read(pages)
    assert (done.kept, done.rejected, whole) == (2, 0, True)
    done, whole = read(pages[:1])
    assert (done.kept, done.rejected, whole) == (1, 0, False)


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
        more = {"More": [call(2), {"name": 1}, 1, None, "{", "text"], "About": [{}]}
        done, whole = read({"Records": [call(0)]}, {"Records": events, **more})
        assert (done.kept, done.rejected, whole) == (1 + len(events), 1, False)
        assert read.reasons == ["an event under 'More', where nobody writes any: put it into 'Records'"]


@pytest.mark.parametrize(
    "more", [call(2), [[call(2)]], {"a": [{"b": call(2)}]}, json.dumps([call(2)]), {"Records": [call(2)]}]
)
def test_an_event_deeper_beside_a_list_is_refused_too(read, more):
    """Whatever it lies in there; one that lies in an event was written by whoever asked, and is none."""
    done, whole = read({"Records": [call(1)], "More": more})
    assert (done.kept, done.rejected, whole) == (1, 1, False)
    done, whole = read({"Records": [call(1) | {"requestParameters": {"More": more}}], "About": {"version": 1}})
    assert (done.kept, done.rejected, whole) == (1, 0, True)


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
        ([[call(2)]], r"what may be records of cloudtrail lies under '\[\]\[\]', where none are looked for: put them"),
        ({"Records": [[call(2)]]}, r"under '\.Records\[\]\[\]'"),
        ({"answer": {"Records": [call(2)]}}, r"under '\.answer\.Records\[\]'.* or leave the file out"),
        ({"body": json.dumps({"Records": [call(2)]})}, r"under '\.body\.Records\[\]'"),
        (json.dumps(json.dumps([call(2)])).encode(), r"what may be records of cloudtrail lies under '\[\]'"),
        (b"Mar  2 10:02:00 host app[1]: " + json.dumps(call(2)).encode(), "records of cloudtrail lies under ''"),
        (
            b'_time,_raw\n10:02,"' + json.dumps(call(2)).replace('"', '""').encode()[:-9],
            "records of cloudtrail lies under",
        ),
        ({"Records": None}, "Records is null, not a list"),
        (TABLE.replace(b"x", b"eventName"), "its first line has names twice: 'eventName'; leave one of each"),
        (bytes(500) + json.dumps({"Records": [call(2)]}).encode(), "text of cloudtrail among NUL bytes"),
        (json.dumps([call(2)] * 300).encode("utf-16-le"), "as UTF-16 without its mark has them: save it as UTF-8"),
        (json.dumps([call(2)]).encode("utf-16-be"), "save it as UTF-8 without them"),
        (gzip.compress(gzip.compress(gzip.compress(json.dumps([call(2)]).encode()))), "gzip within gzip: unpack it"),
    ],
)
def test_a_file_that_may_have_been_of_the_log_leaves_it_in_doubt(read, held, reason):
    """It is counted, named with what befell it, and what to do; a note or a table of something else is of no log."""
    done, whole = read({"Records": [call(1)]}, held)
    assert (done.kept, whole) == (1, False)
    assert reason is None or re.search(reason, read.reasons[0])
    assert any("beside 1 " in note for note in done.notes)


@pytest.mark.parametrize("indent", [1, 2, "\t"])
def test_a_printed_document_that_begins_in_the_middle_leaves_the_log_in_doubt(read, indent):
    """Wherever within its first records it is cut, between lines or within one, be it within a name or a text."""
    text = json.dumps({"Records": [call(2), call(3) | {"resources": [{"ARN": 'a } \\" ] b'}]}]}, indent=indent)
    places = [each.end() + more for each in islice(re.finditer(r",\n", text), 5) for more in (0, 3, 9)]
    done, whole = read({"Records": [call(1)]}, *(text[each:].encode() for each in places))
    assert (done.kept, done.unread, whole) == (1, len(places), False)
    [reason] = set(read.reasons)
    assert reason.startswith("JSON that has no beginning, and may have been cut anywhere: export it again, or leave it")


def test_a_file_that_never_was_of_a_log_leaves_none_in_doubt(read):
    """Notes, a table of other things even with a column twice, settings in JSON, a program, and a picture."""
    settings = {"version": 1, "name": "example", "time": "10:00", "steps": [{"id": 1, "user": {"name": "x"}}, [["y"]]]}
    others = (
        b"# Notes\n",
        b"host,time,value\na,b,c\n",
        b"\nhost,host\na,b\n",
        settings,
        b"and so on\n}\n",
        b'x = {\n  "a": 1\n}\n',
        b'# as in\n{\n  "a": [1]\n}\n',
        b'See:\n\n  "a": {\n    "b": 1\n  }\n\nand so on }\n',
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    )
    done, whole = read({"Records": [call(1)]}, *others)
    assert (done.kept, done.unread, whole) == (1, len(others), True)


@pytest.mark.parametrize(
    "written",
    [
        gzip.compress(gzip.compress(json.dumps({"Records": [call(2)]}).encode())),
        b"\r\n \n" + TABLE, b"\xef\xbb\xbf\n" + TABLE.replace(b"\n", b"\r\n"),
    ],
)  # fmt: skip
def test_what_is_packed_twice_or_begins_with_blank_lines_is_read(read, written):
    """Nothing else can be meant by it."""
    done, whole = read({"Records": [call(1)]}, written)
    assert (done.kept, done.rejected, done.unread, whole) == (2, 0, 0, True)


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
