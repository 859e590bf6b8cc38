"""Whether somebody could have been reached when something privileged was done: a slow second computation."""

from fractions import Fraction
from math import inf

from tests.ledgers import DAY, HOUR, MONDAY, UNKNOWN
from tests.property.measures.doubts import in_every_way
from tests.property.measures.spans import JEWELS, quantiles

CHAINS = {"owner": {"owner", "second"}, "on_call": {"on_call"}, "either": {"owner", "second", "on_call"}}


@in_every_way
def human_reach(ledger):
    """The share of privileged uses with a way to a human, and the median time until one is there."""
    jewels = {atom.name for atom in ledger.catalogue if atom.tier == 3 and atom.level in JEWELS}
    made = [e for e in ledger.events if e.kind == "use" and e.decision == "allow" and e.atom in jewels]
    moments = [(e.agent, _moment(e, ledger)) for e in made if 0 <= e.time < ledger.seconds]
    found = {}
    for chain, words in CHAINS.items():
        told = [_reached(ledger, agent, moment, words) for agent, moment in moments]
        valid, unknown = sum(each[0] for each in told), sum(each[1] and not each[0] for each in told)
        soonest, latest = ([Fraction(each[n]) / 60 for each in told if each[n] != inf] for n in (2, 3))
        later = [inf] * (len(told) - len(latest))
        middle = quantiles(latest + later)["p50"] if told else UNKNOWN
        found[f"{chain} valid_percent"] = (
            (Fraction(100 * valid, len(told)), Fraction(100 * (valid + unknown), len(told))) if told else UNKNOWN
        )
        found[f"{chain} reached_p50_minutes"] = (
            (quantiles(soonest)["p50"], UNKNOWN if middle == inf else middle) if told else UNKNOWN
        )
    return found


def _moment(use, ledger):
    """When a use is asked about: as of when an approval of its own was first taken up, or as of the use."""
    yes = [e for e in ledger.events if e.kind == "decide_approval" and e.reason == "approver"]
    own = [e for e in yes if None not in {use.approval, use.action}]
    own = [e for e in own if (e.approval, e.action) == (use.approval, use.action)]
    return min((Fraction(e.time) - Fraction(e.takes or 0) for e in own), default=Fraction(use.time))


def _reached(ledger, agent, moment, words):
    """Whether there is a way, whether nobody knows, and the least and the greatest time until somebody is there."""
    paths = [r for r in ledger.reaches if r.asked in words and r.agent in {None, agent}]
    known = [r for r in paths if r.starts is not UNKNOWN]
    unknown = len(known) < len(paths)
    valid = any(r.starts <= moment < r.ends for r in known)
    first = min((_there(ledger, r, moment) for r in known), default=inf)
    so_far = 0 if unknown else ledger.seconds - moment
    time = first - moment if first < ledger.seconds else inf
    return valid, unknown, min(time, so_far), time


def _there(ledger, reach, moment):
    """When somebody is there from a moment on: at any hour who is on call, others in working hours."""
    if reach.starts >= reach.ends:
        return inf
    if reach.asked == "on_call":
        return max(moment, reach.starts) if reach.ends > moment else inf
    desk, day = ledger.scenario["approvers"], (MONDAY + moment) // DAY
    for midnight in (n * DAY - MONDAY for n in range(int(day), int(day) + 9)):
        opens, closes = midnight + desk["opens"] * HOUR, midnight + desk["closes"] * HOUR
        starts, ends = max(opens, reach.starts, moment), min(closes, reach.ends)
        works = desk["weekends"] or ((MONDAY + midnight) // DAY + 3) % 7 < 5
        if works and starts < ends:
            return starts
    return inf
