"""Agents: one process each, a process a task; what they do, ask for, wait for and give up."""

from dataclasses import dataclass, field

import simpy

from sim.audit import ids
from sim.audit.ids import Unit
from sim.audit.rows import UNKNOWN, Covered, Decision, Demand, Kind, Need, Reason
from sim.reference.approval import Cover
from sim.reference.clock import Phase
from sim.reference.demand import demanded
from sim.reference.desk import Desk
from sim.reference.drift import strayed, strays
from sim.reference.job import Instance, Job
from sim.reference.leak import left_behind
from sim.reference.policy import decided, held_back, pause, required, tried, tries_again
from sim.reference.wallet import Wallet, Want, credential_for, issuable, issued, revoked, static_key
from sim.reference.ways import Ways
from sim.reference.world import Answer, Found, Held, Realm, Steps, World
from sim.streams import Purpose, mix, threshold
from sim.workload import cast
from sim.workload.intentions import Action, Task


def _path(task: Task) -> int:
    """The path of a task in the total order: that of its first action, which the same process does later."""
    return ids.action(task.id, 0)


@dataclass(frozen=True)
class Attempt:
    """Number of the attempt at an action, from 0, and when the agent was ready for the first (µs)."""

    number: int
    requested: int


@dataclass(frozen=True)
class Granted:
    """A credential to present, and the decision of a human that this rests on, if on any."""

    held: Held
    approval: int | None


@dataclass
class Agent:
    """One agent: its number, the desk it asks, and the wallets that its tasks share, where they share one."""

    world: World
    number: int
    desk: Desk
    shared: dict[int, Wallet] = field(default_factory=dict)
    ways: Ways = field(init=False)

    def __post_init__(self) -> None:
        """A static key is there before the first task, a session's wallet is empty."""
        self.ways = Ways(self.world, self.number, self.desk.contacts)
        for realm in self.world.realms:
            if realm.terms.unit is Unit.STANDING:
                self.shared[realm.number] = static_key(self.world, self.number, realm)
            elif realm.terms.unit is Unit.SESSION:
                role = self.world.whole(self.number, realm)
                wallet = Wallet(self.number, Unit.SESSION, self.number, realm, role)
                wallet.atoms = issuable(self.world, wallet, role)
                self.shared[realm.number] = wallet

    def live(self) -> Steps:
        """Take up root tasks as they arrive."""
        clock = self.world.clock
        slots = simpy.Resource(clock, capacity=self.world.workload.scenario.fleet.concurrency)
        for task in self.world.workload.roots[self.number]:
            yield clock.until(task.arrival, Phase.REQUEST, _path(task))
            if approvals := demanded(self.world, task):
                self.world.journal.facts.demands.append(Demand(task.id, self.world.control.asks, approvals))
            clock.process(self._take_up(task, slots))

    def _take_up(self, task: Task, slots: simpy.Resource) -> Steps:
        with slots.request() as slot:
            yield slot
            yield self.world.clock.after(0, Phase.REQUEST, _path(task))
            wallets = [self._first(task, realm) for realm in self.world.realms]
            yield from self._work(Job(task, wallets, Cover(self.world.control.approval), Instance()))

    def _work(self, job: Job) -> Answer:
        """One task from start to end; whether all of it was done, by its sub-agents too."""
        task, started = job.task, self.world.clock.time
        self.world.journal.task_started(task)
        self.world.trees[self.number][ids.root_of(task.id)] += 1
        for wallet in job.wallets:
            wallet.active += 1
        done = yield from self._admitted(job)
        if done:
            done = yield from self._chain(job)
        else:
            self._not_reached(task, 0, started)
        if job.beside:
            yield simpy.AllOf(self.world.clock, job.beside)
        done = done and not job.failed and all(child.value for child in job.beside)
        yield self.world.clock.after(0, Phase.COMPLETION, _path(task))
        self._ended(job, done=done)
        return done

    def _ended(self, job: Job, *, done: bool) -> None:
        """A task is over; what it held goes, once nobody works from it who outlives it, and so do they if they must."""
        task = job.task
        self.world.trees[self.number][ids.root_of(task.id)] -= 1
        for wallet in job.wallets:
            wallet.active -= 1
            wallet.over = wallet.over or wallet.task == task.id
        why = Reason.PARENT_ENDED if job.stopped else Reason.BROKEN
        self.world.journal.task_ended(task, Reason.COMPLETED if done else why)
        for wallet in job.wallets:
            if wallet.over and not wallet.active and wallet.realm.terms.control.revocation.on == "task_end":
                revoked(self.world, wallet, Reason.TASK_END)
        if job.over is not None:
            job.over.succeed()

    def _plan(self, task: Task, realm: Realm) -> tuple[int, ...]:
        """What a task is given on a platform for the whole of it."""
        declares = realm.terms.control.issue.authority in {"declared", "single"}
        return self.world.within(realm, task.declared) if declares else self.world.whole(self.number, realm)

    def _own(self, task: Task, realm: Realm, atoms: tuple[int, ...], parent: Wallet | None) -> Wallet:
        """A wallet of a task's own, without what a human must agree to first."""
        wallet = Wallet(self.number, Unit.TASK, task.id, realm, atoms, task=task.id, parent=parent)
        wallet.atoms = issuable(self.world, wallet, atoms)
        return wallet

    def _first(self, task: Task, realm: Realm) -> Wallet:
        """What a root task works from on a platform: what all of the agent's share there, or its own."""
        return self.shared.get(realm.number) or self._own(task, realm, self._plan(task, realm), None)

    def _delegated(self, task: Task, parent: Wallet) -> Wallet:
        """What a sub-agent works from on a platform: its parent's wallet there, or one of its own."""
        realm = parent.realm
        child = realm.terms.control.delegation.child
        if realm.number in self.shared or child == "share":
            return parent
        if child == "inherit":
            return self._own(task, realm, parent.atoms, parent)
        return self._own(task, realm, self._plan(task, realm), None if child == "own_grant" else parent)

    def _admitted(self, job: Job) -> Answer:
        """The decision at the start of a task, where there is one, and the credentials issued for it, all at once."""
        if self.world.control.decision.at == "task" and not (yield from self._admission(job)):
            return False
        refused = self.world.in_quarantine(self.number)
        own = [] if refused else [each for each in job.wallets if each.task == job.task.id and each.atoms]
        due = [each for each in own if each.realm.terms.unit is Unit.TASK]
        others = [self.world.clock.process(issued(self.world, each, each.atoms, ask=False)) for each in due[1:]]
        for wallet in due[:1]:
            yield from issued(self.world, wallet, wallet.atoms, ask=False)
        if others:
            yield simpy.AllOf(self.world.clock, others)
        return True

    def _admission(self, job: Job) -> Answer:
        task, path, attempt = job.task, _path(job.task), 0
        while not (
            yield from decided(self.world, self.number, tried(path, attempt), allowed=self._some(task), task=task.id)
        ):
            if job.stopped or not tries_again(self.world, path, attempt, Purpose.ADMISSION_RETRY):
                return False
            if not (yield from job.waits(pause(self.world, path))):
                return False
            attempt += 1
        return not job.stopped

    def _some(self, task: Task) -> bool:
        """Whether the policy allows anything of what a task plans, after an approval if need be."""
        plan = task.declared
        return not plan or any(self.world.requirement(self.number, atom, task.id) is not None for atom in plan)

    def _chain(self, job: Job) -> Answer:
        """The actions of a task in order; children start when as many actions are done as they wait for."""
        task = job.task
        for count, action in enumerate(task.actions):
            yield from self._spawn(job, count)
            ready = self.world.clock.time + action.think
            thought = yield from job.waits(self.world.clock.after(action.think, Phase.REQUEST, action.id))
            if thought and (stray := strays(self.world, task, action)) is not None:
                wallet = job.wallets[self.world.realm(stray.atom).number]
                job.beside.append(self.world.clock.process(strayed(self.world, stray, wallet)))
            if not thought or not (yield from self._act(job, action)):
                self._needed(action, ready, ready, met=False)
                self._not_reached(task, count + 1, ready + action.duration)
                return False
        yield from self._spawn(job, len(task.actions))
        return True

    def _spawn(self, job: Job, done: int) -> Steps:
        """Call up the sub-agents that are due; the work of those that a cap forbids is done here and now."""
        for child in job.task.children:
            if child.spawned_after != done:
                continue
            if job.stopped:
                job.failed = True
                self._not_reached(child, 0, self.world.clock.time)
                continue
            may = job.instance.may_call_up(self.world.control.delegation)
            self.world.journal.event(
                self.number, Kind.SPAWN, cast.agent(self.number), task=child.id, parent_task=job.task.id,
                decision=Decision.ALLOW if may else Decision.DENY,
            )  # fmt: skip
            if may:
                self._called_up(job, child)
            else:
                finished = yield from self._work(Job(child, job.wallets, job.cover, job.instance, job.stops))
                job.failed = job.failed or not finished

    def _called_up(self, job: Job, child: Task) -> None:
        """A sub-agent goes to work, beside its parent, which waits for it in the end unless it is detached."""
        stops = job.stops
        if child.detached and self.world.control.delegation.on_parent_end == "end":
            stops = job.over = job.over or self.world.clock.event()
        given = [self._delegated(child, wallet) for wallet in job.wallets]
        own = Job(child, given, job.cover.below(), job.instance.below(), stops)
        process = self.world.clock.process(self._work(own))
        if not child.detached:
            job.beside.append(process)

    def _act(self, job: Job, action: Action) -> Answer:
        """Attempt an action until it is done or given up."""
        wallet = job.wallets[self.world.realm(action.atom).number]
        gated = self.world.gated(self.number, action.atom, job.task.id)
        by_itself = gated and self.world.control.approval.covers == "action"
        unit = wallet.realm.terms.unit
        if unit is Unit.ACTION or (unit is Unit.TASK and by_itself):
            wallet = self._single(wallet, action)
        wallet.active += 1
        done = yield from self._attempts(job, wallet, action)
        wallet.active -= 1
        return done

    def _attempts(self, job: Job, wallet: Wallet, action: Action) -> Answer:
        requested, attempt = self.world.clock.time, 0
        self.ways.waits(action)
        while not (yield from self._attempt(job, wallet, action, Attempt(attempt, requested))):
            if not job.stopped and self.ways.at_once(action):
                continue
            again = not job.stopped and tries_again(self.world, action.id, attempt)
            if not again or not (yield from job.waits(pause(self.world, action.id))):
                self.ways.over(action)
                return False
            attempt += 1
        return True

    def _attempt(self, job: Job, wallet: Wallet, action: Action, attempt: Attempt) -> Answer:
        """One attempt: what is granted, then the use; a key that the agent was handed spares it the wait for both."""
        world = self.world
        granted = self._key() or (yield from self._granted(job, wallet, action, attempt))
        if granted is None:
            return False
        yield world.clock.after(0, Phase.USE, action.id)
        # What it is not to outlive may end in this very instant, too.
        if job.stopped:
            return False
        presented = self._key() or granted
        done = yield from self._use(action, presented, attempt)
        if presented is granted and wallet.unit is Unit.ACTION and wallet.realm.terms.control.revocation.on != "never":
            revoked(world, wallet, Reason.ACTION_END)
        return done

    def _key(self) -> Granted | None:
        """The key that the agent was handed, while it is valid; it rests on nobody's decision."""
        key = self.ways.holds()
        return None if key is None else Granted(key, None)

    def _granted(self, job: Job, wallet: Wallet, action: Action, attempt: Attempt) -> Found[Granted]:
        """Quarantine, policy, approver, credential; None where one refuses, the key where it is handed meanwhile."""
        world, approval = self.world, None
        if held_back(world, self.number, task=job.task.id, action=action.id):
            return None
        tier = yield from required(world, self.number, action, attempt.number)
        if tier is None or job.stopped:
            return None
        if tier:
            approval = yield from self._agreed(job, action, attempt)
            if approval is None or job.stopped or self.ways.holds() is not None:
                return self._key()
        held = yield from credential_for(world, wallet, Want(action.atom, action.id), action.id)
        return None if held is None else Granted(held, approval)

    def _agreed(self, job: Job, action: Action, attempt: Attempt) -> Found[int]:
        """The decision of a human that an action rests on: one that covers it already, or one that is asked for."""
        covering = job.cover.spend(action.atom)
        if covering is not None:
            self.world.journal.facts.covered.append(Covered(covering, action.id))
            return covering
        asking = self.desk.approved(self.number, action, attempt.number)
        decision = yield from self.ways.unless_handed(asking, action, job.stops)
        if decision is not None:
            job.cover.granted(action.atom, decision)
        return decision

    def _single(self, wallet: Wallet, action: Action) -> Wallet:
        """A wallet for one action: its atom alone, or with those of the plan where the model declares wholes."""
        gated = self.world.gated(self.number, action.atom, ids.task_of(action.id))
        whole = wallet.realm.terms.control.issue.authority != "single" and not gated
        atoms = tuple(sorted({*wallet.atoms, action.atom})) if whole else (action.atom,)
        return Wallet(self.number, Unit.ACTION, action.id, wallet.realm, atoms, task=ids.task_of(action.id))

    def _use(self, action: Action, presented: Granted, attempt: Attempt) -> Answer:
        """Present a credential: the call is made, unless it is not the one that was approved and that is looked at."""
        world, start, approval = self.world, self.world.clock.time, presented.approval
        changed = approval is not None and self._deviates(action, approval)
        refused = changed and world.control.approval.binds == "arguments"
        about = {} if not changed else {"args": mix(action.args + 1) >> 1}
        world.journal.event(
            self.number, Kind.USE, cast.agent(self.number), credential=presented.held.id, task=ids.task_of(action.id),
            action=action.id, requested=attempt.requested, duration=UNKNOWN if refused else action.duration,
            decision=Decision.DENY if refused else Decision.ALLOW, reason=Reason.CHANGED if refused else UNKNOWN,
            approval=UNKNOWN if approval is None else approval, **about,
        )  # fmt: skip
        if refused:
            return False
        self.ways.over(action)
        left_behind(world, self.number, action, presented.held)
        self._needed(action, attempt.requested, start, met=True)
        yield world.clock.after(action.duration, Phase.COMPLETION, action.id)
        return True

    def _deviates(self, action: Action, approval: int) -> bool:
        """Whether the agent calls with other arguments than it had shown, if it had shown those of this action."""
        if ids.action_of(approval) != action.id:
            return False
        share = threshold(self.world.workload.scenario.deviation.share)
        return self.world.stream(Purpose.DEVIATES, ids.attempt_of(approval)).happens(action.id, share)

    def _not_reached(self, task: Task, done: int, time: int) -> None:
        """The need of what a broken task never reached, sub-tasks too: on its schedule from `time` on."""
        for count, action in enumerate(task.actions[done:], start=done):
            self._not_spawned(task, count, time)
            time += action.think
            self._needed(action, time, time, met=False)
            time += action.duration
        self._not_spawned(task, len(task.actions), time)

    def _not_spawned(self, task: Task, done: int, time: int) -> None:
        for child in task.children:
            if child.spawned_after == done:
                self._not_reached(child, 0, time)

    def _needed(self, action: Action, requested: int, start: int, *, met: bool) -> None:
        """The need of an action, from when it started, or would have without control, as long as it takes."""
        if start >= self.world.workload.t1:
            return
        principal, task = cast.agent(self.number), ids.task_of(action.id)
        self.world.journal.facts.needs.append(
            Need(action.id, task, principal, action.atom, requested, start, start + action.duration, met)
        )
