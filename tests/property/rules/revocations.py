"""What ends before its time does so at each verifier with its lag, or never."""

from sim.audit import ids, rows
from sim.audit.ids import Unit
from sim.audit.rows import FOREVER, UNKNOWN, Kind, Reason
from sim.streams import Purpose, threshold
from tests.property.rules.responses import ordered
from tests.property.rules.run import Run, Wrong, ended

# When what never happens does, and why.
_NEVER = (FOREVER, UNKNOWN)


def revocations_arrive(run: Run) -> Wrong:
    """What is revoked ends at each verifier that hears of it, after that system's lag, or by itself before."""
    due = set()
    for c in run.facts.credentials:
        if (revoked := _revoked_at(run, c)) is None:
            continue
        time, reason = revoked
        for verifier in {run.verifier(atom) for atom in run.atoms(c.id)}:
            until = time + _lag(run, c.id, verifier)
            if until < min(c.valid_to, run.workload.t1) and run.workload.scenario.systems[verifier].revocable:
                due.add((c.id, verifier, until, reason))
    # What the slow clock ends sooner needs no revocation, and one that comes sooner leaves nothing to end.
    slow = {
        (a.credential, a.verifier): a.until
        for a in run.facts.acceptances
        if a.credential >> 61 == Unit.STANDING and a.reason != Reason.INCIDENT
    }
    due = {each for each in due if each[2] < slow.get(each[:2], FOREVER)}
    yield from due ^ {tuple(a) for a in run.facts.acceptances if (a.credential, a.verifier) not in slow}


def revocations_say_when_they_began(run: Run) -> Wrong:
    """What a verifier hears of late has on record when it was begun."""
    for event in run.of(Kind.REVOKE):
        if not run.of_clock(event) and _revoked_at(run, run.credentials[event.issued])[0] != event.requested:
            yield event


def _lag(run, credential, verifier):
    """How long the revocation takes to arrive: the credential's own draw of the system's law."""
    system = run.workload.scenario.systems[verifier]
    draws = run.workload.streams.of(Purpose.REVOCATION_LAG, verifier)
    return draws.one_lognormal(credential, system.revocation_lag_s, system.revocation_lag_sigma)


def _revoked_at(run, c):
    """When a credential was revoked and why: with its own unit, by a response, or with what it was cut from."""
    causes = [
        (time, reason)
        for time, reason in (_own_end(run, c), _answer(run, c), _with_parent(run, c))
        if time < c.valid_to
    ]
    return min(causes, key=lambda cause: (cause[0], cause[1] != Reason.INCIDENT), default=None)


def _answer(run, c):
    return ordered(run).get(c.id, FOREVER), Reason.INCIDENT


def _with_parent(run, c):
    """When what a credential is cut from was revoked, where that cascades."""
    if run.knobs(c.id).revocation.cascade == "none" or c.id not in run.parents:
        return _NEVER
    return _revoked_at(run, run.credentials[run.parents[c.id]]) or _NEVER


def ended_by_response(run, c):
    """When a response to an incident ordered the end of a credential, or of what it was cut from; else never."""
    revoked = _revoked_at(run, c)
    return revoked[0] if revoked is not None and revoked[1] == Reason.INCIDENT else FOREVER


def _own_end(run, c):
    """When the unit of a credential ended, where the model revokes then, the issuer hears of it and does it."""
    figures, purposes = run.knobs(c.id).revocation, run.workload.streams
    on, units = figures.on, {"task": Unit.TASK, "action": Unit.ACTION}
    if ids.is_minted(c.id):
        return _NEVER
    if c.kind == rows.CredentialKind.ACTION_TOKEN and on != "never":
        path, unit = c.id >> 4 & (1 << 57) - 1, units["action"]
        used = run.used_until.get(c.id, FOREVER)
        cause = (used, Reason.ACTION_END) if used < run.workload.t1 else _NEVER
    elif c.kind == rows.CredentialKind.TASK_TOKEN and on == "task_end":
        path, unit, ends = c.task, units["task"], [ended(outcome) for outcome in run.unit_tasks(c)]
        cause = (max(ends), Reason.TASK_END) if max(ends) < FOREVER else _NEVER
    else:
        return _NEVER
    lost = purposes.of(Purpose.SIGNAL_LOST, unit).happens(path, threshold(figures.lost_signal))
    failed = purposes.of(Purpose.REVOCATION_FAILED).happens(c.id, threshold(figures.failure))
    return _NEVER if lost or failed else cause
