"""The people who approve: a first-come queue with opening hours, inspections that take time, and a timeout."""

import heapq
from collections import Counter
from dataclasses import dataclass

import numpy as np
import simpy

from sim.audit import ids
from sim.audit.rows import UNKNOWN, Decision, HumanDecision, Kind, Reason
from sim.calendar import DAY, HOUR, SECOND, on_weekday
from sim.reference.clock import Moment, Phase
from sim.reference.world import Answer, Steps, World
from sim.scenario import Approvers
from sim.streams import Purpose, threshold
from sim.workload import cast
from sim.workload.intentions import Action


@dataclass(frozen=True)
class Look:
    """A request that somebody took up, or nobody did: when, who, and whether with open eyes."""

    requested: int
    began: int = UNKNOWN
    person: int = UNKNOWN
    inspects: bool = False

    @property
    def decider(self) -> int:
        """The principal who answers."""
        return UNKNOWN if self.person == UNKNOWN else cast.approver(self.person)


def inspected(figures: Approvers, taken_up: int) -> float:
    """The share of requests that an approver really looks at, having taken up so many that day."""
    if figures.fatigue_requests == "never":
        return figures.inspected
    share: float = figures.inspected * np.exp(-taken_up / figures.fatigue_requests)
    return max(figures.least_inspected, share)


class Desk:
    """The approvers of one run."""

    def __init__(self, world: World) -> None:
        """Everybody is idle."""
        self._world = world
        self._figures = world.workload.scenario.approvers
        self._staff = simpy.Resource(world.clock, capacity=self._figures.staff)
        self._idle = list(range(self._figures.staff))
        self._asked: Counter[tuple[int, int]] = Counter()

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
                return self._answer(agent, action, attempt, Look(requested))
            look = self._look(action, attempt, requested)
            yield clock.after(self._lasts(action, attempt, look), Phase.COMPLETION, action.id)
            heapq.heappush(self._idle, look.person)
        return self._answer(agent, action, attempt, look)

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

    def _look(self, action: Action, attempt: int, requested: int) -> Look:
        """Somebody takes up a request, and looks at it or is too tired to: by the count of those taken up that day."""
        world, person = self._world, heapq.heappop(self._idle)
        shift = (person, world.clock.time // DAY)
        chance = threshold(inspected(self._figures, self._asked[shift]))
        self._asked[shift] += 1
        looks = world.stream(Purpose.INSPECTED, attempt).happens(action.id, chance)
        return Look(requested, world.clock.time, person, inspects=looks)

    def _lasts(self, action: Action, attempt: int, look: Look) -> int:
        figures = self._figures
        if not look.inspects:
            return round(figures.stamp_s * SECOND)
        stream = self._world.stream(Purpose.INSPECTION, attempt)
        return stream.one_lognormal(action.id, figures.inspection_median_s, figures.inspection_sigma)

    def _answer(self, agent: int, action: Action, attempt: int, look: Look) -> bool:
        """Write the answer down; whoever looks says yes to what is legitimate by a draw of the action's own."""
        world, nobody = self._world, look.person == UNKNOWN
        agrees = world.stream(Purpose.APPROVED, attempt).happens(action.id, threshold(self._figures.approval_rate))
        yes = not nobody and (agrees or not look.inspects)
        result = Decision.ALLOW if yes else Decision.DENY
        world.journal.event(
            agent, Kind.DECIDE_APPROVAL, look.decider, target=cast.agent(agent), task=ids.task_of(action.id),
            action=action.id, decision=result, reason=Reason.TIMEOUT if nobody else Reason.APPROVER,
            duration=UNKNOWN if nobody else world.clock.time - look.began,
        )  # fmt: skip
        world.journal.facts.decisions.append(
            HumanDecision(
                id=ids.decision(action.id, attempt), decider=look.decider, requested=look.requested, began=look.began,
                decided=world.clock.time, result=result, inspected=look.inspects, action=action.id,
            )
        )  # fmt: skip
        return yes
