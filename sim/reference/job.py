"""A task under way: what it holds, who does it, and what may stop it before it is done."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import simpy

from sim.control.model import Delegation
from sim.reference.approval import Cover
from sim.reference.clock import Moment
from sim.reference.wallet import Wallet
from sim.reference.world import Answer
from sim.workload.intentions import Task


@dataclass
class Instance:
    """One running agent or sub-agent: how many stand above it, and how many it has called up."""

    depth: int = 0
    sub_agents: int = 0

    def may_call_up(self, caps: Delegation) -> bool:
        """Whether it may have one more below it."""
        deep = caps.depth != "never" and self.depth >= caps.depth
        wide = caps.fan_out != "never" and self.sub_agents >= caps.fan_out
        return not (deep or wide)

    def below(self) -> "Instance":
        """One that it has called up."""
        self.sub_agents += 1
        return Instance(self.depth + 1)


@dataclass
class Job:
    """A task under way: what it holds on each platform, what humans have agreed to, and who does it.

    `stops` happens when a task ends that this one is not to outlive, if there is any; `over` at its own end, where that
    stops others. `beside` is what it waits for at its end: its sub-agents, and calls that nobody needs. `failed` is
    whether something of it was lost that is not one of those: what its agent did in a sub-agent's stead and gave up, or
    a sub-agent that it could not call up any more.
    """

    task: Task
    wallets: Sequence[Wallet]
    cover: Cover
    instance: Instance
    stops: simpy.Event | None = None
    over: simpy.Event | None = None
    beside: list[simpy.Process] = field(default_factory=list)
    failed: bool = False

    @property
    def stopped(self) -> bool:
        """Whether it may not go on."""
        return self.stops is not None and self.stops.triggered

    def waits(self, moment: Moment) -> Answer:
        """Wait for a moment, or until it is stopped; whether it goes on."""
        yield moment if self.stops is None else moment | self.stops
        return not self.stopped
