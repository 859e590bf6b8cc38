"""How a model is logged: fields left out, events lost, systems without a log, clocks that are wrong."""

import re
from pathlib import Path

import numpy as np
import pytest

from analysis.measures.examination import examine
from analysis.measures.measure import measures
from sim import scenario
from sim.audit.store import Store
from sim.control import model
from sim.control.logs import FIELDS
from sim.control.platform import terms_on
from sim.experiment import Plan, digest
from sim.reference.run import simulate
from sim.toml import DeclarationError
from sim.workload.dimensions import dimensions
from sim.workload.fleet import generate
from tests.ledgers import answers

DATA = Path(__file__).parents[2] / "data"
TIERED = DATA / "controls" / "tiered.toml"
# An afternoon that calms down, with approvals mostly deviated from and thefts; without strays, which a log that
# names tasks takes for need.
AFTERNOON = {
    "start": "2026-01-05T15:30:00Z", "window.warm_up_hours": 1, "window.hours": 2, "fleet.agents": 3,
    "incidents.t2.count": 1, "drift.share": 0, "deviation.share": 0.9, "past.inventory": 1,
}  # fmt: skip
LOGGED = {"logging.profile": "full", "governance.inventory": 1, "revocation.failure": 0.5, "approval.binds": "nothing"}
KNOBS = [
    {},
    *({f"logging.{field}": False} for field in FIELDS),
    {"logging.dropped": 0.2},
    {"logging.dropped": 0.05, "logging.intent": False, "logging.data_touch": False},
    {"logging.absent": ["crm", "identity"]},
    {"logging.skewed": ["crm", "orders"], "logging.skew_s": 1800},
    {"logging.skewed": ["crm", "payments", "ticketing"], "logging.skew_s": -300, "logging.dropped": 0.3},
]
ON_LOGS = [measure.name for measure in measures() if "log" in measure.evidence]


def logged(knobs):
    """The model, logged in full but for these knobs."""
    return model.load(TIERED, LOGGED | knobs)


@pytest.fixture(scope="module")
def logs():
    """One run, seen through each of the logs: the store; runs are numbered as the knobs are."""
    work, control = generate(scenario.load(DATA / "scenarios" / "support_midsize.toml", AFTERNOON), 3, 0), logged({})
    facts = simulate(work, control, terms_on(control, {}))
    times = {name: np.datetime64(getattr(work, name), "us") for name in ("begins", "t0", "t1")}
    with Store.in_memory() as store:
        store.write_workload(0, dimensions(work, "afternoon"))
        for key, knobs in enumerate(KNOBS):
            logging = logged(knobs).logging
            store.know_profile(logging.derived)
            about = {"key": key, "id": str(key), "kind": "simulated", "workload": 0, "version": "1"}
            store.write_run({**about, **times, "profile": logging.name}, facts)
        # On a log need is use, so it is compared with what was used.
        store.connection.execute("DELETE FROM fact.need WHERE NOT met")
        yield store


@pytest.fixture(scope="module")
def said(logs):
    """What each measure says on the truth and on the log, by run and part."""
    found = {}
    for evidence in ("truth", "log"):
        with examine(logs, evidence) as examination:
            given = {"work_done": {"horizon_hours": 0.5}}
            found[evidence] = {name: answers(examination, name, **given.get(name, {})) for name in ON_LOGS}
    return found


def holds(log, truth):
    """Whether an interval is one, and holds what is true; an open end holds anything."""
    reach = 1e-9 * max(1, abs(truth.lo or 0), abs(truth.hi or 0))
    low = log.lo is None or (truth.lo is not None and 0 <= log.lo <= truth.lo + reach)
    return low and (log.hi is None or (truth.hi is not None and log.hi >= truth.hi - reach))


@pytest.mark.parametrize("name", ON_LOGS)
def test_a_poor_log_is_not_wrong(said, name):
    """Whatever is left out, lost, absent or wrong, the interval that the log gives holds the truth."""
    truth, log = said["truth"][name], said["log"][name]
    wrong = [
        (KNOBS[run], part, truth[run][part], log[run][part])
        for run in truth for part in truth[run] if not holds(log[run][part], truth[run][part])
    ]  # fmt: skip
    assert wrong == []


@pytest.mark.parametrize("run", range(1, len(KNOBS)), ids=lambda run: " ".join(KNOBS[run]))
def test_a_poor_log_says_less(said, run):
    """Every fault and every field that is left out costs an answer that the whole log has, and none gives a new one."""
    open_ends = {
        each: sum(end is None for name in ON_LOGS for part in said["log"][name][each].values() for end in part[:2])
        for each in (0, run)
    }
    assert open_ends[run] > open_ends[0]


SHOWN = """
    SELECT e.run, count(*) AS events, count(e.task) FILTER (e.kind = 'use'), count(e.intent), count(e.operation),
           count(e.args), count(e.atom), count(e.resource), count(e.approval),
           count(DISTINCT k.system) FILTER (e.kind = 'use'), max(e.clock_error) / 1e6,
           count(e.task) FILTER (e.kind = 'task_start')
    FROM log.event e LEFT JOIN fact.catalogue k ON k.workload = 0 AND k.atom = e.atom
    GROUP BY e.run ORDER BY e.run
"""


def test_a_log_shows_what_its_knobs_leave(logs):
    """Each field goes with its knob and alone; lost are so many; of an absent system there is no use."""
    whole, intent, tool, touch, approval, lossy, _, absent, ahead, behind = (row[1:] for row in logs.rows(SHOWN))
    assert all(whole[:9])
    assert whole[9:] == (0, whole[10])
    gone = {intent: {1, 2}, tool: {3, 4}, touch: {5, 6, 8}, approval: {7}}
    for shown, fields in gone.items():
        assert {n for n, (less, all_) in enumerate(zip(shown, whole, strict=True)) if less < all_} == fields
        assert not any(shown[n] for n in fields)
    assert 0.75 < lossy[0] / whole[0] < 0.85
    assert absent[8] == whole[8] - 2
    assert (ahead[9], behind[9]) == (1800, 300)


MOVED = """
    SELECT k.system, epoch(w.time - e.time)::INTEGER AS seconds, count(*)
    FROM log.event e
    JOIN log.event w ON w.id = e.id AND w.run = $run AND e.run = 0
    JOIN fact.catalogue k ON k.workload = 0 AND k.atom = e.atom
    WHERE e.kind = 'use' GROUP BY ALL
"""


def test_a_wrong_clock_moves_its_own_uses_only(logs):
    """Uses of two systems come half an hour late, all else when it was."""
    moved = {system: seconds for system, seconds, _ in logs.rows(MOVED, {"run": 8})}
    assert {system for system, seconds in moved.items() if seconds == 1800} == {"crm", "orders"}
    assert {seconds for system, seconds in moved.items() if system not in {"crm", "orders"}} == {0}


def test_logging_is_no_fact():
    """However a model is logged, its run is the same."""
    organisation = scenario.load(DATA / "scenarios" / "support_midsize.toml")
    plan = Plan(organisation, (), 1, seed=1)
    assert {plan.run_id(0, logged(knobs)) for knobs in KNOBS} == {plan.run_id(0, logged({}))}
    assert plan.run_id(0, logged({"lifetime.ttl_s": 901})) != plan.run_id(0, logged({}))


def test_a_log_is_named_by_what_it_is():
    """The profile alone, or with all that differs; no two logs have one name, and none is told differently twice."""
    names = [logged(knobs).logging.name for knobs in KNOBS]
    assert names[0] == "full"
    assert names[6] == "full, no intent, no data touch, 5 % lost"
    assert names[9] == "full, 30 % lost, clock of crm -300 s, clock of payments -300 s, clock of ticketing -300 s"
    assert len({*names}) == len(names)
    one, other = (logged({"logging.absent": absent}).logging for absent in (["crm", "identity"], ["identity", "crm"]))
    assert (one.name, digest(one.derived)) == (other.name, digest(other.derived))


def test_a_derived_profile_goes_where_its_run_goes(tmp_path, logs):
    """Whoever takes over a run knows how its log is seen, once, however often it is taken over."""
    path = tmp_path / "logs.duckdb"
    with Store.create(path) as store:
        store.adopt([_left(logs, tmp_path)], [], [])
    with Store.in_memory() as other:
        for run in (1, 1, 7):
            other.take_in(path, run)
        [(names,)] = other.rows("SELECT list(profile ORDER BY key) FROM fact.run")
        known = [name for (name,) in other.rows("SELECT name FROM fact.log_profile")]
        assert names == [logged(KNOBS[run]).logging.name for run in (1, 7)]
        assert {*names} < {*known}
        assert len(known) == len({*known})
        assert other.rows("SELECT count(*) FROM log.event")[0][0] > 100


def _left(logs, folder):
    logs.export(folder)
    return folder


@pytest.mark.parametrize(
    ("knobs", "said_"),
    [
        ({"logging.dropped": 1.1}, "logging.dropped: .* less than or equal to 1"),
        ({"logging.intent": 1}, "logging.intent: .*bool"),
        ({"logging.skew_s": 5}, "logging.skew_s = 5 contradicts logging.skewed = .*: name the systems"),
        ({"logging.skewed": ["crm"]}, "logging.skew_s = 0 contradicts logging.skewed"),
        ({"logging.skewed": ["crm"], "logging.skew_s": 5, "logging.absent": ["crm"]}, "not there has no clock"),
        ({"logging.absent": "crm"}, "logging.absent: "),
    ],
)
def test_a_log_that_cannot_be_is_refused(knobs, said_):
    """In one line that names the key."""
    with pytest.raises(DeclarationError, match=said_) as refusal:
        logged(knobs)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("knob", ["absent", "skewed"])
def test_only_a_system_that_is_there_has_a_log(knob):
    """The refusal names what there is."""
    organisation = scenario.load(DATA / "scenarios" / "support_midsize.toml")
    control = logged({f"logging.{knob}": ["crn"], **({"logging.skew_s": 1} if knob == "skewed" else {})})
    with pytest.raises(DeclarationError, match=re.escape(f"logging.{knob} = 'crn': no system of support_midsize; it")):
        model.demand(control, organisation)
