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
    calls, changes = [e for e in there if e.decision], [e for e in there if levels[e.atom] in JEWELS]
    sure, doubtful = ([e for e in changes if (e.decision is None) == unknown] for unknown in (False, True))
    number = (len(sure), len(changes))
    if not sure:
        return dict.fromkeys((*FIELDS, "approval", "identifiable", "ambiguity_bits"), UNKNOWN) | {"changes": number}
    shares = {name: _extremes(sure, doubtful, lambda e, n=name: _told(n, e, calls, ledger)) for name in FIELDS}
    asked = [[e for e in those if e.approval is not None or _requested(e, ledger)] for those in (sure, doubtful)]
    shares["approval"] = _extremes(*asked, lambda e: _agreed(e, ledger))
    return shares | {"identifiable": 100, "ambiguity_bits": 0, "changes": number}


def _extremes(sure, doubtful, tells):
    """The least and the greatest share that tells something, of those that are sure and any of the others."""
    known, vague = ([tells(e) for e in those] for those in (sure, doubtful))
    ways = [(*known, *more) for size in range(len(vague) + 1) for more in combinations(vague, size)]
    found = [Fraction(100 * sum(way), len(way)) for way in ways if known]
    return (min(found), max(found)) if found else UNKNOWN


def _told(name, call, calls, ledger):
    """Whether a call answers one question with a value that is not the same everywhere."""
    values = {
        each: {_value(each, c, ledger) for c in calls} - {None} for each in ("who", "task", "intent", "tool", "touch")
    }
    one_task, one_call, one_atom = len(values["task"]) == 1, len(calls) == 1, len({c.atom for c in calls}) <= 1
    copied = bool(shown := [c for c in calls if None not in (c.task, c.credential)]) and all(
        c.task == c.credential for c in shown
    )
    telling = {
        "who": len(values["who"]) > 1 or ledger.agents == 1,
        "task": (len(values["task"]) > 1 or one_call) and not copied,
        "intent": len(values["intent"]) > 1 or one_task, "tool": len(values["tool"]) > 1 or one_atom,
        "touch": len(values["touch"]) > 1 or one_call,
    }  # fmt: skip
    if name == "behalf":
        spans = answered_for(ledger, call.agent)
        return _told("who", call, calls, ledger) and any(starts <= call.time < ends for starts, ends in spans)
    there = {
        "who": call.agent < ledger.agents and call.credential is not None,
        "intent": _value("intent", call, ledger) not in {None, call.tool},
        "tool": None not in (call.tool, call.args),
    }
    return telling[name] and there.get(name, _value(name, call, ledger) is not None)


def _value(name, call, ledger):
    intents = {task.id: task.intent for task in ledger.tasks}
    values = {"who": call.agent, "task": call.task, "intent": intents.get(call.task), "tool": call.tool}
    return (values | {"touch": call.resource})[name]


def _requested(call, ledger):
    return any(e.kind == "request_approval" and e.action == call.action is not None for e in ledger.events)


def _agreed(call, ledger):
    yes = [e for e in ledger.events if (e.kind, e.decision) == ("decide_approval", "allow")]
    return any(e.approval == call.approval is not None for e in yes)
