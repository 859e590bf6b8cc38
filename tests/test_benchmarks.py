"""Benchmarks time what they say: stores that keep every rule, answers that agree, figures that hide nothing."""

import json
import subprocess
import sys
from dataclasses import replace

import pandas as pd
import pytest

from analysis.measures.concepts.concepts import Shared
from analysis.measures.examination import examine
from analysis.measures.measure import find, measures
from benchmarks import beside, child, exports, figures, large, taken, timing, ways, world
from sim.audit.store import Store
from sim.audit.verify import verify

SIZE = world.Size(events=2_000, agents=20, credentials=10)
# What a log of everything tells as exactly as the truth.
ALIKE = ("approvals", "blast_radius", "crown_jewel_hours", "issuance", "stale_access")


@pytest.fixture(scope="module")
def stores():
    """A month in each kind of store."""
    made = {kind: Store.in_memory() for kind in world.KINDS}
    for kind, store in made.items():
        world.write(store, kind, SIZE)
    yield made
    for store in made.values():
        store.close()


@pytest.mark.parametrize("kind", world.KINDS)
def test_a_store_to_be_timed_keeps_every_rule(stores, kind):
    """What is timed is a store as an engine or an ingest leaves it: no invariant is broken."""
    assert [finding for finding in verify(stores[kind]) if finding.broken] == []


def test_one_agent_may_have_more_credentials_than_there_are_draws():
    """A fleet of few agents with many credentials each is a store like any other: sixteen-bit draws begin again."""
    many = world.Size(events=10, agents=1, credentials=70_000)
    with Store.in_memory() as store:
        world.write(store, "simulated", many)
        [(issued,)] = store.rows("SELECT count(*) FROM fact.event WHERE kind = 'issue'")
    assert issued == many.credentials


def test_what_is_timed_on_the_log_is_what_the_truth_says(stores):
    """A log of everything is not answered by leaving things out: its answers are those of the simulated month."""
    known = {each.name: each for each in measures()}
    with examine(stores["observed"], "log") as log, examine(stores["simulated"], "truth") as truth:
        for name in ALIKE:
            pd.testing.assert_frame_equal(log.measure(known[name]), truth.measure(known[name]), rtol=1e-9)


@pytest.mark.parametrize("question", beside.QUESTIONS, ids=lambda each: each.name)
def test_pandas_answers_the_same(stores, question):
    """Both ways are timed only after both have given one answer."""
    found = beside.answer(question, stores[question.kind], SIZE.events, turns=1)
    assert found.ratio == found.pandas_s / found.duckdb_s


def test_no_time_is_told_of_unequal_answers(stores):
    """Where pandas does less than it should, there is no ratio."""
    usage = beside.QUESTIONS[1]

    def one_call_less(frames):
        calls = frames["calls"]
        told = calls.index[(calls["kind"] == "use") & calls["resource"].notna()]
        return usage.in_pandas({"calls": calls.drop(told[0])})

    short = replace(usage, in_pandas=one_call_less)
    with pytest.raises(ways.UnequalError, match="usage: pandas and DuckDB do not agree"):
        beside.answer(short, stores["observed"], SIZE.events, turns=1)


def test_a_measure_is_timed_with_and_without_what_is_shared(stores):
    """The first time makes what measures share, those after it do not."""
    first, *again = (seconds for seconds, _ in child.times(stores["simulated"], "truth", "stale_access", 2))
    assert len(again) == 2
    assert min(again) < first


def test_a_measure_whose_answer_others_read_is_worked_out_each_time(stores, monkeypatch):
    """An answer that is kept would take no time."""
    asked, ask = [], Shared.ask
    monkeypatch.setattr(Shared, "ask", lambda shared, sql, given: asked.append(sql) or ask(shared, sql, given))
    child.times(stores["simulated"], "truth", "stale_access", 2)
    assert asked == [find("stale_access").sql] * 3


def test_what_a_measure_took_is_its_figure(tmp_path):
    """A process of its own tells seconds, those of all processors and memory, each under its name."""
    path = tmp_path / "a.duckdb"
    with Store.create(path) as store:
        world.write(store, "simulated", SIZE)
    [found] = timing.figures(path, "simulated", SIZE.events, ["stale_access"], timing.Terms("1GB", 60))
    assert found.failed is None
    assert found.again_s < found.first_s
    assert found.cpu_s not in {None, found.first_s, found.again_s}


def test_only_a_hundred_million_events_meet_a_target():
    """Fewer events leave a target open, more seconds or memory than it allows miss it, and so does no answer at all."""
    figure = timing.Figure("observed", "log", timing.FULL, "stale_access", 9.0, 2.0, 3000.0)
    assert figure.verdict == "met"
    assert replace(figure, events=1_000_000).verdict == "open"
    assert replace(figure, events=1_000_000, again_s=3.5).verdict == "missed"
    assert replace(figure, peak_mb=5000.0).verdict == "missed"
    assert timing.Figure("observed", "log", timing.FULL, "stale_access", failed="more than 9 s").verdict == "missed"


def test_figures_are_left_beside_others(tmp_path):
    """Other benchmarks leave theirs in the same file."""
    path, terms = tmp_path / "bench.json", timing.Terms("4GB", 60)
    path.write_text('{"engine": 1, "measures": 2}')
    figure = timing.Figure("observed", "log", timing.FULL, "stale_access", 9.0, 5.0, 3000.0)
    figures.leave(path, terms, [figure], [beside.Answer("usage", 10, 2.0, 9.0)])
    found = json.loads(path.read_text())
    assert found["engine"] == 1
    assert found["measures"]["figures"][0]["verdict"] == "missed"
    assert found["measures"]["pandas"][0]["ratio"] == 4.5


def test_a_table_shows_growth_and_what_failed():
    """Sizes stand side by side, and a measure that gave no answer says why."""
    small = timing.Figure("observed", "log", 10, "stale_access", 2.0, 1.0, 300.0, cpu_s=3.0)
    shown = figures.table(
        [
            small,
            replace(small, events=100, cpu_s=12.0),
            replace(small, measure="orphans", first_s=None, failed="more than 9 s"),
        ]
    )
    assert "x 4.0" in shown
    assert "more than 9 s" in shown


def test_every_way_to_read_a_log_finds_the_same(tmp_path):
    """Ingest, DuckDB and pandas find the same calls, failures and keys, with what is delivered twice counted once."""
    deliveries = exports.corpus(200, tmp_path)
    assert len(list(deliveries.iterdir())) == 2
    answers = {way: ways.WAYS[way](deliveries, tmp_path / way) for way in ("outlive", "duckdb", "pandas")}
    taken.demand_equal(answers)
    assert sum(calls for _, calls, *_ in answers["outlive"]) == 200
    with pytest.raises(ways.UnequalError, match="only pandas finds"):
        taken.demand_equal({**answers, "pandas": [["sts:AssumeRole", 199, 0, 5]]})


def test_a_large_log_is_timed_if_nothing_of_it_is_lost(tmp_path, monkeypatch):
    """It is as large as asked for, and there is no figure unless each of its lines was found."""
    corpus = large.lines(0.000_3, tmp_path)
    found = large.read(corpus, print)
    assert found.bytes == pytest.approx(300_000, rel=0.01)
    assert found.verdict == "met"
    monkeypatch.setattr(large, "by", lambda *_: {"answer": [["s3:GetObject", found.events - 1, 0, 1]], "cpu_s": 1})
    with pytest.raises(ways.UnequalError, match=rf"{found.events - 1} of {found.events} events were found"):
        large.read(corpus, print)


def test_a_log_for_benchmarks_is_the_same_each_time(tmp_path):
    """Nothing is drawn at random: what is timed today was timed yesterday."""
    one, other = (exports.corpus(50, tmp_path / name) for name in ("one", "other"))
    assert [file.read_bytes() for file in sorted(one.iterdir())] == [
        file.read_bytes() for file in sorted(other.iterdir())
    ]


def test_who_reads_a_log_in_a_fifth_of_the_time_is_above_the_floor(tmp_path):
    """Ratios are of CPU time, and each has its floor and its target, as the figures that are left say."""
    found = [taken.Taken(way, 1000, cpu_s, 500.0) for way, cpu_s in (("outlive", 2), ("duckdb", 12), ("pandas", 22))]
    assert [each.verdict for each in taken.ratios(found)] == ["above the floor", "met"]
    assert [each.verdict for each in taken.ratios([found[0], replace(found[1], cpu_s=9)])] == ["missed"]
    figures.leave_taking(tmp_path / "bench.json", found)
    left = json.loads((tmp_path / "bench.json").read_text())["ingest"]
    assert left["figures"][0]["per_cpu_s"] == 500
    assert left["ratios"][1]["ratio"] == 11
    assert "500 events/s" in figures.taking(found)


def test_a_log_is_read_into_a_store_that_holds_others(tmp_path, monkeypatch):
    """Beside a stored month the same is found as in a store of its own, and the month itself stays as it is."""
    monkeypatch.setattr(taken, "there", lambda: [taken.OURS])
    held = tmp_path / "held.duckdb"
    with Store.create(held) as store:
        world.write(store, "observed", SIZE)
    before = held.read_bytes()
    found = taken.read(exports.corpus(100, tmp_path), lambda _: None, {SIZE.events: held})
    beside_others = found[-1]
    assert (beside_others.way, beside_others.stored, beside_others.events) == ("outlive", SIZE.events, 100)
    assert held.read_bytes() == before
    assert "as long beside 2,000 stored events" in figures.taking(found)


def test_memory_is_that_of_the_program_itself():
    """What runs under a process that was large does not count as large."""
    program = "import subprocess, sys; x = b'x' * (400 << 20); subprocess.run([sys.executable, '-c', sys.argv[1]])"
    told = "from benchmarks.memory import peak_mb; print(peak_mb())"
    done = subprocess.run([sys.executable, "-c", program, told], capture_output=True, text=True, check=True)
    assert 1 < float(done.stdout) < 200
