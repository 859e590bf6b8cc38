"""Policy is asked when it was said to be, answers as it is meant, and its answers serve as long as was said."""

from collections import defaultdict

from sim.audit import ids
from sim.audit.rows import FOREVER, UNKNOWN, Decision, Kind, Reason
from sim.streams import Purpose
from tests.property.rules.run import ORDINAL, Run, Wrong, persists
from tests.worlds import SECOND


def policy_is_kept(run: Run) -> Wrong:
    """Whoever is let through may be; a credential that is decided about holds nothing that policy forbids.

    Who is refused what is allowed is so by mistake. Each decision names the policy that made it, and none while nobody
    answers.
    """
    mistaken, ids_ = run.control.decision.false_denial > 0, {UNKNOWN: "none"}
    ids_ |= {each.id: run.called(each.id) for each in (run.control.policy, run.control.successor) if each is not None}
    for e in run.answers:
        yes = e.decision == Decision.ALLOW
        if not e.cached and run.out(e.time):
            if (e.policy, e.reason, yes) != (UNKNOWN, Reason.OUTAGE, run.let_through(e.time)):
                yield e
            continue
        may = _may(run, e, ids_.get(e.policy))
        in_force = bool(e.cached) or ids_.get(e.policy) in run.policies(e.time, e.time)
        # Of a stray it may be seen that nobody needs it.
        refused = mistaken or (e.atom != UNKNOWN and run.control.decision.adversarial_stop > 0)
        if not in_force or e.reason != Reason.POLICY or (yes and not may) or (may and not yes and not refused):
            yield e
    yield from (e for e in run.facts.events if e.policy != UNKNOWN and e.kind != Kind.DECIDE)
    for c in (c for c in run.granted if run.decides_issue(run.knobs(c.id))):
        lenient = run.control.decision.outage == "open" and run.outages and run.outages[0][0] <= c.valid_from
        policies = run.policies(run.workload.begins, c.valid_from)
        for atom in () if lenient else run.atoms(c.id):
            if all(run.required(c.holder & ORDINAL, atom, c.task, each) is None for each in policies):
                yield c, atom


def _may(run, decision, policy):
    """Whether policy allows what was decided about: an action's atom, or anything of a plan, a role or a renewal."""
    agent, at = decision.target & ORDINAL, run.control.decision.at
    if decision.action != UNKNOWN or decision.atom != UNKNOWN:
        atom = decision.atom if decision.action == UNKNOWN else run.actions[decision.action].atom
        decides = at == "request" or run.decides_issue(run.on(run.workload.atoms[atom].platform).control)
        atoms = [atom] if decides else []
    elif decision.credential != UNKNOWN:
        atoms = run.atoms(decision.credential) if run.decides_issue(run.knobs(decision.credential)) else []
    else:
        atoms = run.tasks[decision.task].declared if at == "task" else []
    return not atoms or any(run.required(agent, atom, decision.task, policy) is not None for atom in atoms)


def mistakes_persist(run: Run) -> Wrong:
    """What is legitimate and allowed is refused by a chance of its own, and again as answers to one request persist."""
    decision, asked = run.control.decision, defaultdict(list)
    for e in sorted((e for e in run.of(Kind.DECIDE) if e.credential == UNKNOWN), key=lambda e: (e.time, e.id)):
        start = decision.at == "task" and e.action == e.atom == UNKNOWN
        if start or (decision.at == "request" and e.action != UNKNOWN):
            asked[ids.action(e.task, 0) if start else e.action].append(e)
    for path, events in asked.items():
        draws = [run.workload.streams.of(Purpose.FALSE_DENIAL, n).draw(path) for n in range(len(events))]
        for number, e in enumerate(events):
            mistaken = persists(draws[: number + 1], decision.false_denial, decision.false_denial_persistence)
            silent = e.cached == 1 or e.reason != Reason.POLICY
            may = silent or _may(run, e, run.called(e.policy))
            if not silent and may and mistaken == (e.decision == Decision.ALLOW):
                yield e


def answers_serve_again(run: Run) -> Wrong:
    """An answer serves the same agent for the same again, as long as it may and no longer, and is on record then."""
    lasts, given = run.control.decision.cache_s * SECOND, defaultdict(list)
    for e in sorted(run.answers, key=lambda e: (e.time, e.id)):
        alike = _alike(run, e)
        serving = [old for old in given[e.target, e.policy] if old.time + old.duration <= e.time < old.time + lasts]
        if e.cached and not any(old.decision == e.decision and _same(run, old, e) for old in serving):
            yield e
        before = [
            old for olds in given.values() for old in olds if old.target == e.target and _alike(run, old) == alike
        ]
        if not e.cached and any(old.time + old.duration < e.time < old.time + lasts for old in before):
            yield e
        if e.cached not in {0, 1} or (e.cached and e.duration):
            yield e
        if not e.cached and UNKNOWN not in {e.policy, e.action}:
            given[e.target, e.policy].append(e)


def _alike(run, decision):
    """What no policy can tell apart where single actions are decided: the same atom, planned or not."""
    if run.control.decision.at != "request" or decision.action == UNKNOWN:
        return decision.id
    atom = run.actions[decision.action].atom
    return atom, atom in run.tasks[decision.task].declared


def _same(run, one, other):
    """Whether the policy that answered says the same of both."""
    name = run.called(one.policy)
    said = {run.required(e.target & ORDINAL, run.actions[e.action].atom, e.task, name) for e in (one, other)}
    return len(said) == 1


def who_passes_by_is_not_asked(run: Run) -> Wrong:
    """Of an action that passes no enforcement point nothing is asked, neither a policy nor a human."""
    asked = [e for e in (*run.answers, *run.of(Kind.REQUEST_APPROVAL)) if e.action != UNKNOWN]
    yield from (e for e in asked if not run.enforced(e.action))


def policy_is_asked(run: Run) -> Wrong:
    """Policy is asked where the model says, and nothing goes on without its yes."""
    at = run.control.decision.at
    # What is asked about a renewal names what is to be renewed; whom the response holds back is not asked about.
    asked = [e for e in run.answers if e.credential == UNKNOWN]
    yes = [e for e in asked if e.decision == Decision.ALLOW]
    if at == "onboarding":
        yield from asked
    if at == "request":
        answered = {e.action: e.time + e.duration for e in sorted(yes, reverse=True)}
        met = [use for use in run.guarded if run.enforced(use.action)]
        yield from (use for use in met if answered.get(use.action, FOREVER) > use.time)
    if at == "task":
        yield from (n for n in run.facts.needs if n.met and run.admitted.get(n.task, FOREVER) > n.requested)
    if at == "login":
        answered = {e.time + e.duration for e in yes}
        others = run.handed.keys() | run.keys_of_clock
        issues = [e for e in run.of(Kind.ISSUE) if e.issued not in others and not ids.is_minted(e.issued)]
        logins = [e for e in issues if run.knobs(e.issued).decision.at == "login"]
        yield from (e for e in logins if e.time - e.duration not in answered)


def attempts_are_counted(run: Run) -> Wrong:
    """Nobody asks more often than the response allows."""
    most, people = run.workload.scenario.response.attempts, run.control.approval.people
    asked = defaultdict(int)
    for event in run.of(Kind.REQUEST_APPROVAL, *([Kind.DECIDE] if run.control.decision.at == "request" else [])):
        asked[event.kind, event.action] += 1
    for (kind, action), times in asked.items():
        if times > most * (people if kind == Kind.REQUEST_APPROVAL else 1) and action != UNKNOWN:
            yield action, times
