"""Steps between two control models: knobs in factors, each hybrid valid or refused, the smallest step for each knob."""

from itertools import permutations
from pathlib import Path

import pytest
from pydantic import BaseModel

from sim.control import factors, model
from sim.control.hybrid import MOST_FURTHER, Between
from sim.control.model import Control
from sim.toml import DeclarationError

DATA = Path(__file__).parents[2] / "data"
CONTROLS = {path.stem: model.load(path) for path in (DATA / "controls").glob("*.toml")}
FACTORS = factors.load(DATA / "factors.toml")
PAIRS = list(permutations(sorted(CONTROLS), 2))
WORDS = {"name", "title", "summary", "stands_for", "policy", "successor"}


def between(baseline, other):
    """What lies between two bundled models."""
    return Between(CONTROLS[baseline], CONTROLS[other], FACTORS)


def by_asked(steps, kind):
    """Steps of a kind by what they ask for."""
    return {step.asked: step for step in steps if step.kind == kind}


def test_every_knob_is_in_exactly_one_factor():
    """All sections of a control model, and everything in them but sources, are assigned; only logging to none."""
    sections = set(Control.model_fields) - WORDS
    assert {knob.partition(".")[0] for knob in factors.knobs()} == sections
    for section in sections:
        inner = Control.model_fields[section].annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            assert {f"{section}.{knob}" for knob in set(inner.model_fields) - {"source"}} <= set(factors.knobs())
    assigned = {knob: FACTORS.of(knob) for knob in factors.knobs()}
    assert set(assigned.values()) == {*factors.FACTORS, "no_fact"}
    assert {knob.partition(".")[0] for knob, name in assigned.items() if name == "no_fact"} == {"logging"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('knobs = ["lifetime"]', 'knobs = ["lifetme"]', "lifetme: no such knob"),
        ('knobs = ["lifetime"]', 'knobs = ["lifetime", "logging"]', "logging: named twice"),
        (', "approval"', "", "approval.from_tier: in no factor"),
    ],
)
def test_factors_that_leave_a_knob_out_or_name_it_twice_are_refused(tmp_path, old, new, said):
    """One line names the knob."""
    path = tmp_path / "factors.toml"
    path.write_text((DATA / "factors.toml").read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(DeclarationError, match=said):
        factors.load(path)


def test_a_knob_may_leave_its_section(tmp_path):
    """The unit of issue counted to lifetime, the rest of its section still to scope."""
    path = tmp_path / "factors.toml"
    text = (DATA / "factors.toml").read_text("utf-8")
    path.write_text(text.replace('knobs = ["lifetime"]', 'knobs = ["lifetime", "issue.unit"]'), "utf-8")
    assert [factors.load(path).of(knob) for knob in ("issue.unit", "issue.authority")] == ["lifetime", "scope"]


@pytest.mark.parametrize(("baseline", "other"), PAIRS)
def test_a_hybrid_has_exactly_the_knobs_it_says(baseline, other):
    """What is changed is as in the model, all else as in the baseline; the ends are the two themselves."""
    bridge = between(baseline, other)
    steps = bridge.steps()
    hybrids = by_asked(steps, "factors")
    assert hybrids[()].control is CONTROLS[baseline]
    assert hybrids[bridge.apart].control is CONTROLS[other]
    for step in steps:
        assert set(step.asked) <= {*step.changed, *(k.partition(".")[0] for k in step.changed), *factors.FACTORS}
        if step.control is not None:
            for knob in bridge.differing:
                section, _, name = knob.partition(".")
                theirs = CONTROLS[other if knob in step.changed else baseline]
                assert getattr(getattr(step.control, section), name) == getattr(getattr(theirs, section), name)


@pytest.mark.parametrize(("baseline", "other"), PAIRS)
def test_names_of_hybrids_tell_them_apart(baseline, other):
    """One name is one set of knobs, and what is changed alike has one control model."""
    named = {}
    for step in between(baseline, other).steps():
        if step.control is not None:
            assert named.setdefault(step.control.name, step.changed) == step.changed
    assert len(set(named.values())) == len(named)


@pytest.mark.parametrize(("baseline", "other"), PAIRS)
def test_every_knob_has_a_rung(baseline, other):
    """Each differing knob is a step; what cannot be changed alone says which two knobs contradict each other."""
    bridge = between(baseline, other)
    rungs = by_asked(bridge.steps(), "knob")
    assert {asked for (asked,) in rungs} == set(bridge.differing)
    for (asked,), step in rungs.items():
        alone = step.control is not None and step.changed == (asked,)
        assert alone == (step.refusal == "")
        assert " contradicts " in step.refusal or alone
        assert len(step.changed) <= 1 + MOST_FURTHER


def test_the_smallest_step_is_taken():
    """A plan needs a task to declare it: the unit of issue comes along, and nothing else."""
    rungs = by_asked(between("standing_key", "per_task").steps(), "knob")
    assert rungs["issue.authority",].changed == ("issue.unit", "issue.authority")
    assert rungs["issue.authority",].control.name == "per_task[issue.unit+issue.authority]"
    assert rungs["decision.at",].changed == ("decision.at",)
    assert rungs["decision.at",].control.issue == CONTROLS["standing_key"].issue


def test_what_takes_too_many_others_is_no_step(monkeypatch):
    """Where no step within reach contains a knob, it says what it contradicts and has no control model."""
    monkeypatch.setattr("sim.control.hybrid.MOST_FURTHER", 0)
    step = by_asked(between("standing_key", "per_task").steps(), "knob")["issue.authority",]
    assert step.control is None
    assert step.refusal.startswith("issue.authority = 'declared' contradicts issue.unit = 'standing'")


def test_a_section_mixed_of_two_keeps_both_sources():
    """Figures of both models stand in one section with where each comes from."""
    step = by_asked(between("standing_key", "per_action").steps(), "knob")["lifetime.ttl_s",]
    ours, theirs = CONTROLS["standing_key"].lifetime.source, CONTROLS["per_action"].lifetime.source
    assert step.control.lifetime.source == f"{theirs}; otherwise {ours}"
