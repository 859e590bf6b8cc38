"""Tests of single cases, as trials: what is easily got wrong, each case with what it shows.

They are the tests of single cases themselves, called with another text in the place of a measure.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from inspect import signature
from itertools import product
from types import ModuleType
from typing import Final
from unittest import mock

from analysis.measures.measure import Measure, find
from sim.audit.store import Store
from tests import ledgers
from tests.analysis import test_measures
from tests.golden.measures import test_pools
from tests.ledgers import Book, Ledger, Writing
from tests.property.measures import (
    test_asked_at_once,
    test_blank_answers,
    test_concentration,
    test_doubted,
    test_edges,
    test_gains,
    test_learnt,
    test_next_use,
    test_revoked,
    test_soonest,
    test_sparse_by_hand,
)
from tests.property.measures.holes import as_logs

_MODULES: Final = (
    test_measures, test_gains, test_edges, test_pools, test_learnt, test_concentration, test_doubted, test_next_use,
    test_revoked, test_soonest, test_asked_at_once, test_blank_answers, test_sparse_by_hand,
)  # fmt: skip


@dataclass(frozen=True)
class Example:
    """A test of one case, and the measures that it asks."""

    test: Callable[[], None]
    asked: frozenset[str]


def examples(store: Store, bounded: Store) -> list[Example]:
    """Every test of a case that asks a measure; they write in `store`, or where each quantity has two bounds."""
    as_logs(bounded)
    books = {"book": _Once(store), "bounded": _Once(bounded)}
    return [Example(test, asked) for module in _MODULES for test in _tests(module, books) if (asked := _asked(test))]


class _Once(Book):
    """A book that writes the same ledgers once, however often it is asked of them."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._known: dict[str, list[int]] = {}

    def written(self, told: Sequence[Ledger], writing: Writing) -> list[int]:
        """The runs that these ledgers are."""
        key = repr(([(ledger, ledger.catalogue) for ledger in told], writing))
        if key not in self._known:
            self._known[key] = super().written(told, writing)
        return self._known[key]


def _tests(module: ModuleType, books: Mapping[str, Book]) -> Iterator[Callable[[], None]]:
    """The tests of a module, one a set of parameters."""
    for name, function in vars(module).items():
        marked = getattr(function, "pytestmark", ())
        if name.startswith("test_") and "soak" not in {mark.name for mark in marked}:
            marks = [mark for mark in marked if mark.name == "parametrize"]
            given = {name: book for name, book in books.items() if name in signature(function).parameters}
            for chosen in product(*map(_parameters, marks)):
                yield partial(function, **given, **{key: value for each in chosen for key, value in each.items()})


def _parameters(mark) -> list[dict[str, object]]:
    names, values = mark.args
    if isinstance(names, str):
        return [{names: value} for value in values]
    return [dict(zip(names, value, strict=True)) for value in values]


def _asked(test: Callable[[], None]) -> frozenset[str]:
    """The measures that a test asks, found out by running it."""
    asked: set[str] = set()

    def noted(name: str) -> Measure:
        asked.add(name)
        return find(name)

    with mock.patch.object(ledgers, "find", noted):
        test()
    return frozenset(asked)


def fails(example: Example, changed: Measure | None = None) -> bool:
    """Whether a test of a case fails, with a measure changed."""
    with mock.patch.object(ledgers, "find", lambda name: changed if changed and changed.name == name else find(name)):
        try:
            example.test()
        except Exception:  # noqa: BLE001 - a test may fail in any way
            return True
    return False
