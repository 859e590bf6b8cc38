"""What a snapshot does not say is not taken for absent: pages behind, columns left out, several days in one file."""

import json
from base64 import b64encode

import pytest

from tests.analysis.snapshots import ACCOUNT, ALLOWED, KEYS, OTHER, held, keys, listing, reading, report


@pytest.fixture
def read(tmp_path):
    """What becomes of exports in one folder, in the order of their names."""
    yield from reading(tmp_path)


@pytest.mark.parametrize("lacks", ["01-10", "02-10"])
@pytest.mark.parametrize("days", [(1, 3), (3, 1), (2, 2)])
def test_a_key_of_which_a_report_does_not_say_since_when_neither_ends_nor_begins(read, days, lacks):
    """It may be any of those that the other report lists; that none is left is seen all the same."""
    untold, told = report(days[0], lacks, None).replace(f"2026-{lacks}T08:00:00Z", "N/A"), report(days[1], lacks, None)
    store, _ = read(untold, told)
    assert [(begins, end) for begins, _, _, end in keys(store).values()] == [("1-5", None)] * 2
    column = "access_key_1_last_rotated"
    store, _ = read(untold.replace(column, "other"), told.replace(column, "other"))
    assert {(begins, end) for begins, _, _, end in keys(store).values()} == {("1-5", None)}
    gone = report(4, None, None)
    store, _ = read(untold, told, gone)
    assert {end for *_, end in keys(store).values()} == {"3-4"}


@pytest.mark.parametrize(("since", "expected"), [("01-10", 1), ("03-02", 2)])
def test_a_key_without_a_time_is_not_counted_beside_the_one_that_it_may_be(read, since, expected):
    """Of what was there at an instant no more is certain than one report lists of it."""
    untold = report(1, since, None).replace(f"2026-{since}T08:00:00Z", "N/A")
    store, _ = read(untold, report(3, since, None))
    certain = "SELECT count(*) FROM log.credential WHERE kind = 'static_key' AND from_hi < to_lo"
    assert store.rows(certain) == [(expected,)]


@pytest.mark.parametrize("cell", ["N/A", "no_information", "not_supported", ""])
def test_what_a_report_does_not_say_of_a_switch_ends_nothing(read, cell):
    """Whether a password or a key works then nobody knows; of the other kind it is told."""
    last = report(3, None, "02-10").replace(",false,N/A,true,", f",{cell},N/A,true,")
    store, _ = read(report(1, "01-10", "02-10"), last)
    assert {name: end for name, (*_, end) in keys(store).items()} == {"access key 1": None, "access key 2": None}
    store, _ = read(
        report(1, "01-10", None), report(3, "01-10", None).replace(",true,2026-03-03", f",{cell},2026-03-03")
    )
    assert [end for name, *_, end in store.rows(KEYS) if "password" in name] == [None]


@pytest.mark.parametrize("left_out", ["password_enabled", "password_last_changed", "access_key_1_active"])
@pytest.mark.parametrize("days", [(1, 3), (3, 1)])
def test_a_column_that_a_report_leaves_out_ends_and_begins_nothing(read, left_out, days):
    """What it would say may be any of what the other report says, before or afterwards."""
    whole, part = report(days[0], "01-10", "02-10"), report(days[1], "01-10", "02-10")
    rows = [line.split(",") for line in part.splitlines()]
    kept = [number for number, name in enumerate(rows[0]) if name != left_out]
    store, done = read(whole, "".join(",".join(row[number] for number in kept) + "\n" for row in rows))
    assert (done.rejected, done.unread) == (0, 0)
    begun = {name: (begins, end) for name, begins, _, _, end in store.rows(KEYS)}
    about = [bounds for name, bounds in begun.items() if ("password" in name) == left_out.startswith("password")]
    assert about
    assert {end for _, end in about} == {None}
    assert {begins for begins, _ in about} == {"1-5"}


@pytest.mark.parametrize("day", [1, 3, 4])
def test_of_two_lists_of_users_neither_omits_whom_the_other_shows_there(read, day):
    """A report that lacks a user whom details list later lost him, and so do details the other way round."""
    lost = "".join(line for line in report(3, None, None).splitlines(keepends=True) if not line.startswith("someone"))
    lost = lost.replace("2025-01-05", "2026-03-03")
    details = listing(day, {"someone": ALLOWED})
    store, done = read(report(1, "01-10", None), lost, details)
    assert [end for *_, end in keys(store).values()] == [None if day >= 3 else "3-3"]
    assert (day >= 3) == any("details list and the credential report of that time does not" in n for n in done.notes)
    days = [listing(1, {"someone": ALLOWED, "b": ALLOWED}), listing(3, {"b": ALLOWED})]
    store, done = read(*days, report(day, None, None))
    assert held(store, "someone")[-1][1] == f"{max(day, 3)}.12000{day // 3}"
    assert (day >= 3) == any("report lists and the authorization details of that time do not" in n for n in done.notes)


def test_a_page_whose_list_goes_on_is_told_of(read):
    """Whoever is behind it is in no list here; with the last page beside it nobody can tell that any is missing."""
    first = {**listing(1, {"a": ALLOWED}), "RoleDetailList": [], "IsTruncated": True, "Marker": "example"}
    _, done = read(first)
    assert any("the last is not here: ask for what is behind their NextToken or Marker: 1" in n for n in done.notes)
    _, done = read(first, listing(1, {"b": ALLOWED}))
    assert not any("the last is not here" in note for note in done.notes)


def test_the_lists_of_one_day_are_compared(read):
    """Who is in one of them alone is told of, with what is not known; the root is in no list of users."""
    _, done = read(report(1, None, None), listing(1, {"other": ALLOWED, "third": ALLOWED}))
    [one, other] = [note for note in done.notes if "export both anew" in note]
    assert "so that nobody knows what they held: 1" in one
    assert "so that nobody knows which keys they had: 2" in other
    _, done = read(report(1, None, None), listing(1, {"someone": ALLOWED}))
    assert not any("export both anew" in note for note in done.notes)


def test_snapshots_of_several_days_in_one_file_prove_nothing(read):
    """Who was there on which of them nobody says; pages of one day in one file are one snapshot."""
    days = listing(1, {"a": ALLOWED}), listing(3, {"b": ALLOWED})
    store, done = read("\n".join(map(json.dumps, days)))
    assert {what for name in "ab" for *_, what in held(store, name)} == {"anything"}
    [note] = [note for note in done.notes if "several days or accounts" in note]
    assert note.endswith("put each snapshot into a file of its own")
    first = {**days[0], "RoleDetailList": [], "IsTruncated": True, "Marker": "example"}
    store, _ = read("\n".join(map(json.dumps, (first, days[1]))), listing(2, {"b": ALLOWED}))
    assert ("3.120000", "3.120001", "s3") in held(store, "a")
    assert ("2.120000", "2.120001", "s3") not in held(store, "a")


def test_accounts_in_one_file_are_of_no_certain_day_where_there_are_several(read):
    """The latest instant that the file mentions is of one of them."""
    both = "\n".join(map(json.dumps, (listing(1, {"a": ALLOWED}), listing(4, {"x": ALLOWED}, OTHER))))
    store, _ = read(both)
    assert held(store, "a") == [("4.120000", "4.120001", "s3")]
    store, done = read(both, listing(2, {"a": ALLOWED}))
    assert [span for span in held(store, "a") if span[2] == "s3"] == [("2.120000", "2.120001", "s3")]
    assert any("several days or accounts: 1" in note for note in done.notes)


def test_a_second_report_in_one_file_is_refused(read):
    """As the interface wraps them, and rows of another account behind those of one."""
    wrapped = [
        {"Content": b64encode(report(day, "01-10", None).encode()).decode(), "ReportFormat": "text/csv"}
        for day in (1, 3)
    ]
    store, done = read("\n".join(map(json.dumps, wrapped)))
    assert (done.rejected, [held for _, _, held, _ in keys(store).values()]) == (1, ["3-1"])
    rows = report(3, "01-10", None).replace(ACCOUNT, OTHER).partition("\n")[2]
    store, done = read(report(1, "01-10", None) + rows)
    assert (done.rejected, [held for _, _, held, _ in keys(store).values()]) == (2, ["3-1"])
    reasons = [reason for (reason,) in store.rows("SELECT DISTINCT reason FROM fact.reject")]
    assert reasons == ["a row of another report than the rows before: put each report into a file of its own"]


@pytest.mark.parametrize("policies", [[], ["arn:aws:iam::aws:policy/example"]])
def test_a_page_that_lists_nobody_and_goes_on_leaves_its_day_open(read, policies):
    """Such pages are handed out; whoever is behind it is in none of those that are there."""
    version = {"VersionId": "v1", "IsDefaultVersion": True, "Document": ALLOWED}
    made = {"CreateDate": "2026-01-05T08:00:00Z", "PolicyVersionList": [version]}
    managed = [{"PolicyId": "ANPAEXAMPLE", "Arn": name, "DefaultVersionId": "v1", **made} for name in policies]
    empty = {"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [], "Policies": managed}
    days = listing(1, {"a": ALLOWED, "b": ALLOWED}), listing(3, {"b": ALLOWED})
    store, _ = read(*days, {**empty, "IsTruncated": False})
    assert held(store, "a")[-1] == ("1.120001", "3.120000", "anything")
    store, done = read(*days, {**empty, "IsTruncated": True, "Marker": "example"})
    assert {what for *_, what in held(store, "a")} == {"anything"}
    assert max(end for _, end, _ in held(store, "a")) == "3.120001"
    assert any("pages of lists of several days" in note for note in done.notes)
