"""What every source must keep, over what its sample holds: nothing in a record, however odd, stops an ingest."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from analysis.ingest.columns import Told, columns
from analysis.ingest.files import found, read
from analysis.ingest.listed import Snapshot, listing
from analysis.ingest.reading import Found
from analysis.ingest.source import sources
from analysis.ingest.strict import RecordError

ROOT = Path(__file__).parents[2]
SAMPLES, README = ROOT / "data" / "samples", ROOT / "README.md"
ODD: tuple[Any, ...] = (None, "x", -1, 10**40, True, [], [None], {"x": None})
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
