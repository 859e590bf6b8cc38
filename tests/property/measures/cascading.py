"""What becomes of credentials cut from one that is ended before its time: a slow second computation."""

from dataclasses import replace
from fractions import Fraction
from math import inf

from tests.ledgers import HOUR, NEVER, TWO_JEWELS, UNKNOWN, Credential, Event, Ledger
from tests.property.measures import chance as st
from tests.property.measures.drawn import atom_sets
from tests.property.measures.identities import last_accepted

MINUTE = 60
AFTER = (0, 1, 5, 60)
# In minutes, so close that things meet, and late enough for some to be in the last hour.
times = st.one_of(st.integers(-9, 20), st.integers(115, 125)).map(lambda n: n * MINUTE)


@st.composite
def chained(draw):
    """A ledger of three hours in which credentials are cut from others, and some are ended before their time."""
    made = [replace(draw(_lives()), cut_from=draw(st.sampled_from((None, *range(n), *range(n))))) for n in range(6)]
    ended = [
        Event("revoke", time, issued=draw(st.integers(0, 5)), ready=draw(st.sampled_from((None, time - 2 * MINUTE))))
        for time in draw(st.lists(times, max_size=4))
    ]
    return Ledger(seconds=3 * HOUR, agents=1, catalogue=TWO_JEWELS, credentials=made, events=ended)


@st.composite
def _lives(draw):
    starts = draw(st.integers(-12, 9)) * MINUTE
    ends = st.one_of(st.integers(0, 40).map(lambda n: starts + n * MINUTE), st.sampled_from((NEVER, NEVER, UNKNOWN)))
    refused = st.dictionaries(st.sampled_from(("near", "far")), times, max_size=2)
    return Credential(draw(atom_sets), starts, draw(ends), refused=draw(refused))


def cascade(ledger):
    """How many credentials were below one that was ended, and which share no verifier accepts so long after."""
    followed = [(since, *_until(ledger, c)) for c in ledger.credentials if (since := _since(ledger, c)) is not UNKNOWN]
    there = [(since, least, most) for since, least, most in followed if most >= since]
    found = {"cut": (sum(least >= since for since, least, _ in there), len(there))}
    for minutes in AFTER:
        outcomes = [_outcomes(*each, minutes * MINUTE) for each in there]
        found[f"ended_{minutes}_min"] = (_share(outcomes, min), _share(outcomes, max))
    return found


def _since(ledger, credential):
    """When the first end of something above it was begun, if that was after its issue and can be followed."""
    above, ends = credential.cut_from, []
    while above is not None:
        own = [e for e in ledger.events if e.kind == "revoke" and e.issued == above]
        begun = min((e.time if e.ready is UNKNOWN else e.ready for e in own), default=-inf)
        ends += [begun] if begun > credential.starts else []
        above = ledger.credentials[above].cut_from
    since = min(ends, default=-inf)
    return since if 0 <= since < ledger.seconds - 60 * MINUTE else UNKNOWN


def _until(ledger, credential):
    """Until when some verifier accepts a credential in the window, at least and at most."""
    if credential.ends is UNKNOWN:
        verifiers = {atom.verifier for atom in ledger.catalogue if atom.name in credential.atoms}
        over = all(credential.refused.get(verifier, NEVER) <= 0 for verifier in verifiers)
        return -inf, -inf if over else inf
    until = max(last_accepted(credential, name, ledger) for name in credential.atoms)
    return (until, until) if until > max(credential.starts, 0) else (-inf, -inf)


def _outcomes(since, least, most, after):
    """What may have become of one: None where it was over before, else whether it is over by then."""
    found = {None} if least < since else set()
    return found | ({True} if least <= since + after else set()) | ({False} if most > since + after else set())


def _share(outcomes, extreme):
    """The least or greatest percentage of those that count, over everything that may have become of each."""
    shares, counts = [], {(0, 0)}
    for each in outcomes:
        counts = {(gone + (o is True), of + (o is not None)) for gone, of in counts for o in each}
    shares = [Fraction(100 * gone, of) for gone, of in counts if of]
    return extreme(shares, default=UNKNOWN)
