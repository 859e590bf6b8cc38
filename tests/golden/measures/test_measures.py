"""Each measure on a ledger small enough for a pencil: times in hours, the working beside the expectation."""

import tomllib
from dataclasses import replace
from difflib import unified_diff
from itertools import accumulate
from pathlib import Path

import pytest

from analysis.measures.measure import find, measures
from tests import ledgers
from tests.ledgers import HOUR, NEVER, TWO_JEWELS, UNKNOWN, Ledger

CASES = sorted(path.with_suffix("") for path in Path(__file__).parent.glob("*/*.toml"))
ROWS = {
    "credentials": ledgers.Credential, "needs": ledgers.Need, "trusts": ledgers.Trust, "tasks": ledgers.Task,
    "actions": ledgers.Action, "decisions": ledgers.Decision, "events": ledgers.Event, "owners": ledgers.Owner,
    "policies": ledgers.Policy,
    "incidents": ledgers.Incident, "steps": ledgers.Step, "leaks": ledgers.Leak,
    "possessors": ledgers.Possessor,
    "members": ledgers.Member, "demands": ledgers.Demand, "grants": ledgers.Grant, "lives": ledgers.Life,
    "reaches": ledgers.Reach, "platforms": ledgers.Platform,
}  # fmt: skip
TIMES = {"starts", "ends", "asked", "began", "decided", "started", "ended", "arrived", "time", "takes", "think",
         "detected", "contained", "found", "ready", "precise"}  # fmt: skip
WORDS = {"never": NEVER, "unknown": UNKNOWN}


def shown(case):
    """A case by measure and what it is about."""
    return f"{case.parent.name}/{case.name}"


def test_every_measure_is_worked_out_by_hand():
    """No measure in the folder is without a golden pair, and nothing golden is without a measure."""
    assert {case.parent.name for case in CASES} == {measure.name for measure in measures()}


@pytest.fixture(scope="module")
def told(book):
    """What measures say of the runs of every case."""
    return asked(book, CASES)


@pytest.mark.parametrize("case", CASES, ids=shown)
def test_a_measure_says_what_a_pencil_says(told, case):
    """A small ledger gives the rows that were worked out by hand."""
    expected = [line for line in read(case, ".csv").splitlines() if line and not line.startswith("#")]
    actual = lines_of(case.parent.name, told[case])
    assert actual == expected, "\n" + "\n".join(unified_diff(expected, actual, "worked out", "measured", lineterm=""))


def asked(book, cases):
    """What the measure of each case says of its runs; all are written before any is asked."""
    runs = {case: list(map(ledger, tomllib.loads(read(case, ".toml"))["run"])) for case in cases}
    names = sorted({case.parent.name for case in cases})
    told = book.told(names, [run for each in runs.values() for run in each])
    first = dict(zip(cases, accumulate(map(len, runs.values()), initial=0), strict=False))
    return {case: told[case.parent.name][first[case] : first[case] + len(runs[case])] for case in cases}


def read(case, suffix):
    """The text of one half of a pair."""
    return case.with_suffix(suffix).read_text("utf-8")


def lines_of(name, told):
    """The lines that a measure makes of a case's runs, numbered from 1."""
    lines = [",".join((*find(name).grain, "lo", "hi", "unknowns"))]
    for run, parts in enumerate(told, start=1):
        for part, (lo, hi, unknowns) in sorted(parts.items()):
            lines.append(",".join((str(run), *part.split(), number(lo), number(hi), str(unknowns))))
    return lines


def number(value):
    """A value as one writes it down; nothing where it is not known."""
    return "" if value is None else f"{value:.9g}"


def ledger(table):
    """One run of a case: rows of the kinds of `tests.ledgers`, hours turned into seconds."""
    made = {key: [kind(**in_seconds(row)) for row in table.get(key, ())] for key, kind in ROWS.items()}
    known = Ledger(
        seconds=round(table["hours"] * HOUR), agents=table.get("agents", 1), **made, shadows=table.get("shadows", ())
    )
    known = replace(known, **{key: table[key] for key in ("scenario", "settings", "joint") if key in table})
    known = replace(known, catalogue=TWO_JEWELS) if table.get("two_jewels") else known
    return (
        replace(known, catalogue=[replace(a, platform=table["on"].get(a.group)) for a in known.catalogue])
        if "on" in table
        else known
    )


def in_seconds(row):
    """The same row with words for values and hours for seconds gone."""
    said = {key: WORDS.get(value, value) if isinstance(value, str) else value for key, value in row.items()}
    timed = {key: said[key] * HOUR for key in TIMES & said.keys() if isinstance(said[key], int | float)}
    refused = {"refused": {verifier: time * HOUR for verifier, time in said.get("refused", {}).items()}}
    return said | timed | (refused if "refused" in said else {})
