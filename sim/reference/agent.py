"""Agents: one process each, a process a task; what they do, ask for, wait for and give up."""

from dataclasses import dataclass

import simpy

from sim.audit import ids
from sim.audit.ids import Unit
from sim.audit.rows import Decision, Kind, Need, Outcome, Reason
from sim.reference.clock import Phase
from sim.reference.desk import Desk
from sim.reference.policy import decided, pause, tries_again
from sim.reference.wallet import Wallet, credential_for, issued, revoked, static_key
from sim.reference.world import Answer, Steps, World
from sim.streams import Purpose
from sim.workload import cast
from sim.workload.intentions import Action, Task


def _path(task: Task) -> int:
    """The path of a task in the total order: that of its first action, which the same process does later."""
    return ids.action(task.id, 0)


@dataclass
class Agent:
    """One agent: its number, the desk it asks, and the wallet that its tasks share, if they share one."""

    world: World
    number: int
    desk: Desk
    shared: Wallet | None = None

    def __post_init__(self) -> None:
        """A static key is there before the first task, a session's wallet is empty."""
        if self.world.control.unit is Unit.STANDING:
            self.shared = static_key(self.world, self.number)
        elif self.world.control.unit is Unit.SESSION:
            self.shared = Wallet(self.number, Unit.SESSION, self.number, self.world.ceiling(self.number))

    def live(self) -> Steps:
        """Take up root tasks as they arrive."""
        clock = self.world.clock
        slots = simpy.Resource(clock, capacity=self.world.workload.scenario.fleet.concurrency)
        for task in self.world.workload.roots[self.number]:
            yield clock.until(task.arrival, Phase.REQUEST, _path(task))
            clock.process(self._take_up(task, slots))

    def _take_up(self, task: Task, slots: simpy.Resource) -> Steps:
        with slots.request() as slot:
            yield slot
            yield self.world.clock.after(0, Phase.REQUEST, _path(task))
            yield from self._work(task, None)

    def _work(self, task: Task, parent: Wallet | None) -> Answer:
        """One task from start to end; whether all of it was done, by its sub-agents too."""
        started = self.world.clock.time
        self.world.journal.task_started(task)
        wallet = self._wallet(task, parent)
        wallet.active += 1
        children: list[simpy.Process] = []
        done = yield from self._admitted(task, wallet)
        if done:
            done = yield from self._chain(task, wallet, children)
        else:
            self._not_reached(task, 0, started)
        if children:
            yield simpy.AllOf(self.world.clock, children)
            done = done and all(child.value for child in children)
        yield self.world.clock.after(0, Phase.COMPLETION, _path(task))
        wallet.active -= 1
        self.world.journal.task_ended(task, Outcome.COMPLETED if done else Outcome.BROKEN)
        if wallet.task == task.id and self.world.control.revocation.on == "task_end":
            revoked(self.world, wallet, Reason.TASK_END)
        return done

    def _wallet(self, task: Task, parent: Wallet | None) -> Wallet:
        """The wallet a task works from: the agent's, its parent's, or its own."""
        if self.shared is not None:
            return self.shared
        if parent is not None and self.world.control.delegation.child == "share":
            return parent
        authority = self.world.control.issue.authority
        atoms = task.declared if authority in {"declared", "single"} else self.world.ceiling(self.number)
        own = tuple(atom for atom in atoms if atom not in self.world.gated)
        return Wallet(self.number, Unit.TASK, task.id, own, task=task.id, parent=parent)

    def _admitted(self, task: Task, wallet: Wallet) -> Answer:
        """The decision at the start of a task, where there is one, and the credential issued for it."""
        if self.world.control.decision.at == "task" and not (yield from self._admission(task)):
            return False
        if self.world.control.unit is Unit.TASK and wallet.task == task.id and wallet.atoms:
            yield from issued(self.world, wallet, wallet.atoms, ask=False)
        return True

    def _admission(self, task: Task) -> Answer:
        path, attempt = _path(task), 0
        while not (yield from decided(self.world, self.number, path, attempt, task=task.id)):
            if not tries_again(self.world, path, attempt, Purpose.ADMISSION_RETRY):
                return False
            yield from pause(self.world, path)
            attempt += 1
        return True

    def _chain(self, task: Task, wallet: Wallet, children: list[simpy.Process]) -> Answer:
        """The actions of a task in order; children start when as many actions are done as they wait for."""
        for count, action in enumerate(task.actions):
            self._spawn(task, wallet, children, count)
            yield self.world.clock.after(action.think, Phase.REQUEST, action.id)
            ready = self.world.clock.time
            if not (yield from self._act(task, wallet, action)):
                self._needed(action, ready, ready, met=False)
                self._not_reached(task, count + 1, ready + action.duration)
                return False
        self._spawn(task, wallet, children, len(task.actions))
        return True

    def _spawn(self, task: Task, wallet: Wallet, children: list[simpy.Process], done: int) -> None:
        for child in task.children:
            if child.spawned_after == done:
                self.world.journal.event(
                    self.number, Kind.SPAWN, cast.agent(self.number), task=child.id, parent_task=task.id
                )
                children.append(self.world.clock.process(self._work(child, wallet)))

    def _act(self, task: Task, wallet: Wallet, action: Action) -> Answer:
        """Attempt an action until it is done or given up."""
        requested, attempt = self.world.clock.time, 0
        alone = self.shared is None and (action.atom in self.world.gated or self.world.control.unit is Unit.ACTION)
        own = self._single(task, wallet, action) if alone else wallet
        while not (yield from self._attempt(task, own, action, attempt, requested)):
            if not tries_again(self.world, action.id, attempt):
                return False
            yield from pause(self.world, action.id)
            attempt += 1
        return True

    def _attempt(self, task: Task, wallet: Wallet, action: Action, attempt: int, requested: int) -> Answer:
        """One attempt: policy, approver, credential, use."""
        world, about = self.world, {"task": task.id, "action": action.id}
        if world.control.decision.at == "request" and not (
            yield from decided(world, self.number, action.id, attempt, **about)
        ):
            return False
        if action.atom in world.gated and not (yield from self.desk.approved(self.number, action, attempt)):
            return False
        held = yield from credential_for(world, wallet, action)
        if held is None:
            return False
        yield world.clock.after(0, Phase.USE, action.id)
        yield from self._use(action, held.id, requested)
        if wallet.unit is Unit.ACTION and world.control.revocation.on != "never":
            revoked(world, wallet, Reason.ACTION_END)
        return True

    def _single(self, task: Task, wallet: Wallet, action: Action) -> Wallet:
        """A wallet for one action: its atom alone, or with those of the plan where the model declares wholes."""
        whole = self.world.control.issue.authority != "single" and action.atom not in self.world.gated
        atoms = tuple(sorted({*wallet.atoms, action.atom})) if whole else (action.atom,)
        return Wallet(self.number, Unit.ACTION, action.id, atoms, task=task.id)

    def _use(self, action: Action, credential: int, requested: int) -> Steps:
        world, start = self.world, self.world.clock.time
        world.journal.event(
            self.number, Kind.USE, cast.agent(self.number), credential=credential, task=ids.task_of(action.id),
            action=action.id, requested=requested, duration=action.duration, decision=Decision.ALLOW,
        )  # fmt: skip
        self._needed(action, requested, start, met=True)
        yield world.clock.after(action.duration, Phase.COMPLETION, action.id)

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
