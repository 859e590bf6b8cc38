"""Snapshots of several days in one folder: each proves what it lists, and a whole one what it omits, of its own day."""

import json
from random import Random

import pytest

from analysis.ingest.pseudonyms import Pseudonyms
from tests.analysis.snapshots import ALLOWED, KEYS, MORE, OTHER, call, held, keys, listing, reading, report

TABLES = "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'fact' AND table_name <> 'run' ORDER BY table_name"


@pytest.fixture
def read(tmp_path):
    """What becomes of exports in one folder, in the order of their names."""
    yield from reading(tmp_path)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_what_the_next_day_omits_ended_in_between_and_what_only_that_lists_began_there(read, order):
    """Of each the snapshot of its own day is certain, whatever the files are called; in between is anything."""
    first, last = listing(1, {"a": ALLOWED, "b": ALLOWED}), listing(3, {"b": MORE, "c": ALLOWED})
    store, done = read(first, last, order=order)
    assert held(store, "a") == [("1.120000", "1.120001", "s3"), ("1.120001", "3.120000", "anything")]
    assert held(store, "b") == [
        ("1.120000", "1.120001", "s3"), ("1.120001", "3.120000", "anything"), ("3.120000", "3.120001", "kms"),
    ]  # fmt: skip
    assert held(store, "c") == [("1.120001", "3.120000", "anything"), ("3.120000", "3.120001", "s3")]
    assert any("each taken for a snapshot by itself: 2" in note for note in done.notes)
    assert any("2 instants from 2026-03-01 12:00:00 to 2026-03-03 12:00:00" in note for note in done.notes)


def test_of_many_over_days_each_is_held_when_listed_and_perhaps_beside_that(read):
    """Of users that come and go at random, whatever is between two days without one is not his."""
    draw = Random(7)  # noqa: S311 - nothing is secret
    days = [{f"u{n}": ALLOWED for n in range(30) if draw.random() < 0.6} for _ in range(5)]
    store, _ = read(*(listing(day, users) for day, users in enumerate(days, start=1)))
    for user in (f"u{n}" for n in range(30)):
        there = [user in users for users in days]
        expected = [(f"{n}.120000", f"{n}.120001", "s3") for n, listed in enumerate(there, start=1) if listed]
        expected += [(f"{n}.120001", f"{n + 1}.120000", "anything") for n in range(1, 5) if there[n - 1] or there[n]]
        assert held(store, user) == sorted(expected)


def test_who_was_there_on_the_first_and_the_last_of_three_days_was_not_on_the_second(read):
    """Whoever is made anew by the same name held nothing in between at the instant of a snapshot without him."""
    users = [{"a": ALLOWED, "b": ALLOWED}, {"b": ALLOWED}, {"a": ALLOWED, "b": ALLOWED}]
    store, _ = read(*(listing(day, each) for day, each in enumerate(users, start=1)))
    assert held(store, "a") == [
        ("1.120000", "1.120001", "s3"), ("1.120001", "2.120000", "anything"), ("2.120001", "3.120000", "anything"),
        ("3.120000", "3.120001", "s3"),
    ]  # fmt: skip


def test_what_may_be_wanting_proves_no_absence(read):
    """A list without any user may be one of roles alone; one of which an entry was refused may have lost just him."""
    only_roles, refused = listing(3, {}), listing(3, {"b": ALLOWED})
    refused["UserDetailList"].append("a")
    for last in (only_roles, refused):
        store, _ = read(listing(1, {"a": ALLOWED, "b": ALLOWED}), last)
        assert held(store, "a") == [("1.120000", "1.120001", "s3"), ("1.120001", "3.120001", "anything")]


def test_a_snapshot_of_which_something_was_refused_is_of_no_certain_day(read):
    """What was refused may have mentioned a later instant: the rest was not there at the latest of what is left."""
    refused = listing(3, {"a": MORE})
    del refused["RoleDetailList"][0]["Arn"]
    store, _ = read(listing(1, {"a": ALLOWED}), refused)
    assert {what for *_, what in held(store, "a")} == {"s3", "anything"}


@pytest.mark.parametrize("days", [(3,), (1, 3)])
def test_nobody_held_anything_before_he_was_made(read, days):
    """Also where a log without changes spans that; and whoever is made anew by a name is not who was there before."""
    snapshots = [listing(day, {"b": ALLOWED}) for day in days]
    snapshots[-1]["UserDetailList"][0]["CreateDate"] = "2026-03-02T08:00:00Z"
    store, _ = read({"Records": [call(1), call(5)]}, *snapshots)
    certain = [span for span in _joined(held(store, "b")) if span[2] == "s3"]
    assert certain[-1] == ("2.080000", "5.060001", "s3")
    assert all(end <= "1.120001" for _, end, _ in certain[:-1])


def test_pages_of_several_days_prove_nothing(read):
    """Which belong together nobody says, nor so when they were taken: an old page of idle roles may be of today."""
    pages = [listing(day, {"a": ALLOWED}, IsTruncated=True, Marker="example") for day in (1, 3)]
    store, done = read(*pages, listing(3, {"b": ALLOWED}, IsTruncated=False))
    assert {what for *_, what in held(store, "a")} == {"anything"}
    assert min(held(store, "a"))[0] == "1.120000"
    assert max(end for _, end, _ in held(store, "b")) == "3.120001"
    assert any("pages of lists of several days" in note for note in done.notes)


def test_pages_of_one_day_are_one_snapshot(read):
    """As before: all that they list was there at the latest instant that any mentions."""
    first = listing(1, {"a": ALLOWED}, IsTruncated=True, Marker="example")
    store, _ = read(first, {**listing(3, {"b": ALLOWED}), "RoleDetailList": []} | {"IsTruncated": False})
    for name in "ab":
        assert held(store, name) == [("1.120000", "1.120001", "s3")]


def test_the_same_day_twice_is_that_day(read):
    """Written in another way it is the same; and where two of one instant contradict each other, nothing is certain."""
    one = listing(1, {"a": ALLOWED, "b": ALLOWED})
    once, _ = read(one)
    twice, _ = read(one, json.dumps(one, indent=1))
    assert held(once, "a") == held(twice, "a") == [("1.120000", "1.120001", "s3")]
    contradicted, _ = read(one, listing(1, {"b": ALLOWED}))
    assert held(contradicted, "a") == []
    assert held(contradicted, "a", certain=False) == [("1.120000", "1.120001", "s3")]
    assert held(contradicted, "b") == [("1.120000", "1.120001", "s3")]


def test_a_snapshot_of_another_account_says_nothing_of_this_one(read):
    """Nobody of this account is in it, and nobody of it is gone from this one."""
    store, _ = read(
        listing(1, {"a": ALLOWED}), listing(4, {"a": ALLOWED}), listing(2, {"x": ALLOWED}, OTHER),
    )  # fmt: skip
    assert held(store, "a") == [
        ("1.120000", "1.120001", "s3"), ("1.120001", "4.120000", "anything"), ("4.120000", "4.120001", "s3"),
    ]  # fmt: skip
    assert held(store, "x", account=OTHER) == [
        ("1.120000", "2.120000", "anything"), ("2.120000", "2.120001", "s3"), ("2.120001", "4.120001", "anything"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("calls", "last", "expected"),
    [
        # No change in between: what was there on the first day was so until the last, and before and after.
        ((call(1), call(5)), ALLOWED, [("1.060000", "5.060001", "s3")]),
        # One in between, at which the last began.
        (
            (call(1), call(2, name="PutUserPolicy"), call(5)),
            MORE,
            [
                ("1.060000", "1.120000", "anything"),
                ("1.120000", "1.120001", "s3"),
                ("1.120001", "2.060001", "anything"),
                ("2.060001", "5.060001", "kms"),
            ],
        ),
        # The log has no change, and yet they differ: it lacks that.
        (
            (call(1), call(5)),
            MORE,
            [("1.060000", "1.120001", "s3"), ("1.120001", "3.120000", "anything"), ("3.120000", "5.060001", "kms")],
        ),
    ],
)  # fmt: skip
def test_a_log_beside_them_proves_what_lies_in_between(read, calls, last, expected):
    """Where it shows no change, and they agree."""
    snapshots = listing(1, {"b": ALLOWED}), listing(3, {"b": last})
    store, done = read({"Records": list(calls)}, *snapshots)
    assert done.source == "cloudtrail + aws_iam"
    assert _joined(held(store, "b")) == expected


def _joined(spans):
    """Spans of the same that meet are one."""
    joined = []
    for starts, ends, what in spans:
        before = joined.pop() if joined and joined[-1][1:] == (starts, what) else (starts,)
        joined.append((before[0], ends, what))
    return joined


def test_a_key_that_a_later_report_does_not_have_ended_before_it(read):
    """Its place may be another's then: the second key of a user is the first once that is gone."""
    store, _ = read(report(1, "01-10", "02-10"), report(3, "02-10", None))
    # Both were made when they say, at the latest; how long before, and for how long afterwards, nobody does.
    assert keys(store) == {
        "access key 1": ["1-5", "1-10", "3-1", "3-3"],
        "access key 2": ["1-5", "2-10", "3-3", None],
    }
    store, _ = read(report(1, None, None), report(3, "03-02", None))
    assert [bounds for name, *bounds in store.rows(KEYS) if "key" in name] == [["3-1", "3-2", "3-3", None]]
    # Switched on again, which is no change of it: it is certain from the next report on.
    store, _ = read(report(1, None, None), report(3, "02-10", None))
    assert [bounds for name, *bounds in store.rows(KEYS) if "key" in name] == [["3-1", "3-3", "3-3", None]]


def test_two_keys_of_one_time_stay_two(read):
    """As one report lists them; a later one that has one of them has lost the other."""
    two = report(1, "01-10", "01-10")
    for days in ((two,), (two, report(3, "01-10", "01-10"))):
        store, _ = read(*days)
        last = 2 * len(days) - 1
        assert keys(store) == {f"access key {n}": ["1-5", "1-10", f"3-{last}", None] for n in (1, 2)}
    store, _ = read(two, report(3, None, "01-10"))
    assert sorted(end or "" for *_, end in keys(store).values()) == ["", "3-3"]


def test_keys_without_a_time_stay_as_many_as_each_report_lists(read):
    """Whether those of two days are the same nobody says: none of them is lost."""
    days = [report(day, "01-10", "02-10").replace("_last_rotated", "_label") for day in (1, 3)]
    store, _ = read(*days)
    assert {*keys(store)} == {"access key 1", "access key 2", "access key 1 #2", "access key 2 #2"}


def test_the_order_of_files_changes_nothing_nor_do_pseudonyms(read):
    """Of three days, with reports and a log beside: the same rows of every table."""
    exports = (
        listing(1, {"a": ALLOWED, "b": ALLOWED}), report(1, "01-10", "02-10"), listing(2, {"b": MORE}),
        report(2, "02-10", None), listing(3, {"a": ALLOWED, "b": MORE}), {"Records": [call(1), call(3)]},
    )  # fmt: skip
    one, done = read(*exports)
    # Under other names, and read again in the same order: files are numbered by their names, and nothing else.
    other, again = read(*exports, order=(5, 3, 4, 0, 2, 1))
    assert done.run == again.run
    tables = [table for (table,) in one.rows(TABLES) if table not in ("event", "source_file", "reject", "workload")]
    for table in tables:
        assert sorted(map(repr, one.rows(f"FROM fact.{table}"))) == sorted(map(repr, other.rows(f"FROM fact.{table}")))
    hidden, _ = read(*exports, pseudonyms=Pseudonyms(bytes(range(32))))
    bounds = "SELECT valid_from, valid_to, count(*) FROM fact.assignment GROUP BY ALL ORDER BY ALL"
    assert one.rows(bounds) == hidden.rows(bounds)
    ended = "SELECT from_lo, from_hi, to_lo, to_hi FROM log.credential ORDER BY ALL"
    assert one.rows(ended) == hidden.rows(ended)
