"""The people who approve: a first-come queue with opening hours, inspections that take time, and a timeout."""

from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import simpy

from sim.audit import ids
from sim.audit.rows import UNKNOWN, Decision, HumanDecision, Kind, Reason
from sim.calendar import DAY, HOUR, SECOND, on_weekday
from sim.reference.clock import Moment, Phase
from sim.reference.world import Found, Steps, World
from sim.scenario import Approvers
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
        return ids.decision(self.action.id, self.attempt, self.person)


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


@dataclass
class Turn:
    """A place in the queue; `taken` happens when a `person` takes it up."""

    request: Request
    taken: simpy.Event
    person: int = UNKNOWN


def inspected(figures: Approvers, taken_up: int) -> float:
    """The share of requests that an approver really looks at, having taken up so many that day."""
    if figures.fatigue_requests == "never":
        return figures.inspected
    share: float = figures.inspected * np.exp(-taken_up / figures.fatigue_requests)
    return max(figures.least_inspected, share)


def past_humans(world: World, looks: float) -> float:
    """The chance that as many people as are asked allow what an attacker asks for: unseen, or misled by its words.

    Each looks at this share of requests. People tire and are misled apart from one another.
    """
    approval = world.control.approval
    misled = world.workload.scenario.approvers.misled if approval.summary == "agent" else 0.0
    one: float = 1 - looks * (1 - misled)
    return one**approval.people


class Desk:
    """The approvers of one run."""

    def __init__(self, world: World) -> None:
        """Everybody is idle."""
        self._world = world
        self._figures = world.workload.scenario.approvers
        self._idle = list(range(self._figures.staff))
        self._waiting: list[Turn] = []
        self._taken_up: Counter[tuple[int, int]] = Counter()

    def approved(self, agent: int, action: Action, attempt: int) -> Found[int]:
        """Ask as many people as the model wants, one after another; the last one's decision if all agree, or None."""
        asked: frozenset[int] = frozenset()
        decision = None
        for person in range(self._world.control.approval.people):
            request = Request(agent, action, attempt, person, asked)
            look = yield from self._looked(request)
            if not self._answer(request, look):
                return None
            asked, decision = asked | {look.person}, request.id
        return decision

    def _looked(self, request: Request) -> Generator[simpy.Event, object, Look]:
        """Wait until somebody has looked at a request, or as long as a request waits."""
        world, clock, path = self._world, self._world.clock, request.action.id
        requested = clock.time
        world.journal.event(request.agent, Kind.REQUEST_APPROVAL, cast.agent(request.agent), **_about(request))
        deadline = clock.after(round(self._figures.timeout_hours * HOUR), Phase.EXPIRY, path)
        turn = Turn(request, clock.event())
        self._waiting.append(turn)
        self._hand_out()
        yield turn.taken | deadline
        if not turn.taken.triggered:
            self._waiting.remove(turn)
            return Look(requested)
        yield from self._opening(path, deadline)
        look = Look(requested) if deadline.processed else self._look(turn, requested)
        if look.person != UNKNOWN:
            yield clock.after(self._lasts(request, look), Phase.COMPLETION, path)
        self._idle.append(turn.person)
        self._hand_out()
        return look

    def _hand_out(self) -> None:
        """Whoever is idle takes the first request that is not one which he has agreed to before."""
        for turn in list(self._waiting):
            free = [person for person in self._idle if person not in turn.request.barred]
            if free:
                turn.person = min(free)
                self._idle.remove(turn.person)
                self._waiting.remove(turn)
                turn.taken.succeed()

    def _opening(self, path: int, deadline: Moment) -> Steps:
        """Whoever's turn it is waits until the desk opens; this too ends with the deadline."""
        wait = self._closed_for()
        if wait and not deadline.processed:
            yield self._world.clock.after(wait, Phase.GRANT, path) | deadline

    def _closed_for(self) -> int:
        """Microseconds until the desk is open; 0 if it is."""
        time, figures = self._world.clock.time, self._figures
        for day in range(8):
            midnight = time // DAY * DAY + day * DAY
            working = figures.weekends or on_weekday(midnight)
            if working and time < midnight + figures.closes * HOUR:
                return max(0, midnight + figures.opens * HOUR - time)
        return 0

    def _look(self, turn: Turn, requested: int) -> Look:
        """Somebody takes up a request, and looks at it or is too tired to: by the count of those taken up that day."""
        request, person = turn.request, turn.person
        shift = (person, self._world.clock.time // DAY)
        chance = threshold(inspected(self._figures, self._taken_up[shift]))
        self._taken_up[shift] += 1
        looks = self._stream(Purpose.INSPECTED, request).happens(request.action.id, chance)
        return Look(requested, self._world.clock.time, person, inspects=looks)

    def _lasts(self, request: Request, look: Look) -> int:
        figures = self._figures
        if not look.inspects:
            return round(figures.stamp_s * SECOND)
        stream = self._stream(Purpose.INSPECTION, request)
        return stream.one_lognormal(request.action.id, figures.inspection_median_s, figures.inspection_sigma)

    def _stream(self, purpose: Purpose, request: Request) -> Stream:
        """The draws of one request of one person."""
        return self._world.stream(purpose, request.id - ids.decision(request.action.id, 0))

    def _answer(self, request: Request, look: Look) -> bool:
        """Write the answer down; whoever looks says yes to what is legitimate by a draw of the request's own."""
        world, action, nobody = self._world, request.action, look.person == UNKNOWN
        agrees = self._stream(Purpose.APPROVED, request).happens(action.id, threshold(self._figures.approval_rate))
        yes = not nobody and (agrees or not look.inspects)
        result = Decision.ALLOW if yes else Decision.DENY
        world.journal.event(
            request.agent, Kind.DECIDE_APPROVAL, look.decider, target=cast.agent(request.agent), decision=result,
            reason=Reason.TIMEOUT if nobody else Reason.APPROVER, approval=request.id,
            duration=UNKNOWN if nobody else world.clock.time - look.began, **_about(request),
        )  # fmt: skip
        world.journal.facts.decisions.append(
            HumanDecision(
                id=request.id, decider=look.decider, requested=look.requested, began=look.began,
                decided=world.clock.time, result=result, inspected=look.inspects, action=action.id, args=action.args,
                by_agent=world.control.approval.summary == "agent",
            )
        )  # fmt: skip
        return yes


def _about(request: Request) -> dict[str, int]:
    return {"task": ids.task_of(request.action.id), "action": request.action.id}
