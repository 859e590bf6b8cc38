"""Where an engine writes down what happened. Nothing in here decides anything."""

from collections import defaultdict

from sim.audit import ids
from sim.audit.rows import UNKNOWN, Event, Facts, Kind, Outcome, Reason, TaskOutcome, no_facts
from sim.reference.clock import Clock
from sim.streams import Purpose, Streams
from sim.workload import cast
from sim.workload.intentions import Task


class Journal:
    """The facts of one run so far."""

    def __init__(self, clock: Clock, streams: Streams) -> None:
        """Begin empty."""
        self.facts: Facts = no_facts()
        self._clock = clock
        self._faults = streams.of(Purpose.LOG_FAULT)
        self._written: defaultdict[int, int] = defaultdict(int)
        self._open: dict[int, TaskOutcome] = {}

    def event(self, agent: int, kind: Kind, principal: int, **fields: int) -> int:
        """Write an event in the stream of an agent; now, unless `time` is given. Returns its id."""
        event_id = ids.event(agent, self._written[agent])
        self._written[agent] += 1
        time, draw = fields.pop("time", self._clock.time), self._faults.draw(event_id) >> 48
        self.facts.events.append(Event(id=event_id, time=time, kind=kind, principal=principal, draw=draw, **fields))
        return event_id

    def task_started(self, task: Task) -> None:
        """A task is under way."""
        principal = cast.agent(task.agent)
        self.event(task.agent, Kind.TASK_START, principal, task=task.id, parent_task=task.parent)
        self._open[task.id] = TaskOutcome(task.id, principal, task.parent, self._clock.time, UNKNOWN, Outcome.OPEN)

    def task_ended(self, task: Task, reason: Reason) -> None:
        """A task is over, for a reason: all of it was done, or not."""
        outcome = Outcome.COMPLETED if reason is Reason.COMPLETED else Outcome.BROKEN
        self.event(task.agent, Kind.TASK_END, cast.agent(task.agent), task=task.id, reason=reason)
        ended = self._open.pop(task.id)._replace(ended=self._clock.time, outcome=outcome)
        self.facts.outcomes.append(ended)

    def withdraw(self, credential: int, verifier: int) -> None:
        """Take back that a verifier would refuse a credential later on, which has been told already."""
        facts = self.facts
        facts.acceptances[:] = [a for a in facts.acceptances if (a.credential, a.verifier) != (credential, verifier)]
        facts.events[:] = [
            e for e in facts.events
            if e.kind != Kind.REVOKE or (e.issued, e.verifier) != (credential, verifier)
        ]  # fmt: skip

    def close(self) -> Facts:
        """The run is over: what is under way stays open."""
        self.facts.outcomes.extend(self._open[task] for task in sorted(self._open))
        return self.facts
