"""What a measure still says where a log does not show one thing or another, as `blind.toml` states it.

The ledgers are those that were worked out by hand. All is known of them, but a run may be blind to one kind of
evidence, or have one credential more of which something is not known: what depends on that is open, nothing else is,
and what is still said is no closer than what is true.
"""

import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

from analysis.measures.concepts.concepts import concepts, needed
from analysis.measures.examination import examine
from analysis.measures.measure import measures
from sim.audit.store import Store
from tests.golden.measures.test_measures import CASES, ledger, read
from tests.ledgers import NEVER, UNKNOWN, Credential, Writing, answers, write
from tests.property.measures.holes import as_logs, sights

STATED = tomllib.loads((Path(__file__).parent / "blind.toml").read_text("utf-8"))
TEXTS = {measure.name: measure.sql for measure in measures() if measure.name in STATED}
# One credential more, and what is not known of it.
RIDDLES = {
    "a_scope": Credential(UNKNOWN, 0, NEVER),
    "a_start": Credential(["write money"], UNKNOWN, NEVER),
    "an_end": Credential(["write money"], 0, UNKNOWN),
}
# Of one run of each measure a credential more is tried as well: of the known case, where there are several.
RIDDLED = {case.parent.name: f"{case.name} 1" for case in sorted(CASES, key=lambda case: case.name == "known")}
# Measures whose count of unknowns tells also what nothing shows.
COUNTING = STATED.pop("counting")


def blinded(store):
    """Write each run once seeing all, and once blind to each thing looked for: {(measure, which, blind to): run}."""
    known = sights(store)
    as_logs(store)
    written = {}
    for name, text in TEXTS.items():
        told = text + "".join(concepts()[each].sql for each in needed(text))
        for which, whole in worked_out(name):
            for blind in ("", *(sight for sight in known if f"sees_{sight}" in told)):
                written[name, which, blind] = whole.having(settings={**whole.settings, "blind": blind})
            for riddle, credential in RIDDLES.items() if "credential" in told and which == RIDDLED[name] else ():
                written[name, which, riddle] = whole.having(credentials=[*whole.credentials, credential])
    runs = write(store, list(written.values()), 1, Writing())
    return dict(zip(written, runs, strict=True))


def worked_out(name):
    """Every run that was worked out by hand for a measure, by its case and its place there."""
    for case in (case for case in CASES if case.parent.name == name):
        for number, run in enumerate(tomllib.loads(read(case, ".toml"))["run"], 1):
            yield f"{case.name} {number}", ledger(run)


def lost(said, seeing):
    """Which bounds of which parts are known where all is seen, and not here."""
    return {
        (part, bound)
        for part, answer in said.items()
        for bound in ("lo", "hi")
        if getattr(answer, bound) is None and getattr(seeing[part], bound) is not None
    }


def holds(said, seeing):
    """Whether what is still said is no closer than what is known where all is seen."""
    return all(
        (answer.lo is None or seeing[part].lo is None or answer.lo <= seeing[part].lo + 1e-9)
        and (answer.hi is None or seeing[part].hi is None or answer.hi >= seeing[part].hi - 1e-9)
        for part, answer in said.items()
    )


def stated(name, which, blind, seeing):
    """The bounds that the file says are lost, of those that are known where all is seen."""
    rules = STATED.get(name, {}).get(blind, {})
    bounds = {"neither": ("lo", "hi"), "no_lo": ("lo",), "no_hi": ("hi",)}
    return {
        (part, bound)
        for word, patterns in rules.items()
        if word in bounds
        for part, answer in seeing.items()
        if part not in rules.get("shown", {}).get(which, ())
        for bound in bounds[word]
        if any(fnmatch(part, pattern) for pattern in patterns) and getattr(answer, bound) is not None
    }


def judged(name, which, blind, said, seeing):
    """Just what the file states is open, and the rest holds; one credential more may add to what it is."""
    found, about = lost(said, seeing), (name, which, blind)
    assert (*about, found) == (*about, stated(name, which, blind, seeing))
    assert blind in RIDDLES or holds(said, seeing)
    whole = {part: answer for part, answer in said.items() if None not in answer[:2]}
    assert (*about, [part for part, each in whole.items() if each.unknowns < seeing[part].unknowns]) == (*about, [])
    if name in COUNTING and blind not in RIDDLES:
        # What a log does not show is one thing, beside what was not known anyway.
        counted = [part for part, _ in found if not 1 <= said[part].unknowns <= seeing[part].unknowns + 1]
        assert (*about, counted) == (*about, [])


@pytest.fixture(scope="module")
def told():
    """What every measure says of its runs, seeing all and blind to one thing after the other."""
    with Store.in_memory() as store:
        runs = blinded(store)
        with examine(store, "truth") as examination:
            said = {name: answers(examination, name) for name in TEXTS}
        return {about: said[about[0]][run] for about, run in runs.items()}


@pytest.mark.parametrize("name", TEXTS)
def test_what_cannot_be_seen_is_open_and_nothing_else(told, name):
    """Of each thing that a log may not show, what depends on it is open, and what is still said holds."""
    for (measure, which, blind), said in told.items():
        if measure == name:
            judged(name, which, blind, said, told[name, which, ""])


def test_the_file_states_nothing_else(told):
    """Each measure and each thing to be blind to that the file names is one that is tried."""
    tried = {(name, blind) for name, _, blind in told}
    assert {(name, blind) for name, rules in STATED.items() for blind in rules} <= tried
    assert set(COUNTING) <= STATED.keys()
