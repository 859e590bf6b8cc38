"""Stores that are there: ingesting into one, measuring, explaining, reporting, verifying."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Final

import pandas as pd

from analysis.answerability.answerability import answerability as asked
from analysis.ingest.ingest import Ingested, Progress
from analysis.ingest.ingest import ingest as ingested
from analysis.ingest.pseudonyms import Pseudonyms
from analysis.ingest.source import sources as known_sources
from analysis.joins.joins import joins as joined
from analysis.measures.measure import Measure, examine, find
from analysis.measures.measure import measures as all_measures
from analysis.report import report as write
from outlive.frameworks import cited
from outlive.places import page_beside
from outlive.runs import chosen
from sim.audit.refusal import Refusal
from sim.audit.store import Evidence, Store
from sim.audit.verify import verify as verified

# Seconds between two words on how far it is.
_PAUSE: Final = 2
# What a run is the log of: its source, or the control model that it ran under.
_NAMES: Final = "SELECT key, coalesce(settings ->> 'source', control) FROM fact.run"
# Runs of one variant differ in nothing but the replicate: only these may be averaged. Each ingest is its own.
_RUNS = """
    SELECT r.key, r.kind, r.control, r.replicate,
           md5(CASE r.kind WHEN 'ingested' THEN r.id
                           ELSE concat_ws('|', r.control_hash, r.profile, r.seed, r.engine, w.settings) END) AS variant
    FROM fact.run r JOIN fact.workload w ON w.key = r.workload
    WHERE r.completed IS NOT NULL
"""


def sources() -> pd.DataFrame:
    """The audit logs that can be ingested: what each is, how much of it is read, and what it leaves open."""
    logs = {name: source.log for name, source in known_sources().items()}
    rows = [
        {"name": name, "title": log.title, "level": log.level, "missing": log.missing} for name, log in logs.items()
    ]
    return pd.DataFrame(rows)


def ingest(
    paths: Sequence[Path | str],
    into: Path | str,
    source: str | None = None,
    progress: Callable[[str], None] | None = None,
    pseudonymise: Path | str | None = None,
) -> tuple[Ingested, ...]:
    """Read audit exports into a store, as one run for each kind of export; the same files again replace them.

    Whoever is interrupted goes on, with the same command, where he was. `pseudonymise` names a file that holds a key,
    of 32 bytes at least: keyed hashes then stand for every name before anything is written, and measures are the same.

    Raises:
        Refusal: a path, the source or the store cannot be used, or no record could be kept.
    """
    pseudonyms = None if pseudonymise is None else Pseudonyms.of(Path(pseudonymise))
    with Store.create(Path(into)) as store:
        return ingested([Path(path) for path in _listed(paths)], store, source, telling(progress), pseudonyms)


def telling(say: Callable[[str], None] | None) -> Callable[[Progress], None] | None:
    """What says every few seconds how far the reading is, how fast it goes, and how long it will still take."""
    if say is None:
        return None
    began = said = monotonic()

    def tell(so_far: Progress) -> None:
        nonlocal said
        now = monotonic()
        done = so_far.files == so_far.of_files
        if done or now - said >= _PAUSE:
            said, rate = now, so_far.bytes / max(now - began, 1e-3)
            left = "" if done or not rate else f", {(so_far.of_bytes - so_far.bytes) / rate:.0f} s left"
            say(f"read {so_far.files:,} of {so_far.of_files:,} files, {rate / 1e6:.1f} MB/s{left}")

    return tell


def answerability(store: Path | str, run: int | None = None) -> pd.DataFrame:
    """What the logs of a store can answer, question by question; of the run with key `run` only, if given.

    `total`: how many events or credentials (`of`) the log shows. Of how many of them it answers the question, leaves an
    interval or says nothing, is `answered`, `bounded` and `unknown`.

    Raises:
        Refusal: no such store or run.
    """
    with Store.open(Path(store)) as opened:
        runs = [chosen(opened, run, "log")[0]] if run is not None else None
        names = dict(opened.rows(_NAMES))
        rows = [
            {
                "run": each.run, "source": names[each.run], "question": each.question, "verdict": each.verdict,
                "of": each.counted, "total": each.total, "answered": each.answered, "bounded": each.bounded,
                "unknown": each.unknown,
            }
            for each in asked(opened, runs)
        ]  # fmt: skip
    return pd.DataFrame(rows)


def joins(store: Path | str) -> pd.DataFrame:
    """Where the ingested logs of a store name the same, a row each two logs and kind of name.

    `named`, `other_named`: what the names are of in either log. `trust`: `issued` if whoever issues such an identifier
    makes it unique, `vouched` if a directory gives it, `claimed` if whoever bears it may choose it. `shared`: how many
    names both have; of these the `ambiguous` ones stand for several things and lead nowhere, and of the others how many
    were seen at overlapping times is `together`. `events_percent`, `other_events_percent`: of the events of either log,
    those that can be followed into the other by them.

    Raises:
        Refusal: no such store.
    """
    with Store.open(Path(store)) as opened:
        names = dict(opened.rows(_NAMES))
        rows = [
            {
                "run": each.run, "log": names[each.run], "named": each.named, "other_run": each.other,
                "other_log": names[each.other], "other_named": each.other_named, "trust": each.trust,
                "shared": each.shared, "ambiguous": each.ambiguous, "together": each.together,
                "events_percent": 100 * each.events / each.of_events,
                "other_events_percent": 100 * each.other_events / each.of_other_events,
            }
            for each in joined(opened)
        ]  # fmt: skip
    return pd.DataFrame(rows)


def report(store: Path | str, into: Path | str, comparison: str | None = None, run: int | None = None) -> None:
    """Write the report of a store: of its latest comparison, else of the log that was ingested last, or of those named.

    Raises:
        Refusal: no such store, comparison or log, or nothing in it to report; or a comparison and a log are named.
    """
    if comparison is not None and run is not None:
        raise Refusal(f"comparison {comparison} and run {run}: a page is of a comparison or of one log, not of both")
    page = page_beside(store, into)
    with Store.open(Path(store)) as opened:
        write(opened, page, comparison, run)


def measures() -> pd.DataFrame:
    """The measures: name, title, question, unit."""
    rows = [{"name": m.name, "title": m.title, "question": m.question, "unit": str(m.unit)} for m in all_measures()]
    return pd.DataFrame(rows)


def explain(name: str) -> str:
    """A measure's header, its SQL, the parameters of what it stands on, and which ids of frameworks it answers."""
    found = find(name)
    shared = [each.text for each in found.declared.values() if each.text not in found.sql]
    head = "\n".join([found.sql.rstrip(), "-- of what it stands on", *shared]) if shared else found.sql
    said = cited(found.shown)
    return f"{head.rstrip()}\n\n{said}" if said else head


def measure(
    store: Path | str,
    names: Sequence[str] = (),
    run: int | None = None,
    evidence: Evidence | None = None,
    memory: str | None = None,
    **parameters: float,
) -> pd.DataFrame:
    """Measures of a store: one row a run and part, with `lo` and `hi` (equal where known, missing where not).

    Simulated runs are measured on the truth and ingested ones on their log, unless `evidence` says which. `memory` is
    the most that DuckDB takes, such as 4GB; without it, four fifths of what the machine has. Each measure takes those
    `parameters` that it has, and keeps its defaults for the others.

    Raises:
        Refusal: no such store, run or measure, or the run was not completed; or `memory` is no amount of memory; or a
            parameter is one of none of the measures, or does not take that value.
    """
    if evidence not in {None, "log", "truth"}:
        raise Refusal(f"evidence = {evidence!r}: measure on 'log' or on 'truth'")
    asked = _asked([find(name) for name in _listed(names)] or all_measures(), parameters)
    with Store.open(Path(store), memory) as opened:
        runs = pd.DataFrame(opened.rows(_RUNS), columns=["run", "kind", "control", "replicate", "variant"])
        chosen = runs if run is None else runs[runs["run"] == run]
        if chosen.empty:
            raise Refusal(f"{store}: no {'completed run' if run is None else f'run {run}'}; it has runs {_keys(runs)}")
        parts = [
            _measured(opened, kind, group, asked, explicit=bool(names))
            for kind, group in _by_evidence(chosen, evidence)
        ]
    return pd.concat(parts, ignore_index=True)


def verify(store: Path | str) -> pd.DataFrame:
    """Each rule a store must keep, how many rows break it, and the first of them.

    Raises:
        Refusal: no such store.
    """
    with Store.open(Path(store)) as opened:
        return pd.DataFrame([vars(finding) for finding in verified(opened)], columns=["rule", "broken", "example"])


def _by_evidence(runs: pd.DataFrame, evidence: Evidence | None) -> list[tuple[Evidence, pd.DataFrame]]:
    """Runs with the evidence each is measured on; one result never mixes both."""
    if evidence is not None:
        return [(evidence, runs)]
    real = runs["kind"] == "ingested"
    pairs: list[tuple[Evidence, pd.DataFrame]] = [("truth", runs[~real]), ("log", runs[real])]
    return [(kind, group) for kind, group in pairs if not group.empty]


def _asked(definitions: Sequence[Measure], parameters: Mapping[str, float]) -> list[tuple[Measure, dict[str, float]]]:
    """Measures, each with what it is given of some parameters."""
    names = [definition.name for definition in definitions]
    if again := [each.shown for place, each in enumerate(definitions) if each.name in names[:place]]:
        raise Refusal(f"{again[0]}: another measure of that name is asked for; rename it, or ask for one at a time")
    known = sorted({name for definition in definitions for name in definition.declared})
    for name, value in parameters.items():
        if name not in known:
            raise Refusal(f"no parameter {name!r:.40} of what is measured; there are {', '.join(known) or 'none'}")
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Refusal(f"{name} = {value!r:.40}: a parameter is a number")
    return [
        (each, each.given(**{name: value for name, value in parameters.items() if name in each.declared}))
        for each in definitions
    ]


def _measured(
    store: Store,
    evidence: Evidence,
    runs: pd.DataFrame,
    asked: Sequence[tuple[Measure, Mapping[str, float]]],
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
    columns = ["evidence", "run", "control", "replicate", "variant", "measure", "part", "unit", "lo", "hi", "unknowns"]
    return table[columns]


def _flat(definition: Measure, result: pd.DataFrame) -> pd.DataFrame:
    """A result with its grain beyond the run in one column, of words; empty where the run is the whole grain."""
    words = result[[column for column in definition.grain if column != "run"]].astype(str)
    labels = words.to_numpy().tolist()
    part, unit = (
        pd.Series([told(label) for label in labels], index=result.index, dtype=object)
        for told in (" ".join, definition.unit.of)
    )
    return result[["run", "lo", "hi", "unknowns"]].assign(measure=definition.name, part=part, unit=unit)


def _listed(names: Sequence[Path | str] | Path | str) -> list[str]:
    """Names as a list, be it of the only one."""
    return [str(name) for name in ([names] if isinstance(names, Path | str) else names)]


def _keys(runs: pd.DataFrame) -> str:
    keys = [str(run) for run in runs["run"].head(12)]
    return (", ".join(keys) or "none") + (", ..." if len(runs) > len(keys) else "")
