"""Every default is a named assumption: it has a source, a range or a reason for none, and its effect can be told."""

import csv
import io
import json
from dataclasses import dataclass, replace

import numpy as np
import pytest

import outlive
from analysis.comparison import compare
from analysis.pooled import Pool
from analysis.report.varied import sentence
from analysis.samples import Sample
from analysis.sensitivity import HEADLINES, Effect, End, Sensitivity, Tornado, Turning, sign_of
from analysis.sensitivity import sensitivity as reread
from analysis.statistics import interval, known
from outlive.assumptions import in_play, scales
from outlive.bundled import bundled, root
from outlive.cli import main
from outlive.compare import plan
from outlive.draws import drawn
from outlive.pictures import shown
from outlive.ranges import Figure, Range, covers, figures, is_number, load, size
from outlive.ranges import said as described
from outlive.trials import Known
from outlive.turning import Search, halved
from outlive.varying import Varied, varied, with_settings
from sim.audit.refusal import Refusal
from sim.audit.store import Store
from sim.toml import DeclarationError

SMALL = {
    "scenario.start": "2026-01-05T09:00:00Z", "scenario.window.hours": 1, "scenario.window.warm_up_hours": 1,
    "scenario.fleet.agents": 2,
}  # fmt: skip
OVER = ["scenario.approvers.inspected", "control.revocation.failure", "control.decision.coverage"]
RANGES = load()


def request(*controls, **settings):
    """A short morning under these models."""
    return outlive.Request("support_midsize", controls, replicates=2, processes=1, settings={**SMALL, **settings})


def every_figure():
    """Each figure of the bundled scenarios, and of the control models in one of them."""
    controls = [path.stem for path in bundled("controls")]
    for path in bundled("scenarios"):
        asked = plan(outlive.Request(path.stem, controls, replicates=1, processes=1))
        yield from in_play(asked)


FIGURES = {(each.key, str(each.value)): each for each in every_figure()}.values()


def test_every_number_has_a_range_or_a_reason_for_none():
    """One of both, for every figure of every bundled scenario and control model; and none stands there for nothing."""
    numbers = [each for each in FIGURES if is_number(each.value)]
    assert len(numbers) > 300
    unsaid = {each.key for each in numbers if (RANGES.of(each.key) is None) == (RANGES.reason(each.key) is None)}
    assert unsaid == set()
    keys = {each.key for each in FIGURES}
    assert [place for place in RANGES.ranges if not any(covers(place, key) for key in keys)] == []
    assert [place for place in RANGES.chosen if not any(covers(place, key, whole=False) for key in keys)] == []


def test_every_default_lies_in_its_range():
    """A range leaves out what no bundled scenario or control model says."""
    outside = {}
    for each in FIGURES:
        span = RANGES.of(each.key) if is_number(each.value) else None
        if span is not None and (scales(each.value) or not span.relative):
            low, high = map(size, span.ends(each.value))
            if not low <= size(each.value) <= high:
                outside[each.key] = (low, each.value, high)
    assert outside == {}


def test_an_end_of_every_range_can_be_had():
    """What the ranges hold is allowed where a scenario is read; each alone, in the most usual scenario."""
    asked, refused = plan(request("per_action")), {}
    for key, span in RANGES.ranges.items():
        here = [each for each in in_play(asked) if covers(key, each.key) and is_number(each.value)]
        for place in (0, 1):
            ends = {each.key: span.ends(each.value)[place] for each in here if scales(each.value) or not span.relative}
            try:
                plan(request("per_action", **ends))
            except DeclarationError as error:
                refused[key] = str(error)
    assert refused == {}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("low = 0.05\nhigh = 0.3", "low = 0.5\nhigh = 0.3", "low = 0.5 is not below high = 0.3"),
        ("low = 0.5\nhigh = 2.0\nrelative", "low = 1.5\nhigh = 2.0\nrelative", "leaves that out"),
        ('low = 90\nhigh = "never"', 'low = "never"\nhigh = 90', "is not below"),
        ('high = 0.3\nsource = "assumed: 10', 'high = 0.3\nsource = "10" # ', "name the publication"),
    ],
)  # fmt: skip
def test_a_range_that_is_none_is_refused(before, after, said, tmp_path):
    """In one line that names its key."""
    path, text = tmp_path / "assumptions.toml", (root() / "assumptions.toml").read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(DeclarationError, match=r"ranges\.") as refused:
        load(path)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("span", "said", "at"),
    [
        ({"low": 10, "high": 20}, 12.5, {0: 10, 0.25: 12.5, 0.999: 19.99}),
        ({"low": 1, "high": 5}, 3, {0: 1, 0.19: 1, 0.21: 2, 0.5: 3, 0.999: 5}),
        ({"low": 0.01, "high": 1.0}, 0.5, {0: 0.01, 0.5: 0.1, 0.75: 10**-0.5}),
        ({"low": 0.5, "high": 2.0, "relative": True}, 60.0, {0: 30, 0.5: 60, 0.999: 119.834}),
        ({"low": 0.25, "high": 4.0, "relative": True}, 2, {0: 1, 0.5: 2, 0.75: 4}),
        ({"low": 0.0, "high": 2.0, "relative": True}, 3.0, {0: 0, 0.5: 3}),
        ({"low": 40, "high": "never"}, "never", {0: 40, 0.5: 80, 0.75: 160, 0.995: "never"}),
        ({"low": False, "high": True}, True, {0: False, 0.49: False, 0.5: True}),
    ],
)
def test_a_draw_is_even_on_the_scale_of_its_range(span, said, at):
    """Plain values, whole numbers, magnitudes and multiples, rates up to never, and no or yes."""
    drawn = {place: Range(**span, source="assumed: whatever it takes").at(said, place) for place in at}
    assert drawn == pytest.approx(at, rel=1e-3) if "never" not in at.values() else drawn == at
    assert [type(each) is int for each in drawn.values() if each != "never"] == [
        isinstance(said, int | str) and not isinstance(said, bool) for each in drawn.values() if each != "never"
    ]


def test_a_joint_draw_can_be_had():
    """Also with all assumptions elsewhere at once, whatever the kind of work; each lies within its range."""
    for name in ("migration_midsize",):
        asked = outlive.Request(name, ["human_session", "per_action"], replicates=1, processes=1)
        spans = [each for each in varied(asked, plan(asked), outlive.Variation()) if each.plans]
        assert len(spans) > 90
        [draw] = drawn(asked, spans, 1)
        assert draw.again == 0
        assert draw.plan.seed != asked.seed
        for each, place in zip(spans, draw.places, strict=True):
            for figure in each.figures:
                low, high = map(size, each.span.ends(figure.value))
                assert low <= size(each.span.at(figure.value, place)) <= high, figure


def test_draws_are_independent_and_do_not_change_with_what_else_is_drawn():
    """More draws begin with the same ones, an assumption lies where it does beside others, none goes with another."""
    asked = request("human_session", "per_action")
    spans = [each for each in varied(asked, plan(asked), outlive.Variation()) if each.plans]
    many = list(drawn(asked, spans, 60))
    assert [each.places for each in drawn(asked, spans, 3)] == [each.places for each in many[:3]]
    assert [each.places for each in drawn(asked, spans[7:8], 2)] == [each.places[7:8] for each in many[:2]]
    places = np.array([each.places for each in many])
    # Even: the greatest distance from that law over all places (Kolmogorov), 99.9 %; and apart from each other.
    even = np.sort(places.ravel())
    assert np.abs(even - np.arange(1, len(even) + 1) / len(even)).max() < 1.95 / np.sqrt(len(even))
    assert np.abs(places.mean(axis=0) - 0.5).max() < 4.5 / np.sqrt(12 * 60)
    apart = np.corrcoef(places.T)[np.triu_indices(len(spans), 1)]
    assert 0.9 < np.mean(apart**2) * 59 < 1.1
    assert len({each.plan.seed for each in many}) == 60


@pytest.mark.parametrize(
    ("span", "said", "turns"),
    [
        ({"low": 0, "high": 90}, 0.0, 20.05),
        ({"low": 0, "high": 90}, 30.0, 20.05),
        ({"low": 1e-6, "high": 1.0}, 0.5, 1.0052e-3),
        ({"low": 0.5, "high": 2.0, "relative": True}, 60.0, 100.5),
        ({"low": 1, "high": 5}, 3, 3.5),
        ({"low": 40, "high": "never"}, "never", 50.5),
        ({"low": 40, "high": "never"}, 60, 999.5),
    ],
)
def test_where_a_sign_is_lost_is_found_by_halving(span, said, turns):
    """On every scale: between a value at which it is kept and the next, as they were tried, as near as is told."""
    each = Varied("key", 0, Range(**span, source="assumed: whatever it takes"), (Figure("key", said, ""),))
    looked = []

    def alike(changes):
        looked.append(changes["key"])
        return (size(looked[-1]) > turns) == (size(said) > turns)

    kept, lost = (float(word.replace(",", "")) for word in halved(each, int(size(said) < turns), alike))
    assert (kept > turns) == (size(said) > turns)
    assert (lost > turns) != (kept > turns)
    assert {kept, lost} <= {*looked, said}
    assert abs(kept - lost) <= max(0.02 * turns, isinstance(said, int))
    assert len(looked) <= 12


def test_between_no_and_yes_and_where_nothing_can_be_had_nothing_is_tried():
    """The ends themselves are told."""
    span, figure = (
        Range(low=False, high=True, source="assumed: whatever it takes"),
        Figure("key", value=True, source=""),
    )
    assert halved(Varied("key", 0, span, (figure,)), 0, pytest.fail) == ("yes", "no")
    wide = Range(low=0, high=90, source="assumed: whatever it takes")
    assert halved(Varied("key", 0, wide, (Figure("key", 30.0, ""),)), 1, lambda _: None) == ("30", "90")


@dataclass(frozen=True)
class Told:
    """Runs that need not be made: the difference is what inspection is above 0.6, and scatters by 0.2."""

    columns = HEADLINES

    def look(self, _asked, _finish):
        """Nothing has to be run."""

    def kept(self, asked, _column):
        """The baseline is 0, the model has the difference."""
        spread = np.array([-2, -1, 0, 0, 1, 2]) * 0.2 / np.sqrt(2)
        return known([0.0] * 6), known(list(asked.scenario.approvers.inspected - 0.6 + spread))


def test_a_sign_ceases_to_be_settled_before_its_mean_turns():
    """By hand: the mean turns at 0.6; Student's interval of six touches zero 2.57 standard errors above."""
    asked = request("standing_key", "tiered")
    spans = [each for each in varied(asked, plan(asked), outlive.Variation(OVER[:1])) if each.plans]
    here, there = (interval(Told().kept(plan(with_settings(asked, {OVER[0]: at})), None)[1]) for at in (1.0, 0.05))
    effect = Effect(OVER[0], "1", End("0.05", there, there), End("1", here, here), "flips")
    tornado = Tornado(HEADLINES[0], here, (effect,), (), limited=False)
    found = Sensitivity("", "", "", "", 6, 1, 0, (tornado,), ())
    [(number, quantity, ending, *values)] = Search(asked, spans, Told(), iter, print).rows(found)
    assert (number, quantity, ending) == (0, "obtainable", "low")
    kept, lost, mean_kept, mean_lost = map(float, values)
    touches = 0.6 + 2.5706 * 0.2 / np.sqrt(6)
    assert lost < touches <= kept < lost + 0.01
    assert mean_lost <= 0.6 <= mean_kept < mean_lost + 0.01


def test_where_a_sign_is_lost_is_kept_and_told(found, store):
    """Beside the end it was looked for, in words and numbers."""
    names = ("quantity", "ending", "kept", "lost", "mean_kept", "mean_lost")
    row = ("obtainable", "low", "0.3", "0.2", "0.1", "0.09")
    with Store.create(store) as opened:
        columns = {name: np.array([value], dtype=object) for name, value in zip(names, row, strict=True)}
        [(number,)] = opened.rows("SELECT assumption FROM fact.assumption WHERE key = $key", {"key": OVER[0]})
        opened.write_turnings(found.comparison, {"assumption": np.array([number]), **columns})
        again = reread(opened, compare(opened, found.comparison))
    [effect] = [each for each in again.tornados[0].effects if each.key == OVER[0]]
    assert effect.turnings == (Turning("0.3", "0.2", "0.1", "0.09"),)
    lost = replace(again.tornados[0], effects=(replace(effect, sign="flips"),))
    said = f"flips with {OVER[0]} (settled at 0.3, not at 0.2; the mean turns between 0.1 and 0.09)"
    assert said in sentence(lost)
    record = next(each for each in json.loads(shown(again, "json"))["effects"] if each["key"] == OVER[0])
    assert (record["lost_low"], record["mean_lost_low"], record["lost_high"]) == ("0.2", "0.09", None)


def test_of_runs_too_what_none_alone_moves_is_kept_within_what_resamples_span():
    """58 of 1,200 tasks are slow, without any of six runs no more than one in twenty; with three like the last more."""
    [latency] = [each for each in HEADLINES if each.key == "latency"]
    asked = replace(plan(request("standing_key", "tiered")), replicates=6)
    tasks = [[np.full(200, 1000.0)] * 6, [np.repeat([60.0, 3600.0], [200 - n, n]) for n in (8, 9, 10, 10, 10, 11)]]
    samples = {
        asked.run_id(n, control): (Sample(0.0, 0.0, Pool(each, each)),)
        for control, runs in zip(asked.controls, tasks, strict=True)
        for n, each in enumerate(runs)
    }
    theirs, ours = Known((latency,), samples).kept(asked, latency)
    assert theirs.parts == theirs.parts_most == (1000.0,) * 6
    assert (ours.parts, ours.parts_most) == ((60.0,) * 6, (3600.0,) * 6)


def test_what_is_unknown_at_an_end_is_not_idle():
    """Nothing is said to change nothing where it is not known."""
    nothing = interval([0.0] * 6)
    assert Effect("a", "1", End("0", nothing, nothing), End("2", nothing, nothing), "survives").idle
    assert not Effect("a", "1", None, End("2", nothing, nothing), "open").idle


def test_what_is_known_is_not_varied():
    """It stays as said, at the ends and in every draw; all else is varied as before."""
    asked = request("human_session", "per_action")
    every = {each.key: each for each in varied(asked, plan(asked), outlive.Variation())}
    rest = {each.key: each for each in varied(asked, plan(asked), outlive.Variation(known=OVER[:1]))}
    assert every.keys() == rest.keys()
    assert {key for key, each in rest.items() if bool(each.plans) != bool(every[key].plans)} == {OVER[0]}
    assert rest[OVER[0]].refusal == "known here"


def test_what_is_not_there_is_not_varied(capsys):
    """No migration is under way in most scenarios, and how long both kinds of keys live is then no assumption."""
    asked = request("human_session", "per_action")
    keys = {each.key for each in varied(asked, plan(asked), outlive.Variation())}
    moving = replace(asked, scenario="migration_midsize", settings={})
    more = {each.key for each in varied(moving, plan(moving), outlive.Variation())}
    assert {key for key in more - keys if "migration" in key} == {
        "scenario.migration.dual_run_days", "scenario.migration.overlooked",
    }  # fmt: skip
    assert main(["assumptions", "support_midsize", "--control", "per_task", "--format", "json"]) == 0
    rows = {row["key"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["scenario.migration.dual_run_days"]["varied"] == "no migration is under way"


def test_whoever_leaves_a_range_is_told():
    """What is said lies beyond the ends, so that no draw has it."""
    asked = request("standing_key", "tiered", **{OVER[0]: 0.01})
    [each] = [each for each in varied(asked, plan(asked), outlive.Variation(OVER[:1])) if each.plans]
    assert each.said == "0.01, outside its range"


def test_a_draw_that_contradicts_itself_is_drawn_anew(monkeypatch):
    """As often as it takes, and it is said when none can be had."""
    asked = request("human_session", "per_action")
    spans = [each for each in varied(asked, plan(asked), outlive.Variation(OVER[:1])) if each.plans]
    refusing = iter([True, True, False])

    def planned(wanted):
        if next(refusing, True):
            raise Refusal("these two contradict each other")
        return plan(wanted)

    monkeypatch.setattr("outlive.draws.plan", planned)
    [draw] = drawn(asked, spans, 1)
    assert draw.again == 2
    with pytest.raises(Refusal, match=r"100 draws of 1 assumptions contradict themselves, the last: these two"):
        list(drawn(asked, spans, 1))


def test_a_key_stands_for_what_it_names():
    """A star for any name, a fleet's own figure for everybody's, a control model's for that of any model."""
    assert covers("scenario.systems.*.revocation_lag_s", "scenario.systems.crm.revocation_lag_s")
    assert covers("scenario.think.median_s", "scenario.fleets.support.think.median_s")
    assert covers("control.revocation.failure", "control.per_task.revocation.failure")
    assert not covers("scenario.think", "scenario.think.median_s")
    assert covers("scenario.think", "scenario.think.median_s", whole=False)
    assert not covers("scenario.think.sigma", "scenario.think.median_s")
    nested = {"fleets": [{"name": "a", "think": {"median_s": 6, "source": "somebody"}, "calls": None}], "title": "x"}
    assert list(figures(nested, "scenario")) == [Figure("scenario.fleets.a.think.median_s", 6, "somebody")]
    assert described({"a": 1.5, "b": "never", "c": 20000}) == "1.5 to never"


@pytest.mark.parametrize(
    ("here", "ends", "sign"),
    [
        ([2.0] * 6, ([1.0] * 6, [3.0] * 6), "survives"),
        ([2.0] * 6, ([-1.0] * 6, [3.0] * 6), "flips"),
        ([-2.0] * 6, ([1.0] * 6, [-3.0] * 6), "flips"),
        ([2.0] * 6, ([-1.0, 2.0, -1.0, 2.0, 0.5, 0.5], [3.0] * 6), "open"),
        ([2.0] * 6, (None, [3.0] * 6), "open"),
        ([-1.0, 1.0, -1.0, 1.0, 0.1, 0.1], ([2.0] * 6, [3.0] * 6), "not settled"),
        ([0.0] * 6, ([0.0] * 6, [0.0] * 6), "same"),
        ([0.0] * 6, ([0.0] * 6, [3.0] * 6), "not settled"),
        ([1.0, -1.0, 2.0, -2.0, 3.0, -3.0], ([0.0] * 6, [0.0] * 6), "not settled"),
        ([2.0] * 5, ([1.0] * 5, [3.0] * 5), "few"),
    ],
)
def test_what_becomes_of_a_sign(here, ends, sign):
    """It survives where it is settled alike at both ends, and too few replications settle nothing."""
    assert sign_of(interval(here), [None if end is None else interval(end) for end in ends]) == sign


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Where a sensitivity is kept."""
    return tmp_path_factory.mktemp("sensitivity") / "f.duckdb"


@pytest.fixture(scope="module")
def found(store):
    """Three assumptions of a short morning, one of which no model can have."""
    page = store.with_suffix(".html")
    return outlive.sensitivity(request("standing_key", "tiered"), store, outlive.Variation(OVER, draws=4), page)


def test_an_end_is_what_is_measured_there(found, tmp_path):
    """At an end the difference is that of runs with the same setting, measured apart; its change is from the other."""
    asked, kept = request("standing_key", "tiered", **{OVER[0]: 0.05}), tmp_path / "end.duckdb"
    runs = outlive.simulate(asked, kept)
    measured = outlive.measure(kept, sorted({tornado.column.measure for tornado in found.tornados}))
    values = measured.set_index(["measure", "part", "run"])["lo"]
    # Of a p95 two short replications bear none.
    assert [tornado.column.key for tornado in found.tornados if tornado.limited] == ["latency"]
    for tornado in (each for each in found.tornados if not each.limited):
        part = " ".join(value for _, value in tornado.column.row)
        baseline, model = runs[:2], runs[2:]
        apart = [values[tornado.column.measure, part, ours] - values[tornado.column.measure, part, theirs]
                 for theirs, ours in zip(baseline, model, strict=True)]  # fmt: skip
        [effect] = [each for each in tornado.effects if each.key == OVER[0]] or [None]
        if effect is None:
            assert OVER[0] in tornado.idle
            assert interval(apart).mean == pytest.approx(tornado.difference.mean)
        else:
            assert effect.low.difference.mean == pytest.approx(interval(apart).mean)
            assert effect.low.change.mean == pytest.approx(interval(apart).mean - tornado.difference.mean)
            assert effect.high.change.mean == 0
    assert OVER[0] in {each.key for each in found.tornados[0].effects}


def test_a_joint_draw_is_what_is_measured_there(found, tmp_path):
    """The difference in a draw is that of runs with all its values and its own seed, simulated and measured apart."""
    asked = request("standing_key", "tiered")
    spans = [each for each in varied(asked, plan(asked), outlive.Variation(OVER)) if each.plans]
    draw = list(drawn(asked, spans, 4))[2]
    values = {
        key: value for each, place in zip(spans, draw.places, strict=True) for key, value in each.at(place).items()
    }
    there = replace(request("standing_key", "tiered", **values), seed=draw.plan.seed)
    runs = outlive.simulate(there, tmp_path / "there.duckdb")
    measured = outlive.measure(tmp_path / "there.duckdb", ["crown_jewel_hours"]).set_index(["part", "run"])["lo"]
    tornado = found.tornados[0]
    part = " ".join(value for _, value in tornado.column.row)
    apart = [measured[part, ours] - measured[part, theirs] for theirs, ours in zip(runs[:2], runs[2:], strict=True)]
    assert tornado.joint.draws[2].mean == pytest.approx(interval(apart).mean)
    assert dict(tornado.joint.places)[OVER[0]][2].place == draw.places[0]
    assert (found.draws, tornado.joint.verdict) == (4, "few")


def test_without_draws_it_is_said_what_is_not_seen(tmp_path):
    """No joint draws, no claim: the notes say so."""
    vary = outlive.Variation(OVER[:1], draws=0)
    asked = replace(request("standing_key", "tiered"), replicates=1)
    alone = outlive.sensitivity(asked, tmp_path / "alone.duckdb", vary)
    assert alone.tornados[0].joint is None
    assert "no joint draws were made" in " ".join(shown(alone, "table").split())
    assert json.loads(shown(alone, "json"))["headlines"][0]["joint"] is None


def test_the_greatest_effect_comes_first_and_ranges_are_no_intervals(found):
    """Effects fall; the range is over ends, and holds the difference where all is as said."""
    for tornado in (each for each in found.tornados if not each.limited):
        sizes = [each.size for each in tornado.effects]
        assert sizes == sorted(sizes, reverse=True)
        least, most = tornado.span
        assert least <= tornado.difference.mean <= most
    assert {each.sign for each in found.tornados[0].effects} == {"few"}
    assert "a range" in sentence(found.tornados[0])


def test_what_cannot_be_varied_is_said(found):
    """A knob that contradicts others in both models is named with the reason, and no path of a machine."""
    [(key, why)] = found.refused
    assert key == "control.decision.coverage"
    assert (found.varied, len(found.as_said), found.known) == (2, found.in_play - 2, ())
    assert f"2 of {found.in_play} assumptions in play, each set" in " ".join(shown(found, "table").split())
    assert found.in_play > 90
    assert why.startswith("decision.coverage = 0.7 contradicts decision.at")


def test_it_is_there_for_programs_and_for_people(found):
    """JSON and CSV keep the interval and the range in fields of their own; the table names both."""
    told = json.loads(shown(found, "json"))
    assert [each["quantity"] for each in told["headlines"]] == [column.key for column in HEADLINES]
    assert told["headlines"][0]["range_most"] > told["headlines"][0]["difference_hi"]
    rows = list(csv.DictReader(io.StringIO(shown(found, "csv"))))
    assert len(rows) == len(told["effects"]) == sum(len(each.effects) for each in found.tornados)
    text = shown(found, "table")
    assert "0.05: +" in text
    assert "a range without" in " ".join(text.split())
    assert all(len(line) <= 120 for line in text.splitlines())


def test_the_report_has_it(found, store):
    """The page shows the tornado and no longer says that nothing was varied."""
    text = store.with_suffix(".html").read_text("utf-8")
    assert 'id="figure-tornado"' in text
    assert 'id="figure-draws"' in text
    assert "and in 4 joint draws" in text
    assert "assumptions varied one at a time" in text
    assert "not varied" not in text
    assert found.model in text


def test_a_notebook_shows_what_stands(found, store):
    """A sentence a headline, and both figures."""
    assert len(outlive.answer(found).splitlines()) == len(HEADLINES)
    assert list(outlive.figures(found, store)) == ["tornado", "draws"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--control", "per_task", "tiered", "--over", "scenario.nonsense"], "no assumption 'scenario.nonsense'"),
        (["--control", "per_task"], "1 control model: name two"),
        (["--control", "per_task", "tiered", "--known", "scenario.x"], "no assumption 'scenario.x'"),
        (["--control", "per_task", "tiered", "--over", OVER[0], "--known", OVER[0]], "name it in one of them"),
        (
            ["--control", "per_task", "tiered", "--over", OVER[2]],
            f"nothing is left to vary: {OVER[2]}: decision.coverage",
        ),
        (["--control", "per_task", "tiered", "--known", *RANGES.ranges], "nothing is left to vary"),
        (["--control", "per_task", "tiered", "--draws", "-1"], "draws = -1: name a number from 0"),
    ],
)
def test_what_cannot_be_asked_is_refused(words, said, tmp_path, capsys):
    """In one line, before anything is simulated."""
    assert main(["sensitivity", "support_midsize", "--into", str(tmp_path / "f.duckdb"), *words]) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert said in line
    assert not list(tmp_path.iterdir())


def test_every_default_in_play_is_listed(capsys):
    """With value, source and range; what is set by hand too, and what is not varied with the reason."""
    assert main(["assumptions", "support_midsize", "--control", "per_task", "tiered", "--format", "json",
                 "--set", "scenario.approvers.inspected=0.5"]) == 0  # fmt: skip
    rows = {row["key"]: row for row in json.loads(capsys.readouterr().out)}
    looked = rows["scenario.approvers.inspected"]
    assert (looked["value"], looked["low"], looked["high"]) == ("0.5", "0.05", "1")
    assert looked["basis"] == "assumed"
    assert "set by hand" in looked["source"]
    assert rows["scenario.systems.crm.revocation_lag_s"]["high"] == "600"
    assert "what is compared" in rows["control.per_task.lifetime.ttl_s"]["varied"]
    assert {key for key in rows if key.endswith("revocation.failure")} == {
        "control.per_task.revocation.failure", "control.tiered.revocation.failure",
    }  # fmt: skip
