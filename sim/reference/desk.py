"""The people who approve: a first-come queue with opening hours, inspections that take time, and a timeout."""

import heapq

import simpy

from sim.audit import ids
from sim.audit.rows import UNKNOWN, Decision, HumanDecision, Kind, Reason
from sim.calendar import DAY, HOUR, on_weekday
from sim.reference.clock import Moment, Phase
from sim.reference.world import Answer, Steps, World
from sim.streams import Purpose, threshold
from sim.workload import cast
from sim.workload.intentions import Action


class Desk:
    """The approvers of one run."""

    def __init__(self, world: World) -> None:
        """Everybody is idle."""
        self._world = world
        self._figures = world.workload.scenario.approvers
        self._staff = simpy.Resource(world.clock, capacity=self._figures.staff)
        self._idle = list(range(self._figures.staff))

    def approved(self, agent: int, action: Action, attempt: int) -> Answer:
        """Ask for an action and wait for the answer; a request that times out is refused."""
        world, clock, requested = self._world, self._world.clock, self._world.clock.time
        about = {"task": ids.task_of(action.id), "action": action.id}
        world.journal.event(agent, Kind.REQUEST_APPROVAL, cast.agent(agent), **about)
        deadline = clock.after(round(self._figures.timeout_hours * HOUR), Phase.EXPIRY, action.id)
        with self._staff.request() as turn:
            yield turn | deadline
            yield from self._opening(action, deadline)
            if deadline.processed:
                return self._answer(agent, action, attempt, (requested, UNKNOWN), None)
            person, began = heapq.heappop(self._idle), clock.time
            yield clock.after(self._inspection(action, attempt), Phase.COMPLETION, action.id)
            heapq.heappush(self._idle, person)
        return self._answer(agent, action, attempt, (requested, began), person)

    def _opening(self, action: Action, deadline: Moment) -> Steps:
        """Whoever's turn it is waits until the desk opens; this too ends with the deadline."""
        wait = self._closed_for()
        if wait and not deadline.processed:
            yield self._world.clock.after(wait, Phase.GRANT, action.id) | deadline

    def _closed_for(self) -> int:
        """Microseconds until the desk is open; 0 if it is."""
        time, figures = self._world.clock.time, self._figures
        for day in range(8):
            midnight = time // DAY * DAY + day * DAY
            working = figures.weekends or on_weekday(midnight)
            if working and time < midnight + figures.closes * HOUR:
                return max(0, midnight + figures.opens * HOUR - time)
        return 0

    def _inspection(self, action: Action, attempt: int) -> int:
        figures = self._figures
        stream = self._world.stream(Purpose.INSPECTION, attempt)
        return stream.one_lognormal(action.id, figures.inspection_median_s, figures.inspection_sigma)

    def _answer(self, agent: int, action: Action, attempt: int, times: tuple[int, int], person: int | None) -> bool:
        """Write the answer down; a person says yes to what is legitimate by a draw of the action's own."""
        world, (requested, began) = self._world, times
        chance = threshold(self._figures.approval_rate)
        yes = person is not None and world.stream(Purpose.APPROVED, attempt).happens(action.id, chance)
        decider = UNKNOWN if person is None else cast.approver(person)
        result = Decision.ALLOW if yes else Decision.DENY
        reason = Reason.TIMEOUT if person is None else Reason.APPROVER
        inspection = UNKNOWN if person is None else world.clock.time - began
        about = {"task": ids.task_of(action.id), "action": action.id, "decision": result, "reason": reason}
        world.journal.event(
            agent, Kind.DECIDE_APPROVAL, decider, target=cast.agent(agent), duration=inspection, **about
        )
        world.journal.facts.decisions.append(
            HumanDecision(
                id=ids.decision(action.id, attempt), decider=decider,
                requested=requested, began=began, decided=world.clock.time, result=result, action=action.id,
            )
        )  # fmt: skip
        return yes
