"""How right a log is beside what happened, on a world small enough for a pencil."""

import duckdb
import numpy as np
import pytest

import outlive
from analysis.attribution import COLUMNS, FIELDS, ablation
from analysis.ingest.ingest import ingest
from outlive.bundled import root
from outlive.cli import main
from sim.audit.refusal import Refusal
from sim.audit.store import Store
from sim.control.logs import FIELDS as KNOBS
from sim.reference.run import simulate
from sim.workload.dimensions import dimensions
from tests.worlds import Do, Strike, Work, control, world

# One agent, six changes: A two, under one yes; B one; C one, then its sub-agent one, which is over before C's second.
WORKS = [
    Work([Do("write money", takes=1), Do("write money", think=20, takes=1)]),
    Work([Do("write notes", think=50, takes=1)], at=1000),
    Work(
        [Do("write notes", think=1, takes=1), Do("write notes", think=30, takes=1)],
        [Work([Do("write notes", think=5, takes=1)], after=1)], at=2000,
    ),
]  # fmt: skip
APPROVED = {"approval.from_tier": 3, "approval.covers": "task"}
FREE = {"approval.from_tier": "never", "approval.covers": "action"}


def kept(path, knobs=(), strikes=(), works=WORKS, runs=1):
    """The world under one yes a task, logged with these knobs, in a store."""
    work, model = world(works, until=3000, strikes=strikes), control(APPROVED | dict(knobs))
    times = {name: np.datetime64(getattr(work, name), "us") for name in ("begins", "t0", "t1")}
    with Store.create(path) as store:
        store.know_profile(model.logging.derived)
        for key in range(1, runs + 1):
            about = {"key": key, "id": f"run {key}", "kind": "simulated", "workload": key, "version": "1"}
            store.write_workload(key, dimensions(work, f"bench {key}"))
            seen = {"control": "bench", "profile": model.logging.name}
            store.write_run({**about, **times, **seen}, simulate(work, model))
    return path


@pytest.fixture(scope="module")
def scored(tmp_path_factory):
    """The scores of the whole log, by how it is seen."""
    return ablation(kept(tmp_path_factory.mktemp("logs") / "whole.duckdb"), 1).set_index("log")


@pytest.mark.parametrize(
    ("log", "right"),
    [
        ("as logged", (6, 6, 6, 2, 6)),
        # Only while the sub-agent works are two tasks of the agent open.
        ("no intent", (5, 6, 6, 2, 5)),
        ("no tool call", (6, 0, 6, 2, 0)),
        ("no data touch", (6, 6, 0, 2, 0)),
        # The yes names the first call; that the second rests on it said only the second.
        ("no approval context", (6, 6, 6, 1, 5)),
        # C's second call is taken for the sub-agent's, which began last.
        ("times alone", (5, 6, 6, 2, 5)),
    ],
)
def test_each_field_is_worth_what_a_pencil_says(scored, log, right):
    """Of six changes, two of which rest on a yes, so many are told rightly without one field."""
    found, of = scored.loc[log], dict(zip(("task", "tool", "touch", "approval", "whole"), right, strict=True))
    wanted = {name: pytest.approx(100 * n / (2 if name == "approval" else 6)) for name, n in of.items()}
    assert {name: found[name] for name in of} == wanted
    assert found["worth"] == pytest.approx(100 - 100 * of["whole"] / 6)
    assert (found["changes"], found["who"]) == (6, 100)


def test_the_chain_is_rebuilt_from_fields_and_not_from_times(scored):
    """Nine edges: six calls of tasks, one sub-agent, two of a yes. By times fifteen are claimed, of which eight are."""
    chain = scored[["chain_precision", "chain_recall", "reversed_edges"]]
    assert tuple(chain.loc["as logged"]) == (100, 100, 0)
    assert tuple(chain.loc["times alone"]) == (pytest.approx(100 * 8 / 15), pytest.approx(100 * 8 / 9), 0)
    # Of the sub-agent's call neither the task nor what called it up is claimed.
    assert tuple(chain.loc["no intent"]) == (100, pytest.approx(100 * 7 / 9), 0)


def test_a_run_in_which_nothing_was_changed_has_a_log_all_the_same(tmp_path):
    """Nobody can be right about nothing, nor tell an edge of it; that run stands in the way of no other's figures."""
    reading = [Work([Do("read notes", takes=1)])]
    found = ablation(kept(tmp_path / "quiet.duckdb", works=reading), 1).set_index("log")
    assert {"as logged", "times alone", "no intent", "no log of far"} < {*found.index}
    assert set(found["changes"]) == {0}
    assert found[["whole", "worth", "chain_precision", "chain_recall", "reversed_edges"]].isna().all(axis=None)
    assert found.loc["as logged", "bytes_per_action"] > 0


# A, then B of the same agent, and its sub-agent, which makes three changes.
BESIDE = [
    Work([Do("write notes", takes=1)]),
    Work([Do("write notes", takes=1)], [Work([Do("write notes", think=1, takes=1)] * 3, after=1)], at=1000),
]


def test_an_edge_counts_once_however_many_changes_hang_on_it(tmp_path):
    """Five calls of tasks and one sub-agent are six edges; by times there is a seventh, that A called up B.

    That B called up the sub-agent is told by each of three changes, and is no more than one edge of the six.
    """
    chain = ablation(kept(tmp_path / "beside.duckdb", works=BESIDE), 1).set_index("log")
    found = chain[["chain_precision", "chain_recall"]]
    assert tuple(found.loc["as logged"]) == (100, 100)
    assert tuple(found.loc["times alone"]) == (pytest.approx(100 * 6 / 7), 100)


# Three chains: two go over both systems, one of them through a sub-agent; the last stays near.
ACROSS = [
    Work([Do("read notes", takes=1), Do("write money", think=1, takes=1)]),
    Work([Do("write notes", takes=1)], [Work([Do("read money", think=5, takes=1)], after=1)], at=1000),
    Work([Do("write notes", takes=1)], at=2000),
]


def test_a_chain_over_several_systems_hangs_on_the_log_of_each(tmp_path):
    """Of two chains that go over both systems, each system with its own log, none is left without one of the logs."""
    found = ablation(kept(tmp_path / "across.duckdb", works=ACROSS), 1).set_index("log")[["chains", "chains_whole"]]
    assert found.loc["as logged"].tolist() == [2, 100]
    assert found.loc["no log of near"].tolist() == found.loc["no log of far"].tolist() == [2, 0]
    assert found.loc["no intent"].tolist() == [2, 50]


def test_every_column_is_defined_and_there(tmp_path, scored, capsys):
    """Also where nothing rests on a yes, so that there is no share of it; and the legend names the unit of each."""
    assert [*scored.reset_index().columns] == [*COLUMNS]
    free = kept(tmp_path / "free.duckdb", FREE)
    found = outlive.ablate(free)
    assert [*found.columns] == ["control", "profile", *COLUMNS]
    assert found["approval"].isna().all()
    assert main(["ablate", str(free)]) == 0
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= 100
    out = " ".join(printed.split())
    assert "worth: percentage points;" in out
    assert "chains: chains; chains_whole: percent of chains;" in out


def test_what_ablate_prints_is_explained():
    """Each column, with its unit and what is divided by what."""
    lines = outlive.explain("ablate").splitlines()[1:]
    assert [line.partition(" (")[0] for line in lines] == [*COLUMNS]
    assert "worth (percentage points): whole as logged - whole here" in "".join(lines)


def test_every_field_costs_bytes(scored):
    """A log without a field is smaller than with it."""
    size = scored["bytes_per_action"]
    assert all(size[f"no {field.replace('_', ' ')}"] < size["as logged"] for field in FIELDS)
    assert {*FIELDS} == {*KNOBS}


def test_a_wrong_clock_reverses_what_times_tell(tmp_path):
    """Two minutes behind, a call comes before the yes that it rests on; its fields say so all the same."""
    skewed = kept(tmp_path / "skewed.duckdb", {"logging.skewed": ["far"], "logging.skew_s": -120})
    found = ablation(skewed, 1).set_index("log")["reversed_edges"]
    assert (found["times alone"], found["as logged"]) == (2, 0)


# Two calls, each with the beginning and the end of its task, and the issue of its credential.
APART = [Work([Do("write notes", takes=1)]), Work([Do("write money", takes=1)], at=100)]


def test_how_much_of_a_log_is_lost_and_misdated_is_a_share_of_what_it_records(tmp_path):
    """Of the events of two tasks one call is far, whose clock is wrong; without its log just that call is missing."""
    path = kept(tmp_path / "apart.duckdb", {"logging.skewed": ["far"], "logging.skew_s": 5} | FREE, works=APART)
    with Store.open(path) as store:
        [(events,)] = store.rows("SELECT count(*) FROM truth.event e JOIN truth.run r USING (run) WHERE time >= t0")
    found = ablation(path, 1).set_index("log")[["lost", "misdated"]]
    assert events > 2
    assert tuple(found.loc["as logged"]) == (0, pytest.approx(100 / events))
    assert tuple(found.loc["no log of far"]) == (pytest.approx(100 / events), 0)
    assert tuple(found.loc["no log of near"]) == (pytest.approx(100 / events), pytest.approx(100 / (events - 1)))


def test_an_attacker_in_an_agents_name_is_not_who_the_log_says(tmp_path):
    """Of seven changes the log names the agent for all, and is wrong about one; that it was for no task is right."""
    strikes = [Strike(1020, 2500, tries=["write notes"])]
    found = outlive.ablate(kept(tmp_path / "struck.duckdb", strikes=strikes), 1).set_index("log").loc["as logged"]
    assert (found["changes"], found["who"], found["task"]) == (7, round(100 * 6 / 7, 1), 100)


# Of one agent, which is struck after 1020 seconds, and writes money after 1500.
STRUCK = {
    "as logged": 0,
    # Where nothing says for what a call was, all that the agent did may be the attacker's.
    "no intent": 100 * 40 / 4,
    "no data touch": 100,
    "no log of near": 100,
    "no log of far": 0,
    "times alone": 100 * 40 / 4,
}


def test_what_an_attacker_reached_is_made_out_by_fields_and_not_by_times(tmp_path):
    """Notes of tier 1, a write of 4, are what was reached; money, a write of 40, is what the agent did meanwhile."""
    strikes, works = [Strike(1020, 2500, tries=["write notes"])], [*WORKS, Work([Do("write money", takes=1)], at=1500)]
    path = kept(tmp_path / "reached.duckdb", strikes=strikes, works=works)
    found = ablation(path, 1).set_index("log")["radius_error"]
    assert {log: found[log] for log in STRUCK} == {log: pytest.approx(error) for log, error in STRUCK.items()}


def test_where_no_attacker_reached_anything_there_is_nothing_to_be_wrong_about(scored):
    """Then there is no error, and not one of zero."""
    assert scored["radius_error"].isna().all()


MEANT = [Work([Do(f"write {what}", takes=1)], at=100 * n) for n, what in enumerate(("money", "notes") * 2)]


def meaning(path, intents):
    """The tasks of a store declare these intents, one after another."""
    with duckdb.connect(path) as store:
        tasks = store.execute("SELECT workload, id FROM fact.task ORDER BY workload, arrival").fetchall()
        for task, intent in zip(tasks, intents, strict=True):
            store.execute("UPDATE fact.task SET intent = ? WHERE workload = ? AND id = ?", (intent, *task))


@pytest.mark.parametrize(
    ("intents", "bits"),
    [
        # A bit of a task that the purpose settles, less what two and two tell of two and two when they are dealt: of
        # six ways two settle it, and the others tell nothing.
        (("pay", "write down") * 2, 1 - 1 / 3),
        (("work",) * 4, 0),
        # Another text each time tells whatever there is to tell, and would if it were dealt in any other way: nobody
        # knows whether it means something.
        (("9f", "c1", "07", "ee"), None),
        (("write money", "write notes") * 2, None),
        # All but one are what a source puts there by itself. Dealt anew the other falls to either half: the same.
        (("n/a", "n/a", "n/a", "write down"), 0),
    ],
)
def test_an_intent_is_worth_what_it_tells_of_what_is_done(tmp_path, intents, bits):
    """Of four tasks, two of which change money and two notes; one that repeats the tool is no intent."""
    path = kept(tmp_path / "meant.duckdb", FREE, works=MEANT)
    meaning(path, intents)
    found = ablation(path, 1).set_index("log")
    assert found["intent_tasks"][["as logged", "no intent"]].tolist() == [0 if intents[0] == "write money" else 4, 0]
    found = found["intent_bits"]
    assert np.isnan(found["no intent"])
    assert np.isnan(found["as logged"]) if bits is None else found["as logged"] == pytest.approx(bits, abs=1e-12)


def test_what_is_less_than_nothing_is_cut_off_over_all_runs_and_not_in_each(tmp_path):
    """One run tells 2/3 of a bit, and another nothing, which is a third less than by chance: together a sixth.

    Alone the other tells nothing at all, and no less.
    """
    path = kept(tmp_path / "two.duckdb", FREE, works=MEANT, runs=2)
    meaning(path, (*("pay", "write down") * 2, "pay", "pay", "write down", "write down"))
    told = [outlive.ablate(path, run).set_index("log")["intent_bits"]["as logged"] for run in (None, 1, 2)]
    assert told == [round(1 / 6, 1), round(2 / 3, 1), 0]


def test_where_all_tasks_change_the_same_there_is_nothing_to_tell(tmp_path):
    """However well an intent says it: there are no bits to be told, which is not that none are told."""
    works = [Work([Do("write money", takes=1)], at=100 * n) for n in range(2)]
    found = ablation(kept(tmp_path / "same.duckdb", FREE, works=works), 1).set_index("log")
    assert found["intent_bits"].isna().all()
    assert found["intent_tasks"]["as logged"] == 2


def test_only_beside_the_truth_is_a_log_right(tmp_path):
    """A run that is not there, or was not simulated, is refused in one line."""
    with pytest.raises(Refusal, match=r"one\.duckdb: no completed run 7; it has 1$"):
        outlive.ablate(kept(tmp_path / "one.duckdb"), 7)
    with Store.create(tmp_path / "real.duckdb") as store:
        ingest([root() / "samples" / "interchange"], store)
    with pytest.raises(Refusal, match=r"real\.duckdb: no run in it was simulated, and only .*; simulate into it$"):
        outlive.ablate(tmp_path / "real.duckdb")
