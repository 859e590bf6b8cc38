"""The measures: what each asks, and what it says of the runs of a store."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from analysis.attribution import COLUMNS
from analysis.measures.basis import basis, extrapolated
from analysis.measures.concepts.concepts import named, written
from analysis.measures.examination import examine
from analysis.measures.measure import Measure, MeasureError, find
from analysis.measures.measure import measures as all_measures
from outlive.frameworks import cited
from outlive.meanings import meanings
from outlive.runs import completed
from sim.audit.refusal import Refusal
from sim.audit.store import Evidence, Store

_ABLATE: Final = "outlive ablate: how much of what was changed a log tells rightly, as it is and without each field."

# Measures, each with the parameters that it is given.
Wanted = list[tuple[Measure, dict[str, float]]]

# Runs of one variant differ in nothing but the replicate: only these may be averaged. Each ingest is its own.
_RUNS: Final = """
    SELECT r.key, r.kind, r.control, r.replicate, epoch(r.t1) - epoch(r.t0) AS seconds,
           md5(CASE r.kind WHEN 'ingested' THEN r.id
                           ELSE concat_ws('|', r.control_hash, r.profile, r.seed, r.engine, w.settings) END) AS variant
    FROM fact.run r JOIN fact.workload w ON w.key = r.workload
    WHERE r.completed IS NOT NULL
"""


def measures() -> pd.DataFrame:
    """The measures: name, title, question, unit."""
    rows = [{"name": m.name, "title": m.title, "question": m.question, "unit": str(m.unit)} for m in all_measures()]
    return pd.DataFrame(rows)


def explain(name: str) -> str:
    """A measure's header, its SQL, what that stands on and hangs on, and which ids of frameworks it answers.

    What measures share, a concept such as `held`, is explained by its name as well; and so is what `ablate` prints. Of
    any other word it is told where it stands: as a column of the first screen, or as a row of a measure.
    """
    if name in written():
        return _with(written()[name][1], _stands_on(name, written()[name][1]))
    if name == "ablate":
        return "\n".join([_ABLATE, *(f"{each} ({unit}): {what}" for each, (unit, what) in COLUMNS.items())])
    try:
        found = find(name, *written(), "ablate")
    except MeasureError:
        if told := meanings(name):
            return told
        raise
    text = _with(found.sql, _stands_on("", found.sql))
    text = _with(text, [each.text for each in found.declared.values()], "-- parameters of what it stands on")
    said = cited(found.shown)
    return f"{text}\n\n{said}" if said else text


def _stands_on(name: str, sql: str) -> list[str]:
    """The concepts that a text names, itself apart, each with what is said of it."""
    return [f"-- {each}: {written()[each][0]}".removesuffix(": ") for each in named(sql) if each != name]


def _with(
    text: str, lines: Sequence[str], head: str = "-- what it stands on; `outlive explain NAME` tells more"
) -> str:
    """A text, and behind it those lines that it does not have."""
    there = text.splitlines()
    more = [each for each in lines if each not in there]
    return "\n".join([text.rstrip(), "", head, *more]) if more else text.rstrip()


def measure(
    store: Path | str,
    names: Sequence[str] = (),
    run: int | None = None,
    evidence: Evidence | None = None,
    memory: str | None = None,
    **parameters: float,
) -> pd.DataFrame:
    """Measures of a store: one row a run and part, with `lo` and `hi` (equal where known, missing where not).

    `basis` says on what they rest: `seen`, what the evidence shows; `estimated`, where what had not ended is taken to
    be like the rest, so that they are no bounds; `declared`, what the file of a platform says of it; `extrapolated`,
    what is told per day or year of a run of less than a day, as if every day were like that.

    Simulated runs are measured on the truth, those measures apart that ask how much a log tells (`forensics`), and
    ingested ones on their log, unless `evidence` says which. `memory` is the most that DuckDB takes, such as 4GB;
    without it, four fifths of what the machine has. Each measure takes those `parameters` that it has, and keeps its
    defaults for the others.

    Raises:
        Refusal: no such store, run or measure, or the run was not completed; or `memory` is no amount of memory; or a
            parameter is one of none of the measures, does not take that value, or is overridden by a run's scenario.
    """
    asked = wanted(names, evidence, parameters)
    with Store.open(Path(store), memory) as opened:
        parts = [
            _measured(opened, kind, group, those, explicit=bool(names))
            for kind, group, those in by_evidence(selected(opened, run), asked, evidence)
        ]
    return pd.concat(parts, ignore_index=True)


def wanted(names: Sequence[str], evidence: str | None, parameters: Mapping[str, float]) -> Wanted:
    """Measures by name, or all, each with those of some parameters that it has.

    Raises:
        Refusal: no such measure or evidence, or a parameter is one of none of them or does not take that value.
    """
    if evidence not in {None, "log", "truth"}:
        raise Refusal(f"evidence = {evidence!r}: measure on 'log' or on 'truth'")
    listed = [names] if isinstance(names, Path | str) else names
    return _asked([find(str(name)) for name in listed] or all_measures(), parameters)


def selected(store: Store, run: int | None) -> pd.DataFrame:
    """The completed runs of a store, or one of them; those of one variant are replications of each other.

    Raises:
        Refusal: there is none.
    """
    completed(store, run)
    runs = pd.DataFrame(store.rows(_RUNS), columns=["run", "kind", "control", "replicate", "seconds", "variant"])
    return runs if run is None else runs[runs["run"] == run]


def by_evidence(
    runs: pd.DataFrame, asked: Wanted, evidence: Evidence | None
) -> list[tuple[Evidence, pd.DataFrame, Wanted]]:
    """Runs with the evidence they are measured on, and which measures ask that; one result never mixes both."""
    if evidence is not None:
        return [(evidence, runs, asked)]
    real = runs["kind"] == "ingested"
    simulated: list[tuple[Evidence, pd.DataFrame, Wanted]] = [
        (kind, runs[~real], [each for each in asked if each[0].evidence[0] == kind]) for kind in ("truth", "log")
    ]
    return [each for each in (*simulated, ("log", runs[real], asked)) if not each[1].empty and each[2]]


def _asked(definitions: Sequence[Measure], parameters: Mapping[str, float]) -> Wanted:
    """Measures, each with what it is given of some parameters, defaults apart.

    Raises:
        Refusal: a measure is asked for twice, or a parameter is of none of them or does not take its value.
    """
    names = [definition.name for definition in definitions]
    if again := [each.shown for place, each in enumerate(definitions) if each.name in names[:place]]:
        raise Refusal(f"{again[0]}: another measure of that name is asked for; rename it, or ask for one at a time")
    known = sorted({name for definition in definitions for name in definition.declared})
    for name, value in parameters.items():
        if name not in known:
            raise Refusal(f"no parameter {name!r:.40} of what is measured; there are {', '.join(known) or 'none'}")
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Refusal(f"{name} = {value!r:.40}: a parameter is a number")
    asked = [(each, {name: parameters[name] for name in parameters if name in each.declared}) for each in definitions]
    for each, given in asked:
        each.given(**given)
    return asked


def _measured(
    store: Store,
    evidence: Evidence,
    runs: pd.DataFrame,
    asked: Wanted,
    *,
    explicit: bool,
) -> pd.DataFrame:
    with examine(store, evidence, runs["run"].tolist()) as examination:
        results = [
            _flat(definition, examination.measure(definition, **given))
            for definition, given in asked
            if explicit or evidence in definition.evidence
        ]
    table = pd.concat(results, ignore_index=True).merge(runs, on="run")
    table.insert(0, "evidence", evidence)
    table["basis"] = list(map(extrapolated, table["basis"], table["unit"], table["seconds"]))
    columns = ["evidence", "run", "control", "replicate", "variant", "measure", "part", "unit", "lo", "hi", "unknowns",
               "basis"]  # fmt: skip
    return table[columns]


def _flat(definition: Measure, result: pd.DataFrame) -> pd.DataFrame:
    """A result with its grain beyond the run in one column, of words; empty where the run is the whole grain."""
    words = result[[column for column in definition.grain if column != "run"]].astype(str)
    labels = words.to_numpy().tolist()
    rests = [basis(definition, label, n) for label, n in zip(labels, result["unknowns"].tolist(), strict=True)]
    said = {"part": map(" ".join, labels), "unit": map(definition.unit.of, labels), "basis": rests}
    flat = result[["run", "lo", "hi", "unknowns"]].assign(measure=definition.name)
    for name, each in said.items():
        flat[name] = pd.Series(list(each), index=result.index, dtype=object)
    return flat
