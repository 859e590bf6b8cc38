"""How old static keys are beside the rule, and what old and new ones let do together: a slow second computation."""

from dataclasses import replace
from fractions import Fraction

from tests.ledgers import DAY, HOUR, NEVER, UNKNOWN, Credential
from tests.property.measures import chance as st
from tests.property.measures.drawn import WINDOW, ledgers
from tests.property.measures.identities import days_at_work
from tests.property.measures.spans import halves, validity, weight_of

KINDS = ("static_key", "access_key")


@st.composite
def rotated(draw):
    """A ledger with keys of three ages about the period, or new, many of which open the same."""
    some = st.sampled_from((("read notes", "write money"), ("write money",), ("permissions money", "write money")))
    born = st.one_of(st.integers(-90 * DAY - 3, -90 * DAY + WINDOW + 3), st.integers(-4, WINDOW + 2))
    ends = st.sampled_from((NEVER, NEVER, NEVER, WINDOW - 2))
    refused = st.dictionaries(st.sampled_from(("near", "far")), st.integers(-2, WINDOW + 2), max_size=2)
    kinds = st.sampled_from((*KINDS, "static_key", "session_token"))
    keys = st.builds(Credential, some, born, ends, st.sampled_from((0, 0, 1)), refused, kind=kinds)
    days = draw(st.sampled_from((90, 90, 90.0001, "never")))
    made = draw(st.lists(keys, min_size=3, max_size=6))
    made[0] = draw(st.sampled_from((made[0], made[0], replace(made[0], ends=UNKNOWN, refused={}))))
    opened = [c.atoms for c in made]
    made = [replace(c, like=first if (first := opened.index(c.atoms)) < n else None) for n, c in enumerate(made)]
    return draw(ledgers()).having(credentials=made, settings={"governance": {"rotation_days": days}})


def rotation(ledger):
    """The share of keys older than the rule, at the end and on average, and the weight of old beside new."""
    keys, days = [c for c in ledger.credentials if c.kind in KINDS], ledger.settings["governance"]["rotation_days"]
    open_ended = any(c.ends is UNKNOWN and c.starts < ledger.seconds for c in keys)
    found = {"overlap": _overlap(ledger, keys), "overdue_at_end": UNKNOWN, "overdue_mean": UNKNOWN}
    if days == "never" or open_ended:
        return found
    period, known = Fraction(str(days)) * DAY, [c for c in keys if c.ends is not UNKNOWN]
    spans = [(c.starts, min(c.ends, max(c.refused.values(), default=NEVER))) for c in known]
    stock = [(starts, end) for starts, end in spans if starts < ledger.seconds <= end]
    late = [starts for starts, _ in stock if starts + period < ledger.seconds]
    whole = sum(_within(starts, end, ledger) for starts, end in spans)
    old = sum(_within(starts + period, end, ledger) for starts, end in spans)
    return found | {
        "overdue_at_end": Fraction(100 * len(late), len(stock)) if stock else UNKNOWN,
        "overdue_mean": 100 * old / whole if whole else UNKNOWN,
    }


def _within(starts, end, ledger):
    """Seconds of a span in the window."""
    return max(Fraction(0), Fraction(min(end, ledger.seconds)) - max(Fraction(starts), 0))


def _overlap(ledger, keys):
    """What two keys of one holder that open the same, and were not made together, let do while both are accepted."""
    weighted = 0
    for agent, atoms in {(c.agent, frozenset(c.atoms)) for c in keys}:
        alike = [c for c in keys if (c.agent, frozenset(c.atoms)) == (agent, atoms)]
        for name in atoms:
            both = [_both(old, new, name, ledger) for old in alike for new in alike if old.starts < new.starts]
            if UNKNOWN in both:
                return UNKNOWN
            weighted += weight_of(name, ledger) * len(set().union(*both))
    return Fraction(weighted) / 2 / HOUR / days_at_work(ledger)


def _both(old, new, name, ledger):
    """The half seconds in which both are accepted; unknown where one end is, unless it is over or not there before."""
    spans = [validity(each, name, ledger) for each in (old, new)]
    if UNKNOWN not in spans:
        return spans[0] & spans[1]
    live = [halves(each.starts, NEVER, ledger) for each in (old, new)]
    known = next((span for span in spans if span is not UNKNOWN), None)
    return UNKNOWN if all(live) and (known is None or known) else set()
