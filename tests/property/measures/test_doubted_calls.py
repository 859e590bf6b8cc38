"""Every measure where calls are of unknown outcome: its interval holds whatever it would be, however they turned out.

Random ledgers are read as logs: once with a few calls of which nobody knows whether they were let in, and once for each
way in which these may have turned out. What is then told holds all that would be told if it were known, and where that
is not always the same, it is counted as not known.
"""

from dataclasses import replace

import pytest

from analysis.measures.measure import measures
from sim.audit.store import Store
from tests.ledgers import NEVER, UNKNOWN, Book, Decision, Event, Task, Writing
from tests.property.measures import chance as st
from tests.property.measures.doubts import outcomes
from tests.property.measures.drawn import NAMES as ATOMS
from tests.property.measures.drawn import WINDOW, agent_numbers, ledgers, live_credentials
from tests.property.measures.holes import as_logs
from tests.property.measures.test_measures import GIVEN, LONG, TRIED

NAMES = [measure.name for measure in measures() if "log" in measure.evidence]
# Windows of hours and days, with what they are there for; of all others every measure is asked.
AT_LENGTH = {"reachable": ["human_reach"], "idling": ["dormancy"], "lasting": ["added_latency", "lifetime_choice"]}
SHORT = ["handed down", *(kind for kind in TRIED if kind not in LONG)]
# Measures that rest on no call of an agent, or on none that was let in.
UNMOVED = {
    "approval_peak", "approvals", "break_glass", "cascade", "escalation", "permit_under_attack", "reach_by_hops",
    "renewal", "revoke_on_offboarding", "revoke_on_policy_change", "rotation", "shadow_keys", "turnaround", "work_done",
}  # fmt: skip
# No interval of what it is on a log in which all outcomes are known: it is the share of calls of which none is told.
OF_WHAT_IS_TOLD = {("forensics", "outcome")}
# Whose bounds are just the least and the most of all.
CLOSE = ("approval_reach", "bound_actions", "decisions", "human_reach", "plan_drift")
# Of what a log proves and allows of credentials: what hangs on that most.
REBUILT = ["accumulation", "annual_loss", "identity_debt", "privilege_hours", "unused_permissions"]
# Debt of the window alone.
ASKED = {**GIVEN, "horizon_days": 0.1}


@st.composite
def doubted(draw, made):
    """A ledger of which one to three calls are doubtful, needs among them; some of these are of any task and approval.

    Who has a copy of a credential has it for ever, as on a log.
    """
    drawn = draw(made)
    calls = [*drawn.events, *(draw(needing(need, drawn)) for need in drawn.needs)]
    uses = [n for n, each in enumerate(calls) if each.kind == "use"]
    for n in uses:
        calls[n] = replace(calls[n], decision=calls[n].decision or draw(st.sampled_from(("allow", "deny"))))
    for n in {draw(st.sampled_from(uses)) for _ in range(draw(st.integers(1, 3)))} if uses else ():
        calls[n] = replace(draw(moved(calls[n], drawn)), decision=UNKNOWN)
    copies = [replace(each, ends=NEVER) for each in drawn.possessors]
    return drawn.having(events=calls, needs=(), possessors=copies)


@st.composite
def needing(draw, need, ledger):
    """The call that a need was, with a credential of whoever made it, or none."""
    own = [n for n, each in enumerate(ledger.credentials) if each.agent == need.agent]
    return Event(
        "use", need.starts, need.agent, atom=need.atom, task=need.task, takes=need.ends - need.starts, ready=need.asked,
        decision="allow", credential=draw(st.sampled_from((None, *own))),
    )  # fmt: skip


@st.composite
def moved(draw, call, ledger):
    """The same call, or one of any task, with any credential, that rests on any approval, or none."""
    tasks, held = (task.id for task in ledger.tasks), range(len(ledger.credentials))
    approvals = range(max(2, len(ledger.decisions)))
    some_task, with_one, resting = (draw(st.sampled_from((None, *each))) for each in (tasks, held, approvals))
    of_any = replace(call, task=some_task, credential=with_one, approval=resting)
    return draw(st.sampled_from((call, of_any)))


@st.composite
def handed_down(draw):
    """Where a sub-agent goes on after its parent, with what others hold, and calls rest on a human's yes."""
    drawn, ends = draw(ledgers(live_credentials())), st.integers(1, WINDOW - 1)
    tasks = [Task(0, -4, draw(ends), "completed"), Task(1, -3, agent=1, parent=0), Task(2, -4, draw(ends), "completed")]
    held = [replace(each, task=draw(st.sampled_from((None, 0, 1, 2)))) for each in drawn.credentials]
    made = st.builds(
        Event, st.just("use"), st.integers(0, WINDOW - 1), agent_numbers, task=st.integers(0, 2),
        atom=st.sampled_from(ATOMS), credential=st.integers(0, len(held) - 1), approval=st.integers(0, 1),
        decision=st.sampled_from(("allow", "deny")),
    )  # fmt: skip
    yeses = [Decision(-1, draw(st.integers(0, 4)), -1), Decision(0, draw(st.integers(0, 9)), 0)]
    calls = draw(st.lists(made, min_size=3, max_size=5))
    return drawn.having(tasks=tasks, credentials=held, needs=(), events=calls, decisions=yeses, steps=())


# Ledgers of some kinds, where none of a measure's own has calls that it hangs on.
MADE = {kind: made for kind, (made, _) in TRIED.items()} | {"handed down": handed_down()}


def cases(kinds, number, seed=""):
    """Some ledgers of each kind in which a call is doubtful, each with all that it may have been."""
    drawn = [each for kind in kinds for each in st.some(doubted(MADE[kind]), number, f"{kind} doubted{seed}")]
    return [[each, *ways] for each in drawn if len(ways := list(outcomes(each))) > 1]


def hours():
    """Windows of hours, of which every measure is asked."""
    return [*cases(SHORT, 3), *cases(["handed down"], 12, " more")]


def told_apart(asked, several):
    """What is asked of all of them at once, measure by measure: of each the answer, and those of its outcomes."""
    said = asked([each for case in several for each in case])
    return {name: as_cases(answers, several) for name, answers in said.items()}


def as_cases(answers, several):
    """Answers as what they are of: one of each ledger of each case."""
    rest = iter(answers)
    return [[next(rest) for _ in case] for case in several]


def believed(names):
    """Measures of ledgers that are taken for logs."""

    def asked(ledgers):
        with Store.in_memory() as store:
            taken_for_logs(store)
            return Book(store).told(names, ledgers, **ASKED)

    return asked


def taken_for_logs(store):
    """Let ledgers be logs on which all is seen: need is what their calls show."""
    as_logs(store)
    [(need,)] = store.rows("SELECT sql FROM duckdb_views() WHERE (schema_name, view_name) = ('log', 'need')")
    store.connection.execute(need.replace("CREATE VIEW", "CREATE OR REPLACE VIEW").replace("log.", "truth."))


def rebuilt(names):
    """Measures of what logs show of ledgers, credentials too: that is rebuilt from events and a snapshot."""

    def asked(ledgers):
        with Store.in_memory() as store:
            book = Book(store)
            runs = book.written([each.having(kind="ingested") for each in ledgers], Writing())
            store.complete(*runs)
            return book.said(names, runs, "log", **ASKED)

    return asked


def wrong(name, case, *, counted=True):
    """The parts whose interval is too narrow for one of the outcomes, or that are not told to be in doubt."""
    said, *ways = case
    return {
        part: (answer, sorted({way[part] for way in ways}, key=str))
        for part, answer in said.items()
        if (name, part) not in OF_WHAT_IS_TOLD
        and (
            not all(holds(answer, way[part]) for way in ways)
            or (counted and not answer.unknowns and len({way[part][:2] for way in ways}) > 1)
        )
    }


def holds(said, known):
    """Whether no end of an interval is closer than that of what would be told, if anything would be."""
    if known[:2] == (None, None):
        return True
    least = said.lo is None or (known.lo is not None and said.lo <= known.lo + 1e-9)
    return least and (said.hi is None or (known.hi is not None and said.hi >= known.hi - 1e-9))


def moves(case):
    """Whether what is told hangs on how the calls turned out."""
    _, *ways = case
    return any(len({way[part][:2] for way in ways}) > 1 for part in ways[0])


@pytest.fixture(scope="module")
def told():
    """What measures say of some ledgers of each kind."""
    found = told_apart(believed(NAMES), hours())
    for kind, names in AT_LENGTH.items():
        for name, answers in told_apart(believed(names), cases([kind], 8)).items():
            found[name] += answers
    return found


@pytest.mark.parametrize("name", NAMES)
def test_an_interval_holds_however_calls_turned_out(told, name):
    """Whatever would be told if it were known lies in what is told, and what hangs on it is counted."""
    assert [found for case in told[name] if (found := wrong(name, case))] == []
    assert any(map(moves, told[name])) == (name not in UNMOVED)


@pytest.mark.parametrize("name", CLOSE)
def test_bounds_are_the_least_and_the_most_there_can_be(told, name):
    """Of shares and of quantiles of calls they are no wider than that, where there is anything in some outcome."""
    tried = 0
    for said, *ways in told[name]:
        for part, answer in said.items():
            known = [way[part] for way in ways if way[part].lo is not None]
            if known and answer.unknowns:
                widest = min(each.lo for each in known), max((each.hi for each in known), key=at_the_top)
                assert (part, answer[:2]) == (part, pytest.approx(widest))
                tried += 1
    assert tried > 20


def at_the_top(end):
    """Nothing is above what has no upper end."""
    return NEVER if end is None else end


@pytest.fixture(scope="module")
def told_of_logs():
    """The same of what logs show of such ledgers."""
    return told_apart(rebuilt(REBUILT), cases(SHORT, 3, " rebuilt"))


@pytest.mark.parametrize("name", REBUILT)
def test_so_it_does_where_credentials_are_rebuilt(told_of_logs, name):
    """From when to when a credential was there hangs on such calls too; that it is vague is not counted."""
    assert [found for case in told_of_logs[name] if (found := wrong(name, case, counted=False))] == []
    assert any(map(moves, told_of_logs[name]))


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(6))
def test_so_it_does_on_many_logs(seed):
    """On other ledgers, as many again each time."""
    several = cases(SHORT, 12, seed)
    for asked, counted in ((believed(NAMES), True), (rebuilt(NAMES), False)):
        for name, answers in told_apart(asked, several).items():
            assert (name, [found for case in answers if (found := wrong(name, case, counted=counted))]) == (name, [])
