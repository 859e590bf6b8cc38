"""How long access outlives an agent, a policy, the instant of a theft: slow second computations."""

from dataclasses import replace
from fractions import Fraction

from tests.ledgers import DAY, NEVER, Event, Grant, Incident, Life, Step
from tests.property.measures import chance as st
from tests.property.measures.drawn import NAMES, WINDOW, atom_sets, credentials, in_halves, ledgers, looked_up, whole
from tests.property.measures.identities import abandoned, last_accepted
from tests.property.measures.reach import STRUCK, if_any_struck, made_by_an_attacker
from tests.property.measures.renewing import renewing
from tests.property.measures.spans import validity
from tests.property.measures.surviving import MEAN, survival


@st.composite
def left(draw):
    """A ledger of agents most of which were abandoned, long ago, lately or in the window, with what they had."""
    ends = st.sampled_from((-400 * DAY, -300 * DAY, -5, -3, 1, 4, WINDOW - 1, NEVER))
    lives = [Life(agent, -500 * DAY, draw(ends)) for agent in range(1, 7)]
    agent = st.integers(0, 6)
    held = [replace(each, agent=draw(agent)) for each in draw(st.lists(credentials(), min_size=6, max_size=12))]
    spans = st.sampled_from(((-20, -5), (-5, 4), (-9, 7), (-NEVER, WINDOW + 2), (-NEVER, NEVER)))
    grants = [Grant(draw(atom_sets), *draw(spans), draw(agent)) for _ in range(draw(st.integers(2, 5)))]
    drawn = draw(ledgers()).having(agents=7, lives=lives, credentials=held, grants=grants)
    return drawn.having(begins=draw(st.sampled_from((-NEVER, -NEVER, -4))))


def revoke_on_offboarding(ledger):
    """Of agents that were abandoned in the last year and the run, until the last of all that they had has ended."""
    times = []
    for life in abandoned(ledger):
        if life.ends < max(ledger.seconds - 365 * DAY, ledger.begins):
            continue
        ends = [grant.ends for grant in ledger.grants if grant.agent == life.agent]
        ends += [
            last_accepted(each, name, ledger)
            for each in ledger.credentials if each.agent == life.agent
            for name in each.atoms if last_accepted(each, name, ledger) > each.starts
        ]  # fmt: skip
        times += [_after(life.ends, max(ends), ledger)] if ends else []
    return survival(times, MEAN)


def _after(since, until, ledger):
    """How long something lasts as far as the window shows, whether that shows its end, and when that is."""
    last = max(Fraction(since), Fraction(min(until, ledger.seconds)))
    return last - Fraction(since), until < ledger.seconds, last


@st.composite
def overtaken(draw):
    """A ledger of policies that change and credentials that are renewed, of which an agent may be abandoned."""
    return draw(renewing()).having(lives=[Life(1, -DAY, draw(st.sampled_from((0, 3, WINDOW - 1, NEVER))))])


def revoke_on_policy_change(ledger):
    """Of what was accepted as a policy changed, until the last of what rests on no younger decision has ended."""
    first = min((policy.starts for policy in ledger.policies), default=0)
    changes = {p.starts for p in ledger.policies if 0 <= p.starts < ledger.seconds and p.starts > first}
    ends = {number: _ended(each, ledger) for number, each in enumerate(ledger.credentials)}
    times = []
    for change in changes:
        gone = {life.agent for life in abandoned(ledger) if life.ends <= change}
        for number, each in enumerate(ledger.credentials):
            if each.starts < change and _opens(each, change, ledger) and each.agent not in gone:
                carried = [ends[n] for n in _carried_on(number, change, ledger) if ends.get(n) is not None]
                times.append(_after(change, max(carried), ledger))
    return survival(times, MEAN)


def _opens(credential, time, ledger):
    """Whether some verifier accepts a credential at an instant of the window."""
    return any(2 * time in (validity(credential, name, ledger) or ()) for name in credential.atoms)


def _ended(credential, ledger):
    """When the last verifier that accepts a credential in the window does so no longer; None where none does."""
    valid = [when for name in credential.atoms if (when := validity(credential, name, ledger))]
    return Fraction(max(map(max, valid)) + 1, 2) if valid else None


def _carried_on(number, change, ledger):
    """A credential and what it was renewed to, over and over, with no yes since a change."""
    found, waiting = set(), [number]
    while waiting:
        found.add(here := waiting.pop())
        waiting += [
            e.issued for e in ledger.events
            if (e.kind, e.credential) == ("renew", here) and e.issued not in {None, *found} and e.time >= change
            and not any(
                (d.kind, d.decision, d.credential) == ("decide", "allow", here) and change <= d.time <= e.time
                for d in ledger.events
            )
        ]  # fmt: skip
    return found


@st.composite
def compromised(draw):
    """A ledger of incidents of every threat, in which attackers get through with this and that."""
    drawn = draw(st.one_of(ledgers(), looked_up()))
    threats, agents = st.sampled_from(STRUCK), st.integers(0, 1)
    struck = draw(st.lists(st.builds(Incident, whole, threats, agents), min_size=4, max_size=9))
    steps = st.builds(
        Step, st.integers(0, len(struck) - 1), in_halves, st.sampled_from(NAMES), st.booleans(),
        credential=st.sampled_from((None, *range(len(drawn.credentials)))),
    )  # fmt: skip
    numbers = st.integers(0, len(drawn.credentials) - 1)
    made = [Event(draw(st.sampled_from(("issue", "use"))), 0, issued=draw(numbers), attacker=draw(st.booleans()))]
    lives = [Life(1, -DAY, draw(st.sampled_from((WINDOW - 1, NEVER))))]
    tried = draw(st.lists(steps, max_size=5))
    return drawn.having(incidents=struck, steps=tried, events=[*drawn.events, *made], lives=lives)


def revoke_on_compromise(ledger):
    """Of incidents in the window that took something, threat by threat, until all of it has ended."""
    found = {}
    for threat in STRUCK:
        struck = [
            (number, each)
            for number, each in enumerate(ledger.incidents)
            if each.threat == threat and 0 <= each.time < ledger.seconds
        ]
        taken = [_taken(number, each, ledger) for number, each in struck]
        robbed = [(each.time, own) for (_, each), own in zip(struck, taken, strict=True) if own]
        ends = [[e for n in own if (e := _ended(ledger.credentials[n], ledger))] for _, own in robbed]
        times = [_after(time, max([time, *own]), ledger) for (time, _), own in zip(robbed, ends, strict=True)]
        told = {**survival(times, MEAN), "took": len(robbed), "incidents": len(struck)}
        found |= {f"{threat} {stat}": value for stat, value in if_any_struck(told).items()}
    return found


def _taken(number, incident, ledger):
    """The credentials that were taken, by number."""
    presented = {s.credential for s in ledger.steps if s.incident == number and s.allowed and s.credential is not None}
    return presented | {n for n, each in enumerate(ledger.credentials) if _lay_there(n, each, incident, ledger)}


def _lay_there(number, credential, incident, ledger):
    """Whether a credential was accepted somewhere as an attacker came upon it."""
    opens = credential.agent == incident.agent and _opens(credential, incident.time, ledger)
    if not opens or made_by_an_attacker(number, ledger):
        return False
    if incident.threat == "t3":
        return any(leak.credential == number and leak.found <= incident.time for leak in ledger.leaks)
    if incident.threat == "t4":
        running = _running(incident, ledger)
        return bool(running) and (credential.task is None or _root(credential.task, ledger) in running)
    return incident.threat != "t5"


def _running(incident, ledger):
    """The trees of which an agent has something under way."""
    return {
        _root(task.id, ledger)
        for task in ledger.tasks
        if task.agent == incident.agent and task.started is not None and task.started <= incident.time
        and (task.ended is None or task.ended > incident.time)
    }  # fmt: skip


def _root(number, ledger):
    """The root of a task's tree; of one that nobody knows, itself."""
    parent = next((task.parent for task in ledger.tasks if task.id == number), None)
    return number if parent is None else _root(parent, ledger)
