"""What the platforms of a run give, as the store keeps it: how short and how long a life, and how many issues a second.

A store is read where no file of a platform lies, and these change: what held when a run was written stays with it.
"""

from collections.abc import Iterable, Mapping
from math import inf

import numpy as np

from sim.audit.columns import Columns
from sim.audit.rows import FOREVER
from sim.control.model import micros
from sim.control.platform import Platform
from sim.declaration import Span
from sim.scenario import ANY

# Where nothing more is said of it, `any` gives whatever it is asked for.
_ANYTHING: Mapping[str, object] = {
    "title": "Any", "shortest": 0.0, "longest": inf, "longest_cut": inf, "lifetime_source": "assumed: no bounds",
    "per_second": None, "per_second_source": "assumed: no limit",
}  # fmt: skip


def offers(names: Iterable[str], platforms: Mapping[str, Platform]) -> Columns:
    """The rows of `fact.platform` for these platforms, by the names that a catalogue gives them; seconds.

    Of a platform that is not among `platforms` nothing is known, unless it is `any`.
    """
    known = [name for name in names if name in platforms or name == ANY]
    rows = [{"name": name, **(_offer(platforms[name]) if name in platforms else _ANYTHING)} for name in known]
    return {column: np.array([row[column] for row in rows], dtype=object) for column in ("name", *_ANYTHING)}


def _offer(platform: Platform) -> dict[str, object]:
    lifetime, issue = platform.lifetime, platform.issue
    return {
        "title": platform.title, "shortest": _seconds(lifetime.least_s), "longest": _seconds(lifetime.most_s),
        "longest_cut": _seconds(lifetime.chained_most_s), "lifetime_source": lifetime.source,
        "per_second": None if issue.per_second == "unpublished" else float(issue.per_second),
        "per_second_source": issue.source,
    }  # fmt: skip


def _seconds(span: Span) -> float:
    """Never is without end."""
    return inf if micros(span) == FOREVER else micros(span) / 1_000_000
