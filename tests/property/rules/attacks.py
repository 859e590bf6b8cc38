"""Attackers find what is valid where and when they are, and get what that opens."""

from sim.audit import ids, rows
from sim.audit.ids import Unit
from sim.audit.rows import UNKNOWN, Kind, Reason, Threat
from sim.streams import Purpose, threshold
from tests.property.rules.authority import given
from tests.property.rules.run import ORDINAL, Run, Wrong, ended, persists
from tests.worlds import SECOND

LIVE = {Threat.T1C, Threat.T2, Threat.T4}


def attackers_find_what_is_valid(run: Run) -> Wrong:
    """An attacker takes what some verifier accepts at that instant of what lies at the place, and nothing else."""
    for incident in run.facts.incidents:
        found = {c.id for c in taken(run, run.struck[incident.id])}
        if incident.credentials != len(found):
            yield incident, found
        live = incident.threat in LIVE or incident.threat == Threat.T5
        if not found and not live:
            yield from (step for step in run.facts.steps if step.incident == incident.id)


def taken(run, struck):
    """What of the place is accepted somewhere at the instant of a compromise; worked out once."""
    if struck.id not in run.taken:
        run.taken[struck.id] = _taken(run, struck)
    return run.taken[struck.id]


def _taken(run, struck):
    own = [c for c in run.own if c.holder & ORDINAL == struck.agent and c.valid_from <= struck.time]
    if struck.threat == Threat.T5:
        return []
    if struck.threat == Threat.T3:
        left = {leak.credential for leak in run.facts.leaks if leak.found <= struck.time}
        own = [c for c in own if c.id in left]
    if struck.threat == Threat.T4:
        own = [c for c in own if _of_tree(run, c, struck, struck.time)]
    return [c for c in own if accepted_somewhere(run, c, struck.time)]


def accepted_somewhere(run, c, time, *, answered=False):
    """Whether any verifier accepts it; one that a response reaches at this very instant did until then."""
    return any(
        time < run.accepted_until(c.id, atom)
        or (answered and (c.id, run.verifier(atom), time) in run.reached and time < c.valid_to)
        for atom in run.opens(c.id, time)
    )


def _trees(run, struck, time):
    """Root tasks of the agent of whose trees anything ran at the compromise and still does."""
    own, last = [o for o in run.facts.outcomes if o.agent & ORDINAL == struck.agent], {}
    for o in own:
        last[ids.root_of(o.task)] = max(ended(o), last.get(ids.root_of(o.task), 0))
    roots = [o for o in own if o.parent == UNKNOWN]
    return {o.task for o in roots if o.started <= struck.time and max(struck.time, time) < last[o.task]}


def _of_tree(run, c, struck, time):
    trees = _trees(run, struck, time)
    return bool(trees) if c.task == UNKNOWN else ids.root_of(c.task) in trees


def minted_at(c):
    """Incident and step in which an attacker had a credential made, packed."""
    return c.id & ((1 << 43) - 1)


def _verifier_sees(run, struck, c, atom):
    """Whether a verifier notices that a copy is not presented by whom it is bound to."""
    binding, checked = run.knobs(c.id).identity.binding, run.knobs(c.id).identity.enforced
    if (
        not checked
        or ids.is_minted(c.id)
        or c.id in run.handed
        or struck.threat not in {Threat.T1A, Threat.T1B, Threat.T3}
    ):
        return False
    if struck.threat == Threat.T1B:
        return binding in {"key_bound", "context_bound"}
    if binding != "audience":
        return binding != "bearer"
    sent = {leak.verifier for leak in run.facts.leaks if leak.credential == c.id and leak.found <= struck.time}
    return run.verifier(atom) not in (sent if struck.threat == Threat.T3 else {struck.verifier})


def attackers_get_what_is_valid(run: Run) -> Wrong:
    """What is presented works within its scope and validity, unless a binding, policy or a human stands before it."""
    tried = {event.id: event for event in run.facts.events}
    for step in run.facts.steps:
        use, struck = tried[step.event], run.struck[step.incident]
        c = run.credentials.get(use.credential)
        reasons = _reasons(run, struck, c, step, use.time)
        wrong = not reasons.get(use.reason, False) if use.reason != UNKNOWN else any(reasons.values()) or c is None
        if wrong or not _in_time(run, struck, use.time) or step.allowed != (use.reason == UNKNOWN):
            yield step, reasons
        if use.reason in _OF_THE_CREDENTIAL and any(
            _works(run, struck, other, step.atom, use.time) for other in run.facts.credentials
        ):
            yield step, "something else would have worked"


_OF_THE_CREDENTIAL = {Reason.EXPIRED, Reason.REVOKED, Reason.OUT_OF_SCOPE, Reason.BINDING}


def _reasons(run, struck, c, step, time):
    """Which reasons to refuse this step hold."""
    atom, agent = step.atom, struck.agent if c is None else c.holder & ORDINAL
    guards = _guards(run, (agent, atom, step.incident << 20 | step.step), time, issuing=c is None)
    if not _human_asks(run, struck, atom, issuing=c is None):
        guards.pop(Reason.APPROVER, None)
    if _at_the_issuer(struck) or (c is not None and c.id in run.handed):
        guards = {}
    if c is None:
        held = _quarantined(run, struck, time) and not _at_the_issuer(struck)
        return {**guards, Reason.OUT_OF_SCOPE: not _mints(run, struck, atom, time), Reason.INCIDENT: held}
    return {
        **guards,
        Reason.EXPIRED: time >= c.valid_to,
        Reason.REVOKED: c.valid_to > time >= run.accepted_until(c.id, atom),
        Reason.OUT_OF_SCOPE: atom not in run.opens(c.id, time),
        Reason.BINDING: _verifier_sees(run, struck, c, atom),
    }


def _human_asks(run, struck, atom, *, issuing):
    """Whether an approval stands before the call, in the way of the agent that makes it, or before the issue."""
    through_the_agent = struck.threat in {Threat.T2, Threat.T4}
    by_work = run.on(run.workload.atoms[atom].platform).control.issue.unit in {"task", "action"}
    return run.control.decision.at == "request" or through_the_agent or (issuing and by_work)


def _guards(run, tried, time, *, issuing):
    """What stands before an attempt besides the credential: an enforcement point's policy, and humans."""
    (agent, atom, path), decision, streams = tried, run.control.decision, run.workload.streams
    figures = run.workload.scenario.approvers
    misled = figures.misled if run.control.approval.summary == "agent" else 0
    passes = threshold((1 - figures.inspected * (1 - misled)) ** run.control.approval.people)
    unseen = streams.of(Purpose.UNSEEN).happens(path, passes)
    alike = [s.step for s in run.facts.steps if s.incident << 20 == path >> 20 << 20 and s.atom == atom]
    draws = [streams.of(Purpose.THEFT_STOPPED).draw(path >> 20 << 20 | n) for n in sorted(alike) if n <= path & 0xFFFFF]
    stop = persists(draws, decision.adversarial_stop, decision.adversarial_persistence)
    [policy] = run.policies(time + 1, time + 1)
    required, asks = run.under_attack(agent, atom, policy), decision.at == "request"
    unissued = issuing and required is None and run.decides_issue(run.on(run.workload.atoms[atom].platform).control)
    silent = asks and run.out(time)
    opened = silent and run.let_through(time) and run.control.policy is not None
    if opened or streams.of(Purpose.THEFT_UNENFORCED).happens(path, threshold(1 - decision.coverage)):
        return {Reason.POLICY: unissued}
    return {
        Reason.OUTAGE: silent and not run.let_through(time),
        Reason.APPROVER: required not in {0, None} and not unseen,
        Reason.POLICY: (stop and not silent) or (asks and required is None) or unissued,
    }


def _works(run, struck, c, atom, time):
    """Whether an attacker has this credential, and a verifier would accept it for the atom now."""
    if not c.valid_from <= time < c.valid_to:
        return False
    if ids.is_minted(c.id):
        has = minted_at(c) >> 20 == struck.id and c.valid_from < time
    elif struck.threat in LIVE:
        has = c.holder & ORDINAL == struck.agent and c.valid_from <= time
        has = has and (struck.threat != Threat.T4 or _of_tree(run, c, struck, time))
    else:
        has = c in taken(run, struck)
    accepted = c.valid_from <= time < run.accepted_until(c.id, atom)
    return has and accepted and atom in run.opens(c.id, time) and not _verifier_sees(run, struck, c, atom)


def _at_the_issuer(struck):
    return struck.threat == Threat.T5 and struck.place >> 40 == rows.Place.ISSUER


def _mints(run, struck, atom, time):
    """Whether the issuer would listen to this attacker about this atom at all."""
    if _at_the_issuer(struck):
        return any(atom in _ceiling(run, n, atom, time) for n in range(run.workload.agents))
    unit = run.on(run.workload.atoms[atom].platform).unit
    if unit is Unit.STANDING or struck.threat not in {Threat.T2, Threat.T5}:
        return False
    ttl = run.control.identity.bootstrap_ttl_s
    since = int(run.workload.keys_since[struck.agent])
    replaced = ttl != "never" and (time - since) // (ttl * SECOND) != (struck.time - since) // (ttl * SECOND)
    return atom in _ceiling(run, struck.agent, atom, time) and (struck.threat == Threat.T2 or not replaced)


def _ceiling(run, agent, atom, time):
    return given(run, run.workload.atoms[atom].platform, agent, time)


def _quarantined(run, struck, time):
    return any(start <= time < end for start, end in run.quarantines[struck.agent])


def _in_time(run, struck, time):
    """An attacker goes on from the compromise until the response, where that keeps it out, or its tree is over."""
    kept_out = struck.threat in LIVE or run.control.containment.cut_off
    over = struck.threat == Threat.T4 and not _trees(run, struck, time)
    return struck.time <= time and not (kept_out and time >= struck.contained) and not over


def issuers_make_what_they_would(run: Run) -> Wrong:
    """What an attacker had made is within an agent's ceiling, was asked for in time, and is gated only alone."""
    steps = {(s.incident, s.step): s for s in run.facts.steps}
    for c in run.facts.credentials:
        if ids.is_minted(c.id):
            step = steps[minted_at(c) >> 20, minted_at(c) & 0xFFFFF]
            opened = run.opens(c.id, c.valid_from)
            within = all(_mints(run, run.struck[step.incident], atom, c.valid_from) for atom in opened)
            wide = run.knobs(c.id).issue.unit in {"task", "action"} and len(run.atoms(c.id)) > 1
            [policy] = run.policies(c.valid_from + 1, c.valid_from + 1)
            open_to_it = all(run.under_attack(c.holder & ORDINAL, atom, policy) == 0 for atom in run.atoms(c.id))
            if not within or step.atom not in run.atoms(c.id) or (wide and not open_to_it):
                yield c


def attackers_are_known(run: Run) -> Wrong:
    """The truth names each event that an attacker caused: what was tried, and what was made for it."""
    caused = {step.event for step in run.facts.steps}
    caused |= {e.id for e in run.of(Kind.ISSUE) if ids.is_minted(e.issued)}
    yield from caused ^ {actor.event for actor in run.facts.actors}


def calls_leave_copies(run: Run) -> Wrong:
    """A call leaves what it presented behind by its own draw, and it can be found after its own time."""
    figures, streams = run.workload.scenario.leaks, run.workload.streams
    due = set()
    for use in run.uses:
        if streams.of(Purpose.LEAKED).happens(use.action, threshold(figures.share)):
            found = use.time + streams.of(Purpose.LEAK_FOUND).one_lognormal(
                use.action, figures.found_median_s, figures.found_sigma
            )
            due.add((use.action, use.credential, use.time, found, run.verifier(run.actions[use.action].atom)))
    yield from due ^ {(leak.action, leak.credential, leak.time, leak.found, leak.verifier) for leak in run.facts.leaks}
