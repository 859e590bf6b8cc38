"""What a quantile is of, on ledgers small enough for a pencil: of one run it gives what was worked out by hand."""

import tomllib

import numpy as np
import pytest

from analysis.measures.examination import examine
from analysis.measures.measure import measures
from analysis.samples import measured
from sim.audit.store import Store
from tests import ledgers
from tests.golden.measures.test_measures import CASES, ledger, number, read
from tests.ledgers import DAY, HOUR, Book, Credential, Event, Grant, Ledger, Life, Owner, Task, Writing

# Of a mean beyond a quantile one run bears none: 400 observations are more than a pencil's
# (tests/analysis/test_tail_mean.py).
POOLED = [measure.name for measure in measures() if measure.pool.part and measure.pool.estimator != "tail-mean"]
COUNTED = [measure.name for measure in measures() if measure.counts is not None]


def runs_of(name):
    """Every run of a measure's cases, with the lines that were worked out: {part: (lo, hi)}."""
    for case in (case for case in CASES if case.parent.name == name):
        lines = [line.split(",") for line in read(case, ".csv").splitlines()[1:] if line and not line.startswith("#")]
        for run, table in enumerate(tomllib.loads(read(case, ".toml"))["run"], 1):
            yield ledger(table), {tuple(part): (lo, hi) for own, *part, lo, hi, _ in lines if int(own) == run}


def asked(book, name):
    """(row, sample, lo and hi as they were worked out) of all runs of a measure."""
    known = list(runs_of(name))
    runs = book.written([run for run, _ in known], Writing())
    with examine(book.store, "truth", runs) as examination:
        found = measured(examination, ledgers.find(name))
    keys = [key for key in found.measure.grain if key != "run"]
    for run, (_, parts) in zip(runs, known, strict=True):
        for part, bounds in parts.items():
            row = list(zip(keys, part, strict=True))
            yield found, row, found.samples(row, [run])[0], bounds


@pytest.mark.parametrize("name", POOLED)
def test_a_pool_gives_the_quantile_that_a_pencil_found(book, name):
    """Of what was seen in one run, at least and at most; where nothing is known, nothing was seen that is."""
    compared = 0
    for found, row, sample, (lo, hi) in asked(book, name):
        if not (asked_of := found.asked(row)).is_pooled:
            continue
        if lo:
            own = asked_of.of([sample.pool], limited=False, tail=0)
            ends = [float(end[0]) for end in (own.least, own.most)]
            assert (row, *[number(end) if np.isfinite(end) else "" for end in ends]) == (row, lo, hi)
            compared += 1
        elif sample.pool.weight is not None:
            # Of a law that is not known there is no part either.
            assert (row, len(sample.pool.least)) == (row, 0)
    assert compared


@pytest.mark.parametrize("name", POOLED)
def test_a_pool_gives_what_is_told_of_a_run_where_all_has_two_bounds(bounded, name):
    """As a log has: what each bound says counts once, and what is the same in both is there."""
    told = 0
    for found, row, sample, _ in asked(bounded, name):
        if not (asked_of := found.asked(row)).is_pooled or sample.is_silent:
            continue
        own = asked_of.of([sample.pool], limited=False, tail=0)
        assert (row, [float(end[0]) for end in (own.least, own.most)]) == (row, pytest.approx([sample.lo, sample.hi]))
        told += 1
    # Of a log nobody knows that it shows every agent that was let go.
    assert bool(told) == (name != "revoke_on_offboarding")


@pytest.mark.parametrize("name", COUNTED)
def test_counts_give_the_percentage_that_a_pencil_found(book, name):
    """Of one run so many hits in so many trials; without a trial there is no percentage."""
    counted = [(row, sample.counted, lo) for _, row, sample, (lo, _) in asked(book, name) if sample.counted]
    for row, (hits, trials), lo in counted:
        assert (row, number(100 * hits / trials) if trials else "") == (row, lo)
    assert any(trials for _, (_, trials), _ in counted)


def test_of_a_run_that_shows_no_tasks_only_the_law_of_task_credentials_is_wanting(bounded):
    """Whoever cannot tell what a task reaches (t4) has no part of that law, and all of the others'."""
    told = Ledger(seconds=DAY, credentials=[Credential(["write money"], task=0)], tasks=[Task(0, 0)])
    runs = bounded.written([told.having(settings={"blind": "tasks"}), told], Writing())
    with examine(bounded.store, "truth", runs) as examination:
        found = measured(examination, ledgers.find("tail_radius"))
    for threat, known in (("t1b", [True, True]), ("t4", [False, True])):
        parts = [len(each.pool.least) > 0 for each in found.samples((("threat", threat),), runs)]
        assert (threat, parts) == (threat, known)


def test_of_an_agent_that_was_let_go_a_pool_holds_the_least_and_the_most(bounded):
    """It was given something for another half an hour, and a key for an hour that it may have held."""
    held, given = Credential(["write money"], 0, 2 * HOUR), Grant(["read notes"], 0, 1.5 * HOUR)
    told = Ledger(seconds=DAY, lives=[Life(0, ends=HOUR)], credentials=[held], grants=[given])
    runs = bounded.written([told.having(conditional=[(0, "write money")])], Writing())
    with examine(bounded.store, "truth", runs) as examination:
        found = measured(examination, ledgers.find("revoke_on_offboarding"))
    [sample] = found.samples((("stat", "p50"),), runs)
    assert (*sample.pool.least, *sample.pool.most) == (HOUR / 2, HOUR)


def test_of_whom_only_a_snapshot_names_a_pool_holds_that_nobody_came():
    """A log's entry of an owner is at most right: he is there at once, or nobody ever is."""
    change = Event("use", HOUR, atom="write money", decision="allow")
    with Store.in_memory() as store:
        runs = Book(store).written([Ledger(seconds=DAY, owners=[Owner()], events=[change])], Writing())
        store.complete(*runs)
        with examine(store, "log", runs) as examination:
            found = measured(examination, ledgers.find("human_reach"))
    [sample] = found.samples((("chain", "owner"), ("stat", "reached_p50_minutes")), runs)
    assert (*sample.pool.least, *sample.pool.most) == (0, np.inf)
