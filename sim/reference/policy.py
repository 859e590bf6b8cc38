"""Policy decisions: asked, answered after a latency, refused by a draw where they are legitimate."""

from collections.abc import Generator, Iterator, Sequence
from typing import NamedTuple

import simpy

from sim.audit import ids
from sim.audit.rows import UNKNOWN, Decision, Kind, Reason
from sim.calendar import SECOND
from sim.reference.clock import Moment, Phase
from sim.reference.world import Answer, Remembered, World
from sim.streams import Purpose, comes_again, threshold
from sim.workload import cast
from sim.workload.intentions import Action

Tier = Generator[simpy.Event, object, int | None]


class Try(NamedTuple):
    """A request: under which path, and the how manieth of it, from 0."""

    path: int
    attempt: int


def decided(world: World, agent: int, tries: Sequence[Try], *, allowed: bool = True, **about: int) -> Answer:
    """Ask the decision point about something legitimate, which the policy in force allows or does not.

    `tries` are all requests for the same so far, this one last. The event carries when it was asked, how long it took,
    and the policy that answered.
    """
    decision = world.control.decision
    draws = [world.stream(Purpose.FALSE_DENIAL, each.attempt).draw(each.path) for each in tries]
    mistaken = comes_again(draws, decision.false_denial, decision.false_denial_persistence)
    return (yield from _answered(world, agent, tries[-1], allowed=allowed and not mistaken, **about))


def tried(path: int, attempt: int) -> list[Try]:
    """All requests of one path up to the `attempt`-th, from 0."""
    return [Try(path, number) for number in range(attempt + 1)]


def overreached(world: World, agent: int, path: int, *, allowed: bool, **about: int) -> Answer:
    """Ask the decision point about something that nobody needs; whether it refuses: by policy, or because it sees."""
    stopped = world.stream(Purpose.DRIFT_STOPPED).happens(path, threshold(world.control.decision.adversarial_stop))
    return not (yield from _answered(world, agent, Try(path, 0), allowed=allowed and not stopped, **about))


def _answered(world: World, agent: int, asked: Try, *, allowed: bool, **about: int) -> Answer:
    """The answer to a request, a path and the count of attempts, once it has come; or what there is in an outage."""
    (path, attempt), figures = asked, world.workload.scenario.decision_latency
    out = world.outages.at(world.clock.time)
    latency = world.stream(Purpose.DECISION_LATENCY, attempt).one_lognormal(path, figures.median_s, figures.sigma)
    held = world.in_quarantine(agent)
    yes = not held and (world.control.decision.outage == "open" if out else allowed)
    reason = Reason.INCIDENT if held else Reason.OUTAGE if out else Reason.POLICY
    policy = UNKNOWN if held or out or world.rulebook is None else world.rulebook.judge.policy.id
    world.journal.event(
        agent, Kind.DECIDE, cast.DECISION_POINT, target=cast.agent(agent), duration=latency, policy=policy, cached=0,
        decision=Decision.ALLOW if yes else Decision.DENY, reason=reason, **about,
    )  # fmt: skip
    yield world.clock.after(latency, Phase.GRANT, path)
    if out and not held and not yes and "action" in about:
        world.unanswered[about["action"]] = world.clock.time
    return yes


def required(world: World, agent: int, action: Action, attempt: int) -> Tier:
    """What an action needs once all is asked that is asked about it: a tier of approval, 0 for none; None: refused."""
    task = ids.task_of(action.id)
    tier = world.requirement(agent, action.atom, task)
    if world.control.decision.at != "request":
        return tier or 0
    if not world.enforced(action.id):
        return 0
    if (known := _remembered(world, agent, action)) is not None:
        _used_again(world, agent, action, known)
        return known.required if known.yes else None
    out, time = world.outages.at(world.clock.time), world.clock.time
    keys = list(_keys(world, agent, action))
    about = {"task": task, "action": action.id}
    yes = yield from decided(world, agent, tried(action.id, attempt), allowed=tier is not None, **about)
    if keys and not out and world.control.decision.cache_s:
        until = time + world.control.decision.cache_s * SECOND
        world.memory[keys[-1]] = Remembered(tier, yes, keys[-1][1], until)
    return (0 if out and world.rulebook is not None else tier) if yes else None


def _remembered(world: World, agent: int, action: Action) -> Remembered | None:
    """An answer that still serves: the policy that gave it may be no longer in force."""
    known = (world.memory.get(key) for key in _keys(world, agent, action))
    return next((each for each in known if each is not None and world.clock.time < each.until), None)


def _keys(world: World, agent: int, action: Action) -> Iterator[tuple[int, int, object]]:
    """Under what an answer about an action is remembered: of the policy before, and last of the one in force."""
    book = world.rulebook
    if book is None:
        return
    purpose = world.workload.purposes[ids.task_of(action.id)]
    question = book.question(agent, action.atom, purpose, world.clock.time)
    for judge in (book.before, book.judge):
        if judge is not None:
            yield agent, judge.policy.id, judge.class_of(question)


def _used_again(world: World, agent: int, action: Action, known: Remembered) -> None:
    """An answer from memory is on record too, with the policy that gave it; it takes no time."""
    world.journal.event(
        agent, Kind.DECIDE, cast.DECISION_POINT, target=cast.agent(agent), duration=0, policy=known.policy, cached=1,
        task=ids.task_of(action.id), action=action.id,
        decision=Decision.ALLOW if known.yes else Decision.DENY, reason=Reason.POLICY,
    )  # fmt: skip


def held_back(world: World, agent: int, **about: int) -> bool:
    """Whether a new request is refused at once, because the agent is in quarantine."""
    if not world.in_quarantine(agent):
        return False
    answer = {"target": cast.agent(agent), "duration": 0, "decision": Decision.DENY, "reason": Reason.INCIDENT}
    world.journal.event(agent, Kind.DECIDE, cast.DECISION_POINT, **answer, **about)
    return True


def tries_again(world: World, path: int, attempt: int, purpose: Purpose = Purpose.RETRY) -> bool:
    """Whether an agent refused for the `attempt`-th time, from 0, asks once more."""
    response = world.workload.scenario.response
    again = world.stream(purpose, attempt).happens(path, threshold(response.retry))
    return attempt + 1 < response.attempts and again


def pause(world: World, path: int) -> Moment:
    """When an agent asks again."""
    return world.clock.after(round(world.workload.scenario.response.pause_s * SECOND), Phase.REQUEST, path)
