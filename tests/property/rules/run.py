"""A run and what can be read off it, for rules to ask."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sim.audit import ids, rows
from sim.audit.ids import PrincipalKind, Unit
from sim.audit.rows import FOREVER, UNKNOWN, Decision, Facts, Kind, Reason
from sim.control.model import Control
from sim.control.platform import Terms, as_asked
from sim.streams import Purpose, threshold
from sim.workload.intentions import Task, Workload
from sim.workload.lifecycle import Answering
from tests.worlds import SECOND

DAY = 86_400 * SECOND


HOUR = DAY // 24


ORDINAL = (1 << 40) - 1


LEVELS = ["list", "read", "tagging", "write", "permissions"]


# The tier of approval that a change takes, by what a policy looks at; reading takes none.
TIERED = {
    "by_sensitivity": lambda atom: {"tagging": 2, "write": 2, "permissions": 3}.get(atom.level, 0) * (atom.tier == 3),
    "by_privilege": lambda atom: {"tagging": 1, "write": 1, "permissions": 3}.get(atom.level, 0),
    "by_reversibility": lambda atom: 0 if atom.reversible or atom.level in {"list", "read"} else 3,
}


def persists(draws, chance, alike):
    """Whether the last of several answers to one request is yes: each that was one makes the next more likely.

    As from an urn with so many balls in all that one more shifts the next draw by `alike`; with 1 the first decides.
    """
    answers = []
    for draw in draws:
        weight = len(answers) * alike / (1 - alike + len(answers) * alike) if answers else 0
        share = sum(answers) / len(answers) if answers else 0
        answers.append(draw < threshold((1 - weight) * chance + weight * share))
    return answers[-1]


@dataclass(frozen=True, eq=False)
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
            case "by_sensitivity" | "by_privilege" | "by_reversibility":
                own = {self.workload.atoms[each].system for each in self.workload.roles[agent]}
                return TIERED[policy](atom) if atom.system in own else None
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
        if len(kinds) == 1:
            return self._of_kind[kinds[0]]
        return [event for event in self.facts.events if event.kind in kinds]

    @cached_property
    def _of_kind(self):
        """Events by kind: many rules ask for one kind of each task."""
        found = defaultdict(list)
        for event in self.facts.events:
            found[event.kind].append(event)
        return found

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
        return atoms if c.resolved == rows.Resolution.BAKED else atoms & self.assigned(c.holder & ORDINAL, time)

    def on(self, platform: str) -> Terms:
        """What holds on a platform."""
        return self.terms.get(platform) or self._as_asked

    @cached_property
    def _as_asked(self) -> Terms:
        """Those of a platform that gives whatever is asked."""
        return as_asked(self.control)

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
        """The tasks that need a credential while they run: the agent's for a session, its own for a task's.

        Where sub-agents share it, theirs too.
        """
        knobs = self.knobs(credential.id)
        if knobs.issue.unit == "session":
            return [o for o in self.facts.outcomes if o.agent == credential.holder]
        if knobs.delegation.child != "share":
            return [self.outcomes[credential.task]]
        return [o for o in self.facts.outcomes if credential.task in self.line(o.task)]

    def line(self, task: int) -> list[int]:
        """A task and those above it, the nearest first."""
        found = []
        while task != UNKNOWN:
            found.append(task)
            task = self.tasks[task].parent
        return found

    def is_waited_for(self, task: int) -> bool:
        """Whether whoever spawned a task ends only after it."""
        return not self.tasks[task].detached or task in self.in_line

    def stops(self, task: int) -> int:
        """When a task ends that this one may not outlive: the parent of the nearest in line that nobody waits for."""
        parent = self.outcomes.get(self._stopping(task))
        return FOREVER if parent is None or parent.ended == UNKNOWN else parent.ended

    def _stopping(self, task: int) -> int | None:
        """The task that this one may not outlive, if there is one."""
        if self.control.delegation.on_parent_end == "finish":
            return None
        apart = next((each for each in self.line(task) if not self.is_waited_for(each)), None)
        return None if apart is None else self.tasks[apart].parent

    def begun_after_stop(self, task: int) -> list[rows.Event]:
        """Calls of a task's own that the log has after the end of what it may not outlive, if within one instant.

        What it asked for beside its work was under way by then.
        """
        end = self.task_ends.get(self._stopping(task), FOREVER)
        return [e for e in self._calls[task] if e.id > end]

    @cached_property
    def _calls(self):
        """Calls of each task's own."""
        found = defaultdict(list)
        for event in self.of(Kind.USE):
            if event.action != UNKNOWN:
                found[event.task].append(event)
        return found

    @cached_property
    def task_ends(self) -> dict[int, int]:
        """The event of each task's end."""
        return {e.task: e.id for e in self.of(Kind.TASK_END)}

    @cached_property
    def stopped(self) -> set[int]:
        """Tasks that ended because they may not outlive another."""
        return {e.task for e in self.of(Kind.TASK_END) if e.reason == Reason.PARENT_ENDED}


Wrong = Iterator[object]


def ended(outcome):
    """When a task ended; never, if it is not over."""
    return FOREVER if outcome.ended == UNKNOWN else outcome.ended
