"""What is granted and not used: a slow second computation, permission by permission."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

from tests.ledgers import UNKNOWN, Event
from tests.property.measures import chance as st
from tests.property.measures.drawn import AGENTS, NAMES, in_halves
from tests.property.measures.losing import called
from tests.property.measures.spans import validity
from tests.property.measures.vague import at_least, at_most

SORTS = {"static_key": "static", "access_key": "static", "unknown": "unknown"}
KINDS = (*SORTS, "session_token", "task_token")


@st.composite
def granted(draw):
    """A ledger of keys and tokens, some asked for by services, and of calls, a few of which do not say enough."""
    drawn, kinds = draw(called()), st.sampled_from(KINDS)
    held = [replace(each, kind=draw(kinds)) for each in drawn.credentials]
    handed = [
        Event("assume", draw(in_halves), issued=n, through=draw(st.sampled_from((None, "a service"))))
        for n in range(len(held))
        if draw(st.booleans())
    ]
    told = draw(st.booleans())
    unseen = draw(st.sampled_from(((), (), NAMES[:1], NAMES[2:4])))
    catalogue = [replace(atom, by_choice=atom.name in unseen) for atom in drawn.catalogue]
    kept = [e for e in drawn.events if e.kind != "use" or e.agent is None or e.agent < AGENTS]
    calls = [e for e in kept if e.kind != "use" or not told or None not in (e.credential, e.atom)]
    return drawn.having(catalogue=catalogue, credentials=held, events=[*calls, *handed], steps=[])


def unused_permissions(ledger):
    """Permissions that no call used over all there are; of those that may be there, each as makes it least, or most."""
    kinds = {n: SORTS.get(each.kind, "other") for n, each in enumerate(ledger.credentials)}
    uses = [e for e in ledger.events if e.kind == "use" and e.decision != "deny" and 0 <= e.time < ledger.seconds]
    used = {(e.credential, e.atom) for e in uses if e.decision == "allow"}
    unseen = {atom.name for atom in ledger.catalogue if atom.by_choice}
    may_be_used = {(e.credential, e.atom) for e in uses} | {(n, name) for n in kinds for name in unseen}
    untold = sum(None in (e.credential, e.atom) for e in uses)
    lent = {e.issued for e in ledger.events if e.kind in {"issue", "renew", "assume"} and e.through is not None}
    most = _granted(at_most(ledger))
    least = _granted(at_least(ledger)) | (most & used)
    groups = {"all": ("static", "other", "unknown"), "static_keys": ("static",), "others": ("other",)}
    found = {}
    for name, of in groups.items():
        certain, possible = ({p for p in each if p[0] not in lent and kinds[p[0]] in of} for each in (least, most))
        either = {p for p in most if p[0] not in lent and kinds[p[0]] == "unknown"} if name != "all" else set()
        found[name] = _unused(certain, possible, (used, may_be_used - used), untold, either)
    lent_to_services = [{p for p in each if p[0] in lent} for each in (least, most)]
    elsewhere = [{p for p in each if p[0] not in lent} for each in (least, most)]
    found["lent_to_services"] = (
        _part(len(lent_to_services[0]), len(elsewhere[1]), len(lent_to_services[1])),
        _other_part(len(elsewhere[0]), len(lent_to_services[1]), len(elsewhere[1])),
    )
    return found


def _granted(ledger):
    """Which credential is accepted for which atom at any time of the window."""
    return {
        (n, name) for n, each in enumerate(ledger.credentials) for name in each.atoms if validity(each, name, ledger)
    }


def _unused(certain, possible, of_calls, untold, either):
    """The least and the most of the share, over every number of permissions that may be there besides, or be of it.

    What was tried, with an outcome that nobody knows, is used if it was let in, and what the log keeps by choice may be
    used unseen: any number of those permissions.
    """
    shares, (used, tried) = [], of_calls
    more = (possible - certain) | (either - certain)
    surely, beside = len(certain & tried), len(more & tried)
    for idle, hit, let_in, be_used in product(
        range(len(more - used - tried) + 1), range(len(more & used) + 1), range(surely + 1), range(beside + 1)
    ):
        for be_idle in range(beside - be_used + 1):
            whole = len(certain) + idle + hit + be_used + be_idle
            unused = len(certain - used) - let_in + idle + be_idle
            shares += [Fraction(100 * max(unused - missed, 0), whole) for missed in (0, untold) if whole]
    return (min(shares), max(shares)) if shares and (certain or not either) else (UNKNOWN, UNKNOWN)


def _part(some, others, may):
    if some + others:
        return Fraction(100 * some, some + others)
    return Fraction(100) if may else UNKNOWN


def _other_part(some, others, may):
    part = _part(some, others, may)
    return part if part is UNKNOWN else 100 - part
