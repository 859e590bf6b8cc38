"""Whether a mutant is noticed: it is measured on one trial after the other until one is not passed."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from threading import Event, Thread
from time import process_time
from typing import Final, Literal
from unittest import mock

import duckdb

from analysis.measures.concepts import concepts
from analysis.measures.concepts.concepts import needed
from analysis.measures.measure import Measure, MeasureError, find, measures
from tests.ledgers import said_by
from tests.mutation.examples import Example, fails
from tests.mutation.syntax import Mutant
from tests.mutation.trials import Seen, Trial, seen

Verdict = Literal["killed", "timed out", "survived", "no mutant", "left out"]

# Seconds of work, which wait for no other process; what the text itself takes for a trial is less than one.
PATIENCE: Final = 10
# A join of everything with everything shall fail, not swap.
_LIMITS: Final = "SET memory_limit = '2GB'; SET threads = 1"
_NO_SQL: Final = (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException, duckdb.SyntaxException)
_SHARED: Final = frozenset(path.name for path in concepts.FILES)
_NAMED: Final = re.compile(r"^CREATE (?:TEMPORARY|TEMP) (?:MACRO|VIEW|TABLE) (\w+)")
# A part of what measures share that gives the same rows as before is noticed by none. A macro gives none, and what
# hangs on parameters gives them only to who states these.
_OTHER_ROWS: Final = "SELECT EXISTS ((({}) EXCEPT ALL (FROM {})) UNION ALL ((FROM {}) EXCEPT ALL ({})))"


class Judge:
    """Tries mutants on trials, those that noticed most so far first, and then on tests of cases."""

    def __init__(self, trials: Sequence[Trial], examples: Sequence[Example] = ()) -> None:
        """Nothing is opened yet."""
        self._trials, self._examples = trials, examples
        self._kept = ExitStack()
        self._opened: dict[str, list[Seen]] = {}
        self._noticed: Counter[tuple[str, str]] = Counter()

    def close(self) -> None:
        """Forget what was opened."""
        self._kept.close()

    def of(self, mutant: Mutant) -> Verdict:
        """What becomes of a mutant of a measure, or of what measures share; what is no SQL is none."""
        try:
            if mutant.file in _SHARED:
                return self._of_concepts([mutant])
            return self._of_measure(replace(find(mutant.file.removesuffix(".sql")), sql=mutant.text))
        except duckdb.InterruptException:
            return "timed out"
        except (MeasureError, duckdb.Error, AssertionError) as error:
            return "no mutant" if isinstance(error.__cause__ or error, _NO_SQL) else "killed"

    def misreads(self, written: Sequence[Mutant]) -> bool:
        """Whether the statements of what measures share, all of them as SQLGlot writes them, are other ones."""
        return self._of_concepts(written) != "survived"

    def _of_measure(self, measure: Measure) -> Verdict:
        tried = all(self._passes(trial, self._open(trial), measure) for trial in self._tried([measure]))
        return "survived" if tried and not self._shown([measure], measure) else "killed"

    def _shown(self, asked: Sequence[Measure], changed: Measure | None = None) -> bool:
        """Whether a test of a case notices it."""
        names = {measure.name for measure in asked}
        return any(fails(example, changed) for example in self._examples if not names.isdisjoint(example.asked))

    def _tried(self, asked: Sequence[Measure]) -> list[Trial]:
        """The trials of some measures."""
        names = {measure.name for measure in asked}
        known = [trial for trial in self._trials if not names.isdisjoint(trial.asked)]
        return sorted(known, key=lambda trial: -sum(self._noticed[trial.name, name] for name in names))

    def _of_concepts(self, mutants: Sequence[Mutant]) -> Verdict:
        """What becomes of mutants of several statements at once."""
        known, texts = concepts.concepts(), {_NAMED.findall(each.text)[0]: each.text for each in mutants}
        asked = [measure for measure in measures() if not texts.keys().isdisjoint(needed(measure.sql))]
        made = {name: replace(known[name], sql=text) for name, text in texts.items()}
        changed = mock.patch.object(concepts, "concepts", return_value=known | made)
        for trial in self._tried(asked):
            if any(self._other(trial, name, text) for name, text in texts.items()):
                with changed:
                    if not self._all_pass(trial, [measure for measure in asked if measure.name in trial.asked]):
                        return "killed"
        with changed:
            return "killed" if self._shown(asked) else "survived"

    def _other(self, trial: Trial, name: str, text: str) -> bool:
        """Whether a part of what measures share gives other rows."""
        start, _, query = text.partition(" AS ")
        if "MACRO" in start or concepts.concepts()[name].hangs_on:
            return True
        return any(self._rows_differ(each, name, query) for each in self._open(trial))

    def _rows_differ(self, each: Seen, name: str, query: str) -> bool:
        with _patience(each.connection):
            connection = each.examination.connection
            return connection.execute(_OTHER_ROWS.format(query, name, name, query)).fetchall() != [(False,)]

    def _all_pass(self, trial: Trial, asked: list[Measure]) -> bool:
        asked.sort(key=lambda measure: -self._noticed[trial.name, measure.name])
        with ExitStack() as kept:
            opened = [kept.enter_context(seen(*evidence)) for evidence in trial.evidence()]
            return all(self._passes(trial, opened, measure) for measure in asked)

    def _passes(self, trial: Trial, opened: Sequence[Seen], measure: Measure) -> bool:
        """Whether a trial notices nothing, not even a failure."""
        given = trial.given.get(measure.name, {})
        given = {name: value for name, value in given.items() if name in measure.parameters}
        # It has noticed something until it has passed: a failure may come as an exception.
        self._noticed[trial.name, measure.name] += 1
        said = []
        for each in opened:
            with _patience(each.connection):
                said.append(said_by(each.examination, measure, **given))
        if trial.passes(measure.name, said):
            self._noticed[trial.name, measure.name] -= 1
            return True
        return False

    def _open(self, trial: Trial) -> list[Seen]:
        """What a trial looks at, opened once: what measures share is made there as it is."""
        if trial.name not in self._opened:
            for store, _, _ in trial.evidence():
                store.connection.execute(_LIMITS)
            self._opened[trial.name] = [self._kept.enter_context(seen(*evidence)) for evidence in trial.evidence()]
        return self._opened[trial.name]


@contextmanager
def _patience(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    until, done = process_time() + PATIENCE, Event()

    def watch() -> None:
        while not done.wait(PATIENCE / 10):
            if process_time() > until:
                connection.interrupt()

    watching = Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    finally:
        done.set()
        watching.join()
