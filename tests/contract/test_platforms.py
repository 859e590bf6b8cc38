"""What every bundled platform must keep, and what the fields say of it that its file must say too."""

from math import inf, isnan
from pathlib import Path

import pytest

import outlive
from analysis.ingest.source import sources
from outlive.compare import Request, plan, platforms_of
from sim import scenario
from sim.audit.refusal import Refusal
from sim.audit.store import Store
from sim.control import model, platform
from sim.control.offers import offers
from sim.control.platform import as_asked, compiled
from sim.experiment import Plan, carry_out
from sim.toml import DeclarationError

DATA = Path(__file__).parents[2] / "data"
PATHS = sorted((DATA / "platforms").glob("*.toml"))
PLATFORMS = {path.stem: platform.load(path) for path in PATHS}
CONTROLS = {path.stem: model.load(path) for path in sorted((DATA / "controls").glob("*.toml"))}

# Checked against what the products' documents say: least, most, most where cut from another, what an end ends.
PUBLISHED = {
    "aws_sts": (900, 43_200, 3600, "role"),
    "entra": (600, 86_400, 86_400, "none"),
    "entra_cae": (86_400, 86_400, 86_400, "identity"),
    "entra_managed_identity": (86_400, 86_400, 86_400, "none"),
    "github_app": (3600, 3600, 3600, "credential"),
    "kubernetes": (600, 86_400, 86_400, "identity"),
    "okta_oauth": (300, 86_400, 86_400, "credential"),
    "spire": (60, 86_400, 86_400, "none"),
    "vault": (1, 2_764_800, 2_764_800, "credential"),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_platform_gives_what_its_documents_say(name):
    """Bounds of the lifetime and what ends with a credential are those that were looked up."""
    limits = PLATFORMS[name].lifetime, PLATFORMS[name].revocation
    assert (limits[0].least_s, limits[0].most_s, limits[0].chained_most_s, limits[1].ends) == PUBLISHED[name]


@pytest.mark.parametrize("name", sorted(set(PLATFORMS) - {"any", "static_key_only"}))
def test_what_a_product_gives_rests_on_its_documents(name):
    """Lifetimes and what ends a credential were looked up, and are not assumed alone."""
    assert name in PUBLISHED
    for table in (PLATFORMS[name].lifetime, PLATFORMS[name].revocation):
        assert not table.source.startswith("assumed")


def test_a_managed_identity_has_one_token_a_day_for_whatever_it_works_on():
    """A task's credential, revoked with it, becomes what the host hands out to all that run there until it ends."""
    got = compiled(CONTROLS["per_task"], PLATFORMS["entra_managed_identity"]).control
    assert (got.issue.unit, got.lifetime.ttl_s, got.revocation.on) == ("session", 86_400, "never")
    assert got.lifetime.renewal == "silent"


def test_where_calls_are_signed_or_keys_handed_out_a_key_can_be_copied_with_its_token():
    """AWS never gets to see the secret that signs, SPIRE hands the key to the workload: bound to a key, and no more."""
    path = DATA / "controls" / "brokered_workload_identity.toml"
    for binding in ("key_exportable", "key_bound"):
        asked = model.load(path, {"identity.binding": binding})
        got = [compiled(asked, PLATFORMS[name]).control.identity.binding for name in ("aws_sts", "spire")]
        assert got == ["key_exportable", "key_exportable"]


def test_what_platforms_give_stays_with_each_run_on_them():
    """Bounds as published, in seconds, keys without an end, and how many a second where that is said, with why."""
    short = {"window.warm_up_hours": 1, "window.hours": 1, "fleet.agents": 2}
    asked = scenario.load(DATA / "scenarios" / "support_on_platforms.toml", short)
    by = (CONTROLS["standing_key"], CONTROLS["per_task"])
    with Store.in_memory() as store:
        runs = carry_out(Plan(asked, by, 1, seed=3, processes=1, platforms=platforms_of(asked)), store, lambda *_: None)
        told = store.rows(
            "SELECT name, run, shortest, longest, longest_cut, per_second FROM fact.platform ORDER BY ALL"
        )
        sources = dict(store.rows("SELECT name, any_value(per_second_source) FROM fact.platform GROUP BY name"))
    limits = {**PUBLISHED, "static_key_only": (inf, inf, inf)}
    on = sorted({system.platform for system in asked.systems})
    per_second = {"aws_sts": 600}
    assert told == [(name, run, *limits[name][:3], per_second.get(name)) for name in on for run in sorted(runs)]
    assert sources == {name: PLATFORMS[name].issue.source for name in on}


def test_what_the_platform_of_a_log_gives_is_kept_with_its_run(tmp_path):
    """A trail is of AWS, however often it is read; whose credentials what Okta logs takes, it does not say."""
    for _ in range(2):
        outlive.ingest([DATA / "samples" / name for name in ("cloudtrail", "okta")], tmp_path / "logs.duckdb")
    with Store.open(tmp_path / "logs.duckdb") as store:
        [(trail,)] = store.rows("SELECT DISTINCT run FROM fact.source_file WHERE source = 'cloudtrail'")
        kept = store.rows("SELECT run, name, shortest, longest, longest_cut, per_second FROM fact.platform")
    assert kept == [(trail, "aws_sts", *PUBLISHED["aws_sts"][:3], 600)]
    said = outlive.measure(tmp_path / "logs.duckdb", "lifetime_choice")
    got = said[said["part"].str.endswith(" 1_min got")].groupby("run")["lo"].agg(set).to_dict()
    assert got[trail] == {900}
    assert all(isnan(each) for run, each_got in got.items() if run != trail for each in each_got)


@pytest.mark.parametrize(
    "name", sorted({log.platform for source in sources().values() if (log := source.log).platform})
)
def test_a_platform_that_a_source_names_is_bundled(name):
    """Else nobody could tell what it gives."""
    assert name in PLATFORMS


def test_of_a_platform_without_a_file_nothing_is_known_unless_it_is_any():
    """`any` gives whatever it is asked for, whether or not somebody read what its file says."""
    assert list(offers(["any", "nowhere"], {})["name"]) == ["any"]
    assert [offers(["any"], {})[bound][0] for bound in ("shortest", "longest", "longest_cut")] == [0, inf, inf]
    assert offers(["any"], PLATFORMS)["shortest"][0] == 1


def test_every_platform_is_listed():
    """The list that users see has a line for each file, under its name."""
    assert list(outlive.platforms()["name"]) == [path.stem for path in PATHS]


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("name", PLATFORMS)
def test_every_control_model_compiles_to_every_platform(name, control):
    """Whatever is bundled can be had somehow, and each clamp says what was asked, what is got and why."""
    asked = CONTROLS[control]
    terms = compiled(asked, PLATFORMS[name])
    assert terms.control.name == control
    assert all(clamp.asked != clamp.got and clamp.why and clamp.platform == name for clamp in terms.clamps)


@pytest.mark.parametrize("control", CONTROLS)
def test_any_clamps_nothing(control):
    """The platform `any` gives every bundled model as it is."""
    terms = compiled(CONTROLS[control], PLATFORMS["any"])
    assert (terms.control, terms.clamps, terms.chained, terms.ends) == (
        CONTROLS[control], (), as_asked(CONTROLS[control]).chained, "credential",
    )  # fmt: skip


def test_the_bundled_comparison_says_that_it_is_idealised():
    """Each system of the scenario that every page shows states `any`; the one on platforms has a keys-only system."""
    ideal, real = (scenario.load(DATA / "scenarios" / f"support_{name}.toml") for name in ("midsize", "on_platforms"))
    assert {system.platform for system in ideal.systems} == {"any"}
    assert (DATA / "scenarios" / "support_midsize.toml").read_text("utf-8").count('platform = "any"') == 6
    on = {system.platform for system in real.systems}
    assert any(PLATFORMS[name].static_only for name in on)
    assert len(on) > 3


@pytest.mark.parametrize("wrong", ["nowhere", "nowhere.toml", "../x/nowhere.toml"])
def test_an_unknown_platform_is_refused(wrong):
    """A platform that is not there is refused in one line that names it; a bare name also those that are there."""
    asked = Request("support_midsize", ["per_task"], settings={"scenario.systems.crm.platform": wrong})
    with pytest.raises(Refusal, match="nowhere") as refused:
        plan(asked)
    assert "\n" not in str(refused.value)
    if wrong == "nowhere":
        assert "systems.crm.platform: no platform 'nowhere'; bundled are any, aws_sts" in str(refused.value)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"lifetime.least_s": 50_000}, "lifetime.least_s contradicts lifetime.most_s"),
        ({"lifetime.chained_most_s": 60}, "lifetime.chained_most_s contradicts lifetime.least_s"),
        ({"lifetime.chosen": False}, "lifetime.chosen contradicts lifetime.least_s"),
        ({"issue.units": ["standing"]}, "issue.units contradicts lifetime.least_s"),
        ({"issue.units": ["task", "action"]}, "whoever issues at run time issues sessions"),
        ({"issue.units": ["session", "task"]}, "whoever issues for a task issues for an action"),
        ({"issue.units": ["session", "session"]}, "each once"),
        ({"renewal.kinds": ["silent"]}, "renewal.kinds contradicts issue.units"),
        ({"renewal.kinds": ["re_evaluated"]}, "what the platform does where nobody decides"),
        (
            {"issue.units": ["session"], "lifetime.most_s": "never", "lifetime.chained_most_s": "never"},
            "lifetime.most_s contradicts issue.units",
        ),
        ({"issue.per_second": -1}, 'a whole number, or "unpublished"'),
        ({"revocation.ends": "sometimes"}, "revocation.ends"),
        ({"lifetime.most": 1}, "lifetime.most"),
    ],
)
def test_limits_that_cannot_hold_are_refused(settings, named):
    """Two limits that contradict each other, and what is not allowed, are refused in one line that names them."""
    with pytest.raises(DeclarationError) as refused:
        platform.load(DATA / "platforms" / "aws_sts.toml", settings)
    assert named in str(refused.value)
    assert "\n" not in str(refused.value)
