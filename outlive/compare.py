"""Simulating a scenario under control models, and comparing them: the verbs that need both halves."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache, partial
from numbers import Integral
from pathlib import Path
from typing import cast, get_args

import pandas as pd

from analysis.comparison import Comparison
from analysis.comparison import compare as compared
from analysis.report import write_report
from analysis.report.legible import counted
from outlive.bundled import Folder, bundled, find, policy_folder
from outlive.pilot import Until, pilot_of, replications
from outlive.places import page_beside
from sim import scenario as scenarios_
from sim.audit.refusal import Refusal
from sim.audit.store import Store
from sim.control import model, platform
from sim.experiment import ESTIMAND, Plan, carry_out, digest
from sim.reference.stewardship import Estimand
from sim.toml import Lookup, shortened
from sim.workers import scratch_folder

Settings = Mapping[str, object]
Progress = Callable[[str], None]

# The least and the most of each; a seed is stored in 63 bits.
_BOUNDS = {"replicates": (1, 10_000), "seed": (0, 2**63 - 1), "processes": (1, 256)}
# A run remembers its own answers, so classes are those of the run with most.
_CONSULTED = """
    SELECT r.control, p.name, sum(c.asked)::BIGINT, max(c.classes)
    FROM fact.consulted c JOIN fact.run r ON r.key = c.run JOIN fact.policy p ON p.run = c.run AND p.id = c.policy
    WHERE list_contains($runs, c.run) GROUP BY r.control, p.name ORDER BY r.control, p.name
"""


@dataclass(frozen=True)
class Request:
    """What to simulate: names or paths, the baseline first.

    `settings` are dotted keys: `scenario.fleet.agents`, or `control.NAME.lifetime.ttl_s`. `estimand`: in a `transition`
    every model takes over what the same past left behind; in `steady` each has governed all along.
    """

    scenario: str | Path
    controls: Sequence[str | Path]
    replicates: int = 10
    seed: int = 1
    processes: int = 2
    settings: Settings = field(default_factory=dict)
    estimand: str = ESTIMAND


def controls() -> pd.DataFrame:
    """The bundled control models: name, title, summary, what each stands for, and where it stands on each axis."""
    return pd.DataFrame(
        [_head(model.load(path, lookup=_among("controls"), policies=policy_folder())) for path in bundled("controls")]
    )


def scenarios() -> pd.DataFrame:
    """The bundled scenarios: name, domain, size, title, summary."""
    return pd.DataFrame([_head(scenarios_.load(path, lookup=_among("scenarios"))) for path in bundled("scenarios")])


def platforms(controls: Sequence[str | Path] = ()) -> pd.DataFrame:
    """The bundled platforms: what each stands for and gives. With control models: what of them cannot be had where.

    Raises:
        Refusal: a control model that cannot be used.
    """
    bundled_ = [platform.load(path, lookup=_among("platforms")) for path in bundled("platforms")]
    if not controls:
        return pd.DataFrame([_limits(each) for each in bundled_])
    models = [model.load(path, lookup=_among("controls"), policies=policy_folder()) for path in _controls_of(controls)]
    clamps = [
        {"control": each.name, **clamp._asdict()}
        for each in models
        for on in bundled_
        for clamp in platform.compiled(each, on).clamps
    ]
    return pd.DataFrame(clamps, columns=["control", *platform.Clamp._fields]).astype(str)


def platforms_of(scenario: scenarios_.Scenario) -> dict[str, platform.Platform]:
    """The platforms that a scenario's systems are on, by the names that it gives them.

    Raises:
        Refusal: there is no such platform, or its file cannot be used.
    """
    found: dict[str, platform.Platform] = {}
    for system in scenario.systems:
        try:
            path = find("platforms", system.platform)
        except Refusal as error:
            raise Refusal(f"{scenario.name}: systems.{system.name}.platform: {error}") from error
        found[system.platform] = platform.load(path, lookup=_among("platforms"))
    return found


def plan(request: Request) -> Plan:
    """Read and check everything that a request names, before anything runs.

    Raises:
        Refusal: a name, key or value that cannot be used.
    """
    _sensible(request)
    paths = _controls_of(request.controls)
    scenario_settings, control_settings = _split(request.settings, [path.stem for path in paths])
    models = tuple(model.load(path, control_settings[path.stem], _among("controls"), policy_folder()) for path in paths)
    _logged(models)
    scenario = scenarios_.load(find("scenarios", str(request.scenario)), scenario_settings, _among("scenarios"))
    for each in models:
        model.demand(each, scenario)
    return Plan(
        scenario=scenario,
        platforms=platforms_of(scenario),
        controls=models,
        replicates=int(request.replicates),
        seed=int(request.seed),
        processes=int(request.processes),
        estimand=_estimand(request.estimand),
    )


def simulate(request: Request, into: Path | str, progress: Progress | None = None) -> list[int]:
    """Simulate every run into a store; returns the runs' keys.

    Raises:
        Refusal: the request or the store cannot be used.
    """
    asked = plan(request)
    with Store.create(Path(into)) as store:
        return carried_out(asked, store, progress or silent)


def compare(
    request: Request, into: Path | str, report: Path | str | None = None, progress: Progress | None = None,
    until: Until | None = None,
) -> Comparison:  # fmt: skip
    """Simulate, measure and compare; writes a report where one is asked for.

    `until`: the replications that are asked for are those of a pilot, which tells how many are run.

    Raises:
        Refusal: the request or the store cannot be used.
    """
    asked, tell = plan(request), progress or silent
    page = None if report is None else page_beside(into, report)
    why = None
    if until is not None:
        until.checked(asked.replicates)
        asked, why = _piloted(asked, until, tell)
    with Store.create(Path(into)) as store:
        result = set_side_by_side(asked, store, tell, whole=page is not None, pilot=why)
        write_page(store, page, result, tell)
    return result


def write_page(store: Store, page: Path | None, which: Comparison | str, tell: Progress) -> None:
    """Write the page of a comparison, if one was asked for."""
    if page is not None:
        tell(f"writing {page}")
        write_report(store, page, which)


def _piloted(asked: Plan, until: Until, tell: Progress) -> tuple[Plan, str]:
    """A plan with as many replications as a pilot says that it takes, and why."""
    tell("a pilot first")
    with scratch_folder() as scratch, Store.create(scratch / "pilot.duckdb") as store:
        total, why = replications(set_side_by_side(pilot_of(asked), store, tell), until)
    tell(f"replications: {why}")
    return replace(asked, replicates=total), why


def set_side_by_side(
    asked: Plan, store: Store, tell: Progress, *, whole: bool = False, pilot: str | None = None
) -> Comparison:
    """Simulate every run of a plan into a store, and measure them; with all measures if the `whole` page follows."""
    runs = carried_out(asked, store, tell)
    named = (asked.scenario.name, asked.scenario.title)
    identifier = declare(store, asked, dict(zip(asked.run_ids, runs, strict=True)), named, pilot)
    tell("measuring")
    return compared(store, identifier, whole=whole)


def carried_out(asked: Plan, store: Store, tell: Progress) -> list[int]:
    """Simulate every run of a plan into a store, telling how far it is; the runs' keys, model by model."""
    _say_clamps(asked, tell)
    models, total = len(asked.controls), len(asked.controls) * asked.replicates
    of = f"{counted(models, 'control model')} x {counted(asked.replicates, 'replication')}"
    tell(f"simulating {counted(total, 'run')}: {of}, {asked.processes} at once")

    def done(replicates: int, of: int) -> None:
        tell(f"simulated {replicates * models} of {counted(total, 'run')}" + (", storing" if replicates == of else ""))

    runs = carry_out(asked, store, done)
    for control, policy, questions, classes in store.rows(_CONSULTED, {"runs": runs}):
        tell(
            f"{control}: policy {policy} answered {questions:,} questions in {classes:,} classes that it can tell apart"
        )
    return runs


def _say_clamps(asked: Plan, tell: Progress) -> None:
    """Say how much of what a control model asks for cannot be had on the scenario's platforms."""
    for control in asked.controls:
        terms = platform.terms_on(control, asked.platforms).values()
        if clamped := [each for each in terms if each.clamps]:
            where = ", ".join(each.platform for each in clamped)
            count = sum(len(each.clamps) for each in clamped)
            tell(f"{control.name}: {count} settings are not had as asked, on {where}; the report says which and why")


def declare(
    store: Store, asked: Plan, runs: Mapping[str, int], named: tuple[str, str], pilot: str | None = None
) -> str:
    """Write down that runs (key by identifier, control model by control model) belong together; returns what they are.

    `named`: the scenario, and a title for the report. `pilot`: how their number came about, where it was not given.
    """
    identifier = digest(list(runs))
    comparison = {
        "id": identifier, "scenario": named[0], "title": named[1], "baseline": asked.controls[0].name,
        "replicates": asked.replicates, "created": datetime.now(UTC).replace(tzinfo=None),
        "pilot": pilot,
    }  # fmt: skip
    store.write_comparison(comparison, {run: n // asked.replicates for n, run in enumerate(runs.values())})
    return identifier


def _among(folder: Folder) -> Lookup:
    """Where bare names lie that a file extends."""
    return partial(find, folder)


def _estimand(named: str) -> Estimand:
    for known in get_args(Estimand):
        if named == known:
            return cast("Estimand", known)
    raise Refusal(f"estimand = {shortened(named)}: one of {', '.join(get_args(Estimand))}")


def _sensible(request: Request) -> None:
    """Refuse what is no whole number, or beyond its bounds."""
    for knob, (least, most) in _BOUNDS.items():
        value = getattr(request, knob)
        if isinstance(value, bool) or not isinstance(value, Integral) or not least <= int(value) <= most:
            raise Refusal(f"{knob} = {shortened(value)}: a whole number from {least:,} to {most:,}")


def _controls_of(controls: Sequence[str | Path]) -> list[Path]:
    """The files of the control models, the baseline first."""
    names = [controls] if isinstance(controls, str | Path) else controls
    paths = [find("controls", str(name)) for name in names]
    stems = [path.stem for path in paths]
    if not stems:
        raise Refusal("name at least one control model; `outlive controls` lists them")
    if twice := sorted({stem for stem in stems if stems.count(stem) > 1}):
        raise Refusal(f"control model {', '.join(twice)} named twice; give a variant a file name of its own")
    return paths


def _logged(models: Sequence[model.Control]) -> None:
    """Refuse a logging profile that no log has."""
    for each in models:
        if each.logging.profile not in _profiles():
            raise Refusal(
                f"{each.name}: logging.profile = {each.logging.profile!r}: there are {', '.join(_profiles())}"
            )


@cache
def _profiles() -> tuple[str, ...]:
    """The logging profiles of any store."""
    with Store.in_memory() as store:
        return tuple(name for (name,) in store.rows("SELECT name FROM fact.log_profile ORDER BY name"))


def _split(settings: Settings, names: Sequence[str]) -> tuple[dict[str, object], dict[str, dict[str, object]]]:
    """Settings of the scenario, and of each control model by name."""
    scenario: dict[str, object] = {}
    control: dict[str, dict[str, object]] = {name: {} for name in names}
    for key, value in settings.items():
        first, _, rest = str(key).partition(".")
        # A name may hold dots, and begin with another name.
        name = max((each for each in control if rest.startswith(f"{each}.")), key=len, default="")
        knob = rest.removeprefix(f"{name}.")
        if first == "scenario" and rest:
            scenario[rest] = value
        elif first == "control" and name and knob:
            control[name][knob] = value
        else:
            raise Refusal(
                f"cannot set {shortened(key)}: write scenario.KEY or control.NAME.KEY, NAME one of {', '.join(control)}"
            )
    return scenario, control


def _head(described: scenarios_.Scenario | model.Control) -> dict[str, str]:
    said = {"title": described.title, "summary": described.summary}
    if isinstance(described, model.Control):
        return {"name": described.name, **said, "stands_for": described.stands_for, **_axes(described)}
    return {"name": described.name, "domain": described.domain, "size": described.size, **said}


def _axes(control: model.Control) -> dict[str, str]:
    """What a control model sets of that in which control models differ most, in words."""
    life, tier = control.lifetime, control.approval.from_tier
    ends = "no end" if life.ttl_s == "never" else f"{life.ttl_s} s"
    renewed = {"none": "", "silent": ", renewed silently", "re_evaluated": ", decided anew"}[life.renewal]
    most = "" if life.maximum_s == "never" else f" to {life.maximum_s} s"
    return {
        "unit": control.issue.unit, "authority": control.issue.authority, "lifetime": ends + renewed + most,
        "decision": control.decision.at, "revocation": control.revocation.on,
        "approval": "never" if tier == "never" else f"tier {tier}", "binding": control.identity.binding,
        "bootstrap": control.identity.bootstrap, "delegation": control.delegation.child,
    }  # fmt: skip


def _limits(each: platform.Platform) -> dict[str, str]:
    """What a platform gives, in words."""
    life, renewal, revocation = each.lifetime, each.renewal, each.revocation
    bounds = f"{life.least_s} to {life.most_s} s" if life.chosen else f"{life.most_s} s".replace("never s", "no end")
    chained = "" if life.chained_most_s == life.most_s else f", cut from another {life.chained_most_s} s at most"
    return {
        "name": each.name, "title": each.title, "summary": each.summary, "stands_for": each.stands_for,
        "lifetime": bounds + chained, "renewal": ", ".join(renewal.kinds), "an_end_ends": revocation.ends,
        "cascade": revocation.cascade, "scope": each.scope.finest, "binding": each.binding.strongest,
        "units": ", ".join(each.issue.units), "per_second": str(each.issue.per_second),
    }  # fmt: skip


def silent(_: str) -> None:
    """Say nothing."""
