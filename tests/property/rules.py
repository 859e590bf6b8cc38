"""What must hold in every run, under every control model that can be had, written apart from the engine.

A rule looks at what a run left behind and yields what is wrong. Times are µs.
"""

import heapq
import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil

import numpy as np

from sim.audit import ids, rows
from sim.audit.ids import PrincipalKind, Unit
from sim.audit.rows import FOREVER, UNKNOWN, Decision, Facts, Kind, Outcome, Reason, Threat
from sim.control.model import Control
from sim.control.platform import Terms, as_asked
from sim.streams import Purpose, threshold
from sim.workload.intentions import Task, Workload
from sim.workload.lifecycle import Answering
from tests.worlds import SECOND

DAY = 86_400 * SECOND
HOUR = DAY // 24
_ORDINAL = (1 << 40) - 1
LEVELS = ["list", "read", "tagging", "write", "permissions"]


@dataclass(frozen=True)
class Run:
    """A workload, a control model, what came of them, and the terms on platforms that are not `any`."""

    workload: Workload
    control: Control
    facts: Facts
    terms: Mapping[str, Terms] = field(default_factory=dict)

    @cached_property
    def tasks(self) -> dict[int, Task]:
        """Every task by its id."""
        found, waiting = {}, [task for own in self.workload.roots for task in own]
        while waiting:
            task = waiting.pop()
            found[task.id] = task
            waiting.extend(task.children)
        return found

    @cached_property
    def actions(self):
        """Every action by its id."""
        return {action.id: action for task in self.tasks.values() for action in task.actions}

    @cached_property
    def credentials(self):
        """Every credential by its id."""
        return {credential.id: credential for credential in self.facts.credentials}

    @cached_property
    def needs(self):
        """Needs by action."""
        return {need.action: need for need in self.facts.needs}

    @cached_property
    def outcomes(self):
        """Outcomes by task."""
        return {outcome.task: outcome for outcome in self.facts.outcomes}

    def policies(self, since: int, until: int) -> set[str]:
        """The policies in force at some time from one instant to another, both included."""
        decision = self.control.decision
        change = self.workload.t0 + round(decision.changes_at_hours * HOUR)
        if decision.changes_to == "none" or decision.at == "onboarding":
            return {decision.policy}
        before = {decision.policy} if since <= change else set()
        return before | ({decision.changes_to} if until >= change else set())

    def called(self, policy: int) -> str:
        """The name of the policy with this id."""
        named = {
            self.control.policy: self.control.decision.policy,
            self.control.successor: self.control.decision.changes_to,
        }
        return next((name for each, name in named.items() if each is not None and each.id == policy), "none")

    def required(self, agent: int, atom: int, task: int, policy: str) -> int | None:
        """Tier of approval that somebody must give for an atom, 0 for none; None where it is forbidden."""
        early = task == UNKNOWN or self.control.decision.at in {"onboarding", "login"}
        return self.says(policy, agent, atom, not early and atom in self.tasks[task].declared)

    def under_attack(self, agent: int, atom: int, policy: str) -> int | None:
        """The same for whoever claims that a plan names it, where plans are asked for."""
        return self.says(policy, agent, atom, self.control.decision.at in {"task", "request"})

    def gated(self, agent: int, atom: int, task: int, policies: set[str]) -> bool:
        """Whether a human must agree to an atom, whichever of the policies is asked."""
        return all(self.required(agent, atom, task, each) not in {0, None} for each in policies)

    def enforced(self, action: int) -> bool:
        """Whether an action passes an enforcement point."""
        passes_by = threshold(1 - self.control.decision.coverage)
        return not self.workload.streams.of(Purpose.UNENFORCED).happens(action, passes_by)

    @cached_property
    def asked_for(self) -> set[int]:
        """Atoms that a human must agree to where no policy says so."""
        asks = self.control.approval
        levels = LEVELS[LEVELS.index(asks.from_level) :]
        tiers = {1, 2, 3}.intersection(range(99 if asks.from_tier == "never" else asks.from_tier, 4))
        final = tiers.union(range(99 if asks.irreversible_from_tier == "never" else asks.irreversible_from_tier, 4))
        numbered = enumerate(self.workload.atoms)
        return {n for n, a in numbered if a.level in levels and a.tier in (tiers if a.reversible else final)}

    @cached_property
    def outages(self) -> list[tuple[int, int]]:
        """When the decision point is not to be had."""
        figures, found, end = self.workload.scenario.outages, [], self.workload.begins
        gaps, lengths = (self.workload.streams.of(each) for each in (Purpose.OUTAGE_GAP, Purpose.OUTAGE_TIME))
        while figures.per_day and end < self.workload.t1:
            start = end + gaps.one_exponential(len(found), DAY / SECOND / figures.per_day)
            end = start + lengths.one_exponential(len(found), figures.minutes * 60)
            found.append((start, end))
        return found

    def out(self, time: int) -> bool:
        """Whether nobody answers at this time."""
        return any(start <= time < end for start, end in self.outages)

    def let_through(self, time: int) -> bool:
        """Whether nobody answers, and all is allowed."""
        return self.control.decision.outage == "open" and self.out(time)

    def decides_issue(self, control: Control) -> bool:
        """Whether policy is asked about the atoms of credentials: not of those that tasks share, task by task."""
        at, unit = control.decision.at, control.issue.unit
        return at in {"onboarding", "login"} or (at == "task" and unit in {"task", "action"})

    def says(self, policy, agent, number, planned):
        """What a policy says, as it is meant."""
        atom = self.workload.atoms[number]
        match policy:
            case "none":
                return int(number in self.asked_for)
            case "plan_only":
                return 0 if planned else None
            case "by_sensitivity":
                own = {self.workload.atoms[each].system for each in self.workload.roles[agent]}
                tiers = {"tagging": 2, "write": 2, "permissions": 3} if atom.tier == 3 else {}
                return tiers.get(atom.level, 0) if atom.system in own else None
        return 0

    @cached_property
    def parents(self) -> dict[int, int]:
        """The credential that each is cut from, for those that are."""
        return {edge.child: edge.parent for edge in self.facts.edges}

    @cached_property
    def renewed(self) -> set[int]:
        """Credentials that continue another."""
        return {event.issued for event in self.of(Kind.RENEW)}

    @cached_property
    def ends(self) -> dict[tuple[int, int], int]:
        """From when a verifier refuses a credential before its stated end."""
        return {(a.credential, a.verifier): a.until for a in self.facts.acceptances}

    @cached_property
    def stock(self) -> set[int]:
        """Static keys that the slow clock tells of, but for the one that each agent works with."""
        keys = [c for c in self.granted if c.id >> 61 == Unit.STANDING]
        own = {c.id for c in keys if c.id & (1 << 44) - 1 < 1 << 20}
        return {c.id for c in keys if c.id not in own or self.knobs(c.id).issue.unit != "standing"}

    @cached_property
    def shadows(self) -> set[int]:
        """Whom no inventory lists."""
        return {shadow.principal for shadow in self.facts.shadows}

    def of_clock(self, event) -> bool:
        """Whether an event is of the slow clock: its number is in the upper half of those of its stream."""
        return self.workload.lifecycle is not None and event.id >> 39 & 1

    @cached_property
    def uses(self):
        """Calls that agents themselves made; those of an attacker name their atom, agents' name their action."""
        return [e for e in self.presented if e.decision == Decision.ALLOW]

    @cached_property
    def answers(self):
        """Decisions about requests, without refusals of whom the response to an incident holds back."""
        return [e for e in self.of(Kind.DECIDE) if e.reason != Reason.INCIDENT]

    @cached_property
    def strays(self):
        """Calls of a task that belong to none of its actions."""
        return [e for e in self.facts.events if e.kind == Kind.USE and e.action == UNKNOWN and e.task != UNKNOWN]

    @cached_property
    def presented(self):
        """The same, with those that were refused because they were not what a human had agreed to."""
        return [e for e in self.facts.events if e.kind == Kind.USE and e.action != UNKNOWN]

    @cached_property
    def handed(self):
        """Keys that owners handed to their agents: a person issued them."""
        return {c.id: c for c in self.facts.credentials if c.issuer >> 40 == PrincipalKind.HUMAN}

    @cached_property
    def granted(self):
        """Credentials that the model's own issuer made."""
        others = self.handed.keys() | self.keys_of_clock
        return [c for c in self.facts.credentials if c.id not in others and not ids.is_minted(c.id)]

    @cached_property
    def keys_of_clock(self) -> set[int]:
        """Static keys that the slow clock told of."""
        return {e.issued for e in self.of(Kind.ISSUE) if self.of_clock(e)}

    @cached_property
    def guarded(self):
        """Uses by agents themselves with what the issuer made."""
        return [use for use in self.uses if use.credential not in self.handed]

    def handed_at(self, holder: int, time: int):
        """The key that an agent had from its owner at an instant, if any."""
        own = (c for c in self.handed.values() if c.holder == holder)
        return next((c for c in own if c.valid_from <= time < c.valid_to), None)

    @cached_property
    def taken(self) -> dict[int, list[object]]:
        """What each compromise found, as far as that was asked for."""
        return {}

    @cached_property
    def reached(self) -> set[tuple[int, int, int]]:
        """Where and when the response to an incident ended a credential."""
        return {(a.credential, a.verifier, a.until) for a in self.facts.acceptances if a.reason == Reason.INCIDENT}

    @cached_property
    def struck(self):
        """Compromises by incident."""
        return {each.id: each for each in self.workload.compromises}

    @cached_property
    def own(self):
        """Credentials that agents were given; the others an attacker had made."""
        return [c for c in self.facts.credentials if not ids.is_minted(c.id)]

    @cached_property
    def quarantines(self) -> dict[int, list[tuple[int, int]]]:
        """From when until when each agent's new requests are refused."""
        found, lasts = defaultdict(list), self.control.containment.quarantine_s * SECOND
        for each in sorted(self.workload.compromises, key=lambda each: each.contained) if lasts else ():
            found[each.agent].append((each.contained, each.contained + lasts))
        return found

    @cached_property
    def ordered(self) -> dict[int, int]:
        """When the response to an incident first orders a credential's end, for those of which it does."""
        found: dict[int, int] = {}
        if not self.control.containment.revoke:
            return found
        for each in sorted(self.workload.compromises, key=lambda each: each.contained):
            if each.contained < self.workload.t1:
                for c in suspects(self, each):
                    for other in _ended_with(self, c, each.contained):
                        found.setdefault(other, each.contained)
        return found

    @cached_property
    def used_until(self) -> dict[int, int]:
        """When the last action that used a credential is over."""
        return {use.credential: use.time + max(use.duration, 0) for use in self.presented}

    @cached_property
    def in_line(self) -> set[int]:
        """Tasks of sub-agents whose work their parent did itself."""
        return {e.task for e in self.of(Kind.SPAWN) if e.decision == Decision.DENY}

    @cached_property
    def admitted(self) -> dict[int, int]:
        """When policy first let each task begin, where it is asked about tasks."""
        yes = [e for e in self.of(Kind.DECIDE) if e.action == UNKNOWN and e.decision == Decision.ALLOW]
        return {e.task: e.time + e.duration for e in sorted(yes, reverse=True)}

    def regime(self, time: int):
        """What governs at a time."""
        return self.workload.scenario.past if time < self.workload.begins else self.control.governance

    def answering(self, principal: int):
        """Who was to answer for an identity, in order."""
        first = [a for a in self.workload.lifecycle.answering if a.owned == principal and a.role == "owner"]
        later = [r for r in self.facts.reowned if r.owned == principal]
        return [
            *first,
            *(Answering(r.owned, r.owner, "owner", r.valid_from, r.valid_to, acknowledged=True) for r in later),
        ]

    def answer(self, principal: int, time: int) -> set[int]:
        """Who answers for an identity at a time, of a team only if anybody is in it."""
        people = self.workload.lifecycle.people
        found = {a.owner for a in self.answering(principal) if a.starts <= time < a.ends}
        teams = {p for p in found if p >> 40 == 1}
        return found - {t for t in teams if not any(p.in_team(t & (1 << 40) - 1, time) for p in people)}

    def begins(self, task: int) -> bool:
        """Whether a task may do anything at all."""
        return self.control.decision.at != "task" or task in self.admitted

    def of(self, *kinds):
        """Events of these kinds."""
        return [event for event in self.facts.events if event.kind in kinds]

    def atoms(self, credential: int) -> tuple[int, ...]:
        """What a credential allows."""
        return self.facts.scope_sets[self.credentials[credential].scope_set]

    @cached_property
    def assignments(self):
        """What each principal was given, from-to."""
        found = defaultdict(list)
        for row in self.facts.assignments:
            found[row.principal].append((row.valid_from, row.valid_to, set(self.facts.scope_sets[row.scope_set])))
        return found

    def assigned(self, agent: int, time: int) -> set[int]:
        """What the assignments of an agent at work say at a time."""
        return set().union(*(atoms for a, b, atoms in self.assignments[agent | 2 << 40] if a <= time < b))

    def opens(self, credential: int, time: int) -> set[int]:
        """What a credential is good for at a time: what it was issued with, as far as its holder is assigned that."""
        c, atoms = self.credentials[credential], set(self.atoms(credential))
        return atoms if c.authority == rows.Authority.BAKED else atoms & self.assigned(c.holder & _ORDINAL, time)

    def on(self, platform: str) -> Terms:
        """What holds on a platform."""
        return self.terms.get(platform, as_asked(self.control))

    def platform(self, credential: int) -> str:
        """The platform of the first atom that a credential holds."""
        return self.workload.atoms[self.atoms(credential)[0]].platform

    def of_credential(self, credential: int) -> Terms:
        """The terms on which a credential is issued."""
        return self.on(self.platform(credential))

    def knobs(self, credential: int) -> Control:
        """The control model as it holds where a credential is issued."""
        return self.of_credential(credential).control

    @cached_property
    def platforms(self) -> list[str]:
        """Those that the systems are on."""
        return sorted({atom.platform for atom in self.workload.atoms})

    def within(self, platform: str, atoms) -> set[int]:
        """Those atoms that are on a platform."""
        return {atom for atom in atoms if self.workload.atoms[atom].platform == platform}

    def verifier(self, atom: int) -> int:
        """Who checks credentials for an atom."""
        return self.workload.atoms[atom].verifier

    def accepted_until(self, credential: int, atom: int) -> int:
        """From when a credential is refused for an atom."""
        revoked = self.ends.get((credential, self.verifier(atom)), FOREVER)
        return min(self.credentials[credential].valid_to, revoked)

    def unit_tasks(self, credential):
        """The tasks that need a credential while they run: the agent's for a session, its own for a task's."""
        if self.knobs(credential.id).issue.unit == "session":
            return [o for o in self.facts.outcomes if o.agent == credential.holder]
        return [self.outcomes[credential.task]]


Wrong = Iterator[object]
# When what never happens does, and why.
_NEVER = (FOREVER, UNKNOWN)


def written_once(run: Run) -> Wrong:
    """Everything that starts is there once, and ends at most once."""
    f = run.facts
    named = [
        [c.id for c in f.credentials], [e.id for e in f.events], [n.action for n in f.needs],
        [o.task for o in f.outcomes], [(a.credential, a.verifier) for a in f.acceptances], [d.id for d in f.decisions],
        [e.child for e in f.edges], [(s.incident, s.step) for s in f.steps], [i.id for i in f.incidents],
        [(e.kind, e.task) for e in run.of(Kind.TASK_START, Kind.TASK_END)],
    ]  # fmt: skip
    yield from (names for names in named if len(set(names)) < len(names))


def events_say_what_happened(run: Run) -> Wrong:
    """Issues, revocations, starts, ends and uses in the log are the credentials, acceptances, tasks and needs."""
    told = {
        "issued": {(e.issued, e.time, e.expires, e.scope_set, e.target) for e in run.of(Kind.ISSUE, Kind.RENEW)},
        "revoked": {(e.issued, e.verifier, e.time, e.reason) for e in run.of(Kind.REVOKE)},
        "started": {(e.task, e.time, e.parent_task) for e in run.of(Kind.TASK_START)},
        "ended": {(e.task, e.time) for e in run.of(Kind.TASK_END)},
        "used": {(e.action, e.time) for e in run.uses},
    }
    happened = {
        "issued": {(c.id, c.valid_from, c.valid_to, c.scope_set, c.holder) for c in run.facts.credentials},
        "revoked": {tuple(a) for a in run.facts.acceptances},
        "started": {(o.task, o.started, o.parent) for o in run.facts.outcomes},
        "ended": {(o.task, o.ended) for o in run.facts.outcomes if o.outcome != Outcome.OPEN},
        "used": {(n.action, n.starts) for n in run.facts.needs if n.met},
    }
    yield from ((name, told[name] ^ happened[name]) for name in told if told[name] != happened[name])


def events_come_in_order(run: Run) -> Wrong:
    """An agent's events are numbered from 0 in the order of time, from the start of the run to before its end."""
    streams = defaultdict(list)
    for event in sorted(e for e in run.facts.events if not run.of_clock(e)):
        streams[event.id >> 40].append(event)
    for own in streams.values():
        yield from (e for n, e in enumerate(own) if e.id & ((1 << 40) - 1) != n)
        yield from ((a, b) for a, b in itertools.pairwise(own) if a.time > b.time)
        yield from (e for e in own if e.time >= run.workload.t1)
        early = [e for e in own if e.time < run.workload.begins]
        yield from (e for e in early if e.kind != Kind.ISSUE or run.knobs(e.issued).issue.unit != "standing")


def uses_are_valid(run: Run) -> Wrong:
    """A use is by the holder, within scope and validity, after the issue and before any revocation at that verifier."""
    issued = {e.issued: e.id for e in run.of(Kind.ISSUE, Kind.RENEW) if not run.of_clock(e)}
    revoked = {(e.issued, e.verifier): e.id for e in run.of(Kind.REVOKE) if not run.of_clock(e)}
    for use in run.uses:
        atom, c = run.actions[use.action].atom, run.credentials[use.credential]
        ends = run.accepted_until(c.id, atom) if c.id >> 61 == Unit.STANDING else c.valid_to
        valid = c.valid_from <= use.time < ends
        in_order = issued.get(c.id, -1) < use.id < revoked.get((c.id, run.verifier(atom)), FOREVER)
        if not (valid and in_order and atom in run.opens(c.id, use.time) and use.principal == c.holder):
            yield use


def lifetimes_are_kept(run: Run) -> Wrong:
    """A credential ends after its lifetime, at the maximum since its chain began, or with what it is cut from."""
    first = {c.id: c.valid_from for c in run.facts.credentials}
    for renewal in sorted(run.of(Kind.RENEW)):
        first[renewal.issued] = first[renewal.credential]
    for c in (each for each in run.granted if each.id not in run.stock):
        terms, knobs = run.of_credential(c.id), run.knobs(c.id)
        lives = min(knobs.ttl, terms.chained) if c.id in run.parents else knobs.ttl
        ends = [c.valid_from + lives, first[c.id] + knobs.maximum]
        if knobs.revocation.cascade == "on_expire":
            ends += [run.credentials[run.parents[c.id]].valid_to] if c.id in run.parents else []
        stated = min([end for end in ends if end < FOREVER], default=FOREVER)
        if c.valid_to != stated or c.valid_from >= c.valid_to:
            yield c, stated


def renewals_continue(run: Run) -> Wrong:
    """A renewal follows a credential that ends, no earlier than the overlap, of an active unit.

    Its scope is the same, or narrower where another policy looks at it.
    """
    for event in run.of(Kind.RENEW):
        new, old = run.credentials[event.issued], run.credentials[event.credential]
        knobs = run.knobs(old.id)
        silent = knobs.lifetime.renewal == "silent"
        due = max(old.valid_from, old.valid_to - knobs.overlap)
        in_time = new.valid_from in {due, old.valid_to} if silent else new.valid_from >= due
        active = any(o.started <= new.valid_from <= _ended(o) for o in run.unit_tasks(old))
        asked = run.knobs(old.id).lifetime.renewal == "re_evaluated"
        narrowed = asked and (run.control.decision.changes_to != "none" or _accumulates(run, run.platform(old.id)))
        scope = old.scope_set == new.scope_set or (narrowed and set(run.atoms(new.id)) < set(run.atoms(old.id)))
        if not (in_time and active and scope and old.task == new.task):
            yield event


def silence_renews_everything(run: Run) -> Wrong:
    """Under silent renewal, what ends while its unit is active is renewed, where there is no maximum."""
    renewed = {event.credential for event in run.of(Kind.RENEW)}
    for c in run.granted:
        knobs = run.knobs(c.id)
        if knobs.lifetime.renewal != "silent" or knobs.maximum < FOREVER:
            continue
        is_pass = c.kind == rows.CredentialKind.ACTION_TOKEN
        if is_pass or c.valid_to >= run.workload.t1 or c.id in renewed:
            continue
        falls = knobs.revocation.cascade == "on_expire" and c.id in run.parents
        due = c.valid_to if falls else max(c.valid_from, c.valid_to - knobs.overlap)
        if _ended_by_response(run, c) <= due:
            continue
        if any(o.started < due < _ended(o) for o in run.unit_tasks(c)):
            yield c


def units_are_kept(run: Run) -> Wrong:
    """On a platform one standing key an agent, one session at a time, one atom where one is said, one action's pass."""
    by_holder = defaultdict(list)
    made = [c for c in run.granted if c.id not in run.stock]
    for c in sorted(made, key=lambda c: c.valid_from):
        by_holder[c.holder, run.platform(c.id)].append(c)
    for (_, platform), own in by_holder.items():
        knobs = run.on(platform).control
        keys = 1 + sum(c.id in run.ordered for c in own)
        if knobs.issue.unit == "standing" and len(own) != keys and run.workload.lifecycle is None:
            yield own
        if knobs.issue.unit == "session" and run.control.decision.changes_to == "none":
            late = knobs.overlap
            yield from (
                (a, b) for a, b in itertools.pairwise(own)
                if min(a.valid_to - late, _ended_by_response(run, a)) > b.valid_from
                and run.opens(b.id, b.valid_from) <= run.opens(a.id, b.valid_from)
            )  # fmt: skip
        if knobs.issue.authority == "single":
            yield from (c for c in own if len(run.atoms(c.id)) > 1)
    passes = [use for use in run.guarded if run.knobs(use.credential).issue.unit == "action"]
    yield from (u for u in passes if u.credential >> 61 != 3 or u.credential >> 4 & (1 << 57) - 1 != u.action)


def platforms_issue_what_they_can(run: Run) -> Wrong:
    """A credential is of one platform, of a kind and binding it gives; a key or session has the role there."""
    kinds = {
        "standing": {rows.CredentialKind.STATIC_KEY},
        "session": {rows.CredentialKind.SESSION_TOKEN},
        "task": {rows.CredentialKind.TASK_TOKEN, rows.CredentialKind.ACTION_TOKEN},
        "action": {rows.CredentialKind.ACTION_TOKEN},
    }
    for c in (each for each in run.granted if each.id not in run.stock):
        knobs, atoms = run.knobs(c.id), set(run.atoms(c.id))
        apart = len({run.workload.atoms[atom].platform for atom in atoms}) > 1
        if apart or c.kind not in kinds[knobs.issue.unit] or c.binding != knobs.binding:
            yield c
        whole = knobs.issue.unit in {"standing", "session"} and not ids.is_minted(c.id) and c.id not in run.renewed
        if whole and not _lasting(run, c, atoms):
            yield c, atoms


def _lasting(run, c, atoms):
    """Whether a key or session holds its role, or of that what policy allowed when it was asked."""
    agent, decision = c.holder & _ORDINAL, run.control.decision
    role = _whole(run, run.platform(c.id), agent, c.valid_from)
    if c.valid_from <= run.workload.t0 - 365 * DAY and _accumulates(run, run.platform(c.id)):
        # What was taken away before that is not told.
        return atoms >= role
    if not run.decides_issue(run.knobs(c.id)) or decision.policy == "none":
        return atoms == role
    varies = decision.changes_to != "none" or (decision.outage == "open" and run.outages)
    allowed = {atom for atom in role if run.required(agent, atom, UNKNOWN, decision.policy) is not None}
    return atoms <= role if varies else atoms == allowed


def _role(run, platform, agent):
    """What the issuer of a platform gives to whoever holds an agent's identity."""
    union = run.on(platform).control.issue.authority == "role_union"
    return run.within(platform, run.workload.union if union else run.workload.roles[agent])


def _accumulates(run, platform):
    """Whether what was added to an agent's assignments widens what the issuer of a platform gives."""
    issue = run.on(platform).control.issue
    return issue.authority == "role_union" or issue.resolved != "baked"


def _given(run, platform, agent, time):
    """What the issuer of a platform gives at a time to whoever holds an agent's identity."""
    given = set(_role(run, platform, agent))
    if _accumulates(run, platform):
        given |= run.within(platform, run.assigned(agent, time))
    return {atom for atom in given if _inside(run, platform, agent, atom)}


def _whole(run, platform, agent, time):
    """What it puts into a credential that is cut to no plan."""
    if run.on(platform).control.issue.resolved != "looked_up":
        return _given(run, platform, agent, time)
    there = run.within(platform, range(len(run.workload.atoms)))
    return {atom for atom in there if _inside(run, platform, agent, atom)}


def _inside(run, platform, agent, atom):
    """Whether an atom lies within the boundary of an agent."""
    inside = {"none": {atom}, "role_union": run.workload.union, "own_role": run.workload.roles[agent]}
    return atom in inside[run.on(platform).control.issue.boundary]


def authority_is_settled_as_said(run: Run) -> Wrong:
    """What an issuer makes says when it is settled what it opens; what people hand over, or left, when it was made."""
    told = {e.issued: e.authority for e in run.of(Kind.ISSUE, Kind.RENEW)}
    for c in run.facts.credentials:
        knobs = None if c.id in run.handed else run.knobs(c.id)
        left = knobs is None or (c.id in run.keys_of_clock and knobs.issue.unit != "standing")
        said = rows.Authority.BAKED if left else rows.Authority[knobs.issue.resolved.upper()]
        if c.authority != said or (told[c.id] not in {said, UNKNOWN} and not left):
            yield c


def boundaries_hold(run: Run) -> Wrong:
    """No credential of an agent, and nothing that can be minted in its name, reaches beyond its boundary."""
    holders = [(c.holder, run.atoms(c.id)) for c in run.facts.credentials if c.id not in run.handed]
    minted = [(t.principal, run.facts.scope_sets[t.scope_set]) for t in run.facts.trusts]
    for principal, atoms in (*holders, *minted):
        slot = principal & (1 << ids.AGENT_BITS) - 1
        yield from (each for each in atoms if not _inside(run, run.workload.atoms[each].platform, slot, each))


def tasks_get_their_plan(run: Run) -> Wrong:
    """The first credential of a task on a platform holds its plan or role there, but for what a human must agree to."""
    firsts = {}
    for c in sorted(run.own, key=lambda c: c.id):
        if c.kind == rows.CredentialKind.TASK_TOKEN:
            firsts.setdefault((c.task, run.platform(c.id)), c)
    for (task_id, platform), c in firsts.items():
        task = run.tasks[task_id]
        # In quarantine it got none when it began; then whatever is needed first after it comes first.
        since = run.outcomes[task_id].started
        if any(start <= c.valid_from and since < end for start, end in run.quarantines[task.agent]):
            continue
        whole = _root(run, task) if run.on(platform).control.delegation.child == "inherit" else task
        planned = run.within(platform, whole.declared)
        declares = run.on(platform).control.issue.authority == "declared"
        plan = planned if declares else _given(run, platform, task.agent, since)
        for each, time in _looked_at(run, c):
            kept = run.decides_issue(run.on(platform).control) and not run.let_through(time)
            [policy] = run.policies(time + 1, time + 1)
            said = {atom: run.required(task.agent, atom, each, policy) for atom in plan}
            plan = {atom for atom, tier in said.items() if tier == 0 or (tier is None and not kept)}
        if plan and set(run.atoms(c.id)) != plan:
            yield c


def _looked_at(run, c):
    """When it is asked what a credential may hold, and for which task: at the task's start, and when it is issued.

    What is inherited was asked about for those above too, where they had credentials of their own.
    """
    chain = [c.task]
    while run.knobs(c.id).delegation.child == "inherit" and (above := run.tasks[chain[-1]].parent) != UNKNOWN:
        chain.append(above)
    asked = c.valid_from - next(e.duration for e in run.of(Kind.ISSUE) if e.issued == c.id)
    return [(c.task, asked), *((each, run.outcomes[each].started) for each in chain if each not in run.in_line)]


def humans_agree_first(run: Run) -> Wrong:
    """A gated action starts only after a yes that it rests on; its atom is never in a wider credential of a task."""
    agreed = {d.id: d for d in run.facts.decisions if d.result == Decision.ALLOW}
    decided = {e.action: e for e in run.of(Kind.DECIDE) if e.decision == Decision.ALLOW}
    for use in (use for use in run.presented if use.credential not in run.handed):
        policies, on = run.policies(use.requested, use.time), agreed.get(use.approval)
        if run.control.decision.at == "request" and run.control.policy is not None and use.action in decided:
            policies = {run.called(decided[use.action].policy)}
        said = {
            run.gated(use.principal & _ORDINAL, run.actions[use.action].atom, use.task, {each}) for each in policies
        }
        said = said if run.enforced(use.action) else {False}
        if (on is not None) not in said or (on and on.decided > use.time):
            yield use
    wide = [c for c in run.granted if len(run.atoms(c.id)) > 1]
    for c in (c for c in wide if run.knobs(c.id).issue.unit in {"task", "action"}):
        policies = run.policies(run.workload.begins, c.valid_from)
        yield from (atom for atom in run.atoms(c.id) if run.gated(c.holder & _ORDINAL, atom, c.task, policies))


def policy_is_kept(run: Run) -> Wrong:
    """Whoever is let through may be; a credential that is decided about holds nothing that policy forbids.

    Who is refused what is allowed is so by mistake. Each decision names the policy that made it, and none while nobody
    answers.
    """
    mistaken, ids_ = run.control.decision.false_denial > 0, {UNKNOWN: "none"}
    ids_ |= {each.id: run.called(each.id) for each in (run.control.policy, run.control.successor) if each is not None}
    for e in run.answers:
        yes = e.decision == Decision.ALLOW
        if not e.cached and run.out(e.time):
            if (e.policy, e.reason, yes) != (UNKNOWN, Reason.OUTAGE, run.let_through(e.time)):
                yield e
            continue
        may = _may(run, e, ids_.get(e.policy))
        in_force = bool(e.cached) or ids_.get(e.policy) in run.policies(e.time, e.time)
        # Of a stray it may be seen that nobody needs it.
        refused = mistaken or (e.atom != UNKNOWN and run.control.decision.adversarial_stop > 0)
        if not in_force or e.reason != Reason.POLICY or (yes and not may) or (may and not yes and not refused):
            yield e
    yield from (e for e in run.facts.events if e.policy != UNKNOWN and e.kind != Kind.DECIDE)
    for c in (c for c in run.granted if run.decides_issue(run.knobs(c.id))):
        lenient = run.control.decision.outage == "open" and run.outages and run.outages[0][0] <= c.valid_from
        policies = run.policies(run.workload.begins, c.valid_from)
        for atom in () if lenient else run.atoms(c.id):
            if all(run.required(c.holder & _ORDINAL, atom, c.task, each) is None for each in policies):
                yield c, atom


def _may(run, decision, policy):
    """Whether policy allows what was decided about: an action's atom, or anything of a plan, a role or a renewal."""
    agent, at = decision.target & _ORDINAL, run.control.decision.at
    if decision.action != UNKNOWN or decision.atom != UNKNOWN:
        atom = decision.atom if decision.action == UNKNOWN else run.actions[decision.action].atom
        decides = at == "request" or run.decides_issue(run.on(run.workload.atoms[atom].platform).control)
        atoms = [atom] if decides else []
    elif decision.credential != UNKNOWN:
        atoms = run.atoms(decision.credential) if run.decides_issue(run.knobs(decision.credential)) else []
    else:
        atoms = run.tasks[decision.task].declared if at == "task" else []
    return not atoms or any(run.required(agent, atom, decision.task, policy) is not None for atom in atoms)


def answers_serve_again(run: Run) -> Wrong:
    """An answer serves the same agent for the same again, as long as it may and no longer, and is on record then."""
    lasts, given = run.control.decision.cache_s * SECOND, defaultdict(list)
    for e in sorted(run.answers, key=lambda e: (e.time, e.id)):
        alike = _alike(run, e)
        serving = [old for old in given[e.target, e.policy] if old.time + old.duration <= e.time < old.time + lasts]
        if e.cached and not any(old.decision == e.decision and _same(run, old, e) for old in serving):
            yield e
        before = [
            old for olds in given.values() for old in olds if old.target == e.target and _alike(run, old) == alike
        ]
        if not e.cached and any(old.time + old.duration < e.time < old.time + lasts for old in before):
            yield e
        if e.cached not in {0, 1} or (e.cached and e.duration):
            yield e
        if not e.cached and UNKNOWN not in {e.policy, e.action}:
            given[e.target, e.policy].append(e)


def _alike(run, decision):
    """What no policy can tell apart where single actions are decided: the same atom, planned or not."""
    if run.control.decision.at != "request" or decision.action == UNKNOWN:
        return decision.id
    atom = run.actions[decision.action].atom
    return atom, atom in run.tasks[decision.task].declared


def _same(run, one, other):
    """Whether the policy that answered says the same of both."""
    name = run.called(one.policy)
    said = {run.required(e.target & _ORDINAL, run.actions[e.action].atom, e.task, name) for e in (one, other)}
    return len(said) == 1


def who_passes_by_is_not_asked(run: Run) -> Wrong:
    """Of an action that passes no enforcement point nothing is asked, neither a policy nor a human."""
    asked = [e for e in (*run.answers, *run.of(Kind.REQUEST_APPROVAL)) if e.action != UNKNOWN]
    yield from (e for e in asked if not run.enforced(e.action))


def the_desk_is_fair(run: Run) -> Wrong:
    """First come, first served, in opening hours, one at a time for each person; a timeout comes when it is due.

    Ties are for the traces: at one instant, a request may follow from another.
    """
    figures = run.workload.scenario.approvers
    timeout = round(figures.timeout_hours * HOUR)
    inspected = sorted((d for d in run.facts.decisions if d.decider != UNKNOWN), key=lambda d: (d.requested, d.began))
    yield from (d for d in run.facts.decisions if d.decider == UNKNOWN and d.decided != d.requested + timeout)
    yield from (d for d in inspected if not d.requested <= d.began < d.requested + timeout)
    yield from (d for d in inspected if not _open(figures, d.began) or d.decider & ((1 << 40) - 1) >= figures.staff)
    yield from (
        (a, b)
        for a, b in itertools.combinations(inspected, 2)
        if a.began > b.began and b.decider not in _seen_by(run, a)
    )
    yield from (d for d in inspected if d.decider in _seen_by(run, d))
    by_person = sorted(inspected, key=lambda d: (d.decider, d.began, d.decided))
    yield from ((a, b) for a, b in itertools.pairwise(by_person) if a.decider == b.decider and a.decided > b.began)


def the_tired_wave_through(run: Run) -> Wrong:
    """What an approver does not look at is allowed after a moment; who has taken up more that day looks at less."""
    figures, taken_up = run.workload.scenario.approvers, defaultdict(int)
    tiring, least = figures.fatigue_requests, _least_inspected(run)
    for d in sorted((d for d in run.facts.decisions if d.decider != UNKNOWN), key=lambda d: (d.began, d.decider)):
        count = taken_up[d.decider, d.began // DAY]
        taken_up[d.decider, d.began // DAY] += 1
        looks = figures.inspected if tiring == "never" else max(least, figures.inspected * np.exp(-count / tiring))
        draws = run.workload.streams.of(Purpose.INSPECTED, d.id & 63)
        if d.inspected != draws.happens(d.action, threshold(looks)):
            yield d
        if not d.inspected and (d.result != Decision.ALLOW or d.decided != d.began + figures.stamp_s * SECOND):
            yield d


def policy_is_asked(run: Run) -> Wrong:
    """Policy is asked where the model says, and nothing goes on without its yes."""
    at = run.control.decision.at
    # What is asked about a renewal names what is to be renewed; whom the response holds back is not asked about.
    asked = [e for e in run.answers if e.credential == UNKNOWN]
    yes = [e for e in asked if e.decision == Decision.ALLOW]
    if at == "onboarding":
        yield from asked
    if at == "request":
        answered = {e.action: e.time + e.duration for e in sorted(yes, reverse=True)}
        met = [use for use in run.guarded if run.enforced(use.action)]
        yield from (use for use in met if answered.get(use.action, FOREVER) > use.time)
    if at == "task":
        yield from (n for n in run.facts.needs if n.met and run.admitted.get(n.task, FOREVER) > n.requested)
    if at == "login":
        answered = {e.time + e.duration for e in yes}
        others = run.handed.keys() | run.keys_of_clock
        issues = [e for e in run.of(Kind.ISSUE) if e.issued not in others and not ids.is_minted(e.issued)]
        logins = [e for e in issues if run.knobs(e.issued).decision.at == "login"]
        yield from (e for e in logins if e.time - e.duration not in answered)


def attempts_are_counted(run: Run) -> Wrong:
    """Nobody asks more often than the response allows."""
    most, people = run.workload.scenario.response.attempts, run.control.approval.people
    asked = defaultdict(int)
    for event in run.of(Kind.REQUEST_APPROVAL, *([Kind.DECIDE] if run.control.decision.at == "request" else [])):
        asked[event.kind, event.action] += 1
    for (kind, action), times in asked.items():
        if times > most * (people if kind == Kind.REQUEST_APPROVAL else 1) and action != UNKNOWN:
            yield action, times


def needs_are_of_what_began(run: Run) -> Wrong:
    """Of a task that did not begin there is need only where one above it gave up."""
    for need in run.facts.needs:
        task = need.task
        while task not in run.outcomes:
            task = run.tasks[task].parent
            if task == UNKNOWN:
                yield need
                break
        else:
            if task != need.task and run.outcomes[task].outcome == Outcome.COMPLETED:
                yield need


def needs_are_as_intended(run: Run) -> Wrong:
    """A need lasts as long as its action, from its start or, if that never came, from when it was asked for or due."""
    for n in run.facts.needs:
        action = run.actions[n.action]
        lasts = n.ends - n.starts == action.duration and n.atom == action.atom
        if not lasts or not (n.requested <= n.starts if n.met else n.requested == n.starts):
            yield n


def tasks_run_their_course(run: Run) -> Wrong:
    """Actions follow one another, children start when due, a task ends with its last action and its children."""
    for o in run.facts.outcomes:
        task = run.tasks[o.task]
        own = [run.needs[a.id] for a in task.actions if a.id in run.needs]
        yield from (b for a, b in itertools.pairwise(own) if b.met and not a.met)
        for count, (before, after, action) in enumerate(zip(own, own[1:], task.actions[1:], strict=False), start=1):
            if after.requested != _free(run, task, count, before.ends) + action.think:
                yield o, after
        if own and (own[0].action != task.actions[0].id or own[0].requested < o.started + task.actions[0].think):
            yield o, own[0]
        if o.outcome == Outcome.BROKEN:
            yield from _given_up(run, task, o.started, own)
        yield from ((o, wrong) for wrong in _ends(run, task, o, own))
        yield from ((o, wrong) for wrong in _children(run, task, own))


def _free(run, task, done, time):
    """When an agent that has done so many actions can go on: after the work of sub-agents it may not have."""
    due = [child for child in task.children if child.spawned_after == done and child.id in run.in_line]
    ends = [_ended(run.outcomes[child.id]) for child in due if child.id in run.outcomes]
    return max([time, *ends])


def _ends(run, task, o, own):
    """A completed task has done everything and ends with the last of it; a broken one was refused something."""
    below = [run.outcomes[child.id] for child in task.children if child.id in run.outcomes]
    if o.outcome == Outcome.OPEN:
        yield from ["ended"] if o.ended != UNKNOWN else []
        return
    yield from (child for child in below if not o.started <= child.started <= child.ended <= o.ended)
    done = len(own) == len(task.actions) and all(need.met for need in own)
    astray = [use.time for use in run.strays if use.task == task.id]
    last = [need.ends for need in own if need.met] + [child.ended for child in below] + astray
    done = done and all(child.outcome == Outcome.COMPLETED for child in below)
    if o.outcome == Outcome.COMPLETED and not (done and (not last or o.ended == max(last))):
        yield last
    given_up = any(child.outcome == Outcome.BROKEN for child in below)
    if o.outcome == Outcome.BROKEN and own and all(need.met for need in own) and not given_up:
        yield own


def _given_up(run, task, started, own):
    """What a broken task needed and never reached, in it and in children it never had, was due on its own schedule."""
    times = [own[0].requested - task.actions[0].think if own else started, *(need.ends for need in own)]
    for action in task.actions[len(own) :]:
        yield from [action] if times[-1] + action.think < run.workload.t1 else []
        times.append(times[-1] + action.think + action.duration)
    for child in task.children:
        if child.id not in run.outcomes and child.spawned_after < len(times):
            yield from _never_begun(run, child, times[child.spawned_after])


def _never_begun(run, task, time):
    times = [time]
    for action in task.actions:
        time += action.think
        need = run.needs.get(action.id)
        if (need is None) != (time >= run.workload.t1) or (need and (need.met or need.requested != time)):
            yield action, time
        time += action.duration
        times.append(time)
    for child in task.children:
        if child.spawned_after < len(times):
            yield from _never_begun(run, child, times[child.spawned_after])


def _children(run, task, own):
    """A child starts as soon as its parent has done as many actions as it waits for, and not otherwise."""
    done = [need.ends for need in own if need.met and need.ends < run.workload.t1]
    for child in task.children:
        after, outcome = child.spawned_after, run.outcomes.get(child.id)
        if outcome is None and own and run.begins(task.id) and after <= len(done):
            yield child
        if outcome is not None and after > len(done):
            yield child
        waits = {each.id for each in task.children if each.spawned_after == after} & run.in_line
        if outcome is not None and 0 < after <= len(done) and outcome.started != done[after - 1] and not waits:
            yield child


def agents_take_turns(run: Run) -> Wrong:
    """An agent works on so many root tasks at once, and takes them up first come, first served."""
    for roots in run.workload.roots:
        free = [0] * run.workload.scenario.fleet.concurrency
        for task in roots:
            due = max(task.arrival, heapq.heappop(free))
            outcome = run.outcomes.get(task.id)
            if (outcome.started if outcome else max(due, run.workload.t1)) != due:
                yield task, due
            heapq.heappush(free, _ended(outcome) if outcome else FOREVER)


def revocations_arrive(run: Run) -> Wrong:
    """What is revoked ends at each verifier that hears of it, after that system's lag, or by itself before."""
    due = set()
    for c in run.facts.credentials:
        if (revoked := _revoked_at(run, c)) is None:
            continue
        time, reason = revoked
        for verifier in {run.verifier(atom) for atom in run.atoms(c.id)}:
            until = time + _lag(run, c.id, verifier)
            if until < min(c.valid_to, run.workload.t1) and run.workload.scenario.systems[verifier].revocable:
                due.add((c.id, verifier, until, reason))
    # What the slow clock ends sooner needs no revocation, and one that comes sooner leaves nothing to end.
    slow = {
        (a.credential, a.verifier): a.until
        for a in run.facts.acceptances
        if a.credential >> 61 == Unit.STANDING and a.reason != Reason.INCIDENT
    }
    due = {each for each in due if each[2] < slow.get(each[:2], FOREVER)}
    yield from due ^ {tuple(a) for a in run.facts.acceptances if (a.credential, a.verifier) not in slow}


def _lag(run, credential, verifier):
    """How long the revocation takes to arrive: the credential's own draw of the system's law."""
    system = run.workload.scenario.systems[verifier]
    draws = run.workload.streams.of(Purpose.REVOCATION_LAG, verifier)
    return draws.one_lognormal(credential, system.revocation_lag_s, system.revocation_lag_sigma)


def _revoked_at(run, c):
    """When a credential was revoked and why: with its own unit, by a response, or with what it was cut from."""
    causes = [
        (time, reason)
        for time, reason in (_own_end(run, c), _answer(run, c), _with_parent(run, c))
        if time < c.valid_to
    ]
    return min(causes, key=lambda cause: (cause[0], cause[1] != Reason.INCIDENT), default=None)


def _answer(run, c):
    return run.ordered.get(c.id, FOREVER), Reason.INCIDENT


def _with_parent(run, c):
    """When what a credential is cut from was revoked, where that cascades."""
    if run.knobs(c.id).revocation.cascade == "none" or c.id not in run.parents:
        return _NEVER
    return _revoked_at(run, run.credentials[run.parents[c.id]]) or _NEVER


def _ended_by_response(run, c):
    """When a response to an incident ordered the end of a credential, or of what it was cut from; else never."""
    revoked = _revoked_at(run, c)
    return revoked[0] if revoked is not None and revoked[1] == Reason.INCIDENT else FOREVER


def _own_end(run, c):
    """When the unit of a credential ended, where the model revokes then, the issuer hears of it and does it."""
    figures, purposes = run.knobs(c.id).revocation, run.workload.streams
    on, units = figures.on, {"task": Unit.TASK, "action": Unit.ACTION}
    if ids.is_minted(c.id):
        return _NEVER
    if c.kind == rows.CredentialKind.ACTION_TOKEN and on != "never":
        path, unit = c.id >> 4 & (1 << 57) - 1, units["action"]
        used = run.used_until.get(c.id, FOREVER)
        ended = (used, Reason.ACTION_END) if used < run.workload.t1 else _NEVER
    elif c.kind == rows.CredentialKind.TASK_TOKEN and on == "task_end":
        path, unit, outcome = c.task, units["task"], run.outcomes[c.task]
        ended = (outcome.ended, Reason.TASK_END) if outcome.outcome != Outcome.OPEN else _NEVER
    else:
        return _NEVER
    lost = purposes.of(Purpose.SIGNAL_LOST, unit).happens(path, threshold(figures.lost_signal))
    failed = purposes.of(Purpose.REVOCATION_FAILED).happens(c.id, threshold(figures.failure))
    return _NEVER if lost or failed else ended


def children_hold_no_more(run: Run) -> Wrong:
    """Where a credential is said to be cut from another, it holds nothing that the other does not."""
    yield from (e for e in run.facts.edges if not set(run.atoms(e.child)) <= set(run.atoms(e.parent)))


LIVE = {Threat.T1C, Threat.T2, Threat.T4}


def attackers_find_what_is_valid(run: Run) -> Wrong:
    """An attacker takes what some verifier accepts at that instant of what lies at the place, and nothing else."""
    for incident in run.facts.incidents:
        found = {c.id for c in taken(run, run.struck[incident.id])}
        if incident.credentials != len(found):
            yield incident, found
        live = incident.threat in LIVE or incident.threat == Threat.T5
        if not found and not live:
            yield from (step for step in run.facts.steps if step.incident == incident.id)


def owners_hand_keys(run: Run) -> Wrong:
    """A person's agent is handed a key when an action's patience ends that still waits, and then uses nothing else.

    The key is of the team's work, the owner has it too, and there is none while another is valid.
    """
    figures = run.workload.scenario.workaround
    parties = {(p.credential, p.principal, p.valid_from, p.valid_to) for p in run.facts.parties}
    for c in run.handed.values():
        agent = c.holder & (1 << 40) - 1
        lasts = c.valid_to - c.valid_from == round(figures.lasts_days * DAY)
        own = c.issuer == _last_owner(run, agent)
        right = set(run.atoms(c.id)) == set(run.workload.roles[agent]) and own
        if not (lasts and right and (c.id, c.issuer, c.valid_from, c.valid_to) in parties):
            yield c
    for use in run.uses:
        key = run.handed_at(use.principal, use.time)
        if (use.credential if use.credential in run.handed else None) != (key and key.id):
            yield use
    # What a policy kept out of a key or session is refused without a record: nobody knows when that was given up.
    if run.control.decision.policy == "none" or run.control.decision.at in {"task", "request"}:
        yield from _due(run, figures) ^ {(c.holder, c.valid_from) for c in run.handed.values()}


def _due(run, figures):
    """When keys were due: patience by patience, of actions that were asked for and did not start before it ended."""
    if not figures.per_waited_hour:
        return set()
    draws, ends = run.workload.streams.of(Purpose.WORKAROUND), []
    refused = [e for e in run.of(Kind.DECIDE, Kind.DECIDE_APPROVAL, Kind.USE) if e.decision == Decision.DENY]
    gave_up = {e.action: e.time + (e.duration if e.kind == Kind.DECIDE else 0) for e in sorted(refused)}
    for n in run.facts.needs:
        patience = draws.one_exponential(n.action, 3600 / figures.per_waited_hour)
        due = n.requested + round(figures.after_s * SECOND) + patience
        waits = n.starts >= due if n.met else gave_up.get(n.action, 0) > due
        if _is_a_persons(run, n.principal & (1 << 40) - 1) and waits and due < run.workload.t1:
            ends.append((due, n.principal))
    ends += [(due, principal) for due, principal in _still_waiting(run, figures, draws) if due < run.workload.t1]
    found, until = set(), {}
    for due, principal in sorted(ends):
        if due >= until.get(principal, 0):
            found.add((principal, due))
            until[principal] = due + round(figures.lasts_days * DAY)
    return found


def _still_waiting(run, figures, draws):
    """Actions that were asked for and are neither done nor given up as the run ends: the next of an open task."""
    for o in run.facts.outcomes:
        task = run.tasks[o.task]
        own = [run.needs[a.id] for a in task.actions if a.id in run.needs]
        if o.outcome != Outcome.OPEN or len(own) == len(task.actions) or not all(n.met for n in own):
            continue
        action, ready = task.actions[len(own)], own[-1].ends if own else _ready(run, o)
        in_line = [
            run.outcomes[c.id].ended for c in task.children if c.spawned_after == len(own) and c.id in run.in_line
        ]
        if ready is None or UNKNOWN in in_line or not _is_a_persons(run, task.agent):
            continue
        asked = max([ready, *in_line]) + action.think
        if asked < run.workload.t1:
            patience = draws.one_exponential(action.id, 3600 / figures.per_waited_hour)
            yield asked + round(figures.after_s * SECOND) + patience, o.agent


def _ready(run, outcome):
    """When a task could begin with its first action: admitted, and with its credential where it is given its own."""
    task = run.tasks[outcome.task]
    if not run.begins(task.id):
        return None
    top = task.parent == UNKNOWN
    own = run.control.issue.unit == "task" and (top or run.control.delegation.child != "share")
    own = own and task.id not in run.in_line
    tokens = [c for c in run.granted if own and c.task == task.id and c.kind == rows.CredentialKind.TASK_TOKEN]
    if own and not tokens and _gets_some(run, task, outcome.started):
        return None
    return max([outcome.started, run.admitted.get(task.id, 0), *sorted(c.valid_from for c in tokens)[:1]])


def _gets_some(run, task, time):
    """Whether a credential is due to a task that starts now: whether policy leaves anything of its plan."""
    [policy] = run.policies(time + 1, time + 1)
    said = {run.required(task.agent, atom, task.id, policy) for atom in _plan(run, task)}
    return bool(said & ({0} if run.decides_issue(run.control) and not run.let_through(time) else {0, None}))


def _plan(run, task):
    """What the credential of a task is to hold, but for what a human must agree to."""
    if run.control.delegation.child == "inherit" and task.parent != UNKNOWN:
        return _plan(run, run.tasks[task.parent])
    plans = {"declared": task.declared, "own_role": run.workload.roles[task.agent], "role_union": run.workload.union}
    return plans[run.control.issue.authority]


def _last_owner(run, agent):
    """Who answers for an agent at work, or did last; where there is no past, a person of its own."""
    if run.workload.lifecycle is None:
        return agent + (1 << 21)
    own = (2 << 40) + agent
    told = [each.owner for each in run.workload.lifecycle.answering if (each.owned, each.role) == (own, "owner")]
    return [UNKNOWN, *told, *(row.owner for row in run.facts.reowned if row.owned == own)][-1]


def _is_a_persons(run, agent):
    if run.workload.lifecycle is not None:
        return _last_owner(run, agent) >> 40 == PrincipalKind.HUMAN
    ownership = run.workload.scenario.ownership
    shares = ((Purpose.OWNED, ownership.unowned), (Purpose.TEAM_OWNED, ownership.team_owned))
    return not any(run.workload.streams.of(purpose).happens(agent, threshold(share)) for purpose, share in shares)


def taken(run, struck):
    """What of the place is accepted somewhere at the instant of a compromise; worked out once."""
    if struck.id not in run.taken:
        run.taken[struck.id] = _taken(run, struck)
    return run.taken[struck.id]


def _taken(run, struck):
    own = [c for c in run.own if c.holder & _ORDINAL == struck.agent and c.valid_from <= struck.time]
    if struck.threat == Threat.T5:
        return []
    if struck.threat == Threat.T3:
        left = {leak.credential for leak in run.facts.leaks if leak.found <= struck.time}
        own = [c for c in own if c.id in left]
    if struck.threat == Threat.T4:
        own = [c for c in own if _of_tree(run, c, struck, struck.time)]
    return [c for c in own if _accepted_somewhere(run, c, struck.time)]


def suspects(run, struck):
    """What the response to an incident revokes: what was taken, or all that a process has that was the attacker's."""
    time = struck.contained
    own = [c for c in run.own if c.holder & _ORDINAL == struck.agent and c.valid_from < time]
    made = [c for c in run.facts.credentials if ids.is_minted(c.id) and _step(c) >> 20 == struck.id]
    known = [*(own if struck.threat in LIVE else taken(run, struck)), *(c for c in made if c.valid_from < time)]
    return [c for c in known if c.id not in run.handed and _accepted_somewhere(run, c, time, answered=True)]


def _ended_with(run, c, time):
    """What a platform ends with a credential that it is asked to end: that, or all of its holder or of its role."""
    ends, platform = run.of_credential(c.id).ends, run.platform(c.id)
    if ends in {"none", "credential"}:
        return [c.id] if ends == "credential" else []
    same = [
        n for n in range(run.workload.agents) if _role(run, platform, n) == _role(run, platform, c.holder & _ORDINAL)
    ]
    holders = same if ends == "role" else [c.holder & _ORDINAL]
    there = [each for each in run.facts.credentials if run.platform(each.id) == platform and each.valid_from < time]
    return [each.id for each in there if each.holder & _ORDINAL in holders and each.id not in run.handed]


def _accepted_somewhere(run, c, time, *, answered=False):
    """Whether any verifier accepts it; one that a response reaches at this very instant did until then."""
    return any(
        time < run.accepted_until(c.id, atom)
        or (answered and (c.id, run.verifier(atom), time) in run.reached and time < c.valid_to)
        for atom in run.opens(c.id, time)
    )


def _trees(run, struck, time):
    """Root tasks of the agent that ran at the compromise and still do."""
    own = [o for o in run.facts.outcomes if o.parent == UNKNOWN and o.agent & _ORDINAL == struck.agent]
    return {o.task for o in own if o.started <= struck.time and max(struck.time, time) < _ended(o)}


def _of_tree(run, c, struck, time):
    trees = _trees(run, struck, time)
    return bool(trees) if c.task == UNKNOWN else ids.root_of(c.task) in trees


def _step(c):
    return c.id & ((1 << 43) - 1)


def _verifier_sees(run, struck, c, atom):
    """Whether a verifier notices that a copy is not presented by whom it is bound to."""
    binding, checked = run.knobs(c.id).identity.binding, run.knobs(c.id).identity.enforced
    if (
        not checked
        or ids.is_minted(c.id)
        or c.id in run.handed
        or struck.threat not in {Threat.T1A, Threat.T1B, Threat.T3}
    ):
        return False
    if struck.threat == Threat.T1B:
        return binding in {"key_bound", "context_bound"}
    if binding != "audience":
        return binding != "bearer"
    sent = {leak.verifier for leak in run.facts.leaks if leak.credential == c.id and leak.found <= struck.time}
    return run.verifier(atom) not in (sent if struck.threat == Threat.T3 else {struck.verifier})


def attackers_get_what_is_valid(run: Run) -> Wrong:
    """What is presented works within its scope and validity, unless a binding, policy or a human stands before it."""
    tried = {event.id: event for event in run.facts.events}
    for step in run.facts.steps:
        use, struck = tried[step.event], run.struck[step.incident]
        c = run.credentials.get(use.credential)
        reasons = _reasons(run, struck, c, step, use.time)
        wrong = not reasons.get(use.reason, False) if use.reason != UNKNOWN else any(reasons.values()) or c is None
        if wrong or not _in_time(run, struck, use.time) or step.allowed != (use.reason == UNKNOWN):
            yield step, reasons
        if use.reason in _OF_THE_CREDENTIAL and any(
            _works(run, struck, other, step.atom, use.time) for other in run.facts.credentials
        ):
            yield step, "something else would have worked"


_OF_THE_CREDENTIAL = {Reason.EXPIRED, Reason.REVOKED, Reason.OUT_OF_SCOPE, Reason.BINDING}


def _reasons(run, struck, c, step, time):
    """Which reasons to refuse this step hold."""
    atom, agent = step.atom, struck.agent if c is None else c.holder & _ORDINAL
    guards = _guards(run, (agent, atom, step.incident << 20 | step.step), time, issuing=c is None)
    if _at_the_issuer(struck) or (c is not None and c.id in run.handed):
        guards = {}
    if c is None:
        held = _quarantined(run, struck, time) and not _at_the_issuer(struck)
        return {**guards, Reason.OUT_OF_SCOPE: not _mints(run, struck, atom, time), Reason.INCIDENT: held}
    return {
        **guards,
        Reason.EXPIRED: time >= c.valid_to,
        Reason.REVOKED: c.valid_to > time >= run.accepted_until(c.id, atom),
        Reason.OUT_OF_SCOPE: atom not in run.opens(c.id, time),
        Reason.BINDING: _verifier_sees(run, struck, c, atom),
    }


def _guards(run, tried, time, *, issuing):
    """What stands before an attempt besides the credential: an enforcement point's policy, and humans."""
    (agent, atom, path), decision, streams = tried, run.control.decision, run.workload.streams
    figures = run.workload.scenario.approvers
    misled = figures.misled if run.control.approval.summary == "agent" else 0
    passes = threshold((1 - figures.inspected * (1 - misled)) ** run.control.approval.people)
    unseen = streams.of(Purpose.UNSEEN).happens(path, passes)
    stop = streams.of(Purpose.THEFT_STOPPED).happens(path, threshold(decision.adversarial_stop))
    [policy] = run.policies(time + 1, time + 1)
    required, asks = run.under_attack(agent, atom, policy), decision.at == "request"
    unissued = issuing and required is None and run.decides_issue(run.on(run.workload.atoms[atom].platform).control)
    silent = asks and run.out(time)
    opened = silent and run.let_through(time) and run.control.policy is not None
    if opened or streams.of(Purpose.THEFT_UNENFORCED).happens(path, threshold(1 - decision.coverage)):
        return {Reason.POLICY: unissued}
    return {
        Reason.OUTAGE: silent and not run.let_through(time),
        Reason.APPROVER: required not in {0, None} and not unseen,
        Reason.POLICY: (stop and not silent) or (asks and required is None) or unissued,
    }


def _works(run, struck, c, atom, time):
    """Whether an attacker has this credential, and a verifier would accept it for the atom now."""
    if ids.is_minted(c.id):
        has = _step(c) >> 20 == struck.id and c.valid_from < time
    elif struck.threat in LIVE:
        has = c.holder & _ORDINAL == struck.agent and c.valid_from <= time
        has = has and (struck.threat != Threat.T4 or _of_tree(run, c, struck, time))
    else:
        has = c in taken(run, struck)
    accepted = c.valid_from <= time < run.accepted_until(c.id, atom)
    return has and accepted and atom in run.opens(c.id, time) and not _verifier_sees(run, struck, c, atom)


def _at_the_issuer(struck):
    return struck.threat == Threat.T5 and struck.place >> 40 == rows.Place.ISSUER


def _mints(run, struck, atom, time):
    """Whether the issuer would listen to this attacker about this atom at all."""
    unit = run.on(run.workload.atoms[atom].platform).unit
    if unit is Unit.STANDING or struck.threat not in {Threat.T2, Threat.T5}:
        return False
    if _at_the_issuer(struck):
        return any(atom in _ceiling(run, n, atom, time) for n in range(run.workload.agents))
    ttl = run.control.identity.bootstrap_ttl_s
    since = int(run.workload.keys_since[struck.agent])
    replaced = ttl != "never" and (time - since) // (ttl * SECOND) != (struck.time - since) // (ttl * SECOND)
    return atom in _ceiling(run, struck.agent, atom, time) and (struck.threat == Threat.T2 or not replaced)


def _ceiling(run, agent, atom, time):
    return _given(run, run.workload.atoms[atom].platform, agent, time)


def _quarantined(run, struck, time):
    return any(start <= time < end for start, end in run.quarantines[struck.agent])


def _in_time(run, struck, time):
    """An attacker goes on from the compromise until the response, where that keeps it out, or its tree is over."""
    kept_out = struck.threat in LIVE or run.control.containment.cut_off
    over = struck.threat == Threat.T4 and not _trees(run, struck, time)
    return struck.time <= time and not (kept_out and time >= struck.contained) and not over


def issuers_make_what_they_would(run: Run) -> Wrong:
    """What an attacker had made is within an agent's ceiling, was asked for in time, and is gated only alone."""
    steps = {(s.incident, s.step): s for s in run.facts.steps}
    for c in run.facts.credentials:
        if ids.is_minted(c.id):
            step = steps[_step(c) >> 20, _step(c) & 0xFFFFF]
            opened = run.opens(c.id, c.valid_from)
            within = all(_mints(run, run.struck[step.incident], atom, c.valid_from) for atom in opened)
            wide = run.knobs(c.id).issue.unit in {"task", "action"} and len(run.atoms(c.id)) > 1
            [policy] = run.policies(c.valid_from + 1, c.valid_from + 1)
            open_to_it = all(run.under_attack(c.holder & _ORDINAL, atom, policy) == 0 for atom in run.atoms(c.id))
            if not within or step.atom not in run.atoms(c.id) or (wide and not open_to_it):
                yield c


def attackers_are_known(run: Run) -> Wrong:
    """The truth names each event that an attacker caused: what was tried, and what was made for it."""
    caused = {step.event for step in run.facts.steps}
    caused |= {e.id for e in run.of(Kind.ISSUE) if ids.is_minted(e.issued)}
    yield from caused ^ {actor.event for actor in run.facts.actors}


def calls_leave_copies(run: Run) -> Wrong:
    """A call leaves what it presented behind by its own draw, and it can be found after its own time."""
    figures, streams = run.workload.scenario.leaks, run.workload.streams
    due = set()
    for use in run.uses:
        if streams.of(Purpose.LEAKED).happens(use.action, threshold(figures.share)):
            found = use.time + streams.of(Purpose.LEAK_FOUND).one_lognormal(
                use.action, figures.found_median_s, figures.found_sigma
            )
            due.add((use.action, use.credential, use.time, found, run.verifier(run.actions[use.action].atom)))
    yield from due ^ {(leak.action, leak.credential, leak.time, leak.found, leak.verifier) for leak in run.facts.leaks}


def quarantine_holds(run: Run) -> Wrong:
    """Nothing that is asked for anew in quarantine starts before its end, and nothing else is refused for it."""
    handed = {use.action for use in run.uses if use.credential in run.handed}
    for need in run.facts.needs:
        for start, end in run.quarantines[need.principal & _ORDINAL] if need.action not in handed else ():
            if need.met and start <= need.requested < end and need.starts < end:
                yield need
    for event in run.of(Kind.DECIDE):
        if event.reason == Reason.INCIDENT:
            asked = [start <= event.time < end for start, end in run.quarantines[event.target & _ORDINAL]]
            if not any(asked) or event.decision != Decision.DENY:
                yield event


def _least_inspected(run):
    figures = run.workload.scenario.approvers
    return min(figures.inspected, 1 if figures.fatigue_requests == "never" else figures.inspected_least)


def identities_can_mint(run: Run) -> Wrong:
    """Who holds an identity can mint its role, what is gated only past a human; with a standing key, nothing.

    What policy forbids can be minted where it is not always asked. Where policy changes, so does what can be minted,
    and where what an agent is assigned does.
    """
    minted = defaultdict(dict)
    for t in (each for each in run.facts.trusts if each.principal & (1 << 40) - 1 < run.workload.agents):
        platform = run.workload.atoms[run.facts.scope_sets[t.scope_set][0]].platform
        if t.bootstrap != rows.Bootstrap[run.on(platform).control.identity.bootstrap.upper()]:
            yield t
        own = minted[t.valid_from, t.valid_to, t.principal & _ORDINAL]
        own.setdefault((t.gate, t.permit_under_attack), set()).update(run.facts.scope_sets[t.scope_set])
    for agent in range(run.workload.agents):
        own = {key: minted.pop(key) for key in list(minted) if key[2] == agent}
        edges = {run.workload.begins, *(time for key in own for time in key[:2]), *_changes(run, agent)}
        for since in sorted(time for time in edges if time < run.workload.t1):
            [policy] = run.policies(since + 1, since + 1)
            found = defaultdict(set)
            for sets in (sets for key, sets in own.items() if key[0] <= since < key[1]):
                for gate, atoms in sets.items():
                    found[gate] |= atoms
            if found != _mintable(run, agent, policy, since):
                yield agent, since, found
    yield from minted.items()


def _changes(run, agent):
    """When what an agent can mint may change in a run."""
    times = {_change(run), *(time for row in run.assignments[agent | 2 << 40] for time in row[:2])}
    return {time for time in times if run.workload.begins <= time < run.workload.t1}


def _change(run):
    decision = run.control.decision
    fixed = decision.changes_to == "none" or decision.at == "onboarding"
    return FOREVER if fixed else run.workload.t0 + round(decision.changes_at_hours * HOUR)


def _mintable(run, agent, policy, time):
    """What an agent's identity mints under a policy: atoms by gate and chance."""
    minted = defaultdict(set)
    for platform in run.platforms:
        if run.on(platform).control.issue.unit != "standing":
            for gate, atoms in _mintable_on(run, platform, agent, policy, time):
                minted[gate] |= atoms
    return {gate: atoms for gate, atoms in minted.items() if atoms}


def _mintable_on(run, platform, agent, policy, time):
    control, outages = run.on(platform).control, run.workload.scenario.outages
    decision, stops = control.decision, control.decision.adversarial_stop
    said = {atom: run.under_attack(agent, atom, policy) for atom in _given(run, platform, agent, time)}
    binding = run.decides_issue(control) or decision.at == "request"
    forbidden = {atom for atom, tier in said.items() if tier is None and binding}
    alone = {atom for atom, tier in said.items() if tier and control.issue.unit in {"task", "action"}}
    up = 24 * 60 / (24 * 60 + outages.minutes * outages.per_day) if decision.outage == "open" else 1
    asked = decision.coverage * up
    human = asked if decision.at == "request" and run.control.policy is not None else decision.coverage
    word = rows.Gate.NONE if decision.at == "onboarding" else rows.Gate.CLASSIFIER if stops else rows.Gate.RULE
    misled = run.workload.scenario.approvers.misled if run.control.approval.summary == "agent" else 0
    past = (1 - _least_inspected(run) * (1 - misled)) ** run.control.approval.people
    yield (word, _thousandths(1 - asked * stops)), set(said) - forbidden - alone
    yield (rows.Gate.HUMAN, _thousandths(1 - human * (1 - (1 - stops) * past))), alone
    yield (rows.Gate.NONE, _thousandths(1 - asked)), forbidden if asked < 1 else set()


def _thousandths(chance):
    return ceil(round(1000 * chance, 6))


def approvals_cover_what_they_say(run: Run) -> Wrong:
    """An approval serves its own action, or later the same atom in its task or below, as often as it may."""
    covers, budget = run.control.approval.covers, run.control.approval.budget
    told = {(use.approval, use.action) for use in run.presented if use.approval != UNKNOWN}
    covered = {tuple(row) for row in run.facts.covered}
    yield from {row for row in told if row[0] >> 6 != row[1]} - covered
    uses = defaultdict(int)
    for decision, action in covered:
        uses[decision] += 1
        first, other = run.actions[decision >> 6], run.actions[action]
        inside = {"task": {other.id >> 11}, "subtree": _above(run, other.id >> 11)}.get(covers, set())
        inside = {_doer(run, each) for each in inside}
        if first.atom != other.atom or _doer(run, first.id >> 11) not in inside:
            yield decision, action
    yield from (decision for decision, times in uses.items() if budget != "never" and times > budget - 1)


def changed_calls_are_seen(run: Run) -> Wrong:
    """Who calls with other arguments than were approved is refused where they are bound, and let through where not."""
    share, binds = run.workload.scenario.deviation.share, run.control.approval.binds == "arguments"
    for use in run.presented:
        own, attempt = use.approval != UNKNOWN and use.approval >> 6 == use.action, use.approval & 15
        changed = own and run.workload.streams.of(Purpose.DEVIATES, attempt).happens(use.action, threshold(share))
        refused = use.decision == Decision.DENY
        if (
            (use.args != UNKNOWN) != changed
            or refused != (changed and binds)
            or (refused != (use.reason == Reason.CHANGED))
        ):
            yield use


def sub_agents_are_capped(run: Run) -> Wrong:
    """So many generations of sub-agents, so many of each agent; work is done in their stead only beyond that."""
    caps, spawned = run.control.delegation, defaultdict(int)
    for event in sorted(run.of(Kind.SPAWN)):
        doer = _doer(run, event.parent_task)
        deep = caps.depth != "never" and len(_above(run, doer) - run.in_line) > caps.depth
        wide = caps.fan_out != "never" and spawned[doer] >= caps.fan_out
        spawned[doer] += event.decision == Decision.ALLOW
        if (event.decision == Decision.DENY) != (deep or wide):
            yield event


def sub_agents_hold_what_they_are_given(run: Run) -> Wrong:
    """A sub-agent has a credential of its own unless it shares; cut from its parent's, unless the issuer grants it."""
    child = run.control.delegation.child
    if child in {"share", "own_grant"}:
        yield from run.facts.edges
    for c in run.own:
        if c.kind == rows.CredentialKind.TASK_TOKEN and run.tasks[c.task].parent != UNKNOWN and child == "share":
            yield c
        if c.kind == rows.CredentialKind.TASK_TOKEN and c.task in run.in_line:
            yield c


def strays_get_what_anybody_gets(run: Run) -> Wrong:
    """An agent reaches beyond its task as often as is drawn, and gets what its issuer gives to anybody."""
    revoked = {(e.issued, e.verifier): e.id for e in run.of(Kind.REVOKE)}
    for use in run.strays:
        task, held = run.tasks[use.task], run.credentials.get(use.credential)
        works = held is not None and use.atom in run.opens(held.id, use.time) and use.time < held.valid_to
        # At one instant, it is known by the order of the log.
        works = works and use.id < revoked.get((held.id, run.verifier(use.atom)), FOREVER)
        allowed, to_ask = use.decision == Decision.ALLOW, use.reason == Reason.APPROVER
        policies = run.policies(run.outcomes[use.task].started, use.time)
        tiers = {run.required(use.principal & _ORDINAL, use.atom, use.task, each) for each in policies}
        works = works and held.holder == use.principal
        if use.atom in _own_atoms(task) or (allowed and not works) or (to_ask and not any(tiers)):
            yield use
        # Where it may have passed by, nobody may have answered, or another policy, it is not known what was said.
        known = len(tiers) == 1 and run.control.decision.coverage == 1 and not run.outages
        if known and (to_ask != any(tiers) or allowed != (works and not any(tiers))):
            yield use
    draws = run.workload.streams.of(Purpose.DRIFTS)
    share = threshold(run.workload.scenario.drift.share)
    for o in run.facts.outcomes:
        task, made = run.tasks[o.task], sum(use.task == o.task for use in run.strays)
        drawn = sum(draws.happens(action.id, share) for action in task.actions)
        drawn = drawn if len(_own_atoms(task)) < len(run.workload.atoms) else 0
        if made > drawn or (o.outcome == Outcome.COMPLETED and made < drawn):
            yield o


def _own_atoms(task):
    return {*task.declared, *(action.atom for action in task.actions)}


def _seen_by(run, decision):
    """Who had agreed already when a further person was asked about the same request."""
    same = [d for d in run.facts.decisions if d.action == decision.action and d.id & 15 == decision.id & 15]
    return {d.decider for d in same if d.id < decision.id}


def _above(run, task):
    """A task and those above it."""
    found = set()
    while task != UNKNOWN:
        found.add(task)
        task = run.tasks[task].parent
    return found


def _root(run, task):
    return next(run.tasks[each] for each in _above(run, task.id) if run.tasks[each].parent == UNKNOWN)


def _doer(run, task):
    """The task whose agent does this one: its own, or its parent's where that may have no sub-agent."""
    while task in run.in_line:
        task = run.tasks[task].parent
    return task


def people_answer_while_they_are_there(run: Run) -> Wrong:
    """Only what a person left is taken on, by somebody who is there, where nobody answers, and if anything re-owns."""
    left = run.workload.lifecycle.left if run.workload.lifecycle else {}
    for row in run.facts.reowned:
        before = [a.ends for a in run.answering(row.owned) if a.ends <= row.valid_from]
        there = any(
            p.joined <= row.valid_from < p.left for p in run.workload.lifecycle.people if p.left == left[row.owner]
        )
        if (
            not before
            or not there
            or row.valid_to > left[row.owner]
            or run.regime(row.valid_from).reowning_days == "never"
        ):
            yield row
    told = {(e.target, e.principal, e.time) for e in run.of(Kind.CHANGE_OWNER)}
    yield from told - {(row.owned, row.owner, row.valid_from) for row in run.facts.reowned}


def reviews_are_by_whoever_answers(run: Run) -> Wrong:
    """A listed identity is reviewed on the days of its regime by whoever answers then; where nobody does, it is not."""
    reviews = {(e.target, e.time): e for e in run.of(Kind.REVIEW)}
    for (target, time), event in reviews.items():
        regime = run.regime(time)
        since = run.workload.lifecycle.starts if time < run.workload.begins else run.workload.begins
        listed = target not in run.shadows or time < run.workload.begins
        on_its_day = regime.review_days != "never" and (time - since) % round(regime.review_days * DAY) == 0
        if not on_its_day or not listed or event.principal not in run.answer(target, time):
            yield event
    after = run.control.governance
    if run.workload.lifecycle is None or after.review_days == "never" or after.review_skipped > 0:
        return
    every = round(after.review_days * DAY)
    for life in (each for each in run.workload.lifecycle.lives if each.at_work):
        for time in range(run.workload.begins + every, run.workload.t1, every):
            principal = life.number | 2 << 40
            if principal not in run.shadows and run.answer(principal, time) and (principal, time) not in reviews:
                yield life, time


def reviewers_take_away_what_they_look_at(run: Run) -> Wrong:
    """What an agent at work was given besides its role goes at a review that says so, and only if reviewers look."""
    denied = {(e.target, e.time) for e in run.of(Kind.REVIEW) if e.decision == Decision.DENY}
    reviewed = defaultdict(list)
    for event in run.of(Kind.REVIEW):
        reviewed[event.target].append(event.time)
    for row in run.facts.assignments:
        if row.principal & (1 << 40) - 1 >= run.workload.agents:
            continue
        if row.valid_to != FOREVER and (
            (row.principal, row.valid_to) not in denied or run.regime(row.valid_to).reviewer_approval == 1
        ):
            yield row
        if len(run.facts.scope_sets[row.scope_set]) == 1:
            missed = [t for t in reviewed[row.principal] if row.valid_from < t < row.valid_to]
            yield from ((row, t) for t in missed if run.regime(t).reviewer_approval == 0)


def keys_are_rotated(run: Run) -> Wrong:
    """A key is replaced whole periods after it was made and goes an overlap after that, for no other reason."""
    chains, gone = defaultdict(list), defaultdict(set)
    for a in run.facts.acceptances:
        gone[a.credential].add((a.until, a.reason))
    for c in sorted(run.facts.credentials, key=lambda c: c.valid_from):
        if c.id in run.keys_of_clock:
            chains[c.holder, c.id >> 20, run.platform(c.id)].append(c)
    for keys in chains.values():
        for old, new in itertools.pairwise(keys):
            due = new.valid_from + round(run.regime(new.valid_from).rotation_overlap_days * DAY)
            ended = {each for each in gone[old.id] if each[1] != Reason.INCIDENT}
            expected = {(due, Reason.RENEWAL)} if due < run.workload.t1 else set()
            if ended != expected and not (old.id in run.ordered and ended <= expected):
                yield old, new
            yield from _out_of_period(run, old, new)


def _out_of_period(run, old, new):
    """What the model replaced too early or late, of listed agents; after several periods only where one failed."""
    governance, begins = run.control.governance, run.workload.begins
    if new.valid_from < begins or governance.rotation_days == "never" or new.holder in run.shadows:
        return
    periods = (new.valid_from - old.valid_from) / round(governance.rotation_days * DAY)
    in_time = periods == 1 or old.valid_from < begins or governance.rotation_failure > 0
    if periods % 1 or not in_time:
        yield old, new, periods


def what_is_left_behind_goes(run: Run) -> Wrong:
    """Old keys go where a take-over needs none, those of the abandoned by a process or when noticed; none is new."""
    lives = {}
    for life in run.workload.lifecycle.lives if run.workload.lifecycle else ():
        lives[life.number | 2 << 40] = life
    for a in run.facts.acceptances:
        if a.credential not in run.keys_of_clock or a.reason == Reason.INCIDENT:
            continue
        key = run.credentials[a.credential]
        life, standing = lives[key.holder], run.knobs(key.id).issue.unit == "standing"
        process = a.reason == Reason.OFFBOARDING
        if (
            (process and (life.at_work or a.until < life.ended))
            or key.valid_from >= life.ended
            or a.until <= key.valid_from
        ):
            yield a
        if life.at_work and a.reason == Reason.DELETED and (standing or a.until < run.workload.begins):
            yield a
        if process and not any(map(_removes, (run.workload.scenario.past, run.control.governance))):
            yield a
    plan = run.workload.scenario.migration
    last = run.workload.begins + round(plan.dual_run_days * DAY)
    refused = {a.credential for a in run.facts.acceptances if a.until <= last}
    if run.control.governance.decommissioned == 1 and plan.overlooked == 0 and last < run.workload.t1:
        stock = [c for c in run.granted if c.id in run.stock and lives[c.holder].at_work]
        stock = [c for c in stock if run.knobs(c.id).issue.unit != "standing"]
        yield from (c for c in stock if c.id not in refused)


def _removes(regime):
    return regime.offboarding_formal > 0 or (regime.review_days != "never" and regime.reviewer_approval < 1)


RULES = (
    people_answer_while_they_are_there, reviews_are_by_whoever_answers, reviewers_take_away_what_they_look_at,
    keys_are_rotated, what_is_left_behind_goes,
    written_once, events_say_what_happened, events_come_in_order, uses_are_valid, lifetimes_are_kept,
    renewals_continue, silence_renews_everything, units_are_kept, platforms_issue_what_they_can, tasks_get_their_plan,
    humans_agree_first,
    policy_is_kept, answers_serve_again, who_passes_by_is_not_asked, the_desk_is_fair, the_tired_wave_through,
    policy_is_asked, attempts_are_counted, needs_are_of_what_began, needs_are_as_intended, tasks_run_their_course,
    agents_take_turns, revocations_arrive, children_hold_no_more, attackers_find_what_is_valid,
    attackers_get_what_is_valid, issuers_make_what_they_would, attackers_are_known, calls_leave_copies,
    quarantine_holds, identities_can_mint, approvals_cover_what_they_say, changed_calls_are_seen,
    authority_is_settled_as_said, boundaries_hold,
    strays_get_what_anybody_gets, sub_agents_are_capped, sub_agents_hold_what_they_are_given, owners_hand_keys,
)  # fmt: skip


def broken_rules(run: Run) -> dict[str, object]:
    """Each rule that does not hold, with the first thing that is wrong."""
    found = ((rule.__name__, next(iter(rule(run)), None)) for rule in RULES)
    return {name: wrong for name, wrong in found if wrong is not None}


def _ended(outcome):
    return FOREVER if outcome.ended == UNKNOWN else outcome.ended


def _open(figures, time):
    hour, weekday = time % DAY / HOUR, (time // DAY + 3) % 7
    return figures.opens <= hour < figures.closes and (figures.weekends or weekday < 5)
