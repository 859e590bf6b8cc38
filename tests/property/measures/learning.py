"""What agents are permitted and do not need, and need and are refused: a slow second computation, try by try."""

from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, product

from tests.ledgers import UNKNOWN, Event
from tests.property.measures import chance as st
from tests.property.measures.drawn import NAMES, WINDOW, agent_numbers, governed, in_halves
from tests.property.measures.identities import abandoned
from tests.property.measures.spans import holds, mintable
from tests.property.measures.vague import at_least, at_most

# What nobody is known to be, as often as a call may be of that.
NOBODY = -1


@st.composite
def learning(draw):
    """A ledger of which some agents did the same before and after, and some are not there any more."""
    drawn = draw(governed())
    again = [replace(n, starts=n.starts + 6, ends=n.ends + 6, asked=None, met=draw(st.booleans())) for n in drawn.needs]
    return drawn.having(needs=[*drawn.needs, *again[: draw(st.integers(0, 6))]])


@st.composite
def doubtful(draw):
    """The same with a few calls that do not say whose they were or what they touched, or whether they were let in."""
    drawn, names = draw(learning()), st.sampled_from(NAMES)
    tried = [
        Event("use", draw(in_halves), draw(agent_numbers), atom=draw(names)) for _ in range(draw(st.integers(0, 3)))
    ]
    lacking = st.sampled_from(({"agent": None, "atom": NAMES[0]}, {"atom": None}))
    untold = [
        Event("use", draw(in_halves), decision=draw(outcomes), **draw(lacking)) for _ in range(draw(st.integers(0, 2)))
    ]
    kept = [e for e in drawn.events if e.kind != "use"]
    return drawn.having(events=[*kept, *tried, *untold])


outcomes = st.sampled_from(("allow", "allow", None, "deny"))


def least_privilege(ledger):
    """Of the second half of the window, by what is permitted in it and by what the first would have taught."""
    held, had = _permitted(ledger), _calls(ledger)
    later = [n for n in ledger.needs if WINDOW / 2 <= n.starts < WINDOW and n.agent not in _gone(ledger)]
    refused = Fraction(100 * sum(not n.met for n in later), len(later)) if later else UNKNOWN
    return {
        "granted over_privilege": over(held["granted"], had),
        "obtainable over_privilege": over(held["obtainable"], had),
        "granted under_privilege": refused,
        "learnt over_privilege": over(had.taught, had),
        "learnt under_privilege": under(had),
    }


def bounds_of(ledger):
    """The least and the most of each part, over all that may have been called and may have been permitted."""
    early, late = (list(_tries(ledger, part)) for part in ((0, WINDOW / 2), (WINDOW / 2, WINDOW)))
    known, found = _calls(ledger), {}
    least, most = (_permitted(each(ledger)) for each in (at_least, at_most))
    for part in ("granted", "obtainable"):
        sure = least[part] | known.let_in
        may = [sure | set(some) for some in _subsets(most[part] - sure)]
        # What was let in was permitted.
        found[f"{part} over_privilege"] = [
            over(held | _tried(ledger).intersection(more), known.having(late=more)) for more in late for held in may
        ]
    taught = [known.taught | set(each) for each in early]
    found["learnt over_privilege"] = [over(each, known.having(late=more)) for more in late for each in taught]
    found["learnt under_privilege"] = [
        under(replace(known.having(late=more), taught=each)) for more in late for each in taught
    ]
    values = {part: [each for each in told if each is not UNKNOWN] for part, told in found.items()}
    bounds = {part: (min(each), max(each)) if each else (UNKNOWN, UNKNOWN) for part, each in values.items()}
    return bounds | {"granted under_privilege": (UNKNOWN, UNKNOWN)}


@dataclass(frozen=True)
class Calls:
    """What was used in the first half; how often each permission was asked for in the second, and what was let in."""

    taught: set
    asked: Counter
    let_in: set

    def having(self, late):
        """The same with more that was asked for."""
        return replace(self, asked=self.asked + Counter(late))


def over(permitted, had):
    """The percent of what is permitted that nothing asked for; what was let in is permitted."""
    return Fraction(100 * len(permitted - set(had.asked)), len(permitted)) if permitted else UNKNOWN


def under(had):
    """The percent of requests that nothing before had taught."""
    whole = sum(had.asked.values())
    missed = sum(times for pair, times in had.asked.items() if pair not in had.taught)
    return Fraction(100 * missed, whole) if whole else UNKNOWN


def _calls(ledger):
    own = [n for n in ledger.needs if n.agent not in _gone(ledger)]
    early = [n for n in own if 0 <= n.starts < WINDOW / 2]
    late = [n for n in own if WINDOW / 2 <= n.starts < WINDOW]
    return Calls(
        {(n.agent, n.atom) for n in early if n.met},
        Counter((n.agent, n.atom) for n in late),
        {(n.agent, n.atom) for n in late if n.met},
    )


def _permitted(ledger):
    """(agent, atom) of what is held at any time of the second half, or could be had; and of what was let in then."""
    held, let_in = [each for each in holds(ledger) if each[0] not in _gone(ledger)], _calls(ledger).let_in
    reach = {"granted": held, "obtainable": held + [m for m in mintable(ledger) if m[0] not in _gone(ledger)]}
    return {
        part: let_in | {(agent, name) for agent, name, when in each if when and max(when) >= WINDOW}
        for part, each in reach.items()
    }


def _gone(ledger):
    return {life.agent for life in abandoned(ledger)}


def _tried(ledger):
    """What calls asked for of which nobody knows whether they were let in."""
    return {(e.agent, e.atom) for e in ledger.events if e.kind == "use" and e.decision is None}


def _tries(ledger, part):
    """All that calls which leave something open may have asked for in a part, each one thing or nothing."""
    made = [e for e in ledger.events if e.kind == "use" and e.decision != "deny" and part[0] <= e.time < part[1]]
    tried = [e for e in made if None not in (e.agent, e.atom) and e.decision is None]
    own = [((e.agent, e.atom), None) for e in tried if e.agent not in _gone(ledger)]
    untold = [e for e in made if None in (e.agent, e.atom)]
    agents = set(range(ledger.agents)) - _gone(ledger)
    any_pair = (None, *product(agents, NAMES), *((NOBODY, n) for n in range(len(untold))))
    for chosen in product(*own, *(any_pair for _ in untold)):
        yield [each for each in chosen if each is not None]


def _subsets(whole):
    return [some for size in range(len(whole) + 1) for some in combinations(sorted(whole), size)]
