"""What is simulated: an organisation, its fleet of agents, their work, the people who approve; read from TOML.

Every table that holds a figure holds its `source` too: a publication, or `assumed: ` and why. A key that is not known
is refused with its path. A scenario names no control model: the same work is done under each.

Every figure has an upper bound, beyond what any organisation has: times are counted in microseconds of 63 bits, and
agents, tasks and actions have as many identifiers as `sim.audit.ids` gives them.

Approvers stand in a scenario, not in a control model: an organisation has the people it has, whatever it asks them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, get_args

from pydantic import Field, StrictBool, model_validator

from sim.approvers import Approvers
from sim.audit import ids
from sim.declaration import (
    CENTURY_S,
    Count,
    Hours,
    Number,
    Seconds,
    Share,
    Sigma,
    Sourced,
    Start,
    Strict,
    Whole,
    agree,
    declared,
)
from sim.governance import Debt, Governance, Lifecycle, People
from sim.threats import Hazards, Incidents, Leaks
from sim.toml import Lookup
from sim.work import (
    Arrivals,
    Calls,
    Discovery,
    Fleet,
    LogNormal,
    LongJobs,
    SubAgents,
    ToolTime,
    Writes,
)

_CENTURY_HOURS = CENTURY_S // 3600
# Candidates of thinning are numbered as root tasks are; their number varies, hence the room that is left.
_MOST_ROOTS = (1 << ids.ROOT_BITS) * 15 // 16

# The platform that clamps nothing.
ANY: Final = "any"

Level = Literal["list", "read", "tagging", "write", "permissions"]
# The least privileged first.
LEVELS: tuple[Level, ...] = get_args(Level)


class Window(Sourced):
    """How long is simulated: first what only warms up, then what is measured."""

    warm_up_hours: Hours
    hours: Hours


class FleetSize(Sourced):
    """How many agents there are, and how many root tasks each works on at once."""

    agents: Annotated[Whole, Field(ge=1, le=1 << ids.AGENT_BITS)]
    concurrency: Count


class Ownership(Sourced):
    """Who answers for the agents when they are set up: nobody, a team, or a person of the team.

    `acknowledged`: the share of what is a team's that somebody in it knows of; `escalation`: the share of agents for
    which a second person is named. Nobody looks after that entry when this person leaves. `wrong_contacts`: the share
    of entries (of an owner, a second person, a team, a person on call) that were never right and reach nobody.
    """

    unowned: Share
    team_owned: Share
    acknowledged: Share
    escalation: Share
    wrong_contacts: Share


class Stock(Sourced):
    """What is there before the first day: how old static keys are, exponential."""

    key_age_years: Annotated[Number, Field(gt=0, le=100)]


class Migration(Sourced):
    """How an organisation goes over to a model without standing keys, which takes over at the start of the run.

    For `dual_run_days` the old keys live on beside what replaces them; then those go that the model decommissions, but
    for the share that is `overlooked`, because nobody wrote down what they are for.
    """

    dual_run_days: Annotated[Number, Field(ge=0, le=36_525)]
    overlooked: Share


class Response(Sourced):
    """How an agent answers a refusal: it tries again with this chance, so many times at most, after a pause."""

    retry: Share
    attempts: Annotated[Whole, Field(ge=1, le=16)]
    pause_s: Seconds


class Outages(Sourced):
    """When the decision point answers nobody: so many times a day, for an exponential time with this mean."""

    per_day: Annotated[Number, Field(ge=0, le=1440)]
    minutes: Annotated[Number, Field(gt=0, le=_CENTURY_HOURS * 60)]


class Drift(Sourced):
    """Share of calls on the way to which an agent reaches for something else that its task does not need."""

    share: Share


class Deviation(Sourced):
    """Share of approved calls that an agent makes with other arguments than it had shown: the world had moved on."""

    share: Share


class Workaround(Sourced):
    """Hazard, for each hour that an action waits beyond `after_s`, that its owner hands out a key; 0 leaves it out."""

    per_waited_hour: Annotated[Number, Field(ge=0, le=3600)]
    after_s: Annotated[Number, Field(ge=0, le=CENTURY_S)]
    lasts_days: Annotated[Number, Field(gt=0, le=36_525)]


class Weights(Sourced):
    """Declared weights: of a sensitivity tier and of an access level, in thousandths."""

    tier_1: Count
    tier_2: Count
    tier_3: Count
    list: Count
    read: Count
    tagging: Count
    write: Count
    permissions: Count


class System(Sourced):
    """A system with one verifier, whether that hears of revocations at all, and after how long: the median, lognormal.

    A verifier that checks tokens by itself and asks nobody accepts them until they end. `platform` names whose
    credentials it takes: a bundled platform, or the path of a TOML file; `any` gives whatever a control model asks for.
    """

    name: str
    platform: Annotated[str, Field(min_length=1)] = ANY
    revocable: StrictBool
    revocation_lag_s: Annotated[Number, Field(ge=0, le=CENTURY_S)]
    revocation_lag_sigma: Sigma


class Group(Sourced):
    """A group of like resources in one system."""

    name: str
    system: str
    tier: Annotated[Whole, Field(ge=1, le=3)]
    # An identifier of a resource has 32 bits for its place in the group.
    resources: Annotated[Whole, Field(ge=1, lt=1 << 32)]


class Tool(Strict):
    """What an agent can call: one access level on one group, and whether what it does can be undone."""

    name: str
    level: Level
    group: str
    reversible: StrictBool = True


class Intent(Sourced):
    """A kind of work: its weight among those of a team that does it, and which tools it reads and writes with."""

    name: str
    share: Annotated[Number, Field(gt=0, le=1_000_000)]
    reads: Annotated[tuple[str, ...], Field(min_length=1)]
    writes: Annotated[tuple[str, ...], Field(min_length=1)]


class Team(Strict):
    """A team that owns agents, the kinds of work they do, and the fleet they belong to where there are several."""

    name: str
    intents: Annotated[tuple[str, ...], Field(min_length=1)]
    fleet: str | None = None


class Scenario(Strict):
    """Everything a simulation needs besides a control model and a seed."""

    name: str
    title: str
    summary: str
    domain: str = "own"
    size: str = "own"
    start: Start
    window: Window
    fleet: FleetSize
    ownership: Ownership
    people: People
    lifecycle: Lifecycle
    past: Governance
    debt: Debt
    stock: Stock
    migration: Migration
    arrivals: Arrivals
    calls: Calls
    writes: Writes
    tool_time: ToolTime
    think: LogNormal
    sub_agents: SubAgents
    long_jobs: LongJobs
    discovery: Discovery
    drift: Drift
    deviation: Deviation
    response: Response
    issue_latency: LogNormal
    decision_latency: LogNormal
    outages: Outages
    approvers: Approvers
    workaround: Workaround
    incidents: tuple[Incidents, ...]
    leaks: Leaks
    hazards: Hazards
    weights: Weights
    systems: Annotated[tuple[System, ...], Field(min_length=1)]
    groups: Annotated[tuple[Group, ...], Field(min_length=1)]
    tools: Annotated[tuple[Tool, ...], Field(min_length=1)]
    intents: Annotated[tuple[Intent, ...], Field(min_length=1)]
    teams: Annotated[tuple[Team, ...], Field(min_length=1)]
    fleets: tuple[Fleet, ...] = ()

    @model_validator(mode="after")
    def _names_resolve(self) -> Self:
        """Each name that one table uses is declared, once, by another."""
        _resolves("groups.system", [group.system for group in self.groups], "systems", [s.name for s in self.systems])
        _resolves("tools.group", [tool.group for tool in self.tools], "groups", [g.name for g in self.groups])
        used = [name for intent in self.intents for name in intent.reads + intent.writes]
        _resolves("intents.reads and writes", used, "tools", [tool.name for tool in self.tools])
        chosen = [name for team in self.teams for name in team.intents]
        _resolves("teams.intents", chosen, "intents", [intent.name for intent in self.intents])
        return self

    @model_validator(mode="after")
    def _teams_have_a_fleet(self) -> Self:
        """Where there are fleets each team is of one, and each has a team."""
        _resolves("teams.fleet", [t.fleet for t in self.teams if t.fleet], "fleets", [f.name for f in self.fleets])
        for team in self.teams if self.fleets else ():
            if team.fleet is None:
                msg = f"teams.fleet: {team.name} names no fleet, of {', '.join(fleet.name for fleet in self.fleets)}"
                raise ValueError(msg)
        if empty := sorted({fleet.name for fleet in self.fleets} - {team.fleet for team in self.teams}):
            msg = f"fleets: no team is of {', '.join(empty)}; name it as the fleet of one"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _threats_agree(self) -> Self:
        """A threat is declared once, and secrets are found where they are left."""
        _resolves("incidents.name", [], "incidents", [each.name for each in self.incidents])
        for each in self.incidents:
            if each.name == "t3" and each.place != self.leaks.place:
                msg = f"incidents.t3.place = {each.place!r} contradicts leaks.place = {self.leaks.place!r}: name one"
                raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _tasks_can_be_told_apart(self) -> Self:
        """An agent has room for so many root tasks."""
        days = (self.window.warm_up_hours + self.window.hours) / 24
        expected = max(part.figures.arrivals.highest_per_day for part in self.parts) * days
        if expected > _MOST_ROOTS:
            msg = f"arrivals.per_agent_day and window: {expected:,.0f} root tasks of an agent at the rate of its peak"
            raise ValueError(f"{msg}, of {_MOST_ROOTS:,} at most: shorten the window")
        return self

    @model_validator(mode="after")
    def _past_agrees(self) -> Self:
        """Two figures of past governance that cannot both be had are named."""
        agree(self.past.contradictions("past"), lambda key: getattr(self.past, key.removeprefix("past.")))
        return self

    @property
    def parts(self) -> "tuple[Part, ...]":
        """The scenario as it holds for each fleet; without fleets, for everybody."""
        if not self.fleets:
            return (Part(self.name, self, tuple(range(len(self.teams)))),)
        return tuple(Part(fleet.name, self._for(fleet), self._teams_of(fleet)) for fleet in self.fleets)

    def _for(self, fleet: Fleet) -> Self:
        """The scenario with a fleet's own figures in the place of everybody's."""
        own = {key: figures for key, figures in fleet if key != "name" and figures is not None}
        return self.model_copy(update=own)

    def _teams_of(self, fleet: Fleet) -> tuple[int, ...]:
        return tuple(number for number, team in enumerate(self.teams) if team.fleet == fleet.name)

    @property
    def begins(self) -> datetime:
        """Start of the warm-up, UTC."""
        return self.start.astimezone(UTC).replace(tzinfo=None)

    @property
    def t0(self) -> datetime:
        """Start of the measured window, UTC."""
        return self.begins + timedelta(hours=self.window.warm_up_hours)

    @property
    def t1(self) -> datetime:
        """End of the measured window, UTC."""
        return self.t0 + timedelta(hours=self.window.hours)


@dataclass(frozen=True)
class Part:
    """A fleet: its name, the scenario with its figures, and its teams by number."""

    name: str
    figures: Scenario
    teams: tuple[int, ...]


def load(path: Path, settings: Mapping[str, Any] | None = None, lookup: Lookup | None = None) -> Scenario:
    """Read and validate a scenario; `settings` are dotted keys that replace what the file says.

    `lookup` tells where a bare name lies that the file extends and that is not beside it.

    Raises:
        DeclarationError: the file cannot be read, or a key or value is not allowed.
    """
    return declared(Scenario, path, settings, lookup)


def _resolves(where: str, used: list[str], table: str, declared: list[str]) -> None:
    twice = sorted({name for name in declared if declared.count(name) > 1})
    if twice:
        msg = f"{table}: {', '.join(twice)} declared twice"
        raise ValueError(msg)
    missing = sorted(set(used) - set(declared))
    if missing:
        msg = f"{where}: {', '.join(missing)} not declared in {table} ({', '.join(declared)})"
        raise ValueError(msg)
