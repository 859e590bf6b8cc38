"""The crosswalk to frameworks of others: nothing is cited that is not there, and what nothing answers is said."""

import json
import shutil

import pytest

import outlive
from analysis.measures.measure import measures
from outlive.bundled import bundled, root
from outlive.cli import main
from outlive.crosswalk import ATLAS, crosswalk
from sim import scenario
from sim.control.factors import knobs
from sim.toml import DeclarationError

# What docs and papers cite and no publisher ever gave out, and the list that it would be in.
MISCITED = [("owasp_agentic", "A3"), ("csa_maestro", "GOV-2"), ("csa_aicm", "GOV-2"), ("nist_ai_rmf", "GOVERN")]
# By what is changed in which file, what is said.
TAMPERED = {
    "an id that is in no list": (
        "crosswalk.toml",
        "owasp_agentic.ASI08 = ",
        "owasp_agentic.ASI88 = ",
        "'ASI88': no such id",
    ),
    "a framework that is not pinned": (
        "crosswalk.toml",
        'owasp_nhi."NHI2:2025" = "from',
        'soc2."CC6.1" = "from',
        "soc2: no such",
    ),
    "an open id that is in no list": ("crosswalk.toml", 'ASI07 = "only', 'ASI17 = "only', "'ASI17': no such id"),
    "a measure that is not there": (
        "crosswalk.toml",
        "[measures.orphans]",
        "[measures.orphan]",
        "measures.orphan: no such",
    ),
    "a measure that is left out": (
        "crosswalk.toml",
        "[measures.issuance]\n",
        "[measures.issuance_]\n",
        "measures.issuance",
    ),
    "a threat that is not there": ("crosswalk.toml", "[threats.t4]", "[threats.t9]", "threats.t9: no such threat"),
    "a knob that is not there": (
        "crosswalk.toml",
        '[knobs."lifetime.ttl_s"]',
        '[knobs."lifetime.ttl"]',
        "lifetime.ttl: no such knob",
    ),
    "a measure with ids and without": (
        "crosswalk.toml",
        "[measures.orphans]\n",
        '[measures.orphans]\nunmapped = "because it is so"\n',
        "one of both",
    ),
    "a technique said twice": (
        "crosswalk.toml",
        "[threats.t4]\n",
        '[threats.t4]\nmitre_atlas."AML.T0012" = "valid accounts"\n',
        "said by the organisation",
    ),
    "a technique that is not pinned": (
        "organisations/midsize.toml",
        "AML.T0108",
        "AML.T0999",
        "'AML.T0999': no such id",
    ),
    "an id that nothing answers": (
        "frameworks/owasp_nhi.toml",
        "[ids]\n",
        '[ids]\n"NHI11:2025" = "One more"\n',
        "'NHI11:2025': nothing answers",
    ),
    "a reason that is none": ("crosswalk.toml", '"how far from the least privilege"', '""', "measures.privilege_hours"),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_what_the_crosswalk_may_not_say_is_refused(how, tmp_path):
    """Each in one line that names it."""
    file, before, after, said = TAMPERED[how]
    for name in ("frameworks", "organisations"):
        shutil.copytree(root() / name, tmp_path / name)
    shutil.copy(root() / "crosswalk.toml", tmp_path)
    path = tmp_path / file
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(DeclarationError) as refused:
        crosswalk(tmp_path)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_every_measure_is_mapped_or_says_why_not():
    """None is both, and none is left out."""
    found = crosswalk()
    mapped = {link.name for link in found.links if link.kind == "measure"}
    assert mapped | set(found.unmapped) == {each.name for each in measures()}
    assert not mapped & set(found.unmapped)


def test_every_threat_has_the_one_technique_that_organisations_name():
    """Under every bundled scenario the technique of a threat is the one that the crosswalk shows."""
    shown = {link.name: link.id for link in crosswalk().links if link.framework == ATLAS and link.kind == "threat"}
    assert len(shown) == sum(link.kind == "threat" and link.framework == ATLAS for link in crosswalk().links) == 7
    for path in bundled("scenarios"):
        assert {each.name: each.technique for each in scenario.load(path).incidents} == shown


@pytest.mark.parametrize(("framework", "cited"), MISCITED)
def test_what_is_cited_wrongly_is_in_no_list_and_is_warned_of(framework, cited):
    """The ids that never were are pinned nowhere, and the list that they would be in says so."""
    pinned = crosswalk().frameworks
    assert all(cited not in each.ids for each in pinned.values())
    assert cited in pinned[framework].caution


def test_an_id_shows_what_answers_it_and_what_does_not(capsys):
    """Rows for programs: measures, threats and knobs by their names, and what is not here; in each all ids."""
    assert main(["frameworks", "owasp_agentic", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {row["id"] for row in rows} == {f"ASI{n:02}" for n in range(1, 11)}
    names = {row["by"]: set() for row in rows}
    for row in rows:
        names[row["by"]].add(row["name"])
    assert names["knob"] <= set(knobs())
    assert names["threat"] <= {"t1a", "t1b", "t1c", "t2", "t3", "t4", "t5"}
    assert [row["id"] for row in rows if row["by"] == "not here"] == ["ASI04", "ASI05", "ASI06", "ASI07"]


def test_the_list_counts_what_nothing_here_answers():
    """Of the ids of each framework: measured, simulated or set, and neither."""
    rows = outlive.frameworks().set_index("name")
    assert rows.loc["owasp_nhi", ["ids", "measured", "simulated_or_set_only", "not_here"]].tolist() == ["10", 8, 0, 2]
    assert rows.loc["csa_aicm", "ids"] == "5 chosen"


def test_a_framework_is_read_by_people(capsys):
    """Title and caution first; an id stands once; a framework that is not there is refused in a line."""
    assert main(["frameworks", "csa_maestro"]) == 0
    out = capsys.readouterr().out
    assert "no control ids" in out.splitlines()[1]
    assert out.count("L5 ") == 1
    assert main(["frameworks", "soc2"]) == 1
    assert "no framework 'soc2'; there are csa_aicm" in capsys.readouterr().err


def test_a_measure_explains_what_it_answers(tmp_path):
    """A bundled measure names its ids or why it has none; one of the user's own does not borrow them."""
    assert "-- owasp_nhi NHI9:2025 (NHI Reuse): " in outlive.explain("shadow_keys")
    assert "-- no framework: " in outlive.explain("work_done")
    own = tmp_path / "shadow_keys.sql"
    text = outlive.explain("shadow_keys").partition("-- owasp_nhi")[0].rstrip()
    own.write_text(text, "utf-8")
    assert outlive.explain(str(own)) == text
