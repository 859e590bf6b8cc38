"""Oracle of what can be told afterwards of whatever was changed, and the ledgers that it is tried on."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations

from tests.ledgers import UNKNOWN, Event
from tests.property.measures import chance as st
from tests.property.measures.doubts import settled
from tests.property.measures.drawn import NAMES, in_halves, ledgers
from tests.property.measures.identities import answered_for
from tests.property.measures.spans import JEWELS

FIELDS = ("who", "claimed", "behalf", "credential", "task", "intent", "tool", "touch")
# Shares of those changes alone to which they apply.
IN_PART = ("approval", "policy", "delegation", "time_order")


@st.composite
def told_apart(draw):
    """A ledger of calls with and without each field, by one agent or two, and requests and answers beside them."""
    drawn, some = draw(ledgers()), st.sampled_from((None, 0, 1, 1))
    kinds, chances = ("use",) * 6 + ("request_approval", "decide_approval", "decide"), ("allow", "allow", "allow")
    calls = st.builds(
        Event, st.sampled_from(kinds), in_halves,
        agent=st.integers(0, draw(st.integers(0, 1))), credential=st.sampled_from((None, 0, 1, 1, 7)), action=some,
        approval=some, args=st.sampled_from((None, 3, draw(st.integers(3, 4)))),
        resource=st.sampled_from((None, 7, draw(st.integers(7, 8)))),
        task=st.sampled_from((None, 0, draw(st.integers(0, 2)))), session=st.sampled_from((None, None, 0, 1)),
        tool=st.sampled_from((None, "a", draw(st.sampled_from("ab")))), atom=st.sampled_from((*NAMES, *NAMES, None)),
        decision=st.sampled_from((*chances, "deny", None)), policy=st.sampled_from((None, 7, 7, 9)),
        reason=st.sampled_from((None, "policy", "policy", "outage")), precise=st.sampled_from((None, 0.5, 1)),
    )  # fmt: skip
    tasks = [
        replace(task, intent=draw(st.sampled_from((None, "a", "look", "look"))), parent=draw(_above(task.id)))
        for task in drawn.tasks
    ]
    held = [replace(c, cut_from=draw(_above(n)), kind=draw(st.sampled_from(_KINDS)), handed=draw(st.booleans()))
            for n, c in enumerate(drawn.credentials)]  # fmt: skip
    held[0] = replace(held[0], agent=draw(st.sampled_from((0, 0, UNKNOWN))))
    events = settled(draw(st.lists(calls, min_size=3, max_size=9)))
    return drawn.having(
        events=events, tasks=tasks, credentials=held, incidents=(), steps=(), agents=draw(st.integers(1, 2))
    )


_KINDS = ("static_key", "session_token", "session_token")


def _above(number):
    """Nothing, what comes before, or what is not there."""
    return st.sampled_from((None, None, 90, number - 1 if number else None))


def forensics(ledger, *, log=False):
    """Of the changes made, the share of which each question has an answer that tells something apart.

    Those of which nobody knows whether they were let in may be changes, each for itself: every way is tried.
    """
    tried = [e for e in ledger.events if e.kind == "use" and 0 <= e.time < ledger.seconds]
    there = [e for e in tried if e.decision != "deny"]
    changes = [e for e in there if _changes(e, ledger)]
    sure, doubtful = _apart(changes)
    found = {"changes": (len(sure), len(changes)), "outcome": _outcomes(tried, ledger), "intents": _intents(ledger)}
    if not sure:
        return found | dict.fromkeys((*FIELDS, *IN_PART, "identifiable", "ambiguity_bits"), UNKNOWN)
    telling = _telling(there, ledger)
    for name in FIELDS:
        found[name] = _extremes(sure, doubtful, lambda e, n=name: _answers(n, e, ledger), telling[name])
    in_part = {"approval": _approved, "policy": _judged, "time_order": _placed}
    for name, answers in in_part.items():
        found[name] = _extremes(sure, doubtful, lambda e, a=answers: a(e, ledger))
    found["delegation"] = _extremes(sure, doubtful, lambda e: _chained(e, ledger, log=log))
    return found | {"identifiable": 100, "ambiguity_bits": 0}


def _changes(call, ledger):
    """Whether a call changes anything; if nobody knows what it touched, it may."""
    return call.atom is None or {atom.name: atom.level for atom in ledger.catalogue}[call.atom] in JEWELS


def _apart(calls):
    """Those that were let in and changed something, and those of which nobody knows it."""
    known = [e for e in calls if e.decision and e.atom]
    return known, [e for e in calls if e not in known]


def _ways(sure, doubtful):
    """What may have been let in: those that were, with any of the others."""
    return [(*sure, *more) for size in range(len(doubtful) + 1) for more in combinations(doubtful, size)]


def _extremes(sure, doubtful, answers, telling=(True, True)):
    """The least and the greatest share that tells something, of those that are sure and any of the others.

    Those to which a question does not apply (None) are none of them.
    """
    known = [[told for e in those if (told := answers(e)) is not None] for those in (sure, doubtful)]
    found = [Fraction(100 * sum(way), len(way)) for way in _ways(*known) if known[0]]
    return (min(found) * telling[0], max(found) * telling[1]) if found else UNKNOWN


def _telling(there, ledger):
    """Of each field whether it tells anything: surely, and possibly. Each condition is taken by itself, either way."""
    ways = _ways(*([e for e in there if (e.decision is None) == unknown] for unknown in (False, True)))

    def each(condition):
        said = [condition(way) for way in ways]
        return all(said), any(said)

    def several(name):
        return each(lambda way: len(_values(name, way, ledger)) > 1)

    def copies(way, beside):
        shown = [(c.task, other) for c in way if None not in (c.task, other := getattr(c, beside))]
        return bool(shown) and all(one == other for one, other in shown)

    one_call, one_task = each(lambda way: len(way) == 1), each(lambda way: len(_values("task", way, ledger)) <= 1)
    one_atom, alone = each(lambda way: len({c.atom for c in way} - {None}) <= 1), (ledger.agents == 1,) * 2
    who = _either(several("who"), alone)
    known = [each(lambda way, beside=beside: not copies(way, beside)) for beside in ("credential", "session")]
    return {
        "who": who, "claimed": who, "behalf": who, "credential": _either(several("credential"), alone),
        "task": _both(_either(several("task"), one_call), _both(*known)),
        "intent": _either(several("intent"), one_task),
        "tool": _both(_either(several("tool"), one_atom), _either(several("args"), one_call)),
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
        "claimed": call.agent < ledger.agents and call.credential is None,
        "touch": None not in (call.atom, call.resource),
        "intent": _value("intent", call, ledger) not in {None, call.tool},
        "tool": None not in (call.tool, call.args),
    }
    return there[name] if name in there else _value(name, call, ledger) is not None


def _values(name, calls, ledger):
    return {_value(name, call, ledger) for call in calls} - {None}


def _value(name, call, ledger):
    intents = {task.id: task.intent for task in ledger.tasks}
    named = {"who": call.agent, "intent": intents.get(call.task), "tool": call.tool, "touch": call.resource}
    return named[name] if name in named else getattr(call, name)


def _approved(call, ledger):
    """Whether it is told who said yes; None where nobody was asked."""
    asked = any(e.kind == "request_approval" and e.action == call.action is not None for e in ledger.events)
    yes = [e for e in ledger.events if (e.kind, e.decision) == ("decide_approval", "allow")]
    return any(e.approval == call.approval is not None for e in yes) if asked or call.approval is not None else None


def _judged(call, ledger):
    """Whether decisions on it name policies that are on file; None where nothing decided on it."""
    made = [e for e in ledger.events if (e.kind, e.decision) == ("decide", "allow") and e.reason != "outage"]
    named = [e.policy in {p.id for p in ledger.policies} for e in made if e.action == call.action is not None]
    return all(named) if named else None


def _chained(call, ledger, *, log):
    """Whether all above it are told; None where nothing was handed down, or, but on a log, nobody knows it."""
    tasks, keys = {task.id: task for task in ledger.tasks}, dict(enumerate(ledger.credentials))
    task, key = tasks.get(call.task), keys.get(call.credential)
    ways = [(tasks, task.parent, "parent")] if task and task.parent is not None else []
    ways += [(keys, key.cut_from, "cut_from")] if key and key.cut_from is not None else []
    if ways:
        return all(_leads_up(*way) for way in ways)
    own = key is not None and (key.handed or key.kind == "static_key")
    certain = (call.task is None or task) and (call.credential is None or own)
    return False if log and not certain else None


def _leads_up(there, number, above):
    """Whether whatever stands above is there, up to the first, who is a task or what somebody holds."""
    while number in there:
        if (higher := getattr(there[number], above)) is None:
            return there[number].agent is not UNKNOWN
        number = higher
    return False


def _placed(call, ledger):
    """Whether no other call by the same one or by nobody known, let in or not, may have been at the same instant."""
    begins, ends = _within(call)
    others = [
        e for e in ledger.events if e.kind == "use" and 0 <= e.time < ledger.seconds and e.agent in {call.agent, None}
    ]
    spans = [_within(e) for e in others]
    return sum(begins <= until and since <= ends for since, until in spans) == 1


def _within(call):
    """Between which microseconds a call was."""
    microseconds = round(call.time * 1e6)
    return microseconds, microseconds + round((call.precise or 1e-6) * 1e6) - 1


def _outcomes(tried, ledger):
    """Of calls that would change something the share of which it is told whether they were let in, else why not."""
    told = [(e.atom, e.decision == "allow" or None not in (e.decision, e.reason)) for e in tried if _changes(e, ledger)]
    known, vague = ([said for atom, said in told if (atom is None) == unknown] for unknown in (False, True))
    found = [Fraction(100 * sum(way), len(way)) for way in _ways(known, vague) if known]
    return (min(found), max(found)) if found else UNKNOWN


def _intents(ledger):
    """How many different purposes so many tasks of the window have."""
    begun = [task.intent for task in ledger.tasks if task.started is not None and 0 <= task.started < ledger.seconds]
    return Fraction(100 * len({*begun} - {None}), len(begun)) if begun else UNKNOWN
