"""Bounds of the time to revoke hold whatever the ends are that a log leaves open, be the curve of all of them none."""

from itertools import product

import pytest

from tests.ledgers import HOUR, NEVER, Credential, Ledger, Task
from tests.property.measures import chance as st
from tests.property.measures.surviving import survival

END = 4 * HOUR
# Seconds after the end up to which the mean is restricted.
FAR = 8
# When a task ended before the window did, and from when until when its credential may have ended after that: NEVER, if
# it is still accepted then.
Span = tuple[int, float, int]


def revoked(spans):
    """A task with a credential of its own for each."""
    tasks = [Task(n, 0, END - before, "completed") for n, (before, _, _) in enumerate(spans)]
    held = [
        Credential(["write money"], 0, END - before + last, task=n, vague=vague)
        for n, (before, last, vague) in enumerate(spans)
    ]
    return Ledger(seconds=END).having(tasks=tasks, credentials=held)


def curves(spans):
    """Kaplan and Meier's quantiles, by SciPy, and all else of every second at which each may have ended."""
    ends = [[NEVER] if last == NEVER else range(last - vague, last + 1) for _, last, vague in spans]
    for chosen in product(*ends):
        ended = zip(chosen, spans, strict=True)
        said = survival([(min(last, b), last < b, END - b + last) for last, (b, _, _) in ended], FAR)
        yield {**said, "ends": (said["ends"], said["ends"])}


def test_a_later_end_may_bring_the_median_forward(bounded):
    """One of 1 to 3 s, one still going on after 2 s, one of 10 s: the median is 10 s if the first was over by then.

    If it lasted longer, more were alive when the second left, so that less of that is put on the third: then the first
    is the median, from just after 2 s on.
    """
    spans = [(HOUR, 3, 2), (2, NEVER, 0), (HOUR, 10, 0)]
    assert {each["p50"] for each in curves(spans)} == {(10, 10), (3, 3)}
    said = bounded.one("time_to_revoke", revoked(spans))["p50"]
    assert (said.lo, said.hi) == (2, 10)


def ends():
    """A few tasks that ended at any time before the window's end, of ends that may be a few seconds apart."""
    last = st.one_of(*[st.integers(3, 9)] * 2, st.just(NEVER))
    return st.lists(st.tuples(st.integers(1, 12), last, st.integers(0, 3)), min_size=2, max_size=6)


def test_no_time_to_revoke_that_may_be_lies_outside_its_bounds(bounded):
    """Every choice of ends is tried: the least and the greatest quantile and mean of any lie within what is said."""
    drawn, exact = st.some(ends(), 100, "soonest"), 0
    told = bounded.told(["time_to_revoke"], list(map(revoked, drawn)), mean_hours=FAR / HOUR)["time_to_revoke"]
    for spans, said in zip(drawn, told, strict=True):
        found = list(curves(spans))
        for stat in ("p50", "p95", "restricted_mean", "ends"):
            lo, hi = zip(*(each[stat] for each in found), strict=True)
            assert said[stat].lo <= min(lo) + 1e-9
            assert said[stat].hi is None or (None not in hi and said[stat].hi >= max(hi) - 1e-9)
            known = all(vague == 0 or last == NEVER for _, last, vague in spans)
            if known and len(set(lo)) == len(set(hi)) == 1:
                assert (said[stat].lo, said[stat].hi) == pytest.approx(
                    (float(lo[0]), hi[0] if hi[0] is None else float(hi[0]))
                )
                exact += 1
    assert exact
