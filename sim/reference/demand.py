"""How often people will be asked about the work that a task brings, if nobody waits and everybody agrees.

A fact of the workload and the control model, not of how the run goes: an agent that waits asks no more meanwhile, so of
approvers who cannot keep up the requests that are made tell least where there is most to do. It goes by what is in
force when the task arrives. Sub-agents count as called up and done one after another. What policy forbids for good
breaks its task, which asks nothing more.
"""

from sim.reference.approval import Cover
from sim.reference.job import Instance
from sim.reference.world import World
from sim.workload.intentions import Action, Task


def demanded(world: World, task: Task) -> int:
    """Requests for approval that a root task and its tree bring, one for each person who must agree."""
    return _Walk(world).task(task, Cover(world.control.approval), Instance())[0] if world.control.asks_humans else 0


class _Walk:
    """A tree of tasks gone through in order; each step tells how many are asked, and whether it goes on."""

    def __init__(self, world: World) -> None:
        self._world = world

    def task(self, task: Task, cover: Cover, instance: Instance) -> tuple[int, bool]:
        """A task, with the sub-tasks that are due before each of its actions and after the last."""
        asked = 0
        for done, action in enumerate((*task.actions, None)):
            for child in (each for each in task.children if each.spawned_after == done):
                asked += self._child(child, cover, instance)
            requests = 0 if action is None else self._action(task, action, cover)
            if requests is None:
                return asked, False
            asked += requests
        return asked, True

    def _child(self, child: Task, cover: Cover, instance: Instance) -> int:
        if instance.may_call_up(self._world.control.delegation):
            return self.task(child, cover.below(), instance.below())[0]
        return self.task(child, cover, instance)[0]

    def _action(self, task: Task, action: Action, cover: Cover) -> int | None:
        """Who is asked about an action that nothing covers yet; None: it is forbidden."""
        world = self._world
        tier = world.requirement(task.agent, action.atom, task.id)
        if world.control.decision.at == "request" and not world.enforced(action.id):
            return 0
        if tier is None:
            return None if self._forbids(action) else 0
        if tier == 0 or cover.spend(action.atom) is not None:
            return 0
        cover.granted(action.atom, 0)
        return world.control.approval.people

    def _forbids(self, action: Action) -> bool:
        """Whether what policy forbids is refused: at the request, or because no credential has it."""
        realm = self._world.realm(action.atom)
        return self._world.control.decision.at == "request" or self._world.decides_issue(realm, realm.terms.unit)
