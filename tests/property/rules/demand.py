"""What the work that arrives asks of people is known before anybody is asked."""

from collections import Counter, defaultdict
from math import ceil

from sim.audit.rows import UNKNOWN, Kind
from tests.property.rules.delegation import root_of
from tests.property.rules.run import Run, Wrong


def what_arrives_is_counted(run: Run) -> Wrong:
    """A root task that arrived asks as often as its tree has gated calls that no earlier yes covers; no other does."""
    told = {row.task: row.approvals for row in run.facts.demands}
    arrived = {t.id for own in run.workload.roots for t in own if t.arrival < run.workload.t1}
    yield from told.keys() - arrived
    gated, certain = _gated(run)
    for root in arrived:
        least, most = _bounds(run, gated[root])
        if not (least if certain[root] else 0) <= told.get(root, 0) <= most:
            yield root, told.get(root, 0), least, most


def who_asks_was_counted(run: Run) -> Wrong:
    """Where no policy comes and goes, nobody asks about more calls of a tree than it was said to bring."""
    if run.control.policy is not None:
        return
    told = Counter({row.task: row.approvals for row in run.facts.demands})
    asked = {(root_of(run, run.tasks[e.task]).id, e.action) for e in run.of(Kind.REQUEST_APPROVAL)}
    if run.control.approval.covers == "action":
        made = Counter(root for root, _ in asked)
        yield from (root for root in made if made[root] * run.control.approval.people > told[root])
    yield from {root for root, _ in asked} - told.keys()


def _gated(run):
    """Of each tree its gated calls, by task and atom, and whether it is certain that none of its tasks is stopped."""
    gated, certain = defaultdict(Counter), defaultdict(lambda: True)
    for task in (each for each in run.tasks.values() if _is_ever_due(run, each)):
        root = root_of(run, task)
        policies = run.policies(root.arrival, root.arrival)
        for action in task.actions:
            needs = {run.required(task.agent, action.atom, task.id, each) for each in policies}
            certain[root.id] = certain[root.id] and len(needs) == 1 and None not in needs
            asked = run.control.decision.at != "request" or run.enforced(action.id)
            if asked and needs - {0, None}:
                gated[root.id][task.id, action.atom] += 1
    return gated, certain


def _is_ever_due(run, task):
    """Whether a task is called up, and those above it, after no more calls than their parents make."""
    if task.parent == UNKNOWN:
        return True
    parent = run.tasks[task.parent]
    return task.spawned_after <= len(parent.actions) and _is_ever_due(run, parent)


def _bounds(run, calls):
    """The least and the most requests for so many gated calls, where a yes may count for others of its tree."""
    approval, caps = run.control.approval, run.control.delegation
    if approval.covers == "action":
        return calls.total() * approval.people, calls.total() * approval.people
    by_task, in_tree, tasks = sum(_yeses(run, number) for number in calls.values()), Counter(), Counter()
    for (_, atom), number in calls.items():
        in_tree[atom] += number
        tasks[atom] += 1
    alone = approval.covers == "task" and caps.depth == caps.fan_out == "never"
    least = by_task if alone else sum(_yeses(run, number) for number in in_tree.values())
    # What sub-agents use up their parents are short of; nobody asks before all is used up: a task leaves one yes over.
    left_over = sum(n - 1 + _yeses(run, in_tree[atom] - n + 1) for atom, n in tasks.items())
    most = left_over if approval.covers == "subtree" else by_task
    return least * approval.people, most * approval.people


def _yeses(run, number):
    """How many yeses so many uses of one atom rest on."""
    budget = run.control.approval.budget
    return 1 if budget == "never" else ceil(number / budget)
