"""Rows of an engine as columns, which is how DuckDB takes in many at once."""

from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum
from typing import Any, get_type_hints

import numpy as np
from numpy.typing import NDArray

from sim.audit.rows import UNKNOWN, Facts

Columns = Mapping[str, NDArray[Any]]


def one(value: object) -> NDArray[Any]:
    """A column of one value."""
    column = np.empty(1, dtype=object)
    column[0] = value
    return column


def columns_of(row_type: type[Any], rows: Sequence[tuple[int, ...]]) -> dict[str, NDArray[Any]]:
    """Rows of one type as columns: UNKNOWN masked, times as datetime64[us], words of enumerations as text."""
    hints = get_type_hints(row_type, include_extras=True)
    return {
        field: _column(np.fromiter(values, dtype=np.int64, count=len(rows)), hints[field])
        for field, values in zip(hints, zip(*rows, strict=True), strict=True)
    }


def _column(values: NDArray[np.int64], hint: object) -> NDArray[Any]:
    meaning = getattr(hint, "__metadata__", (None,))[0]
    if meaning == "time":
        return values.view("datetime64[us]")
    if isinstance(meaning, type) and issubclass(meaning, IntEnum):
        words = np.array([word.name.lower() for word in meaning] + [None], dtype=object)
        return words[np.where(values == UNKNOWN, len(meaning), values)]
    return np.ma.masked_equal(values, UNKNOWN)


def columns_of_facts(facts: Facts) -> Iterator[tuple[str, dict[str, NDArray[Any]]]]:
    """What an engine left, table by table; tables without rows are left out."""
    for rows in facts[:-1]:
        if rows:
            yield type(rows[0]).__name__, columns_of(type(rows[0]), rows)
    # A set may hold nothing: what a boundary leaves of a role outside it.
    sizes = [(scope_set, len(members)) for scope_set, members in facts.scope_sets.items()]
    if sizes:
        yield "ScopeSet", dict(zip(("id", "atoms"), np.array(sizes, dtype=np.int64).T, strict=True))
    atoms = [(scope_set, atom) for scope_set, members in facts.scope_sets.items() for atom in members]
    if atoms:
        yield "ScopeSetAtom", dict(zip(("scope_set", "atom"), np.array(atoms, dtype=np.int64).T, strict=True))
