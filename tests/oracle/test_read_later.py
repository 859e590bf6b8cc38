"""What a secret in a log is worth to whoever reads the log later, against the closed form of the lognormal law."""

import re
from itertools import pairwise
from math import exp, log
from statistics import NormalDist

import pytest

from analysis.measures.concepts.concepts import concepts
from sim.audit.store import Store
from tests.ledgers import CATALOGUE, DAY, HOUR, NEVER, Book, Credential, Event, Grant, Ledger
from tests.property.measures.holes import as_logs

NORMAL = NormalDist()
# "write money" of an estate of 60, for one agent.
SHARE = 100 * 40 / sum(atom.resources * atom.weight for atom in CATALOGUE if atom.level == "write")
# "read notes" of it.
NOTES = SHARE * 10 / 40
LAWS = [(DAY, 1.5), (HOUR, 1.5), (HOUR, 1.0), (30 * DAY, 2.0), (HOUR, 0.0)]
LIVES = [15 * 60, HOUR - 60, HOUR, HOUR + 60, 8 * HOUR, NEVER]
# The law is taken in cells: so much of the small chance that it is read within minutes is lost or gained.
NEAR = 0.02


def overlap(lives, median, sigma):
    """E[(L - F)+] for a lognormal F: how long a secret of life L is still good once the log has been read."""
    if sigma == 0:
        return max(0.0, lives - median)
    z = log(lives / median) / sigma
    return lives * NORMAL.cdf(z) - median * exp(sigma**2 / 2) * NORMAL.cdf(z - sigma)


def written(lives, median, sigma):
    """A day in which one credential is made, and used at once, that lives so long."""
    return Ledger(
        seconds=DAY, credentials=[Credential(["write money"], 0, lives)],
        events=[Event("use", 0, credential=0, atom="write money", decision="allow")],
        scenario={"leaks": {"found_median_s": median, "found_sigma": sigma}},
    )  # fmt: skip


def test_the_cells_are_those_of_the_standard_normal():
    """The measure's table of chances is what the normal law has in cells an eighth wide, and adds up to one."""
    told = re.search(r"\[([\d, ]+)\]\[abs\(n\)", concepts()["normal_cell"].sql)
    chances = [float(each) / 1e12 for each in told[1].split(",")]
    edges = [(n + 0.5) / 8 for n in range(-1, len(chances) - 1)]
    assert chances[:-1] == pytest.approx([NORMAL.cdf(b) - NORMAL.cdf(a) for a, b in pairwise(edges)], abs=1e-11)
    assert chances[-1] == pytest.approx(NORMAL.cdf(-edges[-1]), abs=1e-12)
    assert chances[0] + 2 * sum(chances[1:]) == pytest.approx(1, abs=1e-12)


def test_a_secret_is_worth_what_is_left_of_it_when_the_log_is_read(book):
    """For each lifetime the mean over the law, so that none is worth nothing or everything by a minute more."""
    cases = [(lives, *law) for law in LAWS for lives in LIVES]
    told = book.told(["blast_radius"], [written(*case) for case in cases])["blast_radius"]
    for (lives, median, sigma), answer in zip(cases, told, strict=True):
        expected = SHARE * overlap(min(lives, DAY), median, sigma) / DAY
        assert answer["t3"].lo == pytest.approx(expected, rel=NEAR, abs=1e-6)


def test_two_secrets_in_one_log_are_read_at_once(book):
    """The law is one of the log: of two that open the same, the elder is the one that is worth something first."""
    twice = written(NEVER, HOUR, 1.0)
    later = Credential(["write money"], 6 * HOUR, NEVER)
    both = twice.having(
        credentials=[*twice.credentials, later],
        events=[*twice.events, Event("use", 6 * HOUR, credential=1, atom="write money", decision="allow")],
    )
    one, two = book.told(["blast_radius"], [twice, both])["blast_radius"]
    assert one["t3"] == two["t3"]


def test_a_key_from_before_the_run_lies_in_logs_that_were_read(book):
    """It was in use since it was made, whatever its first use in the run; one made in the run was not used before."""
    old, new = (
        written(NEVER, DAY, 1.5).having(credentials=[Credential(["write money"], made, NEVER)], begins=-HOUR)
        for made in (-1000 * DAY, -HOUR)
    )
    before, since = (answer["t3"].lo for answer in book.told(["blast_radius"], [old, new])["blast_radius"])
    assert before == pytest.approx(SHARE, rel=1e-3)
    assert since == pytest.approx(SHARE * overlap(DAY, DAY, 1.5) / DAY, rel=NEAR)


def test_what_is_given_later_opens_from_then_on_to_whoever_has_read_the_log(book):
    """Until then only what was left by another key is worth anything, and from then on what was left first.

    A key is in the log from the start; its holder may change money from six to twelve. Another opens that from three to
    nine.
    """
    told = book.told(["blast_radius"], [given_later(*law) for law in LAWS])["blast_radius"]
    for (median, sigma), answer in zip(LAWS, told, strict=True):
        lasts = overlap(3 * HOUR, median, sigma) + overlap(12 * HOUR, median, sigma) - overlap(6 * HOUR, median, sigma)
        expected = (SHARE * lasts + NOTES * overlap(HOUR, median, sigma)) / DAY
        assert answer["t3"].lo == pytest.approx(expected, rel=NEAR, abs=1e-6)


def given_later(median, sigma):
    """Such a day, where logs are read by this law."""
    second = Credential(["write money"], 3 * HOUR, 9 * HOUR)
    return Ledger(
        seconds=DAY, credentials=[Credential(["write money", "read notes"], 0, NEVER, resolved="looked_up"), second],
        grants=[Grant(["write money"], 6 * HOUR, 12 * HOUR), Grant(["read notes"], 0, HOUR)],
        events=[Event("use", 0, credential=0, atom="read notes", decision="allow"),
                Event("use", 3 * HOUR, credential=1, atom="write money", decision="allow")],
        scenario={"leaks": {"found_median_s": median, "found_sigma": sigma}},
    )  # fmt: skip


def test_a_log_that_may_have_lost_the_first_call_has_it_as_early_as_the_key():
    """At most a key was left when it was made; for certain by the call that is seen, also of what is given later.

    A quarter of a day in, money is given to the holder of a key of which a call is seen after an hour. Whoever finds it
    does so half a day after it was left.
    """
    day = Ledger(
        seconds=DAY, credentials=[Credential(["write money", "read notes"], 0, NEVER, resolved="looked_up")],
        grants=[Grant(["write money"], 6 * HOUR), Grant(["read notes"])],
        events=[Event("use", HOUR, credential=0, atom="read notes", decision="allow")],
        scenario={"leaks": {"found_median_s": 12 * HOUR, "found_sigma": 0}},
    )  # fmt: skip
    with Store.in_memory() as store:
        as_logs(store)
        days = [day.having(settings={"blind": blind}) for blind in ("touch", "every_event")]
        answers = Book(store).told(["blast_radius"], days)["blast_radius"]
    for answer in answers:
        assert answer["t3"][:2] == pytest.approx(((SHARE + NOTES) * 11 / 24, (SHARE + NOTES) * 12 / 24))
