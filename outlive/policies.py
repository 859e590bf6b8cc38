"""Policies as an architect reads them: which there are, what one answers for each kind of work, how two differ."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from outlive.bundled import find, policy_folder
from outlive.tiering import tiering, word
from sim import scenario as scenarios_
from sim.audit.refusal import Refusal
from sim.control import policy
from sim.reference.rulebook import NO_TASK, Rulebook
from sim.scenario import Scenario
from sim.workload.fleet import generate
from sim.workload.intentions import Purpose, Workload

_EARLY: Final = "(no task yet)"


def policies(
    name: str | Path | None = None, scenario: str | Path = "support_midsize", against: str | Path | None = None
) -> pd.DataFrame:
    """The bundled policies; or, for one that is named or whose path is given, what it answers in a scenario.

    A row an atom that some tool needs, a column a kind of work: `allowed`, the tier of approval that is needed, or
    `forbidden` whatever the approval. Atoms that the kind of work does not name are asked for as unplanned, and marked
    `*`; `(no task yet)` is how it is asked at onboarding and at a login.

    `against` another policy, a row a pair of tiers: how much of the scenario's work the one puts here and the other
    there; see `outlive.tiering`.

    Raises:
        Refusal: a policy cannot be used; with file and line. Or the scenario cannot.
    """
    folder = policy_folder()
    if name is None and against is not None:
        raise Refusal(
            f"--against {against}: which policy? Name it too, as in `outlive policies NAME --against {against}`"
        )
    if name is None:
        return pd.DataFrame([_head(policy.read(path, folder)) for path in sorted(folder.glob(f"*{policy.SUFFIX}"))])
    if against is None:
        return _answers(_read(name), _small(scenario))
    return tiering(generate(_scenario(scenario), 1, 0), _read(name), _read(against))


def _read(name: str | Path) -> policy.Policy:
    folder = policy_folder()
    return policy.read(policy.find(str(name), Path(), folder), folder)


def _head(each: policy.Policy) -> dict[str, str]:
    """Name, first comment, and hash."""
    return {"name": each.name, "summary": each.text.partition("\n")[0].removeprefix("//").strip(), "hash": each.hash}


def _small(scenario: str | Path) -> Workload:
    """The scenario's teams, an agent each, for as little time as can be."""
    least = {"fleet.agents": len(_scenario(scenario).teams), "window.warm_up_hours": 1, "window.hours": 1}
    return generate(_scenario(scenario, least), 1, 0)


def _scenario(name: str | Path, settings: Mapping[str, object] | None = None) -> Scenario:
    return scenarios_.load(find("scenarios", str(name)), settings, lambda other: find("scenarios", other))


def _answers(chosen: policy.Policy, workload: Workload) -> pd.DataFrame:
    book, scenario = Rulebook(workload, chosen), workload.scenario
    teams = range(len(scenario.teams))
    rows = []
    for atom in sorted({each for role in workload.roles for each in role}):
        said = workload.atoms[atom]
        row = {"atom": f"{said.level} {said.group}", "tier": said.tier}
        for intent in scenario.intents:
            doing = [n for n in teams if intent.name in scenario.teams[n].intents]
            purpose = Purpose(intent.name, _plan(scenario, workload, intent.name))
            star = "" if atom in purpose.plan else "*"
            row[intent.name] = star + _word(book.requirement(n, atom, purpose, workload.begins) for n in doing)
        row[_EARLY] = _word(book.requirement(n, atom, NO_TASK, workload.begins) for n in teams)
        rows.append(row)
    return pd.DataFrame(rows)


def _plan(scenario: Scenario, workload: Workload, name: str) -> frozenset[int]:
    """The atoms that a kind of work names."""
    intent = next(each for each in scenario.intents if each.name == name)
    number = {(atom.group, atom.level): n for n, atom in enumerate(workload.atoms)}
    tools = {tool.name: number[tool.group, tool.level] for tool in scenario.tools}
    return frozenset(tools[each] for each in (*intent.reads, *intent.writes))


def _word(tiers: Iterable[int | None]) -> str:
    """One word for the answers to the teams that do the work."""
    found = set(tiers)
    if len(found) != 1:
        return "depends on team"
    [tier] = found
    return word(tier)
