"""What every source must keep, over what its sample holds: nothing in a record, however odd, stops an ingest."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.ingest.beginning import recognised
from analysis.ingest.columns import Told, columns
from analysis.ingest.files import found, read
from analysis.ingest.listed import Snapshot, listing
from analysis.ingest.reading import Found
from analysis.ingest.reading import records as records_of
from analysis.ingest.source import LINE, sources
from analysis.ingest.strict import RecordError

ROOT = Path(__file__).parents[2]
SAMPLES, README = ROOT / "data" / "samples", ROOT / "README.md"
ODD: tuple[Any, ...] = (None, "x", -1, 10**40, True, [], [None], {"x": None})
SAMPLED = 64 * 2**10
# As often a place is tried, in records that differ elsewhere.
OFTEN = 3


def records(name: str) -> list[dict[str, Any]]:
    """The records of a source's sample that are told apart by the keys that they have."""
    kinds = {}
    for file in found([SAMPLES / name]):
        for each in sources()[name].records(read(file).data):
            if isinstance(each, Found):
                kinds.setdefault(str(sorted(keys(each.record))), each.record)
    return list(kinds.values())


def keys(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each value within a value."""
    within = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in within:
        yield (*path, key)
        yield from keys(each, (*path, key))


def replaced(value: Any, path: tuple[Any, ...], other: Any) -> Any:
    """The same value with another one at a place in it."""
    if not path:
        return other
    copy = value.copy()
    copy[path[0]] = replaced(value[path[0]], path[1:], other)
    return copy


@pytest.mark.parametrize("name", list(sources()))
def test_odd_values_are_refused_or_understood(name):
    """Whatever stands in a place of a record, it is refused with a reason or tells what can be put down."""
    source, told, listed, reasons, tried = sources()[name], [], [], set(), Counter()
    for record in records(name):
        for path in keys(record):
            tried[path] += 1
            if tried[path] > OFTEN:
                continue
            for odd in ODD:
                changed = replaced(record, path, odd)
                try:
                    events = source.translate(changed)
                    listed += source.listed(changed) if isinstance(source, Snapshot) else ()
                except RecordError as error:
                    reasons.add(str(error))
                    continue
                told += [Told(0, part, bytes(16), event) for part, event in enumerate(events)]
    assert columns(told)
    assert not listed or (listing(listed) and source.authority(listed))
    assert "" not in reasons
    atoms = {each.observed.atom for each in told if each.observed.atom is not None}
    assert all(source.weight(atom).tier in (1, 2, 3) for atom in atoms)


@pytest.mark.parametrize("name", list(sources()))
def test_users_are_told_how_much_is_read(name):
    """The README lists each source with its level, and each says what it leaves open."""
    log = sources()[name].log
    assert f"| `{name}` | {log.level} |" in README.read_text("utf-8")
    assert log.missing


def documents(name: str) -> list[dict[str, Any]]:
    """What lies in the files of a source's sample, each document or line by itself, that is recognised as its own."""
    of_files = (records_of(read(file).data, LINE) for file in found([SAMPLES / name]))
    own = (each.record for items in of_files for each in items if isinstance(each, Found))
    return [each for each in own if told([each]) == [name]]


def told(lying: list[Any]) -> list[str]:
    """As what a file with these, one a line, is recognised."""
    return recognised("\n".join(map(json.dumps, lying)).encode()[:SAMPLED], sources())


@pytest.fixture(scope="module")
def first() -> dict[str, dict[str, Any]]:
    """A small document of each source that has any in JSON."""
    smallest = {name: min(documents(name), key=lambda each: len(json.dumps(each)), default=None) for name in sources()}
    return {name: each for name, each in smallest.items() if each is not None}


@pytest.mark.parametrize("name", list(sources()))
def test_nothing_within_a_record_says_what_it_is(name: str, first: dict[str, dict[str, Any]]) -> None:
    """Whatever of other logs somebody writes into a value, as text, as a line or as an object, its source reads it."""
    others = [each for other, each in first.items() if other != name]
    line = 'time="2026-03-02T10:00:00Z" level=info msg=x spiffe_id="spiffe://example/x" subsystem_name=api'
    keys_of_all = {key: value for each in others for key, value in each.items()}
    tried = set()
    for document in documents(name):
        for path in keys(document):
            place = tuple(step for step in path if isinstance(step, str))
            around = path[-1] in sources()[name].log.under
            if place in tried or around or not isinstance(value_at(document, path), str):
                continue
            tried.add(place)
            for odd, harmless in ((json.dumps(others), "x"), (line, "x"), (keys_of_all, {"x": 1})):
                said = told([replaced(document, path, odd)])
                assert said in ([name], []), path
                assert said or not told([replaced(document, path, harmless)]), path
    assert tried or name not in first


def value_at(value: Any, path: tuple[Any, ...]) -> Any:
    """What stands at a place in a value."""
    return value_at(value[path[0]], path[1:]) if path else value


@pytest.mark.parametrize("broken", ['{"eventVersion": "1.11", "eventSou', "{'kind': 1}", "[1, 2"])
def test_the_first_sound_record_counts(broken: str, first: dict[str, dict[str, Any]]) -> None:
    """Where a file begins with what is broken, what follows says which log it is of."""
    for name in ("cloudtrail", "kubernetes", "okta"):
        text = f"{json.dumps(first[name])}\n" * 2
        assert recognised(f"{broken}\n{text}".encode(), sources()) == [name]


def test_where_a_record_breaks_off_its_keys_count() -> None:
    """A first record that is longer than what is looked at, or cut off, is known by what of it is there."""
    record = {
        "userIdentity": {},
        "eventSource": "s3.amazonaws.com",
        "requestParameters": {"x": "y" * SAMPLED},
    }
    for whole in (record, [record], {"Records": [record]}, {"Events": [{"CloudTrailEvent": json.dumps(record)}]}):
        assert recognised(json.dumps(whole, indent=1).encode()[:SAMPLED], sources()) == ["cloudtrail"]


@pytest.mark.parametrize("name", list(sources()))
def test_odd_records_are_known_or_not(name: str, first: dict[str, dict[str, Any]]) -> None:
    """Whatever stands in a record, a source says whether it knows it, and fails at none."""
    for document in [*first.values(), {LINE: "x"}, {LINE: 1}, {}]:
        for key in document:
            for odd in ODD:
                assert sources()[name].identify({**document, key: odd}) in (True, False)


PIECES = st.sampled_from(
    [
        b'{"',
        b'"',
        b":",
        b",",
        b"{",
        b"}",
        b"[",
        b"]",
        b"\\",
        b"message",
        b'{"Records":[',
        b"eventName",
        b"\n",
        b"1",
        b"\xff",
    ]
)


@given(st.lists(PIECES, max_size=40).map(b"".join))
def test_whatever_a_file_begins_with_is_looked_at(begins: bytes) -> None:
    """Nothing that a file may begin with stops the look at it."""
    assert {*recognised(begins, sources())} <= {*sources()}
