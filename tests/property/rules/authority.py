"""What credentials are good for: what roles and plans say, what was added, and what caps it."""

from sim.audit import ids, rows
from sim.audit.rows import UNKNOWN, Kind
from tests.property.rules.delegation import root_of
from tests.property.rules.run import Run, Wrong


def role(run, platform, agent):
    """What the issuer of a platform gives to whoever holds an agent's identity."""
    union = run.on(platform).control.issue.authority == "role_union"
    return run.within(platform, run.workload.union if union else run.workload.roles[agent])


def accumulates(run, platform):
    """Whether what was added to an agent's assignments widens what the issuer of a platform gives."""
    issue = run.on(platform).control.issue
    return issue.authority == "role_union" or issue.resolved != "baked"


def given(run, platform, agent, time):
    """What the issuer of a platform gives at a time to whoever holds an agent's identity."""
    given = set(role(run, platform, agent))
    if accumulates(run, platform):
        given |= run.within(platform, run.assigned(agent, time))
    return {atom for atom in given if _inside(run, platform, agent, atom)}


def whole(run, platform, agent, time):
    """What it puts into a credential that is cut to no plan."""
    if run.on(platform).control.issue.resolved != "looked_up":
        return given(run, platform, agent, time)
    there = run.within(platform, range(len(run.workload.atoms)))
    return {atom for atom in there if _inside(run, platform, agent, atom)}


def _inside(run, platform, agent, atom):
    """Whether an atom lies within the boundary of an agent."""
    inside = {"none": {atom}, "role_union": run.workload.union, "own_role": run.workload.roles[agent]}
    return atom in inside[run.on(platform).control.issue.boundary]


def authority_is_settled_as_said(run: Run) -> Wrong:
    """What an issuer makes says when it is settled what it opens; what people hand over, or left, when it was made."""
    told = {e.issued: e.resolved for e in run.of(Kind.ISSUE, Kind.RENEW)}
    for c in run.facts.credentials:
        knobs = None if c.id in run.handed else run.knobs(c.id)
        left = knobs is None or (c.id in run.keys_of_clock and knobs.issue.unit != "standing")
        said = rows.Resolution.BAKED if left else rows.Resolution[knobs.issue.resolved.upper()]
        if c.resolved != said or (told[c.id] not in {said, UNKNOWN} and not left):
            yield c


def boundaries_hold(run: Run) -> Wrong:
    """No credential of an agent, and nothing that can be minted in its name, reaches beyond its boundary."""
    holders = [(c.holder, run.atoms(c.id)) for c in run.facts.credentials if c.id not in run.handed]
    minted = [(t.principal, run.facts.scope_sets[t.scope_set]) for t in run.facts.trusts]
    for principal, atoms in (*holders, *minted):
        slot = principal & (1 << ids.AGENT_BITS) - 1
        yield from (each for each in atoms if not _inside(run, run.workload.atoms[each].platform, slot, each))


def tasks_get_their_plan(run: Run) -> Wrong:
    """The first credential of a task on a platform holds its plan or role there, but for what a human must agree to."""
    firsts = {}
    for c in sorted(run.own, key=lambda c: c.id):
        if c.kind == rows.CredentialKind.TASK_TOKEN:
            firsts.setdefault((c.task, run.platform(c.id)), c)
    for (task_id, platform), c in firsts.items():
        task = run.tasks[task_id]
        # In quarantine it got none when it began; then whatever is needed first after it comes first.
        since = run.outcomes[task_id].started
        if any(start <= c.valid_from and since < end for start, end in run.quarantines[task.agent]):
            continue
        whole = root_of(run, task) if run.on(platform).control.delegation.child == "inherit" else task
        planned = run.within(platform, whole.declared)
        declares = run.on(platform).control.issue.authority == "declared"
        plan = planned if declares else given(run, platform, task.agent, since)
        for each, time in _looked_at(run, c):
            kept = run.decides_issue(run.on(platform).control) and not run.let_through(time)
            [policy] = run.policies(time + 1, time + 1)
            said = {atom: run.required(task.agent, atom, each, policy) for atom in plan}
            plan = {atom for atom, tier in said.items() if tier == 0 or (tier is None and not kept)}
        if plan and set(run.atoms(c.id)) != plan:
            yield c


def _looked_at(run, c):
    """When it is asked what a credential may hold, and for which task: at the task's start, and when it is issued.

    What is inherited was asked about for those above too, where they had credentials of their own.
    """
    chain = [c.task]
    while run.knobs(c.id).delegation.child == "inherit" and (above := run.tasks[chain[-1]].parent) != UNKNOWN:
        chain.append(above)
    asked = c.valid_from - next(e.duration for e in run.of(Kind.ISSUE) if e.issued == c.id)
    return [(c.task, asked), *((each, run.outcomes[each].started) for each in chain if each not in run.in_line)]
