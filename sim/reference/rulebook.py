"""The policy of a run, asked about its agents and atoms in the words of the schema."""

from functools import cached_property
from typing import Final

from sim.audit.rows import FOREVER, UNKNOWN, Consulted
from sim.control.policy import Policy
from sim.control.question import Entity, Question, Record, Uid
from sim.workload.intentions import Purpose, Workload

# What is known of a task before there is one.
NO_TASK: Final = Purpose("", frozenset())


class Rulebook:
    """The policy in force over one workload, and the one that will take its place, if any."""

    def __init__(self, workload: Workload, policy: Policy, successor: Policy | None = None) -> None:
        """Nothing is asked yet."""
        from sim.control.judge import Judge  # noqa: PLC0415 - Cedar is loaded only where a policy is in force

        self.judge = Judge(policy)
        self.before: Judge | None = None
        self._successor = None if successor is None else Judge(successor)
        self._workload = workload

    def change(self) -> None:
        """The successor is in force from now on."""
        if self._successor is not None:
            self.before, self.judge, self._successor = self.judge, self._successor, None

    def requirement(self, agent: int, atom: int, purpose: Purpose, time: int) -> int | None:
        """Tier of approval that a use needs, 0 for none; None where it is forbidden whatever the approval."""
        return self.judge.requirement(self.question(agent, atom, purpose, time))

    def question(self, agent: int, atom: int, purpose: Purpose, time: int) -> Question:
        """A use in the words of the schema, without an approval."""
        what = self._workload.atoms[atom]
        context: Record = {
            "intent": purpose.intent, "planned": atom in purpose.plan, "reversible": what.reversible, "approval": 0,
        }  # fmt: skip
        who = self._quarantined[agent] if time >= self._noticed.get(agent, FOREVER) else self._active[agent]
        return Question(who, what.level, self._groups[atom], context)

    def under_attack(self, agent: int, atom: int, time: int) -> int | None:
        """The same for whoever states the intent that serves best, and a plan that names the atom."""
        lies = (Purpose(intent, frozenset({atom})) for intent in self._workload.intents)
        found = (self.requirement(agent, atom, each, time) for each in lies)
        return min((tier for tier in found if tier is not None), default=None)

    def consulted(self) -> list[Consulted]:
        """How often each policy was asked so far."""
        judges = (self.before, self.judge, self._successor)
        return [Consulted(each.policy.id, each.asked, len(each)) for each in judges if each is not None]

    @cached_property
    def _noticed(self) -> dict[int, int]:
        """From when each agent that is struck is known to be (µs)."""
        first: dict[int, int] = {}
        for struck in self._workload.compromises:
            if struck.agent != UNKNOWN:
                first[struck.agent] = min(struck.detected, first.get(struck.agent, FOREVER))
        return first

    @cached_property
    def _active(self) -> list[Entity]:
        return [self._agent(agent, "active") for agent in range(self._workload.agents)]

    @cached_property
    def _quarantined(self) -> list[Entity]:
        return [self._agent(agent, "quarantined") for agent in range(self._workload.agents)]

    @cached_property
    def _groups(self) -> list[Entity]:
        """The destination of each atom."""
        return [
            Entity(
                Uid("ResourceGroup", atom.group),
                {"system": (system := Uid("System", atom.system)), "tier": atom.tier},
                frozenset({system}),
            )
            for atom in self._workload.atoms
        ]

    def _agent(self, agent: int, state: str) -> Entity:
        """An agent, by its number; of a real log nobody knows the team."""
        workload = self._workload
        names = [team.name for team in workload.scenario.teams]
        team = Uid("Team", "" if workload.observed else names[agent % len(names)])
        systems = frozenset(Uid("System", workload.atoms[atom].system) for atom in workload.roles[agent])
        return Entity(Uid("Agent", str(agent)), {"team": team, "systems": systems, "state": state}, frozenset({team}))
