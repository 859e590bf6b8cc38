"""Whoever waits for an ingest is told how far it is, how fast it goes, and for how long it will."""

import io
import sys
from importlib import import_module

from analysis.ingest.ingest import Progress
from outlive.terminal import warn

# By its name alone it is the verb.
reading = import_module("outlive.ingest")


def test_it_is_told_every_few_seconds_and_at_the_end(monkeypatch):
    """With the rate so far, and with it what is left; at the end nothing is."""
    clock, said = iter([0, 1, 4, 5, 10]), []
    monkeypatch.setattr(reading, "monotonic", lambda: next(clock))
    tell = reading.telling(said.append)
    for files, size in ((1, 10), (2, 40), (3, 50), (4, 100)):
        tell(Progress(files, 4, size * 10**6, 100 * 10**6))
    assert said == ["read 2 of 4 files, 10.0 MB/s, 6 s left", "read 4 of 4 files, 10.0 MB/s"]


def test_nobody_is_told_who_did_not_ask():
    """Without a listener nothing is worked out."""
    assert reading.telling(None) is None


def test_a_line_is_written_in_one_piece(monkeypatch):
    """Unbuffered, as in many a container, whoever is interrupted in the middle of it leaves no half of a line."""
    pieces = []
    stream = io.StringIO()
    monkeypatch.setattr(stream, "write", pieces.append)
    monkeypatch.setattr(sys, "stderr", stream)
    warn("simulated 1 of 2 runs")
    assert pieces == ["outlive: simulated 1 of 2 runs\n"]
