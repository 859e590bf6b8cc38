"""Renewals that asked nobody, and what they carried on: a slow second computation."""

from dataclasses import replace
from fractions import Fraction

from tests.ledgers import NEVER, UNKNOWN, Event, Grant, Policy
from tests.property.measures import chance as st
from tests.property.measures.debt import asked_about
from tests.property.measures.doubts import settled
from tests.property.measures.drawn import NAMES, WINDOW, agent_numbers, in_halves, ledgers, whole
from tests.property.measures.spans import hours_a_day, validity, weight_of


@st.composite
def renewing(draw):
    """A ledger in which credentials come from each other, decisions are taken, and assignments and policies change."""
    drawn = draw(ledgers())
    held = [replace(each, ends=draw(st.sampled_from((each.ends, WINDOW, NEVER)))) for each in drawn.credentials]
    last = len(held) - 1
    chained = draw(st.lists(st.tuples(st.integers(0, last), st.integers(0, last), in_halves), max_size=5))
    renewed = [Event("renew", time, credential=min(pair), issued=max(pair)) for *pair, time in chained]
    answer = st.sampled_from(("allow", "allow", "deny"))
    asked = draw(st.lists(st.builds(_answered, st.integers(0, last), whole, answer), max_size=3))
    spans = st.sampled_from(((-NEVER, NEVER), (-3, 4), (4, NEVER), (-NEVER, 6)))
    names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True)
    grants = [Grant(draw(names), *draw(spans), draw(agent_numbers)) for _ in range(draw(st.integers(0, 3)))]
    changes = [Policy(8, draw(in_halves)), Policy(9, draw(in_halves))]
    return drawn.having(
        credentials=held,
        events=[*settled(drawn.events), *renewed, *asked],
        grants=grants,
        policies=[Policy(7), *changes],
    )


def _answered(number, time, decision):
    return Event("decide", time, credential=number, decision=decision)


def renewal(ledger):
    """Shares of renewals, and permission-hours under a policy that is younger than the last decision."""
    renewals = [e for e in ledger.events if e.kind == "renew" and None not in (e.issued, e.credential)]
    inside = [e for e in renewals if 0 <= e.time < ledger.seconds]
    silent = [e for e in inside if not asked_about(e, ledger)]
    told = [each for number in {e.issued for e in silent} if (each := _outdated(number, silent, ledger)) is not None]
    return {
        "silent_percent": Fraction(100 * len(silent), len(inside)) if inside else UNKNOWN,
        "outdated_percent": Fraction(100 * sum(told), len(told)) if told else UNKNOWN,
        "carried": _carried(renewals, ledger),
    }


def _outdated(number, silent, ledger):
    """Whether no assignment says some atom at any of a credential's renewals; None where nobody knows of any."""
    if number >= len(ledger.credentials):
        return None
    credential = ledger.credentials[number]
    own = [grant for grant in ledger.grants if grant.agent == credential.agent]
    times = [e.time for e in silent if e.issued == number]
    said = {name for g in own for name in g.atoms if any(g.starts <= time < g.ends for time in times)}
    return bool(set(credential.atoms) - said) if own and credential.atoms else None


def _carried(renewals, ledger):
    """None where something was renewed silently that leads back to nothing in the record."""
    rests = _decided_since(renewals, ledger)
    silently = {e.issued for e in renewals if not asked_about(e, ledger)} & set(range(len(ledger.credentials)))
    if silently - {number for number, _ in rests}:
        return UNKNOWN
    total = 0
    for number in silently:
        changes = [p.starts for p in ledger.policies for n, when in rests if n == number and p.starts > when]
        for name in ledger.credentials[number].atoms if changes else ():
            later = [half for half in validity(ledger.credentials[number], name, ledger) if half >= 2 * min(changes)]
            total += weight_of(name, ledger) * len(later)
    return hours_a_day(total, ledger)


def _decided_since(renewals, ledger):
    """(credential, when it was last decided what it may do), along each way that it can be traced back."""
    new = {e.issued for e in renewals if e.issued != e.credential}
    rests = {(number, c.starts) for number, c in enumerate(ledger.credentials) if number not in new}
    while True:
        more = {
            (e.issued, e.time if asked_about(e, ledger) else when)
            for e in renewals for number, when in rests if number == e.credential
        }  # fmt: skip
        if more <= rests:
            return rests
        rests |= more
