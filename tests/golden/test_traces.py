"""Runs worked out with a pencil from the meaning of the model; never written by the program."""

import tomllib
from collections import Counter
from difflib import unified_diff
from pathlib import Path

import pytest

from sim.audit.ids import PrincipalKind, Unit, is_minted
from sim.audit.rows import FOREVER, UNKNOWN, Asked, CredentialKind, Decision, Kind, Reason
from sim.control.platform import terms_on
from sim.reference.run import simulate
from sim.scenario import LEVELS
from tests.worlds import SECOND, START, Do, Past, Strike, Work, control, platform, world

TRACES = sorted((Path(__file__).parent / "traces").glob("*.toml"))
UNITS = {Unit.STANDING: "key", Unit.SESSION: "session", Unit.TASK: "token", Unit.ACTION: "pass"}


@pytest.mark.parametrize("path", TRACES, ids=lambda path: path.stem)
def test_a_run_is_what_a_pencil_makes_it(path):
    """A tiny world runs event by event as its trace was worked out by hand."""
    trace = tomllib.loads(path.read_text("utf-8"))
    asked = control(trace.get("control"))
    on = {name: platform(name, limits) for name, limits in trace.get("platforms", {}).items()}
    told = Told(simulate(_world(trace), asked, terms_on(asked, on)))
    difference = _difference(trace["events"], told.events())
    if "covered" in trace:
        difference += _difference(trace["covered"], told.covered())
    if "needs" in trace:
        difference += _difference(trace["needs"], told.needs())
    assert not difference, "\n" + "\n".join(difference)


def test_a_wrong_trace_is_seen():
    """An event that comes a microsecond late is a difference, and so is one that is missing."""
    assert _difference("1 use 0/0:0\n2 use 0/0:1", ["1 use 0/0:0", "2.000001 use 0/0:1"])
    assert _difference("1 use 0/0:0\n2 use 0/0:1", ["1 use 0/0:0"])


class Told:
    """Facts in the words of a trace: a task is agent.root.node, :n its action, #n the n-th credential of its unit.

    A mint is a credential that an attacker had the issuer make.
    """

    def __init__(self, facts):
        """Number each unit's credentials in the order of their issue."""
        self.facts = facts
        self.names = {UNKNOWN: None}
        seen = Counter()
        for credential in facts.credentials:
            unit = f"mint {credential.id >> 44 & 0x1FFFF}" if is_minted(credential.id) else _unit(credential.id)
            self.names[credential.id] = f"{unit}#{seen[unit]}"
            seen[unit] += 1
        self.parents = {edge.child: self.names[edge.parent] for edge in facts.edges}

    def events(self):
        """A line an event, by time and then agent by agent."""
        return [self._event(event) for event in sorted(self.facts.events, key=lambda e: (e.time, e.id))]

    def needs(self):
        """A line a need, in the order in which they were settled."""
        return [
            f"{_action(n.action)} asked {_time(n.requested)}, {_time(n.starts)} to {_time(n.ends)}, "
            + ("met" if n.met else "unmet")
            for n in sorted(self.facts.needs, key=lambda n: (n.requested, n.action))
        ]

    def _event(self, event):
        kind = Kind(event.kind)
        details = {
            Kind.ISSUE: self._issue, Kind.RENEW: self._issue, Kind.REVOKE: self._revoke, Kind.USE: self._use,
            Kind.DECIDE: self._decide, Kind.DECIDE_APPROVAL: self._approval, Kind.TASK_END: self._end,
            Kind.REQUEST_APPROVAL: _asked, Kind.ESCALATE: _asked, Kind.REVIEW: _governed, Kind.CHANGE_OWNER: _governed,
            Kind.SPAWN: lambda e: [f"by {_task(e.parent_task)}", e.decision == Decision.DENY and "not allowed"],
        }  # fmt: skip
        said = ", ".join(part for part in details.get(kind, lambda _: [])(event) if part)
        return f"{_time(event.time)} {kind.name.lower()} {self._subject(event)} {said}".strip()

    def _subject(self, event):
        if event.issued != UNKNOWN:
            return self.names[event.issued]
        if event.action != UNKNOWN:
            return _action(event.action)
        return f"agent {event.id >> 40}" if event.task == UNKNOWN else _task(event.task)

    def _issue(self, event):
        atoms = ", ".join(_atom(atom) for atom in sorted(self.facts.scope_sets[event.scope_set]))
        replaced, parent = self.names[event.credential], self.parents.get(event.issued)
        return [
            f"until {_time(event.expires)}: {atoms}",
            replaced and f"for {replaced}",
            parent and f"cut from {parent}",
            event.credential_kind == CredentialKind.BREAK_GLASS and f"emergency by {_who(event.principal)}",
            _took(event),
        ]

    def _revoke(self, event):
        return [f"at {('near', 'far')[event.verifier]}", Reason(event.reason).name.lower()]

    def _use(self, event):
        presented = f"with {self.names[event.credential] or 'nothing'}"
        if event.decision == Decision.DENY and event.atom == UNKNOWN:
            return [presented, *_answer(event)]
        if event.atom == UNKNOWN:
            return [presented, f"takes {_seconds(event.duration)}", event.args != UNKNOWN and "with other arguments"]
        return [presented, _atom(event.atom), *_answer(event)]

    def _decide(self, event):
        why = {Reason.OUTAGE: "outage", Reason.INCIDENT: "incident"}.get(event.reason)
        return [Decision(event.decision).name.lower(), event.cached == 1 and "from memory", why, _took(event)]

    def _approval(self, event):
        if event.reason == Reason.TIMEOUT:
            return _answer(event)
        return [f"{Decision(event.decision).name.lower()} by {_who(event.principal)}"]

    def covered(self):
        """A line an action that an earlier approval let through."""
        return [f"{_action(c.action)} by that of {_action(c.approval >> 6)}" for c in self.facts.covered]

    def _end(self, event):
        return [Reason(event.reason).name.lower()]


def _world(trace):
    works = [_work(table) for table in trace["work"]]
    strikes = [Strike(**table) for table in trace.get("strike", ())]
    past = Past(**trace["past"]) if "past" in trace else None
    return world(works, trace.get("scenario"), strikes=strikes, past=past)


def _work(table):
    actions = [Do(**action) for action in table["actions"]]
    children = [_work(child) for child in table.get("children", ())]
    return Work(**{**table, "actions": actions, "children": children})


def _difference(expected, actual):
    lines = [" ".join(line.split()) for line in expected.strip().splitlines()]
    return list(unified_diff(lines, actual, "worked out", "simulated", lineterm=""))


def _time(time):
    return "never" if time == FOREVER else _seconds(time - START)


def _seconds(micros):
    return f"{micros / SECOND:.6f}".rstrip("0").rstrip(".")


def _took(event):
    return event.duration not in {0, UNKNOWN} and f"took {_seconds(event.duration)}"


def _answer(event):
    reason = "" if event.reason == UNKNOWN else Reason(event.reason).name.lower()
    return [Decision(event.decision).name.lower(), reason]


def _who(principal):
    """A team, an approver of the desk, or a person of a seat."""
    if principal == UNKNOWN:
        return "nobody"
    kind, number = principal >> 40, principal & ((1 << 40) - 1)
    seat = number - (1 << 21)
    if kind == PrincipalKind.TEAM:
        return f"team {number}"
    assert kind == PrincipalKind.HUMAN
    return f"person {seat >> 10}.{seat & 1023}" if seat >= 0 else f"approver {number}"


def _asked(event):
    """Through whom, where that is not the desk, and whom in particular."""
    if event.asked in {Asked.DESK, Asked.TICKET}:
        return ["by ticket"] if event.asked == Asked.TICKET else []
    return [f"of {Asked(event.asked).name.lower()} {_who(event.target)}"]


def _governed(event):
    """By whom, and about one that was there before."""
    about = event.target & ((1 << 40) - 1) if event.issued == UNKNOWN else 0
    before = f" before {about >> 17}" if about >> 17 else ""
    return [f"{Decision(event.decision).name.lower()}{before} by {_who(event.principal)}"]


def _atom(number):
    return f"{LEVELS[number % 5]} {('notes', 'money')[number // 5]}"


def _task(number):
    agent, root, node = number >> 29, number >> 9 & 0xFFFFF, number & 0x1FF
    return f"{agent}/{root}" + (f"/{node}" if node else "")


def _action(number):
    return f"{_task(number >> 11)}:{number & 0x7FF}"


def _unit(credential):
    """What a credential is issued for: its tag, then an agent, a task or an action, then the renewal."""
    unit, path = Unit(credential >> 61), credential & ((1 << 61) - 1)
    shown = {Unit.TASK: lambda: _task(path >> 15), Unit.ACTION: lambda: _action(path >> 4)}
    return f"{UNITS[unit]} {shown.get(unit, lambda: path >> 44)()}"
