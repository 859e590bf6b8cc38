"""The figures of work: how often agents are asked for something, and how they go about it; read with a scenario.

They hold for every agent, or for a fleet that has its own.
"""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from sim.declaration import Number, Seconds, Share, Sigma, Sourced, Strict, Whole

Hour = Annotated[Whole, Field(ge=0, le=24)]
# Of a negative binomial: beyond, the chance of nothing may be too small for a float, and with it all others.
Mean = Annotated[Number, Field(gt=0, le=700)]


class Arrivals(Sourced):
    """Root tasks, a non-homogeneous Poisson process for each agent: `per_agent_day` on weekdays, trough on weekends.

    In bursts, which come to a whole department at once, the rate is `burst_factor` times that of quiet hours. Bursts
    and what lies between them are exponential, bursts `burst_minutes` in the mean; they take `burst_share` of the time.
    On average `per_agent_day` holds, with bursts or without.
    """

    per_agent_day: Annotated[Number, Field(gt=0, le=86_400)]
    peak_to_trough: Annotated[Number, Field(ge=1, le=1_000_000)]
    peak_opens: Hour
    peak_closes: Hour
    burst_share: Share
    burst_factor: Annotated[Number, Field(ge=1, le=1000)]
    burst_minutes: Annotated[Number, Field(ge=1, le=525_600)]

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        """The peak lies within one day."""
        in_order("peak_opens", self.peak_opens, "peak_closes", self.peak_closes)
        return self

    @property
    def highest_per_day(self) -> float:
        """Rate of an agent's peak, a day, in a burst if there are any."""
        peak_share = (self.peak_closes - self.peak_opens) / 24
        usual: float = self.per_agent_day / (peak_share + (1 - peak_share) / self.peak_to_trough)
        if not self.burst_share:
            return usual
        return usual * self.burst_factor / (1 + self.burst_share * (self.burst_factor - 1))


# Which figures each law of calls has.
_LAWS: Final[Mapping[str, frozenset[str]]] = {
    "negative_binomial": frozenset({"mean", "size"}),
    "lognormal": frozenset({"median", "sigma"}),
}


class Calls(Sourced):
    """Tool calls of a task: negative binomial (`mean`, `size`), or lognormal (`median`, `sigma`) to the nearest whole.

    A file may name another law than the one it extends: what that said of its own law falls away.
    """

    law: Literal["negative_binomial", "lognormal"]
    mean: Mean = 0
    size: Annotated[Number, Field(gt=0, le=1_000_000)] = 0
    median: Annotated[Number, Field(gt=0, le=2000)] = 0
    sigma: Annotated[Number, Field(gt=0, le=10)] = 0
    cap: Annotated[Whole, Field(ge=1, le=2000)]

    @model_validator(mode="before")
    @classmethod
    def _of_one_law(cls, said: object) -> object:
        """The figures of the law that is named, whole, and none of the other."""
        law = said.get("law") if isinstance(said, Mapping) else None
        if not isinstance(said, Mapping) or not isinstance(law, str) or law not in _LAWS:
            return said
        if missing := sorted(_LAWS[law] - said.keys()):
            msg = f"law = {law} needs {' and '.join(missing)}"
            raise ValueError(msg)
        others = frozenset().union(*_LAWS.values()) - _LAWS[law]
        return {key: value for key, value in said.items() if key not in others}


class Writes(Sourced):
    """Share of calls that write, by quarter of the task: agents read first and act late."""

    by_quarter: tuple[Share, Share, Share, Share]


class ToolTime(Sourced):
    """Seconds a call takes: a mixture of two lognormals."""

    median_s: Seconds
    sigma: Annotated[Sigma, Field(gt=0)]
    slow_share: Share
    slow_median_s: Seconds
    slow_sigma: Annotated[Sigma, Field(gt=0)]
    cap_s: Seconds


class LogNormal(Sourced):
    """Seconds, lognormal."""

    median_s: Seconds
    sigma: Sigma


class SubAgents(Sourced):
    """How tasks are split: the share that is; two children and `extra_mean` more; the share below another child.

    A parent waits for its children, but for the share that is `detached`: these go on when it has ended.
    """

    share: Share
    extra_mean: Mean
    cap: Annotated[Whole, Field(ge=2, le=500)]
    nested: Share
    depth: Annotated[Whole, Field(ge=1, le=16)]
    detached: Share


class LongJobs(Sourced):
    """Root tasks that run for hours or days: their share, and what all their pauses between calls add up to."""

    share: Share
    median_s: Seconds
    sigma: Sigma
    cap_s: Seconds


class Discovery(Sourced):
    """Share of calls that need something which the task's plan did not name."""

    share: Share


class Fleet(Strict):
    """Agents of some teams whose work has figures of its own; what it does not say holds as for everybody."""

    name: str
    arrivals: Arrivals | None = None
    calls: Calls | None = None
    writes: Writes | None = None
    tool_time: ToolTime | None = None
    think: LogNormal | None = None
    sub_agents: SubAgents | None = None
    long_jobs: LongJobs | None = None
    discovery: Discovery | None = None


def in_order(first: str, opens: int, second: str, closes: int) -> None:
    """Refuse hours that close before they open."""
    if opens >= closes:
        msg = f"{first} = {opens} is not before {second} = {closes}; hours lie within one day, 0 to 24"
        raise ValueError(msg)
