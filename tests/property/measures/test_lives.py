"""What a log proves and allows of the life of a credential, held against all that it leaves open.

Logs are drawn row by row, whatever they say: issues and renewals that state an end or none, revocations, calls that
were let in, refused as late or for another reason, or of which nobody knows. Many contradict themselves, as those do of
which pieces are lost. Time is cut into cells; a completion says of each whether it was there. It is any

* that has it there at an issue, a renewal and an accepted call, and not at a revocation nor when it is refused as late;
* of which each break leaves a trace: a revocation or a late refusal in it, a stated end that passes, or an issue where
  no end was stated; what is revoked was there until then, if no such trace lies before;
* that has it not before the first row, if that is an issue, and not after the last revocation, late refusal or stated
  end after which nothing tells that it was there;
* that has it until the stated end, if the log claims to be whole and does not contradict that.

Calls of which nobody knows were let in or not. All completions are tried.
"""

from datetime import timedelta
from itertools import product
from math import inf
from random import Random

import numpy as np
import pytest

from analysis.measures.examination import examine
from sim.audit.verify import verify
from tests.ledgers import NEVER, Credential, Event, Ledger, answers, store_of
from tests.property.measures.lives import BEGINNING, CLAIMED, logged, seen, window

MANY = 400
# Rows are at even times, stated ends at odd ones, and what is not told may be at any. The first cell has no beginning,
# the last no end.
SLOTS, SPAN = range(0, 10, 2), 12
CELLS = range(-1, SPAN + 1)
ALL = np.arange(1 << len(CELLS))
IN = {cell: (ALL >> (cell + 1)) & 1 == 1 for cell in CELLS}
KINDS = [*sorted(BEGINNING)] * 3 + ["revoke", "late", "allow", "allow", "unknown", "other"]


def gap(since, until):
    """In which completions it was there before the first of these times, and then not until the second."""
    return IN[since - 1] & ~np.logical_or.reduce([IN[cell] for cell in range(since, until)])


def drawn(chance):
    """Some rows."""
    slots = sorted(chance.sample(SLOTS, chance.randint(1, len(SLOTS))))
    kinds = [chance.choice(KINDS) for _ in slots]
    ends = [chance.choice((None, inf, chance.randrange(time + 1, SPAN, 2))) for time in slots]
    return [
        (time, kind, end if kind in BEGINNING else None) for time, kind, end in zip(slots, kinds, ends, strict=True)
    ]


class Story:
    """What rows say once it is known of each call whether it was let in."""

    def __init__(self, told, *, whole):
        """Take in what a log says that claims to be whole or not."""
        self.told = told
        self.there = [time for time, kind, _ in told if kind in BEGINNING | {"allow"}]
        self.ended = [time for time, kind, _ in told if kind in {"revoke", "late"}]
        self.whole = whole and not any(map(self.contradicts, told))

    def stated(self, time):
        """The latest end that was stated before then, since it was last told to have ended; None where none was."""
        since = max((end for end in self.ended if end < time), default=-inf)
        return max((end for at, _, end in self.told if since < at < time and end is not None), default=None)

    def over(self, time):
        """Whether an end was told before then, and nothing since that it was there."""
        return max((at for at in self.ended if at < time), default=-inf) > max(
            (at for at in self.there if at < time), default=-inf
        )

    def contradicts(self, row):
        """Whether a row cannot be if nothing is missing: a call after the end, or a late one before."""
        (time, kind, _), end = row, self.stated(row[0])
        if kind == "allow":
            return self.over(time) or (end is not None and end < time)
        return kind == "late" and end is not None and time < end

    def traced(self, since, until):
        """Whether something tells that it was not there between these times."""
        end = self.stated(until)
        issued = end is None and any(time == until and kind == "issue" for time, kind, _ in self.told)
        return issued or (end is not None and since <= end < until) or any(since <= at < until for at in self.ended)

    def last(self):
        """When it had ended for good."""
        last = max(self.there, default=-inf)
        ends, stated = [time for time in self.ended if time > last][:1], self.stated(last + 1)
        untold = [end is None for _, kind, end in self.told if kind in BEGINNING][-1:] == [True]
        if stated is not None and stated >= last and not untold:
            ends.append(stated)
        revoked = [time for time, kind, _ in self.told if kind == "revoke"]
        return max(min(ends), *([] if self.whole else revoked), -inf) if ends else inf

    def completions(self):
        """Which of all are."""
        fits = np.logical_and.reduce([IN[time] for time in self.there] + [~IN[time] for time in self.ended])
        for until in range(1, SPAN + 1):
            revoked = any(time == until and kind == "revoke" for time, kind, _ in self.told)
            for since in range(until):
                if not self.traced(since, until):
                    fits = fits & ~(gap(since, until) & (True if revoked else IN[until]))
            if revoked and not any(at < until for at in self.ended):
                fits = fits & np.logical_or.reduce([IN[cell] for cell in range(-1, until)])
        if self.told[0][1] == "issue":
            fits = fits & ~np.logical_or.reduce([IN[cell] for cell in range(-1, self.told[0][0])])
        absent = [~IN[cell] for cell in CELLS if cell >= self.last()]
        kept = [IN[cell] for time in self.there for cell in self.kept(time)]
        return np.logical_and.reduce([fits, *absent, *kept])

    def kept(self, time):
        """The cells after a time at which it was there that a whole log proves."""
        end, later = self.stated(time + 1), min((at for at in self.there + self.ended if at > time), default=inf)
        return range(time, int(min(end, later, SPAN + 1))) if self.whole and end is not None else ()


def completed(told, *, whole):
    """Which of all are completions of what a log says, however calls of which nobody knows were answered."""
    ways = [("allow", "other") if kind == "unknown" else (kind,) for _, kind, _ in told]
    known = ([(time, kind, end) for (time, _, end), kind in zip(told, way, strict=True)] for way in product(*ways))
    return np.logical_or.reduce([Story(each, whole=whole).completions() for each in known])


@pytest.fixture(scope="module", params=CLAIMED)
def log(request, tmp_path_factory):
    """A store with the log of many credentials, and what is told of each of them, with its completions."""
    chance = Random(request.param)  # noqa: S311 - no secret depends on it
    told = {f"key {number}": drawn(chance) for number in range(MANY)}
    with logged(tmp_path_factory.mktemp("lives"), told, request.param) as store:
        yield store, {name: (rows, completed(rows, whole=request.param == "whole")) for name, rows in told.items()}


def cells(since, until):
    """The bits of those between two times, or without beginning or end where that is None."""
    first, last = (-1 if since is None else since), (SPAN + 1 if until is None else until)
    return sum(1 << (cell + 1) for cell in CELLS if first <= cell < last)


def hull(bits):
    """All from the first that is set to the last."""
    return (1 << bits.bit_length()) - (bits & -bits)


def first(bits):
    """The first cell that is set."""
    return int(bits & -bits).bit_length() - 2


def stretch(bits):
    """The first that are set without a break."""
    return bits & ~(bits + (bits & -bits))


def test_it_is_proven_in_every_completion_and_possible_in_any(log):
    """What is proven is so in each, and what is so in any is possible; and it is no less, or more, than that.

    But for the cell of the last call or of a lone end, and where nobody knows of a call. Of what anything tells that it
    was there it is told when it began at the latest.
    """
    store, told = log
    for name, (since, until, least, most) in seen(store).items():
        rows, completions = told[name]
        certain, possible = (int(over.reduce(ALL[completions])) for over in (np.bitwise_and, np.bitwise_or))
        proven, may, known = cells(since, until), cells(least, most), {kind for _, kind, _ in rows}
        assert (rows, proven & ~certain, possible & ~may) == (rows, 0, 0)
        short = 0 if "unknown" in known else stretch(certain) & ~proven
        assert (rows, short & (short - 1) or short & (stretch(certain) >> 1)) == (rows, 0)
        assert (rows, "unknown" in known or may == hull(possible)) == (rows, True)
        if known & (BEGINNING | {"allow"}):
            assert (rows, max(first(each) for each in ALL[completions]) <= since) == (rows, True)
    assert len(seen(store)) == MANY
    assert [found for found in verify(store) if found.broken] == []


@pytest.mark.parametrize(
    ("measure", "part", "one"), [("accumulation", "held_mean", 1), ("crown_jewel_hours", "held action", 24)]
)
def test_how_long_they_were_held_is_within_bounds(log, measure, part, one):
    """Each agent has one, which opens a crown jewel: what is said of the mean agent holds all that it may have been."""
    store, told = log
    begins, ends = window(store)
    there = sum(IN[cell].astype(int) for cell in CELLS if begins <= cell <= ends - 1)
    least, most = (sum(end(there[fits]) for _, fits in told.values()) for end in (np.min, np.max))
    with examine(store, "log") as examination:
        said = answers(examination, measure)[1][part]
    share = one / (ends - begins) / MANY
    assert said.lo <= share * least
    assert said.hi is None or said.hi >= share * most


@pytest.mark.parametrize("claimed", CLAIMED)
@pytest.mark.parametrize(("what", "other"), [("gives", [2, 2, 2, None]), ("ends", [2, 2, None, 2])])
def test_what_gives_or_ends_another_is_a_use(tmp_path, what, other, claimed):
    """Which is let in: so it was there at the first, not at the late one, and again at the last."""
    told = {"key": [(0, "issue", None), (2, what, None), (4, "late", None), (6, what, None)]}
    with logged(tmp_path, told, claimed) as store:
        found = seen(store)
    assert (found["key"], found["key at 2"]) == ([0, 2, 0, None], other)


@pytest.mark.parametrize("ended", ["late", "revoke"])
def test_of_one_instant_nobody_knows_the_order(tmp_path, ended):
    """What is ended and issued in one may have begun or ended anew; what is used and ended was used before."""
    told = {
        "issued": [(0, "issue", 6), (2, ended, None), (2, "issue", 8), (4, "late", None)],
        "used": [(0, "issue", 6), (2, ended, None), (2, "allow", None), (3, "allow", None), (4, "late", None)],
    }
    with logged(tmp_path, told, "in part") as store:
        assert seen(store) == {"issued": [0, 2, 0, None], "used": [0, 2, 0, 4]}


def test_what_is_presented_says_since_when_it_is_there(tmp_path):
    """And no more than that: what was ended in between was not there throughout."""
    with logged(tmp_path, {"key": [(3, "revoke", None), (5, "allow", 2)]}, "in part") as store:
        assert seen(store) == {"key": [2, 3, 2, None]}


@pytest.mark.parametrize("decision", [None, "deny"])
def test_what_is_listed_after_an_end_is_there_from_then_on(decision):
    """However a call before that turned out: if it was let in, it was there for longer."""
    events = [Event("revoke", 30, issued=0), Event("use", 45, credential=0, decision=decision)]
    with store_of(
        Ledger(kind="ingested", credentials=[Credential(["write money"], 70, NEVER)], events=events)
    ) as store:
        store.complete(1)
        told = "SELECT c.from_hi - r.t0, isfinite(c.to_lo) FROM log.credential c JOIN log.run r USING (run)"
        assert store.rows(told) == [(timedelta(seconds=70), False)]
