"""What every measure in the folder must keep: its header, its columns, its refusals, and what a log lets it claim."""

import re
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sqlglot

from analysis.ingest.ingest import ingest
from analysis.ingest.source import sources
from analysis.measures.concepts.concepts import concepts
from analysis.measures.examination import examine
from analysis.measures.measure import MeasureError, find, load, measures
from analysis.measures.units import goes_by
from sim import scenario
from sim.audit.store import Store
from sim.control import model
from sim.experiment import Plan, carry_out
from sim.reference.run import simulate
from sim.workload.dimensions import dimensions
from tests.ledgers import answers
from tests.worlds import Do, Work, control, world

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
CONTROLS = sorted((DATA / "controls").glob("*.toml"))
GOLDEN = ROOT / "tests" / "golden" / "measures"
MEASURES = {measure.name: measure for measure in measures()}
ON_LOGS = [name for name, measure in MEASURES.items() if "log" in measure.evidence]
HEADER = ("title", "question", "unit", "grain", "unfinished", "assumes", "source")
SCHEMAS = ("fact", "ledger", "log", "truth", "main")

# A morning of four agents without a theft, whose uses of stolen credentials a log takes for need.
QUIET = {
    "start": "2026-01-05T08:00:00Z", "window.warm_up_hours": 1, "window.hours": 2, "fleet.agents": 4,
    "incidents.t1b.count": 0, "drift.share": 0,
}  # fmt: skip
LISTED = {"past.inventory": 1}
# What a snapshot lists is known, how much it leaves out is not; and of before the log began, not what came and went.
LEFT_OUT = {"unowned", "shadow", "excess_grant", "outlived_agent", "shared_secret", "unreviewed", "all"}
# What no log says: whether an approver looked, and whose it was that was refused.
UNTOLD = {("approval_peak", "inspected_percent"), ("least_privilege", "granted under_privilege")}
# The same with every hindrance: refusals, issues that take long, approvers who are seldom there.
HARSH = QUIET | {"issue_latency.median_s": 20, "approvers.opens": 9, "approvers.closes": 10, "fleet.concurrency": 4}
GIVEN = {"work_done": {"horizon_hours": 0.5}}
PROFILES = ("full", "cloud_audit", "human_login")
LOSSES = (15,)

LOSING = """
    INSERT INTO fact.log_profile
    SELECT * REPLACE (name || ' losing ' || $percent AS name, 65536 * $percent // 100 AS dropped, false AS whole)
    FROM fact.log_profile WHERE list_contains($profiles, name)
"""
# Runs once more, each beside itself as another run that is seen through another profile.
COPIED = "SELECT r.* REPLACE (c.copy AS key, r.id || ' seen as ' || c.profile AS id, c.profile AS profile)"
ANEW = "SELECT t.* REPLACE (c.copy AS run)"
ALL_OF_A_RUN = """
    SELECT table_name FROM duckdb_columns() WHERE schema_name = 'fact' AND column_name = 'run' ORDER BY table_name
"""


class Runs:
    """Runs of the control models on one morning, and what all measures say of them."""

    def __init__(self, store, runs, truth, logs, results):
        """What is said of the truth, and of the log of each profile, by measure and run; the truth as it was given."""
        self.store, self.runs, self.truth, self.logs = store, runs, truth, logs
        self.results = {name: result[result["run"].isin(list(runs))] for name, result in results.items()}

    def said(self, profile):
        """What every measure says of every run: on the truth, or on the log of a profile."""
        return self.truth if profile == "truth" else self.logs[profile]

    def compared(self, name, profile):
        """(control model, part, truth, log) of a measure, row by row."""
        truth, log = self.truth[name], self.logs[profile][name]
        return [(self.runs[run], part, truth[run][part], log[run][part]) for run in truth for part in truth[run]]


def simulated(store, settings, knobs):
    """All bundled control models on one workload, by the keys of their runs."""
    models = tuple(model.load(path, knobs(path)) for path in CONTROLS)
    plan = Plan(scenario.load(DATA / "scenarios" / "support_midsize.toml", settings), models, 1, seed=3, processes=1)
    keys = carry_out(plan, store, lambda _done, _of: None)
    return dict(zip(keys, [path.stem for path in CONTROLS], strict=True))


def prepared(store):
    """On a log need is use, so it is compared with what was used; and there are profiles that lose events."""
    store.connection.execute("DELETE FROM fact.need WHERE NOT met")
    for percent in LOSSES:
        store.connection.execute(LOSING, {"percent": percent, "profiles": list(PROFILES)})


def copied(store, copies):
    """Let there be runs again: a new key for each run and profile."""
    store.connection.execute("CREATE TEMP TABLE copied (run INTEGER, profile VARCHAR, copy INTEGER)")
    rows = [(run, profile, copy) for (run, profile), copy in copies.items()]
    store.connection.executemany("INSERT INTO copied VALUES (?, ?, ?)", rows)
    store.connection.execute(f"INSERT INTO fact.run {COPIED} FROM fact.run r JOIN copied c ON c.run = r.key")
    for (table,) in store.rows(ALL_OF_A_RUN):
        store.connection.execute(f"INSERT INTO fact.{table} {ANEW} FROM fact.{table} t JOIN copied c USING (run)")
    store.complete(*copies.values())


def listing(_):
    """Knobs of a log that lists identities."""
    return {"governance.inventory": 1}


def refusing(path):
    """Knobs under which one decision in ten is a refusal, where there are decisions."""
    return {} if model.load(path).decision.at == "onboarding" else {"decision.false_denial": 0.1}


# Each with the profiles that it is seen through.
MORNINGS = {
    "quiet": (QUIET | LISTED, listing, (*PROFILES, *(f"{profile} losing {n}" for profile in PROFILES for n in LOSSES))),
    "straying": (QUIET | {"drift.share": 0.05}, listing, ("full",)),
    "harsh": (HARSH, refusing, PROFILES),
}


@pytest.fixture(scope="module")
def mornings():
    """All mornings, seen through all profiles: in one store, because what takes long is to plan a question."""
    with Store.in_memory() as store:
        runs = {name: simulated(store, settings, knobs) for name, (settings, knobs, _) in MORNINGS.items()}
        prepared(store)
        seen = [
            (run, profile) for name, (*_, profiles) in MORNINGS.items() for profile in profiles for run in runs[name]
        ]
        copies = dict(zip(seen, range(1001, 1001 + len(seen)), strict=True))
        copied(store, copies)
        truth = asked(store, "truth", [run for each in runs.values() for run in each], results := {})
        log = asked(store, "log", list(copies.values()))
        yield {
            name: Runs(store, runs[name], of(truth, {run: run for run in runs[name]}), {
                profile: of(log, {copies[run, profile]: run for run in runs[name]}) for profile in profiles
            }, results)
            for name, (*_, profiles) in MORNINGS.items()
        }  # fmt: skip


def asked(store, evidence, runs, results=None):
    """What all measures say of runs; their results are added as they are given."""
    with examine(store, evidence, runs) as examination:
        noted = _Noted(examination, {} if results is None else results)
        names = [name for name in MEASURES if evidence in MEASURES[name].evidence]
        return {name: answers(noted, name, **GIVEN.get(name, {})) for name in names}


class _Noted:
    """An examination of which each result is kept."""

    def __init__(self, examination, results):
        self.examination, self.results = examination, results

    def measure(self, measure, **given):
        """The same, kept."""
        self.results[measure.name] = self.examination.measure(measure, **given)
        return self.results[measure.name]


def of(said, runs):
    """What is said of some runs, under other keys."""
    return {name: {key: found[run] for run, key in runs.items()} for name, found in said.items()}


@pytest.fixture(scope="module")
def quiet(mornings):
    """A morning as it is bundled."""
    return mornings["quiet"]


@pytest.fixture(scope="module")
def straying(mornings):
    """A morning on which one call in twenty is followed by one that no plan holds."""
    return mornings["straying"]


@pytest.fixture(scope="module")
def harsh(mornings):
    """A morning on which one decision in ten is a refusal."""
    return mornings["harsh"]


@pytest.fixture(scope="module")
def ingested():
    """The sample of every source, each as one run."""
    store = Store.in_memory()
    for name in sources():
        ingest([DATA / "samples" / name], store)
    yield store
    store.close()


def contains(log, truth):
    """Whether an interval holds what is true; rounding apart. An open end holds anything."""
    reach = 1e-9 * max(1, abs(truth.lo or 0), abs(truth.hi or 0))
    low = log.lo is None or (truth.lo is not None and log.lo <= truth.lo + reach)
    high = log.hi is None or (truth.hi is not None and log.hi >= truth.hi - reach)
    return low and high


def in_order(answer):
    """Whether two bounds are in order; an open one always is."""
    return None in answer[:2] or answer.lo <= answer.hi * (1 + 1e-12)


def is_one_line(refusal):
    """A refusal is told in one line."""
    return "\n" not in str(refusal.value).strip()


# ------------------------------------------------------------------------------------------------------------- headers


@pytest.mark.parametrize("name", MEASURES)
def test_a_header_says_everything(name):
    """Title, question, unit, grain, what is unfinished, assumptions and source are each more than a word or two."""
    measure = MEASURES[name]
    assert measure.title
    assert all(map(str.strip, dict(measure.unit.stated)))
    assert measure.question.endswith("?")
    assert measure.grain[0] == "run"
    assert all(len(getattr(measure, key).split()) >= 2 for key in ("question", "unfinished", "assumes", "source"))


STATED = [(name, *each) for name, measure in MEASURES.items() for each in (*measure.assumed, *measure.left_open)]


@pytest.fixture(scope="module")
def known():
    """What rows go by, measure by measure: the words of those that are worked by hand, and the columns they are of."""
    words = {}
    for name, measure in MEASURES.items():
        lines = [line for path in (GOLDEN / name).glob("*.csv") for line in path.read_text("utf-8").splitlines()]
        labels = [line.split(",")[1 : len(measure.grain)] for line in lines if not line.startswith("#")]
        words[name] = {word for label in labels for word in label}
    return words


def test_what_a_statement_is_about_is_a_row(known):
    """What stands before its colon is set as code: it is the name of a row, a pattern of such, or a column of them."""
    about = {(name, row) for name, rows, _ in STATED for row in rows.split(", ") if row}
    assert sorted((name, row) for name, row in about if not any(goes_by([word], [row]) for word in known[name])) == []


def test_no_statement_is_a_piece_of_another(known):
    """A semicolon inside a list or brackets cuts it: what is left begins with a row and a comma, or is a bare name."""
    pieces = {name: re.compile(rf"(?:{'|'.join(map(re.escape, known[name]))}),|\S+$") for name in MEASURES}
    assert [(name, text) for name, rows, text in STATED if not rows and pieces[name].match(text)] == []
    assert [(name, text) for name, _, text in STATED if text.count("(") != text.count(")")] == []


@pytest.fixture(scope="module")
def shared():
    """What a name means to every measure: a concept, or what the evidence offers."""
    with Store.in_memory() as store:
        views = store.rows("SELECT view_name FROM duckdb_views() WHERE schema_name IN ('log', 'truth')")
    return {*concepts(), *(name for (name,) in views)}


@pytest.mark.parametrize("name", MEASURES)
def test_no_part_of_a_measure_has_the_name_of_what_is_shared(shared, name):
    """A reader would take it for that; and what that stands on would be made for nothing."""
    tree = sqlglot.parse_one(MEASURES[name].sql, dialect="duckdb")
    assert not {part.alias for part in tree.find_all(sqlglot.exp.CTE)} & shared


@pytest.mark.parametrize("key", HEADER)
def test_a_measure_without_one_line_of_its_header_is_refused(tmp_path, key):
    """The refusal names the file and the line that is missing, also where there were several of its kind."""
    name = "revoke_on_compromise"
    lines = MEASURES[name].sql.splitlines()
    path = tmp_path / f"{name}.sql"
    path.write_text("\n".join(line for line in lines if not line.startswith(f"-- {key}: ")), "utf-8")
    with pytest.raises(MeasureError, match=f"{name}.*-- {key}:") as refusal:
        load(path)
    assert is_one_line(refusal)


def written(tmp_path, body):
    """A measure of the user's own."""
    path = tmp_path / "own.sql"
    head = "".join(f"-- {key}: {'run' if key == 'grain' else 'as a test needs it'}\n" for key in HEADER)
    path.write_text(head + body, "utf-8")
    return str(path)


@pytest.mark.parametrize(
    "source", [*(f"FROM {schema}.run" for schema in SCHEMAS), "FROM Fact . run", 'FROM "fact"."run"']
)
def test_a_measure_that_names_a_schema_is_refused(tmp_path, source):
    """It would read evidence that it was not given."""
    with pytest.raises(MeasureError, match="names a schema") as refusal:
        find(written(tmp_path, f"{source} SELECT run, 1 AS lo, 1 AS hi, 0 AS unknowns"))
    assert is_one_line(refusal)


def test_a_comment_may_name_a_schema(tmp_path):
    """Only what is run can read."""
    assert (
        find(written(tmp_path, "-- as in fact.run\nSELECT run, 1 AS lo, 1 AS hi, 0 AS unknowns FROM run")).name == "own"
    )


def test_a_bundled_measure_says_between_what_its_parameters_may_lie():
    """So that none gives a figure for what cannot be."""
    declared = [parameter for measure in MEASURES.values() for parameter in measure.declared.values()]
    assert declared
    assert [parameter.name for parameter in declared if not parameter.interval] == []


@pytest.mark.parametrize("name", MEASURES)
def test_a_parameter_that_a_measure_does_not_have_is_refused(quiet, name):
    """In one line that names the measure."""
    with examine(quiet.store, "truth", [1]) as examination, pytest.raises(MeasureError, match=name) as refusal:
        examination.measure(MEASURES[name], nonsense=1)
    assert is_one_line(refusal)


OVERRIDDEN = {name: p.unless for measure in MEASURES.values() for name, p in measure.declared.items() if p.unless}


@pytest.mark.parametrize("name", OVERRIDDEN)
def test_a_parameter_that_a_scenario_goes_before_is_refused(quiet, name):
    """It would change nothing in silence: the line names it, what the scenario says, and how to change that."""
    section, key = OVERRIDDEN[name].split(".")
    says = scenario.load(DATA / "scenarios" / "support_midsize.toml", QUIET).model_dump()[section][key]
    measure = next(measure for measure in MEASURES.values() if name in measure.declared)
    with examine(quiet.store, "truth", [2, 3]) as examination, pytest.raises(MeasureError) as refusal:
        examination.measure(measure, **{name: 0.5})
    told = re.fullmatch(rf"(\w+): {name} = 0.5 changes nothing of run 2 and of 1 more, (.*)", str(refusal.value))
    assert told[1] == measure.name
    stated = re.fullmatch(rf"whose scenario says {section}.{key} = (\S+): (.*)", told[2])
    assert float(stated[1]) == says
    assert f"`--set scenario.{section}.{key}=...`" in stated[2]


def test_a_default_gives_way_to_a_scenario_and_no_other_parameter_is_refused(quiet):
    """Of a run whose scenario says hazards all measures are asked without a word, and dwell time is given."""
    assert OVERRIDDEN.keys() >= {"process_per_hour", "issuer_per_hour", "found_median_hours"}
    assert "dwell_hours" not in OVERRIDDEN
    with examine(quiet.store, "truth", [1]) as examination:
        assert len(examination.measure(MEASURES["annual_loss"], dwell_hours=2))


def test_a_parameter_that_the_header_does_not_declare_is_refused(quiet, tmp_path):
    """What a measure reads and nobody gives has no value."""
    own = find(written(tmp_path, "SELECT run, $undeclared AS lo, 1 AS hi, 0 AS unknowns FROM run"))
    with examine(quiet.store, "truth", [1]) as examination, pytest.raises(MeasureError, match="own") as refusal:
        examination.measure(own)
    assert is_one_line(refusal)
    with examine(quiet.store, "truth", [1]) as examination, pytest.raises(MeasureError, match="no parameter 'hours'"):
        examination.measure(MEASURES["blast_radius"], hours=1)


def test_what_measures_share_is_worked_out_for_the_parameters_given(quiet):
    """Also where it was for others before, and for a measure that states fewer of them."""
    radius, hops = MEASURES["blast_radius"], MEASURES["reach_by_hops"]
    with examine(quiet.store, "truth", list(quiet.runs)) as examination:
        apart = [
            (examination.measure(radius, dwell_hours=hours), examination.measure(hops, dwell_hours=hours))
            for hours in (1, 3, 1)
        ]
    for one, again in zip(apart[0], apart[2], strict=True):
        pd.testing.assert_frame_equal(one, again)
    for one, other in zip(apart[0], apart[1], strict=True):
        assert (other["hi"] >= one["hi"]).all()
        assert (other["hi"] > one["hi"]).any()
    with examine(quiet.store, "truth", list(quiet.runs)) as examination:
        pd.testing.assert_frame_equal(examination.measure(hops, dwell_hours=3), apart[1][1])


def test_a_measure_made_of_others_finds_them_under_their_names(quiet, tmp_path):
    """Each that it reads is a table; what is no measure is refused, and no measure hides evidence or a concept."""
    body = "SELECT run, hours.lo, hours.hi, hours.unknowns FROM shadow_keys AS hours"
    path = Path(written(tmp_path, body))
    path.write_text("-- reads: shadow_keys\n" + path.read_text("utf-8"), "utf-8")
    with examine(quiet.store, "truth", list(quiet.runs)) as examination:
        told = examination.measure(find(str(path)))
        assert told["lo"].tolist() == examination.measure(find("shadow_keys"))["lo"].tolist()
        shown = {
            name for (name,) in examination.connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
        }
        shown |= {name for (name,) in examination.connection.execute("SELECT view_name FROM duckdb_views()").fetchall()}
    assert shown & set(MEASURES) == {"shadow_keys"}
    path.write_text(path.read_text("utf-8").replace("-- reads: shadow_keys", "-- reads: run"), "utf-8")
    with pytest.raises(MeasureError, match=r"reads: run.*no measure 'run'") as refusal:
        find(str(path))
    assert is_one_line(refusal)


def test_an_unknown_measure_is_refused_with_the_known_ones():
    """Whoever misspells a name is told all of them."""
    with pytest.raises(MeasureError, match=", ".join(MEASURES)) as refusal:
        find("crown_jewels")
    assert is_one_line(refusal)


# ------------------------------------------------------------------------------------------------------------- results


@pytest.mark.parametrize("name", MEASURES)
def test_a_result_is_grain_and_bounds(quiet, name):
    """The columns are those of the grain, then lo, hi and unknowns; each run has the same parts, once."""
    measure, result = MEASURES[name], quiet.results[name]
    assert result.columns.tolist() == [*measure.grain, "lo", "hi", "unknowns"]
    assert not result.duplicated(list(measure.grain)).any()
    assert result["unknowns"].dtype.kind == "i"
    parts = {run: frozenset(answer) for run, answer in quiet.said("truth")[name].items()}
    assert set(parts) == set(quiet.runs)
    assert len(set(parts.values())) == 1


@pytest.mark.parametrize("name", MEASURES)
def test_each_row_has_a_unit_and_each_unit_a_row(quiet, name):
    """Of several units a header says which rows are told in which; none is stated for no row."""
    measure, result = MEASURES[name], quiet.results[name]
    labels = result[list(measure.grain[1:])].astype(str).to_numpy().tolist()
    assert {measure.unit.of(label) for label in labels} == set(dict(measure.unit.stated))


@pytest.mark.parametrize("profile", ["truth", *PROFILES, *(f"{p} losing {n}" for p in PROFILES for n in LOSSES)])
def test_bounds_are_in_order(quiet, profile):
    """What is proven is never more than what is at most, and nothing is less than nothing, in any log of any run."""
    wrong = [
        (name, run, part, answer)
        for name, said in quiet.said(profile).items()
        for run, parts in said.items()
        for part, answer in parts.items()
        if (answer.lo or 0) < 0 or not in_order(answer)
    ]
    assert wrong == []


@pytest.fixture(scope="module")
def ingested_said(ingested):
    """What every measure says of the sample of every source."""
    with examine(ingested, "log") as examination:
        return {name: answers(examination, name) for name in ON_LOGS}


@pytest.mark.parametrize("name", ON_LOGS)
def test_a_real_log_is_measured_as_a_simulated_one(ingested_said, name):
    """On the sample of every source a measure has a row for each part, in order, and says what it does not know."""
    assert len(ingested_said[name]) == len(sources())
    for parts in ingested_said[name].values():
        assert all(map(in_order, parts.values()))


def any_log_tells(about):
    """Whether a part of a measure is of what was touched, and by whom, alone, or declared of a platform."""
    name, part = about
    told = {("forensics", each) for each in ("changes", "outcome", "time_order", "touch")}
    told |= {("least_privilege", f"learnt {each}_privilege") for each in ("over", "under")}
    of_touch = about in told or name == "observed_footprint"
    return of_touch or goes_by(part.split(), MEASURES[name].terms)


@pytest.mark.parametrize("name", ON_LOGS)
def test_what_a_log_cannot_show_is_not_zero(quiet, name):
    """Where a log names no credentials, tasks, scopes and actions, every answer is open, not clean."""
    told = quiet.compared(name, "human_login")
    shown = {part for _, part, _, log in told if log[:2] != (None, None)}
    told_by_any = {part for _, part, truth, _ in told if any_log_tells((name, part)) and truth[:2] != (None, None)}
    assert shown == told_by_any


@pytest.mark.parametrize("name", sorted(set(MEASURES) - set(ON_LOGS)))
def test_what_only_the_truth_holds_is_refused_of_a_log(quiet, name):
    """A measure that reads what no log has is refused on a log in one line."""
    with examine(quiet.store, "log", [1]) as examination, pytest.raises(MeasureError, match=name) as refusal:
        examination.measure(MEASURES[name])
    assert is_one_line(refusal)


def test_a_run_that_was_not_completed_is_refused(quiet):
    """Half a run is not measured, and the line says what to do."""
    connection = quiet.store.connection
    [(when,)] = quiet.store.rows("SELECT completed FROM fact.run WHERE key = 1")
    connection.execute("UPDATE fact.run SET completed = NULL WHERE key = 1")
    try:
        with (
            pytest.raises(MeasureError, match="run 1 was not completed; run the same command again") as refusal,
            examine(quiet.store, "truth", [1]),
        ):
            pass
        assert is_one_line(refusal)
        with examine(quiet.store, "truth") as examination:
            assert 1 not in answers(examination, "work_done")
    finally:
        connection.execute("UPDATE fact.run SET completed = $when WHERE key = 1", {"when": when})


def test_a_run_that_is_not_there_is_refused(quiet):
    """In one line that names it."""
    with pytest.raises(MeasureError, match="no run 99") as refusal, examine(quiet.store, "log", [99]):
        pass
    assert is_one_line(refusal)


def test_a_real_run_has_no_truth(ingested):
    """Whoever asks for it is told to measure the log, and without naming a run finds nothing."""
    with pytest.raises(MeasureError, match="has no truth; measure its log") as refusal, examine(ingested, "truth", [1]):
        pass
    assert is_one_line(refusal)
    with examine(ingested, "truth") as examination:
        assert answers(examination, "work_done") == {}


# ---------------------------------------------------------------------------------------------- what a log may claim

BOTH = pytest.mark.parametrize(("name", "profile"), list(product(ON_LOGS, PROFILES)))


def wrong(runs, name, profile):
    """Where a log's interval does not hold the truth."""
    return [row for row in runs.compared(name, profile) if not contains(row[3], row[2])]


@pytest.mark.parametrize("name", ON_LOGS)
def test_a_full_log_tells_the_truth(quiet, name):
    """Where everything is logged and nobody is refused, the two bounds are the truth; or one, where no log has both."""
    assert [row for row in quiet.compared(name, "full") if not (equal(*row[2:]) or half_told(name, *row[1:]))] == []


def half_told(name, part, truth, log):
    """Whether a log says all that it can: of what it lists, from when it began; who may be reached; what was cut."""
    word, _, stat = part.partition(" ")
    come_and_gone, aged = stat in {"opening", "inflow", "outflow"}, word in LEFT_OUT and stat.startswith("age_")
    if name == "human_reach":
        return contains(log, truth) and log.lo is not None
    if (name, part) in UNTOLD:
        return log[:2] == (None, None)
    if name == "cascade":
        # No simulated log says what a credential was cut from.
        return (log.lo or 0, log.hi) == (0, None)
    if name == "identity_debt" and (come_and_gone or aged):
        return log[:2] == (None, None)
    if name == "orphans" and (word == "owner" or stat in {"percent", "days"}):
        return log[:2] == (None, None)
    open_above = word in LEFT_OUT if name == "identity_debt" else name == "orphans" or part in {"behalf", "delegation"}
    return open_above and log.hi is None and log.lo == pytest.approx(truth.lo)


def equal(truth, log):
    """Whether a log says just what is true."""
    pairs = zip(truth[:2], log[:2], strict=True)
    return all(a == b if None in (a, b) else a == pytest.approx(b, rel=1e-9, abs=1e-12) for a, b in pairs)


@BOTH
def test_a_log_is_not_wrong(quiet, name, profile):
    """Whatever a log leaves out, the interval that it gives holds the truth, under every control model."""
    assert wrong(quiet, name, profile) == []


@pytest.mark.parametrize("name", ON_LOGS)
def test_a_log_of_strays_is_not_wrong(straying, name):
    """Nor where agents do what nobody planned: a log does not know whether that was needed, but no endless need."""
    assert wrong(straying, name, "full") == []


@BOTH
def test_a_log_of_refusals_is_not_wrong(harsh, name, profile):
    """Nor where requests are refused, issues take long and approvers are away."""
    assert wrong(harsh, name, profile) == []


@BOTH
def test_a_log_with_holes_is_not_wrong(quiet, name, profile):
    """Nor where three events in twenty are lost at random."""
    assert [row for percent in LOSSES for row in wrong(quiet, name, f"{profile} losing {percent}")] == []


def on_both(name, workload, settings, profile):
    """What a measure says of a tiny world on the truth and on a log, by part."""
    times = {name: np.datetime64(getattr(workload, name), "us") for name in ("begins", "t0", "t1")}
    run = {"key": 1, "id": "run", "kind": "simulated", "workload": 1, "profile": profile, "version": "1", **times}
    with Store.in_memory() as store:
        store.connection.execute(UNAPPROVED)
        store.write_workload(1, dimensions(workload, "bench"))
        store.write_run(run, simulate(workload, control(settings)))
        with examine(store, "truth") as truth, examine(store, "log") as log:
            return answers(truth, name)[1], answers(log, name)[1]


def test_a_call_of_unknown_length_proves_no_idle_access():
    """A call of 80 s, of which the log tells the start, leaves 20 of 100 s unneeded, and the log may not say 90."""
    work = Work([Do("write money", think=10, takes=80), Do("read notes")])
    truth, log = on_both("crown_jewel_hours", world([work], until=1000), {}, "cloud_audit")
    assert truth["held task"].lo == pytest.approx(20 / 1000 * 24)
    assert contains(log["held task"], truth["held task"])


def test_a_task_under_two_sessions_needs_what_it_needs_in_both():
    """Money at 10 s and at 160 s, a session that ends at 100 s: the first was needed from 10 s to its end."""
    works = [Work([Do("write money", think=10), Do("read notes", think=80), Do("write money", think=70)])]
    session = {"issue.unit": "session", "issue.authority": "own_role"}
    truth, log = on_both("crown_jewel_hours", world(works, until=165), session, "cloud_audit")
    assert truth["held task"].lo < 30 / 165 * 24
    assert contains(log["held task"], truth["held task"])


UNAPPROVED = """
    INSERT INTO fact.log_profile
    SELECT * REPLACE ('unapproved' AS name, ['issue', 'use', 'task_start', 'task_end']::event_kind[] AS kinds)
    FROM fact.log_profile WHERE name = 'full'
"""


def test_a_log_without_approvals_does_not_say_that_there_were_none():
    """Where approvals are not recorded their number is not known."""
    workload = world([Work([Do("write money")])], until=1000)
    truth, log = on_both("approvals", workload, {"approval.from_tier": 3}, "unapproved")
    assert truth["requests_per_100_tasks"].lo == 100
    assert contains(log["requests_per_100_tasks"], truth["requests_per_100_tasks"])


def test_what_is_being_looked_at_when_a_run_ends_is_no_wait_any_more_but_work():
    """One approver takes 1000 s each; of three who ask at 0, 10 and 20 s the second is looked at when 1500 s are over.

    They waited for 0 and 990 s, and for 1480 s at least, and kept the approver busy all the time. The log tells of the
    first inspection only: the others may have begun at once, or not.
    """
    figures = {
        "approvers.staff": 1, "approvers.opens": 0, "approvers.closes": 24, "approvers.weekends": True,
        "approvers.inspection_median_s": 1000, "approvers.inspection_sigma": 0, "fleet.concurrency": 3,
    }  # fmt: skip
    workload = world([Work([Do("write money")], at=at) for at in (0, 10, 20)], figures, until=1500)
    standing = {"issue.unit": "standing", "issue.authority": "own_role", "lifetime.ttl_s": "never"}
    truth, log = on_both("approvals", workload, {**standing, "approval.from_tier": 3}, "full")
    assert truth["wait_p95_minutes"] == (pytest.approx(1480 / 60), None, 0)
    assert log["wait_p95_minutes"] == (0, None, 2)
    assert truth["minutes_per_100_tasks"] == (pytest.approx(1500 / 60 * 100 / 3), pytest.approx(1500 / 60 * 100 / 3), 0)
    least, most = 1000 / 60, (1000 + 1490 + 1480) / 60
    assert log["minutes_per_100_tasks"] == (pytest.approx(least * 100 / 3), pytest.approx(most * 100 / 3), 2)


def test_what_work_needs_does_not_depend_on_control():
    """Need is a fact of the workload: two calls of ten seconds need as much where the first is refused."""
    works = [Work([Do("write money", takes=10), Do("read notes", takes=10)])]
    refusing = {"issue.unit": "action", "decision.at": "request", "decision.false_denial": 1}
    workload = world(works, until=1000)
    free, refused = (on_both("privilege_hours", workload, knobs, "full")[0] for knobs in ({}, refusing))
    assert refused["identity_need_action"] == free["identity_need_action"]
