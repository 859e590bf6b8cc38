"""Tiny stores written by hand, without a simulator: who held what until when, what was needed, what was decided.

Times are seconds from the start of the measured window. `NEVER` ends nothing, `UNKNOWN` is not known. Agents are
numbered from 0, credentials by their place in the ledger. An atom is written as its level and its group, "write money".
"""

import json
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import repeat
from math import inf, isnan
from typing import Any, NamedTuple

import numpy as np

from analysis.measures.examination import Examination, examine
from analysis.measures.measure import Measure, find
from sim.audit.rows import FOREVER
from sim.audit.rows import UNKNOWN as NULL
from sim.audit.store import Evidence, Store

NEVER = inf
UNKNOWN = None
MONDAY = 1_767_571_200  # 2026-01-05T00:00:00Z, seconds since 1970
HOUR = 3600
DAY = 24 * HOUR

Seconds = float | None


@dataclass(frozen=True)
class Atom:
    """One entry of the catalogue; the weight is that of a permission-hour, in wph; on which platform may be unknown.

    `by_choice`: of its calls not all need be in the log.
    """

    level: str
    group: str
    verifier: str
    tier: int
    resources: int
    weight: float
    platform: str | None = None
    by_choice: bool = False

    @property
    def name(self) -> str:
        """Level and group."""
        return f"{self.level} {self.group}"


# Two groups, one verifier each; one crown jewel, "write money". The estate is worth 10 x 2 + 5 x 8 = 60.
CATALOGUE = (
    Atom("read", "notes", "near", tier=1, resources=10, weight=1),
    Atom("write", "notes", "near", tier=1, resources=10, weight=2),
    Atom("read", "money", "far", tier=3, resources=5, weight=3),
    Atom("write", "money", "far", tier=3, resources=5, weight=8),
)
# A second jewel. It weighs as much as the first, so that levels of one weight are there too.
TWO_JEWELS = (*CATALOGUE, Atom("permissions", "money", "far", tier=3, resources=5, weight=8))


@dataclass(frozen=True)
class Credential:
    """A credential; `refused` says from when single verifiers no longer accept it. Atoms may be UNKNOWN.

    `handed`: a person issued it. `cut_from`: the number of the one that it came from. `like`: of one whose scope
    set it shares, with the same atoms. `vague`: by how much each of its ends may lie further in.
    """

    atoms: Sequence[str] | None
    starts: Seconds = 0
    ends: Seconds = NEVER
    agent: int | None = 0
    refused: Mapping[str, float] = field(default_factory=dict)
    task: int | None = None
    kind: str = "session_token"
    handed: bool = False
    binding: str = "bearer"
    enforced: bool | None = False
    resolved: str = "baked"
    cut_from: int | None = None
    like: int | None = None
    vague: float = 0

    def at_least(self) -> "Credential":
        """What is certain of it."""
        if not self.vague:
            return self
        refused = {verifier: time - self.vague for verifier, time in self.refused.items()}
        return replace(self, starts=self.starts + self.vague, ends=self.ends - self.vague, refused=refused, vague=0)

    def at_most(self) -> "Credential":
        """What is possible of it."""
        return replace(self, vague=0)


@dataclass(frozen=True)
class Need:
    """An action that needed an atom, asked for when it started unless said otherwise."""

    atom: str
    starts: float
    ends: float
    agent: int = 0
    task: int = 0
    asked: Seconds = None
    met: bool = True


@dataclass(frozen=True)
class Reach:
    """When an entry leads to somebody, for an agent or (None) for all; UNKNOWN: nobody knows whether it does."""

    asked: str = "owner"
    agent: int | None = 0
    starts: Seconds = -NEVER
    ends: Seconds = NEVER


@dataclass(frozen=True)
class Trust:
    """What the issuer would grant to an agent, and what stands in between; chance of a permit in thousandths.

    `by_owner`: whoever owns the agent may take it in an emergency, and not the issuer.
    `retried`: that of one in all tries, where it is another.
    """

    atoms: Sequence[str]
    starts: float = -NEVER
    ends: float = NEVER
    agent: int = 0
    gate: str = "rule"
    permit: int = 1000
    bootstrap: str | None = "none"
    by_owner: bool = False
    retried: int | None = None


@dataclass(frozen=True)
class Task:
    """A task that ended, is open, or (not started) still waits."""

    id: int
    started: Seconds = None
    ended: Seconds = None
    outcome: str = "open"
    agent: int = 0
    parent: int | None = None
    arrived: Seconds = None
    intent: str | None = None


@dataclass(frozen=True)
class Action:
    """An intended action, seconds of thought and of work."""

    task: int
    think: float = 0
    takes: float = 0
    atom: str = "read notes"
    reason: str = "planned"


@dataclass(frozen=True)
class Decision:
    """An approval that was asked for, which the log shows too; `began` UNKNOWN: nobody ever looked at it.

    `decided` and `result` UNKNOWN: somebody still looks at it when the window ends. Without an action it is
    for one of its own. `first`: through whom it was asked before it went on.
    """

    asked: float
    decided: Seconds
    began: Seconds = UNKNOWN
    result: str | None = "allow"
    kind: str = "human"
    task: int | None = None
    through: str | None = None
    inspected: bool | None = None
    action: int | None = None
    first: str | None = None


@dataclass(frozen=True)
class Demand:
    """What the work of a root task asks of people in all, and through whom."""

    task: int
    approvals: int = 1
    through: str = "desk"


@dataclass(frozen=True)
class Event:
    """An audit event; `target`: the agent it is about; `ready`: when an agent was; `through`: a service.

    `precise`: how many seconds its clock can tell apart, a millionth where nothing is said.
    `attacker`: who caused it, whoever is seen to act.
    """

    kind: str
    time: float
    agent: int | None = 0
    target: int | None = None
    credential: int | None = None
    issued: int | None = None
    task: int | None = None
    action: int | None = None
    atom: str | None = None
    decision: str | None = None
    takes: Seconds = None
    approval: int | None = None
    args: int | None = None
    policy: int | None = None
    cached: bool | None = None
    reason: str | None = None
    attacker: bool = False
    tool: str | None = None
    resource: int | None = None
    ready: Seconds = None
    asked: str | None = None
    through: str | None = None
    session: int | None = None
    precise: Seconds = None
    error: str | None = None


@dataclass(frozen=True)
class Policy:
    """A policy, by number, and since when it is in force."""

    id: int
    starts: float = -NEVER


@dataclass(frozen=True)
class Owner:
    """Somebody who answers for an agent, from-to; a person, or a team, of which somebody knows it or nobody does."""

    agent: int = 0
    starts: Seconds = -NEVER
    ends: Seconds = NEVER
    role: str = "owner"
    team: int | None = None
    knows: bool = True


@dataclass(frozen=True)
class Member:
    """Somebody in a team, from-to."""

    team: int = 0
    starts: Seconds = -NEVER
    ends: Seconds = NEVER


@dataclass(frozen=True)
class Grant:
    """What an agent was given to use or to assume, from-to."""

    atoms: Sequence[str]
    starts: Seconds = -NEVER
    ends: Seconds = NEVER
    agent: int = 0


@dataclass(frozen=True)
class Life:
    """When an agent was at work, if not always."""

    agent: int
    starts: Seconds = -NEVER
    ends: Seconds = NEVER


@dataclass(frozen=True)
class Incident:
    """A compromise of an agent, noticed and contained then, or not in the window."""

    time: float
    threat: str = "t1b"
    agent: int = 0
    detected: Seconds = None
    contained: Seconds = None


@dataclass(frozen=True)
class Step:
    """What an attacker tried at a time: the use that it was, of an atom, and what was presented."""

    incident: int
    time: float
    atom: str
    allowed: bool = True
    reason: str | None = None
    credential: int | None = None


@dataclass(frozen=True)
class Leak:
    """A copy that a call left behind, and from when on it can be found."""

    credential: int
    time: float
    found: float


@dataclass(frozen=True)
class Possessor:
    """That somebody who is no agent has a credential besides its holder, from-to."""

    credential: int
    starts: Seconds = -NEVER
    ends: Seconds = NEVER


@dataclass(frozen=True)
class Platform:
    """What a platform gives: a life in seconds, of what is cut from another at most, and issues a second."""

    name: str
    shortest: float
    longest: float
    longest_cut: float
    per_second: float | None = UNKNOWN


@dataclass(frozen=True)
class Ledger:
    """All that one run left behind; the window is [0, seconds).

    `denied`, `conditional`: (credential, atom) of its scope set that are denied, or allowed under a condition;
    `doubted`: denied under one. `joint`: agents that are accounts several work as.
    """

    seconds: float = HOUR
    agents: int = 1
    catalogue: Sequence[Atom] = CATALOGUE
    credentials: Sequence[Credential] = ()
    needs: Sequence[Need] = ()
    trusts: Sequence[Trust] = ()
    tasks: Sequence[Task] = ()
    actions: Sequence[Action] = ()
    decisions: Sequence[Decision] = ()
    events: Sequence[Event] = ()
    owners: Sequence[Owner] = ()
    policies: Sequence[Policy] = ()
    platforms: Sequence[Platform] = ()
    incidents: Sequence[Incident] = ()
    steps: Sequence[Step] = ()
    leaks: Sequence[Leak] = ()
    possessors: Sequence[Possessor] = ()
    members: Sequence[Member] = ()
    grants: Sequence[Grant] = ()
    lives: Sequence[Life] = ()
    shadows: Sequence[int] = ()
    demands: Sequence[Demand] = ()
    reaches: Sequence[Reach] = ()
    denied: Sequence[tuple[int, str]] = ()
    conditional: Sequence[tuple[int, str]] = ()
    doubted: Sequence[tuple[int, str]] = ()
    joint: Sequence[int] = ()
    scenario: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    kind: str = "simulated"
    profile: str = "full"
    control: str | None = None
    replicate: int | None = None
    begins: float = -NEVER

    def __repr__(self) -> str:
        """Only what is there; a catalogue is too long to read."""
        parts = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "catalogue"}
        return f"Ledger({', '.join(f'{name}={value!r}' for name, value in parts.items() if value)})"

    def _repr_pretty_(self, printer, _cycle) -> None:
        """The same where hypothesis shows an example."""
        printer.text(repr(self))

    def having(self, **changed: object) -> "Ledger":
        """The same ledger with some of it replaced."""
        return replace(self, **changed)


@dataclass(frozen=True)
class Writing:
    """How a ledger is written down: when its window starts, how things are numbered, in which order rows come."""

    epoch: float = MONDAY
    number: Callable[[int], int] = int
    shuffled: int | None = None


class Answer(NamedTuple):
    """What a measure says about one part; None where it says nothing."""

    lo: float | None
    hi: float | None
    unknowns: int


def store_of(*ledgers: Ledger, writing: Writing | None = None) -> Store:
    """A store in memory in which each ledger is a run, numbered from 1."""
    store = Store.in_memory()
    write(store, ledgers, 1, writing or Writing())
    return store


def write(store: Store, ledgers: Sequence[Ledger], first: int, writing: Writing) -> list[int]:
    """Add ledgers to a store as the runs `first`, `first + 1`, ...; returns these keys."""
    runs = list(range(first, first + len(ledgers)))
    tables: dict[str, list[dict[str, object]]] = {}
    for run, ledger in zip(runs, ledgers, strict=True):
        for table, row in _Scribe(run, ledger, writing).rows():
            tables.setdefault(table, []).append(row)
    for table, rows in tables.items():
        if writing.shuffled is not None:
            random.Random(writing.shuffled).shuffle(rows)  # noqa: S311 - no secret depends on it
        # With every column, because the store takes its time over each that is not given.
        names = store.connection.table(f"fact.{table}").columns
        store.insert(table, {name: _column(name, [row.get(name) for row in rows]) for name in names})
    return runs


def answers(examination: Examination, name: str, **given: float) -> dict[int, dict[str, Answer]]:
    """What a measure says of each run that is looked at, part by part."""
    return said_by(examination, find(name), **given)


def said_by(examination: Examination, measure: Measure, **given: float) -> dict[int, dict[str, Answer]]:
    """The same of one that is no file."""
    words = [column for column in measure.grain if column != "run"]
    found: dict[int, dict[str, Answer]] = {}
    # Column by column: to make a mapping of each row takes longer than to measure many runs.
    result = examination.measure(measure, **given)
    runs, *bounds = (result[name].tolist() for name in ("run", "lo", "hi", "unknowns"))
    named = zip(*(result[word].tolist() for word in words), strict=True) if words else repeat((), len(runs))
    for run, words_of_row, lo, hi, unknowns in zip(runs, named, *bounds, strict=True):
        part = " ".join(map(str, words_of_row))
        assert part not in found.setdefault(run, {}), f"{measure.name}: {part} of run {run} twice"
        found[run][part] = Answer(_known(lo), _known(hi), unknowns)
    return found


class Book:
    """One store that takes in ledger after ledger, each as the next run: making one takes longer than measuring."""

    def __init__(self, store: Store) -> None:
        """Begin with an empty store."""
        self.store, self.free = store, 1

    def told(self, asked: Iterable[str], ledgers: Sequence[Ledger], writing: Writing | None = None, **given: float):
        """What each measure says of each of these ledgers, in order; parameters are given to those that have them."""
        return self.said(asked, self.written(ledgers, writing or Writing()), **given)

    def said(self, asked: Iterable[str], runs: Sequence[int], evidence: Evidence = "truth", **given: float):
        """What each measure says of each of these runs, in order; parameters are given to those that have them."""
        with examine(self.store, evidence, runs) as examination:
            return {name: _in_order(answers(examination, name, **_taken(name, given)), runs) for name in asked}

    def written(self, ledgers: Sequence[Ledger], writing: Writing) -> list[int]:
        """Take in ledgers; returns the runs that they are."""
        runs = write(self.store, ledgers, self.free, writing)
        self.free += len(runs)
        return runs

    def one(self, name: str, ledger: Ledger, **given: float) -> dict[str, Answer]:
        """What one measure says of one ledger."""
        return self.told([name], [ledger], **given)[name][0]


def _taken(name: str, given: Mapping[str, float]) -> dict[str, float]:
    return {parameter: value for parameter, value in given.items() if parameter in find(name).parameters}


def _in_order(found: Mapping[int, dict[str, Answer]], runs: Sequence[int]) -> list[dict[str, Answer]]:
    return [found[run] for run in runs]


def _known(value: float | None) -> float | None:
    return None if value is None or isnan(value) else float(value)


@dataclass(frozen=True)
class _Scribe:
    """One ledger as rows of the store's tables."""

    run: int
    ledger: Ledger
    writing: Writing

    def rows(self) -> Iterable[tuple[str, dict[str, object]]]:
        """Every row with its table."""
        for table, made in self._tables().items():
            keyed = "workload" if table in _OF_WORKLOAD else "run"
            for row in made:
                yield table, row if table in {"run", "workload"} else {keyed: self.run, **row}

    def _tables(self) -> dict[str, Iterable[dict[str, object]]]:
        ledger = self.ledger
        return {
            "workload": [self._workload()],
            "run": [self._run()],
            "principal": [
                {"id": self._id(90), "kind": "human", "name": "owner"},
                *map(self._agent, range(ledger.agents)),
                *self._teams(),
            ],
            "catalogue": [self._catalogue(n, atom) for n, atom in enumerate(ledger.catalogue)],
            "weight": [self._weight(n, atom) for n, atom in enumerate(ledger.catalogue)],
            "membership": [self._member(member) for member in ledger.members],
            "assignment": [self._grant(n, grant) for n, grant in enumerate(ledger.grants)],
            "reach": [self._reach(each) for each in ledger.reaches],
            "shadow": [{"principal": self._id(agent)} for agent in ledger.shadows],
            "ownership": [self._ownership(owner) for owner in ledger.owners],
            "credential": [self._credential(n, c) for n, c in enumerate(ledger.credentials)],
            "acceptance": [row for n, c in enumerate(ledger.credentials) for row in self._acceptances(n, c)],
            "credential_edge": [
                {"child": self._id(n), "parent": self._id(c.cut_from), "kind": "chained", "cascade": "none"}
                for n, c in enumerate(ledger.credentials)
                if c.cut_from is not None
            ],
            "credential_party": list(map(self._party, self.ledger.possessors)),
            "trust": [self._trust(n, trust) for n, trust in enumerate(ledger.trusts)],
            "scope_set_atom": self._scope_sets(),
            "need": [self._need(n, need) for n, need in enumerate(ledger.needs)],
            "task": [self._task(task) for task in ledger.tasks],
            "task_outcome": [self._outcome(task) for task in ledger.tasks if task.started is not None],
            "action": [self._action(n, action) for n, action in enumerate(ledger.actions)],
            "policy": [self._policy(policy) for policy in ledger.policies],
            "platform": [_platform(each) for each in ledger.platforms],
            "approval": [self._decision(n, decision) for n, decision in enumerate(ledger.decisions)],
            "event": [self._event(n, event) for n, event in enumerate(self._events())],
            "true_actor": [
                {"event": self._id(n), "actor": "attacker"} for n, event in enumerate(ledger.events) if event.attacker
            ],
            "incident": [self._incident(n, each) for n, each in enumerate(ledger.incidents)],
            "incident_step": [self._step(n, each) for n, each in enumerate(ledger.steps)],
            "leak": [self._leak(n, each) for n, each in enumerate(ledger.leaks)],
            "demand": [
                {"task": self._id(d.task), "asked": d.through, "approvals": d.approvals} for d in ledger.demands
            ],
        }

    def _events(self) -> Iterable[Event]:
        """Events as given, then requests for approval, then what attackers tried."""
        tried = (
            Event("use", each.time, self.ledger.incidents[each.incident].agent, atom=each.atom,
                  credential=each.credential, decision="allow" if each.allowed else "deny", reason=each.reason)
            for each in self.ledger.steps
        )  # fmt: skip
        return (*self.ledger.events, *self._requests(), *tried)

    def _incident(self, number: int, incident: Incident) -> dict[str, object]:
        times = {"time": incident.time, "detected": incident.detected, "contained": incident.contained}
        about = {"id": self._id(number), "threat": incident.threat, "technique": "AML.T0012", "credentials": 1}
        where = {"place": self._id(incident.agent), "agent": self._id(incident.agent)}
        return {**about, **where, **{name: self._at(time) for name, time in times.items()}}

    def _step(self, number: int, step: Step) -> dict[str, object]:
        event = len(self.ledger.events) + len(self.ledger.decisions) + number
        about = {"incident": self._id(step.incident), "step": number, "event": self._id(event)}
        return {**about, "atom": self._atom(step.atom), "allowed": step.allowed}

    def _leak(self, number: int, leak: Leak) -> dict[str, object]:
        about = {
            "action": self._id(number),
            "credential": self._id(leak.credential),
            "place": self._id(0),
            "verifier": 0,
        }
        return {**about, "time": self._at(leak.time), "found": self._at(leak.found)}

    def _agent(self, number: int) -> dict[str, object]:
        life = next((life for life in self.ledger.lives if life.agent == number), None)
        span = {} if life is None else {"active_from": self._at(life.starts), "active_to": self._at(life.ends)}
        kind = "shared_account" if number in self.ledger.joint else "agent"
        return {"id": self._id(number), "kind": kind, "name": f"agent {self._id(number)}", **span}

    def _party(self, possessor: Possessor) -> dict[str, object]:
        span = {"valid_from": self._at(possessor.starts), "valid_to": self._at(possessor.ends)}
        who = {"principal": self._id(90), "role": "possessor"}
        return {"credential": self._id(possessor.credential), **who, **span}

    def _teams(self) -> Iterable[dict[str, object]]:
        teams = sorted({owner.team for owner in self.ledger.owners if owner.team is not None})
        return ({"id": self._id(95 + team), "kind": "team", "name": f"team {team}"} for team in teams)

    def _requests(self) -> Iterable[Event]:
        return (
            Event(
                "request_approval",
                each.asked,
                task=each.task,
                asked=each.first or each.through,
                action=_action(n, each),
            )
            for n, each in enumerate(self.ledger.decisions)
        )

    def _workload(self) -> dict[str, object]:
        size = {"agents": self.ledger.agents, "tasks": len(self.ledger.tasks), "actions": len(self.ledger.actions)}
        settings = json.dumps(self.ledger.scenario or SCENARIO)
        return {"key": self.run, "id": f"workload {self.run}", "kind": "synthetic", "settings": settings, **size}

    def _run(self) -> dict[str, object]:
        window = {"begins": self._at(self.ledger.begins), "t0": self._at(0), "t1": self._at(self.ledger.seconds)}
        made = {"kind": self.ledger.kind, "profile": self.ledger.profile, "version": "1", "completed": self._at(0)}
        under = {"control": self.ledger.control, "replicate": self.ledger.replicate}
        settings = json.dumps({"title": self.ledger.control, **self.ledger.settings})
        return {
            "key": self.run,
            "id": f"run {self.run}",
            "workload": self.run,
            "settings": settings,
            **window,
            **made,
            **under,
        }

    def _catalogue(self, number: int, atom: Atom) -> dict[str, object]:
        verifier = {"verifier": self._verifier(atom.verifier), "verifier_name": atom.verifier}
        group = {"resource_group": atom.group, "system": atom.verifier, "resources": atom.resources}
        return {
            "atom": self._id(number),
            "level": atom.level,
            "tier": atom.tier,
            **group,
            **verifier,
            "platform": atom.platform,
            "by_choice": atom.by_choice,
        }

    def _weight(self, number: int, atom: Atom) -> dict[str, object]:
        weight = round(atom.weight * 1_000_000)
        return {"atom": self._id(number), "sensitivity": weight // 1000, "privilege": 1000, "weight": weight}

    def _ownership(self, owner: Owner) -> dict[str, object]:
        span = {"valid_from": self._at(owner.starts), "valid_to": self._at(owner.ends)}
        who = self._id(90 if owner.team is None else 95 + owner.team)
        return {"owned": self._id(owner.agent), "owner": who, "role": owner.role, "acknowledged": owner.knows, **span}

    def _member(self, member: Member) -> dict[str, object]:
        span = {"valid_from": self._at(member.starts), "valid_to": self._at(member.ends)}
        return {"member": self._id(90), "container": self._id(95 + member.team), **span}

    def _grant(self, number: int, grant: Grant) -> dict[str, object]:
        place = len(self.ledger.credentials) + len(self.ledger.trusts) + number
        span = {"valid_from": self._at(grant.starts), "valid_to": self._at(grant.ends)}
        return {"principal": self._id(grant.agent), "scope_set": self._scope(place), "state": "active", **span}

    def _credential(self, number: int, credential: Credential) -> dict[str, object]:
        sure = credential.at_least()
        scope = number if credential.like is None else credential.like
        return {
            "id": self._id(number), "kind": credential.kind, "holder": self._maybe(credential.agent),
            "issuer": self._id(90) if credential.handed else None,
            "task": self._maybe(credential.task),
            "scope_set": None if credential.atoms is None else self._scope(scope),
            "resolved": credential.resolved, "binding": credential.binding, "enforced": credential.enforced,
            "basis": "simulated",
            "from_lo": self._at(credential.starts), "from_hi": self._at(sure.starts),
            "to_lo": self._at(sure.ends), "to_hi": self._at(credential.ends),
        }  # fmt: skip

    def _acceptances(self, number: int, credential: Credential) -> Iterable[dict[str, object]]:
        for verifier, time in credential.refused.items():
            about = {"credential": self._id(number), "verifier": self._verifier(verifier), "reason": "task_end"}
            yield {**about, "until_lo": self._at(time - credential.vague), "until_hi": self._at(time)}

    def _reach(self, reach: Reach) -> dict[str, object]:
        span = {"valid_from": self._at(reach.starts), "valid_to": self._at(reach.ends)}
        return {"principal": self._maybe(reach.agent), "asked": reach.asked, **span}

    def _trust(self, number: int, trust: Trust) -> dict[str, object]:
        span = {"valid_from": self._at(trust.starts), "valid_to": self._at(trust.ends)}
        retried = trust.permit if trust.retried is None else trust.retried
        gate = {
            "gate": trust.gate, "permit_under_attack": trust.permit, "bootstrap": trust.bootstrap, "tries": 40,
            "permit_in_tries": retried,
        }  # fmt: skip
        return {
            "principal": self._id(trust.agent), "issuer": self._id(90 if trust.by_owner else 91),
            "scope_set": self._scope(len(self.ledger.credentials) + number), **gate, **span,
        }  # fmt: skip

    def _scope_sets(self) -> Iterable[dict[str, object]]:
        known, denied, conditional = self.ledger.credentials, self.ledger.denied, self.ledger.conditional
        for number, holding in enumerate((*known, *self.ledger.trusts, *self.ledger.grants)):
            for name in () if getattr(holding, "like", None) is not None else holding.atoms or ():
                atom = {"scope_set": self._scope(number), "atom": self._atom(name)}
                yield {**atom, "effect": "allow", "conditional": (number, name) in conditional}
        for refused, under in ((denied, False), (self.ledger.doubted, True)):
            for number, name in refused:
                about = {"scope_set": self._scope(number), "atom": self._atom(name)}
                yield {**about, "effect": "deny", "conditional": under}

    def _need(self, number: int, need: Need) -> dict[str, object]:
        asked = need.starts if need.asked is None else need.asked
        about = {"principal": self._id(need.agent), "atom": self._atom(need.atom), "met": need.met}
        times = {"requested": self._at(asked), "starts": self._at(need.starts), "ends": self._at(need.ends)}
        return {"action": self._id(number), "task": self._id(need.task), **about, **times}

    def _task(self, task: Task) -> dict[str, object]:
        tree = {"root": self._id(self._root(task)), "parent": self._maybe(task.parent)}
        return {
            "id": self._id(task.id),
            "agent": self._id(task.agent),
            "arrival": self._at(task.arrived),
            "intent": task.intent,
            **tree,
        }

    def _root(self, task: Task) -> int:
        parents = {each.id: each.parent for each in self.ledger.tasks}
        root = task.id
        while parents.get(root) is not None:
            root = parents[root]
        return root

    def _outcome(self, task: Task) -> dict[str, object]:
        times = {"started": self._at(task.started), "ended": self._at(task.ended)}
        tree = {"agent": self._id(task.agent), "parent": self._maybe(task.parent)}
        return {"task": self._id(task.id), "outcome": task.outcome, **tree, **times}

    def _action(self, number: int, action: Action) -> dict[str, object]:
        spans = {"think": round(action.think * 1e6), "duration": round(action.takes * 1e6)}
        words = {"tool": action.atom, "reason": action.reason, "args": 0}
        return {
            "id": self._id(number), "task": self._id(action.task), "atom": self._atom(action.atom), **spans, **words,
        }  # fmt: skip

    def _decision(self, number: int, decision: Decision) -> dict[str, object]:
        times = {"requested": decision.asked, "began": decision.began, "decided": decision.decided}
        about = {"id": self._id(number), "kind": decision.kind, "result": decision.result, "asked": decision.through}
        about |= {"inspected": decision.inspected, "action": self._id(_action(number, decision))}
        return {**about, **{name: self._at(time) for name, time in times.items()}}

    def _event(self, number: int, event: Event) -> dict[str, object]:
        return {
            "id": self._id(number), "time": self._at(event.time), "kind": event.kind,
            "resolution": 1 if event.precise is None else round(event.precise * 1e6),
            "session": event.session, "error": event.error, "meaning": "start", "principal": self._maybe(event.agent),
            "credential": self._maybe(event.credential),
            "issued": self._maybe(event.issued), "task": self._maybe(event.task), "action": self._maybe(event.action),
            "atom": self._touched(event), "decision": event.decision,
            "duration": None if event.takes is None else round(event.takes * 1e6), "policy": event.policy,
            "cached": event.cached, "approval": self._maybe(event.approval), "args": event.args,
            "reason": event.reason, "operation": event.tool, "resource": self._maybe(event.resource),
            "asked": event.asked, "requested": self._at(event.ready), "invoked_by": event.through,
            "target": self._maybe(event.agent if event.reason == "incident" else event.target),
        }  # fmt: skip

    def _touched(self, event: Event) -> int | None:
        """What an event touches, or else its action does."""
        action = None if event.action is None else dict(enumerate(self.ledger.actions)).get(event.action)
        atom = action.atom if event.atom is None and action else event.atom
        return None if atom is None else self._atom(atom)

    def _policy(self, policy: Policy) -> dict[str, object]:
        return {"id": policy.id, "hash": str(policy.id), "name": "p", "text": "", "valid_from": self._at(policy.starts)}

    def _id(self, number: int) -> int:
        return self.writing.number(number)

    def _maybe(self, number: int | None) -> int | None:
        return None if number is None else self._id(number)

    def _scope(self, number: int) -> int:
        return self._id(500 + number)

    def _atom(self, name: str) -> int:
        return self._id([atom.name for atom in self.ledger.catalogue].index(name))

    def _verifier(self, name: str) -> int:
        return self._id(sorted({atom.verifier for atom in self.ledger.catalogue}).index(name))

    def _at(self, seconds: Seconds) -> int:
        if seconds is None:
            return NULL
        if abs(seconds) == inf:
            return FOREVER if seconds > 0 else -FOREVER
        return round((self.writing.epoch + seconds) * 1_000_000)


def _action(number: int, decision: Decision) -> int:
    """What an approval was asked for."""
    return 700 + number if decision.action is None else decision.action


def _platform(platform: Platform) -> dict[str, object]:
    words = {"title": platform.name, "lifetime_source": "assumed", "per_second_source": "assumed"}
    return {**vars(platform), **words}


_OF_WORKLOAD = {"principal", "catalogue", "weight", "ownership", "membership", "task", "action"}
_CAUSES = (
    *("unowned", "shadow", "never_needed", "excess_grant", "outlived_task", "outlived_agent", "overdue_rotation"),
    *("renewed_unevaluated", "unreviewed", "shared_secret"),
)
SCENARIO = {
    "debt": {cause: 6 * (n + 1) for n, cause in enumerate(_CAUSES)},
    "fleet": {"concurrency": 1},
    "approvers": {
        "staff": 1,
        "opens": 0,
        "closes": 24,
        "weekends": True,
        "inspection_median_s": 120,
        "inspection_sigma": 0,
    },
}
# Columns of type TIMESTAMP.
_TIMES = {
    *("begins", "t0", "t1", "completed", "valid_from", "valid_to", "from_lo", "from_hi", "to_lo", "to_hi"),
    *("until_lo", "until_hi", "requested", "starts", "ends", "started", "ended", "arrival", "began", "decided", "time"),
    *("active_from", "active_to", "expires", "presented_from", "presented_to", "detected", "contained", "found"),
}


def _column(name: str, values: Sequence[Any]) -> np.ndarray:
    """Values of one column as the store takes them: times as datetime64[us], numbers masked where there is none."""
    if name in _TIMES:
        return np.array([NULL if v is None else v for v in values], dtype=np.int64).view("datetime64[us]")
    if all(value is None or type(value) is int for value in values):
        numbers = np.array([0 if value is None else value for value in values], dtype=np.int64)
        return np.ma.array(numbers, mask=[value is None for value in values])
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column
