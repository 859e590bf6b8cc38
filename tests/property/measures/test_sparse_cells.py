"""Cells that no claim of a log promises: whatever they would have said, it lies in what is told.

Of calls that were let in a log may promise what each touched and for which action; of those that were refused, or of
unknown outcome, nobody promises it, nor anything of how humans answered. Each log is there once as it is, ingested, and
once for each way in which its blank cells may be filled, with all known: there a call without an action is of none.
"""

from dataclasses import replace
from itertools import product

import pytest

from tests.ledgers import HOUR
from tests.property.measures import chance as st
from tests.property.measures.conduct import touched
from tests.property.measures.drawn import NAMES as ATOMS
from tests.property.measures.unsaid import MADE, SHORT, Unsaid, believed, calling, faults, few, judged

# What measures rest on of calls, and the longer windows that some are asked of besides.
NAMES = ("approval_radius", "decisions", "dormancy", "human_reach", "scope_violations")
AT_LENGTH = {"reachable": ["human_reach"], "idling": ["dormancy"]}
OTHER = 99
INGESTED = {"kind": "ingested"}
CELLS = ("agent", "atom", "action")
OF_ANSWERS = ("action", "approval", "asked", "reason", "takes")


@st.composite
def sparse(draw, made):
    """A ledger of which one or two calls lack a cell that nobody promises: of some that were refused their action."""
    drawn = draw(calling(made))
    calls = list(drawn.events)
    for n in few(draw, st.integers(1, 2), [n for n, each in enumerate(calls) if each.kind == "use"]):
        whole = {"atom": draw(st.sampled_from(ATOMS)), "action": draw(st.integers(0, 2)), "agent": 0}
        whole = {cell: value for cell, value in whole.items() if getattr(calls[n], cell) is None}
        decision = draw(st.sampled_from((None, None, "deny")))
        cell = "action" if decision else draw(st.sampled_from(CELLS))
        calls[n] = replace(calls[n], **{**whole, "decision": decision, cell: None})
    return drawn.having(events=calls, settings=INGESTED)


def outcomes(ledger):
    """The same in every way in which such calls may have turned out, and been whose and of what."""
    events = ledger.events
    ways = product(*(_ways_of(each, ledger) if each.kind == "use" else [each] for each in events))
    return (ledger.having(events=way, settings={}) for way in ways)


def _ways_of(call, ledger):
    """All that a call may have been; of a refused one just its action is asked."""
    actions = (None, OTHER, *sorted({e.action for e in ledger.events if e.action is not None}))
    if call.decision is not None:
        return [replace(call, action=action) for action in (None, OTHER)] if _is_sparse(call) else [call]
    agents = range(ledger.agents) if call.agent is None else [call.agent]
    atoms = [atom.name for atom in ledger.catalogue] if touched(call, ledger) is None else [call.atom]
    actions = actions if call.action is None else [call.action]
    let_in = [
        replace(call, decision="allow", agent=agent, atom=atom, action=action)
        for agent, atom, action in product(agents, atoms, actions)
    ]
    return [*let_in, *(replace(call, decision="deny", action=action) for action in actions[:2])]


def _is_sparse(call):
    return call.decision == "deny" and call.action is None


SPARSE = Unsaid("sparse", sparse, outcomes)


@st.composite
def answered(draw, made):
    """Where what agents do with jewels rests on answers, asked for hours before, of which one or two lack a cell."""
    drawn = draw(made)
    of_jewels = {"atom": "write money", "decision": "allow"}
    events = [replace(e, approval=e.action % 2, **of_jewels) if e.kind == "use" else e for e in drawn.events]
    asked = [n for n, each in enumerate(events) if each.kind == "decide_approval" and each.reason == "approver"]
    requests = [replace(events[n], kind="request_approval", time=events[n].time - 4 * HOUR, reason=None) for n in asked]
    for n in few(draw, st.integers(1, 2), asked):
        events[n] = replace(events[n], **{draw(st.sampled_from(OF_ANSWERS)): None})
    return drawn.having(events=[*events, *requests], settings=INGESTED)


def answers(ledger):
    """The same in every way in which the answers may say what they lack."""
    filled = {
        "action": (*range(5), OTHER), "approval": (0, 1, OTHER), "asked": ("owner", "on_call", "desk"),
        "reason": ("approver", "timeout"), "takes": (0, HOUR, 4 * HOUR),
    }  # fmt: skip
    ways = product(*(_filled(each, filled) if each.kind == "decide_approval" else [each] for each in ledger.events))
    return (ledger.having(events=way, settings={}) for way in ways)


def _filled(event, filled):
    blank = [cell for cell in filled if getattr(event, cell) is None]
    return [replace(event, **dict(zip(blank, way, strict=True))) for way in product(*(filled[cell] for cell in blank))]


ANSWERED = Unsaid("answered", answered, answers)


def hours(seed=""):
    """Windows of hours, of which all are asked."""
    return [*SPARSE.cases(SHORT, 3, seed), *SPARSE.cases({"handed down": MADE["handed down"]}, 12, f" more{seed}")]


def days(kind, seed=""):
    """Longer ones."""
    return SPARSE.cases({kind: MADE[kind]}, 12, seed)


def replies(seed=""):
    """Longer ones with answers."""
    return ANSWERED.cases({"reachable": MADE["reachable"]}, 40, seed)


def asked(seed=""):
    """What measures say of some where calls lack cells."""
    found = believed(NAMES, hours(seed))
    for kind, names in AT_LENGTH.items():
        for name, told in believed(names, days(kind, seed)).items():
            found[name] += told
    return found


@pytest.fixture(scope="module")
def told():
    """The same of those of one seed."""
    return asked()


@pytest.mark.parametrize("name", NAMES)
def test_what_no_claim_promises_of_calls_is_not_guessed(told, name):
    """Whatever would be told if every cell were filled lies in what is told, and what hangs on it is counted."""
    assert judged(told, name) == ({}, True)


def test_what_was_stopped_is_the_least_and_the_most_there_can_be(told):
    """Of violations that share is no wider than that, where there are any in some way."""
    tried = 0
    for said, *ways in ([each["stopped_percent"] for each in case] for case in told["scope_violations"]):
        known = [way for way in ways if way.lo is not None]
        if known and said.unknowns:
            assert said[:2] == pytest.approx((min(each.lo for each in known), max(each.hi for each in known)))
            tried += 1
    assert tried > 10


def test_what_no_claim_promises_of_answers_is_not_guessed():
    """So it is where uses rest on approvals of their own, and nobody promises to say who answered, when, or to what."""
    assert judged(believed(["human_reach"], replies()), "human_reach") == ({}, True)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(6))
def test_so_it_is_on_many_logs(seed):
    """On other ledgers, as many again each time."""
    assert faults(asked(seed)) == faults(believed(["human_reach"], replies(seed))) == {}
