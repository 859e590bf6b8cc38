"""What a fleet is to lose in a year, and how often how much: a slow second computation, compromise by compromise."""

from collections import defaultdict
from dataclasses import replace
from fractions import Fraction

from tests.ledgers import HOUR, UNKNOWN, Event
from tests.property.measures import chance as st
from tests.property.measures.drawn import agent_numbers, in_halves, ledgers
from tests.property.measures.reach import (
    BOUND,
    THREATS,
    by_verifier,
    issuable,
    places,
    share,
    with_the_secret,
    worst,
    worth,
)
from tests.property.measures.spans import holds, validity, verifier_of

# Chances for each hour, issuance or call, all different so that none is taken for another.
HAZARDS = {
    "process_per_hour": 2e-6, "hijack_per_call": 3e-6, "copy_per_call": 5e-6, "copy_per_issue": 7e-6,
    "log_per_hour": 11e-6, "host_per_hour": 13e-6, "host_per_issue": 17e-6, "issuer_per_hour": 19e-6,
}  # fmt: skip
WORDS = {"rest": "at_rest", "issue": "at_issue", "use": "in_use"}
YEAR = 8766 * HOUR
PARTS = ("t1a", "t1b", "t2", "t3", "t5", "t5_bootstrap", "at_rest", "at_issue", "in_use", "all", "all_but_bootstrap")


@st.composite
def called(draw):
    """A ledger crowded with calls by its own credentials, many of which verifiers take for their audience only."""
    drawn, bindings = draw(ledgers()), st.sampled_from(("audience", "audience", "bearer", "key_exportable"))
    held = [replace(c, binding=draw(bindings), enforced=draw(st.booleans())) for c in drawn.credentials]
    results = st.sampled_from(("allow", "allow", "deny"))
    calls = [
        Event("use", draw(in_halves), draw(agent_numbers), credential=n, decision=draw(results),
              atom=draw(st.sampled_from((None, *c.atoms))))
        for n, c in enumerate(held) for _ in range(3)
    ]  # fmt: skip
    return drawn.having(credentials=held, events=[*drawn.events, *calls])


def annual_loss(ledger):
    """The share of the estate that each compromise costs, times how often a year it is to be expected, added up."""
    if any(when is UNKNOWN for *_, when in holds(ledger)):
        return dict.fromkeys(PARTS, UNKNOWN)
    lost = defaultdict(Fraction)
    for threat, cause, percent, times in compromises(ledger):
        for part in (threat, WORDS[cause], "all", *(["all_but_bootstrap"] if threat != "t5_bootstrap" else [])):
            lost[part] += percent * times
    return {part: lost[part] for part in PARTS}


def exceedance(ledger):
    """How often a year a compromise is to be expected that costs as much, or more."""
    least = {"any": 0} | {f"at_least_{percent}": percent for percent in (1, 5, 10, 25, 50)}
    if any(when is UNKNOWN for *_, when in holds(ledger)):
        return dict.fromkeys(least, UNKNOWN)
    found = [(share, times) for *_, share, times in compromises(ledger) if share > 0]
    return {name: sum(times for share, times in found if share >= percent) for name, percent in least.items()}


def tail_radius(ledger):
    """The mean of the worst twentieth of places, instants and verifiers, each alike."""
    if any(when is UNKNOWN for *_, when in holds(ledger)):
        return dict.fromkeys(THREATS, UNKNOWN)
    struck = list(places(ledger))
    found = {threat: worst([share(ledger, threat, *place) for place in struck]) for threat in THREATS}
    found["t1a"] = worst([each for place in struck for each in by_verifier(ledger, *place)])
    found["t5"] = worst([issuable(ledger, now) for now in range(2 * ledger.seconds)])
    return found


def compromises(ledger):
    """(threat, cause, share of the estate, times a year), of each half second, credential and call of the window."""
    hour, often = Fraction(1, 2 * HOUR), _times(ledger)
    for agent, now in places(ledger):
        for threat, hazard in (("t1b", "process"), ("t3", "log"), ("t5_bootstrap", "host")):
            yield threat, "rest", share(ledger, threat, agent, now), often[f"{hazard}_per_hour"] * hour
    for now in range(2 * ledger.seconds):
        yield "t5", "rest", issuable(ledger, now), often["issuer_per_hour"] * hour
    for number, credential in enumerate(ledger.credentials):
        now = int(2 * credential.starts)
        if 0 <= now < 2 * ledger.seconds:
            shown = with_the_secret(ledger, credential.agent, now)
            yield "t5_bootstrap", "issue", worth(ledger, shown), often["host_per_issue"]
            yield "t1a", "issue", worth(ledger, _copied(ledger, number, now)), often["copy_per_issue"]
    for event in [*ledger.events, *(_attempt(ledger, step) for step in ledger.steps)]:
        if (event.kind, event.decision) == ("use", "allow") and 0 <= event.time < ledger.seconds:
            yield from _called(ledger, event, often)


def _called(ledger, event, often):
    """What a call puts at stake: the agent that makes it, and the credential that goes with it."""
    now = int(2 * event.time)
    held = event.credential is not None and event.credential < len(ledger.credentials)
    agent = ledger.credentials[event.credential].agent if held else event.agent
    yield "t2", "use", share(ledger, "t2", agent, now), often["hijack_per_call"]
    if held:
        credential, opened = ledger.credentials[event.credential], _copied(ledger, event.credential, now)
        if credential.enforced and credential.binding == "audience":
            there = event.atom and verifier_of(ledger, event.atom)
            opened = {name for name in opened if verifier_of(ledger, name) == there}
        yield "t1a", "use", worth(ledger, opened), often["copy_per_call"]


def _copied(ledger, number, now):
    """What a credential opens now for whoever has it without its key."""
    credential = ledger.credentials[number]
    if credential.enforced and credential.binding in BOUND:
        return set()
    return {name for name in credential.atoms if now in validity(credential, name, ledger)}


def _attempt(ledger, step):
    """An attacker's call is a call like any other."""
    decision = "allow" if step.allowed else "deny"
    return Event("use", step.time, ledger.incidents[step.incident].agent, atom=step.atom, decision=decision)


def _times(ledger):
    """How often a year what happens once in the window does, times its hazard."""
    return {name: Fraction(chance).limit_denominator(10**9) * YEAR / ledger.seconds for name, chance in HAZARDS.items()}
