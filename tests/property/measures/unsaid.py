"""Logs that leave something unsaid, each beside all that it may have been, and what holds of what is told then.

A case is a random ledger with some cells blank, and the same once for each way in which these may be filled. All are
read as logs. What would be told if everything were known lies in what is told, and where that is not it, something is
counted as not known.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from analysis.measures.measure import measures
from sim.audit.store import Store
from tests.ledgers import NEVER, Book, Decision, Event, Ledger, Task, Writing
from tests.property.measures import chance as st
from tests.property.measures.drawn import NAMES as ATOMS
from tests.property.measures.drawn import WINDOW, agent_numbers, ledgers, live_credentials
from tests.property.measures.holes import as_logs
from tests.property.measures.test_measures import GIVEN, LONG, TRIED

NAMES = [measure.name for measure in measures() if "log" in measure.evidence]
# No interval of what it is on a log in which all outcomes are known: it is the share of calls of which none is told.
OF_WHAT_IS_TOLD = {("forensics", "outcome")}
# Debt of the window alone.
ASKED = {**GIVEN, "horizon_days": 0.1}
OUTCOMES = st.sampled_from(("allow", "deny"))


@st.composite
def handed_down(draw):
    """Where a sub-agent goes on after its parent, with what others hold, and calls rest on a human's yes."""
    drawn, ends = draw(ledgers(live_credentials())), st.integers(1, WINDOW - 1)
    tasks = [Task(0, -4, draw(ends), "completed"), Task(1, -3, agent=1, parent=0), Task(2, -4, draw(ends), "completed")]
    held = [replace(each, task=draw(st.sampled_from((None, 0, 1, 2)))) for each in drawn.credentials]
    made = st.builds(
        Event, st.just("use"), st.integers(0, WINDOW - 1), agent_numbers, task=st.integers(0, 2),
        atom=st.sampled_from(ATOMS), credential=st.integers(0, len(held) - 1), approval=st.integers(0, 1),
        decision=OUTCOMES,
    )  # fmt: skip
    yeses = [Decision(-1, draw(st.integers(0, 4)), -1), Decision(0, draw(st.integers(0, 9)), 0)]
    calls = draw(st.lists(made, min_size=3, max_size=5))
    return drawn.having(tasks=tasks, credentials=held, needs=(), events=calls, decisions=yeses, steps=())


# Ledgers of some kinds, where none of a measure's own has calls that it hangs on; every measure is asked of short ones.
MADE = {"handed down": handed_down()} | {kind: made for kind, (made, _) in TRIED.items()}
SHORT = {kind: made for kind, made in MADE.items() if kind not in LONG}


@dataclass(frozen=True)
class Unsaid:
    """In a word what ledgers do not say, how they are drawn from those that do, and all that one may have been."""

    word: str
    blanked: Callable[[st.Values], st.Values]
    ways: Callable[[Ledger], Iterable[Ledger]]

    def cases(self, kinds: Mapping[str, st.Values], number: int, seed: object = "") -> list[list[Ledger]]:
        """Some ledgers of each kind, each with all that it may have been, if that is more than one."""
        drawn = chain.from_iterable(
            st.some(self.blanked(made), number, f"{kind} {self.word}{seed}") for kind, made in kinds.items()
        )
        return [[each, *ways] for each in drawn if len(ways := list(self.ways(each))) > 1]


@st.composite
def calling(draw, made):
    """A ledger whose needs are calls too, and whose calls all were let in or not.

    Who has a copy of a credential has it for ever, as on a log.
    """
    drawn = draw(made)
    calls = [*drawn.events, *(draw(needing(need, drawn)) for need in drawn.needs)]
    copies = [replace(each, ends=NEVER) for each in drawn.possessors]
    return drawn.having(events=decided(draw, calls, ("use",)), needs=(), possessors=copies)


@st.composite
def needing(draw, need, ledger):
    """The call that a need was, with a credential of whoever made it, or none."""
    own = [n for n, each in enumerate(ledger.credentials) if each.agent == need.agent]
    return Event(
        "use", need.starts, need.agent, atom=need.atom, task=need.task, takes=need.ends - need.starts, ready=need.asked,
        decision="allow", credential=draw(st.sampled_from((None, *own))),
    )  # fmt: skip


def decided(draw, events, kinds):
    """The same events, those of some kinds all with an outcome."""
    return [replace(each, decision=each.decision or draw(OUTCOMES)) if each.kind in kinds else each for each in events]


def few(draw, number, places):
    """Some of these places, at most as many as drawn."""
    return {draw(st.sampled_from(places)) for _ in range(draw(number))} if places else set()


def believed(names, cases):
    """What measures say of ledgers that are taken for logs, measure by measure and case by case."""
    with Store.in_memory() as store:
        taken_for_logs(store)
        said = Book(store).told(names, list(chain.from_iterable(cases)), **ASKED)
        return {name: as_cases(answers, cases) for name, answers in said.items()}


def taken_for_logs(store):
    """Let ledgers be logs on which all is seen: need is what their calls show, and who is entered is so at most."""
    as_logs(store)
    for schema, view, changed in (("log", "need", ("log.", "truth.")), ("truth", "reach", ("'exact'", "'hi'"))):
        given = {"schema": schema, "view": view}
        [(made,)] = store.rows(
            "SELECT sql FROM duckdb_views() WHERE (schema_name, view_name) = ($schema, $view)", given
        )
        store.connection.execute(made.replace("CREATE VIEW", "CREATE OR REPLACE VIEW").replace(*changed))


def rebuilt(names, cases, **given):
    """The same of what logs show of ledgers, credentials too: that is rebuilt from events and a snapshot."""
    with Store.in_memory() as store:
        book = Book(store)
        runs = book.written([each.having(kind="ingested") for each in chain.from_iterable(cases)], Writing())
        store.complete(*runs)
        said = book.said(names, runs, "log", **ASKED | given)
        return {name: as_cases(answers, cases) for name, answers in said.items()}


def as_cases(answers, cases):
    """Answers as what they are of: one of each ledger of each case."""
    rest = iter(answers)
    return [[next(rest) for _ in case] for case in cases]


def wrong(name, case, *, counted=True):
    """The parts whose interval is too narrow for one of the ways, or that do not say that something is not known."""
    said, *ways = case
    return {
        part: (answer, sorted({way[part] for way in ways}, key=str))
        for part, answer in said.items()
        if (name, part) not in OF_WHAT_IS_TOLD
        and (
            not all(holds(answer, way[part]) for way in ways)
            or (counted and not answer.unknowns and any(way[part][:2] != answer[:2] for way in ways))
        )
    }


def faults(told, *, counted=True):
    """What is wrong in what is told of some cases, of those measures of which anything is."""
    found = {name: [wrong(name, case, counted=counted) for case in cases] for name, cases in told.items()}
    return {name: [each for each in several if each] for name, several in found.items() if any(several)}


def judged(told, name, *, counted=True):
    """The same of one measure, and whether what is told hangs on what is not said in any of the cases."""
    return faults({name: told[name]}, counted=counted), any(map(moves, told[name]))


def holds(said, known):
    """Whether no end of an interval is closer than that of what would be told, if anything would be."""
    if known[:2] == (None, None):
        return True
    least = said.lo is None or (known.lo is not None and said.lo <= known.lo + 1e-9)
    return least and (said.hi is None or (known.hi is not None and said.hi >= known.hi - 1e-9))


def moves(case):
    """Whether what would be told hangs on what is not said."""
    _, *ways = case
    return any(len({way[part][:2] for way in ways}) > 1 for part in ways[0])
