"""An event of CloudTrail is the same in every form in which people have it."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.ingest.cloudtrail.columns import columns, richness
from analysis.ingest.cloudtrail.printed import Printed
from analysis.ingest.cloudtrail.source import SOURCE
from analysis.ingest.ingest import ingest
from analysis.ingest.reading import Found, Page, Refused, Remark
from analysis.measures.examination import examine
from analysis.measures.measure import find
from sim.audit.store import Store

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "ingest" / "cloudtrail"
DELIVERED = json.loads((ROOT / "data" / "samples" / "cloudtrail" / "delivery-1.json").read_text("utf-8"))["Records"]

# As AWS documents the tables: of each column with parts, the parts in their order.
ISSUER = ("type", "principalid", "arn", "accountid", "username")
ATHENA = {
    "useridentity": {
        **dict.fromkeys(("type", "principalid", "arn", "accountid", "invokedby", "accesskeyid", "username")),
        "onbehalfof": dict.fromkeys(("userid", "identitystorearn")),
        "sessioncontext": {
            "attributes": dict.fromkeys(("mfaauthenticated", "creationdate")),
            "sessionissuer": dict.fromkeys(ISSUER),
            "ec2roledelivery": None,
        },
    },
    "resources": dict.fromkeys(("arn", "accountid", "type")),
}
LAKE = {
    "useridentity": {
        **dict.fromkeys(("type", "principalid", "arn", "accountid", "accesskeyid", "username")),
        "sessioncontext": {
            "attributes": dict.fromkeys(("creationdate", "mfaauthenticated")),
            "sessionissuer": dict.fromkeys(ISSUER),
            "sourceidentity": None,
        },
        **dict.fromkeys(("invokedby", "identityprovider")),
    },
    "resources": dict.fromkeys(("accountid", "type", "arn", "arnprefix")),
}
FIELDS = [name for name in columns()["fields"] if any(name in record for record in DELIVERED)]
NOT_IN_ATHENA = {"managementEvent"}


def printed(value, parts):
    """A value as Trino prints one with these parts."""
    if value is None:
        return "null"
    if isinstance(value, list):
        return f"[{', '.join(printed(each, parts) for each in value)}]"
    if not parts:
        return str(value)
    small = {name.lower(): each for name, each in value.items()}
    return f"{{{', '.join(f'{name}={printed(small.get(name), of)}' for name, of in parts.items())}}}"


def flat(value):
    """A value that is text, and one that has parts as JSON."""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else json.dumps(value)


def in_athena(record):
    """The cells of a row of Athena's."""
    cells = {name.lower(): record.get(name) for name in FIELDS if name not in NOT_IN_ATHENA}
    return {
        name: None if value is None else printed(value, ATHENA[name]) if name in ATHENA else flat(value)
        for name, value in cells.items()
    }


def in_lake(record):
    """The cells of a row of CloudTrail Lake's: times are timestamps, parameters a map of text."""
    text = json.dumps(record)
    cells = {}
    for name, value in json.loads(text).items():
        if name in ("requestParameters", "responseElements") and value is not None:
            cells[name] = f"{{{', '.join(f'{key}={flat(each)}' for key, each in value.items())}}}"
        elif name.lower() in LAKE:
            cells[name] = timed(printed(value, LAKE[name.lower()]))
        else:
            cells[name] = None if value is None else timed(flat(value)) if name == "eventTime" else flat(value)
    return {name: cells.get(name) for name in FIELDS}


def timed(text):
    """The same with times as Lake has them."""
    for record in DELIVERED:
        created = record["userIdentity"].get("sessionContext", {}).get("attributes", {}).get("creationDate", "none")
        for time in (record["eventTime"], created):
            text = text.replace(time, time.replace("T", " ").replace("Z", ".000"))
    return text


def table(rows):
    """A table as CSV: all in quotes but what is null, as Athena writes it."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_NOTNULL if hasattr(csv, "QUOTE_NOTNULL") else csv.QUOTE_MINIMAL)
    writer.writerow(rows[0])
    writer.writerows(row.values() for row in rows)
    return text.getvalue()


def entry(record):
    """An event as LookupEvents returns it."""
    return {"EventId": record["eventID"], "EventName": record["eventName"], "CloudTrailEvent": json.dumps(record)}


PAGES = [
    json.dumps({"Events": [*map(entry, DELIVERED[:3])], "NextToken": "x"}, indent=4),
    json.dumps({"Events": [*map(entry, DELIVERED[3:])], "ResponseMetadata": "x"}, indent=4),
]
MESSAGES = [{"id": str(i), "timestamp": 1, "message": json.dumps(each)} for i, each in enumerate(DELIVERED)]
WHOLE = {
    "delivery": json.dumps({"Records": DELIVERED}),
    "page": PAGES[0] + "\n" + PAGES[1],
    "entries": "\n".join(json.dumps(entry(record)) for record in DELIVERED),
    "subscription": json.dumps({"messageType": "DATA_MESSAGE", "logStream": "x", "logEvents": MESSAGES}),
    "bus": "\n".join(
        json.dumps({"version": "0", "detail-type": "AWS API Call via CloudTrail", "detail": each}) for each in DELIVERED
    ),
    "lake": table([{"eventID": each["eventID"], "eventJson": json.dumps(each)} for each in DELIVERED]),
    "indexed": table([{"_time": each["eventTime"], "_raw": json.dumps(each)} for each in DELIVERED]),
}
ROWS = [[{name: value or ""} for name, value in in_lake(each).items()] for each in DELIVERED]
COLUMNS = {
    "athena": table([*map(in_athena, DELIVERED)]),
    "lake": table([*map(in_lake, DELIVERED)]),
    "lake as JSON": json.dumps({"QueryStatus": "FINISHED", "QueryStatistics": {"X": 9}, "QueryResultRows": ROWS}),
    "unloaded": "\n".join(json.dumps({name.lower(): value for name, value in each.items()}) for each in DELIVERED),
}  # fmt: skip


MEASURES = ("crown_jewel_hours", "stale_access", "dormancy", "observed_footprint", "forensics", "identity_debt")
FORMS = {**WHOLE, **{f"columns of {name}": text for name, text in COLUMNS.items()}}


def ingested(folder, texts, store):
    """These texts as files, ingested without a word of what they are."""
    folder.mkdir()
    for number, text in enumerate(texts):
        (folder / str(number)).write_text(text, "utf-8")
    [summary] = ingest([folder], store)
    return summary


def told(store):
    """What the evidence is: events, credentials and issues, as golden tables have them."""
    return [store.rows((GOLDEN / f"{name}.sql").read_text("utf-8")) for name in ("events", "credentials", "issues")]


@pytest.fixture(scope="module")
def delivered(tmp_path_factory):
    """What is told of the events as CloudTrail delivers them."""
    with Store.in_memory() as store:
        ingested(tmp_path_factory.mktemp("forms") / "delivered", [WHOLE["delivery"]], store)
        yield told(store)


# Each way to lie in something, always; the others, which lie in one folder with all of them below, where there is time.
ALWAYS = ("page", "subscription", "lake", "columns of athena", "columns of lake as JSON")


@pytest.mark.parametrize(
    "form", [pytest.param(form, marks=() if form in ALWAYS else pytest.mark.soak) for form in FORMS]
)
def test_each_form_tells_the_same(form, delivered, tmp_path):
    """Whatever events lie in, the same of them is kept: events, credentials, what was issued and until when."""
    with Store.in_memory() as store:
        summary = ingested(tmp_path / "form", [FORMS[form]], store)
        assert (summary.records, summary.kept, summary.rejected) == (len(DELIVERED), len(DELIVERED), 0)
        assert told(store) == delivered


def test_each_form_measures_the_same(tmp_path):
    """Measures of credentials, calls and of what is told of each say the same of runs from forms of each kind."""
    with Store.in_memory() as store:
        forms = ("delivery", "page", "columns of athena", "columns of lake")
        for form in forms:
            ingested(tmp_path / form, [FORMS[form]], store)
        assert store.rows("SELECT count(*) FROM fact.run") == [(len(forms),)]
        with examine(store, "log") as examination:
            for name in MEASURES:
                said = examination.measure(find(name))
                of_runs = {part.drop(columns="run").to_csv(index=False) for _, part in said.groupby("run")}
                assert (name, len(of_runs)) == (name, 1)


def test_the_same_event_lies_there_once(delivered, tmp_path):
    """In one folder, what holds the same event is repeated, what keeps less of it is merged, and nothing collides."""
    with Store.in_memory() as store:
        summary = ingested(tmp_path / "all", FORMS.values(), store)
        assert told(store) == delivered
    counts = (summary.kept, summary.repeated, summary.merged, summary.rejected, summary.collisions)
    # What CloudTrail Lake tells by columns is the same in CSV and in JSON.
    repeated, merged = len(WHOLE) - 1 + 1, len(COLUMNS) - 1
    assert counts == (len(DELIVERED), len(DELIVERED) * repeated, len(DELIVERED) * merged, 0, 0)


@pytest.mark.parametrize("other", [{"eventtime": "2026-03-02T10:00:01Z"}, {"eventname": "AssumeRoot"}])
def test_another_event_of_one_id_is_kept(other, tmp_path):
    """A row with the id of an event, and another time or call, is another event: it merges into none."""
    row = in_athena(DELIVERED[1])
    with Store.in_memory() as store:
        summary = ingested(tmp_path / "two", [WHOLE["delivery"], table([{**row, **other}])], store)
    assert (summary.kept, summary.merged, summary.collisions) == (len(DELIVERED) + 1, 0, 1)


def test_queries_of_other_columns_are_one_event(delivered, tmp_path):
    """Rows of two queries merge, also where the event itself is not there; each column counts."""
    needed = ["eventid", "eventtime", "eventname", "eventsource"]
    parts = [[*needed, "useridentity"], [name for name in in_athena(DELIVERED[0]) if name != "useridentity"]]
    tables = [table([{name: in_athena(each)[name] for name in part} for each in DELIVERED]) for part in parts]
    with Store.in_memory() as store:
        summary = ingested(tmp_path / "two", tables, store)
        assert (summary.kept, summary.merged, summary.collisions) == (len(DELIVERED), len(DELIVERED), 0)
        principals, known = ({row[0]: row[4] for row in rows} for rows in (told(store)[0], delivered[0]))
        assert principals == known


def test_who_keeps_less_says_less():
    """Of two tables the one with fewer fields is the poorer one, and what stands in neither place changes nothing."""
    assert 0 > richness(columns()["fields"]) > richness(["eventID", "eventName"]) > richness(["eventID"])
    assert richness(["eventID", "region"]) == richness(["eventid"])


def read(text):
    """What is found in a text."""
    return [*SOURCE.records(text.encode())]


def test_a_broken_row_costs_no_neighbour():
    """A row that is cut, an entry whose event is, and a row that is none are refused at their positions."""
    whole, cells = WHOLE["lake"], in_athena(DELIVERED[0])
    lines = table([cells, cells]).splitlines()
    page = {"Events": [entry(DELIVERED[0]), {**entry(DELIVERED[1]), "CloudTrailEvent": "{"}, entry(DELIVERED[2])]}
    rows = {"QueryStatus": "FINISHED", "QueryResultRows": [ROWS[0], "odd", ROWS[1]]}
    for text in ("\n".join([lines[0], lines[1], "x,y", lines[2]]), json.dumps(page), json.dumps(rows)):
        found = [each for each in read(text) if not isinstance(each, Remark | Page)]
        assert [type(each) for each in found] == [Found, Refused, Found]
        assert [each.position for each in found] == [0, 1, 2]
    assert all(isinstance(each, Found) for each in read(whole))


@pytest.mark.parametrize("text", [PAGES[0], json.dumps({"QueryStatus": "FINISHED", "QueryResultRows": ROWS[:3]})])
def test_a_page_that_is_cut_off_gives_what_is_whole(text):
    """Of a page whose end is missing, each event before it is read, and the end is told of."""
    found = read(text[:-400])
    assert [type(each) for each in found] == [Found, Found, Refused]
    assert "cut off" in found[-1].reason


def test_pages_behind_each_other_are_read():
    """What a page says behind its events is no event, also where several lie in one file."""
    *found, page = read(WHOLE["page"])
    assert [type(each) for each in found] == [Found] * len(DELIVERED)
    assert page == Page(more=False, of_list="Events eu-west-1 ")


def test_columns_of_no_event_are_told():
    """Columns that hold nothing of an event are named once."""
    [_, remark] = read(table([{**in_athena(DELIVERED[0]), "region": "x", "eventJsonChecksum": "c", "day": "2"}]))
    assert remark == Remark("columns that hold nothing of an event: 'region', 'day'")


WORDS = st.sampled_from(["x", ", ", "=", "{", "}", "[", "]", "}}", ", arn=y", "sessioncontext={", "null", ", b={", '"'])


@given(st.lists(WORDS, max_size=8).map("".join))
def test_nobody_hides_in_a_printed_value(name):
    """Whatever name somebody gives himself, the other parts stay what they are, or the value is refused."""
    identity = {**DELIVERED[2]["userIdentity"], "userName": name}
    text = printed(identity, ATHENA["useridentity"])
    plain = Printed(printed({**identity, "userName": "x"}, ATHENA["useridentity"]), columns_with_parts()).value()
    try:
        found = Printed(text, columns_with_parts()).value()
    except ValueError:
        return
    known = plain.keys() - {"username"}
    assert {part: found.get(part) for part in known} == {part: plain[part] for part in known}


def columns_with_parts():
    """Names of the columns' parts that have parts, small."""
    return {each.lower() for each in columns()["nested"]}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{}", {}),
        ("{a=1, b=null, c=}", {"a": "1", "b": None, "c": ""}),
        ('{key={"id":"A","n":[1]}, name=x, y}', {"key": {"id": "A", "n": [1]}, "name": "x, y"}),
        ("{policy={not JSON, key=k}", {"policy": "{not JSON", "key": "k"}),
        ("{key=a}b, other=c}", {"key": "a}b", "other": "c"}),
    ],
)  # fmt: skip
def test_a_printed_map_is_read(text, value):
    """A map's parts are text, but for JSON; what looks like neither a name nor an end is a part of the text."""
    assert Printed(text, ()).loose() == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no { at character 0"),
        ("x", "no { at character 0"),
        ("{a}", "no name at character 1"),
        ("{a=1", "neither another one nor the end follows at character 4"),
        ("{a=1}}", "it goes on behind its end, at character 5"),
        ("{a=1} ", "neither another one nor the end follows at character 6"),
        ("{a=1, a=2}", "a name for the second time at character 6"),
        ("[{a=1}, {b=1}]", "members of a list have other parts each"),
        ("[{a=1}", "neither another one nor the end follows at character 6"),
        ("[x]", "no { at character 1"),
    ],
)
def test_what_cannot_be_told_apart_is_refused(text, reason):
    """A name twice, a bracket without its partner, and members of a list that are not alike are not believed."""
    with pytest.raises(ValueError, match=re.escape(reason)):
        Printed(text, ()).value()
