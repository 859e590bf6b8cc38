"""Ways around waiting: an owner who is tired of it hands the agent a standing key.

It happens to agents that a person owns. Each action that has waited for `workaround.after_s` since the agent was ready
is a burden on the owner, who acts at a constant hazard for each hour more. The time until then is one draw of the
action's own, so that of two hazards the greater never acts later. When the key has ended, and the agent waits again,
there may be another.
"""

from dataclasses import dataclass

from sim.audit import ids
from sim.audit.ids import PrincipalKind
from sim.audit.rows import CredentialKind
from sim.calendar import DAY, HOUR, SECOND
from sim.reference.clock import Phase
from sim.reference.contacts import Contacts
from sim.reference.handed import Handed
from sim.reference.world import Steps, World
from sim.streams import Purpose, threshold
from sim.workload.intentions import Action

# Above every identifier of an action or a credential, so that what else is granted at an instant comes first.
_PATH = 1 << 63


@dataclass
class Workaround:
    """The way around waiting of one agent."""

    world: World
    handed: Handed
    contacts: Contacts

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
        owner = self.contacts.entered("owner", agent, world.clock.time)
        if self.handed.wanted(action) and _is_a_persons(world, agent, owner):
            lasts = round(world.workload.scenario.workaround.lasts_days * DAY)
            self.handed.hand(owner, CredentialKind.STATIC_KEY, lasts)


def _is_a_persons(world: World, agent: int, owner: int) -> bool:
    """Whether a person owns the agent, neither nobody nor a team; of what a log shows nobody knows."""
    if world.workload.lifecycle is not None and world.workload.observed is None:
        return ids.kind_of(owner) is PrincipalKind.HUMAN
    figures = world.workload.scenario.ownership
    nobodys = world.stream(Purpose.OWNED).happens(agent, threshold(figures.unowned))
    by_team = world.stream(Purpose.TEAM_OWNED).happens(agent, threshold(figures.team_owned))
    return world.workload.observed is None and not nobodys and not by_team
