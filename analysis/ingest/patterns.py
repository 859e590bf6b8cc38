"""Declared lists name many things at once, with * for any text and ? for any sign."""

import fnmatch
import re
from collections.abc import Iterable

Pattern = re.Pattern[str]


def any_of(patterns: Iterable[str]) -> Pattern:
    """One expression whose `match` holds for whatever one of the patterns names; capitals matter."""
    return re.compile("|".join(fnmatch.translate(pattern) for pattern in patterns))
