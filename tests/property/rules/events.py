"""Events say what happened, once and in order, and calls are made with what is valid."""

import itertools
from collections import defaultdict

from sim.audit.ids import Unit
from sim.audit.rows import FOREVER, Kind, Outcome
from tests.property.rules.run import Run, Wrong


def written_once(run: Run) -> Wrong:
    """Everything that starts is there once, and ends at most once."""
    f = run.facts
    named = [
        [c.id for c in f.credentials], [e.id for e in f.events], [n.action for n in f.needs],
        [o.task for o in f.outcomes], [(a.credential, a.verifier) for a in f.acceptances], [d.id for d in f.approvals],
        [e.child for e in f.edges], [(s.incident, s.step) for s in f.steps], [i.id for i in f.incidents],
        [(e.kind, e.task) for e in run.of(Kind.TASK_START, Kind.TASK_END)],
    ]  # fmt: skip
    yield from (names for names in named if len(set(names)) < len(names))


def events_say_what_happened(run: Run) -> Wrong:
    """Issues, revocations, starts, ends and uses in the log are the credentials, acceptances, tasks and needs."""
    told = {
        "issued": {(e.issued, e.time, e.expires, e.scope_set, e.target) for e in run.of(Kind.ISSUE, Kind.RENEW)},
        "revoked": {(e.issued, e.verifier, e.time, e.reason) for e in run.of(Kind.REVOKE)},
        "started": {(e.task, e.time, e.parent_task) for e in run.of(Kind.TASK_START)},
        "ended": {(e.task, e.time) for e in run.of(Kind.TASK_END)},
        "used": {(e.action, e.time) for e in run.uses},
    }
    happened = {
        "issued": {(c.id, c.valid_from, c.valid_to, c.scope_set, c.holder) for c in run.facts.credentials},
        "revoked": {tuple(a) for a in run.facts.acceptances},
        "started": {(o.task, o.started, o.parent) for o in run.facts.outcomes},
        "ended": {(o.task, o.ended) for o in run.facts.outcomes if o.outcome != Outcome.OPEN},
        "used": {(n.action, n.starts) for n in run.facts.needs if n.met},
    }
    yield from ((name, told[name] ^ happened[name]) for name in told if told[name] != happened[name])


def events_come_in_order(run: Run) -> Wrong:
    """An agent's events are numbered from 0 in the order of time, from the start of the run to before its end."""
    streams = defaultdict(list)
    for event in sorted(e for e in run.facts.events if not run.of_clock(e)):
        streams[event.id >> 40].append(event)
    for own in streams.values():
        yield from (e for n, e in enumerate(own) if e.id & ((1 << 40) - 1) != n)
        yield from ((a, b) for a, b in itertools.pairwise(own) if a.time > b.time)
        yield from (e for e in own if e.time >= run.workload.t1)
        early = [e for e in own if e.time < run.workload.begins]
        yield from (e for e in early if e.kind != Kind.ISSUE or run.knobs(e.issued).issue.unit != "standing")


def uses_are_valid(run: Run) -> Wrong:
    """A use is by the holder, within scope and validity, after the issue and before any revocation at that verifier."""
    issued = {e.issued: e.id for e in run.of(Kind.ISSUE, Kind.RENEW) if not run.of_clock(e)}
    revoked = {(e.issued, e.verifier): e.id for e in run.of(Kind.REVOKE) if not run.of_clock(e)}
    for use in run.uses:
        atom, c = run.actions[use.action].atom, run.credentials[use.credential]
        ends = run.accepted_until(c.id, atom) if c.id >> 61 == Unit.STANDING else c.valid_to
        valid = c.valid_from <= use.time < ends
        in_order = issued.get(c.id, -1) < use.id < revoked.get((c.id, run.verifier(atom)), FOREVER)
        if not (valid and in_order and atom in run.opens(c.id, use.time) and use.principal == c.holder):
            yield use
