"""Real lines of a SPIRE server, quoted in public issues, give the counts that an independent script found in them."""

import json

import pytest

from analysis.ingest.ingest import ingest
from sim.audit.store import Store

FOLDER, ROTATION, TERMINAL = "spire-logs", "spire-server-rotation.log", "spire-tty-format.log"
HOUR = 3600


@pytest.fixture
def store(real):
    """The folder, ingested."""
    with Store.in_memory() as opened:
        ingest([real / FOLDER], opened)
        yield opened


def test_each_signed_identity_is_kept(real, store):
    """Each of the six that the facts count is an event; the five rotations before them say nothing more."""
    facts = json.loads((real / FOLDER / "facts.json").read_text("utf-8"))[ROTATION]
    counts = "SELECT records, kept, silent FROM fact.source_file WHERE path = $path"
    signed, lines = facts["signed_svid"], facts["lines"]
    assert store.rows(counts, {"path": ROTATION}) == [(lines, signed, lines - signed)]
    holders = {name for (name,) in store.rows("SELECT name FROM log.principal")}
    assert [*holders] == facts["spiffe_ids"]
    assert store.rows("SELECT count(expires) FROM log.event") == [(facts["with_expiration"],)]


def test_an_hour_is_renewed_each_half_hour(store):
    """As the source of the lines says: each lives an hour, and the next is signed half an hour later, less 5 s."""
    [(lives, gaps)] = store.rows(
        """SELECT list(DISTINCT epoch(to_hi - from_hi)), list(DISTINCT gap) FILTER (gap IS NOT NULL)
           FROM (SELECT *, epoch(from_hi - lag(from_hi) OVER (ORDER BY from_hi)) AS gap FROM log.credential)"""
    )
    assert (lives, gaps) == ([HOUR], [HOUR // 2 - 5])


def test_lines_without_times_are_refused(real, store):
    """What was written to a terminal has no times, as the facts say: all eight lines are refused, with the remedy."""
    facts = json.loads((real / FOLDER / "facts.json").read_text("utf-8"))[TERMINAL]
    reasons = store.rows(
        "SELECT r.reason FROM fact.reject r JOIN fact.source_file f ON f.id = r.source_file WHERE f.path = $path",
        {"path": TERMINAL},
    )
    assert facts["with_time"] == 0
    assert len(reasons) == facts["lines"]
    assert all("log_format" in reason for (reason,) in reasons)
