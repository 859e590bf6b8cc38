"""What a measure's result must look like: the columns of its grain, then bounds; each thing once, of each run."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

BOUNDS: Final = ("lo", "hi", "unknowns")

_ROUNDING: Final = 1e-9
_SIGNED: Final = {"tinyint", "smallint", "integer", "bigint", "hugeint"}
_INTEGERS: Final = {*_SIGNED, "utinyint", "usmallint", "uinteger", "ubigint"}
# What is NULL in every row has a type of its own.
_NUMBERS: Final = {*_INTEGERS, "float", "double", "decimal", "null"}
_WORDLESS: Final = {"list", "array", "struct", "map", "union", "null", "bit", "blob"}
_COUNTABLE: Final = 2.0**63
_DEMANDED: Final = (
    ("run", _INTEGERS, "a whole number"),
    ("lo", _NUMBERS, "a number"),
    ("hi", _NUMBERS, "a number"),
    ("unknowns", _INTEGERS, "a whole number"),
)


def misshapen(grain: Sequence[str], types: Sequence[tuple[str, Any]]) -> str | None:
    """What is wrong with the names and types of a result's columns, in words."""
    expected, kinds = [*grain, *BOUNDS], dict(types)
    if sorted(name for name, _ in types) != sorted(expected):
        return f"gives the columns {', '.join(kinds)}, and not {', '.join(expected)}"
    for name, allowed, what in _DEMANDED:
        if kinds[name].id not in allowed:
            return f"{name} is {kinds[name]}, and not {what}"
    wrong = [name for name in grain[1:] if kinds[name].id in _WORDLESS]
    return f"{wrong[0]} is {kinds[wrong[0]]}, and not a word or a number" if wrong else None


def miscounted(grain: Sequence[str], result: pd.DataFrame, runs: set[int]) -> str | None:
    """What is wrong with the rows of a result, in words; `runs` are those that are looked at."""
    for name in (*grain, "unknowns"):
        if result[name].isna().any():
            return f"{name} is NULL in some row"
    if (given := set(result["run"].tolist())) != runs:
        return f"gives rows for the runs {_listed(given)}, and not {_listed(runs)}"
    if (again := result.duplicated(list(grain))).any():
        twice = ", ".join(f"{name} {value}" for name, value in result.loc[again, list(grain)].iloc[0].items())
        return f"gives several rows for {twice}"
    return _untenable(result)


def _untenable(result: pd.DataFrame) -> str | None:
    """Why bounds are none; what is rounded may be out of order by its last digits."""
    lo, hi = (result[name].astype("float64") for name in ("lo", "hi"))
    if np.isinf(lo).any() or np.isinf(hi).any():
        return "gives an infinite bound; one that is not known is NULL"
    if (lo > hi + _ROUNDING * hi.abs().clip(lower=1)).any():
        return "gives a lo above its hi"
    if (result["unknowns"] < 0).any():
        return "gives unknowns below zero"
    too_many = (result["unknowns"].astype("float64") >= _COUNTABLE).any()
    return "gives more unknowns than there can be" if too_many else None


def _listed(runs: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(map(int, runs)))) or "none"
