"""Ledgers of which not everything is known: when a credential begins and ends, under which condition it holds what.

Of such a ledger a measure says what it is at least and what it is at most. Both are what the definitions say of a
ledger of which everything is known: one with the least of each credential and grant, one with the most.
"""

from dataclasses import replace
from fractions import Fraction

from tests.ledgers import NEVER, UNKNOWN, Credential, Ledger
from tests.property.measures import chance as st
from tests.property.measures.drawn import NAMES

_LOST = ({}, {}, {"starts": UNKNOWN}, {"ends": UNKNOWN})


@st.composite
def vague(draw, drawn_from, *, conditions=True):
    """A ledger whose credentials begin later and end earlier, or neither, by up to two seconds, and hold less."""
    ledger = draw(drawn_from)
    several = st.sampled_from((0, 0, 1, 2))
    held = [
        each if UNKNOWN in (each.starts, each.ends) else replace(each, vague=draw(several))
        for each in ledger.credentials
    ]
    atoms = [(n, name) for n, each in enumerate(held) if each.like is None for name in each.atoms]
    some = st.sets(st.sampled_from(atoms), max_size=2) if atoms and conditions else st.just(())
    beside = [(n, name) for n, each in enumerate(held) if each.like is None for name in NAMES]
    few = st.sets(st.sampled_from(beside), max_size=2) if beside and conditions else st.just(())
    grants = [replace(each, **draw(st.sampled_from(_LOST))) for each in ledger.grants]
    return ledger.having(
        credentials=held, grants=grants, conditional=sorted(draw(some)), denied=sorted(draw(some)),
        doubted=sorted(draw(few)),
    )  # fmt: skip


def at_least(ledger: Ledger) -> Ledger:
    """What is certain: nothing under a condition, nothing that may be denied, no grant of unknown times."""
    taken = (*ledger.denied, *ledger.conditional, *ledger.doubted)
    held = [_without(n, each.at_least(), taken) for n, each in enumerate(ledger.credentials)]
    known = [replace(g, starts=0, ends=0) if UNKNOWN in (g.starts, g.ends) else g for g in ledger.grants]
    return ledger.having(credentials=held, grants=known, conditional=(), denied=(), doubted=())


def at_most(ledger: Ledger) -> Ledger:
    """What is possible."""
    held = [_without(n, each.at_most(), ledger.denied) for n, each in enumerate(ledger.credentials)]
    return ledger.having(
        credentials=held, grants=list(map(_ever, ledger.grants)), conditional=(), denied=(), doubted=()
    )


def lives(ledger: Ledger):
    """For each credential and atom a ledger of each life that it may have, on the grid of half seconds."""
    for n, each in enumerate(ledger.credentials):
        later = [Fraction(half, 2) for half in range(int(2 * each.vague) + 1)]
        for name in each.at_most().atoms:
            if (n, name) not in ledger.denied:
                ends = [replace(each, atoms=(name,), like=None, vague=by).at_least() for by in later]
                each_life = [replace(life, starts=each.starts + by) for life in ends for by in later]
                surely = (n, name) not in (*ledger.conditional, *ledger.doubted)
                yield surely, [_known(ledger, life) for life in each_life]


def _known(ledger: Ledger, *credentials: Credential) -> Ledger:
    """The same with these credentials, of which all is known."""
    return ledger.having(credentials=credentials, conditional=(), denied=(), doubted=())


def _ever(grant):
    starts, ends = -NEVER if grant.starts is UNKNOWN else grant.starts, NEVER if grant.ends is UNKNOWN else grant.ends
    return replace(grant, starts=starts, ends=ends)


def _without(number: int, credential: Credential, taken) -> Credential:
    return replace(credential, atoms=tuple(name for name in credential.atoms if (number, name) not in taken))
