"""Policies name actions and resources with `*` for any text and `?` for any one character; all else is literal."""

import fnmatch
import re
from functools import lru_cache
from typing import Final

_WILD: Final = re.compile(r"[*?]")
_RUNS: Final = re.compile(r"\*{2,}")
_BRACKET: Final = re.compile(r"\[")
# What IAM puts in for a key of the request, `${aws:username}`: any text, or no match at all. `${*}` is a star itself.
_VARIABLE: Final = re.compile(r"\$\{[^}]*\}")
_REMEMBERED: Final = 8192


@lru_cache(_REMEMBERED)
def expression(pattern: str) -> re.Pattern[str]:
    """What matches all of a text that the pattern names; capitals matter."""
    return re.compile(fnmatch.translate(_BRACKET.sub("[[]", _RUNS.sub("*", pattern))))


def is_wild(pattern: str) -> bool:
    """Whether it may name several things."""
    return _WILD.search(pattern) is not None


def loosened(pattern: str) -> str:
    """The pattern with any text wherever the request would put something in."""
    return _RUNS.sub("*", _VARIABLE.sub("*", pattern))


def depends(pattern: str) -> bool:
    """Whether the request puts something in."""
    return _VARIABLE.search(pattern) is not None


def ends(pattern: str) -> tuple[str, str]:
    """What stands before the first and after the last wildcard; the whole of it twice, where there is none."""
    found = list(_WILD.finditer(pattern))
    return (pattern[: found[0].start()], pattern[found[-1].end() :]) if found else (pattern, pattern)


def instance(pattern: str, filling: str) -> str:
    """One of the texts that it names: with `filling` for each star, and one character for each question mark."""
    return pattern.replace("*", filling).replace("?", filling[:1])


def may_meet(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two patterns with these ends may name the same thing; false only where they cannot."""
    starts = one[0].startswith(other[0]) or other[0].startswith(one[0])
    return starts and (one[1].endswith(other[1]) or other[1].endswith(one[1]))
