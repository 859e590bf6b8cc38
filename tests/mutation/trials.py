"""What mutants are tried on: the very inputs of the tests, and what these hold a measure to.

The tests are run once, with a book that keeps what it is told. They compare all that a measure says, so a mutant that
says anything else of the same ledgers would fail them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import isclose
from typing import NamedTuple, Protocol

import duckdb

from analysis.measures.examination import Examination
from sim.audit.store import Evidence, Store
from tests.golden.measures import test_measures as golden
from tests.ledgers import Answer, Book, Ledger, Writing
from tests.property.measures import test_blind as blind
from tests.property.measures import test_doubted_calls as doubted
from tests.property.measures import test_measures as drawn
from tests.property.measures import test_sparse_cells as sparse
from tests.property.measures import test_unnamed_calls as unnamed
from tests.property.measures import test_vague as vague
from tests.property.measures import unsaid
from tests.property.measures.holes import TWO_BOUNDS

Answers = Mapping[int, Mapping[str, Answer]]


class Seen(NamedTuple):
    """One kind of evidence of some runs, and the connection that sees it."""

    connection: duckdb.DuckDBPyConnection
    examination: Examination


class Trial(Protocol):
    """Inputs that measures are held to something on: `asked` are these, `given` the parameters that they are given."""

    name: str
    asked: Collection[str]
    given: Mapping[str, Mapping[str, float]]

    def evidence(self) -> Sequence[tuple[Store, Evidence, Sequence[int]]]:
        """All that a measure is asked of."""

    def passes(self, measure: str, said: Sequence[Answers]) -> bool:
        """Whether the tests would pass if a measure said this, of each kind of evidence."""


@contextmanager
def seen(store: Store, evidence: Evidence, runs: Sequence[int]) -> Iterator[Seen]:
    """Look at evidence, on a connection that can be interrupted."""
    with store.evidence(evidence, runs) as connection:
        yield Seen(connection, Examination(evidence, connection))


@dataclass(frozen=True)
class Written:
    """Ledgers of which every answer is known, worked out by hand (`exact`) or computed a second time."""

    name: str
    store: Store
    exact: bool
    runs: list[int] = field(default_factory=list)
    given: dict[str, dict[str, float]] = field(default_factory=dict)
    answers: dict[str, dict[int, dict[str, Answer]]] = field(default_factory=dict)

    @property
    def asked(self) -> Collection[str]:
        """The measures whose answers are known."""
        return self.answers.keys()

    def evidence(self) -> Sequence[tuple[Store, Evidence, Sequence[int]]]:
        """The truth: there is no log."""
        return [(self.store, "truth", self.runs)]

    def passes(self, measure: str, said: Sequence[Answers]) -> bool:
        """Whether every answer is the known one."""
        alike, [found] = _written_alike if self.exact else _as_near, said
        return all(
            found[run].keys() == parts.keys() and all(alike(answer, found[run][part]) for part, answer in parts.items())
            for run, parts in self.answers[measure].items()
        )


def _written_alike(one: Answer, other: Answer) -> bool:
    return one.unknowns == other.unknowns and all(
        golden.number(a) == golden.number(b) for a, b in zip(one[:2], other[:2], strict=True)
    )


def _as_near(one: Answer, other: Answer) -> bool:
    return all(
        a is b if None in (a, b) else isclose(a, b, rel_tol=2e-9, abs_tol=2e-10)
        for a, b in zip(one[:2], other[:2], strict=True)
    )


class _Keeping(Book):
    """A book that adds what it is told to a trial."""

    def __init__(self, store: Store, trial: Written) -> None:
        super().__init__(store)
        self.trial = trial
        # It goes on numbering where another ended.
        self.free += max((run for (run,) in store.rows("SELECT key FROM fact.run")), default=0)

    def told(self, asked: Iterable[str], ledgers: Sequence[Ledger], writing: Writing | None = None, **given: float):
        """The same, kept."""
        names, first = list(asked), self.free
        said = super().told(names, ledgers, writing, **given)
        runs = range(first, self.free)
        self.trial.runs.extend(runs)
        for name in names:
            self.trial.given[name] = given
            self.trial.answers.setdefault(name, {}).update(zip(runs, said[name], strict=True))
        return said


def by_hand(store: Store, only: str | None = None) -> Trial:
    """All golden pairs, or those of one measure; the store holds their runs afterwards."""
    book = _Keeping(store, Written("golden", store, exact=True))
    for case in golden.CASES:
        if only in {None, case.parent.name}:
            golden.test_a_measure_says_what_a_pencil_says(golden.asked(book, [case]), case)
    return book.trial


def at_random(store: Store, only: str | None = None) -> Iterator[Trial]:
    """Each kind of drawn ledger, or those that one measure is tried on; the store holds their runs afterwards."""

    def tried(book, kind):
        told = drawn.asked(book, drawn.drawn([kind]), drawn.ORACLES)
        drawn.test_a_measure_is_what_its_definition_says(told, kind)

    yield from _drawn(store, only, "drawn", drawn.ORACLES, tried)
    for weekday in drawn.WEEKDAYS if only in {None, "offered_load"} else ():
        book = _Keeping(store, Written(f"drawn: offices of a {weekday}", store, exact=False))
        drawn.test_offered_load_is_what_its_definition_says(book, weekday)
        yield book.trial


def with_bounds(store: Store, only: str | None = None) -> Iterator[Trial]:
    """The same where not everything is known, in a store of its own."""
    store.connection.execute(TWO_BOUNDS)

    def tried(book, kind):
        told = drawn.asked(book, vague.drawn([kind]), vague.KINDS)
        vague.test_bounds_are_what_the_least_and_the_most_are_measured_as(told, kind)

    yield from _drawn(store, only, "vague", vague.KINDS, tried)


@dataclass(frozen=True)
class Blinded:
    """Cases worked out by hand, of which a run may be blind to something."""

    name: str
    store: Store
    runs: Mapping[tuple[str, str, str], int]
    asked: Collection[str]
    given: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def evidence(self) -> Sequence[tuple[Store, Evidence, Sequence[int]]]:
        """All runs, as if they were logs."""
        return [(self.store, "truth", [run for (name, *_), run in self.runs.items() if name in self.asked])]

    def passes(self, measure: str, said: Sequence[Answers]) -> bool:
        """Whether what is open is what is stated to be. An AssertionError says that it is not, too."""
        [found] = said
        for (name, which, sight), run in self.runs.items():
            if name == measure:
                blind.judged(name, which, sight, found[run], found[self.runs[name, which, ""]])
        return True


def with_holes(store: Store, only: str | None = None) -> Iterator[Trial]:
    """The same for logs that do not show one thing or another, in a store of its own."""
    asked = [name for name in blind.TEXTS if only in {None, name}]
    if asked:
        yield Blinded("blind", store, blind.blinded(store), asked)


@dataclass(frozen=True)
class Doubted:
    """Logs that do not say all of some calls, each beside all that it would be if they did."""

    name: str
    store: Store
    cases: Sequence[Sequence[Ledger]]
    runs: Sequence[int]
    asked: Collection[str]
    given: Mapping[str, Mapping[str, float]]

    def evidence(self) -> Sequence[tuple[Store, Evidence, Sequence[int]]]:
        """All of them, taken for logs."""
        return [(self.store, "truth", self.runs)]

    def passes(self, measure: str, said: Sequence[Answers]) -> bool:
        """Whether each interval holds whatever they would say."""
        [found] = said
        told = unsaid.as_cases([found[run] for run in self.runs], self.cases)
        return not any(unsaid.wrong(measure, case) for case in told)


def with_doubts(store: Store, only: str | None = None) -> Iterator[Trial]:
    """Logs that leave open of some calls how they turned out, whose and of what they were; the store has them."""
    unsaid.taken_for_logs(store)
    book, given = Book(store), dict.fromkeys(unsaid.NAMES, unsaid.ASKED)
    told = {kind: (doubted.days(kind), names) for kind, names in doubted.AT_LENGTH.items()}
    told["hours"] = doubted.hours(), unsaid.NAMES
    told["unnamed"] = unnamed.UNNAMED.cases(unsaid.SHORT, 2), unnamed.MOVED
    told["reachable, unnamed"] = unnamed.UNNAMED.cases({"reachable": unsaid.MADE["reachable"]}, 8), ["human_reach"]
    told |= {f"sparse {kind}": (sparse.days(kind), names) for kind, names in sparse.AT_LENGTH.items()}
    told |= {"sparse": (sparse.hours(), sparse.NAMES), "answers": (sparse.replies(), ["human_reach"])}
    for kind, (several, names) in told.items():
        if asked := [name for name in names if only in {None, name}]:
            runs = book.written([each for case in several for each in case], Writing())
            yield Doubted(f"doubted: {kind}", store, several, runs, asked, given)


def _drawn(store, only, name, oracles, test) -> Iterator[Trial]:
    for kind, tried in oracles.items():
        if only is None or only in {oracle.__name__ for oracle in tried}:
            book = _Keeping(store, Written(f"{name}: {kind}", store, exact=False))
            test(book, kind)
            yield book.trial
