"""What sub-agents act with beside their parents, and for how long both outlive them: a slow second computation."""

from dataclasses import replace
from fractions import Fraction

from tests.ledgers import NEVER, UNKNOWN, Event
from tests.property.measures import chance as st
from tests.property.measures.drawn import ledgers
from tests.property.measures.identities import last_accepted
from tests.property.measures.spans import halves, hours_a_day, mean, weight_of

HOPS = ("1", "2", "3+", "all")


@st.composite
def delegated(draw):
    """A ledger of deep trees, whose sub-agents use what others hold, outlive their parents or never had one."""
    drawn = draw(ledgers())
    tasks = [
        replace(task, parent=draw(st.sampled_from((None, number - 1, number - 1, number - 1))) if number else None)
        for number, task in enumerate(drawn.tasks)
    ]
    place = st.integers(0, len(tasks) - 1)
    uses = st.builds(
        Event, st.just("use"), st.integers(0, 9), credential=st.integers(0, 3), task=place, decision=st.just("allow")
    )
    stopped = st.builds(Event, st.just("task_end"), st.integers(0, 9), task=place, reason=st.just("parent_ended"))
    spawned = st.builds(
        Event, st.just("spawn"), st.just(1), task=place, decision=st.sampled_from(("allow", "allow", "deny"))
    )
    made = [draw(st.lists(each, max_size=3)) for each in (uses, stopped, spawned)]
    return drawn.having(tasks=tasks, events=[*drawn.events, *(event for own in made for event in own)])


def delegation(ledger):
    """Hop by hop what sub-agents keep of what their parents can do, and for how long they outlive them."""
    found = {}
    for hop in HOPS:
        there = [task for task in sub_agents(ledger) if hop in {"all", _hop(ledger, task)}]
        found |= {f"{hop} {stat}": value for stat, value in _told(ledger, there).items()}
    return found


def sub_agents(ledger):
    """Tasks that another called up and did not do itself."""
    in_line = {e.task for e in ledger.events if (e.kind, e.decision) == ("spawn", "deny")}
    return [t for t in ledger.tasks if t.parent is not None and t.started is not None and t.id not in in_line]


def zombies(ledger, task):
    """(credential, half seconds) of what a sub-agent acts with while it is accepted and nobody stands behind it."""
    tasks = {each.id: each for each in ledger.tasks}
    parent = tasks[task.parent].ended
    for number in _acts_with(ledger, task.id) if parent is not None else ():
        c = ledger.credentials[number]
        owner = tasks.get(c.task)
        since = parent if c.task == task.id else None if owner is None else owner.ended
        for name in c.atoms if since is not None else ():
            yield number, halves(max(c.starts, parent, since), last_accepted(c, name, ledger), ledger)


def _told(ledger, there):
    ended = {task.id: task.ended for task in ledger.tasks}
    begun = [task for task in there if 0 <= task.started < ledger.seconds]
    compared = [pair for task in begun if (pair := _compared(ledger, task))[0]]
    kept = [Fraction(_weight(ledger, own & above), _weight(ledger, above)) for own, above in compared if above]
    alone = [(task, ended[task.parent], _end(task)) for task in there if ended[task.parent] is not None]
    told = {e.task for e in ledger.events if (e.kind, e.reason) == ("task_end", "parent_ended")}
    spans = {}
    for task in there:
        for number, when in zombies(ledger, task):
            spans.setdefault(number, set()).update(when)
    return {
        "sub_agents": len(begun),
        "attenuation_percent": 100 * mean(kept) if kept else UNKNOWN,
        "beyond": sum(not own <= above for own, above in compared),
        "open_ended": sum(any(_never_ends(ledger, n) for n in _acts_with(ledger, task.id)) for task in begun),
        "outlived": sum(end > since and 0 <= since < ledger.seconds for _, since, end in alone),
        "outlives_hours": hours_a_day(
            sum(len(halves(max(task.started, since), end, ledger)) for task, since, end in alone), ledger
        ),
        "stopped": sum(task.id in told and 0 <= end < ledger.seconds for task, _, end in alone),
        "zombie_hours": hours_a_day(sum(map(len, spans.values())), ledger),
    }


def _hop(ledger, task):
    parents, stand = {each.id: each.parent for each in ledger.tasks}, 0
    above = task.parent
    while above is not None:
        above, stand = parents[above], stand + 1
    return str(stand) if stand < 3 else "3+"


def _acts_with(ledger, task):
    """Numbers of what was issued for a task, and of what else it used."""
    used = {e.credential for e in ledger.events if (e.kind, e.decision, e.task) == ("use", "allow", task)}
    own = {number for number, c in enumerate(ledger.credentials) if c.task == task}
    return own | {number for number in used - {None} if number < len(ledger.credentials)}


def _compared(ledger, task):
    """What a sub-agent can do, and what its parent can: also with what it handed down."""
    acts = _acts_with(ledger, task.id)
    handed = {number for number in acts if ledger.credentials[number].task != task.id}
    return _atoms(ledger, acts), _atoms(ledger, _acts_with(ledger, task.parent) | handed)


def _atoms(ledger, numbers):
    return {name for number in numbers for name in ledger.credentials[number].atoms}


def _weight(ledger, names):
    return sum(weight_of(name, ledger) for name in names)


def _never_ends(ledger, number):
    return ledger.credentials[number].ends == NEVER


def _end(task):
    return NEVER if task.ended is None else task.ended
