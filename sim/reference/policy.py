"""Policy decisions: asked, answered after a latency, refused by a draw where they are legitimate."""

from sim.audit.rows import Decision, Kind, Reason
from sim.calendar import SECOND
from sim.reference.clock import Phase
from sim.reference.world import Answer, Steps, World
from sim.streams import Purpose, threshold
from sim.workload import cast


def decided(world: World, agent: int, path: int, attempt: int, **about: int) -> Answer:
    """Ask the decision point about something legitimate; the event carries when it was asked and how long it took."""
    figures = world.workload.scenario.decision_latency
    latency = world.stream(Purpose.DECISION_LATENCY, attempt).one_lognormal(path, figures.median_s, figures.sigma)
    chance = threshold(world.control.decision.false_denial)
    refused = world.stream(Purpose.FALSE_DENIAL, attempt).happens(path, chance)
    answer = Decision.DENY if refused else Decision.ALLOW
    asked = {"target": cast.agent(agent), "duration": latency, "decision": answer, "reason": Reason.POLICY}
    world.journal.event(agent, Kind.DECIDE, cast.DECISION_POINT, **asked, **about)
    yield world.clock.after(latency, Phase.GRANT, path)
    return not refused


def overreached(world: World, agent: int, path: int, task: int) -> Answer:
    """Ask the decision point about something that nobody needs; whether it sees that, and refuses."""
    figures = world.workload.scenario.decision_latency
    latency = world.stream(Purpose.DECISION_LATENCY).one_lognormal(path, figures.median_s, figures.sigma)
    stopped = world.stream(Purpose.DRIFT_STOPPED).happens(path, threshold(world.control.decision.adversarial_stop))
    answer = Decision.DENY if stopped else Decision.ALLOW
    asked = {"target": cast.agent(agent), "duration": latency, "decision": answer, "reason": Reason.POLICY}
    world.journal.event(agent, Kind.DECIDE, cast.DECISION_POINT, task=task, **asked)
    yield world.clock.after(latency, Phase.GRANT, path)
    return stopped


def tries_again(world: World, path: int, attempt: int, purpose: Purpose = Purpose.RETRY) -> bool:
    """Whether an agent refused for the `attempt`-th time, from 0, asks once more."""
    response = world.workload.scenario.response
    again = world.stream(purpose, attempt).happens(path, threshold(response.retry))
    return attempt + 1 < response.attempts and again


def pause(world: World, path: int) -> Steps:
    """Wait before asking again."""
    yield world.clock.after(round(world.workload.scenario.response.pause_s * SECOND), Phase.REQUEST, path)
