"""Bounds of the least-privilege error, against all that a log leaves open; and what must not be gained by."""

from collections import Counter
from math import exp
from random import Random

import pytest

from analysis.measures.examination import examine
from tests.ledgers import CATALOGUE, DAY, HOUR, UNKNOWN, Credential, Event, Ledger, Need, Trust, Writing, answers
from tests.property.measures.chance import some
from tests.property.measures.learning import bounds_of, doubtful
from tests.property.measures.vague import vague

NAME = "least_privilege"


def test_no_error_that_may_be_lies_outside_its_bounds(bounded):
    """Every choice of what calls that do not say so may have been is tried; bounds are the least and the most of all.

    No closer than that where such a call was in the first half: what it taught may be asked for by another that leaves
    something open.
    """
    ledgers, wide = some(vague(doubtful(), conditions=False), 60, "learnt"), Counter()
    for ledger, said in zip(ledgers, bounded.told([NAME], ledgers)[NAME], strict=True):
        for part, bounds in bounds_of(ledger).items():
            least, most = (each if each is UNKNOWN else pytest.approx(float(each), abs=1e-9) for each in bounds)
            lo, hi, unknowns = said[part]
            if part == "learnt under_privilege" and untold_before(ledger) and lo is not UNKNOWN:
                assert lo <= float(bounds[0]) + 1e-9
            else:
                assert (part, lo) == (part, least)
            assert (part, hi) == (part, most)
            assert lo == hi or unknowns
            wide[part] += lo != hi and not untold_before(ledger)
    assert min(times for part, times in wide.items() if part != "granted under_privilege") > 9


def untold_before(ledger):
    """Whether a call in the first half does not say whose it was or what it touched."""
    calls = [e for e in ledger.events if e.kind == "use" and e.decision != "deny" and 0 <= e.time < ledger.seconds / 2]
    return any(None in (e.agent, e.atom) for e in calls)


def test_more_to_learn_from_refuses_less_and_grants_more(book):
    """Calls of one permission come as by Poisson: by how much each error is to be expected is a known law.

    Of a permission asked for so often in a while nobody asks in that while with the chance exp(-often): so many
    requests are for what nothing taught, and so much of what is learnt is not needed, each in the other part.
    """
    agents, often = 1000, 3
    needs = [
        Need("read notes", round(time * HOUR), round(time * HOUR) + 1, agent)
        for agent in range(agents)
        for time in arrivals(Random(agent), often)  # noqa: S311 - no secret depends on it
    ]
    work, parts = Ledger(seconds=HOUR, agents=agents, needs=needs), (20, 40, 60, 80)
    found = [book.told([NAME], [work], learning_percent=each)[NAME][0] for each in parts]
    for percent, said in zip(parts, found, strict=True):
        unseen, unneeded = (exp(-often * share) for share in (percent / 100, 1 - percent / 100))
        assert said["learnt under_privilege"].lo / 100 == pytest.approx(unseen, abs=5 * (unseen / agents) ** 0.5)
        assert said["learnt over_privilege"].lo / 100 == pytest.approx(unneeded, abs=5 * (unneeded / agents) ** 0.5)
    under, over = ([each[f"learnt {stat}_privilege"].lo for each in found] for stat in ("under", "over"))
    assert under == sorted(under, reverse=True)
    assert over == sorted(over)


def arrivals(chance, often):
    """Moments between 0 and 1 at which something comes that comes so often, as by Poisson."""
    time = chance.expovariate(often)
    while time < 1:
        yield time
        time += chance.expovariate(often)


def by_hours(days, since=0):
    """Each day from its midnight on notes are read at nine and money is written at three, that since some day."""
    mornings = [Need("read notes", (24 * day + 9) * HOUR, (24 * day + 10) * HOUR) for day in range(days)]
    afternoons = [Need("write money", (24 * day + 15) * HOUR, (24 * day + 16) * HOUR) for day in range(since, days)]
    return Ledger(seconds=days * DAY, needs=[*mornings, *afternoons])


@pytest.mark.parametrize("percent", [10, 50, 90])
def test_what_is_done_alike_each_day_was_learnt(book, percent):
    """From the first of two or three days, or the first two, at whatever hour they would be cut; half a day is none."""
    two, three, one = book.told([NAME], [by_hours(2), by_hours(3), by_hours(1)], learning_percent=percent)[NAME]
    for said in (two, three):
        assert [said[f"learnt {each}_privilege"].lo for each in ("over", "under")] == [0, 0]
    # By noon notes were read, and money is all that is asked for then.
    assert percent != 50 or [one[f"learnt {each}_privilege"].lo for each in ("over", "under")] == [100, 100]


@pytest.mark.parametrize(("days", "percent", "missed"), [(4, 30, 3 / 6), (4, 45, 0), (4, 60, 0), (2.5, 90, 1 / 3)])
def test_what_is_learnt_from_are_days_to_the_nearest(book, days, percent, missed):
    """Of four, one or two, and one of two and a half: what is done since the second was learnt by the second only."""
    work = by_hours(4, since=1).having(seconds=days * DAY)
    [said] = book.told([NAME], [work], learning_percent=percent)[NAME]
    assert said["learnt under_privilege"].lo == pytest.approx(100 * missed)


# Four hours in which notes are read, and nothing else is needed.
QUIET = Ledger(
    seconds=4 * HOUR, credentials=[Credential(["read notes"])], needs=[Need("read notes", 3 * HOUR, 4 * HOUR)]
)


def test_a_wildcard_is_all_that_it_opens_however_it_is_written(book):
    """One credential for everything, one for each thing, or an issuer that always says yes: three of four too many."""
    every = [atom.name for atom in CATALOGUE]
    wild = QUIET.having(credentials=[Credential(every)])
    apart = QUIET.having(credentials=[Credential([name]) for name in every])
    asked = QUIET.having(credentials=[], trusts=[Trust(every)])
    for part, ledgers in {"granted": (wild, apart), "obtainable": (wild, apart, asked)}.items():
        for said in book.told([NAME], ledgers)[NAME]:
            assert said[f"{part} over_privilege"].lo == 75
    [narrow] = book.told([NAME], [QUIET])[NAME]
    assert narrow["granted over_privilege"].lo == 0


def test_a_call_in_doubt_shows_one_permission_more_or_none(bounded):
    """What is held is not needed; what was tried is permitted as well if it was let in, and then asked for."""
    tried = QUIET.having(needs=[], events=[Event("use", 3 * HOUR, atom="write money")])
    said = bounded.one("least_privilege", tried)
    assert said["granted over_privilege"] == said["obtainable over_privilege"] == (50, 100, 1)


def test_a_call_of_no_known_task_may_be_an_attackers(bounded):
    """Where a log names no tasks none of them teaches or asks for anything for certain, nor is what they use needed."""
    needs = [Need("read notes", HOUR, 2 * HOUR), *QUIET.needs, Need("write money", 3 * HOUR, 4 * HOUR)]
    named = QUIET.having(needs=needs)
    told = bounded.one("least_privilege", named)
    said = bounded.one("least_privilege", named.having(settings={"blind": "tasks"}))
    assert [told[f"learnt {each}_privilege"][:2] for each in ("over", "under")] == [(0, 0), (50, 50)]
    assert [said[f"learnt {each}_privilege"][:2] for each in ("over", "under")] == [(0, 100), (0, 100)]
    assert said["granted over_privilege"][:2] == (0, 100)


def test_who_works_less_is_not_less_permitted(book):
    """Calls that ask for nothing new change nothing; where nothing is asked for, all that is permitted is too much."""
    busy = QUIET.having(needs=[*QUIET.needs, *QUIET.needs])
    idle = QUIET.having(needs=[])
    said = book.told([NAME], [QUIET, busy, idle])[NAME]
    assert [each["granted over_privilege"].lo for each in said] == [0, 0, 100]


def test_a_call_that_does_not_say_so_may_be_of_what_was_taught_if_anything_was(bounded):
    """It is all that is asked for: of what was taught, or not; where nothing was, not."""
    untold = Event("use", 3 * HOUR, atom=None, decision="allow")
    early = Need("read notes", HOUR, 2 * HOUR)
    ledgers = [QUIET.having(needs=needs, events=[untold]) for needs in ([early], [])]
    taught, untaught = (each["learnt under_privilege"] for each in bounded.told([NAME], ledgers)[NAME])
    assert (taught.lo, taught.hi) == (0, 100)
    assert (untaught.lo, untaught.hi) == (100, 100)


def test_where_calls_and_credentials_may_be_missing_nothing_is_known_of_what_is_granted(bounded):
    """Where calls alone may be, at least nothing of what is granted is not needed."""
    blind = [QUIET.having(settings={"blind": each}) for each in ("every_event", "every_event every_credential")]
    some, none = (each["granted over_privilege"] for each in bounded.told([NAME], blind)[NAME])
    assert (some.lo, some.hi) == (0, 0)
    assert (none.lo, none.hi) == (UNKNOWN, UNKNOWN)
    assert none.unknowns


def test_on_a_log_what_was_let_in_is_asked_for_and_what_may_have_been_may_be(book):
    """Notes are read before and after; then a call of unknown outcome writes money, and one does not say what it is."""
    calls = [Event("use", hour * HOUR, task=0, atom="read notes", decision="allow", takes=1) for hour in (1, 3)]
    calls += [Event("use", 3 * HOUR + 60, task=0, atom="write money", takes=1)]
    calls += [Event("use", 3 * HOUR + 120, task=0, decision="allow", takes=1)]
    log = Ledger(seconds=4 * HOUR, events=calls, kind="ingested", begins=0)
    runs = book.written([log], Writing())
    book.store.complete(*runs)
    with examine(book.store, "log", runs) as examination:
        [said] = answers(examination, NAME).values()
    lo, hi, unknowns = said["learnt under_privilege"]
    assert (lo, hi, unknowns) == (0, pytest.approx(100 * 2 / 3), 2)
    assert said["learnt over_privilege"][:2] == (0, 0)
