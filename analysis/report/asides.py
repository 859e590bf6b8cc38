"""What has to be said beside the first table, so that no cell of it is read for what it is not."""

import math
from collections.abc import Iterator
from typing import Final

from analysis.comparison import Comparison, Row
from analysis.report.legible import listed
from analysis.report.numerals import reading
from analysis.report.ranking import alike, grants
from analysis.report.remarks import name, waited

EDGE: Final = "†"
# Shares of tasks in percent beside which a p95 falls among those that ask a human in one run and not in another.
_LEAST, _MOST = 2.0, 10.0


def asides(comparison: Comparison) -> tuple[str, ...]:
    """What deciding on each request does not bring, and whose p95 hangs on a few tasks; a sentence each."""
    return (*_decided_in_vain(comparison), *_edges(comparison))


def at_the_edge(row: Row) -> bool:
    """Whether so few tasks ask a human that a p95 of all tasks hangs on how few they are."""
    asking = row.support("asking")
    known = not math.isnan(row.cell("latency").estimate.mean)
    return known and asking is not None and _LEAST <= asking.estimate.mean <= _MOST


def _decided_in_vain(comparison: Comparison) -> Iterator[str]:
    """To an issuer whoever has taken over an agent is that agent, however often it is asked."""
    if comparison.few:
        return
    each = [row for row in comparison.rows if _decides_each(row) and grants(row)]
    for row in each:
        others = [other for other in comparison.rows if other not in each and grants(other) and alike(row, other)]
        if others:
            names = listed([name(other) for other in others])
            yield (
                f"In what is obtainable {name(row)} gains nothing over {names} by deciding on each request: to the "
                "issuer, the attacker is the agent."
            )


def _decides_each(row: Row) -> bool:
    decision = row.settings.get("decision")
    return isinstance(decision, dict) and decision.get("at") == "request"


def _edges(comparison: Comparison) -> Iterator[str]:
    for row in filter(at_the_edge, comparison.rows):
        asking, wait = row.support("asking"), waited(row)
        if asking is not None:
            share = f"{reading(asking.estimate).value} %"
            waits = f"wait {wait} at p95" if wait else "are too few to say how long they wait"
            yield (
                f"{EDGE} Under {name(row)} most tasks ask nobody, and the {share} that ask a human {waits}: the p95 of "
                "all tasks may fall on either side."
            )
