"""A measure of the user's own reads the evidence it is given and nothing else; what is wrong with it is said."""

import re
import sys
from dataclasses import replace
from math import inf, nan
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import outlive
from analysis.measures.concepts.concepts import Shared, concepts, named, written
from analysis.measures.examination import examine
from analysis.measures.measure import MeasureError, find, load, measures
from analysis.measures.parameters import stated
from analysis.measures.units import units
from analysis.samples import measured
from outlive.sheets import sheets
from sim.audit.store import Store
from sim.reference.run import simulate
from sim.workload.dimensions import dimensions
from tests.ledgers import DAY, HOUR, Ledger, Task, Writing, store_of, write
from tests.worlds import Do, Work, control, world

MOST = sys.float_info.max
GOOD = "SELECT run, 1 AS lo, 2 AS hi, 0 AS unknowns FROM run"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A store with two runs of a tiny world."""
    path = tmp_path_factory.mktemp("own") / "own.duckdb"
    workload = world([Work([Do("write money", think=10), Do("read notes")])], until=1000)
    times = {name: np.datetime64(getattr(workload, name), "us") for name in ("begins", "t0", "t1")}
    with Store.create(path) as opened:
        opened.write_workload(1, dimensions(workload, "bench"))
        for key in (1, 2):
            about = {"id": f"run {key}", "kind": "simulated", "profile": "full", "version": "1", "control": "bench"}
            opened.write_run({"key": key, "workload": 1, **about, **times}, simulate(workload, control()))
    return path


@pytest.fixture
def own(tmp_path):
    """Writes a measure and gives its path."""

    def written(body, grain="run", more=""):
        path = tmp_path / "own.sql"
        words = dict.fromkeys(("title", "question", "unit", "unfinished", "assumes", "source"), "as a test needs it")
        head = "".join(f"-- {key}: {value}\n" for key, value in {**words, "grain": grain}.items())
        path.write_text(head + more + body, "utf-8")
        return str(path)

    return written


def refused(store, path, *, match):
    """The refusal of a measure: one line that names its file."""
    with pytest.raises(MeasureError, match=match) as refusal:
        outlive.measure(store, [path])
    assert "own.sql" in str(refusal.value)
    assert "\n" not in str(refusal.value)


# ------------------------------------------------------------------------------------------------------------- results


def test_one_figure_a_run_is_a_measure(store, own):
    """A measure whose grain is the run alone has one row a run, and its part has no name."""
    result = outlive.measure(store, [own(GOOD)])
    assert result[["run", "part", "lo", "hi", "unknowns"]].to_numpy().tolist() == [[1, "", 1, 2, 0], [2, "", 1, 2, 0]]


DECLARING = "SELECT run, unnest(['offered got', 'p50', 'cost']) AS part, 1 AS lo, 2 AS hi, 3 AS unknowns FROM run"


@pytest.mark.parametrize(
    ("more", "rests"),
    [
        ("-- terms: * got\n", ["declared", "seen", "seen"]),
        ("-- pool: run | limits\n", ["seen", "seen", "seen"]),
        ("-- pool: run | kaplan-meier\n-- terms: cost, offered *\n", ["declared", "estimated", "declared"]),
        ("-- pool: run | kaplan-meier\n-- limits: p5*\n", ["seen", "seen", "seen"]),
    ],
)
def test_a_row_says_on_what_it_rests(store, own, more, rests):
    """On what was seen, as limits do; on what a header declares; or, a quantile of what goes on, on an assumption."""
    result = outlive.measure(store, [own(DECLARING, "run, part", more)], run=1)
    assert result.set_index("part")["basis"][["offered got", "p50", "cost"]].tolist() == rests


def test_what_has_all_ended_is_no_estimate(store, own):
    """Of quantiles of times of which none goes on nothing has to be assumed."""
    ended = DECLARING.replace("3 AS unknowns", "0 AS unknowns")
    result = outlive.measure(store, [own(ended, "run, part", "-- pool: run | kaplan-meier\n")])
    assert set(result["basis"]) == {"seen"}


RATES = {
    "credentials per agent-day": "extrapolated", "percent per fleet-year": "extrapolated",
    "requests per day": "extrapolated", "days": "seen", "percent of issued": "seen",
}  # fmt: skip


def test_a_rate_of_less_than_a_day_says_that_it_is_extrapolated(own, tmp_path):
    """As if every day were like what was seen; of a whole day nothing has to be said."""
    stated = "; ".join(f"{unit} | {part}" for part, unit in enumerate(RATES))
    path = Path(own("SELECT run, unnest(range(5)) AS part, 1 AS lo, 2 AS hi, 0 AS unknowns FROM run", "run, part"))
    path.write_text(path.read_text("utf-8").replace("unit: as a test needs it", f"unit: {stated}"), "utf-8")
    with Store.create(tmp_path / "days.duckdb") as days:
        write(days, [Ledger(DAY - 1), Ledger(DAY)], 1, Writing())
    found = outlive.measure(tmp_path / "days.duckdb", [str(path)])
    assert found[found["run"] == 1].set_index("unit")["basis"].to_dict() == RATES
    assert set(found["basis"][found["run"] == 2]) == {"seen"}


def test_a_pool_without_bounds_is_refused_where_it_is_asked_for(store, own):
    """Runs by themselves need no pool; several are told by one, which has least and greatest values."""
    path = own(DECLARING, "run, part", "-- pool: run | limits\n")
    with pytest.raises(MeasureError, match=r"own.sql: its part 'run' has no column 'lo'; it is to give lo, hi"):
        sheets(store, [path])


def test_an_open_bound_is_missing(store, own):
    """A bound that is NULL in every row, or in some, is missing and no error, whatever its type."""
    some = "SELECT run, NULL AS lo, CASE run WHEN 1 THEN 7 END AS hi, sum(0) AS unknowns FROM run GROUP BY run"
    result = outlive.measure(store, [own(f"{some} ORDER BY run")])
    assert result["lo"].isna().tolist() == [True, True]
    assert result["hi"].fillna(-1).tolist() == [7, -1]
    assert result["unknowns"].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("select", "match"),
    [
        ("run, 1 AS lo, 1 AS hi", "gives the columns run, lo, hi, and not run, part, lo, hi, unknowns"),
        ("run, 1 AS lo, 1 AS hi, 0 AS unknowns", "gives the columns run, lo"),
        ("run, 'a' AS part, 1 AS hi, 0 AS unknowns", "gives the columns run, part, hi"),
        ("run, 'a' AS part, 1 AS lo, 1 AS hi, 0 AS unknowns, 3 AS extra", "extra"),
        ("run, 'a' AS part, 'much' AS lo, 1 AS hi, 0 AS unknowns", "lo is VARCHAR, and not a number"),
        ("run, 'a' AS part, 1 AS lo, true AS hi, 0 AS unknowns", "hi is BOOLEAN, and not a number"),
        ("run, 'a' AS part, 1 AS lo, 1 AS hi, 0.5 AS unknowns", "unknowns is DECIMAL.*, and not a whole number"),
        ("run, 'a' AS part, 1 AS lo, 1 AS hi, NULL::INTEGER AS unknowns", "unknowns is NULL in some row"),
        ("run::VARCHAR AS run, 'a' AS part, 1 AS lo, 1 AS hi, 0 AS unknowns", "run is VARCHAR, and not a whole"),
        ("nullif(run, 1) AS run, 'a' AS part, 1 AS lo, 1 AS hi, 0 AS unknowns", "run is NULL in some row"),
        ("run + 7 AS run, 'a' AS part, 1 AS lo, 1 AS hi, 0 AS unknowns", "gives rows for the runs 8, 9, and not 1, 2"),
        ("run, {'a': [1]} AS part, 1 AS lo, 1 AS hi, 0 AS unknowns", "part is STRUCT.*, and not a word"),
        ("run, '1'::BIT AS part, 1 AS lo, 1 AS hi, 0 AS unknowns", "part is BIT, and not a word"),
        ("run, nullif('a', 'a') AS part, 1 AS lo, 1 AS hi, 0 AS unknowns", "part is NULL in some row"),
        ("run, 'nan'::DOUBLE AS part, 1 AS lo, 1 AS hi, 0 AS unknowns", "part is NULL in some row"),
        ("run, 'a' AS part, 1 AS lo, 1 AS hi, -(run > 1)::INTEGER AS unknowns", "gives unknowns below zero"),
        ("run, 'a' AS part, 1 AS lo, 2 - run AS hi, 0 AS unknowns", "gives a lo above its hi"),
        ("run, 'a' AS part, 1 AS lo, 1 AS hi, (2.0 ** (61 + run))::HUGEINT AS unknowns", "more unknowns than there"),
    ],
)  # fmt: skip
def test_a_result_of_another_shape_is_refused(store, own, select, match):
    """The columns are the grain's, lo, hi and unknowns; bounds are numbers, and every row is of a run and countable."""
    refused(store, own(f"FROM run SELECT {select}", "run, part"), match=match)


def test_a_part_that_one_run_has_is_not_there_in_another(store, own):
    """Whatever a run says nothing of has no value under it, in a table of several runs too."""
    path = own("FROM run SELECT run, 'in ' || run AS part, 1 AS lo, 1 AS hi, 0 AS unknowns", "run, part")
    rows = [line.split() for line in sheets(store, [path]).splitlines()]
    assert [each[:3] for each in rows if each[:1] == ["in"]] == [["in", "1", "–"], ["in", "2", "–"]]
    assert len(outlive.measure(store, [path])) == 2


BEHIND = {
    "words": ("pool: told | limits", "'much' AS lo, 1 AS hi", "gives in 'lo' what is no number"),
    "more hits than trials": ("counts: told", "5 AS hits, 3 AS trials", "gives hits below none, above its trials"),
    "no hits": ("counts: told", "NULL::INTEGER AS hits, 3 AS trials", "gives hits below none, above its trials"),
    "another column": ("counts: told", "5 AS more", "has no column 'hits'; it is to give hits, trials"),
}


@pytest.mark.parametrize(("head", "columns", "match"), BEHIND.values(), ids=BEHIND)
def test_observations_and_counts_of_another_kind_are_refused(store, own, head, columns, match):
    """Where a table of several runs asks for what lies behind a measure."""
    body = "WITH told AS (FROM run SELECT run, $) ".replace("$", columns) + GOOD
    with pytest.raises(MeasureError, match=match):
        sheets(store, [own(body, more=f"-- {head}\n")])


def test_two_rows_for_one_part_are_refused(store, own):
    """Whoever sums or averages them later would not know that there were two."""
    twice = f"{GOOD.replace('run,', 'run, unnest([7, 8, 7]) AS part,', 1)}"
    refused(store, own(twice, "run, part"), match="gives several rows for run 1, part 7")


@pytest.mark.parametrize("above", [0.5e-9, -7.0])
def test_bounds_may_be_out_of_order_by_their_last_digits(store, own, above):
    """Of large figures as of small ones: what was rounded is no error."""
    rounded = "SELECT run, 1e9 * run + 1e9 * $ AS lo, 1e9 * run AS hi, 0 AS unknowns FROM run".replace("$", str(above))
    assert len(outlive.measure(store, [own(rounded)])) == 2


@pytest.mark.parametrize(
    "query",
    [
        "SELECT run FROM b",
        "FROM b SELECT run",
        "select run from (SELECT * FROM b) UNION ALL SELECT run FROM a",
        "\nSELECT run -- (\nFROM b",
    ],
)
def test_a_part_is_found_wherever_the_query_begins(query):
    """On a line of its own or not, after brackets and words that are text or a comment."""
    head = "WITH a AS (SELECT ') SELECT' AS run), -- ) FROM\n b AS (FROM a) "
    assert replace(find("work_done"), sql=head + query).part("b") == f"{head}{query[: query.startswith(chr(10))]}FROM b"


def test_what_is_not_there_to_be_measured_is_named():
    """A run that a store does not hold, that was broken off, or whose truth nobody knows."""
    with store_of(Ledger(), Ledger(kind="ingested")) as made:
        made.connection.execute("UPDATE fact.run SET completed = NULL WHERE key = 1")
        for run, evidence, said in ((3, "log", "no run 3"), (1, "log", "not completed"), (2, "truth", "has no truth")):
            with pytest.raises(MeasureError, match=said), examine(made, evidence, [run]):
                pass


@pytest.mark.parametrize("bounds", ["2 AS lo, $ AS hi", "-$ AS lo, 2 AS hi"])
def test_a_bound_that_is_infinite_in_one_run_is_refused(store, own, bounds):
    """What is not known is NULL, in whichever run it is."""
    infinite = "SELECT run, #, 0 AS unknowns FROM run".replace("#", bounds)
    infinite = infinite.replace("$", "CASE run WHEN 1 THEN 'infinity'::DOUBLE ELSE 3 END")
    refused(store, own(infinite), match="gives an infinite bound")


@pytest.mark.parametrize(
    ("more", "evidence"),
    [
        ("", ("truth", "log")),
        ("-- evidence: truth\n", ("truth",)),
        ("-- evidence: log, truth\n", ("log", "truth")),
        ("-- reads: turnaround\n", ("truth", "log")),
        ("-- reads: turnaround, secret_exposure\n", ("truth",)),
    ],
)
def test_a_measure_is_asked_of_the_evidence_that_its_header_names(own, more, evidence):
    """Of truth and log where it names none; made of what only the truth tells it is asked of the truth alone."""
    assert find(own(GOOD, more=more)).evidence == evidence


def test_a_run_without_a_row_is_refused(store, own):
    """What a measure does not say of a run would be missed by nobody."""
    refused(store, own(f"{GOOD} WHERE run = 2"), match="gives rows for the runs 2, and not 1, 2")
    refused(store, own(f"{GOOD} WHERE run = 3"), match="gives rows for the runs none, and not 1, 2")


def test_what_cannot_be_computed_is_refused(store, own):
    """A column that is not there, and a text that is no number: one line, with the database's reason."""
    refused(store, own("SELECT run, nothing AS lo, 1 AS hi, 0 AS unknowns FROM run"), match='"nothing" not found')
    refused(store, own("SELECT run, 'x'::INT AS lo, 1 AS hi, 0 AS unknowns FROM run"), match="Could not convert")
    refused(store, own("SELECT run, 1::BIGNUM AS lo, 1 AS hi, 0 AS unknowns FROM run"), match="lo is BIGNUM")


# ----------------------------------------------------------------------------------------------------------- the file


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "no `-- title:` in its header"),
        (b"\xff\xfe-\0-\0", "not UTF-8"),
        (b"-- title: \0", "not text"),
        (None, "Is a directory"),
    ],
    ids=["empty", "UTF-16", "NUL", "folder"],
)
def test_what_is_no_measure_is_refused(tmp_path, content, match):
    """An empty file, one that is no text and a folder are refused by name."""
    path = tmp_path / "own.sql"
    path.mkdir() if content is None else path.write_bytes(content)
    with pytest.raises(MeasureError, match=f"own.sql: .*{match}") as refusal:
        find(str(path))
    assert "\n" not in str(refusal.value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    """By name, and with what there is."""
    with pytest.raises(MeasureError, match=r"gone.sql: No such file.* work_done"):
        find(str(tmp_path / "gone.sql"))
    with pytest.raises(MeasureError, match="File name too long"):
        find("x" * 5000 + ".sql")


def test_a_mark_at_the_beginning_is_no_error(tmp_path, own):
    """Some editors begin a file with a byte order mark."""
    path = tmp_path / "marked.sql"
    path.write_text("\ufeff" + find(own(GOOD)).sql, "utf-8")
    assert load(path).grain == ("run",)


def test_what_is_assumed_may_take_several_lines(own):
    """Each is a statement; of what a measure has one of, a second line would hide the first."""
    assumed = find(own(GOOD, more="-- assumes: part: another thing\n-- unfinished: nothing; not even this\n"))
    assert assumed.assumes == "as a test needs it; part: another thing"
    assert assumed.unfinished == "as a test needs it; nothing; not even this"
    with pytest.raises(MeasureError, match=r"own.sql: `-- title:` stands twice in its header; leave one"):
        find(own(GOOD, more="-- title: another\n"))


@pytest.mark.parametrize("grain", ["part", "part, run", "run,", "run, part, part", "run, lo"])
def test_a_grain_begins_with_the_run_and_names_each_column_once(own, grain):
    """Any other grain is refused."""
    with pytest.raises(
        MeasureError, match=r"own.sql: `-- grain: .*`: it begins with run and names each further column once"
    ):
        find(own(GOOD, grain))


@pytest.mark.parametrize(
    "stated", ["much | of it", "nan | of it", "1e999 | of it", "1", "2 in [0, 1] | of it", "0 in (0, 1] | of it",
               "1 in [0, 1) | of it", "1 in 0, 1 | of it", "1 in [0, much] | of it"],
)  # fmt: skip
def test_a_parameter_has_a_number(own, stated):
    """A default that is no finite number, lies outside its own interval or has no meaning beside it, is refused."""
    with pytest.raises(MeasureError, match=r"own.sql: a parameter reads"):
        find(own(GOOD, more=f"-- parameter: x = {stated}\n"))


@pytest.mark.parametrize(
    ("interval", "takes", "refuses"),
    [("", [-1, 1e9], [inf, nan]), (" in [0, 1]", [0, 0.5, 1], [-0.001, 1.001, nan]),
     (" in (0, 1]", [0.001, 1], [0]), (" in [0, 1)", [0, 0.999], [1]), (" in [0, inf)", [0, 1e300], [inf])],
)  # fmt: skip
def test_a_parameter_lies_in_its_interval(own, interval, takes, refuses):
    """A round bracket leaves its end out; where none is stated any finite number will do."""
    measure = find(own(GOOD.replace("1 AS lo", "$x AS lo"), more=f"-- parameter: x = 0.5{interval} | of it\n"))
    assert [measure.given(x=value) for value in takes] == [{"x": value} for value in takes]
    for value in refuses:
        with pytest.raises(MeasureError, match=r"x = .* is not in"):
            measure.given(x=value)


def test_a_parameter_is_used(own):
    """One that neither the SQL names nor anything that it stands on hangs on would change nothing, whoever sets it."""
    with pytest.raises(MeasureError, match=r"own.sql: `-- parameter: x`: its SQL names no \$x"):
        find(own(GOOD, more="-- parameter: x = 1 | of nothing\n"))


def test_what_somebody_else_was_given_is_not_read(own):
    """A variable of the connection holds what the question before was asked with."""
    with pytest.raises(MeasureError, match=r"own.sql: calls getvariable\(\); a measure declares a parameter"):
        find(own("SELECT run, getvariable('dwell_hours') AS lo, 2 AS hi, 0 AS unknowns FROM run"))


def test_a_shared_parameter_lies_where_what_shares_it_takes_it(own):
    """Another default may be stated, not another interval: what stands below would give more than the whole."""
    hours = GOOD.replace("FROM run", "FROM run SEMI JOIN reach_law USING (run)")
    found = find(own(hours, more="-- parameter: dwell_hours = 3 | hours\n"))
    for value in (-1, 10**400):
        with pytest.raises(MeasureError, match=r"dwell_hours = .* is not in \[0, 876600\]"):
            found.given(dwell_hours=value)
    with pytest.raises(MeasureError, match=r"own.sql: `-- parameter: dwell_hours`: what it stands on takes it in \[0,"):
        find(own(hours, more="-- parameter: dwell_hours = 3 in [0, 1e9] | hours\n"))
    with pytest.raises(MeasureError, match=r"own.sql: `-- parameter: dwell_hours`: what it stands on takes it in \[0,"):
        find(own(hours, more="-- parameter: dwell_hours = -3 | hours\n"))


def test_a_measure_made_of_one_that_is_made_of_others_finds_all(own, store):
    """Whatever was asked before it."""
    made = own("SELECT e.run, min(e.lo) AS lo, max(e.hi) AS hi, 0 AS unknowns FROM exposure_per_task e GROUP BY e.run",
               more="-- reads: exposure_per_task\n")  # fmt: skip
    with Store.open(store) as opened, examine(opened, "truth") as examination:
        assert len(examination.measure(find(made))) == len(opened.rows("SELECT key FROM fact.run"))


@pytest.mark.parametrize(("worst", "quantile"), [(5, 0.95), (1, 0.99), (100, 0.0), (0, None)])
def test_the_worst_of_a_law_lie_beyond_a_quantile(tmp_path, worst, quantile):
    """That of the parameter; beyond the greatest of all lies nothing."""
    text, path = find("tail_radius").sql, tmp_path / "own.sql"
    stated = next(line for line in text.splitlines() if line.startswith("-- parameter: worst_percent"))
    path.write_text(text.replace(stated, f"-- parameter: worst_percent = {worst} in [0, 100] | percent"), "utf-8")
    assert load(path).share([]) == quantile


def test_what_others_are_made_of_is_asked_once(store, monkeypatch):
    """A measure that others read says the same before and after, and is not worked out for each of them."""
    asked, ask = [], Shared.ask
    monkeypatch.setattr(Shared, "ask", lambda shared, sql, given: asked.append(sql) or ask(shared, sql, given))
    jewels, per_task = find("crown_jewel_hours"), find("exposure_per_task")
    with Store.open(store) as opened, examine(opened, "truth") as examination:
        found = [examination.measure(each) for each in (jewels, per_task, jewels)]
        pd.testing.assert_frame_equal(found[0], found[2])
        assert sum(jewels.sql in sql for sql in asked) == 1
        # One of another text is another measure.
        own = "SELECT run, 'own' AS part, 1 AS lo, 2 AS hi, 0 AS unknowns FROM run"
        assert set(examination.measure(replace(find("stale_access"), sql=own))["part"]) == {"own"}
        assert set(examination.measure(find("stale_access"))["part"]) == {"used", "never_used", "total"}


def test_what_is_assumed_is_told_statement_by_statement():
    """Each beside the rows that it is about."""
    about = replace(find("tail_radius"), assumes="t1a, t2: nobody sleeps; all are alike. shares: of one")
    assert about.assumed == (("t1a, t2", "nobody sleeps"), ("", "all are alike"), ("shares", "of one"))


def test_a_measure_has_the_parameters_of_what_it_stands_on(own):
    """With their defaults unless it states its own, so that it says the same whatever was asked before."""
    hours = GOOD.replace("FROM run", "FROM run SEMI JOIN reach_law USING (run)")
    assert find(own(hours)).parameters == {"dwell_hours": 1}
    assert find(own(hours, more="-- parameter: dwell_hours = 3 | hours\n")).parameters == {"dwell_hours": 3}
    of_logs = set(find(own(GOOD.replace("FROM run", "FROM run SEMI JOIN log_law USING (run)"))).parameters)
    assert of_logs == {"found_median_hours", "found_sigma"}


def test_what_others_are_made_of_takes_parameters_too():
    """It is worked out once for all who want it as it is, and anew for who wants it otherwise."""
    tasks = [Task(0, 60, 90, "completed", arrived=60), Task(1, 22 * HOUR, 23 * HOUR, "broken", arrived=22 * HOUR)]
    with store_of(Ledger(DAY, tasks=tasks)) as store, examine(store, "truth", [1]) as examination:
        asked = [examination.measure(find("work_done"), **given) for given in ({}, {"horizon_hours": 1}, {})]
    broken = [each.set_index("outcome")["lo"]["broken"] for each in asked]
    assert broken == [0, 50, 0]


def test_a_row_named_as_a_quantile_that_does_not_say_of_what_is_each_runs_own(own, store):
    """Of replications it is the mean of theirs."""
    named = find(own("SELECT run, 'p95' AS stat, run AS lo, run AS hi, 0 AS unknowns FROM run", "run, stat"))
    with Store.open(store) as opened, examine(opened, "truth", [1, 2]) as examination:
        assert measured(examination, named).quantity([("stat", "p95")], [1, 2]).least[0] == 1.5


@pytest.mark.parametrize(("value", "takes"), [(MOST, True), (-MOST, True), (int(MOST) * 2, False)])
def test_a_parameter_is_any_number_that_a_database_holds(value, takes):
    """An integer may be too large for one."""
    [any_number] = stated(["-- parameter: any = 1 | a number"])
    assert any_number.takes(value) is takes


# ------------------------------------------------------------------------------------------------- what it may not do

WRITES = {
    "copy": "COPY run TO 'out.csv'",
    "insert": "INSERT INTO held SELECT * FROM held",
    "create": "CREATE TEMP TABLE mine AS FROM run",
    "attach": "ATTACH 'other.duckdb'",
    "install": "INSTALL httpfs",
    "set": "SET search_path = 'fact'",
    "use": "USE fact",
    "pragma": "PRAGMA database_list",
    "call": "CALL pragma_version()",
    "pivot": "PIVOT run ON control",
    "export": "EXPORT DATABASE 'out'",
}


@pytest.mark.parametrize("statement", WRITES.values(), ids=WRITES)
def test_what_is_no_select_is_refused(own, statement):
    """Alone, before and after a SELECT: a measure is one SELECT."""
    for body in (statement, f"{statement};\n{GOOD}", f"{GOOD};\n{statement}"):
        with pytest.raises(MeasureError, match=r"own.sql: .*one SELECT"):
            find(own(body))


@pytest.mark.parametrize("body", [f"{GOOD}; {GOOD}", "", "-- nothing", ";"])
def test_a_measure_is_one_select(own, body):
    """Not two, and not none; a semicolon at its end does no harm."""
    with pytest.raises(MeasureError, match=r"own.sql: holds \d statements; a measure is one SELECT"):
        find(own(body))
    assert find(own(f"{GOOD};\n-- the end")).grain == ("run",)


@pytest.mark.parametrize(
    "writing", ["DELETE FROM held RETURNING *", "INSERT INTO held FROM held", "COPY run TO 'x.csv'"]
)
def test_a_select_that_writes_is_refused(own, writing):
    """Nor may a part of the SELECT write."""
    with pytest.raises(MeasureError, match=r"own.sql: .* a measure only reads"):
        find(own(f"WITH gone AS ({writing}) {GOOD}"))


READS = {
    "a table in csv": "read_csv('x.csv')",
    "a table in parquet": "read_parquet('x.parquet')",
    "a text": "read_text('x')",
    "a folder": "glob('*')",
    "a query in a text": "query('FROM fact.run')",
    "a table named by a text": "query_table('fact.run')",
    "a schema's function": "main.read_text('x')",
    "tables": "duckdb_tables()",
    "settings": "duckdb_settings()",
    "a serialised query": "json_execute_serialized_sql('{}')",
}


@pytest.mark.parametrize("function", READS.values(), ids=READS)
def test_a_function_that_reads_is_refused(own, function):
    """Rows come from the evidence, or are made of values."""
    with pytest.raises(MeasureError, match=r"own.sql: calls .*\(\)"):
        find(own(f"{GOOD} WHERE EXISTS (FROM {function})"))


TOLD_TO_READ = {
    "a schema": ("by_somebody('truth.need')", "reads a file (truth.need)"),
    "a file": ("by_somebody('x.csv')", "reads a file (x.csv)"),
    "the catalogue": ("by_somebody('duckdb_tables')", "reads the catalogue (duckdb_tables)"),
    "a name made of parts": ("by_somebody('truth' || chr(46) || 'need')", "gives by_somebody() what is neither a name"),
    "a number and a file": ("survival('x.csv', 3 * 24)", "reads a file (x.csv)"),
}


@pytest.mark.parametrize(("call", "reason"), TOLD_TO_READ.values(), ids=TOLD_TO_READ)
def test_a_shared_function_reads_no_other_table(own, call, reason):
    """What measures share may be told to read evidence or a part of the measure, and nothing else."""
    with pytest.raises(MeasureError, match=re.escape(reason)):
        find(own(f"{GOOD} WHERE EXISTS (FROM {call})"))


NO_EVIDENCE = {
    **dict.fromkeys(["'x.csv'", '"x.parquet"', "'folder/*'", "'s3://x/y.json'"], "reads a file"),
    **dict.fromkeys(["sqlite_master", "pg_class", "Duckdb_Tables"], "reads the catalogue"),
    "nothing": "nothing does not exist",
}


@pytest.mark.parametrize(("name", "match"), NO_EVIDENCE.items())
def test_a_name_that_is_no_evidence_is_refused(store, own, name, match):
    """A file and the database's own catalogue are no evidence, nor is what is not there."""
    refused(store, own(f"{GOOD} WHERE EXISTS (FROM {name})"), match=match)


QUALIFIED = [
    "fact.run", 'fact."run"', '"fact" . "run"', "fact /**/ . /* -- */ run", "fact -- a dot follows\n.run", "FACT.RUN",
    "log.run", "truth.run", "ledger.task", "main.run", "temp.held", "memory.fact.run", "own.fact.run",
    "information_schema.tables", "pg_catalog.pg_class", "system.information_schema.tables",
]  # fmt: skip


@pytest.mark.parametrize("name", QUALIFIED)
@pytest.mark.parametrize(
    "body",
    [
        "FROM {} SELECT run, 1 AS lo, 1 AS hi, 0 AS unknowns",
        "SELECT run, (SELECT count(*) FROM {}) AS lo, 1 AS hi, 0 AS unknowns FROM run",
        "WITH x AS MATERIALIZED (FROM {}) SELECT run, 1 AS lo, 1 AS hi, 0 AS unknowns FROM run",
        "SELECT run, 1 AS lo, 1 AS hi, 0 AS unknowns FROM run SEMI JOIN (SUMMARIZE {}) ON true",
    ],
    ids=["from", "subquery", "with", "summarize"],
)
def test_a_schema_is_refused_however_it_is_written(own, body, name):
    """Quoted, spaced, with comments around the dot, deep inside: it names a schema."""
    with pytest.raises(MeasureError, match=r"own.sql: names a schema|own.sql: describes"):
        find(own(body.format(name)))


@pytest.mark.parametrize(
    "body",
    [
        f"{GOOD} -- as in fact.run\n",
        f"{GOOD} WHERE 'fact.run' <> 'log . event' /* as in \"fact\".run */",
        f"{GOOD} WHERE $$ FROM fact.run $$ <> ''",
        "SELECT log.run, 1 AS lo, 2 AS hi, 0 AS unknowns FROM run AS log",
        "WITH fact AS (FROM run) SELECT fact.run, 1 AS lo, 2 AS hi, 0 AS unknowns FROM fact, Range(1) AS once",
    ],
    ids=["comment", "text", "dollars", "alias", "with"],
)
def test_words_and_aliases_may_look_like_schemas(store, own, body):
    """A text, a comment and an alias read nothing."""
    assert outlive.measure(store, [own(body)])["run"].tolist() == [1, 2]


@pytest.mark.parametrize("name", ["held", "Held", '"HELD"'])
def test_shared_concepts_are_there(store, own, name):
    """A measure of the user's own stands on the same concepts as the bundled ones, however it writes their names."""
    counted = own("SELECT run, count(*) AS lo, lo AS hi, 0 AS unknowns FROM $ GROUP BY run".replace("$", name))
    assert outlive.measure(store, [counted])["lo"].min() > 0


def test_only_what_is_asked_for_is_made(store):
    """A measure that shares nothing with others waits for nothing; whoever has the connection itself has everything."""
    with Store.open(store) as opened, examine(opened, "truth") as examination:
        examination.measure(find("work_done"))
        made = "SELECT table_name FROM duckdb_tables() WHERE temporary"
        there = set(examination._connection.execute(made).fetchall())  # noqa: SLF001
        assert there == {("run",), ("task",), ("offered",), ("work_done",)}
        everything = set(examination.connection.execute(made).fetchall())
        assert {("carried_once",), ("event",), ("held",), ("in_line",), ("unscoped",)} < everything


@pytest.mark.parametrize(
    ("evidence", "some"),
    [
        ("log", slice(0, None, 3)),
        ("truth", slice(1, None, 3)),
        *(pytest.param(evidence, slice(None), marks=pytest.mark.soak) for evidence in ("log", "truth")),
    ],
)
def test_much_evidence_is_measured_as_little(store, evidence, some, monkeypatch):
    """Whether what a measure looks at is copied or looked up makes no difference; each third one is asked here."""
    asked = [each for each in measures() if evidence in each.evidence][some]
    with Store.open(store) as opened, examine(opened, evidence) as examination:
        copied = [examination.measure(each) for each in asked]
    assert all(set(each["run"]) == {1, 2} for each in copied)
    monkeypatch.setattr("analysis.measures.concepts.concepts._LITTLE", -1)
    with Store.open(store) as opened, examine(opened, evidence) as examination:
        for measure, found in zip(asked, copied, strict=True):
            pd.testing.assert_frame_equal(examination.measure(measure), found)


def test_nesting_has_an_end(own):
    """Queries in queries, four hundred deep, are refused and not followed."""
    with pytest.raises(MeasureError, match=r"own.sql: .*nested too deeply"):
        find(own("FROM (" * 400 + GOOD + ")" * 400))


def test_a_syntax_error_is_told_with_its_line(own):
    """One line, which names the file and the line in it."""
    with pytest.raises(MeasureError, match=r'own.sql: line 9: syntax error at or near "WHERE"'):
        find(own("SELECT run\nFROM WHERE"))


def test_measuring_closes_the_way_to_files(store, tmp_path):
    """What is read from a store that is open for reading cannot reach beyond it, whatever a query says."""
    (tmp_path / "x.csv").write_text("a\n1\n", "utf-8")
    with Store.open(store) as opened, examine(opened, "truth") as examination:
        with pytest.raises(Exception, match="disabled by configuration"):
            examination.connection.execute(f"FROM '{tmp_path / 'x.csv'}'")
        with Store.open(store) as again, examine(again, "truth") as other:
            assert other.measure(find("work_done"))["run"].nunique() == 2


def test_a_store_open_for_writing_can_still_take_files_in(tmp_path):
    """Measuring while a store is written does not keep it from adopting what workers left."""
    with Store.create(tmp_path / "new.duckdb") as opened:
        with examine(opened, "truth"):
            pass
        opened.export(tmp_path)
        opened.adopt([tmp_path], [], [])


def test_each_row_is_told_in_its_own_unit(own):
    """By the last word of its label, or by the whole of it, whichever is stated first; of one unit, every row."""
    several = find(own(GOOD))
    assert several.unit.of(["any", "p50"]) == "as a test needs it"
    stated = units("tasks | late p50; seconds | p*, mean; percent | *_percent")
    told = [("late", "p50"), ("early", "p50"), ("mean",), ("done_percent",), ("other",)]
    assert [stated.of(label) for label in told] == ["tasks", "seconds", "seconds", "percent", ""]
    assert str(stated) == "tasks; seconds; percent"


def test_whatever_measures_share_can_be_explained():
    """Each concept by name, with all of its text and what is said of it; a measure names those it reads or calls."""
    texts = written()
    assert texts.keys() == concepts().keys()
    assert "".join(sql for _, sql in texts.values()).count("CREATE TEMP") == len(texts)
    said = "Whether there are several different ones; to count them all would take memory for each."
    assert texts["several"][0] == said
    assert texts["at_most"][0] == texts["proven"][0] != ""
    text = "WITH covered AS (SELECT percent_of(1, 2) FROM run JOIN held USING (run)) FROM covered -- FROM gone"
    assert named(text) == ["percent_of", "covered", "held"]
