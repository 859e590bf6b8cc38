"""Text becomes records: in every shape exports have, and with only the broken ones refused."""

import json

import pytest

from analysis.ingest.instants import instant
from analysis.ingest.reading import Found, Refused, records

GOOD = '{"id": "good"}'
BAD = {
    "an unclosed string": ('{"id": "bad}', "not JSON at character"),
    "a missing colon": ('{"id" "bad"}', "not JSON at character"),
    "no object": ("7", "a record is an object, this is a number"),
    "a list": ("[1]", "a record is an object"),
    "NaN": ('{"id": NaN}', "NaN is not JSON"),
    "Infinity": ('{"id": -Infinity}', "-Infinity is not JSON"),
    "a number beyond doubles": ('{"id": 1e999}', "1e999 is too large"),
    "a key twice": ('{"id": 1, "id": 2}', "'id' stands twice"),
    "a key twice, deep inside": ('{"id": [{"x": 1, "x": 1}]}', "'x' stands twice"),
    "a number of many digits": ('{"id": ' + "9" * 5000 + "}", "Exceeds the limit"),
    "a bomb of lists": ('{"id": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deeply"),
    "a bomb of objects": ('{"a":' * 5000 + "1" + "}" * 5000, "nested too deeply"),
    "a control character": ('{"id": "a\x01b"}', "Invalid control character"),
    "bytes that are no UTF-8": ('{"id": "a\udcffb"}', "not UTF-8 at character"),
}


def read(text: str) -> tuple[list[object], list[str]]:
    """The ids of the records found in a text, and the reasons of those refused; positions count both, from 0."""
    items = list(records(text.encode("utf-8", "surrogateescape"), "Records"))
    assert [item.position for item in items] == list(range(len(items)))
    found = [item.record.get("id") for item in items if isinstance(item, Found)]
    return found, [item.reason for item in items if isinstance(item, Refused)]


@pytest.mark.parametrize(
    "text",
    [
        '{"Records": [{"id": 1}, {"id": 2}]}',
        '{"Records": [{"id": 1}]}{"Records": [{"id": 2}]}',
        '{"Records": [{"id": 1}]}\n{"Records": [{"id": 2}]}\n',
        '[{"id": 1}, {"id": 2}]',
        '{"id": 1}\n{"id": 2}',
        '{"id": 1}\r\n\r\n{"id": 2}\r\n',
        '{"id": 1}{"id": 2}',
        '{"id": 1},\n{"id": 2},\n',
        '[{"id": 1},\n{"id": 2},\n]',
        '\ufeff{"Records": [{"id": 1}, {"id": 2}]}',
        '\ufeff{"id": 1}\n\ufeff{"id": 2}\n',
        '{\n  "id": 1\n}\n{\n  "id": 2\n}\n',
        json.dumps({"Records": [{"id": 1}, {"id": 2}], "more": {"left": "unread"}}, indent=2),
    ],
)
def test_every_shape_is_read(text):
    """A delivery, several in a row, a bare list, a record a line, with marks and commas astray: all of it is read."""
    assert read(text) == ([1, 2], [])


def test_single_record_is_read():
    """A file with one record and nothing around it holds one record."""
    assert read('{"id": 1}') == ([1], [])


@pytest.mark.parametrize("text", ["", "  \n", '{"Records": []}', "[]"])
def test_nothing_is_nothing(text):
    """An empty file and an empty delivery hold no records, and nothing is refused."""
    assert read(text) == ([], [])


@pytest.mark.parametrize(("bad", "reason"), BAD.values(), ids=BAD)
def test_bad_line_leaves_its_neighbours(bad, reason):
    """A record that cannot be read on a line of its own is refused with a reason, and its neighbours are kept."""
    found, reasons = read(f"{GOOD}\n{bad}\n{GOOD}\n")
    assert found == ["good", "good"]
    assert len(reasons) == 1
    assert reason in reasons[0]


@pytest.mark.parametrize(("bad", "reason"), [case for name, case in BAD.items() if name != "an unclosed string"])
def test_bad_element_leaves_its_neighbours(bad, reason):
    """So it is in a delivery, wherever brackets and quotes still tell the records apart."""
    found, reasons = read(f'{{"Records": [{GOOD}, {bad}, {GOOD}]}}')
    assert found == ["good", "good"]
    assert len(reasons) == 1
    assert reason in reasons[0]


@pytest.mark.parametrize("end", range(15, 45, 3))
def test_cut_delivery_keeps_what_is_whole(end):
    """A delivery that ends too early gives the records that are whole, and one reject for the rest."""
    found, reasons = read(f'{{"Records": [{GOOD}, {GOOD}, {GOOD}]}}'[:end])
    assert len(found) == (end - 11) // 16
    assert len(reasons) == 1
    assert "cut off" in reasons[0]


@pytest.mark.parametrize(
    "broken",
    [
        '{"id": "bad, "agent": "x\\", {\\"id\\": \\"forged\\"}, {\\"a\\": \\"y"}',
        '{"id": "bad", "nested": {"list": [{"id": "forged"}, {"id": "forged"}',
    ],
)
def test_no_record_is_found_inside_another(broken):
    """In a damaged delivery nothing that stands inside a record's text or lists is ever taken for a record."""
    found, reasons = read(f'{{"Records": [{GOOD}, {broken}, {GOOD}]}}')
    assert set(found) == {"good"}
    assert reasons


@pytest.mark.parametrize("bad", ["[[[9", '["x', '{"Records": [{"id": "bad", "x": "a', '[{"id": "bad"'])
def test_what_opens_and_never_closes_leaves_other_lines(bad):
    """A list without an end takes nothing with it that is a record by itself, on a line of its own."""
    found, refused = read(f"{GOOD}\n{bad}\n{GOOD}\n{GOOD},\n")
    assert (found, len(refused)) == (["good"] * 3, 1)


def test_text_in_a_broken_list_is_no_record():
    """What an attacker writes into a text has no line of its own, whatever it looks like."""
    forged = json.dumps({"id": "bad", "agent": "\n" + GOOD + "\n"})
    found, _ = read(f'[{{"id": "cut, {forged}\n{GOOD}\n')
    assert found == ["good"]


def test_list_must_be_a_list():
    """A document whose list of records is something else is refused for that."""
    assert read('{"Records": {"id": 1}}') == ([], ["Records is an object, not a list"])


def test_unstorable_text_is_written_out():
    """A NUL or half a surrogate pair becomes the escape one would type; whole pairs stay, and the record says so."""
    first, second = records(rb'[{"id": "a\u0000b\ud800c"}, {"id": "\ud83d\ude00"}]', "Records")
    assert first == Found(0, {"id": "a\\x00b\\ud800c"}, repaired=True)
    assert second == Found(1, {"id": "\U0001f600"}, repaired=False)


@pytest.mark.parametrize(
    ("unit", "found", "refused"),
    [
        ("{}", 20_000, 0),
        ('{"id": \n', 0, 20_000),
        ("{\nx\n", 0, 20_000),
        ('[\\"', 0, 1),
        ('{"Records": [{"id": 1}, {"id\n', 20_000, 20_000),
        ('{"id": [1}\n{"id":\n1}\n', 20_000, 20_000),
        ('[[9\n{"id": 1}\n', 20_000, 20_000),
        ('{"Records": [{"id": 1}], "more": {}', 1, 1),
    ],
)
def test_damage_costs_no_more_than_it_is_long(unit, found, refused):
    """However a text is damaged, it is not gone over again for each record: this test would otherwise take minutes."""
    ids, reasons = read(unit * 20_000)
    assert (len(ids), len(reasons)) == (found, refused)


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("1970-01-01T00:00:01Z", 1_000_000),
        ("1970-01-01T00:00:01.123456789Z", 1_123_456),
        ("1970-01-01T00:00:01.1Z", 1_100_000),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1969-12-31T19:30:00-0430", 0),
        ("1970-01-01 00:00:00", 0),
        ("1970-01-01 00:00:00 UTC", 0),
        ("19700101T000001Z", 1_000_000),
        ("Jan 1, 1970, 12:00:01 AM", 1_000_000),
        ("Jan 1, 1970 12:00:01 PM", 43_201_000_000),
        ("Jan 1, 1970, 1:00:00\u202fAM", 3_600_000_000),
    ],
)
def test_times_are_understood(text, micros):
    """Each way in which exports write a time means one instant, UTC, in whole microseconds, the rest cut off."""
    assert instant(text) == micros


@pytest.mark.parametrize(
    "text",
    ["", "now", "1970-13-01T00:00:00Z", "1970-01-01T00:00:60Z", "1970-01-01", "0", "Foo 1, 1970, 1:00:00 AM",
     "Jan 1, 1970, 13:00:00 PM", "Jan 0, 1970, 1:00:00 AM", "١٩٧٠-01-01T00:00:00Z", "1970-01-01T00:00:00+1"],
)  # fmt: skip
def test_what_is_no_time_is_none(text):
    """What cannot be understood as a time is none, not a guess."""
    assert instant(text) is None
