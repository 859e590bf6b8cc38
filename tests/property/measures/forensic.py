"""Oracle of what can be told afterwards of whatever was changed, and the ledgers that it is tried on."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations

from tests.ledgers import UNKNOWN, Event
from tests.property.measures import chance as st
from tests.property.measures.drawn import NAMES, in_halves, ledgers
from tests.property.measures.identities import answered_for
from tests.property.measures.spans import JEWELS

FIELDS = ("who", "behalf", "task", "intent", "tool", "touch")


@st.composite
def told_apart(draw):
    """A ledger of calls with and without each field, by one agent or two, and requests and answers beside them."""
    drawn, some = draw(ledgers()), st.sampled_from((None, 0, 1, 1))
    calls = st.builds(
        Event, st.sampled_from(("use",) * 5 + ("request_approval", "decide_approval")), in_halves,
        agent=st.integers(0, draw(st.integers(0, 1))), credential=some, action=some, approval=some, args=some,
        resource=st.sampled_from((None, 7, draw(st.integers(7, 8)))),
        task=st.sampled_from((None, 0, draw(st.integers(0, 2)))),
        tool=st.sampled_from((None, "a", draw(st.sampled_from("ab")))), atom=st.sampled_from(NAMES),
        decision=st.sampled_from(("allow", "allow", "allow", "deny", None)),
    )  # fmt: skip
    tasks = [replace(task, intent=draw(st.sampled_from((None, "a", "look", "look")))) for task in drawn.tasks]
    events = draw(st.lists(calls, min_size=3, max_size=9))
    return drawn.having(events=events, tasks=tasks, incidents=(), steps=(), agents=draw(st.integers(1, 2)))


def forensics(ledger):
    """Of the changes made, the share of which each question has an answer that tells something apart.

    Those of which nobody knows whether they were let in may be changes, each for itself: every way is tried.
    """
    there = [e for e in ledger.events if e.kind == "use" and e.decision != "deny" and 0 <= e.time < ledger.seconds]
    levels = {atom.name: atom.level for atom in ledger.catalogue}
    changes = [e for e in there if levels[e.atom] in JEWELS]
    sure, doubtful = _apart(changes)
    number = (len(sure), len(changes))
    if not sure:
        return dict.fromkeys((*FIELDS, "approval", "identifiable", "ambiguity_bits"), UNKNOWN) | {"changes": number}
    telling = _telling(there, ledger)
    shares = {
        name: _extremes(sure, doubtful, lambda e, n=name: _answers(n, e, ledger), telling[name]) for name in FIELDS
    }
    asked = [[e for e in those if e.approval is not None or _requested(e, ledger)] for those in (sure, doubtful)]
    shares["approval"] = _extremes(*asked, lambda e: _agreed(e, ledger))
    return shares | {"identifiable": 100, "ambiguity_bits": 0, "changes": number}


def _apart(calls):
    """Those that were let in, and those of which nobody knows it."""
    return [[e for e in calls if (e.decision is None) == unknown] for unknown in (False, True)]


def _ways(sure, doubtful):
    """What may have been let in: those that were, with any of the others."""
    return [(*sure, *more) for size in range(len(doubtful) + 1) for more in combinations(doubtful, size)]


def _extremes(sure, doubtful, answers, telling=(True, True)):
    """The least and the greatest share that tells something, of those that are sure and any of the others."""
    ways = _ways(*([answers(e) for e in those] for those in (sure, doubtful))) if sure else []
    found = [Fraction(100 * sum(way), len(way)) for way in ways]
    return (min(found) * telling[0], max(found) * telling[1]) if found else UNKNOWN


def _telling(there, ledger):
    """Of each field whether it tells anything: surely, and possibly. Each condition is taken by itself, either way."""
    ways = _ways(*_apart(there))

    def each(condition):
        said = [condition(way) for way in ways]
        return all(said), any(said)

    def several(name):
        return each(lambda way: len(_values(name, way, ledger)) > 1)

    def copies(way):
        shown = [c for c in way if None not in (c.task, c.credential)]
        return bool(shown) and all(c.task == c.credential for c in shown)

    one_call, one_task = each(lambda way: len(way) == 1), each(lambda way: len(_values("task", way, ledger)) == 1)
    one_atom = each(lambda way: len({c.atom for c in way}) <= 1)
    who = _either(several("who"), (ledger.agents == 1,) * 2)
    return {
        "who": who, "behalf": who,
        "task": _both(_either(several("task"), one_call), each(lambda way: not copies(way))),
        "intent": _either(several("intent"), one_task), "tool": _either(several("tool"), one_atom),
        "touch": _either(several("touch"), one_call),
    }  # fmt: skip


def _either(one, other):
    return tuple(a or b for a, b in zip(one, other, strict=True))


def _both(one, other):
    return tuple(a and b for a, b in zip(one, other, strict=True))


def _answers(name, call, ledger):
    """Whether a call answers one question with anything."""
    if name == "behalf":
        spans = answered_for(ledger, call.agent)
        return _answers("who", call, ledger) and any(starts <= call.time < ends for starts, ends in spans)
    there = {
        "who": call.agent < ledger.agents and call.credential is not None,
        "intent": _value("intent", call, ledger) not in {None, call.tool},
        "tool": None not in (call.tool, call.args),
    }
    return there.get(name, _value(name, call, ledger) is not None)


def _values(name, calls, ledger):
    return {_value(name, call, ledger) for call in calls} - {None}


def _value(name, call, ledger):
    intents = {task.id: task.intent for task in ledger.tasks}
    values = {"who": call.agent, "task": call.task, "intent": intents.get(call.task), "tool": call.tool}
    return (values | {"touch": call.resource})[name]


def _requested(call, ledger):
    return any(e.kind == "request_approval" and e.action == call.action is not None for e in ledger.events)


def _agreed(call, ledger):
    yes = [e for e in ledger.events if (e.kind, e.decision) == ("decide_approval", "allow")]
    return any(e.approval == call.approval is not None for e in yes)
