"""Ways around waiting: an owner who is tired of it hands the agent a standing key.

It happens to agents that a person owns. Each action that has waited for `workaround.after_s` since the agent was ready
is a burden on the owner, who acts at a constant hazard for each hour more. The time until then is one draw of the
action's own, so that of two hazards the greater never acts later. When the key has ended, and the agent waits again,
there may be another.
"""

from dataclasses import dataclass

from sim.audit import ids
from sim.audit.ids import PrincipalKind
from sim.audit.rows import UNKNOWN, CredentialKind
from sim.calendar import DAY, HOUR, SECOND
from sim.reference.clock import Phase
from sim.reference.handed import Handed
from sim.reference.world import Steps, World
from sim.streams import Purpose, threshold
from sim.workload import cast
from sim.workload.intentions import Action

# Above every identifier of an action or a credential, so that what else is granted at an instant comes first.
_PATH = 1 << 63


@dataclass
class Workaround:
    """The way around waiting of one agent."""

    world: World
    handed: Handed

    @property
    def ever(self) -> bool:
        """Whether an owner might ever hand it a key."""
        figures = self.world.workload.scenario.workaround
        return figures.per_waited_hour > 0

    def waits(self, action: Action) -> None:
        """An action is asked for; unless it has started before, its owner's patience ends at a time of its own."""
        if not self.ever:
            return
        figures, clock = self.world.workload.scenario.workaround, self.world.clock
        mean = HOUR / SECOND / figures.per_waited_hour
        patience = self.world.stream(Purpose.WORKAROUND).one_exponential(action.id, mean)
        due = clock.time + round(figures.after_s * SECOND) + patience
        if due < self.world.workload.t1:
            clock.process(self._impatience(action, due))

    def _impatience(self, action: Action, due: int) -> Steps:
        yield self.world.clock.until(due, Phase.GRANT, _PATH | action.id)
        world, agent = self.world, self.handed.agent
        if self.handed.wanted(action) and _is_a_persons(world, agent):
            lasts = round(world.workload.scenario.workaround.lasts_days * DAY)
            self.handed.hand(_owner(world, agent), CredentialKind.STATIC_KEY, lasts)


def _owner(world: World, agent: int) -> int:
    """Whoever answers for an agent by now, or did last; without a past, the person that it has to itself."""
    lifecycle, own = world.workload.lifecycle, cast.agent(agent)
    if lifecycle is None:
        return cast.owner(agent)
    first = [(each.starts, each.owner) for each in lifecycle.of_agent.get(own, ()) if each.role == "owner"]
    later = [(row.valid_from, row.owner) for row in world.journal.facts.reowned if row.owned == own]
    # Who takes it on within the window is known from the start.
    return max((each for each in (*first, *later) if each[0] <= world.clock.time), default=(0, UNKNOWN))[1]


def _is_a_persons(world: World, agent: int) -> bool:
    """Whether a person owns the agent, neither nobody nor a team; of what a log shows nobody knows."""
    if world.workload.lifecycle is not None and world.workload.observed is None:
        return ids.kind_of(_owner(world, agent)) is PrincipalKind.HUMAN
    figures = world.workload.scenario.ownership
    nobodys = world.stream(Purpose.OWNED).happens(agent, threshold(figures.unowned))
    by_team = world.stream(Purpose.TEAM_OWNED).happens(agent, threshold(figures.team_owned))
    return world.workload.observed is None and not nobodys and not by_team
