"""A log in one file, larger than memory is to be: CPU time and memory of the verb, and that nothing is lost."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.exports import record
from benchmarks.taken import MOST_MB_TAKING_IN, OURS, by
from benchmarks.ways import UnequalError

# Bytes of a record as it is written here; how many there are is told by that.
_RECORD: Final = 1_634


@dataclass(frozen=True)
class Large:
    """A file of so many bytes with so many events: CPU seconds of all threads, greatest resident memory."""

    bytes: int
    events: int
    cpu_s: float
    peak_mb: float

    @property
    def verdict(self) -> str:
        """Whether memory is bounded as it is for many small files."""
        return "met" if self.peak_mb <= MOST_MB_TAKING_IN else "missed"

    def __str__(self) -> str:
        """In a line."""
        return (
            f"one file of {self.bytes / 1e9:.1f} GB, {self.events:,} events, none is lost: {self.cpu_s:,.0f} s of CPU, "
            f"{self.peak_mb:,.0f} MB (at most {MOST_MB_TAKING_IN})  {self.verdict}"
        )


def lines(gigabytes: float, folder: Path) -> Path:
    """A folder with one log of about so many GB, an event a line, which is made unless it is there; its path."""
    events = round(gigabytes * 1e9 / _RECORD)
    into = folder / f"cloudtrail-in-one-{events}"
    if not into.exists():
        begun = into.with_suffix(".begun")
        begun.mkdir(parents=True, exist_ok=True)
        with (begun / "log.ndjson").open("w", encoding="utf-8") as log:
            log.writelines(json.dumps(record(number), separators=(",", ":")) + "\n" for number in range(events))
        begun.rename(into)
    return into


def read(corpus: Path, say: Callable[[str], None]) -> Large:
    """Take it in.

    Raises:
        UnequalError: not every event was found.
    """
    [log] = corpus.iterdir()
    with log.open("rb") as held:
        events = sum(1 for _ in held)
    found = by(OURS, corpus)
    say(f"  {OURS}: {found['cpu_s']:.1f} s of CPU")
    calls = sum(calls for _, calls, *_ in found["answer"])
    if calls != events:
        msg = f"{calls:,} of {events:,} events were found"
        raise UnequalError(msg)
    return Large(log.stat().st_size, events, found["cpu_s"], found["peak_mb"])
