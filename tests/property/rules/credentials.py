"""Credentials live as long as their unit, lifetime and platform say, and are renewed as was said."""

import itertools
from collections import defaultdict

from sim.audit import ids, rows
from sim.audit.rows import FOREVER, UNKNOWN, Kind
from tests.property.rules.authority import accumulates, whole
from tests.property.rules.responses import ordered
from tests.property.rules.revocations import ended_by_response
from tests.property.rules.run import DAY, ORDINAL, Run, Wrong, ended


def lifetimes_are_kept(run: Run) -> Wrong:
    """A credential ends after its lifetime, at the maximum since its chain began, or with what it is cut from."""
    first = {c.id: c.valid_from for c in run.facts.credentials}
    for renewal in sorted(run.of(Kind.RENEW)):
        first[renewal.issued] = first[renewal.credential]
    for c in (each for each in run.granted if each.id not in run.stock):
        terms, knobs = run.of_credential(c.id), run.knobs(c.id)
        lives = min(knobs.ttl, terms.chained) if c.id in run.parents else knobs.ttl
        ends = [c.valid_from + lives, first[c.id] + knobs.maximum]
        if knobs.revocation.cascade == "on_expire":
            ends += [run.credentials[run.parents[c.id]].valid_to] if c.id in run.parents else []
        stated = min([end for end in ends if end < FOREVER], default=FOREVER)
        if c.valid_to != stated or c.valid_from >= c.valid_to:
            yield c, stated


def renewals_continue(run: Run) -> Wrong:
    """A renewal follows a credential that ends, no earlier than the overlap, of an active unit.

    Its scope is the same, or narrower where another policy looks at it.
    """
    for event in run.of(Kind.RENEW):
        new, old = run.credentials[event.issued], run.credentials[event.credential]
        knobs = run.knobs(old.id)
        silent = knobs.lifetime.renewal == "silent"
        due = max(old.valid_from, old.valid_to - knobs.overlap)
        in_time = new.valid_from in {due, old.valid_to} if silent else new.valid_from >= due
        active = any(o.started <= new.valid_from <= ended(o) for o in run.unit_tasks(old))
        asked = run.knobs(old.id).lifetime.renewal == "re_evaluated"
        narrowed = asked and (run.control.decision.changes_to != "none" or accumulates(run, run.platform(old.id)))
        scope = old.scope_set == new.scope_set or (narrowed and set(run.atoms(new.id)) < set(run.atoms(old.id)))
        if not (in_time and active and scope and old.task == new.task):
            yield event


def silence_renews_everything(run: Run) -> Wrong:
    """Under silent renewal, what ends while its unit is active is renewed, where there is no maximum."""
    renewed = {event.credential for event in run.of(Kind.RENEW)}
    for c in run.granted:
        knobs = run.knobs(c.id)
        if knobs.lifetime.renewal != "silent" or knobs.maximum < FOREVER:
            continue
        is_pass = c.kind == rows.CredentialKind.ACTION_TOKEN
        if is_pass or c.valid_to >= run.workload.t1 or c.id in renewed:
            continue
        falls = knobs.revocation.cascade == "on_expire" and c.id in run.parents
        due = c.valid_to if falls else max(c.valid_from, c.valid_to - knobs.overlap)
        if ended_by_response(run, c) <= due:
            continue
        if any(o.started < due < ended(o) for o in run.unit_tasks(c)):
            yield c


def units_are_kept(run: Run) -> Wrong:
    """On a platform one standing key an agent, one session at a time, one atom where one is said, one action's pass."""
    by_holder = defaultdict(list)
    made = [c for c in run.granted if c.id not in run.stock]
    for c in sorted(made, key=lambda c: c.valid_from):
        by_holder[c.holder, run.platform(c.id)].append(c)
    for (_, platform), own in by_holder.items():
        knobs = run.on(platform).control
        keys = 1 + sum(c.id in ordered(run) for c in own)
        if knobs.issue.unit == "standing" and len(own) != keys and run.workload.lifecycle is None:
            yield own
        if knobs.issue.unit == "session" and run.control.decision.changes_to == "none":
            late = knobs.overlap
            yield from (
                (a, b) for a, b in itertools.pairwise(own)
                if min(a.valid_to - late, ended_by_response(run, a)) > b.valid_from
                and run.opens(b.id, b.valid_from) <= run.opens(a.id, b.valid_from)
            )  # fmt: skip
        if knobs.issue.authority == "single":
            yield from (c for c in own if len(run.atoms(c.id)) > 1)
    passes = [use for use in run.guarded if run.knobs(use.credential).issue.unit == "action"]
    yield from (u for u in passes if u.credential >> 61 != 3 or u.credential >> 4 & (1 << 57) - 1 != u.action)


def platforms_issue_what_they_can(run: Run) -> Wrong:
    """A credential is of one platform, of a kind and binding it gives; a key or session has the role there."""
    kinds = {
        "standing": {rows.CredentialKind.STATIC_KEY},
        "session": {rows.CredentialKind.SESSION_TOKEN},
        "task": {rows.CredentialKind.TASK_TOKEN, rows.CredentialKind.ACTION_TOKEN},
        "action": {rows.CredentialKind.ACTION_TOKEN},
    }
    for c in (each for each in run.granted if each.id not in run.stock):
        knobs, atoms = run.knobs(c.id), set(run.atoms(c.id))
        apart = len({run.workload.atoms[atom].platform for atom in atoms}) > 1
        if apart or c.kind not in kinds[knobs.issue.unit] or c.binding != knobs.binding:
            yield c
        whole = knobs.issue.unit in {"standing", "session"} and not ids.is_minted(c.id) and c.id not in run.renewed
        if whole and not _lasting(run, c, atoms):
            yield c, atoms


def _lasting(run, c, atoms):
    """Whether a key or session holds its role, or of that what policy allowed when it was asked."""
    agent, decision = c.holder & ORDINAL, run.control.decision
    role = whole(run, run.platform(c.id), agent, c.valid_from)
    if c.valid_from <= run.workload.t0 - 365 * DAY and accumulates(run, run.platform(c.id)):
        # What was taken away before that is not told.
        return atoms >= role
    if not run.decides_issue(run.knobs(c.id)) or decision.policy == "none":
        return atoms == role
    varies = decision.changes_to != "none" or (decision.outage == "open" and run.outages)
    allowed = {atom for atom in role if run.required(agent, atom, UNKNOWN, decision.policy) is not None}
    return atoms <= role if varies else atoms == allowed
