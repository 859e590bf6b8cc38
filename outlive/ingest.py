"""Audit exports that can be ingested, and how they are read into a store."""

from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic
from typing import Final

import pandas as pd

from analysis.ingest.ingest import Ingested, Progress
from analysis.ingest.ingest import ingest as ingested
from analysis.ingest.pseudonyms import Pseudonyms
from analysis.ingest.source import sources as known_sources
from outlive.bundled import find
from sim.audit.columns import one
from sim.audit.store import Store
from sim.control import platform
from sim.control.offers import offers

# Seconds between two words on how far it is.
_PAUSE: Final = 2
# The platform that the log of a run names, where it names one.
_ON: Final = """
    SELECT DISTINCT r.key, k.platform FROM fact.run r JOIN fact.catalogue k USING (workload)
    WHERE list_contains($runs, r.id) AND k.platform IS NOT NULL
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
    listed = [paths] if isinstance(paths, Path | str) else paths
    pseudonyms = None if pseudonymise is None else Pseudonyms.of(Path(pseudonymise))
    with Store.create(Path(into)) as store:
        done = ingested([Path(path) for path in listed], store, source, telling(progress), pseudonyms)
        _tell_terms(store, done)
    return done


def _tell_terms(store: Store, done: Sequence[Ingested]) -> None:
    """Keep with each run what the platform gives whose credentials its log is about; the logs do not say."""
    with store.transaction():
        for run, name in store.rows(_ON, {"runs": [each.run for each in done]}):
            on = offers([name], {name: platform.load(find("platforms", name))})
            store.insert("platform", {"run": one(run), **on})


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
