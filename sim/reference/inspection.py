"""One person and one request: whether it is looked at or waved through, how long that takes, what comes of it."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from sim.approvers import Approvers
from sim.audit import ids
from sim.audit.rows import UNKNOWN, Approval, Asked, Decision, Kind, Reason
from sim.calendar import DAY, SECOND
from sim.reference.world import World
from sim.streams import Purpose, Stream, threshold
from sim.workload import cast
from sim.workload.intentions import Action


@dataclass(frozen=True)
class Request:
    """An action that the `person`-th of those asked shall agree to, at the `attempt`-th request; who must not be he."""

    agent: int
    action: Action
    attempt: int
    person: int
    barred: frozenset[int]

    @property
    def id(self) -> int:
        """Identifier of the decision on it."""
        return ids.approval(self.action.id, self.attempt, self.person)

    @property
    def about(self) -> dict[str, int]:
        """What an event about it names."""
        return {"task": ids.task_of(self.action.id), "action": self.action.id}


@dataclass(frozen=True)
class Look:
    """A request that somebody took up, or nobody did: when, through whom, who it was, whether with open eyes."""

    requested: int
    asked: Asked
    began: int = UNKNOWN
    person: int = UNKNOWN
    inspects: bool = False


def inspected(figures: Approvers, taken_up: int) -> float:
    """The share of requests that an approver really looks at, having taken up so many that day."""
    if figures.fatigue_requests == "never":
        return figures.inspected
    share: float = figures.inspected * np.exp(-taken_up / figures.fatigue_requests)
    return max(figures.least_inspected, share)


def past_humans(world: World, looks: float) -> float:
    """The chance that as many people as are asked allow what an attacker asks for: unseen, or misled by its words.

    Each looks at this share of requests. People tire and are misled apart from one another. Whoever is asked, an
    attacker is taken to reach somebody.
    """
    past: float = past_one(world, looks) ** world.control.approval.people
    return past


def past_one(world: World, looks: float) -> float:
    """The chance that one who looks at this share of requests lets through what an attacker asks for."""
    misled = world.workload.scenario.approvers.misled if world.control.approval.summary == "agent" else 0.0
    return 1 - looks * (1 - misled)


class Inspections:
    """What people do with requests in one run; they tire as the day goes on."""

    def __init__(self, world: World) -> None:
        """Everybody is fresh."""
        self._world = world
        self._figures = world.workload.scenario.approvers
        self._taken_up: Counter[tuple[int, int]] = Counter()

    def look(self, request: Request, asked: Asked, requested: int, person: int) -> Look:
        """Somebody takes up a request, and looks at it or is too tired to: by the count of those taken up that day."""
        shift = (person, self._world.clock.time // DAY)
        chance = threshold(inspected(self._figures, self._taken_up[shift]))
        self._taken_up[shift] += 1
        looks = self._stream(Purpose.INSPECTED, request).happens(request.action.id, chance)
        return Look(requested, asked, self._world.clock.time, person, inspects=looks)

    def lasts(self, request: Request, look: Look) -> int:
        """How long that takes, µs."""
        figures = self._figures
        if not look.inspects:
            return round(figures.stamp_s * SECOND)
        stream = self._stream(Purpose.INSPECTION, request)
        return stream.one_lognormal(request.action.id, figures.inspection_median_s, figures.inspection_sigma)

    def _stream(self, purpose: Purpose, request: Request) -> Stream:
        """The draws of one request of one person."""
        return self._world.stream(purpose, request.id - ids.approval(request.action.id, 0))

    def answered(self, request: Request, look: Look) -> bool:
        """Write the answer down; whoever looks says yes to what is legitimate by a draw of the request's own."""
        world, action, nobody = self._world, request.action, look.person == UNKNOWN
        agrees = self._stream(Purpose.APPROVED, request).happens(action.id, threshold(self._figures.approval_rate))
        yes = not nobody and (agrees or not look.inspects)
        result = Decision.ALLOW if yes else Decision.DENY
        world.journal.event(
            request.agent, Kind.DECIDE_APPROVAL, look.person, target=cast.agent(request.agent), decision=result,
            reason=Reason.TIMEOUT if nobody else Reason.APPROVER, approval=request.id, asked=look.asked,
            duration=UNKNOWN if nobody else world.clock.time - look.began, **request.about,
        )  # fmt: skip
        self._written(request, look, world.clock.time, result)
        return yes

    def unfinished(self, request: Request, look: Look) -> None:
        """Write down that somebody still looks at a request when the run ends."""
        self._written(request, look, UNKNOWN, UNKNOWN)

    def _written(self, request: Request, look: Look, decided: int, result: int) -> None:
        """What only the truth tells of a look."""
        action, world = request.action, self._world
        world.journal.facts.approvals.append(
            Approval(
                id=request.id, decider=look.person, requested=look.requested, began=look.began, decided=decided,
                result=result, inspected=look.inspects, action=action.id, args=action.args,
                by_agent=world.control.approval.summary == "agent", asked=look.asked,
            )
        )  # fmt: skip
