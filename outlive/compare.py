"""Simulating a scenario under control models, and comparing them: the verbs that need both halves."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from analysis.comparison import Comparison
from analysis.comparison import compare as compared
from analysis.report import write_report
from outlive.bundled import bundled, find
from outlive.places import page_beside
from sim import scenario as scenarios_
from sim.audit.refusal import Refusal
from sim.audit.store import Store
from sim.control import model
from sim.experiment import Plan, carry_out, digest

Settings = Mapping[str, object]
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Request:
    """What to simulate: names or paths, the baseline first.

    `settings` are dotted keys: `scenario.fleet.agents`, or `control.NAME.lifetime.ttl_s`.
    """

    scenario: str
    controls: Sequence[str]
    replicates: int = 10
    seed: int = 1
    processes: int = 2
    settings: Settings = field(default_factory=dict)


def controls() -> pd.DataFrame:
    """The bundled control models: name, title, summary, what each stands for."""
    return pd.DataFrame([_head(model.load(path)) for path in bundled("controls")])


def scenarios() -> pd.DataFrame:
    """The bundled scenarios: name, title, summary."""
    return pd.DataFrame([_head(scenarios_.load(path)) for path in bundled("scenarios")])


def plan(request: Request) -> Plan:
    """Read and check everything that a request names, before anything runs.

    Raises:
        Refusal: a name, key or value that cannot be used.
    """
    _sensible(request)
    scenario_settings, control_settings = _split(request)
    models = tuple(model.load(find("controls", name), control_settings[Path(name).stem]) for name in request.controls)
    _logged(models)
    return Plan(
        scenario=scenarios_.load(find("scenarios", request.scenario), scenario_settings),
        controls=models,
        replicates=request.replicates,
        seed=request.seed,
        processes=request.processes,
    )


def simulate(request: Request, into: Path | str, progress: Progress | None = None) -> list[int]:
    """Simulate every run into a store; returns the runs' keys.

    Raises:
        Refusal: the request or the store cannot be used.
    """
    asked = plan(request)
    with Store.create(Path(into)) as store:
        return _carry_out(asked, store, progress or _silent)


def compare(
    request: Request, into: Path | str, report: Path | str | None = None, progress: Progress | None = None
) -> Comparison:
    """Simulate, measure and compare; writes a report where one is asked for.

    Raises:
        Refusal: the request or the store cannot be used.
    """
    asked, tell = plan(request), progress or _silent
    page = None if report is None else page_beside(into, report)
    with Store.create(Path(into)) as store:
        runs = _carry_out(asked, store, tell)
        identifier = _declare(asked, store, runs)
        tell("measuring")
        result = compared(store, identifier)
        if page is not None:
            tell(f"writing {page}")
            write_report(store, page, result)
    return result


def _carry_out(asked: Plan, store: Store, tell: Progress) -> list[int]:
    models, total = len(asked.controls), len(asked.controls) * asked.replicates
    tell(
        f"simulating {total} runs: {models} control models x {asked.replicates} replications, {asked.processes} at once"
    )

    def done(replicates: int, of: int) -> None:
        tell(f"simulated {replicates * models} of {total} runs" + (", storing" if replicates == of else ""))

    return carry_out(asked, store, done)


def _declare(asked: Plan, store: Store, runs: Sequence[int]) -> str:
    """Write down that these runs belong together; returns the comparison's id."""
    identifiers = [
        asked.run_id(replicate, control) for control in asked.controls for replicate in range(asked.replicates)
    ]
    identifier = digest(identifiers)
    comparison = {
        "id": identifier, "scenario": asked.scenario.name, "title": asked.scenario.title,
        "baseline": asked.controls[0].name, "replicates": asked.replicates,
        "created": datetime.now(UTC).replace(tzinfo=None),
    }  # fmt: skip
    store.write_comparison(comparison, {run: n // asked.replicates for n, run in enumerate(runs)})
    return identifier


def _sensible(request: Request) -> None:
    """Refuse what no plan can be made of."""
    stems = [Path(name).stem for name in request.controls]
    twice = sorted({stem for stem in stems if stems.count(stem) > 1})
    checks = (
        (not stems, "name at least one control model; `outlive controls` lists them"),
        (bool(twice), f"control model {', '.join(twice)} named twice; give a variant a file name of its own"),
        (request.replicates < 1, f"replicates = {request.replicates}: at least 1, and 2 for an interval"),
        (request.processes < 1, f"processes = {request.processes}: at least 1"),
        (not 0 <= request.seed < 2**63, f"seed = {request.seed}: 0 to 2**63 - 1"),
    )
    for wrong, message in checks:
        if wrong:
            raise Refusal(message)


def _logged(models: Sequence[model.Control]) -> None:
    """Refuse a logging profile that no log has."""
    with Store.in_memory() as store:
        known = [name for (name,) in store.rows("SELECT name FROM fact.log_profile ORDER BY name")]
    for each in models:
        if each.logging.profile not in known:
            msg = f"{each.name}: logging.profile = {each.logging.profile!r}: there are {', '.join(known)}"
            raise Refusal(msg)


def _split(request: Request) -> tuple[dict[str, object], dict[str, dict[str, object]]]:
    """Settings of the scenario, and of each control model by name."""
    scenario: dict[str, object] = {}
    control: dict[str, dict[str, object]] = {Path(name).stem: {} for name in request.controls}
    for key, value in request.settings.items():
        first, _, rest = key.partition(".")
        name, _, knob = rest.partition(".")
        if first == "scenario" and rest:
            scenario[rest] = value
        elif first == "control" and name in control and knob:
            control[name][knob] = value
        else:
            msg = f"cannot set {key!r}: write scenario.KEY or control.NAME.KEY, NAME one of {', '.join(control)}"
            raise Refusal(msg)
    return scenario, control


def _head(described: scenarios_.Scenario | model.Control) -> dict[str, str]:
    words = {"name": described.name, "title": described.title, "summary": described.summary}
    return words | ({"stands_for": described.stands_for} if isinstance(described, model.Control) else {})


def _silent(_: str) -> None:
    """Say nothing."""
