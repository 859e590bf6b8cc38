"""A split from end to end: every step is an ordinary run, shares sum to the difference, and the report shows it."""

import csv
import io
import json
from dataclasses import replace
from math import inf
from pathlib import Path

import numpy as np
import pytest

import outlive
from analysis.comparison import compare
from analysis.report.splitting import page
from analysis.split import is_split, split
from outlive.cli import main
from outlive.pictures import shown
from sim.audit.refusal import Refusal
from sim.audit.store import Store
from tests.analysis.report.made import told

SETTINGS = {
    "scenario.window.hours": 2, "scenario.window.warm_up_hours": 1, "scenario.start": "2026-01-05T09:00:00Z",
    "scenario.fleet.agents": 1, "scenario.arrivals.per_agent_day": 120,
}  # fmt: skip
REPLICATES = 2
RUNS = "SELECT key, control FROM fact.run ORDER BY key"


def request(*controls, replicates=REPLICATES, **changed):
    """A short morning under these models."""
    return outlive.Request(
        "support_midsize", controls, replicates=replicates, processes=1, settings={**SETTINGS, **changed}
    )


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which a broker with approvals is split from a standing key, with its report."""
    folder = tmp_path_factory.mktemp("split")
    outlive.split(request("standing_key", "tiered"), folder / "s.duckdb", folder / "s.html")
    return folder / "s.duckdb"


@pytest.fixture
def opened(store):
    """That store, open."""
    with Store.open(store) as found:
        yield found


@pytest.fixture(scope="module")
def found(store):
    """The split that it holds."""
    with Store.open(store) as opened:
        return split(opened)


def test_every_step_is_an_ordinary_run(store):
    """Hybrids keep the rules of every store, and are measured by name like any control model."""
    assert outlive.verify(store)["broken"].sum() == 0
    measured = outlive.measure(store, ["crown_jewel_hours"])
    assert {"standing_key", "tiered", "tiered[scope]", "tiered[issue.unit+lifetime.ttl_s]"} <= set(measured["control"])


def test_shares_sum_to_the_difference(opened, found):
    """In every quantity, and the difference is the one that the comparison shows."""
    compared = compare(opened)
    assert found.comparison == compared.identifier
    # Of a p95 two short replications bear none.
    assert [part.column.key for part in found.parts if part.unknown] == ["latency"]
    for part in (each for each in found.parts if not each.unknown):
        least, most = (sum(each) for each in zip(*((s.mean, s.upper) for s in part.shares), strict=True))
        assert least <= part.total.mean + 1e-9
        assert part.total.upper <= most + 1e-9
        assert part.total.most is not None or (least, most) == pytest.approx((part.total.mean,) * 2, abs=1e-9)
        if part.total.most is None:
            assert part.total.mean == pytest.approx(part.model.mean - part.baseline.mean, abs=1e-9)
        cell = compared.rows[1].cell(part.column.key)
        assert part.total.mean == pytest.approx(cell.difference.mean, abs=1e-9)


def test_shares_are_what_the_runs_say(opened, found):
    """The share of a factor is the mean over the orders left, worked out anew from runs named as they are."""
    values = {}
    measured = outlive.measure(opened.name, ["crown_jewel_hours"])
    held = measured[measured["part"] == "held task"].set_index("run")["lo"]
    for run, control in opened.rows(RUNS):
        values.setdefault(control, []).append(held[run])
    at = {name: np.mean(each) for name, each in values.items()}
    # Revocation comes last in two orders of five, before lifetime alone in two, right after the scope in one.
    last = at["tiered"] - at["tiered[scope+lifetime+decision]"]
    third = at["tiered[scope+decision+revocation]"] - at["tiered[scope+decision]"]
    second = at["tiered[scope+revocation]"] - at["tiered[scope]"]
    part = next(part for part in found.parts if part.column.key == "held")
    assert (found.left, found.of, found.blocks[3]) == (5, 24, ("revocation",))
    assert part.shares[3].mean == pytest.approx((2 * last + 2 * third + second) / 5, abs=1e-9)


def test_the_ladder_is_a_paired_difference(opened, found):
    """A rung is what its runs have more than the baseline's, with an interval."""
    rung = next(rung for rung in found.ladder if rung.asked == "revocation.on")
    measured = outlive.measure(opened.name, ["crown_jewel_hours"])
    held = measured[measured["part"] == "held task"].groupby("control")["lo"].mean()
    assert rung.further == ("issue.unit",)
    assert rung.differences[1].mean == pytest.approx(held["tiered[issue.unit+revocation.on]"] - held["standing_key"])
    assert rung.differences[1].mean != 0


def test_the_report_shows_it(store, opened):
    """The page of the comparison has the split, its figure, each knob, and the names of the factors."""
    text = store.with_suffix(".html").read_text("utf-8")
    assert 'id="split"' in text
    assert 'id="figure-split"' in text
    for words in ("approval.from_tier", "with issue.unit", "5 of the 24 orders", "Shapley"):
        assert words in text
    assert is_split(opened, compare(opened).identifier)


def test_the_log_of_a_hybrid_can_be_replayed(store, tmp_path):
    """A hybrid's name does no harm where its log is run under another model."""
    with Store.open(store) as found:
        run = next(key for key, control in found.rows(RUNS) if control == "tiered[scope+decision]")
    asked = replace(request("per_task", replicates=1), settings={})
    result = outlive.replay(outlive.Log(store, run), asked, tmp_path / "r.duckdb")
    assert [row.control for row in result.rows] == ["per_task"]


def test_it_is_the_same_again(tmp_path):
    """The same request gives the same split, simulated anew; into a store that has it, it takes its own place."""
    asked = request("tiered", "per_task", replicates=1)
    first, again = (outlive.split(asked, tmp_path / "1.duckdb") for _ in range(2))
    with Store.open(tmp_path / "1.duckdb") as found:
        # Of one replication there is no interval, and NaN equals nothing.
        assert repr(split(found)) == repr(first) == repr(again)
        assert found.rows("SELECT count(*) FROM fact.split_step") == [(3,)]


def test_programs_get_every_number(found):
    """JSON and CSV hold each share and each rung; the terminal names each knob."""
    told_json = json.loads(shown(found, "json"))
    rows = list(csv.DictReader(io.StringIO(shown(found, "csv"))))
    assert len(rows) == len(told_json["shares"]) + len(told_json["ladder"])
    assert len(told_json["shares"]) == len(found.parts) * (len(found.blocks) + 1)
    text = shown(found, "table")
    assert all(rung.asked in text for rung in found.ladder)


def test_what_cannot_be_split_is_refused_in_one_line(tmp_path, capsys):
    """Three models, one model, or two that differ in nothing."""
    into = ["--into", str(tmp_path / "x.duckdb")]
    assert main(["split", "support_midsize", "--control", "tiered", *into]) == 1
    assert "1 control model: name two" in capsys.readouterr().err
    copy = tmp_path / "copy.toml"
    copy.write_text('extends = "tiered"\ntitle = "The same"\n', "utf-8")
    with pytest.raises(Refusal, match="copy differs from tiered in no knob that changes a fact"):
        outlive.split(request("tiered", copy), tmp_path / "x.duckdb")
    assert not (tmp_path / "x.duckdb").exists()


def test_factors_that_no_order_changes_apart_say_why(tmp_path):
    """A session must end and a standing key cannot: scope and lifetime have one share, and the two knobs are named."""
    found = outlive.split(request("standing_key", "session_narrow", replicates=1), tmp_path / "n.duckdb")
    assert found.blocks == (("scope", "lifetime"), ("decision",))
    assert found.left == 1
    assert any("issue.unit = 'session' contradicts lifetime.ttl_s = 'never'" in why for why in found.forbidding)
    assert any("impossible between: issue.unit = 'session'" in each for each in page(found).rests)


def test_a_lower_limit_is_not_split(found):
    """Where a run saw only that something lasts longer, no share of it is shown."""
    unknown = told(-inf, 0.1, most=inf)
    part = replace(found.parts[0], total=unknown, shares=(unknown,) * len(found.blocks))
    shown = page(replace(found, parts=(part, *found.parts[1:])))
    assert {row.entries[0].value for row in shown.shares[1:-2]} == {"not shown"}
    assert "open on both sides" in shown.sentences[0]
